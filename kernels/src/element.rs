//! [`Element`]: the types that are summed, with their identity, their addition, their casts and their
//! kernels.
//!
//! A type is one row of the macro calls at the end.

use bytemuck::Pod;
use core::any::TypeId;
use core::fmt::{Debug, Display};
use num_traits::AsPrimitive;

use crate::backend::{Backend, dispatch};
use crate::lane::Lane;
use crate::order::{BLOCK_BYTES, Carry, Summation};
use crate::scan::running_sum;

/// A type that can be summed, summed in, and written: `f32`, `f64`, and the integers of 8 to 64 bits.
///
/// Sealed: the kernels know these types and no others. Integers add modulo 2^n.
pub trait Element:
    kernel::Kernel
    + Pod
    + Default
    + PartialEq
    + PartialOrd
    + Debug
    + Display
    + Send
    + Sync
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
    /// The value that changes nothing when added to any other: `-0.0` for floats, zero for integers.
    const IDENTITY: Self;

    /// Whether sums are exact (modulo 2^n), so that they may be formed in any order: the integers.
    const EXACT: bool;

    /// The number of elements in a block of the [canonical order](crate::order).
    const BLOCK: usize = BLOCK_BYTES / size_of::<Self>();

    /// The sum of two elements, with one rounding for floats and modulo 2^n for integers.
    fn plus(self, other: Self) -> Self;

    /// `x` as this type, by the rules of `as`: floats to integers truncate and saturate, and NaN is 0.
    fn cast_from<T: Element>(x: T) -> Self;

    /// Whether this is the identity to the bit. (`+0.0` is not.)
    #[inline(always)]
    fn is_identity(self) -> bool {
        bytemuck::bytes_of(&self) == bytemuck::bytes_of(&Self::IDENTITY)
    }
}

/// Whether a cast from `T` to `U` leaves the bytes as they are.
#[inline(always)]
pub(crate) fn same_bytes<T: Element, U: Element>() -> bool {
    TypeId::of::<T>() == TypeId::of::<U>()
        || (T::EXACT && U::EXACT && size_of::<T>() == size_of::<U>())
}

pub(crate) mod kernel {
    use super::{Backend, Carry, Element, Lane, Summation};

    /// The kernels of an element type: what seals `Element`.
    ///
    /// They are compiled in this crate, once for each type and backend, and not in the user's crate:
    /// its optimisation level does not reach them.
    #[expect(private_interfaces, reason = "nobody outside can name this trait")]
    pub trait Kernel: Sized {
        /// The type whose kernels are used: an unsigned one for every integer.
        type Bits: Element;

        /// Sums a lane or a piece of one.
        fn sum(
            backend: Backend,
            summation: Summation,
            carry: &mut Carry<Self::Bits>,
            lane: Lane<'_, Self>,
        );
    }
}

macro_rules! element {
    ($T:ident, $identity:literal, exact: $exact:literal, $plus:expr) => {
        impl Element for $T {
            const IDENTITY: Self = $identity;
            const EXACT: bool = $exact;

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                let plus: fn($T, $T) -> $T = $plus;
                plus(self, other)
            }

            #[inline(always)]
            fn cast_from<T: Element>(x: T) -> Self {
                x.as_()
            }
        }
    };
}

macro_rules! float {
    ($T:ident) => {
        element!($T, -0.0, exact: false, |a, b| a + b);

        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl kernel::Kernel for $T {
            type Bits = Self;

            fn sum(backend: Backend, summation: Summation, carry: &mut Carry<Self>, lane: Lane<'_, Self>) {
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
        element!($U, 0, exact: true, $U::wrapping_add);
        element!($I, 0, exact: true, $I::wrapping_add);

        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl kernel::Kernel for $U {
            type Bits = Self;

            fn sum(backend: Backend, _: Summation, carry: &mut Carry<Self>, lane: Lane<'_, Self>) {
                dispatch!(backend, $U, carry, lane)
            }
        }

        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl kernel::Kernel for $I {
            type Bits = $U;

            fn sum(backend: Backend, summation: Summation, carry: &mut Carry<$U>, lane: Lane<'_, Self>) {
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
