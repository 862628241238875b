//! Every backend, type, length, alignment and way of calling, against the reference, bit for bit.
//!
//! The tests fail closed: each asserts that the backends it has run are those that the CPU has, as
//! found without asking the crate. `LANESUM_EXPECT=avx512,avx2` names backends that must be among
//! them, for machines whose CPU is known.

mod common;

use common::{
    CHUNK, Number, PIECE, SUMMATIONS, Value, assert_same_bits, elements, mixed, reference,
};
use lanesum::{Backend, Stores, Summation, cumsum};

/// The backends that this CPU has, the best first, found without asking the crate.
fn backends_of_this_cpu() -> Vec<&'static str> {
    let mut names = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        // Without `std` the crate relies on what the compilation target guarantees.
        macro_rules! has {
            ($($feature:tt)*) => {
                $((cfg!(target_feature = $feature)
                    || cfg!(feature = "std") && std::is_x86_feature_detected!($feature)))&&*
            };
        }
        let avx2 = has!("avx2" "fma");
        if avx2 && has!("avx512f" "avx512bw" "avx512cd" "avx512dq" "avx512vl") {
            names.push("avx512");
        }
        if avx2 {
            names.push("avx2");
        }
    }
    if cfg!(target_arch = "aarch64") {
        names.push("neon");
    }
    names.push("scalar");
    names
}

/// Asserts that `exercised`, in the order of the runs, is what this CPU has, and has what was asked
/// for.
fn assert_none_missing(exercised: &[&str]) {
    assert_eq!(exercised, backends_of_this_cpu(), "exercised, and what this CPU has");
    let wanted = std::env::var("LANESUM_EXPECT").unwrap_or_default();
    for name in wanted.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        assert!(exercised.contains(&name), "LANESUM_EXPECT: {name} is not among {exercised:?}");
    }
}

/// The lengths at which a kernel does something else than at the length before.
fn lengths(block: usize) -> Vec<usize> {
    let mut lengths: Vec<usize> = (0..=257).collect();
    for edge in [block, 31 * block, PIECE, CHUNK, 2 * CHUNK] {
        lengths.extend([edge - 1, edge, edge + 1]);
    }
    lengths.push(3 * CHUNK + 5 * block + 3);
    lengths.sort_unstable();
    lengths.dedup();
    lengths
}

/// Elements that begin at a chosen distance from a 64-byte boundary, with guards on either side.
struct Placed<T> {
    memory: Vec<T>,
    start: usize,
    len: usize,
}

impl<T: Value> Placed<T> {
    const GUARD: usize = 64;

    fn guard() -> T {
        T::from_bits(0xa5a5_a5a5_a5a5_a5a5)
    }

    fn new(shift: usize, contents: &[T]) -> Self {
        let len = contents.len();
        let mut memory = vec![Self::guard(); len + 3 * Self::GUARD];
        let start = Self::GUARD + memory[Self::GUARD..].as_ptr().align_offset(64) + shift;
        memory[start..][..len].copy_from_slice(contents);
        Self { memory, start, len }
    }

    fn slice(&self) -> &[T] {
        &self.memory[self.start..][..self.len]
    }

    fn slice_mut(&mut self) -> &mut [T] {
        &mut self.memory[self.start..][..self.len]
    }

    fn assert_guards(&self, what: std::fmt::Arguments<'_>) {
        let (before, rest) = self.memory.split_at(self.start);
        let mut outside = before.iter().chain(&rest[self.len..]);
        let guard = Self::guard().bits();
        assert!(outside.all(|x| x.bits() == guard), "{what}: {}: written outside", T::NAME);
    }
}

/// Distances from a 64-byte boundary, in elements. At some of them 16 bytes are aligned, at some not.
const SHIFTS: [usize; 4] = [0, 1, 2, 3];

