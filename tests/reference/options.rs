//! The options of a sum in their plainest form, for one lane, and what they mean for the lanes of an array.
//!
//! As the rest of the reference, this is written from the prose and imports nothing of this project. The
//! lane comes in the type that is summed in, and so does the initial value: casts are no part of it.

use super::{CHUNK, Number, sklansky};

/// How floats are added. Integers are the same in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Blocked,
    Sequential,
    Compensated,
}

impl Order {
    pub(crate) const ALL: [Self; 3] = [Self::Blocked, Self::Sequential, Self::Compensated];
}

/// What is asked of a sum.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options<A> {
    pub(crate) exclusive: bool,
    pub(crate) include_initial: bool,
    pub(crate) initial: Option<A>,
    pub(crate) reverse: bool,
    pub(crate) skip_nan: bool,
    pub(crate) order: Order,
}

impl<A: Summed> Options<A> {
    /// Nothing is asked.
    pub(crate) const fn none(order: Order) -> Self {
        let (exclusive, include_initial, initial) = (false, false, None);
        Self { exclusive, include_initial, initial, reverse: false, skip_nan: false, order }
    }

    /// Whether nothing is asked but the order.
    pub(crate) fn are_none(&self) -> bool {
        let Self { exclusive, include_initial, initial, reverse, skip_nan, order: _ } = *self;
        !(exclusive || include_initial || initial.is_some() || reverse || skip_nan)
    }

    /// All 96 combinations, with this initial value or none.
    pub(crate) fn every(initial: A) -> Vec<Self> {
        (0..32 * Order::ALL.len()).map(|number| Self::numbered(number, initial)).collect()
    }

    /// One of the 96 combinations. Their numbers are counted round.
    pub(crate) fn numbered(number: usize, initial: A) -> Self {
        let bit = |k: usize| number >> k & 1 == 1;
        Self {
            exclusive: bit(0),
            include_initial: bit(1),
            initial: bit(2).then_some(initial),
            reverse: bit(3),
            skip_nan: bit(4),
            order: Order::ALL[(number >> 5) % Order::ALL.len()],
        }
    }

    /// The sums of a lane.
    pub(crate) fn sums(&self, x: &[A]) -> Vec<A> {
        let mut x = x.to_vec();
        if self.reverse {
            x.reverse();
        }
        if self.skip_nan {
            x.iter_mut().for_each(|x| *x = x.without_nan());
        }
        let offset = self.initial.unwrap_or(A::IDENTITY);
        let mut sums = vec![self.initial.unwrap_or(A::ZERO)];
        sums.extend(match self.order {
            Order::Blocked => blocked_from(offset, &x),
            Order::Sequential => sequential_from(offset, &x),
            Order::Compensated => A::compensated_from(offset, &x),
        });
        if !self.include_initial {
            sums.remove(if self.exclusive { x.len() } else { 0 });
        }
        if self.reverse {
            sums.reverse();
        }
        sums
    }

    /// The index in the lane of the first element whose addition leaves the type, in the order in which
    /// they are added. What is not written is not added.
    pub(crate) fn overflow(&self, x: &[A]) -> Option<usize> {
        let (least, most) = A::RANGE?;
        let mut indices: Vec<usize> = (0..x.len()).collect();
        if self.reverse {
            indices.reverse();
        }
        if self.exclusive && !self.include_initial {
            indices.pop();
        }
        // Longer than 2^63 elements it would have to be for this to overflow as well.
        let mut exact = self.initial.unwrap_or(A::ZERO).integer();
        indices.into_iter().find(|&index| {
            exact += x[index].integer();
            !(least..=most).contains(&exact)
        })
    }

    /// The shape of the result for an input of this shape. A 0-d input counts as one of shape (1,).
    pub(crate) fn result_shape(&self, shape: &[usize], axis: Option<usize>) -> Vec<usize> {
        let mut shape = match axis {
            Some(_) if !shape.is_empty() => shape.to_vec(),
            _ => vec![shape.iter().product()],
        };
        shape[axis.unwrap_or(0)] += usize::from(self.include_initial);
        shape
    }

