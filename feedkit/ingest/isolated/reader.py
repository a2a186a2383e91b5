"""A process that reads documents, as seen from here: started, asked, stopped."""

import subprocess
from contextlib import suppress
from threading import Lock
from time import monotonic
from typing import BinaryIO, cast

from feedkit.errors import ParseError
from feedkit.ingest.document import Document
from feedkit.ingest.isolated.frames import (
    TAKEN,
    Request,
    decode_answer,
    encode,
    meant_by,
    receive,
    sayable,
    send,
)
from feedkit.ingest.isolated.starting import started
from feedkit.model import Feed

SECONDS = 20.0
"""How long the smallest document may take; reading 1 MB takes 1 to 2 s at worst."""
SECONDS_PER_BYTE = 2.0 / 1_000_000
"""What a larger one may take more."""
MEMORY = 1024**3
"""How many bytes of memory the process may have, where the system can bound them."""
MEMORY_PER_BYTE = 48
"""What it may have more for a larger document."""

_COMMAND = "from feedkit.ingest.isolated.serving import serve; serve()"
_PATIENCE = 5.0
"""Seconds it has to end by itself, once its input has ended."""


class Reader:
    """A process that reads one document after the other.

    It is started when it is first asked, and again after it has died. It ends
    itself when a document takes too long, and when this process is no more.

    :param seconds: how long the smallest document may take.
    :param memory: how many bytes of memory it may have for the smallest document.
    """

    def __init__(self, *, seconds: float, memory: int) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = Lock()
        self._stopped = False

    def ask(self, document: Document) -> bytes:
        """Have a document read: the encoded Answer. One thread may ask at a time.

        :param document: one that is ``sayable``.
        :raise ParseError: when it takes too long, or the process dies of it.
        :raise OSError: when no process can be started.
        """
        size = len(document.data)
        seconds = self._seconds + size * SECONDS_PER_BYTE
        memory = self._memory + size * MEMORY_PER_BYTE
        message = encode(Request(document=document, seconds=seconds, memory=memory))
        process, begun = self._process, monotonic()
        if not (process and self._takes(process, message)):
            # it is the first document, or the process died since the last one
            self.end()
            process, begun = self._started(), monotonic()
            if not self._takes(process, message):
                code = self.end()
                raise OSError(f"a reader of documents does not start (exit code {code})")
        return self._answer(process, seconds, begun)

    def _started(self) -> "subprocess.Popen[bytes]":
        with self._starting:
            if self._stopped:
                raise OSError("readers of documents were stopped")
            self._process = started(_COMMAND)
        return self._process

    @staticmethod
    def _takes(process: "subprocess.Popen[bytes]", message: bytes) -> bool:
        """Whether the process is alive to be asked."""
        try:
            send(cast("BinaryIO", process.stdin), message)
        except OSError:
            return False
        return cast("BinaryIO", process.stdout).read(1) == TAKEN

    def _answer(self, process: "subprocess.Popen[bytes]", seconds: float, begun: float) -> bytes:
        answer = receive(cast("BinaryIO", process.stdout))
        if answer is not None:
            return answer
        too_long = monotonic() - begun >= seconds
        code = self.end()
        if too_long:
            raise ParseError(f"reading it took more than {seconds:g} seconds, the bound")
        raise ParseError(f"its reader died of it (exit code {code})")

    def stop(self) -> None:
        """Kill the process, whatever it is at; none is started again. Any thread may do this."""
        with self._starting:
            self._stopped = True
            if self._process:
                self._process.kill()

    def dismiss(self) -> None:
        """Tell the process that nothing more will be asked, so that it ends soon."""
        if self._process and self._process.stdin:
            with suppress(OSError):
                self._process.stdin.close()
            self._process.stdin = None

    def end(self) -> int | None:
        """Let the process end, and take leave of it: its exit code. It must not be at work."""
        process, self._process = self._process, None
        if process is None:
            return None
        with process:
            try:
                process.communicate(timeout=_PATIENCE)  # it ends when its input does
            except subprocess.TimeoutExpired:
                process.kill()
        return process.returncode


def read_isolated(document: Document) -> Feed:
    """A document's feed, read in a process of its own.

    :raise ParseError: what is wrong with it; or that it takes too long or too much memory.
    :raise OSError: when no process can be started, or be told its time zone.
    """
    told = sayable(document)
    if told is None:
        raise OSError("its time zone can't be told to another process")
    reader = Reader(seconds=SECONDS, memory=MEMORY)
    try:
        found = meant_by(decode_answer(reader.ask(told)))
    except BaseException:  # such as an interrupt, which finds it at work
        reader.stop()
        raise
    finally:
        reader.end()
    if isinstance(found, ParseError):
        raise found
    return found
