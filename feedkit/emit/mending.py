"""The Feed as every format can carry it: no gaps, and nothing that a document can't hold.

Beside the rules of :mod:`feedkit.emit.repairs`:

- A feed without a title is called by its address; without an id, its own
  address, else its site's, is its id. Without a date it is no Atom and no RSS feed.
- A post with the id of one before it is left out. One without a title is
  called by the beginning of its text; one without a text has its title as
  text, and one without link and content has its summary as content.
- A file without a type has the one that its name stands for.
- A post's ``updated`` is its last change; without any date it is the feed's.
- A feed that holds all posts there are has no other pages.
"""

import html
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from feedkit._html import excerpt, players_to_links, to_text
from feedkit._ids import is_absolute, urn
from feedkit._urls import without_scheme
from feedkit.emit import podcast
from feedkit.emit.altered import altered
from feedkit.emit.file_types import type_by_name
from feedkit.emit.repairs import Repairs
from feedkit.model import Feed, Post
from feedkit.parts import Enclosure, Origin

_TITLE_LENGTH = 80
_PAGES = ("first_url", "previous_url", "next_url", "last_url")
_ENDS = (("first_url", "previous_url"), ("last_url", "next_url"))
_ARCHIVES = ("current_url", "older_archive_url", "newer_archive_url")
_seldom = attrgetter(
    *("image", "icon", "rights", "generator", "hub", "ttl", "archive", "show"),
    *("problems", "repeated", *_PAGES, *_ARCHIVES),
)


def mended_feed(
    feed: Feed, newest: datetime | None, repairs: Repairs, *, sound: bool = False
) -> Feed:
    """The feed as every format can carry it, without its posts.

    :param newest: the last change among its posts.
    :param repairs: what is done to it is kept there.
    :param sound: whether its site, language and authors are known to be as they should.
    """
    url = feed.url if sound else repairs.address("url", feed.url)
    feed_url = repairs.address("feed_url", feed.feed_url)
    stated_id = repairs.uri("id", feed.id.strip())
    title = repairs.text("title", feed.title)
    title = title or without_scheme(url or feed_url) or stated_id or "Untitled"
    said: dict[str, Any] = {}
    # most feeds have none of these
    seldom = any(_seldom(feed))
    if seldom:
        said |= _pages(feed, feed_url, repairs)
    said |= {
        "id": stated_id or next(filter(is_absolute, (feed_url, url)), "") or urn("feed", title),
        "title": title,
        "url": url,
        "feed_url": feed_url,
        "subtitle": repairs.text("subtitle", feed.subtitle),
        "language": feed.language if sound else repairs.language(feed.language),
        "authors": feed.authors if sound else repairs.people("authors", feed.authors),
        "tags": repairs.labels("tags", feed.tags),
        "posts": (),
    }
    if seldom:
        said |= {
            "image": repairs.address("image", feed.image),
            "icon": repairs.address("icon", feed.icon),
            "rights": repairs.text("rights", feed.rights),
            "generator": repairs.text("generator", feed.generator),
        }
    said["updated"] = repairs.moment("updated", feed.updated) or newest
    if seldom:
        said |= {
            "hub": repairs.address("hub", feed.hub),
            "ttl": repairs.number("ttl", feed.ttl),
            "archive": feed.archive and not feed.complete,
            "show": podcast.mended_show(feed.show, repairs) if feed.show else None,
            "problems": (),
            "repeated": (),
        }
    return altered(feed, **said)


def _pages(feed: Feed, feed_url: str, repairs: Repairs) -> dict[str, str]:
    """The addresses of its other pages.

    :param feed_url: its own, mended.
    """
    pages = {
        name: repairs.address(name, stated)
        for name in (*_PAGES, *_ARCHIVES)
        if (stated := getattr(feed, name))
    }
    for end, beyond in _ENDS if pages else ():
        if feed_url and pages.get(end) == feed_url and pages.get(beyond):
            repairs.note(beyond, "nothing is beyond the end of the list; left out")
            pages[beyond] = ""
    if feed.complete and any(pages.values()):
        repairs.note("complete", "a feed that holds all posts has no other pages; left out")
        pages = dict.fromkeys(pages, "")
    return pages


