//! Every axis of arrays of every layout, without options and with any, on every backend, against the
//! reference, bit for bit.
//!
//! The arrays lie among other values, and what a sum leaves alone is compared as well.

use lanesum::{Backend, View, ViewMut, cumsum};
use lanesum_testkit::random::special_among_edges;
use lanesum_testkit::reference::axes as lanes;
use lanesum_testkit::{
    CHUNK, Case, Options, Order, PIECE, Random, Style, Typed, along, assert_same, axes, elements,
    mixed, of_lanes, specials, summation, telling, tests, with_nans,
};

const PLAIN: [Order; 2] = [Order::Blocked, Order::Sequential];

/// Goes through the combinations of options, so many at a time.
struct Turns(usize);

impl Turns {
    /// Checks an array without options, and with so many of the combinations.
    fn check<T: Typed>(
        &mut self,
        shape: &[usize],
        axis: Option<usize>,
        styles: [&Style; 2],
        combinations: usize,
    ) {
        let case = Case::new(shape, axis, styles);
        let plain = case.fill(mixed::<T>);
        for order in PLAIN {
            case.check(&plain, &Options::none(order));
        }
        let nans = case.fill(|seed, len| with_nans(mixed::<T>(seed, len), 3, 5));
        // Those that tell more have to be different at each place.
        let telling = match T::EXACT || !case.has_own_places() {
            true => [plain.clone(), nans.clone()],
            false => {
                let x = of_lanes(shape, axis, telling::<T>);
                [x.clone(), with_nans(x, 3, 5)]
            }
        };
        for _ in 0..combinations {
            // Has no divisor in common with 96, and so comes to all of them.
            self.0 += 37;
            let options = Options::numbered(self.0 % 96, T::mixed(self.0 as u64 * 77));
            let [plain, nans] = match options.order {
                Order::Compensated => [&telling[0], &telling[1]],
                _ => [&plain, &nans],
            };
            case.check(if options.skip_nan { nans } else { plain }, &options);
        }
    }
}

/// All orders of so many axes.
fn orders(ndim: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![vec![]];
    for axis in 0..ndim {
        let insert = |order: &Vec<usize>| {
            let order = order.clone();
            (0..=order.len()).map(move |at| {
                let mut order = order.clone();
                order.insert(at, axis);
                order
            })
        };
        orders = orders.iter().flat_map(insert).collect();
    }
    orders
}

/// Shapes of all dimensions up to 3, in every order of their axes, with each axis stepped, reversed and
/// repeated in its turn.
fn every_layout<T: Typed>() {
    let shapes: [&[usize]; 4] = [&[37], &[9, 17], &[19, 6], &[5, 3, 18]];
    let mut turns = Turns(T::NAME.len() * 7);
    for shape in shapes {
        let ndim = shape.len();
        let orders = orders(ndim);
        for (n, order) in orders.iter().enumerate() {
            for variation in 0..9 {
                let mut from = Style { order: order.clone(), ..Style::dense(ndim) };
                let mut to =
                    Style { order: orders[(n + variation) % orders.len()].clone(), ..from.clone() };
                let turn = (n + variation) % ndim;
                match variation {
                    0 => {}
                    1 => (from.reversed, to.reversed) = ((1 << ndim) - 1, 1 << turn),
                    2 => (from.reversed, to.reversed) = (1 << turn, (1 << ndim) - 1),
                    3 => (from.steps[turn], to.steps[(turn + 1) % ndim]) = (2, 3),
                    4 => (from.steps[turn], to.gap) = (3, 2),
                    5 => from.repeated = 1 << turn,
                    6 => from.repeated = (1 << ndim) - 1 - (1 << turn),
                    7 => (from.windows, from.gap) = (true, turn),
                    _ => (from.gap, to.steps, to.margin) = (1, vec![2; ndim], 3),
                }
                for axis in axes(ndim) {
                    turns.check::<T>(shape, axis, [&from, &to], 6);
                }
            }
        }
    }
}

/// Small arrays of up to three dimensions, dense in either order, with all combinations of options.
fn every_combination<T: Typed>() {
    let shapes: [&[usize]; 6] = [&[37], &[17, 9], &[9, 33], &[6, 1], &[3, 18, 2], &[2, 5, 17]];
    let mut turns = Turns(T::NAME.len());
    for shape in shapes {
        for axis in axes(shape.len()) {
            turns.check::<T>(shape, axis, [&Style::dense(shape.len()); 2], 96);
            if shape.len() > 1 {
                turns.check::<T>(shape, axis, [&Style::fortran(shape.len()); 2], 96);
            }
        }
    }
}

