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
//! So what the row kernel does between registers is all that there is to do, and [`Columns`] says so: the
//! scan within a register is nothing, and a block is as many registers as it has elements. `block.rs`
//! does the rest, and a lane has the same bits in whatever direction it lies.
//!
//! A panel of lanes is summed from the top to the bottom, a block of rows at a time, and in each block
//! from left to right. What was summed so far, `carry` and `offset`, is kept for the whole panel in
//! memory, which for panels of [`PANEL_BYTES`] stays in the first-level cache.

use core::ops::Range;
use core::slice;

use super::block::sum_block;
use super::state::{Position, Running, Strips};
use crate::memory::{Extents, Panel, Place};
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

/// In shorter rows, the next blocks of rows are prepared, as many as make up for it. (256 x 256 x 256, `f64`,
/// axis 1: 0.93 of `memcpy`, and 1.15 with the next ones in the row. Zen 5, 2026-11.)
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

    delegate!(0: splat add load load_part store store_row_part store_sums read_ahead);

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

/// How far ahead it is read, in elements, where blocks have so many rows.
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
    let v = Columns(v);
    let Extents { along: rows, across: lanes, .. } = panel.extents();
    if RUNNING && is_sequential(&panel) {
        for row in 0..rows {
            block::<V, W, 1, RUNNING, false>(v, strips, &mut panel, row..row + 1);
        }
        return;
    }
    let mut row = 0;
    while row < rows {
        let left = rows - row;
        let room = if RUNNING { left } else { left.min(CHUNK - strips.position.row) };
        let end = row + room;
        while row < end {
            let rows = row..row + B.min(end - row);
            row = rows.end;
            if RUNNING || !strips.position.is_past_first_chunk {
                block::<V, W, B, RUNNING, false>(v, strips, &mut panel, rows);
            } else {
                block::<V, W, B, RUNNING, true>(v, strips, &mut panel, rows);
            }
        }
        if !RUNNING {
            strips.position.row += room;
            if strips.position.row == CHUNK {
                end_chunk(strips, lanes);
            }
        }
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
    // Once, for it takes a division.
    let ahead = ahead(panel, B);
    // Four times the same: what is whole should not have to ask.
    macro_rules! site {
        ($strip:expr, $lane:expr, $whole_rows:literal, $whole_lanes:literal) => {
            site::<V, W, B, RUNNING, OFFSET, $whole_rows, $whole_lanes>(
                v, $strip, panel, &rows, $lane, ahead,
            )
        };
    }
    let mut lane = 0;
    if rows.len() == B {
        for strip in (&mut strips).take(whole_lanes / W) {
            site!(strip, lane, true, true);
            lane += W;
        }
    } else {
        for strip in (&mut strips).take(whole_lanes / W) {
            site!(strip, lane, false, true);
            lane += W;
        }
    }
    if lane < lanes
        && let Some(strip) = strips.next()
    {
        if rows.len() == B {
            site!(strip, lane, true, false);
        } else {
            site!(strip, lane, false, false);
        }
    }
}

/// Sums one register of lanes down one block: all of it is loaded before any of it is stored, which
/// may be to the same place.
///
/// `WHOLE_ROWS` says that there are `B` rows, and `WHOLE_LANES` that there are `W` lanes. Of the last
/// lanes, fewer than that, whole registers are loaded all the same as long as the slice goes on.
#[inline(always)]
fn site<
    V,
    const W: usize,
    const B: usize,
    const RUNNING: bool,
    const OFFSET: bool,
    const WHOLE_ROWS: bool,
    const WHOLE_LANES: bool,
>(
    v: Columns<V>,
    (offset, carry): (&mut [V::Element; W], &mut [V::Element; W]),
    panel: &mut Panel<'_, V::Element>,
    rows: &Range<usize>,
    lane: usize,
    ahead: isize,
) where
    V: Vector<W>,
{
    let lanes = panel.extents().across - lane;
    let mut block = [v.splat(V::Element::IDENTITY); B];
    for (k, register) in block.iter_mut().enumerate() {
        if WHOLE_ROWS || k < rows.len() {
            let from = panel.source_at(rows.start + k, lane);
            v.read_ahead(from.wrapping_offset(ahead));
            *register = if WHOLE_LANES || panel.source_room(rows.start + k, lane) >= W {
                // SAFETY: `W` elements of the slice from this lane of the row on: if there are not as many
                // lanes, which lie side by side (`Panel::new`), then the slice has as many elements, and
                // all of it may be read.
                v.load(unsafe { &*from.cast::<[V::Element; W]>() })
            } else {
                // SAFETY: the lanes of this row that are left, fewer than `W`, side by side.
                v.load_part(unsafe { slice::from_raw_parts(from, lanes) })
            };
        }
    }
    let mut running = Running { offset: v.splat(V::Element::IDENTITY), carry: v.load(carry) };
    if OFFSET {
        running.offset = v.load(offset);
    }
    let sums = if RUNNING {
        running_block::<V, W, B>(v, &mut running.carry, block)
    } else {
        sum_block::<Columns<V>, W, B, OFFSET, false>(v, &mut running, block)
    };
    v.store(running.carry, Place::of(carry));
    for (k, register) in sums.into_iter().enumerate() {
        if WHOLE_ROWS || k < rows.len() {
            let to = panel.target_at(rows.start + k, lane);
            if WHOLE_LANES {
                // SAFETY: the places of `W` lanes of this row, which lie side by side (`Panel::new`), and
                // to which there is no other reference.
                v.store_sums(register, unsafe { &mut *to.cast::<Place<[V::Element; W]>>() });
            } else {
                // SAFETY: the places of the lanes that are left, fewer than `W`.
                v.store_part(register, unsafe {
                    slice::from_raw_parts_mut(to.cast::<Place<V::Element>>(), lanes)
                });
            }
        }
    }
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
