"""What a process and all that it starts cost: time and memory."""

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

_TICK = 0.05


class Cost(NamedTuple):
    """What a process cost, with its children."""

    wall: float
    """Seconds from its start to its end."""
    cpu: float
    """Seconds of processor time."""
    memory: int
    """The most bytes that were resident at one time; a page that is shared counts for each."""
    said: str
    """The last line of its output."""


def run(arguments: Sequence[str]) -> Cost:
    """Run Python with some arguments.

    :raise subprocess.CalledProcessError: when it fails.
    """
    before = os.times()
    begun = perf_counter()
    command = [sys.executable, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603 - our own
    watching = _Watching(process.pid)
    watching.start()
    output, errors = process.communicate()
    wall = perf_counter() - begun
    watching.stop()
    after = os.times()
    if process.returncode:
        sys.stderr.write(errors.decode())
        raise subprocess.CalledProcessError(process.returncode, command)
    cpu = after.children_user - before.children_user
    cpu += after.children_system - before.children_system
    said = output.decode().strip().rpartition("\n")[2]
    return Cost(wall, cpu, watching.most, said)


def peak() -> int:
    """The most bytes of this process that were resident at one time."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def written() -> int:
    """The bytes that this process and its ended children wrote; 0 where the system is silent."""
    try:
        lines = Path("/proc/self/io").read_text().splitlines()
    except OSError:
        return 0
    return int(dict(line.split(": ") for line in lines)["wchar"])


class _Watching(threading.Thread):
    """Looks at a process and its children every now and then; Linux only."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._ended = threading.Event()
        self.most = 0

    def run(self) -> None:
        while Path("/proc").is_dir() and not self._ended.wait(_TICK):
            self.most = max(self.most, _resident(self._process))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _resident(process: int) -> int:
    """The bytes of a process and all below it."""
    parents, pages = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended
            number = int(folder.name)
            parents[number], pages[number] = int(fields[1]), int(fields[21])
    family = {process}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(pages.get(number, 0) for number in family) * os.sysconf("SC_PAGE_SIZE")
