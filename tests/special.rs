//! Signed zeros, infinities, NaN, subnormals, the largest values, and integers that wrap.
//!
//! Where arithmetic leaves no choice the expected values are written out, and the reference is not
//! asked.

mod common;

use common::{CHUNK, Random, SUMMATIONS, Value, assert_same_bits, elements, mixed};
use lanesum::{Backend, Summation, cumsum};

/// Lengths within a block, of some blocks, and of some chunks.
const LENGTHS: [usize; 8] = [1, 7, 16, 100, 1025, CHUNK, CHUNK + 1, 3 * CHUNK + 21];

/// Positions at both ends of blocks and of chunks.
const POSITIONS: [usize; 11] =
    [0, 1, 7, 8, 15, 16, 100, CHUNK - 1, CHUNK, CHUNK + 9, 2 * CHUNK + 3];

/// Asserts that every backend sums `x` to `expected`, out of place and in place.
#[track_caller]
fn assert_sums<T: Value>(x: &[T], summation: Summation, expected: &[T], what: &str) {
    for backend in Backend::available() {
        let what = format_args!("{what}: {backend}, {summation:?}");
        let sum = cumsum(x).dtype::<T>().summation(summation).backend(backend);
        assert_same_bits(&sum.to_vec(), expected, what);
        let mut data = x.to_vec();
        cumsum(&mut data).dtype::<T>().summation(summation).backend(backend).in_place();
        assert_same_bits(&data, expected, what);
    }
}

/// Asserts the same sums for both summations.
#[track_caller]
fn assert_sums_either_way<T: Value>(x: &[T], expected: &[T], what: &str) {
    for summation in SUMMATIONS {
        assert_sums(x, summation, expected, what);
    }
}

/// Asserts what the reference says, for both summations.
#[track_caller]
fn assert_as_reference<T: Value>(x: &[T], what: &str) {
    for summation in SUMMATIONS {
        assert_sums(x, summation, &T::expected(summation, x), what);
    }
}

