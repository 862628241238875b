//! Counts the instructions of one call of each kernel, and compares them with those in a file.
//!
//! `cargo bench --bench instructions` fails where a count is not what `benches/instructions.txt` says,
//! and `-- --bless` writes that file anew. Unlike a time, a count is the same on a busy machine as on an
//! idle one. It is no time: a change that makes the sums faster may well take more instructions, and is
//! blessed. What it finds is what nobody meant: a function that is no longer inlined, a loop that is no
//! longer vectorised, an array that takes another kernel.
//!
//! The counts are callgrind's, of valgrind, which knows no AVX-512. Exit code 77, with the reason on the
//! last line: this machine cannot count. With `--test` the results are checked and nothing is counted.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

use lanesum::{Backend, Error, Summation, View, ViewMut, cumsum};

mod common;
use common::{Lane, Number, assert_same_bits, naive, test_mode};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.txt");

const HEADER: &str = "\
# The instructions of one call. benches/instructions.rs says how they are counted, and compares;
# `cargo bench --bench instructions -- --bless` writes them. First, what they depend on beside the code:
";

/// The backends that are counted, which valgrind can run.
const BACKENDS: [&str; 2] = ["avx2", "scalar"];

/// How far a count may be off: by so many in a hundred, or by so many instructions where that is more.
///
/// Another version number in the manifest is enough for the compiler to share out its work otherwise,
/// and to inline a function that it called, or the other way round: a call of a function that saves all
/// registers takes 13 instructions or so, which are 7 % of a sum of 16 elements.
const PERCENT: u64 = 3;
const FEW: u64 = 16;

/// The variables by which somebody may have the code compiled otherwise than by the manifest.
const FLAGS: [&str; 6] = [
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_INCREMENTAL",
    "CARGO_PROFILE_BENCH_CODEGEN_UNITS",
    "CARGO_PROFILE_BENCH_LTO",
    "CARGO_PROFILE_BENCH_OPT_LEVEL",
    "RUSTFLAGS",
];

/// The exit code of a check that cannot be made here.
const CANNOT: u8 = 77;

/// With this argument the benchmark is the program that is counted.
const COUNTED: &str = "--counted";

