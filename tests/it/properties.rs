//! What the specification promises of any input, on inputs that proptest makes up.
//!
//! `PROPTEST_CASES=10000` searches longer, and `PROPTEST_RNG_SEED=1` repeats a search. No file of
//! earlier failures is kept: a case worth keeping becomes a test in `special.rs`.

use lanesum::{Backend, Summation, cumsum};
use lanesum_testkit::{
    CHUNK, Case, Options, Order, PIECE, Random, Style, Typed, assert_same, elements, mixed,
    special, summation, telling, with, with_nans,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const PLAIN: [Order; 2] = [Order::Blocked, Order::Sequential];

fn config() -> ProptestConfig {
    // The number of cases is the default, 256, or what the environment asks for.
    let default = ProptestConfig::default();
    ProptestConfig { failure_persistence: None, max_shrink_iters: 2000, ..default }
}

/// How a seed becomes values.
#[derive(Clone, Copy, Debug)]
enum Values {
    /// Those that round when they are added.
    Mixed,
    /// Those that round even when the additions are compensated, if they are of one lane.
    Telling,
    /// Some NaN among those that round.
    Nans,
    /// Every pattern of bits: NaN, infinities and subnormals are among them.
    Patterns,
    /// A few patterns among others that round: else a float lane soon is NaN for the rest.
    FewPatterns,
    /// Zeros, the largest, the smallest.
    Edges,
    /// Those, infinities and NaN.
    Special,
    /// Some of those among others that round.
    FewSpecial,
}

impl Values {
    const ALL: [Self; 8] = [
        Self::Mixed,
        Self::Telling,
        Self::Nans,
        Self::Patterns,
        Self::FewPatterns,
        Self::Edges,
        Self::Special,
        Self::FewSpecial,
    ];

    fn of<T: Typed>(self, seed: u64, len: usize) -> Vec<T> {
        match self {
            Self::Mixed => mixed(seed, len),
            Self::Telling => telling(seed, len),
            Self::Nans => with_nans(mixed(seed, len), !seed, 9),
            Self::Patterns => Random(seed).take(len).map(T::any).collect(),
            Self::FewPatterns => with(T::any, (seed, len, 256)),
            Self::Edges => {
                let edge = |bits: u64| T::EDGES[(bits >> 32) as usize % T::EDGES.len()];
                Random(seed).take(len).map(edge).collect()
            }
            Self::Special => special(seed, len),
            Self::FewSpecial => with(T::special, (seed, len, 64)),
        }
    }
}

/// Some hundreds of elements, often some thousands, and now and then more than a chunk.
fn len() -> impl Strategy<Value = usize> {
    prop_oneof![
        20 => 0..300usize,
        10 => 300..4 * PIECE,
        1 => CHUNK - 20..2 * CHUNK + 600,
    ]
}

fn lane<T: Clone + std::fmt::Debug + 'static>(
    element: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = Vec<T>> {
    prop_oneof![
        20 => vec(element.clone(), 0..300),
        10 => vec(element.clone(), 300..4000),
        1 => vec(element, CHUNK - 20..2 * CHUNK + 600),
    ]
}

/// Lanes of every kind, element by element, so that a failure shrinks to the elements that it needs.
fn any_lane<T: Typed>() -> impl Strategy<Value = Vec<T>> {
    prop_oneof![
        lane(any_bits()),
        lane(rounding()),
        lane(prop_oneof![500 => rounding(), 1 => any_bits()]),
        lane(select(T::EDGES)),
    ]
}

/// Values that round when they are added.
fn rounding<T: Typed>() -> impl Strategy<Value = T> + Clone {
    any::<u64>().prop_map(T::mixed)
}

/// Every pattern of bits: NaN, infinities and subnormals are among them.
fn any_bits<T: Typed>() -> impl Strategy<Value = T> + Clone {
    any::<u64>().prop_map(T::any)
}

/// Options of any kind, by the number of the combination and an initial value.
fn options() -> impl Strategy<Value = (usize, Values, u64)> {
    let values = select(&[Values::Mixed, Values::Patterns, Values::Special][..]);
    (0..96usize, values, any::<u64>())
}

fn numbered<T: Typed>((number, initial, seed): (usize, Values, u64)) -> Options<T> {
    Options::numbered(number, initial.of(seed, 1)[0])
}

/// Shapes of up to some thousands of elements, and with few dimensions of the longer axes.
fn shape() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![
        vec(0..1500usize, 1),
        vec(1..70usize, 2),
        (1..12usize, 1..300usize).prop_map(|(few, many)| vec![few, many]),
        (1..300usize, 1..12usize).prop_map(|(many, few)| vec![many, few]),
        vec(1..20usize, 3),
        vec(0..9usize, 4),
        vec(1..5usize, 5..=6),
        vec(1..3usize, 7..=9),
    ]
}

