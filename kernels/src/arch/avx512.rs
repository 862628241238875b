//! AVX-512 (F, BW, DQ, VL): a block is one 512-bit register.
//!
//! A masked addition does one level of Sklansky's network: spread the last of each left half over its group with one
//! shuffle, and add it under the mask of the right halves. For four slots:
//!
//! ```text
//! x               a     b      c      d
//! spread          a     a      c      c          half = 1
//! mask 1010       a     ab     c      cd
//! spread          ab    ab     ab     ab         half = 2
//! mask 1100       a     ab     abc    abcd       (ab)+c and (ab)+(cd)
//! ```

use core::arch::asm;
use core::arch::x86_64::{__m512, __m512d, __m512i, _CMP_NEQ_OQ};
use core::hint::black_box;

use pulp::cast;
use pulp::x86::V4;

use super::xmm;
use crate::memory::Place;
use crate::simd::{Context, Float, Permute, Scan, Slide, Token, Transpose, Vector, Widen};

/// The methods of [`Vector`] that differ between types in the names of intrinsics alone.
macro_rules! methods {
    ($T:ty, $W:literal, $Register:ty, $Mask:ty;
        $set1:ident($scalar:ty), $feature:ident: $add:ident $mask_load:ident $mask_store:ident) => {
        type Element = $T;
        type Register = $Register;

        plain_methods!($W);

        #[inline(always)]
        fn splat(self, x: $T) -> $Register {
            self.token.avx512f.$set1(x as $scalar)
        }
        #[inline(always)]
        fn add(self, a: $Register, b: $Register) -> $Register {
            self.token.$feature.$add(a, b)
        }
        #[inline(always)]
        fn load_part(self, from: &[$T]) -> $Register {
            let identity = self.splat(<$T as crate::number::Number>::IDENTITY);
            let mask = first_slots(from.len()) as $Mask;
            let from = from.as_ptr().cast();
            // SAFETY: a masked load touches the slots of its mask alone. `mask` has the first
            // `from.len()` of them, or fewer, and these lie within the slice.
            unsafe { self.token.$feature.$mask_load(identity, mask, from) }
        }
        #[inline(always)]
        fn store_part(self, x: $Register, to: &mut [Place<$T>]) {
            let mask = first_slots(to.len()) as $Mask;
            let to = to.as_mut_ptr().cast();
            // SAFETY: a masked store touches the slots of its mask alone. `mask` has the first
            // `to.len()` of them, or fewer, and these lie within the slice.
            unsafe { self.token.$feature.$mask_store(to, mask, x) }
        }
        /// Stores in pieces and not under a mask: where the memory is not in the cache, Zen 5 takes three times as long
        /// for masked stores.
        #[inline(always)]
        fn store_row_part(self, x: $Register, to: &mut [Place<$T>]) {
            let (halves, to) = Place::bytes(to).as_chunks_mut::<32>();
            let x: __m512i = cast(x);
            let low = self.token.avx512f._mm512_castsi512_si256(x);
            let rest = match halves.first_mut() {
                Some(half) => {
                    Place::joined(half).write(cast(low));
                    self.token.avx512f._mm512_extracti64x4_epi64::<1>(x)
                }
                None => low,
            };
            super::avx2::store_pieces(*self.token, rest, to);
        }
    };
}

impl Token for V4 {
    #[inline(always)]
    fn fence(self) {
        self.sse._mm_sfence();
    }
}

/// The methods of [`Context`] but `new`.
macro_rules! context {
    ($T:ty, $W:literal, $Register:ty) => {
        type Token = V4;

        #[inline(always)]
        unsafe fn stream(self, x: $Register, to: &mut Place<[$T; $W]>) {
            // SAFETY: a place of that size; the fence is the caller's part.
            unsafe { stream(self.token, cast(x), to.as_mut_ptr().cast()) }
        }
        #[inline(always)]
        fn prefetch(self, from: *const $T) {
            xmm::prefetch(*self.token, from.cast());
        }
    };
}

