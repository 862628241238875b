//! Runs `npy` on files made here: right sums for good ones, one clear line for bad ones.

use std::fs;
use std::io;
use std::process::Stdio;

use crate::program::{Dir, Program};

const NPY: Program = Program { name: "npy", path: env!("CARGO_BIN_EXE_npy") };

#[track_caller]
fn succeed(args: &[&str]) -> String {
    NPY.succeed(args)
}

#[track_caller]
fn fail(args: &[&str], words: &[&str]) {
    NPY.fail(args, words);
}

/// A file of version 1.0: its header, padded as NumPy pads it, and its data.
fn v1(header: &str, data: &[u8]) -> Vec<u8> {
    let text = padded(header, 10);
    let length = (text.len() as u16).to_le_bytes();
    [&b"\x93NUMPY\x01\x00"[..], &length, text.as_bytes(), data].concat()
}

/// The same in version 2.0 or 3.0.
fn v2(version: u8, header: &str, data: &[u8]) -> Vec<u8> {
    let text = padded(header, 12);
    let length = (text.len() as u32).to_le_bytes();
    [&b"\x93NUMPY"[..], &[version, 0], &length, text.as_bytes(), data].concat()
}

fn padded(header: &str, preamble: usize) -> String {
    let blanks = 63 - (preamble + header.len()) % 64;
    format!("{header}{:blanks$}\n", "")
}

fn header(descr: &str, order: char, shape: &str) -> String {
    let fortran = if order == 'F' { "True" } else { "False" };
    format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}")
}

/// The bytes of numbers in a file of little-endian ones: `le!(i16: 1, 2)`.
macro_rules! le {
    ($T:ident: $($x:expr),* $(,)?) => { [$($x),*].map($T::to_le_bytes).concat() };
}

/// The same in a big-endian file.
macro_rules! be {
    ($T:ident: $($x:expr),* $(,)?) => { [$($x),*].map($T::to_be_bytes).concat() };
}

/// Sums a file and checks the file of the sums: its descr, its shape (one-dimensional) and its bytes.
#[track_caller]
fn check(file: &[u8], options: &[&str], descr: &str, sums: &[u8]) -> String {
    check_array(
        file,
        options,
        &header(descr, 'C', &format!("({},)", sums.len() / size(descr))),
        sums,
    )
}

/// The same for sums with any header.
#[track_caller]
fn check_array(file: &[u8], options: &[&str], header: &str, sums: &[u8]) -> String {
    let dir = Dir::new();
    let (input, output) = (dir.file("in.npy", file), dir.path("out.npy"));
    let mut args = vec![&input[..], "--output", &output];
    args.extend(options);
    let report = succeed(&args);
    assert_eq!(dir.names(), ["in.npy", "out.npy"]);

    let written = fs::read(&output).unwrap();
    assert_eq!(written[..8], *b"\x93NUMPY\x01\x00");
    let begin = 10 + usize::from(u16::from_le_bytes([written[8], written[9]]));
    assert_eq!(begin % 16, 0);
    let head = str::from_utf8(&written[10..begin]).unwrap();
    // But for the blanks and the last comma.
    let bare = |header: &str| header.replace(' ', "").replace(",)", ")").replace(",}", "}");
    assert_eq!(bare(head.trim_end()), bare(header), "{options:?}");
    assert_eq!(written[begin..], *sums, "{options:?}");
    report
}

/// Sums a file, for the report alone.
#[track_caller]
fn succeed_with(file: &[u8], options: &[&str]) -> String {
    let dir = Dir::new();
    succeed(&[&[&dir.file("in.npy", file)[..]], options].concat())
}

/// A one-dimensional array.
fn line(descr: &str, data: &[u8]) -> Vec<u8> {
    v1(&header(descr, 'C', &format!("({},)", data.len() / size(descr))), data)
}

/// The bytes of an element.
fn size(descr: &str) -> usize {
    descr[2..].parse().unwrap()
}

#[test]
fn without_arguments_it_sums_the_rain_of_seattle() {
    let report = succeed(&[]);
    for words in ["(1461,)", "float64 -> float64", "order       blocked", "[0.0, 10.9, ", "GB/s"] {
        assert!(report.contains(words), "{words:?} is not in {report}");
    }
    assert!(report.contains(", 4426.0]\n"), "{report}");

    // NumPy: np.load("seattle-precipitation.npy").cumsum()[-1]
    let report = succeed(&["--order", "sequential"]);
    assert!(report.contains(", 4426.000000000008]\n"), "{report}");
}

