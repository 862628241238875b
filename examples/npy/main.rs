//! The cumulative sum of a NumPy file, `a.cumsum()`, timed beside a plain loop over the same data.
//!
//! ```text
//! cargo run --release -p lanesum-examples --bin npy                 # the data set in examples/data
//! cargo run --release -p lanesum-examples --bin npy -- INPUT.npy --axis 0 --output OUT.npy
//! cargo run --release -p lanesum-examples --bin npy -- --help
//! ```

mod args;
mod array;
mod cast;
mod dtype;
mod file;
mod header;
mod progress;
mod timing;

use std::env;
use std::hint::black_box;
use std::ops::Range;
use std::process::ExitCode;

use lanesum::{Backend, Error, View, ViewMut, cumsum};
use lanesum_examples::{Result, choose_backend, finish, vec_for};

use args::{Initial, Request, USAGE};
use array::Shape;
use dtype::{Dtype, Number, with_type};
use file::NpyInput;
use progress::Progress;
use timing::{Timing, Way};

fn main() -> ExitCode {
    let request = args::parse(env::args_os().skip(1));
    finish("npy", request.and_then(|request| request.map_or(Ok(USAGE.to_owned()), sum_file)))
}

/// Does what is asked for, and says what was done.
fn sum_file(request: Request) -> Result<String> {
    let backend = choose_backend(request.backend.as_deref())?;
    let input = NpyInput::open(request.input())?;
    let dtype = request.dtype.unwrap_or(input.stored.sum());
    let initial = request.initial(dtype)?;
    check_axis(request.axis, input.shape.extents.len())
        .map_err(|error| format!("--axis: {error}"))?;
    let more = usize::from(request.include_initial);
    let shape = input.shape.of_sums(request.axis, more).ok_or("the sums are too many")?;
    let task = Task { request, dtype, initial, backend };
    let report = format!(
        "input       {:?}\n\
         shape       {}\n\
         dtype       {} -> {dtype}\n\
         {}\
         backend     {backend}\n",
        task.request.input(),
        header::shape_text(&input.shape.extents),
        input.stored,
        task.request,
    );
    let progress = Progress::on_terminal();
    Ok(report + &with_type!(dtype, A => task.run::<A>(input, shape, &progress))?)
}

/// What is asked for, and what it comes to for this input and on this CPU.
struct Task {
    request: Request,
    dtype: Dtype,
    initial: Option<Initial>,
    backend: Backend,
}

impl Task {
    /// Sums in `A`, writes the sums where that was asked for, and tells the times and some sums.
    ///
    /// The elements are cast when they are read. So lanesum casts nothing, and is compiled for each type
    /// once, not for each pair of types.
    fn run<A: Number>(&self, input: NpyInput, shape: Shape, progress: &Progress) -> Result<String> {
        let Request { axis, output, .. } = &self.request;
        let array = input.read::<A>(progress)?;
        let view = array.view().map_err(|error| format!("{:?}: {error}", self.request.input()))?;
        let count = shape.len().unwrap_or(usize::MAX);
        let strides = shape.strides();
        let mut sums = vec_for::<A>(count)?;
        sums.resize(count, A::default());
        let timing = Timing::measure(
            size_of_val(&array.elements[..]) + size_of_val(&sums[..]),
            !self.request.has_options(),
            &mut |way| {
                // Else a call of which nothing is read might be left out.
                let sums = black_box(&mut sums[..]);
                if way == Way::Plain {
                    array.plain_sum(*axis, sums);
                    return Ok(());
                }
                self.sum(&view, ViewMut::with_strides(sums, 0, &shape.extents, &strides)?)
            },
            progress,
        )?;
        if let Some(output) = output {
            file::write(output, self.dtype, &shape, bytemuck::cast_slice(&sums), progress)?;
        }
        let shown = ends(count, &|k| sums[shape.place(k)].text());
        Ok(format!("{timing}sums        {shown}\n"))
    }

    /// Sums an array to another.
    fn sum<A: Number>(&self, input: &View<'_, A>, output: ViewMut<'_, A>) -> Result<(), Error> {
        let Request { axis, order, exclusive, include_initial, reverse, skip_nan, checked, .. } =
            self.request;
        let mut sum = cumsum(input).dtype::<A>().summation(order).backend(self.backend).options();
        if let Some(axis) = axis {
            sum = sum.axis(axis)?;
        }
        if exclusive {
            sum = sum.exclusive();
        }
        if reverse {
            sum = sum.reverse();
        }
        if skip_nan {
            sum = sum.skip_nan();
        }
        sum = match self.initial {
            None => sum,
            Some(Initial::Int(value)) => sum.initial(value),
            Some(Initial::Float(value)) => sum.initial(value),
        };
        // One sum more makes another type, and so does checking.
        match (include_initial, checked) {
            (false, false) => sum.write_to(output),
            (false, true) => sum.checked().write_to(output),
            (true, false) => sum.include_initial().write_to(output),
            (true, true) => sum.include_initial().checked().write_to(output),
        }
    }
}

/// What lanesum says of the axis, before a long file is read for it.
fn check_axis(axis: Option<isize>, ndim: usize) -> Result<(), Error> {
    let Some(axis) = axis else { return Ok(()) };
    // An array without axes is taken for one of one element.
    let ndim = ndim.max(1);
    let index = if axis < 0 { axis.checked_add_unsigned(ndim) } else { Some(axis) };
    match index {
        Some(index) if (0..ndim as isize).contains(&index) => Ok(()),
        _ => Err(Error::AxisOutOfBounds { axis, ndim }),
    }
}

/// The first and the last few of so many sums in C order, all of them if they are few.
fn ends(count: usize, sum: &dyn Fn(usize) -> String) -> String {
    const SHOWN: usize = 4;
    let some = |range: Range<usize>| format!("[{}]", range.map(sum).collect::<Vec<_>>().join(", "));
    if count <= 2 * SHOWN {
        return some(0..count);
    }
    format!("{} .. {}", some(0..SHOWN), some(count - SHOWN..count))
}