/// Stores a register past the cache: as a whole where it fills a line, and otherwise in pieces.
///
/// # Safety
///
/// The 64 bytes from `to` on may be written; and that of [`Context::stream`].
#[inline(always)]
unsafe fn stream(token: V4, x: __m512i, to: *mut u8) {
    let f = token.avx512f;
    if to.addr().is_multiple_of(64) {
        // SAFETY: the bytes are the caller's, at a multiple of 64.
        unsafe { f._mm512_stream_si512(to.cast(), x) }
    } else {
        // SAFETY: the first half of the bytes.
        unsafe { super::avx2::stream(*token, f._mm512_castsi512_si256(x), to) }
        let high = f._mm512_extracti64x4_epi64::<1>(x);
        // SAFETY: the second half.
        unsafe { super::avx2::stream(*token, high, to.wrapping_add(32)) }
    }
}

/// A mask of the first `n` slots, of all if `n` is larger.
#[inline(always)]
fn first_slots(n: usize) -> u64 {
    if n < 64 { (1 << n) - 1 } else { u64::MAX }
}

/// Sixteen `f32`.
#[derive(Clone, Copy)]
pub(crate) struct F32 {
    token: V4,
    right_1: u16,
    right_2: u16,
    right_4: u16,
    right_8: u16,
    left_4: __m512i,
    left_8: __m512i,
    last: __m512i,
}

impl Vector<16> for F32 {
    methods!(f32, 16, __m512, u16; _mm512_set1_ps(f32),
        avx512f: _mm512_add_ps _mm512_mask_loadu_ps _mm512_mask_storeu_ps);
}

impl Context<16> for F32 {
    context!(f32, 16, __m512);

    #[inline(always)]
    fn new(token: V4) -> Self {
        Self {
            token,
            right_1: black_box(0xAAAA),
            right_2: black_box(0xCCCC),
            right_4: black_box(0xF0F0),
            right_8: black_box(0xFF00),
            left_4: opaque(
                token,
                cast([3i32, 3, 3, 3, 3, 3, 3, 3, 11, 11, 11, 11, 11, 11, 11, 11]),
            ),
            left_8: opaque(token, cast([7i32; 16])),
            last: opaque(token, cast([15i32; 16])),
        }
    }
}

impl Scan<16> for F32 {
    #[inline(always)]
    fn scan(self, x: __m512) -> __m512 {
        let f = self.token.avx512f;
        let x = f._mm512_mask_add_ps(x, self.right_1, f._mm512_moveldup_ps(x), x);
        let x = f._mm512_mask_add_ps(x, self.right_2, f._mm512_permute_ps::<0b01_01_01_01>(x), x);
        let x = f._mm512_mask_add_ps(x, self.right_4, f._mm512_permutexvar_ps(self.left_4, x), x);
        f._mm512_mask_add_ps(x, self.right_8, f._mm512_permutexvar_ps(self.left_8, x), x)
    }
    #[inline(always)]
    fn last(self, x: __m512) -> __m512 {
        self.token.avx512f._mm512_permutexvar_ps(self.last, x)
    }
}

/// Eight `f64`.
#[derive(Clone, Copy)]
pub(crate) struct F64 {
    token: V4,
    right_1: u8,
    right_2: u8,
    right_4: u8,
    left_4: __m512i,
    last: __m512i,
}

impl Vector<8> for F64 {
    methods!(f64, 8, __m512d, u8; _mm512_set1_pd(f64),
        avx512f: _mm512_add_pd _mm512_mask_loadu_pd _mm512_mask_storeu_pd);
}

impl Context<8> for F64 {
    context!(f64, 8, __m512d);

    #[inline(always)]
    fn new(token: V4) -> Self {
        Self {
            token,
            right_1: black_box(0b1010_1010),
            right_2: black_box(0b1100_1100),
            right_4: black_box(0b1111_0000),
            left_4: opaque(token, cast([3i64; 8])),
            last: opaque(token, cast([7i64; 8])),
        }
    }
}

