//! [`State`]: what lanes side by side have summed to, so that they can be summed in any pieces.

use super::task::{Method, Task};
use crate::dispatch::Kernels;
use crate::kernel::compensated;
use crate::kernel::state::Position;
use crate::number::Number;

/// The rows of numbers of a state before those of an incomplete block.
pub(crate) const KEPT: usize = 5;

/// What lanes side by side have summed to.
pub(crate) struct State<'a, C> {
    /// The last sums, which are the next of an exclusive sum.
    pub(crate) last: &'a mut [C],
    /// The sums of the complete chunks, and what they lack where sums are compensated.
    pub(crate) offset: [&'a mut [C]; 2],
    /// The sums of the complete blocks of the current chunk, and what they lack where sums are compensated.
    pub(crate) carry: [&'a mut [C]; 2],
    /// The rows of an incomplete block, as they were read. There is room for them if the lanes are to be continued.
    pub(crate) rest: &'a mut [C],
    /// Whether the lanes may be continued.
    pub(crate) continues: bool,
    /// From a row of `rest` to the next: the lanes, rounded up to whole registers.
    pub(crate) stride: usize,
    pub(crate) position: Position,
    /// How many rows `rest` holds.
    pub(crate) rest_rows: usize,
}

impl<'a, C: Kernels> State<'a, C> {
    /// The state that `rows` of `stride` numbers hold: last sums, offsets, carries, what both lack, and the rest.
    ///
    /// # Panics
    ///
    /// When there are fewer than [`KEPT`] rows.
    pub(crate) fn of(
        rows: &'a mut [C],
        stride: usize,
        position: Position,
        rest_rows: usize,
        continues: bool,
    ) -> Self {
        let mut rows = rows;
        let mut next = || {
            let (row, rest) = core::mem::take(&mut rows).split_at_mut(stride);
            rows = rest;
            row
        };
        let [last, offset, carry, offset_low, carry_low] = core::array::from_fn(|_| next());
        let (offset, carry) = ([offset, offset_low], [carry, carry_low]);
        Self { last, offset, carry, rest: rows, continues, stride, position, rest_rows }
    }

    /// The state before the first row of lanes that are not continued, the first of which has this number. It is held by
    /// [`KEPT`] rows of identities.
    pub(crate) fn begun(
        task: &Task<C>,
        rows: &'a mut [C],
        stride: usize,
        first_lane: usize,
    ) -> Self {
        let mut state = Self::of(rows, stride, Position::default(), 0, false);
        state.begin(task, first_lane);
        state
    }

    /// Sets a state of identities to that before the first row of lanes, the first of which has this number.
    pub(crate) fn begin(&mut self, task: &Task<C>, first_lane: usize) {
        let Self { last, offset: [offset, offset_low], carry: [carry, carry_low], .. } = self;
        self.position = task.begin(first_lane, offset, carry);
        self.rest_rows = 0;
        if task.exclusive || task.fits.is_some() {
            let zero = C::cast_from(0u8);
            for (k, last) in last.iter_mut().enumerate() {
                *last = task.initial_of(first_lane + k).unwrap_or(zero);
            }
        }
        if let Method::Compensated = task.method {
            offset_low.fill(C::cast_from(0u8));
            carry_low.fill(C::cast_from(0u8));
        }
    }

    /// Moves one of the lanes, at the beginning of a chunk, past that chunk: by the carry of the lane, and what that
    /// lacks.
    pub(crate) fn pass(&mut self, task: &Task<C>, lane: usize, [high, low]: [C; 2]) {
        let strips = if task.is_running() { &mut self.carry } else { &mut self.offset };
        let [sum, sum_low] = strips;
        let mut last = sum[lane].plus(high);
        if let Method::Compensated = task.method {
            let before = [sum[lane], sum_low[lane]].map(f64::cast_from);
            let (pair, rounded) = compensated::plus(before, [high, low].map(f64::cast_from));
            [sum[lane], sum_low[lane]] = pair.map(C::cast_from);
            last = C::cast_from(rounded);
        } else {
            sum[lane] = last;
        }
        self.last[lane] = last;
    }
}

/// The lanes of a state, rounded up to whole registers.
pub(crate) fn stride<C: Kernels>(width: usize) -> usize {
    if width == 1 { 1 } else { width.next_multiple_of(C::BLOCK) }
}
