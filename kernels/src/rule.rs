//! [`Rule`]: all that can be asked of a sum, and the entry points that take one.

use crate::cpu::Backend;
use crate::cpu::Stores;
use crate::element::Element;
use crate::ends::{PairRows, PieceRows, SourceRows};
use crate::lanes::{Kernel, Pieces};
use crate::memory::{Extents, LaneLayout as Layout};
use crate::memory::{InOut as Pair, Strided as Source, assert_fits};
use crate::order::Summation;
use crate::parts::{self, Part};
use crate::primitive::Primitive;
use crate::staged::{self, Staged};

/// What is asked of a sum.
///
/// ```
/// use lanesum_kernels::{Rule, Summation};
///
/// let rule = Rule { initial: Some(10), exclusive: true, ..Rule::of(Summation::Blocked) };
/// # assert!(!rule.checked);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule<A> {
    /// The order of the additions.
    pub summation: Summation,
    /// What comes before the first element: the offset of the first chunk, in the words of
    /// [`order`](crate::order). `None` is the identity, which shows as zero where it is written.
    pub initial: Option<A>,
    /// Whether each sum leaves out its own element, so that the first is the initial value.
    pub exclusive: bool,
    /// Whether NaN counts as zero.
    pub skip_nan: bool,
    /// Whether it is an error when a sum of integers leaves its type. The one of all elements, where it is not
    /// written, counts as well.
    pub checked: bool,
}

impl<A> Rule<A> {
    /// Sums that include their element, from nothing, of whatever there is.
    #[inline]
    pub const fn of(summation: Summation) -> Self {
        Self { summation, initial: None, exclusive: false, skip_nan: false, checked: false }
    }
}

/// A sum of integers left its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow;

/// Calls a generic function with the type that sums of `A` are formed in.
macro_rules! with_carrier {
    ($rule:expr, $A:ident, $name:ident::<$($T:ty),*>($($argument:expr),* $(,)?)) => {
        if $rule.summation == Summation::Compensated {
            $name::<$($T,)* $A::Wide>($($argument),*)
        } else {
            $name::<$($T,)* $A::Carrier>($($argument),*)
        }
    };
}

pub(crate) use with_carrier;

/// As [`cumsum_lanes`](crate::cumsum_lanes), by a rule.
///
/// # Errors
///
/// [`Overflow`], if the rule says so; then the output is unspecified.
///
/// # Panics
///
/// When an element of a lane lies outside its slice.
///
/// ```
/// use lanesum_kernels::{Backend, Extents, Kernel, Layout, Rule, Stores, Summation, cumsum_lanes_by};
///
/// let layout = Layout { offset: 0, along: 1, across: 0, batch: 0 };
/// let extents = Extents { along: 3, across: 1, batch: 1 };
/// let rule = Rule { initial: Some(10), exclusive: true, ..Rule::of(Summation::Blocked) };
/// let mut output = [0i64; 3];
/// let (backend, kernel) = (Backend::best(), Kernel::Row);
/// let input = (&[1i64, 2, 3][..], layout);
/// let output_at = (&mut output[..], layout);
/// cumsum_lanes_by(backend, rule, Stores::Cached, kernel, extents, input, output_at).expect("no overflow");
/// assert_eq!(output, [10, 11, 13]);
/// ```
pub fn cumsum_lanes_by<I: Element, A: Element, O: Element>(
    backend: Backend,
    rule: Rule<A>,
    stores: Stores,
    kernel: Kernel,
    extents: Extents,
    input: (&[I], Layout),
    output: (&mut [O], Layout),
) -> Result<(), Overflow> {
    if I::PARTS == 2 && A::PARTS == 2 && O::PARTS == 1 && rule.skip_nan {
        return sum_real_parts::<I, A, O>(backend, rule, extents, input, output);
    }
    with_carrier!(
        rule,
        A,
        sum_lanes_in::<I, A, O>(backend, rule, stores, kernel, extents, input, output)
    )
}

