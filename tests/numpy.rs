//! NumPy's rules, on results that NumPy computed.
//!
//! The vectors of the documentation stand here by hand. `numpy/cumsum.txt` has every input type with
//! every `dtype` and every `out`; `python tests/numpy/generate.py` writes it anew.
//!
//! A cast from float to integer that does not fit is not in it: NumPy leaves that to the C compiler
//! and the CPU, while ours saturates, and makes 0 of NaN, as `as` does. It has a test of its own.

mod common;

use std::any::type_name;
use std::collections::BTreeSet;
use std::str::FromStr;

use common::{SUMMATIONS, Value, assert_same_bits, elements, inputs};
use lanesum::{Backend, Element, Input, Promote, Summation, cumsum};

const TABLE: &str = include_str!("numpy/cumsum.txt");

/// A row of the table and the input above it.
#[derive(Debug)]
struct Row<'a> {
    input: &'a str,
    dtype: Option<&'a str>,
    out: Option<&'a str>,
    accumulator: &'a str,
    /// Whether the sums are the same in any order.
    exact: bool,
    x: &'a str,
    sums: &'a str,
}

fn rows() -> Vec<Row<'static>> {
    let mut above = None;
    let mut rows = Vec::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let (head, values) = line.split_once(" : ").expect("a head and values");
        match head.split(' ').collect::<Vec<_>>()[..] {
            ["x", input] => above = Some((input, values)),
            [dtype, out, accumulator, order @ ("exact" | "rounded")] => {
                let (input, x) = above.expect("an input above the first row");
                let given = |name| if name == "-" { None } else { Some(name) };
                let (dtype, out) = (given(dtype), given(out));
                let exact = order == "exact";
                rows.push(Row { input, dtype, out, accumulator, exact, x, sums: values });
            }
            _ => panic!("no row: {line}"),
        }
    }
    rows
}

/// Decimals, in which NumPy writes as many digits as tell the value from its neighbours.
fn parse<T: FromStr>(values: &str) -> Vec<T> {
    let parse = |value: &str| value.parse().unwrap_or_else(|_| panic!("no value: {value}"));
    values.split(' ').map(parse).collect()
}

impl Row<'_> {
    fn x<I: Input + FromStr>(&self) -> Vec<I> {
        assert_eq!(type_name::<I>(), self.input);
        parse(self.x)
    }

    /// `Sequential` has NumPy's bits, and every summation has them where no addition rounds.
    fn summations(&self) -> impl Iterator<Item = Summation> {
        let sequential = |summation: &Summation| *summation == Summation::Sequential;
        SUMMATIONS.into_iter().filter(move |summation| self.exact || sequential(summation))
    }

    /// Asserts the sums of every backend, and of none given, for each of the summations.
    fn check<O: Value + FromStr>(&self, sum: &dyn Fn(Summation, Backend) -> Vec<O>) {
        let expected: Vec<O> = parse(self.sums);
        for summation in self.summations() {
            for backend in Backend::available() {
                let sums = sum(summation, backend);
                assert_same_bits(
                    &sums,
                    &expected,
                    format_args!("{backend}, {summation:?}, {self:?}"),
                );
            }
        }
    }

    /// Neither dtype nor out.
    fn check_default<I: Input<Sum: Value + FromStr> + FromStr>(&self) {
        assert_eq!(type_name::<I::Sum>(), self.accumulator, "the accumulator of {self:?}");
        let x = self.x::<I>();
        self.check(&|summation, backend| {
            // The type of the elements says that `to_vec` returns what NumPy does.
            let sums: Vec<I::Sum> = cumsum(&x).summation(summation).backend(backend).to_vec();
            sums
        });
    }

    fn check_dtype<I: Input + FromStr, A: Value + FromStr>(&self) {
        let x = self.x::<I>();
        self.check(&|summation, backend| {
            let sum = cumsum(&x).dtype::<A>().summation(summation);
            sum.backend(backend).to_vec()
        });
    }

    fn check_out<I: Promote<O> + FromStr, O: Value + FromStr>(&self) {
        let accumulator = type_name::<<I as Promote<O>>::Accumulator>();
        assert_eq!(accumulator, self.accumulator, "the accumulator of {self:?}");
        let x = self.x::<I>();
        self.check(&|summation, backend| {
            let mut out = vec![O::from_bits(0x5a5a_5a5a_5a5a_5a5a); x.len()];
            let sum = cumsum(&x).summation(summation).backend(backend);
            sum.write_to(&mut out).expect("equal lengths");
            out
        });
    }

    fn check_both<I: Input + FromStr, A: Element, O: Value + FromStr>(&self) {
        let x = self.x::<I>();
        self.check(&|summation, backend| {
            let mut out = vec![O::from_bits(0x5a5a_5a5a_5a5a_5a5a); x.len()];
            let sum = cumsum(&x).dtype::<A>().summation(summation).backend(backend);
            sum.write_to(&mut out).expect("equal lengths");
            out
        });
    }
}

