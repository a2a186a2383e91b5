"""When a feed is not to be asked for: ``skipHours`` and ``skipDays`` (RSS 2.0)."""

from feedkit.ingest.feed.said import Said, number, text_of
from feedkit.model import WEEKDAYS


def hour_of(text: str) -> str:
    """The hour that a text states, from 0 to 23; ``""`` for none."""
    hour = number(text.strip())
    # RSS 0.91 counts them from 1 to 24
    return str(hour % 24) if hour is not None and hour <= 24 else ""


def day_of(text: str) -> str:
    """The day of the week that a text states; ``""`` for none."""
    day = text.strip().capitalize()
    return day if day in WEEKDAYS else ""


def with_skip(known: str, what: str) -> str:
    """The hours or days that are known, and one more."""
    return known if what in known.split() else f"{known} {what}".strip()


def skipped_hours(feed: Said) -> list[int]:
    """The hours in which a feed is not to be asked for, in their order."""
    return sorted(map(int, text_of(feed, "all skiphours").split()))


def skipped_days(feed: Said) -> list[str]:
    """The days on which a feed is not to be asked for, from Monday on."""
    return sorted(text_of(feed, "all skipdays").split(), key=WEEKDAYS.index)
