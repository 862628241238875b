//! Fuzzes sums of one lane: any bits, types, backend, length and alignment, against the reference.
//!
//! The first bytes of an input choose the call, the others are the data; every input is valid. Each
//! slice ends where its allocation ends, so that AddressSanitizer sees whatever reaches beyond.

#![no_main]

use lanesum::{Backend, Cumsum, Operand, Stores, Summation, cumsum};
use libfuzzer_sys::fuzz_target;

mod values;
use values::reference::CHUNK;
use values::{Source, Value, Values, compare, other, sums};

fuzz_target!(|bytes: &[u8]| {
    let mut header = [0; 7];
    let (chosen, data) = bytes.split_at(bytes.len().min(header.len()));
    header[..chosen.len()].copy_from_slice(chosen);
    let [call, backend, how, from, to, length, extra] = header;

    // One choice more than there are backends: that of the crate.
    let choices = Backend::available().count() + 1;
    let case = Case {
        backend: Backend::available().nth(usize::from(backend) % choices),
        summation: [Summation::Blocked, Summation::Sequential][usize::from(how & 1)],
        stores: [Stores::Cached, Stores::Streamed][usize::from(how >> 7)],
        values: [Values::Raw, Values::Tame, Values::Special][usize::from(how >> 1 & 63) % 3],
        from: usize::from(from % 8),
        to: usize::from(to % 8),
        length,
        extra,
        data: if data.is_empty() { &[0] } else { data },
    };
    CALLS[usize::from(call) % CALLS.len()](&case);
});

/// A call, but for its types.
struct Case<'a> {
    backend: Option<Backend>,
    summation: Summation,
    stores: Stores,
    values: Values,
    /// The elements before the input and before the output in their allocations.
    from: usize,
    to: usize,
    /// These two make the length.
    length: u8,
    extra: u8,
    /// Repeated as often as the length needs.
    data: &'a [u8],
}

impl Case<'_> {
    /// The length, seldom long: the long ones take a hundred times as long.
    fn len(&self, size: usize) -> usize {
        let (length, extra) = (usize::from(self.length), usize::from(self.extra));
        match length {
            // As long as the data.
            0..96 => self.data.len() / size,
            // Up to a few blocks.
            96..224 => extra,
            // Up to a quarter of a chunk.
            224..240 => length % 16 * 256 + extra,
            // Around one, two or three chunks.
            240..252 => (1 + length % 3) * CHUNK + extra - 128,
            // Up to three chunks.
            252.. => (length % 4 * 256 + extra) * 48,
        }
    }

    fn input<I: Source>(&self) -> Vec<I> {
        self.values.fill(self.data, self.len(size_of::<I>()))
    }

    fn ask<S: Operand, D>(&self, sum: Cumsum<S, D>) -> Cumsum<S, D> {
        let sum = sum.summation(self.summation).stores(self.stores);
        match self.backend {
            Some(backend) => sum.backend(backend),
            None => sum,
        }
    }

    fn compare<I: Source, A: Value, O: Value>(&self, way: &str, got: &[O], expected: &[O]) {
        let types = [I::NAME, A::NAME, O::NAME];
        let backend = self.backend.map_or("default backend", Backend::name);
        let Self { summation, stores, from, to, .. } = self;
        compare(
            got,
            expected,
            format_args!(
                "{types:?}, {way}, {backend}, {summation:?}, {stores:?}, offsets {from} and {to}"
            ),
        );
    }
}

/// An allocation of its own that ends with these values, after `before` others.
fn placed<T: Copy>(before: usize, other: T, values: &[T]) -> Box<[T]> {
    let mut memory = vec![other; before + values.len()].into_boxed_slice();
    memory[before..].copy_from_slice(values);
    memory
}

/// `write_to`, by whichever call, between two allocations.
fn write_to<I: Source, A: Value, O: Value>(
    case: &Case<'_>,
    way: &str,
    cast_in: fn(I) -> A,
    cast_out: fn(A) -> O,
    call: impl FnOnce(&[I], &mut [O]),
) {
    let x = case.input::<I>();
    let cast: Vec<A> = x.iter().copied().map(cast_in).collect();
    let expected: Vec<O> = sums(case.summation, &cast).into_iter().map(cast_out).collect();

    let other = other::<O>();
    let input = placed(case.from, I::raw(0), &x);
    let mut output = placed(case.to, other, &vec![other; x.len()]);
    call(&input[case.from..], &mut output[case.to..]);
    case.compare::<I, A, O>(way, &output[case.to..], &expected);
    assert!(output[..case.to].iter().all(|y| y.bits() == other.bits()), "{way} before the output");
}

