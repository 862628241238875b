//! Checked sums: where they overflow, and that they are the same as others where they do not.

mod common;

use common::casts;
use common::options::{
    Accumulator, Arrays, axis_of, cast_all, checked_in_place, checked_to_vec, checked_write_to,
    of_lanes, specials,
};
use common::reference::options::{Options, Order};
use common::strided::{Case, Style, along, guard};
use common::{CHUNK, Number, PIECE, Random, Value, assert_same_bits, elements, mixed};
use lanesum::{Backend, Error, View, ViewMut, cumsum};

/// The error for a lane and an index in it.
fn error(overflow: Option<(usize, usize)>) -> Result<(), Error> {
    overflow.map_or(Ok(()), |(lane, index)| Err(Error::Overflow { lane, index }))
}

/// Asserts of a slice what the reference says, by each way of calling and on every backend.
#[track_caller]
fn check_slice<T: Accumulator>(x: &[T], options: &Options<T>) -> Option<usize> {
    let overflow = options.overflow(x);
    let expected = error(overflow.map(|index| (0, index)));
    let sums = options.sums(x);
    let others = cast_all(&sums);
    let (len, margin) = (sums.len(), 8 + x.len() % 5);
    for backend in Backend::available() {
        let (name, of) = (T::NAME, x.len());
        let sum = cumsum(x).dtype::<T>().backend(backend);
        let what = format_args!("{backend}, {options:?}, checked to_vec of {of} {name}");
        match checked_to_vec(sum, options) {
            Ok(got) if expected.is_ok() => assert_same_bits(&got, &sums, what),
            got => assert_eq!(got.map(|_| ()), expected, "{what}"),
        }

        let what = format_args!("{backend}, {options:?}, checked write_to, {of} {name}");
        let mut out = vec![guard::<T>(); len + 2 * margin];
        let got = checked_write_to(sum, options, &mut out[margin..][..len]);
        assert_eq!(got, expected, "{what}");
        if expected.is_ok() {
            assert_same_bits(&out[margin..][..len], &sums, what);
        }
        assert_outside(&out, margin, what);

        let mut out = vec![guard::<T::Other>(); len + 2 * margin];
        let got = checked_write_to(sum, options, &mut out[margin..][..len]);
        let what = format_args!("{backend}, {options:?}, checked write_to, cast, {of} {name}");
        assert_eq!(got, expected, "{what}");
        if expected.is_ok() {
            assert_same_bits(&out[margin..][..len], &others, what);
        }
        assert_outside(&out, margin, what);

        if !options.include_initial {
            let mut data = vec![guard::<T>(); len + 2 * margin];
            data[margin..][..len].copy_from_slice(x);
            let sum = cumsum(&mut data[margin..][..len]).dtype::<T>().backend(backend);
            let what = format_args!("{backend}, {options:?}, checked in_place, {of} {name}");
            assert_eq!(checked_in_place(sum, options), expected, "{what}");
            let after = if expected.is_ok() { &sums } else { x };
            assert_same_bits(&data[margin..][..len], after, what);
            assert_outside(&data, margin, what);
        }
    }
    overflow
}

#[track_caller]
fn assert_outside<T: Value>(memory: &[T], margin: usize, what: std::fmt::Arguments<'_>) {
    let mut outside = memory[..margin].iter().chain(&memory[memory.len() - margin..]);
    let guard = guard::<T>().bits();
    assert!(outside.all(|x| x.bits() == guard), "{what}: {}: written outside", T::NAME);
}

