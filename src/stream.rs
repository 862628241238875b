//! [`Stream`]: a cumulative sum that is fed pieces.

use alloc::boxed::Box;
use alloc::vec::Vec;

use lanesum_kernels::{
    Backend, Carries, Element, Extents, Layout, NoChunks, Overflow, Progress, Rule, Scalar,
    Summation, new_vec,
};
use smallvec::SmallVec;

use crate::error::Error;
use crate::flatten;
use crate::operand::{Operand, Output};
use crate::options::axes_of;
use crate::view::{Axes, INLINE, size};

/// A cumulative sum of what comes in pieces, with sums of type `A`.
///
/// The sums of all pieces together have the bits of one call on the whole, however it is cut, with any
/// [`Summation`] and any option. A stream is one lane, or as many as a row [has elements](Self::with_shape), which go
/// on along axis 0. For each lane it keeps what that has summed to and, of floats, the elements of an incomplete block of
/// the [order](crate::order): 20 `f64` for `f32`, 12 for `f64`, and five numbers for integers.
///
/// A stream can be cloned, and with the feature `serde` be saved and restored, on a machine of another kind too.
///
/// ```
/// use lanesum::{Stream, cumsum};
///
/// let x: Vec<f64> = (0..1000).map(|k| 1.0 / f64::from(k + 1)).collect();
/// let mut stream = Stream::<f64>::new();
/// let mut sums = Vec::new();
/// for piece in x.chunks(7) {
///     sums.extend(stream.to_vec(piece)?);
/// }
/// assert_eq!(sums, cumsum(&x).to_vec());
/// # Ok::<(), lanesum::Error>(())
/// ```
///
/// # In parts, elsewhere
///
/// In the order of the additions, what a chunk of [`CHUNK`](crate::order::CHUNK) elements needs of those before it is
/// one number, the offset, and what it gives to those after it is another, its carry. So a lane can be cut into
/// parts of whole chunks, and each be summed by another thread or another machine, with the same bits: in a first pass,
/// each finds the [`carries`](Self::carries) of its chunks; then each [seeks](Self::seek) past those of the parts
/// before its own, and sums.
///
/// ```
/// use lanesum::{Stream, cumsum, order::CHUNK};
///
/// let x: Vec<f32> = (0..5 * CHUNK + 100).map(|k| (k % 7) as f32 * 0.1).collect();
/// let (first, second) = x.split_at(3 * CHUNK);
///
/// let carries = Stream::<f32>::new().carries(first)?; // here,
/// let mut stream = Stream::<f32>::new(); // and there
/// stream.seek(&carries)?;
/// assert_eq!(stream.to_vec(second)?, cumsum(&x).to_vec()[3 * CHUNK..]);
/// # Ok::<(), lanesum::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Stream<A: Element> {
    /// The extents of a row.
    shape: SmallVec<[usize; INLINE]>,
    backend: Option<Backend>,
    include_initial: bool,
    reverse: bool,
    /// Whether the initial value was written, if it was to be.
    has_begun: bool,
    progress: Progress<A>,
}

impl<A: Element> Default for Stream<A> {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: Element> Stream<A> {
    /// A stream of one lane, before its first element. Its pieces are slices or views of one axis.
    ///
    /// ```
    /// use lanesum::Stream;
    ///
    /// let mut stream = Stream::<i64>::new();
    /// assert_eq!(stream.to_vec(&[1i32, 2])?, [1, 3]);
    /// assert_eq!(stream.to_vec(&[3i32, 4])?, [6, 10]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    pub fn new() -> Self {
        Self::of(SmallVec::new(), 1)
    }

