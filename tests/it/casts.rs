//! Sums with casts: every input type, every type to sum in, every output type, of slices and of arrays, on
//! every backend.
//!
//! The model is what the documentation says: cast each element with `as`, sum by the reference, cast each
//! sum with `as`.

use lanesum::{Element, Promote};
use lanesum_testkit::ways::{in_place, plain, to_vec};
use lanesum_testkit::{
    CHUNK, Case, Options, Order, PIECE, Random, Style, Typed, Ways, assert_same, axes, cast_all,
    elements, inputs, mixed, with,
};

const PLAIN: [Order; 2] = [Order::Blocked, Order::Sequential];

/// Within a block, around some blocks, around the pieces that are cast at a time, and in a third
/// chunk.
const LENGTHS: [usize; 11] = [0, 1, 8, 21, 63, 64, 65, PIECE - 1, PIECE, PIECE + 1, 2 * CHUNK + 3];

/// Two lanes of this length: one whose sums wrap, truncate and round, and one of anything at all, where
/// casts saturate and NaN is 0.
fn lanes<I: Typed>(len: usize) -> [Vec<I>; 2] {
    let anything = Random(2).take(len).map(|bits| I::pattern(bits.into()));
    [mixed(1, len), anything.collect()]
}

/// Checks slices of all lengths, without options.
fn slices<I: Typed>(ways: &Ways) {
    for len in LENGTHS {
        let case = Case::slice(len);
        for x in lanes::<I>(len) {
            for order in PLAIN {
                case.plain(order).check_ways(&x, ways);
            }
        }
    }
}

macro_rules! dtypes {
    ($I:ident; $($A:ident)*) => {
        $(slices::<$I>(
            &Ways::none::<$I, $A>()
                .to_vec(plain::slice_to_vec::<$I, $A>)
                .write_to::<$A>(plain::slice_write_to::<$I, $A, $A>),
        );)*
    };
}
macro_rules! promotions {
    ($I:ident; $($O:ident)*) => {
        $(slices::<$I>(
            &Ways::none::<$I, <$I as Promote<$O>>::Accumulator>()
                .write_to::<$O>(plain::slice_promoted::<$I, $O>),
        );)*
    };
}
macro_rules! every_input {
    (; $($I:ident)*) => {
        mod every_input_and_dtype {
            use super::*;

            $(#[test]
            fn $I() {
                elements!(dtypes! $I);
            })*
        }

        mod every_input_and_output {
            use super::*;

            $(#[test]
            fn $I() {
                elements!(promotions! $I);
            })*
        }
    };
}
inputs!(every_input!);

// With all inputs these would be a thousand functions, and minutes to compile. An input of the
// accumulator's type takes one way through the kernels, and one of another type the other.
macro_rules! outputs {
    ($A:ident; $($O:ident)*) => {
        slices::<$A>(
            &Ways::none::<$A, $A>()$(.write_to::<$O>(plain::slice_write_to::<$A, $A, $O>))*,
        );
        slices::<f64>(
            &Ways::none::<f64, $A>()$(.write_to::<$O>(plain::slice_write_to::<f64, $A, $O>))*,
        );
    };
}
macro_rules! dtypes_in_place {
    ($T:ident; $($A:ident)*) => {
        $(slices::<$T>(&Ways::none::<$T, $A>().in_place(plain::slice_in_place::<$T, $A>));)*
    };
}
macro_rules! every_element {
    (; $($T:ident)*) => {
        mod every_dtype_and_output {
            use super::*;

            $(#[test]
            fn $T() {
                elements!(outputs! $T);
            })*
        }

        mod every_dtype_in_place {
            use super::*;

            $(#[test]
            fn $T() {
                elements!(dtypes_in_place! $T);
            })*
        }
    };
}
elements!(every_element!);

/// Checks arrays of different layouts, without options.
fn arrays<I: Typed>(ways: &Ways) {
    let (c, fortran) = (Style::dense(2), Style::fortran(2));
    let stepped = Style { steps: vec![1, 2], reversed: 1, ..c.clone() };
    let backwards = Style { reversed: 3, gap: 1, ..fortran.clone() };
    let cases: [(_, _, [&Style; 2]); 10] = [
        ([21, 37], Some(1), [&c, &c]),
        ([21, 37], Some(0), [&c, &c]),
        ([37, 18], Some(1), [&fortran, &c]),
        ([37, 18], Some(1), [&c, &fortran]),
        ([33, 20], Some(0), [&stepped, &fortran]),
        ([20, 33], Some(0), [&backwards, &stepped]),
        ([19, 21], None, [&backwards, &c]),
        ([40, 3], Some(1), [&c, &c]),
        ([PIECE + 2, 3], Some(0), [&c, &stepped]),
        ([2, PIECE + 2], Some(1), [&c, &c]),
    ];
    for (k, (shape, axis, styles)) in cases.into_iter().enumerate() {
        let case = Case::new(&shape, axis, styles);
        for (n, order) in PLAIN.into_iter().enumerate() {
            // The values turn by turn, or each of the many arrays would have to be summed twice.
            let x = case.fill(|_, len| lanes::<I>(len)[(k + n) % 2].clone());
            case.plain(order).check_ways(&x, ways);
        }
    }
}