fn main() -> ExitCode {
    let given = |flag| env::args().any(|argument| argument == flag);
    if given(COUNTED) {
        // The stack of a thread begins at a page. That of the main thread begins wherever the
        // environment and the arguments end, and `memcpy` takes another way for another alignment.
        let counted = std::thread::spawn(|| cases(&Run { counts: true }));
        return if counted.join().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    if test_mode() {
        println!("Checking the results; without --test their instructions are counted.");
        cases(&Run { counts: false });
        return ExitCode::SUCCESS;
    }
    let done = match machine() {
        Ok(machine) => count().and_then(|counts| {
            if given("--bless") { bless(&machine, &counts) } else { compare(&machine, &counts) }
        }),
        Err(reason) => {
            println!("no instructions counted: {reason}");
            return ExitCode::from(CANNOT);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// What the counts depend on beside the code, or why there can be none.
///
/// Another compiler chooses other instructions, and inlines otherwise. The C library brings `memcpy`
/// and the allocator, and chooses its `memcpy` by the CPU that valgrind, not the machine, shows it.
fn machine() -> Result<String, String> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        return Err(format!("the file is for {}, on Linux", BACKENDS.join(" and ")));
    }
    if let Some(name) = BACKENDS.into_iter().find(|name| Backend::by_name(name).is_err()) {
        return Err(format!("this CPU has no {name}"));
    }
    let valgrind = output("valgrind", &["--version"]).ok_or("there is no valgrind here")?;
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let rustc = output(&rustc, &["-V"]).ok_or("rustc does not say its version")?;
    let libc = output("getconf", &["GNU_LIBC_VERSION"]).unwrap_or_else(|| "another libc".into());
    let mut machine =
        format!("{rustc}, {}-{}, {libc}, {valgrind}", env::consts::ARCH, env::consts::OS);
    for name in FLAGS {
        match env::var(name) {
            Ok(value) if !["", "0"].contains(&value.as_str()) => {
                machine = format!("{machine}, {name}={value}");
            }
            _ => {}
        }
    }
    Ok(machine)
}

/// What a command prints, if there is such a command and it succeeds.
fn output(command: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(command).args(arguments).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Runs this program again, under callgrind, and returns the names of the cases with their counts.
fn count() -> Result<Vec<(String, u64)>, String> {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("instructions-{}", std::process::id()));
    let failed = |what: &str, error: std::io::Error| format!("cannot {what}: {error}");
    fs::create_dir_all(&folder).map_err(|error| failed("make a folder", error))?;
    let counts = count_in(&folder);
    fs::remove_dir_all(&folder).map_err(|error| failed("remove a folder", error))?;
    counts
}

fn count_in(folder: &Path) -> Result<Vec<(String, u64)>, String> {
    let failed = |error: std::io::Error| format!("cannot run valgrind: {error}");
    let mut valgrind = Command::new("valgrind");
    // Without the options that the user has set elsewhere, and with little of the environment.
    valgrind.arg("--command-line-only=yes").env_clear();
    // `rep stosb` counts as an instruction for each byte, and would hide all others.
    valgrind.env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-ERMS,-FSRM");
    for name in ["PATH", "LD_LIBRARY_PATH", "VALGRIND_LIB"] {
        valgrind.envs(env::var_os(name).map(|value| (name, value)));
    }
    // Counts from the entry into `counted_call` to its end, and then writes a file of that call.
    let output = valgrind
        .args(["--quiet", "--tool=callgrind"])
        .args(["--toggle-collect=*::counted_call", "--dump-after=*::counted_call"])
        .arg(format!("--callgrind-out-file={}", folder.join("out").display()))
        .arg(env::current_exe().map_err(failed)?)
        .arg(COUNTED)
        .stderr(Stdio::inherit())
        .output()
        .map_err(failed)?;
    if !output.status.success() {
        return Err(format!("valgrind has failed: {}", output.status));
    }
    let names = String::from_utf8(output.stdout).map_err(|error| error.to_string())?;
    let counts = names.lines().zip(1..).map(|(name, index)| {
        let dump = fs::read_to_string(folder.join(format!("out.{index}"))).unwrap_or_default();
        let count = dump.lines().find_map(|line| line.strip_prefix("totals: ")?.parse().ok());
        match count {
            Some(count) if count > 0 => Ok((name.to_owned(), count)),
            _ => Err(format!("callgrind has no count of {name}; has the executable symbols?")),
        }
    });
    counts.collect()
}

fn bless(machine: &str, counts: &[(String, u64)]) -> Result<bool, String> {
    let mut text = format!("{HEADER}{machine}\n");
    for (name, count) in counts {
        writeln!(text, "{name} {count}").map_err(|error| error.to_string())?;
    }
    fs::write(PATH, text).map_err(|error| format!("cannot write {PATH}: {error}"))?;
    println!("{} counts are in {PATH}", counts.len());
    Ok(true)
}

/// Prints the table, and returns whether the counts are those of the file.
fn compare(machine: &str, counts: &[(String, u64)]) -> Result<bool, String> {
    let text = fs::read_to_string(PATH).map_err(|error| format!("cannot read {PATH}: {error}"))?;
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let expected_machine = lines.next().unwrap_or_default();
    let mut expected = BTreeMap::new();
    for line in lines {
        let count = line.rsplit_once(' ').and_then(|(name, n)| Some((name, n.parse().ok()?)));
        let (name, count): (&str, u64) = count.ok_or_else(|| format!("{PATH}: {line:?}"))?;
        expected.insert(name, count);
    }
    let same_machine = machine == expected_machine;

    println!("Instructions of one call; {machine}.\n");
    println!("| case | expected | now | ratio | |\n|---|--:|--:|--:|---|");
    let [mut more, mut fewer, mut new] = [0; 3];
    for (name, count) in counts {
        let Some(expected) = expected.remove(name.as_str()) else {
            new += 1;
            println!("| {name} | | {count} | | new |");
            continue;
        };
        let slack = (expected * PERCENT / 100).max(FEW);
        let verdict = if !same_machine || count.abs_diff(expected) <= slack {
            ""
        } else if *count > expected {
            more += 1;
            "more"
        } else {
            fewer += 1;
            "fewer"
        };
        let ratio = *count as f64 / expected as f64;
        println!("| {name} | {expected} | {count} | {ratio:.3} | {verdict} |");
    }
    let gone = expected.len();
    expected.iter().for_each(|(name, expected)| println!("| {name} | {expected} | | | gone |"));
    println!();

    if !same_machine {
        // Not a failure: nothing is known to be wrong, and whoever has another compiler
        // need not bless. The file is for one, and is written anew when the project moves on.
        println!("Not compared. The counts in the file are those of {expected_machine}.");
        return Ok(true);
    }
    if [more, fewer, new, gone] == [0; 4] {
        println!("{} counts are as expected.", counts.len());
        return Ok(true);
    }
    println!("{more} cases take more instructions, {fewer} fewer, {new} are new, {gone} gone.");
    println!(
        "If that was meant, write the file anew: `cargo bench --bench instructions -- --bless`."
    );
    Ok(false)
}

/// How the cases are run.
struct Run {
    /// Under callgrind, and not to check the results.
    counts: bool,
}

/// The call that is counted: callgrind is told this name.
#[inline(never)]
fn counted_call(call: &mut dyn FnMut(Backend), backend: Backend) {
    call(backend);
    // Something to come back to: otherwise the call is a jump, and this function has no end.
    black_box(());
}

impl Run {
    /// Runs a case with each backend: `call`, which sums the first slice to the second or overwrites
    /// the second, whose elements are those of the first, with what `expected` makes of the first.
    fn case<I: Number, O: Number>(
        &self,
        name: &str,
        mut lane: Lane<I, O>,
        expected: impl FnOnce(&[I]) -> Vec<O>,
        call: impl Fn(Backend, &[I], &mut [O]) -> Result<(), Error>,
    ) {
        let (input, output) = lane.slices();
        let expected = if self.counts { Vec::new() } else { expected(input) };
        for backend in Backend::available() {
            if self.counts && !BACKENDS.contains(&backend.name()) {
                continue;
            }
            output.iter_mut().zip(input).for_each(|(out, x)| *out = O::cast_from(*x));
            let mut once = |backend| {
                if let Err(error) = call(backend, black_box(input), black_box(&mut *output)) {
                    panic!("{name}: {error}");
                }
            };
            // The compiler is not to know what is called below: it would inline it for one case and
            // call it for another, and change its mind with the next change of this file.
            let once: &mut dyn FnMut(Backend) = black_box(&mut once);
            once(backend);
            if self.counts {
                // The second call: the first may have found out what later ones know.
                println!("{backend}/{name}");
                counted_call(once, backend);
            } else {
                assert_same_bits(&format!("{backend}/{name}"), output, &expected);
            }
        }
    }
}

fn cases(run: &Run) {
    rows::<f64>(run, "f64");
    rows::<f32>(run, "f32");
    rows::<i64>(run, "i64");
    rows::<i32>(run, "i32");
    rows::<i16>(run, "i16");
    rows::<i8>(run, "i8");
    in_place::<f64>(run, "f64");
    in_place::<f32>(run, "f32");
    in_place::<i64>(run, "i64");
    casts::<i8, i64, i64>(run, "i8-i64");
    casts::<i32, i64, i64>(run, "i32-i64");
    casts::<f64, f64, f32>(run, "f64-f32");
    sequential(run);
    to_vec(run);

    let c = |rows, columns: usize| Array { shape: [rows, columns], strides: [columns as isize, 1] };
    let fortran = Array { shape: [64, 64], strides: [1, 64] };
    let step2 = Array { shape: [64, 64], strides: [128, 2] };
    array::<f64>(run, "f64/64x64/axis0", c(64, 64), Some(0));
    array::<f64>(run, "f64/64x64/axis1", c(64, 64), Some(1));
    array::<f32>(run, "f32/256x256/axis0", c(256, 256), Some(0));
    array::<f64>(run, "f64/1000x3/axis0", c(1000, 3), Some(0));
    array::<f64>(run, "f64/1000x3/axis1", c(1000, 3), Some(1));
    array::<f64>(run, "f64/100x16/axis0", c(100, 16), Some(0));
    array::<f64>(run, "f64/100x16/axis1", c(100, 16), Some(1));
    array::<f64>(run, "f64/64x64/fortran/axis0", fortran, Some(0));
    array::<f64>(run, "f64/64x64/fortran/axis1", fortran, Some(1));
    array::<f64>(run, "f64/64x64/fortran/flat", fortran, None);
    array::<f64>(run, "f64/64x64/step2/axis0", step2, Some(0));
    array::<f64>(run, "f64/64x64/step2/axis1", step2, Some(1));
}

/// The sums of a lane: integers by the plain loop, floats by the scalar backend, as in other benchmarks.
fn sums<I: Number, A: Number, O: Number>(input: &[I]) -> Vec<O> {
    let mut sums = vec![A::IDENTITY; input.len()];
    if A::EXACT {
        naive(input, &mut sums);
    } else if let Some(scalar) = Backend::available().last() {
        common::sum(scalar, input, &mut sums);
    }
    sums.into_iter().map(O::cast_from).collect()
}

fn rows<T: Number>(run: &Run, name: &str) {
    for n in [16, 64, 1024, 32768] {
        let name = format!("{name}/{n}");
        run.case(&name, Lane::<T, T>::new(n), sums::<T, T, T>, |backend, input, output| {
            cumsum(input).dtype::<T>().backend(backend).write_to(output)
        });
    }
}

fn in_place<T: Number>(run: &Run, name: &str) {
    let name = format!("{name}/1024/in-place");
    run.case(&name, Lane::<T, T>::new(1024), sums::<T, T, T>, |backend, _, data| {
        cumsum(data).dtype::<T>().backend(backend).in_place();
        Ok(())
    });
}

fn casts<I: Number, A: Number, O: Number>(run: &Run, name: &str) {
    for n in [16, 1024] {
        let name = format!("{name}/{n}");
        run.case(&name, Lane::<I, O>::new(n), sums::<I, A, O>, |backend, input, output| {
            cumsum(input).dtype::<A>().backend(backend).write_to(output)
        });
    }
}

fn sequential(run: &Run) {
    let expected = |input: &[f64]| {
        let mut sums = vec![0.0; input.len()];
        naive(input, &mut sums);
        sums
    };
    run.case("f64/1024/sequential", Lane::new(1024), expected, |backend, input, output| {
        cumsum(input).summation(Summation::Sequential).backend(backend).write_to(output)
    });
}

/// With the allocator's instructions, of a call that takes the memory that the one before gave back.
fn to_vec(run: &Run) {
    for n in [16, 1024] {
        let name = format!("f64/{n}/to-vec");
        run.case(&name, Lane::new(n), sums::<f64, f64, f64>, |backend, input, output| {
            let sums = cumsum(input).backend(backend).to_vec();
            if !run.counts {
                output.copy_from_slice(&sums);
            }
            black_box(sums);
            Ok(())
        });
    }
}

/// How an array lies in the input. The output is in C order.
#[derive(Clone, Copy)]
struct Array {
    shape: [usize; 2],
    strides: [isize; 2],
}

/// To make the views is part of the call.
fn array<T: Number>(run: &Run, name: &str, array: Array, axis: Option<usize>) {
    let Array { shape: [rows, columns], strides: [down, right] } = array;
    let last = (rows - 1) * down.unsigned_abs() + (columns - 1) * right.unsigned_abs();
    let lane = Lane::<T, T>::with_lens(last + 1, rows * columns);

    // Each lane gathered, summed, and brought back.
    let expected = |input: &[T]| {
        let index = |i: usize, j: usize| i * down.unsigned_abs() + j * right.unsigned_abs();
        let elements = (0..rows).flat_map(|i| (0..columns).map(move |j| input[index(i, j)]));
        let elements: Vec<T> = elements.collect();
        match axis {
            None => sums::<T, T, T>(&elements),
            Some(1) => elements.chunks_exact(columns).flat_map(sums::<T, T, T>).collect(),
            _ => {
                let lane = |j| elements.iter().skip(j).step_by(columns).copied();
                let lanes = (0..columns).map(|j| sums::<T, T, T>(&Vec::from_iter(lane(j))));
                let lanes: Vec<Vec<T>> = lanes.collect();
                (0..rows).flat_map(|i| lanes.iter().map(move |lane| lane[i])).collect()
            }
        }
    };
    run.case(name, lane, expected, |backend, input, output| {
        // The compiler is not to know the shape, which could be anything.
        let Array { shape, strides } = *black_box(&array);
        let sum = cumsum(View::with_strides(input, 0, &shape, &strides)?).dtype::<T>();
        let sum = sum.backend(backend);
        match axis {
            Some(axis) => sum.axis(axis as isize)?.write_to(ViewMut::new(output, &shape)?),
            None => sum.write_to(output),
        }
    });
}
