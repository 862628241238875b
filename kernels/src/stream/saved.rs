//! [`ScanState`] and [`Carries`] saved and restored, by serde: with the same bits on any machine, in any format.

use alloc::string::String;
use alloc::vec::Vec;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Carries, ScanState};
use crate::api::Spec;
use crate::cpu::{Backend, Stores};
use crate::element::Element;
use crate::number::Number;
use crate::order::Summation;

/// The version of the form in which sums are saved.
const VERSION: u32 = 1;

/// What a [`ScanState`] is saved as. Numbers are saved as their bits, since not all formats have infinities and NaN.
#[derive(Serialize, Deserialize)]
struct SavedState {
    version: u32,
    element: String,
    summation: u8,
    initial: Option<Vec<u64>>,
    exclusive: bool,
    skip_nan: bool,
    checked: bool,
    lanes: usize,
    position: u64,
    rows: Vec<u64>,
}

/// What [`Carries`] are saved as.
#[derive(Serialize, Deserialize)]
struct SavedCarries {
    version: u32,
    element: String,
    summation: u8,
    lanes: usize,
    chunks: usize,
    rows: Vec<u64>,
}

impl<A: Element> Serialize for ScanState<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let spec = self.spec();
        let saved = SavedState {
            version: VERSION,
            element: A::SAVED_NAME.into(),
            summation: spec.summation as u8,
            initial: spec.initial.map(|initial| words(&initial.to_components())),
            exclusive: spec.exclusive,
            skip_nan: spec.skip_nan,
            checked: spec.checked,
            lanes: self.lanes(),
            position: self.position(),
            rows: words(&self.rows()),
        };
        saved.serialize(serializer)
    }
}

impl<'de, A: Element> Deserialize<'de> for ScanState<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = SavedState::deserialize(deserializer)?;
        check::<A, D::Error>(saved.version, &saved.element)?;
        let initial = match saved.initial {
            Some(words) => match numbers(&words)[..] {
                [first, second] => Some(A::from_components([first, second])),
                _ => return Err(D::Error::custom("an initial value of another length")),
            },
            None => None,
        };
        let spec = Spec {
            initial,
            exclusive: saved.exclusive,
            skip_nan: saved.skip_nan,
            checked: saved.checked,
            ..Spec::new(Backend::scalar(), summation(saved.summation)?, Stores::Cached)
        };
        Self::restored(spec, saved.lanes, saved.position, numbers(&saved.rows))
            .ok_or_else(|| D::Error::custom("not as many numbers as the lanes have"))
    }
}

impl<A: Element> Serialize for Carries<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let saved = SavedCarries {
            version: VERSION,
            element: A::SAVED_NAME.into(),
            summation: self.summation() as u8,
            lanes: self.lanes(),
            chunks: self.chunks(),
            rows: words(self.rows()),
        };
        saved.serialize(serializer)
    }
}

impl<'de, A: Element> Deserialize<'de> for Carries<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = SavedCarries::deserialize(deserializer)?;
        check::<A, D::Error>(saved.version, &saved.element)?;
        let summation = summation(saved.summation)?;
        Self::restored(summation, saved.lanes, saved.chunks, numbers(&saved.rows))
            .ok_or_else(|| D::Error::custom("not as many carries as the lanes have"))
    }
}

fn check<A: Element, E: Error>(version: u32, element: &str) -> Result<(), E> {
    if version != VERSION {
        return Err(E::custom(format_args!("version {version}, where {VERSION} is known")));
    }
    if element != A::SAVED_NAME {
        return Err(E::custom(format_args!("sums of {element}, and not of {}", A::SAVED_NAME)));
    }
    Ok(())
}

fn summation<E: Error>(code: u8) -> Result<Summation, E> {
    [Summation::Blocked, Summation::Sequential, Summation::Compensated]
        .into_iter()
        .find(|summation| *summation as u8 == code)
        .ok_or_else(|| E::custom(format_args!("no summation has the number {code}")))
}

/// The bits of each number: a word, or two of the larger ones, the low one first.
fn words<C: Number>(numbers: &[C]) -> Vec<u64> {
    let mut words = Vec::new();
    for number in numbers {
        let mut bytes = [0; 16];
        let own = &mut bytes[..size_of::<C>()];
        own.copy_from_slice(bytemuck::bytes_of(number));
        if cfg!(target_endian = "big") {
            own.reverse();
        }
        let [low, high] = bytemuck::cast::<_, [[u8; 8]; 2]>(bytes).map(u64::from_le_bytes);
        words.push(low);
        if size_of::<C>() > 8 {
            words.push(high);
        }
    }
    words
}

/// The numbers that have these bits.
fn numbers<C: Number>(words: &[u64]) -> Vec<C> {
    let number = |words: &[u64]| {
        let mut bytes = [0; 16];
        for (bytes, word) in bytes.chunks_exact_mut(8).zip(words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        let own = &mut bytes[..size_of::<C>()];
        if cfg!(target_endian = "big") {
            own.reverse();
        }
        // The cast leaves all numbers as they are, and makes a truth of what is none.
        C::of_bytes(own)
    };
    words.chunks(size_of::<C>().div_ceil(8)).map(number).collect()
}
