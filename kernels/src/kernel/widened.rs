//! `f32` that is summed in `f64`, where it lies: what `Summation::Compensated` does with it.
//!
//! A block is eight numbers, as of `f64`, and half as many bytes. All else that is summed in a wider type is cast a
//! tile at a time, which takes longer from memory. (64 Mi `f32`: 1.7 times `memcpy` by tiles. Zen 5, 2026-11.)

use super::row::sum_lane;
use super::state::{Pairs, Running, first_slot};
use crate::memory::{Lane, Place};
use crate::number::Number;
use crate::simd::{Scan, Vector, Widen, copy_short, delegate, store_each};

/// Registers of `f64` for elements of `f32`.
#[derive(Clone, Copy)]
struct Widened<V>(V);

impl<V: Widen<W>, const W: usize> Vector<W> for Widened<V> {
    type Element = f32;
    type Register = V::Register;

    delegate!(0: add streams);

    #[inline(always)]
    fn splat(self, x: f32) -> V::Register {
        self.0.splat(x.into())
    }
    #[inline(always)]
    fn load(self, from: &[f32; W]) -> V::Register {
        self.0.widen(from)
    }
    #[inline(always)]
    fn load_part(self, from: &[f32]) -> V::Register {
        let mut padded = [f32::IDENTITY; W];
        copy_short(from, Place::of_slice(&mut padded));
        self.load(&padded)
    }
    #[inline(always)]
    fn store(self, x: V::Register, to: &mut Place<[f32; W]>) {
        self.0.narrow(x, to);
    }
    #[inline(always)]
    fn store_part(self, x: V::Register, to: &mut [Place<f32>]) {
        let mut padded = [f32::IDENTITY; W];
        self.store(x, Place::of(&mut padded));
        copy_short(&padded, to);
    }
    #[inline(always)]
    fn store_row_part(self, x: V::Register, to: &mut [Place<f32>]) {
        self.store_part(x, to);
    }
    #[inline(always)]
    fn store_sums(self, x: V::Register, to: &mut Place<[f32; W]>) {
        self.0.narrow_sums(x, to);
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
    fn read_ahead(self, _: *const f32) {}
    #[inline(always)]
    fn in_cache(self) -> Self {
        Self(self.0.in_cache())
    }
}

impl<V: Widen<W> + Scan<W>, const W: usize> Scan<W> for Widened<V> {
    delegate!(0: scan last);
}

/// Sums a lane of `f32`, or a piece of one, from the beginning of a block. Only the last block may be incomplete; the
/// carry stays before it.
#[inline(always)]
pub(crate) fn row<V: Widen<W> + Scan<W>, const W: usize, const R: usize>(
    v: V,
    Pairs { kept: [offset, carry, ..], position }: Pairs<'_, f64>,
    lane: Lane<'_, f32>,
) {
    let ([offset, ..], [carry, ..]) = (offset, carry) else { return };
    let mut running = Running { offset: v.splat(*offset), carry: v.splat(*carry) };
    sum_lane::<_, W, R, false, false>(Widened(v), &mut running, position, lane);
    *offset = first_slot(v, running.offset);
    *carry = first_slot(v, running.carry);
}
