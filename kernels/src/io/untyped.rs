//! [`Untyped`]: where the numbers of many lanes lie, of whatever type they are.

use core::ops::Range;

use crate::memory::{Extents, LaneLayout, Strided, StridedMut, assert_fits};
use crate::number::Number;

/// Where the numbers of many lanes lie.
///
/// A value is made of a slice, after a check of all its elements, and after that only ever made smaller. This is what
/// others can rely on, the *invariant*: where there is a number `(i, j)`, `at(i, j)` points to an element of the slice,
/// and so does what lies between two of them.
#[derive(Clone, Copy)]
pub(super) struct Untyped {
    first: *mut u8,
    /// The end of the slice.
    end: *const u8,
    /// The bytes of a number.
    size: usize,
    extents: Extents,
    layout: LaneLayout,
}

impl Untyped {
    /// # Panics
    ///
    /// When a number lies outside the `len` numbers of `size` bytes that begin at `slice`.
    #[inline(never)]
    pub(super) fn new(
        slice: *mut u8,
        len: usize,
        size: usize,
        extents: Extents,
        layout: LaneLayout,
    ) -> Self {
        assert_fits(extents, layout, len);
        let first = slice.wrapping_add(layout.offset.wrapping_mul(size));
        let end = slice.wrapping_add(len * size).cast_const();
        Self { first, end, size, extents, layout }
    }

    #[inline(always)]
    pub(super) fn size(&self) -> usize {
        self.size
    }

    #[inline(always)]
    pub(super) fn extents(&self) -> Extents {
        self.extents
    }

    /// The strides, in numbers. (The offset is that of the place that this one was a part of.)
    #[inline(always)]
    pub(super) fn layout(&self) -> LaneLayout {
        self.layout
    }

    #[inline(always)]
    pub(super) fn first(&self) -> *mut u8 {
        self.first
    }

    /// The numbers as a grid of their type.
    ///
    /// # Safety
    ///
    /// The numbers are as good as numbers of `T`, and their slice is borrowed for `'a`.
    #[inline(always)]
    pub(super) unsafe fn strided<'a, T: Number>(&self) -> Strided<'a, T> {
        let (first, end) = (self.first.cast_const().cast(), self.end.cast());
        // SAFETY: the caller's part, and all of them lie in the slice, which ends at `end` (the invariant).
        unsafe { Strided::trusted(first, end, self.extents, self.layout) }
    }

    /// The places as a grid of their type. They may be uninitialised.
    ///
    /// # Safety
    ///
    /// Numbers of `T` are as good as theirs, and their slice is borrowed for `'a` by nobody else.
    #[inline(always)]
    pub(super) unsafe fn strided_mut<'a, T: Number>(&self) -> StridedMut<'a, T> {
        let (first, end) = (self.first.cast(), self.end.cast());
        // SAFETY: the caller's part, and all of them lie in the slice, which ends at `end` (the invariant).
        unsafe { StridedMut::trusted(first, end, self.extents, self.layout) }
    }

    /// A pointer to a number of the first batch, if there is such a number.
    ///
    /// If so, nothing wraps: it lies between the lowest and the highest number, and both were found to lie in the
    /// slice.
    #[inline(always)]
    pub(super) fn at(&self, along: usize, across: usize) -> *mut u8 {
        let along = (along as isize).wrapping_mul(self.layout.along);
        let across = (across as isize).wrapping_mul(self.layout.across);
        let numbers = along.wrapping_add(across);
        self.first.wrapping_offset(numbers.wrapping_mul(self.size as isize))
    }

    /// The place with along and across exchanged.
    #[inline(always)]
    pub(super) fn transposed(mut self) -> Self {
        core::mem::swap(&mut self.extents.along, &mut self.extents.across);
        core::mem::swap(&mut self.layout.along, &mut self.layout.across);
        self
    }

    /// The lanes of one batch.
    ///
    /// # Panics
    ///
    /// When `k` is not below the extent of the batch.
    #[inline(never)]
    pub(super) fn batch(mut self, k: usize) -> Self {
        assert!(k < self.extents.batch, "no such batch");
        let numbers = (k as isize).wrapping_mul(self.layout.batch);
        self.first = self.first.wrapping_offset(numbers.wrapping_mul(self.size as isize));
        self.extents.batch = 1;
        self
    }

    /// A part of the first batch.
    ///
    /// # Panics
    ///
    /// When a range exceeds the extents.
    #[inline(never)]
    pub(super) fn part(mut self, along: Range<usize>, across: Range<usize>) -> Self {
        let whole = self.extents;
        assert!(
            along.start <= along.end
                && along.end <= whole.along
                && across.start <= across.end
                && across.end <= whole.across
                && whole.batch > 0,
            "no part of this place",
        );
        self.first = self.at(along.start, across.start);
        self.extents = Extents { along: along.len(), across: across.len(), batch: 1 };
        self
    }

    /// All numbers as one lane, if they lie without gaps in this order: along, across, batch.
    #[inline(never)]
    pub(super) fn joined(mut self) -> Option<Self> {
        let Extents { along, across, batch } = self.extents;
        let follows = |extent: usize, stride, expected: usize| {
            extent <= 1 || usize::try_from(stride) == Ok(expected)
        };
        // The products are not larger than the slice: its elements are counted.
        let is_dense = follows(along, self.layout.along, 1)
            && follows(across, self.layout.across, along)
            && follows(batch, self.layout.batch, along.saturating_mul(across));
        if !is_dense {
            return None;
        }
        self.extents = Extents { along: along * across * batch, across: 1, batch: 1 };
        self.layout.along = 1;
        Some(self)
    }
}
