//! [`Progress`]: what lanes have summed to, for sums that go on.
//!
//! Of an incomplete block the elements are kept as they were read, and summed again with those that follow: there is
//! no order of additions but one. So the bits are the same however the lanes are cut.

use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::cpu::Backend;
use crate::cpu::Stores;
use crate::element::Element;
use crate::ends::{PairRows, SourceRows};
use crate::kernel::state::Position;
use crate::lanes::Kernel;
use crate::memory::InOut as Pair;
use crate::memory::Memory;
use crate::memory::{Extents, LaneLayout as Layout};
use crate::number::Number;
use crate::order::{CHUNK, Summation};
use crate::parts::{self, Part};
use crate::primitive::Primitive;
use crate::rule::{Overflow, Rule, with_carrier};
use crate::staged::{
    CARRY, CARRY_LOW, KEPT, OFFSET, OFFSET_LOW, ROW_BYTES, Staged, State, stride, width,
};

/// What some lanes have summed to.
///
/// ```
/// use lanesum_kernels::{Backend, Extents, Layout, Progress, Rule, Summation};
///
/// let mut progress = Progress::<i64>::new(Rule::of(Summation::Blocked), 2);
/// let layout = Layout { offset: 0, along: 2, across: 1, batch: 0 };
/// let extents = Extents { along: 2, across: 2, batch: 1 };
/// let mut output = [0; 4];
/// for (input, sums) in [([1, 2, 3, 4], [1, 2, 4, 6]), ([5, 6, 7, 8], [9, 12, 16, 20])] {
///     let layouts = [(layout, layout)];
///     progress.feed(Backend::best(), extents, &input, &mut output, layouts).expect("no overflow");
///     assert_eq!(output, sums);
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Progress<A: Element> {
    rule: Rule<A>,
    lanes: usize,
    /// The elements of each lane so far.
    len: u64,
    /// The rows of a [`State`], without gaps. Every type that `A` is summed in can be cast to this one, and back.
    rows: Vec<A::Wide>,
}

/// The carries of the chunks of some lanes, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Carries<A: Element> {
    summation: Summation,
    lanes: usize,
    chunks: usize,
    /// For each chunk a row of carries, and one of what they lack where sums are compensated.
    rows: Vec<A::Wide>,
}

/// A calculation of carries or a step past them that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoChunks {
    /// The sums of floats by [`Summation::Sequential`] have no chunks.
    Sequential,
    /// The lanes do not begin or end with a chunk.
    Unaligned {
        /// The elements before, or in the part.
        len: u64,
    },
    /// The carries are of another summation, or another number of lanes.
    Others,
}

impl<A: Element> Progress<A> {
    /// Before the first element of `lanes` lanes. `rule.initial` is that of each.
    ///
    /// # Panics
    ///
    /// When there is no memory for what is kept: up to 20 numbers for each lane, and 40 of complex ones.
    pub fn new(mut rule: Rule<A>, lanes: usize) -> Self {
        rule.checked &= A::EXACT && !A::WRAPS;
        let numbers = lanes.saturating_mul(A::PARTS * rows_of::<A>());
        let rows = alloc::vec![<A::Wide as Number>::cast_from(0u8); numbers];
        let mut progress = Self { rule, lanes, len: 0, rows };
        with_carrier!(rule, A, begin::<A>(&mut progress));
        progress
    }

    /// The rule.
    pub fn rule(&self) -> &Rule<A> {
        &self.rule
    }

    /// The number of lanes.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// The elements of each lane so far.
    pub fn position(&self) -> u64 {
        self.len
    }

    /// Sums the next elements of all lanes: `extents.along` of each, and `extents.across` lanes for each pair of
    /// `layouts`, in which those of the input and of the output lie.
    ///
    /// # Errors
    ///
    /// [`Overflow`], if the rule says so. Then the output is unspecified, and all is as if this had not been called.
    ///
    /// # Panics
    ///
    /// When an element lies outside its slice, or there are not as many layouts as it takes for the lanes.
    pub fn feed<I: Element>(
        &mut self,
        backend: Backend,
        extents: Extents,
        input: &[I],
        output: &mut [A],
        layouts: impl IntoIterator<Item = (Layout, Layout)>,
    ) -> Result<(), Overflow> {
        let rule = self.rule;
        let extents = Extents { batch: 1, ..extents };
        let layouts = layouts.into_iter();
        with_carrier!(rule, A, feed::<I, A>(self, backend, extents, input, output, layouts))
    }

