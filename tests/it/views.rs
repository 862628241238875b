//! Views: what they are made of, what they refuse, in which words, and how they are passed.

use std::collections::BTreeSet;

use lanesum::{Backend, Error, Input, Summation, View, ViewMut, cumsum};
use lanesum_testkit::{Random, Style, along, elements, inputs};

const SUMMATIONS: [Summation; 2] = [Summation::Blocked, Summation::Sequential];

/// Half of what a `usize` can count, rounded up: one more than `isize::MAX`.
const HALF: usize = usize::MAX / 2 + 1;

/// The code of the design, word for word.
#[test]
#[rustfmt::skip]
fn the_design() -> Result<(), Error> {
    assert_eq!(cumsum(&[1i32, 2, 3]).to_vec(), vec![1i64, 3, 6]);          // NumPy's promotion: i32 -> i64
    let data = [1, 2, 3, 4, 5, 6i64];
    let a = View::new(&data, &[2, 3])?;                                     // C order; shape first
    assert_eq!(cumsum(&a).to_vec(), [1, 3, 6, 10, 15, 21]);                 // no axis: flattened, C order
    assert_eq!(cumsum(&a).axis(0)?.to_vec(), [1, 2, 3, 5, 7, 9]);            // views by reference or by value
    assert_eq!(cumsum(&a).axis(-1)?.dtype::<f64>().to_vec(), [1., 3., 6., 4., 9., 15.]);
    let t = View::with_strides(&data, 0, &[3, 2], &[1, 3])?;                // data, offset, shape, strides (elements)
    let mut out = [0i64; 6];
    cumsum(t).axis(0)?.write_to(ViewMut::new(&mut out, &[3, 2])?)?;         // shape checked, nothing allocated
    let mut f = [0f32; 3];
    cumsum(&[1, 2, 3]).write_to(&mut f)?;                                   // out of another type: cast per element
    let mut x = [1.0, 2.0, 3.0f64];
    cumsum(&mut x).in_place();                                              // x = [1, 3, 6]; n-d: ViewMut, .axis(1)?
    cumsum(&x).summation(Summation::Sequential).to_vec();                   // NumPy's bits
    cumsum(&x).backend(Backend::by_name("scalar")?).to_vec();                 // force one; same bits
    for backend in Backend::available() { println!("{backend}"); }          // best first, scalar last

    // What it left in its variables.
    assert_eq!(out, [1, 4, 3, 9, 6, 15]);
    assert_eq!((f, x), ([1.0, 3.0, 6.0], [1.0, 3.0, 6.0]));
    Ok(())
}

#[test]
fn a_view_knows_its_shape_and_strides() -> Result<(), Error> {
    let mut data = [1, 2, 3, 4, 5, 6, 7];
    let view = View::new(&data[..6], &[1, 2, 3])?;
    assert_eq!((view.ndim(), view.len(), view.is_empty()), (3, 6, false));
    assert_eq!((view.shape(), view.strides()), (&[1, 2, 3][..], &[6, 3, 1][..]));
    let view = View::with_strides(&data, 5, &[2, 4], &[-3, 0])?;
    assert_eq!((view.ndim(), view.len(), view.is_empty()), (2, 8, false));
    assert_eq!((view.shape(), view.strides()), (&[2, 4][..], &[-3, 0][..]));
    // The elements are not printed: there may be millions.
    let text = "View { shape: [2, 4], strides: [-3, 0], offset: 5, .. }";
    assert_eq!(format!("{view:?}"), text);
    assert_eq!(format!("{:?}", view.clone()), text);

    let mut view = ViewMut::with_strides(&mut data, 6, &[2, 3], &[-1, -2])?;
    let what = (2, 6, false, &[2, 3][..], &[-1, -2][..]);
    let of = |view: &View<'_, i32>| {
        (view.ndim(), view.len(), view.is_empty(), view.shape().to_vec(), view.strides().to_vec())
    };
    assert_eq!((view.ndim(), view.len(), view.is_empty(), view.shape(), view.strides()), what);
    assert_eq!(of(&view.as_view()), of(&view.reborrow().as_view()));
    assert_eq!((view.as_view().shape(), view.as_view().strides()), (what.3, what.4));
    assert_eq!(format!("{view:?}"), "ViewMut { shape: [2, 3], strides: [-1, -2], offset: 6, .. }");

    let view = View::<i8>::new(&[], &[3, 0])?;
    assert_eq!((view.ndim(), view.len(), view.is_empty()), (2, 0, true));
    assert_eq!(view.shape(), [3, 0]);
    let view = View::new(&data[..1], &[])?;
    assert_eq!((view.ndim(), view.len(), view.is_empty()), (0, 1, false));
    assert_eq!((view.shape(), view.strides()), (&[][..], &[][..]));
    Ok(())
}

