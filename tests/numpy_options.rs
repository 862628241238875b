//! NumPy's `cumulative_sum`, `nancumsum`, and sums of what is flipped, on results that NumPy computed.
//!
//! `numpy/options.txt` has lanes with NaN at every place and small arrays in any layout, along every axis
//! and flattened, with each option alone and with several of them; `python tests/numpy/generate.py` writes
//! it anew.

mod common;
#[path = "numpy/samples.rs"]
mod samples;

use std::collections::BTreeMap;

use common::strided::{Style, along};
use lanesum::{
    Backend, Cumsum, Dtype, Input, Operand, Promote, SameLength, Summation, View, cumsum,
};
use samples::{Sample, assert_same, given, numbers, summations, values};

const TABLE: &str = include_str!("numpy/options.txt");

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
    /// Their names, joined by `+`.
    options: Option<&'static str>,
    initial: Option<f64>,
    /// Whether the sums are the same in any order.
    exact: bool,
    /// The shape of the result.
    shape: Vec<usize>,
    sums: &'static str,
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
            [axis, dtype, out, options, initial, order @ ("exact" | "rounded"), shape] => {
                let array = above.clone().expect("an array above the first row");
                rows.push(Row {
                    array,
                    axis: given(axis).map(|axis| axis.parse().expect("an axis")),
                    dtype: given(dtype),
                    out: given(out),
                    options: given(options),
                    initial: given(initial).map(|initial| initial.parse().expect("a number")),
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

/// All that is asked of a sum, but for the options and the types.
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

/// `asked!(sum, row; with => call)` is the call on the sum `with` the options of the row. With the initial
/// value among the sums it is of another type.
macro_rules! asked {
    ($sum:expr, $row:expr; $with:ident => $call:expr) => {{
        let sum = $row.options($sum);
        if $row.has("include_initial") {
            let $with = sum.include_initial();
            $call
        } else {
            let $with = sum;
            $call
        }
    }};
}

impl Row {
    fn has(&self, option: &str) -> bool {
        self.options.is_some_and(|options| options.split('+').any(|other| other == option))
    }

    /// The options, but for `include_initial`.
    fn options<S: Operand, D>(&self, sum: Cumsum<S, D>) -> Cumsum<S, D, SameLength> {
        let mut sum = sum.options();
        if self.has("exclusive") {
            sum = sum.exclusive();
        }
        if self.has("reverse") {
            sum = sum.reverse();
        }
        if self.has("skip_nan") {
            sum = sum.skip_nan();
        }
        match self.initial {
            Some(initial) => sum.initial(initial),
            None => sum,
        }
    }

    /// The axis by either of its numbers. In one dimension, none is the same as the only one.
    fn axes(&self) -> Vec<Option<isize>> {
        let ndim = self.array.shape.len().max(1) as isize;
        let (axis, from_last) = match self.axis {
            Some(axis) => (axis, axis - ndim),
            None if ndim == 1 => (0, -1),
            None => return vec![None],
        };
        let mut axes = vec![Some(axis), Some(from_last)];
        if ndim == 1 {
            axes.push(None);
        }
        axes
    }

    /// Asserts the sums of every backend, for each of the summations that have NumPy's bits.
    fn check<I: Sample, O: Sample>(&self, sum: &dyn Fn(View<'_, I>, &How) -> Vec<O>) {
        let Array { input, shape, strides, offset, memory } = &self.array;
        assert_eq!(I::NAME, *input);
        let memory: Vec<I> = values(memory);
        let view = View::with_strides(&memory, *offset, shape, strides).expect("a view");
        let expected: Vec<O> = values(self.sums);
        for summation in summations(self.exact) {
            for backend in Backend::available() {
                for axis in self.axes() {
                    let sums = sum(view.clone(), &How { axis, summation, backend });
                    let what = format_args!("{backend}, {summation:?}, axis {axis:?}, {self:?}");
                    assert_same(&sums, &expected, what);
                }
            }
        }
    }

    /// Neither dtype nor out. An output of NumPy's shape takes the result.
    fn check_default<I: Sample + Input<Sum: Sample>>(&self) {
        self.check::<I, I::Sum>(&|view, how| {
            let sum = how.ask(cumsum(&view));
            let sums: Vec<I::Sum> = asked!(sum, self; sum => sum.to_vec());
            let what = format_args!("{}, {self:?}", how.backend);

            let out = self.write_to(how.ask(cumsum(&view)).dtype::<I::Sum>());
            assert_same(&out, &sums, format_args!("{what}, out"));

            if I::NAME == I::Sum::NAME && !self.has("include_initial") {
                assert_same(&self.in_place::<I::Sum>(how), &sums, format_args!("{what}, in_place"));
            }
            sums
        });
    }

    fn check_dtype<I: Sample, A: Sample>(&self) {
        self.check::<I, A>(
            &|view, how| asked!(how.ask(cumsum(view)).dtype::<A>(), self; sum => sum.to_vec()),
        );
    }

    fn check_out<I: Sample + Promote<O>, O: Sample>(&self) {
        self.check::<I, O>(&|view, how| self.write_to(how.ask(cumsum(view))));
    }

    fn check_both<I: Sample, A: Sample, O: Sample>(&self) {
        self.check::<I, O>(&|view, how| self.write_to(how.ask(cumsum(view)).dtype::<A>()));
    }

    /// What is written to an output of the shape that NumPy gave, in Fortran order and backwards.
    fn write_to<S: Operand, D: Dtype<S::Element, O>, O: Sample>(
        &self,
        sum: Cumsum<S, D>,
    ) -> Vec<O> {
        let ndim = self.shape.len();
        let style = Style { reversed: (1 << ndim) - 1, margin: 1, ..Style::fortran(ndim) };
        let place = style.place(&self.shape);
        let mut memory = vec![O::filler(); place.len];
        let output = place.view_mut(&mut memory);
        asked!(sum, self; sum => sum.write_to(output)).expect("NumPy's shape");
        let written = place.positions();
        let mut outside = (0..memory.len()).filter(|at| !written.contains(at));
        let filler = O::filler().bits();
        assert!(outside.all(|at| memory[at].bits() == filler), "{self:?}: written outside");
        place.gather(&memory)
    }

    /// The sums of the array as one of `T`, which it is, in its place.
    fn in_place<T: Sample>(&self, how: &How) -> Vec<T> {
        let Array { input, shape, strides, offset, memory } = &self.array;
        assert_eq!(T::NAME, *input);
        let from = common::reference::axes::positions(*offset, shape, strides);
        let (memory, ndim) = (values::<T>(memory), shape.len());
        let place = Style { margin: 2, ..Style::fortran(ndim) }.place(shape);
        let mut data = vec![T::filler(); place.len];
        let x: Vec<T> = from.into_iter().map(|at| memory[at]).collect();
        place.scatter(&x, &mut data);
        let sum = how.ask(cumsum(place.view_mut(&mut data))).dtype::<T>();
        self.options(sum).in_place();
        place.gather(&data)
    }
}

/// The types of each input: the input, its dtype, its out.
macro_rules! tables {
    ($($(#[$cfg:meta])? $I:ident: $A:ident $O:ident;)*) => {
        mod table {
            #[cfg(feature = "half")]
            use half::f16;

            #[cfg(feature = "complex")]
            use super::samples::complex::{c64, c128};
            use super::*;

            $($(#[$cfg])?
            #[test]
            fn $I() {
                let of_input = |row: &Row| row.array.input == stringify!($I);
                for row in rows().into_iter().filter(of_input) {
                    match (row.dtype, row.out) {
                        (None, None) => row.check_default::<$I>(),
                        (Some(stringify!($A)), None) => row.check_dtype::<$I, $A>(),
                        (None, Some(stringify!($O))) => row.check_out::<$I, $O>(),
                        (Some(stringify!($A)), Some(stringify!($O))) => {
                            row.check_both::<$I, $A, $O>();
                        }
                        _ => panic!("no row: {row:?}"),
                    }
                }
            })*
        }

        /// No row can go missing.
        #[test]
        fn the_table_is_complete() {
            let rows = rows();
            let mut left = rows.len();
            for input in [$(stringify!($I)),*] {
                let rows: Vec<&Row> = rows.iter().filter(|row| row.array.input == input).collect();
                let count = |wanted: &dyn Fn(&Row) -> bool| {
                    rows.iter().filter(|row| wanted(row)).count()
                };
                for ndim in 0..=3 {
                    assert!(count(&|row| row.array.shape.len() == ndim) > ndim, "{input}, {ndim}");
                }
                assert!(count(&|row| row.axis.is_none()) > 20, "{input}");
                assert!(count(&|row| row.dtype.is_some()) > 9, "{input}");
                assert!(count(&|row| row.out.is_some()) > 9, "{input}");
                assert!(count(&|row| row.initial.is_some()) > 9, "{input}");
                for option in ["include_initial", "exclusive", "reverse", "skip_nan"] {
                    assert!(count(&|row| row.has(option)) > 9, "{input}, {option}");
                }
                if !input.starts_with(['b', 'i', 'u']) {
                    assert!(count(&|row| !row.exact) > 20, "{input}: rounded");
                    let with_nan = |row: &Row| row.array.memory.contains("nan");
                    assert!(count(&|row| with_nan(row) && row.has("skip_nan")) > 20, "{input}");
                }
                left -= rows.len();
            }
            assert_eq!(left, 0, "rows of other types");

            // Of each combination of options there are several.
            let mut combinations = BTreeMap::new();
            for row in &rows {
                *combinations.entry((row.options, row.initial.is_some())).or_insert(0) += 1;
            }
            assert_eq!(combinations.len(), 32);
            assert!(combinations.values().all(|count| *count > 9), "{combinations:?}");
            assert!(TABLE.lines().next().is_some_and(|line| line.contains("by NumPy 2.")));
        }
    };
}
tables! {
    bool: bool u8;
    i8: i8 i8;
    i32: f64 i16;
    i64: u16 f64;
    u16: i64 u16;
    u64: u32 f64;
    #[cfg(feature = "half")]
    f16: f32 f64;
    f32: i32 f64;
    f64: f32 i32;
    #[cfg(feature = "complex")]
    c64: c128 f64;
    #[cfg(feature = "complex")]
    c128: c64 c64;
}
