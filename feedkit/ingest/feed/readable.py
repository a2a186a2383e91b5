"""A document as a parser can be given it: in UTF-8, within the bounds; and what that took."""

import codecs
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from feedkit.errors import ParseError
from feedkit.ingest.bounds import Measured
from feedkit.ingest.document import Document
from feedkit.ingest.encoding import (
    Decoded,
    is_utf8_if_well_formed,
    to_utf8,
    without_declaration,
)
from feedkit.ingest.feed.bytes_of_xml import from_root, with_prolog_of_ours
from feedkit.ingest.feed.fast import Raw, read_fast
from feedkit.ingest.feed.mends import (
    with_declared_prefixes,
    with_known_references,
    without_what_follows,
)
from feedkit.model import Feed, Problem

_TEXTS = ("title", "summary", "content")
SMALL = 256 * 1024
"""Up to how many bytes a document that is not well formed is read in this process.

The loose parser takes 1.5 s at worst for 1 MB since it is bounded, so 0.4 s for as much.
"""


class Readable(Struct, frozen=True):
    """A document that was looked over."""

    document: Document
    decoded: Decoded
    raw: Raw | None = None
    """What was read of it, where feedparser need not be asked."""
    needs_isolation: bool = False


def made_readable(document: Document) -> Readable:
    """The document ready to be parsed, or parsed where that takes no longer than a look.

    :raise ParseError: when it is over a bound.
    """
    if read := _read_as_it_is(document):
        return read
    decoded = to_utf8(document.data, document.content_type)
    written = with_prolog_of_ours(decoded.data)
    if read := _read_strictly(document, decoded, written):
        return read
    known = with_known_references(written)
    for data in _mended(written, known):
        if read := _read_strictly(document, decoded, data):
            return read
    # what else was mended in vain tells the loose parser nothing, and may keep some of it from it
    document = replace(document, data=known)
    return Readable(document, decoded, needs_isolation=len(known) > SMALL)


def _read_as_it_is(document: Document) -> Readable | None:
    """What was read of a document that is UTF-8 and well formed, as most are.

    That it is so, reading it tells: looked for beforehand, it would cost as much again.
    """
    data = document.data.removeprefix(codecs.BOM_UTF8)
    if not is_utf8_if_well_formed(data, document.content_type):
        return None
    data = without_declaration(data)
    try:
        read = with_prolog_of_ours(data)
    except ParseError:
        return None
    prolog = data[: len(data) - len(read) + from_root(read)]
    if to_utf8(prolog).data != prolog:  # the parser doesn't read it
        return None
    if raw := read_fast(read):
        return Readable(replace(document, data=read), Decoded(read, "utf-8", 0), raw)
    return None


def _read_strictly(document: Document, decoded: Decoded, data: bytes) -> Readable | None:
    """The document as it is in UTF-8, where that is well formed."""
    document = replace(document, data=data)
    if raw := read_fast(data):
        return Readable(document, decoded, raw)
    return Readable(document, decoded) if Measured(data).well_formed else None


def _mended(written: bytes, known: bytes) -> Iterator[bytes]:
    """What each mend makes of a document that changes it, the mends before it included."""
    if known != written:
        yield known
    if (declared := with_declared_prefixes(known)) != known:
        yield declared
    if (alone := without_what_follows(declared)) != declared:
        yield alone


def reported(feed: Feed, read: Readable) -> Feed:
    """The feed with what could not be read among its problems."""
    problems = []
    if read.decoded.doubtful:
        reason = (
            f"read as {read.decoded.encoding}, where {read.decoded.doubtful:,} bytes are in doubt"
        )
        problems.append(Problem(subject="encoding", reason=reason))
    for post in feed.posts:
        if gaps := [name for name in _TEXTS if "\ufffd" in getattr(post, name)]:
            reason = f"characters of its {', '.join(gaps)} can't be read"
            problems.append(Problem(subject=post.id, reason=reason))
    return replace(feed, problems=(*feed.problems, *problems)) if problems else feed
