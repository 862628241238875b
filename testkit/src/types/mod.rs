//! Every type that can be summed, as the tests see it: patterns of bits, values, and the sums that they have.

use core::fmt::Debug;
use core::num::Wrapping;

use lanesum::{Element, Input};

use crate::Exact;
use crate::reference::{Number, Options, Order};

#[cfg(feature = "complex")]
mod complex;
#[cfg(feature = "half")]
mod halves;

/// Types that are one word in the lists of macros.
pub mod names {
    #[cfg(feature = "half")]
    pub use half::{bf16, f16};

    #[cfg(feature = "complex")]
    pub use super::complex::{c64, c128};

    /// `Wrapping`.
    #[allow(non_camel_case_types, reason = "as the types of the language")]
    pub type w16 = core::num::Wrapping<i16>;
}

/// An element as the tests see it.
pub trait Typed: Element + Input + Debug {
    /// The name of the type, as NumPy's tables have it.
    const NAME: &'static str;

    /// Finite values at the ends of their kinds, of which few additions make infinities and wraps.
    const EDGES: &'static [Self];

    /// The pattern of an infinity, of each part, if there is one.
    const INFINITY: u64 = 0;

    /// Another type, to which sums of this one are written.
    type Other: Typed;

    /// The value with the low bits of `bits`; the upper half is that of an imaginary part.
    fn pattern(bits: u128) -> Self;

    /// What tells the value from others: all bits, but for NaN, of which there is one.
    fn bits(self) -> u128;

    /// A value such that sums of many depend on the order of the additions: a float of either sign, full
    /// of digits, between 2^-8 and 2^8; any integer.
    ///
    /// It is made of `bits` by integer operations alone, and so is the same everywhere. The golden
    /// checksums rest on it: it must not change.
    fn mixed(bits: u64) -> Self;

    /// The value.
    fn exact(self) -> Exact;

    /// The value as this type, by the rules of [`cast`](crate::cast()).
    fn of(x: Exact) -> Self;

    /// The value that a table of NumPy's has.
    fn parse(text: &str) -> Self;

    /// The sums of a lane.
    fn sums(options: &Options<Self>, x: &[Self]) -> Vec<Self>;

    /// The index of the first element whose addition leaves the type.
    fn overflow(options: &Options<Self>, x: &[Self]) -> Option<usize> {
        let _ = (options, x);
        None
    }

    /// The sums of a lane without options.
    fn plain_sums(order: Order, x: &[Self]) -> Vec<Self> {
        Self::sums(&Options::none(order), x)
    }

    /// Whether it is NaN, or a part of it is.
    fn is_nan(self) -> bool {
        self.exact().is_nan()
    }

    /// Both halves of the pattern from one number.
    fn any(bits: u64) -> Self {
        Self::pattern(u128::from(bits) | u128::from(bits.rotate_left(31)) << 64)
    }

    /// A NaN of any sign and digits, if there is one; of a number of two parts, at least often.
    fn nan(bits: u64) -> Self {
        let nan = u128::from(bits | Self::INFINITY | 1) | u128::from(bits) << 64;
        if Self::EXACT { Self::mixed(bits) } else { Self::pattern(nan) }
    }

    /// An infinity, zero or NaN of either sign, or any other value.
    fn special(bits: u64) -> Self {
        let sign = Self::INFINITY << 1 & !Self::INFINITY & bits;
        let two = |re: u64, im: u64| Self::pattern(u128::from(re) | u128::from(im) << 64);
        match bits % 4 {
            0 => Self::nan(bits),
            1 => two(Self::INFINITY | sign, sign),
            2 => two(sign, bits),
            _ => two(bits.rotate_left(17), bits.rotate_left(31)),
        }
    }

    /// Values of few bits, as other types can hold them.
    fn small(bits: u64) -> Self {
        Self::of(Exact::Integer((bits % 7).into()))
    }

    /// What a place holds that must not be written, and one that is yet to be.
    fn guard() -> Self {
        Self::pattern(u128::MAX / 0xff * 0xa4)
    }
}

macro_rules! floats {
    ($($T:ident $Bits:ident $bias:literal $infinity:literal $Other:ident;)*) => {
        $(impl Typed for $T {
            const NAME: &'static str = stringify!($T);
            const EDGES: &'static [Self] = &[
                -0.0, 0.0, 1.0, -1.0, $T::EPSILON, $T::MAX, -$T::MAX,
                $T::MIN_POSITIVE, -$T::MIN_POSITIVE, $T::from_bits(1), -$T::from_bits(1),
            ];
            const INFINITY: u64 = $infinity;
            type Other = $Other;

            fn pattern(bits: u128) -> Self {
                $T::from_bits(bits as $Bits)
            }
            fn bits(self) -> u128 {
                if $T::is_nan(self) { $T::NAN } else { self }.to_bits().into()
            }
            fn mixed(bits: u64) -> Self {
                const DIGITS: u32 = $T::MANTISSA_DIGITS - 1;
                let sign = (bits >> 63) as $Bits;
                let exponent = (bits >> 59 & 15) as $Bits + $bias - 8;
                let mantissa = bits as $Bits & ((1 << DIGITS) - 1);
                $T::from_bits(sign << ($Bits::BITS - 1) | exponent << DIGITS | mantissa)
            }
            fn exact(self) -> Exact {
                Exact::Float(self.into(), 0.0)
            }
            fn of(x: Exact) -> Self {
                x.to_primitive()
            }
            fn parse(text: &str) -> Self {
                text.parse().unwrap_or_else(|_| panic!("no {}: {text}", Self::NAME))
            }
            fn sums(options: &Options<Self>, x: &[Self]) -> Vec<Self> {
                options.sums(x)
            }
        })*
    };
}
floats! {
    f32 u32 127 0x7f80_0000 f64;
    f64 u64 1023 0x7ff0_0000_0000_0000 f32;
}

