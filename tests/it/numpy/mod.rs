//! NumPy's rules, on results that NumPy computed.
//!
//! `cumsum.txt` has every plain input type with every `dtype` and every `out`; `types.txt` every cast from and to
//! `bool`, `f16` and complex numbers, and the promotion of every pair of types; `axes.txt` arrays of up to four
//! dimensions, stepped, reversed, transposed and repeated, along every axis and flattened; `options.txt`
//! `cumulative_sum`, `nancumsum` and sums of what is flipped, with each option alone and with several of them.
//! The vectors of the documentation stand in `by_hand.rs`.
//!
//! A cast from float to integer that does not fit is not in the tables: NumPy leaves that to the C compiler and
//! the CPU, while ours saturates, and makes 0 of NaN, as `as` does. It has a test of its own.

mod by_hand;
mod complete;
mod table;

use lanesum::{Input, Promote};
use lanesum_testkit::ways::{default_to_vec, in_place, plain, promoted, to_vec, write_to};
use lanesum_testkit::{Case, Style, Typed, Ways, elements, inputs};
use table::{Row, Table};

const CUMSUM: &str = include_str!("../../numpy/cumsum.txt");
const TYPES: &str = include_str!("../../numpy/types.txt");
const AXES: &str = include_str!("../../numpy/axes.txt");
const OPTIONS: &str = include_str!("../../numpy/options.txt");

/// Checks a row for each of the summations that have NumPy's bits, and either number of the axis.
fn check(row: &Row, ways: &Ways) {
    let [input, accumulator] = ways.kinds.map(|kind| kind());
    assert_eq!(row.array.input, input.name());
    assert!(row.accumulator.is_none_or(|name| name == accumulator.name()), "{ways:?}, {row:?}");
    let output = ways.write_to.first().map_or(accumulator, |(kind, _)| kind());
    let sums = output.parse(row.sums);
    let x = input.parse(row.array.memory).gather(&row.place());
    for asked in row.axes() {
        let case = match row.array.is_slice {
            true => Case::slice(row.shape[0]).asked(asked),
            // Outputs lie in Fortran order and backwards.
            false => {
                let [to, line] = [row.array.shape.len(), 1].map(|ndim| Style {
                    reversed: (1 << ndim) - 1,
                    margin: 1,
                    ..Style::fortran(ndim)
                });
                let axis = row.axis.map(|axis| axis as usize);
                Case::placed(row.place(), axis, asked, [&to, &line, &to])
            }
        };
        for order in row.orders() {
            case.sum(&row.options(order)).compare(&*x, &*sums, None, ways);
        }
    }
}

/// Checks a row with neither dtype nor out.
fn check_default<I: Typed + Input<Sum: Typed>>(row: &Row) {
    check(row, &Ways::none::<I, I::Sum>().to_vec(default_to_vec::<I>));
    check(row, &Ways::out_of_place::<I, I::Sum, I::Sum>());
    if I::NAME == I::Sum::NAME {
        check(row, &Ways::none::<I, I::Sum>().in_place(in_place::<I, I::Sum>));
    }
}

/// Checks a row of a slice with an out.
fn check_out<I: Typed + Promote<O, Accumulator: Typed>, O: Typed>(row: &Row) {
    let ways = Ways::none::<I, I::Accumulator>();
    check(row, &ways.write_to::<O>(plain::slice_promoted::<I, O>));
}

/// Checks a row of `axes.txt` or of `options.txt`.
fn check_array<I, A, O>(row: &Row)
where
    I: Typed + Input<Sum: Typed> + Promote<O, Accumulator: Typed>,
    A: Typed,
    O: Typed,
{
    assert!(row.dtype.is_none_or(|name| name == A::NAME), "no dtype: {row:?}");
    assert!(row.out.is_none_or(|name| name == O::NAME), "no out: {row:?}");
    match row.types() {
        [None, None] => check_default::<I>(row),
        [Some(_), None] => check(row, &Ways::none::<I, A>().to_vec(to_vec::<I, A>)),
        [None, Some(_)] => {
            let ways = Ways::none::<I, I::Accumulator>();
            check(row, &ways.write_to::<O>(promoted::<I, O>));
        }
        [Some(_), Some(_)] => {
            check(row, &Ways::none::<I, A>().write_to::<O>(write_to::<I, A, O>));
        }
    }
}

