"""The whole cron job: sources → posts → feeds → files."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from feedkit.config import Config, FeedRule, Source, load_config
from feedkit.emit import FORMATS, render
from feedkit.errors import (
    ConfigError,
    FetchError,
    ModelError,
    PublishError,
    RenderError,
    SourceError,
)
from feedkit.files import find, read_file
from feedkit.ingest import MAX_BYTES
from feedkit.ingest.document import Document
from feedkit.model import Feed, Memory, Origin, Post, Problem, Site
from feedkit.pipeline.feeds import posts_by_tag, rule_feed, site_feed, tag_feed
from feedkit.pipeline.reading import parsed, web_document
from feedkit.pipeline.report import Report, SourceResult
from feedkit.publish import Publisher
from feedkit.selection import in_order, judge_dates, merge, select
from feedkit.store import Store, open_store
from feedkit.tags import Expression, Tagger
from feedkit.web import Response, fetch_all

Progress = Callable[[str, int, int], None]


class _Output(NamedTuple):
    """A feed to be written: what the store knows it by, its folder, its posts."""

    name: str
    folder: str
    feed: Feed


def build(
    config: Config | Path | str = "feedkit.toml",
    *,
    out: Path | str | None = None,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Report:
    """Regenerate every feed that changed: the whole cron job.

    :param config: a configuration, or the path of a ``feedkit.toml``.
    :param out: the output folder, in place of the configured one.
    :param now: the time of the build, aware. Default: the clock's.
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
    now = now.astimezone(UTC).replace(microsecond=0)
    with open_store(config.state) as store:
        return _Build(config, store, now, progress or _silence).run()


def _silence(_stage: str, _done: int, _total: int) -> None:
    """The progress nobody asked for."""


