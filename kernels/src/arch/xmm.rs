//! 128-bit registers, for what the narrow integers cannot do in wider ones: AVX2 and AVX-512 shuffle
//! bytes within 128 bits only.

use core::arch::x86_64::{__m128i, _MM_HINT_T0};

use pulp::cast;
use pulp::x86::V3;

use crate::memory::Place;
use crate::simd::{Context, Permute, Token, Transpose, Vector, copy_short, padded};

impl Token for V3 {
    #[inline(always)]
    fn fence(self) {
        self.sse._mm_sfence();
    }
}

/// Brings a line into the first level of the cache.
#[inline(always)]
pub(super) fn prefetch(token: V3, from: *const i8) {
    token.sse._mm_prefetch::<_MM_HINT_T0>(from);
}

/// Stores a register past the cache; where memory is not aligned, in the cache.
///
/// # Safety
///
/// The 16 bytes from `to` on may be written; and that of [`Context::stream`].
#[inline(always)]
pub(super) unsafe fn stream(token: V3, x: __m128i, to: *mut u8) {
    if to.addr().is_multiple_of(16) {
        // SAFETY: the bytes are the caller's, at a multiple of 16.
        unsafe { token.sse2._mm_stream_si128(to.cast(), x) }
    } else {
        // SAFETY: the bytes are the caller's.
        unsafe { to.cast::<__m128i>().write_unaligned(x) }
    }
}

macro_rules! vector {
    ($V:ident, $T:ty, $W:literal; $set1:ident($scalar:ty) $add:ident $unpacklo:ident $unpackhi:ident) => {
        #[doc = concat!(stringify!($W), " `", stringify!($T), "`.")]
        #[derive(Clone, Copy)]
        pub(crate) struct $V {
            token: V3,
        }

        impl Vector<$W> for $V {
            type Element = $T;
            type Register = __m128i;

            plain_methods!($W);

            #[inline(always)]
            fn splat(self, x: $T) -> __m128i {
                self.token.sse2.$set1(x as $scalar)
            }
            #[inline(always)]
            fn add(self, a: __m128i, b: __m128i) -> __m128i {
                self.token.sse2.$add(a, b)
            }
            #[inline(always)]
            fn load_part(self, from: &[$T]) -> __m128i {
                self.load(&padded(from))
            }
            #[inline(always)]
            fn store_part(self, x: __m128i, to: &mut [Place<$T>]) {
                copy_short::<$T>(&bytemuck::must_cast::<_, [$T; $W]>(x), to);
            }
            #[inline(always)]
            fn store_row_part(self, x: __m128i, to: &mut [Place<$T>]) {
                self.store_part(x, to);
            }
        }

        impl Context<$W> for $V {
            type Token = V3;

            #[inline(always)]
            fn new(token: V3) -> Self {
                Self { token }
            }
            #[inline(always)]
            unsafe fn stream(self, x: __m128i, to: &mut Place<[$T; $W]>) {
                // SAFETY: a place of that size; the fence is the caller's part.
                unsafe { stream(self.token, x, to.as_mut_ptr().cast()) }
            }
        }

        impl Permute<$W> for $V {
            /// Which byte each byte takes, and which bytes take.
            type Choice = (__m128i, __m128i);

            #[inline(always)]
            fn choice(slots: [Option<u8>; $W]) -> Self::Choice {
                const BYTES: usize = size_of::<$T>();
                let (mut index, mut takes) = ([[0u8; BYTES]; $W], [[0u8; BYTES]; $W]);
                for (k, from) in slots.into_iter().enumerate() {
                    if let Some(from) = from {
                        for (part, index) in index[k].iter_mut().enumerate() {
                            *index = from * BYTES as u8 + part as u8;
                        }
                        takes[k] = [u8::MAX; BYTES];
                    }
                }
                (cast(index), cast(takes))
            }
            #[inline(always)]
            fn permute(self, x: __m128i, from: __m128i, (index, takes): Self::Choice) -> __m128i {
                let picked = self.token.ssse3._mm_shuffle_epi8(from, index);
                self.token.sse4_1._mm_blendv_epi8(x, picked, takes)
            }
        }

        impl Transpose<$W> for $V {
            /// Zips register `k` with register `k + W / 2`, as often as it takes to halve `W` to one: each turn moves a
            /// bit of the register's number to the number of the slot, and one back.
            #[inline(always)]
            fn transpose(self, mut tile: [__m128i; $W]) -> [__m128i; $W] {
                let mut turns = 1;
                while turns < $W {
                    let from = tile;
                    for k in 0..$W / 2 {
                        tile[2 * k] = self.token.sse2.$unpacklo(from[k], from[k + $W / 2]);
                        tile[2 * k + 1] = self.token.sse2.$unpackhi(from[k], from[k + $W / 2]);
                    }
                    turns *= 2;
                }
                tile
            }
        }
    };
}

vector!(U8, u8, 16; _mm_set1_epi8(i8) _mm_add_epi8 _mm_unpacklo_epi8 _mm_unpackhi_epi8);
vector!(U16, u16, 8; _mm_set1_epi16(i16) _mm_add_epi16 _mm_unpacklo_epi16 _mm_unpackhi_epi16);
