//! [`View`] and [`ViewMut`]: n-d arrays in a slice, checked once, when they are made.

use alloc::boxed::Box;
use core::fmt;
use core::ops::Range;

use lanesum_kernels::last_index;
use smallvec::SmallVec;

use crate::error::Error;

/// The most dimensions of a view: NumPy's limit.
pub(crate) const MAX_NDIM: usize = 64;

/// With up to this many dimensions, neither a view nor its sum allocates.
pub(crate) const INLINE: usize = 6;

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
/// // The same elements transposed, and with both axes reversed.
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
/// As [`View`], but each place belongs to one element only.
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
    /// To find that out for any strides is a hard problem, so the test is a simple one: with the axes in
    /// the order of their strides, each has to step over all that the smaller ones reach. It passes every
    /// array that is a slice, a transposition or a reversal of one in C order. It refuses a few strange ones
    /// that do not overlap, such as the shape `(3, 2)` with strides `(2, 3)`.
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

    /// The same array, to be read.
    pub fn as_view(&self) -> View<'_, T> {
        View { data: self.data, axes: self.axes.clone() }
    }

    /// The same array, to be written for a while: for a function that takes its `ViewMut` by value.
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

/// What both views tell about themselves.
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
                    self.axes.len
                }

                /// Whether there are no elements, because an extent is zero.
                pub fn is_empty(&self) -> bool {
                    self.axes.len == 0
                }

                /// The extent of each axis.
                pub fn shape(&self) -> &[usize] {
                    &self.axes.shape
                }

                /// From an element to the next along each axis, in elements.
                pub fn strides(&self) -> &[isize] {
                    &self.axes.strides
                }
            }

            /// The shape, the strides and the offset; not the elements, of which there may be millions.
            impl<T> fmt::Debug for $View<'_, T> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(stringify!($View))
                        .field("shape", &self.shape())
                        .field("strides", &self.strides())
                        .field("offset", &self.axes.offset)
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

/// Where the elements of a view lie: all of it but the slice, and so the same for every type.
///
/// Every element lies inside the slice that this was made for. Hence, if there are any elements, no
/// `offset + i * strides[k] + ..` overflows.
#[derive(Debug)]
pub struct Axes {
    /// The index of the first element; 0 if there is none.
    offset: usize,
    /// The number of elements.
    len: usize,
    shape: SmallVec<[usize; INLINE]>,
    strides: SmallVec<[isize; INLINE]>,
}

impl Axes {
    /// Those of an array in C order, which `len` elements have to fill.
    fn of_all(len: usize, shape: &[usize]) -> Result<Self, Error> {
        if size(shape)? != len {
            return Err(Error::LengthMismatch { shape: shape.into(), len });
        }
        Ok(Self::in_c_order(shape, len))
    }

    /// Those of an array in C order, of a shape that is known to be allowed and have `len` elements.
    pub(crate) fn in_c_order(shape: &[usize], len: usize) -> Self {
        let mut strides = SmallVec::from_elem(1, shape.len());
        // Within isize::MAX, as `size` takes the same product.
        let mut stride = 1;
        for (k, &extent) in shape.iter().enumerate().rev() {
            strides[k] = stride as isize;
            stride *= extent.max(1);
        }
        Self { offset: 0, len, shape: SmallVec::from_slice(shape), strides }
    }

    /// Those of an array in a slice of `len` elements.
    pub(crate) fn within(
        len: usize,
        offset: usize,
        shape: &[usize],
        strides: &[isize],
    ) -> Result<Self, Error> {
        let size = size(shape)?;
        if strides.len() != shape.len() {
            return Err(Error::StridesMismatch { ndim: shape.len(), strides: strides.len() });
        }
        let axes = shape.iter().copied().zip(strides.iter().copied());
        let fits = size == 0 || last_index(offset, axes).is_some_and(|last| last < len);
        if !fits {
            let (shape, strides) = (Box::from(shape), Box::from(strides));
            return Err(Error::OutOfBounds { offset, shape, strides, len });
        }
        Ok(Self {
            offset: if size == 0 { 0 } else { offset },
            len: size,
            shape: SmallVec::from_slice(shape),
            strides: SmallVec::from_slice(strides),
        })
    }

    /// Whether two elements may share a place: false only if they do not.
    fn may_overlap(&self) -> bool {
        if self.len == 0 {
            return false;
        }
        let mut axes: SmallVec<[_; INLINE]> =
            self.iter().map(|(extent, stride)| (stride.unsigned_abs(), extent - 1)).collect();
        axes.sort_unstable();
        let mut reach = 0;
        axes.into_iter().filter(|&(_, steps)| steps > 0).any(|(stride, steps)| {
            let overlaps = stride <= reach;
            // No more than the length of the slice, in which all this fits.
            reach += stride * steps;
            overlaps
        })
    }

    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(crate) fn ndim(&self) -> usize {
        self.shape.len()
    }

    pub(crate) fn shape(&self) -> &[usize] {
        &self.shape
    }

    pub(crate) fn extent(&self, axis: usize) -> usize {
        self.shape[axis]
    }

