//! The peers that this process runs itself, and how a turn of theirs is timed.

use std::hint::black_box;
use std::time::Instant;

use lanesum::{View, ViewMut, cumsum};
use ndarray::{ArrayView, ArrayViewMut, Axis, Dimension, Ix1, Ix2, Ix3, ShapeBuilder};

use crate::cases::{Case, Contestant, Form, Peer};
use crate::cpp::{self, Scan};
use crate::memory::{Lane, Number};
use crate::stream::Stream;

/// The calls that are not timed, and when they are enough. Between two turns others use the caches, and a
/// third level that is filled by what the second drops takes some calls to come to rest. `worker.py` has
/// the same numbers.
const WARM_CALLS: usize = 16;
const WARM_SECONDS: f64 = 8e-3;

/// How often to call.
#[derive(Clone, Copy)]
pub(crate) struct Turn {
    pub(crate) calls: usize,
    /// Whether there are calls first that are not timed.
    pub(crate) warm: bool,
}

impl Turn {
    /// The seconds of a call, one after the other.
    #[inline(always)]
    fn repeat(self, mut call: impl FnMut()) -> f64 {
        if self.warm {
            let start = Instant::now();
            for _ in 0..WARM_CALLS {
                call();
                if start.elapsed().as_secs_f64() > WARM_SECONDS {
                    break;
                }
            }
        }
        let start = Instant::now();
        for _ in 0..self.calls {
            call();
        }
        start.elapsed().as_secs_f64() / self.calls as f64
    }

    #[inline(always)]
    fn out<I: Number, O: Number>(
        self,
        lane: &mut Lane<I, O>,
        mut sum: impl FnMut(&[I], &mut [O]),
    ) -> f64 {
        let (input, output) = lane.slices();
        self.repeat(|| sum(black_box(input), black_box(&mut *output)))
    }

    /// Of the output, which is made the input again before each call.
    #[inline(always)]
    fn in_place<I: Number, O: Number>(
        self,
        lane: &mut Lane<I, O>,
        mut sum: impl FnMut(&mut [O]),
    ) -> f64 {
        let (input, output) = lane.slices();
        let mut seconds = 0.0;
        for _ in 0..self.calls {
            memcpy(input, output);
            let start = Instant::now();
            sum(black_box(&mut *output));
            seconds += start.elapsed().as_secs_f64();
        }
        seconds / self.calls as f64
    }
}

/// The peers that are more than a function of this file.
pub(crate) struct Tools<'a, I, O> {
    pub(crate) scan: Option<Scan<'a, I, O>>,
    pub(crate) scan_in_place: Option<Scan<'a, O, O>>,
    pub(crate) stream: Option<Stream>,
}

/// The seconds of a call in a turn of this contestant, which is none of Python's.
pub(crate) fn time<I: Number, O: Number>(
    (peer, form): Contestant,
    case: &Case,
    tools: &Tools<'_, I, O>,
    lane: &mut Lane<I, O>,
    turn: Turn,
) -> f64 {
    match (peer, form) {
        (Peer::Memcpy, Form::Out) => turn.out(lane, memcpy),
        (Peer::Memset, Form::Out) => {
            turn.out(lane, |_, output| bytemuck::cast_slice_mut::<O, u8>(output).fill(1))
        }
        (Peer::Stream, Form::Out) => {
            let stream = tools.stream.expect("asked for where there is none");
            turn.out(lane, |input, output| {
                stream.copy(bytemuck::cast_slice(input), bytemuck::cast_slice_mut(output));
            })
        }
        (Peer::Lanesum, Form::Out) if case.axis.is_some() => {
            turn.out(lane, |input, output| lanesum_axis(case, input, output))
        }
        (Peer::Lanesum, Form::Out) => turn.out(lane, |input, output| {
            if let Err(error) = cumsum(input).dtype::<O>().write_to(output) {
                panic!("{error}");
            }
        }),
        (Peer::Lanesum, Form::Fresh) => {
            let (input, _) = lane.slices();
            turn.repeat(|| drop(black_box(cumsum(black_box(input)).dtype::<O>().to_vec())))
        }
        (Peer::Lanesum, Form::InPlace) => {
            turn.in_place(lane, |data| cumsum(data).dtype::<O>().in_place())
        }
        (Peer::Cpp, Form::Out) => {
            let scan = tools.scan.as_ref().expect("asked for where there is none");
            turn.out(lane, |input, output| cpp::sum(scan, input, output))
        }
        (Peer::Cpp, Form::InPlace) => {
            let scan = tools.scan_in_place.as_ref().expect("asked for where there is none");
            turn.in_place(lane, |data| cpp::sum_in_place(scan, data))
        }
        (Peer::Naive, Form::Out) => turn.out(lane, |input, output| naive(case, input, output)),
        (Peer::Naive, Form::InPlace) => turn.in_place(lane, naive_in_place),
        (Peer::Ndarray, Form::Out) => turn.out(lane, |input, output| ndarray(case, input, output)),
        (Peer::Ndarray, Form::InPlace) => turn.in_place(lane, |data| {
            accumulate(Axis(0), &mut ArrayViewMut::from(data));
        }),
        _ => unreachable!("{peer:?} is not summed with {form:?}"),
    }
}

