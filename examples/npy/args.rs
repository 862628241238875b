//! The command line: what is asked for.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use lanesum::Summation;

use crate::dtype::Dtype;
use lanesum_examples::{Result, value_of};

pub(crate) const USAGE: &str = "\
The cumulative sum of a NumPy file, a.cumsum(), timed beside a plain loop.

usage: npy [INPUT.npy] [--axis N] [--dtype NAME] [--order NAME] [--output OUT.npy]
           [--backend NAME]

  INPUT.npy        bool, int8 .. int64, uint8 .. uint64, float32 or float64, of any shape;
                   without it, four years of rain in Seattle (examples/data)
  --axis N         sum along this axis, a.cumsum(axis=N); -1 is the last one (none: the
                   array is flattened, in C order)
  --dtype NAME     sum in this dtype, int8 .. float64 (NumPy's choice: int64 for bool and
                   signed integers, uint64 for unsigned ones, floats as they are)
  --order NAME     in which order floats are added: blocked (fast and accurate, the default)
                   or sequential (NumPy's own bits)
  --output PATH    write the sums to this .npy file
  --backend NAME   use these instructions: avx512, avx2, neon or scalar (the best there are)
  --help           print this
";

/// The data set for those who bring none.
const DATA_SET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/seattle-precipitation.npy");

const ORDERS: [(&str, Summation); 2] =
    [("blocked", Summation::Blocked), ("sequential", Summation::Sequential)];

/// What is asked for.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// `None` is the data set.
    input: Option<PathBuf>,
    pub(crate) output: Option<PathBuf>,
    /// `None` is the flattened array.
    pub(crate) axis: Option<isize>,
    /// `None` is NumPy's choice.
    pub(crate) dtype: Option<Dtype>,
    pub(crate) order: Summation,
    /// `None` is lanesum's choice.
    pub(crate) backend: Option<String>,
}

impl Request {
    pub(crate) fn input(&self) -> &Path {
        self.input.as_deref().unwrap_or(Path::new(DATA_SET))
    }
}

/// Reads the arguments; `None` asks for help.
pub(crate) fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Option<Request>> {
    let mut request = Request::default();
    while let Some(arg) = args.next() {
        let mut value = || value_of(&arg, args.next());
        match arg.to_str() {
            Some("--help" | "-h") => return Ok(None),
            Some("--output") => request.output = Some(value()?.into()),
            Some("--axis") => request.axis = Some(axis_number(&value()?)?),
            Some("--dtype") => request.dtype = Some(dtype_named(&value()?)?),
            Some("--order") => request.order = order_named(&value()?)?,
            Some("--backend") => request.backend = Some(value()?.to_string_lossy().into_owned()),
            Some(option) if option.starts_with('-') => {
                return Err(format!("unknown option {option:?}; --help lists them").into());
            }
            _ if request.input.is_some() => {
                return Err(format!("{arg:?}: there is an input already").into());
            }
            _ => request.input = Some(arg.into()),
        }
    }
    Ok(Some(request))
}

fn axis_number(text: &OsStr) -> Result<isize> {
    let number = text.to_str().and_then(|text| text.parse().ok());
    number.ok_or_else(|| format!("--axis: {text:?} is not the number of an axis").into())
}

fn dtype_named(name: &OsStr) -> Result<Dtype> {
    let found = name.to_str().and_then(Dtype::by_name);
    found.ok_or_else(|| format!("--dtype: {name:?} is none of {}", Dtype::names()).into())
}

fn order_named(name: &OsStr) -> Result<Summation> {
    let found = ORDERS.iter().find(|(known, _)| name == *known);
    let [(first, _), (second, _)] = ORDERS;
    found
        .map(|&(_, order)| order)
        .ok_or_else(|| format!("--order: {name:?} is neither {first} nor {second}").into())
}

pub(crate) fn order_name(order: Summation) -> &'static str {
    ORDERS.iter().find(|(_, known)| *known == order).map_or("unknown", |(name, _)| name)
}
