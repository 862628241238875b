//! [`Accumulator`]: the types that sums are formed in, for each of which the drivers are compiled once.

use super::continued::{Continued, Every, Rows, Standing};
use super::{Overflow, Sum};
use crate::cpu::{Backend, Stores};
use crate::dispatch::Kernels;
use crate::drive::{self, Task};
use crate::io::{Input, Output};
use crate::number::Truth;
use crate::order::Order;

/// A type that sums are formed in.
///
/// Its functions are compiled in this crate and not in the user's: so that nothing of them is compiled again for another
/// type at the ends, and that a debug build can optimise this crate and have fast sums.
#[expect(private_interfaces, reason = "nobody outside can name this trait")]
pub trait Accumulator: Kernels {
    /// Sums an array; see [`Sum::run`].
    fn sum(sum: &mut Sum<'_, Self>) -> Result<(), Overflow>;

    /// Sums one lane without gaps, whose numbers or sums are cast; see [`drive::sum_slices`].
    fn sum_slices(
        backend: Backend,
        order: Order,
        stores: Stores,
        input: &Input<'_, Self>,
        output: &mut Output<'_, Self>,
    );

    /// Sums the next rows of lanes; see [`Continued::feed`].
    fn feed(
        lanes: &mut Continued<Self>,
        task: &Task<Self>,
        every: Every,
        standing: Standing,
        rows: Rows<'_, Self>,
    ) -> Result<(), Overflow>;
}

macro_rules! accumulators {
    ($($C:ident)*) => {
        $(
            #[expect(private_interfaces, reason = "nobody outside can name the trait")]
            impl Accumulator for $C {
                fn sum(sum: &mut Sum<'_, Self>) -> Result<(), Overflow> {
                    sum.run()
                }

                fn sum_slices(
                    backend: Backend,
                    order: Order,
                    stores: Stores,
                    input: &Input<'_, Self>,
                    output: &mut Output<'_, Self>,
                ) {
                    drive::sum_slices(backend, order, stores, input, output);
                }

                fn feed(
                    lanes: &mut Continued<Self>,
                    task: &Task<Self>,
                    every: Every,
                    standing: Standing,
                    rows: Rows<'_, Self>,
                ) -> Result<(), Overflow> {
                    lanes.feed(task, every, standing, rows)
                }
            }
        )*
    };
}

accumulators!(u8 u16 u32 u64 u128 f32 f64 Truth);