/// Every order of integers is a running sum. That the reference agrees is a test of its own.
fn in_sequence<T: Number>(options: &Options<T>) -> Options<T> {
    Options { order: Order::Sequential, ..*options }
}

macro_rules! integers {
    ($($T:ident $Bits:ident $Other:ident;)*) => {
        $(impl Typed for $T {
            const NAME: &'static str = stringify!($T);
            const EDGES: &'static [Self] = &[0, 1, $T::MIN, $T::MAX, !0];
            type Other = $Other;

            fn pattern(bits: u128) -> Self {
                bits as $T
            }
            fn bits(self) -> u128 {
                self as $Bits as u128
            }
            fn mixed(bits: u64) -> Self {
                // Of 128 bits the upper half is another number.
                let upper = bits.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                (u128::from(bits) | u128::from(upper) << 64) as $T
            }
            fn exact(self) -> Exact {
                i128::try_from(self).map_or(Exact::Large(self as u128), Exact::Integer)
            }
            fn of(x: Exact) -> Self {
                x.to_primitive()
            }
            fn parse(text: &str) -> Self {
                text.parse().unwrap_or_else(|_| panic!("no {}: {text}", Self::NAME))
            }
            fn sums(options: &Options<Self>, x: &[Self]) -> Vec<Self> {
                in_sequence(options).sums(x)
            }
            fn overflow(options: &Options<Self>, x: &[Self]) -> Option<usize> {
                options.overflow(x)
            }
        })*
    };
}
integers! {
    i8 u8 i32;
    i16 u16 i8;
    i32 u32 f32;
    i64 u64 i32;
    i128 u128 f64;
    u8 u8 u16;
    u16 u16 u8;
    u32 u32 f64;
    u64 u64 i64;
    u128 u128 u32;
}

impl Typed for bool {
    const NAME: &'static str = "bool";
    const EDGES: &'static [Self] = &[false, true];
    type Other = u8;

    fn pattern(bits: u128) -> Self {
        bits & 1 == 1
    }
    fn bits(self) -> u128 {
        self.into()
    }
    fn mixed(bits: u64) -> Self {
        // Seldom: after the first, nothing changes.
        bits >> 58 == 1
    }
    fn exact(self) -> Exact {
        Exact::Integer(self.into())
    }
    fn of(x: Exact) -> Self {
        // NaN is not zero.
        match x {
            Exact::Float(x, _) => x != 0.0,
            x => x != Exact::Integer(0),
        }
    }
    fn parse(text: &str) -> Self {
        text.parse().unwrap_or_else(|_| match text {
            "0" => false,
            "1" => true,
            _ => panic!("no bool: {text}"),
        })
    }
    fn small(bits: u64) -> Self {
        bits.is_multiple_of(50)
    }
    fn sums(options: &Options<Self>, x: &[Self]) -> Vec<Self> {
        in_sequence(options).sums(x)
    }
}

macro_rules! wrapping {
    ($($T:ident)*) => {
        $(impl Typed for Wrapping<$T> {
            const NAME: &'static str = concat!("Wrapping<", stringify!($T), ">");
            const EDGES: &'static [Self] =
                &[Self(0), Self(1), Self($T::MIN), Self($T::MAX), Self(!0)];
            type Other = $T;

            fn pattern(bits: u128) -> Self {
                Self(Typed::pattern(bits))
            }
            fn bits(self) -> u128 {
                Typed::bits(self.0)
            }
            fn mixed(bits: u64) -> Self {
                Self(Typed::mixed(bits))
            }
            fn exact(self) -> Exact {
                self.0.exact()
            }
            fn of(x: Exact) -> Self {
                Self(Typed::of(x))
            }
            fn parse(text: &str) -> Self {
                Self(Typed::parse(text))
            }
            fn sums(options: &Options<Self>, x: &[Self]) -> Vec<Self> {
                let x: Vec<$T> = x.iter().map(|x| x.0).collect();
                Typed::sums(&options.map(|x| x.0), &x).into_iter().map(Self).collect()
            }
        })*
    };
}
wrapping!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);
