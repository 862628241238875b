//! [`Request`]: what the builder was told, without its types, and how that is asked of the kernels.

use alloc::vec::Vec;
use core::slice;

use lanesum_kernels::{
    Arrays, Backend, Element, Layout, Overflow, Source, Spec, Stores, Summation, cumsum,
    cumsum_to_vec,
};

use crate::axes::Axes;
use crate::error::Error;
use crate::options::Options;

/// What is asked of a sum: the axis, the order, and how to store the sums.
#[derive(Clone, Copy)]
pub(crate) struct Request {
    /// The axis to sum along. For slices it has no meaning.
    pub(crate) axis: Option<u8>,
    pub(crate) summation: Summation,
    pub(crate) backend: Backend,
    /// How sums are stored; `None` stands for what is best for the size of the output.
    pub(crate) stores: Option<Stores>,
    pub(crate) options: Options,
    /// Whether sums of integers that leave their type are errors.
    pub(crate) checked: bool,
}

impl Request {
    /// Sums a slice or an array into a new `Vec`.
    #[inline(always)]
    pub(crate) fn to_vec<I: Element, A: Element>(
        self,
        (input, axes): (&[I], Option<&Axes>),
    ) -> Result<Vec<A>, Error> {
        // The system has cleared large new memory right before it is written, so that it is in the cache.
        let spec = self.spec::<A>(self.stores.unwrap_or(Stores::Cached));
        let source = match axes {
            None => Source::Slice(input),
            Some(axes) => Source::Array(input, axes.layout(), self.along(axes)),
        };
        cumsum_to_vec(&spec, source).map_err(overflow)
    }

    /// Sums a slice or an array to another, which has to have the right shape.
    #[inline(always)]
    pub(crate) fn write_to<I: Element, A: Element, O: Element>(
        &self,
        (input, from): (&[I], Option<&Axes>),
        (output, to): (&mut [O], Option<&Axes>),
    ) -> Result<(), Error> {
        self.check_shape((input.len(), from), (output.len(), to))?;
        let lens = (input.len(), output.len());
        let (bytes, arrays) = if from.is_none() && to.is_none() {
            (size_of_val(output), Arrays::slices(input, output))
        } else {
            let from_layout = from.map_or_else(|| one_axis(&lens.0), Axes::layout);
            let to_layout = to.map_or_else(|| one_axis(&lens.1), Axes::layout);
            let axis = from.and_then(|axes| self.along(axes));
            let bytes = to.map_or(lens.1, Axes::len).saturating_mul(size_of::<O>());
            (bytes, Arrays::copy((input, from_layout), (output, to_layout), axis))
        };
        let stores = self.stores.unwrap_or_else(|| Stores::for_bytes(bytes));
        cumsum(&self.spec::<A>(stores), arrays).map_err(overflow)
    }

    /// Overwrites a slice or an array with its sums. On an error, the elements are as they were.
    #[inline(always)]
    pub(crate) fn in_place<T: Element, A: Element>(
        &self,
        (data, axes): (&mut [T], Option<&Axes>),
    ) -> Result<(), Error> {
        let arrays = match axes {
            None => Arrays::slice_in_place(data),
            Some(axes) => Arrays::in_place((data, axes.layout()), self.along(axes)),
        };
        cumsum(&self.spec::<A>(Stores::Cached), arrays).map_err(overflow)
    }

    #[inline(always)]
    fn spec<A: Element>(&self, stores: Stores) -> Spec<A> {
        let Options { initial, exclusive, include_initial, reverse, skip_nan } = self.options;
        Spec {
            initial: initial.map(|initial| initial.cast()),
            exclusive,
            include_initial,
            reverse,
            skip_nan,
            checked: self.checked,
            ..Spec::new(self.backend, self.summation, stores)
        }
    }

    /// The axis to sum along, if not all elements are one lane.
    #[inline(always)]
    fn along(&self, axes: &Axes) -> Option<usize> {
        self.axis.filter(|_| axes.ndim() > 1).map(usize::from)
    }

    /// Checks that the output has the shape of the result. Either is given by the length of its slice and its axes, if
    /// it has any.
    #[inline(always)]
    fn check_shape(
        &self,
        (input, from): (usize, Option<&Axes>),
        (output, to): (usize, Option<&Axes>),
    ) -> Result<(), Error> {
        let more = usize::from(self.options.include_initial);
        let actual = to.map_or(slice::from_ref(&output), Axes::shape);
        let len = from.map_or(input, Axes::len);
        let (shape, axis) = match from.map(|axes| (axes.shape(), self.along(axes))) {
            Some((shape, Some(axis))) => (shape, axis),
            _ => (slice::from_ref(&len), 0),
        };
        let expected = shape.iter().enumerate();
        let expected = expected.map(|(k, extent)| extent + if k == axis { more } else { 0 });
        if shape.len() == actual.len() && expected.clone().eq(actual.iter().copied()) {
            return Ok(());
        }
        Err(mismatch(expected.collect(), actual))
    }
}

/// Where the elements of a slice lie.
pub(crate) fn one_axis(len: &usize) -> Layout<'_> {
    Layout { offset: 0, shape: slice::from_ref(len), strides: &[1] }
}

/// The error of an output that does not have the shape of the result.
#[cold]
pub(crate) fn mismatch(expected: Vec<usize>, actual: &[usize]) -> Error {
    Error::ShapeMismatch { expected: expected.into(), actual: actual.into() }
}

/// The error of a sum that left its type.
#[cold]
pub(crate) fn overflow(Overflow { lane, index }: Overflow) -> Error {
    Error::Overflow { lane, index }
}
