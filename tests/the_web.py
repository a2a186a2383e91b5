"""A server on this machine that plays the web: it is the proxy of whoever asks.

So any host that has a public address can be asked for, and none is dialled.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from aiohttp import web as server

HOST = "192.31.196.10"
OTHER = "192.31.196.20"


class Asked(NamedTuple):
    """A request that came."""

    url: str
    headers: dict[str, str]


class Reply(NamedTuple):
    """What an address answers."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})


class TheWeb:
    """Answers for every host: what :attr:`pages` has, else 404."""

    def __init__(self) -> None:
        self.pages: dict[str, Reply | Callable[[Asked], Reply]] = {}
        self.asked: list[Asked] = []
        self.at_once: dict[str, int] = {}
        """The most requests that were under way at one time, by host."""
        self._under_way: dict[str, int] = {}
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        self._ready.wait()

    def clear(self) -> None:
        for collection in (self.pages, self.asked, self.at_once):
            collection.clear()

    def urls(self) -> list[str]:
        """The addresses that were asked for since this was last called."""
        urls = [asked.url for asked in self.asked]
        self.asked.clear()
        return urls

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _answer(self, request: server.BaseRequest) -> server.Response:
        url = f"http://{request.host}{request.path_qs}"
        asked = Asked(url, dict(request.headers))
        self.asked.append(asked)
        host = request.host
        self._under_way[host] = self._under_way.get(host, 0) + 1
        self.at_once[host] = max(self.at_once.get(host, 0), self._under_way[host])
        await asyncio.sleep(0.001)
        self._under_way[host] -= 1
        page = self.pages.get(url, Reply(status=404))
        reply = page if isinstance(page, Reply) else page(asked)
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        return server.Response(body=body, status=reply.status, headers=reply.headers)

    async def _start(self) -> server.ServerRunner:
        runner = server.ServerRunner(server.Server(self._answer), shutdown_timeout=0)
        await runner.setup()
        await server.TCPSite(runner, "127.0.0.1", 0).start()
        self.proxy = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    def _serve(self) -> None:
        runner = self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()