    /// The sums of each lane of an array in C order, in an array of [`result_shape`](Self::result_shape).
    pub(crate) fn sums_along(&self, x: &[A], shape: &[usize], axis: Option<usize>) -> Vec<A> {
        let result = self.result_shape(shape, axis);
        let mut out = vec![A::ZERO; result.iter().product()];
        let places = lanes(&result, axis.unwrap_or(0));
        for (lane, places) in lanes_of_input(shape, axis).iter().zip(places) {
            let lane: Vec<A> = lane.iter().map(|at| x[*at]).collect();
            let sums = self.sums(&lane);
            assert_eq!(sums.len(), places.len());
            for (at, sum) in places.into_iter().zip(sums) {
                out[at] = sum;
            }
        }
        out
    }

    /// The first lane that has an overflow, and where in the lane it is.
    pub(crate) fn overflow_along(
        &self,
        x: &[A],
        shape: &[usize],
        axis: Option<usize>,
    ) -> Option<(usize, usize)> {
        lanes_of_input(shape, axis).iter().enumerate().find_map(|(number, lane)| {
            let lane: Vec<A> = lane.iter().map(|at| x[*at]).collect();
            Some((number, self.overflow(&lane)?))
        })
    }
}

fn lanes_of_input(shape: &[usize], axis: Option<usize>) -> Vec<Vec<usize>> {
    match axis {
        Some(axis) if !shape.is_empty() => lanes(shape, axis),
        _ => lanes(&[shape.iter().product()], 0),
    }
}

/// The elements of each lane along an axis, each by its number in C order. The lanes are in C order of
/// the other axes.
pub(crate) fn lanes(shape: &[usize], axis: usize) -> Vec<Vec<usize>> {
    let extent = shape[axis];
    let before: usize = shape[..axis].iter().product();
    // Also the way from an element to the next of its lane.
    let after: usize = shape[axis + 1..].iter().product();
    let lane = |outer: usize, inner: usize| {
        (0..extent).map(|i| (outer * extent + i) * after + inner).collect()
    };
    (0..before).flat_map(|outer| (0..after).map(move |inner| lane(outer, inner))).collect()
}

/// `Summation::Blocked` with an offset before the first chunk.
pub(crate) fn blocked_from<A: Number>(mut offset: A, x: &[A]) -> Vec<A> {
    let mut sums = Vec::new();
    for chunk in x.chunks(CHUNK) {
        let mut carry = A::IDENTITY;
        for block in chunk.chunks(A::BLOCK) {
            let mut local = block.to_vec();
            local.resize(A::BLOCK, A::IDENTITY);
            sklansky(&mut local);
            let sum = |local: &A| offset.plus(carry.plus(*local));
            sums.extend(local[..block.len()].iter().map(sum));
            carry = carry.plus(local[A::BLOCK - 1]);
        }
        offset = offset.plus(carry);
    }
    sums
}

/// `Summation::Sequential` with a value before the first.
pub(crate) fn sequential_from<A: Number>(mut sum: A, x: &[A]) -> Vec<A> {
    let mut sums = Vec::new();
    for x in x {
        sum = sum.plus(*x);
        sums.push(sum);
    }
    sums
}

/// What the options ask of a type, beyond its sum.
pub(crate) trait Summed: Number {
    /// The first sum where none is given: `+0.0`, which is not the identity.
    const ZERO: Self;
    /// The least and the greatest value of an integer. Floats do not overflow.
    const RANGE: Option<(i128, i128)>;
    /// The value of an integer.
    fn integer(self) -> i128;
    /// Zero for NaN.
    fn without_nan(self) -> Self;
    /// `Summation::Compensated`.
    fn compensated_from(offset: Self, x: &[Self]) -> Vec<Self>;
}

/// An unevaluated sum of two floats.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
}

impl Pair {
    pub(crate) fn rounded(self) -> f64 {
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

/// In the order of its `hi`, whose bits are those of a sum of `f64`.
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
        $(impl Summed for $A {
            const ZERO: Self = 0.0;
            const RANGE: Option<(i128, i128)> = None;
            fn integer(self) -> i128 {
                panic!("{self:?} is no integer")
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
        $(impl Summed for $A {
            const ZERO: Self = 0;
            const RANGE: Option<(i128, i128)> = Some(($A::MIN as i128, $A::MAX as i128));
            fn integer(self) -> i128 {
                self.into()
            }
            fn without_nan(self) -> Self {
                self
            }
            fn compensated_from(offset: Self, x: &[Self]) -> Vec<Self> {
                sequential_from(offset, x)
            }
        })*
    };
}
integers!(i8 i16 i32 i64 u8 u16 u32 u64);
