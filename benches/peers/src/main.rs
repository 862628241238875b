//! Times lanesum beside its peers, in turns on one core, and writes tables and charts:
//! `cargo run --release --manifest-path benches/peers/Cargo.toml`; `-- --help` lists the options.
//!
//! The peers in Python get an environment in `benches/peers/.venv` and a process of their own, which
//! runs when it is asked for a turn and sleeps otherwise. Whoever cannot be had is listed as absent.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;

mod cases;
mod chart;
mod cpp;
mod machine;
mod memory;
mod python;
mod report;
mod run;
mod rust_peers;
mod stream;

use cases::{Case, Form, Peer, Scale, Size, Types};
use machine::Pin;
use run::{Budget, Crew, Outcome};

/// Times lanesum beside NumPy, PyTorch, numba, Polars, Arrow, C++, ndarray and plain loops.
///
/// A whole run takes about ten minutes and writes tables.md, throughput.svg and axes.svg to
/// benches/peers/results; a run of less writes them to benches/peers/partial.
#[derive(Parser)]
#[command(name = "peers")]
struct Options {
    /// Smaller arrays and fewer rounds: about a minute
    #[arg(long)]
    quick: bool,
    /// Only checks the results, on tiny arrays and without Python, and writes nothing
    #[arg(long)]
    test: bool,
    /// Only these types: f64, f32, i64, i32, i16, i8, i8-i64
    #[arg(long, value_delimiter = ',', value_parser = types)]
    types: Vec<Types>,
    /// Lanes of these sizes, in elements, as in 64,32Ki,64Mi
    #[arg(long, value_delimiter = ',')]
    sizes: Vec<Size>,
    /// Only cases with one of these in their names, as in lane/f64/, axes, 1000x1000
    #[arg(long, value_delimiter = ',')]
    cases: Vec<String>,
    /// Only these peers: stream, cpp, naive, ndarray, numba, numpy, torch, polars, arrow
    #[arg(long, value_delimiter = ',', value_parser = peer)]
    peers: Vec<Peer>,
    /// No peers in Python
    #[arg(long)]
    no_python: bool,
    /// Installs nothing: peers that cannot be imported are absent
    #[arg(long)]
    no_install: bool,
    /// Installs PyTorch as well, which is a very large download
    #[arg(long)]
    torch: bool,
    /// This Python as it is, and not an environment in benches/peers/.venv
    #[arg(long)]
    python: Option<PathBuf>,
    /// The core to run on, and not the last one
    #[arg(long)]
    core: Option<usize>,
    /// Where to write the tables and charts
    #[arg(long)]
    out: Option<PathBuf>,
}

fn types(name: &str) -> Result<Types, String> {
    let names = Types::ALL.map(Types::name).join(", ");
    let types = Types::ALL.into_iter().find(|types| types.name() == name);
    types.ok_or_else(|| format!("there are {names}"))
}

fn peer(name: &str) -> Result<Peer, String> {
    let peers = || Peer::ALL.into_iter().filter(|peer| peer.is_optional());
    let names = peers().map(Peer::key).collect::<Vec<_>>().join(", ");
    peers().find(|peer| peer.key() == name).ok_or_else(|| format!("there are {names}"))
}

