//! The cumulative sum of a NumPy file, `a.cumsum()`, timed beside a plain loop over the same data.
//!
//! ```text
//! cargo run --release --example npy                 # the data set in examples/data
//! cargo run --release --example npy -- INPUT.npy --order sequential --output OUT.npy
//! cargo run --release --example npy -- --help
//! ```

mod args;
mod dtype;
mod npy_file;
mod timing;

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use lanesum::{Backend, Element, Input, cumsum};
use npyz::{AutoSerialize, Deserialize};

use args::{Request, USAGE};
use dtype::{Dtype, Stored, with_type};
use npy_file::NpyInput;
use timing::Timing;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not `eprintln!`, which panics when nobody listens.
            let _ = writeln!(io::stderr(), "npy: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<()> {
    let text = match args::parse(env::args_os().skip(1))? {
        None => USAGE.to_owned(),
        Some(request) => sum_file(&request)?,
    };
    match io::stdout().write_all(text.as_bytes()) {
        // `npy | head -1` has read what it wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|error| format!("standard output: {error}").into()),
    }
}

/// Does what is asked for, and says what was done.
fn sum_file(request: &Request) -> Result<String> {
    let backend = choose_backend(request.backend.as_deref())?;
    let input = NpyInput::open(request.input())?;
    match input.stored {
        Stored::Bool => sum_stored::<bool, u8>(input, request, backend),
        Stored::Number(dtype) => {
            with_type!(dtype, T => sum_stored::<T, T>(input, request, backend))
        }
    }
}

/// The backend of this name, or else the crate's choice.
fn choose_backend(name: Option<&str>) -> Result<Backend> {
    // The crate would panic at a wrong name in the environment.
    if let Some(forced) = env::var_os("LANESUM_BACKEND").filter(|name| !name.is_empty()) {
        Backend::by_name(&forced.to_string_lossy())
            .map_err(|error| format!("LANESUM_BACKEND: {error}"))?;
    }
    match name {
        None => Ok(Backend::best()),
        Some(name) => Backend::by_name(name).map_err(|error| format!("--backend: {error}").into()),
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
         dtype       {} -> {dtype}\n\
         order       {}\n\
         backend     {backend}\n",
        request.input(),
        input.shape(),
        input.stored,
        args::order_name(request.order),
    );
    let elements = input.read::<T>()?;
    report += &with_type!(dtype, A => sum_in::<T, N, A>(&elements, request, backend))?;
    Ok(report)
}

/// Sums in `A`, writes the sums where that was asked for, and tells the times and some sums.
fn sum_in<T, N, A>(elements: &[T], request: &Request, backend: Backend) -> Result<String>
where
    T: Input + Into<N>,
    N: Element,
    A: Element + AutoSerialize,
{
    let mut sums = npy_file::vec_for::<A>(elements.len())?;
    sums.resize(elements.len(), A::default());

    let bytes = size_of_val(elements) + size_of_val(&sums[..]);
    let timing = Timing::measure(
        bytes,
        &mut sums[..],
        |sums| {
            running_sum::<T, N, A>(elements, sums);
            Ok(())
        },
        |sums| {
            cumsum(elements).dtype::<A>().summation(request.order).backend(backend).write_to(sums)
        },
    )?;
    if let Some(output) = &request.output {
        npy_file::write(output, &[sums.len() as u64], &sums)?;
    }
    Ok(format!("{timing}sums        {}\n", ends(&sums)))
}

/// What lanesum is timed beside: the same casts and the loop that one writes without it.
fn running_sum<T, N, A>(elements: &[T], sums: &mut [A])
where
    T: Copy + Into<N>,
    N: Element,
    A: Element,
{
    let mut sum = A::IDENTITY;
    for (out, &x) in sums.iter_mut().zip(elements) {
        sum = sum.plus(A::cast_from(x.into()));
        *out = sum;
    }
}

/// The first and the last few sums, all of them if they are few.
fn ends<A: Element>(sums: &[A]) -> String {
    const SHOWN: usize = 4;
    if sums.len() <= 2 * SHOWN {
        return format!("{sums:?}");
    }
    let (first, last) = (&sums[..SHOWN], &sums[sums.len() - SHOWN..]);
    format!("{first:?} .. {last:?}")
}
