//! [`Carries`]: what chunks of lanes give to those after them.

use alloc::vec::Vec;
use core::fmt;

use crate::element::Element;
use crate::number::Number;
use crate::order::{CHUNK, Summation};

/// The carries of the chunks of some lanes, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Carries<A: Element> {
    summation: Summation,
    lanes: usize,
    chunks: usize,
    /// For each chunk a row of carries, and one of what they lack where sums are compensated.
    rows: Vec<A::WideAdder>,
}

/// Why carries cannot be formed, or a state cannot move past them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoChunks {
    /// The sums of floats by [`Summation::Sequential`] have no chunks.
    Sequential,
    /// The lanes do not begin or end with a chunk.
    Unaligned {
        /// The number of elements before the part, or in it.
        len: u64,
    },
    /// The carries are of another summation, or another number of lanes.
    Others,
}

impl<A: Element> Carries<A> {
    /// The carries of no chunk, to be [appended](Self::append) to.
    pub fn none(summation: Summation, lanes: usize) -> Self {
        Self { summation, lanes, chunks: 0, rows: Vec::new() }
    }

    /// How elements are added up.
    pub fn summation(&self) -> Summation {
        self.summation
    }

    /// The number of lanes.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// The number of chunks.
    pub fn chunks(&self) -> usize {
        self.chunks
    }

    /// Takes the carries of the chunks that follow these.
    ///
    /// # Errors
    ///
    /// [`NoChunks::Others`]; then nothing is appended.
    pub fn append(&mut self, next: &Self) -> Result<(), NoChunks> {
        if next.summation != self.summation || next.lanes != self.lanes {
            return Err(NoChunks::Others);
        }
        self.chunks = self.chunks.saturating_add(next.chunks);
        self.rows.extend_from_slice(&next.rows);
        Ok(())
    }

    /// Takes the carries of one chunk, and what these lack.
    pub(super) fn push<C: Number>(&mut self, chunk: [&[C]; 2]) {
        self.chunks += 1;
        let numbers = chunk.into_iter().flatten();
        self.rows.extend(numbers.map(|number| A::WideAdder::cast_from(*number)));
    }

    /// Calls `each` with the carries of one chunk after the other, and what these lack.
    pub(super) fn each<C: Number>(&self, mut each: impl FnMut([&[C]; 2])) {
        let numbers = self.lanes * A::COMPONENTS;
        let mut rows = alloc::vec![C::IDENTITY; 2 * numbers];
        for chunk in self.rows.chunks_exact((2 * numbers).max(1)) {
            for (number, kept) in rows.iter_mut().zip(chunk) {
                *number = C::cast_from(*kept);
            }
            let (high, low) = rows.split_at(numbers);
            each([high, low]);
        }
    }

    /// All that is kept.
    #[cfg(feature = "serde")]
    pub(super) fn rows(&self) -> &[A::WideAdder] {
        &self.rows
    }

    /// The carries of what was kept, if that is as much as it has to be.
    #[cfg(feature = "serde")]
    pub(super) fn restored(
        summation: Summation,
        lanes: usize,
        chunks: usize,
        rows: Vec<A::WideAdder>,
    ) -> Option<Self> {
        let numbers = lanes.checked_mul(2 * A::COMPONENTS)?.checked_mul(chunks)?;
        (rows.len() == numbers).then_some(Self { summation, lanes, chunks, rows })
    }
}

impl fmt::Display for NoChunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sequential => f.write_str("running sums of floats cannot be formed in parts"),
            Self::Unaligned { len } => {
                write!(f, "{len} elements are not a whole number of chunks of {CHUNK}")
            }
            Self::Others => f.write_str("carries of another summation, or of other lanes"),
        }
    }
}

impl core::error::Error for NoChunks {}
