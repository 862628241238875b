//! The driver of lanes that are summed side by side: by the column kernel, and on tiles.
//!
//! Where lanes and sums lie side by side, in the type that is summed in, the column kernel sums them
//! where they are. Otherwise a tile of them is copied to a buffer in the first-level cache, with a cast,
//! a stride or a transposition, or copied from it, or both.

use core::ops::Range;

use crate::cpu::Backend;
use crate::cpu::{LINE_BYTES, Stores};
use crate::kernel::column::PANEL_BYTES;
use crate::kernel::state::{Position, Strips};
use crate::memory::Memory;
use crate::memory::Panel;
use crate::memory::Rows;
use crate::memory::Tiles;
use crate::memory::{Extents, LaneLayout as Layout};
use crate::memory::{InOut as Pair, Strided as Source, StridedMut as Target};
use crate::number::{Number, same_bits};
use crate::order::Order;
use crate::primitive::Primitive;
use crate::strided::{gather, scatter};

/// The bytes of a tile.
const TILE_BYTES: usize = 16384;

/// The rows of a tile that is transposed: whole blocks of every type, and a few cache lines of each lane.
const TILE_ROWS: usize = 32;

/// The same where the lanes are written: twice as many, since the fewer lanes there are, the fewer
/// compete for the same places in the cache. (4096 x 4096 `f64`, Fortran order to C order, axis 1: 2.8
/// times `memcpy` with 64 rows, 3.5 with 32, 4.2 with 16. Zen 5, 2026-11.)
const WRITTEN_TILE_ROWS: usize = 64;

/// From so many bytes of sums in a row on, which is wide, integers go row by row in tiles, so that memory is
/// walked from the first byte to the last. (1000 x 1000, `i32` in `i64`, axis 0: 1.4 times `memcpy`, and 1.7 by blocks of
/// rows. Zen 5, 2026-11.) Floats have their blocks.
const WIDE_ROW_BYTES: usize = 4096;

/// [`PANEL_BYTES`] where sums go past the cache. Then what is kept of a panel may lie in the second level,
/// which costs less than short pieces of rows in memory do. (A copy in this order, of 256 x 65536 `f64` with such
/// stores: 0.90 of `memcpy` with 8 KiB, 0.81 with 32 KiB, 0.76 with 64 KiB; the sum gains nothing with 64.
/// Zen 5, 2026-11.)
const STREAMED_PANEL_BYTES: usize = 32768;

/// From so many rows on, it pays to load the tables that take a few lanes apart.
const NARROW_ROWS: usize = 32;

/// Sums the lanes of one batch.
pub(crate) fn sum<I: Number, A: Primitive, O: Number>(
    backend: Backend,
    order: Order,
    stores: Stores,
    mut pair: Pair<'_, I, O>,
) {
    let Extents { along, across, .. } = pair.extents();
    let (source, target) = pair.strides();
    let reads = Side::of::<I, A>(source, across);
    let writes = Side::of::<O, A>(target, across);
    if (reads, writes) != (Side::Direct, Side::Direct) {
        return sum_tiles::<I, A, O>(backend, order, stores, reads, writes, pair);
    }
    if along >= NARROW_ROWS
        && let Some(lanes) = pair.reborrow().transposed().joined()
        && A::narrow(backend, order, stores, across, Rows::new(lanes.cast()).get(0))
    {
        return;
    }
    let (stores, first) = stores_in_rows::<A, _, _>(backend, stores, &mut pair);
    if stores == Stores::Cached {
        sum_columns::<A, PANEL_BYTES>(backend, order, stores, first, pair.cast());
    } else {
        sum_columns::<A, STREAMED_PANEL_BYTES>(backend, order, stores, first, pair.cast());
    }
}

/// Sums lanes where they are, panel by panel, after a narrow one for the `first` lanes. Not inlined, for
/// the stack of the one that goes past the cache is large.
#[inline(never)]
fn sum_columns<A: Primitive, const BYTES: usize>(
    backend: Backend,
    order: Order,
    stores: Stores,
    first: usize,
    mut pair: Pair<'_, A, A>,
) {
    let Extents { along, across, .. } = pair.extents();
    let (mut offset, mut carry) = (Memory::<BYTES>::new(), Memory::new());
    let width = Memory::<BYTES>::room::<A>();
    for lanes in cuts(across, first, width) {
        let position = &mut Position::default();
        let mut strips = strips::<A, _>(&mut offset, &mut carry, lanes.len(), position);
        let stores = if lanes.len() == first { Stores::Cached } else { stores };
        let panel = Panel::new(pair.reborrow().part(0..along, lanes));
        A::panel(backend, order, stores, &mut strips, panel);
    }
}

