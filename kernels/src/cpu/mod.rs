//! What the CPU can do: [`Backend`], the instructions that it has, and [`Stores`], how sums are stored.
//!
//! This folder names no other. It says which instructions there are, and runs none.

mod backend;
mod stores;

pub(crate) use backend::Kind;
pub use backend::{Backend, BackendError};
pub(crate) use stores::LINE_BYTES;
pub use stores::Stores;
