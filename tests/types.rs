//! The types that are not plain numbers of up to 64 bits: `i128` and `u128`, `Wrapping`, `bool`, and those of
//! the features `half` and `complex`. In any order, along any axis, with any options, cast from and to others.

mod common;
#[path = "common/types.rs"]
mod types;
#[path = "common/ways.rs"]
mod ways;

use core::num::Wrapping;

use common::options::summation;
use common::reference::options::Order;
use common::strided::{Style, along};
use common::{CHUNK, PIECE, inputs};
use lanesum::{Backend, Element, Error, cumsum};
use types::{Dice, Typed, assert_same, guard, mixed, plain, sums_along, with};
use ways::{check_array, check_plain, check_slice, to_vec};

/// `tests!(name a b)` is a module of tests: the function `name` for each of the types.
macro_rules! tests {
    ($($test:ident)*) => {
        $(mod $test {
            tests!(@ $test i128, i128);
            tests!(@ $test u128, u128);
            tests!(@ $test wrapping, core::num::Wrapping<i16>);
            tests!(@ $test bool, bool);
            #[cfg(feature = "half")]
            tests!(@ $test f16, half::f16);
            #[cfg(feature = "half")]
            tests!(@ $test bf16, half::bf16);
            #[cfg(feature = "complex")]
            tests!(@ $test complex_f32, num_complex::Complex<f32>);
            #[cfg(feature = "complex")]
            tests!(@ $test complex_f64, num_complex::Complex<f64>);
        })*
    };
    (@ $test:ident $name:ident, $T:ty) => {
        #[test]
        fn $name() {
            super::$test::<$T>();
        }
    };
}