/// Asserts the same of an array.
fn check_array<T: Accumulator>(case: &Case<'_>, arrays: &Arrays<'_, T>, options: &Options<T>) {
    let Case { shape, axis, .. } = *case;
    let expected = error(options.overflow_along(&arrays.x, shape, axis));
    let sums = options.sums_along(&arrays.x, shape, axis);
    let to = arrays.to(options);
    let scattered = |sums: &[T]| {
        let mut memory = vec![guard::<T>(); to.len];
        to.scatter(sums, &mut memory);
        memory
    };
    for backend in Backend::available() {
        let name = T::NAME;
        let view = arrays.view();
        let sum = along(cumsum(&view).dtype::<T>(), axis_of(case)).backend(backend);
        let what = format_args!("{backend}, {options:?}, checked to_vec, {name}, {case:?}");
        match checked_to_vec(sum, options) {
            Ok(got) if expected.is_ok() => assert_same_bits(&got, &sums, what),
            got => assert_eq!(got.map(|_| ()), expected, "{what}"),
        }

        let what = format_args!("{backend}, {options:?}, checked write_to, {name}, {case:?}");
        let mut out = vec![guard::<T>(); to.len];
        let got = checked_write_to(sum, options, to.view_mut(&mut out));
        assert_eq!(got, expected, "{what}");
        if expected.is_err() {
            // Where the sums go there may be anything, and everywhere else nothing new.
            to.scatter(&sums, &mut out);
        }
        assert_same_bits(&out, &scattered(&sums), what);

        if !options.include_initial {
            let what = format_args!("{backend}, {options:?}, checked in_place, {name}, {case:?}");
            let (at, mut data) = arrays.to_overwrite();
            let mut after = data.clone();
            if expected.is_ok() {
                at.scatter(&sums, &mut after);
            }
            let view = at.view_mut(&mut data);
            let sum = along(cumsum(view).dtype::<T>(), axis_of(case)).backend(backend);
            assert_eq!(checked_in_place(sum, options), expected, "{what}");
            assert_same_bits(&data, &after, what);
        }
    }
}

/// The value of an integer that its type holds.
fn integer<T: Accumulator>(value: i128) -> T {
    let x = T::from_bits(value as u64);
    assert_eq!(x.integer(), value, "{} holds no {value}", T::NAME);
    x
}

/// What happens at the position of a [`walk`].
#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    Nothing,
    /// The sum becomes the greatest value of the type, or the least.
    Reaches,
    /// It is that, and then one more.
    Leaves,
}

/// Elements, in the order of summing, whose sums stay inside the type until the event.
fn walk<T: Accumulator>(seed: u64, len: usize, initial: i128, at: usize, event: Event) -> Vec<T> {
    let (least, most) = T::RANGE.expect("an integer");
    let mut random = Random(seed);
    let mut sum = initial;
    // The greatest element of unsigned ones such that the sums of all stay below a half.
    let share = most / 2 / len.max(1) as i128;
    let mut x = Vec::new();
    for i in 0..len {
        let bits = i128::from(random.next().expect("endless") >> 1);
        let mut next = if least < 0 {
            // Anywhere within half of the range, but for 0: from there no element leaves the type.
            let target = (bits % most - most / 2) | 1;
            // After the event the sums come back, if they can.
            (target - sum).clamp(least, most)
        } else {
            let sparse = i128::from(sum < most / 2 && bits % (2 * len as i128) < most / 2);
            // From a sum of 0 no element leaves the type.
            let least = i128::from(sum == 0);
            least.max(if share > 0 { bits % (share + 1) } else { sparse })
        };
        if i == at && event != Event::Nothing {
            let up = sum >= 0;
            next = if up { most - sum } else { least - sum };
            if event == Event::Leaves {
                next += if up { 1 } else { -1 };
            }
        } else if event == Event::Leaves && i > at && least == 0 {
            next = bits % (most + 1);
        } else if event == Event::Reaches && i > at && least == 0 {
            next = 0;
        }
        x.push(integer(next));
        sum += next;
    }
    x
}

/// Positions at the edges of what can be summed at a time, blocks of every type among them.
fn positions(len: usize) -> Vec<usize> {
    let edges = [8, 16, 32, 64, 128, 256, PIECE, 2 * PIECE, 4096, 8192, CHUNK, 2 * CHUNK, len];
    let mut positions: Vec<usize> =
        edges.into_iter().flat_map(|edge| [edge - 1, edge]).filter(|at| *at < len).collect();
    positions.extend([0, 1, 2, 3, 5, len.wrapping_sub(2), len / 2, len / 3]);
    positions.retain(|at| *at < len);
    positions.sort_unstable();
    positions.dedup();
    positions
}

