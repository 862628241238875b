//! The options of a sum, and the types that say whether it has any: [`Length`].

use lanesum_kernels::AnyValue;

/// The options of a sum: what was asked for besides the arrays, the types and the order of the additions.
///
/// (This type is public because it is in a trait that nobody outside can name.)
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub(crate) initial: Option<AnyValue>,
    pub(crate) exclusive: bool,
    pub(crate) include_initial: bool,
    pub(crate) reverse: bool,
    pub(crate) skip_nan: bool,
}

/// No options: as many sums as elements.
#[derive(Clone, Copy, Debug)]
pub struct Plain(());

/// Options with which there are as many sums as elements.
#[derive(Clone, Copy, Debug)]
pub struct SameLength(Options);

/// Options with which the result has one value more along the axis, the initial one, so that it does not fit the place
/// of the input.
#[derive(Clone, Copy, Debug)]
pub struct OneLonger(Options);

/// The options of a [`Cumsum`](crate::Cumsum), and how long its results are: a type parameter, so that a sum without
/// options does not look for them when it runs.
pub trait Length: sealed::Length {
    /// The type in place of this one after an option is added.
    type WithOptions: Length<WithOptions = Self::WithOptions>;
}

/// Results that have as many sums as there are elements, and can take their place.
pub trait InPlace: Length {}

impl Length for Plain {
    type WithOptions = SameLength;
}

impl Length for SameLength {
    type WithOptions = Self;
}

impl Length for OneLonger {
    type WithOptions = Self;
}

impl InPlace for Plain {}
impl InPlace for SameLength {}

pub(crate) mod sealed {
    use super::{OneLonger, Options, Plain, SameLength};

    pub trait Length: Copy {
        const HAS_OPTIONS: bool;

        fn of(options: Options) -> Self;
        fn options(self) -> Options;
    }

    impl Length for Plain {
        const HAS_OPTIONS: bool = false;

        #[inline(always)]
        fn of(_: Options) -> Self {
            Self(())
        }
        #[inline(always)]
        fn options(self) -> Options {
            Options::default()
        }
    }

    macro_rules! with_options {
        ($($L:ident)*) => {
            $(
                impl Length for $L {
                    const HAS_OPTIONS: bool = true;

                    #[inline(always)]
                    fn of(options: Options) -> Self {
                        Self(options)
                    }
                    #[inline(always)]
                    fn options(self) -> Options {
                        self.0
                    }
                }
            )*
        };
    }

    with_options!(SameLength OneLonger);
}
