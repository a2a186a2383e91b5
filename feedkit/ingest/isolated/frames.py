"""What a process that reads documents is asked, what it answers, and how both are sent.

A message is its length in eight bytes, then MessagePack. A request is answered twice: by one
byte as soon as it is there, so that who dies of a document is told from who was dead before,
and by an Answer.
"""

import warnings
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder
from msgspec.structs import replace

from feedkit.errors import ParseError, UnknownFormatError
from feedkit.ingest.document import Document
from feedkit.model import Feed

TAKEN = b"\x06"
"""The first answer."""

_LENGTH = 8


class Request(Struct, kw_only=True):
    """A document to read, and what that may take."""

    document: Document
    seconds: float
    memory: int


class Answer(Struct, kw_only=True):
    """What was read: a feed, or the reason why there is none."""

    feed: Feed | None = None
    reason: str = ""
    line: int | None = None
    unknown: bool = False
    feeds: tuple[str, ...] = ()
    """The feeds an unknown document announces."""
    warnings: tuple[str, ...] = ()
    """What was warned of."""


def failed(error: Exception) -> ParseError:
    """What a document is said to be that made its ingester raise what it should not."""
    return ParseError(f"reading it failed: {type(error).__name__}: {error}")


def answer_of(error: ParseError) -> Answer:
    """What says an error to another process."""
    if isinstance(error, UnknownFormatError):
        return Answer(reason=error.reason, unknown=True, feeds=error.feeds)
    return Answer(reason=_encodable(error.reason), line=error.line)


def meant_by(answer: Answer) -> Feed | ParseError:
    """The feed of an answer, or the error. What was warned of there is warned of here."""
    for text in answer.warnings:
        warnings.warn(text, RuntimeWarning, stacklevel=2)
    if answer.feed is not None:
        return answer.feed
    if answer.unknown:
        return UnknownFormatError(answer.reason, feeds=answer.feeds)
    return ParseError(answer.reason, line=answer.line)


def sayable(document: Document) -> Document | None:
    """The document as another process is told it; None when its zone can't be said.

    Its texts lose lone surrogates, which UTF-8 can't hold; ids are made without them, too.
    """
    named = isinstance(document.zone, ZoneInfo) and document.zone.key is not None
    if not named and not isinstance(document.zone, timezone):
        return None
    return replace(
        document,
        url=_encodable(document.url),
        content_type=_encodable(document.content_type),
        key=_encodable(document.key),
        feeds=tuple(map(_encodable, document.feeds)),
        repeated={_encodable(name): among for name, among in document.repeated.items()},
        killable=True,
    )


def _encodable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _said(zone: Any) -> str | float:
    """A zone's name, or its fixed offset in seconds."""
    return zone.key if isinstance(zone, ZoneInfo) else zone.utcoffset(None).total_seconds()


def _meant(_kind: type, said: str | float) -> tzinfo:
    """The zone that was said so."""
    if isinstance(said, str):
        return ZoneInfo(said)
    return timezone(timedelta(seconds=said)) if said else UTC


encode = Encoder(enc_hook=_said).encode
decode_request = Decoder(Request, dec_hook=_meant).decode
decode_answer = Decoder(Answer).decode


def send(stream: BinaryIO, message: bytes) -> None:
    """Write a message.

    :raise OSError: when nobody reads any longer.
    """
    stream.write(len(message).to_bytes(_LENGTH, "big"))
    stream.write(message)
    stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """Read a message; None when there is none any more, or only the beginning of one."""
    length = int.from_bytes(stream.read(_LENGTH), "big")
    message = stream.read(length)
    return message if message and len(message) == length else None
