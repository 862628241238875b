//! [`Reader`] and [`Writer`], lanes of the slices of a sum; and [`Ends`], both.

use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ops::Range;
use core::slice;

use super::cast::Casts;
use super::copy::{gather, scatter};
use super::untyped::Untyped;
use crate::cpu::Backend;
use crate::dispatch::Kernels;
use crate::memory::{Extents, InOut, LaneLayout, Scratch, Strided, StridedMut, assume_written};

/// The bytes of a scratch buffer for numbers that have gaps between them.
const SCRATCH_BYTES: usize = 8192;

/// The numbers of some lanes, to be read as `C`.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a, C> {
    place: Untyped,
    casts: Casts,
    is_f32: bool,
    slice: PhantomData<(&'a [u8], C)>,
}

/// The places for the sums of some lanes, which are written as `C`.
pub(crate) struct Writer<'a, C> {
    place: Untyped,
    casts: Casts,
    is_f32: bool,
    slice: PhantomData<(&'a mut [u8], C)>,
}

impl<'a, C: Kernels> Reader<'a, C> {
    /// The numbers of a place, which are cast before they are summed; or are numbers of `C`, if there is no cast.
    ///
    /// # Safety
    ///
    /// The numbers may be read for `'a`, whenever nothing is being written to the same memory. The casts begin with the
    /// type of the numbers, and `is_f32` is true only if that is `f32`.
    #[inline(always)]
    pub(super) unsafe fn new(place: Untyped, casts: Casts, is_f32: bool) -> Self {
        Self { place, casts, is_f32, slice: PhantomData }
    }

    #[inline(always)]
    pub(crate) fn extents(&self) -> Extents {
        self.place.extents()
    }

    #[inline(always)]
    pub(crate) fn layout(&self) -> LaneLayout {
        self.place.layout()
    }

    /// Whether the numbers are summed as they lie in memory.
    #[inline(always)]
    pub(crate) fn is_direct(&self) -> bool {
        self.casts.is_none()
    }

    /// The numbers with along and across exchanged.
    #[inline(always)]
    pub(crate) fn transposed(self) -> Self {
        Self { place: self.place.transposed(), ..self }
    }

    /// The lanes of one batch; see [`Untyped::batch`].
    #[inline(always)]
    pub(crate) fn batch(self, k: usize) -> Self {
        Self { place: self.place.batch(k), ..self }
    }

    /// A part of the first batch; see [`Untyped::part`].
    #[inline(always)]
    pub(crate) fn part(self, along: Range<usize>, across: Range<usize>) -> Self {
        Self { place: self.place.part(along, across), ..self }
    }

    /// The lanes where they lie, if they are [direct](Self::is_direct).
    #[inline(always)]
    pub(crate) fn direct(&self) -> Option<Strided<'a, C>> {
        // SAFETY: the numbers are as good as numbers of `C`, since no cast changes them, and lie in a slice that is
        // borrowed for `'a`.
        self.is_direct().then(|| unsafe { self.place.strided() })
    }

    /// Fills memory that may be uninitialised with some numbers of one lane, and returns them.
    ///
    /// # Panics
    ///
    /// When there are no such numbers, or more than `to` takes.
    #[inline]
    pub(crate) fn read_lane<'b>(
        &self,
        backend: Backend,
        lane: usize,
        along: Range<usize>,
        to: &'b mut [MaybeUninit<C>],
    ) -> &'b mut [C] {
        self.part(along, lane..lane + 1).read(backend, to)
    }

    /// Fills memory that may be uninitialised with the numbers of the first batch, lane after lane, and returns them.
    ///
    /// # Panics
    ///
    /// When there are more than `to` takes.
    pub(crate) fn read<'b>(&self, backend: Backend, to: &'b mut [MaybeUninit<C>]) -> &'b mut [C] {
        let Extents { along, across, .. } = self.extents();
        let to = &mut to[..along * across];
        let first = to.as_mut_ptr().cast::<u8>();
        // SAFETY: the numbers may be read, and `to` has room for them (checked above) which nobody else reaches.
        unsafe { read(backend, &self.place, &self.casts, first, size_of::<C>()) };
        // SAFETY: `read` has written all of them.
        unsafe { assume_written(to) }
    }
}

