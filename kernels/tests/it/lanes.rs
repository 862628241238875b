//! Sums along an axis in every layout, against lanes that are gathered, summed and scattered one by one.
//!
//! Where elements lie decides how they are walked, and never what their sums are. The gaps between the
//! elements are compared as well, so that a store into one shows. `bounds.rs` has the layouts that must
//! be refused, and the crate's own tests have each walk on layouts that it is not chosen for.

use lanesum_kernels::{Arrays, Element, cumsum};

use crate::layouts::{DENSE, ORDERS, Place, Style};
use crate::values::{
    Aligned, Random, Sum, assert_same, guard, mixed, names, some_options, spec, ways,
};
use lanesum_testkit::reference::CHUNK;
use lanesum_testkit::reference::Options;

/// `elements!(name!)` is `name! { f32 f64 .. }`.
macro_rules! elements {
    ($name:ident!) => {
        $name! { f32 f64 i8 i16 i32 i64 u8 u16 u32 u64 }
    };
}

/// A slice in which the lanes lie, with other values between and around them.
///
/// Among the lanes are some of nothing but -0.0, and some with infinities and NaN: what leaks from one
/// lane into another shows.
fn contents<T: Element>(place: &Place, len: usize, seed: u64) -> Vec<T> {
    let mut random = Random(seed);
    let mut slice: Vec<T> = (0..len).map(|_| mixed(random.next())).collect();
    if !T::EXACT {
        for (j, k) in place.lanes() {
            let special = random.below(16);
            for i in 0..place.shape[0] {
                let x = &mut slice[place.index([i, j, k])];
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
    options: &Options<A>,
    (input, from): (&[I], &Place),
    (output, to): (&mut [O], &Place),
) {
    for (j, k) in from.lanes() {
        let at = |i| A::cast_from(input[from.index([i, j, k])]);
        let lane: Vec<A> = (0..from.shape[0]).map(at).collect();
        for (i, sum) in options.sums(&lane).into_iter().enumerate() {
            output[to.index([i, j, k])] = O::cast_from(sum);
        }
    }
}

/// Sums on every backend, out of place, with some options.
fn check<I: Element, A: Sum, O: Element>(shape: [usize; 3], from: Style, to: Style, seed: u64) {
    let (from, from_len) = from.place(shape);
    let input = contents::<I>(&from, from_len, seed);
    for options in some_options::<A>(seed) {
        let [along, across, batch] = shape;
        let sums = along + usize::from(options.include_initial);
        let (to, to_len) = to.place([sums, across, batch]);
        let blank = vec![guard::<O>(); to_len];
        let mut expected = blank.clone();
        oracle::<I, A, O>(&options, (&input, &from), (&mut expected, &to));
        for way in ways() {
            let mut output = Aligned::new(&blank);
            let (read, write) = ((&input[..], from.layout()), (output.slice(), to.layout()));
            let arrays = Arrays::copy(read, write, Some(0));
            let result = cumsum::<I, A, O>(&spec(&options, way), arrays);
            let types = names::<I, A, O>();
            let what = format_args!("{way:?}, {options:?}, {types:?}, {from:?}, {to:?}");
            assert_eq!(result, Ok(()), "{what}");
            assert_same(output.slice(), &expected, what);
        }
    }
}

/// Sums on every backend, in place, with some options.
fn check_in_place<T: Element, A: Sum>(shape: [usize; 3], style: Style, seed: u64) {
    let (place, len) = style.place(shape);
    let input = contents::<T>(&place, len, seed);
    for options in some_options::<A>(seed) {
        let options = Options { include_initial: false, ..options };
        let mut expected = input.clone();
        oracle::<T, A, T>(&options, (&input, &place), (&mut expected, &place));
        for way in ways() {
            let mut data = input.clone();
            let arrays = Arrays::in_place((&mut data, place.layout()), Some(0));
            let result = cumsum::<T, A, T>(&spec(&options, way), arrays);
            let types = names::<T, A, T>();
            let what = format_args!("{way:?}, {options:?}, in place, {types:?}, {place:?}");
            assert_eq!(result, Ok(()), "{what}");
            assert_same(&data, &expected, what);
        }
    }
}

/// Every order of the axes on either side, with all kinds of steps, gaps and directions.
fn every_layout<T: Sum>() {
    let shape = [2 * <T as Element>::BLOCK + 3, 21, 2];
    for from in ORDERS {
        for to in ORDERS {
            for case in 0..8 {
                let (step, gap) = [(1, 0), (1, 3), (2, 0), (3, 1)][case % 4];
                let from = Style { order: from, step, gap, reversed: case, ..DENSE };
                let (step, gap) = [(1, 0), (2, 1), (1, 5), (1, 0)][(case + case / 4) % 4];
                let reversed = [0, 0, 3, 4, 7, 0, 1, 2][case];
                let to = Style { order: to, step, gap, reversed, margin: case, ..DENSE };
                check::<T, T, T>(shape, from, to, case as u64);
            }
        }
        for case in 0..16 {
            let (step, gap) = [(1, 0), (1, 3), (2, 0), (3, 1)][case / 4];
            let reversed = [0, case % 8][case % 2];
            let style = Style { order: from, step, gap, reversed, margin: case, ..DENSE };
            check_in_place::<T, T>(shape, style, case as u64);
        }
    }
}

/// What the kernels care about: whole registers and blocks of each width, one less, one more.
const SIZES: [usize; 20] =
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 130];

/// Each size along with each size across, in layouts of which each pair has its own.
fn every_extent<T: Sum>() {
    for (a, along) in SIZES.into_iter().enumerate() {
        for (b, across) in SIZES.into_iter().enumerate() {
            let case = SIZES.len() * a + b;
            let mut random = Random(case as u64);
            let shape = [along, across, 1 + random.below(2)];
            // Often both the same and dense, along or across.
            let order = ORDERS[2 * (a + b) % 6];
            let dense = Style { order, margin: random.below(4), ..DENSE };
            check::<T, T, T>(shape, dense, dense, random.next());
            check_in_place::<T, T>(shape, dense, random.next());
            let (from, to) = (Style::random(&mut random), Style::random(&mut random));
            check::<T, T, T>(shape, from, to, random.next());
            check_in_place::<T, T>(shape, to, random.next());
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
            let shape = [along, across, 1];
            let margin = (along * across) % 5;
            let style = Style { margin, ..DENSE };
            check::<T, T, T>(shape, style, Style { margin: margin / 2, ..DENSE }, along as u64);
            check_in_place::<T, T>(shape, style, across as u64);
        }
        // Several batches of them, with and without gaps between the batches.
        for gap in 0..3 {
            let shape = [along, 13, 3];
            let style = Style { gap, ..DENSE };
            check::<T, T, T>(shape, style, DENSE, along as u64);
            check::<T, T, T>(shape, DENSE, style, along as u64);
            check_in_place::<T, T>(shape, style, along as u64);
        }
    }
}

/// A few lanes side by side, densely: pairs, colours, coordinates.
fn few_columns<T: Sum>() {
    for across in 1..=9 {
        for along in (1..=20).chain([31, 32, 33, 63, 64, 65, 95, 127, 128, 129, 200, 257]) {
            let shape = [along, across, 1 + along % 2];
            let down = Style { order: [1, 0, 2], margin: along % 3, ..DENSE };
            check::<T, T, T>(shape, down, Style { margin: 0, ..down }, along as u64);
            check_in_place::<T, T>(shape, down, across as u64);
            let stepped = Style { step: 2, ..down };
            check::<T, T, T>(shape, down, stepped, along as u64);
            check::<T, T, T>(shape, stepped, down, along as u64);
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
            let shape = [along, across, 1];
            let down = Style { order: [1, 0, 2], ..DENSE };
            check::<T, T, T>(shape, down, down, random.next());
            check::<T, T, T>(shape, DENSE, Style { gap: case % 2, ..down }, random.next());
            check::<T, T, T>(shape, Style::random(&mut random), DENSE, random.next());
            check_in_place::<T, T>(shape, [DENSE, down][case % 2], random.next());
        }
    }
}

/// More lanes side by side than any panel has.
fn wide_rows<T: Sum>() {
    for (case, across) in
        [255, 256, 257, 511, 513, 1024, 1025, 2047, 2049, 4096, 4097, 8195].into_iter().enumerate()
    {
        let shape = [[3, 9, 18][case % 3], across, 1];
        let down = Style { order: [1, 0, 2], gap: case % 4, margin: case % 3, ..DENSE };
        let other = Style { order: [1, 0, 2], gap: 0, ..down };
        check::<T, T, T>(shape, down, other, case as u64);
        check::<T, T, T>(shape, DENSE, down, case as u64);
        check_in_place::<T, T>(shape, down, case as u64);
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
            let shape = [along, across + gap / 2, 1];
            let down = Style { order: [1, 0, 2], gap: gap - gap / 2, margin, ..DENSE };
            check::<T, T, T>(shape, DENSE, down, margin as u64);
            check::<T, T, T>(shape, down, down, margin as u64);
        }
    }
}

/// Inputs whose lanes are one lane, or whose elements are one element.
fn repeated_inputs<T: Sum>() {
    for repeated in 1..8 {
        for (case, order) in ORDERS.into_iter().enumerate() {
            for (along, across) in [(5, 19), (19, 5), (37, 33), (1, 3)] {
                let shape = [along, across, 2];
                let from = Style { repeated, order, step: 1 + case % 2, ..DENSE };
                let to = Style { order: ORDERS[(case + repeated) % 6], ..DENSE };
                check::<T, T, T>(shape, from, to, case as u64);
            }
        }
    }
}

/// Inputs whose lanes begin in the middle of one another.
fn windows<T: Sum>() {
    for (case, order) in ORDERS.into_iter().enumerate() {
        for (along, across) in [(5, 19), (19, 5), (37, 33), (70, 3), (3, 70)] {
            for gap in 0..3 {
                let shape = [along, across, 2];
                let from = Style { windows: true, order, gap, reversed: case + gap, ..DENSE };
                let to = Style { order: ORDERS[(case + gap) % 3], ..DENSE };
                check::<T, T, T>(shape, from, to, case as u64);
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

    /// Shapes and layouts that each walk is made for, and others.
    fn cases() -> impl Iterator<Item = ([usize; 3], Style, Style, u64)> {
        (0..60).map(|case| {
            let mut random = Random(case);
            let mut size = || SIZES[random.below(SIZES.len())];
            let mut shape = [size(), size(), 1];
            if case % 10 == 0 {
                shape = [1000 + 50 * case as usize, 3, 2];
            }
            let mut style = || match random.below(3) {
                0 => DENSE,
                1 => Style { order: [1, 0, 2], ..DENSE },
                _ => Style::random(&mut random),
            };
            (shape, style(), style(), case)
        })
    }

    /// Short lanes one after the other, of less than a piece and of some.
    fn short_lanes() -> impl Iterator<Item = ([usize; 3], Style, Style, u64)> {
        (1..=17).chain([31, 64]).map(|along| {
            let shape = [along, [50, 250, 700][along % 3], 1];
            (shape, DENSE, DENSE, along as u64)
        })
    }

    macro_rules! casts {
        ($($name:ident: $I:ident $A:ident $O:ident;)*) => {
            $(#[test]
            fn $name() {
                for (shape, from, to, seed) in cases().chain(short_lanes()) {
                    check::<$I, $A, $O>(shape, from, to, seed);
                    check_in_place::<$I, $A>(shape, to, seed);
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
