"""Heads of feeds, and texts of entries: as feedgen and lxml write them, whoever writes them."""

from collections.abc import Set
from datetime import UTC, datetime

import pytest
from feeds import feeds, wild_feeds
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace
from test_emit import is_undated

from feedkit._xml import legal
from feedkit.emit import atom, canonical, elements, heads, rss
from feedkit.model import Feed
from feedkit.parts import Person, Show

steady = settings(max_examples=300, deadline=None, derandomize=True)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
FORMATS = {"atom": atom, "rss": rss}
anything = st.text(st.characters(exclude_categories=())).map(legal)
special = st.text("&<>\"'\t\n\r é😀\ue000\ue001\u2028")


@steady
@given(anything | special)
def test_a_text_is_escaped_as_lxml_does(text: str) -> None:
    for said in (text, text * 50):
        element = etree.Element("a", b=said)
        element.text = said
        written = etree.tostring(
            element, encoding="UTF-8", xml_declaration=False, pretty_print=True
        )
        start = f"<a{elements.attributes(('c', ''), ('b', said))}>" if said else '<a b="">'
        assert elements.lines([f"{start}{elements.in_text(said)}</a>"]) == written
        assert elements.long_line(start, said, "</a>") == written


def whole(feed: Feed, name: str, needs: Set[str] = frozenset()) -> bytes:
    """The head and what follows it by feedgen, without a form."""
    return FORMATS[name].write(feed, needs)


def filled(feed: Feed, name: str, needs: Set[str] = frozenset()) -> bytes:
    return b"".join(FORMATS[name].head(feed, needs))


@steady
@given(feed=feeds() | wild_feeds(), name=st.sampled_from(sorted(FORMATS)))
def test_any_head_is_what_feedgen_writes(feed: Feed, name: str) -> None:
    if not is_undated(feed):
        feed = canonical(feed, name)
        assert filled(feed, name) == whole(feed, name)


words = anything | special
some_words = words.filter(str.strip)


@steady
@example(Feed(id="a", title="\ue000\ue001", url="\ue002", updated=NOW), "atom")
@example(Feed(id="a", title="<b>", url="<b>", subtitle="&amp;", updated=NOW), "rss")
@given(
    st.builds(
        Feed,
        **dict.fromkeys(("id", "title", "url", "subtitle"), some_words),
        **dict.fromkeys(("feed_url", "hub", "image", "language", "rights", "next_url"), words),
        tags=st.lists(some_words, max_size=2),
        authors=st.lists(st.builds(Person, name=some_words, email=words, url=words), max_size=2),
        updated=st.just(NOW),
    ),
    st.sampled_from(sorted(FORMATS)),
)
def test_the_words_of_a_head_may_be_any(feed: Feed, name: str) -> None:
    assert filled(feed, name) == whole(feed, name)


def test_feedgen_writes_one_feed_of_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Feed(
        id="urn:x:1", title="One", url="https://x.example/", subtitle="1", tags=["a"], updated=NOW
    )
    other = replace(first, title="Other <b>", tags=("b",), updated=NOW.replace(year=1999))
    written: list[str] = []
    for name, module in FORMATS.items():
        write = module._WRITING.write

        def noted(feed: Feed, needs: Set[str], write=write) -> bytes:
            written.append(feed.title)
            return write(feed, needs)

        writing = heads.Writing(
            write=noted,
            plain=module._WRITING.plain,
            date=module._WRITING.date,
            end=module._WRITING.end,
        )
        for feed in (first, other, first):
            assert b"".join(heads.head_of(feed, frozenset(), writing)) == whole(feed, name)
        # the feed of marks, and the one of odd words
        assert len(written) == 2
        written.clear()
        kinds = [
            replace(first, tags=()),
            replace(first, tags=("a", "b")),
            replace(first, authors=(Person(name="A"),)),
            replace(first, authors=(Person(name="A", email="a@x.example"),)),
            replace(first, hub="https://x.example/hub"),
            replace(first, archive=True),
            replace(first, ttl=5),
        ]
        for feed in kinds:
            assert b"".join(heads.head_of(feed, frozenset(), writing)) == whole(feed, name)
        assert len(written) == 2 * len(kinds)
        written.clear()
        podcast = replace(first, show=Show(guid="a", explicit=True))
        for _ in range(2):
            assert b"".join(heads.head_of(podcast, frozenset(), writing)) == whole(podcast, name)
        assert written == ["One", "One"]
        written.clear()


def test_what_depends_on_words_is_left_to_feedgen() -> None:
    nowhere = Feed(id="urn:x:1", title="One", subtitle="One", updated=NOW)
    for title in ("One", "Two"):
        feed = replace(nowhere, title=title)
        assert b"urn:uuid" in filled(feed, "rss")
        assert filled(feed, "rss") == whole(feed, "rss")


def test_a_feed_that_says_very_much_is_left_to_feedgen() -> None:
    feed = Feed(id="urn:x:1", title="1", url="https://x.example/", subtitle="1", updated=NOW)
    kinds = heads._form.cache_info().currsize
    for number in (90, 9000):
        many = replace(feed, tags=tuple(map(str, range(number))))
        for name in FORMATS:
            assert filled(many, name) == whole(many, name)
    assert heads._form.cache_info().currsize == kinds
