//! What an instruction set provides: [`Vector`] and [`Context`], either [`Scan`] or [`Slide`], and what else its
//! kernels need.
//!
//! This folder names `memory`, `number`, and nothing above them. What is written over these traits, the order of the
//! additions above all, is written once, in `kernel`. One element position of a register is a *slot*: a lane is always
//! one of the array.
//!
//! [`Vector`] and the traits that adapters implement have no methods by default: an adapter says of each whether it is
//! the inner one, by `delegate!`, or its own.

mod nontemporal;
mod partial;

use crate::memory::Place;
use crate::number::Number;

pub(crate) use nontemporal::{Fence, NonTemporal};
pub(crate) use partial::{copy_short, padded};

/// A register of `W` elements.
///
/// A value of the implementing type is a *context*: the proof that the CPU has the instructions, together with the
/// masks, indices and identities that the operations use. It is made once, before the loop, and then lives in
/// registers.
pub(crate) trait Vector<const W: usize>: Copy {
    /// What a slot of the register holds.
    type Element: Number;
    /// The register: `W` elements, and no more.
    type Register: Copy;

    /// `x` in every slot.
    fn splat(self, x: Self::Element) -> Self::Register;

    /// Slot by slot `a + b`, one rounding; integers wrap.
    fn add(self, a: Self::Register, b: Self::Register) -> Self::Register;

    /// The elements in their order.
    fn load(self, from: &[Self::Element; W]) -> Self::Register;

    /// Fewer than `W` elements in their order, and the identity after them.
    fn load_part(self, from: &[Self::Element]) -> Self::Register;

    /// The slots in their order.
    fn store(self, x: Self::Register, to: &mut Place<[Self::Element; W]>);

    /// The first slots in their order, as many as `to` is long, which is fewer than `W`.
    fn store_part(self, x: Self::Register, to: &mut [Place<Self::Element>]);

    /// [`store_part`](Self::store_part) for many rows in memory that is not in the cache.
    fn store_row_part(self, x: Self::Register, to: &mut [Place<Self::Element>]);

    /// The slots of a result in their order: past the cache in [`NonTemporal`], if that [`streams`](Self::streams), and
    /// otherwise [`store`](Self::store).
    fn store_sums(self, x: Self::Register, to: &mut Place<[Self::Element; W]>);

    /// [`store_sums`](Self::store_sums) of register `k` to the place `k * step` bytes from `to`, for all of them: asks
    /// once whether this [`streams`](Self::streams).
    ///
    /// # Safety
    ///
    /// To each of these places `W` elements may be written. If this streams and they are `ALIGNED`, each lies at a
    /// multiple of its size.
    unsafe fn store_all<const N: usize, const ALIGNED: bool>(
        self,
        sums: [Self::Register; N],
        to: *mut Self::Element,
        step: isize,
    );

    /// Prefetches `from`, which may be any pointer, if this [`streams`](Self::streams).
    fn read_ahead(self, from: *const Self::Element);

    /// Whether sums are stored past the cache.
    fn streams(self) -> bool;

    /// This context, whose sums are stored in the cache.
    fn in_cache(self) -> Self;
}

/// A [`Vector`] of an instruction set, and not an adapter of one.
///
/// Its constants come from behind `black_box`, because LLVM otherwise sees through them and "improves" a masked
/// addition into an addition and a blend. Whoever adds an instruction set also adds a row to `arch/tests.rs`.
pub(crate) trait Context<const W: usize>: Vector<W> {
    /// The proof that this CPU has the instructions.
    type Token: Token;

    /// Loads the constants.
    fn new(token: Self::Token) -> Self;

    /// The slots in their order, past the cache if there is an instruction for that and `to` is aligned to 16
    /// bytes.
    ///
    /// # Safety
    ///
    /// Before anybody reads what was stored, or writes there again, there is a [`fence`](Token::fence).
    #[inline(always)]
    unsafe fn stream(self, x: Self::Register, to: &mut Place<[Self::Element; W]>) {
        self.store(x, to);
    }

    /// Brings a line into the cache, if there is an instruction for that; any pointer will do.
    #[inline(always)]
    fn prefetch(self, _from: *const Self::Element) {}
}

