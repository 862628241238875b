//! [`cumsum`](fn@cumsum), the entry point, and [`Cumsum`], its builder.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::marker::PhantomData;

use lanesum_kernels::{Backend, Element, Summation};

use crate::dtype::{As, Dtype, Input, NewDtype, Promoted};
use crate::error::Error;
use crate::operand::{Operand, Output};

/// The cumulative sum of a slice, an array or a `Vec`: `out[i] = x[0] + x[1] + .. + x[i]`.
///
/// Nothing is summed before one of the last calls: [`to_vec`](Cumsum::to_vec),
/// [`write_to`](Cumsum::write_to) or [`in_place`](Cumsum::in_place). What stands between says how.
///
/// ```
/// use lanesum::cumsum;
///
/// assert_eq!(cumsum(&[1i32, 2, 3]).to_vec(), vec![1i64, 3, 6]);
/// # Ok::<(), lanesum::Error>(())
/// ```
#[inline]
pub fn cumsum<S: Operand>(input: S) -> Cumsum<S> {
    Cumsum { input, summation: Summation::Blocked, backend: None, dtype: PhantomData }
}

/// A cumulative sum that is described and not yet formed; made by [`cumsum`](fn@cumsum).
#[must_use = "nothing is summed before `to_vec`, `write_to` or `in_place`"]
#[derive(Clone, Copy, Debug)]
pub struct Cumsum<S, D = Promoted> {
    input: S,
    summation: Summation,
    /// `None` is `Backend::best()`, found out when it is needed.
    backend: Option<Backend>,
    dtype: PhantomData<D>,
}

impl<S: Operand, D> Cumsum<S, D> {
    /// Sums along this axis; negative axes count from the last. Slices have the one axis 0.
    ///
    /// # Errors
    ///
    /// [`Error::AxisOutOfBounds`].
    ///
    /// ```
    /// use lanesum::cumsum;
    ///
    /// assert_eq!(cumsum(&[1i64, 2, 3]).axis(-1)?.to_vec(), [1, 3, 6]);
    /// let error = cumsum(&[1i64, 2, 3]).axis(2).unwrap_err();
    /// assert_eq!(error.to_string(), "axis 2 is out of bounds for array of dimension 1");
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[inline]
    pub fn axis(self, axis: isize) -> Result<Self, Error> {
        if axis == 0 || axis == -1 {
            Ok(self)
        } else {
            Err(Error::AxisOutOfBounds { axis, ndim: 1 })
        }
    }

    /// Casts the input to `A` first, as `as` does, and sums in `A`. NumPy's `dtype`.
    ///
    /// ```
    /// use lanesum::cumsum;
    ///
    /// assert_eq!(cumsum(&[1.7f64; 3]).dtype::<i64>().to_vec(), [1, 2, 3]);
    /// assert_eq!(cumsum(&[100i8; 3]).dtype::<i8>().to_vec(), [100, -56, 44]);
    /// ```
    #[inline]
    pub fn dtype<A: Element>(self) -> Cumsum<S, As<A>> {
        let Self { input, summation, backend, dtype: _ } = self;
        Cumsum { input, summation, backend, dtype: PhantomData }
    }

    /// Chooses the order in which floats are added. Integers are exact, and the same, in any.
    ///
    /// ```
    /// use lanesum::{Summation, cumsum};
    ///
    /// let x = [0.1f64; 10];
    /// let numpy = cumsum(&x).summation(Summation::Sequential).to_vec();
    /// assert_eq!(numpy[9], 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1);
    /// assert_eq!(numpy[9], 0.9999999999999999);
    /// assert_eq!(cumsum(&x).to_vec()[9], 1.0);
    /// ```
    #[inline]
    pub fn summation(mut self, summation: Summation) -> Self {
        self.summation = summation;
        self
    }

    /// Uses these instructions and no others. The bits are the same with any.
    ///
    /// ```
    /// use lanesum::{Backend, cumsum};
    ///
    /// let x = [0.1f32, 0.2, 0.3];
    /// let scalar = cumsum(&x).backend(Backend::by_name("scalar")?).to_vec();
    /// for backend in Backend::available() {
    ///     assert_eq!(cumsum(&x).backend(backend).to_vec(), scalar);
    /// }
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[inline]
    pub fn backend(mut self, backend: Backend) -> Self {
        self.backend = Some(backend);
        self
    }

