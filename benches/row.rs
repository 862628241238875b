//! Times sums of one contiguous lane: `cargo bench --bench row -- row/f32/64KiB`.
//!
//! The ids are `row/TYPE/INPUT SIZE/CONTESTANT`. A contestant is a backend, `naive` (the running-sum
//! loop) or `memcpy` (where input and output have the same type). All write to memory that exists.
//! The throughput is in bytes read and written. With `--test` the results are checked and not timed.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Bencher, Criterion, SamplingMode, Throughput};
use lanesum::Backend;

mod common;
use common::{Lane, Number, check, memcpy, naive, sum, test_mode};

/// The sizes of the input in bytes, with their names.
const SIZES: [(&str, usize); 9] = [
    ("64B", 64),
    ("1KiB", 1 << 10),
    ("8KiB", 8 << 10),
    ("64KiB", 64 << 10),
    ("256KiB", 256 << 10),
    ("1MiB", 1 << 20),
    ("8MiB", 8 << 20),
    ("64MiB", 64 << 20),
    ("256MiB", 256 << 20),
];

/// From here on a sample is one call, or few: it takes long enough.
const LARGE: usize = 8 << 20;

/// The most bytes that input and output may have together; the check needs as much as the output
/// once more. It leaves out 256 MiB of `i8`, whose sums in `i64` are 2 GiB.
const MOST: usize = 1 << 30;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .configure_from_args();
    rows::<f32, f32>(&mut criterion, "f32");
    rows::<f64, f64>(&mut criterion, "f64");
    rows::<i8, i8>(&mut criterion, "i8");
    rows::<i16, i16>(&mut criterion, "i16");
    rows::<i32, i32>(&mut criterion, "i32");
    rows::<i64, i64>(&mut criterion, "i64");
    rows::<i8, i64>(&mut criterion, "i8-i64");
    rows::<i32, i64>(&mut criterion, "i32-i64");
    criterion.final_summary();
}

/// The groups of one type, one for each size.
fn rows<I: Number, A: Number>(criterion: &mut Criterion, name: &str) {
    for (size, bytes) in SIZES {
        let len = bytes / size_of::<I>();
        let traffic = bytes + len * size_of::<A>();
        if traffic > MOST || (test_mode() && bytes > LARGE) {
            continue;
        }
        let mut group = criterion.benchmark_group(format!("row/{name}/{size}"));
        group.throughput(Throughput::Bytes(traffic as u64));
        if bytes >= LARGE {
            group.sample_size(20).sampling_mode(SamplingMode::Flat);
        }
        // Made and checked by the first benchmark that the filter lets through.
        let mut lane = None;
        if size_of::<I>() == size_of::<A>() {
            group.bench_function("memcpy", |b| run(b, &mut lane, len, memcpy::<I, A>));
        }
        group.bench_function("naive", |b| run(b, &mut lane, len, naive::<I, A>));
        for backend in Backend::available() {
            group.bench_function(backend.name(), |b| {
                run(b, &mut lane, len, |input, output| sum::<I, A>(backend, input, output));
            });
        }
        group.finish();
    }
}

/// Times one contestant, on a lane that has been summed by every backend with the right result.
fn run<I: Number, A: Number>(
    bencher: &mut Bencher<'_>,
    lane: &mut Option<Lane<I, A>>,
    len: usize,
    contestant: impl Fn(&[I], &mut [A]),
) {
    let lane = lane.get_or_insert_with(|| {
        let mut lane = Lane::new(len);
        check(&mut lane);
        lane
    });
    let (input, output) = lane.slices();
    bencher.iter(|| contestant(black_box(input), black_box(&mut *output)));
}
