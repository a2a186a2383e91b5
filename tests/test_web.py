"""web: what comes of an address, from a real server on this machine that plays the web.

Most tests ask for a public address through a proxy, which is that server: so
redirects pass the guard as they do on the web.
"""

import asyncio
import gzip
import os
import socket
import threading
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import pytest
from aiohttp import web as server

from feedkit import web
from feedkit.errors import FetchError

FEED = b"<rss/>" * 100
BOUND = 1000
TYPE = "application/rss+xml; charset=utf-8"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


async def _feed(_request: server.Request) -> server.Response:
    return server.Response(body=FEED, headers={"Content-Type": TYPE})


async def _no_type(_request: server.Request) -> server.StreamResponse:
    return server.Response(body=FEED, headers={"Content-Type": ""})


async def _who(request: server.Request) -> server.Response:
    return server.Response(text=f"{request.headers['User-Agent']}|{request.headers['Accept']}")


async def _sized(request: server.Request) -> server.Response:
    return server.Response(body=b"x" * int(request.match_info["size"]))


async def _zipped(request: server.Request) -> server.Response:
    body = gzip.compress(b"x" * int(request.match_info["size"]))
    return server.Response(body=body, headers={"Content-Encoding": "gzip"})


async def _badly_zipped(_request: server.Request) -> server.Response:
    return server.Response(body=b"no gzip at all", headers={"Content-Encoding": "gzip"})


async def _endless(request: server.Request) -> server.StreamResponse:
    response = server.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x" * 4096)


async def _truncated(request: server.Request) -> server.StreamResponse:
    response = server.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"<rss>")
    assert request.transport is not None
    request.transport.close()
    return response


async def _hung_up(request: server.Request) -> server.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return server.Response()


async def _redirect(request: server.Request) -> server.Response:
    return server.Response(status=301, headers={"Location": request.query["to"]})


async def _hops(request: server.Request) -> server.Response:
    left = int(request.match_info["left"])
    to = f"/hops/{left - 1}" if left else "/feed"
    return server.Response(status=302, headers={"Location": to})


async def _loop(_request: server.Request) -> server.Response:
    return server.Response(status=302, headers={"Location": "/loop"})


async def _status(request: server.Request) -> server.Response:
    return server.Response(status=int(request.match_info["status"]), body=FEED)


async def _rude(request: server.Request) -> server.Response:
    assert request.transport is not None
    words = b"\x1b[31m\xc2\x9b32mNo\ttabs " + b"!" * 1000
    request.transport.write(b"HTTP/1.1 404 " + words + b"\r\nContent-Length: 0\r\n\r\n")
    request.transport.close()
    return server.Response()


ROUTES = [
    server.get("/rude", _rude),
    server.get("/feed", _feed),
    server.get("/no-type", _no_type),
    server.get("/who", _who),
    server.get("/sized/{size}", _sized),
    server.get("/zipped/{size}", _zipped),
    server.get("/badly-zipped", _badly_zipped),
    server.get("/endless", _endless),
    server.get("/truncated", _truncated),
    server.get("/hung-up", _hung_up),
    server.get("/redirect", _redirect),
    server.get("/hops/{left}", _hops),
    server.get("/loop", _loop),
    server.get("/status/{status}", _status),
]


@pytest.fixture(scope="module")
def here() -> Iterator[str]:
    """The address of a server that runs in a thread of its own."""
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    ports: list[int] = []

    async def start() -> server.AppRunner:
        application = server.Application()
        application.add_routes(ROUTES)
        runner = server.AppRunner(application, shutdown_timeout=0)
        await runner.setup()
        await server.TCPSite(runner, "127.0.0.1", 0).start()
        ports.append(runner.addresses[0][1])
        return runner

    def serve() -> None:
        runner = loop.run_until_complete(start())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=serve)
    thread.start()
    ready.wait()
    yield f"http://127.0.0.1:{ports[0]}"
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


@pytest.fixture
def root(here: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A public address that the server answers for."""
    monkeypatch.setenv("http_proxy", here)
    return "http://192.31.196.10"


@pytest.fixture
def refused() -> Iterator[str]:
    """An address nobody listens at: the port is taken, and closed."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/feed"


def fetched(url: str, **more: Any) -> web.Response:
    return web.fetch(web.Request(url=url, **more), max_bytes=BOUND)


def all_of(urls: list[str]) -> list[web.Outcome]:
    """What came of each, in their order."""
    requests = [web.Request(url=url) for url in urls]
    return [outcome for _, outcome in sorted(web.fetch_many(requests), key=itemgetter(0))]


def error_of(url: str, **more: Any) -> FetchError:
    """Why there is no document."""
    with pytest.raises(FetchError) as caught:
        fetched(url, **more)
    error = caught.value
    assert error.source == url
    assert error.reason
    assert len(str(error).splitlines()) == 1
    return error


def test_a_document_comes_with_its_media_type(root: str) -> None:
    response = fetched(f"{root}/feed")
    assert (response.url, response.content_type, response.body) == (f"{root}/feed", TYPE, FEED)


def test_a_missing_media_type_is_empty(root: str) -> None:
    assert fetched(f"{root}/no-type").content_type == ""


def test_the_server_is_told_who_asks_and_for_what(root: str) -> None:
    agent, _, accepted = fetched(f"{root}/who").body.decode().partition("|")
    assert agent.startswith("feedkit/")
    assert accepted.startswith("application/atom+xml, application/rss+xml")


def test_a_redirect_is_followed_and_the_final_address_told(root: str) -> None:
    response = fetched(f"{root}/redirect?to=/feed")
    assert (response.url, response.body) == (f"{root}/feed", FEED)


def test_a_few_redirects_are_followed(root: str) -> None:
    assert fetched(f"{root}/hops/3").url == f"{root}/feed"


@pytest.mark.parametrize("path", ["/loop", "/hops/50"])
def test_endless_redirects_are_an_error_that_says_so(root: str, path: str) -> None:
    assert "redirect" in error_of(root + path).reason.lower()


@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/hostname",
        "ftp://127.0.0.1/feed",
        "data:text/xml,<rss/>",
        "javascript:alert(1)",
        "http://",
        "http://[",
        "",
    ],
)
def test_a_redirect_that_leads_off_the_web_is_an_error(root: str, to: str) -> None:
    assert error_of(f"{root}/redirect?to={to}").reason


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "the server answered 404 Not Found"),
        (410, "the server answered 410 Gone"),
        (500, "the server answered 500 Internal Server Error"),
        (503, "the server answered 503 Service Unavailable"),
    ],
)
def test_any_answer_but_200_is_an_error(root: str, status: int, said: str) -> None:
    url = f"{root}/status/{status}"
    assert str(error_of(url)) == f"{url}: {said}"


