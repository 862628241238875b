//! The options: what each does, what they do together, and what is refused.

use std::io;
use std::process::Stdio;

use crate::program::Dir;

use super::{NPY, check, check_array, fail, header, le, line, succeed, succeed_with, v1};

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
fn wrong_arguments_are_refused() {
    fail(&["--quiet"], &["unknown option", "--quiet"]);
    fail(&["-x"], &["unknown option", "-x"]);
    fail(&["--dtype"], &["--dtype needs a value"]);
    fail(&["--dtype", "--order", "blocked"], &["--dtype needs a value"]);
    fail(&["--dtype", "float128"], &["--dtype", "float128", "int8", "float64", "complex128"]);
    fail(&["--dtype", "bool"], &["--dtype", "bool"]);
    fail(&["--axis"], &["--axis needs a value"]);
    fail(&["--axis", "--order", "blocked"], &["--axis needs a value"]);
    for number in ["", "x", "0.5", "1,2", "99999999999999999999"] {
        fail(&["--axis", number], &["--axis", &format!("{number:?}"), "axis"]);
    }
    fail(&["--order"], &["--order needs a value"]);
    fail(&["--order", "random"], &["--order", "random", "blocked", "sequential", "compensated"]);
    fail(&["--initial"], &["--initial needs a value"]);
    fail(&["--initial", "--reverse"], &["--initial needs a value"]);
    for (dtype, values) in [
        (
            "int8",
            &["", "x", "1.5", "128", "-129", "nan", "99999999999999999999999999999999999999999"][..],
        ),
        ("uint64", &["-1", "18446744073709551616"]),
        ("float32", &["", "x", "1,5", "0x10"]),
        ("complex64", &["1+2j", "2j"]),
    ] {
        for value in values {
            let words = ["--initial", &format!("{value:?}"), dtype];
            fail(&["--dtype", dtype, "--initial", value], &words);
        }
    }
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
#[test]
fn help_and_a_closed_pipe_are_no_errors() {
    let help = succeed(&["--help"]);
    assert!(help.contains("usage: npy [INPUT.npy]"));
    for option in [
        "--axis N",
        "--dtype NAME",
        "--order NAME",
        "--exclusive",
        "--include-initial",
        "--initial V",
        "--reverse",
        "--skip-nan",
        "--checked",
        "--output PATH",
        "--backend NAME",
        "--help",
    ] {
        let line = help.lines().find(|line| line.starts_with(&format!("  {option} ")));
        assert!(line.is_some_and(|line| line.len() > 21), "{option}");
    }

    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let closed = NPY.command(&[]).stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!((closed.status.code(), &closed.stderr[..]), (Some(0), &b""[..]));
}

/// The sums of the elements of a lane, one after the other, by the flags in the order of the names.
fn lane(x: &[i64], [exclusive, include_initial, reverse]: [bool; 3], initial: i64) -> Vec<i64> {
    let mut x = x.to_vec();
    if reverse {
        x.reverse();
    }
    let mut sums = vec![initial];
    sums.extend(x.iter().scan(initial, |sum, x| {
        *sum += x;
        Some(*sum)
    }));
    if exclusive && !include_initial {
        sums.pop();
    } else if !include_initial {
        sums.remove(0);
    }
    if reverse {
        sums.reverse();
    }
    sums
}

#[test]
fn layout_options_in_every_combination() {
    const NAMES: [&str; 3] = ["--exclusive", "--include-initial", "--reverse"];
    let x = [3i64, 1, 4, 1, 5, 9];
    let file = v1(&header("<i8", 'C', "(2, 3)"), &x.map(i64::to_le_bytes).concat());
    for bits in 0..8 {
        let flags = [0, 1, 2].map(|bit| bits >> bit & 1 == 1);
        for initial in [None, Some(-7)] {
            let text = initial.unwrap_or(0).to_string();
            let mut options: Vec<&str> = NAMES
                .into_iter()
                .zip(flags)
                .filter(|(_, is_set)| *is_set)
                .map(|(name, _)| name)
                .collect();
            if initial.is_some() {
                options.extend(["--initial", &text]);
            }
            let start = initial.unwrap_or(0);
            let more = usize::from(flags[1]);

            let sums = lane(&x, flags, start);
            let bytes: Vec<u8> = sums.iter().flat_map(|sum| sum.to_le_bytes()).collect();
            check(&file, &options, "<i8", &bytes);

            let rows: Vec<i64> = x.chunks(3).flat_map(|row| lane(row, flags, start)).collect();
            let columns: Vec<Vec<i64>> =
                (0..3).map(|k| lane(&[x[k], x[k + 3]], flags, start)).collect();
            let columns: Vec<i64> =
                (0..2 + more).flat_map(|i| [0, 1, 2].map(|k| columns[k][i])).collect();
            for (axis, sums, shape) in [
                ("0", columns, format!("({}, 3)", 2 + more)),
                ("-1", rows, format!("(2, {})", 3 + more)),
            ] {
                let bytes: Vec<u8> = sums.iter().flat_map(|sum| sum.to_le_bytes()).collect();
                let options = [&options[..], &["--axis", axis]].concat();
                check_array(&file, &options, &header("<i8", 'C', &shape), &bytes);
            }
        }
    }
}

#[test]
fn an_empty_axis_has_an_initial_value_and_one_sum_more_may_be_too_many() {
    let file = v1(&header("<i4", 'F', "(2, 0, 1)"), &[]);
    let options = ["--include-initial", "--initial", "7", "--axis", "1"];
    check_array(&file, &options, &header("<i8", 'F', "(2, 1, 1)"), &le!(i64: 7, 7));
    check(&file, &["--include-initial"], "<i8", &le!(i64: 0));
    check_array(&file, &["--exclusive", "--axis", "1"], &header("<i8", 'F', "(2, 0, 1)"), &[]);

    let dir = Dir::new();
    for (shape, words) in [
        ("(4611686018427387904, 0)", "no memory for 4611686018427387904 elements"),
        ("(0, 18446744073709551615)", "the sums are too many"),
    ] {
        let input = dir.file("in.npy", &v1(&header("<i4", 'C', shape), &[]));
        fail(&[&input, "--include-initial", "--axis", "1"], &[words]);
    }
}

#[test]
fn the_report_names_the_options_and_times_no_plain_loop_beside_them() {
    let file = line("<f8", &le!(f64: 1.0, 2.0));
    let report = succeed_with(&file, &["--reverse", "--initial", "0.5", "--exclusive"]);
    assert!(report.contains("options     exclusive, reverse, initial 0.5\n"), "{report}");
    assert!(report.contains("plain loop  not timed"), "{report}");
    assert!(report.contains("sums        [2.5, 0.5]\n"), "{report}");
    let report = succeed_with(&file, &[]);
    assert!(report.contains("options     none\n") && report.contains("ratio "), "{report}");
}

#[test]
fn initial_is_of_the_dtype() {
    let bool = line("|b1", &[1, 1]);
    check(
        &bool,
        &["--initial", "-9223372036854775808"],
        "<i8",
        &le!(i64: i64::MIN + 1, i64::MIN + 2),
    );
    let top = ["--dtype", "uint64", "--initial", "18446744073709551615"];
    check(&bool, &top, "<u8", &le!(u64: 0, 1));
    check(&bool, &["--dtype", "int8", "--initial", "127"], "|i1", &le!(i8: -128, -127));
    check(&bool, &["--dtype", "float32", "--initial", "0.1"], "<f4", &le!(f32: 1.1, 2.1));
    check(&bool, &["--dtype", "float16", "--initial", "-1"], "<f2", &le!(u16: 0, 0x3c00));
    check(
        &bool,
        &["--dtype", "float64", "--initial", "inf"],
        "<f8",
        &le!(f64: f64::INFINITY, f64::INFINITY),
    );
    // A real number is enough, and the imaginary part begins with zero.
    let complex = line("<c16", &le!(f64: 1.0, 2.0));
    check(&complex, &["--initial", "0.5"], "<c16", &le!(f64: 1.5, 2.0));
}

#[test]
fn skip_nan_counts_nan_as_zero() {
    let nan = f64::NAN;
    let file = line("<f8", &le!(f64: nan, 1.0, nan, 2.0));
    check(&file, &["--skip-nan"], "<f8", &le!(f64: 0.0, 1.0, 1.0, 3.0));
    let file = line("<f2", &le!(u16: 0x3c00, 0x7e00, 0x3c00));
    check(&file, &["--skip-nan"], "<f2", &le!(u16: 0x3c00, 0x3c00, 0x4000));
    let file = line("<c16", &le!(f64: 1.0, 1.0, 5.0, nan, 2.0, 2.0));
    check(&file, &["--skip-nan"], "<c16", &le!(f64: 1.0, 1.0, 1.0, 1.0, 3.0, 3.0));
    // Nothing is NaN among integers.
    check(&line("|u1", &[1, 2]), &["--skip-nan"], "<u8", &le!(u64: 1, 3));
}

#[test]
fn checked_says_where_a_sum_leaves_the_dtype() {
    let dir = Dir::new();
    let (input, output) = (dir.path("in.npy"), dir.path("out.npy"));
    dir.file("in.npy", &v1(&header("|i1", 'C', "(2, 3)"), &[1, 2, 3, 100, 20, 30]));
    let args = ["--dtype", "int8", "--checked", "--output", &output, &input];
    fail(&[&args[..], &["--axis", "1"]].concat(), &["the sum at index 2 of lane 1 does not fit"]);
    fail(&args, &["the sum at index 5 of lane 0 does not fit"]);
    let reverse = [&args[..], &["--reverse", "--include-initial", "--initial", "100"]].concat();
    fail(&reverse, &["the sum at index 5 of lane 0 does not fit"]);
    assert_eq!(dir.names(), ["in.npy"]);

    let fits = [&args[..], &["--axis", "0"]].concat();
    assert!(succeed(&fits).contains("[1, 2, 3, 101, 22, 33]"));
    let one_more = [&fits[..], &["--include-initial", "--initial", "26"]].concat();
    assert!(succeed(&one_more).contains("[26, 26, 26, 27] .. [29, 127, 48, 59]"));
    // Floats do not overflow; they become infinite.
    let file = line("<f4", &le!(f32: f32::MAX, f32::MAX));
    check(&file, &["--checked"], "<f4", &le!(f32: f32::MAX, f32::INFINITY));
}

#[test]
fn compensated_sums_round_once() {
    let file = line("<f4", &le!(f32: 1e8, 1.0, -1e8));
    check(&file, &["--order", "compensated"], "<f4", &le!(f32: 1e8, 1e8, 1.0));
    check(&file, &["--order", "blocked"], "<f4", &le!(f32: 1e8, 1e8, 0.0));
    let file = line("<f8", &le!(f64: 1e17, 1.0, -1e17));
    let report = check(&file, &["--order", "compensated"], "<f8", &le!(f64: 1e17, 1e17, 1.0));
    assert!(report.contains("order       compensated\n"), "{report}");
    assert!(report.contains("ratio "), "{report}");
}

#[test]
fn all_options_at_once() {
    // Two columns, from below: 2, 2 - 1e17, a NaN that counts as zero, and + 1 that no rounding loses;
    // and 2, two NaN, + 3.
    let nan = f64::NAN;
    let file = v1(&header("<f8", 'F', "(3, 2)"), &le!(f64: 1.0, nan, -1e17, 3.0, nan, nan));
    let options = [
        "--axis",
        "0",
        "--exclusive",
        "--include-initial",
        "--initial",
        "2",
        "--reverse",
        "--skip-nan",
        "--checked",
        "--order",
        "compensated",
        "--backend",
        "scalar",
    ];
    let sums = le!(f64: 3.0 - 1e17, 2.0 - 1e17, 2.0 - 1e17, 2.0, 5.0, 2.0, 2.0, 2.0);
    let report = check_array(&file, &options, &header("<f8", 'F', "(4, 2)"), &sums);
    let named = "options     exclusive, include-initial, reverse, skip-nan, checked, initial 2\n";
    assert!(report.contains(named), "{report}");
}
