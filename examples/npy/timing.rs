//! Times two ways to fill a buffer, side by side.

use std::fmt;
use std::hint::black_box;
use std::time::Instant;

use lanesum::Error;

/// In a round each of the two moves at least this many bytes, in several calls if the array is
/// small: else one would see the ticks of the clock.
const ROUND_BYTES: usize = 1 << 18;
/// Enough for all rounds, of which there are from 3 to 31: the larger the array, the fewer.
const ALL_BYTES: usize = 1 << 30;

/// The median times of one call to a plain loop and to lanesum.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    bytes: usize,
    rounds: usize,
    plain: f64,
    lanesum: f64,
}

impl Timing {
    /// Times two functions that fill `output`; `bytes` is what a call reads and writes.
    ///
    /// They take turns, so that a clock that changes its pace changes it for both. What stands in
    /// `output` in the end is from the second.
    pub(crate) fn measure<A>(
        bytes: usize,
        output: &mut [A],
        plain: impl Fn(&mut [A]) -> Result<(), Error>,
        lanesum: impl Fn(&mut [A]) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let calls = (ROUND_BYTES / bytes.max(1)).clamp(1, 256);
        let rounds = (ALL_BYTES / (bytes.max(1) * calls)).clamp(3, 31) | 1;
        let (mut plain_times, mut lanesum_times) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            plain_times.push(seconds(calls, output, &plain)?);
            lanesum_times.push(seconds(calls, output, &lanesum)?);
        }
        Ok(Self { bytes, rounds, plain: median(plain_times), lanesum: median(lanesum_times) })
    }
}

/// The seconds of one call, as the mean of several.
fn seconds<A>(
    calls: usize,
    output: &mut [A],
    fill: impl Fn(&mut [A]) -> Result<(), Error>,
) -> Result<f64, Error> {
    let start = Instant::now();
    for _ in 0..calls {
        fill(black_box(output))?;
    }
    Ok(start.elapsed().as_secs_f64() / calls as f64)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bytes == 0 {
            return writeln!(f, "nothing to time: no elements");
        }
        for (name, time) in [("lanesum", self.lanesum), ("plain loop", self.plain)] {
            let (micros, rate) = (time * 1e6, self.bytes as f64 / time / 1e9);
            writeln!(f, "{name:<10}  {micros:.2} us, {rate:.1} GB/s read and written")?;
        }
        let ratio = self.plain / self.lanesum;
        writeln!(f, "ratio       {ratio:.2}, of the medians of {} rounds", self.rounds)
    }
}
