//! AVX2: a block is two 256-bit registers.
//!
//! There is no masked addition here. Floats blend the identity into the left halves, integers shift
//! zeros in:
//!
//! ```text
//! x                a     b      c      d
//! spread, blend   -0     a     -0      c         half = 1
//! sum              a     ab     c      cd
//! spread, blend   -0    -0      ab     ab        half = 2
//! sum              a     ab     abc    abcd
//! ```

use core::arch::asm;
use core::arch::x86_64::{__m256, __m256d, __m256i, _CMP_NEQ_OQ};

use pulp::cast;
use pulp::x86::V3;

use super::xmm;
use crate::memory::Place;
use crate::simd::{
    Context, Float, Permute, Scan, Slide, Transpose, Vector, Widen, copy_short, padded,
};

/// The methods of [`Vector`] that differ between types in the names of intrinsics alone.
macro_rules! methods {
    ($T:ty, $W:literal, $Register:ty; $set1:ident($scalar:ty), $feature:ident: $add:ident) => {
        type Element = $T;
        type Register = $Register;

        plain_methods!($W);

        #[inline(always)]
        fn splat(self, x: $T) -> $Register {
            self.token.avx.$set1(x as $scalar)
        }
        #[inline(always)]
        fn add(self, a: $Register, b: $Register) -> $Register {
            self.token.$feature.$add(a, b)
        }
        #[inline(always)]
        fn load_part(self, from: &[$T]) -> $Register {
            self.load(&padded(from))
        }
        #[inline(always)]
        fn store_part(self, x: $Register, to: &mut [Place<$T>]) {
            copy_short::<$T>(&bytemuck::must_cast::<_, [$T; $W]>(x), to);
        }
        #[inline(always)]
        fn store_row_part(self, x: $Register, to: &mut [Place<$T>]) {
            store_pieces(self.token, cast(x), Place::bytes(to));
        }
    };
}

/// The methods of [`Context`] but `new`.
macro_rules! context {
    ($T:ty, $W:literal, $Register:ty) => {
        type Token = V3;

        #[inline(always)]
        unsafe fn stream(self, x: $Register, to: &mut Place<[$T; $W]>) {
            // SAFETY: a place of that size; the fence is the caller's part.
            unsafe { stream(self.token, cast(x), to.as_mut_ptr().cast()) }
        }
        #[inline(always)]
        fn prefetch(self, from: *const $T) {
            xmm::prefetch(self.token, from.cast());
        }
    };
}

/// Stores a register past the cache, as a whole or in halves.
///
/// # Safety
///
/// The 32 bytes from `to` on may be written; and that of [`Context::stream`].
#[inline(always)]
pub(super) unsafe fn stream(token: V3, x: __m256i, to: *mut u8) {
    if to.addr().is_multiple_of(32) {
        // SAFETY: the bytes are the caller's, at a multiple of 32.
        unsafe { token.avx._mm256_stream_si256(to.cast(), x) }
    } else {
        // SAFETY: the first half of the bytes.
        unsafe { xmm::stream(token, token.avx._mm256_castsi256_si128(x), to) }
        // SAFETY: the second half.
        unsafe {
            xmm::stream(token, token.avx2._mm256_extracti128_si256::<1>(x), to.wrapping_add(16));
        }
    }
}

/// Stores the first bytes of a register, fewer than it has, in pieces of powers of two.
#[inline(always)]
pub(super) fn store_pieces(token: V3, x: __m256i, to: &mut [Place<u8>]) {
    let (halves, to) = to.as_chunks_mut::<16>();
    let low = token.avx._mm256_castsi256_si128(x);
    let rest = match halves.first_mut() {
        Some(half) => {
            Place::joined(half).write(cast(low));
            token.avx2._mm256_extracti128_si256::<1>(x)
        }
        None => low,
    };
    let (words, to) = to.as_chunks_mut::<8>();
    let [low, high]: [u64; 2] = cast(rest);
    let rest = match words.first_mut() {
        Some(word) => {
            Place::joined(word).write(low.to_ne_bytes());
            high
        }
        None => low,
    };
    let (words, to) = to.as_chunks_mut::<4>();
    let rest = match words.first_mut() {
        Some(word) => {
            Place::joined(word).write((rest as u32).to_ne_bytes());
            (rest >> 32) as u32
        }
        None => rest as u32,
    };
    let (words, to) = to.as_chunks_mut::<2>();
    let rest = match words.first_mut() {
        Some(word) => {
            Place::joined(word).write((rest as u16).to_ne_bytes());
            (rest >> 16) as u16
        }
        None => rest as u16,
    };
    if let Some(byte) = to.first_mut() {
        byte.write(rest as u8);
    }
}

