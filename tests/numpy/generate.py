"""Writes the sums by NumPy that this crate is held against.

cumsum.txt, which tests/numpy.rs reads, has those of one lane, with every dtype and out; axes.txt, which
tests/numpy_axes.rs reads, those of arrays, along every axis.

Takes no arguments, and needs NumPy; the version is written at the top of each table.

Only casts whose result C defines are written down: what NumPy makes of a float that does not fit an
integer, or of NaN as an integer, depends on the CPU. So there are several inputs of each type, the more
telling ones first, and each row takes the first input for which every cast is defined.
"""

import itertools
import pathlib
from fractions import Fraction

import numpy as np

ELEMENTS = [np.dtype(t) for t in "i1 i2 i4 i8 u1 u2 u4 u8 f4 f8".split()]
INPUTS = [np.dtype(bool), *ELEMENTS]
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


def name(dtype):
    """The name that Rust has for a type."""
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
    if values.dtype.kind != "f" or dtype.kind == "f":
        return True
    info = np.iinfo(dtype)
    return all(np.isfinite(x) and info.min <= int(x) <= info.max for x in values.tolist())


def exact(values):
    """Whether their sums are exact in any order: multiples of a power of two, and of few digits."""
    if values.dtype.kind != "f":
        return True
    fractions = [Fraction(x) for x in values.tolist()]
    unit = max(x.denominator for x in fractions)
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
    """Decimals from which the very bits can be read back."""
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


def main():
    np.seterr(all="ignore")
    write("cumsum.txt", lane_lines())
    write("axes.txt", axes_lines())


if __name__ == "__main__":
    main()
