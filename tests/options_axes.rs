//! The options along every axis of arrays of every layout, on every backend, against the reference.
//!
//! The arrays lie among other values, and what a sum leaves alone is compared as well.

mod common;

use common::casts::{As, Source};
use common::options::{
    Accumulator, Arrays, in_place, of_lanes, specials, telling, to_vec, with_nans, write_to,
};
use common::reference::options::{Options, Order};
use common::strided::{Case, Style, along, guard};
use common::{CHUNK, Number, PIECE, Random, Value, assert_same_bits, elements, mixed};
use lanesum::{Backend, View, ViewMut, cumsum};

/// Each axis, and none.
fn axes(ndim: usize) -> impl Iterator<Item = Option<usize>> {
    (0..ndim).map(Some).chain([None])
}

/// Checks the case with so many of the combinations, beginning with another in every call.
fn check<T: Accumulator>(case: &Case<'_>, combinations: usize, turn: &mut usize) {
    let plain = Arrays::new(case, mixed::<T>);
    let nans = Arrays::new(case, |seed, len| with_nans(mixed::<T>(seed, len), 3, 5));
    // Those that tell more have to be different at each place.
    let can_tell = !T::EXACT && case.from.repeated == 0 && !case.from.windows;
    let telling = can_tell.then(|| {
        let x = of_lanes(case.shape, case.axis, telling::<T>);
        [Arrays::of(case, x.clone()), Arrays::of(case, with_nans(x, 3, 5))]
    });
    for _ in 0..combinations {
        // Has no divisor in common with 96, and so comes to all of them.
        *turn += 37;
        let options = Options::numbered(*turn % 96, T::mixed(*turn as u64 * 77));
        let [plain, nans] = match &telling {
            Some([plain, nans]) if options.order == Order::Compensated => [plain, nans],
            _ => [&plain, &nans],
        };
        if options.skip_nan { nans } else { plain }.check(&options);
    }
}

/// Small arrays of up to three dimensions, dense in either order, with all combinations of options.
fn every_combination<T: Accumulator>() {
    let shapes: [&[usize]; 6] = [&[37], &[17, 9], &[9, 33], &[6, 1], &[3, 18, 2], &[2, 5, 17]];
    let mut turn = T::NAME.len();
    for shape in shapes {
        let (dense, fortran) = (Style::dense(shape.len()), Style::fortran(shape.len()));
        for axis in axes(shape.len()) {
            check::<T>(&Case { shape, axis, from: &dense, to: &dense }, 96, &mut turn);
            if shape.len() > 1 {
                check::<T>(&Case { shape, axis, from: &fortran, to: &fortran }, 96, &mut turn);
            }
        }
    }
}

/// Each axis stepped, reversed and repeated in its turn, in either order of the axes.
fn every_layout<T: Accumulator>() {
    let shapes: [&[usize]; 4] = [&[37], &[9, 17], &[19, 6], &[5, 3, 18]];
    let mut turn = T::NAME.len() * 7;
    for shape in shapes {
        let ndim = shape.len();
        for variation in 0..9 * ndim {
            let plain = [Style::dense(ndim), Style::fortran(ndim)];
            let mut from = plain[variation % 2].clone();
            let mut to = plain[variation / 2 % 2].clone();
            let (variation, at) = (variation % 9, variation / 9);
            match variation {
                0 => {}
                1 => (from.reversed, to.reversed) = ((1 << ndim) - 1, 1 << at),
                2 => (from.reversed, to.reversed) = (1 << at, (1 << ndim) - 1),
                3 => (from.steps[at], to.steps[(at + 1) % ndim]) = (2, 3),
                4 => (from.steps[at], to.gap) = (3, 2),
                5 => from.repeated = 1 << at,
                6 => from.repeated = (1 << ndim) - 1 - (1 << at),
                7 => (from.windows, from.gap) = (true, at),
                _ => (from.gap, to.steps, to.margin) = (1, vec![2; ndim], 3),
            }
            for axis in axes(ndim) {
                check::<T>(&Case { shape, axis, from: &from, to: &to }, 12, &mut turn);
            }
        }
    }
}

/// What kernels care about: whole registers and blocks of each width, one less, one more.
const SIZES: [usize; 13] = [1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 33, 64, 130];

