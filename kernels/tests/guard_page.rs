//! No kernel reads or writes past its slice: the slices lie against pages that must not be touched.
#![cfg(unix)]

use lanesum_kernels::{
    Backend, Element, Extents, Kernel, Layout, Stores, Summation, cumsum, cumsum_in_place,
    cumsum_lanes, cumsum_lanes_in_place,
};

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
                    for stores in [Stores::Cached, Stores::Streamed] {
                        output.fill(O::default());
                        cumsum::<I, A, O>(backend, summation, stores, input, output);
                        let expected = (0..len as i64).map(|i| i % 5).sum::<i64>();
                        if let Some(last) = output.last() {
                            // Small integers: exact in every accumulator but for wrapping.
                            let expected = O::cast_from(A::cast_from(expected));
                            assert_eq!(*last, expected, "{backend}, {stores:?}, length {len}");
                        }
                    }
                    cumsum_in_place::<I, A>(backend, summation, input);
                }
            }
        }
    }
}

/// Lanes whose first element in memory is the slice's first, and whose last is its last: the strides
/// along, across and of the batch, from axes in the order `order`, the smallest stride being `step`.
///
/// The signs of the strides are those of `signs`, and so are strides of zero.
fn flush(
    extents: Extents,
    order: [usize; 3],
    step: usize,
    gap: usize,
    signs: [isize; 3],
) -> (Layout, usize) {
    let extents = [extents.along, extents.across, extents.batch];
    let (mut strides, mut next, mut offset, mut last) = ([0; 3], step, 0, 0);
    for axis in order.into_iter().filter(|axis| signs[*axis] != 0) {
        let span = (extents[axis] - 1) * next;
        last += span;
        if signs[axis] < 0 {
            offset += span;
        }
        strides[axis] = signs[axis] * next as isize;
        next = next * extents[axis] + gap;
    }
    let [along, across, batch] = strides;
    (Layout { offset, along, across, batch }, last + 1)
}

/// The layouts that lanes are read from and written to: contiguous, side by side, or neither; dense,
/// with gaps, and backwards.
fn layouts(extents: Extents) -> impl Iterator<Item = (Layout, usize)> {
    const LANES: [usize; 3] = [0, 1, 2];
    const COLUMNS: [usize; 3] = [1, 0, 2];
    [
        flush(extents, LANES, 1, 0, [1; 3]),
        flush(extents, COLUMNS, 1, 0, [1; 3]),
        flush(extents, LANES, 2, 1, [1; 3]),
        flush(extents, COLUMNS, 3, 0, [1; 3]),
        flush(extents, LANES, 1, 3, [-1, 1, 1]),
        flush(extents, COLUMNS, 1, 2, [1, -1, -1]),
        flush(extents, [2, 1, 0], 1, 0, [-1; 3]),
    ]
    .into_iter()
}

/// Those that lanes can only be read from: the same lane, or the same element, again and again.
fn repeated(extents: Extents) -> impl Iterator<Item = (Layout, usize)> {
    [[1, 0, 0], [-1, 0, 1], [0, 1, 1], [0, -1, 0], [0, 0, 0]]
        .into_iter()
        .map(move |signs| flush(extents, [0, 1, 2], 1, 0, signs))
}

/// Element `(i, j, k)`.
fn index(layout: Layout, i: usize, j: usize, k: usize) -> usize {
    let Layout { offset, along, across, batch } = layout;
    let from_offset = i as isize * along + j as isize * across + k as isize * batch;
    offset.checked_add_signed(from_offset).expect("an index")
}

/// Asserts the sums of lanes of which element `p` of the slice was `p % 5`.
fn assert_lanes<A: Element, O: Element>(
    extents: Extents,
    from: Layout,
    (output, to): (&[O], Layout),
    what: std::fmt::Arguments<'_>,
) {
    for (j, k) in (0..extents.across).flat_map(|j| (0..extents.batch).map(move |k| (j, k))) {
        let mut sum = 0;
        for i in 0..extents.along {
            sum += index(from, i, j, k) as i64 % 5;
            let expected = O::cast_from(A::cast_from(sum));
            assert_eq!(output[index(to, i, j, k)], expected, "{what}, ({i}, {j}, {k})");
        }
    }
}

