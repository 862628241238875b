//! Complex numbers as elements of two components.

use num_complex::Complex;

use super::{Element, sealed};
use crate::number::Number;
use crate::order::BLOCK_BYTES;

macro_rules! complex {
    ($($T:ident)*) => {
        $(
            // SAFETY: `Complex` is `repr(C)` of two fields of the type.
            unsafe impl sealed::Stored for Complex<$T> {
                type Storage = $T;
                type Adder = $T;
                type WideAdder = f64;

                #[cfg(feature = "serde")]
                const SAVED_NAME: &'static str = concat!("Complex<", stringify!($T), ">");
                const COMPONENTS: usize = 2;

                #[inline(always)]
                fn to_components(self) -> [$T; 2] {
                    [self.re, self.im]
                }
                #[inline(always)]
                fn from_components([re, im]: [$T; 2]) -> Self {
                    Self { re, im }
                }
            }

            impl Element for Complex<$T> {
                const IDENTITY: Self = Self { re: -0.0, im: -0.0 };
                const EXACT: bool = false;
                const BLOCK: usize = BLOCK_BYTES / size_of::<$T>();

                #[inline(always)]
                fn plus(self, other: Self) -> Self {
                    Self { re: self.re + other.re, im: self.im + other.im }
                }
                #[inline(always)]
                fn plus_fits(self, _: Self) -> bool {
                    true
                }
                #[inline(always)]
                fn cast_from<T: Element>(x: T) -> Self {
                    let [re, im] = x.to_components().map(<$T as Number>::cast_from);
                    Self { re, im }
                }
            }
        )*
    };
}

complex!(f32 f64);
