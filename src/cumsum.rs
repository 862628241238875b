//! [`cumsum`](fn@cumsum), the entry point, and [`Cumsum`], its builder.

use alloc::vec::Vec;
use core::marker::PhantomData;

use lanesum_kernels::{AnyValue, Backend, Element, Stores, Summation};

use crate::dtype::{As, Dtype, NewDtype, Promoted};
use crate::error::Error;
use crate::operand::{Operand, Output};
use crate::options::sealed::Length as _;
use crate::options::{InPlace, Length, OneLonger, Options, Plain};
use crate::request::Request;

/// The cumulative sum of a slice, an array, a `Vec` or a [`View`](crate::View):
/// `out[i] = x[0] + x[1] + .. + x[i]`.
///
/// An n-d view is summed along the [`axis`](Cumsum::axis) that is asked for: its lanes, the elements along
/// that axis for one index of the others, are summed each on its own, and the result has its shape.
/// Without an axis all elements are summed in C order, whatever the strides, and the result is 1-d.
///
/// Nothing is summed before one of the last calls: [`to_vec`](Cumsum::to_vec), [`write_to`](Cumsum::write_to) or
/// [`in_place`](Cumsum::in_place). The calls before it say how to sum.
///
/// ```
/// use lanesum::{View, cumsum};
///
/// assert_eq!(cumsum(&[1i32, 2, 3]).to_vec(), vec![1i64, 3, 6]);
///
/// let data = [1, 2, 3, 4, 5, 6i64];
/// let a = View::new(&data, &[2, 3])?; // [[1, 2, 3], [4, 5, 6]]
/// assert_eq!(cumsum(&a).to_vec(), [1, 3, 6, 10, 15, 21]);
/// assert_eq!(cumsum(&a).axis(0)?.to_vec(), [1, 2, 3, 5, 7, 9]);
/// assert_eq!(cumsum(&a).axis(1)?.to_vec(), [1, 3, 6, 4, 9, 15]);
/// # Ok::<(), lanesum::Error>(())
/// ```
#[inline]
pub fn cumsum<S: Operand>(input: S) -> Cumsum<S> {
    let (axis, summation, backend, stores) = (None, Summation::Blocked, None, None);
    let length = Plain::of(Options::default());
    Cumsum { input, axis, summation, backend, stores, length, dtype: PhantomData }
}

/// A cumulative sum that is described and not yet formed; made by [`cumsum`](fn@cumsum).
#[must_use = "nothing is summed before `to_vec`, `write_to` or `in_place`"]
#[derive(Clone, Copy, Debug)]
pub struct Cumsum<S, D = Promoted, L = Plain> {
    input: S,
    /// The axis, below `MAX_NDIM`; with `None`, all elements are summed in C order. For slices it has no meaning.
    axis: Option<u8>,
    summation: Summation,
    /// The backend; `None` stands for `Backend::best()`, which is found out when it is needed.
    backend: Option<Backend>,
    /// How sums are stored; `None` stands for `Stores::for_bytes` of the output.
    stores: Option<Stores>,
    /// The options, if there are any.
    length: L,
    dtype: PhantomData<D>,
}

