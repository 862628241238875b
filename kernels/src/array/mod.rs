//! n-d arrays: which of their lanes are summed in one call of the drivers.
//!
//! A [`Layout`] says where the elements of an array lie. [`Sum::run`] sums it along an [axis](along), or without one,
//! in C order, as [one lane](flat). The axes of an array are merged in [one place](axes::merge), and [planned](plan) in
//! one.
//!
//! This folder names the drivers and what is below them.

mod along;
pub(crate) mod axes;
mod continued;
mod flat;
mod initial;
mod layout;
mod overflow;
mod plan;
#[cfg(test)]
mod tests;

pub(crate) use continued::{Continued, Every, NextRows, Standing};
pub use layout::Layout;

use crate::dispatch::Kernels;
use crate::drive::{Overflowed, Task};
use crate::io::{Input, Output};
use overflow::locate;

/// A sum of integers left its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow {
    /// The first lane with such a sum: its number in C order over the axes other than the one that is summed along.
    pub lane: usize,
    /// The index, along the axis, of the first element of that lane whose addition overflowed.
    pub index: usize,
}

/// Numbers in a slice: where the numbers of an array lie, of which each element has one or two.
#[derive(Clone, Copy)]
pub(crate) struct Numbers<'a> {
    /// Where the elements lie.
    pub(crate) layout: Layout<'a>,
    /// From an element to the next one in the slice; 0 if one number stands for all elements.
    pub(crate) step: isize,
    /// Which of the numbers of an element is the first one that counts.
    pub(crate) component: usize,
}

impl Numbers<'_> {
    fn offset(&self) -> usize {
        self.layout.offset.wrapping_mul(self.step as usize).wrapping_add(self.component)
    }
}

/// The sum of an array.
pub(crate) struct Sum<'a, C> {
    pub(crate) task: Task<C>,
    pub(crate) input: (Input<'a, C>, Numbers<'a>),
    /// Where the sums go, if they are written. The extent along the axis may be one more than the input's.
    pub(crate) output: Option<(Output<'a, C>, Numbers<'a>)>,
    /// The axis to sum along, if not all elements are one lane.
    pub(crate) axis: Option<usize>,
    /// Whether lanes are summed from the far end.
    pub(crate) reverse: bool,
    /// Whether the first of the sums of a lane is the initial value, and all others come one place later.
    pub(crate) initial_first: bool,
    /// Whether, of the components of complex numbers that are paired, only the real ones are written.
    pub(crate) real_only: bool,
}

impl<C: Kernels> Sum<'_, C> {
    /// How many elements of a lane of `len` are in a sum that is written.
    fn summed(&self, len: usize) -> usize {
        match &self.output {
            // The sums that come after the initial value.
            Some((_, to)) if self.initial_first => {
                let sums = self.axis.map_or(to.layout.len(), |axis| to.layout.shape[axis]);
                sums.saturating_sub(1)
            }
            None if self.task.exclusive => len.saturating_sub(1),
            _ => len,
        }
    }

    /// Sums the array.
    ///
    /// # Errors
    ///
    /// [`Overflow`], if the task is to check; then the sums that were written are unspecified.
    ///
    /// # Panics
    ///
    /// When an element lies outside its slice.
    pub(crate) fn run(&mut self) -> Result<(), Overflow> {
        let summed = match self.axis {
            Some(axis) => along::sum(self, axis),
            None => flat::sum(self),
        };
        summed.map_err(|Overflowed| {
            let Sum { task, input: (input, from), axis, reverse, .. } = &*self;
            let len = axis.map_or(from.layout.len(), |axis| from.layout.shape[axis]);
            let first = task.initial_of(0).unwrap_or(C::cast_from(0u8));
            locate(task, (input, *from), *axis, *reverse, self.summed(len), &|_| first)
        })
    }
}
