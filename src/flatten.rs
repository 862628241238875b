//! Sums without an axis: the elements of views in C order, as one lane.
//!
//! Most are one lane already: C order is the order in which they lie. All others are read and written
//! piece by piece, each a few runs along the last axis.

use lanesum_kernels::{
    Backend, Element, Extents, Kernel, Layout, Overflow, Pieces, Rule, Stores, Summation,
    check_lanes, cumsum, cumsum_in_place, cumsum_lanes, cumsum_lanes_by, cumsum_lanes_in_place,
    cumsum_lanes_in_place_by, cumsum_pieces, cumsum_pieces_by,
};
use smallvec::SmallVec;

use crate::view::{Axes, INLINE};

/// Sums the first `len` elements of `input` to as many of `output`.
pub(crate) fn sum<I: Element, A: Element, O: Element>(
    backend: Backend,
    summation: Summation,
    stores: Stores,
    len: usize,
    (input, from): (&[I], &Axes),
    (output, to): (&mut [O], &Axes),
) {
    match (from.stride(), to.stride()) {
        (Some(1), Some(1)) => {
            let input = &input[from.range()][..len];
            let output = &mut output[to.range()][..len];
            cumsum::<I, A, O>(backend, summation, stores, input, output);
        }
        (Some(i), Some(o)) => {
            let (input, output) = ((input, lane(from, i)), (output, lane(to, o)));
            let extents = Extents { along: len, across: 1, batch: 1 };
            cumsum_lanes::<I, A, O>(
                backend,
                summation,
                stores,
                Kernel::Row,
                extents,
                input,
                output,
            );
        }
        _ => {
            let (from, to) = (Cursor::new(from), Cursor::new(to));
            let mut pieces = Copying { input, from, output, to };
            cumsum_pieces::<A>(backend, summation, len, &mut pieces);
        }
    }
}

/// Overwrites the elements with their sums.
pub(crate) fn sum_in_place<T: Element, A: Element>(
    backend: Backend,
    summation: Summation,
    (data, axes): (&mut [T], &Axes),
) {
    match axes.stride() {
        Some(1) => cumsum_in_place::<T, A>(backend, summation, &mut data[axes.range()]),
        Some(stride) => {
            let data = (data, lane(axes, stride));
            let extents = Extents { along: axes.len(), across: 1, batch: 1 };
            cumsum_lanes_in_place::<T, A>(backend, summation, Kernel::Row, extents, data);
        }
        None => {
            let mut pieces = InPlace { data, from: Cursor::new(axes), to: Cursor::new(axes) };
            cumsum_pieces::<A>(backend, summation, axes.len(), &mut pieces);
        }
    }
}

/// Sums the first `len` elements of `input` to as many of `output`, by a rule.
pub(crate) fn sum_by<I: Element, A: Element, O: Element>(
    backend: Backend,
    rule: Rule<A>,
    stores: Stores,
    len: usize,
    (input, from): (&[I], &Axes),
    (output, to): (&mut [O], &Axes),
) -> Result<(), Overflow> {
    if let (Some(i), Some(o)) = (from.stride(), to.stride()) {
        let (input, output) = ((input, lane(from, i)), (output, lane(to, o)));
        let extents = Extents { along: len, across: 1, batch: 1 };
        let kernel = Kernel::Row;
        return cumsum_lanes_by::<I, A, O>(backend, rule, stores, kernel, extents, input, output);
    }
    let (from, to) = (Cursor::new(from), Cursor::new(to));
    cumsum_pieces_by::<A>(backend, rule, len, &mut Copying { input, from, output, to })
}

/// Overwrites the elements with their sums by a rule.
pub(crate) fn sum_in_place_by<T: Element, A: Element>(
    backend: Backend,
    rule: Rule<A>,
    (data, axes): (&mut [T], &Axes),
) -> Result<(), Overflow> {
    if let Some(stride) = axes.stride() {
        let extents = Extents { along: axes.len(), across: 1, batch: 1 };
        let data = (data, lane(axes, stride));
        return cumsum_lanes_in_place_by::<T, A>(backend, rule, Kernel::Row, extents, data);
    }
    let mut pieces = InPlace { data, from: Cursor::new(axes), to: Cursor::new(axes) };
    cumsum_pieces_by::<A>(backend, rule, axes.len(), &mut pieces)
}

