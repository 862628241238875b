//! Every type that can be summed, those of 128 bits and of two parts too.
//!
//! What the sums are is said in terms of the reference, which knows plain numbers: a sum of `f16` is one of `f32`
//! that is rounded, one of complex numbers is one of either part.

#![allow(dead_code)] // Each test uses a part of it.

use core::fmt;
use core::num::Wrapping;

use lanesum::{Backend, Element, Input};

use crate::common::reference::Number;
use crate::common::reference::options::{Options, Order, Summed, sequential_from};
use crate::common::{Random, Value};

/// A type as these tests see it: values made of random bits, and the sums that they have.
pub(crate) trait Typed: Element + Input {
    const NAME: &'static str;

    /// As [`Value::mixed`]: sums of many floats depend on the order of the additions.
    fn mixed(bits: u64) -> Self;

    /// Any pattern of bits.
    fn any(bits: [u64; 2]) -> Self;

    /// The pattern of an infinity, of each part, if there is one.
    const INFINITY: u64 = 0;

    /// A NaN of any sign and digits, if there is one; of a number of two parts, at least often.
    fn nan(bits: u64) -> Self {
        if Self::EXACT { Self::mixed(bits) } else { Self::any([bits | Self::INFINITY | 1, bits]) }
    }

    /// An infinity, zero or NaN of either sign, or any other value.
    fn special(bits: u64) -> Self {
        let sign = Self::INFINITY << 1 & !Self::INFINITY & bits;
        match bits % 4 {
            0 => Self::nan(bits),
            1 => Self::any([Self::INFINITY | sign, sign]),
            2 => Self::any([sign, bits]),
            _ => Self::any([bits.rotate_left(17), bits.rotate_left(31)]),
        }
    }

    /// What tells it from others: all bits, but for NaN, of which there is one.
    fn bits(self) -> [u64; 2];

    /// What the reference makes of a lane.
    fn sums(options: &Options<Self>, x: &[Self]) -> Vec<Self>;

    /// Values of few bits, as other types can hold them.
    fn small(bits: u64) -> Self {
        Self::cast_from((bits % 7) as u8)
    }
}

macro_rules! values {
    ($($T:ident $infinity:literal;)*) => {
        $(impl Typed for $T {
            const NAME: &'static str = stringify!($T);
            const INFINITY: u64 = $infinity;

            fn mixed(bits: u64) -> Self {
                Value::mixed(bits)
            }
            fn any([bits, _]: [u64; 2]) -> Self {
                Value::from_bits(bits)
            }
            fn bits(self) -> [u64; 2] {
                if Value::is_nan(self) { [u64::MAX; 2] } else { [Value::bits(self), 0] }
            }
            fn sums(options: &Options<Self>, x: &[Self]) -> Vec<Self> {
                options.sums(x)
            }
        })*
    };
}
values! {
    f32 0x7f80_0000;
    f64 0x7ff0_0000_0000_0000;
    i8 0;
    i16 0;
    i32 0;
    i64 0;
    u8 0;
    u16 0;
    u32 0;
    u64 0;
}

/// Types of which the reference adds one to the other: sums are the same in any order.
macro_rules! exact {
    ($($T:ident: $zero:expr, $a:ident $b:ident => $plus:expr, $bits:ident => $any:expr, $to:expr;)*) => {
        $(
            impl Number for $T {
                const BLOCK: usize = 1;
                const IDENTITY: Self = $zero;
                fn plus(self, $b: Self) -> Self {
                    let $a = self;
                    $plus
                }
            }

            impl Summed for $T {
                const ZERO: Self = $zero;
                const RANGE: Option<(i128, i128)> = None;
                fn integer(self) -> i128 {
                    panic!("{self:?} may not fit")
                }
                fn without_nan(self) -> Self {
                    self
                }
                fn compensated_from(offset: Self, x: &[Self]) -> Vec<Self> {
                    sequential_from(offset, x)
                }
            }

            impl Typed for $T {
                const NAME: &'static str = stringify!($T);

                fn mixed(bits: u64) -> Self {
                    Self::any([bits, bits.wrapping_mul(0x9e37_79b9_7f4a_7c15)])
                }
                fn any($bits: [u64; 2]) -> Self {
                    $any
                }
                fn bits(self) -> [u64; 2] {
                    let to: fn($T) -> [u64; 2] = $to;
                    to(self)
                }
                fn sums(options: &Options<Self>, x: &[Self]) -> Vec<Self> {
                    options.sums(x)
                }
            }
        )*
    };
}
exact! {
    i128: 0, a b => a.wrapping_add(b), bits => u128::any(bits) as i128, |x| Typed::bits(x as u128);
    u128: 0, a b => a.wrapping_add(b), bits => u128::from(bits[0]) << 64 | u128::from(bits[1]),
        |x| [(x >> 64) as u64, x as u64];
    bool: false, a b => a | b, bits => bits[0] >> 58 == 1, |x| [x.into(), 0];
}

