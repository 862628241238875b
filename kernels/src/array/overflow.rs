//! The search for the place of an overflow, in a sum that is known to have one.

use core::mem::MaybeUninit;

use super::along::{Lanes, extents};
use super::axes::{Axes, Cursor};
use super::{Numbers, Overflow};
use crate::dispatch::Kernels;
use crate::drive::Task;
use crate::io::Input;
use crate::memory::{Extents, LaneLayout};

/// The elements that are read at a time.
const PIECE: usize = 64;

/// Finds the first lane of which one of the first `summed` sums leaves its type, and in it the first element. `initial`
/// says what a lane begins with.
///
/// Elements are added one after the other, since the speed of a sum that overflows does not matter.
#[cold]
pub(super) fn locate<C: Kernels>(
    task: &Task<C>,
    (input, from): (&Input<'_, C>, Numbers<'_>),
    axis: Option<usize>,
    reverse: bool,
    summed: usize,
    initial: &dyn Fn(usize) -> C,
) -> Overflow {
    // The axes of a lane, and those across.
    let Lanes { first, along, across } = Lanes::of(from, from, axis.unwrap_or(usize::MAX), false);
    let (along, across): (Axes, Axes) = match axis {
        Some(_) => ([along].into_iter().collect(), across),
        None => (across, Axes::new()),
    };
    let (len, lanes) = (extents(&along), extents(&across));
    let mut firsts = Cursor::new(first, across);
    for lane in 0..lanes {
        let (mut at, mut axes) = (firsts.next(1).at, along.clone());
        if reverse {
            for axis in &mut axes {
                (at, *axis) = axis.reversed(at);
            }
        }
        let elements = Cursor::new(at, axes);
        if let Some(k) = locate_in_lane(task, input, elements, summed, initial(lane)) {
            return Overflow { lane, index: if reverse { len - 1 - k } else { k } };
        }
    }
    // Unreachable: the drivers report an overflow only where there is one.
    Overflow { lane: 0, index: 0 }
}

/// The index of the first element of a lane whose addition overflows.
fn locate_in_lane<C: Kernels>(
    task: &Task<C>,
    input: &Input<'_, C>,
    mut elements: Cursor,
    summed: usize,
    mut so_far: C,
) -> Option<usize> {
    let (fits, backend) = (task.fits?, task.backend);
    let mut done = 0;
    while done < summed {
        let run = elements.next(PIECE.min(summed - done));
        let extents = Extents { along: run.axis.extent, across: 1, batch: 1 };
        let layout = LaneLayout { offset: run.at.0, along: run.axis.input, across: 0, batch: 0 };
        let mut numbers = [const { MaybeUninit::uninit() }; PIECE];
        for x in input.at(extents, layout).read(backend, &mut numbers) {
            if !fits(backend, &[so_far], &[*x]) {
                return Some(done);
            }
            so_far = so_far.plus(*x);
            done += 1;
        }
    }
    None
}
