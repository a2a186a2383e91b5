"""Rendering the feeds of many tags against feedgen and others: benchmarks/emit.py

2,000 posts, made up, with three of 300 tags each; a feed for each tag, as Atom and as RSS. All
sides run in turn in one process, five times; what is printed are medians, and of the ratios,
which are of one turn each. Two sides write with feedgen alone, each entry once for each feed
that holds it, as one would by hand:

- with its methods only; an extension is no part of it, so entry links are bare and dates are
  spelled otherwise. Ids, titles, dates, addresses, labels and bodies are checked to be the same;
- with an extension of this file's own that writes what feedkit writes: the same bytes.

Django's feedgenerator and rfeed, where they are installed, have no place for a summary beside the
body; the rest of it is checked to be the same. rfeed writes no Atom: what others took for RSS is
held against it. All of these write the posts as they are; feedkit's time holds the mending of each
post, too. Cold is a run that knows no post yet, warm one that has rendered every post before.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from gc import collect
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from generators import by_django, by_rfeed, django, rfeed
from lxml import etree
from measuring import ROUNDS, show

from feedkit.emit import render_with_repairs
from feedkit.emit.known import Known
from feedkit.model import Feed, Post
from feedkit.parts import Enclosure, Person

POSTS, TAGS, TAGS_OF_A_POST = 2000, 300, 3
FORMATS = ("atom", "rss")
EXTENDED, PLAIN = "feedgen, with an extension: the same bytes", "feedgen, its methods only"
COLD, WARM = "feedkit, no post known", "feedkit, every post known"
Write = Callable[[Feed, str], bytes]
Rival = tuple[Write, Sequence[str]]
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


def all_of(feeds: Sequence[Feed], write: Write, names: Sequence[str]) -> dict[str, float]:
    """Write each feed in one format after the other, as a build does: the seconds of each."""
    taken = dict.fromkeys(names, 0.0)
    for feed in feeds:
        for name in names:
            begun = perf_counter()
            write(feed, name)
            taken[name] += perf_counter() - begun
    return taken


# what both say who write with methods only, and who write as feedkit does
SAID = {
    "atom": ("id", "title", "updated", "published", "summary", "content", "author", "category"),
    "rss": ("guid", "title", "pubDate", "link", "description", "encoded", "category", "enclosure"),
}
# what feedkit says that Django's feedgenerator and rfeed say, too; and where they do
SAID_BY_RIVALS = {
    "atom": (
        ("id", "title", "updated", "published", "content", "author", "category"),
        ("id", "title", "updated", "published", "summary", "author", "category"),
    ),
    "rss": (
        ("guid", "title", "pubDate", "link", "encoded", "creator", "category", "enclosure"),
        ("guid", "title", "pubDate", "link", "description", "creator", "category", "enclosure"),
    ),
}


def said(document: bytes, tags: Sequence[str]) -> list[list[tuple[str | int, ...]]]:
    """What a document says of each post, whatever the spelling of its dates."""
    entries = etree.fromstring(document).iter("{*}entry", "{*}item")
    return [
        [
            # what is between the parts of a person is no text
            (
                place,
                *map(spelled, filter(str.strip, child.itertext())),
                *sorted(child.attrib.values()),
            )
            for place, tag in enumerate(tags)
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
        # "GMT" is read as no zone at all
        return parsedate_to_datetime(text).replace(tzinfo=UTC).isoformat()
    except ValueError:
        return text


def check(feeds: Sequence[Feed], rivals: Mapping[str, Rival]) -> None:
    """All sides do the same work, or the program ends."""
    known = Known()
    for turn in ("cold", "warm"):
        for feed in feeds:
            for name in FORMATS:
                ours = by_feedkit(feed, name, known)
                if ours != by_hand(feed, name, extended=True):
                    sys.exit(f"{turn}, {name} of {feed.title}: not the same bytes")
                plain = said(by_hand(feed, name, extended=False), SAID[name])
                if said(ours, SAID[name]) != plain or len(plain) != len(feed.posts):
                    sys.exit(f"{turn}, {name} of {feed.title}: not the same is said")
    for rival, (write, names) in rivals.items():
        for feed in feeds:
            for name in names:
                here, there = SAID_BY_RIVALS[name]
                ours = by_feedkit(feed, name, known)
                if said(write(feed, name), there) != said(ours, here):
                    sys.exit(f"{rival}, {name} of {feed.title}: not the same is said")


def rivals() -> dict[str, Rival]:
    """Who else writes feeds, as far as they are installed; and in which formats."""
    found: dict[str, Rival] = {}
    for name, module, write, names in (
        ("Django's feedgenerator", django(), by_django, FORMATS),
        ("rfeed, RSS only", rfeed(), by_rfeed, ("rss",)),
    ):
        if module:
            found[name] = (partial(write, module=module), names)
        else:
            sys.stdout.write(f"{name}: left out, as it is not installed\n")
    return found


def main() -> None:
    feeds = made_up()
    others = rivals()
    check(feeds, others)
    slots = sum(len(feed.posts) for feed in feeds)
    length = sum(len(post.content) for feed in feeds for post in feed.posts) // slots
    times: dict[str, list[dict[str, float]]] = {}
    for _ in range(ROUNDS):
        known = Known()
        for side, (write, names) in {
            EXTENDED: (partial(by_hand, extended=True), FORMATS),
            PLAIN: (partial(by_hand, extended=False), FORMATS),
            **others,
            COLD: (partial(by_feedkit, known=known), FORMATS),
            WARM: (partial(by_feedkit, known=known), FORMATS),
        }.items():
            collect()
            times.setdefault(side, []).append(all_of(feeds, write, names))
    rows = [
        [
            side,
            *(
                f"{median(turn[name] for turn in turns) * 1000:,.1f} ms" if name in turns[0] else ""
                for name in FORMATS
            ),
            *(
                ratio(turns, times[ours]) if side not in (COLD, WARM) else ""
                for ours in (COLD, WARM)
            ),
        ]
        for side, turns in times.items()
    ]
    show(
        f"{POSTS:,} posts of {length:,} characters, {len(feeds)} tags, {slots:,} entries"
        f" in {len(feeds):,} feeds of each format; medians of {ROUNDS} rounds",
        ("", *FORMATS, "cold feedkit", "warm feedkit"),
        rows,
    )


def ratio(turns: Sequence[Mapping[str, float]], ours: Sequence[Mapping[str, float]]) -> str:
    """How many times as long as feedkit a side takes for the formats that it writes."""
    of_each = (
        sum(turn.values()) / sum(our[name] for name in turn)
        for turn, our in zip(turns, ours, strict=True)
    )
    return f"{median(of_each):.2f} ×"


if __name__ == "__main__":
    main()