/// The same options of another type.
pub(crate) fn options_of<A: Copy, B>(options: &Options<A>, value: impl Fn(A) -> B) -> Options<B> {
    let Options { exclusive, include_initial, initial, reverse, skip_nan, order } = *options;
    let initial = initial.map(value);
    Options { exclusive, include_initial, initial, reverse, skip_nan, order }
}

macro_rules! wrapping {
    ($($T:ident)*) => {
        $(impl Typed for Wrapping<$T> {
            const NAME: &'static str = concat!("Wrapping<", stringify!($T), ">");

            fn mixed(bits: u64) -> Self {
                Self(Typed::mixed(bits))
            }
            fn any(bits: [u64; 2]) -> Self {
                Self(Typed::any(bits))
            }
            fn bits(self) -> [u64; 2] {
                Typed::bits(self.0)
            }
            fn sums(options: &Options<Self>, x: &[Self]) -> Vec<Self> {
                let x: Vec<$T> = x.iter().map(|x| x.0).collect();
                let sums = Typed::sums(&options_of(options, |x| x.0), &x);
                sums.into_iter().map(Self).collect()
            }
        })*
    };
}
wrapping!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);

#[cfg(feature = "half")]
pub(crate) mod halves {
    use half::{bf16, f16};

    use super::*;
    use crate::common::reference::options::blocked_from;

    /// A float of two bytes.
    pub(crate) trait Half: Typed {
        /// The digits, and the exponents of the least value that is not zero and of the first that is too large.
        const FORMAT: (i32, i32, i32);

        /// A value of this type.
        fn of(x: f32) -> Self;
    }

    impl Half for f16 {
        const FORMAT: (i32, i32, i32) = (11, -24, 16);
        fn of(x: f32) -> Self {
            f16::from_f32(x)
        }
    }

    impl Half for bf16 {
        const FORMAT: (i32, i32, i32) = (8, -133, 128);
        fn of(x: f32) -> Self {
            bf16::from_f32(x)
        }
    }

    /// The nearest value, or of the two nearest the even one. No cast of the crate `half` rounds here.
    pub(crate) fn rounded<T: Half>(x: f64) -> T {
        if x.is_nan() {
            return T::of(f32::NAN);
        }
        let (sign, size) = (1f64.copysign(x), x.abs().to_bits());
        let digits = size & ((1 << 52) - 1);
        // x = significand * 2^exponent
        let (significand, exponent) = match (size >> 52) as i32 {
            0 => (digits, -1074),
            exponent => (digits | 1 << 52, exponent - 1075),
        };
        T::of((sign * nearest::<T>(significand.into(), exponent)) as f32)
    }

    /// The same of an integer.
    pub(crate) fn rounded_integer<T: Half>(x: i128) -> T {
        let size = nearest::<T>(x.unsigned_abs(), 0);
        T::of(if x < 0 { -size } else { size } as f32)
    }

    fn nearest<T: Half>(significand: u128, exponent: i32) -> f64 {
        let (digits, least, most) = T::FORMAT;
        let above = 128 - significand.leading_zeros() as i32 + exponent;
        if significand == 0 || above > most {
            return if significand == 0 { 0.0 } else { f64::INFINITY };
        }
        // The exponent of the last digit.
        let last = least.max(above - digits);
        let times = |units: u128| units as f64 * f64::from_bits(((last + 1023) as u64) << 52);
        let shift = last - exponent;
        if shift <= 0 {
            return times(significand << -shift);
        }
        if shift > 127 {
            return 0.0;
        }
        let (units, rest, half) =
            (significand >> shift, significand & ((1 << shift) - 1), 1 << (shift - 1));
        let up = rest > half || rest == half && units % 2 == 1;
        let size = times(units + u128::from(up));
        if size >= 2f64.powi(most) { f64::INFINITY } else { size }
    }

