"""Any Feed there is becomes a well-formed document, the same one everywhere."""

import locale
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from conftest import CASES
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedkit.emit import FORMATS, render
from feedkit.errors import RenderError
from feedkit.ingest import parse
from feedkit.model import Feed, Post
from feedkit.parts import Enclosure, Origin, Person

NOW = datetime(2026, 6, 1, tzinfo=UTC)

# every kind of character, lone surrogates and forbidden ones included
texts = st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(
    [
        "",
        "<b>",
        "a & b",
        "]]>",
        "&amp;",
        "javascript:x",
        "/p",
        "https://x.example/é?a=1&b",
        "https://[",
    ]
)
zones = st.integers(-12, 12).map(lambda hours: timezone(timedelta(hours=hours)))
dates = st.none() | st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=zones)
people = st.lists(st.builds(Person, name=texts, email=texts, url=texts), max_size=2)
origins = st.none() | st.builds(
    Origin, id=texts, title=texts, url=texts, feed_url=texts, authors=people, rights=texts
)
enclosures = st.builds(
    Enclosure,
    url=texts.filter(bool),
    type=texts,
    length=st.none() | st.integers(0, 2**63),
    title=texts,
)
posts = st.builds(
    Post,
    **dict.fromkeys(("id", "url", "title", "content", "summary", "image", "rights"), texts),
    **dict.fromkeys(("language", "comments", "in_reply_to", "via"), texts),
    **dict.fromkeys(("published", "updated", "seen"), dates),
    authors=people,
    contributors=people,
    tags=st.lists(texts, max_size=3),
    enclosures=st.lists(enclosures, max_size=3),
    origin=origins,
)
feeds = st.builds(
    Feed,
    **dict.fromkeys(("id", "title", "url", "feed_url", "subtitle", "image", "icon"), texts),
    **dict.fromkeys(("language", "rights", "hub", "next_url", "previous_url"), texts),
    authors=people,
    tags=st.lists(texts, max_size=2),
    updated=dates,
    ttl=st.none() | st.integers(0, 10**6),
    posts=st.lists(posts, max_size=3),
)


@settings(deadline=None, max_examples=300)
@given(feed=feeds, name=st.sampled_from(sorted(FORMATS)))
def test_any_feed_becomes_a_well_formed_document(feed: Feed, name: str) -> None:
    if feed.changed is None:
        with pytest.raises(RenderError, match=r"updated: a feed needs a date"):
            render(feed, name)
        return
    document = render(feed, name)
    etree.fromstring(document)
    back = parse(document)
    assert [post.id for post in back.posts] == list(dict.fromkeys(post.id for post in feed.posts))


def test_a_feed_without_any_date_names_what_is_missing() -> None:
    for name in FORMATS:
        with pytest.raises(RenderError, match=r"^No date: updated: a feed needs a date"):
            render(Feed(title="No date", posts=[Post(title="None either")]), name)


def test_an_unknown_format_names_the_known() -> None:
    with pytest.raises(RenderError, match="unknown format 'opml'; known are atom, rss"):
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
    expected = case.with_suffix(".xml").read_bytes()
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
