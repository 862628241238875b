//! Compensated sums: the canonical order over pairs of numbers, one of them the error of the other.
//!
//! [`Compensated`] makes a register of pairs of two registers, with the addition and the rounding that
//! [`order`](crate::order#compensated-sums) describes. The block scan is that of `scan.rs`, and the same as for all
//! else.

use crate::arch::single::Single;
use crate::down::{Down, Position};
use crate::lane::{Lane, Site, Span};
use crate::number::Number;
use crate::order::CHUNK;
use crate::scan::{self, Running, scan_block};
use crate::short::Pick;
use crate::staged::Pairs;
use crate::vector::{Scan, Vector};

/// What pairs need of an instruction set.
pub(crate) trait Float<const W: usize>: Vector<W> {
    /// Lane by lane `a - b`, one rounding.
    fn sub(self, a: Self::Register, b: Self::Register) -> Self::Register;

    /// Lane by lane `sum`, where that is a number other than `hi`, and otherwise `hi`.
    fn choose(self, hi: Self::Register, sum: Self::Register) -> Self::Register;
}

/// A register of pairs: the high numbers, and the low ones.
#[derive(Clone, Copy)]
pub(crate) struct Compensated<V>(V);

impl<V> Compensated<V> {
    #[inline(always)]
    pub(crate) fn of(v: V) -> Self {
        Self(v)
    }
}

impl<V: Float<W>, const W: usize> Vector<W> for Compensated<V> {
    type Element = V::Element;
    type Register = [V::Register; 2];
    type Token = V::Token;

    #[inline(always)]
    fn new(token: V::Token) -> Self {
        Self(V::new(token))
    }
    #[inline(always)]
    fn splat(self, x: V::Element) -> [V::Register; 2] {
        exactly::<V, W>(self.0, self.0.splat(x))
    }
    #[inline(always)]
    fn add(self, [a, b]: [V::Register; 2], [c, d]: [V::Register; 2]) -> [V::Register; 2] {
        let v = self.0;
        let s = v.add(a, c);
        let t = v.sub(s, a);
        let e = v.add(v.sub(a, v.sub(s, t)), v.sub(c, t));
        [s, v.add(v.add(b, d), e)]
    }
    #[inline(always)]
    fn load(self, from: &[V::Element; W]) -> [V::Register; 2] {
        exactly::<V, W>(self.0, self.0.load(from))
    }
    #[inline(always)]
    fn load_part(self, from: &[V::Element]) -> [V::Register; 2] {
        exactly::<V, W>(self.0, self.0.load_part(from))
    }
    #[inline(always)]
    fn store(self, x: [V::Register; 2], to: &mut [V::Element; W]) {
        self.0.store(rounded::<V, W>(self.0, x), to);
    }
    #[inline(always)]
    fn store_sums(self, x: [V::Register; 2], to: &mut [V::Element; W]) {
        self.0.store_sums(rounded::<V, W>(self.0, x), to);
    }
    #[inline(always)]
    fn store_part(self, x: [V::Register; 2], to: &mut [V::Element]) {
        self.0.store_part(rounded::<V, W>(self.0, x), to);
    }
}

/// Numbers as pairs.
#[inline(always)]
fn exactly<V: Float<W>, const W: usize>(v: V, x: V::Register) -> [V::Register; 2] {
    [x, v.splat(V::Element::cast_from(0u8))]
}

/// Pairs as numbers.
#[inline(always)]
fn rounded<V: Float<W>, const W: usize>(v: V, [hi, lo]: [V::Register; 2]) -> V::Register {
    v.choose(hi, v.add(hi, lo))
}

/// The sum of two pairs, and its number.
pub(crate) fn plus(a: [f64; 2], b: [f64; 2]) -> ([f64; 2], f64) {
    let v = Single::<f64>::new(());
    let sum = Compensated(v).add(a, b);
    (sum, rounded::<_, 1>(v, sum))
}

impl<V: Float<W> + Pick<W>, const W: usize> Pick<W> for Compensated<V> {
    type Choice = V::Choice;

