//! Fuzzes sums of one lane: any bits, types, backend, length and alignment, against the reference.
//!
//! The first bytes of an input choose the call, the others are the data; every input is valid. Each
//! slice ends where its allocation ends, so that AddressSanitizer sees whatever reaches beyond.

#![no_main]

use lanesum::{Backend, Cumsum, Element, Input, Operand, Summation, cumsum};
use libfuzzer_sys::fuzz_target;

#[path = "../../tests/reference/mod.rs"]
mod reference;
use reference::{CHUNK, Number};

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
        values: [Values::Raw, Values::Tame, Values::Special][usize::from(how >> 1) % 3],
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

#[derive(Clone, Copy)]
enum Values {
    /// The data as they are. Among floats, few additions go by before all is infinite or NaN.
    Raw,
    /// Floats of similar size, full of digits: each sum depends on the order of all its additions.
    Tame,
    /// Each byte chooses one of the values that are dealt with specially somewhere.
    Special,
}

/// What can be summed.
trait Source: Input {
    const NAME: &'static str;
    /// The value of these low bits.
    fn raw(bits: u64) -> Self;
    fn tame(bits: u64) -> Self;
    fn special(bits: u64) -> Self;
}

/// What can be summed in, and written.
trait Value: Source + Element + Number {
    fn bits(self) -> u64;
    fn is_nan(self) -> bool;
}

macro_rules! integers {
    ($($T:ident $Bits:ident;)*) => {
        $(
            impl Source for $T {
                const NAME: &'static str = stringify!($T);
                fn raw(bits: u64) -> Self {
                    bits as $T
                }
                fn tame(bits: u64) -> Self {
                    bits as $T
                }
                fn special(bits: u64) -> Self {
                    [0, 1, $T::MAX, $T::MIN][bits as usize % 4]
                }
            }
            impl Value for $T {
                fn bits(self) -> u64 {
                    (self as $Bits).into()
                }
                fn is_nan(self) -> bool {
                    false
                }
            }
        )*
    };
}
integers! {
    i8 u8;
    i16 u16;
    i32 u32;
    i64 u64;
    u8 u8;
    u16 u16;
    u32 u32;
    u64 u64;
}

macro_rules! floats {
    ($($T:ident $Bits:ident $bias:literal;)*) => {
        $(
            impl Source for $T {
                const NAME: &'static str = stringify!($T);
                fn raw(bits: u64) -> Self {
                    $T::from_bits(bits as $Bits)
                }
                fn tame(bits: u64) -> Self {
                    // The sign and the digits as they are, the exponent between -8 and 7.
                    const DIGITS: u32 = $T::MANTISSA_DIGITS - 1;
                    const EXPONENT: $Bits = $Bits::MAX >> 1 >> DIGITS << DIGITS;
                    let bits = bits as $Bits;
                    let exponent = ((bits & EXPONENT) >> DIGITS) % 16 + $bias - 8;
                    $T::from_bits(bits & !EXPONENT | exponent << DIGITS)
                }
                fn special(bits: u64) -> Self {
                    [
                        0.0,
                        1.0,
                        1.0 + $T::EPSILON,
                        $T::EPSILON / 2.0,
                        $T::MIN_POSITIVE,
                        $T::from_bits(1),
                        $T::MAX,
                        // Infinity and NaN are rare, for they end all that follows.
                        [1e10, 1e-10, 3.0, $T::INFINITY, 0.1, 0.2, 0.3, $T::NAN]
                            [bits as usize >> 4 & 7],
                    ][bits as usize & 7]
                        * if bits & 8 == 0 { 1.0 } else { -1.0 }
                }
            }
            impl Value for $T {
                fn bits(self) -> u64 {
                    self.to_bits().into()
                }
                fn is_nan(self) -> bool {
                    $T::is_nan(self)
                }
            }
        )*
    };
}
floats! {
    f32 u32 127;
    f64 u64 1023;
}

impl Source for bool {
    const NAME: &'static str = "bool";
    fn raw(bits: u64) -> Self {
        bits & 1 == 1
    }
    fn tame(bits: u64) -> Self {
        Self::raw(bits)
    }
    fn special(bits: u64) -> Self {
        Self::raw(bits)
    }
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
        let size = match self.values {
            Values::Special => 1,
            Values::Raw | Values::Tame => size_of::<I>(),
        };
        let len = self.len(size_of::<I>());
        let bytes = self.data.repeat((len * size).div_ceil(self.data.len()));
        let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, &x| word << 8 | u64::from(x));
        let words = bytes.chunks_exact(size).take(len).map(word);
        match self.values {
            Values::Raw => words.map(I::raw).collect(),
            // Of no period, so that blocks and chunks cannot be exchanged unnoticed.
            Values::Tame => {
                words.zip(0..).map(|(word, k)| I::tame(splitmix(word ^ k << 32))).collect()
            }
            Values::Special => words.map(I::special).collect(),
        }
    }

    /// What the reference makes of the input.
    fn expected<A: Number>(&self, x: &[A]) -> Vec<A> {
        match self.summation {
            Summation::Sequential => reference::sequential(x),
            _ => reference::blocked(x),
        }
    }

    fn ask<S: Operand, D>(&self, sum: Cumsum<S, D>) -> Cumsum<S, D> {
        let sum = sum.summation(self.summation);
        match self.backend {
            Some(backend) => sum.backend(backend),
            None => sum,
        }
    }

    /// Compares to the bit; every NaN is the same as every other.
    fn compare<I: Source, A: Value, O: Value>(&self, way: &str, got: &[O], expected: &[O]) {
        let differ = |(a, b): (&O, &O)| a.bits() != b.bits() && !(a.is_nan() && b.is_nan());
        assert_eq!(got.len(), expected.len(), "{way}: the length");
        if let Some(index) = got.iter().zip(expected).position(differ) {
            panic!(
                "{} summed in {} to {}, {way}, {}, {:?}, offsets {} and {}, length {}, index {index}: \
                 got {:?} = {:#x}, expected {:?} = {:#x}",
                I::NAME,
                A::NAME,
                O::NAME,
                self.backend.map_or("default backend", Backend::name),
                self.summation,
                self.from,
                self.to,
                expected.len(),
                got[index],
                got[index].bits(),
                expected[index],
                expected[index].bits(),
            );
        }
    }
}

/// Sebastiano Vigna's splitmix64, its last step.
fn splitmix(word: u64) -> u64 {
    let z = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
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
    let expected: Vec<O> = case.expected(&cast).into_iter().map(cast_out).collect();

    let other = O::raw(0xa5a5_a5a5_a5a5_a5a5);
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
    let expected: Vec<T> = case.expected(&cast).into_iter().map(cast_out).collect();

    let other = T::raw(0xa5a5_a5a5_a5a5_a5a5);
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
    let expected = case.expected(&x.iter().copied().map(cast).collect::<Vec<A>>());
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
