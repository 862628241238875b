//! Sums in stages, a tile at a time in the first-level cache: read and cast, skip, sum, check, cast and write.
//!
//! All that the kernels for sums as they lie in memory do not do is done here, in one pass over the memory, and for
//! all layouts at once: other types to sum in, compensated sums, initial values, exclusive sums in place, checks.
//! What the lanes have summed to is kept in a [`State`], so that they can be summed in any pieces.

use core::marker::PhantomData;
use core::slice;

use crate::cpu::Backend;
use crate::cpu::Stores;
use crate::element::Element;
use crate::ends::Rows;
use crate::kernel::compensated;
use crate::kernel::state::Carry;
use crate::kernel::state::{Pairs, Position, Strips};
use crate::lanes::Kernel;
use crate::memory::Lane;
use crate::memory::Memory;
use crate::memory::Panel;
use crate::memory::{InOut as Pair, StridedMut as Target};
use crate::number::{Number, as_same_bits_mut, same_bits};
use crate::order::{Order, Summation};
use crate::primitive::Primitive;
use crate::rule::{Overflow, Rule};

/// The bytes of a tile.
pub(crate) const TILE_BYTES: usize = 16384;

/// The most bytes of a row of a tile: so that it has sixteen rows, a block of any type.
pub(crate) const ROW_BYTES: usize = TILE_BYTES / 16;

/// How many lanes are summed side by side.
pub(crate) fn width<C: Primitive>(kernel: Kernel) -> usize {
    if kernel == Kernel::Row { 1 } else { ROW_BYTES / size_of::<C>() }
}

/// What is done to each tile, for sums of `A` that are formed in `C`.
pub(crate) struct Staged<A, C> {
    pub(crate) backend: Backend,
    method: Method,
    /// The rows that are summed together: a block, or one, where the order is that of the rows.
    block: usize,
    initial: Option<[C; 2]>,
    exclusive: bool,
    skip_nan: bool,
    /// Whether lanes are the parts of complex numbers, in turns: they are NaN together.
    pub(crate) in_pairs: bool,
    checked: bool,
    /// Where single lanes are summed where they lie.
    stores: Stores,
    sums: PhantomData<A>,
}

/// How numbers are summed.
#[derive(Clone, Copy, PartialEq)]
enum Method {
    /// As they are.
    Plain(Order),
    /// One after the other, with each sum rounded to the type that is asked for.
    Rounded,
    /// In pairs.
    Compensated,
}

/// The rows of a state before those of an incomplete block: the last sums, then the offsets and the carries, and
/// what either lacks where sums are compensated.
pub(crate) const KEPT: usize = 5;
const LAST: usize = 0;
pub(crate) const OFFSET: usize = 1;
pub(crate) const CARRY: usize = 2;
pub(crate) const OFFSET_LOW: usize = 3;
pub(crate) const CARRY_LOW: usize = 4;

/// What lanes side by side have summed to.
pub(crate) struct State<'a, C> {
    /// Rows of `stride` numbers: [`KEPT`] ones, and then those of an incomplete block, as they were read. There is
    /// room for them if the lanes are to be continued.
    pub(crate) rows: &'a mut [C],
    /// The lanes, rounded up to whole registers.
    pub(crate) stride: usize,
    pub(crate) position: Position,
    /// The rows of the incomplete block.
    pub(crate) rest: usize,
}

impl<A: Number, C: Primitive> Staged<A, C> {
    pub(crate) fn new<E: Element<Storage = A>>(
        backend: Backend,
        rule: Rule<E>,
        stores: Stores,
    ) -> Self {
        let as_is = same_bits::<A, C>();
        let method = match rule.summation {
            _ if C::EXACT => Method::Plain(Order::Blocked),
            Summation::Sequential if as_is => Method::Plain(Order::Running),
            Summation::Sequential => Method::Rounded,
            Summation::Compensated if as_is => Method::Compensated,
            Summation::Blocked | Summation::Compensated => Method::Plain(Order::Blocked),
        };
        let in_rows = C::EXACT || matches!(method, Method::Plain(Order::Running) | Method::Rounded);
        Self {
            backend,
            method,
            block: if in_rows { 1 } else { C::BLOCK },
            initial: rule.initial.map(|initial| initial.to_parts().map(C::cast_from)),
            exclusive: rule.exclusive,
            skip_nan: rule.skip_nan && !C::EXACT,
            in_pairs: false,
            checked: rule.checked && C::EXACT && !E::WRAPS,
            stores: backend.stores(stores),
            sums: PhantomData,
        }
    }

