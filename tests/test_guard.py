"""The guard and what else fetching owes others: no dial to what is not public, robots.txt, TLS."""

import asyncio
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from msgspec.structs import replace
from the_web import HOST, OTHER, Reply, TheWeb
from yarl import URL

import feedkit
from feedkit import web
from feedkit.errors import FetchError
from feedkit.store import open_store
from feedkit.web.guard import is_public
from feedkit.web.hop import ERRORS, TIMEOUTS, Hops, reason_of

FEED = (
    "<rss version='2.0'><channel><title>Blog</title><link>https://blog.example/</link>"
    "<description/><item><title>One</title><link>https://blog.example/1</link></item>"
    "</channel></rss>"
)

# each leads to this machine, or to where only it can reach
INSIDE = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "017700000001", "0",
    "LOCALHOST", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::1]", "[fe80::1]", "[fd00::1]", "10.0.0.1", "169.254.169.254", "192.168.1.1",
    "100.64.0.1", "224.0.0.1", "①②⑦.0.0.1",
]  # fmt: skip


class Here:
    """A server on loopback that says where redirects lead, and keeps what was asked."""

    def __init__(self) -> None:
        here = self
        self.asked: list[str] = []
        self.location = ""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                here.asked.append(self.path)
                if self.path == "/redirect":
                    self.send_response(302)
                    # as some servers do, in UTF-8
                    self.send_header("Location", here.location.encode().decode("latin-1"))
                    self.end_headers()
                else:
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(FEED.encode())

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture(scope="module")
def one_here() -> Iterator[Here]:
    here = Here()
    yield here
    here.close()


@pytest.fixture
def here(one_here: Here, the_web: TheWeb, monkeypatch: pytest.MonkeyPatch) -> Here:
    """A server on loopback that is asked directly."""
    monkeypatch.delenv("http_proxy")
    one_here.asked.clear()
    return one_here