#[test]
fn every_dtype_is_summed_in_the_dtype_that_numpy_chooses() {
    #[track_caller]
    fn case(dtypes: &str, descr: &str, data: &[u8], sums_descr: &str, sums: &[u8]) {
        let report = check(&line(descr, data), &[], sums_descr, sums);
        assert!(report.contains(&format!("dtype       {dtypes}\n")), "{dtypes:?}: {report}");
    }
    let (int, uint, inf) = ("<i8", "<u8", f64::INFINITY);
    case("bool -> int64", "|b1", &[1, 0, 1, 1], int, &le!(i64: 1, 1, 2, 3));
    case("int8 -> int64", "|i1", &le!(i8: 100, 100, -128), int, &le!(i64: 100, 200, 72));
    case("int16 -> int64", "<i2", &le!(i16: 30000, 30000, -1), int, &le!(i64: 30000, 60000, 59999));
    case("int32 -> int64", "<i4", &le!(i32: i32::MAX, 1), int, &le!(i64: 2147483647, 2147483648));
    case("int64 -> int64", "<i8", &le!(i64: i64::MAX, 1), int, &le!(i64: i64::MAX, i64::MIN));
    case("uint8 -> uint64", "|u1", &[200, 100, 255], uint, &le!(u64: 200, 300, 555));
    case("uint16 -> uint64", "<u2", &le!(u16: 65535, 1), uint, &le!(u64: 65535, 65536));
    case(
        "uint32 -> uint64",
        "<u4",
        &le!(u32: u32::MAX, 1),
        uint,
        &le!(u64: 4294967295, 4294967296),
    );
    case("uint64 -> uint64", "<u8", &le!(u64: u64::MAX, 2), uint, &le!(u64: u64::MAX, 1));

    let (data, sums) = (le!(f32: -0.0, 0.1, 0.2), le!(f32: -0.0, 0.1, 0.3));
    case("float32 -> float32", "<f4", &data, "<f4", &sums);
    let (data, sums) =
        (le!(f64: -0.0, 0.1, 0.2, inf), le!(f64: -0.0, 0.1, 0.30000000000000004, inf));
    case("float64 -> float64", "<f8", &data, "<f8", &sums);
}

#[test]
fn dtype_casts_before_it_sums() {
    #[track_caller]
    fn case(descr: &str, data: &[u8], dtype: &str, sums_descr: &str, sums: &[u8]) {
        let report = check(&line(descr, data), &["--dtype", dtype], sums_descr, sums);
        assert!(report.contains(&format!(" -> {dtype}\n")), "{dtype}: {report}");
    }
    case("|i1", &[100; 3], "int8", "|i1", &le!(i8: 100, -56, 44));
    case("|b1", &[1; 3], "int16", "<i2", &le!(i16: 1, 2, 3));
    case("|u1", &[200, 200, 1], "int32", "<i4", &le!(i32: 200, 400, 401));
    case("|u1", &[200, 200, 1], "int64", "<i8", &le!(i64: 200, 400, 401));
    case("|u1", &[200, 200, 1], "uint8", "|u1", &[200, 144, 145]);
    case("|i1", &le!(i8: -1, 2), "uint16", "<u2", &le!(u16: 65535, 1));
    case("<i8", &le!(i64: 1 << 32, 2, 3), "uint32", "<u4", &le!(u32: 0, 2, 5));
    case("<i8", &le!(i64: -1, 2), "uint64", "<u8", &le!(u64: u64::MAX, 1));
    case("|b1", &[1; 3], "float32", "<f4", &le!(f32: 1.0, 2.0, 3.0));
    case("<f4", &le!(f32: 0.5, 0.25), "float64", "<f8", &le!(f64: 0.5, 0.75));
    case("<f8", &le!(f64: 1.7, 1.7, -1.7), "int64", "<i8", &le!(i64: 1, 2, 1));
    // 2^-25 is lost beside a float32 of 1, and four times it would not be.
    let small = 0.5f64.powi(25);
    case("<f8", &le!(f64: 1.0, small, small), "float32", "<f4", &le!(f32: 1.0, 1.0, 1.0));
}

