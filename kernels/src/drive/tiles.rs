//! The sum by tiles in the first-level cache: read and cast, skip, sum, check, cast and write.
//!
//! Everything beyond a plain sum of numbers as they lie in memory is done here, in one pass over the memory and for all
//! layouts at once: other types to sum in, transpositions, compensated sums, exclusive sums in place, checks, lanes
//! that are continued. Where nothing has to be done before the sum or after it, the kernels read or write memory
//! itself.

use core::mem::MaybeUninit;
use core::ops::Range;

use super::rows;
use super::state::{KEPT, State};
use super::task::{Method, Overflowed, Task};
use crate::cpu::{Backend, Stores};
use crate::dispatch::Kernels;
use crate::kernel::state::{Carry, Pairs, Strips};
use crate::memory::{InOut, Lane, Panel, Scratch, Strided, StridedMut, assume_written, write_copy};
use crate::order::Order;

/// The bytes of a tile.
pub(crate) const TILE_BYTES: usize = 16384;

/// The rows of some lanes side by side: where their numbers are read, and where their sums are written.
///
/// Rows are read and written in their order, each of them once.
pub(crate) trait TileIo<C: Kernels> {
    /// Fills `to`, which may be uninitialised, with the next rows, one after the other, and returns them.
    fn read<'a>(
        &mut self,
        backend: Backend,
        rows: Range<usize>,
        to: &'a mut [MaybeUninit<C>],
    ) -> &'a mut [C];

    /// Takes the sums of rows that were read.
    fn write(&mut self, backend: Backend, rows: Range<usize>, from: &[C]);

    /// The next rows where the kernels across lanes can read them, and where they can write their sums.
    fn places(&mut self, _rows: Range<usize>) -> Places<'_, C> {
        Places { source: None, target: None, is_in_place: false }
    }

    /// How sums are stored that are written to their places.
    fn stores(&self) -> Stores {
        Stores::Cached
    }

    /// The next elements of a single lane, if they can be summed where they lie.
    fn lane(&mut self, _elements: Range<usize>) -> Option<Lane<'_, C>> {
        None
    }

    /// The next elements of a single lane, if they are of `f32` and their sums are too.
    fn lane_of_f32(&mut self, _elements: Range<usize>) -> Option<Lane<'_, f32>> {
        None
    }
}

/// Rows as they lie in memory.
pub(crate) struct Places<'a, C> {
    pub(crate) source: Option<Strided<'a, C>>,
    pub(crate) target: Option<StridedMut<'a, C>>,
    /// Whether the rows are overwritten with their sums.
    pub(crate) is_in_place: bool,
}

