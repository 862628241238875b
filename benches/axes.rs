//! Prints the table of sums along each axis of n-d arrays as times over `memcpy`'s, in Markdown.
//!
//! `cargo bench --bench axes -- [PATTERN] [--columns=plain,ndarray,avx512]` runs the cases whose names
//! contain the pattern, as in `1000x1000/f64/axis0`, `4096x4096/f64/fortran/axis1` or `step2`.
//! All contestants take turns in one process, round after round, so that whatever else the machine
//! does meets all of them; what is reported are medians. Pin it to a core: `taskset -c 1 cargo ..`.
//! With `--test` the results are checked, on smaller arrays, and one short round is run.

use std::fmt;
use std::process::ExitCode;
use std::time::Instant;

use lanesum::{Backend, Summation, View, ViewMut, cumsum};
use ndarray::{ArrayViewMut, Axis, Dimension, Ix2, Ix3, ShapeBuilder, Slice};

mod common;
use common::{Lane, Number, assert_same_bits, cpu, median, memcpy, naive, test_mode, time};

#[rustfmt::skip]
const CASES: &[Case] = &[
    Case::of("f64", axes::<f64, f64>, &[64, 64]),
    Case::of("f64", axes::<f64, f64>, &[1000, 1000]),
    Case::of("f64", axes::<f64, f64>, &[1000, 1000]).sequential(),
    Case::of("f32", axes::<f32, f32>, &[1000, 1000]),
    Case::of("f32", axes::<f32, f32>, &[1000, 1000]).sequential(),
    Case::of("i64", axes::<i64, i64>, &[1000, 1000]),
    Case::of("i32", axes::<i32, i32>, &[1000, 1000]),
    Case::of("i8", axes::<i8, i8>, &[1000, 1000]),
    Case::of("i32-i64", axes::<i32, i64>, &[1000, 1000]),
    Case::of("f64", axes::<f64, f64>, &[1_000_000, 3]),
    Case::of("f64", axes::<f64, f64>, &[1_000_000, 3]).sequential(),
    Case::of("f32", axes::<f32, f32>, &[1_000_000, 3]),
    Case::of("f64", axes::<f64, f64>, &[1_000_000, 16]),
    Case::of("f64", axes::<f64, f64>, &[256, 256, 256]),
    Case::of("f32", axes::<f32, f32>, &[8192, 8192]),
    Case::of("f64", axes::<f64, f64>, &[4096, 4096]).layout(Layout::Fortran),
    Case::of("f64", axes::<f64, f64>, &[4096, 4096]).layout(Layout::FortranToFortran),
    Case::of("f64", axes::<f64, f64>, &[4096, 4096]).layout(Layout::Step2),
    Case::of("f64", axes::<f64, f64>, &[4096, 4096]).layout(Layout::Reversed),
];

/// What a case should take, checks aside, and the rounds that it takes where that is not enough.
const SECONDS: f64 = 2.5;
const ROUNDS: std::ops::RangeInclusive<usize> = 7..=401;
/// What a contestant should take in a round, for the clock.
const ROUND_SECONDS: f64 = 20e-6;
/// Whoever takes more of `memcpy`'s times than this sits out some rounds.
const SLOW: f64 = 4.0;

fn main() -> ExitCode {
    let (options, words): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word.starts_with("--"));
    let pattern = words.first().map_or("", String::as_str);
    let mut columns = vec![Column::Plain, Column::Ndarray];
    columns.extend(Backend::available().map(Column::Backend));
    if let Some(wanted) = options.iter().find_map(|option| option.strip_prefix("--columns=")) {
        let known = columns.iter().map(Column::to_string).collect::<Vec<_>>();
        if let Some(unknown) = wanted.split(',').find(|name| !known.iter().any(|k| k == name)) {
            eprintln!("{unknown:?} is not a column; there are {}", known.join(", "));
            return ExitCode::FAILURE;
        }
        columns.retain(|column| wanted.split(',').any(|name| name == column.to_string()));
    }

    let warning = if test_mode() {
        " One round on smaller arrays, to check the results: these are no timings."
    } else {
        ""
    };
    println!("Time over memcpy's; {}.{warning}\n", cpu());
    print!("| case | memcpy | read+write |");
    columns.iter().for_each(|column| print!(" {column} |"));
    println!("\n|---|--:|--:|{}", "--:|".repeat(columns.len()));
    for case in CASES {
        let wanted: Vec<usize> =
            (0..case.shape.len()).filter(|&axis| case.name(axis).contains(pattern)).collect();
        if !wanted.is_empty() {
            (case.run)(case, &wanted, &columns);
        }
    }
    ExitCode::SUCCESS
}

