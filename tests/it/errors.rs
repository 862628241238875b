//! What is refused, in which words, and that nothing has been written then; and what is not
//! refused: every kind of operand, and nothing at all to sum. `views.rs` has what views refuse.

use lanesum::{Backend, Cumsum, Error, Summation, View, ViewMut, cumsum};
use lanesum_testkit::{elements, inputs};

const SUMMATIONS: [Summation; 2] = [Summation::Blocked, Summation::Sequential];

/// What a user can rely on to pass an error on.
#[test]
fn an_error_is_an_error() {
    fn passes_on<T: std::error::Error + Clone + Eq + Send + Sync + 'static>() {}
    passes_on::<Error>();
    passes_on::<lanesum::BackendError>();

    fn refuses() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        cumsum(&[1]).axis(1)?.to_vec();
        Ok(())
    }
    let error = refuses().expect_err("there is no axis 1");
    assert!(error.downcast_ref::<Error>().is_some());
    assert_eq!(error.to_string(), "axis 1 is out of bounds for array of dimension 1");
}

#[test]
fn a_slice_has_the_axes_0_and_minus_1() {
    let x = [1.5f32, 2.0, 4.0];
    for axis in [0, -1] {
        assert_eq!(cumsum(&x).axis(axis).map(|sum| sum.to_vec()), Ok(vec![1.5, 3.5, 7.5]));
        let mut data = x;
        cumsum(&mut data).axis(axis).expect("an axis of a slice").in_place();
        assert_eq!(data, [1.5, 3.5, 7.5]);
    }
    // An empty slice has them as well: it is not 0-dimensional.
    assert_eq!(cumsum(&[0f32; 0]).axis(0).map(|sum| sum.to_vec()), Ok(vec![]));
}

#[test]
fn other_axes_are_refused_in_the_words_of_numpy() {
    for axis in [1, -2, 2, -3, 100, isize::MAX, isize::MIN, isize::MIN + 1] {
        let error = cumsum(&[1.0, 2.0]).axis(axis).expect_err("no such axis");
        assert_eq!(error, Error::AxisOutOfBounds { axis, ndim: 1 });
        let text = format!("axis {axis} is out of bounds for array of dimension 1");
        assert_eq!(error.to_string(), text);
    }
}

/// Also where the output would be refused, and where there is nothing to sum.
#[test]
fn an_array_has_as_many_axes_as_dimensions() {
    let x = [0.5; 24];
    let shapes: [(&[usize], &[f64]); 6] = [
        (&[24], &x),
        (&[4, 6], &x),
        (&[2, 3, 4], &x),
        (&[2, 2, 1, 6], &x),
        (&[0, 3], &[]),
        (&[1], &x[..1]),
    ];
    for (shape, x) in shapes {
        let view = View::new(x, shape).expect("a shape of the slice");
        let ndim = shape.len();
        let axes = ndim as isize;
        for axis in -axes..axes {
            assert_eq!(cumsum(&view).axis(axis).map(|sum| sum.to_vec().len()), Ok(x.len()));
        }
        let far = [isize::MIN, isize::MIN + 1, isize::MAX - 1, isize::MAX, 64, -64, 255, 256, -256];
        for axis in far.into_iter().chain([axes, -axes - 1, axes + 256, 256 - axes]) {
            let error = cumsum(&view).axis(axis).expect_err("no such axis");
            assert_eq!(error, Error::AxisOutOfBounds { axis, ndim });
            let text = format!("axis {axis} is out of bounds for array of dimension {ndim}");
            assert_eq!(error.to_string(), text);
        }
    }
}

/// NumPy makes an array without dimensions one of a single dimension before it looks at the axis.
#[test]
fn an_array_without_dimensions_has_the_axes_of_one_with_one() {
    let mut data = [1.5];
    let mut view = ViewMut::new(&mut data, &[]).expect("one element");
    for axis in [0, -1] {
        assert_eq!(cumsum(&view).axis(axis).map(|sum| sum.to_vec()), Ok(vec![1.5]));
    }
    for axis in [1, -2, 5, isize::MIN, isize::MAX] {
        let error = cumsum(&mut view).axis(axis).expect_err("no such axis");
        assert_eq!(error, Error::AxisOutOfBounds { axis, ndim: 1 });
        let text = format!("axis {axis} is out of bounds for array of dimension 1");
        assert_eq!(error.to_string(), text);
    }
}

/// The last of several axes counts, as the last of several summations does.
#[test]
fn a_later_axis_replaces_an_earlier_one() -> Result<(), Error> {
    let view = View::new(&[1, 2, 3, 4i64], &[2, 2])?;
    assert_eq!(cumsum(&view).axis(0)?.axis(1)?.to_vec(), [1, 3, 3, 7]);
    assert_eq!(cumsum(&view).axis(1)?.axis(-2)?.to_vec(), [1, 2, 4, 6]);
    Ok(())
}

