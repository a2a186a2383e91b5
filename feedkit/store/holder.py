"""Who holds the state file: told in a small file beside it, for those who are turned away.

It is SQLite's lock that holds; this file only tells of it. Its writer keeps it
locked (flock(2)) as long as it tells the truth, and the kernel ends that lock
with the process, however it ends: so what a killed run left, or one whose
number another process has now, is never believed.
"""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

if sys.platform != "win32":
    import fcntl

_MOST = 1024


class Holder(Struct, frozen=True, kw_only=True):
    """A run that holds a state file."""

    pid: int
    """The number of its process, on its host."""
    host: str
    """The name of its host."""
    since: datetime | None = None
    """Since when it holds the file."""

    def __str__(self) -> str:
        host = "".join(filter(str.isprintable, self.host))[:255]
        when = f", since {self.since:%Y-%m-%d %H:%M:%S} UTC" if self.since else ""
        return f"process {self.pid} on {host}{when}"


def _place(state: Path) -> Path:
    return state.with_name(f"{state.name}-holder")


@contextmanager
def told_as_holder(state: Path) -> Iterator[None]:
    """Tell, within the block, that this process holds a state file.

    Where that can't be told, nothing is.

    :param state: the state file, which this process holds.
    """
    descriptor = None
    with suppress(OSError):
        descriptor = _told(_place(state))
    try:
        yield
    finally:
        if descriptor is not None:
            with suppress(OSError):
                _place(state).unlink()
            os.close(descriptor)


def _told(place: Path) -> int | None:
    if sys.platform == "win32":
        return None
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
    descriptor = os.open(place, flags, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
        told = Holder(pid=os.getpid(), host=socket.gethostname())
        os.write(descriptor, msgspec.json.encode(told))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def holder_of(state: Path) -> Holder | None:
    """Who holds a state file; None when nobody does, or it is not told.

    :param state: the state file.
    """
    if sys.platform == "win32":
        return None
    try:
        descriptor = os.open(_place(state), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(descriptor)
    except OSError:
        return None
    else:
        return None  # who wrote it has ended
    finally:
        os.close(descriptor)


def _read(descriptor: int) -> Holder | None:
    try:
        told = msgspec.json.decode(os.read(descriptor, _MOST), type=Holder)
        since = datetime.fromtimestamp(int(os.fstat(descriptor).st_mtime), UTC)
    except (msgspec.DecodeError, OSError, ValueError, OverflowError):
        return None
    return msgspec.structs.replace(told, since=since)
