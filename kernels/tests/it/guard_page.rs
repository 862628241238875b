//! No kernel reads or writes past its slice: the slices lie against pages that must not be touched.

use bytemuck::Pod;
use lanesum_kernels::{Arrays, Backend, Element, Spec, Stores, Summation, cumsum};

use crate::layouts::{DENSE, Place, Style};
use crate::values::names;

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
    fn slice<T: Element + Pod>(&mut self, len: usize, at_end: bool) -> &mut [T] {
        let bytes = (self.pages - 2) * self.page;
        assert!(len * size_of::<T>() <= bytes);
        let offset = self.page + if at_end { bytes - len * size_of::<T>() } else { 0 };
        // SAFETY: the elements lie within the accessible pages (asserted), which are zeroed or written
        // and so initialised; every bit pattern is a `T` (`Pod`); pages and sizes are multiples of its
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

/// What is asked for in a case: an order, and in every second one options.
fn specs<A: Element>(backend: Backend, case: usize) -> [Spec<A>; 2] {
    let summation =
        [Summation::Blocked, Summation::Sequential, Summation::Compensated][case / 2 % 3];
    let spec = Spec::new(backend, summation, Stores::Cached);
    let initial = case.is_multiple_of(3).then(|| A::cast_from(3i8));
    let (exclusive, reverse) = (case % 4 < 2, case % 5 < 3);
    [spec, Spec { initial, exclusive, reverse, ..spec }]
}

/// The sums of a lane, of small integers: exact in every accumulator but for wrapping.
fn sums<A: Element, O: Element>(spec: &Spec<A>, lane: &[i64]) -> Vec<O> {
    let mut sum = if spec.initial.is_some() { 3 } else { 0 };
    let mut sums = vec![0; lane.len()];
    for k in 0..lane.len() {
        let at = if spec.reverse { lane.len() - 1 - k } else { k };
        let before = sum;
        sum += lane[at];
        sums[at] = if spec.exclusive { before } else { sum };
    }
    sums.into_iter().map(|sum| O::cast_from(A::cast_from(sum))).collect()
}

/// `A` is summed from `I` to `O` at every length up to two blocks and a bit, flush with both guards.
fn check<I: Element + Pod, A: Element, O: Element + Pod>() {
    let lengths = (0..=2 * A::BLOCK + 3).chain([1023, 1024, 1025, 2051]);
    let (mut input, mut output) = (Guarded::new(2051 * 8), Guarded::new(2051 * 8));
    for len in lengths {
        let lane: Vec<i64> = (0..len as i64).map(|i| i % 5).collect();
        for (case, backend) in (0..6).flat_map(|k| Backend::available().map(move |b| (len + k, b)))
        {
            for (spec, at_end) in
                specs::<A>(backend, case).into_iter().flat_map(|spec| [(spec, false), (spec, true)])
            {
                let input = input.slice::<I>(len, at_end);
                for (i, x) in input.iter_mut().enumerate() {
                    *x = I::cast_from((i % 5) as i8);
                }
                let expected: Vec<O> = sums(&spec, &lane);
                let output = output.slice::<O>(len, at_end);
                for stores in [Stores::Cached, Stores::Streamed] {
                    let spec = Spec { stores, ..spec };
                    output.fill(O::default());
                    let result = cumsum::<I, A, O>(&spec, Arrays::slices(input, output));
                    assert_eq!(result, Ok(()));
                    assert_eq!(output, expected, "{spec:?}, length {len}");
                }
                let result = cumsum::<I, A, I>(&spec, Arrays::slice_in_place(input));
                assert_eq!(result, Ok(()));
                assert_eq!(input, sums::<A, I>(&spec, &lane), "in place: {spec:?}, length {len}");
            }
        }
    }
}

/// The layouts that lanes are read from and written to: contiguous, side by side, or neither; dense,
/// with gaps, and backwards. Their first element in memory is the slice's first, and their last is its last.
const STYLES: [Style; 7] = [
    DENSE,
    COLUMNS,
    Style { step: 2, gap: 1, ..DENSE },
    Style { step: 3, ..COLUMNS },
    Style { gap: 3, reversed: 1, ..DENSE },
    Style { gap: 2, reversed: 6, ..COLUMNS },
    Style { order: [2, 1, 0], reversed: 7, ..DENSE },
];

const COLUMNS: Style = Style { order: [1, 0, 2], ..DENSE };

/// Those that lanes can only be read from: the same lane, or the same element, again and again.
const REPEATED: [Style; 5] = [
    Style { repeated: 6, ..DENSE },
    Style { repeated: 2, reversed: 1, ..DENSE },
    Style { repeated: 1, ..DENSE },
    Style { repeated: 5, reversed: 2, ..DENSE },
    Style { repeated: 7, ..DENSE },
];

/// Asserts the sums of lanes of which element `p` of the slice was `p % 5`.
fn assert_lanes<A: Element, O: Element>(
    spec: &Spec<A>,
    from: &Place,
    (output, to): (&[O], &Place),
    what: std::fmt::Arguments<'_>,
) {
    for (j, k) in from.lanes() {
        let at = |i| from.index([i, j, k]) as i64 % 5;
        let lane: Vec<i64> = (0..from.shape[0]).map(at).collect();
        for (i, expected) in sums::<A, O>(spec, &lane).into_iter().enumerate() {
            assert_eq!(output[to.index([i, j, k])], expected, "{what}, ({i}, {j}, {k})");
        }
    }
}

/// Lanes of `A`, summed from `I` to `O` on every backend, flush with both guards.
fn check_lanes<I: Element + Pod, A: Element, O: Element + Pod>(shapes: &[[usize; 3]]) {
    let bytes = 8 * 3 * 40 * 40 * 2 + 8 * 4000;
    let (mut input, mut output) = (Guarded::new(bytes), Guarded::new(bytes));
    for (case, &shape) in shapes.iter().enumerate() {
        let pairs = STYLES
            .into_iter()
            .chain(REPEATED)
            .flat_map(|from| STYLES.map(|to| (from, from.place(shape), to.place(shape))));
        for (pair, (style, (from, from_len), (to, to_len))) in pairs.enumerate() {
            let at_end = [[false, false], [true, true], [false, true]][(case + pair) % 3];
            for spec in Backend::available().flat_map(|backend| specs::<A>(backend, pair)) {
                let types = names::<I, A, O>();
                let input = input.slice::<I>(from_len, at_end[0]);
                for (p, x) in input.iter_mut().enumerate() {
                    *x = I::cast_from((p % 5) as i8);
                }
                let output = output.slice::<O>(to_len, at_end[1]);
                for stores in [Stores::Cached, Stores::Streamed] {
                    let spec = Spec { stores, ..spec };
                    let what = format_args!("{spec:?}, {types:?}, {from:?}, {to:?}");
                    output.fill(O::default());
                    let read = (&*input, from.layout());
                    let arrays = Arrays::copy(read, (&mut *output, to.layout()), Some(0));
                    assert_eq!(cumsum::<I, A, O>(&spec, arrays), Ok(()), "{what}");
                    assert_lanes::<A, O>(&spec, &from, (output, &to), what);
                }
                if style.repeated != 0 {
                    continue;
                }
                let what = format_args!("in place: {spec:?}, {types:?}, {from:?}");
                let arrays = Arrays::in_place((&mut *input, from.layout()), Some(0));
                assert_eq!(cumsum::<I, A, I>(&spec, arrays), Ok(()), "{what}");
                assert_lanes::<A, I>(&spec, &from, (input, &from), what);
            }
        }
    }
}

/// Less than a register either way, about one, some and a bit.
const SHAPES: &[[usize; 3]] = &[
    [1, 1, 1],
    [2, 3, 1],
    [3, 40, 1],
    [5, 17, 2],
    [7, 16, 1],
    [16, 7, 1],
    [17, 33, 1],
    [33, 9, 2],
    [40, 3, 2],
    [39, 40, 1],
    [8, 1, 30],
    [1, 35, 3],
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
        (1..=20).flat_map(|along| [1, 2, 5, 8, 23].map(|across| [along, across, 1])).collect();
    check_lanes::<f32, f32, f32>(&shapes);
    check_lanes::<f64, f64, f64>(&shapes);
    check_lanes::<i8, i8, i8>(&shapes);
    check_lanes::<u16, u16, u16>(&shapes);
    check_lanes::<i8, i64, i64>(&shapes);
}

/// Long ones, whose pieces must not reach into one another's either.
#[test]
fn long_lanes() {
    let shapes = [[1027, 1, 1], [1025, 2, 1], [1023, 3, 1]];
    check_lanes::<f32, f32, f32>(&shapes);
    check_lanes::<i64, i64, i64>(&shapes);
    check_lanes::<f32, f64, f32>(&shapes);
}
