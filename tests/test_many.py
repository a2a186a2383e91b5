"""Many documents read at once: in real processes, some of which are killed, hang or run out."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta, timezone, tzinfo
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import pytest

from feedkit.errors import ParseError, UnknownFormatError
from feedkit.ingest import parse_document, readers
from feedkit.ingest.document import Document
from feedkit.ingest.isolated import reader
from feedkit.ingest.readers import FEW, Readers, cores
from feedkit.model import MAX_BYTES, Feed

MUCH = 10 * FEW
# a child that does what a document tells it, and else reads it
POISONED = """
import json, os, re, sys, time, warnings
sys.path[:] = json.loads(sys.argv[1])
from feedkit.ingest.isolated import serving
read = serving.parse_document
def poisoned(document, **bounds):
    order, _, rest = document.data.decode("latin-1").partition(" ")
    if order == "sleep":
        with open(rest + ".new", "w") as file:
            file.write(str(os.getpid()))
        os.rename(rest + ".new", rest)
        time.sleep(600)
    if order == "hang":
        re.match("(a|a)*$", "a" * 60 + "b")
    if order == "die":
        os._exit(7)
    if order == "raise":
        raise RuntimeError("of this document")
    if order == "fill":
        raise MemoryError
    if order == "warn":
        warnings.warn("an odd release", RuntimeWarning)
        return read(document.__class__(data=rest.encode()), max_bytes=len(rest))
    if order == "print":
        print("what is no answer", flush=True)
        return read(document.__class__(data=rest.encode()), max_bytes=len(rest))
    return read(document, **bounds)
