//! How the options of the reference are asked of the crate, by each way of calling.
//!
//! Some options are part of the builder's type. Here they come as values, so that a test can go through
//! all of them; each function is compiled once for a type.

use lanesum::{
    As, Backend, Cumsum, Element, Error, Operand, Output, SameLength, Stores, Summation, View,
    cumsum,
};

use super::reference::options::{Options, Order, Summed, lanes};
use super::strided::{Case, Place, Style, along, guard};
use super::{Random, Value, assert_same_bits, casts, mixed};

/// A type whose sums are also written as another.
pub(crate) trait Accumulator: Value + Summed + casts::As<Self::Other> {
    type Other: Value;
}

macro_rules! accumulators {
    ($($A:ident -> $Other:ident;)*) => {
        $(impl Accumulator for $A {
            type Other = $Other;
        })*
    };
}
accumulators! {
    f32 -> f64;
    f64 -> f32;
    i8 -> i32;
    i16 -> i8;
    i32 -> f32;
    i64 -> i32;
    u8 -> u16;
    u16 -> u8;
    u32 -> f64;
    u64 -> i64;
}

pub(crate) fn summation(order: Order) -> Summation {
    match order {
        Order::Blocked => Summation::Blocked,
        Order::Sequential => Summation::Sequential,
        Order::Compensated => Summation::Compensated,
    }
}

/// `asked!(sum, options; with => call)` is the call on the sum `with` the options, `include_initial` left
/// out, as that is another type of sum. So is one without options: then they are not asked for at all.
macro_rules! asked {
    ($sum:expr, $options:expr; $with:ident => $call:expr) => {{
        if $options.are_none() {
            let $with = $sum.summation(summation($options.order));
            $call
        } else {
            let $with = with_options($sum, $options);
            $call
        }
    }};
}

/// The sum with the options, `include_initial` left out.
pub(crate) fn with_options<S: Operand, A: Element>(
    sum: Cumsum<S, As<A>>,
    options: &Options<A>,
) -> Cumsum<S, As<A>, SameLength> {
    let mut sum = sum.summation(summation(options.order)).options();
    if options.exclusive {
        sum = sum.exclusive();
    }
    if options.reverse {
        sum = sum.reverse();
    }
    if options.skip_nan {
        sum = sum.skip_nan();
    }
    if let Some(initial) = options.initial {
        sum = sum.initial(initial);
    }
    sum
}

pub(crate) fn to_vec<S: Operand, A: Accumulator>(
    sum: Cumsum<S, As<A>>,
    options: &Options<A>,
) -> Vec<A> {
    if options.include_initial {
        with_options(sum, options).include_initial().to_vec()
    } else {
        asked!(sum, options; sum => sum.to_vec())
    }
}

pub(crate) fn write_to<S: Operand, A: Accumulator, O: Output>(
    sum: Cumsum<S, As<A>>,
    options: &Options<A>,
    output: O,
) -> Result<(), Error> {
    if options.include_initial {
        with_options(sum, options).include_initial().write_to(output)
    } else {
        asked!(sum, options; sum => sum.write_to(output))
    }
}

pub(crate) fn in_place<S, A: Accumulator>(sum: Cumsum<S, As<A>>, options: &Options<A>)
where
    S: Operand<Element: Element> + Output<Element = <S as Operand>::Element>,
{
    assert!(!options.include_initial, "one sum more than elements");
    asked!(sum, options; sum => sum.in_place());
}

pub(crate) fn checked_to_vec<S: Operand, A: Accumulator>(
    sum: Cumsum<S, As<A>>,
    options: &Options<A>,
) -> Result<Vec<A>, Error> {
    if options.include_initial {
        with_options(sum, options).include_initial().checked().to_vec()
    } else {
        asked!(sum, options; sum => sum.checked().to_vec())
    }
}

pub(crate) fn checked_write_to<S: Operand, A: Accumulator, O: Output>(
    sum: Cumsum<S, As<A>>,
    options: &Options<A>,
    output: O,
) -> Result<(), Error> {
    if options.include_initial {
        with_options(sum, options).include_initial().checked().write_to(output)
    } else {
        asked!(sum, options; sum => sum.checked().write_to(output))
    }
}

pub(crate) fn checked_in_place<S, A: Accumulator>(
    sum: Cumsum<S, As<A>>,
    options: &Options<A>,
) -> Result<(), Error>
where
    S: Operand<Element: Element> + Output<Element = <S as Operand>::Element>,
{
    assert!(!options.include_initial, "one sum more than elements");
    asked!(sum, options; sum => sum.checked().in_place())
}

/// Each element cast to the other type.
pub(crate) fn cast_all<A: Accumulator>(sums: &[A]) -> Vec<A::Other> {
    sums.iter().map(|sum| casts::As::cast(*sum)).collect()
}

/// Elements that are never summed, on either side of what is.
const MARGIN: usize = 8;

