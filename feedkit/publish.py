"""Bytes → files, atomically, only when they changed, and only where they are ours.

Every changed file is first written whole to a folder beside the others. Only
when all of them are on the disk does each take its place by a rename, so that
a reader, a crash or a full disk never meets half a feed.
"""

import ctypes
import logging
import os
from collections.abc import Callable, Collection, Container, Iterable
from hashlib import sha256
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from msgspec import Struct

from feedkit.errors import PublishError
from feedkit.model import Problem

_log = logging.getLogger(__name__)

_STAGING = ".feedkit-staging"
_FEW = 16


class Published(Struct, frozen=True, kw_only=True):
    """What became of the files of a run; paths are below the output folder."""

    written: tuple[str, ...]
    """Those that are new or changed."""
    removed: tuple[str, ...]
    """Those that are no longer asked for."""
    problems: tuple[Problem, ...]
    """Those that could not take their place."""


class Publisher:
    """Takes the files of one run and puts them below one folder.

    To be used as a context manager: what was taken and not committed is gone
    at its end.

    :param out: the folder; made when it is not there.
    :param owned: the paths below it that are feedkit's own. A file at any
        other path is replaced only when its bytes are feedkit's.
    :param digests: holds the :func:`digest` of all that was published last, wherever.
    :param dry: whether only to tell what would be done: nothing is written.
    :raise PublishError: when the folder can't be written to.
    """

    def __init__(
        self,
        out: Path,
        owned: Collection[str],
        digests: Container[bytes] = (),
        *,
        dry: bool = False,
    ) -> None:
        self._out = out
        self._owned = frozenset(owned)
        self._digests = digests
        self._dry = dry
        self._staging = out / _STAGING
        self._is_new = not out.exists()
        self._staged: dict[str, Path] = {}
        self.placed: dict[str, bytes] = {}
        """The digest of what each path holds, or will hold."""
        self.problems: list[Problem] = []
        """What stood in the way so far."""
        self.blocked: set[str] = set()
        """The paths where something did."""
        self._kept: set[str] = set()
        self.unchanged = 0
        """How many files already held what they were to hold."""

    def __enter__(self) -> Self:
        if not self._dry:
            self._clear_staging()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._dry:
            self._clear_staging()

    def put(self, path: str, data: bytes) -> None:
        """Take one file.

        :param path: its place below the folder, with ``/`` between its parts.
        :param data: what it is to hold.
        :raise PublishError: when it can't be written; the run is lost, and
            nothing has changed.
        """
        target = self._target(path)
        try:
            held = target.read_bytes()
        except FileNotFoundError:
            if target.is_symlink() and path not in self._owned:
                self._blocked(path, "is a link that is not feedkit's and leads nowhere")
                return
        except OSError as error:
            self._blocked(path, f"can't be read: {error.strerror}")
            return
        else:
            if held == data and path not in self._staged:
                self.placed[path] = digest(data)
                self.unchanged += 1
                _log.debug("%s: unchanged", path, extra={"event": "unchanged", "path": path})
                return
            if path not in self._owned and digest(held) not in self._digests:
                reason = "is in the way and not known as feedkit's; move it, or choose another out"
                self._blocked(path, reason)
                return
        self.placed[path] = digest(data)
        staged = self._staged.get(path) or self._staging / f"{len(self._staged):06}"
        self._trying(lambda: self._write(staged, data), path)
        self._staged[path] = staged

    def keep(self, paths: Iterable[str]) -> None:
        """Leave files as they are, although this run has nothing for them."""
        self._kept.update(paths)

    def hold(self, paths: Collection[str]) -> None:
        """Leave files as they are, which hold what they should."""
        self._kept.update(paths)
        self.unchanged += len(paths)

    def flush(self) -> None:
        """Bring all that was taken to the disk, so that only renames remain.

        :raise PublishError: when that fails; nothing has changed.
        """
        if self._staged and not self._dry:
            self._trying(lambda: _sync([*self._staged.values(), self._staging], self._out))

    def commit(self) -> Published:
        """Put all that was taken in its place, and remove what is ours and not kept."""
        if self._dry:
            gone = sorted(self._owned - set(self.placed) - self._kept)
            return Published(
                written=tuple(self._staged), removed=tuple(gone), problems=tuple(self.problems)
            )
        written = [path for path, staged in self._staged.items() if self._place(path, staged)]
        gone = sorted(self._owned - set(self.placed) - self._kept)
        removed = [path for path in gone if self._remove(path)]
        targets = [self._target(path) for path in (*written, *removed)]
        # a new folder is an entry of its parent, which must reach the disk too
        folders = {folder for target in targets for folder in target.parents}
        folders -= set((self._out.parent if self._is_new else self._out).parents)
        if folders:
            self._trying(lambda: _sync(sorted(filter(Path.is_dir, folders)), self._out))
        return Published(
            written=tuple(written), removed=tuple(removed), problems=tuple(self.problems)
        )

    def _target(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts:
            raise PublishError("is no place below the output folder", path=path)
        return self._out.joinpath(*parts)

    def _write(self, staged: Path, data: bytes) -> None:
        if self._dry:
            return
        if not self._staged:
            self._staging.mkdir(parents=True, exist_ok=True)
        staged.write_bytes(data)

    def _place(self, path: str, staged: Path) -> bool:
        target = self._target(path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(target)
        except OSError as error:
            self._blocked(path, f"can't take its place: {error.strerror}")
            return False
        _log.info("%s: written", path, extra={"event": "written", "path": path})
        return True

    def _remove(self, path: str) -> bool:
        target = self._target(path)
        try:
            target.unlink(missing_ok=True)
            for folder in list(target.relative_to(self._out).parents)[:-1]:
                if any((self._out / folder).iterdir()):
                    break
                (self._out / folder).rmdir()
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError as error:
            self._blocked(path, f"can't be removed: {error.strerror}")
            return False
        _log.info("%s: removed", path, extra={"event": "removed", "path": path})
        return True

    def _blocked(self, path: str, reason: str) -> None:
        self.problems.append(Problem(subject=str(self._target(path)), reason=reason))
        self._kept.add(path)
        self.blocked.add(path)
        said = {"event": "blocked", "path": path, "reason": reason}
        _log.info("%s: %s", path, reason, extra=said)

    def _trying(self, act: Callable[[], None], path: str = "") -> None:
        try:
            act()
        except OSError as error:
            place = self._target(path) if path else self._out
            raise PublishError(f"can't be written: {error.strerror}", path=place) from error

    def _clear_staging(self) -> None:
        """Remove what this run, or one that was killed, left in the staging folder."""
        try:
            for left in self._staging.iterdir():
                if left.name.isdigit():
                    left.unlink()
            self._staging.rmdir()
        except OSError:
            pass  # not there, or not ours to mend: writing will tell


def is_interrupted(out: Path) -> bool:
    """Whether a run that was killed left something below the output folder."""
    return (out / _STAGING).exists()


def digest(data: bytes) -> bytes:
    """What published bytes are recognised by."""
    return sha256(data).digest()


def _sync(paths: list[Path], folder: Path) -> None:
    """Bring files and folders to the disk: a few one by one, many by one call for all."""
    if len(paths) > _FEW and _sync_file_system(folder):
        return
    for path in paths:
        flags = os.O_RDONLY if os.name == "posix" else os.O_RDWR
        if os.name != "posix" and path.is_dir():
            continue  # only POSIX can open a folder
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sync_file_system(folder: Path) -> bool:
    """Linux's syncfs(2), which reports write errors too; False where there is none."""
    try:
        syncfs = ctypes.CDLL(None, use_errno=True).syncfs
    except (OSError, TypeError, AttributeError):
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)
    return True