/// Each size beside each size, along either axis or flattened.
fn every_pair_of_extents<T: Accumulator>() {
    let mut turn = T::NAME.len() * 11;
    for (a, rows) in SIZES.into_iter().enumerate() {
        for (b, columns) in SIZES.into_iter().enumerate() {
            // Which layouts and axes meet which extents differs from type to type.
            let mut random = Random(T::from_bits(u64::MAX).bits() ^ (a * SIZES.len() + b) as u64);
            let mut any = |dense: bool| match random.next() {
                Some(bits) if dense && bits % 3 == 0 => Style::fortran(2),
                Some(_) if dense => Style::dense(2),
                _ => Style::random(2, &mut random),
            };
            let shape = &[rows, columns];
            let axis = Some((a + b + T::NAME.len()) % 2);
            check::<T>(&Case { shape, axis, from: &any(true), to: &any(true) }, 5, &mut turn);
            let axis = [Some(0), Some(1), None][(a + b * 2 + size_of::<T>()) % 3];
            check::<T>(&Case { shape, axis, from: &any(false), to: &any(false) }, 5, &mut turn);
        }
    }
}

/// Any shape of 1 to 6 dimensions, some of whose axes can be merged.
fn every_dimension<T: Accumulator>() {
    let mut random = Random(T::from_bits(u64::MAX).bits());
    let mut below = |n: usize| (random.next().expect("endless") >> 32) as usize % n;
    let mut turn = T::NAME.len() * 13;
    for ndim in 1..=6 {
        let most = [130, 40, 17, 9, 6, 5][ndim - 1];
        for _ in 0..8 {
            let shape: Vec<usize> = (0..ndim).map(|_| 1 + below(most)).collect();
            let mut random = Random(below(usize::MAX >> 32) as u64);
            let mut from = Style::random(ndim, &mut random);
            match below(6) {
                0 => from.repeated = below(1 << ndim),
                1 => from.windows = true,
                _ => {}
            }
            let to = Style::random(ndim, &mut random);
            for axis in axes(ndim) {
                check::<T>(&Case { shape: &shape, axis, from: &from, to: &to }, 6, &mut turn);
            }
        }
    }
}

/// Beyond a piece, a chunk, and two, along the axis that is summed and along others.
fn long_axes<T: Accumulator>() {
    // Integers know no chunks.
    let lengths: &[usize] = match T::EXACT {
        true => &[PIECE, PIECE + 1, CHUNK + 1],
        false => &[PIECE - 1, PIECE, PIECE + 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 17],
    };
    let mut turn = T::NAME.len() * 17;
    for (k, &len) in lengths.iter().enumerate() {
        let shapes: [&[usize]; 5] = [&[len], &[len, 3], &[3, len], &[2, len, 2], &[len, 1, 9]];
        let mut random = Random(len as u64);
        for shape in shapes.into_iter().take(if T::EXACT { 3 } else { 5 }) {
            let ndim = shape.len();
            let axis = shape.iter().position(|extent| *extent == len);
            let other = [None, Some(ndim - 1), Some(0)][k % 3];
            let (from, to) = (Style::random(ndim, &mut random), Style::random(ndim, &mut random));
            let dense = Style::dense(ndim);
            check::<T>(&Case { shape, axis, from: &dense, to: &dense }, 6, &mut turn);
            check::<T>(&Case { shape, axis, from: &from, to: &to }, 4, &mut turn);
            check::<T>(&Case { shape, axis: other, from: &to, to: &dense }, 2, &mut turn);
        }
    }
}

/// More lanes than are summed side by side, and a few of them, in two dimensions and in three.
fn many_lanes<T: Accumulator>() {
    let mut turn = T::NAME.len() * 19;
    let mut random = Random(6);
    for few in [2, 5, 19] {
        for many in [127, 129, 257, PIECE - 1, PIECE + 1, 2 * PIECE + 3] {
            let shapes = [vec![few, many], vec![many, few], vec![2, few, many], vec![few, many, 2]];
            // Each shape with some of the extents.
            let shape = &shapes[(few + many) % 4];
            let ndim = shape.len();
            for axis in (0..ndim).map(Some) {
                let (from, to) =
                    (Style::random(ndim, &mut random), Style::random(ndim, &mut random));
                let dense = Style::dense(ndim);
                check::<T>(&Case { shape, axis, from: &dense, to: &dense }, 4, &mut turn);
                check::<T>(&Case { shape, axis, from: &from, to: &to }, 2, &mut turn);
            }
        }
    }
}

