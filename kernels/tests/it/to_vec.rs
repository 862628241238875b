//! Sums into new memory are those of the same call to an array in C order.

use std::panic::catch_unwind;

use lanesum_kernels::{
    Arrays, Backend, Element, Layout, Overflow, Source, Spec, Stores, Summation, cumsum,
    cumsum_to_vec,
};

use crate::layouts::{DENSE, Style};
use crate::values::{Random, mixed, names, values, ways};

/// A spec of any options.
fn any_spec<A: Element>(random: &mut Random, way: (Backend, Stores)) -> Spec<A> {
    let summation = [Summation::Blocked, Summation::Sequential, Summation::Compensated];
    let mut one_in_two = || random.below(2) == 0;
    let (exclusive, include_initial) = (one_in_two(), one_in_two());
    let (reverse, skip_nan) = (one_in_two(), one_in_two());
    let (is_initial, checked) = (one_in_two(), one_in_two());
    let initial = is_initial.then(|| mixed(random.next() & 0xff));
    let spec = Spec::new(way.0, summation[random.below(3)], way.1);
    Spec { initial, exclusive, include_initial, reverse, skip_nan, checked, ..spec }
}

/// C order.
fn strides(shape: &[usize]) -> Vec<isize> {
    (0..shape.len()).map(|k| shape[k + 1..].iter().product::<usize>() as isize).collect()
}

/// What `cumsum` writes to an array in C order that holds something else.
fn summed<I: Element, A: Element>(
    spec: &Spec<A>,
    (input, from): (&[I], Layout<'_>),
    axis: Option<usize>,
) -> Result<Vec<A>, Overflow> {
    let mut shape = from.shape.to_vec();
    match axis {
        Some(axis) => shape[axis] += usize::from(spec.include_initial),
        None => shape = vec![from.len() + usize::from(spec.include_initial)],
    }
    let to = Layout { offset: 0, shape: &shape, strides: &strides(&shape) };
    let mut output = vec![A::cast_from(77u8); to.len()];
    cumsum::<I, A, A>(spec, Arrays::copy((input, from), (&mut output, to), axis))?;
    Ok(output)
}

/// Their text: it tells all floats from one another, and no NaN from another one.
#[track_caller]
fn assert_text<A: Element>(
    got: &Result<Vec<A>, Overflow>,
    expected: &Result<Vec<A>, Overflow>,
    what: std::fmt::Arguments<'_>,
) {
    assert_eq!(format!("{got:?}"), format!("{expected:?}"), "{what}");
}

fn check<I: Element, A: Element>() {
    let types = names::<I, A, A>();
    let mut random = Random(3);
    for way in ways() {
        for len in [0, 1, 2, 3, 7, 16, 65, 200, 1030] {
            for _ in 0..6 {
                let spec = any_spec::<A>(&mut random, way);
                let input: Vec<I> = values(random.next(), len);
                let strides = [1];
                let from = Layout { offset: 0, shape: &[len], strides: &strides };
                let expected = summed(&spec, (&input, from), None);
                let what = format_args!("{spec:?}, {types:?}, {len} elements");
                assert_text(&cumsum_to_vec(&spec, Source::Slice(&input)), &expected, what);
                for axis in [None, Some(0)] {
                    let source = Source::Array(&input, from, axis);
                    assert_text(&cumsum_to_vec(&spec, source), &expected, what);
                }
            }
        }
        for shape in [
            [0, 3, 4],
            [3, 0, 4],
            [3, 4, 0],
            [0, 0, 0],
            [1, 1, 1],
            [5, 1, 7],
            [3, 4, 5],
            [40, 3, 2],
            [2, 5, 70],
        ] {
            for axis in [None, Some(0), Some(1), Some(2)] {
                for style in [DENSE, Style { repeated: 2, ..DENSE }, Style::random(&mut random)] {
                    let (from, len) = style.place(shape);
                    let spec = any_spec::<A>(&mut random, way);
                    let input: Vec<I> = values(random.next(), len);
                    let expected = summed(&spec, (&input, from.layout()), axis);
                    let source = Source::Array(&input, from.layout(), axis);
                    let what = format_args!("{spec:?}, {types:?}, {axis:?}, {from:?}");
                    assert_text(&cumsum_to_vec(&spec, source), &expected, what);
                }
            }
        }
        // Without axes there is one element.
        let spec = any_spec::<A>(&mut random, way);
        let from = Layout { offset: 1, shape: &[], strides: &[] };
        let input: Vec<I> = values(random.next(), 3);
        let expected = summed(&spec, (&input, from), None);
        let what = format_args!("{spec:?}, {types:?}, no axes");
        assert_text(&cumsum_to_vec(&spec, Source::Array(&input, from, None)), &expected, what);
    }
}

/// More sums than there can be are refused: the result would not be that of the shape.
#[test]
fn too_large() {
    let spec = Spec::<u8>::new(Backend::best(), Summation::Blocked, Stores::Cached);
    for include_initial in [false, true] {
        let spec = Spec { include_initial, ..spec };
        for axis in [None, Some(0)] {
            let from = Layout { offset: 0, shape: &[usize::MAX], strides: &[0] };
            let source = Source::Array(&[1u8], from, axis);
            assert!(catch_unwind(|| cumsum_to_vec(&spec, source)).is_err(), "{spec:?}, {axis:?}");
        }
    }
}

/// As large as what lies in huge pages, and more.
#[test]
fn large() {
    for (backend, stores) in ways() {
        let spec = Spec::<f64>::new(backend, Summation::Blocked, stores);
        let len = if cfg!(miri) { 3000 } else { (5 << 20) / size_of::<f64>() + 3 };
        let input: Vec<f64> = values(9, len);
        let mut expected = vec![0.0; len];
        assert_eq!(cumsum::<f64, f64, f64>(&spec, Arrays::slices(&input, &mut expected)), Ok(()));
        assert_eq!(cumsum_to_vec(&spec, Source::Slice(&input)), Ok(expected));
    }
}

macro_rules! tests {
    ($($(#[$attribute:meta])* $name:ident: $I:ty, $A:ty;)*) => {
        $(#[test]
        $(#[$attribute])*
        fn $name() {
            check::<$I, $A>();
        })*
    };
}
tests! {
    of_f32: f32, f32;
    of_f64: f64, f64;
    of_i8: i8, i8;
    of_u16: u16, u16;
    of_i64: i64, i64;
    of_u128: u128, u128;
    of_bool: bool, bool;
    of_wrapping: std::num::Wrapping<i16>, std::num::Wrapping<i16>;
    u8_in_bool: u8, bool;
    bool_in_u32: bool, u32;
    f32_in_f64: f32, f64;
    i8_in_i64: i8, i64;
    #[cfg(feature = "half")]
    of_f16: half::f16, half::f16;
    #[cfg(feature = "half")]
    f32_in_bf16: f32, half::bf16;
    #[cfg(feature = "complex")]
    of_complex_f32: num_complex::Complex<f32>, num_complex::Complex<f32>;
    #[cfg(feature = "complex")]
    f32_in_complex_f64: f32, num_complex::Complex<f64>;
    #[cfg(feature = "complex")]
    complex_f32_in_f64: num_complex::Complex<f32>, f64;
}
