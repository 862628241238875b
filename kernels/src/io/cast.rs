//! [`Cast`]: the casts of `as` between two types of numbers, as a value.
//!
//! The code that makes the value compiles the cast; the code that sums only calls it.

use core::mem::MaybeUninit;
use core::slice;

use pulp::NullaryFnOnce;

use crate::cpu::Backend;
use crate::memory::Scratch;
use crate::number::{Number, same_bits};

/// The numbers that are cast at a time where two casts follow one another.
const PIECE: usize = 256;

/// A cast of numbers of one type to another.
#[derive(Clone, Copy)]
pub(crate) struct Cast {
    /// Casts so many numbers; see [`run`].
    run: unsafe fn(Backend, *const u8, *mut u8, usize),
    /// The bytes of a number before the cast, and after it.
    sizes: (u8, u8),
}

impl Cast {
    /// The cast from `T` to `U`, or `None` if it leaves the bytes as they are.
    #[inline(always)]
    pub(crate) fn of<T: Number, U: Number>() -> Option<Self> {
        if same_bits::<T, U>() {
            return None;
        }
        // Casts between integers that differ only in names are one: what is cut off has no sign, and what is
        // extended gets its bits from the sign of `T` alone.
        let run = if !(T::EXACT && U::EXACT) {
            run::<T, U>
        } else if size_of::<U>() < size_of::<T>() {
            run::<T::Bits, U::Bits>
        } else {
            run::<T, U::Bits>
        };
        Some(Self { run, sizes: (size_of::<T>() as u8, size_of::<U>() as u8) })
    }
}

/// Up to two casts, one after the other.
#[derive(Clone, Copy)]
pub(crate) struct Casts(Option<Cast>, Option<Cast>);

impl Casts {
    /// The casts from `T` to `U` by way of `A`.
    #[inline(always)]
    pub(crate) fn by_way_of<T: Number, A: Number, U: Number>() -> Self {
        match (Cast::of::<T, A>(), Cast::of::<A, U>()) {
            (None, second) => Self(second, None),
            (first, second) => Self(first, second),
        }
    }

    /// Whether the numbers stay as they are.
    #[inline(always)]
    pub(crate) fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// Casts `len` numbers. There is at least one cast.
    ///
    /// # Safety
    ///
    /// * `from` points to `len` numbers of the first type, and `to` to room for `len` of the last one.
    /// * Neither overlaps the other.
    #[inline]
    pub(crate) unsafe fn run(&self, backend: Backend, from: *const u8, to: *mut u8, len: usize) {
        match *self {
            // SAFETY: the caller's part: these are the types of the one cast.
            Self(Some(only), None) => unsafe { (only.run)(backend, from, to, len) },
            // SAFETY: the caller's part.
            Self(Some(first), Some(second)) => unsafe {
                run_both(backend, first, second, from, to, len);
            },
            Self(None, _) => debug_assert!(false, "no cast"),
        }
    }
}

/// Casts `len` numbers twice, a piece at a time by way of a scratch buffer.
///
/// # Safety
///
/// That of [`Casts::run`].
unsafe fn run_both(
    backend: Backend,
    first: Cast,
    second: Cast,
    from: *const u8,
    to: *mut u8,
    len: usize,
) {
    let mut between = Scratch::<{ PIECE * 16 }>::new();
    let between = between.bytes();
    for start in (0..len).step_by(PIECE) {
        let count = PIECE.min(len - start);
        let from = from.wrapping_add(start * usize::from(first.sizes.0));
        let to = to.wrapping_add(start * usize::from(second.sizes.1));
        // SAFETY: numbers `start..start + count` of `from`, by the caller; room for `PIECE` numbers of any type.
        unsafe { (first.run)(backend, from, between, count) };
        // SAFETY: the numbers that were written above, and the places `start..start + count` of `to`.
        unsafe { (second.run)(backend, between, to, count) };
    }
}

/// Casts `len` numbers of `T` to `U`.
///
/// # Safety
///
/// `from` points to `len` numbers of `T`, `to` to room for `len` of `U`, and neither overlaps the other.
unsafe fn run<T: Number, U: Number>(backend: Backend, from: *const u8, to: *mut u8, len: usize) {
    // SAFETY: the caller's part. The numbers are aligned, since they lie in a slice of `T` or in scratch memory.
    let from = unsafe { slice::from_raw_parts(from.cast::<T>(), len) };
    // SAFETY: the caller's part: room that nobody else reaches.
    let to = unsafe { slice::from_raw_parts_mut(to.cast::<MaybeUninit<U>>(), len) };
    backend.vectorize(Loop { from, to });
}

/// The loop of a cast. This is no closure: a closure that is not small is not inlined, and then not compiled with the
/// instructions of the backend.
struct Loop<'a, T, U> {
    from: &'a [T],
    to: &'a mut [MaybeUninit<U>],
}

impl<T: Number, U: Number> NullaryFnOnce for Loop<'_, T, U> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { from, to } = self;
        #[cfg(feature = "half")]
        if half_slices::cast(from, to) {
            return;
        }
        for (x, out) in from.iter().zip(to) {
            out.write(U::cast_from(*x));
        }
    }
}

/// The casts between `f32` and half floats, for which there are instructions that LLVM does not find by itself.
#[cfg(feature = "half")]
mod half_slices {
    use core::any::TypeId;
    use core::mem::MaybeUninit;

    use half::slice::HalfFloatSliceExt;
    use half::{bf16, f16};

    use crate::number::Number;

    /// Casts all numbers and returns true, if this is one of these casts.
    #[inline(always)]
    pub(super) fn cast<T: Number, U: Number>(from: &[T], to: &mut [MaybeUninit<U>]) -> bool {
        let (t, u) = (TypeId::of::<T>(), TypeId::of::<U>());
        macro_rules! casts {
            ($($From:ty, $To:ty: $x:ident, $out:ident => $convert:expr;)*) => {
                $(
                    if t == TypeId::of::<$From>() && u == TypeId::of::<$To>() {
                        let mut buffer = [<$To>::default(); 64];
                        for ($x, to) in from.chunks(64).zip(to.chunks_mut(64)) {
                            let $x: &[$From] = bytemuck::cast_slice(bytemuck::must_cast_slice::<T, u8>($x));
                            let $out = &mut buffer[..$x.len()];
                            $convert;
                            for (to, x) in to.iter_mut().zip($out) {
                                to.write(U::cast_from(*x));
                            }
                        }
                        return true;
                    }
                )*
            };
        }
        casts! {
            f32, f16: x, out => out.convert_from_f32_slice(x);
            f32, bf16: x, out => out.convert_from_f32_slice(x);
            f16, f32: x, out => x.convert_to_f32_slice(out);
            bf16, f32: x, out => x.convert_to_f32_slice(out);
        }
        false
    }
}
