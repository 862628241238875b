//! A copy with non-temporal stores: what a sum that bypasses the caches could reach.

/// The widest such stores that the CPU has.
#[derive(Clone, Copy)]
pub(crate) struct Stream(#[cfg_attr(not(target_arch = "x86_64"), allow(dead_code))] Width);

impl Stream {
    pub(crate) fn name(self) -> &'static str {
        self.0.name()
    }
}

#[cfg(target_arch = "x86_64")]
use x86::Width;

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::Stream;

    #[derive(Clone, Copy)]
    pub(super) enum Width {
        Sse2,
        Avx,
        Avx512,
    }

    impl Width {
        pub(super) fn name(self) -> &'static str {
            match self {
                Self::Sse2 => "SSE2",
                Self::Avx => "AVX",
                Self::Avx512 => "AVX-512",
            }
        }
    }

    impl Stream {
        pub(crate) fn detect() -> Option<Self> {
            Some(Self(if is_x86_feature_detected!("avx512f") {
                Width::Avx512
            } else if is_x86_feature_detected!("avx") {
                Width::Avx
            } else {
                Width::Sse2
            }))
        }

        /// Copies as many bytes as the shorter of both has.
        pub(crate) fn copy(self, input: &[u8], output: &mut [u8]) {
            match self.0 {
                // SAFETY: every x86-64 CPU has SSE2.
                Width::Sse2 => unsafe { copy_sse2(input, output) },
                // SAFETY: only `detect` makes a `Stream`, and of this width only where the CPU has AVX.
                Width::Avx => unsafe { copy_avx(input, output) },
                // SAFETY: only `detect` makes a `Stream`, and of this width only where the CPU has
                // AVX-512 F.
                Width::Avx512 => unsafe { copy_avx512(input, output) },
            }
        }
    }

    macro_rules! copy {
        ($name:ident $feature:literal $Vector:ty, $store:ident) => {
            #[target_feature(enable = $feature)]
            fn $name(input: &[u8], output: &mut [u8]) {
                let len = input.len().min(output.len());
                let (input, output) = (&input[..len], &mut output[..len]);
                let (head, vectors, tail) = bytemuck::pod_align_to_mut::<u8, $Vector>(output);
                let (first, rest) = input.split_at(head.len());
                head.copy_from_slice(first);
                let mut chunks = rest.chunks_exact(size_of::<$Vector>());
                for (vector, chunk) in vectors.iter_mut().zip(&mut chunks) {
                    let value = bytemuck::pod_read_unaligned::<$Vector>(chunk);
                    // SAFETY: `vector` is a reference to a whole vector: valid for writes, and
                    // aligned to its size, which is the alignment of its type.
                    unsafe { $store(vector, value) };
                }
                tail.copy_from_slice(chunks.remainder());
                // Such stores are ordered with no others: after this they are as any.
                _mm_sfence();
            }
        };
    }

    copy!(copy_sse2 "sse2" __m128i, _mm_stream_si128);
    copy!(copy_avx "avx" __m256i, _mm256_stream_si256);
    copy!(copy_avx512 "avx512f" __m512i, _mm512_stream_si512);
}

#[cfg(not(target_arch = "x86_64"))]
#[derive(Clone, Copy)]
enum Width {}

#[cfg(not(target_arch = "x86_64"))]
impl Width {
    fn name(self) -> &'static str {
        match self {}
    }
}

#[cfg(not(target_arch = "x86_64"))]
impl Stream {
    pub(crate) fn detect() -> Option<Self> {
        None
    }

    pub(crate) fn copy(self, _input: &[u8], _output: &mut [u8]) {
        match self.0 {}
    }
}
