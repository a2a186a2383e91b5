"""A source that is files → the files, by the names that its documents have."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from feedkit.config import Config, Source
from feedkit.errors import ConfigError, SourceError
from feedkit.files import find


class Locating:
    """Finds the files of sources.

    :param config: where they are.
    :param worked: the keys of sources that gave posts before: what is missing
        from one of these is no mistake in the configuration.
    """

    def __init__(self, config: Config, worked: Collection[str]) -> None:
        self._config = config
        self._worked = worked
        self._folder = config.path.absolute().parent
        self._resolved: dict[Path, Path] = {}
        self._out, self._state, self._told_by = (
            path.resolve() for path in (config.out, config.state, config.path)
        )

    def files(self, source: Source, number: int) -> dict[str, Path]:
        """The files of a source, by their paths below the configuration's folder.

        :param number: which of the sources it is, from 1.
        :raise SourceError: when there are none any longer.
        :raise ConfigError: when there never were any, or they lie where feedkit writes.
        """
        found = find(self._folder, source.path)
        files = [file for file in found if not self._is_own(file)]
        if not files:
            key = f"source[{number}].path"
            if found:
                reason = f"lies where feedkit writes, below {self._config.out}: {source.path!r}"
                raise ConfigError(reason, path=self._config.path, key=key)
            there = self._folder / source.path
            if source.key in self._worked or there.exists():
                raise SourceError("nothing is there to read", source=source.key)
            raise ConfigError(f"nothing there: {source.path!r}", path=self._config.path, key=key)
        return {self._name(file): file for file in files}

    def is_alone(self, source: Source, files: Mapping[str, Path]) -> bool:
        """Whether a source is one file, and not one of those that a folder or a glob means."""
        return list(files.values()) == [self._folder / source.path]

    def _name(self, file: Path) -> str:
        inside = ".." not in file.parts and file.is_relative_to(self._folder)
        path = file.relative_to(self._folder) if inside else os.path.relpath(file, self._folder)
        # POSIX lets names be any bytes, and not all are text
        name = Path(path).as_posix().encode(errors="surrogateescape")
        return name.decode(errors="backslashreplace")

    def _resolve(self, file: Path) -> Path:
        """Where a file is, whatever links lead there; very many of them are in one folder."""
        if file.name == ".." or file.is_symlink():
            return file.resolve()
        folder = file.parent
        if folder not in self._resolved:
            self._resolved[folder] = folder.resolve()
        return self._resolved[folder] / file.name

    def _is_own(self, file: Path) -> bool:
        """Whether a file is one that feedkit writes, or is told by."""
        path = self._resolve(file)
        of_state = path.parent == self._state.parent and path.name.startswith(self._state.name)
        return path.is_relative_to(self._out) or of_state or path == self._told_by
