//! [`Primitive`]: the numbers that the kernels know, with their identity, their addition, their casts
//! and their kernels.
//!
//! It stands apart from [`Element`](crate::Element), which is public and must be able to take in types
//! that are no plain numbers. A type is one row of the macro calls at the end.

use core::any::TypeId;

use bytemuck::Pod;
use num_traits::AsPrimitive;

use crate::backend::{Backend, dispatch};
use crate::lane::Lane;
use crate::order::{BLOCK_BYTES, Carry, Summation};
use crate::scan::running_sum;

/// A number that is summed as it lies in memory.
#[expect(private_interfaces, reason = "nobody outside can name this trait")]
pub trait Primitive:
    Pod
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
    /// What changes nothing when it is added: see [`order`](crate::order).
    const IDENTITY: Self;

    /// Whether sums may be formed in any order.
    const EXACT: bool;

    /// The elements of a block.
    const BLOCK: usize = BLOCK_BYTES / size_of::<Self>();

    /// The type whose kernels are used: an unsigned one for every integer.
    type Bits: Primitive;

    /// One rounding for floats, modulo 2^n for integers.
    fn plus(self, other: Self) -> Self;

    /// `x as Self`.
    fn cast_from<T: Primitive>(x: T) -> Self;

    /// Sums a lane or a piece of one.
    ///
    /// Each is compiled in this crate, once for a type and a backend, and not in the user's crate: so
    /// that a debug build can optimise this crate and have fast sums.
    fn sum(
        backend: Backend,
        summation: Summation,
        carry: &mut Carry<Self::Bits>,
        lane: Lane<'_, Self>,
    );

    /// Whether this is the identity to the bit. (`+0.0` is not.)
    #[inline(always)]
    fn is_identity(self) -> bool {
        bytemuck::bytes_of(&self) == bytemuck::bytes_of(&Self::IDENTITY)
    }
}

/// Whether a cast from `T` to `U` leaves the bytes as they are.
#[inline(always)]
pub(crate) fn same_bytes<T: Primitive, U: Primitive>() -> bool {
    TypeId::of::<T>() == TypeId::of::<U>()
        || (T::EXACT && U::EXACT && size_of::<T>() == size_of::<U>())
}

/// The items that differ between types in a name or an expression alone.
macro_rules! items {
    ($T:ident, $Bits:ident, $identity:literal, exact: $exact:literal, $plus:expr) => {
        const IDENTITY: Self = $identity;
        const EXACT: bool = $exact;

        type Bits = $Bits;

        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            let plus: fn($T, $T) -> $T = $plus;
            plus(self, other)
        }

        #[inline(always)]
        fn cast_from<T: Primitive>(x: T) -> Self {
            x.as_()
        }
    };
}

macro_rules! float {
    ($T:ident) => {
        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl Primitive for $T {
            items!($T, $T, -0.0, exact: false, |a, b| a + b);

            fn sum(
                backend: Backend,
                summation: Summation,
                carry: &mut Carry<Self>,
                lane: Lane<'_, Self>,
            ) {
                match summation {
                    Summation::Blocked => dispatch!(backend, $T, carry, lane),
                    Summation::Sequential => running_sum(carry, lane),
                }
            }
        }
    };
}

macro_rules! integer {
    ($U:ident, $I:ident) => {
        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl Primitive for $U {
            items!($U, $U, 0, exact: true, $U::wrapping_add);

            fn sum(backend: Backend, _: Summation, carry: &mut Carry<Self>, lane: Lane<'_, Self>) {
                dispatch!(backend, $U, carry, lane)
            }
        }

        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl Primitive for $I {
            items!($I, $U, 0, exact: true, $I::wrapping_add);

            fn sum(
                backend: Backend,
                summation: Summation,
                carry: &mut Carry<$U>,
                lane: Lane<'_, Self>,
            ) {
                $U::sum(backend, summation, carry, lane.cast());
            }
        }
    };
}

float!(f32);
float!(f64);
integer!(u8, i8);
integer!(u16, i16);
integer!(u32, i32);
integer!(u64, i64);
