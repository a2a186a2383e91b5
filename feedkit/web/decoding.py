"""Bodies as they were sent → as they were meant: gzip, deflate, br and zstd, within a bound.

aiohttp could do this too, but it counts neither what it received nor what that
unfolds to, and reads what ends too early as if it were whole.
"""

import sys
import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdError

ENCODINGS = "gzip, deflate, br, zstd"
"""What ``Accept-Encoding`` may promise."""

_STEP = 256 * 1024
_MEMBERS = 100
_ERRORS = (zlib.error, brotli.error, ZstdError)


class Undecodable(ValueError):  # noqa: N818
    """A body that can't be taken; the message says why."""


class Body:
    """Collects a body as it arrives.

    :param encoding: the ``Content-Encoding`` it is sent in.
    :param max_bytes: how many bytes it may have, as sent and decompressed.
    :raise Undecodable: when the encoding is unknown.
    """

    def __init__(self, encoding: str, *, max_bytes: int) -> None:
        names = [name.strip().lower() for name in encoding.split(",")]
        names = [name for name in names if name not in ("", "identity")]
        if len(names) > 1 or any(name not in _DECODERS for name in names):
            raise Undecodable(f"is encoded as {encoding!r}, which can't be read")
        self._decoder = _DECODERS[names[0]]() if names else None
        self._max_bytes = max_bytes
        self._received = 0
        self._whole = bytearray()

    def add(self, chunk: bytes) -> None:
        """Take the next bytes that were received.

        :raise Undecodable: when there are too many, or they can't be decompressed.
        """
        self._received += len(chunk)
        self._bound(self._received)
        if self._decoder is None:
            self._whole += chunk
            return
        try:
            for piece in self._decoder.pieces(chunk):
                self._whole += piece
                self._bound(len(self._whole))
        except _ERRORS as error:
            raise Undecodable(f"can't be decompressed: {error}") from error

    def _bound(self, size: int) -> None:
        if size > self._max_bytes:
            raise Undecodable(f"is larger than {self._max_bytes:,} bytes")

    def end(self) -> bytes:
        """The whole body, once all was received.

        :raise Undecodable: when its compressed form ends too early.
        """
        if self._decoder and self._received and not self._decoder.ended:
            raise Undecodable("can't be decompressed: it ends too early")
        return bytes(self._whole)


class _Decoder(Protocol):
    @property
    def ended(self) -> bool:
        """Whether all that was begun is complete."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What the next bytes unfold to, none of it much larger than ``_STEP``."""


class _Gzip:
    """gzip of one or more members (RFC 1952 §2.2); what follows them and is none is padding."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._members = 1
        self._head = b""
        self._padded = False

    @property
    def ended(self) -> bool:
        return self._inner.eof and not self._head

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data and not self._padded:
            if self._inner.eof:
                self._head += data
                if len(self._head) < 2 and self._head == b"\x1f":
                    return
                data, self._head = self._head, b""
                if not data.startswith(b"\x1f\x8b"):
                    self._padded = True
                    return
                self._members += 1
                if self._members > _MEMBERS:
                    raise Undecodable(f"can't be decompressed: more than {_MEMBERS} members")
                self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)
            yield self._inner.decompress(data, _STEP)
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail


class _Deflate:
    """zlib's format as RFC 9110 §8.4.1.2 has it, or the bare one some servers send."""

    def __init__(self) -> None:
        self._inner: zlib._Decompress | None = None

    @property
    def ended(self) -> bool:
        return self._inner is not None and self._inner.eof

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._inner is None:
            wrapped = data[0] & 0x0F == 8 and data[0] >> 4 <= 7
            self._inner = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
        while data and not self._inner.eof:
            yield self._inner.decompress(data, _STEP)
            data = self._inner.unconsumed_tail


class _Brotli:
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    @property
    def ended(self) -> bool:
        return bool(self._inner.is_finished())

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while piece := self._inner.process(data, output_buffer_limit=_STEP):
            yield piece
            if self._inner.is_finished():
                return
            data = b""


class _Zstandard:
    """Zstandard of one or more frames (RFC 8878 §3.1)."""

    def __init__(self) -> None:
        self._inner = ZstdDecompressor()
        self._frames = 1

    @property
    def ended(self) -> bool:
        return bool(self._inner.eof)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data or not (self._inner.eof or self._inner.needs_input):
            if self._inner.eof:
                self._frames += 1
                if self._frames > _MEMBERS:
                    raise Undecodable(f"can't be decompressed: more than {_MEMBERS} frames")
                self._inner = ZstdDecompressor()
            yield self._inner.decompress(data, _STEP)
            data = self._inner.unused_data if self._inner.eof else b""


_DECODERS: dict[str, type[_Gzip] | type[_Deflate] | type[_Brotli] | type[_Zstandard]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstandard,
}
