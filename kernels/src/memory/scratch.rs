//! [`Scratch`]: room on the stack that is only written where it is used.

use core::mem::MaybeUninit;
use core::slice;

use crate::number::Number;

/// `BYTES` bytes at the start of a cache line.
#[repr(C, align(64))]
pub(crate) struct Scratch<const BYTES: usize>([MaybeUninit<u8>; BYTES]);

impl<const BYTES: usize> Scratch<BYTES> {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self([MaybeUninit::uninit(); BYTES])
    }

    /// How many elements there is room for.
    pub(crate) const fn room<A>() -> usize {
        BYTES / size_of::<A>()
    }

    /// All of the room, as bytes.
    #[inline(always)]
    pub(crate) fn bytes(&mut self) -> *mut u8 {
        self.0.as_mut_ptr().cast()
    }

    /// Places for `len` elements, or for as many as there is room for.
    #[inline(always)]
    pub(crate) fn places<A: Number>(&mut self, len: usize) -> &mut [MaybeUninit<A>] {
        const { assert!(align_of::<A>() <= 64) };
        let len = len.min(Self::room::<A>());
        // SAFETY: `len` elements lie within the array, which has the alignment of the struct.
        unsafe { slice::from_raw_parts_mut(self.bytes().cast(), len) }
    }

    /// `len` elements, or as many as there is room for, all of them `x`.
    ///
    /// Clearing what is not used would take longer than the sums of a small array.
    #[inline]
    pub(crate) fn fill<A: Number>(&mut self, len: usize, x: A) -> &mut [A] {
        let memory = self.places::<A>(len);
        for element in &mut *memory {
            element.write(x);
        }
        // SAFETY: the loop has written each of them, and they are borrowed as `self` is.
        unsafe { slice::from_raw_parts_mut(memory.as_mut_ptr().cast::<A>(), memory.len()) }
    }
}

/// Elements that were written to memory that was uninitialised.
///
/// # Safety
///
/// All of them were written.
#[inline(always)]
pub(crate) unsafe fn assume_written<T>(elements: &mut [MaybeUninit<T>]) -> &mut [T] {
    // SAFETY: the caller's part; a `MaybeUninit` lies in memory as what it holds.
    unsafe { slice::from_raw_parts_mut(elements.as_mut_ptr().cast(), elements.len()) }
}

/// Copies numbers to memory that may be uninitialised, and returns the copies.
///
/// # Panics
///
/// When there are not as many places as numbers.
#[inline]
pub(crate) fn write_copy<'a, A: Number>(to: &'a mut [MaybeUninit<A>], from: &[A]) -> &'a mut [A] {
    assert_eq!(to.len(), from.len(), "as many places as numbers");
    for (place, x) in to.iter_mut().zip(from) {
        place.write(*x);
    }
    // SAFETY: the loop has written all of them, which are as many (asserted).
    unsafe { assume_written(to) }
}