class Names(AbstractResolver):
    """Finds the addresses it is told, one look-up after the other."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=self.addresses.pop(0),
                port=port,
                family=family,
                proto=0,
                flags=0,
            )
        ]

    async def close(self) -> None:
        pass


def assert_refused(url: str, **more: Any) -> None:
    """What is no usual way to write an address may also be refused as such."""
    said = reason(url, **more)
    assert "which is no public address" in said or said == "is no valid address"


def reason(url: str, **more: Any) -> str:
    """Why there is no document."""
    with pytest.raises(FetchError) as caught:
        web.fetch(web.Request(url=url, **more))
    return caught.value.reason


@pytest.mark.parametrize("host", INSIDE)
def test_what_is_not_public_is_not_dialled(here: Here, host: str) -> None:
    assert_refused(f"http://{host}:{here.port}/feed")
    assert here.asked == []


@pytest.mark.parametrize("host", INSIDE)
def test_a_redirect_to_what_is_not_public_is_not_followed(here: Here, host: str) -> None:
    here.location = f"http://{host}:{here.port}/feed"
    url = f"http://127.0.0.1:{here.port}/redirect"
    assert_refused(url, private=True)
    assert here.asked == ["/redirect"]


@pytest.mark.parametrize("host", INSIDE)
def test_what_is_not_public_is_not_asked_of_a_proxy(the_web: TheWeb, host: str) -> None:
    assert_refused(f"http://{host}/feed")
    the_web.pages[f"http://{HOST}/"] = Reply(status=302, headers={"Location": f"http://{host}/"})
    assert_refused(f"http://{HOST}/")
    assert the_web.urls() == [f"http://{HOST}/"]


def test_a_name_is_judged_by_what_it_leads_to_when_it_is_dialled(here: Here) -> None:
    url = f"http://blog.example:{here.port}/redirect"
    here.location = url.replace("redirect", "feed")
    request = web.Request(url=url, private=True)
    names = Names("127.0.0.1", "127.0.0.1")
    with pytest.raises(FetchError, match=r"leads to 127\.0\.0\.1, which is no public address"):
        web.fetch(request, resolver=names)
    assert names.addresses == []
    with pytest.raises(FetchError, match="no public address"):
        web.fetch(web.Request(url=url), resolver=Names("127.0.0.1"))
    assert here.asked == ["/redirect"]


def test_a_name_that_leads_inside_at_its_second_look_up_is_refused(the_web: TheWeb) -> None:
    url = "http://blog.example/"
    the_web.pages[url] = Reply(status=302, headers={"Location": url + "again"})
    with pytest.raises(FetchError, match=r"leads to 10\.0\.0\.1, which is no public address"):
        web.fetch(web.Request(url=url), resolver=Names("1.1.1.1", "10.0.0.1"))
    assert the_web.urls() == [url]


def test_what_one_source_may_reach_no_other_does(here: Here) -> None:
    url = f"http://127.0.0.1:{here.port}/feed"
    requests = [web.Request(url=url, private=private) for private in (True, False, True, False)]
    outcomes = dict(web.fetch_many(requests))
    kinds = [type(outcomes[number]) for number in range(4)]
    assert kinds == [web.Response, web.Failure, web.Response, web.Failure]
    assert here.asked == ["/feed"] * 2


def test_a_private_source_is_built_and_says_nothing_of_others(here: Here, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{here.port}/feed"
    path = tmp_path / "feedkit.toml"
    path.write_text(
        '[site]\ntitle = "Site"\nurl = "https://feeds.example/"\n'
        f'[[source]]\nname = "mine"\nurl = "{url}"\nprivate = true\n'
        f'[[source]]\nname = "other"\nurl = "{url}?"\n'
    )
    report = feedkit.build(path)
    assert [source.posts for source in report.sources] == [1, 0]
    assert "no public address" in report.sources[1].error


def test_where_a_private_source_moved_to_is_guarded(the_web: TheWeb, tmp_path: Path) -> None:
    """What was a public address when it was believed may lead inside later."""
    there = f"http://{HOST}/feed"
    inside = "http://127.0.0.1/feed"
    the_web.pages |= {there: Reply(FEED), inside: Reply(status=301, headers={"Location": there})}
    path = tmp_path / "feedkit.toml"
    path.write_text(
        '[site]\ntitle = "Site"\nurl = "https://feeds.example/"\n'
        f'[[source]]\nname = "mine"\nurl = "{inside}"\nprivate = true\n'
    )
    now = datetime(2026, 6, 1, tzinfo=UTC)
    for days in (0, 8):
        assert feedkit.build(path, now=now + timedelta(days=days)).posts == 1
    with open_store(tmp_path / ".feedkit.db") as store:
        known = store.fetches.all()["mine"]
        assert known.address == there
        store.fetches.keep("mine", replace(known, address=inside.replace("feed", "else")))
        store.commit()
    (result,) = feedkit.build(path, now=now + timedelta(days=9)).sources
    assert "no public address" in result.error


def test_reading_one_address_is_guarded_unless_told(here: Here) -> None:
    url = f"http://127.0.0.1:{here.port}/feed"
    with pytest.raises(FetchError, match="no public address"):
        feedkit.read(url)
    assert [post.title for post in feedkit.read(url, private=True).posts] == ["One"]
    command = [sys.executable, "-m", "feedkit", "read", url]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "no public address" in refused.stderr
    done = subprocess.run([*command, "--private"], capture_output=True, text=True, check=True)
    assert done.stdout == "\tOne\thttps://blog.example/1\n"


def test_a_name_and_password_in_an_address_are_sent_and_not_shown(the_web: TheWeb) -> None:
    url = f"http://{HOST}/feed"
    the_web.pages[url] = Reply(FEED)
    feed = feedkit.read(f"http://me:s3cret@{HOST}/feed")
    assert the_web.asked[0].headers["Authorization"] == "Basic bWU6czNjcmV0"
    assert "s3cret" not in repr(feed)
    with pytest.raises(FetchError) as caught:
        feedkit.read(f"http://me:s3cret@{HOST}/gone")
    assert "s3cret" not in str(caught.value)


def test_a_redirect_brings_no_name_and_password(the_web: TheWeb) -> None:
    there = f"http://{OTHER}/feed"
    the_web.pages[f"http://{HOST}/"] = Reply(
        status=302, headers={"Location": f"http://me:s3cret@{OTHER}/feed#part"}
    )
    the_web.pages[there] = Reply(FEED)
    assert web.fetch(web.Request(url=f"http://{HOST}/")).url == there
    assert "Authorization" not in the_web.asked[1].headers


def test_cookies_are_not_kept(the_web: TheWeb) -> None:
    url = "http://blog.example/feed"
    the_web.pages["http://blog.example/"] = Reply(
        status=302, headers={"Location": url, "Set-Cookie": "id=1"}
    )
    the_web.pages[url] = Reply(FEED)
    request = web.Request(url="http://blog.example/")
    assert web.fetch(request, resolver=Names("1.1.1.1", "1.1.1.1")).url == url
    assert "Cookie" not in the_web.asked[1].headers


PAGE = "<!doctype html><title>Archive</title>"
ROBOTS = f"http://{HOST}/robots.txt"


def test_robots_are_asked_before_a_page_once_for_its_site(the_web: TheWeb) -> None:
    pages = [f"http://{HOST}/{name}" for name in ("a", "b", "private")]
    the_web.pages |= {page: Reply(PAGE) for page in pages}
    the_web.pages[ROBOTS] = Reply("User-agent: feedkit\nDisallow: /private")
    requests = [web.Request(url=page, page=True) for page in pages]
    outcomes = dict(web.fetch_many(requests))
    assert [type(outcomes[n]) for n in range(3)] == [web.Response, web.Response, web.Failure]
    urls = the_web.urls()
    assert urls[0] == ROBOTS
    assert sorted(urls[1:]) == pages[:2]


def test_robots_are_asked_once_it_is_known_that_a_page_came(the_web: TheWeb) -> None:
    url = f"http://{HOST}/"
    the_web.pages |= {url: Reply(PAGE), ROBOTS: Reply("User-agent: *\nDisallow: /")}
    assert reason(url) == "is a page that robots.txt forbids to read"
    assert the_web.urls() == [url, ROBOTS]
    del the_web.pages[ROBOTS]
    assert web.fetch(web.Request(url=url)).body == PAGE.encode()


def test_robots_that_are_known_are_not_asked_for(the_web: TheWeb) -> None:
    url = f"http://{HOST}/"
    the_web.pages[url] = Reply(PAGE)
    robots = {f"http://{HOST}": b"User-agent: *\nDisallow: /a"}
    urls = (url, url + "a", f"http://{OTHER}/")
    requests = [web.Request(url=address, page=True) for address in urls]
    outcomes = dict(web.fetch_many(requests, robots=robots))
    kinds = [type(outcomes[number]) for number in range(3)]
    assert kinds == [web.Response, web.Failure, web.Failure]
    assert sorted(the_web.urls()) == [url, f"http://{OTHER}/", f"http://{OTHER}/robots.txt"]
    assert robots[f"http://{OTHER}"] == b""


@pytest.mark.parametrize("body", [FEED, "Tag archive: a\n"])
def test_robots_have_no_say_in_feeds(the_web: TheWeb, body: str) -> None:
    url = f"http://{HOST}/"
    the_web.pages[url] = Reply(body)
    web.fetch(web.Request(url=url))
    assert the_web.urls() == [url]


@pytest.mark.parametrize("reply", [Reply(status=500), Reply(b"#" * 600_000)])
def test_without_robots_that_should_be_there_no_page_is_read(the_web: TheWeb, reply: Reply) -> None:
    url = f"http://{HOST}/"
    the_web.pages |= {url: Reply(PAGE), ROBOTS: reply}
    assert "which comes first, can't be had" in reason(url, page=True)
    assert the_web.urls() == [ROBOTS]


def test_robots_may_be_elsewhere_but_not_inside(the_web: TheWeb) -> None:
    url = f"http://{HOST}/"
    there = f"http://{OTHER}/robots"
    the_web.pages |= {
        url: Reply(PAGE),
        ROBOTS: Reply(status=301, headers={"Location": there}),
        there: Reply("User-agent: *\nDisallow: /"),
    }
    assert "forbids" in reason(url, page=True)
    the_web.pages[ROBOTS] = Reply(status=301, headers={"Location": "http://127.0.0.1/robots"})
    assert "can't be had" in reason(url, page=True)
    the_web.pages[ROBOTS] = Reply(status=301, headers={"Location": ROBOTS})
    assert web.fetch(web.Request(url=url, page=True)).body == PAGE.encode()


def test_robots_of_a_private_source_may_not_lead_to_another(the_web: TheWeb) -> None:
    url = "http://127.0.0.1/"
    the_web.pages |= {
        url: Reply(PAGE),
        f"{url}robots.txt": Reply(status=301, headers={"Location": "http://10.0.0.1/"}),
    }
    assert "can't be had" in reason(url, page=True, private=True)
    assert the_web.urls() == [f"{url}robots.txt"]


@pytest.mark.parametrize("no_proxy", ["127.0.0.1", "*"])
def test_hosts_that_need_no_proxy_are_asked_directly(
    here: Here, monkeypatch: pytest.MonkeyPatch, no_proxy: str
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", no_proxy)
    web.fetch(web.Request(url=f"http://127.0.0.1:{here.port}/feed", private=True))
    assert here.asked == ["/feed"]


def test_a_proxy_that_is_not_there_is_an_error_that_hides_its_password(
    monkeypatch: pytest.MonkeyPatch, the_web: TheWeb
) -> None:
    monkeypatch.setenv("http_proxy", "http://me:s3cret@127.0.0.1:1")
    assert "s3cret" not in reason(f"http://{HOST}/")


@pytest.fixture
def https(tmp_path: Path) -> Iterator[str]:
    """A server whose certificate nobody vouches for."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("there is no openssl to make a certificate")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            try:
                connection, _ = listener.accept()
                with connection, context.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(4096)
            except OSError:
                pass  # whoever asked hung up, as it should

        thread = Thread(target=serve)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join()


