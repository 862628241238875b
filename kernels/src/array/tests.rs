//! What plan and which walk the arrays of a table get, and how a cursor moves. Slower plans give the same bits, so no
//! other test sees them.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::convert::Infallible;

use super::along::Lanes;
use super::axes::{Axes, Axis, Cursor};
use super::plan::Plan;
use super::{Layout, Numbers};
use crate::drive::walk::{Walk, choose_by};
use crate::memory::{Dense, LaneLayout};

/// What the choice of a walk has to know of a sum.
#[derive(Clone, Copy, Debug)]
struct Sum {
    /// Whether it is one of floats, in which each addition follows the one before.
    running: bool,
    /// The elements of a block, or of the widest register.
    block: usize,
}

const FLOAT: Sum = Sum { running: false, block: 8 };
const SEQUENTIAL: Sum = Sum { running: true, ..FLOAT };

/// An array that lies somewhere in a very long slice.
#[derive(Clone, Debug)]
struct Array {
    offset: usize,
    shape: Vec<usize>,
    strides: Vec<isize>,
}

impl Array {
    fn numbers(&self) -> Numbers<'_> {
        let layout = Layout { offset: self.offset, shape: &self.shape, strides: &self.strides };
        Numbers { layout, step: 1, component: 0 }
    }
}

/// An array whose least index is 0.
fn array(shape: &[usize], strides: &[isize]) -> Array {
    let back = |(&extent, &stride): (&usize, &isize)| {
        if stride < 0 { (extent - 1) * stride.unsigned_abs() } else { 0 }
    };
    let offset = shape.iter().zip(strides).map(back).sum();
    Array { offset, shape: shape.to_vec(), strides: strides.to_vec() }
}

fn c_order(shape: &[usize]) -> Array {
    let stride = |k| shape[k + 1..].iter().product::<usize>() as isize;
    array(shape, &(0..shape.len()).map(stride).collect::<Vec<_>>())
}

fn planned(axis: usize, input: &Array, output: &Array) -> Plan {
    let Lanes { first, along, across } = Lanes::of(input.numbers(), output.numbers(), axis, false);
    Plan::new(first, along, across)
}

fn walk(plan: &Plan, sum: Sum) -> Walk {
    choose_by(plan.extents, plan.input, plan.output, sum.running, sum.block)
}

/// `walk along x across x batch, input offset [strides] -> output offset [strides]`, and behind that
/// each outer axis. Segments are of one lane, or of blocks.
fn text(plan: &Plan) -> String {
    let walk = match walk(plan, FLOAT) {
        Walk::Segments(Dense { across: 1, .. }) => String::from("Segments"),
        Walk::Segments(Dense { along, across }) => format!("Blocks({along}x{across})"),
        other => format!("{other:?}"),
    };
    let Plan { extents, input, output, outer } = plan;
    let layout = |LaneLayout { offset, along, across, batch }: &LaneLayout| {
        format!("{offset} [{along} {across} {batch}]")
    };
    let (along, across, batch) = (extents.along, extents.across, extents.batch);
    let mut text =
        format!("{walk} {along}x{across}x{batch}, {} -> {}", layout(input), layout(output));
    for Axis { extent, input, output } in outer {
        text += &format!(", {extent}: {input} -> {output}");
    }
    text
}

#[track_caller]
fn assert_plan(axis: usize, input: &Array, output: &Array, expected: &str) {
    assert_eq!(text(&planned(axis, input, output)), expected);
}

