//! The canonical order in its plainest form: the executable specification of every sum's bits.
//!
//! The reference is written from the prose of the specification and imports nothing of this project, so
//! that it can be wrong only in ways of its own: no registers, no pieces, no fast paths, and a recursion
//! where the kernels shuffle. Its own tests hold it against a block that is written out by hand.

pub mod axes;
mod numbers;
mod options;

pub use numbers::{Number, Pair};
pub use options::{Options, Order};

/// The elements of a chunk, whatever their type.
pub const CHUNK: usize = 16384;

/// `Summation::Blocked`: blocks by Sklansky, then running sums of block totals and of chunk totals.
pub fn blocked<A: Number>(x: &[A]) -> Vec<A> {
    blocked_from(A::IDENTITY, x)
}

/// `Summation::Blocked` with an offset before the first chunk.
pub fn blocked_from<A: Number>(mut offset: A, x: &[A]) -> Vec<A> {
    let mut sums = x.to_vec();
    sums.resize(x.len().next_multiple_of(A::BLOCK), A::IDENTITY);
    for chunk in sums.chunks_mut(CHUNK) {
        let mut carry = A::IDENTITY;
        for block in chunk.chunks_mut(A::BLOCK) {
            sklansky(block);
            let total = block[A::BLOCK - 1];
            for sum in block {
                *sum = offset.plus(carry.plus(*sum));
            }
            carry = carry.plus(total);
        }
        offset = offset.plus(carry);
    }
    sums.truncate(x.len());
    sums
}

/// Scan the left half, scan the right half, add the last of the left half to all of the right half.
fn sklansky<A: Number>(x: &mut [A]) {
    if x.len() > 1 {
        let (left, right) = x.split_at_mut(x.len() / 2);
        sklansky(left);
        sklansky(right);
        for sum in right {
            *sum = left[left.len() - 1].plus(*sum);
        }
    }
}

/// `Summation::Sequential`, a running sum. For integers every order gives this.
pub fn sequential<A: Number>(x: &[A]) -> Vec<A> {
    sequential_from(A::IDENTITY, x)
}

/// `Summation::Sequential` with a value before the first.
pub fn sequential_from<A: Number>(mut sum: A, x: &[A]) -> Vec<A> {
    let mut add = |x: &A| {
        sum = sum.plus(*x);
        sum
    };
    x.iter().map(&mut add).collect()
}
