//! [`View`] and [`ViewMut`]: n-d arrays in a slice, checked once, when they are made.

use core::fmt;

use crate::axes::Axes;
use crate::error::Error;

/// An n-d array in a slice, to be read: any shape, any strides.
///
/// Element `(i, j, ..)` is `data[offset + i * strides[0] + j * strides[1] + ..]`. Strides count elements,
/// not bytes. They may be negative, which walks an axis backwards; zero, which repeats ("broadcasts")
/// the same elements; and in any order.
///
/// Up to six dimensions are kept without an allocation; 64 are the most.
///
/// ```
/// use lanesum::{View, cumsum};
///
/// let data = [1, 2, 3, 4, 5, 6i64];
/// let a = View::new(&data, &[2, 3])?;
/// assert_eq!(cumsum(&a).axis(1)?.to_vec(), [1, 3, 6, 4, 9, 15]);
///
/// // These elements transposed, and with both axes reversed.
/// let transposed = View::with_strides(&data, 0, &[3, 2], &[1, 3])?;
/// assert_eq!(cumsum(&transposed).axis(0)?.to_vec(), [1, 4, 3, 9, 6, 15]);
/// let reversed = View::with_strides(&data, 5, &[2, 3], &[-3, -1])?;
/// assert_eq!(cumsum(&reversed).axis(1)?.to_vec(), [6, 11, 15, 3, 5, 6]);
/// # Ok::<(), lanesum::Error>(())
/// ```
pub struct View<'a, T> {
    data: &'a [T],
    axes: Axes,
}

/// An n-d array in a slice, to be written: any shape, and any strides that do not overlap.
///
/// A `ViewMut` is like a [`View`], but each place belongs to one element only.
///
/// ```
/// use lanesum::{ViewMut, cumsum};
///
/// let mut data = [1.0, 2.0, 3.0, 4.0];
/// let mut a = ViewMut::new(&mut data, &[2, 2])?;
/// cumsum(&mut a).axis(0)?.in_place();
/// cumsum(&mut a).axis(1)?.in_place();
/// assert_eq!(data, [1.0, 3.0, 4.0, 10.0]); // a summed-area table
/// # Ok::<(), lanesum::Error>(())
/// ```
pub struct ViewMut<'a, T> {
    data: &'a mut [T],
    axes: Axes,
}

impl<'a, T> View<'a, T> {
    /// All of `data` as an array of this shape in C order: the last axis lies closest.
    ///
    /// The shape `&[]` is that of a 0-d array, which has one element.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyDimensions`], [`Error::TooLarge`], and [`Error::LengthMismatch`] when the extents do
    /// not multiply to the length of `data`.
    ///
    /// ```
    /// use lanesum::View;
    ///
    /// let a = View::new(&[1, 2, 3, 4, 5, 6], &[2, 3])?;
    /// assert_eq!((a.shape(), a.strides()), (&[2, 3][..], &[3, 1][..]));
    ///
    /// let error = View::new(&[0; 7], &[2, 3]).unwrap_err();
    /// assert_eq!(error.to_string(), "cannot view 7 elements as an array of shape (2, 3)");
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    pub fn new(data: &'a [T], shape: &[usize]) -> Result<Self, Error> {
        Ok(Self { axes: Axes::of_all(data.len(), shape)?, data })
    }

    /// An array of this shape whose first element is `data[offset]`, and whose neighbours along axis `k`
    /// lie `strides[k]` elements apart.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyDimensions`], [`Error::StridesMismatch`], [`Error::TooLarge`], and
    /// [`Error::OutOfBounds`] when an element lies outside `data`. An array without elements fits into
    /// any slice, at any offset.
    ///
    /// ```
    /// use lanesum::View;
    ///
    /// let data = [1, 2, 3, 4, 5, 6];
    /// assert!(View::with_strides(&data, 5, &[6], &[-1]).is_ok()); // backwards
    /// assert!(View::with_strides(&data, 0, &[1000, 6], &[0, 1]).is_ok()); // the same row 1000 times
    ///
    /// let error = View::with_strides(&data, 1, &[2, 3], &[3, 1]).unwrap_err();
    /// let text = "a view of shape (2, 3) with strides (3, 1) from offset 1 does not fit into 6 elements";
    /// assert_eq!(error.to_string(), text);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    pub fn with_strides(
        data: &'a [T],
        offset: usize,
        shape: &[usize],
        strides: &[isize],
    ) -> Result<Self, Error> {
        Ok(Self { axes: Axes::within(data.len(), offset, shape, strides)?, data })
    }

    #[inline(always)]
    pub(crate) fn elements(&self) -> (&[T], &Axes) {
        (self.data, &self.axes)
    }
}