/// From `$T` to each `$A`, and back: in place, and to another array of the same type.
macro_rules! there_and_back {
    ($($T:ident: $($A:ident)*;)*) => {
        mod there_and_back {
            use super::*;

            $(#[test]
            fn $T() {
                $(arrays::<$T>(
                    &Ways::none::<$T, $A>()
                        .write_to::<$T>(plain::array_write_to::<$T, $A, $T>)
                        .in_place(plain::array_in_place::<$T, $A>),
                );)*
            })*
        }
    };
}
// Every two types are in one of the rows, so that each is cast to each other. More takes minutes to
// compile, as those of slices do.
there_and_back! {
    f32: f32 f64 i8 i16 i32 i64;
    f64: f64 i8 i16 i32 i64 u8;
    i8: i8 i16 i32 i64 u8 u16;
    i16: i16 i32 i64 u8 u16 u32;
    i32: i32 i64 u8 u16 u32 u64;
    i64: i64 u8 u16 u32 u64;
    u8: u8 u16 u32 u64 f32;
    u16: u16 u32 u64 f32 f64;
    u32: u32 u64 f32 f64 i8;
    u64: u64 f32 f64 i8 i16;
}

/// Of every input, with the accumulator that its type and that of the output agree on.
macro_rules! promotions_of_arrays {
    (; $($I:ident)*) => {
        mod promotions_of_arrays {
            use super::*;

            $(#[test]
            fn $I() {
                arrays::<$I>(
                    &Ways::none::<$I, <$I as Promote<i16>>::Accumulator>()
                        .write_to::<i16>(plain::array_promoted::<$I, i16>),
                );
                arrays::<$I>(
                    &Ways::none::<$I, <$I as Promote<f32>>::Accumulator>()
                        .write_to::<f32>(plain::array_promoted::<$I, f32>),
                );
            })*
        }
    };
}
inputs!(promotions_of_arrays!);

/// A `bool` is summed as the `u8` that it is in memory, which is above.
#[test]
fn arrays_of_bool_with_a_dtype() {
    fn check<A: Typed>() {
        arrays::<bool>(&Ways::none::<bool, A>().to_vec(plain::array_to_vec::<bool, A>));
    }
    check::<f32>();
    check::<i8>();
    check::<u8>();
    check::<i64>();
}

/// Checks slices and arrays with any options, by these ways.
fn with_options<I: Typed, A: Typed>(ways: &Ways) {
    for len in [0, 1, 5, 33, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 9, CHUNK + 1] {
        let case = Case::slice(len);
        for (k, x) in lanes::<I>(len).iter().enumerate() {
            // All of them at the short lengths, and at the long ones those that differ most.
            let step = if len > 100 { 5 } else { 1 };
            for number in ((len + k) % step..96).step_by(step) {
                case.sum(&Options::numbered(number, A::mixed(len as u64))).check_ways(x, ways);
            }
        }
    }
    let mut random = Random(8);
    let mut turn = 0;
    for shape in [&[37][..], &[9, 17], &[19, 6], &[5, 3, 18], &[2 * PIECE + 3, 2], &[2, PIECE + 1]]
    {
        let ndim = shape.len();
        for axis in axes(ndim) {
            for k in 0..4 {
                let [from, to] = [0; 2].map(|_| Style::random(ndim, &mut random));
                let case = Case::new(shape, axis, [&from, &to]);
                let x = case.fill(|_, len| lanes::<I>(len)[k % 2].clone());
                for _ in 0..6 {
                    turn += 37;
                    let options = Options::numbered(turn % 96, A::mixed(turn as u64));
                    case.sum(&options).check_ways(&x, ways);
                }
            }
        }
    }
}

macro_rules! with_options {
    ($($name:ident: $I:ident in $A:ident to $O:ident;)*) => {
        mod with_options {
            use super::*;

            $(#[test]
            fn $name() {
                super::with_options::<$I, $A>(&Ways::out_of_place::<$I, $A, $O>());
            })*
        }
    };
}
with_options! {
    wider: f32 in f64 to f64;
    narrower: f64 in f32 to f64;
    rounded: f64 in f64 to f32;
    truncated: f64 in f32 to i16;
    floats_of_integers: u64 in f64 to i8;
    integers_of_floats: f32 in i32 to f64;
    integers: i8 in i64 to i32;
    signs: u16 in i8 to u64;
    counts: bool in u8 to f32;
}

#[test]
fn in_place_with_options() {
    fn check<T: Typed, A: Typed>() {
        with_options::<T, A>(&Ways::none::<T, A>().in_place(in_place::<T, A>));
    }
    check::<f32, f64>();
    check::<f64, f32>();
    check::<i8, f64>();
    check::<f64, i16>();
    check::<u32, u8>();
}