/// Sums lanes that the kernels do not sum as they are, by no rule but the summation.
pub(crate) fn cumsum_lanes_in_other_types<I: Element, A: Element, O: Element>(
    backend: Backend,
    summation: Summation,
    stores: Stores,
    kernel: Kernel,
    extents: Extents,
    input: (&[I], Layout),
    output: (&mut [O], Layout),
) {
    let rule = Rule::of(summation);
    // Nothing is checked, so there is no error.
    let _ = if A::AS_IS {
        // So they are compensated: nothing else is compiled.
        sum_lanes_in::<I, A, O, A::Wide>(backend, rule, stores, kernel, extents, input, output)
    } else {
        cumsum_lanes_by::<I, A, O>(backend, rule, stores, kernel, extents, input, output)
    };
}

fn sum_lanes_in<I: Element, A: Element, O: Element, C: Primitive>(
    backend: Backend,
    rule: Rule<A>,
    stores: Stores,
    kernel: Kernel,
    extents: Extents,
    input: (&[I], Layout),
    output: (&mut [O], Layout),
) -> Result<(), Overflow> {
    let mut result = Ok(());
    parts::each::<I, A, O>(kernel, extents, input, output, |part, kernel, pair| {
        if result.is_ok() {
            result = sum_pair::<I, A, O, C>(backend, rule, stores, part, kernel, pair);
        }
    });
    result
}

/// As [`cumsum_lanes_in_place`](crate::cumsum_lanes_in_place), by a rule.
///
/// # Errors
///
/// [`Overflow`], if the rule says so; then the data is unspecified. [`check_lanes`] leaves it as it was.
///
/// # Panics
///
/// When an element of a lane lies outside the slice.
pub fn cumsum_lanes_in_place_by<T: Element, A: Element>(
    backend: Backend,
    rule: Rule<A>,
    kernel: Kernel,
    extents: Extents,
    data: (&mut [T], Layout),
) -> Result<(), Overflow> {
    let mut result = Ok(());
    parts::each_in_place::<T, A>(kernel, extents, data, |part, kernel, pair| {
        if result.is_ok() {
            result = with_carrier!(
                rule,
                A,
                sum_pair::<T, A, T>(backend, rule, Stores::Cached, part, kernel, pair)
            );
        }
    });
    result
}

/// Whether the lanes could be summed by the rule, which is to check, without an error.
///
/// # Errors
///
/// [`Overflow`].
///
/// # Panics
///
/// When an element of a lane lies outside the slice.
pub fn check_lanes<I: Element, A: Element>(
    backend: Backend,
    rule: Rule<A>,
    kernel: Kernel,
    extents: Extents,
    (input, layout): (&[I], Layout),
) -> Result<(), Overflow> {
    let mut result = Ok(());
    parts::each_source::<I, A>(extents, (input, layout), |_, source| {
        if result.is_ok() {
            result = with_carrier!(rule, A, check_source::<I, A>(backend, rule, kernel, source));
        }
    });
    result
}

/// As [`cumsum_pieces`](crate::cumsum_pieces), by a rule. With an exclusive one, what was read is written in two
/// pieces.
///
/// # Errors
///
/// [`Overflow`], if the rule says so.
pub fn cumsum_pieces_by<A: Element>(
    backend: Backend,
    rule: Rule<A>,
    len: usize,
    pieces: &mut impl Pieces<A>,
) -> Result<(), Overflow> {
    with_carrier!(rule, A, sum_pieces::<A, _>(backend, rule, len, pieces))
}