#[test]
fn arrays_in_c_order() {
    let cases: &[(&[usize], usize, &str)] = &[
        (&[100, 200], 0, "Across 100x200x1, 0 [200 1 0] -> 0 [200 1 0]"),
        (&[100, 200], 1, "Rows 200x100x1, 0 [1 200 0] -> 0 [1 200 0]"),
        // Axes before and behind the summed one are one axis each.
        (&[20, 30, 40], 0, "Across 20x1200x1, 0 [1200 1 0] -> 0 [1200 1 0]"),
        (&[20, 30, 40], 1, "Across 30x40x20, 0 [40 1 1200] -> 0 [40 1 1200]"),
        (&[20, 30, 40], 2, "Rows 40x600x1, 0 [1 40 0] -> 0 [1 40 0]"),
        (&[2, 3, 4, 5, 6, 7], 3, "Across 5x42x24, 0 [42 1 210] -> 0 [42 1 210]"),
        (&[1000, 3], 0, "Across 1000x3x1, 0 [3 1 0] -> 0 [3 1 0]"),
        (&[1000, 3], 1, "Segments 3x1000x1, 0 [1 3 0] -> 0 [1 3 0]"),
        (&[9, 1000, 3], 2, "Segments 3x9000x1, 0 [1 3 0] -> 0 [1 3 0]"),
        // Extents of one are no axes. One lane is a row.
        (&[100, 1], 0, "Rows 100x1x1, 0 [1 0 0] -> 0 [1 0 0]"),
        (&[100, 1], 1, "Across 1x100x1, 0 [0 1 0] -> 0 [0 1 0]"),
        (&[1, 100], 0, "Across 1x100x1, 0 [0 1 0] -> 0 [0 1 0]"),
        (&[1, 100], 1, "Rows 100x1x1, 0 [1 0 0] -> 0 [1 0 0]"),
        (&[1, 1], 0, "Rows 1x1x1, 0 [0 0 0] -> 0 [0 0 0]"),
        (&[1, 20, 1, 30, 1, 40, 1], 3, "Across 30x40x20, 0 [40 1 1200] -> 0 [40 1 1200]"),
    ];
    for &(shape, axis, expected) in cases {
        assert_plan(axis, &c_order(shape), &c_order(shape), expected);
    }
}

/// To a new array in C order, as `to_vec` does.
#[test]
fn other_arrays_to_c_order() {
    let cases: &[(&[usize], &[isize], usize, &str)] = &[
        // Fortran order: one side lies along, the other across.
        (&[100, 200], &[1, 100], 0, "Across 100x200x1, 0 [1 100 0] -> 0 [200 1 0]"),
        (&[100, 200], &[1, 100], 1, "Across 200x100x1, 0 [100 1 0] -> 0 [1 200 0]"),
        // `[:, ::2]` and `[::2]` of 200 columns.
        (&[100, 100], &[200, 2], 0, "Across 100x100x1, 0 [200 2 0] -> 0 [100 1 0]"),
        (&[100, 100], &[200, 2], 1, "Rows 100x100x1, 0 [2 200 0] -> 0 [1 100 0]"),
        (&[50, 200], &[400, 1], 0, "Across 50x200x1, 0 [400 1 0] -> 0 [200 1 0]"),
        (&[50, 200], &[400, 1], 1, "Rows 200x50x1, 0 [1 400 0] -> 0 [1 200 0]"),
        // `[::-1]` and `[:, ::-1]`: an axis that is not summed is turned, if the output wants it.
        (&[100, 200], &[-200, 1], 0, "Across 100x200x1, 19800 [-200 1 0] -> 0 [200 1 0]"),
        (&[100, 200], &[-200, 1], 1, "Rows 200x100x1, 19800 [1 -200 0] -> 0 [1 200 0]"),
        (&[100, 200], &[200, -1], 0, "Across 100x200x1, 199 [200 -1 0] -> 0 [200 1 0]"),
        (&[100, 200], &[200, -1], 1, "Rows 200x100x1, 199 [-1 200 0] -> 0 [1 200 0]"),
        // Broadcast: a row many times, a column many times, one value.
        (&[100, 200], &[0, 1], 0, "Across 100x200x1, 0 [0 1 0] -> 0 [200 1 0]"),
        (&[100, 200], &[0, 1], 1, "Rows 200x100x1, 0 [1 0 0] -> 0 [1 200 0]"),
        (&[100, 200], &[1, 0], 0, "Across 100x200x1, 0 [1 0 0] -> 0 [200 1 0]"),
        (&[100, 200], &[0, 0], 0, "Across 100x200x1, 0 [0 0 0] -> 0 [200 1 0]"),
        (&[100, 200], &[0, 0], 1, "Rows 200x100x1, 0 [0 0 0] -> 0 [1 200 0]"),
        // Overlapping windows.
        (&[100, 20], &[1, 1], 0, "Across 100x20x1, 0 [1 1 0] -> 0 [20 1 0]"),
        (&[100, 20], &[1, 1], 1, "Rows 20x100x1, 0 [1 1 0] -> 0 [1 20 0]"),
        // Lanes are short, but not dense.
        (&[100, 3], &[4, 1], 1, "Rows 3x100x1, 0 [1 4 0] -> 0 [1 3 0]"),
        // The last axes permuted: none continues another.
        (
            &[10, 20, 30, 40],
            &[24000, 1, 800, 20],
            2,
            "Across 30x40x20, 0 [800 20 1] -> 0 [40 1 1200], 10: 24000 -> 24000",
        ),
        // Of six axes the first three are one; and none, where all are reversed.
        (
            &[4, 5, 6, 7, 8, 9],
            &[15120, 3024, 504, 1, 63, 7],
            4,
            "Across 8x9x7, 0 [63 7 1] -> 0 [9 1 72], 120: 504 -> 504",
        ),
        (
            &[4, 5, 6, 7, 8, 9],
            &[1, 4, 20, 120, 840, 6720],
            1,
            "Across 5x9x8, 0 [4 6720 840] -> 0 [3024 1 9], 4: 1 -> 15120, 6: 20 -> 504, 7: 120 -> 72",
        ),
    ];
    for &(shape, strides, axis, expected) in cases {
        assert_plan(axis, &array(shape, strides), &c_order(shape), expected);
    }
}

