//! The numbers that the kernels read, cast, add and write: [`Number`].
//!
//! This folder names no other. Its numbers are what elements have in memory: a complex number is two of them, a
//! `bool` is a [`Truth`], and a `half::f16` is one that is summed as `f32`.

#[cfg(feature = "half")]
mod half;
mod truth;

use core::any::TypeId;
use core::fmt::Debug;

use bytemuck::NoUninit;
use num_traits::AsPrimitive;

pub(crate) use truth::Truth;

/// A number as it lies in memory, with its identity, its addition and its casts.
///
/// Sealed, since nobody outside this crate can name it.
///
/// # Safety
///
/// `Bits` has the size and the alignment of this type, and every value of one of the two is a value of the other.
pub unsafe trait Number:
    NoUninit
    + PartialEq
    + Debug
    + AsPrimitive<f32>
    + AsPrimitive<f64>
    + AsPrimitive<i8>
    + AsPrimitive<i16>
    + AsPrimitive<i32>
    + AsPrimitive<i64>
    + AsPrimitive<u8>
    + AsPrimitive<u16>
    + AsPrimitive<u32>
    + AsPrimitive<u64>
{
    /// The number that changes nothing when it is added: see [`order`](crate::order).
    const IDENTITY: Self;

    /// Whether sums may be formed in any order.
    const EXACT: bool;

    /// The elements of a block of the order.
    const BLOCK: usize = 64 / size_of::<Self>();

    /// The type that stands for all those with the same values in memory: an unsigned one for every integer.
    type Bits: Number<Bits = Self::Bits>;

    /// The sum: rounded once for floats, modulo 2^n for integers.
    fn plus(self, other: Self) -> Self;

    /// Whether the sum is a value of this type: false if integers wrap.
    fn plus_fits(self, other: Self) -> bool;

    /// Whether the number is NaN.
    #[inline(always)]
    #[expect(clippy::eq_op, reason = "that is what NaN is")]
    fn is_nan(self) -> bool {
        self != self
    }

    /// Whether this is the identity to the bit. (`+0.0` is not.)
    #[inline(always)]
    fn is_identity(self) -> bool {
        bytemuck::bytes_of(&self) == bytemuck::bytes_of(&Self::IDENTITY)
    }

    /// `x as Self`.
    fn cast_from<T: Number>(x: T) -> Self;

    /// The number that has these bytes in memory, as many as it has.
    ///
    /// # Panics
    ///
    /// When there are more or fewer bytes.
    fn of_bytes(bytes: &[u8]) -> Self;

    /// `self as i128`. (The crate `half` has no `AsPrimitive` for it.)
    fn to_i128(self) -> i128;
    /// `self as u128`.
    fn to_u128(self) -> u128;
    /// Whether it is other than zero.
    fn to_truth(self) -> Truth;
    /// The nearest `f16`, rounded once.
    #[cfg(feature = "half")]
    fn to_f16(self) -> ::half::f16;
    /// The nearest `bf16`, rounded once.
    #[cfg(feature = "half")]
    fn to_bf16(self) -> ::half::bf16;
}

/// Whether a cast from `T` to `U` leaves the bits as they are.
#[inline(always)]
pub(crate) fn same_bits<T: Number, U: Number>() -> bool {
    TypeId::of::<T::Bits>() == TypeId::of::<U::Bits>()
}

/// Implements [`Number`] for a type, given what differs.
macro_rules! number {
    (
        $T:ident, $Bits:ident, $identity:expr, exact: $exact:literal,
        plus: $plus:expr, fits: $fits:expr, cast: $from:ident => $cast:expr,
        bytes: $bytes:expr, $x:ident => $wide:expr, truth: $truth:expr, half: $half:ident
    ) => {
        // SAFETY: `Bits` is this type, or an integer of its size, of which every pattern of bits is a value.
        unsafe impl Number for $T {
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
            fn cast_from<U: Number>($from: U) -> Self {
                $cast
            }
            #[inline(always)]
            fn of_bytes(bytes: &[u8]) -> Self {
                let number: fn(&[u8]) -> $T = $bytes;
                number(bytes)
            }
            #[inline(always)]
            fn to_i128(self) -> i128 {
                let $x = self;
                $wide as i128
            }
            #[inline(always)]
            fn to_u128(self) -> u128 {
                let $x = self;
                $wide as u128
            }
            #[inline(always)]
            fn to_truth(self) -> Truth {
                let $x = self;
                Truth::of($truth)
            }
            $half! { $T }
        }
    };
}

/// The casts to the types of the feature `half`, by way of an `f32` with all that they need of the number.
macro_rules! to_half {
    ($T:ident) => {
        #[cfg(feature = "half")]
        #[inline(always)]
        fn to_f16(self) -> ::half::f16 {
            ::half::f16::from_f32($crate::number::half::to_odd(self))
        }
        #[cfg(feature = "half")]
        #[inline(always)]
        fn to_bf16(self) -> ::half::bf16 {
            ::half::bf16::from_f32($crate::number::half::to_odd(self))
        }
    };
}

use {number, to_half};

macro_rules! floats {
    ($($T:ident)*) => {
        $(number! {
            $T, $T, -0.0, exact: false,
            plus: |a, b| a + b, fits: |_, _| true, cast: x => x.as_(),
            bytes: bytemuck::pod_read_unaligned, x => x, truth: x != 0.0, half: to_half
        })*
    };
}

macro_rules! integers {
    ($($T:ident $Bits:ident, $from:ident => $cast:expr;)*) => {
        $(number! {
            $T, $Bits, 0, exact: true,
            plus: $T::wrapping_add,
            // This has no branch, so that loops can be vectorised. (No unsigned number is negative.)
            fits: |a, b| (a.wrapping_add(b) < a) == (b < $T::default()),
            cast: $from => $cast,
            bytes: bytemuck::pod_read_unaligned, x => x, truth: x != 0, half: to_half
        })*
    };
}

floats!(f32 f64);
integers! {
    i8 u8, x => x.as_();
    i16 u16, x => x.as_();
    i32 u32, x => x.as_();
    i64 u64, x => x.as_();
    i128 u128, x => x.to_i128();
    u8 u8, x => x.as_();
    u16 u16, x => x.as_();
    u32 u32, x => x.as_();
    u64 u64, x => x.as_();
    u128 u128, x => x.to_u128();
}