/// Sums the next `len` rows of `width` lanes, `most` at a time, which are whole blocks.
///
/// Only if the state has room for an incomplete block can there be more rows after it.
///
/// # Errors
///
/// [`Overflowed`], if the task is to check; then the sums that were written are unspecified, and so is the state.
#[inline(never)]
pub(crate) fn feed<C: Kernels>(
    task: &Task<C>,
    state: &mut State<'_, C>,
    width: usize,
    len: usize,
    most: usize,
    io: &mut dyn TileIo<C>,
) -> Result<(), Overflowed> {
    let Task { backend, fits, .. } = *task;
    let block = task.block();
    let (mut tile, mut other) = (Scratch::<TILE_BYTES>::new(), Scratch::<TILE_BYTES>::new());
    let mut first = 0;
    while first < len {
        let rest = state.rest_rows;
        let whole = len - first - (len - first) % block;
        if width == 1
            && rest == 0
            && whole > 0
            && sum_lane_in_memory(task, state, first..first + whole, io)
        {
            first += whole;
            continue;
        }
        let new = (most - rest).min(len - first);
        let rows = first..first + new;
        first += new;
        let is_whole = rest == 0 && (new.is_multiple_of(block) || !state.continues);
        if width > 1 && is_whole {
            let tile = tile.places(new * width);
            if sum_in_memory(task, state, width, rows.clone(), tile, io) {
                continue;
            }
        }

        let tile = if rest == 0 {
            io.read(backend, rows.clone(), tile.places(new * width))
        } else {
            // The new rows come after those that were read before.
            let tile = tile.places((rest + new) * width);
            let (before, after) = tile.split_at_mut(rest * width);
            let kept = state.rest.chunks(state.stride).take(rest);
            assert!(kept.len() == rest, "as many rows as are kept");
            for (row, kept) in before.chunks_exact_mut(width).zip(kept) {
                write_copy(row, &kept[..width]);
            }
            io.read(backend, rows.clone(), after);
            // SAFETY: the rows that were kept are as many as come before (asserted), and `read` has filled the others.
            unsafe { assume_written(tile) }
        };
        skip_nan(task, &mut tile[rest * width..]);
        let Some(fits) = fits else {
            sum_tile(task, state, width, tile);
            write(task, state, width, rows, &tile[rest * width..], io);
            continue;
        };
        let inputs = &*write_copy(other.places(tile.len()), tile);
        sum_tile(task, state, width, tile);
        // Each number has to fit the sum of the row before it.
        let (first_row, others) = inputs.split_at(width);
        if !(fits(backend, &state.last[..width], first_row) && fits(backend, tile, others)) {
            return Err(Overflowed);
        }
        write(task, state, width, rows, &tile[rest * width..], io);
    }
    Ok(())
}

/// Writes the sums of rows, or, of an exclusive sum, those before them; and keeps the last.
fn write<C: Kernels>(
    task: &Task<C>,
    state: &mut State<'_, C>,
    width: usize,
    rows: Range<usize>,
    sums: &[C],
    io: &mut dyn TileIo<C>,
) {
    let (others, last) = sums.split_at(sums.len() - width);
    if task.exclusive {
        let second = rows.start + 1;
        io.write(task.backend, rows.start..second, &state.last[..width]);
        io.write(task.backend, second..rows.end, others);
    } else {
        io.write(task.backend, rows, sums);
    }
    state.last[..width].copy_from_slice(last);
}

/// Sums elements of a single lane where they lie, from the beginning of a block to the end of one; says whether it can.
fn sum_lane_in_memory<C: Kernels>(
    task: &Task<C>,
    state: &mut State<'_, C>,
    elements: Range<usize>,
    io: &mut dyn TileIo<C>,
) -> bool {
    let only_sums = !(task.exclusive || task.skip_nan || task.fits.is_some());
    if !only_sums || matches!(task.method, Method::Rounded(_)) {
        return false;
    }
    if let Some(lane) = io.lane(elements.clone()) {
        sum_lane(task, state, lane);
        if C::EXACT {
            // For floats, only exclusive sums need the last sums, and those are not formed here.
            state.last[0] = state.carry[0][0];
        }
        return true;
    }
    // What is summed in `f64`, between `f32` at both ends.
    if let Method::Plain(Order::Blocked) = task.method
        && rows::is_f64::<C>()
        && let Some(lane) = io.lane_of_f32(elements)
    {
        C::widened_row(task.backend, task.stores, pairs(state), lane);
        return true;
    }
    false
}

