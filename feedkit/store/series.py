"""Which posts stand in which feed: series of posts, newest first, and the feeds made of them.

A *series* is all posts of one feed: of the site, of a tag, of a rule. A tag's
is kept from its first post on, whether the tag gets a feed or not.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from feedkit.store.moments import moment, seconds


class Series:
    """The part of a :class:`~feedkit.store.Store` that is about feeds."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._numbers: dict[str, int] | None = None

    def number(self, name: str) -> int:
        """The number of the series of that name, made where there is none."""
        numbers = self._all()
        if name not in numbers:
            cursor = self._db.execute("INSERT INTO series (name) VALUES (?)", (name,))
            numbers[name] = int(cursor.lastrowid or 0)
        return numbers[name]

    def names(self) -> dict[int, str]:
        """The names of all series, by number."""
        return {number: name for name, number in self._all().items()}

    def _all(self) -> dict[str, int]:
        if self._numbers is None:
            self._numbers = dict(self._db.execute("SELECT name, number FROM series"))
        return self._numbers

    def join(self, members: Iterable[tuple[int, datetime, int]]) -> None:
        """Take posts into series: the series, when the post was published, the post."""
        self._db.executemany(
            "INSERT OR IGNORE INTO member VALUES (?, ?, ?)",
            ((series, seconds(published), post) for series, published, post in members),
        )

    def part(self, members: Iterable[tuple[int, datetime, int]]) -> None:
        """Take posts out of series."""
        self._db.executemany(
            "DELETE FROM member WHERE series = ? AND published = ? AND post = ?",
            ((series, seconds(published), post) for series, published, post in members),
        )

    def note(self, memberships: Iterable[tuple[int, Iterable[int]]]) -> None:
        """Keep of posts, by their numbers, which series they are members of."""
        self._db.executemany(
            "UPDATE post SET series = ? WHERE number = ?",
            ((" ".join(map(str, series)), post) for post, series in memberships),
        )

    def has(self, name: str, posts: int) -> bool:
        """Whether a series has at least so many posts."""
        number = self._all().get(name)
        (count,) = self._db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM member WHERE series = ? LIMIT ?)", (number, posts)
        ).fetchone()
        return int(count) >= posts

    def newest(self, name: str, limit: int) -> list[tuple[int, int]]:
        """When the newest posts of a series were published, in seconds, and their numbers.

        :param limit: how many; where more were published in the same second as
            the last of them, all of these are there.
        """
        number = self._all().get(name)
        rows = self._db.execute(
            "SELECT published, post FROM member WHERE series = ?"
            " ORDER BY published DESC, post DESC LIMIT ?",
            (number, limit),
        ).fetchall()
        if len(rows) < limit:
            return rows
        last = rows[-1][0]
        ties = self._db.execute(
            "SELECT published, post FROM member WHERE series = ? AND published = ?", (number, last)
        )
        return [row for row in rows if row[0] != last] + ties.fetchall()

    def feeds(self) -> dict[str, datetime]:
        """When each feed that was ever built was first built, by its name."""
        rows = self._db.execute("SELECT name, created FROM feed")
        return {name: moment(created) for name, created in rows}

    def remember_feeds(self, names: Iterable[str], now: datetime) -> None:
        """Keep the names of feeds; one that is known keeps its time."""
        self._db.executemany(
            "INSERT OR IGNORE INTO feed (name, created) VALUES (?, ?)",
            ((name, seconds(now)) for name in names),
        )

    def stale(self) -> set[str]:
        """The feeds whose files are to be written anew."""
        return {name for (name,) in self._db.execute("SELECT name FROM feed WHERE stale")}

    def spoil(self, names: Iterable[str]) -> None:
        """Note that the files of feeds are to be written anew."""
        self._db.executemany(
            "UPDATE feed SET stale = 1 WHERE name = ? AND NOT stale", ((name,) for name in names)
        )

    def spoil_all(self) -> None:
        """Note that the files of all feeds are to be written anew."""
        self._db.execute("UPDATE feed SET stale = 1 WHERE NOT stale")

    def freshen(self, names: Iterable[str]) -> None:
        """Note that the files of feeds hold what they should."""
        self._db.executemany("UPDATE feed SET stale = 0 WHERE name = ?", ((n,) for n in names))
