"""Paths → bytes: one file, a folder, or what a glob finds."""

from collections.abc import Iterable
from pathlib import Path

from feedkit.errors import SourceError


def find(folder: Path, pattern: str) -> list[Path]:
    """The files a pattern means, sorted; hidden ones are left out unless named.

    :param folder: what the pattern is relative to.
    :param pattern: a file; a folder, which means all files in it at any depth;
        or a glob, with ``**`` for any depth.
    """
    path = folder / pattern
    if path.is_file():
        return [path]
    if path.is_dir():
        found: Iterable[Path] = (f for f in path.rglob("*") if not _hidden(f.relative_to(path)))
    elif Path(pattern).is_absolute():
        found = Path(path.anchor).glob(str(path.relative_to(path.anchor)))
    else:
        found = folder.glob(pattern) if pattern else ()
    return sorted(file for file in found if not _hidden(Path(file.name)) and file.is_file())


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def read_file(path: Path, *, max_bytes: int) -> bytes:
    """A file's bytes, at most one more than ``max_bytes``.

    :raise SourceError: when it can't be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError as error:
        raise SourceError(f"can't be read: {error.strerror}", source=str(path)) from error
