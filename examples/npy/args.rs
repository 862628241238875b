//! The command line: what is asked for.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

use lanesum::Summation;
use lanesum_examples::{Result, value_of};

use crate::dtype::{Dtype, Kind};

pub(crate) const USAGE: &str = "\
The cumulative sum of a NumPy file, a.cumsum(), timed beside a plain loop.

usage: npy [INPUT.npy] [OPTION ..]

  INPUT.npy          bool, int8 .. int64, uint8 .. uint64, float16 .. float64, complex64 or
                     complex128, in either byte order and of any shape; without it, four years
                     of rain in Seattle (examples/data)
  --axis N           sum along this axis, a.cumsum(axis=N); -1 is the last one (none: the
                     array is flattened, in C order)
  --dtype NAME       cast to this dtype first, int8 .. complex128, and sum in it (NumPy's
                     choice: int64 for bool and signed integers, uint64 for unsigned ones,
                     all others as they are)
  --order NAME       in which order floats are added: blocked (fast and accurate, the default),
                     sequential (NumPy's own bits) or compensated (twice the precision)
  --exclusive        leave each element out of its own sum
  --include-initial  one sum more: the initial value, or zero, comes first
  --initial V        begin with V: a whole number if the sums are integers, and a real one if
                     they are floats or complex
  --reverse          sum from the far end
  --skip-nan         NaN counts as zero, np.nancumsum(a)
  --checked          fail, and say where, if a sum of integers does not fit the dtype
  --output PATH      write the sums to this .npy file
  --backend NAME     use these instructions: avx512, avx2, neon or scalar (the best there are)
  --help             print this

It prints one line and ends with code 2 if it cannot do that, and shows on a terminal how far it
is if that takes more than a second.
";

/// The data set for those who bring none.
const DATA_SET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/seattle-precipitation.npy");

const ORDERS: [(&str, Summation); 3] = [
    ("blocked", Summation::Blocked),
    ("sequential", Summation::Sequential),
    ("compensated", Summation::Compensated),
];

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
    pub(crate) exclusive: bool,
    pub(crate) include_initial: bool,
    /// As it was written.
    initial: Option<String>,
    pub(crate) reverse: bool,
    pub(crate) skip_nan: bool,
    pub(crate) checked: bool,
}

/// The value to begin with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Initial {
    Int(i128),
    Float(f64),
}

impl Request {
    pub(crate) fn input(&self) -> &Path {
        self.input.as_deref().unwrap_or(Path::new(DATA_SET))
    }

    /// The value to begin with, which has to be one of the dtype, but for the rounding of floats.
    pub(crate) fn initial(&self, dtype: Dtype) -> Result<Option<Initial>> {
        let Some(text) = &self.initial else { return Ok(None) };
        let value = match (dtype.range(), dtype.kind()) {
            (Some((least, largest)), _) => {
                let number = text.parse().ok().filter(|number| (least..=largest).contains(number));
                number.map(Initial::Int)
            }
            _ => text.parse().ok().map(Initial::Float),
        };
        let real = if dtype.kind() == Kind::Complex { "real " } else { "" };
        let error = || format!("--initial: {text:?} is no {real}number of {dtype}").into();
        value.map(Some).ok_or_else(error)
    }

    /// The names of what is asked for besides.
    fn options(&self) -> Vec<String> {
        let flags = [
            (self.exclusive, "exclusive"),
            (self.include_initial, "include-initial"),
            (self.reverse, "reverse"),
            (self.skip_nan, "skip-nan"),
            (self.checked, "checked"),
        ];
        let flags = flags.iter().filter(|(is_set, _)| *is_set).map(|(_, name)| (*name).to_owned());
        flags.chain(self.initial.iter().map(|value| format!("initial {value}"))).collect()
    }

    /// Whether a plain loop would not do.
    pub(crate) fn has_options(&self) -> bool {
        !self.options().is_empty()
    }
}

/// The lines of the report that say what was asked for.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let axis = self.axis.map_or("none: flattened".to_owned(), |axis| axis.to_string());
        writeln!(f, "axis        {axis}")?;
        writeln!(f, "order       {}", order_name(self.order))?;
        let options = self.options();
        let options = if options.is_empty() { "none".to_owned() } else { options.join(", ") };
        writeln!(f, "options     {options}")
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
            Some("--exclusive") => request.exclusive = true,
            Some("--include-initial") => request.include_initial = true,
            Some("--initial") => request.initial = Some(value()?.to_string_lossy().into_owned()),
            Some("--reverse") => request.reverse = true,
            Some("--skip-nan") => request.skip_nan = true,
            Some("--checked") => request.checked = true,
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
    let names = ORDERS.map(|(known, _)| known).join(", ");
    found
        .map(|&(_, order)| order)
        .ok_or_else(|| format!("--order: {name:?} is none of {names}").into())
}

fn order_name(order: Summation) -> &'static str {
    ORDERS.iter().find(|(_, known)| *known == order).map_or("unknown", |(name, _)| name)
}
