//! The plan of a sum along an axis: which axes are one, which kernel sums them, and in what order.
//!
//! The kernels know lanes with two axes across. A [`Plan`] brings an array of any number of axes to that
//! form, and chooses the kernel by where the elements lie. It decides about speed only: the bits of a
//! lane's sums are the same with every plan.

use core::cmp::{Ordering, Reverse};

use lanesum_kernels::{
    Backend, Element, Extents, Kernel, Layout, Overflow, Rule, Stores, Summation, check_lanes,
    cumsum_lanes, cumsum_lanes_by, cumsum_lanes_in_place, cumsum_lanes_in_place_by,
};
use smallvec::SmallVec;

use crate::view::{Axes, INLINE};

/// From this many lanes on, a running sum of floats is formed side by side, in tiles, even where lanes
/// are contiguous: on a single lane each addition waits for the one before. The lanes of one AVX-512
/// register of `f32`.
const LANES: usize = 16;

/// Fewer lanes than that are not worth the short kernel's preparations.
const SHORT_LANES: usize = 16;

/// Up to this length, the additions of a block are those of a running sum: `(x0 + x1) + x2`.
const SAME_ORDER: usize = 3;

/// Sums the lanes of `input` along an axis to those of `output`, an array of the same shape.
pub(crate) fn sum<I: Element, A: Element, O: Element>(
    backend: Backend,
    summation: Summation,
    stores: Stores,
    axis: usize,
    (input, from): (&[I], &Axes),
    (output, to): (&mut [O], &Axes),
) {
    let sum = Sum { summation, float: !A::EXACT, block: A::BLOCK };
    let Some(plan) = plan(axis, from, to, sum) else { return };
    plan.run(&mut |i, o| {
        let (input, output) = ((input, i), (&mut *output, o));
        let Plan { kernel, extents, .. } = plan;
        cumsum_lanes::<I, A, O>(backend, summation, stores, kernel, extents, input, output);
    });
}

/// Overwrites the lanes of `data` along an axis with their sums.
pub(crate) fn sum_in_place<T: Element, A: Element>(
    backend: Backend,
    summation: Summation,
    axis: usize,
    (data, axes): (&mut [T], &Axes),
) {
    let sum = Sum { summation, float: !A::EXACT, block: A::BLOCK };
    let Some(plan) = plan(axis, axes, axes, sum) else { return };
    plan.run(&mut |_, layout| {
        let data = (&mut *data, layout);
        cumsum_lanes_in_place::<T, A>(backend, summation, plan.kernel, plan.extents, data);
    });
}

/// Sums the lanes of `input` to those of `output` by a rule.
pub(crate) fn sum_by<I: Element, A: Element, O: Element>(
    backend: Backend,
    rule: Rule<A>,
    stores: Stores,
    axis: usize,
    (input, from): (&[I], &Axes),
    (output, to): (&mut [O], &Axes),
) -> Result<(), Overflow> {
    let Some(plan) = plan(axis, from, to, Sum::by(&rule)) else { return Ok(()) };
    let mut result = Ok(());
    plan.run(&mut |i, o| {
        let (input, output) = ((input, i), (&mut *output, o));
        let Plan { kernel, extents, .. } = plan;
        if result.is_ok() {
            result =
                cumsum_lanes_by::<I, A, O>(backend, rule, stores, kernel, extents, input, output);
        }
    });
    result
}

/// Overwrites the lanes of `data` by a rule.
pub(crate) fn sum_in_place_by<T: Element, A: Element>(
    backend: Backend,
    rule: Rule<A>,
    axis: usize,
    (data, axes): (&mut [T], &Axes),
) -> Result<(), Overflow> {
    let Some(plan) = plan(axis, axes, axes, Sum::by(&rule)) else { return Ok(()) };
    let mut result = Ok(());
    plan.run(&mut |_, layout| {
        let (data, Plan { kernel, extents, .. }) = ((&mut *data, layout), &plan);
        if result.is_ok() {
            result = cumsum_lanes_in_place_by::<T, A>(backend, rule, *kernel, *extents, data);
        }
    });
    result
}

