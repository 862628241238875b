//! The types that are not plain numbers of up to 64 bits: `i128` and `u128`, `Wrapping`, `bool`, and those of
//! the features `half` and `complex`. In any order, along any axis, with any options, cast from and to others.

use core::num::Wrapping;

use lanesum::{Backend, Element, cumsum};
use lanesum_testkit::{
    CHUNK, Case, Options, Order, PIECE, Random, Style, Typed, axes, lengths, mixed, others, tests,
    with,
};

/// Checks a slice without options, by builders of both types.
#[track_caller]
fn check_plain<T: Typed>(x: &[T], order: Order) {
    let case = Case::slice(x.len());
    case.check(x, &Options::none(order));
    case.plain(order).spelled().check(x);
}

/// Short lengths, and those around registers, blocks, pieces and chunks.
fn every_length<T: Typed>() {
    let mut lengths = lengths(70, &[128, 256, 31 * 16, PIECE, CHUNK, 2 * CHUNK]);
    lengths.push(3 * CHUNK + 1000);
    for len in lengths {
        for order in Order::ALL {
            check_plain(&mixed::<T>(len as u64, len), order);
            check_plain(&with(T::special, (len as u64, len, 50)), order);
            check_plain(&with(T::special, (len as u64, len, 9000)), order);
        }
    }
}

/// Extents around those of registers, short and long rows, and more dimensions, in any layout.
fn every_axis<T: Typed>() {
    let sizes = [1, 2, 3, 4, 5, 8, 9, 16, 17, 33, 70];
    let mut shapes: Vec<Vec<usize>> =
        sizes.into_iter().flat_map(|a| sizes.map(|b| vec![a, b])).collect();
    shapes.extend(
        [[700, 3], [3, 700], [PIECE + 1, 2], [1, PIECE + 9], [2, CHUNK + 1]].map(Vec::from),
    );
    shapes.extend([[CHUNK + 1, 3], [0, 3], [3, 0], [300, 130]].map(Vec::from));
    shapes.extend([vec![], vec![5, 3, 18], vec![3, 17, 4], vec![4, 1, 5, 6], vec![2; 7]]);
    let random = &mut Random(5);
    for shape in shapes {
        let ndim = shape.len();
        for axis in axes(ndim) {
            let [from, to] = [0; 2].map(|_| Style::random(ndim, random));
            let (dense, fortran) = (Style::dense(ndim), Style::fortran(ndim));
            for styles in [[&dense; 2], [&from, &to], [&fortran, &to]] {
                let case = Case::new(&shape, axis, styles);
                let x = case.fill(|seed, len| with(T::special, (seed, len, 2000)));
                let sum = case.plain(random.of(&Order::ALL));
                sum.check(&x);
                sum.spelled().check(&x);
            }
        }
    }
}

/// Any options, of slices and of arrays.
fn every_option<T: Typed>() {
    for seed in 0..400 {
        let random = &mut Random(seed);
        let options = random.options::<T>();
        let lens = [random.below(9), random.below(300), random.below(2000), CHUNK + 100];
        let lens = [Some(lens[random.below(3)]), (seed % 100 == 0).then_some(lens[3])];
        for len in lens.into_iter().flatten() {
            Case::slice(len).check(&random.lane(len, options.skip_nan), &options);
        }
        let ndim = 1 + random.below(3);
        let shape: Vec<usize> = (0..ndim).map(|_| random.below([20, 6][ndim / 3])).collect();
        let [from, to] = [0; 2].map(|_| Style::random(ndim, random));
        let axis = (!random.one_in(4)).then(|| random.below(ndim));
        let case = Case::new(&shape, axis, [&from, &to]);
        let x = case.fill(|seed, len| match options.skip_nan {
            true => with(T::nan, (seed, len, 20)),
            false => with(T::special, (seed, len, 2000)),
        });
        case.check(&x, &options);
    }
}

tests! {
    others:
    every_length
    every_axis
    every_option
}

