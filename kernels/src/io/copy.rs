//! Copies between strided numbers and contiguous ones, for numbers of one size whatever their type.
//!
//! LLVM vectorises what has a constant stride, so that the strides that people write, all elements, every second
//! one, and backwards, are loops of their own.

use core::mem::MaybeUninit;
use core::slice;

use pulp::NullaryFnOnce;

use super::untyped::Untyped;
use crate::cpu::Backend;

/// Copies each lane to `to`, one after the other.
///
/// # Safety
///
/// * The numbers of the place may be read, and have the size that it says.
/// * `to` has room for all of them, is aligned for numbers of that size, and does not overlap them.
pub(super) unsafe fn gather(backend: Backend, from: &Untyped, to: *mut u8) {
    macro_rules! words {
        ($($size:literal: $Word:ty),*) => {
            match from.size() {
                $($size => {
                    let to = to.cast::<$Word>();
                    let vectors = Gather::<_, true> { from, to };
                    backend.vectorize_copy(vectors, || Gather::<_, false> { from, to }.call());
                })*
                // Numbers of 16 bytes gain nothing from vectors, each of which has two or four.
                16 => Gather::<_, false> { from, to: to.cast::<u128>() }.call(),
                _ => debug_assert!(false, "numbers of {} bytes", from.size()),
            }
        };
    }
    words!(1: u8, 2: u16, 4: u32, 8: u64);
}

/// Copies `from` to each lane, one after the other.
///
/// # Safety
///
/// * The numbers of the place may be written, and have the size that it says; no reference to them is in use.
/// * `from` points to as many numbers, aligned and not overlapping them.
pub(super) unsafe fn scatter(backend: Backend, from: *const u8, to: &Untyped) {
    macro_rules! words {
        ($($size:literal: $Word:ty),*) => {
            match to.size() {
                $($size => {
                    let from = from.cast::<$Word>();
                    backend.vectorize_copy(Scatter { from, to }, || Scatter { from, to }.call());
                })*
                16 => Scatter { from: from.cast::<u128>(), to }.call(),
                _ => debug_assert!(false, "numbers of {} bytes", to.size()),
            }
        };
    }
    words!(1: u8, 2: u16, 4: u32, 8: u64);
}

/// The loop of [`gather`], whose precondition holds for it; for vectors with a loop for each of some strides.
struct Gather<'a, W, const VECTORS: bool> {
    from: &'a Untyped,
    to: *mut W,
}

/// The loop of [`scatter`], whose precondition holds for it.
struct Scatter<'a, W> {
    from: *const W,
    to: &'a Untyped,
}

impl<W: Copy, const VECTORS: bool> NullaryFnOnce for Gather<'_, W, VECTORS> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { from, to } = self;
        let (along, across) = (from.extents().along, from.extents().across);
        if along == 0 {
            return;
        }
        for lane in 0..across {
            // SAFETY: room for lane after lane (`gather`).
            let to = unsafe { to.add(lane * along) }.cast::<MaybeUninit<W>>();
            // SAFETY: the `along` places of that room.
            let to = unsafe { slice::from_raw_parts_mut(to, along) };
            let span = |first: usize, len: usize| {
                let first = from.at(first, lane).cast::<W>();
                // SAFETY: both ends are numbers of the lane, and what lies between them is of the same slice
                // (`Untyped`), which may be read as a whole.
                unsafe { slice::from_raw_parts(first.cast_const(), len) }
            };
            match from.layout().along {
                1 => copy_every::<W, 1>(span(0, along), to),
                2 if VECTORS => copy_every::<W, 2>(span(0, 2 * along - 1), to),
                3 if VECTORS => copy_every::<W, 3>(span(0, 3 * along - 2), to),
                -1 if VECTORS => {
                    for (to, x) in to.iter_mut().zip(span(along - 1, along).iter().rev()) {
                        to.write(*x);
                    }
                }
                _ => {
                    for (k, to) in to.iter_mut().enumerate() {
                        // SAFETY: number `k` of lane `lane`, which both exist (`Untyped`).
                        to.write(unsafe { from.at(k, lane).cast::<W>().read() });
                    }
                }
            }
        }
    }
}

impl<W: Copy> NullaryFnOnce for Scatter<'_, W> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { from, to } = self;
        let (along, across) = (to.extents().along, to.extents().across);
        if along == 0 {
            return;
        }
        for lane in 0..across {
            // SAFETY: lane after lane (`scatter`).
            let from = unsafe { from.add(lane * along) };
            // SAFETY: the `along` numbers of that lane.
            let from = unsafe { slice::from_raw_parts(from, along) };
            let span = |first: usize| {
                let first = to.at(first, lane).cast::<MaybeUninit<W>>();
                // SAFETY: the `along` places of the lane, one after the other, which nobody else reaches (`scatter`).
                unsafe { slice::from_raw_parts_mut(first, along) }
            };
            match to.layout().along {
                1 => copy_every::<W, 1>(from, span(0)),
                -1 => {
                    for (to, x) in span(along - 1).iter_mut().rev().zip(from) {
                        to.write(*x);
                    }
                }
                _ => {
                    for (k, x) in from.iter().enumerate() {
                        // SAFETY: place `k` of lane `lane`, which both exist (`Untyped`).
                        unsafe { to.at(k, lane).cast::<W>().write(*x) };
                    }
                }
            }
        }
    }
}

/// Copies the first of every `S` words, and of those that are left.
#[inline(always)]
fn copy_every<W: Copy, const S: usize>(from: &[W], to: &mut [MaybeUninit<W>]) {
    if S == 1 {
        for (to, x) in to.iter_mut().zip(from) {
            to.write(*x);
        }
        return;
    }
    let (groups, rest) = from.as_chunks::<S>();
    for (to, group) in to.iter_mut().zip(groups) {
        to.write(group[0]);
    }
    if let (Some(to), Some(x)) = (to.get_mut(groups.len()), rest.first()) {
        to.write(*x);
    }
}