/// A lane with one event, in either direction, with every option that can move it.
fn one_lane<T: Accumulator>(len: usize) {
    let (least, most) = T::RANGE.expect("an integer");
    for (k, at) in positions(len).into_iter().enumerate() {
        for event in [Event::Reaches, Event::Leaves] {
            // Each way the options go, at some of the positions.
            let step = if len > 5000 { 5 } else { 3 };
            for number in (k % step..32).step_by(step) {
                let initial = if least < 0 && k % 2 == 0 { least / 3 } else { most / 3 };
                let options = Options::numbered(number + 32 * (k % 3), integer::<T>(initial));
                let first = options.initial.map_or(0, |_| initial);
                if at == 0 && event == Event::Leaves && first == 0 {
                    continue;
                }
                let mut x = walk::<T>(k as u64, len, first, at, event);
                let unseen = at + 1 == len && options.exclusive && !options.include_initial;
                let mut expected = (event == Event::Leaves && !unseen).then_some(at);
                if options.reverse {
                    x.reverse();
                    expected = expected.map(|at| len - 1 - at);
                }
                let got = check_slice(&x, &options);
                assert_eq!(got, expected, "the walk, {}, {options:?}, {event:?}", T::NAME);
            }
        }
    }
}

/// Lanes of all short lengths, and of some that go through every loop.
fn slices<T: Accumulator>() {
    for len in (1..=40).chain([63, 64, 65, 127, 128, 129]) {
        one_lane::<T>(len);
    }
    for len in [PIECE + 1, CHUNK + 77, 40_000] {
        one_lane::<T>(len);
    }
}

/// No events: every sum of a long lane is inside, some of them barely.
fn lanes_without_overflow<T: Accumulator>() {
    for len in [0, 1, 2, 100, PIECE, CHUNK, 40_000] {
        let x = walk::<T>(len as u64, len, 0, 0, Event::Nothing);
        for number in 0..32 {
            let options = Options::numbered(number, integer::<T>(0));
            // Backwards the sums of signed lanes are others, which may leave.
            let got = check_slice(&x, &options);
            assert!(got.is_none() || options.reverse && T::RANGE.is_some_and(|r| r.0 < 0));
        }
    }
}

/// Any values: of most types the first sums already leave.
fn any_values<T: Accumulator>() {
    for len in (0..=33).chain([100, PIECE + 3]) {
        for seed in 0..3 {
            let divisor = [1, 10, 100][seed];
            let small = |x: T| integer::<T>(x.integer() / divisor);
            let x: Vec<T> = mixed::<T>(seed as u64, len).into_iter().map(small).collect();
            for number in 0..32 {
                check_slice(&x, &Options::numbered(number, T::mixed(len as u64 * 9)));
            }
        }
    }
}

/// Each axis, and none.
fn axes(ndim: usize) -> impl Iterator<Item = Option<usize>> {
    (0..ndim).map(Some).chain([None])
}

/// A few overflows among lanes that have none: the first lane counts, wherever in it.
fn arrays<T: Accumulator>() {
    let shapes: [&[usize]; 14] = [
        &[37],
        &[9, 17],
        &[17, 9],
        &[3, 70],
        &[70, 3],
        &[64, 64],
        &[130, 20],
        &[20, 130],
        &[5, 3, 18],
        &[2, 300, 3],
        &[3, 4, 2, 5],
        &[4, 1500],
        &[1500, 4],
        &[1, CHUNK + 5, 2],
    ];
    let mut random = Random(T::from_bits(u64::MAX).bits());
    let mut below = |n: usize| (random.next().expect("endless") >> 32) as usize % n;
    let mut turn = T::NAME.len();
    for shape in shapes {
        let ndim = shape.len();
        let len: usize = shape.iter().product();
        for axis in axes(ndim) {
            let extent = axis.map_or(len, |axis| shape[axis]);
            let lanes = len / extent;
            for overflows in [0, 1, 1, 1, 3] {
                turn += 37;
                let options = Options::numbered(turn % 96, integer::<T>((turn % 2) as i128));
                let first = options.initial.map_or(0, |initial| initial.integer());
                // Where, in the order of summing.
                let events: Vec<(usize, usize)> =
                    (0..overflows).map(|_| (below(lanes), below(extent))).collect();
                let x = of_lanes(shape, axis, |lane, extent| {
                    let seed = turn as u64 + lane;
                    let mut values = walk::<T>(seed, extent, first, 0, Event::Nothing);
                    if let Some((_, at)) = events.iter().find(|event| event.0 as u64 == lane) {
                        let before: i128 = values[..*at].iter().map(|x| x.integer()).sum();
                        // From a sum of 0 no element leaves the type.
                        if first + before != 0 {
                            values = walk::<T>(seed, extent, first, *at, Event::Leaves);
                        }
                    }
                    if options.reverse {
                        values.reverse();
                    }
                    values
                });
                let mut seeds = Random(below(usize::MAX >> 32) as u64);
                let random = [Style::random(ndim, &mut seeds), Style::random(ndim, &mut seeds)];
                let dense = [Style::dense(ndim), Style::dense(ndim)];
                for [from, to] in [&random, &dense] {
                    let case = Case { shape, axis, from, to };
                    check_array(&case, &Arrays::of(&case, x.clone()), &options);
                }
            }
        }
    }
}

