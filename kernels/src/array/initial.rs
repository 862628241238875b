//! The initial value, where it is written before the sums of each lane.

use core::convert::Infallible;

use super::plan::Plan;
use crate::dispatch::Kernels;
use crate::drive::Task;
use crate::io::Output;
use crate::memory::Extents;

/// How many values are written at a time; an even number, for those that are paired.
const PIECE: usize = 128;

/// Writes the initial value, or zero if there is none, to the only element of each lane of a plan.
pub(super) fn write<C: Kernels>(task: &Task<C>, output: &mut Output<'_, C>, plan: &Plan) {
    let zero = C::cast_from(0u8);
    let values: [C; PIECE] = core::array::from_fn(|lane| task.initial_of(lane).unwrap_or(zero));
    let Extents { across, batch, .. } = plan.extents;
    plan.run(&mut |_, to| -> Result<(), Infallible> {
        let mut writer = output.at(plan.extents, to);
        for k in 0..batch {
            let mut batch = writer.reborrow().batch(k);
            for first in (0..across).step_by(PIECE) {
                let lanes = first..across.min(first + PIECE);
                batch.reborrow().part(0..1, lanes).transposed().write(task.backend, &values);
            }
        }
        Ok(())
    })
    .unwrap_or_else(|never| match never {});
}
