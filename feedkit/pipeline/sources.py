"""Sources → posts: what each gives, or what it last gave, with dates that are believed."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from feedkit.config import Config, Source
from feedkit.errors import ConfigError, FetchError, SourceError
from feedkit.files import find, read_file
from feedkit.ingest.document import ANNOUNCES, CUT_OFF, Document
from feedkit.model import MAX_BYTES, Feed, Memory, Post, Problem, Site
from feedkit.parts import Origin
from feedkit.pipeline.fetching import Fetching
from feedkit.pipeline.reading import getter, parsed, web_document
from feedkit.pipeline.report import Progress, SourceResult
from feedkit.selection import in_order, judge_dates
from feedkit.store import Store
from feedkit.web import Failure, NotModified, Response
from feedkit.web.secrets import secret_headers


class _Reading(NamedTuple):
    """What a source's documents came to."""

    posts: list[Post]
    """The posts there are, last good ones among them where a document is not to be trusted."""
    ttl: int | None = None
    """Minutes the document, where it is one, says it may be kept."""
    trusted: bool = True
    """Whether no last good posts had to stand in."""
    error: SourceError | None = None
    """Why all of its documents failed."""


class Sources:
    """Reads the sources of one build.

    :param config: where posts come from.
    :param store: what earlier builds knew; it learns of posts, sources and failures.
    :param now: the time of the build.
    :param fetching: fetches those that have an address.
    """

    def __init__(self, config: Config, store: Store, now: datetime, fetching: Fetching) -> None:
        self._config = config
        self._store = store
        self._now = now
        self._folder = config.path.absolute().parent
        self._out, self._state, self._told_by = (
            path.resolve() for path in (config.out, config.state, config.path)
        )
        self._fetching = fetching
        self._notes: dict[str, list[Problem]] = {source.key: [] for source in config.sources}

    @property
    def problems(self) -> list[Problem]:
        """What was left out or repaired, in the order of the sources."""
        return [problem for notes in self._notes.values() for problem in notes]

    def read(self, progress: Progress) -> tuple[list[SourceResult], list[Post]]:
        """The posts of all sources, in their order; failed ones give their last good posts."""
        sources = self._config.sources
        read: dict[str, tuple[SourceResult, list[Post]]] = {}
        progress("read", 0, len(sources))
        # files first: what is wrong with the configuration is found before anything is fetched
        for key, result, posts in chain(self._of_files(), self._of_the_web()):
            read[key] = result, posts
            progress("read", len(read), len(sources))
        results, given = zip(*(read[source.key] for source in sources), strict=True)
        stated = _stated_dates(post for posts in given for post in posts)
        return list(results), [
            post
            for source, posts in zip(sources, given, strict=True)
            for post in self._taken(source, posts, stated)
        ]

    def _of_files(self) -> Iterator[tuple[str, SourceResult, list[Post]]]:
        for number, source in enumerate(self._config.sources, 1):
            if source.url:
                continue
            try:
                reading = self._read(source, self._files(source, number))
            except SourceError as error:
                reading = _Reading(self._last_good(source), error=error)
            yield source.key, self._result(source, reading), reading.posts

    def _of_the_web(self) -> Iterator[tuple[str, SourceResult, list[Post]]]:
        for source, outcome in self._fetching.outcomes():
            if isinstance(outcome, Response | NotModified | Failure):
                result, posts = self._answered(source, outcome)
            else:
                posts = self._last_good(source)
                result = self._as_before(source, posts)
            yield source.key, result, posts

    def _answered(
        self, source: Source, outcome: Response | NotModified | Failure
    ) -> tuple[SourceResult, list[Post]]:
        """The posts of a source that was asked for; what is learned is kept after they are."""
        if isinstance(outcome, Failure):
            reading = _Reading(self._last_good(source), error=outcome.error)
        elif isinstance(outcome, NotModified) or self._fetching.is_known(source, outcome):
            reading = _Reading(self._last_good(source), ttl=self._fetching.known(source).ttl)
        else:
            document = web_document(outcome, key=source.name, zone=self._config.zone(source))
            reading = self._read(source, {"": lambda: document})
            if reading.error:
                outcome = Failure(error=reading.error, status=200)
        result = self._result(source, reading)
        if isinstance(outcome, Failure):
            since = result.failing_since or self._now
            note = self._fetching.failed(source, outcome, since)
        else:
            note = self._fetching.succeeded(
                source, outcome, ttl=reading.ttl, trusted=reading.trusted
            )
        if note:
            self._note(source, source.key, note)
        if self._fetching.known(source).gone:
            result = self._as_before(source, reading.posts)
        return result, reading.posts

    def _last_good(self, source: Source) -> list[Post]:
        return [post for posts in self._store.last_good(source.key).values() for post in posts]

    def _as_before(self, source: Source, posts: Sequence[Post]) -> SourceResult:
        """How a source fares that was not asked for."""
        known = self._fetching.known(source)
        result = SourceResult(
            name=source.key, posts=len(posts), asked=False, retired=known.gone is not None
        )
        since = self._store.failing_since(source.key)
        if since is None or result.retired:
            return result
        return replace(
            result,
            error=str(FetchError(known.error or "failed", source=source.url)),
            failing_since=since,
            overdue=self._now - since >= source.fail_after,
        )

    def _result(self, source: Source, reading: _Reading) -> SourceResult:
        posts = len(reading.posts)
        if reading.error is None:
            self._store.succeeded(source.key, self._now)
            return SourceResult(name=source.key, posts=posts)
        since = self._store.failed(source.key, self._now)
        return SourceResult(
            name=source.key,
            posts=posts,
            error=str(reading.error),
            failing_since=since,
            overdue=self._now - since >= source.fail_after,
        )

    def _files(self, source: Source, number: int) -> dict[str, Callable[[], Document]]:
        """How to get each document of a source that is files, by its name."""
        found = find(self._folder, source.path)
        files = [file for file in found if not self._is_own(file)]
        if not files:
            key = f"source[{number}].path"
            if found:
                reason = f"lies where feedkit writes, below {self._config.out}: {source.path!r}"
                raise ConfigError(reason, path=self._config.path, key=key)
            there = self._folder / source.path
            if self._store.has_worked(source.key) or there.exists():
                raise SourceError("nothing is there to read", source=source.key)
            raise ConfigError(f"nothing there: {source.path!r}", path=self._config.path, key=key)
        alone = files == [self._folder / source.path]
        return {
            Path(os.path.relpath(file, self._folder)).as_posix(): partial(
                self._document, source, file, alone
            )
            for file in files
        }

    def _is_own(self, file: Path) -> bool:
        """Whether a file is one that feedkit writes, or is told by."""
        path = file.resolve()
        of_state = path.parent == self._state.parent and path.name.startswith(self._state.name)
        return path.is_relative_to(self._out) or of_state or path == self._told_by

    def _document(self, source: Source, file: Path, alone: bool) -> Document:
        return Document(
            data=read_file(file, max_bytes=MAX_BYTES),
            url=source.base,
            key=source.name,
            shared_key=not alone,
            zone=self._config.zone(source),
        )

    def _read(self, source: Source, documents: Mapping[str, Callable[[], Document]]) -> _Reading:
        """The posts of a source's documents.

        A document that failed, was emptied or is cut off keeps its last good posts.
        """
        good: dict[str, Sequence[Post]] = {}
        errors: dict[str, SourceError] = {}
        doubts: dict[str, str] = {}
        ttl = None
        for name, document in documents.items():
            label = name or source.key
            try:
                feed = self._whole(source, document(), label)
            except SourceError as error:
                errors[name], good[name] = error, ()
                continue
            ttl = feed.ttl
            good[name] = _with_origin(feed, source, self._config.site)
            for problem in feed.problems:
                self._note(source, f"{label}, {problem.subject}", problem.reason)
            if not feed.posts:
                doubts[name] = "has no posts any longer"
            elif any(problem.subject == CUT_OFF for problem in feed.problems):
                doubts[name] = "is cut off"
        kept = dict(good)
        trusted = True
        last_good = self._store.last_good(source.key) if errors or doubts else {}
        for name in (*errors, *doubts):
            if last := last_good.get(name):
                # what a document lost by being cut off is filled in; what it gained counts
                new = {post.id for post in good[name]}
                good[name] = (*good[name], *(post for post in last if post.id not in new))
                kept[name] = last
                trusted = False
                if name in doubts:
                    self._note(
                        source, name or source.key, f"{doubts[name]}; its last good posts stand in"
                    )
        posts = [post for of_document in good.values() for post in of_document]
        if len(errors) == len(documents):
            return _Reading(posts, error=next(iter(errors.values())))
        for failed in errors.values():
            self._note(source, failed.source or source.key, f"left out: {failed.reason}")
        self._store.keep_good(source.key, kept)
        return _Reading(posts, ttl, trusted)

    def _whole(self, source: Source, document: Document, label: str) -> Feed:
        """A document as a Feed: of a page, as its source wants it."""
        document = replace(document, selectors=source.selectors)
        sent = secret_headers(source.headers, source.auth, os.environ) if source.url else {}
        get = getter(document, headers=sent, private=source.private)
        feed = parsed(
            document,
            label,
            get=get,
            pages=source.pages if source.url else 1,
            prefer=source.prefer if source.url else "",
        )
        if source.prefer:
            kept = tuple(one for one in feed.problems if one.subject != ANNOUNCES)
            feed = replace(feed, problems=kept)
        return feed

    def _note(self, source: Source, subject: str, reason: str) -> None:
        self._notes[source.key].append(Problem(subject=subject, reason=reason))

    def _taken(
        self, source: Source, posts: Sequence[Post], stated: Mapping[str, Post]
    ) -> list[Post]:
        """The posts of a source as its configuration wants them, with the dates believed."""
        known = self._store.memories(post.id for post in posts)
        learned: dict[str, Memory] = {}
        taken = []
        template = source.template(self._config.zone(source))
        for post in posts:
            memory = learned.get(post.id) or known.get(post.id)
            # a source that tells no date must not keep the one that another tells from counting
            dates = stated.get(post.id, post)
            dated = post if post.dated else replace(post, published=dates.dated)
            judged, remembered = judge_dates(dated, memory, self._now)
            if remembered != memory:
                learned[post.id] = remembered
            tags = tuple(dict.fromkeys((*post.tags, *source.tags)))
            judged = replace(judged, tags=tags)
            # the time it was first seen makes no address
            if template and not judged.url and judged.published != judged.seen:
                judged = replace(judged, url=template.link(judged))
            taken.append(judged)
        self._store.remember(learned)
        return in_order(taken)[: source.limit] if source.limit else taken


def _stated_dates(posts: Iterable[Post]) -> dict[str, Post]:
    """By id, the first of the posts that tells a date."""
    stated: dict[str, Post] = {}
    for post in posts:
        if post.dated:
            stated.setdefault(post.id, post)
    return stated


def _with_origin(feed: Feed, source: Source, site: Site) -> tuple[Post, ...]:
    """The posts of a feed, each saying where it came from; a list without address has no say."""
    feed_url = feed.feed_url or source.url
    if not (feed.id or feed.url or feed_url):
        return tuple(feed.posts)
    origin = Origin(
        id=feed.id,
        title=feed.title,
        url=feed.url,
        feed_url=feed_url,
        authors=feed.authors,
        rights=feed.rights,
    )
    other = "" if feed.language.lower() == site.language.lower() else feed.language
    return tuple(
        post if post.origin else replace(post, origin=origin, language=post.language or other)
        for post in feed.posts
    )
