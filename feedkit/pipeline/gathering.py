"""What a document tells → what is known of posts: which are new, edited, gone, or another's.

A post keeps the id under which it was first published, whatever id its source
gives it later.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from feedkit._dates import is_far_ahead
from feedkit.config import Config, Source
from feedkit.emit.altered import altered
from feedkit.merging import is_edited, unambiguous_links, united
from feedkit.model import Feed, Post
from feedkit.parts import Origin
from feedkit.pipeline.packing import pack, unpack
from feedkit.store import DocumentState, Entry, Store

_Order = tuple[bool, int]


class _Moved(NamedTuple):
    """An entry that did not change, and what orders it among those of its document."""

    post: int
    id: str
    before: _Order
    after: _Order


def _order(entry: Entry) -> _Order:
    return not entry.held, entry.place


class Gathering:
    """Takes over what the documents of one build tell.

    :param config: how long posts are kept that documents no longer hold.
    :param store: what is known of posts.
    :param now: the time of the build.
    """

    def __init__(self, config: Config, store: Store, now: datetime) -> None:
        self._history = config.history
        self._posts = store.posts
        self._now = now
        self._forgotten, self._forgotten_links = store.posts.forgotten()

    def take(
        self,
        source: Source,
        document: DocumentState,
        feed: Feed,
        *,
        digest: bytes,
        stamp: str,
        reading: bytes,
        whole: bool,
    ) -> DocumentState:
        """Take over what a document of a source tells.

        :param document: what was known of it.
        :param feed: what it tells.
        :param digest: of its bytes.
        :param stamp: how its file looked, where that tells whether it changed.
        :param reading: of all else that decides how they are read.
        :param whole: whether what it no longer tells is gone; it is not, where it was cut off.
        :return: what is known of it now.
        """
        posts = _with_origin(_each_once(feed.posts), feed, source)
        held = self._posts.entries(document.number)
        links = unambiguous_links(posts)
        # what was taken down stays known as an entry: so that it is so after its source moved too
        posts = [
            post
            for post in posts
            if post.id in held or links.get(post.id) not in self._forgotten_links
        ]
        known = self._numbers(document.number, posts, held)
        # a document that is read in another way is not edited by that
        can_be_edited = document.reading == reading
        changed: list[Entry] = []
        edited: list[int] = []
        places: list[tuple[str, int]] = []
        moved: list[_Moved] = []
        for place, post in enumerate(posts):
            data, link = pack(post), links.get(post.id, "")
            before = held.pop(post.id, None)
            if before and (before.data, before.link) == (data, link):
                moved.append(_Moved(before.post, post.id, _order(before), (False, place)))
                if (before.place, before.held) != (place, True):
                    places.append((post.id, place))
                continue
            changed.append(Entry(post.id, known[post.id], place, True, link, data))
            if before and can_be_edited and self._is_edited(before, post):
                edited.append(before.post)
        self._posts.recount(document.number)
        self._posts.keep_repeated(document.number, {one.name: one.by_link for one in feed.repeated})
        self._posts.keep(document.number, changed)
        self._posts.place(document.number, places)
        self._posts.suspend(entry.post for entry in changed)
        self._posts.suspend(edited, edited_in=document.number)
        count = sum(known[post.id] not in self._forgotten for post in posts)
        lasts = bool(source.url) and not feed.complete
        for entry in held.values() if lasts or not whole else ():
            after = whole or not entry.held, entry.place
            moved.append(_Moved(entry.post, entry.id, _order(entry), after))
        self._posts.suspend(self._reordered(moved))
        if whole:
            self._leave(document.number, held, lasts=lasts)
        else:
            left = (entry for entry in held.values() if entry.post not in self._forgotten)
            count += sum(entry.held for entry in left)
        self.expire(document)
        # what was not taken over whole is read again
        digest, stamp = (digest, stamp) if whole else (b"", "")
        state = DocumentState(document.number, digest, reading, count, stamp)
        if state != document:
            self._posts.keep_document(state)
        return state

    def expire(self, document: DocumentState) -> None:
        """Let go of what a document told too long ago."""
        since = self._now - self._history.age if self._history.age else None
        beyond = self._posts.beyond(document.number, self._history.posts, since)
        if not beyond:
            return
        self._posts.recount(document.number)
        self._posts.suspend(entry.post for entry in beyond)
        self._posts.drop(document.number, (entry.id for entry in beyond))

    def _leave(self, document: int, gone: Mapping[str, Entry], *, lasts: bool) -> None:
        """Note which entries a document no longer holds."""
        left = [entry for entry in gone.values() if entry.held or not lasts]
        if lasts:
            self._posts.leave(document, (entry.id for entry in left))
            return
        self._posts.suspend(entry.post for entry in left)
        self._posts.drop(document, (entry.id for entry in left))

    def _reordered(self, moved: list[_Moved]) -> list[int]:
        """Of posts that did not change, those of one second that stand in another order now."""
        # in a document that was cut off two may have one place
        before, after = (
            sorted(moved, key=attrgetter(name, "post")) for name in ("before", "after")
        )
        if before == after:
            return []
        dates = self._posts.published({one.post for one in moved})
        # sorting is stable: those of one second stay in their order
        for some in (before, after):
            some.sort(key=lambda one: dates[one.post])
        return [old.post for old, new in zip(before, after, strict=True) if old != new]

    def _numbers(
        self, document: int, posts: Sequence[Post], held: dict[str, Entry]
    ) -> dict[str, int]:
        """The numbers of posts by their ids; entries that were renamed are so in ``held``."""
        known = {post_id: entry.post for post_id, entry in held.items()}
        strange = [post for post in posts if post.id not in known]
        if strange:
            known |= self._posts.numbers(post.id for post in strange)
            own = {entry.post for entry in held.values()}
            unknown = [
                post for post in strange if post.id not in known or known[post.id] not in own
            ]
            for old, name in self._back(posts, strange, known, held):
                self._rename(document, old, name, held)
            for old, name in self._renamed(posts, unknown, held):
                self._rename(document, old, name, held)
                known[name] = held[name].post
            new = [post.id for post in strange if post.id not in known]
            known |= self._posts.add(new, self._now)
        return known

    def _rename(self, document: int, old: str, name: str, held: dict[str, Entry]) -> None:
        self._posts.rename(document, old, name)
        held[name] = held.pop(old)._replace(id=name)

    def _back(
        self,
        posts: Sequence[Post],
        strange: Iterable[Post],
        known: Mapping[str, int],
        held: Mapping[str, Entry],
    ) -> list[tuple[str, str]]:
        """The entries that have an id again that their posts had: the last id and that one."""
        told = {post.id for post in posts}
        gone = {entry.post: entry.id for entry in held.values() if entry.id not in told}
        names = [(known[post.id], post.id) for post in strange if post.id in known]
        return [(gone.pop(number), name) for number, name in names if number in gone]

    def _renamed(
        self, posts: Sequence[Post], unknown: Sequence[Post], held: Mapping[str, Entry]
    ) -> list[tuple[str, str]]:
        """The entries that a document has under other ids now: the old id and the new."""
        told = {post.id for post in posts}
        last = [entry for entry in held.values() if entry.held]
        gone = {entry.id: unpack(entry.data) for entry in last if entry.id not in told}
        if not gone or not unknown:
            return []
        from feedkit.merging.moves import matched  # in most runs no post vanished

        # an entry that was renamed before holds the id that the post had then
        names = {post.id: name for name, post in gone.items()}
        kept = [post for post in posts if post.id in held]
        found = matched(list(gone.values()), unknown, held=len(last), kept=kept)
        return [(names[match.known], match.new) for match in found]

    def _is_edited(self, before: Entry, after: Post) -> bool:
        """Whether a post changed without saying so."""
        last = unpack(before.data)
        if (
            after.updated
            and after.updated != last.updated
            and not is_far_ahead(after.updated, self._now)
        ):
            return False
        return is_edited(last, after)


def _each_once(posts: Iterable[Post]) -> list[Post]:
    """One post for each id."""
    found: dict[str, list[Post]] = {}
    for post in posts:
        found.setdefault(post.id, []).append(post)
    return [same[0] if len(same) == 1 else united(same) for same in found.values()]


def _with_origin(posts: Iterable[Post], feed: Feed, source: Source) -> list[Post]:
    """Each saying where it came from; a list without address has no say."""
    feed_url = feed.feed_url or source.url
    if not (feed.id or feed.url or feed_url):
        return list(posts)
    origin = Origin(
        id=feed.id,
        title=feed.title,
        url=feed.url,
        feed_url=feed_url,
        authors=feed.authors,
        rights=feed.rights,
    )
    return [
        post
        if post.origin
        else altered(post, origin=origin, language=post.language or feed.language)
        for post in posts
    ]
