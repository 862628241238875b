//! Which plan the arrays of a table get. Slower plans give the same bits, so no other test sees them.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::*;

const FLOAT: Sum = Sum { summation: Summation::Blocked, float: true, block: 8 };
const SEQUENTIAL: Sum = Sum { summation: Summation::Sequential, ..FLOAT };

/// An array that lies somewhere in a very long slice, its least index at 0.
fn array(shape: &[usize], strides: &[isize]) -> Axes {
    let back = |(&extent, &stride): (&usize, &isize)| {
        if stride < 0 { (extent - 1) * stride.unsigned_abs() } else { 0 }
    };
    let offset = shape.iter().zip(strides).map(back).sum();
    Axes::within(isize::MAX as usize, offset, shape, strides).expect("an array")
}

fn c_order(shape: &[usize]) -> Axes {
    Axes::in_c_order(shape, shape.iter().product())
}

fn planned(axis: usize, input: &Axes, output: &Axes, sum: Sum) -> Plan {
    plan(axis, input, output, sum).expect("a plan")
}

/// `Kernel along x across x batch, input offset [strides] -> output offset [strides]`, and behind that
/// each outer axis.
fn text(plan: &Plan) -> String {
    let Plan { kernel, extents, input, output, outer } = plan;
    let Extents { along, across, batch } = extents;
    let layout = |Layout { offset, along, across, batch }: &Layout| {
        format!("{offset} [{along} {across} {batch}]")
    };
    let mut text =
        format!("{kernel:?} {along}x{across}x{batch}, {} -> {}", layout(input), layout(output));
    for Axis { extent, input, output } in outer {
        text += &format!(", {extent}: {input} -> {output}");
    }
    text
}

#[track_caller]
fn assert_plan(axis: usize, input: &Axes, output: &Axes, expected: &str) {
    assert_eq!(text(&planned(axis, input, output, FLOAT)), expected);
}

