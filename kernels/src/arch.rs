//! The instruction sets: one file each, and the only files that name an intrinsic.

pub(crate) mod single;

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) mod avx512;

#[cfg(target_arch = "aarch64")]
pub(crate) mod neon;

#[cfg(test)]
mod tests;

/// The row kernels of an instruction set: one plain function to a type, compiled with its features.
///
/// `scan(V, W, R)` is the block scan, a block in `R` registers of `W` lanes; `slide(V, W)` the sliding
/// sum.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! rows {
    ($Token:ty, $features:literal; $($T:ident: $driver:ident($V:ty, $($shape:literal),*);)*) => {
        $(
            /// Sums a lane, or a piece of one.
            pub(crate) fn $T(
                token: $Token,
                carry: &mut crate::order::Carry<$T>,
                lane: crate::lane::Lane<'_, $T>,
            ) {
                #[target_feature(enable = $features)]
                fn row(
                    token: $Token,
                    carry: &mut crate::order::Carry<$T>,
                    lane: crate::lane::Lane<'_, $T>,
                ) {
                    let v = crate::vector::Vector::new(token);
                    crate::$driver::row::<$V, $($shape),*>(v, carry, lane);
                }
                // SAFETY: `row` needs a CPU with `$features`. `token` is the proof: its type can only
                // be had from pulp's detection of a superset of these features.
                unsafe { row(token, carry, lane) }
            }
        )*
    };
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
pub(crate) use rows;
