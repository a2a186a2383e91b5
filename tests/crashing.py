"""Builds that are cut off: at each of their writes, and by a kill at any moment.

    python tests/crashing.py --kills 200 --seed 1

runs 200 builds over 100 sources, kills each after a time that the seed decides,
and looks at what is left and what the next build makes of it.
"""

import argparse
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser

import feedkit
from feedkit.store import Store

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
BUILD = (
    "import sys, feedkit; from datetime import datetime;"
    "feedkit.build(sys.argv[1], now=datetime.fromisoformat(sys.argv[2]))"
)
Files = dict[str, bytes]


def write_sources(folder: Path, sources: int, posts: int, *, edition: int) -> None:
    """Write a configuration and its sources; in each edition some posts are new, edited or gone."""
    tables = "".join(
        f'[[source]]\nname = "s{number}"\npath = "in/{number}.xml"\n' for number in range(sources)
    )
    (folder / "in").mkdir(exist_ok=True)
    (folder / "feedkit.toml").write_text(
        f'[site]\ntitle = "Site"\nurl = "https://feeds.example/"\nlimit = 5\n{tables}'
        f'[[feed]]\nname = "some"\nwhere = "t0 or t1"\n'
    )
    for number in range(sources):
        changes = edition if number % 2 == 0 else 0
        items = "".join(
            f"<item><title>Post {number}.{n}</title>"
            f"<guid>https://s{number}.example/{n}</guid><category>t{(number + n) % 7}</category>"
            f"<category>edition {changes}</category>"
            f"<pubDate>{format_date(NOW - timedelta(hours=n))}</pubDate>"
            f"<description>Edition {changes} of {n}</description></item>"
            for n in range(changes, posts + changes)
        )
        (folder / "in" / f"{number}.xml").write_text(
            f'<rss version="2.0"><channel><title>S{number}</title>'
            f"<link>https://s{number}.example/</link><description/>{items}</channel></rss>"
        )


def format_date(date: datetime) -> str:
    return date.strftime("%a, %d %b %Y %H:%M:%S GMT")


def published(folder: Path) -> Files:
    """The files below the output folder, but for those that are only being prepared."""
    public = folder / "public"
    return {
        path.relative_to(public).as_posix(): path.read_bytes()
        for path in public.rglob("*")
        if path.is_file() and ".feedkit-staging" not in path.parts
    }


class Scene:
    """A project before and after a build that is to be cut off.

    :param folder: an empty folder.
    :param sources: how many sources it has.
    :param posts: how many posts each has.
    """

    def __init__(self, folder: Path, sources: int, posts: int) -> None:
        self.before_folder = folder / "before"
        self.work = folder / "work"
        self.before_folder.mkdir(parents=True)
        write_sources(self.before_folder, sources, posts, edition=0)
        feedkit.build(self.before_folder, now=NOW)
        self.before = published(self.before_folder)
        write_sources(self.before_folder, sources, posts, edition=1)
        self.restore()
        feedkit.build(self.work, now=LATER)
        self.after = published(self.work)

    def restore(self) -> None:
        """Lay the project out as it was before the build."""
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.before_folder, self.work)

    def faults(self) -> list[str]:
        """What is wrong with what a build that was cut off left behind, and the next made of it."""
        found = [
            f"{path} is neither old nor new"
            for path, data in published(self.work).items()
            if data not in (self.before.get(path), self.after.get(path))
        ]
        found += [
            f"{path} is lost"
            for path in self.before.keys() & self.after.keys() - published(self.work).keys()
        ]
        report = feedkit.build(self.work, now=LATER)
        if report.exit_code:
            found.append(f"the next build ended with {report.exit_code}: {report.problems}")
        if published(self.work) != self.after:
            found.append("the next build made something else")
        if (self.work / "public" / ".feedkit-staging").exists():
            found.append("the staging folder was left behind")
        for path, data in published(self.work).items():
            ids = Counter(entry.id for entry in feedparser.parse(BytesIO(data)).entries)
            found += [f"{path} has {post} twice" for post, count in ids.items() if count > 1]
        with closing(sqlite3.connect(self.work / ".feedkit.db")) as connection:
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                found.append("the database is damaged")
        if feedkit.build(self.work, now=LATER).written:
            found.append("the build after that wrote again")
        return found


def cut_off_at_each_write(folder: Path, sources: int = 3, posts: int = 3) -> dict[str, Any]:
    """Cut a build off at its first write, its second and so on, each time from the beginning.

    :return: how many there were, and what was wrong after which of them.
    """
    scene = Scene(folder, sources, posts)
    faults: dict[int, list[str]] = {}
    number = 0
    while True:
        scene.restore()
        child = os.fork()
        if not child:
            _die_at(number)
            feedkit.build(scene.work, now=LATER)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) == 0:
            return {"writes": number, "faults": faults}
        if wrong := scene.faults():
            faults[number] = wrong
        number += 1


def _die_at(number: int) -> None:
    """Have this process end at one of its writes: right before it."""
    left = [number]

    def count() -> None:
        if left[0] == 0:
            os._exit(9)
        left[0] -= 1

    def seen(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir") or (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_WRONLY
        )
        if writes:
            count()

    def committing(commit: Callable[[Store], None]) -> Callable[[Store], None]:
        def counted(store: Store) -> None:
            count()
            commit(store)
            count()

        return counted

    Store.commit = committing(Store.commit)  # type: ignore[method-assign]
    sys.addaudithook(seen)


def killed(folder: Path, kills: int, seed: int, sources: int = 100) -> dict[str, Any]:
    """Kill builds at moments that a seed decides.

    :return: how many were killed before their end, and what was wrong after which of them.
    """
    chance = random.Random(seed)
    scene = Scene(folder, sources, 5)
    command = [sys.executable, "-c", BUILD, str(scene.work), LATER.isoformat()]
    scene.restore()
    begun = time.monotonic()
    subprocess.run(command, check=True)
    longest = time.monotonic() - begun
    faults: dict[int, list[str]] = {}
    cut_off = 0
    for number in range(kills):
        scene.restore()
        with subprocess.Popen(command) as process:
            time.sleep(chance.uniform(0, longest))
            process.kill()
        cut_off += process.returncode != 0
        if wrong := scene.faults():
            faults[number] = wrong
    return {"kills": kills, "cut off": cut_off, "faults": faults}


def main() -> None:
    """Run what the command line asks for, and print what was found as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=0, help="how many builds to kill")
    parser.add_argument("--sources", type=int, default=100, help="how many sources each has")
    parser.add_argument("--seed", type=int, default=1, help="decides when")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.kills:
            found = killed(Path(folder), asked.kills, asked.seed, asked.sources)
        else:
            found = cut_off_at_each_write(Path(folder))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
