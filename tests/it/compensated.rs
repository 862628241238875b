//! `Summation::Compensated`: its bits on every backend and axis, and how close it is to exact sums.
//!
//! The exact sums are integers: every element is one, times a power of two at most.

use lanesum::{Backend, Summation, cumsum};
use lanesum_testkit::ways::{self, Ask};
use lanesum_testkit::{
    CHUNK, Case, Options, Order, PIECE, Random, Style, Typed, assert_same, axes, cast, floats,
    lengths, mixed, of_lanes, special, specials, telling, tests,
};

const COMPENSATED: Order = Order::Compensated;

fn plain<T: Typed>() -> Options<T> {
    Options::none(COMPENSATED)
}

/// Checks a slice.
#[track_caller]
fn check<T: Typed>(x: &[T], options: &Options<T>) {
    Case::slice(x.len()).check(x, options);
}

/// Checks a slice whose sums are known.
#[track_caller]
fn check_sums<T: Typed>(x: &[T], options: &Options<T>, sums: &[T]) {
    Case::slice(x.len()).sum(options).check_sums(x, sums);
}

/// All short lengths, and the edges of blocks, pieces and chunks.
fn every_length<T: Typed>() {
    let mut lengths = lengths(257, &[31 * 8, 31 * 16, PIECE, CHUNK, 2 * CHUNK]);
    lengths.push(3 * CHUNK + 5 * 8 + 3);
    for len in lengths {
        let x = mixed::<T>(len as u64, len);
        check(&x, &plain());
        let x = telling::<T>(len as u64, len);
        check(&x, &plain());
        let initial = Options { initial: Some(T::mixed(len as u64)), ..plain() };
        check(&x, &initial);
    }
}

/// Extents around those of registers and blocks, long ones, and more dimensions, in any layout.
fn every_axis<T: Typed>() {
    let sizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 130];
    let pairs = sizes.into_iter().flat_map(|a| sizes.map(|b| vec![a, b]));
    let long = [
        vec![PIECE + 1, 3],
        vec![3, PIECE + 1],
        vec![CHUNK + 1, 2],
        vec![2, CHUNK + 1],
        vec![2 * CHUNK + 9, 1, 3],
        vec![2, 2 * CHUNK + 9, 2],
    ];
    let mut seeds = Random(3);
    let several =
        [vec![5, 3, 18], vec![3, 17, 4], vec![4, 3, 5, 6], vec![2, 3, 4, 3, 2], vec![2; 7]];
    for shape in pairs.chain(long).chain(several) {
        let ndim = shape.len();
        for axis in axes(ndim) {
            let (from, to) = (Style::random(ndim, &mut seeds), Style::random(ndim, &mut seeds));
            let dense = Style::dense(ndim);
            for (from, to) in [(&dense, &dense), (&from, &to)] {
                let case = Case::new(&shape, axis, [from, to]);
                let x = of_lanes(&shape, axis, telling::<T>);
                case.check(&x, &plain());
                let reverse = Options { reverse: true, exclusive: true, ..plain() };
                case.check(&x, &Options { initial: Some(T::mixed(7)), ..reverse });
            }
        }
    }
}

/// Infinities, NaN, zeros of either sign, and values near the greatest: the bits are the reference's.
fn special_values<T: Typed>() {
    for seed in 0..300 {
        let len = [3, 8, 20, 100, 300][seed as usize % 5];
        let one_in = [1, 4, 32][seed as usize % 3];
        let values = special::<T>(seed, len).into_iter().zip(Random(!seed));
        let value = |(x, bits): (T, u64)| if bits % one_in == 0 { x } else { T::mixed(bits) };
        let x: Vec<T> = values.map(value).collect();
        check(&x, &plain());
        let specials = specials::<T>();
        let initial = specials[seed as usize % specials.len()];
        check(&x, &Options { initial: Some(initial), ..plain() });
    }
}

/// Integers are what they ever are.
#[test]
fn integers_are_the_same() {
    fn each<T: Typed>() {
        for len in [0, 1, 100, PIECE + 1, CHUNK + 1] {
            let x = mixed::<T>(len as u64, len);
            check_sums(&x, &plain(), &T::plain_sums(Order::Sequential, &x));
        }
    }
    each::<i8>();
    each::<i32>();
    each::<u16>();
    each::<u64>();
}

/// A float whose finite values here are integers.
trait Exact: Typed {
    /// The digits of the type.
    const DIGITS: u32;
    /// The unit roundoff.
    const ROUNDOFF: f64;
    /// The largest finite value times this.
    fn times_max(factor: f64) -> Self;
    /// What the error may be beyond one rounding, after so many additions, in terms of the sum of the
    /// magnitudes: of first order for sums in `f64`, of second for pairs of them.
    fn rest(additions: f64) -> f64;
}

