"""What feedparser holds of a feed or an entry, each asked for by the kind it must be."""

import html.entities
import re
from typing import Any, NamedTuple

from feedkit._html import collapse, to_text

HTML = ("text/html", "application/xhtml+xml")

_NAMES = """
    a abbr acronym address area article aside audio b base bdi bdo big blink blockquote body br
    button canvas caption center cite code col colgroup data dd del details dfn dialog dir div dl
    dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head
    header hr html i iframe img input ins kbd label legend li link main map mark marquee math
    menu meta meter nav noscript object ol optgroup option output p param picture pre progress q
    rb rp rt rtc ruby s samp script section select small source span strike strong style sub
    summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul
    var video wbr
"""
_KNOWN = frozenset(_NAMES.split())
_TAG = re.compile(r"</?([a-zA-Z][\w:-]*+)([^<>]*)>?")
_WITH_ATTRIBUTE = re.compile(r"[\s/\"'][\w:-]++\s*=")
_ENTITY = re.compile(r"&(?:#(?:\d+|[xX][0-9a-fA-F]+)|([a-zA-Z][0-9a-zA-Z]*));")
_EMPTY = frozenset({"br", "hr", "img", "input", "wbr"})
# feedparser's own answers "updated" with the published date
_get = dict.get


class Said:
    """What feedparser holds of a feed, an entry, or a part of one.

    An element feedparser doesn't know is kept under its own name, so that a
    document can put a text where a list belongs; what is of another kind than
    asked for is not there.
    """

    __slots__ = ("_links", "_values")

    def __init__(self, values: Any) -> None:
        self._values = values if isinstance(values, dict) else {}
        self._links: list[tuple[str, Said]] | None = None

    def __bool__(self) -> bool:
        return bool(self._values)

    def text(self, name: str) -> str:
        """A text, stripped."""
        value = _get(self._values, name)
        return value.strip() if isinstance(value, str) else ""

    def texts(self, *names: str) -> tuple[str, ...]:
        """Several texts."""
        said = [_get(self._values, name) for name in names]
        return tuple([text.strip() if isinstance(text, str) else "" for text in said])

    def part(self, name: str) -> "Said":
        """A structure of its own."""
        return Said(_get(self._values, name))

    def parts(self, name: str) -> list["Said"]:
        """A list of structures."""
        value = _get(self._values, name)
        return [Said(part) for part in value if part] if isinstance(value, list) else []

    def has(self, name: str) -> bool:
        """Whether it is said at all, be it without a value."""
        return name in dict.keys(self._values)

    def has_any(self, names: frozenset[str]) -> bool:
        """Whether any of them is said."""
        return not names.isdisjoint(dict.keys(self._values))

    def links(self, rel: str) -> list["Said"]:
        """The links of a relation."""
        if self._links is None:
            self._links = [(link.text("rel"), link) for link in self.parts("links")]
        return [link for its_rel, link in self._links if its_rel == rel]

    def link(self, rel: str, kind: str = "") -> str:
        """The first link of a relation, as written."""
        for link in self.links(rel):
            if (href := link.text("href")) and (not kind or link.text("type") == kind):
                return href
        return ""

    def href(self) -> str:
        """The address of a picture or a file, as written."""
        return self.text("href") or self.text("url")


class Body(NamedTuple):
    """A text of some length, and what is said of it."""

    value: str
    is_html: bool
    is_text: bool
    """Whether it can be read, and is no document of another kind."""
    language: str
    base: str


def body_of(said: Said) -> Body:
    """What feedparser holds of a text."""
    if not said:
        return NO_BODY
    value, kind, language, base = said.texts("value", "type", "language", "base")
    is_html = kind in HTML
    is_text = bool(value) and (is_html or kind.startswith("text/"))
    return Body(value, is_html, is_text, language, base)


NO_BODY = Body("", is_html=False, is_text=False, language="", base="")


def plain(value: str) -> str:
    """A text of a format that does not say whether it is HTML, as plain text.

    HTML is what has a tag with an attribute, or else an entity, a closing tag or
    an empty element, and no tag that HTML has not: ``List<String>`` stays.
    """
    return to_text(value) if _is_html(value) else collapse(value)


def _is_html(value: str) -> bool:
    if "<" not in value and "&" not in value:
        return False
    entities = [entity[1] for entity in _ENTITY.finditer(value)]
    tags = list(_TAG.finditer(value))
    if any(_WITH_ATTRIBUTE.search(tag[2]) for tag in tags):
        return True
    if any(tag[1].lower() not in _KNOWN for tag in tags):
        return False
    if any(name and f"{name};" not in html.entities.html5 for name in entities):
        return False
    ends = any(tag[0].startswith("</") or tag[1].lower() in _EMPTY for tag in tags)
    return ends or bool(entities)


def number(text: str) -> int | None:
    """A whole number from 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
