//! Sums of many lanes of one length, wherever they lie in a slice, and how to walk over them: [`Kernel`].

use crate::cpu::Backend;
use crate::cpu::Stores;
use crate::element::Element;
use crate::memory::InOut as Pair;
use crate::memory::{Extents, LaneLayout as Layout};
use crate::number::Number;
use crate::order::{Order, Summation};
use crate::primitive::Primitive;
use crate::rule::{self, Rule};
use crate::{cast, panels, parts, rows, short};

/// How to walk over the lanes. Every kernel can sum every layout, to the same bits; which is fastest
/// is for the caller to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// One lane after the other: for lanes that are contiguous, or nearly, and for single ones.
    Row,
    /// Several lanes in one register: for lanes of a few elements, densely one after the other, or in
    /// small blocks of lanes side by side.
    Short,
    /// Registers across the lanes, down along them: for lanes that lie side by side.
    Column,
    /// The same on tiles that are transposed on the way in, out, or both.
    Tile,
}

/// Writes the cumulative sum of each lane of `input` to the lane of `output` in the same place: cast to
/// `A` as by `as`, summed in `A`, and cast to `O`. Output lanes that share elements have unspecified sums.
///
/// # Panics
///
/// When an element of a lane lies outside its slice.
///
/// ```
/// use lanesum_kernels::{Backend, Extents, Kernel, Layout, Stores, Summation, cumsum_lanes};
///
/// // Down the columns of [[1, 2, 3], [4, 5, 6]].
/// let layout = Layout { offset: 0, along: 3, across: 1, batch: 0 };
/// let extents = Extents { along: 2, across: 3, batch: 1 };
/// let mut output = [0i64; 6];
/// cumsum_lanes::<i64, i64, i64>(
///     Backend::best(),
///     Summation::Blocked,
///     Stores::Cached,
///     Kernel::Column,
///     extents,
///     (&[1, 2, 3, 4, 5, 6], layout),
///     (&mut output, layout),
/// );
/// assert_eq!(output, [1, 2, 3, 5, 7, 9]);
/// ```
pub fn cumsum_lanes<I: Element, A: Element, O: Element>(
    backend: Backend,
    summation: Summation,
    stores: Stores,
    kernel: Kernel,
    extents: Extents,
    (input, input_layout): (&[I], Layout),
    (output, output_layout): (&mut [O], Layout),
) {
    let stores = backend.stores(stores);
    let (input, output) = ((input, input_layout), (output, output_layout));
    if A::AS_IS
        && let Some(order) = order_of::<A>(summation)
    {
        parts::each::<I, A, O>(kernel, extents, input, output, |_, kernel, pair| {
            sum::<I::Storage, A::Carrier, O::Storage>(backend, order, stores, kernel, pair);
        });
    } else if !A::EXACT {
        rule::cumsum_lanes_in_other_types::<I, A, O>(
            backend, summation, stores, kernel, extents, input, output,
        );
    }
}

/// Overwrites each lane of `data` with its cumulative sum: cast to `A` as by `as`, summed in `A`, and
/// cast back. Lanes that share elements have unspecified sums.
///
/// # Panics
///
/// When an element of a lane lies outside the slice.
pub fn cumsum_lanes_in_place<T: Element, A: Element>(
    backend: Backend,
    summation: Summation,
    kernel: Kernel,
    extents: Extents,
    (data, layout): (&mut [T], Layout),
) {
    if A::AS_IS
        && let Some(order) = order_of::<A>(summation)
    {
        parts::each_in_place::<T, A>(kernel, extents, (data, layout), |_, kernel, pair| {
            let stores = Stores::Cached;
            sum::<T::Storage, A::Carrier, T::Storage>(backend, order, stores, kernel, pair);
        });
    } else if !A::EXACT {
        let (rule, data) = (Rule::of(summation), (data, layout));
        let _ = rule::cumsum_lanes_in_place_by::<T, A>(backend, rule, kernel, extents, data);
    }
}

/// How the kernels sum numbers as they are, if they do.
///
/// Where that is known when the crate is compiled, so is it to the callers, who say it again by the constants: then
/// what is not used is not compiled.
#[inline(always)]
pub(crate) fn order_of<A: Element>(summation: Summation) -> Option<Order> {
    match summation {
        _ if !A::AS_IS => None,
        Summation::Blocked => Some(Order::Blocked),
        Summation::Sequential => Some(Order::Running),
        Summation::Compensated if A::EXACT => Some(Order::Blocked),
        Summation::Compensated => None,
    }
}

fn sum<I: Number, A: Primitive, O: Number>(
    backend: Backend,
    order: Order,
    stores: Stores,
    kernel: Kernel,
    mut pair: Pair<'_, I, O>,
) {
    let extents = pair.extents();
    if extents.along == 0 || extents.across == 0 || extents.batch == 0 {
        return;
    }
    if kernel == Kernel::Short && short::sum_lanes::<I, A, O>(backend, order, pair.reborrow()) {
        return;
    }
    let by_rows = match kernel {
        Kernel::Row => true,
        Kernel::Column | Kernel::Tile => false,
        // Too long, with gaps, in another order, or not with these instructions.
        Kernel::Short => pair.strides().1.across != 1,
    };
    for k in 0..extents.batch {
        let pair = pair.reborrow().batch(k);
        if by_rows {
            rows::sum::<I, A, O>(backend, order, stores, pair);
        } else {
            panels::sum::<I, A, O>(backend, order, stores, pair);
        }
    }
}

/// A lane that is read and written piece by piece, by somebody who knows where its elements lie.
pub trait Pieces<A> {
    /// Fills `piece` with the next elements of the lane.
    fn read(&mut self, piece: &mut [A]);

    /// Takes the sums of the elements that were read last.
    fn write(&mut self, piece: &[A]);
}

/// Sums one lane of `len` elements: reads a piece, sums it, writes it, until there are no more.
///
/// ```
/// use lanesum_kernels::{Backend, Pieces, Summation, cumsum_pieces};
///
/// struct Ones(Vec<f64>);
///
/// impl Pieces<f64> for Ones {
///     fn read(&mut self, piece: &mut [f64]) {
///         piece.fill(1.0);
///     }
///     fn write(&mut self, piece: &[f64]) {
///         self.0.extend_from_slice(piece);
///     }
/// }
///
/// let mut ones = Ones(Vec::new());
/// cumsum_pieces(Backend::best(), Summation::Blocked, 3, &mut ones);
/// assert_eq!(ones.0, [1.0, 2.0, 3.0]);
/// ```
pub fn cumsum_pieces<A: Element>(
    backend: Backend,
    summation: Summation,
    len: usize,
    pieces: &mut impl Pieces<A>,
) {
    if A::AS_IS
        && A::PARTS == 1
        && let Some(order) = order_of::<A>(summation)
    {
        cast::sum_pieces(backend, order, len, pieces);
    } else if !A::EXACT {
        let _ = rule::cumsum_pieces_by(backend, Rule::of(summation), len, pieces);
    }
}
