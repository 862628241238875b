//! Every walk on every layout, against lanes that are gathered and summed one by one.
//!
//! Which walk is taken is a matter of speed alone, and so it must give the same bits where it is not chosen.

use std::any::type_name;
use std::vec::Vec;

use super::walk::Walk;
use super::{Method, Task, segments, sides, sum_by};
use crate::cpu::{Backend, Stores};
use crate::dispatch::Kernels;
use crate::io::{Ends, Input, Output};
use crate::memory::{Dense, Extents, LaneLayout, last_index};
use crate::number::Number;
use crate::order::{CHUNK, Order};

/// Sebastiano Vigna's splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 32) as usize % n
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// The sum of numbers in an order, and no more.
fn plain<C: Kernels>(backend: Backend, order: Order, stores: Stores) -> Task<C> {
    Task {
        backend,
        stores,
        method: Method::Plain(order),
        initial: None,
        is_paired: false,
        exclusive: false,
        skip_nan: false,
        fits: None,
    }
}

/// Any integer; a float of either sign, full of digits, between 2^-8 and 2^8, and at times -0.0.
fn mixed<T: Number>(random: &mut Random) -> T {
    let bits = random.next();
    if T::EXACT {
        T::cast_from(bits)
    } else if bits.is_multiple_of(61) {
        T::cast_from(-0.0f64)
    } else {
        let exponent = (bits >> 59 & 15) + 1023 - 8;
        T::cast_from(f64::from_bits((bits & ((1 << 63) | ((1 << 52) - 1))) | (exponent << 52)))
    }
}

/// The sums of a lane in the order of the specification.
fn sums<C: Number>(order: Order, initial: Option<C>, lane: &[C]) -> Vec<C> {
    let mut offset = initial.unwrap_or(C::IDENTITY);
    let mut sums = Vec::new();
    if order == Order::Running || C::EXACT {
        for x in lane {
            offset = offset.plus(*x);
            sums.push(offset);
        }
        return sums;
    }
    for chunk in lane.chunks(CHUNK) {
        let mut carry = C::IDENTITY;
        for block in chunk.chunks(64 / size_of::<C>()) {
            let mut local = block.to_vec();
            local.resize(64 / size_of::<C>(), C::IDENTITY);
            sklansky(&mut local);
            sums.extend(local[..block.len()].iter().map(|x| offset.plus(carry.plus(*x))));
            carry = carry.plus(local[local.len() - 1]);
        }
        offset = offset.plus(carry);
    }
    sums
}

/// The sums of both halves, and the last of the left one added to all of the right one.
fn sklansky<C: Number>(x: &mut [C]) {
    if x.len() > 1 {
        let (left, right) = x.split_at_mut(x.len() / 2);
        sklansky(left);
        sklansky(right);
        right.iter_mut().for_each(|sum| *sum = left[left.len() - 1].plus(*sum));
    }
}

/// The sums that a lane gets: those before each element if they are exclusive.
fn expected<C: Number>(case: &Case<C>, lane: &[C]) -> Vec<C> {
    let mut all = sums(case.order, case.initial, lane);
    if case.exclusive {
        all.insert(0, case.initial.unwrap_or(C::cast_from(0u8)));
        all.pop();
    }
    all
}

/// What is summed, and how.
#[derive(Clone, Copy, Debug)]
struct Case<C> {
    order: Order,
    initial: Option<C>,
    exclusive: bool,
    extents: Extents,
    from: LaneLayout,
    to: LaneLayout,
}

/// How lanes lie: the axes along, across and of the batch from the closest on, and more.
#[derive(Clone, Copy)]
struct Style {
    order: [usize; 3],
    step: usize,
    gap: usize,
    /// Which axes run backwards, and which have stride 0: bit `1 << axis`.
    reversed: usize,
    repeated: usize,
    /// Whether the rows of an axis begin in the middle of one another.
    windows: bool,
    margin: usize,
}

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

