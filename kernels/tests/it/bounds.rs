//! Layouts that lie outside their slice are refused, whatever their numbers; others never are.
#![cfg(target_pointer_width = "64")] // The numbers are such that they wrap around in 64 bits.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lanesum_kernels::{Arrays, Backend, Layout, Spec, Stores, Summation, cumsum, last_index};

use crate::layouts::Place;

/// Along each axis, and as one lane.
const AXES: [Option<usize>; 4] = [Some(0), Some(1), Some(2), None];

/// How the arrays of these tests are summed: blocked and in the cache, sequential and past it, in pairs.
fn specs(backend: Backend) -> [Spec<f32>; 3] {
    [
        Spec::new(backend, Summation::Blocked, Stores::Cached),
        Spec::new(backend, Summation::Sequential, Stores::Streamed),
        Spec { reverse: true, ..Spec::new(backend, Summation::Compensated, Stores::Streamed) },
    ]
}

/// Sums out of place, in each way.
fn run(
    backend: Backend,
    axis: Option<usize>,
    (input, from): (&[f32], &Place),
    (output, to): (&mut [f32], &Place),
) {
    for spec in specs(backend) {
        let arrays = Arrays::copy((input, from.layout()), (&mut *output, to.layout()), axis);
        cumsum::<f32, f32, f32>(&spec, arrays).expect("floats do not overflow");
    }
}

/// Layouts that fit, though a careless check would say otherwise, and nothing to sum.
#[test]
fn strides_that_lead_nowhere_may_be_anything() {
    let anything = [0, 1, -1, isize::MAX, isize::MIN, isize::MAX / 2, 1 << 32];
    for backend in Backend::available() {
        for stride in anything {
            let strides = [stride; 3];
            for offset in [0, 5, 9] {
                let one = Place { offset, shape: [1; 3], strides };
                for axis in AXES {
                    let (x, mut out) = ([7.5f32; 10], [1.0f32; 10]);
                    run(backend, axis, (&x, &one), (&mut out, &one));
                    out[offset] -= 6.5;
                    assert_eq!(out, [1.0; 10], "{backend}, {axis:?}, {one:?}");
                }

                // One lane of several, and several of one. Backwards, the last sum comes first.
                let column = Place { offset: 0, shape: [10, 1, 1], strides: [1, stride, stride] };
                let mut out = [0.0; 10];
                let [forwards, ..] = specs(backend);
                let (read, write) = ((&[1.0; 10][..], column), (&mut out[..], column));
                for axis in [Some(0), None] {
                    write.0.fill(0.0);
                    let read = (read.0, read.1.layout());
                    let arrays = Arrays::copy(read, (&mut *write.0, write.1.layout()), axis);
                    assert_eq!(cumsum::<f32, f32, f32>(&forwards, arrays), Ok(()));
                    assert_eq!(write.0, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]);
                }
                let row = Place { offset: 9, shape: [1, 10, 1], strides: [stride, -1, stride] };
                run(backend, Some(0), (&[7.5; 10], &row), (&mut out, &row));
                assert_eq!(out, [7.5; 10], "{backend}, {row:?}");
            }
            for offset in [0, 1, usize::MAX] {
                for shape in [
                    [0, 3, 3],
                    [3, 0, 3],
                    [3, 3, 0],
                    [0, usize::MAX, 1],
                    [usize::MAX, 0, 9],
                    [usize::MAX, usize::MAX, 0],
                    [0, usize::MAX, usize::MAX],
                ] {
                    let nothing = Place { offset, shape, strides };
                    for axis in AXES {
                        run(backend, axis, (&[], &nothing), (&mut [], &nothing));
                        for spec in specs(backend) {
                            let spec = Spec { exclusive: true, ..spec };
                            let arrays = Arrays::in_place((&mut [], nothing.layout()), axis);
                            assert_eq!(cumsum::<f32, f32, f32>(&spec, arrays), Ok(()));
                        }
                    }
                }
            }
        }
    }
}

/// Along, across and batch: extents and strides.
type Reach = [(usize, isize); 3];