/// Infinities, NaN, zeros of either sign and values that overflow, along each axis.
fn special_values<T: Accumulator>() {
    let specials = specials::<T>();
    let mut random = Random(5);
    for shape in [&[40, 7][..], &[7, 40], &[3, 35, 4]] {
        let ndim = shape.len();
        for axis in axes(ndim) {
            let (from, to) = (Style::random(ndim, &mut random), Style::random(ndim, &mut random));
            let case = Case { shape, axis, from: &from, to: &to };
            for every in [1, 16] {
                let arrays = Arrays::new(&case, |seed, len| {
                    let value = |bits: u64| match bits >> 32 {
                        at if bits.is_multiple_of(every) => specials[at as usize % specials.len()],
                        at => T::EDGES[at as usize % 4],
                    };
                    Random(seed).take(len).map(value).collect()
                });
                for (k, &initial) in specials.iter().enumerate() {
                    for number in (k % 5..96).step_by(5) {
                        arrays.check(&Options::numbered(number, initial));
                    }
                }
            }
        }
    }
}

/// Any extent of zero. Along it there may still be initial values to write.
fn extents_of_zero<T: Accumulator>() {
    let shapes: [&[usize]; 6] = [&[0], &[0, 3], &[3, 0], &[2, 0, 4], &[0, 0], &[4, 5, 0]];
    for shape in shapes {
        let dense = Style::dense(shape.len());
        let mut to = Style::fortran(shape.len());
        (to.steps[0], to.reversed, to.margin) = (3, (1 << shape.len()) - 1, 2);
        for axis in axes(shape.len()) {
            for to in [&dense, &to] {
                let case = Case { shape, axis, from: &dense, to };
                let arrays = Arrays::new(&case, mixed::<T>);
                for options in Options::every(T::mixed(9)) {
                    arrays.check(&options);
                }
            }
        }
    }
}

/// A 0-d array is one of shape (1,), and with the initial value its sums are of shape (2,).
fn no_dimension<T: Accumulator>() {
    let (from, to) = (Style { margin: 2, ..Style::dense(0) }, Style::dense(0));
    for axis in [None, Some(0)] {
        let case = Case { shape: &[], axis, from: &from, to: &to };
        for values in [mixed::<T>, |_, len| vec![<T as Number>::IDENTITY; len]] {
            let arrays = Arrays::new(&case, values);
            for options in Options::every(T::mixed(4)) {
                arrays.check(&options);
            }
        }
    }
}

macro_rules! tests {
    (; $($T:ident)*) => {
        tests! { every_combination $($T)* }
        tests! { every_layout $($T)* }
        tests! { every_pair_of_extents $($T)* }
        tests! { every_dimension $($T)* }
        tests! { long_axes $($T)* }
        tests! { many_lanes $($T)* }
        tests! { special_values $($T)* }
        tests! { extents_of_zero $($T)* }
        tests! { no_dimension $($T)* }
    };
    ($test:ident $($T:ident)*) => {
        mod $test {
            $(#[test]
            fn $T() {
                super::$test::<$T>();
            })*
        }
    };
}
elements!(tests!);

/// Sums of one type in a second, written to a third, along each axis.
fn casts<I: Source + As<A>, A: Accumulator + As<O>, O: Value>() {
    let mut random = Random(8);
    let mut turn = 0;
    for shape in [&[37][..], &[9, 17], &[19, 6], &[5, 3, 18], &[2 * PIECE + 3, 2], &[2, PIECE + 1]]
    {
        let ndim = shape.len();
        for axis in axes(ndim) {
            for k in 0..4 {
                let from = Style::random(ndim, &mut random).place(shape);
                let memory = &I::lanes(from.len)[k % 2];
                let x: Vec<A> = from.gather(memory).iter().map(|x| x.cast()).collect();
                let to = Style::random(ndim, &mut random);
                for _ in 0..6 {
                    turn += 37;
                    let options = Options::numbered(turn % 96, A::mixed(turn as u64));
                    let result = options.result_shape(shape, axis);
                    let to = match axis {
                        Some(_) => to.place(&result),
                        None => Style { steps: vec![2], ..Style::dense(1) }.place(&result),
                    };
                    let sums = options.sums_along(&x, shape, axis);
                    let cast: Vec<O> = sums.iter().map(|sum| sum.cast()).collect();
                    let mut expected = vec![guard::<O>(); to.len];
                    to.scatter(&cast, &mut expected);
                    for backend in Backend::available() {
                        let view = from.view(memory);
                        let sum = cumsum(&view).dtype::<A>().backend(backend);
                        let sum = along(sum, axis.map(|axis| axis as isize));
                        let (input, of) = (I::NAME, A::NAME);
                        let what = format_args!(
                            "{backend}, {options:?}, of {input} in {of}, axis {axis:?}, {from:?}, \
                             {to:?}"
                        );
                        assert_same_bits(&to_vec(sum, &options), &sums, what);
                        let mut out = vec![guard::<O>(); to.len];
                        let result = write_to(sum, &options, to.view_mut(&mut out));
                        assert_eq!(result, Ok(()), "{what}");
                        assert_same_bits(&out, &expected, what);
                    }
                }
            }
        }
    }
}