/// Sums a slice with these options by each way of calling, on every backend. `expected` is what the
/// reference says, unless it is known without.
pub(crate) fn check_slice<T: Accumulator>(x: &[T], options: &Options<T>, expected: &[T]) {
    let others = cast_all(expected);
    let len = expected.len();
    // So that the slices begin at many distances from a multiple of 64 bytes.
    let margin = MARGIN + len % 5;
    for backend in Backend::available() {
        let stores = [Stores::Cached, Stores::Streamed][len % 2];
        let sum = cumsum(x).dtype::<T>().backend(backend);
        let what = format_args!("{backend}, {options:?}, to_vec");
        assert_same_bits(&to_vec(sum, options), expected, what);

        // Not zeros: a place that is skipped must show.
        let mut out = vec![guard::<T>(); len + 2 * margin];
        let what = format_args!("{backend}, {options:?}, {stores:?}, write_to");
        let result = write_to(sum.stores(stores), options, &mut out[margin..][..len]);
        assert_eq!(result, Ok(()), "{what}");
        assert_same_bits(&out[margin..][..len], expected, what);
        assert_guards(&out, margin, what);

        let mut out = vec![guard::<T::Other>(); len + 2 * margin];
        let what = format_args!("{backend}, {options:?}, {stores:?}, sums of {}", T::NAME);
        let result = write_to(sum.stores(stores), options, &mut out[margin..][..len]);
        assert_eq!(result, Ok(()), "{what}");
        assert_same_bits(&out[margin..][..len], &others, what);
        assert_guards(&out, margin, what);

        if !options.include_initial {
            let what = format_args!("{backend}, {options:?}, in_place");
            let mut data = vec![guard::<T>(); len + 2 * margin];
            data[margin..][..len].copy_from_slice(x);
            let sum = cumsum(&mut data[margin..][..len]).dtype::<T>().backend(backend);
            in_place(sum, options);
            assert_same_bits(&data[margin..][..len], expected, what);
            assert_guards(&data, margin, what);
        }
    }
}

#[track_caller]
fn assert_guards<T: Value>(memory: &[T], margin: usize, what: core::fmt::Arguments<'_>) {
    let (before, after) = (&memory[..margin], &memory[memory.len() - margin..]);
    let mut outside = before.iter().chain(after);
    let guard = guard::<T>().bits();
    assert!(outside.all(|x| x.bits() == guard), "{what}: {}: written outside", T::NAME);
}

/// An array in memory whose sums are asked for with options, and what the reference says about it.
pub(crate) struct Arrays<'a, T> {
    case: &'a Case<'a>,
    /// The input.
    from: Place,
    memory: Vec<T>,
    /// Its elements in C order.
    pub(crate) x: Vec<T>,
}

impl<'a, T: Accumulator> Arrays<'a, T> {
    /// `values` makes so many of a seed.
    pub(crate) fn new(case: &'a Case<'a>, values: impl Fn(u64, usize) -> Vec<T>) -> Self {
        let from = case.from.place(case.shape);
        let memory = values(from.len as u64, from.len);
        let x = from.gather(&memory);
        Self { case, from, memory, x }
    }

    /// The array of these elements in C order. None of them may share a place.
    pub(crate) fn of(case: &'a Case<'a>, x: Vec<T>) -> Self {
        let from = case.from.place(case.shape);
        let mut memory = vec![guard::<T>(); from.len];
        from.scatter(&x, &mut memory);
        Self { case, from, memory, x }
    }

