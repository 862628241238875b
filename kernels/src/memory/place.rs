//! [`Place`]: memory for a value, which may not be initialised yet and can only become so.

use core::mem::MaybeUninit;
use core::slice;

#[cfg(target_arch = "x86_64")]
use bytemuck::Pod;

/// A place to write a value to.
///
/// A `MaybeUninit` would not do, since anybody may overwrite an initialised one with an uninitialised one. A place only
/// takes values, so it can be made of memory that is initialised and will be read again, as well as of memory that is
/// not.
#[repr(transparent)]
pub(crate) struct Place<T>(MaybeUninit<T>);

impl<T: Copy> Place<T> {
    #[inline(always)]
    pub(crate) fn of(x: &mut T) -> &mut Self {
        // SAFETY: the layout is the same, and only values of `T` can be written.
        unsafe { &mut *core::ptr::from_mut(x).cast() }
    }

    #[inline(always)]
    pub(crate) fn of_slice(slice: &mut [T]) -> &mut [Self] {
        // SAFETY: the layout is the same, and only values of `T` can be written.
        unsafe { slice::from_raw_parts_mut(slice.as_mut_ptr().cast(), slice.len()) }
    }

    #[inline(always)]
    pub(crate) fn write(&mut self, x: T) {
        self.0.write(x);
    }

    /// A pointer that may be written to, and not read from.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    pub(crate) fn as_mut_ptr(&mut self) -> *mut T {
        self.0.as_mut_ptr()
    }

    /// Copies as many elements as the shorter slice has, by `memcpy`.
    #[inline(always)]
    pub(crate) fn copy(from: &[T], to: &mut [Self]) {
        let len = from.len().min(to.len());
        // SAFETY: both have as many elements, and nobody else has the places.
        unsafe { core::ptr::copy_nonoverlapping(from.as_ptr(), to.as_mut_ptr().cast(), len) };
    }

    /// Places side by side as a place for all of them.
    #[inline(always)]
    pub(crate) fn joined<const N: usize>(places: &mut [Self; N]) -> &mut Place<[T; N]> {
        // SAFETY: the layout is the same, and nothing but values of `T` can be written to either.
        unsafe { &mut *core::ptr::from_mut(places).cast() }
    }
}

#[cfg(target_arch = "x86_64")]
impl<T: Pod> Place<T> {
    /// The bytes of places.
    #[inline(always)]
    pub(crate) fn bytes(places: &mut [Self]) -> &mut [Place<u8>] {
        let (first, len) = (places.as_mut_ptr().cast(), size_of_val(places));
        // SAFETY: as many bytes, and whatever is written to them, they are values of `T`, which is `Pod`.
        unsafe { slice::from_raw_parts_mut(first, len) }
    }
}
