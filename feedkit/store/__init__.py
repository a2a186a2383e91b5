"""What earlier runs knew, in one SQLite file.

When a post was first seen, the label of a tag, the last good posts of a
document, since when a source fails and when it is asked again, when a feed was
made, and which files are feedkit's own. A run holds the file from beginning to end; a second one is
turned away at once, and a killed one leaves no trace of its hold.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from feedkit.errors import LockedError, StoreError
from feedkit.model import Memory, Post
from feedkit.store.fetches import Fetched, Fetches
from feedkit.store.moments import moment, moment_or_none, seconds, seconds_or_none
from feedkit.store.schema import migrate, objection

__all__ = ["Fetched", "Fetches", "Store", "open_store"]

_CHUNK = 500


@contextmanager
def open_store(path: Path) -> Iterator["Store"]:
    """Open the state file, made when it is not there, and hold it.

    What was not committed when the block ends is forgotten.

    :raise LockedError: when another run holds it.
    :raise StoreError: when it can't be opened, or is not feedkit's.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"can't be used: {error.strerror}", path=path) from error
    with _database_errors(path), closing(sqlite3.connect(path, timeout=0)) as connection:
        connection.isolation_level = None
        # exclusive: taken with the first read, held until the connection closes
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        if reason := objection(connection):
            raise StoreError(reason, path=path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        migrate(connection)
        connection.execute("BEGIN IMMEDIATE")
        yield Store(connection, path)


@contextmanager
def _database_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise LockedError("another run is using it", path=path) from error
        if code == sqlite3.SQLITE_NOTADB:
            raise StoreError("is no state file of feedkit's", path=path) from error
        raise StoreError(f"can't be used: {error}", path=path) from error


class Store:
    """An open state file; every change waits for :meth:`commit`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db = connection
        self._path = path
        self.fetches = Fetches(connection)
        """What is known of fetching."""

    def commit(self) -> None:
        """Make all changes so far durable."""
        self._db.execute("COMMIT")
        self._db.execute("BEGIN IMMEDIATE")

    def fact(self, name: str, default: str) -> str:
        """A fact that stays what it was when it was first asked for."""
        self._db.execute("INSERT OR IGNORE INTO fact VALUES (?, ?)", (name, default))
        (value,) = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(value)

    def memories(self, ids: Iterable[str]) -> dict[str, Memory]:
        """What is known of posts, by id; new ones are not in it."""
        wanted = list(dict.fromkeys(ids))
        found = {}
        for start in range(0, len(wanted), _CHUNK):
            some = wanted[start : start + _CHUNK]
            marks = ", ".join("?" * len(some))
            for post_id, seen, published, refused in self._db.execute(
                f"SELECT id, seen, published, refused FROM post WHERE id IN ({marks})",  # noqa: S608
                some,
            ):
                found[post_id] = Memory(
                    seen=moment(seen),
                    published=moment_or_none(published),
                    refused=moment_or_none(refused),
                )
        return found

    def remember(self, memories: Mapping[str, Memory]) -> None:
        """Keep what a run learned of posts, by id."""
        self._db.executemany(
            "INSERT OR REPLACE INTO post VALUES (?, ?, ?, ?)",
            (
                (post_id, *map(seconds_or_none, (m.seen, m.published, m.refused)))
                for post_id, m in memories.items()
            ),
        )

    def labels(self) -> dict[str, str]:
        """The label of every tag that was ever seen, by key."""
        return dict(self._db.execute("SELECT key, label FROM tag"))

    def remember_labels(self, labels: Mapping[str, str]) -> None:
        """Keep labels of tags by key; a label that is known stays."""
        self._db.executemany("INSERT OR IGNORE INTO tag VALUES (?, ?)", labels.items())

    def last_good(self, source: str) -> dict[str, tuple[Post, ...]]:
        """The posts each document of a source last had, by the document's name."""
        rows = self._db.execute(
            "SELECT name, posts FROM document WHERE source = ? ORDER BY name", (source,)
        )
        try:
            return {name: _unpack(posts) for name, posts in rows}
        except msgspec.DecodeError as error:
            reason = f"holds posts of {source} that can't be read: {error}"
            raise StoreError(reason, path=self._path) from error

    def count_good(self, source: str) -> int:
        """How many posts :meth:`last_good` has."""
        rows = self._db.execute("SELECT posts FROM document WHERE source = ?", (source,))
        return sum(len(_listed(posts)) for (posts,) in rows)

    def succeeded_at(self, source: str) -> datetime | None:
        """When a source first gave posts since it failed or was added; None when it never did."""
        row = self._db.execute("SELECT succeeded FROM source WHERE name = ?", (source,)).fetchone()
        return moment_or_none(row[0]) if row else None

    def has_worked(self, source: str) -> bool:
        """Whether the source ever gave posts."""
        return self.succeeded_at(source) is not None

    def keep_good(self, source: str, documents: Mapping[str, Sequence[Post]]) -> None:
        """Keep the posts of a source's documents; documents that are gone are forgotten."""
        rows = self._db.execute("SELECT name, digest FROM document WHERE source = ?", (source,))
        known = dict(rows)
        for name, posts in documents.items():
            packed = msgspec.msgpack.encode(posts)
            digest = sha256(packed).digest()
            if known.pop(name, None) != digest:
                self._db.execute(
                    "INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?)",
                    (source, name, digest, packed),
                )
        self._db.executemany(
            "DELETE FROM document WHERE source = ? AND name = ?", ((source, name) for name in known)
        )

    def succeeded(self, source: str, now: datetime) -> None:
        """Note that a source gave posts: the first time it did so since it failed or was added."""
        self._db.execute(
            "INSERT INTO source VALUES (?, ?, NULL) ON CONFLICT (name) DO UPDATE"
            " SET succeeded = excluded.succeeded, failing_since = NULL"
            " WHERE succeeded IS NULL OR failing_since IS NOT NULL",
            (source, seconds(now)),
        )

    def failed(self, source: str, now: datetime) -> datetime:
        """Note that a source failed; since when it does."""
        self._db.execute(
            "INSERT INTO source VALUES (?, NULL, ?) ON CONFLICT (name)"
            " DO UPDATE SET failing_since = coalesce(failing_since, excluded.failing_since)",
            (source, seconds(now)),
        )
        row = self._db.execute("SELECT failing_since FROM source WHERE name = ?", (source,))
        return moment(row.fetchone()[0])

    def failing_since(self, source: str) -> datetime | None:
        """Since when a source fails; None when it does not."""
        row = self._db.execute(
            "SELECT failing_since FROM source WHERE name = ?", (source,)
        ).fetchone()
        return moment_or_none(row[0]) if row else None

    def feeds(self) -> dict[str, datetime]:
        """When each feed that was ever built was first built, by its name."""
        rows = self._db.execute("SELECT name, created FROM feed")
        return {name: moment(created) for name, created in rows}

    def remember_feeds(self, names: Iterable[str], now: datetime) -> None:
        """Keep the names of feeds; one that is known keeps its time."""
        self._db.executemany(
            "INSERT OR IGNORE INTO feed VALUES (?, ?)", ((name, seconds(now)) for name in names)
        )

    def outputs(self, folder: str) -> set[str]:
        """The paths below an output folder that are feedkit's own."""
        rows = self._db.execute("SELECT path FROM output WHERE folder = ?", (folder,))
        return {path for (path,) in rows}

    def digests(self) -> set[bytes]:
        """The digests of all that was published last, below any folder."""
        return {digest for (digest,) in self._db.execute("SELECT digest FROM output")}

    def own(self, folder: str, digests: Mapping[str, bytes]) -> None:
        """Note paths as feedkit's own, each with the digest of what it holds."""
        self._db.executemany(
            "INSERT INTO output VALUES (?, ?, ?) ON CONFLICT (folder, path)"
            " DO UPDATE SET digest = excluded.digest WHERE digest != excluded.digest",
            ((folder, path, digest) for path, digest in digests.items()),
        )

    def disown(self, folder: str, paths: Iterable[str]) -> None:
        """Forget paths that are feedkit's no longer."""
        self._db.executemany(
            "DELETE FROM output WHERE folder = ? AND path = ?", ((folder, path) for path in paths)
        )


_unpack = msgspec.msgpack.Decoder(tuple[Post, ...]).decode
_listed = msgspec.msgpack.Decoder(list[msgspec.Raw]).decode