    /// The same, where each sum overwrites its element. What is to be checked is checked before anything is written.
    ///
    /// # Errors
    ///
    /// [`Overflow`], if the rule says so. Then the data is as it was, and so is this.
    ///
    /// # Panics
    ///
    /// As [`feed`](Self::feed).
    pub fn feed_in_place(
        &mut self,
        backend: Backend,
        extents: Extents,
        data: &mut [A],
        layouts: impl IntoIterator<Item = Layout, IntoIter: Clone>,
    ) -> Result<(), Overflow> {
        let rule = self.rule;
        let extents = Extents { batch: 1, ..extents };
        let layouts = layouts.into_iter();
        if rule.checked {
            self.clone().read(backend, extents, data, layouts.clone())?;
        }
        self.rule.checked = false;
        let fed = with_carrier!(rule, A, feed_in_place::<A>(self, backend, extents, data, layouts));
        self.rule = rule;
        fed
    }

    /// The carries of the chunks of lanes that begin and end with a chunk, wherever these lie between others.
    ///
    /// # Errors
    ///
    /// [`NoChunks::Sequential`], [`NoChunks::Unaligned`].
    ///
    /// # Panics
    ///
    /// As [`feed`](Self::feed).
    pub fn carries<I: Element>(
        &self,
        backend: Backend,
        extents: Extents,
        input: &[I],
        layouts: impl IntoIterator<Item = Layout, IntoIter: Clone>,
    ) -> Result<Carries<A>, NoChunks> {
        let rule = Rule { skip_nan: self.rule.skip_nan, ..Rule::of(self.rule.summation) };
        if !has_chunks::<A>(rule.summation) {
            return Err(NoChunks::Sequential);
        }
        if !extents.along.is_multiple_of(CHUNK) {
            return Err(NoChunks::Unaligned { len: extents.along as u64 });
        }
        let layouts = layouts.into_iter();
        let mut rows = Vec::new();
        let chunks = extents.along / CHUNK;
        // Where there are no lanes there are no carries.
        for chunk in 0..if self.lanes == 0 { 0 } else { chunks } {
            let mut progress = Self::new(rule, self.lanes);
            let extents = Extents { along: CHUNK, batch: 1, ..extents };
            let layouts = layouts.clone().map(|layout: Layout| {
                let steps = layout.along.wrapping_mul((chunk * CHUNK) as isize);
                Layout { offset: layout.offset.wrapping_add_signed(steps), ..layout }
            });
            // Nothing is checked, so there is no error.
            let _ = progress.read(backend, extents, input, layouts);
            let [high, low] = sums_of::<A>();
            rows.extend_from_slice(progress.row(high));
            rows.extend_from_slice(progress.row(low));
        }
        Ok(Carries { summation: rule.summation, lanes: self.lanes, chunks, rows })
    }

    /// That of one of the lanes.
    ///
    /// # Panics
    ///
    /// When there is no such lane.
    pub fn lane(&self, lane: usize) -> Self {
        assert!(lane < self.lanes, "no such lane");
        let rows = self.rows.chunks_exact(self.numbers());
        let lane = rows.flat_map(|row| &row[lane * A::PARTS..][..A::PARTS]);
        Self { rows: lane.copied().collect(), lanes: 1, ..*self }
    }

    /// Reads the next elements, and forgets their sums.
    ///
    /// # Errors
    ///
    /// [`Overflow`], if the rule says so. Then all is as if this had not been called.
    ///
    /// # Panics
    ///
    /// As [`feed`](Self::feed).
    pub fn read<I: Element>(
        &mut self,
        backend: Backend,
        extents: Extents,
        input: &[I],
        layouts: impl IntoIterator<Item = Layout>,
    ) -> Result<(), Overflow> {
        let rule = self.rule;
        let extents = Extents { batch: 1, ..extents };
        let layouts = layouts.into_iter();
        with_carrier!(rule, A, read::<I, A>(self, backend, extents, input, layouts))
    }

