"""URL → bytes: http and https, bounded in time and size."""

import asyncio
import os
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import aiohttp
from msgspec import Struct

from feedkit._urls import is_web
from feedkit._version import __version__
from feedkit.errors import FetchError
from feedkit.model import MAX_BYTES

_TIMEOUT = aiohttp.ClientTimeout(total=60, sock_connect=10, sock_read=20)
_AT_ONCE = 8
_REDIRECTS = 5
_ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"

_T = TypeVar("_T")


class Response(Struct, frozen=True, kw_only=True):
    """A document as the web gave it."""

    url: str
    """Where it was found in the end, after redirects."""
    content_type: str
    """The media type it was served as, with its charset."""
    body: bytes
    """The document, decompressed."""


def fetch(url: str, *, max_bytes: int = MAX_BYTES) -> Response:
    """Get one document.

    :param url: an http or https address.
    :param max_bytes: the largest document to take, decompressed.
    :raise FetchError: when there is none, or it is too slow or too large.
    """
    (result,) = fetch_all([url], max_bytes=max_bytes)
    if isinstance(result, FetchError):
        raise result
    return result


def fetch_all(urls: Iterable[str], *, max_bytes: int = MAX_BYTES) -> list[Response | FetchError]:
    """Get several documents at once: for each address, in order, what came or why not."""
    return _in_a_thread(_fetch_all(list(urls), max_bytes))


def _in_a_thread(work: Coroutine[Any, Any, _T]) -> _T:
    """Run it in a loop of its own, so that it works where another loop already runs."""
    with ThreadPoolExecutor(1, "feedkit-web") as pool:
        return pool.submit(asyncio.run, work).result()


async def _fetch_all(urls: list[str], max_bytes: int) -> list[Response | FetchError]:
    places = asyncio.Semaphore(_AT_ONCE)
    headers = {"User-Agent": f"feedkit/{__version__}", "Accept": _ACCEPT}
    async with aiohttp.ClientSession(timeout=_TIMEOUT, headers=headers) as session:

        async def one(url: str) -> Response | FetchError:
            async with places:
                try:
                    return await _fetch(session, url, max_bytes)
                except FetchError as error:
                    return error
                except TimeoutError:
                    return FetchError("took too long", source=url)
                except aiohttp.InvalidURL:
                    return FetchError("is no valid address", source=url)
                except aiohttp.ClientConnectorError as error:
                    why = os.strerror(error.errno) if error.errno else str(error.os_error)
                    return FetchError(f"can't connect to {error.host}: {why}", source=url)
                except aiohttp.TooManyRedirects:
                    return FetchError("redirects in a circle, or too often", source=url)
                except (aiohttp.ClientError, OSError, ValueError) as error:
                    reason = " ".join(str(error).split()) or type(error).__name__
                    return FetchError(f"could not be fetched: {reason}", source=url)

        return await asyncio.gather(*map(one, urls))


async def _fetch(session: aiohttp.ClientSession, url: str, max_bytes: int) -> Response:
    if not is_web(url):
        raise FetchError("is no http or https address", source=url)
    async with session.get(url, max_redirects=_REDIRECTS) as answer:
        if answer.status != 200:
            said = f"{answer.status} {answer.reason or ''}".strip()
            raise FetchError(f"the server answered {said}", source=url)
        body = bytearray()
        async for chunk in answer.content.iter_chunked(64 * 1024):
            body += chunk
            if len(body) > max_bytes:
                raise FetchError(f"is larger than {max_bytes:,} bytes", source=url)
        return Response(
            url=str(answer.url),
            content_type=answer.headers.get("Content-Type", ""),
            body=bytes(body),
        )
