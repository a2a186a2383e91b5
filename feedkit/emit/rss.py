"""Feed → RSS 2.0 (RSS Advisory Board), through feedgen."""

import html
import re
from functools import partial

from feedkit._dates import rfc822
from feedkit._xml import ATOM, DC, MEDIA, THREADING
from feedkit.emit.generator import Element, add, add_foreign, new_entry, new_feed
from feedkit.model import Feed, Post
from feedkit.parts import Person

_NAMESPACES = {"dc": DC, "media": MEDIA, "thr": THREADING}
_LIKE_MARKUP = re.compile(r"<[a-zA-Z/!?]")
_UNKNOWN_TYPE = "application/octet-stream"


def write(feed: Feed) -> bytes:
    """The document of a feed that is canonical."""
    generator = new_feed(_NAMESPACES, partial(_mend_channel, feed))
    # left set, it would be written through the process's locale
    generator._FeedGenerator__rss_lastBuildDate = None
    title = _escaped(feed.title)
    generator.title(title)
    if feed.feed_url:
        generator.link({"rel": "self", "href": feed.feed_url, "type": "application/rss+xml"})
    link = feed.url or feed.feed_url or feed.id
    generator.link({"rel": "alternate", "href": link})
    generator.description(_escaped(feed.subtitle) or title)
    generator.language(feed.language or None)
    generator.copyright(feed.rights or None)
    generator.category([{"term": label} for label in feed.tags])
    generator.ttl(feed.ttl)
    if feed.image:
        generator.image(url=feed.image, title=title, link=link)
    for post in feed.posts:
        entry = new_entry(generator, partial(_mend_item, post))
        entry.title(_escaped(post.title))
        entry.guid(post.id, permalink=post.id == post.url)
        if post.url:
            entry.link({"href": post.url})
        entry.category([{"term": label} for label in post.tags])
        entry.comments(post.comments or None)
        if post.summary:
            entry.description(html.escape(post.summary, quote=False))
        if post.content:
            entry.content(post.content)
        for enclosure in post.enclosures[:1]:
            entry.enclosure(enclosure.url, enclosure.length or 0, enclosure.type or _UNKNOWN_TYPE)
    document: bytes = generator.rss_str(pretty=True)
    return document


def _escaped(text: str) -> str:
    """A plain text, escaped once more where readers would take it for HTML."""
    read = _LIKE_MARKUP.search(text) or html.unescape(text) != text
    return html.escape(text, quote=False) if read else text


def _mend_channel(feed: Feed, channel: Element) -> None:
    if feed.updated:
        add(channel, "lastBuildDate", rfc822(feed.updated))
    for rel, href in (("hub", feed.hub), ("next", feed.next_url), ("previous", feed.previous_url)):
        if href:
            add_foreign(channel, "atom", ATOM, "link", rel=rel, href=href)
    for author in feed.authors[:1]:
        if author.email:
            add(channel, "managingEditor", _with_email(author))
        else:
            add_foreign(channel, "dc", DC, "creator", text=author.name)


def _mend_item(post: Post, item: Element) -> None:
    moment = post.published or post.updated
    if moment:
        add(item, "pubDate", rfc822(moment))
    authors = post.authors or (post.origin.authors if post.origin else ())
    addressed = next((author for author in authors if author.email), None)
    if addressed:
        add(item, "author", _with_email(addressed))
    for author in authors:
        if author is not addressed:
            add_foreign(item, "dc", DC, "creator", text=author.name)
    for contributor in post.contributors:
        add_foreign(item, "dc", DC, "contributor", text=contributor.name)
    if post.rights:
        add_foreign(item, "dc", DC, "rights", text=post.rights)
    for enclosure in post.enclosures[1:]:
        add_foreign(
            item,
            "media",
            MEDIA,
            "content",
            url=enclosure.url,
            type=enclosure.type,
            fileSize="" if enclosure.length is None else str(enclosure.length),
        )
    if post.image:
        add_foreign(item, "media", MEDIA, "thumbnail", url=post.image)
    if post.in_reply_to:
        add_foreign(item, "thr", THREADING, "in-reply-to", ref=post.in_reply_to)
    if post.origin and post.origin.feed_url:
        title = post.origin.title or post.origin.feed_url
        add(item, "source", title, url=post.origin.feed_url)


def _with_email(person: Person) -> str:
    return person.email if person.name == person.email else f"{person.email} ({person.name})"
