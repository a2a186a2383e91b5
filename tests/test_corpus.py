"""Real input, where it is there: the archive the project was asked for with, and live feeds."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from agreement import all_differences
from jsonfeed_spec import check
from lxml import etree

import feedkit
from feedkit._html import to_text
from feedkit.emit import canonical
from feedkit.tags import tag_key

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LIMIT = 20
URL = "https://served.example/feed.xml"


@pytest.fixture(scope="module")
def live_build(live: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, feedkit.Report]:
    folder = tmp_path_factory.mktemp("live")
    config = folder / "feedkit.toml"
    config.write_text(
        f'[site]\ntitle = "Live"\nurl = "https://feeds.example/"\nlimit = {LIMIT}\n'
        f'[[source]]\nname = "live"\npath = "{live}"\n'
    )
    return folder, feedkit.build(config, now=NOW)


@pytest.fixture(scope="module")
def feeds(live: Path) -> dict[str, feedkit.Feed]:
    """Each live feed by the name of its file."""
    return {file.name: feedkit.parse(file.read_bytes(), url=URL) for file in sorted(live.iterdir())}


def raw(data: bytes) -> Any:
    """What feedparser sees, its sanitiser and resolver off."""
    return feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)


def links_of(entry: Any) -> int:
    """How many pages an entry links to."""
    return sum(link.rel == "alternate" for link in entry.get("links", ()))


def tagged_links(feeds: dict[str, feedkit.Feed]) -> dict[str, list[str]]:
    """The links of each tag's posts, newest first."""
    posts: dict[tuple[str, str], feedkit.Post] = {}
    for name, feed in feeds.items():
        for post in feed.posts:
            posts.setdefault((name, post.id), post)
    links: dict[str, list[str]] = {}
    for post in sorted(posts.values(), key=lambda post: post.dated or NOW, reverse=True):
        for key in dict.fromkeys(map(tag_key, post.tags)):
            links.setdefault(key, []).append(post.url)
    return links


def built(file: Path) -> tuple[str, list[str]]:
    """The tag of a built feed, and the links of its entries."""
    root = etree.parse(file).getroot()
    atom = "{http://www.w3.org/2005/Atom}"
    if root.tag == f"{atom}feed":
        label = root.find(f"{atom}category").get("term")
        return label, [entry.find(f"{atom}link").get("href") for entry in root.iter(f"{atom}entry")]
    channel = root.find("channel")
    return channel.findtext("category"), [item.findtext("link") for item in channel.iter("item")]


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


def test_live_feeds_give_all_their_posts(
    feeds: dict[str, feedkit.Feed], live_build: tuple[Path, feedkit.Report]
) -> None:
    _, report = live_build
    assert report.exit_code == 0
    each_once = ({post.id for post in feed.posts} for feed in feeds.values())
    assert report.posts == sum(map(len, each_once))


class Difference(NamedTuple):
    """A field of a live entry that feedkit has otherwise than feedparser, and the rule for it."""

    field: str
    rule: str


def stated_of(entry: Any) -> dict[str, Any]:
    """What feedparser says of an entry, as it comes."""

    def date(name: str) -> datetime | None:
        parts = dict.get(entry, name)
        return datetime(*parts[:6], tzinfo=UTC) if parts else None

    return {
        "title": entry.get("title", ""),
        "link": entry.get("link", ""),
        "published": date("published_parsed"),
        "updated": date("updated_parsed"),
        "authors": [
            (person.get("name", ""), person.get("email", ""), person.get("href", ""))
            for person in entry.get("authors", ())
        ],
        "tags": list(dict.fromkeys(tag.label or tag.term for tag in entry.get("tags", ()))),
    }


def found_in(post: feedkit.Post) -> dict[str, Any]:
    return {
        "title": post.title,
        "link": post.url,
        "published": post.published,
        "updated": post.updated,
        "authors": [(person.name, person.email, person.url) for person in post.authors],
        "tags": list(post.tags),
    }