#[test]
fn order_chooses_between_numpys_bits_and_the_blocked_ones() {
    let file = line("<f8", &le!(f64: 0.1).repeat(10));
    // np.cumsum([0.1] * 10)
    let numpy = le!(f64:
        0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6, 0.7, 0.7999999999999999,
        0.8999999999999999, 0.9999999999999999,
    );
    check(&file, &["--order", "sequential"], "<f8", &numpy);
    // By hand, from the blocks of eight: 0.3 + 0.3 and 0.4 + (0.2 + 0.1), then 0.8 + 0.1.
    let blocked = le!(f64:
        0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6000000000000001, 0.7000000000000001, 0.8,
        0.9, 1.0,
    );
    for options in [&[][..], &["--order", "blocked"], &["--backend", "scalar"]] {
        check(&file, options, "<f8", &blocked);
    }
    assert!(check(&file, &["--backend", "scalar"], "<f8", &blocked).contains("backend     scalar"));
}

#[test]
fn fortran_order_is_summed_in_c_order() {
    let c = v1(&header("<i2", 'C', "(2, 3)"), &le!(i16: 1, 2, 3, 4, 5, 6));
    let fortran = v1(&header("<i2", 'F', "(2, 3)"), &le!(i16: 1, 4, 2, 5, 3, 6));
    let sums = le!(i64: 1, 3, 6, 10, 15, 21);
    assert!(check(&c, &[], "<i8", &sums).contains("shape       (2, 3)\n"));
    check(&fortran, &[], "<i8", &sums);

    // np.arange(12).reshape(2, 3, 2), stored column by column.
    let data = [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11];
    let sums = le!(u64: 0, 1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 66);
    check(&v1(&header("|u1", 'F', "(2, 3, 2)"), &data), &[], "<u8", &sums);
    for shape in ["(12,)", "(1, 12, 1)"] {
        let data: Vec<u8> = (0..12).collect();
        check(&v1(&header("|u1", 'F', shape), &data), &[], "<u8", &sums);
    }
}

#[test]
fn axis_keeps_shape_and_order() {
    // As a.cumsum(axis=N), a and the sums in memory order.
    let (c, fortran) = (le!(i16: 1, 2, 3, 4, 5, 6), le!(i16: 1, 4, 2, 5, 3, 6));
    for (axes, sums) in [
        (["0", "-2"], [le!(i64: 1, 2, 3, 5, 7, 9), le!(i64: 1, 5, 2, 7, 3, 9)]),
        (["1", "-1"], [le!(i64: 1, 3, 6, 4, 9, 15), le!(i64: 1, 4, 3, 9, 6, 15)]),
    ] {
        for axis in axes {
            for (order, data, sums) in [('C', &c, &sums[0]), ('F', &fortran, &sums[1])] {
                let file = v1(&header("<i2", order, "(2, 3)"), data);
                let report =
                    check_array(&file, &["--axis", axis], &header("<i8", order, "(2, 3)"), sums);
                assert!(report.contains(&format!("axis        {axis}\n")), "{report}");
                // Shown in C order.
                let shown =
                    if axes.contains(&"0") { "[1, 2, 3, 5, 7, 9]" } else { "[1, 3, 6, 4, 9, 15]" };
                assert!(report.contains(&format!("sums        {shown}\n")), "{report}");
            }
        }
    }

    // np.arange(12).reshape(2, 3, 2), in C order and column by column.
    let data: Vec<u8> = (0..12).collect();
    let fortran = [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11];
    for (axis, c_sums, fortran_sums) in [
        ("0", [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16], [0, 6, 2, 10, 4, 14, 1, 8, 3, 12, 5, 16]),
        ("1", [0, 1, 2, 4, 6, 9, 6, 7, 14, 16, 24, 27], [0, 6, 2, 14, 6, 24, 1, 7, 4, 16, 9, 27]),
        ("2", [0, 1, 2, 5, 4, 9, 6, 13, 8, 17, 10, 21], [0, 6, 2, 8, 4, 10, 1, 13, 5, 17, 9, 21]),
    ] {
        for (order, data, sums) in [('C', &data[..], c_sums), ('F', &fortran, fortran_sums)] {
            let file = v1(&header("|u1", order, "(2, 3, 2)"), data);
            let options = ["--axis", axis, "--dtype", "uint8"];
            check_array(&file, &options, &header("|u1", order, "(2, 3, 2)"), &sums);
        }
    }
}

