"""Sources → what is known of posts: what each gives, or what it last gave."""

import logging
import os
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from itertools import chain
from time import time_ns
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from feedkit.config import Config, Source
from feedkit.errors import FetchError, SourceError
from feedkit.files import is_settled, read_file, stamp_of
from feedkit.ingest.document import ANNOUNCES, CUT_OFF, Document
from feedkit.model import MAX_BYTES, Feed, Problem
from feedkit.pipeline.fetching import Fetching
from feedkit.pipeline.locating import Locating
from feedkit.pipeline.reading import getter, parsed, web_document
from feedkit.pipeline.report import Progress, SourceResult
from feedkit.store import DocumentState, SourceState, Store
from feedkit.web import Deferred, Failure, NotModified, Response
from feedkit.web.secrets import secret_headers
from feedkit.web.skips import skips_of

if TYPE_CHECKING:
    from feedkit.pipeline.gathering import Gathering

_log = logging.getLogger(__name__)

# how many posts are taken over before what is known of them is written
_MANY = 20_000
# a guess, for documents that were never read
_USUAL_BYTES = 100_000


class _Asked(Struct):
    """A source on its way through a build."""

    source: Source
    outcome: Response | NotModified | Failure | None = None
    """What its server answered; None for files."""
    there: list[str] = []
    """The names of its documents."""
    awaited: set[str] = set()
    """Those that are being read."""
    listed: bool = False
    """Whether all that are to be read are."""
    digests: dict[str, bytes] = {}
    """Of the bytes of those."""
    stamps: dict[str, str] = {}
    """How their files look."""
    ttl: int | None = None
    """Minutes that its document, where it is one, says it may be kept."""
    skips: str = ""
    """Hours and days that it says it is not to be asked for."""
    read: bool = False
    """Whether one was read."""
    doubtful: bool = False
    """Whether one of them is not to be trusted."""
    partial: bool = False
    """Whether something of such a one was taken over."""
    errors: dict[str, SourceError] = {}
    """What could not be."""


