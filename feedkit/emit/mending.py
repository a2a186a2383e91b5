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

from msgspec.structs import replace

from feedkit._html import excerpt, players_to_links, to_text
from feedkit._ids import is_absolute, urn
from feedkit._urls import web_url, without_scheme
from feedkit.emit import podcast
from feedkit.emit.file_types import type_by_name
from feedkit.emit.repairs import Repairs
from feedkit.errors import RenderError
from feedkit.model import Feed, Post, Problem
from feedkit.parts import Enclosure, Origin

_TITLE_LENGTH = 80
_PAGES = ("first_url", "previous_url", "next_url", "last_url")
_ARCHIVES = ("current_url", "older_archive_url", "newer_archive_url")


class Known:
    """Posts that were mended for one feed, for the next that holds them.

    :param content: ``"full"`` for whole bodies, ``"excerpt"`` for their beginnings.
    :param embeds: ``"link"`` to make players inside bodies links, ``"keep"`` to keep them.
    """

    def __init__(self, content: str = "full", embeds: str = "link") -> None:
        self._content = content
        self._embeds = embeds
        # each with the post it was made of, whose identity is the key
        self._mended: dict[tuple[int, str, str], tuple[Post, Post, tuple[Problem, ...]]] = {}

    def mended(self, post: Post, base: str, language: str) -> tuple[Post, tuple[Problem, ...]]:
        """The post as every format can carry it, and what was done to it.

        :param base: the address that its relative ones are relative to.
        :param language: the language of its feed.
        """
        key = (id(post), base, language)
        if key not in self._mended:
            repairs = Repairs(base, post.id)
            mended = _post(post, language, repairs, self._content, self._embeds)
            self._mended[key] = (post, mended, repairs.done)
        return self._mended[key][1:]


def repaired(feed: Feed, known: Known, *, dated: bool) -> tuple[Feed, tuple[Problem, ...]]:
    """The feed as every format can carry it, and what had to be mended or left out.

    :param known: posts that were mended before.
    :param dated: whether the format asks for a date.
    :raise RenderError: when it does, and neither the feed nor its posts have one.
    """
    repairs = Repairs(web_url(feed.url) or web_url(feed.feed_url), "feed")
    feed = _without_posts(feed, repairs)
    posts = _posts(feed, repairs, known)
    changed = feed.updated or max((post.updated for post in posts if post.updated), default=None)
    if changed is None and dated:
        raise RenderError(
            "a feed needs a date: its own, or one of a post",
            key="updated",
            source=feed.title or None,
        )
    posts = tuple(post if post.updated else replace(post, updated=changed) for post in posts)
    return replace(feed, updated=changed, posts=posts, problems=(), repeated=()), repairs.done


def _without_posts(feed: Feed, repairs: Repairs) -> Feed:
    """The feed with all but its posts mended."""
    url = repairs.address("url", feed.url)
    feed_url = repairs.address("feed_url", feed.feed_url)
    stated_id = repairs.uri("id", feed.id.strip())
    title = repairs.text("title", feed.title)
    title = title or without_scheme(url or feed_url) or stated_id or "Untitled"
    pages = {name: repairs.address(name, getattr(feed, name)) for name in (*_PAGES, *_ARCHIVES)}
    for end, beyond in (("first_url", "previous_url"), ("last_url", "next_url")):
        if pages[end] and pages[end] == feed_url and pages[beyond]:
            repairs.note(beyond, "nothing is beyond the end of the list; left out")
            pages[beyond] = ""
    if feed.complete and any(pages.values()):
        repairs.note("complete", "a feed that holds all posts has no other pages; left out")
        pages = dict.fromkeys(pages, "")
    return replace(
        feed,
        **pages,
        id=next(filter(is_absolute, (stated_id, feed_url, url)), "") or urn("feed", title),
        title=title,
        url=url,
        feed_url=feed_url,
        subtitle=repairs.text("subtitle", feed.subtitle),
        language=repairs.language(feed.language),
        authors=repairs.people("authors", feed.authors),
        tags=repairs.labels("tags", feed.tags),
        image=repairs.address("image", feed.image),
        icon=repairs.address("icon", feed.icon),
        rights=repairs.text("rights", feed.rights),
        generator=repairs.text("generator", feed.generator),
        updated=repairs.moment("updated", feed.updated),
        hub=repairs.address("hub", feed.hub),
        ttl=repairs.number("ttl", feed.ttl),
        archive=feed.archive and not feed.complete,
        show=podcast.mended_show(feed.show, repairs) if feed.show else None,
    )


def _posts(feed: Feed, repairs: Repairs, known: Known) -> tuple[Post, ...]:
    posts: dict[str, Post] = {}
    for post in feed.posts:
        if post.id in posts:
            repairs.note("id", "a second post with this id was left out", subject=post.id)
            continue
        posts[post.id], done = known.mended(post, repairs.base, feed.language)
        repairs.also(done)
    return tuple(posts.values())


def _post(post: Post, language_of_feed: str, repairs: Repairs, policy: str, embeds: str) -> Post:
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
    return replace(
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
            found[url] = replace(
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
    kept = replace(
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
