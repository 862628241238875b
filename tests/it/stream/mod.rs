//! Streams: however the lanes are cut, and by whatever way and backend each piece is summed, the bits are
//! those of one call on the whole.

mod pieces;
#[cfg(feature = "serde")]
mod saved;

use lanesum::{Backend, Carries, Error, NoChunks, Stream, Summation, View, ViewMut, cumsum};
use lanesum_testkit::reference::axes;
use lanesum_testkit::ways::{self, Ask};
use lanesum_testkit::{
    CHUNK, Options, Order, Random, Typed, assert_same, cast_all, kinds, mixed, summation, tests,
    with,
};
use pieces::{cuts, feed, feed_array, next, place, put, stream_of, with_rows};

/// What one call makes of a lane.
fn sums<T: Typed>(x: &[T], options: &Options<T>) -> Vec<T> {
    ways::sums(x, None, &Ask::new(options))
}

/// What one call makes of rows, down the rows.
fn sums_of_rows<T: Typed>(x: &[T], shape: &[usize], options: &Options<T>) -> Vec<T> {
    ways::sums(x, Some((shape, 0)), &Ask::new(options))
}

/// What the reference makes of rows.
fn expected_of_rows<T: Typed>(x: &[T], shape: &[usize], options: &Options<T>) -> Vec<T> {
    axes::cumsum(x, shape, Some(0), |lane| T::sums(options, lane))
}

/// Some hundreds of elements, sometimes more than a chunk, rarely more than two.
fn length(random: &mut Random) -> usize {
    match random.below(200) {
        0..3 => random.below(40_001),
        3 => CHUNK - 20 + random.below(40),
        4..14 => random.below(4000),
        14..70 => random.below(40),
        _ => random.below(500),
    }
}

/// 2000 lanes of each type, cut at random.
fn one_lane<T: Typed>() {
    for seed in 0..2000 {
        let random = &mut Random(seed);
        let mut options = random.options::<T>();
        let (len, checked) = (length(random), random.one_in(4));
        let mut x = random.lane(len, options.skip_nan);
        if T::EXACT && checked {
            // So few ones that they fit into every type.
            let one = |bits: u64| {
                T::of(lanesum_testkit::Exact::Integer(
                    bits.is_multiple_of(1 + len as u64 / 50).into(),
                ))
            };
            x = random.by_ref().take(len).map(one).collect();
            options.initial = options.initial.map(|_| T::small(seed));
        }
        let expected = sums(&x, &options);
        if seed % 20 == 0 {
            let sums = T::sums(&options, &x);
            assert_same(&expected, &sums, format_args!("one call, {options:?}, seed {seed}"));
        }
        let mut stream = stream_of(&[], &options, random);
        if checked {
            stream = stream.checked();
        }
        let (mut rest, mut sums, mut count) = (&x[..], Vec::new(), 0);
        let pieces = cuts(x.len(), random);
        // The initial value is written with the first piece, even if that is empty, and never without one.
        let pieces = if pieces.is_empty() { vec![0; 1 + random.below(3)] } else { pieces };
        for (number, &len) in pieces.iter().enumerate() {
            let piece = next(&mut rest, len, options.reverse);
            let more = usize::from(options.include_initial && number == 0);
            put(&mut sums, &feed(&mut stream, piece, len + more, random), options.reverse);
            count += len;
            assert_eq!(stream.position(), count as u64, "the position");
        }
        let what = format_args!("{options:?}, seed {seed}, pieces of {pieces:?}");
        assert_same(&sums, &expected, what);
    }
}

