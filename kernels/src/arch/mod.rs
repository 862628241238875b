//! The instruction sets: one file each, and the only files that name an intrinsic.
//!
//! This folder names `simd`, `memory`, `number`, and nothing above them. A file holds the contexts of the types, which
//! are all that a kernel knows of an instruction set; `dispatch/table.rs` says which kernel uses which.

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

/// The proof that a CPU has some instructions, as one that it has others.
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