/// Eight `f32`.
#[derive(Clone, Copy)]
pub(crate) struct F32 {
    token: V3,
    identity: __m256,
    left_4: __m256i,
    last: __m256i,
}

impl Vector<8> for F32 {
    methods!(f32, 8, __m256; _mm256_set1_ps(f32), avx: _mm256_add_ps);
}

impl Context<8> for F32 {
    context!(f32, 8, __m256);

    #[inline(always)]
    fn new(token: V3) -> Self {
        Self {
            token,
            identity: cast(opaque(token, cast([-0.0f32; 8]))),
            left_4: opaque(token, cast([3i32; 8])),
            last: opaque(token, cast([7i32; 8])),
        }
    }
}

impl Scan<8> for F32 {
    #[inline(always)]
    fn scan(self, x: __m256) -> __m256 {
        let (avx, avx2) = (self.token.avx, self.token.avx2);
        let spread = avx._mm256_moveldup_ps(x);
        let x = avx._mm256_add_ps(avx._mm256_blend_ps::<0b1010_1010>(self.identity, spread), x);
        let spread = avx._mm256_permute_ps::<0b01_01_01_01>(x);
        let x = avx._mm256_add_ps(avx._mm256_blend_ps::<0b1100_1100>(self.identity, spread), x);
        let spread = avx2._mm256_permutevar8x32_ps(x, self.left_4);
        avx._mm256_add_ps(avx._mm256_blend_ps::<0b1111_0000>(self.identity, spread), x)
    }
    #[inline(always)]
    fn last(self, x: __m256) -> __m256 {
        self.token.avx2._mm256_permutevar8x32_ps(x, self.last)
    }
}

/// Four `f64`.
#[derive(Clone, Copy)]
pub(crate) struct F64 {
    token: V3,
    identity: __m256d,
}

impl Vector<4> for F64 {
    methods!(f64, 4, __m256d; _mm256_set1_pd(f64), avx: _mm256_add_pd);
}

impl Context<4> for F64 {
    context!(f64, 4, __m256d);

    #[inline(always)]
    fn new(token: V3) -> Self {
        Self { token, identity: cast(opaque(token, cast([-0.0f64; 4]))) }
    }
}

impl Scan<4> for F64 {
    #[inline(always)]
    fn scan(self, x: __m256d) -> __m256d {
        let (avx, avx2) = (self.token.avx, self.token.avx2);
        let spread = avx._mm256_movedup_pd(x);
        let x = avx._mm256_add_pd(avx._mm256_blend_pd::<0b1010>(self.identity, spread), x);
        let spread = avx2._mm256_permute4x64_pd::<0b01_01_01_01>(x);
        avx._mm256_add_pd(avx._mm256_blend_pd::<0b1100>(self.identity, spread), x)
    }
    #[inline(always)]
    fn last(self, x: __m256d) -> __m256d {
        self.token.avx2._mm256_permute4x64_pd::<0b11_11_11_11>(x)
    }
}

/// Four `u64`.
///
/// Each level rotates what a blend has put together of the register and the one before it:
///
/// ```text
/// before           w  x  y  z
/// x                a  b  c  d
/// blend            a  b  c  z
/// rotate           z  a  b  c
/// ```
#[derive(Clone, Copy)]
pub(crate) struct U64 {
    token: V3,
}

impl Vector<4> for U64 {
    methods!(u64, 4, __m256i; _mm256_set1_epi64x(i64), avx2: _mm256_add_epi64);
}

impl Context<4> for U64 {
    context!(u64, 4, __m256i);

