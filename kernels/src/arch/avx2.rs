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
use core::arch::x86_64::{__m256, __m256d, __m256i};
use core::hint::black_box;

use pulp::cast;
use pulp::x86::V3;

use crate::vector::{Scan, Slide, Vector};

super::rows! {
    V3, "avx2,fma";
    f32: scan(F32, 8, 2);
    f64: scan(F64, 4, 2);
    u8: scan(U8, 32, 2);
    u16: scan(U16, 16, 2);
    u32: slide(U32, 8);
    u64: slide(U64, 4);
}

/// The methods of [`Vector`] that differ between types in the names of intrinsics alone.
macro_rules! methods {
    ($T:ty, $W:literal, $Register:ty; $set1:ident($scalar:ty), $feature:ident: $add:ident) => {
        type Element = $T;
        type Register = $Register;
        type Token = V3;

        #[inline(always)]
        fn splat(self, x: $T) -> $Register {
            self.token.avx.$set1(x as $scalar)
        }
        #[inline(always)]
        fn add(self, a: $Register, b: $Register) -> $Register {
            self.token.$feature.$add(a, b)
        }
    };
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

    #[inline(always)]
    fn new(token: V3) -> Self {
        Self {
            token,
            identity: cast(black_box([-0.0f32; 8])),
            left_4: cast(black_box([3i32; 8])),
            last: cast(black_box([7i32; 8])),
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

    #[inline(always)]
    fn new(token: V3) -> Self {
        Self { token, identity: cast(black_box([-0.0f64; 4])) }
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

/// Eight `u32`, in the way of [`U64`].
#[derive(Clone, Copy)]
pub(crate) struct U32 {
    token: V3,
    rotate: __m256i,
}

impl Vector<8> for U32 {
    methods!(u32, 8, __m256i; _mm256_set1_epi32(i32), avx2: _mm256_add_epi32);

    #[inline(always)]
    fn new(token: V3) -> Self {
        Self { token, rotate: cast(black_box([7i32, 0, 1, 2, 3, 4, 5, 6])) }
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

/// `x`, of which LLVM now knows nothing: see `avx512.rs`.
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

/// `scan` and `last` of the narrow integers: shifts within the two 128-bit lanes, then the total of
/// the low lane to every element of the high one. `$self.lane_last` spreads the last element of a
/// 128-bit lane over it.
macro_rules! narrow_methods {
    ($add:ident, $($bytes:literal)*) => {
        #[inline(always)]
        fn scan(self, x: __m256i) -> __m256i {
            let avx2 = self.token.avx2;
            $(let x = avx2.$add(avx2._mm256_slli_si256::<$bytes>(x), x);)*
            let totals = avx2._mm256_shuffle_epi8(x, self.lane_last);
            // 0x08: zero in the low half, the low half of `totals` in the high one.
            avx2.$add(avx2._mm256_permute2x128_si256::<0x08>(totals, totals), x)
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
    lane_last: __m256i,
}

impl Vector<16> for U16 {
    methods!(u16, 16, __m256i; _mm256_set1_epi16(i16), avx2: _mm256_add_epi16);

    #[inline(always)]
    fn new(token: V3) -> Self {
        Self { token, lane_last: cast(black_box([[14u8, 15]; 16])) }
    }
}

/// Thirty-two `u8`.
#[derive(Clone, Copy)]
pub(crate) struct U8 {
    token: V3,
    lane_last: __m256i,
}

impl Vector<32> for U8 {
    methods!(u8, 32, __m256i; _mm256_set1_epi8(i8), avx2: _mm256_add_epi8);

    #[inline(always)]
    fn new(token: V3) -> Self {
        Self { token, lane_last: cast(black_box([15u8; 32])) }
    }
}

impl Scan<16> for U16 {
    narrow_methods!(_mm256_add_epi16, 2 4 8);
}

impl Scan<32> for U8 {
    narrow_methods!(_mm256_add_epi8, 1 2 4 8);
}