/// What kernels care about: whole registers and blocks of each width, one less, one more.
const SIZES: [usize; 18] = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 130];

/// Each size beside each size, along either axis or flattened, in layouts of which each has its own.
fn every_pair_of_extents<T: Typed>() {
    let mut turns = Turns(T::NAME.len() * 11);
    // Which layouts and axes meet which extents differs from type to type.
    let mut random = Random(T::pattern(u128::MAX).bits() as u64);
    for (a, rows) in SIZES.into_iter().enumerate() {
        for (b, columns) in SIZES.into_iter().enumerate() {
            let shape = &[rows, columns];
            let [from, to] = [0; 2].map(|_| match random.below(3) {
                0 => Style::fortran(2),
                _ => Style::dense(2),
            });
            let axis = Some((a + b + T::NAME.len()) % 2);
            turns.check::<T>(shape, axis, [&from, &to], 3);
            let [from, to] = [0; 2].map(|_| Style::random(2, &mut random));
            let axis = [Some(0), Some(1), None][(a + b * 2 + size_of::<T>()) % 3];
            turns.check::<T>(shape, axis, [&from, &to], 3);
        }
    }
}

/// Any shape of 1 to 6 dimensions, some of whose axes can be merged.
fn every_dimension<T: Typed>() {
    let mut random = Random(T::pattern(u128::MAX).bits() as u64);
    let mut turns = Turns(T::NAME.len() * 13);
    for ndim in 1..=6 {
        let most = [130, 40, 17, 9, 6, 5][ndim - 1];
        for _ in 0..12 {
            let shape: Vec<usize> = (0..ndim).map(|_| 1 + random.below(most)).collect();
            let from = Style::random_input(ndim, &mut random);
            let to = Style::random(ndim, &mut random);
            for axis in axes(ndim) {
                turns.check::<T>(&shape, axis, [&from, &to], 4);
            }
        }
    }
}

/// Beyond a piece, a chunk, and two, along the axis that is summed and along others.
fn long_axes<T: Typed>() {
    // Integers know no chunks.
    let lengths: &[usize] = match T::EXACT {
        true => &[PIECE, PIECE + 1, CHUNK + 1],
        false => &[PIECE - 1, PIECE, PIECE + 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 17],
    };
    let mut turns = Turns(T::NAME.len() * 17);
    for (k, &len) in lengths.iter().enumerate() {
        let shapes: [&[usize]; 5] = [&[len], &[len, 3], &[3, len], &[2, len, 2], &[len, 1, 9]];
        let mut random = Random(len as u64);
        for shape in shapes.into_iter().take(if T::EXACT { 3 } else { 5 }) {
            let ndim = shape.len();
            let axis = shape.iter().position(|extent| *extent == len);
            let other = [None, Some(ndim - 1), Some(0)][k % 3];
            let [from, to] = [0; 2].map(|_| Style::random(ndim, &mut random));
            let dense = Style::dense(ndim);
            turns.check::<T>(shape, axis, [&dense; 2], 6);
            turns.check::<T>(shape, axis, [&from, &to], 4);
            turns.check::<T>(shape, other, [&to, &dense], 2);
        }
    }
}

/// More lanes than are summed side by side, and a few of them, in two dimensions and in three.
fn many_lanes<T: Typed>() {
    let mut turns = Turns(T::NAME.len() * 19);
    let mut random = Random(6);
    for few in [2, 5, 19] {
        for many in [127, 129, 257, PIECE - 1, PIECE + 1, 2 * PIECE + 3] {
            let shapes = [vec![few, many], vec![many, few], vec![2, few, many], vec![few, many, 2]];
            // Each shape with some of the extents.
            let shape = &shapes[(few + many) % 4];
            let ndim = shape.len();
            for axis in (0..ndim).map(Some) {
                let [from, to] = [0; 2].map(|_| Style::random(ndim, &mut random));
                turns.check::<T>(shape, axis, [&Style::dense(ndim); 2], 4);
                turns.check::<T>(shape, axis, [&from, &to], 2);
            }
        }
    }
}

