//! The cumulative sum, with NumPy's rules, at the speed of SIMD, and with the same bits on every CPU.
//!
//! ```
//! use lanesum::cumsum;
//!
//! assert_eq!(cumsum(&[1i32, 2, 3]).to_vec(), vec![1i64, 3, 6]); // NumPy's promotion: i32 -> i64
//! ```
//!
//! [`cumsum`](fn@cumsum) takes a reference to a slice, an array or a `Vec`, or a [`View`] or [`ViewMut`]: an n-d
//! array in a slice, with any strides. What follows says how to sum, and the last call where to:
//! [`to_vec`], [`write_to`] or [`in_place`].
//!
//! ```
//! use lanesum::{Backend, Summation, View, ViewMut, cumsum};
//!
//! let data = [1, 2, 3, 4, 5, 6i64];
//! let a = View::new(&data, &[2, 3])?; // C order; shape first
//! assert_eq!(cumsum(&a).to_vec(), [1, 3, 6, 10, 15, 21]); // no axis: flattened, C order
//! assert_eq!(cumsum(&a).axis(0)?.to_vec(), [1, 2, 3, 5, 7, 9]); // views by reference or by value
//! assert_eq!(cumsum(&a).axis(-1)?.dtype::<f64>().to_vec(), [1., 3., 6., 4., 9., 15.]);
//!
//! let t = View::with_strides(&data, 0, &[3, 2], &[1, 3])?; // data, offset, shape, strides (elements)
//! let mut out = [0i64; 6];
//! cumsum(t).axis(0)?.write_to(ViewMut::new(&mut out, &[3, 2])?)?; // shape checked, nothing allocated
//! assert_eq!(out, [1, 4, 3, 9, 6, 15]);
//!
//! let mut f = [0f32; 3];
//! cumsum(&[1, 2, 3]).write_to(&mut f)?; // an output of another type: cast per element
//! assert_eq!(f, [1.0, 3.0, 6.0]);
//!
//! let mut x = [1.0, 2.0, 3.0f64];
//! cumsum(&mut x).in_place(); // n-d: a `ViewMut`
//! assert_eq!(x, [1.0, 3.0, 6.0]);
//!
//! assert_eq!(cumsum(&x).dtype::<i32>().to_vec(), [1i32, 4, 10]); // cast first, then sum
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
//! 1. **Fast on every axis.** In-register scans with AVX-512, AVX2 or NEON, chosen when the program runs;
//!    for the other axes whole registers of lanes, and transposed tiles for what lies between. No sum
//!    allocates, but for the `Vec` that [`to_vec`] returns and for arrays of more than six dimensions.
//! 2. **The same bits everywhere.** A float sum depends on the sequence of the values along the axis and
//!    on nothing else: not on the shape, the strides and the axis that they lie along, the CPU, the width
//!    of its registers, the alignment, or the types that were cast from and to. The order of the additions
//!    is part of the interface: see [`order`]. *Where* a sum is NaN is promised too; the sign and the
//!    payload of a NaN are not.
//! 3. **NumPy's rules** for the accumulator, `axis`, `dtype`, `out`, wrapping, and 0-d and empty inputs, and
//!    NumPy's own bits with [`Summation::Sequential`].
//!
//! # Axes
//!
//! | input | axis | shape of the result |
//! |---|---|---|
//! | of shape `(a, b, ..)` | `0`, `1`, .. or, from the last, `-1`, `-2`, .. | the same |
//! | of shape `(a, b, ..)` | none | `(a * b * ..,)`: all elements as one lane, in C order |
//! | a slice | none, `0` or `-1` | the same |
//! | 0-d | none, `0` or `-1` | `(1,)` |
//!
//! An extent of zero is no error: the result is empty, and of this shape.
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
//! * `std` (default): finds out what the CPU has when the program runs, reads `LANESUM_BACKEND` (see
//!   [`Backend::best`]), and asks Linux for huge pages for large results of [`to_vec`]. Without it the crate
//!   is `no_std` with `alloc`, and uses the best backend that the compilation target guarantees.
//!
//! [`to_vec`]: Cumsum::to_vec
//! [`write_to`]: Cumsum::write_to
//! [`in_place`]: Cumsum::in_place

#![forbid(unsafe_code)]
#![no_std]

extern crate alloc;

mod axis;
mod cumsum;
mod dtype;
mod error;
mod flatten;
mod operand;
mod view;

pub use cumsum::{Cumsum, cumsum};
pub use dtype::{As, Dtype, Input, NewDtype, Promote, Promoted};
pub use error::Error;
pub use lanesum_kernels::{Backend, BackendError, Element, Stores, Summation, order};
pub use operand::{Operand, Output};
pub use view::{View, ViewMut};

// The examples of the README are tested.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
