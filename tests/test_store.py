"""store: what a run knew is there in the next, in one file that one run holds at a time."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedkit.errors import LockedError, ModelError, StoreError
from feedkit.model import Memory, Post
from feedkit.parts import Enclosure, Origin, Person
from feedkit.store import Fetched, Store, open_store
from feedkit.store.schema import APPLICATION_ID, MIGRATIONS

T0 = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = T0 + timedelta(hours=1)
LATEST = T0 + timedelta(days=2)

POST = Post(
    id="tag:blog.example,2026:1",
    url="https://blog.example/1/",
    title="Grüße \N{PARTY POPPER}",
    content="<p>Body</p>",
    authors=[Person(name="Ada", email="ada@blog.example")],
    tags=["Backend", "C#"],
    published=T0,
    updated=LATER,
    enclosures=[Enclosure(url="https://blog.example/1.mp3", type="audio/mpeg", length=7)],
    origin=Origin(id="tag:blog.example,2026:", title="Blog", authors=[Person(name="Eve")]),
)
FETCHED = Fetched(
    url="https://blog.example/feed",
    address="https://moved.example/feed",
    reading=b"\0\1",
    validated="https://moved.example/feed",
    etag='W/"ä"',
    modified="yesterday",
    digest=b"\2",
    page=True,
    ttl=60,
    asked=LATER,
    succeeded=T0,
    whole=T0,
    due=LATEST,
    failures=3,
    error="was not there",
    gone=LATER,
    moving_to="https://else.example/feed",
    moving_since=T0,
)
OTHER = Post(id="tag:blog.example,2026:2", title="Other")

# opens the file, commits a fact, says so, and holds it until its input ends
HOLDER = """
import sys
from pathlib import Path
from feedkit.store import open_store
with open_store(Path(sys.argv[1])) as store:
    store.fact("committed", "yes")
    store.commit()
    store.fact("uncommitted", "yes")
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@contextmanager
def held(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the file."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder


def refusal(path: Path) -> StoreError:
    """The error of opening a file that can't be opened."""
    with pytest.raises(StoreError) as caught, open_store(path):
        pass
    return caught.value


def test_a_new_file_knows_nothing(path: Path) -> None:
    with open_store(path) as store:
        assert store.memories(["x"]) == {}
        assert store.labels() == {}
        assert store.last_good("blog") == {}
        assert not store.has_worked("blog")
        assert store.feeds() == {}
        assert store.outputs("public") == set()


def test_a_fact_stays_what_it_was_when_first_asked_for(path: Path) -> None:
    with open_store(path) as store:
        assert store.fact("site.id", "https://old.example/") == "https://old.example/"
        assert store.fact("site.id", "https://new.example/") == "https://old.example/"
        store.commit()
    with open_store(path) as store:
        assert store.fact("site.id", "https://new.example/") == "https://old.example/"
        assert store.fact("other", "b") == "b"


@pytest.mark.parametrize(
    "memory",
    [
        Memory(seen=T0),
        Memory(seen=T0, published=LATER),
        Memory(seen=T0, refused=LATEST),
        Memory(seen=T0, published=datetime(1970, 1, 1, tzinfo=UTC), refused=LATEST),
    ],
)
def test_memories_of_posts_come_back_as_they_were(path: Path, memory: Memory) -> None:
    with open_store(path) as store:
        store.remember({"urn:a": memory})
        store.commit()
    with open_store(path) as store:
        assert store.memories(["urn:a", "urn:new", "urn:a"]) == {"urn:a": memory}


def test_a_later_memory_takes_the_place_of_the_former(path: Path) -> None:
    with open_store(path) as store:
        store.remember({"urn:a": Memory(seen=T0, refused=LATEST)})
        store.remember({"urn:a": Memory(seen=T0, published=LATER)})
        assert store.memories(["urn:a"]) == {"urn:a": Memory(seen=T0, published=LATER)}


def test_memories_of_any_number_of_posts_are_found(path: Path) -> None:
    many = {f"urn:{number}": Memory(seen=T0 + timedelta(number)) for number in range(1234)}
    with open_store(path) as store:
        store.remember(many)
        assert store.memories(iter([*many, "urn:new"])) == many


def test_a_known_label_stays(path: Path) -> None:
    with open_store(path) as store:
        store.remember_labels({"c#": "C#", "backend": "Backend"})
        store.remember_labels({"backend": "BACKEND", "go": "Go"})
        store.commit()
    with open_store(path) as store:
        assert store.labels() == {"backend": "Backend", "c#": "C#", "go": "Go"}


def test_the_last_good_posts_come_back_whole_and_by_document(path: Path) -> None:
    with open_store(path) as store:
        store.keep_good("blog", {"a.md": (POST, OTHER), "b.md": ()})
        store.keep_good("other", {"": (OTHER,)})
        store.commit()
    with open_store(path) as store:
        assert store.last_good("blog") == {"a.md": (POST, OTHER), "b.md": ()}
        assert store.last_good("other") == {"": (OTHER,)}


def test_documents_that_change_are_replaced_and_those_gone_forgotten(path: Path) -> None:
    with open_store(path) as store:
        store.keep_good("blog", {"a.md": (POST,), "b.md": (POST,), "same.md": (POST,)})
        store.keep_good("other", {"b.md": (OTHER,)})
        store.keep_good("blog", {"a.md": (OTHER,), "same.md": (POST,)})
        assert store.last_good("blog") == {"a.md": (OTHER,), "same.md": (POST,)}
        assert store.last_good("other") == {"b.md": (OTHER,)}


def test_a_source_has_worked_once_it_succeeded(path: Path) -> None:
    with open_store(path) as store:
        store.failed("blog", T0)
        assert not store.has_worked("blog")
        store.succeeded("blog", LATER)
        store.failed("blog", LATEST)
        assert store.has_worked("blog")
        assert not store.has_worked("other")


def test_a_source_fails_since_its_first_failure_after_a_success(path: Path) -> None:
    with open_store(path) as store:
        assert store.failed("blog", T0) == T0
        assert store.failed("blog", LATER) == T0
        store.commit()
    with open_store(path) as store:
        assert store.failed("blog", LATEST) == T0
        store.succeeded("blog", LATEST)
        assert store.failed("blog", LATEST) == LATEST
        assert store.failed("other", LATER) == LATER


def test_a_feed_keeps_the_time_it_was_first_built(path: Path) -> None:
    with open_store(path) as store:
        store.remember_feeds(["", "tag:go"], T0)
        store.remember_feeds(["", "feed:all"], LATER)
        store.commit()
    with open_store(path) as store:
        assert store.feeds() == {"": T0, "tag:go": T0, "feed:all": LATER}


def test_outputs_are_owned_by_folder_until_disowned(path: Path) -> None:
    with open_store(path) as store:
        store.own("public", {"atom.xml": b"1", "rss.xml": b"2"})
        store.own("public", {"atom.xml": b"4"})
        assert store.digests() == {b"4", b"2"}
        store.own("../www", {"atom.xml": b"3"})
        store.commit()
    with open_store(path) as store:
        assert store.outputs("public") == {"atom.xml", "rss.xml"}
        store.disown("public", ["atom.xml", "never.xml"])
        assert store.outputs("public") == {"rss.xml"}
        assert store.outputs("../www") == {"atom.xml"}


def test_what_was_not_committed_is_forgotten(path: Path) -> None:
    with open_store(path) as store:
        store.remember_labels({"kept": "Kept"})
        store.commit()
        store.remember_labels({"lost": "Lost"})
        assert set(store.labels()) == {"kept", "lost"}
    with open_store(path) as store:
        assert set(store.labels()) == {"kept"}


def test_an_error_of_the_run_forgets_what_was_not_committed(path: Path) -> None:
    def run() -> None:
        with open_store(path) as store:
            store.remember_labels({"lost": "Lost"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run()
    with open_store(path) as store:
        assert store.labels() == {}


@pytest.mark.parametrize(
    "error",
    [
        ModelError("must not be empty", key="url"),
        ValueError("of the run"),
        FileNotFoundError(2, "No such file or directory", "elsewhere"),
        LockedError("another run is using it", path="elsewhere"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_of_the_run_is_not_taken_for_one_of_the_file(path: Path, error: Exception) -> None:
    with pytest.raises(type(error)) as caught, open_store(path):
        raise error
    assert caught.value is error


def test_a_damaged_file_is_an_error_that_names_it(path: Path) -> None:
    with open_store(path) as store:
        store.remember_labels({f"tag {number}": "x" * 100 for number in range(1000)})
        store.commit()
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(StoreError) as caught, open_store(path) as store:
        store.labels()
    assert caught.value.path == path
    assert isinstance(caught.value.__cause__, sqlite3.Error)


def test_posts_that_can_not_be_read_are_an_error_that_names_the_file(path: Path) -> None:
    with open_store(path) as store:
        store.keep_good("blog", {"a.md": (POST,)})
        store.commit()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE document SET posts = x'00'")
        connection.commit()
    with pytest.raises(StoreError) as caught, open_store(path) as store:
        store.last_good("blog")
    assert caught.value.path == path


def test_a_second_process_is_turned_away_at_once(path: Path) -> None:
    with held(path) as holder:
        error = refusal(path)
        holder.communicate()
    assert isinstance(error, LockedError)
    assert str(error) == f"{path}: another run is using it"
    assert holder.returncode == 0


def test_a_second_opening_in_one_process_is_turned_away(path: Path) -> None:
    with open_store(path) as store:
        assert isinstance(refusal(path), LockedError)
        store.remember_labels({"go": "Go"})
        store.commit()
    with open_store(path) as store:
        assert store.labels() == {"go": "Go"}


def test_after_a_run_that_ended_the_file_opens(path: Path) -> None:
    with held(path) as holder:
        holder.communicate()
    with open_store(path) as store:
        assert store.fact("committed", "no") == "yes"
        assert store.fact("uncommitted", "no") == "no"


def test_after_a_killed_run_the_file_opens_with_what_was_committed(path: Path) -> None:
    with held(path) as holder:
        holder.kill()
        holder.communicate()
    assert holder.returncode < 0
    with open_store(path) as store:
        assert store.fact("committed", "no") == "yes"
        assert store.fact("uncommitted", "no") == "no"


def _newer(path: Path) -> None:
    with open_store(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def _other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE song (title TEXT); INSERT INTO song VALUES ('a');")


def _other_application(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 12345")


def _text(path: Path) -> None:
    path.write_text("Dear diary,\n" * 200, encoding="utf-8")


def _short_text(path: Path) -> None:
    path.write_text("Dear diary", encoding="utf-8")


REFUSED = [
    (_newer, "was written by a newer feedkit (version 99 of the tables)"),
    (_other_database, "is a database of another program"),
    (_other_application, "is a database of another program"),
    (_text, "is no state file of feedkit's"),
    (_short_text, "is no state file of feedkit's"),
]


@pytest.mark.parametrize(("make", "reason"), REFUSED)
def test_a_file_that_is_not_ours_is_refused_with_the_reason(path: Path, make, reason: str) -> None:
    make(path)
    error = refusal(path)
    assert not isinstance(error, LockedError)
    assert error.path == path
    assert str(error) == f"{path}: {reason}"


@pytest.mark.parametrize("make", [make for make, _ in REFUSED])
def test_a_refused_file_is_left_as_it_was(path: Path, make) -> None:
    make(path)
    before = path.read_bytes()
    refusal(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_an_empty_file_is_a_new_one(path: Path) -> None:
    path.touch()
    with open_store(path) as store:
        assert store.labels() == {}


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "state.db"
    with open_store(path) as store:
        store.remember_labels({"go": "Go"})
        store.commit()
    assert path.is_file()


def test_a_folder_in_the_place_of_the_file_is_an_error(path: Path) -> None:
    path.mkdir()
    assert str(refusal(path)) == f"{path}: can't be used: unable to open database file"


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    path = tmp_path / "state" / "state.db"
    assert str(refusal(path)).startswith(f"{path}: can't be used: ")


def _everything(store: Store) -> None:
    store.fact("site.id", "https://feeds.example/")
    if not store.memories([POST.id]):
        store.remember({POST.id: Memory(seen=T0)})
    store.remember_labels({"go": "Go"})
    store.keep_good("blog", {"a.md": (POST,)})
    store.succeeded("blog", T0)
    store.remember_feeds([""], T0)
    store.own("public", {"atom.xml": b"1"})
    store.disown("public", ["gone.xml"])


def _nothing(_store: Store) -> None:
    pass


@pytest.mark.parametrize("run", [_nothing, _everything])
def test_a_run_that_learns_nothing_leaves_the_file_as_it_was(path: Path, run) -> None:
    with open_store(path) as store:
        run(store)
        store.commit()
    before = path.read_bytes(), path.stat().st_mtime_ns
    with open_store(path) as store:
        run(store)
        store.commit()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert list(path.parent.iterdir()) == [path]


def test_a_file_of_the_first_version_is_brought_to_the_present_one(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            f"""{MIGRATIONS[0]}
            PRAGMA user_version = 1; PRAGMA application_id = {APPLICATION_ID};
            INSERT INTO fact VALUES ('site.id', 'https://feeds.example/');
            INSERT INTO post VALUES ('urn:a', 1767323045, NULL, NULL);
            INSERT INTO source VALUES ('blog', 1767323045, 1767326645);
            """
        )
    with open_store(path) as store:
        assert store.fact("site.id", "other") == "https://feeds.example/"
        assert store.memories(["urn:a"]) == {"urn:a": Memory(seen=T0)}
        assert (store.has_worked("blog"), store.failing_since("blog")) == (True, LATER)
        assert store.fetches.all() == {}
        store.fetches.keep("blog", FETCHED)
        store.commit()
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    assert version == len(MIGRATIONS)
    with open_store(path) as store:
        assert store.fetches.all() == {"blog": FETCHED}


def test_what_is_known_of_fetching_comes_back_as_it_was(path: Path) -> None:
    bare = Fetched(url="https://b.example/")
    with open_store(path) as store:
        store.fetches.keep("blog", bare)
        store.fetches.keep("blog", FETCHED)
        store.fetches.keep("b", bare)
        store.fetches.moved("blog", "https://c.example/", LATER)
        store.fetches.moved("blog", "https://b.example/", T0)
        store.commit()
    with open_store(path) as store:
        assert store.fetches.all() == {"blog": FETCHED, "b": bare}
        moves = [(T0, "https://b.example/"), (LATER, "https://c.example/")]
        assert store.fetches.moves("blog") == moves
        assert store.fetches.moves("b") == []


def test_a_host_is_left_alone_until_the_latest_time_it_asked_for(path: Path) -> None:
    with open_store(path) as store:
        store.fetches.cool({"a.example": LATER, "b.example": LATEST}, T0)
        store.fetches.cool({"b.example": LATER}, T0)
        assert store.fetches.cooling(T0) == {"a.example": LATER, "b.example": LATEST}
        assert store.fetches.cooling(LATER) == {"b.example": LATEST}
        store.fetches.cool({}, LATEST)
        assert store.fetches.cooling(T0) == {}


def test_robots_are_known_for_a_while(path: Path) -> None:
    with open_store(path) as store:
        before = T0 - timedelta(seconds=1)
        rules = {"http://a.example": b"1", "http://b.example": b""}
        store.fetches.keep_robots(rules, T0, before)
        assert store.fetches.robots(before) == rules
        store.fetches.keep_robots({"http://b.example": b"2"}, LATER, before)
        assert store.fetches.robots(T0) == {"http://b.example": b"2"}
        store.fetches.keep_robots({}, LATER, T0)
        assert store.fetches.robots(before) == {"http://b.example": b"2"}


def test_posts_are_counted_without_being_read(path: Path) -> None:
    with open_store(path) as store:
        store.keep_good("blog", {"a.md": (POST, OTHER), "b.md": (), "c.md": (POST,)})
        assert (store.count_good("blog"), store.count_good("other")) == (3, 0)


def test_the_file_is_held_between_commits_too(path: Path) -> None:
    look = (
        "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('SELECT * FROM fact')"
    )
    with open_store(path) as store:
        store.commit()
        done = subprocess.run(
            [sys.executable, "-c", look, str(path)], capture_output=True, text=True, check=False
        )
    assert "database is locked" in done.stderr
