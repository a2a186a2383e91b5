"""Hours and days in which a source is not to be asked for, as its feed says (RSS 2.0)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from feedkit.model import WEEKDAYS

_HOUR = timedelta(hours=1)


def skips_of(hours: Sequence[int], days: Sequence[str]) -> str:
    """Hours and days of a feed in one line, for the store: ``"0 1 Saturday"``."""
    return " ".join((*map(str, hours), *days))


def after_skips(due: datetime, skips: str, latest: datetime) -> datetime:
    """When to ask, if not in what is to be skipped.

    :param due: when it would be asked for, in UTC, as the hours and days are.
    :param skips: what :func:`skips_of` gave.
    :param latest: when to ask whatever is to be skipped.
    :return: ``due``, or the beginning of the first hour after it that counts.
    """
    skipped = set(skips.split())
    while due < latest and {str(due.hour), WEEKDAYS[due.weekday()]} & skipped:
        due = due.replace(minute=0, second=0, microsecond=0) + _HOUR
    return min(due, latest)
