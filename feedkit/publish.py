"""Bytes → files, atomically, only when they changed, and only where they are ours.

Every changed file is first written whole to a folder beside the others. Only
when all of them are on the disk does each take its place by a rename, so that
a reader, a crash or a full disk never meets half a feed.
"""

import ctypes
import logging
import os
from collections.abc import Callable, Collection, Container, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from feedkit.errors import PublishError
from feedkit.model import Problem

_log = logging.getLogger(__name__)

_STAGING = ".feedkit-staging"
_FEW = 16
_NO_NAMES = frozenset(("", ".", ".."))


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
        # texts: of very many files, what a Path costs is more than what is done with it
        self._root = os.path.join(out, "")  # noqa: PTH118
        self._staging = out / _STAGING
        self._is_new = not out.exists()
        self._staged: dict[str, str] = {}
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
            with open(target, "rb") as file:  # noqa: PTH123
                held = file.read()
        except FileNotFoundError:
            if path not in self._owned and os.path.islink(target):  # noqa: PTH114
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
        staged = self._staged.get(path) or f"{self._root}{_STAGING}/{len(self._staged):06}"
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
            self._trying(lambda: _sync([*self._staged.values(), str(self._staging)], self._out))

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
        if changed := self._folders((*written, *removed)):
            self._trying(lambda: _sync(changed, self._out))
        return Published(
            written=tuple(written), removed=tuple(removed), problems=tuple(self.problems)
        )

    def _target(self, path: str) -> str:
        # a place has one spelling: others would not be known as owned
        if not _NO_NAMES.isdisjoint(path.split("/")):
            raise PublishError("is no place below the output folder", path=path)
        return self._root + path

    def _folders(self, paths: Sequence[str]) -> list[str]:
        """The folders that hold these, but for those that are gone."""
        if not paths:
            return []
        below: set[str] = set()
        for path in paths:
            folder = path.rpartition("/")[0]
            while folder and folder not in below:
                below.add(folder)
                folder = folder.rpartition("/")[0]
        # a new folder is an entry of its parent, which must reach the disk too
        above = [self._out.parent, self._out] if self._is_new else [self._out]
        folders = [*map(str, above), *(self._root + folder for folder in sorted(below))]
        return [folder for folder in folders if os.path.isdir(folder)]  # noqa: PTH112

    def _write(self, staged: str, data: bytes) -> None:
        if self._dry:
            return
        if not self._staged:
            self._staging.mkdir(parents=True, exist_ok=True)
        with open(staged, "wb") as file:  # noqa: PTH123
            file.write(data)

    def _place(self, path: str, staged: str) -> bool:
        target = self._target(path)
        try:
            try:
                os.replace(staged, target)  # noqa: PTH105
            except FileNotFoundError:  # most have their folder
                os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
                os.replace(staged, target)  # noqa: PTH105
        except OSError as error:
            self._blocked(path, f"can't take its place: {error.strerror}")
            return False
        _log.info("%s: written", path, extra={"event": "written", "path": path})
        return True

    def _remove(self, path: str) -> bool:
        target = Path(self._target(path))
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
        self.problems.append(Problem(subject=str(Path(self._target(path))), reason=reason))
        self._kept.add(path)
        self.blocked.add(path)
        said = {"event": "blocked", "path": path, "reason": reason}
        _log.info("%s: %s", path, reason, extra=said)

    def _trying(self, act: Callable[[], None], path: str = "") -> None:
        try:
            act()
        except OSError as error:
            place = Path(self._target(path)) if path else self._out
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


def _sync(paths: Sequence[str], folder: Path) -> None:
    """Bring files and folders to the disk: a few one by one, many by one call for all."""
    if len(paths) > _FEW and _sync_file_system(folder):
        return
    for path in paths:
        flags = os.O_RDONLY if os.name == "posix" else os.O_RDWR
        if os.name != "posix" and os.path.isdir(path):  # noqa: PTH112
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