impl Style {
    /// Any; three in four are dense along or across, which is what walks are made for.
    fn any(random: &mut Random) -> Self {
        let is_dense = random.below(4) > 0;
        let step = if is_dense { 1 } else { random.of(&[1, 1, 2, 3]) };
        let gap = if is_dense { random.of(&[0, 0, 0, 1, 5]) } else { random.of(&[0, 1, 3, 8]) };
        let order = if is_dense { random.of(&ORDERS[..3]) } else { random.of(&ORDERS) };
        let reversed = if is_dense { 0 } else { random.below(8) };
        Self { order, step, gap, reversed, repeated: 0, windows: false, margin: random.below(20) }
    }

    /// What can only be read as well: one lane, or one element, many times, or windows.
    fn of_input(random: &mut Random) -> Self {
        let repeated = random.below(8) * usize::from(random.below(4) == 0);
        Self { repeated, windows: random.below(5) == 0, ..Self::any(random) }
    }

    fn place(self, extents: Extents) -> (LaneLayout, usize) {
        let extents = [extents.along, extents.across, extents.batch];
        let (mut offset, mut strides, mut next) = (self.margin, [0; 3], self.step);
        for axis in self.order.into_iter().filter(|axis| self.repeated >> axis & 1 == 0) {
            strides[axis] = next as isize;
            if self.reversed >> axis & 1 == 1 {
                offset += (extents[axis] - 1) * next;
                strides[axis] *= -1;
            }
            next = if self.windows { next } else { next * extents[axis] } + self.gap;
        }
        let axes = extents.into_iter().zip(strides);
        let last = last_index(offset, axes).expect("within memory");
        let [along, across, batch] = strides;
        (LaneLayout { offset, along, across, batch }, last + 1 + self.margin)
    }
}

/// The indices of the elements of each lane.
fn lanes(extents: Extents, layout: LaneLayout) -> Vec<Vec<usize>> {
    let index = |i: usize, j: usize, k: usize| {
        let steps =
            i as isize * layout.along + j as isize * layout.across + k as isize * layout.batch;
        layout.offset.wrapping_add_signed(steps)
    };
    let Extents { along, across, batch } = extents;
    let lanes = (0..batch).flat_map(|k| (0..across).map(move |j| (j, k)));
    lanes.map(|(j, k)| (0..along).map(|i| index(i, j, k)).collect()).collect()
}

/// Every walk. Where lanes are not dense, some of them are another one.
fn walks(Extents { along, across, .. }: Extents) -> [Walk; 4] {
    let [one, all] = [1, across].map(|across| Walk::Segments(Dense { along, across }));
    [Walk::Rows, Walk::Across, one, all]
}

/// Numbers of `I` that are cast to `A`, summed in `C`, and cast by way of `A` to `O`.
fn check<I: Number, A: Number, C: Kernels, O: Number>() {
    let mut random = Random(size_of::<I>() as u64 * 100 + size_of::<C>() as u64);
    // Beside these, extents around the registers of the type.
    let (few, block) = ([1, 2, 3, 4, 5, 7, 8, 9], C::BLOCK);
    let more = [block - 1, block, block + 1, 2 * block + 3, 70];
    let extent = |random: &mut Random| {
        if random.below(2) == 0 { random.of(&few) } else { random.of(&more) }
    };
    for number in 0..if cfg!(miri) { 4 } else { 400 } {
        let (along, across) = (extent(&mut random), extent(&mut random));
        let most = if along * across < 300 { &[1, 2, 17, 40][..] } else { &[1, 2] };
        let mut extents = Extents { along, across, batch: random.of(most) };
        if number % 100 == 99 {
            // Lanes of some pieces, and of more than a chunk; and rows that are wide.
            extents = [
                Extents { along: 2500, across: 3, batch: 1 },
                Extents { along: CHUNK + block + 3, across: 2, batch: 1 },
                Extents { along: 3 * block + 1, across: 9000 / size_of::<C>(), batch: 1 },
                Extents { along: 70, across: 200, batch: 2 },
            ][number / 100 % 4];
        }
        let mut from = Style::of_input(&mut random);
        let to = Style::any(&mut random);
        if random.below(3) > 0 {
            // One arrangement at both ends is what most walks ask for.
            from = Style { margin: from.margin, ..to };
        }
        let (mut to, mut initial) = (to, (random.below(3) == 0).then(|| mixed(&mut random)));
        let mut exclusive = random.below(4) == 0;
        if number % 10 == 3 {
            // Short lanes, or small blocks of them, that fill several pieces.
            let across = random.of(&[1, 2, 400]);
            extents = Extents { along: random.of(&few), across, batch: 800 / across };
            let order = if across < 400 { [1, 0, 2] } else { [0, 1, 2] };
            to = Style { order, step: 1, gap: 0, reversed: 0, ..to };
            from = Style { margin: from.margin, ..to };
            (initial, exclusive) = (None, false);
        }
        let ((from, from_len), (to, to_len)) = (from.place(extents), to.place(extents));
        for order in [Order::Blocked, Order::Running] {
            let case = Case { order, initial, exclusive, extents, from, to };
            let input: Vec<I> = (0..from_len).map(|_| mixed(&mut random)).collect();
            let output: Vec<O> = (0..to_len).map(|_| mixed(&mut random)).collect();
            check_case::<I, A, C, O>(case, &input, &output);
            let case = Case { from: to, ..case };
            let data: Vec<I> = (0..to_len).map(|_| mixed(&mut random)).collect();
            check_in_place::<I, A, C>(case, &data);
        }
    }
}

