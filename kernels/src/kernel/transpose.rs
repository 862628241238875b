//! The transposing copy: lanes that are contiguous along, to lanes side by side, and back.
//!
//! The copy knows nothing of sums. What is transposed lies in a buffer in the first-level cache, and the column kernel
//! sums it there: so that there is one kernel for sums across, and not one for each way in which lanes can lie in input
//! and output.

use core::slice;

use crate::memory::{Extents, Place, Tiles};
use crate::number::Number;
use crate::simd::Transpose;

/// Copies, `W` lanes at a time, and along them from tile to tile: so that a cache line of the source
/// is read in one go, even if those of all lanes compete for the same place in the cache.
#[inline(always)]
pub(crate) fn transpose<V: Transpose<W>, const W: usize>(v: V, mut tiles: Tiles<'_, V::Element>) {
    let Extents { along, across, .. } = tiles.extents();
    let mut lane = 0;
    while lane < across {
        let mut row = 0;
        if lane + W <= across {
            // The question is asked once, outside of the short loop.
            if v.streams() {
                whole_tiles::<V, W>(v, &mut tiles, lane);
            } else {
                whole_tiles::<V, W>(v.in_cache(), &mut tiles, lane);
            }
            row = along - along % W;
        }
        while row < along {
            part_of_tile::<V, W>(v, &mut tiles, row, lane);
            row += W;
        }
        lane += W;
    }
}

/// Copies `W` lanes, which there are, from tile to tile.
#[inline(always)]
fn whole_tiles<V: Transpose<W>, const W: usize>(
    v: V,
    tiles: &mut Tiles<'_, V::Element>,
    lane: usize,
) {
    let along = tiles.extents().along;
    let mut row = 0;
    while row + W <= along {
        let mut tile = [v.splat(V::Element::IDENTITY); W];
        for (k, register) in tile.iter_mut().enumerate() {
            let from = tiles.source_at(row, lane + k);
            // SAFETY: `W` elements of lane `lane + k` from `row` on: the lane has as many, and its elements lie one
            // after the other (`Tiles::new`).
            *register = v.load(unsafe { &*from.cast::<[V::Element; W]>() });
        }
        for (k, register) in v.transpose(tile).into_iter().enumerate() {
            let to = tiles.target_at(row + k, lane);
            // SAFETY: `W` places of row `row + k` from `lane` on: the row exists, its places lie one after the other
            // (`Tiles::new`), and no other reference to them does.
            v.store_sums(register, unsafe { &mut *to.cast::<Place<[V::Element; W]>>() });
        }
        row += W;
    }
}

/// Copies up to `W` rows of up to `W` lanes, as many as there are: at least one of each.
#[inline(always)]
fn part_of_tile<V: Transpose<W>, const W: usize>(
    v: V,
    tiles: &mut Tiles<'_, V::Element>,
    row: usize,
    lane: usize,
) {
    let Extents { along, across, .. } = tiles.extents();
    let (rows, lanes) = (W.min(along - row), W.min(across - lane));
    let mut tile = [v.splat(V::Element::IDENTITY); W];
    for (k, register) in tile.iter_mut().enumerate().take(lanes) {
        let from = tiles.source_at(row, lane + k);
        // SAFETY: `rows` elements of lane `lane + k` from `row` on: the lane exists, and its elements lie one after the
        // other (`Tiles::new`).
        let from = unsafe { slice::from_raw_parts(from, rows) };
        *register = match from.first_chunk::<W>() {
            Some(whole) => v.load(whole),
            None => v.load_part(from),
        };
    }
    for (k, register) in v.transpose(tile).into_iter().enumerate() {
        if k < rows {
            let to = tiles.target_at(row + k, lane);
            // SAFETY: `lanes` places of row `row + k` from `lane` on: the row exists, its places lie one after the
            // other (`Tiles::new`), and no other reference to them does.
            let to = unsafe { slice::from_raw_parts_mut(to.cast::<Place<V::Element>>(), lanes) };
            match to.first_chunk_mut::<W>() {
                Some(whole) => v.store(register, Place::joined(whole)),
                None => v.store_part(register, to),
            }
        }
    }
}
