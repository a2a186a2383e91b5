"""What feedparser holds of a feed or an entry, each asked for by the kind it must be."""

import html.entities
import re
from typing import Any

from msgspec import Struct

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
Said = dict[str, Any]
"""What feedparser holds of a feed, an entry, or a part of one, in plain dicts.

An element feedparser doesn't know is kept under its own name, so that a
document can put a text where a list belongs; what is of another kind than
asked for is not there.
"""

Links = dict[str, list[Said]]
"""The links of a feed or an entry, by their relations."""


def plainly(held: Any) -> Any:
    """The same in plain dicts: feedparser's own answer "updated" with the published date."""
    if isinstance(held, dict):
        return {name: plainly(value) for name, value in dict.items(held)}
    return list(map(plainly, held)) if isinstance(held, list) else held


def text_of(said: Said, name: str) -> str:
    """A text, stripped."""
    value = said.get(name)
    return value.strip() if type(value) is str else ""


def part_of(said: Said, name: str) -> Said:
    """A structure of its own."""
    value = said.get(name)
    return value if type(value) is dict else {}


def parts_of(said: Said, name: str) -> list[Said]:
    """A list of structures."""
    values = said.get(name)
    if type(values) is not list:
        return []
    return [value if type(value) is dict else {} for value in values if value]


def links_of(said: Said) -> Links:
    """All links."""
    links: Links = {}
    for link in parts_of(said, "links"):
        links.setdefault(text_of(link, "rel"), []).append(link)
    return links


def link_in(links: Links, rel: str, kind: str = "") -> str:
    """The address of the first link of a relation, as written."""
    for link in links.get(rel, ()):
        if (href := text_of(link, "href")) and (not kind or text_of(link, "type") == kind):
            return href
    return ""


def href_of(said: Said) -> str:
    """The address of a picture or a file, as written."""
    return text_of(said, "href") or text_of(said, "url")


class Body(Struct, frozen=True):
    """A text of some length, and what is said of it."""

    value: str = ""
    is_html: bool = False
    is_text: bool = False
    """Whether it can be read, and is no document of another kind."""
    language: str = ""
    base: str = ""


NO_BODY = Body()


def body_of(said: Said) -> Body:
    """What feedparser holds of a text."""
    if not said:
        return NO_BODY
    value, kind = text_of(said, "value"), text_of(said, "type")
    is_html = kind in HTML
    is_text = bool(value) and (is_html or kind.startswith("text/"))
    return Body(value, is_html, is_text, text_of(said, "language"), text_of(said, "base"))


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
