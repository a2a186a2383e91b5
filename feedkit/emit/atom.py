"""Feed → Atom 1.0 (RFC 4287), through feedgen.

Atom carries all but ``ttl``, ``skip_hours``, ``skip_days``, ``show``, ``episode``, an enclosure's
``duration``, a person's ``avatar`` and the address of a post's own feed
(``origin.feed_url``). What it asks for and is not there is filled:

- The feed has an author where a post has none and its origin neither
  (§4.1.1): its title.
- An origin has an id, a title and a date (§4.2.11): the post's own date, so
  that the document does not change with the feed the post came from.
"""

from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace

from feedkit._dates import rfc3339
from feedkit._ids import is_absolute, urn
from feedkit._people import titled, united
from feedkit._urls import without_scheme
from feedkit._xml import HISTORY, MEDIA, THREADING
from feedkit.emit.generator import (
    GENERATOR,
    Element,
    add,
    add_of,
    declare_html,
    new_entry,
    new_feed,
    person,
    written,
)
from feedkit.model import Feed, Post
from feedkit.parts import Enclosure, Origin, Person

_TYPE = "application/atom+xml"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def carry(feed: Feed) -> Feed:
    """A canonical feed as Atom can carry it."""
    posts = tuple(map(_carried_post, feed.posts))
    authors = _without_avatars(feed.authors)
    orphans = not posts or any(
        not post.authors and not (post.origin and post.origin.authors) for post in posts
    )
    if orphans and not authors:
        authors = (titled(feed.title),)
    return replace(
        feed,
        ttl=None,
        skip_hours=(),
        skip_days=(),
        show=None,
        generator=GENERATOR,
        authors=authors,
        posts=posts,
    )


def _carried_post(post: Post) -> Post:
    return replace(
        post,
        authors=_without_avatars(post.authors),
        contributors=_without_avatars(post.contributors),
        enclosures=tuple(replace(enclosure, duration=None) for enclosure in post.enclosures),
        episode=None,
        origin=_carried_origin(post.origin, post) if post.origin else None,
    )


def _carried_origin(origin: Origin, post: Post) -> Origin:
    own = (origin.id, origin.feed_url, origin.url)
    title = origin.title or without_scheme(origin.url or origin.feed_url) or origin.id
    authors = _without_avatars(origin.authors)
    if not (authors or post.authors):
        authors = (titled(title),)
    return replace(
        origin,
        id=next(filter(is_absolute, own), "") or urn("feed", title),
        title=title,
        feed_url="",
        authors=authors,
        updated=origin.updated or post.updated,
    )


def _without_avatars(people: Sequence[Person]) -> tuple[Person, ...]:
    return united(replace(someone, avatar="") for someone in people)


def write(feed: Feed) -> bytes:
    """The document of a feed that :func:`carry` made."""
    namespaces = [MEDIA, THREADING, *([HISTORY] if feed.archive or feed.complete else [])]
    generator = new_feed(namespaces, partial(_mend_feed, feed))
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


def _mend_feed(feed: Feed, element: Element) -> None:
    updated = element.find("updated")
    if updated is not None and feed.updated is not None:
        updated.text = rfc3339(feed.updated)
    for rel, href, media_type in (
        ("self", feed.feed_url, _TYPE),
        ("alternate", feed.url, "text/html"),
        ("hub", feed.hub, ""),
        ("first", feed.first_url, _TYPE),
        ("previous", feed.previous_url, _TYPE),
        ("next", feed.next_url, _TYPE),
        ("last", feed.last_url, _TYPE),
        ("current", feed.current_url, _TYPE),
        ("prev-archive", feed.older_archive_url, _TYPE),
        ("next-archive", feed.newer_archive_url, _TYPE),
    ):
        if href:
            add(element, "link", rel=rel, href=href, type=media_type)
    if feed.archive:
        add_of(HISTORY, element, "archive")
    if feed.complete:
        add_of(HISTORY, element, "complete")


def _mend_entry(post: Post, entry: Element) -> None:
    if post.content:  # HTML that stands alone would be the content
        declare_html(entry.find("summary"))
    for name, moment in (("updated", post.updated), ("published", post.published)):
        date = entry.find(name)
        if date is not None and moment is not None:
            date.text = rfc3339(moment)
    for link in entry.findall("link"):
        entry.remove(link)
    for rel, href, media_type in (
        ("alternate", post.url, ""),
        ("replies", post.comments, "text/html"),
        ("via", post.via, ""),
        ("related", post.related, ""),
    ):
        if href:
            add(entry, "link", rel=rel, href=href, type=media_type)
    for enclosure in post.enclosures:
        _add_enclosure(entry, enclosure)
    if post.in_reply_to:
        add_of(THREADING, entry, "in-reply-to", ref=post.in_reply_to)
    if post.image:
        add_of(MEDIA, entry, "thumbnail", url=post.image)
    if post.language:
        entry.set(_LANGUAGE, post.language)
    if post.origin:
        _add_source(entry, post.origin)


def _add_enclosure(entry: Element, enclosure: Enclosure) -> None:
    add(
        entry,
        "link",
        rel="enclosure",
        href=enclosure.url,
        type=enclosure.type,
        length=written(enclosure.length),
        title=enclosure.title,
    )


def _add_source(entry: Element, origin: Origin) -> None:
    """Where the entry came from (§4.2.11); never that feed's self link or hub."""
    source = add(entry, "source")
    add(source, "id", origin.id)
    add(source, "title", origin.title)
    if origin.updated:
        add(source, "updated", rfc3339(origin.updated))
    if origin.url:
        add(source, "link", rel="alternate", href=origin.url)
    for author in origin.authors:
        element = add(source, "author")
        for name, text in person(author).items():
            add(element, name, text)
    for name, text in (
        ("subtitle", origin.subtitle),
        ("icon", origin.icon),
        ("logo", origin.image),
        ("rights", origin.rights),
    ):
        if text:
            add(source, name, text)
