"""Asking the web: many hosts at once, each over one connection at a time, redirects by hand."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress

from aiohttp.abc import AbstractResolver
from yarl import URL

from feedkit._urls import is_web, web_url
from feedkit.errors import FetchError
from feedkit.web.hop import AT_ONCE, ERRORS, Answer, Hops, reason_of
from feedkit.web.outcomes import (
    Deferred,
    Failure,
    NotModified,
    Outcome,
    Request,
    Response,
    host_of,
)
from feedkit.web.refusals import is_page
from feedkit.web.robots import MAX_BYTES as MAX_ROBOTS
from feedkit.web.robots import Robots, rules_of

_REDIRECTS = 10
# more than may be asked at once, because some wait for their turn where a redirect led
_HOSTS_AT_ONCE = 4 * AT_ONCE
_TEMPORARY = (302, 303, 307)
_PERMANENT = (301, 308)
_TOO_MUCH = (429, 503)


_log = logging.getLogger(__name__)


class _NotAskedError(Exception):
    """A hop was not made, because its host is left alone."""


class Client:
    """Asks for documents in an event loop, and can be told from other threads.

    :param agent: what it says it is, its ``User-Agent``.
    :param max_bytes: the largest document to take, as sent and decompressed.
    :param cooling: hosts that are left alone; those that answer 429 or 503 join them.
    :param robots: the robots.txt of sites that are known, by their addresses; those that are
        learned join them.
    :param resolver: finds the addresses of names. Default: the system's way.
    """

    def __init__(
        self,
        *,
        agent: str,
        max_bytes: int,
        cooling: Collection[str] = (),
        robots: dict[str, bytes] | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._agent = agent
        self._max_bytes = max_bytes
        self._cooling = set(cooling)
        self._robots = {} if robots is None else robots
        self._resolver = resolver
        self._places = asyncio.Semaphore(AT_ONCE)
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Future[list[None]]] | None = None

    async def ask(
        self, requests: Sequence[Request], tell: Callable[[tuple[int, Outcome]], None]
    ) -> None:
        """Ask for several documents at once.

        A document that came holds a place until :meth:`taken` is called, so that never more
        than a few are in memory.

        :param tell: given the number of each request and what came of it, as it comes.
        """
        hops = Hops(self._agent, self._resolver)
        run = _Run(hops, self._places, self._cooling, self._robots, self._max_bytes)

        waiting = _by_host(requests)

        async def work() -> None:
            while waiting:
                for number, request in waiting.popleft():
                    tell((number, await run.outcome(request)))

        try:
            workers = min(_HOSTS_AT_ONCE, len(waiting))
            all_of_them = asyncio.gather(*(work() for _ in range(workers)))
            self._running = asyncio.get_running_loop(), all_of_them
            await all_of_them
        finally:
            await hops.close()

    def taken(self) -> None:
        """Free the place of a document that its receiver took."""
        self._tell(lambda loop, _: loop.call_soon_threadsafe(self._places.release))

    def stop(self) -> None:
        """Give up what is still under way."""
        self._tell(lambda loop, work: loop.call_soon_threadsafe(work.cancel))

    def _tell(
        self, call: Callable[[asyncio.AbstractEventLoop, asyncio.Future[list[None]]], object]
    ) -> None:
        if self._running:
            with suppress(RuntimeError):  # the loop has ended: there is nothing left to tell it
                call(*self._running)


class _Run:
    """The hosts of one :meth:`Client.ask`, and what they said."""

    def __init__(
        self,
        hops: Hops,
        places: asyncio.Semaphore,
        cooling: set[str],
        robots: dict[str, bytes],
        max_bytes: int,
    ) -> None:
        self._hops = hops
        self._places = places
        self._cooling = cooling
        self._max_bytes = max_bytes
        self._turns: dict[str, asyncio.Lock] = {}
        self._robots = robots
        self._rules: dict[tuple[URL, bool], asyncio.Task[Robots | None]] = {}

    async def outcome(self, request: Request) -> Outcome:
        try:
            return await self._follow(request)
        except _NotAskedError as error:
            return Deferred(host=str(error))
        except FetchError as error:
            return Failure(error=error)
        except ERRORS as error:
            wrapped = FetchError(reason_of(error), source=request.url)
            wrapped.__cause__ = error
            return Failure(error=wrapped)

    async def _follow(self, request: Request) -> Outcome:
        """Hop by hop to the document."""
        if not is_web(request.url):
            raise FetchError("is no http or https address", source=request.url)
        url = URL(request.url).with_user(None)
        own = _origin(URL(request.origin or request.url))
        secrets = request.headers
        settled = True
        for hop in range(_REDIRECTS + 1):
            private = request.private and hop == 0
            if request.page:
                await self._check_robots(request, url, private=private)
            if _origin(url) != own:
                secrets = {}  # for good: coming back does not bring them back
            headers = {**secrets, **_conditions(request, url)}
            async with self._turn(url):
                answer = await self._hops.ask(
                    url, headers, max_bytes=self._max_bytes, private=private
                )
                if answer.status in _TOO_MUCH:
                    self._cooling.add(host_of(url))
            said = {"event": "answered", "url": str(url), "status": answer.status, "hop": hop}
            _log.debug("%s: answered %d", url, answer.status, extra=said)
            if _leads_on(answer):
                self._places.release()
                settled = settled and answer.status in _PERMANENT
                url = _target(url, answer.location, request)
                continue
            result = _judged(request, url, answer, hops=hop, settled=settled)
            if not isinstance(result, Response):
                self._places.release()
            elif request.page is None and is_page(result.body):
                # robots.txt holds for pages, and only now it is known to be one
                self._places.release()
                await self._check_robots(request, url, private=private)
                await self._places.acquire()
            return result
        raise FetchError("redirects in a circle, or too often", source=request.url)

    @asynccontextmanager
    async def _turn(self, url: URL) -> AsyncIterator[None]:
        """One at a time for a host, a few at a time in all; the place is kept when all went well.

        The host's turn is waited for first: whoever has a place waits for nobody's turn.
        """
        host = host_of(url)
        async with self._turns.setdefault(host, asyncio.Lock()):
            if host in self._cooling:
                raise _NotAskedError(host)
            await self._places.acquire()
            try:
                yield
            except BaseException:
                self._places.release()
                raise

    async def _check_robots(self, request: Request, url: URL, *, private: bool) -> None:
        site = url.origin()
        # what one source may dial says nothing of another's
        if (site, private) not in self._rules:
            asking = asyncio.create_task(self._rules_of(site, private=private))
            self._rules[site, private] = asking
        rules = await self._rules[site, private]
        if rules is None:
            reason = f"is a page, and {site / 'robots.txt'}, which comes first, can't be had"
            raise FetchError(reason, source=request.url)
        if not rules.allow(str(url)):
            raise FetchError("is a page that robots.txt forbids to read", source=request.url)

    async def _rules_of(self, site: URL, *, private: bool) -> Robots | None:
        data = self._robots.get(str(site))
        if data is None or private:
            data = await self._ask_robots(site, private=private)
        if data is None:
            return None
        if not private:
            self._robots[str(site)] = data
        return Robots(data)

    async def _ask_robots(self, site: URL, *, private: bool) -> bytes | None:
        url = site / "robots.txt"
        for hop in range(_REDIRECTS + 1):
            try:
                async with self._turn(url):
                    answer = await self._hops.ask(
                        url, {}, max_bytes=MAX_ROBOTS, private=private and hop == 0
                    )
                self._places.release()
            except (_NotAskedError, *ERRORS):
                return rules_of(0, b"")
            target = web_url(answer.location, str(url)) if _leads_on(answer) else ""
            if not target:
                return rules_of(answer.status, answer.body)
            url = URL(target).with_user(None)
        return rules_of(404, b"")  # RFC 9309 §2.3.1.2: as if there were none


def _by_host(requests: Sequence[Request]) -> deque[list[tuple[int, Request]]]:
    """The requests with their numbers, those of each host together."""
    hosts: dict[str, list[tuple[int, Request]]] = {}
    for number, request in enumerate(requests):
        host = host_of(request.url) if is_web(request.url) else ""
        hosts.setdefault(host, []).append((number, request))
    # the longest first: it is what all others may have to wait for
    return deque(sorted(hosts.values(), key=len, reverse=True))


def _leads_on(answer: Answer) -> bool:
    return answer.status in (*_TEMPORARY, *_PERMANENT) and bool(answer.location)


def _conditions(request: Request, url: URL) -> dict[str, str]:
    """The validators, for the address that gave them and no other."""
    conditions = {}
    if request.validated == str(url):
        if request.etag:
            conditions["If-None-Match"] = request.etag
        if request.modified:
            conditions["If-Modified-Since"] = request.modified
    return conditions


def _judged(request: Request, url: URL, answer: Answer, *, hops: int, settled: bool) -> Outcome:
    """What the last hop's answer means."""
    moved = str(url) if hops and settled else ""
    if answer.challenge:
        reason = "the server answered with a challenge for browsers"
    elif answer.status == 200:
        return Response(
            url=str(url),
            content_type=answer.content_type,
            body=answer.body,
            headers=answer.headers,
            moved=moved,
        )
    elif answer.status == 304 and _conditions(request, url):
        return NotModified(url=str(url), headers=answer.headers, moved=moved)
    else:
        reason = f"the server answered {answer.status} {answer.reason}".strip()
    return Failure(
        error=FetchError(reason, source=request.url),
        status=answer.status,
        host=host_of(url),
        headers=answer.headers,
        settled=settled,
    )


def _target(url: URL, location: str, request: Request) -> URL:
    """Where a redirect leads; names and passwords in it are not for us to send."""
    target = web_url(location, str(url))
    if not target:
        reason = f"redirects to what is no http or https address: {location[:200]!r}"
        raise FetchError(reason, source=request.url)
    return URL(target).with_user(None).with_fragment(None)


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.host, url.port
