//! Floats of two bytes, which are rounded here once and by no cast of the crate `half`.

use half::{bf16, f16};

use crate::reference::{Number, Options, Order, blocked_from};
use crate::{Exact, Typed};

/// A float of two bytes.
trait Half: Typed + Into<f64> {
    /// The digits, and the exponents of the least value that is not zero and of the first that is too large.
    const FORMAT: (i32, i32, i32);

    /// The nearest value.
    fn of_f32(x: f32) -> Self;
}

impl Half for f16 {
    const FORMAT: (i32, i32, i32) = (11, -24, 16);

    fn of_f32(x: f32) -> Self {
        f16::from_f32(x)
    }
}

impl Half for bf16 {
    const FORMAT: (i32, i32, i32) = (8, -133, 128);

    fn of_f32(x: f32) -> Self {
        bf16::from_f32(x)
    }
}

/// The nearest value, or of the two nearest the even one.
fn rounded<T: Half>(x: f64) -> T {
    if x.is_nan() {
        return T::of_f32(f32::NAN);
    }
    let (sign, size) = (1f64.copysign(x), x.abs().to_bits());
    let digits = size & ((1 << 52) - 1);
    // x = significand * 2^exponent
    let (significand, exponent) = match (size >> 52) as i32 {
        0 => (digits, -1074),
        exponent => (digits | 1 << 52, exponent - 1075),
    };
    T::of_f32((sign * nearest::<T>(significand.into(), exponent)) as f32)
}

fn of_exact<T: Half>(x: Exact) -> T {
    match x {
        Exact::Float(x, _) => rounded(x),
        Exact::Large(x) => T::of_f32(nearest::<T>(x, 0) as f32),
        Exact::Integer(x) => {
            let size = nearest::<T>(x.unsigned_abs(), 0);
            T::of_f32(if x < 0 { -size } else { size } as f32)
        }
    }
}

fn nearest<T: Half>(significand: u128, exponent: i32) -> f64 {
    let (digits, least, most) = T::FORMAT;
    let above = 128 - significand.leading_zeros() as i32 + exponent;
    if significand == 0 || above > most {
        return if significand == 0 { 0.0 } else { f64::INFINITY };
    }
    // The exponent of the last digit.
    let last = least.max(above - digits);
    let times = |units: u128| units as f64 * f64::from_bits(((last + 1023) as u64) << 52);
    let shift = last - exponent;
    if shift <= 0 {
        return times(significand << -shift);
    }
    if shift > 127 {
        return 0.0;
    }
    let (units, rest, half) =
        (significand >> shift, significand & ((1 << shift) - 1), 1 << (shift - 1));
    let up = rest > half || rest == half && units % 2 == 1;
    let size = times(units + u128::from(up));
    if size >= 2f64.powi(most) { f64::INFINITY } else { size }
}

macro_rules! halves {
    ($($T:ident $infinity:literal $Other:ident;)*) => {
        $(
            /// A running sum is one of the type itself.
            impl Number for $T {
                const BLOCK: usize = 1;
                const IDENTITY: Self = $T::NEG_ZERO;
                const ZERO: Self = $T::ZERO;

                fn plus(self, other: Self) -> Self {
                    rounded(f64::from(self) + f64::from(other))
                }
                fn without_nan(self) -> Self {
                    if $T::is_nan(self) { $T::ZERO } else { self }
                }
                fn compensated_from(offset: Self, x: &[Self]) -> Vec<Self> {
                    let x: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
                    blocked_from(f64::from(offset), &x).into_iter().map(rounded).collect()
                }
            }

            impl Typed for $T {
                const NAME: &'static str = stringify!($T);
                const EDGES: &'static [Self] = &[
                    $T::NEG_ZERO, $T::ZERO, $T::ONE, $T::NEG_ONE, $T::EPSILON, $T::MAX, $T::MIN,
                    $T::MIN_POSITIVE, $T::from_bits(1), $T::from_bits(0x8001),
                ];
                const INFINITY: u64 = $infinity;
                type Other = $Other;

                fn pattern(bits: u128) -> Self {
                    $T::from_bits(bits as u16)
                }
                fn bits(self) -> u128 {
                    if $T::is_nan(self) { $T::NAN } else { self }.to_bits().into()
                }
                fn mixed(bits: u64) -> Self {
                    // Further apart, as they have fewer digits: from 2^-12 to 2^8.
                    let unit = [1.0, 0.0625][bits as usize % 2];
                    rounded(unit * f64::from(f32::mixed(bits)))
                }
                fn exact(self) -> Exact {
                    Exact::Float(self.into(), 0.0)
                }
                fn of(x: Exact) -> Self {
                    of_exact(x)
                }
                fn parse(text: &str) -> Self {
                    text.parse().unwrap_or_else(|_| panic!("no {}: {text}", Self::NAME))
                }
                /// `Order::Blocked` is the sum of `f32`, each rounded once.
                fn sums(options: &Options<Self>, x: &[Self]) -> Vec<Self> {
                    if options.order != Order::Blocked {
                        return options.sums(x);
                    }
                    let x: Vec<f32> = x.iter().map(|x| f32::from(*x)).collect();
                    let sums = options.map(f32::from).sums(&x);
                    sums.into_iter().map(|sum| rounded(sum.into())).collect()
                }
            }
        )*
    };
}
halves! {
    f16 0x7c00 f32;
    bf16 0x7f80 f16;
}