    #[inline(always)]
    fn new(token: V3) -> Self {
        Self { token }
    }
}

impl Slide<4> for U64 {
    type Previous = [__m256i; 2];

    #[inline(always)]
    fn nothing(self) -> Self::Previous {
        [self.token.avx._mm256_setzero_si256(); 2]
    }
    #[inline(always)]
    fn slide(self, [one, two]: &mut Self::Previous, x: __m256i) -> __m256i {
        let avx2 = self.token.avx2;
        let mixed = avx2._mm256_blend_epi32::<0b1100_0000>(x, *one);
        let before = avx2._mm256_permute4x64_epi64::<0b10_01_00_11>(mixed);
        *one = x;
        let x = avx2._mm256_add_epi64(before, x);
        let before = avx2._mm256_permute2x128_si256::<0x21>(*two, x);
        *two = x;
        opaque(self.token, avx2._mm256_add_epi64(before, x))
    }
}

/// Eight `u32`, whose windows are made as those of [`U64`].
#[derive(Clone, Copy)]
pub(crate) struct U32 {
    token: V3,
    rotate: __m256i,
}

impl Vector<8> for U32 {
    methods!(u32, 8, __m256i; _mm256_set1_epi32(i32), avx2: _mm256_add_epi32);
}

impl Context<8> for U32 {
    context!(u32, 8, __m256i);

    #[inline(always)]
    fn new(token: V3) -> Self {
        Self { token, rotate: opaque(token, cast([7i32, 0, 1, 2, 3, 4, 5, 6])) }
    }
}

impl Slide<8> for U32 {
    type Previous = [__m256i; 3];

    #[inline(always)]
    fn nothing(self) -> Self::Previous {
        [self.token.avx._mm256_setzero_si256(); 3]
    }
    #[inline(always)]
    fn slide(self, [one, two, four]: &mut Self::Previous, x: __m256i) -> __m256i {
        let avx2 = self.token.avx2;
        let mixed = avx2._mm256_blend_epi32::<0b1000_0000>(x, *one);
        let before = avx2._mm256_permutevar8x32_epi32(mixed, self.rotate);
        *one = x;
        let x = avx2._mm256_add_epi32(before, x);
        let mixed = avx2._mm256_blend_epi32::<0b1100_0000>(x, *two);
        let before = avx2._mm256_permute4x64_epi64::<0b10_01_00_11>(mixed);
        *two = x;
        let x = avx2._mm256_add_epi32(before, x);
        let before = avx2._mm256_permute2x128_si256::<0x21>(*four, x);
        *four = x;
        opaque(self.token, avx2._mm256_add_epi32(before, x))
    }
}

/// Returns `x`, of which LLVM then knows nothing: see `avx512.rs`.
#[inline(always)]
fn opaque(_: V3, x: __m256i) -> __m256i {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn opaque(mut x: __m256i) -> __m256i {
        // SAFETY: no instruction, so no effect; `x` goes in and out of the same register.
        unsafe {
            asm!("/* {} */", inout(ymm_reg) x, options(pure, nomem, nostack, preserves_flags));
        }
        x
    }
    // SAFETY: the inner function needs AVX2, and the token is the proof that the CPU has it.
    unsafe { opaque(x) }
}

/// `scan` and `last` of the narrow integers: shifts within 64 bits, which need no shuffle; then the total
/// of the low 64 bits to every element of the high ones, by `$self.left`, and that of the low 128-bit lane to every
/// element of the high one. `$self.lane_last` spreads the last element of a 128-bit lane over it.
macro_rules! narrow_methods {
    ($add:ident, $($bits:literal)*) => {
        #[inline(always)]
        fn scan(self, x: __m256i) -> __m256i {
            let avx2 = self.token.avx2;
            $(let x = avx2.$add(avx2._mm256_slli_epi64::<$bits>(x), x);)*
            let x = avx2.$add(avx2._mm256_shuffle_epi8(x, self.left), x);
            let totals = avx2._mm256_shuffle_epi8(x, self.lane_last);
            // The low half of `totals` goes to the high one, above zeros. LLVM must not know that they are zeros: it
            // inserts to any register then, blends, and has often made each block wait for the carry of the one before
            // (twice the time; Zen 5, 2026-11).
            let low = self.token.avx._mm256_castsi256_si128(totals);
            avx2.$add(avx2._mm256_inserti128_si256::<1>(self.zeros, low), x)
        }
        #[inline(always)]
        fn last(self, x: __m256i) -> __m256i {
            let totals = self.token.avx2._mm256_shuffle_epi8(x, self.lane_last);
            self.token.avx2._mm256_permute4x64_epi64::<0b11_10_11_10>(totals)
        }
    };
}