/// Checks one array of rows, cut in pieces.
fn check_rows<T: Typed>(
    row: &[usize],
    pieces: &[usize],
    options: &Options<T>,
    random: &mut Random,
) {
    let lanes: usize = row.iter().product();
    let rows: usize = pieces.iter().sum();
    let x = random.lane(rows * lanes, options.skip_nan);
    let shape = with_rows(rows, row);
    let expected = sums_of_rows(&x, &shape, options);
    if rows * lanes < 2000 {
        let sums = expected_of_rows(&x, &shape, options);
        assert_same(&expected, &sums, format_args!("one call, {options:?}, {shape:?}"));
    }
    let mut stream = stream_of(row, options, random);
    let (mut rest, mut sums, mut count) = (&x[..], Vec::new(), 0);
    for (number, &len) in pieces.iter().enumerate() {
        let piece = next(&mut rest, len * lanes, options.reverse);
        let more = usize::from(options.include_initial && number == 0);
        let (from, to) = (with_rows(len, row), with_rows(len + more, row));
        let piece = feed_array(&mut stream, &from, piece, &to, random);
        put(&mut sums, &piece, options.reverse);
        count += len;
        assert_eq!(stream.position(), count as u64, "the position");
    }
    let what = format_args!("{options:?}, rows of {row:?}, pieces of {pieces:?}");
    assert_same(&sums, &expected, what);
}

const ROWS: [&[usize]; 10] =
    [&[3], &[2, 5], &[300], &[0], &[], &[1], &[4, 1, 3], &[2, 0, 3], &[17, 2], &[2, 3, 2, 2]];

/// Rows of any shape, which lie anywhere.
fn rows<T: Typed>() {
    for seed in 0..600 {
        let random = &mut Random(seed);
        let row = random.of(&ROWS);
        let options = random.options::<T>();
        let most = if row.iter().product::<usize>() > 100 { 20 } else { 60 };
        let most = [1, 3, 20, most][random.below(4)];
        let pieces: Vec<usize> = (0..1 + random.below(8)).map(|_| random.below(most + 1)).collect();
        check_rows(row, &pieces, &options, random);
    }
}

/// Rows enough for some chunks, and lanes enough for more than are summed side by side.
fn many_rows_and_long_ones<T: Typed>() {
    for seed in 0..4 {
        let random = &mut Random(seed);
        let options = Options { order: Order::ALL[seed as usize % 3], ..random.options::<T>() };
        let row: &[usize] = if seed % 2 == 0 { &[3] } else { &[1, 2] };
        let mut pieces = cuts(CHUNK + 3000 + random.below(2000), random);
        pieces.insert(0, 5);
        check_rows(row, &pieces, &options, random);
        let long = [[1100].to_vec(), [2, 600].to_vec(), [3, 2, 300].to_vec(), [1025].to_vec()];
        let pieces = [1, random.below(20), 0, random.below(20), 7];
        check_rows(&long[seed as usize], &pieces, &options, random);
    }
}

/// The parts of lanes of whole chunks, each summed by a stream of its own that knows the carries of those
/// before.
fn check_parts<T: Typed>(
    row: &[usize],
    chunks: &[usize],
    options: &Options<T>,
    random: &mut Random,
) {
    let lanes: usize = row.iter().product();
    let (tail, rows) = (77, CHUNK * chunks.iter().sum::<usize>() + 77);
    let x = match options.skip_nan {
        true => with(T::nan, (random.bits(), rows * lanes, 500)),
        false => with(T::special, (random.bits(), rows * lanes, 200_000)),
    };
    let shape = with_rows(rows, row);
    let expected = sums_of_rows(&x, &shape, options);
    let sums = expected_of_rows(&x, &shape, options);
    assert_same(&expected, &sums, format_args!("one call, {options:?}, {shape:?}"));
    // The first pass, by as many streams as there are parts.
    let (mut rest, mut parts) = (&x[..], Vec::new());
    for &chunks in chunks {
        let part = next(&mut rest, CHUNK * chunks * lanes, options.reverse);
        let (from, mut data) = place::<T>(&with_rows(CHUNK * chunks, row), random);
        from.scatter(part, &mut data);
        let stream = stream_of(row, options, random).backend(random.backend());
        let carries = stream.carries(from.view(&data)).expect("whole chunks");
        assert_eq!(carries.chunks(), chunks, "rows of {row:?}");
        parts.push((part, CHUNK * chunks, Some(carries)));
    }
    parts.push((rest, tail, None));
    // And the second.
    let (mut sums, mut past) = (Vec::new(), 0);
    let mut all = Carries::none(summation(options.order), lanes);
    for (number, (part, len, carries)) in parts.iter().enumerate() {
        let mut stream = stream_of(row, options, random);
        if random.one_in(2) {
            stream.seek(&all).expect("at the beginning");
        } else {
            let before = parts[..number].iter().filter_map(|(_, _, carries)| carries.as_ref());
            before.for_each(|carries| stream.seek(carries).expect("at the end of a chunk"));
        }
        assert_eq!(stream.position(), past, "rows of {row:?}");
        let more = usize::from(options.include_initial && number == 0);
        let (from, to) = (with_rows(*len, row), with_rows(len + more, row));
        put(&mut sums, &feed_array(&mut stream, &from, part, &to, random), options.reverse);
        past += *len as u64;
        assert_eq!(stream.position(), past, "rows of {row:?}");
        if let Some(carries) = carries {
            all.append(carries).expect("the same lanes");
        }
    }
    let what = format_args!("{options:?}, rows of {row:?}, parts of {chunks:?} chunks");
    assert_same(&sums, &expected, what);
}

