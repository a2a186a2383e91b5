"""Builds in which little changed: what they look at, and what they leave alone."""

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import feedkit
from feedkit.files import is_settled, read_file, stamp_of
from feedkit.pipeline import composing, sources

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LATER = 10 * 10**9
FEED = (
    '<rss version="2.0"><channel><title>Blog</title><link>https://blog.example/</link><item>'
    "<title>{}</title><guid>https://blog.example/1</guid><category>go</category>"
    "</item></channel></rss>"
)

Configure = Callable[..., Path]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files of sources that are read, of a clock that is ten seconds ahead of theirs."""
    found: list[Path] = []

    def reading(path: Path, **bounds: int) -> bytes:
        found.append(path)
        return read_file(path, **bounds)

    clock = sources.time_ns
    monkeypatch.setattr(sources, "read_file", reading)
    monkeypatch.setattr(sources, "time_ns", lambda: clock() + LATER)
    return found


def configured(configure: Configure, title: str = "one") -> tuple[Path, Path]:
    config = configure('[[source]]\nname = "blog"\npath = "feed.xml"\n')
    file = config.parent / "feed.xml"
    file.write_text(FEED.format(title))
    return config, file


def test_a_file_that_looks_as_it_did_is_not_opened(
    configure: Configure, opened: list[Path]
) -> None:
    config, file = configured(configure)
    feedkit.build(config, now=NOW)
    assert opened == [file]
    report = feedkit.build(config, now=NOW)
    assert opened == [file]
    assert (report.posts, report.feeds, report.unchanged, report.written) == (1, 2, 4, ())
    feedkit.build(config, now=NOW, force=True)
    assert opened == [file, file]


def test_a_file_that_was_touched_is_read_once_more(
    configure: Configure, opened: list[Path]
) -> None:
    config, file = configured(configure)
    feedkit.build(config, now=NOW)
    os.utime(file)
    assert feedkit.build(config, now=NOW).written == ()
    assert opened == [file, file]
    feedkit.build(config, now=NOW)
    assert opened == [file, file]


def test_an_edit_that_keeps_size_and_date_is_seen(configure: Configure, opened: list[Path]) -> None:
    config, file = configured(configure)
    feedkit.build(config, now=NOW)
    before = file.stat()
    file.write_text(FEED.format("two"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert len(feedkit.build(config, now=NOW).written) == 4


def test_a_file_that_changed_just_now_is_read_again(
    configure: Configure, opened: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    config, file = configured(configure)
    monkeypatch.setattr(sources, "time_ns", lambda: file.stat().st_ctime_ns)
    feedkit.build(config, now=NOW)
    feedkit.build(config, now=NOW)
    assert opened == [file, file]


def test_looks_settle_after_two_seconds(tmp_path: Path) -> None:
    file = tmp_path / "a"
    assert stamp_of(file) == ""
    assert not is_settled("", 10**19)
    file.write_text("x")
    changed = max(file.stat().st_mtime_ns, file.stat().st_ctime_ns)
    assert not is_settled(stamp_of(file), changed + 2 * 10**9)
    assert is_settled(stamp_of(file), changed + 2 * 10**9 + 1)
    os.utime(file, ns=(0, changed + 10**12))
    assert not is_settled(stamp_of(file), changed + 10**12)


@pytest.mark.parametrize("harm", [Path.unlink, lambda file: file.write_text("other")])
def test_an_output_that_others_changed_is_mended(
    configure: Configure, harm: Callable[[Path], object]
) -> None:
    config, _ = configured(configure)
    feedkit.build(config, now=NOW)
    atom = config.parent / "public" / "tag" / "go" / "atom.xml"
    made = atom.read_bytes()
    harm(atom)
    report = feedkit.build(config, now=NOW)
    assert report.written == ("tag/go/atom.xml",)
    assert atom.read_bytes() == made
    assert feedkit.build(config, now=NOW).unchanged == 4


def test_what_a_killed_run_left_goes_although_nothing_changed(configure: Configure) -> None:
    config, _ = configured(configure)
    feedkit.build(config, now=NOW)
    staging = config.parent / "public" / ".feedkit-staging"
    staging.mkdir()
    (staging / "000000").write_text("half")
    assert feedkit.build(config, now=NOW).written == ()
    assert not staging.exists()


def test_one_changed_post_is_found_its_place_without_a_look_at_all_others(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, file = configured(configure)
    feedkit.build(config, now=NOW)
    said: list[str] = []
    connect = sqlite3.connect

    def connecting(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **named)
        connection.set_trace_callback(said.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", connecting)
    file.write_text(FEED.format("edited") + " ")
    assert len(feedkit.build(config, now=NOW).written) == 4
    monkeypatch.undo()
    with closing(connect(config.parent / ".feedkit.db")) as connection:
        plans = {
            (text, plan[3])
            for text in said
            if text.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
            for plan in connection.execute(f"EXPLAIN QUERY PLAN {text}")
        }
    assert any("SEARCH entry" in plan or "SEARCH e " in plan for _, plan in plans)
    scans = re.compile(r"SCAN (e|p|entry|post|member)\b")
    assert [text for text, plan in plans if scans.match(plan)] == []


def test_of_very_many_posts_of_one_second_only_those_of_a_feed_are_made(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(
        f"<item><title>Post {n}</title><guid>https://blog.example/{n}</guid></item>"
        for n in range(1200)
    )
    config = configure(
        '[[source]]\nname = "blog"\npath = "feed.xml"\n', 'limit = 3\nformats = ["json"]'
    )
    head = '<rss version="2.0"><channel><title>Blog</title><link>https://blog.example/</link>'
    (config.parent / "feed.xml").write_text(f"{head}{lines}</channel></rss>")
    made = []
    unpacked = composing.unpack
    monkeypatch.setattr(composing, "unpack", lambda data: made.append(1) or unpacked(data))
    assert feedkit.build(config, now=NOW).posts == 1200
    feed = feedkit.parse((config.parent / "public" / "feed.json").read_bytes())
    assert [post.title for post in feed.posts] == ["Post 0", "Post 1", "Post 2"]
    assert len(made) == 3
