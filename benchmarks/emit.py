"""Rendering the feeds of many tags against feedgen as it comes: python benchmarks/emit.py

2,000 posts, made up, with three of 300 tags each; a feed for each tag, as Atom and as RSS. All
sides run in turn in one process, five times; what is printed are medians, and of the ratios,
which are of one turn each. Two sides write with feedgen alone, each entry once for each feed
that holds it, as one would by hand:

- with its methods only; an extension is no part of it, so entry links are bare and dates are
  spelled otherwise. Ids, titles, dates, addresses, labels and bodies are checked to be the same;
- with an extension of this file's own that writes what feedkit writes: the same bytes.

They write the posts as they are; feedkit's time holds the mending of each post, too. Cold is a
run that knows no post yet, warm one that has rendered every post before.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from gc import collect
from operator import truediv
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feedkit.emit import render_with_repairs
from feedkit.emit.known import Known
from feedkit.model import Feed, Post
from feedkit.parts import Enclosure, Person

POSTS, TAGS, TAGS_OF_A_POST, ROUNDS = 2000, 300, 3, 5
FORMATS = ("atom", "rss")
SITE = "https://blog.example/"
ATOM = "http://www.w3.org/2005/Atom"
NAMESPACES = {
    "media": "http://search.yahoo.com/mrss/",
    "thr": "http://purl.org/syndication/thread/1.0",
}
DC = "http://purl.org/dc/elements/1.1/"
WORDS = (
    *("harbour", "crane", "tide", "rope", "anchor", "slate", "lantern", "ledger", "copper"),
    *("the", "a", "of", "and", "to", "in", "it", "was", "for", "on", "with", "as", "at", "by"),
    *("from", "that", "this", "which", "wind", "hull", "mast", "sail", "keel", "deck", "bell"),
    *("willow", "naïve", "café", "größe", "&amp;", "&lt;", "–", "“ropes”", "don’t"),
)


def made_up() -> list[Feed]:
    """The feed of each tag."""
    random = Random(6)  # noqa: S311 - nothing is kept secret by it
    tags: dict[int, list[Post]] = {number: [] for number in range(TAGS)}
    for number in range(POSTS):
        chosen = random.sample(range(TAGS), TAGS_OF_A_POST)
        post = made_up_post(number, [f"Tag {tag}" for tag in chosen], random)
        for tag in chosen:
            tags[tag].append(post)
    return [
        Feed(
            id=f"{SITE}tag/{tag}",
            title=f"Blog: Tag {tag}",
            url=SITE,
            subtitle=f"Posts about {tag}",
            language="en",
            authors=[Person(name="Blog", url=SITE)],
            tags=[f"Tag {tag}"],
            posts=posts,
        )
        for tag, posts in tags.items()
    ]


def made_up_post(number: int, labels: Sequence[str], random: Random) -> Post:
    published = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(hours=number)
    url = f"{SITE}2026/{number}/"

    def words(most: int) -> str:
        return " ".join(random.choices(WORDS, k=random.randint(4, most)))

    paragraphs = [
        f'<p>{words(60)} <a href="{url}#{n}">{words(6)}</a> {words(40)}</p>'
        for n in range(random.randint(2, 16))
    ]
    paragraphs.insert(1, f'<p><img src="{url}1.jpg" alt="{words(6)}"></p>')
    paragraphs.append(f"<ul><li>{words(9)}</li><li><em>{words(5)}</em></li></ul>")
    sound = Enclosure(url=f"{url}1.mp3", type="audio/mpeg", length=1000 + number)
    return Post(
        id=f"{SITE}?p={number}",
        url=url,
        title=f"Post {number} of ropes & cranes",
        content="\n".join(paragraphs),
        summary=f"What post {number} is about, in one line.",
        authors=[Person(name=f"Writer {number % 7}", url=f"{SITE}writer/{number % 7}/")],
        tags=labels,
        published=published,
        updated=published + timedelta(days=number % 3),
        enclosures=[sound] if number % 5 == 0 else (),
    )


class FeedExtension(BaseExtension):
    """What feedgen has no method for, written as feedkit writes it."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        return NAMESPACES

    def extend_atom(self, root: Any) -> Any:
        updated = max(post.changed for post in self.feed.posts)
        root.find("updated").text = updated.isoformat().replace("+00:00", "Z")
        etree.SubElement(root, "link", rel="alternate", href=self.feed.url, type="text/html")
        return root

    def extend_rss(self, root: Any) -> Any:
        updated = max(post.changed for post in self.feed.posts)
        etree.SubElement(root[0], "lastBuildDate").text = rfc822(updated)
        for author in self.feed.authors:
            etree.SubElement(root[0], f"{{{DC}}}creator", nsmap={"dc": DC}).text = author.name
        return root


