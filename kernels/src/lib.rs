//! The kernels of [lanesum]: the cumulative sums of lanes, contiguous or not, with the same bits on every
//! backend and in every layout.
//!
//! Most users want the crate `lanesum`, which adds NumPy's rules, n-d views and a builder. This one knows
//! no shapes, starts no threads and allocates nothing but what it returns; it holds all `unsafe` code of the
//! project.
//!
//! * [`order`] is the specification: in which order floats are added.
//! * [`Backend`] is the set of instructions that a call uses.
//! * [`cumsum`], [`cumsum_in_place`] and [`cumsum_to_vec`] sum one contiguous lane.
//! * [`cumsum_lanes`] and [`cumsum_lanes_in_place`] sum many lanes, at any strides.
//! * [`cumsum_pieces`] sums one lane that the caller reads and writes piece by piece.
//!
//! ```
//! use lanesum_kernels::{Backend, Stores, Summation, cumsum};
//!
//! let mut out = [0i64; 3];
//! cumsum::<i32, i64, i64>(Backend::best(), Summation::Blocked, Stores::Cached, &[1, 2, 3], &mut out);
//! assert_eq!(out, [1, 3, 6]);
//! ```
//!
//! [lanesum]: https://docs.rs/lanesum

#![no_std]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod number;
pub mod order;

mod cpu;
mod memory;
mod simd;

mod arch;
mod kernel;

mod dispatch;

mod cast;
mod element;
mod ends;
mod fresh;
mod lanes;
mod panels;
mod parts;
mod primitive;
mod progress;
mod rows;
mod rule;
#[cfg(feature = "serde")]
mod saved;
mod short;
mod staged;
mod strided;

use element::stored::Inside;
use lanes::order_of;

pub use cpu::{Backend, BackendError, Stores};
pub use element::{Element, Scalar};
pub use fresh::{cumsum_to_vec, new_vec};
pub use lanes::{Kernel, Pieces, cumsum_lanes, cumsum_lanes_in_place, cumsum_pieces};
pub use memory::{Extents, LaneLayout as Layout, last_index, may_overlap};
pub use order::Summation;
pub use progress::{Carries, NoChunks, Progress};
pub use rule::{
    Overflow, Rule, check_lanes, cumsum_lanes_by, cumsum_lanes_in_place_by, cumsum_pieces_by,
};

/// Writes the cumulative sum of `input` to `output`: `input` is cast to `A` as by `as`, summed in `A`,
/// and each sum cast to `O` as by `as`.
///
/// # Panics
///
/// When the slices differ in length.
///
/// ```
/// use lanesum_kernels::{Backend, Stores, Summation, cumsum};
///
/// let mut out = [0i64; 3];
/// cumsum::<f64, f64, i64>(Backend::best(), Summation::Blocked, Stores::Cached, &[1.7; 3], &mut out);
/// assert_eq!(out, [1, 3, 5]);
/// ```
pub fn cumsum<I: Element, A: Element, O: Element>(
    backend: Backend,
    summation: Summation,
    stores: Stores,
    input: &[I],
    output: &mut [O],
) {
    assert_eq!(input.len(), output.len(), "input and output differ in length");
    if A::AS_IS
        && I::PARTS == 1
        && A::PARTS == 1
        && O::PARTS == 1
        && let Some(order) = order_of::<A>(summation)
    {
        let (input, output) = (I::storage(input), O::storage_mut(output, Inside::HERE));
        cast::sum::<I::Storage, A::Carrier, O::Storage>(backend, order, stores, input, output);
    } else if I::PARTS == 2 || A::PARTS == 2 || O::PARTS == 2 {
        let (kernel, extents, layout) = lane(input.len());
        let (input, output) = ((input, layout), (output, layout));
        cumsum_lanes::<I, A, O>(backend, summation, stores, kernel, extents, input, output);
    } else if !A::EXACT {
        let (kernel, extents, layout) = lane(input.len());
        let (input, output) = ((input, layout), (output, layout));
        rule::cumsum_lanes_in_other_types::<I, A, O>(
            backend, summation, stores, kernel, extents, input, output,
        );
    }
}

/// Overwrites `data` with its cumulative sum: cast to `A` as by `as`, summed in `A`, cast back.
///
/// ```
/// use lanesum_kernels::{Backend, Summation, cumsum_in_place};
///
/// let mut data = [100i8; 3];
/// cumsum_in_place::<i8, i8>(Backend::best(), Summation::Blocked, &mut data);
/// assert_eq!(data, [100, -56, 44]);
/// ```
pub fn cumsum_in_place<T: Element, A: Element>(
    backend: Backend,
    summation: Summation,
    data: &mut [T],
) {
    if A::AS_IS
        && T::PARTS == 1
        && A::PARTS == 1
        && let Some(order) = order_of::<A>(summation)
    {
        cast::sum_in_place::<T::Storage, A::Carrier>(
            backend,
            order,
            T::storage_mut(data, Inside::HERE),
        );
    } else if T::PARTS == 2 || A::PARTS == 2 {
        let (kernel, extents, layout) = lane(data.len());
        cumsum_lanes_in_place::<T, A>(backend, summation, kernel, extents, (data, layout));
    } else if !A::EXACT {
        let (kernel, extents, layout) = lane(data.len());
        let rule = Rule::of(summation);
        let _ = cumsum_lanes_in_place_by::<T, A>(backend, rule, kernel, extents, (data, layout));
    }
}

/// One contiguous lane.
fn lane(len: usize) -> (Kernel, Extents, Layout) {
    let layout = Layout { offset: 0, along: 1, across: 0, batch: 0 };
    (Kernel::Row, Extents { along: len, across: 1, batch: 1 }, layout)
}
