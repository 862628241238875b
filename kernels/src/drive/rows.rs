//! The walk along lanes, one after the other: where they are, or a piece at a time with casts.

use super::task::Task;
use crate::cpu::Stores;
use crate::dispatch::Kernels;
use crate::io::Ends;
use crate::kernel::state::Carry;
use crate::memory::{Extents, Lane, Rows, Scratch};
use crate::order::{CHUNK, Order};

/// The elements of a piece: whole blocks, and whole pieces in a chunk. Of the largest type it is 8 KiB, a quarter of the
/// smallest first-level cache in use, but for 128 bits.
const PIECE: usize = 1024;
const _: () = assert!(CHUNK.is_multiple_of(PIECE) && PIECE.is_multiple_of(64));

/// Sums the lanes of one batch.
pub(super) fn sum<C: Kernels>(task: &Task<C>, order: Order, mut ends: Ends<'_, C>) {
    let Extents { along, across, .. } = ends.extents();
    let (from, to) = ends.layouts();
    let is_contiguous = along == 1 || from.along == 1 && to.along == 1;
    if is_contiguous && let Some(lanes) = ends.reborrow().direct() {
        let mut rows = Rows::new(lanes);
        if task.initial.is_none() {
            return C::rows(task.backend, order, task.stores, rows);
        }
        for lane in 0..across {
            sum_lane(task, order, &mut task.carry(lane), rows.get(lane));
        }
        return;
    }
    for lane in 0..across {
        let lane = ends.reborrow().part(0..along, lane..lane + 1);
        sum_pieces(task, order, task.carry(0), lane);
    }
}

/// Sums a lane where it is.
#[inline]
pub(super) fn sum_lane<C: Kernels>(
    task: &Task<C>,
    order: Order,
    carry: &mut Carry<C>,
    lane: Lane<'_, C>,
) {
    match task.stores {
        Stores::Streamed => C::row_streamed(task.backend, order, carry, lane),
        _ => C::row(task.backend, order, carry, lane),
    }
}

/// Sums one lane, a piece at a time: in its place if sums can be formed there, and otherwise in a buffer. What goes past
/// the cache is summed from the buffer to its place.
#[inline(never)]
fn sum_pieces<C: Kernels>(
    task: &Task<C>,
    order: Order,
    mut carry: Carry<C>,
    mut ends: Ends<'_, C>,
) {
    let Task { backend, stores, .. } = *task;
    let along = ends.extents().along;
    let is_in_place = ends.is_in_place();
    let mut memory = Scratch::<{ PIECE * 16 }>::new();
    for start in (0..along).step_by(PIECE) {
        let end = along.min(start + PIECE);
        let mut part = ends.reborrow().part(start..end, 0..1);
        let Some(writer) = &mut part.writer else { return };
        let buffer = memory.places::<C>(end - start);
        match writer.slice() {
            Some(places) if !is_in_place && stores != Stores::Streamed => {
                let sums = part.reader.read_uninit(backend, places);
                C::row(backend, order, &mut carry, Lane::in_place(sums));
            }
            Some(places) if !is_in_place => {
                let numbers = part.reader.read_uninit(backend, buffer);
                C::row_streamed(backend, order, &mut carry, Lane::copy_to_uninit(numbers, places));
            }
            _ => {
                let sums = part.reader.read_uninit(backend, buffer);
                C::row(backend, order, &mut carry, Lane::in_place(sums));
                writer.write(backend, sums);
            }
        }
    }
}
