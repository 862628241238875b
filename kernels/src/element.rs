//! [`Element`]: the types that users sum, sum in and write.

use core::fmt::Debug;
use core::num::Wrapping;

use num_traits::AsPrimitive;

use crate::number::Number;
use crate::order::BLOCK_BYTES;

/// A type that can be summed, summed in, and written.
///
/// | type | sums |
/// |---|---|
/// | `f32`, `f64` | in the [order](crate::order) that is asked for |
/// | `i8` to `i128`, `u8` to `u128`, and `Wrapping` of them | modulo 2^n |
/// | `bool` | are "or" |
/// | `half::f16`, `half::bf16` (feature `half`) | in `f32`, each rounded once; see [`Summation`](crate::Summation) |
/// | `num_complex::Complex` of `f32` and `f64` (feature `complex`) | the parts, each as if alone |
///
/// Sealed: the kernels know these types and no others.
pub trait Element:
    stored::Stored + Copy + Default + PartialEq + Debug + Send + Sync + 'static
{
    /// The value that changes nothing when added to any other: `-0.0` for floats, zero for integers.
    const IDENTITY: Self;

    /// Whether sums are exact (modulo 2^n), so that they may be formed in any order: all but floats.
    const EXACT: bool;

    /// The number of elements in a block of the [canonical order](crate::order).
    const BLOCK: usize;

    /// The sum of two elements, with one rounding for floats and modulo 2^n for integers.
    fn plus(self, other: Self) -> Self;

    /// Whether the sum of two elements is one: not if integers overflow. (Those of `Wrapping` do not.)
    fn plus_fits(self, other: Self) -> bool;

    /// `x` as this type, by the rules of `as`: floats to integers truncate and saturate, and NaN is 0. To `bool`
    /// by `x != 0`; of complex numbers to others the real part.
    fn cast_from<T: Element>(x: T) -> Self;
}

/// A value of any [`Element`], for a time when its type is no longer known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scalar(Value);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Float([f64; 2]),
    Negative(i128),
    Integer(u128),
}

impl Scalar {
    /// Holds `x`, exactly.
    #[inline(always)]
    pub fn of<T: Element>(x: T) -> Self {
        let parts = x.to_parts();
        Self(if !T::EXACT {
            Value::Float(parts.map(AsPrimitive::as_))
        } else if AsPrimitive::<f64>::as_(parts[0]) < 0.0 {
            Value::Negative(parts[0].to_i128())
        } else {
            Value::Integer(parts[0].to_u128())
        })
    }

    /// The value as by [`Element::cast_from`].
    #[inline(always)]
    pub fn cast<T: Element>(self) -> T {
        match self.0 {
            Value::Float(parts) => T::from_parts(parts.map(Number::cast_from)),
            Value::Negative(x) => T::cast_from(x),
            Value::Integer(x) => T::cast_from(x),
        }
    }
}

pub(crate) mod stored {
    use crate::number::Number;
    use crate::primitive::Primitive;

    /// Who may write to an element's storage: nobody outside can make one.
    #[derive(Clone, Copy)]
    pub struct Inside(());

    impl Inside {
        pub(crate) const HERE: Self = Self(());
    }

    /// What an element is in memory: what seals `Element`.
    pub trait Stored: Copy {
        /// The numbers that it has in memory.
        type Storage: Number;
        /// The numbers in which those are summed.
        type Carrier: Primitive;
        /// The numbers in which those are summed by `Summation::Compensated`.
        type Wide: Primitive;

        /// Whether the numbers are summed as they are: `Storage` is `Carrier`.
        const AS_IS: bool = true;
        /// What it is called where sums are saved.
        #[cfg(feature = "serde")]
        const SAVED_NAME: &'static str;
        /// How many numbers it has, which are summed apart: two of a complex one.
        const PARTS: usize = 1;
        /// Whether to leave the type is no overflow.
        const WRAPS: bool = false;

        /// The numbers; the second is zero where there is one.
        fn to_parts(self) -> [Self::Storage; 2];
        fn from_parts(parts: [Self::Storage; 2]) -> Self;
        fn storage(slice: &[Self]) -> &[Self::Storage];
        /// For this crate alone, since not all that can be stored there is an element.
        fn storage_mut(slice: &mut [Self], inside: Inside) -> &mut [Self::Storage];
        /// The bytes, if any bytes are elements.
        fn bytes_mut(slice: &mut [Self]) -> Option<&mut [u8]>;
    }
}

