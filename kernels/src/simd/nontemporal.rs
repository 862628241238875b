//! Stores that go past the cache, for sums that would not stay there: [`NonTemporal`], a context whose sums are stored
//! so.
//!
//! An ordinary store to a line of memory that is not in the cache reads the line first. A streaming one does
//! not, if the whole line is stored before the next is begun, or nearly so. Lanes that begin in the middle of a
//! line go in pieces of 16 bytes, which the CPU puts together. (64 Mi `f64`, `f32`: 0.80 and 0.72 of `memcpy`, where
//! a copy with such stores takes 0.73 and 0.70, and ordinary ones take 1.11 and 0.97. Zen 5, 2026-11.)
//!
//! Only x86 has such stores here: ARM's cores find out by themselves that whole lines are written, and do not read
//! them.

use core::hint::assert_unchecked;
use core::marker::PhantomData;

#[cfg(target_arch = "x86_64")]
use super::Slide;
use super::{Context, Float, Permute, Scan, Token, Transpose, Vector, Widen, delegate};
use crate::memory::Place;

/// The fence after the stores of [`NonTemporal`] contexts, which borrow it: it fences when it is dropped, by unwinding
/// as well.
pub(crate) struct Fence<T: Token> {
    token: T,
    streams: bool,
}

impl<T: Token> Fence<T> {
    /// The one function that makes a fence: for sums that are stored past the cache, or if it does not `streams`, in
    /// it.
    ///
    /// # Safety
    ///
    /// The fence is dropped before anybody reads a sum that was stored, or stores in its place again.
    #[inline(always)]
    pub(crate) unsafe fn new(token: T, streams: bool) -> Self {
        Self { token, streams }
    }
}

impl<T: Token> Drop for Fence<T> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.streams {
            self.token.fence();
        }
    }
}

/// A context whose sums go past the cache, if its fence is for that. All other stores go to the cache.
///
/// Most kernels are compiled once for both ways to store, and ask at each block, since a constant would double their
/// code. `row` is compiled for each way.
#[derive(Clone, Copy)]
pub(crate) struct NonTemporal<'a, V> {
    v: V,
    streams: bool,
    /// The fence outlives the context.
    fence: PhantomData<&'a ()>,
}

impl<'a, V> NonTemporal<'a, V> {
    #[inline(always)]
    pub(crate) fn new<const W: usize>(v: V, fence: &'a Fence<V::Token>) -> Self
    where
        V: Context<W>,
    {
        Self { v, streams: fence.streams, fence: PhantomData }
    }
}

impl<V: Context<W>, const W: usize> Vector<W> for NonTemporal<'_, V> {
    type Element = V::Element;
    type Register = V::Register;

    delegate!(v: splat add load load_part store store_part store_row_part);

    #[inline(always)]
    fn store_sums(self, x: V::Register, to: &mut Place<[V::Element; W]>) {
        if self.streams {
            // SAFETY: a `Fence` outlives this context. Before it is dropped, nobody reads what is stored or stores
            // there again, as whoever made it said.
            unsafe { self.v.stream(x, to) }
        } else {
            self.v.store(x, to);
        }
    }
    #[inline(always)]
    unsafe fn store_all<const N: usize, const ALIGNED: bool>(
        self,
        sums: [V::Register; N],
        to: *mut V::Element,
        step: isize,
    ) {
        if !self.streams {
            // SAFETY: the obligation is handed on.
            return unsafe { self.v.store_all::<N, ALIGNED>(sums, to, step) };
        }
        let mut next = to;
        for sums in sums {
            let to = next;
            next = next.wrapping_byte_offset(step);
            if ALIGNED {
                // SAFETY: the caller says so. Then `stream` need not ask.
                unsafe { assert_unchecked(to.addr().is_multiple_of(size_of::<[V::Element; W]>())) };
            }
            // SAFETY: the caller says that it may be written to.
            let to = unsafe { &mut *to.cast::<Place<[V::Element; W]>>() };
            // SAFETY: as of `store_sums`.
            unsafe { self.v.stream(sums, to) }
        }
    }
    #[inline(always)]
    fn read_ahead(self, from: *const V::Element) {
        if self.streams {
            self.v.prefetch(from);
        }
    }
    #[inline(always)]
    fn streams(self) -> bool {
        self.streams
    }
    #[inline(always)]
    fn in_cache(self) -> Self {
        Self { streams: false, ..self }
    }
}

impl<V: Context<W> + Scan<W>, const W: usize> Scan<W> for NonTemporal<'_, V> {
    delegate!(v: scan last);
}

#[cfg(target_arch = "x86_64")]
impl<V: Context<W> + Slide<W>, const W: usize> Slide<W> for NonTemporal<'_, V> {
    type Previous = V::Previous;

    delegate!(v: nothing slide);
}

impl<V: Context<W> + Permute<W>, const W: usize> Permute<W> for NonTemporal<'_, V> {
    type Choice = V::Choice;

    delegate!(v: permute);

    #[inline(always)]
    fn choice(slots: [Option<u8>; W]) -> V::Choice {
        V::choice(slots)
    }
}

impl<V: Context<W> + Transpose<W>, const W: usize> Transpose<W> for NonTemporal<'_, V> {
    delegate!(v: transpose);
}

impl<V: Context<W> + Float<W>, const W: usize> Float<W> for NonTemporal<'_, V> {
    delegate!(v: sub choose);
}

impl<V: Context<W> + Widen<W>, const W: usize> Widen<W> for NonTemporal<'_, V> {
    delegate!(v: widen narrow);

    #[inline(always)]
    fn narrow_sums(self, x: V::Register, to: &mut Place<[f32; W]>) {
        if self.streams {
            // SAFETY: as of `store_sums`.
            unsafe { self.v.stream_narrow(x, to) }
        } else {
            self.v.narrow(x, to);
        }
    }
    #[inline(always)]
    unsafe fn stream_narrow(self, x: V::Register, to: &mut Place<[f32; W]>) {
        // SAFETY: the obligation is handed on.
        unsafe { self.v.stream_narrow(x, to) }
    }
}
