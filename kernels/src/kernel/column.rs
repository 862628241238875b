//! The sum down lanes that lie side by side: the column kernel.
//!
//! A register holds one element of each of `W` lanes, and the next register the next ones:
//!
//! ```text
//! lanes            0     1     2     3
//! register 0       a0    b0    c0    d0       the first row
//! register 1       a1    b1    c1    d1       the second
//! ```
//!
//! Only what the row kernel does between registers remains to be done, and [`Columns`] says so: its scan within a
//! register does nothing, and a block has as many registers as elements. `block.rs` does the rest, and a lane has the
//! same bits in whatever direction it lies.
//!
//! A panel of lanes is summed from the top to the bottom, a block of rows at a time, and in each block
//! from left to right. What was summed so far, `carry` and `offset`, is kept for the whole panel in
//! memory, which for panels of [`PANEL_BYTES`] stays in the first-level cache.

use core::ops::Range;
use core::slice;

use super::block::sum_block;
use super::state::{Position, Running, Strips};
use crate::arch::opaque;
use crate::memory::{Panel, Place};
use crate::number::Number;
use crate::order::CHUNK;
use crate::simd::{Scan, Vector, delegate};

/// The bytes of accumulators in one row of a panel.
///
/// (8192 x 8192 `f32`, axis 0: 1.3 times `memcpy` with 8 KiB and more, 1.4 with 4 KiB, 1.9 with 1 KiB.
/// Zen 5, 2026-11.)
pub(crate) const PANEL_BYTES: usize = 8192;

/// How far ahead of the loads the next ones in the row are prepared, where sums go past the cache. (256 x 65536,
/// `f64`, axis 0: 0.84 of `memcpy`, 0.88 with half of it, 0.84 with twice as much, 0.98 with four times. Zen 5,
/// 2026-11.)
const AHEAD_BYTES: usize = 1024;

/// In shorter rows, the next blocks of rows are prefetched, as many as make up for that distance. (256 x 256 x 256,
/// `f64`, axis 1: 0.93 of `memcpy`, and 1.15 with the next ones in the row. Zen 5, 2026-11.)
const AHEAD_ROW_BYTES: usize = 8192;

/// A context for registers across lanes: each slot belongs to a lane of its own.
#[derive(Clone, Copy)]
pub(crate) struct Columns<V>(V);

impl<V> Columns<V> {
    #[inline(always)]
    pub(crate) fn of(v: V) -> Self {
        Self(v)
    }
}

impl<V: Vector<W>, const W: usize> Vector<W> for Columns<V> {
    type Element = V::Element;
    type Register = V::Register;

    delegate!(0: splat add load load_part store store_row_part store_sums store_all read_ahead streams);

    #[inline(always)]
    fn in_cache(self) -> Self {
        Self(self.0.in_cache())
    }

    #[inline(always)]
    fn store_part(self, x: V::Register, to: &mut [Place<V::Element>]) {
        self.0.store_row_part(x, to);
    }
}

impl<V: Vector<W>, const W: usize> Scan<W> for Columns<V> {
    #[inline(always)]
    fn scan(self, x: V::Register) -> V::Register {
        x
    }
    #[inline(always)]
    fn last(self, x: V::Register) -> V::Register {
        x
    }
}

/// From so many bytes on, running sums are formed row by row and not in blocks of rows, if the rows
/// follow one after the other, so that memory is walked from the first byte to the last. Shorter rows
/// lie close together in any case, and each would load and store the carries again.
///
/// (`i64` over `memcpy`, in blocks and by rows: 100 rows of 2 KiB, 2.1 and 1.3; 256 x 256 x 256, axis 1, 1.37
/// and 0.95; 64 rows of 512 bytes, 1.7 and 1.4; 1000 of 128 bytes, 1.7 and 3.2. Zen 5, 2026-11.)
const SEQUENTIAL_BYTES: usize = 512;

