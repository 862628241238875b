//! Comparison to the bit.

use core::fmt;

use crate::Typed;

/// Asserts that the two have the same bits, where every NaN is the same as every other.
#[track_caller]
#[inline(never)] // There are hundreds of callers, and each copy takes time to compile.
pub fn assert_same<T: Typed>(got: &[T], expected: &[T], what: fmt::Arguments<'_>) {
    let (name, len) = (T::NAME, expected.len());
    assert_eq!(got.len(), len, "{what}: {name}: the length");
    let differ = |(a, b): (&T, &T)| a.bits() != b.bits();
    if let Some(index) = got.iter().zip(expected).position(differ) {
        let width = 2 + 2 * size_of::<T>();
        let show = |x: T| format!("{x:?} = {:#0width$x}", x.bits());
        panic!(
            "{what}: {name}, length {len}, first difference at index {index}: got {}, expected {}",
            show(got[index]),
            show(expected[index]),
        );
    }
}
