//! [`Plan`]: the axes of an array in the form that the drivers know, lanes with two axes across.
//!
//! A plan decides about speed only: the bits of a lane's sums are the same with every plan.

use core::cmp::Reverse;

use super::axes::{Axes, Axis, merge};
use crate::memory::{Extents, LaneLayout};

/// How an array is summed along an axis.
#[derive(Debug, PartialEq)]
pub(crate) struct Plan {
    /// What one call of the drivers sums.
    pub(crate) extents: Extents,
    /// Where the first call begins, at both ends.
    pub(crate) input: LaneLayout,
    pub(crate) output: LaneLayout,
    /// The axes that are left for a loop around the call, the outermost first.
    pub(super) outer: Axes,
}

impl Plan {
    /// The plan for lanes `along` an axis that begin at `at`, with the other axes `across`. There is at least one lane.
    pub(crate) fn new(mut at: (usize, usize), along: Axis, mut across: Axes) -> Self {
        // No step is taken along an extent of one. In which order lanes are summed is all the same, so the output is
        // always walked forwards.
        for axis in &mut across {
            if axis.output <= 0 {
                at = axis.step(at, axis.extent - 1);
                (axis.input, axis.output) = (axis.input.wrapping_neg(), axis.output.wrapping_neg());
            }
        }
        // The axes are put in the order in which the output lies, outermost first, and made as few as possible.
        across.sort_unstable_by_key(|axis| Reverse(axis.output));
        merge(&mut across);

        // The innermost axis is that along which the output lies closest: a cache line that is written in parts has to
        // be fetched and written back for each of them, and costs more than one that is read in parts. Only where the
        // output is not contiguous across, so that no register is stored to it whole, does the axis along which the
        // input is contiguous come first.
        if across.last().is_some_and(|last| last.output != 1)
            && let Some(k) = across.iter().rposition(|axis| axis.input.unsigned_abs() == 1)
        {
            across[k..].rotate_left(1);
        }

        // A lane of one element takes no step, whatever its stride, and neither does an axis that the array does not
        // have.
        let along = if along.extent == 1 { Axis::NONE } else { along };
        let inner = across.pop().unwrap_or(Axis::NONE);
        let batch = across.pop().unwrap_or(Axis::NONE);
        let layout = |offset, stride: fn(Axis) -> isize| {
            let [along, across, batch] = [along, inner, batch].map(stride);
            LaneLayout { offset, along, across, batch }
        };
        Self {
            extents: Extents { along: along.extent, across: inner.extent, batch: batch.extent },
            input: layout(at.0, |axis| axis.input),
            output: layout(at.1, |axis| axis.output),
            outer: across,
        }
    }

    /// Calls `each` with the layouts of the input and the output for every index of the outer axes, up to an error.
    pub(crate) fn run<E>(
        &self,
        each: &mut dyn FnMut(LaneLayout, LaneLayout) -> Result<(), E>,
    ) -> Result<(), E> {
        run(&self.outer, (self.input.offset, self.output.offset), &mut |(input, output)| {
            let input = LaneLayout { offset: input, ..self.input };
            each(input, LaneLayout { offset: output, ..self.output })
        })
    }
}

fn run<E>(
    outer: &[Axis],
    at: (usize, usize),
    each: &mut dyn FnMut((usize, usize)) -> Result<(), E>,
) -> Result<(), E> {
    let Some((axis, inner)) = outer.split_first() else { return each(at) };
    for k in 0..axis.extent {
        run(inner, axis.step(at, k), each)?;
    }
    Ok(())
}
