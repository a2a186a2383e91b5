"""Moves: which posts a source had under another id, before they count as new.

A wrong match loses a post, a missed one shows it twice: two posts are one only
where what speaks for it outweighs what speaks against it.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

from feedkit.merging.evidence import Evidence, Side
from feedkit.model import Post

_ENOUGH = 3
_ENOUGH_OF_FEW = 7
_FEW = 3


class Match(NamedTuple):
    """A post that its source had under another id."""

    new: str
    """Its id now."""
    known: str
    """The id it had."""
    why: str
    """What it was found by: ``"link"``, ``"path"``, ``"title"``, ``"date"``, ``"content"``."""


def matched(
    vanished: Sequence[Post], new: Sequence[Post], *, held: int, kept: Sequence[Post] = ()
) -> list[Match]:
    """Which posts of a source are ones that it had under another id.

    A post whose canonical link one vanished post alone had, and no other new one has, is
    that one, unless title, date and content all differ. When more than half of the last document
    vanished (a redesign, or a feed that publishes faster than it is read), posts are
    also found by the path of their links, their titles, dates and content, where one pair
    alone agrees in it and the rest does not speak against it. A pair of which
    that is not said twice over counts only when at least half of the posts are found again.

    :param vanished: posts of the source's last document whose ids its new one does not hold,
        as last given.
    :param new: posts of the new document whose ids are not known.
    :param held: how many posts the last document had.
    :param kept: posts that both documents hold; what they have in common with
        others tells no post apart.
    :return: the matches, each post once, in the order of ``new``.
    """
    taken = {post.id for post in vanished} & {post.id for post in new}
    search = _Search(
        evidence=Evidence(
            Side(post for post in vanished if post.id not in taken),
            Side(post for post in new if post.id not in taken),
        ),
        kept=kept,
        few=len(vanished) < _FEW,
    )
    search.by("link", lambda side, at: side.link(at), enough=_ENOUGH, sure=True)
    if 2 * len(vanished) > held:
        search.by("path", lambda side, at: side.path(at))
        search.by("title", lambda side, at: side.title(at))
        search.by("path", lambda side, at: side.slug(at))
        search.pairs("title", search.evidence.similar_titles)
        search.by("date", lambda side, at: side.second(at))
        search.by("content", lambda side, at: side.text(at))
        search.pairs("content", search.evidence.similar_texts)
    return search.matches()


class _Found(NamedTuple):
    known: int
    why: str
    sure: bool


class _Search:
    """Finds pairs pass by pass; what one pass took the next does not see."""

    def __init__(self, *, evidence: Evidence, kept: Sequence[Post], few: bool) -> None:
        self.evidence = evidence
        self._kept = Side(kept)
        self._few = few
        self._left = set(range(len(evidence.known)))
        self._found: dict[int, _Found] = {}

    def by(
        self,
        why: str,
        key: Callable[[Side, int], Hashable],
        *,
        enough: int | None = None,
        sure: bool = False,
    ) -> None:
        """Takes the pairs that alone have one key."""
        known, new = self.evidence.known, self.evidence.new
        common = {key(self._kept, at) for at in range(len(self._kept))}
        old_places = _alone((key(known, at), at) for at in range(len(known)))
        for value, at in _alone((key(new, at), at) for at in range(len(new))).items():
            if value in old_places and value not in common:
                self._judge(old_places[value], at, why, enough, sure=sure)

    def pairs(
        self, why: str, similar: Callable[[set[int], set[int]], list[tuple[int, int]]]
    ) -> None:
        """Takes the pairs of those left that are like each other and like no other."""
        left = set(range(len(self.evidence.new))) - self._found.keys()
        pairs = similar(self._left, left)
        olds, news = Counter(old for old, _ in pairs), Counter(at for _, at in pairs)
        for old, at in pairs:
            if olds[old] == news[at] == 1:
                self._judge(old, at, why)

    def _judge(
        self, old: int, at: int, why: str, enough: int | None = None, *, sure: bool = False
    ) -> None:
        if old not in self._left or at in self._found:
            return
        verdict = self.evidence.judge(old, at)
        if enough is None:
            enough = _ENOUGH_OF_FEW if self._few else _ENOUGH
        if verdict.weight >= enough:
            self._left.discard(old)
            self._found[at] = _Found(old, why, sure or verdict.sure)

    def matches(self) -> list[Match]:
        known, new = self.evidence.known, self.evidence.new
        many = len(self._found) >= _FEW and 2 * len(self._found) >= min(len(known), len(new))
        return [
            Match(new.posts[at].id, known.posts[found.known].id, found.why)
            for at, found in sorted(self._found.items())
            if found.sure or many
        ]


def _alone(pairs: Iterable[tuple[Hashable, int]]) -> dict[Hashable, int]:
    """Value → place, of the values that stand in one place; empty ones are none."""
    places: dict[Hashable, int] = {}
    repeated = set()
    for value, at in pairs:
        if value in places:
            repeated.add(value)
        elif value:
            places[value] = at
    return {value: at for value, at in places.items() if value not in repeated}
