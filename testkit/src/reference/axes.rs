//! Arrays of any dimension in their plainest form: each element is found by arithmetic on its index.

/// Where the elements lie in memory, in C order: the last index runs fastest.
pub fn positions(offset: usize, shape: &[usize], strides: &[isize]) -> Vec<usize> {
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

/// The elements of each lane along an axis, each by its number in C order; without an axis all are one
/// lane. The lanes are in C order of the other axes. A 0-d array counts as one of shape `(1,)`.
pub fn lanes(shape: &[usize], axis: Option<usize>) -> Vec<Vec<usize>> {
    let Some(axis) = axis.filter(|_| !shape.is_empty()) else {
        return vec![(0..shape.iter().product()).collect()];
    };
    let extent = shape[axis];
    let before: usize = shape[..axis].iter().product();
    // This is also the way from an element to the next of its lane.
    let after: usize = shape[axis + 1..].iter().product();
    let lane = |outer: usize, inner: usize| {
        (0..extent).map(|i| (outer * extent + i) * after + inner).collect()
    };
    (0..before).flat_map(|outer| (0..after).map(move |inner| lane(outer, inner))).collect()
}

/// The shape of the result, which has so many sums more along the axis than the input has elements.
pub fn result_shape(shape: &[usize], axis: Option<usize>, more: usize) -> Vec<usize> {
    let mut result = match axis {
        Some(_) if !shape.is_empty() => shape.to_vec(),
        _ => vec![shape.iter().product()],
    };
    let axis = axis.filter(|_| !shape.is_empty()).unwrap_or(0);
    result[axis] += more;
    result
}

/// The sums of each lane of an array in C order, in C order. There may be more sums than elements.
pub fn cumsum<T: Copy, A: Copy + Default>(
    x: &[T],
    shape: &[usize],
    axis: Option<usize>,
    sums: impl Fn(&[T]) -> Vec<A>,
) -> Vec<A> {
    if axis.is_none() || shape.len() < 2 {
        return sums(x);
    }
    let result = result_shape(shape, axis, sums(&[]).len());
    let mut out = vec![A::default(); result.iter().product()];
    for (from, to) in lanes(shape, axis).iter().zip(lanes(&result, axis)) {
        let lane: Vec<T> = from.iter().map(|at| x[*at]).collect();
        let sums = sums(&lane);
        assert_eq!(sums.len(), to.len());
        for (at, sum) in to.into_iter().zip(sums) {
            out[at] = sum;
        }
    }
    out
}
