"""What is known of fetching: of each source, and of hosts that want to be left alone."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import astuple

from feedkit.store.moments import moment, moment_or_none, seconds


class Fetched(Struct, frozen=True, kw_only=True):
    """What is known of fetching one source; a text or number that is not known is empty or 0."""

    url: str
    """The address it was configured with when all of this was learned."""
    address: str = ""
    """Where it is asked for instead, since it moved there for good."""
    reading: bytes = b""
    """A digest of all that decided, besides the document, how one was to be read."""
    validated: str = ""
    """The address that gave the two validators."""
    etag: str = ""
    """The ``ETag`` of the document that was read last, to the letter."""
    modified: str = ""
    """The ``Last-Modified`` of it, to the letter."""
    digest: bytes = b""
    """A digest of the document that was read last."""
    page: bool = False
    """Whether that document was an HTML page."""
    ttl: int | None = None
    """Minutes that document said it may be kept."""
    asked: datetime | None = None
    """When it was last asked for."""
    succeeded: datetime | None = None
    """When that last went well."""
    whole: datetime | None = None
    """When it last came whole, not as "not modified"."""
    due: datetime | None = None
    """When to ask again."""
    failures: int = 0
    """How often it failed since it last went well."""
    error: str = ""
    """Why it failed last; empty when it did not."""
    gone: datetime | None = None
    """When its server said that it is gone for good: it is not asked any longer."""
    moving_to: str = ""
    """Where permanent redirects lead, since ``moving_since``; it is not asked there yet."""
    moving_since: datetime | None = None
    """See ``moving_to``."""
    skips: str = ""
    """Hours (GMT) and days that document said it is not to be asked for: ``"0 1 Saturday"``."""


_FIELDS = ", ".join(Fetched.__struct_fields__)
_MARKS = ", ".join("?" * (len(Fetched.__struct_fields__) + 1))
_DATES = {"asked", "succeeded", "whole", "due", "gone", "moving_since"}


class Fetches:
    """The part of a :class:`~feedkit.store.Store` that is about fetching."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def all(self) -> dict[str, Fetched]:
        """What is known of each source that was ever fetched, by its key."""
        found = {}
        for source, *values in self._db.execute(f"SELECT source, {_FIELDS} FROM fetched"):  # noqa: S608
            named: dict[str, object] = dict(zip(Fetched.__struct_fields__, values, strict=True))
            for name in _DATES:
                named[name] = moment_or_none(named[name])
            named["page"] = bool(named["page"])
            found[source] = Fetched(**named)  # type: ignore[arg-type]
        return found

    def keep(self, source: str, fetched: Fetched) -> None:
        """Keep what was learned of a source."""
        values = (seconds(v) if isinstance(v, datetime) else v for v in astuple(fetched))
        self._db.execute(
            f"INSERT OR REPLACE INTO fetched (source, {_FIELDS}) VALUES ({_MARKS})",  # noqa: S608
            (source, *values),
        )

    def drop(self, source: str) -> None:
        """Forget what is known of a source."""
        self._db.execute("DELETE FROM fetched WHERE source = ?", (source,))
        self._db.execute("DELETE FROM move WHERE source = ?", (source,))

    def moved(self, source: str, target: str, now: datetime) -> None:
        """Note that a source moved for good, so that it is asked for there."""
        self._db.execute(
            "INSERT OR REPLACE INTO move VALUES (?, ?, ?)", (source, seconds(now), target)
        )

    def moves(self, source: str) -> list[tuple[datetime, str]]:
        """When a source moved and where to, the first move first."""
        rows = self._db.execute(
            "SELECT moved, target FROM move WHERE source = ? ORDER BY moved", (source,)
        )
        return [(moment(moved), target) for moved, target in rows]

    def cooling(self, now: datetime) -> dict[str, datetime]:
        """The hosts that are to be left alone, and until when."""
        rows = self._db.execute("SELECT name, until FROM host WHERE until > ?", (seconds(now),))
        return {name: moment(until) for name, until in rows}

    def cool(self, hosts: Mapping[str, datetime], now: datetime) -> None:
        """Leave hosts alone until a time; those whose time has come are forgotten."""
        self._db.executemany(
            "INSERT INTO host VALUES (?, ?) ON CONFLICT (name)"
            " DO UPDATE SET until = max(until, excluded.until)",
            ((name, seconds(until)) for name, until in hosts.items()),
        )
        self._db.execute("DELETE FROM host WHERE until <= ?", (seconds(now),))

    def robots(self, since: datetime) -> dict[str, bytes]:
        """The robots.txt of sites that were asked for it since a time, by their addresses."""
        return dict(
            self._db.execute("SELECT site, rules FROM robots WHERE asked > ?", (seconds(since),))
        )

    def keep_robots(self, rules: Mapping[str, bytes], now: datetime, since: datetime) -> None:
        """Keep what sites were just asked for; what was asked for until ``since`` is forgotten."""
        self._db.executemany(
            "INSERT OR REPLACE INTO robots VALUES (?, ?, ?)",
            ((site, seconds(now), text) for site, text in rules.items()),
        )
        self._db.execute("DELETE FROM robots WHERE asked <= ?", (seconds(since),))