def test_what_a_server_says_is_fit_for_a_terminal(root: str) -> None:
    said = error_of(f"{root}/rude").reason
    assert said.startswith("the server answered 404 ")
    assert said.isprintable()
    assert len(said) < 400


@pytest.mark.parametrize("status", [201, 204, 206, 304, 299, 599])
def test_an_answer_without_a_document_is_an_error(root: str, status: int) -> None:
    said = error_of(f"{root}/status/{status}").reason
    assert said.startswith(f"the server answered {status}")
    assert said == said.strip()
    assert "None" not in said


def test_a_refused_connection_is_an_error(refused: str) -> None:
    assert (
        error_of(refused, private=True).reason == "can't connect to 127.0.0.1: Connection refused"
    )


@pytest.mark.parametrize("path", ["/truncated", "/hung-up"])
def test_a_broken_answer_is_an_error(root: str, path: str) -> None:
    assert error_of(root + path).reason.startswith("could not be fetched: ")


def test_what_is_not_compressed_as_it_says_is_an_error(root: str) -> None:
    assert error_of(f"{root}/badly-zipped").reason.startswith("can't be decompressed: ")


@pytest.mark.parametrize("path", ["/sized/1001", "/sized/200000", "/zipped/1001", "/endless"])
def test_a_document_over_the_bound_is_an_error(root: str, path: str) -> None:
    assert error_of(root + path).reason == "is larger than 1,000 bytes"


def test_a_small_answer_that_unfolds_over_the_bound_is_an_error(root: str) -> None:
    assert error_of(f"{root}/zipped/50000000").reason == "is larger than 1,000 bytes"


@pytest.mark.parametrize("path", ["/sized/1000", "/zipped/1000", "/sized/0"])
def test_a_document_of_exactly_the_bound_is_taken(root: str, path: str) -> None:
    size = int(path.rpartition("/")[2])
    assert fetched(root + path).body == b"x" * size


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/feed",
        "file:///etc/hostname",
        "data:text/xml,<rss/>",
        "127.0.0.1/feed",
        "//127.0.0.1/feed",
        "/feed",
        "http:",
        "http://",
        "http:///feed",
        "http://[::1",
        "garbage",
        "",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        fetched(url)
    assert caught.value.reason == "is no http or https address"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:port/",
        "http://127.0.0.1:-1/",
        "http://127.0.0.1:0/",
        "http://[::zz]/",
        "http://a b/",
        "http://\ud800/",
        "http://" + "a" * 70 + "\u00fc/",
    ],
)
def test_a_broken_address_is_an_error(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        fetched(url)
    assert caught.value.reason


def test_a_lone_surrogate_in_a_path_costs_only_its_address(root: str) -> None:
    _, good = all_of([f"{root}/\ud800", f"{root}/feed"])
    assert isinstance(good, web.Response)


def test_several_come_in_their_order_each_with_its_own_outcome(root: str, refused: str) -> None:
    urls = [
        f"{root}/feed",
        f"{root}/status/404",
        refused,
        f"{root}/truncated",
        "ftp://127.0.0.1/",
        f"{root}/redirect?to=/sized/5",
        f"{root}/feed",
    ]
    found = all_of(urls)
    bodies = [result.body if isinstance(result, web.Response) else None for result in found]
    assert bodies == [FEED, None, None, None, None, b"xxxxx", FEED]
    errors = {result.error.source for result in found if isinstance(result, web.Failure)}
    assert errors == set(urls[1:5])


def test_more_than_are_fetched_at_once_come_in_their_order(root: str) -> None:
    found = all_of([f"{root}/sized/{size}" for size in range(60)])
    assert [len(result.body) for result in found if isinstance(result, web.Response)] == [
        *range(60)
    ]


def test_nothing_asked_for_is_nothing() -> None:
    assert list(web.fetch_many([])) == []


def test_what_is_not_waited_for_is_given_up(root: str) -> None:
    requests = [web.Request(url=f"{root}/sized/{size}") for size in range(60)]
    outcomes = web.fetch_many(requests)
    number, first = next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    assert isinstance(first, web.Response)
    assert first.body == b"x" * number


def test_it_works_where_an_event_loop_runs_already(root: str) -> None:
    async def main() -> bytes:
        return fetched(f"{root}/feed").body

    assert asyncio.run(main()) == FEED
