//! All the randomness that the tests need, and the values that they make of it.

use lanesum::Backend;

use crate::Typed;
use crate::reference::{Options, Order, axes};

/// Sebastiano Vigna's splitmix64.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Iterator for Random {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        Some(z ^ z >> 31)
    }
}

impl Random {
    /// Random bits.
    pub fn bits(&mut self) -> u64 {
        self.next().expect("endless")
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() >> 32) as usize % n
    }

    /// True once in so many times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of these.
    pub fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    /// One of the backends.
    pub fn backend(&mut self) -> Backend {
        let backends: Vec<Backend> = Backend::available().collect();
        self.of(&backends)
    }

    /// Any options.
    pub fn options<A: Typed>(&mut self) -> Options<A> {
        Options {
            exclusive: self.one_in(3),
            include_initial: self.one_in(3),
            initial: self.one_in(2).then(|| A::mixed(self.bits())),
            reverse: self.one_in(3),
            skip_nan: self.one_in(3),
            order: self.of(&Order::ALL),
        }
    }

    /// A lane to be summed with these options. Where NaN is skipped, it often has no other special value.
    pub fn lane<T: Typed>(&mut self, len: usize, skip_nan: bool) -> Vec<T> {
        let len_or = |least: u64| least.max(len as u64);
        if skip_nan && !self.one_in(4) {
            return with(T::nan, (self.bits(), len, self.of(&[5, 50, len_or(500)])));
        }
        // After one of them there may be nothing but NaN: so there are none in some, and few in the others.
        with(T::special, (self.bits(), len, self.of(&[len_or(50) / 4, len_or(50), u64::MAX])))
    }
}

/// `len` values of [`Typed::mixed`]. No two blocks are alike, so that a swap of blocks shows.
pub fn mixed<T: Typed>(seed: u64, len: usize) -> Vec<T> {
    Random(seed).take(len).map(T::mixed).collect()
}

/// [`mixed`] values, and one in so many of another kind.
pub fn with<T: Typed>(other: fn(u64) -> T, (seed, len, one_in): (u64, usize, u64)) -> Vec<T> {
    let value = |bits: u64| match bits % one_in {
        0 => other(bits.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)),
        _ => T::mixed(bits),
    };
    Random(seed).take(len).map(value).collect()
}

/// The values with a NaN in place of one in so many. Integers stay.
pub fn with_nans<T: Typed>(mut values: Vec<T>, seed: u64, one_in: u64) -> Vec<T> {
    for (x, bits) in values.iter_mut().zip(Random(seed)) {
        if bits.is_multiple_of(one_in) && !T::EXACT {
            *x = T::nan(bits.rotate_left(13));
        }
    }
    values
}

/// What few additions make infinities, NaN and wraps of.
pub fn specials<T: Typed>() -> Vec<T> {
    let mut values = T::EDGES.to_vec();
    if !T::EXACT {
        let sign = T::INFINITY << 1 & !T::INFINITY;
        let infinities = [T::INFINITY, T::INFINITY | sign, T::INFINITY + 1, u64::MAX];
        values.extend(infinities.map(|bits| T::pattern(bits.into())));
    }
    values
}

/// So many values, each one of [`specials`].
pub fn special<T: Typed>(seed: u64, len: usize) -> Vec<T> {
    let specials = specials::<T>();
    Random(seed).take(len).map(|bits| specials[(bits >> 32) as usize % specials.len()]).collect()
}

/// Mostly finite [`specials`], so that finite sums are seen as well, with others in one of so many places.
pub fn special_among_edges<T: Typed>(seed: u64, len: usize, one_in: u64) -> Vec<T> {
    let value = |(x, bits): (T, u64)| match bits % one_in {
        0 => x,
        _ => T::EDGES[(bits >> 32) as usize % T::EDGES.len().min(4)],
    };
    special(seed, len).into_iter().zip(Random(!seed)).map(value).collect()
}

/// Values of a lane that tell the order of the additions even where they are compensated: of very
/// different sizes, most of which soon meet their opposites, so that what was lost beside them shows.
/// Types without compensated sums of their own get [`mixed`] values.
pub fn telling<T: Typed>(seed: u64, len: usize) -> Vec<T> {
    let mut values = mixed::<T>(seed, len);
    let (digits, sizes, sign) = match T::NAME {
        "f32" => (23, 64, 31),
        "f64" => (52, 128, 63),
        _ => return values,
    };
    let mut open: Vec<u128> = Vec::new();
    for (x, bits) in values.iter_mut().zip(Random(!seed)) {
        if bits % 5 < 3 && !open.is_empty() {
            let opposite = open.swap_remove((bits >> 32) as usize % open.len());
            *x = T::pattern(opposite ^ 1 << sign);
        } else {
            *x = T::pattern(x.bits() + (u128::from((bits >> 8) % sizes) << digits));
            open.push(x.bits());
        }
    }
    values
}

/// An array in C order of lanes along an axis, or of one lane; `values` makes so many of a seed.
pub fn of_lanes<T: Typed>(
    shape: &[usize],
    axis: Option<usize>,
    mut values: impl FnMut(u64, usize) -> Vec<T>,
) -> Vec<T> {
    let mut x = vec![T::default(); shape.iter().product()];
    for (number, lane) in (0..).zip(axes::lanes(shape, axis)) {
        for (at, value) in lane.iter().zip(values(number, lane.len())) {
            x[*at] = value;
        }
    }
    x
}