def mended_post(
    post: Post, language_of_feed: str, repairs: Repairs, policy: str, embeds: str
) -> Post:
    """The post as every format can carry it; one without any date has none.

    :param language_of_feed: its language is said only when it is another.
    :param repairs: what is done to it is kept there.
    :param policy: ``"full"`` for a whole body, ``"excerpt"`` for its beginning.
    :param embeds: ``"link"`` to make players inside it links, ``"keep"`` to keep them.
    """
    content = repairs.markup("content", post.content)
    summary = repairs.text("summary", post.summary)
    if policy == "excerpt":
        content, summary = "", excerpt(summary or to_text(content))
    elif embeds == "link":
        content = players_to_links(content)
    url = repairs.address("url", post.url)
    title = repairs.text("title", post.title)
    if not title:
        title = excerpt(summary or to_text(content), _TITLE_LENGTH) or "Untitled"
        repairs.note("title", "there is none; the beginning of its text stands for it")
    if not (content or summary):
        summary = title
    if not (content or url):
        # an entry without a link needs a content (RFC 4287 §4.1.2)
        content, summary = html.escape(summary, quote=False), ""
    published = repairs.moment("published", post.published)
    updated = repairs.moment("updated", post.updated)
    language = repairs.language(post.language)
    return altered(
        post,
        url=url,
        title=title,
        content=content,
        summary=summary,
        authors=repairs.people("authors", post.authors),
        contributors=repairs.people("contributors", post.contributors),
        tags=repairs.labels("tags", post.tags),
        published=published,
        updated=max(filter(None, (published, updated)), default=None)
        or repairs.moment("seen", post.seen),
        seen=None,
        image=repairs.address("image", post.image),
        enclosures=_enclosures(post.enclosures, repairs),
        episode=podcast.mended_episode(post.episode, repairs) if post.episode else None,
        language="" if language.lower() == language_of_feed.lower() else language,
        rights=repairs.text("rights", post.rights),
        comments=repairs.address("comments", post.comments),
        in_reply_to=repairs.uri("in_reply_to", post.in_reply_to),
        via=repairs.address("via", post.via),
        related=repairs.address("related", post.related),
        origin=_origin(post.origin, repairs) if post.origin else None,
    )


def _enclosures(enclosures: Sequence[Enclosure], repairs: Repairs) -> tuple[Enclosure, ...]:
    """Only files that can be fetched, each once."""
    found: dict[str, Enclosure] = {}
    for enclosure in enclosures:
        url = repairs.address("enclosure", enclosure.url)
        if url and url not in found:
            found[url] = altered(
                enclosure,
                url=url,
                type=repairs.media_type("enclosure.type", enclosure.type) or type_by_name(url),
                length=repairs.number("enclosure.length", enclosure.length),
                title=repairs.text("enclosure.title", enclosure.title),
                duration=repairs.seconds("enclosure.duration", enclosure.duration),
            )
    return tuple(found.values())


def _origin(origin: Origin, repairs: Repairs) -> Origin | None:
    """What is said of the feed a post came from; its addresses are relative to nothing here."""
    kept = altered(
        origin,
        id=repairs.uri("origin.id", origin.id),
        title=repairs.text("origin.title", origin.title),
        url=repairs.address("origin.url", origin.url, ""),
        feed_url=repairs.address("origin.feed_url", origin.feed_url, ""),
        subtitle=repairs.text("origin.subtitle", origin.subtitle),
        authors=repairs.people("origin.authors", origin.authors, ""),
        image=repairs.address("origin.image", origin.image, ""),
        icon=repairs.address("origin.icon", origin.icon, ""),
        rights=repairs.text("origin.rights", origin.rights),
        updated=repairs.moment("origin.updated", origin.updated),
    )
    return kept if kept.id or kept.title or kept.url or kept.feed_url else None