/// Sums in place in a type that is not that of the elements, along each axis.
fn casts_in_place<T: Source + Value + As<A>, A: Accumulator + As<T>>() {
    let mut random = Random(9);
    let mut turn = 0;
    for shape in [&[37][..], &[9, 17], &[19, 6], &[5, 3, 18], &[PIECE + 3, 2], &[2, PIECE + 1]] {
        let ndim = shape.len();
        for axis in axes(ndim) {
            for k in 0..4 {
                let place = Style::random(ndim, &mut random).place(shape);
                let memory = &T::lanes(place.len)[k % 2];
                let x: Vec<A> = place.gather(memory).iter().map(|x| As::<A>::cast(*x)).collect();
                for _ in 0..6 {
                    turn += 37;
                    let mut options = Options::numbered(turn % 96, A::mixed(turn as u64));
                    options.include_initial = false;
                    let sums = options.sums_along(&x, shape, axis);
                    let cast: Vec<T> = sums.iter().map(|sum| sum.cast()).collect();
                    let mut expected = memory.clone();
                    place.scatter(&cast, &mut expected);
                    for backend in Backend::available() {
                        let mut data = memory.clone();
                        let view = place.view_mut(&mut data);
                        let sum = cumsum(view).dtype::<A>().backend(backend);
                        in_place(along(sum, axis.map(|axis| axis as isize)), &options);
                        let of = A::NAME;
                        let what = format_args!(
                            "{backend}, {options:?}, in {of}, axis {axis:?}, {place:?}"
                        );
                        assert_same_bits(&data, &expected, what);
                    }
                }
            }
        }
    }
}

#[test]
fn sums_in_place_with_casts() {
    casts_in_place::<f32, f64>();
    casts_in_place::<f64, f32>();
    casts_in_place::<i8, f64>();
    casts_in_place::<f64, i16>();
    casts_in_place::<u32, u8>();
}

macro_rules! casts {
    ($($name:ident: $I:ident in $A:ident to $O:ident;)*) => {
        mod sums_with_casts {
            $(#[test]
            fn $name() {
                super::casts::<$I, $A, $O>();
            })*
        }
    };
}
casts! {
    narrower: f64 in f32 to f64;
    truncated: f32 in f64 to i16;
    floats_of_integers: u16 in f32 to i8;
    integers_of_floats: f32 in i32 to f64;
    integers: i8 in i64 to u8;
}

/// NumPy's documentation of `cumulative_sum`, and an array that is written out.
#[test]
fn the_examples_of_the_documentation() -> Result<(), lanesum::Error> {
    let data = [1, 2, 3, 4, 5, 6i64];
    let a = View::new(&data, &[2, 3])?;
    let rows = [[0, 1, 3, 6], [0, 4, 9, 15]];
    assert_eq!(cumsum(&a).axis(1)?.include_initial().to_vec(), rows.concat());
    let columns = [[0, 0, 0], [1, 2, 3], [5, 7, 9]];
    assert_eq!(cumsum(&a).axis(0)?.include_initial().to_vec(), columns.concat());
    assert_eq!(cumsum(&a).include_initial().to_vec(), [0, 1, 3, 6, 10, 15, 21]);
    let columns = [[10, 10, 10], [11, 12, 13]];
    assert_eq!(cumsum(&a).axis(0)?.initial(10).exclusive().to_vec(), columns.concat());
    let rows = [[6, 5, 3], [15, 11, 6]];
    assert_eq!(cumsum(&a).axis(-1)?.reverse().to_vec(), rows.concat());
    assert_eq!(cumsum(&a).reverse().to_vec(), [21, 20, 18, 15, 11, 6]);
    assert_eq!(cumsum(&a).reverse().exclusive().to_vec(), [20, 18, 15, 11, 6, 0]);
    let columns = [[5, 7, 9], [4, 5, 6], [0, 0, 0]];
    assert_eq!(cumsum(&a).axis(0)?.reverse().include_initial().to_vec(), columns.concat());

    // Transposed, into the middle of another.
    let t = View::with_strides(&data, 0, &[3, 2], &[1, 3])?;
    let mut wide = [7; 14];
    let out = ViewMut::with_strides(&mut wide, 1, &[3, 3], &[4, 1])?;
    cumsum(t).axis(1)?.include_initial().write_to(out)?;
    assert_eq!(wide, [7, 0, 1, 5, 7, 0, 2, 7, 7, 0, 3, 9, 7, 7]);

    // The initial value is cast to the accumulator, and from there to the output.
    let mut out = [0i64; 9];
    let sum = cumsum(&a).dtype::<u8>().axis(0)?.initial(300).include_initial();
    sum.write_to(ViewMut::new(&mut out, &[3, 3])?)?;
    assert_eq!(out, [44, 44, 44, 45, 46, 47, 49, 51, 53]);

    // No elements along the axis: the initial values alone.
    let none = View::<f32>::new(&[], &[2, 0])?;
    let sums = cumsum(&none).axis(1)?.initial(2.5f32).include_initial().to_vec();
    assert_eq!(sums, [2.5, 2.5]);
    assert_eq!(cumsum(&none).axis(0)?.include_initial().to_vec(), [0f32; 0]);
    assert_eq!(cumsum(&none).include_initial().to_vec(), [0f32]);
    Ok(())
}

