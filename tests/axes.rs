//! Every axis of arrays of every layout, on every backend, against the reference, bit for bit.
//!
//! The arrays lie among other values, and what a sum leaves alone is compared as well.

mod common;

use common::strided::{Case, Place, Style, along, guard};
use common::{CHUNK, Number, Random, SUMMATIONS, Value, assert_same_bits, elements, mixed};
use lanesum::{Backend, Summation, View, ViewMut, cumsum};

/// Each axis, and none.
fn axes(ndim: usize) -> impl Iterator<Item = Option<usize>> {
    (0..ndim).map(Some).chain([None])
}

/// All orders of so many axes.
fn orders(ndim: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![vec![]];
    for axis in 0..ndim {
        let insert = |order: &Vec<usize>| {
            let order = order.clone();
            (0..=order.len()).map(move |at| {
                let mut order = order.clone();
                order.insert(at, axis);
                order
            })
        };
        orders = orders.iter().flat_map(insert).collect();
    }
    orders
}

/// Shapes of all dimensions up to 3, in every order of their axes, with each axis stepped, reversed and
/// repeated in its turn.
fn every_layout<T: Value>() {
    let shapes: [&[usize]; 4] = [&[37], &[9, 17], &[19, 6], &[5, 3, 18]];
    for shape in shapes {
        let ndim = shape.len();
        let orders = orders(ndim);
        for (n, order) in orders.iter().enumerate() {
            for variation in 0..9 {
                let mut from = Style { order: order.clone(), ..Style::dense(ndim) };
                let mut to =
                    Style { order: orders[(n + variation) % orders.len()].clone(), ..from.clone() };
                let turn = (n + variation) % ndim;
                match variation {
                    0 => {}
                    1 => (from.reversed, to.reversed) = ((1 << ndim) - 1, 1 << turn),
                    2 => (from.reversed, to.reversed) = (1 << turn, (1 << ndim) - 1),
                    3 => (from.steps[turn], to.steps[(turn + 1) % ndim]) = (2, 3),
                    4 => (from.steps[turn], to.gap) = (3, 2),
                    5 => from.repeated = 1 << turn,
                    6 => from.repeated = (1 << ndim) - 1 - (1 << turn),
                    7 => (from.windows, from.gap) = (true, turn),
                    _ => (from.gap, to.steps, to.margin) = (1, vec![2; ndim], 3),
                }
                for axis in axes(ndim) {
                    Case { shape, axis, from: &from, to: &to }.check(mixed::<T>);
                }
            }
        }
    }
}

/// What kernels care about: whole registers and blocks of each width, one less, one more.
const SIZES: [usize; 18] = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 130];

/// Each size beside each size, along either axis or flattened, in layouts of which each has its own.
fn every_pair_of_extents<T: Value>() {
    for (a, rows) in SIZES.into_iter().enumerate() {
        for (b, columns) in SIZES.into_iter().enumerate() {
            // Which layouts and axes meet which extents differs from type to type.
            let mut random = Random(T::from_bits(u64::MAX).bits() ^ (a * SIZES.len() + b) as u64);
            let mut dense = || match random.next() {
                Some(bits) if bits % 3 == 0 => Style::fortran(2),
                _ => Style::dense(2),
            };
            let (from, to) = (dense(), dense());
            let axis = Some((a + b + T::NAME.len()) % 2);
            Case { shape: &[rows, columns], axis, from: &from, to: &to }.check(mixed::<T>);
            let (from, to) = (Style::random(2, &mut random), Style::random(2, &mut random));
            let axis = [Some(0), Some(1), None][(a + b * 2 + size_of::<T>()) % 3];
            Case { shape: &[rows, columns], axis, from: &from, to: &to }.check(mixed::<T>);
        }
    }
}

/// Any shape of 1 to 6 dimensions, some of whose axes can be merged.
fn every_dimension<T: Value>() {
    let mut random = Random(T::from_bits(u64::MAX).bits());
    let mut below = |n: usize| (random.next().expect("endless") >> 32) as usize % n;
    for ndim in 1..=6 {
        let most = [130, 40, 17, 9, 6, 5][ndim - 1];
        for _ in 0..12 {
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
                Case { shape: &shape, axis, from: &from, to: &to }.check(mixed::<T>);
            }
        }
    }
}