/// Infinities, NaN, zeros of either sign and values that overflow, along each axis.
fn special_values<T: Typed>() {
    let mut random = Random(5);
    for shape in [&[40, 7][..], &[7, 40], &[3, 35, 4]] {
        let ndim = shape.len();
        for axis in axes(ndim) {
            let [from, to] = [0; 2].map(|_| Style::random(ndim, &mut random));
            let case = Case::new(shape, axis, [&from, &to]);
            for one_in in [1, 16] {
                let x = case.fill(|seed, len| special_among_edges::<T>(seed, len, one_in));
                for (k, initial) in specials::<T>().into_iter().enumerate() {
                    for number in (k % 5..96).step_by(5) {
                        case.check(&x, &Options::numbered(number, initial));
                    }
                }
            }
        }
    }
}

/// Any extent of zero. Along it there may still be initial values to write.
fn extents_of_zero<T: Typed>() {
    let shapes: [&[usize]; 6] = [&[0], &[0, 3], &[3, 0], &[2, 0, 4], &[0, 0], &[4, 5, 0]];
    for shape in shapes {
        let dense = Style::dense(shape.len());
        let mut to = Style::fortran(shape.len());
        (to.steps[0], to.reversed, to.margin) = (3, (1 << shape.len()) - 1, 2);
        for axis in axes(shape.len()) {
            for to in [&dense, &to] {
                let case = Case::new(shape, axis, [&dense, to]);
                Options::every(T::mixed(9)).for_each(|options| case.check(&[], &options));
            }
        }
    }
}

/// A 0-d array is one of shape (1,), and with the initial value its sums are of shape (2,).
fn no_dimension<T: Typed>() {
    let from = Style { margin: 2, ..Style::dense(0) };
    for axis in [None, Some(0)] {
        let case = Case::new(&[], axis, [&from, &Style::dense(0)]);
        for x in [T::mixed(1), T::IDENTITY] {
            Options::every(T::mixed(4)).for_each(|options| case.check(&[x], &options));
        }
    }
}

/// Values are summed alike, however they lie: the bits of a slice of each lane.
fn any_strides_give_the_same_bits<T: Typed>() {
    let mut random = Random(1);
    for shape in [[33, 5, 3], [4, 40, 2], [3, 2, 70]] {
        let values = mixed::<T>(3, shape.iter().product());
        for axis in 0..3 {
            for summation in PLAIN.map(summation) {
                // Lane by lane, each of them a slice.
                let expected = lanes::cumsum(&values, &shape, Some(axis), |lane| {
                    cumsum(lane).dtype::<T>().summation(summation).to_vec()
                });
                for _ in 0..12 {
                    let place = Style::random(3, &mut random).place(&shape);
                    let memory = place.memory(&values);
                    for backend in Backend::available() {
                        let sum = along(cumsum(place.view(&memory)), Some(axis as isize));
                        let sum = sum.dtype::<T>().summation(summation).backend(backend);
                        let what = format_args!("{backend}, {summation:?}, axis {axis}, {place:?}");
                        assert_same(&sum.to_vec(), &expected, what);
                    }
                }
            }
        }
    }
}

tests! {
    elements:
        every_layout
        every_combination
        every_pair_of_extents
        every_dimension
        long_axes
        many_lanes
        special_values
        extents_of_zero
        no_dimension
        any_strides_give_the_same_bits
}

/// The extents of one axis at a time, and of several, are one: the others are as if it were not there.
#[test]
fn extents_of_one_change_nothing() {
    let x = mixed::<f32>(1, 60);
    for order in PLAIN {
        for backend in Backend::available() {
            let sums = |shape: &[usize], axis| {
                let view = View::new(&x, shape).expect("60 elements");
                let sum = cumsum(view).axis(axis).expect("an axis").summation(summation(order));
                sum.backend(backend).to_vec()
            };
            for (with, without, axes) in [
                (&[1, 60][..], &[60][..], &[(1, Some(0))][..]),
                (&[60, 1], &[60], &[(0, Some(0))]),
                (&[1, 12, 1, 5, 1], &[12, 5], &[(1, Some(0)), (3, Some(1))]),
                (&[12, 1, 1, 5], &[12, 5], &[(0, Some(0)), (3, Some(1))]),
            ] {
                for (axis, same) in axes {
                    let expected =
                        lanes::cumsum(&x, without, *same, |lane| f32::plain_sums(order, lane));
                    let what = format_args!("{backend}, {order:?}, {with:?}, axis {axis}");
                    assert_same(&sums(with, *axis), &expected, what);
                }
                // Along an extent of one nothing is added: every element is copied.
                for axis in (0..with.len()).filter(|axis| with[*axis] == 1) {
                    let what = format_args!("{backend}, {order:?}, {with:?}, axis {axis}");
                    assert_same(&sums(with, axis as isize), &x, what);
                }
            }
        }
    }
}

