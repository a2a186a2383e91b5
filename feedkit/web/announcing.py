"""Telling a hub that feeds have changed (W3C WebSub §6).

How a publisher tells its hub is theirs to agree upon; hubs take a POST with
``hub.mode=publish`` and ``hub.url`` (PubSubHubbub 0.3 §7.1, where it may be
repeated), or ``hub.topic``, so both are sent.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlencode

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from feedkit._version import __version__
from feedkit.errors import FetchError
from feedkit.web.hop import ERRORS, TIMEOUTS, Answer, Hops, reason_of

_AT_ONCE = 100
_TOO_MUCH = (429, 503)
_PRIVATE = "a hub may only be there where hub_private = true allows it"


def announce(
    hub: str,
    topics: Sequence[str],
    *,
    agent: str = "",
    private: bool = False,
    within: float = 120,
    resolver: AbstractResolver | None = None,
    timeouts: aiohttp.ClientTimeout = TIMEOUTS,
) -> list[FetchError]:
    """Tell a hub which feeds have changed, a hundred at a time.

    A hub that gives no answer, or has too much to do, is told nothing more.
    The work is done in a thread with an event loop of its own.

    :param hub: its http or https address; redirects are not followed.
    :param topics: the public addresses of the feeds, as their ``rel="self"`` has them.
    :param agent: the address of who announces, for the ``User-Agent``.
    :param private: whether the hub may be at an address that is not public.
    :param within: how many seconds it may take in all.
    :param resolver: finds the addresses of names. Default: the system's way.
    :param timeouts: how long one announcement may take.
    :return: why some could not be announced, each reason once; empty when all were.
    """
    if not topics:
        return []
    said = f"feedkit/{__version__}" + (f" (+{agent})" if agent else "")
    work = _Announcement(hub, topics, private=private)
    with ThreadPoolExecutor(1, "feedkit-hub") as pool:
        done = pool.submit(asyncio.run, work.run(said, resolver, timeouts, within))
        try:
            done.result()
        finally:
            work.stop()
    return work.failures()


class _Announcement:
    """All that one hub is told, and what came of it."""

    def __init__(self, hub: str, topics: Sequence[str], *, private: bool) -> None:
        self._hub = hub
        self._private = private
        self._left = list(topics)
        self._failed: dict[str, int] = {}
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[None]] | None = None

    def stop(self) -> None:
        """Give up what is still under way, from another thread."""
        if self._running:
            loop, task = self._running
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(task.cancel)

    async def run(
        self,
        agent: str,
        resolver: AbstractResolver | None,
        timeouts: aiohttp.ClientTimeout,
        within: float,
    ) -> None:
        hops = Hops(agent, resolver, timeouts)
        task = asyncio.current_task()
        self._running = (asyncio.get_running_loop(), task) if task else None
        try:
            async with asyncio.timeout(within):
                while self._left and await self._next(hops):
                    pass
        except ERRORS as error:
            self._fail(reason_of(error, _PRIVATE), len(self._left))
        finally:
            await hops.close()

    async def _next(self, hops: Hops) -> bool:
        """Tell of some; whether the hub is to be told of more."""
        some = self._left[:_AT_ONCE]
        pairs = [(name, topic) for topic in some for name in ("hub.url", "hub.topic")]
        form = urlencode([("hub.mode", "publish"), *pairs])
        answer = await hops.ask(URL(self._hub), {}, max_bytes=0, private=self._private, form=form)
        if answer.status in _TOO_MUCH:
            self._fail(_reason(answer), len(self._left))
            return False
        del self._left[: len(some)]
        if not 200 <= answer.status < 300:
            self._fail(_reason(answer), len(some))
        return True

    def _fail(self, reason: str, count: int) -> None:
        self._failed[reason] = self._failed.get(reason, 0) + count

    def failures(self) -> list[FetchError]:
        return [
            FetchError(
                f"{reason}; {count:,} changed {'feed was' if count == 1 else 'feeds were'}"
                " not announced",
                source=self._hub,
            )
            for reason, count in self._failed.items()
        ]


def _reason(answer: Answer) -> str:
    said = f"the hub answered {answer.status} {answer.reason}".strip()
    return f"{said}: it leads elsewhere, which is not followed" if answer.location else said
