//! Streams and carries, saved in the middle of a block and restored: the sums go on with the same bits.

use lanesum::order::CHUNK;
use lanesum::{Carries, Element, Input, Stream, Summation, View, cumsum};

const SUMMATIONS: [Summation; 3] =
    [Summation::Blocked, Summation::Sequential, Summation::Compensated];

fn restored<A: Element>(stream: &Stream<A>) -> Stream<A> {
    let saved = serde_json::to_string(stream).expect("a text");
    serde_json::from_str(&saved).expect("a stream")
}

#[test]
fn sums_go_on() {
    // NaN and an infinity as well, for which JSON has no numbers.
    let mut x: Vec<f32> = (0..20_000).map(|k| (k % 97) as f32 * 0.1 - 3.0).collect();
    x[19_000] = f32::INFINITY;
    x[19_500] = f32::NAN;
    for summation in SUMMATIONS {
        let whole = cumsum(&x).summation(summation).initial(-0.5).exclusive().reverse().to_vec();
        let mut stream =
            Stream::<f32>::new().summation(summation).initial(-0.5).exclusive().reverse();
        let (mut end, mut sums) = (x.len(), Vec::new());
        for len in [0, 1, 6, 400, 93, 16_000, 3500] {
            let piece = &x[end - len..end];
            sums.splice(0..0, stream.to_vec(piece).expect("sums"));
            end -= len;
            stream = restored(&stream);
        }
        assert_eq!(end, 0);
        let bits = |sums: &[f32]| sums.iter().map(|sum| sum.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&sums), bits(&whole), "{summation:?}");
    }
}

#[test]
fn every_kind_of_number_is_kept() {
    fn check<A: Element + Input>(x: [A; 3], row: usize) {
        let mut stream = Stream::<A>::with_shape(&[row]).expect("a stream").initial(x[0]);
        for (k, x) in x.into_iter().enumerate() {
            let piece = vec![x; row];
            let piece = View::new(&piece, &[1, row]).expect("a piece");
            let mut other = restored(&stream);
            assert_eq!(other.position(), k as u64);
            let sums = stream.to_vec(&piece).expect("sums");
            assert_eq!(other.to_vec(&piece), Ok(sums));
        }
    }
    check([i128::MIN, -1, 5], 2);
    check([u128::MAX, 1, 7], 1);
    check([true, false, true], 3);
    check([-3i8, 100, 100], 5);
    check([0.1f64, 1e300, f64::NEG_INFINITY], 4);
}

#[test]
fn carries_travel() {
    let x: Vec<f64> = (0..3 * CHUNK + 5).map(|k| 1.0 / (k + 1) as f64).collect();
    for summation in [Summation::Blocked, Summation::Compensated] {
        let stream = Stream::<f64>::new().summation(summation);
        let carries = stream.carries(&x[..3 * CHUNK]).expect("carries");
        let saved = serde_json::to_string(&carries).expect("a text");
        let carries: Carries<f64> = serde_json::from_str(&saved).expect("carries");
        let mut stream = restored(&stream);
        stream.seek(&carries).expect("a chunk");
        let sums = stream.to_vec(&x[3 * CHUNK..]).expect("sums");
        assert_eq!(sums, cumsum(&x).summation(summation).to_vec()[3 * CHUNK..]);
    }
}

#[test]
fn what_is_no_stream_is_refused() {
    let saved = serde_json::to_string(&Stream::<f32>::new()).expect("a text");
    let refused = |saved: &str| {
        let error = serde_json::from_str::<Stream<f32>>(saved).expect_err("an error");
        error.to_string()
    };
    let other = serde_json::from_str::<Stream<f64>>(&saved).expect_err("another type").to_string();
    assert!(other.starts_with("sums of f32, and not of f64"), "{other}");
    for (from, to, text) in [
        ("\"version\":1", "\"version\":2", "version 2, where 1 is known"),
        ("\"lanes\":1", "\"lanes\":2", "not as many numbers as the lanes have"),
        ("\"shape\":[]", "\"shape\":[2]", "not as many lanes as the shape has"),
        ("\"summation\":0", "\"summation\":9", "no summation has the number 9"),
        ("\"initial\":null", "\"initial\":[1]", "an initial value of another length"),
    ] {
        assert!(saved.contains(from), "{from} in {saved}");
        let error = refused(&saved.replace(from, to));
        assert!(error.starts_with(text), "{error}");
    }
}
