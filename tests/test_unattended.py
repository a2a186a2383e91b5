"""What comes about when nobody watches for years: rare turns of sources and configuration."""

import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest
from the_web import HOST, Asked, Reply, TheWeb

import feedkit
from feedkit.pipeline.forgetting import forget
from feedkit.store import Store

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)

Configure = Callable[..., Path]


def item(name: str, *, guid: str = "", link: str = "", hour: int | None = 1, body: str = "") -> str:
    date = "" if hour is None else f"<pubDate>Mon, 03 Jun 2024 {hour:02}:00:00 GMT</pubDate>"
    return (
        f"<item><title>{name}</title><guid>{guid or f'https://blog.example/{name}'}</guid>"
        f"<link>{link or f'https://blog.example/{name}'}</link>{date}"
        f"<category>all</category><description>{body or f'All about {name}'}</description></item>"
    )


def write(path: Path, name: str, *items: str) -> None:
    (path.parent / f"{name}.xml").write_text(
        '<rss version="2.0"><channel><title>Blog</title><link>https://blog.example/</link>'
        f"<description/>{''.join(items)}</channel></rss>"
    )


def files(*names: str, more: str = "") -> str:
    return "".join(f'[[source]]\nname = "{n}"\npath = "{n}.xml"\n{more}\n' for n in names)


def entries(path: Path, file: str = "atom.xml") -> list[Any]:
    feed = feedparser.parse(BytesIO((path.parent / "public" / file).read_bytes()))
    assert not feed.bozo
    return list(feed.entries)


def titles(path: Path, file: str = "atom.xml") -> list[str]:
    return [entry.title for entry in entries(path, file)]


def is_as_if_made_anew(path: Path, now: datetime) -> bool:
    """Whether a build that does everything again changes no file."""
    report = feedkit.build(path, now=now, force=True)
    return (report.written, report.removed) == ((), ())


def test_a_new_post_at_the_addresses_of_two_known_ones_takes_neither_away(
    configure: Configure,
) -> None:
    path = configure(files("a", "b", "c", "d"))
    write(path, "a", item("a"))
    write(path, "b", item("b"))
    write(path, "c", item("first"))
    write(path, "d", item("second"))
    feedkit.build(path, now=NOW)
    before = {entry.id for entry in entries(path)}
    for name, link in (("a", "first"), ("b", "second")):
        new = item("new", guid="urn:x:new", link=f"https://blog.example/{link}")
        write(path, name, new, item(name))
    feedkit.build(path, now=NOW + DAY)
    assert {entry.id for entry in entries(path)} == before
    assert is_as_if_made_anew(path, NOW + DAY)


def test_a_post_that_all_its_sources_edit_at_once_is_updated(configure: Configure) -> None:
    path = configure(files("a", "b"))
    for name in ("a", "b"):
        write(path, name, item("one"))
    feedkit.build(path, now=NOW)
    for name in ("a", "b"):
        write(path, name, item("one", body="Something else altogether"))
    feedkit.build(path, now=NOW + DAY)
    assert [entry.updated for entry in entries(path)] == ["2026-06-02T00:00:00Z"]
    # what another than the preferred source edits does not show
    write(path, "b", item("one", body="And once more"))
    feedkit.build(path, now=NOW + 2 * DAY)
    assert [entry.updated for entry in entries(path)] == ["2026-06-02T00:00:00Z"]


def test_a_file_whose_name_is_no_text_is_read_like_others(configure: Configure) -> None:
    path = configure('[[source]]\nname = "all"\npath = "in"\n')
    (path.parent / "in").mkdir()
    write(path, "in/a", item("one"))
    odd = os.fsencode(path.parent / "in") + b"/caf\xe9.xml"
    try:
        Path(os.fsdecode(odd)).write_bytes((path.parent / "in" / "a.xml").read_bytes())
    except OSError:
        pytest.skip("no such names are here")
    write(path, "in/a", item("two"))
    report = feedkit.build(path, now=NOW)
    assert (report.problems, sorted(titles(path))) == ((), ["one", "two"])
    assert feedkit.build(path, now=NOW).written == ()
    Path(os.fsdecode(odd)).write_text("no feed")
    (problem,) = feedkit.build(path, now=NOW).problems
    assert problem.subject == "in/caf\\xe9.xml"
    (path.parent / "in" / "a.xml").unlink()
    (source,) = feedkit.build(path, now=NOW).sources
    assert source.error.startswith("in/caf\\xe9.xml: ")