macro_rules! exact {
    ($($T:ident $additions:ident => $rest:expr;)*) => {
        $(impl Exact for $T {
            const DIGITS: u32 = $T::MANTISSA_DIGITS;
            const ROUNDOFF: f64 = $T::EPSILON as f64 / 2.0;
            fn times_max(factor: f64) -> Self {
                factor as $T * $T::MAX
            }
            fn rest($additions: f64) -> f64 {
                $rest
            }
        })*
    };
}
exact! {
    f32 additions => additions * 0.5f64.powi(53);
    f64 additions => (additions * 0.5f64.powi(53)).powi(2) * 2.0;
}

fn of_integer<T: Exact>(x: i128) -> T {
    cast(x)
}

fn to_integer<T: Exact>(x: T) -> i128 {
    cast(x)
}

fn to_f64<T: Exact>(x: T) -> f64 {
    cast(x)
}

/// An integer of as many digits as the float has, times a power of two below 2^`wide`.
fn integer<T: Exact>(bits: u64, wide: u32) -> i128 {
    let digits = i128::from(bits & ((1 << (T::DIGITS - 1)) - 1) | 1 << (T::DIGITS - 1));
    digits << ((bits >> 54) % u64::from(wide))
}

/// The unit in the last place of the floats around a value.
fn ulp<T: Exact>(exact: i128) -> f64 {
    let exponent = exact.unsigned_abs().checked_ilog2().unwrap_or(0);
    2f64.powi((exponent + 1).saturating_sub(T::DIGITS) as i32)
}

/// The sums of integers that the type holds, on each backend, which are all the same.
fn sums<T: Exact>(x: &[i128], order: Order) -> Vec<T> {
    let x: Vec<T> = x.iter().map(|x| of_integer::<T>(*x)).collect();
    let mut last: Option<Vec<T>> = None;
    for backend in Backend::available() {
        let ask = Ask { backend: Some(backend), ..Ask::new(&Options::<T>::none(order)) };
        let sums = ways::sums(&x, None, &ask);
        if let Some(last) = &last {
            assert_same(&sums, last, format_args!("{backend}, {order:?}"));
        }
        last = Some(sums);
    }
    last.expect("a backend")
}

/// Asserts that no sum is further from the exact one than the documentation says, which is less than a
/// unit in the last place unless nearly all cancels; and that next to all are the nearest floats. Gives
/// the errors of the last sums in units in the last place, by summation.
fn assert_accurate<T: Exact>(x: &[i128], what: &str) -> [f64; 3] {
    assert!(x.iter().all(|x| to_integer(of_integer::<T>(*x)) == *x), "elements are exact");
    let compensated = sums::<T>(x, COMPENSATED);
    let (mut exact, mut magnitude, mut not_nearest) = (0i128, 0i128, 0);
    for (i, (x, &sum)) in x.iter().zip(&compensated).enumerate() {
        exact += x;
        magnitude += x.abs();
        let error = (to_integer(sum) - exact).abs() as f64;
        let n = i as f64 + 1.0;
        let additions = n / CHUNK as f64 + (CHUNK as f64).min(n) / 8.0 + 3.0;
        // The first is between a half and a whole unit in the last place.
        let rest = T::rest(additions) * magnitude as f64;
        let bound = T::ROUNDOFF * (exact.abs() as f64 + rest) * (1.0 + 1e-12) + rest;
        let name = T::NAME;
        assert!(
            error <= bound,
            "{what}: {name}, length {}, index {i}: got {sum:?}, exact {exact}: off by {error}, with \
             a unit of {}",
            compensated.len(),
            ulp::<T>(exact),
        );
        not_nearest += usize::from(sum.bits() != of_integer::<T>(exact).bits());
    }
    let share = not_nearest as f64 / x.len().max(1) as f64;
    assert!(share < 0.01, "{what}: {}, {share} of the sums are not the nearest floats", T::NAME);
    Order::ALL.map(|order| {
        let last = sums::<T>(x, order).last().map_or(0, |sum| to_integer(*sum));
        (last - exact).abs() as f64 / ulp::<T>(exact)
    })
}

