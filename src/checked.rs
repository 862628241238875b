//! [`Checked`]: sums that say so when integers overflow.

use alloc::vec::Vec;

use lanesum_kernels::Element;

use crate::cumsum::Cumsum;
use crate::dtype::{Dtype, NewDtype};
use crate::error::Error;
use crate::operand::{Operand, Output};
use crate::options::{InPlace, Length};

/// A [`Cumsum`] that is an error where a sum of integers leaves the accumulator's type; made by
/// [`Cumsum::checked`].
///
/// The sums that are written are checked. The last element is in no sum of an exclusive call, and so is not checked
/// there. Casts are not checked, neither of the input to the accumulator nor of the sums to the output. Floats, `bool`
/// and `Wrapping` do not overflow.
///
/// Sums are checked a few registers at a time, in the pass that forms them. Only to find the place of an overflow are
/// elements added one after the other.
#[must_use = "nothing is summed before `to_vec`, `write_to` or `in_place`"]
#[derive(Clone, Copy, Debug)]
pub struct Checked<C>(pub(crate) C);

impl<S: Operand, D, L: Length> Cumsum<S, D, L> {
    /// Makes it an error when a sum of integers leaves the accumulator's type. No option can follow this one; the call
    /// that sums then returns a `Result`, with an [`Error::Overflow`].
    ///
    /// ```
    /// use lanesum::{Error, cumsum};
    ///
    /// let x = [100i8, 20, 30];
    /// let overflow = Error::Overflow { lane: 0, index: 2 };
    /// assert_eq!(cumsum(&x).dtype::<i8>().checked().to_vec(), Err(overflow));
    /// assert_eq!(cumsum(&x).checked().to_vec(), Ok(vec![100i64, 120, 150]));
    /// ```
    #[inline]
    pub fn checked(self) -> Checked<Self> {
        Checked(self)
    }
}

impl<S: Operand, D, L: Length> Checked<Cumsum<S, D, L>> {
    /// As [`Cumsum::to_vec`].
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`].
    ///
    /// # Panics
    ///
    /// Where [`Cumsum::to_vec`] does.
    ///
    /// ```
    /// use lanesum::{Error, View, cumsum};
    ///
    /// let a = View::new(&[1, 2, i64::MAX, 3], &[2, 2])?;
    /// let error = cumsum(&a).axis(0)?.checked().to_vec().unwrap_err();
    /// assert_eq!(error, Error::Overflow { lane: 0, index: 1 });
    /// assert_eq!(error.to_string(), "the sum at index 1 of lane 0 does not fit its type");
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    pub fn to_vec(self) -> Result<Vec<D::Accumulator>, Error>
    where
        D: NewDtype<S::Element>,
    {
        self.0.request(true).to_vec::<_, D::Accumulator>(self.0.input().parts())
    }

    /// As [`Cumsum::write_to`].
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`]: then the output has some sums, and its content is unspecified. The other errors are
    /// those of [`Cumsum::write_to`].
    ///
    /// # Panics
    ///
    /// Where [`Cumsum::write_to`] does.
    ///
    /// ```
    /// use lanesum::{Error, cumsum};
    ///
    /// let mut out = [0u8; 3];
    /// cumsum(&[200u8, 50, 5]).checked().write_to(&mut out)?;
    /// assert_eq!(out, [200, 250, 255]);
    /// let error = cumsum(&[200u8, 50, 6]).checked().write_to(&mut out);
    /// assert_eq!(error, Err(Error::Overflow { lane: 0, index: 2 }));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn write_to<O>(self, mut output: O) -> Result<(), Error>
    where
        O: Output,
        D: Dtype<S::Element, O::Element>,
    {
        let request = self.0.request(true);
        request.write_to::<_, D::Accumulator, _>(self.0.input().parts(), output.parts_mut())
    }
}

impl<S, D, L: InPlace> Checked<Cumsum<S, D, L>> {
    /// As [`Cumsum::in_place`].
    ///
    /// All sums are checked before any is written, so that on an error the elements are as they were. The check is a
    /// pass of its own, which writes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`].
    ///
    /// # Panics
    ///
    /// Where [`Cumsum::in_place`] does.
    ///
    /// ```
    /// use lanesum::cumsum;
    ///
    /// let mut x = [100i8, 20, 30];
    /// assert!(cumsum(&mut x).checked().in_place().is_err());
    /// assert_eq!(x, [100, 20, 30]);
    /// ```
    pub fn in_place(self) -> Result<(), Error>
    where
        S: Operand<Element: Element> + Output<Element = <S as Operand>::Element>,
        D: Dtype<<S as Operand>::Element, <S as Operand>::Element>,
    {
        let request = self.0.request(true);
        request.in_place::<_, D::Accumulator>(self.0.into_input().parts_mut())
    }
}