    #[inline(always)]
    fn choice(self, lanes: [Option<u8>; W]) -> V::Choice {
        self.0.choice(lanes)
    }
    #[inline(always)]
    fn pick(
        self,
        [x, y]: [V::Register; 2],
        [from, from_low]: [V::Register; 2],
        lanes: V::Choice,
    ) -> [V::Register; 2] {
        [self.0.pick(x, from, lanes), self.0.pick(y, from_low, lanes)]
    }
}

/// A way to sum blocks of `R` registers, from what is kept as up to four numbers: the offset and the carry, and what
/// both lack.
pub(crate) trait Driver<const W: usize, const R: usize>: Copy {
    /// What the numbers that are kept are.
    type Kept: Number;
    type Scan: Scan<W>;

    fn scan(self) -> Self::Scan;
    fn begin(self, kept: [Self::Kept; 4]) -> Sums<Self::Scan, W>;
    fn end(self, running: Sums<Self::Scan, W>) -> [Self::Kept; 4];

    /// The sums of one block; moves the carry on.
    fn sum_block(
        self,
        running: &mut Sums<Self::Scan, W>,
        block: [Register<Self::Scan, W>; R],
    ) -> [Register<Self::Scan, W>; R];
}

type Register<V, const W: usize> = <V as Vector<W>>::Register;
type Sums<V, const W: usize> = Running<Register<V, W>>;

/// Sums one lane. Only the last block may be incomplete, and is not passed.
#[inline(always)]
pub(crate) fn row<D: Driver<W, R>, const W: usize, const R: usize>(
    driver: D,
    pairs: Pairs<'_, D::Kept>,
    lane: Lane<'_, <D::Scan as Vector<W>>::Element>,
) {
    match lane {
        Lane::Copy(input, output) => sum_span::<D, W, R>(driver, pairs, (input, output)),
        Lane::InPlace(data) => sum_span::<D, W, R>(driver, pairs, data),
    }
}

#[inline(always)]
fn sum_span<D: Driver<W, R>, const W: usize, const R: usize>(
    driver: D,
    Pairs { kept, position }: Pairs<'_, D::Kept>,
    span: impl Span<<D::Scan as Vector<W>>::Element>,
) {
    let scan = driver.scan();
    let number = |kept: &&mut [D::Kept]| kept.iter().copied().next().unwrap_or(D::Kept::IDENTITY);
    let mut running = driver.begin(kept.each_ref().map(number));
    let len = span.source().len();
    let (mut blocks, mut tail) = span.split_at(len - len % (W * R));
    while !blocks.source().is_empty() {
        let room = blocks.source().len().min(CHUNK - position.row);
        let (part, rest) = blocks.split_at(room);
        blocks = rest;
        for mut site in part.blocks::<W, R>() {
            let block = scan::load(scan, site.source());
            let sums = driver.sum_block(&mut running, block);
            scan::store(scan, sums, site.target());
        }
        pass(scan, &mut running, position, room);
    }
    if !tail.source().is_empty() {
        let block = scan::load_part::<_, W, R>(scan, tail.source());
        let sums = driver.sum_block(&mut Running { ..running }, block);
        scan::store_part::<_, W, R>(scan, sums, tail.target());
    }
    for (kept, number) in kept.into_iter().zip(driver.end(running)) {
        if let Some(kept) = kept.first_mut() {
            *kept = number;
        }
    }
}

/// Sums along registers in pairs, which `scan` scans.
#[derive(Clone, Copy)]
pub(crate) struct Along<V, S> {
    pub(crate) v: V,
    pub(crate) scan: S,
}

impl<V, S, const W: usize, const R: usize> Driver<W, R> for Along<V, S>
where
    V: Float<W>,
    S: Scan<W, Element = V::Element, Register = [V::Register; 2]>,
{
    type Kept = V::Element;
    type Scan = S;

    #[inline(always)]
    fn scan(self) -> S {
        self.scan
    }
    #[inline(always)]
    fn begin(self, kept: [V::Element; 4]) -> Running<[V::Register; 2]> {
        let [offset, carry, offset_low, carry_low] = kept.map(|x| self.v.splat(x));
        Running { offset: [offset, offset_low], carry: [carry, carry_low] }
    }
    #[inline(always)]
    fn end(self, running: Running<[V::Register; 2]>) -> [V::Element; 4] {
        let Running { offset: [offset, offset_low], carry: [carry, carry_low] } = running;
        [offset, carry, offset_low, carry_low].map(|register| {
            let mut lanes = [V::Element::IDENTITY; W];
            self.v.store(register, &mut lanes);
            lanes[0]
        })
    }
    #[inline(always)]
    fn sum_block(
        self,
        running: &mut Running<[V::Register; 2]>,
        block: [[V::Register; 2]; R],
    ) -> [[V::Register; 2]; R] {
        sum_block::<S, W, R>(self.scan, running, block)
    }
}

