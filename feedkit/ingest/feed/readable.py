"""A document as a parser can be given it: in UTF-8, within the bounds; and what that took."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from feedkit.ingest.bounds import Measured
from feedkit.ingest.document import Document
from feedkit.ingest.encoding import Decoded, to_utf8
from feedkit.ingest.feed.bounded_parser import PASSED_OVER
from feedkit.ingest.feed.bytes_of_xml import (
    with_entities_of_html,
    with_legal_references,
    with_prolog_of_ours,
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
    needs_isolation: bool


def made_readable(document: Document) -> Readable:
    """The document ready to be parsed.

    :raise ParseError: when it is over a bound.
    """
    decoded = to_utf8(document.data, document.content_type)
    data = with_prolog_of_ours(decoded.data)
    measured = Measured(data)
    for mended in (with_legal_references, with_entities_of_html):
        if not measured.well_formed:
            data = mended(data)
            measured = Measured(data)
    needs_isolation = not measured.well_formed and len(data) > SMALL
    return Readable(replace(document, data=data), decoded, needs_isolation)


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


def with_passed_over(feed: Feed, said: dict[str, Any]) -> Feed:
    """The feed with the elements that made feedparser raise among its problems.

    :param said: feedparser's own feed.
    """
    problems = [
        Problem(subject=f"entry {entry}" if entry else "feed", reason=f"<{tag}> is left out: {why}")
        for entry, tag, why in dict.get(said, PASSED_OVER, ())
    ]
    return replace(feed, problems=(*feed.problems, *problems)) if problems else feed
