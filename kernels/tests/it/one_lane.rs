//! Sums without an axis: all elements in C order as one lane, from slices and from arrays that are not evenly spaced.

use lanesum_kernels::{Arrays, Element, cumsum};

use crate::layouts::{Place, Style};
use crate::values::{
    Aligned, Random, Sum, assert_same, guard, names, some_options, spec, values, ways,
};
use lanesum_testkit::reference::Options;
use lanesum_testkit::reference::{CHUNK, axes};

/// Three extents of which the product is `len`, as many of them as can be more than one.
fn split(len: usize, random: &mut Random) -> [usize; 3] {
    let mut divisor = |n: usize| {
        let divisors: Vec<usize> =
            (2..200.min(n)).filter(|divisor| n.is_multiple_of(*divisor)).collect();
        if divisors.is_empty() { 1 } else { divisors[random.below(divisors.len())] }
    };
    if len == 0 {
        let mut shape = [3, 2, 5];
        shape[random.below(3)] = 0;
        return shape;
    }
    let first = divisor(len);
    let second = divisor(len / first);
    [first, second, len / first / second]
}

/// Where the elements lie, in C order.
fn positions(place: &Place) -> Vec<usize> {
    axes::positions(place.offset, &place.shape, &place.strides)
}

/// Elements from anywhere to anywhere, and in place.
fn check<I: Element, A: Sum, O: Element>(len: usize, seed: u64) {
    let mut random = Random(seed);
    let (from, from_len) = Style::random(&mut random).place(split(len, &mut random));
    let input: Vec<I> = values(random.next(), from_len);
    let lane: Vec<A> = positions(&from).into_iter().map(|at| A::cast_from(input[at])).collect();
    let mut all = some_options::<A>(seed);
    // One sum more has other divisors.
    all.push(Options { include_initial: true, ..all[0] });
    for options in all {
        let sums = options.sums(&lane);
        let (to, to_len) = Style::random(&mut random).place(split(sums.len(), &mut random));
        let blank = vec![guard::<O>(); to_len];
        let mut expected = blank.clone();
        for (at, sum) in positions(&to).into_iter().zip(&sums) {
            expected[at] = O::cast_from(*sum);
        }
        // Without the initial value, which makes the sums too many to overwrite the elements.
        let own = Options { include_initial: false, ..options };
        let mut overwritten = input.clone();
        for (at, sum) in positions(&from).into_iter().zip(own.sums(&lane)) {
            overwritten[at] = I::cast_from(sum);
        }
        for way in ways() {
            let types = names::<I, A, O>();
            let what = format_args!("{way:?}, {options:?}, {types:?}, {from:?}, {to:?}");
            let mut output = Aligned::new(&blank);
            let (read, write) = ((&input[..], from.layout()), (output.slice(), to.layout()));
            let arrays = Arrays::copy(read, write, None);
            let result = cumsum::<I, A, O>(&spec(&options, way), arrays);
            assert_eq!(result, Ok(()), "{what}");
            assert_same(output.slice(), &expected, what);

            let mut data = input.clone();
            let arrays = Arrays::in_place((&mut data, from.layout()), None);
            let result = cumsum::<I, A, I>(&spec(&own, way), arrays);
            assert_eq!(result, Ok(()), "in place: {what}");
            assert_same(&data, &overwritten, format_args!("in place: {what}"));
        }
    }
}

/// Slices, whose elements are one lane without more ado.
fn check_slices<I: Element, A: Sum, O: Element>(len: usize, seed: u64) {
    let input: Vec<I> = values(seed, len);
    let lane: Vec<A> = input.iter().map(|x| A::cast_from(*x)).collect();
    for options in some_options::<A>(seed) {
        let own = Options { include_initial: false, ..options };
        let expected: Vec<O> = options.sums(&lane).into_iter().map(O::cast_from).collect();
        let overwritten: Vec<I> = own.sums(&lane).into_iter().map(I::cast_from).collect();
        for way in ways() {
            let types = names::<I, A, O>();
            let what = format_args!("{way:?}, {options:?}, {types:?}, {len} elements");
            let mut output = vec![guard::<O>(); expected.len()];
            let arrays = Arrays::slices(&input, &mut output);
            assert_eq!(cumsum::<I, A, O>(&spec(&options, way), arrays), Ok(()), "{what}");
            assert_same(&output, &expected, what);

            let mut data = input.clone();
            let arrays = Arrays::slice_in_place(&mut data);
            let result = cumsum::<I, A, I>(&spec(&own, way), arrays);
            assert_eq!(result, Ok(()), "in place: {what}");
            assert_same(&data, &overwritten, format_args!("in place: {what}"));
        }
    }
}

fn check_lengths<I: Element, A: Sum, O: Element>() {
    let mut lengths = (0..=130).collect::<Vec<_>>();
    for edge in [1024, 4096, CHUNK, 2 * CHUNK] {
        lengths.extend([edge - 1, edge, edge + 1]);
    }
    for len in lengths {
        for seed in 0..2 {
            check::<I, A, O>(len, (2 * len + seed) as u64);
        }
        check_slices::<I, A, O>(len, len as u64);
    }
}

macro_rules! tests {
    ($($name:ident: $I:ident $A:ident $O:ident;)*) => {
        $(#[test]
        fn $name() {
            check_lengths::<$I, $A, $O>();
        })*
    };
}
tests! {
    f32: f32 f32 f32;
    f64: f64 f64 f64;
    i8: i8 i8 i8;
    i16: i16 i16 i16;
    i32: i32 i32 i32;
    i64: i64 i64 i64;
    u8: u8 u8 u8;
    u16: u16 u16 u16;
    u32: u32 u32 u32;
    u64: u64 u64 u64;
    i8_in_i64: i8 i64 i64;
    f32_in_f64_to_f32: f32 f64 f32;
    f64_to_i64: f64 f64 i64;
}
