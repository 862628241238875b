//! The instruction sets: one file each, and the only files that name an intrinsic.

pub(crate) mod single;

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) mod avx512;
#[cfg(target_arch = "x86_64")]
mod xmm;

#[cfg(target_arch = "aarch64")]
pub(crate) mod neon;

#[cfg(test)]
mod tests;

/// The kernels of an instruction set: a module to a type, and in it a function to a kernel, compiled with
/// the features of the instruction set.
///
/// A row of the macro says which context each kernel uses:
///
/// * `scan(V, W, R)`: rows by the block scan, a block in `R` registers of `W` lanes; `slide(V, W)`: by
///   the sliding sum; `running`: one addition after the other.
/// * `down(V, W, B)`: panels, `B` rows of `W` lanes at a time.
/// * `pick(V, W, R)`: several short lanes in a register of `W`, and a few lanes side by side, by blocks
///   of `R` registers.
/// * `pairs(V, W, R, B; S)`: compensated sums of blocks of `R` registers along, by the context that `S` makes, and of
///   `B` rows across.
/// * `transpose(V, W)`: tiles of `W` times `W`.
macro_rules! kernels {
    ($isa:tt; $($T:ident: $($kernel:ident($($argument:tt)*)),*;)*) => {
        /// A module to a type.
        pub(crate) mod kernels {
            $(
                pub(crate) mod $T {
                    use super::super::*;

                    $($crate::arch::$kernel! { $T, $isa; $($argument)* })*
                }
            )*
        }
    };
}

/// The bytes of the largest cache, if the CPU tells.
#[cfg(all(target_arch = "x86_64", not(miri)))]
pub(crate) fn last_level_cache() -> Option<usize> {
    let caches = raw_cpuid::CpuId::new().get_cache_parameters()?;
    let bytes = |cache: raw_cpuid::CacheParameter| {
        [cache.physical_line_partitions(), cache.coherency_line_size(), cache.sets()]
            .iter()
            .try_fold(cache.associativity(), |bytes, &factor| bytes.checked_mul(factor))
    };
    caches.filter_map(bytes).max()
}

