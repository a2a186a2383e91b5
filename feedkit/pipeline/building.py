"""The whole cron job: sources → posts → feeds → files."""

import os
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from msgspec.structs import replace

from feedkit.config import Config, load_config
from feedkit.emit import FORMATS, render_with_repairs
from feedkit.emit.mending import Known
from feedkit.errors import ConfigError, ModelError, PublishError, RenderError
from feedkit.model import Problem, Site
from feedkit.pipeline.feeds import Output, outputs_of
from feedkit.pipeline.fetching import Fetching
from feedkit.pipeline.report import Progress, Report
from feedkit.pipeline.sources import Sources
from feedkit.publish import Publisher
from feedkit.selection import in_order, merge
from feedkit.store import open_store
from feedkit.tags import Tagger


def build(
    config: Config | Path | str = "feedkit.toml",
    *,
    out: Path | str | None = None,
    now: datetime | None = None,
    force: bool = False,
    only: Collection[str] = (),
    progress: Progress | None = None,
) -> Report:
    """Regenerate every feed that changed: the whole cron job.

    :param config: a configuration, or the path of a ``feedkit.toml``.
    :param out: the output folder, in place of the configured one.
    :param now: the time of the build, aware. Default: the clock's.
    :param force: ask for every source now, due or not, and for whole documents.
    :param only: names of the sources to ask for now, due or not; of all others
        that have an address, the posts they gave last stand. Default: all that are due.
    :param progress: called with a stage (``"read"``, ``"write"``), how much of
        it is done and how much there is.
    :return: what was done; its ``exit_code`` is what a cron job should end with.
    :raise ConfigError: when the configuration is wrong.
    :raise LockedError: when another run is using the state file.
    :raise StoreError: when the state file can't be used.
    :raise PublishError: when the output can't be written; nothing has changed.
    """
    if not isinstance(config, Config):
        config = load_config(config, out=out)
    elif out is not None:
        config = replace(config, out=Path(out).absolute())
    now = now or datetime.now(UTC)
    if now.tzinfo is None:
        raise ModelError("must have a time zone", key="now")
    _check_names(config, only)
    now = now.astimezone(UTC).replace(microsecond=0)
    return _build(config, now, progress or _silence, force, frozenset(only))


def _silence(_stage: str, _done: int, _total: int) -> None:
    """The progress nobody asked for."""


def _check_names(config: Config, names: Collection[str]) -> None:
    known = [source.key for source in config.sources]
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, 1)
            meant = f"; did you mean {close[0]!r}?" if close else ""
            raise ConfigError(f"no source is named {name!r}{meant}", path=config.path)


def _build(
    config: Config, now: datetime, progress: Progress, force: bool, only: frozenset[str]
) -> Report:
    place = _relative(config.out, config.state.parent)
    with open_store(config.state) as store:
        site_id = config.site.id or store.fact("site.id", config.site.url)
        site = replace(config.site, id=site_id)
        tagger = Tagger(config.tags, store.labels())
        fetching = Fetching(config, store, now, force=force, only=only)
        sources = Sources(config, store, now, fetching)
        results, posts = sources.read(progress)
        if fetching.learned:  # servers are not asked again because the output can't be written
            store.commit()
        outputs, problems = outputs_of(
            in_order(merge(posts)), config, site, tagger, store.feeds(), now
        )
        store.remember_labels(tagger.labels)
        store.remember_feeds((output.name for output in outputs), now)
        with Publisher(config.out, store.outputs(place), store.digests()) as publisher:
            unrendered, repairs = _render(outputs, site, publisher, progress)
            problems += unrendered
            if publisher.problems and not publisher.placed:
                first = publisher.problems[0]
                raise PublishError(f"no output could be written; {first}", path=config.out)
            publisher.flush()
            # what is renamed next must be known as feedkit's own, whenever the run is cut off
            store.own(place, publisher.placed)
            store.commit()
            published = publisher.commit()
            store.disown(place, published.removed)
            store.commit()
    return Report(
        sources=tuple(results),
        posts=sum(result.posts for result in results),
        feeds=len(outputs),
        out=config.out,
        written=published.written,
        unchanged=publisher.unchanged,
        removed=published.removed,
        problems=(*sources.problems, *problems, *published.problems),
        repairs=repairs,
        blocked=bool(published.problems),
    )


def _render(
    outputs: Sequence[Output], site: Site, publisher: Publisher, progress: Progress
) -> tuple[list[Problem], tuple[Problem, ...]]:
    """Hand every feed in every format to the publisher.

    :return: what could not be rendered, and why; what was repaired to be rendered.
    """
    problems = []
    repairs: dict[Problem, None] = {}
    known = Known(site.content, site.embeds)
    total = len(outputs) * len(site.formats)
    for number, output in enumerate(outputs):
        for place, name in enumerate(site.formats):
            progress("write", number * len(site.formats) + place, total)
            path = output.folder + FORMATS[name].file_name
            feed = replace(output.feed, feed_url=site.address(path))
            try:
                data, done = render_with_repairs(feed, name, known)
            except RenderError as error:  # one bad feed never costs the run
                problems.append(Problem(subject=path, reason=f"left as it was: {error.reason}"))
                publisher.keep([path])
            else:
                publisher.put(path, data)
                repairs |= dict.fromkeys(done)
    progress("write", total, total)
    return problems, tuple(repairs)


def _relative(path: Path, folder: Path) -> str:
    """How the store names an output folder: so that a project can be moved whole."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()