#[test]
fn arrays_to_other_orders() {
    let shape = [20, 30, 40];
    let (c, fortran) = (c_order(&shape), array(&shape, &[1, 20, 600]));
    // From Fortran order to itself: the mirror image of C order.
    assert_plan(0, &fortran, &fortran, "Rows 20x1200x1, 0 [1 20 0] -> 0 [1 20 0]");
    assert_plan(1, &fortran, &fortran, "Across 30x20x40, 0 [20 1 600] -> 0 [20 1 600]");
    assert_plan(2, &fortran, &fortran, "Across 40x600x1, 0 [600 1 0] -> 0 [600 1 0]");

    // From C order to Fortran order and back. Where the output is not contiguous across, the innermost
    // axis is the one that is contiguous in the input.
    assert_plan(0, &c, &fortran, "Across 20x40x30, 0 [1200 1 40] -> 0 [1 600 20]");
    assert_plan(1, &c, &fortran, "Across 30x20x40, 0 [40 1200 1] -> 0 [20 1 600]");
    assert_plan(2, &c, &fortran, "Across 40x20x30, 0 [1 1200 40] -> 0 [600 1 20]");
    assert_plan(0, &fortran, &c, "Across 20x40x30, 0 [1 600 20] -> 0 [1200 1 40]");
    assert_plan(1, &fortran, &c, "Across 30x40x20, 0 [20 600 1] -> 0 [40 1 1200]");
    assert_plan(2, &fortran, &c, "Across 40x20x30, 0 [600 1 20] -> 0 [1 1200 40]");

    // An output that is walked backwards turns both, but for the summed axis.
    let turned = array(&shape, &[-1200, -40, -1]);
    assert_plan(0, &c, &turned, "Across 20x1200x1, 1199 [1200 -1 0] -> 22800 [-1200 1 0]");
    assert_plan(1, &c, &turned, "Across 30x40x20, 22839 [40 -1 -1200] -> 1160 [-40 1 1200]");
    assert_plan(2, &c, &turned, "Rows 40x600x1, 23960 [1 -40 0] -> 39 [-1 40 0]");
    assert_plan(1, &turned, &turned, "Across 30x40x20, 1160 [-40 1 1200] -> 1160 [-40 1 1200]");
}

