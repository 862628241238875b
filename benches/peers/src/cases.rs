//! What is summed, by whom: the cases, the peers, and the forms of a sum.

use std::fmt;

/// The types of input and output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Types {
    F64,
    F32,
    I64,
    I32,
    I16,
    I8,
    /// `i8` to `i64`, which is what NumPy makes of an `i8` array that it is told nothing about.
    Widen,
}

impl Types {
    pub(crate) const ALL: [Self; 7] =
        [Self::F64, Self::F32, Self::I64, Self::I32, Self::I16, Self::I8, Self::Widen];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::F64 => "f64",
            Self::F32 => "f32",
            Self::I64 => "i64",
            Self::I32 => "i32",
            Self::I16 => "i16",
            Self::I8 => "i8",
            Self::Widen => "i8-i64",
        }
    }

    /// The bytes that are read and written for an element.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::F64 | Self::I64 => 16,
            Self::F32 | Self::I32 => 8,
            Self::I16 => 4,
            Self::I8 => 2,
            Self::Widen => 9,
        }
    }
}

/// Who sums, or does what a sum is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Peer {
    Memcpy,
    Memset,
    Stream,
    Lanesum,
    Cpp,
    Naive,
    Ndarray,
    Numba,
    Numpy,
    Torch,
    Polars,
    Arrow,
}

impl Peer {
    pub(crate) const ALL: [Self; 12] = [
        Self::Memcpy,
        Self::Memset,
        Self::Stream,
        Self::Lanesum,
        Self::Cpp,
        Self::Naive,
        Self::Ndarray,
        Self::Numba,
        Self::Numpy,
        Self::Torch,
        Self::Polars,
        Self::Arrow,
    ];

    /// What tables and charts call it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Memcpy => "memcpy",
            Self::Memset => "memset",
            Self::Stream => "stream copy",
            Self::Lanesum => "lanesum",
            Self::Cpp => "C++ inscan",
            Self::Naive => "plain loop",
            Self::Ndarray => "ndarray",
            Self::Numba => "numba",
            Self::Numpy => "NumPy",
            Self::Torch => "PyTorch",
            Self::Polars => "Polars",
            Self::Arrow => "Arrow",
        }
    }

    /// What the command line and `worker.py` call it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::Cpp => "cpp",
            Self::Naive => "naive",
            Self::Numpy => "numpy",
            Self::Torch => "torch",
            Self::Polars => "polars",
            Self::Arrow => "arrow",
            Self::Memcpy | Self::Memset | Self::Lanesum | Self::Ndarray | Self::Numba => {
                self.title()
            }
        }
    }

    /// Those that a run can do without.
    pub(crate) fn is_optional(self) -> bool {
        !matches!(self, Self::Memcpy | Self::Memset | Self::Lanesum)
    }

    /// The Python package that it is, as Python imports it.
    pub(crate) fn package(self) -> Option<&'static str> {
        match self {
            Self::Numba => Some("numba"),
            Self::Numpy => Some("numpy"),
            Self::Torch => Some("torch"),
            Self::Polars => Some("polars"),
            Self::Arrow => Some("pyarrow"),
            _ => None,
        }
    }

    /// Those that can only make a new array.
    pub(crate) fn always_allocates(self) -> bool {
        matches!(self, Self::Polars | Self::Arrow)
    }

    /// Those that sum nothing, but show what memory allows.
    pub(crate) fn is_yardstick(self) -> bool {
        matches!(self, Self::Memcpy | Self::Memset | Self::Stream)
    }
}

/// Where the sums go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// Into an array that exists.
    Out,
    /// Into one that the call makes.
    Fresh,
    InPlace,
}

impl Form {
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::Fresh => "fresh",
            Self::InPlace => "in-place",
        }
    }
}

pub(crate) type Contestant = (Peer, Form);

/// An array to be summed.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) types: Types,
    pub(crate) shape: Vec<usize>,
    /// `None` for a contiguous lane.
    pub(crate) axis: Option<usize>,
    /// The input in Fortran order. The output is in C order.
    pub(crate) fortran: bool,
    /// Timed in this form too.
    pub(crate) fresh: bool,
    pub(crate) in_place: bool,
    /// A size that the chart is to have, and that the first table can do without.
    pub(crate) between: bool,
}

impl Case {
    fn lane(types: Types, len: usize) -> Self {
        Self {
            types,
            shape: vec![len],
            axis: None,
            fortran: false,
            fresh: false,
            in_place: false,
            between: false,
        }
    }

    pub(crate) fn elements(&self) -> usize {
        self.shape.iter().product()
    }

    /// The bytes that are read and written.
    pub(crate) fn bytes(&self) -> usize {
        self.elements() * self.types.bytes()
    }

    /// What times are divided by.
    pub(crate) fn yardstick(&self) -> Peer {
        if self.types == Types::Widen { Peer::Memset } else { Peer::Memcpy }
    }

    /// One lane of one type: a row of the tables of lanes.
    pub(crate) fn is_lane(&self) -> bool {
        self.axis.is_none() && self.types != Types::Widen
    }

    /// `1000 x 1000`
    pub(crate) fn extents(&self, between: &str) -> String {
        self.shape.iter().map(usize::to_string).collect::<Vec<_>>().join(between)
    }

