//! Fuzzes sums of arrays: any shape, strides, axis, types, options and backend, against the reference.
//!
//! The first bytes of an input choose the call, the next ones each axis, the others are the data; every
//! input is valid. Each array ends where its allocation ends, and often begins there too.

#![no_main]

use lanesum::{Error, View, ViewMut, cumsum};
use lanesum_testkit::reference::axes;
use lanesum_testkit::ways::Ask;
use lanesum_testkit::ways::plain::{
    array_in_place as in_place, array_promoted as promoted, array_to_vec as to_vec,
    array_write_to as write_to,
};
use lanesum_testkit::{CHUNK, Place, Ways, ways};
use libfuzzer_sys::fuzz_target;

mod common;
use common::{Call, Case, Fill, ask, run};

fuzz_target!(|bytes: &[u8]| {
    let mut header = [0; 8];
    let (chosen, rest) = bytes.split_at(bytes.len().min(header.len()));
    header[..chosen.len()].copy_from_slice(chosen);
    let [call, backend, how, ndim, axis, margins, options, initial] = header;

    let ndim = usize::from(ndim % 7);
    let (chosen, data) = rest.split_at(rest.len().min(5 * ndim));
    let mut per_axis = chosen.to_vec();
    per_axis.resize(5 * ndim, 0);
    let per_axis: &[[u8; 5]] = per_axis.as_chunks().0;

    if how & 0x40 != 0 {
        return judge(per_axis, [call, backend, axis, margins]);
    }
    let call = &CALLS[usize::from(call) % CALLS.len()];
    let ask = ask(call, [backend, how, options, initial]);
    // Seldom more than a chunk: those take a hundred times as long.
    let shape = shape(per_axis, if margins < 250 { 1500 } else { 3 * CHUNK });
    let input = Style { order: 1, kind: 2, margin: usize::from(margins % 8), overlaps: true };
    let output = Style { order: 3, kind: 4, margin: usize::from(margins / 8 % 8), overlaps: false };
    // From -ndim to ndim; the last is none.
    let axis = isize::from(axis) % (2 * ndim.max(1) as isize + 1) - ndim.max(1) as isize;
    let asked = Some(axis).filter(|axis| *axis < ndim.max(1) as isize);
    let axis = asked.map(|axis| axis.rem_euclid(ndim.max(1) as isize) as usize);
    let result = ask.options.result_shape(&shape, axis);
    let is_in_place = (call.ways)().in_place.is_some();
    let case = Case {
        is_slice: false,
        axis,
        fill: Fill::ALL[usize::from(how >> 3 & 7) % 3],
        from: input.place(&shape, per_axis),
        to: match axis {
            Some(_) if ndim > 0 => output.place(&result, per_axis),
            _ if is_in_place => output.place(&shape, per_axis),
            // Backwards, and with steps.
            _ => {
                let (extent, stride) = (result[0], 1 + usize::from(margins) % 3);
                let len = extent.saturating_sub(1) * stride + 1;
                Place::new(len, len - 1, &result, &[-(stride as isize)])
            }
        },
        ask: Ask { axis: asked, ..ask },
        data: if data.is_empty() { &[0] } else { data },
    };
    run(call, &case);
});

/// Extents that multiply to so many at most.
fn shape(per_axis: &[[u8; 5]], mut left: usize) -> Vec<usize> {
    let extent = |&[extent, ..]: &[u8; 5]| {
        let wanted = match usize::from(extent) {
            small @ 0..64 => small % 10,
            some @ 64..192 => some % 35,
            many @ 192..248 => many - 120,
            around_a_chunk @ 248..252 => CHUNK - 250 + around_a_chunk,
            long => 2 * CHUNK + long * 16,
        };
        let extent = wanted.min(left);
        left /= extent.max(1);
        extent
    };
    per_axis.iter().map(extent).collect()
}

/// How the bytes of the axes make strides.
struct Style {
    /// Which byte has the place of an axis in the order of the strides.
    order: usize,
    /// Which byte says whether it is stepped or reversed, repeated, or a window of the next.
    kind: usize,
    margin: usize,
    /// Whether elements may be in several places of the array.
    overlaps: bool,
}

impl Style {
    fn place(&self, shape: &[usize], per_axis: &[[u8; 5]]) -> Place {
        let mut order: Vec<usize> = (0..shape.len()).rev().collect();
        order.sort_by_key(|axis| per_axis[*axis][self.order]);
        let (mut offset, mut next, mut last) = (self.margin, 1, self.margin);
        let mut strides = vec![0; shape.len()];
        // Every step of six axes would make gaps of most of the memory.
        let mut spare = 8;
        for axis in order {
            let kind = usize::from(per_axis[axis][self.kind]);
            if self.overlaps && kind % 16 == 15 {
                continue;
            }
            let step = spare.min([1, 1, 1, 1, 1, 2, 3, 4][kind / 16 % 8]);
            spare /= step;
            next *= step;
            let reach = shape[axis].saturating_sub(1) * next;
            last += reach;
            strides[axis] = next as isize;
            if kind >= 128 {
                offset += reach;
                strides[axis] *= -1;
            }
            if !self.overlaps || kind % 16 != 14 {
                next *= shape[axis].max(1);
            }
            next += [0, 0, 0, 1][kind % 4];
        }
        let len = if shape.contains(&0) { self.margin } else { last + 1 };
        Place::new(len, offset, shape, &strides)
    }
}

