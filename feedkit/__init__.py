"""feedkit turns posts from any source into feeds readers trust.

    import feedkit

    feed = feedkit.read("https://blog.example/feed.xml")
    xml = feedkit.render(feed, "atom")

Every public name is listed in ``__all__`` and loaded when it is first used.
"""

from typing import TYPE_CHECKING, Any

from feedkit._version import __version__ as __version__

if TYPE_CHECKING:
    from feedkit._html import clean_html
    from feedkit.config import Config, Source, load_config
    from feedkit.emit import FORMATS, Format, canonical, etag, render
    from feedkit.errors import (
        ConfigError,
        ExpressionError,
        FeedkitError,
        FetchError,
        LockedError,
        ModelError,
        ParseError,
        PublishError,
        RenderError,
        SourceError,
        StoreError,
        UnknownFormatError,
    )
    from feedkit.ingest import parse
    from feedkit.model import Feed, Post, Problem, Site, Tag
    from feedkit.parts import (
        Category,
        Chapter,
        Enclosure,
        Episode,
        Origin,
        Person,
        Show,
        Transcript,
    )
    from feedkit.pipeline.building import build
    from feedkit.pipeline.feeds import TagFeeds, by_tag
    from feedkit.pipeline.reading import read
    from feedkit.pipeline.report import Report
    from feedkit.pipeline.status import SourceStatus, source_status
    from feedkit.tags import TagRules

__all__ = [
    "FORMATS",
    "Category",
    "Chapter",
    "Config",
    "ConfigError",
    "Enclosure",
    "Episode",
    "ExpressionError",
    "Feed",
    "FeedkitError",
    "FetchError",
    "Format",
    "LockedError",
    "ModelError",
    "Origin",
    "ParseError",
    "Person",
    "Post",
    "Problem",
    "PublishError",
    "RenderError",
    "Report",
    "Show",
    "Site",
    "Source",
    "SourceError",
    "SourceStatus",
    "StoreError",
    "Tag",
    "TagFeeds",
    "TagRules",
    "Transcript",
    "UnknownFormatError",
    "build",
    "by_tag",
    "canonical",
    "clean_html",
    "etag",
    "load_config",
    "parse",
    "read",
    "render",
    "source_status",
]

_HOMES = {
    "_html": ("clean_html",),
    "config": ("Config", "Source", "load_config"),
    "emit": ("FORMATS", "Format", "canonical", "etag", "render"),
    "ingest": ("parse",),
    "model": ("Feed", "Post", "Problem", "Site", "Tag"),
    "parts": (
        "Category",
        "Chapter",
        "Enclosure",
        "Episode",
        "Origin",
        "Person",
        "Show",
        "Transcript",
    ),
    "pipeline.building": ("build",),
    "pipeline.feeds": ("TagFeeds", "by_tag"),
    "pipeline.reading": ("read",),
    "pipeline.report": ("Report",),
    "pipeline.status": ("SourceStatus", "source_status"),
    "tags": ("TagRules",),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    home = next((home for home, names in _HOMES.items() if name in names), "errors")
    return getattr(import_module(f"feedkit.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
