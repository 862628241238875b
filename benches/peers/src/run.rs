//! One case: checks every contestant, then lets them take turns, round after round, and takes medians.
//!
//! Whatever else the machine does meets all of them. A turn is some calls, so many that the clock does
//! not matter, after a few that are not timed and fill the caches again; arrays that fit no cache go
//! without these.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::cases::{Case, Contestant, Form, Peer, Types};
use crate::cpp::Cpp;
use crate::memory::{Lane, Number};
use crate::python::Worker;
use crate::rust_peers::{self, Tools, Turn, naive};
use crate::stream::Stream;

/// What a turn should take.
const TURN_SECONDS: f64 = 100e-6;
/// The calls of a turn, for none is that long.
const CALLS: usize = 10_000;
/// Arrays of more bytes lie in memory, whoever ran before.
const WARM_BYTES: usize = 128 << 20;

/// Who would take more than this part of a case's time in the fewest rounds sits out most of them.
const SLOW: f64 = 0.5;
/// The rounds from one of its turns to the next, and the times that it must have all the same.
const SLOW_ROUNDS: usize = 4;
const FEWEST_TIMES: usize = 3;

/// How long to measure a case: no longer than this if the fewest rounds allow it.
#[derive(Clone, Copy)]
pub(crate) struct Budget {
    pub(crate) seconds: f64,
    pub(crate) fewest: usize,
    pub(crate) most: usize,
}

/// Everyone who may take part.
pub(crate) struct Crew {
    pub(crate) peers: Vec<Peer>,
    pub(crate) cpp: Option<Cpp>,
    pub(crate) stream: Option<Stream>,
    pub(crate) worker: Option<Worker>,
}

/// The medians of a case, in seconds.
pub(crate) struct Outcome {
    pub(crate) case: Case,
    pub(crate) times: Vec<(Contestant, f64)>,
    /// Who did not take part, and why.
    pub(crate) notes: Vec<String>,
}

impl Outcome {
    pub(crate) fn time(&self, contestant: Contestant) -> Option<f64> {
        self.times.iter().find(|entry| entry.0 == contestant).map(|entry| entry.1)
    }

    /// Read and written.
    pub(crate) fn gigabytes_per_second(&self, contestant: Contestant) -> Option<f64> {
        self.time(contestant).map(|seconds| self.case.bytes() as f64 / seconds / 1e9)
    }

    /// The time over the yardstick's.
    pub(crate) fn ratio(&self, contestant: Contestant) -> Option<f64> {
        Some(self.time(contestant)? / self.time((self.case.yardstick(), Form::Out))?)
    }
}

pub(crate) fn measure(case: Case, crew: &mut Crew, budget: Budget) -> Result<Outcome> {
    match case.types {
        Types::F64 => measure_types::<f64, f64>(case, crew, budget),
        Types::F32 => measure_types::<f32, f32>(case, crew, budget),
        Types::I64 => measure_types::<i64, i64>(case, crew, budget),
        Types::I32 => measure_types::<i32, i32>(case, crew, budget),
        Types::I16 => measure_types::<i16, i16>(case, crew, budget),
        Types::I8 => measure_types::<i8, i8>(case, crew, budget),
        Types::Widen => measure_types::<i8, i64>(case, crew, budget),
    }
}