impl<'a, C: Kernels> Writer<'a, C> {
    /// The places for sums, which are cast before they are written; or are written as numbers of `C`, if there is no
    /// cast.
    ///
    /// # Safety
    ///
    /// The places may be written for `'a`, and nobody else reaches them but a reader of the same elements. The casts
    /// end with the type of the places, and `is_f32` is true only if that is `f32`.
    #[inline(always)]
    pub(super) unsafe fn new(place: Untyped, casts: Casts, is_f32: bool) -> Self {
        Self { place, casts, is_f32, slice: PhantomData }
    }

    #[inline(always)]
    pub(crate) fn extents(&self) -> Extents {
        self.place.extents()
    }

    #[inline(always)]
    pub(crate) fn layout(&self) -> LaneLayout {
        self.place.layout()
    }

    /// Whether sums are written as they are formed.
    #[inline(always)]
    pub(crate) fn is_direct(&self) -> bool {
        self.casts.is_none()
    }

    /// The writer for a shorter time.
    #[inline(always)]
    pub(crate) fn reborrow(&mut self) -> Writer<'_, C> {
        Writer { slice: PhantomData, ..*self }
    }

    /// The places with along and across exchanged.
    #[inline(always)]
    pub(crate) fn transposed(self) -> Self {
        Self { place: self.place.transposed(), ..self }
    }

    /// The places of one batch; see [`Untyped::batch`].
    #[inline(always)]
    pub(crate) fn batch(self, k: usize) -> Self {
        Self { place: self.place.batch(k), ..self }
    }

    /// A part of the first batch; see [`Untyped::part`].
    #[inline(always)]
    pub(crate) fn part(self, along: Range<usize>, across: Range<usize>) -> Self {
        Self { place: self.place.part(along, across), ..self }
    }

    /// The places where they lie, if they are [direct](Self::is_direct). They may be uninitialised.
    #[inline(always)]
    pub(crate) fn direct(self) -> Option<StridedMut<'a, C>> {
        // SAFETY: every number of `C` is as good as one of the slice, since no cast changes it, and nobody else reaches
        // the slice for `'a`.
        self.is_direct().then(|| unsafe { self.place.strided_mut() })
    }

    /// The address of the first place, if the places are direct.
    #[inline(always)]
    pub(crate) fn address(&self) -> Option<usize> {
        self.is_direct().then(|| self.place.first().addr())
    }

    /// Some places of one lane, if they are direct and have no gaps.
    ///
    /// # Panics
    ///
    /// When there are no such places.
    #[inline]
    pub(crate) fn lane(
        &mut self,
        lane: usize,
        along: Range<usize>,
    ) -> Option<&mut [MaybeUninit<C>]> {
        if !self.is_direct() || self.layout().along != 1 && self.extents().along > 1 {
            return None;
        }
        let len = along.len();
        let first = self.place.part(along, lane..lane + 1).first().cast::<MaybeUninit<C>>();
        // SAFETY: the places of the lane lie one after the other, in a slice that nobody else reaches while `self` is
        // borrowed.
        Some(unsafe { slice::from_raw_parts_mut(first, len) })
    }

    /// Writes sums to some places of one lane.
    ///
    /// # Panics
    ///
    /// When there are no such places, or not as many as sums.
    #[inline]
    pub(crate) fn write_lane(
        &mut self,
        backend: Backend,
        lane: usize,
        along: Range<usize>,
        from: &[C],
    ) {
        assert_eq!(along.len(), from.len(), "as many sums as places");
        self.reborrow().part(along, lane..lane + 1).write(backend, from);
    }

    /// Writes the sums of the first batch, which come lane after lane, from the beginning of `from`.
    ///
    /// # Panics
    ///
    /// When there are more places than `from` has sums.
    pub(crate) fn write(&mut self, backend: Backend, from: &[C]) {
        let Extents { along, across, .. } = self.place.extents();
        let from = &from[..along * across];
        let first = from.as_ptr().cast::<u8>();
        // SAFETY: as many numbers as there are places (checked above), which nobody else reaches.
        unsafe { write(backend, first, size_of::<C>(), &self.casts, &self.place) };
    }
}

