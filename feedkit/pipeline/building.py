"""The whole cron job: sources → posts → feeds → files."""

import logging
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path

import msgspec
from feedgen.version import version_str as feedgen_version
from lxml import __version__ as lxml_version  # type: ignore[attr-defined] # stubs lack it
from msgspec.structs import replace

from feedkit._version import __version__
from feedkit.config import Config, load_config
from feedkit.errors import ConfigError, ModelError
from feedkit.model import Problem, Site
from feedkit.pipeline.announcing import announced
from feedkit.pipeline.composing import Composing
from feedkit.pipeline.feeds import count_outputs, outputs_of
from feedkit.pipeline.fetching import Fetching
from feedkit.pipeline.publishing import Publishing
from feedkit.pipeline.rendering import Rendering
from feedkit.pipeline.report import Progress, Report
from feedkit.pipeline.sources import Sources
from feedkit.store import Store, open_store
from feedkit.tags import Tagger

_log = logging.getLogger(__name__)


def build(
    config: Config | Path | str = "feedkit.toml",
    *,
    out: Path | str | None = None,
    now: datetime | None = None,
    force: bool = False,
    only: Collection[str] = (),
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Regenerate every feed that changed: the whole cron job.

    Only sources that are due are asked for, only documents whose bytes changed
    are read, only feeds whose posts changed are made, and only files whose
    bytes changed are written.

    :param config: a configuration, or the path of a ``feedkit.toml``.
    :param out: the output folder, in place of the configured one.
    :param now: the time of the build, aware. Default: the clock's.
    :param force: do all of it: ask for every source now, due or not, and for whole
        documents; read them all and make every feed, changed or not.
    :param only: names of the sources to ask for now, due or not; of all others
        that have an address, the posts they gave last stand. Default: all that are due.
    :param dry_run: only tell what would be done: sources are asked for and read,
        and nothing of it is kept or written.
    :param progress: called with a stage (``"read"``, ``"write"``), how much of
        it is done and how much there is.
    :return: what was done; its ``exit_code`` is what a cron job should end with.
    :raise ConfigError: when the configuration is wrong.
    :raise LockedError: when another run is using the state file.
    :raise StoreError: when the state file can't be used.
    :raise PublishError: when the output can't be written; nothing has changed.
    """
    config = configured(config, out)
    now = now or datetime.now(UTC)
    if now.tzinfo is None:
        raise ModelError("must have a time zone", key="now")
    _check_names(config, only)
    now = now.astimezone(UTC).replace(microsecond=0)
    with open_store(config.state, keep=not dry_run) as store:
        run = _Run(config, store, now, progress or _silence, force=force, dry=dry_run)
        report = run.build(frozenset(only))
    return report if dry_run else with_announcement(config, report)


def with_announcement(config: Config, report: Report) -> Report:
    """The report of what is published, once it is announced, while others may already build."""
    told = announced(config.site, report.written)
    return replace(report, problems=(*report.problems, *told)) if told else report


def publish(config: Config, store: Store, now: datetime) -> Report:
    """Bring the feeds to where the posts of an open state file are; no source is read.

    :raise PublishError: when the output can't be written.
    """
    run = _Run(config, store, now, _silence)
    return run.publish(anew=run.begin())


def configured(config: Config | Path | str, out: Path | str | None) -> Config:
    """The configuration that is meant, with the output folder that is."""
    if not isinstance(config, Config):
        return load_config(config, out=out)
    return config if out is None else replace(config, out=Path(out).absolute())


def _silence(_stage: str, _done: int, _total: int) -> None:
    """The progress nobody asked for."""


def _check_names(config: Config, names: Collection[str]) -> None:
    known = [source.key for source in config.sources]
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, 1)
            meant = f"; did you mean {close[0]!r}?" if close else ""
            raise ConfigError(f"no source is named {name!r}{meant}", path=config.path)


class _Run:
    """One build, with what it needs at hand."""

    def __init__(
        self,
        config: Config,
        store: Store,
        now: datetime,
        progress: Progress,
        *,
        force: bool = False,
        dry: bool = False,
    ) -> None:
        site_id = config.site.id or store.fact("site.id", config.site.url)
        self._config = config
        self._site = replace(config.site, id=site_id)
        self._plan = _plan(config, self._site)
        self._store = store
        self._now = now
        self._progress = progress
        self._force = force
        self._dry = dry
        self._tagger = Tagger(config.tags)
        self._composing = Composing(config, store)

    def build(self, only: frozenset[str]) -> Report:
        count = len(self._config.sources)
        begun = {"event": "begun", "sources": count, "force": self._force, "dry_run": self._dry}
        _log.info("a build of %d sources begins", count, extra=begun)
        fetching = Fetching(self._config, self._store, self._now, force=self._force, only=only)
        anew = self.begin()
        sources = Sources(self._config, self._store, self._now, fetching, force=self._force)
        results = sources.read(self._progress)
        # a run that is cut off before begins anew once more
        self._store.keep_fact("plan", self._plan)
        report = self.publish(anew=anew)
        report = replace(
            report,
            sources=tuple(results),
            posts=sum(result.posts for result in results),
            problems=(*sources.problems, *report.problems),
        )
        written = len(report.written)
        ended = {"posts": report.posts, "feeds": report.feeds, "exit_code": report.exit_code}
        _log.info(
            "the build ends: %d files written",
            written,
            extra={"event": "ended", "written": written, **ended},
        )
        return report

    def publish(self, *, anew: bool) -> Report:
        """Bring the feeds to where the posts are: what is pending finds its place.

        :param anew: whether every post is to find its place and every feed is to be made.
        """
        with Rendering(self._site) as rendering:
            return self._published(rendering, anew=anew)

    def _published(self, rendering: Rendering, *, anew: bool) -> Report:
        store, config = self._store, self._config
        if anew or store.posts.are_pending():
            rendering.expect(store.posts.count_pending())
            from feedkit.pipeline.grouping import Grouping  # in most runs nothing changed

            self._tagger.name(store.labels())
            grouping = Grouping(config, store, self._composing, self._tagger, self._now, anew=anew)
            self._spoil(grouping.group(), anew=anew)
        # servers are not asked again because the output can't be written
        store.commit()
        created = store.series.feeds()
        feeds = count_outputs(config, self._tagger, created)
        publishing = Publishing(
            config, self._site, store, self._composing, rendering, dry=self._dry
        )
        result = publishing.untouched(feeds, self._progress)
        if result is None:
            self._tagger.name(store.labels())
            outputs = outputs_of(config, self._site, self._tagger, created)
            result = publishing.publish(outputs, created, self._progress)
        return Report(
            sources=(),
            posts=0,
            feeds=feeds,
            out=self._config.out,
            written=result.written,
            unchanged=result.unchanged,
            removed=result.removed,
            problems=(*self._unused(created), *result.problems),
            repairs=result.repairs,
            blocked=result.blocked,
        )

    def begin(self) -> bool:
        """Where the configuration changed, have every post find its place, and every feed made.

        :return: whether that is so.
        """
        store = self._store
        if not self._force and store.is_known("plan", self._plan):
            return False
        configured = {source.key for source in self._config.sources}
        documents = store.posts.documents()
        for source in (documents.keys() | store.sources().keys()) - configured:
            for document in documents.get(source, {}).values():
                store.posts.drop_document(document.number)
            store.drop_source(source)
        store.posts.suspend_all()
        store.series.spoil_all()
        return True

    def _spoil(self, changed: Collection[str], *, anew: bool) -> None:
        """Note which feeds are to be made: those whose posts changed."""
        series, config = self._store.series, self._config
        created = series.feeds()
        names = series.names().values() if anew else changed
        wanted = ["", *(f"feed:{rule.name}" for rule in config.feeds)]
        for name in names:
            if not name.startswith("tag:") or name in created:
                continue
            gets_feed = self._tagger.gets_feed(name.removeprefix("tag:"))
            if gets_feed and series.has(name, config.tags.min_posts):
                wanted.append(name)
        series.remember_feeds((name for name in wanted if name not in created), self._now)
        if changed:
            series.spoil(name for name in (*created, *wanted) if self._series(name) in changed)

    def _series(self, feed: str) -> str:
        """Whose posts a feed holds: a tag that became an alias shows what it stands for."""
        if not feed.startswith("tag:"):
            return feed
        return f"tag:{self._tagger.key(feed.removeprefix('tag:'))}"

    def _unused(self, created: Mapping[str, datetime]) -> list[Problem]:
        """What of the configuration means nothing."""
        keys = {label: self._tagger.key(label) for label in self._config.tags.only}
        return [
            Problem(subject="tags.only", reason=f"no post has the tag {label!r}")
            for label, key in keys.items()
            if f"tag:{key}" not in created and not self._store.series.has(f"tag:{key}", 1)
        ]


def _plan(config: Config, site: Site) -> str:
    """A digest of all that decides, besides posts, what feeds hold."""
    sources = [
        (source.key, source.tags, source.link, str(config.zone(source)), source.limit)
        for source in config.sources
    ]
    makers = [__version__, feedgen_version, lxml_version]
    whole = [makers, site, config.tags, config.feeds, sources]
    return sha256(msgspec.json.encode(whole, order="sorted")).hexdigest()
