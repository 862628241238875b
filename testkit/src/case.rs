//! [`Case`]: one array, or one slice, whose sums are compared with the reference on every backend, by each
//! way of calling, with either kind of stores.

use core::fmt;

use lanesum::{Backend, Error, Stores};

use crate::place::{Aligned, Place, Style};
use crate::reference::{Options, Order, axes};
use crate::types::Typed;
use crate::values::{Kind, Values, slice_of};
use crate::ways::{Ask, InPlace, Source, Target, ToVec, Ways, WriteTo};
use crate::{Exact, assert_same};

/// An array in memory, an axis or none, and where its sums go.
#[derive(Clone, Debug)]
pub struct Case {
    /// The shape of the array.
    pub shape: Vec<usize>,
    /// The axis that is summed along.
    pub axis: Option<usize>,
    /// The axis as it is asked for, which may be counted from the last.
    asked: Option<isize>,
    /// Where its elements lie.
    pub from: Place,
    /// Where the array lies if its sums are to overwrite it.
    pub at: Place,
    /// Where the sums go, and where they go if they are one more.
    to: [Place; 2],
    /// Whether slices are summed, and not arrays.
    slices: bool,
}

impl Case {
    /// An array that lies `from` here `to` there. Without an axis the result has one dimension. The axis is
    /// counted from the last as often as from the first.
    pub fn new(shape: &[usize], axis: Option<usize>, [from, to]: [&Style; 2]) -> Self {
        // A 0-d array has the axis 0.
        let from_last = shape.iter().sum::<usize>() % 2 * shape.len().max(1);
        let asked = axis.map(|axis| axis as isize - from_last as isize);
        Self::placed(from.place(shape), axis, asked, [to, &to.of_line(), to])
    }

    /// An array that lies anywhere. The styles are those of the sums along an axis, of those of all, and of an
    /// array that is overwritten.
    pub fn placed(
        from: Place,
        axis: Option<usize>,
        asked: Option<isize>,
        [to, line, at]: [&Style; 3],
    ) -> Self {
        let shape = from.shape.clone();
        let to = [0, 1].map(|more| {
            let result = axes::result_shape(&shape, axis, more);
            if axis.is_some() && !shape.is_empty() { to } else { line }.place(&result)
        });
        Self { at: at.place(&shape), shape, axis, asked, from, to, slices: false }
    }

    /// The array, of which the axis is asked for so.
    pub fn asked(self, asked: Option<isize>) -> Self {
        Self { asked, ..self }
    }

    /// A slice among other elements.
    pub fn slice(len: usize) -> Self {
        // So that slices begin at many distances from a multiple of 64 bytes.
        Self::slice_at(len, [3 + len % 5, 8 + len % 5])
    }

    /// A slice that begins so many elements after a multiple of 64 bytes, and so does that of its sums.
    pub fn slice_at(len: usize, [from, to]: [usize; 2]) -> Self {
        // As many as 64 elements take a multiple of 64 bytes, whatever their type.
        let style = |shift| Style { margin: 64 + shift, ..Style::dense(1) };
        let (from, to) = (style(from), style(to));
        Self {
            shape: vec![len],
            axis: None,
            asked: None,
            from: from.place(&[len]),
            at: to.place(&[len]),
            to: [to.place(&[len]), to.place(&[len + 1])],
            slices: true,
        }
    }

    /// The elements in C order if the memory is filled with these values: so many of a seed.
    pub fn fill<T: Copy>(&self, values: impl Fn(u64, usize) -> Vec<T>) -> Vec<T> {
        self.from.gather(&values(self.from.len as u64, self.from.len))
    }

    /// Whether each element has a place of its own.
    pub fn has_own_places(&self) -> bool {
        let mut positions = self.from.positions().to_vec();
        positions.sort_unstable();
        positions.windows(2).all(|pair| pair[0] != pair[1])
    }

    /// A sum of this array.
    pub fn sum<A: Typed>(&self, options: &Options<A>) -> Sum<'_> {
        let options = options.map(Typed::exact);
        Sum { case: self, options, checked: false, spelled: false }
    }

    /// A sum without options.
    pub fn plain(&self, order: Order) -> Sum<'_> {
        self.sum::<u8>(&Options::none(order))
    }

    /// Checks the sums of these elements, which are in C order, in their own type.
    #[track_caller]
    pub fn check<T: Typed>(&self, x: &[T], options: &Options<T>) {
        self.sum(options).check(x);
    }
}

/// What is asked of a [`Case`].
#[derive(Clone, Copy)]
pub struct Sum<'a> {
    case: &'a Case,
    options: Options<Exact>,
    checked: bool,
    spelled: bool,
}

