"""Mutants of real feeds through ``feedkit.parse``: a Feed or a ParseError, whatever they are.

    python tests/fuzz/mutants.py FINDINGS FOLDER [COUNT]

Each feed of the folder is changed in one to thirty places, COUNT times in
all; all but one in fifty are cut to their first 12 kB, as most that can happen
to a feed happens in its first entries. The same count gives the same mutants.
"""

import random
import sys
import time
import traceback
from pathlib import Path

from mutation import mutate, splice  # beside this file

import feedkit

SHORT = 12_000
LONGEST = 4_000_000


def main() -> None:
    """Say what became of the mutants."""
    findings, folder = Path(sys.argv[1]), Path(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000
    findings.mkdir(parents=True, exist_ok=True)
    feeds = [file.read_bytes() for file in sorted(folder.iterdir())]
    chance = random.Random(count)
    read = found = 0
    slowest = 0.0
    for number in range(count):
        data = _mutant(feeds[number % len(feeds)], chance.choice(feeds), chance)
        started = time.perf_counter()
        try:
            read += isinstance(feedkit.parse(data, url="https://a.example/"), feedkit.Feed)
        except feedkit.ParseError:
            pass
        except Exception:
            found += 1
            (findings / f"mutant-{number}.xml").write_bytes(data)
            traceback.print_exc()
        slowest = max(slowest, time.perf_counter() - started)
        if (number + 1) % 1000 == 0 or number + 1 == count:
            print(
                f"{number + 1:,} mutants, {read:,} feeds, {found} findings, "
                f"slowest {slowest:.2f} s",
                flush=True,
            )


def _mutant(feed: bytes, other: bytes, chance: random.Random) -> bytes:
    most = SHORT if chance.randrange(50) else LONGEST
    data = feed[:most]
    for _ in range(chance.choice((1, 1, 3, 8))):
        data = mutate(data, chance, most)
    if chance.randrange(5) == 0:
        data = splice(data, other[:SHORT], chance, most)
    return data if most == LONGEST or chance.randrange(3) else data + b"</channel></rss>"


if __name__ == "__main__":
    main()
