//! The entry points: every bit of their results, and that they touch nothing else.

mod bounds;
#[cfg(unix)]
mod guard_page;
mod lanes;
mod layouts;
mod one_lane;
mod overlaps;
mod streams;
mod to_vec;
mod values;
mod written;
