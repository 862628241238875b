//! [`Backend`]: which instructions to use, found out once.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::sync::atomic::{AtomicU8, Ordering};

#[cfg(target_arch = "aarch64")]
use pulp::aarch64::Neon;
#[cfg(target_arch = "x86_64")]
use pulp::x86::{V3, V4};

use super::Stores;

/// A set of instructions that this CPU has.
///
/// A value is the proof that the CPU has the instructions: there is no way to make one for instructions that it lacks.
/// Every backend gives the same bits.
///
/// | name | registers | needs |
/// |---|---|---|
/// | `avx512` | 512 bits | AVX-512 F, BW, CD, DQ and VL (the level x86-64-v4) |
/// | `avx2` | 256 bits | AVX2 and FMA (the level x86-64-v3) |
/// | `neon` | 128 bits | AArch64 |
/// | `scalar` | one element | nothing |
///
/// The levels include some older instructions, and a CPU must have all of them. With the feature `std`
/// they are detected when the program runs. Without it, a backend is available
/// where the compilation target guarantees its instructions.
///
/// ```
/// use lanesum_kernels::Backend;
///
/// let names: Vec<&str> = Backend::available().map(Backend::name).collect();
/// assert_eq!(names.last(), Some(&"scalar"));
/// assert!(Backend::available().any(|backend| backend == Backend::best()));
/// ```
#[derive(Clone, Copy)]
pub struct Backend(Kind);

/// The backends of this architecture, each with pulp's proof that the CPU has its instructions.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    #[cfg(target_arch = "x86_64")]
    Avx512(V4),
    #[cfg(target_arch = "x86_64")]
    Avx2(V3),
    #[cfg(target_arch = "aarch64")]
    Neon(Neon),
    Scalar(()),
}

/// The choice of [`Backend::best`] as an index into [`DETECT`]; `UNKNOWN` before the first use.
static BEST: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = u8::MAX;

/// How to find out about each backend of this architecture, the best first.
const DETECT: &[fn() -> Option<Kind>] = &[
    #[cfg(target_arch = "x86_64")]
    || if cfg!(feature = "std") || TARGET_HAS_V4 { V4::try_new().map(Kind::Avx512) } else { None },
    #[cfg(target_arch = "x86_64")]
    || if cfg!(feature = "std") || TARGET_HAS_V3 { V3::try_new().map(Kind::Avx2) } else { None },
    #[cfg(target_arch = "aarch64")]
    || Neon::try_new().map(Kind::Neon),
    || Some(Kind::Scalar(())),
];

// Without `std`, pulp asks CPUID but not the operating system, which must save the wide registers.
// Only a target that names these features has promised that.
#[cfg(target_arch = "x86_64")]
const TARGET_HAS_V3: bool = cfg!(all(target_feature = "avx2", target_feature = "fma"));
#[cfg(target_arch = "x86_64")]
const TARGET_HAS_V4: bool = TARGET_HAS_V3
    && cfg!(all(
        target_feature = "avx512f",
        target_feature = "avx512bw",
        target_feature = "avx512dq",
        target_feature = "avx512vl"
    ));

impl Backend {
    /// The names of all backends, on every architecture.
    pub const NAMES: &'static [&'static str] = &["avx512", "avx2", "neon", "scalar"];

    /// The backends that this CPU has, the best first and `scalar` last.
    ///
    /// The environment does not change this list.
    pub fn available() -> impl Iterator<Item = Self> + Clone {
        DETECT.iter().filter_map(|detect| detect().map(Self))
    }

    /// The backend that is used where none is asked for: the best that this CPU has, or the one that
    /// `LANESUM_BACKEND` in the environment names.
    ///
    /// The choice is made on the first call and kept. The environment is read with the feature `std` only; there, an
    /// empty value is the same as none.
    ///
    /// # Panics
    ///
    /// When `LANESUM_BACKEND` names no backend of this CPU. The variable is set by somebody who wants to know what
    /// runs, and is never passed over in silence.
    #[inline]
    pub fn best() -> Self {
        // An entry of `DETECT` remembers what it found, and takes a load and a comparison.
        match DETECT.get(usize::from(BEST.load(Ordering::Relaxed))).and_then(|detect| detect()) {
            Some(kind) => Self(kind),
            None => Self::choose(),
        }
    }

    /// The backend of this name.
    ///
    /// # Errors
    ///
    /// [`BackendError`] when this CPU, or this crate, has no such backend.
    ///
    /// ```
    /// use lanesum_kernels::Backend;
    ///
    /// assert_eq!(Backend::by_name("scalar")?.name(), "scalar");
    /// let error = Backend::by_name("sse9").unwrap_err().to_string();
    /// assert!(error.starts_with("no backend \"sse9\" on this CPU, which has "));
    /// assert!(error.ends_with("scalar"));
    /// # Ok::<(), lanesum_kernels::BackendError>(())
    /// ```
    pub fn by_name(name: &str) -> Result<Self, BackendError> {
        Self::available()
            .find(|backend| backend.name() == name)
            .ok_or_else(|| BackendError::new(name))
    }

    /// `"avx512"`, `"avx2"`, `"neon"` or `"scalar"`.
    pub const fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => "avx512",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) => "avx2",
            #[cfg(target_arch = "aarch64")]
            Kind::Neon(_) => "neon",
            Kind::Scalar(()) => "scalar",
        }
    }

    /// The backend that every CPU has, the last of those [available](Self::available).
    #[inline(always)]
    pub const fn scalar() -> Self {
        Self(Kind::Scalar(()))
    }

    #[inline(always)]
    pub(crate) fn kind(self) -> Kind {
        self.0
    }

    /// Makes the choice of [`best`](Self::best).
    #[cold]
    #[inline(never)]
    fn choose() -> Self {
        let chosen = match forced() {
            Some(Ok(backend)) => backend,
            Some(Err(error)) => panic!("LANESUM_BACKEND: {error}"),
            None => Self::available().next().unwrap_or(Self(Kind::Scalar(()))),
        };
        let index = DETECT.iter().position(|detect| detect().map(Self) == Some(chosen));
        if let Some(Ok(index)) = index.map(u8::try_from) {
            BEST.store(index, Ordering::Relaxed);
        }
        chosen
    }
}

