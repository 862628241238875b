//! Sums by each way of calling, on every backend, with options that come as values.

#![allow(dead_code)] // Each test uses a part of it.

use lanesum::{As, Backend, Cumsum, Element, Operand, Output, Stores, cumsum};

use crate::common::options::{summation, with_options};
use crate::common::reference::options::{Options, Order};
use crate::common::strided::{Style, along};
use crate::types::{Typed, assert_same, guard, plain, sums_along, with};

pub(crate) fn to_vec<S: Operand, A: Element>(
    sum: Cumsum<S, As<A>>,
    options: &Options<A>,
) -> Vec<A> {
    let sum = with_options(sum, options);
    if options.include_initial { sum.include_initial().to_vec() } else { sum.to_vec() }
}

pub(crate) fn write_to<S: Operand, A: Element, O: Output>(
    sum: Cumsum<S, As<A>>,
    options: &Options<A>,
    output: O,
) {
    let sum = with_options(sum, options);
    let result = if options.include_initial {
        sum.include_initial().write_to(output)
    } else {
        sum.write_to(output)
    };
    result.expect("the shape of the result");
}

pub(crate) fn in_place<S, A: Element>(sum: Cumsum<S, As<A>>, options: &Options<A>)
where
    S: Operand<Element: Element> + Output<Element = <S as Operand>::Element>,
{
    assert!(!options.include_initial, "one sum more than elements");
    with_options(sum, options).in_place();
}

/// Sums a slice with these options by each way of calling, on every backend.
#[track_caller]
pub(crate) fn check_slice<T: Typed>(x: &[T], options: &Options<T>) {
    let expected = T::sums(options, x);
    let len = expected.len();
    let margin = 3 + len % 5;
    let mut outside = vec![guard::<T>(); len + 2 * margin];
    outside[margin..][..len].copy_from_slice(&expected);
    let stores = [Stores::Cached, Stores::Streamed][len % 2];
    for backend in Backend::available() {
        let sum = cumsum(x).dtype::<T>().backend(backend).stores(stores);
        let what = format_args!("{backend}, {options:?}, to_vec");
        assert_same(&to_vec(sum, options), &expected, what);

        let mut out = vec![guard::<T>(); outside.len()];
        write_to(sum, options, &mut out[margin..][..len]);
        let what = format_args!("{backend}, {options:?}, {stores:?}, write_to from {margin}");
        assert_same(&out, &outside, what);

        if !options.include_initial {
            let mut data = vec![guard::<T>(); outside.len()];
            data[margin..][..len].copy_from_slice(x);
            in_place(cumsum(&mut data[margin..][..len]).dtype::<T>().backend(backend), options);
            assert_same(&data, &outside, format_args!("{backend}, {options:?}, in_place"));
        }
    }
}

/// The same without options, whose sum is of another type.
#[track_caller]
pub(crate) fn check_plain<T: Typed>(x: &[T], order: Order) {
    let expected = T::sums(&plain(order), x);
    for backend in Backend::available() {
        let sum = cumsum(x).dtype::<T>().summation(summation(order)).backend(backend);
        let what = format_args!("{backend}, {order:?}, plain to_vec");
        assert_same(&sum.to_vec(), &expected, what);

        for stores in [Stores::Cached, Stores::Streamed] {
            let mut out = vec![guard::<T>(); x.len()];
            sum.stores(stores).write_to(&mut out).expect("equal lengths");
            let what = format_args!("{backend}, {order:?}, {stores:?}, plain write_to");
            assert_same(&out, &expected, what);
        }

        let mut data = x.to_vec();
        let sum = cumsum(&mut data).dtype::<T>().summation(summation(order));
        sum.backend(backend).in_place();
        assert_same(&data, &expected, format_args!("{backend}, {order:?}, plain in_place"));
    }
}

/// Sums an array that lies somewhere, along an axis or flattened.
#[track_caller]
pub(crate) fn check_array<T: Typed>(
    shape: &[usize],
    axis: Option<usize>,
    [from, to]: [&Style; 2],
    options: &Options<T>,
) {
    let place = from.place(shape);
    let memory = match options.skip_nan {
        true => with(T::nan, (place.len as u64, place.len, 20)),
        false => with(T::special, (place.len as u64, place.len, 2000)),
    };
    let x = place.gather(&memory);
    let (sums, result) = sums_along(&x, shape, axis, &|lane| T::sums(options, lane));
    let line = Style { order: vec![0], steps: vec![2], reversed: to.reversed % 2, ..*to };
    let out_place = if axis.is_some() { to } else { &line }.place(&result);
    let mut expected = vec![guard::<T>(); out_place.len];
    out_place.scatter(&sums, &mut expected);
    let at = axis.map(|axis| axis as isize);
    for backend in Backend::available() {
        let what =
            format_args!("{backend}, {options:?}, {shape:?}, axis {axis:?}, {from:?}, {to:?}");
        let view = place.view(&memory);
        let sum = along(cumsum(&view).dtype::<T>(), at).backend(backend);
        assert_same(&to_vec(sum, options), &sums, format_args!("to_vec, {what}"));

        let mut out = vec![guard::<T>(); out_place.len];
        write_to(sum, options, out_place.view_mut(&mut out));
        assert_same(&out, &expected, format_args!("write_to, {what}"));
        let is_plain = !options.reverse && !options.skip_nan && options.initial.is_none();
        if is_plain && !options.exclusive && !options.include_initial {
            let sum = sum.summation(summation(options.order));
            assert_same(&sum.to_vec(), &sums, format_args!("plain to_vec, {what}"));
            for stores in [Stores::Cached, Stores::Streamed] {
                let mut out = vec![guard::<T>(); out_place.len];
                let view = out_place.view_mut(&mut out);
                sum.stores(stores).write_to(view).expect("the shape of the result");
                assert_same(&out, &expected, format_args!("{stores:?}, plain write_to, {what}"));
            }
        }
        if options.include_initial {
            continue;
        }
        let place = to.place(shape);
        let mut data = vec![guard::<T>(); place.len];
        place.scatter(&x, &mut data);
        let mut expected = data.clone();
        place.scatter(&sums, &mut expected);
        let mut again = data.clone();
        let sum = along(cumsum(place.view_mut(&mut data)).dtype::<T>(), at).backend(backend);
        in_place(sum, options);
        assert_same(&data, &expected, format_args!("in_place, {what}"));
        if is_plain && !options.exclusive {
            let sum = along(cumsum(place.view_mut(&mut again)).dtype::<T>(), at);
            sum.summation(summation(options.order)).backend(backend).in_place();
            assert_same(&again, &expected, format_args!("plain in_place, {what}"));
        }
    }
}
