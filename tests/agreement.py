"""What the fast way and feedparser make of one document, side by side."""

from typing import Any

import msgspec

from feedkit.errors import ParseError
from feedkit.ingest.document import Document
from feedkit.ingest.feed.fast import Raw, read_or_decline
from feedkit.ingest.feed.feedparser_raw import read_raw
from feedkit.ingest.feed.readable import made_readable
from feedkit.ingest.feed.reading import read_here

NOT_KEPT = frozenset(
    """
    author_detail base64 cloud created_parsed entries expired_parsed generator_detail guidislink
    media_credit media_license media_player media_rating media_restriction publisher_detail
    published_parsed src updated_parsed where
    """.split()  # noqa: SIM905
)
"""What feedparser holds and nobody asks for; ``entries`` is what it calls ``items`` of RSS 1.0."""

_RENAMED = {"items": "entries"}


def kept(value: Any) -> Any:
    """What feedparser holds, as plain values, without what nobody asks for."""
    if isinstance(value, dict):
        parts = {name: kept(part) for name, part in dict.items(value)}
        return {
            name: part
            for name, part in parts.items()
            if _RENAMED.get(name, name) not in NOT_KEPT and (part or name != "own picture")
        }
    return [kept(part) for part in value] if isinstance(value, list) else value


def raw_differences(data: bytes, raw: Raw | None = None) -> list[str]:
    """Where feedparser holds something else of a document.

    :param data: a document in UTF-8 whose prolog is ours.
    :param raw: what was read of it already.
    :raise Exception: when it is declined.
    """
    fast = raw or read_or_decline(data)
    slow = read_raw(data, {})
    versions = ("version", fast.version, slow.version or "")
    pairs = (versions, ("feed", fast.feed, slow.feed), ("entries", fast.entries, slow.entries))
    return [
        line for where, one, other in pairs for line in differences(kept(one), kept(other), where)
    ]


def feed_differences(data: bytes, raw: Raw) -> list[str]:
    """Which fields of the Feed differ when feedparser reads the document."""
    document = Document(data=data, url="https://served.example/feed.xml")
    fast, slow = _feed_or_reason(document, raw), _feed_or_reason(document, None)
    return differences(fast, slow, "feed")


def _feed_or_reason(document: Document, raw: Raw | None) -> Any:
    try:
        return msgspec.to_builtins(read_here(document, raw))
    except ParseError as error:
        return str(error)


def all_differences(data: bytes) -> list[str] | None:
    """Both kinds of differences, for any bytes; None where the document is declined."""
    read = made_readable(Document(data=data, url="https://served.example/feed.xml"))
    if read.raw is None:
        return None
    prepared = read.document.data
    return raw_differences(prepared, read.raw) + feed_differences(prepared, read.raw)


def differences(one: Any, other: Any, where: str) -> list[str]:
    """The paths at which two plain values differ, and what stands there."""
    if type(one) is not type(other):
        return [f"{where}: {one!r}, feedparser: {other!r}"]
    if isinstance(one, dict):
        names = [*one, *(name for name in other if name not in one)]
        none = object()
        pairs = [(name, one.get(name, none), other.get(name, none)) for name in names]
    elif isinstance(one, list | tuple) and len(one) == len(other):
        pairs = list(zip(range(len(one)), one, other, strict=True))
    else:
        return [] if one == other else [f"{where}: {one!r}, feedparser: {other!r}"]
    return [line for name, a, b in pairs for line in differences(a, b, f"{where}.{name}")]