/// With the initial value the result has another shape; an output of any other is left as it was.
#[test]
fn outputs_of_another_shape_are_refused() -> Result<(), lanesum::Error> {
    let data = [1i64; 6];
    let a = View::new(&data, &[2, 3])?;
    let error = |axis: Option<isize>, shape: &[usize]| -> Result<String, lanesum::Error> {
        let mut out = vec![7i64; shape.iter().product()];
        let sum = along(cumsum(&a), axis).include_initial();
        let result = sum.write_to(ViewMut::new(&mut out, shape)?);
        assert!(out.iter().all(|x| *x == 7) == result.is_err(), "{shape:?}");
        Ok(result.map_or_else(|error| error.to_string(), |()| "fits".into()))
    };
    assert_eq!(error(Some(0), &[3, 3])?, "fits");
    assert_eq!(error(Some(1), &[2, 4])?, "fits");
    assert_eq!(error(None, &[7])?, "fits");
    let text = "output of shape (2, 3) cannot hold a result of shape (3, 3)";
    assert_eq!(error(Some(0), &[2, 3])?, text);
    let text = "output of shape (3, 3) cannot hold a result of shape (2, 4)";
    assert_eq!(error(Some(-1), &[3, 3])?, text);
    let text = "output of shape (6,) cannot hold a result of shape (7,)";
    assert_eq!(error(None, &[6])?, text);

    let one = View::new(&data[..1], &[])?;
    let mut out = [7i64; 2];
    cumsum(&one).axis(0)?.include_initial().write_to(&mut out)?;
    assert_eq!(out, [0, 1]);
    let error = cumsum(&one).include_initial().write_to(&mut out[..1]).unwrap_err();
    assert_eq!(error.to_string(), "output of shape (1,) cannot hold a result of shape (2,)");
    Ok(())
}

/// The oracle itself: arrays written out by hand.
#[test]
fn the_reference_is_numpys_documentation() {
    let x = [1i64, 2, 3, 4, 5, 6, 7, 8];
    let none = Options::none(Order::Sequential);
    let sums = |options: Options<i64>, axis| options.sums_along(&x, &[2, 2, 2], axis);
    assert_eq!(sums(none, Some(0)), [1, 2, 3, 4, 6, 8, 10, 12]);
    assert_eq!(sums(none, Some(1)), [1, 2, 4, 6, 5, 6, 12, 14]);
    assert_eq!(sums(none, Some(2)), [1, 3, 3, 7, 5, 11, 7, 15]);
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
    assert_eq!(include.sums_along(&[], &[0, 2], Some(0)), [0, 0]);

    let x = [1i8, 2, 3, 100, 60, 100, 100, 60];
    let overflow = |options: Options<i8>, axis| options.overflow_along(&x, &[2, 4], axis);
    assert_eq!(overflow(Options::none(Order::Blocked), Some(1)), Some((1, 1)));
    assert_eq!(overflow(Options::none(Order::Blocked), Some(0)), Some((3, 1)));
    assert_eq!(overflow(Options::none(Order::Blocked), None), Some((0, 4)));
    let reverse = Options { reverse: true, ..Options::none(Order::Blocked) };
    assert_eq!(overflow(reverse, Some(1)), Some((1, 2)));
    assert_eq!(overflow(reverse, Some(0)), Some((3, 0)));
    assert_eq!(overflow(reverse, None), Some((0, 6)));
    let exclusive = Options { exclusive: true, ..Options::none(Order::Blocked) };
    assert_eq!(overflow(exclusive, Some(0)), None);
    assert_eq!(overflow(exclusive, Some(1)), Some((1, 1)));
    let initial = Options { initial: Some(27), ..exclusive };
    assert_eq!(overflow(initial, Some(0)), None);
    assert_eq!(overflow(Options { initial: Some(28), ..initial }, Some(0)), Some((3, 0)));
}