/// Copies numbers of a place to `to`, lane after lane, by way of casts.
///
/// # Safety
///
/// The numbers of the place may be read; they are of the first type of the casts, if there are any. `to` is room for as
/// many numbers of the last type, of `size` bytes, which nobody else reaches.
unsafe fn read(backend: Backend, from: &Untyped, casts: &Casts, to: *mut u8, size: usize) {
    if casts.is_none() {
        // SAFETY: the caller's part.
        return unsafe { gather(backend, from, to) };
    }
    for_each_piece(from, |piece, start, is_contiguous| {
        let Extents { along, across, .. } = piece.extents();
        let to = to.wrapping_add(start * size);
        if is_contiguous {
            // SAFETY: the numbers of one lane without gaps, and the room from number `start` on.
            unsafe { casts.run(backend, piece.first(), to, along * across) };
            return;
        }
        let mut scratch = Scratch::<SCRATCH_BYTES>::new();
        let words = scratch.bytes();
        // SAFETY: the numbers of the piece, of which there is room for all (`for_each_piece`).
        unsafe { gather(backend, &piece, words) };
        // SAFETY: the numbers that were copied above, and the room from number `start` on.
        unsafe { casts.run(backend, words, to, along * across) };
    });
}

/// Copies numbers to a place, lane after lane, by way of casts.
///
/// # Safety
///
/// The places may be written, and nobody else reaches them; they are of the last type of the casts, if there are any.
/// `from` is as many numbers of the first type, of `size` bytes.
unsafe fn write(backend: Backend, from: *const u8, size: usize, casts: &Casts, to: &Untyped) {
    if casts.is_none() {
        // SAFETY: the caller's part.
        return unsafe { scatter(backend, from, to) };
    }
    for_each_piece(to, |piece, start, is_contiguous| {
        let Extents { along, across, .. } = piece.extents();
        let from = from.wrapping_add(start * size);
        if is_contiguous {
            // SAFETY: the numbers from `start` on, and the places of one lane without gaps.
            unsafe { casts.run(backend, from, piece.first(), along * across) };
            return;
        }
        let mut scratch = Scratch::<SCRATCH_BYTES>::new();
        let words = scratch.bytes();
        // SAFETY: the numbers from `start` on; there is room for a piece (`for_each_piece`).
        unsafe { casts.run(backend, from, words, along * across) };
        // SAFETY: the numbers that were cast above, to as many places.
        unsafe { scatter(backend, words, &piece) };
    });
}

/// Calls `each` with pieces that together are the place, lane after lane: with the number of the piece's first number,
/// and whether the piece has no gaps. A piece that has gaps fits a scratch buffer.
#[inline(always)]
fn for_each_piece(place: &Untyped, mut each: impl FnMut(Untyped, usize, bool)) {
    /// Lanes without gaps that are shorter are cast by way of the buffer, many at a time.
    const LONG: usize = 64;
    let Extents { along, across, .. } = place.extents();
    if along == 0 || across == 0 {
        return;
    }
    if let Some(joined) = place.part(0..along, 0..across).joined() {
        return each(joined, 0, true);
    }
    let is_contiguous = along == 1 || place.layout().along == 1;
    if is_contiguous && along >= LONG {
        for lane in 0..across {
            each(place.part(0..along, lane..lane + 1), lane * along, true);
        }
        return;
    }
    let room = SCRATCH_BYTES / 16;
    if along <= room {
        let lanes = room / along;
        for lane in (0..across).step_by(lanes) {
            let end = across.min(lane + lanes);
            each(place.part(0..along, lane..end), lane * along, false);
        }
        return;
    }
    for lane in 0..across {
        for start in (0..along).step_by(room) {
            let end = along.min(start + room);
            each(place.part(start..end, lane..lane + 1), lane * along + start, false);
        }
    }
}

