//! NumPy's type rules: in which type a cumulative sum is formed.
//!
//! The tables are NumPy's, and the tests hold them against results that NumPy computed.

use core::num::Wrapping;

use lanesum_kernels::Element;

/// A type that can be summed: every [`Element`]. A `bool` counts as 0 and 1.
///
/// Sealed: NumPy's rules are a closed table. Generic code asks for `T: Element + Input` where it names the
/// accumulator, and for `T: Promote<O>` where an output of type `O` decides on it:
///
/// ```
/// use lanesum::{Element, Input, cumsum};
///
/// fn accumulate<T: Element + Input>(x: &mut [T]) {
///     cumsum(x).dtype::<T>().in_place();
/// }
///
/// let mut x = [1u8, 2, 3];
/// accumulate(&mut x);
/// assert_eq!(x, [1, 3, 6]);
/// ```
pub trait Input: Element {
    /// The type that NumPy sums in when it is given no `dtype`: `i64` for `bool` and the signed integers, `u64` for the
    /// unsigned ones, all others as they are.
    type Sum: Element;
}

/// The type that NumPy sums in when it is given no `dtype`, but an output of type `Out`: the smallest that holds the
/// values of both, `numpy.promote_types`.
///
/// | | `i8` | `i16` | `i32` | `i64` | `u8` | `u16` | `u32` | `u64` | `f32` | `f64` |
/// |---|---|---|---|---|---|---|---|---|---|---|
/// | `bool` | `i8` | `i16` | `i32` | `i64` | `u8` | `u16` | `u32` | `u64` | `f32` | `f64` |
/// | `i8` | `i8` | `i16` | `i32` | `i64` | `i16` | `i32` | `i64` | `f64` | `f32` | `f64` |
/// | `i16` | `i16` | `i16` | `i32` | `i64` | `i16` | `i32` | `i64` | `f64` | `f32` | `f64` |
/// | `i32` | `i32` | `i32` | `i32` | `i64` | `i32` | `i32` | `i64` | `f64` | `f64` | `f64` |
/// | `i64` | `i64` | `i64` | `i64` | `i64` | `i64` | `i64` | `i64` | `f64` | `f64` | `f64` |
/// | `u8` | `i16` | `i16` | `i32` | `i64` | `u8` | `u16` | `u32` | `u64` | `f32` | `f64` |
/// | `u16` | `i32` | `i32` | `i32` | `i64` | `u16` | `u16` | `u32` | `u64` | `f32` | `f64` |
/// | `u32` | `i64` | `i64` | `i64` | `i64` | `u32` | `u32` | `u32` | `u64` | `f64` | `f64` |
/// | `u64` | `f64` | `f64` | `f64` | `f64` | `u64` | `u64` | `u64` | `u64` | `f64` | `f64` |
/// | `f32` | `f32` | `f32` | `f64` | `f64` | `f32` | `f32` | `f64` | `f64` | `f32` | `f64` |
/// | `f64` | `f64` | `f64` | `f64` | `f64` | `f64` | `f64` | `f64` | `f64` | `f64` | `f64` |
///
/// The rows are inputs, the columns outputs.
pub trait Promote<Out: Element>: Input {
    /// The accumulator.
    type Accumulator: Element;
}

/// How the accumulator is chosen: a type parameter of [`Cumsum`](crate::Cumsum), and never a value.
///
/// `Self::Accumulator` is the type that is summed in for an input of type `In` and an output of type
/// `Out`.
pub trait Dtype<In: Input, Out: Element>: sealed::Dtype {
    /// The accumulator.
    type Accumulator: Element;
}

/// The accumulator by NumPy's rules: [`Input::Sum`] for a new `Vec`, [`Promote`] for a given output.
#[derive(Clone, Copy, Debug)]
pub enum Promoted {}

/// The accumulator `A`, as [`Cumsum::dtype`](crate::Cumsum::dtype) asked for.
#[derive(Clone, Copy, Debug)]
pub struct As<A>(core::convert::Infallible, core::marker::PhantomData<A>);

impl<In: Promote<Out>, Out: Element> Dtype<In, Out> for Promoted {
    type Accumulator = In::Accumulator;
}

impl<In: Input, Out: Element, A: Element> Dtype<In, Out> for As<A> {
    type Accumulator = A;
}

/// The element type of a new `Vec`.
pub trait NewDtype<In: Input>: sealed::Dtype {
    /// The accumulator, and the type of the elements.
    type Accumulator: Element;
}

impl<In: Input> NewDtype<In> for Promoted {
    type Accumulator = In::Sum;
}

impl<In: Input, A: Element> NewDtype<In> for As<A> {
    type Accumulator = A;
}

mod sealed {
    pub trait Dtype {}
    impl Dtype for super::Promoted {}
    impl<A> Dtype for super::As<A> {}
}

/// The sum of a type, and its promotion with each of some outputs.
macro_rules! input {
    ($T:ty: $Sum:ty; $($Out:ty: $Accumulator:ty),*) => {
        impl Input for $T {
            type Sum = $Sum;
        }

        promote!($T; $($Out: $Accumulator),*);
    };
}

