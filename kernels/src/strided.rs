//! Copies between strided elements and contiguous ones, with casts.
//!
//! LLVM vectorises what has a constant stride, so that the strides that people write, all elements,
//! every second one, and backwards, are loops of their own.

use core::slice;

use pulp::NullaryFnOnce;

use crate::cpu::Backend;
use crate::memory::Extents;
use crate::memory::{Strided as Source, StridedMut as Target};
use crate::number::{Number, cast_slice};

/// Copies each lane to `to`, one after the other, cast to `A`. There are no more than `to` takes.
pub(crate) fn gather<T: Number, A: Number>(backend: Backend, from: &Source<'_, T>, to: &mut [A]) {
    backend.vectorize(Gather { from, to });
}

/// Copies `from` to each lane, one after the other, cast to `T`. There are no more than `from` holds.
pub(crate) fn scatter<A: Number, T: Number>(backend: Backend, from: &[A], to: &mut Target<'_, T>) {
    backend.vectorize(Scatter { from, to });
}

// No closures: those that are not small are not inlined, and then not compiled with the instructions
// of the backend.
struct Gather<'a, 'b, T, A> {
    from: &'a Source<'b, T>,
    to: &'a mut [A],
}

struct Scatter<'a, 'b, A, T> {
    from: &'a [A],
    to: &'a mut Target<'b, T>,
}

impl<T: Number, A: Number> NullaryFnOnce for Gather<'_, '_, T, A> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { from, to } = self;
        let Extents { along, across, .. } = from.extents();
        let stride = from.strides().along;
        if along == 0 {
            return;
        }
        for (lane, to) in to.chunks_exact_mut(along).enumerate().take(across) {
            match stride {
                // SAFETY: all elements of the lane, from the first to the last.
                1 => copy_every::<T, A, 1>(unsafe { span(from, lane, 0, along) }, to),
                // SAFETY: and what lies between them.
                2 => copy_every::<T, A, 2>(unsafe { span(from, lane, 0, 2 * along - 1) }, to),
                // SAFETY: and what lies between them.
                3 => copy_every::<T, A, 3>(unsafe { span(from, lane, 0, 3 * along - 2) }, to),
                // SAFETY: and what lies between them.
                4 => copy_every::<T, A, 4>(unsafe { span(from, lane, 0, 4 * along - 3) }, to),
                -1 => {
                    // SAFETY: from the last element of the lane to the first.
                    let reversed = unsafe { span(from, lane, along - 1, along) };
                    for (to, x) in to.iter_mut().zip(reversed.iter().rev()) {
                        *to = A::cast_from(*x);
                    }
                }
                _ => {
                    for (k, to) in to.iter_mut().enumerate() {
                        // SAFETY: `k < along`, and `lane < across`: an element, by the invariant.
                        *to = A::cast_from(unsafe { from.at(k, lane).read() });
                    }
                }
            }
        }
    }
}

impl<A: Number, T: Number> NullaryFnOnce for Scatter<'_, '_, A, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { from, to } = self;
        let Extents { along, across, .. } = to.extents();
        let stride = to.strides().along;
        if along == 0 {
            return;
        }
        for (lane, from) in from.chunks_exact(along).enumerate().take(across) {
            if stride == 1 {
                // SAFETY: `along` places of an existing lane, one after the other, to which there is no
                // other reference.
                let to = unsafe { slice::from_raw_parts_mut(to.at(0, lane), along) };
                cast_slice(from, to);
            } else if stride == -1 {
                // SAFETY: as above, from the last place of the lane to the first.
                let to = unsafe { slice::from_raw_parts_mut(to.at(along - 1, lane), along) };
                for (to, x) in to.iter_mut().rev().zip(from) {
                    *to = T::cast_from(*x);
                }
            } else {
                for (k, x) in from.iter().enumerate() {
                    // SAFETY: `k < along`, and `lane < across`: a place, by the invariant.
                    unsafe { to.at(k, lane).write(T::cast_from(*x)) };
                }
            }
        }
    }
}

/// Copies the first of every `S` elements, and of those that are left.
#[inline(always)]
fn copy_every<T: Number, A: Number, const S: usize>(from: &[T], to: &mut [A]) {
    if S == 1 {
        return cast_slice(from, to);
    }
    let (groups, rest) = from.as_chunks::<S>();
    for (to, group) in to.iter_mut().zip(groups) {
        *to = A::cast_from(group[0]);
    }
    if let (Some(to), Some(x)) = (to.get_mut(groups.len()), rest.first()) {
        *to = A::cast_from(*x);
    }
}

/// `len` elements of the slice, from element `first` of a lane on.
///
/// # Safety
///
/// The first and the last of them are elements of the lane.
#[inline(always)]
unsafe fn span<'a, T: Number>(
    from: &Source<'a, T>,
    lane: usize,
    first: usize,
    len: usize,
) -> &'a [T] {
    // SAFETY: both ends lie in the slice that the source was made of, and so does what lies between them.
    // All of it may be read, by the invariant.
    unsafe { slice::from_raw_parts(from.at(first, lane), len) }
}
