//! [`Stream`]: a cumulative sum that is fed pieces.

use alloc::boxed::Box;
use alloc::vec::Vec;

use lanesum_kernels::{
    AnyValue, Arrays, Backend, Carries, Element, Feed, Layout, NoChunks, ScanState, Spec, Stores,
    Summation,
};
use smallvec::SmallVec;

use crate::axes::{Axes, INLINE, size};
use crate::error::Error;
use crate::operand::{Operand, Output};
use crate::request::{mismatch, one_axis, overflow};

/// A cumulative sum of input that comes in pieces. The sums are of type `A`.
///
/// The sums of all pieces together have the bits of one call on the whole, however it is cut, with any [`Summation`]
/// and any option. A stream is one lane, or as many lanes as a row [has elements](Self::with_shape), which go on along
/// the first axis. For each lane a stream keeps the sums so far and, for floats, the elements of an incomplete block of
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
/// In the order of the additions, a chunk of [`CHUNK`](crate::order::CHUNK) elements needs one number from the chunks
/// before it, the offset, and gives one number to those after it, its carry. So a lane can be cut into parts of whole
/// chunks, and each part be summed by another thread or another machine, with the same bits: in a first pass, each
/// finds the [`carries`](Self::carries) of its chunks; then each [seeks](Self::seek) past those of the parts before its
/// own, and sums.
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
    /// Whether a piece was taken; if the initial value is to be written, it was written with the first one.
    has_begun: bool,
    state: ScanState<A>,
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
        // The shape of a piece of one row.
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
            state: ScanState::new(
                Spec::new(Backend::scalar(), Summation::Blocked, Stores::Cached),
                lanes,
            ),
        }
    }

    /// The stream with other options, at its beginning.
    fn by(mut self, change: impl FnOnce(&mut Spec<A>)) -> Self {
        let mut spec = *self.state.spec();
        change(&mut spec);
        self.state = ScanState::new(spec, self.state.lanes());
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
        self.by(|spec| spec.summation = summation)
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
        self.by(|spec| spec.initial = Some(AnyValue::of(value).cast()))
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
        self.by(|spec| spec.exclusive = !include_initial)
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
        self.by(|spec| spec.exclusive = false)
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
        self.by(|spec| spec.skip_nan = true)
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
        self.by(|spec| spec.checked = true)
    }

    /// As [`Cumsum::backend`](crate::Cumsum::backend). It may be changed between pieces.
    #[must_use]
    pub fn backend(mut self, backend: Backend) -> Self {
        self.backend = Some(backend);
        self
    }

    /// The number of elements of each lane so far.
    ///
    /// ```
    /// # use lanesum::Stream;
    /// let mut stream = Stream::<i64>::new();
    /// stream.to_vec(&[1i64, 2])?;
    /// assert_eq!(stream.position(), 2);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    pub fn position(&self) -> u64 {
        self.state.position()
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
    /// Where [`Backend::best`] does, unless a [`backend`](Self::backend) was chosen, and when there is no memory for
    /// the `Vec`.
    pub fn to_vec<S: Operand>(&mut self, piece: S) -> Result<Vec<A>, Error> {
        let (input, axes) = piece.parts();
        let len = input.len();
        let from = self.layout(axes, &len)?;
        let sums = self.state.feed_to_vec(self.feed(), (input, from)).map_err(overflow)?;
        self.has_begun = true;
        Ok(sums)
    }

    /// Sums the next piece into an output of its shape, or of one row more if the output begins with the initial value.
    ///
    /// # Errors
    ///
    /// Those of [`to_vec`](Self::to_vec), and [`Error::ShapeMismatch`]. The stream is then as it was, and so is the
    /// output, unless a sum overflowed.
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
        let len = input.len();
        let from = self.layout(axes, &len)?;
        let (output, to) = output.parts_mut();
        let room = output.len();
        let to = to.map_or_else(|| one_axis(&room), Axes::layout);
        let feed = self.feed();
        let mut shape = SmallVec::<[usize; INLINE]>::from_slice(from.shape);
        shape[0] += usize::from(feed.initial_first);
        if shape[..] != *to.shape {
            return Err(mismatch(shape.to_vec(), to.shape));
        }
        let arrays = Arrays::copy((input, from), (output, to), Some(0));
        self.state.feed(feed, arrays).map_err(overflow)?;
        self.has_begun = true;
        Ok(())
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
        let len = data.len();
        let layout = self.layout(axes, &len)?;
        let feed = self.feed();
        if feed.initial_first {
            return Err(Error::NoRoomForInitial);
        }
        let arrays = Arrays::in_place((data, layout), Some(0));
        self.state.feed(feed, arrays).map_err(overflow)?;
        self.has_begun = true;
        Ok(())
    }

    /// The carries of the chunks in a part of the lanes, for other streams to [`seek`](Self::seek) past. The part
    /// begins where a chunk begins, and ends where one ends. This stream says only how to sum; its own position does
    /// not matter.
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
        let len = input.len();
        let from = self.layout(axes, &len)?;
        Ok(self.state.carries(self.feed(), (input, from))?)
    }

    /// Moves past chunks whose [`carries`](Self::carries) are given, as if the stream had been fed their elements; only
    /// overflows among them are not found.
    ///
    /// # Errors
    ///
    /// [`Error::Chunks`] if the stream is not at the beginning of a chunk, the carries are those of other lanes or
    /// another summation, or floats are summed by [`Summation::Sequential`]. The stream is then as it was.
    pub fn seek(&mut self, carries: &Carries<A>) -> Result<(), Error> {
        self.state.pass(carries)?;
        self.has_begun |= carries.chunks() > 0;
        Ok(())
    }

    /// How the next piece is summed.
    fn feed(&self) -> Feed {
        Feed {
            backend: self.backend.unwrap_or_else(Backend::best),
            reverse: self.reverse,
            initial_first: self.include_initial && !self.has_begun,
        }
    }

    /// Where the elements of a piece lie, if it consists of rows of this stream's shape.
    fn layout<'a>(&self, axes: Option<&'a Axes>, len: &'a usize) -> Result<Layout<'a>, Error> {
        let layout = axes.map_or_else(|| one_axis(len), Axes::layout);
        match layout.shape.split_first() {
            Some((_, row)) if *row == self.shape[..] => Ok(layout),
            _ => Err(Error::PieceMismatch {
                expected: Box::from(&self.shape[..]),
                actual: Box::from(layout.shape),
            }),
        }
    }
}

impl From<NoChunks> for Error {
    fn from(error: NoChunks) -> Self {
        Self::Chunks(error)
    }
}

#[cfg(feature = "serde")]
mod saved {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Element, INLINE, ScanState, SmallVec, Stream, Vec, size};

    /// What a stream is saved as. The backend is not saved, and is chosen anew.
    #[derive(Serialize, Deserialize)]
    #[serde(bound = "")]
    struct Saved<A: Element> {
        shape: Vec<usize>,
        include_initial: bool,
        reverse: bool,
        has_begun: bool,
        progress: ScanState<A>,
    }

    impl<A: Element> Serialize for Stream<A> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let saved = Saved {
                shape: self.shape.to_vec(),
                include_initial: self.include_initial,
                reverse: self.reverse,
                has_begun: self.has_begun,
                progress: self.state.clone(),
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
                state: saved.progress,
                backend: None,
            })
        }
    }
}
