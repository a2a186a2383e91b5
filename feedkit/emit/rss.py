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
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import partial

from msgspec.structs import replace

from feedkit._dates import rfc822, rfc3339
from feedkit._ids import urn
from feedkit._urls import web_url
from feedkit._xml import ATOM, DC, HISTORY, ITUNES, MEDIA, PODCAST, PSC, THREADING
from feedkit.emit.altered import altered
from feedkit.emit.elements import attributes, in_text, in_value, lines, long_line
from feedkit.emit.generator import (
    GENERATOR,
    Element,
    add,
    add_of,
    escaped,
    new_feed,
    written,
)
from feedkit.emit.heads import Head, Writing, head_of, joined
from feedkit.emit.podcast_elements import add_show, episode_elements
from feedkit.model import WEEKDAYS, Feed, Post
from feedkit.parts import Enclosure, Origin, Person

DATED = True
NEEDS_OF_NONE = frozenset[str]()
_TYPE = "application/rss+xml"
_UNKNOWN_TYPE = "application/octet-stream"
# what would not stand in brackets behind an address, or be taken for one
_UNFIT = re.compile(r"[()<>\[\]\"@,;:\\&?]")


def carry(feed: Feed, _needs: Set[str]) -> Feed:
    """A canonical feed as RSS can carry it; its posts stay."""
    return altered(
        feed,
        id="",
        url=feed.url or feed.feed_url or web_url(feed.id),
        subtitle=feed.subtitle or feed.title,
        authors=_carried_people(feed.authors),
        icon="",
        generator=GENERATOR,
        ttl=feed.ttl or None,
        skip_hours=tuple(sorted(set(feed.skip_hours))),
        skip_days=tuple(sorted(set(feed.skip_days), key=WEEKDAYS.index)),
        show=replace(feed.show, explicit=bool(feed.show.explicit)) if feed.show else None,
    )


