//! Running a program: right results for good input, one clear line for bad.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{self, Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory of one test, gone when the test is over.
pub(crate) struct Dir(PathBuf);

impl Dir {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("lanesum-{}-{count}", process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A program, by its name and where cargo has put it.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
}

impl Program {
    /// The program, run as cargo runs this test: by the runner, if one is set for the target.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut words: Vec<String> = runner().split_whitespace().map(str::to_owned).collect();
        words.push(self.path.to_owned());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(args);
        command
    }

    /// What the program prints when all is well.
    #[track_caller]
    pub(crate) fn succeed(&self, args: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.command(args).output().unwrap();
        let [stdout, stderr] = [stdout, stderr].map(|text| String::from_utf8(text).unwrap());
        assert_eq!((status.code(), &stderr[..]), (Some(0), ""), "{args:?}");
        stdout
    }

    /// The one line that the program prints when something is wrong.
    #[track_caller]
    pub(crate) fn fail(&self, args: &[&str], words: &[&str]) {
        self.refused(&self.command(args).output().unwrap(), words);
    }

    #[track_caller]
    pub(crate) fn refused(&self, Output { status, stdout, stderr }: &Output, words: &[&str]) {
        let stderr = str::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(2), "{stderr}");
        assert!(stdout.is_empty(), "{stdout:?}");
        assert!(stderr.starts_with(&format!("{}: ", self.name)), "{stderr:?}");
        assert!(stderr.ends_with('\n') && stderr.lines().count() == 1, "{stderr:?}");
        for word in words {
            assert!(stderr.contains(word), "{word:?} is not in {stderr:?}");
        }
    }
}

/// `CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER` or its like.
fn runner() -> String {
    let prefix = format!("CARGO_TARGET_{}_", env::consts::ARCH.to_uppercase());
    env::vars()
        .find(|(name, _)| name.starts_with(&prefix) && name.ends_with("_RUNNER"))
        .map(|(_, runner)| runner)
        .unwrap_or_default()
}
