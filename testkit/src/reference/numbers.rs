//! The numbers that the reference adds, and what options ask of them besides.

use super::{blocked_from, sequential_from};

/// A type that is summed in.
pub trait Number: Copy {
    /// The elements of a block: 64 bytes of them.
    const BLOCK: usize = 64 / size_of::<Self>();

    /// What changes nothing when it is added. For floats it is `-0.0`, since `0.0 + -0.0` is `0.0`.
    const IDENTITY: Self;

    /// The first sum where no initial value is given: for floats `+0.0`, which is not the identity.
    const ZERO: Self = Self::IDENTITY;

    /// The sum, rounded once; for integers modulo 2^n.
    fn plus(self, other: Self) -> Self;

    /// The sum, unless it leaves the type. Floats do not overflow.
    fn checked_plus(self, other: Self) -> Option<Self> {
        Some(self.plus(other))
    }

    /// Zero for NaN.
    fn without_nan(self) -> Self {
        self
    }

    /// `Summation::Compensated` with a value before the first.
    fn compensated_from(offset: Self, x: &[Self]) -> Vec<Self> {
        sequential_from(offset, x)
    }
}

/// An unevaluated sum of two floats.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The sum, rounded.
    pub hi: f64,
    /// What was lost.
    pub lo: f64,
}

impl Pair {
    fn rounded(self) -> f64 {
        let Self { hi, lo } = self;
        let sum = hi + lo;
        if sum.is_nan() || sum == hi { hi } else { sum }
    }
}

impl From<f64> for Pair {
    fn from(hi: f64) -> Self {
        Self { hi, lo: 0.0 }
    }
}

/// Pairs are summed in the order of their `hi`, whose bits are those of a sum of `f64`.
impl Number for Pair {
    const BLOCK: usize = <f64 as Number>::BLOCK;
    const IDENTITY: Self = Self { hi: -0.0, lo: 0.0 };

    /// Knuth's TwoSum of the `hi`; its error and the errors so far are added up.
    fn plus(self, other: Self) -> Self {
        let (a, b) = (self, other);
        let s = a.hi + b.hi;
        let t = s - a.hi;
        let e = (a.hi - (s - t)) + (b.hi - t);
        Self { hi: s, lo: (a.lo + b.lo) + e }
    }
}

macro_rules! floats {
    ($($A:ident: $offset:ident, $x:ident => $compensated:expr;)*) => {
        $(impl Number for $A {
            const IDENTITY: Self = -0.0;
            const ZERO: Self = 0.0;

            fn plus(self, other: Self) -> Self {
                self + other
            }
            fn without_nan(self) -> Self {
                if self.is_nan() { 0.0 } else { self }
            }
            fn compensated_from($offset: Self, $x: &[Self]) -> Vec<Self> {
                $compensated
            }
        })*
    };
}
floats! {
    f32: offset, x => {
        let x: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
        blocked_from(f64::from(offset), &x).into_iter().map(|sum| sum as f32).collect()
    };
    f64: offset, x => {
        let x: Vec<Pair> = x.iter().map(|x| Pair::from(*x)).collect();
        blocked_from(Pair::from(offset), &x).into_iter().map(Pair::rounded).collect()
    };
}

macro_rules! integers {
    ($($A:ident)*) => {
        $(impl Number for $A {
            const IDENTITY: Self = 0;

            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            fn checked_plus(self, other: Self) -> Option<Self> {
                self.checked_add(other)
            }
        })*
    };
}
integers!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);

/// Sums of `bool` are "or".
impl Number for bool {
    const IDENTITY: Self = false;

    fn plus(self, other: Self) -> Self {
        self | other
    }
}
