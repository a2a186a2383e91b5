"""Real input, where it is there: the archive the project was asked for with, and live feeds."""

import html
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest

import feedkit
from feedkit._html import to_text
from feedkit._urls import web_url
from feedkit.tags import tag_key

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LIMIT = 50


@pytest.fixture(scope="module")
def live_build(live: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, feedkit.Report]:
    folder = tmp_path_factory.mktemp("live")
    config = folder / "feedkit.toml"
    config.write_text(
        f'[site]\ntitle = "Live"\nurl = "https://feeds.example/"\nlimit = {LIMIT}\n'
        f'[[source]]\nname = "live"\npath = "{live}"\n'
    )
    return folder, feedkit.build(config, now=NOW)


def raw(data: bytes) -> Any:
    """What feedparser sees, its sanitiser and resolver off."""
    return feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)


def links_of(entry: Any) -> int:
    """How many pages an entry links to."""
    return sum(link.rel == "alternate" for link in entry.get("links", ()))


def tagged_links(live: Path) -> dict[str, list[str]]:
    """The links of each tag's posts, newest first, by feedparser alone."""
    posts: dict[str, tuple[float, str, set[str]]] = {}
    for file in sorted(live.iterdir()):
        for entry in raw(file.read_bytes()).entries:
            parts = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
            moment = datetime(*parts[:6], tzinfo=UTC).timestamp()
            keys = {
                tag_key(html.unescape(tag.label or tag.term))
                for tag in entry.get("tags", ())
                if tag.term
            }
            if keys:
                posts.setdefault(f"{file.name} {entry.id}", (moment, entry.link, keys))
    links: dict[str, list[str]] = {}
    for _, link, keys in sorted(posts.values(), key=lambda post: -post[0]):
        for key in keys:
            links.setdefault(key, []).append(link)
    return links


def test_the_archive_is_read_as_it_stands(seed: Path) -> None:
    text = seed.read_text(encoding="utf-8")
    lines = text.splitlines()
    posts = feedkit.read(seed).posts
    assert len(posts) == 26
    assert [
        f"{post.published:%b} {post.published.day}, {post.published.year}" for post in posts
    ] == (lines[1::3])
    assert [post.title for post in posts] == lines[2::3]
    assert [post.summary for post in posts] == lines[3::3]
    assert lines[1] == "Jun 22, 2023"
    assert lines[-3] == "Feb 18, 2020"
    assert all(post.tags == ("backend",) for post in posts)


def test_the_archive_becomes_feeds_with_the_same_ids_with_and_without_links(
    seed: Path, configure: Callable[..., Path]
) -> None:
    source = f'[[source]]\nname = "blog"\npath = "{seed}"\n'
    ids = []
    for link in ("", 'link = "https://blog.example/{published:%Y/%m}/{slug}/"\n'):
        path = configure(source + link)
        feedkit.build(path, now=NOW)
        for name in ("atom.xml", "rss.xml"):
            file = path.parent / "public" / "tag" / "backend" / name
            result = feedparser.parse(BytesIO(file.read_bytes()))
            assert not result.bozo
            assert len(result.entries) == 26
            times = [entry.published_parsed for entry in result.entries]
            assert times == sorted(times, reverse=True)
            assert all(links_of(entry) == bool(link) for entry in result.entries)
            ids.append([entry.id for entry in result.entries])
    assert all(one == ids[0] for one in ids)
    assert len(set(ids[0])) == 26


def test_live_feeds_give_as_many_posts_as_feedparser_finds(
    live: Path, live_build: tuple[Path, feedkit.Report]
) -> None:
    _, report = live_build
    assert report.exit_code == 0
    assert report.posts == sum(len(raw(file.read_bytes()).entries) for file in live.iterdir())


def test_each_live_entry_keeps_its_link_and_title_and_gets_an_id_of_its_own(live: Path) -> None:
    twice = 0
    for file in sorted(live.iterdir()):
        entries = raw(file.read_bytes()).entries
        posts = feedkit.parse(file.read_bytes()).posts if entries else ()
        assert len(posts) == len(entries)
        for post, entry in zip(posts, entries, strict=True):
            assert post.url == web_url(entry.get("link", ""))
            stated = to_text(entry.get("title", ""))
            assert to_text(post.title) == stated or post.title == entry.title
        said = {(post.id, post.url, post.title) for post in posts}
        twice += len(posts) - len(said)
        assert len({post.id for post in posts}) == len(said)
    # one feed lists two of its episodes twice
    assert twice == 2


def test_each_live_tag_has_both_feeds_with_the_right_entries_in_order(
    live: Path, live_build: tuple[Path, feedkit.Report]
) -> None:
    folder, _ = live_build
    expected = {
        (key, name): links[:LIMIT]
        for key, links in tagged_links(live).items()
        for name in ("atom.xml", "rss.xml")
    }
    found = {}
    for file in sorted((folder / "public" / "tag").glob("*/*.xml")):
        result = raw(file.read_bytes())
        assert not result.bozo, file
        key = tag_key(html.unescape(result.feed.tags[0].term))
        found[key, file.name] = [entry.link for entry in result.entries]
    assert len(found) > 3000
    assert found == expected


def test_a_rebuild_of_live_feeds_touches_nothing(live_build: tuple[Path, feedkit.Report]) -> None:
    folder, first = live_build
    before = {path: path.stat() for path in folder.rglob("*")}
    report = feedkit.build(folder / "feedkit.toml", now=NOW + timedelta(days=1))
    assert report.written == ()
    assert report.unchanged == len(first.written)
    after = {path: path.stat() for path in folder.rglob("*")}
    assert {p: (s.st_ino, s.st_mtime_ns, s.st_size) for p, s in after.items()} == {
        p: (s.st_ino, s.st_mtime_ns, s.st_size) for p, s in before.items()
    }