/// Sixteen `u16`.
#[derive(Clone, Copy)]
pub(crate) struct U16 {
    token: V3,
    left: __m256i,
    lane_last: __m256i,
    zeros: __m256i,
}

impl Vector<16> for U16 {
    methods!(u16, 16, __m256i; _mm256_set1_epi16(i16), avx2: _mm256_add_epi16);
}

impl Context<16> for U16 {
    context!(u16, 16, __m256i);

    #[inline(always)]
    fn new(token: V3) -> Self {
        const NONE: [u8; 8] = [0x80; 8];
        const LEFT: [u8; 8] = [6, 7, 6, 7, 6, 7, 6, 7];
        Self {
            token,
            left: cast([NONE, LEFT, NONE, LEFT]),
            lane_last: opaque(token, cast([[14u8, 15]; 16])),
            zeros: opaque(token, cast([0u8; 32])),
        }
    }
}

/// Thirty-two `u8`.
#[derive(Clone, Copy)]
pub(crate) struct U8 {
    token: V3,
    left: __m256i,
    lane_last: __m256i,
    zeros: __m256i,
}

impl Vector<32> for U8 {
    methods!(u8, 32, __m256i; _mm256_set1_epi8(i8), avx2: _mm256_add_epi8);
}

impl Context<32> for U8 {
    context!(u8, 32, __m256i);

    #[inline(always)]
    fn new(token: V3) -> Self {
        Self {
            token,
            left: cast([[0x80u8; 8], [7; 8], [0x80; 8], [7; 8]]),
            lane_last: opaque(token, cast([15u8; 32])),
            zeros: opaque(token, cast([0u8; 32])),
        }
    }
}

impl Scan<16> for U16 {
    narrow_methods!(_mm256_add_epi16, 16 32);
}

impl Scan<32> for U8 {
    narrow_methods!(_mm256_add_epi8, 8 16 32);
}

/// A permutation of the whole register as one of 32-bit elements, of which a slot has `$parts`, and a blend.
macro_rules! permute {
    ($V:ident, $W:literal, $parts:literal) => {
        impl Permute<$W> for $V {
            /// The permutation, and the slots that take.
            type Choice = (__m256i, __m256i);

            #[inline(always)]
            fn choice(slots: [Option<u8>; $W]) -> Self::Choice {
                let (mut index, mut takes) = ([[0u32; $parts]; $W], [[0u32; $parts]; $W]);
                for (k, from) in slots.into_iter().enumerate() {
                    if let Some(from) = from {
                        index[k] =
                            core::array::from_fn(|part| u32::from(from) * $parts + part as u32);
                        takes[k] = [u32::MAX; $parts];
                    }
                }
                (cast(index), cast(takes))
            }
            #[inline(always)]
            fn permute(
                self,
                x: Self::Register,
                from: Self::Register,
                (index, takes): Self::Choice,
            ) -> Self::Register {
                let avx2 = self.token.avx2;
                let picked = avx2._mm256_permutevar8x32_epi32(cast(from), index);
                cast(avx2._mm256_blendv_epi8(cast(x), picked, takes))
            }
        }
    };
}

permute!(F32, 8, 1);
permute!(F64, 4, 2);
permute!(U32, 8, 1);
permute!(U64, 4, 2);

