"""When a document is asked for again: what its server says of it, within bounds."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from feedkit.web.skips import after_skips

HEADERS = (
    "age", "cache-control", "date", "etag", "expires", "last-modified", "link", "retry-after",
)  # fmt: skip
"""The headers of an answer that count for this, and ``Link``, which announces feeds."""

WHOLE_EVERY = timedelta(days=8)
"""How long a document is asked for with its validators only: servers have said "not
modified" of what was."""

_EARLY = timedelta(minutes=1)
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d+)", re.IGNORECASE)
_STALE = re.compile(r"(?:^|[,\s])no-(?:cache|store)(?![\w-]|\s*=)", re.IGNORECASE)
_FOREVER = timedelta(days=3650)


class Bounds(Struct, frozen=True, kw_only=True):
    """What a server's wishes count within."""

    every: timedelta = timedelta(minutes=30)
    """A source is asked no more often than this."""
    within: timedelta = timedelta(days=1)
    """A source is left alone no longer than this."""

    def clamp(self, wait: timedelta) -> timedelta:
        """The wait, brought within the bounds; ``every`` counts more."""
        return max(self.every, min(wait, self.within))


def when_due(
    headers: Mapping[str, str],
    *,
    ttl: int | None,
    skips: str = "",
    bounds: Bounds,
    now: datetime,
) -> datetime:
    """When a document that came is asked for again.

    The latest counts of what its headers (RFC 9111 §4.2.1) and the feed itself say.

    :param headers: those of ``HEADERS`` that it came with, by lower-case names.
    :param ttl: minutes the feed says it may be kept; None when it does not say.
    :param skips: the hours and days it is not to be asked for; see :mod:`feedkit.web.skips`.
    :param bounds: what may be asked of us.
    :param now: when it came.
    """
    said = max(fresh_for(headers, now), timedelta(minutes=min(ttl or 0, 10**6)))
    due = now + bounds.clamp(max(said, retry_after(headers, now) or said))
    return after_skips(due, skips, now + bounds.clamp(bounds.within))


def when_to_retry(
    failures: int,
    headers: Mapping[str, str],
    *,
    skips: str = "",
    bounds: Bounds,
    now: datetime,
) -> datetime:
    """When a source that failed is asked again: each time twice as late, but never too late.

    :param failures: how often it failed in a row.
    :param headers: see :func:`when_due`; ``Retry-After`` (RFC 9110 §10.2.3) can make it later.
    :param skips: see :func:`when_due`.
    """
    backoff = max(bounds.every, timedelta(minutes=1)) * 2 ** min(max(failures, 1) - 1, 20)
    due = now + bounds.clamp(max(backoff, retry_after(headers, now) or backoff))
    return after_skips(due, skips, now + bounds.clamp(bounds.within))


def is_due(due: datetime | None, now: datetime) -> bool:
    """Whether it is time; a run that comes up to a minute early counts as in time."""
    return due is None or now + _EARLY >= due


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How much longer an answer says that it stays fresh; zero when it does not say."""
    control = headers.get("cache-control", "")
    if _STALE.search(control):
        return timedelta(0)
    if match := _MAX_AGE.search(control):
        return max(_seconds(match[1]) - _seconds(headers.get("age", "0")), timedelta(0))
    expires = _http_date(headers.get("expires", ""))
    if expires is None:
        return timedelta(0)
    served = _http_date(headers.get("date", "")) or now
    return min(max(expires - served, timedelta(0)), _FOREVER)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long ``Retry-After`` asks to wait: it has seconds or a date; None without one."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return _seconds(said)
    date = _http_date(said)
    return None if date is None else min(max(date - now, timedelta(0)), _FOREVER)


def _seconds(digits: str) -> timedelta:
    digits = digits.strip()
    if not (digits.isascii() and digits.isdigit()):
        return timedelta(0)
    return timedelta(seconds=int(digits)) if len(digits) < 9 else _FOREVER


def _http_date(text: str) -> datetime | None:
    from email.utils import parsedate_to_datetime  # which loads what sends mail

    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def validators(headers: Mapping[str, str]) -> tuple[str, str]:
    """``ETag`` and ``Last-Modified`` to the letter; ``""`` for one that could not be sent back."""
    return _sendable(headers.get("etag", "")), _sendable(headers.get("last-modified", ""))


def _sendable(value: str) -> str:
    return value if value.isprintable() else ""
