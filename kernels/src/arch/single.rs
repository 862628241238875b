//! The scalar backend: a "register" of one element, on any CPU.

use core::cmp::Ordering;

use crate::compensated::Float;
use crate::down::Down;
use crate::primitive::Primitive;
use crate::tile::Transpose;
use crate::vector::{Scan, Vector};
use crate::wide::Widen;

super::kernels! {
    [()];
    f32: scan(Single<f32>, 1, 16), down(Single<f32>, 1, 16), pick();
    f64: scan(Single<f64>, 1, 8), down(Single<f64>, 1, 8), pick(),
        pairs(Single<f64>, 1, 8, 8; Down::of);
    u8: running(), down_exact(Single<u8>, 1, 8), pick(), transpose(Single<u8>, 1);
    u16: running(), down_exact(Single<u16>, 1, 8), pick(), transpose(Single<u16>, 1);
    u32: running(), down_exact(Single<u32>, 1, 8), pick(), transpose(Single<u32>, 1);
    u64: running(), down_exact(Single<u64>, 1, 8), pick(), transpose(Single<u64>, 1);
}

/// One element as a register of one lane: its scan is itself, and a block is `BLOCK` registers.
///
/// So the block scan does all of Sklansky's network between registers, and these few lines are the
/// plainest reading of the canonical order.
#[derive(Clone, Copy)]
pub(crate) struct Single<A>(core::marker::PhantomData<A>);

impl<A: Primitive> Vector<1> for Single<A> {
    type Element = A;
    type Register = A;
    type Token = ();

    #[inline(always)]
    fn new((): ()) -> Self {
        Self(core::marker::PhantomData)
    }
    #[inline(always)]
    fn splat(self, x: A) -> A {
        x
    }
    #[inline(always)]
    fn add(self, a: A, b: A) -> A {
        a.plus(b)
    }
    /// Of fewer than one.
    #[inline(always)]
    fn load_part(self, _: &[A]) -> A {
        A::IDENTITY
    }
}

impl<A: Primitive> Scan<1> for Single<A> {
    #[inline(always)]
    fn scan(self, x: A) -> A {
        x
    }
    #[inline(always)]
    fn last(self, x: A) -> A {
        x
    }
}

impl<A: Primitive> Transpose<1> for Single<A> {
    #[inline(always)]
    fn transpose(self, x: [A; 1]) -> [A; 1] {
        x
    }
}

impl Float<1> for Single<f64> {
    #[inline(always)]
    fn sub(self, a: f64, b: f64) -> f64 {
        a - b
    }
    #[inline(always)]
    fn choose(self, hi: f64, sum: f64) -> f64 {
        match sum.partial_cmp(&hi) {
            Some(Ordering::Less | Ordering::Greater) => sum,
            _ => hi,
        }
    }
}

impl Widen<1> for Single<f64> {
    #[inline(always)]
    fn widen(self, from: &[f32; 1]) -> f64 {
        from[0].into()
    }
    #[inline(always)]
    fn narrow(self, x: f64, to: &mut [f32; 1]) {
        *to = [x as f32];
    }
}
