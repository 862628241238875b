//! Every kernel on every layout, against lanes that are gathered, summed and scattered one by one.
//!
//! A kernel is how to walk, and never what to sum: each must give the same bits for every layout. The
//! gaps between the elements are compared as well, so that a store into one shows. `bounds.rs` has the
//! layouts that must be refused.

use std::any::type_name;

use lanesum_kernels::{
    Backend, Element, Extents, Kernel, Layout, Pieces, Stores, Summation, cumsum_lanes,
    cumsum_lanes_in_place, cumsum_pieces,
};

use lanesum_testkit::reference::{self, CHUNK, Number};

mod layouts;
use layouts::{DENSE, ORDERS, Style, index, lanes};

const KERNELS: [Kernel; 4] = [Kernel::Row, Kernel::Short, Kernel::Column, Kernel::Tile];

const SUMMATIONS: [Summation; 2] = [Summation::Blocked, Summation::Sequential];

/// A type that is summed in: one that the reference knows too.
trait Sum: Element + Number {}
impl<A: Element + Number> Sum for A {}

/// `elements!(name!)` is `name! { f32 f64 .. }`.
macro_rules! elements {
    ($name:ident!) => {
        $name! { f32 f64 i8 i16 i32 i64 u8 u16 u32 u64 }
    };
}

/// Sebastiano Vigna's splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 32) as usize % n
    }
}

/// A value whose sums depend on the order of the additions: any integer; a float of either sign, full
/// of digits, between 2^-8 and 2^8.
fn mixed<T: Element>(bits: u64) -> T {
    if T::EXACT {
        T::cast_from(bits)
    } else {
        let exponent = (bits >> 59 & 15) + 1023 - 8;
        T::cast_from(f64::from_bits((bits & ((1 << 63) | ((1 << 52) - 1))) | (exponent << 52)))
    }
}

/// What a place holds that must not be written, and one that is yet to be.
fn guard<T: Element>() -> T {
    mixed(0xa5a5_a5a5_a5a5_a5a5)
}

/// A pattern that no other value has; every NaN has the same.
fn bits<T: Element>(x: T) -> u64 {
    let float = f64::cast_from(x);
    match T::EXACT {
        true => u64::cast_from(x),
        false if float.is_nan() => f64::NAN.to_bits(),
        false => float.to_bits(),
    }
}

/// A slice in which the lanes lie, with other values between and around them.
///
/// Among the lanes are some of nothing but -0.0, and some with infinities and NaN: what leaks from one
/// lane into another shows.
fn contents<T: Element>(extents: Extents, layout: Layout, len: usize, seed: u64) -> Vec<T> {
    let mut random = Random(seed);
    let mut slice: Vec<T> = (0..len).map(|_| mixed(random.next())).collect();
    if !T::EXACT {
        for (j, k) in lanes(extents) {
            let special = random.below(16);
            for i in 0..extents.along {
                let x = &mut slice[index(layout, [i, j, k])];
                match special {
                    0 => *x = T::cast_from(-0.0f64),
                    1 if i % 5 == 3 => *x = T::cast_from(f64::INFINITY),
                    2 if i % 7 == 5 => *x = T::cast_from(f64::NAN),
                    3 if i % 3 == 1 => *x = T::cast_from(-0.0f64),
                    _ => {}
                }
            }
        }
    }
    slice
}

/// Gathers each lane of `input`, casts it, sums it, casts the sums, and scatters them to `output`.
fn oracle<I: Element, A: Sum, O: Element>(
    summation: Summation,
    extents: Extents,
    (input, from): (&[I], Layout),
    (output, to): (&mut [O], Layout),
) {
    for (j, k) in lanes(extents) {
        let at = |i| A::cast_from(input[index(from, [i, j, k])]);
        let lane: Vec<A> = (0..extents.along).map(at).collect();
        for (i, sum) in sums(summation, &lane).into_iter().enumerate() {
            output[index(to, [i, j, k])] = O::cast_from(sum);
        }
    }
}

fn sums<A: Sum>(summation: Summation, lane: &[A]) -> Vec<A> {
    // Every order of integers is the sequential one.
    match summation {
        Summation::Blocked if !A::EXACT => reference::blocked(lane),
        _ => reference::sequential(lane),
    }
}

