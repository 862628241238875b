//! Every method of every instruction set against plain arrays.

use core::fmt::Debug;
use std::format;
use std::vec::Vec;

use super::single;
use crate::backend::{Backend, Kind};
use crate::primitive::Primitive;
#[cfg(target_arch = "x86_64")]
use crate::vector::Slide;
use crate::vector::{Scan, Vector};

/// Runs the body for every backend that the CPU has, with `$v` as its context of each listed type.
#[test]
fn methods_agree_with_arrays() {
    for backend in Backend::available() {
        match backend.kind() {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(token) => {
                use super::avx512::{F32, F64, U8, U16, U32, U64};
                scan(&format!("{backend} f32"), <F32 as Vector<16>>::new(token));
                scan(&format!("{backend} f64"), <F64 as Vector<8>>::new(token));
                scan(&format!("{backend} u8"), <U8 as Vector<64>>::new(token));
                scan(&format!("{backend} u16"), <U16 as Vector<32>>::new(token));
                slide(&format!("{backend} u32"), <U32 as Vector<16>>::new(token));
                slide(&format!("{backend} u64"), <U64 as Vector<8>>::new(token));
            }
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(token) => {
                use super::avx2::{F32, F64, U8, U16, U32, U64};
                scan(&format!("{backend} f32"), <F32 as Vector<8>>::new(token));
                scan(&format!("{backend} f64"), <F64 as Vector<4>>::new(token));
                scan(&format!("{backend} u8"), <U8 as Vector<32>>::new(token));
                scan(&format!("{backend} u16"), <U16 as Vector<16>>::new(token));
                slide(&format!("{backend} u32"), <U32 as Vector<8>>::new(token));
                slide(&format!("{backend} u64"), <U64 as Vector<4>>::new(token));
            }
            #[cfg(target_arch = "aarch64")]
            Kind::Neon(token) => {
                use super::neon::{F32, F64, U8, U16, U32, U64};
                scan(&format!("{backend} f32"), <F32 as Vector<4>>::new(token));
                scan(&format!("{backend} f64"), <F64 as Vector<2>>::new(token));
                scan(&format!("{backend} u8"), <U8 as Vector<16>>::new(token));
                scan(&format!("{backend} u16"), <U16 as Vector<8>>::new(token));
                scan(&format!("{backend} u32"), <U32 as Vector<4>>::new(token));
                scan(&format!("{backend} u64"), <U64 as Vector<2>>::new(token));
            }
            Kind::Scalar(token) => {
                scan(&format!("{backend} f32"), single::Single::<f32>::new(token));
                scan(&format!("{backend} f64"), single::Single::<f64>::new(token));
            }
        }
    }
}

/// Values whose sums round, and whose order can be told from the sums; both zeros among them.
fn values<A: Primitive, const W: usize>(seed: i64) -> [A; W] {
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

fn assert_same_bits<A: Primitive + Debug>(what: &str, actual: &[A], expected: &[A]) {
    let (actual_bits, expected_bits): (&[u8], &[u8]) =
        (bytemuck::cast_slice(actual), bytemuck::cast_slice(expected));
    assert!(actual_bits == expected_bits, "{what}: {actual:?} is not {expected:?}");
}

/// The methods of `Vector`.
fn vector<V: Vector<W, Element: Debug>, const W: usize>(name: &str, v: V) {
    let get = |x: V::Register| {
        let mut lanes = [V::Element::IDENTITY; W];
        v.store(x, &mut lanes);
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
            v.store_part(v.load(&a), &mut actual[..len]);
            expected[..len].copy_from_slice(&a[..len]);
            assert_same_bits(&format!("{name} store_part {len}"), &actual, &expected);
        }
    }
}

/// The methods of `Scan`, and those of `Vector`.
fn scan<V: Scan<W, Element: Debug>, const W: usize>(name: &str, v: V) {
    vector(name, v);
    for seed in 0..200 {
        let x = values::<V::Element, W>(seed);
        let mut expected = x;
        sklansky(&mut expected);
        let mut actual = [V::Element::IDENTITY; W];
        v.store(v.scan(v.load(&x)), &mut actual);
        assert_same_bits(&format!("{name} scan"), &actual, &expected);
        v.store(v.last(v.load(&x)), &mut actual);
        assert_same_bits(&format!("{name} last"), &actual, &[x[W - 1]; W]);
    }
}

/// The methods of `Slide`, and those of `Vector`.
#[cfg(target_arch = "x86_64")]
fn slide<V: Slide<W, Element: Debug>, const W: usize>(name: &str, v: V) {
    vector(name, v);
    let mut previous = v.nothing();
    let mut all: Vec<V::Element> = [V::Element::IDENTITY; W].into();
    for seed in 0..200 {
        let x = values::<V::Element, W>(seed * 7);
        all.extend(x);
        let mut actual = [V::Element::IDENTITY; W];
        v.store(v.slide(&mut previous, v.load(&x)), &mut actual);
        let ends = all.len() - W + 1..=all.len();
        let expected: Vec<_> = ends
            .map(|end| all[end - W..end].iter().fold(V::Element::IDENTITY, |sum, x| sum.plus(*x)))
            .collect();
        assert_same_bits(&format!("{name} slide"), &actual, &expected);
    }
}

/// The definition: scan the halves, add the last of the left one to each element of the right one.
fn sklansky<A: Primitive>(x: &mut [A]) {
    if x.len() > 1 {
        let (left, right) = x.split_at_mut(x.len() / 2);
        sklansky(left);
        sklansky(right);
        for x in right {
            *x = left[left.len() - 1].plus(*x);
        }
    }
}