def carry_post(post: Post) -> Post:
    """A canonical post as RSS can carry it."""
    content, summary = post.content, post.summary
    if not content:
        content, summary = html.escape(summary, quote=False), ""
    published = post.published or post.updated
    return altered(
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


def needs(post: Post) -> frozenset[str]:
    """What a post that :func:`carry_post` made needs of its feed: namespaces beside the usual."""
    episode = post.episode
    if episode is None:
        return frozenset()
    used = {
        ITUNES: True,
        PODCAST: episode.transcripts or episode.chapters_url,
        PSC: episode.chapters,
    }
    return frozenset(namespace for namespace, use in used.items() if use)


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
    return altered(enclosure, type=enclosure.type or _UNKNOWN_TYPE, length=enclosure.length or 0)


def _carried_other(enclosure: Enclosure) -> Enclosure:
    # a size is a positive number there (Media RSS)
    return altered(enclosure, length=enclosure.length or None)


def _carried_origin(origin: Origin) -> Origin | None:
    if not origin.feed_url:
        return None
    return Origin(title=origin.title or origin.feed_url, feed_url=origin.feed_url)


def head(feed: Feed, needs: Set[str]) -> Head:
    """What stands around the items of a feed that :func:`carry` made."""
    return head_of(feed, needs, _WRITING)


join = joined


def write(feed: Feed, needs: Set[str]) -> bytes:
    """The document of a feed that :func:`carry` made, without items, by feedgen.

    :param needs: what its posts need of it.
    """
    generator = new_feed(_namespaces(feed, needs), partial(finish, feed))
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
    document: bytes = generator.rss_str(pretty=True)
    return document


_WRITING = Writing(write=write, plain=escaped, date=rfc822, end=b"</channel>")


def _namespaces(feed: Feed, needs: Set[str]) -> list[str]:
    """The namespaces its root declares: the usual, and those that are used."""
    used = {
        HISTORY: feed.archive or feed.complete,
        ITUNES: feed.show or ITUNES in needs,
        PODCAST: feed.show or PODCAST in needs,
        PSC: PSC in needs,
    }
    return [DC, MEDIA, THREADING, *(namespace for namespace, use in used.items() if use)]


def finish(feed: Feed, channel: Element) -> None:
    """Add to the channel of a feed what feedgen has no method for."""
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
    _add_people(channel, feed.authors)
    if feed.show:
        add_show(channel, feed, feed.show)


def _add_list(channel: Element, name: str, part: str, texts: Iterable[str]) -> None:
    parts = list(texts)
    if parts:
        parent = add(channel, name)
        for text in parts:
            add(parent, part, text)


def _add_people(channel: Element, people: Sequence[Person]) -> None:
    for someone in people:
        # escaped in both places, so that all feeds with such people are of one kind
        name = escaped(someone.name)
        if someone.email:
            add(channel, "managingEditor", f"{someone.email} ({name})")
        else:
            add_of(DC, channel, "creator", name)


def entry(post: Post) -> bytes:
    """The item of a post: first what feedgen has methods for, as it would write it."""
    before = ["    <item>", f"      <title>{in_text(escaped(post.title))}</title>"]
    if post.url:
        before.append(f"      <link>{in_text(post.url)}</link>")
    if post.summary:
        summary = in_text(html.escape(post.summary, quote=False))
        before.append(f"      <description>{summary}</description>")
    name = "content:encoded" if post.summary else "description"
    content = long_line(f"      <{name}>", post.content, f"</{name}>")
    permalink = "true" if post.id == post.url else "false"
    after = [f'      <guid isPermaLink="{permalink}">{in_text(post.id)}</guid>']
    after += [f"      <category>{in_text(escaped(label))}</category>" for label in post.tags]
    if post.comments:
        after.append(f"      <comments>{in_text(post.comments)}</comments>")
    for one in post.enclosures[:1]:
        url, kind = in_value(one.url), in_value(one.type)
        after.append(f'      <enclosure url="{url}" length="{written(one.length)}" type="{kind}"/>')
    after += _rest(post)
    after.append("    </item>")
    return b"".join((lines(before), content, lines(after)))


def _rest(post: Post) -> Iterator[str]:
    """What feedgen has no method for, or loses."""
    if post.published:
        yield f"      <pubDate>{rfc822(post.published)}</pubDate>"
    if post.updated:
        yield f"      <atom:updated>{rfc3339(post.updated)}</atom:updated>"
    for author in post.authors:
        if author.email:
            yield f"      <author>{in_text(f'{author.email} ({author.name})')}</author>"
        else:
            yield f"      <dc:creator>{in_text(escaped(author.name))}</dc:creator>"
    for contributor in post.contributors:
        yield f"      <dc:contributor>{in_text(escaped(contributor.name))}</dc:contributor>"
    if post.rights:
        yield f"      <dc:rights>{in_text(escaped(post.rights))}</dc:rights>"
    if post.language:
        yield f"      <dc:language>{in_text(post.language)}</dc:language>"
    for rel, href in (("via", post.via), ("related", post.related)):
        if href:
            yield f'      <atom:link rel="{rel}" href="{in_value(href)}"/>'
    for place, enclosure in enumerate(post.enclosures):
        if place or enclosure.title or enclosure.duration is not None:
            yield from _media(enclosure)
    if post.image:
        yield f'      <media:thumbnail url="{in_value(post.image)}"/>'
    if post.in_reply_to:
        yield f'      <thr:in-reply-to ref="{in_value(post.in_reply_to)}"/>'
    if post.episode:
        yield from episode_elements(post, post.episode)
    if post.origin:
        url, title = in_value(post.origin.feed_url), in_text(escaped(post.origin.title))
        yield f'      <source url="{url}">{title}</source>'


def _media(enclosure: Enclosure) -> Iterator[str]:
    said = attributes(
        ("url", enclosure.url),
        ("type", enclosure.type),
        ("fileSize", written(enclosure.length or None)),
        ("duration", written(enclosure.duration)),
    )
    if enclosure.title:
        title = in_text(escaped(enclosure.title))
        yield f"      <media:content{said}>"
        yield f'        <media:title type="plain">{title}</media:title>'
        yield "      </media:content>"
    else:
        yield f"      <media:content{said}/>"
