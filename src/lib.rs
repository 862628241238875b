//! The cumulative sum, with NumPy's rules, at the speed of SIMD, and with the same bits on every CPU.
//!
//! ```
//! use lanesum::cumsum;
//!
//! assert_eq!(cumsum(&[1i32, 2, 3]).to_vec(), vec![1i64, 3, 6]); // NumPy's promotion: i32 -> i64
//! ```
//!
//! [`cumsum`](fn@cumsum) takes a reference to a slice, an array or a `Vec`. What follows says how to sum, and the
//! last call where to: [`to_vec`], [`write_to`] or [`in_place`].
//!
//! ```
//! use lanesum::{Backend, Summation, cumsum};
//!
//! let mut f = [0f32; 3];
//! cumsum(&[1, 2, 3]).write_to(&mut f)?; // an output of another type: a cast per element
//! assert_eq!(f, [1.0, 3.0, 6.0]);
//!
//! let mut x = [1.0, 2.0, 3.0f64];
//! cumsum(&mut x).in_place();
//! assert_eq!(x, [1.0, 3.0, 6.0]);
//!
//! assert_eq!(cumsum(&x).dtype::<i32>().to_vec(), [1i32, 4, 10]); // cast first, then sum
//! assert_eq!(cumsum(&x).axis(-1)?.to_vec(), [1.0, 4.0, 10.0]); // a slice has one axis
//!
//! cumsum(&x).summation(Summation::Sequential).to_vec(); // NumPy's bits
//! cumsum(&x).backend(Backend::by_name("scalar")?).to_vec(); // force one: the same bits
//! for backend in Backend::available() {
//!     println!("{backend}"); // the best first, scalar last
//! }
//! # Ok::<(), lanesum::Error>(())
//! ```
//!
//! # Promises
//!
//! 1. **Fast.** In-register scans with AVX-512, AVX2 or NEON, chosen when the program runs. No sum
//!    allocates, but for the `Vec` that [`to_vec`] returns.
//! 2. **The same bits everywhere.** A float sum depends on the sequence of the values and on nothing
//!    else: not on the CPU, the width of its registers, the alignment, or the types that were cast
//!    from and to. The order of the additions is part of the interface: see [`order`]. *Where* a sum is
//!    NaN is promised too; the sign and the payload of a NaN are not.
//! 3. **NumPy's rules** for the accumulator, `dtype`, `out`, wrapping and empty inputs, and NumPy's
//!    own bits with [`Summation::Sequential`].
//!
//! # Which type is summed in
//!
//! | input | [`to_vec`] | [`write_to`] an output of type `O` |
//! |---|---|---|
//! | `bool`, `i8`, `i16`, `i32`, `i64` | `i64` | [the promotion](Promote) of both |
//! | `u8`, `u16`, `u32`, `u64` | `u64` | the promotion of both |
//! | `f32`, `f64` | as it is | the promotion of both |
//!
//! [`dtype`](Cumsum::dtype) overrides each. Every cast is that of `as`: integers wrap, floats to
//! integers truncate and saturate, and NaN becomes 0. (NumPy leaves a float that does not fit an
//! integer to the CPU.) Sums of integers wrap.
//!
//! # Accuracy
//!
//! The default order has an error of at most `(n / 16384 + 16384 / B + log2 B) u` times the sum of the
//! magnitudes, to first order, with blocks of `B` = 16 (`f32`) or 8 (`f64`) and the unit roundoff `u`; a
//! running sum has `n - 1` in place of the bracket. Close to the largest finite value, the total of a
//! group can overflow where a running sum would not, and the other way round.
//!
//! # Features
//!
//! * `std` (default): finds out what the CPU has when the program runs, and reads `LANESUM_BACKEND` (see
//!   [`Backend::best`]). Without it the crate is `no_std` with `alloc`, and uses the best backend that
//!   the compilation target guarantees.
//!
//! [`to_vec`]: Cumsum::to_vec
//! [`write_to`]: Cumsum::write_to
//! [`in_place`]: Cumsum::in_place

#![forbid(unsafe_code)]
#![no_std]

extern crate alloc;

mod cumsum;
mod dtype;
mod error;
mod operand;

pub use cumsum::{Cumsum, cumsum};
pub use dtype::{As, Dtype, Input, NewDtype, Promote, Promoted};
pub use error::Error;
pub use lanesum_kernels::{Backend, BackendError, Element, Summation, order};
pub use operand::{Operand, Output};

// The examples of the README are tested.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