/// What a user can rely on to keep a view in a type of their own, or send it to another thread.
#[test]
fn views_are_what_slices_are() {
    fn is<T: std::fmt::Debug + Send + Sync>() {}
    fn is_cloned<T: Clone>() {}
    is::<View<'_, f32>>();
    is::<ViewMut<'_, f32>>();
    is_cloned::<View<'_, f32>>();
    // A view of a static slice is static, whatever happens to the shape that it was made of.
    let shape = Vec::from([2, 2]);
    let view: View<'static, i64> = View::new(&[1, 2, 3, 4], &shape).expect("four elements");
    drop(shape);
    let sums = std::thread::spawn(move || cumsum(view).axis(0).map(|sum| sum.to_vec()));
    assert_eq!(sums.join().expect("no panic"), Ok(vec![1, 2, 4, 6]));
}

/// The error of both kinds of view, which must be the same.
#[track_caller]
fn refused(len: usize, offset: usize, shape: &[usize], strides: &[isize]) -> Error {
    let mut data = vec![1.5f32; len];
    let error = View::with_strides(&data, offset, shape, strides).expect_err("no view");
    let same = ViewMut::with_strides(&mut data, offset, shape, strides).expect_err("no view");
    assert_eq!(error, same);
    assert_eq!(data, vec![1.5; len]);
    error
}

#[test]
fn a_slice_of_another_length_is_refused() {
    let shapes: [(&[usize], usize, &str); 8] = [
        (&[2, 3], 7, "cannot view 7 elements as an array of shape (2, 3)"),
        (&[2, 3], 5, "cannot view 5 elements as an array of shape (2, 3)"),
        (&[4], 0, "cannot view 0 elements as an array of shape (4,)"),
        (&[], 0, "cannot view 0 elements as an array of shape ()"),
        (&[], 2, "cannot view 2 elements as an array of shape ()"),
        (&[3, 0], 3, "cannot view 3 elements as an array of shape (3, 0)"),
        (&[1, 1, 1], 2, "cannot view 2 elements as an array of shape (1, 1, 1)"),
        (&[2, 3, 2], 11, "cannot view 11 elements as an array of shape (2, 3, 2)"),
    ];
    for (shape, len, text) in shapes {
        let mut data = vec![0u8; len];
        let error = View::new(&data, shape).expect_err("another length");
        assert_eq!(error, Error::LengthMismatch { shape: shape.into(), len });
        assert_eq!(error.to_string(), text);
        assert_eq!(ViewMut::new(&mut data, shape).expect_err("another length"), error);
    }
    // As many elements modulo 2^64 are not as many.
    let error = View::new(&[0; 4], &[HALF, 2]).expect_err("too many");
    assert_eq!(error, Error::TooLarge { shape: [HALF, 2].into() });
    let error = View::<u8>::new(&[], &[HALF, 2]).expect_err("too many");
    assert_eq!(error, Error::TooLarge { shape: [HALF, 2].into() });
}