impl<S: Operand, D, L: Length> Cumsum<S, D, L> {
    /// Sums along this axis; negative axes count from the last. Slices have the one axis 0, and so, as in
    /// NumPy, have 0-d views.
    ///
    /// # Errors
    ///
    /// [`Error::AxisOutOfBounds`].
    ///
    /// ```
    /// use lanesum::{View, cumsum};
    ///
    /// let data = [0.5, 1.0, 2.0, 4.0];
    /// let a = View::new(&data, &[2, 2])?;
    /// assert_eq!(cumsum(&a).axis(0)?.to_vec(), [0.5, 1.0, 2.5, 5.0]);
    /// assert_eq!(cumsum(&a).axis(-1)?.to_vec(), [0.5, 1.5, 2.0, 6.0]);
    ///
    /// assert_eq!(cumsum(&[1i64, 2, 3]).axis(-1)?.to_vec(), [1, 3, 6]);
    /// let error = cumsum(&[1i64, 2, 3]).axis(2).unwrap_err();
    /// assert_eq!(error.to_string(), "axis 2 is out of bounds for array of dimension 1");
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[inline]
    pub fn axis(mut self, axis: isize) -> Result<Self, Error> {
        // NumPy too takes an array without axes for one of one element.
        let ndim = self.input.parts().1.map_or(1, |axes| axes.ndim().max(1));
        let index = if axis < 0 { axis.checked_add_unsigned(ndim) } else { Some(axis) };
        match index.and_then(|index| u8::try_from(index).ok()) {
            Some(index) if usize::from(index) < ndim => {
                self.axis = Some(index);
                Ok(self)
            }
            _ => Err(Error::AxisOutOfBounds { axis, ndim }),
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
    pub fn dtype<A: Element>(self) -> Cumsum<S, As<A>, L> {
        let Self { input, axis, summation, backend, stores, length, dtype: _ } = self;
        Cumsum { input, axis, summation, backend, stores, length, dtype: PhantomData }
    }

    /// This sum with other options.
    #[inline(always)]
    fn with<M: Length>(self, change: impl FnOnce(&mut Options)) -> Cumsum<S, D, M> {
        let Self { input, axis, summation, backend, stores, length, dtype } = self;
        let mut options = length.options();
        change(&mut options);
        Cumsum { input, axis, summation, backend, stores, length: M::of(options), dtype }
    }

    /// Chooses the order in which floats are added. Sums of integers are exact, and the same in every order.
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

    /// Uses the instructions of this backend and no others. The bits are the same with each backend.
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

    /// Chooses whether the sums stay in the cache, or go past it. The bits are the same.
    ///
    /// Without this, [`Stores::for_bytes`] chooses by the size of the output: past the cache from half of the
    /// last-level cache on, where that is much faster. (New memory, from [`to_vec`](Self::to_vec), is in the
    /// cache already: there it is [`Stores::Cached`].) Whoever reads a result of that size right away, from
    /// the end or in parts, may be served better by [`Stores::Cached`]; and whoever writes many small ones,
    /// each of them to be read much later, by [`Stores::Streamed`].
    ///
    /// ```
    /// use lanesum::{Stores, cumsum};
    ///
    /// let x = [0.1f64; 1000];
    /// let mut out = [0.0; 1000];
    /// cumsum(&x).stores(Stores::Streamed).write_to(&mut out)?;
    /// assert_eq!(out[..], cumsum(&x).to_vec());
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[inline]
    pub fn stores(mut self, stores: Stores) -> Self {
        self.stores = Some(stores);
        self
    }

    /// Starts from `value`, which is cast to the accumulator as by `as`, and added first.
    ///
    /// In the order of [`Summation::Blocked`] the value is the offset before the first chunk; in that of
    /// [`Summation::Sequential`], the sum before the first element.
    ///
    /// ```
    /// use lanesum::cumsum;
    ///
    /// assert_eq!(cumsum(&[1i64, 2, 3]).initial(10).to_vec(), [11, 13, 16]);
    /// ```
    #[inline]
    pub fn initial<T: Element>(self, value: T) -> Cumsum<S, D, L::WithOptions> {
        self.with(|options| options.initial = Some(AnyValue::of(value)))
    }

    /// Returns this sum in the type that carries options, with none set: for options that are chosen when the program
    /// runs.
    ///
    /// A sum without options has a type of its own, so that no code for options is compiled or run where none are used.
    ///
    /// ```
    /// use lanesum::cumsum;
    ///
    /// let from_the_end = std::env::args().count() > 7;
    /// let mut sum = cumsum(&[1i64, 2, 3]).options();
    /// if from_the_end {
    ///     sum = sum.reverse();
    /// }
    /// assert_eq!(sum.to_vec(), [1, 3, 6]);
    /// ```
    #[inline]
    pub fn options(self) -> Cumsum<S, D, L::WithOptions> {
        self.with(|_| {})
    }

    /// Leaves each element out of its own sum: `out[i] = initial + x[0] + .. + x[i - 1]`.
    ///
    /// The first sum is then the [`initial`](Self::initial) value, or zero if there is none, and the last element is in
    /// no sum. This takes one pass, in place as well.
    ///
    /// ```
    /// use lanesum::cumsum;
    ///
    /// let sizes = [3usize, 1, 4].map(|size| size as u64);
    /// assert_eq!(cumsum(&sizes).exclusive().to_vec(), [0, 3, 4]); // where each begins
    /// assert_eq!(cumsum(&sizes).exclusive().initial(100).to_vec(), [100, 103, 104]);
    /// ```
    #[inline]
    pub fn exclusive(self) -> Cumsum<S, D, L::WithOptions> {
        self.with(|options| options.exclusive = true)
    }

    /// Puts the [`initial`](Self::initial) value, or zero, before the sums, so that the result has one more than the
    /// elements along the axis: `numpy.cumulative_sum(x, include_initial=True)`.
    ///
    /// [`exclusive`](Self::exclusive) then changes nothing: the result has the initial value and all sums. There is no
    /// [`in_place`](Cumsum::in_place) with this option, so that such a call does not compile.
    ///
    /// ```
    /// use lanesum::{View, cumsum};
    ///
    /// assert_eq!(cumsum(&[3i64, 1, 4]).include_initial().to_vec(), [0, 3, 4, 8]);
    ///
    /// let a = View::new(&[1i64, 2, 3, 4], &[2, 2])?;
    /// let mut out = [0i64; 6];
    /// let view = lanesum::ViewMut::new(&mut out, &[3, 2])?;
    /// cumsum(&a).axis(0)?.include_initial().write_to(view)?;
    /// assert_eq!(out, [0, 0, 1, 2, 4, 6]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    ///
    /// ```compile_fail
    /// lanesum::cumsum(&mut [1i64, 2]).include_initial().in_place(); // three sums do not fit two places
    /// ```
    #[inline]
    pub fn include_initial(self) -> Cumsum<S, D, OneLonger> {
        self.with(|options| options.include_initial = true)
    }

    /// Sums from the far end: `out[i] = x[n - 1] + .. + x[i]`.
    ///
    /// The bits are those of reversing the elements, summing them with all other options, and reversing the sums. So an
    /// exclusive sum has the initial value at its end.
    ///
    /// ```
    /// use lanesum::cumsum;
    ///
    /// assert_eq!(cumsum(&[1i64, 2, 3]).reverse().to_vec(), [6, 5, 3]);
    /// assert_eq!(cumsum(&[1i64, 2, 3]).reverse().exclusive().to_vec(), [5, 3, 0]);
    /// ```
    #[inline]
    pub fn reverse(self) -> Cumsum<S, D, L::WithOptions> {
        self.with(|options| options.reverse = true)
    }

    /// Counts NaN as zero: `numpy.nancumsum`. Sums of elements without NaN have the same bits as without this option. A
    /// complex number is NaN if either of its parts is.
    ///
    /// ```
    /// use lanesum::cumsum;
    ///
    /// assert_eq!(cumsum(&[1.0, f64::NAN, 2.0]).skip_nan().to_vec(), [1.0, 1.0, 3.0]);
    /// ```
    #[inline]
    pub fn skip_nan(self) -> Cumsum<S, D, L::WithOptions> {
        self.with(|options| options.skip_nan = true)
    }

    /// Sums into a new `Vec`, whose elements are of the accumulator's type: that of
    /// [`dtype`](Self::dtype), or else [`Input::Sum`](crate::Input::Sum).
    ///
    /// The sums are in C order. Those of an n-d view along an axis are an array of the view's shape, in which the last
    /// axis lies closest.
    ///
    /// # Panics
    ///
    /// Where [`Backend::best`] does, unless a [`backend`](Self::backend) was chosen, and when there is no memory for
    /// the `Vec`.
    ///
    /// ```
    /// use lanesum::{View, cumsum};
    ///
    /// assert_eq!(cumsum(&[true, false, true]).to_vec(), [1i64, 1, 2]);
    /// assert_eq!(cumsum(&[200u8, 100]).to_vec(), [200u64, 300]);
    /// assert_eq!(cumsum(&[0.5f32, 0.25]).to_vec(), [0.5f32, 0.75]);
    /// assert_eq!(cumsum(&[0i8; 0]).to_vec(), [0i64; 0]);
    ///
    /// // [[1, 2, 3], [4, 5, 6]] in Fortran order.
    /// let a = View::with_strides(&[1i64, 4, 2, 5, 3, 6], 0, &[2, 3], &[1, 2])?;
    /// assert_eq!(cumsum(&a).axis(1)?.to_vec(), [1, 3, 6, 4, 9, 15]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[inline]
    pub fn to_vec(self) -> Vec<D::Accumulator>
    where
        D: NewDtype<S::Element>,
    {
        let (input, axes) = self.input.parts();
        let axes = if S::HAS_AXES { axes } else { None };
        // Nothing is checked, so there is no error.
        self.request(false).to_vec::<_, D::Accumulator>((input, axes)).unwrap_or_default()
    }

    /// Sums into `output`; each sum is cast to the type of its elements, as by `as`.
    ///
    /// The accumulator is that of [`dtype`](Self::dtype), or else [`Promote`](crate::Promote)'s, the
    /// promotion of the input's and the output's types. Nothing is allocated, but for an error and for
    /// arrays of more than six dimensions.
    ///
    /// # Errors
    ///
    /// [`Error::ShapeMismatch`] when the output does not have the shape of the result; then nothing is written to it.
    /// That shape is, with an axis, the shape of the input, without one `(len,)`, and `(1,)` for a 0-d input.
    ///
    /// # Panics
    ///
    /// Where [`Backend::best`] does, unless a [`backend`](Self::backend) was chosen.
    ///
    /// ```
    /// use lanesum::{View, ViewMut, cumsum};
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
    ///
    /// // Into every other column of an array.
    /// let a = View::new(&[1, 2, 3, 4], &[2, 2])?;
    /// let mut wide = [0i64; 8];
    /// let columns = ViewMut::with_strides(&mut wide, 0, &[2, 2], &[4, 2])?;
    /// cumsum(&a).axis(0)?.write_to(columns)?;
    /// assert_eq!(wide, [1, 0, 2, 0, 4, 0, 6, 0]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[inline]
    pub fn write_to<O>(self, mut output: O) -> Result<(), Error>
    where
        O: Output,
        D: Dtype<S::Element, O::Element>,
    {
        let (input, from) = self.input.parts();
        let (output, to) = output.parts_mut();
        let from = if S::HAS_AXES { from } else { None };
        let to = if O::HAS_AXES { to } else { None };
        self.request(false).write_to::<_, D::Accumulator, _>((input, from), (output, to))
    }

    /// The request to the kernels. If it is `checked`, an overflow is an error.
    #[inline(always)]
    pub(crate) fn request(&self, checked: bool) -> Request {
        let Self { axis, summation, backend, stores, .. } = *self;
        let backend = backend.unwrap_or_else(Backend::best);
        Request { axis, summation, backend, stores, options: self.length.options(), checked }
    }

    #[inline(always)]
    pub(crate) fn input(&self) -> &S {
        &self.input
    }
}

impl<S, D, L: InPlace> Cumsum<S, D, L> {
    /// Overwrites the input with its sums.
    ///
    /// The accumulator is that of [`dtype`](Self::dtype), or else the elements' own type. Without an axis,
    /// the elements of an n-d view are one lane in C order, and each is overwritten in its place.
    ///
    /// # Panics
    ///
    /// Where [`Backend::best`] does, unless a [`backend`](Self::backend) was chosen.
    ///
    /// ```
    /// use lanesum::{ViewMut, cumsum};
    ///
    /// let mut x = [1.0, 2.0, 3.0f64];
    /// cumsum(&mut x).in_place();
    /// assert_eq!(x, [1.0, 3.0, 6.0]);
    ///
    /// let mut x = vec![0.5f32; 3];
    /// cumsum(&mut x).dtype::<i32>().in_place();
    /// assert_eq!(x, [0.0; 3]);
    ///
    /// let mut x = [1, 2, 3, 4i64];
    /// cumsum(ViewMut::new(&mut x, &[2, 2])?).axis(0)?.in_place();
    /// assert_eq!(x, [1, 2, 4, 6]);
    /// cumsum(ViewMut::with_strides(&mut x, 0, &[2, 2], &[1, 2])?).in_place();
    /// assert_eq!(x, [1, 7, 5, 13]);
    /// # Ok::<(), lanesum::Error>(())
    /// ```
    #[inline]
    pub fn in_place(mut self)
    where
        S: Operand<Element: Element> + Output<Element = <S as Operand>::Element>,
        D: Dtype<<S as Operand>::Element, <S as Operand>::Element>,
    {
        let request = self.request(false);
        let (data, axes) = self.input.parts_mut();
        let axes = if <S as Output>::HAS_AXES { axes } else { None };
        // Nothing is checked, so there is no error.
        let _ = request.in_place::<_, D::Accumulator>((data, axes));
    }

    #[inline(always)]
    pub(crate) fn into_input(self) -> S {
        self.input
    }
}