fn sum_pair<I: Element, A: Element, O: Element, C: Primitive>(
    backend: Backend,
    rule: Rule<A>,
    stores: Stores,
    part: Part,
    kernel: Kernel,
    mut pair: Pair<'_, I::Storage, O::Storage>,
) -> Result<(), Overflow> {
    let mut steps = Staged::<A::Storage, C>::new::<A>(backend, rule, stores);
    steps.in_pairs = matches!(part, Part::Both);
    let Extents { along, across, batch } = pair.extents();
    let most = staged::width::<C>(kernel);
    for k in 0..batch {
        let mut pair = pair.reborrow().batch(k);
        for first in (0..across).step_by(most) {
            let lanes = first..across.min(first + most);
            let width = lanes.len();
            let pair = pair.reborrow().part(0..along, lanes);
            let mut rows = PairRows::<_, A::Storage, _>::new(backend, pair);
            steps.sum_lanes(width, along, &|lane| part.of(first + lane), &mut rows)?;
        }
    }
    Ok(())
}

/// Sums complex lanes one by one, of which only the real parts are written; but what is skipped depends on both.
fn sum_real_parts<I: Element, A: Element, O: Element>(
    backend: Backend,
    rule: Rule<A>,
    extents: Extents,
    (input, from): (&[I], Layout),
    (output, to): (&mut [O], Layout),
) -> Result<(), Overflow> {
    assert_fits(extents, from, input.len());
    assert_fits(extents, to, output.len());
    for k in 0..extents.batch {
        for j in 0..extents.across {
            let first = |layout: Layout| {
                let steps = layout.across.wrapping_mul(j as isize);
                let steps = steps.wrapping_add(layout.batch.wrapping_mul(k as isize));
                Layout { offset: layout.offset.wrapping_add_signed(steps), ..layout }
            };
            let (from, to) = (first(from), first(to));
            let mut lane = StridedLane { input, from, output: &mut *output, to };
            cumsum_pieces_by::<A>(backend, rule, extents.along, &mut lane)?;
        }
    }
    Ok(())
}

/// A lane that is read and written element by element.
struct StridedLane<'a, I, O> {
    input: &'a [I],
    from: Layout,
    output: &'a mut [O],
    to: Layout,
}

impl<I: Element, A: Element, O: Element> Pieces<A> for StridedLane<'_, I, O> {
    fn read(&mut self, piece: &mut [A]) {
        for x in piece {
            *x = A::cast_from(self.input[self.from.offset]);
            self.from.offset = self.from.offset.wrapping_add_signed(self.from.along);
        }
    }

    fn write(&mut self, piece: &[A]) {
        for x in piece {
            self.output[self.to.offset] = O::cast_from(*x);
            self.to.offset = self.to.offset.wrapping_add_signed(self.to.along);
        }
    }
}

fn check_source<I: Element, A: Element, C: Primitive>(
    backend: Backend,
    rule: Rule<A>,
    kernel: Kernel,
    source: Source<'_, I::Storage>,
) -> Result<(), Overflow> {
    let steps = Staged::<A::Storage, C>::new::<A>(backend, rule, Stores::Cached);
    let Extents { along, across, batch } = source.extents();
    let most = staged::width::<C>(kernel);
    for k in 0..batch {
        let source = source.reborrow().batch(k);
        for first in (0..across).step_by(most) {
            let lanes = first..across.min(first + most);
            let width = lanes.len();
            let part = source.reborrow().part(0..along, lanes);
            let mut rows = SourceRows::<_, A::Storage>::new(backend, part);
            steps.sum_lanes(width, along, &|_| 0, &mut rows)?;
        }
    }
    Ok(())
}

fn sum_pieces<A: Element, P: Pieces<A>, C: Primitive>(
    backend: Backend,
    rule: Rule<A>,
    len: usize,
    pieces: &mut P,
) -> Result<(), Overflow> {
    let mut steps = Staged::<A::Storage, C>::new::<A>(backend, rule, Stores::Cached);
    steps.in_pairs = A::PARTS == 2;
    let mut rows = PieceRows::new(backend, pieces);
    steps.sum_lanes(A::PARTS, len, &|lane| lane, &mut rows)
}
