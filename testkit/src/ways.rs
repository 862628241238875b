//! The calls of the crate, by functions that take options as values: each is compiled once for its types.

use core::fmt;

use lanesum::{
    Backend, Cumsum, Error, Operand, Promote, SameLength, Stores, Summation, View, ViewMut, cumsum,
};

use crate::random::special_among_edges;
use crate::reference::{Options, Order};
use crate::types::names;
use crate::values::{Kind, Values, kind, slice_of, slice_of_mut};
use crate::{Aligned, Exact, Place, Style, Typed, mixed, special, telling, with, with_nans};

/// What is asked of a sum.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// The options, of whatever type.
    pub options: Options<Exact>,
    /// The axis.
    pub axis: Option<isize>,
    /// The backend, or that of the crate's choice.
    pub backend: Option<Backend>,
    /// The stores, or those of the crate's choice.
    pub stores: Option<Stores>,
    /// Whether sums that leave their type are errors.
    pub checked: bool,
    /// Whether a builder with options is used, though there are none.
    pub spelled: bool,
}

/// What is summed: a slice, or an array.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The memory in which it lies.
    pub memory: &'a dyn Values,
    /// Where it lies there.
    pub place: &'a Place,
    /// Whether it is a slice.
    pub is_slice: bool,
}

/// Where the sums go.
pub struct Target<'a> {
    /// The memory in which it lies.
    pub memory: &'a mut dyn Values,
    /// Where it lies there.
    pub place: &'a Place,
    /// Whether it is a slice.
    pub is_slice: bool,
}

impl<'a> Source<'a> {
    fn slice<T: Typed>(self) -> &'a [T] {
        self.place.slice(slice_of(self.memory))
    }

    fn view<T: Typed>(self) -> View<'a, T> {
        self.place.view(slice_of(self.memory))
    }
}

impl<'a> Target<'a> {
    fn slice<T: Typed>(self) -> &'a mut [T] {
        self.place.slice_mut(slice_of_mut(self.memory))
    }

    fn view<T: Typed>(self) -> ViewMut<'a, T> {
        self.place.view_mut(slice_of_mut(self.memory))
    }
}

/// A sum into a new `Vec`.
pub type ToVec = fn(&Ask, Source<'_>) -> Result<Box<dyn Values>, Error>;

/// A sum into an output.
pub type WriteTo = fn(&Ask, Source<'_>, Target<'_>) -> Result<(), Error>;

/// A sum in place.
pub type InPlace = fn(&Ask, Target<'_>) -> Result<(), Error>;

/// The ways of calling that are checked, for an input of a type that is summed in a type.
pub struct Ways {
    /// The types of the input and of the accumulator.
    pub kinds: [Kind; 2],
    /// Into a new `Vec`.
    pub to_vec: Option<ToVec>,
    /// Into outputs, each of its type.
    pub write_to: Vec<(Kind, WriteTo)>,
    /// In place.
    pub in_place: Option<InPlace>,
}

impl fmt::Debug for Ways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [input, accumulator] = self.kinds.map(|kind| kind().name());
        write!(f, "{input} in {accumulator}")
    }
}

impl Ways {
    /// None of them.
    pub fn none<I: Typed, A: Typed>() -> Self {
        Self { kinds: [kind::<I>, kind::<A>], to_vec: None, write_to: Vec::new(), in_place: None }
    }

    /// Into a new `Vec`, as well.
    pub fn to_vec(self, to_vec: ToVec) -> Self {
        Self { to_vec: Some(to_vec), ..self }
    }

    /// To an output of this type, as well.
    pub fn write_to<O: Typed>(mut self, write_to: WriteTo) -> Self {
        self.write_to.push((kind::<O>, write_to));
        self
    }

    /// In place, as well.
    pub fn in_place(self, in_place: InPlace) -> Self {
        Self { in_place: Some(in_place), ..self }
    }

    /// All of them, with all options, for a type that is summed in itself.
    pub fn all<T: Typed>() -> Self {
        Self::out_of_place::<T, T, T>()
            .write_to::<T::Other>(write_to::<T, T, T::Other>)
            .in_place(in_place::<T, T>)
    }

    /// Out of place, with all options.
    pub fn out_of_place<I: Typed, A: Typed, O: Typed>() -> Self {
        Self::none::<I, A>().to_vec(to_vec::<I, A>).write_to::<O>(write_to::<I, A, O>)
    }
}

/// What is compiled here, once and optimised, for each type that tests are made of: the tests themselves need
/// not be optimised.
pub static COMPILED: &[fn() -> (Ways, Makers)] = &[
    compiled::<f32>,
    compiled::<f64>,
    compiled::<i8>,
    compiled::<i16>,
    compiled::<i32>,
    compiled::<i64>,
    compiled::<i128>,
    compiled::<u8>,
    compiled::<u16>,
    compiled::<u32>,
    compiled::<u64>,
    compiled::<u128>,
    compiled::<bool>,
    compiled::<names::w16>,
    #[cfg(feature = "half")]
    compiled::<names::f16>,
    #[cfg(feature = "half")]
    compiled::<names::bf16>,
    #[cfg(feature = "complex")]
    compiled::<names::c64>,
    #[cfg(feature = "complex")]
    compiled::<names::c128>,
];