/// `0..len` in ranges of `step`, after a first one of `first` if that is not 0.
fn cuts(len: usize, first: usize, step: usize) -> impl Iterator<Item = Range<usize>> {
    let first = first.min(len);
    let rest = (first..len).step_by(step).map(move |start| start..len.min(start + step));
    (first > 0).then_some(0..first).into_iter().chain(rest)
}

/// Whether sums in rows, where they lie side by side, are to go past the cache, and how many lanes come before
/// the first whole line of it.
///
/// A block is stored row by row, one line to each. So every row has to begin at the same place in a line: if a
/// line is stored in two parts with those of other rows between them, it is read after all, twice.
fn stores_in_rows<A: Primitive, I: Number, O: Number>(
    backend: Backend,
    stores: Stores,
    pair: &mut Pair<'_, I, O>,
) -> (Stores, usize) {
    let (Extents { along, across, .. }, (_, target)) = (pair.extents(), pair.strides());
    let line = LINE_BYTES / size_of::<A>();
    let begun = pair.target_at(0, 0).addr() / size_of::<A>() % line;
    let is_aligned = along <= 1 || target.along.unsigned_abs().is_multiple_of(line);
    // Lanes beside the whole lines are a panel of their own, which only many others make up for.
    let is_wide = across * size_of::<A>() >= if begun == 0 { LINE_BYTES } else { WIDE_ROW_BYTES };
    // Half a line of each of sixteen rows is too much as well: 8192 x 8192, `f32`, axis 0, with AVX2: 1.5 times
    // `memcpy`, and 1.3 in the cache. With eight rows it is 0.68 and 1.2. (Zen 5, 2026-11.)
    let in_halves = !A::EXACT && A::BLOCK > 8 && !backend.has_registers_of(LINE_BYTES);
    if stores == Stores::Streamed && is_aligned && is_wide && !in_halves {
        (Stores::Streamed, (line - begun) % line)
    } else {
        (Stores::Cached, 0)
    }
}

/// What a panel of so many lanes has summed to before its first row: nothing.
fn strips<'a, A: Primitive, const BYTES: usize>(
    offset: &'a mut Memory<BYTES>,
    carry: &'a mut Memory<BYTES>,
    lanes: usize,
    position: &'a mut Position,
) -> Strips<'a, A> {
    // Whole registers of the widest instruction set.
    let len = lanes.next_multiple_of(A::BLOCK);
    Strips { offset: offset.fill(len, A::IDENTITY), carry: carry.fill(len, A::IDENTITY), position }
}

