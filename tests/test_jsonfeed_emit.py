"""JSON Feed as it is written: valid, and read back as what it was written from."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import CASES
from feeds import feeds, wild_feeds
from hypothesis import given, settings
from jsonfeed_spec import SCHEMA, VALIDATOR, check
from jsonschema import Draft202012Validator

import feedkit
from feedkit.emit import FORMATS, canonical, render
from feedkit.ingest import parse
from feedkit.model import Feed, Post
from feedkit.parts import Enclosure, Episode

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def carried(feed: Feed) -> Feed:
    return canonical(feed, "json")


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


WHOLE: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "",
    "home_page_url": "https://x.example",
    "feed_url": "https://x.example/feed.json",
    "description": "d",
    "user_comment": "c",
    "next_url": "https://x.example/feed.json?page=2",
    "icon": "https://x.example/i",
    "favicon": "https://x.example/f",
    "author": {"name": "A"},
    "authors": [{"avatar": "https://x.example/a"}, {"url": "mailto:a@x.example"}],
    "language": "zh-Hant-TW",
    "expired": False,
    "hubs": [{"type": "rssCloud", "url": "https://x.example/hub"}],
    "_x": {"about": "https://x.example/"},
    "items": [
        {
            "id": "1",
            "url": "https://x.example/1",
            "external_url": "https://y.example/",
            "title": "t",
            "content_html": "<p>",
            "content_text": "",
            "summary": "s",
            "image": "https://x.example/i",
            "banner_image": "https://x.example/i",
            "date_published": "2010-02-07T14:04:00-05:00",
            "date_modified": "2010-02-07T14:04:00.25Z",
            "authors": [{"name": "A", "url": "https://a.example/"}],
            "tags": ["a b"],
            "language": "en",
            "attachments": [
                {
                    "url": "https://x.example/1.mp3",
                    "mime_type": "audio/mpeg",
                    "title": "",
                    "size_in_bytes": 0,
                    "duration_in_seconds": 1.5,
                }
            ],
            "_x": {},
        }
    ],
}


def test_the_schema_accepts_all_that_the_specification_names() -> None:
    VALIDATOR.validate(WHOLE)
    VALIDATOR.validate({name: WHOLE[name] for name in ("version", "title", "items")})


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("version", None),
        ("version", "1.1"),
        ("title", None),
        ("title", 5),
        ("items", None),
        ("items", {}),
        ("home_page_url", "/relative"),
        ("feed_url", "javascript:alert(1)"),
        ("next_url", ""),
        ("icon", "https://x.example/a b"),
        ("favicon", 1),
        ("authors", []),
        ("authors", {}),
        ("authors.0", {}),
        ("authors.0", "A"),
        ("authors.0.name", ""),
        ("authors.1.url", "mailto:nobody"),
        ("language", "english (US)"),
        ("language", "e"),
        ("expired", "yes"),
        ("hubs.0.type", None),
        ("hubs.0.url", None),
        ("hubs", "https://x.example/"),
        ("unknown", 1),
        ("_1", {}),
        ("_x.y", {}),
        ("_x", "no object"),
        ("items.0", "text"),
        ("items.0.id", None),
        ("items.0.id", 1),
        ("items.0.id", ""),
        ("items.0.title", 5),
        ("items.0.content_html", 5),
        ("items.0.date_published", "2010-02-07"),
        ("items.0.date_published", "2010-02-07T14:04:00"),
        ("items.0.date_modified", "Sun, 07 Feb 2010 14:04:00 GMT"),
        ("items.0.tags", "a"),
        ("items.0.tags", [1]),
        ("items.0.image", "//x.example/i"),
        ("items.0.attachments", {}),
        ("items.0.attachments.0.url", None),
        ("items.0.attachments.0.mime_type", None),
        ("items.0.attachments.0.mime_type", "audio"),
        ("items.0.attachments.0.size_in_bytes", "5"),
        ("items.0.attachments.0.duration_in_seconds", -1),
        ("items.0.attachments.0.length", 1),
    ],
)
def test_the_schema_refuses_what_the_specification_does(where: str, value: Any) -> None:
    feed = deepcopy(WHOLE)
    place: Any = feed
    *path, name = where.split(".") if where != "_x.y" else [where]
    for step in path:
        place = place[int(step) if isinstance(place, list) else step]
    if isinstance(place, list):
        place[int(name)] = value
    elif value is None:
        del place[name]
    else:
        place[name] = value
    assert not VALIDATOR.is_valid(feed)


def test_the_schema_asks_for_a_text() -> None:
    feed = deepcopy(WHOLE)
    del feed["items"][0]["content_html"]
    VALIDATOR.validate(feed)
    del feed["items"][0]["content_text"]
    assert not VALIDATOR.is_valid(feed)


def emit_cases() -> list[Path]:
    found = sorted(CASES.glob("emit/*/*.json"))
    assert found
    return [path for path in found if not path.name.endswith(".expected.json")]


@pytest.mark.parametrize("path", emit_cases(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_case_is_valid_as_json_feed(path: Path) -> None:
    feed = msgspec.json.decode(path.read_bytes(), type=Feed)
    check(render(feed, "json"))


@settings(deadline=None, max_examples=100, derandomize=True)
@given(feed=feeds())
def test_a_feed_is_valid_and_reads_back_as_its_canonical_form(feed: Feed) -> None:
    document = render(feed, "json")
    check(document)
    back = parse(document)
    assert back == carried(feed) == carried(back)
    assert render(back, "json") == document


@settings(deadline=None, max_examples=150, derandomize=True)
@given(feed=wild_feeds())
def test_any_feed_there_is_becomes_a_valid_document(feed: Feed) -> None:
    document = render(feed, "json")
    ids = [item["id"] for item in check(document)["items"]]
    assert ids == list(dict.fromkeys(post.id for post in feed.posts))
    once = carried(feed)
    assert carried(once) == once


def test_a_feed_without_any_date_is_one_of_its_own() -> None:
    feed = check(render(Feed(title="T", posts=[Post(title="A", url="https://x.example/")]), "json"))
    assert "date_modified" not in feed["items"][0]


def test_the_document_is_made_to_be_read() -> None:
    feed = Feed(title="Größe 😀", updated=NOW, posts=[Post(title="a/b", content="<p>\u2028é</p>")])
    text = render(feed, "json").decode("utf-8")
    assert text.startswith('{\n  "version": "https://jsonfeed.org/version/1.1",\n  "title": "Größe')
    assert text.endswith("  ]\n}\n")
    assert "<p>\u2028é</p>" in text
    assert '"a/b"' in text


def test_the_first_attachment_takes_the_length_of_the_episode() -> None:
    sounds = [Enclosure(url=f"https://x.example/{number}.mp3") for number in (1, 2)]
    own = [msgspec.structs.replace(sounds[0], duration=0), sounds[1]]
    for enclosures, expected in ((sounds, [1800, None]), (own, [0, None])):
        post = Post(title="A", enclosures=enclosures, episode=Episode(duration=1800))
        feed = check(render(Feed(title="T", updated=NOW, posts=[post]), "json"))
        found = feed["items"][0]["attachments"]
        assert [attachment.get("duration_in_seconds") for attachment in found] == expected


def test_a_build_writes_json_feed_beside_the_others(configure: Callable[..., Path]) -> None:
    source = CASES / "ingest" / "jsonfeed" / "version_1.json"
    path = configure(
        f'[[source]]\nname = "harbour"\npath = "{source}"\n',
        site='formats = ["atom", "rss", "json"]',
    )
    report = feedkit.build(path, now=NOW)
    assert report.exit_code == 0
    out = path.parent / "public"
    for folder in (out, out / "tag" / "cranes"):
        names = {file.name for file in folder.iterdir() if file.is_file()}
        assert names == {format_.file_name for format_ in FORMATS.values()}
    feed = check((out / "feed.json").read_bytes())
    assert feed["feed_url"] == "https://feeds.example/feed.json"
    assert [item["id"] for item in feed["items"]] == [
        "https://harbour.example/cranes",
        "https://harbour.example/tides",
    ]
    before = (out / "feed.json").stat()
    assert feedkit.build(path, now=NOW).written == ()
    assert (out / "feed.json").stat().st_mtime_ns == before.st_mtime_ns
