//! Prints the table of sums of one contiguous lane as times over `memcpy`'s, in Markdown.
//!
//! `cargo bench --bench ratio -- [TYPES] [SIZES]`, as in `-- f64,i8 16,1Ki,1Mi`; sizes are elements.
//! All contestants take turns in one process, round after round, so that whatever else the machine
//! does meets all of them; what is reported are medians. Pin it to a core: `taskset -c 1 cargo ..`.
//! With `--test` the results are checked and one short round is run.

use std::fmt;
use std::process::ExitCode;

use lanesum::Backend;

mod common;
use common::{Lane, Number, check, cpu, elements, median, memcpy, naive, sum, test_mode, time};

const TYPES: &str = "f64,f32,i64,i32,i16,i8";
const SIZES: &str = "16,64,1Ki,32Ki,1Mi,16Mi";
/// One call of no full block, one of a chunk and a bit, and one between.
const TEST_SIZES: &str = "13,1Ki,20000";

/// A call of up to so many elements is also given in nanoseconds: there its own cost counts.
const SHORT: usize = 64;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let types = words.next().unwrap_or_else(|| TYPES.to_owned());
    let sizes =
        words.next().unwrap_or_else(|| if test_mode() { TEST_SIZES } else { SIZES }.to_owned());
    let Some(sizes) = sizes.split(',').map(elements).collect::<Option<Vec<usize>>>() else {
        eprintln!("sizes are elements, as in {SIZES}");
        return ExitCode::FAILURE;
    };

    let warning =
        if test_mode() { " One round, to check the results: these are no timings." } else { "" };
    println!("Time over memcpy's; {}.{warning}\n", cpu());
    print!("| type | n | memcpy | read+write | naive |");
    Backend::available().for_each(|backend| print!(" {backend} |"));
    println!();
    println!("|---|--:|--:|--:|--:|{}", "--:|".repeat(Backend::available().count()));
    for name in types.split(',') {
        let rows = match name {
            "f64" => rows::<f64>,
            "f32" => rows::<f32>,
            "i64" => rows::<i64>,
            "i32" => rows::<i32>,
            "i16" => rows::<i16>,
            "i8" => rows::<i8>,
            _ => {
                eprintln!("types are {TYPES}");
                return ExitCode::FAILURE;
            }
        };
        rows(name, &sizes);
    }
    ExitCode::SUCCESS
}

/// The rows of one type.
fn rows<T: Number>(name: &str, sizes: &[usize]) {
    let backends: Vec<Backend> = Backend::available().collect();
    for &len in sizes {
        let mut lane = Lane::<T, T>::new(len);
        check(&mut lane);

        // Calls enough for the clock, and rounds enough for the median.
        let bytes = (len * size_of::<T>()).max(1);
        let (calls, rounds) = match test_mode() {
            true => (1, 1),
            false => ((400_000 / bytes).clamp(1, 4000), (1_000_000_000 / bytes).clamp(21, 401)),
        };
        let mut times = vec![Vec::with_capacity(rounds); 2 + backends.len()];
        for _ in 0..rounds {
            times[0].push(time(&mut lane, calls, memcpy));
            times[1].push(time(&mut lane, calls, naive));
            for (&backend, times) in backends.iter().zip(&mut times[2..]) {
                times.push(time(&mut lane, calls, |input, output| sum(backend, input, output)));
            }
        }
        let medians: Vec<f64> = times.into_iter().map(median).collect();

        let copy = medians[0];
        print!("| {name} | {} | {:.1} ns ", Elements(len), copy * 1e9);
        print!("| {:.1} GB/s |", (2 * bytes) as f64 / copy / 1e9);
        for time in &medians[1..] {
            print!(" {:.2}", time / copy);
            if len <= SHORT {
                print!(" ({:.1} ns)", time * 1e9);
            }
            print!(" |");
        }
        println!();
    }
}

/// A number of elements as the table writes it.
struct Elements(usize);

impl fmt::Display for Elements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            n if n >= 1 << 20 && n % (1 << 20) == 0 => write!(f, "{} Mi", n >> 20),
            n if n >= 1 << 10 && n % (1 << 10) == 0 => write!(f, "{} Ki", n >> 10),
            n => write!(f, "{n}"),
        }
    }
}
