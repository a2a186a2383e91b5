"""The tables of the state file, and how an older one becomes the present one."""

import sqlite3

APPLICATION_ID = 0x66_65_65_64  # "feed"

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
    """Bring an open file to the present version."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number in range(version, len(MIGRATIONS)):
        connection.executescript(
            f"BEGIN IMMEDIATE; {MIGRATIONS[number]} PRAGMA user_version = {number + 1};"
            f"PRAGMA application_id = {APPLICATION_ID}; COMMIT;"
        )
