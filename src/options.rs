//! The options of a sum, and the types that say whether it has any: [`Length`].

use lanesum_kernels::AnyValue;

/// What was asked of a sum, besides where and in which order.
///
/// (Public because it is in a trait that nobody outside can name.)
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

/// Options with which there is one sum more along the axis, the initial value: so there is no sum in place.
#[derive(Clone, Copy, Debug)]
pub struct OneLonger(Options);

/// The options of a [`Cumsum`](crate::Cumsum), and how long its results are: a type parameter, so that without options
/// nobody asks for them.
pub trait Length: sealed::Length {
    /// The length of results with an option.
    type WithOptions: Length<WithOptions = Self::WithOptions>;
}

/// The sums are as many as the elements, and can take their place.
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
