"""feedparser's own ``parse``, over parser classes that are corrected and bounded.

Nothing of feedparser's own is changed.
"""

from collections.abc import Mapping
from io import BytesIO
from types import FunctionType
from typing import Any

from feedparser import api

from feedkit.ingest import bounded_parser
from feedkit.ingest.bounded_parser import Bounded
from feedkit.ingest.corrections import Corrections


class _Strict(Bounded, Corrections, api.StrictFeedParser):  # type: ignore[misc]
    """The parser of well-formed documents."""


class _Loose(Bounded, Corrections, api.LooseFeedParser):  # type: ignore[misc]
    """The parser of the others."""


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