/// [`Vector::store_all`] of a context that stores all in the same way.
///
/// # Safety
///
/// To each of the places `W` elements may be written.
#[inline(always)]
pub(crate) unsafe fn store_each<V: Vector<W>, const W: usize, const N: usize>(
    v: V,
    sums: [V::Register; N],
    to: *mut V::Element,
    step: isize,
) {
    let mut to = to;
    for sums in sums {
        // SAFETY: the obligation is handed on.
        v.store_sums(sums, unsafe { &mut *to.cast::<Place<[V::Element; W]>>() });
        to = to.wrapping_byte_offset(step);
    }
}

/// The proof that a CPU has the instructions of a [`Context`].
pub(crate) trait Token: Copy {
    /// Lets no later store overtake one that went past the cache, if there are such stores.
    fn fence(self);
}

/// For the block scan: the part of Sklansky's network that lies within a register.
pub(crate) trait Scan<const W: usize>: Vector<W> {
    /// The inclusive scan of the slots. For floats these are Sklansky's additions, as in
    /// [`order`](crate::order); integers may add in any order.
    fn scan(self, x: Self::Register) -> Self::Register;

    /// The last slot in every slot.
    fn last(self, x: Self::Register) -> Self::Register;
}

/// For the sliding sum of integers: sums that reach back into the registers before.
///
/// Not for NEON: its additions take two cycles, and with registers of 128 bits the chain from register
/// to register would be eight cycles to a block, where the block scan's is two.
#[cfg(target_arch = "x86_64")]
pub(crate) trait Slide<const W: usize>: Vector<W> {
    /// The part of a sum that the next register needs from those before it.
    type Previous: Copy;

    /// The state before the first register, as if zeros came before.
    fn nothing(self) -> Self::Previous;

    /// In each slot the sum of its element and the `W - 1` elements before it.
    fn slide(self, previous: &mut Self::Previous, x: Self::Register) -> Self::Register;
}

/// For short lanes and for a few lanes side by side: registers put together from the slots of others.
pub(crate) trait Permute<const W: usize>: Vector<W> {
    /// From which slot each slot takes.
    type Choice: Copy;

    /// Each slot takes from the one given; `None` takes nothing.
    fn choice(slots: [Option<u8>; W]) -> Self::Choice;

    /// `x`, with those slots replaced that take: they come from `from`.
    fn permute(
        self,
        x: Self::Register,
        from: Self::Register,
        choice: Self::Choice,
    ) -> Self::Register;
}

/// For the transposing copy.
pub(crate) trait Transpose<const W: usize>: Vector<W> {
    /// Slot `j` of register `i` becomes slot `i` of register `j`.
    fn transpose(self, tile: [Self::Register; W]) -> [Self::Register; W];
}

/// For compensated sums, which are of pairs.
pub(crate) trait Float<const W: usize>: Vector<W> {
    /// Slot by slot `a - b`, one rounding.
    fn sub(self, a: Self::Register, b: Self::Register) -> Self::Register;

    /// Slot by slot `sum`, where that is a number other than `hi`, and otherwise `hi`.
    fn choose(self, hi: Self::Register, sum: Self::Register) -> Self::Register;
}

/// For `f32` that is summed in `f64`.
pub(crate) trait Widen<const W: usize>: Vector<W, Element = f64> {
    /// The numbers in their order.
    fn widen(self, from: &[f32; W]) -> Self::Register;

    /// The slots in their order, each rounded.
    fn narrow(self, x: Self::Register, to: &mut Place<[f32; W]>);

    /// The slots of a result in their order, each rounded: past the cache in [`NonTemporal`], and otherwise
    /// [`narrow`](Self::narrow).
    fn narrow_sums(self, x: Self::Register, to: &mut Place<[f32; W]>);

    /// The slots in their order, each rounded, past the cache if there is an instruction for that and `to` is aligned
    /// to 16 bytes.
    ///
    /// # Safety
    ///
    /// That of [`Context::stream`].
    unsafe fn stream_narrow(self, x: Self::Register, to: &mut Place<[f32; W]>);
}

