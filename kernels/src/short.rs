//! The sum of many short lanes, densely one after the other: several of them in one register.
//!
//! Sklansky's network again, with its halves cut at the ends of the lanes. For lanes of three elements
//! in a register of eight:
//!
//! ```text
//! x          a0   a1   a2   b0   b1   b2   c0   c1
//! level 0    a0   a01  a2   b0   b01  b2   ..   ..        the one before, to each second one
//! level 1    a0   a01  a012 b0   b01  b012 ..   ..        the second, to the third
//! ```
//!
//! The same for small blocks of a few lanes side by side, whose halves are rows of the block.
//!
//! A lane that is cut off by the end of the register is stored as it was loaded, and loaded again with
//! the next register. So every load and store but the last is of a whole register, in place as well.

use crate::backend::Backend;
use crate::grid::Pair;
use crate::lane::{Lane, Site, Span};
use crate::lanes::Extents;
use crate::order::Summation;
use crate::primitive::{Primitive, same_bytes};
use crate::rows::Rows;
use crate::vector::Vector;

/// The levels of a network over 64 elements, which no register has more of.
const LEVELS: usize = 6;

/// What an instruction set needs for it: registers put together from the lanes of others.
pub(crate) trait Pick<const W: usize>: Vector<W> {
    /// From which lane each lane takes.
    type Choice: Copy;

    /// Each lane takes from the one given; `None` takes nothing.
    fn choice(self, lanes: [Option<u8>; W]) -> Self::Choice;

    /// `x`, but for the lanes that take, which are those of `from`.
    fn pick(self, x: Self::Register, from: Self::Register, lanes: Self::Choice) -> Self::Register;
}

/// The levels of the network: in level `l`, the lanes whose place in theirs has bit `l` take from the
/// last place before that is a multiple of `2^l`.
#[derive(Clone, Copy)]
pub(crate) struct Levels<Choice> {
    levels: [Choice; LEVELS],
    len: usize,
}

impl<Choice: Copy> Levels<Choice> {
    #[inline(always)]
    pub(crate) fn new<V: Pick<W, Choice = Choice>, const W: usize>(v: V, dense: Dense) -> Self {
        let Dense { along, across } = dense;
        let mut levels = [v.choice([None; W]); LEVELS];
        let len = LEVELS.min(along.next_power_of_two().trailing_zeros() as usize);
        for (level, from) in levels.iter_mut().enumerate().take(len) {
            let mut lanes = [None; W];
            for (k, lane) in lanes.iter_mut().enumerate().take(W - W % dense.len()) {
                let row = k % dense.len() / across;
                if row >> level & 1 == 1 {
                    let rows_back = row + 1 - (row >> level << level);
                    *lane = Some((k - rows_back * across) as u8);
                }
            }
            *from = v.choice(lanes);
        }
        Self { levels, len }
    }

    /// The sums within each lane of `along` elements.
    #[inline(always)]
    pub(crate) fn scan<V: Pick<W, Choice = Choice>, const W: usize>(
        &self,
        v: V,
        mut x: V::Register,
    ) -> V::Register {
        let identity = v.splat(V::Element::IDENTITY);
        for from in &self.levels[..self.len.min(LEVELS)] {
            x = v.add(v.pick(identity, x, *from), x);
        }
        x
    }
}

/// A few short lanes without gaps: one of them, or some side by side.
#[derive(Clone, Copy)]
pub(crate) struct Dense {
    /// The elements of a lane.
    pub(crate) along: usize,
    /// The lanes side by side.
    pub(crate) across: usize,
}

impl Dense {
    fn len(self) -> usize {
        self.along * self.across
    }
}

/// Sums a slice full of such lanes; or none if they do not fit a register.
#[inline(always)]
pub(crate) fn sum<V: Pick<W>, const W: usize>(
    v: V,
    dense: Dense,
    lanes: Lane<'_, V::Element>,
) -> bool {
    if !(1..=W).contains(&dense.len()) {
        return false;
    }
    match lanes {
        Lane::Copy(input, output) => sum_span::<V, W>(v, dense, (input, output)),
        Lane::InPlace(data) => sum_span::<V, W>(v, dense, data),
    }
    true
}

#[inline(always)]
fn sum_span<V: Pick<W>, const W: usize>(v: V, dense: Dense, mut span: impl Span<V::Element>) {
    let step = W - W % dense.len();
    let levels = Levels::new::<V, W>(v, dense);
    while span.source().len() >= W {
        if let Some(mut site) = span.first::<W>() {
            let sums = levels.scan(v, v.load(site.source()));
            v.store(sums, site.target());
        }
        span = span.split_at(step).1;
    }
    let sums = levels.scan(v, v.load_part(span.source()));
    v.store_part(sums, span.target());
}

/// The driver: sums all lanes if they are dense, of one type, and short enough, and says whether they
/// were.
pub(crate) fn sum_lanes<I: Primitive, A: Primitive, O: Primitive>(
    backend: Backend,
    summation: Summation,
    pair: Pair<'_, I, O>,
) -> bool {
    if !same_bytes::<I, A>() || !same_bytes::<O, A>() {
        return false;
    }
    let Extents { along, across, .. } = pair.extents();
    // One after the other; or blocks of them side by side, one block after the other.
    let is_block = pair.strides().1.across == 1 && across > 1 && along > 1;
    let (joined, dense) = if is_block {
        (pair.transposed().joined(), Dense { along, across })
    } else {
        (pair.joined(), Dense { along, across: 1 })
    };
    let Some(joined) = joined else { return false };
    A::short(backend, summation, dense, Rows::new(joined.cast()).get(0))
}
