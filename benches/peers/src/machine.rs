//! What the times belong to: the machine and the versions, as far as they can be found out.

use std::path::Path;
use std::process::Command;

/// The CPU's name, and its model, for that of cloud CPUs often does not say which they are.
pub(crate) fn cpu() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let value = |wanted: &str| {
        let lines = info.lines().take_while(|line| !line.is_empty());
        let mut pairs = lines.filter_map(|line| line.split_once(':'));
        pairs.find(|(key, _)| key.trim() == wanted).map(|(_, value)| value.trim().to_owned())
    };
    let name = value("model name").unwrap_or_else(|| "an unknown CPU".to_owned());
    match (value("cpu family"), value("model")) {
        (Some(family), Some(model)) => format!("{name} (family {family}, model {model})"),
        _ => format!("{name} ({})", std::env::consts::ARCH),
    }
}

/// `48K L1d, 1024K L2, 32768K L3`
fn caches() -> Option<String> {
    let folder = Path::new("/sys/devices/system/cpu/cpu0/cache");
    let mut caches = Vec::new();
    for index in 0..8 {
        let read = |name: &str| {
            let path = folder.join(format!("index{index}")).join(name);
            std::fs::read_to_string(path).map(|text| text.trim().to_owned()).ok()
        };
        let (Some(level), Some(size), Some(kind)) = (read("level"), read("size"), read("type"))
        else {
            break;
        };
        match kind.as_str() {
            "Data" => caches.push(format!("{size}iB L{level}d")),
            "Unified" => caches.push(format!("{size}iB L{level}")),
            _ => {}
        }
    }
    (!caches.is_empty()).then(|| caches.join(", "))
}

fn system() -> String {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))
        .map_or(std::env::consts::OS, |name| name.trim_matches('"'));
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let kernel: Vec<&str> = kernel.trim().splitn(3, '.').take(2).collect();
    if kernel.len() == 2 { format!("{name}, Linux {}", kernel.join(".")) } else { name.to_owned() }
}

/// How Linux grants huge pages: `madvise`.
fn huge_pages() -> Option<String> {
    let modes = std::fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled").ok()?;
    let chosen = modes.split_once('[')?.1.split_once(']')?.0;
    Some(format!("transparent huge pages: `{chosen}`"))
}

/// The number of cores that the process had when it started, and the one that it keeps to, if any.
pub(crate) struct Pin {
    pub(crate) cores: usize,
    pub(crate) core: Option<usize>,
}

/// What a list of facts says of the machine.
pub(crate) fn facts(pin: &Pin) -> Vec<String> {
    let Pin { cores, core } = *pin;
    let pinned = core.map_or("not pinned".to_owned(), |core| format!("pinned to core {core}"));
    let mut facts = vec![format!("CPU: {}, {}", cpu(), std::env::consts::ARCH)];
    facts.extend(caches().map(|caches| format!("caches: {caches}")));
    facts.push(format!("cores: {cores}; one thread, {pinned}"));
    let huge_pages = huge_pages().map_or(String::new(), |text| format!("; {text}"));
    facts.push(format!("system: {}{huge_pages}", system()));
    facts
}

pub(crate) fn rustc() -> String {
    let version = Command::new("rustc").arg("--version").output();
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    version.unwrap_or_else(|_| "rustc of an unknown version".to_owned())
}

/// `ndarray 0.17.2`, as Cargo has locked it.
pub(crate) fn locked(name: &str) -> String {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    let lock = std::fs::read_to_string(lock).unwrap_or_default();
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{name}\""));
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = "));
    format!("{name} {}", version.unwrap_or("of an unknown version").trim_matches('"'))
}
