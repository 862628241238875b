"""Writes the sums by NumPy that this crate is held against.

cumsum.txt has those of one lane, with every dtype and out; axes.txt those of arrays, along every axis; types.txt
those of the other types, and which type is summed in; options.txt
np.cumulative_sum, np.nancumsum, and sums from the far end.

Takes no arguments, and needs NumPy; the version is written at the top of each table.

Only casts whose result C defines are written down: what NumPy makes of a float that does not fit an
integer, or of NaN as an integer, depends on the CPU. So there are several inputs of each type, the more
telling ones first, and each row takes the first input for which every cast is defined.
"""

import itertools
import pathlib
import warnings
from fractions import Fraction

import numpy as np

ELEMENTS = [np.dtype(t) for t in "i1 i2 i4 i8 u1 u2 u4 u8 f4 f8".split()]
INPUTS = [np.dtype(bool), *ELEMENTS]
# The types of types.txt that the other tables have not.
OTHERS = [np.dtype(t) for t in "? e F D".split()]
ALL = [np.dtype(t) for t in "? i1 i2 i4 i8 u1 u2 u4 u8 e f4 f8 F D".split()]
# With these inputs every dtype is written to every output.
INPUTS_OF_BOTH = [np.dtype(t) for t in ("i2", "f8")]
# A dtype and an out for the arrays of each type of input; their casts fit the values of `memory`.
CASTS = {
    "bool": "u8 f32",
    "i8": "f32 i16",
    "i16": "u64 f32",
    "i32": "i8 f64",
    "i64": "u16 u32",
    "u8": "i64 u8",
    "u16": "f64 i64",
    "u32": "i16 u64",
    "u64": "f32 f32",
    "f32": "i32 f64",
    "f64": "f32 i32",
}
# The same for the inputs of options.txt.
OPTION_CASTS = {
    "bool": "bool u8",
    "i8": "i8 i8",
    "i32": "f64 i16",
    "i64": "u16 f64",
    "u16": "i64 u16",
    "u64": "u32 f64",
    "f16": "f32 f64",
    "f32": "i32 f64",
    "f64": "f32 i32",
    "c64": "c128 f64",
    "c128": "c64 c64",
}
OPTIONS = "include_initial exclusive reverse skip_nan".split()
# Cast to bool it is true, cast to an integer 2.
INITIAL = 2.75


def name(dtype):
    """The name that Rust has for a type; `c64` and `c128` are complex."""
    return "bool" if dtype == bool else f"{dtype.kind}{8 * dtype.itemsize}"


