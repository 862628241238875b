//! What can be summed and what can be written: [`Operand`] and [`Output`].

use alloc::vec::Vec;

use lanesum_kernels::Element;

use crate::axes::Axes;
use crate::dtype::Input;
use crate::view::{View, ViewMut};

/// Something to sum: a [`View`] or a [`ViewMut`], or a reference to one, or a reference to a slice, an array
/// or a `Vec`, which have one axis.
///
/// Sealed, so that other kinds can join.
pub trait Operand: sealed::Sealed {
    /// The type of its elements.
    type Element: Input;

    /// Whether there are axes to look at; if not, all elements are summed as one lane. This is a constant, so that no
    /// code for arrays is compiled for those who sum slices only.
    #[doc(hidden)]
    const HAS_AXES: bool;

    /// The slice, and where in it the elements lie; `None` stands for all of the slice.
    #[doc(hidden)]
    fn parts(&self) -> (&[Self::Element], Option<&Axes>);
}

/// Something to write sums to: a [`ViewMut`] or a mutable reference to one, or a mutable reference to a
/// slice, an array or a `Vec`.
///
/// Sealed, so that other kinds can join.
pub trait Output: sealed::Sealed {
    /// The type of its elements.
    type Element: Element;

    /// As [`Operand::HAS_AXES`].
    #[doc(hidden)]
    const HAS_AXES: bool;

    /// As [`Operand::parts`].
    #[doc(hidden)]
    fn parts_mut(&mut self) -> (&mut [Self::Element], Option<&Axes>);
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! slices {
    ($($Slice:ty $(, const $N:ident)?;)*) => {
        $(
            impl<T $(, const $N: usize)?> sealed::Sealed for &$Slice {}
            impl<T $(, const $N: usize)?> sealed::Sealed for &mut $Slice {}

            impl<T: Input $(, const $N: usize)?> Operand for &$Slice {
                type Element = T;

                const HAS_AXES: bool = false;

                #[inline(always)]
                fn parts(&self) -> (&[T], Option<&Axes>) {
                    (&self[..], None)
                }
            }

            impl<T: Input $(, const $N: usize)?> Operand for &mut $Slice {
                type Element = T;

                const HAS_AXES: bool = false;

                #[inline(always)]
                fn parts(&self) -> (&[T], Option<&Axes>) {
                    (&self[..], None)
                }
            }

            impl<T: Element $(, const $N: usize)?> Output for &mut $Slice {
                type Element = T;

                const HAS_AXES: bool = false;

                #[inline(always)]
                fn parts_mut(&mut self) -> (&mut [T], Option<&Axes>) {
                    (&mut self[..], None)
                }
            }
        )*
    };
}

slices! {
    [T];
    [T; N], const N;
    Vec<T>;
}

macro_rules! operands {
    ($($View:ty)*) => {
        $(
            impl<T> sealed::Sealed for $View {}

            impl<T: Input> Operand for $View {
                type Element = T;

                const HAS_AXES: bool = true;

                #[inline(always)]
                fn parts(&self) -> (&[T], Option<&Axes>) {
                    let (data, axes) = self.elements();
                    (data, Some(axes))
                }
            }
        )*
    };
}

operands!(View<'_, T> &View<'_, T> ViewMut<'_, T> &ViewMut<'_, T> &mut ViewMut<'_, T>);

macro_rules! outputs {
    ($($View:ty)*) => {
        $(
            impl<T: Element> Output for $View {
                type Element = T;

                const HAS_AXES: bool = true;

                #[inline(always)]
                fn parts_mut(&mut self) -> (&mut [T], Option<&Axes>) {
                    let (data, axes) = self.elements_mut();
                    (data, Some(axes))
                }
            }
        )*
    };
}

outputs!(ViewMut<'_, T> &mut ViewMut<'_, T>);
