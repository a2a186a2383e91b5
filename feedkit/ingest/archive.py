"""Tag archives as plain text: a heading, then date, title and excerpt of each post.

    Tag archive: backend
    Jun 22, 2023
    Analyzing Volatile Memory
    What a memory dump of a node tells […]

A post begins with a line that is a whole date and nothing else. The next line
is its title, even when that looks like a date too; the lines up to the next
date are its excerpt, which may be missing. Blank lines don't count.
"""

import re
from datetime import UTC, datetime

from feedkit._dates import day_comes_first, read_date
from feedkit._html import collapse
from feedkit._ids import post_id
from feedkit.errors import ParseError
from feedkit.ingest.document import Document
from feedkit.model import Feed, Post, Problem

_HEADING = re.compile(r"\s*tag archives?\s*[:：]\s*(.*)", re.IGNORECASE)
_LONGEST_DATE = 60


def recognises(document: Document) -> bool:
    """Whether the first line that is not blank is a heading."""
    head = _decode(document.data[:4096]).lstrip("\ufeff").lstrip()
    return bool(_HEADING.match(head.split("\n", 1)[0]))


def ingest(document: Document) -> Feed:
    """The archive as a Feed: the heading's tag is the tag of each post."""
    text = _decode(document.data)
    lines = [
        (number, line)
        for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), 1)
        if (line := collapse(raw))
    ]
    heading = _HEADING.match(lines[0][1]) if lines else None
    if heading is None:
        raise ParseError("a tag archive begins with a line 'Tag archive: NAME'", line=1)
    tag = heading[1].strip()
    if not tag:
        raise ParseError("the heading names no tag", line=lines[0][0])
    dayfirst = day_comes_first(text)
    entries, problems = _entries(lines[1:], dayfirst)
    posts = tuple(_post(document, tag, *entry, dayfirst=dayfirst) for entry in entries)
    return Feed(title=lines[0][1], tags=(tag,), posts=posts, problems=problems)


def _decode(data: bytes) -> str:
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(bom):
            return data[2:].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # a character cut in two at the end is no other encoding
        if error.start >= len(data) - 3:
            return data.decode("utf-8", "replace")
        return data.decode("windows-1252", "replace")


def _is_date(line: str, dayfirst: bool) -> bool:
    return len(line) <= _LONGEST_DATE and read_date(line, dayfirst=dayfirst) is not None


def _entries(
    lines: list[tuple[int, str]], dayfirst: bool
) -> tuple[list[tuple[str, str, str]], list[Problem]]:
    """Date, title and excerpt of each post, as they stand in the lines."""
    entries, problems = [], []
    at = 0
    while at < len(lines):
        number, date = lines[at]
        if not _is_date(date, dayfirst):
            raise ParseError(f"expected a date, found {date[:60]!r}", line=number)
        if at + 1 == len(lines):
            reason = f"nothing follows the date {date!r}; left out"
            problems.append(Problem(subject=f"line {number}", reason=reason))
            break
        title = lines[at + 1][1]
        at += 2
        first = at
        while at < len(lines) and not _is_date(lines[at][1], dayfirst):
            at += 1
        entries.append((date, title, " ".join(line for _, line in lines[first:at])))
    return entries, problems


def _post(
    document: Document, tag: str, date: str, title: str, excerpt: str, *, dayfirst: bool
) -> Post:
    published = read_date(date, document.zone, dayfirst=dayfirst)
    # the day as it is written: an id must not move with a configured zone
    written = read_date(date, UTC, dayfirst=dayfirst)
    return Post(
        id=post_id(source_key=document.key, date=_spelled(written), title=title),
        title=title,
        summary=excerpt,
        tags=(tag,),
        published=published,
    )


def _spelled(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
