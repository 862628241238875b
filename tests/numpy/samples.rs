//! What the tests that read `types.txt` and `options.txt` share: values in tables and their bits.

#![allow(dead_code)] // Each file that includes this one uses a part of it.

use core::fmt;
use std::str::FromStr;

use lanesum::{Element, Input, Summation};

/// All of them. Where no addition rounds, they are the same.
pub(crate) const SUMMATIONS: [Summation; 3] =
    [Summation::Blocked, Summation::Sequential, Summation::Compensated];

/// The summations that have NumPy's bits.
pub(crate) fn summations(exact: bool) -> impl Iterator<Item = Summation> {
    SUMMATIONS.into_iter().filter(move |summation| exact || *summation == Summation::Sequential)
}

/// An element as the tables write it.
pub(crate) trait Sample: Element + Input {
    /// The name of the type in the tables.
    const NAME: &'static str;

    fn parse(text: &str) -> Self;

    /// The bits, where every NaN has the same.
    fn bits(self) -> u128;

    /// What an output holds that is yet to be written: no sum of any table.
    fn filler() -> Self;
}

macro_rules! sample {
    ($($T:ident: $bits:expr, $filler:expr;)*) => {
        $(impl Sample for $T {
            const NAME: &'static str = stringify!($T);

            fn parse(text: &str) -> Self {
                // NumPy writes as many digits as tell the value from its neighbours.
                text.parse().unwrap_or_else(|_| panic!("no {}: {text}", Self::NAME))
            }
            fn bits(self) -> u128 {
                let bits: fn(Self) -> u128 = $bits;
                bits(self)
            }
            fn filler() -> Self {
                $filler
            }
        })*
    };
}
macro_rules! integers {
    ($($T:ident)*) => {
        sample! { $($T: |x| x as u128, 0x5a;)* }
    };
}
macro_rules! floats {
    ($($T:ident)*) => {
        sample! {
            $($T: |x| if x.is_nan() { $T::NAN } else { x }.to_bits().into(),
                $T::from_bits(0x5a5a);)*
        }
    };
}
sample! { bool: u128::from, true; }
integers!(i8 i16 i32 i64 u8 u16 u32 u64);
floats!(f32 f64);

#[cfg(feature = "half")]
mod halves {
    use half::f16;

    use super::Sample;

    floats!(f16);
}

#[cfg(feature = "complex")]
pub(crate) mod complex {
    use num_complex::Complex;

    use super::Sample;

    macro_rules! complex {
        ($($name:ident: $T:ident;)*) => {
            $(
                #[allow(non_camel_case_types, reason = "the name in the tables")]
                pub(crate) type $name = Complex<$T>;

                impl Sample for $name {
                    const NAME: &'static str = stringify!($name);

                    fn parse(text: &str) -> Self {
                        let (re, im) = text.split_once(',').expect("two parts");
                        Self { re: $T::parse(re), im: $T::parse(im) }
                    }
                    fn bits(self) -> u128 {
                        self.re.bits() << 64 | self.im.bits()
                    }
                    fn filler() -> Self {
                        Self { re: $T::filler(), im: $T::filler() }
                    }
                }
            )*
        };
    }
    complex! {
        c64: f32;
        c128: f64;
    }
}

/// `2,3`, or `()` for none.
pub(crate) fn numbers<T: FromStr>(text: &str) -> Vec<T> {
    let parse = |number: &str| number.parse().unwrap_or_else(|_| panic!("no number: {number}"));
    if text == "()" { vec![] } else { text.split(',').map(parse).collect() }
}

pub(crate) fn values<T: Sample>(text: &str) -> Vec<T> {
    text.split_whitespace().map(T::parse).collect()
}

/// What stands in a column, where `-` is nothing.
pub(crate) fn given(column: &'static str) -> Option<&'static str> {
    if column == "-" { None } else { Some(column) }
}

/// Asserts that the two have the same bits, where every NaN is the same as every other.
#[track_caller]
#[inline(never)] // Hundreds of callers, and each copy takes time to compile.
pub(crate) fn assert_same<T: Sample>(got: &[T], expected: &[T], what: fmt::Arguments<'_>) {
    assert_eq!(got.len(), expected.len(), "{what}: {}: the length", T::NAME);
    let differ = |(a, b): (&T, &T)| a.bits() != b.bits();
    if let Some(index) = got.iter().zip(expected).position(differ) {
        let show = |x: T| format!("{x:?} = {:#x}", x.bits());
        panic!(
            "{what}: {}, first difference at index {index}: got {}, expected {}\n got {got:?}",
            T::NAME,
            show(got[index]),
            show(expected[index]),
        );
    }
}
