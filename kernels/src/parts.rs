//! Lanes of complex numbers as lanes of their parts.
//!
//! A slice of complex numbers is one of reals, in which the parts alternate. So a lane is two lanes of reals side
//! by side, which the kernels for lanes side by side sum as they sum any. All else here is for lanes of which the
//! input or the output is real.

use crate::element::Element;
use crate::element::stored::Inside;
use crate::lanes::Kernel;
use crate::memory::{Extents, LaneLayout as Layout};
use crate::memory::{InOut as Pair, Strided as Source, StridedMut as Target, assert_fits};
use crate::number::Number;

/// Which part of its element a lane of numbers is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    /// All of them are this one.
    Only(usize),
    /// They alternate.
    Both,
}

impl Part {
    /// The part that a lane is.
    #[inline(always)]
    pub(crate) fn of(self, lane: usize) -> usize {
        match self {
            Part::Only(part) => part,
            Part::Both => lane % 2,
        }
    }
}

/// Calls `sum` for lanes of numbers that together are the lanes of elements.
///
/// # Panics
///
/// When an element of a lane lies outside its slice.
pub(crate) fn each<I: Element, A: Element, O: Element>(
    kernel: Kernel,
    extents: Extents,
    (input, from): (&[I], Layout),
    (output, to): (&mut [O], Layout),
    mut sum: impl FnMut(Part, Kernel, Pair<'_, I::Storage, O::Storage>),
) {
    assert_fits(extents, from, input.len());
    assert_fits(extents, to, output.len());
    let (input, output) = (I::storage(input), O::storage_mut(output, Inside::HERE));
    if I::PARTS == 1 && O::PARTS == 1 {
        let source = Source::new(input, extents, from);
        return sum(Part::Only(0), kernel, Pair::copy(source, Target::new(output, extents, to)));
    }
    if I::PARTS == 2 && A::PARTS == 2 && O::PARTS == 2 {
        for (kernel, extents, from, to) in both(kernel, extents, from, to) {
            let source = Source::new(input, extents, from);
            sum(Part::Both, kernel, Pair::copy(source, Target::new(&mut *output, extents, to)));
        }
        return;
    }
    let zero = &[<I::Storage as Number>::cast_from(0u8)];
    for part in 0..O::PARTS {
        let source = if part < I::PARTS.min(A::PARTS) {
            Source::new(input, extents, only::<I>(part, from))
        } else {
            Source::new(zero, extents, NOWHERE)
        };
        let target = Target::new(&mut *output, extents, only::<O>(part, to));
        sum(Part::Only(part), Kernel::Column, Pair::copy(source, target));
    }
}

/// The same, of lanes that are overwritten.
///
/// # Panics
///
/// When an element of a lane lies outside the slice.
pub(crate) fn each_in_place<T: Element, A: Element>(
    kernel: Kernel,
    extents: Extents,
    (data, layout): (&mut [T], Layout),
    mut sum: impl FnMut(Part, Kernel, Pair<'_, T::Storage, T::Storage>),
) {
    assert_fits(extents, layout, data.len());
    let data = T::storage_mut(data, Inside::HERE);
    if T::PARTS == 1 {
        return sum(Part::Only(0), kernel, Pair::in_place(Target::new(data, extents, layout)));
    }
    if A::PARTS == 2 {
        for (kernel, extents, layout, _) in both(kernel, extents, layout, layout) {
            sum(Part::Both, kernel, Pair::in_place(Target::new(&mut *data, extents, layout)));
        }
        return;
    }
    let real = Target::new(&mut *data, extents, only::<T>(0, layout));
    sum(Part::Only(0), Kernel::Column, Pair::in_place(real));
    let zero = &[<T::Storage as Number>::cast_from(0u8)];
    let source = Source::new(zero, extents, NOWHERE);
    let imaginary = Target::new(data, extents, only::<T>(1, layout));
    sum(Part::Only(1), Kernel::Column, Pair::copy(source, imaginary));
}

/// The same, of lanes whose sums nobody takes.
///
/// # Panics
///
/// When an element of a lane lies outside the slice.
pub(crate) fn each_source<I: Element, A: Element>(
    extents: Extents,
    (input, layout): (&[I], Layout),
    mut sum: impl FnMut(Part, Source<'_, I::Storage>),
) {
    assert_fits(extents, layout, input.len());
    let input = I::storage(input);
    if I::PARTS == 2 && A::PARTS == 2 {
        for (_, extents, layout, _) in both(Kernel::Column, extents, layout, layout) {
            sum(Part::Both, Source::new(input, extents, layout));
        }
        return;
    }
    let zero = &[<I::Storage as Number>::cast_from(0u8)];
    for part in 0..A::PARTS {
        let source = if part < I::PARTS {
            Source::new(input, extents, only::<I>(part, layout))
        } else {
            Source::new(zero, extents, NOWHERE)
        };
        sum(Part::Only(part), source);
    }
}

/// All elements in one place.
const NOWHERE: Layout = Layout { offset: 0, along: 0, across: 0, batch: 0 };

/// Where one part of the elements lies.
fn only<T: Element>(part: usize, layout: Layout) -> Layout {
    if T::PARTS == 1 {
        return layout;
    }
    // They fit the slice in elements: so no step that is taken overflows, and the others may be anything.
    Layout {
        offset: layout.offset.wrapping_mul(2).wrapping_add(part),
        along: layout.along.wrapping_mul(2),
        across: layout.across.wrapping_mul(2),
        batch: layout.batch.wrapping_mul(2),
    }
}

/// Where both parts lie, as lanes side by side: all at once, if their elements do too, or batch by batch.
fn both(
    kernel: Kernel,
    extents: Extents,
    from: Layout,
    to: Layout,
) -> impl Iterator<Item = (Kernel, Extents, Layout, Layout)> {
    let kernel = if kernel == Kernel::Short { Kernel::Short } else { Kernel::Column };
    let Extents { along, across, batch } = extents;
    let at_once = across == 1 || from.across == 1 && to.across == 1;
    let double = move |layout: Layout, k: usize| {
        let offset = layout.offset.wrapping_add_signed(layout.batch.wrapping_mul(k as isize));
        let step = if at_once { layout.batch } else { layout.across };
        Layout {
            offset: offset.wrapping_mul(2),
            along: layout.along.wrapping_mul(2),
            across: 1,
            batch: step.wrapping_mul(2),
        }
    };
    let (calls, extents) = if at_once {
        (1, Extents { along, across: across.saturating_mul(2), batch })
    } else {
        (batch, Extents { along, across: 2, batch: across })
    };
    (0..calls).map(move |k| (kernel, extents, double(from, k), double(to, k)))
}
