"""What is known of posts → the posts as feeds have them."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from heapq import nsmallest

from msgspec.structs import replace

from feedkit.config import Config, Source
from feedkit.model import Post
from feedkit.pipeline.packing import unpack
from feedkit.selection import believed
from feedkit.store import Copy, Store, Stored

_MOST_BYTES = 64 * 1024 * 1024
_SOME = 500
# what a post takes beside its texts
_OVERHEAD = 1100


class Composing:
    """Gives posts as feeds have them, and keeps some of them at hand.

    :param config: the sources, the preferred first.
    :param store: what is known of posts.
    :param most_bytes: how many bytes of posts are kept at hand.
    """

    def __init__(self, config: Config, store: Store, most_bytes: int = _MOST_BYTES) -> None:
        self._config = config
        self._store = store
        self._ranks = {source.key: rank for rank, source in enumerate(config.sources)}
        self._sources = {source.key: source for source in config.sources}
        self._templates = {
            source.key: source.template(config.zone(source))
            for source in config.sources
            if source.link
        }
        self._at_hand: OrderedDict[int, tuple[Post, tuple[object, ...], int]] = OrderedDict()
        self._bytes = 0
        self._most_bytes = most_bytes

    def order(self, copy: Copy) -> tuple[int, bool, int, int]:
        """What copies of a post are ordered by, the preferred first; and posts of one second."""
        return self._ranks[copy.source], not copy.held, copy.document, copy.place

    def copies(self, stored: Stored) -> list[Copy]:
        """The copies of a post that count, the preferred first."""
        return sorted((copy for copy in stored.copies if copy.taken), key=self.order)

    def newest(self, series: str, limit: int) -> tuple[Post, ...]:
        """The newest posts of a series, in order.

        :param series: its name.
        :param limit: how many posts there are at most.
        """
        rows = self._store.series.newest(series, limit)
        if len(rows) > limit:
            rows = self._first(rows, limit)
        numbers = [number for _, number in rows]
        found = self._composed(numbers)
        ordered = sorted(rows, key=lambda row: (-row[0], found[row[1]][1], row[1]))
        return tuple(found[number][0] for _, number in ordered)

    def _first(self, rows: Sequence[tuple[int, int]], limit: int) -> list[tuple[int, int]]:
        """Of rows that are too many, because of posts of one second, those that stand first."""
        last = rows[-1][0]
        newer = [row for row in rows if row[0] != last]
        ties = [number for published, number in rows if published == last]
        best: list[tuple[tuple[object, ...], int]] = []
        for at in range(0, len(ties), _SOME):
            orders: dict[int, tuple[object, ...]] = {}
            for number, copy in self._store.posts.places(ties[at : at + _SOME]):
                if copy.taken:
                    order = self.order(copy)
                    orders[number] = min(order, orders.get(number, order))
            some = ((order, number) for number, order in orders.items())
            best = nsmallest(limit - len(newer), (*best, *some))
        return newer + [(last, number) for _, number in best]

    def _composed(
        self, numbers: Sequence[int]
    ) -> Mapping[int, tuple[Post, tuple[object, ...], int]]:
        found = {}
        for number in numbers:
            if number in self._at_hand:
                self._at_hand.move_to_end(number)
                found[number] = self._at_hand[number]
        missing = [number for number in numbers if number not in found]
        for stored in self._store.posts.stored(missing) if missing else ():
            copies = self.copies(stored)
            size = _OVERHEAD + sum(len(copy.data) for copy in copies)
            found[stored.number] = self.post(stored), self.order(copies[0]), size
        for number in missing:
            self._at_hand[number] = found[number]
            self._bytes += found[number][2]
        while self._bytes > self._most_bytes:
            _, (_, _, size) = self._at_hand.popitem(last=False)
            self._bytes -= size
        return found

    def post(self, stored: Stored) -> Post:
        """A post as feeds have it: of all copies, under its own id, with the dates believed."""
        copies = self.copies(stored)
        told = [self._told(copy) for copy in copies]
        post = believed(told[0] if len(told) == 1 else _united(told), stored.memory)
        if post.id != stored.id:
            post = replace(post, id=stored.id)
        # the time it was first seen makes no address
        if not post.url and post.published != post.seen:
            templates = (self._templates.get(copy.source) for copy in copies)
            if template := next(filter(None, templates), None):
                return replace(post, url=template.link(post))
        return post

    def _told(self, copy: Copy) -> Post:
        post = unpack(copy.data)
        source: Source = self._sources[copy.source]
        tags = tuple(dict.fromkeys((*post.tags, *source.tags)))
        return post if tags == post.tags else replace(post, tags=tags)


def _united(posts: Sequence[Post]) -> Post:
    from feedkit.merging import united  # few posts are told twice

    return united(posts)
