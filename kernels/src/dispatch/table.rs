//! The kernels of each instruction set, a row to a type, and the choice among them by a backend.

use super::macros::kernels;

kernels! {
    scalar, Scalar;
    f32: scan(Scalar<f32>, 1, 16), panel(Scalar<f32>, 1, 16), permute();
    f64: scan(Scalar<f64>, 1, 8), panel(Scalar<f64>, 1, 8), permute(),
        pairs(Scalar<f64>, 1, 8, 8; Columns::of);
    u8: running(), exact_panel(Scalar<u8>, 1, 8), permute(), transpose(Scalar<u8>, 1);
    u16: running(), exact_panel(Scalar<u16>, 1, 8), permute(), transpose(Scalar<u16>, 1);
    u32: running(), exact_panel(Scalar<u32>, 1, 8), permute(), transpose(Scalar<u32>, 1);
    u64: running(), exact_panel(Scalar<u64>, 1, 8), permute(), transpose(Scalar<u64>, 1);
}

#[cfg(target_arch = "x86_64")]
kernels! {
    avx2, V3;
    f32: scan(F32, 8, 2), panel(F32, 8, 16), permute(F32, 8, 2);
    f64: scan(F64, 4, 2), panel(F64, 4, 8), permute(F64, 4, 2),
        pairs(F64, 4, 2, 8; Permuted::of);
    u8: scan(U8, 32, 2), exact_panel(U8, 32, 8), permute(xmm::U8, 16, 1), transpose(xmm::U8, 16);
    u16: scan(U16, 16, 2), exact_panel(U16, 16, 8), permute(xmm::U16, 8, 1), transpose(xmm::U16, 8);
    u32: slide(U32, 8), exact_panel(U32, 8, 8), permute(U32, 8, 1), transpose(U32, 8);
    u64: slide(U64, 4), exact_panel(U64, 4, 8), permute(U64, 4, 1), transpose(U64, 4);
}

#[cfg(target_arch = "x86_64")]
kernels! {
    avx512, V4;
    f32: scan(F32, 16, 1), panel(F32, 16, 16), permute(F32, 16, 1);
    f64: scan(F64, 8, 1), panel(F64, 8, 8), permute(F64, 8, 1),
        pairs(F64, 8, 1, 8; Permuted::of);
    u8: scan(U8, 64, 1), exact_panel(U8, 64, 8), permute(xmm::U8, 16, 1), transpose(xmm::U8, 16);
    u16: scan(U16, 32, 1), exact_panel(U16, 32, 8), permute(U16, 32, 1), transpose(xmm::U16, 8);
    u32: slide(U32, 16), exact_panel(U32, 16, 8), permute(U32, 16, 1), transpose(U32, 16);
    u64: slide(U64, 8), exact_panel(U64, 8, 8), permute(U64, 8, 1), transpose(U64, 8);
}

#[cfg(target_arch = "aarch64")]
kernels! {
    neon, Neon;
    f32: scan(F32, 4, 4), panel(F32, 4, 16), permute(F32, 4, 4);
    f64: scan(F64, 2, 4), panel(F64, 2, 8), permute(F64, 2, 4),
        pairs(F64, 2, 4, 8; Permuted::of);
    u8: scan(U8, 16, 4), exact_panel(U8, 16, 8), permute(U8, 16, 1), transpose(U8, 16);
    u16: scan(U16, 8, 4), exact_panel(U16, 8, 8), permute(U16, 8, 1), transpose(U16, 8);
    u32: scan(U32, 4, 4), exact_panel(U32, 4, 8), permute(U32, 4, 1), transpose(U32, 4);
    u64: scan(U64, 2, 4), exact_panel(U64, 2, 8), permute(U64, 2, 1), transpose(U64, 2);
}

/// Calls a kernel of a type, as in `dispatch!(backend, f32::segmented(dense, lanes))`.
///
/// The one place where a backend decides which kernel runs.
macro_rules! dispatch {
    ($backend:expr, $T:ident::$kernel:ident($($argument:expr),*)) => {
        match $backend.kind() {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(token) => table::avx512::$T::$kernel(token, $($argument),*),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(token) => table::avx2::$T::$kernel(token, $($argument),*),
            #[cfg(target_arch = "aarch64")]
            Kind::Neon(token) => table::neon::$T::$kernel(token, $($argument),*),
            Kind::Scalar(token) => table::scalar::$T::$kernel(token, $($argument),*),
        }
    };
}

/// Calls a row kernel of a type, which stores past the cache if that is said, and fences once.
macro_rules! dispatch_rows {
    ($backend:expr, $streams:expr, $T:ident::$kernel:ident($($argument:expr),*)) => {{
        macro_rules! rows {
            ($token:expr, $isa:ident, $NON_TEMPORAL:literal) => {{
                // SAFETY: the fence is dropped after the kernel, which stores each sum once and reads none, as long as
                // no two sums have the same place.
                let fence = unsafe { Fence::new($token, $NON_TEMPORAL) };
                table::$isa::$T::$kernel::<$NON_TEMPORAL>($token, &fence, $($argument),*);
            }};
        }
        match ($backend.kind(), $streams) {
            #[cfg(target_arch = "x86_64")]
            (Kind::Avx512(token), true) => rows!(token, avx512, true),
            #[cfg(target_arch = "x86_64")]
            (Kind::Avx512(token), false) => rows!(token, avx512, false),
            #[cfg(target_arch = "x86_64")]
            (Kind::Avx2(token), true) => rows!(token, avx2, true),
            #[cfg(target_arch = "x86_64")]
            (Kind::Avx2(token), false) => rows!(token, avx2, false),
            #[cfg(target_arch = "aarch64")]
            (Kind::Neon(token), _) => rows!(token, neon, false),
            (Kind::Scalar(token), _) => rows!(token, scalar, false),
        }
    }};
}
pub(super) use {dispatch, dispatch_rows};