/// The tests that both float types share.
macro_rules! floats {
    ($($name:ident: $T:ident;)*) => {
        $(mod $name {
            use super::*;

            #[test]
            fn negative_zeros_stay_negative() {
                for len in LENGTHS {
                    let x = vec![-0.0; len];
                    assert_sums_either_way::<$T>(&x, &x, "-0.0 everywhere");
                }
            }

            #[test]
            fn one_positive_zero_makes_all_that_follow_positive() {
                for position in POSITIONS {
                    let mut x = vec![-0.0; 3 * CHUNK + 21];
                    x[position] = 0.0;
                    let mut expected = vec![0.0; x.len()];
                    expected[..position].fill(-0.0);
                    assert_sums_either_way::<$T>(&x, &expected, "0.0 among -0.0");
                }
            }

            /// The offset is then +0.0, which is not the identity: no kernel may leave it out.
            #[test]
            fn a_chunk_that_sums_to_positive_zero_is_not_forgotten() {
                for chunks in [1, 2] {
                    let mut x = vec![-0.0; 3 * CHUNK + 21];
                    x[..chunks * CHUNK].fill(0.0);
                    let expected = vec![0.0; x.len()];
                    assert_sums_either_way::<$T>(&x, &expected, "chunks of 0.0, then of -0.0");

                    // The same without a zero in the first chunk, but for its sum.
                    let mut x = vec![-0.0; 3 * CHUNK + 21];
                    let mut expected = vec![0.0; x.len()];
                    for k in (0..chunks * CHUNK).step_by(2) {
                        (x[k], x[k + 1]) = (1.5, -1.5);
                        expected[k] = 1.5;
                    }
                    assert_sums_either_way::<$T>(&x, &expected, "chunks that cancel, then -0.0");
                    assert_as_reference::<$T>(&x, "chunks that cancel, then -0.0");
                }
            }

            #[test]
            fn opposites_sum_to_positive_zero() {
                assert_sums_either_way::<$T>(&[-0.5, 0.5, -0.0], &[-0.5, 0.0, 0.0], "opposites");
            }

            #[test]
            fn infinities_stay_and_opposite_ones_make_nan() {
                for (k, position) in POSITIONS.into_iter().enumerate() {
                    for sign in [1.0, -1.0] {
                        let mut x = mixed::<$T>(k as u64, 2 * CHUNK + 21);
                        x[position] = sign * $T::INFINITY;
                        for summation in SUMMATIONS {
                            let mut expected = $T::expected(summation, &x[..position]);
                            expected.resize(x.len(), sign * $T::INFINITY);
                            assert_sums(&x, summation, &expected, "one infinity");
                        }
                        for second in POSITIONS.into_iter().filter(|second| *second > position) {
                            let mut x = x.clone();
                            x[second] = -sign * $T::INFINITY;
                            for summation in SUMMATIONS {
                                let mut expected = $T::expected(summation, &x[..position]);
                                expected.resize(second, sign * $T::INFINITY);
                                expected.resize(x.len(), $T::NAN);
                                assert_sums(&x, summation, &expected, "two infinities");
                            }
                        }
                    }
                }
            }

            #[test]
            fn nan_stays() {
                for (k, position) in POSITIONS.into_iter().enumerate() {
                    for nan in [$T::NAN, -$T::NAN] {
                        let mut x = mixed::<$T>(k as u64, 2 * CHUNK + 21);
                        x[position] = nan;
                        for summation in SUMMATIONS {
                            let mut expected = $T::expected(summation, &x[..position]);
                            expected.resize(x.len(), $T::NAN);
                            assert_sums(&x, summation, &expected, "a NaN");
                        }
                    }
                }
            }

            /// The bits of a float that is `n` times the smallest subnormal are `n`.
            #[test]
            fn subnormals_are_not_flushed() {
                let x = vec![$T::from_bits(1); 3 * CHUNK + 21];
                let expected: Vec<$T> = (1..).take(x.len()).map($T::from_bits).collect();
                assert_sums_either_way(&x, &expected, "the smallest subnormals");

                let (x, expected): (Vec<$T>, Vec<$T>) = (x.iter().map(|x| -x).collect(),
                    expected.iter().map(|x| -x).collect());
                assert_sums_either_way(&x, &expected, "the smallest subnormals, negative");

                let small = $T::MIN_POSITIVE;
                let x = [1.5 * small, -small, 0.25 * small, small];
                let expected = [1.5 * small, 0.5 * small, 0.75 * small, 1.75 * small];
                assert!(expected[1].is_subnormal(), "the test is about a subnormal difference");
                assert_sums_either_way::<$T>(&x, &expected, "a difference of normals");

                let x: Vec<$T> = mixed(1, 2 * CHUNK).iter().map(|x: &$T| x * small).collect();
                assert_as_reference(&x, "subnormals and the smallest normals");
            }

            /// The total of a group can overflow where the running sum does not, and the reverse.
            #[test]
            fn overflow_follows_the_order() {
                const MAX: $T = $T::MAX;
                const INF: $T = $T::INFINITY;
                let (blocked, sequential) = (Summation::Blocked, Summation::Sequential);

                let x = [-MAX, 0.0, MAX, MAX];
                assert_sums(&x, sequential, &[-MAX, -MAX, 0.0, MAX], "a group overflows");
                assert_sums(&x, blocked, &[-MAX, -MAX, 0.0, INF], "a group overflows");

                let x = [MAX, 0.0, MAX, -MAX];
                assert_sums(&x, sequential, &[MAX, MAX, INF, INF], "a prefix overflows");
                assert_sums(&x, blocked, &[MAX, MAX, INF, MAX], "a prefix overflows");

                for seed in 0..20 {
                    let sign = |bits| if bits & 1 == 0 { 0.4 * MAX } else { -0.4 * MAX };
                    let x: Vec<$T> = Random(seed).take(300).map(sign).collect();
                    assert_as_reference(&x, "large values");
                }
            }
        })*
    };
}
floats! {
    singles: f32;
    doubles: f64;
}

/// Sums modulo 2^n, by arithmetic of 64 bits on the patterns, whatever the sign.
fn wraps<T: Value>() {
    for len in LENGTHS {
        for (what, x) in [
            ("the largest", vec![T::from_bits(u64::MAX >> 1 >> (64 - 8 * size_of::<T>())); len]),
            ("all ones", vec![T::from_bits(u64::MAX); len]),
            ("random", mixed(len as u64, len)),
        ] {
            let mut total = 0u64;
            let mut add = |x: &T| {
                total = total.wrapping_add(x.bits());
                T::from_bits(total)
            };
            let expected: Vec<T> = x.iter().map(&mut add).collect();
            assert_sums_either_way(&x, &expected, what);
        }
    }
}

#[test]
fn integers_wrap() {
    assert_sums_either_way(&[i8::MAX, 1, -1], &[i8::MAX, i8::MIN, i8::MAX], "the largest and one");
    assert_sums_either_way(&[i64::MIN, -1], &[i64::MIN, i64::MAX], "the smallest and minus one");
    assert_sums_either_way(&[u64::MAX, 2], &[u64::MAX, 1], "the largest and two");
    macro_rules! all {
        (; f32 f64 $($T:ident)*) => { $(wraps::<$T>();)* };
    }
    elements!(all!);
}