/// Short lengths, and those around registers, blocks, pieces and chunks.
fn every_length<T: Typed>() {
    let mut lengths: Vec<usize> = (0..=70).collect();
    for edge in [128, 256, 31 * 16, PIECE, CHUNK, 2 * CHUNK] {
        lengths.extend([edge - 1, edge, edge + 1]);
    }
    lengths.push(3 * CHUNK + 1000);
    for len in lengths {
        for order in Order::ALL {
            check_plain(&mixed::<T>(len as u64, len), order);
            check_plain(&with(T::special, (len as u64, len, 50)), order);
            check_slice(&with(T::special, (len as u64, len, 9000)), &plain(order));
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
    let dice = &mut Dice::new(5);
    for shape in shapes {
        let ndim = shape.len();
        for axis in (0..ndim).map(Some).chain([None]) {
            let (from, to) = (Style::random(ndim, &mut dice.0), Style::random(ndim, &mut dice.0));
            let (dense, fortran) = (Style::dense(ndim), Style::fortran(ndim));
            for styles in [[&dense; 2], [&from, &to], [&fortran, &to]] {
                check_array::<T>(&shape, axis, styles, &plain(dice.of(&Order::ALL)));
            }
        }
    }
}

/// Any options, of slices and of arrays.
fn every_option<T: Typed>() {
    for seed in 0..400 {
        let dice = &mut Dice::new(seed);
        let options = dice.options::<T>();
        let len = [dice.below(9), dice.below(300), dice.below(2000)][dice.below(3)];
        check_slice(&dice.lane(len, &options), &options);
        if seed % 100 == 0 {
            check_slice(&dice.lane(CHUNK + 100, &options), &options);
        }
        let ndim = 1 + dice.below(3);
        let shape: Vec<usize> = (0..ndim).map(|_| dice.below([20, 6][ndim / 3])).collect();
        let (from, to) = (Style::random(ndim, &mut dice.0), Style::random(ndim, &mut dice.0));
        let axis = (!dice.one_in(4)).then(|| dice.below(ndim));
        check_array::<T>(&shape, axis, [&from, &to], &options);
    }
}

tests! {
    every_length
    every_axis
    every_option
}

/// A cast to `A` before the sum, one to `A` after it, and one to `A` and back; `to` and `back` are the casts.
#[track_caller]
fn check_casts<T: Typed, A: Typed>(to: fn(T) -> A, back: fn(A) -> T) {
    for seed in 0..40u64 {
        let dice = &mut Dice::new(seed);
        let len = [dice.below(20), dice.below(300), PIECE + dice.below(1200)][seed as usize % 3];
        let x = match seed % 2 {
            0 => with(T::special, (seed, len, [1, 40, 1000][seed as usize % 3])),
            _ => dice.0.by_ref().take(len).map(T::small).collect(),
        };
        let cast: Vec<A> = x.iter().copied().map(&to).collect();
        let options =
            if seed % 4 < 2 { plain(Order::ALL[seed as usize % 3]) } else { dice.options() };
        let (shape, axis) = ([len / 3, 3], Some(dice.below(2)));
        let backend = dice.backend();
        let what = format_args!("{backend}, {} to {}, {options:?}, seed {seed}", T::NAME, A::NAME);

        let sum = cumsum(&x).dtype::<A>().backend(backend);
        assert_same(&to_vec(sum, &options), &A::sums(&options, &cast), what);
        // Short rows and the columns of them, with gaps.
        let style = Style { gap: dice.below(2), ..Style::random(2, &mut dice.0) };
        let place = style.place(&shape);
        let mut memory = vec![guard::<T>(); place.len];
        place.scatter(&x[..len / 3 * 3], &mut memory);
        let view = place.view(&memory);
        let sum =
            along(cumsum(&view).dtype::<A>(), axis.map(|axis| axis as isize)).backend(backend);
        let (sums, _) =
            sums_along(&cast[..len / 3 * 3], &shape, axis, &|lane| A::sums(&options, lane));
        assert_same(&to_vec(sum, &options), &sums, format_args!("{shape:?}, {axis:?}, {what}"));

        let order = Order::ALL[seed as usize % 3];
        let sum = cumsum(&x).dtype::<T>().summation(summation(order)).backend(backend);
        let expected: Vec<A> = T::sums(&plain(order), &x).into_iter().map(&to).collect();
        let mut out = vec![guard::<A>(); len];
        sum.write_to(&mut out).expect("equal lengths");
        assert_same(&out, &expected, format_args!("{order:?}, output, {what}"));

        let mut data = x.clone();
        let expected: Vec<T> = A::sums(&plain(order), &cast).into_iter().map(&back).collect();
        let sum = cumsum(&mut data).dtype::<A>().summation(summation(order));
        sum.backend(backend).in_place();
        assert_same(&data, &expected, format_args!("{order:?}, in place, {what}"));
    }
}

#[test]
fn casts_of_128_bits() {
    check_casts::<i128, f64>(|x| x as f64, |x| x as i128);
    check_casts::<f32, u128>(|x| x as u128, |x| x as f32);
    check_casts::<i64, u128>(|x| x as u128, |x| x as i64);
    check_casts::<u128, i128>(|x| x as i128, |x| x as u128);
    check_casts::<i128, bool>(|x| x != 0, i128::from);
}

/// NaN is not zero.
#[test]
fn casts_of_bool() {
    check_casts::<f32, bool>(|x| x != 0.0, |x| u8::from(x).into());
    check_casts::<i32, bool>(|x| x != 0, i32::from);
    check_casts::<bool, f32>(|x| u8::from(x).into(), |x| x != 0.0);
    #[cfg(feature = "half")]
    check_casts::<half::f16, bool>(|x| x != half::f16::ZERO, |x| half::f16::from(u8::from(x)));
}

#[test]
fn casts_of_wrapping() {
    check_casts::<Wrapping<i32>, i32>(|x| x.0, Wrapping);
    check_casts::<f64, Wrapping<i32>>(|x| Wrapping(x as i32), |x| x.0.into());
    check_casts::<Wrapping<i32>, Wrapping<u8>>(|x| Wrapping(x.0 as u8), |x| Wrapping(x.0.into()));
}

/// Values of any kind and size: a random number of random bits, at any place.
fn anything<T: Typed>(len: usize) -> Vec<T> {
    let dice = &mut Dice::new(3);
    let mut bits = || (dice.bits() >> dice.below(64)) << (dice.below(3) * 20);
    let random = (0..len).map(|k| T::any(if k % 2 == 0 { [bits(), bits()] } else { [bits(); 2] }));
    let ends = [0, 1, 1 << 63, u64::MAX, u64::MAX >> 1, u64::MAX << 1];
    random.chain(ends.into_iter().flat_map(|a| ends.map(|b| T::any([a, b])))).collect()
}

/// Every pair of types of which one has 128 bits.
macro_rules! cast_from_each {
    ($U:ident; bool $($T:ident)*) => {
        $(
            let expected: Vec<$U> = anything::<$T>(3000).into_iter().map(|x| x as $U).collect();
            let got: Vec<$U> = anything::<$T>(3000).into_iter().map($U::cast_from).collect();
            assert_same(&got, &expected, format_args!("from {}", stringify!($T)));
            let expected: Vec<$T> = anything::<$U>(3000).into_iter().map(|x| x as $T).collect();
            let got: Vec<$T> = anything::<$U>(3000).into_iter().map($T::cast_from).collect();
            assert_same(&got, &expected, format_args!("from {}", stringify!($U)));
        )*
        assert_eq!([false, true].map($U::cast_from), [0, 1]);
    };
}

#[test]
fn every_cast_of_128_bits() {
    inputs!(cast_from_each! i128);
    inputs!(cast_from_each! u128);
    assert_eq!(
        (f32::cast_from(u128::MAX), f64::cast_from(i128::MIN)),
        (2f32.powi(128), -2f64.powi(127))
    );
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
        for backend in Backend::available() {
            let sum = cumsum(x).dtype::<T>().backend(backend);
            let error = expected.map_or(Ok(()), |index| Err(Error::Overflow { lane: 0, index }));
            assert_eq!(sum.checked().to_vec().map(|_| ()), error, "{backend}, {}", T::NAME);
            let mut data = x.to_vec();
            let result = cumsum(&mut data).dtype::<T>().backend(backend).checked().in_place();
            assert_eq!(result, error, "{backend}, {}", T::NAME);
            if expected.is_some() {
                assert_same(&data, x, format_args!("{backend}: as it was"));
            }
        }
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
    check_slice(&mixed::<Wrapping<u128>>(1, 100), &plain(Order::Blocked));
    check_slice(&mixed::<Wrapping<u64>>(1, CHUNK + 100), &plain(Order::Blocked));
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

    use super::types::halves::{Half, rounded, rounded_integer};
    use super::*;

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
        let mut out = vec![guard::<A>(); place.len];
        sum.dtype::<T>().write_to(place.view_mut(&mut out)).expect("the shape of the result");
        assert_same(&place.gather(&out), expected, what);
    }

    /// From this type all casts are exact. To it: the values themselves, what lies in the middle between
    /// two of them, and right beside the middle.
    fn every_value<T: Half + Into<f64>>() {
        let value = |bits: u64| T::any([bits, 0]);
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
            let expected: Vec<T> = doubles.iter().map(|x| rounded(*x)).collect();
            check_each(&doubles, &expected, backend);
            let expected: Vec<T> = singles.iter().map(|x| rounded((*x).into())).collect();
            check_each(&singles, &expected, backend);
        }
    }

    #[test]
    fn every_value_of_f16() {
        every_value::<f16>();
        let all: Vec<f16> = (0..=0xffff).map(f16::from_bits).collect();
        let others: Vec<bf16> = all.iter().map(|x| rounded((*x).into())).collect();
        check_each(&all, &others, Backend::best());
    }

    #[test]
    fn every_value_of_bf16() {
        every_value::<bf16>();
        let all: Vec<bf16> = (0..=0xffff).map(bf16::from_bits).collect();
        let others: Vec<f16> = all.iter().map(|x| rounded((*x).into())).collect();
        check_each(&all, &others, Backend::best());
    }

    /// An integer that is too long for `f64` is rounded once too.
    fn integers<T: Half>() {
        fn check<I: Typed, T: Half>(integer: impl Fn(I) -> i128) {
            let beside = (0..62).flat_map(|k| [(1u64 << k) - 1, 1 << k, (1 << k) + 1]);
            // A middle between two values of eight digits, and a 1 that `f64` has no place for.
            let beside = beside.chain((0..54).map(|k| (0x101 << k) + 1)).map(|x| I::any([x, x]));
            let x: Vec<I> = anything::<I>(3000).into_iter().chain(beside).collect();
            let expected: Vec<T> = x.iter().map(|x| rounded_integer(integer(*x))).collect();
            check_each(&x, &expected, Backend::best());
        }
        check::<i64, T>(i128::from);
        check::<u32, T>(i128::from);
        check::<i128, T>(|x| x);
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
        fn check<T: Half>(x: [f32; 3], order: Order, expected: [f32; 3]) {
            let (x, expected) = (x.map(T::of), expected.map(T::of));
            let options = plain(order);
            assert_same(&T::sums(&options, &x), &expected, format_args!("the reference"));
            check_plain(&x, order);
            check_slice(&x, &options);
            let steps = Style { steps: vec![2], ..Style::dense(1) }.place(&[3]);
            let mut memory = [guard::<T>(); 5];
            steps.scatter(&x, &mut memory);
            cumsum(steps.view_mut(&mut memory)).dtype::<T>().summation(summation(order)).in_place();
            assert_same(&steps.gather(&memory), &expected, format_args!("{order:?}, every other"));
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

    #[test]
    fn casts() {
        check_casts::<f16, f32>(f32::from, |x| rounded(x.into()));
        check_casts::<f64, f16>(rounded, f64::from);
        check_casts::<i32, bf16>(|x| rounded_integer(x.into()), |x| f32::from(x) as i32);
        check_casts::<bf16, f16>(|x| rounded(x.into()), |x| rounded(x.into()));
    }
}

#[cfg(feature = "complex")]
mod complex {
    use num_complex::Complex;

    use super::*;

    #[test]
    fn casts() {
        check_casts::<f32, Complex<f64>>(|x| Complex::new(x.into(), 0.0), |x| x.re as f32);
        check_casts::<Complex<f64>, i32>(|x| x.re as i32, |x| Complex::new(x.into(), 0.0));
        let narrow = |x: Complex<f64>| Complex::new(x.re as f32, x.im as f32);
        let wide = |x: Complex<f32>| Complex::new(x.re.into(), x.im.into());
        check_casts::<Complex<f64>, Complex<f32>>(narrow, wide);
        #[cfg(feature = "half")]
        check_casts::<Complex<f32>, half::f16>(
            |x| types::halves::rounded(x.re.into()),
            |x| Complex::new(x.into(), 0.0),
        );
    }

    /// It is the real part that is zero or not.
    #[test]
    fn truth() {
        check_casts::<Complex<f32>, bool>(
            |x| x.re != 0.0,
            |x| Complex::new(u8::from(x).into(), 0.0),
        );
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