#[test]
fn there_is_a_stride_for_each_extent() {
    let cases: [(&[usize], &[isize], &str); 5] = [
        (&[2, 3], &[1], "an array of dimension 2 cannot have 1 strides"),
        (&[2], &[2, 1], "an array of dimension 1 cannot have 2 strides"),
        (&[], &[1], "an array of dimension 0 cannot have 1 strides"),
        (&[0], &[], "an array of dimension 1 cannot have 0 strides"),
        (&[1; 64], &[1; 65], "an array of dimension 64 cannot have 65 strides"),
    ];
    for (shape, strides, text) in cases {
        let error = refused(6, 0, shape, strides);
        let (ndim, strides) = (shape.len(), strides.len());
        assert_eq!(error, Error::StridesMismatch { ndim, strides });
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn there_are_64_dimensions_at_most() {
    for ndim in [65, 66, 1000] {
        let text = format!("a view has at most 64 dimensions, not {ndim}");
        for extent in [1, 0, 2, usize::MAX] {
            let shape = vec![extent; ndim];
            let error = refused(1, 0, &shape, &vec![1; ndim]);
            assert_eq!(error, Error::TooManyDimensions { ndim });
            assert_eq!(error.to_string(), text);
            assert_eq!(View::new(&[1], &shape).expect_err("too many"), error);
            assert_eq!(ViewMut::new(&mut [1], &shape).expect_err("too many"), error);
        }
    }
    let view = View::new(&[1.5], &[1; 64]).expect("64 dimensions");
    assert_eq!(view.ndim(), 64);
    for axis in [0, 63, -1, -64] {
        assert_eq!(cumsum(&view).axis(axis).expect("one of 64 axes").to_vec(), [1.5]);
    }
    for axis in [64, -65, isize::MAX, isize::MIN] {
        let error = cumsum(&view).axis(axis).expect_err("not one of 64 axes");
        assert_eq!(error, Error::AxisOutOfBounds { axis, ndim: 64 });
    }
}

#[test]
fn there_are_as_many_elements_as_an_isize_counts() {
    let too_large: [&[usize]; 7] = [
        &[HALF],
        &[usize::MAX],
        &[HALF / 2, 2],
        &[2, 1, HALF / 2],
        &[usize::MAX, usize::MAX],
        // Extents of zero are left out, or the strides of the others could not be computed.
        &[0, HALF],
        &[HALF / 4, 0, 4],
    ];
    for shape in too_large {
        let error = refused(1, 0, shape, &vec![0; shape.len()]);
        assert_eq!(error, Error::TooLarge { shape: shape.into() });
        assert_eq!(View::<u8>::new(&[], shape).expect_err("too large"), error);
        assert_eq!(ViewMut::<u8>::new(&mut [], shape).expect_err("too large"), error);
    }
    let error = refused(1, 0, &[usize::MAX, 3], &[0, 0]);
    let text = format!(
        "shape ({}, 3) is too large: its extents multiply to more than isize::MAX",
        usize::MAX
    );
    assert_eq!(error.to_string(), text);

    // One element as often as can be.
    let view = View::with_strides(&[7u8], 0, &[HALF - 1], &[0]).expect("no more than isize::MAX");
    assert_eq!(view.len(), HALF - 1);
    let result = cumsum(&view).axis(0).expect("an axis").write_to(&mut [1u8; 3]);
    let text = format!("output of shape (3,) cannot hold a result of shape ({},)", HALF - 1);
    assert_eq!(result.expect_err("another shape").to_string(), text);
    let view = View::<u8>::with_strides(&[], 0, &[0, HALF - 1, 0], &[1; 3]).expect("no elements");
    assert_eq!((view.len(), view.is_empty()), (0, true));
}

#[test]
fn elements_outside_the_slice_are_refused() {
    let (max, min) = (isize::MAX, isize::MIN);
    #[rustfmt::skip]
    let outside: [(usize, usize, &[usize], &[isize]); 37] = [
        // By one element, at either end.
        (6, 6, &[1], &[1]),
        (6, 6, &[], &[]),
        (0, 0, &[], &[]),
        (0, 0, &[1], &[1]),
        (6, 1, &[6], &[1]),
        (6, 4, &[6], &[-1]),
        (6, 0, &[2], &[-1]),
        (6, 1, &[2, 3], &[3, 1]),
        (6, 0, &[2, 3], &[4, 1]),
        (6, 0, &[2, 3], &[1, 3]),
        (6, 4, &[2, 3], &[-3, -1]),
        (6, 0, &[3], &[3]),
        (6, 0, &[1, 7], &[0, 1]),
        (6, 0, &[7, 5], &[1, 0]),
        // At a corner that is neither the first nor the last.
        (6, 2, &[2, 2], &[3, -3]),
        (6, 2, &[2, 2], &[-3, 3]),
        (6, 3, &[2, 2, 2], &[2, 2, -4]),
        (6, 3, &[2, 2], &[3, -1]),
        // Numbers that wrap around to an index inside.
        (6, usize::MAX, &[2], &[1]),
        (6, usize::MAX, &[1], &[0]),
        (6, usize::MAX, &[], &[]),
        (6, HALF, &[1], &[min]),
        (6, HALF, &[2], &[min]),
        (6, HALF, &[2, 2], &[min, min]),
        (6, 0, &[3], &[min]),
        (6, 0, &[2], &[min]),
        (6, 0, &[2], &[max]),
        (6, 2, &[3], &[max]),
        (6, 0, &[2, 2], &[max, min]),
        (6, 1, &[2, 2], &[min, max]),
        (6, 5, &[2, 2], &[min, min]),
        (6, 2, &[2, 2, 2], &[max, max, 2]),
        (6, 0, &[5], &[min / 2]),
        (6, 0, &[5], &[-(min / 2)]),
        (6, 0, &[HALF / 2 + 1], &[4]),
        (6, 0, &[HALF - 1], &[max]),
        (6, 5, &[HALF - 1], &[min]),
    ];
    for (len, offset, shape, strides) in outside {
        let expected =
            Error::OutOfBounds { offset, shape: shape.into(), strides: strides.into(), len };
        assert_eq!(refused(len, offset, shape, strides), expected);
    }
    let text =
        "a view of shape (2, 3) with strides (-3, 1) from offset 2 does not fit into 6 elements";
    assert_eq!(refused(6, 2, &[2, 3], &[-3, 1]).to_string(), text);
    let text = "a view of shape () with strides () from offset 7 does not fit into 3 elements";
    assert_eq!(refused(3, 7, &[], &[]).to_string(), text);
    let text = "a view of shape (4,) with strides (2,) from offset 0 does not fit into 6 elements";
    assert_eq!(refused(6, 0, &[4], &[2]).to_string(), text);
}

/// A stride that is never stepped along may be anything, and so may all that an empty array has.
#[test]
fn what_leads_nowhere_may_be_anything() -> Result<(), Error> {
    let anything = [0, 1, -1, isize::MAX, isize::MIN, isize::MIN + 1, isize::MAX / 2 + 1];
    for stride in anything {
        let mut data = [1.5, 2.5, 4.0];
        let view = View::with_strides(&data, 2, &[1, 3, 1], &[stride, -1, stride])?;
        for axis in 0..3 {
            let expected = [[4.0, 2.5, 1.5], [4.0, 6.5, 8.0], [4.0, 2.5, 1.5]][axis as usize];
            assert_eq!(cumsum(&view).axis(axis)?.to_vec(), expected);
        }
        assert_eq!(cumsum(&view).to_vec(), [4.0, 6.5, 8.0]);
        let view = ViewMut::with_strides(&mut data, 1, &[1, 1], &[stride, stride])?;
        cumsum(view).axis(1)?.in_place();
        assert_eq!(data, [1.5, 2.5, 4.0]);

        for offset in [0, 3, 4, usize::MAX] {
            for shape in [[0, 3], [HALF - 1, 0], [0, 0]] {
                let view = ViewMut::with_strides(&mut data, offset, &shape, &[stride; 2])?;
                assert_eq!((view.len(), view.is_empty(), view.shape()), (0, true, &shape[..]));
                assert!(cumsum(&view).to_vec().is_empty());
                assert!(cumsum(&view).axis(0)?.to_vec().is_empty());
                cumsum(view).axis(1)?.in_place();
                assert_eq!(data, [1.5, 2.5, 4.0]);
                let view = View::<i32>::with_strides(&[], offset, &shape, &[stride; 2])?;
                assert!(cumsum(view).axis(-1)?.to_vec().is_empty());
            }
        }
    }
    Ok(())
}

#[test]
fn an_output_that_may_overlap_itself_is_refused() {
    let max = isize::MAX;
    let overlapping: [(usize, &[usize], &[isize]); 11] = [
        (0, &[2], &[0]),
        (0, &[2, 3], &[0, 1]),
        (3, &[2, 3], &[1, 0]),
        (0, &[2, 2], &[1, 1]),
        (5, &[2, 2], &[1, -1]),
        (9, &[3, 4], &[-2, -1]),
        (0, &[3, 2], &[1, 2]),
        (0, &[2, 3, 2], &[3, 1, 2]),
        (0, &[HALF - 1], &[0]),
        // These do not, and are refused all the same.
        (0, &[3, 2], &[2, 3]),
        (0, &[4, 3], &[3, 4]),
    ];
    for (offset, shape, strides) in overlapping {
        let mut data = [7u16; 40];
        let error = ViewMut::with_strides(&mut data, offset, shape, strides).expect_err("overlap");
        assert_eq!(error, Error::Overlap { shape: shape.into(), strides: strides.into() });
        // To be read they may.
        assert!(View::with_strides(&data, offset, shape, strides).is_ok());
    }
    assert!(ViewMut::with_strides(&mut [0; 9], 4, &[2, 3], &[-1, 2]).is_ok());
    let error = ViewMut::with_strides(&mut [0; 9], 4, &[2, 3], &[-2, 1]).expect_err("overlap");
    let text = "an output of shape (2, 3) with strides (-2, 1) may overlap itself";
    assert_eq!(error.to_string(), text);
    // Outside as well as overlapping: outside.
    let error = ViewMut::with_strides(&mut [0; 9], 0, &[2, 2], &[0, max]).expect_err("outside");
    assert!(matches!(error, Error::OutOfBounds { len: 9, .. }));
}

/// All small shapes and strides, against a list of their elements' places.
#[test]
fn every_small_view_is_judged_by_its_places() {
    let mut seen = [0; 4];
    let mut random = Random(1);
    let mut below = |n: u64| (random.next().expect("endless") >> 32) % n;
    for _ in 0..40_000 {
        let ndim = 1 + below(3) as usize;
        let shape: Vec<usize> = (0..ndim).map(|_| below(5) as usize).collect();
        let strides: Vec<isize> = (0..ndim).map(|_| below(17) as isize - 8).collect();
        let (offset, len) = (below(20) as usize, 1 + below(30) as usize);
        let mut places = vec![offset as isize];
        for (extent, stride) in shape.iter().zip(&strides) {
            let along = |place: isize| (0..*extent as isize).map(move |i| place + i * stride);
            places = places.into_iter().flat_map(along).collect();
        }
        let inside = places.iter().all(|place| (0..len as isize).contains(place));
        let distinct = places.iter().collect::<BTreeSet<_>>().len() == places.len();
        // The rule of the documentation: each axis steps over all that the smaller ones reach.
        let mut axes: Vec<_> =
            shape.iter().zip(&strides).filter(|(extent, _)| **extent > 1).collect();
        axes.sort_by_key(|(_, stride)| stride.abs());
        let reach = |k: usize| axes[..k].iter().map(|(n, s)| (**n as isize - 1) * s.abs()).sum();
        let steps_over = places.is_empty() || (0..axes.len()).all(|k| axes[k].1.abs() > reach(k));
        assert!(distinct || !steps_over, "the rule: {shape:?}, {strides:?}");

        let mut data = vec![1u8; len];
        let what = format!("{shape:?}, {strides:?}, {offset}, {len}");
        assert_eq!(View::with_strides(&data, offset, &shape, &strides).is_ok(), inside, "{what}");
        let error = ViewMut::with_strides(&mut data, offset, &shape, &strides).err();
        let expected = match (inside, steps_over) {
            (false, _) => 0,
            (true, false) if distinct => 1,
            (true, false) => 2,
            (true, true) => 3,
        };
        seen[expected] += 1;
        match error {
            Some(Error::OutOfBounds { .. }) => assert_eq!(expected, 0, "{what}"),
            Some(Error::Overlap { .. }) => assert!([1, 2].contains(&expected), "{what}"),
            Some(error) => panic!("{what}: {error}"),
            None => assert_eq!(expected, 3, "{what}"),
        }
    }
    assert!(seen.iter().all(|count| *count > 100), "{seen:?}");
}

/// Whatever is a slice, a transposition or a reversal of an array in C order is accepted.
#[test]
fn slices_of_arrays_do_not_overlap() {
    let mut random = Random(2);
    for _ in 0..2000 {
        let ndim = 1 + random.next().expect("endless") as usize % 6;
        let style = Style::random(ndim, &mut random);
        let shape: Vec<usize> = random.by_ref().take(ndim).map(|n| n as usize % 5).collect();
        let place = style.place(&shape);
        let mut memory = vec![0u8; place.len];
        assert_eq!(place.view_mut(&mut memory).shape(), shape);
    }
}

#[test]
fn views_are_operands_by_value_and_by_reference() -> Result<(), Error> {
    let mut data = [1.0, 2.0, 3.0, 4.0];
    let down = [1.0, 2.0, 4.0, 6.0];
    let view = View::new(&data, &[2, 2])?;
    assert_eq!(cumsum(&view).axis(0)?.to_vec(), down);
    assert_eq!(cumsum(view.clone()).axis(0)?.to_vec(), down);
    assert_eq!(cumsum(view).axis(0)?.to_vec(), down);

    let mut view = ViewMut::new(&mut data, &[2, 2])?;
    assert_eq!(cumsum(&view).axis(0)?.to_vec(), down);
    assert_eq!(cumsum(&mut view).axis(0)?.to_vec(), down);
    assert_eq!(cumsum(view.as_view()).axis(0)?.to_vec(), down);
    assert_eq!(cumsum(view.reborrow()).axis(0)?.to_vec(), down);
    // In place by a reference, by a view of the view, and by the view itself.
    cumsum(&mut view).axis(0)?.in_place();
    assert_eq!(cumsum(&view).dtype::<i32>().to_vec(), [1, 3, 7, 13]);
    cumsum(view.reborrow()).axis(1)?.in_place();
    assert_eq!(cumsum(view.as_view()).to_vec(), [1.0, 4.0, 8.0, 18.0]);
    cumsum(view).in_place();
    assert_eq!(data, [1.0, 4.0, 8.0, 18.0]);

    // As outputs, and beside slices.
    let mut out = [0.0; 4];
    let mut view = ViewMut::new(&mut out, &[2, 2])?;
    cumsum(&View::new(&data, &[2, 2])?).axis(1)?.write_to(&mut view)?;
    cumsum(&View::new(&data, &[2, 2])?).axis(1)?.write_to(view.reborrow())?;
    cumsum(&View::new(&data, &[2, 2])?).axis(1)?.write_to(view)?;
    assert_eq!(out, [1.0, 5.0, 8.0, 26.0]);
    cumsum(&View::new(&data, &[2, 2])?).write_to(&mut out)?;
    assert_eq!(out, [1.0, 5.0, 13.0, 31.0]);
    cumsum(&data).write_to(ViewMut::with_strides(&mut out, 3, &[4], &[-1])?)?;
    assert_eq!(out, [31.0, 13.0, 5.0, 1.0]);
    cumsum(&data).axis(0)?.write_to(ViewMut::new(&mut out, &[4])?)?;
    assert_eq!(out, [1.0, 5.0, 13.0, 31.0]);
    cumsum(&View::new(&data, &[4])?).axis(0)?.write_to(&mut out[..])?;
    assert_eq!(out, [1.0, 5.0, 13.0, 31.0]);
    Ok(())
}

/// Without an axis the elements of an n-d view are one lane, each overwritten in its place.
#[test]
fn in_place_without_an_axis_is_in_c_order() -> Result<(), Error> {
    let mut data = [1, 2, 3, 4, 5, 6i64];
    cumsum(ViewMut::with_strides(&mut data, 0, &[3, 2], &[1, 3])?).in_place();
    assert_eq!(data, [1, 7, 15, 5, 12, 21]);
    let mut data = [1, 2, 3, 4, 5, 6i64];
    cumsum(ViewMut::with_strides(&mut data, 5, &[2, 2], &[-3, -2])?).in_place();
    assert_eq!(data, [14, 2, 13, 10, 5, 6]);
    Ok(())
}

#[test]
fn an_output_of_another_shape_is_refused_and_untouched() -> Result<(), Error> {
    let x = [1.0f64; 12];
    type Shapes<'a> = (&'a [usize], Option<isize>, &'a [usize], &'a str);
    let cases: [Shapes<'_>; 11] = [
        (&[3, 4], Some(0), &[4, 3], "output of shape (4, 3) cannot hold a result of shape (3, 4)"),
        (&[3, 4], Some(1), &[12], "output of shape (12,) cannot hold a result of shape (3, 4)"),
        (
            &[3, 4],
            Some(0),
            &[3, 4, 1],
            "output of shape (3, 4, 1) cannot hold a result of shape (3, 4)",
        ),
        (&[3, 4], Some(0), &[3, 3], "output of shape (3, 3) cannot hold a result of shape (3, 4)"),
        (&[3, 4], Some(-2), &[], "output of shape () cannot hold a result of shape (3, 4)"),
        (&[3, 4], None, &[3, 4], "output of shape (3, 4) cannot hold a result of shape (12,)"),
        (&[3, 4], None, &[1, 12], "output of shape (1, 12) cannot hold a result of shape (12,)"),
        (&[3, 4], None, &[11], "output of shape (11,) cannot hold a result of shape (12,)"),
        (&[12], Some(0), &[12, 1], "output of shape (12, 1) cannot hold a result of shape (12,)"),
        (&[12], None, &[2, 6], "output of shape (2, 6) cannot hold a result of shape (12,)"),
        (&[3, 4], Some(0), &[3, 0], "output of shape (3, 0) cannot hold a result of shape (3, 4)"),
    ];
    for (shape, axis, output, text) in cases {
        for backend in Backend::available() {
            for summation in SUMMATIONS {
                let view = View::new(&x, shape)?;
                let sum = along(cumsum(&view), axis);
                let sum = sum.summation(summation).backend(backend);
                let mut out = vec![7.5f64; output.iter().product()];
                let error = sum.write_to(ViewMut::new(&mut out, output)?).expect_err("a shape");
                assert!(out.iter().all(|x| *x == 7.5));
                assert_eq!(error.to_string(), text);
                let expected: &[usize] = if axis.is_some() { shape } else { &[12] };
                let (expected, actual) = (expected.into(), output.into());
                assert_eq!(error, Error::ShapeMismatch { expected, actual });
                // With casts, and by reference.
                let mut out = vec![7i8; output.iter().product()];
                let refused = sum.dtype::<f32>().write_to(&mut ViewMut::new(&mut out, output)?);
                assert_eq!(refused, Err(error));
                assert!(out.iter().all(|x| *x == 7));
            }
        }
    }
    // A slice has one axis.
    let view = View::new(&x, &[3, 4])?;
    let mut out = [7.5; 12];
    let error = cumsum(&view).axis(1)?.write_to(&mut out).expect_err("a slice is 1-d");
    assert_eq!(error.to_string(), "output of shape (12,) cannot hold a result of shape (3, 4)");
    assert_eq!(out, [7.5; 12]);
    Ok(())
}

/// The examples of NumPy's documentation, and arrays that are reversed and repeated, for every type.
#[test]
fn golden_vectors() -> Result<(), Error> {
    macro_rules! all {
        (; $($T:ident)*) => {
            $(for backend in Backend::available() {
                for summation in SUMMATIONS {
                    let sum = |view, axis| -> Result<Vec<i32>, Error> {
                        let sum = along(cumsum::<View<'_, $T>>(view), axis);
                        let sums = sum.summation(summation).backend(backend).to_vec();
                        Ok(sums.into_iter().map(|sum| sum as i32).collect())
                    };
                    let a: [$T; 6] = [1, 2, 3, 4, 5, 6].map(|x: u8| x as $T);
                    let a = View::new(&a, &[2, 3])?;
                    assert_eq!(sum(a.clone(), None)?, [1, 3, 6, 10, 15, 21]);
                    assert_eq!(sum(a.clone(), Some(0))?, [1, 2, 3, 5, 7, 9]);
                    assert_eq!(sum(a, Some(1))?, [1, 3, 6, 4, 9, 15]);

                    let arange: [$T; 6] = [0, 1, 2, 3, 4, 5].map(|x: u8| x as $T);
                    let reversed = View::with_strides(&arange, 5, &[2, 3], &[-3, -1])?;
                    assert_eq!(sum(reversed.clone(), Some(1))?, [5, 9, 12, 2, 3, 3]);
                    assert_eq!(sum(reversed.clone(), Some(0))?, [5, 4, 3, 7, 5, 3]);
                    assert_eq!(sum(reversed, None)?, [5, 9, 12, 14, 15, 15]);

                    let broadcast = View::with_strides(&arange[..3], 0, &[2, 3], &[0, 1])?;
                    assert_eq!(sum(broadcast.clone(), Some(0))?, [0, 1, 2, 0, 2, 4]);
                    assert_eq!(sum(broadcast.clone(), Some(1))?, [0, 1, 3, 0, 1, 3]);
                    assert_eq!(sum(broadcast, None)?, [0, 1, 3, 3, 4, 6]);
                }
            })*
        };
    }
    elements!(all!);
    Ok(())
}

/// Every type can be viewed, `bool` included.
#[test]
fn views_of_every_input() -> Result<(), Error> {
    macro_rules! all {
        (; bool $($T:ident)*) => {
            let view = View::with_strides(&[true, false, true], 2, &[2, 2], &[-1, -1])?;
            assert_eq!(cumsum(&view).axis(1)?.to_vec(), [1i64, 1, 0, 1]);
            $(
                let view = View::with_strides(&[1 as $T, 2 as $T, 4 as $T], 2, &[2, 2], &[-1, -1])?;
                assert_eq!(cumsum(&view).axis(0)?.to_vec(), [4, 2, 6, 3].map(|x: u8| x as <$T as Input>::Sum));
            )*
        };
    }
    inputs!(all!);
    Ok(())
}