/// Lanes to be summed, and the places for their sums if anybody takes them, of the same extents.
///
/// The places may be those of the lanes: then each sum overwrites its element.
pub(crate) struct Ends<'a, C> {
    pub(crate) reader: Reader<'a, C>,
    pub(crate) writer: Option<Writer<'a, C>>,
}

impl<'a, C: Kernels> Ends<'a, C> {
    /// # Panics
    ///
    /// When the extents differ.
    #[inline(always)]
    pub(crate) fn new(reader: Reader<'a, C>, writer: Option<Writer<'a, C>>) -> Self {
        let same = writer.as_ref().is_none_or(|to| to.place.extents() == reader.extents());
        assert!(same, "extents differ");
        Self { reader, writer }
    }

    #[inline(always)]
    pub(crate) fn extents(&self) -> Extents {
        self.reader.extents()
    }

    /// Where the lanes lie, and where their sums do; with no places for sums, twice the former.
    #[inline(always)]
    pub(crate) fn layouts(&self) -> (LaneLayout, LaneLayout) {
        let from = self.reader.layout();
        (from, self.writer.as_ref().map_or(from, Writer::layout))
    }

    /// Whether each sum overwrites its element.
    #[inline(always)]
    pub(crate) fn is_in_place(&self) -> bool {
        let from = self.reader.place.first();
        self.writer.as_ref().is_some_and(|to| to.place.first().addr() == from.addr())
    }

    /// Both ends for a shorter time.
    #[inline(always)]
    pub(crate) fn reborrow(&mut self) -> Ends<'_, C> {
        Ends { reader: self.reader, writer: self.writer.as_mut().map(Writer::reborrow) }
    }

    /// The lanes of one batch; see [`Untyped::batch`].
    #[inline(always)]
    pub(crate) fn batch(self, k: usize) -> Self {
        Self { reader: self.reader.batch(k), writer: self.writer.map(|to| to.batch(k)) }
    }

    /// A part of the first batch; see [`Untyped::part`].
    #[inline(always)]
    pub(crate) fn part(self, along: Range<usize>, across: Range<usize>) -> Self {
        Self {
            reader: self.reader.part(along.clone(), across.clone()),
            writer: self.writer.map(|to| to.part(along, across)),
        }
    }

    /// The lanes with along and across exchanged.
    #[inline(always)]
    pub(crate) fn transposed(self) -> Self {
        Self { reader: self.reader.transposed(), writer: self.writer.map(Writer::transposed) }
    }

    /// All numbers as one lane, if they lie without gaps at both ends: along, across, batch.
    #[inline(always)]
    pub(crate) fn joined(mut self) -> Option<Self> {
        self.reader.place = self.reader.place.joined()?;
        if let Some(to) = &mut self.writer {
            to.place = to.place.joined()?;
        }
        Some(self)
    }

    /// The lanes where they lie, if nothing is cast.
    #[inline(always)]
    pub(crate) fn direct(self) -> Option<InOut<'a, C, C>> {
        let is_in_place = self.is_in_place();
        let source = self.reader.direct()?;
        let target = self.writer?.direct()?;
        Some(if is_in_place { InOut::in_place(target) } else { InOut::copy(source, target) })
    }

    /// The lanes where they lie, if they are of `f32` and so are their sums, which are formed in `C`.
    #[inline(always)]
    pub(crate) fn direct_f32(self) -> Option<InOut<'a, f32, f32>> {
        let is_in_place = self.is_in_place();
        let writer = self.writer?;
        if !(self.reader.is_f32 && writer.is_f32) {
            return None;
        }
        // SAFETY: numbers of `f32`, in a slice that is borrowed for `'a`.
        let source = unsafe { self.reader.place.strided() };
        // SAFETY: places for `f32`, in a slice that nobody else reaches for `'a`.
        let target = unsafe { writer.place.strided_mut() };
        Some(if is_in_place { InOut::in_place(target) } else { InOut::copy(source, target) })
    }
}
