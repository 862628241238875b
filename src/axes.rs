//! [`Axes`]: where the elements of a view lie, checked when it is made.

use alloc::boxed::Box;

use lanesum_kernels::{Layout, last_index, may_overlap};
use smallvec::SmallVec;

use crate::error::{Error, MAX_NDIM};

/// With up to this many dimensions, neither a view nor its sum allocates.
pub(crate) const INLINE: usize = 6;

/// Where the elements of a view lie: all parts of a view but the slice, so that views of every element type share this
/// type.
///
/// Every element lies inside the slice that the axes were made for. Hence, if there are any elements, no
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
    /// The axes of an array in C order, which `len` elements have to fill.
    pub(crate) fn of_all(len: usize, shape: &[usize]) -> Result<Self, Error> {
        if size(shape)? != len {
            return Err(Error::LengthMismatch { shape: shape.into(), len });
        }
        let mut strides = SmallVec::from_elem(1, shape.len());
        // The product stays within isize::MAX, since `size` has checked it.
        let mut stride = 1;
        for (k, &extent) in shape.iter().enumerate().rev() {
            strides[k] = stride as isize;
            stride *= extent.max(1);
        }
        Ok(Self { offset: 0, len, shape: SmallVec::from_slice(shape), strides })
    }

    /// The axes of an array in a slice of `len` elements.
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

    /// Whether two elements may share a place. If this is false, no two do; if it is true, two may or may not.
    pub(crate) fn may_overlap(&self) -> bool {
        let axes = self.shape.iter().copied().zip(self.strides.iter().copied());
        may_overlap(&mut axes.collect::<SmallVec<[_; INLINE]>>())
    }

    #[inline(always)]
    pub(crate) fn layout(&self) -> Layout<'_> {
        Layout { offset: self.offset, shape: &self.shape, strides: &self.strides }
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    pub(crate) fn ndim(&self) -> usize {
        self.shape.len()
    }

    #[inline(always)]
    pub(crate) fn shape(&self) -> &[usize] {
        &self.shape
    }

    #[inline(always)]
    pub(crate) fn strides(&self) -> &[isize] {
        &self.strides
    }
}

impl Clone for Axes {
    fn clone(&self) -> Self {
        // Copies the slices; the derived `clone` would go through an iterator.
        let (shape, strides) = (&self.shape[..], &self.strides[..]);
        Self { shape: shape.into(), strides: strides.into(), ..*self }
    }
}

/// The number of elements of an array of this shape, or the error if no array can have it.
pub(crate) fn size(shape: &[usize]) -> Result<usize, Error> {
    if shape.len() > MAX_NDIM {
        return Err(Error::TooManyDimensions { ndim: shape.len() });
    }
    // Extents of zero are left out of the product, so that the strides of an empty array do not overflow either.
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
    fn few_dimensions_are_kept_inline() {
        for ndim in 0..=MAX_NDIM {
            let axes = Axes::of_all(1, &[1; MAX_NDIM][..ndim]).expect("axes").clone();
            let spilled = (axes.shape.spilled(), axes.strides.spilled());
            assert_eq!(spilled, (ndim > INLINE, ndim > INLINE));
        }
    }
}