impl Scan<8> for F64 {
    #[inline(always)]
    fn scan(self, x: __m512d) -> __m512d {
        let f = self.token.avx512f;
        // Swapping neighbours puts each left one where it is added. Zen 5 does four such shuffles a
        // cycle, and two `vmovddup`.
        let x = f._mm512_mask_add_pd(x, self.right_1, f._mm512_permute_pd::<0b01_01_01_01>(x), x);
        let x = f._mm512_mask_add_pd(x, self.right_2, f._mm512_permutex_pd::<0b01_01_01_01>(x), x);
        f._mm512_mask_add_pd(x, self.right_4, f._mm512_permutexvar_pd(self.left_4, x), x)
    }
    #[inline(always)]
    fn last(self, x: __m512d) -> __m512d {
        self.token.avx512f._mm512_permutexvar_pd(self.last, x)
    }
}

/// The windows of a type whose slots `valignd` or `valignq` can shift from register to register: each level is a shift
/// by half its window, written as the slots that stay behind.
macro_rules! slide {
    ($V:ident, $W:literal, $add:ident, $align:ident, $levels:literal: $($level:ident $shift:literal)*) => {
        impl Slide<$W> for $V {
            type Previous = [__m512i; $levels];

            #[inline(always)]
            fn nothing(self) -> Self::Previous {
                [self.token.avx512f._mm512_setzero_si512(); $levels]
            }
            #[inline(always)]
            fn slide(self, [$($level),*]: &mut Self::Previous, x: __m512i) -> __m512i {
                let f = self.token.avx512f;
                $(
                    let before = f.$align::<$shift>(x, *$level);
                    *$level = x;
                    let x = f.$add(before, x);
                )*
                opaque(self.token, x)
            }
        }
    };
}

/// Eight `u64`.
#[derive(Clone, Copy)]
pub(crate) struct U64 {
    token: V4,
}

impl Vector<8> for U64 {
    methods!(u64, 8, __m512i, u8; _mm512_set1_epi64(i64),
        avx512f: _mm512_add_epi64 _mm512_mask_loadu_epi64 _mm512_mask_storeu_epi64);
}

impl Context<8> for U64 {
    context!(u64, 8, __m512i);

    #[inline(always)]
    fn new(token: V4) -> Self {
        Self { token }
    }
}

slide!(U64, 8, _mm512_add_epi64, _mm512_alignr_epi64, 3: one 7 two 6 four 4);

/// Sixteen `u32`.
#[derive(Clone, Copy)]
pub(crate) struct U32 {
    token: V4,
}

impl Vector<16> for U32 {
    methods!(u32, 16, __m512i, u16; _mm512_set1_epi32(i32),
        avx512f: _mm512_add_epi32 _mm512_mask_loadu_epi32 _mm512_mask_storeu_epi32);
}

impl Context<16> for U32 {
    context!(u32, 16, __m512i);

    #[inline(always)]
    fn new(token: V4) -> Self {
        Self { token }
    }
}

slide!(U32, 16, _mm512_add_epi32, _mm512_alignr_epi32, 4: one 15 two 14 four 12 eight 8);

/// Returns `x`, of which LLVM then knows nothing.
///
/// LLVM would otherwise add the two parts of a window to the running sum one after the other, and make the chain from
/// register to register two additions long: 3.4 cycles a register where one addition takes 2.6 (Zen 5, 2026-11). It
/// sees through a masked addition, even under an unknown mask.
#[inline(always)]
fn opaque(_: V4, x: __m512i) -> __m512i {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn opaque(mut x: __m512i) -> __m512i {
        // SAFETY: no instruction, so no effect; `x` goes in and out of the same register.
        unsafe {
            asm!("/* {} */", inout(zmm_reg) x, options(pure, nomem, nostack, preserves_flags));
        }
        x
    }
    // SAFETY: the inner function needs AVX-512 F, and the token is the proof that the CPU has it.
    unsafe { opaque(x) }
}