/// Whether sums have chunks.
fn has_chunks<T: Typed>(order: Order) -> bool {
    T::EXACT || order != Order::Sequential
}

fn parts<T: Typed>() {
    for seed in 0..12 {
        let random = &mut Random(seed);
        let options = Options { order: Order::ALL[seed as usize % 3], ..random.options::<T>() };
        if !has_chunks::<T>(options.order) {
            continue;
        }
        let chunks = [&[2, 1, 0, 2][..], &[1], &[1, 1, 1]][random.below(3)];
        check_parts(&[], chunks, &options, random);
        let row = [&[3][..], &[2, 2], &[1], &[2, 1, 2]][random.below(4)];
        check_parts(row, &[1, 1], &options, random);
    }
}

tests! {
    kinds:
    one_lane
    rows
    many_rows_and_long_ones
    parts
}

/// More lanes than are summed side by side.
#[test]
fn parts_of_many_lanes() {
    let random = &mut Random(1);
    check_parts::<f32>(&[2, 150], &[1], &Options::none(Order::Blocked), random);
    let options = Options { include_initial: true, ..Options::none(Order::Compensated) };
    check_parts::<f64>(&[140], &[1], &options, random);
}

/// Rows without elements are counted as others are.
#[test]
fn parts_without_lanes() {
    let random = &mut Random(1);
    check_parts::<f32>(&[0], &[2, 1], &Options::none(Order::Blocked), random);
    let options = Options { include_initial: true, ..Options::none(Order::Blocked) };
    check_parts::<i32>(&[2, 0], &[1], &options, random);
}

/// Carries are said of a part, wherever the stream is.
#[test]
fn a_stream_that_finds_carries_stays_where_it_is() {
    let x = mixed::<f64>(1, 2 * CHUNK);
    let mut stream = Stream::<f64>::new().initial(0.1).summation(Summation::Compensated);
    let carries = stream.carries(&x).expect("whole chunks");
    stream.to_vec(&x[..5]).expect("a piece");
    let before = format!("{stream:?}");
    assert_eq!(stream.carries(&x), Ok(carries.clone()));
    assert_eq!(format!("{stream:?}"), before);
    for backend in Backend::available() {
        let stream = Stream::<f64>::new().backend(backend).summation(Summation::Compensated);
        assert_eq!(stream.carries(&x), Ok(carries.clone()), "{backend}");
    }
    let none = Carries::none(Summation::Compensated, 1);
    assert_eq!((none.chunks(), stream.carries(&[0.0f64; 0])), (0, Ok(none)));
}