    /// Sums lanes from their beginning to their end.
    ///
    /// Not generic over the rows, so that it is compiled once for `A`, and not again for all that is cast to it.
    #[inline(never)]
    pub(crate) fn sum_lanes(
        &self,
        width: usize,
        len: usize,
        part: &dyn Fn(usize) -> usize,
        rows: &mut dyn Rows<C>,
    ) -> Result<(), Overflow> {
        let mut memory = Memory::<{ KEPT * ROW_BYTES }>::new();
        let stride = stride::<C>(width);
        let memory = memory.fill(KEPT * stride, C::IDENTITY);
        let mut state = State { rows: memory, stride, position: Position::default(), rest: 0 };
        self.begin(&mut state, width, part);
        self.feed(&mut state, width, len, rows)
    }

    /// The state before the first row. `part` says which part of the initial value each lane begins with.
    pub(crate) fn begin(
        &self,
        state: &mut State<'_, C>,
        width: usize,
        part: &dyn Fn(usize) -> usize,
    ) {
        let stride = state.stride;
        state.rows.fill(C::IDENTITY);
        let zero = C::cast_from(0u8);
        if self.method == Method::Compensated {
            state.rows[OFFSET_LOW * stride..KEPT * stride].fill(zero);
        }
        state.rows[LAST * stride..][..stride].fill(zero);
        state.position = Position::default();
        state.rest = 0;
        if let Some(initial) = self.initial {
            // Running sums have no chunks, and so no offset.
            let row = if self.block == 1 { CARRY } else { OFFSET };
            for lane in 0..width {
                state.rows[LAST * stride + lane] = initial[part(lane)];
                state.rows[row * stride + lane] = initial[part(lane)];
            }
            state.position.is_past_first_chunk = true;
        }
    }

