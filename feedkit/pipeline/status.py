"""How each source fares, as the state file has it: what ``feedkit status`` shows."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from feedkit.config import Config, Source, load_config
from feedkit.store import Fetched, SourceState, open_store


class SourceStatus(Struct, frozen=True, kw_only=True):
    """How one source fares."""

    name: str
    """Its name, else its address or path."""
    state: str
    """``"ok"``, ``"new"`` before its first build, ``"failing"`` or ``"retired"``."""
    posts: int
    """How many posts it last gave."""
    succeeded: datetime | None = None
    """When it last gave posts; of files, when it first did since it failed or was added."""
    due: datetime | None = None
    """When it is asked for next; None for files, which every build reads, and when retired."""
    failing_since: datetime | None = None
    """Since when it fails."""
    failures: int = 0
    """How often it failed in a row."""
    error: str = ""
    """Why it failed last."""
    address: str = ""
    """Where it is asked for, when it moved there for good."""
    moving_to: str = ""
    """Where its server says it moved for good, before that is believed."""


def source_status(config: Config | Path | str = "feedkit.toml") -> list[SourceStatus]:
    """How each source fares, in the order of the configuration.

    :param config: a configuration, or the path of a ``feedkit.toml``.
    :raise ConfigError: when the configuration is wrong.
    :raise LockedError: when a build is at work.
    :raise StoreError: when the state file can't be used.
    """
    if not isinstance(config, Config):
        config = load_config(config)
    if not config.state.exists():
        return [SourceStatus(name=source.key, state="new", posts=0) for source in config.sources]
    with open_store(config.state) as store:
        states, fetched, documents = store.sources(), store.fetches.all(), store.posts.documents()
    return [
        _status(
            source,
            states.get(source.key, SourceState()),
            fetched.get(source.key),
            sum(document.posts for document in documents.get(source.key, {}).values()),
        )
        for source in config.sources
    ]


def _status(source: Source, kept: SourceState, known: Fetched | None, posts: int) -> SourceStatus:
    since = kept.failing_since
    known = known if known and known.url == source.url else Fetched(url=source.url)
    succeeded = known.succeeded or kept.succeeded
    state = "ok" if succeeded else "new"
    if known.gone:
        state = "retired"
    elif since:
        state = "failing"
    return SourceStatus(
        name=source.key,
        state=state,
        posts=posts,
        succeeded=succeeded,
        due=None if known.gone else known.due,
        failing_since=since,
        failures=known.failures,
        error=known.error or kept.error,
        address=known.address,
        moving_to=known.moving_to,
    )
