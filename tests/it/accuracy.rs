//! The errors of the sums, against sums that are exact: each is within the bound that the docs state.
//!
//! The inputs are multiples of 2^-64, and so are all sums of them, rounded or not. In that unit the exact
//! sums and the errors are integers, found without this crate and without the reference of the other tests.

use lanesum::{Summation, cumsum};
use lanesum_testkit::Random;

const LEN: usize = 1 << 20;

/// Short enough for sums of `f16`, which ends at 65504.
#[cfg(feature = "half")]
const HALF_LEN: usize = 1 << 15;

const CHUNK: f64 = 16384.0;

/// The unit roundoff of `f64`.
const U64: f64 = f64::EPSILON / 2.0;

#[test]
fn f32_sums_are_within_their_bounds() {
    check_all::<f32>(LEN, &[Values::Positive, Values::Signed, Values::Wide, Values::Stuck]);
}

#[test]
fn f64_sums_are_within_their_bounds() {
    check_all::<f64>(LEN, &[Values::Positive, Values::Signed, Values::Wide, Values::Stuck]);
}

#[cfg(feature = "half")]
#[test]
fn f16_sums_are_within_their_bounds() {
    check_all::<half::f16>(HALF_LEN, &[Values::Positive, Values::Signed, Values::Stuck]);
}

#[cfg(feature = "half")]
#[test]
fn bf16_sums_are_within_their_bounds() {
    let values = [Values::Positive, Values::Signed, Values::Wide, Values::Stuck];
    check_all::<half::bf16>(HALF_LEN, &values);
}

#[test]
fn compensated_f32_has_an_error_of_at_most_6e_8() {
    let x = Values::Positive.make::<f32>(LEN);
    let largest = errors(&x, &f32::sums(&x, Summation::Compensated))
        .filter(|error| error.exact != 0)
        .map(|error| error.error as f64 / error.exact as f64)
        .fold(0.0, f64::max);
    assert!(largest <= 6e-8, "{largest:e}");
    assert!(largest >= 5e-8, "{largest:e}: no sum was rounded, so this has tested nothing");
}

/// That the errors are seen: the bound of a running sum is reached, and no other sum comes near it.
#[test]
fn the_bound_of_a_running_sum_is_reached() {
    let x = Values::Stuck.make::<f32>(LEN);
    let last = |summation| errors(&x, &f32::sums(&x, summation)).last().expect("not empty").error;
    let unit = 1u128 << (64 - f32::PRECISION);
    assert_eq!(last(Summation::Sequential), (LEN as u128 - 1) * unit);
    assert!(last(Summation::Blocked) < 100 * unit);
    assert!(last(Summation::Compensated) <= unit);
}

/// All summations of all these values.
#[track_caller]
fn check_all<T: Float>(len: usize, values: &[Values]) {
    for &values in values {
        let x = values.make::<T>(len);
        for summation in [Summation::Blocked, Summation::Sequential, Summation::Compensated] {
            for (index, error) in errors(&x, &T::sums(&x, summation)).enumerate() {
                let mut bound = bound::<T>(summation, index + 1, &error);
                if summation == Summation::Compensated && values.is_positive() {
                    bound = bound.min(ulp(error.exact, T::PRECISION));
                }
                // The bound is rounded a few times itself.
                assert!(
                    error.error as f64 <= bound * (1.0 + 8.0 * U64),
                    "{}, {summation:?}, {values:?}, index {index}: an error of {:e}, over the \
                     sum of the magnitudes {:e}; the bound is {:e}",
                    T::NAME,
                    error.error as f64 * 2f64.powi(-64),
                    error.error as f64 / error.magnitudes as f64,
                    bound * 2f64.powi(-64),
                );
            }
        }
    }
}

/// What the docs promise of the last of `n` sums, in units of 2^-64.
fn bound<T: Float>(summation: Summation, n: usize, error: &Error) -> f64 {
    let (exact, magnitudes) = (error.exact.unsigned_abs() as f64, error.magnitudes as f64);
    let u = 2f64.powi(-(T::PRECISION as i32));
    // The most additions that an input passes through, with blocks of 16 `f32` or 8 `f64`.
    let f32_depth = n as f64 / CHUNK + CHUNK / 16.0 + 4.0;
    let f64_depth = n as f64 / CHUNK + CHUNK / 8.0 + 3.0;
    match (summation, T::PRECISION) {
        (Summation::Sequential, _) => (n - 1) as f64 * u * magnitudes,
        (Summation::Blocked, 53) => f64_depth * u * magnitudes,
        (Summation::Blocked, 24) => f32_depth * u * magnitudes,
        // Summed as `f32`, and rounded once.
        (Summation::Blocked, _) => f32_depth * 2f64.powi(-24) * magnitudes + u * exact,
        (Summation::Compensated, 53) => u * exact + (f64_depth * u).powi(2) * magnitudes,
        // Summed as `f64`, and rounded once.
        (Summation::Compensated, _) => u * exact + f64_depth * U64 * magnitudes,
        (other, _) => panic!("no bound is known for {other:?}"),
    }
}

