"""What feedparser's parsers make of ``skipHours`` and ``skipDays`` (RSS 2.0), corrected."""

from typing import Any

from feedparser import api

from feedkit.ingest.feed.skips import day_of, hour_of, with_skip


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
        self._skip("skiphours", hour_of(self.pop("hour") or ""))

    def _start_day(self, _attributes: Any) -> None:
        self.push("day", 0)

    def _end_day(self) -> None:
        self._skip("skipdays", day_of(self.pop("day") or ""))

    def _skip(self, within: str, what: str) -> None:
        is_within = self.elementstack and self.elementstack[-1][0] == within
        if what and is_within and not self.inentry:
            key = f"all {within}"
            self.feeddata[key] = with_skip(self.feeddata.get(key, ""), what)
