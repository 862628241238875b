//! [`Truth`]: a `bool` as a number.

use bytemuck::{NoUninit, TransparentWrapper};
use num_traits::AsPrimitive;

use super::{Number, number, to_half};

/// A `bool`, whose sum is "or".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Truth(bool);

// SAFETY: `repr(transparent)` over its only field.
unsafe impl TransparentWrapper<bool> for Truth {}
// SAFETY: a `bool` is a byte that is always initialised, and this is one.
unsafe impl NoUninit for Truth {}

impl Truth {
    #[inline(always)]
    pub(crate) const fn of(x: bool) -> Self {
        Self(x)
    }

    #[inline(always)]
    pub(crate) const fn holds(self) -> bool {
        self.0
    }
}

macro_rules! casts {
    ($($T:ident)*) => {
        $(impl AsPrimitive<$T> for Truth {
            #[inline(always)]
            fn as_(self) -> $T {
                u8::from(self.0).into()
            }
        })*
    };
}

casts!(f32 f64 i16 i32 i64 u8 u16 u32 u64);

impl AsPrimitive<i8> for Truth {
    #[inline(always)]
    fn as_(self) -> i8 {
        self.0.into()
    }
}

number! {
    Truth, Truth, Truth(false), exact: true,
    plus: |a, b| Truth(a.0 | b.0), fits: |_, _| true, cast: x => x.to_truth(),
    bytes: |bytes| Truth(bytemuck::pod_read_unaligned::<u8>(bytes) != 0),
    x => x.0, truth: x.0, half: to_half
}
