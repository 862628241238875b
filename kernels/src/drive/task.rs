//! [`Task`]: what is asked of a sum, in terms of the type that it is formed in.

use crate::cpu::{Backend, Stores};
use crate::dispatch::Kernels;
use crate::kernel::state::{Carry, Position};
use crate::order::Order;

/// A sum of integers left its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overflowed;

/// What is asked of a sum whose additions are of `C`.
#[derive(Clone, Copy)]
pub(crate) struct Task<C> {
    pub(crate) backend: Backend,
    pub(crate) stores: Stores,
    pub(crate) method: Method<C>,
    /// The value before the first element of each lane. Lanes that are the components of complex numbers, in turns,
    /// begin with the two values in turns; all other lanes begin with the first value.
    pub(crate) initial: Option<[C; 2]>,
    /// Whether lanes are the components of complex numbers, in turns.
    pub(crate) is_paired: bool,
    /// Whether each sum leaves out its own element.
    pub(crate) exclusive: bool,
    /// Whether NaN counts as zero. Components that are paired are NaN together.
    pub(crate) skip_nan: bool,
    /// The test whether each number can be added to the sum before it, if sums are to be checked.
    pub(crate) fits: Option<Fits<C>>,
}

/// A test whether the sums of the first slice and the numbers of the second one can be added without an overflow.
pub(crate) type Fits<C> = fn(Backend, &[C], &[C]) -> bool;

/// How numbers are summed.
#[derive(Clone, Copy)]
pub(crate) enum Method<C> {
    /// By the kernels for numbers of the type.
    Plain(Order),
    /// In pairs of numbers, one of which is the error of the other.
    Compensated,
    /// One after the other, with each sum rounded to a narrower type: by a function that takes the sums so far of some
    /// lanes side by side, and the next rows of them.
    Rounded(fn(&mut [C], &mut [C])),
}

impl<C: Kernels> Task<C> {
    /// The order of the kernels for numbers of the type, if there is nothing to do but to sum by them, from any initial
    /// value.
    #[inline(always)]
    pub(crate) fn order(&self) -> Option<Order> {
        match self.method {
            Method::Plain(order) if !(self.exclusive || self.skip_nan || self.fits.is_some()) => {
                Some(order)
            }
            _ => None,
        }
    }

    /// Whether each addition follows the one before it, so that there are no blocks.
    #[inline(always)]
    pub(crate) fn is_running(&self) -> bool {
        C::EXACT || matches!(self.method, Method::Plain(Order::Running) | Method::Rounded(_))
    }

    /// The rows that are summed together.
    #[inline(always)]
    pub(crate) fn block(&self) -> usize {
        if self.is_running() { 1 } else { C::BLOCK }
    }

    /// The value that a lane begins with, if there is one.
    #[inline(always)]
    pub(crate) fn initial_of(&self, lane: usize) -> Option<C> {
        self.initial.map(|initial| initial[if self.is_paired { lane % 2 } else { 0 }])
    }

    /// The carry of a lane before its first element. Running sums have no chunks, and so no offset.
    #[inline(always)]
    pub(crate) fn carry(&self, lane: usize) -> Carry<C> {
        let mut carry = Carry::new();
        if let Some(initial) = self.initial_of(lane) {
            *(if self.is_running() { &mut carry.carry } else { &mut carry.offset }) = initial;
        }
        carry
    }

    /// Sets strips of identities to what some lanes have summed to before the first row.
    pub(crate) fn begin(&self, first_lane: usize, offset: &mut [C], carry: &mut [C]) -> Position {
        if self.initial.is_some() {
            let strip = if self.is_running() { carry } else { offset };
            for (k, number) in strip.iter_mut().enumerate() {
                *number = self.initial_of(first_lane + k).unwrap_or(C::IDENTITY);
            }
        }
        Position { row: 0, is_past_first_chunk: self.initial.is_some() }
    }
}
