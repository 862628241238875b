//! What an instruction set must provide: [`Vector`], and either [`Scan`] or [`Slide`].
//!
//! Everything else, the order of the additions above all, is written once in `scan.rs` and `slide.rs`.

use bytemuck::Pod;

use crate::number::Number;
use crate::primitive::Primitive;

/// A register of `W` elements.
///
/// A value of the implementing type is a *context*: the proof that the CPU has the instructions,
/// together with the masks, indices and identities that the operations use. It is made once, before
/// the loop, and then lives in registers. The constants come from behind `black_box`, because LLVM
/// otherwise sees through them and "improves" a masked addition into an addition and a blend.
///
/// Whoever adds an instruction set also adds a row to the tests in `arch/tests.rs`.
pub(crate) trait Vector<const W: usize>: Copy {
    /// What a lane of the register holds.
    type Element: Primitive;
    /// The register: `W` elements, and no more.
    type Register: Pod;
    /// The proof that this CPU has the instructions.
    type Token: Copy;

    /// Loads the constants.
    fn new(token: Self::Token) -> Self;

    /// `x` in every lane.
    fn splat(self, x: Self::Element) -> Self::Register;

    /// Lane by lane `a + b`, one rounding; integers wrap.
    fn add(self, a: Self::Register, b: Self::Register) -> Self::Register;

    /// The elements in their order.
    #[inline(always)]
    fn load(self, from: &[Self::Element; W]) -> Self::Register {
        bytemuck::must_cast(*from)
    }

    /// The lanes in their order.
    #[inline(always)]
    fn store(self, x: Self::Register, to: &mut [Self::Element; W]) {
        *to = bytemuck::must_cast(x);
    }

    /// The lanes of a result in their order. It is [`stream`](Self::stream) in
    /// [`Past`](crate::stream::Past), and otherwise [`store`](Self::store).
    #[inline(always)]
    fn store_sums(self, x: Self::Register, to: &mut [Self::Element; W]) {
        self.store(x, to);
    }

    /// Says that an element will be read soon, or nothing. It is [`prefetch`](Self::prefetch) in
    /// [`Past`](crate::stream::Past).
    #[inline(always)]
    fn read_ahead(self, _from: *const Self::Element) {}

    /// The lanes in their order, past the cache if there is an instruction for that and `to` is aligned to 16
    /// bytes.
    ///
    /// # Safety
    ///
    /// Before anybody reads what was stored, or writes there again, there is a [`fence`](Self::fence).
    #[inline(always)]
    unsafe fn stream(self, x: Self::Register, to: &mut [Self::Element; W]) {
        self.store(x, to);
    }

    /// Brings a line into the cache, if there is an instruction for that; any pointer will do.
    #[inline(always)]
    fn prefetch(self, _from: *const Self::Element) {}

    /// Lets no later store overtake one that went past the cache.
    #[inline(always)]
    fn fence(self) {}

    /// Fewer than `W` elements in their order, and the identity after them.
    #[inline(always)]
    fn load_part(self, from: &[Self::Element]) -> Self::Register {
        const { assert!(size_of::<[Self::Element; W]>() <= size_of::<[u64; 4]>()) };
        let words = padded_words(from);
        // There are as many (asserted above), but `from_bytes` would look for a panic to call.
        match bytemuck::must_cast_slice(&words).first_chunk() {
            Some(lanes) => self.load(lanes),
            None => self.splat(Self::Element::IDENTITY),
        }
    }

    /// The first lanes in their order, as many as `to` is long, which is fewer than `W`.
    #[inline(always)]
    fn store_part(self, x: Self::Register, to: &mut [Self::Element]) {
        let mut padded = [Self::Element::IDENTITY; W];
        self.store(x, &mut padded);
        copy_short(&padded, to);
    }

    /// The same as [`store_part`](Self::store_part), for many rows in memory that is not in the cache.
    #[inline(always)]
    fn store_row_part(self, x: Self::Register, to: &mut [Self::Element]) {
        self.store_part(x, to);
    }
}

