//! [`Stores`]: whether sums are stored in the cache, or past it.

use core::sync::atomic::{AtomicUsize, Ordering};

/// How sums are stored. The bits are the same with each variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stores {
    /// In the cache, as any program stores.
    Cached,
    /// Past the cache: for results that are larger than the cache, or not read soon. This is a wish: where the CPU has
    /// no instructions for such stores, and where they are known not to pay, sums are stored in the cache.
    /// `benches/README.md` has a list.
    Streamed,
}

impl Stores {
    /// The best choice for `bytes` of sums, as long as nothing is known of who reads them: `Streamed` from half of the
    /// last-level cache on, since the input and the sums would not both stay there. If the size of the cache cannot be
    /// found out, or is larger, as where many cores share it, it counts as 32 MiB. (With a cache of 32 MiB, `f64`, over
    /// ordinary stores: 0.90 to 0.95 with 2 to 8 MiB of sums, which are then gone from the cache, 0.93 with 16 MiB,
    /// 0.76 with 32 MiB. Zen 5, 2026-11.)
    ///
    /// ```
    /// use lanesum_kernels::Stores;
    ///
    /// assert_eq!(Stores::for_bytes(1000), Stores::Cached);
    /// ```
    #[inline]
    pub fn for_bytes(bytes: usize) -> Self {
        // For fewer bytes the size of the cache does not matter: none is so small.
        if bytes < LEAST_STREAMED { Self::Cached } else { Self::for_many_bytes(bytes) }
    }

    #[cold]
    fn for_many_bytes(bytes: usize) -> Self {
        // The CPU takes a microsecond or, in a virtual machine, fifty to say.
        static CACHE_BYTES: AtomicUsize = AtomicUsize::new(0);
        let mut cache = CACHE_BYTES.load(Ordering::Relaxed);
        if cache == 0 {
            cache = last_level_cache().unwrap_or(MOST_CACHE).clamp(1, MOST_CACHE);
            CACHE_BYTES.store(cache, Ordering::Relaxed);
        }
        if bytes >= LEAST_STREAMED.max(cache / 2) { Self::Streamed } else { Self::Cached }
    }
}

/// Fewer bytes are never streamed.
const LEAST_STREAMED: usize = 1 << 20;

/// The most bytes of the cache that one core can count on.
const MOST_CACHE: usize = 32 << 20;

/// The bytes of the largest cache, if the CPU tells.
#[cfg(all(target_arch = "x86_64", not(miri)))]
fn last_level_cache() -> Option<usize> {
    let caches = raw_cpuid::CpuId::new().get_cache_parameters()?;
    let bytes = |cache: raw_cpuid::CacheParameter| {
        [cache.physical_line_partitions(), cache.coherency_line_size(), cache.sets()]
            .iter()
            .try_fold(cache.associativity(), |bytes, &factor| bytes.checked_mul(factor))
    };
    caches.filter_map(bytes).max()
}

/// The size is not known: there is no instruction for it, or Miri does not have it.
#[cfg(not(all(target_arch = "x86_64", not(miri))))]
fn last_level_cache() -> Option<usize> {
    None
}

/// The bytes of a line of the cache, which lies at a multiple of them.
pub(crate) const LINE_BYTES: usize = 64;
