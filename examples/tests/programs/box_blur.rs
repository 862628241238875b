//! Runs `box_blur` on pictures made here: the means of boxes, and one clear line for errors.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::Path;

use png::{BitDepth, ColorType, Decoder, Encoder};

use crate::program::{Dir, Program};

const BOX_BLUR: Program = Program { name: "box_blur", path: env!("CARGO_BIN_EXE_box_blur") };

/// Width, height, channels, and samples of 8 bits.
#[derive(Clone, Debug, PartialEq)]
struct Picture {
    color: ColorType,
    width: usize,
    height: usize,
    samples: Vec<u8>,
}

impl Picture {
    /// Noise with all levels.
    fn noise(color: ColorType, width: usize, height: usize) -> Self {
        let mut random = 1u32;
        let samples = std::iter::repeat_with(|| {
            random = random.wrapping_mul(1664525).wrapping_add(1013904223);
            (random >> 24) as u8
        });
        let samples = samples.take(width * height * color.samples()).collect();
        Self { color, width, height, samples }
    }

    fn read(path: &str) -> Self {
        let decoder = Decoder::new(BufReader::new(File::open(path).unwrap()));
        let mut reader = decoder.read_info().unwrap();
        let mut samples = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut samples).unwrap();
        assert_eq!(info.bit_depth, BitDepth::Eight);
        let (width, height) = (info.width as usize, info.height as usize);
        Self { color: info.color_type, width, height, samples }
    }

    fn write(&self, path: &str) {
        encode(path, self.width, self.height, (self.color, BitDepth::Eight), &[], &self.samples);
    }

    /// What the program is to do, one box after the other.
    fn blurred(&self, radius: usize) -> Self {
        let channels = self.color.samples();
        let mut samples = Vec::new();
        for (y, x) in (0..self.height).flat_map(|y| (0..self.width).map(move |x| (y, x))) {
            for channel in 0..channels {
                let (mut sum, mut area) = (0, 0);
                for v in y.saturating_sub(radius)..=(y + radius).min(self.height - 1) {
                    for u in x.saturating_sub(radius)..=(x + radius).min(self.width - 1) {
                        let at = (v * self.width + u) * channels + channel;
                        sum += usize::from(self.samples[at]);
                        area += 1;
                    }
                }
                samples.push((sum as f64 / area as f64).round() as u8);
            }
        }
        Self { samples, ..self.clone() }
    }
}

fn encode(
    path: &str,
    width: usize,
    height: usize,
    (color, depth): (ColorType, BitDepth),
    palette: &[u8],
    data: &[u8],
) {
    let file = BufWriter::new(File::create(path).unwrap());
    let mut encoder = Encoder::new(file, width as u32, height as u32);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if !palette.is_empty() {
        encoder.set_palette(palette.to_vec());
    }
    encoder.write_header().unwrap().write_image_data(data).unwrap();
}

const COLORS: [ColorType; 4] =
    [ColorType::Grayscale, ColorType::GrayscaleAlpha, ColorType::Rgb, ColorType::Rgba];

#[test]
fn every_sample_is_the_mean_of_its_box() {
    let dir = Dir::new();
    let (input, output) = (dir.path("in.png"), dir.path("out.png"));
    for color in COLORS {
        for (width, height) in [(1, 1), (1, 9), (9, 1), (2, 3), (31, 17), (16, 40)] {
            let picture = Picture::noise(color, width, height);
            picture.write(&input);
            for radius in [0, 1, 2, 7, 16, 1000] {
                let report = BOX_BLUR.succeed(&[&input, &output, "--radius", &radius.to_string()]);
                let size = format!("size        {width} x {height}, {color:?}\n");
                assert!(report.contains(&size) && report.contains(" ms"), "{report}");
                let what = format!("{color:?}, {width} x {height}, radius {radius}");
                assert!(Picture::read(&output) == picture.blurred(radius), "{what}");
            }
        }
    }
    assert_eq!(dir.names(), ["in.png", "out.png"]);
}

#[test]
fn radius_zero_changes_nothing_and_the_largest_makes_one_colour() {
    let dir = Dir::new();
    let (input, output) = (dir.path("in.png"), dir.path("out.png"));
    let picture = Picture::noise(ColorType::Rgb, 100, 100);
    picture.write(&input);
    BOX_BLUR.succeed(&[&input, &output, "--radius", "0"]);
    assert!(Picture::read(&output) == picture);

    BOX_BLUR.succeed(&[&input, "--radius", &usize::MAX.to_string(), &output]);
    let samples = Picture::read(&output).samples;
    assert!(samples.chunks(3).all(|pixel| pixel == &samples[..3]), "{:?}", &samples[..30]);
}

#[test]
fn every_backend_blurs_alike() {
    let dir = Dir::new();
    let (input, output) = (dir.path("in.png"), dir.path("out.png"));
    let picture = Picture::noise(ColorType::Rgba, 75, 20);
    picture.write(&input);
    for backend in lanesum::Backend::available() {
        let report =
            BOX_BLUR.succeed(&[&input, &output, "--radius", "3", "--backend", backend.name()]);
        assert!(report.contains(&format!("backend     {backend}\n")), "{report}");
        assert!(Picture::read(&output) == picture.blurred(3), "{backend}");
    }
}

