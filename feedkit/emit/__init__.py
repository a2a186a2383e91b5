"""Feed → bytes; strict, and the same bytes for the same Feed.

A format is a module with one function ``write``, named in ``_WRITERS`` and
described in ``FORMATS``.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct

from feedkit.emit import atom, rss
from feedkit.emit.canonical import canonical
from feedkit.errors import RenderError
from feedkit.model import Feed


class Format(Struct, frozen=True, kw_only=True):
    """What a server must know of a format."""

    media_type: str
    """The media type it is served as."""
    file_name: str
    """The name of a feed's file."""
    rel: str = "alternate"
    """The relation of a page's link to it."""


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "atom": Format(media_type="application/atom+xml", file_name="atom.xml"),
        "rss": Format(media_type="application/rss+xml", file_name="rss.xml"),
    }
)
"""The formats :func:`render` writes, by name."""

_WRITERS: Mapping[str, Callable[[Feed], bytes]] = MappingProxyType(
    {"atom": atom.write, "rss": rss.write}
)


def render(feed: Feed, format: str, *, content: str = "full", embeds: str = "link") -> bytes:  # noqa: A002
    """A feed as a document: Atom 1.0 (RFC 4287) or RSS 2.0.

    Whatever the feed holds, the document is well-formed; what the format
    requires and the feed lacks is filled from what is there (a post without
    link and content gets its summary, else its title, as content).

    :param feed: what to write; its posts stay in their order.
    :param format: ``"atom"`` or ``"rss"``.
    :param content: ``"full"`` for whole bodies, ``"excerpt"`` for their beginnings.
    :param embeds: ``"link"`` to make players inside bodies links, ``"keep"`` to keep them.
    :return: the document in UTF-8.
    :raise RenderError: for an unknown format, and when neither a post nor the
        feed has a date.
    """
    if format not in _WRITERS:
        known = ", ".join(FORMATS)
        raise RenderError(f"unknown format {format!r}; known are {known}", key="format")
    return _WRITERS[format](canonical(feed, content=content, embeds=embeds))
