//! Pictures: read from and written to .png files, or made.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::Path;

use png::{BitDepth, ColorType, Decoder, Encoder, Transformations};

use lanesum_examples::{Result, replace, vec_for};

/// The bytes that one byte of a .png file can stand for. No memory is asked for more.
const DEFLATE: u128 = 1032;

/// Rows of pixels of `color.samples()` bytes, one a channel.
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) color: ColorType,
    pub(crate) samples: Vec<u8>,
}

impl Picture {
    /// Discs on a gradient.
    pub(crate) fn made() -> Self {
        let (width, height) = (640, 480);
        let mut samples = Vec::new();
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            // From the middle of the cell of 80 by 80 that the pixel lies in.
            let (dy, dx) = (y as isize % 80 - 40, x as isize % 80 - 40);
            let disc = dx * dx + dy * dy < 28 * 28;
            let [red, green] = [x * 255 / width, y * 255 / height].map(|level| level as u8);
            samples.extend(if disc { [255 - red, 255 - green, 40] } else { [red, green, 160] });
        }
        Self { width, height, color: ColorType::Rgb, samples }
    }

    pub(crate) fn read(path: &Path) -> Result<Self> {
        Self::try_read(path).map_err(|error| format!("{path:?}: {error}").into())
    }

    fn try_read(path: &Path) -> Result<Self> {
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() {
            return Err("not a regular file".into());
        }
        let mut decoder = Decoder::new(BufReader::new(File::open(path)?));
        decoder.set_transformations(Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let (width, height) = reader.info().size();
        let bits = u128::from(width) * u128::from(height) * reader.info().bits_per_pixel() as u128;
        if bits / 8 / DEFLATE > metadata.len().into() {
            let length = metadata.len();
            return Err(format!("{width} x {height} pixels do not fit into {length} bytes").into());
        }
        let size = reader.output_buffer_size().ok_or("too large for this machine's memory")?;
        let mut samples = vec_for(size)?;
        samples.resize(size, 0);
        let info = reader.next_frame(&mut samples)?;
        let (width, height) = (info.width as usize, info.height as usize);
        Ok(Self { width, height, color: info.color_type, samples })
    }

    /// Writes a .png file; it is there when it is complete, and not before.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        replace(path, |file| self.fill(file)).map_err(|error| format!("{path:?}: {error}").into())
    }

    fn fill(&self, file: File) -> Result<()> {
        let mut buffer = BufWriter::new(file);
        let (width, height) = (u32::try_from(self.width)?, u32::try_from(self.height)?);
        let mut encoder = Encoder::new(&mut buffer, width, height);
        encoder.set_color(self.color);
        encoder.set_depth(BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.samples)?;
        writer.finish()?;
        buffer.into_inner()?.sync_all()?;
        Ok(())
    }
}