    /// Goes past chunks, as if their elements had been fed; but for overflows, of which carries know nothing.
    ///
    /// # Errors
    ///
    /// [`NoChunks`]; then all is as if this had not been called.
    pub fn seek(&mut self, carries: &Carries<A>) -> Result<(), NoChunks> {
        if !has_chunks::<A>(self.rule.summation) {
            return Err(NoChunks::Sequential);
        }
        if !self.len.is_multiple_of(CHUNK as u64) {
            return Err(NoChunks::Unaligned { len: self.len });
        }
        if carries.summation != self.rule.summation || carries.lanes != self.lanes {
            return Err(NoChunks::Others);
        }
        with_carrier!(self.rule, A, seek::<A>(self, carries));
        let passed = (carries.chunks as u64).wrapping_mul(CHUNK as u64);
        self.len = self.len.wrapping_add(passed);
        Ok(())
    }

    /// All that is kept.
    #[cfg(feature = "serde")]
    pub(crate) fn rows(&self) -> &[A::Wide] {
        &self.rows
    }

    /// One of what was kept, if that is as much as it has to be.
    #[cfg(feature = "serde")]
    pub(crate) fn restored(
        rule: Rule<A>,
        lanes: usize,
        len: u64,
        rows: Vec<A::Wide>,
    ) -> Option<Self> {
        let numbers = lanes.checked_mul(A::PARTS)?.checked_mul(rows_of::<A>())?;
        let rule = Rule { checked: rule.checked && A::EXACT && !A::WRAPS, ..rule };
        (rows.len() == numbers).then_some(Self { rule, lanes, len, rows })
    }

    fn numbers(&self) -> usize {
        self.lanes * A::PARTS
    }

    fn row(&self, row: usize) -> &[A::Wide] {
        &self.rows[row * self.numbers()..][..self.numbers()]
    }
}

impl<A: Element> Carries<A> {
    /// Those of no chunk, to be [appended](Self::append) to.
    pub fn none(summation: Summation, lanes: usize) -> Self {
        Self { summation, lanes, chunks: 0, rows: Vec::new() }
    }

    /// How elements are added up.
    pub fn summation(&self) -> Summation {
        self.summation
    }

    /// The number of lanes.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// All that is kept.
    #[cfg(feature = "serde")]
    pub(crate) fn rows(&self) -> &[A::Wide] {
        &self.rows
    }

    /// Those of what was kept, if that is as much as it has to be.
    #[cfg(feature = "serde")]
    pub(crate) fn restored(
        summation: Summation,
        lanes: usize,
        chunks: usize,
        rows: Vec<A::Wide>,
    ) -> Option<Self> {
        let numbers = lanes.checked_mul(2 * A::PARTS)?.checked_mul(chunks)?;
        (rows.len() == numbers).then_some(Self { summation, lanes, chunks, rows })
    }

    /// The number of chunks.
    pub fn chunks(&self) -> usize {
        self.chunks
    }

    /// Takes the carries of the chunks that follow these.
    ///
    /// # Errors
    ///
    /// [`NoChunks::Others`]; then these are as they were.
    pub fn append(&mut self, next: &Self) -> Result<(), NoChunks> {
        if next.summation != self.summation || next.lanes != self.lanes {
            return Err(NoChunks::Others);
        }
        self.chunks = self.chunks.saturating_add(next.chunks);
        self.rows.extend_from_slice(&next.rows);
        Ok(())
    }
}

/// How many rows are kept.
fn rows_of<A: Element>() -> usize {
    KEPT + if A::EXACT { 0 } else { A::BLOCK - 1 }
}

/// Whether sums are those of chunks, in which they can be formed apart.
fn has_chunks<A: Element>(summation: Summation) -> bool {
    A::EXACT || summation != Summation::Sequential
}

/// In which rows the sums of complete chunks are: those of numbers that are exact have no offset.
fn sums_of<A: Element>() -> [usize; 2] {
    if A::EXACT { [CARRY, CARRY_LOW] } else { [OFFSET, OFFSET_LOW] }
}

impl fmt::Display for NoChunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sequential => f.write_str("running sums of floats cannot be formed in parts"),
            Self::Unaligned { len } => {
                write!(f, "{len} elements are not a whole number of chunks of {CHUNK}")
            }
            Self::Others => f.write_str("carries of another summation, or of other lanes"),
        }
    }
}

impl core::error::Error for NoChunks {}

/// Room for the state of as many lanes as are summed side by side, with an incomplete block.
type StateMemory = Memory<{ (KEPT + 15) * ROW_BYTES }>;