impl Transpose<4> for U64 {
    /// ```text
    /// a     a0 a1   a2 a3
    /// b     b0 b1   b2 b3
    /// low   a0 b0   a2 b2      then the low halves of this and of c's and d's, and the high ones
    /// high  a1 b1   a3 b3
    /// ```
    #[inline(always)]
    fn transpose(self, [a, b, c, d]: [__m256i; 4]) -> [__m256i; 4] {
        let avx2 = self.token.avx2;
        let (ab_0, ab_1) = (avx2._mm256_unpacklo_epi64(a, b), avx2._mm256_unpackhi_epi64(a, b));
        let (cd_0, cd_1) = (avx2._mm256_unpacklo_epi64(c, d), avx2._mm256_unpackhi_epi64(c, d));
        [
            avx2._mm256_permute2x128_si256::<0x20>(ab_0, cd_0),
            avx2._mm256_permute2x128_si256::<0x20>(ab_1, cd_1),
            avx2._mm256_permute2x128_si256::<0x31>(ab_0, cd_0),
            avx2._mm256_permute2x128_si256::<0x31>(ab_1, cd_1),
        ]
    }
}

impl Transpose<8> for U32 {
    /// As [`U64`]'s, with two steps within the 128-bit lanes of four registers.
    #[inline(always)]
    fn transpose(self, [a, b, c, d, e, f, g, h]: [__m256i; 8]) -> [__m256i; 8] {
        let avx2 = self.token.avx2;
        let within = |[a, b, c, d]: [__m256i; 4]| {
            let (ab_01, ab_23) =
                (avx2._mm256_unpacklo_epi32(a, b), avx2._mm256_unpackhi_epi32(a, b));
            let (cd_01, cd_23) =
                (avx2._mm256_unpacklo_epi32(c, d), avx2._mm256_unpackhi_epi32(c, d));
            [
                avx2._mm256_unpacklo_epi64(ab_01, cd_01),
                avx2._mm256_unpackhi_epi64(ab_01, cd_01),
                avx2._mm256_unpacklo_epi64(ab_23, cd_23),
                avx2._mm256_unpackhi_epi64(ab_23, cd_23),
            ]
        };
        let [p0, p1, p2, p3] = within([a, b, c, d]);
        let [q0, q1, q2, q3] = within([e, f, g, h]);
        [
            avx2._mm256_permute2x128_si256::<0x20>(p0, q0),
            avx2._mm256_permute2x128_si256::<0x20>(p1, q1),
            avx2._mm256_permute2x128_si256::<0x20>(p2, q2),
            avx2._mm256_permute2x128_si256::<0x20>(p3, q3),
            avx2._mm256_permute2x128_si256::<0x31>(p0, q0),
            avx2._mm256_permute2x128_si256::<0x31>(p1, q1),
            avx2._mm256_permute2x128_si256::<0x31>(p2, q2),
            avx2._mm256_permute2x128_si256::<0x31>(p3, q3),
        ]
    }
}

impl Float<4> for F64 {
    #[inline(always)]
    fn sub(self, a: __m256d, b: __m256d) -> __m256d {
        self.token.avx._mm256_sub_pd(a, b)
    }
    #[inline(always)]
    fn choose(self, hi: __m256d, sum: __m256d) -> __m256d {
        // "Not equal", and ordered: false for NaN.
        let differs = self.token.avx._mm256_cmp_pd::<_CMP_NEQ_OQ>(hi, sum);
        self.token.avx._mm256_blendv_pd(hi, sum, differs)
    }
}

impl Widen<4> for F64 {
    #[inline(always)]
    fn widen(self, from: &[f32; 4]) -> __m256d {
        self.token.avx._mm256_cvtps_pd(cast(*from))
    }
    #[inline(always)]
    fn narrow(self, x: __m256d, to: &mut Place<[f32; 4]>) {
        to.write(cast(self.token.avx._mm256_cvtpd_ps(x)));
    }
    #[inline(always)]
    fn narrow_sums(self, x: __m256d, to: &mut Place<[f32; 4]>) {
        self.narrow(x, to);
    }
    #[inline(always)]
    unsafe fn stream_narrow(self, x: __m256d, to: &mut Place<[f32; 4]>) {
        let x = cast(self.token.avx._mm256_cvtpd_ps(x));
        // SAFETY: a place of that size; the fence is the caller's part.
        unsafe { xmm::stream(self.token, x, to.as_mut_ptr().cast()) }
    }
}