/// The greatest and the least: one more is the other.
#[test]
fn wraps_at_128_bits() {
    let next = |x: &[i128]| cumsum(x).to_vec();
    assert_eq!(next(&[i128::MAX, 1, -1]), [i128::MAX, i128::MIN, i128::MAX]);
    assert_eq!(cumsum(&[u128::MAX, 1, 1]).to_vec(), [u128::MAX, 0, 1]);
    for len in [40, 2 * CHUNK + 5] {
        check_plain(&vec![i128::MAX; len], Order::Blocked);
        check_plain(&vec![i128::MIN; len], Order::Sequential);
        check_plain(&vec![u128::MAX; len], Order::Compensated);
    }
    // Far beyond 64 bits, without a wrap.
    assert_eq!(cumsum(&[u64::MAX; 3]).dtype::<u128>().to_vec()[2], 3 * u128::from(u64::MAX));
    let mut out = [0i128; 3];
    cumsum(&[u64::MAX; 3]).write_to(&mut out).expect("equal lengths");
    assert_eq!(out[2], 3 * i128::from(u64::MAX));
    // No float is in between, which would lose the last digits.
    let large = 1i128 << 100;
    assert_eq!(cumsum(&[1i128, 1]).initial(large).to_vec(), [large + 1, large + 2]);
    assert_eq!(cumsum(&[1u128]).initial(u128::MAX - 1).to_vec(), [u128::MAX]);
    assert_eq!(cumsum(&[0i128]).initial(-large - 1).to_vec(), [-large - 1]);
}

/// Where checked sums of 128 bits leave their type.
#[test]
fn overflows_at_128_bits() {
    fn check<T: Typed>(x: &[T], expected: Option<usize>) {
        let sum = Case::slice(x.len()).plain(Order::Blocked).checked().check(x);
        assert_eq!(sum, expected.map(|index| (0, index)), "{}", T::NAME);
    }
    for len in [2, 3, 70, PIECE + 9, CHUNK + 9] {
        for at in [1, 2, 17, len / 2, len - 1] {
            let mut x = vec![0i128; len];
            (x[0], x[at.min(len - 1)]) = (i128::MAX - 5, 5);
            check(&x, None);
            x[at.min(len - 1)] = 6;
            check(&x, Some(at.min(len - 1)));
            x[0] = i128::MIN + 7;
            x[at.min(len - 1)] = -8;
            check(&x, Some(at.min(len - 1)));
            let mut x = vec![0u128; len];
            (x[0], x[at.min(len - 1)]) = (u128::MAX - 5, 5);
            check(&x, None);
            x[at.min(len - 1)] = 6;
            check(&x, Some(at.min(len - 1)));
            check(&x.iter().map(|x| Wrapping(*x)).collect::<Vec<_>>(), None);
        }
    }
}

/// All ten: what is summed in when nothing is said, and that no wrap is an overflow.
macro_rules! every_wrapping {
    ($($T:ident)*) => {
        $({
            let x = [Wrapping($T::MAX), Wrapping(1), Wrapping(2)];
            let sums = [x[0], x[0] + x[1], x[0] + x[1] + x[2]];
            let vec: Vec<Wrapping<$T>> = cumsum(&x).to_vec();
            assert_eq!(vec, sums);
            assert_eq!(cumsum(&x).checked().to_vec(), Ok(vec));
            let mut data = x;
            cumsum(&mut data).in_place();
            assert_eq!(data, sums);
            let mut out = [0; 3];
            cumsum(&x).write_to(&mut out).expect("equal lengths");
            assert_eq!(out.map(Wrapping), sums);
            let mut wrapping = x;
            cumsum(&x.map(|x| x.0)).write_to(&mut wrapping).expect("equal lengths");
            assert_eq!(wrapping, sums);
            assert_eq!(<Wrapping<$T>>::cast_from(-1.5f64), Wrapping(-1.5 as $T));
        })*
    };
}

