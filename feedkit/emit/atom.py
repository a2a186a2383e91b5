"""Feed → Atom 1.0 (RFC 4287), through feedgen."""

from functools import partial

from feedkit._dates import rfc3339
from feedkit._xml import MEDIA, THREADING
from feedkit.emit.generator import Element, add, add_foreign, new_entry, new_feed, person
from feedkit.model import Feed, Post
from feedkit.parts import Origin

_NAMESPACES = {"media": MEDIA, "thr": THREADING}


def write(feed: Feed) -> bytes:
    """The document of a feed that is canonical."""
    generator = new_feed(_NAMESPACES, partial(_mend_feed, feed))
    generator.id(feed.id)
    generator.title(feed.title)
    generator.updated(feed.updated)
    generator.subtitle(feed.subtitle or None)
    generator.rights(feed.rights or None)
    generator.language(feed.language or None)
    generator.icon(feed.icon or None)
    generator.logo(feed.image or None)
    generator.link(_feed_links(feed))
    generator.category([{"term": label} for label in feed.tags])
    generator.author([person(author) for author in feed.authors] or _fallback_author(feed))
    for post in feed.posts:
        entry = new_entry(generator, partial(_mend_entry, post))
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


def _feed_links(feed: Feed) -> list[dict[str, str]]:
    links = (
        ("self", feed.feed_url, "application/atom+xml"),
        ("alternate", feed.url, "text/html"),
        ("hub", feed.hub, ""),
        ("next", feed.next_url, "application/atom+xml"),
        ("previous", feed.previous_url, "application/atom+xml"),
    )
    return [
        {"rel": rel, "href": href} | ({"type": media_type} if media_type else {})
        for rel, href, media_type in links
        if href
    ]


def _fallback_author(feed: Feed) -> list[dict[str, str]]:
    """A feed needs an author unless each of its entries has one (§4.1.1)."""
    orphans = (post for post in feed.posts if not post.authors and not _source_author(post.origin))
    return [{"name": feed.title}] if any(orphans) or not feed.posts else []


def _source_author(origin: Origin | None) -> list[dict[str, str]]:
    if origin is None:
        return []
    authors = [person(author) for author in origin.authors]
    return authors or ([{"name": origin.title}] if origin.title else [])


def _mend_feed(feed: Feed, element: Element) -> None:
    updated = element.find("updated")
    if updated is not None and feed.updated is not None:
        updated.text = rfc3339(feed.updated)


def _mend_entry(post: Post, entry: Element) -> None:
    for name, moment in (("updated", post.updated), ("published", post.published)):
        date = entry.find(name)
        if date is not None and moment is not None:
            date.text = rfc3339(moment)
    for link in entry.findall("link"):
        entry.remove(link)
    if post.url:
        add(entry, "link", rel="alternate", href=post.url)
    for enclosure in post.enclosures:
        add(
            entry,
            "link",
            rel="enclosure",
            href=enclosure.url,
            type=enclosure.type,
            length="" if enclosure.length is None else str(enclosure.length),
            title=enclosure.title,
        )
    if post.comments:
        add(entry, "link", rel="replies", href=post.comments, type="text/html")
    if post.via:
        add(entry, "link", rel="via", href=post.via)
    if post.in_reply_to:
        add_foreign(entry, "thr", THREADING, "in-reply-to", ref=post.in_reply_to)
    if post.image:
        add_foreign(entry, "media", MEDIA, "thumbnail", url=post.image)
    if post.language:
        entry.set("{http://www.w3.org/XML/1998/namespace}lang", post.language)
    if post.origin:
        _add_source(entry, post.origin, with_authors=not post.authors)


def _add_source(entry: Element, origin: Origin, *, with_authors: bool) -> None:
    """Where the entry came from (§4.2.11); never that feed's self link or hub."""
    source = add(entry, "source")
    if origin.id:
        add(source, "id", origin.id)
    if origin.title:
        add(source, "title", origin.title)
    if origin.url:
        add(source, "link", rel="alternate", href=origin.url)
    for author in _source_author(origin) if with_authors else ():
        element = add(source, "author")
        for name in ("name", "email", "uri"):
            if name in author:
                add(element, name, author[name])
    if origin.rights:
        add(source, "rights", origin.rights)
