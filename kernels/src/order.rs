//! The canonical order of float summation: the specification and its constants.
//!
//! Floating-point addition is not associative, so a sum has the same bits everywhere only when the order of its
//! additions is fixed. This module fixes the order: every backend, whatever its register width, performs these
//! additions and no others. The order is a promise: a change here is a breaking change.
//!
//! # The order
//!
//! A lane of the accumulator type `A` is cut into *chunks* of [`CHUNK`] elements, and each chunk into
//! *blocks* of [`BLOCK_BYTES`] bytes (8 `f64` or 16 `f32`).
//!
//! ```text
//! offset = identity                                      -- before the first chunk
//! for each chunk:
//!     carry = identity                                   -- before the first block of a chunk
//!     for each block x[0..B]:
//!         local  = sklansky(x)
//!         out[i] = offset + (carry + local[i])           -- for i in 0..B
//!         carry  = carry + local[B - 1]
//!     offset = offset + carry
//!
//! sklansky(x):
//!     for half in 1, 2, 4, .. B/2:                       -- groups of 2 * half elements
//!         for each group: add x[last of its left half] to each element of its right half
//! ```
//!
//! For one block of eight this is
//!
//! ```text
//! x0   x1   x2   x3   x4   x5   x6   x7
//! |--->+    |--->+    |--->+    |--->+      half = 1
//! |    |-+->+    |    |    |-+->+    |
//! |    | '------>+    |    | '------>+      half = 2
//! |    |    |    |-+--+->+-+->+---->+      half = 4: element 3 to each of 4, 5, 6, 7
//! ```
//!
//! A last block that is not full is padded with the identity and summed in the same way. No output
//! depends on a later input, so the padding cannot be seen.
//!
//! # The identity is negative zero
//!
//! `-0.0 + x` is `x` for every `x`, `-0.0` itself included; `+0.0 + -0.0` would be `+0.0`. So adding
//! a fresh carry or offset changes nothing, and a kernel may leave such an addition out.
//!
//! # What follows
//!
//! * *Causal*: `out[i]` depends on `x[0..=i]` alone.
//! * *Monotone*: where no input is negative, no output is smaller than the one before it. Each output
//!   is a fixed tree of additions over sums that are themselves monotone, and rounding is monotone.
//! * *Accurate*: with unit roundoff `u`, each output errs by at most
//!   `(n / CHUNK + CHUNK / B + log2 B) u` times the sum of the magnitudes, to first order. A running
//!   sum has `n - 1` in place of the bracket. Both are the standard bound for a tree of additions
//!   (Higham, *Accuracy and Stability of Numerical Algorithms*, section 4.2): `u` times the most
//!   additions that any one input passes through.
//!
//! Sklansky's network is the "divide and conquer" adder of J. Sklansky, *Conditional-sum addition
//! logic*, IRE Transactions on Electronic Computers, 1960. It was chosen over Kogge and Stone's, which
//! needs no broadcast, because that one is not monotone: neighbouring outputs are trees of other shapes.
//!
//! # Compensated sums
//!
//! `Summation::Compensated` sums `f32`, `f16` and `bf16` in `f64`, in the canonical order of `f64`, and rounds each
//! output to its type. `f64` is summed in pairs `(hi, lo)`, in the canonical order of `f64` as well, with
//!
//! ```text
//! (a, b) + (c, d):
//!     s = a + c;  t = s - a
//!     e = (a - (s - t)) + (c - t)                        -- a + c = s + e, exactly
//!     (s, (b + d) + e)
//!
//! x as a pair:      (x, 0.0)
//! the identity:     (-0.0, 0.0)
//! the output:       r = hi + lo;  hi if r is NaN or equal to hi, and otherwise r
//! ```
//!
//! `e` is D. E. Knuth's (*The Art of Computer Programming*, volume 2, section 4.2.2), and its use for a sum that of T.
//! Ogita, S. M. Rump and S. Oishi, *Accurate sum and dot product*, SIAM Journal on Scientific Computing, 2005. So `hi`
//! has the bits of `Summation::Blocked`, and an output is NaN or infinite where it is there. No NaN comes from `lo`,
//! and an infinity only by the last rounding, next to the largest number. With `g` = `n / CHUNK + CHUNK / 8 + 3`, an
//! output errs by at most `u` times the exact sum, and `2 g^2 u^2` times the sum of the magnitudes, to first order:
//! less than an ulp, where the second is at most half of the first.
//!
//! # What is not promised
//!
//! The *position* of every NaN is the same everywhere; its sign and payload are the CPU's affair.
//! Integers wrap, so their sums are exact modulo 2^n in any order, and their kernels use whichever is
//! fastest.

use crate::number::Number;

/// The bytes of accumulators in one block: one AVX-512 register, a cache line on most CPUs.
pub const BLOCK_BYTES: usize = 64;
const _: () = assert!(<u8 as Number>::BLOCK == BLOCK_BYTES);

/// The elements of one chunk.
///
/// This length balances the two flat sums of the order, chunks over `n` and blocks over a chunk, for lanes of a million
/// to a hundred million elements. Largest relative error for `f32` uniform in `[0, 1)`, n = 16 Mi: chunks of 1024 5e-6,
/// 4096 2.6e-6, 16384 1.1e-6, 65536 1.9e-6; a running sum 9e-5.
pub const CHUNK: usize = 16384;

/// How the elements of a lane are added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Summation {
    /// The canonical order of [this module](self): fast, accurate, the same bits on every backend.
    ///
    /// `f16` and `bf16` are summed as `f32`, and each sum is rounded once.
    #[default]
    Blocked,
    /// A running sum, `out[i] = out[i - 1] + x[i]`: the bits of NumPy's `cumsum`, at the speed of one
    /// dependent addition after the other.
    Sequential,
    /// The canonical order with twice the precision; each output is the sum, rounded once.
    ///
    /// See [*Compensated sums*](self#compensated-sums).
    Compensated,
}

/// The order of the additions, as far as kernels have to know it: those for numbers that are wide enough for a whole
/// sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// `Summation::Blocked`.
    Blocked,
    /// `Summation::Sequential`.
    Running,
}