/// Layouts of a slice of 100 elements that lie outside, many by so much that the index wraps around.
const OUTSIDE: &[(usize, Reach)] = &[
    // By one element, at either end, by each axis.
    (100, [(1, 0), (1, 0), (1, 0)]),
    (91, [(10, 1), (1, 0), (1, 0)]),
    (91, [(1, 0), (10, 1), (1, 0)]),
    (91, [(1, 0), (1, 0), (10, 1)]),
    (1, [(10, 10), (10, 1), (1, 0)]),
    (1, [(5, 1), (5, 5), (4, 25)]),
    (8, [(10, -1), (1, 0), (1, 0)]),
    (8, [(1, 0), (10, -1), (1, 0)]),
    (8, [(1, 0), (1, 0), (10, -1)]),
    (98, [(10, -10), (10, -1), (1, 0)]),
    // Neither the first nor the last element, but another corner.
    (50, [(2, 40), (2, -60), (1, 0)]),
    (50, [(2, -60), (2, 40), (1, 0)]),
    (50, [(1, 0), (2, 60), (2, -40)]),
    (30, [(2, 40), (2, 40), (2, -80)]),
    // The offset alone.
    (usize::MAX, [(1, 0), (1, 0), (1, 0)]),
    (usize::MAX, [(2, 1), (1, 0), (1, 0)]),
    (1 << 63, [(1, isize::MIN), (2, isize::MIN), (1, 0)]),
    (isize::MAX as usize, [(2, -isize::MAX), (1, 0), (1, 0)]),
    // Products and sums that are small again modulo 2^64.
    (0, [(3, isize::MIN), (1, 0), (1, 0)]),
    (0, [(5, 1 << 62), (1, 0), (1, 0)]),
    (0, [(1, 0), (5, -1 << 62), (1, 0)]),
    (0, [(1, 0), ((1 << 32) + 1, 1 << 32), (1, 0)]),
    (0, [(1, 0), (1, 0), ((1 << 32) + 1, 1 << 32)]),
    (0, [(1, 0), (1 << 33, 1), (1 << 33, 1)]),
    (0, [(2, isize::MAX), (2, isize::MAX), (3, 1)]),
    (0, [(2, isize::MAX), (2, isize::MIN), (2, 1)]),
    (9, [(2, isize::MIN), (2, isize::MIN), (1, 0)]),
    (9, [(1, 0), (usize::MAX, 1), (1, 0)]),
    (9, [(1, 0), (usize::MAX, -1), (1, 0)]),
    (0, [(1, 0), ((1 << 63) + 1, 2), (1, 0)]),
    (0, [((1 << 63) + 1, 2), (1, 0), (1, 0)]),
    (9, [(usize::MAX, -1), (1, 0), (1, 0)]),
    (9, [(usize::MAX, isize::MIN), (usize::MAX, isize::MIN), (usize::MAX, isize::MIN)]),
    (9, [(usize::MAX, isize::MAX), (usize::MAX, isize::MAX), (usize::MAX, isize::MAX)]),
];

#[test]
fn what_lies_outside_is_refused() {
    for &(offset, reach) in OUTSIDE {
        let outside =
            Place { offset, shape: reach.map(|axis| axis.0), strides: reach.map(|axis| axis.1) };
        let inside = Place { offset: 0, strides: [0; 3], ..outside };
        assert!(last_index(offset, reach).is_none_or(|last| last >= 100), "{outside:?}");
        let refused = |call: &mut dyn FnMut(&mut [f32])| {
            let mut slice = [0.5; 100];
            let refused = catch_unwind(AssertUnwindSafe(|| call(&mut slice))).is_err();
            assert_eq!(slice, [0.5; 100], "{outside:?}: nothing was written");
            refused
        };
        for (backend, axis) in
            Backend::available().flat_map(|backend| AXES.map(|axis| (backend, axis)))
        {
            assert!(
                refused(&mut |x| run(backend, axis, (x, &outside), (&mut [0.0], &inside))),
                "input: {backend}, {axis:?}, {outside:?}"
            );
            assert!(
                refused(&mut |out| run(backend, axis, (&[1.0], &inside), (out, &outside))),
                "output: {backend}, {axis:?}, {outside:?}"
            );
            for spec in specs(backend) {
                assert!(
                    refused(&mut |data| {
                        let arrays = Arrays::in_place((data, outside.layout()), axis);
                        let _ = cumsum::<f32, f32, f32>(&spec, arrays);
                    }),
                    "in place: {backend}, {axis:?}, {outside:?}"
                );
            }
        }
    }
}

