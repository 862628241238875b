//! Sums with casts: every input type, every type to sum in, every output type, on every backend.
//!
//! The model is what the documentation says: cast each element with `as`, sum by the reference, cast
//! each sum with `as`. `axes_casts.rs` has the same for arrays.

mod common;

use common::casts::{As, Source};
use common::{CHUNK, PIECE, SUMMATIONS, Value, assert_same_bits, elements, inputs};
use lanesum::{Backend, Dtype, Promote, Promoted, Summation, cumsum};

/// Within a block, around some blocks, around the pieces that are cast at a time, and in a third
/// chunk.
const LENGTHS: [usize; 11] = [0, 1, 8, 21, 63, 64, 65, PIECE - 1, PIECE, PIECE + 1, 2 * CHUNK + 3];

/// Where sums are written. It has no part in how they were formed: there are hundreds of ways, and
/// each of them is a function to compile.
struct Output<O>(Vec<O>);

impl<O: Value> Output<O> {
    /// Not zeros: a place that is skipped must show.
    #[inline(never)]
    fn new(len: usize) -> Self {
        Self(vec![O::from_bits(0xa5a5_a5a5_a5a5_a5a5); len])
    }

    #[inline(never)]
    fn check<A: Value + As<O>>(&self, sums: &[A], what: std::fmt::Arguments<'_>) {
        let expected: Vec<O> = sums.iter().map(|sum| sum.cast()).collect();
        assert_same_bits(&self.0, &expected, format_args!("{what} in {}, to", A::NAME));
    }
}

/// One input, cast to `A` and summed by the reference.
struct Model<I, A> {
    input: Vec<I>,
    sums: Vec<A>,
    summation: Summation,
}

impl<I: Source + As<A>, A: Value> Model<I, A> {
    #[inline(never)]
    fn all() -> Vec<Self> {
        let mut models = Vec::new();
        for input in LENGTHS.into_iter().flat_map(I::lanes) {
            let cast: Vec<A> = input.iter().map(|x| x.cast()).collect();
            for summation in SUMMATIONS {
                let sums = A::expected(summation, &cast);
                models.push(Self { input: input.clone(), sums, summation });
            }
        }
        models
    }

    /// A new `Vec`.
    fn check_to_vec(&self, backend: Backend) {
        let sum = cumsum(&self.input).dtype::<A>().summation(self.summation).backend(backend);
        let what = format_args!("{backend}, {:?}: {} in {}", self.summation, I::NAME, A::NAME);
        assert_same_bits(&sum.to_vec(), &self.sums, what);
    }

    /// An output of type `O`, with the accumulator given.
    fn check_write_to<O: Value>(&self, backend: Backend)
    where
        A: As<O>,
    {
        let mut output = Output::<O>::new(self.sums.len());
        let sum = cumsum(&self.input).dtype::<A>().summation(self.summation).backend(backend);
        sum.write_to(&mut output.0).expect("equal lengths");
        output.check(&self.sums, format_args!("{backend}, {:?}: {}", self.summation, I::NAME));
    }

    /// An output of type `O`, whose type decides on the accumulator.
    fn check_promoted<O: Value>(&self, backend: Backend)
    where
        A: As<O>,
        Promoted: Dtype<I, O, Accumulator = A>,
    {
        let mut output = Output::<O>::new(self.sums.len());
        let sum = cumsum(&self.input).summation(self.summation).backend(backend);
        sum.write_to(&mut output.0).expect("equal lengths");
        let what = format_args!("{backend}, {:?}: {}, no dtype", self.summation, I::NAME);
        output.check(&self.sums, what);
    }

    /// In place: the output has the type of the input.
    fn check_in_place(&self, backend: Backend)
    where
        I: Value,
        A: As<I>,
    {
        let mut data = self.input.clone();
        cumsum(&mut data).dtype::<A>().summation(self.summation).backend(backend).in_place();
        let expected: Vec<I> = self.sums.iter().map(|sum| sum.cast()).collect();
        let what = format_args!("{backend}, {:?}: in place in {}", self.summation, A::NAME);
        assert_same_bits(&data, &expected, what);
    }
}

/// Makes these checks of every model of `$I` summed in `$A`, on every backend.
macro_rules! check {
    ($I:ty, $A:ty: $($check:ident $(<$O:ty>)?)*) => {
        for model in Model::<$I, $A>::all() {
            for backend in Backend::available() {
                $(model.$check$(::<$O>)?(backend);)*
            }
        }
    };
}

macro_rules! dtypes {
    ($I:ident; $($A:ident)*) => {
        $(check!($I, $A: check_to_vec check_write_to<$A>);)*
    };
}
macro_rules! promotions {
    ($I:ident; $($O:ident)*) => {
        $(check!($I, <$I as Promote<$O>>::Accumulator: check_promoted<$O>);)*
    };
}
macro_rules! every_input {
    (; $($I:ident)*) => {
        mod every_input_and_dtype {
            use super::*;

            $(#[test]
            fn $I() {
                elements!(dtypes! $I);
            })*
        }

        mod every_input_and_output {
            use super::*;

            $(#[test]
            fn $I() {
                elements!(promotions! $I);
            })*
        }
    };
}
inputs!(every_input!);

// With all inputs these would be a thousand functions, and minutes to compile. An input of the
// accumulator's type takes one way through the kernels, and one of another type the other.
macro_rules! outputs {
    ($A:ident; $($O:ident)*) => {
        check!($A, $A: $(check_write_to<$O>)*);
        check!(f64, $A: $(check_write_to<$O>)*);
    };
}
macro_rules! dtypes_in_place {
    ($T:ident; $($A:ident)*) => {
        $(check!($T, $A: check_in_place);)*
    };
}
macro_rules! every_element {
    (; $($T:ident)*) => {
        mod every_dtype_and_output {
            use super::*;

            $(#[test]
            fn $T() {
                elements!(outputs! $T);
            })*
        }

        mod every_dtype_in_place {
            use super::*;

            $(#[test]
            fn $T() {
                elements!(dtypes_in_place! $T);
            })*
        }
    };
}
elements!(every_element!);
