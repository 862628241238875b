//! Checksums of outputs that were written down once: bits are API.
//!
//! The other tests compare the backends with a reference that lives beside them, and would follow it
//! if both changed. This one compares them with the past. When a change of bits is meant, write the
//! new checksums with
//!
//! ```text
//! LANESUM_BLESS=1 cargo test --test it golden
//! ```
//!
//! and give it a heading of its own in the changelog: it is a breaking change. What is written comes
//! from the reference and not from a backend, so that no backend can bless its own mistake.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lanesum::{Backend, cumsum};
use lanesum_testkit::reference::axes;
use lanesum_testkit::{Order, Style, Typed, along, elements, mixed, summation};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/checksums.txt");

const HEADER: &str = "\
# FNV-1a of the outputs for fixed inputs: type, summation, length, checksum.
# Bits are API: a change here is a breaking change. tests/it/golden.rs says how these lines are made.
# Of an array: its shape and the axis in place of the length. Strides change no bit.
";

/// Less than a block, some blocks, the edges of a chunk, and some chunks with a ragged end.
const LENGTHS: [usize; 7] = [1, 17, 1000, 16_384, 16_385, 32_768, 100_003];

/// Shapes with the axis that is summed along: lanes of a block and a bit, short ones, ones of more than
/// a piece, a chunk, and two chunks; and all as one lane.
const ARRAYS: [(&[usize], Option<usize>); 8] = [
    (&[19, 50], Some(0)),
    (&[40, 3], Some(1)),
    (&[5, 7, 9], Some(1)),
    (&[2, 3, 20, 7], Some(2)),
    (&[1025, 17], Some(0)),
    (&[16_390, 3], Some(0)),
    (&[3, 33_000], Some(1)),
    (&[70, 9, 33], None),
];

/// Those of a type: of integers, every order gives the same.
fn orders<T: Typed>() -> &'static [Order] {
    if T::EXACT { &Order::ALL[..2] } else { &Order::ALL }
}

/// FNV-1a with 64 bits of the little-endian bytes.
fn checksum<T: Typed>(values: &[T]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for value in values {
        for byte in &value.bits().to_le_bytes()[..size_of::<T>()] {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

/// The input of a line. It holds no NaN, whose bits are not promised, and no sum of it is one.
fn input<T: Typed>(len: usize) -> Vec<T> {
    mixed(len as u64, len)
}

/// What a checksum is of: `f32 Blocked 17`.
fn key<T: Typed>(order: Order, len: usize) -> String {
    format!("{} {order:?} {len}", T::NAME)
}

/// What a checksum of an array is of: `f32 Blocked 40x3 axis 1`.
fn key_of_array<T: Typed>(order: Order, shape: &[usize], axis: Option<usize>) -> String {
    let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
    let axis = axis.map_or("no axis".to_owned(), |axis| format!("axis {axis}"));
    format!("{} {order:?} {} {axis}", T::NAME, shape.join("x"))
}

/// The lines of one type as the reference has them.
fn of_the_reference<T: Typed>(lines: &mut Vec<(String, u64)>) {
    for &order in orders::<T>() {
        for len in LENGTHS {
            let sums = T::plain_sums(order, &input::<T>(len));
            lines.push((key::<T>(order, len), checksum(&sums)));
        }
    }
}

/// The lines of arrays.
fn of_arrays_of_the_reference<T: Typed>(lines: &mut Vec<(String, u64)>) {
    for &order in orders::<T>() {
        for (shape, axis) in ARRAYS {
            let x = input::<T>(shape.iter().product());
            let sums = axes::cumsum(&x, shape, axis, |lane| T::plain_sums(order, lane));
            lines.push((key_of_array::<T>(order, shape, axis), checksum(&sums)));
        }
    }
}

/// The lines of one type as each backend has them, against those that were written down.
fn check_backends<T: Typed>(golden: &BTreeMap<String, u64>) {
    for &order in orders::<T>() {
        for len in LENGTHS {
            let key = key::<T>(order, len);
            let golden = golden[&key];
            let x = input::<T>(len);
            for backend in Backend::available() {
                let sum = cumsum(&x).dtype::<T>().summation(summation(order)).backend(backend);
                assert_golden(&key, checksum(&sum.to_vec()), golden, backend);
            }
        }
    }
}

/// The lines of arrays, which are in C order, in Fortran order, and stepped and reversed.
fn check_arrays_of_backends<T: Typed>(golden: &BTreeMap<String, u64>) {
    for &order in orders::<T>() {
        for (shape, axis) in ARRAYS {
            let ndim = shape.len();
            let stepped = Style { steps: vec![2; ndim], reversed: 1, ..Style::dense(ndim) };
            let key = key_of_array::<T>(order, shape, axis);
            let golden = golden[&key];
            for style in [Style::dense(ndim), Style::fortran(ndim), stepped] {
                let place = style.place(shape);
                let memory = place.memory(&input::<T>(shape.iter().product()));
                for backend in Backend::available() {
                    let sum = along(cumsum(place.view(&memory)), axis.map(|axis| axis as isize));
                    let sum = sum.dtype::<T>().summation(summation(order)).backend(backend);
                    assert_golden(&key, checksum(&sum.to_vec()), golden, backend);
                }
            }
        }
    }
}

#[track_caller]
fn assert_golden(key: &str, checksum: u64, golden: u64, backend: Backend) {
    assert_eq!(
        checksum,
        golden,
        "the bits of `{key}` on {backend} are not those that were written down \
         ({checksum:016x}, not {golden:016x}); bits are API: if this is meant, see {}",
        file!()
    );
}

#[test]
fn the_bits_are_those_that_were_written_down() {
    let mut lines = Vec::new();
    macro_rules! all {
        (; $($T:ident)*) => {
            $(of_the_reference::<$T>(&mut lines);)*
            $(of_arrays_of_the_reference::<$T>(&mut lines);)*
        };
    }
    elements!(all!);

    if std::env::var_os("LANESUM_BLESS").is_some_and(|value| !value.is_empty()) {
        let mut text = HEADER.to_owned();
        for (key, checksum) in &lines {
            writeln!(text, "{key} {checksum:016x}").expect("a String takes everything");
        }
        std::fs::write(PATH, text).expect("the checksums are written");
    }

    let text = std::fs::read_to_string(PATH).expect("the checksums are read");
    let golden: Vec<(String, u64)> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (key, checksum) = line.rsplit_once(' ').expect("a key and a checksum");
            (key.to_owned(), u64::from_str_radix(checksum, 16).expect("a hexadecimal number"))
        })
        .collect();

    let golden: BTreeMap<String, u64> = golden.into_iter().collect();
    macro_rules! all {
        (; $($T:ident)*) => {
            $(check_backends::<$T>(&golden);)*
            $(check_arrays_of_backends::<$T>(&golden);)*
        };
    }
    elements!(all!);
    // The lines are all there are, and the reference agrees with them too.
    assert_eq!(lines.into_iter().collect::<BTreeMap<_, _>>(), golden, "the reference, and {PATH}");
}

/// The checksum is FNV-1a: the value that its authors give for "foobar".
#[test]
fn the_checksum_is_fnv_1a() {
    assert_eq!(checksum(b"foobar"), 0x85944171f73967e8);
    assert_eq!(checksum(&[u16::from_le_bytes(*b"fo")]), checksum(b"fo"));
}
