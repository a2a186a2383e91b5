"""Feed → Atom 1.0 (RFC 4287), through feedgen.

Atom carries all but ``ttl``, ``skip_hours``, ``skip_days``, ``show``, ``episode``, an enclosure's
``duration``, a person's ``avatar`` and the address of a post's own feed
(``origin.feed_url``). What it asks for and is not there is filled:

- The feed has an author where a post has none and its origin neither
  (§4.1.1): its title.
- An origin has an id, a title and a date (§4.2.11): the post's own date, so
  that the document does not change with the feed the post came from.
"""

from collections.abc import Iterator, Sequence, Set
from functools import partial

from feedkit._dates import rfc3339
from feedkit._ids import is_absolute, urn
from feedkit._people import titled, united
from feedkit._urls import without_scheme
from feedkit._xml import HISTORY, MEDIA, THREADING
from feedkit.emit.altered import altered
from feedkit.emit.elements import attributes, in_text, in_value, lines, long_line
from feedkit.emit.generator import (
    GENERATOR,
    Element,
    add,
    add_of,
    as_html,
    new_feed,
    person,
    written,
)
from feedkit.emit.heads import Head, Writing, head_of, joined
from feedkit.model import Feed, Post
from feedkit.parts import Origin, Person

DATED = True
_TYPE = "application/atom+xml"
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
    bare = tuple([altered(someone, avatar="") for someone in people])
    return united(bare) if len(bare) > 1 else bare


def head(feed: Feed, needs: Set[str]) -> Head:
    """What stands around the entries of a feed that :func:`carry` made."""
    return head_of(feed, needs, _WRITING)


join = joined


def write(feed: Feed, _needs: Set[str] = frozenset()) -> bytes:
    """The document of a feed that :func:`carry` made, without entries, by feedgen."""
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


_WRITING = Writing(write=write, plain=str, date=rfc3339, end=b"</feed>")


def finish(feed: Feed, element: Element) -> None:
    """Add to the document of a feed what feedgen has no method for."""
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


def entry(post: Post) -> bytes:
    """The entry of a post: first what feedgen has methods for, as it would write it."""
    before = [
        f"  <entry{attributes(('xml:lang', post.language))}>",
        f"    <id>{in_text(post.id)}</id>",
        f"    <title>{in_text(post.title)}</title>",
    ]
    if post.updated:
        before.append(f"    <updated>{rfc3339(post.updated)}</updated>")
    before += _people("    ", "author", post.authors)
    content = b""
    if post.content:
        content = long_line('    <content type="html">', post.content, "</content>")
    after = []
    if post.summary:
        # HTML that stands alone would be the content
        text, kind = as_html(post.summary) if post.content else (post.summary, "")
        after.append(f"    <summary{attributes(('type', kind))}>{in_text(text)}</summary>")
    after += [f'    <category term="{in_value(label)}"/>' for label in post.tags]
    after += _people("    ", "contributor", post.contributors)
    if post.published:
        after.append(f"    <published>{rfc3339(post.published)}</published>")
    if post.rights:
        after.append(f"    <rights>{in_text(post.rights)}</rights>")
    after += _rest(post)
    after.append("  </entry>")
    return b"".join((lines(before), content, lines(after)))


def _rest(post: Post) -> Iterator[str]:
    """What feedgen has no method for, or loses."""
    for rel, href, kind in (
        ("alternate", post.url, ""),
        ("replies", post.comments, "text/html"),
        ("via", post.via, ""),
        ("related", post.related, ""),
    ):
        if href:
            yield f"    <link{attributes(('rel', rel), ('href', href), ('type', kind))}/>"
    for one in post.enclosures:
        said = attributes(
            ("rel", "enclosure"),
            ("href", one.url),
            ("type", one.type),
            ("length", written(one.length)),
            ("title", one.title),
        )
        yield f"    <link{said}/>"
    if post.in_reply_to:
        yield f'    <thr:in-reply-to ref="{in_value(post.in_reply_to)}"/>'
    if post.image:
        yield f'    <media:thumbnail url="{in_value(post.image)}"/>'
    if post.origin:
        yield from _source(post.origin)


def _people(indent: str, name: str, people: Sequence[Person]) -> Iterator[str]:
    for someone in people:
        yield f"{indent}<{name}>"
        yield f"{indent}  <name>{in_text(someone.name)}</name>"
        if someone.email:
            yield f"{indent}  <email>{in_text(someone.email)}</email>"
        if someone.url:
            yield f"{indent}  <uri>{in_text(someone.url)}</uri>"
        yield f"{indent}</{name}>"


def _source(origin: Origin) -> Iterator[str]:
    """Where the entry came from (§4.2.11); never that feed's self link or hub."""
    yield "    <source>"
    yield f"      <id>{in_text(origin.id)}</id>"
    yield f"      <title>{in_text(origin.title)}</title>"
    if origin.updated:
        yield f"      <updated>{rfc3339(origin.updated)}</updated>"
    if origin.url:
        yield f'      <link rel="alternate" href="{in_value(origin.url)}"/>'
    yield from _people("      ", "author", origin.authors)
    for name, text in (
        ("subtitle", origin.subtitle),
        ("icon", origin.icon),
        ("logo", origin.image),
        ("rights", origin.rights),
    ):
        if text:
            yield f"      <{name}>{in_text(text)}</{name}>"
    yield "    </source>"