def test_a_post_can_be_forgotten_while_the_configuration_has_changed(configure: Configure) -> None:
    path = configure(files("a", "b"))
    write(path, "a", item("one"), item("two"))
    write(path, "b", item("one"), item("three"))
    feedkit.build(path, now=NOW)
    rule = '[[feed]]\nname = "some"\nwhere = "all"\n'
    configure(files("a") + rule)
    forget(path, ["https://blog.example/one"], now=NOW)
    assert titles(path) == titles(path, "feed/some/atom.xml") == ["two"]
    assert is_as_if_made_anew(path, NOW)


def test_a_source_that_is_added_again_begins_as_a_new_one(
    configure: Configure, the_web: TheWeb
) -> None:
    gone, dead = f"http://{HOST}/gone", f"http://{HOST}/dead"
    both = "".join(f'[[source]]\nname = "{u[-4:]}"\nurl = "{u}"\n' for u in (gone, dead))
    path = configure(both)
    the_web.pages[gone] = Reply(status=410)
    report = feedkit.build(path, now=NOW)
    assert [source.retired for source in report.sources] == [True, False]
    write(path, "a", item("one"))
    configure(files("a"))
    feedkit.build(path, now=NOW + DAY)
    configure(both)
    write(path, "a", item("one"))
    the_web.pages[gone] = Reply((path.parent / "a.xml").read_bytes())
    report = feedkit.build(path, now=NOW + 300 * DAY)
    assert titles(path) == ["one"]
    assert [source.failing_since for source in report.sources] == [None, NOW + 300 * DAY]
    assert report.exit_code == 0


def test_what_a_forgotten_post_leaves_of_a_limit_is_filled(configure: Configure) -> None:
    path = configure(files("a", more="limit = 2"))
    write(path, "a", *(item(f"at-{hour}", hour=hour) for hour in range(4)))
    feedkit.build(path, now=NOW)
    assert titles(path) == ["at-3", "at-2"]
    forget(path, ["https://blog.example/at-3"], now=NOW)
    assert titles(path) == ["at-2", "at-1"]
    assert is_as_if_made_anew(path, NOW)


def test_what_history_leaves_of_a_limit_is_filled(configure: Configure, the_web: TheWeb) -> None:
    url = f"http://{HOST}/feed"
    source = f'[[source]]\nname = "web"\nurl = "{url}"\nlimit = 2\n'
    path = configure(source + '[history]\nage = "900d"\n')
    old, new = item("old", hour=1), item("new", hour=2)
    older = item("older").replace("Mon, 03 Jun 2024 01", "Sat, 03 Jun 2023 00")
    for listed in (new + old + older, older):
        write(path, "a", listed)
        the_web.pages[url] = Reply((path.parent / "a.xml").read_bytes())
        feedkit.build(path, now=NOW)
        feedkit.build(path, only=["web"], now=NOW)
        assert titles(path) == ["new", "old"]
    feedkit.build(path, only=["web"], now=NOW + 400 * DAY)
    assert titles(path) == ["older"]


def test_posts_of_one_second_keep_the_order_of_their_source(
    configure: Configure, the_web: TheWeb
) -> None:
    url = f"http://{HOST}/feed"
    path = configure(files("a") + f'[[source]]\nname = "web"\nurl = "{url}"\n')
    listed = {name: [item(f"{name}-{n}") for n in range(4)] for name in "ab"}
    for order in ((0, 1, 2, 3), (3, 1, 0, 2), (2, 3, 0), (3, 2), (1, 3)):
        write(path, "b", *(listed["b"][n] for n in order))
        the_web.pages[url] = Reply((path.parent / "b.xml").read_bytes())
        write(path, "a", *(listed["a"][n] for n in order))
        feedkit.build(path, only=["web"], now=NOW)
        shown = [*(f"a-{n}" for n in order), *(f"b-{n}" for n in order)]
        assert titles(path)[: len(shown)] == shown
        assert len(titles(path)) == 4 + len(order)
        assert is_as_if_made_anew(path, NOW)


