"""Years of builds in seconds: sources change and fail, the clock runs, and nothing moves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random

import feedparser
import pytest

import feedkit

TAGS = ["a", "B", "b", "c d", "c-d"]
SOURCES = ("one", "two")


def document(items: list[str]) -> str:
    return (
        '<rss version="2.0"><channel><title>F</title><link>https://blog.example/</link>'
        f"<description/>{''.join(items)}</channel></rss>"
    )


def an_item(number: int, random: Random) -> str:
    stated = ("", f"Sat, 07 Sep 2024 00:00:{number:02} GMT", "2030-01-01T00:00:00Z")
    tags = "".join(f"<category>{tag}</category>" for tag in random.sample(TAGS, 2))
    return (
        f"<item><title>Post {number}</title><guid>https://blog.example/{number}</guid>"
        f"<pubDate>{random.choice(stated)}</pubDate>{tags}</item>"
    )


@pytest.mark.parametrize("seed", range(2))
def test_over_time_no_id_or_date_moves_and_nothing_is_written_twice(
    seed: int, configure: Callable[..., Path]
) -> None:
    random = Random(seed)
    path = configure(
        "".join(f'[[source]]\nname = "{name}"\npath = "{name}.xml"\n' for name in SOURCES),
        site="limit = 10",
    )
    items = [an_item(number, random) for number in range(40)]
    listed = dict.fromkeys(SOURCES, items[:10])
    first_dates: dict[str, tuple[int, ...]] = {}
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for step in range(15):
        now += timedelta(hours=random.choice([0, 1, 30, 400]))
        for name in SOURCES:
            if random.random() < 0.5:
                listed[name] = random.sample(items, random.randint(1, 12))
            whole = document(listed[name])
            broken = random.choice(["<html>", "", whole[:-40], whole[: len(whole) // 2]])
            good = step == 0 or random.random() < 0.8
            (path.parent / f"{name}.xml").write_text(whole if good else broken)
        feedkit.build(path, now=now)
        later = now + timedelta(days=random.choice([0, 1, 2, 500, 3000]))
        again = feedkit.build(path, now=later)
        assert (again.written, again.removed) == ((), ())
        for file in (path.parent / "public").rglob("*.xml"):
            feed = feedparser.parse(BytesIO(file.read_bytes()))
            assert not feed.bozo
            dates = [tuple(entry.published_parsed) for entry in feed.entries]
            assert dates == sorted(dates, reverse=True)
            ids = [entry.id for entry in feed.entries]
            assert len(set(ids)) == len(ids)
            for post_id, date in zip(ids, dates, strict=True):
                assert first_dates.setdefault(post_id, date) == date
    assert set(first_dates) <= {f"https://blog.example/{number}" for number in range(40)}
