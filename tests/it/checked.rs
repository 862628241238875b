//! Checked sums: where they overflow, and that they are the same as others where they do not.

use lanesum::{Error, View, ViewMut, cumsum};
use lanesum_testkit::ways::in_place;
use lanesum_testkit::{
    CHUNK, Case, Options, Order, PIECE, Random, Style, Typed, Ways, axes, cast, integers, mixed,
    of_lanes, special, specials, tests,
};

/// Checks a slice, and says where it overflows.
#[track_caller]
fn check<T: Typed>(x: &[T], options: &Options<T>) -> Option<usize> {
    let overflow = Case::slice(x.len()).sum(options).checked().check(x);
    overflow.map(|(_, index)| index)
}

/// The least and the greatest value of an integer of at most 64 bits.
fn range<T: Typed>() -> (i128, i128) {
    let ends = T::EDGES.iter().map(|x| x.exact().integer());
    (ends.clone().min().expect("edges"), ends.max().expect("edges"))
}

/// The value of an integer that its type holds.
fn integer<T: Typed>(value: i128) -> T {
    let x = T::pattern(value as u128);
    assert_eq!(x.exact().integer(), value, "{} holds no {value}", T::NAME);
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
fn walk<T: Typed>(seed: u64, len: usize, initial: i128, at: usize, event: Event) -> Vec<T> {
    let (least, most) = range::<T>();
    let mut random = Random(seed);
    let mut sum = initial;
    // The greatest element of unsigned ones such that the sums of all stay below a half.
    let share = most / 2 / len.max(1) as i128;
    let mut x = Vec::new();
    for i in 0..len {
        let bits = i128::from(random.bits() >> 1);
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
fn one_lane<T: Typed>(len: usize) {
    let (least, most) = range::<T>();
    for (k, at) in positions(len).into_iter().enumerate() {
        for event in [Event::Reaches, Event::Leaves] {
            let initial = if least < 0 && k % 2 == 0 { least / 3 } else { most / 3 };
            // From 0, from where no element leaves the type, and from the initial value.
            let walks = [0, initial].map(|first| {
                let exists = at > 0 || event == Event::Reaches || first != 0;
                exists.then(|| walk::<T>(k as u64, len, first, at, event))
            });
            // Each way the options go, at some of the positions.
            let step = if len > 5000 { 5 } else { 3 };
            for number in (k % step..32).step_by(step) {
                let options = Options::numbered(number + 32 * (k % 3), integer::<T>(initial));
                let first = options.initial.map_or(0, |_| initial);
                let Some(mut x) = walks[usize::from(first != 0)].clone() else { continue };
                let unseen = at + 1 == len && options.exclusive && !options.include_initial;
                let mut expected = (event == Event::Leaves && !unseen).then_some(at);
                if options.reverse {
                    x.reverse();
                    expected = expected.map(|at| len - 1 - at);
                }
                let got = check(&x, &options);
                assert_eq!(got, expected, "the walk, {}, {options:?}, {event:?}", T::NAME);
            }
        }
    }
}

/// Lanes of all short lengths, and of some that go through every loop.
fn slices<T: Typed>() {
    for len in (1..=40).chain([63, 64, 65, 127, 128, 129]) {
        one_lane::<T>(len);
    }
    for len in [PIECE + 1, CHUNK + 77, 40_000] {
        one_lane::<T>(len);
    }
}

/// No events: every sum of a long lane is inside, some of them barely.
fn lanes_without_overflow<T: Typed>() {
    for len in [0, 1, 2, 100, PIECE, CHUNK, 40_000] {
        let x = walk::<T>(len as u64, len, 0, 0, Event::Nothing);
        for number in 0..32 {
            let options = Options::numbered(number, integer::<T>(0));
            // Backwards the sums of signed lanes are others, which may leave.
            let got = check(&x, &options);
            assert!(got.is_none() || options.reverse && range::<T>().0 < 0);
        }
    }
}

/// Any values: of most types the first sums already leave.
fn any_values<T: Typed>() {
    for len in (0..=33).chain([100, PIECE + 3]) {
        for seed in 0..3 {
            let divisor = [1, 10, 100][seed];
            let small = |x: T| integer::<T>(x.exact().integer() / divisor);
            let x: Vec<T> = mixed::<T>(seed as u64, len).into_iter().map(small).collect();
            for number in 0..32 {
                check(&x, &Options::numbered(number, T::mixed(len as u64 * 9)));
            }
        }
    }
}

/// A few overflows among lanes that have none: the first lane counts, wherever in it.
fn arrays<T: Typed>() {
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
    let mut random = Random(T::pattern(u128::MAX).bits() as u64);
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
                let first = options.initial.map_or(0, |initial| initial.exact().integer());
                // Where, in the order of summing.
                let events: Vec<(usize, usize)> =
                    (0..overflows).map(|_| (random.below(lanes), random.below(extent))).collect();
                let x = of_lanes(shape, axis, |lane, extent| {
                    let seed = turn as u64 + lane;
                    let mut values = walk::<T>(seed, extent, first, 0, Event::Nothing);
                    if let Some((_, at)) = events.iter().find(|event| event.0 as u64 == lane) {
                        let before: i128 = values[..*at].iter().map(|x| x.exact().integer()).sum();
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
                let [from, to] = [0; 2].map(|_| Style::random(ndim, &mut random));
                for styles in [[&from, &to], [&Style::dense(ndim); 2]] {
                    Case::new(shape, axis, styles).sum(&options).checked().check(&x);
                }
            }
        }
    }
}

/// Any values in any array, repeated and overlapping ones among them.
fn any_arrays<T: Typed>() {
    let mut random = Random(!T::pattern(u128::MAX).bits() as u64);
    for round in 0..150 {
        let ndim = 1 + round % 4;
        let most = [130, 40, 17, 9][ndim - 1];
        let shape: Vec<usize> =
            (0..ndim).map(|_| random.below(most) + usize::from(round % 10 > 0)).collect();
        let from = Style::random_input(ndim, &mut random);
        let to = Style::random(ndim, &mut random);
        // Few lanes overflow, or one in some, or nearly all.
        let divisor = random.of(&[100, 20, 5, 1]);
        let small = |x: T| integer::<T>(x.exact().integer() / divisor);
        for axis in axes(ndim) {
            let case = Case::new(&shape, axis, [&from, &to]);
            let x: Vec<T> = case.fill(mixed::<T>).into_iter().map(small).collect();
            for _ in 0..4 {
                let initial = small(T::mixed(random.bits()));
                let options = Options::numbered(random.below(96), initial);
                case.sum(&options).checked().check(&x);
            }
        }
    }
}

tests! {
    integers:
        slices
        lanes_without_overflow
        any_values
        arrays
        any_arrays
}

/// Infinities and NaN are no error, and the bits are those of a sum that is not checked.
fn never_fails<T: Typed>() {
    let specials = specials::<T>();
    for len in [0, 1, 2, 17, 100, PIECE + 1, CHUNK + 9] {
        let all = special::<T>(len as u64, len);
        let values = mixed::<T>(len as u64, len);
        for (number, initial) in (0..96).zip(specials.iter().cycle()) {
            let options = Options::numbered(number, *initial);
            assert_eq!(check(&all, &options), None);
            assert_eq!(check(&values, &options), None);
        }
    }
    let style = Style { order: vec![0, 1], steps: vec![2, 1], ..Style::dense(2) };
    for axis in axes(2) {
        let case = Case::new(&[40, 7], axis, [&style; 2]);
        let x = case.fill(special::<T>);
        for options in Options::every(T::mixed(1)) {
            assert_eq!(case.sum(&options).checked().check(&x), None);
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
    fn check<I: Typed>(most: i128) {
        let len = 2 * CHUNK + 100;
        let case = Case::slice(len);
        for at in positions(len) {
            let mut x = vec![I::IDENTITY; len];
            x[at / 2] = cast::<i64, I>(most as i64);
            x[at] = cast::<u8, I>(1);
            let sum = case.plain(Order::Blocked).checked();
            let overflow = sum.check_ways(&x, &Ways::out_of_place::<I, i32, i64>());
            assert_eq!(overflow.is_some(), at > 0);
            sum.check_ways(&x, &Ways::none::<I, i32>().in_place(in_place::<I, i32>));
        }
    }
    check::<i64>(i32::MAX.into());
    check::<f64>(i32::MAX.into());
    check::<u32>(i32::MAX.into());
}

/// Arrays of one type that are summed in another: what is checked is the other, and what is restored is
/// the one.
#[test]
fn casts_of_arrays() {
    fn check<I: Typed, A: Typed>() -> usize {
        let mut random = Random(12);
        let mut overflows = 0;
        for round in 0..60 {
            let shape = [[30, 5, 4], [4, 40, 3], [3, 2, 70], [2, 1, 300]][round % 4];
            let style = Style::random(3, &mut Random(round as u64));
            let divisor = random.of(&[100, 20, 5, 1]);
            let small = |x: A| -> I { cast(integer::<A>(x.exact().integer() / divisor)) };
            for axis in axes(3) {
                let case = Case::new(&shape, axis, [&style; 2]);
                let x = case.fill(|_, len| {
                    mixed::<A>(round as u64, len).into_iter().map(small).collect::<Vec<I>>()
                });
                let options = Options::numbered(random.below(96), integer::<A>(1));
                let sum = case.sum(&options).checked();
                let overflow = sum.check_ways(&x, &Ways::out_of_place::<I, A, A>());
                sum.check_ways(&x, &Ways::none::<I, A>().in_place(in_place::<I, A>));
                overflows += usize::from(overflow.is_some());
            }
        }
        overflows
    }
    for overflows in [check::<i64, i8>(), check::<f64, i32>(), check::<i8, u8>()] {
        assert!((10..230).contains(&overflows), "{overflows} of 240");
    }
    // Sums of 64 bits that do not leave them are overwritten, too.
    assert_eq!(check::<u16, u64>(), 0);
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
