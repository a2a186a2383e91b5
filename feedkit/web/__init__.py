"""URL → bytes: conditional, polite, bounded and guarded; http and https only."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from feedkit._version import __version__
from feedkit.model import MAX_BYTES
from feedkit.web.outcomes import Deferred, Failure, NotModified, Outcome, Request, Response

if TYPE_CHECKING:
    from aiohttp.abc import AbstractResolver

__all__ = [
    "Deferred",
    "Failure",
    "NotModified",
    "Outcome",
    "Request",
    "Response",
    "fetch",
    "fetch_many",
]


def fetch(
    request: Request,
    *,
    agent: str = "",
    max_bytes: int = MAX_BYTES,
    resolver: "AbstractResolver | None" = None,
) -> Response:
    """Get one document.

    :param request: what to ask for; without validators.
    :param agent: see :func:`fetch_many`.
    :param max_bytes: see :func:`fetch_many`.
    :param resolver: see :func:`fetch_many`.
    :raise FetchError: when there is none, or it is too slow or too large.
    """
    ((_, outcome),) = fetch_many([request], agent=agent, max_bytes=max_bytes, resolver=resolver)
    if isinstance(outcome, Failure):
        raise outcome.error
    if not isinstance(outcome, Response):  # without validators, and no host left alone
        raise TypeError(f"{outcome!r} came of {request.url}")
    return outcome


def fetch_many(
    requests: Sequence[Request],
    *,
    agent: str = "",
    max_bytes: int = MAX_BYTES,
    cooling: Collection[str] = (),
    robots: dict[str, bytes] | None = None,
    resolver: "AbstractResolver | None" = None,
) -> Iterator[tuple[int, Outcome]]:
    """Get several documents at once: the number of each request with what came of it.

    They come in the order in which servers answer, and as fast as they are
    taken: only a few wait in memory. The work is done in a thread with an
    event loop of its own, so that it also works where a loop already runs.

    :param requests: what to ask for.
    :param agent: the address of who asks, for the ``User-Agent``.
    :param max_bytes: the largest document to take, as sent and decompressed. Default: 32 MiB.
    :param cooling: hosts that are to be left alone.
    :param robots: the robots.txt of sites that are known, by their addresses; those that are
        learned are added.
    :param resolver: finds the addresses of names. Default: the system's way.
    """
    if not requests:
        return
    # what asks the web is loaded when it is asked
    import asyncio
    from concurrent.futures import ThreadPoolExecutor
    from queue import SimpleQueue

    from feedkit.web.client import Client

    told: SimpleQueue[tuple[int, Outcome] | None] = SimpleQueue()
    said = f"feedkit/{__version__}" + (f" (+{agent})" if agent else "")
    client = Client(
        agent=said, max_bytes=max_bytes, cooling=cooling, robots=robots, resolver=resolver
    )
    with ThreadPoolExecutor(1, "feedkit-web") as pool:
        work = pool.submit(asyncio.run, client.ask(requests, told.put))
        work.add_done_callback(lambda _: told.put(None))
        try:
            while (item := told.get()) is not None:
                if isinstance(item[1], Response):
                    client.taken()
                yield item
            work.result()
        finally:
            client.stop()
