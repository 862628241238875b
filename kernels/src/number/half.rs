//! The types of the crate `half` as numbers, and the casts to them, each of which rounds once.

use half::{bf16, f16};

use super::{Number, Truth, number};

/// The number as `f32`; between two `f32`, the one whose last bit is set. Rounding that once more, to fewer digits, has
/// the result of rounding the number once.
///
/// (S. Boldo and G. Melquiond, *Emulation of FMA and correctly rounded sums: proved algorithms using rounding to
/// odd*, IEEE Transactions on Computers, 2008. The cast of the crate `half` from `f64` rounds twice on some CPUs.)
#[inline(always)]
pub(super) fn to_odd<T: Number>(x: T) -> f32 {
    let exact: f64 = if T::EXACT && size_of::<T>() >= 8 { truncated(x) } else { x.as_() };
    let near = exact as f32;
    let back = f64::from(near);
    if near.to_bits() & 1 == 1 || near.is_infinite() {
        near
    } else if back.abs() < exact.abs() {
        f32::from_bits(near.to_bits() + 1)
    } else if back.abs() > exact.abs() {
        f32::from_bits(near.to_bits() - 1)
    } else {
        // The number itself, or NaN.
        near
    }
}

/// A large integer with its first 50 bits, and another that says whether there are more.
fn truncated<T: Number>(x: T) -> f64 {
    let near: f64 = x.as_();
    let is_negative = near < 0.0;
    let size = if is_negative { x.to_i128().unsigned_abs() } else { x.to_u128() };
    let shift = (128 - size.leading_zeros()).saturating_sub(50);
    let first = size >> shift;
    let number = (first | u128::from(first << shift != size)) as f64;
    let scale = f64::from_bits(u64::from(1023 + shift) << 52);
    if is_negative { -(number * scale) } else { number * scale }
}

macro_rules! to_itself_and {
    (f16) => {
        #[inline(always)]
        fn to_f16(self) -> f16 {
            self
        }
        #[inline(always)]
        fn to_bf16(self) -> bf16 {
            bf16::from_f32(self.to_f32())
        }
    };
    (bf16) => {
        #[inline(always)]
        fn to_f16(self) -> f16 {
            f16::from_f32(self.to_f32())
        }
        #[inline(always)]
        fn to_bf16(self) -> bf16 {
            self
        }
    };
}

// To other types by way of `f32`, which holds all values of both.
macro_rules! half {
    ($T:ident $to:ident) => {
        number! {
            $T, $T, <$T>::NEG_ZERO, exact: false,
            plus: |a, b| <$T>::from_f32(f32::from(a) + f32::from(b)), fits: |_, _| true,
            cast: x => x.$to(),
            bytes: bytemuck::pod_read_unaligned, x => f32::from(x), truth: f32::from(x) != 0.0, half: to_itself_and
        }
    };
}

half!(f16 to_f16);
half!(bf16 to_bf16);