    /// A stream of rows of this shape, before the first. Its pieces are views of the shape `(k, a, b, ..)`, of any
    /// number `k` of rows of the shape `(a, b, ..)`, and it sums along axis 0.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyDimensions`], [`Error::TooLarge`].
    ///
    /// ```
    /// use lanesum::{Stream, View};
    ///
    /// let mut stream = Stream::<i64>::with_shape(&[2])?;
    /// assert_eq!(stream.to_vec(View::new(&[1, 2, 3, 4], &[2, 2])?)?, [1, 2, 4, 6]);
    /// assert_eq!(stream.to_vec(View::new(&[5, 6], &[1, 2])?)?, [9, 12]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    pub fn with_shape(shape: &[usize]) -> Result<Self, Error> {
        // As that of a piece of one row.
        let row: SmallVec<[usize; INLINE]> = [1].iter().chain(shape).copied().collect();
        let lanes = size(&row)?;
        // What is kept of each lane: up to 40 numbers of 16 bytes.
        if lanes > isize::MAX as usize / 1024 {
            return Err(Error::TooLarge { shape: shape.into() });
        }
        Ok(Self::of(SmallVec::from_slice(shape), lanes))
    }

    fn of(shape: SmallVec<[usize; INLINE]>, lanes: usize) -> Self {
        Self {
            shape,
            backend: None,
            include_initial: false,
            reverse: false,
            has_begun: false,
            progress: Progress::new(Rule::of(Summation::Blocked), lanes),
        }
    }

    /// With another rule; from the beginning.
    fn by(mut self, change: impl FnOnce(&mut Rule<A>)) -> Self {
        let mut rule = *self.progress.rule();
        change(&mut rule);
        self.progress = Progress::new(rule, self.progress.lanes());
        self.has_begun = false;
        self
    }

    /// As [`Cumsum::summation`](crate::Cumsum::summation). This and the other options are for a stream that
    /// has not begun; one that has begins anew.
    ///
    /// ```
    /// use lanesum::{Stream, Summation};
    ///
    /// let mut stream = Stream::<f32>::new().summation(Summation::Compensated);
    /// assert_eq!(stream.to_vec(&[1e8f32, 1.0])?, [1e8, 1e8]);
    /// assert_eq!(stream.to_vec(&[-1e8f32])?, [1.0]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[must_use]
    pub fn summation(self, summation: Summation) -> Self {
        self.by(|rule| rule.summation = summation)
    }

    /// As [`Cumsum::initial`](crate::Cumsum::initial).
    ///
    /// ```
    /// # use lanesum::Stream;
    /// assert_eq!(Stream::<i64>::new().initial(10).to_vec(&[1i64, 2])?, [11, 13]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[must_use]
    pub fn initial<T: Element>(self, value: T) -> Self {
        self.by(|rule| rule.initial = Some(Scalar::of(value).cast()))
    }

    /// As [`Cumsum::exclusive`](crate::Cumsum::exclusive). The sum of all elements of a piece is the first of the next.
    ///
    /// ```
    /// # use lanesum::Stream;
    /// let mut stream = Stream::<i64>::new().exclusive();
    /// assert_eq!(stream.to_vec(&[1i64, 2])?, [0, 1]);
    /// assert_eq!(stream.to_vec(&[3i64])?, [3]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[must_use]
    pub fn exclusive(self) -> Self {
        let include_initial = self.include_initial;
        self.by(|rule| rule.exclusive = !include_initial)
    }

    /// As [`Cumsum::include_initial`](crate::Cumsum::include_initial): the sums of the first piece, even if that is
    /// empty, are one more than its rows.
    ///
    /// ```
    /// # use lanesum::Stream;
    /// let mut stream = Stream::<i64>::new().include_initial();
    /// assert_eq!(stream.to_vec(&[1i64, 2])?, [0, 1, 3]);
    /// assert_eq!(stream.to_vec(&[3i64])?, [6]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[must_use]
    pub fn include_initial(mut self) -> Self {
        self.include_initial = true;
        self.by(|rule| rule.exclusive = false)
    }

    /// As [`Cumsum::reverse`](crate::Cumsum::reverse): the pieces come from the far end, the last one first.
    ///
    /// ```
    /// # use lanesum::Stream;
    /// let mut stream = Stream::<i64>::new().reverse();
    /// assert_eq!(stream.to_vec(&[2i64, 3])?, [5, 3]);
    /// assert_eq!(stream.to_vec(&[1i64])?, [6]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[must_use]
    pub fn reverse(mut self) -> Self {
        self.reverse = true;
        self.by(|_| {})
    }

    /// As [`Cumsum::skip_nan`](crate::Cumsum::skip_nan).
    ///
    /// ```
    /// # use lanesum::Stream;
    /// assert_eq!(Stream::<f64>::new().skip_nan().to_vec(&[f64::NAN, 2.0])?, [0.0, 2.0]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[must_use]
    pub fn skip_nan(self) -> Self {
        self.by(|rule| rule.skip_nan = true)
    }

    /// As [`Cumsum::checked`](crate::Cumsum::checked). The index of an [`Error::Overflow`] counts from the first
    /// element of the piece. The stream is then as if it had not seen the piece.
    ///
    /// The sum of all elements counts here in an exclusive stream too, for it is the first of the next piece.
    ///
    /// ```
    /// # use lanesum::{Error, Stream};
    /// let mut stream = Stream::<i8>::new().checked();
    /// assert_eq!(stream.to_vec(&[100i8, 20])?, [100, 120]);
    /// assert_eq!(stream.to_vec(&[3i8, 30]), Err(Error::Overflow { lane: 0, index: 1 }));
    /// assert_eq!(stream.to_vec(&[7i8])?, [127]);
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn checked(self) -> Self {
        self.by(|rule| rule.checked = true)
    }

    /// As [`Cumsum::backend`](crate::Cumsum::backend). It may be changed between pieces.
    #[must_use]
    pub fn backend(mut self, backend: Backend) -> Self {
        self.backend = Some(backend);
        self
    }

    /// The elements of each lane so far.
    ///
    /// ```
    /// # use lanesum::Stream;
    /// let mut stream = Stream::<i64>::new();
    /// stream.to_vec(&[1i64, 2])?;
    /// assert_eq!(stream.position(), 2);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    pub fn position(&self) -> u64 {
        self.progress.position()
    }

    /// The sums of the next piece, in C order. Its elements are cast to `A` first, as by `as`.
    ///
    /// # Errors
    ///
    /// [`Error::PieceMismatch`] when the piece is not one of rows of the stream's shape; [`Error::Overflow`]. The
    /// stream is then as it was.
    ///
    /// # Panics
    ///
    /// Where [`Backend::best`] does, unless a [`backend`](Self::backend) was chosen, and where the `Vec` has no
    /// memory.
    pub fn to_vec<S: Operand>(&mut self, piece: S) -> Result<Vec<A>, Error> {
        let (input, axes) = piece.parts();
        let from = self.axes_of(input.len(), axes)?;
        let shape = self.result_shape(&from);
        let len = shape.iter().fold(1usize, |len, &extent| len.saturating_mul(extent));
        let mut result = Ok(());
        let output = new_vec(len, |output| {
            let to = Axes::in_c_order(&shape, len);
            result = self.feed((input, &from), (output, to));
        });
        result.map(|()| output)
    }

    /// Sums the next piece to an output of its shape; of one row more, if that begins with the initial value.
    ///
    /// # Errors
    ///
    /// Those of [`to_vec`](Self::to_vec), and [`Error::ShapeMismatch`]. The stream is then as it was, and the output
    /// too but for an overflow.
    ///
    /// # Panics
    ///
    /// Where [`Backend::best`] does, unless a [`backend`](Self::backend) was chosen.
    ///
    /// ```
    /// use lanesum::Stream;
    ///
    /// let (mut stream, mut sums) = (Stream::<f64>::new(), [0.0; 4]);
    /// for (x, out) in [1.0, 2.0, 3.0, 4.0f32].chunks(2).zip(sums.chunks_mut(2)) {
    ///     stream.write_to(x, out)?;
    /// }
    /// assert_eq!(sums, [1.0, 3.0, 6.0, 10.0]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    pub fn write_to<S, O>(&mut self, piece: S, mut output: O) -> Result<(), Error>
    where
        S: Operand,
        O: Output<Element = A>,
    {
        let (input, axes) = piece.parts();
        let from = self.axes_of(input.len(), axes)?;
        let (output, to) = output.parts_mut();
        let to = axes_of(output.len(), to);
        let shape = self.result_shape(&from);
        if shape[..] != *to.shape() {
            return Err(crate::cumsum::mismatch(&shape, to.shape()));
        }
        self.feed((input, &from), (output, to))
    }

    /// Overwrites the next piece with its sums.
    ///
    /// # Errors
    ///
    /// [`Error::PieceMismatch`]; [`Error::Overflow`]; and [`Error::NoRoomForInitial`] where the initial value is to be
    /// written before the sums. The stream and the piece are then as they were.
    ///
    /// # Panics
    ///
    /// Where [`Backend::best`] does, unless a [`backend`](Self::backend) was chosen.
    ///
    /// ```
    /// use lanesum::Stream;
    ///
    /// let (mut stream, mut x) = (Stream::<i64>::new(), [1, 2, 3, 4]);
    /// for piece in x.chunks_mut(3) {
    ///     stream.in_place(piece)?;
    /// }
    /// assert_eq!(x, [1, 3, 6, 10]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    pub fn in_place<O: Output<Element = A>>(&mut self, mut piece: O) -> Result<(), Error> {
        let (data, axes) = piece.parts_mut();
        let at = self.axes_of(data.len(), axes)?;
        if self.include_initial && !self.has_begun {
            return Err(Error::NoRoomForInitial);
        }
        let axes = if self.reverse { at.clone().reversed(0) } else { at.clone() };
        let runs = Runs::of(&axes, &axes);
        let (extents, backend) = (runs.extents(at.extent(0)), self.chosen());
        let layouts = runs.layouts(&axes, &axes).map(|(layout, _)| layout);
        self.progress
            .feed_in_place(backend, extents, data, layouts)
            .map_err(|Overflow| self.overflow((data, &at)))?;
        self.has_begun = true;
        Ok(())
    }

    /// The carries of the chunks of a part of the lanes that begins with a chunk and ends with one, for others to
    /// [`seek`](Self::seek) past. The stream itself says only how to sum; it may be anywhere.
    ///
    /// With [`reverse`](Self::reverse), chunks are counted from the far end.
    ///
    /// # Errors
    ///
    /// [`Error::PieceMismatch`]; [`Error::Chunks`] if the part is not one of whole chunks, or for floats by
    /// [`Summation::Sequential`], whose sums cannot be formed in parts.
    ///
    /// # Panics
    ///
    /// Where [`Backend::best`] does, unless a [`backend`](Self::backend) was chosen.
    pub fn carries<S: Operand>(&self, part: S) -> Result<Carries<A>, Error> {
        let (input, axes) = part.parts();
        let axes = self.axes_of(input.len(), axes)?;
        let axes = if self.reverse { axes.reversed(0) } else { axes };
        let runs = Runs::of(&axes, &axes);
        let layouts = runs.layouts(&axes, &axes).map(|(layout, _)| layout);
        let extents = runs.extents(axes.extent(0));
        Ok(self.progress.carries::<S::Element>(self.chosen(), extents, input, layouts)?)
    }

    /// Goes on behind chunks whose [`carries`](Self::carries) are given, as if it had been fed them; but for overflows, of
    /// which carries know nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Chunks`] if the stream is not at the beginning of a chunk, the carries are those of other lanes or
    /// another summation, or floats are summed by [`Summation::Sequential`]. The stream is then as it was.
    pub fn seek(&mut self, carries: &Carries<A>) -> Result<(), Error> {
        self.progress.seek(carries)?;
        self.has_begun |= carries.chunks() > 0;
        Ok(())
    }

    fn chosen(&self) -> Backend {
        self.backend.unwrap_or_else(Backend::best)
    }

    /// Where the elements of a piece lie, if it is one of this stream.
    fn axes_of(&self, len: usize, axes: Option<&Axes>) -> Result<Axes, Error> {
        let axes = axes_of(len, axes);
        match axes.shape().split_first() {
            Some((_, row)) if *row == self.shape[..] => Ok(axes),
            _ => Err(Error::PieceMismatch {
                expected: Box::from(&self.shape[..]),
                actual: Box::from(axes.shape()),
            }),
        }
    }

    /// The shape of the sums of a piece.
    fn result_shape(&self, from: &Axes) -> SmallVec<[usize; INLINE]> {
        let mut shape = SmallVec::from_slice(from.shape());
        shape[0] += usize::from(self.include_initial && !self.has_begun);
        shape
    }

    fn feed<I: Element>(
        &mut self,
        (input, from): (&[I], &Axes),
        (output, to): (&mut [A], Axes),
    ) -> Result<(), Error> {
        let (mut i, mut o) = (from.clone(), to);
        if self.reverse {
            (i, o) = (i.reversed(0), o.reversed(0));
        }
        if self.include_initial && !self.has_begun {
            let initial = self.progress.rule().initial.unwrap_or(A::cast_from(0u8));
            flatten::fill(output, &o.clone().part(0, 0..1), initial);
            let extent = o.extent(0);
            o = o.part(0, 1..extent);
        }
        let runs = Runs::of(&i, &o);
        let (extents, backend) = (runs.extents(i.extent(0)), self.chosen());
        self.progress
            .feed::<I>(backend, extents, input, output, runs.layouts(&i, &o))
            .map_err(|Overflow| self.overflow((input, from)))?;
        self.has_begun = true;
        Ok(())
    }

    /// Where a piece overflows, which is known to: the first lane that does, and the first element.
    #[cold]
    fn overflow<I: Element>(&self, (input, axes): (&[I], &Axes)) -> Error {
        let (len, lanes) = (axes.extent(0), axes.clone().part(0, 0..1));
        let backend = self.chosen();
        let at = |lane: usize| Layout {
            offset: lanes.nth(lane),
            along: axes.stride_of(0),
            across: 0,
            batch: 0,
        };
        for lane in 0..lanes.len() {
            let mut before = self.progress.lane(lane);
            for k in 0..len {
                let index = if self.reverse { len - 1 - k } else { k };
                let mut layout = at(lane);
                layout.offset =
                    layout.offset.wrapping_add_signed(layout.along.wrapping_mul(index as isize));
                let extents = Extents { along: 1, across: 1, batch: 1 };
                if before.read::<I>(backend, extents, input, [layout]).is_err() {
                    return Error::Overflow { lane, index };
                }
            }
        }
        // No kernel says so of lanes that do not.
        Error::Overflow { lane: 0, index: 0 }
    }
}

