//! What lanes have summed to so far: [`Carry`] of one lane, [`Strips`] of lanes side by side, [`Pairs`] of compensated
//! sums, and [`Running`] of any of them in registers.

use crate::memory::Place;
use crate::number::Number;
use crate::order::CHUNK;
use crate::simd::Vector;

/// What a lane has summed to so far, so that it can be summed piece by piece.
///
/// Every piece but the last of a lane holds a whole number of blocks, and none crosses the end of a
/// chunk in the middle of a block, since [`CHUNK`] is a whole number of blocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carry<A> {
    /// The sum of the complete chunks.
    pub(crate) offset: A,
    /// The sum of the complete blocks of the current chunk; of everything, where no chunks are kept.
    pub(crate) carry: A,
    /// The elements of the current chunk that `carry` covers.
    pub(crate) position: usize,
}

impl<A: Number> Carry<A> {
    /// The state before the first element.
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self { offset: A::IDENTITY, carry: A::IDENTITY, position: 0 }
    }
}

/// What the lanes of a panel have summed to so far: [`Carry`] for each.
///
/// The slices are as long as the panel is wide, rounded up to whole registers.
pub(crate) struct Strips<'a, A> {
    /// The sums of the complete chunks; identities in the first chunk.
    pub(crate) offset: &'a mut [A],
    /// The sums of the complete blocks of the current chunk; of everything, where no chunks are kept.
    pub(crate) carry: &'a mut [A],
    /// Where the next row lies.
    pub(crate) position: &'a mut Position,
}

impl<A: Number> Strips<'_, A> {}

/// What lanes have summed to in pairs.
pub(crate) struct Pairs<'a, C> {
    /// The offsets and the carries, and then the low numbers of both.
    pub(crate) kept: [&'a mut [C]; 4],
    pub(crate) position: &'a mut Position,
}

/// A place in the chunks of a lane.
#[derive(Clone, Copy, Default)]
pub(crate) struct Position {
    /// The rows of the current chunk that the carries cover.
    pub(crate) row: usize,
    /// Whether this is not the first chunk, in which every offset is the identity.
    pub(crate) is_past_first_chunk: bool,
}

/// The carries and the offsets of one lane in every slot of a register, or of as many lanes as it has slots.
#[derive(Clone, Copy)]
pub(crate) struct Running<Register> {
    pub(crate) offset: Register,
    pub(crate) carry: Register,
}

impl<Register: Copy> Running<Register> {
    /// Moves `position` on by whole blocks, as the carries were. At the end of a chunk, they are added to the offsets.
    #[inline(always)]
    pub(crate) fn pass<V: Vector<W, Register = Register>, const W: usize>(
        &mut self,
        v: V,
        position: &mut Position,
        rows: usize,
    ) {
        position.row += rows;
        if position.row == CHUNK {
            self.offset = v.add(self.offset, self.carry);
            self.carry = v.splat(V::Element::IDENTITY);
            *position = Position { row: 0, is_past_first_chunk: true };
        }
    }
}

/// The first slot of a register.
#[inline(always)]
pub(crate) fn first_slot<V: Vector<W>, const W: usize>(v: V, x: V::Register) -> V::Element {
    let mut slots = [V::Element::IDENTITY; W];
    v.store(x, Place::of(&mut slots));
    slots[0]
}
