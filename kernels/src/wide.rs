//! `f32` that is summed in `f64`, where it lies: what `Summation::Compensated` does with it.
//!
//! A block is eight numbers, as of `f64`, and half as many bytes. All else that is summed in a wider type is cast a tile
//! at a time (`staged.rs`), which takes three times as long from memory. (64 Mi `f32`: 1.7 times `memcpy` by tiles. Zen 5,
//! 2026-11.)

use crate::compensated::Driver;
use crate::number::Number;
use crate::scan::{self, Running};
use crate::vector::{Scan, Vector, copy_short};

/// What it needs of an instruction set.
pub(crate) trait Widen<const W: usize>: Vector<W, Element = f64> {
    /// The numbers in their order.
    fn widen(self, from: &[f32; W]) -> Self::Register;

    /// The lanes in their order, each rounded.
    fn narrow(self, x: Self::Register, to: &mut [f32; W]);

    /// The same, of a result: past the cache in [`Past`](crate::stream::Past).
    #[inline(always)]
    fn narrow_sums(self, x: Self::Register, to: &mut [f32; W]) {
        self.narrow(x, to);
    }

    /// The same, past the cache if there is an instruction for that and `to` is aligned to 16 bytes.
    ///
    /// # Safety
    ///
    /// That of [`Vector::stream`].
    #[inline(always)]
    unsafe fn stream_narrow(self, x: Self::Register, to: &mut [f32; W]) {
        self.narrow(x, to);
    }
}

/// Registers of `f64` for elements of `f32`.
#[derive(Clone, Copy)]
pub(crate) struct Wide<V>(pub(crate) V);

impl<V: Widen<W>, const W: usize> Vector<W> for Wide<V> {
    type Element = f32;
    type Register = V::Register;
    type Token = V::Token;

    #[inline(always)]
    fn new(token: V::Token) -> Self {
        Self(V::new(token))
    }
    #[inline(always)]
    fn splat(self, x: f32) -> V::Register {
        self.0.splat(x.into())
    }
    #[inline(always)]
    fn add(self, a: V::Register, b: V::Register) -> V::Register {
        self.0.add(a, b)
    }
    #[inline(always)]
    fn load(self, from: &[f32; W]) -> V::Register {
        self.0.widen(from)
    }
    #[inline(always)]
    fn store(self, x: V::Register, to: &mut [f32; W]) {
        self.0.narrow(x, to);
    }
    #[inline(always)]
    fn store_sums(self, x: V::Register, to: &mut [f32; W]) {
        self.0.narrow_sums(x, to);
    }
    #[inline(always)]
    fn load_part(self, from: &[f32]) -> V::Register {
        let mut padded = [f32::IDENTITY; W];
        copy_short(from, &mut padded);
        self.load(&padded)
    }
    #[inline(always)]
    fn store_part(self, x: V::Register, to: &mut [f32]) {
        let mut padded = [f32::IDENTITY; W];
        self.store(x, &mut padded);
        copy_short(&padded, to);
    }
}

impl<V: Widen<W> + Scan<W>, const W: usize> Scan<W> for Wide<V> {
    #[inline(always)]
    fn scan(self, x: V::Register) -> V::Register {
        self.0.scan(x)
    }
    #[inline(always)]
    fn last(self, x: V::Register) -> V::Register {
        self.0.last(x)
    }
}

impl<V: Widen<W> + Scan<W>, const W: usize, const R: usize> Driver<W, R> for Wide<V> {
    type Kept = f64;
    type Scan = Self;

    #[inline(always)]
    fn scan(self) -> Self {
        self
    }
    #[inline(always)]
    fn begin(self, [offset, carry, ..]: [f64; 4]) -> Running<V::Register> {
        Running { offset: self.0.splat(offset), carry: self.0.splat(carry) }
    }
    #[inline(always)]
    fn end(self, Running { offset, carry }: Running<V::Register>) -> [f64; 4] {
        let [offset, carry] = [offset, carry].map(|register| {
            let mut lanes = [f64::IDENTITY; W];
            self.0.store(register, &mut lanes);
            lanes[0]
        });
        [offset, carry, 0.0, 0.0]
    }
    #[inline(always)]
    fn sum_block(
        self,
        running: &mut Running<V::Register>,
        block: [V::Register; R],
    ) -> [V::Register; R] {
        scan::sum_block::<_, W, R, true>(self, running, block)
    }
}
