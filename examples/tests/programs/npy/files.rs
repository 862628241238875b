//! Files: every header that NumPy writes or reads, files that lie, and files that are written.

use std::fs;

use crate::program::Dir;

use super::{be, check, check_array, fail, header, le, line, succeed, v1, v2};

#[test]
fn big_endian_is_read() {
    check(&line(">i2", &be!(i16: 1, -3)), &[], "<i8", &le!(i64: 1, -2));
    check(&line(">u4", &be!(u32: 1, 2)), &[], "<u8", &le!(u64: 1, 3));
    check(&line(">i8", &be!(i64: 1, 2)), &[], "<i8", &le!(i64: 1, 3));
    check(&line(">f4", &be!(f32: 0.5, 0.25)), &[], "<f4", &le!(f32: 0.5, 0.75));
    check(&line(">f2", &be!(u16: 0x3c00, 0x3c00)), &[], "<f2", &le!(u16: 0x3c00, 0x4000));
    check(&line(">c8", &be!(f32: 1.0, 2.0)), &[], "<c8", &le!(f32: 1.0, 2.0));
    check(&line(">c16", &be!(f64: 1.0, 2.0, 3.0, 4.0)), &[], "<c16", &le!(f64: 1.0, 2.0, 4.0, 6.0));
    let fortran = v1(&header(">f8", 'F', "(2, 2)"), &be!(f64: 1.0, 3.0, 2.0, 4.0));
    check(&fortran, &[], "<f8", &le!(f64: 1.0, 3.0, 6.0, 10.0));
}

#[test]
fn every_version_of_the_format_is_read() {
    let (header, data) = (header("<i4", 'C', "(3,)"), le!(i32: 1, 2, 3));
    for file in [v1(&header, &data), v2(2, &header, &data), v2(3, &header, &data)] {
        check(&file, &[], "<i8", &le!(i64: 1, 3, 6));
    }
}

/// What is in a header is tested in `npy/header.rs` and `npy/dtype.rs`.
#[test]
fn headers_need_not_look_as_numpy_writes_them_today() {
    let (data, sums) =
        (le!(f64: 1.0, 2.0, 3.0, 4.0, 5.0, 6.0), le!(f64: 1.0, 3.0, 6.0, 4.0, 9.0, 15.0));
    for header_text in [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 3L), }",
        "{'shape':(2,3),'fortran_order':False,'descr':'f8'}",
        r#"{"descr": "=f8", "fortran_order": False, "shape": (2, 3,)}"#,
        "{\n  'descr' :\t'float64',\n\n  'fortran_order':\nFalse ,\r\n 'shape': ( 2 ,\n3 )\n}\n\n",
        "  {u'descr': u'|d', u'fortran_order': False, # as C has it\n u'shape': (2, 3)}",
    ] {
        for file in [v1(header_text, &data), v2(2, header_text, &data), v2(3, header_text, &data)] {
            let written = header("<f8", 'C', "(2, 3)");
            check_array(&file, &["--axis", "1"], &written, &sums);
        }
    }
}

#[test]
fn what_follows_the_array_is_refused() {
    let dir = Dir::new();
    let mut file = line("|u1", &[1, 2]);
    file.extend(b"\x03 trailing");
    let words = ["shape (2,) of uint8 takes 2 bytes after the header, and 10 more follow"];
    fail(&[&dir.file("long.npy", &file)], &words);
    let two = [line("<f8", &le!(f64: 1.0)), line("<f8", &le!(f64: 2.0))].concat();
    fail(&[&dir.file("two.npy", &two)], &["takes 8 bytes", "and 136 more follow"]);
}

