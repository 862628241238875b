//! What the programs share: how they end, what they read from the command line, how they write files.

use std::env;
use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::{self, ExitCode};

use lanesum::Backend;

/// What a program does, or a line that says why not.
pub type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// Prints the text, or the one line that says why there is none.
pub fn finish(program: &str, text: Result<String>) -> ExitCode {
    let printed = text.and_then(|text| match io::stdout().write_all(text.as_bytes()) {
        // `npy | head -1` has read what it wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|error| format!("standard output: {error}").into()),
    });
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not `eprintln!`, which panics when nobody listens.
            let _ = writeln!(io::stderr(), "{program}: {error}");
            ExitCode::from(2)
        }
    }
}

/// What follows `option`; not another option, though it may be a negative number.
pub fn value_of(option: &OsStr, value: Option<OsString>) -> Result<OsString> {
    value
        .filter(|value| !value.to_string_lossy().starts_with("--"))
        .ok_or_else(|| format!("{} needs a value", option.display()).into())
}

/// The backend of this name, or else the crate's choice.
pub fn choose_backend(name: Option<&str>) -> Result<Backend> {
    // The crate would panic at a wrong name in the environment.
    if let Some(forced) = env::var_os("LANESUM_BACKEND").filter(|name| !name.is_empty()) {
        Backend::by_name(&forced.to_string_lossy())
            .map_err(|error| format!("LANESUM_BACKEND: {error}"))?;
    }
    match name {
        None => Ok(Backend::best()),
        Some(name) => Backend::by_name(name).map_err(|error| format!("--backend: {error}").into()),
    }
}

/// An empty `Vec` with room for this many elements, or an error where the process would abort.
pub fn vec_for<T>(length: usize) -> Result<Vec<T>> {
    let mut vec = Vec::new();
    vec.try_reserve_exact(length)
        .map_err(|_| format!("no memory for {length} elements of {} bytes", size_of::<T>()))?;
    Ok(vec)
}

/// Makes a file that `fill` fills, or leaves what was there.
pub fn replace(path: &Path, fill: impl FnOnce(File) -> Result<()>) -> Result<()> {
    // A link stays a link, and a device or a directory is not replaced by a file.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
        return Err("not a regular file".into());
    }
    let draft = target.with_file_name(format!(".lanesum-{}.tmp", process::id()));
    let file = File::create_new(&draft)
        .map_err(|error| format!("cannot make a file beside it, {draft:?}: {error}"))?;
    let result = fill(file).and_then(|()| Ok(fs::rename(&draft, &target)?));
    if result.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&draft);
    }
    result
}
