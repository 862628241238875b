//! Elements of a type that is not known: then what goes through all ways of calling is compiled once, and not for
//! each of the hundreds of pairs and triples of types.

use core::any::Any;
use core::fmt;

use crate::reference::{Options, axes};
use crate::{Aligned, Exact, Place, Typed, assert_same};

/// The elements of an array in C order, or the memory in which it lies.
pub trait Values: Any {
    /// The name of the type.
    fn name(&self) -> &'static str;

    /// The values.
    fn exact(&self) -> Vec<Exact>;

    /// Other values as this type, each as by `as`.
    fn cast_from(&self, other: &dyn Values) -> Box<dyn Values>;

    /// The values of this type that a table of NumPy's has.
    fn parse(&self, text: &str) -> Box<dyn Values>;

    /// Memory that holds nothing but guards.
    fn guards(&self, place: &Place) -> Box<dyn Values>;

    /// The elements that have their place in this memory.
    fn gather(&self, place: &Place) -> Box<dyn Values>;

    /// Writes these elements to their places in a memory of this type.
    fn scatter(&self, place: &Place, memory: &mut dyn Values);

    /// What the reference makes of the lanes of an array in C order.
    fn sums(
        &self,
        options: &Options<Exact>,
        shape: &[usize],
        axis: Option<usize>,
    ) -> Box<dyn Values>;

    /// The first lane of which a sum leaves the type, and the index in it.
    fn overflow(
        &self,
        options: &Options<Exact>,
        shape: &[usize],
        axis: Option<usize>,
    ) -> Option<(usize, usize)>;

    /// Asserts that the two have the same bits, where every NaN is the same as every other.
    #[track_caller]
    fn assert_same(&self, expected: &dyn Values, what: fmt::Arguments<'_>);

    /// A copy.
    fn copied(&self) -> Box<dyn Values>;
}

/// The slice of values that are known to be of this type.
#[track_caller]
pub fn slice_of<T: Typed>(values: &dyn Values) -> &[T] {
    let any: &dyn Any = values;
    let name = values.name();
    any.downcast_ref::<Aligned<T>>().unwrap_or_else(|| panic!("{name} is not {}", T::NAME))
}

/// As [`slice_of`], to be written.
#[track_caller]
pub fn slice_of_mut<T: Typed>(values: &mut dyn Values) -> &mut [T] {
    let name = values.name();
    let any: &mut dyn Any = values;
    any.downcast_mut::<Aligned<T>>().unwrap_or_else(|| panic!("{name} is not {}", T::NAME))
}

impl<T: Typed> Values for Aligned<T> {
    fn name(&self) -> &'static str {
        T::NAME
    }
    fn exact(&self) -> Vec<Exact> {
        self.iter().map(|x| x.exact()).collect()
    }
    fn cast_from(&self, other: &dyn Values) -> Box<dyn Values> {
        if other.name() == T::NAME {
            return other.copied();
        }
        Box::new(Aligned::of(other.exact().into_iter().map(T::of).collect()))
    }
    fn parse(&self, text: &str) -> Box<dyn Values> {
        Box::new(Aligned::of(text.split_whitespace().map(T::parse).collect()))
    }
    fn guards(&self, place: &Place) -> Box<dyn Values> {
        Box::new(place.guards::<T>())
    }
    fn gather(&self, place: &Place) -> Box<dyn Values> {
        Box::new(Aligned::of(place.gather(self)))
    }
    fn scatter(&self, place: &Place, memory: &mut dyn Values) {
        place.scatter(self, slice_of_mut::<T>(memory));
    }
    fn sums(
        &self,
        options: &Options<Exact>,
        shape: &[usize],
        axis: Option<usize>,
    ) -> Box<dyn Values> {
        let options = options.map(T::of);
        Box::new(Aligned::of(axes::cumsum(self, shape, axis, |lane| T::sums(&options, lane))))
    }
    fn overflow(
        &self,
        options: &Options<Exact>,
        shape: &[usize],
        axis: Option<usize>,
    ) -> Option<(usize, usize)> {
        let options = options.map(T::of);
        axes::lanes(shape, axis).iter().enumerate().find_map(|(number, lane)| {
            let lane: Vec<T> = lane.iter().map(|at| self[*at]).collect();
            Some((number, T::overflow(&options, &lane)?))
        })
    }
    #[track_caller]
    fn assert_same(&self, expected: &dyn Values, what: fmt::Arguments<'_>) {
        assert_same(self, slice_of::<T>(expected), what);
    }
    fn copied(&self) -> Box<dyn Values> {
        Box::new(Aligned::of(self.to_vec()))
    }
}

/// A type, by values of which there are none.
pub type Kind = fn() -> Box<dyn Values>;

/// The type `T`.
pub fn kind<T: Typed>() -> Box<dyn Values> {
    Box::new(Aligned::<T>::of(Vec::new()))
}