/// Seeks that are refused leave the stream where it was; so do carries that do not match.
#[test]
fn parts_that_are_none() {
    fn refused<T: Typed>(stream: &Stream<T>, carries: &Carries<T>, error: NoChunks) {
        let mut after = stream.clone();
        assert_eq!(after.seek(carries), Err(Error::Chunks(error)), "{}", T::NAME);
        assert_eq!(format!("{after:?}"), format!("{stream:?}"), "{}", T::NAME);
    }
    let (x, y) = (mixed::<f32>(1, CHUNK + 1), mixed::<i32>(1, CHUNK + 1));
    let blocked = Stream::<f32>::new();
    let carries = blocked.carries(&x[..CHUNK]).expect("a chunk");

    // Running sums of floats have no carries, and others do not help them.
    let sequential = Stream::<f32>::new().summation(Summation::Sequential);
    let error = Err(Error::Chunks(NoChunks::Sequential));
    assert_eq!(sequential.carries(&x[..CHUNK]), error);
    assert_eq!(sequential.carries(&x), error);
    refused(&sequential, &carries, NoChunks::Sequential);
    refused(&sequential, &Carries::none(Summation::Sequential, 1), NoChunks::Sequential);
    // Those of integers do.
    let integers = Stream::<i32>::new().summation(Summation::Sequential);
    let mut after = integers.clone();
    after.seek(&integers.carries(&y[..CHUNK]).expect("a chunk")).expect("a chunk");
    assert_eq!(
        after.to_vec(&y[CHUNK..]).expect("a piece"),
        cumsum(&y).dtype::<i32>().to_vec()[CHUNK..]
    );

    // Neither parts nor streams that are not at the end of a chunk.
    for len in [1, CHUNK - 1, CHUNK + 1] {
        let unaligned = NoChunks::Unaligned { len: len as u64 };
        assert_eq!(blocked.carries(&x[..len]), Err(Error::Chunks(unaligned)));
        assert_eq!(integers.carries(&y[..len]), Err(Error::Chunks(unaligned)));
        let mut stream = blocked.clone();
        stream.to_vec(&x[..len]).expect("a piece");
        refused(&stream, &carries, unaligned);
        let mut stream = integers.clone();
        stream.to_vec(&y[..len]).expect("a piece");
        refused(&stream, &Carries::none(Summation::Sequential, 1), unaligned);
    }
    let mut stream = blocked.clone();
    stream.to_vec(&x).expect("a piece");
    stream.to_vec(&x[2..]).expect("a piece");
    stream.seek(&carries).expect("two chunks, whatever the pieces");
    assert_eq!(stream.position(), 3 * CHUNK as u64);

    // Other summations and other lanes.
    let compensated = blocked.clone().summation(Summation::Compensated);
    refused(&compensated, &carries, NoChunks::Others);
    refused(&blocked, &compensated.carries(&x[..CHUNK]).expect("a chunk"), NoChunks::Others);
    refused(&Stream::with_shape(&[2]).expect("a shape"), &carries, NoChunks::Others);
    let mut two = Carries::none(Summation::Blocked, 2);
    refused(&blocked, &two, NoChunks::Others);
    let before = two.clone();
    assert_eq!(two.append(&carries), Err(NoChunks::Others));
    assert_eq!(two, before);
    let mut other = Carries::none(Summation::Compensated, 1);
    assert_eq!(other.append(&carries), Err(NoChunks::Others));
    assert_eq!(other.chunks(), 0);

    let part = View::new(&x[..CHUNK], &[CHUNK / 2, 2]).expect("a view");
    let error = Error::PieceMismatch { expected: [].into(), actual: [CHUNK / 2, 2].into() };
    assert_eq!(blocked.carries(part), Err(error));
    let texts = [
        (NoChunks::Sequential, "running sums of floats cannot be formed in parts"),
        (NoChunks::Unaligned { len: 7 }, "7 elements are not a whole number of chunks of 16384"),
        (NoChunks::Others, "carries of another summation, or of other lanes"),
    ];
    for (error, text) in texts {
        assert_eq!(Error::from(error).to_string(), text);
    }
}

