//! [`Lane`]: a contiguous lane, and the contiguous places for its sums: in other memory, or the lane's own.

use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr::NonNull;
use core::slice;

use super::Place;
use crate::number::Number;

/// One contiguous lane and the places for its sums.
///
/// The lane is two pointers and a length, so that a kernel is compiled once for sums in other memory and for sums in
/// place. This is what [`source`](Self::source), [`target`](Self::target) and [`Block`] rely on, the *invariant*: `len`
/// numbers may be read from `source` on; `len` places may be written from `target` on; and they are the same elements,
/// or none of the one is one of the other. All of it is borrowed for `'a`.
pub(crate) struct Lane<'a, T> {
    source: NonNull<T>,
    target: NonNull<T>,
    len: usize,
    memory: PhantomData<(&'a [T], &'a mut [T])>,
}

impl<'a, T> Lane<'a, T> {
    /// Elements to be read from a slice, and sums to be written to memory that may be uninitialised: as many as the
    /// shorter one has.
    #[inline(always)]
    pub(crate) fn copy_to_uninit(input: &'a [T], output: &'a mut [MaybeUninit<T>]) -> Self {
        let len = input.len().min(output.len());
        let target = NonNull::from(output).cast();
        Self { source: NonNull::from(input).cast(), target, len, memory: PhantomData }
    }

    /// Elements to be overwritten with their sums.
    #[inline(always)]
    pub(crate) fn in_place(data: &'a mut [T]) -> Self {
        let len = data.len();
        let target = NonNull::from(data).cast();
        Self { source: target, target, len, memory: PhantomData }
    }

    /// Elements and places by their pointers.
    ///
    /// # Safety
    ///
    /// The invariant of the type. Places that were not written need not be initialised.
    #[inline(always)]
    pub(crate) unsafe fn from_raw_parts(source: *const T, target: *mut T, len: usize) -> Self {
        // SAFETY: nothing can be read at null.
        let source = unsafe { NonNull::new_unchecked(source.cast_mut()) };
        // SAFETY: or written.
        let target = unsafe { NonNull::new_unchecked(target) };
        Self { source, target, len, memory: PhantomData }
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The elements.
    #[inline(always)]
    pub(crate) fn source(&self) -> &[T] {
        // SAFETY: the invariant. While it is borrowed, nobody has the places.
        unsafe { slice::from_raw_parts(self.source.as_ptr(), self.len) }
    }

    /// The places for the sums.
    #[inline(always)]
    pub(crate) fn target(&mut self) -> &mut [Place<T>] {
        // SAFETY: the invariant. While it is borrowed, nobody has the elements.
        unsafe { slice::from_raw_parts_mut(self.target.cast().as_ptr(), self.len) }
    }

    /// The first `at` elements, or all if there are fewer, and those after them.
    #[inline(always)]
    pub(crate) fn split_at(self, at: usize) -> (Self, Self) {
        // The minimum keeps a panic, and so a call, out of the kernels.
        let at = at.min(self.len);
        let rest = Self {
            // SAFETY: within the elements, or at their end.
            source: unsafe { self.source.add(at) },
            // SAFETY: within the places, or at their end.
            target: unsafe { self.target.add(at) },
            len: self.len - at,
            memory: PhantomData,
        };
        (Self { len: at, ..self }, rest)
    }

    /// The first `R` registers of `W` elements, if there are as many.
    #[inline(always)]
    pub(crate) fn first<const W: usize, const R: usize>(&mut self) -> Option<Block<'_, T, W, R>> {
        (self.len >= W * R).then_some(Block {
            source: self.source.cast(),
            target: self.target.cast(),
            memory: PhantomData,
        })
    }

