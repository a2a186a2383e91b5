"""feedparser's own ``parse``, over parser classes that are corrected and bounded.

Nothing of feedparser's own is changed.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from types import FunctionType
from typing import Any

from feedparser import api

from feedkit._text import decoded
from feedkit.ingest.feed import bounded_parser
from feedkit.ingest.feed.bounded_parser import Bounded
from feedkit.ingest.feed.corrections import Corrections

# what the loose parser leaves for the end of an element
_ESCAPED = re.compile(r"&(?:lt|gt|amp|quot|apos|#(?:34|38|39|60|62|x22|x26|x27|x3c|x3e));")
_REFERENCE = re.compile(r"&(?:[A-Za-z]\w{1,30}|#\d+|#[xX][0-9a-fA-F]+);", re.ASCII)


class _Strict(Bounded, Corrections, api.StrictFeedParser):  # type: ignore[misc]
    """The parser of well-formed documents."""


class _Loose(Bounded, Corrections, api.LooseFeedParser):  # type: ignore[misc]
    """The parser of the others."""

    def pop(self, element: str, strip_whitespace: int = 1) -> Any:
        """An element's text is complete, which not all handlers say they expect."""
        is_expected = bool(self.elementstack) and self.elementstack[-1][1]
        text = super().pop(element, strip_whitespace)
        return text if is_expected or text is None else self.decode_entities(element, text)

    def decode_entities(self, _element: str, data: str) -> str:
        """The text of an element decoded once, be it stated to be HTML, text or nothing at all."""
        if self.contentparams.get("type", "").endswith("xml"):
            return data
        return _ESCAPED.sub(lambda match: decoded(match[0]), data)

    @staticmethod
    def _normalize_attributes(attribute: tuple[str, str]) -> tuple[str, str]:
        """An attribute with its references decoded once, as the strict parser has it."""
        name, value = attribute[0].lower(), attribute[1]
        value = value.lower() if name in ("rel", "type") else value
        return name, _REFERENCE.sub(lambda match: decoded(match[0]), value)


_parse = FunctionType(
    api.parse.__code__,
    {
        **vars(api),
        "StrictFeedParser": _Strict,
        "LooseFeedParser": _Loose,
        "PREFERRED_XML_PARSERS": [bounded_parser.__name__],
    },
    "parse",
    api.parse.__defaults__,
)


def read_raw(data: bytes, headers: Mapping[str, str]) -> Any:
    """feedparser's result for a document: corrected, nothing sanitised, ids as written.

    :param data: the document.
    :param headers: the response headers that decide its encoding.
    """
    return _parse(
        BytesIO(data),
        response_headers=dict(headers),
        resolve_relative_uris=False,
        sanitize_html=False,
    )