/// An array of one element takes no step, and its strides are not looked at.
#[test]
fn one_element() {
    let one = Array { offset: 0, shape: vec![1, 1], strides: vec![isize::MIN, isize::MIN] };
    assert_plan(0, &one, &one, "Rows 1x1x1, 0 [0 0 0] -> 0 [0 0 0]");
}

#[test]
fn the_walk_depends_on_the_sum() {
    let walk = |sum, lanes, along| {
        let array = c_order(&[lanes, along]);
        walk(&planned(1, &array, &array), sum)
    };
    let integers = Sum { running: false, block: 64 };
    // Up to three elements, a running sum has the order of a block.
    for (sum, longest, otherwise) in
        [(FLOAT, 8, Walk::Rows), (integers, 64, Walk::Rows), (SEQUENTIAL, 3, Walk::Across)]
    {
        for along in 2..80 {
            let segments = Walk::Segments(Dense { along, across: 1 });
            let expected = if along <= longest { segments } else { otherwise };
            assert_eq!(walk(sum, 16, along), expected, "{along} {sum:?}");
            assert_eq!(walk(sum, 1000, along), expected, "{along} {sum:?}");
            // A few lanes.
            assert_eq!(walk(sum, 15, along), Walk::Rows, "{along} {sum:?}");
            assert_eq!(walk(sum, 1, along), Walk::Rows, "{along} {sum:?}");
        }
    }
}

#[test]
fn small_blocks_share_a_register() {
    let cases: &[(&[usize], &str)] = &[
        (&[1000, 2, 3], "Blocks(2x3) 2x3x1000, 0 [3 1 6] -> 0 [3 1 6]"),
        (&[1000, 2, 4], "Blocks(2x4) 2x4x1000, 0 [4 1 8] -> 0 [4 1 8]"),
        // More than a register, a few blocks, and one.
        (&[1000, 3, 3], "Across 3x3x1000, 0 [3 1 9] -> 0 [3 1 9]"),
        (&[15, 2, 3], "Across 2x3x15, 0 [3 1 6] -> 0 [3 1 6]"),
        (&[2, 3], "Across 2x3x1, 0 [3 1 0] -> 0 [3 1 0]"),
    ];
    for (shape, expected) in cases {
        let array = c_order(shape);
        assert_plan(shape.len() - 2, &array, &array, expected);
    }
    let gaps = array(&[1000, 2, 3], &[7, 3, 1]);
    assert_plan(1, &gaps, &gaps, "Across 2x3x1000, 0 [3 1 7] -> 0 [3 1 7]");
}

/// The offsets of the calls, in order.
#[test]
fn outer_axes_are_looped_over() {
    let shape = [2, 3, 1, 4, 9, 5];
    let input = array(&shape, &[10, -100, 7, 1000, 10000, 1]);
    let output = array(&shape, &[-6000, 1500, 7, 360, 20, 1]);
    let plan = planned(5, &input, &output);
    let expected =
        "Rows 5x9x4, 210 [1 10000 1000] -> 0 [1 20 360], 2: -10 -> 6000, 3: -100 -> 1500";
    assert_eq!(text(&plan), expected);
    let mut calls = Vec::new();
    let result: Result<(), Infallible> = plan.run(&mut |input, output| {
        assert_eq!((input.across, output.across), (10000, 20));
        calls.push((input.offset, output.offset));
        Ok(())
    });
    assert_eq!(result, Ok(()));
    let back = [(210, 0), (110, 1500), (10, 3000)];
    let front = [(200, 6000), (100, 7500), (0, 9000)];
    assert_eq!(calls, [back, front].concat());

    // An error is the last call.
    let mut count = 0;
    let result = plan.run(&mut |_, _| {
        count += 1;
        if count == 4 { Err("four") } else { Ok(()) }
    });
    assert_eq!((result, count), (Err("four"), 4));
}

