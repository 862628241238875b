//! Lanes side by side as tiles: how they lie at both ends, and how they get from there to a tile and back.

use core::mem::MaybeUninit;
use core::ops::Range;

use super::columns::{WIDE_ROW_BYTES, cuts, stores_in_rows};
use super::state::{KEPT, State, stride};
use super::task::{Overflowed, Task};
use super::tiles::{Places, TILE_BYTES, TileIo, feed};
use crate::cpu::{Backend, Stores};
use crate::dispatch::Kernels;
use crate::io::{Ends, Reader, Writer};
use crate::kernel::column::PANEL_BYTES;
use crate::memory::{
    Extents, InOut, Lane, LaneLayout, Rows, Scratch, Strided, StridedMut, Tiles, assume_written,
};

/// The rows of a tile that is transposed: whole blocks of every type, and a few cache lines of each lane.
const TILE_ROWS: usize = 32;

/// [`TILE_ROWS`] where the lanes are written: twice as many, since the fewer lanes there are, the fewer compete for the
/// same places in the cache. (4096 x 4096 `f64`, Fortran order to C order, axis 1: 2.8 times `memcpy` with 64 rows, 3.5
/// with 32, 4.2 with 16. Zen 5, 2026-11.)
const WRITTEN_TILE_ROWS: usize = 64;

/// How lanes lie where they are read, or written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Side by side, in the type that is summed in.
    Direct,
    /// Neighbouring lanes are closer than neighbouring elements of a lane.
    Across,
    /// The elements of a lane are closer.
    Along,
}

impl Side {
    fn of(is_direct: bool, layout: LaneLayout, across: usize) -> Self {
        if is_direct && (layout.across == 1 || across == 1) {
            Self::Direct
        } else if layout.along.unsigned_abs() < layout.across.unsigned_abs() {
            Self::Along
        } else {
            Self::Across
        }
    }
}

/// Whether the lanes lie side by side at both ends, and are summed as they lie.
pub(super) fn are_direct<C: Kernels>(ends: &Ends<'_, C>) -> bool {
    sides(ends) == (Side::Direct, Side::Direct)
}

fn sides<C: Kernels>(ends: &Ends<'_, C>) -> (Side, Side) {
    let across = ends.extents().across;
    let (from, to) = ends.layouts();
    let writes = ends.writer.as_ref().is_none_or(Writer::is_direct);
    (Side::of(ends.reader.is_direct(), from, across), Side::of(writes, to, across))
}

/// Sums the lanes of one batch by tiles, those side by side together. Not inlined, because its tiles would make the
/// stack of all sums large.
#[inline(never)]
pub(super) fn sum<C: Kernels>(task: &Task<C>, mut ends: Ends<'_, C>) -> Result<(), Overflowed> {
    let Extents { along, across, .. } = ends.extents();
    let (reads, writes) = sides(&ends);
    let room = TILE_BYTES / size_of::<C>();
    let width = (PANEL_BYTES / size_of::<C>()).min(across);
    let rows = match (reads, writes) {
        (_, Side::Along) => WRITTEN_TILE_ROWS,
        (Side::Along, _) => TILE_ROWS,
        _ if C::EXACT && across >= WIDE_ROW_BYTES / size_of::<C>() => 1,
        // As many blocks of rows as the tile has room for.
        _ => C::BLOCK.max(room / width / C::BLOCK * C::BLOCK),
    };
    // Lanes that are paired stay together.
    let width = width.min(room / rows.min(along)) & if task.is_paired { !1 } else { !0 };
    let (stores, first) = match writes {
        Side::Direct => stores_in_rows(task, &ends),
        // Only numbers of four bytes or more are stored as whole or half lines; smaller ones are transposed in
        // quarters.
        Side::Along if size_of::<C>() >= 4 => (task.stores, 0),
        Side::Along | Side::Across => (Stores::Cached, 0),
    };
    let (stores, first) =
        if task.is_paired && first % 2 == 1 { (Stores::Cached, 0) } else { (stores, first) };
    let mut kept = Scratch::<{ KEPT * PANEL_BYTES }>::new();
    let mut buffer = Scratch::<TILE_BYTES>::new();
    // The lanes before the first line boundary are fewer than a line has, and so fit a tile.
    for lanes in cuts(across, first.min(width), width) {
        let stride = stride::<C>(lanes.len());
        let kept = kept.fill(KEPT * stride, C::IDENTITY);
        let mut state = State::begun(task, kept, stride, lanes.start);
        let width = lanes.len();
        let mut io = GridIo {
            ends: ends.reborrow().part(0..along, lanes),
            reads,
            writes,
            stores,
            buffer: &mut buffer,
        };
        feed(task, &mut state, width, along, rows, &mut io)?;
    }
    Ok(())
}

/// Sums the lanes of one batch by tiles, one lane after the other.
pub(super) fn sum_rows<C: Kernels>(
    task: &Task<C>,
    mut ends: Ends<'_, C>,
) -> Result<(), Overflowed> {
    let Extents { along, across, .. } = ends.extents();
    let mut buffer = Scratch::<TILE_BYTES>::new();
    for k in 0..across {
        let mut kept = [C::IDENTITY; KEPT];
        let mut state = State::begun(task, &mut kept, 1, k);
        let ends = ends.reborrow().part(0..along, k..k + 1);
        let mut io = GridIo::of_lanes(ends, &mut buffer);
        feed(task, &mut state, 1, along, TILE_BYTES / size_of::<C>(), &mut io)?;
    }
    Ok(())
}

