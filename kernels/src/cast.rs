//! Sums with casts: an input of one type, an accumulator of a second, an output of a third.
//!
//! A lane is taken in pieces small enough to stay in the first-level cache between the cast and the
//! sum. No piece is ever on the heap, and where the output has the accumulator's type the piece is the
//! output itself, unless the sums go past the cache.

use crate::cpu::Backend;
use crate::cpu::Stores;
use crate::element::Element;
use crate::element::stored::Inside;
use crate::kernel::state::Carry;
use crate::lanes::Pieces;
use crate::memory::Lane;
use crate::number::{Number, as_same_bits, as_same_bits_mut, cast_slice, same_bits};
use crate::order::{CHUNK, Order};
use crate::primitive::Primitive;

/// The elements of a piece: whole blocks, and whole pieces in a chunk. Of the largest type it is 8 KiB,
/// a quarter of the smallest first-level cache in use.
pub(crate) const PIECE: usize = 1024;
const _: () = assert!(CHUNK.is_multiple_of(PIECE) && PIECE.is_multiple_of(64));

/// The elements of the one piece of a short lane, which should not have to clear 8 KiB.
const SHORT: usize = 64;

/// `input`, cast to `A`, summed, and cast to `O`.
pub(crate) fn sum<I: Number, A: Primitive, O: Number>(
    backend: Backend,
    order: Order,
    stores: Stores,
    input: &[I],
    output: &mut [O],
) {
    if same_bits::<A, O>() {
        let output = as_same_bits_mut(output);
        match stores {
            Stores::Streamed if backend.stores(stores) == Stores::Streamed => {
                stream_to::<I, A>(backend, order, input, output);
            }
            _ => sum_to::<I, A>(backend, order, input, output),
        }
    } else if input.len() <= SHORT {
        sum_through::<I, A, O, SHORT>(backend, order, input, output);
    } else {
        sum_through::<I, A, O, PIECE>(backend, order, input, output);
    }
}

/// `data`, cast to `A`, summed, and cast back.
pub(crate) fn sum_in_place<T: Number, A: Primitive>(
    backend: Backend,
    order: Order,
    data: &mut [T],
) {
    if same_bits::<T, A>() {
        let lane = Lane::in_place(as_same_bits_mut(data));
        A::sum(backend, order, &mut Carry::new(), lane);
    } else if data.len() <= SHORT {
        sum_in_place_through::<T, A, SHORT>(backend, order, data);
    } else {
        sum_in_place_through::<T, A, PIECE>(backend, order, data);
    }
}

/// Sums to an output of the accumulator's type.
fn sum_to<I: Number, A: Primitive>(backend: Backend, order: Order, input: &[I], output: &mut [A]) {
    let mut carry = Carry::new();
    if same_bits::<I, A>() {
        let lane = Lane::copy(as_same_bits(input), output);
        return A::sum(backend, order, &mut carry, lane);
    }
    for (input, output) in input.chunks(PIECE).zip(output.chunks_mut(PIECE)) {
        cast(backend, input, output);
        A::sum(backend, order, &mut carry, Lane::in_place(output));
    }
}

/// The same past the cache: each piece is cast in a buffer, and summed to its place.
#[cold]
#[inline(never)]
fn stream_to<I: Number, A: Primitive>(
    backend: Backend,
    order: Order,
    input: &[I],
    output: &mut [A],
) {
    let mut carry = Carry::new();
    if same_bits::<I, A>() {
        let lane = Lane::copy(as_same_bits(input), output);
        return A::stream(backend, order, &mut carry, lane);
    }
    let mut buffer = [A::IDENTITY; PIECE];
    for (input, output) in input.chunks(PIECE).zip(output.chunks_mut(PIECE)) {
        let buffer = &mut buffer[..input.len()];
        cast(backend, input, buffer);
        A::stream(backend, order, &mut carry, Lane::copy(buffer, output));
    }
}

/// Sums to an output of another type, `N` elements at a time.
fn sum_through<I: Number, A: Primitive, O: Number, const N: usize>(
    backend: Backend,
    order: Order,
    input: &[I],
    output: &mut [O],
) {
    let mut carry = Carry::new();
    let mut buffer = [A::IDENTITY; N];
    for (input, output) in input.chunks(N).zip(output.chunks_mut(N)) {
        let buffer = &mut buffer[..input.len()];
        if same_bits::<I, A>() {
            let lane = Lane::copy(as_same_bits(input), buffer);
            A::sum(backend, order, &mut carry, lane);
        } else {
            cast(backend, input, buffer);
            A::sum(backend, order, &mut carry, Lane::in_place(buffer));
        }
        cast(backend, buffer, output);
    }
}

/// Sums in place in another type, `N` elements at a time.
fn sum_in_place_through<T: Number, A: Primitive, const N: usize>(
    backend: Backend,
    order: Order,
    data: &mut [T],
) {
    let mut carry = Carry::new();
    let mut buffer = [A::IDENTITY; N];
    for data in data.chunks_mut(N) {
        let buffer = &mut buffer[..data.len()];
        cast(backend, data, buffer);
        A::sum(backend, order, &mut carry, Lane::in_place(buffer));
        cast(backend, buffer, data);
    }
}

/// Casts each element; both slices have the same length.
pub(crate) fn cast<T: Number, U: Number>(backend: Backend, from: &[T], to: &mut [U]) {
    backend.vectorize(
        #[inline(always)]
        || cast_slice(from, to),
    );
}

/// Sums one lane of `len` elements: reads a piece, sums it, writes it, until there are no more.
pub(crate) fn sum_pieces<A: Element>(
    backend: Backend,
    order: Order,
    len: usize,
    pieces: &mut impl Pieces<A>,
) {
    if len <= SHORT {
        sum_pieces_of::<A, SHORT>(backend, order, len, pieces);
    } else {
        sum_pieces_of::<A, PIECE>(backend, order, len, pieces);
    }
}

fn sum_pieces_of<A: Element, const N: usize>(
    backend: Backend,
    order: Order,
    len: usize,
    pieces: &mut impl Pieces<A>,
) {
    let mut carry = Carry::new();
    let mut buffer = [A::IDENTITY; N];
    for start in (0..len).step_by(N) {
        let piece = &mut buffer[..N.min(len - start)];
        pieces.read(piece);
        let lane = Lane::in_place(as_same_bits_mut(A::storage_mut(piece, Inside::HERE)));
        A::Carrier::sum(backend, order, &mut carry, lane);
        pieces.write(piece);
    }
}
