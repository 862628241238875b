//! The macros that make functions of the rows of `table.rs`.

/// The kernels of an instruction set, given by the name of its file in `arch` and that of the token that proves it: a
/// module to a type, and in it a function to a kernel, compiled with the features that the token stands for.
///
/// A row says which context each kernel uses:
///
/// * `scan(V, W, R)`: rows by the block scan, a block in `R` registers of `W` slots; `slide(V, W)`: by
///   the sliding sum; `running`: one addition after the other.
/// * `panel(V, W, B)`: panels, `B` rows of `W` lanes at a time; `exact_panel`: of a type that is exact in any order.
/// * `permute(V, W, R)`: several short lanes in a register of `W`, and a few lanes side by side, by blocks
///   of `R` registers.
/// * `pairs(V, W, R, B; S)`: compensated sums of blocks of `R` registers along, by the context that `S` makes, and of
///   `B` rows across.
/// * `transpose(V, W)`: tiles of `W` times `W`.
macro_rules! kernels {
    ($isa:ident, $Token:ident; $($T:ident: $($kernel:ident($($argument:tt)*)),*;)*) => {
        pub(super) mod $isa {
            $(
                pub(crate) mod $T {
                    #[allow(unused_imports, reason = "rows name what they use")]
                    use crate::{
                        arch::{$isa::*, *},
                        kernel::{column::Columns, interleaved::Permuted},
                    };

                    $($crate::dispatch::macros::$kernel! { $T, $Token; $($argument)* })*
                }
            )*
        }
    };
}

/// The type of a token, given its name.
macro_rules! token {
    (Scalar) => {
        ()
    };
    (V3) => {
        ::pulp::x86::V3
    };
    (V4) => {
        ::pulp::x86::V4
    };
    (Neon) => {
        ::pulp::aarch64::Neon
    };
}

