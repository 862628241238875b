//! Casts as the documentation has them, and inputs to cast.
//!
//! `as` is written here, for concrete types, and no cast of the crate is used.

use lanesum::Input;

use super::{Value, elements, inputs, mixed};

/// `self as U`.
pub(crate) trait As<U>: Copy {
    fn cast(self) -> U;
}

macro_rules! casts_to {
    ($T:ident; $($U:ident)*) => {
        $(impl As<$U> for $T {
            fn cast(self) -> $U {
                self as $U
            }
        })*
    };
}
macro_rules! casts {
    (; bool $($T:ident)*) => {
        $(elements!(casts_to! $T);)*
        // `as` casts `bool` to integers alone.
        $(impl As<$T> for bool {
            fn cast(self) -> $T {
                u8::from(self) as $T
            }
        })*
    };
}
inputs!(casts!);

/// What is fed to the casts.
pub(crate) trait Source: Input {
    const NAME: &'static str;

    /// Two lanes of this length: one whose sums wrap, truncate and round, and one of anything at
    /// all, where casts saturate and NaN is 0.
    fn lanes(len: usize) -> [Vec<Self>; 2];
}

impl Source for bool {
    const NAME: &'static str = "bool";

    fn lanes(len: usize) -> [Vec<Self>; 2] {
        [1, 2].map(|seed| mixed::<u8>(seed, len).into_iter().map(|x| x % 2 == 1).collect())
    }
}

macro_rules! sources {
    (; $($T:ident)*) => {
        $(impl Source for $T {
            const NAME: &'static str = stringify!($T);

            fn lanes(len: usize) -> [Vec<Self>; 2] {
                let anything = mixed::<u64>(2, len).into_iter().map(<$T as Value>::from_bits);
                [mixed(1, len), anything.collect()]
            }
        })*
    };
}
elements!(sources!);
