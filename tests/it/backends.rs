//! Every backend, type, length, alignment and way of calling, against the reference, bit for bit.
//!
//! The tests fail closed: the backends that a [`Case`] goes through are those that the CPU has, as found
//! without asking the crate. `LANESUM_EXPECT=avx512,avx2` names backends that must be among them, for
//! machines whose CPU is known.

use lanesum::Backend;
use lanesum_testkit::reference::Number;
use lanesum_testkit::ways::write_to;
use lanesum_testkit::{CHUNK, Case, Order, PIECE, Typed, Ways, elements, lengths, mixed, tests};

/// The backends that this CPU has, the best first, found without asking the crate.
fn backends_of_this_cpu() -> Vec<&'static str> {
    let mut names = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        // Without `std` the crate relies on what the compilation target guarantees.
        macro_rules! has {
            ($($feature:tt)*) => {
                $((cfg!(target_feature = $feature)
                    || cfg!(feature = "std") && std::is_x86_feature_detected!($feature)))&&*
            };
        }
        let avx2 = has!("avx2" "fma");
        if avx2 && has!("avx512f" "avx512bw" "avx512cd" "avx512dq" "avx512vl") {
            names.push("avx512");
        }
        if avx2 {
            names.push("avx2");
        }
    }
    if cfg!(target_arch = "aarch64") {
        names.push("neon");
    }
    names.push("scalar");
    names
}

/// That no backend is left out, and that those which were asked for are there.
#[test]
fn none_is_missing() {
    let exercised: Vec<&str> = Backend::available().map(Backend::name).collect();
    eprintln!("backends: {}", exercised.join(", "));
    assert_eq!(exercised, backends_of_this_cpu(), "exercised, and what this CPU has");
    let wanted = std::env::var("LANESUM_EXPECT").unwrap_or_default();
    for name in wanted.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        assert!(exercised.contains(&name), "LANESUM_EXPECT: {name} is not among {exercised:?}");
    }
}

/// Distances from a 64-byte boundary, in elements. At some of them 16 bytes are aligned, at some not.
const SHIFTS: [usize; 4] = [0, 1, 2, 3];

/// All lengths, alignments, summations and ways of calling of one type, on every backend.
fn every_backend<T: Typed + Number>() {
    let block = <T as Number>::BLOCK;
    let mut lengths = lengths(257, &[block, 31 * block, PIECE, CHUNK, 2 * CHUNK]);
    lengths.push(3 * CHUNK + 5 * block + 3);
    for len in lengths {
        let x = mixed::<T>(len as u64, len);
        for (from, to) in SHIFTS.into_iter().flat_map(|from| SHIFTS.map(|to| (from, to))) {
            let case = Case::slice_at(len, [from, to]);
            for order in [Order::Blocked, Order::Sequential] {
                let sum = case.plain(order);
                if from == to {
                    sum.check(&x);
                } else {
                    let ways = Ways::none::<T, T>().write_to::<T>(write_to::<T, T, T>);
                    sum.check_ways(&x, &ways);
                }
            }
        }
    }
}

tests!(elements: every_backend);
