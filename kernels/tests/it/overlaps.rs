//! Outputs that overlap themselves: their sums are unspecified, but never go past the cache, in which order is kept.

use lanesum_kernels::{Arrays, Element, Layout, Spec, Stores, Summation, cumsum};

use crate::values::{Aligned, assert_same, guard, values, ways};

/// Sums to an output that overlaps itself, stored either way: both are sums stored in the cache.
fn check<T: Element>(shape: [usize; 2], strides: [isize; 2]) {
    let [rows, columns] = shape;
    let input: Vec<T> = values(7, rows * columns);
    let from = Layout { offset: 0, shape: &shape, strides: &[columns as isize, 1] };
    let to = Layout { offset: 64, shape: &shape, strides: &strides };
    let len = to.last().expect("an array") + 65;
    let blank = vec![guard::<T>(); len];
    let summations = [Summation::Blocked, Summation::Sequential, Summation::Compensated];
    for (summation, (backend, stores)) in
        summations.into_iter().flat_map(|summation| ways().map(move |way| (summation, way)))
    {
        for axis in [Some(0), Some(1), None] {
            let sum = |stores| {
                let mut output = Aligned::new(&blank);
                let spec = Spec::<T>::new(backend, summation, stores);
                let arrays = Arrays::copy((&input, from), (output.slice(), to), axis);
                assert_eq!(cumsum::<T, T, T>(&spec, arrays), Ok(()));
                output
            };
            let (mut cached, mut got) = (sum(Stores::Cached), sum(stores));
            let what = format_args!("{backend}, {summation:?}, {stores:?}, {axis:?}, {to:?}");
            assert_same(got.slice(), cached.slice(), what);
            // And nothing else is written.
            let (before, after) = (&got.slice()[..64], &cached.slice()[len - 64..]);
            assert_same(before, &blank[..64], what);
            assert_same(after, &blank[..64], what);
        }
    }
}

macro_rules! tests {
    ($($T:ident)*) => {
        $(#[test]
        fn $T() {
            let line = 64 / size_of::<$T>();
            // Rows that begin a line, or two, after one another, and are longer; lanes that do; and one row.
            check::<$T>([50, 5 * line], [line as isize, 1]);
            check::<$T>([19, 9000 / size_of::<$T>()], [2 * line as isize, 1]);
            check::<$T>([300, 20], [1, line as isize]);
            check::<$T>([20, 300], [1, line as isize]);
            check::<$T>([40, 40 * line], [0, 1]);
            check::<$T>([100, 3 * line], [1, 1]);
        })*
    };
}
tests! { f32 f64 u8 i16 i64 }