/// Adds to the 128-bit lanes, each of them scanned, the totals of the 128-bit lanes before: `totals` holds in every
/// element the total of its own 128-bit lane.
///
/// ```text
/// totals          A        B        C        D
/// before          0        A        B        C         shift by one lane
/// + by one        0        A        A+B      B+C
/// + by two        0        A        A+B      A+B+C     shift `before` by two lanes
/// ```
macro_rules! add_lane_totals {
    ($self:ident, $x:ident, $totals:ident, $add:ident) => {{
        let (f, bw) = ($self.token.avx512f, $self.token.avx512bw);
        let zero = f._mm512_setzero_si512();
        let before_1 = f._mm512_alignr_epi64::<6>($totals, zero);
        let before_2 = f._mm512_alignr_epi64::<4>($totals, zero);
        let before_3 = f._mm512_alignr_epi64::<2>($totals, zero);
        bw.$add(bw.$add($x, before_1), bw.$add(before_2, before_3))
    }};
}

/// Thirty-two `u16`.
#[derive(Clone, Copy)]
pub(crate) struct U16 {
    token: V4,
    left_4: __m512i,
    lane_last: __m512i,
    last: __m512i,
}

impl Vector<32> for U16 {
    methods!(u16, 32, __m512i, u32; _mm512_set1_epi16(i16),
        avx512bw: _mm512_add_epi16 _mm512_mask_loadu_epi16 _mm512_mask_storeu_epi16);
}

impl Context<32> for U16 {
    context!(u16, 32, __m512i);

    #[inline(always)]
    fn new(token: V4) -> Self {
        let lane_last = core::array::from_fn(|i| if i % 2 == 0 { 14u8 } else { 15 });
        let left_4 = core::array::from_fn(|i| if i % 16 < 8 { 0x80 } else { 6 + (i % 2) as u8 });
        Self {
            token,
            left_4: cast::<[u8; 64], _>(left_4),
            lane_last: opaque(token, cast::<[u8; 64], _>(lane_last)),
            last: opaque(token, cast([31i16; 32])),
        }
    }
}

impl Scan<32> for U16 {
    #[inline(always)]
    fn scan(self, x: __m512i) -> __m512i {
        let (f, bw) = (self.token.avx512f, self.token.avx512bw);
        // Within 64 bits no shuffle is needed.
        let x = bw._mm512_add_epi16(f._mm512_slli_epi64::<16>(x), x);
        let x = bw._mm512_add_epi16(f._mm512_slli_epi64::<32>(x), x);
        let x = bw._mm512_add_epi16(bw._mm512_shuffle_epi8(x, self.left_4), x);
        let totals = bw._mm512_shuffle_epi8(x, self.lane_last);
        add_lane_totals!(self, x, totals, _mm512_add_epi16)
    }
    #[inline(always)]
    fn last(self, x: __m512i) -> __m512i {
        self.token.avx512bw._mm512_permutexvar_epi16(self.last, x)
    }
}

/// Sixty-four `u8`.
#[derive(Clone, Copy)]
pub(crate) struct U8 {
    token: V4,
    left_8: __m512i,
    lane_last: __m512i,
    last: __m512i,
}

impl Vector<64> for U8 {
    methods!(u8, 64, __m512i, u64; _mm512_set1_epi8(i8),
        avx512bw: _mm512_add_epi8 _mm512_mask_loadu_epi8 _mm512_mask_storeu_epi8);
}

impl Context<64> for U8 {
    context!(u8, 64, __m512i);

    #[inline(always)]
    fn new(token: V4) -> Self {
        let left_8 = core::array::from_fn(|i| if i % 16 < 8 { 0x80u8 } else { 7 });
        Self {
            token,
            left_8: cast::<[u8; 64], _>(left_8),
            lane_last: opaque(token, cast([15u8; 64])),
            last: opaque(token, cast([7i64; 8])),
        }
    }
}

