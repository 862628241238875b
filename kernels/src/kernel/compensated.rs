//! Compensated sums: the canonical order over pairs of numbers, one of them the error of the other.
//!
//! [`Compensated`] makes a register of pairs of two registers, with the addition and the rounding that
//! [`order`](crate::order#compensated-sums) describes. The block scan is that of `block.rs`, as in all other kernels.

use super::block::sum_block;
use super::column::Columns;
use super::row::sum_lane;
use super::state::{Pairs, Running, first_slot};
use crate::arch::scalar::Scalar;
use crate::memory::{Lane, Place};
use crate::number::Number;
use crate::simd::{Context, Float, Permute, Scan, Vector, delegate, store_each};

/// A register of pairs: the high numbers, and the low ones.
#[derive(Clone, Copy)]
pub(crate) struct Compensated<V>(V);

impl<V> Compensated<V> {
    #[inline(always)]
    pub(crate) fn of(v: V) -> Self {
        Self(v)
    }
}

impl<V: Float<W>, const W: usize> Vector<W> for Compensated<V> {
    type Element = V::Element;
    type Register = [V::Register; 2];

    delegate!(0: streams);

    #[inline(always)]
    fn splat(self, x: V::Element) -> [V::Register; 2] {
        exactly::<V, W>(self.0, self.0.splat(x))
    }
    #[inline(always)]
    fn add(self, [a, b]: [V::Register; 2], [c, d]: [V::Register; 2]) -> [V::Register; 2] {
        let v = self.0;
        let s = v.add(a, c);
        let t = v.sub(s, a);
        let e = v.add(v.sub(a, v.sub(s, t)), v.sub(c, t));
        [s, v.add(v.add(b, d), e)]
    }
    #[inline(always)]
    fn load(self, from: &[V::Element; W]) -> [V::Register; 2] {
        exactly::<V, W>(self.0, self.0.load(from))
    }
    #[inline(always)]
    fn load_part(self, from: &[V::Element]) -> [V::Register; 2] {
        exactly::<V, W>(self.0, self.0.load_part(from))
    }
    #[inline(always)]
    fn store(self, x: [V::Register; 2], to: &mut Place<[V::Element; W]>) {
        self.0.store(rounded::<V, W>(self.0, x), to);
    }
    #[inline(always)]
    fn store_part(self, x: [V::Register; 2], to: &mut [Place<V::Element>]) {
        self.0.store_part(rounded::<V, W>(self.0, x), to);
    }
    #[inline(always)]
    fn store_row_part(self, x: [V::Register; 2], to: &mut [Place<V::Element>]) {
        self.0.store_row_part(rounded::<V, W>(self.0, x), to);
    }
    #[inline(always)]
    fn store_sums(self, x: [V::Register; 2], to: &mut Place<[V::Element; W]>) {
        self.0.store_sums(rounded::<V, W>(self.0, x), to);
    }
    #[inline(always)]
    unsafe fn store_all<const N: usize, const ALIGNED: bool>(
        self,
        sums: [Self::Register; N],
        to: *mut Self::Element,
        step: isize,
    ) {
        // SAFETY: the obligation is handed on.
        unsafe { store_each(self, sums, to, step) }
    }
    #[inline(always)]
    fn read_ahead(self, _: *const V::Element) {}
    #[inline(always)]
    fn in_cache(self) -> Self {
        Self(self.0.in_cache())
    }
}

/// A register of numbers as pairs, whose low numbers are zero.
#[inline(always)]
fn exactly<V: Float<W>, const W: usize>(v: V, x: V::Register) -> [V::Register; 2] {
    [x, v.splat(V::Element::cast_from(0u8))]
}

/// A register of pairs, rounded to numbers.
#[inline(always)]
fn rounded<V: Float<W>, const W: usize>(v: V, [hi, lo]: [V::Register; 2]) -> V::Register {
    v.choose(hi, v.add(hi, lo))
}

/// The sum of two pairs, and that rounded to a number.
pub(crate) fn plus(a: [f64; 2], b: [f64; 2]) -> ([f64; 2], f64) {
    let v = Scalar::<f64>::new(());
    let sum = Compensated(v).add(a, b);
    (sum, rounded::<_, 1>(v, sum))
}