    /// The whole blocks of `R` registers of `W` elements; up to `W * R - 1` last elements are left.
    #[inline(always)]
    pub(crate) fn blocks<const W: usize, const R: usize>(self) -> Blocks<'a, T, W, R> {
        let Self { source, target, len, .. } = self;
        let (source, target, len) = (source.cast(), target.cast(), len / (W * R));
        Blocks { source, target, next: 0, len, memory: PhantomData }
    }

    /// Calls `sum`, and returns the last of the sums.
    ///
    /// # Safety
    ///
    /// `sum` writes a sum to each place.
    #[inline(always)]
    pub(crate) unsafe fn last_of(self, sum: impl FnOnce(Lane<'_, T>)) -> Option<T>
    where
        T: Copy,
    {
        let Self { source, target, len, .. } = self;
        sum(Lane { source, target, len, memory: PhantomData });
        // SAFETY: a place of this lane, which `sum` has written, and which it has given back.
        (len > 0).then(|| unsafe { *target.as_ptr().wrapping_add(len - 1) })
    }
}

impl<'a, T: Number> Lane<'a, T> {}

/// Contiguous lanes of one length, one after the other at some distance: what is summed in one call of a kernel.
pub(crate) struct Lanes<'a, T> {
    next: Lane<'a, T>,
    left: usize,
    /// From a lane to the next, in elements, where it is read and where it is written.
    steps: (isize, isize),
}

impl<'a, T> Lanes<'a, T> {
    /// Lanes that begin with this one.
    ///
    /// # Safety
    ///
    /// The `len` lanes at these steps are lanes as `first` is.
    #[inline(always)]
    pub(crate) unsafe fn from_raw_parts(
        first: Lane<'a, T>,
        len: usize,
        steps: (isize, isize),
    ) -> Self {
        Self { next: first, left: len, steps }
    }

    /// The next lane.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<Lane<'_, T>> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        let Lane { source, target, len, .. } = self.next;
        if self.left > 0 {
            // SAFETY: the first element of a lane (`from_raw_parts`), and so not null.
            self.next.source =
                unsafe { NonNull::new_unchecked(source.as_ptr().wrapping_offset(self.steps.0)) };
            // SAFETY: the first place of a lane.
            self.next.target =
                unsafe { NonNull::new_unchecked(target.as_ptr().wrapping_offset(self.steps.1)) };
        }
        Some(Lane { source, target, len, memory: PhantomData })
    }
}

/// A piece of a lane, `R` registers of `W` elements, that is read and then written.
pub(crate) struct Block<'a, T, const W: usize, const R: usize> {
    source: NonNull<[[T; W]; R]>,
    target: NonNull<[Place<[T; W]>; R]>,
    memory: PhantomData<(&'a [T], &'a mut [T])>,
}

impl<T, const W: usize, const R: usize> Block<'_, T, W, R> {
    /// The elements.
    #[inline(always)]
    pub(crate) fn source(&self) -> &[[T; W]; R] {
        // SAFETY: elements of a lane, by its invariant. While they are borrowed, nobody has the places.
        unsafe { self.source.as_ref() }
    }

    /// The places for their sums.
    #[inline(always)]
    pub(crate) fn target(&mut self) -> &mut [Place<[T; W]>; R] {
        // SAFETY: places of a lane, by its invariant. While they are borrowed, nobody has the elements.
        unsafe { self.target.as_mut() }
    }
}

/// The whole blocks of a lane, in their order.
pub(crate) struct Blocks<'a, T, const W: usize, const R: usize> {
    source: NonNull<[[T; W]; R]>,
    target: NonNull<[Place<[T; W]>; R]>,
    next: usize,
    len: usize,
    memory: PhantomData<(&'a [T], &'a mut [T])>,
}

impl<'a, T, const W: usize, const R: usize> Iterator for Blocks<'a, T, W, R> {
    type Item = Block<'a, T, W, R>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let at = self.next;
        if at >= self.len {
            return None;
        }
        self.next = at + 1;
        Some(Block {
            // SAFETY: block `at` of those that there are.
            source: unsafe { self.source.add(at) },
            // SAFETY: the places of that block.
            target: unsafe { self.target.add(at) },
            memory: PhantomData,
        })
    }
}
