//! Results larger than the cache, which by themselves go past it, and come in huge pages.

use lanesum::{Backend, Stores, View, ViewMut, cumsum};
use lanesum_testkit::{assert_same, mixed, reference};

/// More than half of any last-level cache that is reckoned with: 20 MiB of `f64`.
const ROWS: usize = 1300;
const COLUMNS: usize = 2016;
const LEN: usize = ROWS * COLUMNS;

#[test]
fn a_large_result_is_streamed_and_a_small_one_is_not() {
    assert_eq!(Stores::for_bytes(0), Stores::Cached);
    assert_eq!(Stores::for_bytes((1 << 20) - 1), Stores::Cached);
    assert_eq!(Stores::for_bytes(LEN * 8), Stores::Streamed);
    assert_eq!(Stores::for_bytes(usize::MAX), Stores::Streamed);
}

#[test]
fn lanes_have_the_bits_of_the_reference() {
    let x = mixed::<f64>(1, LEN);
    let expected = reference::blocked(&x);
    for backend in Backend::available() {
        let sum = cumsum(&x).backend(backend);
        assert_same(&sum.to_vec(), &expected, format_args!("{backend}, to_vec"));
        // From one misalignment to 16 bytes to another.
        let mut out = vec![0.0; LEN + 3];
        for shift in [0, 1, 2] {
            let out = &mut out[shift..][..LEN];
            out.fill(0.0);
            sum.write_to(&mut *out).expect("equal lengths");
            assert_same(out, &expected, format_args!("{backend}, write_to at {shift}"));
        }
    }
}

#[test]
fn arrays_have_the_bits_of_small_ones() {
    let x = mixed::<f64>(2, LEN);
    let shape = [ROWS, COLUMNS];
    let a = View::new(&x, &shape).expect("a shape");
    let t = View::with_strides(&x, 0, &shape, &[1, ROWS as isize]).expect("a shape");
    for backend in Backend::available() {
        for (view, axis) in [(&a, 0), (&a, 1), (&t, 0), (&t, 1)] {
            let sum = cumsum(view).axis(axis).expect("an axis").backend(backend);
            let (mut auto, mut cached) = (vec![0.0; LEN], vec![0.0; LEN]);
            let place = ViewMut::new(&mut auto, &shape).expect("a shape");
            sum.write_to(place).expect("the same shape");
            let place = ViewMut::new(&mut cached, &shape).expect("a shape");
            sum.stores(Stores::Cached).write_to(place).expect("the same shape");
            assert_same(&auto, &cached, format_args!("{backend}, axis {axis}"));
        }
    }
}
