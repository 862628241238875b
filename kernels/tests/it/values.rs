//! What the tests sum, what they ask for, and how they compare.

use std::any::type_name;

use lanesum_kernels::{Backend, Element, Spec, Stores, Summation};

use lanesum_testkit::reference::{Number, Options, Order};

/// A type that is summed in: one that the reference knows too.
pub(crate) trait Sum: Element + Number {}
impl<A: Element + Number> Sum for A {}

/// Sebastiano Vigna's splitmix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() >> 32) as usize % n
    }
}

/// A value whose sums depend on the order of the additions: any integer; a float of either sign, full
/// of digits, between 2^-8 and 2^8.
pub(crate) fn mixed<T: Element>(bits: u64) -> T {
    if T::EXACT {
        T::cast_from(bits)
    } else {
        let exponent = (bits >> 59 & 15) + 1023 - 8;
        T::cast_from(f64::from_bits((bits & ((1 << 63) | ((1 << 52) - 1))) | (exponent << 52)))
    }
}

/// As many of them.
pub(crate) fn values<T: Element>(seed: u64, len: usize) -> Vec<T> {
    let mut random = Random(seed);
    (0..len).map(|_| mixed(random.next())).collect()
}

/// What a place holds that must not be written, and one that is yet to be.
pub(crate) fn guard<T: Element>() -> T {
    mixed(0xa5a5_a5a5_a5a5_a5a5)
}

/// A pattern that no other value has; every NaN has the same.
pub(crate) fn bits<T: Element>(x: T) -> u64 {
    let float = f64::cast_from(x);
    match T::EXACT {
        true => u64::cast_from(x),
        false if float.is_nan() => f64::NAN.to_bits(),
        false => float.to_bits(),
    }
}

#[track_caller]
pub(crate) fn assert_same<T: Element>(got: &[T], expected: &[T], what: std::fmt::Arguments<'_>) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let differ = |(a, b): (&T, &T)| bits(*a) != bits(*b);
    if let Some(at) = got.iter().zip(expected).position(differ) {
        let (a, b) = (got[at], expected[at]);
        panic!(
            "{what}: at {at} of {}: got {a:?} = {:#x}, expected {b:?} = {:#x}; a guard is {:?}",
            got.len(),
            bits(a),
            bits(b),
            guard::<T>()
        );
    }
}

/// The names of some types, for messages.
pub(crate) fn names<I, A, O>() -> [&'static str; 3] {
    [type_name::<I>(), type_name::<A>(), type_name::<O>()]
}

/// Each backend with each way to store: where there are no stores past the cache, there is no second way.
pub(crate) fn ways() -> impl Iterator<Item = (Backend, Stores)> {
    Backend::available().flat_map(|backend| {
        let stores = match backend.name() {
            "avx512" | "avx2" => &[Stores::Cached, Stores::Streamed][..],
            _ => &[Stores::Cached],
        };
        stores.iter().map(move |stores| (backend, *stores))
    })
}

/// What these options ask for.
pub(crate) fn spec<A: Sum>(options: &Options<A>, (backend, stores): (Backend, Stores)) -> Spec<A> {
    let Options { exclusive, include_initial, initial, reverse, skip_nan, order } = *options;
    let summation = match order {
        Order::Blocked => Summation::Blocked,
        Order::Sequential => Summation::Sequential,
        Order::Compensated => Summation::Compensated,
    };
    let spec = Spec::new(backend, summation, stores);
    Spec { initial, exclusive, include_initial, reverse, skip_nan, ..spec }
}

/// No options in each order, and one of all their combinations.
///
/// The orders of integers are one, which the types of other orders are to show.
pub(crate) fn some_options<A: Sum>(seed: u64) -> Vec<Options<A>> {
    let mut random = Random(!seed);
    let initial = mixed(random.next());
    let mut options = vec![Options::none(Order::Blocked), Options::none(Order::Sequential)];
    if !A::EXACT {
        options.push(Options::none(Order::Compensated));
    }
    options.push(Options::numbered(random.below(96), initial));
    options
}

/// A copy that begins with a line of the cache.
pub(crate) struct Aligned<T> {
    memory: Vec<T>,
    start: usize,
    len: usize,
}

impl<T: Element> Aligned<T> {
    pub(crate) fn new(contents: &[T]) -> Self {
        let mut memory = vec![guard::<T>(); contents.len() + 64];
        let start = memory.as_ptr().align_offset(64);
        memory[start..][..contents.len()].copy_from_slice(contents);
        Self { memory, start, len: contents.len() }
    }

    pub(crate) fn slice(&mut self) -> &mut [T] {
        &mut self.memory[self.start..][..self.len]
    }
}
