//! What the integration tests share: the types, inputs that show a wrong order, comparison to the bit.

#![allow(dead_code, unused_imports, unused_macros)] // Each test uses a part of it.

use core::fmt;

use lanesum::{Element, Input, Summation};

pub(crate) mod casts;
pub(crate) mod options;
#[path = "../reference/mod.rs"]
pub(crate) mod reference;
pub(crate) mod strided;

use reference::options::Summed;
pub(crate) use reference::{CHUNK, Number};

/// The elements that a sum with casts takes at a time. No promise: a length worth testing around.
pub(crate) const PIECE: usize = 1024;

pub(crate) const SUMMATIONS: [Summation; 2] = [Summation::Blocked, Summation::Sequential];

/// `elements!(name! a b c)` is `name! { a b c; f32 f64 i8 .. }`: with all types that can be summed in.
macro_rules! elements {
    ($name:ident! $($before:tt)*) => {
        $name! { $($before)*; f32 f64 i8 i16 i32 i64 u8 u16 u32 u64 }
    };
}
pub(crate) use elements;

/// `inputs!(name! a b c)` is `name! { a b c; bool f32 f64 .. }`: with all types that can be summed.
macro_rules! inputs {
    ($name:ident! $($before:tt)*) => {
        $name! { $($before)*; bool f32 f64 i8 i16 i32 i64 u8 u16 u32 u64 }
    };
}
pub(crate) use inputs;

/// An element as the tests see it: a pattern of bits with a name.
pub(crate) trait Value: Element + Input + Number + Summed {
    const NAME: &'static str;

    /// Finite values at the ends of their kinds, of which few additions make infinities and wraps.
    const EDGES: &'static [Self];

    /// The value with the low bits of `bits`.
    fn from_bits(bits: u64) -> Self;

    fn bits(self) -> u64;

    /// The bytes, the same on machines of either byte order.
    fn le_bytes(self) -> impl AsRef<[u8]>;

    /// A value such that sums of many depend on the order of the additions: a float of either sign,
    /// full of digits, between 2^-8 and 2^8; any integer.
    ///
    /// It is made of `bits` by integer operations alone, and so is the same everywhere. The golden
    /// checksums rest on it: it must not change.
    fn mixed(bits: u64) -> Self;

    fn is_nan(self) -> bool;

    /// What the reference makes of `x`.
    fn expected(summation: Summation, x: &[Self]) -> Vec<Self> {
        match summation {
            // Every order of integers is this one. That the reference agrees is a test of its own.
            _ if Self::EXACT => reference::sequential(x),
            Summation::Blocked => reference::blocked(x),
            Summation::Sequential => reference::sequential(x),
            Summation::Compensated => Self::compensated_from(<Self as Number>::IDENTITY, x),
            other => panic!("the reference knows no {other:?}"),
        }
    }

    /// What the reference makes of an array in C order, along an axis or flattened.
    fn expected_along(
        summation: Summation,
        x: &[Self],
        shape: &[usize],
        axis: Option<usize>,
    ) -> Vec<Self> {
        reference::axes::cumsum(x, shape, axis, |lane| Self::expected(summation, lane))
    }
}

macro_rules! floats {
    ($($T:ident $Bits:ident $bias:literal;)*) => {
        $(impl Value for $T {
            const NAME: &'static str = stringify!($T);

            const EDGES: &'static [Self] = &[
                -0.0, 0.0, 1.0, -1.0, $T::EPSILON, $T::MAX, -$T::MAX,
                $T::MIN_POSITIVE, -$T::MIN_POSITIVE, $T::from_bits(1), -$T::from_bits(1),
            ];

            fn from_bits(bits: u64) -> Self {
                $T::from_bits(bits as $Bits)
            }
            fn bits(self) -> u64 {
                self.to_bits().into()
            }
            fn le_bytes(self) -> impl AsRef<[u8]> {
                self.to_le_bytes()
            }
            fn mixed(bits: u64) -> Self {
                const DIGITS: u32 = $T::MANTISSA_DIGITS - 1;
                let sign = (bits >> 63) as $Bits;
                let exponent = (bits >> 59 & 15) as $Bits + $bias - 8;
                let mantissa = bits as $Bits & ((1 << DIGITS) - 1);
                $T::from_bits(sign << ($Bits::BITS - 1) | exponent << DIGITS | mantissa)
            }
            fn is_nan(self) -> bool {
                $T::is_nan(self)
            }
        })*
    };
}
floats! {
    f32 u32 127;
    f64 u64 1023;
}

macro_rules! integers {
    ($($T:ident $Bits:ident;)*) => {
        $(impl Value for $T {
            const NAME: &'static str = stringify!($T);

            const EDGES: &'static [Self] = &[0, 1, $T::MIN, $T::MAX, !0];

            fn from_bits(bits: u64) -> Self {
                bits as $T
            }
            fn bits(self) -> u64 {
                (self as $Bits).into()
            }
            fn le_bytes(self) -> impl AsRef<[u8]> {
                self.to_le_bytes()
            }
            fn mixed(bits: u64) -> Self {
                bits as $T
            }
            fn is_nan(self) -> bool {
                false
            }
        })*
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

/// Sebastiano Vigna's splitmix64: all the randomness that the tests need.
pub(crate) struct Random(pub(crate) u64);

impl Iterator for Random {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        Some(z ^ z >> 31)
    }
}

/// `len` values of [`Value::mixed`]. No two blocks are alike, so that a swap of blocks shows.
pub(crate) fn mixed<T: Value>(seed: u64, len: usize) -> Vec<T> {
    Random(seed).take(len).map(T::mixed).collect()
}

/// Asserts that the two have the same bits, where every NaN is the same as every other.
#[track_caller]
#[inline(never)] // Hundreds of callers, and each copy takes time to compile.
pub(crate) fn assert_same_bits<T: Value>(got: &[T], expected: &[T], what: fmt::Arguments<'_>) {
    let (name, len) = (T::NAME, expected.len());
    assert_eq!(got.len(), len, "{what}: {name}: the length");
    let differ = |(a, b): (&T, &T)| a.bits() != b.bits() && !(a.is_nan() && b.is_nan());
    if let Some(index) = got.iter().zip(expected).position(differ) {
        let width = 2 + 2 * size_of::<T>();
        let show = |x: T| format!("{x:?} = {:#0width$x}", x.bits());
        panic!(
            "{what}: {name}, length {len}, first difference at index {index}: got {}, expected {}",
            show(got[index]),
            show(expected[index]),
        );
    }
}