/// For the block scan: the part of Sklansky's network that lies within a register.
pub(crate) trait Scan<const W: usize>: Vector<W> {
    /// The inclusive scan of the lanes. For floats these are Sklansky's additions, as in
    /// [`order`](crate::order); integers may add in any order.
    fn scan(self, x: Self::Register) -> Self::Register;

    /// The last lane in every lane.
    fn last(self, x: Self::Register) -> Self::Register;
}

/// For the sliding sum of integers: sums that reach back into the registers before.
///
/// Not for NEON: its additions take two cycles, and with registers of 128 bits the chain from register
/// to register would be eight cycles to a block, where the block scan's is two.
#[cfg(target_arch = "x86_64")]
pub(crate) trait Slide<const W: usize>: Vector<W> {
    /// What the next register needs of those before it.
    type Previous: Copy;

    /// As if zeros came before.
    fn nothing(self) -> Self::Previous;

    /// In each lane the sum of its element and the `W - 1` elements before it.
    fn slide(self, previous: &mut Self::Previous, x: Self::Register) -> Self::Register;
}

/// Fewer elements than a register has in their order, and the identity after them.
///
/// Put together eight bytes at a time in general registers. Short stores to an array followed by one
/// long load from it would be simpler, but the load has to wait until the stores are in the cache:
/// 16 ns for a call of three elements with AVX2, against 8 (Zen 5, 2026-11).
#[inline(always)]
fn padded_words<T: Primitive>(from: &[T]) -> [u64; 4] {
    let identity = T::IDENTITY;
    let identity = bytemuck::bytes_of(&identity);
    let identity = u64::from_le_bytes(core::array::from_fn(|i| identity[i % size_of::<T>()]));
    let (whole, rest) = bytemuck::must_cast_slice(from).as_chunks::<8>();
    let last = short_word(rest, identity);
    // Written out, because LLVM keeps the words in registers only if it sees no loop.
    [
        word(whole, 0, last, identity),
        word(whole, 1, last, identity),
        word(whole, 2, last, identity),
        word(whole, 3, last, identity),
    ]
}

/// Word `k` of those given, of the one after them, and of identities from there on.
#[inline(always)]
fn word(whole: &[[u8; 8]], k: usize, last: u64, identity: u64) -> u64 {
    match whole.get(k) {
        Some(word) => u64::from_ne_bytes(*word),
        None if k == whole.len() => last.to_le(),
        None => identity.to_le(),
    }
}

/// Fewer than eight bytes, and then those of `fill`, as a little-endian number.
#[inline(always)]
fn short_word(bytes: &[u8], fill: u64) -> u64 {
    #[inline(always)]
    fn both_ends<const N: usize>(bytes: &[u8], number: fn([u8; N]) -> u64) -> u64 {
        match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => number(*first) | number(*last) << (8 * (bytes.len() - N)),
            _ => 0,
        }
    }
    let number = match bytes {
        [] => 0,
        [one] => u64::from(*one),
        [_, _] | [_, _, _] => both_ends(bytes, |two| u16::from_le_bytes(two).into()),
        _ => both_ends(bytes, |four| u32::from_le_bytes(four).into()),
    };
    number | fill.unbounded_shl(8 * bytes.len() as u32)
}

/// Copies as many elements as the shorter slice has, fewer than 64.
///
/// In pieces of constant powers of two, each a move or two: a copy of a length that the compiler does
/// not know is a call to `memcpy`.
#[inline(always)]
pub(crate) fn copy_short<T: Copy>(from: &[T], to: &mut [T]) {
    #[inline(always)]
    fn piece<'a, 'b, T: Copy, const N: usize>(
        (from, to): (&'a [T], &'b mut [T]),
    ) -> (&'a [T], &'b mut [T]) {
        if from.len() < N || to.len() < N {
            return (from, to);
        }
        let (source, from) = from.split_at(N);
        let (target, to) = to.split_at_mut(N);
        target.copy_from_slice(source);
        (from, to)
    }
    let rest = piece::<T, 32>((from, to));
    let rest = piece::<T, 16>(rest);
    let rest = piece::<T, 8>(rest);
    let rest = piece::<T, 4>(rest);
    let rest = piece::<T, 2>(rest);
    piece::<T, 1>(rest);
}
