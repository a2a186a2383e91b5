"""The whole job: a feed of each tag of many sources, against a script, and against reader.

    pip install reader && python benchmarks/build.py

A first build is measured against a script of feedparser and feedgen that writes the
same feeds (by_hand.py), and against reader, which reads the same sources and only
stores them; builds that follow it, in a process that is already there and as the
command, against the script, which does all of it again. What is compared is run in
turn; a ratio is one of a turn, and the median of these is shown.
"""

import argparse
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter, process_time, sleep

from inputs import feeds
from loopback import ADDRESSES, serving
from measured import Cost, peak, run
from measuring import show

import feedkit

HERE = Path(__file__).parent
READER = """
import json, resource, sys
from pathlib import Path
from reader import make_reader
folder, file = sys.argv[1:]
reader = make_reader(file, feed_root=folder)
for path in sorted(Path(folder).iterdir()):
    reader.add_feed(path.name)
reader.update_feeds()
print(json.dumps({"feeds": reader.get_feed_counts(broken=False).total,
                  "entries": reader.get_entry_counts().total}))
"""
_TITLE = re.compile(r"(<(?:item|entry)[ >].*?<title[^>]*>)", re.DOTALL)
_WRITTEN = re.compile(r"([\d,]+) files? written")
_ENTRY = re.compile(rb"<(?:item|entry)[ >]")

Measure = Callable[[], Cost]


def configure(folder: Path, documents: Sequence[Path], port: int | None = None) -> Path:
    """A configuration of documents, as files or at addresses that are always due."""
    folder.mkdir()
    lines = ['[site]\ntitle = "All"\nurl = "https://feeds.example/"']
    lines.append('[fetch]\nevery = "0s"\nwithin = "0s"\n')
    for number, document in enumerate(documents):
        if port is None:
            where = f"path = {json.dumps(str(document))}"
        else:
            host = ADDRESSES[number % len(ADDRESSES)]
            where = f'url = "http://{host}:{port}/{document.name}"\nprivate = true'
        lines.append(f'[[source]]\nname = "{number}"\n{where}\n')
    file = folder / "feedkit.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def command(config: Path, files: int | None = None) -> Measure:
    """Measures ``feedkit build``; how many files it is to write, where that is known."""

    def measured() -> Cost:
        cost = run(["-m", "feedkit", "build", str(config)])
        check(cost.said, files)
        return cost

    return measured


def warm(config: Path) -> Measure:
    """Measures ``feedkit.build`` in this process, where nothing changed."""

    def measured() -> Cost:
        begun, used = perf_counter(), process_time()
        report = feedkit.build(config)
        cost = Cost(perf_counter() - begun, process_time() - used, peak(), "")
        if report.written:
            sys.exit(f"{len(report.written)} files were written where nothing changed")
        return cost

    return measured


def check(said: str, files: int | None) -> None:
    """Stop when a build did not write the files that were to be: so many, or some."""
    found = _WRITTEN.search(said)
    written = int(found[1].replace(",", "")) if found else -1
    if written < 1 if files is None else written != files:
        sys.exit(f"not {'some' if files is None else files} files were written: {said}")


def first(documents: Sequence[Path], work: Path) -> Measure:
    """Measures a first build, of the command: each in a folder of its own.

    Nothing is deleted in between, as after that ext4 makes files ten times as slowly
    for a minute.
    """
    numbers = count()

    def measured() -> Cost:
        return command(configure(work / f"first-{next(numbers)}", documents))()

    return measured


def changing(config: Path, document: Path) -> Measure:
    """Measures the command once the title of one post was changed."""
    original = document.read_text("utf-8")
    times = iter(range(1, 1000))

    def measured() -> Cost:
        document.write_text(_TITLE.sub(rf"\g<1>{next(times)} ", original, count=1), "utf-8")
        return command(config)()

    return measured


def by_hand(documents: Path, work: Path) -> Measure:
    numbers = count()

    def measured() -> Cost:
        out = work / f"by-hand-{next(numbers)}"
        return run([str(HERE / "by_hand.py"), str(documents), str(out)])

    return measured