    /// Sums the next `len` rows of `width` lanes.
    ///
    /// Only if the state has room for an incomplete block can there be more rows after it.
    #[inline(never)]
    pub(crate) fn feed(
        &self,
        state: &mut State<'_, C>,
        width: usize,
        len: usize,
        rows: &mut dyn Rows<C>,
    ) -> Result<(), Overflow> {
        let room = Memory::<TILE_BYTES>::room::<C>() / width;
        let most = room - room % self.block;
        let (mut tile, mut inputs) = (Memory::<TILE_BYTES>::new(), Memory::<TILE_BYTES>::new());
        let tile = tile.fill(most.min(state.rest + len) * width, C::IDENTITY);
        let inputs = inputs.fill(if self.checked { tile.len() } else { 0 }, C::IDENTITY);
        let mut first = 0;
        while first < len {
            if self.sums_in_place() && width == 1 && state.rest == 0 {
                let whole = len - first - (len - first) % self.block;
                let State { rows: kept, position, .. } = &mut *state;
                let mut last = None;
                let sum = &mut |lane: Lane<'_, C>| {
                    last = self.sum_lane(kept, position, self.stores, lane);
                };
                let mut done = whole > 0 && rows.lane(first, whole, sum);
                if whole > 0 && !done {
                    let State { rows: kept, position, .. } = &mut *state;
                    let sum = &mut |lane: Lane<'_, f32>| {
                        last = self.sum_wide_lane(kept, position, lane);
                    };
                    done = rows.wide_lane(first, whole, sum);
                }
                if done {
                    if let Some(last) = last {
                        state.rows[LAST] = last;
                    }
                    first += whole;
                    continue;
                }
            }
            let rest = state.rest;
            let new = (most - rest).min(len - first);
            let tile = &mut tile[..(rest + new) * width];
            let (before, after) = tile.split_at_mut(rest * width);
            copy_rows(&state.rows[KEPT * state.stride..], state.stride, before, width, width);
            rows.read(first, new, after);
            if self.skip_nan {
                self.backend.vectorize(
                    #[inline(always)]
                    || {
                        if self.in_pairs {
                            skip_nan::<C, 2>(after);
                        } else {
                            skip_nan::<C, 1>(after);
                        }
                    },
                );
            }
            if self.checked {
                inputs[..tile.len()].copy_from_slice(tile);
            }
            self.sum_tile(state, width, tile);
            let last = &mut state.rows[LAST * state.stride..][..width];
            if self.checked && !self.fits(last, &inputs[..tile.len()], tile) {
                return Err(Overflow);
            }
            let sums = &tile[rest * width..];
            if self.exclusive {
                rows.write(first, 1, last);
                rows.write(first + 1, new - 1, &sums[..(new - 1) * width]);
            } else {
                rows.write(first, new, sums);
            }
            last.copy_from_slice(&sums[(new - 1) * width..]);
            first += new;
        }
        Ok(())
    }

    /// Goes past a chunk of one of the lanes, at the beginning of one.
    pub(crate) fn pass(&self, state: &mut State<'_, C>, lane: usize, [high, low]: [C; 2]) {
        let stride = state.stride;
        let row = if self.block == 1 { CARRY } else { OFFSET };
        let mut number = state.rows[row * stride + lane];
        let mut last = number.plus(high);
        if self.method == Method::Compensated {
            let low_of = OFFSET_LOW * stride + lane;
            let [sum, carry] = [[number, state.rows[low_of]], [high, low]];
            let (pair, rounded) = compensated::plus(sum.map(C::as_), carry.map(C::as_));
            [number, state.rows[low_of]] = pair.map(C::cast_from);
            last = C::cast_from(rounded);
        } else {
            number = last;
        }
        state.rows[row * stride + lane] = number;
        state.rows[LAST * stride + lane] = last;
    }

    /// Whether there is nothing to be done but to sum.
    fn sums_in_place(&self) -> bool {
        !(self.exclusive || self.skip_nan || self.checked || self.method == Method::Rounded)
    }

    /// Sums a lane where it lies, from the beginning of a block; returns the last sum. An incomplete block can only be
    /// the last one, and is not passed.
    fn sum_lane(
        &self,
        kept: &mut [C],
        position: &mut Position,
        stores: Stores,
        lane: Lane<'_, C>,
    ) -> Option<C> {
        let [_, offset, carry, offset_low, carry_low, ..] = kept else { return None };
        let sum = |lane: Lane<'_, C>| match self.method {
            Method::Compensated => {
                let kept = [offset, &mut *carry, offset_low, carry_low].map(slice::from_mut);
                let kept = kept.map(as_same_bits_mut);
                C::compensated_row(self.backend, stores, Pairs { kept, position }, lane);
            }
            Method::Plain(order) => {
                let (sums, row) = ([*offset, *carry].map(C::Bits::cast_from), position.row);
                let mut state = Carry { offset: sums[0], carry: sums[1], position: row };
                match stores {
                    Stores::Cached => C::sum(self.backend, order, &mut state, lane),
                    Stores::Streamed => C::stream(self.backend, order, &mut state, lane),
                }
                (*offset, *carry) = (C::cast_from(state.offset), C::cast_from(state.carry));
                position.row = state.position;
            }
            Method::Rounded => unreachable!("rounded sums have no lanes as they lie"),
        };
        // SAFETY: each kernel writes all sums of its lane.
        let last = unsafe { lane.last_of(sum) };
        // The carry is that of whole blocks; but a sum that is exact can go on from anywhere.
        if let (true, Some(last)) = (C::EXACT, last) {
            *carry = last;
        }
        last
    }

    /// The same of `f32`.
    fn sum_wide_lane(
        &self,
        kept: &mut [C],
        position: &mut Position,
        lane: Lane<'_, f32>,
    ) -> Option<C> {
        let [_, offset, carry, offset_low, carry_low, ..] = kept else { return None };
        let kept = [offset, carry, offset_low, carry_low].map(slice::from_mut);
        let kept = kept.map(as_same_bits_mut);
        let pairs = Pairs { kept, position };
        let sum = |lane: Lane<'_, f32>| C::wide_row(self.backend, self.stores, pairs, lane);
        // SAFETY: the kernel writes all sums of its lane.
        let last = unsafe { lane.last_of(sum) };
        last.map(C::cast_from)
    }

    /// Sums a tile that begins with a block. Of one that is incomplete, the state keeps the rows.
    fn sum_tile(&self, state: &mut State<'_, C>, width: usize, tile: &mut [C]) {
        let block = self.block * width;
        let (whole, tail) = tile.split_at_mut(tile.len() - tile.len() % block);
        let (kept, rest) = state.rows.split_at_mut(KEPT * state.stride);
        if !whole.is_empty() {
            self.sum_rows(kept, state.stride, &mut state.position, width, whole);
        }
        state.rest = tail.len() / width;
        if !tail.is_empty() {
            copy_rows(tail, width, rest, state.stride, width);
            let mut memory = Memory::<{ KEPT * ROW_BYTES }>::new();
            let scratch = memory.fill(kept.len(), C::IDENTITY);
            scratch.copy_from_slice(kept);
            let mut position = state.position;
            self.sum_rows(scratch, state.stride, &mut position, width, tail);
        }
    }

    /// Sums rows in place, and moves what is kept on.
    fn sum_rows(
        &self,
        kept: &mut [C],
        stride: usize,
        position: &mut Position,
        width: usize,
        tile: &mut [C],
    ) {
        if width == 1 && self.method != Method::Rounded {
            self.sum_lane(kept, position, Stores::Cached, Lane::in_place(tile));
            return;
        }
        if self.method == Method::Compensated && width < C::BLOCK / 2 {
            return self.sum_apart(kept, stride, position, width, tile);
        }
        let mut kept = kept.chunks_exact_mut(stride).skip(OFFSET);
        let mut next = || kept.next().unwrap_or_default();
        let (offset, carry) = (next(), next());
        match self.method {
            Method::Plain(order) => {
                let mut strips = Strips { offset, carry, position };
                let rows = tile.len() / width;
                let rows = Target::rows(tile, rows, width, width);
                let panel = Panel::new(Pair::in_place(rows));
                C::panel(self.backend, order, Stores::Cached, &mut strips, panel);
            }
            Method::Rounded => {
                for row in tile.chunks_exact_mut(width) {
                    for (sum, x) in carry.iter_mut().zip(row) {
                        *sum = C::cast_from(A::cast_from(sum.plus(*x)));
                        *x = *sum;
                    }
                }
            }
            Method::Compensated => {
                let kept = [offset, carry, next(), next()].map(as_same_bits_mut);
                let tile = as_same_bits_mut(tile);
                C::compensated_down(self.backend, Pairs { kept, position }, width, tile);
            }
        }
    }

    /// Sums rows of a few lanes one lane after the other, since registers across them would be mostly empty.
    fn sum_apart(
        &self,
        kept: &mut [C],
        stride: usize,
        position: &mut Position,
        width: usize,
        tile: &mut [C],
    ) {
        let begin = *position;
        let mut memory = Memory::<{ TILE_BYTES / 2 }>::new();
        let lane = memory.fill(tile.len() / width, C::IDENTITY);
        for first in 0..width {
            let mut own = [C::IDENTITY; KEPT];
            for (own, row) in own.iter_mut().zip(kept.chunks_exact(stride)) {
                *own = row[first];
            }
            for (x, row) in lane.iter_mut().zip(tile.chunks_exact(width)) {
                *x = row[first];
            }
            *position = begin;
            self.sum_lane(&mut own, position, Stores::Cached, Lane::in_place(lane));
            for (x, row) in lane.iter().zip(tile.chunks_exact_mut(width)) {
                row[first] = *x;
            }
            for (own, row) in own.iter().zip(kept.chunks_exact_mut(stride)) {
                row[first] = *own;
            }
        }
    }

    /// Whether no sum has left its type, after those that did not before.
    fn fits(&self, last: &[C], inputs: &[C], sums: &[C]) -> bool {
        let mut fits = true;
        self.backend.vectorize(
            #[inline(always)]
            || {
                let (first, rest) = inputs.split_at(last.len());
                fits = all_fit(last, first) & all_fit(sums, rest);
            },
        );
        fits
    }
}

/// The lanes of a state, rounded up to whole registers.
pub(crate) fn stride<C: Primitive>(width: usize) -> usize {
    if width == 1 { 1 } else { width.next_multiple_of(C::BLOCK) }
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

/// Makes zeros of each `N` numbers of which one is NaN.
#[inline(always)]
fn skip_nan<C: Primitive, const N: usize>(tile: &mut [C]) {
    for numbers in tile.as_chunks_mut::<N>().0 {
        if numbers.iter().fold(false, |any, x| any | x.is_nan()) {
            *numbers = [C::cast_from(0u8); N];
        }
    }
}

/// Whether each sum before can take its number.
#[inline(always)]
fn all_fit<C: Primitive>(before: &[C], x: &[C]) -> bool {
    before.iter().zip(x).fold(true, |fits, (before, x)| fits & before.plus_fits(*x))
}
