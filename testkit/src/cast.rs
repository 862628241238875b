//! Casts as the documentation has them, by way of a value that holds each element exactly.
//!
//! The casts are those of the crate `num-traits` and no cast of `lanesum` is used.

use num_traits::AsPrimitive;

use crate::Typed;

/// The value of an element of any type, exactly. NaN has no payload.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Exact {
    /// An integer that `i128` holds.
    Integer(i128),
    /// A greater one.
    Large(u128),
    /// A float, or the two parts of a complex number.
    Float(f64, f64),
}

impl Exact {
    /// The value as a primitive number, by `as`: that of the real part.
    pub fn to_primitive<T: Copy + 'static>(self) -> T
    where
        i128: AsPrimitive<T>,
        u128: AsPrimitive<T>,
        f64: AsPrimitive<T>,
    {
        match self {
            Self::Integer(x) => x.as_(),
            Self::Large(x) => x.as_(),
            Self::Float(x, _) => x.as_(),
        }
    }

    /// The real part and the imaginary one.
    pub fn parts<T: Copy + 'static>(self) -> [T; 2]
    where
        i128: AsPrimitive<T>,
        u128: AsPrimitive<T>,
        f64: AsPrimitive<T>,
    {
        let im = if let Self::Float(_, im) = self { im } else { 0.0 };
        [self.to_primitive(), im.as_()]
    }

    /// Whether it is NaN, or a part of it is.
    pub fn is_nan(self) -> bool {
        matches!(self, Self::Float(re, im) if re.is_nan() || im.is_nan())
    }

    /// The value of an element that is an integer of at most 64 bits, or a sum of few of them.
    #[track_caller]
    pub fn integer(self) -> i128 {
        let Self::Integer(x) = self else { panic!("{self:?} is no integer of at most 64 bits") };
        x
    }
}

/// `x as U`, with saturation, and zero for NaN. To `bool` it is `x != 0`, of complex numbers to others the
/// real part.
pub fn cast<T: Typed, U: Typed>(x: T) -> U {
    U::of(x.exact())
}

/// [`cast`] of each.
pub fn cast_all<T: Typed, U: Typed>(x: &[T]) -> Vec<U> {
    x.iter().map(|x| cast(*x)).collect()
}
