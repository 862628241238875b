//! The tables, in Markdown.

use std::fmt::Write as _;

use crate::cases::{Case, Contestant, Form, Peer, Size, Types};
use crate::run::Outcome;

/// What the tables say besides times.
pub(crate) struct Facts {
    pub(crate) machine: Vec<String>,
    pub(crate) versions: Vec<String>,
    pub(crate) absent: Vec<(Peer, String)>,
    /// The words of the command line.
    pub(crate) command: Vec<String>,
    pub(crate) date: String,
    pub(crate) backend: &'static str,
}

/// The whole file.
pub(crate) fn tables(outcomes: &[Outcome], facts: &Facts) -> String {
    let mut text = String::from("# lanesum beside its peers\n\n");
    let mut command = "cargo run --release --manifest-path benches/peers/Cargo.toml".to_owned();
    if !facts.command.is_empty() {
        let _ = write!(command, " -- {}", facts.command.join(" "));
    }
    let _ = writeln!(text, "{}, by `{command}`\n", facts.date);
    let mut list = facts.machine.clone();
    list.push(format!("versions: {}", facts.versions.join("; ")));
    let absent = facts.absent.iter().map(|(peer, why)| format!("absent: {}: {why}", peer.title()));
    list.extend(absent);
    list.iter().for_each(|fact| {
        let _ = writeln!(text, "- {fact}");
    });
    let _ = writeln!(text, "\n{}", method(outcomes, facts.backend));

    let out = |peer: Peer| (peer, if peer.always_allocates() { Form::Fresh } else { Form::Out });
    let all = Peer::ALL.map(out);
    let fresh = Peer::ALL.map(|peer| (peer, Form::Fresh));
    let in_place = Peer::ALL.map(|peer| (peer, Form::InPlace));
    let mut section = |title: &str, contestants: &[Contestant], belongs: fn(&Case) -> bool| {
        let rows: Vec<&Outcome> = outcomes.iter().filter(|row| belongs(&row.case)).collect();
        table(&mut text, title, contestants, &rows);
    };
    section("One lane, into an array that exists", &all, |case| case.is_lane() && !case.between);
    section("One lane, into a new array", &fresh, |case| case.is_lane() && case.fresh);
    section("One lane, in place", &in_place, |case| case.is_lane() && case.in_place);
    section("Along the axes of arrays", &all, |case| case.axis.is_some());
    section("One lane, the sizes between", &all, |case| case.is_lane() && case.between);
    outcomes.iter().filter(|row| row.case.types == Types::Widen).for_each(|row| {
        widened(&mut text, row);
    });
    left_out(&mut text, outcomes);
    text
}

/// How the numbers came about: only of those who took part.
fn method(outcomes: &[Outcome], backend: &str) -> String {
    let mut text = format!(
        "Times are medians over rounds in which all take turns on one core, as multiples of the time \
         that `memcpy` takes for the same bytes; GB/s are read and written together. The fastest sum \
         of a row is bold. All results were compared with a plain loop's before, to the bit. \
         [`README.md`](../README.md) says more.\n\n\
         - lanesum: `cumsum(&x).write_to(&mut y)`, `to_vec()` and `in_place()`, backend `{backend}`; \
         along an axis the views are made in each call\n"
    );
    let described = [
        (Peer::Stream, "`memcpy` with stores that bypass the caches"),
        (
            Peer::Cpp,
            "`#pragma omp simd reduction(inscan, + : sum)`, compiled for this CPU when the run starts",
        ),
        (
            Peer::Naive,
            "in Rust: a running sum, or `y[row] = y[row - 1] + x[row]` where rows are contiguous",
        ),
        (
            Peer::Ndarray,
            "a copy and then `accumulate_axis_inplace`, both timed; in place the latter alone",
        ),
        (Peer::Numba, "a running sum in a loop under `@njit`"),
        (Peer::Numpy, "`numpy.cumsum(x, axis, dtype, out=y)`"),
        (Peer::Torch, "`torch.cumsum(x, axis, dtype=.., out=y)`, one thread"),
        (Peer::Polars, "`Series.cum_sum()`, which allocates; `i8` and `i16` it sums in `i64` only"),
        (
            Peer::Arrow,
            "`pyarrow.compute.cumulative_sum(x)`, which allocates; to widen, `x.cast(..)` first",
        ),
    ];
    for (peer, what) in described {
        if outcomes.iter().any(|row| row.times.iter().any(|entry| entry.0.0 == peer)) {
            let _ = writeln!(text, "- {}: {what}", peer.title());
        }
    }
    if outcomes.iter().any(|row| row.times.iter().any(|entry| entry.0.0.package().is_some())) {
        text.push_str(
            "\nWhat a call of Python costs, some hundred nanoseconds or more, is part of its peers' times.\n",
        );
    }
    text
}

