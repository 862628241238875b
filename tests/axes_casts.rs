//! Casts along axes: every input type and output type with every type to sum in, on every backend.
//!
//! As in `casts.rs`, but of arrays that lie in memory otherwise than their sums.

mod common;

use common::casts::{As, Source};
use common::strided::{Place, Style, along, guard};
use common::{PIECE, SUMMATIONS, Value, assert_same_bits, inputs};
use lanesum::{Backend, Dtype, Promote, Promoted, Summation, View, cumsum};

/// A shape, the axis, the layout of the input and that of the output.
fn cases() -> Vec<(Vec<usize>, Option<usize>, Style, Style)> {
    let (c, fortran) = (Style::dense(2), Style::fortran(2));
    let stepped = Style { steps: vec![1, 2], reversed: 1, ..c.clone() };
    let backwards = Style { reversed: 3, gap: 1, ..fortran.clone() };
    vec![
        (vec![21, 37], Some(1), c.clone(), c.clone()),
        (vec![21, 37], Some(0), c.clone(), c.clone()),
        (vec![37, 18], Some(1), fortran.clone(), c.clone()),
        (vec![37, 18], Some(1), c.clone(), fortran.clone()),
        (vec![33, 20], Some(0), stepped.clone(), fortran),
        (vec![20, 33], Some(0), backwards.clone(), stepped.clone()),
        (vec![19, 21], None, backwards, c.clone()),
        (vec![40, 3], Some(1), c.clone(), c.clone()),
        (vec![PIECE + 2, 3], Some(0), c.clone(), stepped),
        (vec![2, PIECE + 2], Some(1), c.clone(), c),
    ]
}

/// One input, cast to `A` and summed by the reference.
struct Model<I, A> {
    memory: Vec<I>,
    from: Place,
    /// The layout of the output. Without an axis it is 1-d.
    to: Place,
    /// That of an array that is summed in place.
    at: Place,
    axis: Option<usize>,
    summation: Summation,
    /// In C order.
    sums: Vec<A>,
}

impl<I: Source + As<A>, A: Value> Model<I, A> {
    #[inline(never)]
    fn all() -> Vec<Self> {
        let mut models = Vec::new();
        for (k, (shape, axis, from, to)) in cases().into_iter().enumerate() {
            let (from, at) = (from.place(&shape), to.place(&shape));
            let to = match axis {
                Some(_) => at.clone(),
                None => {
                    Style { steps: vec![2], ..Style::dense(1) }.place(&[shape.iter().product()])
                }
            };
            // The values turn by turn, or each of the many models would have to be summed twice.
            let [tame, any] = I::lanes(from.len);
            for (n, summation) in SUMMATIONS.into_iter().enumerate() {
                let memory = if (k + n) % 2 == 0 { tame.clone() } else { any.clone() };
                let x: Vec<A> = from.gather(&memory).into_iter().map(As::cast).collect();
                let sums = A::expected_along(summation, &x, &shape, axis);
                let (from, to, at) = (from.clone(), to.clone(), at.clone());
                models.push(Self { memory, from, to, at, axis, summation, sums });
            }
        }
        models
    }

