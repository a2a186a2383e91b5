"""One hop: a connection, guarded, direct or through a proxy, and what it answers."""

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp.abc import AbstractResolver
from msgspec import Struct
from yarl import URL

from feedkit.web.caching import HEADERS
from feedkit.web.decoding import ENCODINGS, Body, Undecodable
from feedkit.web.guard import NotPublicError, check, guarded_socket
from feedkit.web.refusals import challenge

AT_ONCE = 24
"""How many documents are asked for at once."""

ERRORS = (aiohttp.ClientError, OSError, ValueError, TimeoutError)
"""What can go wrong with a hop; :func:`reason_of` says it in words."""

PRIVATE = (
    "only the own address of a source may, where private = true (--private, private=True) allows it"
)
"""How a source is allowed an address that is not public."""

TIMEOUTS = aiohttp.ClientTimeout(total=60, sock_connect=10, sock_read=20)
"""How many seconds a hop may take in all, to connect, and between two parts of its answer."""

_FORM = "application/x-www-form-urlencoded"
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json,"
    " application/xml;q=0.9, */*;q=0.5"
)


class Answer(Struct, frozen=True, kw_only=True):
    """What one hop gave."""

    status: int
    """Its status code."""
    reason: str
    """The words beside the status."""
    location: str
    """Where it leads, as written."""
    content_type: str
    """The media type of the body."""
    headers: Mapping[str, str]
    """Those of ``feedkit.web.caching.HEADERS``, by lower-case names."""
    challenge: bool
    """Whether it is a riddle for browsers."""
    body: bytes
    """The document, decompressed; only with status 200."""


class Hops:
    """Makes hops, within one event loop, until closed.

    :param agent: what it says it is, its ``User-Agent``.
    :param resolver: finds the addresses of names. Default: the system's way.
    :param timeouts: how long a hop may take.
    """

    def __init__(
        self,
        agent: str,
        resolver: AbstractResolver | None = None,
        timeouts: aiohttp.ClientTimeout = TIMEOUTS,
    ) -> None:
        self._headers = {"User-Agent": agent, "Accept": _ACCEPT, "Accept-Encoding": ENCODINGS}
        self._resolver = resolver
        self._timeouts = timeouts
        self._proxies = getproxies()
        self._guarded = self._session(guarded_socket)
        # dials the proxies of the environment alone, which are rarely public
        self._proxied = self._session(None)

    async def close(self) -> None:
        """Close all connections."""
        await self._guarded.close()
        await self._proxied.close()

    def _session(self, factory: Callable[..., socket.socket] | None) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=AT_ONCE, resolver=self._resolver, socket_factory=factory
        )
        return aiohttp.ClientSession(
            connector=connector,
            timeout=self._timeouts,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=self._headers,
            auto_decompress=False,
        )

    async def ask(
        self,
        url: URL,
        headers: Mapping[str, str],
        *,
        max_bytes: int,
        private: bool,
        form: str | None = None,
    ) -> Answer:
        """Make one.

        :param url: what to ask for.
        :param headers: what to send besides the usual.
        :param max_bytes: the largest document to take, as sent and decompressed.
        :param private: whether its address need not be public.
        :param form: a form to send there, encoded; what is answered is then not read.
            Default: nothing is sent, and the document is asked for.
        """
        if proxy := self._proxy(url):
            if not private:
                await self._check_addresses(url)
            return await _exchange(self._proxied, url, headers, max_bytes, form, proxy)
        if private:  # connections of its own: no other may come to use them
            async with self._session(None) as session:
                return await _exchange(session, url, headers, max_bytes, form)
        return await _exchange(self._guarded, url, headers, max_bytes, form)

    def _proxy(self, url: URL) -> str:
        """The proxy that the environment names for an address, or ``""``."""
        proxy = self._proxies.get(url.scheme) or self._proxies.get("all") or ""
        return "" if proxy and proxy_bypass(f"{url.host_subcomponent}:{url.port}") else proxy

    async def _check_addresses(self, url: URL) -> None:
        """Refuse a host that a proxy would be asked for, when its addresses here are not public."""
        host, port = url.host or "", url.port or 0
        if self._resolver:
            check(found["host"] for found in await self._resolver.resolve(host, port))
            return
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        check(str(address[0]) for *_, address in found)


async def _exchange(
    session: aiohttp.ClientSession,
    url: URL,
    headers: Mapping[str, str],
    max_bytes: int,
    form: str | None,
    proxy: str = "",
) -> Answer:
    if form is not None:
        headers = {**headers, "Content-Type": _FORM}
    async with session.request(
        "GET" if form is None else "POST",
        url,
        data=form,
        headers=headers,
        allow_redirects=False,
        proxy=proxy or None,
    ) as answer:
        named = {
            name: ", ".join(answer.headers.getall(name))
            for name in HEADERS
            if name in answer.headers
        }
        every = {name.lower(): value for name, value in answer.headers.items()}
        body = b""
        if answer.status == 200 and form is None:
            encoding = ", ".join(answer.headers.getall("Content-Encoding", ()))
            whole = Body(encoding, max_bytes=max_bytes)
            async for chunk in answer.content.iter_chunked(64 * 1024):
                whole.add(chunk)
            body = whole.end()
        return Answer(
            status=answer.status,
            reason=printable(answer.reason or ""),
            location=answer.headers.get("Location", ""),
            content_type=answer.headers.get("Content-Type", ""),
            headers=named,
            challenge=challenge(every),
            body=body,
        )


def reason_of(error: Exception, allowed_by: str = PRIVATE) -> str:
    """Why no document came, in one line.

    :param allowed_by: how an address that is not public can be allowed.
    """
    if isinstance(error, Undecodable):
        return str(error)
    inner = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    number = inner.errno if isinstance(inner, OSError) else None
    if isinstance(inner, NotPublicError):
        return f"leads to {inner.address}, which is no public address; {allowed_by}"
    if isinstance(error, TimeoutError):
        return "took too long"
    if isinstance(error, aiohttp.InvalidURL):
        return "is no valid address"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"the certificate of {error.host} is not to be trusted: {_line(inner)}"
    if isinstance(error, aiohttp.ClientConnectorError):
        is_name = isinstance(inner, socket.gaierror)
        why = os.strerror(number) if number and not is_name else _line(inner)
        return f"can't connect to {error.host}: {why}"
    return f"could not be fetched: {_line(error)}"


def _line(error: BaseException) -> str:
    return printable(str(error)) or type(error).__name__


def printable(text: str) -> str:
    """What servers say, fit for one short line on a terminal."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())[:300]
