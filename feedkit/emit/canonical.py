"""The Feed as every format can carry it: legal text, web addresses, no gaps."""

import html
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from feedkit._html import collapse, excerpt, players_to_links, to_text
from feedkit._ids import is_absolute, urn
from feedkit._urls import web_url, without_scheme
from feedkit._xml import language_tag, legal, media_type
from feedkit.errors import RenderError
from feedkit.model import Feed, Post
from feedkit.parts import Enclosure, Origin, Person

_TITLE_LENGTH = 80


def canonical(feed: Feed, *, content: str = "full", embeds: str = "link") -> Feed:
    """The feed with all that a document needs, and nothing a document can't hold.

    :raise RenderError: when neither the feed nor its posts have a date.
    """
    feed = _legal(feed)
    if feed.changed is None:
        raise RenderError(
            "a feed needs a date: its own, or one of a post",
            key="updated",
            source=feed.title or None,
        )
    base = web_url(feed.url) or web_url(feed.feed_url)
    feed_url = web_url(feed.feed_url, base)
    url = web_url(feed.url, base)
    title = collapse(feed.title) or without_scheme(url or feed_url) or feed.id or "Untitled"
    feed_id = next(filter(is_absolute, (feed.id, feed_url, url)), "") or urn("feed", title)
    posts: dict[str, Post] = {}
    for post in feed.posts:
        if post.id not in posts:
            posts[post.id] = _post(post, feed, base, content, embeds)
    return replace(
        feed,
        id=feed_id,
        title=title,
        url=url,
        feed_url=feed_url,
        authors=_people(feed.authors, base),
        tags=_labels(feed.tags),
        image=web_url(feed.image, base),
        icon=web_url(feed.icon, base),
        hub=web_url(feed.hub),
        next_url=web_url(feed.next_url, base),
        previous_url=web_url(feed.previous_url, base),
        language=language_tag(feed.language),
        updated=feed.changed,
        posts=tuple(posts.values()),
    )


def _post(post: Post, feed: Feed, base: str, policy: str, embeds: str) -> Post:
    url = web_url(post.url, base)
    content, summary = post.content, post.summary
    if policy == "excerpt":
        content, summary = "", excerpt(summary or to_text(content))
    elif embeds == "link":
        content = players_to_links(content)
    title = (
        collapse(post.title) or excerpt(summary or to_text(content), _TITLE_LENGTH) or "Untitled"
    )
    if not (url or content):
        content, summary = html.escape(summary or title, quote=False), ""
    return replace(
        post,
        url=url,
        title=title,
        content=content,
        summary=summary,
        authors=_people(post.authors, base),
        contributors=_people(post.contributors, base),
        tags=_labels(post.tags),
        updated=post.changed or feed.changed,
        image=web_url(post.image, base),
        language=language_tag(post.language),
        enclosures=_enclosures(post.enclosures, base),
        comments=web_url(post.comments, base),
        in_reply_to=post.in_reply_to if is_absolute(post.in_reply_to) else "",
        via=web_url(post.via, base),
        origin=_origin(post.origin) if post.origin else None,
    )


def _people(people: Any, base: str) -> tuple[Person, ...]:
    """Only people who can be named, each with a name."""
    return tuple(
        replace(
            person, name=person.name or person.email or person.url, url=web_url(person.url, base)
        )
        for person in people
        if person.name or person.email or person.url
    )


def _labels(labels: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (" ".join(label.split()) for label in labels))))


def _enclosures(enclosures: Any, base: str) -> tuple[Enclosure, ...]:
    return tuple(
        replace(enclosure, url=url, type=media_type(enclosure.type))
        for enclosure in enclosures
        if (url := web_url(enclosure.url, base))
    )


def _origin(origin: Origin) -> Origin | None:
    kept = replace(
        origin,
        id=origin.id if is_absolute(origin.id) else "",
        url=web_url(origin.url),
        feed_url=web_url(origin.feed_url),
        authors=_people(origin.authors, ""),
    )
    return kept if kept.id or kept.title or kept.url or kept.feed_url else None


def _legal(value: Any) -> Any:
    """A value with every text in it made XML-legal; the same value when all are."""
    if isinstance(value, str):
        return legal(value)
    if isinstance(value, tuple):
        items = tuple(map(_legal, value))
        return value if all(map(_same, items, value)) else items
    if isinstance(value, Struct):
        changed = {
            name: mended
            for name in value.__struct_fields__
            if not _same(mended := _legal(stated := getattr(value, name)), stated)
        }
        return replace(value, **changed) if changed else value
    return value


def _same(one: Any, other: Any) -> bool:
    return one is other or (isinstance(one, str) and one == other)