/// Sums lanes by way of tiles. Not inlined, for its tiles would make the stack of all sums large.
#[inline(never)]
fn sum_tiles<I: Number, A: Primitive, O: Number>(
    backend: Backend,
    order: Order,
    stores: Stores,
    reads: Side,
    writes: Side,
    mut pair: Pair<'_, I, O>,
) {
    let Extents { along, across, .. } = pair.extents();
    let room = Memory::<TILE_BYTES>::room::<A>();
    let width = Memory::<PANEL_BYTES>::room::<A>().min(across);
    let rows = match (reads, writes) {
        (_, Side::Along) => WRITTEN_TILE_ROWS,
        (Side::Along, _) => TILE_ROWS,
        _ if A::EXACT && across >= WIDE_ROW_BYTES / size_of::<A>() => 1,
        // As many blocks of rows as the tile has room for.
        _ => A::BLOCK.max(room / width / A::BLOCK * A::BLOCK),
    };
    let rows = rows.min(along);
    let width = width.min(room / rows);

    let (mut offset, mut carry) = (Memory::<PANEL_BYTES>::new(), Memory::new());
    let (mut tile, mut buffer) = (Memory::<TILE_BYTES>::new(), Memory::<TILE_BYTES>::new());
    let tile = tile.fill(rows * width, A::IDENTITY);
    let buffered = reads == Side::Along && !is_contiguous::<I, A>(pair.strides().0)
        || writes == Side::Along && !is_contiguous::<O, A>(pair.strides().1);
    let buffer = buffer.fill(if buffered { rows * width } else { 0 }, A::IDENTITY);
    let (stores, first) = match writes {
        Side::Direct => stores_in_rows::<A, _, _>(backend, stores, &mut pair),
        // Whole lines, or halves: bytes and words are transposed in quarters.
        Side::Along if size_of::<A>() >= 4 => (stores, 0),
        Side::Along => (Stores::Cached, 0),
        Side::Across => (Stores::Cached, 0),
    };
    // (The first ones are less than a line, and so fewer than a tile has.)
    for lanes in cuts(across, first.min(width), width) {
        let lane = lanes.start;
        let position = &mut Position::default();
        let mut strips = strips::<A, _>(&mut offset, &mut carry, lanes.len(), position);
        for row in (0..along).step_by(rows) {
            let part = row..row + rows.min(along - row);
            let (rows, lanes, len) = (part.len(), lanes.len(), part.len() * lanes.len());
            let mut part = pair.reborrow().part(part, lane..lane + lanes);
            let (tile, buffer) = (&mut tile[..len], &mut buffer[..if buffered { len } else { 0 }]);
            match reads {
                Side::Direct => {}
                Side::Across => gather(backend, &part.source().transposed(), tile),
                Side::Along => pack::<I, A>(backend, part.source(), buffer, tile),
            }
            let panel = if reads == Side::Direct {
                let to = Target::rows(tile, rows, lanes, lanes);
                Pair::copy(part.source().cast(), to)
            } else if writes == Side::Direct {
                Pair::copy(Source::rows(tile, rows, lanes, lanes), part.target().cast())
            } else {
                Pair::in_place(Target::rows(tile, rows, lanes, lanes))
            };
            let panel_stores = if writes == Side::Direct { stores } else { Stores::Cached };
            A::panel(backend, order, panel_stores, &mut strips, Panel::new(panel));
            match writes {
                Side::Direct => {}
                Side::Across => scatter(backend, tile, &mut part.target().transposed()),
                Side::Along => unpack::<A, O>(backend, stores, tile, buffer, part.target()),
            }
        }
    }
}

/// How the lanes lie where they are read, or written.
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
    fn of<T: Number, A: Primitive>(strides: Layout, across: usize) -> Self {
        if same_bits::<T, A>() && (strides.across == 1 || across == 1) {
            Self::Direct
        } else if strides.along.unsigned_abs() < strides.across.unsigned_abs() {
            Self::Along
        } else {
            Self::Across
        }
    }
}

/// Whether a lane of `T` is a contiguous one of `A`.
fn is_contiguous<T: Number, A: Primitive>(strides: Layout) -> bool {
    same_bits::<T, A>() && strides.along == 1
}

/// Copies lanes to a tile, where they lie side by side; those that are not contiguous by way of the
/// buffer.
fn pack<T: Number, A: Primitive>(
    backend: Backend,
    from: Source<'_, T>,
    buffer: &mut [A],
    tile: &mut [A],
) {
    let Extents { along: rows, across: lanes, .. } = from.extents();
    let from = if is_contiguous::<T, A>(from.strides()) {
        from.cast()
    } else {
        gather(backend, &from, buffer);
        Source::rows(buffer, lanes, rows, rows).transposed()
    };
    let pair = Pair::copy(from, Target::rows(tile, rows, lanes, lanes));
    A::transpose(backend, Stores::Cached, Tiles::new(pair));
}

/// Copies a tile to where its lanes belong; those that are not contiguous by way of the buffer.
fn unpack<A: Primitive, T: Number>(
    backend: Backend,
    stores: Stores,
    tile: &[A],
    buffer: &mut [A],
    mut to: Target<'_, T>,
) {
    let Extents { along: rows, across: lanes, .. } = to.extents();
    // What is across in the tile is along in the target, and the same transposition does both.
    let tile = Source::rows(tile, rows, lanes, lanes).transposed();
    if is_contiguous::<T, A>(to.strides()) {
        A::transpose(backend, stores, Tiles::new(Pair::copy(tile, to.cast().transposed())));
    } else {
        let pair = Pair::copy(tile, Target::rows(buffer, lanes, rows, rows));
        A::transpose(backend, Stores::Cached, Tiles::new(pair));
        scatter(backend, buffer, &mut to);
    }
}
