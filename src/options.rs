//! Sums with options: where they are written, and what is left to ask of the kernels.
//!
//! Most options are a matter of layout. Backwards is forwards over an array that is walked backwards; an exclusive
//! sum is an inclusive one whose output begins one element later. So they cost nothing, and compose with all else.
//! The others make up a [`Rule`].

use alloc::vec::Vec;

use lanesum_kernels::{Element, Overflow, Rule, Scalar, Stores, new_vec};
use smallvec::SmallVec;

use crate::cumsum::{How, mismatch};
use crate::error::Error;
use crate::view::{Axes, INLINE};
use crate::{axis, flatten};

/// What was asked of a sum, besides where and in which order.
///
/// (Public because it is in a trait that nobody outside can name.)
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub(crate) initial: Option<Scalar>,
    pub(crate) exclusive: bool,
    pub(crate) include_initial: bool,
    pub(crate) reverse: bool,
    pub(crate) skip_nan: bool,
}

/// No options: as many sums as elements.
#[derive(Clone, Copy, Debug)]
pub struct Plain(());

/// Options with which there are as many sums as elements.
#[derive(Clone, Copy, Debug)]
pub struct SameLength(Options);

/// Options with which there is one sum more along the axis, the initial value: so there is no sum in place.
#[derive(Clone, Copy, Debug)]
pub struct OneLonger(Options);

/// The options of a [`Cumsum`](crate::Cumsum), and how long its results are: a type parameter, so that without options
/// nobody asks for them.
pub trait Length: sealed::Length {
    /// The same with an option.
    type WithOptions: Length<WithOptions = Self::WithOptions>;
}

/// The sums are as many as the elements, and can take their place.
pub trait InPlace: Length {}

impl Length for Plain {
    type WithOptions = SameLength;
}

impl Length for SameLength {
    type WithOptions = Self;
}

impl Length for OneLonger {
    type WithOptions = Self;
}

impl InPlace for Plain {}
impl InPlace for SameLength {}

pub(crate) mod sealed {
    use super::{OneLonger, Options, Plain, SameLength};

    pub trait Length: Copy {
        const HAS_OPTIONS: bool;

        fn of(options: Options) -> Self;
        fn options(self) -> Options;
    }

    impl Length for Plain {
        const HAS_OPTIONS: bool = false;

        #[inline(always)]
        fn of(_: Options) -> Self {
            Self(())
        }
        #[inline(always)]
        fn options(self) -> Options {
            Options::default()
        }
    }

    macro_rules! with_options {
        ($($L:ident)*) => {
            $(
                impl Length for $L {
                    const HAS_OPTIONS: bool = true;

                    #[inline(always)]
                    fn of(options: Options) -> Self {
                        Self(options)
                    }
                    #[inline(always)]
                    fn options(self) -> Options {
                        self.0
                    }
                }
            )*
        };
    }

    with_options!(SameLength OneLonger);
}

/// A sum with options.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    pub(crate) how: How,
    pub(crate) options: Options,
    /// Whether sums of integers that leave their type are errors.
    pub(crate) checked: bool,
}

/// A slice, and where in it the elements lie.
pub(crate) type Array<'a, T> = (&'a [T], &'a Axes);

/// The same, to be written.
pub(crate) type ArrayMut<'a, T> = (&'a mut [T], &'a Axes);

impl Task {
    /// Sums a slice or an array into a new `Vec`.
    pub(crate) fn to_vec<I: Element, A: Element>(
        mut self,
        (input, from): (&[I], Option<&Axes>),
    ) -> Result<Vec<A>, Error> {
        // As without options: new memory is in the cache.
        self.how.stores.get_or_insert(Stores::Cached);
        let from = axes_of(input.len(), from);
        let shape = self.shape(&from);
        let len = shape.iter().fold(1usize, |len, &extent| len.saturating_mul(extent));
        let mut result = Ok(());
        let output = new_vec(len, |output| {
            let to = Axes::in_c_order(&shape, len);
            result = self.sum::<I, A, A>((input, &from), (output, &to));
        });
        result.map(|()| output)
    }