#[test]
fn files_that_lie_are_refused_in_one_line() {
    let good = line("<f8", &le!(f64: 1.0, 2.0, 3.0));
    let of = |descr: &str, shape: &str| v1(&header(descr, 'C', shape), &[0; 64]);
    let text = |header: &str| v1(header, &[0; 64]);
    let deep = format!("{{'shape': (1,), 'descr': {}", "{".repeat(500));
    let mut wrong_magic = good.clone();
    wrong_magic[0] = 0x92;
    let mut version_9 = good.clone();
    version_9[6] = 9;
    let mut long_header = v2(2, &header("<f8", 'C', "(3,)"), &[0; 24]);
    long_header[8..12].copy_from_slice(&u32::MAX.to_le_bytes());

    #[rustfmt::skip]
    let table: &[(Vec<u8>, &[&str])] = &[
        (vec![], &["not a .npy file"]),
        (b"PK\x03\x04 an archive".to_vec(), &["not a .npy file", "NUMPY"]),
        (wrong_magic, &["not a .npy file"]),
        (version_9, &["version 9.0"]),
        (good[..9].to_vec(), &["truncated", "9 bytes"]),
        (good[..100].to_vec(), &["truncated", "header of 118 bytes", "the file has 90"]),
        (good[..good.len() - 1].to_vec(),
            &["(3,) of float64", "takes 24 bytes", "the file has 23"]),
        (long_header, &["header of 4294967295 bytes", "10000"]),
        (of("<f16", "(1,)"), &["dtype '<f16' is not supported", "no float", "float32, float64"]),
        (of("<c32", "(1,)"), &["dtype '<c32' is not supported", "no complex"]),
        (of("<U3", "(1,)"), &["dtype '<U3' is not supported", "strings"]),
        (of("|S3", "(1,)"), &["dtype '|S3' is not supported", "strings"]),
        (of("|O", "(1,)"), &["dtype '|O' is not supported", "Python objects"]),
        (of("|V8", "(1,)"), &["dtype '|V8' is not supported", "raw bytes"]),
        (of("<M8[D]", "(1,)"), &["dtype '<M8[D]' is not supported", "times"]),
        (of("<M8[ns]", "(1,)"), &["dtype '<M8[ns]' is not supported", "times"]),
        (of("<m8[ns]", "(1,)"), &["dtype '<m8[ns]' is not supported", "durations", "int64"]),
        (of("<f7", "(1,)"), &["dtype '<f7' is not supported"]),
        (of("quatsch", "(1,)"), &["dtype 'quatsch' is not supported", "none of NumPy's"]),
        (of("a\\\\\nb", "(1,)"), &["string"]),
        (of("<f8", "(9,)"), &["(9,) of float64", "takes 72 bytes", "the file has 64"]),
        (of("|i1", "(1099511627776,)"), &["takes 1099511627776 bytes", "the file has 64"]),
        (of("<f8", "(4611686018427387904,)"), &["takes 36893488147419103232 bytes", "has 64"]),
        (of("<f8", "(4294967296, 4294967296)"), &["(4294967296, 4294967296) overflows"]),
        (of("<f8", "(4294967296, 4294967296, 0)"), &["overflows"]),
        (of("<f8", "(36893488147419103232,)"), &["36893488147419103232", "below 2^64"]),
        (of("<f8", "(-1,)"), &["-1", "no whole number"]),
        (of("<f8", "(2.5,)"), &["2.5", "no whole number"]),
        (of("<f8", "(0xff,)"), &["0xff", "no whole number"]),
        (of("<f8", "3"), &["shape"]),
        (of("<f8", "[3]"), &["shape", "no tuple"]),
        (of("<f8", "(3,), 'shape': (4,)"), &["more than one shape"]),
        (of("<f8", "(3,), 'more': 1"), &["the key 'more'"]),
        (v1(&header("|i1", 'C', &format!("({})", "1, ".repeat(65))), &[0]),
            &["64", "65"]),
        (text("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,), }"),
            &["dtype [('x', '<f8')] is not supported", "structured"]),
        (text("{'fortran_order': False, 'shape': (1,), }"), &["descr"]),
        (text("{'descr': '<f8', 'fortran_order': False, }"), &["shape"]),
        (text("{'descr': '<f8', 'shape': (1,), }"), &["fortran_order"]),
        (text("{'descr': '<f8', 'fortran_order': 0, 'shape': (1,), }"), &["fortran_order"]),
        (text("{'descr': 8, 'fortran_order': False, 'shape': (1,), }"), &["string"]),
        (text("{'descr' '<f8', 'shape': (1,), }"), &["syntax"]),
        (text("{(1,)}"), &["dict"]),
        (text(&deep), &["syntax", "bracket"]),
        (text("{\u{e4}}"), &["dictionary"]),
        (text("").into_iter().map(|byte| if byte == b' ' { 0xff } else { byte }).collect(),
            &["not a dictionary"]),
        (v2(3, "", &[]).into_iter().map(|byte| if byte == b' ' { 0xff } else { byte }).collect(),
            &["not text"]),
        (line("|b1", &[0, 2, 1]), &["bool", "2"]),
    ];
    let dir = Dir::new();
    for (content, words) in table {
        let path = dir.file("bad.npy", content);
        fail(&[&path, "--output", &dir.path("out.npy")], &[&[&path[..]], *words].concat());
        assert_eq!(dir.names(), ["bad.npy"], "{words:?}");
    }
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let dir = Dir::new();
    let good = line("<i2", &le!(i16: 1, 2, 3, 4, 5));
    for length in (0..good.len()).step_by(5).chain([8, 9, 11, 127, good.len() - 1]) {
        fail(&[&dir.file("cut.npy", &good[..length])], &["cut.npy"]);
    }
    succeed(&[&dir.file("whole.npy", &good)]);
}

#[test]
fn what_is_no_file_is_refused() {
    let dir = Dir::new();
    fail(&[&dir.path("none.npy")], &["none.npy", "No such file"]);
    fail(&[&dir.path("")], &["not a regular file"]);
}

#[test]
fn output_is_whole_or_as_it_was() {
    let dir = Dir::new();
    let good = dir.file("good.npy", &line("|u1", &[1, 2]));
    let bad = dir.file("bad.npy", &line("|u1", &[1, 2])[..129]);
    let kept = dir.file("kept.npy", b"precious");
    fs::create_dir(dir.path("directory")).unwrap();
    let names = dir.names();

    fail(&[&bad, "--output", &kept], &["takes 2 bytes", "the file has 1"]);
    assert_eq!(fs::read(&kept).unwrap(), b"precious");
    fail(&[&good, "--output", &dir.path("none/out.npy")], &["none/out.npy", "No such file"]);
    fail(&[&good, "--output", &dir.path("directory")], &["directory\"", "not a regular file"]);
    fail(&[&good, "--output", &kept, "--order", "random"], &["random"]);
    assert_eq!(fs::read(&kept).unwrap(), b"precious");
    assert_eq!(dir.names(), names);

    // A file may be replaced, also by its own sums.
    succeed(&[&good, "--output", &kept]);
    succeed(&[&good, "--output", &good]);
    assert_eq!(fs::read(&good).unwrap(), fs::read(&kept).unwrap());
    assert_eq!(fs::read(&good).unwrap()[128..], le!(u64: 1, 3));
    assert_eq!(dir.names(), names);
}
