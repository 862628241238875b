//! Sums of all dtypes, in all orders and shapes, along all axes.

use crate::program::Dir;

use super::{check, check_array, fail, header, le, line, succeed, succeed_with, v1};

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

    // In float32, where 2049 is a number, and rounded once to float16, where it is not.
    let (data, sums) = (le!(u16: H_2048, H_1, H_1), le!(u16: H_2048, H_2048, H_2050));
    case("float16 -> float16", "<f2", &data, "<f2", &sums);
    let (data, sums) = (le!(f32: 1.0, -2.0, 0.5, 3.0), le!(f32: 1.0, -2.0, 1.5, 1.0));
    case("complex64 -> complex64", "<c8", &data, "<c8", &sums);
    let (data, sums) =
        (le!(f64: 0.1, -0.0, 0.2, inf), le!(f64: 0.1, -0.0, 0.30000000000000004, inf));
    case("complex128 -> complex128", "<c16", &data, "<c16", &sums);
}

/// Numbers of float16, by their bits.
const H_HALF: u16 = 0x3800;
const H_1: u16 = 0x3c00;
const H_2: u16 = 0x4000;
const H_2048: u16 = 0x6800;
const H_2050: u16 = 0x6801;

#[test]
fn halves_and_complex_numbers_are_shown_as_python_shows_them() {
    let report = succeed_with(&line("<f2", &le!(u16: H_HALF, H_HALF, H_1)), &[]);
    assert!(report.contains("sums        [0.5, 1.0, 2.0]\n"), "{report}");
    let report = succeed_with(&line("<c8", &le!(f32: 1.0, -2.0, 0.5, 3.0)), &[]);
    assert!(report.contains("sums        [(1.0-2.0j), (1.5+1.0j)]\n"), "{report}");
    let report = succeed_with(&line("<c16", &le!(f64: 0.0, -0.0, 0.0, f64::NAN)), &[]);
    assert!(report.contains("sums        [(0.0-0.0j), (0.0+NaNj)]\n"), "{report}");
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
    case("|b1", &[1; 2], "float16", "<f2", &le!(u16: H_1, H_2));
    case("<f2", &le!(u16: H_2050, H_HALF), "int16", "<i2", &le!(i16: 2050, 2050));
    case("<f8", &le!(f64: 2049.5, 0.5), "float16", "<f2", &le!(u16: H_2050, H_2050));
    case("<u8", &le!(u64: u64::MAX, 0), "float64", "<f8", &le!(f64: 2f64.powi(64), 2f64.powi(64)));
    case("<i8", &le!(i64: -3, 1), "complex64", "<c8", &le!(f32: -3.0, 0.0, -2.0, 0.0));
    case("<c8", &le!(f32: 0.1, 9.0, 1.0, 9.0), "float32", "<f4", &le!(f32: 0.1, 1.1));
    case("<c16", &le!(f64: 300.7, 9.0, -1.0, 9.0), "int8", "|i1", &le!(i8: 127, 126));
    case("<c8", &le!(f32: 0.5, 1.0), "complex128", "<c16", &le!(f64: 0.5, 1.0));
    // 2^-25 is lost beside a float32 of 1, and four times it would not be.
    let small = 0.5f64.powi(25);
    case("<f8", &le!(f64: 1.0, small, small), "float32", "<f4", &le!(f32: 1.0, 1.0, 1.0));
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
    for (shape, count, axis, ndim) in [
        ("(2, 3)", 6, "2", 2),
        ("(2, 3)", 6, "-3", 2),
        ("(6,)", 6, "1", 1),
        ("(1, 2, 3)", 6, "9223372036854775807", 3),
        ("(1, 2, 3)", 6, "-9223372036854775808", 3),
        ("(0, 3)", 0, "2", 2),
        ("()", 1, "1", 1),
        ("()", 1, "-2", 1),
    ] {
        let input = dir.file("in.npy", &v1(&header("|i1", 'C', shape), &vec![1; count]));
        let message = format!("axis {axis} is out of bounds for array of dimension {ndim}\n");
        fail(&[&input, "--output", &dir.path("out.npy"), "--axis", axis], &[&message]);
        assert_eq!(dir.names(), ["in.npy"]);
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
fn long_arrays_show_both_ends() {
    let report = check(&line("|b1", &[1; 9]), &[], "<i8", &le!(i64: 1, 2, 3, 4, 5, 6, 7, 8, 9));
    assert!(report.contains("sums        [1, 2, 3, 4] .. [6, 7, 8, 9]\n"), "{report}");
}
