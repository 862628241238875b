//! [`Arrays`]: what is summed, and where the sums go.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use crate::array::Layout;
use crate::dispatch::Kernels;
use crate::element::Element;
use crate::io::{Input, Output};
use crate::memory::Lane;

/// An array to be summed, and where its sums go: to another array, or to the places of its elements.
#[derive(Debug)]
pub struct Arrays<'a, I, O> {
    input: (*const I, usize),
    output: (*mut O, usize),
    pub(super) place: Place<'a>,
    /// The two slices, of which the second may be uninitialised; or the one slice that is read and overwritten.
    slices: PhantomData<(&'a [I], &'a mut [MaybeUninit<O>])>,
}

/// Where elements lie in their slices.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    /// One after the other, all of them.
    Slices,
    /// As arrays, to be summed along an axis or, without one, as one lane in C order.
    Arrays { from: Layout<'a>, to: Layout<'a>, axis: Option<usize> },
}

impl<'a, I: Element, O: Element> Arrays<'a, I, O> {
    /// All elements of a slice as one lane, to another slice. Both have the same length, unless the sums
    /// [include the initial value](crate::Spec::include_initial).
    #[inline(always)]
    pub fn slices(input: &'a [I], output: &'a mut [O]) -> Self {
        Self::of_slices((input.as_ptr(), input.len()), (output.as_mut_ptr(), output.len()))
    }

    /// An array in a slice, to another one: along an axis, or all elements in C order.
    ///
    /// With an axis, both arrays have the same shape; without one, as many elements. If the sums [include the initial
    /// value](crate::Spec::include_initial), the output has one more, along the axis or in all. Output elements that
    /// share a place have unspecified sums.
    #[inline(always)]
    pub fn copy(
        (input, from): (&'a [I], Layout<'a>),
        (output, to): (&'a mut [O], Layout<'a>),
        axis: Option<usize>,
    ) -> Self {
        Self { place: Place::Arrays { from, to, axis }, ..Self::slices(input, output) }
    }

    /// All elements of a slice, by its first one and its length, as one lane, to another slice or the same one.
    #[inline(always)]
    fn of_slices(input: (*const I, usize), output: (*mut O, usize)) -> Self {
        Self { input, output, place: Place::Slices, slices: PhantomData }
    }

    /// All elements of a slice as one lane, to memory that may be uninitialised.
    #[inline(always)]
    pub(crate) fn to_uninit(input: &'a [I], output: &'a mut [MaybeUninit<O>]) -> Self {
        Self::of_slices((input.as_ptr(), input.len()), (output.as_mut_ptr().cast(), output.len()))
    }

    /// An array in a slice, to one in memory that may be uninitialised.
    #[inline(always)]
    pub(crate) fn copy_to_uninit(
        (input, from): (&'a [I], Layout<'a>),
        (output, to): (&'a mut [MaybeUninit<O>], Layout<'a>),
        axis: Option<usize>,
    ) -> Self {
        Self { place: Place::Arrays { from, to, axis }, ..Self::to_uninit(input, output) }
    }

    /// Where the elements lie at both ends; those of a slice lie along one axis.
    ///
    /// # Panics
    ///
    /// When the elements are those of slices.
    pub(crate) fn layouts(&self) -> (Layout<'a>, Layout<'a>) {
        match self.place {
            Place::Arrays { from, to, .. } => (from, to),
            Place::Slices => panic!("slices, where rows were expected"),
        }
    }

    /// # Panics
    ///
    /// When an element lies outside its slice.
    pub(crate) fn assert_fits(&self) {
        let (from, to) = self.layouts();
        from.assert_fits(self.input.1);
        to.assert_fits(self.output.1);
    }

    /// # Panics
    ///
    /// When the slices differ in length.
    #[inline(always)]
    pub(super) fn assert_same_length(&self) {
        assert_eq!(self.input.1, self.output.1, "input and output differ in length");
    }

    /// The lengths of both slices.
    #[inline(always)]
    pub(super) fn lens(&self) -> (usize, usize) {
        (self.input.1, self.output.1)
    }

    /// Whether the sums overwrite the elements.
    #[inline(always)]
    pub(crate) fn is_in_place(&self) -> bool {
        self.input.0.addr() == self.output.0.addr() && self.input.1 > 0
    }

    /// Both slices as one lane of numbers of `C`.
    ///
    /// # Safety
    ///
    /// Elements of both types are single numbers with the bits of `C`, and the slices have the same length.
    #[inline(always)]
    pub(super) unsafe fn lane<C: Kernels>(&mut self) -> Lane<'_, C> {
        // SAFETY: the caller's part; the slices are borrowed for `'a`, and are apart or the same (the constructors).
        unsafe { Lane::from_raw_parts(self.input.0.cast(), self.output.0.cast(), self.input.1) }
    }

    /// The ends of a sum that is formed in `C`, after a cast to `A`, and cast to `A` again before it is cast to `O`.
    #[inline(always)]
    pub(crate) fn ends<A: Element, C: Kernels>(&mut self) -> (Input<'_, C>, Output<'_, C>) {
        let (input, output) =
            (self.input.0.cast::<I::Storage>(), self.output.0.cast::<O::Storage>());
        let lens = (self.input.1 * I::COMPONENTS, self.output.1 * O::COMPONENTS);
        // SAFETY: the numbers of the input's elements (`Stored`), which may be read while they are borrowed.
        let input = unsafe { Input::new::<I::Storage, A::Storage>(input, lens.0) };
        // SAFETY: the numbers of the output's elements (`Stored`). Any may be written that are values of their type,
        // and nobody else reaches them, but for the input where the sums overwrite it.
        let output = unsafe { Output::new::<A::Storage, O::Storage>(output, lens.1) };
        (input, output)
    }
}

impl<'a, T: Element> Arrays<'a, T, T> {
    /// All elements of a slice as one lane, in which each sum overwrites its element.
    #[inline(always)]
    pub fn slice_in_place(data: &'a mut [T]) -> Self {
        let (first, len) = (data.as_mut_ptr(), data.len());
        Self::of_slices((first.cast_const(), len), (first, len))
    }

    /// An array in a slice, in which each sum overwrites its element.
    #[inline(always)]
    pub fn in_place((data, layout): (&'a mut [T], Layout<'a>), axis: Option<usize>) -> Self {
        let place = Place::Arrays { from: layout, to: layout, axis };
        Self { place, ..Self::slice_in_place(data) }
    }
}
