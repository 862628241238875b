//! Blurs a picture with a box, by a summed-area table: two cumulative sums.
//!
//! ```text
//! cargo run --release -p lanesum-examples --features png --bin box_blur     # a picture that it makes
//! cargo run .. --bin box_blur -- INPUT.png OUTPUT.png --radius 20
//! cargo run .. --bin box_blur -- --help
//! ```

mod args;
mod picture;

use std::env;
use std::process::ExitCode;
use std::time::Instant;

use lanesum::{Backend, Error, View, ViewMut, cumsum};
use lanesum_examples::{Result, choose_backend, finish, vec_for};

use args::{Request, USAGE};
use picture::Picture;

fn main() -> ExitCode {
    let request = args::parse(env::args_os().skip(1));
    finish("box_blur", request.and_then(|request| request.map_or(Ok(USAGE.to_owned()), blur_file)))
}

/// Does what is asked for, and says what was done.
fn blur_file(request: Request) -> Result<String> {
    let backend = choose_backend(request.backend.as_deref())?;
    let (input, output, mut picture) = match request.files {
        Some((input, output)) => {
            let picture = Picture::read(&input)?;
            (format!("{input:?}"), output, picture)
        }
        None => {
            let beside = env::current_exe()?.with_extension("png");
            ("a made picture".to_owned(), beside, Picture::made())
        }
    };

    let (width, height, channels) = (picture.width, picture.height, picture.color.samples());
    let size = (height + 1).checked_mul((width + 1) * channels).ok_or("too large")?;
    let mut table = vec_for(size)?;
    table.resize(size, 0);
    let start = Instant::now();
    sum_areas(&picture, &mut table, backend)?;
    let summed = start.elapsed();
    blur(&mut picture, &table, request.radius);
    let blurred = start.elapsed() - summed;

    picture.write(&output)?;
    Ok(format!(
        "input       {input}\n\
         size        {width} x {height}, {:?}\n\
         radius      {}\n\
         backend     {backend}\n\
         table       {:.3} ms, two cumulative sums\n\
         blur        {:.3} ms, four corners a sample\n\
         output      {output:?}\n",
        picture.color,
        request.radius,
        summed.as_secs_f64() * 1e3,
        blurred.as_secs_f64() * 1e3,
    ))
}

/// Makes the table of the sums of all samples above and to the left, channel by channel.
///
/// Its first row and its first column are zeros, so that every box has four corners: the sums stand
/// in a part of the table, and that is a view.
fn sum_areas(picture: &Picture, table: &mut [u64], backend: Backend) -> Result<(), Error> {
    let channels = picture.color.samples();
    let shape = [picture.height, picture.width, channels];
    let row = (picture.width + 1) * channels;
    let strides = [row as isize, channels as isize, 1];
    let mut areas = ViewMut::with_strides(table, row + channels, &shape, &strides)?;

    let samples = View::new(&picture.samples, &shape)?;
    cumsum(samples).axis(0)?.backend(backend).write_to(&mut areas)?;
    cumsum(areas).axis(1)?.backend(backend).in_place();
    Ok(())
}

/// Overwrites each sample with the mean of its channel in the box around it, rounded to the nearest.
fn blur(picture: &mut Picture, table: &[u64], radius: usize) {
    let (width, height, channels) = (picture.width, picture.height, picture.color.samples());
    // From the first of the box to the first behind it, both within the picture.
    let reach = |at: usize, end: usize| {
        (at.saturating_sub(radius), at.saturating_add(radius).saturating_add(1).min(end))
    };
    let rows = picture.samples.chunks_exact_mut(width * channels);
    for (y, row) in rows.enumerate() {
        let (top, bottom) = reach(y, height);
        let [above, below] = [top, bottom].map(|y| &table[y * (width + 1) * channels..]);
        for (x, pixel) in row.chunks_exact_mut(channels).enumerate() {
            let (left, right) = reach(x, width);
            let area = ((bottom - top) * (right - left)) as u64;
            let (left, right) = (left * channels, right * channels);
            for (channel, sample) in pixel.iter_mut().enumerate() {
                let [left, right] = [left + channel, right + channel];
                let sum = below[right] + above[left] - above[right] - below[left];
                *sample = ((sum + area / 2) / area) as u8;
            }
        }
    }
}
