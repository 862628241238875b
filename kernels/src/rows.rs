//! The driver of lanes that are summed one after the other.

use core::slice;

use crate::backend::Backend;
use crate::cast::PIECE;
use crate::grid::Pair;
use crate::lane::Lane;
use crate::lanes::Extents;
use crate::memory::Memory;
use crate::number::{Number, same_bytes};
use crate::order::{Carry, Order};
use crate::primitive::Primitive;
use crate::stream::Stores;
use crate::strided::{gather, scatter};

/// Contiguous lanes and contiguous places for their sums.
pub(crate) struct Rows<'a, A>(Pair<'a, A, A>);

impl<'a, A: Primitive> Rows<'a, A> {
    /// # Panics
    ///
    /// When the lanes are not contiguous.
    pub(crate) fn new(pair: Pair<'a, A, A>) -> Self {
        let (source, target) = pair.strides();
        assert!(pair.extents().along <= 1 || source.along == 1 && target.along == 1);
        Self(pair)
    }

    /// As elements of another type of the same size.
    pub(crate) fn cast<U: Primitive>(self) -> Rows<'a, U> {
        Rows(self.0.cast())
    }

    /// How many there are.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.0.extents().across
    }

    /// One of them; beyond the last, an empty one.
    #[inline(always)]
    pub(crate) fn get(&mut self, lane: usize) -> Lane<'_, A> {
        let len = self.0.extents().along;
        if lane >= self.len() || len == 0 {
            return Lane::InPlace(&mut []);
        }
        let (from, to) = (self.0.source_at(0, lane), self.0.target_at(0, lane));
        if self.0.is_in_place() {
            // SAFETY: `len` elements of the target, by its invariant and since they lie one after the
            // other (`new`), which nobody else reaches while `self` is borrowed.
            return Lane::InPlace(unsafe { slice::from_raw_parts_mut(to, len) });
        }
        // SAFETY: as above, of the source; it is of other memory than the target.
        let from = unsafe { slice::from_raw_parts(from, len) };
        // SAFETY: as above.
        Lane::Copy(from, unsafe { slice::from_raw_parts_mut(to, len) })
    }
}

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
    let reads = same_bytes::<I, A>() && (along == 1 || source.along == 1);
    let writes = same_bytes::<O, A>() && (along == 1 || target.along == 1);
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
                A::sum(backend, order, &mut carry, Lane::InPlace(buffer));
                scatter(backend, buffer, &mut part.target());
                continue;
            }
            let (source, target) = part.split();
            let sums = target.cast().into_slice().expect("contiguous places");
            if buffered {
                let buffer = &mut buffer[..end - start];
                gather(backend, &source, buffer);
                A::stream(backend, order, &mut carry, Lane::Copy(buffer, sums));
            } else {
                gather(backend, &source, sums);
                A::sum(backend, order, &mut carry, Lane::InPlace(sums));
            }
        }
    }
}
