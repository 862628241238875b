//! The tables of NumPy's results, `tests/numpy/*.txt`, which `python3 tests/numpy/generate.py` writes anew.
//!
//! Each has inputs, `x type : values` or `a type shape strides offset : memory`, and below an input its rows:
//! `dtype out accumulator order : sums`, `axis dtype out order shape : sums`, or
//! `axis dtype out options initial order shape : sums`, with `-` for what is not given. Before the inputs there
//! may be lines with lists of types.

use std::collections::BTreeMap;
use std::str::FromStr;

use lanesum_testkit::{Options, Order, Place};

/// The input above some rows.
#[derive(Clone, Debug)]
pub(super) struct Array {
    pub(super) input: &'static str,
    /// Whether it is a slice, and not an array.
    pub(super) is_slice: bool,
    pub(super) shape: Vec<usize>,
    pub(super) strides: Vec<isize>,
    offset: usize,
    pub(super) memory: &'static str,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) array: Array,
    pub(super) axis: Option<isize>,
    pub(super) dtype: Option<&'static str>,
    pub(super) out: Option<&'static str>,
    /// The type that is summed in, where the table says it.
    pub(super) accumulator: Option<&'static str>,
    /// The names of the options, joined by `+`.
    pub(super) options: Option<&'static str>,
    pub(super) initial: Option<f64>,
    /// Whether the sums are the same in any order.
    pub(super) exact: bool,
    /// The shape of the result.
    pub(super) shape: Vec<usize>,
    pub(super) sums: &'static str,
}

/// A table.
pub(super) struct Table {
    /// The lines before the first input: types by the name of the line.
    pub(super) heads: BTreeMap<&'static str, Vec<&'static str>>,
    pub(super) rows: Vec<Row>,
}

/// What stands in a column, where `-` is nothing.
fn given(column: &'static str) -> Option<&'static str> {
    if column == "-" { None } else { Some(column) }
}

fn parsed<T: FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("no number: {text}"))
}

/// `2,3`, or `()` for none.
fn numbers<T: FromStr>(text: &str) -> Vec<T> {
    if text == "()" { vec![] } else { text.split(',').map(parsed).collect() }
}

impl Table {
    pub(super) fn parse(text: &'static str) -> Self {
        assert!(
            text.lines().next().is_some_and(|line| line.contains("by NumPy 2.")),
            "the version"
        );
        let mut table = Self { heads: BTreeMap::new(), rows: Vec::new() };
        let mut above = None;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            // Of an empty array there is nothing after the colon.
            let (head, values) = line.split_once(" :").expect("a head and values");
            let columns: Vec<&str> = head.split(' ').collect();
            match columns[..] {
                ["x", input] => {
                    let (shape, strides) = (vec![values.split_whitespace().count()], vec![1]);
                    let memory = values;
                    above =
                        Some(Array { input, is_slice: true, shape, strides, offset: 0, memory });
                }
                ["a", input, shape, strides, offset] => {
                    above = Some(Array {
                        input,
                        is_slice: false,
                        shape: numbers(shape),
                        strides: numbers(strides),
                        offset: parsed(offset),
                        memory: values,
                    });
                }
                _ => match &above {
                    None => {
                        table.heads.insert(head, values.split_whitespace().collect());
                    }
                    Some(array) => table.rows.push(Row::parse(array, &columns, values)),
                },
            }
        }
        table
    }

    /// The rows whose input has this type.
    pub(super) fn rows_of(&self, input: &str) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.array.input == input)
    }
}

impl Row {
    fn parse(array: &Array, columns: &[&'static str], sums: &'static str) -> Self {
        let row = |order, shape: &str| Self {
            array: array.clone(),
            axis: None,
            dtype: None,
            out: None,
            accumulator: None,
            options: None,
            initial: None,
            exact: match order {
                "exact" => true,
                "rounded" => false,
                _ => panic!("no order: {order}"),
            },
            shape: numbers(shape),
            sums,
        };
        match *columns {
            [dtype, out, accumulator, order] => {
                let (dtype, out, accumulator) = (given(dtype), given(out), given(accumulator));
                let shape = array.shape.clone();
                Self { dtype, out, accumulator, shape, ..row(order, "()") }
            }
            [axis, dtype, out, order, shape] => {
                let (axis, dtype, out) = (given(axis).map(parsed), given(dtype), given(out));
                Self { axis, dtype, out, ..row(order, shape) }
            }
            [axis, dtype, out, options, initial, order, shape] => Self {
                axis: given(axis).map(parsed),
                dtype: given(dtype),
                out: given(out),
                options: given(options),
                initial: given(initial).map(parsed),
                ..row(order, shape)
            },
            _ => panic!("no row: {columns:?}"),
        }
    }

    pub(super) fn has(&self, option: &str) -> bool {
        self.options.is_some_and(|options| options.split('+').any(|other| other == option))
    }

    /// What is given besides the input.
    pub(super) fn types(&self) -> [Option<&'static str>; 2] {
        [self.dtype, self.out]
    }

    /// The orders of the additions that have NumPy's bits: where no addition rounds, all of them.
    pub(super) fn orders(&self) -> impl Iterator<Item = Order> {
        Order::ALL.into_iter().filter(|order| self.exact || *order == Order::Sequential)
    }

    pub(super) fn options(&self, order: Order) -> Options<f64> {
        Options {
            exclusive: self.has("exclusive"),
            include_initial: self.has("include_initial"),
            initial: self.initial,
            reverse: self.has("reverse"),
            skip_nan: self.has("skip_nan"),
            order,
        }
    }

    /// The axis by either of its numbers. A slice, and an array of one dimension or none, has one axis.
    pub(super) fn axes(&self) -> Vec<Option<isize>> {
        let ndim = self.array.shape.len().max(1) as isize;
        match self.axis {
            _ if ndim == 1 => vec![None, Some(0), Some(-1)],
            None => vec![None],
            Some(axis) => vec![Some(axis), Some(axis - ndim)],
        }
    }

    /// Where the input lies in its memory.
    pub(super) fn place(&self) -> Place {
        let Array { shape, strides, offset, memory, .. } = &self.array;
        Place::new(memory.split_whitespace().count(), *offset, shape, strides)
    }
}