/// Functions that make values, of a type that is no longer known.
pub type Makers = Vec<fn(u64, usize) -> Box<dyn Values>>;

fn compiled<T: Typed>() -> (Ways, Makers) {
    let others: fn(u64, usize) -> Box<dyn Values> = |seed, len| {
        let values =
            with(T::nan, (seed, len, 2)).into_iter().chain(with(T::special, (seed, len, 2)));
        boxed(values.collect::<Vec<T>>())
    };
    let makers: Makers = vec![
        |seed, len| boxed(mixed::<T>(seed, len)),
        |seed, len| boxed(telling::<T>(seed, len)),
        |seed, len| boxed(special::<T>(seed, len)),
        |seed, len| boxed(special_among_edges::<T>(seed, len, 2)),
        |seed, len| boxed(with_nans(mixed::<T>(seed, len), seed, 2)),
        others,
    ];
    (Ways::all::<T>(), makers)
}

/// The summation of an order.
pub fn summation(order: Order) -> Summation {
    match order {
        Order::Blocked => Summation::Blocked,
        Order::Sequential => Summation::Sequential,
        Order::Compensated => Summation::Compensated,
    }
}

/// The axis as the crate is asked for it, if any is.
pub fn along<S: Operand, D>(sum: Cumsum<S, D>, axis: Option<isize>) -> Cumsum<S, D> {
    match axis {
        Some(axis) => sum.axis(axis).expect("an axis of the array"),
        None => sum,
    }
}

impl Ask {
    /// Nothing but options.
    pub fn new<A: Typed>(options: &Options<A>) -> Self {
        let (axis, backend, stores) = (None, None, None);
        let options = options.map(Typed::exact);
        Self { options, axis, backend, stores, checked: false, spelled: false }
    }

    /// The sum with all but the options.
    fn plain<S: Operand, D>(&self, sum: Cumsum<S, D>) -> Cumsum<S, D> {
        let mut sum = along(sum, self.axis).summation(summation(self.options.order));
        if let Some(backend) = self.backend {
            sum = sum.backend(backend);
        }
        if let Some(stores) = self.stores {
            sum = sum.stores(stores);
        }
        sum
    }

    /// The sum with all but `include_initial`, with which it is of another type.
    fn with_options<A: Typed, S: Operand, D>(&self, sum: Cumsum<S, D>) -> Cumsum<S, D, SameLength> {
        let Options { exclusive, initial, reverse, skip_nan, .. } = self.options;
        let mut sum = self.plain(sum).options();
        if exclusive {
            sum = sum.exclusive();
        }
        if reverse {
            sum = sum.reverse();
        }
        if skip_nan {
            sum = sum.skip_nan();
        }
        match initial {
            Some(initial) => sum.initial(A::of(initial)),
            None => sum,
        }
    }

    fn is_plain(&self) -> bool {
        self.options.are_none() && !self.spelled
    }
}

/// `asked!(ask, A, sum; with => call, checked_call)` is the call on the sum `with` what is asked.
macro_rules! asked {
    ($ask:expr, $A:ty, $sum:expr; $with:ident => $call:expr, $checked:expr $(; longer $longer:tt)?) => {{
        let ask = $ask;
        let sum = $sum;
        if ask.is_plain() {
            let $with = ask.plain(sum);
            if ask.checked { $checked } else { $call }
        } else if ask.options.include_initial {
            asked!(@ ask, $A, sum; $with => $call, $checked $(; longer $longer)?)
        } else {
            let $with = ask.with_options::<$A, _, _>(sum);
            if ask.checked { $checked } else { $call }
        }
    }};
    (@ $ask:ident, $A:ty, $sum:ident; $with:ident => $call:expr, $checked:expr) => {{
        let $with = $ask.with_options::<$A, _, _>($sum).include_initial();
        if $ask.checked { $checked } else { $call }
    }};
    (@ $ask:ident, $A:ty, $sum:ident; $with:ident => $call:expr, $checked:expr; longer never) => {
        panic!("one sum more than elements")
    };
}

/// Sums of a type that is no longer known.
fn boxed<T: Typed>(sums: Vec<T>) -> Box<dyn Values> {
    Box::new(Aligned::of(sums))
}

/// `to_vec`.
pub fn to_vec<I: Typed, A: Typed>(ask: &Ask, from: Source<'_>) -> Result<Box<dyn Values>, Error> {
    let sums = if from.is_slice {
        let sum = cumsum(from.slice::<I>()).dtype::<A>();
        asked!(ask, A, sum; sum => Ok(sum.to_vec()), sum.checked().to_vec())
    } else {
        let sum = cumsum(from.view::<I>()).dtype::<A>();
        asked!(ask, A, sum; sum => Ok(sum.to_vec()), sum.checked().to_vec())
    };
    sums.map(boxed)
}

