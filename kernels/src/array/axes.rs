//! [`Axes`]: an array's axes at both ends, in what order and how many of them, and the walk over their indices.

use smallvec::SmallVec;

/// The number of axes up to which nothing is allocated: as many as views have, and one for the components of complex
/// numbers.
pub(crate) const INLINE: usize = 7;

/// An axis, with its stride in the input and that in the output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    pub(crate) extent: usize,
    pub(crate) input: isize,
    pub(crate) output: isize,
}

impl Axis {
    /// An axis of one element, in place of one that an array does not have.
    pub(crate) const NONE: Self = Self { extent: 1, input: 0, output: 0 };

    /// The place that is so many `steps` along the axis from a given one, at both ends.
    pub(crate) fn step(self, (input, output): (usize, usize), steps: usize) -> (usize, usize) {
        let steps = steps as isize;
        (
            input.wrapping_add_signed(steps.wrapping_mul(self.input)),
            output.wrapping_add_signed(steps.wrapping_mul(self.output)),
        )
    }

    /// The axis backwards, and where it then begins. There is at least one element.
    pub(crate) fn reversed(self, at: (usize, usize)) -> ((usize, usize), Self) {
        let (input, output) = (self.input.wrapping_neg(), self.output.wrapping_neg());
        (self.step(at, self.extent.wrapping_sub(1)), Self { input, output, ..self })
    }
}

/// The axes of an array, the outermost first.
pub(crate) type Axes = SmallVec<[Axis; INLINE]>;

/// Merges each two axes of which the outer one, at both ends, steps from the end of the inner one to its next
/// beginning; and drops the axes with an extent of one.
pub(crate) fn merge(axes: &mut Axes) {
    axes.retain(|axis| axis.extent != 1);
    axes.dedup_by(|inner, outer| {
        let extent = inner.extent as isize;
        let merges = inner.input.checked_mul(extent) == Some(outer.input)
            && inner.output.checked_mul(extent) == Some(outer.output);
        if merges {
            *outer = Axis { extent: outer.extent * inner.extent, ..*inner };
        }
        merges
    });
}

/// A place in an array, which moves on in C order from run to run along the last axis.
#[derive(Clone, Debug)]
pub(crate) struct Cursor {
    /// Where the next element lies, at both ends.
    at: (usize, usize),
    /// The axes, merged, the last of them first, and the index along each.
    axes: SmallVec<[(Axis, usize); INLINE]>,
}

/// Elements that are evenly spaced at both ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Run {
    /// Where the first element lies, at both ends.
    pub(crate) at: (usize, usize),
    /// The number of elements, and the steps from one to the next.
    pub(crate) axis: Axis,
}

impl Cursor {
    /// The first element of an array with these axes in C order.
    pub(crate) fn new(at: (usize, usize), mut axes: Axes) -> Self {
        merge(&mut axes);
        if axes.is_empty() {
            axes.push(Axis::NONE);
        }
        Self { at, axes: axes.into_iter().rev().map(|axis| (axis, 0)).collect() }
    }

    /// The elements from here on as one run, if all of them are evenly spaced.
    pub(crate) fn single(&self) -> Option<Run> {
        match self.axes[..] {
            [(axis, index)] => {
                let extent = axis.extent - index;
                Some(Run { at: self.at, axis: Axis { extent, ..axis } })
            }
            _ => None,
        }
    }

    /// The next elements along the last axis, and `len` at most. Behind the last element comes the first.
    pub(crate) fn next(&mut self, len: usize) -> Run {
        let (last, index) = self.axes[0];
        let axis = Axis { extent: len.min(last.extent - index), ..last };
        let run = Run { at: self.at, axis };
        self.advance(0, axis.extent);
        run
    }

    /// Takes some steps along the axis `k`, and one along the next when they reach its end.
    fn advance(&mut self, k: usize, steps: usize) {
        let Some((axis, index)) = self.axes.get_mut(k) else { return };
        self.at = axis.step(self.at, steps);
        *index += steps;
        if *index == axis.extent {
            *index = 0;
            // Behind the last element the place may wrap, and comes back to the first.
            self.at = axis.step(self.at, axis.extent.wrapping_neg());
            self.advance(k + 1, 1);
        }
    }
}
