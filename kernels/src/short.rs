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
use crate::cast::PIECE;
use crate::grid::Pair;
use crate::lane::{Lane, Site, Span};
use crate::lanes::Extents;
use crate::memory::Memory;
use crate::number::{Number, same_bytes};
use crate::order::Order;
use crate::primitive::Primitive;
use crate::rows::Rows;
use crate::strided::{gather, scatter};
use crate::vector::Vector;

/// No register has more lanes.
const MOST_LANES: usize = 64;

/// The levels of a network over so many.
const LEVELS: usize = MOST_LANES.ilog2() as usize;

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
    let mut next = span.first::<W>().map(|site| v.load(site.source()));
    while let Some(x) = next {
        // Before the store that it overlaps: in place, it would wait for it (`f64`, lanes of three: 1.3 ns
        // an element, and 0.25 so. Zen 5, 2026-11). The overlap is stored as it was loaded.
        next =
            span.source().get(step..).and_then(|rest| rest.first_chunk::<W>()).map(|x| v.load(x));
        if let Some(mut site) = span.first::<W>() {
            v.store(levels.scan(v, x), site.target());
        }
        span = span.split_at(step).1;
    }
    let sums = levels.scan(v, v.load_part(span.source()));
    v.store_part(sums, span.target());
}

/// The driver: sums all lanes if they are dense and short enough, if the instruction set can, and if the
/// order allows it; and says whether it did.
pub(crate) fn sum_lanes<I: Number, A: Primitive, O: Number>(
    backend: Backend,
    order: Order,
    pair: Pair<'_, I, O>,
) -> bool {
    let Extents { along, across, .. } = pair.extents();
    // One after the other; or blocks of them side by side, one block after the other.
    let is_block = pair.strides().1.across == 1 && across > 1 && along > 1;
    let (joined, dense) = if is_block {
        (pair.transposed().joined(), Dense { along, across })
    } else {
        (pair.joined(), Dense { along, across: 1 })
    };
    let Some(joined) = joined else { return false };
    if same_bytes::<I, A>() && same_bytes::<O, A>() {
        A::short(backend, order, dense, Rows::new(joined.cast()).get(0))
    } else {
        sum_cast::<I, A, O>(backend, order, dense, joined)
    }
}

/// Sums lanes with casts, in pieces of whole lanes; or none of them, if the first piece is declined.
fn sum_cast<I: Number, A: Primitive, O: Number>(
    backend: Backend,
    order: Order,
    dense: Dense,
    mut lanes: Pair<'_, I, O>,
) -> bool {
    if dense.len() > MOST_LANES {
        return false;
    }
    let len = lanes.extents().along;
    let piece = PIECE - PIECE % dense.len();
    let mut memory = Memory::<{ PIECE * 16 }>::new();
    let buffer = memory.fill(len.min(piece), A::IDENTITY);
    for start in (0..len).step_by(piece) {
        let end = start + piece.min(len - start);
        let mut part = lanes.reborrow().part(start..end, 0..1);
        let buffer = &mut buffer[..end - start];
        gather(backend, &part.source(), buffer);
        if !A::short(backend, order, dense, Lane::InPlace(buffer)) {
            return false;
        }
        scatter(backend, buffer, &mut part.target());
    }
    true
}