class _Build:
    """One run: sources → posts → feeds → files."""

    def __init__(self, config: Config, store: Store, now: datetime, progress: Progress) -> None:
        self.config = config
        self.store = store
        self.now = now
        self.progress = progress
        self.problems: list[Problem] = []
        site_id = config.site.id or store.fact("site.id", config.site.url)
        self.site = replace(config.site, id=site_id)
        self.tagger = Tagger(config.tags, store.labels())
        self.place = _relative(config.out, config.state.parent)

    def run(self) -> Report:
        results, posts = self._gather()
        outputs = self._outputs(in_order(merge(posts)))
        self.store.remember_labels(self.tagger.labels)
        self.store.remember_feeds((output.name for output in outputs), self.now)
        owned = self.store.outputs(self.place)
        with Publisher(self.config.out, owned) as publisher:
            self._render(outputs, publisher)
            if publisher.problems and not publisher.placed:
                first = publisher.problems[0]
                raise PublishError(f"no output could be written; {first}", path=self.config.out)
            publisher.flush()
            # what is renamed next must be known as feedkit's own, whenever the run is cut off
            self.store.own(self.place, publisher.placed)
            self.store.commit()
            published = publisher.commit()
            self.store.disown(self.place, published.removed)
            self.store.commit()
        return Report(
            sources=tuple(results),
            posts=sum(result.posts for result in results),
            feeds=len(outputs),
            out=self.config.out,
            written=published.written,
            unchanged=publisher.unchanged,
            removed=published.removed,
            problems=(*self.problems, *published.problems),
            blocked=bool(published.problems),
        )

    def _gather(self) -> tuple[list[SourceResult], list[Post]]:
        """The posts of all sources, in their order; failed ones give their last good posts."""
        sources = self.config.sources
        urls = [source.url for source in sources if source.url]
        responses = dict(zip(urls, fetch_all(urls), strict=True)) if urls else {}
        results: list[SourceResult] = []
        posts: list[Post] = []
        for number, source in enumerate(sources, 1):
            self.progress("read", number - 1, len(sources))
            try:
                if source.url:
                    own = self._read(source, {"": partial(self._response, source, responses)})
                else:
                    own = self._read(source, self._documents(source, number))
                self.store.succeeded(source.key, self.now)
                results.append(SourceResult(name=source.key, posts=len(own)))
            except SourceError as error:
                own = [post for last in self.store.last_good(source.key).values() for post in last]
                results.append(self._failure(source, error, len(own)))
            posts.extend(self._taken(source, own))
        self.progress("read", len(sources), len(sources))
        return results, posts

    def _failure(self, source: Source, error: SourceError, kept: int) -> SourceResult:
        since = self.store.failed(source.key, self.now)
        return SourceResult(
            name=source.key,
            posts=kept,
            error=str(error),
            failing_since=since,
            overdue=self.now - since >= source.fail_after,
        )

    def _response(self, source: Source, responses: Mapping[str, Response | FetchError]) -> Document:
        response = responses[source.url]
        if isinstance(response, FetchError):
            raise response
        return web_document(response, key=source.name, zone=self.config.zone(source))

    def _documents(self, source: Source, number: int) -> dict[str, Callable[[], Document]]:
        """How to get each document of a source of files, by its name."""
        folder = self.config.path.absolute().parent
        files = find(folder, source.path)
        if not files:
            if self.store.has_worked(source.key):
                raise SourceError("nothing is there any longer", source=source.key)
            key = f"source[{number}].path"
            raise ConfigError(f"nothing there: {source.path!r}", path=self.config.path, key=key)
        alone = files == [folder / source.path]
        return {
            _relative(file, folder): partial(self._document, source, file, alone) for file in files
        }

    def _document(self, source: Source, file: Path, alone: bool) -> Document:
        return Document(
            data=read_file(file, max_bytes=MAX_BYTES),
            key=source.name,
            shared_key=not alone,
            zone=self.config.zone(source),
        )

    def _read(self, source: Source, documents: Mapping[str, Callable[[], Document]]) -> list[Post]:
        """The posts of a source; a document that fails or is emptied keeps its last good ones.

        :raise SourceError: when all of its documents failed.
        """
        good: dict[str, tuple[Post, ...]] = {}
        errors: list[SourceError] = []
        for name, document in documents.items():
            label = name or source.key
            try:
                feed = parsed(document(), label)
                good[name] = _with_origin(feed, self.site)
            except SourceError as error:
                errors.append(error)
                good[name] = ()
            else:
                for problem in feed.problems:
                    self._note(f"{label}, {problem.subject}", problem.reason)
        if len(errors) == len(documents):
            raise errors[0]
        for failed in errors:
            self._note(failed.source or source.key, f"left out: {failed.reason}")
        if not all(good.values()):
            last_good = self.store.last_good(source.key)
            good = {name: posts or last_good.get(name, ()) for name, posts in good.items()}
        self.store.keep_good(source.key, good)
        return [post for posts in good.values() for post in posts]

    def _note(self, subject: str, reason: str) -> None:
        self.problems.append(Problem(subject=subject, reason=reason))

    def _taken(self, source: Source, posts: Sequence[Post]) -> list[Post]:
        """The posts of a source as its configuration wants them."""
        template = source.template(self.config.zone(source))
        dated = self._dated(
            [
                replace(
                    post,
                    tags=tuple(dict.fromkeys((*post.tags, *source.tags))),
                    url=post.url or (template.link(post) if template else ""),
                )
                for post in posts
            ]
        )
        return in_order(dated)[: source.limit] if source.limit else dated

    def _dated(self, posts: Sequence[Post]) -> list[Post]:
        """The posts with the dates this and every later build believes."""
        known = self.store.memories(post.id for post in posts)
        learned: dict[str, Memory] = {}
        dated = []
        for post in posts:
            memory = learned.get(post.id) or known.get(post.id)
            judged, now_known = judge_dates(post, memory, self.now)
            if now_known != memory:
                learned[post.id] = now_known
            dated.append(judged)
        self.store.remember(learned)
        return dated

    def _outputs(self, posts: list[Post]) -> list[_Output]:
        """Every feed there is to be: of all posts, of each tag, of each rule."""
        site, created = self.site, self.store.feeds()
        outputs = [_Output("", "", site_feed(site, select(posts, None, site.limit)))]
        groups = posts_by_tag(posts, self.tagger)
        # a tag that empties keeps its feed
        lasting = {name.removeprefix("tag:") for name in created if name.startswith("tag:")}
        for key in sorted({*groups, *lasting}):
            of_it = groups.get(key, [])
            wanted = len(of_it) >= self.config.tags.min_posts or key in lasting
            if wanted and self.tagger.gets_feed(key):
                tag = self.tagger.known(key)
                feed = tag_feed(site, tag, select(of_it, None, site.limit))
                outputs.append(_Output(f"tag:{key}", f"tag/{tag.slug}/", feed))
        for rule in self.config.feeds:
            chosen = select(posts, self._picker(rule), rule.limit or site.limit)
            feed = rule_feed(site, rule, chosen)
            outputs.append(_Output(f"feed:{rule.name}", f"feed/{rule.name}/", feed))
        return [
            output
            if output.feed.changed
            else output._replace(
                feed=replace(output.feed, updated=created.get(output.name, self.now))
            )
            for output in outputs
        ]

    def _picker(self, rule: FeedRule) -> Callable[[Post], bool]:
        expression = Expression(rule.where, self.tagger.key)
        return lambda post: expression.matches(self.tagger.keys(post.tags))

    def _render(self, outputs: Sequence[_Output], publisher: Publisher) -> None:
        total = len(outputs) * len(self.site.formats)
        done = 0
        for output in outputs:
            for name in self.site.formats:
                self.progress("write", done, total)
                done += 1
                path = output.folder + FORMATS[name].file_name
                feed = replace(output.feed, feed_url=self.site.address(path))
                try:
                    data = render(feed, name, content=self.site.content, embeds=self.site.embeds)
                except RenderError as error:  # one bad feed never costs the run
                    self._note(path, f"left as it was: {error}")
                    publisher.keep([path])
                else:
                    publisher.put(path, data)
        self.progress("write", total, total)


def _with_origin(feed: Feed, site: Site) -> tuple[Post, ...]:
    """The posts of a feed, each saying where it came from; a list without address has no say."""
    if not (feed.id or feed.url or feed.feed_url):
        return tuple(feed.posts)
    origin = Origin(
        id=feed.id,
        title=feed.title,
        url=feed.url,
        feed_url=feed.feed_url,
        authors=feed.authors,
        rights=feed.rights,
    )
    return tuple(
        post
        if post.origin
        else replace(post, origin=origin, language=post.language or _other(feed.language, site))
        for post in feed.posts
    )


def _other(language: str, site: Site) -> str:
    return "" if language.lower() == site.language.lower() else language


def _relative(path: Path, folder: Path) -> str:
    """How the store names a path: so that a project can be moved whole."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()
