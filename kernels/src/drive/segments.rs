//! The walk over short lanes, several of them in one register.

use super::task::Task;
use crate::dispatch::Kernels;
use crate::io::Ends;
use crate::memory::{Dense, Lane, Rows, Scratch};
use crate::order::Order;

/// The most slots of any register.
const MOST_SLOTS: usize = 64;

/// The elements that are cast at a time.
const PIECE: usize = 1024;

/// Sums all lanes if they are dense and short enough, if the instruction set can, and if the order allows it; says
/// whether it did.
pub(super) fn sum<C: Kernels>(
    task: &Task<C>,
    order: Order,
    dense: Dense,
    ends: Ends<'_, C>,
) -> bool {
    if task.initial.is_some() {
        return false;
    }
    let joined = if dense.across > 1 { ends.transposed().joined() } else { ends.joined() };
    let Some(mut joined) = joined else { return false };
    if let Some(lane) = joined.reborrow().direct() {
        return C::segmented(task.backend, order, dense, Rows::new(lane).get(0));
    }
    sum_cast(task, order, dense, joined)
}

/// Sums lanes with casts, in pieces of whole lanes. If the first piece is declined, no lane is summed.
fn sum_cast<C: Kernels>(
    task: &Task<C>,
    order: Order,
    dense: Dense,
    mut lanes: Ends<'_, C>,
) -> bool {
    let size = dense.along * dense.across;
    if size > MOST_SLOTS {
        return false;
    }
    let len = lanes.extents().along;
    let piece = PIECE - PIECE % size;
    let mut memory = Scratch::<{ PIECE * 16 }>::new();
    for start in (0..len).step_by(piece) {
        let end = len.min(start + piece);
        let mut part = lanes.reborrow().part(start..end, 0..1);
        let sums = part.reader.read(task.backend, memory.places::<C>(end - start));
        if !C::segmented(task.backend, order, dense, Lane::in_place(sums)) {
            return false;
        }
        if let Some(writer) = &mut part.writer {
            writer.write(task.backend, sums);
        }
    }
    true
}
