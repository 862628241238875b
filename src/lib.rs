//! The cumulative sum, with NumPy's rules, at the speed of SIMD, and with the same bits on every CPU.
//!
//! ```
//! use lanesum::cumsum;
//!
//! assert_eq!(cumsum(&[1i32, 2, 3]).to_vec(), vec![1i64, 3, 6]); // NumPy's promotion: i32 -> i64
//! ```
//!
//! [`cumsum`](fn@cumsum) takes a reference to a slice, an array or a `Vec`, or a [`View`] or [`ViewMut`]: an n-d array
//! in a slice, with any strides. The calls that follow say how to sum, and the last one says where to: [`to_vec`],
//! [`write_to`] or [`in_place`].
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
//! Options compose, on every axis and with every type, and change nothing for those who do not ask for them:
//!
//! ```
//! use lanesum::{Stream, Summation, cumsum};
//!
//! let x = [3i64, 1, 4];
//! assert_eq!(cumsum(&x).exclusive().to_vec(), [0, 3, 4]); // where each begins
//! assert_eq!(cumsum(&x).include_initial().to_vec(), [0, 3, 4, 8]); // n + 1
//! assert_eq!(cumsum(&x).initial(10).reverse().to_vec(), [18, 15, 14]); // from the far end
//! assert_eq!(cumsum(&[1.0, f64::NAN, 2.0]).skip_nan().to_vec(), [1.0, 1.0, 3.0]);
//! assert!(cumsum(&[i64::MAX, 1]).checked().to_vec().is_err()); // which lane, which element
//! cumsum(&[0.1f32; 100]).summation(Summation::Compensated).to_vec(); // twice the precision
//!
//! let mut stream = Stream::<f64>::new(); // fed in pieces, with the bits of the whole
//! assert_eq!(stream.to_vec(&[1.0, 2.0])?, [1.0, 3.0]);
//! assert_eq!(stream.to_vec(&[3.0])?, [6.0]);
//! # Ok::<(), lanesum::Error>(())
//! ```
//!
//! # Promises
//!
//! 1. **Fast on every axis.** In-register scans with AVX-512, AVX2 or NEON, chosen when the program runs, along
//!    contiguous lanes; registers across neighbouring lanes along the other axes. No sum allocates, but for the `Vec`
//!    that [`to_vec`] returns and for arrays of more than six dimensions.
//! 2. **The same bits everywhere.** A float sum depends on the sequence of the values along the axis and
//!    on nothing else: not on the shape, the strides and the axis that they lie along, the CPU, the width
//!    of its registers, the alignment, or the types that were cast from and to. The order of the additions
//!    is part of the interface: see [`order`]. *Where* a sum is NaN is promised too; the sign and the
//!    payload of a NaN are not.
//! 3. **NumPy's rules** for the accumulator, `axis`, `dtype`, `out`, wrapping, and 0-d and empty inputs. By default the
//!    bits of a float sum are not NumPy's; with [`Summation::Sequential`] they are.
//! 4. **Monotone and causal** sums of floats, by default and with [`Summation::Sequential`]: where no element is
//!    negative or NaN, no sum is smaller than the one before it, rounding included; and no sum depends on a later
//!    element. A distribution function, or a table that is searched by bisection, needs just that. See
//!    [`order`](order#what-follows).
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
//! An extent of zero is no error: the result is empty, and of this shape. With
//! [`include_initial`](Cumsum::include_initial) the result has one more along the axis.
//!
//! # Which type is summed in
//!
//! | input | [`to_vec`] | [`write_to`] an output of type `O` |
//! |---|---|---|
//! | `bool`, `i8`, `i16`, `i32`, `i64` | `i64` | [the promotion](Promote) of both |
//! | `u8`, `u16`, `u32`, `u64` | `u64` | the promotion of both |
//! | `i128`, `u128`, `f32`, `f64`, `f16`, `bf16`, `Complex` | as it is | the promotion of both |
//! | `Wrapping` | as it is | as it is |
//!
//! [`dtype`](Cumsum::dtype) overrides each. Every cast is that of `as`: integers wrap, floats to
//! integers truncate and saturate, and NaN becomes 0. (NumPy leaves a float that does not fit an
//! integer to the CPU.) To `bool` it is `x != 0`; from complex numbers to others, `bool` as well, it takes the real
//! part. (NumPy looks at both for `bool`.)
//! Sums of integers wrap, unless they are [`checked`](Cumsum::checked); sums of `bool` are "or". Types that are not
//! among these can be summed by [`cumsum_by`].
//!
//! # Options
//!
//! | option | here | elsewhere, as an option of the function |
//! |---|---|---|
//! | an axis of an n-d array | [`axis`](Cumsum::axis), any strides | NumPy `axis`; PyTorch `dim`; JAX `axis`; TensorFlow `axis`; MATLAB `dim`; ndarray `accumulate_axis_inplace(Axis(i), ..)` |
//! | an output that exists | [`write_to`], [`in_place`] | NumPy `out`; PyTorch `out`; C++ and Thrust `result`; CUB `d_out`; ndarray: in place alone |
//! | without the element itself | [`exclusive`](Cumsum::exclusive) | TensorFlow `exclusive=True`; C++ and Thrust `exclusive_scan`; CUB `DeviceScan::ExclusiveSum` |
//! | n + 1 sums | [`include_initial`](Cumsum::include_initial) | NumPy and JAX `cumulative_sum(.., include_initial=True)`, from zero; Python `itertools.accumulate(.., initial=v)` |
//! | a value to begin with | [`initial`](Cumsum::initial) | Arrow `start`; C++ and Thrust `init`; CUB `init_value`; Polars `cum_sum_with_init`, in Rust; JAX `lax.scan(f, init, ..)` |
//! | from the far end | [`reverse`](Cumsum::reverse) | TensorFlow `reverse=True`; JAX `lax.cumsum` and `lax.associative_scan`, `reverse=True`; Polars `cum_sum(reverse=True)`; MATLAB `"reverse"` |
//! | NaN as zero | [`skip_nan`](Cumsum::skip_nan) | NumPy and JAX `nancumsum`; MATLAB `"omitnan"`; for nulls, and not for NaN: Arrow `skip_nulls`, Polars |
//! | an error at overflow | [`checked`](Cumsum::checked): which lane, which element | Arrow `cumulative_sum_checked`, Polars for decimals: that there was one |
//! | twice the precision | [`Summation::Compensated`] | Julia's KahanSummation `cumsum_kbn`; PyTorch sums `f32` in `f64` on CPUs, and does not promise it |
//! | in pieces | [`Stream`] | Polars, in its streaming engine; JAX `lax.scan`: the carry; CUB `BlockScanRunningPrefixOp`, within a kernel; Rust `Iterator::scan`, element by element |
//! | `f16`, `bf16` | feature `half` | PyTorch and TensorFlow: both; NumPy and Polars: `f16` |
//! | complex | feature `complex` | NumPy, PyTorch, TensorFlow |
//! | the order of the additions | [`order`]: the same bits on every CPU, along every axis, in any pieces | a running sum: NumPy `add.accumulate`, C++ `partial_sum`, Rust `Iterator::scan`, ndarray; the same bits on the same GPU: CUB, `run_to_run` |
//!
//! The table leaves out what takes a step before or after the sum: a flipped or a masked copy, a shifted result, an
//! operator that one writes. Here all options can be asked for in one call, for any layout, type and backend, without a
//! copy and in one pass over the memory; only [`Checked::in_place`] reads twice, to leave as they were the elements
//! that it refuses. No other library of the table says where a sum has left its type. Where one promises an order of
//! the additions of floats, the order is that of a running sum, or of one version on one kind of GPU.
//!
//! Options that are not used cost nothing: a sum with options is of [another type](Cumsum::options), so that without
//! them no code for options is compiled or run.
//!
//! # Accuracy
//!
//! The default order has an error of at most `(n / 16384 + 16384 / B + log2 B) u` times the sum of the
//! magnitudes, to first order, with blocks of `B` = 16 (`f32`) or 8 (`f64`) and the unit roundoff `u`; a
//! running sum has `n - 1` in place of the bracket. Close to the largest finite value, the total of a
//! group can overflow where a running sum would not, and the other way round. [`Summation::Compensated`] carries twice
//! the precision: its error is that of one rounding, and one of the second order, which shows only where the sum
//! is much smaller than what went into it; see [`order`](order#compensated-sums).
//!
//! The largest error of any output, over the exact sum of the magnitudes, for values uniform in `[0, 1)`
//! (`cargo run --release -p lanesum-examples --bin accuracy`):
//!
//! | type | n | `Sequential`, a running sum | `Blocked` | `Compensated` |
//! |---|--:|--:|--:|--:|
//! | `f32` | 1 Ki | 6.0e-7 | 2.3e-7 | 5.7e-8 |
//! | `f32` | 32 Ki | 2.8e-6 | 4.8e-7 | 5.9e-8 |
//! | `f32` | 1 Mi | 1.9e-5 | 4.8e-7 | 6.0e-8 |
//! | `f32` | 16 Mi | 6.3e-5 | 6.4e-7 | 6.0e-8 |
//! | `f32` | 64 Mi | 0.5: it no longer grows | 1.2e-6 | 6.0e-8 |
//! | `f64` | 1 Ki | 2.4e-15 | 4.5e-16 | 1.1e-16 |
//! | `f64` | 32 Ki | 5.4e-15 | 1.3e-15 | 1.1e-16 |
//! | `f64` | 1 Mi | 5.1e-14 | 1.3e-15 | 1.1e-16 |
//! | `f64` | 16 Mi | 1.1e-13 | 1.3e-15 | 1.1e-16 |
//! | `f64` | 64 Mi | 2.0e-13 | 2.0e-15 | 1.1e-16 |
//! | `f16` | 32 Ki | 0.87 | 4.8e-4 | 4.8e-4 |
//! | `bf16` | 16 Mi | 1.0 | 3.9e-3 | 3.9e-3 |
//!
//! Half the spacing of the numbers, `u`, is 6.0e-8, 1.1e-16, 4.9e-4 and 3.9e-3.
//!
//! # Features
//!
//! * `std` (default): finds out what the CPU has when the program runs, reads `LANESUM_BACKEND` (see
//!   [`Backend::best`]), and asks Linux for huge pages for large results of [`to_vec`]. Without it the crate
//!   is `no_std` with `alloc`, and uses the best backend that the compilation target guarantees.
//! * `half`: sums of `half::f16` and `half::bf16`.
//! * `complex`: sums of `num_complex::Complex<f32>` and `Complex<f64>`.
//! * `serde`: a [`Stream`] and its [`Carries`] can be saved and restored.
//!
//! [`to_vec`]: Cumsum::to_vec
//! [`write_to`]: Cumsum::write_to
//! [`in_place`]: Cumsum::in_place

#![forbid(unsafe_code)]
#![no_std]

extern crate alloc;

mod axes;
mod by;
mod checked;
mod cumsum;
mod dtype;
mod error;
mod operand;
mod options;
mod request;
mod stream;
mod view;

pub use by::cumsum_by;
pub use checked::Checked;
pub use cumsum::{Cumsum, cumsum};
pub use dtype::{As, Dtype, Input, NewDtype, Promote, Promoted};
pub use error::Error;
pub use lanesum_kernels::{
    Backend, BackendError, Carries, Element, NoChunks, Stores, Summation, order,
};
pub use operand::{Operand, Output};
pub use options::{InPlace, Length, OneLonger, Plain, SameLength};
pub use stream::Stream;
pub use view::{View, ViewMut};

// The examples of the README are tested.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