/// Pieces of other types are cast first, each as by `as`; the pieces of a stream need not be of one type.
#[test]
fn pieces_are_cast() {
    fn check<I: Typed, A: Typed>() {
        for seed in 0..60 {
            let random = &mut Random(seed);
            let options = random.options::<A>();
            let len = length(random);
            let x = random.lane::<I>(len, options.skip_nan);
            let cast: Vec<A> = cast_all(&x);
            let expected = self::sums(&cast, &options);
            let mut stream = stream_of(&[], &options, random);
            let (mut rest, mut others, mut sums) = (&x[..], &cast[..], Vec::new());
            for len in [vec![0], cuts(x.len(), random)].concat() {
                let piece = next(&mut rest, len, options.reverse);
                let other = next(&mut others, len, options.reverse);
                let more = usize::from(options.include_initial && stream.position() == 0);
                let mut out = vec![A::default(); len + more * usize::from(sums.is_empty())];
                if random.one_in(4) {
                    out = stream.to_vec(other).expect("a piece");
                } else if random.one_in(2) {
                    out = stream.to_vec(piece).expect("a piece");
                } else {
                    stream.write_to(piece, &mut out).expect("a piece, and its sums");
                }
                put(&mut sums, &out, options.reverse);
            }
            assert_same(&sums, &expected, format_args!("{} to {options:?}", I::NAME));
        }
    }
    check::<i32, f64>();
    check::<f64, f32>();
    check::<u8, i64>();
    check::<f32, i8>();
    check::<f32, bool>();
    check::<i64, i128>();
    #[cfg(feature = "half")]
    check::<half::f16, f32>();
    #[cfg(feature = "complex")]
    {
        check::<f32, num_complex::Complex<f64>>();
        check::<num_complex::Complex<f32>, f32>();
    }
}

/// The two go on apart from one another.
#[test]
fn clones() {
    fn check<T: Typed>(order: Order) {
        let random = &mut Random(order as u64);
        for at in [0, 1, 7, 8, 15, 16, 100, CHUNK - 1, CHUNK, CHUNK + 9] {
            let (x, y) = (mixed::<T>(1, at + 70), mixed::<T>(2, 90));
            let options = Options { initial: Some(x[0]), ..Options::none(order) };
            let mut one = stream_of(&[], &options, random);
            let before = feed(&mut one, &x[..at], at, random);
            let mut two = one.clone();
            assert_eq!(two.position(), at as u64);
            let mut sums = [before.clone(), before];
            for k in 0..10 {
                sums[0].extend(feed(&mut one, &x[at + 7 * k..][..7], 7, random));
                sums[1].extend(feed(&mut two, &y[9 * k..][..9], 9, random));
            }
            let other = [&x[..at], &y].concat();
            for (sums, x) in sums.iter().zip([&x, &other]) {
                assert_same(sums, &T::sums(&options, x), format_args!("{order:?}, from {at}"));
            }
        }
    }
    for order in Order::ALL {
        check::<f32>(order);
        check::<f64>(order);
        check::<i32>(order);
    }
}

/// Options are for a stream that has not begun. Another backend is none.
#[test]
fn options_begin_anew() {
    let mut begun = Stream::<i64>::new().include_initial();
    assert_eq!(begun.to_vec(&[3i64]), Ok(vec![0, 3]));
    let best = Backend::best();
    assert_eq!(begun.clone().backend(best).to_vec(&[4i64]), Ok(vec![7]));
    let anew: [fn(Stream<i64>) -> Stream<i64>; 5] = [
        |stream| stream.summation(Summation::Sequential),
        |stream| stream.exclusive(),
        |stream| stream.skip_nan(),
        |stream| stream.checked(),
        |stream| stream.initial(0),
    ];
    for anew in anew {
        let mut stream = anew(begun.clone());
        assert_eq!((stream.position(), stream.to_vec(&[4i64])), (0, Ok(vec![0, 4])));
    }
    assert_eq!(begun.reverse().to_vec(&[4i64, 5]), Ok(vec![9, 5, 0]));
    assert_eq!(Stream::<f32>::default().to_vec(&[-0.0f32]), Ok(vec![-0.0]));
}