/// Any values in any array, repeated and overlapping ones among them.
fn any_arrays<T: Accumulator>() {
    let mut random = Random(!T::from_bits(u64::MAX).bits());
    let mut below = |n: usize| (random.next().expect("endless") >> 32) as usize % n;
    for round in 0..150 {
        let ndim = 1 + round % 4;
        let most = [130, 40, 17, 9][ndim - 1];
        let shape: Vec<usize> =
            (0..ndim).map(|_| below(most) + usize::from(round % 10 > 0)).collect();
        let mut seeds = Random(below(usize::MAX >> 32) as u64);
        let mut from = Style::random(ndim, &mut seeds);
        match below(4) {
            0 => from.repeated = below(1 << ndim),
            1 => from.windows = true,
            _ => {}
        }
        let to = Style::random(ndim, &mut seeds);
        // Few lanes overflow, or one in some, or nearly all.
        let divisor = [100, 20, 5, 1][below(4)];
        for axis in axes(ndim) {
            let case = Case { shape: &shape, axis, from: &from, to: &to };
            let arrays = Arrays::new(&case, |seed, len| {
                let small = |x: T| integer::<T>(x.integer() / divisor);
                mixed::<T>(seed, len).into_iter().map(small).collect()
            });
            for _ in 0..4 {
                let number = below(96);
                let initial = integer::<T>(T::mixed(below(1 << 30) as u64).integer() / divisor);
                check_array(&case, &arrays, &Options::numbered(number, initial));
            }
        }
    }
}

macro_rules! tests {
    (; f32 f64 $($T:ident)*) => {
        tests! { slices $($T)* }
        tests! { lanes_without_overflow $($T)* }
        tests! { any_values $($T)* }
        tests! { arrays $($T)* }
        tests! { any_arrays $($T)* }
    };
    ($test:ident $($T:ident)*) => {
        mod $test {
            $(#[test]
            fn $T() {
                super::$test::<$T>();
            })*
        }
    };
}
elements!(tests!);

/// Infinities and NaN are no error, and the bits are those of a sum that is not checked.
fn never_fails<T: Accumulator>() {
    let specials = specials::<T>();
    let special = |bits: u64| specials[(bits >> 32) as usize % specials.len()];
    for len in [0, 1, 2, 17, 100, PIECE + 1, CHUNK + 9] {
        let all: Vec<T> = Random(len as u64).take(len).map(special).collect();
        let values = mixed::<T>(len as u64, len);
        for (number, initial) in (0..96).zip(specials.iter().cycle()) {
            let options = Options::numbered(number, *initial);
            assert_eq!(check_slice(&all, &options), None);
            assert_eq!(check_slice(&values, &options), None);
        }
    }
    let style = Style { order: vec![0, 1], steps: vec![2, 1], ..Style::dense(2) };
    for axis in axes(2) {
        let case = Case { shape: &[40, 7], axis, from: &style, to: &style };
        let arrays = Arrays::new(&case, |seed, len| Random(seed).take(len).map(special).collect());
        for options in Options::every(T::mixed(1)) {
            check_array(&case, &arrays, &options);
        }
    }
}

