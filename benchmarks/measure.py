"""Measure: what is done in turn, and time and memory of a fresh process."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# On Linux, ru_maxrss of a child begins with what its parent had; VmHWM is the child's own.
_FRAME = """
import time; begin = time.perf_counter()
{program}
seconds = time.perf_counter() - begin
import json, os, re, resource, sys
if os.path.exists("/proc/self/status"):
    peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) * 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({{"seconds": seconds, "peak": peak}}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What a fresh process took: *seconds* from its first own statement on, and its *peak* memory in bytes."""

    seconds: float
    peak: int


def medians(*rivals: Callable[[int], object], times: int) -> list[float]:
    """Return the median seconds of each of *rivals* (see `turns`)."""
    return [statistics.median(seconds) for seconds in turns(*rivals, times=times)]


def turns(*rivals: Callable[[int], object], times: int) -> list[list[float]]:
    """Return the seconds of all turns of each of *rivals*, which take turns, so that a busy machine slows all alike.

    Each is called with 0, 1, … and must do an equal work each time.
    """
    taken: list[list[float]] = [[] for _ in rivals]
    for turn in range(times):
        for rival, seconds in zip(rivals, taken, strict=True):
            begin = time.perf_counter()
            rival(turn)
            seconds.append(time.perf_counter() - begin)
    return taken


def in_fresh_process(program: str, *arguments: str) -> Fresh:
    """Run *program*, which finds *arguments* in `sys.argv[1:]`; its imports of `syndicator` are part of the time."""
    wrapped = _FRAME.format(program=program)
    done = subprocess.run([sys.executable, "-c", wrapped, *arguments], check=True, capture_output=True, text=True)
    return Fresh(**json.loads(done.stdout.splitlines()[-1]))


def show(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a small table, its first column to the left and the others to the right."""
    widths = [max(len(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    print(f"\n{title}\n")
    for row in (heads, ["-" * width for width in widths], *rows):
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join([row[0].ljust(len(first)), *others]))


def milliseconds(seconds: float) -> str:
    """Return *seconds* as a person reads them."""
    return f"{seconds * 1e3:,.2f} ms" if seconds < 1 else f"{seconds * 1e3:,.0f} ms"