    /// In turns, those of these peers that sum such an array, each in its forms.
    pub(crate) fn contestants(&self, peers: &[Peer]) -> Vec<Contestant> {
        let mut contestants = Vec::new();
        for &peer in peers {
            let (out, fresh, in_place) = match peer {
                Peer::Memset => (self.types == Types::Widen, false, false),
                Peer::Memcpy | Peer::Stream => (self.types != Types::Widen, false, false),
                Peer::Lanesum | Peer::Numpy | Peer::Torch => (true, self.fresh, self.in_place),
                Peer::Naive | Peer::Ndarray => (true, false, self.in_place),
                Peer::Cpp | Peer::Numba => (self.axis.is_none(), false, self.in_place),
                // It sums these in `i64`, and in nothing else.
                Peer::Polars if matches!(self.types, Types::I8 | Types::I16) => {
                    (false, false, false)
                }
                Peer::Polars | Peer::Arrow => (false, self.axis.is_none(), false),
            };
            let forms = [(Form::Out, out), (Form::Fresh, fresh), (Form::InPlace, in_place)];
            contestants.extend(forms.iter().filter(|form| form.1).map(|form| (peer, form.0)));
        }
        contestants
    }
}

/// The name by which `--cases` finds it: `lane/f64/1Ki`, `axes/1000x1000/f64/axis0`.
impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let types = self.types.name();
        match self.axis {
            None => write!(f, "lane/{types}/{}", Size(self.shape[0])),
            Some(axis) => {
                let layout = if self.fortran { "/fortran" } else { "" };
                write!(f, "axes/{}/{types}{layout}/axis{axis}", self.extents("x"))
            }
        }
    }
}

/// A number of elements: `64`, `32Ki`, `64Mi`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size(pub(crate) usize);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            n if n >= 1 << 20 && n % (1 << 20) == 0 => write!(f, "{}Mi", n >> 20),
            n if n >= 1 << 10 && n % (1 << 10) == 0 => write!(f, "{}Ki", n >> 10),
            n => write!(f, "{n}"),
        }
    }
}

impl std::str::FromStr for Size {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (digits, shift) = match (text.strip_suffix("Ki"), text.strip_suffix("Mi")) {
            (Some(digits), _) => (digits, 10),
            (_, Some(digits)) => (digits, 20),
            _ => (text, 0),
        };
        // 2^40 bytes fit no memory, and their addresses every 64-bit integer.
        let elements = digits.parse::<usize>().ok().and_then(|n| n.checked_mul(1 << shift));
        match elements {
            Some(n) if (1..=1 << 36).contains(&n) => Ok(Self(n)),
            _ => Err("sizes are elements, as in 64, 32Ki or 64Mi"),
        }
    }
}

/// How much of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    Full,
    /// Smaller arrays.
    Quick,
    /// Tiny ones, to check the results.
    Test,
}

/// The sizes of the tables.
const SIZES: [usize; 4] = [1 << 10, 32 << 10, 1 << 20, 64 << 20];
/// Those between, for the chart.
const BETWEEN: [usize; 6] = [64, 512, 4 << 10, 256 << 10, 4 << 20, 16 << 20];
const WIDEN: usize = 1 << 20;

/// The arrays. Each is summed along each of its axes.
#[rustfmt::skip]
const ARRAYS: &[(Types, &[usize], bool)] = &[
    (Types::F64, &[64, 64], false),
    (Types::F64, &[1000, 1000], false),
    (Types::F32, &[1000, 1000], false),
    (Types::F64, &[1_000_000, 3], false),
    (Types::F32, &[1_000_000, 3], false),
    (Types::F64, &[1_000_000, 16], false),
    (Types::F64, &[256, 256, 256], false),
    (Types::F64, &[8192, 8192], false),
    (Types::F32, &[8192, 8192], false),
    (Types::F64, &[4096, 4096], true),
];

/// All cases, the lanes of one type after the other, then the axes.
pub(crate) fn all(scale: Scale, types: &[Types], sizes: &[Size]) -> Vec<Case> {
    let mut lens: Vec<usize> = match scale {
        _ if !sizes.is_empty() => sizes.iter().map(|size| size.0).collect(),
        Scale::Full => SIZES.iter().chain(&BETWEEN).copied().collect(),
        Scale::Quick => vec![64, 1 << 10, 8 << 10, 32 << 10, 1 << 20],
        // One call of no full block, one of a chunk and a bit, and one between.
        Scale::Test => vec![13, 1 << 10, 20_000],
    };
    lens.sort_unstable();
    lens.dedup();

    let mut cases = Vec::new();
    for &types in types.iter().filter(|types| **types != Types::Widen) {
        for &len in &lens {
            let between = scale == Scale::Full && sizes.is_empty() && BETWEEN.contains(&len);
            let in_place = Some(&len) == lens.last();
            cases.push(Case { fresh: !between, in_place, between, ..Case::lane(types, len) });
        }
    }
    if types.contains(&Types::Widen) {
        let len = if scale == Scale::Test { 20_000 } else { WIDEN };
        cases.push(Case { fresh: true, ..Case::lane(Types::Widen, len) });
    }
    for &(array, extents, fortran) in ARRAYS.iter().filter(|array| types.contains(&array.0)) {
        let most = |axis| match scale {
            Scale::Full => usize::MAX,
            Scale::Quick if extents.len() == 3 => 64,
            Scale::Quick => [if extents[1] < 64 { 10_000 } else { 1000 }, 1000][axis],
            Scale::Test => [133, 101, 37][axis],
        };
        let shape: Vec<usize> =
            extents.iter().enumerate().map(|(axis, &extent)| extent.min(most(axis))).collect();
        for axis in 0..shape.len() {
            let case = Case { axis: Some(axis), fortran, ..Case::lane(array, 0) };
            let case = Case { shape: shape.clone(), ..case };
            // Made smaller, two may be the same.
            if !cases.iter().any(|other: &Case| other.to_string() == case.to_string()) {
                cases.push(case);
            }
        }
    }
    cases
}