/// Shapes, strides and offsets that need not fit, against sums that cannot overflow.
fn judge(per_axis: &[[u8; 5]], [offset, how, len, _]: [u8; 4]) {
    // Small numbers, and some from both ends.
    let number = |byte: u8| match byte {
        0..200 => u64::from(byte % 12),
        200..220 => i64::MIN as u64 + u64::from(byte % 3),
        220..240 => i64::MAX as u64 >> (byte % 4),
        _ => u64::from(byte).wrapping_sub(256),
    };
    let signed = |byte: u8, negative: u8| match negative % 3 {
        0 => (number(byte) as isize).wrapping_neg(),
        _ => number(byte) as isize,
    };
    let shape: Vec<usize> = per_axis.iter().map(|bytes| number(bytes[0]) as usize).collect();
    let strides: Vec<isize> = per_axis.iter().map(|bytes| signed(bytes[1], bytes[2])).collect();
    let offset = if how % 8 == 0 { number(offset) as usize } else { usize::from(offset) };
    let mut data = vec![0x5au8; usize::from(len)];

    let size = shape.iter().filter(|extent| **extent != 0).try_fold(1i128, |size, extent| {
        Some(size * *extent as i128).filter(|size| *size <= isize::MAX as i128)
    });
    let reach = |backwards: bool| {
        let axes = shape.iter().zip(&strides).filter(|(_, stride)| (**stride < 0) == backwards);
        // Six axes of 2^128 would overflow even these.
        axes.map(|(extent, stride)| (*extent as i128 - 1).saturating_mul(*stride as i128))
            .fold(offset as i128, |sum, reach| sum.saturating_add(reach))
    };
    let inside = shape.contains(&0) || reach(true) >= 0 && reach(false) < data.len() as i128;
    let view = View::with_strides(&data, offset, &shape, &strides);
    match (size, inside) {
        (None, _) => {
            assert_eq!(view.expect_err("too large"), Error::TooLarge { shape: shape[..].into() })
        }
        (Some(_), false) => assert!(matches!(view, Err(Error::OutOfBounds { .. })), "{view:?}"),
        (Some(_), true) => assert_eq!(view.expect("a view").shape(), shape),
    }

    let fits = size.is_some() && inside;
    match ViewMut::with_strides(&mut data, offset, &shape, &strides) {
        Ok(view) => {
            assert!(fits, "{view:?}");
            let small = view.len() <= 256;
            assert!(small, "more elements than places: {view:?}");
            let mut positions = axes::positions(offset, &shape, &strides);
            let x = cumsum(&view).dtype::<u8>().to_vec();
            cumsum(view).in_place();
            for (sum, at) in x.iter().zip(&positions) {
                assert_eq!(data[*at], *sum);
            }
            positions.sort_unstable();
            assert!(positions.windows(2).all(|pair| pair[0] < pair[1]), "{shape:?}, {strides:?}");
        }
        Err(Error::Overlap { .. }) => assert!(fits),
        Err(_) => assert!(!fits, "{shape:?}, {strides:?}"),
    }
}

/// `write_to` and `to_vec` take a dtype, `promoted` is the same without.
const CALLS: &[Call] = calls! {
    write_to !options f32 f32 f32;
    write_to !options f64 f64 f64;
    write_to !options i8 i8 i8;
    write_to !options i16 i16 i16;
    write_to !options i32 i32 i32;
    write_to !options i64 i64 i64;
    write_to !options u8 u8 u8;
    write_to !options u16 u16 u16;
    write_to !options u32 u32 u32;
    write_to !options u64 u64 u64;
    in_place !options f32 f32 f32;
    in_place !options f64 f64 f64;
    in_place !options i8 i8 i8;
    in_place !options i16 i16 i16;
    in_place !options u32 u32 u32;
    in_place !options u64 u64 u64;
    in_place f32 f64 f32;
    in_place f64 i32 f64;
    in_place u8 u64 u8;
    to_vec !options f32 f32 f32;
    to_vec f64 i64 i64;
    to_vec bool u8 u8;
    write_to i8 i64 i64;
    write_to u8 f32 f32;
    write_to f32 f64 f32;
    write_to f64 f32 i32;
    write_to u16 f32 i8;
    write_to bool u16 f32;
    promoted f32 f32 f32;
    promoted f64 f64 f32;
    promoted i8 i16 u8;
    promoted i32 f64 f32;
    promoted u32 i64 i16;
};
