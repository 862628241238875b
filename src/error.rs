//! [`Error`]: what can be wrong with a call, with the numbers in it.

use alloc::boxed::Box;
use core::fmt;

use lanesum_kernels::BackendError;

/// Why a cumulative sum was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The axis does not exist.
    AxisOutOfBounds {
        /// The axis that was asked for.
        axis: isize,
        /// The number of dimensions of the input.
        ndim: usize,
    },
    /// The output does not have the shape of the result. It is as it was.
    ShapeMismatch {
        /// The shape of the result.
        expected: Box<[usize]>,
        /// The shape of the output.
        actual: Box<[usize]>,
    },
    /// No backend of this name on this CPU.
    Backend(BackendError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AxisOutOfBounds { axis, ndim } => {
                write!(f, "axis {axis} is out of bounds for array of dimension {ndim}")
            }
            Self::ShapeMismatch { expected, actual } => {
                let (expected, actual) = (Shape(expected), Shape(actual));
                write!(f, "output of shape {actual} cannot hold a result of shape {expected}")
            }
            Self::Backend(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Error {}

impl From<BackendError> for Error {
    fn from(error: BackendError) -> Self {
        Self::Backend(error)
    }
}

/// A shape as NumPy writes it: `()`, `(3,)`, `(2, 3)`.
struct Shape<'a>(&'a [usize]);

impl fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [extent] => write!(f, "({extent},)"),
            extents => {
                f.write_str("(")?;
                for (k, extent) in extents.iter().enumerate() {
                    write!(f, "{}{extent}", if k == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn shapes_are_written_as_numpy_writes_them() {
        for (shape, text) in [(&[][..], "()"), (&[3], "(3,)"), (&[2, 3], "(2, 3)")] {
            assert_eq!(Shape(shape).to_string(), text);
        }
    }
}