#[track_caller]
fn assert_same<T: Element>(got: &[T], expected: &[T], what: std::fmt::Arguments<'_>) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let differ = |(a, b): (&T, &T)| bits(*a) != bits(*b);
    if let Some(at) = got.iter().zip(expected).position(differ) {
        let (a, b) = (got[at], expected[at]);
        panic!(
            "{what}: at {at} of {}: got {a:?} = {:#x}, expected {b:?} = {:#x}; a guard is {:?}",
            got.len(),
            bits(a),
            bits(b),
            guard::<T>()
        );
    }
}

/// How sums can be stored: where there are no stores past the cache, there is no second way.
fn stores_of(backend: Backend) -> &'static [Stores] {
    match backend.name() {
        "avx512" | "avx2" => &[Stores::Cached, Stores::Streamed],
        _ => &[Stores::Cached],
    }
}

/// A copy that begins with a line of the cache.
struct Aligned<T> {
    memory: Vec<T>,
    start: usize,
    len: usize,
}

impl<T: Element> Aligned<T> {
    fn new(contents: &[T]) -> Self {
        let mut memory = vec![guard::<T>(); contents.len() + 64];
        let start = memory.as_ptr().align_offset(64);
        memory[start..][..contents.len()].copy_from_slice(contents);
        Self { memory, start, len: contents.len() }
    }

    fn slice(&mut self) -> &mut [T] {
        &mut self.memory[self.start..][..self.len]
    }
}

/// Runs every kernel on every backend, out of place.
fn check<I: Element, A: Sum, O: Element>(extents: Extents, from: Style, to: Style, seed: u64) {
    let ((from, from_len), (to, to_len)) = (from.place(extents), to.place(extents));
    let input = contents::<I>(extents, from, from_len, seed);
    let blank = vec![guard::<O>(); to_len];
    for summation in SUMMATIONS {
        let mut expected = blank.clone();
        oracle::<I, A, O>(summation, extents, (&input, from), (&mut expected, to));
        for backend in Backend::available() {
            for (kernel, &stores) in
                KERNELS.into_iter().flat_map(|k| stores_of(backend).iter().map(move |s| (k, s)))
            {
                let mut output = Aligned::new(&blank);
                let (input, output) = ((&input[..], from), (output.slice(), to));
                cumsum_lanes::<I, A, O>(
                    backend,
                    summation,
                    stores,
                    kernel,
                    extents,
                    input,
                    (&mut *output.0, to),
                );
                let types = [type_name::<I>(), type_name::<A>(), type_name::<O>()];
                let what = format_args!(
                    "{backend}, {kernel:?}, {summation:?}, {stores:?}, {types:?}, {extents:?}, {from:?}, {to:?}"
                );
                assert_same(output.0, &expected, what);
            }
        }
    }
}

/// Runs every kernel on every backend, in place.
fn check_in_place<T: Element, A: Sum>(extents: Extents, style: Style, seed: u64) {
    let (layout, len) = style.place(extents);
    let input = contents::<T>(extents, layout, len, seed);
    for summation in SUMMATIONS {
        let mut expected = input.clone();
        oracle::<T, A, T>(summation, extents, (&input, layout), (&mut expected, layout));
        for backend in Backend::available() {
            for kernel in KERNELS {
                let mut data = input.clone();
                let site = (&mut data[..], layout);
                cumsum_lanes_in_place::<T, A>(backend, summation, kernel, extents, site);
                let types = [type_name::<T>(), type_name::<A>()];
                let what = format_args!(
                    "{backend}, {kernel:?}, {summation:?}, in place, {types:?}, {extents:?}, {layout:?}"
                );
                assert_same(&data, &expected, what);
            }
        }
    }
}

