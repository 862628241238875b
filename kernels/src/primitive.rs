//! [`Primitive`]: the numbers that the kernels know, with their identity, their addition, their casts
//! and their kernels.
//!
//! It stands apart from [`Element`](crate::Element), which is public and must be able to take in types
//! that are no plain numbers. A type is one row of the macro calls at the end.

use core::any::TypeId;

use bytemuck::Pod;
use num_traits::AsPrimitive;

use crate::backend::{Backend, dispatch};
use crate::down::{Panel, Strips};
use crate::lane::Lane;
use crate::order::{BLOCK_BYTES, Carry, Summation};
use crate::rows::Rows;
use crate::scan::running_sum;
use crate::short::Dense;
use crate::stream::Stores;
use crate::tile::Tiles;

/// A number that is summed as it lies in memory.
#[expect(private_interfaces, reason = "nobody outside can name this trait")]
pub trait Primitive:
    Pod
    + AsPrimitive<f32>
    + AsPrimitive<f64>
    + AsPrimitive<i8>
    + AsPrimitive<i16>
    + AsPrimitive<i32>
    + AsPrimitive<i64>
    + AsPrimitive<u8>
    + AsPrimitive<u16>
    + AsPrimitive<u32>
    + AsPrimitive<u64>
{
    /// What changes nothing when it is added: see [`order`](crate::order).
    const IDENTITY: Self;

    /// Whether sums may be formed in any order.
    const EXACT: bool;

    /// The elements of a block.
    const BLOCK: usize = BLOCK_BYTES / size_of::<Self>();

    /// The type whose kernels are used: an unsigned one for every integer.
    type Bits: Primitive<Bits = Self::Bits>;

    /// One rounding for floats, modulo 2^n for integers.
    fn plus(self, other: Self) -> Self;

    /// `x as Self`.
    fn cast_from<T: Primitive>(x: T) -> Self;

    /// Sums a lane or a piece of one, in the cache.
    ///
    /// This kernel and the others are compiled in this crate, once for a type and a backend, and not in
    /// the user's crate: so that a debug build can optimise this crate and have fast sums.
    fn sum(
        backend: Backend,
        summation: Summation,
        carry: &mut Carry<Self::Bits>,
        lane: Lane<'_, Self>,
    );

    /// The same past the cache. It stands apart so that small sums need not ask.
    fn stream(
        backend: Backend,
        summation: Summation,
        carry: &mut Carry<Self::Bits>,
        lane: Lane<'_, Self>,
    );

    /// Sums lane after lane.
    fn rows(backend: Backend, summation: Summation, stores: Stores, rows: Rows<'_, Self>);

    /// Sums lanes side by side, or the next rows of them.
    fn panel(
        backend: Backend,
        summation: Summation,
        stores: Stores,
        strips: &mut Strips<'_, Self>,
        panel: Panel<'_, Self>,
    );

    /// Sums a slice full of short lanes, or says that it cannot.
    fn short(backend: Backend, summation: Summation, dense: Dense, lanes: Lane<'_, Self>) -> bool;

    /// Sums a few lanes side by side, a slice full of them, or says that it cannot.
    fn narrow(
        backend: Backend,
        summation: Summation,
        stores: Stores,
        across: usize,
        lanes: Lane<'_, Self>,
    ) -> bool;

    /// Copies contiguous lanes to lanes side by side.
    fn transpose(backend: Backend, stores: Stores, tiles: Tiles<'_, Self>);

    /// Whether this is the identity to the bit. (`+0.0` is not.)
    #[inline(always)]
    fn is_identity(self) -> bool {
        bytemuck::bytes_of(&self) == bytemuck::bytes_of(&Self::IDENTITY)
    }
}

/// Whether a cast from `T` to `U` leaves the bytes as they are.
#[inline(always)]
pub(crate) fn same_bytes<T: Primitive, U: Primitive>() -> bool {
    TypeId::of::<T>() == TypeId::of::<U>()
        || (T::EXACT && U::EXACT && size_of::<T>() == size_of::<U>())
}

/// The items that differ between types in a name or an expression alone.
macro_rules! items {
    ($T:ident, $Bits:ident, $identity:literal, exact: $exact:literal, $plus:expr) => {
        const IDENTITY: Self = $identity;
        const EXACT: bool = $exact;

        type Bits = $Bits;

        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            let plus: fn($T, $T) -> $T = $plus;
            plus(self, other)
        }

        #[inline(always)]
        fn cast_from<T: Primitive>(x: T) -> Self {
            x.as_()
        }
    };
}

macro_rules! float {
    ($T:ident, $U:ident) => {
        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl Primitive for $T {
            items!($T, $T, -0.0, exact: false, |a, b| a + b);

            fn sum(
                backend: Backend,
                summation: Summation,
                carry: &mut Carry<Self>,
                lane: Lane<'_, Self>,
            ) {
                match summation {
                    Summation::Blocked => dispatch!(backend, Stores::Cached, $T::row(carry, lane)),
                    Summation::Sequential => running_sum(carry, lane),
                }
            }

            fn stream(
                backend: Backend,
                summation: Summation,
                carry: &mut Carry<Self>,
                lane: Lane<'_, Self>,
            ) {
                match summation {
                    Summation::Blocked => dispatch!(backend, Stores::Streamed, $T::row(carry, lane)),
                    Summation::Sequential => running_sum(carry, lane),
                }
            }

            fn rows(backend: Backend, summation: Summation, stores: Stores, mut rows: Rows<'_, Self>) {
                match summation {
                    Summation::Blocked => dispatch!(backend, stores, $T::rows(rows)),
                    Summation::Sequential => {
                        for lane in 0..rows.len() {
                            running_sum(&mut Carry::new(), rows.get(lane));
                        }
                    }
                }
            }

            fn panel(
                backend: Backend,
                summation: Summation,
                stores: Stores,
                strips: &mut Strips<'_, Self>,
                panel: Panel<'_, Self>,
            ) {
                match summation {
                    Summation::Blocked => dispatch!(backend, stores, $T::down(strips, panel)),
                    Summation::Sequential => dispatch!(backend, stores, $T::down_running(strips, panel)),
                }
            }

            fn short(
                backend: Backend,
                summation: Summation,
                dense: Dense,
                lanes: Lane<'_, Self>,
            ) -> bool {
                // Up to three elements there is but one order.
                (summation == Summation::Blocked || dense.along <= 3)
                    && dispatch!(backend, $T::short(dense, lanes))
            }

            fn narrow(
                backend: Backend,
                summation: Summation,
                stores: Stores,
                across: usize,
                lanes: Lane<'_, Self>,
            ) -> bool {
                summation == Summation::Blocked && dispatch!(backend, stores, $T::narrow(across, lanes))
            }

            fn transpose(backend: Backend, stores: Stores, tiles: Tiles<'_, Self>) {
                $U::transpose(backend, stores, tiles.cast());
            }
        }
    };
}

macro_rules! integer {
    ($U:ident, $I:ident) => {
        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl Primitive for $U {
            items!($U, $U, 0, exact: true, $U::wrapping_add);

            fn sum(backend: Backend, _: Summation, carry: &mut Carry<Self>, lane: Lane<'_, Self>) {
                dispatch!(backend, Stores::Cached, $U::row(carry, lane));
            }

            fn stream(backend: Backend, _: Summation, carry: &mut Carry<Self>, lane: Lane<'_, Self>) {
                dispatch!(backend, Stores::Streamed, $U::row(carry, lane));
            }

            fn rows(backend: Backend, _: Summation, stores: Stores, rows: Rows<'_, Self>) {
                dispatch!(backend, stores, $U::rows(rows));
            }

            fn panel(
                backend: Backend,
                _: Summation,
                stores: Stores,
                strips: &mut Strips<'_, Self>,
                panel: Panel<'_, Self>,
            ) {
                dispatch!(backend, stores, $U::down(strips, panel));
            }

            fn short(
                backend: Backend,
                _: Summation,
                dense: Dense,
                lanes: Lane<'_, Self>,
            ) -> bool {
                dispatch!(backend, $U::short(dense, lanes))
            }

            fn narrow(
                backend: Backend,
                _: Summation,
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

        // What is signed is summed as if it were not.
        #[expect(private_interfaces, reason = "nobody outside can name the trait")]
        impl Primitive for $I {
            items!($I, $U, 0, exact: true, $I::wrapping_add);

            fn sum(
                backend: Backend,
                summation: Summation,
                carry: &mut Carry<$U>,
                lane: Lane<'_, Self>,
            ) {
                $U::sum(backend, summation, carry, lane.cast());
            }

            fn stream(
                backend: Backend,
                summation: Summation,
                carry: &mut Carry<$U>,
                lane: Lane<'_, Self>,
            ) {
                $U::stream(backend, summation, carry, lane.cast());
            }

            fn rows(backend: Backend, summation: Summation, stores: Stores, rows: Rows<'_, Self>) {
                $U::rows(backend, summation, stores, rows.cast());
            }

            fn panel(
                backend: Backend,
                summation: Summation,
                stores: Stores,
                strips: &mut Strips<'_, Self>,
                panel: Panel<'_, Self>,
            ) {
                $U::panel(backend, summation, stores, &mut strips.cast(), panel.cast());
            }

            fn short(
                backend: Backend,
                summation: Summation,
                dense: Dense,
                lanes: Lane<'_, Self>,
            ) -> bool {
                $U::short(backend, summation, dense, lanes.cast())
            }

            fn narrow(
                backend: Backend,
                summation: Summation,
                stores: Stores,
                across: usize,
                lanes: Lane<'_, Self>,
            ) -> bool {
                $U::narrow(backend, summation, stores, across, lanes.cast())
            }

            fn transpose(backend: Backend, stores: Stores, tiles: Tiles<'_, Self>) {
                $U::transpose(backend, stores, tiles.cast());
            }
        }
    };
}

float!(f32, u32);
float!(f64, u64);
integer!(u8, i8);
integer!(u16, i16);
integer!(u32, i32);
integer!(u64, i64);