/// Where nothing is summed, nothing is written. The shapes must be the same even so.
#[test]
fn extents_of_zero_leave_nothing_to_sum() {
    let shapes: [&[usize]; 6] = [&[0], &[0, 3], &[3, 0], &[2, 0, 4], &[0, 0], &[4, 5, 0]];
    for backend in Backend::available() {
        for summation in PLAIN.map(summation) {
            for shape in shapes {
                for axis in axes(shape.len()) {
                    let axis = axis.map(|axis| axis as isize);
                    let x = View::<f64>::new(&[], shape).expect("no elements");
                    assert_eq!((x.len(), x.is_empty(), x.ndim()), (0, true, shape.len()));
                    let sum = along(cumsum(&x), axis).summation(summation).backend(backend);
                    assert!(sum.to_vec().is_empty());
                    let result = if axis.is_some() { shape } else { &[0] };
                    let out = ViewMut::<f64>::new(&mut [], result).expect("no elements");
                    assert_eq!(sum.write_to(out), Ok(()));
                    let other = [&[7, 0], shape].concat();
                    let out = ViewMut::<f64>::new(&mut [], &other).expect("no elements");
                    assert!(sum.write_to(out).is_err(), "{shape:?} to {other:?}");

                    // In the middle of other elements, with strides that lead anywhere.
                    let mut memory = [7.5; 9];
                    let strides = vec![isize::MIN; shape.len()];
                    let out = ViewMut::with_strides(&mut memory, 4, shape, &strides)
                        .expect("no elements");
                    along(cumsum(out), axis).summation(summation).backend(backend).in_place();
                    assert_eq!(memory, [7.5; 9]);
                }
            }
        }
    }
}

/// The result of a 0-d array has the shape (1,), and the axes 0 and -1 are accepted, as in NumPy.
#[test]
fn no_dimension_is_one_of_extent_one() {
    for backend in Backend::available() {
        for summation in PLAIN.map(summation) {
            for axis in [None, Some(0), Some(-1)] {
                let memory = [1.5, -0.0, 2.5f32];
                let x = View::with_strides(&memory, 1, &[], &[]).expect("one element");
                assert_eq!((x.len(), x.is_empty(), x.ndim()), (1, false, 0));
                let sum = along(cumsum(&x), axis).summation(summation).backend(backend);
                assert_same(&sum.to_vec(), &[-0.0], format_args!("{backend}, {summation:?}"));

                let mut out = [7f32];
                sum.write_to(&mut out).expect("a slice has the shape (1,)");
                assert_same(&out, &[-0.0], format_args!("{backend}, {summation:?}"));
                let mut out = [7f64; 3];
                let place = ViewMut::with_strides(&mut out, 2, &[1], &[-5]).expect("one element");
                sum.write_to(place).expect("the shape (1,)");
                assert_same(&out, &[7.0, 7.0, -0.0], format_args!("{backend}, {summation:?}"));

                let place = ViewMut::new(&mut out[..1], &[]).expect("one element");
                let text = "output of shape () cannot hold a result of shape (1,)";
                assert_eq!(
                    sum.write_to(place).map_err(|error| error.to_string()),
                    Err(text.into())
                );
                assert_eq!(out[0], 7.0);

                let mut data = [3.5];
                let place = ViewMut::new(&mut data, &[]).expect("one element");
                along(cumsum(place), axis).summation(summation).backend(backend).in_place();
                assert_eq!(data, [3.5]);
            }
        }
    }
}

#[test]
fn sixty_four_dimensions() {
    let mut shape = vec![1; 64];
    (shape[3], shape[17], shape[40], shape[63]) = (2, 3, 2, 5);
    let from = Style { margin: 2, ..Style::fortran(64) };
    let to = Style { steps: [vec![1; 63], vec![3]].concat(), ..Style::dense(64) };
    for axis in [None, Some(0), Some(3), Some(17), Some(40), Some(41), Some(63)] {
        for order in PLAIN {
            let case = Case::new(&shape, axis, [&from, &to]);
            case.check(&case.fill(mixed::<f32>), &Options::none(order));
            let case = Case::new(&shape, axis, [&to, &from]);
            case.check(&case.fill(mixed::<u16>), &Options::none(order));
        }
    }
}

