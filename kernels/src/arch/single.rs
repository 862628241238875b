//! The scalar backend: a "register" of one element, on any CPU.

use crate::lane::Lane;
use crate::order::Carry;
use crate::primitive::Primitive;
use crate::scan;
use crate::vector::{Scan, Vector};

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

/// Sums a lane of `f32`, or a piece of one.
pub(crate) fn f32((): (), carry: &mut Carry<f32>, lane: Lane<'_, f32>) {
    scan::row::<Single<f32>, 1, 16>(Single::new(()), carry, lane);
}

/// Sums a lane of `f64`, or a piece of one.
pub(crate) fn f64((): (), carry: &mut Carry<f64>, lane: Lane<'_, f64>) {
    scan::row::<Single<f64>, 1, 8>(Single::new(()), carry, lane);
}

macro_rules! integers {
    ($($T:ident)*) => {
        $(
            /// Sums a lane, or a piece of one, in order: exact, and one addition to an element.
            pub(crate) fn $T((): (), carry: &mut Carry<$T>, lane: Lane<'_, $T>) {
                scan::running_sum(carry, lane);
            }
        )*
    };
}
integers!(u8 u16 u32 u64);