/// Beyond a piece, a chunk, and two, along the axis that is summed and along others.
fn long_axes<T: Value>() {
    let block = <T as Number>::BLOCK;
    // Integers know no chunks.
    let lengths: &[usize] = match T::EXACT {
        true => &[1025, CHUNK + 1],
        false => &[1023, 1025, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + block + 1],
    };
    for (case, &len) in lengths.iter().enumerate() {
        let shapes: [&[usize]; 5] = [&[len], &[len, 3], &[3, len], &[2, len, 2], &[len, 1, 9]];
        let mut random = Random(len as u64);
        for shape in shapes.into_iter().take(if T::EXACT { 3 } else { 5 }) {
            let ndim = shape.len();
            let axis = shape.iter().position(|extent| *extent == len);
            let other = [None, Some(ndim - 1), Some(0)][case % 3];
            let (from, to) = (Style::random(ndim, &mut random), Style::random(ndim, &mut random));
            let dense = Style::dense(ndim);
            Case { shape, axis, from: &dense, to: &dense }.check(mixed::<T>);
            Case { shape, axis, from: &from, to: &to }.check(mixed::<T>);
            Case { shape, axis: other, from: &to, to: &Style::dense(ndim) }.check(mixed::<T>);
        }
    }
}

/// The same values, however they lie: the bits of a slice of each lane.
fn any_strides_give_the_same_bits<T: Value>() {
    let mut random = Random(1);
    for shape in [[33, 5, 3], [4, 40, 2], [3, 2, 70]] {
        let values = mixed::<T>(3, shape.iter().product());
        for axis in 0..3 {
            for summation in SUMMATIONS {
                // Lane by lane, each of them a slice.
                let expected =
                    common::reference::axes::cumsum(&values, &shape, Some(axis), |lane| {
                        cumsum(lane).dtype::<T>().summation(summation).to_vec()
                    });
                for _ in 0..12 {
                    let place = Style::random(3, &mut random).place(&shape);
                    let mut memory = vec![guard::<T>(); place.len];
                    place.scatter(&values, &mut memory);
                    for backend in Backend::available() {
                        let sum = cumsum(place.view(&memory)).dtype::<T>().summation(summation);
                        let sum =
                            sum.axis(axis as isize).expect("an axis of three").backend(backend);
                        let what = format_args!("{backend}, {summation:?}, axis {axis}, {place:?}");
                        assert_same_bits(&sum.to_vec(), &expected, what);
                    }
                }
            }
        }
    }
}

