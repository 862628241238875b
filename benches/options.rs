//! Prints the table of sums with options as times over `memcpy`'s, in Markdown.
//!
//! `cargo bench --bench options -- [SIZES]`, as in `-- 32Ki,64Mi`; sizes are elements. All take turns in one
//! process, and what is reported are medians. Pin it to a core: `taskset -c 1 cargo ..`. With `--test` one short
//! round is run, and the results are compared with those of the scalar backend.

use std::process::ExitCode;

use lanesum::{Backend, Stream, Summation, cumsum};

mod common;
use common::{Lane, Number, assert_same_bits, cpu, elements, median, memcpy, test_mode, time};

const SIZES: &str = "32Ki,1Mi,64Mi";
const TEST_SIZES: &str = "13,20000";

/// A sum with an option, by a backend.
type Sum<T> = fn(Backend, &[T], &mut [T]);

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let names =
        words.next().unwrap_or_else(|| if test_mode() { TEST_SIZES } else { SIZES }.to_owned());
    let Some(sizes) = names.split(',').map(elements).collect::<Option<Vec<usize>>>() else {
        eprintln!("sizes are elements, as in {SIZES}");
        return ExitCode::FAILURE;
    };
    let warning = if test_mode() { " One round: these are no timings." } else { "" };
    println!("Time over memcpy's; {}.{warning}\n", cpu());
    print!("| type | option |");
    names.split(',').for_each(|size| print!(" {size} |"));
    println!("\n|---|---|{}", "--:|".repeat(sizes.len()));
    table::<f64>("f64", &sizes, &floats());
    table::<f32>("f32", &sizes, &floats());
    table::<i64>("i64", &sizes, &integers());
    table::<i32>("i32", &sizes, &integers());
    table::<i8>("i8", &sizes, &any());
    ExitCode::SUCCESS
}

macro_rules! sums {
    ($T:ident; $($name:literal: $sum:ident => $call:expr;)*) => {
        vec![$(($name, |backend, input, output: &mut [$T]| {
            let $sum = cumsum(input).dtype::<$T>().backend(backend);
            $call.write_to(output).expect("a sum")
        })),*]
    };
}

/// What there is for every type.
fn any<T: Number>() -> Vec<(&'static str, Sum<T>)> {
    let mut sums: Vec<(&'static str, Sum<T>)> = sums! { T;
        "none": sum => sum;
        "exclusive": sum => sum.exclusive();
        "reverse": sum => sum.reverse();
        "initial": sum => sum.initial(1u8);
        "initial, exclusive, reverse": sum => sum.initial(1u8).exclusive().reverse();
    };
    sums.push(("stream", |backend, input, output| {
        Stream::new().backend(backend).write_to(input, output).expect("a sum");
    }));
    sums.push(("stream, in pieces of 1000", |backend, input, output| {
        let mut stream = Stream::new().backend(backend);
        for (input, output) in input.chunks(1000).zip(output.chunks_mut(1000)) {
            stream.write_to(input, output).expect("a sum");
        }
    }));
    sums
}

fn floats<T: Number>() -> Vec<(&'static str, Sum<T>)> {
    let mut all = any::<T>();
    all.extend::<Vec<(&'static str, Sum<T>)>>(sums! { T;
        "skip_nan": sum => sum.skip_nan();
        "compensated": sum => sum.summation(Summation::Compensated);
        "sequential": sum => sum.summation(Summation::Sequential);
    });
    all
}

fn integers<T: Number>() -> Vec<(&'static str, Sum<T>)> {
    let mut all = any::<T>();
    all.push(("checked", |backend, input, output| {
        let _ = cumsum(input).dtype::<T>().backend(backend).checked().write_to(output);
    }));
    all
}

fn table<T: Number>(name: &str, sizes: &[usize], sums: &[(&'static str, Sum<T>)]) {
    let best = Backend::best();
    let scalar = Backend::available().last().unwrap_or(best);
    let mut columns = Vec::new();
    for &len in sizes {
        // Small numbers, so that sums of integers stay what they are.
        let mut lane = Lane::<T, T>::of(len, |random| T::cast_from((random % 2) as u8));
        if test_mode() {
            for (name, sum) in sums {
                let (input, output) = lane.slices();
                sum(scalar, input, output);
                let expected = output.to_vec();
                sum(best, input, output);
                assert_same_bits(name, output, &expected);
            }
        }
        let bytes = (len * size_of::<T>()).max(1);
        let (calls, rounds) = match test_mode() {
            true => (1, 1),
            false => ((400_000 / bytes).clamp(1, 4000), (1_000_000_000 / bytes).clamp(9, 201)),
        };
        let mut times = vec![Vec::with_capacity(rounds); 1 + sums.len()];
        for _ in 0..rounds {
            times[0].push(time(&mut lane, calls, memcpy));
            for ((_, sum), times) in sums.iter().zip(&mut times[1..]) {
                times.push(time(&mut lane, calls, |input, output| sum(best, input, output)));
            }
        }
        columns.push(times.into_iter().map(median).collect::<Vec<f64>>());
    }
    for (k, (option, _)) in sums.iter().enumerate() {
        print!("| {name} | {option} |");
        columns.iter().for_each(|medians| print!(" {:.2} |", medians[1 + k] / medians[0]));
        println!();
    }
}