/// The rows of lanes of one grid.
pub(crate) struct GridIo<'a, C> {
    ends: Ends<'a, C>,
    reads: Side,
    writes: Side,
    stores: Stores,
    /// For lanes that are transposed and not contiguous.
    buffer: &'a mut Scratch<TILE_BYTES>,
}

impl<'a, C: Kernels> GridIo<'a, C> {
    /// The rows of some lanes, with ordinary stores.
    pub(crate) fn of_lanes(ends: Ends<'a, C>, buffer: &'a mut Scratch<TILE_BYTES>) -> Self {
        let (reads, writes) = sides(&ends);
        Self { ends, reads, writes, stores: Stores::Cached, buffer }
    }

    fn width(&self) -> usize {
        self.ends.extents().across
    }

    /// The next elements of the lanes, if they have no gaps at either end.
    fn contiguous(&mut self, elements: Range<usize>) -> Option<Ends<'_, C>> {
        let (from, to) = self.ends.layouts();
        let is_contiguous = from.along == 1 && to.along == 1;
        is_contiguous.then(|| self.ends.reborrow().part(elements, 0..1))
    }
}

impl<C: Kernels> TileIo<C> for GridIo<'_, C> {
    fn read<'b>(
        &mut self,
        backend: Backend,
        rows: Range<usize>,
        to: &'b mut [MaybeUninit<C>],
    ) -> &'b mut [C] {
        let width = self.width();
        let part = self.ends.reader.part(rows, 0..width);
        match self.reads {
            _ if width == 1 => part.read(backend, to),
            Side::Along => pack(backend, part, self.buffer, to),
            Side::Direct | Side::Across => part.transposed().read(backend, to),
        }
    }

    fn write(&mut self, backend: Backend, rows: Range<usize>, from: &[C]) {
        let width = self.width();
        let Some(writer) = &mut self.ends.writer else { return };
        let mut part = writer.reborrow().part(rows, 0..width);
        match self.writes {
            _ if width == 1 => part.write(backend, from),
            Side::Along => unpack(backend, self.stores, from, self.buffer, part),
            Side::Direct | Side::Across => part.transposed().write(backend, from),
        }
    }

    fn places(&mut self, rows: Range<usize>) -> Places<'_, C> {
        let (width, is_in_place) = (self.width(), self.ends.is_in_place());
        let source = match self.reads {
            Side::Direct => self.ends.reader.part(rows.clone(), 0..width).direct(),
            Side::Across | Side::Along => None,
        };
        let target = match (self.writes, &mut self.ends.writer) {
            (Side::Direct, Some(writer)) => writer.reborrow().part(rows, 0..width).direct(),
            _ => None,
        };
        Places { source, target, is_in_place }
    }

    fn stores(&self) -> Stores {
        self.stores
    }

    fn lane(&mut self, elements: Range<usize>) -> Option<Lane<'_, C>> {
        Rows::new(self.contiguous(elements)?.direct()?).into_first()
    }

    fn lane_of_f32(&mut self, elements: Range<usize>) -> Option<Lane<'_, f32>> {
        Rows::new(self.contiguous(elements)?.direct_f32()?).into_first()
    }
}

/// Copies lanes to a tile, where they lie side by side; those that are not contiguous by way of the buffer.
fn pack<'a, C: Kernels>(
    backend: Backend,
    from: Reader<'_, C>,
    buffer: &mut Scratch<TILE_BYTES>,
    tile: &'a mut [MaybeUninit<C>],
) -> &'a mut [C] {
    let Extents { along: rows, across: lanes, .. } = from.extents();
    let source = match from.direct() {
        Some(source) if from.layout().along == 1 => source,
        _ => {
            let buffer = from.read(backend, buffer.places(rows * lanes));
            Strided::rows(buffer, lanes, rows, rows).transposed()
        }
    };
    let tile = &mut tile[..rows * lanes];
    let pair = InOut::copy(source, StridedMut::rows_uninit(tile, rows, lanes));
    C::transpose(backend, Stores::Cached, Tiles::new(pair));
    // SAFETY: the transposition has written each place of the rows, which fill the tile.
    unsafe { assume_written(tile) }
}

/// Copies a tile to where its lanes belong; those that are not contiguous by way of the buffer.
fn unpack<C: Kernels>(
    backend: Backend,
    stores: Stores,
    tile: &[C],
    buffer: &mut Scratch<TILE_BYTES>,
    mut to: Writer<'_, C>,
) {
    let Extents { along: rows, across: lanes, .. } = to.extents();
    // What is across in the tile is along in the target, and one transposition does both.
    let tile = Strided::rows(tile, rows, lanes, lanes).transposed();
    let is_contiguous = to.layout().along == 1;
    if let (true, Some(target)) = (is_contiguous, to.reborrow().direct()) {
        let pair = InOut::copy(tile, target.transposed());
        C::transpose(backend, stores, Tiles::new(pair));
    } else {
        let places = buffer.places(rows * lanes);
        let pair = InOut::copy(tile, StridedMut::rows_uninit(places, lanes, rows));
        C::transpose(backend, Stores::Cached, Tiles::new(pair));
        // SAFETY: the transposition has written each place of the lanes, which fill the buffer.
        to.write(backend, unsafe { assume_written(places) });
    }
}
