"""Feed → RSS 2.0 (RSS Advisory Board), through feedgen.

RSS carries no id and no icon of a feed, of people no addresses of pages or
pictures, and of a post's origin only title and own address. What it asks for
and is not there is filled, and what it has one place for goes into that:

- The channel's link is its site, else its own address, else its id, else a
  ``urn:uuid`` over its title; its description is the subtitle, else the title.
- A summary without a content is the content: both are the ``description``.
- A post is published when it was updated, if it does not say when.
- The only author is an ``author`` (``managingEditor`` of the channel) when an
  e-mail address is known; all others are a ``dc:creator``, by name.
- A post without authors has those of its origin.
- The first enclosure is an ``enclosure``, which has a type and a length; the
  rest, and what else is known of the first, is ``media:content``.
"""

import html
import re
from collections.abc import Iterable, Sequence
from functools import partial

from msgspec.structs import replace

from feedkit._dates import rfc822, rfc3339
from feedkit._ids import urn
from feedkit._urls import web_url
from feedkit._xml import ATOM, DC, HISTORY, ITUNES, MEDIA, PODCAST, PSC, THREADING
from feedkit.emit.generator import (
    GENERATOR,
    Element,
    add,
    add_of,
    escaped,
    new_entry,
    new_feed,
    written,
)
from feedkit.emit.podcast import add_episode, add_show
from feedkit.model import WEEKDAYS, Feed, Post
from feedkit.parts import Enclosure, Origin, Person

_TYPE = "application/rss+xml"
_UNKNOWN_TYPE = "application/octet-stream"
# what would not stand in brackets behind an address, or be taken for one
_UNFIT = re.compile(r"[()<>\[\]\"@,;:\\&?]")


def carry(feed: Feed) -> Feed:
    """A canonical feed as RSS can carry it."""
    return replace(
        feed,
        id="",
        url=feed.url or feed.feed_url or web_url(feed.id),
        subtitle=feed.subtitle or feed.title,
        authors=_carried_people(feed.authors),
        icon="",
        generator=GENERATOR,
        ttl=feed.ttl or None,
        skip_hours=sorted(set(feed.skip_hours)),
        skip_days=sorted(set(feed.skip_days), key=WEEKDAYS.index),
        show=replace(feed.show, explicit=bool(feed.show.explicit)) if feed.show else None,
        posts=tuple(map(_carried_post, feed.posts)),
    )


def _carried_post(post: Post) -> Post:
    content, summary = post.content, post.summary
    if not content:
        content, summary = html.escape(summary, quote=False), ""
    published = post.published or post.updated
    return replace(
        post,
        content=content,
        summary=summary,
        authors=_carried_people(post.authors or (post.origin.authors if post.origin else ())),
        contributors=_by_name(post.contributors),
        published=published,
        updated=None if post.updated == published else post.updated,
        enclosures=tuple(
            _carried_other(enclosure) if place else _carried_first(enclosure)
            for place, enclosure in enumerate(post.enclosures)
        ),
        origin=_carried_origin(post.origin) if post.origin else None,
    )


def _carried_people(people: Sequence[Person]) -> tuple[Person, ...]:
    if len(people) == 1 and people[0].email and _fits_behind_an_address(people[0].name):
        return (Person(name=people[0].name, email=people[0].email),)
    return _by_name(people)


def _fits_behind_an_address(name: str) -> bool:
    return not _UNFIT.search(name) and name[0].isalnum() and name[-1].isalnum()


def _by_name(people: Sequence[Person]) -> tuple[Person, ...]:
    return tuple(
        {someone.name.casefold(): Person(name=someone.name) for someone in people}.values()
    )


def _carried_first(enclosure: Enclosure) -> Enclosure:
    return replace(enclosure, type=enclosure.type or _UNKNOWN_TYPE, length=enclosure.length or 0)


def _carried_other(enclosure: Enclosure) -> Enclosure:
    # a size is a positive number there (Media RSS)
    return replace(enclosure, length=enclosure.length or None)


def _carried_origin(origin: Origin) -> Origin | None:
    if not origin.feed_url:
        return None
    return Origin(title=origin.title or origin.feed_url, feed_url=origin.feed_url)


