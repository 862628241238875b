//! [`Element`]: the types that users sum, sum in and write.
//!
//! An element is one number in memory, or the two components of a complex one. This folder names `dispatch`, the ends
//! of `io`, `order` and `number`.

mod any_value;
#[cfg(feature = "complex")]
mod complex;

pub use any_value::AnyValue;

use core::fmt::Debug;
use core::num::Wrapping;

use crate::dispatch::Kernels;
use crate::io::Input;
use crate::number::{Number, Truth};
use crate::order::BLOCK_BYTES;

/// A type that can be summed, summed in, and written.
///
/// | type | sums |
/// |---|---|
/// | `f32`, `f64` | in the [order](crate::order) that is asked for |
/// | `i8` to `i128`, `u8` to `u128`, and `Wrapping` of them | modulo 2^n |
/// | `bool` | are "or" |
/// | `half::f16`, `half::bf16` (feature `half`) | in `f32`, each rounded once; see [`Summation`](crate::Summation) |
/// | `num_complex::Complex` of `f32` and `f64` (feature `complex`) | the components, each as if alone |
///
/// Sealed: the kernels know these types and no others.
pub trait Element:
    sealed::Stored + Copy + Default + PartialEq + Debug + Send + Sync + 'static
{
    /// The value that changes nothing when added to any other: `-0.0` for floats, zero for integers.
    const IDENTITY: Self;

    /// Whether sums are exact (modulo 2^n), so that they may be formed in any order: all but floats.
    const EXACT: bool;

    /// The number of elements in a block of the [canonical order](crate::order).
    const BLOCK: usize;

    /// The sum of two elements, with one rounding for floats and modulo 2^n for integers.
    fn plus(self, other: Self) -> Self;

    /// Whether the sum of two elements is a value of this type: false if integers overflow. (Those of `Wrapping` do
    /// not.)
    fn plus_fits(self, other: Self) -> bool;

    /// `x` as this type, by the rules of `as`: floats to integers truncate and saturate, and NaN is 0. To `bool`
    /// by `x != 0`; of complex numbers to others the real part.
    fn cast_from<T: Element>(x: T) -> Self;
}

pub(crate) mod sealed {
    use crate::dispatch::Kernels;
    use crate::number::Number;

    /// What an element is in memory: what seals `Element`.
    ///
    /// # Safety
    ///
    /// The element has the layout of `[Storage; COMPONENTS]`, and every such array is an element.
    pub unsafe trait Stored: Copy {
        /// The type of the numbers that an element has in memory.
        type Storage: Number;
        /// The type in which those numbers are summed: it holds all of their values, or has the same bits.
        type Adder: Kernels;
        /// The type in which those numbers are summed by `Summation::Compensated`.
        type WideAdder: Kernels;

        /// The name of the type where sums are saved.
        #[cfg(feature = "serde")]
        const SAVED_NAME: &'static str;
        /// How many numbers an element has, which are summed apart: two for a complex one.
        const COMPONENTS: usize = 1;
        /// Whether leaving the type counts as wrapping, and not as an overflow.
        const WRAPS: bool = false;

        /// The numbers; the second is zero where there is one.
        fn to_components(self) -> [Self::Storage; 2];
        fn from_components(components: [Self::Storage; 2]) -> Self;
    }
}

/// Elements of a slice, to be cast to `A` and summed in `C`.
pub(crate) fn input_of<I: Element, A: Element, C: Kernels>(slice: &[I]) -> Input<'_, C> {
    let (first, len) = (slice.as_ptr().cast::<I::Storage>(), slice.len() * I::COMPONENTS);
    // SAFETY: the numbers of the elements (`Stored`), which nobody writes to while the slice is borrowed.
    unsafe { Input::new::<I::Storage, A::Storage>(first, len) }
}

/// An element of one number.
macro_rules! element {
    (
        $T:ty: $Storage:ident in $Accumulator:ident, $Wide:ident, wraps: $wraps:literal, $name:expr;
        $x:ident: $to:expr, $from:expr
    ) => {
        // SAFETY: the element is the number, or a transparent struct around one.
        unsafe impl sealed::Stored for $T {
            type Storage = $Storage;
            type Adder = $Accumulator;
            type WideAdder = $Wide;

            #[cfg(feature = "serde")]
            const SAVED_NAME: &'static str = $name;
            const WRAPS: bool = $wraps;

            #[inline(always)]
            fn to_components(self) -> [$Storage; 2] {
                let $x = self;
                [$to, <$Storage as Number>::cast_from(0u8)]
            }
            #[inline(always)]
            fn from_components([$x, _]: [$Storage; 2]) -> Self {
                $from
            }
        }

        impl Element for $T {
            const IDENTITY: Self = {
                let $x = <$Storage as Number>::IDENTITY;
                $from
            };
            const EXACT: bool = <$Storage as Number>::EXACT;
            const BLOCK: usize = BLOCK_BYTES / size_of::<$Accumulator>();

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                let [a, b] = [self, other].map(|x| sealed::Stored::to_components(x)[0]);
                let $x = Number::plus(a, b);
                $from
            }
            #[inline(always)]
            fn plus_fits(self, other: Self) -> bool {
                let [a, b] = [self, other].map(|x| sealed::Stored::to_components(x)[0]);
                <Self as sealed::Stored>::WRAPS || Number::plus_fits(a, b)
            }
            #[inline(always)]
            fn cast_from<T: Element>(x: T) -> Self {
                let $x = <$Storage as Number>::cast_from(x.to_components()[0]);
                $from
            }
        }
    };
}

macro_rules! numbers {
    ($($T:ident in $Accumulator:ident, $Wide:ident;)*) => {
        $(element! { $T: $T in $Accumulator, $Wide, wraps: false, stringify!($T); x: x, x })*
    };
}

macro_rules! wrapping {
    ($($T:ident in $Accumulator:ident;)*) => {
        $(element! {
            Wrapping<$T>: $T in $Accumulator, $Accumulator, wraps: true,
            concat!("Wrapping<", stringify!($T), ">"); x: x.0, Wrapping(x)
        })*
    };
}

numbers! {
    f32 in f32, f64;
    f64 in f64, f64;
    i8 in u8, u8;
    i16 in u16, u16;
    i32 in u32, u32;
    i64 in u64, u64;
    i128 in u128, u128;
    u8 in u8, u8;
    u16 in u16, u16;
    u32 in u32, u32;
    u64 in u64, u64;
    u128 in u128, u128;
}

wrapping! {
    i8 in u8;
    i16 in u16;
    i32 in u32;
    i64 in u64;
    i128 in u128;
    u8 in u8;
    u16 in u16;
    u32 in u32;
    u64 in u64;
    u128 in u128;
}

element! { bool: Truth in Truth, Truth, wraps: false, "bool"; x: Truth::of(x), x.holds() }

#[cfg(feature = "half")]
mod halves {
    use half::{bf16, f16};

    use super::{BLOCK_BYTES, Element, Number, sealed};

    numbers! {
        f16 in f32, f64;
        bf16 in f32, f64;
    }
}