/// The sums of one block; moves the carry on.
///
/// The same as in `scan.rs`, but that the carry is taken from the last of its sums: an addition of pairs costs more
/// than to wait for it.
#[inline(always)]
fn sum_block<S, const W: usize, const R: usize>(
    scan: S,
    running: &mut Running<S::Register>,
    block: [S::Register; R],
) -> [S::Register; R]
where
    S: Scan<W>,
{
    let mut sums = scan_block::<S, W, R>(scan, block);
    for sum in &mut sums {
        *sum = scan.add(running.carry, *sum);
    }
    running.carry = scan.last(sums[R - 1]);
    for sum in &mut sums {
        *sum = scan.add(running.offset, *sum);
    }
    sums
}

/// Sums a tile of rows of `width` lanes in place, in blocks of `B` rows. Only the last block may be incomplete.
#[inline(always)]
pub(crate) fn down<V, const W: usize, const B: usize>(
    v: V,
    Pairs { kept, position }: Pairs<'_, V::Element>,
    width: usize,
    tile: &mut [V::Element],
) where
    V: Float<W>,
{
    if width == 0 {
        return; // Said here, so that no panic says it below.
    }
    let scan = Down::of(Compensated(v));
    let begin = *position;
    let [offset, carry, offset_low, carry_low] = kept.map(|kept| kept.as_chunks_mut::<W>().0);
    let high = offset.iter_mut().zip(carry);
    let low = offset_low.iter_mut().zip(carry_low);
    let mut lane = 0;
    for ((offset, carry), (offset_low, carry_low)) in high.zip(low) {
        if lane >= width {
            break;
        }
        let mut running = Running {
            offset: [v.load(offset), v.load(offset_low)],
            carry: [v.load(carry), v.load(carry_low)],
        };
        *position = begin;
        for block in tile.chunks_mut(width.saturating_mul(B)) {
            let lanes = lane..width.min(lane + W);
            let mut sums = [scan.splat(V::Element::IDENTITY); B];
            for (sum, row) in sums.iter_mut().zip(block.chunks(width)) {
                let row = row.get(lanes.clone()).unwrap_or_default();
                *sum = match row.first_chunk::<W>() {
                    Some(whole) => scan.load(whole),
                    None => scan.load_part(row),
                };
            }
            let sums = sum_block::<_, W, B>(scan, &mut running, sums);
            let rows = block.len() / width;
            for (sum, row) in sums.into_iter().zip(block.chunks_mut(width)) {
                let row = row.get_mut(lanes.clone()).unwrap_or_default();
                match row.first_chunk_mut::<W>() {
                    Some(whole) => scan.store(sum, whole),
                    None => scan.store_part(sum, row),
                }
            }
            pass(scan, &mut running, position, rows);
        }
        let Running { offset: [high, low], carry: [carry_high, carry_lower] } = running;
        v.store(high, offset);
        v.store(low, offset_low);
        v.store(carry_high, carry);
        v.store(carry_lower, carry_low);
        lane += W;
    }
}

/// Moves on by a block of `rows`. At the end of a chunk, its carries are added to the offsets.
#[inline(always)]
fn pass<V: Vector<W>, const W: usize>(
    v: V,
    running: &mut Running<V::Register>,
    position: &mut Position,
    rows: usize,
) {
    position.row += rows;
    if position.row == CHUNK {
        running.offset = v.add(running.offset, running.carry);
        running.carry = v.splat(V::Element::IDENTITY);
        *position = Position { row: 0, is_past_first_chunk: true };
    }
}
