"""What is asked of the web, and what can come of it: each is a value."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from feedkit.errors import SourceError


class Request(Struct, frozen=True, kw_only=True):
    """A document to be asked for."""

    url: str
    """Its http or https address."""
    headers: Mapping[str, str] = {}
    """Headers for its origin alone: another origin never sees them."""
    origin: str = ""
    """An address of the origin that may see the headers; default ``url``."""
    private: bool = False
    """Whether its first hop may lead to an address that is not public."""
    page: bool | None = None
    """Whether it is to be an HTML page, so that robots.txt is asked first; None when that is not
    known: then robots.txt is asked once a page came."""
    etag: str = ""
    """The ``ETag`` it last came with, to the letter."""
    modified: str = ""
    """The ``Last-Modified`` it last came with, to the letter."""
    validated: str = ""
    """The address that gave ``etag`` and ``modified``: no other is told them."""


class Response(Struct, frozen=True, kw_only=True):
    """A document as the web gave it."""

    url: str
    """Where it was found in the end, after redirects."""
    content_type: str
    """The media type it was served as, with its charset."""
    body: bytes
    """The document, decompressed."""
    headers: Mapping[str, str] = {}
    """What it was served with of ``feedkit.web.caching.HEADERS``, by lower-case names."""
    moved: str = ""
    """``url``, when every redirect on the way to it was permanent; ``""`` when none was there."""


class NotModified(Struct, frozen=True, kw_only=True):
    """The document is what it was when it came with the validators that were sent."""

    url: str
    """Where it was found in the end, after redirects."""
    headers: Mapping[str, str] = {}
    """See :class:`Response`."""
    moved: str = ""
    """See :class:`Response`."""


class Failure(Struct, frozen=True, kw_only=True):
    """There is no document."""

    error: SourceError
    """Why, naming the address that was asked for."""
    status: int = 0
    """The status of the last answer; 0 when there was none."""
    host: str = ""
    """The host that gave the last answer."""
    headers: Mapping[str, str] = {}
    """See :class:`Response`."""
    settled: bool = True
    """Whether no redirect, or only permanent ones, led to the last answer."""
    asked: bool = True
    """Whether it was asked for; otherwise its configuration lacks something."""


class Deferred(Struct, frozen=True, kw_only=True):
    """The document was not asked for, because its host wants to be left alone for a while."""

    host: str
    """The host."""


Outcome = Response | NotModified | Failure | Deferred


def host_of(url: object) -> str:
    """What is left alone together: the host of an address, whatever its port."""
    return (urlsplit(str(url)).hostname or "").rstrip(".")