/// A cast to `A` before the sum, one to `A` after it, and one to `A` and back, of types that are not in the
/// tables above.
#[track_caller]
fn check_casts<T: Typed, A: Typed>() {
    let before = Ways::none::<T, A>().to_vec(to_vec::<T, A>);
    let after = Ways::none::<T, T>().write_to::<A>(plain::slice_write_to::<T, T, A>);
    let both = Ways::none::<T, A>().in_place(plain::slice_in_place::<T, A>);
    for seed in 0..40u64 {
        let random = &mut Random(seed);
        let len = [random.below(20), random.below(300), PIECE + random.below(1200)];
        let len = len[seed as usize % 3];
        let x: Vec<T> = match seed % 2 {
            0 => with(T::special, (seed, len, [1, 40, 1000][seed as usize % 3])),
            _ => random.take(len).map(T::small).collect(),
        };
        let order = Order::ALL[seed as usize % 3];
        let options = if seed % 4 < 2 { Options::none(order) } else { random.options::<A>() };
        let slice = Case::slice(len);
        slice.sum(&options).check_ways(&x, &before);
        slice.plain(order).check_ways(&x, &after);
        slice.plain(order).check_ways(&x, &both);
        // Short rows and the columns of them, with gaps.
        let style = Style { gap: random.below(2), ..Style::random(2, random) };
        let case = Case::new(&[len / 3, 3], Some(random.below(2)), [&style; 2]);
        case.sum(&options).check_ways(&x[..len / 3 * 3], &before);
    }
}

#[test]
fn of_128_bits() {
    check_casts::<i128, f64>();
    check_casts::<f32, u128>();
    check_casts::<i64, u128>();
    check_casts::<u128, i128>();
    check_casts::<i128, bool>();
}

#[test]
fn of_bool() {
    check_casts::<f32, bool>();
    check_casts::<i32, bool>();
    check_casts::<bool, f32>();
}

#[test]
fn of_wrapping() {
    use std::num::Wrapping;
    check_casts::<Wrapping<i32>, i32>();
    check_casts::<f64, Wrapping<i32>>();
    check_casts::<Wrapping<i32>, Wrapping<u8>>();
}

#[cfg(feature = "half")]
#[test]
fn of_halves() {
    use half::{bf16, f16};
    check_casts::<f16, bool>();
    check_casts::<f16, f32>();
    check_casts::<f64, f16>();
    check_casts::<i32, bf16>();
    check_casts::<bf16, f16>();
}

#[cfg(feature = "complex")]
#[test]
fn of_complex_numbers() {
    use lanesum_testkit::types::names::{c64, c128};
    check_casts::<f32, c128>();
    check_casts::<c128, i32>();
    check_casts::<c128, c64>();
    check_casts::<c64, bool>();
    #[cfg(feature = "half")]
    check_casts::<c64, half::f16>();
}

/// Values of any kind and size: a random number of random bits, at any place.
pub(super) fn anything<T: Typed>(len: usize) -> Vec<T> {
    let mut random = Random(3);
    let mut bits = || (random.bits() >> random.below(64)) << (random.below(3) * 20);
    let two = |a: u64, b: u64| T::pattern(u128::from(a) | u128::from(b) << 64);
    let mut values: Vec<T> = (0..len)
        .map(|k| {
            let a = bits();
            two(a, if k % 2 == 0 { bits() } else { a })
        })
        .collect();
    let ends = [0, 1, 1 << 63, u64::MAX, u64::MAX >> 1, u64::MAX << 1];
    values.extend(ends.into_iter().flat_map(|a| ends.map(|b| two(a, b))));
    values
}

/// One by one: from each of the types to this one.
macro_rules! cast_from_each {
    ($U:ident; $($T:ident)*) => {
        cast_from_each!(@ $U; i128 u128 $($T)*);
    };
    (@ $U:ident; $($T:ident)*) => {
        $(
            let x = anything::<$T>(3000);
            let got: Vec<$U> = x.iter().map(|x| <$U>::cast_from(*x)).collect();
            assert_same(&got, &cast_all::<$T, $U>(&x), format_args!("from {}", $T::NAME));
        )*
    };
}
macro_rules! cast_to_each {
    (; $($U:ident)*) => {
        $(inputs!(cast_from_each! $U);)*
    };
}

#[test]
fn every_cast() {
    inputs!(cast_to_each!);
    inputs!(cast_from_each! i128);
    inputs!(cast_from_each! u128);
    assert_eq!([false, true].map(i128::cast_from), [0, 1]);
    assert_eq!(
        (f32::cast_from(u128::MAX), f64::cast_from(i128::MIN)),
        (2f32.powi(128), -2f64.powi(127))
    );
    assert_eq!(
        (u8::cast_from(-1.5f32), i8::cast_from(1e9f64), u16::cast_from(f32::NAN)),
        (0, 127, 0)
    );
    assert_eq!((u8::cast_from(-1i64), i16::cast_from(0x1_8000u32)), (255, -0x8000));
}