/// An array in C order before it is stepped, reversed and transposed. One `of_input` may overlap itself.
fn style(ndim: usize, of_input: bool) -> impl Strategy<Value = Style> {
    let steps = prop_oneof![Just(vec![1; ndim]), vec(select(&[1, 1, 2, 3, 4][..]), ndim)];
    let order = prop_oneof![
        2 => Just((0..ndim).rev().collect::<Vec<_>>()),
        1 => Just((0..ndim).collect()),
        2 => Just((0..ndim).collect::<Vec<_>>()).prop_shuffle(),
    ];
    // Bits of the axes; for most arrays none is set.
    let axes = || prop_oneof![2 => Just(0), 1 => 0..1usize << ndim];
    let repeated = prop_oneof![4 => Just(0), 1 => 0..1usize << ndim];
    let overlaps = (repeated, prop::bool::weighted(0.1));
    let gap = select(&[0, 0, 1, 2, 7][..]);
    (order, steps, gap, axes(), overlaps, 0..8usize).prop_map(
        move |(order, steps, gap, reversed, (repeated, windows), margin)| {
            let repeated = if of_input { repeated } else { 0 };
            let windows = of_input && windows;
            Style { order, steps, gap, reversed, repeated, windows, margin }
        },
    )
}

/// The layouts of an array and of its sums, the axis and the values.
#[derive(Clone, Debug)]
struct Array {
    shape: Vec<usize>,
    axis: Option<usize>,
    styles: [Style; 2],
    values: Values,
    seed: u64,
}

fn array() -> impl Strategy<Value = Array> {
    let axis = proptest::option::weighted(0.8, any::<Index>());
    (shape(), axis, select(&Values::ALL[..]), any::<u64>()).prop_flat_map(
        |(shape, axis, values, seed)| {
            let ndim = shape.len();
            let axis = axis.map(|axis| axis.index(ndim));
            (style(ndim, true), style(ndim, false)).prop_map(move |(from, to)| Array {
                shape: shape.clone(),
                axis,
                styles: [from, to],
                values,
                seed,
            })
        },
    )
}

/// The sums as the crate forms them.
fn sums<T: Typed>(x: &[T], order: Order, backend: Backend) -> Vec<T> {
    cumsum(x).dtype::<T>().summation(summation(order)).backend(backend).to_vec()
}

fn is_causal<T: Typed>(x: &[T], at: Index, replacement: T) {
    if x.is_empty() {
        return;
    }
    let at = at.index(x.len());
    let mut changed = x.to_vec();
    changed[at] = replacement;
    for order in PLAIN {
        for backend in Backend::available() {
            let before = sums(x, order, backend);
            let after = sums(&changed, order, backend);
            let what = format_args!("{backend}, {order:?}: element {at} changed");
            assert_same(&after[..at], &before[..at], what);
            // A lane that is cut short is no other case: nothing after the end is seen either.
            let short = sums(&x[..at], order, backend);
            assert_same(&short, &before[..at], format_args!("{backend}, {order:?}: cut"));
        }
    }
}

