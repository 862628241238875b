//! [`fresh`]: a new `Vec` that is written once, and not cleared before.
//!
//! It stands apart from the sums, which allocate nothing: clearing took as long as a third of the sum, and for
//! a large result the first touch of each page takes longer than all else.

use alloc::vec::Vec;

use crate::element::Element;

/// A new `Vec` of `len` elements, which `write` is to write; all that it does not write is unspecified.
///
/// Large ones are of huge pages, where the system has them and leaves the choice to the program (Linux, with
/// the feature `std`): as in NumPy, from 4 MiB on. (A sum of 64 Mi `i64` to new memory: 60 ms, and 278 without.
/// Zen 5, 2026-11.)
///
/// # Panics
///
/// Where there is no memory.
///
/// ```
/// use lanesum_kernels::{Backend, Stores, Summation, cumsum, fresh};
///
/// let sums = fresh(3, |sums| {
///     cumsum::<i32, i64, i64>(Backend::best(), Summation::Blocked, Stores::Cached, &[1, 2, 3], sums);
/// });
/// assert_eq!(sums, [1, 3, 6]);
/// ```
#[inline]
pub fn fresh<T: Element>(len: usize, write: impl FnOnce(&mut [T])) -> Vec<T> {
    let mut elements = unwritten(len);
    write(&mut elements);
    elements
}

#[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
#[inline]
fn unwritten<T: Element>(len: usize) -> Vec<T> {
    let mut elements = Vec::with_capacity(len);
    if size_of::<T>() * len >= HUGE_BYTES {
        advise_huge_pages(&elements);
    }
    // SAFETY: assembly may write to memory that it is given a pointer to. This one stands for a loop that
    // writes to each byte of the `Vec`'s memory what the byte happens to be, and so leaves all of them
    // initialised; such a loop needs no instruction.
    unsafe {
        core::arch::asm!("/* {} */", in(reg) elements.as_mut_ptr(), options(nostack, preserves_flags));
    }
    // SAFETY: it has room for `len` elements, whose bytes are initialised (above), and whatever they are,
    // they are elements: `T` is `Pod`.
    unsafe { elements.set_len(len) };
    elements
}

/// Where there is no assembly, or nobody to follow it.
#[cfg(not(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri))))]
fn unwritten<T: Element>(len: usize) -> Vec<T> {
    alloc::vec![T::default(); len]
}

/// From so many bytes on, huge pages are asked for.
#[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
const HUGE_BYTES: usize = 4 << 20;

/// Asks for huge pages, where the system has a say in it. It is advice: an error means that there are none.
#[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
#[cold]
fn advise_huge_pages<T>(elements: &Vec<T>) {
    #[cfg(all(feature = "std", target_os = "linux"))]
    {
        // The largest page that Linux has for a base, so that the beginning is at a multiple of any.
        const PAGE: usize = 65536;
        let memory = elements.as_ptr().cast::<u8>();
        let first = memory.align_offset(PAGE);
        let bytes = size_of::<T>() * elements.capacity();
        if first < bytes {
            // SAFETY: the range begins and ends within the memory of the `Vec`; the advice changes how it is
            // mapped, and nothing that a program can read.
            unsafe {
                libc::madvise(
                    memory.wrapping_add(first).cast_mut().cast(),
                    bytes - first,
                    libc::MADV_HUGEPAGE,
                )
            };
        }
    }
    #[cfg(not(all(feature = "std", target_os = "linux")))]
    let _ = elements;
}
