"""What earlier runs knew, in one SQLite file.

The posts that documents told and when each was first seen, the labels of tags,
since when a source fails and when it is asked again, which posts stand in which
feed, and which files are feedkit's own. A run holds the file from beginning to
end; a second one is turned away at once, and a killed one leaves no trace of
its hold.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from feedkit.errors import LockedError, StoreError
from feedkit.store.copies import Copy, DocumentState, Entry, Pending, Stored
from feedkit.store.fetches import Fetched, Fetches
from feedkit.store.holder import holder_of, told_as_holder
from feedkit.store.moments import moment, moment_or_none, seconds
from feedkit.store.outputs import Outputs, Stamp
from feedkit.store.posts import Posts
from feedkit.store.schema import migrate, objection
from feedkit.store.series import Series

__all__ = [
    "Copy",
    "DocumentState",
    "Entry",
    "Fetched",
    "Fetches",
    "Outputs",
    "Pending",
    "Posts",
    "Series",
    "SourceState",
    "Stamp",
    "Store",
    "Stored",
    "open_store",
]


# kibibytes at most: many posts take their places all over the tables
_CACHE = 64 * 1024


class SourceState(NamedTuple):
    """How a source fared."""

    succeeded: datetime | None = None
    """When it first gave posts since it failed or was added; None when it never did."""
    failing_since: datetime | None = None
    """Since when it fails; None when it does not."""
    error: str = ""
    """Why it failed last."""


@contextmanager
def open_store(path: Path, *, keep: bool = True) -> Iterator["Store"]:
    """Open the state file, made when it is not there, and hold it.

    What was not committed when the block ends is forgotten.

    :param keep: whether commits count; else all that is learned is forgotten.
    :raise LockedError: when another run holds it.
    :raise StoreError: when it can't be opened, or is not feedkit's.
    """
    try:
        if keep:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"can't be used: {error.strerror}", path=path) from error
    file = path if keep or path.exists() else ":memory:"
    with _database_errors(path), closing(sqlite3.connect(file, timeout=0)) as connection:
        connection.isolation_level = None
        # exclusive: taken with the first read, held until the connection closes
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        if reason := objection(connection):
            raise StoreError(reason, path=path)
        if keep:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA cache_size = {-_CACHE}")
        connection.execute("BEGIN IMMEDIATE")
        migrate(connection)
        store = Store(connection, keep=keep)
        store.commit()
        # of what is in memory alone there is nothing to tell
        with told_as_holder(path) if file == path else nullcontext():
            yield store


@contextmanager
def _database_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        error.path = error.path or path
        raise
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            holder = holder_of(path)
            told = f": {holder}" if holder else ""
            raise LockedError(f"another run is using it{told}", path=path) from error
        if code == sqlite3.SQLITE_NOTADB:
            raise StoreError("is no state file of feedkit's", path=path) from error
        raise StoreError(f"can't be used: {error}", path=path) from error


class Store:
    """An open state file; every change waits for :meth:`commit`."""

    def __init__(self, connection: sqlite3.Connection, *, keep: bool = True) -> None:
        self._db = connection
        self._keep = keep
        self.fetches = Fetches(connection)
        """What is known of fetching."""
        self.posts = Posts(connection)
        """What is known of posts."""
        self.series = Series(connection)
        """What is known of feeds."""
        self.outputs = Outputs(connection)
        """What is known of files."""

    def commit(self) -> None:
        """Make all changes so far durable."""
        if not self._keep:
            return
        self._db.execute("COMMIT")
        self._db.execute("BEGIN IMMEDIATE")

    def fact(self, name: str, default: str) -> str:
        """A fact that stays what it was when it was first asked for."""
        self._db.execute("INSERT OR IGNORE INTO fact VALUES (?, ?)", (name, default))
        (value,) = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(value)

    def is_known(self, name: str, value: str) -> bool:
        """Whether a fact is what it was when it was last kept."""
        kept = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return bool(kept == (value,))

    def keep_fact(self, name: str, value: str) -> None:
        """Keep what a fact is now."""
        self._db.execute(
            "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE"
            " SET value = excluded.value WHERE value != excluded.value",
            (name, value),
        )

    def unread(self) -> None:
        """Note that every document is to be read again, whether it changed or not."""
        self._db.execute("UPDATE document SET digest = x'' WHERE digest != x''")
        self._db.execute("UPDATE fetched SET reading = x'' WHERE reading != x''")

    def labels(self) -> dict[str, str]:
        """The label of every tag that was ever seen, by key."""
        return dict(self._db.execute("SELECT key, label FROM tag"))

    def remember_labels(self, labels: Mapping[str, str]) -> None:
        """Keep labels of tags by key; a label that is known stays."""
        self._db.executemany("INSERT OR IGNORE INTO tag VALUES (?, ?)", labels.items())

    def sources(self) -> dict[str, "SourceState"]:
        """How each source fared that ever gave posts or failed, by its key."""
        rows = self._db.execute("SELECT name, succeeded, failing_since, error FROM source")
        return {
            name: SourceState(moment_or_none(succeeded), moment_or_none(failing_since), error)
            for name, succeeded, failing_since, error in rows
        }

    def has_worked(self, source: str) -> bool:
        """Whether a source ever gave posts."""
        row = self._db.execute("SELECT succeeded FROM source WHERE name = ?", (source,)).fetchone()
        return row is not None and row[0] is not None

    def succeeded(self, source: str, now: datetime) -> None:
        """Note that a source gave posts: the first time it did so since it failed or was added."""
        self._db.execute(
            "INSERT INTO source (name, succeeded) VALUES (?, ?) ON CONFLICT (name) DO UPDATE"
            " SET succeeded = excluded.succeeded, failing_since = NULL, error = ''"
            " WHERE succeeded IS NULL OR failing_since IS NOT NULL",
            (source, seconds(now)),
        )

    def failed(self, source: str, now: datetime, error: str) -> datetime:
        """Note that a source failed, and why; since when it does."""
        (since,) = self._db.execute(
            "INSERT INTO source (name, failing_since, error) VALUES (?, ?, ?) ON CONFLICT (name)"
            " DO UPDATE SET failing_since = coalesce(failing_since, excluded.failing_since),"
            " error = excluded.error RETURNING failing_since",
            (source, seconds(now), error),
        ).fetchone()
        return moment(since)

    def drop_source(self, source: str) -> None:
        """Forget how a source fared, and what is known of fetching it; its posts stay known."""
        self._db.execute("DELETE FROM source WHERE name = ?", (source,))
        self.fetches.drop(source)
