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

use crate::lane::{Lane, Span};
use crate::number::Number;
use crate::order::{BLOCK_BYTES, CHUNK};
use crate::scan::{Running, sum_block};
use crate::short::{Dense, Levels, Pick};
use crate::vector::{Scan, Vector};

/// Sums `lanes` lanes side by side, a slice full of them; says whether it can.
#[inline(always)]
pub(crate) fn sum<V: Pick<W>, const W: usize, const R: usize>(
    v: V,
    lanes: usize,
    data: Lane<'_, V::Element>,
) -> bool {
    match (data, lanes) {
        // The column kernel's registers would be full.
        _ if lanes.is_multiple_of(W) => return false,
        (Lane::Copy(input, output), 2) => sum_span::<V, W, R, 2>(v, (input, output)),
        (Lane::Copy(input, output), 3) => sum_span::<V, W, R, 3>(v, (input, output)),
        (Lane::Copy(input, output), 4) => sum_span::<V, W, R, 4>(v, (input, output)),
        (Lane::InPlace(data), 2) => sum_span::<V, W, R, 2>(v, data),
        (Lane::InPlace(data), 3) => sum_span::<V, W, R, 3>(v, data),
        (Lane::InPlace(data), 4) => sum_span::<V, W, R, 4>(v, data),
        _ => return false,
    }
    true
}

/// A scan by picking from the register: for types without a [`Scan`] of their own, and to need no other.
#[derive(Clone, Copy)]
pub(crate) struct Picked<V: Pick<W>, const W: usize> {
    v: V,
    levels: Levels<V::Choice>,
    last: V::Choice,
}

impl<V: Pick<W>, const W: usize> Vector<W> for Picked<V, W> {
    type Element = V::Element;
    type Register = V::Register;
    type Token = V::Token;

    #[inline(always)]
    fn new(token: V::Token) -> Self {
        Self::of(V::new(token))
    }
    #[inline(always)]
    fn splat(self, x: V::Element) -> V::Register {
        self.v.splat(x)
    }
    #[inline(always)]
    fn add(self, a: V::Register, b: V::Register) -> V::Register {
        self.v.add(a, b)
    }
    #[inline(always)]
    fn load(self, from: &[V::Element; W]) -> V::Register {
        self.v.load(from)
    }
    #[inline(always)]
    fn store(self, x: V::Register, to: &mut [V::Element; W]) {
        self.v.store(x, to);
    }
    #[inline(always)]
    fn load_part(self, from: &[V::Element]) -> V::Register {
        self.v.load_part(from)
    }
    #[inline(always)]
    fn store_part(self, x: V::Register, to: &mut [V::Element]) {
        self.v.store_part(x, to);
    }
    #[inline(always)]
    fn store_sums(self, x: V::Register, to: &mut [V::Element; W]) {
        self.v.store_sums(x, to);
    }
}

impl<V: Pick<W>, const W: usize> Picked<V, W> {
    #[inline(always)]
    pub(crate) fn of(v: V) -> Self {
        let last = v.choice([Some((W - 1) as u8); W]);
        Self { v, levels: Levels::new::<V, W>(v, Dense { along: W, across: 1 }), last }
    }
}

impl<V: Pick<W>, const W: usize> Scan<W> for Picked<V, W> {
    #[inline(always)]
    fn scan(self, x: V::Register) -> V::Register {
        self.levels.scan::<V, W>(self.v, x)
    }
    #[inline(always)]
    fn last(self, x: V::Register) -> V::Register {
        self.v.pick(x, x, self.last)
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
fn choices<V: Pick<W>, const W: usize, const C: usize>(
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
fn pick_all<V: Pick<W>, const W: usize, const C: usize>(
    v: V,
    from: [V::Register; C],
    lanes: &[[V::Choice; C]; C],
) -> [V::Register; C] {
    let mut picked = [v.splat(V::Element::IDENTITY); C];
    for (register, lanes) in picked.iter_mut().zip(lanes) {
        for (x, lanes) in from.iter().zip(lanes) {
            *register = v.pick(*register, *x, *lanes);
        }
    }
    picked
}

#[inline(always)]
fn sum_span<V: Pick<W>, const W: usize, const R: usize, const C: usize>(
    v: V,
    span: impl Span<V::Element>,
) {
    const { assert!(V::Element::EXACT || W * R * size_of::<V::Element>() == BLOCK_BYTES) };
    let weave = Weave {
        v: Picked::of(v),
        into: choices(v, const { &apart::<W, C>() }),
        back: choices(v, const { &together::<W, C>() }),
    };

    let identity = v.splat(V::Element::IDENTITY);
    let mut running = [Running { offset: identity, carry: identity }; C];
    let block = W * R * C;
    let len = span.source().len();
    let (mut blocks, mut tail) = span.split_at(len - len % block);
    let mut is_first = true;
    while !blocks.source().is_empty() {
        let left = blocks.source().len();
        let (chunk, rest) =
            blocks.split_at(if V::Element::EXACT { left } else { left.min(CHUNK * C) });
        blocks = rest;
        let is_whole = chunk.source().len() == CHUNK * C;
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
    if !tail.source().is_empty() {
        let mut padded = [[[V::Element::IDENTITY; W]; C]; R];
        for (to, x) in padded.as_flattened_mut().as_flattened_mut().iter_mut().zip(tail.source()) {
            *to = *x;
        }
        let sums = sum_rows::<V, W, R, C, true>(&weave, &mut running, &padded);
        for (to, sums) in padded.as_flattened_mut().iter_mut().zip(sums.as_flattened()) {
            v.store(*sums, to);
        }
        for (to, sum) in tail.target().iter_mut().zip(padded.as_flattened().as_flattened()) {
            *to = *sum;
        }
    }
}

/// How lanes are taken apart and put together.
struct Weave<V: Pick<W>, const W: usize, const C: usize> {
    v: Picked<V, W>,
    into: [[V::Choice; C]; C],
    back: [[V::Choice; C]; C],
}

#[inline(always)]
fn sum_chunk<V: Pick<W>, const W: usize, const R: usize, const C: usize, const OFFSET: bool>(
    weave: &Weave<V, W, C>,
    mut running: [Running<V::Register>; C],
    span: impl Span<V::Element>,
) -> [Running<V::Register>; C] {
    let mut span = span;
    while !span.source().is_empty() {
        let (block, rest) = span.split_at(W * R * C);
        let mut block = block;
        span = rest;
        let rows = block.source().as_chunks::<W>().0.as_chunks::<C>().0.as_chunks::<R>().0;
        let Some(rows) = rows.first() else { break };
        let sums = sum_rows::<V, W, R, C, OFFSET>(weave, &mut running, rows);
        let to = block.target().as_chunks_mut::<W>().0.as_chunks_mut::<C>().0;
        for (to, sums) in to.iter_mut().zip(sums) {
            for (to, sum) in to.iter_mut().zip(sums) {
                weave.v.store_sums(sum, to);
            }
        }
    }
    running
}

/// The sums of a block of each lane, as they lie in memory.
#[inline(always)]
fn sum_rows<V: Pick<W>, const W: usize, const R: usize, const C: usize, const OFFSET: bool>(
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
        *lane = sum_block::<Picked<V, W>, W, R, OFFSET>(v, running, *lane);
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
