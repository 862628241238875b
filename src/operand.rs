//! What can be summed and what can be written: [`Operand`] and [`Output`].

use alloc::vec::Vec;

use lanesum_kernels::Element;

use crate::dtype::Input;

/// Something to sum: a reference to a slice, an array or a `Vec`.
///
/// Sealed, so that other kinds can join.
pub trait Operand: sealed::Sealed {
    /// The type of its elements.
    type Element: Input;

    #[doc(hidden)]
    fn elements(&self) -> &[Self::Element];
}

/// Something to write sums to: a mutable reference to a slice, an array or a `Vec`.
///
/// Sealed, so that other kinds can join.
pub trait Output: sealed::Sealed {
    /// The type of its elements.
    type Element: Element;

    #[doc(hidden)]
    fn elements_mut(&mut self) -> &mut [Self::Element];
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! operands {
    ($($Slice:ty $(, const $N:ident)?;)*) => {
        $(
            impl<T $(, const $N: usize)?> sealed::Sealed for &$Slice {}
            impl<T $(, const $N: usize)?> sealed::Sealed for &mut $Slice {}

            impl<T: Input $(, const $N: usize)?> Operand for &$Slice {
                type Element = T;

                #[inline(always)]
                fn elements(&self) -> &[T] {
                    &self[..]
                }
            }

            impl<T: Input $(, const $N: usize)?> Operand for &mut $Slice {
                type Element = T;

                #[inline(always)]
                fn elements(&self) -> &[T] {
                    &self[..]
                }
            }

            impl<T: Element $(, const $N: usize)?> Output for &mut $Slice {
                type Element = T;

                #[inline(always)]
                fn elements_mut(&mut self) -> &mut [T] {
                    &mut self[..]
                }
            }
        )*
    };
}

operands! {
    [T];
    [T; N], const N;
    Vec<T>;
}