def named(people: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [(" ".join(name.split()), email, url) for name, email, url in people]


def addressed(people: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [(name, email if "@" in email else "", url) for name, email, url in people]


def told_apart(people: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    first = {name: (name, email, url) for name, email, url in reversed(people)}
    return [first[name] for name in dict.fromkeys(name for name, _, _ in people)]


def decoded(people: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [(to_text(name), email, url) for name, email, url in people]


RULES: dict[str, dict[str, Callable[[Any, Any], bool]]] = {
    "title": {
        "white space is collapsed": lambda stated, found: found == " ".join(stated.split()),
        "HTML is made text": lambda stated, found: (
            re.search(r"</|&#?\w+;", stated) and found == to_text(stated)
        ),
        "a text is not decoded once more": lambda stated, found: (
            found.encode("windows-1252", "replace").decode("utf-8", "replace") == stated
        ),
    },
    "link": {
        "a relative link is made absolute": lambda stated, found: (
            not urlsplit(stated).scheme and found == urljoin(URL, stated)
        ),
    },
    "published": {
        "a date before 1970 is none": lambda stated, found: stated.year < 1970 and found is None,
    },
    "authors": {
        "someone without a name is no one": lambda stated, found: (
            not any(map(any, stated)) and not found
        ),
        "white space is collapsed": lambda stated, found: found == named(stated),
        "what is no address is none": lambda stated, found: found == addressed(stated),
        "one who is named twice is one": lambda stated, found: found == told_apart(stated),
        "HTML is made text": lambda stated, found: found == decoded(stated),
    },
    "tags": {
        "HTML is made text": lambda stated, found: found == list(map(to_text, stated)),
        "a list in one category is several": lambda stated, found: (
            len(stated) == 1 and found == stated[0].split(", ")
        ),
    },
}
"""Why a field may be otherwise, and what must hold then of the two."""

DIFFERENCES = {
    Difference("authors", "HTML is made text"): 2,
    Difference("authors", "one who is named twice is one"): 110,
    Difference("authors", "someone without a name is no one"): 26,
    Difference("authors", "what is no address is none"): 40,
    Difference("authors", "white space is collapsed"): 3,
    Difference("link", "a relative link is made absolute"): 26,
    Difference("published", "a date before 1970 is none"): 7,
    Difference("tags", "HTML is made text"): 11,
    Difference("tags", "a list in one category is several"): 6,
    Difference("title", "HTML is made text"): 31,
    Difference("title", "a text is not decoded once more"): 1,
    Difference("title", "white space is collapsed"): 30,
}
"""How often each rule is needed."""


def test_each_live_entry_agrees_with_feedparser_but_for_these_rules(
    live: Path, feeds: dict[str, feedkit.Feed]
) -> None:
    counts: Counter[Difference] = Counter()
    unexplained = []
    posts_read = 0
    for file in sorted(live.iterdir()):
        data = file.read_bytes()
        posts = feeds[file.name].posts
        entries = raw(data).entries
        if data.startswith(b"{"):
            assert not entries
            continue
        assert len(posts) == len(entries)
        posts_read += len(posts)
        for post, entry in zip(posts, entries, strict=True):
            found = found_in(post)
            for field, stated in stated_of(entry).items():
                if stated == found[field]:
                    continue
                rules = RULES.get(field, {}).items()
                fit = [rule for rule, holds in rules if holds(stated, found[field])]
                if fit:
                    counts[Difference(field, fit[0])] += 1
                else:
                    unexplained.append((file.name, field, stated, found[field]))
    assert unexplained == []
    assert counts == DIFFERENCES
    assert posts_read == 3_683


def test_the_live_json_feed_is_read(live: Path) -> None:
    (data,) = (data for file in live.iterdir() if (data := file.read_bytes()).startswith(b"{"))
    stated = json.loads(data)["items"]
    posts = feedkit.parse(data, url=URL).posts
    assert [post.id for post in posts] == [item["id"] for item in stated]
    assert [post.url for post in posts] == [item["url"] for item in stated]
    assert [post.title for post in posts] == [item["title"] for item in stated]


def test_each_live_post_has_an_id_of_its_own(feeds: dict[str, feedkit.Feed]) -> None:
    twice = 0
    for posts in (feed.posts for feed in feeds.values()):
        said = {(post.id, post.url, post.title) for post in posts}
        twice += len(posts) - len(said)
        assert len({post.id for post in posts}) == len(said)
    # one feed lists two of its episodes twice
    assert twice == 2


def test_each_live_tag_has_both_feeds_with_the_right_entries_in_order(
    feeds: dict[str, feedkit.Feed], live_build: tuple[Path, feedkit.Report]
) -> None:
    folder, _ = live_build
    expected = {
        (key, name): links[:LIMIT]
        for key, links in tagged_links(feeds).items()
        for name in ("atom.xml", "rss.xml")
    }
    found = {}
    for file in sorted((folder / "public" / "tag").glob("*/*.xml")):
        label, links = built(file)
        found[tag_key(label), file.name] = links
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


def test_every_live_feed_is_valid_as_json_feed_and_stays_the_same(live: Path) -> None:
    files = sorted(live.iterdir())
    assert files
    for file in files:
        feed = feedkit.parse(file.read_bytes())
        document = feedkit.render(feed, "json")
        check(document)
        back = feedkit.parse(document)
        assert back == canonical(feed, "json")
        assert feedkit.render(back, "json") == document


@pytest.mark.parametrize("name", ["atom", "rss"])
def test_each_live_feed_reads_back_as_its_canonical_form(
    feeds: dict[str, feedkit.Feed], name: str
) -> None:
    for file, feed in feeds.items():
        document = feedkit.render(feed, name)
        back = feedkit.parse(document)
        assert back == canonical(feed, name), file
        assert feedkit.render(back, name) == document, file


def test_live_feeds_are_read_as_feedparser_reads_them(live: Path) -> None:
    size = taken = 0
    for file in sorted(live.iterdir()):
        data = file.read_bytes()
        found = all_differences(data)
        size += len(data)
        if found is not None:
            taken += len(data)
        assert not found, file.name
    assert taken > 0.95 * size


def test_a_parsers_own_inputs_are_read_as_it_reads_them(live: Path) -> None:
    taken = 0
    for file in sorted((live.parent / "feedparser").rglob("*.xml")):
        try:
            found = all_differences(file.read_bytes())
        except feedkit.ParseError:
            continue
        taken += found is not None
        assert not found, file.name
    assert taken > 1600
