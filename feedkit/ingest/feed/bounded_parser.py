"""feedparser's parsers, kept from what costs more than its size, and alive where they raise.

What of a document an element handler makes feedparser raise for is passed
over; the element is counted and the feed lives.
"""

import re
from typing import Any
from urllib.parse import urlsplit
from xml.sax.expatreader import ExpatParser

from feedparser import api

from feedkit.errors import ParseError
from feedkit.ingest.bounds import (
    MAX_ATTRIBUTES,
    MAX_BASE,
    MAX_ELEMENTS,
    MAX_ENTRIES,
    MAX_LISTED,
    MAX_NAMESPACES,
    refuse,
)
from feedkit.ingest.feed.passed_over import PASSED_OVER

_MANY_PIECES = 1000
_LEADING_ZEROS = re.compile(r"^([xX]?)0+(?=.)")


class _Reader(ExpatParser):
    """The reader of ``xml.sax``, which hands over a text as one and not line by line."""

    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text = True  # type: ignore[attr-defined]
        self._parser.buffer_size = 64 * 1024  # type: ignore[attr-defined]


def create_parser() -> ExpatParser:
    """What ``xml.sax.make_parser`` asks a module for."""
    return _Reader()


class Bounded(api._FeedParserMixin):  # type: ignore[misc]
    """Stands before all others in a parser class."""

    baseuri: str

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._elements = 0

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        """An element begins."""
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            refuse("elements", self._elements, MAX_ELEMENTS)
        if len(attrs) > MAX_ATTRIBUTES:
            refuse("attributes of one element", len(attrs), MAX_ATTRIBUTES)
        base = self.baseuri
        try:
            super().unknown_starttag(tag, list(filter(_is_no_bad_base, attrs)))
        except ParseError:
            raise
        except Exception as error:  # one bad element never costs the feed
            self._pass_over(tag, error)
        # each level's is made of the one above it
        if len(self.baseuri) > MAX_BASE:
            self.baseuri = base
            self.basestack[-1:] = [base]
        if len(self.entries) > MAX_ENTRIES:
            refuse("entries", len(self.entries), MAX_ENTRIES)

    def unknown_endtag(self, tag: str) -> None:
        """An element ends."""
        try:
            super().unknown_endtag(tag)
        except ParseError:
            raise
        except Exception as error:  # as above
            self._pass_over(tag, error)
            # what every end has to do is still to be done, and no handler has this name
            super().unknown_endtag("-")
        if self.basestack:
            # feedparser keeps the inner one where the outer one is empty
            self.baseuri = self.basestack[-1]

    def _pass_over(self, tag: str, error: Exception) -> None:
        passed_over = self.feeddata.setdefault(PASSED_OVER, [])
        if len(passed_over) < MAX_LISTED:
            entry = len(self.entries) if self.inentry else 0
            passed_over.append((entry, tag, f"{type(error).__name__}: {error}"))

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        """A namespace is declared."""
        super().track_namespace(prefix, uri)
        if len(self.namespaces_in_use) > MAX_NAMESPACES:
            refuse("namespaces", len(self.namespaces_in_use), MAX_NAMESPACES)

    def pop(self, element: str, strip_whitespace: int = 1) -> Any:
        """An element's text is complete."""
        stack = self.elementstack
        if stack and len(stack[-1][2]) > _MANY_PIECES:
            # feedparser takes blank pieces off the front one by one
            pieces = stack[-1][2]
            at = next((at for at, piece in enumerate(pieces) if piece.strip()), len(pieces))
            del pieces[: at - 1 if at else 0]
        return super().pop(element, strip_whitespace)

    def handle_charref(self, ref: str) -> None:
        """A reference to a character by its number, which may be that of none."""
        try:
            # a zero before it would have "&#038;lt;" decoded twice
            super().handle_charref(_LEADING_ZEROS.sub(r"\1", ref))
        except (ValueError, OverflowError):
            self.handle_data("\ufffd")

    def _listed(self, key: str, value: dict[str, Any]) -> None:
        # one element of keywords can hold more than a document has elements
        if len(self._get_context().get(key, ())) < MAX_LISTED:
            super()._listed(key, value)


def _is_no_bad_base(attribute: tuple[str, str]) -> bool:
    name, value = attribute
    if name.lower() not in ("xml:base", "base"):
        return True
    try:
        urlsplit(value)
    except ValueError:
        return False
    return len(value) <= MAX_BASE
