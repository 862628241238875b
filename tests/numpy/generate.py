"""Writes cumsum.txt, the sums by NumPy that tests/numpy.rs holds this crate against.

Takes no arguments, and needs NumPy; the version is written at the top of the table.

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


def main():
    lines = [
        f"# np.cumsum(x, dtype=dtype, out=out) by NumPy {np.__version__}; written by generate.py.",
        "# `x type : values` is the input of the rows below it.",
        "# A row is `dtype out accumulator order : sums`, with - where an argument is not given;",
        "# the order is `exact` where no order of additions rounds.",
    ]
    np.seterr(all="ignore")
    for dtype in INPUTS:
        left = list(calls(dtype))
        for values in inputs(dtype):
            x = np.array(values, dtype)
            written = {call: line for call in left if (line := row(x, *call))}
            left = [call for call in left if call not in written]
            if written:
                lines += [f"x {name(dtype)} : {text(x)}", *written.values()]
        assert not left, (dtype, left)
    path = pathlib.Path(__file__).with_name("cumsum.txt")
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