serving.parse_document = poisoned
serving.serve()
"""


def archive(number: int, size: int = 0) -> Document:
    text = f"Tag archive: t{number}\nMay 6, 2026\nPost {number}\n{'word ' * (size // 5)}\n"
    return Document(data=text.encode(), key="k")


def numbered(count: int, size: int = 0) -> list[tuple[int, Document]]:
    return [(number, archive(number, size)) for number in range(count)]


def ordered(text: str) -> Document:
    return Document(data=text.encode())


def title(found: Feed | ParseError) -> str:
    return found.posts[0].title if isinstance(found, Feed) else f"error: {found}"


def pids(pool: Readers) -> list[int]:
    return [one._process.pid for one in pool._readers if one._process]


def is_there(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def until(happened: Callable[[], object]) -> None:
    end = monotonic() + 30
    while not happened():
        assert monotonic() < end
        sleep(0.01)


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_COMMAND", POISONED)


def test_few_documents_are_read_here() -> None:
    with Readers(2) as pool:
        found = list(pool.read(numbered(5)))
        assert [(key, title(feed)) for key, feed in found] == [(n, f"Post {n}") for n in range(5)]
        assert not pids(pool)


def test_many_are_read_in_processes_alike_and_in_order() -> None:
    documents = numbered(40, 2000)
    with Readers(2) as pool:
        found = list(pool.read(documents, expected=MUCH))
        first = pids(pool)
        again = list(pool.read(documents, expected=MUCH))
        assert 1 <= len(first) <= 2
        assert set(first) <= set(pids(pool))
    assert found == again == [(key, parse_document(document)) for key, document in documents]
    assert not any(map(is_there, first))


def test_processes_start_once_there_was_much_to_read() -> None:
    size = FEW // 8
    with Readers(2) as pool:
        read = pool.read(numbered(FEW // size + 3, size))
        assert [next(read)[0], bool(pids(pool))] == [0, False]
        rest = [title(feed) for _, feed in read]
        assert rest == [f"Post {number}" for number in range(1, FEW // size + 3)]
        assert pids(pool)


def test_a_large_document_has_its_process_even_alone_on_one_core() -> None:
    with Readers(1) as pool:
        found = dict(pool.read([(0, archive(0)), (1, archive(1, FEW)), (2, archive(2))]))
        assert list(map(title, found.values())) == ["Post 0", "Post 1", "Post 2"]
        assert len(pids(pool)) == 1


@pytest.mark.parametrize("zone", [ZoneInfo("Europe/Stockholm"), timezone(timedelta(hours=-5.5))])
def test_what_is_known_of_a_document_is_told(zone: tzinfo) -> None:
    item = "<item><guid>one</guid><link>/x</link><pubDate>2023-01-01 12:00</pubDate></item>"
    text = f"<rss><channel><title>T\xe9</title>{item}</channel></rss>"
    document = Document(
        data=text.encode("latin-1"),
        url="https://a.example/\udc80",
        content_type="text/xml; charset=latin-1",
        key="k\udc80",
        shared_key=True,
        zone=zone,
        feeds=("https://a.example/feed",),
        repeated={"one": True, "t\udc80": False},
    )
    with Readers(2) as pool:
        ((_, found),) = pool.read([(0, document)], expected=MUCH)
        assert pids(pool)
    assert found == parse_document(document)


def test_errors_are_what_they_are_here() -> None:
    page = b"<html><link rel=alternate type=application/rss+xml href=/feed></html>"
    deep = b"<rss>\n" + b"<a>" * 1001
    large = Document(data=b" " * (MAX_BYTES + 1))
    documents = [Document(data=page, url="https://a.example/"), Document(data=deep), large]
    with Readers(2) as pool:
        found = [one for _, one in pool.read(enumerate(documents), expected=MUCH)]
    here = []
    for document in documents:
        with pytest.raises(ParseError) as caught:
            parse_document(document)
        here.append(caught.value)
    assert [(str(one), type(one)) for one in found] == [(str(one), type(one)) for one in here]
    assert isinstance(found[0], UnknownFormatError)
    assert found[0].feeds == ("https://a.example/feed",)


@pytest.mark.usefixtures("poisoned")
@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("hang", "reading it took more than 1 seconds, the bound"),
        ("die", "its reader died of it (exit code 7)"),
        ("raise", "reading it failed: RuntimeError: of this document"),
        ("fill", "reading it took more than 1,073,741,824 bytes of memory, the bound"),
    ],
)
def test_a_poisonous_document_costs_itself(
    order: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "SECONDS_PER_BYTE", 0)
    monkeypatch.setattr(reader, "MEMORY_PER_BYTE", 0)
    with Readers(2, seconds=1) as pool:
        documents = [archive(0), ordered(f"{order} "), archive(2)]
        found = [title(one) for _, one in pool.read(enumerate(documents), expected=MUCH)]
    assert found == ["Post 0", f"error: {reason}", "Post 2"]


@pytest.mark.usefixtures("poisoned")
def test_what_is_printed_is_no_answer() -> None:
    with Readers(2) as pool:
        text = "print Tag archive: t\nMay 6, 2026\nPrinted\n"
        assert [title(one) for _, one in pool.read([(0, ordered(text))], expected=MUCH)] == [
            "Printed"
        ]


@pytest.mark.usefixtures("poisoned")
def test_what_is_warned_of_there_is_warned_of_here() -> None:
    text = "warn Tag archive: t\nMay 6, 2026\nOne\n"
    with Readers(2) as pool, pytest.warns(RuntimeWarning, match="an odd release"):
        found = list(pool.read([(0, ordered(text))], expected=MUCH))
    assert [title(one) for _, one in found] == ["One"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
@pytest.mark.usefixtures("poisoned")
def test_a_process_that_is_killed_costs_what_it_was_reading(tmp_path: Path) -> None:
    told = tmp_path / "pid"

    def kill() -> None:
        until(told.exists)
        os.kill(int(told.read_text()), signal.SIGKILL)

    killer = Thread(target=kill)
    killer.start()
    documents = [*numbered(3), (3, ordered(f"sleep {told}")), (4, archive(4))]
    with Readers(2) as pool:
        found = [title(one) for _, one in pool.read(documents, expected=MUCH)]
    killer.join()
    died = "error: its reader died of it (exit code -9)"
    assert found == ["Post 0", "Post 1", "Post 2", died, "Post 4"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
def test_a_process_that_is_killed_between_documents_costs_nothing() -> None:
    with Readers(2) as pool:
        for number in range(3):
            found = pool.read([(0, archive(number))], expected=MUCH)
            assert [title(one) for _, one in found] == [f"Post {number}"]
            for pid in pids(pool):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.usefixtures("poisoned")
def test_who_stops_taking_leaves_no_process(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    documents = [(0, archive(0)), (1, ordered(f"sleep {told}")), (2, archive(2))]
    with Readers(2) as pool:
        assert title(next(pool.read(documents, expected=MUCH))[1]) == "Post 0"
        until(told.exists)
        started = pids(pool)
    assert not any(map(is_there, started))


def test_documents_are_taken_when_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []

    def documents() -> Iterator[tuple[int, Document]]:
        for number in range(20):
            taken.append(number)
            yield number, archive(number, 1000)

    monkeypatch.setattr(readers, "MOST_WAITING", 3000)
    with Readers(2) as pool:
        for count, (key, _) in enumerate(pool.read(documents(), expected=MUCH), 1):
            assert key == count - 1
            assert len(taken) <= count + 3


SCRIPT = f"""
import sys
from feedkit.ingest.document import Document
from feedkit.ingest.isolated import reader
from feedkit.ingest.readers import Readers
reader._COMMAND = {POISONED!r}
documents = [(0, Document(data=b"sleep " + sys.argv[1].encode()))]
with Readers(2, seconds=float(sys.argv[2])) as pool:
    list(pool.read(documents, expected={MUCH}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
@pytest.mark.parametrize(("sent", "seconds"), [(signal.SIGKILL, "1"), (signal.SIGINT, "600")])
def test_readers_end_with_who_started_them(sent: int, seconds: str, tmp_path: Path) -> None:
    told = tmp_path / "pid"
    command = [sys.executable, "-c", SCRIPT, str(told), seconds]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True) as caller:
        until(told.exists)
        child = int(told.read_text())
        os.killpg(caller.pid, sent) if sent == signal.SIGINT else caller.send_signal(sent)
        assert caller.wait(30) == -sent
    until(lambda: not is_there(child))


def test_all_cores_that_may_be_used_are() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)