macro_rules! of_all_types {
    (; $($T:ident)*) => {
        mod lanes_agree_with_the_reference {
            use super::*;

            proptest! {
                #![proptest_config(config())]
                $(#[test]
                fn $T(x in any_lane::<$T>()) {
                    let case = Case::slice(x.len());
                    PLAIN.into_iter().for_each(|order| case.check(&x, &Options::none(order)));
                })*
            }
        }

        mod is_causal {
            use super::*;

            proptest! {
                #![proptest_config(config())]
                $(#[test]
                fn $T(x in any_lane(), at in any::<Index>(), replacement in any_bits::<$T>()) {
                    super::is_causal(&x, at, replacement);
                })*
            }
        }

        mod options_agree_with_the_reference {
            use super::*;

            proptest! {
                #![proptest_config(config())]
                $(#[test]
                fn $T(
                    len in len(),
                    values in select(&Values::ALL[..]),
                    seed in any::<u64>(),
                    options in options(),
                ) {
                    Case::slice(len).check(&values.of::<$T>(seed, len), &numbered(options));
                })*
            }
        }

        mod arrays_agree_with_the_reference {
            use super::*;

            proptest! {
                #![proptest_config(config())]
                $(#[test]
                fn $T(array in array(), options in vec(options(), 1..4)) {
                    let Array { shape, axis, styles: [from, to], values, seed } = &array;
                    let case = Case::new(shape, *axis, [from, to]);
                    let x = case.fill(|other, len| values.of::<$T>(seed ^ other, len));
                    PLAIN.into_iter().for_each(|order| case.check(&x, &Options::none(order)));
                    options.into_iter().for_each(|options| case.check(&x, &numbered(options)));
                })*
            }
        }
    };
}
elements!(of_all_types!);

