//! The row kernels: the sum along one contiguous lane, by blocks or one element after the other.

use super::block::{load, load_part, store, store_part, sum_block};
use super::state::{Carry, Position, Running, first_slot};
use crate::memory::Lane;
use crate::number::{Number, Truth};
use crate::order::{BLOCK_BYTES, CHUNK};
use crate::simd::Scan;

/// Sums a lane, or a piece of one, in the canonical order.
#[inline(always)]
pub(crate) fn row<V, const W: usize, const R: usize>(
    v: V,
    state: &mut Carry<V::Element>,
    lane: Lane<'_, V::Element>,
) where
    V: Scan<W>,
{
    const { assert!(W * R * size_of::<V::Element>() == BLOCK_BYTES) };
    let mut running = Running { offset: v.splat(state.offset), carry: v.splat(state.carry) };
    let is_past_first_chunk = !state.offset.is_identity();
    let mut position = Position { row: state.position, is_past_first_chunk };
    sum_lane::<V, W, R, false, true>(v, &mut running, &mut position, lane);
    state.carry = first_slot(v, running.carry);
    if !V::Element::EXACT {
        state.offset = first_slot(v, running.offset);
        state.position = position.row;
    }
}

/// Sums a lane by blocks, from the beginning of one. Only the last block may be incomplete; the carry stays before it.
///
/// `FROM_SUMS` says where carries come from, as in [`sum_block`]. With `SKIPS_OFFSET`, the first chunk has a loop of
/// its own, without the addition of an offset that is the identity.
#[inline(always)]
pub(crate) fn sum_lane<
    V,
    const W: usize,
    const R: usize,
    const FROM_SUMS: bool,
    const SKIPS_OFFSET: bool,
>(
    v: V,
    running: &mut Running<V::Register>,
    position: &mut Position,
    lane: Lane<'_, V::Element>,
) where
    V: Scan<W>,
{
    const { assert!(CHUNK.is_multiple_of(W * R)) };
    let len = lane.len();
    let (mut blocks, mut tail) = lane.split_at(len - len % (W * R));
    while !blocks.is_empty() {
        let left = blocks.len();
        // Integers are exact in any order: for them the whole lane is one chunk.
        let room = if V::Element::EXACT { left } else { left.min(CHUNK - position.row) };
        let (part, rest) = blocks.split_at(room);
        blocks = rest;
        // The state is passed by value and returned, so that it stays in registers.
        let no_offset = V::Element::EXACT || !position.is_past_first_chunk;
        *running = if SKIPS_OFFSET && no_offset {
            sum_blocks::<V, W, R, false, FROM_SUMS>(v, *running, part)
        } else {
            sum_blocks::<V, W, R, true, FROM_SUMS>(v, *running, part)
        };
        if !V::Element::EXACT {
            running.pass(v, position, room);
        }
    }
    if !tail.is_empty() {
        // A whole block, padded: a loop over the last elements would be a second order of additions.
        let block = load_part::<V, W, R>(v, tail.source());
        let sums = sum_block::<V, W, R, true, FROM_SUMS>(v, &mut Running { ..*running }, block);
        store_part::<V, W, R>(v, sums, tail.target());
    }
}

/// Sums whole blocks of one chunk.
///
/// `OFFSET` says whether the offset can be other than the identity. In the first chunk of a lane it
/// is not, and there its addition is left out.
#[inline(always)]
fn sum_blocks<V, const W: usize, const R: usize, const OFFSET: bool, const FROM_SUMS: bool>(
    v: V,
    mut running: Running<V::Register>,
    lane: Lane<'_, V::Element>,
) -> Running<V::Register>
where
    V: Scan<W>,
{
    for mut block in lane.blocks::<W, R>() {
        let numbers = load(v, block.source());
        let sums = sum_block::<V, W, R, OFFSET, FROM_SUMS>(v, &mut running, numbers);
        store(v, sums, block.target());
    }
    running
}

/// Sums a lane, or a piece of one, one element after the other.
///
/// This is `Summation::Sequential` of floats on every backend, and all that the scalar backend needs
/// for integers.
#[inline(always)]
pub(crate) fn running_sum<A: Number>(state: &mut Carry<A>, lane: Lane<'_, A>) {
    const UNROLLED: usize = 8;
    let mut sum = state.carry;
    let len = lane.len();
    let (unrolled, rest) = lane.split_at(len - len % UNROLLED);
    for mut block in unrolled.blocks::<1, UNROLLED>() {
        for k in 0..UNROLLED {
            sum = sum.plus(block.source()[k][0]);
            block.target()[k].write([sum]);
        }
    }
    for mut block in rest.blocks::<1, 1>() {
        sum = sum.plus(block.source()[0][0]);
        block.target()[0].write([sum]);
    }
    state.carry = sum;
}

/// The running "or" of a lane: false up to the first truth, and true from there on.
pub(crate) fn running_or(state: &mut Carry<Truth>, mut lane: Lane<'_, Truth>) {
    // The first truth is looked for many elements at a time, by vector instructions.
    let any = |truths: &[Truth]| truths.iter().fold(false, |any, x| any | x.holds());
    let truths = lane.source();
    let mut first = 0;
    if !state.carry.holds() {
        first = truths.chunks(64).position(any).map_or(truths.len(), |chunk| 64 * chunk);
        first += truths[first..].iter().position(|x| x.holds()).unwrap_or(truths.len() - first);
    }
    let (before, after) = lane.target().split_at_mut(first);
    for place in before {
        place.write(Truth::of(false));
    }
    state.carry = Truth::of(state.carry.holds() || !after.is_empty());
    for place in after {
        place.write(Truth::of(true));
    }
}