/// The proof that a CPU has some instructions, as one that it has others.
trait Proves<Token> {
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

/// A kernel as a plain function, around one that is compiled with the features of the instruction set.
/// With `<PAST>` it is one of two: its sums go past the cache, or not.
macro_rules! kernel {
    (
        $(#[$doc:meta])*
        fn $name:ident $(<$PAST:ident>)?(
            $token:ident: [$Token:ty, $features:literal]; $($argument:ident: $Argument:ty),*
        ) $(-> $Result:ty)?
        $body:block
    ) => {
        $(#[$doc])*
        pub(crate) fn $name $(<const $PAST: bool>)?(
            token: $Token, $($argument: $Argument),*
        ) $(-> $Result)? {
            #[target_feature(enable = $features)]
            fn $name $(<const $PAST: bool>)?(
                $token: $Token, $($argument: $Argument),*
            ) $(-> $Result)? $body
            // SAFETY: the inner function needs a CPU with `$features`. `token` is the proof: its type
            // can only be had from pulp's detection of a superset of these features.
            unsafe { $name $(::<$PAST>)?(token, $($argument),*) }
        }
    };
    // The scalar backend needs no features.
    (
        $(#[$doc:meta])*
        fn $name:ident $(<$PAST:ident>)?(
            $token:ident: [$Token:ty]; $($argument:ident: $Argument:ty),*
        ) $(-> $Result:ty)?
        $body:block
    ) => {
        $(#[$doc])*
        pub(crate) fn $name $(<const $PAST: bool>)?(
            $token: $Token, $($argument: $Argument),*
        ) $(-> $Result)? $body
    };
}

/// Evaluates an expression of a context, which is made of a token, and past the cache if `PAST`.
///
/// The one place that makes a [`Past`](crate::stream::Past). The fence after the expression is what its stores
/// rely on: the expression must come to its end, and not read what it has stored.
macro_rules! with {
    ($PAST:ident, $V:ty, $W:literal, $token:ident, $v:ident => $body:expr) => {{
        use $crate::vector::Vector;
        let token = $crate::arch::Proves::proof($token);
        if $PAST {
            let $v = <$crate::stream::Past<$V> as Vector<$W>>::new(token);
            let result = $body;
            $v.fence();
            result
        } else {
            let $v = <$V as Vector<$W>>::new(token);
            $body
        }
    }};
}

/// The kernels along contiguous lanes, given how to sum one.
macro_rules! along {
    ($T:ident, $isa:tt; $V:ty, $W:literal; $v:ident, $carry:ident, $lane:ident => $sum:expr) => {
        $crate::arch::kernel! {
            /// Sums a lane, or a piece of one.
            fn row<PAST>(token: $isa;
                $carry: &mut $crate::order::Carry<$T>,
                $lane: $crate::lane::Lane<'_, $T>
            ) {
                $crate::arch::with!(PAST, $V, $W, token, $v => $sum);
            }
        }

        $crate::arch::kernel! {
            /// Sums lane after lane.
            fn rows<PAST>(token: $isa; lanes: $crate::rows::Rows<'_, $T>) {
                let mut lanes = lanes;
                $crate::arch::with!(PAST, $V, $W, token, $v => {
                    for lane in 0..lanes.len() {
                        let $carry = &mut $crate::order::Carry::new();
                        let $lane = lanes.get(lane);
                        $sum;
                    }
                });
            }
        }
    };
}

macro_rules! scan {
    ($T:ident, $isa:tt; $V:ty, $W:literal, $R:literal) => {
        $crate::arch::along! { $T, $isa; $V, $W; v, carry, lane =>
            $crate::scan::row::<_, $W, $R>(v, carry, lane)
        }
    };
}

#[cfg(target_arch = "x86_64")]
macro_rules! slide {
    ($T:ident, $isa:tt; $V:ty, $W:literal) => {
        $crate::arch::along! { $T, $isa; $V, $W; v, carry, lane =>
            $crate::slide::row::<_, $W>(v, carry, lane)
        }
    };
}

/// One addition after the other: for the scalar backend, and exact types.
macro_rules! running {
    ($T:ident, $isa:tt;) => {
        $crate::arch::along! { $T, $isa; Single<$T>, 1; _v, carry, lane =>
            $crate::scan::running_sum(carry, lane)
        }
    };
}

macro_rules! down {
    ($T:ident, $isa:tt; $V:ty, $W:literal, $B:literal) => {
        $crate::arch::panel! {
            /// Sums a panel, or the next rows of one, in blocks.
            $T, $isa; down, $V, $W, $B, false
        }
        $crate::arch::panel! {
            /// Sums a panel, or the next rows of one, one row after the other.
            $T, $isa; down_running, $V, $W, $B, true
        }
    };
}

/// `down` of a type that is exact in any order.
macro_rules! down_exact {
    ($T:ident, $isa:tt; $V:ty, $W:literal, $B:literal) => {
        $crate::arch::panel! {
            /// Sums a panel, or the next rows of one.
            $T, $isa; down, $V, $W, $B, true
        }
    };
}

macro_rules! panel {
    (
        $(#[$doc:meta])*
        $T:ident, $isa:tt;
        $name:ident, $V:ty, $W:literal, $B:literal, $running:literal
    ) => {
        $crate::arch::kernel! {
            $(#[$doc])*
            fn $name<PAST>(token: $isa;
                strips: &mut $crate::down::Strips<'_, $T>,
                panel: $crate::down::Panel<'_, $T>
            ) {
                $crate::arch::with!(PAST, $V, $W, token, v => {
                    $crate::down::panel::<_, $W, $B, $running>(v, strips, panel)
                });
            }
        }
    };
}

macro_rules! pick {
    ($T:ident, $isa:tt; $V:ty, $W:literal, $R:literal) => {
        $crate::arch::kernel! {
            /// Sums short lanes, one after the other; says whether it can.
            fn short(
                token: $isa;
                dense: $crate::short::Dense,
                lanes: $crate::lane::Lane<'_, $T>
            ) -> bool {
                let v = <$V as $crate::vector::Vector<$W>>::new($crate::arch::Proves::proof(token));
                $crate::short::sum::<$V, $W>(v, dense, lanes)
            }
        }

        $crate::arch::kernel! {
            /// Sums a few lanes side by side; says whether it can.
            fn narrow<PAST>(
                token: $isa;
                across: usize,
                lanes: $crate::lane::Lane<'_, $T>
            ) -> bool {
                $crate::arch::with!(PAST, $V, $W, token, v => {
                    $crate::narrow::sum::<_, $W, $R>(v, across, lanes)
                })
            }
        }
    };
    // Where there is no instruction for it.
    ($T:ident, $isa:tt;) => {
        $crate::arch::kernel! {
            /// Sums no short lanes.
            fn short(
                _token: $isa;
                _dense: $crate::short::Dense,
                _lanes: $crate::lane::Lane<'_, $T>
            ) -> bool {
                false
            }
        }

        $crate::arch::kernel! {
            /// Sums no few lanes.
            fn narrow<PAST>(
                _token: $isa;
                _across: usize,
                _lanes: $crate::lane::Lane<'_, $T>
            ) -> bool {
                false
            }
        }
    };
}

/// Compensated sums, along registers by the context that the expression makes of `V`'s.
macro_rules! pairs {
    ($T:ident, $isa:tt; $V:ty, $W:literal, $R:literal, $B:literal; $Scan:path) => {
        $crate::arch::kernel! {
            /// Sums a lane, or a piece of one, in pairs.
            fn compensated_row<PAST>(
                token: $isa;
                pairs: $crate::staged::Pairs<'_, $T>,
                lane: $crate::lane::Lane<'_, $T>
            ) {
                $crate::arch::with!(PAST, $V, $W, token, v => {
                    let scan = $Scan($crate::compensated::Compensated::of(v));
                    let driver = $crate::compensated::Along { v, scan };
                    $crate::compensated::row::<_, $W, $R>(driver, pairs, lane);
                });
            }
        }

        $crate::arch::kernel! {
            /// Sums a lane of `f32`, or a piece of one.
            fn wide_row<PAST>(
                token: $isa;
                pairs: $crate::staged::Pairs<'_, $T>,
                lane: $crate::lane::Lane<'_, f32>
            ) {
                $crate::arch::with!(PAST, $V, $W, token, v => {
                    $crate::compensated::row::<_, $W, $R>($crate::wide::Wide(v), pairs, lane);
                });
            }
        }

        $crate::arch::kernel! {
            /// Sums a tile in pairs, down its rows.
            fn compensated_down(
                token: $isa;
                pairs: $crate::staged::Pairs<'_, $T>,
                width: usize,
                tile: &mut [$T]
            ) {
                let v = <$V as $crate::vector::Vector<$W>>::new($crate::arch::Proves::proof(token));
                $crate::compensated::down::<_, $W, $B>(v, pairs, width, tile);
            }
        }
    };
}

macro_rules! transpose {
    ($T:ident, $isa:tt; $V:ty, $W:literal) => {
        $crate::arch::kernel! {
            /// Copies lanes that are contiguous to lanes side by side.
            fn transpose<PAST>(token: $isa; tiles: $crate::tile::Tiles<'_, $T>) {
                $crate::arch::with!(PAST, $V, $W, token, v => {
                    $crate::tile::transpose::<_, $W>(v, tiles)
                });
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
pub(crate) use slide;
pub(crate) use {
    along, down, down_exact, kernel, kernels, pairs, panel, pick, running, scan, transpose, with,
};
