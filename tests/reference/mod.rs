//! The canonical order in its plainest form: the executable specification of every sum's bits.
//!
//! Written from the prose of the specification and importing nothing of this project, so that it can
//! be wrong only in ways of its own: no registers, no pieces, no fast paths, and a recursion where the
//! kernels shuffle. `tests/backends.rs` holds it against a block that is written out by hand.

#![allow(dead_code)] // Each file that includes this one uses a part of it.

pub(crate) mod axes;
pub(crate) mod options;

/// The elements of a chunk, whatever their type.
pub(crate) const CHUNK: usize = 16384;

/// A type that is summed in.
pub(crate) trait Number: Copy {
    /// The elements of a block: 64 bytes of them.
    const BLOCK: usize = 64 / size_of::<Self>();
    /// What changes nothing when it is added. For floats it is `-0.0`, since `0.0 + -0.0` is `0.0`.
    const IDENTITY: Self;
    /// The sum, rounded once; for integers modulo 2^n.
    fn plus(self, other: Self) -> Self;
}

/// `Summation::Blocked`: blocks by Sklansky, then running sums of block totals and of chunk totals.
pub(crate) fn blocked<A: Number>(x: &[A]) -> Vec<A> {
    let mut sums = x.to_vec();
    sums.resize(x.len().next_multiple_of(A::BLOCK), A::IDENTITY);
    let mut offset = A::IDENTITY;
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
pub(crate) fn sequential<A: Number>(x: &[A]) -> Vec<A> {
    let add = |sum: &mut A, x: &A| {
        *sum = sum.plus(*x);
        Some(*sum)
    };
    x.iter().scan(A::IDENTITY, add).collect()
}

macro_rules! number {
    ($($A:ident: $identity:literal, $plus:path;)*) => {
        $(impl Number for $A {
            const IDENTITY: Self = $identity;
            fn plus(self, other: Self) -> Self {
                $plus(self, other)
            }
        })*
    };
}
number! {
    f32: -0.0, core::ops::Add::add;
    f64: -0.0, core::ops::Add::add;
    i8: 0, i8::wrapping_add;
    i16: 0, i16::wrapping_add;
    i32: 0, i32::wrapping_add;
    i64: 0, i64::wrapping_add;
    u8: 0, u8::wrapping_add;
    u16: 0, u16::wrapping_add;
    u32: 0, u32::wrapping_add;
    u64: 0, u64::wrapping_add;
}
