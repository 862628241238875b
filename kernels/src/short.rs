//! The driver of many short lanes, densely one after the other; see `kernel/segmented.rs`.

use crate::cast::PIECE;
use crate::cpu::Backend;
use crate::memory::{Dense, Extents, InOut as Pair, Lane, Memory, Rows};
use crate::number::{Number, same_bits};
use crate::order::Order;
use crate::primitive::Primitive;
use crate::strided::{gather, scatter};

/// No register has more slots.
const MOST_LANES: usize = 64;

/// Sums all lanes if they are dense and short enough, if the instruction set can, and if the
/// order allows it; and says whether it did.
pub(crate) fn sum_lanes<I: Number, A: Primitive, O: Number>(
    backend: Backend,
    order: Order,
    pair: Pair<'_, I, O>,
) -> bool {
    let Extents { along, across, .. } = pair.extents();
    // One after the other; or blocks of them side by side, one block after the other.
    let is_block = pair.strides().1.across == 1 && across > 1 && along > 1;
    let (joined, dense) = if is_block {
        (pair.transposed().joined(), Dense { along, across })
    } else {
        (pair.joined(), Dense { along, across: 1 })
    };
    let Some(joined) = joined else { return false };
    if same_bits::<I, A>() && same_bits::<O, A>() {
        A::short(backend, order, dense, Rows::new(joined.cast()).get(0))
    } else {
        sum_cast::<I, A, O>(backend, order, dense, joined)
    }
}

/// Sums lanes with casts, in pieces of whole lanes; or none of them, if the first piece is declined.
fn sum_cast<I: Number, A: Primitive, O: Number>(
    backend: Backend,
    order: Order,
    dense: Dense,
    mut lanes: Pair<'_, I, O>,
) -> bool {
    if dense.len() > MOST_LANES {
        return false;
    }
    let len = lanes.extents().along;
    let piece = PIECE - PIECE % dense.len();
    let mut memory = Memory::<{ PIECE * 16 }>::new();
    let buffer = memory.fill(len.min(piece), A::IDENTITY);
    for start in (0..len).step_by(piece) {
        let end = start + piece.min(len - start);
        let mut part = lanes.reborrow().part(start..end, 0..1);
        let buffer = &mut buffer[..end - start];
        gather(backend, &part.source(), buffer);
        if !A::short(backend, order, dense, Lane::in_place(buffer)) {
            return false;
        }
        scatter(backend, buffer, &mut part.target());
    }
    true
}
