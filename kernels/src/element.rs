//! [`Element`]: the types that users sum, sum in and write.

use core::fmt::Debug;

use crate::primitive::Primitive;

/// A type that can be summed, summed in, and written: `f32`, `f64`, and the integers of 8 to 64 bits.
///
/// Sealed: the kernels know these types and no others. Integers add modulo 2^n.
pub trait Element:
    stored::Stored + Copy + Default + PartialEq + Debug + Send + Sync + 'static
{
    /// The value that changes nothing when added to any other: `-0.0` for floats, zero for integers.
    const IDENTITY: Self;

    /// Whether sums are exact (modulo 2^n), so that they may be formed in any order: the integers.
    const EXACT: bool;

    /// The number of elements in a block of the [canonical order](crate::order).
    const BLOCK: usize;

    /// The sum of two elements, with one rounding for floats and modulo 2^n for integers.
    fn plus(self, other: Self) -> Self;

    /// `x` as this type, by the rules of `as`: floats to integers truncate and saturate, and NaN is 0.
    fn cast_from<T: Element>(x: T) -> Self;
}

pub(crate) mod stored {
    use bytemuck::Pod;

    use super::Primitive;

    /// What an element is in memory: what seals `Element`.
    pub trait Stored: Pod {
        type Storage: Primitive;

        fn to_storage(self) -> Self::Storage;
        fn storage(slice: &[Self]) -> &[Self::Storage];
        fn storage_mut(slice: &mut [Self]) -> &mut [Self::Storage];
    }
}

macro_rules! elements {
    ($($T:ident)*) => {
        $(
            impl stored::Stored for $T {
                type Storage = $T;

                #[inline(always)]
                fn to_storage(self) -> $T {
                    self
                }
                #[inline(always)]
                fn storage(slice: &[$T]) -> &[$T] {
                    slice
                }
                #[inline(always)]
                fn storage_mut(slice: &mut [$T]) -> &mut [$T] {
                    slice
                }
            }

            impl Element for $T {
                const IDENTITY: Self = <Self as Primitive>::IDENTITY;
                const EXACT: bool = <Self as Primitive>::EXACT;
                const BLOCK: usize = <Self as Primitive>::BLOCK;

                #[inline(always)]
                fn plus(self, other: Self) -> Self {
                    Primitive::plus(self, other)
                }
                #[inline(always)]
                fn cast_from<T: Element>(x: T) -> Self {
                    <Self as Primitive>::cast_from(x.to_storage())
                }
            }
        )*
    };
}

elements!(f32 f64 i8 i16 i32 i64 u8 u16 u32 u64);
