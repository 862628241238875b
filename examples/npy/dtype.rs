//! The dtypes by NumPy's names, and the way from a name to a Rust type.

use std::fmt;

use npyz::{AutoSerialize, DType, TypeChar};

macro_rules! dtypes {
    ($($Name:ident $name:literal)*) => {
        /// A number that lanesum sums, and sums in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Dtype {
            $($Name,)*
        }

        impl Dtype {
            const NAMED: &[(&str, Self)] = &[$(($name, Self::$Name)),*];
        }
    };
}

dtypes! {
    Int8 "int8"
    Int16 "int16"
    Int32 "int32"
    Int64 "int64"
    Uint8 "uint8"
    Uint16 "uint16"
    Uint32 "uint32"
    Uint64 "uint64"
    Float32 "float32"
    Float64 "float64"
}

/// Evaluates an expression with `$T` as the Rust type of a [`Dtype`].
macro_rules! with_type {
    ($dtype:expr, $T:ident => $body:expr) => {
        with_type!(@ $dtype, $T => $body;
            Int8 i8, Int16 i16, Int32 i32, Int64 i64,
            Uint8 u8, Uint16 u16, Uint32 u32, Uint64 u64,
            Float32 f32, Float64 f64)
    };
    (@ $dtype:expr, $T:ident => $body:expr; $($Name:ident $Type:ident),*) => {
        match $dtype {
            $($crate::dtype::Dtype::$Name => {
                type $T = $Type;
                $body
            })*
        }
    };
}
pub(crate) use with_type;

impl Dtype {
    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(known, _)| *known == name).map(|&(_, dtype)| dtype)
    }

    /// The dtype that NumPy has for `T`.
    pub(crate) fn of<T: AutoSerialize>() -> Self {
        Self::by_name(&numpy_name(&T::default_dtype())).expect("every element type is a dtype")
    }

    /// All names, for messages.
    pub(crate) fn names() -> String {
        let names: Vec<&str> = Self::NAMED.iter().map(|&(name, _)| name).collect();
        names.join(", ")
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = Self::NAMED.iter().find(|(_, dtype)| dtype == self);
        f.write_str(named.map_or("unknown", |(name, _)| name))
    }
}

/// What a file holds: numbers, or truth values that count as 0 and 1 and are never summed in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stored {
    Bool,
    Number(Dtype),
}

impl Stored {
    /// The dtype of a file's elements, or a line that says which those can be.
    pub(crate) fn of_file(dtype: &DType) -> Result<Self, String> {
        let name = numpy_name(dtype);
        match Dtype::by_name(&name) {
            Some(number) => Ok(Self::Number(number)),
            None if name == "bool" => Ok(Self::Bool),
            None => {
                let names = Dtype::names();
                Err(format!("dtype {name} is not supported; those that are: bool, {names}"))
            }
        }
    }
}

impl fmt::Display for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Number(dtype) => dtype.fmt(f),
        }
    }
}

/// `float64` for `<f8`; what the file says, `'|S3'`, for what is no number.
fn numpy_name(dtype: &DType) -> String {
    if let DType::Plain(plain) = dtype {
        let bits = 8 * u128::from(plain.size_field());
        match plain.type_char() {
            TypeChar::Bool => return "bool".to_owned(),
            TypeChar::Int => return format!("int{bits}"),
            TypeChar::Uint => return format!("uint{bits}"),
            TypeChar::Float => return format!("float{bits}"),
            TypeChar::Complex => return format!("complex{bits}"),
            _ => {}
        }
    }
    dtype.descr()
}
