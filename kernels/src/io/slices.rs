//! [`Input`] and [`Output`]: the slices of a sum.

use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ops::Range;
use core::slice;

use super::cast::Casts;
use super::ends::{Reader, Writer};
use super::untyped::Untyped;
use crate::cpu::Backend;
use crate::dispatch::Kernels;
use crate::memory::{Extents, LaneLayout, assume_written};
use crate::number::{Number, same_bits};

/// Numbers to be read and summed as `C`.
#[derive(Clone, Copy)]
pub(crate) struct Input<'a, C> {
    first: *const u8,
    len: usize,
    size: usize,
    casts: Casts,
    is_f32: bool,
    slice: PhantomData<(&'a [u8], C)>,
}

/// Room for sums that are formed in `C`.
pub(crate) struct Output<'a, C> {
    first: *mut u8,
    len: usize,
    size: usize,
    casts: Casts,
    is_f32: bool,
    slice: PhantomData<(&'a mut [u8], C)>,
}

impl<'a, C: Kernels> Input<'a, C> {
    /// `len` numbers of `I` that are cast to `A` and summed as `C`.
    ///
    /// # Safety
    ///
    /// The numbers may be read for `'a`, whenever nothing is being written to an [`Output`] of the same memory.
    #[inline(always)]
    pub(crate) unsafe fn new<I: Number, A: Number>(first: *const I, len: usize) -> Self {
        Self {
            first: first.cast(),
            len,
            size: size_of::<I>(),
            casts: Casts::by_way_of::<I, A, C>(),
            is_f32: same_bits::<I, f32>(),
            slice: PhantomData,
        }
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Some of the numbers as they lie, if no cast changes them.
    ///
    /// # Panics
    ///
    /// When there are not as many.
    #[inline(always)]
    pub(crate) fn direct(&self, range: Range<usize>) -> Option<&'a [C]> {
        if !self.casts.is_none() {
            return None;
        }
        assert!(range.start <= range.end && range.end <= self.len, "no such numbers");
        let first = self.first.cast::<C>().wrapping_add(range.start);
        // SAFETY: numbers of the input (checked above), as good as numbers of `C`, which may be read (`new`).
        Some(unsafe { slice::from_raw_parts(first, range.len()) })
    }

    /// Fills memory that may be uninitialised with some of the numbers, which are cast, and returns them.
    ///
    /// # Panics
    ///
    /// When there are not as many, or `to` does not take as many.
    #[inline(always)]
    pub(crate) fn read<'b>(
        &self,
        backend: Backend,
        range: Range<usize>,
        to: &'b mut [MaybeUninit<C>],
    ) -> &'b mut [C] {
        let to = &mut to[..range.len()];
        assert!(range.end <= self.len, "no such numbers");
        let from = self.first.wrapping_add(range.start * self.size);
        // SAFETY: numbers of the input (checked above), to as many places, which nobody else reaches.
        unsafe { self.casts.run(backend, from, to.as_mut_ptr().cast(), to.len()) };
        // SAFETY: the casts have written all of them.
        unsafe { assume_written(to) }
    }

    /// Numbers that are summed as they are.
    #[inline]
    pub(crate) fn of(numbers: &'a [C]) -> Self {
        // SAFETY: the slice is borrowed for `'a`, and so nobody writes to it.
        unsafe { Self::new::<C, C>(numbers.as_ptr(), numbers.len()) }
    }

    /// Lanes of these numbers.
    ///
    /// # Panics
    ///
    /// When a number lies outside the slice.
    #[inline]
    pub(crate) fn at(&self, extents: Extents, layout: LaneLayout) -> Reader<'a, C> {
        let place = Untyped::new(self.first.cast_mut(), self.len, self.size, extents, layout);
        // SAFETY: the numbers of the place lie in the slice, and may be read as those of the slice.
        unsafe { Reader::new(place, self.casts, self.is_f32) }
    }
}

impl<'a, C: Kernels> Output<'a, C> {
    /// `len` places for numbers of `O`, which may be uninitialised. Sums are formed in `C`, and cast to `A` and to `O`.
    ///
    /// # Safety
    ///
    /// The places may be written for `'a`, and nobody else reaches them but an [`Input`] of the same elements.
    #[inline(always)]
    pub(crate) unsafe fn new<A: Number, O: Number>(first: *mut O, len: usize) -> Self {
        Self {
            first: first.cast(),
            len,
            size: size_of::<O>(),
            casts: Casts::by_way_of::<C, A, O>(),
            is_f32: same_bits::<O, f32>(),
            slice: PhantomData,
        }
    }

    /// Some of the places as they lie, if sums are written as they are formed.
    ///
    /// # Panics
    ///
    /// When there are not as many.
    #[inline(always)]
    pub(crate) fn direct(&mut self, range: Range<usize>) -> Option<&mut [MaybeUninit<C>]> {
        if !self.casts.is_none() {
            return None;
        }
        assert!(range.start <= range.end && range.end <= self.len, "no such places");
        let first = self.first.cast::<MaybeUninit<C>>().wrapping_add(range.start);
        // SAFETY: places of the output (checked above), which nobody else reaches while `self` is borrowed.
        Some(unsafe { slice::from_raw_parts_mut(first, range.len()) })
    }

    /// Casts sums to some of the places.
    ///
    /// # Panics
    ///
    /// When there are not as many.
    #[inline(always)]
    pub(crate) fn write(&mut self, backend: Backend, start: usize, from: &[C]) {
        assert!(start <= self.len && from.len() <= self.len - start, "no such places");
        let to = self.first.wrapping_add(start * self.size);
        // SAFETY: as many places of the output (checked above), which nobody else reaches.
        unsafe { self.casts.run(backend, from.as_ptr().cast(), to, from.len()) };
    }

    /// Whether the places are those of the input.
    #[inline(always)]
    pub(crate) fn is(&self, input: &Input<'_, C>) -> bool {
        self.first.addr() == input.first.addr()
    }

    /// The output for a shorter time.
    #[inline(always)]
    pub(crate) fn reborrow(&mut self) -> Output<'_, C> {
        Output { slice: PhantomData, ..*self }
    }

    /// Lanes of these places.
    ///
    /// # Panics
    ///
    /// When a number lies outside the slice.
    #[inline]
    pub(crate) fn at(&mut self, extents: Extents, layout: LaneLayout) -> Writer<'_, C> {
        let place = Untyped::new(self.first, self.len, self.size, extents, layout);
        // SAFETY: the places lie in the slice, which is borrowed as `self` is.
        unsafe { Writer::new(place, self.casts, self.is_f32) }
    }
}