#[test]
fn wrapping() {
    every_wrapping!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);
    check_plain(&mixed::<Wrapping<u128>>(1, 100), Order::Blocked);
    check_plain(&mixed::<Wrapping<u64>>(1, CHUNK + 100), Order::Blocked);
}

/// Sums are "or", and whatever is written is a `bool`: no byte but 0 and 1.
#[test]
fn bool_is_or() {
    assert_eq!(cumsum(&[true, true]).to_vec(), [1i64, 2]);
    let mut out = [true; 4];
    cumsum(&[false, true, false, true]).write_to(&mut out).expect("equal lengths");
    assert_eq!(out, [false, true, true, true]);
    assert_eq!(cumsum(&[0i64, 5, -5]).dtype::<bool>().to_vec(), [false, true, true]);
    // Sums of integers, and then a cast.
    let mut out = [false; 3];
    cumsum(&[1i64, -1, 7]).write_to(&mut out).expect("equal lengths");
    assert_eq!(out, [true, false, true]);
    assert_eq!(cumsum(&[-0.0f32, f32::NAN, 0.0]).dtype::<bool>().to_vec(), [false, true, true]);
    assert_eq!(cumsum(&[f32::NAN, 0.0]).dtype::<bool>().to_vec(), [true, true]);
    let mut data = [-0.0f64, 0.0, f64::NAN, 0.0];
    cumsum(&mut data).dtype::<bool>().in_place();
    assert_eq!(data.map(f64::to_bits), [0.0, 0.0, 1.0, 1.0f64].map(f64::to_bits));
    let mut data = [0u64, 1 << 40, 0];
    cumsum(&mut data).dtype::<bool>().in_place();
    assert_eq!(data, [0, 1, 1]);
    assert_eq!(cumsum(&[false]).initial(2i32).to_vec(), [2i64]);
    assert_eq!(cumsum(&[false]).dtype::<bool>().initial(2i32).to_vec(), [true]);
    assert_eq!(cumsum(&[true; 2]).dtype::<bool>().exclusive().to_vec(), [false, true]);
    assert_eq!(cumsum(&[true; 300]).dtype::<bool>().checked().to_vec(), Ok(vec![true; 300]));

    for backend in Backend::available() {
        for at in [0, 1, 63, 64, 65, 500, CHUNK, CHUNK + 700] {
            let mut x = vec![false; CHUNK + 701];
            x[at] = true;
            let expected: Vec<u8> = (0..x.len()).map(|k| (k >= at).into()).collect();
            let sums = cumsum(&x).dtype::<bool>().backend(backend).to_vec();
            assert_eq!(bytemuck::cast_slice::<bool, u8>(&sums), expected, "{backend}, at {at}");
            let integers: Vec<u32> = x.iter().map(|x| u32::from(*x) << 31).collect();
            let sum = cumsum(&integers).dtype::<u32>().backend(backend);
            sum.write_to(&mut x).expect("equal lengths");
            assert_eq!(bytemuck::cast_slice::<bool, u8>(&x), expected, "{backend}, at {at}");
        }
    }
}

#[cfg(feature = "half")]
mod halves {
    use half::{bf16, f16};
    use lanesum::View;

    use lanesum_testkit::{assert_same, cast, cast_all};

    use super::*;
    use crate::casts::anything;

    /// Casts each value, once by itself and once among others: as the only ones of their lanes.
    #[track_caller]
    fn check_each<T: Typed, A: Typed>(x: &[T], expected: &[A], backend: Backend) {
        let got: Vec<A> = x.iter().map(|x| A::cast_from(*x)).collect();
        assert_same(&got, expected, format_args!("each of {}", T::NAME));
        let view = View::new(x, &[1, x.len()]).expect("a view");
        let sum = cumsum(&view).axis(0).expect("an axis").backend(backend);
        let what = format_args!("{backend}, row of {}", T::NAME);
        assert_same(&sum.dtype::<A>().to_vec(), expected, what);
        // And the output, with other elements between.
        let style = Style { gap: 1, steps: vec![1, 2], ..Style::dense(2) };
        let place = style.place(&[1, x.len()]);
        let mut out = place.guards::<A>();
        sum.dtype::<T>().write_to(place.view_mut(&mut out)).expect("the shape of the result");
        assert_same(&place.gather(&out), expected, what);
    }

