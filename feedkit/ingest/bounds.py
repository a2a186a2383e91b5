"""How much of anything a feed may have, and the one look at a document that tells.

    bound           most          what happens beyond it
    MAX_BYTES       33,554,432    refused (in ``model``; ``max_bytes`` says otherwise)
    MAX_PROLOG          65,536    refused: bytes before the root element
    MAX_ENTITIES           512    refused: declared entities
    MAX_ENTITY           1,024    refused: bytes of one; together they may double a document
    MAX_DEPTH            1,000    refused: elements within each other
    MAX_ATTRIBUTES         256    refused: attributes of one element
    MAX_NAMESPACES         256    refused: different namespaces
    MAX_ELEMENTS     1,000,000    refused
    MAX_ENTRIES         50,000    refused
    MAX_LISTED          20,000    the rest is left out: tags of one entry, or of the feed
    MAX_TITLE            2,000    cut at a word: characters of a title
    MAX_BASE             2,048    ignored: characters of an xml:base

The figures are far above what feeds have: of 100 real ones the deepest has 5 levels, the
fullest element 10 attributes, the richest feed 10 namespaces, 1,046 entries, 4,191 elements
and 1,257 tags. What is within them is read in time that grows with its size: 1 MB takes
6 s at worst, when it is nothing but elements.
"""

from typing import NoReturn
from xml.parsers import expat

from feedkit.errors import ParseError

MAX_PROLOG = 64 * 1024
MAX_ENTITIES = 512
MAX_ENTITY = 1024
MAX_DEPTH = 1000
MAX_ATTRIBUTES = 256
MAX_NAMESPACES = 256
MAX_ELEMENTS = 1_000_000
MAX_ENTRIES = 50_000
MAX_LISTED = 20_000
MAX_TITLE = 2000
MAX_BASE = 2048

_ENTRY_ENDS = (" item", " entry")


def refuse(what: str, found: int, bound: int, line: int | None = None) -> NoReturn:
    """Says which bound a document is over.

    :raise ParseError: always.
    """
    raise ParseError(f"{what}: the document has {found:,}, the bound is {bound:,}", line=line)


class Measured:
    """A look over a document by expat alone, which counts and keeps nothing.

    :param data: a document in UTF-8 whose entities are known to be harmless.
    :raise ParseError: when it is over a bound, as far as it is well formed.
    """

    def __init__(self, data: bytes) -> None:
        self.depth = self.deepest = self.elements = self.entries = 0
        self.namespaces: set[str] = set()
        self.well_formed = True
        """Whether a strict parser gets to its end."""
        parser = expat.ParserCreate("utf-8", " ")
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartNamespaceDeclHandler = self._declare
        self._parser = parser
        try:
            parser.Parse(data, True)
        except expat.ExpatError:
            self.well_formed = False
        finally:
            # the handlers and the parser hold each other
            parser.StartElementHandler = parser.EndElementHandler = None
            parser.StartNamespaceDeclHandler = None

    def _start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > self.deepest:
            self.deepest = self.depth
            if self.depth > MAX_DEPTH:
                refuse("elements within each other", self.depth, MAX_DEPTH, self._line)
        if len(attributes) > 2 * MAX_ATTRIBUTES:
            count = len(attributes) // 2
            refuse("attributes of one element", count, MAX_ATTRIBUTES, self._line)
        if self.elements > MAX_ELEMENTS:
            refuse("elements", self.elements, MAX_ELEMENTS, self._line)
        if name.endswith(_ENTRY_ENDS) or name in ("item", "entry"):
            self.entries += 1
            if self.entries > MAX_ENTRIES:
                refuse("entries", self.entries, MAX_ENTRIES, self._line)

    def _end(self, _name: str) -> None:
        self.depth -= 1

    def _declare(self, _prefix: str | None, uri: str | None) -> None:
        self.namespaces.add(uri or "")
        if len(self.namespaces) > MAX_NAMESPACES:
            refuse("namespaces", len(self.namespaces), MAX_NAMESPACES, self._line)

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber
