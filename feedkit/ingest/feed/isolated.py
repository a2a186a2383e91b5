"""Reading a document in a process of its own, which is killed when it takes too long.

The process is started anew rather than forked, as callers may have threads,
and by its own command line, as callers' scripts need no guard for it. It is
told the document and answers with a Feed, or with what is wrong, as JSON.
"""

import subprocess
import sys
from datetime import UTC, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from feedkit.errors import ParseError, UnknownFormatError
from feedkit.ingest.document import Document
from feedkit.model import Feed

SECONDS = 20.0
"""How long a reader may take for the smallest document; reading 1 MB takes 1 to 2 s at worst."""
SECONDS_PER_BYTE = 2.0 / 1_000_000
"""What a larger one may take more."""
MEMORY = 1024**3
"""How many bytes of memory a reader may have, where the system can bound them."""
MEMORY_PER_BYTE = 48
"""What it may have more for a larger document."""

_COMMAND = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from feedkit.ingest.feed.isolated_reader import answer; answer()"
)


class Request(msgspec.Struct, kw_only=True):
    """What the reader is asked; the document's bytes follow it."""

    url: str
    key: str
    shared_key: bool
    zone: str | float
    repeated: dict[str, bool]
    memory: int


class Answer(msgspec.Struct, kw_only=True):
    """What the reader answers: a feed, or the reason why there is none."""

    feed: Feed | None = None
    reason: str = ""
    line: int | None = None
    unknown: bool = False


def can_isolate(document: Document) -> bool:
    """Whether a process can be started that reads the document as this one would."""
    if getattr(sys, "frozen", False) or not sys.executable:
        return False
    return _zone_said(document.zone) is not None


def read_isolated(document: Document) -> Feed:
    """The document as a Feed, read in a process of its own.

    :param document: one that :func:`can_isolate` accepts.
    :raise ParseError: what the reader found wrong; or that it took too long or
        too much memory.
    :raise OSError: when no process can be started.
    """
    size = len(document.data)
    seconds = SECONDS + size * SECONDS_PER_BYTE
    zone = _zone_said(document.zone)
    request = Request(
        url=_encodable(document.url),
        key=_encodable(document.key),
        shared_key=document.shared_key,
        zone="UTC" if zone is None else zone,
        repeated=dict(document.repeated),
        memory=MEMORY + size * MEMORY_PER_BYTE,
    )
    path = [str(Path(folder).absolute()) for folder in sys.path]
    command = [sys.executable, "-I", "-c", _COMMAND, msgspec.json.encode(path).decode()]
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter and a command of our own
            command,
            input=msgspec.json.encode(request) + b"\n" + document.data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ParseError(f"reading it took more than {seconds:g} seconds, the bound") from error
    try:
        answer = msgspec.json.decode(done.stdout, type=Answer)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ParseError(f"its reader died of it (exit code {done.returncode})") from error
    if answer.feed is not None:
        return answer.feed
    if answer.unknown:
        raise UnknownFormatError(answer.reason)
    raise ParseError(answer.reason, line=answer.line)


def _encodable(text: str) -> str:
    """A text without lone surrogates, which UTF-8 can't hold, as ids are made of it."""
    return text.encode("utf-8", "replace").decode()


def _zone_said(zone: tzinfo) -> str | float | None:
    """A zone's name, or its fixed offset in seconds; None for one that can't be said."""
    if isinstance(zone, ZoneInfo):
        return zone.key
    if isinstance(zone, timezone):
        return zone.utcoffset(None).total_seconds()
    return None


def zone_meant(said: str | float) -> tzinfo:
    """The zone that was said so."""
    if isinstance(said, str):
        return ZoneInfo(said)
    return timezone(timedelta(seconds=said)) if said else UTC
