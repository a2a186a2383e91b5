"""holder: who holds the state file is told while they do, and never after."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedkit.errors import LockedError
from feedkit.store import open_store
from feedkit.store.holder import Holder, holder_of, told_as_holder

HOLDER = """
import sys
from pathlib import Path
from feedkit.store import open_store
with open_store(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def other(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the file."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "held\n"
        yield running
        running.kill()


def beside(path: Path) -> Path:
    return path.with_name(f"{path.name}-holder")


def refusal(path: Path) -> str:
    with pytest.raises(LockedError) as caught, open_store(path):
        pass
    return caught.value.reason


def test_who_holds_it_is_told_to_who_is_turned_away(
    path: Path, other: subprocess.Popen[str]
) -> None:
    holder = holder_of(path)
    assert holder is not None
    assert (holder.pid, holder.host) == (other.pid, socket.gethostname())
    assert holder.since is not None
    assert abs((datetime.now(UTC) - holder.since).total_seconds()) < 3600
    assert refusal(path) == f"another run is using it: {holder}"


def test_once_it_is_free_nothing_is_told_and_no_file_left(path: Path) -> None:
    with open_store(path):
        assert holder_of(path) == Holder(
            pid=os.getpid(), host=socket.gethostname(), since=_written(beside(path))
        )
        assert f"process {os.getpid()} on " in refusal(path)
    assert holder_of(path) is None
    assert not beside(path).exists()


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)


def test_what_a_killed_run_left_is_not_believed_and_blocks_nobody(
    path: Path, other: subprocess.Popen[str]
) -> None:
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert f'"pid":{other.pid}' in beside(path).read_text()
    assert holder_of(path) is None
    with open_store(path):
        holder = holder_of(path)
        assert holder is not None
        assert holder.pid == os.getpid()
    assert not beside(path).exists()


def test_the_number_of_a_living_process_alone_is_not_believed(path: Path) -> None:
    # one whose run was killed, and whose number another process was given
    beside(path).write_text(f'{{"pid":{os.getpid()},"host":"{socket.gethostname()}"}}')
    assert holder_of(path) is None


@pytest.mark.parametrize("data", [b"", b"{", b'{"pid":"x","host":1}', b"\xff", b"[" * 5000])
def test_what_cannot_be_read_tells_nothing(path: Path, data: bytes) -> None:
    with open_store(path):
        beside(path).write_bytes(data)
        assert holder_of(path) is None
        assert refusal(path) == "another run is using it"


def test_what_is_told_is_one_line_that_a_terminal_may_show(path: Path) -> None:
    with open_store(path):
        beside(path).write_text('{"pid":7,"host":"a\\u001b[2J\\nb"}')
        holder = holder_of(path)
        assert str(holder).startswith("process 7 on a[2Jb, since 2")
        assert "process 7 on a[2Jb, since 2" in refusal(path)


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_where_it_cannot_be_told_the_run_goes_on(path: Path, tmp_path: Path, kind: str) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    if kind == "folder":
        beside(path).mkdir()
    elif kind == "link":
        beside(path).symlink_to(theirs)
    else:
        os.mkfifo(beside(path))
    with open_store(path) as store:
        assert store.fact("a", "b") == "b"
        assert refusal(path).startswith("another run is using it")
    assert theirs.read_text() == "theirs"


def test_two_that_tell_at_once_leave_the_first_to_tell(path: Path) -> None:
    with told_as_holder(path):
        before = beside(path).read_bytes()
        with told_as_holder(path):
            assert beside(path).read_bytes() == before
        assert holder_of(path) is not None