def test_what_a_cut_off_document_changed_is_mended_by_the_whole_one_of_before(
    configure: Configure, the_web: TheWeb
) -> None:
    url = f"http://{HOST}/feed"
    path = configure(f'[[source]]\nname = "web"\nurl = "{url}"\n')

    def answer(asked: Asked) -> Reply:
        if '"1"' in asked.headers.get("If-None-Match", ""):
            return Reply(status=304)
        return Reply((path.parent / "a.xml").read_bytes(), headers={"ETag": '"1"'})

    write(path, "a", item("one"), item("two"))
    the_web.pages[url] = answer
    feedkit.build(path, now=NOW)
    write(path, "b", item("one", link="https://blog.example/elsewhere"), item("two"))
    half = (path.parent / "b.xml").read_bytes()
    the_web.pages[url] = Reply(half[: half.index(b"<title>two")])
    feedkit.build(path, only=["web"], now=NOW + DAY)
    assert {entry.link for entry in entries(path)} >= {"https://blog.example/elsewhere"}
    the_web.pages[url] = answer
    feedkit.build(path, only=["web"], now=NOW + 2 * DAY)
    assert {entry.link for entry in entries(path)} == {entry.id for entry in entries(path)}
    assert is_as_if_made_anew(path, NOW + 2 * DAY)


def test_guids_that_go_to_and_fro_change_what_every_feed_shows(
    configure: Configure, the_web: TheWeb
) -> None:
    url = f"http://{HOST}/feed"
    path = configure(f'[[source]]\nname = "web"\nurl = "{url}"\n')
    secure = [item(f"p{n}", guid=f"urn:x:{n}", link=f"https://blog.example/{n}") for n in range(4)]
    plain = [text.replace("urn:x", "urn:y").replace("https:", "http:") for text in secure]
    for day, listed in enumerate([plain, secure, plain, secure, plain]):
        write(path, "a", *listed)
        the_web.pages[url] = Reply((path.parent / "a.xml").read_bytes())
        feedkit.build(path, only=["web"], now=NOW + day * DAY)
        for file in ("atom.xml", "tag/all/atom.xml"):
            shown = entries(path, file)
            assert [entry.id for entry in shown] == [f"urn:y:{n}" for n in range(4)]
            assert all((">" + entry.link + "<") in "".join(listed) for entry in shown)
        assert is_as_if_made_anew(path, NOW + day * DAY)


def test_a_file_that_stands_in_the_way_costs_itself_in_each_build(configure: Configure) -> None:
    path = configure(files("a"))
    write(path, "a", item("one"))
    feedkit.build(path, now=NOW)
    mine = path.parent / "public" / "tag" / "new" / "atom.xml"
    mine.parent.mkdir()
    mine.write_text("mine")
    write(path, "a", item("one"), item("two").replace(">all<", ">new<"))
    for _ in range(2):
        report = feedkit.build(path, now=NOW)
        assert [problem.subject for problem in report.problems] == [str(mine)]
        assert report.exit_code == 1
    assert mine.read_text() == "mine"
    assert sorted(titles(path, "atom.xml")) == ["one", "two"]


def test_a_far_future_update_of_any_source_is_left_out(configure: Configure) -> None:
    path = configure(files("a", "b"))
    ahead = '<updated xmlns="http://www.w3.org/2005/Atom">2031-01-01T00:00:00Z</updated></item>'
    write(path, "a", item("one", hour=None))
    write(path, "b", item("one", hour=None).replace("</item>", ahead))
    feedkit.build(path, now=NOW)
    (entry,) = entries(path)
    assert (entry.published, entry.updated) == ("2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z")


def test_to_forget_a_post_is_to_forget_all_that_is_told_at_its_address(
    configure: Configure, the_web: TheWeb
) -> None:
    url = f"http://{HOST}/feed"
    web = f'[[source]]\nname = "web"\nurl = "{url}"\n'
    path = configure(files("a") + web, site="merge = false")
    write(path, "a", item("one"))
    write(path, "b", item("one", guid="urn:x:one"), item("two"))
    the_web.pages[url] = Reply((path.parent / "b.xml").read_bytes())
    feedkit.build(path, now=NOW)
    assert sorted(titles(path)) == ["one", "one", "two"]
    forget(path, ["urn:x:one"], now=NOW)
    assert titles(path) == ["two"]
    assert is_as_if_made_anew(path, NOW)
    assert forget(path, ["urn:x:one"], now=NOW, undo=True).unknown == ()
    feedkit.build(path, now=NOW)
    assert sorted(titles(path)) == ["one", "one", "two"]


