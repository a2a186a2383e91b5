"""What starting costs: importing feedkit and `feedkit --version`: benchmarks/start.py

Each is a process, against one of the same Python that does nothing; all run in
turn, in fifty rounds after one that does not count. Then what a second
`feedkit build` of the example, with nothing changed, spends on importing, by packages.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import in_turns, show

from feedkit._version import __version__

ROUNDS = 50
EXAMPLE = Path(__file__).parents[1] / "examples" / "backend"
NOTHING = "python -c pass"
# of -X importtime: the microseconds of a module alone, and its name
_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")


def run(*arguments: str) -> str:
    """What a process of this Python writes."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603


def commands() -> dict[str, Callable[[], str]]:
    script = shutil.which("feedkit", path=str(Path(sys.executable).parent))
    if script is None:
        sys.exit("feedkit is not installed beside this Python")
    return {
        NOTHING: partial(run, "-c", "pass"),
        'python -c "import feedkit"': partial(run, "-c", "import feedkit"),
        "feedkit --version": partial(run, script, "--version"),
        "python -m feedkit --version": partial(run, "-m", "feedkit", "--version"),
    }


def imports_of_a_build() -> list[tuple[str, float]]:
    """Milliseconds that a build with nothing to do spends on importing, by package."""
    with TemporaryDirectory() as folder:
        site = shutil.copytree(EXAMPLE, Path(folder) / "site")
        command = [sys.executable, "-X", "importtime", "-m", "feedkit", "build", str(site)]
        for _ in range(2):
            done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        if " 0 files written" not in done.stdout:
            sys.exit(f"the second build was to change nothing: {done.stdout}")
    spent: Counter[str] = Counter()
    for microseconds, module in _LINE.findall(done.stderr):
        package = module.partition(".")[0]
        known = package in sys.stdlib_module_names or package.startswith("_")
        spent["the standard library" if known else package] += int(microseconds)
    return [(package, microseconds / 1000) for package, microseconds in spent.most_common()]


def main() -> None:
    taken, said = in_turns(commands(), ROUNDS)
    if not all(__version__ in text for name, text in said.items() if "version" in name):
        sys.exit(f"one of these says no version: {said}")
    nothing = taken[NOTHING]
    show(
        f"Processes; medians of {ROUNDS} rounds",
        ["", "ms", "times as long", "times by CPU"],
        [
            [
                name,
                f"{one.seconds * 1000:.1f}",
                f"{nothing.times(one):.2f}",
                f"{nothing.times_of_cpu(one):.2f}",
            ]
            for name, one in taken.items()
        ],
    )
    show(
        "Imports of a second `feedkit build`",
        ["package", "ms"],
        [[package, f"{spent:.1f}"] for package, spent in imports_of_a_build()],
    )


if __name__ == "__main__":
    main()