    /// Sums a slice or an array to another, which has to have the right shape.
    pub(crate) fn write_to<I: Element, A: Element, O: Element>(
        self,
        (input, from): (&[I], Option<&Axes>),
        (output, to): (&mut [O], Option<&Axes>),
    ) -> Result<(), Error> {
        let (from, to) = (axes_of(input.len(), from), axes_of(output.len(), to));
        let shape = self.shape(&from);
        if shape[..] != *to.shape() {
            return Err(mismatch(&shape, to.shape()));
        }
        self.sum::<I, A, O>((input, &from), (output, &to))
    }

    /// Overwrites a slice or an array. If that is an error, it is as it was.
    pub(crate) fn in_place<T: Element, A: Element>(
        self,
        (data, axes): (&mut [T], Option<&Axes>),
    ) -> Result<(), Error> {
        let axes = axes_of(data.len(), axes);
        self.sum_in_place::<T, A>((data, &axes))
    }

    /// The axis to sum along, if it is not all elements.
    fn axis(&self, from: &Axes) -> Option<usize> {
        self.how.axis.filter(|_| from.ndim() > 1).map(usize::from)
    }

    /// The shape of the result.
    pub(crate) fn shape(&self, from: &Axes) -> SmallVec<[usize; INLINE]> {
        let more = usize::from(self.options.include_initial);
        let Some(axis) = self.axis(from) else { return SmallVec::from_elem(from.len() + more, 1) };
        let mut shape = SmallVec::from_slice(from.shape());
        shape[axis] += more;
        shape
    }

    /// What is left to ask for, once the layouts say the rest.
    fn rule<A: Element>(&self) -> Rule<A> {
        Rule {
            initial: self.options.initial.map(Scalar::cast),
            skip_nan: self.options.skip_nan && !A::EXACT,
            checked: self.checked && A::EXACT,
            ..Rule::of(self.how.summation)
        }
    }

    /// How many elements of a lane of `len` are in a sum that is written.
    fn summed(&self, len: usize) -> usize {
        let Options { exclusive, include_initial, .. } = self.options;
        if exclusive && !include_initial { len.saturating_sub(1) } else { len }
    }

    /// Sums to an array of the right shape.
    pub(crate) fn sum<I: Element, A: Element, O: Element>(
        &self,
        (input, from): Array<'_, I>,
        (output, to): ArrayMut<'_, O>,
    ) -> Result<(), Error> {
        let Options { initial, exclusive, include_initial, reverse, .. } = self.options;
        let axis = self.axis(from);
        let (mut i, mut o) = (from.clone(), to.clone());
        if reverse {
            (i, o) = (backwards(i, axis), backwards(o, axis));
        }
        // Without an axis the output has one.
        let out_axis = axis.unwrap_or(0);
        if (exclusive || include_initial) && o.extent(out_axis) > 0 {
            let first = initial.unwrap_or(Scalar::of(0u8)).cast::<A>();
            flatten::fill(output, &o.clone().part(out_axis, 0..1), O::cast_from(first));
            let extent = o.extent(out_axis);
            o = o.part(out_axis, 1..extent);
        }
        let len = self.summed(axis.map_or(from.len(), |axis| from.extent(axis)));
        if len == 0 {
            return Ok(());
        }
        let rule = self.rule::<A>();
        let How { summation, backend, .. } = self.how;
        let stores = self.how.stores_for(size_of::<O>().saturating_mul(o.len()));
        let is_plain = rule == Rule::of(summation);
        let result = if let Some(axis) = axis {
            let i = i.part(axis, 0..len);
            let (input, output) = ((input, &i), (output, &o));
            if is_plain {
                axis::sum::<I, A, O>(backend, summation, stores, axis, input, output);
                Ok(())
            } else {
                axis::sum_by::<I, A, O>(backend, rule, stores, axis, input, output)
            }
        } else {
            let (input, output) = ((input, &i), (output, &o));
            if is_plain {
                flatten::sum::<I, A, O>(backend, summation, stores, len, input, output);
                Ok(())
            } else {
                flatten::sum_by::<I, A, O>(backend, rule, stores, len, input, output)
            }
        };
        result.map_err(|Overflow| self.overflow::<I, A>((input, from)))
    }

