"""The other end of ``isolated``: one document on standard input, one answer on standard output."""

import sys

import msgspec

from feedkit.errors import ParseError, UnknownFormatError
from feedkit.ingest.document import Document
from feedkit.ingest.feed import reading
from feedkit.ingest.feed.isolated import Answer, Request, zone_meant


def answer() -> None:
    """Read the document that is asked for, and say what became of it."""
    request = msgspec.json.decode(sys.stdin.buffer.readline(), type=Request)
    data = sys.stdin.buffer.read()
    _bound_memory(request.memory)
    document = Document(
        data=data,
        url=request.url,
        key=request.key,
        shared_key=request.shared_key,
        zone=zone_meant(request.zone),
        repeated=request.repeated,
    )
    sys.stdout.buffer.write(msgspec.json.encode(_read(document, request.memory)))


def _read(document: Document, memory: int) -> Answer:
    try:
        return Answer(feed=reading.read_here(document))
    except MemoryError:
        return Answer(reason=f"reading it took more than {memory:,} bytes of memory, the bound")
    except ParseError as error:
        unknown = isinstance(error, UnknownFormatError)
        return Answer(reason=error.reason, line=error.line, unknown=unknown)


def _bound_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or size < hard:
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))