/// A cursor at the first element of an array, of which the output lies in C order.
fn cursor(offset: usize, shape: &[usize], strides: &[isize]) -> Cursor {
    let output = c_order(shape).strides;
    let axes = shape.iter().zip(strides).zip(output);
    let axes: Axes =
        axes.map(|((&extent, &input), output)| Axis { extent, input, output }).collect();
    Cursor::new((offset, 0), axes)
}

/// The indices of the elements, in pieces of at most `len`, and how many pieces these are.
fn indices(mut cursor: Cursor, count: usize, len: usize) -> (Vec<usize>, usize) {
    let (mut indices, mut runs) = (Vec::new(), 0);
    while indices.len() < count {
        let run = cursor.next(len);
        let extent = run.axis.extent;
        assert!(0 < extent && extent <= len);
        for k in 0..extent {
            let (input, output) = run.axis.step(run.at, k);
            assert_eq!(output, indices.len(), "the output is in C order");
            indices.push(input);
        }
        runs += 1;
    }
    // And back at the beginning.
    assert_eq!(cursor.next(1).at, (indices[0], 0));
    (indices, runs)
}

#[test]
fn a_cursor_moves_in_c_order() {
    let expected = [20, 22, 24, 11, 13, 15, 60, 62, 64, 51, 53, 55];
    for (len, runs) in [(1, 12), (2, 8), (3, 4), (5, 4), (1000, 4)] {
        let cursor = cursor(20, &[2, 1, 2, 3], &[40, 7, -9, 2]);
        assert_eq!(cursor.single(), None);
        assert_eq!(indices(cursor, 12, len), (expected.to_vec(), runs));
    }
}

#[test]
fn a_cursor_runs_on_where_axes_are_one() {
    // Rows of which all but the last element are taken: the last two axes are one.
    let (all, runs) = indices(cursor(0, &[3, 2, 4], &[9, 4, 1]), 24, 1000);
    assert_eq!((all, runs), ((0..27).filter(|i| i % 9 != 8).collect(), 3));
    // All of them are, also backwards, with steps, and for a single element.
    for (offset, shape, strides, step) in [
        (0, [3, 2, 4], [8, 4, 1], 1),
        (69, [3, 2, 4], [-24, -12, -3], -3),
        (7, [3, 2, 4], [0, 0, 0], 0),
        (5, [3, 1, 1], [2, 9, 9], 2),
        (5, [1, 1, 1], [2, 9, 9], 0),
    ] {
        let mut cursor = cursor(offset, &shape, &strides);
        let count = shape.iter().product();
        let run = cursor.single().expect("one run");
        assert_eq!((run.at, run.axis.extent, run.axis.input), ((offset, 0), count, step));
        // The rest of it, after some steps.
        if count > 2 {
            let part = cursor.next(2);
            let rest = cursor.single().expect("one run");
            assert_eq!((rest.at, rest.axis.extent), (part.axis.step(part.at, 2), count - 2));
        }
    }
}

/// Axes that are one in the input alone, or in the output alone, are two.
#[test]
fn a_cursor_moves_at_both_ends() {
    for (input, output) in [([4, 1], [9, 1]), ([9, 1], [4, 1])] {
        let axes = [3, 4].into_iter().zip(input).zip(output);
        let axes = axes.map(|((extent, input), output)| Axis { extent, input, output });
        let mut cursor = Cursor::new((10, 20), axes.collect());
        assert_eq!(cursor.single(), None);
        for row in [0, 1, 2, 0] {
            let run = cursor.next(1000);
            let at = (10 + row * input[0] as usize, 20 + row * output[0] as usize);
            assert_eq!((run.at, run.axis.extent), (at, 4));
        }
    }
}
