//! Arrays that lie in memory in all sorts of ways.

use lanesum::{Backend, Cumsum, Operand, Stores, View, ViewMut, cumsum};

use super::reference::axes;
use super::{Random, SUMMATIONS, Value, assert_same_bits};

/// Where the elements of an array lie in a slice.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) offset: usize,
    pub(crate) shape: Vec<usize>,
    pub(crate) strides: Vec<isize>,
    /// The length of the slice.
    pub(crate) len: usize,
}

impl Place {
    /// The positions of the elements, in C order.
    pub(crate) fn positions(&self) -> Vec<usize> {
        axes::positions(self.offset, &self.shape, &self.strides)
    }

    pub(crate) fn view<'a, T>(&self, slice: &'a [T]) -> View<'a, T> {
        let Self { offset, shape, strides, len } = self;
        assert_eq!(slice.len(), *len);
        View::with_strides(slice, *offset, shape, strides).expect("a view of the slice")
    }

    pub(crate) fn view_mut<'a, T>(&self, slice: &'a mut [T]) -> ViewMut<'a, T> {
        let Self { offset, shape, strides, len } = self;
        assert_eq!(slice.len(), *len);
        ViewMut::with_strides(slice, *offset, shape, strides).expect("a mutable view of the slice")
    }

    /// The elements in C order.
    pub(crate) fn gather<T: Copy>(&self, slice: &[T]) -> Vec<T> {
        self.positions().into_iter().map(|at| slice[at]).collect()
    }

    /// Writes the elements, in C order, to their places.
    pub(crate) fn scatter<T: Copy>(&self, elements: &[T], slice: &mut [T]) {
        let positions = self.positions();
        assert_eq!(positions.len(), elements.len());
        for (at, x) in positions.into_iter().zip(elements) {
            slice[at] = *x;
        }
    }
}

/// How an array lies in memory, whatever its shape.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    /// The axes from the smallest stride on. C order is `ndim - 1, .., 1, 0`.
    pub(crate) order: Vec<usize>,
    /// Every how many-th element is in the array, for each axis: `a[::2, ::3]` is `[2, 3]`.
    pub(crate) steps: Vec<usize>,
    /// The elements left out at the end of each row of each axis.
    pub(crate) gap: usize,
    /// The axes that run backwards: bit `1 << axis`.
    pub(crate) reversed: usize,
    /// The axes along which all elements are one. Inputs only.
    pub(crate) repeated: usize,
    /// Whether the rows of an axis begin in the middle of one another: windows. Inputs only.
    pub(crate) windows: bool,
    /// The elements before the first in memory, and after the last.
    pub(crate) margin: usize,
}

impl Style {
    /// C order, nothing left out.
    pub(crate) fn dense(ndim: usize) -> Self {
        let (order, steps) = ((0..ndim).rev().collect(), vec![1; ndim]);
        Self { order, steps, gap: 0, reversed: 0, repeated: 0, windows: false, margin: 0 }
    }

    /// Fortran order, nothing left out.
    pub(crate) fn fortran(ndim: usize) -> Self {
        Self { order: (0..ndim).collect(), ..Self::dense(ndim) }
    }

    /// Any order of the axes; often dense, often stepped, often backwards.
    pub(crate) fn random(ndim: usize, random: &mut Random) -> Self {
        let mut style = Self::dense(ndim);
        let mut below = |n: usize| (random.next().expect("endless") >> 32) as usize % n;
        match below(4) {
            0 => {}
            1 => style.order.reverse(),
            _ => (1..ndim).for_each(|k| style.order.swap(k, below(k + 1))),
        }
        if below(2) == 0 {
            style.steps = (0..ndim).map(|_| [1, 1, 2, 3][below(4)]).collect();
        }
        style.gap = [0, 0, 1, 5][below(4)];
        style.reversed = [0, 0, below(1 << ndim)][below(3)];
        style.margin = below(10);
        style
    }

    /// An array of this shape.
    pub(crate) fn place(&self, shape: &[usize]) -> Place {
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
        Place { offset, shape: shape.to_vec(), strides, len: last + 1 + self.margin }
    }
}

/// What a place holds that must not be written, and one that is yet to be.
pub(crate) fn guard<T: Value>() -> T {
    T::from_bits(0xa5a5_a5a5_a5a5_a5a5)
}

/// The sum along this axis, if any is given.
pub(crate) fn along<S: Operand, D>(sum: Cumsum<S, D>, axis: Option<isize>) -> Cumsum<S, D> {
    match axis {
        Some(axis) => sum.axis(axis).expect("an axis of the array"),
        None => sum,
    }
}

/// An array in memory, an axis or none, and where its sums go.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    pub(crate) shape: &'a [usize],
    pub(crate) axis: Option<usize>,
    pub(crate) from: &'a Style,
    pub(crate) to: &'a Style,
}

impl Case<'_> {
    /// Sums by each way of calling, with both summations, on every backend. `values` makes so many of
    /// a seed.
    pub(crate) fn check<T: Value>(&self, values: impl Fn(u64, usize) -> Vec<T>) {
        let Self { shape, axis, from, to } = *self;
        let from = from.place(shape);
        let at = to.place(shape);
        // Without an axis the result is 1-d.
        let to = match axis {
            Some(_) => at.clone(),
            None => {
                let steps = vec![1 + shape.len() % 3];
                Style { order: vec![0], steps, reversed: to.reversed % 2, ..*to }
                    .place(&[shape.iter().product()])
            }
        };
        let memory = values(from.len as u64, from.len);
        let x = from.gather(&memory);
        for summation in SUMMATIONS {
            let sums = T::expected_along(summation, &x, shape, axis);
            // Not zeros: a place that is skipped must show.
            let mut expected = vec![guard::<T>(); to.len];
            to.scatter(&sums, &mut expected);
            let (mut data, mut overwritten) = (vec![guard::<T>(); at.len], vec![guard(); at.len]);
            at.scatter(&x, &mut data);
            at.scatter(&sums, &mut overwritten);
            for backend in Backend::available() {
                let assert = |got: &[T], expected: &[T], way: &str| {
                    let what = format_args!("{backend}, {summation:?}, {way}, {self:?}");
                    assert_same_bits(got, expected, what);
                };
                let view = from.view(&memory);
                let sum = along(cumsum(&view).dtype::<T>(), self.axis());
                let sum = sum.summation(summation).backend(backend);
                assert(&sum.to_vec(), &sums, "to_vec");

                for stores in [Stores::Cached, Stores::Streamed] {
                    let mut out = vec![guard::<T>(); to.len];
                    let sum = sum.stores(stores);
                    sum.write_to(to.view_mut(&mut out)).expect("the shape of the result");
                    assert(&out, &expected, &format!("write_to, {stores:?}"));
                }

                let mut data = data.clone();
                let sum = along(cumsum(at.view_mut(&mut data)).dtype::<T>(), self.axis());
                sum.summation(summation).backend(backend).in_place();
                assert(&data, &overwritten, "in_place");
            }
        }
    }

    /// The axis as it is asked for: counted from the last as often as from the first.
    fn axis(&self) -> Option<isize> {
        let from_last = self.shape.iter().sum::<usize>() % 2;
        self.axis.map(|axis| axis as isize - (from_last * self.shape.len()) as isize)
    }
}
