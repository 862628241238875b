//! [`Number`]: what the kernels can read, cast and write.
//!
//! It stands apart from [`Primitive`](crate::primitive::Primitive), the numbers that have kernels: a `f16` is a
//! number, and is summed as `f32`.

use core::any::TypeId;
use core::fmt::Debug;

use bytemuck::Pod;

/// A number as it lies in memory, with its identity, its addition and its casts.
pub trait Number: Pod + PartialEq + Debug {
    /// What changes nothing when it is added: see [`order`](crate::order).
    const IDENTITY: Self;

    /// Whether sums may be formed in any order.
    const EXACT: bool;

    /// The type that stands for all those with the same bytes: an unsigned one for every integer.
    type Bits: Number<Bits = Self::Bits>;

    /// One rounding for floats, modulo 2^n for integers.
    fn plus(self, other: Self) -> Self;

    /// The sum, if it is a value of this type: false for integers that wrap.
    fn plus_fits(self, other: Self) -> bool;

    /// Whether it is no number.
    #[inline(always)]
    #[expect(clippy::eq_op, reason = "that is what NaN is")]
    fn is_nan(self) -> bool {
        self != self
    }

    /// `x as Self`.
    fn cast_from<T: Number>(x: T) -> Self;

    /// The casts of `as`, of which `cast_from` takes its own.
    fn to_f32(self) -> f32;
    fn to_f64(self) -> f64;
    fn to_i8(self) -> i8;
    fn to_i16(self) -> i16;
    fn to_i32(self) -> i32;
    fn to_i64(self) -> i64;
    fn to_i128(self) -> i128;
    fn to_u8(self) -> u8;
    fn to_u16(self) -> u16;
    fn to_u32(self) -> u32;
    fn to_u64(self) -> u64;
    fn to_u128(self) -> u128;
    /// Whether it is other than zero.
    fn to_truth(self) -> Truth;
    #[cfg(feature = "half")]
    fn to_f16(self) -> half::f16;
    #[cfg(feature = "half")]
    fn to_bf16(self) -> half::bf16;
}

/// Whether a cast from `T` to `U` leaves the bytes as they are.
#[inline(always)]
pub(crate) fn same_bytes<T: Number, U: Number>() -> bool {
    TypeId::of::<T::Bits>() == TypeId::of::<U::Bits>()
}

/// Casts each element; both slices have the same length.
#[inline(always)]
pub(crate) fn cast_slice<T: Number, U: Number>(from: &[T], to: &mut [U]) {
    #[cfg(feature = "half")]
    if cast_half_slice(from, to) {
        return;
    }
    for (x, out) in from.iter().zip(to) {
        *out = U::cast_from(*x);
    }
}

/// The casts for which there are instructions that LLVM does not find by itself. Says whether it is one of them.
#[cfg(feature = "half")]
#[inline(always)]
fn cast_half_slice<T: Number, U: Number>(from: &[T], to: &mut [U]) -> bool {
    use half::slice::HalfFloatSliceExt;
    use half::{bf16, f16};
    let (t, u) = (TypeId::of::<T>(), TypeId::of::<U>());
    macro_rules! pairs {
        ($($Half:ident)*) => {
            $(
                if t == TypeId::of::<f32>() && u == TypeId::of::<$Half>() {
                    let to: &mut [$Half] = bytemuck::cast_slice_mut(to);
                    to.convert_from_f32_slice(bytemuck::cast_slice(from));
                    return true;
                }
                if t == TypeId::of::<$Half>() && u == TypeId::of::<f32>() {
                    let from: &[$Half] = bytemuck::cast_slice(from);
                    from.convert_to_f32_slice(bytemuck::cast_slice_mut(to));
                    return true;
                }
            )*
        };
    }
    pairs!(f16 bf16);
    false
}

/// A `bool` in memory: 0 or 1, whose sum is "or".
///
/// The field is private, and made of comparisons and of other truths alone, so that it is 0 or 1 wherever this
/// crate has written one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Truth(u8);

// SAFETY: a byte without padding, of which every value is a byte. (That it is 0 or 1 is no demand of the memory.)
unsafe impl bytemuck::Zeroable for Truth {}
// SAFETY: as above.
unsafe impl Pod for Truth {}

impl Truth {
    #[inline(always)]
    pub(crate) const fn of(x: bool) -> Self {
        Self(x as u8)
    }

    #[inline(always)]
    pub(crate) const fn holds(self) -> bool {
        self.0 != 0
    }

    /// The same bytes, to be written by the kernels.
    #[inline(always)]
    pub(crate) fn of_slice_mut(slice: &mut [bool]) -> &mut [Self] {
        let (first, len) = (slice.as_mut_ptr().cast::<Self>(), slice.len());
        // SAFETY: as many elements of the same size and alignment, borrowed as `slice` is. A `bool` must be 0 or 1. Only
        // this crate is given the result (`Inside`), and it stores there what it computes by `of`, `plus` and
        // `IDENTITY`, which are 0 or 1, or copies of such; it makes a `Truth` of other bytes nowhere.
        unsafe { core::slice::from_raw_parts_mut(first, len) }
    }
}

