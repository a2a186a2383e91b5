"""The process that reads documents: one after the other from its input, until that ends."""

import faulthandler
import os
import signal
import sys
import warnings

import feedkit.ingest.feed.reading  # noqa: F401 - what most need, before memory is bounded
from feedkit.errors import ParseError
from feedkit.ingest import parse_document
from feedkit.ingest.isolated.frames import (
    TAKEN,
    Answer,
    Request,
    answer_of,
    decode_request,
    encode,
    failed,
    receive,
    send,
)


def serve() -> None:
    """Answer what is asked on standard input, on standard output."""
    # who started it decides what an interrupt of both means
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # what anything prints must not get among the answers
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    going_on = True
    with warnings.catch_warnings(record=True) as warned:
        while going_on and (message := receive(asked)) is not None:
            answers.write(TAKEN)
            answers.flush()
            request = decode_request(message)
            # ends this process whatever it is at, even when nobody is left to kill it
            faulthandler.dump_traceback_later(request.seconds, exit=True)
            answer, going_on = _answer(request, warned)
            send(answers, answer)
            faulthandler.cancel_dump_traceback_later()


def _answer(request: Request, warned: list[warnings.WarningMessage]) -> tuple[bytes, bool]:
    """The answer, and whether this process is fit for another document."""
    try:
        _bound_memory(request.memory)
        # whether it is too large was judged by who sent it
        feed = parse_document(request.document, max_bytes=len(request.document.data))
        told = tuple(str(one.message) for one in warned)
        warned.clear()
        return encode(Answer(feed=feed, warnings=told)), True
    except ParseError as error:
        if not isinstance(error.__cause__, MemoryError):
            return encode(answer_of(error)), True
    except MemoryError:
        pass
    except Exception as error:  # one bad document never costs the others
        return encode(answer_of(failed(error))), False
    reason = f"reading it took more than {request.memory:,} bytes of memory, the bound"
    return encode(Answer(reason=reason)), False


def _bound_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or size < hard:
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))