def test_a_certificate_that_nobody_vouches_for_is_refused(https: str, here: Here) -> None:
    assert reason(https, private=True).startswith(
        "the certificate of 127.0.0.1 is not to be trusted: "
    )


def test_to_connect_to_read_and_all_of_it_take_their_time_only() -> None:
    for seconds in (TIMEOUTS.total, TIMEOUTS.sock_connect, TIMEOUTS.sock_read):
        assert 0 < (seconds or 0) <= 60


@pytest.mark.parametrize(
    "timeouts",
    [aiohttp.ClientTimeout(total=0.02), aiohttp.ClientTimeout(sock_read=0.02)],
    ids=["total", "read"],
)
def test_a_server_that_never_answers_is_given_up(
    here: Here, timeouts: aiohttp.ClientTimeout
) -> None:
    async def ask(port: int) -> None:
        hops = Hops("feedkit", timeouts=timeouts)
        try:
            await hops.ask(URL(f"http://127.0.0.1:{port}/"), {}, max_bytes=10, private=True)
        finally:
            await hops.close()

    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ERRORS) as caught:
        asyncio.run(ask(silent.getsockname()[1]))
    assert reason_of(caught.value) == "took too long"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("::ffff:8.8.8.8", True),
        ("::ffff:10.0.0.1", False),
        ("2002:808:808::1", True),
        ("2002:a00:1::1", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b::a00:1", False),
        ("2606:4700::1111", True),
        ("fe80::1%eth0", False),
        ("no address", False),
    ],
)
def test_an_address_wrapped_in_another_is_judged_by_the_one_inside(
    address: str, public: bool
) -> None:
    assert is_public(address) is public