/// The distance of floats of this many digits around `x`; all in units of 2^-64.
fn ulp(x: i128, digits: u32) -> f64 {
    let exponent = x.unsigned_abs().checked_ilog2().unwrap_or(0) as i32;
    2f64.powi(exponent - (digits as i32 - 1))
}

/// A sum and what it should be, in units of 2^-64.
struct Error {
    exact: i128,
    magnitudes: u128,
    error: u128,
}

fn errors<T: Float>(x: &[T], sums: &[T]) -> impl Iterator<Item = Error> {
    assert_eq!(x.len(), sums.len());
    let (mut exact, mut magnitudes) = (0i128, 0u128);
    x.iter().zip(sums).map(move |(&x, &sum)| {
        exact += x.units();
        magnitudes += x.units().unsigned_abs();
        Error { exact, magnitudes, error: sum.units().abs_diff(exact) }
    })
}

/// What is summed.
#[derive(Clone, Copy, Debug)]
enum Values {
    /// Uniform in `[0, 1)`.
    Positive,
    /// Uniform in `[-1, 1)`.
    Signed,
    /// Of either sign, and of sizes from 2^-64 to 2^21.
    Wide,
    /// 1, and then halves of the distance of floats above 1: a running sum stays where it is.
    Stuck,
}

impl Values {
    fn is_positive(self) -> bool {
        matches!(self, Self::Positive | Self::Stuck)
    }

    fn make<T: Float>(self, len: usize) -> Vec<T> {
        let digits = T::PRECISION as i32;
        let signed = |bits: u64| (bits as i64 >> (63 - digits)) as f64;
        let value = |(index, bits): (usize, u64)| match self {
            Self::Positive => (bits >> (64 - digits)) as f64 * 2f64.powi(-digits),
            Self::Signed => signed(bits) * 2f64.powi(-digits),
            Self::Wide => {
                // The lowest bits, which the digits above leave alone, choose the exponent.
                let exponents = 64 + 21 - digits;
                signed(bits) * 2f64.powi((bits % 1024) as i32 * exponents / 1024 - 64)
            }
            Self::Stuck if index == 0 => 1.0,
            Self::Stuck => 2f64.powi(-digits),
        };
        Random(1).take(len).enumerate().map(|x| T::from_f64(value(x))).collect()
    }
}

trait Float: Copy {
    const NAME: &'static str;

    /// The binary digits that the type holds.
    const PRECISION: u32;

    /// Exact for all that is summed here.
    fn from_f64(x: f64) -> Self;

    /// How many times 2^-64 this is.
    fn units(self) -> i128;

    fn sums(x: &[Self], summation: Summation) -> Vec<Self>;
}

macro_rules! floats {
    ($($T:ty, $name:literal, $digits:expr, $from_f64:expr;)*) => {
        $(impl Float for $T {
            const NAME: &'static str = $name;
            const PRECISION: u32 = $digits;

            fn from_f64(x: f64) -> Self {
                $from_f64(x)
            }
            fn units(self) -> i128 {
                // Exact: a power of two changes no digit.
                let units = f64::from(self) * 2f64.powi(64);
                assert!(units.abs() < 2f64.powi(126) && units.fract() == 0.0, "{self:?}");
                units as i128
            }
            fn sums(x: &[Self], summation: Summation) -> Vec<Self> {
                cumsum(x).summation(summation).to_vec()
            }
        })*
    };
}
floats! {
    f32, "f32", f32::MANTISSA_DIGITS, |x| x as f32;
    f64, "f64", f64::MANTISSA_DIGITS, |x| x;
}
#[cfg(feature = "half")]
floats! {
    half::f16, "f16", half::f16::MANTISSA_DIGITS, half::f16::from_f64;
    half::bf16, "bf16", half::bf16::MANTISSA_DIGITS, half::bf16::from_f64;
}
