//! The drivers: which kernels sum the lanes of a call, and in what pieces.
//!
//! Lanes are [walked](walk) in one of four ways: [rows] one after the other, short ones by [segments] of a register,
//! [columns] side by side where they are, and all else by [tiles] in the first-level cache, which [sides] fills and
//! empties.
//!
//! This folder names `io`, the dispatch and what is below. It is compiled once for each type that sums are formed in.

mod columns;
mod rows;
mod segments;
mod sides;
pub(crate) mod state;
mod task;
#[cfg(test)]
mod tests;
pub(crate) mod tiles;
pub(crate) mod walk;

pub(crate) use rows::sum_slices;
pub(crate) use sides::GridIo;
pub(crate) use task::{Fits, Method, Overflowed, Task};

use crate::dispatch::Kernels;
use crate::io::Ends;
use crate::memory::Extents;
use walk::Walk;

/// Sums lanes.
///
/// # Errors
///
/// [`Overflowed`], if the task is to check; then the sums that were written are unspecified.
pub(crate) fn sum<C: Kernels>(task: &Task<C>, ends: Ends<'_, C>) -> Result<(), Overflowed> {
    let Extents { along, across, batch } = ends.extents();
    if along == 0 || across == 0 || batch == 0 {
        return Ok(());
    }
    let walk = walk::choose(task, &ends);
    sum_by(task, walk, ends)
}

/// Sums lanes by a walk, or by the next best one where that walk cannot be taken. There is at least one lane.
///
/// # Errors
///
/// Those of [`sum`].
#[inline(always)]
pub(crate) fn sum_by<C: Kernels>(
    task: &Task<C>,
    mut walk: Walk,
    mut ends: Ends<'_, C>,
) -> Result<(), Overflowed> {
    let order = task.order().filter(|_| ends.writer.is_some());
    if let Walk::Segments(dense) = walk {
        if order.is_some_and(|order| segments::sum(task, order, dense, ends.reborrow())) {
            return Ok(());
        }
        // The lanes do not fit a register of these instructions, or need more than a sum.
        walk = if ends.layouts().1.across == 1 { Walk::Across } else { Walk::Rows };
    }
    for k in 0..ends.extents().batch {
        let ends = ends.reborrow().batch(k);
        match (walk, order) {
            (Walk::Rows, Some(order)) => rows::sum(task, order, ends),
            (Walk::Rows, None) => sides::sum_rows(task, ends)?,
            (_, Some(order)) if sides::are_direct(&ends) => columns::sum(task, order, ends),
            _ => sides::sum(task, ends)?,
        }
    }
    Ok(())
}
