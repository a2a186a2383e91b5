"""What the commands have in common: lines, counts, the exit code that stands for an error."""

import click

from feedkit.errors import (
    ConfigError,
    FeedkitError,
    LockedError,
    PublishError,
    StoreError,
)

_EXIT_CODES: tuple[tuple[type[FeedkitError], int], ...] = (
    (ConfigError, 2),
    (LockedError, 75),
    (StoreError, 3),
    (PublishError, 3),
    (FeedkitError, 1),
)


def exit_code_of(error: FeedkitError) -> int:
    """What the command ends with when it ends with an error."""
    return next(code for kind, code in _EXIT_CODES if isinstance(error, kind))


def say(line: str) -> None:
    """One line on standard error."""
    click.echo(" ".join(line.split()), err=True)


def count(number: int, what: str) -> str:
    """``1 post``, ``2 posts``."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
