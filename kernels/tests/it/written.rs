//! Every output is written, whatever is summed and how: what lay there before shows in no result.

use std::num::Wrapping;

use lanesum_kernels::{Arrays, Backend, Element, Spec, Stores, Summation, cumsum};

use crate::layouts::{DENSE, Style};
use crate::values::{names, ways};

/// All summations with the options that change what is written, and how. No value is NaN, and no sum overflows.
fn specs<A: Element>(backend: Backend, stores: Stores) -> Vec<Spec<A>> {
    let mut specs = Vec::new();
    for summation in [Summation::Blocked, Summation::Sequential, Summation::Compensated] {
        let spec = Spec::new(backend, summation, stores);
        let initial = Some(A::cast_from(1u8));
        specs.extend([
            spec,
            Spec { initial, ..spec },
            Spec { exclusive: true, ..spec },
            Spec { include_initial: true, reverse: true, ..spec },
            Spec { initial, exclusive: true, include_initial: true, ..spec },
            Spec { skip_nan: true, reverse: true, ..spec },
            Spec { checked: true, ..spec },
        ]);
    }
    specs
}

/// A few ones among zeros: even an `i8` holds their sum.
fn ones<I: Element>(len: usize) -> Vec<I> {
    (0..len).map(|i| I::cast_from(u8::from(i % 41 == 3))).collect()
}

/// Asserts that `sum` writes the same over zeros and over ones, and returns that.
fn written<O: Element>(
    len: usize,
    mut sum: impl FnMut(&mut [O]),
    what: std::fmt::Arguments<'_>,
) -> Vec<O> {
    let [zeros, ones] = [0u8, 1].map(|guard| {
        let mut output = vec![O::cast_from(guard); len];
        sum(&mut output);
        output
    });
    assert_eq!(zeros, ones, "{what}");
    zeros
}

fn check<I: Element, A: Element, O: Element>() {
    let types = names::<I, A, O>();
    for spec in ways().flat_map(|(backend, stores)| specs::<A>(backend, stores)) {
        let more = usize::from(spec.include_initial);
        for len in (0..=19).chain([31, 32, 33, 63, 64, 65, 66, 127, 130, 1025]) {
            let what = format_args!("{spec:?}, {types:?}, {len} elements");
            let input = ones::<I>(len);
            let sum = |output: &mut [O]| {
                let result = cumsum::<I, A, O>(&spec, Arrays::slices(&input, output));
                assert_eq!(result, Ok(()), "{what}");
            };
            written(len + more, sum, what);
        }
        for (shape, axis) in [
            ([3, 70, 1], Some(0)),
            ([33, 5, 2], Some(0)),
            ([2, 3, 37], Some(0)),
            ([20, 4, 3], Some(1)),
            ([5, 6, 7], Some(2)),
            ([5, 6, 7], None),
        ] {
            let mut sums = shape;
            sums[axis.unwrap_or(0)] += more;
            if axis.is_none() {
                sums = [1, 1, shape.iter().product::<usize>() + more];
            }
            for (from, to) in [
                (DENSE, DENSE),
                (Style { order: [2, 1, 0], ..DENSE }, DENSE),
                (DENSE, Style { order: [1, 2, 0], reversed: 5, ..DENSE }),
                (Style { order: [2, 0, 1], ..DENSE }, Style { order: [2, 1, 0], ..DENSE }),
            ] {
                let ((from, from_len), (to, to_len)) = (from.place(shape), to.place(sums));
                // No element of the slice lies outside of the array.
                assert_eq!(to_len, sums.iter().product::<usize>());
                let what = format_args!("{spec:?}, {types:?}, {axis:?}, {from:?}, {to:?}");
                let input = ones::<I>(from_len);
                let sum = |output: &mut [O]| {
                    let (read, write) = ((&input[..], from.layout()), (output, to.layout()));
                    let result = cumsum::<I, A, O>(&spec, Arrays::copy(read, write, axis));
                    assert_eq!(result, Ok(()), "{what}");
                };
                written(to_len, sum, what);
            }
        }
    }
}

macro_rules! tests {
    ($($(#[$attribute:meta])* $name:ident: $A:ty;)*) => {
        $(#[test]
        $(#[$attribute])*
        fn $name() {
            check::<$A, $A, $A>();
            check::<u8, $A, $A>();
            check::<$A, $A, f64>();
            check::<$A, $A, bool>();
            #[cfg(feature = "complex")]
            check::<$A, $A, num_complex::Complex<f32>>();
        })*
    };
}
tests! {
    of_f32: f32;
    of_f64: f64;
    of_i8: i8;
    of_i16: i16;
    of_i32: i32;
    of_i64: i64;
    of_i128: i128;
    of_u8: u8;
    of_u16: u16;
    of_u32: u32;
    of_u64: u64;
    of_u128: u128;
    of_wrapping_i8: Wrapping<i8>;
    of_wrapping_i16: Wrapping<i16>;
    of_wrapping_i32: Wrapping<i32>;
    of_wrapping_i64: Wrapping<i64>;
    of_wrapping_i128: Wrapping<i128>;
    of_wrapping_u8: Wrapping<u8>;
    of_wrapping_u16: Wrapping<u16>;
    of_wrapping_u32: Wrapping<u32>;
    of_wrapping_u64: Wrapping<u64>;
    of_wrapping_u128: Wrapping<u128>;
    of_bool: bool;
    #[cfg(feature = "half")]
    of_f16: half::f16;
    #[cfg(feature = "half")]
    of_bf16: half::bf16;
    #[cfg(feature = "complex")]
    of_complex_f32: num_complex::Complex<f32>;
    #[cfg(feature = "complex")]
    of_complex_f64: num_complex::Complex<f64>;
}
