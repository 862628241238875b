//! [`Backend`] as a value, its names and errors, and the choice by `LANESUM_BACKEND`.
//!
//! The choice is made once in a process. So each test of it runs this test program again, with a
//! test that is ignored otherwise and an environment of its own.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::process::{Command, Output};

use lanesum::{Backend, cumsum};

fn names() -> Vec<&'static str> {
    Backend::available().map(Backend::name).collect()
}

/// The end of the message about a name that is not available.
fn which_has() -> String {
    format!("on this CPU, which has {}", names().join(", "))
}

#[test]
fn names_are_unique_and_scalar_is_last() {
    let names = names();
    assert_eq!(names.last(), Some(&"scalar"));
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
    // In the order of `NAMES`, the best first.
    let order: Vec<_> =
        Backend::NAMES.iter().copied().filter(|name| names.contains(name)).collect();
    assert_eq!(names, order);
    assert_eq!(Backend::NAMES, ["avx512", "avx2", "neon", "scalar"]);
}

#[test]
fn every_backend_is_found_by_its_name() {
    for backend in Backend::available() {
        assert_eq!(Backend::by_name(backend.name()), Ok(backend));
    }
    for &name in Backend::NAMES {
        assert_eq!(Backend::by_name(name).is_ok(), names().contains(&name), "{name}");
    }
}

#[test]
fn other_names_are_errors_that_say_what_there_is() {
    let long = "a".repeat(100_000);
    for (name, shown) in [
        ("sse9", "sse9"),
        ("", ""),
        ("SCALAR", "SCALAR"),
        (" scalar", " scalar"),
        ("scalar\0", "scalar\\0"),
        ("\n\u{1b}[2J\"\\", "\\n\\u{1b}[2J\\\"\\\\"),
        // As long as fits, and one longer.
        ("abcdefghijklmnopqrstuvwx", "abcdefghijklmnopqrstuvwx"),
        ("abcdefghijklmnopqrstuvwxy", "abcdefghijklmnopqrstuvwx.."),
        // The cut falls into a character of two bytes, which goes as a whole.
        ("abcdefghijklmnopqrstuvw\u{e9}", "abcdefghijklmnopqrstuvw.."),
        (&long, "aaaaaaaaaaaaaaaaaaaaaaaa.."),
    ] {
        let error = Backend::by_name(name).expect_err("no such backend");
        assert_eq!(error.to_string(), format!("no backend \"{shown}\" {}", which_has()));
        assert_eq!(lanesum::Error::from(error).to_string(), error.to_string());
    }
}

#[test]
fn backends_are_shown_by_their_names() {
    for backend in Backend::available() {
        let name = backend.name();
        assert_eq!(format!("{backend}"), name);
        assert_eq!(format!("[{backend:>10}]"), format!("[{name:>10}]"));
        assert_eq!(format!("[{backend:-<10}]"), format!("[{name:-<10}]"));
        assert_eq!(format!("[{backend:.2}]"), format!("[{}]", &name[..2]));
        assert_eq!(format!("{backend:?}"), format!("Backend({name})"));
    }
}

#[test]
fn backends_are_equal_and_hash_alike_by_their_names() {
    let set: HashSet<Backend> = Backend::available().chain(Backend::available()).collect();
    assert_eq!(set.len(), names().len());
    for (i, a) in Backend::available().enumerate() {
        for (k, b) in Backend::available().enumerate() {
            assert_eq!(a == b, i == k, "{a} and {b}");
        }
    }
}

#[test]
fn the_list_can_be_walked_again() {
    let available = Backend::available();
    assert!(available.clone().eq(available));
}

#[test]
fn the_default_is_the_best() {
    assert_eq!(Backend::default(), Backend::best());
    assert!(Backend::available().any(|backend| backend == Backend::best()));
}

/// Backends are small, and an `Option` of one is not larger: every builder holds one.
#[test]
fn backends_are_small() {
    assert!(size_of::<Backend>() <= 1);
    assert_eq!(size_of::<Option<Backend>>(), 1);
}

/// Runs a test of this program in a process with this `LANESUM_BACKEND`.
fn run(test: &str, value: Option<&OsStr>) -> Output {
    let program = std::env::current_exe().expect("this program has a path");
    // Under an emulator the program must run in the same emulator again: cargo's runner.
    let mut command = match runner() {
        Some(runner) => {
            let mut words = runner.split_whitespace();
            let mut command = Command::new(words.next().expect("a runner is a program"));
            command.args(words).arg(program);
            command
        }
        None => Command::new(program),
    };
    command.args(["--exact", test, "--ignored", "--nocapture"]).env_remove("LANESUM_BACKEND");
    if let Some(value) = value {
        command.env("LANESUM_BACKEND", value);
    }
    command.output().expect("this program runs again")
}

