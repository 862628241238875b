//! The reference itself, on what is written out by hand: the other tests rest on it.

use lanesum::Summation;
use lanesum_testkit::reference::{Number, Pair, axes, blocked, blocked_from, sequential};
use lanesum_testkit::{
    CHUNK, Options, Order, Place, Random, Typed, assert_same, mixed, special, summation, telling,
    with_nans,
};

#[test]
fn a_block_is_the_diagram_of_the_specification() {
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
        assert_same(&blocked(&x), &block, format_args!("by hand"));
    }
}

/// Between blocks and between chunks carries and offsets add up.
#[test]
fn carries_are_flat() {
    let x = mixed::<f64>(1, 3 * CHUNK + 20);
    let sums = blocked(&x);
    let local = |block: usize| blocked(&x[8 * block..][..8]);
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

/// That every element is added exactly once is what integers can prove.
#[test]
fn every_element_is_added_once() {
    let x = mixed::<u64>(2, 2 * CHUNK + 13);
    assert_eq!(blocked(&x), sequential(&x));
    let x = mixed::<i8>(3, 2 * CHUNK + 13);
    assert_eq!(blocked(&x), sequential(&x));
}

/// The reference imports nothing of ours, the constants of the specification included.
#[test]
fn the_constants_are_those_of_the_crate() {
    assert_eq!(CHUNK, lanesum::order::CHUNK);
    assert_eq!(<f32 as Number>::BLOCK, <f32 as lanesum::Element>::BLOCK);
    assert_eq!(<f64 as Number>::BLOCK, <f64 as lanesum::Element>::BLOCK);
    assert_eq!(Order::ALL.map(summation)[0], Summation::default());
}

/// The inputs are worth something only if they tell the orders apart.
#[test]
fn mixed_values_tell_the_orders_apart() {
    for len in [8 * 3, 64, 1000] {
        let x = mixed::<f64>(len as u64, len);
        assert_ne!(blocked(&x), sequential(&x), "length {len}");
    }
}

/// A running sum, written as a loop: the value before the first is added as any other.
#[test]
fn a_sequential_sum_is_a_loop() {
    let x = mixed::<f32>(1, 1000);
    let mut sum = -0.0;
    let expected: Vec<f32> = x
        .iter()
        .map(|x| {
            sum += x;
            sum
        })
        .collect();
    assert_same(&sequential(&x), &expected, format_args!("by hand"));
    let options = Options { initial: Some(0.3), ..Options::none(Order::Sequential) };
    assert_eq!(options.sums(&x)[..2], [0.3 + x[0], 0.3 + x[0] + x[1]]);
}

/// The high parts of the pairs are the sums of `Summation::Blocked`.
#[test]
fn pairs_are_blocked_in_their_high_parts() {
    for seed in 0..50 {
        let x: Vec<f64> = match seed % 2 {
            0 => mixed(seed, CHUNK + 100),
            _ => special(seed, 200),
        };
        let pairs: Vec<Pair> = x.iter().map(|x| Pair::from(*x)).collect();
        let high: Vec<f64> =
            blocked_from(Pair::IDENTITY, &pairs).iter().map(|sum| sum.hi).collect();
        assert_same(&high, &blocked(&x), format_args!("seed {seed}"));
    }
}

/// The pairs by hand: one block, and the carry into the next.
#[test]
fn pairs_add_the_errors() {
    // A half of the last digit of 1.0 is lost in each addition, and found again.
    let half = f64::EPSILON / 2.0;
    let x = [1.0, half, half, half, half, half, half, half, half];
    let sums = f64::plain_sums(Order::Compensated, &x);
    let expected: Vec<f64> = (0..9).map(|k| 1.0 + f64::from(k / 2) * f64::EPSILON).collect();
    // Ties go to the even neighbour: 1 + 3 halves are 1 + 2 epsilon.
    let nearest = |k: i32| match k % 4 {
        3 => 1.0 + f64::from(k / 2 + 1) * f64::EPSILON,
        _ => expected[k as usize],
    };
    for (k, sum) in (0..).zip(&sums) {
        assert_eq!(*sum, nearest(k), "index {k}");
    }
    assert_eq!(<f64 as Number>::BLOCK, 8, "the ninth is in another block");
}

/// The values for compensated sums show where blocks and chunks begin.
#[test]
fn telling_values_tell_the_orders_apart() {
    fn check<T: Typed>() {
        let plain = Options::none(Order::Compensated);
        let x = telling::<T>(1, 2 * CHUNK + 600);
        let sums = T::sums(&plain, &x);
        // Likewise, but with the blocks, or the chunks, beginning a block earlier.
        for begin in [1, 8] {
            let initial = Options { initial: Some(sums[begin - 1]), ..plain };
            let continued = T::sums(&initial, &x[begin..]);
            let differ = |from: usize| {
                let pairs = sums[begin..].iter().zip(&continued).skip(from);
                pairs.filter(|(a, b)| a.bits() != b.bits()).count()
            };
            assert!(differ(0) > 100, "{}, {begin}: {}", T::NAME, differ(0));
            assert!(differ(CHUNK + 8) > 50, "{}, {begin}: {}", T::NAME, differ(CHUNK + 8));
        }
    }
    check::<f32>();
    check::<f64>();
}

/// The inputs are worth something only if each option, and each summation, shows in them.
#[test]
fn every_option_shows() {
    let x = with_nans(mixed::<f64>(1, 100), 1, 5);
    let bits = |options: Options<f64>| -> Vec<u128> {
        options.sums(&x).iter().map(|sum| sum.bits()).collect()
    };
    let every: Vec<_> = Options::every(0.3).collect();
    for (k, a) in every.iter().enumerate() {
        for b in &every[..k] {
            // Both include the initial value, and then `exclusive` asks for nothing.
            let same = a.include_initial && b.include_initial && a.exclusive != b.exclusive;
            // Nor is there much to see after the first NaN.
            if same || !a.skip_nan || !b.skip_nan {
                continue;
            }
            assert_ne!(bits(*a), bits(*b), "{a:?}, {b:?}");
        }
    }
}

/// The examples of NumPy's documentation, and an array written out.
#[test]
fn arrays_are_those_of_numpys_documentation() {
    let sums = |x: &[i64], shape: &[usize], axis| axes::cumsum(x, shape, axis, sequential);
    let x = [1, 2, 3, 4, 5, 6, 7, 8];
    assert_eq!(sums(&x[..6], &[2, 3], None), [1, 3, 6, 10, 15, 21]);
    assert_eq!(sums(&x[..6], &[2, 3], Some(0)), [1, 2, 3, 5, 7, 9]);
    assert_eq!(sums(&x[..6], &[2, 3], Some(1)), [1, 3, 6, 4, 9, 15]);
    assert_eq!(sums(&x, &[2, 2, 2], Some(0)), [1, 2, 3, 4, 6, 8, 10, 12]);
    assert_eq!(sums(&x, &[2, 2, 2], Some(1)), [1, 2, 4, 6, 5, 6, 12, 14]);
    assert_eq!(sums(&x, &[2, 2, 2], Some(2)), [1, 3, 3, 7, 5, 11, 7, 15]);

    assert_eq!(Place::new(6, 5, &[2, 3], &[-3, -1]).positions(), [5, 4, 3, 2, 1, 0]);
    assert_eq!(Place::new(6, 1, &[3, 2], &[0, 4]).positions(), [1, 5, 1, 5, 1, 5]);
}

#[test]
fn options_of_arrays_by_hand() {
    let x = [1i64, 2, 3, 4, 5, 6, 7, 8];
    let none = Options::none(Order::Sequential);
    let sums =
        |options: Options<i64>, axis| axes::cumsum(&x, &[2, 2, 2], axis, |lane| options.sums(lane));
    let include = Options { include_initial: true, ..none };
    assert_eq!(sums(include, Some(0)), [0, 0, 0, 0, 1, 2, 3, 4, 6, 8, 10, 12]);
    assert_eq!(sums(include, Some(1)), [0, 0, 1, 2, 4, 6, 0, 0, 5, 6, 12, 14]);
    assert_eq!(sums(include, Some(2)), [0, 1, 3, 0, 3, 7, 0, 5, 11, 0, 7, 15]);
    assert_eq!(sums(include, None), [0, 1, 3, 6, 10, 15, 21, 28, 36]);
    let reverse = Options { reverse: true, exclusive: true, initial: Some(10), ..none };
    assert_eq!(sums(reverse, Some(1)), [13, 14, 10, 10, 17, 18, 10, 10]);

    assert_eq!(include.result_shape(&[2, 3], Some(1)), [2, 4]);
    assert_eq!(include.result_shape(&[2, 3], None), [7]);
    assert_eq!(include.result_shape(&[], Some(0)), [2]);
    let empty = axes::cumsum(&[], &[0, 2], Some(0), |lane| include.sums(lane));
    assert_eq!(empty, [0, 0]);
}

#[test]
fn overflows_by_hand() {
    let x = [1i8, 2, 3, 100, 60, 100, 100, 60];
    let overflow = |options: Options<i8>, axis| {
        axes::lanes(&[2, 4], axis).iter().enumerate().find_map(|(number, lane)| {
            let lane: Vec<i8> = lane.iter().map(|at| x[*at]).collect();
            Some((number, options.overflow(&lane)?))
        })
    };
    let none = Options::none(Order::Blocked);
    assert_eq!(overflow(none, Some(1)), Some((1, 1)));
    assert_eq!(overflow(none, Some(0)), Some((3, 1)));
    assert_eq!(overflow(none, None), Some((0, 4)));
    let reverse = Options { reverse: true, ..none };
    assert_eq!(overflow(reverse, Some(1)), Some((1, 2)));
    assert_eq!(overflow(reverse, Some(0)), Some((3, 0)));
    assert_eq!(overflow(reverse, None), Some((0, 6)));
    let exclusive = Options { exclusive: true, ..none };
    assert_eq!(overflow(exclusive, Some(0)), None);
    assert_eq!(overflow(exclusive, Some(1)), Some((1, 1)));
    let initial = Options { initial: Some(27), ..exclusive };
    assert_eq!(overflow(initial, Some(0)), None);
    assert_eq!(overflow(Options { initial: Some(28), ..initial }, Some(0)), Some((3, 0)));
}

/// The random numbers are those of Vigna's program, which the golden checksums rest on.
#[test]
fn random_numbers_are_splitmix64() {
    let expected = [6457827717110365317, 3203168211198807973, 9817491932198370423];
    assert!(Random(1234567).take(3).eq(expected));
}