impl Backend {
    /// How this backend stores when it is asked for `stores`.
    #[inline]
    pub(crate) fn stores(self, stores: Stores) -> Stores {
        let streams = match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) | Kind::Avx2(_) => true,
            _ => false,
        };
        if streams { stores } else { Stores::Cached }
    }

    /// Whether the registers of this backend have at least so many bytes.
    #[inline]
    pub(crate) fn has_registers_of(self, bytes: usize) -> bool {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => bytes <= 64,
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) => bytes <= 32,
            #[cfg(target_arch = "aarch64")]
            Kind::Neon(_) => bytes <= 16,
            Kind::Scalar(()) => false,
        }
    }

    /// Runs a plain loop that is bound by memory: compiled with the instructions of this backend, in registers of 256
    /// bits at most; or `plain`, if the backend is the scalar one.
    #[inline(always)]
    pub(crate) fn vectorize_copy(
        self,
        work: impl pulp::NullaryFnOnce<Output = ()>,
        plain: impl FnOnce(),
    ) {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(token) => V3::vectorize(*token, work),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(token) => token.vectorize(work),
            #[cfg(target_arch = "aarch64")]
            Kind::Neon(token) => token.vectorize(work),
            Kind::Scalar(()) => plain(),
        }
    }

    /// Runs a plain loop, compiled with the instructions of this backend.
    #[inline(always)]
    pub(crate) fn vectorize(self, work: impl pulp::NullaryFnOnce<Output = ()>) {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(token) => token.vectorize(work),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(token) => token.vectorize(work),
            #[cfg(target_arch = "aarch64")]
            Kind::Neon(token) => token.vectorize(work),
            Kind::Scalar(()) => work.call(),
        }
    }
}

/// The backend that `LANESUM_BACKEND` asks for.
#[cfg(feature = "std")]
fn forced() -> Option<Result<Backend, BackendError>> {
    let name = std::env::var_os("LANESUM_BACKEND").filter(|name| !name.is_empty())?;
    Some(Backend::by_name(&name.to_string_lossy()))
}

#[cfg(not(feature = "std"))]
fn forced() -> Option<Result<Backend, BackendError>> {
    None
}

impl PartialEq for Backend {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Backend {}

impl Hash for Backend {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl Default for Backend {
    /// [`Backend::best`], and its panic.
    fn default() -> Self {
        Self::best()
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Backend({})", self.name())
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no backend of this CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackendError {
    /// The beginning of the name, in a buffer so that the error is `Copy`.
    name: [u8; 24],
    len: usize,
    cut: bool,
}

impl BackendError {
    fn new(name: &str) -> Self {
        let mut error = Self { name: [0; 24], len: name.len().min(24), cut: name.len() > 24 };
        while !name.is_char_boundary(error.len) {
            error.len -= 1;
        }
        error.name[..error.len].copy_from_slice(&name.as_bytes()[..error.len]);
        error
    }
}

impl fmt::Display for BackendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = core::str::from_utf8(&self.name[..self.len]).unwrap_or_default();
        let dots = if self.cut { ".." } else { "" };
        write!(f, "no backend \"{}{dots}\" on this CPU, which has", name.escape_debug())?;
        for (k, backend) in Backend::available().enumerate() {
            write!(f, "{} {backend}", if k == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl core::error::Error for BackendError {}
