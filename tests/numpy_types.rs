//! NumPy's rules for `bool`, `f16` and complex numbers, and which type is summed in, on results that NumPy
//! computed.
//!
//! `numpy/types.txt` has every cast from and to these types, before the sum and after it, and the promotion
//! of every pair of types; `python tests/numpy/generate.py` writes it anew. The other types have theirs in
//! `numpy.rs`.

#![cfg(all(feature = "half", feature = "complex"))]

#[path = "numpy/samples.rs"]
mod samples;

use std::collections::{BTreeMap, BTreeSet};

use half::f16;
use lanesum::{Backend, Input, Promote, Summation, cumsum};
use samples::complex::{c64, c128};
use samples::{Sample, assert_same, given, summations, values};

const TABLE: &str = include_str!("numpy/types.txt");

/// `all!(name! a b c)` is `name! { a b c; bool i8 .. }`: with all types of the table.
macro_rules! all {
    ($name:ident! $($before:tt)*) => {
        $name! { $($before)*; bool i8 i16 i32 i64 u8 u16 u32 u64 f16 f32 f64 c64 c128 }
    };
}

/// The same with those that no other table has.
macro_rules! others {
    ($name:ident! $($before:tt)*) => {
        $name! { $($before)*; bool f16 c64 c128 }
    };
}

const OTHERS: [&str; 4] = ["bool", "f16", "c64", "c128"];

/// The lines before the first input: types by the name of the line.
fn heads() -> BTreeMap<&'static str, Vec<&'static str>> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let heads = lines.take_while(|line| !line.starts_with("x "));
    let split = |line: &'static str| line.split_once(" : ").expect("a name and types");
    heads.map(split).map(|(name, types)| (name, types.split(' ').collect())).collect()
}

/// A row of the table and the input above it.
#[derive(Debug)]
struct Row {
    input: &'static str,
    dtype: Option<&'static str>,
    out: Option<&'static str>,
    accumulator: &'static str,
    /// Whether the sums are the same in any order.
    exact: bool,
    x: &'static str,
    sums: &'static str,
}

fn rows() -> Vec<Row> {
    let mut above = None;
    let mut rows = Vec::new();
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    for line in lines.skip_while(|line| !line.starts_with("x ")) {
        let (head, values) = line.split_once(" : ").expect("a head and values");
        match head.split(' ').collect::<Vec<_>>()[..] {
            ["x", input] => above = Some((input, values)),
            [dtype, out, accumulator, order @ ("exact" | "rounded")] => {
                let (input, x) = above.expect("an input above the first row");
                let (dtype, out) = (given(dtype), given(out));
                let exact = order == "exact";
                rows.push(Row { input, dtype, out, accumulator, exact, x, sums: values });
            }
            _ => panic!("no row: {line}"),
        }
    }
    rows
}

impl Row {
    fn x<I: Sample>(&self) -> Vec<I> {
        assert_eq!(I::NAME, self.input);
        values(self.x)
    }

    /// Asserts the sums of every backend, for each of the summations that have NumPy's bits.
    fn check<O: Sample>(&self, sum: &dyn Fn(Summation, Backend) -> Vec<O>) {
        let expected: Vec<O> = values(self.sums);
        for summation in summations(self.exact) {
            for backend in Backend::available() {
                let sums = sum(summation, backend);
                assert_same(&sums, &expected, format_args!("{backend}, {summation:?}, {self:?}"));
            }
        }
    }

    /// Neither dtype nor out.
    fn check_default<I: Sample + Input<Sum: Sample>>(&self) {
        assert_eq!(I::Sum::NAME, self.accumulator, "the accumulator of {self:?}");
        let x = self.x::<I>();
        self.check(&|summation, backend| {
            // The type of the elements says that `to_vec` returns what NumPy does.
            let sums: Vec<I::Sum> = cumsum(&x).summation(summation).backend(backend).to_vec();
            sums
        });
    }

    fn check_dtype<I: Sample, A: Sample>(&self) {
        let x = self.x::<I>();
        self.check(&|summation, backend| {
            let sum = cumsum(&x).dtype::<A>().summation(summation);
            sum.backend(backend).to_vec()
        });
        if I::NAME == A::NAME {
            self.check(&|summation, backend| {
                let mut x = values::<A>(self.x);
                cumsum(&mut x).summation(summation).backend(backend).dtype::<A>().in_place();
                x
            });
        }
    }

    fn check_out<I: Sample + Promote<O, Accumulator: Sample>, O: Sample>(&self) {
        let accumulator = <I as Promote<O>>::Accumulator::NAME;
        assert_eq!(accumulator, self.accumulator, "the accumulator of {self:?}");
        let x = self.x::<I>();
        self.check(&|summation, backend| {
            let mut out = vec![O::filler(); x.len()];
            let sum = cumsum(&x).summation(summation).backend(backend);
            sum.write_to(&mut out).expect("equal lengths");
            out
        });
    }

