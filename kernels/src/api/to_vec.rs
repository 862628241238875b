//! [`cumsum_to_vec`]: sums into new memory, which is not cleared before it is written.
//!
//! Clearing the memory first took up to three quarters of the time of a sum. For a large result, touching each page for
//! the first time takes longer than all else.

use alloc::vec::Vec;
use core::mem::MaybeUninit;

use smallvec::SmallVec;

use super::arrays::Arrays;
use super::{Spec, cumsum};
use crate::array::axes::INLINE;
use crate::array::{Layout, Overflow};
use crate::element::Element;

/// What is summed into a new `Vec`.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a, I> {
    /// All elements of a slice as one lane.
    Slice(&'a [I]),
    /// An array in a slice: along an axis, or all elements in C order.
    Array(&'a [I], Layout<'a>, Option<usize>),
}

/// [`cumsum`] into a new `Vec`, whose elements are the sums in C order.
///
/// A large `Vec` is in huge pages, where the system has them and leaves the choice to the program (Linux, with the
/// feature `std`): as in NumPy, from 4 MiB on. (64 Mi `i64`: 60 ms, and 278 without. Zen 5, 2026-11.)
///
/// # Errors
///
/// [`Overflow`], if the spec says to check.
///
/// # Panics
///
/// When an element lies outside its slice, there are not as many strides as extents or no such axis, or the `Vec` would
/// have more than `isize::MAX` bytes.
///
/// ```
/// use lanesum_kernels::{Backend, Source, Spec, Stores, Summation, cumsum_to_vec};
///
/// let spec = Spec::<i64>::new(Backend::best(), Summation::Blocked, Stores::Cached);
/// assert_eq!(cumsum_to_vec(&spec, Source::Slice(&[1i32, 2, 3])), Ok(vec![1, 3, 6]));
/// ```
#[inline]
pub fn cumsum_to_vec<I: Element, A: Element>(
    spec: &Spec<A>,
    source: Source<'_, I>,
) -> Result<Vec<A>, Overflow> {
    let more = usize::from(spec.include_initial);
    match source {
        Source::Slice(input) => {
            let len = input.len() + more;
            let mut sums = new_vec::<A>(len);
            let places = &mut sums.spare_capacity_mut()[..len];
            cumsum::<I, A, A>(spec, Arrays::to_uninit(input, places))?;
            // SAFETY: there is room for `len` elements, of which `cumsum` has written each.
            unsafe { sums.set_len(len) };
            Ok(sums)
        }
        Source::Array(input, from, axis) => {
            let sum = |places: &mut [MaybeUninit<A>], to: Layout<'_>| {
                cumsum::<I, A, A>(spec, Arrays::copy_to_uninit((input, from), (places, to), axis))
            };
            // SAFETY: `cumsum` writes the sums of each lane of an array of this shape.
            unsafe { new_array(from, axis, more, sum) }
        }
    }
}

/// A `Vec` of the sums in C order that `sum` writes, for an array that is summed along an axis or as one lane. There
/// are as many sums as elements, and `more` along the axis.
///
/// # Safety
///
/// Unless it returns an error, `sum` writes every element of the array that it is given.
pub(crate) unsafe fn new_array<A: Element>(
    from: Layout<'_>,
    axis: Option<usize>,
    more: usize,
    sum: impl FnOnce(&mut [MaybeUninit<A>], Layout<'_>) -> Result<(), Overflow>,
) -> Result<Vec<A>, Overflow> {
    let mut shape = SmallVec::<[usize; INLINE]>::new();
    match axis {
        Some(axis) => {
            shape.extend_from_slice(from.shape);
            shape[axis] = shape[axis].saturating_add(more);
        }
        None => shape.push(from.len().saturating_add(more)),
    }
    let strides = c_order(&shape);
    let to = Layout { offset: 0, shape: &shape, strides: &strides };
    let len = to.len();
    let mut sums = new_vec::<A>(len);
    sum(&mut sums.spare_capacity_mut()[..len], to)?;
    // SAFETY: there is room for `len` elements, which are those of an array in C order, and `sum` has written each.
    unsafe { sums.set_len(len) };
    Ok(sums)
}

/// The strides of an array in C order.
fn c_order(shape: &[usize]) -> SmallVec<[isize; INLINE]> {
    let mut strides = SmallVec::from_elem(0, shape.len());
    let mut stride = 1usize;
    for (k, extent) in shape.iter().enumerate().rev() {
        strides[k] = stride as isize;
        stride = stride.saturating_mul((*extent).max(1));
    }
    strides
}

/// An empty `Vec` with room for `len` elements.
#[inline]
fn new_vec<T>(len: usize) -> Vec<T> {
    let elements = Vec::with_capacity(len);
    if size_of::<T>().saturating_mul(len) >= HUGE_BYTES {
        advise_huge_pages(&elements);
    }
    elements
}

/// From so many bytes on, huge pages are asked for.
const HUGE_BYTES: usize = 4 << 20;

/// Asks for huge pages, where the system has a say in it. It is advice: an error means that there are none.
#[cold]
fn advise_huge_pages<T>(elements: &Vec<T>) {
    #[cfg(all(feature = "std", target_os = "linux", not(miri)))]
    {
        // The largest page that Linux has for a base, so that both ends are at multiples of any.
        const LARGEST_PAGE: usize = 65536;
        let memory = elements.as_ptr().cast::<u8>();
        let first = memory.align_offset(LARGEST_PAGE);
        let bytes = (size_of::<T>() * elements.capacity()).saturating_sub(first);
        let whole = bytes - bytes % LARGEST_PAGE;
        if whole > 0 {
            let first = memory.wrapping_add(first).cast_mut().cast();
            // SAFETY: whole pages within the memory of the `Vec`; the advice changes how they are mapped, and nothing
            // that a program can read.
            unsafe { libc::madvise(first, whole, libc::MADV_HUGEPAGE) };
        }
    }
    #[cfg(not(all(feature = "std", target_os = "linux", not(miri))))]
    let _ = elements;
}
