"""What speaks for two posts being one, and what against it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple
from zlib import crc32

from feedkit._html import to_text
from feedkit._keys import folded
from feedkit._urls import without_scheme
from feedkit.merging.links import canonical_link
from feedkit.model import Post

_LINK = 8
_PATH, _SLUG = 3, 2
_LONG_TITLE, _TITLE, _LIKE_TITLE, _OTHER_TITLE = 3, 2, 1, -3
_SECOND, _NEAR, _OTHER_DATE = 3, 1, -1
_LONG_TEXT, _TEXT, _SAME_TEXT, _LIKE_TEXT, _OTHER_TEXT = 7, 5, 4, 2, -2
_SURE, _SURE_OF_TITLE = 6, 5

# what a change of zone shifts a date by; two posts of one day hardly differ by it
_MOST_SHIFT, _SHIFT = timedelta(hours=14), timedelta(minutes=15)
_DAY_ALONE = time()
_LONGEST_TITLE = 200
_WORDS_OF_LONG_TITLE = 4
_CHARS_OF_LONG_TITLE = 20
_MOST_OF_A_DAY = 20
_LONGEST_TEXT = 4_000
_LONGEST_TEXTS = 8_000_000
_MARKUP_OF_TEXT = 5
_CHARS_OF_LONG_TEXT, _CHARS_OF_TEXT, _CHARS_OF_PHRASE = 200, 40, 15
_FEWEST_SHINGLES = 6
_SAME, _LIKE, _UNLIKE = 0.8, 0.4, 0.2
_WITHIN = 0.9
# a word, or a character of a script without spaces
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W{_SPACELESS}]+")
_DIGITS = re.compile(r"\d+")
_EXTENSION = re.compile(r"\.(?:[sx]?html?|php|aspx?|jsp)$", re.IGNORECASE)
_DATE_BEFORE = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}-")
_NO_SLUG = re.compile(
    r"(?:\d{1,4}|.{1,2}|article|articles|blog|browse|detail|details|entry|episode|item|news"
    r"|page|podcast|post|posts|show|story|topic|update|view|watch)",
    re.IGNORECASE,
)


class Side:
    """The posts of one document, and what they are compared by; read when it is asked for."""

    def __init__(self, posts: Iterable[Post]) -> None:
        self.posts = list({post.id: post for post in posts}.values())

    def __len__(self) -> int:
        return len(self.posts)

    @cached_property
    def _links(self) -> list[str]:
        return [_link_of(post.url) for post in self.posts]

    @cached_property
    def _titles(self) -> list[str]:
        return [folded(post.title[:_LONGEST_TITLE]) for post in self.posts]

    @cached_property
    def letters(self) -> list[frozenset[str]]:
        """The pairs of letters in each title."""
        return list(map(_letters, self._titles))

    @cached_property
    def numbers(self) -> list[frozenset[str]]:
        """The numbers in each title; posts of a series differ in nothing else."""
        return [frozenset(_DIGITS.findall(title)) for title in self._titles]

    @cached_property
    def texts(self) -> list[str]:
        """The beginning of each post's text, folded; all in all of bounded length."""
        most = min(_LONGEST_TEXT, _LONGEST_TEXTS // max(len(self.posts), 1))
        return [
            folded(to_text(post.content[: most * _MARKUP_OF_TEXT]) or post.summary)[:most]
            for post in self.posts
        ]

    def link(self, at: int) -> str:
        """The canonical link; of a part of a page, with its fragment."""
        return self._links[at]

    def path(self, at: int) -> str:
        """The link without its host."""
        return self._links[at].removeprefix("https://").partition("/")[2]

    def slug(self, at: int) -> str:
        """The last part of the link's path, as far as it may name one post."""
        path, _, query = self.path(at).partition("?")
        last = path.rpartition("/")[2]
        slug = _DATE_BEFORE.sub("", _EXTENSION.sub("", last)).casefold()
        return "" if query or _NO_SLUG.fullmatch(slug) else slug

    def title(self, at: int) -> str:
        """The title, folded."""
        return self._titles[at]

    def text(self, at: int) -> str:
        """The text, when it is long enough to be no phrase."""
        text = self.texts[at]
        return text if len(text) >= _CHARS_OF_PHRASE else ""

    def date(self, at: int) -> datetime | None:
        """The date its source gives it."""
        return self.posts[at].published or self.posts[at].updated

    @cached_property
    def dates(self) -> Counter[datetime | None]:
        """How many posts each date is that of."""
        return Counter(map(self.date, range(len(self))))

    def second(self, at: int) -> datetime | None:
        """The date, when it is to the second."""
        date = self.date(at)
        return date if date and not (date.second == 0 and date.minute % 5 == 0) else None

    @cached_property
    def shingles(self) -> list[frozenset[int]]:
        """The runs of three words in each text that no other text of the document has."""
        found = []
        for text in self.texts:
            words = _WORD.findall(text)
            runs = (" ".join(words[at : at + 3]) for at in range(len(words) - 2))
            found.append(frozenset(crc32(run.encode("utf-8", "replace")) for run in runs))
        common = Counter(run for runs in found for run in runs)
        return [frozenset(run for run in runs if common[run] == 1) for runs in found]


class Verdict(NamedTuple):
    """How much speaks for two posts being one."""

    weight: int
    sure: bool
    """Whether it is enough whatever became of the other posts."""


class Evidence:
    """Two documents of one source, and what tells of their posts.

    :param known: posts of the last one.
    :param new: posts of the new one.
    """

    def __init__(self, known: Side, new: Side) -> None:
        self.known = known
        self.new = new

    def judge(self, old: int, at: int) -> Verdict:
        """What speaks for a known post and a new one being one, less what speaks against it."""
        title, date = self._title(old, at), self._date(old, at)
        weight = self._link(old, at) + title + date + self._text(old, at)
        enough = _SURE_OF_TITLE if title >= _TITLE else _SURE
        return Verdict(weight, sure=date >= 0 and weight >= enough)

    def similar_titles(self, olds: set[int], news: set[int]) -> list[tuple[int, int]]:
        """The pairs of one day whose titles are nearly the same."""
        days = defaultdict(list)
        for old in sorted(olds):
            if (date := self.known.date(old)) and self.known.title(old):
                days[date.date()].append(old)
        asked: Counter[object] = Counter()
        pairs = []
        for at in sorted(news):
            date = self.new.date(at)
            if date is None or not self.new.title(at):
                continue
            day = date.date()
            asked[day] += 1
            if len(days[day]) <= _MOST_OF_A_DAY and asked[day] <= _MOST_OF_A_DAY:
                pairs += [(old, at) for old in days[day] if self._alike(old, at)]
        return pairs

    def similar_texts(self, olds: set[int], news: set[int]) -> list[tuple[int, int]]:
        """The pairs whose texts are nearly the same."""
        places = {run: old for old in olds for run in self.known.shingles[old]}
        pairs = []
        for at in sorted(news):
            runs = self.new.shingles[at]
            shared = Counter(places[run] for run in runs if run in places)
            pairs += [
                (old, at)
                for old in sorted(shared)
                if shared[old] >= _LIKE * min(len(runs), len(self.known.shingles[old]))
                and self._text(old, at) >= _LIKE_TEXT
            ]
        return pairs

    def _link(self, old: int, at: int) -> int:
        link, path, slug = self.known.link(old), self.known.path(old), self.known.slug(old)
        if link and link == self.new.link(at):
            return _LINK
        if path and path == self.new.path(at):
            return _PATH
        return _SLUG if slug and slug == self.new.slug(at) else 0

    def _alike(self, old: int, at: int) -> bool:
        """Whether two titles are one but for a few letters, or what is added around it."""
        if self.known.numbers[old] != self.new.numbers[at]:
            return False
        pairs, others = self.known.letters[old], self.new.letters[at]
        shared, fewest = len(pairs & others), min(len(pairs), len(others))
        if fewest < _FEWEST_SHINGLES:
            return False
        most = max(len(pairs), len(others))
        return shared >= _SAME * most or shared >= _WITHIN * fewest

    def _title(self, old: int, at: int) -> int:
        title, other = self.known.title(old), self.new.title(at)
        if not title or not other:
            return 0
        if title == other:
            long = len(title) >= _CHARS_OF_LONG_TITLE and len(title.split()) >= _WORDS_OF_LONG_TITLE
            return _LONG_TITLE if long else _TITLE
        return _LIKE_TITLE if self._alike(old, at) else _OTHER_TITLE

    def _date(self, old: int, at: int) -> int:
        date, other = self.known.date(old), self.new.date(at)
        if date is None or other is None:
            return 0
        if date == other:
            alone = self.known.dates[date] == self.new.dates[date] == 1
            return _SECOND if alone and self.new.second(at) else _NEAR
        shift = abs(date - other)
        # one that lost its time of day stands at the beginning of its day
        is_shifted = shift % _SHIFT == timedelta() or _DAY_ALONE in (date.time(), other.time())
        return _NEAR if is_shifted and shift <= _MOST_SHIFT else _OTHER_DATE

    def _text(self, old: int, at: int) -> int:
        text, other = self.known.texts[old], self.new.texts[at]
        if not text or not other:
            return 0
        if text == other:
            if len(text) >= _CHARS_OF_LONG_TEXT:
                return _LONG_TEXT
            if len(text) >= _CHARS_OF_TEXT:
                return _TEXT
            return _LIKE_TEXT if len(text) >= _CHARS_OF_PHRASE else 0
        runs, others = self.known.shingles[old], self.new.shingles[at]
        fewest = min(len(runs), len(others))
        if fewest < _FEWEST_SHINGLES:
            return 0
        shared = len(runs & others) / fewest
        if shared >= _SAME:
            return _SAME_TEXT
        if shared >= _LIKE:
            return _LIKE_TEXT
        return _OTHER_TEXT if shared <= _UNLIKE else 0


def _link_of(url: str) -> str:
    link = canonical_link(url)
    page, mark, part = url.partition("#")
    if link or not part:
        return link
    return f"{canonical_link(page) or f'https://{without_scheme(page)}/'}{mark}{part}"


def _letters(title: str) -> frozenset[str]:
    return frozenset(title[at : at + 2] for at in range(len(title) - 1))
