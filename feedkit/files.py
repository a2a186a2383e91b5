"""Paths → bytes: one file, a folder, or what a glob finds."""

from pathlib import Path

from feedkit.errors import SourceError


def find(folder: Path, pattern: str) -> dict[str, Path]:
    """The files a pattern means, by their path below ``folder``, sorted.

    A folder means all files in it, at any depth, hidden ones left out.

    :param folder: what the pattern is relative to.
    :param pattern: a file, a folder or a glob, with ``**`` for any depth.
    """
    path = folder / pattern
    if path.is_dir():
        found = [file for file in path.rglob("*") if not _hidden(file, path)]
    elif path.exists():
        found = [path]
    else:
        rest = path.relative_to(path.anchor)
        found = [] if rest == Path() else list(Path(path.anchor).glob(str(rest)))
    return {file.relative_to(folder).as_posix(): file for file in sorted(found) if file.is_file()}


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def read_file(path: Path, *, max_bytes: int) -> bytes:
    """A file's bytes, at most one more than ``max_bytes``.

    :raise SourceError: when it can't be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError as error:
        raise SourceError(f"can't be read: {error.strerror}", source=str(path)) from error