#[test]
fn the_shapes_that_differ_are_both_named() {
    for (result, output) in [(3, 2), (3, 4), (0, 1), (1, 0), (1024, 1025), (16385, 16384)] {
        let x = vec![1i32; result];
        let mut out = vec![0i64; output];
        let error = cumsum(&x).write_to(&mut out).expect_err("other lengths");
        let text = format!("output of shape ({output},) cannot hold a result of shape ({result},)");
        assert_eq!(error.to_string(), text);
        let Error::ShapeMismatch { expected, actual } = error else { panic!("{error:?}") };
        assert_eq!((&expected[..], &actual[..]), (&[result][..], &[output][..]));
    }
}

#[test]
fn a_refused_output_is_untouched() {
    for backend in Backend::available() {
        for (result, output) in [(3, 2), (2, 3), (0, 3), (5000, 4999), (4999, 5000), (40000, 1)] {
            for summation in SUMMATIONS {
                let x = vec![1.0f64; result];
                // The accumulator's own type, another, and a given accumulator.
                let mut out = vec![-7.5f64; output];
                let sum = cumsum(&x).summation(summation).backend(backend);
                assert!(sum.write_to(&mut out).is_err());
                assert_eq!(out, vec![-7.5; output]);
                let mut out = vec![-7i16; output];
                assert!(sum.write_to(&mut out).is_err());
                assert_eq!(out, vec![-7; output]);
                assert!(sum.dtype::<u64>().write_to(&mut out).is_err());
                assert_eq!(out, vec![-7; output]);
            }
        }
    }
}

#[test]
fn a_backend_error_keeps_its_words() {
    let error = Backend::by_name("sse9").expect_err("no such backend");
    assert_eq!(Error::from(error), Error::Backend(error));
    assert_eq!(Error::from(error).to_string(), error.to_string());
}

#[test]
fn every_kind_of_operand_is_taken() {
    let mut array = [1.0, 2.0];
    let mut vec = array.to_vec();
    let sums = [1.0, 3.0];
    assert_eq!(cumsum(&array).to_vec(), sums);
    assert_eq!(cumsum(&array[..]).to_vec(), sums);
    assert_eq!(cumsum(&vec).to_vec(), sums);
    // Mutable references, which can be read too.
    assert_eq!(cumsum(&mut array).to_vec(), sums);
    assert_eq!(cumsum(&mut array[..]).to_vec(), sums);
    assert_eq!(cumsum(&mut vec).to_vec(), sums);

    let mut out = [0.0; 2];
    assert_eq!(cumsum(&array).write_to(&mut out), Ok(()));
    assert_eq!(out, sums);
    let mut out = vec![0.0; 2];
    assert_eq!(cumsum(&array).write_to(&mut out), Ok(()));
    assert_eq!(out, sums);
    out.fill(0.0);
    assert_eq!(cumsum(&array).write_to(&mut out[..]), Ok(()));
    assert_eq!(out, sums);

    cumsum(&mut vec).in_place();
    assert_eq!(vec, sums);
    cumsum(&mut vec[..]).in_place();
    assert_eq!(vec, [1.0, 4.0]);
    cumsum(&mut array).in_place();
    assert_eq!(array, sums);
}

/// The builder is passed by value at each step.
#[test]
fn the_builder_is_a_slice_and_at_most_eight_bytes() {
    assert!(size_of::<Cumsum<&[f32]>>() <= size_of::<&[f32]>() + 8);
    // Two lists, two numbers, and which error it is.
    assert!(size_of::<Error>() <= 7 * size_of::<usize>());
}

/// Of every type. (`casts.rs` has the empty lane among its lengths, for every pair of types.)
#[test]
fn nothing_can_be_summed() {
    macro_rules! read {
        (; $($I:ident)*) => {
            $(for summation in SUMMATIONS {
                let empty: [$I; 0] = [];
                let sum = cumsum(&empty).summation(summation);
                assert!(sum.to_vec().is_empty());
                assert!(sum.dtype::<u16>().to_vec().is_empty());
                assert_eq!(sum.write_to(&mut [0f32; 0]), Ok(()));
                let mut one = [7f32];
                assert!(sum.write_to(&mut one).is_err());
                assert_eq!(one, [7.0]);
            })*
        };
    }
    inputs!(read!);

    macro_rules! overwritten {
        (; $($T:ident)*) => {
            $(for backend in Backend::available() {
                let mut empty: Vec<$T> = Vec::new();
                cumsum(&mut empty).backend(backend).in_place();
                assert_eq!(cumsum(&empty).backend(backend).write_to(&mut [0 as $T; 0]), Ok(()));
                cumsum(&mut empty).dtype::<f64>().backend(backend).in_place();
                assert!(empty.is_empty());
            })*
        };
    }
    elements!(overwritten!);
}
