//! Arrays of any dimension in their plainest form: each element is found by arithmetic on its index.

/// Where the elements lie in memory, in C order: the last index runs fastest.
pub(crate) fn positions(offset: usize, shape: &[usize], strides: &[isize]) -> Vec<usize> {
    assert_eq!(shape.len(), strides.len());
    let position = |mut number: usize| {
        let mut position = offset as isize;
        for (extent, stride) in shape.iter().zip(strides).rev() {
            position += (number % extent) as isize * stride;
            number /= extent;
        }
        position as usize
    };
    (0..shape.iter().product()).map(position).collect()
}

/// Replaces each lane of an array in C order by its `sums`; without an axis all is one lane.
pub(crate) fn cumsum<A: Copy>(
    x: &[A],
    shape: &[usize],
    axis: Option<usize>,
    sums: impl Fn(&[A]) -> Vec<A>,
) -> Vec<A> {
    let Some(axis) = axis else { return sums(x) };
    let extent = shape[axis];
    // From an element to the next of its lane.
    let step: usize = shape[axis + 1..].iter().product();
    let mut out = x.to_vec();
    // The first elements of the lanes are those whose index is 0 on the axis.
    for first in (0..x.len()).filter(|number| (number / step).is_multiple_of(extent)) {
        let lane: Vec<usize> = (0..extent).map(|i| first + i * step).collect();
        let values: Vec<A> = lane.iter().map(|at| x[*at]).collect();
        for (at, sum) in lane.into_iter().zip(sums(&values)) {
            out[at] = sum;
        }
    }
    out
}