    /// From this type all casts are exact. To it: the values themselves, what lies in the middle between
    /// two of them, and right beside the middle.
    fn every_value<T: Typed + Into<f64>>() {
        let value = |bits: u128| T::pattern(bits);
        let all: Vec<T> = (0..=0xffff).map(value).collect();
        let wide: Vec<f64> = all.iter().map(|x| (*x).into()).collect();
        let middles = wide.windows(2).filter(|pair| pair[0].is_finite() && pair[1].is_finite());
        let middles: Vec<f64> = middles.map(|pair| (pair[0] + pair[1]) / 2.0).collect();
        let beside =
            middles.iter().flat_map(|x| [-1, 0, 1].map(|d| x.to_bits().wrapping_add_signed(d)));
        let doubles: Vec<f64> = beside.map(f64::from_bits).collect();
        let beside = middles.iter().map(|x| *x as f32);
        let beside = beside.flat_map(|x| [-1, 0, 1].map(|d| x.to_bits().wrapping_add_signed(d)));
        let singles: Vec<f32> = beside.map(f32::from_bits).collect();
        for backend in Backend::available() {
            check_each(&all, &wide, backend);
            check_each(&all, &wide.iter().map(|x| *x as f32).collect::<Vec<_>>(), backend);
            check_each(&all, &wide.iter().map(|x| *x as i64).collect::<Vec<_>>(), backend);
            check_each(&wide, &all, backend);
            let expected: Vec<T> = cast_all(&doubles);
            check_each(&doubles, &expected, backend);
            let expected: Vec<T> = cast_all(&singles);
            check_each(&singles, &expected, backend);
        }
    }

    #[test]
    fn every_value_of_f16() {
        every_value::<f16>();
        let all: Vec<f16> = (0..=0xffff).map(f16::from_bits).collect();
        let others: Vec<bf16> = cast_all(&all);
        check_each(&all, &others, Backend::best());
    }

    #[test]
    fn every_value_of_bf16() {
        every_value::<bf16>();
        let all: Vec<bf16> = (0..=0xffff).map(bf16::from_bits).collect();
        let others: Vec<f16> = cast_all(&all);
        check_each(&all, &others, Backend::best());
    }

    /// An integer that is too long for `f64` is rounded once too.
    fn integers<T: Typed>() {
        fn check<I: Typed, T: Typed>() {
            let beside = (0..62).flat_map(|k| [(1u64 << k) - 1, 1 << k, (1 << k) + 1]);
            // A middle between two values of eight digits, and a 1 that `f64` has no place for.
            let beside = beside.chain((0..54).map(|k| (0x101 << k) + 1));
            let beside = beside.map(|x| I::pattern(u128::from(x) | u128::from(x) << 64));
            let x: Vec<I> = anything::<I>(3000).into_iter().chain(beside).collect();
            check_each(&x, &cast_all::<I, T>(&x), Backend::best());
        }
        check::<i64, T>();
        check::<u32, T>();
        check::<i128, T>();
    }

    #[test]
    fn integers_to_f16() {
        integers::<f16>();
    }

    #[test]
    fn integers_to_bf16() {
        integers::<bf16>();
    }

