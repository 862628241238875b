//! [`ScanState`]: what lanes have summed to, for sums that go on.
//!
//! The elements of an incomplete block are kept as they were read, and summed again together with those that follow.
//! There is only one order of additions, so the bits do not depend on how the lanes are cut.
//!
//! This folder names the entry points' `Spec` and `Arrays`, and all that is below them.

mod carries;
#[cfg(feature = "serde")]
mod saved;

pub use carries::{Carries, NoChunks};

use alloc::vec::Vec;
use core::mem::MaybeUninit;
use core::ops::Range;

use crate::api::{Arrays, Spec, new_array};
use crate::array::{Continued, Every, Layout, NextRows, Numbers, Overflow, Standing};
use crate::cpu::{Backend, Stores};
use crate::dispatch::Kernels;
use crate::drive::Task;
use crate::element::{Element, input_of};
use crate::io::{Input, Output};
use crate::kernel::state::Position;
use crate::number::Number;
use crate::order::{CHUNK, Summation};

/// How the next rows of lanes are summed.
#[derive(Clone, Copy, Debug)]
pub struct Feed {
    /// The instructions that are used.
    pub backend: Backend,
    /// Whether the rows are taken from the far end.
    pub reverse: bool,
    /// Whether the sums have a row more, the first one that is written, of the initial value.
    pub initial_first: bool,
}

/// The sums of some lanes so far, from which they can go on.
///
/// ```
/// use lanesum_kernels::{Arrays, Backend, Feed, Layout, ScanState, Spec, Stores, Summation};
///
/// let feed = Feed { backend: Backend::best(), reverse: false, initial_first: false };
/// let spec = Spec::new(feed.backend, Summation::Blocked, Stores::Cached);
/// let mut state = ScanState::<i64>::new(spec, 2);
/// let layout = Layout { offset: 0, shape: &[2, 2], strides: &[2, 1] };
/// let mut sums = [0; 4];
/// for (rows, expected) in [([1, 2, 3, 4], [1, 2, 4, 6]), ([5, 6, 7, 8], [9, 12, 16, 20])] {
///     state.feed(feed, Arrays::copy((&rows, layout), (&mut sums, layout), Some(0)))?;
///     assert_eq!(sums, expected);
/// }
/// # Ok::<(), lanesum_kernels::Overflow>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ScanState<A: Element> {
    /// What is asked of the sum. Backend, stores, and where rows begin and end are those of each call.
    spec: Spec<A>,
    lanes: usize,
    /// The number of elements of each lane so far.
    len: u64,
    kept: Kept<A>,
}

/// What is kept of lanes, in the type that they are summed in.
#[derive(Clone, Debug, PartialEq)]
enum Kept<A: Element> {
    Accumulator(Continued<A::Adder>),
    Wide(Continued<A::WideAdder>),
}

/// How many elements of an incomplete block there is room for.
const fn rest_rows<A: Element>() -> usize {
    if A::EXACT { 0 } else { A::BLOCK - 1 }
}

impl<A: Element> ScanState<A> {
    /// The state before the first element of `lanes` lanes, each of which begins with the initial value of the spec.
    ///
    /// # Panics
    ///
    /// When there is no memory for what is kept: up to 20 numbers for each lane, and 40 of complex ones.
    pub fn new(mut spec: Spec<A>, lanes: usize) -> Self {
        spec.checked &= A::EXACT && !A::WRAPS;
        let numbers = lanes.saturating_mul(A::COMPONENTS);
        let kept = if is_wide::<A>(spec.summation) {
            Kept::Wide(begin(&spec, numbers))
        } else {
            Kept::Accumulator(begin(&spec, numbers))
        };
        Self { spec, lanes, len: 0, kept }
    }

    /// What is asked of the sum.
    pub fn spec(&self) -> &Spec<A> {
        &self.spec
    }

    /// The number of lanes.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// The number of elements of each lane so far.
    pub fn position(&self) -> u64 {
        self.len
    }

