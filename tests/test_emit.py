"""Any Feed there is becomes a well-formed document, the same one everywhere."""

import json
import locale
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from conftest import CASES
from feeds import wild_feeds
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedkit._dates import EARLIEST
from feedkit.emit import FORMATS, render
from feedkit.errors import RenderError
from feedkit.ingest import parse
from feedkit.model import Feed, Post

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def is_undated(feed: Feed) -> bool:
    """Whether neither it nor a post that is the first of its id has a date from 1970 on."""
    posts = {post.id: post for post in reversed(feed.posts)}.values()
    dates = [date for post in posts for date in (post.published, post.updated, post.seen)]
    return not any(date and date >= EARLIEST for date in (feed.updated, *dates))


@settings(deadline=None, max_examples=300)
@given(feed=wild_feeds(), name=st.sampled_from(["atom", "rss"]))
def test_any_feed_becomes_a_well_formed_document(feed: Feed, name: str) -> None:
    if is_undated(feed):
        with pytest.raises(RenderError, match=r"updated: a feed needs a date"):
            render(feed, name)
        return
    document = render(feed, name)
    if name == "json":
        json.loads(document)
    else:
        etree.fromstring(document)
    back = parse(document)
    assert [post.id for post in back.posts] == list(dict.fromkeys(post.id for post in feed.posts))


def test_a_feed_without_any_date_names_what_is_missing() -> None:
    for name in ("atom", "rss"):
        with pytest.raises(RenderError, match=r"^No date: updated: a feed needs a date"):
            render(Feed(title="No date", posts=[Post(title="None either")]), name)


def test_an_unknown_format_names_the_known() -> None:
    with pytest.raises(RenderError, match="unknown format 'opml'; known are atom, rss, json"):
        render(Feed(updated=NOW), "opml")


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_same_bytes_in_any_environment(name: str) -> None:
    case = CASES / "emit" / name / "full.json"
    code = (
        "import sys, locale, msgspec, feedkit\n"
        "locale.setlocale(locale.LC_ALL, '')\n"
        f"feed = msgspec.json.decode(open({str(case)!r}, 'rb').read(), type=feedkit.Feed)\n"
        f"sys.stdout.buffer.write(feedkit.render(feed, {name!r}))"
    )
    expected = case.with_suffix(".expected.json" if name == "json" else ".xml").read_bytes()
    for zone, seed, place in (("Asia/Kolkata", "1", "C"), ("America/New_York", "2", "C.UTF-8")):
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": place}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, check=True
        )
        assert done.stdout == expected


def test_the_process_keeps_its_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    touched: list[object] = []
    monkeypatch.setattr(locale, "setlocale", lambda *args: touched.append(args))
    feed = Feed(title="Feed", url="https://x.example/", posts=[Post(title="A", published=NOW)])
    assert all(render(feed, name) for name in FORMATS)
    assert touched == []
