//! Where the elements of lanes lie, for `lanes.rs`: layouts of every order, step, gap and direction.

use lanesum_kernels::{Extents, Layout};

use crate::Random;

/// The index of element `(i, j, k)` along, across and in the batch.
pub(crate) fn index(layout: Layout, [i, j, k]: [usize; 3]) -> usize {
    let Layout { offset, along, across, batch } = layout;
    let from_offset = i as isize * along + j as isize * across + k as isize * batch;
    offset.checked_add_signed(from_offset).expect("an index")
}

/// The lanes' first elements.
pub(crate) fn lanes(extents: Extents) -> impl Iterator<Item = (usize, usize)> {
    (0..extents.batch).flat_map(move |k| (0..extents.across).map(move |j| (j, k)))
}

/// How lanes lie in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// The axes from the smallest stride on: 0 along, 1 across, 2 the batch.
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

    /// The layout, and the length of the slice.
    pub(crate) fn place(self, extents: Extents) -> (Layout, usize) {
        let extents = [extents.along, extents.across, extents.batch];
        let (mut offset, mut last, mut strides) = (self.margin, self.margin, [0; 3]);
        let mut next = self.step;
        for axis in self.order {
            if self.repeated >> axis & 1 == 1 {
                continue;
            }
            strides[axis] = next as isize;
            let reach = (extents[axis] - 1) * next;
            last += reach;
            if self.reversed >> axis & 1 == 1 {
                offset += reach;
                strides[axis] *= -1;
            }
            next = if self.windows { next } else { next * extents[axis] } + self.gap;
        }
        let [along, across, batch] = strides;
        (Layout { offset, along, across, batch }, last + 1 + self.margin)
    }
}
