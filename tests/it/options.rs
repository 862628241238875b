//! Every combination of the options on slices, with every summation and backend, against the reference.

use lanesum::{Backend, Summation, cumsum};
use lanesum_testkit::random::special_among_edges;
use lanesum_testkit::reference::{Number, blocked};
use lanesum_testkit::ways::{self, Ask};
use lanesum_testkit::{
    CHUNK, Case, Options, Order, PIECE, Typed, assert_same, elements, lengths, mixed, special,
    specials, telling, tests, with_nans,
};

/// Checks a slice.
#[track_caller]
fn check<T: Typed>(x: &[T], options: &Options<T>) {
    Case::slice(x.len()).check(x, options);
}

/// Each combination at lengths within the first blocks, and at the edges of what is summed at a time.
fn every_combination<T: Typed + Number>() {
    let block = <T as Number>::BLOCK;
    let mut lengths = lengths(70, &[31 * block, 31 * 16, PIECE, CHUNK]);
    lengths.push(2 * CHUNK + block + 3);
    for len in lengths {
        let values = [mixed::<T>(len as u64, len), telling(len as u64, len)];
        // Without `skip_nan` the first NaN leaves nothing to see.
        let nans = values.clone().map(|x| with_nans(x, 1, 5));
        for options in Options::every(T::mixed(!len as u64)) {
            let values = if options.skip_nan { &nans } else { &values };
            check(&values[usize::from(options.order == Order::Compensated)], &options);
        }
    }
}

/// Each combination on each initial value, with infinities and NaN among the others.
fn special_values<T: Typed>() {
    for (k, initial) in specials::<T>().into_iter().enumerate() {
        for len in [1, 2, 7, 16, 33, 100, PIECE + 1] {
            let all = special::<T>(len as u64, len);
            // Mostly a few additions among others, so that finite sums are seen as well.
            let few = special_among_edges::<T>(k as u64, len, 16);
            for options in Options::every(initial) {
                // Without `initial` each is one case.
                if k > 0 && options.initial.is_none() {
                    continue;
                }
                check(&all, &options);
                check(&few, &options);
            }
        }
    }
}

/// Across blocks and chunks, with -0.0 wherever nothing else is: no fill may be +0.0.
fn one_value_among_zeros<T: Typed + Number>() {
    let zero = <T as Number>::IDENTITY;
    let positions = [0, 1, <T as Number>::BLOCK, PIECE, CHUNK - 1, CHUNK, CHUNK + 9];
    for (k, special) in specials::<T>().into_iter().enumerate() {
        let mut x = vec![zero; CHUNK + 40];
        x[positions[k % positions.len()]] = special;
        for number in (k..96).step_by(7) {
            for initial in [zero, T::ZERO] {
                check(&x, &Options::numbered(number, initial));
            }
        }
    }
}

/// The sums as the crate forms them.
fn sums<T: Typed>(x: &[T], options: &Options<T>, backend: Backend) -> Vec<T> {
    ways::sums(x, None, &Ask { backend: Some(backend), ..Ask::new(options) })
}

/// `reverse` is the sum of the reversed lane, reversed: by the crate alone.
fn reverse_is_a_flip_of_flips<T: Typed>() {
    for len in [0, 1, 2, 16, 31 * 16, PIECE + 1, CHUNK + 1] {
        let x = with_nans(mixed::<T>(len as u64, len), 2, 100);
        let mut flipped = x.clone();
        flipped.reverse();
        for options in Options::every(T::mixed(3)).filter(|options| options.reverse) {
            for backend in Backend::available() {
                let mut expected = sums(&flipped, &Options { reverse: false, ..options }, backend);
                expected.reverse();
                let got = sums(&x, &options, backend);
                assert_same(&got, &expected, format_args!("{backend}, {options:?}"));
            }
        }
    }
}

/// A builder that could have options, and has none, sums as one that has never heard of any.
fn no_options_are_none<T: Typed>() {
    for len in [0, 1, 5, 16, 100, PIECE + 1, CHUNK + 9] {
        for order in Order::ALL {
            let x = mixed::<T>(len as u64, len);
            Case::slice(len).plain(order).spelled().check(&x);
        }
    }
}

