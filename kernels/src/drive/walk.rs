//! [`Walk`]: in which way lanes are walked, chosen in one place by where they lie.
//!
//! Every walk gives the same bits. The choice is about speed alone.

use core::cmp::Ordering;

use super::task::Task;
use crate::dispatch::Kernels;
use crate::io::Ends;
use crate::memory::{Dense, Extents, LaneLayout};

/// From so many lanes on, a running sum of floats is formed side by side, in tiles, even where lanes are contiguous: in
/// a single lane each addition waits for the one before. An AVX-512 register of `f32` has as many slots.
const LANES: usize = 16;

/// Fewer lanes than that are not worth the preparations of a segmented sum.
const SEGMENTS: usize = 16;

/// Up to this length, the additions of a block are those of a running sum: `(x0 + x1) + x2`.
const SAME_ORDER: usize = 3;

/// How lanes are walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Walk {
    /// One lane after the other: lanes that are contiguous or nearly, and single ones.
    Rows,
    /// Several lanes in one register: short lanes, densely one after the other or in small blocks of lanes side by
    /// side.
    Segments(Dense),
    /// Registers across the lanes, down along them: where the lanes are, if they lie side by side, or on tiles.
    Across,
}

/// Chooses the walk that is the fastest.
pub(crate) fn choose<C: Kernels>(task: &Task<C>, ends: &Ends<'_, C>) -> Walk {
    let (from, to) = ends.layouts();
    choose_by(ends.extents(), from, to, task.is_running() && !C::EXACT, C::BLOCK)
}

/// Chooses by extents and strides, for a sum that is `running` or not, of blocks of so many elements.
pub(crate) fn choose_by(
    extents: Extents,
    from: LaneLayout,
    to: LaneLayout,
    running: bool,
    block: usize,
) -> Walk {
    let Extents { along, across, batch } = extents;
    if across == 1 {
        return Walk::Rows;
    }

    // Several lanes in a register, where they lie one directly after the other, or in small blocks of lanes side by
    // side. A longer lane can fill a register by itself.
    if along > 1 && (!running || along <= SAME_ORDER) {
        let one_by_one = |at: LaneLayout| {
            is_contiguous(&[(along, at.along), (across, at.across), (batch, at.batch)])
        };
        let side_by_side = |at: LaneLayout| {
            is_contiguous(&[(across, at.across), (along, at.along), (batch, at.batch)])
        };
        if along <= block && across * batch >= SEGMENTS && one_by_one(from) && one_by_one(to) {
            return Walk::Segments(Dense { along, across: 1 });
        }
        if along * across <= block && batch >= SEGMENTS && side_by_side(from) && side_by_side(to) {
            return Walk::Segments(Dense { along, across });
        }
    }

    // With one element to a lane there is nothing to add: the sum is a copy, of elements side by side.
    if along == 1 {
        return Walk::Across;
    }

    // Are the elements of a lane closer together than the lanes are? Where those of the input are as close, as in
    // overlapping windows, the output decides.
    let closer = |at: LaneLayout| distance(at.along).cmp(&distance(at.across));
    let output_along = closer(to) == Ordering::Less;
    let input_along = match closer(from) {
        Ordering::Less => true,
        Ordering::Equal => output_along,
        Ordering::Greater => false,
    };
    if input_along && output_along && !(running && across >= LANES) {
        Walk::Rows
    } else {
        Walk::Across
    }
}

/// Whether an array of these extents and strides, innermost first, has its elements one after the other.
fn is_contiguous(axes: &[(usize, isize)]) -> bool {
    let mut expected = 1;
    axes.iter().all(|&(extent, stride)| {
        let follows = extent == 1 || stride == expected;
        expected *= extent as isize;
        follows
    })
}

/// How far neighbours are apart. The farthest are those with a stride of zero: they share one place, and no register
/// is loaded from it.
fn distance(stride: isize) -> usize {
    stride.unsigned_abs().wrapping_sub(1)
}
