//! [`Strided`] and [`StridedMut`]: the elements of many lanes at any strides, and the proof that they may be
//! read or written.
//!
//! The kernels across lanes reach elements that no slices can hold apart: the columns of a matrix interleave. So they
//! use pointers, and these two types are where pointers come from. A grid is made of a slice after a check of all its
//! elements, and after that only ever made smaller. This is what a kernel can rely on, the *invariant*: where there is
//! an element `(i, j)`, `at(i, j)` points to an element of the slice; and the grid borrows all of the slice, gaps and
//! other parts included, as the slice was borrowed. So what lies between two elements, or behind one, may be read too.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use bytemuck::Pod;

use super::layout::{Extents, LaneLayout, assert_fits};
use crate::number::Number;

macro_rules! grid {
    (
        $(#[$doc:meta])* $Grid:ident: $Slice:ty, $Pointer:ty, $as_ptr:ident;
        $(#[$safety:meta])*
    ) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $Grid<'a, T> {
            first: $Pointer,
            /// The end of the slice.
            end: *const T,
            extents: Extents,
            layout: LaneLayout,
            slice: PhantomData<$Slice>,
        }

        impl<'a, T: Number> $Grid<'a, T> {
            /// The elements of a slice.
            ///
            /// # Panics
            ///
            /// When an element lies outside the slice.
            pub(crate) fn new(slice: $Slice, extents: Extents, layout: LaneLayout) -> Self {
                let (first, len) = (slice.$as_ptr(), slice.len());
                // SAFETY: the memory of the slice, which is borrowed for `'a`.
                unsafe { Self::from_raw_parts(first, len, extents, layout) }
            }

            /// The elements of `len` that lie one after the other from `first` on.
            ///
            /// # Safety
            ///
            $(#[$safety])*
            ///
            /// # Panics
            ///
            /// When an element lies outside of them.
            pub(crate) unsafe fn from_raw_parts(
                first: $Pointer,
                len: usize,
                extents: Extents,
                layout: LaneLayout,
            ) -> Self {
                assert_fits(extents, layout, len);
                let end = first.wrapping_add(len) as *const T;
                let first = first.wrapping_add(layout.offset);
                Self { first, end, extents, layout, slice: PhantomData }
            }

            /// The elements from `first` on with these extents and strides.
            ///
            /// # Safety
            ///
            /// All of them lie in memory that ends at `end`. Beside that:
            ///
            $(#[$safety])*
            #[inline(always)]
            pub(crate) unsafe fn trusted(
                first: $Pointer,
                end: *const T,
                extents: Extents,
                layout: LaneLayout,
            ) -> Self {
                Self { first, end, extents, layout, slice: PhantomData }
            }

            /// The rows of a matrix, one after the other in the slice, as lanes along its columns.
            ///
            /// # Panics
            ///
            /// When the slice is too short.
            #[inline(always)]
            pub(crate) fn rows(slice: $Slice, rows: usize, lanes: usize, row_stride: usize) -> Self {
                let along = row_stride as isize;
                Self::new(
                    slice,
                    Extents { along: rows, across: lanes, batch: 1 },
                    LaneLayout { offset: 0, along, across: 1, batch: 0 },
                )
            }

            /// The elements with along and across exchanged.
            #[inline(always)]
            pub(crate) fn transposed(mut self) -> Self {
                let Self { extents, layout, .. } = &mut self;
                core::mem::swap(&mut extents.along, &mut extents.across);
                core::mem::swap(&mut layout.along, &mut layout.across);
                self
            }

            /// As elements of another type of the same size, where every pattern of bits is a value of both.
            ///
            /// # Panics
            ///
            /// When the types differ in size or alignment.
            #[inline(always)]
            pub(crate) fn reinterpreted<U: Number + Pod>(self) -> $Grid<'a, U>
            where
                T: Pod,
            {
                assert!(size_of::<T>() == size_of::<U>() && align_of::<T>() == align_of::<U>());
                let Self { first, end, extents, layout, .. } = self;
                let (first, end) = (first.cast(), end.cast());
                $Grid { first, end, extents, layout, slice: PhantomData }
            }

            /// A pointer to an element of the first batch, if there is such an element.
            ///
            /// If so, nothing wraps: it lies between the lowest and the highest element, and both were
            /// found to lie in the slice.
            #[inline(always)]
            pub(crate) fn at(&self, along: usize, across: usize) -> $Pointer {
                let along = (along as isize).wrapping_mul(self.layout.along);
                let across = (across as isize).wrapping_mul(self.layout.across);
                self.first.wrapping_offset(along.wrapping_add(across))
            }
        }
    };
}

grid! {
    /// Elements to read.
    Strided: &'a [T], *const T, as_ptr;
    /// For `'a` the memory may be read: it holds `len` numbers, and nobody writes there.
}

grid! {
    /// Elements to write, and then to read.
    StridedMut: &'a mut [T], *mut T, as_mut_ptr;
    /// For `'a` the memory may be written and, once it is written, read; and nobody else does either. What was not
    /// written need not be initialised, unless this is made [`InOut::in_place`].
}

impl<'a, T: Number> StridedMut<'a, T> {
    /// Places for the rows of a matrix, one after the other in memory that may be uninitialised, as lanes along its
    /// columns.
    ///
    /// # Panics
    ///
    /// When there are too few.
    #[inline(always)]
    pub(crate) fn rows_uninit(places: &'a mut [MaybeUninit<T>], rows: usize, lanes: usize) -> Self {
        let extents = Extents { along: rows, across: lanes, batch: 1 };
        let layout = LaneLayout { offset: 0, along: lanes as isize, across: 1, batch: 0 };
        // SAFETY: the places are borrowed for `'a`.
        unsafe { Self::from_raw_parts(places.as_mut_ptr().cast(), places.len(), extents, layout) }
    }
}

/// The lanes to sum and the places for their sums, of the same extents: in two slices, or in one and
/// then in the same places.
///
/// While it exists nobody else can write to either slice, or read the second one, and what is taken from it
/// borrows it. So the elements that a kernel reads through `source_at` are either none of those that it
/// writes through `target_at`, or the same at the same indices.
#[derive(Debug)]
pub(crate) struct InOut<'a, I, O> {
    source: Strided<'a, I>,
    target: StridedMut<'a, O>,
}

impl<'a, T: Number> InOut<'a, T, T> {
    /// Each sum overwrites its element.
    #[inline(always)]
    pub(crate) fn in_place(target: StridedMut<'a, T>) -> Self {
        let StridedMut { first, end, extents, layout, .. } = target;
        Self { source: Strided { first, end, extents, layout, slice: PhantomData }, target }
    }
}

impl<'a, I: Number, O: Number> InOut<'a, I, O> {
    /// Two slices.
    ///
    /// # Panics
    ///
    /// When the extents differ.
    #[inline(always)]
    pub(crate) fn copy(source: Strided<'a, I>, target: StridedMut<'a, O>) -> Self {
        assert!(source.extents == target.extents, "extents differ");
        Self { source, target }
    }

    #[inline(always)]
    pub(crate) fn extents(&self) -> Extents {
        self.source.extents
    }

    #[inline(always)]
    pub(crate) fn strides(&self) -> (LaneLayout, LaneLayout) {
        (self.source.layout, self.target.layout)
    }

    /// As elements of other types of the same sizes; see [`Strided::reinterpreted`].
    #[inline(always)]
    pub(crate) fn reinterpreted<J: Number + Pod, P: Number + Pod>(self) -> InOut<'a, J, P>
    where
        I: Pod,
        O: Pod,
    {
        InOut { source: self.source.reinterpreted(), target: self.target.reinterpreted() }
    }

    /// A pointer to an element; see [`Strided::at`].
    #[inline(always)]
    pub(crate) fn source_at(&self, along: usize, across: usize) -> *const I {
        self.source.at(along, across)
    }

    /// How many elements may be read from this one on: what the slice has.
    #[inline(always)]
    pub(crate) fn source_room(&self, along: usize, across: usize) -> usize {
        let from = self.source.at(along, across).addr();
        self.source.end.addr().saturating_sub(from) / size_of::<I>()
    }

    /// A pointer to the place of a sum; see [`Strided::at`].
    #[inline(always)]
    pub(crate) fn target_at(&mut self, along: usize, across: usize) -> *mut O {
        self.target.at(along, across)
    }
}