    pub(crate) fn view(&self) -> View<'_, T> {
        self.from.view(&self.memory)
    }

    /// Where the sums go.
    pub(crate) fn to(&self, options: &Options<T>) -> Place {
        let Case { shape, axis, to, .. } = *self.case;
        let result = options.result_shape(shape, axis);
        if axis.is_some() && !shape.is_empty() {
            return to.place(&result);
        }
        // Without an axis the result is 1-d.
        let steps = vec![1 + shape.len() % 3];
        Style { order: vec![0], steps, reversed: to.reversed % 2, ..*to }.place(&result)
    }

    /// The array where it can be overwritten, and the memory around it.
    pub(crate) fn to_overwrite(&self) -> (Place, Vec<T>) {
        let at = self.case.to.place(self.case.shape);
        let mut data = vec![guard::<T>(); at.len];
        at.scatter(&self.x, &mut data);
        (at, data)
    }

    /// Sums with these options by each way of calling, on every backend.
    pub(crate) fn check(&self, options: &Options<T>) {
        let Case { shape, axis, .. } = *self.case;
        let sums = options.sums_along(&self.x, shape, axis);
        let to = self.to(options);
        let mut expected = vec![guard::<T>(); to.len];
        to.scatter(&sums, &mut expected);
        let mut others = vec![guard::<T::Other>(); to.len];
        to.scatter(&cast_all(&sums), &mut others);
        for backend in Backend::available() {
            let view = self.view();
            let sum = along(cumsum(&view).dtype::<T>(), axis_of(self.case)).backend(backend);
            let what = format_args!("{backend}, {options:?}, to_vec, {:?}", self.case);
            assert_same_bits(&to_vec(sum, options), &sums, what);

            let stores = [Stores::Cached, Stores::Streamed][self.memory.len() % 2];
            let sum = sum.stores(stores);
            let what =
                format_args!("{backend}, {options:?}, {stores:?}, write_to, {:?}", self.case);
            let mut out = vec![guard::<T>(); to.len];
            assert_eq!(write_to(sum, options, to.view_mut(&mut out)), Ok(()), "{what}");
            assert_same_bits(&out, &expected, what);

            let (name, case) = (T::NAME, self.case);
            let what = format_args!("{backend}, {options:?}, {stores:?}, sums of {name}, {case:?}");
            let mut out = vec![guard::<T::Other>(); to.len];
            assert_eq!(write_to(sum, options, to.view_mut(&mut out)), Ok(()), "{what}");
            assert_same_bits(&out, &others, what);

            if !options.include_initial {
                let what = format_args!("{backend}, {options:?}, in_place, {:?}", self.case);
                let (at, mut data) = self.to_overwrite();
                let mut expected = data.clone();
                at.scatter(&sums, &mut expected);
                let view = at.view_mut(&mut data);
                let sum = along(cumsum(view).dtype::<T>(), axis_of(self.case)).backend(backend);
                in_place(sum, options);
                assert_same_bits(&data, &expected, what);
            }
        }
    }
}

/// The axis as it is asked for: counted from the last as often as from the first.
pub(crate) fn axis_of(case: &Case<'_>) -> Option<isize> {
    let from_last = case.shape.iter().sum::<usize>() % 2;
    // A 0-d array has the axis 0.
    let ndim = case.shape.len().max(1);
    case.axis.map(|axis| axis as isize - (from_last * ndim) as isize)
}

/// `values` with a NaN in place of one in so many, of any sign and payload. Integers stay.
pub(crate) fn with_nans<T: Accumulator>(mut values: Vec<T>, seed: u64, one_in: u64) -> Vec<T> {
    for (x, bits) in values.iter_mut().zip(Random(seed)) {
        // All ones but for some low bits and the sign.
        let nan = T::from_bits((bits >> 60 | u64::MAX << 4) & !sign::<T>(bits));
        if bits % one_in == 0 && nan.is_nan() {
            *x = nan;
        }
    }
    values
}

/// The bit of the sign, for every other number.
fn sign<T>(bits: u64) -> u64 {
    (bits >> 40 & 1) << (8 * size_of::<T>() - 1)
}

/// What few additions make infinities, NaN and wraps of.
pub(crate) fn specials<T: Value>() -> Vec<T> {
    let mut values = T::EDGES.to_vec();
    if !T::EXACT {
        // The exponent all ones, and a NaN has digits too.
        let digits = if size_of::<T>() == 4 { 23 } else { 52 };
        let sign = 1 << (8 * size_of::<T>() - 1);
        let infinity = sign - (1 << digits);
        values.extend([infinity, infinity | sign, infinity + 1, u64::MAX].map(T::from_bits));
    }
    values
}

/// Values of a lane that tell the order of the additions even where they are compensated: of very
/// different sizes, most of which soon meet their opposites, so that what was lost beside them shows.
pub(crate) fn telling<T: Value>(seed: u64, len: usize) -> Vec<T> {
    let mut values = mixed::<T>(seed, len);
    if T::EXACT {
        return values;
    }
    let (digits, sizes) = if size_of::<T>() == 4 { (23, 64) } else { (52, 128) };
    let mut open: Vec<u64> = Vec::new();
    for (x, bits) in values.iter_mut().zip(Random(!seed)) {
        if bits % 5 < 3 && !open.is_empty() {
            let opposite = open.swap_remove((bits >> 32) as usize % open.len());
            *x = T::from_bits(opposite ^ 1 << (8 * size_of::<T>() - 1));
        } else {
            *x = T::from_bits(x.bits() + (((bits >> 8) % sizes) << digits));
            open.push(x.bits());
        }
    }
    values
}

/// An array in C order of lanes along an axis, or of one lane; `values` makes so many of a seed.
pub(crate) fn of_lanes<T: Accumulator>(
    shape: &[usize],
    axis: Option<usize>,
    mut values: impl FnMut(u64, usize) -> Vec<T>,
) -> Vec<T> {
    let mut x = vec![T::ZERO; shape.iter().product()];
    let lanes = match axis {
        Some(axis) => lanes(shape, axis),
        None => lanes(&[x.len()], 0),
    };
    for (number, lane) in (0..).zip(lanes) {
        for (at, value) in lane.iter().zip(values(number, lane.len())) {
            x[*at] = value;
        }
    }
    x
}
