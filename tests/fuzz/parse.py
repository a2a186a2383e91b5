"""Coverage-guided fuzz of ``feedkit.parse``: a Feed or a ParseError, whatever it is given.

    python tests/fuzz/parse.py FINDINGS [CORPUS …] [-- libFuzzer's options]

An input is a document after one byte that says as what it is served. Inputs
that raise anything else go to the folder FINDINGS, one for each place that
raises; the run goes on.
"""

import random
import sys
import tempfile
import time
import traceback
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["feedkit", "feedparser", "feedparser_sgmllib"]):
    import feedkit
    import feedkit.ingest

    feedkit.parse(b"<rss><channel><title>&x</title></channel></rss>")

from mutation import mutate, splice  # beside this file

TYPES = (
    "",
    "application/rss+xml",
    "text/xml; charset=iso-8859-1",
    "application/xml; charset=utf-16",
    "application/atom+xml; charset=gb2312",
    "text/html; charset=windows-1251",
    "application/feed+json",
    "text/plain",
)
LONGEST = 256
SLOW = 5.0
SEED_SIZES = range(20, LONGEST)


class Fuzz:
    """One run: what it has found and how much it has tried."""

    def __init__(self, findings: Path) -> None:
        self.findings = findings
        self.inputs = self.feeds = 0
        self.slowest = 0.0
        self.found: set[str] = set()

    def one(self, data: bytes) -> None:
        """Try one input."""
        document = data[1:]
        served = TYPES[data[0] % len(TYPES)] if data else ""
        self.inputs += 1
        started = time.perf_counter()
        try:
            feed = feedkit.parse(document, url="https://a.example/f", content_type=served)
            if not isinstance(feed, feedkit.Feed):
                raise TypeError(f"parse gave {type(feed).__name__}")
            self.feeds += 1
        except feedkit.ParseError:
            pass
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            self._keep(data, f"{type(error).__name__}-{Path(place.filename).stem}-{place.lineno}")
        taken = time.perf_counter() - started
        self.slowest = max(self.slowest, taken)
        if taken > SLOW:
            self._keep(data, "slow")
        if self.inputs % 50_000 == 0:
            print(self, flush=True)

    def _keep(self, data: bytes, name: str) -> None:
        if name not in self.found:
            self.found.add(name)
            file = self.findings / f"{name}-{sha256(data).hexdigest()[:8]}"
            file.write_bytes(data)
            print(f"FOUND {file}", flush=True)

    def __str__(self) -> str:
        return (
            f"{self.inputs:,} inputs, {self.feeds:,} feeds, {len(self.found)} findings, "
            f"slowest {self.slowest:.2f} s"
        )


def change(data: bytes, most: int, seed: int) -> bytes:
    """A mutation by pieces, or in a quarter of the cases libFuzzer's own."""
    chance = random.Random(seed)
    if chance.randrange(4) == 0:
        return bytes(atheris.Mutate(data, most))
    return data[:1] + mutate(data[1:], chance, most - 1)


def cross(one: bytes, other: bytes, most: int, seed: int) -> bytes:
    """One input with pieces of another."""
    return one[:1] + splice(one[1:], other[1:], random.Random(seed), most - 1)


def seeds(folders: list[str]) -> list[bytes]:
    """The small files of folders, each as served as nothing in particular."""
    files = [file for folder in folders for file in sorted(Path(folder).rglob("*"))]
    small = [file for file in files if file.is_file() and file.stat().st_size in SEED_SIZES]
    return [b"\0" + file.read_bytes() for file in small]


def main() -> None:
    """Run until libFuzzer's options say stop."""
    ours, _, options = " ".join(sys.argv[1:]).partition("--")
    findings, *folders = ours.split()
    Path(findings).mkdir(parents=True, exist_ok=True)
    fuzz = Fuzz(Path(findings))
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds(folders)):
            Path(corpus, f"{number:05}").write_bytes(seed)
        arguments = [sys.argv[0], corpus, f"-max_len={LONGEST}", "-print_final_stats=1"]
        atheris.Setup(
            [*arguments, *options.split()],
            fuzz.one,
            custom_mutator=change,
            custom_crossover=cross,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
