//! Layouts that lie outside their slice are refused, whatever their numbers; others never are.
#![cfg(target_pointer_width = "64")] // The numbers are such that they wrap around in 64 bits.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lanesum_kernels::{
    Backend, Extents, Kernel, Layout, Stores, Summation, cumsum_lanes, cumsum_lanes_in_place,
};

const KERNELS: [Kernel; 4] = [Kernel::Row, Kernel::Short, Kernel::Column, Kernel::Tile];

const SUMMATIONS: [Summation; 2] = [Summation::Blocked, Summation::Sequential];

/// Layouts that fit, though a careless check would say otherwise, and nothing to sum.
#[test]
fn strides_that_lead_nowhere_may_be_anything() {
    let anything = [0, 1, -1, isize::MAX, isize::MIN, isize::MAX / 2, 1 << 32];
    for kernel in KERNELS {
        for backend in Backend::available() {
            for stride in anything {
                for offset in [0, 5, 9] {
                    let layout = Layout { offset, along: stride, across: stride, batch: stride };
                    let extents = Extents { along: 1, across: 1, batch: 1 };
                    let (x, mut out) = ([7.5f32; 10], [1.0f32; 10]);
                    run(backend, kernel, extents, (&x, layout), (&mut out, layout));
                    out[offset] -= 6.5;
                    assert_eq!(out, [1.0; 10], "{backend}, {kernel:?}, {layout:?}");

                    // One lane of several, and several of one.
                    let column = Layout { offset: 0, along: 1, across: stride, batch: stride };
                    let extents = Extents { along: 10, across: 1, batch: 1 };
                    let mut out = [0.0; 10];
                    run(backend, kernel, extents, (&[1.0; 10], column), (&mut out, column));
                    assert_eq!(out, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]);
                    let row = Layout { offset: 9, along: stride, across: -1, batch: stride };
                    let extents = Extents { along: 1, across: 10, batch: 1 };
                    run(backend, kernel, extents, (&x, row), (&mut out, row));
                    assert_eq!(out, [7.5; 10], "{backend}, {kernel:?}, {row:?}");
                }
                for offset in [0, 1, usize::MAX] {
                    let layout = Layout { offset, along: stride, across: stride, batch: stride };
                    for (along, across, batch) in
                        [(0, 3, 3), (3, 0, 3), (3, 3, 0), (0, usize::MAX, 1), (usize::MAX, 0, 9)]
                    {
                        let extents = Extents { along, across, batch };
                        run(backend, kernel, extents, (&[], layout), (&mut [], layout));
                    }
                }
            }
        }
    }
}

/// Out of place: blocked and in the cache, sequential and past it.
fn run(
    backend: Backend,
    kernel: Kernel,
    extents: Extents,
    input: (&[f32], Layout),
    output: (&mut [f32], Layout),
) {
    let [blocked, sequential] = SUMMATIONS;
    cumsum_lanes::<f32, f32, f32>(
        backend,
        blocked,
        Stores::Cached,
        kernel,
        extents,
        input,
        (&mut *output.0, output.1),
    );
    cumsum_lanes::<f32, f32, f32>(
        backend,
        sequential,
        Stores::Streamed,
        kernel,
        extents,
        input,
        output,
    );
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
        let [(along, by_along), (across, by_across), (batch, by_batch)] = reach;
        let extents = Extents { along, across, batch };
        let outside = Layout { offset, along: by_along, across: by_across, batch: by_batch };
        let inside = Layout { offset: 0, along: 0, across: 0, batch: 0 };
        for kernel in KERNELS {
            for backend in Backend::available() {
                let refused = |call: &mut dyn FnMut(&mut [f32])| {
                    let mut slice = [0.5; 100];
                    catch_unwind(AssertUnwindSafe(|| call(&mut slice))).is_err()
                };
                assert!(
                    refused(&mut |x| {
                        run(backend, kernel, extents, (x, outside), (&mut [0.0], inside));
                    }),
                    "input: {backend}, {kernel:?}, {extents:?}, {outside:?}"
                );
                assert!(
                    refused(&mut |out| {
                        run(backend, kernel, extents, (&[1.0], inside), (out, outside));
                    }),
                    "output: {backend}, {kernel:?}, {extents:?}, {outside:?}"
                );
                assert!(
                    refused(&mut |data| {
                        let summation = Summation::Blocked;
                        let site = (data, outside);
                        cumsum_lanes_in_place::<f32, f32>(
                            backend, summation, kernel, extents, site,
                        );
                    }),
                    "in place: {backend}, {kernel:?}, {extents:?}, {outside:?}"
                );
            }
        }
    }
}

/// What lanes hold that share elements is nobody's promise; that they stay inside is one.
#[test]
fn lanes_that_share_elements_stay_inside() {
    for (along, across, batch) in [(0, 1, 40), (1, 1, 1), (1, 0, 0), (0, 0, 0), (-1, 2, 1)] {
        let layout = Layout { offset: 40, along, across, batch };
        let extents = Extents { along: 20, across: 19, batch: 2 };
        let index = |n: isize| 40 + n % 20 * along + n / 20 % 19 * across + n / 380 * batch;
        let inside: BTreeSet<isize> = (0..760).map(index).collect();
        for kernel in KERNELS {
            for backend in Backend::available() {
                let x = vec![1.5; 120];
                let mut out = vec![0.0; 120];
                let mut data = x.clone();
                run(backend, kernel, extents, (&x, layout), (&mut out, layout));
                for summation in SUMMATIONS {
                    let site = (&mut data[..], layout);
                    cumsum_lanes_in_place::<f32, f32>(backend, summation, kernel, extents, site);
                }
                for at in (0..120).filter(|at| !inside.contains(&(*at as isize))) {
                    let got = (out[at], data[at]);
                    assert_eq!(got, (0.0, 1.5), "{backend}, {kernel:?}, {layout:?}, at {at}");
                }
            }
        }
    }
}
