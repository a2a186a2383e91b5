"""feedparser, told to leave ids as they are written.

It resolves an id against ``xml:base`` like a link, so that a bare guid would
change with the address of its site. Nothing of feedparser's own is changed:
this is its ``parse`` over parser classes of ours.
"""

from collections.abc import Mapping
from io import BytesIO
from types import FunctionType
from typing import Any

from feedparser import api

_RESOLVED = frozenset(api.StrictFeedParser.can_be_relative_uri) - {"id"}


class _Strict(api.StrictFeedParser):  # type: ignore[misc]
    can_be_relative_uri = _RESOLVED


class _Loose(api.LooseFeedParser):  # type: ignore[misc]
    can_be_relative_uri = _RESOLVED


_parse = FunctionType(
    api.parse.__code__,
    {**vars(api), "StrictFeedParser": _Strict, "LooseFeedParser": _Loose},
    "parse",
    api.parse.__defaults__,
)


def read_raw(data: bytes, headers: Mapping[str, str]) -> Any:
    """feedparser's result for a document: nothing sanitised, ids as written.

    :param data: the document.
    :param headers: the response headers that decide its encoding.
    """
    return _parse(
        BytesIO(data),
        response_headers=dict(headers),
        resolve_relative_uris=False,
        sanitize_html=False,
    )
