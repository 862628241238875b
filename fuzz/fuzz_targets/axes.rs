//! Fuzzes sums of arrays: any shape, strides, axis, types and backend, against the reference.
//!
//! The first bytes of an input choose the call, the next ones each axis, the others are the data; every
//! input is valid. Each array ends where its allocation ends, and often begins there too.

#![no_main]

use lanesum::{Backend, Cumsum, Error, Operand, Stores, Summation, View, ViewMut, cumsum};
use libfuzzer_sys::fuzz_target;

mod values;
use values::reference::{CHUNK, axes};
use values::{Source, Value, Values, compare, other, sums};

fuzz_target!(|bytes: &[u8]| {
    let mut header = [0; 6];
    let (chosen, rest) = bytes.split_at(bytes.len().min(header.len()));
    header[..chosen.len()].copy_from_slice(chosen);
    let [call, backend, how, ndim, axis, margins] = header;

    let ndim = usize::from(ndim % 7);
    let (chosen, data) = rest.split_at(rest.len().min(5 * ndim));
    let mut per_axis = chosen.to_vec();
    per_axis.resize(5 * ndim, 0);
    let per_axis: &[[u8; 5]] = per_axis.as_chunks().0;

    if how & 1 == 1 {
        return judge(per_axis, [call, backend, axis, margins]);
    }
    // Seldom more than a chunk: those take a hundred times as long.
    let shape = shape(per_axis, if margins < 250 { 1500 } else { 3 * CHUNK });
    let input = Style { order: 1, kind: 2, margin: usize::from(margins % 8), overlaps: true };
    let output = Style { order: 3, kind: 4, margin: usize::from(margins / 8 % 8), overlaps: false };
    // From -ndim to ndim; the last is none.
    let axis = isize::from(axis) % (2 * ndim.max(1) as isize + 1) - ndim.max(1) as isize;
    // One choice more than there are backends: that of the crate.
    let choices = Backend::available().count() + 1;
    let case = Case {
        backend: Backend::available().nth(usize::from(backend) % choices),
        summation: [Summation::Blocked, Summation::Sequential][usize::from(how >> 1 & 1)],
        stores: [Stores::Cached, Stores::Streamed][usize::from(how >> 7)],
        values: [Values::Raw, Values::Tame, Values::Special][usize::from(how >> 2 & 31) % 3],
        axis: Some(axis).filter(|axis| *axis < ndim.max(1) as isize),
        from: input.place(&shape, per_axis),
        to: output.place(&shape, per_axis),
        shape,
        data: if data.is_empty() { &[0] } else { data },
    };
    CALLS[usize::from(call) % CALLS.len()](&case);
});

/// Extents that multiply to so many at most.
fn shape(per_axis: &[[u8; 5]], mut left: usize) -> Vec<usize> {
    let extent = |&[extent, ..]: &[u8; 5]| {
        let wanted = match usize::from(extent) {
            small @ 0..64 => small % 10,
            some @ 64..192 => some % 35,
            many @ 192..248 => many - 120,
            around_a_chunk @ 248..252 => CHUNK - 250 + around_a_chunk,
            long => 2 * CHUNK + long * 16,
        };
        let extent = wanted.min(left);
        left /= extent.max(1);
        extent
    };
    per_axis.iter().map(extent).collect()
}

/// Where the elements of an array lie in a slice.
#[derive(Debug)]
struct Place {
    offset: usize,
    strides: Vec<isize>,
    /// The length of the slice.
    len: usize,
}

/// How the bytes of the axes make strides.
struct Style {
    /// Which byte has the place of an axis in the order of the strides.
    order: usize,
    /// Which byte says whether it is stepped or reversed, repeated, or a window of the next.
    kind: usize,
    margin: usize,
    /// Whether elements may be in several places of the array.
    overlaps: bool,
}

