//! The dtypes: their names, which are NumPy's, and the way from a name to a Rust type.

use std::fmt;

use bytemuck::Pod;
use half::f16;
use lanesum::Input;
use num_complex::Complex;

/// What an element is summed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Uint,
    Float,
    Complex,
}

/// A Rust type that is a dtype.
pub(crate) trait Number: Input + Pod {
    /// The number as it is shown: as Python shows it.
    fn text(self) -> String;
}

macro_rules! dtypes {
    ($($Name:ident $name:literal $Kind:ident $Type:ty, $codes:literal;)*) => {
        /// A number that lanesum sums, and sums in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Dtype {
            $($Name,)*
        }

        impl Dtype {
            const ALL: &[Self] = &[$(Self::$Name),*];

            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$Name => $name,)* }
            }

            pub(crate) fn kind(self) -> Kind {
                match self { $(Self::$Name => Kind::$Kind,)* }
            }

            /// The bytes of an element.
            pub(crate) fn size(self) -> usize {
                match self { $(Self::$Name => size_of::<$Type>(),)* }
            }

            /// What else NumPy calls it.
            fn codes(self) -> &'static str {
                match self { $(Self::$Name => $codes,)* }
            }
        }
    };
}

// The codes are those of `np.dtype` on 64-bit Unix, where C's `long` has 64 bits.
dtypes! {
    Int8 "int8" Int i8, "i1 b byte";
    Int16 "int16" Int i16, "i2 h short";
    Int32 "int32" Int i32, "i4 i intc";
    Int64 "int64" Int i64, "i8 l q p n int int_ intp long longlong";
    Uint8 "uint8" Uint u8, "u1 B ubyte";
    Uint16 "uint16" Uint u16, "u2 H ushort";
    Uint32 "uint32" Uint u32, "u4 I uintc";
    Uint64 "uint64" Uint u64, "u8 L Q P N uint uintp ulong ulonglong";
    Float16 "float16" Float f16, "f2 e half";
    Float32 "float32" Float f32, "f4 f single";
    Float64 "float64" Float f64, "f8 d float double";
    Complex64 "complex64" Complex Complex<f32>, "c8 F csingle";
    Complex128 "complex128" Complex Complex<f64>, "c16 D complex cdouble";
}

/// Evaluates an expression with `$T` as the Rust type of a [`Dtype`].
macro_rules! with_type {
    ($dtype:expr, $T:ident => $body:expr) => {
        with_type!(@ $dtype, $T => $body;
            Int8 i8, Int16 i16, Int32 i32, Int64 i64,
            Uint8 u8, Uint16 u16, Uint32 u32, Uint64 u64,
            Float16 half::f16, Float32 f32, Float64 f64,
            Complex64 num_complex::Complex<f32>, Complex128 num_complex::Complex<f64>)
    };
    (@ $dtype:expr, $T:ident => $body:expr; $($Name:ident $Type:ty),*) => {
        match $dtype {
            $($crate::dtype::Dtype::$Name => {
                type $T = $Type;
                $body
            })*
        }
    };
}
pub(crate) use with_type;

macro_rules! real {
    ($($T:ty)*) => {
        $(impl Number for $T {
            fn text(self) -> String {
                format!("{self:?}")
            }
        })*
    };
}
real!(i8 i16 i32 i64 u8 u16 u32 u64 f16 f32 f64);

macro_rules! complex {
    ($($T:ty)*) => {
        $(impl Number for Complex<$T> {
            fn text(self) -> String {
                let Self { re, im } = self;
                let sign = if im.is_sign_negative() && !im.is_nan() { "" } else { "+" };
                format!("({re:?}{sign}{im:?}j)")
            }
        })*
    };
}
complex!(f32 f64);

