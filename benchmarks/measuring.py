"""Measuring contenders against each other: in turn, in one run, by their medians.

What else the machine does counts for all of them alike, so ratios are of one
turn each, and theirs is the median that is printed.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from gc import collect
from operator import truediv
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from time import perf_counter
from typing import TypeVar

from msgspec import Struct

ROUNDS = 5

_T = TypeVar("_T")


class Taken(Struct, frozen=True):
    """What one contender took, round by round, in seconds."""

    name: str
    clock: tuple[float, ...]
    """By the clock on the wall."""
    cpu: tuple[float, ...]
    """Of all cores, those of its processes that have ended included."""

    @property
    def seconds(self) -> float:
        """The median by the clock on the wall."""
        return median(self.clock)

    def times(self, other: "Taken") -> float:
        """How many times as long the other takes; the median of the rounds."""
        return median(map(truediv, other.clock, self.clock))

    def times_of_cpu(self, other: "Taken") -> float:
        """How many times as much of all cores the other takes; the median of the rounds."""
        return median(map(truediv, other.cpu, self.cpu))


def in_turns(
    contenders: Mapping[str, Callable[[], _T]], rounds: int = ROUNDS
) -> tuple[dict[str, Taken], dict[str, _T]]:
    """What each contender took; and what each returned in a first round, which does not count.

    :param contenders: their names, and what each of them does.
    :param rounds: how many rounds count.
    """
    results = {name: work() for name, work in contenders.items()}
    clock: dict[str, list[float]] = {name: [] for name in contenders}
    cpu: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            collect()
            begun, used = perf_counter(), _cpu()
            work()
            clock[name].append(perf_counter() - begun)
            cpu[name].append(_cpu() - used)
    return {name: Taken(name, tuple(clock[name]), tuple(cpu[name])) for name in contenders}, results


def _cpu() -> float:
    used = map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: its first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    sys.stdout.write(f"\n{title}\n\n")
    for row in (head, ["-" * width for width in widths], *rows):
        cells = [row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]
        sys.stdout.write("  ".join(cells) + "\n")
    sys.stdout.flush()