#[test]
fn axis_leaves_order_and_dtype_to_choose() {
    // Ten rows of 0.1 and 1.7, down which NumPy's sums are running sums.
    let file = v1(&header("<f8", 'C', "(10, 2)"), &le!(f64: 0.1, 1.7).repeat(10));
    let sums: Vec<u8> = (1..=10).flat_map(|n| le!(i32: 0, n)).collect();
    let options = ["--axis", "0", "--dtype", "int32"];
    check_array(&file, &options, &header("<i4", 'C', "(10, 2)"), &sums);
    for (order, last) in [("sequential", "0.9999999999999999"), ("blocked", "1.0")] {
        let report = succeed_with(&file, &["--axis", "0", "--order", order]);
        assert!(report.contains(&format!("{last}, ")), "{report}");
    }
}

#[test]
fn axis_of_arrays_without_axes_and_without_elements() {
    for (order, axis) in [('C', "0"), ('C', "-1"), ('F', "0")] {
        let file = v1(&header("<f8", order, "()"), &le!(f64: 7.5));
        let one = header("<f8", 'C', "(1,)");
        check_array(&file, &["--axis", axis], &one, &le!(f64: 7.5));
    }
    for order in ['C', 'F'] {
        for shape in ["(0,)", "(3, 0, 2)", "(0, 3)", "(9223372036854775807, 0)"] {
            let file = v1(&header("|i1", order, shape), &[]);
            check_array(&file, &["--axis", "0"], &header("<i8", order, shape), &[]);
            check_array(&file, &["--axis", "-1"], &header("<i8", order, shape), &[]);
        }
    }
}

#[test]
fn an_axis_out_of_range_is_refused_in_numpys_words() {
    let dir = Dir::new();
    for (shape, axis, ndim) in [
        ("(2, 3)", "2", 2),
        ("(2, 3)", "-3", 2),
        ("(6,)", "1", 1),
        ("(1, 2, 3)", "9223372036854775807", 3),
        ("(1, 2, 3)", "-9223372036854775808", 3),
        ("(0, 3)", "2", 2),
        ("()", "1", 1),
        ("()", "-2", 1),
    ] {
        let input = dir.file("in.npy", &v1(&header("|i1", 'C', shape), &[1; 6]));
        let message = format!("axis {axis} is out of bounds for array of dimension {ndim}\n");
        fail(&[&input, "--output", &dir.path("out.npy"), "--axis", axis], &[&message]);
        assert_eq!(dir.names(), ["in.npy"]);
    }
}

