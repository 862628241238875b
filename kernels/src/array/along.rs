//! The sum along an axis.

use super::axes::{Axes, Axis, Cursor};
use super::plan::Plan;
use super::{Numbers, Sum, flat, initial};
use crate::dispatch::Kernels;
use crate::drive::{self, Overflowed, Task};
use crate::io::{Ends, Output};

/// Sums an array along an axis.
pub(super) fn sum<C: Kernels>(sum: &mut Sum<'_, C>, axis: usize) -> Result<(), Overflowed> {
    let from = sum.input.1;
    let to = sum.output.as_ref().map_or(from, |(_, to)| *to);
    let (len, sums) = (from.layout.shape[axis], to.layout.shape[axis]);
    let mut lanes = Lanes::of(from, to, axis, sum.task.is_paired);
    if sums == 0 || lanes.count() == 0 {
        return Ok(());
    }
    if sum.reverse {
        lanes.reverse(sums);
    }
    let summed = sum.summed(len);
    if sum.real_only {
        return sum_one_by_one(sum, lanes, summed);
    }
    let Sum { task, input: (input, _), output, initial_first, .. } = sum;
    if let (Some((output, _)), true) = (&mut *output, *initial_first) {
        lanes.write_initial(task, output);
    }
    if summed == 0 {
        return Ok(());
    }
    let Lanes { first, along, across } = lanes;
    let plan = Plan::new(first, Axis { extent: summed, ..along }, across);
    plan.run(&mut |from, to| {
        let reader = input.at(plan.extents, from);
        let writer = output.as_mut().map(|(output, _)| output.at(plan.extents, to));
        drive::sum(task, Ends::new(reader, writer))
    })
}

/// Sums lanes of complex numbers of which only the real components are written, while what counts as NaN depends on
/// both.
fn sum_one_by_one<C: Kernels>(
    sum: &mut Sum<'_, C>,
    lanes: Lanes,
    summed: usize,
) -> Result<(), Overflowed> {
    let Sum { task, input: (input, _), output, initial_first, .. } = sum;
    let Some((output, _)) = output else { return Ok(()) };
    // The components are the last axis, and are summed together.
    let Lanes { first, along, mut across } = lanes;
    across.pop();
    let count = extents(&across);
    let mut firsts = Cursor::new(first, across);
    for _ in 0..count {
        let mut lane = Lanes { first: firsts.next(1).at, along, across: Axes::new() };
        if *initial_first {
            lane.write_initial(task, output);
        }
        let cursor = |at, stride| {
            let axis = Axis { extent: summed, input: stride, output: 0 };
            Cursor::new((at, 0), [axis].into_iter().collect())
        };
        let from = cursor(lane.first.0, along.input);
        let to = cursor(lane.first.1, along.output);
        flat::sum_lane(task, (input, from), Some((&mut *output, to, 1)), 2, summed)?;
    }
    Ok(())
}

/// The lanes of an array along an axis.
pub(super) struct Lanes {
    /// Where the first lane begins, at both ends.
    pub(super) first: (usize, usize),
    /// The axis along the lanes.
    pub(super) along: Axis,
    /// The axes across them in C order; the last one is that of the components, if these are paired.
    pub(super) across: Axes,
}

impl Lanes {
    pub(super) fn of(from: Numbers<'_>, to: Numbers<'_>, axis: usize, is_paired: bool) -> Self {
        let (mut along, mut across) = (Axis::NONE, Axes::new());
        let axes = from.layout.axes().zip(to.layout.axes());
        for (k, ((extent, input), (_, output))) in axes.enumerate() {
            let (input, output) = (input.wrapping_mul(from.step), output.wrapping_mul(to.step));
            let this = Axis { extent, input, output };
            if k == axis {
                along = this;
            } else {
                across.push(this);
            }
        }
        if is_paired {
            across.push(Axis { extent: 2, input: 1, output: 1 });
        }
        Self { first: (from.offset(), to.offset()), along, across }
    }

    /// The number of lanes.
    pub(super) fn count(&self) -> usize {
        extents(&self.across)
    }

    /// Turns the lanes to begin at their far ends, where there are so many sums of each.
    pub(super) fn reverse(&mut self, sums: usize) {
        let Self { first, along, .. } = self;
        if along.extent > 0 {
            first.0 = along.reversed(*first).0.0;
        }
        if sums > 0 {
            first.1 = Axis { extent: sums, ..*along }.reversed(*first).0.1;
        }
        *along = along.reversed(*first).1;
    }

    /// Writes the initial value before the sums of each lane, which then come one place later.
    pub(super) fn write_initial<C: Kernels>(&mut self, task: &Task<C>, output: &mut Output<'_, C>) {
        let across = self.across.clone();
        initial::write(task, output, &Plan::new(self.first, Axis::NONE, across));
        self.first = Axis { input: 0, ..self.along }.step(self.first, 1);
    }
}

/// The number of elements of an array with these axes.
pub(super) fn extents(axes: &Axes) -> usize {
    if axes.iter().any(|axis| axis.extent == 0) {
        return 0;
    }
    // An array that repeats elements can have more of them than a `usize` holds.
    axes.iter().fold(1, |count: usize, axis| count.saturating_mul(axis.extent))
}