class RssFeedExtension(FeedExtension):
    def extend_ns(self) -> dict[str, str]:
        return {"dc": DC, **NAMESPACES}


class EntryExtension(BaseEntryExtension):
    """The same for an entry."""

    post: Post

    def extend_atom(self, entry: Any) -> Any:
        for name, date in (("updated", self.post.changed), ("published", self.post.published)):
            entry.find(name).text = date.isoformat().replace("+00:00", "Z")
        for link in entry.findall("link"):
            entry.remove(link)
        etree.SubElement(entry, "link", rel="alternate", href=self.post.url)
        for one in self.post.enclosures:
            link = etree.SubElement(entry, "link", rel="enclosure", href=one.url)
            link.set("type", one.type)
            link.set("length", str(one.length))
        return entry

    def extend_rss(self, item: Any) -> Any:
        etree.SubElement(item, "pubDate").text = rfc822(self.post.published)
        if self.post.updated != self.post.published:
            updated = etree.SubElement(item, f"{{{ATOM}}}updated", nsmap={"atom": ATOM})
            updated.text = self.post.updated.isoformat().replace("+00:00", "Z")
        for author in self.post.authors:
            etree.SubElement(item, f"{{{DC}}}creator", nsmap={"dc": DC}).text = author.name
        return item


def rfc822(date: datetime) -> str:
    return date.strftime("%a, %d %b %Y %H:%M:%S +0000")


def by_hand(feed: Feed, name: str, *, extended: bool) -> bytes:
    """The document of a feed, written with feedgen.

    :param extended: whether with the extensions, as feedkit writes it.
    """
    generator = FeedGenerator()
    if extended:
        kind = RssFeedExtension if name == "rss" else FeedExtension
        generator.register_extension("same", kind, EntryExtension)
        generator.same.feed = feed
    generator.generator("feedkit")
    generator.title(feed.title)
    generator.language(feed.language)
    generator.category([{"term": label} for label in feed.tags])
    updated = max(post.changed for post in feed.posts)
    if name == "atom":
        generator.id(feed.id)
        generator.updated(updated)
        generator.subtitle(feed.subtitle)
        generator.author([{"name": one.name, "uri": one.url} for one in feed.authors])
        if not extended:
            generator.link(href=feed.url, rel="alternate", type="text/html")
    else:
        generator.link(href=feed.url, rel="alternate")
        generator.description(feed.subtitle)
        generator._FeedGenerator__rss_lastBuildDate = None
        if not extended:
            generator.lastBuildDate(updated)
    for post in feed.posts:
        entry = generator.add_entry(order="append")
        if extended:
            entry.same.post = post
        add_by_hand(entry, post, name, extended=extended)
    write = generator.atom_str if name == "atom" else generator.rss_str
    document: bytes = write(pretty=True)
    return document


