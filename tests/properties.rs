//! What the specification promises of any input, on inputs that proptest makes up.
//!
//! `PROPTEST_CASES=10000` searches longer, and `PROPTEST_RNG_SEED=1` repeats a search. No file of
//! earlier failures is kept: a case worth keeping becomes a test in `special.rs`.

mod common;

use common::{CHUNK, Number, Random, SUMMATIONS, Value, assert_same_bits, elements, mixed};
use lanesum::{Backend, Summation, cumsum};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn config() -> ProptestConfig {
    // The number of cases is the default, 256, or what the environment asks for.
    let default = ProptestConfig::default();
    ProptestConfig { failure_persistence: None, max_shrink_iters: 2000, ..default }
}

/// Some hundreds of elements, often some thousands, and now and then more than a chunk.
fn lane<T: Value>(
    element: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = Vec<T>> + 'static {
    prop_oneof![
        20 => vec(element.clone(), 0..300),
        10 => vec(element.clone(), 300..4000),
        1 => vec(element, CHUNK - 20..2 * CHUNK + 600),
    ]
}

/// Values that round when they are added.
fn rounding<T: Value>() -> impl Strategy<Value = T> + Clone {
    any::<u64>().prop_map(T::mixed)
}

/// Every pattern of bits: NaN, infinities and subnormals are among them.
fn pattern<T: Value>() -> impl Strategy<Value = T> + Clone {
    any::<u64>().prop_map(T::from_bits)
}

/// Lanes of every kind. Where all patterns are equally likely a float lane soon is NaN for the rest,
/// so others hold few of them, or none.
fn any_lane<T: Value>() -> impl Strategy<Value = Vec<T>> {
    prop_oneof![
        lane(pattern()),
        lane(rounding()),
        lane(prop_oneof![500 => rounding(), 1 => pattern()]),
        lane(select(T::EDGES)),
    ]
}

/// The sums of `x` by each way of calling, which are all the same.
fn sums<T: Value>(x: &[T], summation: Summation, backend: Backend) -> Vec<T> {
    let sums = cumsum(x).dtype::<T>().summation(summation).backend(backend).to_vec();

    let mut output = vec![T::from_bits(0xa5a5_a5a5_a5a5_a5a5); x.len()];
    let sum = cumsum(x).dtype::<T>().summation(summation).backend(backend);
    sum.write_to(&mut output).expect("equal lengths");
    assert_same_bits(&output, &sums, format_args!("{backend}, {summation:?}: write_to, to_vec"));

    let mut data = x.to_vec();
    cumsum(&mut data).dtype::<T>().summation(summation).backend(backend).in_place();
    assert_same_bits(&data, &sums, format_args!("{backend}, {summation:?}: in_place, to_vec"));
    sums
}

fn agrees_with_the_reference<T: Value>(x: &[T]) {
    for summation in SUMMATIONS {
        let expected = T::expected(summation, x);
        for backend in Backend::available() {
            let sums = sums(x, summation, backend);
            assert_same_bits(&sums, &expected, format_args!("{backend}, {summation:?}"));
        }
    }
}

fn is_causal<T: Value>(x: &[T], at: Index, replacement: T) {
    if x.is_empty() {
        return;
    }
    let at = at.index(x.len());
    let mut changed = x.to_vec();
    changed[at] = replacement;
    for summation in SUMMATIONS {
        for backend in Backend::available() {
            let before = sums(x, summation, backend);
            let after = sums(&changed, summation, backend);
            let what = format_args!("{backend}, {summation:?}: element {at} changed");
            assert_same_bits(&after[..at], &before[..at], what);
            // A lane that is cut short is no other case: nothing after the end is seen either.
            let short = sums(&x[..at], summation, backend);
            assert_same_bits(&short, &before[..at], format_args!("{backend}, {summation:?}: cut"));
        }
    }
}

macro_rules! of_all_types {
    (; $($T:ident)*) => {
        mod agrees_with_the_reference {
            use super::*;

            proptest! {
                #![proptest_config(config())]
                $(#[test]
                fn $T(x in any_lane::<$T>()) {
                    super::agrees_with_the_reference(&x);
                })*
            }
        }

        mod is_causal {
            use super::*;

            proptest! {
                #![proptest_config(config())]
                $(#[test]
                fn $T(x in any_lane(), at in any::<Index>(), replacement in pattern::<$T>()) {
                    super::is_causal(&x, at, replacement);
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
                for summation in SUMMATIONS {
                    for backend in Backend::available() {
                        let sums = sums(x, summation, backend);
                        // A NaN counts as a fall: no comparison with it holds.
                        let rises = |pair: &[$T]| pair[0] <= pair[1];
                        let fall = sums.windows(2).position(|pair| !rises(pair));
                        if let Some(i) = fall {
                            let (a, b) = (sums[i], sums[i + 1]);
                            panic!("{backend}, {summation:?}: {a:?} at {i}, then {b:?}");
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
                fn lanes_are_monotone(x in prop_oneof![lane(rounding()), lane(pattern())]) {
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
                        let sums = sums(&x, Summation::Sequential, backend);
                        assert_same_bits(&sums, &expected, format_args!("{backend}"));
                    }
                }

                #[test]
                fn errors_are_bounded(seeds in lane(any::<u64>())) {
                    let x = seeds.into_iter().map(Integer::new).collect::<Vec<_>>();
                    assert_bounded(&x, Summation::Blocked);
                    assert_bounded(&x, Summation::Sequential);
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
            fn worst(x: &[Integer], summation: Summation, backend: Backend) -> f64 {
                let floats: Vec<$T> = x.iter().map(|x| x.0 as $T).collect();
                let block = <$T as Number>::BLOCK as f64;
                let chunk = CHUNK as f64;
                let u = 0.5f64.powi($digits);
                let (mut exact, mut magnitude, mut worst) = (0, 0, 0.0f64);
                let sums = sums(&floats, summation, backend);
                for (n, (x, sum)) in (1..).zip(x.iter().zip(sums)) {
                    exact += x.0;
                    magnitude += x.0.abs();
                    let n = f64::from(n);
                    let additions = match summation {
                        Summation::Blocked => n / chunk + chunk / block + block.log2(),
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

            fn assert_bounded(x: &[Integer], summation: Summation) {
                for backend in Backend::available() {
                    let worst = worst(x, summation, backend);
                    assert!(worst <= 1.0, "{backend}, {summation:?}: {worst} times the bound");
                }
            }

            /// That the bound of the blocked order is smaller than that of a running sum: one large
            /// element, and many that a running sum loses in it.
            #[test]
            fn the_bound_tells_the_summations_apart() {
                let mut x: Vec<Integer> = (0..100_000).map(|_| Integer(1)).collect();
                x[0] = Integer(1 << $digits);
                assert_bounded(&x, Summation::Blocked);
                assert_bounded(&x, Summation::Sequential);
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
    let blocked = f32::expected(Summation::Blocked, &x);
    assert_same_bits(&cumsum(&x).to_vec(), &blocked, format_args!("no summation given"));
}
