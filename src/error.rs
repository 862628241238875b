//! [`Error`]: what can be wrong with a call, with the numbers in it.

use alloc::boxed::Box;
use core::fmt;

use lanesum_kernels::{BackendError, NoChunks};

/// The most dimensions of a view: NumPy's limit.
pub(crate) const MAX_NDIM: usize = 64;

/// Why a cumulative sum was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The axis does not exist.
    AxisOutOfBounds {
        /// The axis that was asked for.
        axis: isize,
        /// The number of dimensions of the input. A 0-d input counts as 1-d, as in NumPy.
        ndim: usize,
    },
    /// The output does not have the shape of the result. Nothing was written to it.
    ShapeMismatch {
        /// The shape of the result.
        expected: Box<[usize]>,
        /// The shape of the output.
        actual: Box<[usize]>,
    },
    /// The shape has more dimensions than a view can have.
    TooManyDimensions {
        /// The number that was asked for.
        ndim: usize,
    },
    /// The extents, but for those of zero, multiply to more than `isize::MAX`.
    TooLarge {
        /// The shape that was asked for.
        shape: Box<[usize]>,
    },
    /// The slice does not have as many elements as the shape.
    LengthMismatch {
        /// The shape that was asked for.
        shape: Box<[usize]>,
        /// The length of the slice.
        len: usize,
    },
    /// There are not as many strides as extents.
    StridesMismatch {
        /// The number of extents.
        ndim: usize,
        /// The number of strides.
        strides: usize,
    },
    /// An element of the view would lie outside its slice.
    OutOfBounds {
        /// The index of the view's first element.
        offset: usize,
        /// The shape that was asked for.
        shape: Box<[usize]>,
        /// The strides that were asked for, in elements.
        strides: Box<[isize]>,
        /// The length of the slice.
        len: usize,
    },
    /// Two elements of a [`ViewMut`](crate::ViewMut) would lie in one place, or a simple test cannot rule that out.
    Overlap {
        /// The shape that was asked for.
        shape: Box<[usize]>,
        /// The strides that were asked for, in elements.
        strides: Box<[isize]>,
    },
    /// A sum of integers left its type, and [`checked`](crate::Cumsum::checked) was asked for.
    Overflow {
        /// The first lane with such a sum: its number in C order over the axes other than the one that is summed
        /// along.
        lane: usize,
        /// The index, along the axis, of the first element of that lane whose addition overflowed.
        index: usize,
    },
    /// A piece does not consist of rows of its stream's shape.
    PieceMismatch {
        /// The shape of a row.
        expected: Box<[usize]>,
        /// The shape of the piece.
        actual: Box<[usize]>,
    },
    /// The first piece of a stream cannot be overwritten, since the initial value comes before its sums, and with it
    /// they are one more than its elements.
    NoRoomForInitial,
    /// A stream cannot give the carries of chunks, or move past them.
    Chunks(NoChunks),
    /// This CPU has no backend of this name.
    Backend(BackendError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AxisOutOfBounds { axis, ndim } => {
                write!(f, "axis {axis} is out of bounds for array of dimension {ndim}")
            }
            Self::ShapeMismatch { expected, actual } => {
                let (expected, actual) = (Tuple(expected), Tuple(actual));
                write!(f, "output of shape {actual} cannot hold a result of shape {expected}")
            }
            Self::TooManyDimensions { ndim } => {
                write!(f, "a view has at most {MAX_NDIM} dimensions, not {ndim}")
            }
            Self::TooLarge { shape } => {
                let shape = Tuple(shape);
                write!(
                    f,
                    "shape {shape} is too large: its extents multiply to more than isize::MAX"
                )
            }
            Self::LengthMismatch { shape, len } => {
                write!(f, "cannot view {len} elements as an array of shape {}", Tuple(shape))
            }
            Self::StridesMismatch { ndim, strides } => {
                write!(f, "an array of dimension {ndim} cannot have {strides} strides")
            }
            Self::OutOfBounds { offset, shape, strides, len } => {
                let (shape, strides) = (Tuple(shape), Tuple(strides));
                write!(
                    f,
                    "a view of shape {shape} with strides {strides} from offset {offset} does not \
                     fit into {len} elements"
                )
            }
            Self::Overlap { shape, strides } => {
                let (shape, strides) = (Tuple(shape), Tuple(strides));
                write!(f, "an output of shape {shape} with strides {strides} may overlap itself")
            }
            Self::Overflow { lane, index } => {
                write!(f, "the sum at index {index} of lane {lane} does not fit its type")
            }
            Self::PieceMismatch { expected, actual } => {
                let (expected, actual) = (Tuple(expected), Tuple(actual));
                write!(f, "a piece of shape {actual} is not one of rows of shape {expected}")
            }
            Self::NoRoomForInitial => {
                f.write_str("the initial value and the sums of a piece do not fit in its place")
            }
            Self::Chunks(error) => error.fmt(f),
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

/// A shape, or strides, as NumPy writes them: `()`, `(3,)`, `(2, 3)`.
struct Tuple<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Tuple<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [one] => write!(f, "({one},)"),
            all => {
                f.write_str("(")?;
                for (k, one) in all.iter().enumerate() {
                    write!(f, "{}{one}", if k == 0 { "" } else { ", " })?;
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
    fn tuples_are_written_as_numpy_writes_them() {
        for (shape, text) in [(&[][..], "()"), (&[3], "(3,)"), (&[2, -3], "(2, -3)")] {
            assert_eq!(Tuple::<isize>(shape).to_string(), text);
        }
    }
}
