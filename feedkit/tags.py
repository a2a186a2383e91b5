"""Tags: when two labels are one tag, where its feed lives, and which posts a rule picks.

An expression is labels joined by ``and``, ``or``, ``not`` and parentheses;
a label of several words, or one that is such a word, stands in quotes::

    backend and not ("podcast episode" or video)
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256

from msgspec import Struct, field

from feedkit._fields import keep_tuples
from feedkit._keys import folded
from feedkit.errors import ExpressionError
from feedkit.model import Tag

_WORD = r"[a-z0-9_]+(?:\.[a-z0-9_]+)*[+#]*"
_READABLE = re.compile(f"{_WORD}(?:[ -]{_WORD})*")
_SIGNS = {"+": "plus", "#": "sharp", " ": "-", "-": "--"}
_SIGN = re.compile(r"[+# -]")
_LIKE_A_SIGN = re.compile(r"[a-z0-9_.](?:plus|sharp)(?![a-z0-9_.])")
_HASH = 12
_LIKE_A_HASH = re.compile(rf"-[0-9a-f]{{{_HASH}}}$")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)")
_OTHER = re.compile(r"[^a-z0-9_.]+")
_MAX_SLUG = 100


def tag_key(label: str) -> str:
    """What a label is compared by: NFC, case-folded, white space collapsed."""
    return folded(label)


def tag_slug(key: str) -> str:
    """The folder of a tag's feeds: a pure function of its key, safe on any file system.

    A space becomes ``-``, a hyphen ``--``, ``+`` plus and ``#`` sharp: ``c#``
    is ``csharp``. When more than that was lost, or another key would have the
    same slug, twelve digits of a hash are added. At most 100 bytes of ASCII.
    """
    slug = _SIGN.sub(lambda sign: _SIGNS[sign[0]], key)
    if (
        _READABLE.fullmatch(key)
        and len(slug) <= _MAX_SLUG
        and not _LIKE_A_SIGN.search(key)
        and not _LIKE_A_HASH.search(slug)
        and not _RESERVED.match(slug)
    ):
        return slug
    signs = re.sub(r"[+#]", lambda sign: _SIGNS[sign[0]], key)
    ascii_only = unicodedata.normalize("NFKD", signs).encode("ascii", "ignore").decode().lower()
    base = _OTHER.sub("-", ascii_only).strip("-.")[: _MAX_SLUG - _HASH - 1].strip("-.")
    if _RESERVED.match(base):
        base = base.replace(".", "-")
    digest = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]
    return f"{base or 'tag'}-{digest}"


class TagRules(Struct, frozen=True, kw_only=True):
    """Which labels are one tag, and which tags get a feed: ``[tags]`` in feedkit.toml."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    """Label → the label that is meant."""
    only: Sequence[str] = ()
    """The tags that get a feed; none means all."""
    ignore: Sequence[str] = ()
    """The tags that get none."""
    min_posts: int = 1
    """How many posts a tag needs before it gets a feed."""

    def __post_init__(self) -> None:
        keep_tuples(self, str, "only", "ignore")


class Tagger:
    """Finds the tags of posts by the rules.

    :param rules: aliases and what gets a feed.
    :param labels: key → label of tags known from before. A key that is not
        among them is shown by the first label it is met with.
    """

    def __init__(self, rules: TagRules, labels: Mapping[str, str] | None = None) -> None:
        self._aliases = {tag_key(alias): label for alias, label in rules.aliases.items()}
        self._only = {self.key(label) for label in rules.only}
        self._ignored = {self.key(label) for label in rules.ignore}
        self._labels = dict(labels or {})

    def key(self, label: str) -> str:
        """The key of the tag a label means; aliases count, each once."""
        key = tag_key(label)
        return tag_key(self._aliases[key]) if key in self._aliases else key

    def keys(self, labels: Iterable[str]) -> frozenset[str]:
        """The keys of the tags that labels mean."""
        return frozenset(filter(None, map(self.key, labels)))

    def tags(self, labels: Iterable[str]) -> tuple[Tag, ...]:
        """The tags that labels mean, each once, in their order."""
        found = self.labelled(labels)
        self.name(found)
        return tuple(map(self.known, found))

    def labelled(self, labels: Iterable[str]) -> dict[str, str]:
        """The keys of the tags that labels mean, each with the spelling that is met first."""
        found: dict[str, str] = {}
        for label in labels:
            plain = tag_key(label)
            alias = self._aliases.get(plain)
            key = plain if alias is None else tag_key(alias)
            if key and key not in found:
                found[key] = " ".join((alias or label).split())
        return found

    def name(self, labels: Mapping[str, str]) -> None:
        """Show tags by these labels, by key; one that is shown by another keeps it."""
        for key, label in labels.items():
            self._labels.setdefault(key, label)

    def is_known(self, key: str) -> bool:
        """Whether it was decided how a tag is spelled."""
        return key in self._labels

    def gets_feed(self, key: str) -> bool:
        """Whether the rules give the tag a feed, however many posts it has."""
        return key not in self._ignored and (not self._only or key in self._only)

    def known(self, key: str) -> Tag:
        """The tag of a key, shown by its known label, else by the key itself."""
        return Tag(key=key, label=self._labels.get(key, key), slug=tag_slug(key))

    @property
    def labels(self) -> Mapping[str, str]:
        """Key → label of every tag met so far."""
        return self._labels


_Test = Callable[[frozenset[str]], bool]

_TOKEN = re.compile(r"""\s*(?:([()])|"([^"]*)"|'([^']*)'|([^\s()"']+))""")
_MAX_DEPTH = 50


