"""Feed → bytes; strict, and the same bytes for the same Feed.

A format is a module with the functions of ``emit.splicing.Module``, loaded when
it is first asked for. It is named in ``_MODULES`` and described in ``FORMATS``.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from feedkit.errors import RenderError
from feedkit.model import Feed, Problem

if TYPE_CHECKING:
    from feedkit.emit.known import Known
    from feedkit.emit.splicing import Module


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
        "json": Format(media_type="application/feed+json", file_name="feed.json"),
    }
)
"""The formats :func:`render` writes, by name."""


_MODULES = MappingProxyType({"atom": "atom", "rss": "rss", "json": "jsonfeed"})

if TYPE_CHECKING:
    from feedkit.emit import atom, jsonfeed, rss

    _are_modules: tuple[Module, ...] = (atom, rss, jsonfeed)


def canonical(feed: Feed, format: str, *, content: str = "full", embeds: str = "link") -> Feed:  # noqa: A002
    """A feed as a format can carry it: what its document holds, and nothing else.

    What the format requires is filled from what is there, what it has no place
    for is left out, what no document can hold is mended or left out; the README
    has a table of it. Reading a rendered feed gives its canonical form again,
    and the canonical form of that is the same.

    :param feed: any feed.
    :param format: a name in ``FORMATS``.
    :param content: ``"full"`` for whole bodies, ``"excerpt"`` for their beginnings.
    :param embeds: ``"link"`` to make players inside bodies links, ``"keep"`` to keep them.
    :raise RenderError: for an unknown format, and for Atom and RSS when neither
        a post nor the feed has a date.
    """
    from feedkit.emit.known import Known
    from feedkit.emit.splicing import carried

    return carried(feed, _module(format), Known(content, embeds))[0]


def render(feed: Feed, format: str, *, content: str = "full", embeds: str = "link") -> bytes:  # noqa: A002
    """A feed as a document: Atom 1.0 (RFC 4287), RSS 2.0 or JSON Feed 1.1.

    Whatever the feed holds, the document is valid: it is that of its
    :func:`canonical` form.

    :param feed: what to write; its posts stay in their order.
    :param format: a name in ``FORMATS``.
    :param content: ``"full"`` for whole bodies, ``"excerpt"`` for their beginnings.
    :param embeds: ``"link"`` to make players inside bodies links, ``"keep"`` to keep them.
    :return: the document in UTF-8.
    :raise RenderError: for an unknown format, and for Atom and RSS when neither
        a post nor the feed has a date.
    """
    from feedkit.emit.known import Known

    return render_with_repairs(feed, format, Known(content, embeds))[0]


def render_with_repairs(
    feed: Feed,
    format: str,  # noqa: A002
    known: "Known",
) -> tuple[bytes, tuple[Problem, ...]]:
    """:func:`render`, and what had to be mended or left out for it (see ``emit.repairs``).

    :param known: what to make of bodies, and the posts that were rendered for
        other feeds: of these only what is new is rendered.
    """
    from feedkit.emit.splicing import spliced

    return spliced(feed, format, _module(format), known)


def etag(document: bytes) -> str:
    """A strong entity tag of a rendered document, for an ``ETag`` header (RFC 9110 §8.8.3).

    :param document: what :func:`render` gave.
    :return: the tag, with its quotes; the same for the same bytes only.
    """
    return f'"{sha256(document).hexdigest()[:32]}"'


@cache
def _module(format: str) -> "Module":  # noqa: A002
    if format not in _MODULES:
        names = ", ".join(FORMATS)
        raise RenderError(f"unknown format {format!r}; known are {names}", key="format")
    return cast("Module", import_module(f"{__name__}.{_MODULES[format]}"))
