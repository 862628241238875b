//! [`Layout`]: where the elements of an n-d array lie in a slice.

use smallvec::SmallVec;

use super::axes::INLINE;
use crate::memory::{last_index, may_overlap};

/// Where the elements of an n-d array lie in a slice: element `(i, j, ..)` at
/// `offset + i * strides[0] + j * strides[1] + ..`.
///
/// Strides count elements; they may be negative, zero, and in any order. There are as many as extents. An array without
/// axes has one element.
///
/// ```
/// use lanesum_kernels::Layout;
///
/// let columns = Layout { offset: 1, shape: &[2, 2], strides: &[3, 1] };
/// assert_eq!(columns.len(), 4);
/// assert_eq!(columns.last(), Some(5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout<'a> {
    /// The index of the first element.
    pub offset: usize,
    /// The extent of each axis.
    pub shape: &'a [usize],
    /// From an element to the next along each axis.
    pub strides: &'a [isize],
}

impl Layout<'_> {
    /// The number of elements, at most `usize::MAX`.
    pub fn len(&self) -> usize {
        if self.shape.contains(&0) {
            return 0;
        }
        self.shape.iter().fold(1, |len, extent| len.saturating_mul(*extent))
    }

    /// Whether there are no elements, because an extent is zero.
    pub fn is_empty(&self) -> bool {
        self.shape.contains(&0)
    }

    /// The extent and the stride of each axis.
    pub(crate) fn axes(&self) -> impl DoubleEndedIterator<Item = (usize, isize)> + Clone {
        self.shape.iter().copied().zip(self.strides.iter().copied())
    }

    /// The largest index of an element, if no index is negative or overflows; see [`last_index`].
    pub fn last(&self) -> Option<usize> {
        last_index(self.offset, self.axes())
    }

    /// Whether two elements may share a place: false only if no two do.
    pub(crate) fn may_overlap(&self) -> bool {
        let mut axes: SmallVec<[(usize, isize); INLINE]> = self.axes().collect();
        may_overlap(&mut axes)
    }

    /// # Panics
    ///
    /// When there are not as many strides as extents, or an element lies outside a slice of `len`.
    #[track_caller]
    pub(crate) fn assert_fits(&self, len: usize) {
        assert_eq!(self.shape.len(), self.strides.len(), "as many strides as extents");
        let fits = self.is_empty() || self.last().is_some_and(|last| last < len);
        assert!(fits, "{self:?} does not lie within {len} elements");
    }
}