class Expression:
    """A tag expression, read once and asked for many posts.

    :param text: the expression; see the module's first lines.
    :param key: what makes a key of a label; a :class:`Tagger`'s follows aliases.
    :raise ExpressionError: when it can't be read; the message names the column.
    """

    def __init__(self, text: str, key: Callable[[str], str] = tag_key) -> None:
        self.text = text
        self._test = _Reader(text, key).test()

    def matches(self, keys: frozenset[str]) -> bool:
        """Whether a post whose tags have these keys is meant."""
        return self._test(keys)


class _Reader:
    """Reads ``or`` of ``and`` of ``not`` of labels and parentheses, by recursive descent."""

    def __init__(self, text: str, key: Callable[[str], str]) -> None:
        self._key = key
        self._tokens: list[tuple[int, str, str]] = []
        self._depth = 0
        at = 0
        end = len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                column = at + len(text[at:]) - len(text[at:].lstrip()) + 1
                raise ExpressionError(f"a quote is not closed, at column {column}")
            sign, double, single, word = match.groups()
            column = match.end() - len(match[0].lstrip()) + 1
            if sign or (word and word.casefold() in ("and", "or", "not")):
                self._tokens.append((column, sign or word.casefold(), ""))
            else:
                label = next(part for part in (double, single, word) if part is not None)
                self._tokens.append((column, "label", label))
            at = match.end()
        self._tokens.append((end + 1, "end", ""))
        self._at = 0

    def test(self) -> _Test:
        test = self._or()
        if self._kind != "end":
            raise self._unexpected("'and', 'or' or the end")
        return test

    @property
    def _kind(self) -> str:
        return self._tokens[self._at][1]

    def _unexpected(self, wanted: str) -> ExpressionError:
        column, kind, label = self._tokens[self._at]
        found = {"end": "the end", "label": f"{label!r}"}.get(kind, f"'{kind}'")
        hint = ""
        if kind == "label" and self._at and self._tokens[self._at - 1][1] == "label":
            hint = "; a label of several words needs quotes"
        return ExpressionError(f"expected {wanted}, found {found} at column {column}{hint}")

    def _or(self) -> _Test:
        tests = [self._and()]
        while self._kind == "or":
            self._at += 1
            tests.append(self._and())
        return tests[0] if len(tests) == 1 else lambda keys: any(test(keys) for test in tests)

    def _and(self) -> _Test:
        tests = [self._not()]
        while self._kind == "and":
            self._at += 1
            tests.append(self._not())
        return tests[0] if len(tests) == 1 else lambda keys: all(test(keys) for test in tests)

    def _not(self) -> _Test:
        negated = False
        while self._kind == "not":
            self._at += 1
            negated = not negated
        test = self._one()
        return (lambda keys: not test(keys)) if negated else test

    def _one(self) -> _Test:
        _, kind, label = self._tokens[self._at]
        if kind == "label":
            key = self._key(label)
            if not key:
                raise self._unexpected("a label")
            self._at += 1
            return lambda keys: key in keys
        if kind != "(":
            raise self._unexpected("a label")
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            column = self._tokens[self._at][0]
            reason = f"parentheses are nested more than {_MAX_DEPTH} deep, at column {column}"
            raise ExpressionError(reason)
        self._at += 1
        test = self._or()
        if self._kind != ")":
            raise self._unexpected("'and', 'or' or ')'")
        self._at += 1
        self._depth -= 1
        return test
