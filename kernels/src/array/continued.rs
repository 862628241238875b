//! [`Continued`]: what lanes have summed to, when they come as arrays one after the other.

use alloc::vec::Vec;
use core::ops::Range;

use super::along::Lanes;
use super::axes::{Axis, Cursor};
use super::overflow::locate;
use super::{Numbers, Overflow};
use crate::dispatch::Kernels;
use crate::drive::state::{KEPT, State, stride};
use crate::drive::tiles::{TILE_BYTES, feed};
use crate::drive::{GridIo, Overflowed, Task};
use crate::io::{Ends, Input, Output};
use crate::kernel::state::Position;
use crate::memory::{Extents, LaneLayout, Scratch};

/// The most bytes of a row of lanes that are summed together: so that a tile has sixteen rows, a block of any type.
const ROW_BYTES: usize = TILE_BYTES / 16;

/// What lanes have summed to: for each lane, the rows of a [`State`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Continued<C> {
    lanes: usize,
    /// Rows of as many numbers as there are lanes.
    pub(crate) rows: Vec<C>,
}

/// Where lanes stand: in the order of the additions, and in how many rows of an incomplete block.
#[derive(Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) position: Position,
    pub(crate) rest_rows: usize,
}

/// Which lanes: from a first one on, each of so many.
#[derive(Clone, Copy)]
pub(crate) struct Every {
    pub(crate) first: usize,
    pub(crate) step: usize,
}

/// The next rows of lanes: those of the first axis of an array, whose other axes in C order are the lanes.
pub(crate) struct NextRows<'a, C> {
    pub(crate) input: (&'a Input<'a, C>, Numbers<'a>),
    pub(crate) output: Option<(Output<'a, C>, Numbers<'a>)>,
    /// Whether the rows are taken from the far end.
    pub(crate) reverse: bool,
    /// Whether the output has a row more, the first, of the initial value.
    pub(crate) initial_first: bool,
    /// Which of the rows are summed, as they are taken.
    pub(crate) range: Range<usize>,
}

impl<C: Kernels> Continued<C> {
    /// Lanes before their first element, with room for so many rows of an incomplete block.
    pub(crate) fn new(task: &Task<C>, lanes: usize, rest_rows: usize) -> Self {
        let rows = alloc::vec![C::IDENTITY; lanes.saturating_mul(KEPT + rest_rows)];
        let mut all = Self { lanes, rows };
        all.with_states(|state, lanes| state.begin(task, lanes.start));
        all
    }

    /// What was kept as `rows`, if there are as many numbers as for these lanes.
    #[cfg(feature = "serde")]
    pub(crate) fn restored(lanes: usize, rest_rows: usize, rows: Vec<C>) -> Option<Self> {
        let len = lanes.checked_mul(KEPT + rest_rows)?;
        (rows.len() == len).then_some(Self { lanes, rows })
    }

    /// The sums of the complete chunks of each lane, and what compensated sums lack.
    pub(crate) fn chunk_sums(&self, task: &Task<C>) -> [&[C]; 2] {
        // Numbers that are exact have no offset.
        let first = if task.is_running() { 2 } else { 1 };
        [first, first + 2].map(|row| &self.rows[row * self.lanes..][..self.lanes])
    }

    /// Moves every lane, at the beginning of a chunk, past that chunk: by the carries of the lanes, and what these
    /// lack.
    pub(crate) fn pass(&mut self, task: &Task<C>, [high, low]: [&[C]; 2]) {
        self.with_states(|state, lanes| {
            for (k, lane) in lanes.enumerate() {
                state.pass(task, k, [high[lane], low[lane]]);
            }
        });
    }

