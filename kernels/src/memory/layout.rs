//! Many lanes of one length, wherever they lie in a slice: [`Extents`] and [`LaneLayout`].
//!
//! The kernels know no more of an n-d array than one axis along which they sum, and two across it. Arrays with more
//! axes take several calls.

/// How long the lanes are, and how many there are: `batch` times `across` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extents {
    /// The elements of a lane.
    pub along: usize,
    /// The lanes side by side.
    pub across: usize,
    /// The batches, each of `across` lanes.
    pub batch: usize,
}

/// Where the elements of lanes lie in a slice: element `(i, j, k)` along, across and in the batch at
/// `offset + i * along + j * across + k * batch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LaneLayout {
    /// The index of the first element of the first lane.
    pub offset: usize,
    /// From an element of a lane to the next.
    pub along: isize,
    /// From a lane to the next.
    pub across: isize,
    /// From a batch of lanes to the next.
    pub batch: isize,
}

/// Whether every element lies in a slice of `len`.
fn fits(extents: Extents, layout: LaneLayout, len: usize) -> bool {
    let axes = [
        (extents.along, layout.along),
        (extents.across, layout.across),
        (extents.batch, layout.batch),
    ];
    axes.iter().any(|&(extent, _)| extent == 0)
        || last_index(layout.offset, axes).is_some_and(|last| last < len)
}

/// Asserts that every element lies in a slice of `len`.
///
/// # Panics
///
/// When one does not.
pub(crate) fn assert_fits(extents: Extents, layout: LaneLayout, len: usize) {
    assert!(
        fits(extents, layout, len),
        "{extents:?} at {layout:?} do not lie within {len} elements",
    );
}

/// The largest index of an element of an array that begins at `offset` and has these extents and strides, if no
/// index is negative or overflows. An extent of zero, with which there are no elements, counts as one.
///
/// ```
/// use lanesum_kernels::last_index;
///
/// // [[7, 8], [9, 10]] backwards along the second axis.
/// assert_eq!(last_index(1, [(2, 2), (2, -1)]), Some(3));
/// assert_eq!(last_index(0, [(2, 2), (2, -1)]), None);
/// ```
pub fn last_index(offset: usize, axes: impl IntoIterator<Item = (usize, isize)>) -> Option<usize> {
    let (mut first, mut last) = (offset, offset);
    for (extent, stride) in axes {
        let reach = extent.saturating_sub(1).checked_mul(stride.unsigned_abs())?;
        if stride < 0 {
            first = first.checked_sub(reach)?;
        } else {
            last = last.checked_add(reach)?;
        }
    }
    Some(last)
}

/// Whether two elements of an array of these extents and strides may share a place: false only if no two do.
///
/// The array lies in memory (see [`last_index`]). Its axes are put in order.
///
/// ```
/// use lanesum_kernels::may_overlap;
///
/// assert!(!may_overlap(&mut [(2, 3), (3, -1)]));
/// assert!(may_overlap(&mut [(2, 2), (3, 1)]));
/// ```
pub fn may_overlap(axes: &mut [(usize, isize)]) -> bool {
    if axes.iter().any(|&(extent, _)| extent == 0) {
        return false;
    }
    axes.sort_unstable_by_key(|&(extent, stride)| (stride.unsigned_abs(), extent));
    let mut reach = 0_usize;
    axes.iter().filter(|&&(extent, _)| extent > 1).any(|&(extent, stride)| {
        let overlaps = stride.unsigned_abs() <= reach;
        let axis_reach = stride.unsigned_abs().saturating_mul(extent - 1);
        reach = reach.saturating_add(axis_reach);
        overlaps
    })
}
