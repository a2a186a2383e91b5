"""The heads of feeds: feedgen writes one of each kind, in which the others' words are put.

Feeds are of one kind when they say the same things, be it of others and with other words. Of each
kind, feedgen writes a feed of marks; what a feed says then takes their places. Whether
that comes out right is seen once for each kind, with odd words: if it is not what feedgen makes of
them, feedgen writes every feed of the kind, as it does podcasts, and those that say very much.
"""

import re
from collections.abc import Callable, Iterable, Sequence, Set
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec import Struct

from feedkit.emit.elements import in_text, in_value
from feedkit.model import Feed
from feedkit.parts import Person

Head = tuple[bytes, bytes]
"""What stands in a document before its entries, and behind them."""

_PLAIN = ("title", "subtitle", "rights")
_OTHERS = (
    *("id", "url", "feed_url", "language", "image", "icon", "hub", "first_url", "previous_url"),
    *("next_url", "last_url", "current_url", "older_archive_url", "newer_archive_url"),
)
_KEPT = ("archive", "complete", "ttl", "skip_hours", "skip_days")
_plain, _others, _kept = (attrgetter(*names) for names in (_PLAIN, _OTHERS, _KEPT))
_MOST_KINDS = 128
_MOST_TEXTS = 100
# one of them for each text: characters that no head has of itself
_FIRST_MARK = 0xE000
_ESCAPED = re.compile('[&<>"\\t\\n\\r]')
_MARKED_DATE = datetime(9876, 5, 4, tzinfo=UTC)
_ODD = " <b>&\u201c\"'é😀&amp;"


class Writing(Struct, frozen=True):
    """How feedgen writes the feeds of a format."""

    write: Callable[[Feed, Set[str]], bytes]
    """The document of a feed without entries, given what they would need of it."""
    plain: Callable[[str], str]
    """How it writes a plain text."""
    date: Callable[[datetime], str]
    """How it writes a date."""
    end: bytes
    """The end tag that follows the entries."""


class _Kind(NamedTuple):
    """What feeds have in common that differ in words."""

    said: tuple[bool, ...]
    """Which of their texts there are, in the order of :func:`_texts`."""
    tags: int
    people: int
    needs: Set[str]
    kept: tuple[Any, ...]
    """What is no text, or seldom another."""


class _Form(NamedTuple):
    """The head of a kind of feeds, with places for their words."""

    pieces: list[str]
    """What is between the places, and room for them."""
    places: list[tuple[int, int, Callable[[str], str]]]
    """Where each is among the pieces, which text it takes, and how that is written there."""
    behind: bytes

    def filled(self, texts: Sequence[str]) -> Head:
        pieces = self.pieces.copy()
        if _ESCAPED.search("".join(texts)):
            for at, text, written in self.places:
                pieces[at] = written(texts[text])
        else:
            for at, text, _ in self.places:
                pieces[at] = texts[text]
        return "".join(pieces).encode(), self.behind


def head_of(feed: Feed, needs: Set[str], writing: Writing) -> Head:
    """What a document says of a feed, as it is when feedgen writes it.

    :param needs: what its posts need of it.
    """
    texts = _texts(feed, writing)
    if feed.show is None and len(texts) <= _MOST_TEXTS:
        said = tuple(map(bool, texts))
        kind = _Kind(said, len(feed.tags), len(feed.authors), frozenset(needs), _kept(feed))
        if form := _form(kind, writing):
            return form.filled(texts)
    return _parted(writing.write(feed, needs), writing)


def joined(head: Head, entries: Iterable[bytes]) -> bytes:
    """A document of a head and entries."""
    before, behind = head
    return b"".join((before, *entries, behind))


def _texts(feed: Feed, writing: Writing) -> list[str]:
    """All that a feed says in words of its own."""
    people = [(writing.plain(one.name), one.email, one.url) for one in feed.authors]
    return [
        *map(writing.plain, chain(_plain(feed), feed.tags)),
        *_others(feed),
        *chain.from_iterable(people),
        writing.date(feed.updated) if feed.updated else "",
    ]


def _feed_of(texts: Sequence[str], kind: _Kind, updated: datetime) -> Feed:
    """A feed of a kind that says this, and has this date if any."""
    rest = iter(texts)
    said: dict[str, Any] = {name: next(rest) for name in _PLAIN}
    tags = [next(rest) for _ in range(kind.tags)]
    said |= {name: next(rest) for name in _OTHERS}
    people = [Person(name=next(rest), email=next(rest), url=next(rest)) for _ in range(kind.people)]
    said |= zip(_KEPT, kind.kept, strict=True)
    date = updated if kind.said[-1] else None
    return Feed(**said, tags=tags, authors=people, updated=date)


@lru_cache(maxsize=_MOST_KINDS)
def _form(kind: _Kind, writing: Writing) -> _Form | None:
    """The form of a kind, if it comes out right when it is filled."""
    marks = [chr(_FIRST_MARK + at) if said else "" for at, said in enumerate(kind.said)]
    marked = writing.write(_feed_of(marks, kind, _MARKED_DATE), kind.needs)
    before, behind = _parted(marked, writing)
    text = before.decode().replace(writing.date(_MARKED_DATE), marks[-1])
    pieces = re.split(f"([{''.join(marks)}])", text)
    places: list[tuple[int, int, Callable[[str], str]]] = []
    for at in range(1, len(pieces), 2):
        around = "".join(pieces[:at])
        within_tag = around.rfind("<") > around.rfind(">")
        written = in_value if within_tag else in_text
        places.append((at, ord(pieces[at]) - _FIRST_MARK, written))
    form = _Form(pieces, places, behind)
    odd = [f"{at}{_ODD}" if said else "" for at, said in enumerate(kind.said)]
    feed = _feed_of(odd, kind, datetime(1999, 12, 31, tzinfo=UTC))
    right = _parted(writing.write(feed, kind.needs), writing)
    return form if form.filled(_texts(feed, writing)) == right else None


def _parted(document: bytes, writing: Writing) -> Head:
    at = document.rindex(writing.end)
    before = document[:at].rstrip(b" ")
    return before, document[len(before) :]
