//! The ends of a sum: where numbers are read and where sums are written, with the types at both ends erased.
//!
//! A sum is compiled once for the type `C` that it is formed in, and not again for every pair of an input and an
//! output. So a [`Reader`] knows of the input's type no more than the size of its numbers and how to [cast](cast::Cast)
//! them, and a [`Writer`] of the output's. A cast is compiled once for a pair of types, a strided copy once for a size.
//!
//! This folder names `dispatch` and what is below it: numbers, the CPU and memory. It knows of no sum.

mod cast;
mod copy;
mod ends;
mod slices;
mod untyped;

pub(crate) use ends::{Ends, Reader, Writer};
pub(crate) use slices::{Input, Output};