/// Calls `each` with the state of some of the lanes at a time, and keeps what becomes of it.
///
/// These are `count` numbers in places `step` apart, from the place `first` on.
fn with_states<A: Element, C: Primitive>(
    progress: &mut Progress<A>,
    (first, step, count): (usize, usize, usize),
    most: usize,
    mut each: impl FnMut(&mut State<'_, C>, Range<usize>) -> Result<(), Overflow>,
) -> Result<(), Overflow> {
    let numbers = progress.numbers();
    assert!(count == 0 || first + (count - 1) * step < numbers, "more lanes than there are");
    let mut memory = StateMemory::new();
    let (position, rest) = progress.place();
    for start in (0..count).step_by(most) {
        let lanes = start..count.min(start + most);
        let stride = stride::<C>(lanes.len());
        let rows = progress.rows.len() / numbers;
        let memory = memory.fill(rows * stride, C::IDENTITY);
        let places = || lanes.clone().map(|lane| first + lane * step).enumerate();
        for (row, kept) in memory
            .chunks_exact_mut(stride)
            .zip(progress.rows.chunks_exact(numbers))
            .take(KEPT + rest)
        {
            for (lane, place) in places() {
                row[lane] = C::cast_from(kept[place]);
            }
        }
        let mut state = State { rows: memory, stride, position, rest };
        each(&mut state, lanes.clone())?;
        let rows = state.rows.chunks_exact(stride).zip(progress.rows.chunks_exact_mut(numbers));
        for (row, kept) in rows.take(KEPT + state.rest) {
            for (lane, place) in places() {
                kept[place] = <A::Wide as Number>::cast_from(row[lane]);
            }
        }
    }
    Ok(())
}

impl<A: Element> Progress<A> {
    /// Where in its chunk the first element of the incomplete block lies, and how many elements that has.
    fn place(&self) -> (Position, usize) {
        // Running sums have no chunks, and blocks of one element.
        let has_blocks = !A::EXACT && has_chunks::<A>(self.rule.summation);
        let block = if has_blocks { block::<A>(self.rule.summation) } else { 1 };
        let rest = (self.len % block as u64) as usize;
        let row = if has_blocks { (self.len % CHUNK as u64) as usize - rest } else { 0 };
        let is_past_first_chunk = self.rule.initial.is_some() || self.len >= CHUNK as u64;
        (Position { row, is_past_first_chunk }, rest)
    }
}

/// The elements of a block.
fn block<A: Element>(summation: Summation) -> usize {
    if summation == Summation::Compensated {
        <A::Wide as Number>::BLOCK
    } else {
        <A::Carrier as Number>::BLOCK
    }
}

fn begin<A: Element, C: Primitive>(progress: &mut Progress<A>) {
    let steps = Staged::<A::Storage, C>::new::<A>(Backend::scalar(), progress.rule, Stores::Cached);
    let all = (0, 1, progress.numbers());
    let begun = with_states::<A, C>(progress, all, width::<C>(Kernel::Column), |state, lanes| {
        steps.begin(state, lanes.len(), &|lane| (lanes.start + lane) % A::PARTS);
        Ok(())
    });
    debug_assert_eq!(begun, Ok(()));
}

fn seek<A: Element, C: Primitive>(progress: &mut Progress<A>, carries: &Carries<A>) {
    let steps = Staged::<A::Storage, C>::new::<A>(Backend::scalar(), progress.rule, Stores::Cached);
    let numbers = progress.numbers();
    let all = (0, 1, numbers);
    let sought = with_states::<A, C>(progress, all, width::<C>(Kernel::Column), |state, lanes| {
        for chunk in carries.rows.chunks_exact(2 * numbers) {
            let (high, low) = chunk.split_at(numbers);
            for (lane, number) in lanes.clone().enumerate() {
                steps.pass(state, lane, [high[number], low[number]].map(C::cast_from));
            }
        }
        Ok(())
    });
    debug_assert_eq!(sought, Ok(()));
}

/// The first number of the lanes of a call, the step to the next, and how many there are; and how many are to be
/// summed side by side.
fn numbers_of<A: Element, C: Primitive>(
    part: Part,
    first: usize,
    lanes: usize,
) -> ((usize, usize, usize), usize) {
    let numbers = match part {
        Part::Both => (first * 2, 1, lanes),
        Part::Only(part) => (first * A::PARTS + part, A::PARTS, lanes),
    };
    (numbers, width::<C>(if lanes == 1 { Kernel::Row } else { Kernel::Column }))
}

/// Calls `call` for all lanes, with the first of each layout, and moves on; or not at all, on an error.
fn feed_all<A: Element, L>(
    progress: &mut Progress<A>,
    extents: Extents,
    layouts: impl Iterator<Item = L>,
    mut call: impl FnMut(&mut Progress<A>, usize, L) -> Result<(), Overflow>,
) -> Result<(), Overflow> {
    // Only a check can fail.
    let before = progress.rule.checked.then(|| progress.rows.clone());
    let mut first = 0;
    let mut result = Ok(());
    for layout in layouts {
        result = result.and_then(|()| call(progress, first, layout));
        first += extents.across;
    }
    assert_eq!(first, progress.lanes, "lanes");
    match (result, before) {
        (Err(_), Some(before)) => progress.rows = before,
        _ => progress.len = progress.len.wrapping_add(extents.along as u64),
    }
    result
}

/// Sums the lanes of a pair, which are a part of the lanes from `first` on.
fn feed_pair<I: Element, A: Element, C: Primitive>(
    progress: &mut Progress<A>,
    steps: &mut Staged<A::Storage, C>,
    (part, first): (Part, usize),
    mut pair: Pair<'_, I::Storage, A::Storage>,
) -> Result<(), Overflow> {
    steps.in_pairs = matches!(part, Part::Both);
    let Extents { along, across, batch } = pair.extents();
    for k in 0..batch {
        let (numbers, most) = numbers_of::<A, C>(part, first + k, across);
        with_states::<A, C>(progress, numbers, most, |state, lanes| {
            let (width, pair) = (lanes.len(), pair.reborrow().batch(k));
            let pair = pair.part(0..along, lanes);
            let mut rows = PairRows::<_, A::Storage, _>::new(steps.backend, pair);
            steps.feed(state, width, along, &mut rows)
        })?;
    }
    Ok(())
}

fn feed<I: Element, A: Element, C: Primitive>(
    progress: &mut Progress<A>,
    backend: Backend,
    extents: Extents,
    input: &[I],
    output: &mut [A],
    layouts: impl Iterator<Item = (Layout, Layout)>,
) -> Result<(), Overflow> {
    let mut steps = Staged::<A::Storage, C>::new::<A>(backend, progress.rule, Stores::Cached);
    feed_all(progress, extents, layouts, |progress, first, (from, to)| {
        let mut result = Ok(());
        let (input, output) = ((input, from), (&mut *output, to));
        parts::each::<I, A, A>(Kernel::Column, extents, input, output, |part, _, pair| {
            let fed = feed_pair::<I, A, C>(progress, &mut steps, (part, first), pair);
            result = result.and(fed);
        });
        result
    })
}

fn feed_in_place<A: Element, C: Primitive>(
    progress: &mut Progress<A>,
    backend: Backend,
    extents: Extents,
    data: &mut [A],
    layouts: impl Iterator<Item = Layout>,
) -> Result<(), Overflow> {
    let mut steps = Staged::<A::Storage, C>::new::<A>(backend, progress.rule, Stores::Cached);
    feed_all(progress, extents, layouts, |progress, first, layout| {
        let mut result = Ok(());
        let data = (&mut *data, layout);
        parts::each_in_place::<A, A>(Kernel::Column, extents, data, |part, _, pair| {
            let fed = feed_pair::<A, A, C>(progress, &mut steps, (part, first), pair);
            result = result.and(fed);
        });
        result
    })
}

/// Sums rows whose sums nobody takes.
fn read<I: Element, A: Element, C: Primitive>(
    progress: &mut Progress<A>,
    backend: Backend,
    extents: Extents,
    input: &[I],
    layouts: impl Iterator<Item = Layout>,
) -> Result<(), Overflow> {
    let mut steps = Staged::<A::Storage, C>::new::<A>(backend, progress.rule, Stores::Cached);
    feed_all(progress, extents, layouts, |progress, first, layout| {
        let mut result = Ok(());
        parts::each_source::<I, A>(extents, (input, layout), |part, source| {
            steps.in_pairs = matches!(part, Part::Both);
            let Extents { along, across, batch } = source.extents();
            for k in 0..batch {
                let (numbers, most) = numbers_of::<A, C>(part, first + k, across);
                let fed = with_states::<A, C>(progress, numbers, most, |state, lanes| {
                    let (width, source) = (lanes.len(), source.reborrow().batch(k));
                    let source = source.part(0..along, lanes);
                    let mut rows = SourceRows::<_, A::Storage>::new(backend, source);
                    steps.feed(state, width, along, &mut rows)
                });
                result = result.and(fed);
            }
        });
        result
    })
}
