//! Calls of a stream that fail leave it as it was.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lanesum_kernels::{
    Arrays, Backend, Element, Feed, Layout, Overflow, ScanState, Spec, Stores, Summation,
};

use crate::values::{mixed, values};

/// The lanes of the tests: 3 by 5.
const LANES: usize = 15;

/// Rows of 3 by 5 lanes, one after the other.
fn rows(shape: &[usize; 3]) -> Layout<'_> {
    Layout { offset: 0, shape, strides: &[LANES as isize, 5, 1] }
}

fn at<'a>(shape: &'a [usize], strides: &'a [isize]) -> Layout<'a> {
    Layout { offset: 0, shape, strides }
}

fn specs<A: Element>() -> Vec<Spec<A>> {
    let mut specs = Vec::new();
    for summation in [Summation::Blocked, Summation::Sequential, Summation::Compensated] {
        let spec = Spec::new(Backend::best(), summation, Stores::Cached);
        let initial = Some(mixed(5));
        specs.extend([
            spec,
            Spec { initial, ..spec },
            Spec { exclusive: true, ..spec },
            Spec { checked: true, ..spec },
            Spec { initial, exclusive: true, skip_nan: true, checked: true, ..spec },
        ]);
    }
    specs
}

fn feeds() -> impl Iterator<Item = Feed> {
    Backend::available().flat_map(|backend| {
        [(false, false), (true, false), (false, true)].map(|(reverse, initial_first)| Feed {
            backend,
            reverse,
            initial_first,
        })
    })
}

/// Asserts that `feed` panics, with the state as it was.
#[track_caller]
fn assert_panics<A: Element>(
    state: &mut ScanState<A>,
    what: &str,
    feed: impl FnOnce(&mut ScanState<A>),
) {
    let before = state.clone();
    let spec = *state.spec();
    let panics = catch_unwind(AssertUnwindSafe(|| feed(state))).is_err();
    assert!(panics, "{what}: {spec:?}");
    assert_eq!(*state, before, "{what}: {spec:?}");
}

/// Every call that panics, of a stream that stands in the middle of a block.
fn panics<A: Element>() {
    // Zeros, which no checked sum refuses.
    let zeros = vec![A::default(); 10 * LANES];
    for (spec, feed) in specs::<A>().into_iter().flat_map(|spec| feeds().map(move |f| (spec, f))) {
        let mut state = ScanState::new(spec, LANES);
        let other = Feed { initial_first: false, ..feed };
        let some: Vec<A> = (0..5 * LANES).map(|i| A::cast_from((i % 3) as u8)).collect();
        state.feed_to_vec(other, (&some, rows(&[5, 3, 5]))).expect("small numbers");
        assert_eq!(state.position(), 5);

        let more = usize::from(feed.initial_first);
        let (shape, sums) = ([4, 3, 5], [4 + more, 3, 5]);
        let mut out = vec![A::default(); 10 * LANES];
        let mut refused = |what: &str, from: Layout<'_>, to: Layout<'_>| {
            assert_panics(&mut state, what, |state| {
                let _ = state.feed(feed, Arrays::copy((&zeros, from), (&mut out, to), Some(0)));
            });
            // To new memory, and in place.
            let lanes: usize = from.shape.iter().skip(1).product();
            if lanes != LANES || from.last().is_none_or(|last| last >= zeros.len()) {
                assert_panics(&mut state, what, |state| {
                    let _ = state.feed_to_vec(feed, (&zeros, from));
                });
                let feed = Feed { initial_first: false, ..feed };
                let mut data = zeros.clone();
                assert_panics(&mut state, what, |state| {
                    let _ = state.feed(feed, Arrays::in_place((&mut data, from), Some(0)));
                });
                assert_eq!(data, zeros, "{what}");
            }
            assert_eq!(out, zeros, "{what}: nothing is written");
        };
        let to = rows(&sums);
        refused("too few lanes", at(&[4, 14], &[14, 1]), at(&[4 + more, 14], &[14, 1]));
        refused("too many lanes", at(&[4, 2, 8], &[16, 8, 1]), to);
        refused("no axes", at(&[], &[]), to);
        refused("other axes", at(&[4, 15], &[15, 1]), to);
        refused("too few sums", rows(&shape), rows(&[3 + more, 3, 5]));
        refused("too many sums", rows(&shape), rows(&[5 + more, 3, 5]));
        refused("the end outside", Layout { offset: 100, ..rows(&shape) }, to);
        refused("the beginning outside", at(&shape, &[-15, 5, 1]), to);
        refused("far outside", at(&shape, &[isize::MAX, 5, 1]), to);
        refused("the offset outside", Layout { offset: usize::MAX, ..rows(&shape) }, to);
        // Lanes in three runs, of which only the last one lies outside.
        let runs = |shape| Layout { offset: 72, shape, strides: &[5, 30, 1] };
        refused("the last lanes outside", runs(&shape), to);
        refused("the last sums outside", rows(&shape), runs(&sums));
        refused("as many strides", Layout { strides: &[15, 5], ..rows(&shape) }, to);
        refused("sums outside", rows(&shape), Layout { offset: 100, ..to });
        refused("sums before", rows(&shape), Layout { strides: &[-15, 5, 1], ..to });
        assert_panics(&mut state, "slices", |state| {
            let mut out = zeros.clone();
            let _ = state.feed(feed, Arrays::slices(&zeros, &mut out));
        });

        // It goes on as if nothing had been.
        let mut untouched = ScanState::new(spec, LANES);
        untouched.feed_to_vec(other, (&some, rows(&[5, 3, 5]))).expect("small numbers");
        let next = [&mut state, &mut untouched]
            .map(|state| state.feed_to_vec(feed, (&some, rows(&shape))).expect("small numbers"));
        assert_eq!(next[0], next[1], "{spec:?}");
        assert_eq!(state, untouched, "{spec:?}");
        assert_eq!(state.position(), 9);
    }
}