#[test]
fn other_pictures_become_8_bit_ones() {
    let dir = Dir::new();
    let (input, output) = (dir.path("in.png"), dir.path("out.png"));
    #[track_caller]
    fn case((input, output): (&str, &str), color: ColorType, samples: &[u8]) {
        BOX_BLUR.succeed(&[input, output, "--radius", "0"]);
        let picture = Picture::read(output);
        assert_eq!((picture.color, &picture.samples[..]), (color, samples));
    }
    let paths = (&input[..], &output[..]);
    let palette = [[10, 20, 30], [40, 50, 60]].concat();
    encode(&input, 2, 1, (ColorType::Indexed, BitDepth::Eight), &palette, &[1, 0]);
    case(paths, ColorType::Rgb, &[40, 50, 60, 10, 20, 30]);
    encode(&input, 3, 1, (ColorType::Grayscale, BitDepth::One), &[], &[0b1010_0000]);
    case(paths, ColorType::Grayscale, &[255, 0, 255]);
    encode(&input, 2, 1, (ColorType::Grayscale, BitDepth::Sixteen), &[], &[7, 99, 200, 0]);
    case(paths, ColorType::Grayscale, &[7, 200]);
}

#[test]
fn without_files_it_makes_a_picture() {
    let report = BOX_BLUR.succeed(&[]);
    for words in ["input       a made picture\n", "size        640 x 480, Rgb\n", "radius      8\n"]
    {
        assert!(report.contains(words), "{words:?} is not in {report}");
    }
    let output = report.lines().find_map(|line| line.strip_prefix("output      ")).unwrap();
    let output = output.trim_matches('"');
    let picture = Picture::read(output);
    assert_eq!((picture.width, picture.height), (640, 480));
    fs::remove_file(output).unwrap();
}

#[test]
fn bad_files_are_refused() {
    let dir = Dir::new();
    let (good, output) = (dir.path("good.png"), dir.path("out.png"));
    Picture::noise(ColorType::Rgb, 20, 20).write(&good);
    let whole = fs::read(&good).unwrap();
    for length in [0, 7, 20, 40, whole.len() / 2] {
        let cut = dir.file("cut.png", &whole[..length]);
        BOX_BLUR.fail(&[&cut, &output], &["cut.png"]);
    }
    let text = dir.file("text.png", b"no picture at all, but a line of text");
    BOX_BLUR.fail(&[&text, &output], &["text.png", "signature"]);
    let huge = dir.path("huge.png");
    let encoder = Encoder::new(File::create(&huge).unwrap(), 1_000_000, 2_000_000);
    encoder.write_header().unwrap().write_chunk(png::chunk::IDAT, &[0; 99]).unwrap();
    BOX_BLUR.fail(&[&huge, &output], &["huge.png", "1000000 x 2000000 pixels do not fit into"]);
    BOX_BLUR.fail(&[&dir.path("none.png"), &output], &["none.png", "No such file"]);
    BOX_BLUR.fail(&[&dir.path(""), &output], &["not a regular file"]);
    BOX_BLUR.fail(&[&good, &dir.path("none/out.png")], &["none/out.png", "No such file"]);
    BOX_BLUR.fail(&[&good, &dir.path("")], &["not a regular file"]);
    assert_eq!(dir.names(), ["cut.png", "good.png", "huge.png", "text.png"]);

    // A picture may be replaced by its blur, and stays whole when that fails.
    BOX_BLUR.succeed(&[&good, &good]);
    let kept = fs::read(&good).unwrap();
    BOX_BLUR.fail(&[&text, &good], &["text.png"]);
    assert_eq!(fs::read(&good).unwrap(), kept);
    assert!(!Path::new(&output).exists());
}

#[test]
fn wrong_arguments_are_refused() {
    assert!(BOX_BLUR.succeed(&["--help"]).contains("usage: box_blur [INPUT.png OUTPUT.png]"));
    BOX_BLUR.fail(&["in.png"], &["in.png", "where is the output"]);
    BOX_BLUR.fail(&["in.png", "out.png", "more.png"], &["more.png"]);
    BOX_BLUR.fail(&["--radius"], &["--radius needs a value"]);
    for radius in ["", "-1", "1.5", "wide", "99999999999999999999"] {
        BOX_BLUR.fail(&["--radius", radius], &["--radius", &format!("{radius:?}"), "pixels"]);
    }
    BOX_BLUR.fail(&["--backend", "sse9"], &["--backend", "sse9", "scalar"]);
    BOX_BLUR.fail(&["--sigma", "3"], &["unknown option", "--sigma"]);
    BOX_BLUR.fail(&["-x"], &["unknown option", "-x"]);
    let output = BOX_BLUR.command(&[]).env("LANESUM_BACKEND", "sse9").output().unwrap();
    BOX_BLUR.refused(&output, &["LANESUM_BACKEND", "sse9", "scalar"]);
}