/// Whether the lanes of `input` can be summed by a rule.
pub(crate) fn check<I: Element, A: Element>(
    backend: Backend,
    rule: Rule<A>,
    axis: usize,
    (input, axes): (&[I], &Axes),
) -> Result<(), Overflow> {
    let Some(plan) = plan(axis, axes, axes, Sum::by(&rule)) else { return Ok(()) };
    let mut result = Ok(());
    plan.run(&mut |layout, _| {
        let (input, Plan { kernel, extents, .. }) = ((input, layout), &plan);
        if result.is_ok() {
            result = check_lanes::<I, A>(backend, rule, *kernel, *extents, input);
        }
    });
    result
}

/// What a plan has to know of a sum: all but where the elements lie.
#[derive(Clone, Copy, Debug)]
struct Sum {
    summation: Summation,
    /// Whether the order of the additions matters.
    float: bool,
    /// The elements of a block, or of the widest register.
    block: usize,
}

impl Sum {
    fn by<A: Element>(rule: &Rule<A>) -> Self {
        Self { summation: rule.summation, float: !A::EXACT, block: A::BLOCK }
    }
}

/// How an array is summed along an axis.
#[derive(Debug, PartialEq)]
struct Plan {
    kernel: Kernel,
    /// What one call of the kernel sums.
    extents: Extents,
    input: Layout,
    output: Layout,
    /// The axes that are left for a loop around the kernel, the outermost first.
    outer: SmallVec<[Axis; INLINE]>,
}

/// An axis, with its stride in the input and that in the output.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Axis {
    extent: usize,
    input: isize,
    output: isize,
}

/// The plan for the sum along `axis`; `None` if there are no elements. Both arrays have the same shape,
/// and the output does not overlap itself.
fn plan(axis: usize, from: &Axes, to: &Axes, sum: Sum) -> Option<Plan> {
    if from.is_empty() {
        return None;
    }

    // The axes across the lanes. No step is taken along an extent of one. In which order lanes are summed
    // is all the same, so the output is always walked forwards.
    let (mut input_offset, mut output_offset) = (from.offset(), to.offset());
    let mut across = SmallVec::<[Axis; INLINE]>::new();
    for (k, ((extent, input), (_, output))) in from.iter().zip(to.iter()).enumerate() {
        if k == axis || extent == 1 {
            continue;
        }
        across.push(if output > 0 {
            Axis { extent, input, output }
        } else {
            let steps = extent as isize - 1;
            input_offset = input_offset.wrapping_add_signed(steps * input);
            output_offset = output_offset.wrapping_add_signed(steps * output);
            Axis { extent, input: -input, output: -output }
        });
    }

    // In the order in which the output lies, outermost first, and as few axes as possible: one that steps
    // from the end of the axis inside it to the next beginning, in both arrays, continues it.
    across.sort_unstable_by_key(|axis| Reverse(axis.output));
    across.dedup_by(|inner, outer| {
        let continues = |outer, inner: isize, extent| inner.checked_mul(extent) == Some(outer);
        let extent = inner.extent as isize;
        let merge = continues(outer.input, inner.input, extent)
            && continues(outer.output, inner.output, extent);
        if merge {
            *outer = Axis { extent: outer.extent * inner.extent, ..*inner };
        }
        merge
    });

    // Innermost is where the output lies closest: a cache line that is written in parts has to be fetched
    // and written back for each of them, and costs more than one that is read in parts. Only where the
    // output is not contiguous across, so that no register is stored to it whole, does the axis along
    // which the input is contiguous come first.
    if across.last().is_some_and(|last| last.output != 1)
        && let Some(k) = across.iter().rposition(|axis| axis.input.unsigned_abs() == 1)
    {
        across[k..].rotate_left(1);
    }

    // A lane of one element takes no step, whatever its stride, and neither does an axis that is not there.
    let none = Axis { extent: 1, input: 0, output: 0 };
    let along = match from.extent(axis) {
        1 => none,
        extent => Axis { extent, input: from.stride_of(axis), output: to.stride_of(axis) },
    };
    let inner = across.pop().unwrap_or(none);
    let batch = across.pop().unwrap_or(none);

    let extents = Extents { along: along.extent, across: inner.extent, batch: batch.extent };
    let layout = |offset, stride: fn(Axis) -> isize| {
        let [along, across, batch] = [along, inner, batch].map(stride);
        Layout { offset, along, across, batch }
    };
    let input = layout(input_offset, |axis| axis.input);
    let output = layout(output_offset, |axis| axis.output);
    let kernel = kernel(extents, input, output, sum);
    Some(Plan { kernel, extents, input, output, outer: across })
}

