//! Reading and writing .npy files.
//!
//! A header is believed only as far as the file is long, and no half of a file is left behind.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use lanesum::Element;
use lanesum_examples::{Result, replace, vec_for};

use crate::array::{Array, Shape};
use crate::cast::{ToWidest, Widen, swap};
use crate::dtype::{Dtype, Kind, Stored};
use crate::header::{self, Descr, Header, MAX_HEADER, MAX_PREAMBLE, shape_text};
use crate::progress::Progress;

/// The bytes that are read or written at a time: they and what they become stay in the cache.
const PIECE: usize = 1 << 16;

/// A .npy file whose header has been read and fits the file's length.
pub(crate) struct NpyInput {
    pub(crate) stored: Stored,
    pub(crate) shape: Shape,
    path: PathBuf,
    /// That all elements take.
    bytes: u64,
    /// At the first element.
    file: File,
}

impl NpyInput {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        Self::try_open(path).map_err(|error| format!("{path:?}: {error}").into())
    }

    fn try_open(path: &Path) -> Result<Self> {
        // Pipes and devices have no length to check the header against.
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() {
            return Err("not a regular file".into());
        }
        let mut file = File::open(path)?;
        let mut start = Vec::new();
        (&file).take((MAX_PREAMBLE + MAX_HEADER) as u64).read_to_end(&mut start)?;
        let (Header { descr, order, shape }, begin) = header::read(&start)?;
        let stored = match descr {
            Descr::Plain(descr) => Stored::of_descr(&descr)?,
            Descr::Structured(descr) => return Err(Stored::structured(&descr).into()),
        };
        file.seek(SeekFrom::Start(begin as u64))?;

        let elements: u128 = shape.iter().map(|&extent| u128::from(extent)).product();
        let expected = elements * stored.number().size() as u128;
        let actual = u128::from(metadata.len().saturating_sub(begin as u64));
        let of_what = || format!("shape {} of {stored}", shape_text(&shape));
        if expected > actual {
            let what = of_what();
            return Err(format!(
                "truncated: {what} takes {expected} bytes after the header, and the file has {actual}"
            )
            .into());
        }
        if expected < actual {
            let (what, more) = (of_what(), actual - expected);
            return Err(format!(
                "{what} takes {expected} bytes after the header, and {more} more follow"
            )
            .into());
        }
        let extents = shape.iter().map(|&extent| usize::try_from(extent));
        let shape = Shape { extents: extents.collect::<Result<_, _>>()?, order };
        Ok(Self { stored, shape, path: path.to_owned(), bytes: expected as u64, file })
    }

    /// The elements as they lie in the file, cast to `A`.
    pub(crate) fn read<A: Element>(mut self, progress: &Progress) -> Result<Array<A>> {
        let elements = match ToWidest::of(self.stored) {
            ToWidest::Int(widen) => self.cast(widen, progress),
            ToWidest::Uint(widen) => self.cast(widen, progress),
            ToWidest::Float(widen) => self.cast(widen, progress),
            ToWidest::Complex(widen) => self.cast(widen, progress),
        };
        match elements {
            Ok(elements) => Ok(Array { elements, shape: self.shape }),
            Err(error) => Err(format!("{:?}: {error}", self.path).into()),
        }
    }

    /// The elements, cast from the widest numbers of their kind.
    fn cast<W: Element, A: Element>(
        &mut self,
        widen: Widen<W>,
        progress: &Progress,
    ) -> Result<Vec<A>> {
        let mut elements = vec_for(self.shape.len().ok_or("too large for this machine's memory")?)?;
        let mut wide = Vec::new();
        self.pieces(progress, &mut |piece| {
            wide.clear();
            widen(piece, &mut wide);
            elements.extend(wide.iter().map(|&x| A::cast_from(x)));
        })?;
        Ok(elements)
    }

    /// Reads all elements, and hands out their bytes as they would be in a file of this machine.
    fn pieces(&mut self, progress: &Progress, take: &mut dyn FnMut(&[u8])) -> Result<()> {
        let number = self.stored.number();
        let parts = if number.kind() == Kind::Complex { 2 } else { 1 };
        let mut left = self.bytes;
        let mut bytes = vec![0; PIECE];
        progress.bytes("reading", left);
        while left > 0 {
            let piece = &mut bytes[..PIECE.min(usize::try_from(left).unwrap_or(PIECE))];
            self.file.read_exact(piece)?;
            if self.stored.is_swapped {
                swap(piece, number.size() / parts);
            }
            if self.stored.is_bool()
                && let Some(byte) = piece.iter().find(|&&byte| byte > 1)
            {
                return Err(format!("an element of bool is {byte}, neither 0 nor 1").into());
            }
            take(piece);
            left -= piece.len() as u64;
            progress.advance(piece.len());
        }
        Ok(())
    }
}

/// Writes an array of this shape; the file is there when it is complete, and not before.
pub(crate) fn write(
    path: &Path,
    dtype: Dtype,
    shape: &Shape,
    elements: &[u8],
    progress: &Progress,
) -> Result<()> {
    let header = header::written(&dtype.descr(), shape.order, &shape.extents);
    replace(path, |file| fill(file, &header, elements, progress))
        .map_err(|error| format!("{path:?}: {error}").into())
}

fn fill(mut file: File, header: &[u8], elements: &[u8], progress: &Progress) -> Result<()> {
    progress.bytes("writing", elements.len() as u64);
    file.write_all(header)?;
    for piece in elements.chunks(PIECE) {
        file.write_all(piece)?;
        progress.advance(piece.len());
    }
    file.sync_all()?;
    Ok(())
}