/// The rows whose input has this type, and what is given besides.
fn rows_of(input: &str, dtype: bool, out: bool) -> impl Iterator<Item = Row<'static>> {
    let wanted = move |row: &Row<'_>| row.dtype.is_some() == dtype && row.out.is_some() == out;
    rows().into_iter().filter(move |row| row.input == input && wanted(row))
}

macro_rules! dtypes {
    ($I:ident $row:ident; $($A:ident)*) => {
        match $row.dtype {
            $(Some(stringify!($A)) => $row.check_dtype::<$I, $A>(),)*
            _ => panic!("no dtype: {:?}", $row),
        }
    };
}
macro_rules! outs {
    ($I:ident $row:ident; $($O:ident)*) => {
        match $row.out {
            $(Some(stringify!($O)) => $row.check_out::<$I, $O>(),)*
            _ => panic!("no out: {:?}", $row),
        }
    };
}
macro_rules! every_input {
    (; $($I:ident)*) => {
        mod table {
            use super::*;

            $(#[test]
            fn $I() {
                const INPUT: &str = stringify!($I);
                rows_of(INPUT, false, false).for_each(|row| row.check_default::<$I>());
                rows_of(INPUT, true, false).for_each(|row| elements!(dtypes! $I row));
                rows_of(INPUT, false, true).for_each(|row| elements!(outs! $I row));
            })*
        }
    };
}
inputs!(every_input!);

macro_rules! outs_of_dtype {
    ($I:ident $A:ident $row:ident; $($O:ident)*) => {
        match $row.out {
            $(Some(stringify!($O)) => $row.check_both::<$I, $A, $O>(),)*
            _ => panic!("no out: {:?}", $row),
        }
    };
}
macro_rules! dtypes_and_outs {
    ($I:ident $row:ident; $($A:ident)*) => {
        match $row.dtype {
            $(Some(stringify!($A)) => elements!(outs_of_dtype! $I $A $row),)*
            _ => panic!("no dtype: {:?}", $row),
        }
    };
}

/// With all inputs these would be a thousand functions; `casts.rs` has more of them.
#[test]
fn dtype_and_out() {
    rows_of("i16", true, true).for_each(|row| elements!(dtypes_and_outs! i16 row));
    rows_of("f64", true, true).for_each(|row| elements!(dtypes_and_outs! f64 row));
}

/// No row can go missing: neither from the table nor, by a misspelt type, from the tests above.
#[test]
fn the_table_is_complete() {
    let mut wanted = BTreeSet::new();
    let types = |types: &'static str| types.split_whitespace().map(Some);
    let elements = || types("f32 f64 i8 i16 i32 i64 u8 u16 u32 u64");
    for input in types("bool").chain(elements()) {
        wanted.insert((input, None, None));
        for element in elements() {
            wanted.insert((input, element, None));
            wanted.insert((input, None, element));
            if [Some("i16"), Some("f64")].contains(&input) {
                wanted.extend(elements().map(|out| (input, element, out)));
            }
        }
    }
    let rows = rows();
    let found: BTreeSet<_> = rows.iter().map(|row| (Some(row.input), row.dtype, row.out)).collect();
    assert_eq!(found, wanted);
    assert_eq!(rows.len(), wanted.len(), "a row stands there twice");
    assert!(TABLE.lines().next().is_some_and(|line| line.contains("by NumPy 2.")), "the version");
}

