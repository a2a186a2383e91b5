"""store: what a run knew is there in the next, in one file that one run holds at a time."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from feedkit.errors import LockedError, ModelError, StoreError
from feedkit.model import Memory, Post
from feedkit.parts import Enclosure, Origin, Person
from feedkit.store import Copy, Entry, Fetched, SourceState, Store, open_store
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
    skips="0 23 Saturday",
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
        assert store.posts.numbers(["x"]) == {}
        assert store.posts.documents() == store.sources() == {}
        assert list(store.posts.pending()) == []
        assert store.labels() == {}
        assert not store.has_worked("blog")
        assert store.series.feeds() == {}
        assert store.outputs.owned("public") == {}


def test_a_fact_stays_what_it_was_when_first_asked_for(path: Path) -> None:
    with open_store(path) as store:
        assert store.fact("site.id", "https://old.example/") == "https://old.example/"
        assert store.fact("site.id", "https://new.example/") == "https://old.example/"
        store.commit()
    with open_store(path) as store:
        assert store.fact("site.id", "https://new.example/") == "https://old.example/"
        assert store.fact("other", "b") == "b"


def test_a_known_label_stays(path: Path) -> None:
    with open_store(path) as store:
        store.remember_labels({"c#": "C#", "backend": "Backend"})
        store.remember_labels({"backend": "BACKEND", "go": "Go"})
        store.commit()
    with open_store(path) as store:
        assert store.labels() == {"backend": "Backend", "c#": "C#", "go": "Go"}


def test_a_source_has_worked_once_it_succeeded(path: Path) -> None:
    with open_store(path) as store:
        store.failed("blog", T0, "no feed")
        assert not store.has_worked("blog")
        store.succeeded("blog", LATER)
        store.failed("blog", LATEST, "gone")
        assert store.has_worked("blog")
        assert not store.has_worked("other")
        assert store.sources() == {"blog": SourceState(LATER, LATEST, "gone")}


def test_a_source_fails_since_its_first_failure_after_a_success(path: Path) -> None:
    with open_store(path) as store:
        assert store.failed("blog", T0, "a") == T0
        assert store.failed("blog", LATER, "b") == T0
        store.commit()
    with open_store(path) as store:
        assert store.failed("blog", LATEST, "c") == T0
        store.succeeded("blog", LATEST)
        assert store.sources() == {"blog": SourceState(LATEST)}
        assert store.failed("blog", LATEST, "d") == LATEST
        assert store.failed("other", LATER, "e") == LATER


def test_a_feed_keeps_the_time_it_was_first_built_and_is_stale_until_it_is_made(
    path: Path,
) -> None:
    with open_store(path) as store:
        store.series.remember_feeds(["", "tag:go"], T0)
        store.series.freshen([""])
        store.series.remember_feeds(["", "feed:all"], LATER)
        store.commit()
    with open_store(path) as store:
        assert store.series.feeds() == {"": T0, "tag:go": T0, "feed:all": LATER}
        assert store.series.stale() == {"tag:go", "feed:all"}
        store.series.freshen(["tag:go", "feed:all"])
        store.series.spoil(["tag:go", "tag:none"])
        assert store.series.stale() == {"tag:go"}
        store.series.spoil_all()
        assert store.series.stale() == {"", "tag:go", "feed:all"}


def test_outputs_are_owned_by_folder_until_disowned(path: Path) -> None:
    with open_store(path) as store:
        outputs = store.outputs
        outputs.own("public", {"atom.xml": b"1", "rss.xml": b"2"})
        outputs.own("public", {"atom.xml": b"4"})
        assert [digest in outputs for digest in (b"4", b"2", b"1")] == [True, True, False]
        outputs.own("../www", {"atom.xml": b"3"})
        store.commit()
    with open_store(path) as store:
        outputs = store.outputs
        assert outputs.owned("public") == {"atom.xml": None, "rss.xml": None}
        outputs.disown("public", ["atom.xml", "never.xml"])
        assert outputs.owned("public") == {"rss.xml": None}
        assert outputs.owned("../www") == {"atom.xml": None}


def test_what_a_file_looked_like_is_known_until_it_holds_something_else(path: Path) -> None:
    with open_store(path) as store:
        outputs = store.outputs
        outputs.own("public", {"atom.xml": b"1", "rss.xml": b"2"})
        outputs.saw("public", {"atom.xml": (7, 10**18), "rss.xml": (8, 9)})
        outputs.own("public", {"atom.xml": b"1", "rss.xml": b"3"})
        assert outputs.owned("public") == {"atom.xml": (7, 10**18), "rss.xml": None}


def an_entry(post_id: str, post: int, place: int = 0, **fields: Any) -> Entry:
    given: dict[str, Any] = {"held": True, "link": "", "data": post_id.encode()} | fields
    return Entry(post_id, post, place, **given)


def test_a_post_has_one_number_under_all_its_ids(path: Path) -> None:
    with open_store(path) as store:
        numbers = store.posts.add([f"urn:{n}" for n in range(1234)], T0)
        assert len(set(numbers.values())) == 1234
        document = store.posts.add_document("blog", "")
        store.posts.keep(document.number, [an_entry("urn:7", numbers["urn:7"])])
        store.posts.rename(document.number, "urn:7", "urn:seven")
        store.commit()
    with open_store(path) as store:
        assert store.posts.numbers(["urn:new", *numbers]) == numbers
        assert store.posts.numbers(["urn:seven"]) == {"urn:seven": numbers["urn:7"]}
        assert list(store.posts.entries(document.number)) == ["urn:seven"]


@pytest.mark.parametrize(
    "memory",
    [
        Memory(seen=T0),
        Memory(seen=T0, published=LATER, edited=LATEST),
        Memory(seen=T0, refused=LATEST),
        Memory(seen=T0, published=datetime(1970, 1, 1, tzinfo=UTC), refused=LATEST),
    ],
)
def test_memories_of_posts_come_back_as_they_were(path: Path, memory: Memory) -> None:
    with open_store(path) as store:
        (number,) = store.posts.add(["urn:a"], T0).values()
        store.posts.remember({number: memory})
        store.commit()
    with open_store(path) as store:
        (stored,) = store.posts.stored([number, number + 1])
        assert (stored.id, stored.memory, stored.copies) == ("urn:a", memory, [])


def test_entries_come_back_and_change_one_by_one(path: Path) -> None:
    with open_store(path) as store:
        posts = store.posts
        one, two, three = posts.add(["urn:1", "urn:2", "urn:3"], T0).values()
        number = posts.add_document("blog", "a.xml").number
        entries = [an_entry("urn:1", one, 0, link="x"), an_entry("urn:2", two, 1)]
        posts.keep(number, [*entries, an_entry("urn:3", three, 2)])
        posts.drop(number, ["urn:3"])
        posts.leave(number, ["urn:2"])
        assert posts.entries(number) == {
            "urn:1": entries[0],
            "urn:2": entries[1]._replace(held=False),
        }
        posts.place(number, [("urn:2", 0), ("urn:1", 1)])
        posts.keep(number, [an_entry("urn:2", two, 0, data=b"new")])
        (stored,) = posts.stored([two])
        assert stored.copies == [Copy("blog", number, 0, True, True, b"new")]
        assert (posts.at("x"), posts.at(""), posts.at("y")) == ({one}, set(), set())


def test_a_document_that_is_dropped_takes_its_entries_and_suspends_their_posts(path: Path) -> None:
    with open_store(path) as store:
        posts = store.posts
        one, two = posts.add(["urn:1", "urn:2"], T0).values()
        first, second = (posts.add_document("blog", name) for name in ("a", "b"))
        posts.keep(first.number, [an_entry("urn:1", one)])
        posts.keep(second.number, [an_entry("urn:1", one), an_entry("urn:2", two)])
        posts.settled([one, two])
        posts.drop_document(first.number)
        assert posts.documents() == {"blog": {"b": second}}
        assert [[one.number for one in some] for some in posts.pending()] == [[one]]
        assert posts.entries(first.number) == {}


def test_what_is_pending_stays_so_until_it_is_settled(path: Path) -> None:
    with open_store(path) as store:
        new = store.posts.add([f"urn:{n}" for n in range(1200)], T0)
        store.commit()
    with open_store(path) as store:
        posts = store.posts
        met = []
        for some in posts.pending():
            met += some
            posts.settled(one.number for one in some)
        assert [one.number for one in met] == sorted(new.values())
        assert all(one.new for one in met)
        assert list(posts.pending()) == []
        posts.suspend([3], edited_in=7)
        posts.suspend([3], edited_in=9)
        posts.suspend([3, 4])
        assert [tuple(one) for some in posts.pending() for one in some] == [
            (3, False, {7, 9}),
            (4, False, set()),
        ]


def test_the_newest_of_a_series_are_there_with_all_of_the_last_second(path: Path) -> None:
    with open_store(path) as store:
        series = store.series
        number = series.number("tag:go")
        assert series.number("tag:go") == number
        dates = [T0, T0, T0, LATER, LATEST]
        members = [(number, date, post) for post, date in enumerate(dates)]
        series.join(members)
        series.join([(series.number("tag:c"), T0, 9)])
        second = int(T0.timestamp())
        assert {post for _, post in series.newest("tag:go", 2)} == {3, 4}
        assert {post for _, post in series.newest("tag:go", 3)} == {0, 1, 2, 3, 4}
        assert series.newest("tag:c", 50) == [(second, 9)]
        assert series.newest("tag:none", 50) == []
        assert [series.has("tag:go", n) for n in (1, 5, 6)] == [True, True, False]
        series.part(members[1:])
        assert series.newest("tag:go", 50) == [(second, 0)]
        assert series.names() == {number: "tag:go", number + 1: "tag:c"}


def test_a_limit_takes_the_newest_and_suspends_what_changes(path: Path) -> None:
    with open_store(path) as store:
        posts = store.posts
        numbers = posts.add([f"urn:{n}" for n in range(5)], T0)
        for n, number in enumerate(numbers.values()):
            posts.remember({number: Memory(seen=T0, published=T0 + timedelta(days=n))})
        document = posts.add_document("blog", "").number
        posts.keep(document, [an_entry(*pair) for pair in numbers.items()])
        posts.settled(numbers.values())
        for limit, taken in (
            (2, {"urn:3", "urn:4"}),
            (3, {"urn:2", "urn:3", "urn:4"}),
            (None, set(numbers)),
        ):
            posts.take("blog", limit)
            posts.take("other", limit)
            found = posts.stored(numbers.values())
            assert {stored.id for stored in found if stored.copies[0].taken} == taken
        assert sum(map(len, posts.pending())) == 3


def test_a_post_that_is_forgotten_leaves_its_address_and_may_be_recalled(path: Path) -> None:
    with open_store(path) as store:
        posts = store.posts
        (number,) = posts.add(["urn:1"], T0).values()
        document = posts.add_document("blog", "").number
        posts.keep(document, [an_entry("urn:1", number, link="x")])
        posts.forget(number, LATER)
        assert posts.forgotten() == ({number}, {"x"})
        (forgotten,) = posts.stored([number])
        assert forgotten.copies == []
        assert posts.at("x") == {number}
        posts.recall(number)
        assert posts.forgotten() == (set(), set())
        assert posts.entries(document) == {}


def test_an_open_file_that_is_not_to_be_kept_stays_as_it_is(path: Path) -> None:
    with open_store(path, keep=False) as store:
        store.remember_labels({"go": "Go"})
        store.commit()
        assert store.labels() == {"go": "Go"}
    assert not path.exists()
    with open_store(path) as store:
        store.commit()
    before = path.read_bytes()
    with open_store(path, keep=False) as store:
        store.remember_labels({"go": "Go"})
        store.commit()
    assert path.read_bytes() == before


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


def test_a_second_process_is_turned_away_at_once(path: Path) -> None:
    with held(path) as holder:
        error = refusal(path)
        holder.communicate()
    assert isinstance(error, LockedError)
    assert str(error).startswith(f"{path}: another run is using it: process {holder.pid} on ")
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
    store.keep_fact("plan", "x")
    if not store.posts.numbers([POST.id]):
        (number,) = store.posts.add([POST.id], T0).values()
        store.posts.add_document("blog", "a.md")
        store.posts.settled([number])
    store.remember_labels({"go": "Go"})
    store.succeeded("blog", T0)
    store.series.number("tag:go")
    store.series.remember_feeds([""], T0)
    store.series.freshen([""])
    store.outputs.own("public", {"atom.xml": b"1"})
    store.outputs.saw("public", {"atom.xml": (1, 2)})
    store.outputs.disown("public", ["gone.xml"])


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


def write_first_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            f"""{MIGRATIONS[0]}
            PRAGMA user_version = 1; PRAGMA application_id = {APPLICATION_ID};
            INSERT INTO fact VALUES ('site.id', 'https://feeds.example/');
            INSERT INTO post VALUES ('urn:a', 1767323045, NULL, NULL);
            INSERT INTO post VALUES ('tag:blog.example,2026:1', 1767323045, 1767326645, NULL);
            INSERT INTO source VALUES ('blog', 1767323045, 1767326645);
            INSERT INTO feed VALUES ('tag:go', 1767323045);
            INSERT INTO output VALUES ('public', 'atom.xml', x'01');
            """
        )
        packed = msgspec.msgpack.encode((POST, OTHER, POST))
        connection.execute("INSERT INTO document VALUES ('blog', 'a.md', x'', ?)", (packed,))
        connection.commit()


def test_an_older_file_that_is_not_to_be_kept_stays_as_it_is(path: Path) -> None:
    write_first_version(path)
    before = path.read_bytes(), path.stat().st_mtime_ns
    with open_store(path, keep=False) as store:
        assert store.posts.documents()["blog"]["a.md"].posts == 2
        store.commit()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert list(path.parent.iterdir()) == [path]


def test_a_file_of_the_first_version_is_brought_to_the_present_one(path: Path) -> None:
    write_first_version(path)
    with open_store(path) as store:
        assert store.fact("site.id", "other") == "https://feeds.example/"
        numbers = store.posts.numbers(["urn:a", POST.id, OTHER.id])
        known = {stored.id: stored for stored in store.posts.stored(numbers.values())}
        assert known["urn:a"].memory == Memory(seen=T0)
        assert known[POST.id].memory == Memory(seen=T0, published=LATER)
        (copy,) = known[POST.id].copies
        assert (copy.source, copy.place, copy.held) == ("blog", 0, True)
        assert msgspec.msgpack.decode(copy.data, type=Post) == POST
        assert store.posts.documents()["blog"]["a.md"].posts == 2
        assert store.sources() == {"blog": SourceState(T0, LATER)}
        assert store.series.stale() == {"tag:go"}
        assert store.outputs.owned("public") == {"atom.xml": None}
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