/// The promotion of a type with each of some outputs.
macro_rules! promote {
    ($T:ty; $($Out:ty: $Accumulator:ty),*) => {
        $(
            impl Promote<$Out> for $T {
                type Accumulator = $Accumulator;
            }
        )*
    };
}

/// One row of NumPy's table to a line: the input, its sum, and its promotion with each output.
macro_rules! inputs {
    ($($T:ident $Sum:ident:
        $i8:ident $i16:ident $i32:ident $i64:ident $u8:ident $u16:ident $u32:ident $u64:ident
        $f32:ident $f64:ident $bool:ident $i128:ident $u128:ident)*) => {
        $(input!($T: $Sum;
            i8: $i8, i16: $i16, i32: $i32, i64: $i64,
            u8: $u8, u16: $u16, u32: $u32, u64: $u64, f32: $f32, f64: $f64,
            bool: $bool, i128: $i128, u128: $u128);)*
    };
}

// NumPy has no integers of 128 bits: here they are promoted as NumPy promotes `i64` and `u64`.
#[rustfmt::skip]
inputs! {
//          into:  i8   i16  i32  i64  u8   u16  u32  u64  f32 f64 bool i128 u128
    bool i64:      i8   i16  i32  i64  u8   u16  u32  u64  f32 f64 bool i128 u128
    i8   i64:      i8   i16  i32  i64  i16  i32  i64  f64  f32 f64 i8   i128 f64
    i16  i64:      i16  i16  i32  i64  i16  i32  i64  f64  f32 f64 i16  i128 f64
    i32  i64:      i32  i32  i32  i64  i32  i32  i64  f64  f64 f64 i32  i128 f64
    i64  i64:      i64  i64  i64  i64  i64  i64  i64  f64  f64 f64 i64  i128 f64
    i128 i128:     i128 i128 i128 i128 i128 i128 i128 i128 f64 f64 i128 i128 f64
    u8   u64:      i16  i16  i32  i64  u8   u16  u32  u64  f32 f64 u8   i128 u128
    u16  u64:      i32  i32  i32  i64  u16  u16  u32  u64  f32 f64 u16  i128 u128
    u32  u64:      i64  i64  i64  i64  u32  u32  u32  u64  f64 f64 u32  i128 u128
    u64  u64:      f64  f64  f64  f64  u64  u64  u64  u64  f64 f64 u64  i128 u128
    u128 u128:     f64  f64  f64  f64  u128 u128 u128 u128 f64 f64 u128 f64  u128
    f32  f32:      f32  f32  f64  f64  f32  f32  f64  f64  f32 f64 f32  f64  f64
    f64  f64:      f64  f64  f64  f64  f64  f64  f64  f64  f64 f64 f64  f64  f64
}

/// The promotions of `Wrapping`: with itself, and with the integer that it wraps.
macro_rules! wrapping {
    ($($T:ident)*) => {
        $(
            input!(Wrapping<$T>: Wrapping<$T>; Wrapping<$T>: Wrapping<$T>, $T: Wrapping<$T>);
            promote!($T; Wrapping<$T>: Wrapping<$T>);
        )*
    };
}

wrapping!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);

/// The promotions of a type with others, in both directions.
#[cfg(any(feature = "half", feature = "complex"))]
macro_rules! both_ways {
    ($T:ty; $($($Other:ident)*: $Accumulator:ty),*) => {
        $($(
            promote!($T; $Other: $Accumulator);
            promote!($Other; $T: $Accumulator);
        )*)*
    };
}

#[cfg(feature = "half")]
mod halves {
    use half::{bf16, f16};

    use super::{Input, Promote};

    input!(f16: f16; f16: f16, bf16: f32);
    both_ways! { f16; bool i8 u8: f16, i16 u16 f32: f32, i32 i64 i128 u32 u64 u128 f64: f64 }

    // NumPy has no `bf16` of its own. A `bf16` has eight binary digits, and so all values of `i8` and `u8`.
    input!(bf16: bf16; bf16: bf16, f16: f32);
    both_ways! { bf16; bool i8 u8: bf16, i16 u16 f32: f32, i32 i64 i128 u32 u64 u128 f64: f64 }
}

#[cfg(feature = "complex")]
mod complex {
    use num_complex::Complex;

    use super::{Input, Promote};

    type C64 = Complex<f32>;
    type C128 = Complex<f64>;

    input!(C64: C64; C64: C64, C128: C128);
    both_ways! { C64; bool i8 i16 u8 u16 f32: C64, i32 i64 i128 u32 u64 u128 f64: C128 }
    input!(C128: C128; C128: C128, C64: C128);
    both_ways! { C128; bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64: C128 }

    #[cfg(feature = "half")]
    mod halves {
        use half::{bf16, f16};

        use super::{C64, C128, Promote};

        both_ways! { C64; f16 bf16: C64 }
        both_ways! { C128; f16 bf16: C128 }
    }
}
