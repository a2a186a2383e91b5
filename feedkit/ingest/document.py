"""What an ingester is given, and what it must offer."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Protocol

from msgspec import Struct

from feedkit.model import Feed

CUT_OFF = "document"
"""Subject of the Problem that says a document ends too early."""

ANNOUNCES = "page"
"""Subject of the Problem that says a page announces feeds."""


class Selectors(Struct, frozen=True, kw_only=True):
    """Where the posts of a page are, as CSS selectors (Selectors Level 4); ``""``: found out."""

    item: str = ""
    """What each post stands in or begins with."""
    title: str = ""
    """Its title."""
    link: str = ""
    """The link to it."""
    date: str = ""
    """When it was published."""
    excerpt: str = ""
    """Its excerpt."""
    tags: str = ""
    """Each of its tags."""
    image: str = ""
    """Its picture."""
    next: str = ""
    """The link to the page with older posts."""


class Document(Struct, frozen=True, kw_only=True):
    """Bytes, and what is known of them."""

    data: bytes
    """The document as it was served or stored."""
    url: str = ""
    """Where it was fetched from: relative addresses are relative to it; ids never are."""
    content_type: str = ""
    """The media type it was served as."""
    key: str = ""
    """The configured name of its source: what ids are made over (see ``feedkit._ids``)."""
    shared_key: bool = False
    """Whether other documents have the same key, so that a feed's own id must tell them apart."""
    zone: tzinfo = UTC
    """The zone of dates that name none."""
    feeds: tuple[str, ...] = ()
    """The feeds that its server announced beside it."""
    selectors: Selectors | None = None
    """Where the posts of an HTML page are, when its source says so."""
    repeated: Mapping[str, bool] = {}
    """The names that are known to stand for several posts: see ``Feed.repeated``."""
    killable: bool = False
    """Whether the process that reads it may be killed, so that it needs none of its own."""


class Ingester(Protocol):
    """What a module that reads one format offers; ``parse`` asks each in turn."""

    def recognises(self, document: Document) -> bool:
        """Whether the document is of this format, judged by its beginning."""

    def ingest(self, document: Document) -> Feed:
        """The document as a Feed of clean posts.

        :raise ParseError: when it is broken beyond use.
        """