impl Scan<64> for U8 {
    #[inline(always)]
    fn scan(self, x: __m512i) -> __m512i {
        let (f, bw) = (self.token.avx512f, self.token.avx512bw);
        // Within 64 bits no shuffle is needed.
        let x = bw._mm512_add_epi8(f._mm512_slli_epi64::<8>(x), x);
        let x = bw._mm512_add_epi8(f._mm512_slli_epi64::<16>(x), x);
        let x = bw._mm512_add_epi8(f._mm512_slli_epi64::<32>(x), x);
        let x = bw._mm512_add_epi8(bw._mm512_shuffle_epi8(x, self.left_8), x);
        let totals = bw._mm512_shuffle_epi8(x, self.lane_last);
        add_lane_totals!(self, x, totals, _mm512_add_epi8)
    }
    #[inline(always)]
    fn last(self, x: __m512i) -> __m512i {
        // The last eight bytes everywhere, then the last of those.
        let spread = self.token.avx512f._mm512_permutexvar_epi64(self.last, x);
        self.token.avx512bw._mm512_shuffle_epi8(spread, self.lane_last)
    }
}

/// A permutation of the whole register, under the mask of the slots that take.
macro_rules! permute {
    ($V:ident, $W:literal, $Mask:ty, $Index:ty, $feature:ident: $mask_permute:ident) => {
        impl Permute<$W> for $V {
            type Choice = (__m512i, $Mask);

            #[inline(always)]
            fn choice(slots: [Option<u8>; $W]) -> Self::Choice {
                let (mut index, mut mask): ([$Index; $W], $Mask) = ([0; $W], 0);
                for (k, from) in slots.into_iter().enumerate() {
                    if let Some(from) = from {
                        index[k] = from.into();
                        mask |= 1 << k;
                    }
                }
                (cast(index), mask)
            }
            #[inline(always)]
            fn permute(
                self,
                x: Self::Register,
                from: Self::Register,
                (index, mask): Self::Choice,
            ) -> Self::Register {
                self.token.$feature.$mask_permute(x, mask, index, from)
            }
        }
    };
}

permute!(F32, 16, u16, u32, avx512f: _mm512_mask_permutexvar_ps);
permute!(F64, 8, u8, u64, avx512f: _mm512_mask_permutexvar_pd);
permute!(U16, 32, u32, u16, avx512bw: _mm512_mask_permutexvar_epi16);
permute!(U32, 16, u16, u32, avx512f: _mm512_mask_permutexvar_epi32);
permute!(U64, 8, u8, u64, avx512f: _mm512_mask_permutexvar_epi64);