def inputs(dtype):
    """Inputs of a type, the more telling ones first; the last fits every type, as do its sums."""
    if dtype == bool:
        yield [True, False, True, True, True, False, True]
    elif dtype.kind in "iu":
        low, high = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
        # Sums that wrap at both ends, and that floats have to round.
        yield [high, 1, 100, low, low, high // 3, high // 2 + 7, high, high - 5, 3, low // 3, high // 5]
        # Sums that wrap in the narrow types only.
        yield [100, 100, 100, 27, 5, 0, 99, 1, 120]
        yield [5, 0, 7, 30, 1, 60, 2]
    else:
        # Sums that depend on the order, signed zeros, and sums that f32 has to round.
        yield [-0.0, -0.0, 0.1, 1e10, 0.3, -1e10, 2.0**24, 1, 1, -0.7, 3.3e-9, 1e-40, -(2.0**24), 1e38]
        # Beyond the narrow integers, and truncated towards zero from either side.
        yield [-1.7, 1e6, 70000.5, -3e6, 0.99, 1e9, -1e-3]
        yield [-1.7, -1.7, 0.25, 2.0**-25, 100.9, -90.5, -0.99, 20.75]
        yield [0.0, 1.7, 1.7, 1.7, 0.99, 2.0**-25, 2.0**-25, 90.1, 0.25, 20.5]


def fits(values, dtype):
    """Whether C defines the cast of all these values."""
    if values.dtype.kind not in "fc" or dtype.kind not in "iu":
        return True
    info = np.iinfo(dtype)
    return all(np.isfinite(x) and info.min <= int(x) <= info.max for x in values.real.tolist())


def exact(values):
    """Whether their sums are exact in any order: multiples of a power of two, and of few digits.

    Infinities and NaN are where they are, whatever the order.
    """
    if values.dtype.kind == "c":
        return exact(values.real) and exact(values.imag)
    if values.dtype.kind != "f":
        return True
    fractions = [Fraction(x) for x in values.tolist() if np.isfinite(x)]
    unit = max((x.denominator for x in fractions), default=1)
    return sum(map(abs, fractions)) * unit <= 2 ** (np.finfo(values.dtype).nmant + 1)


def row(x, dtype, out):
    """One row, or None where a cast is not defined."""
    accumulator = dtype or (np.promote_types(x.dtype, out) if out else np.cumsum(x).dtype)
    if not fits(x, accumulator):
        return None
    cast = x.astype(accumulator)
    if out and not fits(np.cumsum(cast, dtype=accumulator), out):
        return None
    result = np.empty(x.shape, out) if out else None
    sums = np.cumsum(x, dtype=dtype, out=result)
    assert sums.dtype == (out or accumulator)
    return (
        f"{name(dtype) if dtype else '-'} {name(out) if out else '-'} {name(accumulator)} "
        f"{'exact' if exact(cast) else 'rounded'} : {text(sums)}"
    )


def text(values):
    """Decimals from which the very bits can be read back; of a complex number `real,imaginary`."""
    if values.dtype.kind == "c":
        return " ".join(f"{x.real},{x.imag}" for x in values)
    return " ".join(str(x).lower() for x in values)


def calls(dtype):
    """All pairs of dtype and out that are written down for an input, where None is none given."""
    yield None, None
    yield from ((d, None) for d in ELEMENTS)
    yield from ((None, out) for out in ELEMENTS)
    if dtype in INPUTS_OF_BOTH:
        yield from itertools.product(ELEMENTS, ELEMENTS)


def write(table, lines):
    path = pathlib.Path(__file__).with_name(table)
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def lane_lines():
    """The table of one lane."""
    lines = [
        f"# np.cumsum(x, dtype=dtype, out=out) by NumPy {np.__version__}; written by generate.py.",
        "# `x type : values` is the input of the rows below it.",
        "# A row is `dtype out accumulator order : sums`, with - where an argument is not given;",
        "# the order is `exact` where no order of additions rounds.",
    ]
    for dtype in INPUTS:
        left = list(calls(dtype))
        for values in inputs(dtype):
            x = np.array(values, dtype)
            written = {call: line for call in left if (line := row(x, *call))}
            left = [call for call in left if call not in written]
            if written:
                lines += [f"x {name(dtype)} : {text(x)}", *written.values()]
        assert not left, (dtype, left)
    return lines


def memory(rng, dtype, size):
    """So many values whose sums wrap, or depend on the order, and fit the types of `CASTS`."""
    if dtype == bool:
        return rng.random(size) < 0.6
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        return rng.integers(info.min, info.max, size, dtype, endpoint=True)
    return (rng.standard_normal(size) * 10.0 ** rng.integers(-3, 6, size)).astype(dtype)


def layouts(rng):
    """Shapes, strides and offsets: arrays in C order that are stepped, reversed, transposed, repeated."""
    yield (), (), 3
    yield (0,), (1,), 0
    yield (3, 0, 2), (7, 5, -1), 1
    for ndim in (1, 2, 2, 2, 3, 3, 4):
        shape = [int(n) for n in rng.integers(1, [0, 14, 7, 5, 4][ndim], ndim)]
        strides, offset, stride = [0] * ndim, int(rng.integers(3)), 1
        for axis in rng.permutation(ndim):
            if ndim > 1 and rng.random() < 0.15:
                continue
            stride *= int(rng.integers(1, 3))
            backwards = rng.random() < 0.3
            strides[axis] = -stride if backwards else stride
            offset += (shape[axis] - 1) * stride if backwards else 0
            stride *= shape[axis]
        yield tuple(shape), tuple(strides), offset


def axes_lines():
    """The table of arrays."""
    lines = [
        f"# np.cumsum(a, axis, dtype, out) by NumPy {np.__version__}; written by generate.py.",
        "# `a type shape strides offset : memory` is the input of the rows below it. Strides are in elements.",
        "# A row is `axis dtype out order shape : sums`, with - where an argument is not given.",
        "# The order is `exact` where no order of additions rounds; the sums are in C order.",
    ]
    rng = np.random.default_rng(3)
    by_name = {name(t): t for t in ELEMENTS}
    for dtype in INPUTS:
        cast, out = (by_name[t] for t in CASTS[name(dtype)].split())
        for shape, strides, offset in layouts(rng):
            reach = sum((n - 1) * s for n, s in zip(shape, strides) if s > 0 and 0 not in shape)
            data = memory(rng, dtype, offset + reach + 1 + int(rng.integers(3)))
            bytes_ = [s * dtype.itemsize for s in strides]
            a = np.lib.stride_tricks.as_strided(data[offset:], shape, bytes_)
            given = f"{name(dtype)} {numbers(shape)} {numbers(strides)} {offset}"
            lines.append(f"a {given} : {text(data)}")
            axes = [None, *range(max(1, len(shape)))]
            lines += [axes_row(a, axis, None, None) for axis in axes]
            axis = axes[rng.integers(len(axes))]
            lines.append(axes_row(a, axis, cast, None))
            if shape != ():  # There NumPy 2.4.6 crashes.
                lines.append(axes_row(a, axis, None, out))
    return lines


def axes_row(a, axis, dtype, out):
    """One row of the table of arrays."""
    accumulator = dtype or (np.promote_types(a.dtype, out) if out else np.cumsum(a).dtype)
    assert fits(a.ravel(), accumulator), (a, accumulator)
    cast = a.astype(accumulator)
    sums = np.cumsum(cast, axis=axis, dtype=accumulator)
    if out:
        assert fits(sums.ravel(), out), (sums, out)
    result = np.cumsum(a, axis=axis, dtype=dtype, out=np.empty(sums.shape, out) if out else None)
    assert result.dtype == (out or accumulator)
    order = "exact" if not cast.size or exact(cast.ravel()) else "rounded"
    dtype, out = (t and name(t) for t in (dtype, out))
    head = " ".join("-" if x is None else str(x) for x in (axis, dtype, out))
    return f"{head} {order} {numbers(result.shape)} : {text(result.ravel())}".rstrip()


def numbers(values):
    """`2,3`, or `()` for none."""
    return ",".join(map(str, values)) or "()"


# ---- types.txt


def other_inputs(dtype):
    """Groups of inputs, for the casts from and to `OTHERS`. Each row takes the first that fits of each group."""
    if dtype == bool:
        yield [[False, False, True, False, True, True, True]]
    elif dtype.kind in "iu":
        low, high = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
        # Sums that wrap around to 0, which is false; beyond f16.
        yield [[0, 0, high, 1, low, low, 0, high, high, 3, low, 0]]
        # Halfway between two of f16, and at its end; or as much as the type holds.
        yield [[min(x, high) for x in (0, 2049, 2051, 4, 61414, 1, 1, 100)]]
        yield [[0, 5, 0, 7, 30, 1, 60, 2]]
    elif dtype.kind == "f":
        # Exact in f16, and in every other type.
        yield [[0.0, 0.5, 3, 2.25, 0, 90, 7, 1.5]]
        yield [[-0.0, 0.0, -0.5, 0.5, np.nan, 1]]
        yield [[-0.0, -0.0, np.inf, 1, 65504, -np.inf, 2]]
        if dtype.itemsize == 2:
            # Subnormal numbers, sums that depend on the order, and beyond the largest.
            order = [-0.0, -0.0, 6e-8, 0.1, 1000, 0.3, -1000, 2048, 1, 1, -0.7, 6e-5, -2048, 3.3]
            yield [
                [*order, 60000, 5000, 500, -60000],
                order,
                [-1.7, 3000, 70.5, -4000, 0.99, 100, -1e-3],
                [-1.7, -1.7, 0.25, 2.0**-24, 100.9, -90.5, -0.99, 20.75],
                [0.0, 1.7, 1.7, 1.7, 0.99, 2.0**-11, 2.0**-11, 90.1, 0.25, 20.5],
            ]
        else:
            yield [rounded_once(dtype)]
            yield [[-0.0, 1000.3, 0.1, 0.1, 0.1, -1000, 2048, 1, 1, 1, -0.7, 6e-8, -2048]]
    else:
        yield [[complex(0, 0), 0.5 - 1j, complex(3, 0.25), 2.25, 7j, 90 - 90j, 7, 1.5 + 4j]]
        # What is a part of a number and not all of it: true as a bool.
        yield [[complex(-0.0, -0.0), complex(-0.0, 0), 2j, -2j, 1, complex(-1, -0.0), 3]]
        yield [[0, complex(1, np.nan), 2], [complex(np.nan, 1), 2j, 3]]
        yield [[complex(np.nan, 1), 2j, 3], [0, 1]]
        yield [[complex(-0.0, np.inf), 1, complex(2, -np.inf), 3j]]
        yield [[complex(x, -x) for x in rounded_once(dtype)]]
        real = [-0.0, -0.0, 0.1, 1e10, 0.3, -1e10, 2.0**24, 1, 1, -0.7, 3.3e-9, 1e-40, -(2.0**24), 1e38]
        imag = [-0.0, 0.1, 0.1, -0.3, 2.0**24, 1, 1, 1e30, 5, -1e30, 0.7, -0.0, 1e-300, 3]
        less = [-1.7, -1.7, 0.25, 2.0**-25, 100.9, -90.5, -0.99, 20.75]
        least = [0.0, 1.7, 1.7, 1.7, 0.99, 2.0**-25, 2.0**-25, 90.1, 0.25, 20.5]
        yield [list(map(complex, parts, imag)) for parts in (real, less, least)]


def rounded_once(dtype):
    """Numbers each followed by its nearest one of f16, which is another when it is rounded to f32 first."""
    x = [0, 1e-40, -1e-40, 1 + 2.0**-11 + 2.0**-40, 2.0**-25 + 2.0**-55, 2049 + 1e-9, 65520 - 1e-9, 65519]
    x = np.array(x).astype(dtype).real
    with_nearest = np.stack([x, -x.astype("e").astype(x.dtype)], axis=-1).ravel()
    return [v for v in with_nearest.tolist() if np.isfinite(v)]


def other_calls(dtype, both):
    """All pairs of dtype and out for an input of types.txt; those of both are many, and not for all inputs."""
    these = OTHERS
    if dtype in OTHERS:
        yield None, None
        these = ALL
    yield from ((d, None) for d in these)
    yield from ((None, out) for out in these)
    if both and dtype in OTHERS:
        these = ALL if dtype == "e" else OTHERS
        yield from itertools.product(these, these)


def types_lines():
    """The table of the other types."""
    lines = [
        f"# np.cumsum(x, dtype=dtype, out=out) by NumPy {np.__version__}; written by generate.py.",
        "# `types` are the columns of what follows: `sum`, the types that are summed in, and `promote x`,",
        "# those for an output of each type. c64 and c128 are complex.",
        "# Then `x type : values` is the input of the rows below it.",
        "# A row is `dtype out accumulator order : sums`, with - where an argument is not given;",
        "# the order is `exact` where no order of additions rounds. A complex number is `real,imaginary`.",
        "types : " + " ".join(map(name, ALL)),
        "sum : " + " ".join(name(np.cumsum(np.empty(0, t)).dtype) for t in ALL),
    ]
    for dtype in ALL:
        promoted = " ".join(name(np.promote_types(dtype, out)) for out in ALL)
        lines.append(f"promote {name(dtype)} : {promoted}")
    for dtype in ALL:
        done = set()
        for group in other_inputs(dtype):
            left = list(other_calls(dtype, both=np.isfinite(group[0]).all()))
            for values in group:
                x = np.array(values, dtype)
                written = {call: line for call in left if (line := row(x, *call))}
                left = [call for call in left if call not in written]
                done.update(written)
                if written:
                    lines += [f"x {name(dtype)} : {text(x)}", *written.values()]
        assert done == set(other_calls(dtype, both=True)), dtype
    return lines


# ---- options.txt


def by_hand(dtype):
    """Lanes that have something to skip, or little to sum."""
    nan, inf = np.nan, np.inf
    if dtype.kind in "fc":
        yield from ([nan, 1, 2.5], [1, nan, 2.5], [1, 2.5, nan], [nan, nan, nan], [-0.0], [-0.0, nan])
        yield from ([nan, -0.0], [-0.0, -0.0, 1], [1, -1, -0.0], [inf, nan, -inf, 1], [-0.0, -inf, 2])
        # More than a block, NaN at the ends of some and in none of others.
        lane = np.arange(70) % 7 / 8 - 0.25
        lane[[0, 7, 8, 9, 15, 16, 17, 31, 32, 47, 63, 69]] = nan
        yield lane
    if dtype.kind == "c":
        yield from ([complex(nan, 1), 2j], [1j, complex(1, nan), 2], [complex(nan, nan), complex(-0.0, -0.0)])
    if dtype.kind in "biu":
        yield np.arange(70) * 37 % 101


def some(rng, dtype, size, rounds):
    """So many values: floats with NaN and -0.0 between, whose sums round or are exact."""
    if dtype.kind in "biu":
        x = memory(rng, dtype, size)
        return x if dtype == bool else np.where(rng.random(size) < 0.8, x % 50, x)
    if dtype.kind == "c":
        real, imag = (some(rng, np.dtype("f8"), size, rounds) for _ in range(2))
        return np.stack([real, imag], axis=-1).view("D")[:, 0]
    if rounds:
        x = rng.standard_normal(size) * 10.0 ** rng.integers(-2, 3, size)
    else:
        x = rng.integers(-20, 21, size) / 8
    x[rng.random(size) < 0.15] = np.nan
    x[rng.random(size) < 0.15] = -0.0
    return x


def option_arrays(rng, dtype):
    """Shapes, strides, offsets and memories."""
    for lane in by_hand(dtype):
        yield (len(lane),), (1,), 0, np.array(lane).astype(dtype)
    for rounds in (False, True):
        if rounds and dtype.kind not in "fc":
            continue
        # Few and small ones: each has many rows. Those that round are of two dimensions.
        for shape, strides, offset in itertools.islice(layouts(rng), *((4, 6) if rounds else (9,))):
            shape = tuple(min(n, [0, 9, 5, 3][len(shape)]) for n in shape)
            first = offset + sum((n - 1) * s for n, s in zip(shape, strides) if s < 0 and n)
            last = offset + sum((n - 1) * s for n, s in zip(shape, strides) if s > 0 and n)
            if 0 in shape:
                first, last = 0, offset
            data = some(rng, dtype, last - first + 1, rounds).astype(dtype)
            yield shape, strides, offset - first, data


def options_lines():
    """The table of the options."""
    lines = [
        f"# np.cumulative_sum, np.nancumsum and np.flip by NumPy {np.__version__}; written by generate.py.",
        "# `a type shape strides offset : memory` is the input of the rows below it. Strides are in elements.",
        "# A row is `axis dtype out options initial order shape : sums`, with - where none is given.",
        "#   include_initial: np.cumulative_sum(a, include_initial=True), without an axis of the flattened array",
        "#   exclusive: the same but for the last; with include_initial that one prevails",
        "#   skip_nan: np.nancumsum(a), or NaN replaced by 0 as it does",
        "#   reverse: np.flip(sum(np.flip(a)))",
        "#   initial: in the accumulator, put before the first element",
        "# The order is `exact` where no order of additions rounds; the sums are in C order.",
    ]
    rng = np.random.default_rng(5)
    by_name = {name(t): t for t in ALL}
    combinations = [
        (frozenset(options), initial)
        for n in range(len(OPTIONS) + 1)
        for options in itertools.combinations(OPTIONS, n)
        for initial in (None, INITIAL)
    ]
    for type_, casts in OPTION_CASTS.items():
        dtype = by_name[type_]
        cast, out = (by_name[t] for t in casts.split())
        for shape, strides, offset, data in option_arrays(rng, dtype):
            bytes_ = [s * dtype.itemsize for s in strides]
            a = np.lib.stride_tricks.as_strided(data[offset:], shape, bytes_)
            given = f"{type_} {numbers(shape)} {numbers(strides)} {offset}"
            lines.append(f"a {given} : {text(data)}".rstrip())
            # In one dimension both are the same.
            axes = [None, *range(len(shape))] if len(shape) != 1 else [[None, 0][rng.integers(2)]]
            for axis in axes:
                wanted = [(frozenset({option}), None) for option in OPTIONS]
                wanted += [combinations[i] for i in rng.choice(len(combinations), 2, replace=False)]
                for options, initial in dict.fromkeys(wanted):
                    if options != {"skip_nan"} or dtype.kind in "fc":
                        lines.append(options_row(a, axis, None, None, options, initial))
            for call in ((cast, None), (None, out), (cast, out)) if data.size < 70 else ():
                options, initial = combinations[rng.integers(len(combinations))]
                axis = axes[rng.integers(len(axes))]
                lines.append(options_row(a, axis, *call, options, initial))
    return [line for line in lines if line]


def options_row(a, axis, dtype, out, options, initial):
    """One row of the table of the options, or None where a cast is not defined."""
    accumulator = dtype or (np.promote_types(a.dtype, out) if out else np.cumsum(a).dtype)
    x, along = (a.ravel(), 0) if axis is None or a.ndim == 0 else (a, axis)
    if "reverse" in options:
        x = np.flip(x, along)
    replaced = np.where(np.isnan(x), np.zeros((), x.dtype), x) if "skip_nan" in options else x
    if not fits(replaced.ravel(), accumulator):
        return None
    cast = replaced.astype(accumulator)
    first = np.zeros((), accumulator) if initial is None else np.array(initial).astype(accumulator)
    if out and not fits((np.cumsum(cast, axis=along) + first).ravel(), out):
        return None
    extra = not {"include_initial", "exclusive"}.isdisjoint(options)
    shape = [n + (extra or initial is not None) * (i == along) for i, n in enumerate(x.shape)]
    given = {"axis": along, "dtype": dtype, "out": np.empty(shape, out) if out else None}
    if initial is not None:
        # No function of NumPy takes one.
        before = np.full([1 if i == along else n for i, n in enumerate(x.shape)], first)
        given["dtype"] = accumulator
        sums = np.cumsum(np.concatenate([before, cast], along), **given)
        sums = sums if extra else np.delete(sums, 0, along)
    elif extra:
        sums = np.cumulative_sum(replaced, include_initial=True, **given)
    else:
        sums = (np.nancumsum if "skip_nan" in options else np.cumsum)(x, **given)
    if "exclusive" in options and "include_initial" not in options:
        sums = np.delete(sums, -1, along)
    if "reverse" in options:
        sums = np.flip(sums, along)
    assert sums.dtype == (out or accumulator)
    order = "exact" if exact(np.append(cast.ravel(), first)) else "rounded"
    dtype, out = (t and name(t) for t in (dtype, out))
    chosen = "+".join(option for option in OPTIONS if option in options) or None
    head = " ".join("-" if x is None else str(x) for x in (axis, dtype, out, chosen, initial))
    return f"{head} {order} {numbers(sums.shape)} : {text(sums.ravel())}".rstrip()


def main():
    np.seterr(all="ignore")
    warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
    write("cumsum.txt", lane_lines())
    write("axes.txt", axes_lines())
    write("types.txt", types_lines())
    write("options.txt", options_lines())


if __name__ == "__main__":
    main()