#[test]
fn big_endian_is_read() {
    check(&line(">i2", &be!(i16: 1, -3)), &[], "<i8", &le!(i64: 1, -2));
    check(&line(">u4", &be!(u32: 1, 2)), &[], "<u8", &le!(u64: 1, 3));
    check(&line(">i8", &be!(i64: 1, 2)), &[], "<i8", &le!(i64: 1, 3));
    check(&line(">f4", &be!(f32: 0.5, 0.25)), &[], "<f4", &le!(f32: 0.5, 0.75));
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

#[test]
fn an_array_without_axes_has_one_sum_and_an_empty_one_none() {
    for order in ['C', 'F'] {
        let report =
            check(&v1(&header("<f8", order, "()"), &le!(f64: 7.5)), &[], "<f8", &le!(f64: 7.5));
        assert!(report.contains("shape       ()\n") && report.contains("[7.5]"), "{report}");
        for shape in ["(0,)", "(3, 0, 2)", "(0, 3)", "(9223372036854775807, 0)"] {
            let report = check(&v1(&header("|i1", order, shape), &[]), &[], "<i8", &[]);
            assert!(report.contains("sums        []\n"), "{report}");
        }
    }
}

#[test]
fn what_follows_the_array_is_ignored_as_numpy_ignores_it() {
    let mut file = line("|u1", &[1, 2]);
    file.extend(b"\x03 trailing");
    check(&file, &[], "<u8", &le!(u64: 1, 3));
}

#[test]
fn long_arrays_show_both_ends() {
    let report = check(&line("|b1", &[1; 9]), &[], "<i8", &le!(i64: 1, 2, 3, 4, 5, 6, 7, 8, 9));
    assert!(report.contains("sums        [1, 2, 3, 4] .. [6, 7, 8, 9]\n"), "{report}");
}

#[test]
fn help_and_a_closed_pipe_are_no_errors() {
    assert!(succeed(&["--help"]).contains("usage: npy [INPUT.npy]"));

    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let closed = NPY.command(&[]).stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!((closed.status.code(), &closed.stderr[..]), (Some(0), &b""[..]));
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
        (of("<f2", "(1,)"), &["dtype float16 is not supported", "float32, float64"]),
        (of("<f16", "(1,)"), &["dtype float128 is not supported"]),
        (of("<c16", "(1,)"), &["dtype complex128 is not supported"]),
        (of("<U3", "(1,)"), &["dtype '<U3' is not supported"]),
        (of("|S3", "(1,)"), &["dtype '|S3' is not supported"]),
        (of("|O", "(1,)"), &["dtype '|O' is not supported"]),
        (of("|V8", "(1,)"), &["dtype '|V8' is not supported"]),
        (of("<M8[D]", "(1,)"), &["not supported"]),
        (of("<f7", "(1,)"), &["<f7", "size"]),
        (of("quatsch", "(1,)"), &["type string"]),
        (of("<f8", "(9,)"), &["(9,) of float64", "takes 72 bytes", "the file has 64"]),
        (of("|i1", "(1099511627776,)"), &["takes 1099511627776 bytes", "the file has 64"]),
        (of("<f8", "(4611686018427387904,)"), &["takes 36893488147419103232 bytes", "has 64"]),
        (of("<f8", "(4294967296, 4294967296)"), &["overflows", "the file has 192 bytes"]),
        (of("<f8", "(4294967296, 4294967296, 0)"), &["overflows"]),
        (of("<f8", "(36893488147419103232,)"), &["36893488147419103232", "below 2^64"]),
        (of("<f8", "(-1,)"), &["-1", "no whole number"]),
        (of("<f8", "(2.5,)"), &["2.5", "no whole number"]),
        (of("<f8", "(0xff,)"), &["0xff", "no whole number"]),
        (of("<f8", "3"), &["shape"]),
        (of("<f8", "[3]"), &["'['"]),
        (of("<f8", "(3,), 'shape': (4,)"), &["one shape"]),
        (text("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,), }"),
            &["structured"]),
        (text("{'fortran_order': False, 'shape': (1,), }"), &["descr"]),
        (text("{'descr': '<f8', 'fortran_order': False, }"), &["shape"]),
        (text("{'descr': '<f8', 'shape': (1,), }"), &["fortran_order"]),
        (text("{'descr': '<f8', 'fortran_order': 0, 'shape': (1,), }"), &["fortran_order"]),
        (text("{'descr': 8, 'fortran_order': False, 'shape': (1,), }"), &["string"]),
        (text("{'descr' '<f8', 'shape': (1,), }"), &["syntax"]),
        (text("{(1,)}"), &["dict"]),
        (text(&deep), &["shape"]),
        (text("{\u{e4}}"), &["shape"]),
        (text("").into_iter().map(|byte| if byte == b' ' { 0xff } else { byte }).collect(),
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

#[test]
fn wrong_arguments_are_refused() {
    fail(&["--quiet"], &["unknown option", "--quiet"]);
    fail(&["-x"], &["unknown option", "-x"]);
    fail(&["--dtype"], &["--dtype needs a value"]);
    fail(&["--dtype", "--order", "blocked"], &["--dtype needs a value"]);
    fail(&["--dtype", "float16"], &["--dtype", "float16", "int8", "float64"]);
    fail(&["--dtype", "bool"], &["--dtype", "bool"]);
    fail(&["--axis"], &["--axis needs a value"]);
    fail(&["--axis", "--order", "blocked"], &["--axis needs a value"]);
    for number in ["", "x", "0.5", "1,2", "99999999999999999999"] {
        fail(&["--axis", number], &["--axis", &format!("{number:?}"), "axis"]);
    }
    fail(&["--order"], &["--order needs a value"]);
    fail(&["--order", "random"], &["--order", "random", "blocked", "sequential"]);
    fail(&["--output"], &["--output needs a value"]);
    fail(&["--backend"], &["--backend needs a value"]);
    fail(&["--backend", "sse9"], &["--backend", "sse9", "scalar"]);
    fail(&["one.npy", "two.npy"], &["two.npy"]);
    // A line feed in a name does not make a second line.
    fail(&["no\nsuch\nfile"], &["No such file"]);
    fail(&["--no\nsuch"], &["unknown option"]);
}

#[test]
fn a_wrong_backend_in_the_environment_is_refused() {
    let output = NPY.command(&[]).env("LANESUM_BACKEND", "sse9").output().unwrap();
    NPY.refused(&output, &["LANESUM_BACKEND", "sse9", "scalar"]);
    for name in ["", "scalar"] {
        let output = NPY.command(&[]).env("LANESUM_BACKEND", name).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{name:?}");
    }
}