/// NumPy's documentation of `cumulative_sum`, and an array that is written out.
#[test]
fn the_examples_of_the_documentation() -> Result<(), lanesum::Error> {
    let data = [1, 2, 3, 4, 5, 6i64];
    let a = View::new(&data, &[2, 3])?;
    let rows = [[0, 1, 3, 6], [0, 4, 9, 15]];
    assert_eq!(cumsum(&a).axis(1)?.include_initial().to_vec(), rows.concat());
    let columns = [[0, 0, 0], [1, 2, 3], [5, 7, 9]];
    assert_eq!(cumsum(&a).axis(0)?.include_initial().to_vec(), columns.concat());
    assert_eq!(cumsum(&a).include_initial().to_vec(), [0, 1, 3, 6, 10, 15, 21]);
    let columns = [[10, 10, 10], [11, 12, 13]];
    assert_eq!(cumsum(&a).axis(0)?.initial(10).exclusive().to_vec(), columns.concat());
    let rows = [[6, 5, 3], [15, 11, 6]];
    assert_eq!(cumsum(&a).axis(-1)?.reverse().to_vec(), rows.concat());
    assert_eq!(cumsum(&a).reverse().to_vec(), [21, 20, 18, 15, 11, 6]);
    assert_eq!(cumsum(&a).reverse().exclusive().to_vec(), [20, 18, 15, 11, 6, 0]);
    let columns = [[5, 7, 9], [4, 5, 6], [0, 0, 0]];
    assert_eq!(cumsum(&a).axis(0)?.reverse().include_initial().to_vec(), columns.concat());

    // Transposed, into the middle of another.
    let t = View::with_strides(&data, 0, &[3, 2], &[1, 3])?;
    let mut wide = [7; 14];
    let out = ViewMut::with_strides(&mut wide, 1, &[3, 3], &[4, 1])?;
    cumsum(t).axis(1)?.include_initial().write_to(out)?;
    assert_eq!(wide, [7, 0, 1, 5, 7, 0, 2, 7, 7, 0, 3, 9, 7, 7]);

    // The initial value is cast to the accumulator, and from there to the output.
    let mut out = [0i64; 9];
    let sum = cumsum(&a).dtype::<u8>().axis(0)?.initial(300).include_initial();
    sum.write_to(ViewMut::new(&mut out, &[3, 3])?)?;
    assert_eq!(out, [44, 44, 44, 45, 46, 47, 49, 51, 53]);

    // No elements along the axis: the initial values alone.
    let none = View::<f32>::new(&[], &[2, 0])?;
    let sums = cumsum(&none).axis(1)?.initial(2.5f32).include_initial().to_vec();
    assert_eq!(sums, [2.5, 2.5]);
    assert_eq!(cumsum(&none).axis(0)?.include_initial().to_vec(), [0f32; 0]);
    assert_eq!(cumsum(&none).include_initial().to_vec(), [0f32]);
    Ok(())
}

/// With the initial value the result has another shape; an output of any other is left as it was.
#[test]
fn outputs_of_another_shape_are_refused() -> Result<(), lanesum::Error> {
    let data = [1i64; 6];
    let a = View::new(&data, &[2, 3])?;
    let error = |axis: Option<isize>, shape: &[usize]| -> Result<String, lanesum::Error> {
        let mut out = vec![7i64; shape.iter().product()];
        let sum = along(cumsum(&a), axis).include_initial();
        let result = sum.write_to(ViewMut::new(&mut out, shape)?);
        assert!(out.iter().all(|x| *x == 7) == result.is_err(), "{shape:?}");
        Ok(result.map_or_else(|error| error.to_string(), |()| "fits".into()))
    };
    assert_eq!(error(Some(0), &[3, 3])?, "fits");
    assert_eq!(error(Some(1), &[2, 4])?, "fits");
    assert_eq!(error(None, &[7])?, "fits");
    let text = "output of shape (2, 3) cannot hold a result of shape (3, 3)";
    assert_eq!(error(Some(0), &[2, 3])?, text);
    let text = "output of shape (3, 3) cannot hold a result of shape (2, 4)";
    assert_eq!(error(Some(-1), &[3, 3])?, text);
    let text = "output of shape (6,) cannot hold a result of shape (7,)";
    assert_eq!(error(None, &[6])?, text);

    let one = View::new(&data[..1], &[])?;
    let mut out = [7i64; 2];
    cumsum(&one).axis(0)?.include_initial().write_to(&mut out)?;
    assert_eq!(out, [0, 1]);
    let error = cumsum(&one).include_initial().write_to(&mut out[..1]).unwrap_err();
    assert_eq!(error.to_string(), "output of shape (1,) cannot hold a result of shape (2,)");
    Ok(())
}
