//! The sum without an axis: the elements of an array in C order, as one lane.
//!
//! The elements of most arrays are one lane already, since they lie in C order. All others are read and written in runs
//! along the last axis.

use core::mem::MaybeUninit;
use core::ops::Range;

use super::axes::{Axes, Axis, Cursor};
use super::plan::Plan;
use super::{Numbers, Sum, initial};
use crate::cpu::Backend;
use crate::dispatch::Kernels;
use crate::drive::state::{KEPT, State, stride};
use crate::drive::tiles::{TILE_BYTES, TileIo, feed};
use crate::drive::{self, Overflowed, Task};
use crate::io::{Ends, Input, Output};
use crate::memory::{Extents, LaneLayout, Scratch, assume_written};

/// Sums all elements of an array.
pub(super) fn sum<C: Kernels>(sum: &mut Sum<'_, C>) -> Result<(), Overflowed> {
    let len = sum.summed(sum.input.1.layout.len());
    let Sum { task, input: (input, from), output, reverse, initial_first, real_only, .. } = sum;
    let lanes = if task.is_paired { 2 } else { 1 };
    let from = elements(*from, *reverse);
    let Some((output, to)) = output else {
        return sum_lane(task, (input, from), None, lanes, len);
    };
    let is_empty = to.layout.is_empty();
    let mut to = elements(*to, *reverse);
    let written = if *real_only { 1 } else { lanes };
    if *initial_first && !is_empty {
        let across = Axis { extent: written, input: 0, output: 1 };
        let first = Plan::new((0, to.next(1).at.0), Axis::NONE, [across].into_iter().collect());
        initial::write(task, output, &first);
    }
    sum_lane(task, (input, from), Some((output, to, written)), lanes, len)
}

/// Sums `len` elements of one lane, or of two that are paired: where they lie, if they are evenly spaced.
pub(super) fn sum_lane<C: Kernels>(
    task: &Task<C>,
    (input, from): (&Input<'_, C>, Cursor),
    mut output: Option<(&mut Output<'_, C>, Cursor, usize)>,
    lanes: usize,
    len: usize,
) -> Result<(), Overflowed> {
    if len == 0 {
        return Ok(());
    }
    let extents = Extents { along: len, across: lanes, batch: 1 };
    let even = |cursor: &Cursor| {
        let run = cursor.single()?;
        Some(LaneLayout { offset: run.at.0, along: run.axis.input, across: 1, batch: 0 })
    };
    match &mut output {
        None => {
            if let Some(layout) = even(&from) {
                return drive::sum(task, Ends::new(input.at(extents, layout), None));
            }
        }
        Some((output, to, written)) if *written == lanes => {
            if let (Some(from), Some(to)) = (even(&from), even(to)) {
                let writer = output.at(extents, to);
                return drive::sum(task, Ends::new(input.at(extents, from), Some(writer)));
            }
        }
        Some(_) => {}
    }
    let stride = stride::<C>(lanes);
    let mut kept = Scratch::<{ KEPT * 64 }>::new();
    let kept = kept.fill(KEPT * stride, C::IDENTITY);
    let mut state = State::begun(task, kept, stride, 0);
    let mut io = RunsIo { lanes, input, from, output };
    let room = TILE_BYTES / size_of::<C>() / lanes;
    feed(task, &mut state, lanes, len, room, &mut io)
}

/// The elements of an array in C order, or backwards; the places are those of the cursor's input.
fn elements(numbers: Numbers<'_>, reverse: bool) -> Cursor {
    let mut at = (numbers.offset(), 0);
    let mut axes = Axes::new();
    for (extent, stride) in numbers.layout.axes() {
        let mut axis = Axis { extent, input: stride.wrapping_mul(numbers.step), output: 0 };
        if reverse && extent > 0 {
            (at, axis) = axis.reversed(at);
        }
        axes.push(axis);
    }
    Cursor::new(at, axes)
}

/// A lane, or two that are paired, whose elements lie in runs.
struct RunsIo<'a, 'i, 'o, C> {
    lanes: usize,
    input: &'a Input<'i, C>,
    from: Cursor,
    /// Where sums are written, and of how many of the lanes.
    output: Option<(&'a mut Output<'o, C>, Cursor, usize)>,
}

/// Calls `each` with the extents and the layout of the next runs of `count` elements in all, as rows of so many lanes
/// one after the other, and with the numbers of the first and the last of these.
fn runs(
    cursor: &mut Cursor,
    lanes: usize,
    count: usize,
    mut each: impl FnMut(Extents, LaneLayout, Range<usize>),
) {
    let mut done = 0;
    while done < count {
        let run = cursor.next(count - done);
        let (offset, elements, step) = (run.at.0, run.axis.extent, run.axis.input);
        let (extents, layout) = if lanes == 1 {
            let layout = LaneLayout { offset, along: step, across: 0, batch: 0 };
            (Extents { along: elements, across: 1, batch: 1 }, layout)
        } else {
            let layout = LaneLayout { offset, along: 1, across: step, batch: 0 };
            (Extents { along: lanes, across: elements, batch: 1 }, layout)
        };
        each(extents, layout, done * lanes..(done + elements) * lanes);
        done += elements;
    }
}

impl<C: Kernels> TileIo<C> for RunsIo<'_, '_, '_, C> {
    fn read<'a>(
        &mut self,
        backend: Backend,
        rows: Range<usize>,
        to: &'a mut [MaybeUninit<C>],
    ) -> &'a mut [C] {
        let to = &mut to[..rows.len() * self.lanes];
        runs(&mut self.from, self.lanes, rows.len(), |extents, layout, numbers| {
            self.input.at(extents, layout).read(backend, &mut to[numbers]);
        });
        // SAFETY: the runs are as many numbers as there are places, each of which one of them was read to.
        unsafe { assume_written(to) }
    }

    fn write(&mut self, backend: Backend, rows: Range<usize>, from: &[C]) {
        let Some((output, to, written)) = &mut self.output else { return };
        let mut scratch = Scratch::<TILE_BYTES>::new();
        let mut sums = from;
        if *written < self.lanes {
            // Only the first of the components is taken.
            let taken = scratch.fill(rows.len(), C::IDENTITY);
            for (taken, row) in taken.iter_mut().zip(from.chunks_exact(self.lanes)) {
                *taken = row[0];
            }
            sums = taken;
        }
        runs(to, *written, rows.len(), |extents, layout, numbers| {
            output.at(extents, layout).write(backend, &sums[numbers]);
        });
    }
}