def write(feed: Feed) -> bytes:
    """The document of a feed that :func:`carry` made."""
    generator = new_feed(_namespaces(feed), partial(_mend_channel, feed))
    # left set, it would be written through the process's locale
    generator._FeedGenerator__rss_lastBuildDate = None
    title = escaped(feed.title)
    generator.title(title)
    if feed.feed_url:
        generator.link({"rel": "self", "href": feed.feed_url, "type": _TYPE})
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
        entry = new_entry(generator, partial(_mend_item, post))
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


def _namespaces(feed: Feed) -> list[str]:
    """The namespaces its root declares: the usual, and those that are used."""
    episodes = [post.episode for post in feed.posts if post.episode]
    used = {
        HISTORY: feed.archive or feed.complete,
        ITUNES: feed.show or episodes,
        PODCAST: feed.show or any(one.transcripts or one.chapters_url for one in episodes),
        PSC: any(one.chapters for one in episodes),
    }
    return [DC, MEDIA, THREADING, *(namespace for namespace, use in used.items() if use)]


def _mend_channel(feed: Feed, channel: Element) -> None:
    if feed.updated:
        add(channel, "lastBuildDate", rfc822(feed.updated))
    # feedgen keeps them in sets, whose order is not always the same
    _add_list(channel, "skipHours", "hour", map(str, feed.skip_hours))
    _add_list(channel, "skipDays", "day", feed.skip_days)
    for rel, href in (
        ("hub", feed.hub),
        ("first", feed.first_url),
        ("previous", feed.previous_url),
        ("next", feed.next_url),
        ("last", feed.last_url),
        ("current", feed.current_url),
        ("prev-archive", feed.older_archive_url),
        ("next-archive", feed.newer_archive_url),
    ):
        if href:
            add_of(ATOM, channel, "link", rel=rel, href=href)
    if feed.archive:
        add_of(HISTORY, channel, "archive")
    if feed.complete:
        add_of(HISTORY, channel, "complete")
    _add_people(channel, "managingEditor", feed.authors)
    if feed.show:
        add_show(channel, feed, feed.show)


def _add_list(channel: Element, name: str, part: str, texts: Iterable[str]) -> None:
    parts = list(texts)
    if parts:
        parent = add(channel, name)
        for text in parts:
            add(parent, part, text)


def _mend_item(post: Post, item: Element) -> None:
    if post.published:
        add(item, "pubDate", rfc822(post.published))
    if post.updated:
        add_of(ATOM, item, "updated", rfc3339(post.updated))
    _add_people(item, "author", post.authors)
    for contributor in post.contributors:
        add_of(DC, item, "contributor", escaped(contributor.name))
    if post.rights:
        add_of(DC, item, "rights", escaped(post.rights))
    if post.language:
        add_of(DC, item, "language", post.language)
    for rel, href in (("via", post.via), ("related", post.related)):
        if href:
            add_of(ATOM, item, "link", rel=rel, href=href)
    for place, enclosure in enumerate(post.enclosures):
        if place or enclosure.title or enclosure.duration is not None:
            _add_media(item, enclosure)
    if post.image:
        add_of(MEDIA, item, "thumbnail", url=post.image)
    if post.in_reply_to:
        add_of(THREADING, item, "in-reply-to", ref=post.in_reply_to)
    if post.episode:
        add_episode(item, post, post.episode)
    if post.origin:
        add(item, "source", escaped(post.origin.title), url=post.origin.feed_url)


def _add_people(parent: Element, name: str, people: Sequence[Person]) -> None:
    for someone in people:
        if someone.email:
            add(parent, name, f"{someone.email} ({someone.name})")
        else:
            add_of(DC, parent, "creator", escaped(someone.name))


def _add_media(item: Element, enclosure: Enclosure) -> None:
    media = add_of(
        MEDIA,
        item,
        "content",
        url=enclosure.url,
        type=enclosure.type,
        fileSize=written(enclosure.length or None),
        duration=written(enclosure.duration),
    )
    if enclosure.title:
        add_of(MEDIA, media, "title", escaped(enclosure.title), type="plain")