/// The sums of each lane where they belong, in a copy of the output.
fn oracle<I: Number, A: Number, C: Kernels, O: Number>(
    case: &Case<C>,
    input: &[I],
    output: &[O],
) -> Vec<O> {
    let mut sums = output.to_vec();
    let (from, to) = (lanes(case.extents, case.from), lanes(case.extents, case.to));
    for (from, to) in from.iter().zip(to) {
        let lane: Vec<C> = from.iter().map(|at| C::cast_from(A::cast_from(input[*at]))).collect();
        for (at, sum) in to.into_iter().zip(expected(case, &lane)) {
            sums[at] = O::cast_from(A::cast_from(sum));
        }
    }
    sums
}

/// Calls `each` with every walk on every backend, and what is asked for.
fn for_each_walk<C: Kernels>(case: &Case<C>, mut each: impl FnMut(&Task<C>, Walk)) {
    for (backend, stores) in Backend::available()
        .flat_map(|backend| [Stores::Cached, Stores::Streamed].map(|stores| (backend, stores)))
    {
        let Case { order, exclusive, .. } = *case;
        let initial = case.initial.map(|initial| [initial; 2]);
        let method = Method::Plain(order);
        let plain = plain(backend, order, backend.stores(stores));
        let task = Task { method, initial, exclusive, ..plain };
        walks(case.extents).into_iter().for_each(|walk| each(&task, walk));
    }
}

fn check_case<I: Number, A: Number, C: Kernels, O: Number>(
    case: Case<C>,
    input: &[I],
    output: &[O],
) {
    let expected = oracle::<I, A, C, O>(&case, input, output);
    for_each_walk(&case, |task, walk| {
        let mut got = output.to_vec();
        // SAFETY: numbers that are borrowed for longer than the input lives.
        let source = unsafe { Input::<C>::new::<I, A>(input.as_ptr(), input.len()) };
        // SAFETY: numbers that nobody else reaches while the output lives.
        let mut target = unsafe { Output::<C>::new::<A, O>(got.as_mut_ptr(), got.len()) };
        let ends =
            Ends::new(source.at(case.extents, case.from), Some(target.at(case.extents, case.to)));
        assert_eq!(sum_by(task, walk, ends), Ok(()));
        assert_same(&got, &expected, task, walk, format_args!("{case:?}"));
    });
}

fn check_in_place<I: Number, A: Number, C: Kernels>(case: Case<C>, data: &[I]) {
    let expected = oracle::<I, A, C, I>(&case, data, data);
    for_each_walk(&case, |task, walk| {
        // Sums that overwrite their elements are never stored past the cache.
        let task = &Task { stores: Stores::Cached, ..*task };
        let mut got = data.to_vec();
        let first = got.as_mut_ptr();
        // SAFETY: numbers that are there while the input lives, and are written by the output alone.
        let source = unsafe { Input::<C>::new::<I, A>(first.cast_const(), got.len()) };
        // SAFETY: numbers that nobody else reaches but the input, of the same elements.
        let mut target = unsafe { Output::<C>::new::<A, I>(first, got.len()) };
        let ends =
            Ends::new(source.at(case.extents, case.to), Some(target.at(case.extents, case.to)));
        assert_eq!(sum_by(task, walk, ends), Ok(()));
        assert_same(&got, &expected, task, walk, format_args!("in place, {case:?}"));
    });
}

