"""Feed → document: its head, and the entries of its posts, written when they are not known."""

from collections.abc import Sequence, Set
from typing import Protocol

from msgspec import Struct

from feedkit._urls import web_url
from feedkit._xml import language_tag
from feedkit.emit.altered import altered
from feedkit.emit.heads import Head
from feedkit.emit.known import Entry, Known, KnownPost, Place
from feedkit.emit.mending import mended_feed
from feedkit.emit.repairs import Repairs
from feedkit.errors import RenderError
from feedkit.model import Feed, Post, Problem


class Module(Protocol):
    """What a format is made of.

    The entry of a post is the same bytes in every feed. What it can't do
    without in a document around it, it needs the feed to say.
    """

    DATED: bool
    """Whether it asks for a date."""
    NEEDS_OF_NONE: frozenset[str]
    """What a document without any entry must say."""

    def carry(self, feed: Feed, needs: Set[str]) -> Feed:
        """A canonical feed as the format can carry it; its posts stay.

        :param needs: what its posts need of it.
        """

    def carry_post(self, post: Post) -> Post:
        """A canonical post as the format can carry it."""

    def needs(self, post: Post) -> frozenset[str]:
        """What the entry of a carried post needs its feed to say."""

    def head(self, feed: Feed, needs: Set[str]) -> Head:
        """What stands around the entries of a carried feed.

        :param needs: what its posts need of it.
        """

    def entry(self, post: Post) -> bytes:
        """A carried post, as it stands among others."""

    def join(self, head: Head, entries: Sequence[bytes]) -> bytes:
        """The document of a feed: its head, and the entries of its posts."""


class _Mended(Struct):
    """A feed as every format can carry it."""

    head: Feed
    posts: tuple[KnownPost, ...]
    repairs: tuple[Problem, ...]

    def dated(self, known: KnownPost) -> Post:
        """One of its posts; without a date of its own it has the feed's."""
        post = known.mended
        return post if post.updated else altered(post, updated=self.head.updated)


def carried(feed: Feed, module: Module, known: Known) -> tuple[Feed, Set[str]]:
    """A feed as a format can carry it, and what its posts need of it.

    Written as a whole, they are the document that :func:`spliced` gives, to the byte.

    :param known: the posts that were mended for other feeds.
    :raise RenderError: when the format asks for a date, and there is none.
    """
    mended = _mended(feed, module, known)
    posts = tuple(module.carry_post(mended.dated(post)) for post in mended.posts)
    needs = frozenset[str]().union(*map(module.needs, posts)) if posts else module.NEEDS_OF_NONE
    return module.carry(altered(mended.head, posts=posts), needs), needs


def spliced(
    feed: Feed, name: str, module: Module, known: Known
) -> tuple[bytes, tuple[Problem, ...]]:
    """The document of a feed, and what had to be mended or left out for it.

    :param name: what its entries are kept under.
    :param known: the posts that were mended and rendered for other feeds.
    :raise RenderError: when the format asks for a date, and there is none.
    """
    mended = _mended(feed, module, known)
    head = mended.head
    if mended.posts:
        undated: Place = (name, head.updated) if head.updated else name
        entries = [
            post.entries.get(name if post.updated else undated)
            or _entry(mended, post, name if post.updated else undated, module, known)
            for post in mended.posts
        ]
        data, needed = zip(*entries, strict=True)
        needs = frozenset[str]().union(*set(needed))
    else:
        data, needs = (), module.NEEDS_OF_NONE
    written = module.head(module.carry(head, needs), needs)
    return module.join(written, data), mended.repairs


def _entry(mended: _Mended, post: KnownPost, place: Place, module: Module, known: Known) -> Entry:
    """The entry of a post that is not known in this place yet."""
    carried = module.carry_post(mended.dated(post))
    entry = Entry(module.entry(carried), module.needs(carried))
    known.keep(post, place, entry)
    return entry


def _mended(feed: Feed, module: Module, known: Known) -> _Mended:
    # feeds of one run mostly share these
    stated = (feed.url, feed.language, feed.authors)
    sound = stated == known.sound
    base = feed.url if sound else web_url(feed.url) or web_url(feed.feed_url)
    language = feed.language if sound else language_tag(feed.language)
    posts = known.posts(feed.posts, base, language)
    repairs = Repairs(base, "feed")
    head = mended_feed(feed, posts.newest, repairs, sound=sound)
    if feed.url and feed.url == base and stated == (head.url, head.language, head.authors):
        known.sound = stated
    if head.updated is None and module.DATED:
        raise RenderError(
            "a feed needs a date: its own, or one of a post",
            key="updated",
            source=head.title or None,
        )
    return _Mended(head, posts.posts, (*repairs.done, *posts.repairs))
