//! The scalar backend: a "register" of one element, on any CPU.

use core::cmp::Ordering;
use core::marker::PhantomData;

use crate::memory::Place;
use crate::number::Number;
use crate::simd::{Context, Float, Scan, Token, Transpose, Vector, Widen};

/// One element as a register of one slot: its scan is itself, and a block is `BLOCK` registers.
///
/// Thus all of Sklansky's network lies between registers, in the block scan, and this file is the plainest reading of
/// the canonical order.
#[derive(Clone, Copy)]
pub(crate) struct Scalar<A>(PhantomData<A>);

impl<A: Number> Vector<1> for Scalar<A> {
    type Element = A;
    type Register = A;

    cached_methods!(1);

    #[inline(always)]
    fn splat(self, x: A) -> A {
        x
    }
    #[inline(always)]
    fn add(self, a: A, b: A) -> A {
        a.plus(b)
    }
    #[inline(always)]
    fn load(self, from: &[A; 1]) -> A {
        from[0]
    }
    /// Loads fewer elements than one, and so none.
    #[inline(always)]
    fn load_part(self, _: &[A]) -> A {
        A::IDENTITY
    }
    #[inline(always)]
    fn store(self, x: A, to: &mut Place<[A; 1]>) {
        to.write([x]);
    }
    /// Stores to fewer places than one, and so to none.
    #[inline(always)]
    fn store_part(self, _: A, _: &mut [Place<A>]) {}
    #[inline(always)]
    fn store_row_part(self, _: A, _: &mut [Place<A>]) {}
}

impl Token for () {
    #[inline(always)]
    fn fence(self) {}
}

impl<A: Number> Context<1> for Scalar<A> {
    type Token = ();

    #[inline(always)]
    fn new((): ()) -> Self {
        Self(PhantomData)
    }
}

impl<A: Number> Scan<1> for Scalar<A> {
    #[inline(always)]
    fn scan(self, x: A) -> A {
        x
    }
    #[inline(always)]
    fn last(self, x: A) -> A {
        x
    }
}

impl<A: Number> Transpose<1> for Scalar<A> {
    #[inline(always)]
    fn transpose(self, x: [A; 1]) -> [A; 1] {
        x
    }
}

impl Float<1> for Scalar<f64> {
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

impl Widen<1> for Scalar<f64> {
    #[inline(always)]
    fn widen(self, from: &[f32; 1]) -> f64 {
        from[0].into()
    }
    #[inline(always)]
    fn narrow(self, x: f64, to: &mut Place<[f32; 1]>) {
        to.write([x as f32]);
    }
    #[inline(always)]
    fn narrow_sums(self, x: f64, to: &mut Place<[f32; 1]>) {
        self.narrow(x, to);
    }
    #[inline(always)]
    unsafe fn stream_narrow(self, x: f64, to: &mut Place<[f32; 1]>) {
        self.narrow(x, to);
    }
}