    /// Sums the next rows of lanes.
    ///
    /// # Errors
    ///
    /// [`Overflow`], if the task is to check; then the sums that were written are unspecified, and what was kept is as
    /// it was.
    ///
    /// # Panics
    ///
    /// When an element lies outside its slice; then nothing was written.
    pub(crate) fn feed(
        &mut self,
        task: &Task<C>,
        every: Every,
        standing: Standing,
        rows: NextRows<'_, C>,
    ) -> Result<(), Overflow> {
        let NextRows { input: (input, from), mut output, reverse, initial_first, range } = rows;
        let to = output.as_ref().map_or(from, |(_, to)| *to);
        let mut lanes = Lanes::of(from, to, 0, task.is_paired);
        if reverse {
            lanes.reverse(to.layout.shape[0]);
        }
        if let (Some((output, _)), true) = (&mut output, initial_first) {
            lanes.write_initial(task, output);
        }
        // Only a check can fail.
        let before = task.fits.map(|_| self.rows.clone());
        let count = lanes.count();
        let Lanes { first, along, across } = lanes;
        let along = Axis { extent: range.len(), ..along };
        let mut buffer = Scratch::<TILE_BYTES>::new();
        let mut runs = Cursor::new(along.step(first, range.start), across);
        let mut lane = 0;
        while lane < count && along.extent > 0 {
            let run = runs.next(count - lane);
            let extents = Extents { along: along.extent, across: run.axis.extent, batch: 1 };
            let layout = |offset, along, across| LaneLayout { offset, along, across, batch: 0 };
            let reader = input.at(extents, layout(run.at.0, along.input, run.axis.input));
            let to = layout(run.at.1, along.output, run.axis.output);
            let writer = output.as_mut().map(|(output, _)| output.at(extents, to));
            let mut ends = Ends::new(reader, writer);
            for group in groups::<C>(0..extents.across) {
                let (width, ends) =
                    (group.len(), ends.reborrow().part(0..extents.along, group.clone()));
                let numbers = lane + group.start..lane + group.end;
                let fed = self.with_state(every, numbers, standing, |state| {
                    let room = TILE_BYTES / size_of::<C>() / width;
                    let most = room - room % task.block();
                    let mut io = GridIo::of_lanes(ends, &mut buffer);
                    feed(task, state, width, extents.along, most, &mut io)
                });
                if let (Err(Overflowed), Some(before)) = (fed, &before) {
                    self.rows.clone_from(before);
                    let last = |lane: usize| before[every.first + lane * every.step];
                    return Err(locate(task, (input, from), Some(0), reverse, range.len(), &last));
                }
            }
            lane += extents.across;
        }
        Ok(())
    }

    /// Calls `each` with the state of every group of lanes, at the beginning of a chunk, and keeps what becomes of it.
    fn with_states(&mut self, mut each: impl FnMut(&mut State<'_, C>, Range<usize>)) {
        let standing = Standing { position: Position::default(), rest_rows: 0 };
        let every = Every { first: 0, step: 1 };
        for lanes in groups::<C>(0..self.lanes) {
            let done = self.with_state(every, lanes.clone(), standing, |state| {
                each(state, lanes);
                Ok(())
            });
            debug_assert_eq!(done, Ok(()));
        }
    }

    /// Calls `each` with the state of some lanes, and keeps what becomes of it unless that is an error.
    fn with_state(
        &mut self,
        every: Every,
        lanes: Range<usize>,
        standing: Standing,
        each: impl FnOnce(&mut State<'_, C>) -> Result<(), Overflowed>,
    ) -> Result<(), Overflowed> {
        /// Room for an incomplete block of any type beside what is kept.
        const ROWS: usize = KEPT + 15;
        let all = self.lanes;
        let (stride, width) = (stride::<C>(lanes.len()), lanes.len());
        let places = || lanes.clone().map(|lane| every.first + lane * every.step).enumerate();
        let mut memory = Scratch::<{ ROWS * ROW_BYTES }>::new();
        let rows = self.rows.len() / all.max(1);
        let memory = memory.fill(rows * stride, C::IDENTITY);
        let copy_in = KEPT + standing.rest_rows;
        for (row, kept) in
            memory.chunks_exact_mut(stride).zip(self.rows.chunks_exact(all)).take(copy_in)
        {
            if every.step == 1 {
                row[..width].copy_from_slice(&kept[every.first + lanes.start..][..width]);
            } else {
                places().for_each(|(lane, place)| row[lane] = kept[place]);
            }
        }
        let mut state = State::of(memory, stride, standing.position, standing.rest_rows, true);
        each(&mut state)?;
        let copy_out = KEPT + state.rest_rows;
        for (row, kept) in
            memory.chunks_exact(stride).zip(self.rows.chunks_exact_mut(all)).take(copy_out)
        {
            if every.step == 1 {
                kept[every.first + lanes.start..][..width].copy_from_slice(&row[..width]);
            } else {
                places().for_each(|(lane, place)| kept[place] = row[lane]);
            }
        }
        Ok(())
    }
}

/// Lanes in groups of as many as are summed together.
fn groups<C>(lanes: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let most = ROW_BYTES / size_of::<C>();
    lanes.clone().step_by(most).map(move |first| first..lanes.end.min(first + most))
}