impl From<NoChunks> for Error {
    fn from(error: NoChunks) -> Self {
        Self::Chunks(error)
    }
}

/// The lanes of two arrays of the same shape as runs of lanes that are evenly spaced in both, in C order.
struct Runs {
    /// The axes other than axis 0, the last first, and as few as possible.
    axes: SmallVec<[Run; INLINE]>,
}

#[derive(Clone, Copy)]
struct Run {
    extent: usize,
    from: isize,
    to: isize,
}

impl Runs {
    fn of(from: &Axes, to: &Axes) -> Self {
        let mut axes = SmallVec::<[Run; INLINE]>::new();
        let pairs = from.iter().zip(to.iter()).skip(1);
        for ((extent, from), (_, to)) in pairs.collect::<SmallVec<[_; INLINE]>>().into_iter().rev()
        {
            let continues = |stride: isize, last: isize, extent: usize| {
                last.checked_mul(extent as isize) == Some(stride)
            };
            match axes.last_mut() {
                _ if extent == 1 => {}
                Some(last)
                    if continues(from, last.from, last.extent)
                        && continues(to, last.to, last.extent) =>
                {
                    last.extent *= extent;
                }
                _ => axes.push(Run { extent, from, to }),
            }
        }
        if axes.is_empty() {
            axes.push(Run { extent: 1, from: 0, to: 0 });
        }
        Self { axes }
    }

