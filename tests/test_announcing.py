"""announcing: what a hub is told of changed feeds, and that a hub that fails costs nothing."""

import asyncio
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web as server
from the_web import HOST, OTHER, TheWeb

import feedkit
from feedkit.config import load_config
from feedkit.model import Problem
from feedkit.pipeline.announcing import announced
from feedkit.pipeline.forgetting import forget
from feedkit.web.announcing import announce

TOPIC = "https://feeds.example/atom.xml"
SOURCE = '[[source]]\npath = "posts.xml"\n'
Configure = Callable[..., Path]


class Hub:
    """A hub on loopback: keeps what it is told, and answers what it is to."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, str], dict[str, list[str]]]] = []
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        self.body = b""
        self.is_silent = False
        self.asked = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        self._ready.wait()

    @property
    def topics(self) -> list[str]:
        return [topic for _, _, form in self.told for topic in form["hub.url"]]

    def close(self) -> None:
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._closing.set)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _answer(self, request: server.BaseRequest) -> server.Response:
        form = parse_qs((await request.read()).decode())
        self.told.append((request.method, dict(request.headers), form))
        self.asked.set()
        if self.is_silent:
            await self._closing.wait()
        status = self.statuses.pop(0) if self.statuses else 204
        return server.Response(status=status, headers=self.headers, body=self.body)

    async def _start(self) -> server.ServerRunner:
        runner = server.ServerRunner(server.Server(self._answer), shutdown_timeout=0)
        await runner.setup()
        await server.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        return runner

    def _serve(self) -> None:
        runner = self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()


@pytest.fixture
def hub(the_web: TheWeb, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub that is dialled directly."""
    monkeypatch.delenv("http_proxy")
    hub = Hub()
    yield hub
    hub.close()


def reasons(*arguments: object, **more: object) -> list[str]:
    return [error.reason for error in announce(*arguments, **more)]


def test_a_hub_is_told_of_every_topic(hub: Hub) -> None:
    topics = [TOPIC, "https://feeds.example/tag/c%2B%2B/atom.xml?a=1&b=ü"]
    assert announce(hub.url, topics, agent="https://feeds.example/", private=True) == []
    ((method, headers, form),) = hub.told
    assert method == "POST"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert headers["User-Agent"] == f"feedkit/{feedkit.__version__} (+https://feeds.example/)"
    assert form == {"hub.mode": ["publish"], "hub.url": topics, "hub.topic": topics}


@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_status_of_success_will_do_whatever_is_said_with_it(hub: Hub, status: int) -> None:
    hub.statuses = [status]
    hub.body = b"" if status == 204 else b"x" * 1_000_000
    assert announce(hub.url, [TOPIC], private=True) == []


def test_many_topics_are_told_a_hundred_at_a_time(hub: Hub) -> None:
    topics = [f"https://feeds.example/tag/{number}/atom.xml" for number in range(201)]
    assert announce(hub.url, topics, private=True) == []
    assert [len(form["hub.url"]) for _, _, form in hub.told] == [100, 100, 1]
    assert hub.topics == topics


def test_without_topics_nothing_is_asked(hub: Hub) -> None:
    assert announce(hub.url, [], private=True) == []
    assert hub.told == []


def test_a_hub_that_refuses_some_is_told_of_the_others(hub: Hub) -> None:
    hub.statuses = [400, 204, 400]
    topics = [f"https://feeds.example/{number}" for number in range(201)]
    assert reasons(hub.url, topics, private=True) == [
        "the hub answered 400 Bad Request; 101 changed feeds were not announced"
    ]
    assert len(hub.told) == 3


@pytest.mark.parametrize("status", [429, 503])
def test_a_hub_that_has_too_much_is_told_no_more(hub: Hub, status: int) -> None:
    hub.statuses = [204, status]
    topics = [f"https://feeds.example/{number}" for number in range(301)]
    (reason,) = reasons(hub.url, topics, private=True)
    assert reason.startswith(f"the hub answered {status} ")
    assert reason.endswith("; 201 changed feeds were not announced")
    assert len(hub.told) == 2


def test_a_redirect_is_not_followed(hub: Hub) -> None:
    hub.statuses, hub.headers = [307], {"Location": hub.url}
    assert reasons(hub.url, [TOPIC], private=True) == [
        "the hub answered 307 Temporary Redirect: it leads elsewhere, which is not followed;"
        " 1 changed feed was not announced"
    ]
    assert len(hub.told) == 1


def test_a_hub_that_does_not_answer_is_given_up(hub: Hub) -> None:
    hub.is_silent = True
    topics = [f"https://feeds.example/{number}" for number in range(101)]
    expected = ["took too long; 101 changed feeds were not announced"]
    assert reasons(hub.url, topics, private=True, within=0.1) == expected
    each = aiohttp.ClientTimeout(total=0.1)
    assert reasons(hub.url, topics, private=True, timeouts=each) == expected
    assert len(hub.told) == 2


def test_an_interrupted_announcement_ends_at_once(hub: Hub) -> None:
    hub.is_silent = True
    code = "import sys; from feedkit.web.announcing import announce;"
    code += "announce(sys.argv[1], ['https://feeds.example/'], private=True)"
    with subprocess.Popen(
        [sys.executable, "-c", code, hub.url], stderr=subprocess.PIPE, text=True
    ) as running:
        hub.asked.wait()
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert said.endswith("KeyboardInterrupt\n")


