//! [`Memory`]: room on the stack that is only written where it is used.

use core::mem::MaybeUninit;
use core::slice;

use crate::number::Number;

/// `BYTES` bytes at the start of a cache line.
#[repr(C, align(64))]
pub(crate) struct Memory<const BYTES: usize>([MaybeUninit<u8>; BYTES]);

impl<const BYTES: usize> Memory<BYTES> {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self([MaybeUninit::uninit(); BYTES])
    }

    /// How many elements there is room for.
    pub(crate) const fn room<A>() -> usize {
        BYTES / size_of::<A>()
    }

    /// `len` elements, or as many as there is room for, all of them `x`.
    ///
    /// Clearing what is not used would take longer than the sums of a small array.
    #[inline]
    pub(crate) fn fill<A: Number>(&mut self, len: usize, x: A) -> &mut [A] {
        const { assert!(align_of::<A>() <= 64) };
        let len = len.min(Self::room::<A>());
        let first = self.0.as_mut_ptr().cast::<MaybeUninit<A>>();
        // SAFETY: `len` elements lie within the array, which has the alignment of the struct.
        let memory = unsafe { slice::from_raw_parts_mut(first, len) };
        for element in &mut *memory {
            element.write(x);
        }
        // SAFETY: the loop has written each of them, and they are borrowed as `self` is.
        unsafe { slice::from_raw_parts_mut(memory.as_mut_ptr().cast::<A>(), len) }
    }
}