/// Whether the first `len` elements can be summed by a rule.
pub(crate) fn check<T: Element, A: Element>(
    backend: Backend,
    rule: Rule<A>,
    len: usize,
    (data, axes): (&[T], &Axes),
) -> Result<(), Overflow> {
    if let Some(stride) = axes.stride() {
        let extents = Extents { along: len, across: 1, batch: 1 };
        let data = (data, lane(axes, stride));
        return check_lanes::<T, A>(backend, rule, Kernel::Row, extents, data);
    }
    let mut pieces = Reading { data, from: Cursor::new(axes) };
    cumsum_pieces_by::<A>(backend, rule, len, &mut pieces)
}

/// Writes `x` to every element.
pub(crate) fn fill<T: Element>(data: &mut [T], axes: &Axes, x: T) {
    let mut cursor = Cursor::new(axes);
    for _ in 0..axes.len() {
        write::<T, T>(data, &mut cursor, &[x]);
    }
}

/// One lane that starts where the array does.
fn lane(axes: &Axes, stride: isize) -> Layout {
    Layout { offset: axes.offset(), along: stride, across: 0, batch: 0 }
}

/// The pieces of one array, for those of another.
struct Copying<'a, I, O> {
    input: &'a [I],
    from: Cursor,
    output: &'a mut [O],
    to: Cursor,
}

impl<I: Element, A: Element, O: Element> Pieces<A> for Copying<'_, I, O> {
    fn read(&mut self, piece: &mut [A]) {
        read(self.input, &mut self.from, piece);
    }

    fn write(&mut self, piece: &[A]) {
        write(self.output, &mut self.to, piece);
    }
}

/// The pieces of one array, which are written back to where they were read.
struct InPlace<'a, T> {
    data: &'a mut [T],
    from: Cursor,
    to: Cursor,
}

impl<T: Element, A: Element> Pieces<A> for InPlace<'_, T> {
    fn read(&mut self, piece: &mut [A]) {
        read(self.data, &mut self.from, piece);
    }

    fn write(&mut self, piece: &[A]) {
        write(self.data, &mut self.to, piece);
    }
}

/// The pieces of an array whose sums nobody takes.
struct Reading<'a, T> {
    data: &'a [T],
    from: Cursor,
}

impl<T: Element, A: Element> Pieces<A> for Reading<'_, T> {
    fn read(&mut self, piece: &mut [A]) {
        read(self.data, &mut self.from, piece);
    }

    fn write(&mut self, _: &[A]) {}
}

/// Fills `piece` with the next elements of `data`.
fn read<T: Element, A: Element>(data: &[T], cursor: &mut Cursor, mut piece: &mut [A]) {
    while !piece.is_empty() {
        let Run { mut offset, stride, len } = cursor.next(piece.len());
        let (run, rest) = piece.split_at_mut(len);
        if stride == 1 {
            for (to, &x) in run.iter_mut().zip(&data[offset..][..len]) {
                *to = A::cast_from(x);
            }
        } else {
            for to in run {
                *to = A::cast_from(data[offset]);
                offset = offset.wrapping_add_signed(stride);
            }
        }
        piece = rest;
    }
}

/// Writes `piece` to the next elements of `data`.
fn write<T: Element, A: Element>(data: &mut [T], cursor: &mut Cursor, mut piece: &[A]) {
    while !piece.is_empty() {
        let Run { mut offset, stride, len } = cursor.next(piece.len());
        let (run, rest) = piece.split_at(len);
        if stride == 1 {
            for (to, &x) in data[offset..][..len].iter_mut().zip(run) {
                *to = T::cast_from(x);
            }
        } else {
            for &x in run {
                data[offset] = T::cast_from(x);
                offset = offset.wrapping_add_signed(stride);
            }
        }
        piece = rest;
    }
}