impl Dtype {
    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|dtype| dtype.name() == name).copied()
    }

    /// All names, for messages.
    pub(crate) fn names() -> String {
        let names: Vec<&str> = Self::ALL.iter().map(|dtype| dtype.name()).collect();
        names.join(", ")
    }

    /// What a header calls it on this machine: `<f8` and the like.
    pub(crate) fn descr(self) -> String {
        let order = match self.size() {
            1 => '|',
            _ if IS_BIG_ENDIAN => '>',
            _ => '<',
        };
        let letter = match self.kind() {
            Kind::Int => 'i',
            Kind::Uint => 'u',
            Kind::Float => 'f',
            Kind::Complex => 'c',
        };
        format!("{order}{letter}{}", self.size())
    }

    /// The least and the largest value, of integers.
    pub(crate) fn range(self) -> Option<(i128, i128)> {
        let values = 1i128 << (8 * self.size().min(8));
        match self.kind() {
            Kind::Int => Some((-values / 2, values / 2 - 1)),
            Kind::Uint => Some((0, values - 1)),
            Kind::Float | Kind::Complex => None,
        }
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

const IS_BIG_ENDIAN: bool = cfg!(target_endian = "big");

/// What a file holds: numbers, or truth values that count as 0 and 1 and are never summed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    /// `None` is bool.
    number: Option<Dtype>,
    /// Whether the bytes are in the other order than this machine's.
    pub(crate) is_swapped: bool,
}

impl Stored {
    /// What the elements are of a file whose header has this descr, or a line that says why they are
    /// not summed.
    pub(crate) fn of_descr(descr: &str) -> Result<Self, String> {
        let code = descr.strip_prefix(['<', '>', '=', '|']).unwrap_or(descr);
        let is_swapped = descr.starts_with(if IS_BIG_ENDIAN { '<' } else { '>' });
        let is_bool = ["?", "b1", "bool", "bool_"].contains(&code);
        let number = Dtype::ALL.iter().find(|dtype| {
            dtype.name() == code || dtype.codes().split(' ').any(|known| known == code)
        });
        if is_bool || number.is_some() {
            return Ok(Self { number: number.copied(), is_swapped });
        }
        Err(refusal(&format!("'{}'", descr.escape_debug()), what_it_is(code)))
    }

    /// The line for a dtype that is no string.
    pub(crate) fn structured(descr: &str) -> String {
        const SHOWN: usize = 60;
        let mut text: String = descr.chars().take(SHOWN).collect();
        if text.len() < descr.len() {
            text += "..";
        }
        refusal(&text.escape_debug().to_string().replace("\\'", "'"), STRUCTURED)
    }

    /// NumPy's choice of what to sum in.
    pub(crate) fn sum(self) -> Dtype {
        match self.number {
            None => Dtype::Int64,
            Some(dtype) => match dtype.kind() {
                Kind::Int => Dtype::Int64,
                Kind::Uint => Dtype::Uint64,
                Kind::Float | Kind::Complex => dtype,
            },
        }
    }

    pub(crate) fn is_bool(self) -> bool {
        self.number.is_none()
    }

    /// The number that has the bytes of an element.
    pub(crate) fn number(self) -> Dtype {
        self.number.unwrap_or(Dtype::Uint8)
    }
}

impl fmt::Display for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.number.map_or("bool", Dtype::name))
    }
}

const STRUCTURED: &str = "it is structured; sum one of its fields, a['name']";

fn refusal(dtype: &str, reason: &str) -> String {
    let names = Dtype::names();
    format!("dtype {dtype} is not supported: {reason} (those that are: bool, {names})")
}

