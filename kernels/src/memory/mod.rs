//! Where lanes lie in memory: extents and strides, the proof that their elements may be read or written, and room on
//! the stack.
//!
//! This folder names `number`, and nothing above it. All pointers to elements come from here.

mod grid;
mod lane;
mod layout;
mod place;
mod scratch;
mod views;

pub(crate) use grid::{InOut, Strided, StridedMut};
pub(crate) use lane::{Lane, Lanes};
pub(crate) use layout::assert_fits;
pub(crate) use layout::{Extents, LaneLayout};
pub use layout::{last_index, may_overlap};
pub(crate) use place::Place;
pub(crate) use scratch::{Scratch, assume_written, write_copy};
pub(crate) use views::{Dense, Panel, Rows, Tiles};