/// Sums whole blocks of rows by the kernels across lanes, of which one end or both are in memory; says whether it can.
/// The other end is the tile.
fn sum_in_memory<C: Kernels>(
    task: &Task<C>,
    state: &mut State<'_, C>,
    width: usize,
    rows: Range<usize>,
    tile: &mut [MaybeUninit<C>],
    io: &mut dyn TileIo<C>,
) -> bool {
    let Method::Plain(order) = task.method else { return false };
    if task.fits.is_some() {
        return false;
    }
    let stores = io.stores();
    let Places { mut source, mut target, is_in_place } = io.places(rows.clone());
    if task.skip_nan {
        source = None;
    }
    if task.exclusive {
        target = None;
    }
    let stores = if target.is_some() { stores } else { Stores::Cached };
    let mut sum = |panel: InOut<'_, C, C>| {
        C::panel(task.backend, order, stores, &mut strips(state), Panel::new(panel));
    };
    let count = rows.len();
    match (source, target) {
        (None, None) => return false,
        (Some(_), Some(target)) if is_in_place => sum(InOut::in_place(target)),
        (Some(source), Some(target)) => sum(InOut::copy(source, target)),
        (Some(source), None) => {
            sum(InOut::copy(source, StridedMut::rows_uninit(tile, count, width)));
            // SAFETY: the panel has written a sum to each place of its rows, which fill the tile.
            let sums = unsafe { assume_written(tile) };
            write(task, state, width, rows, sums, io);
            return true;
        }
        (None, Some(_)) => {
            let tile = io.read(task.backend, rows.clone(), tile);
            skip_nan(task, tile);
            let source = Strided::rows(tile, count, width, width);
            if let Some(target) = io.places(rows).target {
                sum(InOut::copy(source, target));
            }
        }
    }
    if C::EXACT && state.continues {
        // For floats, only exclusive sums need the last sums, and those are not formed here.
        state.last.copy_from_slice(state.carry[0]);
    }
    true
}

/// Sums a tile that begins with a block. Of an incomplete block at its end, the state keeps the rows.
fn sum_tile<C: Kernels>(task: &Task<C>, state: &mut State<'_, C>, width: usize, tile: &mut [C]) {
    let block = task.block() * width;
    let (whole, tail) = tile.split_at_mut(tile.len() - tile.len() % block);
    if !whole.is_empty() {
        sum_rows(task, state, width, whole);
    }
    if !state.continues {
        // The tail has the last rows of the lanes.
        if !tail.is_empty() {
            sum_rows(task, state, width, tail);
        }
        return;
    }
    state.rest_rows = tail.len() / width;
    if tail.is_empty() {
        return;
    }
    copy_rows(tail, width, state.rest, state.stride, width);
    // The carries stay those of whole blocks. (Lanes that can be continued are few enough for a tile.)
    let mut memory = Scratch::<TILE_BYTES>::new();
    let stride = state.stride;
    let scratch = memory.fill(KEPT * stride, C::IDENTITY);
    let mut copy = State::of(scratch, stride, state.position, 0, false);
    for (to, from) in copy.offset.iter_mut().zip(&state.offset) {
        to.copy_from_slice(from);
    }
    for (to, from) in copy.carry.iter_mut().zip(&state.carry) {
        to.copy_from_slice(from);
    }
    sum_rows(task, &mut copy, width, tail);
}

/// Sums rows in place, and moves the state on.
fn sum_rows<C: Kernels>(task: &Task<C>, state: &mut State<'_, C>, width: usize, tile: &mut [C]) {
    match task.method {
        Method::Rounded(sum) => sum(&mut state.carry[0][..width], tile),
        _ if width == 1 => {
            let task = Task { stores: Stores::Cached, ..*task };
            sum_lane(&task, state, Lane::in_place(tile));
        }
        Method::Plain(order) => {
            let rows = StridedMut::rows(tile, tile.len() / width, width, width);
            let panel = Panel::new(InOut::in_place(rows));
            C::panel(task.backend, order, Stores::Cached, &mut strips(state), panel);
        }
        // Registers across them would be mostly empty.
        Method::Compensated if width < C::BLOCK / 2 => sum_apart(task, state, width, tile),
        Method::Compensated => C::compensated_panel(task.backend, pairs(state), width, tile),
    }
}