impl Style {
    fn place(&self, shape: &[usize], per_axis: &[[u8; 5]]) -> Place {
        let mut order: Vec<usize> = (0..shape.len()).rev().collect();
        order.sort_by_key(|axis| per_axis[*axis][self.order]);
        let (mut offset, mut next, mut last) = (self.margin, 1, self.margin);
        let mut strides = vec![0; shape.len()];
        // Every step of six axes would make gaps of most of the memory.
        let mut spare = 8;
        for axis in order {
            let kind = usize::from(per_axis[axis][self.kind]);
            if self.overlaps && kind % 16 == 15 {
                continue;
            }
            let step = spare.min([1, 1, 1, 1, 1, 2, 3, 4][kind / 16 % 8]);
            spare /= step;
            next *= step;
            let reach = shape[axis].saturating_sub(1) * next;
            last += reach;
            strides[axis] = next as isize;
            if kind >= 128 {
                offset += reach;
                strides[axis] *= -1;
            }
            if !self.overlaps || kind % 16 != 14 {
                next *= shape[axis].max(1);
            }
            next += [0, 0, 0, 1][kind % 4];
        }
        let len = if shape.contains(&0) { self.margin } else { last + 1 };
        Place { offset, strides, len }
    }
}

/// A call, but for its types.
struct Case<'a> {
    backend: Option<Backend>,
    summation: Summation,
    stores: Stores,
    values: Values,
    axis: Option<isize>,
    shape: Vec<usize>,
    from: Place,
    to: Place,
    /// Repeated as often as the array needs.
    data: &'a [u8],
}

impl Case<'_> {
    fn ask<S: Operand, D>(&self, sum: Cumsum<S, D>) -> Cumsum<S, D> {
        let sum = match self.axis {
            Some(axis) => sum.axis(axis).expect("an axis"),
            None => sum,
        };
        let sum = sum.summation(self.summation).stores(self.stores);
        match self.backend {
            Some(backend) => sum.backend(backend),
            None => sum,
        }
    }

    /// The elements' places, in C order.
    fn positions(&self, place: &Place) -> Vec<usize> {
        axes::positions(place.offset, &self.shape, &place.strides)
    }

    /// The sums of elements in C order.
    fn expected<A: Value>(&self, x: &[A]) -> Vec<A> {
        let ndim = self.shape.len();
        let axis = self.axis.filter(|_| ndim > 0);
        let axis = axis.map(|axis| axis.rem_euclid(ndim as isize) as usize);
        axes::cumsum(x, &self.shape, axis, |lane| sums(self.summation, lane))
    }

    /// The shape of the result, and a place for it: that of the output, but for another shape.
    fn result(&self) -> (Vec<usize>, Place) {
        let Place { offset, ref strides, len } = self.to;
        if self.axis.is_some() && !self.shape.is_empty() {
            return (self.shape.clone(), Place { offset, strides: strides.clone(), len });
        }
        let extent: usize = self.shape.iter().product();
        let stride = 1 + len % 3;
        let (len, strides) = (extent.saturating_sub(1) * stride + 1, vec![-(stride as isize)]);
        (vec![extent], Place { offset: len - 1, strides, len })
    }

    fn compare<I: Source, A: Value, O: Value>(&self, way: &str, got: &[O], expected: &[O]) {
        let types = [I::NAME, A::NAME, O::NAME];
        let backend = self.backend.map_or("default backend", Backend::name);
        let Self { summation, stores, axis, shape, from, to, .. } = self;
        compare(
            got,
            expected,
            format_args!(
                "{types:?}, {way}, {backend}, {summation:?}, {stores:?}, shape {shape:?}, axis {axis:?}, \
                 {from:?}, {to:?}"
            ),
        );
    }
}