def test_a_hub_that_is_not_there_is_said_to_be_so(hub: Hub) -> None:
    hub.close()
    (reason,) = reasons(hub.url, [TOPIC], private=True)
    assert reason.startswith("can't connect to 127.0.0.1: ")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "LOCALHOST"])
def test_a_hub_that_is_not_public_is_not_dialled(hub: Hub, host: str) -> None:
    (reason,) = reasons(hub.url.replace("127.0.0.1", host), [TOPIC])
    assert "no public address; a hub may only be there where hub_private = true" in reason
    assert hub.told == []


def test_a_proxy_carries_it_and_is_not_asked_for_what_is_not_public(the_web: TheWeb) -> None:
    (reason,) = reasons(f"http://{HOST}/hub", [TOPIC])
    assert reason == "the hub answered 404 Not Found; 1 changed feed was not announced"
    assert the_web.urls() == [f"http://{HOST}/hub"]
    (reason,) = reasons("http://127.0.0.1/hub", [TOPIC])
    assert "no public address" in reason
    assert the_web.urls() == []


@pytest.mark.parametrize("url", ["http://[", "ftp://hub.example/", "http://h\N{DIGIT ONE}/ x:y"])
def test_an_address_that_is_none_is_a_failure_like_any_other(hub: Hub, url: str) -> None:
    (reason,) = reasons(url, [TOPIC])
    assert reason.endswith("; 1 changed feed was not announced")


# as a build calls it


def test_feeds_that_changed_are_announced_by_their_public_addresses(
    hub: Hub, configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "feedkit")
    path = configure(SOURCE, site=f'hub = "{hub.url}"\nhub_private = true')
    changed = ["atom.xml", "tag/a/rss.xml", "feeds.opml", "feed/b/feed.json"]
    assert announced(load_config(path).site, changed) == []
    assert hub.topics == [
        "https://feeds.example/atom.xml",
        "https://feeds.example/tag/a/rss.xml",
        "https://feeds.example/feed/b/feed.json",
    ]
    (record,) = caplog.records
    assert (record.event, record.hub, record.feeds) == ("announced", hub.url, 3)


def test_what_goes_wrong_is_a_line(
    hub: Hub, configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "feedkit")
    path = configure(SOURCE, site=f'hub = "{hub.url}"')
    (problem,) = announced(load_config(path).site, ["atom.xml"])
    assert isinstance(problem, Problem)
    assert problem.subject == hub.url
    assert problem.reason.endswith("; 1 changed feed was not announced")
    assert hub.told == []
    (record,) = caplog.records
    assert (record.event, record.reason) == ("not_announced", problem.reason)


def test_without_a_hub_or_a_changed_feed_nothing_is_asked(hub: Hub, configure: Configure) -> None:
    assert announced(load_config(configure(SOURCE)).site, ["atom.xml"]) == []
    path = configure(SOURCE, site=f'hub = "{hub.url}"\nhub_private = true')
    assert announced(load_config(path).site, ["feeds.opml"]) == []
    assert hub.told == []


@pytest.mark.parametrize("name", ["atom", "rss", "json"])
def test_the_feeds_of_a_site_name_its_hub(the_web: TheWeb, configure: Configure, name: str) -> None:
    path = configure(SOURCE, site=f'formats = ["{name}"]\nhub = "https://{OTHER}/"')
    (path.parent / "posts.xml").write_text(
        "<rss><channel><item><title>One</title><link>https://blog.example/1</link>"
        "<category>a</category></item></channel></rss>"
    )
    report = feedkit.build(path, now=datetime(2026, 6, 1, tzinfo=UTC))
    assert len(report.written) == 2
    for written in report.written:
        feed = feedkit.read(report.out / written)
        assert feed.hub == f"https://{OTHER}/"


def test_a_build_announces_what_it_changed_and_no_more(hub: Hub, configure: Configure) -> None:
    def of_site(title: str) -> str:
        return (
            f"<rss><channel><title>Blog</title><item><title>{title}</title>"
            "<guid isPermaLink='false'>1</guid><category>a</category></item></channel></rss>"
        )

    path = configure(SOURCE, site=f'hub = "{hub.url}"\nhub_private = true')
    posts = path.parent / "posts.xml"
    posts.write_text(of_site("One"))
    now = datetime(2026, 6, 1, tzinfo=UTC)
    feedkit.build(path, now=now, dry_run=True)
    assert hub.told == []
    report = feedkit.build(path, now=now)
    assert hub.topics == [f"https://feeds.example/{name}" for name in report.written]
    assert len(hub.topics) == 4
    hub.told.clear()
    feedkit.build(path, now=now, force=True)
    assert hub.told == []
    # a hub that fails costs a line
    posts.write_text(of_site("Two"))
    hub.statuses = [500]
    report = feedkit.build(path, now=now + timedelta(days=1))
    assert [problem.subject for problem in report.problems] == [hub.url]
    assert (report.exit_code, len(report.written)) == (0, 4)


def test_what_is_taken_down_is_announced(hub: Hub, configure: Configure) -> None:
    path = configure(SOURCE, site=f'hub = "{hub.url}"\nhub_private = true')
    (path.parent / "posts.xml").write_text(
        "<rss><channel><item><title>One</title><link>https://blog.example/1</link></item>"
        "<item><title>Two</title><link>https://blog.example/2</link></item></channel></rss>"
    )
    feedkit.build(path)
    hub.told.clear()
    assert forget(path, ["https://blog.example/1"]).known == ("https://blog.example/1",)
    assert hub.topics == ["https://feeds.example/atom.xml", "https://feeds.example/rss.xml"]
