//! Lanes that lie as a kernel needs them: [`Rows`], [`Panel`], [`Tiles`] and [`Dense`].
//!
//! Each of these types fixes which strides are one, and asserts that once, when it is made.

use bytemuck::Pod;

use super::{Extents, InOut, Lane, LaneLayout, Lanes};
use crate::number::Number;

/// Contiguous lanes and contiguous places for their sums.
pub(crate) struct Rows<'a, A>(InOut<'a, A, A>);

impl<'a, A: Number> Rows<'a, A> {
    /// # Panics
    ///
    /// When the lanes are not contiguous.
    pub(crate) fn new(pair: InOut<'a, A, A>) -> Self {
        let (source, target) = pair.strides();
        assert!(pair.extents().along <= 1 || source.along == 1 && target.along == 1);
        Self(pair)
    }

    /// The first lane, if there is one.
    #[inline(always)]
    pub(crate) fn into_first(mut self) -> Option<Lane<'a, A>> {
        let Extents { along, across, .. } = self.0.extents();
        if across == 0 || along == 0 {
            return None;
        }
        let (from, to) = (self.0.source_at(0, 0), self.0.target_at(0, 0));
        // SAFETY: as in `get`, for as long as this borrows its elements.
        Some(unsafe { Lane::from_raw_parts(from, to, along) })
    }

    /// The number of lanes.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.0.extents().across
    }

    /// One of the lanes; beyond the last, an empty one.
    #[inline(always)]
    pub(crate) fn get(&mut self, lane: usize) -> Lane<'_, A> {
        let len = self.0.extents().along;
        if lane >= self.len() || len == 0 {
            return Lane::in_place(&mut []);
        }
        let (from, to) = (self.0.source_at(0, lane), self.0.target_at(0, lane));
        // SAFETY: `len` elements of the source and `len` places of the target, which lie one after the other (`new`),
        // and which nobody else reaches while `self` is borrowed. They are the same or apart, by the invariant of
        // `InOut`.
        unsafe { Lane::from_raw_parts(from, to, len) }
    }

    /// All of the lanes.
    #[inline(always)]
    pub(crate) fn lanes(&mut self) -> Lanes<'_, A> {
        let len = if self.0.extents().along == 0 { 0 } else { self.len() };
        let (source, target) = self.0.strides();
        // SAFETY: `get` hands out each of them, at these steps.
        unsafe { Lanes::from_raw_parts(self.get(0), len, (source.across, target.across)) }
    }
}

/// Lanes that lie side by side, and whose sums do.
pub(crate) struct Panel<'a, A>(InOut<'a, A, A>);

impl<'a, A: Number> Panel<'a, A> {
    /// # Panics
    ///
    /// When the lanes do not lie side by side.
    pub(crate) fn new(pair: InOut<'a, A, A>) -> Self {
        let (source, target) = pair.strides();
        assert!(pair.extents().across <= 1 || source.across == 1 && target.across == 1);
        Self(pair)
    }

    /// The strides of the source and of the target.
    #[inline(always)]
    pub(crate) fn strides(&self) -> (LaneLayout, LaneLayout) {
        self.0.strides()
    }

    /// How many elements may be read from this one on: what the slice has.
    #[inline(always)]
    pub(crate) fn source_room(&self, along: usize, across: usize) -> usize {
        self.0.source_room(along, across)
    }
}

/// Lanes that are contiguous along in the source, and side by side in the target.
pub(crate) struct Tiles<'a, A>(InOut<'a, A, A>);

impl<'a, A: Number> Tiles<'a, A> {
    /// # Panics
    ///
    /// When the lanes do not lie so.
    pub(crate) fn new(pair: InOut<'a, A, A>) -> Self {
        let (Extents { along, across, .. }, (source, target)) = (pair.extents(), pair.strides());
        assert!(along <= 1 || source.along == 1);
        assert!(across <= 1 || target.across == 1);
        Self(pair)
    }

    /// As elements of another type of the same size; see [`InOut::reinterpreted`].
    pub(crate) fn reinterpreted<U: Number + Pod>(self) -> Tiles<'a, U>
    where
        A: Pod,
    {
        Tiles(self.0.reinterpreted())
    }
}

macro_rules! grid {
    ($($View:ident)*) => {
        $(impl<A: Number> $View<'_, A> {
            #[inline(always)]
            pub(crate) fn extents(&self) -> Extents {
                self.0.extents()
            }

            /// A pointer to an element; see [`Strided::at`](super::Strided::at).
            #[inline(always)]
            pub(crate) fn source_at(&self, along: usize, across: usize) -> *const A {
                self.0.source_at(along, across)
            }

            /// A pointer to the place of a sum; see [`Strided::at`](super::Strided::at).
            #[inline(always)]
            pub(crate) fn target_at(&mut self, along: usize, across: usize) -> *mut A {
                self.0.target_at(along, across)
            }
        })*
    };
}

grid!(Panel Tiles);

/// A few short lanes without gaps: one of them, or some side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dense {
    /// The elements of a lane.
    pub(crate) along: usize,
    /// The lanes side by side.
    pub(crate) across: usize,
}

impl Dense {
    /// The elements of all lanes.
    #[inline(always)]
    pub(crate) fn len(self) -> usize {
        self.along * self.across
    }
}
