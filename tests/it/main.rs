//! All tests that need no process of their own, in one program: each sum is compiled once for its types.
//!
//! `lanesum-testkit` has the reference that nearly all of them compare with. Types of the crates `half` and
//! `num-complex` are among the tests if the features are on, and so are saved streams.

mod accuracy;
mod arrays;
mod backends;
mod casts;
mod checked;
mod compensated;
mod errors;
mod golden;
mod numpy;
mod options;
mod properties;
mod reference;
mod special;
mod stream;
mod types;
mod views;
