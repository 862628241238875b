//! Runs `npy` on files made here: right sums for good ones, one clear line for bad ones.

mod files;
mod options;
mod sums;

use std::fs;

use crate::program::{Dir, Program};

pub(crate) const NPY: Program = Program { name: "npy", path: env!("CARGO_BIN_EXE_npy") };

#[track_caller]
pub(crate) fn succeed(args: &[&str]) -> String {
    NPY.succeed(args)
}

#[track_caller]
pub(crate) fn fail(args: &[&str], words: &[&str]) {
    NPY.fail(args, words);
}

/// A file of version 1.0: its header, padded as NumPy pads it, and its data.
pub(crate) fn v1(header: &str, data: &[u8]) -> Vec<u8> {
    let text = padded(header, 10);
    let length = (text.len() as u16).to_le_bytes();
    [&b"\x93NUMPY\x01\x00"[..], &length, text.as_bytes(), data].concat()
}

/// A file of version 2.0 or 3.0.
pub(crate) fn v2(version: u8, header: &str, data: &[u8]) -> Vec<u8> {
    let text = padded(header, 12);
    let length = (text.len() as u32).to_le_bytes();
    [&b"\x93NUMPY"[..], &[version, 0], &length, text.as_bytes(), data].concat()
}

fn padded(header: &str, preamble: usize) -> String {
    let blanks = 63 - (preamble + header.len()) % 64;
    format!("{header}{:blanks$}\n", "")
}

pub(crate) fn header(descr: &str, order: char, shape: &str) -> String {
    let fortran = if order == 'F' { "True" } else { "False" };
    format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}")
}

/// The bytes of numbers in a little-endian file: `le!(i16: 1, 2)`.
macro_rules! le {
    ($T:ident: $($x:expr),* $(,)?) => { [$($x),*].map($T::to_le_bytes).concat() };
}
pub(crate) use le;

/// The bytes of numbers in a big-endian file.
macro_rules! be {
    ($T:ident: $($x:expr),* $(,)?) => { [$($x),*].map($T::to_be_bytes).concat() };
}
pub(crate) use be;

/// Sums a file and checks the file of the sums: its descr, its shape (one-dimensional) and its bytes.
#[track_caller]
pub(crate) fn check(file: &[u8], options: &[&str], descr: &str, sums: &[u8]) -> String {
    check_array(
        file,
        options,
        &header(descr, 'C', &format!("({},)", sums.len() / size(descr))),
        sums,
    )
}

/// Sums a file and checks the file of the sums: its header and its bytes.
#[track_caller]
pub(crate) fn check_array(file: &[u8], options: &[&str], header: &str, sums: &[u8]) -> String {
    let dir = Dir::new();
    let (input, output) = (dir.file("in.npy", file), dir.path("out.npy"));
    let mut args = vec![&input[..], "--output", &output];
    args.extend(options);
    let report = succeed(&args);
    assert_eq!(dir.names(), ["in.npy", "out.npy"]);

    let written = fs::read(&output).unwrap();
    assert!(written == v1(header, sums), "{options:?}: {}", shown(&written));
    report
}

/// A file as text and bytes, for messages.
fn shown(file: &[u8]) -> String {
    let (header, data) = file.split_at(file.len().min(128));
    format!("{} {data:?}", header.escape_ascii())
}

/// Sums a file, for the report alone.
#[track_caller]
pub(crate) fn succeed_with(file: &[u8], options: &[&str]) -> String {
    let dir = Dir::new();
    succeed(&[&[&dir.file("in.npy", file)[..]], options].concat())
}

/// A one-dimensional array.
pub(crate) fn line(descr: &str, data: &[u8]) -> Vec<u8> {
    v1(&header(descr, 'C', &format!("({},)", data.len() / size(descr))), data)
}

/// The bytes of an element.
fn size(descr: &str) -> usize {
    descr[2..].parse().unwrap()
}
