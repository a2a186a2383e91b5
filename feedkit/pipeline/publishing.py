"""Feeds whose posts changed → their files; all others stay as they are."""

import logging
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from feedkit.config import Config
from feedkit.emit import FORMATS
from feedkit.errors import PublishError
from feedkit.model import Problem, Site
from feedkit.pipeline.composing import Composing
from feedkit.pipeline.feeds import Output, head_of
from feedkit.pipeline.rendering import Job, Rendered, Rendering
from feedkit.pipeline.report import Progress
from feedkit.publish import Publisher, is_interrupted
from feedkit.store import Stamp, Store

_log = logging.getLogger(__name__)


class Result(Struct, frozen=True, kw_only=True):
    """What became of the files of a run."""

    written: tuple[str, ...]
    """The files that are new or changed, below the output folder."""
    unchanged: int
    """How many were left as they were."""
    removed: tuple[str, ...]
    """The files that are no longer asked for."""
    problems: tuple[Problem, ...]
    """What could not be rendered or take its place."""
    repairs: tuple[Problem, ...]
    """What was repaired to be rendered."""
    blocked: bool
    """Whether some file could not take its place."""


class _Wanted(Struct, frozen=True):
    """A feed whose files are to be written."""

    number: int
    """Its place among all feeds, from 1."""
    output: Output
    paths: dict[str, str]
    """Where each document goes, and its format."""


class Publishing:
    """Publishes the feeds of one build.

    :param config: where they go.
    :param site: where they are served, and how they look.
    :param store: what is known of posts, feeds and files.
    :param composing: gives the posts of feeds.
    :param rendering: makes documents of feeds.
    :param dry: whether only to tell what would be done.
    """

    def __init__(
        self,
        config: Config,
        site: Site,
        store: Store,
        composing: Composing,
        rendering: Rendering,
        *,
        dry: bool = False,
    ) -> None:
        self._out = config.out
        self._site = site
        self._store = store
        self._composing = composing
        self._rendering = rendering
        self._dry = dry
        self._place = _relative(config.out, config.state.parent)
        self._problems: list[Problem] = []
        self._repairs: dict[Problem, None] = {}

    def untouched(self, feeds: int, progress: Progress) -> Result | None:
        """What there is to say when every file is as it should be; None when some is not.

        :param feeds: how many there are to be.
        :param progress: told how many files were seen to.
        """
        owned = self._store.outputs.owned(self._place)
        if (
            len(owned) != feeds * len(self._site.formats)
            or self._store.series.stale()
            or is_interrupted(self._out)
            or not all(self._is_as_it_was(path, owned) for path in owned)
        ):
            return None
        progress("write", len(owned), len(owned))
        return Result(
            written=(), unchanged=len(owned), removed=(), problems=(), repairs=(), blocked=False
        )

    def publish(
        self, outputs: Sequence[Output], created: Mapping[str, datetime], progress: Progress
    ) -> Result:
        """Write the files of feeds that are stale, and those that others changed or removed.

        :param outputs: every feed that is to be there.
        :param created: when each was first built, by its name.
        :param progress: told how many files were seen to.
        :raise PublishError: when no file can be written; nothing has changed.
        """
        store = self._store.outputs
        owned = store.owned(self._place)
        stale = self._store.series.stale()
        total = len(outputs) * len(self._site.formats)
        progress("write", 0, total)
        made: dict[str, frozenset[str]] = {}
        with Publisher(self._out, owned, store, dry=self._dry) as publisher:
            wanted: list[_Wanted] = []
            for number, output in enumerate(outputs, 1):
                paths = {
                    output.folder + FORMATS[name].file_name: name for name in self._site.formats
                }
                if output.name not in stale:
                    fresh = [path for path in paths if self._is_as_it_was(path, owned)]
                    publisher.hold(fresh)
                    paths = {path: name for path, name in paths.items() if path not in fresh}
                if paths:
                    wanted.append(_Wanted(number, output, paths))
            jobs = (self._job(one, created[one.output.name]) for one in wanted)
            for one, rendered in zip(wanted, self._rendering.render(jobs), strict=True):
                if self._put(one.paths, rendered, publisher):
                    made[one.output.name] = frozenset(one.paths)
                progress("write", one.number * len(self._site.formats), total)
            progress("write", total, total)
            if publisher.problems and not (publisher.placed or publisher.unchanged):
                first = publisher.problems[0]
                raise PublishError(f"no output could be written; {first}", path=self._out)
            publisher.flush()
            # what is renamed next must be known as feedkit's own, whenever the run is cut off
            store.own(self._place, publisher.placed)
            self._store.commit()
            published = publisher.commit()
            store.disown(self._place, published.removed)
            placed = publisher.placed.keys() - publisher.blocked
            store.saw(self._place, {path: found for path in placed if (found := self._stamp(path))})
            fresh_now = {name for name, paths in made.items() if not paths & publisher.blocked}
            unwanted = stale - {output.name for output in outputs}
            self._store.series.freshen(fresh_now | unwanted)
            self._store.commit()
        return Result(
            written=published.written,
            unchanged=publisher.unchanged,
            removed=published.removed,
            problems=(*self._problems, *published.problems),
            repairs=tuple(self._repairs),
            blocked=bool(published.problems),
        )

    def _job(self, wanted: _Wanted, created: datetime) -> Job:
        """A feed that is to be made, with its posts."""
        output = wanted.output
        posts = self._composing.newest(output.series, output.limit)
        made_of = {"event": "made", "feed": output.name, "posts": len(posts)}
        _log.debug("%s: made of %d posts", output.folder or "/", len(posts), extra=made_of)
        addresses = ((name, self._site.address(path)) for path, name in wanted.paths.items())
        return Job(head_of(output, posts, created), posts, tuple(addresses))

    def _put(self, paths: Mapping[str, str], rendered: Rendered, publisher: Publisher) -> bool:
        """Hand a feed to the publisher in each format; whether all could be made.

        :param paths: where each document goes, and its format.
        """
        for path, data in zip(paths, rendered.documents, strict=False):
            publisher.put(path, data)
        self._repairs |= dict.fromkeys(rendered.repairs)
        if rendered.failure:
            reason = f"left as it was: {rendered.failure}"
            self._problems.append(Problem(subject=[*paths][len(rendered.documents)], reason=reason))
            publisher.keep(paths)
        return not rendered.failure

    def _is_as_it_was(self, path: str, owned: Mapping[str, Stamp | None]) -> bool:
        """Whether a file looks as it did when it was last seen to."""
        last = owned.get(path)
        return last is not None and last == self._stamp(path)

    def _stamp(self, path: str) -> Stamp | None:
        """The size of a file and when it changed; None where there is none."""
        try:
            status = os.stat(f"{self._out}/{path}")  # noqa: PTH116 - of very many files
        except OSError:
            return None
        return status.st_size, status.st_mtime_ns


def _relative(path: Path, folder: Path) -> str:
    """How the store names an output folder: so that a project can be moved whole."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()