class Sources:
    """Reads the sources of one build.

    :param config: where posts come from.
    :param store: what earlier builds knew; it learns of posts, sources and failures.
    :param now: the time of the build.
    :param fetching: fetches those that have an address.
    :param force: whether documents that have not changed are read all the same.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        now: datetime,
        fetching: Fetching,
        *,
        force: bool = False,
    ) -> None:
        self._config = config
        self._store = store
        self._now = now
        self._fetching = fetching
        self._force = force
        self._known = store.posts.documents()
        self._states = store.sources()
        self._locating = Locating(
            config, {key for key, one in self._states.items() if one.succeeded}
        )
        self._notes: dict[str, list[Problem]] = {source.key: [] for source in config.sources}
        self._results: dict[str, SourceResult] = {}
        self._taken = 0

    @cached_property
    def _gathering(self) -> "Gathering":
        # in most runs no document changed
        from feedkit.pipeline.gathering import Gathering

        return Gathering(self._config, self._store, self._now)

    @property
    def problems(self) -> list[Problem]:
        """What was left out or repaired, in the order of the sources."""
        return [problem for notes in self._notes.values() for problem in notes]

    def read(self, progress: Progress) -> list[SourceResult]:
        """Read what is to be read, and take it over; how each source fared, in their order."""
        total = len(self._config.sources)
        progress("read", 0, total)
        documents = self._alone()
        if first := next(documents, None):
            from feedkit.ingest.readers import Readers  # most runs have nothing to read

            unread = sum(source.key not in self._known for source in self._config.sources)
            with Readers() as readers:
                for (asked, name), outcome in readers.read(
                    chain((first,), documents), expected=unread * _USUAL_BYTES
                ):
                    self._arrived(asked, name, outcome)
                    progress("read", len(self._results), total)
        progress("read", total, total)
        return [self._results[source.key] for source in self._config.sources]

    def _alone(self) -> Iterator[tuple[tuple[_Asked, str], Document]]:
        """Every document that is to be read alone; those that lead to others are read at once."""
        for asked, name, document in self._documents():
            source = asked.source
            if source.path or (source.pages == 1 and source.prefer != "feed"):
                yield (asked, name), document
                continue
            try:
                self._arrived(asked, name, self._whole(source, document))
            except SourceError as error:
                self._arrived(asked, name, error)

    def _arrived(self, asked: _Asked, name: str, outcome: Feed | SourceError) -> None:
        """Take over what a document is, or note what is wrong with it."""
        asked.awaited.remove(name)
        if isinstance(outcome, Feed):
            self._take(asked, name, outcome)
        else:
            outcome.source = outcome.source or name or asked.source.key
            asked.errors[name] = outcome
        if asked.listed and not asked.awaited:
            self._finish(asked)

    def _documents(self) -> Iterator[tuple[_Asked, str, Document]]:
        """Every document that is to be read; sources that have none are finished."""
        # files first: what is wrong with the configuration is found before anything is fetched
        for number, source in enumerate(self._config.sources, 1):
            if source.path:
                yield from self._of_files(source, number)
        for source, outcome in self._fetching.outcomes():
            if outcome is None or isinstance(outcome, Deferred):
                self._as_before(source)
            else:
                yield from self._of_the_web(_Asked(source, outcome))

    def _of_files(self, source: Source, number: int) -> Iterator[tuple[_Asked, str, Document]]:
        asked = _Asked(source)
        try:
            files = self._locating.files(source, number)
        except SourceError as error:
            self._failed(asked, error)
            return
        asked.there = list(files)
        alone = self._locating.is_alone(source, files)
        reading = self._fetching.reading(source)
        for name, file in files.items():
            known = self._document(source, name)
            is_known = known.reading == reading and not self._force
            stamp = stamp_of(file)
            said = {"event": "unchanged_document", "source": source.key, "document": name}
            if is_known and known.digest and known.stamp == stamp != "":
                _log.debug("%s: looks as it did", name, extra=said)
                continue
            # a file that is still being written may look the same once it has changed
            stamp = stamp if is_settled(stamp, time_ns()) else ""
            try:
                data = read_file(file, max_bytes=MAX_BYTES, label=name)
            except SourceError as error:
                asked.errors[name] = error
                continue
            digest = sha256(data if alone else b"shared\n" + data).digest()
            if is_known and known.digest == digest:
                if stamp != known.stamp:
                    self._store.posts.keep_document(known._replace(stamp=stamp))
                _log.debug("%s: holds what it did", name, extra=said)
                continue
            asked.awaited.add(name)
            asked.digests[name] = digest
            asked.stamps[name] = stamp
            zone = self._config.zone(source)
            document = Document(
                data=data, url=source.base, key=source.name, shared_key=not alone, zone=zone
            )
            yield asked, name, self._ready(source, known, document)
        asked.listed = True
        if not asked.awaited:
            self._finish(asked)

    def _of_the_web(self, asked: _Asked) -> Iterator[tuple[_Asked, str, Document]]:
        source, outcome = asked.source, asked.outcome
        asked.there = [""]
        asked.listed = True
        if isinstance(outcome, Response) and not (
            self._fetching.is_known(source, outcome) and not self._force
        ):
            asked.awaited = {""}
            asked.digests[""] = sha256(outcome.body).digest()
            zone = self._config.zone(source)
            document = web_document(outcome, key=source.name, zone=zone)
            yield asked, "", self._ready(source, self._document(source, ""), document)
        else:
            self._finish(asked)

    def _ready(self, source: Source, known: DocumentState, document: Document) -> Document:
        """A document with what is known of how to read it."""
        repeated = self._store.posts.repeated(known.number)
        return replace(document, selectors=source.selectors, repeated=repeated)

    def _finish(self, asked: _Asked) -> None:
        """Take over what a source's documents tell; those that failed keep what they told last."""
        source, outcome = asked.source, asked.outcome
        if isinstance(outcome, Failure):
            self._failed(asked, outcome.error)
            return
        documents = self._known.setdefault(source.key, {})
        for name in [name for name in documents if name not in asked.there]:
            self._store.posts.drop_document(documents.pop(name).number)
        if asked.errors and len(asked.errors) == len(asked.there):
            self._failed(asked, next(iter(asked.errors.values())))
            return
        for error in asked.errors.values():
            self._note(source, error.source or source.key, f"left out: {error.reason}")
        if source.url and not asked.read and "" in documents:
            self._gathering.expire(documents[""])
        state = self._state(source)
        if state.succeeded is None or state.failing_since:
            self._store.succeeded(source.key, self._now)
            self._states[source.key] = SourceState(self._now)
        if outcome is not None:
            known = self._fetching.known(source)
            note = self._fetching.succeeded(
                source,
                outcome,
                ttl=asked.ttl if asked.read else known.ttl,
                skips=asked.skips if asked.read else known.skips,
                trusted=not asked.doubtful,
                partial=asked.partial,
            )
            if note:
                self._note(source, source.key, note)
        self._results[source.key] = SourceResult(name=source.key, posts=self._count(source))

    def _take(self, asked: _Asked, name: str, feed: Feed) -> None:
        """Take over what one document tells.

        A document that was emptied or is cut off keeps what it told last.
        """
        source = asked.source
        label = name or source.key
        for problem in feed.problems:
            if problem.subject != ANNOUNCES or not source.prefer:
                self._note(source, f"{label}, {problem.subject}", problem.reason)
        doubt = ""
        if not feed.posts:
            doubt = "has no posts any longer"
        elif any(problem.subject == CUT_OFF for problem in feed.problems):
            doubt = "is cut off"
        known = self._document(source, name)
        doubtful = bool(doubt and known.posts)
        if doubtful:
            self._note(source, label, f"{doubt}; its last good posts stand in")
        said = {"source": source.key, "document": name, "posts": len(feed.posts)}
        event = "stands_in" if doubtful else "read"
        _log.info("%s: %d posts", label, len(feed.posts), extra={"event": event, **said})
        if not known.number:
            known = self._store.posts.add_document(source.key, name)
        self._known.setdefault(source.key, {})[name] = self._gathering.take(
            source,
            known,
            feed,
            digest=asked.digests[name],
            stamp=asked.stamps.get(name, ""),
            reading=self._fetching.reading(source),
            whole=not doubtful,
        )
        self._taken += len(feed.posts)
        if self._taken > _MANY:
            self._taken = 0
            self._store.commit()
        asked.read = True
        asked.ttl = feed.ttl
        asked.skips = skips_of(feed.skip_hours, feed.skip_days)
        asked.doubtful |= doubtful
        asked.partial |= doubtful and bool(feed.posts)

    def _failed(self, asked: _Asked, error: SourceError) -> None:
        """Note that nothing of a source could be read."""
        source = asked.source
        since = self._store.failed(source.key, self._now, error.reason)
        self._states[source.key] = self._state(source)._replace(
            failing_since=since, error=error.reason
        )
        if asked.outcome is not None:
            failure = (
                asked.outcome
                if isinstance(asked.outcome, Failure)
                else Failure(error=error, status=200)
            )
            if note := self._fetching.failed(source, failure, since):
                self._note(source, source.key, note)
            if self._fetching.known(source).gone:
                self._as_before(source)
                return
        self._results[source.key] = SourceResult(
            name=source.key,
            posts=self._count(source),
            error=str(error),
            failing_since=since,
            overdue=self._now - since >= source.fail_after,
        )

    def _as_before(self, source: Source) -> None:
        """How a source fares that was not asked for."""
        known = self._fetching.known(source)
        result = SourceResult(
            name=source.key,
            posts=self._count(source),
            asked=False,
            retired=known.gone is not None,
        )
        since = self._state(source).failing_since
        if since is not None and not result.retired:
            result = replace(
                result,
                error=str(FetchError(known.error or "failed", source=source.url)),
                failing_since=since,
                overdue=self._now - since >= source.fail_after,
            )
        self._results[source.key] = result

    def _state(self, source: Source) -> SourceState:
        return self._states.get(source.key, SourceState())

    def _document(self, source: Source, name: str) -> DocumentState:
        nothing = DocumentState(0, b"", b"", 0)
        return self._known.get(source.key, {}).get(name, nothing)

    def _count(self, source: Source) -> int:
        return sum(document.posts for document in self._known.get(source.key, {}).values())

    def _whole(self, source: Source, document: Document) -> Feed:
        """A document with those that it leads to, as its source wants them."""
        sent = secret_headers(source.headers, source.auth, os.environ)
        get = getter(document, headers=sent, private=source.private)
        return parsed(document, source.key, get=get, pages=source.pages, prefer=source.prefer)

    def _note(self, source: Source, subject: str, reason: str) -> None:
        self._notes[source.key].append(Problem(subject=subject, reason=reason))
