//! The entry points: [`cumsum`], [`cumsum_to_vec`], and what they take.
//!
//! This folder may name all others.

mod arrays;
mod components;
mod spec;
mod to_vec;

pub use arrays::Arrays;
pub use spec::Spec;
pub(crate) use to_vec::new_array;
pub use to_vec::{Source, cumsum_to_vec};

use crate::array::Overflow;
use crate::cpu::Stores;
use crate::dispatch::Kernels;
use crate::drive;
use crate::element::Element;
use crate::kernel::state::Carry;
use crate::number::same_bits;
use crate::order::Summation;
use arrays::Place;

/// Sums an array: each element is cast to `A` as by `as`, added in `A`, and each sum cast to `O` as by `as`.
///
/// # Errors
///
/// [`Overflow`], if the spec says to check; then an output has some sums, and its content is unspecified. An array that
/// was to be overwritten is as it was.
///
/// # Panics
///
/// When an element lies outside its slice, there are not as many strides as extents or no such axis, or the shape of
/// the output is not that of the sums; see [`Arrays`].
///
/// ```
/// use lanesum_kernels::{Arrays, Backend, Layout, Spec, Stores, Summation, cumsum};
///
/// let spec = Spec::new(Backend::best(), Summation::Blocked, Stores::Cached);
/// let mut sums = [0i64; 3];
/// cumsum::<f64, f64, i64>(&spec, Arrays::slices(&[1.7; 3], &mut sums))?;
/// assert_eq!(sums, [1, 3, 5]);
///
/// // Down the columns of [[1, 2, 3], [4, 5, 6]].
/// let mut data = [1, 2, 3, 4, 5, 6i64];
/// let layout = Layout { offset: 0, shape: &[2, 3], strides: &[3, 1] };
/// let spec = Spec { initial: Some(10), ..Spec::new(spec.backend, spec.summation, spec.stores) };
/// cumsum::<i64, i64, i64>(&spec, Arrays::in_place((&mut data, layout), Some(0)))?;
/// assert_eq!(data, [11, 12, 13, 15, 17, 19]);
/// # Ok::<(), lanesum_kernels::Overflow>(())
/// ```
#[inline(always)]
pub fn cumsum<I: Element, A: Element, O: Element>(
    spec: &Spec<A>,
    mut arrays: Arrays<'_, I, O>,
) -> Result<(), Overflow> {
    // The short way, for one lane without gaps, of numbers that kernels sum as they are, without options.
    if let Place::Slices = arrays.place
        && spec.has_no_options()
        && I::COMPONENTS * A::COMPONENTS * O::COMPONENTS == 1
        && let Some(order) = spec.native_order()
    {
        arrays.assert_same_length();
        let Spec { backend, stores, .. } = *spec;
        if same_bits::<I::Storage, A::Adder>() && same_bits::<O::Storage, A::Adder>() {
            // SAFETY: both types have the bits of the accumulator (the condition), and the lengths are the same.
            let lane = unsafe { arrays.lane::<A::Adder>() };
            // The stores are looked at here, so that short sums need not look at them again.
            match stores {
                Stores::Streamed => {
                    A::Adder::row_streamed(backend, order, &mut Carry::new(), lane);
                }
                Stores::Cached => A::Adder::row(backend, order, &mut Carry::new(), lane),
            }
        } else {
            let (input, mut output) = arrays.ends::<A, A::Adder>();
            drive::sum_slices(backend, order, stores, &input, &mut output);
        }
        return Ok(());
    }
    // Copies of their own: what a short sum does not pass on in memory need not be put there.
    let (spec, mut arrays) = (*spec, arrays);
    sum_numbers(&spec, &mut arrays)
}

/// Sums arrays as arrays of numbers, with options or without.
fn sum_numbers<I: Element, A: Element, O: Element>(
    spec: &Spec<A>,
    arrays: &mut Arrays<'_, I, O>,
) -> Result<(), Overflow> {
    let (lens, place, is_in_place) = (arrays.lens(), arrays.place, arrays.is_in_place());
    let components = (I::COMPONENTS, O::COMPONENTS);
    let job = components::Job { lens, place, is_in_place, components };
    if !A::EXACT && spec.summation == Summation::Compensated {
        let (input, output) = arrays.ends::<A, A::WideAdder>();
        components::sum(spec, &job, &input, output)
    } else {
        let (input, output) = arrays.ends::<A, A::Adder>();
        components::sum(spec, &job, &input, output)
    }
}