/// Every order of the axes on either side, with all kinds of steps, gaps and directions.
fn every_layout<T: Sum>() {
    let extents = Extents { along: 2 * <T as Element>::BLOCK + 3, across: 21, batch: 2 };
    for from in ORDERS {
        for to in ORDERS {
            for case in 0..8 {
                let (step, gap) = [(1, 0), (1, 3), (2, 0), (3, 1)][case % 4];
                let from = Style { order: from, step, gap, reversed: case, ..DENSE };
                let (step, gap) = [(1, 0), (2, 1), (1, 5), (1, 0)][(case + case / 4) % 4];
                let reversed = [0, 0, 3, 4, 7, 0, 1, 2][case];
                let to = Style { order: to, step, gap, reversed, margin: case, ..DENSE };
                check::<T, T, T>(extents, from, to, case as u64);
            }
        }
        for case in 0..16 {
            let (step, gap) = [(1, 0), (1, 3), (2, 0), (3, 1)][case / 4];
            let reversed = [0, case % 8][case % 2];
            let style = Style { order: from, step, gap, reversed, margin: case, ..DENSE };
            check_in_place::<T, T>(extents, style, case as u64);
        }
    }
}

/// What kernels care about: whole registers and blocks of each width, one less, one more.
const SIZES: [usize; 20] =
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 130];

/// Each size along with each size across, in layouts of which each pair has its own.
fn every_extent<T: Sum>() {
    for (a, along) in SIZES.into_iter().enumerate() {
        for (b, across) in SIZES.into_iter().enumerate() {
            let case = SIZES.len() * a + b;
            let mut random = Random(case as u64);
            let extents = Extents { along, across, batch: 1 + random.below(2) };
            // Often both the same and dense, along or across.
            let order = ORDERS[2 * (a + b) % 6];
            let dense = Style { order, margin: random.below(4), ..DENSE };
            check::<T, T, T>(extents, dense, dense, random.next());
            check_in_place::<T, T>(extents, dense, random.next());
            let (from, to) = (Style::random(&mut random), Style::random(&mut random));
            check::<T, T, T>(extents, from, to, random.next());
            check_in_place::<T, T>(extents, to, random.next());
        }
    }
}

/// Lanes of a few elements, one densely after the other: the last register is rarely full.
fn short_lanes<T: Sum>() {
    // As long as the largest register of the smallest type, and longer.
    for along in (1..=20).chain([24, 31, 32, 33, 43, 63, 64, 65]) {
        // All counts of lanes of which the last fills a part of a register, and some pieces full.
        let counts = if along <= 20 { 1..=40 } else { 1..=4 };
        for across in counts.chain([63, 64, 65, 128, 300]) {
            let extents = Extents { along, across, batch: 1 };
            let margin = (along * across) % 5;
            let style = Style { margin, ..DENSE };
            check::<T, T, T>(extents, style, Style { margin: margin / 2, ..DENSE }, along as u64);
            check_in_place::<T, T>(extents, style, across as u64);
        }
        // Several batches of them, with and without gaps between the batches.
        for gap in 0..3 {
            let extents = Extents { along, across: 13, batch: 3 };
            let style = Style { gap, ..DENSE };
            check::<T, T, T>(extents, style, DENSE, along as u64);
            check::<T, T, T>(extents, DENSE, style, along as u64);
            check_in_place::<T, T>(extents, style, along as u64);
        }
    }
}

/// A few lanes side by side, densely: pairs, colours, coordinates.
fn few_columns<T: Sum>() {
    for across in 1..=9 {
        for along in (1..=20).chain([31, 32, 33, 63, 64, 65, 95, 127, 128, 129, 200, 257]) {
            let extents = Extents { along, across, batch: 1 + along % 2 };
            let down = Style { order: [1, 0, 2], margin: along % 3, ..DENSE };
            check::<T, T, T>(extents, down, Style { margin: 0, ..down }, along as u64);
            check_in_place::<T, T>(extents, down, across as u64);
            let stepped = Style { step: 2, ..down };
            check::<T, T, T>(extents, down, stepped, along as u64);
            check::<T, T, T>(extents, stepped, down, along as u64);
        }
    }
}

/// Beyond a piece, a chunk, and two.
fn long_lanes<T: Sum>() {
    let block = <T as Element>::BLOCK;
    let edges = [1023, 1024, 1025, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + block + 1];
    for (case, along) in edges.into_iter().enumerate() {
        // Integers know no chunks.
        let all: &[usize] = if T::EXACT { &[3] } else { &[1, 2, 3, 4, 17] };
        for &across in all {
            let mut random = Random(along as u64);
            let extents = Extents { along, across, batch: 1 };
            let down = Style { order: [1, 0, 2], ..DENSE };
            check::<T, T, T>(extents, down, down, random.next());
            check::<T, T, T>(extents, DENSE, Style { gap: case % 2, ..down }, random.next());
            check::<T, T, T>(extents, Style::random(&mut random), DENSE, random.next());
            check_in_place::<T, T>(extents, [DENSE, down][case % 2], random.next());
        }
    }
}

