//! Fuzzes sums of one lane: any bits, types, options, backend, length and alignment, against the reference.
//!
//! The first bytes of an input choose the call, the others are the data; every input is valid. Each
//! slice ends where its allocation ends, so that AddressSanitizer sees whatever reaches beyond.

#![no_main]

use lanesum_testkit::ways::plain::{
    slice_in_place as in_place, slice_promoted as promoted, slice_to_vec as to_vec,
    slice_write_to as write_to,
};
use lanesum_testkit::{CHUNK, Place, Ways, ways};
use libfuzzer_sys::fuzz_target;

mod common;
use common::{Call, Case, Fill, ask, run};

fuzz_target!(|bytes: &[u8]| {
    let mut header = [0; 9];
    let (chosen, data) = bytes.split_at(bytes.len().min(header.len()));
    header[..chosen.len()].copy_from_slice(chosen);
    let [call, backend, how, from, to, length, extra, options, initial] = header;

    let call = &CALLS[usize::from(call) % CALLS.len()];
    let data = if data.is_empty() { &[0] } else { data };
    let len = len([length, extra], data.len() / 4);
    let ask = ask(call, [backend, how, options, initial]);
    // The elements before a slice in its allocation.
    let place = |before: u8, len: usize| {
        let before = usize::from(before % 8);
        Place::new(before + len, before, &[len], &[1])
    };
    let case = Case {
        is_slice: true,
        axis: None,
        fill: Fill::ALL[usize::from(how >> 3 & 15) % 3],
        from: place(from, len),
        to: place(to, len + usize::from(ask.options.include_initial)),
        ask,
        data,
    };
    run(call, &case);
});

/// The length, seldom long: the long ones take a hundred times as long.
fn len([length, extra]: [u8; 2], data: usize) -> usize {
    let (length, extra) = (usize::from(length), usize::from(extra));
    match length {
        // As long as the data, if an element has four bytes.
        0..96 => data,
        // Up to a few blocks.
        96..224 => extra,
        // Up to a quarter of a chunk.
        224..240 => length % 16 * 256 + extra,
        // Around one, two or three chunks.
        240..252 => (1 + length % 3) * CHUNK + extra - 128,
        // Up to three chunks.
        252.. => (length % 4 * 256 + extra) * 48,
    }
}

/// `write_to` and `to_vec` take a dtype, `promoted` and `summed` are the same without.
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
    in_place !options i32 i32 i32;
    in_place !options i64 i64 i64;
    in_place !options u8 u8 u8;
    in_place !options u64 u64 u64;
    in_place f32 f64 f32;
    in_place f64 f32 f64;
    in_place f64 i32 f64;
    in_place i16 f32 i16;
    in_place u8 u64 u8;
    in_place i64 u64 i64;
    to_vec !options f32 f32 f32;
    to_vec !options f64 f64 f64;
    to_vec f64 i64 i64;
    to_vec i64 u64 u64;
    to_vec i32 f64 f64;
    to_vec bool u8 u8;
    summed bool i64 i64;
    summed i8 i64 i64;
    summed i16 i64 i64;
    summed i32 i64 i64;
    summed u8 u64 u64;
    summed u16 u64 u64;
    summed u32 u64 u64;
    summed f32 f32 f32;
    summed f64 f64 f64;
    write_to i8 i64 i64;
    write_to i32 i64 i64;
    write_to f32 f64 f32;
    write_to f64 f32 f32;
    write_to f64 f32 i32;
    write_to f32 i32 u8;
    write_to i64 i16 f64;
    write_to u16 f32 i8;
    write_to bool u16 f32;
    promoted bool i8 i8;
    promoted f32 f32 f32;
    promoted f64 f64 f64;
    promoted f64 f64 f32;
    promoted f64 f64 i64;
    promoted f32 f64 i32;
    promoted i8 i8 i8;
    promoted i8 i16 u8;
    promoted i32 f64 f32;
    promoted i64 f64 u64;
    promoted u32 i64 i16;
};
