//! Arrays of any shape and strides that proptest makes up, along any axis, against the reference.
//!
//! `PROPTEST_CASES` and `PROPTEST_RNG_SEED` do here what they do in `properties.rs`.

mod common;

use common::strided::{Case, Style};
use common::{Random, Value, elements, mixed};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, max_shrink_iters: 2000, ..Default::default() }
}

/// An array in C order before it is stepped, reversed and transposed. One `of_input` may overlap itself.
fn style(ndim: usize, of_input: bool) -> impl Strategy<Value = Style> {
    let steps = prop_oneof![Just(vec![1; ndim]), vec(select(&[1, 1, 2, 3, 4][..]), ndim)];
    let order = prop_oneof![
        2 => Just((0..ndim).rev().collect::<Vec<_>>()),
        1 => Just((0..ndim).collect()),
        2 => Just((0..ndim).collect::<Vec<_>>()).prop_shuffle(),
    ];
    // Bits of the axes; for most arrays none is set.
    let axes = || prop_oneof![2 => Just(0), 1 => 0..1usize << ndim];
    let repeated = prop_oneof![4 => Just(0), 1 => 0..1usize << ndim];
    let overlaps = (repeated, prop::bool::weighted(0.1));
    let gap = select(&[0, 0, 1, 2, 7][..]);
    (order, steps, gap, axes(), overlaps, 0..8usize).prop_map(
        move |(order, steps, gap, reversed, (repeated, windows), margin)| {
            let repeated = if of_input { repeated } else { 0 };
            let windows = of_input && windows;
            Style { order, steps, gap, reversed, repeated, windows, margin }
        },
    )
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

/// How the seed of an array becomes its values.
#[derive(Clone, Copy, Debug)]
enum Values {
    /// Those that round when they are added.
    Mixed,
    /// Every pattern of bits: NaN, infinities and subnormals are among them.
    Patterns,
    /// A few patterns among others that round.
    Few,
    /// Zeros, the largest, the smallest.
    Edges,
}

impl Values {
    fn of<T: Value>(self, seed: u64, len: usize) -> Vec<T> {
        let value = |bits: u64| match self {
            Self::Mixed => T::mixed(bits),
            Self::Few if !bits.is_multiple_of(256) => T::mixed(bits),
            Self::Few | Self::Patterns => T::from_bits(bits.rotate_right(8)),
            Self::Edges => T::EDGES[(bits >> 32) as usize % T::EDGES.len()],
        };
        match self {
            Self::Mixed => mixed(seed, len),
            _ => Random(seed).take(len).map(value).collect(),
        }
    }
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
    let values = select(&[Values::Mixed, Values::Patterns, Values::Few, Values::Edges][..]);
    let how = (proptest::option::weighted(0.8, any::<Index>()), values, any::<u64>());
    (shape(), how).prop_flat_map(|(shape, (axis, values, seed))| {
        let ndim = shape.len();
        let axis = axis.map(|axis| axis.index(ndim));
        (style(ndim, true), style(ndim, false)).prop_map(move |(from, to)| {
            let shape = shape.clone();
            Array { shape, axis, from, to, values, seed }
        })
    })
}

macro_rules! agrees_with_the_reference {
    (; $($T:ident)*) => {
        mod agrees_with_the_reference {
            use super::*;

            proptest! {
                #![proptest_config(config())]
                $(#[test]
                fn $T(array in array()) {
                    let Array { shape, axis, from, to, values, seed } = &array;
                    let case = Case { shape, axis: *axis, from, to };
                    case.check(|other, len| values.of::<$T>(seed ^ other, len));
                })*
            }
        }
    };
}
elements!(agrees_with_the_reference!);