/// Whom `memcpy` is compared with.
#[derive(Clone, Copy)]
enum Column {
    /// The loops that anyone would write.
    Plain,
    Ndarray,
    Backend(Backend),
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain => f.write_str("plain"),
            Self::Ndarray => f.write_str("ndarray"),
            Self::Backend(backend) => backend.fmt(f),
        }
    }
}

/// The input's layout, as NumPy writes it. The output is in C order but for one.
#[derive(Clone, Copy, PartialEq)]
enum Layout {
    C,
    /// `a.T` of an array in C order.
    Fortran,
    /// `a.T`, and the output is in Fortran order too.
    FortranToFortran,
    /// `a[:, ::2]`: half of the shape's elements.
    Step2,
    /// `a[::-1]`.
    Reversed,
}

/// An array and how to sum it, along each of its axes.
#[derive(Clone, Copy)]
struct Case {
    types: &'static str,
    run: fn(&Case, &[usize], &[Column]),
    shape: &'static [usize],
    layout: Layout,
    summation: Summation,
}

impl Case {
    const fn of(
        types: &'static str,
        run: fn(&Case, &[usize], &[Column]),
        shape: &'static [usize],
    ) -> Self {
        Self { types, run, shape, layout: Layout::C, summation: Summation::Blocked }
    }

    const fn layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    const fn sequential(mut self) -> Self {
        self.summation = Summation::Sequential;
        self
    }

    fn name(&self, axis: usize) -> String {
        let extents: Vec<String> = self.shape.iter().map(usize::to_string).collect();
        let layout = match self.layout {
            Layout::C => "",
            Layout::Fortran => "/fortran",
            Layout::FortranToFortran => "/fortran-to-fortran",
            Layout::Step2 => "/step2",
            Layout::Reversed => "/reversed",
        };
        let order = if self.summation == Summation::Sequential { "/sequential" } else { "" };
        format!("{}/{}{layout}{order}/axis{axis}", extents.join("x"), self.types)
    }

    /// The array of which the input is a view: its extents as the case has them, or smaller ones.
    fn extents(&self) -> Vec<usize> {
        let most = |axis| if test_mode() { [133, 101, 37][axis] } else { usize::MAX };
        self.shape.iter().enumerate().map(|(axis, &extent)| extent.min(most(axis))).collect()
    }
}

/// Where the elements lie, for the views of the input and of the output.
struct Places {
    shape: Vec<usize>,
    offset: usize,
    input: Vec<isize>,
    output: Vec<isize>,
}

impl Places {
    fn new(layout: Layout, extents: &[usize]) -> Self {
        let mut shape = extents.to_vec();
        let mut offset = 0;
        let mut input = c_strides(extents);
        match layout {
            Layout::C => {}
            Layout::Fortran | Layout::FortranToFortran => {
                let transposed: Vec<usize> = extents.iter().rev().copied().collect();
                input = c_strides(&transposed).into_iter().rev().collect();
            }
            Layout::Step2 => {
                shape[1] = shape[1].div_ceil(2);
                input[1] = 2;
            }
            Layout::Reversed => {
                offset = (extents[0] - 1) * extents[1];
                input[0] = -input[0];
            }
        }
        let output =
            if layout == Layout::FortranToFortran { input.clone() } else { c_strides(&shape) };
        Self { shape, offset, input, output }
    }

