"""What no document can hold is mended or left out, and a build says so once."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

import feedkit
from feedkit.emit import FORMATS, canonical, etag, render, render_with_repairs
from feedkit.emit.known import Known
from feedkit.model import Feed, Post
from feedkit.parts import Chapter, Enclosure, Episode, Person

NOW = datetime(2026, 6, 1, tzinfo=UTC)
EARLY = datetime(1969, 12, 31, tzinfo=UTC)
WHOLE = {"id": "https://blog.example/1", "url": "https://blog.example/1", "title": "A"}
LEFT_OUT = [
    ({"title": "A\x00B"}, "title: characters that no document can hold were left out"),
    ({"content": "<p>\ud800</p>"}, "content: characters that no document can hold were left out"),
    ({"title": ""}, "title: there is none; the beginning of its text stands for it"),
    ({"image": "javascript:x"}, "image: 'javascript:x' is no web address; left out"),
    ({"comments": "https://[/"}, "comments: 'https://[/' is no web address; left out"),
    ({"in_reply_to": "7"}, "in_reply_to: '7' is no absolute URI; left out"),
    ({"published": EARLY}, "published: '1969-12-31T00:00:00+00:00' is before 1970; left out"),
    ({"language": "klingon_"}, "language: 'klingon_' is no language tag; left out"),
    ({"tags": ["a", " "]}, "tags: an empty label was left out"),
    ({"authors": [Person(email="a@b", name="A")]}, "authors.email: 'a@b' is no e-mail address"),
    ({"authors": [Person(avatar="/a.png")]}, "authors: a person without a name was left out"),
    (
        {"enclosures": [Enclosure(url="https://blog.example/1.mp3", type="mp3")]},
        "enclosure.type: 'mp3' is no media type; left out",
    ),
    (
        {"enclosures": [Enclosure(url="https://blog.example/1.mp3", length=10**15)]},
        "enclosure.length: it is smaller or larger than it can be; left out",
    ),
    ({"enclosures": [Enclosure(url="ftp://blog.example/")]}, "is no web address; left out"),
]


@pytest.mark.parametrize(("fields", "reason"), LEFT_OUT, ids=[reason for _, reason in LEFT_OUT])
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_each_repair_is_said(fields: dict[str, object], reason: str, name: str) -> None:
    feed = Feed(title="Blog", url="https://blog.example/", updated=NOW, posts=[])
    post = Post(**{**WHOLE, "updated": NOW, **fields})
    document, repairs = render_with_repairs(feed_of(feed, post), name, Known())
    assert reason in "\n".join(repair.reason for repair in repairs)
    assert {repair.subject for repair in repairs} == {post.id}
    fine, none = render_with_repairs(feed_of(feed, Post(**WHOLE, updated=NOW)), name, Known())
    assert none == ()
    assert fine
    assert document == render(feed_of(feed, post), name)


def feed_of(feed: Feed, *posts: Post) -> Feed:
    return Feed(title=feed.title, url=feed.url, updated=feed.updated, posts=posts)


def test_a_second_post_with_an_id_is_left_out_and_said() -> None:
    posts = [Post(**WHOLE, updated=NOW), Post(**{**WHOLE, "title": "B"}, updated=NOW)]
    for name in FORMATS:
        _, repairs = render_with_repairs(Feed(title="Blog", posts=posts), name, Known())
        assert [str(repair) for repair in repairs] == [
            "https://blog.example/1: id: a second post with this id was left out"
        ]


def test_a_build_says_each_repair_once_however_many_feeds_it_is_in(
    configure: Callable[..., Path],
) -> None:
    path = configure('[[source]]\nname = "blog"\npath = "feed.xml"\n')
    items = "".join(
        f"<item>{title}<description>Text {number}</description>"
        f"<guid>https://blog.example/{number}</guid><category>a</category><category>b</category>"
        "<pubDate>Fri, 01 May 2026 00:00:00 GMT</pubDate></item>"
        for number, title in enumerate(["", "<title>Has one</title>", ""])
    )
    (path.parent / "feed.xml").write_text(
        f'<rss version="2.0"><channel><title>Blog</title>{items}</channel></rss>', encoding="utf-8"
    )
    report = feedkit.build(path, now=NOW)
    assert len(report.written) > len(FORMATS)
    assert report.problems == ()
    reason = "title: there is none; the beginning of its text stands for it"
    assert sorted(map(str, report.repairs)) == [
        f"https://blog.example/0: {reason}",
        f"https://blog.example/2: {reason}",
    ]


def test_an_entity_tag_is_strong_quoted_and_of_the_bytes_alone() -> None:
    one, other = b"<feed/>", b"<feed></feed>"
    assert etag(one) == f'"{sha256(one).hexdigest()[:32]}"' == feedkit.etag(bytes(one))
    assert etag(one) != etag(other)
    assert not etag(one).startswith("W/")


@pytest.mark.parametrize(
    ("url", "type_"),
    [
        ("https://m.example/a.MP3?x=1", "audio/mpeg"),
        ("https://m.example/b.vtt#t", "text/vtt"),
        ("https://m.example/mp3", ""),
        ("https://m.example/a.mp3/", ""),
        ("https://m.example/a.exe", ""),
    ],
)
def test_a_file_without_a_type_has_that_of_its_name(url: str, type_: str) -> None:
    post = Post(title="One", published=NOW, enclosures=[Enclosure(url=url)])
    (carried,) = canonical(Feed(title="Blog", posts=[post]), "atom").posts
    assert carried.enclosures[0].type == type_


def test_chapters_are_in_order_and_have_a_title() -> None:
    chapters = [Chapter(start=9, title="Later"), Chapter(start=5), Chapter(title="First")]
    post = Post(title="One", published=NOW, episode=Episode(kind="Full", chapters=chapters))
    (carried,) = canonical(Feed(title="Blog", posts=[post]), "rss").posts
    assert carried.episode == Episode(kind="full", chapters=[chapters[2], chapters[0]])


def test_nothing_is_beyond_the_ends_of_a_list_of_pages() -> None:
    ends = {"first_url": "https://f.example/", "last_url": "https://f.example/"}
    beyond = {"previous_url": "https://f.example/0", "next_url": "https://f.example/2"}
    feed = Feed(title="Blog", feed_url="https://f.example/", updated=NOW, **ends, **beyond)
    carried = canonical(feed, "atom")
    assert (carried.first_url, carried.last_url) == ("https://f.example/", "https://f.example/")
    assert (carried.previous_url, carried.next_url) == ("", "")
    elsewhere = canonical(replace(feed, feed_url="https://f.example/1"), "atom")
    assert (elsewhere.previous_url, elsewhere.next_url) == tuple(beyond.values())


def test_a_feed_that_holds_all_posts_has_no_other_pages() -> None:
    feed = Feed(title="Blog", updated=NOW, next_url="https://f.example/2", archive=True)
    whole = canonical(replace(feed, complete=True), "atom")
    assert (whole.next_url, whole.archive, whole.complete) == ("", False, True)
    assert canonical(feed, "atom").next_url == "https://f.example/2"


def test_posts_known_from_another_feed_are_mended_for_each_base_and_language() -> None:
    post = Post(title="One", url="/1", language="de", published=NOW)
    known = Known()
    one, _ = render_with_repairs(Feed(url="https://a.example/", posts=[post]), "atom", known)
    again = Feed(url="https://b.example/", language="de", posts=[post])
    other, _ = render_with_repairs(again, "atom", known)
    assert one == render(Feed(url="https://a.example/", posts=[post]), "atom")
    assert other == render(again, "atom")
    assert b"https://a.example/1" in one
    assert b"https://b.example/1" in other


def test_of_one_name_only_so_many_people_are_told_apart() -> None:
    people = [Person(name="Ann", email=f"ann{number}@a.example") for number in range(60)]
    (carried,) = canonical(
        Feed(title="Blog", posts=[Post(title="One", published=NOW, authors=people)]), "atom"
    ).posts
    assert list(carried.authors) == people[:50]