    /// Sums the next rows: those of the first axis of an array, whose other axes in C order are the lanes.
    ///
    /// # Errors
    ///
    /// [`Overflow`], if the spec says to check. Then an output is unspecified, an array that was to be overwritten is
    /// as it was, and the state as if this had not been called.
    ///
    /// # Panics
    ///
    /// When an element lies outside its slice, the array has not as many lanes as the state, or the output does not
    /// have the shape of the sums. Then the state is as if this had not been called.
    pub fn feed<I: Element>(
        &mut self,
        feed: Feed,
        mut arrays: Arrays<'_, I, A>,
    ) -> Result<(), Overflow> {
        let (from, to) = arrays.layouts();
        let rows = self.assert_rows(from, to, feed.initial_first);
        arrays.assert_fits();
        let (spec, standing) = (self.spec_of(feed), self.standing());
        match &mut self.kept {
            Kept::Accumulator(kept) => feed_arrays(kept, &spec, standing, &mut arrays, rows)?,
            Kept::Wide(kept) => feed_arrays(kept, &spec, standing, &mut arrays, rows)?,
        }
        self.len = self.len.wrapping_add(rows as u64);
        Ok(())
    }

    /// Sums the next rows into a new `Vec`, in C order.
    ///
    /// # Errors
    ///
    /// [`Overflow`], if the spec says to check. Then the state is as if this had not been called.
    ///
    /// # Panics
    ///
    /// As [`feed`](Self::feed).
    pub fn feed_to_vec<I: Element>(
        &mut self,
        feed: Feed,
        (input, from): (&[I], Layout<'_>),
    ) -> Result<Vec<A>, Overflow> {
        let sum = |places: &mut [MaybeUninit<A>], to: Layout<'_>| {
            self.feed(feed, Arrays::copy_to_uninit((input, from), (places, to), Some(0)))
        };
        // SAFETY: `feed` writes the rows of every lane, and the one before them that has the initial value.
        unsafe { new_array(from, Some(0), usize::from(feed.initial_first), sum) }
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
        feed: Feed,
        (input, from): (&[I], Layout<'_>),
    ) -> Result<Carries<A>, NoChunks> {
        let summation = self.spec.summation;
        let rows = self.assert_rows(from, from, false);
        from.assert_fits(input.len());
        if !has_chunks::<A>(summation) {
            return Err(NoChunks::Sequential);
        }
        if !rows.is_multiple_of(CHUNK) {
            return Err(NoChunks::Unaligned { len: rows as u64 });
        }
        let Spec { backend, stores, reverse, skip_nan, .. } = self.spec_of(feed);
        let spec = Spec { reverse, skip_nan, ..Spec::new(backend, summation, stores) };
        let mut carries = Carries::none(summation, self.lanes);
        if is_wide::<A>(summation) {
            let input = input_of::<I, A, _>(input);
            let piece = Piece { input: &input, from, components: I::COMPONENTS, rows: 0..rows };
            add_carries::<A, A::WideAdder>(&mut carries, &spec, piece);
        } else {
            let input = input_of::<I, A, _>(input);
            let piece = Piece { input: &input, from, components: I::COMPONENTS, rows: 0..rows };
            add_carries::<A, A::Adder>(&mut carries, &spec, piece);
        }
        Ok(carries)
    }

    /// Moves past chunks, as if their elements had been fed; only overflows among them are not found.
    ///
    /// # Errors
    ///
    /// [`NoChunks`]; then the state is as if this had not been called.
    pub fn pass(&mut self, carries: &Carries<A>) -> Result<(), NoChunks> {
        if !has_chunks::<A>(self.spec.summation) {
            return Err(NoChunks::Sequential);
        }
        if !self.len.is_multiple_of(CHUNK as u64) {
            return Err(NoChunks::Unaligned { len: self.len });
        }
        if carries.summation() != self.spec.summation || carries.lanes() != self.lanes {
            return Err(NoChunks::Others);
        }
        match &mut self.kept {
            Kept::Accumulator(kept) => {
                let task = self.spec.task();
                carries.each(|chunk| kept.pass(&task, chunk));
            }
            Kept::Wide(kept) => {
                let task = self.spec.task();
                carries.each(|chunk| kept.pass(&task, chunk));
            }
        }
        let passed = (carries.chunks() as u64).wrapping_mul(CHUNK as u64);
        self.len = self.len.wrapping_add(passed);
        Ok(())
    }

    /// All numbers that are kept, in the type that holds those of any summation.
    #[cfg(feature = "serde")]
    fn rows(&self) -> Vec<A::WideAdder> {
        match &self.kept {
            Kept::Accumulator(kept) => kept.rows.iter().map(|x| Number::cast_from(*x)).collect(),
            Kept::Wide(kept) => kept.rows.clone(),
        }
    }

    /// The state that keeps these numbers, if there are as many as it takes.
    #[cfg(feature = "serde")]
    fn restored(
        mut spec: Spec<A>,
        lanes: usize,
        len: u64,
        rows: Vec<A::WideAdder>,
    ) -> Option<Self> {
        spec.checked &= A::EXACT && !A::WRAPS;
        let (numbers, rest) = (lanes.checked_mul(A::COMPONENTS)?, rest_rows::<A>());
        let kept = if is_wide::<A>(spec.summation) {
            Kept::Wide(Continued::restored(numbers, rest, rows)?)
        } else {
            let rows = rows.into_iter().map(Number::cast_from).collect();
            Kept::Accumulator(Continued::restored(numbers, rest, rows)?)
        };
        Some(Self { spec, lanes, len, kept })
    }

    /// What is asked of the sum of the next rows.
    fn spec_of(&self, Feed { backend, reverse, initial_first }: Feed) -> Spec<A> {
        let stores = Stores::Cached;
        Spec { backend, stores, reverse, include_initial: initial_first, ..self.spec }
    }

    /// Checks that the rows of an array are those of the lanes, and returns how many there are.
    fn assert_rows(&self, from: Layout<'_>, to: Layout<'_>, initial_first: bool) -> usize {
        let rows = from.shape.split_first().zip(to.shape.split_first());
        let Some(((rows, row), (sums, row_of_sums))) = rows else {
            panic!("no rows in an array without axes");
        };
        let lanes = row.iter().fold(1usize, |lanes, extent| lanes.saturating_mul(*extent));
        assert!(
            lanes == self.lanes && row == row_of_sums && *sums == rows + usize::from(initial_first),
            "no rows of {} lanes to sums: {:?} to {:?}",
            self.lanes,
            from.shape,
            to.shape,
        );
        *rows
    }

    /// Where the lanes stand.
    fn standing(&self) -> Standing {
        let is_past_first_chunk = self.spec.initial.is_some() || self.len >= CHUNK as u64;
        let (mut row, mut rest_rows) = (0, 0);
        // Running sums have no chunks, and blocks of one element.
        if !A::EXACT && has_chunks::<A>(self.spec.summation) {
            let block = match &self.kept {
                Kept::Accumulator(_) => A::Adder::BLOCK,
                Kept::Wide(_) => A::WideAdder::BLOCK,
            };
            rest_rows = (self.len % block as u64) as usize;
            row = (self.len % CHUNK as u64) as usize - rest_rows;
        }
        Standing { position: Position { row, is_past_first_chunk }, rest_rows }
    }
}

/// Whether sums are formed in the wide accumulator.
fn is_wide<A: Element>(summation: Summation) -> bool {
    !A::EXACT && summation == Summation::Compensated
}

/// Whether sums are those of chunks, in which they can be formed apart.
fn has_chunks<A: Element>(summation: Summation) -> bool {
    A::EXACT || summation != Summation::Sequential
}

/// Rows of an array to be read, without its type.
#[derive(Clone)]
struct Piece<'a, C> {
    input: &'a Input<'a, C>,
    from: Layout<'a>,
    /// How many numbers an element has.
    components: usize,
    /// Which of the rows are summed, as they are taken.
    rows: Range<usize>,
}