    /// The crate's own sum. To make the views is part of it.
    fn sum<I: Number, A: Number>(
        &self,
        (summation, backend, axis): (Summation, Backend, usize),
        input: &[I],
        output: &mut [A],
    ) {
        let mut sum = || {
            cumsum(View::with_strides(input, self.offset, &self.shape, &self.input)?)
                .axis(axis as isize)?
                .dtype::<A>()
                .summation(summation)
                .backend(backend)
                .write_to(ViewMut::with_strides(output, 0, &self.shape, &self.output)?)
        };
        if let Err(error) = sum() {
            panic!("{error}");
        }
    }
}

fn c_strides(extents: &[usize]) -> Vec<isize> {
    (1..=extents.len()).map(|inner| extents[inner..].iter().product::<usize>() as isize).collect()
}

/// The rows of one case.
fn axes<I: Number, A: Number>(case: &Case, wanted: &[usize], columns: &[Column]) {
    let extents = case.extents();
    let places = Places::new(case.layout, &extents);
    let (parent, elements) = (extents.iter().product(), places.shape.iter().product::<usize>());
    let mut lane = Lane::<I, A>::with_lens(parent, elements);
    // `ndarray` overwrites what it sums. Zeros remain zeros, however often; additions take one time.
    let mut zeros = vec![A::cast_from(0u8); parent];
    for &axis in wanted {
        check(case, axis, columns, &places, &mut lane);

        let mut times = vec![Vec::new(); 1 + columns.len()];
        let mut call = |who: usize, lane: &mut Lane<I, A>, calls: usize| {
            let Some(who) = who.checked_sub(1) else { return time(lane, calls, copy) };
            match columns[who] {
                Column::Plain => time(lane, calls, |input, output| {
                    plain(case.layout, &extents, axis, input, output);
                }),
                Column::Ndarray => time(lane, calls, |_, _| {
                    ndarray(case.layout, &extents, axis, std::hint::black_box(&mut zeros));
                }),
                Column::Backend(backend) => time(lane, calls, |input, output| {
                    places.sum((case.summation, backend, axis), input, output);
                }),
            }
        };
        // Once for the caches, and to know how long it takes.
        let once: Vec<f64> = (0..times.len()).map(|who| call(who, &mut lane, 1)).collect();
        let calls = ((ROUND_SECONDS / once[0]) as usize).clamp(1, 4000);
        let start = Instant::now();
        for round in 0..if test_mode() { 1 } else { *ROUNDS.end() } {
            if round >= *ROUNDS.start() && start.elapsed().as_secs_f64() > SECONDS {
                break;
            }
            for (who, times) in times.iter_mut().enumerate() {
                let every = (once[who] / once[0] / SLOW) as usize;
                if round % every.max(1) == 0 {
                    times.push(call(who, &mut lane, calls));
                }
            }
        }
        let medians: Vec<f64> = times.into_iter().map(median).collect();

        let copy = medians[0];
        let bytes = elements * (size_of::<I>() + size_of::<A>());
        print!("| {} | {:.1} ns ", case.name(axis), copy * 1e9);
        print!("| {:.1} GB/s |", bytes as f64 / copy / 1e9);
        medians[1..].iter().for_each(|time| print!(" {:.2} |", time / copy));
        println!();
    }
}

/// Checks the sums of the backends: against the plain loops where the order of the additions is theirs
/// or does not matter, and against the scalar backend to the bit. A fast wrong answer is not worth
/// timing.
fn check<I: Number, A: Number>(
    case: &Case,
    axis: usize,
    columns: &[Column],
    places: &Places,
    lane: &mut Lane<I, A>,
) {
    let (input, output) = lane.slices();
    if A::EXACT || case.summation == Summation::Sequential {
        plain(case.layout, &case.extents(), axis, input, output);
    } else if let Some(scalar) = Backend::available().last() {
        places.sum((case.summation, scalar, axis), input, output);
    }
    let expected = output.to_vec();
    for &column in columns {
        if let Column::Backend(backend) = column {
            output.fill(A::cast_from(1u8));
            places.sum((case.summation, backend, axis), input, output);
            assert_same_bits(&format!("{} {backend}", case.name(axis)), output, &expected);
        }
    }
}

