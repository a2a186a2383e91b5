"""When a feed is not to be asked for: ``skipHours`` and ``skipDays`` (RSS 2.0)."""

from feedkit.ingest.feed.said import Said
from feedkit.model import WEEKDAYS


def skipped_hours(feed: Said) -> list[int]:
    """The hours in which a feed is not to be asked for, in their order."""
    return sorted(map(int, feed.text("all skiphours").split()))


def skipped_days(feed: Said) -> list[str]:
    """The days on which a feed is not to be asked for, from Monday on."""
    return sorted(feed.text("all skipdays").split(), key=WEEKDAYS.index)