/// All lengths, alignments, summations and ways of calling of one type on one backend.
fn exercise<T: Value>(backend: Backend) {
    for len in lengths(<T as Number>::BLOCK) {
        let x = mixed::<T>(len as u64, len);
        let inputs = SHIFTS.map(|shift| Placed::new(shift, &x));
        for summation in SUMMATIONS {
            let expected = T::expected(summation, &x);
            for (from, input) in SHIFTS.into_iter().zip(&inputs) {
                let sum = cumsum(input.slice()).dtype::<T>().summation(summation).backend(backend);
                let what = format_args!("{backend}, {summation:?}, to_vec, from {from}");
                assert_same_bits(&sum.to_vec(), &expected, what);
                let places = SHIFTS.map(|to| [Stores::Cached, Stores::Streamed].map(|s| (to, s)));
                for (to, stores) in places.into_iter().flatten() {
                    let sum = sum.stores(stores);
                    let what = format_args!(
                        "{backend}, {summation:?}, {stores:?}, write_to, {from} to {to}"
                    );
                    // Not zeros: a place that is skipped must show.
                    let mut output = Placed::new(to, &vec![Placed::<T>::guard(); len]);
                    sum.write_to(output.slice_mut()).expect("equal lengths");
                    assert_same_bits(output.slice(), &expected, what);
                    output.assert_guards(what);
                }
            }
            for shift in SHIFTS {
                let what = format_args!("{backend}, {summation:?}, in_place at {shift}");
                let mut data = Placed::new(shift, &x);
                cumsum(data.slice_mut())
                    .dtype::<T>()
                    .summation(summation)
                    .backend(backend)
                    .in_place();
                assert_same_bits(data.slice(), &expected, what);
                data.assert_guards(what);
            }
        }
    }
}

/// Every backend, for one type.
fn exercise_all<T: Value>() {
    let mut exercised = Vec::new();
    for backend in Backend::available() {
        exercise::<T>(backend);
        exercised.push(backend.name());
    }
    eprintln!("{} on {}", T::NAME, exercised.join(", "));
    assert_none_missing(&exercised);
}

mod every_backend {
    use super::{elements, exercise_all};

    macro_rules! tests {
        (; $($T:ident)*) => {
            $(#[test]
            fn $T() {
                exercise_all::<$T>();
            })*
        };
    }
    elements!(tests!);
}

/// The reference itself, on one block that is written out.
#[test]
fn the_reference_is_the_diagram_of_the_specification() {
    for seed in 0..100 {
        let x = mixed::<f64>(seed, 8);
        let [a, b, c, d, e, f, g, h] = x[..] else { unreachable!("eight elements") };
        let block = [
            a,
            a + b,
            (a + b) + c,
            (a + b) + (c + d),
            ((a + b) + (c + d)) + e,
            ((a + b) + (c + d)) + (e + f),
            ((a + b) + (c + d)) + ((e + f) + g),
            ((a + b) + (c + d)) + ((e + f) + (g + h)),
        ];
        assert_same_bits(&reference::blocked(&x), &block, format_args!("by hand"));
    }
}

/// The reference itself, between blocks and between chunks, where carries and offsets add up.
#[test]
fn the_reference_carries_flat() {
    let x = mixed::<f64>(1, 3 * CHUNK + 20);
    let sums = reference::blocked(&x);
    let local = |block: usize| reference::blocked(&x[8 * block..][..8]);
    let carry = |blocks: std::ops::Range<usize>| {
        blocks.map(|block| local(block)[7]).reduce(|carry, total| carry + total).expect("blocks")
    };
    let per_chunk = CHUNK / 8;
    let chunk = |k: usize| carry(k * per_chunk..(k + 1) * per_chunk);

    assert_eq!(sums[8], carry(0..1) + local(1)[0]);
    assert_eq!(sums[8 * 5 + 3], carry(0..5) + local(5)[3]);
    assert_eq!(sums[CHUNK], chunk(0) + x[CHUNK]);
    let third = 3 * per_chunk;
    let offset = (chunk(0) + chunk(1)) + chunk(2);
    assert_eq!(sums[3 * CHUNK + 10], offset + (carry(third..third + 1) + local(third + 1)[2]));
}

/// The reference itself: that it adds every element exactly once is what integers can prove.
#[test]
fn the_reference_adds_every_element_once() {
    let x = mixed::<u64>(2, 2 * CHUNK + 13);
    assert_eq!(reference::blocked(&x), reference::sequential(&x));
    let x = mixed::<i8>(3, 2 * CHUNK + 13);
    assert_eq!(reference::blocked(&x), reference::sequential(&x));
}

/// The reference imports nothing of ours, the constants of the specification included.
#[test]
fn the_reference_has_the_constants_of_the_crate() {
    assert_eq!(CHUNK, lanesum::order::CHUNK);
    assert_eq!(<f32 as Number>::BLOCK, <f32 as lanesum::Element>::BLOCK);
    assert_eq!(<f64 as Number>::BLOCK, <f64 as lanesum::Element>::BLOCK);
}

/// The inputs are worth something only if they tell the orders apart.
#[test]
fn the_inputs_tell_the_orders_apart() {
    for len in [8 * 3, 64, 1000] {
        let x = mixed::<f64>(len as u64, len);
        assert_ne!(
            f64::expected(Summation::Blocked, &x),
            f64::expected(Summation::Sequential, &x),
            "length {len}"
        );
    }
}
