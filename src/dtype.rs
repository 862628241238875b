//! NumPy's type rules: in which type a cumulative sum is formed.
//!
//! The tables are NumPy's, and the tests hold them against results that NumPy computed.

use lanesum_kernels::Element;

/// A type that can be summed: every [`Element`], and `bool`, which counts as 0 and 1.
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
pub trait Input: Copy + sealed::Sealed + 'static {
    /// The type that NumPy sums in when it is told none: `i64` for `bool` and the signed integers,
    /// `u64` for the unsigned ones, floats as they are.
    type Sum: Element;

    /// The type whose memory and values these are: `u8` for `bool`, the type itself otherwise.
    #[doc(hidden)]
    type Storage: Element;

    /// The slice as one of `Storage`.
    #[doc(hidden)]
    fn storage(slice: &[Self]) -> &[Self::Storage];
}

/// The type that NumPy sums in when it is told none, but given an output of type `Out`: the
/// smallest that holds the values of both, `numpy.promote_types`.
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
    pub trait Sealed {}
    pub trait Dtype {}
    impl Dtype for super::Promoted {}
    impl<A> Dtype for super::As<A> {}
}

macro_rules! input {
    ($T:ident, $Storage:ident, $Sum:ident, $storage:expr; $($Out:ident: $Accumulator:ident),*) => {
        impl sealed::Sealed for $T {}

        impl Input for $T {
            type Sum = $Sum;
            type Storage = $Storage;

            #[inline(always)]
            fn storage(slice: &[Self]) -> &[$Storage] {
                let storage: fn(&[$T]) -> &[$Storage] = $storage;
                storage(slice)
            }
        }

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
        $f32:ident $f64:ident)*) => {
        $(input!($T, $T, $Sum, |slice| slice;
            i8: $i8, i16: $i16, i32: $i32, i64: $i64,
            u8: $u8, u16: $u16, u32: $u32, u64: $u64, f32: $f32, f64: $f64);)*
    };
}

input!(bool, u8, i64, bytemuck::cast_slice;
    i8: i8, i16: i16, i32: i32, i64: i64,
    u8: u8, u16: u16, u32: u32, u64: u64, f32: f32, f64: f64);

#[rustfmt::skip]
inputs! {
//        into:  i8  i16 i32 i64 u8  u16 u32 u64 f32 f64
    i8  i64:     i8  i16 i32 i64 i16 i32 i64 f64 f32 f64
    i16 i64:     i16 i16 i32 i64 i16 i32 i64 f64 f32 f64
    i32 i64:     i32 i32 i32 i64 i32 i32 i64 f64 f64 f64
    i64 i64:     i64 i64 i64 i64 i64 i64 i64 f64 f64 f64
    u8  u64:     i16 i16 i32 i64 u8  u16 u32 u64 f32 f64
    u16 u64:     i32 i32 i32 i64 u16 u16 u32 u64 f32 f64
    u32 u64:     i64 i64 i64 i64 u32 u32 u32 u64 f64 f64
    u64 u64:     f64 f64 f64 f64 u64 u64 u64 u64 f64 f64
    f32 f32:     f32 f32 f64 f64 f32 f32 f64 f64 f32 f64
    f64 f64:     f64 f64 f64 f64 f64 f64 f64 f64 f64 f64
}