/// The casts to all types but those of the feature `half`, by an expression.
macro_rules! casts {
    ($($to:ident $U:ident),*; $x:ident => $cast:expr) => {
        $(
            #[inline(always)]
            fn $to(self) -> $U {
                let $x = self;
                $cast as $U
            }
        )*
    };
}

macro_rules! number {
    (
        $T:ident, $Bits:ident, $identity:expr, exact: $exact:literal, $to:ident,
        plus: $plus:expr, fits: $fits:expr, truth: $truth:expr, $x:ident => $cast:expr, half: $half:ident
    ) => {
        impl Number for $T {
            const IDENTITY: Self = $identity;
            const EXACT: bool = $exact;

            type Bits = $Bits;

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                let plus: fn($T, $T) -> $T = $plus;
                plus(self, other)
            }
            #[inline(always)]
            fn plus_fits(self, other: Self) -> bool {
                let fits: fn($T, $T) -> bool = $fits;
                fits(self, other)
            }
            #[inline(always)]
            fn cast_from<U: Number>(x: U) -> Self {
                x.$to()
            }

            casts! {
                to_f32 f32, to_f64 f64, to_i8 i8, to_i16 i16, to_i32 i32, to_i64 i64, to_i128 i128, to_u8 u8,
                to_u16 u16, to_u32 u32, to_u64 u64, to_u128 u128; $x => $cast
            }
            #[inline(always)]
            fn to_truth(self) -> Truth {
                let truth: fn($T) -> bool = $truth;
                Truth::of(truth(self))
            }
            $half! { $T }
        }
    };
}

/// The casts to the types of the feature `half`, by way of a number with all that they need of this one.
macro_rules! to_half {
    ($T:ident) => {
        #[cfg(feature = "half")]
        #[inline(always)]
        fn to_f16(self) -> half::f16 {
            half::f16::from_f32(halves::to_odd(self))
        }
        #[cfg(feature = "half")]
        #[inline(always)]
        fn to_bf16(self) -> half::bf16 {
            half::bf16::from_f32(halves::to_odd(self))
        }
    };
}

macro_rules! float {
    ($T:ident $to:ident) => {
        number! {
            $T, $T, -0.0, exact: false, $to,
            plus: |a, b| a + b, fits: |_, _| true, truth: |x| x != 0.0, x => x, half: to_half
        }
    };
}

macro_rules! integers {
    ($($T:ident $Bits:ident $to:ident;)*) => {
        $(number! {
            $T, $Bits, 0, exact: true, $to,
            plus: $T::wrapping_add,
            // Without a branch, for loops. (Of unsigned numbers none is negative.)
            fits: |a, b| (a.wrapping_add(b) < a) == (b < $T::default()),
            truth: |x| x != 0, x => x, half: to_half
        })*
    };
}

float!(f32 to_f32);
float!(f64 to_f64);
integers! {
    i8 u8 to_i8;
    i16 u16 to_i16;
    i32 u32 to_i32;
    i64 u64 to_i64;
    i128 u128 to_i128;
    u8 u8 to_u8;
    u16 u16 to_u16;
    u32 u32 to_u32;
    u64 u64 to_u64;
    u128 u128 to_u128;
}

number! {
    Truth, Truth, Truth(0), exact: true, to_truth,
    plus: |a, b| Truth(a.0 | b.0), fits: |_, _| true, truth: |x| x.0 != 0, x => x.0, half: to_half
}

#[cfg(feature = "half")]
mod halves {
    use half::{bf16, f16};

    use super::{Number, Truth};

    /// The number as `f32`, and if it lies between two of them, the one whose last bit is set: to round that once more,
    /// to fewer digits, is to round once.
    ///
    /// (S. Boldo and G. Melquiond, *Emulation of FMA and correctly rounded sums: proved algorithms using rounding to
    /// odd*, IEEE Transactions on Computers, 2008. The cast of the crate `half` from `f64` rounds twice on some CPUs.)
    #[inline(always)]
    pub(super) fn to_odd<T: Number>(x: T) -> f32 {
        let exact = if T::EXACT && size_of::<T>() >= 8 { truncated(x) } else { x.to_f64() };
        let near = exact as f32;
        let back = f64::from(near);
        if near.to_bits() & 1 == 1 || near.is_infinite() {
            near
        } else if back.abs() < exact.abs() {
            f32::from_bits(near.to_bits() + 1)
        } else if back.abs() > exact.abs() {
            f32::from_bits(near.to_bits() - 1)
        } else {
            // The same number, or NaN.
            near
        }
    }

    /// A large integer with its first 50 bits, and another that says whether there are more.
    fn truncated<T: Number>(x: T) -> f64 {
        let is_negative = x.to_f64() < 0.0;
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
                $T, $T, <$T>::NEG_ZERO, exact: false, $to,
                plus: |a, b| <$T>::from_f32(f32::from(a) + f32::from(b)), fits: |_, _| true,
                truth: |x| f32::from(x) != 0.0, x => f32::from(x), half: to_itself_and
            }
        };
    }

    half!(f16 to_f16);
    half!(bf16 to_bf16);
}
