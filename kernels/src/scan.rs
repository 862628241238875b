//! The block scan and its driver along one contiguous lane, written once for every instruction set.

use crate::lane::{Lane, Site, Span};
use crate::number::Number;
use crate::order::{BLOCK_BYTES, CHUNK, Carry};
use crate::primitive::Primitive;
use crate::vector::{Scan, Vector};

/// Sums a lane, or a piece of one, in the canonical order: the row kernel.
#[inline(always)]
pub(crate) fn row<V, const W: usize, const R: usize>(
    v: V,
    carry: &mut Carry<V::Element>,
    lane: Lane<'_, V::Element>,
) where
    V: Scan<W>,
{
    match lane {
        Lane::Copy(input, output) => sum_span::<V, W, R>(v, carry, (input, output)),
        Lane::InPlace(data) => sum_span::<V, W, R>(v, carry, data),
    }
}

/// Sums a lane, or a piece of one, one element after the other.
///
/// This is `Summation::Sequential` of floats on every backend, and all that the scalar backend needs
/// for integers.
#[inline(always)]
pub(crate) fn running_sum<A: Primitive>(carry: &mut Carry<A>, lane: Lane<'_, A>) {
    let mut sum = carry.carry;
    match lane {
        Lane::Copy(input, output) => {
            for (x, out) in input.iter().zip(output) {
                sum = sum.plus(*x);
                *out = sum;
            }
        }
        Lane::InPlace(data) => {
            for x in data {
                sum = sum.plus(*x);
                *x = sum;
            }
        }
    }
    carry.carry = sum;
}

/// `carry` and `offset` in every lane of a register, as the loop over the blocks keeps them.
#[derive(Clone, Copy)]
pub(crate) struct Running<Register> {
    pub(crate) offset: Register,
    pub(crate) carry: Register,
}

impl<Register> Running<Register> {
    #[inline(always)]
    fn splat<V, const W: usize>(v: V, state: &Carry<V::Element>) -> Self
    where
        V: Vector<W, Register = Register>,
    {
        Self { offset: v.splat(state.offset), carry: v.splat(state.carry) }
    }
}

#[inline(always)]
fn sum_span<V, const W: usize, const R: usize>(
    v: V,
    state: &mut Carry<V::Element>,
    span: impl Span<V::Element>,
) where
    V: Scan<W>,
{
    const { assert!(W * R * size_of::<V::Element>() == BLOCK_BYTES) };
    const { assert!(CHUNK.is_multiple_of(W * R)) };
    let len = span.source().len();
    let (mut blocks, mut tail) = span.split_at(len - len % (W * R));
    while !blocks.source().is_empty() {
        let left = blocks.source().len();
        // Integers are exact in any order: for them the whole lane is one chunk.
        let room = if V::Element::EXACT { left } else { left.min(CHUNK - state.position) };
        let (part, rest) = blocks.split_at(room);
        blocks = rest;
        let running = Running::splat(v, state);
        let carry = if V::Element::EXACT || state.offset.is_identity() {
            sum_blocks::<V, W, R, false>(v, running, part)
        } else {
            sum_blocks::<V, W, R, true>(v, running, part)
        };
        let mut lanes = [V::Element::IDENTITY; W];
        v.store(carry, &mut lanes);
        state.carry = lanes[0];
        if !V::Element::EXACT {
            state.position += room;
            if state.position == CHUNK {
                *state = Carry { offset: state.offset.plus(state.carry), ..Carry::new() };
            }
        }
    }
    if !tail.source().is_empty() {
        // The same block, padded: a loop over the last elements would be a second order of additions.
        let block = load_part::<V, W, R>(v, tail.source());
        let sums = sum_block::<V, W, R, true>(v, &mut Running::splat(v, state), block);
        store_part::<V, W, R>(v, sums, tail.target());
    }
}

