//! The command line: what is asked for.

use std::ffi::OsString;
use std::path::PathBuf;

use lanesum_examples::{Result, value_of};

pub(crate) const USAGE: &str = "\
Blurs a picture with a box, by a summed-area table: the time does not depend on the radius.

usage: box_blur [INPUT.png OUTPUT.png] [--radius R] [--backend NAME]

  INPUT.png        gray or RGB, with or without alpha; palettes become RGB, 16 bits become 8,
                   and of an animation the first picture is taken
  OUTPUT.png       where to write; without the two, a picture is made, and its blur written
                   beside the program
  --radius R       each pixel becomes the mean of the 2 R + 1 by 2 R + 1 around it, as far as
                   those lie in the picture (8)
  --backend NAME   use these instructions: avx512, avx2, neon or scalar (the best there are)
  --help           print this
";

/// What is asked for.
#[derive(Debug)]
pub(crate) struct Request {
    /// Where to read and where to write; `None` is the made picture.
    pub(crate) files: Option<(PathBuf, PathBuf)>,
    pub(crate) radius: usize,
    /// `None` is lanesum's choice.
    pub(crate) backend: Option<String>,
}

/// Reads the arguments; `None` asks for help.
pub(crate) fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Option<Request>> {
    let mut request = Request { files: None, radius: 8, backend: None };
    let (mut input, mut output) = (None, None);
    while let Some(arg) = args.next() {
        let mut value = || value_of(&arg, args.next());
        match arg.to_str() {
            Some("--help" | "-h") => return Ok(None),
            Some("--radius") => {
                let radius = value()?;
                let number = radius.to_str().and_then(|text| text.parse().ok());
                request.radius = number
                    .ok_or_else(|| format!("--radius: {radius:?} is not a number of pixels"))?;
            }
            Some("--backend") => request.backend = Some(value()?.to_string_lossy().into_owned()),
            Some(option) if option.starts_with('-') => {
                return Err(format!("unknown option {option:?}; --help lists them").into());
            }
            _ if input.is_none() => input = Some(PathBuf::from(arg)),
            _ if output.is_none() => output = Some(PathBuf::from(arg)),
            _ => return Err(format!("{arg:?}: there are an input and an output already").into()),
        }
    }
    if let (Some(input), None) = (&input, &output) {
        return Err(format!("{input:?} is the input, and where is the output to go?").into());
    }
    request.files = input.zip(output);
    Ok(Some(request))
}
