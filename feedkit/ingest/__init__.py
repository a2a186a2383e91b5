"""Anything that holds posts → Feed.

A format is a module with the two functions of
:class:`~feedkit.ingest.document.Ingester`, named in ``_INGESTERS``; it is loaded
when a document is shown to it that those before it do not recognise.
"""

from datetime import UTC, tzinfo
from importlib import import_module
from typing import TYPE_CHECKING, cast

from feedkit.errors import ParseError
from feedkit.ingest.document import Document, Ingester
from feedkit.ingest.titles import with_short_titles
from feedkit.ingest.unknown import announced_feeds, unknown
from feedkit.model import MAX_BYTES, Feed

__all__ = ["announced_feeds", "is_page", "parse", "parse_document"]

_INGESTERS = ("archive", "jsonfeed", "feed", "page")

if TYPE_CHECKING:
    from feedkit.ingest import archive, feed, jsonfeed, page

    _are_ingesters: tuple[Ingester, ...] = (archive, jsonfeed, feed, page)


def parse(
    data: bytes,
    *,
    url: str | None = None,
    content_type: str | None = None,
    name: str | None = None,
    timezone: tzinfo = UTC,
    max_bytes: int = MAX_BYTES,
) -> Feed:
    """Read a document that holds posts: RSS, Atom, RDF, CDF, JSON Feed, a tag archive
    as text, or an HTML page that lists posts.

    :param data: the document.
    :param url: where it came from, for resolving relative addresses.
    :param content_type: the media type it was served as, with its charset.
    :param name: what its source is known by; ids of posts that have no id of
        their own are made over it. Default: what the document says of itself.
    :param timezone: the zone of dates that name none. Default: UTC.
    :param max_bytes: the largest document to read. Default: 32 MiB.
    :return: the feed; entries that could not be read are in its ``problems``.
    :raise TypeError: when ``data`` is no bytes.
    :raise UnknownFormatError: when the document is of no known format, or a
        page without a list of posts; its ``feeds`` are those that a page announces.
    :raise ParseError: when it is broken beyond use, or too large.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise TypeError(
            f"parse takes bytes, not {type(data).__name__}; read takes a path or address"
        )
    document = Document(
        data=bytes(data),
        url=url or "",
        content_type=content_type or "",
        key=name or "",
        zone=timezone,
    )
    try:
        return parse_document(document, max_bytes=max_bytes)
    except ParseError as error:
        error.source = name or url
        raise


def parse_document(document: Document, *, max_bytes: int = MAX_BYTES) -> Feed:
    """:func:`parse` for those who know more of the document."""
    size = len(document.data)
    if size > max_bytes:
        raise ParseError(f"the document has {size:,} bytes, the bound is {max_bytes:,}")
    name = _format(document)
    if not name:
        raise unknown(document)
    return with_short_titles(_ingester(name).ingest(document))


def is_page(document: Document) -> bool:
    """Whether a document is an HTML page, and read as one."""
    return _format(document) == "page"


def _format(document: Document) -> str:
    """The name of the first ingester that recognises a document; ``""`` when none does."""
    return next((name for name in _INGESTERS if _ingester(name).recognises(document)), "")


def _ingester(name: str) -> Ingester:
    return cast("Ingester", import_module(f"{__name__}.{name}"))
