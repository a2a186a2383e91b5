"""Feed → Atom 1.0 (RFC 4287), through feedgen.

Atom carries all but ``ttl``, ``skip_hours``, ``skip_days``, ``show``, ``episode``, an enclosure's
``duration``, a person's ``avatar`` and the address of a post's own feed
(``origin.feed_url``). What it asks for and is not there is filled:

- The feed has an author where a post has none and its origin neither
  (§4.1.1): its title.
- An origin has an id, a title and a date (§4.2.11): the post's own date, so
  that the document does not change with the feed the post came from.
"""

from collections.abc import Iterable, Sequence, Set
from functools import partial

from lxml import etree

from feedkit._dates import rfc3339
from feedkit._ids import is_absolute, urn
from feedkit._people import titled, united
from feedkit._urls import without_scheme
from feedkit._xml import HISTORY, MEDIA, THREADING
from feedkit.emit.altered import altered
from feedkit.emit.generator import (
    GENERATOR,
    Element,
    add,
    add_of,
    add_text,
    as_html,
    join_at,
    new_feed,
    person,
    split_at,
    written,
)
from feedkit.model import Feed, Post
from feedkit.parts import Enclosure, Origin, Person

DATED = True
_TYPE = "application/atom+xml"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_ENTRY, _END = b"\n  <entry", b"\n</feed>\n"
# what an entry can need of its feed
_AUTHOR = "author"
NEEDS_OF_NONE = frozenset((_AUTHOR,))


def carry(feed: Feed, needs: Set[str]) -> Feed:
    """A canonical feed as Atom can carry it; its posts stay.

    :param needs: what its posts need of it.
    """
    authors = _without_avatars(feed.authors)
    if not authors and _AUTHOR in needs:
        authors = (titled(feed.title),)
    return altered(
        feed,
        ttl=None,
        skip_hours=(),
        skip_days=(),
        show=None,
        generator=GENERATOR,
        authors=authors,
    )


def carry_post(post: Post) -> Post:
    """A canonical post as Atom can carry it."""
    return altered(
        post,
        authors=_without_avatars(post.authors),
        contributors=_without_avatars(post.contributors),
        enclosures=tuple(altered(enclosure, duration=None) for enclosure in post.enclosures),
        episode=None,
        origin=_carried_origin(post.origin, post) if post.origin else None,
    )


def needs(post: Post) -> frozenset[str]:
    """What a post that :func:`carry_post` made needs of its feed: an author."""
    has_one = post.authors or (post.origin and post.origin.authors)
    return frozenset() if has_one else NEEDS_OF_NONE


def _carried_origin(origin: Origin, post: Post) -> Origin:
    own = (origin.id, origin.feed_url, origin.url)
    title = origin.title or without_scheme(origin.url or origin.feed_url) or origin.id
    authors = _without_avatars(origin.authors)
    if not (authors or post.authors):
        authors = (titled(title),)
    return altered(
        origin,
        id=next(filter(is_absolute, own), "") or urn("feed", title),
        title=title,
        feed_url="",
        authors=authors,
        updated=origin.updated or post.updated,
    )


def _without_avatars(people: Sequence[Person]) -> tuple[Person, ...]:
    return united(altered(someone, avatar="") for someone in people)


def write(feed: Feed, _needs: Set[str]) -> bytes:
    """The document of a feed that :func:`carry` made."""
    namespaces = [MEDIA, THREADING, *([HISTORY] if feed.archive or feed.complete else [])]
    generator = new_feed(namespaces, partial(finish, feed))
    generator.id(feed.id)
    generator.title(feed.title)
    generator.updated(feed.updated)
    for say, text in (
        (generator.subtitle, feed.subtitle),
        (generator.rights, feed.rights),
        (generator.language, feed.language),
        (generator.icon, feed.icon),
        (generator.logo, feed.image),
    ):
        if text:
            say(text)
    generator.category([{"term": label} for label in feed.tags])
    generator.author([person(author) for author in feed.authors])
    document: bytes = generator.atom_str(pretty=True)
    return document


def split(document: bytes) -> tuple[bytes, list[bytes]]:
    """What :func:`write` wrote as the document of no posts, and the entries that were in it."""
    return split_at(_ENTRY, _END, document)


def join(head: bytes, entries: Iterable[bytes]) -> bytes:
    """What :func:`split` took apart."""
    return join_at(_ENTRY, _END, head, entries)


def finish(feed: Feed, element: Element) -> None:
    """Add to the document of a feed what feedgen has no method for, and its entries."""
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
    for post in feed.posts:
        _add_entry(element, post)


def _add_entry(feed: Element, post: Post) -> None:
    """Add the entry of a post: first what feedgen has methods for, as it would write it."""
    entry = etree.SubElement(feed, "entry")
    add_text(entry, "id", post.id)
    add_text(entry, "title", post.title)
    if post.updated:
        add_text(entry, "updated", rfc3339(post.updated))
    _add_people(entry, "author", post.authors)
    if post.content:
        etree.SubElement(entry, "content", type="html").text = post.content
    if post.summary:
        # HTML that stands alone would be the content
        text, type_ = as_html(post.summary) if post.content else (post.summary, "")
        add(entry, "summary", text, type=type_)
    for label in post.tags:
        etree.SubElement(entry, "category", term=label)
    _add_people(entry, "contributor", post.contributors)
    if post.published:
        add_text(entry, "published", rfc3339(post.published))
    if post.rights:
        add_text(entry, "rights", post.rights)
    finish_entry(entry, post)


def finish_entry(entry: Element, post: Post) -> None:
    """Add to an entry what feedgen has no method for, or loses."""
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


def _add_people(parent: Element, name: str, people: Sequence[Person]) -> None:
    for someone in people:
        element = etree.SubElement(parent, name)
        add_text(element, "name", someone.name)
        if someone.email:
            add_text(element, "email", someone.email)
        if someone.url:
            add_text(element, "uri", someone.url)


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
    _add_people(source, "author", origin.authors)
    for name, text in (
        ("subtitle", origin.subtitle),
        ("icon", origin.icon),
        ("logo", origin.image),
        ("rights", origin.rights),
    ):
        if text:
            add(source, name, text)
