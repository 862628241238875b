//! What the documentation says does not allocate: sums but for `to_vec`, and views of few dimensions.

use std::hint::black_box;

use allocation_counter::measure;
use lanesum::{Backend, Stores, Summation, View, ViewMut, cumsum};

/// How often `work` allocates.
fn allocations(work: impl FnOnce()) -> u64 {
    measure(work).count_total
}

#[test]
fn the_count_counts() {
    assert_eq!(allocations(|| drop(black_box(Box::new(1)))), 1);
    assert_eq!(allocations(|| assert_eq!(cumsum(&[1i64, 2]).to_vec().len(), 2)), 1);
    // The view, which has too many axes to be kept inside.
    assert!(allocations(|| assert!(View::new(&[1], &[1; 9]).is_ok())) > 0);
}

#[test]
fn slices_do_not_allocate() {
    let x = vec![1.5f32; 40_000];
    let (mut out, mut narrow) = (vec![0f32; 40_000], vec![0i16; 40_000]);
    for backend in Backend::available() {
        for summation in [Summation::Blocked, Summation::Sequential] {
            let sum = cumsum(&x).summation(summation).backend(backend);
            for stores in [Stores::Cached, Stores::Streamed] {
                let sum = sum.stores(stores);
                assert_eq!(allocations(|| sum.write_to(&mut out).expect("a length")), 0);
            }
            assert_eq!(allocations(|| sum.write_to(&mut narrow).expect("a length")), 0);
            let sum = cumsum(&mut out).summation(summation).backend(backend);
            assert_eq!(allocations(|| sum.in_place()), 0);
        }
    }
}

/// Shapes of one to six dimensions along every axis and flattened, in C order and transposed.
#[test]
fn arrays_do_not_allocate() {
    let shapes: [&[usize]; 7] = [
        &[720],
        &[24, 30],
        &[240, 3],
        &[8, 9, 10],
        &[2, 4, 9, 10],
        &[6, 1, 4, 3, 10],
        &[2, 3, 4, 5, 3, 2],
    ];
    // This is found out once, and may read the environment.
    Backend::best();
    let x = vec![1.5f32; 720];
    let (mut out, mut narrow) = (vec![0f32; 720], vec![0i16; 720]);
    for shape in shapes {
        let ndim = shape.len();
        // Fortran order.
        let strides: Vec<isize> =
            (0..ndim).map(|axis| shape[..axis].iter().product::<usize>() as isize).collect();
        for axis in 0..ndim as isize {
            for backend in Backend::available() {
                for summation in [Summation::Blocked, Summation::Sequential] {
                    let count = allocations(|| {
                        let c = View::new(&x, shape).expect("720 elements");
                        let f = View::with_strides(&x, 0, shape, &strides).expect("720 elements");
                        for view in [c, f] {
                            let sum = cumsum(&view).summation(summation).backend(backend);
                            let flat = ViewMut::new(&mut out, &[720]).expect("720 elements");
                            sum.write_to(flat).expect("the shape");
                            let sum = sum.axis(axis).expect("an axis");
                            let same = ViewMut::new(&mut out, shape).expect("720 elements");
                            sum.write_to(same).expect("the shape");
                            let mut cast = ViewMut::with_strides(&mut narrow, 0, shape, &strides)
                                .expect("720 elements");
                            sum.write_to(&mut cast).expect("the shape");
                            cumsum(&mut cast).backend(backend).in_place();
                            cumsum(cast.reborrow()).axis(axis).expect("an axis").in_place();
                        }
                    });
                    assert_eq!(count, 0, "{backend}, {summation:?}, {shape:?}, axis {axis}");
                }
            }
        }
    }
}
