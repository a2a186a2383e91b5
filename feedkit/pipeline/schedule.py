"""What an answer changes in what is known of a source: when it is asked next, and where."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from feedkit.store import Fetched
from feedkit.web import Failure, NotModified, Request, Response
from feedkit.web.caching import (
    WHOLE_EVERY,
    Bounds,
    is_due,
    validators,
    when_due,
    when_to_retry,
)

HELD_FOR = timedelta(days=7)
"""How long permanent redirects must lead to a good feed before they are believed."""


def is_wanted(known: Fetched | None, url: str, reading: bytes, now: datetime) -> bool:
    """Whether it is time to ask for a source.

    :param known: what is known of it.
    :param url: its address as configured.
    :param reading: the digest of how its document is to be read.
    """
    if known is None or known.url != url:
        return True
    return known.gone is None and (known.reading != reading or is_due(known.due, now))


def current(known: Fetched | None, url: str, reading: bytes) -> Fetched:
    """What still holds of what is known, as its configuration is now; see :func:`is_wanted`."""
    if known is None or known.url != url:
        return Fetched(url=url, reading=reading)
    if known.reading != reading:  # the document that was read last is to be read again
        return replace(known, reading=reading, validated="", etag="", modified="", digest=b"")
    return known


def request_for(known: Fetched, now: datetime, *, whole: bool = False) -> Request:
    """What to ask for.

    :param known: what is known of the source.
    :param whole: whether to ask for the document even if it has not changed.
    """
    aged = known.whole is None or now - known.whole >= WHOLE_EVERY
    request = Request(
        url=known.address or known.url,
        origin=known.url,
        etag=known.etag,
        modified=known.modified,
        validated=known.validated,
    )
    if whole or aged:
        return replace(request, etag="", modified="", validated="")
    return request


def after_success(
    known: Fetched,
    answer: Response | NotModified,
    *,
    read: Fetched | None,
    bounds: Bounds,
    now: datetime,
) -> Fetched:
    """What is known once an answer was good.

    :param known: what was known before.
    :param read: what reading the document taught, in ``digest``, ``page``,
        ``ttl`` and ``skips``; None when it was not to be trusted: then the validators of the
        last document that was stay.
    """
    said = read or known
    known = replace(
        known,
        asked=now,
        succeeded=now,
        due=when_due(answer.headers, ttl=said.ttl, skips=said.skips, bounds=bounds, now=now),
        failures=0,
        error="",
        gone=None,
    )
    if read is None:
        return replace(known, moving_to="", moving_since=None)
    etag, modified = validators(answer.headers)
    if isinstance(answer, NotModified):
        etag, modified = etag or known.etag, modified or known.modified
        return _moving(replace(known, etag=etag, modified=modified), answer.moved, now)
    known = replace(
        known,
        digest=read.digest,
        page=read.page,
        ttl=read.ttl,
        skips=read.skips,
        validated=answer.url,
        etag=etag,
        modified=modified,
        whole=now,
    )
    return _moving(known, answer.moved, now)


def _moving(known: Fetched, moved: str, now: datetime) -> Fetched:
    if not moved:
        return replace(known, moving_to="", moving_since=None)
    if moved != known.moving_to or known.moving_since is None:
        return replace(known, moving_to=moved, moving_since=now)
    if now - known.moving_since < HELD_FOR:
        return known
    address = "" if moved == known.url else moved
    return replace(known, address=address, moving_to="", moving_since=None)


def after_failure(
    known: Fetched, failure: Failure, *, since: datetime, bounds: Bounds, now: datetime
) -> Fetched:
    """What is known once a source failed.

    :param known: what was known before.
    :param since: since when it fails.
    """
    failures = known.failures + 1
    due = when_to_retry(failures, failure.headers, skips=known.skips, bounds=bounds, now=now)
    error = failure.error.reason.encode(errors="replace").decode()
    known = replace(
        known,
        asked=now,
        due=due if failure.asked else now,
        failures=failures,
        error=error,
        # a week in which redirects must lead to a good feed begins anew
        moving_to="",
        moving_since=None,
    )
    is_gone = failure.status == 410 and failure.settled
    if known.address and (is_gone or now - since >= HELD_FOR):
        return replace(known, address="")  # the configured address may know better
    return replace(known, gone=now) if is_gone else known


def left_alone(
    failure: Failure, failures: int, *, bounds: Bounds, now: datetime
) -> datetime | None:
    """Until when the host of a failure wants to be left alone; None when it does not say so."""
    if failure.status not in (429, 503):
        return None
    return when_to_retry(failures, failure.headers, bounds=bounds, now=now)
