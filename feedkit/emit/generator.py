"""feedgen, with the one extension that finishes what it has begun.

feedgen builds what a document says of its feed, and writes it. The extension hands the
element to the function of a format, which adds what feedgen has no method for.
Entries are written as text: of an entry's links feedgen loses the
attributes, it loses most of ``source``, authors without an e-mail address and
all but the last enclosure, writes RSS dates through the process's locale, and
takes many times as long. What it does write is the same there, in the same order.
"""

import html
import re
from collections.abc import Callable, Iterable

from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feedkit._html import decoded
from feedkit._xml import ATOM, DC, HISTORY, ITUNES, MEDIA, PODCAST, PSC, THREADING
from feedkit.parts import Person

Element = etree._Element
Finish = Callable[[Element], None]

_NAME = "feedkit"
_LIKE_MARKUP = re.compile(r"<[a-zA-Z/!?]")
_LIKE_MARKUP_OR_REFERENCE = re.compile(r"<[a-zA-Z/!?]|&#?\w")
_PREFIXES = {
    ATOM: "atom",
    DC: "dc",
    HISTORY: "fh",
    ITUNES: "itunes",
    MEDIA: "media",
    PODCAST: "podcast",
    PSC: "psc",
    THREADING: "thr",
}
GENERATOR = "feedkit"


class FeedExtension(BaseExtension):  # type: ignore[misc]
    """Hands the feed's element, as feedgen has built it, to ``finish``."""

    namespaces: Iterable[str]
    finish: Finish

    def extend_ns(self) -> dict[str, str]:
        return {_PREFIXES[namespace]: namespace for namespace in self.namespaces}

    def extend_atom(self, feed: Element) -> Element:
        self.finish(feed)
        return feed

    def extend_rss(self, feed: Element) -> Element:
        self.finish(feed[0])
        return feed


def new_feed(namespaces: Iterable[str], finish: Finish) -> FeedGenerator:
    """A generator whose feed element goes through ``finish``.

    :param namespaces: what its root declares beside its own.
    """
    generator = FeedGenerator()
    generator.register_extension(_NAME, FeedExtension)
    generator.feedkit.namespaces = namespaces
    generator.feedkit.finish = finish
    generator.generator(GENERATOR)
    return generator


def person(value: Person) -> dict[str, str]:
    """A person as feedgen takes one; made anew, because feedgen keeps what it is given."""
    fields = {"name": value.name, "email": value.email, "uri": value.url}
    return {name: text for name, text in fields.items() if text}


def add(parent: Element, name: str, text: str = "", /, **attributes: str) -> Element:
    """A child element with the attributes that have a value."""
    given = {key: value for key, value in attributes.items() if value}
    child = etree.SubElement(parent, name, given)
    if text:
        child.text = text
    return child


def add_of(
    namespace: str, parent: Element, name: str, text: str = "", /, **attributes: str
) -> Element:
    """A child element of another namespace, under the prefix that the root declares."""
    given = {key: value for key, value in attributes.items() if value}
    child = etree.SubElement(parent, f"{{{namespace}}}{name}", given)
    if text:
        child.text = text
    return child


def written(number: int | None) -> str:
    """A number as an attribute or a text; ``""`` when there is none."""
    return "" if number is None else str(number)


def escaped(text: str) -> str:
    """A plain text of RSS, escaped once more where readers would take it for HTML."""
    if "<" not in text and "&" not in text:
        return text
    read = _LIKE_MARKUP.search(text) or decoded(text) != text
    return html.escape(text, quote=False) if read else text


def as_html(text: str) -> tuple[str, str]:
    """A plain text of Atom, as HTML when it looks like markup, and its type (RFC 4287 §3.1.1).

    What is read is the same, also by readers that take it for HTML whatever it says.
    """
    if _LIKE_MARKUP_OR_REFERENCE.search(text):
        return html.escape(text, quote=False), "html"
    return text, ""
