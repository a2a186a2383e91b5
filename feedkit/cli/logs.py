"""Logs on standard error: lines for people, or JSON Lines for machines."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_USUAL = {*vars(logging.makeLogRecord({})), "message", "asctime", "event"}


class _Lines(logging.Formatter):
    """``12:03:05 blog: not modified``, in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC)
        return f"{time:%H:%M:%S} {shown(record.getMessage())}"


class _JsonLines(logging.Formatter):
    """One JSON object a record: ``time``, ``level``, ``event``, ``message``, and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC)
        said = {
            "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", record.name),
            "message": shown(record.getMessage()),
            **{name: value for name, value in vars(record).items() if name not in _USUAL},
        }
        return json.dumps(said, default=str)


@contextmanager
def logging_to_stderr(*, verbose: int, as_json: bool) -> Iterator[None]:
    """What feedkit logs goes to standard error, within the block.

    :param verbose: 1 for what happens to sources and files, 2 for all there is.
    :param as_json: write JSON Lines, also when ``verbose`` is 0.
    """
    if sys.stderr is None or not (verbose or as_json):
        yield
        return
    logger = logging.getLogger("feedkit")
    level = logger.level
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if as_json else _Lines())
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG if verbose > 1 else logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)


def shown(text: str) -> str:
    """What others say, in one line that a terminal may show."""
    return "".join(filter(str.isprintable, " ".join(text.split())))
