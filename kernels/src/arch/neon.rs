//! NEON: a block is four 128-bit registers.
//!
//! `ext` takes the end of one register and the beginning of another, so it shifts the identity in:
//! `ext(identity, x, n)` for a shift by `W - n` lanes.

use core::arch::aarch64::{
    float32x4_t, float64x2_t, uint8x16_t, uint16x8_t, uint32x4_t, uint64x2_t,
};
use core::hint::black_box;

use pulp::aarch64::Neon;
use pulp::cast;

use crate::vector::{Scan, Vector};

super::rows! {
    Neon, "neon";
    f32: scan(F32, 4, 4);
    f64: scan(F64, 2, 4);
    u8: scan(U8, 16, 4);
    u16: scan(U16, 8, 4);
    u32: scan(U32, 4, 4);
    u64: scan(U64, 2, 4);
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
            type Token = Neon;

            #[inline(always)]
            fn new(token: Neon) -> Self {
                Self {
                    token,
                    identity: cast(black_box([<$T as crate::primitive::Primitive>::IDENTITY; $W])),
                }
            }
            #[inline(always)]
            fn splat(self, x: $T) -> $Register {
                self.token.neon.$dup(x)
            }
            #[inline(always)]
            fn add(self, a: $Register, b: $Register) -> $Register {
                self.token.neon.$add(a, b)
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

/// Integers may add in any order: shifts by 1, 2, 4 .. lanes.
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
