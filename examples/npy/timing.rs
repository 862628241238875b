//! Times lanesum, and a plain loop beside it.

use std::fmt;
use std::time::Instant;

use lanesum::Error;

use crate::progress::Progress;

/// In a round each of them moves at least this many bytes, in several calls if the array is
/// small: else one would see the ticks of the clock.
const ROUND_BYTES: usize = 1 << 18;
/// Enough for all rounds, of which there are from 3 to 31: the larger the array, the fewer.
const ALL_BYTES: usize = 1 << 30;

/// The median times of one call to lanesum, and to a plain loop if there is one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    bytes: usize,
    rounds: usize,
    plain: Option<f64>,
    lanesum: f64,
}

/// The two that are timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Plain,
    Lanesum,
}

impl Timing {
    /// Times a function that fills a buffer one way or the other; `bytes` is what a call reads and
    /// writes.
    ///
    /// The ways take turns, so that a clock that changes its pace changes it for both. The last is
    /// lanesum's.
    pub(crate) fn measure(
        bytes: usize,
        with_plain: bool,
        fill: &mut dyn FnMut(Way) -> Result<(), Error>,
        progress: &Progress,
    ) -> Result<Self, Error> {
        let calls = (ROUND_BYTES / bytes.max(1)).clamp(1, 256);
        let rounds = (ALL_BYTES / (bytes.max(1) * calls)).clamp(3, 31) | 1;
        let mut seconds = |way| -> Result<f64, Error> {
            let start = Instant::now();
            for _ in 0..calls {
                fill(way)?;
            }
            Ok(start.elapsed().as_secs_f64() / calls as f64)
        };
        let (mut plain_times, mut lanesum_times) = (Vec::new(), Vec::new());
        progress.rounds("summing", rounds);
        for _ in 0..rounds {
            if with_plain {
                plain_times.push(seconds(Way::Plain)?);
            }
            lanesum_times.push(seconds(Way::Lanesum)?);
            progress.advance(1);
        }
        let plain = with_plain.then(|| median(plain_times));
        Ok(Self { bytes, rounds, plain, lanesum: median(lanesum_times) })
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    let middle = times.len() / 2;
    *times.select_nth_unstable_by(middle, f64::total_cmp).1
}

impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bytes == 0 {
            return writeln!(f, "nothing to time: no elements");
        }
        for (name, time) in [("lanesum", Some(self.lanesum)), ("plain loop", self.plain)] {
            let Some(time) = time else { continue };
            let (micros, rate) = (time * 1e6, self.bytes as f64 / time / 1e9);
            writeln!(f, "{name:<10}  {micros:.2} us, {rate:.1} GB/s read and written")?;
        }
        match self.plain.map(|plain| plain / self.lanesum) {
            Some(ratio) => {
                writeln!(f, "ratio       {ratio:.2}, of the medians of {} rounds", self.rounds)
            }
            None => writeln!(f, "plain loop  not timed: it has no options"),
        }
    }
}
