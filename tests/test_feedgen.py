"""feedgen, over which Atom and RSS are written: which of its versions, and what it may not do."""

import locale
import os
import subprocess
import sys
from importlib.metadata import requires, version

import pytest
from conftest import CASES
from packaging.requirements import Requirement

CODE = """
import locale, sys
from concurrent.futures import ThreadPoolExecutor
import msgspec, feedkit
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    sys.exit(77)
before = locale.setlocale(locale.LC_ALL)
with open(sys.argv[1], "rb") as file:
    feed = msgspec.json.decode(file.read(), type=feedkit.Feed)
with ThreadPoolExecutor(4) as threads:
    documents = set(threads.map(lambda _: feedkit.render(feed, sys.argv[2]), range(12)))
assert locale.setlocale(locale.LC_ALL) == before
assert len(documents) == 1
sys.stdout.buffer.write(*documents)
"""
NO_SUCH_LOCALE = 77
PLACES = ("C", "de_DE.UTF-8", "tr_TR.UTF-8")
SURROUNDINGS = [("Asia/Kolkata", "1"), ("America/New_York", "2")]


def test_only_versions_that_are_known_to_give_the_right_document_are_taken() -> None:
    stated = {one.name: one for one in map(Requirement, requires("pyfeedkit") or [])}
    taken = stated["feedgen"].specifier
    assert taken.contains(version("feedgen"))
    assert taken.contains("1.0.0")
    assert not any(map(taken.contains, ("0.9.0", "0.10.0", "1.1.0", "2.0")))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("case", ["atom/full", "rss/full", "rss/podcast"])
def test_four_threads_write_the_same_bytes_in_any_place(case: str, place: str) -> None:
    name = case.partition("/")[0]
    path = CASES / "emit" / f"{case}.json"
    expected = path.with_suffix(".xml").read_bytes()
    for zone, seed in SURROUNDINGS:
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": place}
        done = subprocess.run(
            [sys.executable, "-c", CODE, path, name], env=environment, capture_output=True
        )
        if done.returncode == NO_SUCH_LOCALE:
            pytest.skip(f"no locale {place}")
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout == expected


@pytest.mark.parametrize("name", ["atom", "rss"])
def test_feedgen_never_sets_the_locale(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from msgspec import json

    from feedkit.emit import render
    from feedkit.model import Feed

    def refuse(*_: object) -> None:
        raise AssertionError("the locale of the process was touched")

    monkeypatch.setattr(locale, "setlocale", refuse)
    cases = sorted((CASES / "emit" / name).glob("*.json"))
    assert cases
    for case in cases:
        feed = json.decode(case.read_bytes(), type=Feed)
        assert render(feed, name) == case.with_suffix(".xml").read_bytes()
