"""Paths → bytes: one file, a folder, or what a glob finds."""

from pathlib import Path

from feedkit.errors import SourceError

# nanoseconds; some file systems know no finer time of change
_COARSEST = 2_000_000_000


def find(folder: Path, pattern: str) -> list[Path]:
    """The files a pattern means, sorted; none when the system knows no such name.

    Files and folders that begin with a dot are left out unless the pattern
    names them; links to folders are not followed.

    :param folder: what the pattern is relative to.
    :param pattern: a file; a folder, which means all files in it at any depth;
        or a glob, with ``**`` for any depth.
    """
    path = folder / pattern
    start = Path(path.anchor) if Path(pattern).is_absolute() else folder
    named = set(Path(pattern).parts)
    try:
        if path.is_file():
            return [path]
        found = path.rglob("*") if path.is_dir() else start.glob(str(path.relative_to(start)))
        files = (file for file in found if file.is_file() and not _hidden(file, start, named))
        return sorted(files, key=Path.as_posix)
    except (OSError, ValueError):
        return []


def _hidden(file: Path, start: Path, named: set[str]) -> bool:
    parts = file.relative_to(start).parts
    return any(part[0] == "." and part != ".." and part not in named for part in parts)


def stamp_of(path: Path) -> str:
    """How a file looks from outside; what looks the same later holds the same, once settled.

    :return: size, times of change and number; ``""`` when there is none.
    """
    try:
        status = path.stat()
    except OSError:
        return ""
    seen = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    return " ".join(map(str, seen))


def is_settled(stamp: str, now: int) -> bool:
    """Whether a file of that :func:`stamp_of` would look another way if it changed from now on.

    :param now: the clock's time, in nanoseconds since 1970.
    """
    if not stamp:
        return False
    _, written, changed, _ = map(int, stamp.split())
    return max(written, changed) + _COARSEST < now


def read_file(path: Path, *, max_bytes: int, label: str = "") -> bytes:
    """A file's bytes, at most one more than ``max_bytes``.

    :param label: what errors call it; default its path.
    :raise SourceError: when it can't be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError as error:
        raise SourceError(f"can't be read: {error.strerror}", source=label or str(path)) from error