    /// A half of the last digit is lost, unless there is a digit behind it.
    #[test]
    fn sums_are_rounded_once() {
        fn check<T: Typed>(x: [f32; 3], order: Order, expected: [f32; 3]) {
            let (x, expected) = (x.map(cast::<f32, T>), expected.map(cast::<f32, T>));
            Case::slice(3).plain(order).check_sums(&x, &expected);
            let steps = Style { steps: vec![2], ..Style::dense(1) };
            Case::new(&[3], None, [&steps; 2]).plain(order).check_sums(&x, &expected);
        }
        let power = |n: i32| 2f32.powi(n);
        for order in Order::ALL {
            let last = if order == Order::Sequential { 1.0 } else { 1.0 + power(-7) };
            check::<bf16>([1.0, power(-8), power(-23)], order, [1.0, 1.0, last]);
            // More digits than `f32` has.
            let last = if order == Order::Compensated { 1.0 + power(-7) } else { 1.0 };
            check::<bf16>([1.0, power(-8), power(-45)], order, [1.0, 1.0, last]);
            let last = if order == Order::Sequential { 1.0 } else { 1.0 + power(-10) };
            check::<f16>([1.0, power(-11), power(-23)], order, [1.0, 1.0, last]);
            let last = if order == Order::Compensated { 1.0 + power(-10) } else { 1.0 };
            check::<f16>([1.0, power(-11), power(-24)], order, [1.0, 1.0, last]);
        }
    }
}

#[cfg(feature = "complex")]
mod complex {
    use lanesum_testkit::assert_same;
    use num_complex::Complex;

    use super::*;

    /// It is the real part that is zero or not.
    #[test]
    fn truth() {
        let x = [(-0.0, 2.0), (0.0, 0.0), (1.0, 0.0)].map(|(re, im)| Complex::new(re, im));
        assert_eq!(cumsum(&x).dtype::<bool>().to_vec(), [false, false, true]);
        let mut out = [true; 3];
        cumsum(&x).write_to(&mut out).expect("equal lengths");
        assert_eq!(out, [false, false, true]);
        assert_eq!(x.map(bool::cast_from), [false, false, true]);
        let sums: Vec<Complex<f64>> = cumsum(&[false, true]).dtype().to_vec();
        assert_same(&sums, &[Complex::ZERO, Complex::ONE], format_args!("of bool"));
    }

    /// The parts are not mixed: an infinity or a NaN in one is none in the other, nor is a zero's sign.
    #[test]
    fn parts_are_apart() {
        let (infinity, nan) = (f64::INFINITY, f64::NAN);
        let x = [(-0.0, 1.0), (infinity, -0.0), (1.0, nan), (-infinity, 2.0)];
        let sums = [(-0.0, 1.0), (infinity, 1.0), (infinity, nan), (nan, nan)];
        let numbers = |x: [(f64, f64); 4]| x.map(|(re, im)| Complex::new(re, im));
        let what = format_args!("by hand");
        assert_same(&cumsum(&numbers(x)).to_vec(), &numbers(sums), what);
        // Each part of the initial value is added to its own.
        let reals = x.map(|(re, _)| re);
        let sum = cumsum(&reals).dtype().initial(Complex::new(1.0, -2.0)).exclusive();
        let sums = [(1.0, -2.0), (1.0, -2.0), (infinity, -2.0), (infinity, -2.0)];
        assert_same(&sum.to_vec(), &numbers(sums), what);
        // A number of which a part is NaN is skipped as a whole, as in NumPy.
        let x = numbers([(nan, -0.0), (-0.0, 1.0), (2.0, nan), (3.0, 4.0)]);
        let sums = [(0.0, 0.0), (0.0, 1.0), (0.0, 1.0), (3.0, 5.0)];
        assert_same(&cumsum(&x).skip_nan().to_vec(), &numbers(sums), what);
        let reals = sums.map(|(re, _)| re);
        let mut out = [7.0; 4];
        cumsum(&x).dtype::<Complex<f64>>().skip_nan().write_to(&mut out).expect("equal lengths");
        assert_same(&out, &reals, format_args!("the real parts of the sums"));
        let view = lanesum::View::new(&x, &[4, 1]).expect("a view");
        let sum = cumsum(&view).axis(0).expect("an axis").dtype::<Complex<f64>>().skip_nan();
        let out_view = lanesum::ViewMut::new(&mut out, &[4, 1]).expect("a view");
        sum.write_to(out_view).expect("the shape of the result");
        assert_same(&out, &reals, format_args!("the real parts along an axis"));
    }
}
