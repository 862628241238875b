//! NumPy's rules for arrays, on results that NumPy computed.
//!
//! `numpy/axes.txt` has arrays of every input type, of up to four dimensions, stepped, reversed,
//! transposed and repeated, along every axis and flattened; `python tests/numpy/generate.py` writes it
//! anew. `views.rs` has the vectors of NumPy's documentation.

mod common;

use std::any::type_name;
use std::str::FromStr;

use common::strided::{Style, along, guard};
use common::{SUMMATIONS, Value, assert_same_bits};
use lanesum::{Backend, Cumsum, Input, Operand, Promote, Summation, View, ViewMut, cumsum};

const TABLE: &str = include_str!("numpy/axes.txt");

/// The array above some rows.
#[derive(Clone, Debug)]
struct Array {
    input: &'static str,
    shape: Vec<usize>,
    strides: Vec<isize>,
    offset: usize,
    memory: &'static str,
}

/// A row of the table.
#[derive(Debug)]
struct Row {
    array: Array,
    axis: Option<isize>,
    dtype: Option<&'static str>,
    out: Option<&'static str>,
    /// Whether the sums are the same in any order.
    exact: bool,
    /// The shape of the result.
    shape: Vec<usize>,
    sums: &'static str,
}

/// `2,3`, or `()` for none.
fn numbers<T: FromStr>(text: &str) -> Vec<T> {
    let parse = |number: &str| number.parse().unwrap_or_else(|_| panic!("no number: {number}"));
    if text == "()" { vec![] } else { text.split(',').map(parse).collect() }
}

/// Decimals, in which NumPy writes as many digits as tell the value from its neighbours.
fn values<T: FromStr>(text: &str) -> Vec<T> {
    let parse = |value: &str| value.parse().unwrap_or_else(|_| panic!("no value: {value}"));
    text.split_whitespace().map(parse).collect()
}

fn rows() -> Vec<Row> {
    let mut above = None;
    let mut rows = Vec::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        // Of an empty array there is nothing after the colon.
        let (head, values) = line.split_once(" :").expect("a head and values");
        match head.split(' ').collect::<Vec<_>>()[..] {
            ["a", input, shape, strides, offset] => {
                let (shape, strides) = (numbers(shape), numbers(strides));
                let offset = offset.parse().expect("an offset");
                above = Some(Array { input, shape, strides, offset, memory: values });
            }
            [axis, dtype, out, order @ ("exact" | "rounded"), shape] => {
                let array = above.clone().expect("an array above the first row");
                let given = |name| if name == "-" { None } else { Some(name) };
                rows.push(Row {
                    array,
                    axis: given(axis).map(|axis| axis.parse().expect("an axis")),
                    dtype: given(dtype),
                    out: given(out),
                    exact: order == "exact",
                    shape: numbers(shape),
                    sums: values,
                });
            }
            _ => panic!("no row: {line}"),
        }
    }
    rows
}

/// All that is asked of a sum, but for the types.
struct How {
    axis: Option<isize>,
    summation: Summation,
    backend: Backend,
}

impl How {
    fn ask<S: Operand, D>(&self, sum: Cumsum<S, D>) -> Cumsum<S, D> {
        along(sum, self.axis).summation(self.summation).backend(self.backend)
    }
}

impl Row {
    /// The axis by either of its numbers.
    fn axes(&self) -> Vec<Option<isize>> {
        let ndim = self.array.shape.len().max(1) as isize;
        self.axis.map_or(vec![None], |axis| vec![Some(axis), Some(axis - ndim)])
    }

