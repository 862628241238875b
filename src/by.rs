//! [`cumsum_by`]: for types that only the user knows.

use alloc::vec::Vec;

/// The cumulative sum of elements of any type, by a function that adds two of them: `out[0] = x[0]`,
/// `out[i] = plus(out[i - 1], x[i])`.
///
/// Elements are added one after the other, without SIMD. This is for durations, decimals, matrices, and whatever else
/// can be accumulated. The numbers that [`Element`](crate::Element) lists are summed much faster by
/// [`cumsum`](fn@crate::cumsum).
///
/// ```
/// use std::time::Duration;
///
/// use lanesum::cumsum_by;
///
/// let laps = [62, 59, 61].map(Duration::from_secs);
/// let clock = cumsum_by(&laps, |so_far, lap| *so_far + *lap);
/// assert_eq!(clock, [62, 121, 182].map(Duration::from_secs));
///
/// let words = ["a", "b", "c"].map(String::from);
/// assert_eq!(cumsum_by(&words, |text, word| format!("{text}{word}")), ["a", "ab", "abc"]);
/// ```
pub fn cumsum_by<T: Clone>(input: &[T], mut plus: impl FnMut(&T, &T) -> T) -> Vec<T> {
    let mut output = Vec::with_capacity(input.len());
    let mut elements = input.iter();
    output.extend(elements.next().cloned());
    for x in elements {
        if let Some(sum) = output.last() {
            output.push(plus(sum, x));
        }
    }
    output
}
