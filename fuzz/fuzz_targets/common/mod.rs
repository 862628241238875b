//! What the targets share: values made of bytes, the calls with their types, and the comparison of a sum with
//! the reference. The reference, the types and the calls are those of the tests.

use std::fmt;

use lanesum::{Backend, Error, Stores};
use lanesum_testkit::values::Values;
use lanesum_testkit::ways::{Ask, Source, Target};
use lanesum_testkit::{Aligned, Options, Order, Place, Typed, Ways, cast, specials};

/// How bytes become values.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fill {
    /// The data as they are. Among floats, few additions go by before all is infinite or NaN.
    Raw,
    /// Floats of similar size, full of digits: each sum depends on the order of all its additions.
    Tame,
    /// Each byte chooses one of the values that are dealt with specially somewhere.
    Special,
}

impl Fill {
    pub(crate) const ALL: [Self; 3] = [Self::Raw, Self::Tame, Self::Special];

    /// So many values of these bytes, which are repeated as often as that needs.
    fn values<T: Typed>(self, data: &[u8], len: usize) -> Box<dyn Values> {
        let size = match self {
            Self::Special => 1,
            Self::Raw | Self::Tame => size_of::<T>(),
        };
        let bytes = data.repeat((len * size).div_ceil(data.len()));
        let word =
            |bytes: &[u8]| bytes.iter().rev().fold(0u128, |word, &x| word << 8 | u128::from(x));
        let words = bytes.chunks_exact(size).take(len).map(word);
        let specials = specials::<T>();
        let values: Vec<T> = match self {
            Self::Raw => words.map(T::pattern).collect(),
            // Of no period, so that blocks and chunks cannot be exchanged unnoticed.
            Self::Tame => {
                words.zip(0..).map(|(word, k)| T::mixed(splitmix(word as u64 ^ k << 32))).collect()
            }
            // Infinity and NaN are rare, for they end all that follows.
            Self::Special => words
                .map(|byte| match byte as usize {
                    rare @ 0..16 => specials[rare % specials.len()],
                    byte => T::EDGES[byte % T::EDGES.len()],
                })
                .collect(),
        };
        Box::new(Aligned::of(values.into_boxed_slice().into_vec()))
    }
}

/// Sebastiano Vigna's splitmix64, its last step.
fn splitmix(word: u64) -> u64 {
    lanesum_testkit::Random(word).bits()
}

/// A call, but for what is asked: the types and the way of calling.
pub(crate) struct Call {
    pub(crate) ways: fn() -> Ways,
    pub(crate) fill: fn(Fill, &[u8], usize) -> Box<dyn Values>,
    /// The initial value, of bytes.
    pub(crate) initial: fn(u8) -> f64,
    /// Whether it takes options.
    pub(crate) has_options: bool,
}

impl Call {
    pub(crate) const fn new<I: Typed, A: Typed>(ways: fn() -> Ways, has_options: bool) -> Self {
        Self {
            ways,
            fill: |fill, data, len| fill.values::<I>(data, len),
            initial: |byte| {
                let specials = specials::<A>();
                cast(specials[usize::from(byte) % specials.len()])
            },
            has_options,
        }
    }
}

/// The calls: how, and the types of input, accumulator and output. Those that end in `!` take options.
#[macro_export]
macro_rules! calls {
    ($($way:ident $(! $options:tt)? $I:ident $A:ident $O:ident;)*) => {
        &[$(calls!(@ $way $($options)? $I $A $O)),*]
    };
    (@ write_to options $I:ident $A:ident $O:ident) => {
        Call::new::<$I, $A>(|| Ways::none::<$I, $A>().write_to::<$O>(ways::write_to::<$I, $A, $O>), true)
    };
    (@ in_place options $I:ident $A:ident $O:ident) => {
        Call::new::<$I, $A>(|| Ways::none::<$I, $A>().in_place(ways::in_place::<$I, $A>), true)
    };
    (@ to_vec options $I:ident $A:ident $O:ident) => {
        Call::new::<$I, $A>(|| Ways::none::<$I, $A>().to_vec(ways::to_vec::<$I, $A>), true)
    };
    (@ write_to $I:ident $A:ident $O:ident) => {
        Call::new::<$I, $A>(|| Ways::none::<$I, $A>().write_to::<$O>(write_to::<$I, $A, $O>), false)
    };
    (@ promoted $I:ident $A:ident $O:ident) => {
        Call::new::<$I, $A>(|| Ways::none::<$I, $A>().write_to::<$O>(promoted::<$I, $O>), false)
    };
    (@ in_place $I:ident $A:ident $O:ident) => {
        Call::new::<$I, $A>(|| Ways::none::<$I, $A>().in_place(in_place::<$I, $A>), false)
    };
    (@ to_vec $I:ident $A:ident $O:ident) => {
        Call::new::<$I, $A>(|| Ways::none::<$I, $A>().to_vec(to_vec::<$I, $A>), false)
    };
    (@ summed $I:ident $A:ident $O:ident) => {
        Call::new::<$I, $A>(|| Ways::none::<$I, $A>().to_vec(ways::default_to_vec::<$I>), true)
    };
}

