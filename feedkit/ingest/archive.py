"""Tag archives as plain text: a heading, then date, title and excerpt of each post.

    Tag archive: backend
    Jun 22, 2023
    Analyzing Volatile Memory
    What a memory dump of a node tells […]

A post begins with a line that is a whole date and nothing else. The next line
is its title, even when that looks like a date too; the lines up to the next
date or heading are its excerpt, which may be missing. Blank lines don't count.
"""

import re
from datetime import UTC
from typing import NamedTuple

from msgspec.structs import replace

from feedkit._dates import day_comes_first, read_date
from feedkit._html import collapse
from feedkit._ids import post_id
from feedkit.errors import ParseError
from feedkit.ingest.bounds import MAX_ENTRIES, refuse
from feedkit.ingest.document import Document
from feedkit.model import Feed, Post, Problem

_HEADING = re.compile(r"tag archives?\s*[:：]\s*(.*)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")
_LONGEST_DATE = 60
# what dateutil passes over, or takes for an hour, in a text that is no date
_NO_DATE = re.compile(r"\b(?:and|at|on)\b(?!.*\d:\d)|^\d+ \d+ \d+$|\d{4},? \d{1,2}$", re.IGNORECASE)
# a few words with a day and a year that end like no sentence
_LIKE_A_DATE = re.compile(r"(?=.*\b[12]\d{3}\b)(?=.*\b\d{1,2}\b)\S+(?: \S+){0,5}(?<![.…\]])")


class _Entry(NamedTuple):
    """A post as it stands in the lines."""

    tag: str
    date: str
    title: str
    excerpt: str


def recognises(document: Document) -> bool:
    """Whether the first line that is not blank is a heading."""
    head = _decode(document.data[:4096]).lstrip("\ufeff").lstrip()
    return bool(_HEADING.match(head))


def ingest(document: Document) -> Feed:
    """The archive as a Feed: a heading's tag is the tag of each post below it."""
    text = _decode(document.data).lstrip("\ufeff")
    lines = [
        (number, line)
        for number, raw in enumerate(_LINE_END.split(text), 1)
        if (line := collapse(raw))
    ]
    dayfirst = day_comes_first(line for _, line in lines)
    entries, tags, problems = _entries(lines, dayfirst)
    if len(entries) > MAX_ENTRIES:
        refuse("entries", len(entries), MAX_ENTRIES)
    posts: dict[str, Post] = {}
    for entry in entries:
        post = _post(document, entry, dayfirst)
        first = posts.setdefault(post.id, post)
        if first is not post and entry.tag in first.tags:
            reason = "left out: a post before it has its date and title"
            problems.append(Problem(subject=entry.title, reason=reason))
        # one post below two headings
        posts[post.id] = replace(first, tags=tuple(dict.fromkeys((*first.tags, *post.tags))))
    return Feed(title=lines[0][1], tags=tuple(tags), posts=tuple(posts.values()), problems=problems)


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


def _entries(
    lines: list[tuple[int, str]], dayfirst: bool
) -> tuple[list[_Entry], list[str], list[Problem]]:
    """The entries of all headings, the headings' tags, and what could not be read."""
    entries: list[_Entry] = []
    tags: list[str] = []
    problems: list[Problem] = []
    dates = (at for at in reversed(range(len(lines))) if _is_date(lines[at][1], dayfirst))
    last_date = next(dates, -1)
    at = 0
    while at < len(lines):
        number, line = lines[at]
        if heading := _HEADING.match(line):
            if not heading[1]:
                raise ParseError("the heading names no tag", line=number)
            tags.append(heading[1])
            at += 1
            continue
        if not _is_date(line, dayfirst):
            if at > last_date:
                raise ParseError(f"expected a date, found {line[:60]!r}", line=number)
            reason = f"expected a date, found {line[:60]!r}; left out"
            problems.append(Problem(subject=f"line {number}", reason=reason))
            at += 1
            continue
        if at + 1 == len(lines):
            reason = f"nothing follows the date {line!r}; left out"
            problems.append(Problem(subject=f"line {number}", reason=reason))
            break
        first = at = at + 2
        while at < len(lines) and not _begins(lines[at][1], dayfirst):
            if _LIKE_A_DATE.fullmatch(lines[at][1]):
                reason = f"{lines[at][1]!r} can't be read as a date; taken for part of the excerpt"
                problems.append(Problem(subject=f"line {lines[at][0]}", reason=reason))
            at += 1
        excerpt = " ".join(text for _, text in lines[first:at])
        entries.append(_Entry(tags[-1], line, lines[first - 1][1], excerpt))
    return entries, list(dict.fromkeys(tags)), problems


def _begins(line: str, dayfirst: bool) -> bool:
    """Whether a post or another archive begins with this line."""
    return bool(_HEADING.match(line)) or _is_date(line, dayfirst)


def _is_date(line: str, dayfirst: bool) -> bool:
    if len(line) > _LONGEST_DATE or _NO_DATE.search(line):
        return False
    return read_date(line, dayfirst=dayfirst) is not None


def _post(document: Document, entry: _Entry, dayfirst: bool) -> Post:
    # an id must not move with a configured zone, nor with the other dates of the file
    written = read_date(entry.date, UTC)
    return Post(
        id=post_id(
            source_key=document.key,
            date=written.isoformat() if written else "",
            title=entry.title,
        ),
        title=entry.title,
        summary=entry.excerpt,
        tags=(entry.tag,),
        published=read_date(entry.date, document.zone, dayfirst=dayfirst),
    )
