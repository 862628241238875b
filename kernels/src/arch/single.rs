//! The scalar backend: a "register" of one element, on any CPU.

use crate::primitive::Primitive;
use crate::tile::Transpose;
use crate::vector::{Scan, Vector};

super::kernels! {
    [()];
    f32: scan(Single<f32>, 1, 16), down(Single<f32>, 1, 16), pick();
    f64: scan(Single<f64>, 1, 8), down(Single<f64>, 1, 8), pick();
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
