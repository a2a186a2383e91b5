"""Atom and RSS of a canonical feed as feedgen writes them whole, each entry by its own methods.

What feedkit writes must be the same, to the byte. What feedgen has no method for
is added in extensions: to entries by functions that only tests have, to heads by feedkit's own.
"""

import html
from collections.abc import Callable, Mapping
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml_entries import finish_entry, finish_item
from msgspec.structs import replace

from feedkit._dates import rfc3339
from feedkit._ids import urn
from feedkit.emit import atom, rss
from feedkit.emit.generator import as_html, escaped, person, written
from feedkit.model import Feed, Post

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
    "thr": "http://purl.org/syndication/thread/1.0",
}


class FeedExtension(BaseExtension):
    feed: Feed

    def extend_ns(self) -> Mapping[str, str]:
        used = namespaces(self.feed)
        return {prefix: NAMESPACES[prefix] for prefix in used}

    def extend_atom(self, root: Any) -> Any:
        atom.finish(replace(self.feed, posts=()), root)
        return root

    def extend_rss(self, root: Any) -> Any:
        rss.finish(replace(self.feed, posts=()), root[0])
        return root


class AtomFeedExtension(FeedExtension):
    def extend_ns(self) -> Mapping[str, str]:
        used = [prefix for prefix in namespaces(self.feed) if prefix in ("media", "thr", "fh")]
        return {prefix: NAMESPACES[prefix] for prefix in used}


class EntryExtension(BaseEntryExtension):
    post: Post

    def extend_atom(self, entry: Any) -> Any:
        summary = entry.find("summary")
        if self.post.content and summary is not None:
            summary.text, declared = as_html(self.post.summary)
            if declared:
                summary.set("type", declared)
        for name, moment in (("updated", self.post.updated), ("published", self.post.published)):
            if moment:
                entry.find(name).text = rfc3339(moment)
        for link in entry.findall("link"):
            entry.remove(link)
        finish_entry(entry, self.post)
        return entry

    def extend_rss(self, item: Any) -> Any:
        finish_item(item, self.post)
        return item


def namespaces(feed: Feed) -> list[str]:
    """The prefixes that the root of an RSS document declares."""
    episodes = [post.episode for post in feed.posts if post.episode]
    used = {
        "fh": feed.archive or feed.complete,
        "itunes": feed.show or episodes,
        "podcast": feed.show or any(one.transcripts or one.chapters_url for one in episodes),
        "psc": any(one.chapters for one in episodes),
    }
    return ["dc", "media", "thr", *(prefix for prefix, use in used.items() if use)]


def generator_of(feed: Feed, extension: type[FeedExtension]) -> Any:
    generator = FeedGenerator()
    generator.register_extension("plain", extension, EntryExtension)
    generator.plain.feed = feed
    generator.generator("feedkit")
    return generator


def write_atom(feed: Feed) -> bytes:
    generator = generator_of(feed, AtomFeedExtension)
    generator.id(feed.id)
    generator.title(feed.title)
    generator.updated(feed.updated)
    generator.subtitle(feed.subtitle or None)
    generator.rights(feed.rights or None)
    generator.language(feed.language or None)
    generator.icon(feed.icon or None)
    generator.logo(feed.image or None)
    generator.category([{"term": label} for label in feed.tags])
    generator.author([person(author) for author in feed.authors])
    for post in feed.posts:
        entry = generator.add_entry(order="append")
        entry.plain.post = post
        entry.id(post.id)
        entry.title(post.title)
        entry.updated(post.updated)
        entry.published(post.published)
        entry.author([person(author) for author in post.authors])
        entry.contributor([person(contributor) for contributor in post.contributors])
        entry.category([{"term": label} for label in post.tags])
        entry.rights(post.rights or None)
        entry.summary(post.summary or None)
        if post.content:
            entry.content(post.content, type="html")
        if post.url:
            entry.link({"href": post.url})
    document: bytes = generator.atom_str(pretty=True)
    return document


def write_rss(feed: Feed) -> bytes:
    generator = generator_of(feed, FeedExtension)
    generator._FeedGenerator__rss_lastBuildDate = None
    title = escaped(feed.title)
    generator.title(title)
    if feed.feed_url:
        generator.link({"rel": "self", "href": feed.feed_url, "type": "application/rss+xml"})
    link = feed.url or urn("feed", feed.title)
    generator.link({"rel": "alternate", "href": link})
    generator.description(escaped(feed.subtitle))
    generator.language(feed.language or None)
    generator.copyright(escaped(feed.rights) or None)
    generator.category([{"term": escaped(label)} for label in feed.tags])
    generator.ttl(feed.ttl)
    if feed.image:
        generator.image(url=feed.image, title=title, link=link)
    for post in feed.posts:
        entry = generator.add_entry(order="append")
        entry.plain.post = post
        entry.title(escaped(post.title))
        entry.guid(post.id, permalink=post.id == post.url)
        if post.url:
            entry.link({"href": post.url})
        entry.category([{"term": escaped(label)} for label in post.tags])
        entry.comments(post.comments or None)
        if post.summary:
            entry.description(html.escape(post.summary, quote=False))
        entry.content(post.content)
        for enclosure in post.enclosures[:1]:
            entry.enclosure(enclosure.url, written(enclosure.length), enclosure.type)
    document: bytes = generator.rss_str(pretty=True)
    return document


WRITERS: Mapping[str, Callable[[Feed], bytes]] = {"atom": write_atom, "rss": write_rss}