/// The value of `CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER`, or its like for this architecture.
fn runner() -> Option<String> {
    let prefix = format!("CARGO_TARGET_{}_", std::env::consts::ARCH.to_uppercase());
    let is_runner = |name: &str| name.starts_with(&prefix) && name.ends_with("_RUNNER");
    let (_, runner) = std::env::vars().find(|(name, _)| is_runner(name))?;
    (!runner.trim().is_empty()).then_some(runner)
}

/// Run by the tests below: prints what has been chosen.
#[test]
#[ignore = "run by other tests, with an environment of their own"]
fn child_prints_its_choice() {
    let best = Backend::best();
    assert_eq!(Backend::best(), best, "the choice is kept");
    println!("\nbest={best}\navailable={}", names().join(","));
}

/// Run by the tests below: whatever needs the choice panics, and not only the first time.
#[test]
#[ignore = "run by other tests, with an environment of their own"]
fn child_panics_at_each_use() {
    let panics = |work: fn()| std::panic::catch_unwind(work).is_err();
    let sums = panics(|| drop(cumsum(&[1, 2, 3]).to_vec()));
    let in_place = panics(|| cumsum(&mut [1.0, 2.0]).in_place());
    let best = panics(|| drop(Backend::best().to_string()));
    // An explicit backend does not ask.
    let scalar = Backend::by_name("scalar").expect("scalar is everywhere");
    let explicit = cumsum(&[1, 2, 3]).backend(scalar).to_vec();
    println!("\npanics={sums},{in_place},{best}\nexplicit={explicit:?}");
}

/// The rest of the line of the output that begins with `key=`.
#[track_caller]
fn value(output: &Output, key: &str) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let value = stdout.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    let stderr = || String::from_utf8_lossy(&output.stderr);
    value.unwrap_or_else(|| panic!("no {key}=: {stdout}\n{}", stderr())).to_owned()
}

#[cfg(feature = "std")]
mod override_by_the_environment {
    use super::*;

    #[test]
    fn without_one_the_best_is_chosen() {
        // An empty value is none.
        for none in [None, Some(OsStr::new(""))] {
            let output = run("child_prints_its_choice", none);
            assert!(output.status.success(), "{none:?}: {output:?}");
            assert_eq!(value(&output, "best"), names()[0], "{none:?}");
        }
    }

    #[test]
    fn each_available_backend_can_be_forced() {
        for name in names() {
            let output = run("child_prints_its_choice", Some(OsStr::new(name)));
            assert!(output.status.success(), "{name}: {output:?}");
            assert_eq!(value(&output, "best"), name);
            assert_eq!(value(&output, "available"), names().join(","), "the list is as before");
        }
    }

    /// The message that a process with this value panics with, on each use.
    #[track_caller]
    fn assert_refused(value_of_variable: &OsStr, shown: &str) {
        let output = run("child_panics_at_each_use", Some(value_of_variable));
        assert_eq!(value(&output, "panics"), "true,true,true", "{value_of_variable:?}");
        assert_eq!(value(&output, "explicit"), "[1, 3, 6]");
        let message = format!("LANESUM_BACKEND: no backend \"{shown}\" {}", which_has());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(stderr.matches(&message).count(), 3, "{message} is not in {stderr}");

        let output = run("child_prints_its_choice", Some(value_of_variable));
        assert!(!output.status.success(), "{value_of_variable:?} was passed over");
    }

    #[test]
    fn unknown_names_are_refused() {
        assert_refused(OsStr::new("sse9"), "sse9");
        assert_refused(OsStr::new("AVX2"), "AVX2");
        assert_refused(OsStr::new(" "), " ");
        assert_refused(OsStr::new("scalar,avx2"), "scalar,avx2");
    }

    #[test]
    fn names_that_this_cpu_has_not_are_refused() {
        let unavailable = Backend::NAMES.iter().copied().filter(|name| !names().contains(name));
        let unavailable: Vec<_> = unavailable.collect();
        // `neon` and `avx2` are never both there.
        assert!(!unavailable.is_empty());
        for name in unavailable {
            assert_refused(OsStr::new(name), name);
        }
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_are_refused() {
        use std::os::unix::ffi::OsStrExt;
        assert_refused(OsStr::from_bytes(b"\xff"), "\u{fffd}");
    }
}

/// Without `std` there is no environment.
#[cfg(not(feature = "std"))]
#[test]
fn the_environment_is_not_read() {
    let output = run("child_prints_its_choice", Some(OsStr::new("nonsense")));
    assert!(output.status.success(), "{output:?}");
    assert_eq!(value(&output, "best"), names()[0]);
}