tests! {
    elements:
        every_combination
        special_values
        one_value_among_zeros
        reverse_is_a_flip_of_flips
        no_options_are_none
}

/// Asserts it of the crate, by each way of calling and on every backend, and of the reference.
#[track_caller]
fn assert_sums<T: Typed>(x: &[T], options: &Options<T>, expected: &[T]) {
    Case::slice(x.len()).sum(options).check_sums(x, expected);
}

/// What the options mean, written out.
#[test]
fn the_examples_of_the_documentation() {
    for order in Order::ALL {
        let none = Options::none(order);
        let include = Options { include_initial: true, ..none };
        let exclusive = Options { exclusive: true, ..none };
        let x = [1i64, 2, 3];
        assert_sums(&x, &none, &[1, 3, 6]);
        assert_sums(&x, &include, &[0, 1, 3, 6]);
        assert_sums(&x, &exclusive, &[0, 1, 3]);
        assert_sums(&x, &Options { exclusive: true, ..include }, &[0, 1, 3, 6]);
        assert_sums(&x, &Options { initial: Some(10), ..none }, &[11, 13, 16]);
        assert_sums(&x, &Options { initial: Some(10), ..include }, &[10, 11, 13, 16]);
        assert_sums(&x, &Options { initial: Some(10), ..exclusive }, &[10, 11, 13]);
        assert_sums(&x, &Options { reverse: true, ..none }, &[6, 5, 3]);
        assert_sums(&x, &Options { reverse: true, ..include }, &[6, 5, 3, 0]);
        assert_sums(&x, &Options { reverse: true, ..exclusive }, &[5, 3, 0]);
        let from_ten = Options { initial: Some(10), reverse: true, ..none };
        assert_sums(&x, &from_ten, &[16, 15, 13]);
        assert_sums(&x, &Options { exclusive: true, ..from_ten }, &[15, 13, 10]);
        assert_sums(&x, &Options { include_initial: true, ..from_ten }, &[16, 15, 13, 10]);
        assert_sums(&x, &Options { skip_nan: true, ..none }, &[1, 3, 6]);
        let initial = Options { initial: Some(100), ..Options::none(order) };
        assert_sums(&[100i8, 100], &initial, &[-56, 44]);

        assert_sums(&[0i64; 0], &none, &[]);
        assert_sums(&[0i64; 0], &exclusive, &[]);
        assert_sums(&[0i64; 0], &include, &[0]);
        assert_sums(&[0i64; 0], &Options { initial: Some(7), ..include }, &[7]);
    }
}

/// Which zero it is, where NaN goes, and what an initial value does to both.
#[test]
fn zeros_and_nans_by_hand() {
    const NAN: f64 = f64::NAN;
    for order in Order::ALL {
        let none = Options::none(order);
        let include = Options { include_initial: true, ..none };
        let exclusive = Options { exclusive: true, ..none };
        // NumPy's: the one that is included is +0.0, and is not added.
        assert_sums(&[-0.0], &none, &[-0.0]);
        assert_sums(&[-0.0], &include, &[0.0, -0.0]);
        assert_sums(&[-0.0, -0.0], &exclusive, &[0.0, -0.0]);
        assert_sums(&[-0.0, -0.0], &Options { reverse: true, ..include }, &[-0.0, -0.0, 0.0]);
        // One that is given is.
        assert_sums(&[-0.0], &Options { initial: Some(0.0), ..include }, &[0.0, 0.0]);
        assert_sums(&[-0.0], &Options { initial: Some(-0.0), ..include }, &[-0.0, -0.0]);
        assert_sums(&[-0.0, 1.0f64], &Options { initial: Some(-0.0), ..exclusive }, &[-0.0, -0.0]);

        let skip = Options { skip_nan: true, ..none };
        let x = [1.0, NAN, 2.0, -NAN];
        assert_sums(&x, &none, &[1.0, NAN, NAN, NAN]);
        assert_sums(&x, &skip, &[1.0, 1.0, 3.0, 3.0]);
        assert_sums(&x, &Options { reverse: true, ..skip }, &[3.0, 2.0, 2.0, 0.0]);
        assert_sums(&x, &Options { reverse: true, ..none }, &[NAN; 4]);
        // It counts as +0.0, and so ends a run of -0.0.
        assert_sums(&[-0.0, NAN, -0.0], &skip, &[-0.0, 0.0, 0.0]);
        assert_sums(&[NAN, -0.0], &skip, &[0.0, 0.0]);
        // NaN that sums make, and the initial value's own, are not skipped.
        let infinite = [f64::INFINITY, f64::NEG_INFINITY, 1.0];
        assert_sums(&infinite, &skip, &[f64::INFINITY, NAN, NAN]);
        assert_sums(&[1.0, 2.0], &Options { initial: Some(NAN), ..skip }, &[NAN, NAN]);
        // The last of an exclusive sum is not seen.
        assert_sums(&[1.0, NAN], &exclusive, &[0.0, 1.0]);
    }
}