/// The vectors that the documentation quotes, each as NumPy gives it.
mod by_hand {
    use super::*;

    /// Sums with NumPy's bits into an output, whose type decides on the accumulator.
    fn into<I: Promote<O>, O: Element, const N: usize>(x: [I; N]) -> [O; N] {
        let mut out = [O::default(); N];
        let sum = cumsum(&x).summation(Summation::Sequential);
        sum.write_to(&mut out).expect("equal lengths");
        out
    }

    #[test]
    fn small_integers_are_summed_in_64_bits() {
        assert_eq!(cumsum(&[100i8; 3]).to_vec(), [100i64, 200, 300]);
        assert_eq!(cumsum(&[200u8; 3]).to_vec(), [200u64, 400, 600]);
        assert_eq!(cumsum(&[true, true, false]).to_vec(), [1i64, 2, 2]);
    }

    #[test]
    fn an_output_narrows_the_accumulator() {
        assert_eq!(into::<i8, i8, 3>([100; 3]), [100, -56, 44]);
    }

    #[test]
    fn an_output_gets_casts_of_sums_and_dtype_sums_of_casts() {
        assert_eq!(into::<f64, i64, 3>([1.7; 3]), [1, 3, 5]);
        assert_eq!(cumsum(&[1.7f64; 3]).dtype::<i64>().to_vec(), [1, 2, 3]);
    }

    #[test]
    fn f64_is_summed_in_f64_for_an_output_of_f32() {
        let small = 1.0 / (1u32 << 25) as f64;
        let sums: [f32; 5] = into([1.0, small, small, small, small]);
        assert_eq!(sums, [1.0, 1.0, 1.0, 1.0000001, 1.0000001]);
    }

    #[test]
    fn dtype_wraps_negative_numbers() {
        assert_eq!(cumsum(&[-1i64, 2]).dtype::<u64>().to_vec(), [u64::MAX, 1]);
    }

    #[test]
    fn infinities_cancel_to_nan_for_good() {
        let sums = cumsum(&[f64::INFINITY, f64::NEG_INFINITY, 1.0]).to_vec();
        let expected = [f64::INFINITY, f64::NAN, f64::NAN];
        assert_same_bits(&sums, &expected, format_args!("inf, -inf, 1"));
    }

    #[test]
    fn the_first_element_is_copied() {
        assert_eq!(cumsum(&[-0.0f64]).to_vec()[0].to_bits(), (-0.0f64).to_bits());
        assert_eq!(cumsum(&[-0.0f32]).to_vec()[0].to_bits(), (-0.0f32).to_bits());
    }

    #[test]
    fn nothing_sums_to_nothing() {
        assert_eq!(cumsum(&[0u16; 0]).to_vec(), [0u64; 0]);
    }
}

/// Where NumPy's casts are the CPU's: ours are those of `as` on every one.
#[test]
fn casts_to_integers_saturate_and_nan_is_zero() {
    let x = [300.0f64, -1.0, f64::NAN, f64::NEG_INFINITY, 1e300];
    for backend in Backend::available() {
        let cast = cumsum(&x).dtype::<u8>().backend(backend).to_vec();
        assert_eq!(cast, [255, 255, 255, 255, 254], "{backend}: 255, 0, 0, 0, 255 wrap");

        let mut out = [0i8; 5];
        cumsum(&x).backend(backend).write_to(&mut out).expect("equal lengths");
        assert_eq!(out, [127, 127, 0, 0, 0], "{backend}: 300, 299, NaN");

        let mut out = [0u32; 2];
        cumsum(&[-0.5f32, 1e20]).backend(backend).write_to(&mut out).expect("equal lengths");
        assert_eq!(out, [0, u32::MAX], "{backend}");
    }
}
