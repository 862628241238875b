//! Where a lane is read and where its sums are written: out of place, or in place.
//!
//! A kernel is written once, over [`Span`]. Two ordinary slices, or one mutable slice, stand behind
//! it, so that no driver holds a pointer and the borrow checker proves what a pointer would need a
//! comment for.

use bytemuck::Pod;

/// One contiguous lane and where its sums go. Both slices of `Copy` have the same length.
pub(crate) enum Lane<'a, T> {
    /// Read the first, write the second.
    Copy(&'a [T], &'a mut [T]),
    /// Read and overwrite.
    InPlace(&'a mut [T]),
}

impl<'a, T: Pod> Lane<'a, T> {
    /// The same bytes as elements of another type of the same size.
    #[inline(always)]
    pub(crate) fn cast<U: Pod>(self) -> Lane<'a, U> {
        match self {
            Lane::Copy(input, output) => {
                Lane::Copy(bytemuck::cast_slice(input), bytemuck::cast_slice_mut(output))
            }
            Lane::InPlace(data) => Lane::InPlace(bytemuck::cast_slice_mut(data)),
        }
    }
}

impl<T: Copy> Lane<'_, T> {
    /// Calls `sum`, and returns the last of what it has written.
    #[inline(always)]
    pub(crate) fn last_of(self, sum: impl FnOnce(Lane<'_, T>)) -> Option<T> {
        match self {
            Lane::Copy(input, output) => {
                sum(Lane::Copy(input, &mut *output));
                output.last().copied()
            }
            Lane::InPlace(data) => {
                sum(Lane::InPlace(&mut *data));
                data.last().copied()
            }
        }
    }
}

/// Something that is read and then written: two places, or one.
pub(crate) trait Site<T: ?Sized> {
    fn source(&self) -> &T;
    fn target(&mut self) -> &mut T;
}

impl<T: ?Sized> Site<T> for (&T, &mut T) {
    #[inline(always)]
    fn source(&self) -> &T {
        self.0
    }
    #[inline(always)]
    fn target(&mut self) -> &mut T {
        self.1
    }
}

impl<T: ?Sized> Site<T> for &mut T {
    #[inline(always)]
    fn source(&self) -> &T {
        self
    }
    #[inline(always)]
    fn target(&mut self) -> &mut T {
        self
    }
}

/// The memory of a lane, as the row kernels walk it.
pub(crate) trait Span<T>: Site<[T]> + Sized {
    /// The first `at` elements, or all if there are fewer, and the rest.
    fn split_at(self, at: usize) -> (Self, Self);

    /// The first `W` elements, if there are as many.
    fn first<const W: usize>(&mut self) -> Option<impl Site<[T; W]>>;

    /// The whole blocks of `R` registers of `W` elements; up to `W * R - 1` last elements are left.
    fn blocks<const W: usize, const R: usize>(self) -> impl Iterator<Item: Site<[[T; W]; R]>>;
}

impl<T> Span<T> for (&[T], &mut [T]) {
    #[inline(always)]
    fn split_at(self, at: usize) -> (Self, Self) {
        // Without the minimum there would be a panic, and so a call, in the kernels.
        let (input, input_rest) = self.0.split_at(at.min(self.0.len()));
        let (output, output_rest) = self.1.split_at_mut(at.min(self.1.len()));
        ((input, output), (input_rest, output_rest))
    }

    #[inline(always)]
    fn first<const W: usize>(&mut self) -> Option<impl Site<[T; W]>> {
        Some((self.0.first_chunk()?, self.1.first_chunk_mut()?))
    }

    #[inline(always)]
    fn blocks<const W: usize, const R: usize>(self) -> impl Iterator<Item: Site<[[T; W]; R]>> {
        let input = self.0.as_chunks::<W>().0.as_chunks::<R>().0;
        let output = self.1.as_chunks_mut::<W>().0.as_chunks_mut::<R>().0;
        input.iter().zip(output)
    }
}

impl<T> Span<T> for &mut [T] {
    #[inline(always)]
    fn split_at(self, at: usize) -> (Self, Self) {
        self.split_at_mut(at.min(self.len()))
    }

    #[inline(always)]
    fn first<const W: usize>(&mut self) -> Option<impl Site<[T; W]>> {
        self.first_chunk_mut()
    }

    #[inline(always)]
    fn blocks<const W: usize, const R: usize>(self) -> impl Iterator<Item: Site<[[T; W]; R]>> {
        self.as_chunks_mut::<W>().0.as_chunks_mut::<R>().0.iter_mut()
    }
}