/// Sums the next rows of lanes, which are those of arrays.
fn feed_arrays<I: Element, A: Element, C: Kernels>(
    kept: &mut Continued<C>,
    spec: &Spec<A>,
    standing: Standing,
    arrays: &mut Arrays<'_, I, A>,
    rows: usize,
) -> Result<(), Overflow> {
    let ((from, to), is_in_place) = (arrays.layouts(), arrays.is_in_place());
    let (input, output) = arrays.ends::<A, C>();
    let piece = Piece { input: &input, from, components: I::COMPONENTS, rows: 0..rows };
    feed_rows(kept, spec, standing, piece, Some((output, to)), is_in_place)
}

/// Sums the next rows of lanes of `A` in `C`, whose sums are written if anybody takes them.
fn feed_rows<A: Element, C: Kernels>(
    kept: &mut Continued<C>,
    spec: &Spec<A>,
    standing: Standing,
    piece: Piece<'_, C>,
    mut output: Option<(Output<'_, C>, Layout<'_>)>,
    is_in_place: bool,
) -> Result<(), Overflow> {
    let mut task = spec.task::<C>();
    if is_in_place && task.fits.is_some() {
        // All sums are checked before any is written.
        feed_rows(&mut kept.clone(), spec, standing, piece.clone(), None, false)?;
        task.fits = None;
    }
    let Piece { input, from, components, rows } = piece;
    let mut feed = |task: &Task<C>, every, input, from, component| {
        let output = output.as_mut().map(|(output, layout)| {
            let step = A::COMPONENTS as isize;
            (output.reborrow(), Numbers { layout: *layout, step, component })
        });
        let rows = NextRows {
            input: (input, from),
            output,
            reverse: spec.reverse,
            initial_first: spec.include_initial,
            range: rows.clone(),
        };
        kept.feed(task, every, standing, rows)
    };
    let numbers = Numbers { layout: from, step: components as isize, component: 0 };
    if A::COMPONENTS == 1 {
        return feed(&task, Every { first: 0, step: 1 }, input, numbers, 0);
    }
    if components == 2 {
        task.is_paired = true;
        return feed(&task, Every { first: 0, step: 1 }, input, numbers, 0);
    }
    feed(&task, Every { first: 0, step: 2 }, input, numbers, 0)?;
    // The imaginary components are zeros.
    task.initial = task.initial.map(|[_, imaginary]| [imaginary; 2]);
    let zero = [C::cast_from(0u8)];
    let zeros = Numbers { layout: from, step: 0, component: 0 };
    feed(&task, Every { first: 1, step: 2 }, &Input::of(&zero), zeros, 1)
}

/// Appends the carries of the chunks of an array.
fn add_carries<A: Element, C: Kernels>(
    carries: &mut Carries<A>,
    spec: &Spec<A>,
    piece: Piece<'_, C>,
) {
    let numbers = carries.lanes() * A::COMPONENTS;
    let start = Standing { position: Position::default(), rest_rows: 0 };
    let whole = piece.rows.clone();
    for first in whole.step_by(CHUNK) {
        let mut kept = begin::<A, C>(spec, numbers);
        let piece = Piece { rows: first..first + CHUNK, ..piece.clone() };
        // Nothing is checked, so there is no error.
        let _ = feed_rows(&mut kept, spec, start, piece, None, false);
        carries.push(kept.chunk_sums(&spec.task()));
    }
}

/// The state of lanes before their first element, of so many numbers in all.
fn begin<A: Element, C: Kernels>(spec: &Spec<A>, numbers: usize) -> Continued<C> {
    let task = Task { is_paired: A::COMPONENTS == 2, ..spec.task() };
    Continued::new(&task, numbers, rest_rows::<A>())
}
