//! The layers of the crates: a folder names only what is below it, and files name one another in no circle.
//!
//! In `kernels/src`, and circles in the root's `src` too: paths in code and in the bodies of macros, `crate::..`, `$crate::..` and
//! `super::..`. Comments do not count. In the same go: no file is long, and all are ASCII.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The layers of `kernels/src`, from the lowest to the highest: folders, or files of the root. A file may name what is
/// in its own layer, and what is in a lower one.
const LAYERS: [&str; 15] = [
    "number", "order", "cpu", "memory", "simd", "arch", "kernel", "dispatch", "io", "drive",
    "array", "element", "api", "stream", "lib",
];

/// Tests may name whatever they test.
fn is_exempt(module: &[String]) -> bool {
    module.last().is_some_and(|name| name == "tests")
}

const MOST_LINES: usize = 600;

fn sources(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    assert!(!files.is_empty(), "no files in {}", root.display());
    files.sort();
    files
}

fn kernels() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The `src` of the crate `lanesum`, in a checkout.
fn root() -> Option<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.join("src");
    src.is_dir().then_some(src)
}

/// The path of the module that a file is, without `crate`: `["kernel", "row"]`; of `lib.rs`, `["lib"]`.
fn module_of(file: &Path, root: &Path) -> Vec<String> {
    let path = file.strip_prefix(root).expect("a file of the folder").with_extension("");
    let mut names: Vec<String> =
        path.iter().map(|name| name.to_str().expect("ASCII").to_owned()).collect();
    if names.last().is_some_and(|name| name == "mod") {
        names.pop();
    }
    names
}

/// The code without comments. (A string that holds `//` ends early, which hides no path.)
fn without_comments(text: &str) -> String {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// What is named from the root of the crate in some code of a module: one path for each name in braces.
fn paths(code: &str, module: &[String], is_folder: bool) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for keyword in ["crate", "super"] {
        for (at, _) in code.match_indices(keyword) {
            let before = code[..at].chars().next_back();
            let is_part = before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':');
            let Some(rest) = code[at + keyword.len()..].strip_prefix("::") else { continue };
            if is_part {
                continue;
            }
            let mut base = Vec::new();
            let mut rest = rest;
            if keyword == "super" {
                // The folder of a file is its parent.
                base = module.to_vec();
                base.pop();
                assert!(!is_folder || !base.is_empty() || module.len() == 1, "{module:?}");
                while let Some(further) = rest.strip_prefix("super::") {
                    base.pop();
                    rest = further;
                }
            }
            tree(rest, &base, &mut found);
        }
    }
    found
}

/// The paths of a `use` tree, or of one path, as deep as there are modules.
fn tree(text: &str, base: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = base.to_vec();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if !name.is_empty() {
            at += name.len();
            path.push(name);
        } else if rest.starts_with('{') {
            at += 1;
            loop {
                at += text[at..].len() - text[at..].trim_start_matches([' ', '\n', ',']).len();
                if text[at..].starts_with('}') || text[at..].is_empty() {
                    return at + 1;
                }
                let len = tree(&text[at..], &path, found);
                at += len.max(1);
            }
        }
        if let Some(next) = text[at..].strip_prefix("::") {
            at = text.len() - next.len();
            if next.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '{') {
                continue;
            }
        }
        found.push(path);
        return at;
    }
}

/// For each module of a crate, the modules that its file names.
fn arrows(root: &Path) -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let files = sources(root);
    let modules: BTreeSet<_> = files.iter().map(|file| module_of(file, root)).collect();
    let mut arrows = BTreeMap::new();
    for file in &files {
        let module = module_of(file, root);
        let code = without_comments(&fs::read_to_string(file).expect("a file"));
        let is_folder = file.file_stem().is_some_and(|stem| stem == "mod");
        let named = paths(&code, &module, is_folder).into_iter().filter_map(|path| {
            // The longest part that is a module: what follows are its items.
            (1..=path.len())
                .rev()
                .map(|len| path[..len].to_vec())
                .find(|path| modules.contains(path))
        });
        let named: BTreeSet<_> = named.filter(|other| *other != module).collect();
        arrows.insert(module, named);
    }
    arrows
}

fn rank(module: &[String]) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == module[0])
}

#[test]
fn no_arrow_points_up() {
    let arrows = arrows(&kernels());
    assert!(arrows.values().map(BTreeSet::len).sum::<usize>() > 100, "the paths are not found");
    for (module, named) in &arrows {
        if is_exempt(module) {
            continue;
        }
        let rank_here = rank(module).unwrap_or_else(|| panic!("{module:?} has no layer"));
        for other in named {
            let rank_there = rank(other).unwrap_or_else(|| panic!("{other:?} has no layer"));
            assert!(rank_there <= rank_here, "{module:?} names {other:?}, which is above it");
        }
    }
}

#[test]
fn no_circles() {
    for root in [Some(kernels()), root()].into_iter().flatten() {
        let arrows = arrows(&root);
        let mut done = BTreeSet::new();
        for module in arrows.keys() {
            visit(module, &arrows, &mut Vec::new(), &mut done);
        }
    }
}

/// Follows all arrows from a module. The parts of a folder may name what its `mod.rs` has for all of them, and the
/// `mod.rs` hands on what they have: that is no circle.
fn visit<'a>(
    module: &'a Vec<String>,
    arrows: &'a BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
    path: &mut Vec<&'a Vec<String>>,
    done: &mut BTreeSet<&'a Vec<String>>,
) {
    assert!(!path.contains(&module), "a circle: {path:?}, {module:?}");
    if is_exempt(module) || !done.insert(module) && !path.contains(&module) {
        return;
    }
    path.push(module);
    for other in &arrows[module] {
        let is_folder_of_it = module.starts_with(other) && other.len() < module.len();
        if !is_folder_of_it {
            visit(other, arrows, path, done);
        }
    }
    path.pop();
}

#[test]
fn macros_and_braces_are_seen() {
    let code =
        "use crate::{arch::{avx2::F32, scalar}, order}; m! { $crate::kernel::row::row::<W>(v) }
        use super::state::Carry;";
    let module = ["dispatch".to_owned(), "mod".to_owned()];
    let found: Vec<String> =
        paths(code, &module, false).iter().map(|path| path.join("::")).collect();
    let expected =
        ["arch::avx2::F32", "arch::scalar", "order", "kernel::row::row", "dispatch::state::Carry"];
    assert_eq!(found, expected);
}

#[test]
fn files_are_short_and_ascii() {
    for root in [Some(kernels()), root()].into_iter().flatten() {
        for file in sources(&root) {
            let text = fs::read_to_string(&file).expect("a file");
            let lines = text.lines().count();
            assert!(lines <= MOST_LINES, "{} has {lines} lines", file.display());
            assert!(text.is_ascii(), "{} is not ASCII", file.display());
            assert!(text.starts_with("//!"), "{} does not say what it is for", file.display());
        }
    }
}
