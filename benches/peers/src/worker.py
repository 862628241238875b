# Times the Python peers: started by python.rs, which asks for one turn at a time, so that they take
# turns with the others. One line is a question, one line the answer; `case` is followed by raw arrays.

import functools
import gc
import importlib
import os
import sys
import time
from itertools import repeat

os.environ.setdefault("POLARS_MAX_THREADS", "1")

# Where a package prints something, it must not be taken for an answer.
answers = os.fdopen(os.dup(1), "w", encoding="ascii", errors="replace")
os.dup2(2, 1)
questions = sys.stdin.buffer

NAMES = ["numpy", "numba", "polars", "pyarrow", "torch"]
ALIGNMENT = 2 << 20
# As in memory.rs: the output's low address bits are not those of the input.
OFFSET = 5 * 4096 + 2048
# As in rust_peers.rs, which says why.
WARM_CALLS = 16
WARM_NANOSECONDS = 8_000_000


def answer(line):
    print(" ".join(line.split("\n")), file=answers, flush=True)


def load():
    """Imports what there is, and says what there is not."""
    found = ["python " + sys.version.split()[0]]
    for name in NAMES:
        try:
            module = importlib.import_module(name)
            if name == "pyarrow":
                importlib.import_module("pyarrow.compute")
            globals()[name] = module
            found.append(name + " " + module.__version__)
        except Exception as error:
            found.append("!" + name + " " + type(error).__name__)
    if "torch" in globals():
        torch.set_num_threads(1)
    if "pyarrow" in globals():
        pyarrow.set_cpu_count(1)
    return "\t".join(found)


def array(dtype, elements, offset):
    """Memory as memory.rs makes it: touched, aligned, and in huge pages, as NumPy asks for itself."""
    dtype = numpy.dtype(dtype)
    size = elements * dtype.itemsize
    memory = numpy.empty(size + 2 * ALIGNMENT, numpy.uint8)
    memory[:] = 1
    start = -memory.ctypes.data % ALIGNMENT + offset
    return memory[start : start + size].view(dtype)


def receive(into):
    """Fills a contiguous array with the bytes that come next."""
    into, done = memoryview(into).cast("B"), 0
    while done < len(into):
        count = questions.readinto(into[done:])
        if not count:
            raise EOFError
        done += count


class Case:
    """An input, its output, and what each peer makes of them."""

    def __init__(self, dtype, out_dtype, order, axis, shape):
        shape = [int(extent) for extent in shape.split("x")]
        elements = 1
        for extent in shape:
            elements *= extent
        self.axis = None if axis == "-" else int(axis)
        x, y = array(dtype, elements, 0), array(out_dtype, elements, OFFSET)
        receive(x)
        self.expected = numpy.empty(elements, out_dtype)
        receive(self.expected)
        self.x, self.y = x.reshape(shape, order=order), y.reshape(shape)
        self.expected = self.expected.reshape(shape)
        self.calls = {}

    def call(self, peer, form):
        """What is to be called, made once."""
        if (peer, form) not in self.calls:
            self.calls[peer, form] = globals()["call_" + peer](self, form)
        return self.calls[peer, form]


def call_numpy(case, form):
    cumsum = functools.partial(numpy.cumsum, axis=case.axis, dtype=case.y.dtype)
    if form == "fresh":
        return functools.partial(cumsum, case.x)
    return functools.partial(cumsum, case.x if form == "out" else case.y, out=case.y)


def call_torch(case, form):
    axis, x, y = case.axis or 0, torch.from_numpy(case.x), torch.from_numpy(case.y)
    if form == "in-place":
        return functools.partial(y.cumsum_, axis)
    cumsum = functools.partial(torch.cumsum, x, axis, dtype=y.dtype)
    return cumsum if form == "fresh" else functools.partial(cumsum, out=y)


def call_numba(case, form):
    @numba.njit
    def running_sum(x, y):
        total = y.dtype.type(0)
        for i in range(len(x)):
            total += x[i]
            y[i] = total

    return functools.partial(running_sum, case.x if form == "out" else case.y, case.y)


def call_polars(case, _form):
    return polars.Series(case.x).cum_sum


def call_arrow(case, _form):
    x = pyarrow.array(case.x)
    if case.x.dtype == case.y.dtype:
        return functools.partial(pyarrow.compute.cumulative_sum, x)
    # It sums in the type of its input.
    wide = pyarrow.from_numpy_dtype(case.y.dtype)
    return lambda: pyarrow.compute.cumulative_sum(x.cast(wide))


def check(case, peer, form):
    """Whether the sums are right. All are exact: memory.rs says why."""
    if form == "in-place":
        numpy.copyto(case.y, case.x)
    else:
        case.y[...] = 1
    result = case.call(peer, form)()
    if form != "fresh":
        result = case.y
    elif peer == "arrow":
        result = result.to_numpy(zero_copy_only=False)
    elif peer in ("polars", "torch"):
        result = result.numpy() if peer == "torch" else result.to_numpy()
    if result.dtype != case.y.dtype:
        return "no: sums are of type " + str(result.dtype)
    return "ok" if numpy.array_equal(result, case.expected) else "no: the sums are wrong"


def turn(case, peer, form, calls, warm):
    """The nanoseconds of a call, one after the other."""
    case.expected = None
    call, now = case.call(peer, form), time.perf_counter_ns
    if form == "in-place":
        total = 0
        for _ in repeat(None, calls):
            numpy.copyto(case.y, case.x)
            start = now()
            call()
            total += now() - start
        return total / calls
    if warm:
        start = now()
        for _ in repeat(None, WARM_CALLS):
            call()
            if now() - start > WARM_NANOSECONDS:
                break
    start = now()
    for _ in repeat(None, calls):
        call()
    return (now() - start) / calls


def main():
    answer(load())
    gc.disable()
    case = None
    for line in iter(questions.readline, b""):
        word, *words = line.decode("ascii").split()
        try:
            if word == "case":
                case = None
                case = Case(*words)
                answer("ok")
            elif word == "check":
                answer(check(case, *words))
            elif word == "time":
                peer, form, calls, warm = words
                answer(str(turn(case, peer, form, int(calls), warm == "1")))
            else:
                answer("no: what is " + word)
        except Exception as error:
            answer("no: " + type(error).__name__ + ": " + str(error))
            # The rest of the arrays would be taken for questions.
            if word == "case":
                return


main()