impl<V: Float<W> + Permute<W>, const W: usize> Permute<W> for Compensated<V> {
    type Choice = V::Choice;

    #[inline(always)]
    fn choice(slots: [Option<u8>; W]) -> V::Choice {
        V::choice(slots)
    }
    #[inline(always)]
    fn permute(
        self,
        [x, y]: [V::Register; 2],
        [from, from_low]: [V::Register; 2],
        choice: V::Choice,
    ) -> [V::Register; 2] {
        [self.0.permute(x, from, choice), self.0.permute(y, from_low, choice)]
    }
}

/// Sums a lane, or a piece of one, in pairs, from the beginning of a block, along registers which `scan` scans. Only
/// the last block may be incomplete; the carry stays before it.
#[inline(always)]
pub(crate) fn row<V, S, const W: usize, const R: usize>(
    v: V,
    scan: S,
    Pairs { kept, position }: Pairs<'_, V::Element>,
    lane: Lane<'_, V::Element>,
) where
    V: Float<W>,
    S: Scan<W, Element = V::Element, Register = [V::Register; 2]>,
{
    let [[offset, ..], [carry, ..], [offset_low, ..], [carry_low, ..]] = kept else { return };
    let mut running = Running {
        offset: [v.splat(*offset), v.splat(*offset_low)],
        carry: [v.splat(*carry), v.splat(*carry_low)],
    };
    sum_lane::<S, W, R, true, false>(scan, &mut running, position, lane);
    [*offset, *offset_low] = running.offset.map(|register| first_slot(v, register));
    [*carry, *carry_low] = running.carry.map(|register| first_slot(v, register));
}

/// Sums a tile of rows of `width` lanes in place, in blocks of `B` rows. Only the last block may be incomplete.
#[inline(always)]
pub(crate) fn panel<V, const W: usize, const B: usize>(
    v: V,
    Pairs { kept, position }: Pairs<'_, V::Element>,
    width: usize,
    tile: &mut [V::Element],
) where
    V: Float<W>,
{
    if width == 0 {
        return; // Said here, so that no panic says it below.
    }
    let scan = Columns::of(Compensated(v));
    let begin = *position;
    let [offset, carry, offset_low, carry_low] = kept.map(|kept| kept.as_chunks_mut::<W>().0);
    let high = offset.iter_mut().zip(carry);
    let low = offset_low.iter_mut().zip(carry_low);
    let mut lane = 0;
    for ((offset, carry), (offset_low, carry_low)) in high.zip(low) {
        if lane >= width {
            break;
        }
        let mut running = Running {
            offset: [v.load(offset), v.load(offset_low)],
            carry: [v.load(carry), v.load(carry_low)],
        };
        *position = begin;
        for block in tile.chunks_mut(width.saturating_mul(B)) {
            let lanes = lane..width.min(lane + W);
            let mut sums = [scan.splat(V::Element::IDENTITY); B];
            for (sum, row) in sums.iter_mut().zip(block.chunks(width)) {
                let row = row.get(lanes.clone()).unwrap_or_default();
                *sum = match row.first_chunk::<W>() {
                    Some(whole) => scan.load(whole),
                    None => scan.load_part(row),
                };
            }
            let sums = sum_block::<_, W, B, true, true>(scan, &mut running, sums);
            let rows = block.len() / width;
            for (sum, row) in sums.into_iter().zip(block.chunks_mut(width)) {
                let row = row.get_mut(lanes.clone()).unwrap_or_default();
                match row.first_chunk_mut::<W>() {
                    Some(whole) => scan.store(sum, Place::of(whole)),
                    None => scan.store_part(sum, Place::of_slice(row)),
                }
            }
            running.pass(scan, position, rows);
        }
        let Running { offset: [high, low], carry: [carry_high, carry_lower] } = running;
        v.store(high, Place::of(offset));
        v.store(low, Place::of(offset_low));
        v.store(carry_high, Place::of(carry));
        v.store(carry_lower, Place::of(carry_low));
        lane += W;
    }
}
