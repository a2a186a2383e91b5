"""feedparser, told to leave ids as they are written and e-mail addresses whole.

It resolves an id against ``xml:base`` like a link, so that a bare guid would
change with the address of its site, and cuts the domain of an address after
four letters. Nothing of feedparser's own is changed: this is its ``parse``
over parser classes of ours.
"""

from collections.abc import Mapping
from email.utils import parseaddr
from io import BytesIO
from types import FunctionType
from typing import Any

from feedparser import api

_RESOLVED = frozenset(api.StrictFeedParser.can_be_relative_uri) - {"id"}
_LONGEST_PERSON = 500


class _Strict(api.StrictFeedParser):  # type: ignore[misc]
    can_be_relative_uri = _RESOLVED

    def _sync_author_detail(self, key: str = "author") -> None:
        if not _take_address(self._get_context(), key):
            super()._sync_author_detail(key)


class _Loose(api.LooseFeedParser):  # type: ignore[misc]
    can_be_relative_uri = _RESOLVED

    def _sync_author_detail(self, key: str = "author") -> None:
        if not _take_address(self._get_context(), key):
            super()._sync_author_detail(key)


def _take_address(context: Any, key: str) -> bool:
    """Split an unstructured person into name and address; whether there was one to split."""
    raw, people = context.get(key), context.get(f"{key}s")
    if not isinstance(raw, str) or "@" not in raw or not isinstance(people, list) or people[-1]:
        return False
    name, address = parseaddr(raw[:_LONGEST_PERSON])
    if "." not in address.rpartition("@")[2]:
        return False
    people[-1].update({"email": address} | ({"name": name} if name else {}))
    return True


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


class Said:
    """What feedparser holds of a feed or an entry, each asked for by the kind it must be.

    An element feedparser doesn't know is kept under its own name, so that a
    document can put a text where a list belongs; what is of another kind than
    asked for is not there.
    """

    def __init__(self, values: Any) -> None:
        self._values = values if isinstance(values, dict) else {}

    def __bool__(self) -> bool:
        return bool(self._values)

    def text(self, name: str) -> str:
        """A text, stripped."""
        # plain dict access: feedparser's own answers "updated" with the published date
        value = dict.get(self._values, name)
        return value.strip() if isinstance(value, str) else ""

    def part(self, name: str) -> "Said":
        """A structure of its own."""
        return Said(dict.get(self._values, name))

    def parts(self, name: str) -> list["Said"]:
        """A list of structures."""
        value = dict.get(self._values, name)
        return [Said(part) for part in value if part] if isinstance(value, list) else []

    def raw(self, name: str) -> Any:
        """The value as it is."""
        return dict.get(self._values, name)