/// Lanes of `A`, summed from `I` to `O` by every kernel, flush with both guards.
fn check_lanes<I: Element, A: Element, O: Element>(shapes: &[(usize, usize, usize)]) {
    let bytes = 8 * 3 * 40 * 40 * 2 + 8 * 4000;
    let (mut input, mut output) = (Guarded::new(bytes), Guarded::new(bytes));
    for (case, &(along, across, batch)) in shapes.iter().enumerate() {
        let extents = Extents { along, across, batch };
        let pairs = layouts(extents)
            .chain(repeated(extents))
            .flat_map(|from| layouts(extents).map(move |to| (from, to)));
        for (pair, ((from, from_len), (to, to_len))) in pairs.enumerate() {
            let at_end = [[false, false], [true, true], [false, true]][(case + pair) % 3];
            for kernel in [Kernel::Row, Kernel::Short, Kernel::Column, Kernel::Tile] {
                for backend in Backend::available() {
                    let summation = [Summation::Blocked, Summation::Sequential][pair % 2];
                    let stores = [Stores::Cached, Stores::Streamed][pair / 2 % 2];
                    let what = format_args!(
                        "{backend}, {kernel:?}, {summation:?}, {stores:?}, {extents:?}, {from:?}, {to:?}"
                    );
                    let input = input.slice::<I>(from_len, at_end[0]);
                    for (p, x) in input.iter_mut().enumerate() {
                        *x = I::cast_from((p % 5) as i8);
                    }
                    let output = output.slice::<O>(to_len, at_end[1]);
                    let (read, write) = ((&*input, from), (&mut *output, to));
                    cumsum_lanes::<I, A, O>(
                        backend, summation, stores, kernel, extents, read, write,
                    );
                    assert_lanes::<A, O>(extents, from, (output, to), what);
                    if [from.along, from.across, from.batch].contains(&0) {
                        continue;
                    }
                    let site = (&mut *input, from);
                    cumsum_lanes_in_place::<I, A>(backend, summation, kernel, extents, site);
                    assert_lanes::<A, I>(extents, from, (input, from), what);
                }
            }
        }
    }
}

/// Less than a register either way, about one, some and a bit.
const SHAPES: &[(usize, usize, usize)] = &[
    (1, 1, 1),
    (2, 3, 1),
    (3, 40, 1),
    (5, 17, 2),
    (7, 16, 1),
    (16, 7, 1),
    (17, 33, 1),
    (33, 9, 2),
    (40, 3, 2),
    (39, 40, 1),
    (8, 1, 30),
    (1, 35, 3),
];

macro_rules! tests {
    ($($name:ident: $I:ident $A:ident $O:ident;)*) => {
        mod one_lane {
            $(#[test]
            fn $name() {
                super::check::<$I, $A, $O>();
            })*
        }

        mod many_lanes {
            $(#[test]
            fn $name() {
                super::check_lanes::<$I, $A, $O>(super::SHAPES);
            })*
        }
    };
}
tests! {
    f32: f32 f32 f32;
    f64: f64 f64 f64;
    i8: i8 i8 i8;
    i16: i16 i16 i16;
    i32: i32 i32 i32;
    i64: i64 i64 i64;
    u8: u8 u8 u8;
    u16: u16 u16 u16;
    u32: u32 u32 u32;
    u64: u64 u64 u64;
    i8_in_i64: i8 i64 i64;
    u8_in_f32: u8 f32 f32;
    f32_in_f64_to_f32: f32 f64 f32;
    f64_to_f32: f64 f64 f32;
    i32_in_i64_to_i16: i32 i64 i16;
}

/// Short lanes one after the other: the last registers reach furthest beyond the last lane.
#[test]
fn short_lanes() {
    let shapes: Vec<_> =
        (1..=20).flat_map(|along| [1, 2, 5, 8, 23].map(|across| (along, across, 1))).collect();
    check_lanes::<f32, f32, f32>(&shapes);
    check_lanes::<f64, f64, f64>(&shapes);
    check_lanes::<i8, i8, i8>(&shapes);
    check_lanes::<u16, u16, u16>(&shapes);
    check_lanes::<i8, i64, i64>(&shapes);
}

/// Long ones, whose pieces must not reach into one another's either.
#[test]
fn long_lanes() {
    let shapes = [(1027, 1, 1), (1025, 2, 1), (1023, 3, 1)];
    check_lanes::<f32, f32, f32>(&shapes);
    check_lanes::<i64, i64, i64>(&shapes);
    check_lanes::<f32, f64, f32>(&shapes);
}
