"""What a build says of itself."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from feedkit.model import Problem

Progress = Callable[[str, int, int], None]
"""Told a stage, how much of it is done, and how much there is."""


class SourceResult(Struct, frozen=True, kw_only=True):
    """How one source fared in a build."""

    name: str
    """Its name, else its address or path."""
    posts: int
    """How many posts it gave; of a failed source, how many of its last good ones stand in."""
    error: str = ""
    """Why it failed; empty when it did not."""
    failing_since: datetime | None = None
    """Since when it fails."""
    overdue: bool = False
    """Whether that is longer than its ``fail_after``."""
    asked: bool = True
    """Whether it was read in this build; otherwise it was not due, or is retired."""
    retired: bool = False
    """Whether its server said that it is gone for good, so that it is asked no longer."""


class Report(Struct, frozen=True, kw_only=True):
    """What a build did."""

    sources: tuple[SourceResult, ...]
    """How each source fared."""
    posts: int
    """How many posts the sources gave together."""
    feeds: int
    """How many feeds there are, each in all formats."""
    out: Path
    """The folder they are in."""
    written: tuple[str, ...]
    """The files that are new or changed, below ``out``."""
    unchanged: int
    """How many files were left as they were."""
    removed: tuple[str, ...]
    """The files that no configuration asks for any longer."""
    problems: tuple[Problem, ...]
    """What was left out or stood in the way."""
    repairs: tuple[Problem, ...] = ()
    """What documents could not hold as it was, and what was done; once for each post and rule,
    however many feeds the post is in."""
    blocked: bool = False
    """Whether some file could not take its place."""

    @property
    def exit_code(self) -> int:
        """0: all well, or failures still within ``fail_after``; 1: a source failed for
        longer, or a file could not take its place, and the rest was published."""
        return int(self.blocked or any(source.overdue for source in self.sources))


def document_of(report: Report, *, dry_run: bool = False) -> dict[str, Any]:
    """A report as what JSON can hold, for machines: ``feedkit build --json``.

    Its names are those of the fields of :class:`Report`, :class:`SourceResult`
    and :class:`~feedkit.model.Problem`, besides ``exit_code`` and ``dry_run``; none of them goes
    or changes its meaning, others may join them. Moments are in UTC, as
    RFC 3339 has them; what is not known is null or an empty text.
    """
    known = {name: getattr(report, name) for name in Report.__struct_fields__}
    built: dict[str, Any] = msgspec.to_builtins({**known, "out": str(report.out)})
    return {"exit_code": report.exit_code, "dry_run": dry_run, **built}
