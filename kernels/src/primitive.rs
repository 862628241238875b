//! [`Primitive`]: the numbers that the kernels know, with their identity, their addition, their casts
//! and their kernels.
//!
//! It stands apart from [`Element`](crate::Element), which is public and must be able to take in types
//! that are no plain numbers. A type is one row of the macro calls at the end.

use crate::arch::single::Single;
use crate::backend::{Backend, dispatch};
use crate::down::{self, Panel, Strips};
use crate::lane::Lane;
use crate::number::{Number, Truth};
use crate::order::{BLOCK_BYTES, Carry, Order};
use crate::rows::Rows;
use crate::scan::running_sum;
use crate::short::Dense;
use crate::staged::Pairs;
use crate::stream::Stores;
use crate::tile::{self, Tiles};
use crate::vector::Vector;

/// A number that is summed as it lies in memory.
#[expect(private_interfaces, reason = "nobody outside can name this trait")]
pub trait Primitive: Number {
    /// The elements of a block.
    const BLOCK: usize = BLOCK_BYTES / size_of::<Self>();

    /// Sums a lane or a piece of one, in the cache.
    ///
    /// This kernel and the others are compiled in this crate, once for a type and a backend, and not in
    /// the user's crate: so that a debug build can optimise this crate and have fast sums.
    fn sum(backend: Backend, order: Order, carry: &mut Carry<Self::Bits>, lane: Lane<'_, Self>);

    /// The same past the cache. It stands apart so that small sums need not ask.
    fn stream(backend: Backend, order: Order, carry: &mut Carry<Self::Bits>, lane: Lane<'_, Self>);

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
    fn short(backend: Backend, order: Order, dense: Dense, lanes: Lane<'_, Self>) -> bool;

    /// Sums a few lanes side by side, a slice full of them, or says that it cannot.
    fn narrow(
        backend: Backend,
        order: Order,
        stores: Stores,
        across: usize,
        lanes: Lane<'_, Self>,
    ) -> bool;

    /// Copies contiguous lanes to lanes side by side.
    fn transpose(backend: Backend, stores: Stores, tiles: Tiles<'_, Self>);

    /// Sums a lane, or a piece of one, in pairs. Only `f64` does; for all others there is a wider type, or nothing to be
    /// gained.
    fn compensated_row(_: Backend, _: Stores, _: Pairs<'_, Self>, _: Lane<'_, Self>) {}

    /// Sums a lane of `f32`, or a piece of one, in this type. The same holds.
    fn wide_row(_: Backend, _: Stores, _: Pairs<'_, Self>, _: Lane<'_, f32>) {}

    /// Sums a tile of rows of `width` lanes in pairs. The same holds.
    fn compensated_down(_: Backend, _: Pairs<'_, Self>, _width: usize, _tile: &mut [Self]) {}

    /// Whether this is the identity to the bit. (`+0.0` is not.)
    #[inline(always)]
    fn is_identity(self) -> bool {
        bytemuck::bytes_of(&self) == bytemuck::bytes_of(&Self::IDENTITY)
    }
}

macro_rules! float {
    ($T:ident, $U:ident $(, $($compensated:item)*)?) => {
        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl Primitive for $T {
            fn sum(
                backend: Backend,
                order: Order,
                carry: &mut Carry<Self>,
                lane: Lane<'_, Self>,
            ) {
                match order {
                    Order::Blocked => dispatch!(backend, Stores::Cached, $T::row(carry, lane)),
                    Order::Running => running_sum(carry, lane),
                }
            }

            fn stream(
                backend: Backend,
                order: Order,
                carry: &mut Carry<Self>,
                lane: Lane<'_, Self>,
            ) {
                match order {
                    Order::Blocked => dispatch!(backend, Stores::Streamed, $T::row(carry, lane)),
                    Order::Running => running_sum(carry, lane),
                }
            }

            fn rows(backend: Backend, order: Order, stores: Stores, mut rows: Rows<'_, Self>) {
                match order {
                    Order::Blocked => dispatch!(backend, stores, $T::rows(rows)),
                    Order::Running => {
                        for lane in 0..rows.len() {
                            running_sum(&mut Carry::new(), rows.get(lane));
                        }
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
                    Order::Blocked => dispatch!(backend, stores, $T::down(strips, panel)),
                    Order::Running => dispatch!(backend, stores, $T::down_running(strips, panel)),
                }
            }

            fn short(
                backend: Backend,
                order: Order,
                dense: Dense,
                lanes: Lane<'_, Self>,
            ) -> bool {
                // Up to three elements there is but one order.
                (order == Order::Blocked || dense.along <= 3)
                    && dispatch!(backend, $T::short(dense, lanes))
            }

            fn narrow(
                backend: Backend,
                order: Order,
                stores: Stores,
                across: usize,
                lanes: Lane<'_, Self>,
            ) -> bool {
                order == Order::Blocked && dispatch!(backend, stores, $T::narrow(across, lanes))
            }

            fn transpose(backend: Backend, stores: Stores, tiles: Tiles<'_, Self>) {
                $U::transpose(backend, stores, tiles.cast());
            }

            $($($compensated)*)?
        }
    };
}

macro_rules! unsigned {
    ($U:ident) => {
        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl Primitive for $U {
            fn sum(backend: Backend, _: Order, carry: &mut Carry<Self>, lane: Lane<'_, Self>) {
                dispatch!(backend, Stores::Cached, $U::row(carry, lane));
            }

            fn stream(backend: Backend, _: Order, carry: &mut Carry<Self>, lane: Lane<'_, Self>) {
                dispatch!(backend, Stores::Streamed, $U::row(carry, lane));
            }

            fn rows(backend: Backend, _: Order, stores: Stores, rows: Rows<'_, Self>) {
                dispatch!(backend, stores, $U::rows(rows));
            }

            fn panel(
                backend: Backend,
                _: Order,
                stores: Stores,
                strips: &mut Strips<'_, Self>,
                panel: Panel<'_, Self>,
            ) {
                dispatch!(backend, stores, $U::down(strips, panel));
            }

            fn short(backend: Backend, _: Order, dense: Dense, lanes: Lane<'_, Self>) -> bool {
                dispatch!(backend, $U::short(dense, lanes))
            }

            fn narrow(
                backend: Backend,
                _: Order,
                stores: Stores,
                across: usize,
                lanes: Lane<'_, Self>,
            ) -> bool {
                dispatch!(backend, stores, $U::narrow(across, lanes))
            }

            fn transpose(backend: Backend, stores: Stores, tiles: Tiles<'_, Self>) {
                dispatch!(backend, stores, $U::transpose(tiles));
            }
        }
    };
}

/// What is signed is summed as if it were not.
macro_rules! signed {
    ($I:ident as $U:ident) => {
        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl Primitive for $I {
            fn sum(backend: Backend, order: Order, carry: &mut Carry<$U>, lane: Lane<'_, Self>) {
                $U::sum(backend, order, carry, lane.cast());
            }

            fn stream(backend: Backend, order: Order, carry: &mut Carry<$U>, lane: Lane<'_, Self>) {
                $U::stream(backend, order, carry, lane.cast());
            }

            fn rows(backend: Backend, order: Order, stores: Stores, rows: Rows<'_, Self>) {
                $U::rows(backend, order, stores, rows.cast());
            }

            fn panel(
                backend: Backend,
                order: Order,
                stores: Stores,
                strips: &mut Strips<'_, Self>,
                panel: Panel<'_, Self>,
            ) {
                $U::panel(backend, order, stores, &mut strips.cast(), panel.cast());
            }

            fn short(backend: Backend, order: Order, dense: Dense, lanes: Lane<'_, Self>) -> bool {
                $U::short(backend, order, dense, lanes.cast())
            }

            fn narrow(
                backend: Backend,
                order: Order,
                stores: Stores,
                across: usize,
                lanes: Lane<'_, Self>,
            ) -> bool {
                $U::narrow(backend, order, stores, across, lanes.cast())
            }

            fn transpose(backend: Backend, stores: Stores, tiles: Tiles<'_, Self>) {
                $U::transpose(backend, stores, tiles.cast());
            }
        }
    };
}

/// The running "or" of a lane: false up to the first truth, and true from there on.
fn running_or(carry: &mut Carry<Truth>, mut lane: Lane<'_, Truth>) {
    // Looked for many at a time, which LLVM has instructions for.
    let any = |truths: &[Truth]| truths.iter().fold(false, |any, x| any | x.holds());
    let truths = match &lane {
        Lane::Copy(input, _) => input,
        Lane::InPlace(data) => &**data,
    };
    let mut first = 0;
    if !carry.carry.holds() {
        first = truths.chunks(64).position(any).map_or(truths.len(), |chunk| 64 * chunk);
        first += truths[first..].iter().position(|x| x.holds()).unwrap_or(truths.len() - first);
    }
    let sums = match &mut lane {
        Lane::Copy(_, output) => &mut **output,
        Lane::InPlace(data) => &mut **data,
    };
    let (before, after) = sums.split_at_mut(first);
    before.fill(Truth::of(false));
    after.fill(Truth::of(true));
    carry.carry = Truth::of(carry.carry.holds() || !after.is_empty());
}

/// Numbers for which no instruction set has anything: the scalar kernels, on every backend.
macro_rules! scalar {
    ($T:ident, $sum:path) => {
        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl Primitive for $T {
            fn sum(_: Backend, _: Order, carry: &mut Carry<Self>, lane: Lane<'_, Self>) {
                $sum(carry, lane);
            }

            fn stream(_: Backend, _: Order, carry: &mut Carry<Self>, lane: Lane<'_, Self>) {
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
                down::panel::<_, 1, 8, true>(Single::<Self>::new(()), strips, panel);
            }

            fn short(_: Backend, _: Order, _: Dense, _: Lane<'_, Self>) -> bool {
                false
            }

            fn narrow(_: Backend, _: Order, _: Stores, _: usize, _: Lane<'_, Self>) -> bool {
                false
            }

            fn transpose(_: Backend, _: Stores, tiles: Tiles<'_, Self>) {
                tile::transpose::<_, 1>(Single::<Self>::new(()), tiles);
            }
        }
    };
}

float!(f32, u32);
float! {
    f64, u64,
    fn compensated_row(
        backend: Backend,
        stores: Stores,
        pairs: Pairs<'_, Self>,
        lane: Lane<'_, Self>,
    ) {
        dispatch!(backend, stores, f64::compensated_row(pairs, lane));
    }
    fn wide_row(backend: Backend, stores: Stores, pairs: Pairs<'_, Self>, lane: Lane<'_, f32>) {
        dispatch!(backend, stores, f64::wide_row(pairs, lane));
    }
    fn compensated_down(backend: Backend, pairs: Pairs<'_, Self>, width: usize, tile: &mut [Self]) {
        dispatch!(backend, f64::compensated_down(pairs, width, tile));
    }
}
unsigned!(u8);
unsigned!(u16);
unsigned!(u32);
unsigned!(u64);
signed!(i8 as u8);
signed!(i16 as u16);
signed!(i32 as u32);
signed!(i64 as u64);
scalar!(u128, running_sum);
signed!(i128 as u128);
scalar!(Truth, running_or);