/// An element of one number.
macro_rules! element {
    (
        $T:ty: $Storage:ident in $Carrier:ident, $Wide:ident, wraps: $wraps:literal, as_is: $as_is:literal, $name:expr;
        $x:ident: $to:expr, $from:expr; $slice:ident: $storage:expr, $storage_mut:expr, $bytes_mut:expr
    ) => {
        impl stored::Stored for $T {
            type Storage = $Storage;
            type Carrier = $Carrier;
            type Wide = $Wide;

            #[cfg(feature = "serde")]
            const SAVED_NAME: &'static str = $name;
            const WRAPS: bool = $wraps;
            const AS_IS: bool = $as_is;

            #[inline(always)]
            fn to_parts(self) -> [$Storage; 2] {
                let $x = self;
                [$to, <$Storage as Number>::cast_from(0u8)]
            }
            #[inline(always)]
            fn from_parts([$x, _]: [$Storage; 2]) -> Self {
                $from
            }
            #[inline(always)]
            fn storage($slice: &[$T]) -> &[$Storage] {
                $storage
            }
            #[inline(always)]
            fn storage_mut($slice: &mut [$T], _: stored::Inside) -> &mut [$Storage] {
                $storage_mut
            }
            #[inline(always)]
            fn bytes_mut($slice: &mut [$T]) -> Option<&mut [u8]> {
                $bytes_mut
            }
        }

        impl Element for $T {
            const IDENTITY: Self = {
                let $x = <$Storage as Number>::IDENTITY;
                $from
            };
            const EXACT: bool = <$Storage as Number>::EXACT;
            const BLOCK: usize = BLOCK_BYTES / size_of::<$Carrier>();

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                let $x = Number::plus(
                    stored::Stored::to_parts(self)[0],
                    stored::Stored::to_parts(other)[0],
                );
                $from
            }
            #[inline(always)]
            fn plus_fits(self, other: Self) -> bool {
                let [a, b] = [self, other].map(|x| stored::Stored::to_parts(x)[0]);
                <Self as stored::Stored>::WRAPS || Number::plus_fits(a, b)
            }
            #[inline(always)]
            fn cast_from<T: Element>(x: T) -> Self {
                let $x = <$Storage as Number>::cast_from(x.to_parts()[0]);
                $from
            }
        }
    };
}

macro_rules! elements {
    (as_is: $as_is:literal; $($T:ident in $Carrier:ident, $Wide:ident;)*) => {
        $(element! {
            $T: $T in $Carrier, $Wide, wraps: false, as_is: $as_is, stringify!($T); x: x, x;
            slice: slice, slice, Some(bytemuck::cast_slice_mut(slice))
        })*
    };
}

macro_rules! wrapping {
    ($($T:ident)*) => {
        $(element! {
            Wrapping<$T>: $T in $T, $T, wraps: true, as_is: true, concat!("Wrapping<", stringify!($T), ">"); x: x.0, Wrapping(x);
            slice: bytemuck::cast_slice(slice), bytemuck::cast_slice_mut(slice),
            Some(bytemuck::cast_slice_mut(slice))
        })*
    };
}

elements! {
    as_is: true;
    f32 in f32, f64;
    f64 in f64, f64;
    i8 in i8, i8;
    i16 in i16, i16;
    i32 in i32, i32;
    i64 in i64, i64;
    i128 in i128, i128;
    u8 in u8, u8;
    u16 in u16, u16;
    u32 in u32, u32;
    u64 in u64, u64;
    u128 in u128, u128;
}
wrapping!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);

mod truth {
    use bytemuck::TransparentWrapper;

    use super::{BLOCK_BYTES, Element, Number, stored};
    use crate::number::Truth;

    element! {
        bool: Truth in Truth, Truth, wraps: false, as_is: true, "bool"; x: Truth::of(x), x.holds();
        slice: Truth::wrap_slice(slice), Truth::wrap_slice_mut(slice), {
            let _ = slice;
            None
        }
    }
}

#[cfg(feature = "half")]
mod halves {
    use half::{bf16, f16};

    use super::{BLOCK_BYTES, Element, Number, stored};

    elements! {
        as_is: false;
        f16 in f32, f64;
        bf16 in f32, f64;
    }
}

#[cfg(feature = "complex")]
mod complex {
    use num_complex::Complex;

    use super::{BLOCK_BYTES, Element, Number, stored};

    macro_rules! complex {
        ($($T:ident)*) => {
            $(
                impl stored::Stored for Complex<$T> {
                    type Storage = $T;
                    type Carrier = $T;
                    type Wide = f64;

                    #[cfg(feature = "serde")]
                    const SAVED_NAME: &'static str = concat!("Complex<", stringify!($T), ">");
                    const PARTS: usize = 2;

                    #[inline(always)]
                    fn to_parts(self) -> [$T; 2] {
                        [self.re, self.im]
                    }
                    #[inline(always)]
                    fn from_parts([re, im]: [$T; 2]) -> Self {
                        Self { re, im }
                    }
                    #[inline(always)]
                    fn storage(slice: &[Self]) -> &[$T] {
                        bytemuck::cast_slice(slice)
                    }
                    #[inline(always)]
                    fn storage_mut(slice: &mut [Self], _: stored::Inside) -> &mut [$T] {
                        bytemuck::cast_slice_mut(slice)
                    }
                    #[inline(always)]
                    fn bytes_mut(slice: &mut [Self]) -> Option<&mut [u8]> {
                        Some(bytemuck::cast_slice_mut(slice))
                    }
                }

                impl Element for Complex<$T> {
                    const IDENTITY: Self = Self { re: -0.0, im: -0.0 };
                    const EXACT: bool = false;
                    const BLOCK: usize = BLOCK_BYTES / size_of::<$T>();

                    #[inline(always)]
                    fn plus(self, other: Self) -> Self {
                        Self { re: self.re + other.re, im: self.im + other.im }
                    }
                    #[inline(always)]
                    fn plus_fits(self, _: Self) -> bool {
                        true
                    }
                    #[inline(always)]
                    fn cast_from<T: Element>(x: T) -> Self {
                        let [re, im] = x.to_parts().map(<$T as Number>::cast_from);
                        Self { re, im }
                    }
                }
            )*
        };
    }

    complex!(f32 f64);
}
