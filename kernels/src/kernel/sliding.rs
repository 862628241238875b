//! The sliding sum of integers along one contiguous lane.
//!
//! Integers may add in any order, and this one needs neither a broadcast nor an identity. For four
//! slots, with the register before at the left:
//!
//! ```text
//! x                   .. w  x  y  z |  a     b     c     d
//! + shifted by one                    za    ab    bc    cd
//! + shifted by two                  yza.. zab.. abc.. abcd      windows of four
//! out                                out[i - 4] + window[i]
//! ```
//!
//! Every window is ready long before it is added, so the chain from register to register is one
//! addition.

use super::state::Carry;
use crate::memory::{Lane, Place};
use crate::number::Number;
use crate::simd::Slide;

/// Sums a lane of integers, or a piece of one.
#[inline(always)]
pub(crate) fn row<V, const W: usize>(
    v: V,
    state: &mut Carry<V::Element>,
    lane: Lane<'_, V::Element>,
) where
    V: Slide<W>,
{
    const { assert!(V::Element::EXACT) };
    let len = lane.len();
    let registers_len = len - len % W;
    let (registers, mut tail) = lane.split_at(registers_len);
    let mut previous = v.nothing();
    let mut sum = v.splat(state.carry);
    // Two at a time, so that `previous` need not be moved from register to register.
    let (pairs, last) = registers.split_at(registers_len - registers_len % (2 * W));
    for mut block in pairs.blocks::<W, 2>() {
        for k in 0..2 {
            sum = v.add(sum, v.slide(&mut previous, v.load(&block.source()[k])));
            v.store_sums(sum, &mut block.target()[k]);
        }
    }
    for mut block in last.blocks::<W, 1>() {
        sum = v.add(sum, v.slide(&mut previous, v.load(&block.source()[0])));
        v.store_sums(sum, &mut block.target()[0]);
    }
    if !tail.is_empty() {
        sum = v.add(sum, v.slide(&mut previous, v.load_part(tail.source())));
        v.store_part(sum, tail.target());
    }
    let mut slots = [V::Element::IDENTITY; W];
    v.store(sum, Place::of(&mut slots));
    state.carry = slots[W - 1];
}