    /// What a run has of `along` rows.
    fn extents(&self, along: usize) -> Extents {
        Extents { along, across: self.axes[0].extent, batch: 1 }
    }

    /// Where each run lies.
    fn layouts(&self, from: &Axes, to: &Axes) -> impl Iterator<Item = (Layout, Layout)> + Clone {
        let (inner, outer) = (self.axes[0], &self.axes[1..]);
        let count =
            if inner.extent == 0 { 0 } else { outer.iter().map(|run| run.extent).product() };
        let along = (from.stride_of(0), to.stride_of(0));
        let offsets = (from.offset(), to.offset());
        (0..count).map(move |mut number: usize| {
            let (mut i, mut o) = offsets;
            for run in outer {
                let steps = (number % run.extent) as isize;
                i = i.wrapping_add_signed(steps.wrapping_mul(run.from));
                o = o.wrapping_add_signed(steps.wrapping_mul(run.to));
                number /= run.extent;
            }
            let layout = |offset, along, across| Layout { offset, along, across, batch: 0 };
            (layout(i, along.0, inner.from), layout(o, along.1, inner.to))
        })
    }
}

#[cfg(feature = "serde")]
mod saved {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Element, INLINE, Progress, SmallVec, Stream, Vec, size};

    /// What a stream is saved as; the backend is chosen anew.
    #[derive(Serialize, Deserialize)]
    #[serde(bound = "")]
    struct Saved<A: Element> {
        shape: Vec<usize>,
        include_initial: bool,
        reverse: bool,
        has_begun: bool,
        progress: Progress<A>,
    }

    impl<A: Element> Serialize for Stream<A> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let saved = Saved {
                shape: self.shape.to_vec(),
                include_initial: self.include_initial,
                reverse: self.reverse,
                has_begun: self.has_begun,
                progress: self.progress.clone(),
            };
            saved.serialize(serializer)
        }
    }

    impl<'de, A: Element> Deserialize<'de> for Stream<A> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let saved = Saved::<A>::deserialize(deserializer)?;
            let row: SmallVec<[usize; INLINE]> =
                [1].into_iter().chain(saved.shape.iter().copied()).collect();
            if size(&row).map_err(D::Error::custom)? != saved.progress.lanes() {
                return Err(D::Error::custom("not as many lanes as the shape has"));
            }
            Ok(Self {
                shape: SmallVec::from_vec(saved.shape),
                include_initial: saved.include_initial,
                reverse: saved.reverse,
                has_begun: saved.has_begun,
                progress: saved.progress,
                backend: None,
            })
        }
    }
}
