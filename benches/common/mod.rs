//! What the benchmarks share: the memory they sum in, the contestants, a check of the results, times.

#![allow(dead_code)] // Each benchmark uses a part of it.

use std::hint::black_box;
use std::time::Instant;

use lanesum::{Backend, Element, Input, cumsum};
use lanesum_testkit::Random;

/// A type that the benchmarks sum. A blanket trait, to write three bounds as one.
pub(crate) trait Number: Element + Input + bytemuck::Pod {}
impl<T: Element + Input + bytemuck::Pod> Number for T {}

/// The bytes after which the low address bits repeat that a core compares to see whether a load
/// depends on an earlier store.
const PAGE: usize = 4096;

/// Whether the results are wanted and not the times: `cargo bench -- --test` says so, and so does
/// `cargo test --benches` by not saying `--bench`. Criterion decides in the same way.
pub(crate) fn test_mode() -> bool {
    let given = |flag| std::env::args().any(|argument| argument == flag);
    given("--test") || !given("--bench")
}

/// An input and an output, of one length or two.
///
/// The input starts at a page and the output in the middle of one, so that no store has the low
/// address bits of a load that soon follows it: such a load waits for a store that it does not
/// depend on. Both are written when they are made, for a first write costs a page fault.
pub(crate) struct Lane<I, A> {
    input: Vec<I>,
    output: Vec<A>,
    lens: (usize, usize),
}

impl<I: Number, A: Number> Lane<I, A> {
    pub(crate) fn new(len: usize) -> Self {
        Self::with_lens(len, len)
    }

    /// An input and an output of so many elements each.
    pub(crate) fn with_lens(input: usize, output: usize) -> Self {
        let number = |random: u64| {
            if I::EXACT {
                I::cast_from(random)
            } else {
                I::cast_from(random as f64 / 2f64.powi(64))
            }
        };
        Self::made(input, output, number)
    }

    /// An input and an output of so many elements, of which the input's are made of random bits.
    pub(crate) fn of(len: usize, number: impl Fn(u64) -> I) -> Self {
        Self::made(len, len, number)
    }

    fn made(input: usize, output: usize, number: impl Fn(u64) -> I) -> Self {
        // Of the floats it matters that their sums round.
        let numbers = Random(1).map(number);
        Self {
            input: numbers.take(input + PAGE / size_of::<I>()).collect(),
            // Not zero: zeroed memory is mapped when it is first used, not when it is asked for.
            output: vec![A::cast_from(1u8); output + PAGE / size_of::<A>()],
            lens: (input, output),
        }
    }

    pub(crate) fn slices(&mut self) -> (&[I], &mut [A]) {
        let (input, output) = (first(&self.input, 0), first(&self.output, PAGE / 2));
        (&self.input[input..][..self.lens.0], &mut self.output[output..][..self.lens.1])
    }
}

/// The index of the first element that lies this many bytes after the start of a page.
fn first<T>(slice: &[T], bytes: usize) -> usize {
    let address = slice.as_ptr().addr() % PAGE;
    (PAGE + bytes - address) % PAGE / size_of::<T>()
}

/// The copy that every sum is measured against. Only for types of one size.
#[inline(always)]
pub(crate) fn memcpy<I: Number, A: Number>(input: &[I], output: &mut [A]) {
    bytemuck::cast_slice_mut(output).copy_from_slice(bytemuck::cast_slice::<I, u8>(input));
}

/// The loop that anyone would write: each element waits for the addition before it.
#[inline(always)]
pub(crate) fn naive<I: Number, A: Number>(input: &[I], output: &mut [A]) {
    let mut sum = A::IDENTITY;
    for (x, out) in input.iter().zip(output) {
        sum = sum.plus(A::cast_from(*x));
        *out = sum;
    }
}

/// The crate's own sum.
#[inline(always)]
pub(crate) fn sum<I: Number, A: Number>(backend: Backend, input: &[I], output: &mut [A]) {
    if let Err(error) = cumsum(input).backend(backend).dtype::<A>().write_to(output) {
        panic!("{error}");
    }
}

/// Checks the sums of every backend: integers against the naive loop, floats against the scalar
/// backend to the bit. A fast wrong answer is not worth timing.
pub(crate) fn check<I: Number, A: Number>(lane: &mut Lane<I, A>) {
    let (input, output) = lane.slices();
    if A::EXACT {
        naive(input, output);
    } else if let Some(scalar) = Backend::available().last() {
        sum(scalar, input, output);
    }
    let expected = output.to_vec();
    for backend in Backend::available() {
        output.fill(A::cast_from(1u8));
        sum(backend, input, output);
        assert_same_bits(backend.name(), output, &expected);
    }
}

/// Ends the benchmark where two results differ in a bit.
pub(crate) fn assert_same_bits<A: Number>(name: &str, got: &[A], want: &[A]) {
    // Compared as bytes: a loop over the elements would take longer than the sums.
    if bytemuck::cast_slice::<A, u8>(got) == bytemuck::cast_slice::<A, u8>(want) {
        return;
    }
    let bytes = bytemuck::bytes_of::<A>;
    for (index, (x, y)) in got.iter().zip(want).enumerate() {
        assert!(
            bytes(x) == bytes(y),
            "{} {name} of {} elements, at {index}: {x:?} {:x?} in place of {y:?} {:x?}",
            std::any::type_name::<A>(),
            want.len(),
            bytes(x),
            bytes(y),
        );
    }
    panic!("{name}: {} elements in place of {}", got.len(), want.len());
}

/// The seconds of one call, one call after the other.
pub(crate) fn time<I: Number, A: Number>(
    lane: &mut Lane<I, A>,
    calls: usize,
    mut contestant: impl FnMut(&[I], &mut [A]),
) -> f64 {
    let (input, output) = lane.slices();
    let start = Instant::now();
    for _ in 0..calls {
        contestant(black_box(input), black_box(&mut *output));
    }
    start.elapsed().as_secs_f64() / calls as f64
}

/// The middle value: whatever interrupts a few rounds does not move it.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What the times belong to: the architecture, and the CPU's name and model where Linux tells them.
pub(crate) fn cpu() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let known = info.lines().take_while(|line| !line.is_empty()).filter_map(|line| {
        let (key, value) = line.split_once(':')?;
        let (key, value) = (key.trim(), value.trim());
        match key {
            "model name" => Some(value.to_owned()),
            // Cloud CPUs often have no name that says which they are.
            "cpu family" => Some(format!("family {value}")),
            "model" => Some(format!("model {value}")),
            _ => None,
        }
    });
    std::iter::once(std::env::consts::ARCH.to_owned()).chain(known).collect::<Vec<_>>().join(", ")
}

/// A number of elements as the command line writes it: `16`, `1Ki`, `16Mi`.
pub(crate) fn elements(text: &str) -> Option<usize> {
    let (digits, shift) = match (text.strip_suffix("Ki"), text.strip_suffix("Mi")) {
        (Some(digits), _) => (digits, 10),
        (_, Some(digits)) => (digits, 20),
        _ => (text, 0),
    };
    digits.parse::<usize>().ok()?.checked_mul(1 << shift)
}
