//! The block scan: the order of the additions within a block, written once for every kernel and instruction set.

use super::state::Running;
use crate::memory::Place;
use crate::number::Number;
use crate::simd::{Scan, Vector};

/// The sums of one block; moves the carry on.
///
/// The chain from block to block is the one addition to the carry: the block's own total is ready long before the carry
/// is. With `FROM_SUMS` the carry is taken from the last of the sums, which has the same bits: for pairs, an addition
/// of its own would cost more than the wait for that sum.
#[inline(always)]
pub(crate) fn sum_block<
    V,
    const W: usize,
    const R: usize,
    const OFFSET: bool,
    const FROM_SUMS: bool,
>(
    v: V,
    running: &mut Running<V::Register>,
    block: [V::Register; R],
) -> [V::Register; R]
where
    V: Scan<W>,
{
    let mut sums = scan_block::<V, W, R>(v, block);
    let carry = running.carry;
    if !FROM_SUMS {
        running.carry = v.add(carry, v.last(sums[R - 1]));
    }
    for sum in &mut sums {
        *sum = v.add(carry, *sum);
    }
    if FROM_SUMS {
        running.carry = v.last(sums[R - 1]);
    }
    if OFFSET {
        for sum in &mut sums {
            *sum = v.add(running.offset, *sum);
        }
    }
    sums
}

/// The canonical sums of one block, held in `R` registers of `W` slots.
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
/// This function and those below loop over indices: LLVM need not inline `array::map`, and may test the places of an
/// iterator for null.
#[inline(always)]
pub(crate) fn load<V, const W: usize, const R: usize>(
    v: V,
    from: &[[V::Element; W]; R],
) -> [V::Register; R]
where
    V: Vector<W>,
{
    let mut block = [v.splat(V::Element::IDENTITY); R];
    for k in 0..R {
        block[k] = v.load(&from[k]);
    }
    block
}

#[inline(always)]
pub(crate) fn store<V, const W: usize, const R: usize>(
    v: V,
    block: [V::Register; R],
    to: &mut [Place<[V::Element; W]>; R],
) where
    V: Vector<W>,
{
    for k in 0..R {
        v.store_sums(block[k], &mut to[k]);
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
    to: &mut [Place<V::Element>],
) where
    V: Vector<W>,
{
    for (k, register) in block.into_iter().enumerate() {
        let rest = to.get_mut(k * W..).unwrap_or_default();
        match rest.first_chunk_mut::<W>() {
            Some(whole) => v.store_sums(register, Place::joined(whole)),
            None => v.store_part(register, rest),
        }
    }
}