/// Methods of an adapter that are those of the vector in its field.
macro_rules! delegate {
    ($field:tt: $($method:ident)*) => {
        $($crate::simd::delegate! { @$method $field })*
    };
    (@splat $field:tt) => {
        #[inline(always)]
        fn splat(self, x: Self::Element) -> Self::Register {
            self.$field.splat(x)
        }
    };
    (@add $field:tt) => {
        #[inline(always)]
        fn add(self, a: Self::Register, b: Self::Register) -> Self::Register {
            self.$field.add(a, b)
        }
    };
    (@load $field:tt) => {
        #[inline(always)]
        fn load(self, from: &[Self::Element; W]) -> Self::Register {
            self.$field.load(from)
        }
    };
    (@load_part $field:tt) => {
        #[inline(always)]
        fn load_part(self, from: &[Self::Element]) -> Self::Register {
            self.$field.load_part(from)
        }
    };
    (@store $field:tt) => {
        #[inline(always)]
        fn store(self, x: Self::Register, to: &mut $crate::memory::Place<[Self::Element; W]>) {
            self.$field.store(x, to);
        }
    };
    (@store_part $field:tt) => {
        #[inline(always)]
        fn store_part(self, x: Self::Register, to: &mut [$crate::memory::Place<Self::Element>]) {
            self.$field.store_part(x, to);
        }
    };
    (@store_row_part $field:tt) => {
        #[inline(always)]
        fn store_row_part(
            self,
            x: Self::Register,
            to: &mut [$crate::memory::Place<Self::Element>],
        ) {
            self.$field.store_row_part(x, to);
        }
    };
    (@store_sums $field:tt) => {
        #[inline(always)]
        fn store_sums(self, x: Self::Register, to: &mut $crate::memory::Place<[Self::Element; W]>) {
            self.$field.store_sums(x, to);
        }
    };
    (@store_all $field:tt) => {
        #[inline(always)]
        unsafe fn store_all<const N: usize, const ALIGNED: bool>(
            self,
            sums: [Self::Register; N],
            to: *mut Self::Element,
            step: isize,
        ) {
            // SAFETY: the obligation is handed on.
            unsafe { self.$field.store_all::<N, ALIGNED>(sums, to, step) }
        }
    };
    (@read_ahead $field:tt) => {
        #[inline(always)]
        fn read_ahead(self, from: *const Self::Element) {
            self.$field.read_ahead(from);
        }
    };
    (@streams $field:tt) => {
        #[inline(always)]
        fn streams(self) -> bool {
            self.$field.streams()
        }
    };
    (@scan $field:tt) => {
        #[inline(always)]
        fn scan(self, x: Self::Register) -> Self::Register {
            self.$field.scan(x)
        }
    };
    (@last $field:tt) => {
        #[inline(always)]
        fn last(self, x: Self::Register) -> Self::Register {
            self.$field.last(x)
        }
    };
    (@nothing $field:tt) => {
        #[inline(always)]
        fn nothing(self) -> Self::Previous {
            self.$field.nothing()
        }
    };
    (@slide $field:tt) => {
        #[inline(always)]
        fn slide(self, previous: &mut Self::Previous, x: Self::Register) -> Self::Register {
            self.$field.slide(previous, x)
        }
    };
    (@permute $field:tt) => {
        #[inline(always)]
        fn permute(
            self,
            x: Self::Register,
            from: Self::Register,
            choice: Self::Choice,
        ) -> Self::Register {
            self.$field.permute(x, from, choice)
        }
    };
    (@transpose $field:tt) => {
        #[inline(always)]
        fn transpose(self, tile: [Self::Register; W]) -> [Self::Register; W] {
            self.$field.transpose(tile)
        }
    };
    (@sub $field:tt) => {
        #[inline(always)]
        fn sub(self, a: Self::Register, b: Self::Register) -> Self::Register {
            self.$field.sub(a, b)
        }
    };
    (@choose $field:tt) => {
        #[inline(always)]
        fn choose(self, hi: Self::Register, sum: Self::Register) -> Self::Register {
            self.$field.choose(hi, sum)
        }
    };
    (@widen $field:tt) => {
        #[inline(always)]
        fn widen(self, from: &[f32; W]) -> Self::Register {
            self.$field.widen(from)
        }
    };
    (@narrow $field:tt) => {
        #[inline(always)]
        fn narrow(self, x: Self::Register, to: &mut $crate::memory::Place<[f32; W]>) {
            self.$field.narrow(x, to);
        }
    };
}
pub(crate) use delegate;