fn measure_types<I: Number, O: Number>(
    case: Case,
    crew: &mut Crew,
    budget: Budget,
) -> Result<Outcome> {
    let mut lane = Lane::<I, O>::new(case.elements())?;
    let tools = Tools {
        scan: crew.cpp.as_ref().map(|cpp| cpp.scan()),
        scan_in_place: crew.cpp.as_ref().filter(|_| case.in_place).map(|cpp| cpp.scan()),
        stream: crew.stream,
    };
    let worker = &mut crew.worker;
    let mut contestants = case.contestants(&crew.peers);
    let mut notes = Vec::new();
    check(&case, &mut contestants, &mut notes, &tools, &mut lane, worker)?;

    let mut time = |contestant: Contestant, turn: Turn| {
        if contestant.0.package().is_none() {
            return Ok(rust_peers::time(contestant, &case, &tools, &mut lane, turn));
        }
        match worker {
            Some(worker) => worker.time(contestant, turn),
            None => Err("there is no Python".to_owned()),
        }
    };
    // What a system takes to find memory is its own affair, and large in virtual machines that give memory
    // which is free for a second back to the host: whoever makes a new array has had one just before.
    let warm = |(_, form): Contestant| case.bytes() <= WARM_BYTES || form == Form::Fresh;
    let mut entries = Vec::new();
    for contestant in contestants {
        let start = Instant::now();
        match time(contestant, Turn { calls: 1, warm: warm(contestant) }) {
            Ok(once) => {
                // In place each call needs the input again.
                let most = if contestant.1 == Form::InPlace { CALLS / 100 } else { CALLS };
                let calls = ((TURN_SECONDS / once) as usize).clamp(1, most);
                let rounds = start.elapsed().as_secs_f64() * budget.fewest as f64;
                let every = if rounds > SLOW * budget.seconds { SLOW_ROUNDS } else { 1 };
                // This turn was one like those to come, if they are of one call.
                let times = if calls == 1 { vec![once] } else { Vec::new() };
                entries.push(Entry { contestant, calls, every, times });
            }
            Err(reason) => notes.push(note(contestant, &reason)),
        }
    }
    let start = Instant::now();
    for round in 0..budget.most {
        if round >= budget.fewest && start.elapsed().as_secs_f64() > budget.seconds {
            break;
        }
        for entry in entries.iter_mut().filter(|entry| round % entry.every == 0) {
            // Who fails has too few times in the end.
            let (calls, warm) = (entry.calls, warm(entry.contestant));
            if let Ok(seconds) = time(entry.contestant, Turn { calls, warm }) {
                entry.times.push(seconds);
            }
        }
    }
    let mut times = Vec::new();
    for entry in entries {
        if entry.times.len() < FEWEST_TIMES.min(budget.fewest) {
            notes.push(note(entry.contestant, "it has failed"));
        } else {
            times.push((entry.contestant, median(entry.times)));
        }
    }
    Ok(Outcome { case, times, notes })
}

/// A contestant, the calls of its turns, the rounds from one to the next, and what they took.
struct Entry {
    contestant: Contestant,
    calls: usize,
    every: usize,
    times: Vec<f64>,
}

/// Leaves out whoever sums wrongly, or not at all. Only of this crate that is an error.
fn check<I: Number, O: Number>(
    case: &Case,
    contestants: &mut Vec<Contestant>,
    notes: &mut Vec<String>,
    tools: &Tools<'_, I, O>,
    lane: &mut Lane<I, O>,
    worker: &mut Option<Worker>,
) -> Result<()> {
    let (input, output) = lane.slices();
    naive(case, input, output);
    let expected = output.to_vec();

    let wanted = contestants.iter().any(|contestant| contestant.0.package().is_some());
    let mut python = match worker {
        Some(worker) if wanted && !worker.dead => {
            worker.load(case, lane.slices().0, &expected).map(|()| worker)
        }
        _ => Err("there is no Python".to_owned()),
    };
    let mut wrong = None;
    contestants.retain(|&contestant| {
        let checked = if contestant.0.package().is_some() {
            python.as_mut().map_err(|reason| reason.clone()).and_then(|p| p.check(contestant))
        } else {
            let result = rust_peers::result(contestant, case, tools, lane);
            let mut copies = || result == bytemuck::cast_slice(lane.slices().0);
            match contestant.0 {
                Peer::Memset => Ok(()),
                Peer::Memcpy | Peer::Stream if copies() => Ok(()),
                _ if result == expected => Ok(()),
                _ => Err("the sums are wrong".to_owned()),
            }
        };
        let Err(reason) = checked else { return true };
        let note = note(contestant, &reason);
        if contestant.0.package().is_none() {
            wrong.get_or_insert(note.clone());
        }
        notes.push(note);
        false
    });
    match wrong {
        Some(note) => bail!("{case}: {note}"),
        None => Ok(()),
    }
}

fn note((peer, form): Contestant, reason: &str) -> String {
    format!("{} ({}): {reason}", peer.title(), form.key())
}

/// The middle value: whatever interrupts a few rounds does not move it.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
