//! Streams that are fed pieces, of slices and of arrays that lie anywhere.

use lanesum::Stream;
use lanesum_testkit::place::Aligned;
use lanesum_testkit::{CHUNK, Options, Place, Random, Style, Typed, assert_same, summation};

/// A stream of rows of this shape. The options are asked for in any order.
pub(super) fn stream_of<T: Typed>(
    shape: &[usize],
    options: &Options<T>,
    random: &mut Random,
) -> Stream<T> {
    let stream = Stream::with_shape(shape).expect("a shape");
    let (exclusive, include_initial) = (options.exclusive, options.include_initial);
    let mut stream = stream.summation(summation(options.order));
    let order = random.below(2);
    for k in 0..2 {
        if exclusive && order == k {
            stream = stream.exclusive();
        }
        if include_initial && order != k {
            stream = stream.include_initial();
        }
        if k == order {
            continue;
        }
        if let Some(initial) = options.initial {
            stream = stream.initial(initial);
        }
        if options.reverse {
            stream = stream.reverse();
        }
        if options.skip_nan {
            stream = stream.skip_nan();
        }
    }
    stream
}

/// The lengths of the pieces of a lane: some are empty, most are short, none is of more than 10 000 elements.
pub(super) fn cuts(len: usize, random: &mut Random) -> Vec<usize> {
    let mut pieces = Vec::new();
    let mut before = 0;
    while before < len {
        let piece = match random.below(if len > 2000 { 40 } else { 20 }) {
            0 => 0,
            1..8 => 1 + random.below(9),
            8..14 => 1 + random.below(70),
            14..17 => 1 + random.below(500),
            // To the end of a block, or of a chunk, or one beside it.
            17 => ((before + 1).next_multiple_of(16) - before).saturating_sub(random.below(2)),
            18 => (before + 1).next_multiple_of(CHUNK) - before + random.below(2),
            _ => 1 + random.below(10_000),
        };
        let piece = piece.min(10_000).min(len - before);
        pieces.push(piece);
        before += piece;
    }
    pieces
}

/// Takes the next elements of what is left: with `reverse`, the last ones.
pub(super) fn next<'a, T>(x: &mut &'a [T], len: usize, reverse: bool) -> &'a [T] {
    let (before, after) = x.split_at(if reverse { x.len() - len } else { len });
    let (next, rest) = if reverse { (after, before) } else { (before, after) };
    *x = rest;
    next
}

/// Puts the sums of a piece to those of the pieces before it.
pub(super) fn put<T: Copy>(sums: &mut Vec<T>, piece: &[T], reverse: bool) {
    let at = if reverse { 0 } else { sums.len() };
    sums.splice(at..at, piece.iter().copied());
}

/// The sums of a piece: `len` of them, by any way of calling on any backend.
pub(super) fn feed<T: Typed>(
    stream: &mut Stream<T>,
    piece: &[T],
    len: usize,
    random: &mut Random,
) -> Vec<T> {
    let backend = random.backend();
    *stream = stream.clone().backend(backend);
    let margin = random.below(9);
    let memory = || vec![T::guard(); len + 2 * margin];
    let (way, mut out) = match random.below(3) {
        0 => return stream.to_vec(piece).expect("a piece"),
        1 if len == piece.len() => {
            let mut data = memory();
            data[margin..][..len].copy_from_slice(piece);
            stream.in_place(&mut data[margin..][..len]).expect("a piece");
            ("in_place", data)
        }
        _ => {
            let mut out = memory();
            stream.write_to(piece, &mut out[margin..][..len]).expect("a piece, and its sums");
            ("write_to", out)
        }
    };
    let sums = out[margin..][..len].to_vec();
    out[margin..][..len].fill(T::guard());
    assert_same(&out, &memory(), format_args!("{backend}, {way}: written outside"));
    sums
}

/// A place for an array of this shape, in one of the layouts that the random choose from, and what surrounds it.
pub(super) fn place<T: Typed>(shape: &[usize], random: &mut Random) -> (Place, Aligned<T>) {
    let ndim = shape.len();
    let style = match random.below(6) {
        0 => Style::dense(ndim),
        1 => Style::fortran(ndim),
        2 => Style { reversed: random.below(1 << ndim), gap: 1, ..Style::dense(ndim) },
        _ => Style::random(ndim, random),
    };
    let place = style.place(shape);
    let memory = place.guards();
    (place, memory)
}

/// The sums in C order of the next rows of an array in C order, which lie somewhere, and go somewhere.
pub(super) fn feed_array<T: Typed>(
    stream: &mut Stream<T>,
    shape: &[usize],
    piece: &[T],
    to: &[usize],
    random: &mut Random,
) -> Vec<T> {
    let backend = random.backend();
    *stream = stream.clone().backend(backend);
    let (from, mut data) = place::<T>(shape, random);
    from.scatter(piece, &mut data);
    let way = random.below(3);
    let (way, at, mut memory) = match way {
        0 => return stream.to_vec(from.view(&data)).expect("a piece"),
        1 if shape == to => {
            stream.in_place(from.view_mut(&mut data)).expect("a piece");
            ("in_place", from, data)
        }
        _ => {
            let (to, mut out) = place::<T>(to, random);
            let result = stream.write_to(from.view(&data), to.view_mut(&mut out));
            result.expect("a piece, and its sums");
            ("write_to", to, out)
        }
    };
    let sums = at.gather(&memory);
    at.scatter(&vec![T::guard(); sums.len()], &mut memory);
    let what = format_args!("{backend}, {way}: written outside, {at:?}");
    assert_same(&memory, &at.guards::<T>(), what);
    sums
}

pub(super) fn with_rows(rows: usize, row: &[usize]) -> Vec<usize> {
    [&[rows], row].concat()
}