/// Elements that are evenly spaced.
#[derive(Debug, PartialEq, Eq)]
struct Run {
    offset: usize,
    stride: isize,
    len: usize,
}

/// A place in an array, which moves on in C order.
struct Cursor {
    offset: usize,
    /// The last axis first.
    axes: SmallVec<[CursorAxis; INLINE]>,
}

struct CursorAxis {
    extent: usize,
    stride: isize,
    index: usize,
}

impl Cursor {
    /// The first element of an array.
    fn new(axes: &Axes) -> Self {
        let mut merged = SmallVec::<[CursorAxis; INLINE]>::new();
        for (extent, stride) in axes.iter().rev().filter(|&(extent, _)| extent != 1) {
            match merged.last_mut() {
                // The axis steps from the end of the one inside it to the next beginning.
                Some(last) if last.stride.checked_mul(last.extent as isize) == Some(stride) => {
                    last.extent *= extent;
                }
                _ => merged.push(CursorAxis { extent, stride, index: 0 }),
            }
        }
        if merged.is_empty() {
            merged.push(CursorAxis { extent: 1, stride: 0, index: 0 });
        }
        Self { offset: axes.offset(), axes: merged }
    }

    /// The next elements along the last axis, and `len` at most; there must be some left.
    fn next(&mut self, len: usize) -> Run {
        let last = &self.axes[0];
        let len = len.min(last.extent - last.index);
        let run = Run { offset: self.offset, stride: last.stride, len };
        self.advance(0, len);
        run
    }

    /// Takes some steps along the axis `k`, and one along the next when they reach its end.
    fn advance(&mut self, k: usize, steps: usize) {
        let Some(axis) = self.axes.get_mut(k) else { return };
        axis.index += steps;
        let mut moved = axis.stride.wrapping_mul(steps as isize);
        let end = axis.index == axis.extent;
        if end {
            axis.index = 0;
            moved = moved.wrapping_sub(axis.stride.wrapping_mul(axis.extent as isize));
        }
        // Behind the last element the offset may wrap, and comes back to the first.
        self.offset = self.offset.wrapping_add_signed(moved);
        if end {
            self.advance(k + 1, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// The indices of the elements, in pieces of at most `len`.
    fn indices(axes: &Axes, len: usize) -> (Vec<usize>, usize) {
        let mut cursor = Cursor::new(axes);
        let (mut indices, mut runs) = (Vec::new(), 0);
        while indices.len() < axes.len() {
            let run = cursor.next(len);
            assert!(0 < run.len && run.len <= len);
            let steps = 0..run.len as isize;
            indices.extend(steps.map(|k| run.offset.wrapping_add_signed(k * run.stride)));
            runs += 1;
        }
        // And back at the beginning.
        assert_eq!(cursor.next(1).offset, indices[0]);
        (indices, runs)
    }

    #[test]
    fn a_cursor_moves_in_c_order() {
        let axes = Axes::within(100, 20, &[2, 1, 2, 3], &[40, 7, -9, 2]).expect("a view");
        let expected = [20, 22, 24, 11, 13, 15, 60, 62, 64, 51, 53, 55];
        for (len, runs) in [(1, 12), (2, 8), (3, 4), (5, 4), (1000, 4)] {
            assert_eq!(indices(&axes, len), (expected.to_vec(), runs));
        }
    }

    #[test]
    fn a_cursor_runs_on_where_axes_are_one() {
        // Rows of which all but the last element are taken: the last two axes are one.
        let axes = Axes::within(100, 0, &[3, 2, 4], &[9, 4, 1]).expect("a view");
        let (all, runs) = indices(&axes, 1000);
        assert_eq!((all, runs), ((0..27).filter(|i| i % 9 != 8).collect(), 3));
    }
}
