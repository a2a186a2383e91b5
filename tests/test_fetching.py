"""Fetching in builds: what is asked for and when, and that nothing moves whatever servers do."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from the_web import HOST, OTHER, Asked, Reply, TheWeb

import feedkit
from feedkit.pipeline.status import SourceStatus, source_status
from feedkit.store import open_store

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FEED = f"http://{HOST}/feed"
MOVED = f"http://{OTHER}/feed"
LOGIN = '<!DOCTYPE html><form><input name="p" type="password"></form>'

Configure = Callable[..., Path]


def rss(*numbers: int, more: str = "") -> str:
    items = "".join(
        f"<item><title>Post {n}</title><guid isPermaLink='false'>{n}</guid>"
        f"<link>/posts/{n}</link><category>a</category>"
        f"<pubDate>Sat, 0{n} Jun 2024 00:00:00 GMT</pubDate></item>"
        for n in numbers
    )
    return (
        f"<rss version='2.0'><channel><title>Blog</title><link>https://blog.example/</link>"
        f"<description/>{more}{items}</channel></rss>"
    )


def source(url: str = FEED, name: str = "blog", more: str = "") -> str:
    return f'[[source]]\nname = "{name}"\nurl = "{url}"\n{more}\n'


def output(path: Path) -> dict[str, tuple[int, bytes]]:
    """The files there are, with the time of their last change and their bytes."""
    folder = path.parent / "public"
    return {
        str(file.relative_to(folder)): (file.stat().st_mtime_ns, file.read_bytes())
        for file in folder.rglob("*")
        if file.is_file()
    }


def only_status(path: Path) -> SourceStatus:
    (status,) = source_status(path)
    return status


def redirect(to: str, status: int = 301) -> Reply:
    return Reply(status=status, headers={"Location": to})


def conditional(asked: Asked) -> Reply:
    """A server that knows its validators."""
    validators = {"ETag": 'W/"ä, odd"', "Last-Modified": "some time, long ago"}
    sent = asked.headers.get("If-None-Match"), asked.headers.get("If-Modified-Since")
    if sent == tuple(validators.values()):
        return Reply(status=304)
    return Reply(rss(1), headers=validators)


def test_validators_are_sent_back_to_the_letter_and_not_modified_changes_nothing(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source())
    the_web.pages[FEED] = conditional
    feedkit.build(path, now=NOW)
    before = output(path)
    for day in (1, 4, 7):
        report = feedkit.build(path, now=NOW + day * DAY)
        assert (report.posts, report.written, report.exit_code) == (1, (), 0)
    assert [asked.headers.get("If-None-Match") for asked in the_web.asked] == [
        None,
        *['W/"ä, odd"'] * 3,
    ]
    assert output(path) == before
    # a server may say "not modified" of what was: each eight days it is asked for the whole
    feedkit.build(path, now=NOW + 8 * DAY)
    assert "If-None-Match" not in the_web.asked[-1].headers
    feedkit.build(path, now=NOW + 9 * DAY)
    assert "If-None-Match" in the_web.asked[-1].headers
    assert output(path) == before


def test_validators_are_kept_only_once_the_document_was_read(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source())
    for body in ("no feed", LOGIN, rss(1)[:-40], rss()):
        the_web.pages[FEED] = Reply(rss(1, 2))
        feedkit.build(path, now=NOW, force=True)
        the_web.pages[FEED] = Reply(body, headers={"ETag": '"broken"'})
        report = feedkit.build(path, now=NOW + DAY)
        assert report.posts == 2
        the_web.asked.clear()
        feedkit.build(path, now=NOW + 2 * DAY)
        assert len(the_web.asked) == 1
        assert "If-None-Match" not in the_web.asked[0].headers


def test_an_etag_that_changes_while_the_body_does_not_costs_one_download(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source())
    tags = iter(["1", "2", "3"])
    now_at = ['""']

    def fickle(asked: Asked) -> Reply:
        if asked.headers.get("If-None-Match") == now_at[0]:
            return Reply(status=304)
        now_at[0] = f'"{next(tags)}"'
        return Reply(rss(1), headers={"ETag": now_at[0]})

    the_web.pages[FEED] = fickle
    feedkit.build(path, now=NOW)
    before = output(path)
    now_at[0] = '"changed"'
    feedkit.build(path, now=NOW + DAY)
    assert now_at[0] == '"2"'
    for day in (2, 3, 4):
        assert feedkit.build(path, now=NOW + day * DAY).posts == 1
    assert next(tags) == "3"
    assert output(path) == before


def test_nothing_moves_whatever_a_server_does(configure: Configure, the_web: TheWeb) -> None:
    path = configure(source(more='fail_after = "30d"'))
    good = Reply(rss(1, 2), headers={"ETag": '"1"'})
    the_web.pages[FEED] = good
    feedkit.build(path, now=NOW)
    before = output(path)
    steps = [
        (Reply("?", 403, {"cf-mitigated": "challenge"}), "a challenge for browsers"),
        (Reply("<html><body>Moved house</body></html>"), "an HTML page came where the feed was"),
        (Reply(rss()), ""),
        (redirect(f"http://{OTHER}/login"), "a login page came where the feed was"),
        (good, ""),
    ]
    the_web.pages[f"http://{OTHER}/login"] = Reply(LOGIN)
    for day, (reply, reason) in enumerate(steps, 1):
        the_web.pages[FEED] = reply
        report = feedkit.build(path, now=NOW + 2 * day * DAY)
        assert reason in report.sources[0].error
        assert bool(reason) == bool(report.sources[0].error)
        assert (report.posts, report.written, report.exit_code) == (2, (), 0)
        assert output(path) == before
        assert only_status(path).address == ""
        assert only_status(path).moving_to == ""
    assert the_web.urls()[-1] == FEED
    assert only_status(path).state == "ok"


def test_a_source_is_asked_for_when_it_is_due_and_until_then_its_posts_stand(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source())
    the_web.pages[FEED] = Reply(rss(1), headers={"Cache-Control": "max-age=7200"})
    feedkit.build(path, now=NOW)
    state = (path.parent / ".feedkit.db").read_bytes()
    before = output(path)
    the_web.urls()
    for minutes in (0, 10, 60, 110):
        report = feedkit.build(path, now=NOW + timedelta(minutes=minutes))
        assert (report.posts, report.sources[0].asked) == (1, False)
    assert the_web.urls() == []
    assert (path.parent / ".feedkit.db").read_bytes() == state
    assert output(path) == before
    # a run that comes a little early is in time
    assert feedkit.build(path, now=NOW + 2 * HOUR - timedelta(seconds=30)).sources[0].asked
    assert the_web.urls() == [FEED]


@pytest.mark.parametrize(
    ("headers", "more", "wait"),
    [
        ({}, "", timedelta(minutes=30)),
        ({"Cache-Control": "public, max-age=3600", "Age": "600"}, "", timedelta(minutes=50)),
        ({"Cache-Control": "max-age=31536000"}, "", DAY),
        ({"Expires": format_datetime(NOW + 5 * HOUR, usegmt=True)}, "", None),
        ({"Cache-Control": "max-age=60"}, "<ttl>240</ttl>", 4 * HOUR),
        ({"Cache-Control": "no-cache"}, "<ttl>0</ttl>", timedelta(minutes=30)),
    ],
)
def test_headers_and_feeds_decide_when_a_source_is_due(
    configure: Configure,
    the_web: TheWeb,
    headers: dict[str, str],
    more: str,
    wait: timedelta | None,
) -> None:
    path = configure(source())
    if wait is None:
        headers, wait = {**headers, "Date": format_datetime(NOW, usegmt=True)}, 5 * HOUR
    the_web.pages[FEED] = Reply(rss(1, more=more), headers=headers)
    feedkit.build(path, now=NOW)
    assert only_status(path).due == NOW + wait


def test_the_wait_of_a_feed_counts_for_answers_without_one_too(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source())
    the_web.pages[FEED] = Reply(rss(1, more="<ttl>240</ttl>"), headers={"ETag": '"1"'})
    feedkit.build(path, now=NOW)
    the_web.pages[FEED] = Reply(status=304)
    feedkit.build(path, now=NOW + DAY)
    assert only_status(path).due == NOW + DAY + 4 * HOUR


@pytest.mark.parametrize(
    ("hours", "days", "due"),
    [
        # NOW is Monday, 0:00; without any it would be 0:30
        ([], [], NOW + HOUR / 2),
        ([1, 2, 3], ["Sunday"], NOW + HOUR / 2),
        ([0, 1, 2, 23], [], NOW + 3 * HOUR),
        ([0, 2], [], NOW + HOUR),
        ([], ["Monday"], NOW + DAY),
        # no longer than it may be left alone at most
        ([], ["Monday", "Tuesday"], NOW + DAY),
        (range(24), [], NOW + DAY),
    ],
)
def test_hours_and_days_to_be_skipped_are(
    configure: Configure, the_web: TheWeb, hours: Iterable[int], days: list[str], due: datetime
) -> None:
    path = configure(source())
    more = "<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in hours) + "</skipHours>"
    more += "<skipDays>" + "".join(f"<day>{day}</day>" for day in days) + "</skipDays>"
    the_web.pages[FEED] = Reply(rss(1, more=more), headers={"ETag": '"1"'})
    feedkit.build(path, now=NOW)
    assert only_status(path).due == due
    # also after an answer that does not repeat them, the same again, and a failure
    for reply in (Reply(status=304), Reply(rss(1, more=more)), Reply(status=500)):
        the_web.pages[FEED] = reply
        feedkit.build(path, now=NOW, force=True)
        assert only_status(path).due == due


def test_a_feed_that_no_longer_skips_is_asked_for_as_others(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source())
    more = "<skipHours><hour>0</hour><hour>1</hour></skipHours>"
    the_web.pages[FEED] = Reply(rss(1, more=more))
    feedkit.build(path, now=NOW)
    assert only_status(path).due == NOW + 2 * HOUR
    the_web.pages[FEED] = Reply(rss(1, 2))
    feedkit.build(path, now=NOW, force=True)
    assert only_status(path).due == NOW + HOUR / 2


def test_bounds_are_configured_for_all_sources_and_for_one(
    configure: Configure, the_web: TheWeb
) -> None:
    bounds = '[fetch]\nevery = "2h"\nwithin = "3h"\n'
    path = configure(bounds + source() + source(MOVED, "own", 'every = "0s"'))
    the_web.pages[FEED] = Reply(rss(1))
    the_web.pages[MOVED] = Reply(rss(2), headers={"Cache-Control": "max-age=90000"})
    feedkit.build(path, now=NOW)
    assert [status.due for status in source_status(path)] == [NOW + 2 * HOUR, NOW + 3 * HOUR]
    the_web.pages[MOVED] = Reply(rss(2))
    feedkit.build(path, now=NOW, only=["own"])
    assert [status.due for status in source_status(path)] == [NOW + 2 * HOUR, NOW]


def test_failures_are_asked_for_ever_more_rarely_but_for_good(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source(more='fail_after = "2d"'))
    waits = []
    now = NOW
    for _ in range(9):
        report = feedkit.build(path, now=now)
        status = only_status(path)
        assert status.due is not None
        assert (status.state, report.sources[0].failing_since) == ("failing", NOW)
        waits.append((status.due - now) / HOUR)
        now = status.due
    assert waits == [0.5, 1, 2, 4, 8, 16, 24, 24, 24]
    assert report.exit_code == 1
    assert only_status(path).failures == 9
    # also a run that does not ask says how long it fails
    the_web.urls()
    report = feedkit.build(path, now=now - HOUR)
    assert (the_web.urls(), report.exit_code) == ([], 1)
    assert "404 Not Found" in report.sources[0].error
    the_web.pages[FEED] = Reply(rss(1))
    assert feedkit.build(path, now=now).exit_code == 0
    assert (only_status(path).state, only_status(path).failures) == ("ok", 0)


def test_while_nobody_answers_nobody_is_to_wait(
    configure: Configure, the_web: TheWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = configure(source() + source(MOVED, "other"))
    the_web.pages |= {FEED: Reply(rss(1))}
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    for number in range(3):
        now = NOW + number * HOUR
        feedkit.build(path, now=now)
        for status in source_status(path):
            assert (status.state, status.failing_since, status.failures) == ("failing", NOW, 0)
            assert status.due == now + timedelta(minutes=30)
    monkeypatch.setenv("http_proxy", the_web.proxy)
    for number in range(3, 6):
        feedkit.build(path, now=NOW + number * HOUR, force=True)
    assert [(status.state, status.failures) for status in source_status(path)] == [
        ("ok", 0),
        ("failing", 3),
    ]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("said", ["7200", format_datetime(NOW + 2 * HOUR, usegmt=True), ""])
def test_a_host_that_has_too_much_is_left_alone_as_a_whole(
    configure: Configure, the_web: TheWeb, status: int, said: str
) -> None:
    urls = [f"http://{HOST}/{number}" for number in range(5)]
    elsewhere = f"http://{OTHER}/"
    path = configure("".join(source(url, url[-1]) for url in urls) + source(elsewhere, "other"))
    headers = {"Retry-After": said} if said else {}
    the_web.pages |= {url: Reply("", status, headers) for url in urls}
    the_web.pages[elsewhere] = redirect(urls[2], 302)
    report = feedkit.build(path, now=NOW)
    asked = the_web.urls()
    # one of them learned it for all
    assert len([url for url in asked if url != elsewhere]) == 1
    assert [bool(result.error) for result in report.sources].count(True) == 1
    wait = 2 * HOUR if said else timedelta(minutes=30)
    feedkit.build(path, now=NOW + wait - timedelta(minutes=2))
    assert set(the_web.urls()) <= {elsewhere}
    feedkit.build(path, now=NOW + wait)
    assert set(the_web.urls()) & set(urls)


def test_gone_retires_a_source_and_says_so(configure: Configure, the_web: TheWeb) -> None:
    path = configure(source(more='fail_after = "0s"'))
    the_web.pages[FEED] = Reply(rss(1))
    feedkit.build(path, now=NOW)
    before = output(path)
    the_web.pages[FEED] = Reply(status=410)
    report = feedkit.build(path, now=NOW + DAY)
    assert ["410" in problem.reason for problem in report.problems] == [True]
    the_web.urls()
    for days in (2, 400, 4000):
        report = feedkit.build(path, now=NOW + days * DAY)
        assert (report.exit_code, report.posts, report.problems) == (0, 1, ())
        assert report.sources[0].retired
    assert the_web.urls() == []
    assert (only_status(path).state, only_status(path).due) == ("retired", None)
    assert output(path) == before
    the_web.pages[FEED] = Reply(rss(1))
    report = feedkit.build(path, now=NOW + 4001 * DAY, only=["blog"])
    assert (report.sources[0].retired, report.sources[0].error) == (False, "")
    assert only_status(path).state == "ok"


def test_a_temporary_redirect_to_what_is_gone_retires_nothing(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source())
    the_web.pages[FEED] = redirect(MOVED, 302)
    the_web.pages[MOVED] = Reply(status=410)
    feedkit.build(path, now=NOW)
    assert only_status(path).state == "failing"


@pytest.mark.parametrize("statuses", [(301,), (308, 301)])
def test_a_permanent_move_is_told_at_once_and_believed_after_a_week(
    configure: Configure, the_web: TheWeb, statuses: tuple[int, ...]
) -> None:
    path = configure(source())
    the_web.pages[FEED] = Reply(rss(1, 2))
    feedkit.build(path, now=NOW)
    before = output(path)
    chain = [FEED, *(f"http://{HOST}/hop{n}" for n in range(len(statuses) - 1)), MOVED]
    for start, status, end in zip(chain, statuses, chain[1:], strict=False):
        the_web.pages[start] = redirect(end, status)
    the_web.pages[MOVED] = Reply(rss(1, 2))
    told = []
    for day in (1, 2, 7):
        report = feedkit.build(path, now=NOW + day * DAY)
        told += [problem.reason for problem in report.problems]
        assert (only_status(path).address, only_status(path).moving_to) == ("", MOVED)
    assert len(told) == 1
    assert MOVED in told[0]
    report = feedkit.build(path, now=NOW + 8 * DAY)
    assert [MOVED in problem.reason for problem in report.problems] == [True]
    assert (only_status(path).address, only_status(path).moving_to) == (MOVED, "")
    the_web.urls()
    feedkit.build(path, now=NOW + 9 * DAY)
    assert the_web.urls() == [MOVED]
    assert output(path) == before
    with open_store(path.parent / ".feedkit.db") as store:
        assert store.fetches.moves("blog") == [(NOW + 8 * DAY, MOVED)]
    # what is learned at an address that has failed for a week is given up
    the_web.pages[FEED] = Reply(rss(1, 2))
    del the_web.pages[MOVED]
    for day in (10, 12, 17, 18):
        feedkit.build(path, now=NOW + day * DAY)
    assert (only_status(path).state, only_status(path).address) == ("ok", "")
    assert output(path) == before


@pytest.mark.parametrize(
    "between",
    [
        {FEED: redirect(MOVED, 302)},
        {FEED: redirect(MOVED, 307)},
        {FEED: Reply(rss(1))},
        {MOVED: Reply(rss())},
        {MOVED: Reply(LOGIN)},
        {MOVED: Reply("", 500)},
        {FEED: redirect(f"http://{OTHER}/else"), f"http://{OTHER}/else": Reply(rss(1))},
        {MOVED: redirect(f"http://{OTHER}/else", 302), f"http://{OTHER}/else": Reply(rss(1))},
    ],
)
def test_a_move_that_did_not_hold_for_all_of_a_week_is_not_believed(
    configure: Configure, the_web: TheWeb, between: dict[str, Reply]
) -> None:
    path = configure(source())
    settled = {FEED: redirect(MOVED), MOVED: Reply(rss(1))}
    addresses = []
    for day in (0, 4, 5, 11, 12):
        the_web.pages.clear()
        the_web.pages |= {**settled, **between} if day == 4 else settled
        feedkit.build(path, now=NOW + day * DAY)
        addresses.append(only_status(path).address)
    # the week begins anew on day 5
    assert addresses == ["", "", "", "", MOVED]


def test_headers_of_one_origin_are_not_seen_by_another(
    configure: Configure, the_web: TheWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", "s3cret")
    more = 'headers = { X-Key = "k-{env:KEY}", Accept-Language = "sv" }\nauth = "me:{env:KEY}"'
    path = configure(source(more=more))
    back = f"http://{HOST}/back"
    the_web.pages[FEED] = redirect(f"http://{HOST}/near", 302)
    the_web.pages[f"http://{HOST}/near"] = redirect(MOVED, 302)
    the_web.pages[MOVED] = redirect(back, 302)
    the_web.pages[back] = Reply(rss(1), headers={"ETag": '"private"'})
    assert feedkit.build(path, now=NOW).posts == 1
    seen = [
        (asked.headers.get("X-Key"), asked.headers.get("Authorization")) for asked in the_web.asked
    ]
    # what was dropped on the way out does not come back
    assert seen == [("k-s3cret", "Basic bWU6czNjcmV0")] * 2 + [(None, None)] * 2
    assert "s3cret" not in (path.parent / ".feedkit.db").read_bytes().decode("latin-1")
    # validators are for the address that gave them alone
    the_web.asked.clear()
    feedkit.build(path, now=NOW + DAY)
    assert [asked.headers.get("If-None-Match") for asked in the_web.asked] == [
        None, None, None, '"private"',
    ]  # fmt: skip


def test_headers_are_not_sent_to_where_a_source_moved(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source(more='auth = "me:s3cret"'))
    the_web.pages |= {FEED: redirect(MOVED), MOVED: Reply(rss(1))}
    for day in (0, 7, 8):
        feedkit.build(path, now=NOW + day * DAY)
    assert only_status(path).address == MOVED
    assert {
        asked.headers.get("Authorization") for asked in the_web.asked if asked.url == MOVED
    } == {None}


def test_a_missing_variable_costs_its_source_and_is_named(
    configure: Configure, the_web: TheWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KEY", raising=False)
    path = configure(source(more='auth = "me:{env:KEY}"') + source(MOVED, "other"))
    the_web.pages |= {FEED: Reply(rss(1)), MOVED: Reply(rss(2))}
    report = feedkit.build(path, now=NOW)
    assert report.sources[0].error == ("blog: needs the environment variable KEY, which is not set")
    assert [source.posts for source in report.sources] == [0, 1]
    # once it is set, the next build asks
    monkeypatch.setenv("KEY", "s3cret")
    assert feedkit.build(path, now=NOW).posts == 2


def test_who_asks_is_told(configure: Configure, the_web: TheWeb) -> None:
    path = configure(source())
    feedkit.build(path, now=NOW)
    assert the_web.asked[0].headers["User-Agent"] == (
        f"feedkit/{feedkit.__version__} (+https://feeds.example/)"
    )


def test_one_connection_at_a_time_for_a_host(configure: Configure, the_web: TheWeb) -> None:
    urls = [f"http://{host}/{n}" for n in range(30) for host in (HOST, OTHER)]
    path = configure("".join(source(url, str(n)) for n, url in enumerate(urls)))
    the_web.pages |= {url: Reply(rss(1 + n % 9)) for n, url in enumerate(urls)}
    report = feedkit.build(path, now=NOW)
    assert [source.posts for source in report.sources] == [1] * 60
    assert the_web.at_once == {HOST: 1, OTHER: 1}


def test_force_asks_for_all_and_whole_and_a_name_for_one(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source() + source(MOVED, "other"))
    the_web.pages |= {FEED: conditional, MOVED: conditional}
    feedkit.build(path, now=NOW)
    the_web.asked.clear()
    feedkit.build(path, now=NOW, force=True)
    assert {asked.url for asked in the_web.asked} == {FEED, MOVED}
    assert not [asked for asked in the_web.asked if "If-None-Match" in asked.headers]
    the_web.urls()
    report = feedkit.build(path, now=NOW, only=["other"])
    assert [asked.headers.get("If-None-Match") for asked in the_web.asked] == ['W/"ä, odd"']
    assert the_web.urls() == [MOVED]
    assert [(source.posts, source.asked) for source in report.sources] == [(1, False), (1, True)]
    with pytest.raises(
        feedkit.ConfigError, match="no source is named 'othr'; did you mean 'other'"
    ):
        feedkit.build(path, now=NOW, only=["othr"])


def test_a_source_whose_configuration_changes_is_read_anew_at_once(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source())
    the_web.pages |= {FEED: conditional, MOVED: Reply(rss(2))}
    feedkit.build(path, now=NOW)
    the_web.asked.clear()
    configure(source(more='timezone = "Europe/Stockholm"\ntags = ["x"]'))
    feedkit.build(path, now=NOW)
    assert [asked.headers.get("If-None-Match") for asked in the_web.asked] == [None]
    the_web.urls()
    configure(source(more='timezone = "Europe/Stockholm"\ntags = ["y"]\nlimit = 3'))
    feedkit.build(path, now=NOW)
    assert the_web.urls() == []
    configure(source(MOVED, more='timezone = "Europe/Stockholm"'))
    feedkit.build(path, now=NOW)
    assert the_web.urls() == [MOVED]


def test_a_feed_may_be_replaced_by_a_page_where_its_address_is_changed(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source())
    the_web.pages |= {FEED: Reply(rss(1)), MOVED: Reply("<!doctype html>")}
    feedkit.build(path, now=NOW)
    configure(source(MOVED))
    (result,) = feedkit.build(path, now=NOW).sources
    # what a page is read as is not for fetching to say
    assert "page came where" not in result.error
    assert result.posts == 1


def test_robots_are_asked_for_once_a_day(configure: Configure, the_web: TheWeb) -> None:
    path = configure(source())
    the_web.pages[FEED] = Reply("<!doctype html>")
    for hours in (0, 2, 23, 25):
        feedkit.build(path, now=NOW + hours * HOUR, force=True)
    robots = f"http://{HOST}/robots.txt"
    assert the_web.urls() == [FEED, robots, FEED, FEED, FEED, robots]


def test_a_changed_configuration_that_fails_is_not_asked_for_in_each_build(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source())
    for _ in range(3):
        feedkit.build(path, now=NOW)
    assert the_web.urls() == [FEED]


def test_an_output_that_cannot_be_written_costs_servers_nothing(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(source(), site='out = "file/public"')
    the_web.pages[FEED] = Reply(rss(1))
    (path.parent / "file").write_text("in the way")
    for _ in range(2):
        with pytest.raises(feedkit.PublishError):
            feedkit.build(path, now=NOW)
    assert the_web.urls() == [FEED]
    (path.parent / "file").unlink()
    assert feedkit.build(path, now=NOW).posts == 1
    assert (path.parent / "file" / "public" / "tag" / "a" / "atom.xml").exists()


def test_a_bomb_and_one_byte_too_many_are_errors(configure: Configure, the_web: TheWeb) -> None:
    path = configure(source() + source(MOVED, "other"))
    bomb = gzip.compress(b"<rss>" + b" " * 60_000_000)
    assert len(bomb) < 60_000
    whole = rss(1).encode()
    bound = 32 * 1024 * 1024
    the_web.pages[FEED] = Reply(bomb, headers={"Content-Encoding": "gzip"})
    the_web.pages[MOVED] = Reply(whole + b" " * (bound + 1 - len(whole)))
    report = feedkit.build(path, now=NOW)
    for result in report.sources:
        assert result.error.endswith("is larger than 33,554,432 bytes")
    the_web.pages[MOVED] = Reply(whole + b" " * (bound - len(whole)))
    assert feedkit.build(path, now=NOW, force=True).sources[1].posts == 1


def test_the_state_of_each_source_is_shown(configure: Configure, the_web: TheWeb) -> None:
    path = configure(
        source() + source(MOVED, "other") + '[[source]]\nname = "file"\npath = "f.xml"\n'
    )
    assert [status.state for status in source_status(path)] == ["new", "new", "new"]
    assert not (path.parent / ".feedkit.db").exists()
    (path.parent / "f.xml").write_text(rss(5, 6, 7))
    the_web.pages[FEED] = Reply(rss(1, 2))
    feedkit.build(path, now=NOW)

    def run(*arguments: str) -> list[str]:
        command = [sys.executable, "-m", "feedkit", "status", str(path), *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, check=True
        ).stdout.splitlines()

    assert [line.split("\t") for line in run()] == [
        ["blog", "ok", "2", "2026-06-01 00:00", "2026-06-01 00:30", ""],
        ["other", "failing", "0", "", "2026-06-01 00:30", "the server answered 404 Not Found"],
        ["file", "ok", "3", "2026-06-01 00:00", "", ""],
    ]
    the_web.pages |= {FEED: redirect(MOVED), MOVED: Reply(rss(1))}
    feedkit.build(path, now=NOW + HOUR)
    assert run()[0].split("\t")[-1] == f"says it moved to {MOVED}"
    feedkit.build(path, now=NOW + 8 * DAY)
    assert run()[0].split("\t")[-1] == f"moved to {MOVED}"
    first = json.loads(run("--json")[0])
    assert (first["name"], first["due"]) == ("blog", "2026-06-09T00:30:00Z")


def test_what_happens_is_logged_with_its_source(
    configure: Configure, the_web: TheWeb, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "feedkit")

    def events(now: datetime) -> list[str]:
        caplog.clear()
        feedkit.build(path, now=now)
        told = [record for record in caplog.records if hasattr(record, "source")]
        assert {record.source for record in told} == {"blog"}
        assert all(record.getMessage().startswith("blog: ") for record in told)
        return [record.event for record in told]

    path = configure(source())
    the_web.pages[FEED] = conditional
    assert events(NOW) == ["fetched", "read", "scheduled"]
    assert events(NOW) == ["not_due"]
    assert events(NOW + HOUR) == ["not_modified", "scheduled"]
    the_web.pages |= {FEED: redirect(MOVED), MOVED: Reply(rss(1))}
    assert events(NOW + 2 * HOUR) == ["fetched", "scheduled", "moving"]
    assert events(NOW + 8 * DAY) == ["fetched", "scheduled", "moved"]
    the_web.pages[MOVED] = Reply(status=503)
    assert events(NOW + 9 * DAY) == ["failed"]
    (failed,) = (record for record in caplog.records if record.event == "failed")
    assert (failed.status, failed.failures, failed.due) == (503, 1, "2026-06-10T00:30:00Z")
    (answered,) = (record for record in caplog.records if record.event == "answered")
    assert (answered.url, answered.status, answered.levelname) == (MOVED, 503, "DEBUG")
