"""Moments as the tables have them: whole seconds since 1970."""

from datetime import UTC, datetime
from typing import Any


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def seconds_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else seconds(moment)


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def moment_or_none(seconds: Any) -> datetime | None:
    return None if seconds is None else moment(seconds)
