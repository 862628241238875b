//! Every method of every instruction set against plain arrays.

use core::fmt::Debug;
use std::format;
#[cfg(target_arch = "x86_64")]
use std::vec::Vec;

use super::{Proves, scalar};
use crate::cpu::{Backend, Kind};
use crate::memory::Place;
use crate::number::Number;
#[cfg(target_arch = "x86_64")]
use crate::simd::Slide;
use crate::simd::{Context, Permute, Scan, Transpose, Vector};

#[test]
fn methods_agree_with_arrays() {
    for backend in Backend::available() {
        // A context of each type to a line: what it has, and a name for messages.
        macro_rules! check {
            ($token:ident: $($V:ident $W:literal $($check:ident)*;)*) => {
                $($(
                    let name = format!("{backend} {} {}", stringify!($V), stringify!($check));
                    $check(&name, <$V as Context<$W>>::new(Proves::proof($token)));
                )*)*
            };
        }
        match backend.kind() {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(token) => {
                use super::avx512::{F32, F64, U8, U16, U32, U64};
                check! { token:
                    F32 16 vector scan permute;
                    F64 8 vector scan permute;
                    U8 64 vector scan;
                    U16 32 vector scan permute;
                    U32 16 vector slide permute transpose;
                    U64 8 vector slide permute transpose;
                }
            }
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(token) => {
                use super::avx2::{F32, F64, U8, U16, U32, U64};
                check! { token:
                    F32 8 vector scan permute;
                    F64 4 vector scan permute;
                    U8 32 vector scan;
                    U16 16 vector scan;
                    U32 8 vector slide permute transpose;
                    U64 4 vector slide permute transpose;
                }
                use super::xmm;
                type Xmm8 = xmm::U8;
                type Xmm16 = xmm::U16;
                check! { token:
                    Xmm8 16 vector permute transpose;
                    Xmm16 8 vector permute transpose;
                }
            }
            #[cfg(target_arch = "aarch64")]
            Kind::Neon(token) => {
                use super::neon::{F32, F64, U8, U16, U32, U64};
                check! { token:
                    F32 4 vector scan permute;
                    F64 2 vector scan permute;
                    U8 16 vector scan permute transpose;
                    U16 8 vector scan permute transpose;
                    U32 4 vector scan permute transpose;
                    U64 2 vector scan permute transpose;
                }
            }
            Kind::Scalar(token) => {
                type F32 = scalar::Scalar<f32>;
                type F64 = scalar::Scalar<f64>;
                type U8 = scalar::Scalar<u8>;
                check! { token:
                    F32 1 vector scan;
                    F64 1 vector scan;
                    U8 1 vector transpose;
                }
            }
        }
    }
}

/// Values whose sums round, and whose order can be told from the sums; both zeros among them.
fn values<A: Number, const W: usize>(seed: i64) -> [A; W] {
    core::array::from_fn(|i| {
        let i = i as i64 + seed;
        let x = (i * 2_654_435_761 + 12_345) % 1_000_003;
        match i % 13 {
            _ if A::EXACT => A::cast_from(x),
            5 => A::IDENTITY,
            7 => A::cast_from(0.0),
            k => A::cast_from((x - 500_000) as f64 / (k + 3) as f64),
        }
    })
}

fn assert_same_bits<A: Number>(what: &str, actual: &[A], expected: &[A]) {
    let (actual_bits, expected_bits): (&[u8], &[u8]) =
        (bytemuck::cast_slice(actual), bytemuck::cast_slice(expected));
    assert!(actual_bits == expected_bits, "{what}: {actual:?} is not {expected:?}");
}