/// `to_vec` without a dtype: NumPy's rules decide on the accumulator.
pub fn default_to_vec<I: Typed<Sum: Typed>>(
    ask: &Ask,
    from: Source<'_>,
) -> Result<Box<dyn Values>, Error> {
    let sums: Result<Vec<I::Sum>, Error> = if from.is_slice {
        let sum = cumsum(from.slice::<I>());
        asked!(ask, I::Sum, sum; sum => Ok(sum.to_vec()), sum.checked().to_vec())
    } else {
        let sum = cumsum(from.view::<I>());
        asked!(ask, I::Sum, sum; sum => Ok(sum.to_vec()), sum.checked().to_vec())
    };
    sums.map(boxed)
}

/// `write_to`. The input and the output are both slices, or both arrays.
pub fn write_to<I: Typed, A: Typed, O: Typed>(
    ask: &Ask,
    from: Source<'_>,
    to: Target<'_>,
) -> Result<(), Error> {
    if from.is_slice {
        let (sum, to) = (cumsum(from.slice::<I>()).dtype::<A>(), to.slice::<O>());
        asked!(ask, A, sum; sum => sum.write_to(to), sum.checked().write_to(to))
    } else {
        let (sum, to) = (cumsum(from.view::<I>()).dtype::<A>(), to.view::<O>());
        asked!(ask, A, sum; sum => sum.write_to(to), sum.checked().write_to(to))
    }
}

/// `write_to` without a dtype: the type of the output has a say in the accumulator.
pub fn promoted<I: Typed + Promote<O, Accumulator: Typed>, O: Typed>(
    ask: &Ask,
    from: Source<'_>,
    to: Target<'_>,
) -> Result<(), Error> {
    if from.is_slice {
        let (sum, to) = (cumsum(from.slice::<I>()), to.slice::<O>());
        asked!(ask, I::Accumulator, sum; sum => sum.write_to(to), sum.checked().write_to(to))
    } else {
        let (sum, to) = (cumsum(from.view::<I>()), to.view::<O>());
        asked!(ask, I::Accumulator, sum; sum => sum.write_to(to), sum.checked().write_to(to))
    }
}

/// `in_place`.
pub fn in_place<T: Typed, A: Typed>(ask: &Ask, to: Target<'_>) -> Result<(), Error> {
    if to.is_slice {
        let sum = cumsum(to.slice::<T>()).dtype::<A>();
        asked!(ask, A, sum; sum => { sum.in_place(); Ok(()) }, sum.checked().in_place(); longer never)
    } else {
        let sum = cumsum(to.view::<T>()).dtype::<A>();
        asked!(ask, A, sum; sum => { sum.in_place(); Ok(()) }, sum.checked().in_place(); longer never)
    }
}

/// The calls without options, of slices alone or of arrays alone: there are hundreds of pairs and triples of
/// types, and each of them is a function to compile.
pub mod plain {
    use super::*;

    macro_rules! plain {
        ($slice:ident: $to_vec:ident $write_to:ident $promoted:ident $in_place:ident) => {
            /// Into a new `Vec`.
            pub fn $to_vec<I: Typed, A: Typed>(
                ask: &Ask,
                from: Source<'_>,
            ) -> Result<Box<dyn Values>, Error> {
                Ok(boxed(ask.plain(cumsum(from.$slice::<I>()).dtype::<A>()).to_vec()))
            }

            /// From one to another.
            pub fn $write_to<I: Typed, A: Typed, O: Typed>(
                ask: &Ask,
                from: Source<'_>,
                to: Target<'_>,
            ) -> Result<(), Error> {
                ask.plain(cumsum(from.$slice::<I>()).dtype::<A>()).write_to(to.$slice::<O>())
            }

            /// From one to another, whose type has a say in the accumulator.
            pub fn $promoted<I: Typed + Promote<O>, O: Typed>(
                ask: &Ask,
                from: Source<'_>,
                to: Target<'_>,
            ) -> Result<(), Error> {
                ask.plain(cumsum(from.$slice::<I>())).write_to(to.$slice::<O>())
            }

            /// In place.
            pub fn $in_place<T: Typed, A: Typed>(ask: &Ask, to: Target<'_>) -> Result<(), Error> {
                ask.plain(cumsum(to.$slice::<T>()).dtype::<A>()).in_place();
                Ok(())
            }
        };
    }
    plain!(slice: slice_to_vec slice_write_to slice_promoted slice_in_place);
    plain!(view: array_to_vec array_write_to array_promoted array_in_place);
}

/// The sums of a slice, or of an array in C order along an axis, as the crate forms them with these options.
pub fn sums<T: Typed>(x: &[T], rows: Option<(&[usize], isize)>, ask: &Ask) -> Vec<T> {
    let (shape, axis) = match rows {
        Some((shape, axis)) => (shape, Some(axis)),
        None => (&[x.len()][..], None),
    };
    let place = Style::dense(shape.len()).place(shape);
    let memory = place.memory(x);
    let from = Source { memory: &memory, place: &place, is_slice: rows.is_none() };
    let sums = to_vec::<T, T>(&Ask { axis, ..*ask }, from).expect("sums");
    slice_of::<T>(&*sums).to_vec()
}
