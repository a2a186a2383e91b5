"""feedgen, with the one feed extension and the one entry extension that mend it.

feedgen builds the document and what it gets right. Each extension hands the
finished element to the function of a format, which writes the rest: feedgen
loses the attributes of entry links, most of ``source``, authors without an
e-mail address and all but the last enclosure, and writes RSS dates through
the process's locale.
"""

import html
import re
from collections.abc import Callable, Iterable

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feedkit._html import decoded
from feedkit._xml import ATOM, DC, HISTORY, ITUNES, MEDIA, PODCAST, PSC, THREADING
from feedkit.parts import Person

Element = etree._Element
Mend = Callable[[Element], None]

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
    """Hands the feed's element, before it has entries, to ``mend``."""

    namespaces: Iterable[str]
    mend: Mend

    def extend_ns(self) -> dict[str, str]:
        return {_PREFIXES[namespace]: namespace for namespace in self.namespaces}

    def extend_atom(self, feed: Element) -> Element:
        self.mend(feed)
        return feed

    def extend_rss(self, feed: Element) -> Element:
        self.mend(feed[0])
        return feed


class EntryExtension(BaseEntryExtension):  # type: ignore[misc]
    """Hands the finished element of an entry to ``mend``."""

    mend: Mend

    def extend_atom(self, entry: Element) -> Element:
        self.mend(entry)
        return entry

    def extend_rss(self, entry: Element) -> Element:
        self.mend(entry)
        return entry


def new_feed(namespaces: Iterable[str], mend: Mend) -> FeedGenerator:
    """A generator whose feed element goes through ``mend``.

    :param namespaces: what its root declares beside its own.
    """
    generator = FeedGenerator()
    generator.register_extension(_NAME, FeedExtension, EntryExtension)
    generator.feedkit.namespaces = namespaces
    generator.feedkit.mend = mend
    generator.generator(GENERATOR)
    return generator


def new_entry(generator: FeedGenerator, mend: Mend) -> FeedEntry:
    """An entry at the end of the feed whose element goes through ``mend``."""
    entry = generator.add_entry(order="append")
    entry.feedkit.mend = mend
    return entry


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
    """A child element of another namespace, under its usual prefix."""
    given = {key: value for key, value in attributes.items() if value}
    nsmap = {_PREFIXES[namespace]: namespace}
    child = etree.SubElement(parent, f"{{{namespace}}}{name}", given, nsmap=nsmap)
    if text:
        child.text = text
    return child


def written(number: int | None) -> str:
    """A number as an attribute or a text; ``""`` when there is none."""
    return "" if number is None else str(number)


def escaped(text: str) -> str:
    """A plain text of RSS, escaped once more where readers would take it for HTML."""
    read = _LIKE_MARKUP.search(text) or decoded(text) != text
    return html.escape(text, quote=False) if read else text


def declare_html(element: Element | None) -> None:
    """Write a plain text of Atom that looks like markup as HTML, and say so (RFC 4287 §3.1.1).

    What is read is the same, also by readers that take it for HTML whatever it says.
    """
    text = element.text if element is not None else None
    if element is not None and text and _LIKE_MARKUP_OR_REFERENCE.search(text):
        element.set("type", "html")
        element.text = html.escape(text, quote=False)