/// Calls that are refused, after which all is as before.
#[test]
fn pieces_that_are_none() {
    let data = mixed::<f64>(1, 12);
    let mut stream = Stream::<f64>::with_shape(&[3]).expect("a shape").include_initial();
    let view = |shape: &[usize]| View::new(&data[..shape.iter().product()], shape).expect("a view");
    for begun in [false, true] {
        let before = format!("{stream:?}");
        for shape in [&[3][..], &[], &[3, 1], &[2, 4], &[0, 2], &[1, 3, 1], &[3, 2, 2]] {
            let error = Error::PieceMismatch { expected: [3].into(), actual: shape.into() };
            let mut out = [7.0; 12];
            let mut piece = data.clone();
            let place = ViewMut::new(&mut out, &[4, 3]).expect("a view");
            assert_eq!(stream.write_to(view(shape), place), Err(error.clone()));
            let place = &mut piece[..shape.iter().product()];
            let place = ViewMut::new(place, shape).expect("a view");
            assert_eq!(stream.in_place(place), Err(error.clone()));
            assert_eq!((out, piece), ([7.0; 12], data.clone()));
            assert_eq!(stream.to_vec(view(shape)), Err(error.clone()));
            assert_eq!(stream.carries(view(shape)), Err(error));
        }
        // One row more, if the initial value comes first.
        let rows = 2 + usize::from(!begun);
        for shape in [&[4 + begun as usize - 1, 3][..], &[3], &[rows * 3], &[], &[rows, 3, 1]] {
            let shape = if shape == [rows, 3] { &[1, 3] } else { shape };
            let expected = [rows, 3].into();
            let error = Error::ShapeMismatch { expected, actual: shape.into() };
            let mut out = vec![7.0; shape.iter().product()];
            let place = ViewMut::new(&mut out, shape).expect("a view");
            assert_eq!(stream.write_to(view(&[2, 3]), place), Err(error));
            assert!(out.iter().all(|x| *x == 7.0));
        }
        if !begun {
            let mut piece = data[..6].to_vec();
            let place = ViewMut::new(&mut piece, &[2, 3]).expect("a view");
            assert_eq!(stream.in_place(place), Err(Error::NoRoomForInitial));
            assert_eq!(piece, data[..6]);
        }
        assert_eq!((format!("{stream:?}"), stream.position()), (before, begun as u64));
        // An empty piece after the first is no first one.
        let first = stream.to_vec(view(&[1, 3])).expect("a piece");
        assert_eq!(first.len(), if begun { 3 } else { 6 });
    }
    let place = &mut data.clone()[..3];
    stream.in_place(ViewMut::new(place, &[1, 3]).expect("a view")).expect("there is room now");
    let sums: Vec<f64> = data[..3].iter().map(|x| x + x + x).collect();
    assert_eq!(place, sums);

    let mut line = Stream::<f64>::new();
    let error = Error::PieceMismatch { expected: [].into(), actual: [2, 3].into() };
    assert_eq!(error.to_string(), "a piece of shape (2, 3) is not one of rows of shape ()");
    assert_eq!(line.to_vec(view(&[2, 3])), Err(error));
    let error = Error::ShapeMismatch { expected: [12].into(), actual: [11].into() };
    assert_eq!(line.write_to(&data, &mut [0.0; 11]), Err(error));
    let text = "the initial value and the sums of a piece do not fit in its place";
    assert_eq!(Error::NoRoomForInitial.to_string(), text);
    let rows = Stream::<f64>::with_shape(&[1; 64]);
    assert_eq!(rows.map(|_| ()), Err(Error::TooManyDimensions { ndim: 65 }));
    assert!(Stream::<f64>::with_shape(&[1; 63]).is_ok());
    let rows = Stream::<f64>::with_shape(&[usize::MAX, 2]);
    assert!(matches!(rows, Err(Error::TooLarge { .. })));
}

