//! No kernel reads or writes past its slice: the slices lie against pages that must not be touched.
#![cfg(unix)]

use lanesum_kernels::{Backend, Element, Summation, cumsum, cumsum_in_place};

/// A mapping whose first and last pages are inaccessible.
struct Guarded {
    base: *mut u8,
    page: usize,
    pages: usize,
}

impl Guarded {
    fn new(bytes: usize) -> Self {
        // SAFETY: `sysconf` has no preconditions.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap();
        let pages = bytes.div_ceil(page) + 2;
        // SAFETY: an anonymous mapping at an address of the kernel's choice overlaps nothing.
        let base = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                pages * page,
                libc::PROT_NONE,
                libc::MAP_PRIVATE | libc::MAP_ANON,
                -1,
                0,
            )
        };
        assert_ne!(base, libc::MAP_FAILED);
        // SAFETY: all pages but the first and the last of the mapping above.
        let access = unsafe {
            libc::mprotect(
                base.wrapping_byte_add(page),
                (pages - 2) * page,
                libc::PROT_READ | libc::PROT_WRITE,
            )
        };
        assert_eq!(access, 0);
        Self { base: base.cast(), page, pages }
    }

    /// `len` elements that begin at the first accessible byte, or end at the last one.
    fn slice<T: Element>(&mut self, len: usize, at_end: bool) -> &mut [T] {
        let bytes = (self.pages - 2) * self.page;
        assert!(len * size_of::<T>() <= bytes);
        let offset = self.page + if at_end { bytes - len * size_of::<T>() } else { 0 };
        // SAFETY: the elements lie within the accessible pages (asserted), which are zeroed or written
        // and so initialised; every bit pattern is a `T` (Pod); pages and sizes are multiples of its
        // alignment; the exclusive borrow of `self` is that of the slice.
        unsafe { std::slice::from_raw_parts_mut(self.base.wrapping_add(offset).cast(), len) }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the mapping of `new`, which nothing borrows any more.
        let result = unsafe { libc::munmap(self.base.cast(), self.pages * self.page) };
        assert_eq!(result, 0);
    }
}

/// `A` is summed from `I` to `O` at every length up to two blocks and a bit, flush with both guards.
fn check<I: Element, A: Element, O: Element>() {
    let lengths = (0..=2 * A::BLOCK + 3).chain([1023, 1024, 1025, 2051]);
    let (mut input, mut output) = (Guarded::new(2051 * 8), Guarded::new(2051 * 8));
    for len in lengths {
        for backend in Backend::available() {
            for summation in [Summation::Blocked, Summation::Sequential] {
                for at_end in [false, true] {
                    let input = input.slice::<I>(len, at_end);
                    for (i, x) in input.iter_mut().enumerate() {
                        *x = I::cast_from((i % 5) as i8);
                    }
                    let output = output.slice::<O>(len, at_end);
                    cumsum::<I, A, O>(backend, summation, input, output);
                    let expected = (0..len as i64).map(|i| i % 5).sum::<i64>();
                    if let Some(last) = output.last() {
                        // Small integers: exact in every accumulator but for wrapping.
                        let expected = O::cast_from(A::cast_from(expected));
                        assert_eq!(*last, expected, "{backend}, length {len}");
                    }
                    cumsum_in_place::<I, A>(backend, summation, input);
                }
            }
        }
    }
}

#[test]
fn same_type() {
    check::<f32, f32, f32>();
    check::<f64, f64, f64>();
    check::<i8, i8, i8>();
    check::<i16, i16, i16>();
    check::<i32, i32, i32>();
    check::<i64, i64, i64>();
    check::<u8, u8, u8>();
    check::<u16, u16, u16>();
    check::<u32, u32, u32>();
    check::<u64, u64, u64>();
}

#[test]
fn with_casts() {
    check::<i8, i64, i64>();
    check::<u8, f32, f32>();
    check::<f32, f64, f32>();
    check::<f64, f64, f32>();
    check::<i32, i64, i16>();
}