    pub(crate) fn stride_of(&self, axis: usize) -> isize {
        self.strides[axis]
    }

    /// The extent and the stride of each axis.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (usize, isize)> {
        self.shape.iter().copied().zip(self.strides.iter().copied())
    }

    /// The same elements, backwards along an axis.
    pub(crate) fn reversed(mut self, axis: usize) -> Self {
        let steps = self.shape[axis].saturating_sub(1) as isize;
        // No step is taken along an extent of one, whatever the stride.
        if self.len > 0 && steps > 0 {
            self.offset = self.offset.wrapping_add_signed(steps * self.strides[axis]);
        }
        self.strides[axis] = self.strides[axis].wrapping_neg();
        self
    }

    /// Some of the indices along an axis.
    pub(crate) fn part(mut self, axis: usize, indices: Range<usize>) -> Self {
        let others = self.shape.iter().enumerate().filter(|&(k, _)| k != axis);
        self.len = others.map(|(_, extent)| extent).product::<usize>() * indices.len();
        if self.len > 0 && indices.start > 0 {
            let steps = indices.start as isize;
            self.offset = self.offset.wrapping_add_signed(steps * self.strides[axis]);
        }
        self.shape[axis] = indices.len();
        self
    }

    /// Where an element lies, by its number in C order.
    pub(crate) fn nth(&self, mut number: usize) -> usize {
        let mut at = self.offset;
        for (extent, stride) in self.iter().rev() {
            at = at.wrapping_add_signed((number % extent) as isize * stride);
            number /= extent;
        }
        at
    }

    /// From an element to the next in C order, if that is the same everywhere.
    pub(crate) fn stride(&self) -> Option<isize> {
        if self.len <= 1 {
            return Some(1);
        }
        let mut axes = self.iter().rev().filter(|&(extent, _)| extent != 1);
        let (extent, stride) = axes.next()?;
        let mut next = stride.checked_mul(extent as isize)?;
        for (extent, outer) in axes {
            if outer != next {
                return None;
            }
            next = next.checked_mul(extent as isize)?;
        }
        Some(stride)
    }

    /// Where the elements lie, if their [`stride`](Self::stride) is 1.
    pub(crate) fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.len
    }
}

impl Clone for Axes {
    fn clone(&self) -> Self {
        // Copies; the derived one would go through an iterator.
        let (shape, strides) = (&self.shape[..], &self.strides[..]);
        Self { shape: shape.into(), strides: strides.into(), ..*self }
    }
}

/// The number of elements of an array of this shape, if there may be one.
pub(crate) fn size(shape: &[usize]) -> Result<usize, Error> {
    if shape.len() > MAX_NDIM {
        return Err(Error::TooManyDimensions { ndim: shape.len() });
    }
    // Without the zeros, so that the strides of an empty array do not overflow either.
    let extents = shape.iter().filter(|&&extent| extent != 0);
    let size = extents
        .copied()
        .try_fold(1usize, |size, extent| size.checked_mul(extent))
        .filter(|&size| size <= isize::MAX as usize)
        .ok_or_else(|| Error::TooLarge { shape: shape.into() })?;
    Ok(if shape.contains(&0) { 0 } else { size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_views_are_one_lane() {
        let cases: &[(&[usize], &[isize], Option<isize>)] = &[
            (&[], &[], Some(1)),
            (&[1, 1], &[7, 9], Some(1)),
            (&[0, 5], &[7, 9], Some(1)),
            (&[6], &[-2], Some(-2)),
            (&[2, 3], &[3, 1], Some(1)),
            (&[2, 3], &[-3, -1], Some(-1)),
            (&[2, 3], &[0, 0], Some(0)),
            (&[2, 1, 3, 1], &[12, -5, 4, 5], Some(4)),
            (&[2, 3], &[1, 2], None),
            (&[2, 3], &[4, 1], None),
            (&[2, 3], &[-3, 1], None),
            (&[2, 3], &[0, 1], None),
            (&[4, 2, 3], &[5, 3, 1], None),
            (&[2, 2, 2], &[8, 2, 1], None),
        ];
        for &(shape, strides, expected) in cases {
            let axes = Axes::within(100, 50, shape, strides).expect("a view");
            assert_eq!(axes.stride(), expected, "{axes:?}");
        }
    }

    #[test]
    fn c_order_is_one_lane() {
        for shape in [&[][..], &[5], &[2, 3], &[4, 1, 3], &[3, 0, 2], &[2; 10]] {
            let axes = Axes::in_c_order(shape, shape.iter().product());
            assert_eq!((axes.stride(), axes.range()), (Some(1), 0..axes.len()), "{axes:?}");
        }
    }

    #[test]
    fn few_dimensions_are_kept_inline() {
        for ndim in 0..=MAX_NDIM {
            let view = View::new(&[7], &[1; MAX_NDIM][..ndim]).expect("a view").clone();
            let spilled = (view.axes.shape.spilled(), view.axes.strides.spilled());
            assert_eq!(spilled, (ndim > INLINE, ndim > INLINE));
        }
    }
}