/// One row for a case and one column for each contestant who has a time in some row.
fn table(text: &mut String, title: &str, contestants: &[Contestant], rows: &[&Outcome]) {
    let yardstick = (Peer::Memcpy, Form::Out);
    let took_part = |contestant| rows.iter().any(|row| row.time(contestant).is_some());
    let columns: Vec<Contestant> = (contestants.iter().copied())
        .filter(|&contestant| contestant != yardstick && took_part(contestant))
        .collect();
    let Some(&lanesum) = columns.iter().find(|column| column.0 == Peer::Lanesum) else { return };

    let axes = rows.iter().any(|row| row.case.axis.is_some());
    let _ = writeln!(text, "## {title}\n");
    text.push_str(if axes { "| array | axis |" } else { "| type | n |" });
    text.push_str(" memcpy | lanesum GB/s |");
    for column in &columns {
        let mixed = column.0.always_allocates() && lanesum.1 == Form::Out;
        let allocates = if mixed { " (allocates)" } else { "" };
        let _ = write!(text, " {}{allocates} |", column.0.title());
    }
    let _ = writeln!(text, "\n|---|--:|--:|--:|{}", "--:|".repeat(columns.len()));
    for row in rows {
        let types = row.case.types.name();
        let _ = match row.case.axis {
            None => write!(text, "| `{types}` | {} |", Size(row.case.shape[0])),
            Some(axis) => {
                let layout = if row.case.fortran { ", Fortran to C order" } else { "" };
                write!(text, "| {} `{types}`{layout} | {axis} |", row.case.extents(" x "))
            }
        };
        let speed = row.gigabytes_per_second(lanesum).map_or("-".to_owned(), significant);
        let copy = row.time(yardstick).map_or("-".to_owned(), duration);
        let _ = write!(text, " {copy} | {speed} |");
        let sums = columns.iter().filter(|column| !column.0.is_yardstick());
        let best = sums.filter_map(|&sum| row.ratio(sum)).fold(f64::INFINITY, f64::min);
        for &column in &columns {
            let _ = match row.ratio(column) {
                None => write!(text, " - |"),
                Some(ratio) if ratio <= best && !column.0.is_yardstick() => {
                    write!(text, " **{ratio:.2}** |")
                }
                Some(ratio) => write!(text, " {ratio:.2} |"),
            };
        }
        text.push('\n');
    }
    text.push('\n');
}

/// One row for each contestant: what is compared is who has which form.
fn widened(text: &mut String, row: &Outcome) {
    let size = Size(row.case.shape[0]);
    let _ = writeln!(text, "## One lane of {size} `i8`, summed to `i64`\n");
    text.push_str("Beside `memset` of the output.\n\n");
    text.push_str(
        "| who | output | time | read and written | over memset |\n|---|---|--:|--:|--:|\n",
    );
    for &(contestant, seconds) in &row.times {
        let output = match contestant.1 {
            Form::Fresh => "new",
            Form::Out | Form::InPlace => "exists",
        };
        let speed = match contestant.0 {
            Peer::Memset => "-".to_owned(),
            _ => row
                .gigabytes_per_second(contestant)
                .map_or("-".to_owned(), |speed| format!("{} GB/s", significant(speed))),
        };
        let ratio = row.ratio(contestant).map_or("-".to_owned(), |ratio| format!("{ratio:.2}"));
        let (who, time) = (contestant.0.title(), duration(seconds));
        let _ = writeln!(text, "| {who} | {output} | {time} | {speed} | {ratio} |");
    }
    text.push('\n');
}

/// Whoever took part in the run and not in a case.
fn left_out(text: &mut String, outcomes: &[Outcome]) {
    let notes: Vec<String> = outcomes
        .iter()
        .flat_map(|row| row.notes.iter().map(move |note| format!("- `{}`: {note}", row.case)))
        .collect();
    if !notes.is_empty() {
        let _ = writeln!(text, "## Left out\n\n{}\n", notes.join("\n"));
    }
    let kept = text.trim_end().len();
    text.truncate(kept);
    text.push('\n');
}

/// Three digits, as far as a time has them.
fn significant(value: f64) -> String {
    match value {
        value if value >= 99.95 => format!("{value:.0}"),
        value if value >= 9.995 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

pub(crate) fn duration(seconds: f64) -> String {
    let (value, unit) = match seconds {
        s if s >= 1e-3 => (s * 1e3, "ms"),
        s if s >= 1e-6 => (s * 1e6, "us"),
        s => (s * 1e9, "ns"),
    };
    format!("{} {unit}", significant(value))
}
