"""What a run has rendered of its posts: each once for each format, for all feeds that hold it."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from sys import getsizeof
from typing import NamedTuple

from msgspec import Struct

from feedkit.emit.mending import mended_post
from feedkit.emit.repairs import Repairs
from feedkit.model import Post, Problem
from feedkit.parts import Person

MAX_KNOWN = 128 * 1024 * 1024
"""How many bytes of posts and their entries are kept unless told otherwise."""

# what is kept of a post beside its long texts; 2,100 bytes were measured of one with three tags
_OVERHEAD = 2500
_Key = tuple[str, str, str]


Place = str | tuple[str, datetime]
"""Where an entry stands: its format, and the date of the feed where the post has none."""


class Entry(NamedTuple):
    """A post as it stands in the documents of one format."""

    data: bytes
    """Its bytes, as its format takes documents apart."""
    needs: frozenset[str]
    """What a document that holds it must say itself, in its format's words."""


class KnownPost:
    """A post within the feeds of one base and language: mended, and rendered so far.

    :param key: what it is found by.
    :param post: the post as it was given.
    :param mended: the post as every format can carry it; only a date may be missing.
    :param repairs: what was done to it.
    """

    __slots__ = ("entries", "key", "mended", "post", "repairs", "size", "updated")

    def __init__(self, key: _Key, post: Post, mended: Post, repairs: Sequence[Problem]) -> None:
        self.key = key
        self.post = post
        self.mended = mended
        self.updated = mended.updated
        self.repairs = repairs
        self.entries: dict[Place, Entry] = {}
        self.size = _OVERHEAD + getsizeof(post.content) + getsizeof(post.summary)
        if mended is not post:
            self.size += sum(
                getsizeof(text)
                for text, given in ((mended.content, post.content), (mended.summary, post.summary))
                if text is not given
            )


class KnownPosts(Struct, frozen=True):
    """The posts of one feed."""

    posts: tuple[KnownPost, ...]
    """Each id once: the first post that has it."""
    repairs: tuple[Problem, ...]
    """What was done to them, and which were left out."""
    newest: datetime | None
    """The last change among them."""


class Known:
    """Posts that were mended and rendered for one feed, for the next that holds them.

    One goes through all feeds of a run, and ends with it. A post is known again
    when an equal one comes, be it the same object or another, as long as the
    base and the language of its feed are the same; of two posts with one id
    only the later stays known. Two threads must not use it at the same time.

    :param content: ``"full"`` for whole bodies, ``"excerpt"`` for their beginnings.
    :param embeds: ``"link"`` to make players inside bodies links, ``"keep"`` to keep them.
    :param max_bytes: how many bytes of posts and their entries are kept; those
        that were not asked for the longest go first, but for the posts of the
        last feed. One that has gone is made anew when it is asked for, the same
        to the byte.
    """

    def __init__(
        self, content: str = "full", embeds: str = "link", *, max_bytes: int = MAX_KNOWN
    ) -> None:
        self._content = content
        self._embeds = embeds
        self._max_bytes = max_bytes
        self._size = 0
        self._posts: OrderedDict[_Key, KnownPost] = OrderedDict()
        self.sound: tuple[str, str, Sequence[Person]] | None = None
        """Site, language and authors of a feed of which nothing had to be mended."""
        self._last: tuple[Sequence[Post], str, str, KnownPosts] | None = None

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._size

    def posts(self, posts: Sequence[Post], base: str, language: str) -> KnownPosts:
        """What is known of the posts of a feed; those that are not known yet are mended.

        :param base: the address that their relative ones are relative to.
        :param language: the language of the feed.
        """
        last = self._last
        # a feed is mostly asked for in one format after the other
        if last and last[0] is posts and last[1:3] == (base, language):
            return last[3]
        repairs = Repairs(base, "post")
        found: dict[str, KnownPost] = {}
        for post in posts:
            name = post.id
            if name in found:
                repairs.note("id", "a second post with this id was left out", subject=name)
                continue
            known = found[name] = self.post(post, base, language)
            if known.repairs:
                repairs.also(known.repairs)
        newest = max(filter(None, [one.updated for one in found.values()]), default=None)
        result = KnownPosts(tuple(found.values()), repairs.done, newest)
        self._last = (posts, base, language, result)
        return result

    def post(self, post: Post, base: str, language: str) -> KnownPost:
        """What is known of a post; it is mended when it is not known yet.

        :param base: the address that its relative ones are relative to.
        :param language: the language of its feed.
        """
        key = (post.id, base, language)
        known = self._posts.get(key)
        if known is not None and (known.post is post or known.post == post):
            self._posts.move_to_end(key)
            return known
        if known is not None:
            self._size -= self._posts.pop(key).size
        repairs = Repairs(base, post.id)
        mended = mended_post(post, language, repairs, self._content, self._embeds)
        known = self._posts[key] = KnownPost(key, post, mended, repairs.done)
        self._grow(known.size)
        return known

    def keep(self, known: KnownPost, place: Place, entry: Entry) -> None:
        """Keep an entry of a post, unless the post is no longer known itself."""
        if self._posts.get(known.key) is known:
            known.entries[place] = entry
            size = getsizeof(entry.data)
            known.size += size
            self._grow(size)

    def _grow(self, size: int) -> None:
        self._size += size
        while self._size > self._max_bytes:
            _, oldest = self._posts.popitem(last=False)
            self._size -= oldest.size
