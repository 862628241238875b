//! Arrays as files have them, and the loops that lanesum is timed beside.

use lanesum::{Element, Error, View};

/// Which of the extents is the slowest in memory: the first or the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    C,
    Fortran,
}

/// An n-d array: its elements one after the other, in C order or in Fortran order.
#[derive(Debug)]
pub(crate) struct Array<T> {
    pub(crate) elements: Vec<T>,
    pub(crate) shape: Shape,
}

/// The extents of an array, and how its elements lie.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) extents: Vec<usize>,
    pub(crate) order: Order,
}

impl Shape {
    /// The shape of a cumulative sum with one sum more along the axis, or none more: one lane, or that of
    /// the array, whose order NumPy keeps too. `None` if there are more than one can count.
    pub(crate) fn of_sums(&self, axis: Option<isize>, more: usize) -> Option<Self> {
        let mut sums = match axis {
            Some(_) if !self.extents.is_empty() => self.clone(),
            _ => Self { extents: vec![self.len()?], order: Order::C },
        };
        // A result without axes has been given one.
        let along = sums.axis(axis.unwrap_or(0));
        if let Some(extent) = sums.extents.get_mut(along) {
            *extent = extent.checked_add(more)?;
        }
        sums.len().map(|_| sums)
    }

    /// The number of elements, unless it overflows.
    pub(crate) fn len(&self) -> Option<usize> {
        if self.extents.contains(&0) {
            return Some(0);
        }
        self.extents.iter().try_fold(1, |len: usize, &extent| len.checked_mul(extent))
    }

    /// The axis counted from the first.
    fn axis(&self, axis: isize) -> usize {
        let ndim = self.extents.len();
        if axis < 0 { axis.wrapping_add_unsigned(ndim) as usize } else { axis as usize }
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

    /// What one writes without lanesum: loops through memory as it lies.
    pub(crate) fn plain_sum(&self, axis: Option<isize>, sums: &mut [T])
    where
        T: Element,
    {
        let Shape { extents, order } = &self.shape;
        if self.elements.is_empty() {
            return;
        }
        match axis.filter(|_| !extents.is_empty()) {
            Some(axis) => {
                let axis = self.shape.axis(axis);
                let inner: usize = match order {
                    Order::C => extents[axis + 1..].iter().product(),
                    Order::Fortran => extents[..axis].iter().product(),
                };
                let slab = extents[axis] * inner;
                let slabs = self.elements.chunks_exact(slab).zip(sums.chunks_exact_mut(slab));
                slabs.for_each(|(slab, sums)| sum_rows(slab, inner, sums));
            }
            None if *order == Order::C => sum_rows(&self.elements, 1, sums),
            None => {
                let width = extents.last().copied().unwrap_or(1);
                let stride = self.shape.strides().last().map_or(1, |&stride| stride as usize);
                let mut sum = T::IDENTITY;
                for (row, sums) in sums.chunks_exact_mut(width).enumerate() {
                    let row = self.elements[self.shape.place(row * width)..].iter();
                    sum = running_sum(sum, row.step_by(stride), sums);
                }
            }
        }
    }
}

/// Adds each row to the one before, or each element if that is a row.
#[inline(never)]
fn sum_rows<T: Element>(slab: &[T], width: usize, sums: &mut [T]) {
    if width == 1 {
        running_sum(T::IDENTITY, slab.iter(), sums);
        return;
    }
    sums[..width].copy_from_slice(&slab[..width]);
    for at in (width..slab.len()).step_by(width) {
        let (done, row) = sums[at - width..][..2 * width].split_at_mut(width);
        for ((out, before), &x) in row.iter_mut().zip(done).zip(&slab[at..]) {
            *out = before.plus(x);
        }
    }
}

fn running_sum<'a, T: Element>(
    mut sum: T,
    elements: impl Iterator<Item = &'a T>,
    sums: &mut [T],
) -> T {
    for (out, &x) in sums.iter_mut().zip(elements) {
        sum = sum.plus(x);
        *out = sum;
    }
    sum
}
