//! The memory that is summed: aligned, touched, in huge pages where Linux has them, and its values.
//!
//! Input and output start at a multiple of 2 MiB, the output so many bytes further that no store shares
//! its low address bits with a load that soon follows: such a load would wait for a store that it does
//! not depend on. The Python peers have arrays that are laid out alike (`worker.py`).
//!
//! The values are from -127 to 127, and for floats these over 256: a random walk that stays so close to
//! zero that even `f32` holds each of its sums exactly. So the order of the additions does not show, and
//! all peers must agree to the bit. How long an addition takes does not depend on its operands.

use anyhow::{Context, Result};
use bytemuck::Pod;
use lanesum::{Element, Input};
use memmap2::MmapMut;

const ALIGNMENT: usize = 2 << 20;
const OFFSET: usize = 5 * 4096 + 2048;

/// A type that is summed.
pub(crate) trait Number: Element + Input + Pod {
    /// As NumPy calls it.
    const NAME: &'static str;
}

macro_rules! numbers {
    ($($T:ident $name:literal)*) => {
        $(
            impl Number for $T {
                const NAME: &'static str = $name;
            }
        )*
    };
}

numbers!(f64 "float64" f32 "float32" i64 "int64" i32 "int32" i16 "int16" i8 "int8");

/// Memory of its own mapping.
struct Pages {
    map: MmapMut,
    start: usize,
    bytes: usize,
}

impl Pages {
    fn new(bytes: usize, offset: usize) -> Result<Self> {
        let mut map = MmapMut::map_anon(bytes + 2 * ALIGNMENT)
            .with_context(|| format!("no memory for {bytes} bytes"))?;
        // Refused by a kernel without them: then there are none for anyone.
        #[cfg(target_os = "linux")]
        let _ = map.advise(memmap2::Advice::HugePage);
        map.fill(1);
        let start = map.as_ptr().addr().wrapping_neg() % ALIGNMENT + offset;
        Ok(Self { map, start, bytes })
    }

    fn slice<T: Pod>(&self) -> &[T] {
        bytemuck::cast_slice(&self.map[self.start..][..self.bytes])
    }

    fn slice_mut<T: Pod>(&mut self) -> &mut [T] {
        bytemuck::cast_slice_mut(&mut self.map[self.start..][..self.bytes])
    }
}

/// An input, and an output of as many elements.
pub(crate) struct Lane<I, O> {
    input: Pages,
    output: Pages,
    types: std::marker::PhantomData<(I, O)>,
}

impl<I: Number, O: Number> Lane<I, O> {
    pub(crate) fn new(elements: usize) -> Result<Self> {
        let mut input = Pages::new(elements * size_of::<I>(), 0)?;
        // Marsaglia's xorshift64, eight values a step.
        let mut random = 0x9e37_79b9_7f4a_7c15u64;
        for values in input.slice_mut::<I>().chunks_mut(8) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            for (value, byte) in values.iter_mut().zip(random.to_le_bytes()) {
                // As many below zero as above, or the walk has a drift and leaves.
                let byte = (byte as i8).checked_neg().unwrap_or(0);
                *value = if I::EXACT {
                    I::cast_from(byte)
                } else {
                    I::cast_from(f32::from(byte) / 256.0)
                };
            }
        }
        let output = Pages::new(elements * size_of::<O>(), OFFSET)?;
        Ok(Self { input, output, types: std::marker::PhantomData })
    }

    pub(crate) fn slices(&mut self) -> (&[I], &mut [O]) {
        (self.input.slice(), self.output.slice_mut())
    }
}
