"""Posts that changed → their dates, their labels, and the feeds they stand in."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feedkit.config import Config
from feedkit.model import Memory
from feedkit.pipeline.composing import Composing
from feedkit.pipeline.packing import unpack
from feedkit.selection import remembered
from feedkit.store import Copy, Pending, Store, Stored
from feedkit.tags import Expression, Tagger

_Rank = tuple[int, bool, int, int]


class _Told(Struct):
    """What of a post decides where it stands."""

    published: datetime | None = None
    updated: datetime | None = None
    tags: tuple[str, ...] = ()


_unpack = msgspec.msgpack.Decoder(_Told).decode


def _shows(edited: Collection[int], copies: Sequence[Copy]) -> bool:
    """Whether an edit is one of what is shown: the preferred copy, or that whose body stands in.

    :param edited: the documents that edited their copies.
    :param copies: all copies, the preferred first.
    """
    if not edited or copies[0].document in edited:
        return bool(edited)
    body = next((copy for copy in copies if unpack(copy.data).content), copies[0])
    return body.document in edited


class Grouping:
    """Finds the place of the posts of one build that changed.

    :param config: the sources, the tags and the rules.
    :param store: what is known of posts and feeds.
    :param composing: tells which copy of a post counts.
    :param tagger: finds the tags of posts.
    :param now: the time of the build.
    :param anew: whether the configuration changed, so that limits may have.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        composing: Composing,
        tagger: Tagger,
        now: datetime,
        *,
        anew: bool = False,
    ) -> None:
        self._config = config
        self._store = store
        self._composing = composing
        self._tagger = tagger
        self._now = now
        self._all = anew
        self._tags = {source.key: tuple(source.tags) for source in config.sources}
        self._rules: list[tuple[str, Expression]] = [
            (f"feed:{rule.name}", Expression(rule.where, tagger.key)) for rule in config.feeds
        ]
        self._labels: dict[str, tuple[_Rank, str]] = {}
        self._touched: set[int] = set()

    def group(self) -> set[str]:
        """Find the place of each post that is pending.

        :return: the names of the series that changed.
        """
        if self._config.site.merge:
            self._unite()
        uncounted = self._store.posts.uncounted()
        limited = set(uncounted)
        for some in self._store.posts.pending():
            limited |= self._date(some)
        for source in self._config.sources:
            if source.key in limited and (source.limit or self._all):
                self._store.posts.take(source.key, source.limit)
        self._store.posts.counted(uncounted)
        for some in self._store.posts.pending():
            self._place(some)
            self._store.posts.settled(one.number for one in some)
        labels = {key: label for key, (_, label) in self._labels.items()}
        self._tagger.name(labels)
        self._store.remember_labels(labels)
        names = self._store.series.names()
        return {names[number] for number in self._touched}

    def _unite(self) -> None:
        """Make one post of a new one and one that another source tells under the same address."""
        ranks = {source.key: rank for rank, source in enumerate(self._config.sources)}
        became: dict[int, int] = {}
        is_new: dict[int, bool] = {}
        for _, rows in groupby(self._store.posts.told_twice(), itemgetter(0)):
            told: dict[int, set[str]] = {}
            for _, post, source, new in rows:
                is_new[post] = new
                while post in became:
                    post = became[post]
                told.setdefault(post, set()).add(source)
            # an id that was published stays; of new ones, the preferred source's
            first, *others = sorted(
                told, key=lambda post: (is_new[post], min(ranks[source] for source in told[post]))
            )
            sources = set(told[first])
            for post in others:
                own = told[post]
                if is_new[post] and not own & sources:
                    self._store.posts.unite(post, first)
                    became[post] = first
                    sources |= own

    def _date(self, some: Sequence[Pending]) -> set[str]:
        """Decide the dates of posts; the keys of their sources."""
        edited = {one.number: one.edited for one in some}
        learned: dict[int, Memory] = {}
        sources: set[str] = set()
        for stored in self._store.posts.stored([one.number for one in some]):
            if not stored.copies:
                continue
            copies = sorted(stored.copies, key=self._composing.order)
            sources |= {copy.source for copy in copies}
            told = [_unpack(copy.data) for copy in copies]
            # a source that tells no date must not keep the one that another tells from counting
            dated = next((one for one in told if one.published or one.updated), told[0])
            memory = remembered(dated.published, dated.updated, stored.memory, self._now)
            if _shows(edited[stored.number], copies):
                memory = replace(memory, edited=self._now)
            if memory != stored.memory:
                learned[stored.number] = memory
        self._store.posts.remember(learned)
        return sources

    def _place(self, some: Sequence[Pending]) -> None:
        """Take posts into the series that they belong to, and out of others."""
        series = self._store.series
        joined, parted, noted = [], [], []
        for stored in self._store.posts.stored([one.number for one in some]):
            wanted = frozenset(map(series.number, self._series(stored)))
            before = frozenset(stored.series)
            self._touched |= wanted | before
            if wanted == before:
                continue
            published = stored.memory.published or stored.memory.seen
            joined += [(number, published, stored.number) for number in wanted - before]
            parted += [(number, published, stored.number) for number in before - wanted]
            noted.append((stored.number, sorted(wanted)))
        series.join(joined)
        series.part(parted)
        series.note(noted)

    def _series(self, stored: Stored) -> list[str]:
        """The names of the series that a post belongs to."""
        copies = self._composing.copies(stored)
        if not copies:
            return []
        keys: dict[str, None] = {}
        for copy in copies:
            labels = (*_unpack(copy.data).tags, *self._tags[copy.source])
            for key, label in self._tagger.labelled(labels).items():
                keys[key] = None
                self._offer(key, label, copy)
        met = frozenset(keys)
        rules = [name for name, expression in self._rules if expression.matches(met)]
        return ["", *(f"tag:{key}" for key in keys), *rules]

    def _offer(self, key: str, label: str, copy: Copy) -> None:
        """Note how a tag is spelled; of a new one, the spelling that stands first counts."""
        if self._tagger.is_known(key):
            return
        offer = (self._composing.order(copy), label)
        if key not in self._labels or offer[0] < self._labels[key][0]:
            self._labels[key] = offer
