//! [`Primitive`]: the numbers that are summed as they lie in memory, by the kernels of their bits.

use crate::cpu::{Backend, Stores};
use crate::dispatch::Kernels;
use crate::kernel::state::{Carry, Pairs, Strips};
use crate::memory::{Dense, Lane, Panel, Rows, Tiles};
use crate::number::Number;
use crate::order::Order;

/// A number that is summed as it lies in memory.
#[expect(private_interfaces, reason = "nobody outside can name this trait")]
pub trait Primitive: Number<Bits: Kernels> {
    #[inline(always)]
    fn sum(backend: Backend, order: Order, carry: &mut Carry<Self::Bits>, lane: Lane<'_, Self>) {
        Self::Bits::row(backend, order, carry, lane.cast());
    }

    #[inline(always)]
    fn stream(backend: Backend, order: Order, carry: &mut Carry<Self::Bits>, lane: Lane<'_, Self>) {
        Self::Bits::row_streamed(backend, order, carry, lane.cast());
    }

    fn rows(backend: Backend, order: Order, stores: Stores, rows: Rows<'_, Self>) {
        <Self::Bits as Kernels>::rows(backend, order, stores, rows.cast());
    }

    fn panel(
        backend: Backend,
        order: Order,
        stores: Stores,
        strips: &mut Strips<'_, Self>,
        panel: Panel<'_, Self>,
    ) {
        <Self::Bits as Kernels>::panel(backend, order, stores, &mut strips.cast(), panel.cast());
    }

    fn short(backend: Backend, order: Order, dense: Dense, lanes: Lane<'_, Self>) -> bool {
        Self::Bits::segmented(backend, order, dense, lanes.cast())
    }

    fn narrow(
        backend: Backend,
        order: Order,
        stores: Stores,
        across: usize,
        lanes: Lane<'_, Self>,
    ) -> bool {
        Self::Bits::interleaved(backend, order, stores, across, lanes.cast())
    }

    fn transpose(backend: Backend, stores: Stores, tiles: Tiles<'_, Self>) {
        <Self::Bits as Kernels>::transpose(backend, stores, tiles.cast());
    }

    fn compensated_row(
        backend: Backend,
        stores: Stores,
        pairs: Pairs<'_, Self::Bits>,
        lane: Lane<'_, Self>,
    ) {
        <Self::Bits as Kernels>::compensated_row(backend, stores, pairs, lane.cast());
    }

    fn wide_row(
        backend: Backend,
        stores: Stores,
        pairs: Pairs<'_, Self::Bits>,
        lane: Lane<'_, f32>,
    ) {
        Self::Bits::widened_row(backend, stores, pairs, lane);
    }

    fn compensated_down(
        backend: Backend,
        pairs: Pairs<'_, Self::Bits>,
        width: usize,
        tile: &mut [Self::Bits],
    ) {
        Self::Bits::compensated_panel(backend, pairs, width, tile);
    }
}

impl<T: Number<Bits: Kernels>> Primitive for T {}
