//! The transposing copy: lanes that are contiguous along, to lanes side by side, and back.
//!
//! It knows nothing of sums. What is transposed lies in a buffer in the first-level cache, and the column
//! kernel sums it there: so that there is one kernel for sums across, and not one for each way in
//! which lanes can lie in input and output.

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
            while row + W <= along {
                tile::<V, W, true>(v, &mut tiles, row, lane);
                row += W;
            }
        }
        while row < along {
            tile::<V, W, false>(v, &mut tiles, row, lane);
            row += W;
        }
        lane += W;
    }
}

/// Copies `W` rows of `W` lanes, or as many as there are unless they are `WHOLE`. There is at least one
/// of each.
#[inline(always)]
fn tile<V: Transpose<W>, const W: usize, const WHOLE: bool>(
    v: V,
    tiles: &mut Tiles<'_, V::Element>,
    row: usize,
    lane: usize,
) {
    let Extents { along, across, .. } = tiles.extents();
    let (rows, lanes) = if WHOLE { (W, W) } else { (W.min(along - row), W.min(across - lane)) };
    let mut tile = [v.splat(V::Element::IDENTITY); W];
    for (k, register) in tile.iter_mut().enumerate() {
        if k < lanes {
            let from = tiles.source_at(row, lane + k);
            *register = if rows == W {
                // SAFETY: `W` elements of lane `lane + k` from `row` on: `rows` is `W`, the lane exists,
                // and its elements lie one after the other (`Tiles::new`).
                v.load(unsafe { &*from.cast::<[V::Element; W]>() })
            } else {
                // SAFETY: `rows` elements of that lane.
                v.load_part(unsafe { slice::from_raw_parts(from, rows) })
            };
        }
    }
    for (k, register) in v.transpose(tile).into_iter().enumerate() {
        if k < rows {
            let to = tiles.target_at(row + k, lane);
            if lanes == W {
                // SAFETY: `W` places of row `row + k` from `lane` on: `lanes` is `W`, the row exists, its
                // places lie one after the other (`Tiles::new`), and no other reference to them does.
                v.store_sums(register, unsafe { &mut *to.cast::<Place<[V::Element; W]>>() });
            } else {
                // SAFETY: `lanes` places of that row.
                v.store_part(register, unsafe {
                    slice::from_raw_parts_mut(to.cast::<Place<V::Element>>(), lanes)
                });
            }
        }
    }
}
