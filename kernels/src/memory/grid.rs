//! [`Strided`] and [`StridedMut`]: the elements of many lanes at any strides, and the proof that they may be
//! read or written.
//!
//! The kernels across lanes reach elements that no slices can hold apart: the columns of a matrix
//! interleave. So they use pointers, and these two types are where pointers come from. Each is made of
//! a slice after a check of all its elements, and after that only ever made smaller. This is what a
//! kernel can rely on, the *invariant*: where there is an element `(i, j)`, `at(i, j)` points to an
//! element of the slice; and the grid borrows all of the slice, gaps and other parts included, as the
//! slice was borrowed. So what lies between two elements, or behind one, may be read too.

use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ops::Range;
use core::slice;

use bytemuck::Pod;

use super::layout::{Extents, LaneLayout, assert_fits};
use crate::number::{Number, same_bits};

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

            #[inline(always)]
            pub(crate) fn extents(&self) -> Extents {
                self.extents
            }

            /// The strides. (The offset is that of the grid that this one was a part of.)
            #[inline(always)]
            pub(crate) fn strides(&self) -> LaneLayout {
                self.layout
            }

            /// What was along is across, and the other way round.
            #[inline(always)]
            pub(crate) fn transposed(mut self) -> Self {
                let Self { extents, layout, .. } = &mut self;
                core::mem::swap(&mut extents.along, &mut extents.across);
                core::mem::swap(&mut layout.along, &mut layout.across);
                self
            }

            /// The lanes of one batch.
            ///
            /// # Panics
            ///
            /// When there are not so many.
            #[inline(always)]
            pub(crate) fn batch(mut self, k: usize) -> Self {
                assert!(k < self.extents.batch, "no such batch");
                self.first =
                    self.first.wrapping_offset((k as isize).wrapping_mul(self.layout.batch));
                self.extents.batch = 1;
                self
            }

            /// A part of the first batch.
            ///
            /// # Panics
            ///
            /// When a range exceeds the extents.
            #[inline(always)]
            pub(crate) fn part(mut self, along: Range<usize>, across: Range<usize>) -> Self {
                let whole = self.extents;
                assert!(
                    along.start <= along.end
                        && along.end <= whole.along
                        && across.start <= across.end
                        && across.end <= whole.across
                        && whole.batch > 0,
                    "no part of this grid",
                );
                self.first = self.at(along.start, across.start);
                self.extents = Extents { along: along.len(), across: across.len(), batch: 1 };
                self
            }

            /// As elements of another type with the same bits.
            ///
            /// # Panics
            ///
            /// When the types differ in their bits.
            #[inline(always)]
            pub(crate) fn cast<U: Number>(self) -> $Grid<'a, U> {
                assert!(same_bits::<T, U>(), "numbers of other bits");
                let Self { first, end, extents, layout, .. } = self;
                let (first, end) = (first.cast(), end.cast());
                $Grid { first, end, extents, layout, slice: PhantomData }
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

            /// All elements as one lane, if they lie in this order and without gaps: along, across, batch.
            #[inline(always)]
            pub(crate) fn joined(mut self) -> Option<Self> {
                let Self { extents: Extents { along, across, batch }, layout, .. } = &mut self;
                let follows = |extent: usize, stride, expected: usize| {
                    extent <= 1 || usize::try_from(stride) == Ok(expected)
                };
                // The products are not larger than the slice: its elements are counted.
                let dense = follows(*along, layout.along, 1)
                    && follows(*across, layout.across, *along)
                    && follows(*batch, layout.batch, along.saturating_mul(*across));
                if !dense {
                    return None;
                }
                (*along, *across, *batch) = (*along * *across * *batch, 1, 1);
                layout.along = 1;
                Some(self)
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

impl<T: Number> Strided<'_, T> {
    /// These elements for a shorter time.
    #[inline(always)]
    pub(crate) fn reborrow(&self) -> Strided<'_, T> {
        Strided { slice: PhantomData, ..*self }
    }
}

impl<'a, T: Number> StridedMut<'a, T> {
    /// Places for the rows of a matrix, one after the other in memory that may be uninitialised, as lanes along its columns.
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

    /// All elements, if they lie in this order and without gaps: along, across, batch.
    #[inline]
    pub(crate) fn into_slice(self) -> Option<&'a mut [T]> {
        let joined = self.joined()?;
        // SAFETY: elements that lie one after the other, of a slice that nobody else reaches for `'a`.
        Some(unsafe { slice::from_raw_parts_mut(joined.first, joined.extents.along) })
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

    /// What is to be read.
    #[inline(always)]
    pub(crate) fn source(&self) -> Strided<'_, I> {
        Strided { slice: PhantomData, ..self.source }
    }

    /// What is to be written.
    #[inline(always)]
    pub(crate) fn target(&mut self) -> StridedMut<'_, O> {
        StridedMut { slice: PhantomData, ..self.target }
    }

    /// What is to be read, and what is to be written.
    ///
    /// # Panics
    ///
    /// When they are the same.
    #[inline(always)]
    pub(crate) fn split(self) -> (Strided<'a, I>, StridedMut<'a, O>) {
        assert!(!self.is_in_place());
        (self.source, self.target)
    }

    /// These elements for a shorter time.
    #[inline(always)]
    pub(crate) fn reborrow(&mut self) -> InOut<'_, I, O> {
        InOut {
            source: Strided { slice: PhantomData, ..self.source },
            target: StridedMut { slice: PhantomData, ..self.target },
        }
    }

    /// The lanes of one batch; see [`Strided::batch`].
    #[inline(always)]
    pub(crate) fn batch(self, k: usize) -> Self {
        Self { source: self.source.batch(k), target: self.target.batch(k) }
    }

    /// A part of the first batch; see [`Strided::part`].
    #[inline(always)]
    pub(crate) fn part(self, along: Range<usize>, across: Range<usize>) -> Self {
        Self {
            source: self.source.part(along.clone(), across.clone()),
            target: self.target.part(along, across),
        }
    }

    /// What was along is across; see [`Strided::transposed`].
    #[inline(always)]
    pub(crate) fn transposed(self) -> Self {
        Self { source: self.source.transposed(), target: self.target.transposed() }
    }

    /// Everything as one lane, if there are no gaps; see [`Strided::joined`].
    #[inline(always)]
    pub(crate) fn joined(self) -> Option<Self> {
        Some(Self { source: self.source.joined()?, target: self.target.joined()? })
    }

    /// As elements of other types; see [`Strided::cast`].
    #[inline(always)]
    pub(crate) fn cast<J: Number, P: Number>(self) -> InOut<'a, J, P> {
        InOut { source: self.source.cast(), target: self.target.cast() }
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

    /// Whether each sum overwrites its element.
    #[inline(always)]
    pub(crate) fn is_in_place(&self) -> bool {
        self.source.first.addr() == self.target.first.addr()
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
