//! The C++ peer: compiles `peers.cpp` with `g++` when the benchmark starts, and loads it.

use std::path::Path;
use std::process::Command;

use libloading::{Library, Symbol};

use crate::memory::Number;

const FLAGS: &[&str] = &["-O3", "-march=native", "-fopenmp-simd", "-shared", "-fPIC"];

/// The loaded functions, and who compiled them.
pub(crate) struct Cpp {
    library: Library,
    pub(crate) version: String,
}

/// One of them.
pub(crate) type Scan<'a, I, O> = Symbol<'a, unsafe extern "C" fn(*const I, *mut O, usize)>;

impl Cpp {
    /// Compiles into this folder. The error says, in one line, why there is no such peer.
    pub(crate) fn build(folder: &Path) -> Result<Self, String> {
        let version = Command::new("g++")
            .arg("--version")
            .output()
            .map_err(|_| "there is no g++ to compile it".to_owned())?;
        let version = String::from_utf8_lossy(&version.stdout);
        let version = version.lines().next().unwrap_or("g++").trim().to_owned();

        let source = folder.join("peers.cpp");
        // Of this process's name: a library that another run has loaded is not written over.
        let library =
            folder.join(format!("peers-{}{}", std::process::id(), std::env::consts::DLL_SUFFIX));
        std::fs::write(&source, include_str!("peers.cpp"))
            .map_err(|error| format!("its source cannot be written: {error}"))?;
        let compiled =
            Command::new("g++").args(FLAGS).arg("-o").arg(&library).arg(&source).output();
        if !compiled.is_ok_and(|output| output.status.success()) {
            return Err(format!("{version} does not compile it (`g++ {}`)", FLAGS.join(" ")));
        }
        // SAFETY: the library was compiled just now from `peers.cpp`, which has neither constructors nor
        // static objects, and so nothing of its own that runs when it is loaded or unloaded. What it needs
        // are the C and C++ libraries, which any program may load.
        let loaded = unsafe { Library::new(&library) };
        // Where a loaded file can be removed, nothing is left behind.
        let _ = std::fs::remove_file(&library);
        let library = loaded.map_err(|_| "what g++ compiled cannot be loaded".to_owned())?;
        Ok(Self { library, version: format!("{version}, {}", FLAGS[..3].join(" ")) })
    }

    /// The sum of these types, to be looked up once and not in each call.
    pub(crate) fn scan<I: Number, O: Number>(&self) -> Scan<'_, I, O> {
        let short = |name: &str| name.replace("float", "f").replace("int", "i");
        let name = format!("scan_{}_{}", short(I::NAME), short(O::NAME));
        // SAFETY: `peers.cpp` defines a function of this name for each pair of types that a case has,
        // and its parameters are those of `Scan`: two pointers, to types that have the size and
        // alignment of `I` and `O` and no invalid values, and a `size_t`.
        unsafe { self.library.get(name.as_bytes()) }
            .unwrap_or_else(|_| panic!("peers.cpp has no {name}"))
    }
}

/// Sums with it: out of place.
#[inline(always)]
pub(crate) fn sum<I: Number, O: Number>(scan: &Scan<'_, I, O>, input: &[I], output: &mut [O]) {
    assert_eq!(input.len(), output.len());
    // SAFETY: it reads the input's and writes the output's first `len` elements, and both have as many:
    // asserted above. It keeps no pointer.
    unsafe { scan(input.as_ptr(), output.as_mut_ptr(), input.len()) };
}

/// Sums numbers in place by a function of C++.
#[inline(always)]
pub(crate) fn sum_in_place<T: Number>(scan: &Scan<'_, T, T>, data: &mut [T]) {
    let pointer = data.as_mut_ptr();
    // SAFETY: it reads and writes the first `len` elements, each before it is overwritten and through
    // pointers that may be the same, for neither is `restrict`; both come from the one exclusive borrow.
    unsafe { scan(pointer, pointer, data.len()) };
}