/// Whether the rows follow one after the other, and are long enough to go row by row.
#[inline(always)]
fn is_sequential<A: Number>(panel: &Panel<'_, A>) -> bool {
    let across = panel.extents().across;
    let (source, target) = panel.strides();
    source.along == across as isize
        && target.along == across as isize
        && across >= SEQUENTIAL_BYTES / size_of::<A>()
}

/// Whether every register of sums is stored at a multiple of its size.
#[inline(always)]
fn is_aligned<A: Number, const W: usize>(panel: &mut Panel<'_, A>) -> bool {
    let rows = panel.strides().1.along;
    panel.target_at(0, 0).addr().is_multiple_of(size_of::<[A; W]>())
        && (panel.extents().along <= 1 || rows.unsigned_abs().is_multiple_of(W))
}

/// How far ahead elements are prefetched, where blocks have so many rows.
#[inline(always)]
fn ahead<A: Number>(panel: &Panel<'_, A>, block: usize) -> isize {
    if panel.extents().across < AHEAD_ROW_BYTES / size_of::<A>() {
        let rows = panel.strides().0.along.wrapping_mul(block as isize);
        let bytes = rows.unsigned_abs().saturating_mul(size_of::<A>());
        rows.wrapping_mul((AHEAD_ROW_BYTES / bytes.max(1)).max(1) as isize)
    } else {
        (AHEAD_BYTES / size_of::<A>()) as isize
    }
}

/// Sums a panel, or the next rows of one, in the canonical order or, with `RUNNING`, one after the other.
///
/// Only the last rows of a lane may be other than whole blocks.
#[inline(always)]
pub(crate) fn panel<V, const W: usize, const B: usize, const RUNNING: bool>(
    v: V,
    strips: &mut Strips<'_, V::Element>,
    mut panel: Panel<'_, V::Element>,
) where
    V: Vector<W>,
{
    let v = Columns(if is_aligned::<_, W>(&mut panel) { v } else { v.in_cache() });
    let rows = panel.extents().along;
    if RUNNING && is_sequential(&panel) {
        // The question is asked once, outside of the short loop.
        if v.streams() {
            each_row::<V, W>(v, strips, &mut panel, 0..rows);
        } else {
            each_row::<V, W>(v.in_cache(), strips, &mut panel, 0..rows);
        }
        return;
    }
    let mut row = 0;
    while row < rows {
        let left = rows - row;
        let end = row + if RUNNING { left } else { left.min(CHUNK - strips.position.row) };
        while row < end {
            let rows = row..row + B.min(end - row);
            row = rows.end;
            if RUNNING {
                if rows.len() == B {
                    block::<V, W, B, RUNNING, false>(v, strips, &mut panel, rows);
                } else {
                    each_row::<V, W>(v, strips, &mut panel, rows);
                }
                continue;
            }
            strips.position.row += rows.len();
            if strips.position.is_past_first_chunk {
                block::<V, W, B, RUNNING, true>(v, strips, &mut panel, rows);
            } else {
                block::<V, W, B, RUNNING, false>(v, strips, &mut panel, rows);
            }
        }
        if !RUNNING && strips.position.row == CHUNK {
            end_chunk(strips, panel.extents().across);
        }
    }
}

/// Sums some rows of a panel in running sums, one by one.
#[inline(always)]
fn each_row<V: Vector<W>, const W: usize>(
    v: Columns<V>,
    strips: &mut Strips<'_, V::Element>,
    panel: &mut Panel<'_, V::Element>,
    rows: Range<usize>,
) {
    for row in rows {
        block::<V, W, 1, true, false>(v, strips, panel, row..row + 1);
    }
}

