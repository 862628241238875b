//! The instruction sets: one file each, and the only files that name an intrinsic.
//!
//! This folder names `simd`, `memory`, `number`, and nothing above them. A file holds the contexts of the types, which
//! are all that a kernel knows of an instruction set; `dispatch/table.rs` says which kernel uses which.

/// The methods of [`Vector`](crate::simd::Vector) that are the same for all registers of `W` slots which are any bits.
macro_rules! plain_methods {
    ($W:expr) => {
        #[inline(always)]
        fn load(self, from: &[Self::Element; $W]) -> Self::Register {
            bytemuck::must_cast(*from)
        }
        #[inline(always)]
        fn store(self, x: Self::Register, to: &mut $crate::memory::Place<[Self::Element; $W]>) {
            to.write(bytemuck::must_cast(x));
        }
        $crate::arch::cached_methods!($W);
    };
}

/// The methods of [`Vector`](crate::simd::Vector) that say that sums are stored in the cache.
macro_rules! cached_methods {
    ($W:expr) => {
        #[inline(always)]
        fn store_sums(
            self,
            x: Self::Register,
            to: &mut $crate::memory::Place<[Self::Element; $W]>,
        ) {
            self.store(x, to);
        }
        #[inline(always)]
        unsafe fn store_all<const N: usize, const ALIGNED: bool>(
            self,
            sums: [Self::Register; N],
            to: *mut Self::Element,
            step: isize,
        ) {
            // SAFETY: the obligation is handed on.
            unsafe { $crate::simd::store_each(self, sums, to, step) }
        }
        #[inline(always)]
        fn read_ahead(self, _: *const Self::Element) {}
        #[inline(always)]
        fn streams(self) -> bool {
            false
        }
        #[inline(always)]
        fn in_cache(self) -> Self {
            self
        }
    };
}
use cached_methods;

pub(crate) mod scalar;

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) mod avx512;
#[cfg(target_arch = "x86_64")]
pub(crate) mod xmm;

#[cfg(target_arch = "aarch64")]
pub(crate) mod neon;

#[cfg(test)]
mod tests;

/// A token that proves what another `Token` proves, and so can stand in for it.
pub(crate) trait Proves<Token> {
    fn proof(self) -> Token;
}

impl<Token> Proves<Token> for Token {
    #[inline(always)]
    fn proof(self) -> Token {
        self
    }
}

#[cfg(target_arch = "x86_64")]
impl Proves<pulp::x86::V3> for pulp::x86::V4 {
    #[inline(always)]
    fn proof(self) -> pulp::x86::V3 {
        *self
    }
}

/// Returns `x`, of which LLVM then knows nothing, not even that it stays the same from turn to turn of a loop.
///
/// Otherwise LLVM multiplies a stride by the number of every row before the loop, and then has more products than
/// registers.
#[inline(always)]
pub(crate) fn opaque(x: isize) -> isize {
    #[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
    {
        let mut x = x;
        // SAFETY: no instruction, so no effect; `x` goes in and out of the same register.
        unsafe {
            core::arch::asm!("/* {} */", inout(reg) x, options(nomem, nostack, preserves_flags));
        }
        x
    }
    #[cfg(not(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri))))]
    x
}
