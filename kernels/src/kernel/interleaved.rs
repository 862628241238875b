//! The sum down a few lanes that lie side by side, densely: pairs, colours, coordinates.
//!
//! A register across the lanes would be mostly empty. So whole registers are read, and what belongs to
//! a lane is picked from them, for lanes `a`, `b`, `c` and registers of four:
//!
//! ```text
//! read       a0 b0 c0 a1    b1 c1 a2 b2    c2 a3 b3 c3
//! picked     a0 a1 a2 a3    b0 b1 b2 b3    c0 c1 c2 c3
//! ```
//!
//! Then each lane is a lane along the register, which the block scan knows how to sum, and the sums
//! are picked back.

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

    delegate!(v: splat add load load_part store store_part store_row_part store_sums read_ahead);
}

impl<V: Permute<W>, const W: usize> Permuted<V, W> {
    #[inline(always)]
    pub(crate) fn of(v: V) -> Self {
        let last = v.choice([Some((W - 1) as u8); W]);
        Self { v, levels: Levels::new::<V, W>(v, Dense { along: W, across: 1 }), last }
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

/// For register `j` of `C` from register `k` of the memory: from which lane each lane comes.
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
    v: V,
    lanes: &[[[Option<u8>; W]; C]; C],
) -> [[V::Choice; C]; C] {
    let mut all = [[v.choice([None; W]); C]; C];
    for (all, lanes) in all.iter_mut().zip(lanes) {
        for (from, lanes) in all.iter_mut().zip(lanes) {
            *from = v.choice(*lanes);
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
        into: choices(v, const { &apart::<W, C>() }),
        back: choices(v, const { &together::<W, C>() }),
    };

    let identity = v.splat(V::Element::IDENTITY);
    let mut running = [Running { offset: identity, carry: identity }; C];
    let block = W * R * C;
    let len = lanes.len();
    let (mut blocks, mut tail) = lanes.split_at(len - len % block);
    let mut is_first = true;
    while !blocks.is_empty() {
        let left = blocks.len();
        let (chunk, rest) =
            blocks.split_at(if V::Element::EXACT { left } else { left.min(CHUNK * C) });
        blocks = rest;
        let is_whole = chunk.len() == CHUNK * C;
        // By value and back: so that the registers stay registers.
        running = if V::Element::EXACT || is_first {
            sum_chunk::<V, W, R, C, false>(&weave, running, chunk)
        } else {
            sum_chunk::<V, W, R, C, true>(&weave, running, chunk)
        };
        if !V::Element::EXACT && is_whole {
            for running in &mut running {
                running.offset = v.add(running.offset, running.carry);
                running.carry = identity;
            }
            is_first = false;
        }
    }
    if !tail.is_empty() {
        let mut padded = [[[V::Element::IDENTITY; W]; C]; R];
        for (to, x) in padded.as_flattened_mut().as_flattened_mut().iter_mut().zip(tail.source()) {
            *to = *x;
        }
        let sums = sum_rows::<V, W, R, C, true>(&weave, &mut running, &padded);
        for (to, sums) in padded.as_flattened_mut().iter_mut().zip(sums.as_flattened()) {
            v.store(*sums, Place::of(to));
        }
        for (to, sum) in tail.target().iter_mut().zip(padded.as_flattened().as_flattened()) {
            to.write(*sum);
        }
    }
}

/// How lanes are taken apart and put together.
struct Weave<V: Permute<W>, const W: usize, const C: usize> {
    v: Permuted<V, W>,
    into: [[V::Choice; C]; C],
    back: [[V::Choice; C]; C],
}

#[inline(always)]
fn sum_chunk<V: Permute<W>, const W: usize, const R: usize, const C: usize, const OFFSET: bool>(
    weave: &Weave<V, W, C>,
    mut running: [Running<V::Register>; C],
    lanes: Lane<'_, V::Element>,
) -> [Running<V::Register>; C] {
    let mut lanes = lanes;
    while !lanes.is_empty() {
        let (mut block, rest) = lanes.split_at(W * R * C);
        lanes = rest;
        let rows = block.source().as_chunks::<W>().0.as_chunks::<C>().0.as_chunks::<R>().0;
        let Some(rows) = rows.first() else { break };
        let sums = sum_rows::<V, W, R, C, OFFSET>(weave, &mut running, rows);
        let to = block.target().as_chunks_mut::<W>().0.as_chunks_mut::<C>().0;
        for (to, sums) in to.iter_mut().zip(sums) {
            for (to, sum) in to.iter_mut().zip(sums) {
                weave.v.store_sums(sum, Place::joined(to));
            }
        }
    }
    running
}

/// The sums of a block of each lane, as they lie in memory.
#[inline(always)]
fn sum_rows<V: Permute<W>, const W: usize, const R: usize, const C: usize, const OFFSET: bool>(
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
        *lane = sum_block::<Permuted<V, W>, W, R, OFFSET, false>(v, running, *lane);
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