/// Adds the carries to the offsets, and begins anew.
#[inline(always)]
fn end_chunk<A: Number>(strips: &mut Strips<'_, A>, lanes: usize) {
    for (offset, carry) in strips.offset.iter_mut().zip(&mut *strips.carry).take(lanes) {
        *offset = offset.plus(*carry);
        *carry = A::IDENTITY;
    }
    *strips.position = Position { row: 0, is_past_first_chunk: true };
}

/// Sums up to `B` rows of a panel, from left to right.
#[inline(always)]
fn block<V, const W: usize, const B: usize, const RUNNING: bool, const OFFSET: bool>(
    v: Columns<V>,
    strips: &mut Strips<'_, V::Element>,
    panel: &mut Panel<'_, V::Element>,
    rows: Range<usize>,
) where
    V: Vector<W>,
{
    let lanes = panel.extents().across;
    let whole_lanes = lanes - lanes % W;
    let offsets = strips.offset.as_chunks_mut::<W>().0.iter_mut();
    let carries = strips.carry.as_chunks_mut::<W>().0.iter_mut();
    let mut strips = offsets.zip(carries);
    // The distance takes a division, and only streaming contexts prefetch.
    let ahead = if v.streams() { ahead(panel, B) } else { 0 };
    let (from_rows, to_rows) = (panel.strides().0.along, panel.strides().1.along);
    let mut lane = 0;
    if rows.len() == B {
        for strip in (&mut strips).take(whole_lanes / W) {
            let from = panel.source_at(rows.start, lane);
            let to = panel.target_at(rows.start, lane);
            let of = Block { from, from_rows, to, to_rows, ahead };
            // SAFETY: `W` lanes from this one on, in `B` rows; they lie side by side (`Panel::new`). `panel` has looked
            // at how they are aligned.
            unsafe { sum_down::<V, W, B, RUNNING, OFFSET>(v, strip, of) };
            lane += W;
        }
    }
    for strip in strips {
        if lane >= lanes || W == 1 && rows.len() == B {
            return;
        }
        sum_part::<V, W, B, RUNNING>(v, strip, panel, &rows, lane);
        lane += W;
    }
}

/// Sums up to `W` lanes down up to `B` rows: what there is of both. Whole registers are loaded all the same as long as
/// the slice goes on.
#[inline(always)]
fn sum_part<V, const W: usize, const B: usize, const RUNNING: bool>(
    v: Columns<V>,
    strip: (&mut [V::Element; W], &mut [V::Element; W]),
    panel: &mut Panel<'_, V::Element>,
    rows: &Range<usize>,
    lane: usize,
) where
    V: Vector<W>,
{
    let len = W.min(panel.extents().across - lane);
    let bytes = |rows: isize| opaque(rows.wrapping_mul(size_of::<V::Element>() as isize));
    let (from_rows, to_rows) = (bytes(panel.strides().0.along), bytes(panel.strides().1.along));
    let mut from = panel.source_at(rows.start, lane);
    let mut room = (panel.source_room(rows.start, lane) * size_of::<V::Element>()) as isize;
    let mut block = [v.splat(V::Element::IDENTITY); B];
    for (k, register) in block.iter_mut().enumerate() {
        if k < rows.len() {
            *register = if room >= size_of::<[V::Element; W]>() as isize {
                // SAFETY: `W` elements of the slice from this lane of the next row on: if there are not as many
                // lanes, which lie side by side (`Panel::new`), then the slice has as many elements, and
                // all of it may be read.
                v.load(unsafe { &*from.cast::<[V::Element; W]>() })
            } else {
                // SAFETY: the lanes of the next row that are left, fewer than `W`, side by side.
                v.load_part(unsafe { slice::from_raw_parts(from, len) })
            };
            from = from.wrapping_byte_offset(from_rows);
            room = room.wrapping_sub(from_rows);
        }
    }
    // (In the first chunk the offsets are identities.)
    let sums = sum_registers::<V, W, B, RUNNING, true>(v, strip, block);
    let mut to = panel.target_at(rows.start, lane);
    for (k, register) in sums.into_iter().enumerate() {
        if k < rows.len() {
            if len == W {
                // SAFETY: the places of `W` lanes of the next row, to which there is no other reference.
                v.store(register, unsafe { &mut *to.cast::<Place<[V::Element; W]>>() });
            } else {
                // SAFETY: the places of the lanes of the next row that are left, to which there is no other reference.
                let to = unsafe { slice::from_raw_parts_mut(to.cast::<Place<V::Element>>(), len) };
                v.store_part(register, to);
            }
            to = to.wrapping_byte_offset(to_rows);
        }
    }
}

