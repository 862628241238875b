//! Arrays as files have them, and the loops that lanesum is timed beside.

use lanesum::{Element, Error, View};
use npyz::Order;

/// An n-d array: its elements one after the other, in C order or in Fortran order.
#[derive(Debug)]
pub(crate) struct Array<T> {
    pub(crate) elements: Vec<T>,
    pub(crate) shape: Shape,
}

/// The extents of an array, and which of them is the slowest in memory: the first or the last.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) extents: Vec<usize>,
    pub(crate) order: Order,
}

impl Shape {
    /// The shape of a cumulative sum: one lane, or that of the array, whose order NumPy keeps too.
    pub(crate) fn of_sums(&self, axis: Option<isize>) -> Self {
        if axis.is_some() && !self.extents.is_empty() {
            return self.clone();
        }
        Self { extents: vec![self.extents.iter().product()], order: Order::C }
    }

    pub(crate) fn strides(&self) -> Vec<isize> {
        let before = |axis: usize| match self.order {
            Order::C => &self.extents[axis + 1..],
            Order::Fortran => &self.extents[..axis],
        };
        // Empty arrays may have any extents, and no strides that matter.
        let product = |extents: &[usize]| extents.iter().fold(1, |a: usize, &b| a.wrapping_mul(b));
        (0..self.extents.len()).map(|axis| product(before(axis)) as isize).collect()
    }

    /// Where the element lies that is the `k`th in C order.
    pub(crate) fn place(&self, mut k: usize) -> usize {
        let axes = self.extents.iter().zip(self.strides());
        let steps = axes.rev().map(|(extent, stride)| {
            let step = k % extent * stride as usize;
            k /= extent;
            step
        });
        steps.sum()
    }
}

impl<T: Copy> Array<T> {
    pub(crate) fn view(&self) -> Result<View<'_, T>, Error> {
        View::with_strides(&self.elements, 0, &self.shape.extents, &self.shape.strides())
    }

    /// What one writes without lanesum: the same casts, and loops through memory as it lies. Casts each
    /// element to `N`, a number, and sums in `A`.
    pub(crate) fn plain_sum<N, A>(&self, axis: Option<isize>, sums: &mut [A])
    where
        T: Into<N>,
        N: Element,
        A: Element,
    {
        let cast = |&x: &T| A::cast_from(x.into());
        let Shape { extents, order } = &self.shape;
        if self.elements.is_empty() {
            return;
        }
        match axis.filter(|_| !extents.is_empty()) {
            Some(axis) => {
                let axis = axis.rem_euclid(extents.len() as isize) as usize;
                let inner: usize = match order {
                    Order::C => extents[axis + 1..].iter().product(),
                    Order::Fortran => extents[..axis].iter().product(),
                };
                let slab = extents[axis] * inner;
                let slabs = self.elements.chunks_exact(slab).zip(sums.chunks_exact_mut(slab));
                slabs.for_each(|(slab, sums)| sum_rows(slab, inner, cast, sums));
            }
            None if *order == Order::C => sum_rows(&self.elements, 1, cast, sums),
            None => {
                let width = extents.last().copied().unwrap_or(1);
                let stride = self.shape.strides().last().map_or(1, |&stride| stride as usize);
                let mut sum = A::IDENTITY;
                for (row, sums) in sums.chunks_exact_mut(width).enumerate() {
                    let row = self.elements[self.shape.place(row * width)..].iter();
                    sum = running_sum(sum, row.step_by(stride).map(cast), sums);
                }
            }
        }
    }
}

/// Adds each row to the one before, or each element if that is a row.
fn sum_rows<T, A: Element>(slab: &[T], width: usize, cast: impl Fn(&T) -> A, sums: &mut [A]) {
    if width == 1 {
        running_sum(A::IDENTITY, slab.iter().map(cast), sums);
        return;
    }
    sums[..width].iter_mut().zip(slab).for_each(|(out, x)| *out = cast(x));
    for at in (width..slab.len()).step_by(width) {
        let (done, row) = sums[at - width..][..2 * width].split_at_mut(width);
        for ((out, before), x) in row.iter_mut().zip(done).zip(&slab[at..]) {
            *out = before.plus(cast(x));
        }
    }
}

fn running_sum<A: Element>(mut sum: A, elements: impl Iterator<Item = A>, sums: &mut [A]) -> A {
    for (out, x) in sums.iter_mut().zip(elements) {
        sum = sum.plus(x);
        *out = sum;
    }
    sum
}