/// What is asked of a call.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    pub(crate) ask: Ask,
    pub(crate) is_slice: bool,
    /// The axis, counted from the first.
    pub(crate) axis: Option<usize>,
    pub(crate) fill: Fill,
    pub(crate) from: Place,
    /// Where the sums go: as many as the options ask for.
    pub(crate) to: Place,
    /// Repeated as often as the input needs.
    pub(crate) data: &'a [u8],
}

/// What is asked besides layouts, of some bytes.
pub(crate) fn ask(call: &Call, [backend, how, options, initial]: [u8; 4]) -> Ask {
    // Only half of the calls have options, and without them there are two orders.
    let number =
        if call.has_options && how & 1 == 1 { options.into() } else { options as usize % 2 * 32 };
    let mut options = Options::numbered(number, (call.initial)(initial));
    options.include_initial &= (call.ways)().in_place.is_none();
    if !call.has_options {
        options = Options::none([Order::Blocked, Order::Sequential][number / 32]);
    }
    // One choice more than there are backends: that of the crate.
    let choices = Backend::available().count() + 1;
    Ask {
        backend: Backend::available().nth(usize::from(backend) % choices),
        stores: Some([Stores::Cached, Stores::Streamed][usize::from(how >> 7)]),
        checked: call.has_options && how >> 1 & 3 == 3,
        ..Ask::new(&options)
    }
}

/// Calls, and compares with the reference: the sums, and what surrounds them. Each memory ends where its
/// allocation ends.
pub(crate) fn run(call: &Call, case: &Case<'_>) {
    let Case { ask, is_slice, axis, fill, from, to, data } = case;
    let (is_slice, ways) = (*is_slice, (call.ways)());
    let from = if ways.in_place.is_some() { to } else { from };
    let memory = (call.fill)(*fill, data, from.len);
    let x = memory.gather(from);
    let cast = ways.kinds[1]().cast_from(&*x);
    let sums = cast.sums(&ask.options, &from.shape, *axis);
    let overflow = ask.checked.then(|| cast.overflow(&ask.options, &from.shape, *axis)).flatten();
    let error = overflow.map_or(Ok(()), |(lane, index)| Err(Error::Overflow { lane, index }));
    let what = format_args!("{ways:?}, {case:?}");
    let source = Source { memory: &*memory, place: from, is_slice };
    let same = |result: Result<(), Error>, what: fmt::Arguments<'_>| {
        assert_eq!(result, error, "{what}");
        result.is_ok()
    };
    if let Some(to_vec) = ways.to_vec {
        match to_vec(ask, source) {
            Ok(got) if same(Ok(()), what) => got.assert_same(&*sums, what),
            got => assert!(!same(got.map(|_| ()), what)),
        }
    }
    for (kind, write_to) in &ways.write_to {
        let sums = kind().cast_from(&*sums);
        let mut output = sums.guards(to).copied();
        let mut after = output.copied();
        sums.scatter(to, &mut *after);
        let target = Target { memory: &mut *output, place: to, is_slice };
        if !same(write_to(ask, source, target), what) {
            sums.scatter(to, &mut *output);
        }
        output.assert_same(&*after, what);
    }
    if let Some(in_place) = ways.in_place {
        let mut data = memory.copied();
        let mut after = memory.copied();
        let target = Target { memory: &mut *data, place: from, is_slice };
        if same(in_place(ask, target), what) {
            x.cast_from(&*sums).scatter(from, &mut *after);
        }
        data.assert_same(&*after, what);
    }
}