    fn view(&self) -> View<'_, I> {
        self.from.view(&self.memory)
    }

    fn axis(&self) -> Option<isize> {
        self.axis.map(|axis| axis as isize)
    }

    /// Asserts that an output holds these sums where they belong, and nothing else.
    #[inline(never)]
    fn check<O: Value>(&self, memory: &[O], what: std::fmt::Arguments<'_>)
    where
        A: As<O>,
    {
        let mut expected = vec![guard::<O>(); self.to.len];
        let sums: Vec<O> = self.sums.iter().map(|sum| sum.cast()).collect();
        self.to.scatter(&sums, &mut expected);
        let Self { from, to, axis, summation, .. } = self;
        let what = format_args!(
            "{what}: {} in {}, {summation:?}, axis {axis:?}, {from:?}, {to:?}, to",
            I::NAME,
            A::NAME
        );
        assert_same_bits(memory, &expected, what);
    }

    /// A new `Vec`.
    fn check_to_vec(&self, backend: Backend) {
        let sum = along(cumsum(self.view()).dtype::<A>(), self.axis());
        let sums = sum.summation(self.summation).backend(backend).to_vec();
        let Self { from, axis, summation, .. } = self;
        let what = format_args!(
            "{backend}, {summation:?}: {} in {}, axis {axis:?}, {from:?}",
            I::NAME,
            A::NAME
        );
        assert_same_bits(&sums, &self.sums, what);
    }

    /// An output of type `O`, with the accumulator given.
    fn check_write_to<O: Value>(&self, backend: Backend)
    where
        A: As<O>,
    {
        let mut memory = vec![guard::<O>(); self.to.len];
        let sum = along(cumsum(self.view()).dtype::<A>(), self.axis());
        let sum = sum.summation(self.summation).backend(backend);
        sum.write_to(self.to.view_mut(&mut memory)).expect("the shape of the result");
        self.check(&memory, format_args!("{backend}"));
    }

    /// An output of type `O`, whose type decides on the accumulator.
    fn check_promoted<O: Value>(&self, backend: Backend)
    where
        A: As<O>,
        Promoted: Dtype<I, O, Accumulator = A>,
    {
        let mut memory = vec![guard::<O>(); self.to.len];
        let sum = along(cumsum(self.view()), self.axis());
        let sum = sum.summation(self.summation).backend(backend);
        sum.write_to(self.to.view_mut(&mut memory)).expect("the shape of the result");
        self.check(&memory, format_args!("{backend}, no dtype"));
    }

    /// In place: the output has the type of the input.
    fn check_in_place(&self, backend: Backend)
    where
        I: Value,
        A: As<I>,
    {
        let mut memory = vec![guard::<I>(); self.at.len];
        let mut expected = memory.clone();
        self.at.scatter(&self.from.gather(&self.memory), &mut memory);
        let sums: Vec<I> = self.sums.iter().map(|sum| sum.cast()).collect();
        self.at.scatter(&sums, &mut expected);
        let sum = along(cumsum(self.at.view_mut(&mut memory)).dtype::<A>(), self.axis());
        sum.summation(self.summation).backend(backend).in_place();
        let Self { at, axis, summation, .. } = self;
        let what = format_args!(
            "{backend}, {summation:?}: in place in {}, axis {axis:?}, {at:?}",
            A::NAME
        );
        assert_same_bits(&memory, &expected, what);
    }
}

/// Makes this check of every model of `$I` summed in `$A`, on every backend.
macro_rules! check {
    ($I:ty, $A:ty: $($check:ident $(<$O:ty>)?)*) => {
        for model in Model::<$I, $A>::all() {
            for backend in Backend::available() {
                $(model.$check$(::<$O>)?(backend);)*
            }
        }
    };
}

/// From `$T` to each `$A`, and back: in place, and to another array of the same type.
macro_rules! there_and_back {
    ($($T:ident: $($A:ident)*;)*) => {
        mod there_and_back {
            use super::*;

            $(#[test]
            fn $T() {
                $(check!($T, $A: check_write_to<$T> check_in_place);)*
            })*
        }
    };
}
// Every two types are in one of the rows, so that each is cast to each other. More takes minutes to
// compile, as `casts.rs` does.
there_and_back! {
    f32: f32 f64 i8 i16 i32 i64;
    f64: f64 i8 i16 i32 i64 u8;
    i8: i8 i16 i32 i64 u8 u16;
    i16: i16 i32 i64 u8 u16 u32;
    i32: i32 i64 u8 u16 u32 u64;
    i64: i64 u8 u16 u32 u64;
    u8: u8 u16 u32 u64 f32;
    u16: u16 u32 u64 f32 f64;
    u32: u32 u64 f32 f64 i8;
    u64: u64 f32 f64 i8 i16;
}

/// Of every input, with the accumulator that its type and that of the output agree on.
macro_rules! promotions {
    (; $($I:ident)*) => {
        mod promotions {
            use super::*;

            $(#[test]
            fn $I() {
                check!($I, <$I as Promote<i16>>::Accumulator: check_promoted<i16>);
                check!($I, <$I as Promote<f32>>::Accumulator: check_promoted<f32>);
            })*
        }
    };
}
inputs!(promotions!);

/// A `bool` is summed as the `u8` that it is in memory, which is above.
#[test]
fn bool_with_a_dtype() {
    check!(bool, f32: check_to_vec);
    check!(bool, i8: check_to_vec);
    check!(bool, u8: check_to_vec);
    check!(bool, i64: check_to_vec);
}
