//! The sum down a few lanes that lie side by side, densely: pairs, colours, coordinates.
//!
//! A register across the lanes would be mostly empty. Instead, whole registers are read, and what belongs to a lane is
//! picked from them. For lanes `a`, `b`, `c` and registers of four:
//!
//! ```text
//! read       a0 b0 c0 a1    b1 c1 a2 b2    c2 a3 b3 c3
//! picked     a0 a1 a2 a3    b0 b1 b2 b3    c0 c1 c2 c3
//! ```
//!
//! Then each lane lies along registers, which the block scan knows how to sum, and the sums are picked back.

use super::block::sum_block;
use super::segmented::Levels;
use super::state::Running;
use crate::memory::{Dense, Lane, Place};
use crate::number::Number;
use crate::order::{BLOCK_BYTES, CHUNK};
use crate::simd::{Permute, Scan, Vector, delegate};

/// Sums `lanes` lanes side by side, a slice full of them; says whether it can.
#[inline(always)]
pub(crate) fn sum<V: Permute<W>, const W: usize, const R: usize>(
    v: V,
    lanes: usize,
    data: Lane<'_, V::Element>,
) -> bool {
    match lanes {
        // The column kernel's registers would be full.
        _ if lanes.is_multiple_of(W) => return false,
        2 => sum_lanes::<V, W, R, 2>(v, data),
        3 => sum_lanes::<V, W, R, 3>(v, data),
        4 => sum_lanes::<V, W, R, 4>(v, data),
        _ => return false,
    }
    true
}

/// A scan by permutations of the register: for types without a [`Scan`] of their own, and to need no other.
#[derive(Clone, Copy)]
pub(crate) struct Permuted<V: Permute<W>, const W: usize> {
    v: V,
    levels: Levels<V::Choice>,
    last: V::Choice,
}

impl<V: Permute<W>, const W: usize> Vector<W> for Permuted<V, W> {
    type Element = V::Element;
    type Register = V::Register;

    delegate!(v: splat add load load_part store store_part store_row_part store_sums store_all read_ahead streams);

    #[inline(always)]
    fn in_cache(self) -> Self {
        Self { v: self.v.in_cache(), ..self }
    }
}

impl<V: Permute<W>, const W: usize> Permuted<V, W> {
    #[inline(always)]
    pub(crate) fn of(v: V) -> Self {
        let last = V::choice([Some((W - 1) as u8); W]);
        Self { v, levels: Levels::new::<V, W>(Dense { along: W, across: 1 }), last }
    }
}

impl<V: Permute<W>, const W: usize> Scan<W> for Permuted<V, W> {
    #[inline(always)]
    fn scan(self, x: V::Register) -> V::Register {
        self.levels.scan::<V, W>(self.v, x)
    }
    #[inline(always)]
    fn last(self, x: V::Register) -> V::Register {
        self.v.permute(x, x, self.last)
    }
}

/// For register `j` of `C` from register `k` of the memory: from which slot each slot takes.
///
/// With `C` lanes, element `C * t + j` of the memory is element `t` of lane `j`.
const fn apart<const W: usize, const C: usize>() -> [[[Option<u8>; W]; C]; C] {
    let mut lanes = [[[None; W]; C]; C];
    let mut element = 0;
    while element < W * C {
        lanes[element % C][element / W][element / C] = Some((element % W) as u8);
        element += 1;
    }
    lanes
}

/// The way back: for register `k` of the memory from register `j` of `C`.
const fn together<const W: usize, const C: usize>() -> [[[Option<u8>; W]; C]; C] {
    let mut lanes = [[[None; W]; C]; C];
    let mut element = 0;
    while element < W * C {
        lanes[element / W][element % C][element % W] = Some((element / C) as u8);
        element += 1;
    }
    lanes
}

#[inline(always)]
fn choices<V: Permute<W>, const W: usize, const C: usize>(
    slots: &[[[Option<u8>; W]; C]; C],
) -> [[V::Choice; C]; C] {
    let mut all = [[V::choice([None; W]); C]; C];
    for (all, slots) in all.iter_mut().zip(slots) {
        for (from, slots) in all.iter_mut().zip(slots) {
            *from = V::choice(*slots);
        }
    }
    all
}

/// What is picked from `C` registers for each of `C` registers.
#[inline(always)]
fn pick_all<V: Permute<W>, const W: usize, const C: usize>(
    v: V,
    from: [V::Register; C],
    lanes: &[[V::Choice; C]; C],
) -> [V::Register; C] {
    let mut picked = [v.splat(V::Element::IDENTITY); C];
    for (register, lanes) in picked.iter_mut().zip(lanes) {
        for (x, lanes) in from.iter().zip(lanes) {
            *register = v.permute(*register, *x, *lanes);
        }
    }
    picked
}

