//! The Python peers: an environment for them, and the child process that runs `worker.py` in it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::cases::{Case, Contestant, Peer};
use crate::memory::Number;

/// What a new environment is given.
const PACKAGES: [&str; 4] = ["numpy", "numba", "polars", "pyarrow"];

/// Which Python, and what may be installed.
pub(crate) struct Wanted<'a> {
    /// Used as it is, in place of an environment of its own.
    pub(crate) python: Option<&'a Path>,
    /// The environment's folder.
    pub(crate) environment: PathBuf,
    pub(crate) install: bool,
    pub(crate) torch: bool,
}

impl Wanted<'_> {
    /// The interpreter to start. Installs what is missing and may be: each is absent later if it cannot.
    /// The error says, in one line, why there is none.
    pub(crate) fn prepare(&self) -> Result<PathBuf, String> {
        if let Some(python) = self.python {
            return Ok(python.to_owned());
        }
        let bin = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        let python = self.environment.join(bin);
        let mut missing = Vec::new();
        if self.install && !python.exists() {
            println!("making a Python environment");
            // With the system's packages, for one that has PyTorch has it already.
            quiet(
                base(),
                ["-m", "venv", "--system-site-packages"],
                &[self.environment.as_os_str()],
            )
            .map_err(|error| format!("no environment: {error}"))?;
            missing.extend(PACKAGES);
        } else if self.install {
            missing.extend(PACKAGES.iter().filter(|name| !can_import(&python, name)));
        }
        if self.install && self.torch && !can_import(&python, "torch") {
            missing.push("torch");
        }
        if !missing.is_empty() && pip(&python, &missing).is_err() && missing.len() > 1 {
            // One that cannot be had takes no other with it.
            missing.retain(|name| pip(&python, &[name]).is_err());
        }
        if python.exists() {
            return Ok(python);
        }
        Ok(base().into())
    }
}

fn base() -> &'static str {
    if cfg!(windows) { "python" } else { "python3" }
}

fn can_import(python: &Path, package: &str) -> bool {
    quiet(python, ["-c"], &[format!("import {package}")]).is_ok()
}

fn pip(python: &Path, packages: &[&str]) -> Result<(), String> {
    println!("pip install {}", packages.join(" "));
    // Built packages only: to build one takes longer than all measurements, and another compiler.
    let options =
        ["-m", "pip", "install", "--quiet", "--upgrade", "--only-binary=:all:", "--retries=1"];
    let done = quiet(python, options, packages);
    if let Err(error) = &done {
        println!("  {error}");
    }
    done
}

/// Runs a command that has nothing to say unless it fails, and then in one line without addresses.
fn quiet<const N: usize>(
    program: impl AsRef<OsStr>,
    options: [&str; N],
    words: &[impl AsRef<OsStr>],
) -> Result<(), String> {
    let output = Command::new(program)
        .args(options)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .map_err(|_| "it cannot be started".to_owned())?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it fails");
    let is_address = |word: &str| word.contains("://") || word.contains("host=");
    let words = line.split_whitespace().map(|w| if is_address(w) { "(address)" } else { w });
    Err(words.collect::<Vec<_>>().join(" "))
}

/// The child process.
pub(crate) struct Worker {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// `python 3.11.7`
    pub(crate) version: String,
    /// The peers that it can import, with their versions, and the others, with the reason.
    pub(crate) found: Vec<(Peer, String)>,
    pub(crate) absent: Vec<(Peer, String)>,
    /// Set when it no longer answers.
    pub(crate) dead: bool,
}

impl Worker {
    /// Starts it, on the core that this process runs on: a child inherits that.
    pub(crate) fn start(python: &Path) -> Result<Self, String> {
        let mut child = Command::new(python)
            .args(["-c", include_str!("worker.py")])
            // Nobody has more than one thread.
            .envs(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"].map(|k| (k, "1")))
            .envs(["NUMBA_NUM_THREADS", "POLARS_MAX_THREADS"].map(|key| (key, "1")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|_| "there is no Python that can be started".to_owned())?;
        let (Some(questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            unreachable!("both are piped");
        };
        let mut worker = Self {
            child,
            questions,
            answers: BufReader::new(answers),
            version: String::new(),
            found: Vec::new(),
            absent: Vec::new(),
            dead: false,
        };
        let hello = worker.answer()?;
        for word in hello.split('\t') {
            let (name, rest) = word.split_once(' ').unwrap_or((word, ""));
            let missing = name.strip_prefix('!');
            let peer = |name| Peer::ALL.into_iter().find(|peer| peer.package() == Some(name));
            match (missing, peer(missing.unwrap_or(name))) {
                (None, Some(peer)) => worker.found.push((peer, format!("{} {rest}", peer.title()))),
                (Some(name), Some(peer)) => {
                    worker.absent.push((peer, format!("`import {name}` fails ({rest})")));
                }
                (_, None) => worker.version = format!("Python {rest}"),
            }
        }
        // The worker's arrays are NumPy's.
        if !worker.found.iter().any(|found| found.0 == Peer::Numpy) {
            return Err("there is no NumPy, whose arrays all of them share".to_owned());
        }
        Ok(worker)
    }

    /// Hands over a case, with its input and the right result.
    pub(crate) fn load<I: Number, O: Number>(
        &mut self,
        case: &Case,
        input: &[I],
        expected: &[O],
    ) -> Result<(), String> {
        let order = if case.fortran { "F" } else { "C" };
        let axis = case.axis.map_or("-".to_owned(), |axis| axis.to_string());
        let shape = case.extents("x");
        self.ask(&format!("case {} {} {order} {axis} {shape}", I::NAME, O::NAME), |questions| {
            questions.write_all(bytemuck::cast_slice(input))?;
            questions.write_all(bytemuck::cast_slice(expected))
        })
        .map(drop)
    }

    /// Whether its sums are right.
    pub(crate) fn check(&mut self, (peer, form): Contestant) -> Result<(), String> {
        self.ask(&format!("check {} {}", peer.key(), form.key()), |_| Ok(())).map(drop)
    }

    /// The seconds of a call in a turn.
    pub(crate) fn time(
        &mut self,
        (peer, form): Contestant,
        turn: crate::rust_peers::Turn,
    ) -> Result<f64, String> {
        let (peer, form, warm) = (peer.key(), form.key(), u8::from(turn.warm));
        let answer = self.ask(&format!("time {peer} {form} {} {warm}", turn.calls), |_| Ok(()))?;
        answer.parse::<f64>().map(|ns| ns * 1e-9).map_err(|_| "no time in the answer".to_owned())
    }

    fn ask(
        &mut self,
        question: &str,
        more: impl FnOnce(&mut ChildStdin) -> std::io::Result<()>,
    ) -> Result<String, String> {
        let questions = &mut self.questions;
        let sent = writeln!(questions, "{question}").and_then(|()| more(questions));
        if sent.and_then(|()| self.questions.flush()).is_err() {
            self.dead = true;
            return Err("the Python process has ended".to_owned());
        }
        self.answer()
    }

    fn answer(&mut self) -> Result<String, String> {
        let mut line = String::new();
        if !self.answers.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
            self.dead = true;
            return Err("the Python process has ended".to_owned());
        }
        let line = line.trim_end();
        match line.strip_prefix("no: ") {
            Some(reason) => Err(reason.to_owned()),
            None => Ok(line.to_owned()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It waits for a question, or has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