/// Checked streams, of which every so many-th piece is too much: it is as if there had been no such piece.
fn check_overflows<T: Typed>(least: i128, most: i128, integer: fn(T) -> i128) {
    let (mut errors, mut others) = (0, 0);
    for seed in 0..400 {
        let random = &mut Random(seed);
        let row = random.of(&[&[][..], &[1], &[3], &[2, 5], &[40]]);
        let lanes: usize = row.iter().product();
        let mut options = Options { skip_nan: false, ..random.options::<T>() };
        options.initial = options.initial.filter(|_| random.one_in(2));
        let mut stream = stream_of(row, &options, random).checked();
        let first = options.initial.map_or(0, integer);
        let (mut sums, mut begun) = (vec![first; lanes], false);
        for _ in 0..12 {
            let rows = random.of(&[1, 3, 40]);
            let many = random.of(&[1, 8]);
            let value =
                |bits: u64| T::mixed(if bits.is_multiple_of(many) { bits } else { bits % 2 });
            let piece: Vec<T> = random.by_ref().take(rows * lanes).map(value).collect();
            // Lane by lane, each to its first error.
            let mut after = sums.clone();
            let mut all = vec![0; rows * lanes];
            let error = (0..lanes).find_map(|lane| {
                (0..rows).find_map(|k| {
                    let index = if options.reverse { rows - 1 - k } else { k };
                    let before = after[lane];
                    after[lane] += integer(piece[index * lanes + lane]);
                    let sum = if options.exclusive && !options.include_initial {
                        before
                    } else {
                        after[lane]
                    };
                    all[index * lanes + lane] = sum;
                    let fits = (least..=most).contains(&after[lane]);
                    (!fits).then_some(Error::Overflow { lane, index })
                })
            });
            let state = format!("{stream:?}");
            let initial = options.include_initial && !begun;
            let (from, to) = (with_rows(rows, row), with_rows(rows + usize::from(initial), row));
            if let Some(error) = error {
                errors += 1;
                let (place, mut data) = place::<T>(&from, random);
                place.scatter(&piece, &mut data);
                let before = data.to_vec();
                let what = format!("{}, {options:?}, {piece:?} after {sums:?}", T::NAME);
                assert_eq!(stream.to_vec(place.view(&data)), Err(error.clone()), "{what}");
                let (at, mut out) = pieces::place::<T>(&to, random);
                let result = stream.write_to(place.view(&data), at.view_mut(&mut out));
                assert_eq!(result, Err(error.clone()), "{what}");
                at.scatter(&vec![T::guard(); at.positions().len()], &mut out);
                assert_same(&out, &at.guards::<T>(), format_args!("outside, {what}"));
                if !initial {
                    assert_eq!(stream.in_place(place.view_mut(&mut data)), Err(error), "{what}");
                }
                assert_same(&data, &before, format_args!("in place, {what}"));
                assert_eq!(format!("{stream:?}"), state, "{what}");
                continue;
            }
            others += 1;
            let got = feed_array(&mut stream, &from, &piece, &to, random);
            if initial {
                let at = if options.reverse { all.len() } else { 0 };
                all.splice(at..at, vec![first; lanes]);
            }
            let got: Vec<i128> = got.into_iter().map(integer).collect();
            assert_eq!(got, all, "{}, {options:?}", T::NAME);
            (sums, begun) = (after, true);
        }
    }
    assert!(errors > 500 && others > 500, "{errors} errors, {others} others");
}

#[test]
fn overflows() {
    check_overflows::<i8>(i8::MIN.into(), i8::MAX.into(), i128::from);
    check_overflows::<i32>(i32::MIN.into(), i32::MAX.into(), i128::from);
    check_overflows::<u64>(0, u64::MAX.into(), i128::from);
}

/// Neither floats nor `Wrapping` overflow, and a stream that goes past chunks does after them.
#[test]
fn what_does_not_overflow() {
    let mut stream = Stream::<f32>::new().checked();
    assert_eq!(stream.to_vec(&[f32::MAX; 2]), Ok(vec![f32::MAX, f32::INFINITY]));
    let x = [std::num::Wrapping(100i8); 2];
    let mut stream = Stream::<std::num::Wrapping<i8>>::new().checked();
    assert_eq!(stream.to_vec(&x), Ok(vec![x[0], x[0] + x[1]]));

    let x = vec![1i32 << 16; CHUNK];
    let mut stream = Stream::<i32>::new().checked();
    stream.seek(&stream.carries(&x).expect("a chunk")).expect("at the beginning");
    assert_eq!(stream.to_vec(&x).map_err(|error| error.to_string()), {
        Err("the sum at index 16383 of lane 0 does not fit its type".to_owned())
    });
    assert_eq!(stream.to_vec(&x[1..]).map(|sums| sums[CHUNK - 2]), Ok(i32::MAX - 0xffff));
}