#[inline(always)]
fn sum_lanes<V: Permute<W>, const W: usize, const R: usize, const C: usize>(
    v: V,
    lanes: Lane<'_, V::Element>,
) {
    const { assert!(V::Element::EXACT || W * R * size_of::<V::Element>() == BLOCK_BYTES) };
    let weave = Weave {
        v: Permuted::of(v),
        into: choices::<V, W, C>(const { &apart::<W, C>() }),
        back: choices::<V, W, C>(const { &together::<W, C>() }),
    };

    let identity = v.splat(V::Element::IDENTITY);
    let mut running = [Running { offset: identity, carry: identity }; C];
    let mut padded = [[[V::Element::IDENTITY; W]; C]; R];
    let padded = padded.as_flattened_mut().as_flattened_mut();
    let len = lanes.len();
    let (mut blocks, mut tail) = lanes.split_at(len - len % (W * R * C));
    loop {
        let left = blocks.len();
        let (chunk, rest) =
            blocks.split_at(if V::Element::EXACT { left } else { left.min(CHUNK * C) });
        blocks = rest;
        let is_whole = chunk.len() == CHUNK * C;
        // The last block is padded, and summed after all others in the same loop: to have it compiled once.
        let is_tail = chunk.is_empty();
        let (weave, chunk) = if is_tail {
            if tail.is_empty() {
                return;
            }
            Place::copy(tail.source(), Place::of_slice(padded));
            (Weave { v: weave.v.in_cache(), ..weave }, Lane::in_place(padded))
        } else {
            (weave, chunk)
        };
        // The state is passed by value and returned, so that it stays in registers.
        running = sum_chunk::<V, W, R, C>(weave, running, chunk);
        if is_tail {
            Place::copy(padded, tail.target());
            return;
        }
        if !V::Element::EXACT && is_whole {
            for running in &mut running {
                running.offset = v.add(running.offset, running.carry);
                running.carry = identity;
            }
        }
    }
}

/// How lanes are taken apart and put together.
#[derive(Clone, Copy)]
struct Weave<V: Permute<W>, const W: usize, const C: usize> {
    v: Permuted<V, W>,
    into: [[V::Choice; C]; C],
    back: [[V::Choice; C]; C],
}

#[inline(always)]
fn sum_chunk<V: Permute<W>, const W: usize, const R: usize, const C: usize>(
    weave: Weave<V, W, C>,
    mut running: [Running<V::Register>; C],
    mut lanes: Lane<'_, V::Element>,
) -> [Running<V::Register>; C] {
    while !lanes.is_empty() {
        let (mut block, rest) = lanes.split_at(W * R * C);
        lanes = rest;
        let rows = block.source().as_chunks::<W>().0.as_chunks::<C>().0.as_chunks::<R>().0;
        let Some(rows) = rows.first() else { break };
        let sums = sum_rows::<V, W, R, C>(&weave, &mut running, rows);
        let to = block.target().as_mut_ptr().cast::<V::Element>();
        for (p, sums) in sums.into_iter().enumerate() {
            let (to, step) = (to.wrapping_add(p * C * W), size_of::<[V::Element; W]>() as isize);
            // SAFETY: the places of `C` registers, of the `R * C` that there are in the block.
            unsafe { weave.v.store_all::<C, false>(sums, to, step) };
        }
    }
    running
}

/// The sums of a block of each lane, as they lie in memory.
#[inline(always)]
fn sum_rows<V: Permute<W>, const W: usize, const R: usize, const C: usize>(
    weave: &Weave<V, W, C>,
    running: &mut [Running<V::Register>; C],
    rows: &[[[V::Element; W]; C]; R],
) -> [[V::Register; C]; R] {
    let v = weave.v;
    let identity = v.splat(V::Element::IDENTITY);
    let mut lanes = [[identity; R]; C];
    for (p, rows) in rows.iter().enumerate() {
        let mut registers = [identity; C];
        for (register, row) in registers.iter_mut().zip(rows) {
            *register = v.load(row);
        }
        let picked = pick_all::<V, W, C>(v.v, registers, &weave.into);
        for (lane, picked) in lanes.iter_mut().zip(picked) {
            lane[p] = picked;
        }
    }
    for (lane, running) in lanes.iter_mut().zip(running) {
        *lane = if V::Element::EXACT {
            sum_block::<_, W, R, false, false>(v, running, *lane)
        } else {
            sum_block::<_, W, R, true, false>(v, running, *lane)
        };
    }
    let mut sums = [[identity; C]; R];
    for (p, sums) in sums.iter_mut().enumerate() {
        let mut registers = [identity; C];
        for (register, lane) in registers.iter_mut().zip(&lanes) {
            *register = lane[p];
        }
        *sums = pick_all::<V, W, C>(v.v, registers, &weave.back);
    }
    sums
}
