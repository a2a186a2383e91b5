"""RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0, CDF → Feed, through feedparser.

A document is brought into UTF-8 and within bounds (``readable``), read as
feedparser would (``fast``) or by feedparser with corrected parsers
(``feedparser_raw``), where need be in a process of its own
(``ingest.isolated``), and made a Feed (``reading``).
"""

from contextlib import suppress

from feedkit.ingest.document import Document
from feedkit.ingest.feed.bytes_of_xml import root_of
from feedkit.model import Feed

_ROOTS = frozenset({b"rss", b"feed", b"rdf", b"channel"})


def recognises(document: Document) -> bool:
    """Whether the root element is a feed's."""
    return root_of(document.data).rpartition(b":")[2].lower() in _ROOTS


def ingest(document: Document) -> Feed:
    """The feed with each field clean and each address absolute.

    A document that is not well formed is for feedparser's loose parser, which
    no bound is proven for: a large one is read in a process of its own.
    """
    from feedkit.ingest.feed.readable import made_readable, reported
    from feedkit.ingest.feed.reading import read_here

    read = made_readable(document)
    if read.needs_isolation and not document.killable:
        from feedkit.ingest.isolated.reader import read_isolated

        with suppress(OSError):
            return read_isolated(document)
    return reported(read_here(read.document, read.raw), read)
