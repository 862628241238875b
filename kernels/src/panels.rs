//! The driver of lanes that are summed side by side: by the column kernel, and on tiles.
//!
//! Where lanes and sums lie side by side, in the type that is summed in, the column kernel sums them
//! where they are. Otherwise a tile of them is copied to a buffer in the first-level cache, with a cast,
//! a stride or a transposition, or copied from it, or both.

use crate::backend::Backend;
use crate::down::{PANEL_BYTES, Panel, Position, Strips};
use crate::grid::{Pair, Source, Target};
use crate::lanes::{Extents, Layout};
use crate::memory::Memory;
use crate::order::Summation;
use crate::primitive::{Primitive, same_bytes};
use crate::rows::Rows;
use crate::strided::{gather, scatter};
use crate::tile::Tiles;

/// The bytes of a tile.
const TILE_BYTES: usize = 16384;

/// The rows of a tile that is transposed: whole blocks of every type, and a few cache lines of each lane.
const TILE_ROWS: usize = 32;

/// The same where the lanes are written: twice as many, since the fewer lanes there are, the fewer
/// compete for the same places in the cache. (4096 x 4096 `f64`, Fortran order to C order, axis 1: 2.8
/// times `memcpy` with 64 rows, 3.5 with 32, 4.2 with 16. Zen 5, 2026-11.)
const WRITTEN_TILE_ROWS: usize = 64;

/// From so many bytes of sums in a row on, integers go row by row, so that memory is walked from the
/// first byte to the last. (1000 x 1000, `i32` in `i64`, axis 0: 1.4 times `memcpy`, and 1.7 by blocks of
/// rows. Zen 5, 2026-11.) Floats have their blocks.
const WIDE_ROW_BYTES: usize = 4096;

/// From so many rows on, it pays to load the tables that take a few lanes apart.
const NARROW_ROWS: usize = 32;

/// Sums the lanes of one batch.
pub(crate) fn sum<I: Primitive, A: Primitive, O: Primitive>(
    backend: Backend,
    summation: Summation,
    mut pair: Pair<'_, I, O>,
) {
    let Extents { along, across, .. } = pair.extents();
    let (source, target) = pair.strides();
    let reads = Side::of::<I, A>(source, across);
    let writes = Side::of::<O, A>(target, across);
    if (reads, writes) != (Side::Direct, Side::Direct) {
        return sum_tiles::<I, A, O>(backend, summation, reads, writes, pair);
    }
    if along >= NARROW_ROWS
        && let Some(lanes) = pair.reborrow().transposed().joined()
        && A::narrow(backend, summation, across, Rows::new(lanes.cast()).get(0))
    {
        return;
    }
    let (mut offset, mut carry) = (Memory::new(), Memory::new());
    let width = Memory::<PANEL_BYTES>::room::<A>().min(across);
    for lane in (0..across).step_by(width) {
        let lanes = lane..lane + width.min(across - lane);
        let position = &mut Position::default();
        let mut strips = strips::<A>(&mut offset, &mut carry, lanes.len(), position);
        let panel = Panel::new(pair.reborrow().part(0..along, lanes).cast());
        A::panel(backend, summation, &mut strips, panel);
    }
}

/// What a panel of so many lanes has summed to before its first row: nothing.
fn strips<'a, A: Primitive>(
    offset: &'a mut Memory<PANEL_BYTES>,
    carry: &'a mut Memory<PANEL_BYTES>,
    lanes: usize,
    position: &'a mut Position,
) -> Strips<'a, A> {
    // Whole registers of the widest instruction set.
    let len = lanes.next_multiple_of(A::BLOCK);
    Strips { offset: offset.fill(len, A::IDENTITY), carry: carry.fill(len, A::IDENTITY), position }
}

/// Sums lanes by way of tiles. Not inlined, for its tiles would make the stack of all sums large.
#[inline(never)]
fn sum_tiles<I: Primitive, A: Primitive, O: Primitive>(
    backend: Backend,
    summation: Summation,
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

    let (mut offset, mut carry) = (Memory::new(), Memory::new());
    let (mut tile, mut buffer) = (Memory::<TILE_BYTES>::new(), Memory::<TILE_BYTES>::new());
    let tile = tile.fill(rows * width, A::IDENTITY);
    let buffered = reads == Side::Along && !is_contiguous::<I, A>(pair.strides().0)
        || writes == Side::Along && !is_contiguous::<O, A>(pair.strides().1);
    let buffer = buffer.fill(if buffered { rows * width } else { 0 }, A::IDENTITY);
    for lane in (0..across).step_by(width) {
        let lanes = lane..lane + width.min(across - lane);
        let position = &mut Position::default();
        let mut strips = strips::<A>(&mut offset, &mut carry, lanes.len(), position);
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
            A::panel(backend, summation, &mut strips, Panel::new(panel));
            match writes {
                Side::Direct => {}
                Side::Across => scatter(backend, tile, &mut part.target().transposed()),
                Side::Along => unpack::<A, O>(backend, tile, buffer, part.target()),
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
    fn of<T: Primitive, A: Primitive>(strides: Layout, across: usize) -> Self {
        if same_bytes::<T, A>() && (strides.across == 1 || across == 1) {
            Self::Direct
        } else if strides.along.unsigned_abs() < strides.across.unsigned_abs() {
            Self::Along
        } else {
            Self::Across
        }
    }
}

/// Whether a lane of `T` is a contiguous one of `A`.
fn is_contiguous<T: Primitive, A: Primitive>(strides: Layout) -> bool {
    same_bytes::<T, A>() && strides.along == 1
}

/// Copies lanes to a tile, where they lie side by side; those that are not contiguous by way of the
/// buffer.
fn pack<T: Primitive, A: Primitive>(
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
    A::transpose(backend, Tiles::new(pair));
}

/// Copies a tile to where its lanes belong; those that are not contiguous by way of the buffer.
fn unpack<A: Primitive, T: Primitive>(
    backend: Backend,
    tile: &[A],
    buffer: &mut [A],
    mut to: Target<'_, T>,
) {
    let Extents { along: rows, across: lanes, .. } = to.extents();
    // What is across in the tile is along in the target, and the same transposition does both.
    let tile = Source::rows(tile, rows, lanes, lanes).transposed();
    if is_contiguous::<T, A>(to.strides()) {
        A::transpose(backend, Tiles::new(Pair::copy(tile, to.cast().transposed())));
    } else {
        let pair = Pair::copy(tile, Target::rows(buffer, lanes, rows, rows));
        A::transpose(backend, Tiles::new(pair));
        scatter(backend, buffer, &mut to);
    }
}