impl Sum<'_> {
    /// Sums that leave their type are errors.
    pub fn checked(self) -> Self {
        Self { checked: true, ..self }
    }

    /// A builder with options is used, though there may be none.
    pub fn spelled(self) -> Self {
        Self { spelled: true, ..self }
    }

    /// Checks the sums of these elements, which are in C order, in their own type and to another, by each
    /// way of calling. Returns the lane of the overflow and the index in it, if there is one.
    #[track_caller]
    pub fn check<T: Typed>(&self, x: &[T]) -> Option<(usize, usize)> {
        self.check_ways(x, &Ways::all::<T>())
    }

    /// Checks sums that are written out here, and that the reference agrees.
    #[track_caller]
    pub fn check_sums<T: Typed>(&self, x: &[T], sums: &[T]) {
        let Case { shape, axis, .. } = self.case;
        let reference = Aligned::of(x.to_vec()).sums(&self.options, shape, *axis);
        let what = format_args!("the reference, {:?}", self.options);
        assert_same(slice_of::<T>(&*reference), sums, what);
        self.check(x);
    }

    /// Checks the sums of elements of another type, which are in C order, by some ways of calling. Returns
    /// the overflow as [`check`](Self::check) does.
    #[track_caller]
    pub fn check_ways<I: Typed>(&self, x: &[I], ways: &Ways) -> Option<(usize, usize)> {
        self.check_values(&Aligned::of(x.to_vec()), ways)
    }

    /// [`check_ways`](Self::check_ways) of values whose type only the ways know.
    #[track_caller]
    fn check_values(&self, x: &dyn Values, ways: &Ways) -> Option<(usize, usize)> {
        let Case { shape, axis, .. } = self.case;
        let cast = ways.kinds[1]().cast_from(x);
        let sums = cast.sums(&self.options, shape, *axis);
        let overflow = self.checked.then(|| cast.overflow(&self.options, shape, *axis)).flatten();
        self.compare(x, &*sums, overflow, ways);
        overflow
    }

    /// Checks that the ways give these sums, which are of the type of the output.
    #[track_caller]
    pub fn compare(
        &self,
        x: &dyn Values,
        sums: &dyn Values,
        overflow: Option<(usize, usize)>,
        ways: &Ways,
    ) {
        assert_eq!(x.name(), ways.kinds[0]().name());
        let mut memory = x.guards(&self.case.from);
        x.scatter(&self.case.from, &mut *memory);
        let expected = Expected { sum: self, sums, overflow, ways, memory: &*memory };
        if let Some(to_vec) = ways.to_vec {
            expected.to_vec(to_vec);
        }
        for (kind, write_to) in &ways.write_to {
            expected.write_to(*kind, *write_to);
        }
        if let Some(in_place) = ways.in_place {
            expected.in_place(x, in_place);
        }
    }
}

/// What is expected of a [`Sum`].
struct Expected<'a> {
    sum: &'a Sum<'a>,
    /// The sums, in C order.
    sums: &'a dyn Values,
    overflow: Option<(usize, usize)>,
    ways: &'a Ways,
    /// Where the input lies.
    memory: &'a dyn Values,
}

impl Expected<'_> {
    fn error(&self) -> Result<(), Error> {
        self.overflow.map_or(Ok(()), |(lane, index)| Err(Error::Overflow { lane, index }))
    }

    fn source(&self) -> Source<'_> {
        let Case { from, slices, .. } = self.sum.case;
        Source { memory: self.memory, place: from, is_slice: *slices }
    }

    /// Calls it for every backend and for each of the stores, with what a message says about the call.
    #[track_caller]
    fn each(&self, way: &str, stores: &[Option<Stores>], call: &dyn Fn(&Ask, fmt::Arguments<'_>)) {
        let Sum { case, options, checked, spelled } = *self.sum;
        let name = if checked { "checked " } else { "" };
        for backend in Backend::available() {
            for &stores in stores {
                let (axis, backend) = (case.asked, Some(backend));
                let ask = Ask { options, axis, backend, stores, checked, spelled };
                let ways = self.ways;
                call(&ask, format_args!("{name}{way}, {ways:?}, {ask:?}, {case:?}"));
            }
        }
    }

    #[track_caller]
    fn to_vec(&self, to_vec: ToVec) {
        let sums = self.ways.kinds[1]().cast_from(self.sums);
        self.each("to_vec", &[None], &|ask, what| match to_vec(ask, self.source()) {
            Ok(got) if self.overflow.is_none() => got.assert_same(&*sums, what),
            got => assert_eq!(got.map(|_| ()), self.error(), "{what}"),
        });
    }

    /// What surrounds the sums is compared as well.
    #[track_caller]
    fn write_to(&self, kind: Kind, write_to: WriteTo) {
        let Sum { case, options, .. } = *self.sum;
        let place = &case.to[usize::from(options.include_initial)];
        let sums = kind().cast_from(self.sums);
        let mut expected = sums.guards(place);
        sums.scatter(place, &mut *expected);
        let both = [Some(Stores::Cached), Some(Stores::Streamed)];
        // Both make as much difference with options as without.
        let one = place.len % 2;
        let stores = if options.are_none() { &both[..] } else { &both[one..=one] };
        self.each("write_to", stores, &|ask, what| {
            let mut out = sums.guards(place);
            let to = Target { memory: &mut *out, place, is_slice: case.slices };
            let got = write_to(ask, self.source(), to);
            assert_eq!(got, self.error(), "{what}");
            if got.is_err() {
                // There may be anything in the place of the sums, and nothing new anywhere else.
                sums.scatter(place, &mut *out);
            }
            out.assert_same(&*expected, what);
        });
    }

    #[track_caller]
    fn in_place(&self, x: &dyn Values, in_place: InPlace) {
        let Sum { case, options, .. } = *self.sum;
        if options.include_initial {
            return;
        }
        let before = || {
            let mut memory = x.guards(&case.at);
            x.scatter(&case.at, &mut *memory);
            memory
        };
        let mut after = before();
        if self.overflow.is_none() {
            x.cast_from(self.sums).scatter(&case.at, &mut *after);
        }
        self.each("in_place", &[None], &|ask, what| {
            let mut data = before();
            let to = Target { memory: &mut *data, place: &case.at, is_slice: case.slices };
            let got = in_place(ask, to);
            assert_eq!(got, self.error(), "{what}");
            data.assert_same(&*after, what);
        });
    }
}
