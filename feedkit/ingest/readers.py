"""Documents → Feeds, many at once: read in processes of their own, on all cores.

What takes too long, or kills who reads it, costs one document (see ``isolated.reader``).
"""

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from queue import LifoQueue
from types import TracebackType
from typing import Self, TypeVar

from feedkit.errors import ParseError
from feedkit.ingest import parse_document
from feedkit.ingest.document import Document
from feedkit.ingest.isolated.frames import decode_answer, failed, meant_by, sayable
from feedkit.ingest.isolated.reader import MEMORY, SECONDS, Reader
from feedkit.model import MAX_BYTES, Feed

FEW = 1_000_000
"""Up to how many bytes of documents are read here: that is faster than processes are started,
and no document of so many is known to take longer than it may there."""
MOST_READERS = 8
"""How many processes one that takes their answers keeps at work."""
MOST_WAITING = 64 * 1024 * 1024
"""How many bytes of documents wait for those before them to be read."""
_MOST_DOCUMENTS = 1000
_TICK = 1.0

_K = TypeVar("_K")


def cores() -> int:
    """How many cores this process may use."""
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Readers:
    """Processes that read documents, on all cores, for as long as the context lasts.

        with Readers() as readers:
            for key, feed in readers.read((path, Document(data=path.read_bytes())) for path in …):

    They are started when there is more to read than is worth their start, and
    stay for the next documents.

    :param count: how many processes. Default: one for each core, at most :data:`MOST_READERS`.
    :param seconds: how long the smallest document may take; larger ones may take
        2 s more for each MB. Default: 20.
    :param memory: how many bytes a process may have for the smallest document, where
        the system can bound them. Default: 1 GiB.
    """

    def __init__(
        self, count: int | None = None, *, seconds: float = SECONDS, memory: int = MEMORY
    ) -> None:
        count = count or min(cores(), MOST_READERS)
        self._readers = [Reader(seconds=seconds, memory=memory) for _ in range(count)]
        # the one that was asked last is the first to be asked again, so no more start than needed
        self._idle: LifoQueue[Reader] = LifoQueue()
        for reader in reversed(self._readers):
            self._idle.put(reader)
        self._pool = ThreadPoolExecutor(count, "feedkit-readers")
        self._read_here = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(
        self, documents: Iterable[tuple[_K, Document]], *, expected: int = 0
    ) -> Iterator[tuple[_K, Feed | ParseError]]:
        """The feed of each document, or what is wrong with it; in the order of the documents.

        Each comes as soon as it and those before it are read. Documents are
        taken when they are needed, so that few are in memory at a time (see
        :data:`MOST_WAITING`); what is not taken any more is not read.

        :param documents: what to read, each with what the caller knows it by.
        :param expected: how many bytes they have, as far as it is known, so that
            processes are started at once where they will be needed.
        """
        waiting: deque[tuple[_K, Document, Feed | ParseError | Future[bytes]]] = deque()
        held = 0
        try:
            for key, document in documents:
                waiting.append((key, document, self._begun(document, expected)))
                held += len(document.data)
                while waiting and (
                    _is_read(waiting[0][2]) or held > MOST_WAITING or len(waiting) > _MOST_DOCUMENTS
                ):
                    first, read, begun = waiting.popleft()
                    held -= len(read.data)
                    yield first, self._result(read, begun)
            while waiting:
                first, read, begun = waiting.popleft()
                yield first, self._result(read, begun)
        finally:  # who takes no more wants no more
            for *_, begun in waiting:
                if isinstance(begun, Future):
                    begun.cancel()

    def close(self) -> None:
        """End all processes; those that are at work are killed."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._idle.qsize() < len(self._readers):
            for reader in self._readers:
                reader.stop()
        self._pool.shutdown()
        for reader in self._readers:
            reader.dismiss()
        for reader in self._readers:
            reader.end()

    def _begun(self, document: Document, expected: int) -> Feed | ParseError | Future[bytes]:
        """A document's feed, or that it is on its way."""
        size = len(document.data)
        much = max(expected, self._read_here + size) if len(self._readers) > 1 else size
        told = None if much <= FEW or size > MAX_BYTES else sayable(document)
        if told is None:
            self._read_here += size
            return _read_here(document)
        return self._pool.submit(self._ask, told)

    def _ask(self, document: Document) -> bytes:
        reader = self._idle.get()
        try:
            return reader.ask(document)
        finally:
            self._idle.put(reader)

    def _result(
        self, document: Document, begun: Feed | ParseError | Future[bytes]
    ) -> Feed | ParseError:
        if not isinstance(begun, Future):
            return begun
        while not begun.done():
            wait((begun,), _TICK)  # for ever, it could not be interrupted on Windows
        try:
            return meant_by(decode_answer(begun.result()))
        except ParseError as error:
            return error
        except OSError:  # where no process can be started
            return _read_here(document)


def _is_read(begun: Feed | ParseError | Future[bytes]) -> bool:
    return not isinstance(begun, Future) or begun.done()


def _read_here(document: Document) -> Feed | ParseError:
    try:
        return parse_document(document)
    except ParseError as error:
        return error
    except Exception as error:  # one bad document never costs the others
        reason = failed(error)
        reason.__cause__ = error
        return reason
