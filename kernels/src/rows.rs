//! The driver of lanes that are summed one after the other.

use crate::cast::PIECE;
use crate::cpu::Backend;
use crate::cpu::Stores;
use crate::kernel::state::Carry;
use crate::memory::Extents;
use crate::memory::InOut as Pair;
use crate::memory::Memory;
use crate::memory::{Lane, Rows};
use crate::number::{Number, same_bits};
use crate::order::Order;
use crate::primitive::Primitive;
use crate::strided::{gather, scatter};

/// Sums the lanes of one batch: where they are, if they are contiguous and of one type; and if not, in
/// pieces, as in `cast.rs`.
pub(crate) fn sum<I: Number, A: Primitive, O: Number>(
    backend: Backend,
    order: Order,
    stores: Stores,
    mut pair: Pair<'_, I, O>,
) {
    let Extents { along, across, .. } = pair.extents();
    let (source, target) = pair.strides();
    let reads = same_bits::<I, A>() && (along == 1 || source.along == 1);
    let writes = same_bits::<O, A>() && (along == 1 || target.along == 1);
    if reads && writes {
        return A::rows(backend, order, stores, Rows::new(pair.cast()));
    }
    // What goes past the cache is summed from the buffer to its place, all else in it, or in its place.
    let writes = writes && !pair.is_in_place();
    let buffered = !writes || stores == Stores::Streamed;
    let mut memory = Memory::<{ PIECE * 16 }>::new();
    let buffer = memory.fill(if buffered { along.min(PIECE) } else { 0 }, A::IDENTITY);
    for lane in 0..across {
        let mut carry = Carry::new();
        for start in (0..along).step_by(PIECE) {
            let end = start + PIECE.min(along - start);
            let mut part = pair.reborrow().part(start..end, lane..lane + 1);
            if !writes {
                let buffer = &mut buffer[..end - start];
                gather(backend, &part.source(), buffer);
                A::sum(backend, order, &mut carry, Lane::in_place(buffer));
                scatter(backend, buffer, &mut part.target());
                continue;
            }
            let (source, target) = part.split();
            let sums = target.cast().into_slice().expect("contiguous places");
            if buffered {
                let buffer = &mut buffer[..end - start];
                gather(backend, &source, buffer);
                A::stream(backend, order, &mut carry, Lane::copy(buffer, sums));
            } else {
                gather(backend, &source, sums);
                A::sum(backend, order, &mut carry, Lane::in_place(sums));
            }
        }
    }
}
