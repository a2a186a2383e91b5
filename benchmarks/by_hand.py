"""The script that feedkit spares: feedparser reads, feedgen writes, one feed for each tag.

    python benchmarks/by_hand.py DOCUMENTS OUT

As one writes it who knows both libraries: posts once each, newest first, fifty
a feed, tags without regard to case, and a post that feedgen refuses left out.
"""

import json
import sys
from calendar import timegm
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import feedparser
from feedgen.feed import FeedGenerator

SITE = "https://feeds.example/"
LIMIT = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(documents: Path) -> list[Any]:
    """The entries of all documents, each once, the newest first."""
    entries: dict[str, Any] = {}
    for file in sorted(documents.iterdir()):
        feed = feedparser.parse(file.read_bytes())
        for entry in feed.entries:
            entry["key"] = entry.get("id") or entry.get("link") or entry.get("title") or ""
            entries.setdefault(entry["key"], entry)
    return sorted(entries.values(), key=dated, reverse=True)


def dated(entry: Any) -> datetime:
    """When an entry was published."""
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else EPOCH
    except (ValueError, OverflowError):
        return EPOCH


def by_tag(entries: list[Any]) -> dict[str, list[Any]]:
    """The entries of each tag."""
    groups: dict[str, list[Any]] = {}
    for entry in entries:
        labels = (" ".join((tag.get("term") or "").split()) for tag in entry.get("tags", ()))
        for key in dict.fromkeys(label.casefold() for label in labels if label):
            groups.setdefault(key, []).append(entry)
    return groups


def write(folder: Path, title: str, entries: list[Any]) -> int:
    """One feed in both formats; how many entries it has."""
    feed = FeedGenerator()
    feed.id(SITE + folder.name)
    feed.title(title)
    feed.link(href=SITE, rel="alternate")
    feed.description(title)
    feed.updated(max((dated(entry) for entry in entries[:LIMIT]), default=EPOCH))
    written = 0
    for entry in entries[:LIMIT]:
        item = feed.add_entry(order="append")
        try:
            fill(item, entry)
        except ValueError:
            feed.remove_entry(item)
            continue
        written += 1
    folder.mkdir(parents=True, exist_ok=True)
    feed.atom_file(str(folder / "atom.xml"))
    feed.rss_file(str(folder / "rss.xml"))
    return written


def legal(text: str) -> str:
    """A text without what XML has no place for."""
    return "".join(char for char in text if char >= " " or char in "\t\n\r")


def fill(item: Any, entry: Any) -> None:
    """Give feedgen what an entry has."""
    item.id(legal(entry["key"]) or "urn:none")
    item.title(legal(entry.get("title") or "Untitled"))
    if link := entry.get("link"):
        item.link(href=legal(link))
    if content := entry.get("content"):
        item.content(legal(content[0].value), type="html")
    if summary := entry.get("summary"):
        item.summary(legal(summary))
    elif not content:
        item.summary(legal(entry.get("title") or "Untitled"))
    for person in entry.get("authors", ()):
        if name := person.get("name"):
            item.author(name=legal(name), email=legal(person.get("email", "")) or None)
    for tag in entry.get("tags", ()):
        if tag.get("term"):
            item.category(term=legal(tag["term"]))
    for enclosure in entry.get("enclosures", ()):
        if href := enclosure.get("href"):
            kind = enclosure.get("type") or "application/octet-stream"
            item.enclosure(legal(href), enclosure.get("length") or "0", kind)
    item.published(dated(entry))
    item.updated(dated(entry))


def write_all() -> None:
    documents, out = map(Path, sys.argv[1:])
    entries = read(documents)
    written = write(out, "All", entries)
    groups = by_tag(entries)
    for key, tagged in groups.items():
        name = sha256(key.encode("utf-8", "replace")).hexdigest()[:16]
        written += write(out / "tag" / name, key, tagged)
    sys.stdout.write(json.dumps({"feeds": len(groups) + 1, "entries": written}) + "\n")


if __name__ == "__main__" and len(sys.argv) > 1:
    write_all()
