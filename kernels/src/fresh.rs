//! New memory for results: [`cumsum_to_vec`] and [`new_vec`], which do not clear it before it is written.
//!
//! It stands apart from the sums, which allocate nothing. To clear the memory took up to three quarters of the
//! time of a sum, and for a large result to touch each page for the first time takes longer than all else.

use alloc::vec::Vec;

use crate::cpu::Backend;
use crate::cpu::Stores;
use crate::cumsum;
use crate::element::Element;
use crate::order::Summation;

/// [`cumsum`] into a new `Vec`.
///
/// A large one is of huge pages, where the system has them and leaves the choice to the program (Linux, with the
/// feature `std`): as in NumPy, from 4 MiB on. (64 Mi `i64`: 60 ms, and 278 without. Zen 5, 2026-11.)
///
/// # Panics
///
/// When the `Vec` would have more than `isize::MAX` bytes.
///
/// ```
/// use lanesum_kernels::{Backend, Stores, Summation, cumsum_to_vec};
///
/// let (backend, summation, stores) = (Backend::best(), Summation::Blocked, Stores::Cached);
/// let sums = cumsum_to_vec::<i32, i64>(backend, summation, stores, &[1, 2, 3]);
/// assert_eq!(sums, [1, 3, 6]);
/// ```
#[inline]
pub fn cumsum_to_vec<I: Element, A: Element>(
    backend: Backend,
    summation: Summation,
    stores: Stores,
    input: &[I],
) -> Vec<A> {
    // SAFETY: `cumsum` writes each element of its output, and reads none before.
    let mut output = unsafe { unwritten(input.len()) };
    cumsum::<I, A, A>(backend, summation, stores, input, &mut output);
    output
}

/// A new `Vec` of `len` elements, of such pages, which `write` is to write. What it leaves is unspecified.
///
/// # Panics
///
/// When the `Vec` would have more than `isize::MAX` bytes.
///
/// ```
/// use lanesum_kernels::new_vec;
///
/// assert_eq!(new_vec(2, |elements| elements.copy_from_slice(&[1.0, 2.0])), [1.0, 2.0]);
/// ```
#[inline]
pub fn new_vec<T: Element>(len: usize, write: impl FnOnce(&mut [T])) -> Vec<T> {
    // SAFETY: after a byte of each page was written, no page can change.
    let mut elements = unsafe { unwritten(len) };
    // (Others are clear.)
    let bytes = T::bytes_mut(&mut elements).unwrap_or_default();
    let last = bytes.len().saturating_sub(1);
    for at in (0..bytes.len()).step_by(PAGE).chain([last]) {
        if let Some(byte) = bytes.get_mut(at) {
            // SAFETY: a reference, which is valid to write to.
            unsafe { core::ptr::from_mut(byte).write_volatile(0) };
        }
    }
    write(&mut elements);
    elements
}

/// No page is smaller.
const PAGE: usize = 4096;

/// A `Vec` of elements that are whatever lay in its memory.
///
/// # Safety
///
/// No element is read before it, or something in its page, is written: the memory may be of pages that the
/// allocator has told the system to take when it likes (`MADV_FREE`), and until one is written, what is in it may
/// turn to zeros.
#[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
#[inline]
unsafe fn unwritten<T: Element>(len: usize) -> Vec<T> {
    if T::bytes_mut(&mut []).is_none() {
        return alloc::vec![T::default(); len];
    }
    let mut elements = Vec::with_capacity(len);
    if size_of::<T>() * len >= HUGE_BYTES {
        advise_huge_pages(&elements);
    }
    // SAFETY: assembly may write to memory that it is given a pointer to. This one stands for a loop that
    // writes to each byte of the `Vec`'s memory what the byte happens to be, and so leaves all of them
    // initialised. Such a loop needs no instruction, as long as nobody looks at the bytes twice while they can
    // change, which is the caller's part.
    unsafe {
        core::arch::asm!("/* {} */", in(reg) elements.as_mut_ptr(), options(nostack, preserves_flags));
    }
    // SAFETY: it has room for `len` elements, whose bytes are initialised (above), and whatever they are,
    // they are elements, as `bytes_mut` says.
    unsafe { elements.set_len(len) };
    elements
}

/// Where there is no assembly, or nobody to follow it.
///
/// # Safety
///
/// There is nothing to it.
#[cfg(not(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri))))]
unsafe fn unwritten<T: Element>(len: usize) -> Vec<T> {
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
        // The largest page that Linux has for a base, so that both ends are at multiples of any.
        const LARGEST_PAGE: usize = 65536;
        let memory = elements.as_ptr().cast::<u8>();
        let first = memory.align_offset(LARGEST_PAGE);
        let bytes = (size_of::<T>() * elements.capacity()).saturating_sub(first);
        let whole = bytes - bytes % LARGEST_PAGE;
        if whole > 0 {
            // SAFETY: whole pages within the memory of the `Vec`; the advice changes how they are mapped, and
            // nothing that a program can read.
            unsafe {
                libc::madvise(
                    memory.wrapping_add(first).cast_mut().cast(),
                    whole,
                    libc::MADV_HUGEPAGE,
                )
            };
        }
    }
    #[cfg(not(all(feature = "std", target_os = "linux")))]
    let _ = elements;
}
