//! The sum of many short lanes, densely one after the other: several of them in one register.
//!
//! The sum is Sklansky's network, with its halves cut at the ends of the lanes. For lanes of three elements in a
//! register of eight:
//!
//! ```text
//! x          a0   a1   a2   b0   b1   b2   c0   c1
//! level 0    a0   a01  a2   b0   b01  b2   ..   ..        the one before, to each second one
//! level 1    a0   a01  a012 b0   b01  b012 ..   ..        the second, to the third
//! ```
//!
//! Small blocks of a few lanes side by side are summed in this way too; their halves are rows of the block.
//!
//! A lane that is cut off by the end of the register is stored as it was loaded, and loaded again with
//! the next register. So every load and store but the last is of a whole register, in place as well.

use crate::memory::{Dense, Lane};
use crate::number::Number;
use crate::simd::Permute;

/// The most slots of any register.
const MOST_SLOTS: usize = 64;

/// The levels of a network over so many.
const LEVELS: usize = MOST_SLOTS.ilog2() as usize;

/// The levels of the network: in level `l`, the slots whose place in their lane has bit `l` take from the
/// last place before that is a multiple of `2^l`.
#[derive(Clone, Copy)]
pub(crate) struct Levels<Choice> {
    levels: [Choice; LEVELS],
    len: usize,
}

impl<Choice: Copy> Levels<Choice> {
    #[inline(always)]
    pub(crate) fn new<V: Permute<W, Choice = Choice>, const W: usize>(dense: Dense) -> Self {
        let Dense { along, across } = dense;
        let mut levels = [V::choice([None; W]); LEVELS];
        let len = LEVELS.min(along.next_power_of_two().trailing_zeros() as usize);
        for (level, from) in levels.iter_mut().enumerate().take(len) {
            let mut slots = [None; W];
            for (k, slot) in slots.iter_mut().enumerate().take(W - W % dense.len()) {
                let row = k % dense.len() / across;
                if row >> level & 1 == 1 {
                    let rows_back = row + 1 - (row >> level << level);
                    *slot = Some((k - rows_back * across) as u8);
                }
            }
            *from = V::choice(slots);
        }
        Self { levels, len }
    }

    /// The sums within each lane of `along` elements.
    #[inline(always)]
    pub(crate) fn scan<V: Permute<W, Choice = Choice>, const W: usize>(
        &self,
        v: V,
        mut x: V::Register,
    ) -> V::Register {
        let identity = v.splat(V::Element::IDENTITY);
        for from in &self.levels[..self.len.min(LEVELS)] {
            x = v.add(v.permute(identity, x, *from), x);
        }
        x
    }
}

/// Sums a slice full of short lanes, or of small blocks of them. If they do not fit a register, none is summed.
#[inline(always)]
pub(crate) fn sum<V: Permute<W>, const W: usize>(
    v: V,
    dense: Dense,
    mut lanes: Lane<'_, V::Element>,
) -> bool {
    if !(1..=W).contains(&dense.len()) {
        return false;
    }
    let step = W - W % dense.len();
    let levels = Levels::new::<V, W>(dense);
    let mut next = lanes.first::<W, 1>().map(|block| v.load(&block.source()[0]));
    while let Some(x) = next {
        // Before the store that it overlaps: in place, it would wait for it (`f64`, lanes of three: 1.3 ns
        // an element, and 0.25 so. Zen 5, 2026-11). The overlap is stored as it was loaded.
        let rest = lanes.source().get(step..);
        next = rest.and_then(|rest| rest.first_chunk::<W>()).map(|x| v.load(x));
        if let Some(mut block) = lanes.first::<W, 1>() {
            v.store(levels.scan(v, x), &mut block.target()[0]);
        }
        lanes = lanes.split_at(step).1;
    }
    let sums = levels.scan(v, v.load_part(lanes.source()));
    v.store_part(sums, lanes.target());
    true
}