def by_reader(documents: Path, work: Path) -> Measure:
    numbers = count()

    def measured() -> Cost:
        return run(["-c", READER, str(documents), str(work / f"reader-{next(numbers)}.sqlite")])

    return measured


@contextmanager
def sources() -> Iterator[tuple[Path, Path]]:
    """A folder with the documents, and one to work in."""
    with tempfile.TemporaryDirectory() as folder:
        documents, work = Path(folder) / "documents", Path(folder) / "work"
        documents.mkdir()
        work.mkdir()
        for number, (_, data) in enumerate(feeds()):
            (documents / f"{number:03}.xml").write_bytes(data)
        yield documents, work


def in_turn(measures: dict[str, Measure], rounds: int) -> dict[str, list[Cost]]:
    costs: dict[str, list[Cost]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            costs[name].append(measure())
    return costs


def row(name: str, costs: list[Cost], against: Sequence[list[Cost]]) -> list[str]:
    """A row of a table: medians, and how many times as long each of the others takes."""
    ratios = []
    for others in against:
        wall = median(other.wall for other in others) / median(cost.wall for cost in costs)
        cpu = median(other.cpu for other in others) / median(cost.cpu for cost in costs)
        ratios.append(f"{wall:.1f} ({cpu:.1f})" if others is not costs else "")
    return [
        name,
        f"{median(cost.wall for cost in costs):.3f}",
        f"{median(cost.cpu for cost in costs):.3f}",
        f"{max(cost.memory for cost in costs) / 1e6:.0f}",
        *ratios,
    ]


def entries(out: Path) -> dict[str, int]:
    """How many feeds and entries stand below a folder, in Atom and RSS together."""
    files = [*out.rglob("atom.xml"), *out.rglob("rss.xml")]
    return {
        "feeds": len(files) // 2,
        "entries": sum(len(_ENTRY.findall(file.read_bytes())) for file in files) // 2,
    }


def alike(ours: dict[str, int], theirs: dict[str, int]) -> None:
    """Stop when not the same work was done."""
    for name, number in ours.items():
        if abs(number - theirs[name]) > 0.02 * number:
            sys.exit(f"not the same work: {ours} and {theirs}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=3, help="rounds of first builds")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of builds that follow")
    given = parser.parse_args()
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    with sources() as (documents, work):
        files = sorted(documents.iterdir())
        measures = {"feedkit build": first(files, work), "the script": by_hand(documents, work)}
        if find_spec("reader"):
            measures["reader, which only stores"] = by_reader(documents, work)
        costs = in_turn(measures, given.first)
        last = given.first - 1
        config = work / f"first-{last}" / "feedkit.toml"
        ours, theirs = entries(config.parent / "public"), entries(work / f"by-hand-{last}")
        alike(ours, theirs)
        script = costs["the script"]
        head = ("seconds", "CPU", "MB", "of the script", "of reader")
        stored = costs.get("reader, which only stores", costs["feedkit build"])
        show(
            f"a first build of {len(files)} sources: feedkit {ours}, the script {theirs},"
            f" reader {stored[-1].said}; in brackets: of CPU time",
            ("", *head),
            [row(name, some, (script, stored)) for name, some in costs.items()],
        )
        sleep(2.1)  # a file that changed just now is read once more
        command(config, 0)()
        with serving(documents) as port:
            web = configure(work / "web", files, port)
            command(web)()
            middle = sorted(files, key=lambda file: file.stat().st_size)[len(files) // 2 :]
            changed = next(file for file in middle if _TITLE.search(file.read_text("utf-8")))
            nothing = {
                "nothing changed, build()": warm(config),
                "nothing changed, the command": command(config, 0),
                "all answer 304, build()": warm(web),
                "all answer 304, the command": command(web, 0),
                "python -c pass": lambda: run(["-c", "pass"]),
            }
            costs = in_turn(nothing, given.rounds)
            one = {
                "one post changed, the command": changing(config, changed),
            }
            costs |= in_turn(one, given.rounds)
            plain = costs["nothing changed, the command"]
            show(
                "builds that follow; in brackets: of CPU time",
                ("", *head[:4], "of nothing changed"),
                [row(name, some, (script, plain)) for name, some in costs.items()],
            )


if __name__ == "__main__":
    main()
