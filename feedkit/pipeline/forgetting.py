"""Taking posts down everywhere, for good, and letting them be told again."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from feedkit.config import Config
from feedkit.merging import canonical_link
from feedkit.pipeline.building import configured, publish, with_announcement
from feedkit.pipeline.report import Report
from feedkit.store import Store, open_store


class Forgotten(Struct, frozen=True, kw_only=True):
    """What became of posts that were to be taken down, or to be told again."""

    known: tuple[str, ...]
    """The ids of the posts that were meant."""
    unknown: tuple[str, ...]
    """What was given and means no post."""
    report: Report
    """What was published without them."""


def forget(
    config: Config | Path | str,
    ids: Iterable[str],
    *,
    out: Path | str | None = None,
    now: datetime | None = None,
    undo: bool = False,
) -> Forgotten:
    """Take posts down everywhere, for good, whatever their sources tell later.

    No source is asked; the feeds that held them are written anew.

    :param config: a configuration, or the path of a ``feedkit.toml``.
    :param ids: the posts, each by its id or its address.
    :param out: the output folder, in place of the configured one.
    :param now: the time, aware. Default: the clock's.
    :param undo: let them be told again instead: by the next build, from the
        sources that still have them.
    :raise ConfigError: when the configuration is wrong.
    :raise LockedError: when another run is using the state file.
    :raise StoreError: when the state file can't be used.
    :raise PublishError: when the output can't be written.
    """
    config = configured(config, out)
    now = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    found: dict[int, str] = {}
    unknown = []
    with open_store(config.state) as store:
        for given in ids:
            meant = _meant(store, given)
            found |= meant
            if not meant:
                unknown.append(given)
        for number in found:
            if undo:
                store.posts.recall(number)
            else:
                store.posts.forget(number, now)
        if undo and found:
            store.unread()
        report = publish(config, store, now)
    report = with_announcement(config, report)
    return Forgotten(known=tuple(found.values()), unknown=tuple(unknown), report=report)


def _meant(store: Store, given: str) -> dict[int, str]:
    """The posts that an id or an address means, with others of that address: their ids."""
    numbers = set(store.posts.numbers([given]).values())
    if not numbers and (link := canonical_link(given)):
        numbers = store.posts.at(link)
    numbers = store.posts.beside(numbers)
    return {stored.number: stored.id for stored in store.posts.stored(numbers)}