#[test]
fn floats_never_fail() {
    never_fails::<f32>();
    never_fails::<f64>();
}

fn overflow<T>(lane: usize, index: usize) -> Result<T, Error> {
    Err(Error::Overflow { lane, index })
}

/// Sums that come back into the type are as wrong as those that do not.
#[test]
fn the_first_overflow_counts() {
    let checked = |x: &[i8]| cumsum(x).dtype::<i8>().checked().to_vec();
    assert_eq!(checked(&[100, 27]), Ok(vec![100, 127]));
    assert_eq!(checked(&[100, 27, 1, -1]), overflow(0, 2));
    assert_eq!(checked(&[100, 28, -1]), overflow(0, 1));
    assert_eq!(checked(&[-100, -28, 0]), Ok(vec![-100, -128, -128]));
    assert_eq!(checked(&[-100, -29, 100]), overflow(0, 1));
    assert_eq!(checked(&[]), Ok(vec![]));
    // Groups of them leave the type where no sum does.
    assert_eq!(checked(&[-128, 0, 127, 127]), Ok(vec![-128, -128, -1, 126]));
    let unsigned = |x: &[u8]| cumsum(x).dtype::<u8>().checked().to_vec();
    assert_eq!(unsigned(&[255, 0, 0]), Ok(vec![255, 255, 255]));
    assert_eq!(unsigned(&[255, 0, 1, 255]), overflow(0, 2));
    assert_eq!(cumsum(&[u64::MAX, 1]).checked().to_vec(), overflow(0, 1));
    assert_eq!(cumsum(&[i64::MIN, -1]).checked().to_vec(), overflow(0, 1));
    assert_eq!(cumsum(&[u64::MAX, 0]).checked().to_vec(), Ok(vec![u64::MAX; 2]));

    // What is not written is not added; reverse counts from the front all the same.
    let sum = cumsum(&[100i8, 27, 1]).dtype::<i8>();
    assert_eq!(sum.exclusive().checked().to_vec(), Ok(vec![0, 100, 127]));
    assert_eq!(sum.exclusive().include_initial().checked().to_vec(), overflow(0, 2));
    assert_eq!(sum.reverse().checked().to_vec(), overflow(0, 0));
    assert_eq!(sum.reverse().exclusive().checked().to_vec(), Ok(vec![28, 1, 0]));
    assert_eq!(sum.initial(-1).checked().to_vec(), Ok(vec![99, 126, 127]));
    assert_eq!(sum.initial(1).checked().to_vec(), overflow(0, 1));
    assert_eq!(sum.initial(28).checked().to_vec(), overflow(0, 0));
    // Alone an initial value is no sum that could leave.
    assert_eq!(sum.initial(127).exclusive().checked().to_vec(), overflow(0, 0));
    let one = cumsum(&[1i8]).dtype::<i8>().initial(127);
    assert_eq!(one.exclusive().checked().to_vec(), Ok(vec![127]));
    assert_eq!(one.include_initial().checked().to_vec(), overflow(0, 0));
}

