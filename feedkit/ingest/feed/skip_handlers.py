"""What feedparser's parsers make of ``skipHours`` and ``skipDays`` (RSS 2.0), corrected."""

from typing import Any

from feedparser import api

from feedkit.ingest.feed.said import number
from feedkit.model import WEEKDAYS


class Skips(api._FeedParserMixin):  # type: ignore[misc]
    """Keeps all hours and days, of which feedparser keeps the last."""

    def _start_skiphours(self, _attributes: Any) -> None:
        self.push("skiphours", 0)

    def _end_skiphours(self) -> None:
        self.pop("skiphours")

    def _start_skipdays(self, _attributes: Any) -> None:
        self.push("skipdays", 0)

    def _end_skipdays(self) -> None:
        self.pop("skipdays")

    def _start_hour(self, _attributes: Any) -> None:
        self.push("hour", 0)

    def _end_hour(self) -> None:
        hour = number((self.pop("hour") or "").strip())
        if hour is not None and hour <= 24:
            # RSS 0.91 counts them from 1 to 24
            self._skip("skiphours", str(hour % 24))

    def _start_day(self, _attributes: Any) -> None:
        self.push("day", 0)

    def _end_day(self) -> None:
        day = (self.pop("day") or "").strip().capitalize()
        if day in WEEKDAYS:
            self._skip("skipdays", day)

    def _skip(self, within: str, what: str) -> None:
        if self.elementstack and self.elementstack[-1][0] == within and not self.inentry:
            known = self.feeddata.get(f"all {within}", "").split()
            if what not in known:
                self.feeddata[f"all {within}"] = " ".join((*known, what))
