//! Stores that go past the cache, for sums that would not stay there: [`Stores`], and [`Past`], which makes
//! a kernel store so.
//!
//! An ordinary store to a line of memory that is not in the cache reads the line first. A streaming one does
//! not, if the whole line is stored before the next is begun, or nearly so. Lanes that begin in the middle of a
//! line go in pieces of 16 bytes, which the CPU puts together. (64 Mi `f64`, `f32`: 0.80 and 0.72 of `memcpy`, where
//! a copy with such stores takes 0.73 and 0.70, and ordinary ones take 1.11 and 0.97. Zen 5, 2026-11.)
//!
//! x86 only: ARM's cores find out by themselves that whole lines are written, and do not read them.

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::compensated::Float;
use crate::short::Pick;
use crate::tile::Transpose;
#[cfg(target_arch = "x86_64")]
use crate::vector::Slide;
use crate::vector::{Scan, Vector};
use crate::wide::Widen;

/// How sums are stored. The bits are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stores {
    /// In the cache, as any program stores.
    Cached,
    /// Past the cache: for results that are larger than the cache, or not read soon. It is a wish: where the
    /// CPU has no instructions for it, and where it is known not to pay, sums are stored in the cache all the
    /// same. The README has a list.
    Streamed,
}

impl Stores {
    /// What is best for `bytes` of sums, as long as nothing is known of who reads them: `Streamed` from half of
    /// the last-level cache on, so that the input and the sums would not both stay there. Of a cache of
    /// which the size cannot be found out, or that is so large that many cores share it, 32 MiB count.
    /// (With a cache of 32 MiB, `f64`, over ordinary stores: 0.90 to 0.95 with 2 to 8 MiB of sums, which are
    /// then gone from the cache, 0.93 with 16 MiB, 0.76 with 32 MiB. Zen 5, 2026-11.)
    ///
    /// ```
    /// use lanesum_kernels::Stores;
    ///
    /// assert_eq!(Stores::for_bytes(1000), Stores::Cached);
    /// ```
    #[inline]
    pub fn for_bytes(bytes: usize) -> Self {
        // No last-level cache is so small that it would have to be asked for.
        if bytes < LEAST_STREAMED { Self::Cached } else { Self::for_many_bytes(bytes) }
    }

    #[cold]
    fn for_many_bytes(bytes: usize) -> Self {
        // The CPU takes a microsecond or, in a virtual machine, fifty to say.
        static CACHE_BYTES: AtomicUsize = AtomicUsize::new(0);
        let mut cache = CACHE_BYTES.load(Ordering::Relaxed);
        if cache == 0 {
            cache = last_level_cache().unwrap_or(MOST_CACHE).clamp(1, MOST_CACHE);
            CACHE_BYTES.store(cache, Ordering::Relaxed);
        }
        if bytes >= LEAST_STREAMED.max(cache / 2) { Self::Streamed } else { Self::Cached }
    }
}

/// Fewer bytes are never streamed.
const LEAST_STREAMED: usize = 1 << 20;

/// As much of the cache as one core can count on.
const MOST_CACHE: usize = 32 << 20;

/// The bytes of the last level.
fn last_level_cache() -> Option<usize> {
    // Miri does not know the instruction.
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    return crate::arch::last_level_cache();
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    None
}

/// The bytes of a line of the cache, which lies at a multiple of them.
pub(crate) const LINE_BYTES: usize = 64;

/// A context whose sums go past the cache. What else it stores does not.
#[derive(Clone, Copy)]
pub(crate) struct Past<V>(V);

impl<V: Vector<W>, const W: usize> Vector<W> for Past<V> {
    type Element = V::Element;
    type Register = V::Register;
    type Token = V::Token;

    #[inline(always)]
    fn new(token: V::Token) -> Self {
        Self(V::new(token))
    }
    #[inline(always)]
    fn splat(self, x: V::Element) -> V::Register {
        self.0.splat(x)
    }
    #[inline(always)]
    fn add(self, a: V::Register, b: V::Register) -> V::Register {
        self.0.add(a, b)
    }
    #[inline(always)]
    fn load_part(self, from: &[V::Element]) -> V::Register {
        self.0.load_part(from)
    }
    #[inline(always)]
    fn store_part(self, x: V::Register, to: &mut [V::Element]) {
        self.0.store_part(x, to);
    }
    #[inline(always)]
    fn store_row_part(self, x: V::Register, to: &mut [V::Element]) {
        self.0.store_row_part(x, to);
    }
    #[inline(always)]
    fn store_sums(self, x: V::Register, to: &mut [V::Element; W]) {
        // SAFETY: only `with!` in arch.rs makes a `Past`, and it ends with the fence. Before that, the kernel
        // stores each sum once, does not read it, and does not unwind.
        unsafe { self.0.stream(x, to) }
    }
    #[inline(always)]
    fn read_ahead(self, from: *const V::Element) {
        self.0.prefetch(from);
    }
    #[inline(always)]
    fn fence(self) {
        self.0.fence();
    }
}

impl<V: Scan<W>, const W: usize> Scan<W> for Past<V> {
    #[inline(always)]
    fn scan(self, x: V::Register) -> V::Register {
        self.0.scan(x)
    }
    #[inline(always)]
    fn last(self, x: V::Register) -> V::Register {
        self.0.last(x)
    }
}

#[cfg(target_arch = "x86_64")]
impl<V: Slide<W>, const W: usize> Slide<W> for Past<V> {
    type Previous = V::Previous;

    #[inline(always)]
    fn nothing(self) -> V::Previous {
        self.0.nothing()
    }
    #[inline(always)]
    fn slide(self, previous: &mut V::Previous, x: V::Register) -> V::Register {
        self.0.slide(previous, x)
    }
}

impl<V: Pick<W>, const W: usize> Pick<W> for Past<V> {
    type Choice = V::Choice;

    #[inline(always)]
    fn choice(self, lanes: [Option<u8>; W]) -> V::Choice {
        self.0.choice(lanes)
    }
    #[inline(always)]
    fn pick(self, x: V::Register, from: V::Register, choice: V::Choice) -> V::Register {
        self.0.pick(x, from, choice)
    }
}

impl<V: Float<W>, const W: usize> Float<W> for Past<V> {
    #[inline(always)]
    fn sub(self, a: V::Register, b: V::Register) -> V::Register {
        self.0.sub(a, b)
    }
    #[inline(always)]
    fn choose(self, hi: V::Register, sum: V::Register) -> V::Register {
        self.0.choose(hi, sum)
    }
}

impl<V: Widen<W>, const W: usize> Widen<W> for Past<V> {
    #[inline(always)]
    fn widen(self, from: &[f32; W]) -> V::Register {
        self.0.widen(from)
    }
    #[inline(always)]
    fn narrow(self, x: V::Register, to: &mut [f32; W]) {
        self.0.narrow(x, to);
    }
    #[inline(always)]
    fn narrow_sums(self, x: V::Register, to: &mut [f32; W]) {
        // SAFETY: as in `store_sums`.
        unsafe { self.0.stream_narrow(x, to) }
    }
}

impl<V: Transpose<W>, const W: usize> Transpose<W> for Past<V> {
    #[inline(always)]
    fn transpose(self, tile: [V::Register; W]) -> [V::Register; W] {
        self.0.transpose(tile)
    }
}
