//! Lists of types, and tests for each type of a list.

/// `elements!(name! a b c)` is `name! { a b c; f32 f64 i8 .. }`: the plain numbers of up to 64 bits.
#[macro_export]
macro_rules! elements {
    ($name:ident! $($before:tt)*) => {
        $name! { $($before)*; f32 f64 i8 i16 i32 i64 u8 u16 u32 u64 }
    };
}

/// As [`elements!`], with `bool`.
#[macro_export]
macro_rules! inputs {
    ($name:ident! $($before:tt)*) => {
        $name! { $($before)*; bool f32 f64 i8 i16 i32 i64 u8 u16 u32 u64 }
    };
}

/// As [`elements!`], with the integers alone.
#[macro_export]
macro_rules! integers {
    ($name:ident! $($before:tt)*) => {
        $name! { $($before)*; i8 i16 i32 i64 u8 u16 u32 u64 }
    };
}

/// As [`elements!`], with the two floats alone.
#[macro_export]
macro_rules! floats {
    ($name:ident! $($before:tt)*) => {
        $name! { $($before)*; f32 f64 }
    };
}

/// As [`elements!`], with the types that are no plain numbers of up to 64 bits.
#[macro_export]
macro_rules! others {
    ($name:ident! $($before:tt)*) => {
        $name! {
            $($before)*;
            i128 u128 w16 bool
            #[cfg(feature = "half")] f16
            #[cfg(feature = "half")] bf16
            #[cfg(feature = "complex")] c64
            #[cfg(feature = "complex")] c128
        }
    };
}

/// As [`elements!`], with one type of each kind.
#[macro_export]
macro_rules! kinds {
    ($name:ident! $($before:tt)*) => {
        $name! {
            $($before)*;
            f32 f64 i8 i32 u64
            #[cfg(feature = "half")] f16
            #[cfg(feature = "half")] bf16
            #[cfg(feature = "complex")] c128
        }
    };
}

/// `tests!(elements: a b)` is a module of tests `a`, in which the function `a` is called for each type, and such a
/// module `b`.
#[macro_export]
macro_rules! tests {
    ($types:ident: $($test:ident)*) => {
        $($types!(tests! @ $test);)*
    };
    (@ $test:ident; $($(#[$cfg:meta])? $T:ident)*) => {
        mod $test {
            #[allow(unused_imports)]
            use $crate::types::names::*;

            $($(#[$cfg])?
            #[test]
            fn $T() {
                super::$test::<$T>();
            })*
        }
    };
}
