//! Reading and writing .npy files.
//!
//! npyz parses and prints them. What is here believes a header only as far as the file is long, and
//! does not leave half a file behind.
//!
//! The format: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use npyz::{AutoSerialize, Deserialize, NpyFile, NpyHeader, WriteOptions, WriterBuilder};

use crate::array::{Array, Shape};
use crate::dtype::Stored;
use lanesum_examples::{Result, replace, vec_for};

/// NumPy refuses longer headers too.
const MAX_HEADER: usize = 10_000;
/// Magic string, version and the length of the header: 12 bytes since version 2.0.
const MAX_PREAMBLE: usize = 12;

/// A .npy file whose header has been read and fits the file's length.
pub(crate) struct NpyInput {
    pub(crate) stored: Stored,
    path: PathBuf,
    header: NpyHeader,
    /// At the first element.
    reader: BufReader<File>,
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
        let mut reader = BufReader::new(File::open(path)?);
        let mut start = Vec::new();
        reader.by_ref().take((MAX_PREAMBLE + MAX_HEADER) as u64).read_to_end(&mut start)?;
        check_literal(header_text(&start)?, metadata.len())?;

        let mut rest = &start[..];
        let header = NpyHeader::from_reader(&mut rest).map_err(|error| {
            // The parser draws a picture below its first line.
            error.to_string().lines().next().unwrap_or_default().to_owned()
        })?;
        let stored = Stored::of_file(&header.dtype())?;
        let begin = (start.len() - rest.len()) as u64;
        reader.seek(SeekFrom::Start(begin))?;

        let size = header.dtype().num_bytes().unwrap_or_default();
        let expected = u128::from(header.len()) * size as u128;
        let actual = metadata.len().saturating_sub(begin);
        // A longer file is read as NumPy reads it: to the end of the array.
        if expected > actual.into() {
            let shape = shape_text(header.shape());
            return Err(format!(
                "shape {shape} of {stored} takes {expected} bytes after the header, \
                 and the file has {actual}"
            )
            .into());
        }
        Ok(Self { stored, path: path.to_owned(), header, reader })
    }

    pub(crate) fn shape(&self) -> String {
        shape_text(self.header.shape())
    }

    /// The elements as they lie in the file.
    pub(crate) fn read<T: Deserialize>(self) -> Result<Array<T>> {
        let Self { path, header, reader, .. } = self;
        read_elements(header, reader).map_err(|error| format!("{path:?}: {error}").into())
    }
}

/// The header without what stands before it, which is checked.
fn header_text(start: &[u8]) -> Result<&str> {
    let (length, text) = match start {
        [0x93, b'N', b'U', b'M', b'P', b'Y', version @ ..] => match version {
            [1, 0, a, b, text @ ..] => (u16::from_le_bytes([*a, *b]).into(), text),
            [2 | 3, 0, a, b, c, d, text @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]), text),
            [1..=3, 0, ..] | [_] | [] => {
                return Err(format!("truncated: {} bytes and no header", start.len()).into());
            }
            [major, minor, ..] => {
                return Err(format!("version {major}.{minor} of the format, not 1.0 to 3.0").into());
            }
        },
        _ => return Err("not a .npy file: it does not begin with \\x93NUMPY".into()),
    };
    let length = length as usize;
    if length > MAX_HEADER {
        return Err(format!("header of {length} bytes; NumPy reads up to {MAX_HEADER}").into());
    }
    let actual = text.len();
    let text = text
        .get(..length)
        .ok_or_else(|| format!("truncated: header of {length} bytes, and the file has {actual}"))?;
    std::str::from_utf8(text).map_err(|_| "the header is not text".into())
}

/// Refuses what npyz 0.9 must not see: it multiplies the extents without a check, and 16 opening
/// braces in a row keep its parser of Python literals busy for minutes.
///
/// What NumPy writes for a plain dtype is flat: `{'descr': '<f8', 'fortran_order': False, 'shape':
/// (3, 4), }`. It has one bracket of each kind, and the extents stand between the round ones.
fn check_literal(text: &str, file_length: u64) -> Result<()> {
    const NO_SHAPE: &str = "the header is not a dictionary with one shape";

    if text.contains('[') {
        return Err("the header has a '[': structured dtypes are not supported".into());
    }
    let (_, rest) = text.split_once('(').ok_or(NO_SHAPE)?;
    let (shape, _) = rest.split_once(')').ok_or(NO_SHAPE)?;
    let mut elements = 1u64;
    for extent in shape.split(',').map(str::trim).filter(|extent| !extent.is_empty()) {
        let extent: u64 = extent
            .parse()
            .map_err(|_| format!("extent {extent:?} in the shape is no whole number below 2^64"))?;
        // Zeros do not save a product that overflows, nor do they in NumPy.
        elements = elements.checked_mul(extent.max(1)).ok_or_else(|| {
            format!(
                "shape ({shape}) overflows: its extents multiply to 2^64 or more, \
                 and the file has {file_length} bytes"
            )
        })?;
    }
    let once = |bracket: char| text.matches(bracket).count() == 1;
    if "{}()".chars().all(once) { Ok(()) } else { Err(NO_SHAPE.into()) }
}

fn read_elements<T: Deserialize>(header: NpyHeader, reader: BufReader<File>) -> Result<Array<T>> {
    let mut elements = vec_for(usize::try_from(header.len())?)?;
    let extents = header.shape().iter().map(|&extent| usize::try_from(extent));
    let shape = Shape { extents: extents.collect::<Result<_, _>>()?, order: header.order() };
    for element in NpyFile::with_header(header, reader).data::<T>()? {
        elements.push(element?);
    }
    Ok(Array { elements, shape })
}

/// Writes an array; the file is there when it is complete, and not before.
pub(crate) fn write<T: AutoSerialize + Copy>(path: &Path, array: &Array<T>) -> Result<()> {
    replace(path, |file| fill(file, array)).map_err(|error| format!("{path:?}: {error}").into())
}

fn fill<T: AutoSerialize + Copy>(file: File, array: &Array<T>) -> Result<()> {
    let Shape { extents, order } = &array.shape;
    let extents: Vec<u64> = extents.iter().map(|&extent| extent as u64).collect();
    let options = WriteOptions::new().default_dtype().shape(&extents).order(*order);
    let mut buffer = BufWriter::new(file);
    let mut writer = options.writer(&mut buffer).begin_nd()?;
    writer.extend(array.elements.iter().copied())?;
    writer.finish()?;
    buffer.into_inner()?.sync_all()?;
    Ok(())
}

/// A shape as NumPy writes it: `()`, `(3,)`, `(2, 3)`.
fn shape_text(shape: &[u64]) -> String {
    match shape {
        [extent] => format!("({extent},)"),
        extents => {
            let extents: Vec<String> = extents.iter().map(u64::to_string).collect();
            format!("({})", extents.join(", "))
        }
    }
}