/// The sums are checked, in the type that they are formed in: no cast is, before or after.
#[test]
fn casts_are_not_checked() {
    // NumPy's accumulators hold more.
    assert_eq!(cumsum(&[100i8; 3]).checked().to_vec(), Ok(vec![100i64, 200, 300]));
    assert_eq!(cumsum(&[true; 3]).checked().to_vec(), Ok(vec![1i64, 2, 3]));
    let mut small = [0i8; 3];
    assert_eq!(cumsum(&[100i8; 3]).checked().write_to(&mut small), overflow(0, 1));
    let mut small = [0i8; 3];
    let sum = cumsum(&[100i8; 3]).dtype::<i64>();
    assert_eq!((sum.checked().write_to(&mut small), small), (Ok(()), [100, -56, 44]));
    let mut data = [100i8; 3];
    assert_eq!((cumsum(&mut data).checked().in_place(), data), (overflow(0, 1), [100; 3]));
    let sum = cumsum(&mut data).dtype::<i16>();
    assert_eq!((sum.checked().in_place(), data), (Ok(()), [100, -56, 44]));

    // Inputs wrap and saturate as they are cast, and so does the initial value.
    assert_eq!(cumsum(&[256i64, 257, -1]).dtype::<u8>().checked().to_vec(), overflow(0, 2));
    assert_eq!(cumsum(&[256i64, 257]).dtype::<u8>().checked().to_vec(), Ok(vec![0, 1]));
    assert_eq!(
        cumsum(&[1e20, -1.0]).dtype::<i32>().checked().to_vec(),
        Ok(vec![i32::MAX, i32::MAX - 1])
    );
    assert_eq!(cumsum(&[1e20, 0.9, 1.1]).dtype::<i32>().checked().to_vec(), overflow(0, 2));
    assert_eq!(
        cumsum(&[f64::NAN, 1e9]).dtype::<i64>().checked().to_vec(),
        Ok(vec![0, 1_000_000_000])
    );
    assert_eq!(cumsum(&[1u8]).dtype::<u8>().initial(511).checked().to_vec(), overflow(0, 0));
    assert_eq!(cumsum(&[1u8]).dtype::<u8>().initial(510).checked().to_vec(), Ok(vec![255]));
    assert_eq!(
        cumsum(&[1i32]).dtype::<f32>().initial(f64::MAX).checked().to_vec(),
        Ok(vec![f32::INFINITY])
    );

    // Data in place is as it was though it was cast.
    let mut data = [1.5f64, 1e10, 2.5];
    assert_eq!(cumsum(&mut data).dtype::<i32>().checked().in_place(), overflow(0, 1));
    assert_eq!(data, [1.5, 1e10, 2.5]);
}

/// Long lanes with casts: both ways, at the edges of the pieces.
#[test]
fn casts_of_long_lanes() {
    fn check<I: Value + casts::As<i32> + lanesum::Element>(one: I, most: I) {
        for at in positions(2 * CHUNK + 100) {
            let mut x = vec![<I as Number>::IDENTITY; 2 * CHUNK + 100];
            x[at / 2] = most;
            x[at] = one;
            let values: Vec<i32> = x.iter().map(|x| x.cast()).collect();
            let options = Options::none(Order::Blocked);
            let expected = error(options.overflow(&values).map(|index| (0, index)));
            assert_eq!(expected.is_err(), at > 0);
            for backend in Backend::available() {
                let what = format!("{backend}, {} in i32, at {at}", I::NAME);
                let sum = cumsum(&x).dtype::<i32>().backend(backend);
                assert_eq!(sum.checked().to_vec().map(|_| ()), expected, "{what}");
                let mut out = vec![0i64; x.len()];
                assert_eq!(sum.checked().write_to(&mut out), expected, "{what}");
                let mut data = x.clone();
                let sum = cumsum(&mut data).dtype::<i32>().backend(backend);
                assert_eq!(sum.checked().in_place(), expected, "{what}");
                let after: Vec<I> = if at > 0 { x.clone() } else { data.clone() };
                assert_same_bits(&data, &after, format_args!("{what}"));
            }
        }
    }
    check(1i64, i64::from(i32::MAX));
    check(1.0f64, f64::from(i32::MAX));
    check(1u32, i32::MAX as u32);
}

