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
    let mut offset = Memory::<PANEL_BYTES>::new();
    let mut carry = Memory::<PANEL_BYTES>::new();
    let mut tile = Memory::<TILE_BYTES>::new();

    let direct = reads == Side::Direct && writes == Side::Direct;
    if direct
        && along >= NARROW_ROWS
        && let Some(lanes) = pair.reborrow().transposed().joined()
        && A::narrow(backend, summation, across, Rows::new(lanes.cast()).get(0))
    {
        return;
    }
    let rows = match (reads, writes) {
        (Side::Direct, Side::Direct) => along,
        (_, Side::Along) => WRITTEN_TILE_ROWS.min(along),
        (Side::Along, _) => TILE_ROWS.min(along),
        _ if A::EXACT && across * size_of::<A>() >= WIDE_ROW_BYTES => 1,
        _ => A::BLOCK.min(along),
    };
    let mut width = Memory::<PANEL_BYTES>::room::<A>();
    if !direct {
        width = width.min(Memory::<TILE_BYTES>::room::<A>() / rows);
    }
    width = width.min(across);
    let tile = if direct { &mut [] } else { tile.fill(rows * width, A::IDENTITY) };
    // Whole registers of the widest instruction set.
    let registers = (width * size_of::<A>()).next_multiple_of(64) / size_of::<A>();

    for lane in (0..across).step_by(width) {
        let lanes = lane..across.min(lane + width);
        let mut strips = Strips {
            offset: offset.fill(registers, A::IDENTITY),
            carry: carry.fill(registers, A::IDENTITY),
            position: &mut Position::default(),
        };
        for row in (0..along).step_by(rows) {
            let mut part = pair.reborrow().part(row..along.min(row + rows), lanes.clone());
            if direct {
                A::panel(backend, summation, &mut strips, Panel::new(part.cast()));
                continue;
            }
            let Extents { along: rows, across: lanes, .. } = part.extents();
            let tile = &mut tile[..rows * lanes];
            match reads {
                Side::Direct => {}
                Side::Across => gather(backend, &part.source().transposed(), tile),
                Side::Along => pack::<I, A>(backend, part.source(), tile),
            }
            match (reads, writes) {
                (Side::Direct, _) => {
                    let to = Target::rows(tile, rows, lanes, lanes);
                    let pair = Pair::copy(part.source().cast(), to);
                    A::panel(backend, summation, &mut strips, Panel::new(pair));
                }
                (_, Side::Direct) => {
                    let from = Source::rows(tile, rows, lanes, lanes);
                    let pair = Pair::copy(from, part.target().cast());
                    A::panel(backend, summation, &mut strips, Panel::new(pair));
                }
                _ => {
                    let pair = Pair::in_place(Target::rows(tile, rows, lanes, lanes));
                    A::panel(backend, summation, &mut strips, Panel::new(pair));
                }
            }
            match writes {
                Side::Direct => {}
                Side::Across => scatter(backend, tile, &mut part.target().transposed()),
                Side::Along => unpack::<A, O>(backend, tile, part.target()),
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

/// Copies lanes to a tile, where they lie side by side.
fn pack<T: Primitive, A: Primitive>(backend: Backend, from: Source<'_, T>, tile: &mut [A]) {
    let Extents { along: rows, across: lanes, .. } = from.extents();
    if same_bytes::<T, A>() && (from.strides().along == 1 || rows == 1) {
        let pair = Pair::copy(from.cast(), Target::rows(tile, rows, lanes, lanes));
        return A::transpose(backend, Tiles::new(pair));
    }
    let mut buffer = Memory::<TILE_BYTES>::new();
    let buffer = buffer.fill(rows * lanes, A::IDENTITY);
    gather(backend, &from, buffer);
    let pair = Pair::copy(
        Source::rows(buffer, lanes, rows, rows).transposed(),
        Target::rows(tile, rows, lanes, lanes),
    );
    A::transpose(backend, Tiles::new(pair));
}

/// Copies a tile to where its lanes belong.
fn unpack<A: Primitive, T: Primitive>(backend: Backend, tile: &[A], to: Target<'_, T>) {
    let Extents { along: rows, across: lanes, .. } = to.extents();
    // What is across in the tile is along in the target, and the same transposition does both.
    let tile = Source::rows(tile, rows, lanes, lanes).transposed();
    let mut to = to;
    if same_bytes::<T, A>() && (to.strides().along == 1 || rows == 1) {
        let pair = Pair::copy(tile, to.cast().transposed());
        return A::transpose(backend, Tiles::new(pair));
    }
    let mut buffer = Memory::<TILE_BYTES>::new();
    let buffer = buffer.fill(rows * lanes, A::IDENTITY);
    let pair = Pair::copy(tile, Target::rows(buffer, lanes, rows, rows));
    A::transpose(backend, Tiles::new(pair));
    scatter(backend, buffer, &mut to);
}
