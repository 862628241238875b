//! The kernels of [lanesum]: the cumulative sums of slices and strided arrays, with the same bits on every backend and
//! in every layout.
//!
//! Most users want the crate `lanesum`, which adds NumPy's rules, checked views and a builder. This one starts no
//! threads and allocates no more than what it returns, what streams keep, and the axes of arrays of many dimensions; it
//! holds all `unsafe` code of the project.
//!
//! * [`order`] is the specification: in which order floats are added.
//! * [`Backend`] is the set of instructions that a call uses.
//! * [`cumsum`] sums: a [`Spec`] says what, [`Arrays`] where. [`cumsum_to_vec`] sums into new memory.
//! * [`ScanState`] sums what comes in pieces, and [`Carries`] what was summed elsewhere.
//! * [`last_index`] and [`may_overlap`] say whether an array lies within a slice, and whether it overlaps itself.
//!
//! [lanesum]: https://docs.rs/lanesum

#![no_std]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

// Each names only what stands above it here; `tests/layers.rs` checks that.
mod number;
pub mod order;

mod cpu;
mod memory;

mod simd;

mod arch;
mod kernel;

mod dispatch;

mod io;

mod drive;

mod array;

mod element;

mod api;

mod stream;

// The example of the README is tested.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use api::{Arrays, Source, Spec, cumsum, cumsum_to_vec};
pub use array::{Layout, Overflow};
pub use cpu::{Backend, BackendError, Stores};
pub use element::{AnyValue, Element};
pub use memory::{last_index, may_overlap};
pub use order::Summation;
pub use stream::{Carries, Feed, NoChunks, ScanState};
