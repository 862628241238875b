//! That no row can go missing from NumPy's tables, and none by a misspelt type from the tests of them.

use std::collections::{BTreeMap, BTreeSet};

use super::table::{Row, Table};
use super::{AXES, CUMSUM, OPTIONS, TYPES};

const ELEMENTS: [&str; 10] = ["f32", "f64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];
const OTHERS: [&str; 4] = ["bool", "f16", "c64", "c128"];

type Types = (&'static str, Option<&'static str>, Option<&'static str>);

/// Asserts that the table has these rows, each once.
#[track_caller]
fn assert_types(rows: &[Row], wanted: &BTreeSet<Types>) {
    let types = |row: &Row| (row.array.input, row.dtype, row.out);
    let found: BTreeSet<Types> = rows.iter().map(types).collect();
    assert_eq!(found, *wanted);
}

#[test]
fn cumsum() {
    let mut wanted = BTreeSet::new();
    for input in ["bool"].into_iter().chain(ELEMENTS) {
        wanted.insert((input, None, None));
        for element in ELEMENTS {
            wanted.insert((input, Some(element), None));
            wanted.insert((input, None, Some(element)));
            if ["i16", "f64"].contains(&input) {
                wanted.extend(ELEMENTS.map(|out| (input, Some(element), Some(out))));
            }
        }
    }
    let rows = Table::parse(CUMSUM).rows;
    assert_types(&rows, &wanted);
    assert_eq!(rows.len(), wanted.len(), "a row stands there twice");
}

#[test]
fn types() {
    let all: Vec<&str> = ELEMENTS.into_iter().chain(OTHERS).collect();
    let mut wanted = BTreeSet::new();
    for &input in &all {
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
    let rows = Table::parse(TYPES).rows;
    assert_types(&rows, &wanted);
    // Where sums can round, there are some that do and some that do not.
    let orders = |exact: bool| rows.iter().filter(move |row| row.exact == exact);
    let of_f16 = |row: &&Row| row.accumulator == Some("f16") && row.array.input == "f16";
    assert!(orders(true).filter(of_f16).count() > 20 && orders(false).filter(of_f16).count() > 20);
}

#[test]
fn axes() {
    let rows = Table::parse(AXES).rows;
    let count = |wanted: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| wanted(row)).count();
    let mut left = rows.len();
    for input in ["bool"].into_iter().chain(ELEMENTS) {
        let of_input = |row: &Row| row.array.input == input;
        for ndim in 0..=4 {
            let arrays = count(&|row| of_input(row) && row.array.shape.len() == ndim);
            assert!(arrays > ndim, "{input}, {ndim} dimensions");
        }
        assert!(count(&|row| of_input(row) && row.dtype.is_some()) >= 9, "{input}");
        assert!(count(&|row| of_input(row) && row.out.is_some()) >= 9, "{input}");
        left -= count(&of_input);
    }
    assert_eq!(left, 0, "rows of other types");
    assert!(count(&|row| row.array.shape.contains(&0)) > 40);
    assert!(count(&|row| row.array.strides.contains(&0)) > 40);
    assert!(count(&|row| row.array.strides.iter().any(|stride| *stride < 0)) > 40);
}

#[test]
fn options() {
    let rows = Table::parse(OPTIONS).rows;
    let mut left = rows.len();
    for input in ["bool", "i8", "i32", "i64", "u16", "u64", "f16", "f32", "f64", "c64", "c128"] {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.array.input == input).collect();
        let count = |wanted: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| wanted(row)).count();
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
}