/// The result of a contestant, for a check.
pub(crate) fn result<I: Number, O: Number>(
    contestant: Contestant,
    case: &Case,
    tools: &Tools<'_, I, O>,
    lane: &mut Lane<I, O>,
) -> Vec<O> {
    if contestant == (Peer::Lanesum, Form::Fresh) {
        return cumsum(lane.slices().0).dtype::<O>().to_vec();
    }
    lane.slices().1.fill(O::cast_from(1u8));
    time(contestant, case, tools, lane, Turn { calls: 1, warm: false });
    lane.slices().1.to_vec()
}

#[inline(always)]
fn memcpy<I: Number, O: Number>(input: &[I], output: &mut [O]) {
    bytemuck::cast_slice_mut(output).copy_from_slice(bytemuck::cast_slice::<I, u8>(input));
}

/// To make the views is part of it.
fn lanesum_axis<I: Number, O: Number>(case: &Case, input: &[I], output: &mut [O]) {
    let mut sum = || {
        let axis = case.axis.map_or(0, |axis| axis as isize);
        let input = if case.fortran {
            View::with_strides(input, 0, &case.shape, &[1, case.shape[0] as isize])?
        } else {
            View::new(input, &case.shape)?
        };
        cumsum(input).axis(axis)?.dtype::<O>().write_to(ViewMut::new(output, &case.shape)?)
    };
    if let Err(error) = sum() {
        panic!("{error}");
    }
}

/// The loops that anyone would write, and that go through memory as it lies wherever that is possible.
/// They are also what all others are checked against.
pub(crate) fn naive<I: Number, O: Number>(case: &Case, input: &[I], output: &mut [O]) {
    let Some(axis) = case.axis else { return running_sum(input.iter(), output) };
    let along = case.shape[axis];
    let inner: usize = case.shape[axis + 1..].iter().product();
    if case.fortran {
        let rows = case.shape[0];
        let row = |i: usize| input[i..].iter().step_by(rows);
        if axis == 0 {
            sum_rows((0..rows).map(row), output);
        } else {
            for (i, output) in output.chunks_exact_mut(along).enumerate() {
                running_sum(row(i), output);
            }
        }
    } else if inner == 1 {
        for (input, output) in input.chunks_exact(along).zip(output.chunks_exact_mut(along)) {
            running_sum(input.iter(), output);
        }
    } else {
        let slab = along * inner;
        for (input, output) in input.chunks_exact(slab).zip(output.chunks_exact_mut(slab)) {
            sum_rows(input.chunks_exact(inner).map(<[I]>::iter), output);
        }
    }
}

#[inline(always)]
fn running_sum<'a, I: Number, O: Number>(input: impl Iterator<Item = &'a I>, output: &mut [O]) {
    let mut sum = O::IDENTITY;
    for (out, x) in output.iter_mut().zip(input) {
        sum = sum.plus(O::cast_from(*x));
        *out = sum;
    }
}

/// Adds each row to the one before.
#[inline(always)]
fn sum_rows<'a, I: Number, O: Number>(
    rows: impl ExactSizeIterator<Item = impl Iterator<Item = &'a I>>,
    output: &mut [O],
) {
    let width = output.len() / rows.len();
    for (i, row) in rows.enumerate() {
        let (done, rest) = output.split_at_mut(i * width);
        let output = rest[..width].iter_mut().zip(row);
        if i == 0 {
            output.for_each(|(out, x)| *out = O::cast_from(*x));
        } else {
            let before = &done[done.len() - width..];
            for ((out, x), before) in output.zip(before) {
                *out = before.plus(O::cast_from(*x));
            }
        }
    }
}

fn naive_in_place<T: Number>(data: &mut [T]) {
    let mut sum = T::IDENTITY;
    for x in data {
        sum = sum.plus(*x);
        *x = sum;
    }
}

/// `ndarray` overwrites what it sums, so that out of place there is a copy first, which is timed too.
fn ndarray<I: Number, O: Number>(case: &Case, input: &[I], output: &mut [O]) {
    match *case.shape {
        [a] => copy_and_accumulate(case, Ix1(a), input, output),
        [a, b] => copy_and_accumulate(case, Ix2(a, b), input, output),
        [a, b, c] => copy_and_accumulate(case, Ix3(a, b, c), input, output),
        _ => unreachable!("the cases have one to three dimensions"),
    }
}

fn copy_and_accumulate<I: Number, O: Number, D: Dimension>(
    case: &Case,
    extents: D,
    input: &[I],
    output: &mut [O],
) {
    let to = ArrayViewMut::from_shape(extents.clone(), output);
    let from = ArrayView::from_shape(extents.set_f(case.fortran), input);
    let (Ok(mut output), Ok(input)) = (to, from) else { panic!("{case}: the shape is wrong") };
    output.zip_mut_with(&input, |out, x| *out = O::cast_from(*x));
    accumulate(Axis(case.axis.unwrap_or(0)), &mut output);
}

fn accumulate<T: Number, D: Dimension>(axis: Axis, data: &mut ArrayViewMut<'_, T, D>) {
    data.accumulate_axis_inplace(axis, |before, x| *x = before.plus(*x));
}
