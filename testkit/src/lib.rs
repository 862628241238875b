//! What the tests, the fuzz targets and the benchmarks of `lanesum` share.
//!
//! [`mod@reference`] says what every sum is, and knows nothing of the crate. [`Typed`] is an element as the tests
//! see it, [`place`] has arrays that lie anywhere, [`random`] makes values, and [`Case`] compares the sums of an
//! array with the reference, on every backend and by each way of calling.

mod case;
mod cast;
mod compare;
mod macros;
pub mod place;
pub mod random;
pub mod reference;
pub mod types;
pub mod values;
pub mod ways;

pub use case::{Case, Sum};
pub use cast::{Exact, cast, cast_all};
pub use compare::assert_same;
pub use place::{Aligned, Place, Style};
pub use random::{Random, mixed, of_lanes, special, specials, telling, with, with_nans};
pub use reference::{CHUNK, Options, Order};
pub use types::Typed;
pub use ways::{Ways, along, summation};

/// The elements that a sum with casts takes at a time. No promise: a length worth testing around.
pub const PIECE: usize = 1024;

/// Each axis of so many, and none.
pub fn axes(ndim: usize) -> impl Iterator<Item = Option<usize>> {
    (0..ndim).map(Some).chain([None])
}

/// The lengths at which a kernel does something else than at the length before: all short ones up to `short`,
/// and those around blocks, pieces and chunks.
pub fn lengths(short: usize, edges: &[usize]) -> Vec<usize> {
    let mut lengths: Vec<usize> = (0..=short).collect();
    for edge in edges {
        lengths.extend([edge - 1, *edge, edge + 1]);
    }
    lengths.sort_unstable();
    lengths.dedup();
    lengths
}