/// The methods of `Vector`.
fn vector<V: Vector<W, Element: Debug>, const W: usize>(name: &str, v: V) {
    let get = |x: V::Register| {
        let mut lanes = [V::Element::IDENTITY; W];
        v.store(x, Place::of(&mut lanes));
        lanes
    };
    for seed in 0..40 {
        let (a, b) = (values::<V::Element, W>(seed), values::<V::Element, W>(3 * seed + 1));
        assert_same_bits(&format!("{name} splat"), &get(v.splat(a[0])), &[a[0]; W]);
        assert_same_bits(&format!("{name} load, store"), &get(v.load(&a)), &a);
        let sum: [V::Element; W] = core::array::from_fn(|i| a[i].plus(b[i]));
        assert_same_bits(&format!("{name} add"), &get(v.add(v.load(&a), v.load(&b))), &sum);
        for len in 0..W {
            let mut expected = [V::Element::IDENTITY; W];
            expected[..len].copy_from_slice(&a[..len]);
            let part = get(v.load_part(&a[..len]));
            assert_same_bits(&format!("{name} load_part {len}"), &part, &expected);
            let (mut actual, mut expected) = (b, b);
            v.store_part(v.load(&a), Place::of_slice(&mut actual[..len]));
            expected[..len].copy_from_slice(&a[..len]);
            assert_same_bits(&format!("{name} store_part {len}"), &actual, &expected);
            let mut actual = b;
            v.store_row_part(v.load(&a), Place::of_slice(&mut actual[..len]));
            assert_same_bits(&format!("{name} store_row_part {len}"), &actual, &expected);
        }
    }
}

/// The methods of `Scan`.
fn scan<V: Scan<W, Element: Debug>, const W: usize>(name: &str, v: V) {
    for seed in 0..200 {
        let x = values::<V::Element, W>(seed);
        let mut expected = x;
        sklansky(&mut expected);
        let mut actual = [V::Element::IDENTITY; W];
        v.store(v.scan(v.load(&x)), Place::of(&mut actual));
        assert_same_bits(&format!("{name} scan"), &actual, &expected);
        v.store(v.last(v.load(&x)), Place::of(&mut actual));
        assert_same_bits(&format!("{name} last"), &actual, &[x[W - 1]; W]);
    }
}

/// The methods of `Slide`.
#[cfg(target_arch = "x86_64")]
fn slide<V: Slide<W, Element: Debug>, const W: usize>(name: &str, v: V) {
    let mut previous = v.nothing();
    let mut all: Vec<V::Element> = [V::Element::IDENTITY; W].into();
    for seed in 0..200 {
        let x = values::<V::Element, W>(seed * 7);
        all.extend(x);
        let mut actual = [V::Element::IDENTITY; W];
        v.store(v.slide(&mut previous, v.load(&x)), Place::of(&mut actual));
        let ends = all.len() - W + 1..=all.len();
        let expected: Vec<_> = ends
            .map(|end| all[end - W..end].iter().fold(V::Element::IDENTITY, |sum, x| sum.plus(*x)))
            .collect();
        assert_same_bits(&format!("{name} slide"), &actual, &expected);
    }
}

/// The methods of `Permute`.
fn permute<V: Permute<W, Element: Debug>, const W: usize>(name: &str, v: V) {
    for seed in 0..200 {
        let (x, from) = (values::<V::Element, W>(seed), values::<V::Element, W>(7 * seed + 5));
        // Some lanes take from none, and several may take from the same.
        let lanes: [Option<u8>; W] = core::array::from_fn(|k| {
            let mixed = ((k as i64 + 3 * seed) * 2_654_435_761) >> 7;
            (mixed % 5 != 0).then_some((mixed.unsigned_abs() % W as u64) as u8)
        });
        let expected: [V::Element; W] =
            core::array::from_fn(|k| lanes[k].map_or(x[k], |lane| from[usize::from(lane)]));
        let mut actual = [V::Element::IDENTITY; W];
        v.store(v.permute(v.load(&x), v.load(&from), V::choice(lanes)), Place::of(&mut actual));
        assert_same_bits(name, &actual, &expected);
    }
}

/// The method of `Transpose`.
fn transpose<V: Transpose<W, Element: Debug>, const W: usize>(name: &str, v: V) {
    let rows: [[V::Element; W]; W] = core::array::from_fn(|k| values(1000 * k as i64));
    let transposed = v.transpose(rows.map(|row| v.load(&row)));
    for (k, register) in transposed.into_iter().enumerate() {
        let mut actual = [V::Element::IDENTITY; W];
        v.store(register, Place::of(&mut actual));
        assert_same_bits(&format!("{name} {k}"), &actual, &rows.map(|row| row[k]));
    }
}

/// The definition: scan the halves, add the last of the left one to each element of the right one.
fn sklansky<A: Number>(x: &mut [A]) {
    if x.len() > 1 {
        let (left, right) = x.split_at_mut(x.len() / 2);
        sklansky(left);
        sklansky(right);
        for x in right {
            *x = left[left.len() - 1].plus(*x);
        }
    }
}
