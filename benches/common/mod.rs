//! What both benchmarks share: the memory they sum in, the contestants, and a check of the results.

use lanesum::{Backend, Element, Input, cumsum};

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

/// An input and an output of one length.
///
/// The input starts at a page and the output in the middle of one, so that no store has the low
/// address bits of a load that soon follows it: such a load waits for a store that it does not
/// depend on. Both are written when they are made, for a first write costs a page fault.
pub(crate) struct Lane<I, A> {
    input: Vec<I>,
    output: Vec<A>,
    len: usize,
}

impl<I: Number, A: Number> Lane<I, A> {
    pub(crate) fn new(len: usize) -> Self {
        // Marsaglia's xorshift64. Of the floats it matters that their sums round.
        let mut random = 0x9e37_79b9_7f4a_7c15u64;
        let numbers = std::iter::repeat_with(|| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            if I::EXACT {
                I::cast_from(random)
            } else {
                I::cast_from(random as f64 / 2f64.powi(64))
            }
        });
        Self {
            input: numbers.take(len + PAGE / size_of::<I>()).collect(),
            // Not zero: zeroed memory is mapped when it is first used, not when it is asked for.
            output: vec![A::cast_from(1u8); len + PAGE / size_of::<A>()],
            len,
        }
    }

    pub(crate) fn slices(&mut self) -> (&[I], &mut [A]) {
        let (input, output) = (first(&self.input, 0), first(&self.output, PAGE / 2));
        (&self.input[input..][..self.len], &mut self.output[output..][..self.len])
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
        // Compared as bytes: a loop over the elements would take longer than the sums.
        if bytemuck::cast_slice::<A, u8>(output) == bytemuck::cast_slice::<A, u8>(&expected) {
            continue;
        }
        let bytes = bytemuck::bytes_of::<A>;
        for (index, (got, want)) in output.iter().zip(&expected).enumerate() {
            assert!(
                bytes(got) == bytes(want),
                "{} {backend} of {} elements, at {index}: {got:?} {:x?} in place of {want:?} {:x?}",
                std::any::type_name::<A>(),
                expected.len(),
                bytes(got),
                bytes(want),
            );
        }
    }
}