impl<'a, T> ViewMut<'a, T> {
    /// All of `data` as an array of this shape in C order: the last axis lies closest.
    ///
    /// # Errors
    ///
    /// Those of [`View::new`].
    pub fn new(data: &'a mut [T], shape: &[usize]) -> Result<Self, Error> {
        Ok(Self { axes: Axes::of_all(data.len(), shape)?, data })
    }

    /// An array of this shape whose first element is `data[offset]`, and whose neighbours along axis `k`
    /// lie `strides[k]` elements apart.
    ///
    /// # Errors
    ///
    /// Those of [`View::with_strides`], and [`Error::Overlap`] when two elements could lie in one place.
    ///
    /// Whether strides overlap is a hard problem in general, so the test is a simple one: with the axes in the order of
    /// their strides, each has to step over all that the smaller ones reach. The test passes every array that is a
    /// slice, a transposition or a reversal of one in C order. A few strange arrays are refused that do not overlap,
    /// such as the shape `(3, 2)` with strides `(2, 3)`.
    ///
    /// ```
    /// use lanesum::{ViewMut, cumsum};
    ///
    /// let mut data = [0; 6];
    /// cumsum(&[1, 2, 3]).write_to(ViewMut::with_strides(&mut data, 5, &[3], &[-2])?)?;
    /// assert_eq!(data, [0, 6, 0, 3, 0, 1]);
    ///
    /// let error = ViewMut::with_strides(&mut data, 0, &[2, 3], &[0, 1]).unwrap_err();
    /// assert_eq!(error.to_string(), "an output of shape (2, 3) with strides (0, 1) may overlap itself");
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    pub fn with_strides(
        data: &'a mut [T],
        offset: usize,
        shape: &[usize],
        strides: &[isize],
    ) -> Result<Self, Error> {
        let axes = Axes::within(data.len(), offset, shape, strides)?;
        if axes.may_overlap() {
            return Err(Error::Overlap { shape: shape.into(), strides: strides.into() });
        }
        Ok(Self { axes, data })
    }

    /// This array, to be read.
    pub fn as_view(&self) -> View<'_, T> {
        View { data: self.data, axes: self.axes.clone() }
    }

    /// This array, to be written for a while: for a function that takes its `ViewMut` by value.
    pub fn reborrow(&mut self) -> ViewMut<'_, T> {
        ViewMut { data: self.data, axes: self.axes.clone() }
    }

    #[inline(always)]
    pub(crate) fn elements(&self) -> (&[T], &Axes) {
        (self.data, &self.axes)
    }

    #[inline(always)]
    pub(crate) fn elements_mut(&mut self) -> (&mut [T], &Axes) {
        (self.data, &self.axes)
    }
}

/// The methods that both views have.
macro_rules! views {
    ($($View:ident)*) => {
        $(
            impl<T> $View<'_, T> {
                /// The number of dimensions.
                pub fn ndim(&self) -> usize {
                    self.axes.ndim()
                }

                /// The number of elements: the product of the extents.
                pub fn len(&self) -> usize {
                    self.axes.len()
                }

                /// Whether there are no elements, because an extent is zero.
                pub fn is_empty(&self) -> bool {
                    self.axes.len() == 0
                }

                /// The extent of each axis.
                pub fn shape(&self) -> &[usize] {
                    self.axes.shape()
                }

                /// The step from an element to the next along each axis, in elements.
                pub fn strides(&self) -> &[isize] {
                    self.axes.strides()
                }
            }

            /// The shape, the strides and the offset; not the elements, of which there may be millions.
            impl<T> fmt::Debug for $View<'_, T> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(stringify!($View))
                        .field("shape", &self.shape())
                        .field("strides", &self.strides())
                        .field("offset", &self.axes.layout().offset)
                        .finish_non_exhaustive()
                }
            }
        )*
    };
}

views!(View ViewMut);

impl<T> Clone for View<'_, T> {
    fn clone(&self) -> Self {
        Self { data: self.data, axes: self.axes.clone() }
    }
}
