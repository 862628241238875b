//! What the targets share: the types, values made of bytes, the reference, comparison to the bit.

use std::fmt;

use lanesum::{Element, Input, Summation};

#[path = "../../../tests/reference/mod.rs"]
pub(crate) mod reference;
use reference::Number;

#[derive(Clone, Copy)]
pub(crate) enum Values {
    /// The data as they are. Among floats, few additions go by before all is infinite or NaN.
    Raw,
    /// Floats of similar size, full of digits: each sum depends on the order of all its additions.
    Tame,
    /// Each byte chooses one of the values that are dealt with specially somewhere.
    Special,
}

/// What can be summed.
pub(crate) trait Source: Input {
    const NAME: &'static str;
    /// The value of these low bits.
    fn raw(bits: u64) -> Self;
    fn tame(bits: u64) -> Self;
    fn special(bits: u64) -> Self;
}

/// What can be summed in, and written.
pub(crate) trait Value: Source + Element + Number {
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

impl Values {
    /// So many values of these bytes, which are repeated as often as that needs.
    pub(crate) fn fill<I: Source>(self, data: &[u8], len: usize) -> Vec<I> {
        let size = match self {
            Self::Special => 1,
            Self::Raw | Self::Tame => size_of::<I>(),
        };
        let bytes = data.repeat((len * size).div_ceil(data.len()));
        let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, &x| word << 8 | u64::from(x));
        let words = bytes.chunks_exact(size).take(len).map(word);
        match self {
            Self::Raw => words.map(I::raw).collect(),
            // Of no period, so that blocks and chunks cannot be exchanged unnoticed.
            Self::Tame => {
                words.zip(0..).map(|(word, k)| I::tame(splitmix(word ^ k << 32))).collect()
            }
            Self::Special => words.map(I::special).collect(),
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

/// What a place holds that must not be written, and one that is yet to be.
pub(crate) fn other<T: Source>() -> T {
    T::raw(0xa5a5_a5a5_a5a5_a5a5)
}

/// What the reference makes of a lane.
pub(crate) fn sums<A: Number>(summation: Summation, x: &[A]) -> Vec<A> {
    match summation {
        Summation::Sequential => reference::sequential(x),
        _ => reference::blocked(x),
    }
}

/// Compares to the bit; every NaN is the same as every other.
pub(crate) fn compare<O: Value>(got: &[O], expected: &[O], what: fmt::Arguments<'_>) {
    let differ = |(a, b): (&O, &O)| a.bits() != b.bits() && !(a.is_nan() && b.is_nan());
    assert_eq!(got.len(), expected.len(), "{what}: the length");
    if let Some(index) = got.iter().zip(expected).position(differ) {
        panic!(
            "{what}, length {}, index {index}: got {:?} = {:#x}, expected {:?} = {:#x}",
            expected.len(),
            got[index],
            got[index].bits(),
            expected[index],
            expected[index].bits(),
        );
    }
}