/// All positive, of one size and of very different ones.
fn positive_sums_are_accurate<T: Exact>() {
    for (seed, len) in
        [1, 10, 100, 1000, PIECE, CHUNK - 1, CHUNK + 1, 60_000].into_iter().enumerate()
    {
        for wide in [1, 4, 20] {
            let x: Vec<i128> =
                Random(seed as u64).take(len).map(|bits| integer::<T>(bits, wide)).collect();
            let [_, _, error] = assert_accurate::<T>(&x, "positive");
            assert!(error <= 1.0, "the last sum");
        }
    }
    // What a running sum loses altogether.
    let mut x = vec![1; 100_000];
    x[0] = 1 << T::DIGITS;
    let [_, sequential, compensated] = assert_accurate::<T>(&x, "one large element");
    assert!(sequential > 10_000.0 && compensated <= 0.5, "{sequential}, {compensated}");
}

/// Of either sign, so that the sums are some hundreds of times smaller than the magnitudes.
fn mixed_sums_are_accurate<T: Exact>() {
    for (seed, len) in [10, 100, 1000, CHUNK + 1, 60_000].into_iter().enumerate() {
        for wide in [1, 8] {
            let signed = |bits: u64| match bits.count_ones() % 2 {
                0 => integer::<T>(bits, wide),
                _ => -integer::<T>(bits, wide),
            };
            let x: Vec<i128> = Random(seed as u64 + 9).take(len).map(signed).collect();
            assert_accurate::<T>(&x, "of either sign");
        }
    }
}

/// Large elements that cancel, in any order, among small ones: the sum is that of the small ones.
fn ill_conditioned_sums_are_accurate<T: Exact>() {
    // Magnitudes of up to 2^(24 + 18) are exact enough in `f64`, of up to 2^(53 + 40) in pairs.
    let wide = if T::DIGITS == 24 { 18 } else { 40 };
    for (seed, pairs) in [50, 500, 5000, 20_000].into_iter().enumerate() {
        let mut random = Random(seed as u64 + 77);
        let mut below = |n: usize| (random.next().expect("endless") >> 32) as usize % n;
        let mut x: Vec<i128> = Random(seed as u64)
            .take(pairs)
            .flat_map(|bits| {
                let large = integer::<T>(bits, 2) << (wide - 2);
                [large, -large, integer::<T>(bits, 1)]
            })
            .collect();
        (1..x.len()).for_each(|k| x.swap(k, below(k + 1)));
        let [blocked, sequential, compensated] = assert_accurate::<T>(&x, "large ones cancel");
        assert!(compensated <= 1.0, "{}, {pairs} pairs: off by {compensated}", T::NAME);
        assert!(blocked > 100.0 && sequential > 100.0, "too easy: {blocked}, {sequential}");
    }
}

/// Examples of the literature, in which running sums end in 0.
fn known_examples<T: Exact>() {
    let large = of_integer::<T>(1 << (T::DIGITS + 3));
    let minus = of_integer::<T>(-(1 << (T::DIGITS + 3)));
    let one = of_integer::<T>(1);
    for (x, total) in [
        (vec![one, large, one, minus], 2),
        (vec![large, one, minus], 1),
        (vec![large, one, one, one, minus, minus, one, large], 4),
    ] {
        let sums = T::sums(&plain(), &x);
        assert_eq!(to_integer(sums[x.len() - 1]), total, "the reference, {x:?}");
        check(&x, &plain());
        let sequential = cumsum(&x).dtype::<T>().summation(Summation::Sequential).to_vec();
        assert_ne!(to_integer(sequential[x.len() - 1]), total, "{x:?}");
    }
}

/// The compensated sums and the blocked ones, from the crate.
fn both<T: Typed>(x: &[T], backend: Backend) -> [Vec<T>; 2] {
    [Summation::Compensated, Summation::Blocked]
        .map(|summation| cumsum(x).dtype::<T>().summation(summation).backend(backend).to_vec())
}