    macro_rules! halves {
        ($($T:ident $infinity:literal;)*) => {
            $(
                /// A running sum of its own type.
                impl Number for $T {
                    const BLOCK: usize = 1;
                    const IDENTITY: Self = $T::NEG_ZERO;
                    fn plus(self, other: Self) -> Self {
                        rounded(f64::from(self) + f64::from(other))
                    }
                }

                impl Summed for $T {
                    const ZERO: Self = $T::ZERO;
                    const RANGE: Option<(i128, i128)> = None;
                    fn integer(self) -> i128 {
                        panic!("{self:?} is no integer")
                    }
                    fn without_nan(self) -> Self {
                        if self.is_nan() { $T::ZERO } else { self }
                    }
                    fn compensated_from(offset: Self, x: &[Self]) -> Vec<Self> {
                        let x: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
                        blocked_from(f64::from(offset), &x).into_iter().map(rounded).collect()
                    }
                }

                impl Typed for $T {
                    const NAME: &'static str = stringify!($T);
                    const INFINITY: u64 = $infinity;

                    fn mixed(bits: u64) -> Self {
                        // Further apart, as they have fewer digits: from 2^-12 to 2^8.
                        let unit = [1.0, 0.0625][bits as usize % 2];
                        rounded(unit * f64::from(<f32 as Value>::mixed(bits)))
                    }
                    fn any([bits, _]: [u64; 2]) -> Self {
                        $T::from_bits(bits as u16)
                    }
                    fn bits(self) -> [u64; 2] {
                        if self.is_nan() { [u64::MAX; 2] } else { [self.to_bits().into(), 0] }
                    }
                    fn sums(options: &Options<Self>, x: &[Self]) -> Vec<Self> {
                        if options.order != Order::Blocked {
                            return options.sums(x);
                        }
                        let x: Vec<f32> = x.iter().map(|x| f32::from(*x)).collect();
                        let sums = options_of(options, f32::from).sums(&x);
                        sums.into_iter().map(|sum| rounded(sum.into())).collect()
                    }
                }
            )*
        };
    }
    halves! {
        f16 0x7c00;
        bf16 0x7f80;
    }
}

#[cfg(feature = "complex")]
mod complex {
    use num_complex::Complex;

    use super::*;

    macro_rules! complex {
        ($($T:ident)*) => {
            $(impl Typed for Complex<$T> {
                const NAME: &'static str = concat!("Complex<", stringify!($T), ">");
                const INFINITY: u64 = <$T as Typed>::INFINITY;

                fn mixed(bits: u64) -> Self {
                    Self { re: Value::mixed(bits), im: Value::mixed(!bits.rotate_left(29)) }
                }
                fn any([re, im]: [u64; 2]) -> Self {
                    Self { re: Value::from_bits(re), im: Value::from_bits(im) }
                }
                fn bits(self) -> [u64; 2] {
                    [Typed::bits(self.re)[0], Typed::bits(self.im)[0]]
                }
                fn sums(options: &Options<Self>, x: &[Self]) -> Vec<Self> {
                    // NaN is a number of which either part is, as in NumPy.
                    let skipped = |x: &Self| options.skip_nan && (x.re.is_nan() || x.im.is_nan());
                    let values = |x: &Self| if skipped(x) { Self::ZERO } else { *x };
                    let re: Vec<$T> = x.iter().map(|x| values(x).re).collect();
                    let im: Vec<$T> = x.iter().map(|x| values(x).im).collect();
                    let re = options_of(options, |x| x.re).sums(&re);
                    let im = options_of(options, |x| x.im).sums(&im);
                    re.into_iter().zip(im).map(|(re, im)| Self { re, im }).collect()
                }
            })*
        };
    }
    complex!(f32 f64);
}

