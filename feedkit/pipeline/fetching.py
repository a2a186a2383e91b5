"""Fetching in a build: only sources that are due, and what is learned of them."""

import logging
import os
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from feedkit._version import __version__
from feedkit.config import Config, Source
from feedkit.errors import FetchError
from feedkit.pipeline.schedule import (
    after_failure,
    after_success,
    current,
    is_wanted,
    left_alone,
    request_for,
)
from feedkit.store import Fetched, Store
from feedkit.web import Deferred, Failure, NotModified, Outcome, Request, Response, fetch_many
from feedkit.web.outcomes import host_of
from feedkit.web.refusals import is_page, page_reason
from feedkit.web.secrets import secret_headers

_log = logging.getLogger(__name__)

# what of a source has no say in how its document is read
_SILENT = ("url", "tags", "link", "limit", "fail_after", "every")
_TELLING = [name for name in Source.__struct_fields__ if name not in _SILENT]
_encode = msgspec.json.Encoder(order="sorted").encode

# RFC 9309 §2.4: no more than a day
_ROBOTS_HOLD = timedelta(days=1)


class Fetching:
    """Fetches the sources of one build, and keeps what it learns of them.

    :param config: the sources.
    :param store: what earlier builds knew.
    :param now: the time of the build.
    :param force: whether to ask for every source, due or not, and whole.
    :param only: the keys of the sources to ask for, due or not; empty: all that are due.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        now: datetime,
        *,
        force: bool = False,
        only: Collection[str] = (),
    ) -> None:
        self._config = config
        self._store = store
        self._now = now
        self._force = force
        self._only = only
        sources = [source for source in config.sources if source.url]
        self._known = store.fetches.all() if sources else {}
        self._readings = {source.key: _reading(source, config) for source in config.sources}
        self._sources = sources
        self._unheard: dict[str, Fetched] = {}
        self._heard = False

    def reading(self, source: Source) -> bytes:
        """A digest of all that decides, besides the document, how a source's is read."""
        return self._readings[source.key]

    def known(self, source: Source) -> Fetched:
        """What is known of a source, and still holds."""
        known = self._known.get(source.key)
        return current(known, source.url, self._readings[source.key])

    def outcomes(self) -> Iterator[tuple[Source, Outcome | None]]:
        """Every source that has an address, with what came of asking; None when it was not due.

        Those that were asked for come as their servers answer.
        """
        wanted: list[tuple[Source, Request]] = []
        for source in self._sources:
            if not self._is_wanted(source):
                _note(logging.DEBUG, "not_due", source, "is not due")
                yield source, None
                continue
            try:
                wanted.append((source, self._request(source)))
            except FetchError as error:
                error.source = source.key
                yield source, Failure(error=error, asked=False)
        requests = [request for _, request in wanted]
        if not requests:
            return
        fetches = self._store.fetches
        cooling = {} if self._force else fetches.cooling(self._now)
        known = fetches.robots(self._now - _ROBOTS_HOLD)
        robots = dict(known)
        for number, outcome in fetch_many(
            requests, agent=self._config.site.url, cooling=cooling.keys(), robots=robots
        ):
            source = wanted[number][0]
            _note_outcome(source, outcome)
            yield source, self._suspected(source, outcome)
        self._forgive()
        if learned := {site: text for site, text in robots.items() if site not in known}:
            fetches.keep_robots(learned, self._now, self._now - _ROBOTS_HOLD)

    def _is_wanted(self, source: Source) -> bool:
        if self._only:
            return source.key in self._only
        known = self._known.get(source.key)
        reading = self._readings[source.key]
        return self._force or is_wanted(known, source.url, reading, self._now)

    def _request(self, source: Source) -> Request:
        # a page may stay what it is while the feed it announces, which is wanted, does not
        whole = self._force or source.prefer == "feed"
        request = request_for(self.known(source), self._now, whole=whole)
        return replace(
            request,
            headers=secret_headers(source.headers, source.auth, os.environ),
            # where it moved to is no address that the configuration allows
            private=source.private and request.url == source.url,
            page=self._is_page(source),
        )

    def _suspected(self, source: Source, outcome: Outcome) -> Outcome:
        """A page that came where a feed was is a failure."""
        if not (isinstance(outcome, Response) and is_page(outcome.body)):
            return outcome
        if self._is_page(source) is not False:
            return outcome
        error = FetchError(page_reason(outcome.body), source=source.url)
        return Failure(error=error, status=200)

    def _is_page(self, source: Source) -> bool | None:
        """Whether a source is an HTML page and no feed; None when its address never worked."""
        known = self._known.get(source.key)
        if known is None:  # a state file from before fetching was remembered
            return False if self._store.has_worked(source.key) else None
        known = self.known(source)
        return known.page if known.succeeded else None

    def is_known(self, source: Source, response: Response) -> bool:
        """Whether a document is the one that was read last, to be read the same way."""
        known = self.known(source).digest == sha256(response.body).digest()
        return known and source.prefer != "feed"

    def succeeded(
        self,
        source: Source,
        answer: Response | NotModified,
        *,
        ttl: int | None,
        skips: str = "",
        trusted: bool,
        partial: bool = False,
    ) -> str:
        """Keep what a good answer taught.

        :param ttl: minutes the feed says it may be kept.
        :param skips: hours and days it says it is not to be asked for, as
            :func:`~feedkit.web.skips.skips_of` gives them.
        :param trusted: whether the document is all that it seems: neither empty nor cut off.
        :param partial: whether something of a document that is not was taken over, so that the
            last one that was is to be read again.
        :return: what its user should know, or ``""``.
        """
        self._heard = True
        before = self.known(source)
        read = None
        if trusted and isinstance(answer, Response):
            read = Fetched(
                url=source.url,
                digest=sha256(answer.body).digest(),
                page=is_page(answer.body),
                ttl=ttl,
                skips=skips,
            )
        elif trusted:
            read = before
        bounds = self._config.bounds(source)
        after = after_success(before, answer, read=read, bounds=bounds, now=self._now)
        if partial:
            after = replace(after, validated="", etag="", modified="", digest=b"")
        self._keep(source, after)
        _note(logging.DEBUG, "scheduled", source, "is scheduled", due=_iso(after.due))
        if after.address and after.address != before.address:
            self._store.fetches.moved(source.key, after.address, self._now)
            _note(logging.INFO, "moved", source, "moved for good", url=after.address)
            return f"moved for good; from now on it is asked for at {after.address}"
        if after.moving_to and after.moving_to != before.moving_to:
            _note(logging.INFO, "moving", source, "says that it moved", url=after.moving_to)
            return (
                f"says that it moved for good to {after.moving_to}; if that holds for a week,"
                " it will be asked for there"
            )
        return ""

    def failed(self, source: Source, failure: Failure, since: datetime) -> str:
        """Keep what a failure taught.

        :param since: since when it fails.
        :return: what its user should know, or ``""``.
        """
        before = self.known(source)
        bounds = self._config.bounds(source)
        after = after_failure(before, failure, since=since, bounds=bounds, now=self._now)
        if failure.status == 0 and failure.asked:
            self._unheard[source.key] = before
        else:
            self._heard = True
        until = left_alone(failure, after.failures, bounds=bounds, now=self._now)
        if until and failure.host:
            self._store.fetches.cool({failure.host: until}, self._now)
        self._keep(source, after)
        said = {"reason": failure.error.reason, "failures": after.failures, "due": _iso(after.due)}
        _note(logging.INFO, "failed", source, failure.error.reason, status=failure.status, **said)
        if after.gone:
            _note(logging.INFO, "gone", source, "is gone for good")
            return (
                "is gone for good, says its server (410): it is not asked for any longer,"
                " unless it is named with --source"
            )
        return ""

    def _forgive(self) -> None:
        """When no host at all answers, it is our own network that fails, and nobody is to wait."""
        sources = [source for source in self._sources if source.key in self._unheard]
        if self._heard or len({host_of(source.url) for source in sources}) < 2:
            return
        for source in sources:
            before, after = self._unheard[source.key], self.known(source)
            due = self._now + self._config.bounds(source).every
            self._keep(source, replace(after, due=due, failures=before.failures))

    def _keep(self, source: Source, fetched: Fetched) -> None:
        self._known[source.key] = fetched
        self._store.fetches.keep(source.key, fetched)


def _note_outcome(source: Source, outcome: Outcome) -> None:
    """Log what came of asking, but for failures, of which there may be more to say."""
    if isinstance(outcome, Response):
        size = len(outcome.body)
        _note(logging.INFO, "fetched", source, f"{size:,} bytes", url=outcome.url, bytes=size)
    elif isinstance(outcome, NotModified):
        _note(logging.INFO, "not_modified", source, "not modified", url=outcome.url)
    elif isinstance(outcome, Deferred):
        _note(logging.INFO, "deferred", source, "its host is left alone", host=outcome.host)


def _note(level: int, event: str, source: Source, text: str, **more: object) -> None:
    """Log what happened to a source."""
    said = {"event": event, "source": source.key, **more}
    _log.log(level, "%s: %s", source.key, text, extra=said)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _reading(source: Source, config: Config) -> bytes:
    """A digest of all that decides, besides the document, how a source's is read."""
    told = [getattr(source, name) for name in _TELLING]
    zone = source.timezone or config.site.timezone
    return sha256(_encode([__version__, zone, told])).digest()
