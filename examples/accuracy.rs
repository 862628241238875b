//! Measures the errors of sums: a table of the largest ones, by type, values, length and summation.
//!
//! ```text
//! cargo run --release -p lanesum-examples --bin accuracy                # up to 16 Mi elements
//! cargo run --release -p lanesum-examples --bin accuracy -- --large     # and 64 Mi, which takes 1 GiB
//! ```
//!
//! The inputs are multiples of 2^-64, and so are all sums of them, rounded or not. In that unit the exact
//! sums and the errors are integers, and nothing is rounded before an error is divided by its sum.

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use lanesum::{Summation, cumsum};

const SUMMATIONS: [Summation; 3] =
    [Summation::Sequential, Summation::Blocked, Summation::Compensated];

/// The elements: from those that fit the first-level cache to more than any cache holds.
const LENGTHS: [usize; 4] = [1 << 10, 1 << 15, 1 << 20, 1 << 24];
const LARGE: usize = 1 << 26;

fn main() -> io::Result<ExitCode> {
    let mut lengths = LENGTHS.to_vec();
    for argument in env::args_os().skip(1) {
        if argument != "--large" {
            writeln!(io::stderr(), "accuracy: no such argument: {argument:?}; there is --large")?;
            return Ok(ExitCode::from(2));
        }
        lengths.push(LARGE);
    }
    lengths.dedup();

    let mut out = io::stdout().lock();
    writeln!(
        out,
        "Largest error of any output, over the exact sum of the magnitudes of its inputs.\n"
    )?;
    write!(out, "| type | values | n |")?;
    for summation in SUMMATIONS {
        write!(out, " {summation:?} |")?;
    }
    writeln!(out, "\n|---|---|--:|{}", "--:|".repeat(SUMMATIONS.len()))?;
    rows::<f32>(&mut out, &lengths)?;
    rows::<f64>(&mut out, &lengths)?;
    rows::<half::f16>(&mut out, &lengths)?;
    rows::<half::bf16>(&mut out, &lengths)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the rows of one type.
fn rows<T: Float>(out: &mut impl Write, lengths: &[usize]) -> io::Result<()> {
    let longest = lengths.iter().copied().max().unwrap_or(0);
    for values in [Values::Positive, Values::Signed] {
        let x: Vec<T> = Random(1).take(longest).map(|bits| values.element(bits)).collect();
        for &n in lengths {
            let x = &x[..n];
            write!(out, "| `{}` | {} | {} |", T::NAME, values.name(), short(n))?;
            for summation in SUMMATIONS {
                match largest_error(x, &T::sums(x, summation)) {
                    Some(error) => write!(out, " {error:.1e} |")?,
                    None => write!(out, " overflows |")?,
                }
            }
            writeln!(out)?;
            out.flush()?;
        }
    }
    Ok(())
}

/// The largest error of these sums over that of the magnitudes; none if a sum is not finite.
fn largest_error<T: Float>(x: &[T], sums: &[T]) -> Option<f64> {
    assert_eq!(x.len(), sums.len());
    let (mut exact, mut magnitudes, mut largest) = (0i128, 0u128, 0f64);
    for (&x, &sum) in x.iter().zip(sums) {
        let x = units(x.to_f64());
        exact += x;
        magnitudes += x.unsigned_abs();
        let sum = sum.to_f64();
        if !sum.is_finite() {
            return None;
        }
        let error = units(sum).abs_diff(exact);
        // Until an element is not zero, there is nothing to divide by, and no error that is allowed.
        if error != 0 {
            largest = largest.max(error as f64 / magnitudes as f64);
        }
    }
    Some(largest)
}

/// How many times 2^-64 this is. Below 2^62 no digit is lost: powers of two scale exactly.
fn units(x: f64) -> i128 {
    (x * 2f64.powi(64)) as i128
}

/// What is summed.
#[derive(Clone, Copy)]
enum Values {
    Positive,
    Signed,
}

impl Values {
    fn name(self) -> &'static str {
        match self {
            Self::Positive => "[0, 1)",
            Self::Signed => "[-1, 1)",
        }
    }

    /// A multiple of `2^-PRECISION`, all of which are as likely.
    fn element<T: Float>(self, bits: u64) -> T {
        let integer = match self {
            Self::Positive => (bits >> (64 - T::PRECISION)) as f64,
            // The shift keeps the sign.
            Self::Signed => (bits as i64 >> (63 - T::PRECISION)) as f64,
        };
        T::from_f64(integer * 2f64.powi(-(T::PRECISION as i32)))
    }
}

/// `16 Mi` and the like.
fn short(n: usize) -> String {
    if n < 1 << 20 { format!("{} Ki", n >> 10) } else { format!("{} Mi", n >> 20) }
}

trait Float: Copy {
    const NAME: &'static str;

    /// The binary digits that the type holds.
    const PRECISION: u32;

    /// Exact for all that is summed here.
    fn from_f64(x: f64) -> Self;

    fn to_f64(self) -> f64;

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
            fn to_f64(self) -> f64 {
                self.into()
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
    half::f16, "f16", half::f16::MANTISSA_DIGITS, half::f16::from_f64;
    half::bf16, "bf16", half::bf16::MANTISSA_DIGITS, half::bf16::from_f64;
}

/// Sebastiano Vigna's splitmix64.
struct Random(u64);

impl Iterator for Random {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        Some(z ^ z >> 31)
    }
}