/// `len` values of [`Typed::mixed`].
pub(crate) fn mixed<T: Typed>(seed: u64, len: usize) -> Vec<T> {
    Random(seed).take(len).map(T::mixed).collect()
}

/// Mostly those, and one in so many of another kind.
pub(crate) fn with<T: Typed>(
    other: fn(u64) -> T,
    (seed, len, one_in): (u64, usize, u64),
) -> Vec<T> {
    let value = |bits: u64| match bits % one_in {
        0 => other(bits.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)),
        _ => T::mixed(bits),
    };
    Random(seed).take(len).map(value).collect()
}

/// What a place holds that must not be written, and one that is yet to be.
pub(crate) fn guard<T: Typed>() -> T {
    T::any([0xa5a5_a5a5_a5a5_a5a5; 2])
}

/// Asserts that the two have the same bits, where every NaN is the same as every other.
#[track_caller]
pub(crate) fn assert_same<T: Typed>(got: &[T], expected: &[T], what: fmt::Arguments<'_>) {
    let (name, len) = (T::NAME, expected.len());
    assert_eq!(got.len(), len, "{what}: {name}: the length");
    let differ = |(a, b): (&T, &T)| a.bits() != b.bits();
    if let Some(index) = got.iter().zip(expected).position(differ) {
        let show = |x: T| format!("{x:?} = {:#x?}", x.bits());
        panic!(
            "{what}: {name}, length {len}, first difference at index {index}: got {}, expected {}",
            show(got[index]),
            show(expected[index]),
        );
    }
}

/// Random choices.
pub(crate) struct Dice(pub(crate) Random);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Random(seed))
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next().expect("endless")
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.bits() >> 32) as usize % n
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    pub(crate) fn backend(&mut self) -> Backend {
        let backends: Vec<Backend> = Backend::available().collect();
        self.of(&backends)
    }

    /// A lane to be summed with these options. Where NaN is skipped, it often has no other special value.
    pub(crate) fn lane<T: Typed>(&mut self, len: usize, options: &Options<T>) -> Vec<T> {
        let len_or = |least: u64| least.max(len as u64);
        if options.skip_nan && !self.one_in(4) {
            return with(T::nan, (self.bits(), len, self.of(&[5, 50, len_or(500)])));
        }
        // After one of them there may be nothing but NaN: so there are none in some, and few in the others.
        with(T::special, (self.bits(), len, self.of(&[len_or(50) / 4, len_or(50), u64::MAX])))
    }

    /// Any options.
    pub(crate) fn options<A: Typed>(&mut self) -> Options<A> {
        Options {
            exclusive: self.one_in(3),
            include_initial: self.one_in(3),
            initial: self.one_in(2).then(|| A::mixed(self.bits())),
            reverse: self.one_in(3),
            skip_nan: self.one_in(3),
            order: self.of(&Order::ALL),
        }
    }
}

pub(crate) fn plain<A>(order: Order) -> Options<A> {
    let (exclusive, include_initial, initial) = (false, false, None);
    Options { exclusive, include_initial, initial, reverse: false, skip_nan: false, order }
}

/// The sums of each lane of an array in C order, along an axis or flattened, and their shape. (There may be more
/// sums than elements.)
pub(crate) fn sums_along<T: Copy, A: Copy>(
    x: &[T],
    shape: &[usize],
    axis: Option<usize>,
    sums: &dyn Fn(&[T]) -> Vec<A>,
) -> (Vec<A>, Vec<usize>) {
    let Some(axis) = axis else {
        let sums = sums(x);
        let len = sums.len();
        return (sums, vec![len]);
    };
    let (extent, after) = (shape[axis], shape[axis + 1..].iter().product::<usize>());
    let mut shape = shape.to_vec();
    shape[axis] = sums(&[]).len() + extent;
    let outer: usize = shape[..axis].iter().product();
    let mut out = Vec::new();
    for row in 0..outer {
        let lane = |k| (0..extent).map(move |i| x[(row * extent + i) * after + k]);
        let lanes: Vec<Vec<A>> = (0..after).map(|k| sums(&lane(k).collect::<Vec<T>>())).collect();
        out.extend((0..shape[axis]).flat_map(|i| lanes.iter().map(move |lane| lane[i])));
    }
    (out, shape)
}
