"""The way of a document through expat to what is done for each element."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.parsers import expat

from feedkit.ingest import bounds
from feedkit.ingest.feed.fast.declined import Declined
from feedkit.ingest.feed.fast.elements import ELEMENTS, LEAVES, End, Start, unknown
from feedkit.ingest.feed.fast.machine import XHTML, Machine
from feedkit.ingest.feed.fast.names import Names, attributes_of, escaped, tag_written

_BEGINNING = re.compile(
    rb"<\?xml version='1.0' encoding='utf-8'\?>\n"
    rb'(?:<!DOCTYPE feed \[\n(?:<!ENTITY \w+ "[^"&<>%]*">\n)+\]>\n)?<[A-Za-z_]'
)
_WINDOWS = re.compile(rb"\xc2[\x80-\x9f]")
# without its ampersand, as a single byte is found far faster than two
_WINDOWS_REFERENCE = re.compile(rb"#(?:0*1[2345]\d|[xX]0*[89][0-9a-fA-F]);")
_IN_IMAGE = ("title", "link", "description", "url", "href", "width", "height")
_SCOPED = frozenset({"base", "xml:base", "lang", "xml:lang"})


class _Known(NamedTuple):
    """An element's name, and what is to be done about it."""

    key: str
    inline: str
    start: Start
    end: End
    leaves_image: bool


class Engine:
    """Reads one document into its ``machine``.

    :param data: a document in UTF-8 whose prolog is ours.
    :raise Declined: when what it makes of it is not vouched for.
    """

    def __init__(self, data: bytes) -> None:
        if not _BEGINNING.match(data):
            raise Declined("a prolog that is not ours")
        has_windows = _WINDOWS.search(data) or _WINDOWS_REFERENCE.search(data)
        self._names = Names()
        self.machine = Machine(self._names, bool(has_windows))
        self._known: dict[str, _Known] = {}
        self._scopes: list[tuple[int, str, str | None]] = []
        self._elements = 0
        self._inline = 0
        self._read(data)
        if self._elements > bounds.MAX_ENTRIES:
            # so many that they may be over a bound
            bounds.Measured(data)

    def _read(self, data: bytes) -> None:
        parser = self._parser = expat.ParserCreate("utf-8", " ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.buffer_size = 64 * 1024
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartNamespaceDeclHandler = self._declare
        parser.CharacterDataHandler = self._add = self.machine.pieces.append
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise Declined("not well formed") from error
        finally:
            # the handlers and the parser hold each other
            parser.StartElementHandler = parser.EndElementHandler = None
            parser.StartNamespaceDeclHandler = parser.CharacterDataHandler = None

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        version, is_news = self._names.declare(prefix, uri)
        self.machine.version = self.machine.version or version
        if is_news:
            self._known.clear()

    def _learn(self, name: str) -> _Known:
        tag = self._names.tag_of(name)
        key, has_prefix = self._names.key_of(tag)
        element = ELEMENTS.get(key) or unknown(key)
        leaves_image = not has_prefix and key not in _IN_IMAGE
        known = self._known[name] = _Known(key, tag.rpartition(":")[2], *element, leaves_image)
        return known

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        machine = self.machine
        machine.depth += 1
        self._elements += 1
        key, inline, start, _, leaves_image = self._known.get(name) or self._learn(name)
        if attributes:
            attributes = attributes_of(attributes)
        if machine.depth > bounds.MAX_DEPTH or len(attributes) > bounds.MAX_ATTRIBUTES:
            raise Declined("a bound")
        if machine.in_content:
            self._start_inline(key, inline, attributes)
            return
        if attributes and not _SCOPED.isdisjoint(attributes):
            self._scope(attributes)
        if machine.stack and machine.stack[-1][0] in LEAVES:
            raise Declined("an element within a text")
        if leaves_image:
            machine.in_image = False
        start(machine, attributes)
        if machine.params and machine.params["type"] == XHTML:
            self._parser.CharacterDataHandler = self._add_escaped

    def _scope(self, attributes: dict[str, str]) -> None:
        """A base or a language is stated, which counts up to the end of the element."""
        machine = self.machine
        self._scopes.append((machine.depth, machine.base, machine.lang))
        if "base" in attributes:
            raise Declined("a base that is not of XML")
        if stated := attributes.get("xml:base"):
            urlsplit(stated)
            if len(stated) > bounds.MAX_BASE:
                raise Declined("a bound")
            machine.set_base(stated)
        lang = attributes.get("xml:lang", attributes.get("lang"))
        if lang is not None:
            machine.lang = lang or None

    def _start_inline(self, key: str, name: str, attributes: dict[str, str]) -> None:
        machine = self.machine
        if machine.params["type"] != XHTML:
            raise Declined("markup that is not said to be any")
        if key in ELEMENTS or key == machine.stack[-1][0]:
            # feedparser ends it as if it were not within markup
            raise Declined("an element of feeds within markup")
        if "base" in attributes or "xml:base" in attributes:
            raise Declined("xml:base within markup")
        self._inline += 1
        machine.pieces.append(tag_written(name, attributes))

    def _add_escaped(self, text: str) -> None:
        self.machine.pieces.append(escaped(text))

    def _end(self, name: str) -> None:
        machine = self.machine
        key, inline, _, end, _ = self._known.get(name) or self._learn(name)
        if self._inline:
            if key in ELEMENTS or key == machine.stack[-1][0]:
                raise Declined("an element of feeds within markup")
            self._inline -= 1
            machine.pieces.append(f"</{inline}>")
        else:
            if machine.in_content:
                self._parser.CharacterDataHandler = self._add
            end(machine)
        if self._scopes and self._scopes[-1][0] == machine.depth:
            _, machine.base, machine.lang = self._scopes.pop()
        machine.depth -= 1
