"""Every error feedkit raises.

FeedkitError
├── ConfigError             feedkit.toml or an argument is wrong
│   └── ExpressionError     a tag expression can't be read
├── SourceError             posts could not be had from a source
│   ├── FetchError          the address gave no document
│   └── ParseError          the document is broken or over a bound
│       └── UnknownFormatError   the document is of no known format
├── ModelError              a value that a Post or Feed can't have
├── RenderError             a Feed that lacks what its format requires
├── StoreError              the state file can't be used
│   └── LockedError         another run is using it
└── PublishError            a feed could not be put in its place
"""

from pathlib import Path


class FeedkitError(Exception):
    """The root of all errors feedkit raises on purpose.

    The message is one line and already names the subject; the parts are there
    for programs.

    :ivar source: name, address or path of the source it is about, or None.
    :ivar path: the file it is about, or None.
    :ivar key: the configuration key or the field it is about, or None.
    :ivar line: the line of the file, counted from 1, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        source: str | None = None,
        path: Path | str | None = None,
        key: str | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(message)
        self.source = source
        self.path = Path(path) if path is not None else None
        self.key = key
        self.line = line

    @property
    def reason(self) -> str:
        """The message without its subject."""
        return str(self.args[0])

    def __str__(self) -> str:
        where = str(self.path) if self.path is not None else self.source
        if where is not None and self.line is not None:
            where = f"{where}:{self.line}"
        elif self.line is not None:
            where = f"line {self.line}"
        return ": ".join(part for part in (where, self.key, self.reason) if part)


class ConfigError(FeedkitError):
    """feedkit.toml, or an argument that stands for it, is wrong. Exit code 2."""


class ExpressionError(ConfigError):
    """A tag expression can't be read; the message says at which column."""


class SourceError(FeedkitError):
    """Posts could not be had from a source."""


class FetchError(SourceError):
    """An address gave no document: unreachable, refused, too slow or too large."""


class ParseError(SourceError):
    """A document can't be made a Feed, or is over one of the bounds."""


class UnknownFormatError(ParseError):
    """A document is of no format feedkit reads; the message says what it looks like.

    :ivar feeds: addresses of the feeds that it announces, when it is an HTML
        page that does; at most ten.
    """

    def __init__(
        self, message: str, *, feeds: tuple[str, ...] = (), source: str | None = None
    ) -> None:
        super().__init__(message, source=source)
        self.feeds = feeds


class ModelError(FeedkitError, ValueError):
    """A value was given that a Post, a Feed or one of their parts can't have."""


class RenderError(FeedkitError):
    """A Feed lacks what every document of the format must have; ``key`` names the field."""


class StoreError(FeedkitError):
    """The state file can't be opened, read or written."""


class LockedError(StoreError):
    """Another run is using the state file. Exit code 75."""


class PublishError(FeedkitError):
    """A file could not be put in its place. Exit code 3."""
