"""Dates: read strictly, kept in UTC and whole seconds, written without a locale."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import format_datetime
from time import struct_time

from dateutil import parser, tz

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)

_LONGEST = 100
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d{6}(?!\d)")
_NAMED_OFFSETS = {
    "UTC": 0, "UT": 0, "GMT": 0, "Z": 0, "WET": 0,
    "BST": 1, "CET": 1, "MET": 1, "CEST": 2, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
}  # fmt: skip
# dateutil reads "GMT+2" as POSIX does, two hours behind; everybody else means ahead
_BEHIND_UTC = re.compile(r"\b(?:GMT|UTC)\s*(?=[+-]\d)", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"\d{4}")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2\d{4}(?!\d)")


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """The zone a date names: never the process's own, which is no fact about the date."""
    if offset is not None:
        return tz.tzoffset(None, offset)
    if name is None:
        return None
    if name not in _NAMED_OFFSETS:
        raise ValueError(f"no known zone: {name}")
    return tz.tzoffset(None, _NAMED_OFFSETS[name] * 3600)


def _read(text: str, default: datetime, *, dayfirst: bool) -> datetime | None:
    try:
        return parser.parse(text, default=default, dayfirst=dayfirst, tzinfos=_zone)
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError):
        return None


def read_date(text: str, zone: tzinfo = UTC, *, dayfirst: bool = False) -> datetime | None:
    """A date as people write it, in UTC; None when it isn't certainly one.

    Year (of four digits), month and day must all be there, and nothing that
    belongs to no date.

    :param text: the whole text of the date.
    :param zone: the zone of a date that names none.
    :param dayfirst: whether ``5/6/2023`` is in June.
    """
    text = _BEHIND_UTC.sub("", text.strip())
    if len(text) > _LONGEST or not _YEAR.search(text):
        return None
    dayfirst = dayfirst and not _YEAR_FIRST.match(text)
    # two defaults that share no part: what the text leaves open shows as a difference
    one = _read(text, datetime(1972, 2, 28), dayfirst=dayfirst)
    if one is None or one != _read(text, datetime(1988, 11, 13), dayfirst=dayfirst):
        return None
    return to_utc(one.replace(tzinfo=zone) if one.tzinfo is None else one)


def day_comes_first(text: str) -> bool:
    """Whether ``5/6/2023`` means June in this text: another date of it can mean nothing else."""
    written = _NUMERIC.findall(text)
    return any(sep == "." or int(first) > 12 for first, sep, _ in written) and not any(
        int(second) > 12 for _, _, second in written
    )


def to_utc(moment: datetime) -> datetime | None:
    """An aware moment in UTC and whole seconds; None before 1970 or out of range."""
    try:
        moment = moment.astimezone(UTC).replace(microsecond=0)
    except (OverflowError, ValueError):
        return None
    return moment if moment >= EARLIEST else None


def from_utc_parts(parts: struct_time, zone: tzinfo = UTC) -> datetime | None:
    """A moment from its parts in UTC, or in ``zone`` when they were written without one."""
    try:
        return to_utc(datetime(*parts[:6], tzinfo=zone))
    except (ValueError, OverflowError):
        return None


def is_far_ahead(moment: datetime, now: datetime) -> bool:
    """Whether a date is more than a day in the future, so that it can't be believed."""
    return moment - now > timedelta(days=1)


def rfc3339(moment: datetime) -> str:
    """``2023-06-22T00:00:00Z`` (RFC 3339 §5.6)."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def rfc822(moment: datetime) -> str:
    """``Thu, 22 Jun 2023 00:00:00 +0000`` (RFC 822 §5 with a year of four digits)."""
    return format_datetime(moment.astimezone(UTC))
