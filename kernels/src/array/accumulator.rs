//! [`Accumulator`]: the types that sums are formed in, for each of which the drivers are compiled once.

use super::continued::{Continued, Every, Rows, Standing};
use super::{Overflow, Sum};
use crate::dispatch::Kernels;
use crate::drive::Task;
use crate::number::Truth;

/// A type that sums are formed in.
///
/// Its functions are compiled in this crate and not in the user's: so that nothing of them is compiled again for another
/// type at the ends, and that a debug build can optimise this crate and have fast sums.
#[expect(private_interfaces, reason = "nobody outside can name this trait")]
pub trait Accumulator: Kernels {
    /// Sums an array; see [`Sum::run`].
    fn sum(sum: &mut Sum<'_, Self>) -> Result<(), Overflow>;

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