/// The tests that are about floats.
macro_rules! floats {
    ($($name:ident: $T:ident, $digits:literal;)*) => {
        $(mod $name {
            use super::*;

            fn assert_monotone(x: &[$T]) {
                for order in PLAIN {
                    for backend in Backend::available() {
                        let sums = sums(x, order, backend);
                        // A NaN counts as a fall: no comparison with it holds.
                        let rises = |pair: &[$T]| pair[0] <= pair[1];
                        let fall = sums.windows(2).position(|pair| !rises(pair));
                        if let Some(i) = fall {
                            let (a, b) = (sums[i], sums[i + 1]);
                            panic!("{backend}, {order:?}: {a:?} at {i}, then {b:?}");
                        }
                    }
                }
            }

            /// No input is negative: then no sum is smaller than the one before it.
            #[test]
            fn long_lanes_are_monotone() {
                let len = 3 * CHUNK + 1000;
                for seed in 0..8 {
                    let random = || Random(seed).take(len);
                    let unit = |bits: u64| (bits >> 40) as $T / (1u64 << 24) as $T;
                    assert_monotone(&random().map(unit).collect::<Vec<_>>());
                    let mixed = |bits| $T::mixed(bits).abs();
                    assert_monotone(&random().map(mixed).collect::<Vec<_>>());
                    // From 2^-90 to 2^90: most elements vanish in what has been summed before.
                    let wide = |bits: u64| unit(bits) * (2 as $T).powi((bits % 181) as i32 - 90);
                    assert_monotone(&random().map(wide).collect::<Vec<_>>());
                    assert_monotone(&vec![unit(seed + 1 << 58) + 0.1; len]);
                }
            }

            proptest! {
                #![proptest_config(config())]

                #[test]
                fn lanes_are_monotone(x in prop_oneof![lane(rounding()), lane(any_bits())]) {
                    let positive = |x: $T| if x.is_nan() { 0.0 } else { x.abs() };
                    assert_monotone(&x.into_iter().map(positive).collect::<Vec<_>>());
                }

                #[test]
                fn sequential_is_the_plain_loop(x in any_lane::<$T>()) {
                    let mut expected = x.clone();
                    for i in 1..x.len() {
                        expected[i] = expected[i - 1] + x[i];
                    }
                    for backend in Backend::available() {
                        let sums = sums(&x, Order::Sequential, backend);
                        assert_same(&sums, &expected, format_args!("{backend}"));
                    }
                }

                #[test]
                fn errors_are_bounded(seeds in lane(any::<u64>())) {
                    let x = seeds.into_iter().map(Integer::new).collect::<Vec<_>>();
                    assert_bounded(&x, Order::Blocked);
                    assert_bounded(&x, Order::Sequential);
                }
            }

            /// An integer that the float holds exactly, so that exact sums are sums of integers.
            struct Integer(i128);

            impl Integer {
                /// All digits that the float has, times a power of two up to 2^31.
                fn new(bits: u64) -> Self {
                    let digits = i128::from(bits & ((1 << $digits) - 1));
                    let sign = if bits >> 63 == 0 { 1 } else { -1 };
                    Self(sign * digits << (bits >> 58 & 31))
                }
            }

            /// The largest error of a sum, in terms of what the documentation allows it.
            fn worst(x: &[Integer], order: Order, backend: Backend) -> f64 {
                let floats: Vec<$T> = x.iter().map(|x| x.0 as $T).collect();
                let block = <$T as lanesum::Element>::BLOCK as f64;
                let chunk = CHUNK as f64;
                let u = 0.5f64.powi($digits);
                let (mut exact, mut magnitude, mut worst) = (0, 0, 0.0f64);
                let sums = sums(&floats, order, backend);
                for (n, (x, sum)) in (1..).zip(x.iter().zip(sums)) {
                    exact += x.0;
                    magnitude += x.0.abs();
                    let n = f64::from(n);
                    let additions = match order {
                        Order::Blocked => n / chunk + chunk / block + block.log2(),
                        _ => n - 1.0,
                    };
                    // To first order: the rest is smaller by a factor of additions * u.
                    let bound = additions * u * magnitude as f64 * (1.0 + 2.0 * additions * u);
                    // A sum of integers is rounded to an integer.
                    let error = (sum as i128 - exact).abs() as f64;
                    if error > 0.0 {
                        worst = worst.max(error / bound);
                    }
                }
                worst
            }

            fn assert_bounded(x: &[Integer], order: Order) {
                for backend in Backend::available() {
                    let worst = worst(x, order, backend);
                    assert!(worst <= 1.0, "{backend}, {order:?}: {worst} times the bound");
                }
            }

            /// That the bound of the blocked order is smaller than that of a running sum: one large
            /// element, and many that a running sum loses in it.
            #[test]
            fn the_bound_tells_the_summations_apart() {
                let mut x: Vec<Integer> = (0..100_000).map(|_| Integer(1)).collect();
                x[0] = Integer(1 << $digits);
                assert_bounded(&x, Order::Blocked);
                assert_bounded(&x, Order::Sequential);
                // A bound of 1034 ulps for the one, where the other has lost all of 99_999.
                let floats: Vec<$T> = x.iter().map(|x| x.0 as $T).collect();
                let lost = |summation| {
                    let sums = cumsum(&floats).summation(summation).to_vec();
                    99_999 + (1i128 << $digits) - sums[99_999] as i128
                };
                assert!(lost(Summation::Blocked).abs() <= 1034);
                assert_eq!(lost(Summation::Sequential), 99_999);
            }
        })*
    };
}
floats! {
    singles: f32, 24;
    doubles: f64, 53;
}

#[test]
fn the_default_is_blocked() {
    assert_eq!(Summation::default(), Summation::Blocked);
    let x = mixed::<f32>(1, 1000);
    let blocked = f32::plain_sums(Order::Blocked, &x);
    assert_same(&cumsum(&x).to_vec(), &blocked, format_args!("no summation given"));
}