/// Why a dtype without its byte order is not summed.
fn what_it_is(code: &str) -> &'static str {
    // `S3`, `datetime64[ns]`: what follows a letter is a number, a unit in brackets, or both.
    let name = code.split('[').next().unwrap_or(code);
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    match name {
        _ if code.contains(',') => STRUCTURED,
        "M" | "datetime" => {
            "it holds times, which have no sum; their steps, np.diff(a), are durations"
        }
        "m" | "timedelta" => "it holds durations; sum a.view('int64')",
        "S" | "a" | "U" | "T" | "str" | "str_" | "bytes" | "bytes_" | "StringDType()" => {
            "it holds strings"
        }
        "O" | "object" | "object_" => "it holds Python objects",
        "V" | "void" => "it holds raw bytes",
        "g" | "longdouble" | "float" | "f" => "it is no float of 16, 32 or 64 bits",
        "G" | "clongdouble" | "complex" | "c" => "it is no complex number of 64 or 128 bits",
        "i" | "u" | "int" | "uint" => "it is no integer of 8, 16, 32 or 64 bits",
        _ => "it is none of NumPy's",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With `np.dtype` these are the same.
    #[test]
    fn every_name_of_numpy_is_known() {
        for (name, codes, sum) in [
            ("bool", "|b1 b1 ? |? =? bool bool_ <b1 >b1", "int64"),
            ("int8", "|i1 i1 b byte int8 <i1", "int64"),
            ("int16", "<i2 i2 =i2 h short int16 >i2 >h", "int64"),
            ("int32", "<i4 i4 =i4 i intc int32 >i4", "int64"),
            ("int64", "<i8 i8 =i8 l q p int intp long longlong int64 >i8", "int64"),
            ("uint8", "|u1 u1 B ubyte uint8", "uint64"),
            ("uint16", "<u2 u2 =u2 H ushort uint16 >u2", "uint64"),
            ("uint32", "<u4 u4 =u4 I uintc uint32 >u4", "uint64"),
            ("uint64", "<u8 u8 =u8 L Q P uint uintp ulong ulonglong uint64 >u8", "uint64"),
            ("float16", "<f2 f2 =f2 |f2 e half float16 >f2", "float16"),
            ("float32", "<f4 f4 =f4 f single float32 >f4", "float32"),
            ("float64", "<f8 f8 =f8 d float double float64 >f8", "float64"),
            ("complex64", "<c8 c8 =c8 F csingle complex64 >c8", "complex64"),
            ("complex128", "<c16 c16 =c16 D complex cdouble complex128 >c16", "complex128"),
        ] {
            for code in codes.split(' ') {
                let stored = Stored::of_descr(code).unwrap();
                assert_eq!((&stored.to_string()[..], stored.sum().name()), (name, sum), "{code}");
                assert_eq!(stored.is_bool(), name == "bool");
                let order = if IS_BIG_ENDIAN { '<' } else { '>' };
                assert_eq!(stored.is_swapped, code.starts_with(order), "{code}");
            }
        }
    }

    #[test]
    fn what_is_written_is_known() {
        for &dtype in Dtype::ALL {
            let stored = Stored::of_descr(&dtype.descr()).unwrap();
            assert_eq!(stored, Stored { number: Some(dtype), is_swapped: false });
            assert_eq!(Dtype::by_name(dtype.name()), Some(dtype));
        }
    }

    #[test]
    fn ranges_are_those_of_the_types() {
        assert_eq!(Dtype::Int8.range(), Some((-128, 127)));
        assert_eq!(Dtype::Uint16.range(), Some((0, 65535)));
        assert_eq!(Dtype::Int64.range(), Some((i64::MIN.into(), i64::MAX.into())));
        assert_eq!(Dtype::Uint64.range(), Some((0, u64::MAX.into())));
        assert_eq!(Dtype::Float16.range(), None);
        assert_eq!(Dtype::Complex128.range(), None);
    }

    #[test]
    fn all_others_are_refused_by_their_name() {
        for (reason, codes) in [
            ("it holds times", "<M8[ns] >M8[D] M8 datetime64[25s] datetime64 M"),
            ("it holds durations", "<m8[ns] m8[D] m8 timedelta64[us] timedelta64 m"),
            ("it holds strings", "<U3 |S10 S a7 U str bytes_ T16"),
            ("it holds Python objects", "|O O8 object"),
            ("it holds raw bytes", "|V8 V void"),
            ("no float of", "<f16 f1 f7 float128 float96 g longdouble >f12"),
            ("no complex number of", "<c32 c4 complex256 G clongdouble"),
            ("no integer of", "<i16 u3 int128 i0"),
            ("it is structured", "i4,f8 <f8,"),
            ("none of NumPy's", "quatsch <<f8 f8< 8i f8x x\n"),
        ] {
            for code in codes.split(' ') {
                let error = Stored::of_descr(code).map_err(|error| error.replace('\n', "\\n"));
                let error = error.err().unwrap_or_default();
                let begin = format!("dtype '{}' is not supported: ", code.escape_debug());
                assert!(error.starts_with(&begin) && error.contains(reason), "{code}: {error}");
            }
        }
        let fields = format!("[{}]", "('\u{e4}', '<f8'), ".repeat(20));
        let error = Stored::structured(&fields);
        assert!(
            error.starts_with("dtype [('\u{e4}', '<f8'), ") && error.contains(".. is not"),
            "{error}"
        );
        assert!(error.len() < 400 && error.contains("structured"), "{error}");
    }
}
