"""Which files are feedkit's own, what they hold, and how they looked when that was last seen to."""

import sqlite3
from collections.abc import Iterable, Mapping

Stamp = tuple[int, int]
"""The size of a file, and when it changed, in nanoseconds."""


class Outputs:
    """The part of a :class:`~feedkit.store.Store` that is about files."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def owned(self, folder: str) -> dict[str, Stamp | None]:
        """The paths below an output folder that are feedkit's own.

        :return: each with what its file looked like when feedkit last saw to it.
        """
        rows = self._db.execute(
            "SELECT path, size, changed FROM output WHERE folder = ?", (folder,)
        )
        return {path: None if size is None else (size, at) for path, size, at in rows}

    def __contains__(self, digest: object) -> bool:
        """Whether a digest is that of what was published last at some path, below any folder."""
        query = "SELECT 1 FROM output WHERE digest = ? LIMIT 1"
        return self._db.execute(query, (digest,)).fetchone() is not None

    def own(self, folder: str, digests: Mapping[str, bytes]) -> None:
        """Note paths as feedkit's own, each with the digest of what it holds or will hold."""
        self._db.executemany(
            "INSERT INTO output (folder, path, digest) VALUES (?, ?, ?)"
            " ON CONFLICT (folder, path) DO UPDATE SET digest = excluded.digest, size = NULL"
            " WHERE digest != excluded.digest",
            ((folder, path, digest) for path, digest in digests.items()),
        )

    def saw(self, folder: str, stamps: Mapping[str, Stamp]) -> None:
        """Note what files look like; see :meth:`owned`."""
        self._db.executemany(
            "UPDATE output SET size = ?1, changed = ?2 WHERE folder = ?3 AND path = ?4"
            " AND (size IS NOT ?1 OR changed IS NOT ?2)",
            ((*stamp, folder, path) for path, stamp in stamps.items()),
        )

    def disown(self, folder: str, paths: Iterable[str]) -> None:
        """Forget paths that are feedkit's no longer."""
        self._db.executemany(
            "DELETE FROM output WHERE folder = ? AND path = ?", ((folder, path) for path in paths)
        )
