//! The options of a sum in their plainest form, for one lane.
//!
//! The lane comes in the type that is summed in, and so does the initial value: casts are no part of it.

use super::{Number, axes, blocked_from, sequential_from};

/// How floats are added. Integers are the same in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `Summation::Blocked`.
    Blocked,
    /// `Summation::Sequential`.
    Sequential,
    /// `Summation::Compensated`.
    Compensated,
}

impl Order {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Blocked, Self::Sequential, Self::Compensated];
}

/// What is asked of a sum.
#[derive(Clone, Copy, Debug)]
pub struct Options<A> {
    /// Without the element itself.
    pub exclusive: bool,
    /// One sum more: the initial value.
    pub include_initial: bool,
    /// What comes before the first element.
    pub initial: Option<A>,
    /// From the far end.
    pub reverse: bool,
    /// NaN counts as zero.
    pub skip_nan: bool,
    /// The order of the additions.
    pub order: Order,
}

impl<A: Copy> Options<A> {
    /// Nothing is asked.
    pub const fn none(order: Order) -> Self {
        let (exclusive, include_initial, initial) = (false, false, None);
        Self { exclusive, include_initial, initial, reverse: false, skip_nan: false, order }
    }

    /// Whether nothing is asked but the order.
    pub fn are_none(&self) -> bool {
        let Self { exclusive, include_initial, initial, reverse, skip_nan, order: _ } = *self;
        !(exclusive || include_initial || initial.is_some() || reverse || skip_nan)
    }

    /// All 96 combinations, with this initial value or none.
    pub fn every(initial: A) -> impl Iterator<Item = Self> {
        (0..32 * Order::ALL.len()).map(move |number| Self::numbered(number, initial))
    }

    /// One of the 96 combinations. Their numbers are counted round.
    pub fn numbered(number: usize, initial: A) -> Self {
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

    /// The options of another type, for which `value` makes the initial value.
    pub fn map<B>(&self, value: impl Fn(A) -> B) -> Options<B> {
        let Self { exclusive, include_initial, initial, reverse, skip_nan, order } = *self;
        let initial = initial.map(value);
        Options { exclusive, include_initial, initial, reverse, skip_nan, order }
    }

    /// The shape of the result for an input of this shape. A 0-d input counts as one of shape `(1,)`.
    pub fn result_shape(&self, shape: &[usize], axis: Option<usize>) -> Vec<usize> {
        axes::result_shape(shape, axis, usize::from(self.include_initial))
    }
}

impl<A: Number> Options<A> {
    /// The sums of a lane.
    pub fn sums(&self, x: &[A]) -> Vec<A> {
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
    pub fn overflow(&self, x: &[A]) -> Option<usize> {
        let mut indices: Vec<usize> = (0..x.len()).collect();
        if self.reverse {
            indices.reverse();
        }
        if self.exclusive && !self.include_initial {
            indices.pop();
        }
        let mut sum = self.initial.unwrap_or(A::ZERO);
        indices.into_iter().find(|&index| match sum.checked_plus(x[index]) {
            Some(next) => {
                sum = next;
                false
            }
            None => true,
        })
    }
}