def test_of_two_builds_at_once_one_works_and_one_ends_at_once(
    configure: Configure, the_web: TheWeb
) -> None:
    url = f"http://{HOST}/feed"
    path = configure(f'[[source]]\nname = "web"\nurl = "{url}"\n')
    write(path, "a", item("one"))
    at_work, turned_away = threading.Event(), threading.Event()

    def answer(_asked: Asked) -> Reply:
        at_work.set()
        turned_away.wait(60)
        return Reply((path.parent / "a.xml").read_bytes())

    the_web.pages[url] = answer
    command = [sys.executable, "-m", "feedkit", "build", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as first:
        assert at_work.wait(60)
        second = subprocess.run(command, capture_output=True, text=True, check=False)
        turned_away.set()
        first.communicate()
    assert (first.returncode, second.returncode) == (0, 75)
    assert f"another run is using it: process {first.pid} on " in second.stderr
    assert titles(path) == ["one"]
    with closing(sqlite3.connect(path.parent / ".feedkit.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert feedkit.build(path).written == ()


def test_a_small_change_never_makes_a_build_go_through_all_posts(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = configure(files("a", "b"))
    write(path, "a", *(item(f"a-{n}") for n in range(9)))
    write(path, "b", *(item(f"b-{n}") for n in range(9)))
    feedkit.build(path, now=NOW)
    statements: set[str] = set()
    begin = Store.__init__

    def traced(store: Store, connection: sqlite3.Connection, **more: bool) -> None:
        connection.set_trace_callback(statements.add)
        begin(store, connection, **more)

    monkeypatch.setattr(Store, "__init__", traced)
    feedkit.build(path, now=NOW)
    same = item("b-1", guid="urn:x:1")
    write(path, "a", item("new"), same, *(item(f"a-{n}") for n in range(8)))
    assert feedkit.build(path, now=NOW).written
    scanned = set()
    with closing(sqlite3.connect(path.parent / ".feedkit.db")) as connection:
        for statement in statements:
            if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
                plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
                scanned |= {row[3] for row in plan if row[3].startswith("SCAN")}
    assert "SCAN pending" in scanned
    large = re.compile(r"SCAN (?:post|entry|member|alias|e|p|repeated)\b")
    assert not set(filter(large.match, scanned))


def test_what_was_forgotten_stays_so_when_its_source_moves(configure: Configure) -> None:
    path = configure(files("a"))
    words = ("harbour", "lantern", "orchard", "gravel", "whistle", "copper")
    old = [item(word, body=f"All that there is about {word}. " * 9) for word in words]
    write(path, "a", *old)
    feedkit.build(path, now=NOW)
    forget(path, ["https://blog.example/harbour"], now=NOW)
    write(path, "a", *(text.replace("blog.example/", "new.example/x/") for text in old))
    report = feedkit.build(path, now=NOW + DAY)
    assert titles(path) == list(words[1:])
    assert report.posts == 5
    assert {entry.id for entry in entries(path)} == {f"https://blog.example/{w}" for w in words[1:]}
    assert is_as_if_made_anew(path, NOW + DAY)
    forget(path, ["https://blog.example/harbour"], now=NOW + DAY, undo=True)
    feedkit.build(path, now=NOW + DAY)
    assert titles(path) == list(words)


def test_posts_of_one_second_keep_one_order_when_a_document_is_cut_off(
    configure: Configure,
) -> None:
    path = configure(files("a"))
    names = ("one", "two", "three", "four")
    for order in ((0, 2, 3), (0, 1, 3)):
        write(path, "a", *(item(names[n]) for n in order))
        feedkit.build(path, now=NOW)
    write(path, "a", item("four"), item("two"))
    whole = (path.parent / "a.xml").read_text()
    (path.parent / "a.xml").write_text(whole[: whole.rindex("<title>")])
    feedkit.build(path, now=NOW)
    assert sorted(titles(path)) == ["four", "one", "two"]
    assert is_as_if_made_anew(path, NOW)
    write(path, "a", *(item(names[n]) for n in (3, 0, 1)))
    feedkit.build(path, now=NOW)
    assert titles(path) == ["four", "one", "two"]
    assert is_as_if_made_anew(path, NOW)