#[test]
fn arrays_in_c_order() {
    let cases: &[(&[usize], usize, &str)] = &[
        (&[100, 200], 0, "Column 100x200x1, 0 [200 1 0] -> 0 [200 1 0]"),
        (&[100, 200], 1, "Row 200x100x1, 0 [1 200 0] -> 0 [1 200 0]"),
        // Axes before and behind the summed one are one axis each.
        (&[20, 30, 40], 0, "Column 20x1200x1, 0 [1200 1 0] -> 0 [1200 1 0]"),
        (&[20, 30, 40], 1, "Column 30x40x20, 0 [40 1 1200] -> 0 [40 1 1200]"),
        (&[20, 30, 40], 2, "Row 40x600x1, 0 [1 40 0] -> 0 [1 40 0]"),
        (&[2, 3, 4, 5, 6, 7], 3, "Column 5x42x24, 0 [42 1 210] -> 0 [42 1 210]"),
        (&[1000, 3], 0, "Column 1000x3x1, 0 [3 1 0] -> 0 [3 1 0]"),
        (&[1000, 3], 1, "Short 3x1000x1, 0 [1 3 0] -> 0 [1 3 0]"),
        (&[9, 1000, 3], 2, "Short 3x9000x1, 0 [1 3 0] -> 0 [1 3 0]"),
        // Extents of one are no axes. One lane is a row.
        (&[100, 1], 0, "Row 100x1x1, 0 [1 0 0] -> 0 [1 0 0]"),
        (&[100, 1], 1, "Column 1x100x1, 0 [0 1 0] -> 0 [0 1 0]"),
        (&[1, 100], 0, "Column 1x100x1, 0 [0 1 0] -> 0 [0 1 0]"),
        (&[1, 100], 1, "Row 100x1x1, 0 [1 0 0] -> 0 [1 0 0]"),
        (&[1, 1], 0, "Row 1x1x1, 0 [0 0 0] -> 0 [0 0 0]"),
        (&[1, 20, 1, 30, 1, 40, 1], 3, "Column 30x40x20, 0 [40 1 1200] -> 0 [40 1 1200]"),
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
        (&[100, 200], &[1, 100], 0, "Tile 100x200x1, 0 [1 100 0] -> 0 [200 1 0]"),
        (&[100, 200], &[1, 100], 1, "Tile 200x100x1, 0 [100 1 0] -> 0 [1 200 0]"),
        // `[:, ::2]` and `[::2]` of 200 columns.
        (&[100, 100], &[200, 2], 0, "Column 100x100x1, 0 [200 2 0] -> 0 [100 1 0]"),
        (&[100, 100], &[200, 2], 1, "Row 100x100x1, 0 [2 200 0] -> 0 [1 100 0]"),
        (&[50, 200], &[400, 1], 0, "Column 50x200x1, 0 [400 1 0] -> 0 [200 1 0]"),
        (&[50, 200], &[400, 1], 1, "Row 200x50x1, 0 [1 400 0] -> 0 [1 200 0]"),
        // `[::-1]` and `[:, ::-1]`: an axis that is not summed is turned, if the output wants it.
        (&[100, 200], &[-200, 1], 0, "Column 100x200x1, 19800 [-200 1 0] -> 0 [200 1 0]"),
        (&[100, 200], &[-200, 1], 1, "Row 200x100x1, 19800 [1 -200 0] -> 0 [1 200 0]"),
        (&[100, 200], &[200, -1], 0, "Column 100x200x1, 199 [200 -1 0] -> 0 [200 1 0]"),
        (&[100, 200], &[200, -1], 1, "Row 200x100x1, 199 [-1 200 0] -> 0 [1 200 0]"),
        // Broadcast: a row many times, a column many times, one value.
        (&[100, 200], &[0, 1], 0, "Column 100x200x1, 0 [0 1 0] -> 0 [200 1 0]"),
        (&[100, 200], &[0, 1], 1, "Row 200x100x1, 0 [1 0 0] -> 0 [1 200 0]"),
        (&[100, 200], &[1, 0], 0, "Tile 100x200x1, 0 [1 0 0] -> 0 [200 1 0]"),
        (&[100, 200], &[0, 0], 0, "Column 100x200x1, 0 [0 0 0] -> 0 [200 1 0]"),
        (&[100, 200], &[0, 0], 1, "Row 200x100x1, 0 [0 0 0] -> 0 [1 200 0]"),
        // Overlapping windows.
        (&[100, 20], &[1, 1], 0, "Column 100x20x1, 0 [1 1 0] -> 0 [20 1 0]"),
        (&[100, 20], &[1, 1], 1, "Row 20x100x1, 0 [1 1 0] -> 0 [1 20 0]"),
        // Lanes are short, but not dense.
        (&[100, 3], &[4, 1], 1, "Row 3x100x1, 0 [1 4 0] -> 0 [1 3 0]"),
        // The last axes permuted: none continues another.
        (
            &[10, 20, 30, 40],
            &[24000, 1, 800, 20],
            2,
            "Column 30x40x20, 0 [800 20 1] -> 0 [40 1 1200], 10: 24000 -> 24000",
        ),
        // Of six axes the first three are one; and none, where all are reversed.
        (
            &[4, 5, 6, 7, 8, 9],
            &[15120, 3024, 504, 1, 63, 7],
            4,
            "Column 8x9x7, 0 [63 7 1] -> 0 [9 1 72], 120: 504 -> 504",
        ),
        (
            &[4, 5, 6, 7, 8, 9],
            &[1, 4, 20, 120, 840, 6720],
            1,
            "Tile 5x9x8, 0 [4 6720 840] -> 0 [3024 1 9], 4: 1 -> 15120, 6: 20 -> 504, 7: 120 -> 72",
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
    assert_plan(0, &fortran, &fortran, "Row 20x1200x1, 0 [1 20 0] -> 0 [1 20 0]");
    assert_plan(1, &fortran, &fortran, "Column 30x20x40, 0 [20 1 600] -> 0 [20 1 600]");
    assert_plan(2, &fortran, &fortran, "Column 40x600x1, 0 [600 1 0] -> 0 [600 1 0]");

    // From C order to Fortran order and back. Where the output is not contiguous across, the innermost
    // axis is the one that is contiguous in the input.
    assert_plan(0, &c, &fortran, "Tile 20x40x30, 0 [1200 1 40] -> 0 [1 600 20]");
    assert_plan(1, &c, &fortran, "Tile 30x20x40, 0 [40 1200 1] -> 0 [20 1 600]");
    assert_plan(2, &c, &fortran, "Tile 40x20x30, 0 [1 1200 40] -> 0 [600 1 20]");
    assert_plan(0, &fortran, &c, "Tile 20x40x30, 0 [1 600 20] -> 0 [1200 1 40]");
    assert_plan(1, &fortran, &c, "Tile 30x40x20, 0 [20 600 1] -> 0 [40 1 1200]");
    assert_plan(2, &fortran, &c, "Tile 40x20x30, 0 [600 1 20] -> 0 [1 1200 40]");

    // An output that is walked backwards turns both, but for the summed axis.
    let turned = array(&shape, &[-1200, -40, -1]);
    assert_plan(0, &c, &turned, "Column 20x1200x1, 1199 [1200 -1 0] -> 22800 [-1200 1 0]");
    assert_plan(1, &c, &turned, "Column 30x40x20, 22839 [40 -1 -1200] -> 1160 [-40 1 1200]");
    assert_plan(2, &c, &turned, "Row 40x600x1, 23960 [1 -40 0] -> 39 [-1 40 0]");
    assert_plan(1, &turned, &turned, "Column 30x40x20, 1160 [-40 1 1200] -> 1160 [-40 1 1200]");
}

#[test]
fn nothing_to_sum_has_no_plan() {
    for shape in [[0, 3], [3, 0], [0, 0]] {
        for axis in [0, 1] {
            assert_eq!(plan(axis, &c_order(&shape), &c_order(&shape), FLOAT), None);
        }
    }
    // Strides that lead nowhere are not looked at.
    let strides = [isize::MIN, isize::MAX, isize::MIN];
    let empty = Axes::within(1, usize::MAX, &[0, 2, 1], &strides).expect("an array");
    assert_eq!(plan(0, &empty, &empty, FLOAT), None);
    let one = Axes::within(1, 0, &[1, 1], &[isize::MIN, isize::MIN]).expect("an array");
    assert_plan(0, &one, &one, "Row 1x1x1, 0 [0 0 0] -> 0 [0 0 0]");
}

#[test]
fn the_kernel_depends_on_the_sum() {
    let kernel = |sum, lanes, along| {
        let array = c_order(&[lanes, along]);
        planned(1, &array, &array, sum).kernel
    };
    let integers = Sum { float: false, block: 64, ..SEQUENTIAL };
    for (sum, shortest, longest, otherwise) in [
        (FLOAT, 2, 8, Kernel::Row),
        (integers, 2, 64, Kernel::Row),
        (SEQUENTIAL, 2, SAME_ORDER, Kernel::Tile),
    ] {
        for along in 2..80 {
            let short = (shortest..=longest).contains(&along);
            let expected = if short { Kernel::Short } else { otherwise };
            assert_eq!(kernel(sum, 16, along), expected, "{along} {sum:?}");
            assert_eq!(kernel(sum, 1000, along), expected, "{along} {sum:?}");
            // A few lanes.
            assert_eq!(kernel(sum, 15, along), Kernel::Row, "{along} {sum:?}");
            assert_eq!(kernel(sum, 1, along), Kernel::Row, "{along} {sum:?}");
        }
    }
}

#[test]
fn small_blocks_share_a_register() {
    let cases: &[(&[usize], &str)] = &[
        (&[1000, 2, 3], "Short 2x3x1000, 0 [3 1 6] -> 0 [3 1 6]"),
        (&[1000, 2, 4], "Short 2x4x1000, 0 [4 1 8] -> 0 [4 1 8]"),
        // More than a register, a few blocks, and one.
        (&[1000, 3, 3], "Column 3x3x1000, 0 [3 1 9] -> 0 [3 1 9]"),
        (&[15, 2, 3], "Column 2x3x15, 0 [3 1 6] -> 0 [3 1 6]"),
        (&[2, 3], "Column 2x3x1, 0 [3 1 0] -> 0 [3 1 0]"),
    ];
    for (shape, expected) in cases {
        let array = c_order(shape);
        assert_plan(shape.len() - 2, &array, &array, expected);
    }
    let gaps = array(&[1000, 2, 3], &[7, 3, 1]);
    assert_plan(1, &gaps, &gaps, "Column 2x3x1000, 0 [3 1 7] -> 0 [3 1 7]");
}

/// The offsets of the calls, in order.
#[test]
fn outer_axes_are_looped_over() {
    let shape = [2, 3, 1, 4, 9, 5];
    let input = array(&shape, &[10, -100, 7, 1000, 10000, 1]);
    let output = array(&shape, &[-6000, 1500, 7, 360, 20, 1]);
    let plan = planned(5, &input, &output, FLOAT);
    let expected = "Row 5x9x4, 210 [1 10000 1000] -> 0 [1 20 360], 2: -10 -> 6000, 3: -100 -> 1500";
    assert_eq!(text(&plan), expected);
    let mut calls = Vec::new();
    plan.run(&mut |input, output| {
        assert_eq!((input.across, output.across), (10000, 20));
        calls.push((input.offset, output.offset));
    });
    let back = [(210, 0), (110, 1500), (10, 3000)];
    let front = [(200, 6000), (100, 7500), (0, 9000)];
    assert_eq!(calls, [back, front].concat());
}