/// The tests above would pass as well if all walks were one: here are lanes that short ones and columns take.
#[test]
fn walks_are_taken() {
    let extents = |along, across, batch| Extents { along, across, batch };
    let style = |order| Style {
        order,
        step: 1,
        gap: 0,
        reversed: 0,
        repeated: 0,
        windows: false,
        margin: 0,
    };
    let (along, down) = (style([0, 1, 2]), style([1, 0, 2]));
    for backend in Backend::available() {
        let task = plain::<f32>(backend, Order::Blocked, Stores::Cached);
        let has_registers = backend.has_registers_of(16);
        // A lane of three, or two lanes of two, share a register with others; a hundred elements do not.
        for (extents, style, across, is_short) in [
            (extents(3, 40, 1), along, 1, has_registers),
            (extents(2, 2, 20), down, 2, has_registers),
            (extents(100, 40, 1), along, 1, false),
            (extents(3, 40, 2), Style { gap: 1, ..along }, 1, false),
            (extents(2, 2, 20), Style { step: 2, ..down }, 2, false),
        ] {
            let (layout, len) = style.place(extents);
            let (input, mut output) = (std::vec![1.0f32; len], std::vec![0.0; len]);
            let source = Input::<f32>::of(&input);
            // SAFETY: numbers that nobody else reaches while the output lives.
            let mut target = unsafe { Output::new::<f32, f32>(output.as_mut_ptr(), len) };
            let mut ends = Ends::new(source.at(extents, layout), Some(target.at(extents, layout)));
            assert_eq!(sides::are_direct(&ends), layout.across == 1, "{extents:?}");
            let dense = Dense { along: extents.along, across };
            let initial = Task { initial: Some([1.0; 2]), ..task };
            let order = Order::Blocked;
            assert!(!segments::sum(&initial, order, dense, ends.reborrow()), "{extents:?}");
            assert_eq!(
                segments::sum(&task, order, dense, ends),
                is_short,
                "{backend}, {extents:?}, {layout:?}"
            );
            // The last sum of each lane.
            for lane in lanes(extents, layout).into_iter().filter(|_| is_short) {
                assert_eq!(output[lane[extents.along - 1]], extents.along as f32, "{extents:?}");
            }
        }
    }
}

/// Asserts that no bit differs, in the gaps between the lanes either.
#[track_caller]
fn assert_same<T: Number, C: Kernels>(
    got: &[T],
    expected: &[T],
    task: &Task<C>,
    walk: Walk,
    case: core::fmt::Arguments<'_>,
) {
    let differ = |(a, b): (&T, &T)| bytemuck::bytes_of(a) != bytemuck::bytes_of(b);
    if let Some(at) = got.iter().zip(expected).position(differ) {
        let (types, backend, stores) =
            ([type_name::<T>(), type_name::<C>()], task.backend, task.stores);
        let (got, expected) = (got[at], expected[at]);
        panic!(
            "{types:?}, {backend}, {walk:?}, {stores:?}, {case}: at {at} {got:?}, expected {expected:?}"
        );
    }
}

macro_rules! tests {
    ($($name:ident: $I:ident $A:ident $C:ident $O:ident;)*) => {
        $(#[test]
        fn $name() {
            check::<$I, $A, $C, $O>();
        })*
    };
}
tests! {
    of_f32: f32 f32 f32 f32;
    of_f64: f64 f64 f64 f64;
    of_u8: u8 u8 u8 u8;
    of_u16: u16 u16 u16 u16;
    of_u32: u32 u32 u32 u32;
    of_u64: u64 u64 u64 u64;
    of_i32: i32 i32 u32 i32;
    of_u128: u128 u128 u128 u128;
    i8_in_i64: i8 i64 u64 i64;
    f32_in_f64_to_f32: f32 f64 f64 f32;
    u8_in_f32: u8 f32 f32 f32;
    f64_in_i64_to_u16: f64 i64 u64 u16;
}
