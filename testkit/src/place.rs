//! Arrays that lie in memory in all sorts of ways.

use lanesum::{View, ViewMut};

use crate::reference::axes;
use crate::{Random, Typed};

/// Where the elements of an array lie in a slice.
#[derive(Clone)]
pub struct Place {
    /// The index of the first element.
    pub offset: usize,
    /// The shape of the array.
    pub shape: Vec<usize>,
    /// Its strides in elements.
    pub strides: Vec<isize>,
    /// The length of the slice.
    pub len: usize,
    positions: Vec<usize>,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { offset, shape, strides, len, .. } = self;
        write!(f, "{shape:?} with strides {strides:?} from {offset} in {len}")
    }
}

impl Place {
    /// The place of an array in a slice of `len` elements.
    pub fn new(len: usize, offset: usize, shape: &[usize], strides: &[isize]) -> Self {
        let positions = axes::positions(offset, shape, strides);
        Self { offset, shape: shape.to_vec(), strides: strides.to_vec(), len, positions }
    }

    /// The indices of the elements, in C order.
    pub fn positions(&self) -> &[usize] {
        &self.positions
    }

    /// The array in a slice.
    pub fn view<'a, T>(&self, slice: &'a [T]) -> View<'a, T> {
        let Self { offset, shape, strides, len, .. } = self;
        assert_eq!(slice.len(), *len);
        View::with_strides(slice, *offset, shape, strides).expect("a view of the slice")
    }

    /// The array in a slice, to be written.
    pub fn view_mut<'a, T>(&self, slice: &'a mut [T]) -> ViewMut<'a, T> {
        let Self { offset, shape, strides, len, .. } = self;
        assert_eq!(slice.len(), *len);
        ViewMut::with_strides(slice, *offset, shape, strides).expect("a mutable view of the slice")
    }

    /// The elements, of one dimension and without gaps.
    pub fn slice<'a, T>(&self, slice: &'a [T]) -> &'a [T] {
        assert!(self.shape.len() == 1 && self.strides == [1], "{self:?} is no slice");
        &slice[self.offset..][..self.shape[0]]
    }

    /// As [`slice`](Self::slice), to be written.
    pub fn slice_mut<'a, T>(&self, slice: &'a mut [T]) -> &'a mut [T] {
        assert!(self.shape.len() == 1 && self.strides == [1], "{self:?} is no slice");
        &mut slice[self.offset..][..self.shape[0]]
    }

    /// The elements in C order.
    pub fn gather<T: Copy>(&self, slice: &[T]) -> Vec<T> {
        self.positions.iter().map(|at| slice[*at]).collect()
    }

    /// Writes the elements, in C order, to their places.
    pub fn scatter<T: Copy>(&self, elements: &[T], slice: &mut [T]) {
        assert_eq!(self.positions.len(), elements.len());
        for (at, x) in self.positions.iter().zip(elements) {
            slice[*at] = *x;
        }
    }

    /// Memory that holds these elements in their places, and guards around them.
    pub fn memory<T: Typed>(&self, elements: &[T]) -> Aligned<T> {
        let mut memory = self.guards();
        self.scatter(elements, &mut memory);
        memory
    }

    /// Memory that holds nothing but guards. Not zeros: a place that is skipped must show.
    pub fn guards<T: Typed>(&self) -> Aligned<T> {
        Aligned::new(self.len)
    }
}

/// A slice that begins at a multiple of 64 bytes, so that the layout alone decides on the alignment.
pub struct Aligned<T> {
    memory: Vec<T>,
    start: usize,
    len: usize,
}

impl<T: Typed> Aligned<T> {
    fn new(len: usize) -> Self {
        let memory = vec![T::guard(); len + 64 / size_of::<T>()];
        let start = memory.as_ptr().align_offset(64);
        Self { memory, start, len }
    }

    /// These elements, wherever they begin.
    pub fn of(elements: Vec<T>) -> Self {
        Self { start: 0, len: elements.len(), memory: elements }
    }
}

impl<T> std::ops::Deref for Aligned<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.memory[self.start..][..self.len]
    }
}

impl<T> std::ops::DerefMut for Aligned<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.memory[self.start..][..self.len]
    }
}

/// How an array lies in memory, whatever its shape.
#[derive(Clone, Debug)]
pub struct Style {
    /// The axes from the smallest stride on. C order is `ndim - 1, .., 1, 0`.
    pub order: Vec<usize>,
    /// Every how many-th element is in the array, for each axis: `a[::2, ::3]` is `[2, 3]`.
    pub steps: Vec<usize>,
    /// The elements left out at the end of each row of each axis.
    pub gap: usize,
    /// The axes that run backwards: bit `1 << axis`.
    pub reversed: usize,
    /// The axes along which all elements are one. Inputs only.
    pub repeated: usize,
    /// Whether the rows of an axis begin in the middle of one another: windows. Inputs only.
    pub windows: bool,
    /// The elements before the first in memory, and after the last.
    pub margin: usize,
}

impl Style {
    /// C order, nothing left out.
    pub fn dense(ndim: usize) -> Self {
        let (order, steps) = ((0..ndim).rev().collect(), vec![1; ndim]);
        Self { order, steps, gap: 0, reversed: 0, repeated: 0, windows: false, margin: 0 }
    }

    /// Fortran order, nothing left out.
    pub fn fortran(ndim: usize) -> Self {
        Self { order: (0..ndim).collect(), ..Self::dense(ndim) }
    }

    /// Any order of the axes; often dense, often stepped, often backwards.
    pub fn random(ndim: usize, random: &mut Random) -> Self {
        let mut style = Self::dense(ndim);
        match random.below(4) {
            0 => {}
            1 => style.order.reverse(),
            _ => (1..ndim).for_each(|k| style.order.swap(k, random.below(k + 1))),
        }
        if random.one_in(2) {
            style.steps = (0..ndim).map(|_| random.of(&[1, 1, 2, 3])).collect();
        }
        style.gap = random.of(&[0, 0, 1, 5]);
        style.reversed = [0, 0, random.below(1 << ndim)][random.below(3)];
        style.margin = random.below(10);
        style
    }

    /// [`Style::random`], or repeated along some axes, or windows.
    pub fn random_input(ndim: usize, random: &mut Random) -> Self {
        let mut style = Self::random(ndim, random);
        match random.below(6) {
            0 => style.repeated = random.below(1 << ndim),
            1 => style.windows = true,
            _ => {}
        }
        style
    }

    /// The style of a result without an axis, which has one dimension.
    pub fn of_line(&self) -> Self {
        let steps = vec![1 + self.order.len() % 3];
        Self { steps, order: vec![0], reversed: self.reversed % 2, ..*self }
    }

    /// An array of this shape.
    pub fn place(&self, shape: &[usize]) -> Place {
        assert_eq!(shape.len(), self.order.len());
        let (mut offset, mut last, mut strides) = (self.margin, self.margin, vec![0; shape.len()]);
        let mut next = 1;
        for &axis in &self.order {
            if self.repeated >> axis & 1 == 1 {
                continue;
            }
            next *= self.steps[axis];
            strides[axis] = next as isize;
            let reach = shape[axis].saturating_sub(1) * next;
            last += reach;
            if self.reversed >> axis & 1 == 1 {
                offset += reach;
                strides[axis] *= -1;
            }
            next = if self.windows { next + self.gap % 2 } else { next * shape[axis].max(1) };
            next += self.gap;
        }
        Place::new(last + 1 + self.margin, offset, shape, &strides)
    }
}