/// Sums whole blocks of one chunk; returns the carry after them.
///
/// `OFFSET` says whether the offset can be other than the identity. In the first chunk of a lane it
/// is not, and there its addition is left out.
#[inline(always)]
fn sum_blocks<V, const W: usize, const R: usize, const OFFSET: bool>(
    v: V,
    mut running: Running<V::Register>,
    span: impl Span<V::Element>,
) -> V::Register
where
    V: Scan<W>,
{
    for mut site in span.blocks::<W, R>() {
        let block = load(v, site.source());
        let sums = sum_block::<V, W, R, OFFSET>(v, &mut running, block);
        store(v, sums, site.target());
    }
    running.carry
}

/// The sums of one block; moves the carry on.
///
/// The chain from block to block is the one addition to the carry: the block's own total is ready
/// long before the carry is.
#[inline(always)]
pub(crate) fn sum_block<V, const W: usize, const R: usize, const OFFSET: bool>(
    v: V,
    running: &mut Running<V::Register>,
    block: [V::Register; R],
) -> [V::Register; R]
where
    V: Scan<W>,
{
    let mut sums = scan_block::<V, W, R>(v, block);
    let carry = running.carry;
    running.carry = v.add(carry, v.last(sums[R - 1]));
    for sum in &mut sums {
        *sum = v.add(carry, *sum);
        if OFFSET {
            *sum = v.add(running.offset, *sum);
        }
    }
    sums
}

/// The canonical sums of one block, held in `R` registers of `W` lanes.
///
/// The small halves of Sklansky's network lie within a register, the large ones between registers.
#[inline(always)]
pub(crate) fn scan_block<V, const W: usize, const R: usize>(
    v: V,
    mut block: [V::Register; R],
) -> [V::Register; R]
where
    V: Scan<W>,
{
    for register in &mut block {
        *register = v.scan(*register);
    }
    let mut half = 1;
    while half < R {
        for group in block.chunks_exact_mut(2 * half) {
            let (left, right) = group.split_at_mut(half);
            let total = v.last(left[half - 1]);
            for register in right {
                *register = v.add(total, *register);
            }
        }
        half *= 2;
    }
    block
}

/// The registers of a block.
///
/// A loop, here and below, and not `array::map`: whether that is inlined is up to LLVM.
#[inline(always)]
pub(crate) fn load<V, const W: usize, const R: usize>(
    v: V,
    from: &[[V::Element; W]; R],
) -> [V::Register; R]
where
    V: Vector<W>,
{
    let mut block = [v.splat(V::Element::IDENTITY); R];
    for (register, from) in block.iter_mut().zip(from) {
        *register = v.load(from);
    }
    block
}

#[inline(always)]
pub(crate) fn store<V, const W: usize, const R: usize>(
    v: V,
    block: [V::Register; R],
    to: &mut [[V::Element; W]; R],
) where
    V: Vector<W>,
{
    for (register, to) in block.into_iter().zip(to) {
        v.store_sums(register, to);
    }
}

/// The registers of a block that is not full; the identity where it has no more elements.
#[inline(always)]
pub(crate) fn load_part<V, const W: usize, const R: usize>(
    v: V,
    from: &[V::Element],
) -> [V::Register; R]
where
    V: Vector<W>,
{
    let mut block = [v.splat(V::Element::IDENTITY); R];
    for (k, register) in block.iter_mut().enumerate() {
        let rest = from.get(k * W..).unwrap_or_default();
        *register = match rest.first_chunk::<W>() {
            Some(whole) => v.load(whole),
            None => v.load_part(rest),
        };
    }
    block
}

#[inline(always)]
pub(crate) fn store_part<V, const W: usize, const R: usize>(
    v: V,
    block: [V::Register; R],
    to: &mut [V::Element],
) where
    V: Vector<W>,
{
    for (k, register) in block.into_iter().enumerate() {
        let rest = to.get_mut(k * W..).unwrap_or_default();
        match rest.first_chunk_mut::<W>() {
            Some(whole) => v.store_sums(register, whole),
            None => v.store_part(register, rest),
        }
    }
}