    fn check_both<I: Sample, A: Sample, O: Sample>(&self) {
        let x = self.x::<I>();
        self.check(&|summation, backend| {
            let mut out = vec![O::filler(); x.len()];
            let sum = cumsum(&x).dtype::<A>().summation(summation).backend(backend);
            sum.write_to(&mut out).expect("equal lengths");
            out
        });
    }
}

/// The rows whose input has this type, and what is given besides. Of a complex number it is the real part that
/// becomes a `bool` here, as it does any other type; NumPy looks at both.
fn rows_of(input: &str, dtype: bool, out: bool) -> impl Iterator<Item = Row> {
    let wanted = move |row: &Row| row.dtype.is_some() == dtype && row.out.is_some() == out;
    let to_bool = |row: &Row| row.dtype == Some("bool") || row.out == Some("bool");
    let is_ours = move |row: &Row| !(row.input.starts_with('c') && to_bool(row));
    rows().into_iter().filter(move |row| row.input == input && wanted(row) && is_ours(row))
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
macro_rules! outs_of_dtype {
    ($I:ident $A:ident $row:ident; $($O:ident)*) => {
        match $row.out {
            $(Some(stringify!($O)) => $row.check_both::<$I, $A, $O>(),)*
            _ => panic!("no out: {:?}", $row),
        }
    };
}
macro_rules! dtypes_and_outs {
    ($types:ident $I:ident $row:ident; $($A:ident)*) => {
        match $row.dtype {
            $(Some(stringify!($A)) => $types!(outs_of_dtype! $I $A $row),)*
            _ => panic!("no dtype: {:?}", $row),
        }
    };
}

/// The inputs, with the types that they are cast to.
macro_rules! table {
    ($($types:ident: $($I:ident)*;)*) => {
        mod table {
            use super::*;

            $($(#[test]
            fn $I() {
                const INPUT: &str = stringify!($I);
                rows_of(INPUT, true, false).for_each(|row| $types!(dtypes! $I row));
                rows_of(INPUT, false, true).for_each(|row| $types!(outs! $I row));
            })*)*
        }
    };
}
table! {
    all: bool f16 c64 c128;
    others: i8 i16 i32 i64 u8 u16 u32 u64 f32 f64;
}

macro_rules! defaults {
    (; $($I:ident)*) => {
        $(rows_of(stringify!($I), false, false).for_each(|row| row.check_default::<$I>());)*
    };
}

#[test]
fn neither_dtype_nor_out() {
    others!(defaults!);
}

/// With all types these would be thousands of functions.
#[test]
fn dtype_and_out() {
    rows_of("bool", true, true).for_each(|row| others!(dtypes_and_outs! others bool row));
    rows_of("f16", true, true).for_each(|row| all!(dtypes_and_outs! all f16 row));
    rows_of("c64", true, true).for_each(|row| others!(dtypes_and_outs! others c64 row));
    rows_of("c128", true, true).for_each(|row| others!(dtypes_and_outs! others c128 row));
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
    let heads = heads();
    assert_eq!(heads["types"], all!(names!));
    assert_eq!(heads["sum"], all!(sums!));
    let promotions = all!(promotions!);
    for (input, accumulators) in promotions {
        assert_eq!(heads[input], accumulators, "{input} into {:?}", heads["types"]);
    }
    assert_eq!(heads.len(), 2 + promotions.len());
}

/// No row can go missing: neither from the table nor, by a misspelt type, from the tests above.
#[test]
fn the_table_is_complete() {
    let mut wanted = BTreeSet::new();
    let all = all!(names!);
    for input in all {
        let is_other = OTHERS.contains(&input);
        let types = if is_other { &all[..] } else { &OTHERS };
        for &type_ in types {
            wanted.insert((input, Some(type_), None));
            wanted.insert((input, None, Some(type_)));
        }
        if is_other {
            wanted.insert((input, None, None));
            let both = if input == "f16" { &all[..] } else { &OTHERS };
            let pairs = both.iter().flat_map(|dtype| both.iter().map(move |out| (dtype, out)));
            wanted.extend(pairs.map(|(&dtype, &out)| (input, Some(dtype), Some(out))));
        }
    }
    let rows = rows();
    let found: BTreeSet<_> = rows.iter().map(|row| (row.input, row.dtype, row.out)).collect();
    assert_eq!(found, wanted);
    // Where sums can round, there are some that do and some that do not.
    let orders = |exact: bool| rows.iter().filter(move |row| row.exact == exact);
    let of_f16 = |row: &&Row| row.accumulator == "f16" && row.input == "f16";
    assert!(orders(true).filter(of_f16).count() > 20 && orders(false).filter(of_f16).count() > 20);
    assert!(TABLE.lines().next().is_some_and(|line| line.contains("by NumPy 2.")), "the version");
}