fn main() -> ExitCode {
    let request = Options::try_parse()
        .map_err(|error| {
            if !error.use_stderr() {
                error.exit();
            }
            // Its first paragraph, in one line.
            let text = error.to_string();
            let lines = text.lines().take_while(|line| !line.is_empty()).map(str::trim);
            lines.collect::<Vec<_>>().join(" ").trim_start_matches("error: ").to_owned()
        })
        .and_then(|options| options.cases().map(|cases| (options, cases)))
        .and_then(|(options, cases)| options.pin().map(|pin| (options, cases, pin)));
    let (options, cases, pin) = match request {
        Ok(request) => request,
        Err(message) => {
            eprintln!("peers: {message}");
            return ExitCode::from(2);
        }
    };
    match run(&options, cases, &pin) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("peers: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Options {
    fn scale(&self) -> Scale {
        match (self.test, self.quick) {
            (true, _) => Scale::Test,
            (_, true) => Scale::Quick,
            _ => Scale::Full,
        }
    }

    fn cases(&self) -> Result<Vec<Case>, String> {
        let types = if self.types.is_empty() { &Types::ALL[..] } else { &self.types };
        let mut cases = cases::all(self.scale(), types, &self.sizes);
        let is_wanted = |name: &str| self.cases.iter().any(|part| name.contains(part));
        cases.retain(|case| self.cases.is_empty() || is_wanted(&case.to_string()));
        if cases.is_empty() { Err("no case is like that".to_owned()) } else { Ok(cases) }
    }

    /// Those asked for.
    fn peers(&self) -> Vec<Peer> {
        let mut peers = Peer::ALL.to_vec();
        peers.retain(|peer| {
            let asked_for = self.peers.is_empty() || self.peers.contains(peer);
            let python = peer.package().is_some() && (self.no_python || self.test);
            !peer.is_optional() || asked_for && !python
        });
        peers
    }

    /// Keeps this process, and those that it starts, to one core, and says which.
    fn pin(&self) -> Result<Pin, String> {
        let cores = core_affinity::get_core_ids().unwrap_or_default();
        let core = match self.core {
            // The first one is often busy with interrupts.
            None => cores.last(),
            Some(id) => {
                let ids: Vec<String> = cores.iter().map(|core| core.id.to_string()).collect();
                let core = cores.iter().find(|core| core.id == id);
                Some(core.ok_or_else(|| format!("no core {id}: there are {}", ids.join(", ")))?)
            }
        };
        let core = core.filter(|core| core_affinity::set_for_current(**core)).map(|core| core.id);
        Ok(Pin { cores: cores.len(), core })
    }

    /// Where the files go. Those of a whole run are in the repository, and no other run overwrites them.
    fn folder(&self) -> PathBuf {
        let peers = Path::new(env!("CARGO_MANIFEST_DIR"));
        let lists = [self.types.len(), self.sizes.len(), self.cases.len(), self.peers.len()];
        let whole = !self.quick && !self.no_python && lists == [0; 4];
        let folder = || peers.join(if whole { "results" } else { "partial" });
        self.out.clone().unwrap_or_else(folder)
    }
}

fn run(options: &Options, cases: Vec<Case>, pin: &Pin) -> Result<()> {
    let mut absent = Vec::new();
    let mut crew = gather(options, &mut absent)?;
    for (peer, reason) in &absent {
        println!("without {}: {reason}", peer.title());
    }
    let budget = match options.scale() {
        Scale::Full => Budget { seconds: 2.0, fewest: 7, most: 301 },
        Scale::Quick => Budget { seconds: 0.3, fewest: 5, most: 51 },
        Scale::Test => Budget { seconds: 0.0, fewest: 1, most: 1 },
    };

    let mut outcomes: Vec<Outcome> = Vec::new();
    let count = cases.len();
    for (index, case) in cases.into_iter().enumerate() {
        print!("{}/{count} {case}", index + 1);
        let outcome = run::measure(case, &mut crew, budget)?;
        if !options.test {
            for &(contestant, seconds) in &outcome.times {
                let name = contestant.0.title();
                match (contestant.1, outcome.ratio(contestant)) {
                    (Form::Out, Some(ratio)) if contestant.0 != outcome.case.yardstick() => {
                        print!(", {name} {ratio:.2}");
                    }
                    (Form::Out, _) => print!(": {name} {}", report::duration(seconds)),
                    _ => {}
                }
            }
        }
        println!();
        outcome.notes.iter().for_each(|note| println!("  without {note}"));
        outcomes.push(outcome);
    }

    let facts = report::Facts {
        machine: machine::facts(pin),
        versions: versions(&crew),
        absent,
        command: std::env::args().skip(1).collect(),
        date: time::OffsetDateTime::now_utc().date().to_string(),
        backend: lanesum::Backend::best().name(),
    };
    let tables = report::tables(&outcomes, &facts);
    let caption = format!("{}, {}", machine::cpu(), facts.date);
    let throughput = chart::throughput(&outcomes, &caption)?;
    let axes = chart::axes(&outcomes, &caption)?;
    if options.test {
        println!("all sums are right");
        return Ok(());
    }
    let folder = options.folder();
    let charts = [("throughput.svg", throughput), ("axes.svg", axes)];
    let write = || {
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("tables.md"), tables)?;
        for (name, chart) in charts.into_iter().filter_map(|(name, c)| Some((name, c?))) {
            std::fs::write(folder.join(name), chart)?;
        }
        std::io::Result::Ok(())
    };
    write().with_context(|| format!("{} cannot be written", folder.display()))?;
    println!("written to {}", folder.display());
    Ok(())
}

/// Finds out who can take part, and why the others cannot.
fn gather(options: &Options, absent: &mut Vec<(Peer, String)>) -> Result<Crew> {
    let mut peers = options.peers();
    let wanted = |peer: Peer| peers.contains(&peer);

    let stream = stream::Stream::detect();
    if stream.is_none() && wanted(Peer::Stream) {
        absent.push((Peer::Stream, "it is written for x86-64".to_owned()));
    }

    let mut cpp = None;
    if wanted(Peer::Cpp) {
        let program = std::env::current_exe()?;
        match cpp::Cpp::build(program.parent().unwrap_or(Path::new("."))) {
            Ok(built) => cpp = Some(built),
            Err(reason) => absent.push((Peer::Cpp, reason)),
        }
    }

    let mut worker = None;
    if peers.iter().any(|peer| peer.package().is_some()) {
        let python = python::Wanted {
            python: options.python.as_deref(),
            environment: Path::new(env!("CARGO_MANIFEST_DIR")).join(".venv"),
            install: !options.no_install,
            torch: options.torch,
        };
        match python.prepare().and_then(|python| python::Worker::start(&python)) {
            Ok(started) => {
                for (peer, reason) in started.absent.iter().filter(|entry| wanted(entry.0)) {
                    let torch = *peer == Peer::Torch && !options.torch;
                    let hint = if torch { "; `--torch` installs it, if it can" } else { "" };
                    absent.push((*peer, format!("{reason}{hint}")));
                }
                worker = Some(started);
            }
            Err(reason) => {
                let python = peers.iter().filter(|peer| peer.package().is_some());
                absent.extend(python.map(|peer| (*peer, reason.clone())));
            }
        }
    }
    peers.retain(|peer| !absent.iter().any(|entry| entry.0 == *peer));
    Ok(Crew { peers, cpp, stream, worker })
}

/// Of everyone who took part.
fn versions(crew: &Crew) -> Vec<String> {
    let mut versions = vec![machine::rustc(), machine::locked("lanesum")];
    if crew.peers.contains(&Peer::Ndarray) {
        versions.push(machine::locked("ndarray"));
    }
    versions.extend(crew.cpp.as_ref().map(|cpp| cpp.version.clone()));
    if let Some(worker) = &crew.worker {
        versions.push(worker.version.clone());
        let found = worker.found.iter().filter(|found| crew.peers.contains(&found.0));
        versions.extend(found.map(|found| found.1.clone()));
    }
    if let Some(stream) = crew.stream.filter(|_| crew.peers.contains(&Peer::Stream)) {
        versions.push(format!("streaming stores of {}", stream.name()));
    }
    versions
}
