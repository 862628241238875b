//! The walk down lanes that lie side by side, where they are.

use core::ops::Range;

use super::task::Task;
use crate::cpu::{LINE_BYTES, Stores};
use crate::dispatch::Kernels;
use crate::io::{Ends, Writer};
use crate::kernel::column::PANEL_BYTES;
use crate::kernel::state::Strips;
use crate::memory::{Extents, Panel, Rows, Scratch};
use crate::order::Order;

/// A row of so many bytes of sums or more is wide: then integers go row by row in tiles, so that memory is walked from
/// the first byte to the last. (1000 x 1000, `i32` in `i64`, axis 0: 1.4 times `memcpy`, and 1.7 by blocks of rows. Zen
/// 5, 2026-11.) Floats have their blocks.
pub(super) const WIDE_ROW_BYTES: usize = 4096;

/// [`PANEL_BYTES`] where sums go past the cache. Then what is kept of a panel may lie in the second level, which costs
/// less than short pieces of rows in memory do. (A copy in this order, of 256 x 65536 `f64` with such stores: 0.90 of
/// `memcpy` with 8 KiB, 0.81 with 32 KiB, 0.76 with 64 KiB; the sum gains nothing with 64. Zen 5, 2026-11.)
const STREAMED_PANEL_BYTES: usize = 32768;

/// The most lanes that are taken apart in registers.
const INTERLEAVED_LANES: usize = 4;

/// From so many rows on, it pays to load the tables that take a few lanes apart.
const INTERLEAVED_ROWS: usize = 32;

/// Sums the lanes of one batch, which lie side by side at both ends and are summed as they lie.
pub(super) fn sum<C: Kernels>(task: &Task<C>, order: Order, mut ends: Ends<'_, C>) {
    let Extents { along, across, .. } = ends.extents();
    if along >= INTERLEAVED_ROWS
        && across <= INTERLEAVED_LANES
        && task.initial.is_none()
        && let Some(lanes) = ends.reborrow().transposed().joined()
        && let Some(lanes) = lanes.direct()
        && C::interleaved(task.backend, order, task.stores, across, Rows::new(lanes).get(0))
    {
        return;
    }
    let (stores, first) = stores_in_rows(task, &ends);
    if stores == Stores::Cached {
        sum_panels::<C, PANEL_BYTES>(task, order, stores, first, ends);
    } else {
        sum_panels::<C, STREAMED_PANEL_BYTES>(task, order, stores, first, ends);
    }
}

/// Sums lanes panel by panel, after a narrow one for the `first` lanes. Not inlined, because the buffers of panels that
/// go past the cache are large.
#[inline(never)]
fn sum_panels<C: Kernels, const BYTES: usize>(
    task: &Task<C>,
    order: Order,
    stores: Stores,
    first: usize,
    mut ends: Ends<'_, C>,
) {
    let Extents { along, across, .. } = ends.extents();
    let (mut offset, mut carry) = (Scratch::<BYTES>::new(), Scratch::<BYTES>::new());
    for lanes in cuts(across, first, BYTES / size_of::<C>()) {
        // Whole registers of the widest instruction set.
        let len = lanes.len().next_multiple_of(C::BLOCK);
        let (offset, carry) = (offset.fill(len, C::IDENTITY), carry.fill(len, C::IDENTITY));
        let position = &mut task.begin(lanes.start, offset, carry);
        let stores = if lanes.len() == first { Stores::Cached } else { stores };
        let Some(panel) = ends.reborrow().part(0..along, lanes).direct() else { return };
        let mut strips = Strips { offset, carry, position };
        C::panel(task.backend, order, stores, &mut strips, Panel::new(panel));
    }
}

/// `0..len` in ranges of `step`, after a first one of `first` if that is not 0.
pub(super) fn cuts(len: usize, first: usize, step: usize) -> impl Iterator<Item = Range<usize>> {
    let first = first.min(len);
    let rest = (first..len).step_by(step).map(move |start| start..len.min(start + step));
    (first > 0).then_some(0..first).into_iter().chain(rest)
}

/// Whether sums in rows, where they lie side by side, are to go past the cache, and how many lanes come before the
/// first whole line of it.
///
/// A block is stored row by row, one line to each. So every row has to begin at the same place in a line: if a line is
/// stored in two parts with those of other rows between them, it is read after all, twice.
pub(super) fn stores_in_rows<C: Kernels>(task: &Task<C>, ends: &Ends<'_, C>) -> (Stores, usize) {
    let (Extents { along, across, .. }, (_, to)) = (ends.extents(), ends.layouts());
    let Some(target) = ends.writer.as_ref().and_then(Writer::address) else {
        return (Stores::Cached, 0);
    };
    let line = LINE_BYTES / size_of::<C>();
    let begun = target / size_of::<C>() % line;
    let is_aligned = along <= 1 || to.along.unsigned_abs().is_multiple_of(line);
    // Columns before the first line boundary are summed as a panel of their own; that pays only for rows of 4 KiB and
    // more.
    let is_wide = across * size_of::<C>() >= if begun == 0 { LINE_BYTES } else { WIDE_ROW_BYTES };
    // Half a line of each of sixteen rows is too much as well: 8192 x 8192, `f32`, axis 0, with AVX2: 1.5 times
    // `memcpy`, and 1.3 in the cache. With eight rows it is 0.68 and 1.2. (Zen 5, 2026-11.)
    let in_halves = !C::EXACT && C::BLOCK > 8 && !task.backend.has_registers_of(LINE_BYTES);
    if task.stores == Stores::Streamed && is_aligned && is_wide && !in_halves {
        (Stores::Streamed, (line - begun) % line)
    } else {
        (Stores::Cached, 0)
    }
}
