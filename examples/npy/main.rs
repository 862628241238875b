//! The cumulative sum of a NumPy file, `a.cumsum()`, timed beside a plain loop over the same data.
//!
//! ```text
//! cargo run --release -p lanesum-examples --bin npy                 # the data set in examples/data
//! cargo run --release -p lanesum-examples --bin npy -- INPUT.npy --axis 0 --output OUT.npy
//! cargo run --release -p lanesum-examples --bin npy -- --help
//! ```

mod args;
mod array;
mod dtype;
mod npy_file;
mod timing;

use std::env;
use std::ops::Range;
use std::process::ExitCode;

use lanesum::{Backend, Element, Input, ViewMut, cumsum};
use lanesum_examples::{Result, choose_backend, finish, vec_for};
use npyz::{AutoSerialize, Deserialize};

use args::{Request, USAGE};
use array::Array;
use dtype::{Dtype, Stored, with_type};
use npy_file::NpyInput;
use timing::Timing;

fn main() -> ExitCode {
    let request = args::parse(env::args_os().skip(1));
    finish("npy", request.and_then(|request| request.map_or(Ok(USAGE.to_owned()), sum_file)))
}

/// Does what is asked for, and says what was done.
fn sum_file(request: Request) -> Result<String> {
    let backend = choose_backend(request.backend.as_deref())?;
    let input = NpyInput::open(request.input())?;
    match input.stored {
        Stored::Bool => sum_stored::<bool, u8>(input, &request, backend),
        Stored::Number(dtype) => {
            with_type!(dtype, T => sum_stored::<T, T>(input, &request, backend))
        }
    }
}

/// Sums elements of type `T`, which are numbers of type `N`, in the dtype that was asked for or
/// else in NumPy's choice, which the crate knows as `T::Sum`.
fn sum_stored<T, N>(input: NpyInput, request: &Request, backend: Backend) -> Result<String>
where
    T: Input<Sum: AutoSerialize> + Deserialize + Into<N>,
    N: Element,
{
    let dtype = request.dtype.unwrap_or_else(Dtype::of::<T::Sum>);
    let mut report = format!(
        "input       {:?}\n\
         shape       {}\n\
         axis        {}\n\
         dtype       {} -> {dtype}\n\
         order       {}\n\
         backend     {backend}\n",
        request.input(),
        input.shape(),
        request.axis.map_or("none: flattened".to_owned(), |axis| axis.to_string()),
        input.stored,
        args::order_name(request.order),
    );
    let array = input.read::<T>()?;
    report += &with_type!(dtype, A => sum_in::<T, N, A>(&array, request, backend))?;
    Ok(report)
}

/// Sums in `A`, writes the sums where that was asked for, and tells the times and some sums.
fn sum_in<T, N, A>(array: &Array<T>, request: &Request, backend: Backend) -> Result<String>
where
    T: Input + Into<N>,
    N: Element,
    A: Element + AutoSerialize,
{
    let view = array.view()?;
    let mut sum = cumsum(&view).dtype::<A>().summation(request.order).backend(backend);
    if let Some(axis) = request.axis {
        sum = sum.axis(axis).map_err(|error| format!("--axis: {error}"))?;
    }
    let shape = array.shape.of_sums(request.axis);
    let strides = shape.strides();
    let mut sums = Array { elements: vec_for::<A>(array.elements.len())?, shape };
    sums.elements.resize(array.elements.len(), A::default());

    let timing = Timing::measure(
        size_of_val(&array.elements[..]) + size_of_val(&sums.elements[..]),
        &mut sums.elements[..],
        |sums| {
            array.plain_sum::<N, A>(request.axis, sums);
            Ok(())
        },
        |out| sum.write_to(ViewMut::with_strides(out, 0, &sums.shape.extents, &strides)?),
    )?;
    if let Some(output) = &request.output {
        npy_file::write(output, &sums)?;
    }
    Ok(format!("{timing}sums        {}\n", ends(&sums)))
}

/// The first and the last few sums in C order, all of them if they are few.
fn ends<A: Element>(sums: &Array<A>) -> String {
    const SHOWN: usize = 4;
    let len = sums.elements.len();
    let some = |range: Range<usize>| -> Vec<A> {
        range.map(|k| sums.elements[sums.shape.place(k)]).collect()
    };
    if len <= 2 * SHOWN {
        return format!("{:?}", some(0..len));
    }
    format!("{:?} .. {:?}", some(0..SHOWN), some(len - SHOWN..len))
}