/// More lanes side by side than any panel has.
fn wide_rows<T: Sum>() {
    for (case, across) in
        [255, 256, 257, 511, 513, 1024, 1025, 2047, 2049, 4096, 4097, 8195].into_iter().enumerate()
    {
        let extents = Extents { along: [3, 9, 18][case % 3], across, batch: 1 };
        let down = Style { order: [1, 0, 2], gap: case % 4, margin: case % 3, ..DENSE };
        let other = Style { order: [1, 0, 2], gap: 0, ..down };
        check::<T, T, T>(extents, down, other, case as u64);
        check::<T, T, T>(extents, DENSE, down, case as u64);
        check_in_place::<T, T>(extents, down, case as u64);
    }
}

/// Rows that all begin at the same place in a line of the cache, which is what it takes to store them past it:
/// of one line and some, and of more than a panel; across the ends of blocks and of chunks; beginning with
/// a line, 16 bytes and an element later, and in rows that are longer, with a part of a line at the end.
fn rows_of_lines<T: Sum>() {
    let line = 64 / size_of::<T>();
    let wide = 8192 / size_of::<T>();
    let panel = 32768 / size_of::<T>();
    let block = <T as Element>::BLOCK;
    for (across, along) in [
        (line, 3 * block + 2),
        (5 * line, block),
        (wide, block + 1),
        (panel - line, 9),
        (panel, 17),
        (panel + wide, 2 * block + 5),
        (line, CHUNK + block + 3),
    ] {
        for (margin, gap) in
            [(0, 0), (16 / size_of::<T>(), 0), (1, 0), (0, line), (line - 1, 2 * line)]
        {
            // The gap is the end of each row, or of all but the first lanes of it.
            let extents = Extents { along, across: across + gap / 2, batch: 1 };
            let down = Style { order: [1, 0, 2], gap: gap - gap / 2, margin, ..DENSE };
            check::<T, T, T>(extents, DENSE, down, margin as u64);
            check::<T, T, T>(extents, down, down, margin as u64);
        }
    }
}

/// Inputs whose lanes are one lane, or whose elements are one element.
fn repeated_inputs<T: Sum>() {
    for repeated in 1..8 {
        for (case, order) in ORDERS.into_iter().enumerate() {
            for (along, across) in [(5, 19), (19, 5), (37, 33), (1, 3)] {
                let extents = Extents { along, across, batch: 2 };
                let from = Style { repeated, order, step: 1 + case % 2, ..DENSE };
                let to = Style { order: ORDERS[(case + repeated) % 6], ..DENSE };
                check::<T, T, T>(extents, from, to, case as u64);
            }
        }
    }
}

/// Inputs whose lanes begin in the middle of one another.
fn windows<T: Sum>() {
    for (case, order) in ORDERS.into_iter().enumerate() {
        for (along, across) in [(5, 19), (19, 5), (37, 33), (70, 3), (3, 70)] {
            for gap in 0..3 {
                let extents = Extents { along, across, batch: 2 };
                let from = Style { windows: true, order, gap, reversed: case + gap, ..DENSE };
                let to = Style { order: ORDERS[(case + gap) % 3], ..DENSE };
                check::<T, T, T>(extents, from, to, case as u64);
            }
        }
    }
}

/// A lane that is made up while it is read, and that checks what it is given.
struct Made<'a, A> {
    lane: &'a [A],
    read: usize,
    written: Vec<A>,
}

impl<A: Element> Pieces<A> for Made<'_, A> {
    fn read(&mut self, piece: &mut [A]) {
        assert_eq!(self.read, self.written.len(), "the piece before has been written");
        piece.copy_from_slice(&self.lane[self.read..][..piece.len()]);
        self.read += piece.len();
    }

    fn write(&mut self, piece: &[A]) {
        self.written.extend_from_slice(piece);
        assert_eq!(self.read, self.written.len(), "what was read is written");
    }
}

