//! The vectors that the documentation quotes, each as NumPy gives it.

use lanesum::{Backend, Element, Promote, Summation, cumsum};
use lanesum_testkit::assert_same;

/// Sums with NumPy's bits into an output, whose type decides on the accumulator.
fn into<I: Promote<O>, O: Element, const N: usize>(x: [I; N]) -> [O; N] {
    let mut out = [O::default(); N];
    let sum = cumsum(&x).summation(Summation::Sequential);
    sum.write_to(&mut out).expect("equal lengths");
    out
}

#[test]
fn small_integers_are_summed_in_64_bits() {
    assert_eq!(cumsum(&[100i8; 3]).to_vec(), [100i64, 200, 300]);
    assert_eq!(cumsum(&[200u8; 3]).to_vec(), [200u64, 400, 600]);
    assert_eq!(cumsum(&[true, true, false]).to_vec(), [1i64, 2, 2]);
}

#[test]
fn an_output_narrows_the_accumulator() {
    assert_eq!(into::<i8, i8, 3>([100; 3]), [100, -56, 44]);
}

#[test]
fn an_output_gets_casts_of_sums_and_dtype_sums_of_casts() {
    assert_eq!(into::<f64, i64, 3>([1.7; 3]), [1, 3, 5]);
    assert_eq!(cumsum(&[1.7f64; 3]).dtype::<i64>().to_vec(), [1, 2, 3]);
}

#[test]
fn f64_is_summed_in_f64_for_an_output_of_f32() {
    let small = 1.0 / (1u32 << 25) as f64;
    let sums: [f32; 5] = into([1.0, small, small, small, small]);
    assert_eq!(sums, [1.0, 1.0, 1.0, 1.0000001, 1.0000001]);
}

#[test]
fn dtype_wraps_negative_numbers() {
    assert_eq!(cumsum(&[-1i64, 2]).dtype::<u64>().to_vec(), [u64::MAX, 1]);
}

#[test]
fn infinities_cancel_to_nan_for_good() {
    let sums = cumsum(&[f64::INFINITY, f64::NEG_INFINITY, 1.0]).to_vec();
    let expected = [f64::INFINITY, f64::NAN, f64::NAN];
    assert_same(&sums, &expected, format_args!("inf, -inf, 1"));
}

#[test]
fn the_first_element_is_copied() {
    assert_eq!(cumsum(&[-0.0f64]).to_vec()[0].to_bits(), (-0.0f64).to_bits());
    assert_eq!(cumsum(&[-0.0f32]).to_vec()[0].to_bits(), (-0.0f32).to_bits());
}

#[test]
fn nothing_sums_to_nothing() {
    assert_eq!(cumsum(&[0u16; 0]).to_vec(), [0u64; 0]);
}

/// Where NumPy's casts are the CPU's: ours are those of `as` on every one.
#[test]
fn casts_to_integers_saturate_and_nan_is_zero() {
    let x = [300.0f64, -1.0, f64::NAN, f64::NEG_INFINITY, 1e300];
    for backend in Backend::available() {
        let cast = cumsum(&x).dtype::<u8>().backend(backend).to_vec();
        assert_eq!(cast, [255, 255, 255, 255, 254], "{backend}: 255, 0, 0, 0, 255 wrap");

        let mut out = [0i8; 5];
        cumsum(&x).backend(backend).write_to(&mut out).expect("equal lengths");
        assert_eq!(out, [127, 127, 0, 0, 0], "{backend}: 300, 299, NaN");

        let mut out = [0u32; 2];
        cumsum(&[-0.5f32, 1e20]).backend(backend).write_to(&mut out).expect("equal lengths");
        assert_eq!(out, [0, u32::MAX], "{backend}");
    }
}
