"""JSON Feed as it comes: what is one, what is refused, and what no document can do."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import feedkit
from feedkit.errors import ParseError, UnknownFormatError
from feedkit.ingest.bounds import MAX_ENTRIES, MAX_LISTED, MAX_TITLE

VERSION = "https://jsonfeed.org/version/1.1"
KEYS = """
version title home_page_url feed_url description next_url icon favicon authors author language
expired hubs items id url external_url content_html content_text summary image banner_image
date_published date_modified tags attachments mime_type size_in_bytes duration_in_seconds name
avatar type
"""


def document(*items: Any, **members: Any) -> bytes:
    feed = {"version": VERSION, "title": "T", "items": items} | members
    return json.dumps(feed).encode()


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b'{"version":"https://jsonfeed.org/version/1","items":[]}', ""),
        (rb'{"items":[],"version":"http:\/\/www.jsonfeed.org\/version\/2"}', ""),
        (b' \r\n\t{"title":"T","items":[{"id":"1","content_text":"x"}]} \n', ""),
        (b'{"items":[]}', "application/feed+json; charset=utf-8"),
        (b'{"items":[],"title":5}', " Application/Feed+JSON"),
    ],
)
def test_a_json_feed_is_known_by_what_it_says_or_is_served_as(
    data: bytes, content_type: str
) -> None:
    feed = feedkit.parse(data, content_type=content_type)
    assert len(feed.posts) == data.count(b'"id"')


@pytest.mark.parametrize(
    "data",
    [
        b'{"version": "https://jsonfeed.org/version/1.1"}',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": {}}',
        b'{"items": [{"content_html": "x"}]}',
        b'{"title": "An answer of some interface", "items": [{"id": 1, "url": "/x"}, 2]}',
        b'{"title": "No item", "items": []}',
        b'[{"version": "https://jsonfeed.org/version/1.1", "items": []}]',
    ],
)
def test_json_of_another_kind_is_no_feed(data: bytes) -> None:
    with pytest.raises(UnknownFormatError, match="JSON"):
        feedkit.parse(data)


def test_a_feed_is_read_whatever_charset_it_is_served_with() -> None:
    text = document({"id": "1", "content_text": "日本"}).decode().encode().decode("unicode-escape")
    for encoding, charset in (("shift_jis", "Shift_JIS"), ("utf-8", "iso-8859-1")):
        served = f'application/feed+json; charset="{charset}"'
        feed = feedkit.parse(text.encode(encoding), content_type=served)
        assert feed.posts[0].content == "<p>日本</p>"
        assert bool(feed.problems) is (encoding != "utf-8")
    with pytest.raises(ParseError):
        feedkit.parse(text.encode("utf-16-le")[:-1] + b"\xd8")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (document()[:-1], r"line 1: it is broken JSON: expecting ',' delimiter"),
        (b'{"version":"jsonfeed.org/version",\n"items":[],\n}', r"line \d: it is broken JSON: "),
        (document() + b"<!-- cached -->", "it is broken JSON: extra data"),
        (document({"id": "1", "_x": "y"})[:-8], "it is broken JSON"),
        (document({}, None), "no entry could be read; entry 2: left out: it is no object"),
    ],
)
def test_a_broken_feed_is_an_error_that_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        feedkit.parse(data)


def test_nesting_and_the_number_of_parts_are_bounded() -> None:
    def nested(depth: int) -> bytes:
        return document({"id": "1", "title": "A", "_x": 0}).replace(
            b'"_x": 0', b'"_x": ' + b"[" * depth + b"]" * depth
        )

    assert len(feedkit.parse(nested(97)).posts) == 1
    for depth in (98, 100_000):
        with pytest.raises(ParseError, match="it is nested more than 100 deep"):
            feedkit.parse(nested(depth))
    with pytest.raises(ParseError, match="it is nested more than 100 deep"):
        feedkit.parse(b'{"version":"jsonfeed.org/version","items":' + b'[{"a":' * 10_000)
    many = document(_x=0).replace(b": 0", b": [" + b"[]," * 1_000_000 + b"0]")
    with pytest.raises(ParseError, match="it has more than 1,000,000 arrays and objects"):
        feedkit.parse(many)
    # brackets in texts are neither
    text = "[{" * 1000 + '"\\[{' * 1000
    assert feedkit.parse(document({"id": "1", "summary": text})).posts[0].summary == text


def test_titles_tags_and_entries_are_bounded_as_in_xml() -> None:
    tags = [f"t{number}" for number in range(MAX_LISTED + 1)]
    feed = feedkit.parse(document({"id": "1", "title": "title " * 1000, "tags": tags}))
    assert len(feed.posts[0].title) <= MAX_TITLE
    assert len(feed.posts[0].tags) == MAX_LISTED
    assert [problem.reason for problem in feed.problems] == [
        "its title has 5,999 characters, cut to 2,000"
    ]
    many = document(*[{"id": "1", "title": "A"}] * (MAX_ENTRIES + 1))
    with pytest.raises(ParseError, match="entries: the document has 50,001, the bound is 50,000"):
        feedkit.parse(many)


def test_a_number_is_as_long_as_it_is_written() -> None:
    long = b"9" * 100_000
    data = document({"id": 0, "title": "A"}).replace(b'"id": 0', b'"id": ' + long)
    quoted = document({"id": 0, "title": "A"}).replace(b'"id": 0', b'"id": "' + long + b'"')
    assert feedkit.parse(data).posts == feedkit.parse(quoted).posts


def test_an_id_is_made_over_the_site_and_not_over_an_address_of_the_feed() -> None:
    def post_id(**members: str) -> str:
        return feedkit.parse(document({"id": 1, "title": "A"}, **members)).posts[0].id

    home = {"home_page_url": "https://www.b.example/"}
    assert post_id(**home) == post_id(**home, feed_url="https://b.example/feed.json")
    assert post_id(**home) == post_id(home_page_url="http://b.example")
    assert post_id(**home) == post_id(home_page_url="/relative", feed_url="http://b.example/")
    assert post_id(**home) != post_id()


def test_an_unterminated_text_takes_no_longer_than_it_must() -> None:
    with pytest.raises(ParseError, match="unterminated string"):
        feedkit.parse(b'{"version":"jsonfeed.org/version","items":["' + b'\\"' * 2_000_000)
    gaps = "\n" + " " * 500_000 + "x" + "\n \n" * 100_000
    assert feedkit.parse(document({"id": "1", "content_text": gaps})).posts


texts = st.text(st.characters(exclude_categories=()), max_size=8) | st.sampled_from(
    ["https://x.example/", "/x", "mailto:a@b.example", "2020-01-01T00:00:00Z", "WebSub", "en"]
)
keys = st.sampled_from(KEYS.split())
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=12,
)
items = st.dictionaries(keys, values, max_size=8)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(
    members=st.dictionaries(keys, values, max_size=6),
    items=st.lists(items | values, max_size=4),
)
def test_any_json_is_a_feed_or_a_parse_error(members: dict[str, Any], items: list[Any]) -> None:
    data = json.dumps({"version": VERSION} | members | {"items": items}).encode()
    try:
        feed = feedkit.parse(data, url="https://source.example/")
    except ParseError:
        return
    assert len(feed.posts) <= len(items)
    left_out = [problem for problem in feed.problems if "left out" in problem.reason]
    assert len(feed.posts) + len(left_out) == len(items)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(data=st.data())
def test_any_bytes_are_a_feed_or_a_parse_error(data: st.DataObject) -> None:
    whole = document({"id": "1", "title": "A", "tags": ["x"], "content_html": "<p>é</p>"})
    at = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 5))
    mutant = whole[:at] + data.draw(st.binary(max_size=4)) + whole[at + length :]
    try:
        feed = feedkit.parse(mutant, content_type="application/feed+json")
    except ParseError:
        return
    assert feed.posts or feed.problems
