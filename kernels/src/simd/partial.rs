//! Fewer elements than a register has, loaded and stored without a loop over them.

use bytemuck::Pod;

use crate::memory::Place;
use crate::number::Number;

/// Fewer than `W` elements in their order, and the identity after them.
#[inline(always)]
pub(crate) fn padded<T: Number + Pod, const W: usize>(from: &[T]) -> [T; W] {
    const { assert!(size_of::<[T; W]>() <= size_of::<[u64; 4]>()) };
    let words = padded_words(from);
    // There are as many (asserted above), but `from_bytes` would look for a panic to call.
    match bytemuck::must_cast_slice(&words).first_chunk() {
        Some(elements) => *elements,
        None => [T::IDENTITY; W],
    }
}

/// Fewer elements than a register has in their order, and the identity after them.
///
/// Put together eight bytes at a time in general registers. Short stores to an array followed by one
/// long load from it would be simpler, but the load has to wait until the stores are in the cache:
/// 16 ns for a call of three elements with AVX2, against 8 (Zen 5, 2026-11).
#[inline(always)]
fn padded_words<T: Number>(from: &[T]) -> [u64; 4] {
    let identity = T::IDENTITY;
    let identity = bytemuck::bytes_of(&identity);
    let identity = u64::from_le_bytes(core::array::from_fn(|i| identity[i % size_of::<T>()]));
    let (whole, rest) = bytemuck::must_cast_slice(from).as_chunks::<8>();
    let last = short_word(rest, identity);
    // Written out, because LLVM keeps the words in registers only if it sees no loop.
    [
        word(whole, 0, last, identity),
        word(whole, 1, last, identity),
        word(whole, 2, last, identity),
        word(whole, 3, last, identity),
    ]
}

/// Word `k` of those given, of the one after them, and of identities from there on.
#[inline(always)]
fn word(whole: &[[u8; 8]], k: usize, last: u64, identity: u64) -> u64 {
    match whole.get(k) {
        Some(word) => u64::from_ne_bytes(*word),
        None if k == whole.len() => last.to_le(),
        None => identity.to_le(),
    }
}

/// Fewer than eight bytes, and then those of `fill`, as a little-endian number.
#[inline(always)]
fn short_word(bytes: &[u8], fill: u64) -> u64 {
    #[inline(always)]
    fn both_ends<const N: usize>(bytes: &[u8], number: fn([u8; N]) -> u64) -> u64 {
        match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => number(*first) | number(*last) << (8 * (bytes.len() - N)),
            _ => 0,
        }
    }
    let number = match bytes {
        [] => 0,
        [one] => u64::from(*one),
        [_, _] | [_, _, _] => both_ends(bytes, |two| u16::from_le_bytes(two).into()),
        _ => both_ends(bytes, |four| u32::from_le_bytes(four).into()),
    };
    number | fill.unbounded_shl(8 * bytes.len() as u32)
}

/// Copies as many elements as the shorter slice has, fewer than 64.
///
/// In pieces of constant powers of two, each a move or two: a copy of a length that the compiler does
/// not know is a call to `memcpy`.
#[inline(always)]
pub(crate) fn copy_short<T: Copy>(from: &[T], to: &mut [Place<T>]) {
    #[inline(always)]
    fn piece<'a, 'b, T: Copy, const N: usize>(
        (from, to): (&'a [T], &'b mut [Place<T>]),
    ) -> (&'a [T], &'b mut [Place<T>]) {
        if from.len() < N || to.len() < N {
            return (from, to);
        }
        let (source, from) = from.split_at(N);
        let (target, to) = to.split_at_mut(N);
        if let (Some(source), Some(target)) = (source.first_chunk(), target.first_chunk_mut::<N>())
        {
            Place::joined(target).write(*source);
        }
        (from, to)
    }
    let rest = piece::<T, 32>((from, to));
    let rest = piece::<T, 16>(rest);
    let rest = piece::<T, 8>(rest);
    let rest = piece::<T, 4>(rest);
    let rest = piece::<T, 2>(rest);
    piece::<T, 1>(rest);
}
