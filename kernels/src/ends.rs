//! The two ends of a sum in stages: where its numbers are read, and where its sums are written.
//!
//! What is generic over the types at both ends is here, and nothing else: so the stages between (`staged.rs`) are
//! compiled once for the type that is summed in.

use core::marker::PhantomData;

use crate::cast::{PIECE, cast};
use crate::cpu::Backend;
use crate::element::Element;
use crate::element::stored::Inside;
use crate::lanes::Pieces;
use crate::memory::Lane;
use crate::memory::{self, Memory};
use crate::memory::{InOut as Pair, Strided as Source, StridedMut as Target};
use crate::number::{Number, same_bits};
use crate::primitive::Primitive;
use crate::staged::TILE_BYTES;
use crate::strided::{gather, scatter};

/// The rows of a few lanes side by side, as numbers to be summed.
pub(crate) trait Rows<C> {
    /// The next `rows` from row `first` on, one after the other.
    fn read(&mut self, first: usize, rows: usize, to: &mut [C]);

    /// Takes the sums of rows that were read.
    fn write(&mut self, first: usize, rows: usize, from: &[C]);

    /// Calls `sum` with a single lane from row `first` on, and says so, if that can be summed where it lies.
    fn lane(&mut self, _first: usize, _rows: usize, _sum: &mut dyn FnMut(Lane<'_, C>)) -> bool {
        false
    }

    /// The same of `f32`, to be summed in `f64`.
    fn wide_lane(&mut self, _: usize, _: usize, _: &mut dyn FnMut(Lane<'_, f32>)) -> bool {
        false
    }
}

/// Reads numbers of `I` as numbers of `C`, by way of `A`.
fn read_by_way<I: Number, A: Number, C: Primitive>(
    backend: Backend,
    source: Source<'_, I>,
    to: &mut [C],
) {
    // Rows are one after the other; of a single lane the elements are.
    let source = if source.extents().across == 1 { source } else { source.transposed() };
    if same_bits::<I, A>() || same_bits::<A, C>() {
        gather(backend, &source, to);
    } else {
        let mut memory = Memory::<TILE_BYTES>::new();
        let between = memory.fill(to.len(), A::IDENTITY);
        gather(backend, &source, between);
        cast(backend, between, to);
    }
}

/// Writes numbers of `C` as numbers of `O`, by way of `A`.
fn write_by_way<C: Primitive, A: Number, O: Number>(
    backend: Backend,
    from: &[C],
    target: Target<'_, O>,
) {
    let mut target = if target.extents().across == 1 { target } else { target.transposed() };
    if same_bits::<O, A>() || same_bits::<A, C>() {
        scatter(backend, from, &mut target);
    } else {
        let mut memory = Memory::<TILE_BYTES>::new();
        let between = memory.fill(from.len(), A::IDENTITY);
        cast(backend, from, between);
        scatter(backend, between, &mut target);
    }
}

/// Lanes and the places for their sums.
pub(crate) struct PairRows<'a, I, A, O> {
    backend: Backend,
    pair: Pair<'a, I, O>,
    sums: PhantomData<A>,
}

impl<'a, I: Number, A: Number, O: Number> PairRows<'a, I, A, O> {
    pub(crate) fn new(backend: Backend, pair: Pair<'a, I, O>) -> Self {
        Self { backend, pair, sums: PhantomData }
    }

    /// Whether the input and the sums are of the type that is asked for, and lie one after the other.
    fn is_contiguous(&self) -> bool {
        let (source, target) = self.pair.strides();
        let as_is = same_bits::<I, A>() && same_bits::<A, O>();
        as_is && source.along == 1 && target.along == 1
    }
}

impl<I: Number, A: Number, C: Primitive, O: Number> Rows<C> for PairRows<'_, I, A, O> {
    fn lane(&mut self, first: usize, rows: usize, sum: &mut dyn FnMut(Lane<'_, C>)) -> bool {
        let is_lane = same_bits::<A, C>() && self.is_contiguous();
        if is_lane {
            let mut lane =
                memory::Rows::new(self.pair.reborrow().part(first..first + rows, 0..1).cast());
            sum(lane.get(0));
        }
        is_lane
    }

    fn wide_lane(&mut self, first: usize, rows: usize, sum: &mut dyn FnMut(Lane<'_, f32>)) -> bool {
        let is_lane = same_bits::<A, f32>() && same_bits::<C, f64>() && self.is_contiguous();
        if is_lane {
            let part = self.pair.reborrow().part(first..first + rows, 0..1);
            sum(memory::Rows::new(part.cast()).get(0));
        }
        is_lane
    }

    fn read(&mut self, first: usize, rows: usize, to: &mut [C]) {
        let across = self.pair.extents().across;
        let part = self.pair.source().part(first..first + rows, 0..across);
        read_by_way::<I, A, C>(self.backend, part, to);
    }

    fn write(&mut self, first: usize, rows: usize, from: &[C]) {
        let across = self.pair.extents().across;
        let part = self.pair.target().part(first..first + rows, 0..across);
        write_by_way::<C, A, O>(self.backend, from, part);
    }
}

/// Lanes whose sums nobody takes.
pub(crate) struct SourceRows<'a, I, A> {
    backend: Backend,
    source: Source<'a, I>,
    sums: PhantomData<A>,
}

impl<'a, I: Number, A: Number> SourceRows<'a, I, A> {
    pub(crate) fn new(backend: Backend, source: Source<'a, I>) -> Self {
        Self { backend, source, sums: PhantomData }
    }
}

impl<I: Number, A: Number, C: Primitive> Rows<C> for SourceRows<'_, I, A> {
    fn read(&mut self, first: usize, rows: usize, to: &mut [C]) {
        let across = self.source.extents().across;
        let part = self.source.reborrow().part(first..first + rows, 0..across);
        read_by_way::<I, A, C>(self.backend, part, to);
    }

    fn write(&mut self, _: usize, _: usize, _: &[C]) {}
}

/// One lane that somebody else reads and writes.
pub(crate) struct PieceRows<'a, A, P> {
    backend: Backend,
    pieces: &'a mut P,
    sums: PhantomData<A>,
}

impl<'a, A: Element, P: Pieces<A>> PieceRows<'a, A, P> {
    pub(crate) fn new(backend: Backend, pieces: &'a mut P) -> Self {
        Self { backend, pieces, sums: PhantomData }
    }
}

impl<A: Element, P: Pieces<A>, C: Primitive> Rows<C> for PieceRows<'_, A, P> {
    fn read(&mut self, _: usize, rows: usize, to: &mut [C]) {
        let mut buffer = [A::IDENTITY; PIECE];
        for to in to[..rows * A::PARTS].chunks_mut(PIECE * A::PARTS) {
            let piece = &mut buffer[..to.len() / A::PARTS];
            self.pieces.read(piece);
            cast(self.backend, A::storage(piece), to);
        }
    }

    fn write(&mut self, _: usize, rows: usize, from: &[C]) {
        let mut buffer = [A::IDENTITY; PIECE];
        for from in from[..rows * A::PARTS].chunks(PIECE * A::PARTS) {
            let piece = &mut buffer[..from.len() / A::PARTS];
            cast(self.backend, from, A::storage_mut(piece, Inside::HERE));
            self.pieces.write(piece);
        }
    }
}
