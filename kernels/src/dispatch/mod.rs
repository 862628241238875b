//! Where the algorithms and the instruction sets meet, and where a backend decides what runs: [`Kernels`].
//!
//! This folder names everything below it: `kernel`, `arch`, `simd`, `memory`, `cpu`, `order` and `number`. `table.rs`
//! says which kernels an instruction set has, and of which contexts; `macros.rs` makes functions of its rows, each
//! compiled with the features of the instruction set.

mod macros;
mod table;

use crate::arch::scalar::Scalar;
use crate::cpu::{Backend, Kind, Stores};
use crate::kernel::row::{running_or, running_sum};
use crate::kernel::state::{Carry, Pairs, Strips};
use crate::kernel::{column, transpose};
use crate::memory::{Dense, Lane, Panel, Rows, Tiles};
use crate::number::{Number, Truth};
use crate::order::Order;
use crate::simd::{Context, Fence};
use table::{dispatch, dispatch_rows};

/// A number that has kernels: one of those that [`Number::Bits`] are, but for the `half` types.
///
/// The kernels are compiled in this crate, once for a type and a backend, and not in the user's crate: so that a debug
/// build can optimise this crate and have fast sums.
#[expect(private_interfaces, reason = "nobody outside can name this trait")]
pub trait Kernels: Number<Bits = Self> {
    /// Sums a lane or a piece of one, and stores in the cache.
    fn row(backend: Backend, order: Order, carry: &mut Carry<Self>, lane: Lane<'_, Self>);

    /// Sums a lane or a piece of one, and stores past the cache. A method of its own, because one more argument costs
    /// 0.3 ns on short lanes.
    fn row_streamed(backend: Backend, order: Order, carry: &mut Carry<Self>, lane: Lane<'_, Self>);

    /// Sums lane after lane.
    fn rows(backend: Backend, order: Order, stores: Stores, rows: Rows<'_, Self>);

    /// Sums lanes side by side, or the next rows of them.
    fn panel(
        backend: Backend,
        order: Order,
        stores: Stores,
        strips: &mut Strips<'_, Self>,
        panel: Panel<'_, Self>,
    );

    /// Sums a slice full of short lanes, or says that it cannot.
    fn segmented(backend: Backend, order: Order, dense: Dense, lanes: Lane<'_, Self>) -> bool;

    /// Sums a few lanes side by side, a slice full of them, or says that it cannot.
    fn interleaved(
        backend: Backend,
        order: Order,
        stores: Stores,
        across: usize,
        lanes: Lane<'_, Self>,
    ) -> bool;

    /// Copies contiguous lanes to lanes side by side.
    fn transpose(backend: Backend, stores: Stores, tiles: Tiles<'_, Self>);

    /// Sums a lane, or a piece of one, in pairs. `f64` only: all others have a wider type, or gain nothing.
    fn compensated_row(_: Backend, _: Stores, _: Pairs<'_, Self>, _: Lane<'_, Self>) {
        unreachable!("only f64 is summed in pairs");
    }

    /// Sums a lane of `f32`, or a piece of one, in this type. `f64` only.
    fn widened_row(_: Backend, _: Stores, _: Pairs<'_, Self>, _: Lane<'_, f32>) {
        unreachable!("only f64 is what f32 is summed in");
    }

    /// Sums a tile of rows of `width` lanes in pairs. `f64` only.
    fn compensated_panel(_: Backend, _: Pairs<'_, Self>, _width: usize, _tile: &mut [Self]) {
        unreachable!("only f64 is summed in pairs");
    }
}

/// Implements [`Kernels`] by the table. Exact types are summed in one order, whichever is asked for.
macro_rules! kernels {
    ($T:ident, transposed as $Plain:ident $(, $($compensated:item)*)?) => {
        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl Kernels for $T {
            fn row(backend: Backend, order: Order, carry: &mut Carry<Self>, lane: Lane<'_, Self>) {
                match order {
                    Order::Running if !Self::EXACT => running_sum(carry, lane),
                    _ => dispatch_rows!(backend, false, $T::row(carry, lane)),
                }
            }

            fn row_streamed(
                backend: Backend,
                order: Order,
                carry: &mut Carry<Self>,
                lane: Lane<'_, Self>,
            ) {
                match order {
                    Order::Running if !Self::EXACT => running_sum(carry, lane),
                    _ => dispatch_rows!(backend, true, $T::row(carry, lane)),
                }
            }

            fn rows(backend: Backend, order: Order, stores: Stores, mut rows: Rows<'_, Self>) {
                match order {
                    Order::Running if !Self::EXACT => {
                        for lane in 0..rows.len() {
                            running_sum(&mut Carry::new(), rows.get(lane));
                        }
                    }
                    _ => {
                        let streams = stores == Stores::Streamed;
                        dispatch_rows!(backend, streams, $T::rows(rows.lanes()));
                    }
                }
            }

            fn panel(
                backend: Backend,
                order: Order,
                stores: Stores,
                strips: &mut Strips<'_, Self>,
                panel: Panel<'_, Self>,
            ) {
                match order {
                    Order::Blocked => dispatch!(backend, $T::panel(stores, strips, panel)),
                    Order::Running => dispatch!(backend, $T::running_panel(stores, strips, panel)),
                }
            }

            fn segmented(
                backend: Backend,
                order: Order,
                dense: Dense,
                lanes: Lane<'_, Self>,
            ) -> bool {
                // Up to three elements, both orders have the same additions.
                let is_in_order = Self::EXACT || order == Order::Blocked || dense.along <= 3;
                is_in_order && dispatch!(backend, $T::segmented(dense, lanes))
            }

            fn interleaved(
                backend: Backend,
                order: Order,
                stores: Stores,
                across: usize,
                lanes: Lane<'_, Self>,
            ) -> bool {
                let is_in_order = Self::EXACT || order == Order::Blocked;
                is_in_order && dispatch!(backend, $T::interleaved(stores, across, lanes))
            }

            fn transpose(backend: Backend, stores: Stores, tiles: Tiles<'_, Self>) {
                let tiles = tiles.reinterpreted();
                dispatch!(backend, $Plain::transpose(stores, tiles));
            }

            $($($compensated)*)?
        }
    };
}

/// Implements [`Kernels`] for a number for which no instruction set has anything: by the scalar kernels, on every
/// backend.
macro_rules! scalar_kernels {
    ($T:ident, $sum:path) => {
        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl Kernels for $T {
            fn row(_: Backend, _: Order, carry: &mut Carry<Self>, lane: Lane<'_, Self>) {
                $sum(carry, lane);
            }

            fn row_streamed(_: Backend, _: Order, carry: &mut Carry<Self>, lane: Lane<'_, Self>) {
                $sum(carry, lane);
            }

            fn rows(_: Backend, _: Order, _: Stores, mut rows: Rows<'_, Self>) {
                for lane in 0..rows.len() {
                    $sum(&mut Carry::new(), rows.get(lane));
                }
            }

            fn panel(
                _: Backend,
                _: Order,
                _: Stores,
                strips: &mut Strips<'_, Self>,
                panel: Panel<'_, Self>,
            ) {
                column::panel::<_, 1, 4, true>(Scalar::<Self>::new(()), strips, panel);
            }

            fn segmented(_: Backend, _: Order, _: Dense, _: Lane<'_, Self>) -> bool {
                false
            }

            fn interleaved(_: Backend, _: Order, _: Stores, _: usize, _: Lane<'_, Self>) -> bool {
                false
            }

            fn transpose(_: Backend, _: Stores, tiles: Tiles<'_, Self>) {
                transpose::transpose::<_, 1>(Scalar::<Self>::new(()), tiles);
            }
        }
    };
}

kernels!(f32, transposed as u32);
kernels! {
    f64, transposed as u64,
    fn compensated_row(
        backend: Backend,
        stores: Stores,
        pairs: Pairs<'_, Self>,
        lane: Lane<'_, Self>,
    ) {
        dispatch!(backend, f64::compensated_row(stores, pairs, lane));
    }
    fn widened_row(backend: Backend, stores: Stores, pairs: Pairs<'_, Self>, lane: Lane<'_, f32>) {
        dispatch!(backend, f64::widened_row(stores, pairs, lane));
    }
    fn compensated_panel(
        backend: Backend,
        pairs: Pairs<'_, Self>,
        width: usize,
        tile: &mut [Self],
    ) {
        dispatch!(backend, f64::compensated_panel(pairs, width, tile));
    }
}
kernels!(u8, transposed as u8);
kernels!(u16, transposed as u16);
kernels!(u32, transposed as u32);
kernels!(u64, transposed as u64);
scalar_kernels!(u128, running_sum);
scalar_kernels!(Truth, running_or);
