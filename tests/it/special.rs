//! Signed zeros, infinities, NaN, subnormals, the largest values, and integers that wrap.
//!
//! Where arithmetic leaves no choice the expected values are written out, and the reference is not
//! asked.

use lanesum_testkit::{CHUNK, Case, Options, Order, Random, Typed, integers, mixed};

const PLAIN: [Order; 2] = [Order::Blocked, Order::Sequential];

/// Lengths within a block, of some blocks, and of some chunks.
const LENGTHS: [usize; 8] = [1, 7, 16, 100, 1025, CHUNK, CHUNK + 1, 3 * CHUNK + 21];

/// Positions at both ends of blocks and of chunks.
const POSITIONS: [usize; 11] =
    [0, 1, 7, 8, 15, 16, 100, CHUNK - 1, CHUNK, CHUNK + 9, 2 * CHUNK + 3];

/// Asserts that every backend sums `x` to `expected`, by each way of calling.
#[track_caller]
fn assert_sums<T: Typed>(x: &[T], order: Order, expected: &[T]) {
    Case::slice(x.len()).plain(order).check_sums(x, expected);
}

/// Asserts the same sums for both summations.
#[track_caller]
fn assert_sums_either_way<T: Typed>(x: &[T], expected: &[T]) {
    PLAIN.into_iter().for_each(|order| assert_sums(x, order, expected));
}

/// Asserts what the reference says, for both summations.
#[track_caller]
fn assert_as_reference<T: Typed>(x: &[T]) {
    let case = Case::slice(x.len());
    PLAIN.into_iter().for_each(|order| case.check(x, &Options::none(order)));
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
                    assert_sums_either_way::<$T>(&x, &x);
                }
            }

            #[test]
            fn one_positive_zero_makes_all_that_follow_positive() {
                for position in POSITIONS {
                    let mut x = vec![-0.0; 3 * CHUNK + 21];
                    x[position] = 0.0;
                    let mut expected = vec![0.0; x.len()];
                    expected[..position].fill(-0.0);
                    assert_sums_either_way::<$T>(&x, &expected);
                }
            }

            /// The offset is then +0.0, which is not the identity: no kernel may leave it out.
            #[test]
            fn a_chunk_that_sums_to_positive_zero_is_not_forgotten() {
                for chunks in [1, 2] {
                    let mut x = vec![-0.0; 3 * CHUNK + 21];
                    x[..chunks * CHUNK].fill(0.0);
                    let expected = vec![0.0; x.len()];
                    assert_sums_either_way::<$T>(&x, &expected);

                    // Without a zero in the first chunk, but for its sum.
                    let mut x = vec![-0.0; 3 * CHUNK + 21];
                    let mut expected = vec![0.0; x.len()];
                    for k in (0..chunks * CHUNK).step_by(2) {
                        (x[k], x[k + 1]) = (1.5, -1.5);
                        expected[k] = 1.5;
                    }
                    assert_sums_either_way::<$T>(&x, &expected);
                    assert_as_reference::<$T>(&x);
                }
            }

            #[test]
            fn opposites_sum_to_positive_zero() {
                assert_sums_either_way::<$T>(&[-0.5, 0.5, -0.0], &[-0.5, 0.0, 0.0]);
            }

            #[test]
            fn infinities_stay_and_opposite_ones_make_nan() {
                for (k, position) in POSITIONS.into_iter().enumerate() {
                    for sign in [1.0, -1.0] {
                        let mut x = mixed::<$T>(k as u64, 2 * CHUNK + 21);
                        x[position] = sign * $T::INFINITY;
                        for order in PLAIN {
                            let mut expected = $T::plain_sums(order, &x[..position]);
                            expected.resize(x.len(), sign * $T::INFINITY);
                            assert_sums(&x, order, &expected);
                        }
                        for second in POSITIONS.into_iter().filter(|second| *second > position) {
                            let mut x = x.clone();
                            x[second] = -sign * $T::INFINITY;
                            for order in PLAIN {
                                let mut expected = $T::plain_sums(order, &x[..position]);
                                expected.resize(second, sign * $T::INFINITY);
                                expected.resize(x.len(), $T::NAN);
                                assert_sums(&x, order, &expected);
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
                        for order in PLAIN {
                            let mut expected = $T::plain_sums(order, &x[..position]);
                            expected.resize(x.len(), $T::NAN);
                            assert_sums(&x, order, &expected);
                        }
                    }
                }
            }

            /// The bits of a float that is `n` times the smallest subnormal are `n`.
            #[test]
            fn subnormals_are_not_flushed() {
                let x = vec![$T::from_bits(1); 3 * CHUNK + 21];
                let expected: Vec<$T> = (1..).take(x.len()).map($T::from_bits).collect();
                assert_sums_either_way(&x, &expected);

                let (x, expected): (Vec<$T>, Vec<$T>) = (x.iter().map(|x| -x).collect(),
                    expected.iter().map(|x| -x).collect());
                assert_sums_either_way(&x, &expected);

                let small = $T::MIN_POSITIVE;
                let x = [1.5 * small, -small, 0.25 * small, small];
                let expected = [1.5 * small, 0.5 * small, 0.75 * small, 1.75 * small];
                assert!(expected[1].is_subnormal(), "the test is about a subnormal difference");
                assert_sums_either_way::<$T>(&x, &expected);

                let x: Vec<$T> = mixed(1, 2 * CHUNK).iter().map(|x: &$T| x * small).collect();
                assert_as_reference(&x);
            }

            /// The total of a group can overflow where the running sum does not, and the reverse.
            #[test]
            fn overflow_follows_the_order() {
                const MAX: $T = $T::MAX;
                const INF: $T = $T::INFINITY;
                let (blocked, sequential) = (Order::Blocked, Order::Sequential);

                let x = [-MAX, 0.0, MAX, MAX];
                assert_sums(&x, sequential, &[-MAX, -MAX, 0.0, MAX]);
                assert_sums(&x, blocked, &[-MAX, -MAX, 0.0, INF]);

                let x = [MAX, 0.0, MAX, -MAX];
                assert_sums(&x, sequential, &[MAX, MAX, INF, INF]);
                assert_sums(&x, blocked, &[MAX, MAX, INF, MAX]);

                for seed in 0..20 {
                    let sign = |bits| if bits & 1 == 0 { 0.4 * MAX } else { -0.4 * MAX };
                    let x: Vec<$T> = Random(seed).take(300).map(sign).collect();
                    assert_as_reference(&x);
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
fn wraps<T: Typed>() {
    for len in LENGTHS {
        for x in [
            // The largest, all ones, and any.
            vec![T::pattern((u64::MAX >> 1 >> (64 - 8 * size_of::<T>())).into()); len],
            vec![T::pattern(u128::MAX); len],
            mixed(len as u64, len),
        ] {
            let mut total = 0u64;
            let mut add = |x: &T| {
                total = total.wrapping_add(x.bits() as u64);
                T::pattern(total.into())
            };
            let expected: Vec<T> = x.iter().map(&mut add).collect();
            assert_sums_either_way(&x, &expected);
        }
    }
}

#[test]
fn integers_wrap() {
    assert_sums_either_way(&[i8::MAX, 1, -1], &[i8::MAX, i8::MIN, i8::MAX]);
    assert_sums_either_way(&[i64::MIN, -1], &[i64::MIN, i64::MAX]);
    assert_sums_either_way(&[u64::MAX, 2], &[u64::MAX, 1]);
    macro_rules! all {
        (; $($T:ident)*) => { $(wraps::<$T>();)* };
    }
    integers!(all!);
}