/// Sums rows of a few lanes one lane after the other.
fn sum_apart<C: Kernels>(task: &Task<C>, state: &mut State<'_, C>, width: usize, tile: &mut [C]) {
    let task = &Task { stores: Stores::Cached, ..*task };
    let begin = state.position;
    let mut memory = Scratch::<{ TILE_BYTES / 2 }>::new();
    let lane = memory.fill(tile.len() / width, C::IDENTITY);
    for k in 0..width {
        for (x, row) in lane.iter_mut().zip(tile.chunks_exact(width)) {
            *x = row[k];
        }
        let one = |row: &mut &mut [C]| row[k];
        let mut kept = [C::IDENTITY; KEPT];
        let mut own = State::of(&mut kept, 1, begin, 0, false);
        for (own, all) in own.offset.iter_mut().zip(&mut state.offset) {
            own[0] = one(all);
        }
        for (own, all) in own.carry.iter_mut().zip(&mut state.carry) {
            own[0] = one(all);
        }
        sum_lane(task, &mut own, Lane::in_place(lane));
        state.position = own.position;
        for (own, all) in own.offset.iter().zip(&mut state.offset) {
            all[k] = own[0];
        }
        for (own, all) in own.carry.iter().zip(&mut state.carry) {
            all[k] = own[0];
        }
        for (x, row) in lane.iter().zip(tile.chunks_exact_mut(width)) {
            row[k] = *x;
        }
    }
}

/// Sums elements of a single lane from the beginning of a block. Only the last block may be partial; the carry stays
/// before it.
fn sum_lane<C: Kernels>(task: &Task<C>, state: &mut State<'_, C>, lane: Lane<'_, C>) {
    let Method::Plain(order) = task.method else {
        return C::compensated_row(task.backend, task.stores, pairs(state), lane);
    };
    let (offset, carry) = (state.offset[0][0], state.carry[0][0]);
    let mut sums = Carry { offset, carry, position: state.position.row };
    // SAFETY: a row kernel writes a sum to each place.
    let last = unsafe { lane.last_of(|lane| rows::sum_lane(task, order, &mut sums, lane)) };
    state.offset[0][0] = sums.offset;
    // The carry is that of whole blocks; but a sum that is exact can go on from anywhere.
    state.carry[0][0] = if C::EXACT { last.unwrap_or(sums.carry) } else { sums.carry };
    state.position.row = sums.position;
}

/// What is kept of sums that are not compensated.
fn strips<'a, C>(state: &'a mut State<'_, C>) -> Strips<'a, C> {
    let State { offset: [offset, _], carry: [carry, _], position, .. } = state;
    Strips { offset, carry, position }
}

/// What is kept of compensated sums.
fn pairs<'a, C>(state: &'a mut State<'_, C>) -> Pairs<'a, C> {
    let [offset, offset_low] = &mut state.offset;
    let [carry, carry_low] = &mut state.carry;
    Pairs { kept: [offset, carry, offset_low, carry_low], position: &mut state.position }
}

/// Copies as many rows of `width` as there are in one of the two, which may be farther apart than that.
fn copy_rows<C: Copy>(
    from: &[C],
    from_stride: usize,
    to: &mut [C],
    to_stride: usize,
    width: usize,
) {
    for (from, to) in from.chunks(from_stride).zip(to.chunks_mut(to_stride)) {
        if let (Some(from), Some(to)) = (from.get(..width), to.get_mut(..width)) {
            to.copy_from_slice(from);
        }
    }
}

/// Makes zeros of the numbers that are NaN, and of those that are paired with one, if the task is to skip them.
fn skip_nan<C: Kernels>(task: &Task<C>, numbers: &mut [C]) {
    #[inline(always)]
    fn skip<C: Kernels, const N: usize>(numbers: &mut [C]) {
        for numbers in numbers.as_chunks_mut::<N>().0 {
            if numbers.iter().fold(false, |any, x| any | x.is_nan()) {
                *numbers = [C::cast_from(0u8); N];
            }
        }
    }
    if task.skip_nan {
        task.backend.vectorize(
            #[inline(always)]
            || if task.is_paired { skip::<C, 2>(numbers) } else { skip::<C, 1>(numbers) },
        );
    }
}