/// A kernel as a plain function, around one that is compiled with the features of an instruction set. With
/// `<NON_TEMPORAL>` there are two such functions: the sums of one go past the cache, those of the other do not.
///
/// The name of the token alone decides about the features, and the type is pulp's of this name.
macro_rules! kernel {
    (Scalar; $(#[$doc:meta])* fn $($rest:tt)*) => {
        $crate::dispatch::macros::kernel! { @plain (); $(#[$doc])* $($rest)* }
    };
    (V3; $(#[$doc:meta])* fn $($rest:tt)*) => {
        $crate::dispatch::macros::kernel! {
            @features ::pulp::x86::V3, "avx2,fma"; $(#[$doc])* $($rest)*
        }
    };
    (V4; $(#[$doc:meta])* fn $($rest:tt)*) => {
        $crate::dispatch::macros::kernel! {
            @features ::pulp::x86::V4, "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl";
            $(#[$doc])* $($rest)*
        }
    };
    (Neon; $(#[$doc:meta])* fn $($rest:tt)*) => {
        $crate::dispatch::macros::kernel! {
            @features ::pulp::aarch64::Neon, "neon"; $(#[$doc])* $($rest)*
        }
    };
    (
        @features $Token:ty, $features:literal;
        $(#[$doc:meta])*
        $name:ident $(<$NON_TEMPORAL:ident>)?($token:ident; $($argument:ident: $Argument:ty),*)
        $(-> $Result:ty)?
        $body:block
    ) => {
        $(#[$doc])*
        pub(crate) fn $name $(<const $NON_TEMPORAL: bool>)?(
            token: $Token, $($argument: $Argument),*
        ) $(-> $Result)? {
            #[target_feature(enable = $features)]
            fn $name $(<const $NON_TEMPORAL: bool>)?(
                $token: $Token, $($argument: $Argument),*
            ) $(-> $Result)? $body
            // SAFETY: the inner function needs a CPU with `$features`. `token` is the proof: its type
            // can only be had from pulp's detection of a superset of these features.
            unsafe { $name $(::<$NON_TEMPORAL>)?(token, $($argument),*) }
        }
    };
    (
        @plain $Token:ty;
        $(#[$doc:meta])*
        $name:ident $(<$NON_TEMPORAL:ident>)?($token:ident; $($argument:ident: $Argument:ty),*)
        $(-> $Result:ty)?
        $body:block
    ) => {
        $(#[$doc])*
        #[inline(never)]
        pub(crate) fn $name $(<const $NON_TEMPORAL: bool>)?(
            $token: $Token, $($argument: $Argument),*
        ) $(-> $Result)? $body
    };
}

/// Evaluates an expression of a context, which is made of a token, and whose sums go past the cache if it `$streams`.
macro_rules! with {
    ($streams:expr, $V:ty, $W:literal, $token:ident, $v:ident => $body:expr) => {{
        let token = $crate::arch::Proves::proof($token);
        // SAFETY: the fence is dropped after the kernel, which stores each sum once and reads none, as long as no two
        // sums have the same place.
        let fence = unsafe { $crate::simd::Fence::new(token, $streams) };
        let $v = <$V as $crate::simd::Context<$W>>::new(token);
        let $v = $crate::simd::NonTemporal::new::<$W>($v, &fence);
        $body
    }};
}

/// The kernels along contiguous lanes, given how to sum one.
macro_rules! along {
    ($T:ident, $Token:ident; $V:ty, $W:literal; $v:ident, $carry:ident, $lane:ident => $sum:expr) => {
        $crate::dispatch::macros::kernel! {
            $Token;
            /// Sums a lane, or a piece of one. The caller has made the fence, and drops it.
            fn row<NON_TEMPORAL>(token;
                fence: &$crate::simd::Fence<$crate::dispatch::macros::token!($Token)>,
                $carry: &mut $crate::kernel::state::Carry<$T>,
                $lane: $crate::memory::Lane<'_, $T>
            ) {
                let $v = <$V as $crate::simd::Context<$W>>::new(token);
                if NON_TEMPORAL {
                    let $v = $crate::simd::NonTemporal::new::<$W>($v, fence);
                    $sum
                } else {
                    $sum
                }
            }
        }

        $crate::dispatch::macros::kernel! {
            $Token;
            /// Sums lane after lane. (As the loop of `row` it would cost each short lane forty instructions.)
            fn rows<NON_TEMPORAL>(token;
                fence: &$crate::simd::Fence<$crate::dispatch::macros::token!($Token)>,
                lanes: $crate::memory::Lanes<'_, $T>
            ) {
                let $v = <$V as $crate::simd::Context<$W>>::new(token);
                let mut lanes = lanes;
                if NON_TEMPORAL {
                    let $v = $crate::simd::NonTemporal::new::<$W>($v, fence);
                    while let Some($lane) = lanes.next() {
                        let $carry = &mut $crate::kernel::state::Carry::new();
                        $sum
                    }
                } else {
                    while let Some($lane) = lanes.next() {
                        let $carry = &mut $crate::kernel::state::Carry::new();
                        $sum
                    }
                }
            }
        }
    };
}

macro_rules! scan {
    ($T:ident, $Token:ident; $V:ty, $W:literal, $R:literal) => {
        $crate::dispatch::macros::along! { $T, $Token; $V, $W; v, carry, lane =>
            $crate::kernel::row::row::<_, $W, $R>(v, carry, lane)
        }
    };
}

#[cfg(target_arch = "x86_64")]
macro_rules! slide {
    ($T:ident, $Token:ident; $V:ty, $W:literal) => {
        $crate::dispatch::macros::along! { $T, $Token; $V, $W; v, carry, lane =>
            $crate::kernel::sliding::row::<_, $W>(v, carry, lane)
        }
    };
}

/// The row kernels that add one element after the other: for exact types on the scalar backend.
macro_rules! running {
    ($T:ident, $Token:ident;) => {
        $crate::dispatch::macros::along! { $T, $Token; Scalar<$T>, 1; _v, carry, lane =>
            $crate::kernel::row::running_sum(carry, lane)
        }
    };
}

macro_rules! panel {
    ($T:ident, $Token:ident; $V:ty, $W:literal, $B:literal) => {
        $crate::dispatch::macros::column! {
            /// Sums a panel, or the next rows of one, in blocks.
            $T, $Token; panel, $V, $W, $B, false
        }
        $crate::dispatch::macros::column! {
            /// Sums a panel, or the next rows of one, one row after the other.
            $T, $Token; running_panel, $V, $W, $B, true
        }
    };
}

macro_rules! exact_panel {
    ($T:ident, $Token:ident; $V:ty, $W:literal, $B:literal) => {
        $crate::dispatch::macros::column! {
            /// Sums a panel, or the next rows of one.
            $T, $Token; panel, $V, $W, $B, true
        }
        pub(crate) use panel as running_panel;
    };
}

macro_rules! column {
    (
        $(#[$doc:meta])*
        $T:ident, $Token:ident;
        $name:ident, $V:ty, $W:literal, $B:literal, $running:literal
    ) => {
        $crate::dispatch::macros::kernel! {
            $Token;
            $(#[$doc])*
            fn $name(token;
                stores: $crate::cpu::Stores,
                strips: &mut $crate::kernel::state::Strips<'_, $T>,
                lanes: $crate::memory::Panel<'_, $T>
            ) {
                $crate::dispatch::macros::with!(stores == $crate::cpu::Stores::Streamed, $V, $W, token, v => {
                    $crate::kernel::column::panel::<_, $W, $B, $running>(v, strips, lanes)
                });
            }
        }
    };
}

macro_rules! permute {
    ($T:ident, $Token:ident; $V:ty, $W:literal, $R:literal) => {
        $crate::dispatch::macros::kernel! {
            $Token;
            /// Sums short lanes, one after the other; says whether it can.
            fn segmented(token;
                dense: $crate::memory::Dense,
                lanes: $crate::memory::Lane<'_, $T>
            ) -> bool {
                let token = $crate::arch::Proves::proof(token);
                let v = <$V as $crate::simd::Context<$W>>::new(token);
                $crate::kernel::segmented::sum::<$V, $W>(v, dense, lanes)
            }
        }

        $crate::dispatch::macros::kernel! {
            $Token;
            /// Sums a few lanes side by side; says whether it can.
            fn interleaved(token;
                stores: $crate::cpu::Stores,
                across: usize,
                lanes: $crate::memory::Lane<'_, $T>
            ) -> bool {
                $crate::dispatch::macros::with!(stores == $crate::cpu::Stores::Streamed, $V, $W, token, v => {
                    $crate::kernel::interleaved::sum::<_, $W, $R>(v, across, lanes)
                })
            }
        }
    };
    // The kernels for short lanes and for a few lanes side by side, where an instruction set has no permutation.
    ($T:ident, $Token:ident;) => {
        $crate::dispatch::macros::kernel! {
            $Token;
            /// Declines to sum short lanes.
            fn segmented(_token;
                _dense: $crate::memory::Dense,
                _lanes: $crate::memory::Lane<'_, $T>
            ) -> bool {
                false
            }
        }

        $crate::dispatch::macros::kernel! {
            $Token;
            /// Declines to sum a few lanes side by side.
            fn interleaved(_token;
                _stores: $crate::cpu::Stores,
                _across: usize,
                _lanes: $crate::memory::Lane<'_, $T>
            ) -> bool {
                false
            }
        }
    };
}

/// Compensated sums, along registers by the context that the expression makes of `V`'s.
macro_rules! pairs {
    ($T:ident, $Token:ident; $V:ty, $W:literal, $R:literal, $B:literal; $Scan:path) => {
        $crate::dispatch::macros::kernel! {
            $Token;
            /// Sums a lane, or a piece of one, in pairs.
            fn compensated_row(token;
                stores: $crate::cpu::Stores,
                pairs: $crate::kernel::state::Pairs<'_, $T>,
                lane: $crate::memory::Lane<'_, $T>
            ) {
                $crate::dispatch::macros::with!(stores == $crate::cpu::Stores::Streamed, $V, $W, token, v => {
                    let scan = $Scan($crate::kernel::compensated::Compensated::of(v));
                    $crate::kernel::compensated::row::<_, _, $W, $R>(v, scan, pairs, lane)
                });
            }
        }

        $crate::dispatch::macros::kernel! {
            $Token;
            /// Sums a lane of `f32`, or a piece of one.
            fn widened_row(token;
                stores: $crate::cpu::Stores,
                pairs: $crate::kernel::state::Pairs<'_, $T>,
                lane: $crate::memory::Lane<'_, f32>
            ) {
                $crate::dispatch::macros::with!(stores == $crate::cpu::Stores::Streamed, $V, $W, token, v => {
                    $crate::kernel::widened::row::<_, $W, $R>(v, pairs, lane)
                });
            }
        }

        $crate::dispatch::macros::kernel! {
            $Token;
            /// Sums a tile in pairs, down its rows.
            fn compensated_panel(token;
                pairs: $crate::kernel::state::Pairs<'_, $T>,
                width: usize,
                tile: &mut [$T]
            ) {
                let token = $crate::arch::Proves::proof(token);
                let v = <$V as $crate::simd::Context<$W>>::new(token);
                $crate::kernel::compensated::panel::<_, $W, $B>(v, pairs, width, tile);
            }
        }
    };
}

macro_rules! transpose {
    ($T:ident, $Token:ident; $V:ty, $W:literal) => {
        $crate::dispatch::macros::kernel! {
            $Token;
            /// Copies lanes that are contiguous to lanes side by side.
            fn transpose(token;
                stores: $crate::cpu::Stores,
                tiles: $crate::memory::Tiles<'_, $T>
            ) {
                $crate::dispatch::macros::with!(stores == $crate::cpu::Stores::Streamed, $V, $W, token, v => {
                    $crate::kernel::transpose::transpose::<_, $W>(v, tiles)
                });
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
pub(super) use slide;
pub(super) use {
    along, column, exact_panel, kernel, kernels, pairs, panel, permute, running, scan, token,
    transpose, with,
};