/// `memcpy` of as many bytes as are summed, or a loop where they must be cast.
fn copy<I: Number, A: Number>(input: &[I], output: &mut [A]) {
    if size_of::<I>() == size_of::<A>() {
        memcpy(&input[..output.len()], output);
    } else {
        output.iter_mut().zip(input).for_each(|(out, x)| *out = A::cast_from(*x));
    }
}

/// The loops that anyone would write, and that go through memory as it lies wherever that is possible.
fn plain<I: Number, A: Number>(
    layout: Layout,
    extents: &[usize],
    axis: usize,
    input: &[I],
    output: &mut [A],
) {
    let (first, last) = (extents[0], extents[extents.len() - 1]);
    match layout {
        Layout::C => {
            let inner = extents[axis + 1..].iter().product();
            plain_dense(extents[axis], inner, input, output);
        }
        // The transposed array, in C order.
        Layout::FortranToFortran => {
            let inner = extents[..axis].iter().product();
            plain_dense(extents[axis], inner, input, output);
        }
        Layout::Fortran => {
            let rows = (0..first).map(|i| input[i..].iter().step_by(first));
            plain_rows(axis, rows, output);
        }
        Layout::Step2 => {
            let rows = input.chunks_exact(last).map(|row| row.iter().step_by(2));
            plain_rows(axis, rows, output);
        }
        Layout::Reversed => {
            let rows = input.chunks_exact(last).rev().map(<[I]>::iter);
            plain_rows(axis, rows, output);
        }
    }
}

/// Sums slabs of `along` rows of `inner` elements.
fn plain_dense<I: Number, A: Number>(along: usize, inner: usize, input: &[I], output: &mut [A]) {
    let slabs = output.chunks_exact_mut(along * inner).zip(input.chunks_exact(along * inner));
    for (output, input) in slabs {
        if inner == 1 {
            naive(input, output);
        } else {
            plain_rows(0, input.chunks_exact(inner).map(<[I]>::iter), output);
        }
    }
}

/// Sums each row, or adds each to the one before.
#[inline(always)]
fn plain_rows<'a, I: Number, A: Number>(
    axis: usize,
    rows: impl ExactSizeIterator<Item = impl Iterator<Item = &'a I>>,
    output: &mut [A],
) {
    let width = output.len() / rows.len();
    for (i, row) in rows.enumerate() {
        let (done, rest) = output.split_at_mut(i * width);
        let output = rest[..width].iter_mut().zip(row);
        if axis == 1 {
            let mut sum = A::IDENTITY;
            for (out, x) in output {
                sum = sum.plus(A::cast_from(*x));
                *out = sum;
            }
        } else if i == 0 {
            output.for_each(|(out, x)| *out = A::cast_from(*x));
        } else {
            let before = &done[done.len() - width..];
            for ((out, x), before) in output.zip(before) {
                *out = before.plus(A::cast_from(*x));
            }
        }
    }
}

/// `ndarray`'s sum along an axis, in place, of an array that lies as the input does.
fn ndarray<A: Number>(layout: Layout, extents: &[usize], axis: usize, data: &mut [A]) {
    match *extents {
        [a, b] => accumulate(layout, Ix2(a, b), axis, data),
        [a, b, c] => accumulate(layout, Ix3(a, b, c), axis, data),
        _ => unreachable!("the cases have two or three dimensions"),
    }
}

fn accumulate<A: Number, D: Dimension>(layout: Layout, extents: D, axis: usize, data: &mut [A]) {
    let fortran = matches!(layout, Layout::Fortran | Layout::FortranToFortran);
    let mut array = ArrayViewMut::from_shape(extents.set_f(fortran), data)
        .unwrap_or_else(|error| panic!("{error}"));
    match layout {
        Layout::C | Layout::Fortran | Layout::FortranToFortran => {}
        Layout::Step2 => array.slice_axis_inplace(Axis(1), Slice::new(0, None, 2)),
        Layout::Reversed => array.invert_axis(Axis(0)),
    }
    array.accumulate_axis_inplace(Axis(axis), |before, x| *x = before.plus(*x));
}
