//! NEON: a block is four 128-bit registers.
//!
//! `ext` takes the end of one register and the beginning of another, so it shifts the identity in: a shift by `W - n`
//! slots is `ext(identity, x, n)`.

use core::arch::aarch64::{
    float32x4_t, float64x2_t, uint8x16_t, uint16x8_t, uint32x4_t, uint64x2_t,
};
use core::hint::black_box;

use pulp::aarch64::Neon;
use pulp::cast;

use crate::memory::Place;
use crate::simd::{
    Context, Float, Permute, Scan, Token, Transpose, Vector, Widen, copy_short, padded,
};

impl Token for Neon {
    #[inline(always)]
    fn fence(self) {}
}

/// The context and the methods that differ between types in the name of one intrinsic alone.
macro_rules! vector {
    ($Vector:ident, $T:ty, $W:literal, $Register:ty, $dup:ident, $add:ident, $dup_lane:ident) => {
        #[doc = concat!(stringify!($W), " `", stringify!($T), "`.")]
        #[derive(Clone, Copy)]
        pub(crate) struct $Vector {
            token: Neon,
            identity: $Register,
        }

        impl Vector<$W> for $Vector {
            type Element = $T;
            type Register = $Register;

            plain_methods!($W);

            #[inline(always)]
            fn splat(self, x: $T) -> $Register {
                self.token.neon.$dup(x)
            }
            #[inline(always)]
            fn add(self, a: $Register, b: $Register) -> $Register {
                self.token.neon.$add(a, b)
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
                self.store_part(x, to);
            }
        }

        impl Context<$W> for $Vector {
            type Token = Neon;

            #[inline(always)]
            fn new(token: Neon) -> Self {
                Self {
                    token,
                    identity: cast(black_box([<$T as crate::number::Number>::IDENTITY; $W])),
                }
            }
        }

        impl Scan<$W> for $Vector {
            #[inline(always)]
            fn scan(self, x: $Register) -> $Register {
                self.scan_lanes(x)
            }
            #[inline(always)]
            fn last(self, x: $Register) -> $Register {
                const LAST: i32 = $W - 1;
                self.token.neon.$dup_lane::<LAST>(x)
            }
        }

        impl Permute<$W> for $Vector {
            /// Which byte each byte takes; none where there is no such byte.
            type Choice = uint8x16_t;

            #[inline(always)]
            fn choice(slots: [Option<u8>; $W]) -> uint8x16_t {
                let mut bytes = [u8::MAX; 16];
                for (k, byte) in bytes.iter_mut().enumerate() {
                    if let Some(from) = slots[k / (16 / $W)] {
                        *byte = from * (16 / $W) + (k % (16 / $W)) as u8;
                    }
                }
                cast(bytes)
            }
            #[inline(always)]
            fn permute(self, x: $Register, from: $Register, choice: uint8x16_t) -> $Register {
                cast(self.token.neon.vqtbx1q_u8(cast(x), cast(from), choice))
            }
        }
    };
}

vector!(F64, f64, 2, float64x2_t, vdupq_n_f64, vaddq_f64, vdupq_laneq_f64);
vector!(F32, f32, 4, float32x4_t, vdupq_n_f32, vaddq_f32, vdupq_laneq_f32);
vector!(U64, u64, 2, uint64x2_t, vdupq_n_u64, vaddq_u64, vdupq_laneq_u64);
vector!(U32, u32, 4, uint32x4_t, vdupq_n_u32, vaddq_u32, vdupq_laneq_u32);
vector!(U16, u16, 8, uint16x8_t, vdupq_n_u16, vaddq_u16, vdupq_laneq_u16);
vector!(U8, u8, 16, uint8x16_t, vdupq_n_u8, vaddq_u8, vdupq_laneq_u8);

impl F64 {
    #[inline(always)]
    fn scan_lanes(self, x: float64x2_t) -> float64x2_t {
        let neon = self.token.neon;
        neon.vaddq_f64(neon.vextq_f64::<1>(self.identity, x), x)
    }
}