/// Shapes that are not those of the sums, and axes that are not there.
#[test]
fn other_shapes_are_refused() {
    let spec = Spec::<f32>::new(Backend::best(), Summation::Blocked, Stores::Cached);
    let more = Spec { include_initial: true, ..spec };
    let sums = |spec: &Spec<f32>, from: &[usize], to: &[usize], axis| {
        let (x, mut out) = ([0.5; 100], [0.5; 100]);
        let strides = [1isize; 3];
        let [from, to] =
            [from, to].map(|shape| Layout { offset: 0, shape, strides: &strides[..shape.len()] });
        let sum = || {
            let arrays = Arrays::copy((&x, from), (&mut out, to), axis);
            cumsum::<f32, f32, f32>(spec, arrays)
        };
        let is_summed = catch_unwind(AssertUnwindSafe(sum)).is_ok();
        assert!(is_summed || out == [0.5; 100], "nothing was written");
        is_summed
    };
    assert!(sums(&spec, &[2, 3, 4], &[2, 3, 4], Some(1)));
    assert!(!sums(&spec, &[2, 3, 4], &[2, 3, 5], Some(1)));
    assert!(!sums(&spec, &[2, 3, 4], &[2, 4, 4], Some(1)));
    assert!(!sums(&spec, &[2, 3, 4], &[2, 3], Some(1)));
    assert!(!sums(&spec, &[2, 3], &[2, 3, 1], Some(1)));
    assert!(!sums(&spec, &[2, 3, 4], &[2, 3, 4], Some(3)));
    assert!(sums(&more, &[2, 3, 4], &[2, 4, 4], Some(1)));
    assert!(!sums(&more, &[2, 3, 4], &[2, 3, 4], Some(1)));
    assert!(!sums(&more, &[2, 3, 4], &[3, 4, 4], Some(1)));
    // As one lane, only the number of elements counts.
    assert!(sums(&spec, &[2, 3, 4], &[4, 6], None));
    assert!(sums(&more, &[2, 3, 4], &[5, 5], None));
    assert!(!sums(&spec, &[2, 3, 4], &[5, 5], None));
    assert!(!sums(&more, &[2, 3, 4], &[4, 6], None));
    // Slices.
    let slices = |spec: &Spec<f32>, input: usize, output: usize| {
        let (x, mut out) = (vec![0.5; input], vec![0.5; output]);
        let sum = || cumsum::<f32, f32, f32>(spec, Arrays::slices(&x, &mut out));
        catch_unwind(AssertUnwindSafe(sum)).is_ok()
    };
    for (input, output) in [(0, 0), (0, 1), (1, 0), (5, 4), (5, 5), (5, 6)] {
        assert_eq!(slices(&spec, input, output), output == input, "{input} to {output}");
        assert_eq!(slices(&more, input, output), output == input + 1, "{input} to {output}");
    }
}

/// What lanes hold that share elements is nobody's promise; that they stay inside is one.
#[test]
fn lanes_that_share_elements_stay_inside() {
    for strides in [[0, 1, 40], [1, 1, 1], [1, 0, 0], [0, 0, 0], [-1, 2, 1]] {
        let [along, across, batch] = strides;
        let place = Place { offset: 40, shape: [20, 19, 2], strides };
        let index = |n: isize| 40 + n % 20 * along + n / 20 % 19 * across + n / 380 * batch;
        let inside: BTreeSet<isize> = (0..760).map(index).collect();
        for (backend, axis) in
            Backend::available().flat_map(|backend| AXES.map(|axis| (backend, axis)))
        {
            let x = vec![1.5; 120];
            let mut out = vec![0.0; 120];
            let mut data = x.clone();
            run(backend, axis, (&x, &place), (&mut out, &place));
            for spec in specs(backend) {
                let arrays = Arrays::in_place((&mut data, place.layout()), axis);
                assert_eq!(cumsum::<f32, f32, f32>(&spec, arrays), Ok(()));
            }
            for at in (0..120).filter(|at| !inside.contains(&(*at as isize))) {
                let got = (out[at], data[at]);
                assert_eq!(got, (0.0, 1.5), "{backend}, {axis:?}, {place:?}, at {at}");
            }
        }
    }
}