fn pieces<T: Sum>() {
    let mut lengths = (0..=130).collect::<Vec<_>>();
    for edge in [1024, 4096, CHUNK, 2 * CHUNK] {
        lengths.extend([edge - 1, edge, edge + 1]);
    }
    for len in lengths {
        let mut random = Random(len as u64);
        let lane: Vec<T> = (0..len).map(|_| mixed(random.next())).collect();
        for summation in SUMMATIONS {
            let expected = sums(summation, &lane);
            for backend in Backend::available() {
                let mut made = Made { lane: &lane, read: 0, written: Vec::new() };
                cumsum_pieces::<T>(backend, summation, len, &mut made);
                let what = format_args!("{backend}, {summation:?}, {}", type_name::<T>());
                assert_same(&made.written, &expected, what);
            }
        }
    }
}

macro_rules! tests {
    ($($T:ident)*) => {
        tests! { @ $($T)*; every_layout }
        tests! { @ $($T)*; every_extent }
        tests! { @ $($T)*; short_lanes }
        tests! { @ $($T)*; few_columns }
        tests! { @ $($T)*; long_lanes }
        tests! { @ $($T)*; wide_rows }
        tests! { @ $($T)*; rows_of_lines }
        tests! { @ $($T)*; repeated_inputs }
        tests! { @ $($T)*; windows }
        tests! { @ $($T)*; pieces }
    };
    (@ $($T:ident)*; $test:ident) => {
        mod $test {
            $(#[test]
            fn $T() {
                super::$test::<$T>();
            })*
        }
    };
}
elements!(tests!);

/// Casts on the way in, on the way out, and both.
mod casts {
    use super::*;

    /// Shapes and layouts that each kernel is made for, and others.
    fn cases() -> impl Iterator<Item = (Extents, Style, Style, u64)> {
        (0..60).map(|case| {
            let mut random = Random(case);
            let mut size = || SIZES[random.below(SIZES.len())];
            let mut extents = Extents { along: size(), across: size(), batch: 1 };
            if case % 10 == 0 {
                extents = Extents { along: 1000 + 50 * case as usize, across: 3, batch: 2 };
            }
            let mut style = || match random.below(3) {
                0 => DENSE,
                1 => Style { order: [1, 0, 2], ..DENSE },
                _ => Style::random(&mut random),
            };
            (extents, style(), style(), case)
        })
    }

    /// Short lanes one after the other, of less than a piece and of some.
    fn short_lanes() -> impl Iterator<Item = (Extents, Style, Style, u64)> {
        (1..=17).chain([31, 64]).map(|along| {
            let extents = Extents { along, across: [50, 250, 700][along % 3], batch: 1 };
            (extents, DENSE, DENSE, along as u64)
        })
    }

    macro_rules! casts {
        ($($name:ident: $I:ident $A:ident $O:ident;)*) => {
            $(#[test]
            fn $name() {
                for (extents, from, to, seed) in cases().chain(short_lanes()) {
                    check::<$I, $A, $O>(extents, from, to, seed);
                    check_in_place::<$I, $A>(extents, to, seed);
                }
            })*
        };
    }
    casts! {
        i8_in_i64: i8 i64 i64;
        i16_in_i64: i16 i64 i64;
        i32_in_i64: i32 i64 i64;
        u8_in_u64: u8 u64 u64;
        u16_in_u64: u16 u64 u64;
        u32_in_f64: u32 f64 f64;
        u8_in_f32: u8 f32 f32;
        f32_in_f64: f32 f64 f64;
        f64_in_f32: f64 f32 f32;
        f32_in_f64_to_f32: f32 f64 f32;
        f64_to_f32: f64 f64 f32;
        f64_to_i64: f64 f64 i64;
        f64_in_i64: f64 i64 i64;
        f32_in_i16_to_u8: f32 i16 u8;
        i64_in_u16_to_f64: i64 u16 f64;
        i32_to_i8: i32 i32 i8;
        i8_to_f32: i8 i8 f32;
        u64_in_i32: u64 i32 i32;
    }
}
