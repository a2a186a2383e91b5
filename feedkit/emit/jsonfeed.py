"""Feed → JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).

What the format has for each field of the model, and what it has none for:

    Feed
    title                           title
    url                             home_page_url
    feed_url                        feed_url
    subtitle                        description
    next_url                        next_url, unless it is the feed itself
    image                           icon
    icon                            favicon
    authors                         authors: name, url, avatar; the e-mail address is the url of
                                    those who have no other
    language                        language
    hub                             hubs, as WebSub
    posts                           items
    id, tags, rights, generator, updated, ttl, skip_hours, skip_days, show, first_url,
    previous_url, last_url, current_url, older_archive_url, newer_archive_url, archive,
    complete                                                                 nothing

    Post
    id                              id
    url                             url
    related                         external_url
    title                           title
    content                         content_html; without one the summary, else the title
    summary                         summary
    image                           image
    published                       date_published
    updated                         date_modified, unless it is the same
    authors                         authors; without any, those of the origin, or its title
    tags                            tags
    language                        language, unless it is the feed's
    enclosures                      attachments: url, mime_type, title, size_in_bytes,
                                    duration_in_seconds
    episode                         only its duration, as the first attachment's
    contributors, seen, rights, comments, in_reply_to, via, origin           nothing
"""

import html
from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from feedkit._dates import rfc3339
from feedkit._people import titled
from feedkit.emit.heads import Head
from feedkit.model import Feed, Post
from feedkit.parts import Enclosure, Person

DATED = False
NEEDS_OF_NONE = frozenset[str]()
VERSION = "https://jsonfeed.org/version/1.1"

_ITEMS = b'\n  "items": ['
_START, _END = b"{" + _ITEMS, b"\n  ]\n}\n"
_UNKNOWN_TYPE = "application/octet-stream"


def carry(feed: Feed, _needs: Set[str]) -> Feed:
    """A canonical feed as JSON Feed can carry it; its posts stay."""
    return Feed(
        title=feed.title,
        url=feed.url,
        feed_url=feed.feed_url,
        subtitle=feed.subtitle,
        # "must not be the same as feed_url"
        next_url=feed.next_url if feed.next_url != feed.feed_url else "",
        image=feed.image,
        icon=feed.icon,
        authors=_people(feed.authors),
        language=feed.language,
        hub=feed.hub,
        posts=feed.posts,
    )


def carry_post(post: Post) -> Post:
    """A canonical post as JSON Feed can carry it."""
    authors = post.authors
    if post.origin and not authors:
        title = post.origin.title
        authors = post.origin.authors or ((titled(title),) if title else ())
    content, summary = post.content, post.summary
    if not content:
        content, summary = html.escape(summary or post.title, quote=False), ""
    return Post(
        id=post.id,
        url=post.url,
        related=post.related,
        title=post.title,
        content=content,
        summary=summary,
        image=post.image,
        published=post.published,
        updated=post.updated if post.updated != post.published else None,
        authors=_people(authors),
        tags=post.tags,
        language=post.language,
        enclosures=_enclosures(post),
    )


def needs(_post: Post) -> frozenset[str]:
    """What a post that :func:`carry_post` made needs of its feed: nothing."""
    return frozenset()


def _people(people: Iterable[Person]) -> tuple[Person, ...]:
    """The e-mail address only of those whose ``url`` it can be."""
    carried = (replace(person, email="" if person.url else person.email) for person in people)
    return tuple(dict.fromkeys(carried))


def _enclosures(post: Post) -> tuple[Enclosure, ...]:
    length = post.episode.duration if post.episode else None
    return tuple(
        replace(
            enclosure,
            type=enclosure.type or _UNKNOWN_TYPE,
            duration=length if enclosure.duration is None and place == 0 else enclosure.duration,
        )
        for place, enclosure in enumerate(post.enclosures)
    )


def head(feed: Feed, _needs: Set[str]) -> Head:
    """What stands around the items of a feed that :func:`carry` made."""
    before, _, behind = write(feed, ()).partition(_ITEMS)
    return before + _ITEMS, behind


def entry(post: Post) -> bytes:
    """The item of a post."""
    return _written({"items": [_item(post)]})[len(_START) : -len(_END)]


def join(head: Head, entries: Iterable[bytes]) -> bytes:
    """A document of a head and items."""
    before, behind = head
    items = b",".join(entries)
    return before + items + _END if items else before + behind


def write(feed: Feed, posts: Sequence[Post]) -> bytes:
    """The document of a feed and posts, as a whole: members in the specification's order."""
    document = _filled(
        version=VERSION,
        title=feed.title,
        home_page_url=feed.url,
        feed_url=feed.feed_url,
        description=feed.subtitle,
        next_url=feed.next_url,
        icon=feed.image,
        favicon=feed.icon,
        authors=[_author(person) for person in feed.authors],
        language=feed.language,
        hubs=[{"type": "WebSub", "url": feed.hub}] if feed.hub else [],
    )
    document["items"] = [_item(post) for post in posts]
    return _written(document)


def _written(document: dict[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _item(post: Post) -> dict[str, Any]:
    return _filled(
        id=post.id,
        url=post.url,
        external_url=post.related,
        title=post.title,
        content_html=post.content,
        summary=post.summary,
        image=post.image,
        date_published=_date(post.published),
        date_modified=_date(post.updated),
        authors=[_author(person) for person in post.authors],
        tags=post.tags,
        language=post.language,
        attachments=[
            _filled(
                url=enclosure.url,
                mime_type=enclosure.type,
                title=enclosure.title,
                size_in_bytes=enclosure.length,
                duration_in_seconds=enclosure.duration,
            )
            for enclosure in post.enclosures
        ],
    )


def _author(person: Person) -> dict[str, Any]:
    return _filled(
        name=person.name,
        url=person.url or (f"mailto:{quote(person.email, safe='@')}" if person.email else ""),
        avatar=person.avatar,
    )


def _date(moment: datetime | None) -> str:
    return rfc3339(moment) if moment else ""


def _filled(**members: Any) -> dict[str, Any]:
    """The members that have a value; nought is one."""
    return {name: value for name, value in members.items() if value or type(value) is int}