/// Arrays of one type that are summed in another: what is checked is the other, and what is restored is
/// the one.
#[test]
fn casts_of_arrays() {
    fn check<I: Value + casts::As<A>, A: Accumulator + casts::As<I>>() {
        let mut random = Random(12);
        let mut below = |n: usize| (random.next().expect("endless") >> 32) as usize % n;
        for round in 0..60 {
            let shape = [[30, 5, 4], [4, 40, 3], [3, 2, 70], [2, 1, 300]][round % 4];
            let place = Style::random(3, &mut Random(round as u64)).place(&shape);
            let divisor = [100, 20, 5, 1][below(4)];
            let small = |x: A| -> I { integer::<A>(x.integer() / divisor).cast() };
            let memory: Vec<I> =
                mixed::<A>(round as u64, place.len).into_iter().map(small).collect();
            let x: Vec<A> = place.gather(&memory).iter().map(|x| x.cast()).collect();
            for axis in axes(3) {
                let mut options = Options::numbered(below(96), integer::<A>(1));
                options.include_initial = false;
                let expected = error(options.overflow_along(&x, &shape, axis));
                let mut after = memory.clone();
                if expected.is_ok() {
                    let sums = options.sums_along(&x, &shape, axis);
                    let cast: Vec<I> = sums.iter().map(|sum| sum.cast()).collect();
                    place.scatter(&cast, &mut after);
                }
                for backend in Backend::available() {
                    let (of, axis) = (A::NAME, axis.map(|axis| axis as isize));
                    let what = format_args!("{backend}, {options:?}, in {of}, {axis:?}, {place:?}");
                    let view = place.view(&memory);
                    let sum = along(cumsum(&view).dtype::<A>().backend(backend), axis);
                    assert_eq!(checked_to_vec(sum, &options).map(|_| ()), expected, "{what}");
                    let mut data = memory.clone();
                    let view = place.view_mut(&mut data);
                    let sum = along(cumsum(view).dtype::<A>().backend(backend), axis);
                    assert_eq!(checked_in_place(sum, &options), expected, "{what}");
                    assert_same_bits(&data, &after, what);
                }
            }
        }
    }
    check::<i64, i8>();
    check::<f64, i32>();
    check::<i8, u8>();
    check::<u16, u64>();
}

/// The lane is counted in C order of the other axes, whatever the order in memory.
#[test]
fn lanes_are_counted_in_c_order() -> Result<(), Error> {
    let mut x = [0u8; 60];
    // In C order (3, 4, 5): element (i, j, k) is i * 20 + j * 5 + k.
    (x[20 + 10 + 3], x[40 + 10 + 3]) = (255, 1);
    (x[10 + 4], x[40 + 10 + 4]) = (255, 1);
    x[40 + 10 + 2] = 255;
    let a = View::new(&x, &[3, 4, 5])?;
    assert_eq!(cumsum(&a).dtype::<u8>().axis(0)?.checked().to_vec(), overflow(10 + 3, 2));
    assert_eq!(cumsum(&a).dtype::<u8>().axis(0)?.reverse().checked().to_vec(), overflow(10 + 3, 1));
    assert_eq!(cumsum(&a).dtype::<u8>().axis(1)?.checked().to_vec().map(|_| ()), Ok(()));
    assert_eq!(cumsum(&a).dtype::<u8>().axis(2)?.checked().to_vec(), overflow(2 * 4 + 2, 3));
    assert_eq!(cumsum(&a).dtype::<u8>().checked().to_vec(), overflow(0, 33));
    assert_eq!(cumsum(&a).dtype::<u8>().reverse().checked().to_vec(), overflow(0, 52));
    // Transposed to (5, 4, 3).
    let t = View::with_strides(&x, 0, &[5, 4, 3], &[1, 5, 20])?;
    assert_eq!(cumsum(&t).dtype::<u8>().axis(2)?.checked().to_vec(), overflow(3 * 4 + 2, 2));
    assert_eq!(cumsum(&t).dtype::<u8>().axis(0)?.checked().to_vec(), overflow(2 * 3 + 2, 3));
    let mut out = [0u8; 80];
    let sum = cumsum(&t).dtype::<u8>().axis(2)?.include_initial();
    let result = sum.checked().write_to(ViewMut::new(&mut out, &[5, 4, 4])?);
    assert_eq!(result, overflow(3 * 4 + 2, 2));
    Ok(())
}

/// A shape that does not fit is found before an overflow, and then the output is as it was.
#[test]
fn shapes_come_first() {
    let mut out = [7u8; 3];
    let sum = cumsum(&[255u8, 1]).dtype::<u8>();
    let text = "output of shape (3,) cannot hold a result of shape (2,)";
    let error = sum.checked().write_to(&mut out).unwrap_err();
    assert_eq!((error.to_string().as_str(), out), (text, [7; 3]));
    let error = sum.include_initial().checked().write_to(&mut out).unwrap_err();
    assert_eq!(error, Error::Overflow { lane: 0, index: 1 });
}