macro_rules! tests {
    (; $($T:ident)*) => {
        tests! { every_layout $($T)* }
        tests! { every_pair_of_extents $($T)* }
        tests! { every_dimension $($T)* }
        tests! { long_axes $($T)* }
        tests! { any_strides_give_the_same_bits $($T)* }
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

/// The extents of one axis at a time, and of several, are one: the others are as if it were not there.
#[test]
fn extents_of_one_change_nothing() {
    let x = mixed::<f32>(1, 60);
    for summation in SUMMATIONS {
        for backend in Backend::available() {
            for (with, without, axes) in [
                (&[1, 60][..], &[60][..], &[(1, Some(0))][..]),
                (&[60, 1], &[60], &[(0, Some(0))]),
                (&[1, 12, 1, 5, 1], &[12, 5], &[(1, Some(0)), (3, Some(1))]),
                (&[12, 1, 1, 5], &[12, 5], &[(0, Some(0)), (3, Some(1))]),
            ] {
                for (axis, same) in axes {
                    let view = View::new(&x, with).expect("60 elements");
                    let sum = cumsum(view).axis(*axis).expect("an axis").summation(summation);
                    let expected = f32::expected_along(summation, &x, without, *same);
                    let what = format_args!("{backend}, {summation:?}, {with:?}, axis {axis}");
                    assert_same_bits(&sum.backend(backend).to_vec(), &expected, what);
                }
                // Along an extent of one nothing is added: every element is copied.
                for axis in (0..with.len()).filter(|axis| with[*axis] == 1) {
                    let view = View::new(&x, with).expect("60 elements");
                    let sum = cumsum(view).axis(axis as isize).expect("an axis");
                    let sums = sum.summation(summation).backend(backend).to_vec();
                    let what = format_args!("{backend}, {summation:?}, {with:?}, axis {axis}");
                    assert_same_bits(&sums, &x, what);
                }
            }
        }
    }
}

/// Any extent of zero: nothing to sum, and nothing is written. The shapes must be the same even so.
#[test]
fn extents_of_zero_leave_nothing_to_sum() {
    let shapes: [&[usize]; 6] = [&[0], &[0, 3], &[3, 0], &[2, 0, 4], &[0, 0], &[4, 5, 0]];
    for backend in Backend::available() {
        for summation in SUMMATIONS {
            for shape in shapes {
                for axis in axes(shape.len()) {
                    let axis = axis.map(|axis| axis as isize);
                    let x = View::<f64>::new(&[], shape).expect("no elements");
                    assert_eq!((x.len(), x.is_empty(), x.ndim()), (0, true, shape.len()));
                    let sum = along(cumsum(&x), axis).summation(summation).backend(backend);
                    assert!(sum.to_vec().is_empty());
                    let result = if axis.is_some() { shape } else { &[0] };
                    let out = ViewMut::<f64>::new(&mut [], result).expect("no elements");
                    assert_eq!(sum.write_to(out), Ok(()));
                    let other = [&[7, 0], shape].concat();
                    let out = ViewMut::<f64>::new(&mut [], &other).expect("no elements");
                    assert!(sum.write_to(out).is_err(), "{shape:?} to {other:?}");

                    // In the middle of other elements, with strides that lead anywhere.
                    let mut memory = [7.5; 9];
                    let strides = vec![isize::MIN; shape.len()];
                    let out = ViewMut::with_strides(&mut memory, 4, shape, &strides)
                        .expect("no elements");
                    along(cumsum(out), axis).summation(summation).backend(backend).in_place();
                    assert_eq!(memory, [7.5; 9]);
                }
            }
        }
    }
}

/// The result of a 0-d array has the shape (1,), and the axes 0 and -1 are accepted, as in NumPy.
#[test]
fn no_dimension_is_one_of_extent_one() {
    for backend in Backend::available() {
        for summation in SUMMATIONS {
            for axis in [None, Some(0), Some(-1)] {
                let memory = [1.5, -0.0, 2.5f32];
                let x = View::with_strides(&memory, 1, &[], &[]).expect("one element");
                assert_eq!((x.len(), x.is_empty(), x.ndim()), (1, false, 0));
                let sum = along(cumsum(&x), axis).summation(summation).backend(backend);
                assert_same_bits(&sum.to_vec(), &[-0.0], format_args!("{backend}, {summation:?}"));

                let mut out = [7f32];
                sum.write_to(&mut out).expect("a slice has the shape (1,)");
                assert_same_bits(&out, &[-0.0], format_args!("{backend}, {summation:?}"));
                let mut out = [7f64; 3];
                let place = ViewMut::with_strides(&mut out, 2, &[1], &[-5]).expect("one element");
                sum.write_to(place).expect("the shape (1,)");
                assert_same_bits(&out, &[7.0, 7.0, -0.0], format_args!("{backend}, {summation:?}"));

                let place = ViewMut::new(&mut out[..1], &[]).expect("one element");
                let text = "output of shape () cannot hold a result of shape (1,)";
                assert_eq!(
                    sum.write_to(place).map_err(|error| error.to_string()),
                    Err(text.into())
                );
                assert_eq!(out[0], 7.0);

                let mut data = [3.5];
                let place = ViewMut::new(&mut data, &[]).expect("one element");
                along(cumsum(place), axis).summation(summation).backend(backend).in_place();
                assert_eq!(data, [3.5]);
            }
        }
    }
}

/// Whatever axes are there, the last element of the flattened sum is the sum of all.
#[test]
fn sixty_four_dimensions() {
    let mut shape = vec![1; 64];
    (shape[3], shape[17], shape[40], shape[63]) = (2, 3, 2, 5);
    let from = Style { margin: 2, ..Style::fortran(64) };
    let to = Style { steps: [vec![1; 63], vec![3]].concat(), ..Style::dense(64) };
    for axis in [None, Some(0), Some(3), Some(17), Some(40), Some(41), Some(63)] {
        Case { shape: &shape, axis, from: &from, to: &to }.check(mixed::<f32>);
        Case { shape: &shape, axis, from: &to, to: &from }.check(mixed::<u16>);
    }
}

/// The oracle itself: the examples of NumPy's documentation, and an array written out by hand.
#[test]
fn the_reference_is_numpys_documentation() {
    let sums =
        |axis| i64::expected_along(Summation::Sequential, &[1, 2, 3, 4, 5, 6], &[2, 3], axis);
    assert_eq!(sums(None), [1, 3, 6, 10, 15, 21]);
    assert_eq!(sums(Some(0)), [1, 2, 3, 5, 7, 9]);
    assert_eq!(sums(Some(1)), [1, 3, 6, 4, 9, 15]);

    let x = [1, 2, 3, 4, 5, 6, 7, 8];
    let sums = |axis| i64::expected_along(Summation::Sequential, &x, &[2, 2, 2], Some(axis));
    assert_eq!(sums(0), [1, 2, 3, 4, 6, 8, 10, 12]);
    assert_eq!(sums(1), [1, 2, 4, 6, 5, 6, 12, 14]);
    assert_eq!(sums(2), [1, 3, 3, 7, 5, 11, 7, 15]);

    let place = Place { offset: 5, shape: vec![2, 3], strides: vec![-3, -1], len: 6 };
    assert_eq!(place.positions(), [5, 4, 3, 2, 1, 0]);
    let place = Place { offset: 1, shape: vec![3, 2], strides: vec![0, 4], len: 6 };
    assert_eq!(place.positions(), [1, 5, 1, 5, 1, 5]);
}