    /// Asserts the sums of every backend, for each of the summations that have NumPy's bits.
    fn check<I: Input + FromStr, O: Value + FromStr>(
        &self,
        sum: &dyn Fn(View<'_, I>, &How) -> Vec<O>,
    ) {
        let Array { input, shape, strides, offset, memory } = &self.array;
        assert_eq!(type_name::<I>(), *input);
        let memory: Vec<I> = values(memory);
        let view = View::with_strides(&memory, *offset, shape, strides).expect("a view");
        let expected: Vec<O> = values(self.sums);
        let is_numpys = |summation: &Summation| self.exact || *summation == Summation::Sequential;
        for summation in SUMMATIONS.into_iter().filter(is_numpys) {
            for backend in Backend::available() {
                for axis in self.axes() {
                    let sums = sum(view.clone(), &How { axis, summation, backend });
                    let what = format_args!("{backend}, {summation:?}, {self:?}");
                    assert_same_bits(&sums, &expected, what);
                }
            }
        }
    }

    /// Neither dtype nor out. An output of NumPy's shape takes the result.
    fn check_default<I: Input<Sum: Value + FromStr> + FromStr>(&self) {
        self.check::<I, I::Sum>(&|view, how| {
            let sums: Vec<I::Sum> = how.ask(cumsum(&view)).to_vec();
            let sum = how.ask(cumsum(&view)).dtype::<I::Sum>();
            let out = self.write_to(|out| sum.write_to(out).expect("NumPy's shape"));
            assert_same_bits(&out, &sums, format_args!("{}, {self:?}, out", how.backend));
            sums
        });
    }

    fn check_dtype<I: Input + FromStr, A: Value + FromStr>(&self) {
        self.check::<I, A>(&|view, how| how.ask(cumsum(view)).dtype::<A>().to_vec());
    }

    fn check_out<I: Promote<O> + FromStr, O: Value + FromStr>(&self) {
        self.check::<I, O>(&|view, how| {
            let sum = how.ask(cumsum(view));
            self.write_to(|out| sum.write_to(out).expect("NumPy's shape"))
        });
    }

    /// What is written to an output of the shape that NumPy gave, in Fortran order and backwards.
    fn write_to<O: Value>(&self, write: impl FnOnce(ViewMut<'_, O>)) -> Vec<O> {
        let ndim = self.shape.len();
        let style = Style { reversed: (1 << ndim) - 1, margin: 1, ..Style::fortran(ndim) };
        let place = style.place(&self.shape);
        let mut memory = vec![guard::<O>(); place.len];
        write(place.view_mut(&mut memory));
        place.gather(&memory)
    }
}

/// The types of each input: the input, its dtype, its out.
macro_rules! tables {
    ($($I:ident: $A:ident $O:ident;)*) => {
        mod table {
            use super::*;

            $(#[test]
            fn $I() {
                let of_input = |row: &Row| row.array.input == stringify!($I);
                for row in rows().into_iter().filter(of_input) {
                    match (row.dtype, row.out) {
                        (None, None) => row.check_default::<$I>(),
                        (Some(stringify!($A)), None) => row.check_dtype::<$I, $A>(),
                        (None, Some(stringify!($O))) => row.check_out::<$I, $O>(),
                        _ => panic!("no row: {row:?}"),
                    }
                }
            })*
        }

        /// No row can go missing.
        #[test]
        fn the_table_is_complete() {
            let rows = rows();
            let count = |wanted: &dyn Fn(&&Row) -> bool| rows.iter().filter(wanted).count();
            let mut left = rows.len();
            $(
                let of_input = |row: &&Row| row.array.input == stringify!($I);
                for ndim in 0..=4 {
                    let arrays = count(&|row| of_input(row) && row.array.shape.len() == ndim);
                    assert!(arrays > ndim, "{}, {ndim} dimensions", stringify!($I));
                }
                assert!(count(&|row| of_input(row) && row.dtype.is_some()) >= 9, stringify!($I));
                assert!(count(&|row| of_input(row) && row.out.is_some()) >= 9, stringify!($I));
                left -= count(&of_input);
            )*
            assert_eq!(left, 0, "rows of other types");
            assert!(count(&|row| row.array.shape.contains(&0)) > 40);
            assert!(count(&|row| row.array.strides.contains(&0)) > 40);
            assert!(count(&|row| row.array.strides.iter().any(|stride| *stride < 0)) > 40);
            assert!(TABLE.lines().next().is_some_and(|line| line.contains("by NumPy 2.")));
        }
    };
}
tables! {
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
