//! Stores that go past the cache, for sums that would not stay there: [`NonTemporal`], a context whose sums are stored
//! so.
//!
//! An ordinary store to a line of memory that is not in the cache reads the line first. A streaming one does
//! not, if the whole line is stored before the next is begun, or nearly so. Lanes that begin in the middle of a
//! line go in pieces of 16 bytes, which the CPU puts together. (64 Mi `f64`, `f32`: 0.80 and 0.72 of `memcpy`, where
//! a copy with such stores takes 0.73 and 0.70, and ordinary ones take 1.11 and 0.97. Zen 5, 2026-11.)
//!
//! x86 only: ARM's cores find out by themselves that whole lines are written, and do not read them.

use core::marker::PhantomData;

#[cfg(target_arch = "x86_64")]
use super::Slide;
use super::{Context, Float, Permute, Scan, Transpose, Vector, Widen, delegate};
use crate::memory::Place;

/// The fence after the stores of a [`NonTemporal`], which borrows it: it fences when it is dropped, by unwinding as well.
pub(crate) struct Fence<V: Context<W>, const W: usize>(V);

impl<V: Context<W>, const W: usize> Fence<V, W> {
    /// The one function that makes a fence, and so a [`NonTemporal`].
    ///
    /// # Safety
    ///
    /// It is dropped before anybody reads a sum that was stored, or stores in its place again.
    #[inline(always)]
    pub(crate) unsafe fn new(v: V) -> Self {
        Self(v)
    }

    /// A context whose sums go past the cache.
    #[inline(always)]
    pub(crate) fn context(&self) -> NonTemporal<'_, V> {
        NonTemporal { v: self.0, fence: PhantomData }
    }
}

impl<V: Context<W>, const W: usize> Drop for Fence<V, W> {
    #[inline(always)]
    fn drop(&mut self) {
        self.0.fence();
    }
}

/// A context whose sums go past the cache. What else it stores does not.
#[derive(Clone, Copy)]
pub(crate) struct NonTemporal<'a, V> {
    v: V,
    /// The fence outlives the context.
    fence: PhantomData<&'a ()>,
}

impl<V: Context<W>, const W: usize> Vector<W> for NonTemporal<'_, V> {
    type Element = V::Element;
    type Register = V::Register;

    delegate!(v: splat add load load_part store store_part store_row_part);

    #[inline(always)]
    fn store_sums(self, x: V::Register, to: &mut Place<[V::Element; W]>) {
        // SAFETY: a `Fence` outlives this context. Before it is dropped, nobody reads what is stored or stores there
        // again, as whoever made it said.
        unsafe { self.v.stream(x, to) }
    }
    #[inline(always)]
    fn read_ahead(self, from: *const V::Element) {
        self.v.prefetch(from);
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

    delegate!(v: choice permute);
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
        // SAFETY: as of `store_sums`.
        unsafe { self.v.stream_narrow(x, to) }
    }
    #[inline(always)]
    unsafe fn stream_narrow(self, x: V::Register, to: &mut Place<[f32; W]>) {
        // SAFETY: the obligation is handed on.
        unsafe { self.v.stream_narrow(x, to) }
    }
}