/// The initial value comes first: before the first chunk, not before the first element.
#[test]
fn where_the_initial_value_is_added() {
    let x = mixed::<f64>(5, 2 * CHUNK + 3);
    let plain = blocked(&x);
    let initial = 0.1;
    let sum = |order| {
        let options = Options { initial: Some(initial), ..Options::none(order) };
        sums(&x, &options, Backend::best())
    };
    let expected: Vec<f64> = plain[..CHUNK].iter().map(|sum| initial + sum).collect();
    assert_same(&sum(Order::Blocked)[..CHUNK], &expected, format_args!("blocked"));
    // Then it is part of the offset.
    let offset = initial + plain[CHUNK - 1];
    assert_eq!(sum(Order::Blocked)[CHUNK], offset + x[CHUNK]);

    let sequential = sum(Order::Sequential);
    assert_eq!(sequential[..3], [0.1 + x[0], 0.1 + x[0] + x[1], 0.1 + x[0] + x[1] + x[2]]);
}

/// As by `as`, whatever type it has and whichever comes first, it or the accumulator.
#[test]
fn the_initial_value_is_cast_to_the_accumulator() {
    assert_eq!(cumsum(&[1u8, 2]).dtype::<u8>().initial(300i32).to_vec(), [45, 47]);
    assert_eq!(cumsum(&[1u8, 2]).initial(300i32).dtype::<u8>().to_vec(), [45, 47]);
    assert_eq!(cumsum(&[1i32, 2]).dtype::<i32>().initial(-1.9f64).to_vec(), [0, 2]);
    assert_eq!(
        cumsum(&[1i32, 2]).initial(-1.9f64).dtype::<f64>().to_vec(),
        [-0.8999999999999999, 1.1]
    );
    assert_eq!(cumsum(&[1i16]).dtype::<i16>().initial(f32::NAN).to_vec(), [1]);
    assert_eq!(cumsum(&[1i16]).dtype::<i8>().initial(f64::INFINITY).exclusive().to_vec(), [127]);
    assert_eq!(cumsum(&[0f32]).initial(0.1f64).to_vec(), [0.1f32]);
    assert_eq!(cumsum(&[0f32]).initial(16_777_217i32).exclusive().to_vec(), [16_777_216f32]);
    assert_eq!(cumsum(&[0u64]).initial(-1i8).to_vec(), [u64::MAX]);

    // To the accumulator first, and from there to the output.
    let mut out = [0i64; 3];
    let sum = cumsum(&[1u8, 2]).dtype::<u8>().initial(300i32);
    assert_eq!((sum.include_initial().write_to(&mut out), out), (Ok(()), [44, 45, 47]));
    let mut out = [0f64; 2];
    let sum = cumsum(&[0.5f64, 1.0]).dtype::<f32>().initial(0.1f64).exclusive();
    let expected = [f64::from(0.1f32), f64::from(0.1f32 + 0.5)];
    assert_eq!((sum.write_to(&mut out), out), (Ok(()), expected));
    assert_eq!((sum.reverse().write_to(&mut out), out[1]), (Ok(()), f64::from(0.1f32)));
    let mut data = [0.5f64, 1.0];
    let sum = cumsum(&mut data).dtype::<f32>().initial(0.1f64).exclusive();
    sum.in_place();
    assert_eq!(data, expected);

    // NumPy's accumulator, by the input and the output: the initial value has no say.
    assert_eq!(cumsum(&[1i32, 2]).initial(2.9f64).include_initial().to_vec(), [2i64, 3, 5]);
    assert_eq!(cumsum(&[true, true]).initial(5u8).to_vec(), [6i64, 7]);
    let mut out = [0f64; 2];
    assert_eq!(cumsum(&[1i32, 2]).initial(0.5f32).write_to(&mut out), Ok(()));
    assert_eq!(out, [1.5, 3.5]);
    let mut out = [0i8; 3];
    assert_eq!(cumsum(&[100i8, 100]).initial(100).include_initial().write_to(&mut out), Ok(()));
    assert_eq!(out, [100, -56, 44]);
    let mut data = [1i8, 2];
    cumsum(&mut data).initial(300).exclusive().in_place();
    assert_eq!(data, [44, 45]);
}