/// The types of each input: the input, its dtype, its out.
macro_rules! arrays {
    ($table:ident $TABLE:ident; $($(#[$cfg:meta])? $I:ident: $A:ident $O:ident;)*) => {
        mod $table {
            #[allow(unused_imports)]
            use lanesum_testkit::types::names::*;
            use super::*;

            $($(#[$cfg])?
            #[test]
            fn $I() {
                Table::parse($TABLE).rows_of(stringify!($I)).for_each(check_array::<$I, $A, $O>);
            })*
        }
    };
}
arrays! {
    axes AXES;
    bool: u8 f32;
    i8: f32 i16;
    i16: u64 f32;
    i32: i8 f64;
    i64: u16 u32;
    u8: i64 u8;
    u16: f64 i64;
    u32: i16 u64;
    u64: f32 f32;
    f32: i32 f64;
    f64: f32 i32;
}
arrays! {
    options OPTIONS;
    bool: bool u8;
    i8: i8 i8;
    i32: f64 i16;
    i64: u16 f64;
    u16: i64 u16;
    u64: u32 f64;
    #[cfg(feature = "half")] f16: f32 f64;
    f32: i32 f64;
    f64: f32 i32;
    #[cfg(feature = "complex")] c64: c128 f64;
    #[cfg(feature = "complex")] c128: c64 c64;
}

/// `dtypes!(row I; A ..)` checks a row that has a dtype, one of these, and no out.
macro_rules! dtypes {
    ($row:ident $I:ident; $($A:ident)*) => {
        match $row.dtype {
            $(Some(stringify!($A)) => {
                check($row, &Ways::none::<$I, $A>().to_vec(plain::slice_to_vec::<$I, $A>));
            })*
            _ => panic!("no dtype: {:?}", $row),
        }
    };
}

/// `outs!(row I; O ..)` checks a row that has an out, one of these, and no dtype.
macro_rules! outs {
    ($row:ident $I:ident; $($O:ident)*) => {
        match $row.out {
            $(Some(stringify!($O)) => check_out::<$I, $O>($row),)*
            _ => panic!("no out: {:?}", $row),
        }
    };
}

/// `dtypes_and_outs!(types row I; A ..)` checks a row that has a dtype, one of these, and an out, one of the
/// types of that list.
macro_rules! dtypes_and_outs {
    ($types:ident $row:ident $I:ident; $($A:ident)*) => {
        match $row.dtype {
            $(Some(stringify!($A)) => $types!(outs_of_dtype! $row $I $A),)*
            _ => panic!("no dtype: {:?}", $row),
        }
    };
}
macro_rules! outs_of_dtype {
    ($row:ident $I:ident $A:ident; $($O:ident)*) => {
        match $row.out {
            $(Some(stringify!($O)) => {
                let ways = Ways::none::<$I, $A>();
                check($row, &ways.write_to::<$O>(plain::slice_write_to::<$I, $A, $O>));
            })*
            _ => panic!("no out: {:?}", $row),
        }
    };
}

/// The types that are given, of each row: neither, a dtype, an out, both. Those of one dimension are slices.
macro_rules! slices {
    ($row:ident $I:ident: $dtypes:ident $outs:ident $both:ident) => {
        match $row.types() {
            [None, None] => check_default::<$I>($row),
            [Some(_), None] => $dtypes!(dtypes! $row $I),
            [None, Some(_)] => $outs!(outs! $row $I),
            [Some(_), Some(_)] => $both!(dtypes_and_outs! $both $row $I),
        }
    };
}

/// No types.
macro_rules! none {
    ($name:ident! $($before:tt)*) => {
        $name! { $($before)*; }
    };
}

/// Every plain input with every dtype and every out. With all inputs, both would be a thousand functions;
/// `casts.rs` has more of them.
macro_rules! every_input {
    (; $($I:ident)*) => {
        mod cumsum {
            use super::*;

            $(#[test]
            fn $I() {
                for row in Table::parse(CUMSUM).rows_of(stringify!($I)) {
                    every_input!(@ row $I);
                }
            })*
        }
    };
    (@ $row:ident i16) => { slices!($row i16: elements elements elements) };
    (@ $row:ident f64) => { slices!($row f64: elements elements elements) };
    (@ $row:ident $I:ident) => { slices!($row $I: elements elements none) };
}
inputs!(every_input!);

/// Those types that no other table has.
#[cfg(all(feature = "half", feature = "complex"))]
mod types {
    use half::f16;
    use lanesum_testkit::types::names::{c64, c128};

    use super::*;

    /// All types of the table.
    macro_rules! all {
        ($name:ident! $($before:tt)*) => {
            $name! { $($before)*; bool i8 i16 i32 i64 u8 u16 u32 u64 f16 f32 f64 c64 c128 }
        };
    }
    macro_rules! others {
        ($name:ident! $($before:tt)*) => {
            $name! { $($before)*; bool f16 c64 c128 }
        };
    }

    /// Of a complex number it is the real part that becomes a `bool` here, as it does any other type; NumPy looks
    /// at both.
    fn is_ours(row: &&Row) -> bool {
        !(row.array.input.starts_with('c') && row.types().contains(&Some("bool")))
    }

    macro_rules! table {
        ($($I:ident: $types:ident $both:ident;)*) => {
            $(#[test]
            fn $I() {
                for row in Table::parse(TYPES).rows_of(stringify!($I)).filter(is_ours) {
                    slices!(row $I: $types $types $both);
                    if row.types() == [Some(stringify!($I)), None] {
                        check(row, &Ways::none::<$I, $I>().in_place(plain::slice_in_place::<$I, $I>));
                    }
                }
            })*
        };
    }
    table! {
        bool: all others;
        f16: all all;
        c64: all others;
        c128: all others;
        i8: others none;
        i16: others none;
        i32: others none;
        i64: others none;
        u8: others none;
        u16: others none;
        u32: others none;
        u64: others none;
        f32: others none;
        f64: others none;
    }

    macro_rules! names {
        (; $($T:ident)*) => {
            [$($T::NAME),*]
        };
    }
    macro_rules! sums {
        (; $($I:ident)*) => {
            [$(<$I as Input>::Sum::NAME),*]
        };
    }
    macro_rules! promotions_of {
        ($I:ident; $($O:ident)*) => {
            [$(<$I as Promote<$O>>::Accumulator::NAME),*]
        };
    }
    macro_rules! promotions {
        (; $($I:ident)*) => {
            [$((concat!("promote ", stringify!($I)), all!(promotions_of! $I))),*]
        };
    }

    #[test]
    fn the_type_that_is_summed_in() {
        let heads = Table::parse(TYPES).heads;
        assert_eq!(heads["types"], all!(names!));
        assert_eq!(heads["sum"], all!(sums!));
        let promotions = all!(promotions!);
        for (input, accumulators) in promotions {
            assert_eq!(heads[input], accumulators, "{input} into {:?}", heads["types"]);
        }
        assert_eq!(heads.len(), 2 + promotions.len());
    }
}
