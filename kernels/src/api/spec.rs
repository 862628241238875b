//! [`Spec`]: what is asked of a sum.

use crate::cpu::{Backend, Stores};
use crate::dispatch::Kernels;
use crate::drive::{Fits, Method, Task};
use crate::element::Element;
use crate::number::{Number, same_bits};
use crate::order::{Order, Summation};

/// What is asked of a sum.
///
/// ```
/// use lanesum_kernels::{Backend, Spec, Stores, Summation};
///
/// let spec = Spec::new(Backend::best(), Summation::Blocked, Stores::Cached);
/// let spec = Spec { initial: Some(10), reverse: true, ..spec };
/// # assert!(!spec.checked);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spec<A> {
    /// The instructions that are used.
    pub backend: Backend,
    /// The order of the additions.
    pub summation: Summation,
    /// How sums are stored that are not written in place.
    pub stores: Stores,
    /// What comes before the first element: the offset of the first chunk, in the words of [`order`](crate::order).
    /// `None` is the identity, which shows as zero where it is written.
    pub initial: Option<A>,
    /// Whether each sum leaves out its own element, so that the first is the initial value.
    pub exclusive: bool,
    /// Whether the initial value comes before the sums, which are one more than the elements.
    pub include_initial: bool,
    /// Whether lanes are summed from the far end.
    pub reverse: bool,
    /// Whether NaN counts as zero.
    pub skip_nan: bool,
    /// Whether it is an error when a sum of integers leaves its type.
    pub checked: bool,
}

impl<A> Spec<A> {
    /// A spec without options: each sum includes its element, NaN and overflow are let be, and nothing comes before.
    #[inline(always)]
    pub const fn new(backend: Backend, summation: Summation, stores: Stores) -> Self {
        Self {
            backend,
            summation,
            stores,
            initial: None,
            exclusive: false,
            include_initial: false,
            reverse: false,
            skip_nan: false,
            checked: false,
        }
    }

    /// Whether no option is set, so that there is nothing to do but to sum in an order.
    #[inline(always)]
    pub(crate) fn has_no_options(&self) -> bool {
        let is_shifted = self.exclusive || self.include_initial || self.reverse;
        !(is_shifted || self.initial.is_some() || self.skip_nan || self.checked)
    }
}

impl<A: Element> Spec<A> {
    /// The order for kernels that sum elements as they lie in memory, or `None` if no kernel can.
    ///
    /// What is known of `A` is asked first, so that branches which cannot be taken are not compiled.
    #[inline(always)]
    pub(crate) fn native_order(&self) -> Option<Order> {
        match self.summation {
            _ if !same_bits::<A::Storage, A::Adder>() => None,
            Summation::Blocked => Some(Order::Blocked),
            Summation::Sequential => Some(Order::Running),
            Summation::Compensated if A::EXACT => Some(Order::Blocked),
            Summation::Compensated => None,
        }
    }

    /// The task of the drivers for the numbers of the elements, whose sums are formed in `C`.
    pub(crate) fn task<C: Kernels>(&self) -> Task<C> {
        let is_native = same_bits::<A::Storage, C>();
        let method = match self.summation {
            _ if C::EXACT => Method::Plain(Order::Blocked),
            Summation::Sequential if is_native => Method::Plain(Order::Running),
            Summation::Sequential => Method::Rounded(sum_rounded::<A::Storage, C>),
            Summation::Compensated if is_native => Method::Compensated,
            Summation::Blocked | Summation::Compensated => Method::Plain(Order::Blocked),
        };
        let checks = self.checked && C::EXACT && !A::WRAPS;
        Task {
            backend: self.backend,
            stores: self.backend.stores(self.stores),
            method,
            initial: self.initial.map(|initial| initial.to_components().map(C::cast_from)),
            is_paired: false,
            exclusive: self.exclusive,
            skip_nan: self.skip_nan && !C::EXACT,
            fits: checks.then_some(all_fit::<A::Storage, C> as Fits<C>),
        }
    }
}

/// Sums rows of lanes side by side, one after the other, with each sum rounded to `A`.
fn sum_rounded<A: Number, C: Kernels>(sums: &mut [C], rows: &mut [C]) {
    for row in rows.chunks_exact_mut(sums.len().max(1)) {
        for (sum, x) in sums.iter_mut().zip(row) {
            *sum = C::cast_from(A::cast_from(sum.plus(*x)));
            *x = *sum;
        }
    }
}

/// Whether each number can be added to the sum before it without leaving the type `A`, of which both have the bits.
fn all_fit<A: Number, C: Kernels>(backend: Backend, before: &[C], numbers: &[C]) -> bool {
    let mut all = true;
    backend.vectorize(
        #[inline(always)]
        || {
            // There is no branch in the loop, since LLVM could not vectorise it.
            all = before.iter().zip(numbers).fold(true, |all, (before, x)| {
                all & A::cast_from(*before).plus_fits(A::cast_from(*x))
            });
        },
    );
    all
}
