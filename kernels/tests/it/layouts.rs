//! Where the elements of three axes lie: layouts of every order, step, gap and direction.

use lanesum_kernels::Layout;

use crate::values::Random;

/// An array of three axes. Sums along the first have lanes `across` the second, in a `batch` along the third.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) offset: usize,
    pub(crate) shape: [usize; 3],
    pub(crate) strides: [isize; 3],
}

impl Place {
    pub(crate) fn layout(&self) -> Layout<'_> {
        Layout { offset: self.offset, shape: &self.shape, strides: &self.strides }
    }

    /// The index of element `(i, j, k)`.
    pub(crate) fn index(&self, at: [usize; 3]) -> usize {
        let steps = at.iter().zip(self.strides).map(|(i, stride)| *i as isize * stride);
        self.offset.checked_add_signed(steps.sum()).expect("an index")
    }

    /// The lanes along the first axis: their indices along the others.
    pub(crate) fn lanes(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let [_, across, batch] = self.shape;
        (0..batch).flat_map(move |k| (0..across).map(move |j| (j, k)))
    }
}

/// How arrays lie in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// The axes from the smallest stride on.
    pub(crate) order: [usize; 3],
    /// The smallest stride.
    pub(crate) step: usize,
    /// The elements left out between one row of an axis and the next.
    pub(crate) gap: usize,
    /// Which axes run backwards: bit `1 << axis`.
    pub(crate) reversed: usize,
    /// Which axes have stride 0. Inputs only.
    pub(crate) repeated: usize,
    /// Whether the rows of an axis begin in the middle of one another. Inputs only.
    pub(crate) windows: bool,
    /// The elements before the first in memory, and after the last.
    pub(crate) margin: usize,
}

pub(crate) const ORDERS: [[usize; 3]; 6] =
    [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

pub(crate) const DENSE: Style = Style {
    order: [0, 1, 2],
    step: 1,
    gap: 0,
    reversed: 0,
    repeated: 0,
    windows: false,
    margin: 0,
};

impl Style {
    pub(crate) fn random(random: &mut Random) -> Self {
        Self {
            order: ORDERS[random.below(6)],
            step: [1, 1, 1, 2, 3][random.below(5)],
            gap: [0, 0, 1, 3, 8][random.below(5)],
            reversed: [0, 0, random.below(8)][random.below(3)],
            repeated: 0,
            windows: false,
            margin: random.below(12),
        }
    }

    /// An array, and the length of the slice.
    pub(crate) fn place(self, shape: [usize; 3]) -> (Place, usize) {
        let (mut offset, mut last, mut strides) = (self.margin, self.margin, [0; 3]);
        let mut next = self.step;
        for axis in self.order {
            if self.repeated >> axis & 1 == 1 {
                continue;
            }
            strides[axis] = next as isize;
            let reach = shape[axis].saturating_sub(1) * next;
            last += reach;
            if self.reversed >> axis & 1 == 1 {
                offset += reach;
                strides[axis] *= -1;
            }
            next = if self.windows { next } else { next * shape[axis].max(1) } + self.gap;
        }
        (Place { offset, shape, strides }, last + 1 + self.margin)
    }
}
