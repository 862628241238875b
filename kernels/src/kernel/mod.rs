//! The algorithms, each written once over the traits of `simd`.
//!
//! This folder names `arch::scalar` and `arch::opaque`, `simd`, `memory`, `order` and `number`, and nothing above them:
//! it knows neither backends nor options. A kernel takes a context and lanes that lie as it needs them, and what they
//! have summed to.

pub(crate) mod block;
pub(crate) mod column;
pub(crate) mod compensated;
pub(crate) mod interleaved;
pub(crate) mod row;
pub(crate) mod segmented;
#[cfg(target_arch = "x86_64")]
pub(crate) mod sliding;
pub(crate) mod state;
pub(crate) mod transpose;
pub(crate) mod widened;