/// The last initial value is the one.
#[test]
fn the_order_of_the_calls_does_not_matter() -> Result<(), lanesum::Error> {
    let x = [0.1f32, f32::NAN, 0.7, 0.2];
    let scalar = Backend::by_name("scalar")?;
    let options = Options {
        exclusive: true,
        include_initial: true,
        initial: Some(2.5f32),
        reverse: true,
        skip_nan: true,
        order: Order::Sequential,
    };
    let with = options.sums(&x);
    let sum = cumsum(&x).exclusive().include_initial().initial(2.5f32).reverse().skip_nan();
    let got = sum.summation(Summation::Sequential).axis(0)?.backend(scalar).to_vec();
    assert_same(&got, &with, format_args!("exclusive first"));
    let sum = cumsum(&x).summation(Summation::Sequential).skip_nan().reverse().initial(2.5f32);
    let got = sum.include_initial().exclusive().backend(scalar).dtype::<f32>().to_vec();
    assert_same(&got, &with, format_args!("exclusive last"));
    let sum = cumsum(&x).include_initial().initial(1i8).axis(-1)?.initial(2.5f32).exclusive();
    let got = sum.reverse().summation(Summation::Sequential).skip_nan().dtype::<f32>().to_vec();
    assert_same(&got, &with, format_args!("initial twice"));
    // Twice is once.
    let got = cumsum(&x).reverse().reverse().exclusive().exclusive().skip_nan().skip_nan().to_vec();
    let twice =
        Options { exclusive: true, reverse: true, skip_nan: true, ..Options::none(Order::Blocked) };
    assert_same(&got, &twice.sums(&x), format_args!("each twice"));
    Ok(())
}

/// The output must have room for the sums that are asked for, and else is left as it was.
#[test]
fn outputs_of_another_length_are_refused() {
    for (len, out) in [(3, 3), (3, 5), (0, 0), (0, 2), (CHUNK, CHUNK)] {
        let mut out = vec![7i64; out];
        let error = cumsum(&vec![1i64; len]).include_initial().write_to(&mut out).unwrap_err();
        let (has, needs) = (out.len(), len + 1);
        let text = format!("output of shape ({has},) cannot hold a result of shape ({needs},)");
        assert_eq!(error.to_string(), text);
        assert!(out.iter().all(|x| *x == 7));
    }
    let mut out = [7i64; 4];
    let error = cumsum(&[1i64; 3]).exclusive().write_to(&mut out).unwrap_err();
    let text = "output of shape (4,) cannot hold a result of shape (3,)";
    assert_eq!((error.to_string().as_str(), out), (text, [7; 4]));
}