impl F32 {
    /// ```text
    /// x        a     b      c      d
    /// trn1    -0     a     -0      c       half = 1
    /// sum      a     ab     c      cd
    /// ext     -0    -0      ab     ab      half = 2, of `ab` in every lane
    /// ```
    #[inline(always)]
    fn scan_lanes(self, x: float32x4_t) -> float32x4_t {
        let neon = self.token.neon;
        let x = neon.vaddq_f32(neon.vtrn1q_f32(self.identity, x), x);
        let spread = neon.vdupq_laneq_f32::<1>(x);
        neon.vaddq_f32(neon.vextq_f32::<2>(self.identity, spread), x)
    }
}

/// Integers may add in any order: shifts by 1, 2, 4 .. slots.
macro_rules! integer_scan {
    ($Vector:ident, $Register:ty, $add:ident, $ext:ident, $($n:literal)*) => {
        impl $Vector {
            #[inline(always)]
            fn scan_lanes(self, x: $Register) -> $Register {
                let neon = self.token.neon;
                $(let x = neon.$add(neon.$ext::<$n>(self.identity, x), x);)*
                x
            }
        }
    };
}

integer_scan!(U64, uint64x2_t, vaddq_u64, vextq_u64, 1);
integer_scan!(U32, uint32x4_t, vaddq_u32, vextq_u32, 3 2);
integer_scan!(U16, uint16x8_t, vaddq_u16, vextq_u16, 7 6 4);
integer_scan!(U8, uint8x16_t, vaddq_u8, vextq_u8, 15 14 12 8);

/// Zips register `k` with register `k + W / 2`, as often as it takes to halve `W` to nothing: each turn moves a bit of
/// the register's number to the number of the slot, and the other way round.
///
/// ```text
/// a0 a1    zipped: a0 b0
/// b0 b1            a1 b1
/// ```
macro_rules! transpose {
    ($Vector:ident, $W:literal, $Register:ty, $zip1:ident, $zip2:ident) => {
        impl Transpose<$W> for $Vector {
            #[inline(always)]
            fn transpose(self, mut tile: [$Register; $W]) -> [$Register; $W] {
                let neon = self.token.neon;
                let mut turns = 1;
                while turns < $W {
                    let from = tile;
                    for k in 0..$W / 2 {
                        tile[2 * k] = neon.$zip1(from[k], from[k + $W / 2]);
                        tile[2 * k + 1] = neon.$zip2(from[k], from[k + $W / 2]);
                    }
                    turns *= 2;
                }
                tile
            }
        }
    };
}

transpose!(U64, 2, uint64x2_t, vzip1q_u64, vzip2q_u64);
transpose!(U32, 4, uint32x4_t, vzip1q_u32, vzip2q_u32);
transpose!(U16, 8, uint16x8_t, vzip1q_u16, vzip2q_u16);
transpose!(U8, 16, uint8x16_t, vzip1q_u8, vzip2q_u8);

impl Float<2> for F64 {
    #[inline(always)]
    fn sub(self, a: float64x2_t, b: float64x2_t) -> float64x2_t {
        self.token.neon.vsubq_f64(a, b)
    }
    #[inline(always)]
    fn choose(self, hi: float64x2_t, sum: float64x2_t) -> float64x2_t {
        let neon = self.token.neon;
        // For NaN both comparisons are false.
        let differs = neon.vorrq_u64(neon.vcltq_f64(sum, hi), neon.vcgtq_f64(sum, hi));
        neon.vbslq_f64(differs, sum, hi)
    }
}

impl Widen<2> for F64 {
    #[inline(always)]
    fn widen(self, from: &[f32; 2]) -> float64x2_t {
        self.token.neon.vcvt_f64_f32(cast(*from))
    }
    #[inline(always)]
    fn narrow(self, x: float64x2_t, to: &mut Place<[f32; 2]>) {
        to.write(cast(self.token.neon.vcvt_f32_f64(x)));
    }
    #[inline(always)]
    fn narrow_sums(self, x: float64x2_t, to: &mut Place<[f32; 2]>) {
        self.narrow(x, to);
    }
    #[inline(always)]
    unsafe fn stream_narrow(self, x: float64x2_t, to: &mut Place<[f32; 2]>) {
        self.narrow(x, to);
    }
}