/// The kernel that is the fastest.
fn kernel(extents: Extents, input: Layout, output: Layout, sum: Sum) -> Kernel {
    let Extents { along, across, batch } = extents;
    if across == 1 {
        return Kernel::Row;
    }
    let running = sum.float && sum.summation == Summation::Sequential;

    // Several lanes in a register, where they lie one directly after the other, or in small blocks of
    // lanes side by side. A longer lane can fill a register by itself.
    let same_order = !running || along <= SAME_ORDER;
    if along > 1 && same_order {
        let one_by_one = |layout: Layout| {
            is_contiguous(&[(along, layout.along), (across, layout.across), (batch, layout.batch)])
        };
        let side_by_side = |layout: Layout| {
            is_contiguous(&[(across, layout.across), (along, layout.along), (batch, layout.batch)])
        };
        if along <= sum.block
            && across * batch >= SHORT_LANES
            && one_by_one(input)
            && one_by_one(output)
            || along * across <= sum.block
                && batch >= SHORT_LANES
                && side_by_side(input)
                && side_by_side(output)
        {
            return Kernel::Short;
        }
    }

    // Nothing to add: a copy, of elements side by side.
    if along == 1 {
        return Kernel::Column;
    }

    // Are the elements of a lane closer together than the lanes are? Where those of the input are as
    // close, as in overlapping windows, it goes with the output.
    let closer = |layout: Layout| distance(layout.along).cmp(&distance(layout.across));
    let output_along = closer(output) == Ordering::Less;
    let input_along = match closer(input) {
        Ordering::Less => true,
        Ordering::Equal => output_along,
        Ordering::Greater => false,
    };
    match (input_along, output_along) {
        (true, true) if running && across >= LANES => Kernel::Tile,
        (true, true) => Kernel::Row,
        (false, false) => Kernel::Column,
        _ => Kernel::Tile,
    }
}

/// Whether an array of these extents and strides, innermost first, has its elements one after the other.
fn is_contiguous(axes: &[(usize, isize)]) -> bool {
    let mut expected = 1;
    axes.iter().all(|&(extent, stride)| {
        let follows = extent == 1 || stride == expected;
        expected *= extent as isize;
        follows
    })
}

/// How far neighbours are apart. The farthest are those with a stride of zero: they share one place, and
/// no register is loaded from it.
fn distance(stride: isize) -> usize {
    stride.unsigned_abs().wrapping_sub(1)
}

impl Plan {
    /// Calls `kernel` with the layouts of the input and the output for every index of the outer axes.
    fn run(&self, kernel: &mut dyn FnMut(Layout, Layout)) {
        run(&self.outer, self.input, self.output, kernel);
    }
}

fn run(outer: &[Axis], input: Layout, output: Layout, kernel: &mut dyn FnMut(Layout, Layout)) {
    let Some((axis, inner)) = outer.split_first() else { return kernel(input, output) };
    for k in 0..axis.extent as isize {
        let moved = |layout: Layout, stride: isize| {
            let offset = layout.offset.wrapping_add_signed(k * stride);
            Layout { offset, ..layout }
        };
        run(inner, moved(input, axis.input), moved(output, axis.output), kernel);
    }
}

#[cfg(test)]
mod tests;