    /// Overwrites an array. If that is an error, the array is as it was.
    pub(crate) fn sum_in_place<T: Element, A: Element>(
        &self,
        (data, axes): ArrayMut<'_, T>,
    ) -> Result<(), Error> {
        let axis = self.axis(axes);
        let at = if self.options.reverse { backwards(axes.clone(), axis) } else { axes.clone() };
        let How { summation, backend, .. } = self.how;
        let mut rule = self.rule::<A>();
        if rule.checked {
            let len = self.summed(axis.map_or(axes.len(), |axis| axes.extent(axis)));
            let checked = match axis {
                Some(axis) => {
                    let part = at.clone().part(axis, 0..len);
                    axis::check::<T, A>(backend, rule, axis, (data, &part))
                }
                None => flatten::check::<T, A>(backend, rule, len, (data, &at)),
            };
            checked.map_err(|Overflow| self.overflow::<T, A>((data, axes)))?;
            rule.checked = false;
        }
        rule.exclusive = self.options.exclusive;
        let is_plain = rule == Rule::of(summation);
        let data = (&mut *data, &at);
        let summed = match axis {
            Some(axis) if is_plain => {
                axis::sum_in_place::<T, A>(backend, summation, axis, data);
                Ok(())
            }
            Some(axis) => axis::sum_in_place_by::<T, A>(backend, rule, axis, data),
            None if is_plain => {
                flatten::sum_in_place::<T, A>(backend, summation, data);
                Ok(())
            }
            None => flatten::sum_in_place_by::<T, A>(backend, rule, data),
        };
        // It was checked, if it was to be: now there is no error.
        debug_assert_eq!(summed, Ok(()));
        Ok(())
    }

    /// The error of a sum that left its type: the first lane of which one does, and in it the first element.
    ///
    /// One element after the other, since it is no error on which the speed depends.
    #[cold]
    fn overflow<T: Element, A: Element>(&self, (data, axes): Array<'_, T>) -> Error {
        let axis = self.axis(axes);
        let len = axis.map_or(axes.len(), |axis| axes.extent(axis));
        let initial = self.options.initial.unwrap_or(Scalar::of(0u8)).cast::<A>();
        let lanes = axis.map(|axis| axes.clone().part(axis, 0..1));
        let firsts = lanes.as_ref().map_or(1, Axes::len);
        for lane in 0..firsts {
            let mut sum = initial;
            for k in 0..self.summed(len) {
                let index = if self.options.reverse { len - 1 - k } else { k };
                let at = match (axis, &lanes) {
                    (Some(axis), Some(lanes)) => lanes
                        .nth(lane)
                        .wrapping_add_signed(axes.stride_of(axis).wrapping_mul(index as isize)),
                    _ => axes.nth(index),
                };
                let x = A::cast_from(data[at]);
                if !sum.plus_fits(x) {
                    return Error::Overflow { lane, index };
                }
                sum = sum.plus(x);
            }
        }
        // No kernel says so of lanes that do not.
        Error::Overflow { lane: 0, index: 0 }
    }
}

/// Where the elements of a slice or an array lie. A slice has one axis.
pub(crate) fn axes_of(len: usize, axes: Option<&Axes>) -> Axes {
    axes.cloned().unwrap_or_else(|| Axes::in_c_order(&[len], len))
}

/// The same elements from the far end: along an axis, or all of them in C order.
fn backwards(mut axes: Axes, axis: Option<usize>) -> Axes {
    match axis {
        Some(axis) => axes.reversed(axis),
        None => {
            for axis in 0..axes.ndim() {
                axes = axes.reversed(axis);
            }
            axes
        }
    }
}