/// `write_to`, by whichever call. What the sums leave alone is compared as well.
fn write_to<I: Source, A: Value, O: Value>(
    case: &Case<'_>,
    way: &str,
    cast_in: fn(I) -> A,
    cast_out: fn(A) -> O,
    call: impl FnOnce(View<'_, I>, ViewMut<'_, O>),
) {
    let input = case.values.fill::<I>(case.data, case.from.len).into_boxed_slice();
    let x = case.positions(&case.from).into_iter().map(|at| cast_in(input[at]));
    let expected = case.expected(&x.collect::<Vec<A>>());

    let (shape, place) = case.result();
    let mut output = vec![other::<O>(); place.len].into_boxed_slice();
    let mut after = output.clone();
    let positions = axes::positions(place.offset, &shape, &place.strides);
    for (at, sum) in positions.into_iter().zip(expected) {
        after[at] = cast_out(sum);
    }
    let Place { offset, strides, .. } = &case.from;
    let view = View::with_strides(&input, *offset, &case.shape, strides).expect("a view");
    let Place { offset, strides, .. } = &place;
    let out = ViewMut::with_strides(&mut output, *offset, &shape, strides).expect("a view");
    call(view, out);
    case.compare::<I, A, O>(way, &output, &after);
}

/// `in_place`, by whichever call.
fn in_place<T: Value, A: Value>(
    case: &Case<'_>,
    cast_in: fn(T) -> A,
    cast_out: fn(A) -> T,
    call: impl FnOnce(ViewMut<'_, T>),
) {
    let mut data = case.values.fill::<T>(case.data, case.to.len).into_boxed_slice();
    let positions = case.positions(&case.to);
    let x = positions.iter().map(|at| cast_in(data[*at]));
    let expected = case.expected(&x.collect::<Vec<A>>());
    let mut after = data.clone();
    for (at, sum) in positions.into_iter().zip(expected) {
        after[at] = cast_out(sum);
    }
    let Place { offset, strides, .. } = &case.to;
    call(ViewMut::with_strides(&mut data, *offset, &case.shape, strides).expect("a view"));
    case.compare::<T, A, T>("in_place", &data, &after);
}

/// `to_vec`, by whichever call.
fn to_vec<I: Source, A: Value>(
    case: &Case<'_>,
    cast: fn(I) -> A,
    call: impl FnOnce(View<'_, I>) -> Vec<A>,
) {
    let input = case.values.fill::<I>(case.data, case.from.len).into_boxed_slice();
    let x = case.positions(&case.from).into_iter().map(|at| cast(input[at]));
    let expected = case.expected(&x.collect::<Vec<A>>());
    let Place { offset, strides, .. } = &case.from;
    let view = View::with_strides(&input, *offset, &case.shape, strides).expect("a view");
    case.compare::<I, A, A>("to_vec", &call(view), &expected);
}

/// Shapes, strides and offsets that need not fit, against sums that cannot overflow.
fn judge(per_axis: &[[u8; 5]], [offset, how, len, _]: [u8; 4]) {
    // Small numbers, and some from both ends.
    let number = |byte: u8| match byte {
        0..200 => u64::from(byte % 12),
        200..220 => i64::MIN as u64 + u64::from(byte % 3),
        220..240 => i64::MAX as u64 >> (byte % 4),
        _ => u64::from(byte).wrapping_sub(256),
    };
    let signed = |byte: u8, negative: u8| match negative % 3 {
        0 => (number(byte) as isize).wrapping_neg(),
        _ => number(byte) as isize,
    };
    let shape: Vec<usize> = per_axis.iter().map(|bytes| number(bytes[0]) as usize).collect();
    let strides: Vec<isize> = per_axis.iter().map(|bytes| signed(bytes[1], bytes[2])).collect();
    let offset = if how % 8 == 0 { number(offset) as usize } else { usize::from(offset) };
    let mut data = vec![0x5au8; usize::from(len)];

    let size = shape.iter().filter(|extent| **extent != 0).try_fold(1i128, |size, extent| {
        Some(size * *extent as i128).filter(|size| *size <= isize::MAX as i128)
    });
    let reach = |backwards: bool| {
        let axes = shape.iter().zip(&strides).filter(|(_, stride)| (**stride < 0) == backwards);
        // Six axes of 2^128 would overflow even these.
        axes.map(|(extent, stride)| (*extent as i128 - 1).saturating_mul(*stride as i128))
            .fold(offset as i128, |sum, reach| sum.saturating_add(reach))
    };
    let inside = shape.contains(&0) || reach(true) >= 0 && reach(false) < data.len() as i128;
    let view = View::with_strides(&data, offset, &shape, &strides);
    match (size, inside) {
        (None, _) => {
            assert_eq!(view.expect_err("too large"), Error::TooLarge { shape: shape[..].into() })
        }
        (Some(_), false) => assert!(matches!(view, Err(Error::OutOfBounds { .. })), "{view:?}"),
        (Some(_), true) => assert_eq!(view.expect("a view").shape(), shape),
    }

    let fits = size.is_some() && inside;
    match ViewMut::with_strides(&mut data, offset, &shape, &strides) {
        Ok(view) => {
            assert!(fits, "{view:?}");
            let small = view.len() <= 256;
            assert!(small, "more elements than places: {view:?}");
            let mut positions = axes::positions(offset, &shape, &strides);
            let x = cumsum(&view).dtype::<u8>().to_vec();
            cumsum(view).in_place();
            for (sum, at) in x.iter().zip(&positions) {
                assert_eq!(data[*at], *sum);
            }
            positions.sort_unstable();
            assert!(positions.windows(2).all(|pair| pair[0] < pair[1]), "{shape:?}, {strides:?}");
        }
        Err(Error::Overlap { .. }) => assert!(fits),
        Err(_) => assert!(!fits, "{shape:?}, {strides:?}"),
    }
}

/// The calls: how, and the types of input, accumulator and output.
macro_rules! calls {
    ($($way:ident $I:ident $A:ident $O:ident;)*) => {
        &[$(calls!(@ $way $I $A $O)),*]
    };
    (@ write_to $I:ident $A:ident $O:ident) => {
        |case| {
            let call = |x: View<'_, $I>, y: ViewMut<'_, $O>| {
                case.ask(cumsum(x).dtype::<$A>()).write_to(y).expect("the same shape");
            };
            write_to::<$I, $A, $O>(case, "write_to with dtype", |x| x as $A, |y| y as $O, call);
        }
    };
    (@ promoted $I:ident $A:ident $O:ident) => {
        |case| {
            let call = |x: View<'_, $I>, y: ViewMut<'_, $O>| {
                case.ask(cumsum(x)).write_to(y).expect("the same shape");
            };
            write_to::<$I, $A, $O>(case, "write_to", |x| x as $A, |y| y as $O, call);
        }
    };
    (@ in_place $I:ident $A:ident $O:ident) => {
        |case| {
            let call = |x: ViewMut<'_, $I>| case.ask(cumsum(x).dtype::<$A>()).in_place();
            in_place::<$I, $A>(case, |x| x as $A, |y| y as $O, call);
        }
    };
    (@ to_vec $I:ident $A:ident $O:ident) => {
        |case| to_vec::<$I, $A>(case, |x| x as $A, |x| case.ask(cumsum(x).dtype::<$A>()).to_vec())
    };
}

/// `write_to` and `to_vec` take a dtype, `promoted` is the same without.
const CALLS: &[fn(&Case<'_>)] = calls! {
    write_to f32 f32 f32;
    write_to f64 f64 f64;
    write_to i8 i8 i8;
    write_to i16 i16 i16;
    write_to i32 i32 i32;
    write_to i64 i64 i64;
    write_to u8 u8 u8;
    write_to u16 u16 u16;
    write_to u32 u32 u32;
    write_to u64 u64 u64;
    in_place f32 f32 f32;
    in_place f64 f64 f64;
    in_place i8 i8 i8;
    in_place i16 i16 i16;
    in_place u32 u32 u32;
    in_place u64 u64 u64;
    in_place f32 f64 f32;
    in_place f64 i32 f64;
    in_place u8 u64 u8;
    to_vec f32 f32 f32;
    to_vec f64 i64 i64;
    to_vec bool u8 u8;
    write_to i8 i64 i64;
    write_to u8 f32 f32;
    write_to f32 f64 f32;
    write_to f64 f32 i32;
    write_to u16 f32 i8;
    write_to bool u16 f32;
    promoted f32 f32 f32;
    promoted f64 f64 f32;
    promoted i8 i16 u8;
    promoted i32 f64 f32;
    promoted u32 i64 i16;
};