/// NaN where the blocked sum is NaN and nowhere else, infinities where it is infinite.
///
/// A blocked sum that stops short of an infinity, at the greatest value, may be one that lies beyond if
/// the errors are added: then the compensated sum is an infinity, as any rounding of it would be.
fn nan_and_infinities_are_in_their_places<T: Exact>() {
    let pair = T::DIGITS == 53;
    for seed in 0..600u64 {
        let len = [4, 16, 40, 200, PIECE][seed as usize % 5];
        let value = |bits: u64| {
            let sign = if bits & 1 == 0 { 1.0 } else { -1.0 };
            match (seed % 4, bits >> 8) {
                // Sums that overflow, in groups or altogether, and come back if the order lets them.
                (0, bits) => T::times_max(sign * [1.0, 0.9, 0.5, 0.3][bits as usize % 4]),
                (1, bits) if bits % 3 == 0 => T::times_max(sign),
                (1, bits) => {
                    T::times_max(sign * 2f64.powi(-(bits as i32 % 8) - T::DIGITS as i32 + 2))
                }
                (2, bits) if bits % 20 == 0 => T::pattern(T::INFINITY.into()),
                (2, bits) if bits % 90 == 1 => T::times_max(-2.0),
                (3, bits) if bits % 50 == 0 => T::pattern(u128::MAX),
                (_, bits) => T::mixed(bits << 8),
            }
        };
        let x: Vec<T> = Random(seed).take(len).map(value).collect();
        for backend in Backend::available() {
            let [compensated, blocked] = both(&x, backend);
            for (i, (c, b)) in compensated.iter().zip(&blocked).enumerate() {
                let what = format!(
                    "{backend}, {}, length {len}, seed {seed}, index {i}: {c:?} = {:#x}, blocked \
                     {b:?} = {:#x}",
                    T::NAME,
                    c.bits(),
                    b.bits(),
                );
                assert!(!c.is_nan() || b.is_nan(), "a new NaN: {what}");
                if !pair {
                    continue; // `f64` has room for what overflows `f32`.
                }
                assert_eq!(c.is_nan(), b.is_nan(), "NaN: {what}");
                if to_f64(*b).is_infinite() {
                    assert_eq!(c.bits(), b.bits(), "an infinity is missing: {what}");
                } else if to_f64(*c).is_infinite() {
                    let edge = to_f64(T::times_max(1.0 - 2f64.powi(-40)));
                    assert!(to_f64(*b).abs() > edge, "a new infinity: {what}");
                    assert_eq!(to_f64(*c) > 0.0, to_f64(*b) > 0.0, "of the other sign: {what}");
                }
            }
        }
    }
}

/// Infinite and NaN elements alone: from there on every sum is one, whatever the type.
fn infinite_elements_stay<T: Exact>() {
    for position in [0, 1, 7, 8, 9, 16, 100, CHUNK - 1, CHUNK, CHUNK + 9] {
        for value in [T::pattern(T::INFINITY.into()), T::times_max(-2.0), T::pattern(u128::MAX)] {
            let mut x = mixed::<T>(position as u64, CHUNK + 21);
            x[position] = value;
            let mut expected = T::sums(&plain(), &x[..position]);
            expected.resize(x.len(), value);
            check_sums(&x, &plain(), &expected);
        }
    }
}

/// The errors of nothing are no zeros of another sign.
fn negative_zeros_stay_negative<T: Exact>() {
    for len in [1, 7, 16, 100, PIECE + 1, CHUNK, CHUNK + 1, 3 * CHUNK + 21] {
        let (minus, plus) = (T::IDENTITY, T::times_max(0.0));
        let x = vec![minus; len];
        check_sums(&x, &plain(), &x);
        check_sums(&x, &Options { initial: Some(minus), ..plain() }, &x);
        let zeros = vec![plus; len];
        check_sums(&x, &Options { initial: Some(plus), ..plain() }, &zeros);
        let mut one = x.clone();
        one[len / 2] = plus;
        let mut expected = zeros.clone();
        expected[..len / 2].fill(minus);
        check_sums(&one, &plain(), &expected);
    }
}

tests! {
    floats:
    every_length
    every_axis
    special_values
    positive_sums_are_accurate
    mixed_sums_are_accurate
    ill_conditioned_sums_are_accurate
    known_examples
    nan_and_infinities_are_in_their_places
    infinite_elements_stay
    negative_zeros_stay_negative
}

/// `f32` is summed as `f64` is, and each sum rounded: not the input, not the carries.
#[test]
fn singles_are_sums_of_doubles() {
    let x = mixed::<f32>(1, 2 * CHUNK + 100);
    let doubles: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
    for backend in Backend::available() {
        let expected: Vec<f32> =
            cumsum(&doubles).backend(backend).to_vec().iter().map(|sum| *sum as f32).collect();
        let sum = cumsum(&x).summation(Summation::Compensated).backend(backend);
        assert_same(&sum.to_vec(), &expected, format_args!("{backend}"));
        // Rounded to the accumulator before it is cast to the output.
        let mut out = vec![0f64; x.len()];
        sum.dtype::<f32>().write_to(&mut out).expect("equal lengths");
        let wide: Vec<f64> = expected.iter().map(|sum| f64::from(*sum)).collect();
        assert_same(&out, &wide, format_args!("{backend}, to f64"));
        // And cast to it before it is summed.
        let narrow: Vec<f64> = mixed(4, 1000);
        let cast: Vec<f32> = narrow.iter().map(|x| *x as f32).collect();
        let sum = cumsum(&narrow).dtype::<f32>().summation(Summation::Compensated).backend(backend);
        assert_same(&sum.to_vec(), &plain().sums(&cast), format_args!("{backend}, of f64"));
    }
}
