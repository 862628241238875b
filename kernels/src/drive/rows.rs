//! The walk along lanes, one after the other: where they are, or a piece at a time with casts.

use core::mem::MaybeUninit;
use core::slice;

use super::task::Task;
use crate::cpu::{Backend, Stores};
use crate::dispatch::Kernels;
use crate::io::{Ends, Input, Output};
use crate::kernel::state::{Carry, Pairs, Position};
use crate::memory::{Extents, Lane, Rows, Scratch, assume_written};
use crate::number::same_bits;
use crate::order::{CHUNK, Order};

/// The elements of a piece: whole blocks, and whole pieces in a chunk. Of numbers of up to 64 bits a piece has at most
/// 8 KiB, a quarter of the smallest first-level cache in use.
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
    let widens = is_contiguous && order == Order::Blocked && is_f64::<C>();
    match widens.then(|| ends.reborrow().direct_f32()).flatten() {
        Some(lanes) => sum_widened(task, Rows::new(lanes)),
        None => sum_pieces(task, order, ends),
    }
}

/// Whether numbers of `C` are what `f32` is widened to.
pub(super) fn is_f64<C: Kernels>() -> bool {
    same_bits::<C, f64>()
}

/// Sums lanes of `f32` in `f64`, where they are.
fn sum_widened<C: Kernels>(task: &Task<C>, mut lanes: Rows<'_, f32>) {
    for lane in 0..lanes.len() {
        let Carry { mut offset, mut carry, .. } = task.carry(0);
        let is_past_first_chunk = task.initial.is_some();
        let (mut low, mut other) = (C::IDENTITY, C::IDENTITY);
        let kept = [&mut offset, &mut carry, &mut low, &mut other].map(slice::from_mut);
        let pairs = Pairs { kept, position: &mut Position { row: 0, is_past_first_chunk } };
        C::widened_row(task.backend, task.stores, pairs, lanes.get(lane));
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

/// Sums lanes a piece at a time: in its place if sums can be formed there, and otherwise in a buffer. What goes past
/// the cache is summed from the buffer to its place.
#[inline(never)]
fn sum_pieces<C: Kernels>(task: &Task<C>, order: Order, ends: Ends<'_, C>) {
    let Task { backend, stores, .. } = *task;
    let Extents { along, across, .. } = ends.extents();
    let is_in_place = ends.is_in_place();
    let Ends { reader, writer: Some(mut writer) } = ends else { return };
    let mut memory = Scratch::<{ PIECE * 16 }>::new();
    for lane in 0..across {
        let mut carry = task.carry(0);
        let mut start = 0;
        while start < along {
            let piece = start..along.min(start + PIECE);
            start = piece.end;
            let buffer = memory.places::<C>(piece.len());
            match writer.lane(lane, piece.clone()).filter(|_| !is_in_place) {
                Some(places) => {
                    sum_piece((backend, stores), order, &mut carry, places, buffer, |to| {
                        reader.read_lane(backend, lane, piece, to)
                    });
                }
                None => {
                    let sums = reader.read_lane(backend, lane, piece.clone(), buffer);
                    C::row(backend, order, &mut carry, Lane::in_place(sums));
                    writer.write_lane(backend, lane, piece, sums);
                }
            }
        }
    }
}

/// Sums a piece to places of its own, where `read` fills memory with its numbers: these places, or, if they are not to
/// come into the cache before they are written, a buffer.
#[inline(always)]
fn sum_piece<C: Kernels>(
    (backend, stores): (Backend, Stores),
    order: Order,
    carry: &mut Carry<C>,
    places: &mut [MaybeUninit<C>],
    buffer: &mut [MaybeUninit<C>],
    read: impl FnOnce(&mut [MaybeUninit<C>]) -> &mut [C],
) {
    if stores == Stores::Streamed {
        let numbers = read(buffer);
        C::row_streamed(backend, order, carry, Lane::copy_to_uninit(numbers, places));
    } else {
        let sums = read(places);
        C::row(backend, order, carry, Lane::in_place(sums));
    }
}

/// The elements of the one piece of a short lane.
const SHORT: usize = 64;

/// Sums one lane without gaps, whose numbers or sums are cast.
pub(crate) fn sum_slices<C: Kernels>(
    backend: Backend,
    order: Order,
    stores: Stores,
    input: &Input<'_, C>,
    output: &mut Output<'_, C>,
) {
    let stores = backend.stores(stores);
    // A short lane should not have to make room for a long piece.
    if input.len() <= SHORT && stores == Stores::Cached {
        sum_slices_by::<C, SHORT>(backend, order, stores, input, output);
    } else {
        sum_slices_by::<C, PIECE>(backend, order, stores, input, output);
    }
}

#[inline(always)]
fn sum_slices_by<C: Kernels, const N: usize>(
    backend: Backend,
    order: Order,
    stores: Stores,
    input: &Input<'_, C>,
    output: &mut Output<'_, C>,
) {
    let is_in_place = output.is(input);
    let mut carry = Carry::new();
    let mut buffer = [const { MaybeUninit::uninit() }; N];
    let mut start = 0;
    while start < input.len() {
        let piece = start..input.len().min(start + N);
        start = piece.end;
        let buffer = &mut buffer[..piece.len()];
        if let (false, Some(places)) = (is_in_place, output.direct(piece.clone())) {
            sum_piece((backend, stores), order, &mut carry, places, buffer, |to| {
                input.read(backend, piece, to)
            });
            continue;
        }
        let sums = if let Some(numbers) = input.direct(piece.clone()) {
            let lane = Lane::copy_to_uninit(numbers, buffer);
            C::row(backend, order, &mut carry, lane);
            // SAFETY: a row kernel writes a sum to each place.
            unsafe { assume_written(buffer) }
        } else {
            let sums = input.read(backend, piece.clone(), buffer);
            C::row(backend, order, &mut carry, Lane::in_place(sums));
            sums
        };
        output.write(backend, piece.start, sums);
    }
}
