"""The tables of the state file, and how an older one becomes the present one."""

import sqlite3

import msgspec

from feedkit.errors import StoreError
from feedkit.model import Post

APPLICATION_ID = 0x66_65_65_64  # "feed"

_WITH_ENTRIES = 2
# MIGRATIONS[n] takes a file of version n to version n + 1
MIGRATIONS = (
    """
    CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE post (
        id TEXT PRIMARY KEY,
        seen INTEGER NOT NULL,
        published INTEGER,
        refused INTEGER
    ) WITHOUT ROWID;
    CREATE TABLE tag (key TEXT PRIMARY KEY, label TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE source (
        name TEXT PRIMARY KEY,
        succeeded INTEGER,
        failing_since INTEGER
    ) WITHOUT ROWID;
    CREATE TABLE document (
        source TEXT NOT NULL,
        name TEXT NOT NULL,
        digest BLOB NOT NULL,
        posts BLOB NOT NULL,
        PRIMARY KEY (source, name)
    );
    CREATE TABLE feed (name TEXT PRIMARY KEY, created INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE output (
        folder TEXT NOT NULL,
        path TEXT NOT NULL,
        digest BLOB NOT NULL,
        PRIMARY KEY (folder, path)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE fetched (
        source TEXT PRIMARY KEY,
        url TEXT NOT NULL,
        address TEXT NOT NULL,
        reading BLOB NOT NULL,
        validated TEXT NOT NULL,
        etag TEXT NOT NULL,
        modified TEXT NOT NULL,
        digest BLOB NOT NULL,
        page INTEGER NOT NULL,
        ttl INTEGER,
        asked INTEGER,
        succeeded INTEGER,
        whole INTEGER,
        due INTEGER,
        failures INTEGER NOT NULL,
        error TEXT NOT NULL,
        gone INTEGER,
        moving_to TEXT NOT NULL,
        moving_since INTEGER
    ) WITHOUT ROWID;
    CREATE TABLE move (
        source TEXT NOT NULL,
        moved INTEGER NOT NULL,
        target TEXT NOT NULL,
        PRIMARY KEY (source, moved)
    ) WITHOUT ROWID;
    CREATE TABLE host (name TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE robots (site TEXT PRIMARY KEY, asked INTEGER NOT NULL, rules BLOB NOT NULL);
    """,
    """
    ALTER TABLE post RENAME TO old_post;
    CREATE TABLE post (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        seen INTEGER NOT NULL,
        published INTEGER,
        refused INTEGER,
        edited INTEGER,
        forgotten INTEGER,
        series TEXT NOT NULL DEFAULT ''
    );
    INSERT INTO post (id, seen, published, refused)
        SELECT id, seen, published, refused FROM old_post ORDER BY id;
    DROP TABLE old_post;
    CREATE TABLE alias (id TEXT PRIMARY KEY, post INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE forgotten (
        link TEXT NOT NULL,
        post INTEGER NOT NULL,
        PRIMARY KEY (link, post)
    ) WITHOUT ROWID;
    ALTER TABLE document RENAME TO old_document;
    CREATE TABLE document (
        number INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        name TEXT NOT NULL,
        digest BLOB NOT NULL,
        reading BLOB NOT NULL,
        posts INTEGER NOT NULL,
        stamp TEXT NOT NULL DEFAULT '',
        UNIQUE (source, name)
    );
    CREATE TABLE entry (
        document INTEGER NOT NULL,
        id TEXT NOT NULL,
        post INTEGER NOT NULL,
        place INTEGER NOT NULL,
        held INTEGER NOT NULL,
        taken INTEGER NOT NULL,
        link TEXT NOT NULL,
        data BLOB NOT NULL,
        UNIQUE (document, id)
    );
    CREATE TABLE repeated (
        document INTEGER NOT NULL,
        name TEXT NOT NULL,
        by_link INTEGER NOT NULL,
        PRIMARY KEY (document, name)
    ) WITHOUT ROWID;
    CREATE INDEX forgotten_post ON post (forgotten) WHERE forgotten IS NOT NULL;
    CREATE INDEX alias_of_post ON alias (post);
    CREATE INDEX entry_of_post ON entry (post);
    CREATE INDEX entry_of_link ON entry (link, post) WHERE link != '';
    CREATE TABLE pending (
        post INTEGER PRIMARY KEY,
        new INTEGER NOT NULL
    );
    CREATE TABLE edited (
        post INTEGER NOT NULL,
        document INTEGER NOT NULL,
        PRIMARY KEY (post, document)
    ) WITHOUT ROWID;
    CREATE TABLE uncounted (source TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE series (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE member (
        series INTEGER NOT NULL,
        published INTEGER NOT NULL,
        post INTEGER NOT NULL,
        PRIMARY KEY (series, published, post)
    ) WITHOUT ROWID;
    ALTER TABLE feed ADD COLUMN stale INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE output ADD COLUMN size INTEGER;
    ALTER TABLE output ADD COLUMN changed INTEGER;
    ALTER TABLE source ADD COLUMN error TEXT NOT NULL DEFAULT '';
    ALTER TABLE fetched ADD COLUMN skips TEXT NOT NULL DEFAULT '';
    """,
)


def objection(connection: sqlite3.Connection) -> str:
    """Why an open file can't be used, or ``""``; it is only read."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application != APPLICATION_ID and (application or version or tables):
        return "is a database of another program"
    if version > len(MIGRATIONS):
        return f"was written by a newer feedkit (version {version} of the tables)"
    return ""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring an open file to the present version, within the transaction that is open."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number in range(version, len(MIGRATIONS)):
        # executed as a script they would commit what went before
        for statement in MIGRATIONS[number].split(";"):
            connection.execute(statement)
        if number == _WITH_ENTRIES:
            _take_over_posts(connection)
    if version < len(MIGRATIONS):
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _take_over_posts(connection: sqlite3.Connection) -> None:
    """Make entries of the posts that documents held as a whole."""
    rows = connection.execute("SELECT source, name, posts FROM old_document ORDER BY source, name")
    for source, name, packed in rows.fetchall():
        try:
            posts = msgspec.msgpack.decode(packed, type=tuple[Post, ...])
        except msgspec.DecodeError as error:
            raise StoreError(f"holds posts of {source} that can't be read: {error}") from error
        unique: dict[str, Post] = {}
        for post in posts:
            unique.setdefault(post.id, post)
        (document,) = connection.execute(
            "INSERT INTO document (source, name, digest, reading, posts)"
            " VALUES (?, ?, x'', x'', ?) RETURNING number",
            (source, name, len(unique)),
        ).fetchone()
        for place, post in enumerate(unique.values()):
            seen = int(post.seen.timestamp()) if post.seen else 0
            connection.execute(
                "INSERT OR IGNORE INTO post (id, seen) VALUES (?, ?)", (post.id, seen)
            )
            connection.execute(
                "INSERT INTO entry SELECT ?, id, number, ?, 1, 1, '', ? FROM post WHERE id = ?",
                (document, place, msgspec.msgpack.encode(post), post.id),
            )
    connection.execute("DROP TABLE old_document")