def add_by_hand(entry: Any, post: Post, name: str, *, extended: bool) -> None:
    entry.title(post.title)
    entry.link(href=post.url)
    entry.category([{"term": label} for label in post.tags])
    entry.content(post.content, type="html" if name == "atom" else None)
    if name == "atom":
        entry.id(post.id)
        entry.updated(post.changed)
        entry.published(post.published)
        entry.summary(post.summary)
        entry.author([{"name": one.name, "uri": one.url} for one in post.authors])
        if not extended:
            for one in post.enclosures:
                entry.link(href=one.url, rel="enclosure", type=one.type, length=str(one.length))
    else:
        entry.guid(post.id, permalink=False)
        entry.description(post.summary)
        for one in post.enclosures:
            entry.enclosure(one.url, str(one.length), one.type)
        if not extended:
            entry.published(post.published)


def by_feedkit(feed: Feed, name: str, known: Known) -> bytes:
    return render_with_repairs(feed, name, known)[0]


def all_of(feeds: Sequence[Feed], write: Callable[[Feed, str], bytes]) -> None:
    """Write each feed in one format after the other, as a build does."""
    for feed in feeds:
        for name in FORMATS:
            write(feed, name)


# what both say who write with methods only, and who write as feedkit does
SAID = {
    "atom": ("id", "title", "updated", "published", "summary", "content", "author", "category"),
    "rss": ("guid", "title", "pubDate", "link", "description", "encoded", "category", "enclosure"),
}


def said(document: bytes, name: str) -> list[list[tuple[str, ...]]]:
    """What a document says of each post, whatever the spelling of its dates."""
    entries = etree.fromstring(document).iter("{*}entry", "{*}item")
    return [
        [
            (etree.QName(child).localname, *map(spelled, child.itertext()), *child.attrib.values())
            for tag in SAID[name]
            for child in entry.iterfind(f"{{*}}{tag}")
        ]
        for entry in entries
    ]


def spelled(text: str) -> str:
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).isoformat()
    except ValueError:
        return text


def check(feeds: Sequence[Feed]) -> None:
    """All sides do the same work, or the program ends."""
    known = Known()
    for turn in ("cold", "warm"):
        for feed in feeds:
            for name in FORMATS:
                ours = by_feedkit(feed, name, known)
                if ours != by_hand(feed, name, extended=True):
                    sys.exit(f"{turn}, {name} of {feed.title}: not the same bytes")
                if said(ours, name) != said(by_hand(feed, name, extended=False), name):
                    sys.exit(f"{turn}, {name} of {feed.title}: not the same is said")


def seconds(work: Callable[[], object]) -> float:
    collect()
    begun = perf_counter()
    work()
    return perf_counter() - begun


def main() -> None:
    feeds = made_up()
    check(feeds)
    slots = sum(len(feed.posts) for feed in feeds)
    length = sum(len(post.content) for feed in feeds for post in feed.posts) // slots
    times: dict[str, list[float]] = {name: [] for name in ("extended", "plain", "cold", "warm")}
    for _ in range(ROUNDS):
        known = Known()
        for side, write in (
            ("extended", partial(by_hand, extended=True)),
            ("plain", partial(by_hand, extended=False)),
            ("cold", partial(by_feedkit, known=known)),
            ("warm", partial(by_feedkit, known=known)),
        ):
            times[side].append(seconds(partial(all_of, feeds, write)))
    sys.stdout.write(
        f"{POSTS:,} posts of {length:,} characters, {len(feeds)} tags, {slots:,} entries in"
        f" {' and '.join(FORMATS)}; medians of {ROUNDS} rounds\n"
    )
    for side, name in (
        ("extended", "feedgen, with an extension: the same bytes"),
        ("plain", "feedgen, its methods only"),
        ("cold", "feedkit, no post known"),
        ("warm", "feedkit, every post known"),
    ):
        sys.stdout.write(f"{name:44} {median(times[side]) * 1000:8.1f} ms")
        for slower in ("extended", "plain"):
            ratio = median(map(truediv, times[slower], times[side]))
            sys.stdout.write(f" {ratio:7.2f} ×" if side != slower else " " * 10)
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
