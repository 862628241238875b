//! Complex numbers, each part of which is summed as if alone.

use num_complex::Complex;

use crate::reference::Options;
use crate::{Exact, Typed};

macro_rules! complex {
    ($($name:ident: $T:ident, $Other:ident, $doc:literal;)*) => {
        $(
            #[doc = $doc]
            #[allow(non_camel_case_types, reason = "NumPy's name, as those of the language")]
            pub type $name = Complex<$T>;

            impl Typed for $name {
                const NAME: &'static str = stringify!($name);
                const EDGES: &'static [Self] = &[
                    Self { re: -0.0, im: 0.0 },
                    Self { re: 1.0, im: -0.0 },
                    Self { re: $T::MAX, im: $T::EPSILON },
                    Self { re: -1.0, im: -$T::MAX },
                    Self { re: $T::MIN_POSITIVE, im: $T::from_bits(1) },
                ];
                const INFINITY: u64 = <$T as Typed>::INFINITY;
                type Other = $Other;

                fn pattern(bits: u128) -> Self {
                    Self { re: Typed::pattern(bits), im: Typed::pattern(bits >> 64) }
                }
                fn bits(self) -> u128 {
                    Typed::bits(self.re) | Typed::bits(self.im) << 64
                }
                fn mixed(bits: u64) -> Self {
                    Self { re: Typed::mixed(bits), im: Typed::mixed(!bits.rotate_left(29)) }
                }
                fn exact(self) -> Exact {
                    Exact::Float(self.re.into(), self.im.into())
                }
                fn of(x: Exact) -> Self {
                    let [re, im] = x.parts();
                    Self { re, im }
                }
                fn parse(text: &str) -> Self {
                    let (re, im) = text.split_once(',').expect("two parts");
                    Self { re: Typed::parse(re), im: Typed::parse(im) }
                }
                /// NaN is a number of which either part is, as in NumPy.
                fn sums(options: &Options<Self>, x: &[Self]) -> Vec<Self> {
                    let skipped = |x: &Self| options.skip_nan && x.is_nan();
                    let value = |x: &Self| if skipped(x) { Self::ZERO } else { *x };
                    let re: Vec<$T> = x.iter().map(|x| value(x).re).collect();
                    let im: Vec<$T> = x.iter().map(|x| value(x).im).collect();
                    let re = options.map(|x| x.re).sums(&re);
                    let im = options.map(|x| x.im).sums(&im);
                    re.into_iter().zip(im).map(|(re, im)| Self { re, im }).collect()
                }
            }
        )*
    };
}
complex! {
    c64: f32, c128, "A complex number of two `f32`.";
    c128: f64, f64, "A complex number of two `f64`.";
}