/// `in_place`, by whichever call, at the end of an allocation.
fn in_place<T: Value, A: Value>(
    case: &Case<'_>,
    cast_in: fn(T) -> A,
    cast_out: fn(A) -> T,
    call: impl FnOnce(&mut [T]),
) {
    let x = case.input::<T>();
    let cast: Vec<A> = x.iter().copied().map(cast_in).collect();
    let expected: Vec<T> = sums(case.summation, &cast).into_iter().map(cast_out).collect();

    let other = other::<T>();
    let mut data = placed(case.from, other, &x);
    call(&mut data[case.from..]);
    case.compare::<T, A, T>("in_place", &data[case.from..], &expected);
    assert!(data[..case.from].iter().all(|y| y.bits() == other.bits()), "in_place before the data");
}

/// `to_vec`, by whichever call.
fn to_vec<I: Source, A: Value>(
    case: &Case<'_>,
    cast: fn(I) -> A,
    call: impl FnOnce(&[I]) -> Vec<A>,
) {
    let x = case.input::<I>();
    let expected = sums(case.summation, &x.iter().copied().map(cast).collect::<Vec<A>>());
    let input = placed(case.from, I::raw(0), &x);
    case.compare::<I, A, A>("to_vec", &call(&input[case.from..]), &expected);
}

/// The calls: how, and the types of input, accumulator and output.
macro_rules! calls {
    ($($way:ident $I:ident $A:ident $O:ident;)*) => {
        &[$(calls!(@ $way $I $A $O)),*]
    };
    (@ write_to $I:ident $A:ident $O:ident) => {
        |case| {
            let call = |x: &[$I], y: &mut [$O]| {
                case.ask(cumsum(x).dtype::<$A>()).write_to(y).expect("equal lengths");
            };
            write_to::<$I, $A, $O>(case, "write_to with dtype", |x| x as $A, |y| y as $O, call);
        }
    };
    (@ promoted $I:ident $A:ident $O:ident) => {
        |case| {
            let call = |x: &[$I], y: &mut [$O]| {
                case.ask(cumsum(x)).write_to(y).expect("equal lengths");
            };
            write_to::<$I, $A, $O>(case, "write_to", |x| x as $A, |y| y as $O, call);
        }
    };
    (@ in_place $I:ident $A:ident $O:ident) => {
        |case| {
            let call = |x: &mut [$I]| case.ask(cumsum(x).dtype::<$A>()).in_place();
            in_place::<$I, $A>(case, |x| x as $A, |y| y as $O, call);
        }
    };
    (@ to_vec $I:ident $A:ident $O:ident) => {
        |case| to_vec::<$I, $A>(case, |x| x as $A, |x| case.ask(cumsum(x).dtype::<$A>()).to_vec())
    };
    (@ summed $I:ident $A:ident $O:ident) => {
        |case| to_vec::<$I, $A>(case, |x| x as $A, |x| case.ask(cumsum(x)).to_vec())
    };
}

/// `write_to` and `to_vec` take a dtype, `promoted` and `summed` are the same without.
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
    in_place i32 i32 i32;
    in_place i64 i64 i64;
    in_place u8 u8 u8;
    in_place u64 u64 u64;
    in_place f32 f64 f32;
    in_place f64 f32 f64;
    in_place f64 i32 f64;
    in_place i16 f32 i16;
    in_place u8 u64 u8;
    in_place i64 u64 i64;
    to_vec f32 f32 f32;
    to_vec f64 f64 f64;
    to_vec f64 i64 i64;
    to_vec i64 u64 u64;
    to_vec i32 f64 f64;
    to_vec bool u8 u8;
    summed bool i64 i64;
    summed i8 i64 i64;
    summed i16 i64 i64;
    summed i32 i64 i64;
    summed u8 u64 u64;
    summed u16 u64 u64;
    summed u32 u64 u64;
    summed f32 f32 f32;
    summed f64 f64 f64;
    write_to i8 i64 i64;
    write_to i32 i64 i64;
    write_to f32 f64 f32;
    write_to f64 f32 f32;
    write_to f64 f32 i32;
    write_to f32 i32 u8;
    write_to i64 i16 f64;
    write_to u16 f32 i8;
    write_to bool u16 f32;
    promoted bool i8 i8;
    promoted f32 f32 f32;
    promoted f64 f64 f64;
    promoted f64 f64 f32;
    promoted f64 f64 i64;
    promoted f32 f64 i32;
    promoted i8 i8 i8;
    promoted i8 i16 u8;
    promoted i32 f64 f32;
    promoted i64 f64 u64;
    promoted u32 i64 i16;
};