/// The 128-bit lanes of four registers, transposed: lane `i` of register `j` becomes lane `j` of
/// register `i`.
#[inline(always)]
fn transpose_lanes(token: V4, [a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
    let f = token.avx512f;
    let (ab_01, ab_23) = (
        f._mm512_shuffle_i64x2::<0b01_00_01_00>(a, b),
        f._mm512_shuffle_i64x2::<0b11_10_11_10>(a, b),
    );
    let (cd_01, cd_23) = (
        f._mm512_shuffle_i64x2::<0b01_00_01_00>(c, d),
        f._mm512_shuffle_i64x2::<0b11_10_11_10>(c, d),
    );
    [
        f._mm512_shuffle_i64x2::<0b10_00_10_00>(ab_01, cd_01),
        f._mm512_shuffle_i64x2::<0b11_01_11_01>(ab_01, cd_01),
        f._mm512_shuffle_i64x2::<0b10_00_10_00>(ab_23, cd_23),
        f._mm512_shuffle_i64x2::<0b11_01_11_01>(ab_23, cd_23),
    ]
}

impl Transpose<8> for U64 {
    /// Elements are transposed within the 128-bit lanes of neighbours first, then whole 128-bit lanes.
    ///
    /// ```text
    /// a     a0 a1   a2 a3   a4 a5   a6 a7
    /// b     b0 b1   b2 b3   b4 b5   b6 b7
    /// low   a0 b0   a2 b2   a4 b4   a6 b6      of which lane k belongs to register 2k
    /// high  a1 b1   a3 b3   a5 b5   a7 b7      to register 2k + 1
    /// ```
    #[inline(always)]
    fn transpose(self, [a, b, c, d, e, f, g, h]: [__m512i; 8]) -> [__m512i; 8] {
        let avx512f = self.token.avx512f;
        let low = |x, y| avx512f._mm512_unpacklo_epi64(x, y);
        let high = |x, y| avx512f._mm512_unpackhi_epi64(x, y);
        let [t0, t2, t4, t6] =
            transpose_lanes(self.token, [low(a, b), low(c, d), low(e, f), low(g, h)]);
        let [t1, t3, t5, t7] =
            transpose_lanes(self.token, [high(a, b), high(c, d), high(e, f), high(g, h)]);
        [t0, t1, t2, t3, t4, t5, t6, t7]
    }
}

impl Transpose<16> for U32 {
    /// As [`U64`]'s, with two steps within the 128-bit lanes of four registers.
    #[inline(always)]
    fn transpose(self, x: [__m512i; 16]) -> [__m512i; 16] {
        let f = self.token.avx512f;
        // From four registers a, b, c, d: element 0 of each 128-bit lane of each, element 1, and so on.
        let within = |[a, b, c, d]: [__m512i; 4]| {
            let (ab_01, ab_23) = (f._mm512_unpacklo_epi32(a, b), f._mm512_unpackhi_epi32(a, b));
            let (cd_01, cd_23) = (f._mm512_unpacklo_epi32(c, d), f._mm512_unpackhi_epi32(c, d));
            [
                f._mm512_unpacklo_epi64(ab_01, cd_01),
                f._mm512_unpackhi_epi64(ab_01, cd_01),
                f._mm512_unpacklo_epi64(ab_23, cd_23),
                f._mm512_unpackhi_epi64(ab_23, cd_23),
            ]
        };
        let p = within([x[0], x[1], x[2], x[3]]);
        let q = within([x[4], x[5], x[6], x[7]]);
        let r = within([x[8], x[9], x[10], x[11]]);
        let s = within([x[12], x[13], x[14], x[15]]);
        let [t0, t4, t8, t12] = transpose_lanes(self.token, [p[0], q[0], r[0], s[0]]);
        let [t1, t5, t9, t13] = transpose_lanes(self.token, [p[1], q[1], r[1], s[1]]);
        let [t2, t6, t10, t14] = transpose_lanes(self.token, [p[2], q[2], r[2], s[2]]);
        let [t3, t7, t11, t15] = transpose_lanes(self.token, [p[3], q[3], r[3], s[3]]);
        [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15]
    }
}

impl Float<8> for F64 {
    #[inline(always)]
    fn sub(self, a: __m512d, b: __m512d) -> __m512d {
        self.token.avx512f._mm512_sub_pd(a, b)
    }
    #[inline(always)]
    fn choose(self, hi: __m512d, sum: __m512d) -> __m512d {
        // "Not equal", and ordered: false for NaN.
        let differs = self.token.avx512f._mm512_cmp_pd_mask::<_CMP_NEQ_OQ>(hi, sum);
        self.token.avx512f._mm512_mask_blend_pd(differs, hi, sum)
    }
}

impl Widen<8> for F64 {
    #[inline(always)]
    fn widen(self, from: &[f32; 8]) -> __m512d {
        self.token.avx512f._mm512_cvtps_pd(cast(*from))
    }
    #[inline(always)]
    fn narrow(self, x: __m512d, to: &mut Place<[f32; 8]>) {
        to.write(cast(self.token.avx512f._mm512_cvtpd_ps(x)));
    }
    #[inline(always)]
    fn narrow_sums(self, x: __m512d, to: &mut Place<[f32; 8]>) {
        self.narrow(x, to);
    }
    #[inline(always)]
    unsafe fn stream_narrow(self, x: __m512d, to: &mut Place<[f32; 8]>) {
        let x = cast(self.token.avx512f._mm512_cvtpd_ps(x));
        // SAFETY: a place of that size; the fence is the caller's part.
        unsafe { super::avx2::stream(*self.token, x, to.as_mut_ptr().cast()) }
    }
}