    /// Sums into a new `Vec`, whose elements are of the accumulator's type: that of
    /// [`dtype`](Self::dtype), or else [`Input::Sum`].
    ///
    /// # Panics
    ///
    /// Where [`Backend::best`] does, unless a [`backend`](Self::backend) was chosen, and where the `Vec` has no memory.
    ///
    /// ```
    /// use lanesum::cumsum;
    ///
    /// assert_eq!(cumsum(&[true, false, true]).to_vec(), [1i64, 1, 2]);
    /// assert_eq!(cumsum(&[200u8, 100]).to_vec(), [200u64, 300]);
    /// assert_eq!(cumsum(&[0.5f32, 0.25]).to_vec(), [0.5f32, 0.75]);
    /// assert_eq!(cumsum(&[0i8; 0]).to_vec(), [0i64; 0]);
    /// ```
    #[inline]
    pub fn to_vec(self) -> Vec<D::Accumulator>
    where
        D: NewDtype<S::Element>,
    {
        let input = S::Element::storage(self.input.elements());
        let mut output = alloc::vec![D::Accumulator::default(); input.len()];
        lanesum_kernels::cumsum::<_, D::Accumulator, _>(
            self.backend.unwrap_or_else(Backend::best),
            self.summation,
            input,
            &mut output,
        );
        output
    }

    /// Sums into `output`; each sum is cast to the type of its elements, as by `as`.
    ///
    /// The accumulator is that of [`dtype`](Self::dtype), or else [`Promote`](crate::Promote)'s, the
    /// promotion of the input's and the output's types. Nothing is allocated, but for an error.
    ///
    /// # Errors
    ///
    /// [`Error::ShapeMismatch`] when the lengths differ; the output is then as it was.
    ///
    /// # Panics
    ///
    /// Where [`Backend::best`] does, unless a [`backend`](Self::backend) was chosen.
    ///
    /// ```
    /// use lanesum::cumsum;
    ///
    /// let mut out = [0f32; 3];
    /// cumsum(&[1, 2, 3]).write_to(&mut out)?;
    /// assert_eq!(out, [1.0, 3.0, 6.0]);
    ///
    /// let mut out = [0i64; 3];
    /// cumsum(&[1.7; 3]).write_to(&mut out)?;
    /// assert_eq!(out, [1, 3, 5]);
    ///
    /// let error = cumsum(&[1.7; 4]).write_to(&mut out).unwrap_err();
    /// assert_eq!(error.to_string(), "output of shape (3,) cannot hold a result of shape (4,)");
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[inline]
    pub fn write_to<O>(self, mut output: O) -> Result<(), Error>
    where
        O: Output,
        D: Dtype<S::Element, O::Element>,
    {
        let input = S::Element::storage(self.input.elements());
        let output = output.elements_mut();
        if input.len() != output.len() {
            return Err(Error::ShapeMismatch {
                expected: Box::new([input.len()]),
                actual: Box::new([output.len()]),
            });
        }
        lanesum_kernels::cumsum::<_, D::Accumulator, _>(
            self.backend.unwrap_or_else(Backend::best),
            self.summation,
            input,
            output,
        );
        Ok(())
    }

    /// Overwrites the input with its sums.
    ///
    /// The accumulator is that of [`dtype`](Self::dtype), or else the elements' own type.
    ///
    /// # Panics
    ///
    /// Where [`Backend::best`] does, unless a [`backend`](Self::backend) was chosen.
    ///
    /// ```
    /// use lanesum::cumsum;
    ///
    /// let mut x = [1.0, 2.0, 3.0f64];
    /// cumsum(&mut x).in_place();
    /// assert_eq!(x, [1.0, 3.0, 6.0]);
    ///
    /// let mut x = vec![0.5f32; 3];
    /// cumsum(&mut x).dtype::<i32>().in_place();
    /// assert_eq!(x, [0.0; 3]);
    /// ```
    #[inline]
    pub fn in_place(mut self)
    where
        S: Operand<Element: Element> + Output<Element = <S as Operand>::Element>,
        D: Dtype<<S as Operand>::Element, <S as Operand>::Element>,
    {
        lanesum_kernels::cumsum_in_place::<_, D::Accumulator>(
            self.backend.unwrap_or_else(Backend::best),
            self.summation,
            self.input.elements_mut(),
        );
    }
}
