"""What is known of posts: what documents tell of each, and what is remembered of it for good.

A *post* is published under one id, for good. An *entry* is the post as one
document of a source tells it, under the id that it has there. Posts whose
entries changed are *pending* until their place in the feeds was found anew.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from operator import itemgetter

from feedkit.model import Memory
from feedkit.store.copies import Copy, DocumentState, Entry, Pending, Stored
from feedkit.store.moments import moment, moment_or_none, seconds, seconds_or_none

_CHUNK = 500
_AMONG = "IN (SELECT value FROM json_each(?))"


class Posts:
    """The part of a :class:`~feedkit.store.Store` that is about posts."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def documents(self) -> dict[str, dict[str, DocumentState]]:
        """What is known of every document, by source and name."""
        found: dict[str, dict[str, DocumentState]] = {}
        for source, name, *state in self._db.execute(
            "SELECT source, name, number, digest, reading, posts, stamp FROM document"
            " ORDER BY source, name"
        ):
            found.setdefault(source, {})[name] = DocumentState(*state)
        return found

    def add_document(self, source: str, name: str) -> DocumentState:
        """Begin to know a document."""
        (number,) = self._db.execute(
            "INSERT INTO document (source, name, digest, reading, posts)"
            " VALUES (?, ?, x'', x'', 0) RETURNING number",
            (source, name),
        ).fetchone()
        return DocumentState(number, b"", b"", 0)

    def keep_document(self, state: DocumentState) -> None:
        """Keep what is known of a document now."""
        self._db.execute(
            "UPDATE document SET digest = ?2, reading = ?3, posts = ?4, stamp = ?5"
            " WHERE number = ?1",
            state,
        )

    def drop_document(self, number: int) -> None:
        """Forget a document and its entries."""
        self.recount(number)
        posts = self._db.execute("SELECT post FROM entry WHERE document = ?", (number,))
        self.suspend([post for (post,) in posts])
        self._db.execute("DELETE FROM entry WHERE document = ?", (number,))
        self._db.execute("DELETE FROM repeated WHERE document = ?", (number,))
        self._db.execute("DELETE FROM document WHERE number = ?", (number,))

    def repeated(self, document: int) -> dict[str, bool]:
        """The ids, as a document writes them, that ever stood for several of its posts.

        :return: each with whether links alone tell these apart.
        """
        rows = self._db.execute(
            "SELECT name, by_link FROM repeated WHERE document = ?", (document,)
        )
        return {name: bool(by_link) for name, by_link in rows}

    def keep_repeated(self, document: int, names: Mapping[str, bool]) -> None:
        """Keep such ids; see :meth:`repeated`."""
        self._db.executemany(
            "INSERT INTO repeated VALUES (?, ?, ?) ON CONFLICT (document, name)"
            " DO UPDATE SET by_link = min(by_link, excluded.by_link)",
            ((document, name, by_link) for name, by_link in names.items() if _is_text(name)),
        )

    def entries(self, document: int) -> dict[str, Entry]:
        """What a document tells or told, by the ids that posts have there."""
        rows = self._db.execute(
            "SELECT id, post, place, held, link, data FROM entry WHERE document = ?", (document,)
        )
        return {
            post_id: Entry(post_id, post, place, bool(held), link, data)
            for post_id, post, place, held, link, data in rows
        }

    def keep(self, document: int, entries: Iterable[Entry]) -> None:
        """Keep entries that are new or changed."""
        self._db.executemany(
            "INSERT INTO entry (document, id, post, place, held, taken, link, data)"
            " VALUES (?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT (document, id) DO UPDATE SET"
            " post = excluded.post, place = excluded.place, held = excluded.held,"
            " link = excluded.link, data = excluded.data",
            ((document, *entry) for entry in entries),
        )

    def place(self, document: int, places: Iterable[tuple[str, int]]) -> None:
        """Keep the places of entries that the document holds."""
        self._db.executemany(
            "UPDATE entry SET place = ?, held = 1 WHERE document = ? AND id = ?",
            ((place, document, post_id) for post_id, place in places),
        )

    def leave(self, document: int, ids: Iterable[str]) -> None:
        """Keep entries as ones that the document does not hold any longer."""
        self._db.executemany(
            "UPDATE entry SET held = 0 WHERE document = ? AND id = ?",
            ((document, post_id) for post_id in ids),
        )

    def drop(self, document: int, ids: Iterable[str]) -> None:
        """Forget entries."""
        self._db.executemany(
            "DELETE FROM entry WHERE document = ? AND id = ?",
            ((document, post_id) for post_id in ids),
        )

    def rename(self, document: int, old: str, new: str) -> None:
        """Give an entry the id that its document has for it now; the post keeps its own."""
        self._db.execute(
            "UPDATE entry SET id = ? WHERE document = ? AND id = ?", (new, document, old)
        )
        self._db.execute(
            "INSERT OR REPLACE INTO alias SELECT id, post FROM entry WHERE document = ? AND id = ?",
            (document, new),
        )

    def beyond(self, document: int, most: int, since: datetime | None) -> list[Entry]:
        """The entries that a document no longer holds and that are too many, or too old.

        :param most: how many of them are not too many; the newest stay.
        :param since: what was published before is too old.
        """
        # published: 0 where a date was not judged yet, which is never of those
        rows = self._db.execute(
            "SELECT e.id, e.post, e.place, e.held, e.link, x'', p.published FROM entry e"
            " JOIN post p ON p.number = e.post WHERE e.document = ? AND NOT e.held"
            " ORDER BY p.published DESC, e.place",
            (document,),
        ).fetchall()
        oldest = seconds(since) if since else None
        return [
            Entry(*row[:6])
            for at, row in enumerate(rows)
            if at >= most or (oldest is not None and row[6] is not None and row[6] < oldest)
        ]

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """The numbers of the posts that are known by ids, their own or others' for them."""
        wanted = json.dumps(list(ids))
        return {
            **dict(self._db.execute(f"SELECT id, post FROM alias WHERE id {_AMONG}", (wanted,))),  # noqa: S608
            **dict(self._db.execute(f"SELECT id, number FROM post WHERE id {_AMONG}", (wanted,))),  # noqa: S608
        }

    def at(self, link: str) -> set[int]:
        """The numbers of the posts that have, or had when they were taken down, that address."""
        rows = self._db.execute(
            "SELECT post FROM entry WHERE link = ?1 AND link != ''"
            " UNION SELECT post FROM forgotten WHERE link = ?1",
            (link,),
        )
        return {post for (post,) in rows}

    def beside(self, posts: Collection[int]) -> set[int]:
        """Posts, and all that have, or had when they were taken down, an address of theirs."""
        links = self._db.execute(
            f"SELECT link FROM entry WHERE post {_AMONG} AND link != ''"  # noqa: S608
            f" UNION SELECT link FROM forgotten WHERE post {_AMONG}",
            (json.dumps(list(posts)),) * 2,
        )
        return set(posts).union(*(self.at(link) for (link,) in links.fetchall()))

    def add(self, ids: Iterable[str], now: datetime) -> dict[str, int]:
        """The numbers of posts that are seen for the first time."""
        added = {}
        for post_id in ids:
            cursor = self._db.execute(
                "INSERT INTO post (id, seen) VALUES (?, ?)", (post_id, seconds(now))
            )
            added[post_id] = int(cursor.lastrowid or 0)
        self._db.executemany("INSERT INTO pending VALUES (?, 1)", ((n,) for n in added.values()))
        return added

    def suspend(self, posts: Iterable[int], edited_in: int = 0) -> None:
        """Note that the place of posts in the feeds is to be found anew.

        :param edited_in: the document whose entries of them were edited without saying so.
        """
        numbers = list(posts)
        self._db.executemany(
            "INSERT OR IGNORE INTO pending VALUES (?, 0)", ((number,) for number in numbers)
        )
        if edited_in:
            self._db.executemany(
                "INSERT OR IGNORE INTO edited VALUES (?, ?)",
                ((number, edited_in) for number in numbers),
            )

    def suspend_all(self) -> None:
        """:meth:`suspend` every post that is told by a document or stands in a feed."""
        self._db.execute(
            "INSERT OR IGNORE INTO pending SELECT post, 0 FROM entry"
            " UNION SELECT number, 0 FROM post WHERE series != ''"
        )

    def are_pending(self) -> bool:
        """Whether the place of any post in the feeds is to be found anew, or a limit is to be."""
        pending = self._db.execute("SELECT 1 FROM pending LIMIT 1").fetchone()
        return pending is not None or bool(self.uncounted())

    def count_pending(self) -> int:
        """How many posts are pending."""
        (count,) = self._db.execute("SELECT count(*) FROM pending").fetchone()
        return int(count)

    def pending(self) -> Iterator[list[Pending]]:
        """The posts that are pending, some at a time."""
        last = -1
        while rows := self._db.execute(
            "SELECT post, new, (SELECT group_concat(document, ' ') FROM edited e"
            " WHERE e.post = p.post) FROM pending p WHERE post > ? ORDER BY post LIMIT ?",
            (last, _CHUNK),
        ).fetchall():
            yield [
                Pending(post, bool(new), frozenset(map(int, (edited or "").split())))
                for post, new, edited in rows
            ]
            last = rows[-1][0]

    def settled(self, posts: Iterable[int]) -> None:
        """Note that posts are pending no longer."""
        numbers = [(post,) for post in posts]
        self._db.executemany("DELETE FROM pending WHERE post = ?", numbers)
        self._db.executemany("DELETE FROM edited WHERE post = ?", numbers)

    def stored(self, numbers: Collection[int]) -> Iterator[Stored]:
        """Posts with all that is known of them, in the order of their numbers."""
        wanted = (json.dumps(list(numbers)),)
        copies: dict[int, list[Copy]] = {}
        for post, source, document, place, held, taken, data in self._db.execute(
            "SELECT e.post, d.source, e.document, e.place, e.held, e.taken, e.data"
            " FROM entry e JOIN document d ON d.number = e.document"
            " JOIN post p ON p.number = e.post"
            " WHERE e.post IN (SELECT value FROM json_each(?)) AND p.forgotten IS NULL",
            wanted,
        ):
            copy = Copy(source, document, place, bool(held), bool(taken), data)
            copies.setdefault(post, []).append(copy)
        for number, post_id, seen, published, refused, edited, series in self._db.execute(
            "SELECT number, id, seen, published, refused, edited, series FROM post"
            " WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number",
            wanted,
        ).fetchall():
            memory = Memory(
                seen=moment(seen),
                published=moment_or_none(published),
                refused=moment_or_none(refused),
                edited=moment_or_none(edited),
            )
            member_of = tuple(map(int, series.split())) if series else ()
            yield Stored(number, post_id, memory, member_of, copies.get(number, []))

    def published(self, numbers: Collection[int]) -> dict[int, int]:
        """When posts were published, in seconds; 0 where that was not judged yet."""
        wanted = (json.dumps(list(numbers)),)
        return dict(
            self._db.execute(
                f"SELECT number, coalesce(published, 0) FROM post WHERE number {_AMONG}",  # noqa: S608
                wanted,
            )
        )

    def places(self, numbers: Collection[int]) -> list[tuple[int, Copy]]:
        """The copies of posts, without what they tell, each with the number of its post."""
        rows = self._db.execute(
            "SELECT e.post, d.source, e.document, e.place, e.held, e.taken"
            " FROM entry e JOIN document d ON d.number = e.document"
            " WHERE e.post IN (SELECT value FROM json_each(?))",
            (json.dumps(list(numbers)),),
        )
        return [
            (post, Copy(source, document, place, bool(held), bool(taken), b""))
            for post, source, document, place, held, taken in rows
        ]

    def remember(self, memories: Mapping[int, Memory]) -> None:
        """Keep what a run learned of posts, by their numbers."""
        self._db.executemany(
            "UPDATE post SET published = ?, refused = ?, edited = ? WHERE number = ?",
            (
                (*map(seconds_or_none, (m.published, m.refused, m.edited)), number)
                for number, m in memories.items()
            ),
        )

    def recount(self, document: int) -> None:
        """Note that it is to be found anew what the limit of a document's source leaves."""
        self._db.execute(
            "INSERT OR IGNORE INTO uncounted SELECT source FROM document WHERE number = ?",
            (document,),
        )

    def uncounted(self) -> set[str]:
        """The sources of which :meth:`recount` noted that, since :meth:`counted` was called."""
        return {source for (source,) in self._db.execute("SELECT source FROM uncounted")}

    def counted(self, sources: Iterable[str]) -> None:
        """Note that what limits leave was found, of some sources."""
        # to empty the table at once would be a write even where it is empty
        self._db.executemany("DELETE FROM uncounted WHERE source = ?", ((s,) for s in sources))

    def take(self, source: str, limit: int | None) -> None:
        """Leave the newest entries of a source, as many as its limit says, and suspend the others.

        :param limit: how many; None for all.
        """
        rows = self._db.execute(
            "SELECT e.rowid, e.post, e.taken FROM entry e JOIN document d ON d.number = e.document"
            " JOIN post p ON p.number = e.post WHERE d.source = ? AND p.forgotten IS NULL"
            " ORDER BY p.published DESC, d.name, NOT e.held, e.place",
            (source,),
        ).fetchall()
        changed = [
            (taken, rowid, post)
            for at, (rowid, post, was_taken) in enumerate(rows)
            if (taken := limit is None or at < limit) != bool(was_taken)
        ]
        self._db.executemany(
            "UPDATE entry SET taken = ? WHERE rowid = ?",
            ((taken, rowid) for taken, rowid, _ in changed),
        )
        self.suspend(map(itemgetter(2), changed))

    def told_twice(self) -> list[tuple[str, int, str, bool]]:
        """The entries whose address is one while their posts are several, some of them new.

        :return: the link, the number of the post, its source, and whether the
            post is new; in the order of links and posts.
        """
        rows = self._db.execute(
            "SELECT e.link, e.post, d.source, coalesce(n.new, 0) FROM entry e"
            " JOIN document d ON d.number = e.document LEFT JOIN pending n ON n.post = e.post"
            " WHERE e.link != '' AND e.link IN (SELECT link FROM entry"
            " WHERE link != '' AND link IN"
            # from the pending ones on: all entries are never gone through
            " (SELECT link FROM pending CROSS JOIN entry USING (post) WHERE new AND link != '')"
            " GROUP BY link HAVING min(post) != max(post)) ORDER BY e.link, e.post"
        )
        return [(link, post, source, bool(new)) for link, post, source, new in rows]

    def unite(self, post: int, other: int) -> None:
        """Make a new post's entries ones of another post, whose id stays; its own leads there."""
        self._db.execute("UPDATE entry SET post = ? WHERE post = ?", (other, post))
        self._db.execute(
            "INSERT OR REPLACE INTO alias SELECT id, ? FROM post WHERE number = ?", (other, post)
        )
        self._db.execute("UPDATE alias SET post = ? WHERE post = ?", (other, post))
        self._db.execute("DELETE FROM post WHERE number = ?", (post,))
        self.settled([post])
        self.suspend([other])

    def forget(self, number: int, now: datetime) -> None:
        """Take a post down for good; what has its address later is it too."""
        self._db.execute("UPDATE post SET forgotten = ? WHERE number = ?", (seconds(now), number))
        documents = self._db.execute("SELECT document FROM entry WHERE post = ?", (number,))
        for (document,) in documents.fetchall():
            self.recount(document)
        self._db.execute(
            "INSERT OR IGNORE INTO forgotten SELECT link, post FROM entry"
            " WHERE post = ? AND link != ''",
            (number,),
        )
        self.suspend([number])

    def recall(self, number: int) -> None:
        """Let a post that was taken down be told again."""
        self._db.execute("UPDATE post SET forgotten = NULL WHERE number = ?", (number,))
        self._db.execute("DELETE FROM forgotten WHERE post = ?", (number,))
        self._db.execute("DELETE FROM entry WHERE post = ?", (number,))

    def forgotten(self) -> tuple[set[int], set[str]]:
        """The numbers of the posts that were taken down, and the addresses that they had."""
        numbers = self._db.execute("SELECT number FROM post WHERE forgotten IS NOT NULL")
        links = self._db.execute("SELECT link FROM forgotten")
        return {number for (number,) in numbers}, {link for (link,) in links}


def _is_text(name: str) -> bool:
    """Whether a name can be kept: not with a lone surrogate in it, as JSON can write them."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