/// `B` rows of `W` lanes, and the places for their sums.
#[derive(Clone, Copy)]
struct Block<A> {
    from: *const A,
    /// From a row to the next.
    from_rows: isize,
    to: *mut A,
    to_rows: isize,
    /// From what is read to what is prepared.
    ahead: isize,
}

/// Sums one register of lanes down one block: all of it is loaded before any of it is stored, which
/// may be to the same place.
///
/// # Safety
///
/// There are `B` rows of `W` elements to be read and of places to be written, to which there is no other reference. If
/// the context streams, the places of each row lie at a multiple of their size.
#[inline(always)]
unsafe fn sum_down<V, const W: usize, const B: usize, const RUNNING: bool, const OFFSET: bool>(
    v: Columns<V>,
    strip: (&mut [V::Element; W], &mut [V::Element; W]),
    of: Block<V::Element>,
) where
    V: Vector<W>,
{
    // Strides are taken in bytes, since x86 addresses can have small multiples of them.
    let bytes = |rows: isize| rows.wrapping_mul(size_of::<V::Element>() as isize);
    let bytes = |rows: isize| if B == 1 && W > 1 { bytes(rows) } else { opaque(bytes(rows)) };
    let (from_rows, to_rows) = (bytes(of.from_rows), bytes(of.to_rows));
    if v.streams() {
        let mut from = of.from.wrapping_offset(of.ahead);
        for _ in 0..B {
            v.read_ahead(from);
            from = from.wrapping_byte_offset(from_rows);
        }
    }
    let mut block = [v.splat(V::Element::IDENTITY); B];
    let mut from = of.from;
    for register in &mut block {
        // SAFETY: the next row.
        *register = v.load(unsafe { &*from.cast::<[V::Element; W]>() });
        from = from.wrapping_byte_offset(from_rows);
    }
    let sums = sum_registers::<V, W, B, RUNNING, OFFSET>(v, strip, block);
    // SAFETY: the places of the rows, of which the caller says how they are aligned.
    unsafe { v.store_all::<B, true>(sums, of.to, to_rows) }
}

/// The sums of a block of each lane of a register; moves the carries on.
#[inline(always)]
fn sum_registers<V, const W: usize, const B: usize, const RUNNING: bool, const OFFSET: bool>(
    v: Columns<V>,
    (offset, carry): (&mut [V::Element; W], &mut [V::Element; W]),
    block: [V::Register; B],
) -> [V::Register; B]
where
    V: Vector<W>,
{
    let mut running = Running { offset: v.splat(V::Element::IDENTITY), carry: v.load(carry) };
    let sums = if RUNNING {
        running_block::<V, W, B>(v, &mut running.carry, block)
    } else {
        if OFFSET {
            running.offset = v.load(offset);
        }
        sum_block::<Columns<V>, W, B, OFFSET, false>(v, &mut running, block)
    };
    v.store(running.carry, Place::of(carry));
    sums
}

/// The running sums of the rows of one block.
#[inline(always)]
fn running_block<V, const W: usize, const B: usize>(
    v: Columns<V>,
    sum: &mut V::Register,
    mut block: [V::Register; B],
) -> [V::Register; B]
where
    V: Vector<W>,
{
    for register in &mut block {
        *sum = v.add(*sum, *register);
        *register = *sum;
    }
    block
}
