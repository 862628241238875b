//! Sums of elements as sums of their numbers: those of complex elements are two, each summed as if alone.
//!
//! A slice of complex elements is one of real numbers, in which the components alternate. So where input, accumulator
//! and output are all complex, the components are one more axis across the lanes. All else here is for lanes of which
//! the input or the output is real.

use super::arrays::Place;
use super::spec::Spec;
use crate::array::{Layout, Numbers, Overflow, Sum};
use crate::cpu::Stores;
use crate::dispatch::Kernels;
use crate::drive::Task;
use crate::element::Element;
use crate::io::{Input, Output};

/// A sum, without the types at its ends.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    /// The elements of both slices.
    pub(super) lens: (usize, usize),
    pub(super) place: Place<'a>,
    pub(super) is_in_place: bool,
    /// How many numbers an element has at both ends.
    pub(super) components: (usize, usize),
}

/// Sums elements of `A` in `C`.
pub(super) fn sum<A: Element, C: Kernels>(
    spec: &Spec<A>,
    job: &Job<'_>,
    input: &Input<'_, C>,
    mut output: Output<'_, C>,
) -> Result<(), Overflow> {
    let (input, Job { lens, place, is_in_place, components }) = (*input, *job);
    let shapes = ([lens.0], [lens.1]);
    let (from, to, axis) = match place {
        Place::Slices => {
            let [from, to] =
                [&shapes.0, &shapes.1].map(|shape| Layout { offset: 0, shape, strides: &[1] });
            (from, to, None)
        }
        Place::Arrays { from, to, axis } => (from, to, axis),
    };
    from.assert_fits(lens.0);
    to.assert_fits(lens.1);
    assert_shape(spec, from, to, axis);
    let mut task = spec.task::<C>();
    task.stores = stores_to(task.stores, is_in_place, to);
    // Out of place an exclusive sum is one whose sums come one place later.
    let initial_first = !is_in_place && (spec.exclusive || spec.include_initial);
    task.exclusive = is_in_place && spec.exclusive;

    let zero = [C::cast_from(0u8)];
    let zeros = Numbers { layout: from, step: 0, component: 0 };
    let read = |component| Numbers { layout: from, step: components.0 as isize, component };
    let written = |component| Numbers { layout: to, step: components.1 as isize, component };
    let reverse = spec.reverse;
    let both = A::COMPONENTS == 2 && components.0 == 2;
    let real_only = both && components.1 == 1 && task.skip_nan;
    macro_rules! run {
        ($task:expr, $input:expr, $output:expr) => {{
            let (task, input, output) = ($task, $input, $output);
            Sum { task, input, output, axis, reverse, initial_first, real_only }.run()
        }};
    }
    if both && (components.1 == 2 || real_only) {
        task.is_paired = true;
        return run!(task, (input, read(0)), Some((output, written(0))));
    }
    if is_in_place && task.fits.is_some() {
        // All sums are checked before any is written.
        run!(task, (input, read(0)), None)?;
        task.fits = None;
    }
    run!(task, (input, read(0)), Some((output.reborrow(), written(0))))?;
    if components.1 == 2 {
        // The imaginary components are sums of zeros, from the initial value if that is complex.
        let initial = task.initial.map(|[_, imaginary]| [imaginary; 2]);
        let task = Task { initial: initial.filter(|_| A::COMPONENTS == 2), fits: None, ..task };
        run!(task, (Input::of(&zero), zeros), Some((output, written(1))))?;
    }
    Ok(())
}

/// How sums are stored: as asked, but in the cache where they overwrite their elements, or may overwrite one another.
fn stores_to(asked: Stores, is_in_place: bool, to: Layout<'_>) -> Stores {
    if asked == Stores::Streamed && (is_in_place || to.may_overlap()) {
        return Stores::Cached;
    }
    asked
}

/// # Panics
///
/// When there is no such axis, or the output does not have the shape of the sums.
fn assert_shape<A>(spec: &Spec<A>, from: Layout<'_>, to: Layout<'_>, axis: Option<usize>) {
    let more = usize::from(spec.include_initial);
    let fits = match axis {
        Some(axis) => {
            assert!(axis < from.shape.len(), "no axis {axis} of {}", from.shape.len());
            let mut axes = from.shape.iter().zip(to.shape).enumerate();
            from.shape.len() == to.shape.len()
                && axes.all(|(k, (from, to))| {
                    from.checked_add(if k == axis { more } else { 0 }) == Some(*to)
                })
        }
        None => from.len().checked_add(more) == Some(to.len()),
    };
    assert!(fits, "no sums of {:?} to {:?}", from.shape, to.shape);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_outputs_without_overlap_go_past_the_cache() {
        let stores = |asked, is_in_place, shape: &[usize], strides: &[isize]| {
            stores_to(asked, is_in_place, Layout { offset: 100, shape, strides })
        };
        let cases: &[(&[usize], &[isize], bool)] = &[
            (&[], &[], false),
            (&[0], &[0], false),
            (&[0, 9], &[0, 0], false),
            (&[7], &[1], false),
            (&[7], &[-3], false),
            (&[1, 7], &[0, 1], false),
            (&[7, 9], &[9, 1], false),
            (&[7, 9], &[1, -7], false),
            (&[7, 9], &[20, 2], false),
            (&[7], &[0], true),
            (&[7, 9], &[0, 1], true),
            (&[7, 9], &[8, 1], true),
            (&[7, 9], &[1, 1], true),
            // Rows that begin a line after one another, and are longer.
            (&[50, 40], &[16, 1], true),
            (&[50, 40], &[-16, 1], true),
            (&[2, 50, 40], &[2000, 40, 1], false),
            (&[2, 50, 40], &[1999, 40, 1], true),
        ];
        for &(shape, strides, overlaps) in cases {
            let expected = if overlaps { Stores::Cached } else { Stores::Streamed };
            let got = stores(Stores::Streamed, false, shape, strides);
            assert_eq!(got, expected, "{shape:?} {strides:?}");
            assert_eq!(stores(Stores::Streamed, true, shape, strides), Stores::Cached);
            assert_eq!(stores(Stores::Cached, false, shape, strides), Stores::Cached);
        }
    }
}