#[test]
fn panics_leave_the_state() {
    panics::<f32>();
    panics::<f64>();
    panics::<i32>();
    panics::<u8>();
    panics::<bool>();
    panics::<std::num::Wrapping<i64>>();
    #[cfg(feature = "half")]
    panics::<half::f16>();
    #[cfg(feature = "complex")]
    panics::<num_complex::Complex<f32>>();
}

/// Overflows in the last row, in each lane in turn: at the first row that is fed, and at a later one.
fn overflows<A: Element>(most: A) {
    let one = A::cast_from(1u8);
    for feed in feeds().filter(|feed| !feed.initial_first) {
        for exclusive in [false, true] {
            let spec = Spec::new(feed.backend, Summation::Blocked, Stores::Cached);
            let spec = Spec { checked: true, exclusive, ..spec };
            for (lane, row) in (0..LANES).flat_map(|lane| [0, 2].map(|row| (lane, row))) {
                let mut state = ScanState::new(spec, LANES);
                // Each lane is as large as it can be.
                let large = vec![most; LANES];
                state.feed_to_vec(feed, (&large, rows(&[1, 3, 5]))).expect("the largest");
                let before = state.clone();

                let mut next = vec![A::default(); 3 * LANES];
                next[row * LANES + lane] = one;
                let expected = Err(Overflow { lane, index: row });
                let mut out = [A::default(); 3 * LANES];
                let (from, to) = ((&next[..], rows(&[3, 3, 5])), (&mut out[..], rows(&[3, 3, 5])));
                assert_eq!(state.feed(feed, Arrays::copy(from, to, Some(0))), expected);
                assert_eq!(state, before, "out of place, lane {lane}, row {row}");

                assert_eq!(state.feed_to_vec(feed, from), expected.map(|()| Vec::new()));
                assert_eq!(state, before, "to new memory, lane {lane}, row {row}");

                let mut data = next.clone();
                let arrays = Arrays::in_place((&mut data, rows(&[3, 3, 5])), Some(0));
                assert_eq!(state.feed(feed, arrays), expected);
                assert_eq!(state, before, "in place, lane {lane}, row {row}");
                assert_eq!(data, next, "nothing is written");

                // It goes on with what fits.
                let zeros = vec![A::default(); LANES];
                let sums = state.feed_to_vec(feed, (&zeros, rows(&[1, 3, 5])));
                assert_eq!(sums, Ok(large), "lane {lane}, row {row}");
            }
        }
    }
}

#[test]
fn overflows_leave_the_state() {
    overflows(i8::MAX);
    overflows(u16::MAX);
    overflows(i32::MAX);
    overflows(u64::MAX);
    overflows(i128::MAX);
}

/// States that differ are not equal, or the tests above would show nothing.
#[test]
fn states_differ_by_what_they_were_fed() {
    let spec = Spec::<f32>::new(Backend::best(), Summation::Blocked, Stores::Cached);
    let feed = Feed { backend: spec.backend, reverse: false, initial_first: false };
    let input: Vec<f32> = values(1, 20 * LANES);
    let mut states = Vec::new();
    for rows_fed in 0..20 {
        let mut state = ScanState::new(spec, LANES);
        state.feed_to_vec(feed, (&input, rows(&[rows_fed, 3, 5]))).expect("floats");
        states.push(state);
    }
    for (i, j) in (0..20).flat_map(|i| (0..20).map(move |j| (i, j))) {
        assert_eq!(states[i] == states[j], i == j, "{i} and {j} rows");
    }
    // By the last bit of one element.
    let mut other = input.clone();
    other[3 * LANES + 7] = f32::from_bits(other[3 * LANES + 7].to_bits() ^ 1);
    let mut state = ScanState::new(spec, LANES);
    state.feed_to_vec(feed, (&other, rows(&[5, 3, 5]))).expect("floats");
    assert_ne!(state, states[5]);
}
