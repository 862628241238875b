//! Options that proptest makes up, for arrays that it makes up, against the reference.
//!
//! `PROPTEST_CASES` and `PROPTEST_RNG_SEED` do here what they do in `properties.rs`.

mod common;

use common::options::{Accumulator, Arrays, check_slice, specials, telling, with_nans};
use common::reference::options::Options;
use common::strided::{Case, Style};
use common::{CHUNK, PIECE, Random, elements, mixed};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, max_shrink_iters: 2000, ..Default::default() }
}

/// How the seed of an array becomes its values.
#[derive(Clone, Copy, Debug)]
enum Values {
    /// Those that round when they are added.
    Mixed,
    /// Those that round even when the additions are compensated, if they are of one lane.
    Telling,
    /// Some NaN among those that round.
    Nans,
    /// Every pattern of bits.
    Patterns,
    /// Zeros, infinities, NaN, the largest, the smallest.
    Special,
    /// Some of those among others.
    Few,
}

impl Values {
    fn of<T: Accumulator>(self, seed: u64, len: usize) -> Vec<T> {
        let specials = specials::<T>();
        let value = |bits: u64| match self {
            Self::Patterns => T::from_bits(bits),
            Self::Few if !bits.is_multiple_of(64) => T::mixed(bits),
            _ => specials[(bits >> 32) as usize % specials.len()],
        };
        match self {
            Self::Mixed => mixed(seed, len),
            Self::Telling => telling(seed, len),
            Self::Nans => with_nans(mixed(seed, len), !seed, 9),
            _ => Random(seed).take(len).map(value).collect(),
        }
    }
}

/// The number of a combination of options, and an initial value.
fn options() -> impl Strategy<Value = (usize, Values, u64)> {
    let values = select(&[Values::Mixed, Values::Patterns, Values::Special][..]);
    (0..96usize, values, any::<u64>())
}

fn values() -> impl Strategy<Value = Values> {
    use Values::{Few, Mixed, Nans, Patterns, Special, Telling};
    select(&[Mixed, Telling, Nans, Patterns, Special, Few][..])
}

fn numbered<T: Accumulator>((number, initial, seed): (usize, Values, u64)) -> Options<T> {
    Options::numbered(number, initial.of(seed, 1)[0])
}

/// Shapes of up to some thousands of elements, and with few dimensions of the longer axes.
fn shape() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![
        vec(0..1500usize, 1),
        vec(1..70usize, 2),
        (1..12usize, 1..300usize).prop_map(|(few, many)| vec![few, many]),
        (1..300usize, 1..12usize).prop_map(|(many, few)| vec![many, few]),
        vec(1..20usize, 3),
        vec(0..9usize, 4),
        vec(1..5usize, 5..=6),
        vec(1..3usize, 7..=9),
    ]
}

#[derive(Clone, Debug)]
struct Array {
    shape: Vec<usize>,
    axis: Option<usize>,
    from: Style,
    to: Style,
    values: Values,
    seed: u64,
}

fn array() -> impl Strategy<Value = Array> {
    let axis = proptest::option::weighted(0.8, any::<Index>());
    let styles = (any::<[u64; 2]>(), any::<[bool; 2]>());
    // Bits of the axes along which the input is one element; mostly none.
    let overlaps = (prop_oneof![4 => Just(0), 1 => 0..512usize], prop::bool::weighted(0.1));
    (shape(), axis, styles, overlaps, values(), any::<u64>()).prop_map(
        |(shape, axis, (styles, dense), (repeated, windows), values, seed)| {
            let ndim = shape.len();
            let style = |k: usize| match dense[k] {
                true => Style::dense(ndim),
                false => Style::random(ndim, &mut Random(styles[k])),
            };
            let repeated = repeated & ((1 << ndim) - 1);
            let from = Style { repeated, windows, ..style(0) };
            let axis = axis.map(|axis| axis.index(ndim));
            Array { axis, from, to: style(1), values, seed, shape }
        },
    )
}

/// Some hundreds of elements, often some thousands, and now and then more than a chunk.
fn len() -> impl Strategy<Value = usize> {
    prop_oneof![
        20 => 0..300usize,
        10 => 300..4 * PIECE,
        1 => CHUNK - 20..2 * CHUNK + 600,
    ]
}

macro_rules! agrees_with_the_reference {
    (; $($T:ident)*) => {
        mod slices_agree_with_the_reference {
            use super::*;

            proptest! {
                #![proptest_config(config())]
                $(#[test]
                fn $T(len in len(), values in values(), seed in any::<u64>(), options in options()) {
                    let x = values.of::<$T>(seed, len);
                    let options = numbered(options);
                    check_slice(&x, &options, &options.sums(&x));
                })*
            }
        }

        mod arrays_agree_with_the_reference {
            use super::*;

            proptest! {
                #![proptest_config(config())]
                $(#[test]
                fn $T(array in array(), options in vec(options(), 1..4)) {
                    let Array { shape, axis, from, to, values, seed } = &array;
                    let case = Case { shape, axis: *axis, from, to };
                    let arrays = Arrays::new(&case, |other, len| values.of::<$T>(seed ^ other, len));
                    options.into_iter().for_each(|options| arrays.check(&numbered(options)));
                })*
            }
        }
    };
}
elements!(agrees_with_the_reference!);
