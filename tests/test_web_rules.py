"""web's decisions, which need no server: what is public, due, whole, refused, kept secret."""

import gzip
import sys
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedkit.errors import FetchError
from feedkit.model import WEEKDAYS
from feedkit.web.caching import (
    Bounds,
    fresh_for,
    is_due,
    retry_after,
    validators,
    when_due,
    when_to_retry,
)
from feedkit.web.decoding import Body, Undecodable
from feedkit.web.guard import is_public
from feedkit.web.refusals import challenge, is_page, page_reason
from feedkit.web.robots import Robots, rules_of
from feedkit.web.secrets import (
    auth_objection,
    headers_objection,
    secret_headers,
    without_password,
)
from feedkit.web.skips import after_skips, skips_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOUNDS = Bounds()

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "192.31.196.10", "100.63.255.255", "172.32.0.1", "223.255.255.255",
    "2606:4700:4700::1111", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
    "2002:808:808::1",
]  # fmt: skip

NOT_PUBLIC = [
    # this host, private, shared, loopback, link-local
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1",
    "127.0.0.1", "127.255.255.254", "169.254.169.254",
    # protocol assignments, documentation, benchmarking, the old 6to4 relays
    "192.0.0.1", "192.0.0.8", "192.0.0.170", "192.0.2.1", "198.51.100.1", "203.0.113.1",
    "198.18.0.1", "198.19.255.255", "192.88.99.1",
    # multicast, reserved, broadcast
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    # the same in IPv6
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1",
    "ff0e::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "4000::1", "2001::1", "2001:2::1",
    # IPv4 inside: mapped, compatible, 6to4, NAT64, translated, and NAT64 of one's own network
    "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "::127.0.0.1",
    "2002:7f00:1::1", "2002:a00:1::1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::8.8.8.8", "64:ff9b:1::a00:1",
    # no address at all
    "", "localhost", "2130706433", "0177.0.0.1", "127.1", "1.2.3.4.5",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_as_itself(address: object) -> None:
    number = int(address)  # type: ignore[call-overload]
    high, low = number >> 16, number & 0xFFFF
    plain = is_public(str(address))
    assert is_public(f"::ffff:{address}") == plain
    assert is_public(f"64:ff9b::{address}") == plain
    assert is_public(f"2002:{high:x}:{low:x}::1") == plain
    assert not is_public(f"::{address}")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "max-age=60"}, 60),
        ({"cache-control": 'public,max-age="90", must-revalidate'}, 90),
        ({"cache-control": "Max-Age = 60"}, 60),
        ({"cache-control": "s-maxage=99"}, 0),
        ({"cache-control": "max-age=60, no-cache"}, 0),
        ({"cache-control": "no-store"}, 0),
        ({"cache-control": 'no-cache="Set-Cookie", max-age=60'}, 60),
        ({"cache-control": "max-age=60", "age": "20"}, 40),
        ({"cache-control": "max-age=60", "age": "200"}, 0),
        ({"cache-control": "max-age=60", "age": "soon"}, 60),
        ({"cache-control": "max-age=-1"}, 0),
        ({"cache-control": "max-age=" + "9" * 5000}, 3650 * 86400),
        ({"cache-control": "max-age=60", "expires": format_datetime(NOW + HOUR)}, 60),
        ({"expires": format_datetime(NOW + HOUR)}, 3600),
        ({"expires": format_datetime(NOW - HOUR)}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "Thu, 01 Jan 99999 00:00:00 GMT"}, 0),
        # the server's clock counts, not ours
        ({"expires": format_datetime(NOW), "date": format_datetime(NOW - HOUR)}, 3600),
        ({"expires": "Mon, 01 Jun 2026 01:00:00", "date": "-"}, 3600),
    ],
)
def test_how_long_an_answer_says_it_is_fresh(headers: dict[str, str], seconds: int) -> None:
    assert fresh_for(headers, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta(0)),
        (format_datetime(NOW + HOUR, usegmt=True), HOUR),
        (format_datetime(NOW - HOUR, usegmt=True), timedelta(0)),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("²", None),
        ("9" * 30, timedelta(days=3650)),
    ],
)
def test_how_long_a_server_asks_to_wait(said: str, wait: timedelta | None) -> None:
    assert retry_after({"retry-after": said}, NOW) == wait


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.dictionaries(
        st.sampled_from(["cache-control", "expires", "age", "date", "retry-after"]),
        st.one_of(
            st.text(max_size=30),
            st.integers(-10, 10**20).map(str),
            st.integers(-10, 10**20).map("max-age={}".format),
            st.datetimes().map(lambda date: format_datetime(date.replace(tzinfo=UTC))),
        ),
    ),
    st.none() | st.integers(0, 10**30),
    st.integers(1, 10**6),
)
def test_whatever_is_said_the_bounds_hold(
    headers: dict[str, str], ttl: int | None, failures: int
) -> None:
    for due in (
        when_due(headers, ttl=ttl, bounds=BOUNDS, now=NOW),
        when_to_retry(failures, headers, bounds=BOUNDS, now=NOW),
    ):
        assert NOW + BOUNDS.every <= due <= NOW + BOUNDS.within


def test_the_latest_of_what_is_said_counts() -> None:
    headers = {"cache-control": "max-age=7200", "retry-after": "10800"}
    assert when_due(headers, ttl=None, bounds=BOUNDS, now=NOW) == NOW + 3 * HOUR
    assert when_due(headers, ttl=300, bounds=BOUNDS, now=NOW) == NOW + 5 * HOUR
    short = Bounds(every=HOUR, within=timedelta(0))
    assert when_due(headers, ttl=300, bounds=short, now=NOW) == NOW + HOUR


def test_a_retry_waits_twice_as_long_each_time_and_as_long_as_it_is_asked_to() -> None:
    def waits(headers: dict[str, str], bounds: Bounds = BOUNDS) -> list[float]:
        return [
            (when_to_retry(n, headers, bounds=bounds, now=NOW) - NOW) / HOUR for n in (1, 2, 3, 9)
        ]

    assert waits({}) == [0.5, 1, 2, 24]
    assert waits({"retry-after": "3600"}) == [1, 1, 2, 24]
    assert waits({}, Bounds(every=timedelta(0)))[:3] == [1 / 60, 2 / 60, 4 / 60]


def test_a_source_is_due_from_a_minute_before_its_time() -> None:
    assert is_due(None, NOW)
    assert is_due(NOW + timedelta(seconds=60), NOW)
    assert not is_due(NOW + timedelta(seconds=61), NOW)


def test_validators_are_what_was_received_or_nothing() -> None:
    assert validators({"etag": 'W/"x" ', "last-modified": "whenever"}) == ('W/"x" ', "whenever")
    assert validators({"etag": "a\r\nb", "last-modified": "\udcff"}) == ("", "")
    assert validators({}) == ("", "")


def _deflate_bare(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def _members(data: bytes) -> bytes:
    half = len(data) // 2
    return gzip.compress(data[:half]) + gzip.compress(data[half:]) + b"\0" * 7


def _frames(data: bytes) -> bytes:
    half = len(data) // 2
    return zstd.compress(data[:half]) + zstd.compress(data[half:])


COMPRESSED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "none": ("", bytes),
    "identity": ("identity", bytes),
    "gzip": ("gzip", gzip.compress),
    "members": ("x-gzip", _members),
    "deflate": ("deflate", zlib.compress),
    "bare": ("Deflate", _deflate_bare),
    "br": ("br", brotli.compress),
    "zstd": ("zstd, identity", zstd.compress),
    "frames": ("zstd", _frames),
}


def decoded(encoding: str, data: bytes, *, max_bytes: int = 10**9, step: int = 1000) -> bytes:
    body = Body(encoding, max_bytes=max_bytes)
    for start in range(0, len(data), step):
        body.add(data[start : start + step])
    return body.end()


@pytest.mark.parametrize(("encoding", "compress"), COMPRESSED.values(), ids=COMPRESSED)
@settings(max_examples=30, deadline=None, derandomize=True)
@given(data=st.binary(max_size=3000), repeated=st.integers(1, 200), step=st.integers(1, 4000))
def test_a_body_comes_out_as_it_went_in_however_it_arrives(
    encoding: str, compress: Callable[[bytes], bytes], data: bytes, repeated: int, step: int
) -> None:
    data *= repeated
    assert decoded(encoding, compress(data), step=step) == data


@pytest.mark.parametrize(("encoding", "compress"), COMPRESSED.values(), ids=COMPRESSED)
@pytest.mark.parametrize("size", [100, 3_000_000])
def test_the_bound_holds_to_the_byte(
    encoding: str, compress: Callable[[bytes], bytes], size: int
) -> None:
    data = compress(b"x" * size)
    bound = max(size, len(data))  # a small body is larger when it is compressed
    assert decoded(encoding, data, max_bytes=bound) == b"x" * size
    with pytest.raises(Undecodable, match="is larger than"):
        decoded(encoding, data, max_bytes=min(size, bound) - 1)


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [pair for name, pair in COMPRESSED.items() if name not in ("none", "identity")],
    ids=[name for name in COMPRESSED if name not in ("none", "identity")],
)
def test_what_ends_too_early_is_never_taken_for_whole(
    encoding: str, compress: Callable[[bytes], bytes]
) -> None:
    half = bytes(range(256)) * 2
    data = compress(half * 2).rstrip(b"\0")
    # a cut between two parts can't be told from an end
    between = {len(gzip.compress(half)), len(zstd.compress(half))}
    many = compress in (_members, _frames)
    for end in sorted({*range(1, len(data))} - (between if many else set())):
        with pytest.raises(Undecodable, match="can't be decompressed"):
            decoded(encoding, data[:end])


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_what_is_no_compressed_data_is_an_error(encoding: str) -> None:
    with pytest.raises(Undecodable, match="can't be decompressed"):
        decoded(encoding, b"<rss>" * 100)


@pytest.mark.parametrize("encoding", ["gzip, br", "compress", "gzip;q=1", "*"])
def test_an_encoding_that_was_not_offered_is_an_error(encoding: str) -> None:
    with pytest.raises(Undecodable, match="which can't be read"):
        Body(encoding, max_bytes=10)


@pytest.mark.parametrize(
    ("encoding", "part"), [("gzip", gzip.compress(b"", mtime=0)), ("zstd", zstd.compress(b""))]
)
def test_a_body_of_very_many_parts_is_an_error(encoding: str, part: bytes) -> None:
    assert decoded(encoding, part * 100) == b""
    with pytest.raises(Undecodable, match="more than 100"):
        decoded(encoding, part * 101)


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        (b"<!DOCTYPE html><html>", True),
        (b"\xef\xbb\xbf \n<!doctype HTML>", True),
        (b'<?xml version="1.0"?><!-- x --><html xmlns="x">', True),
        ("<!doctype html><p>".encode("utf-16"), True),
        (b"<head><title>", True),
        (b"<rss><channel><description>&lt;html>", False),
        (b"<?xml version='1.0'?><!-- <html> --><rss>", False),
        (b"<feed><title type='xhtml'><html>", False),
        (b'{"title": "<html>"}', False),
        (b"<htmlish>", False),
        (b"", False),
    ],
)
def test_a_page_is_known_by_its_beginning(body: bytes, is_one: bool) -> None:
    assert is_page(body) == is_one


def test_a_login_page_is_known_by_its_password() -> None:
    assert "login" in page_reason(b"<html><input name=p type=password>")
    assert "login" not in page_reason(b"<html><p>password</p><input type=text>")


@pytest.mark.parametrize(
    ("headers", "is_one"),
    [
        ({"cf-mitigated": "challenge"}, True),
        ({"cf-mitigated": "Challenge "}, True),
        ({"x-amzn-waf-action": "captcha"}, True),
        ({"server": "cloudflare"}, False),
        ({}, False),
    ],
)
def test_a_challenge_is_known_by_its_headers(headers: dict[str, str], is_one: bool) -> None:
    assert challenge(headers) == is_one


def test_robots_rules_are_those_for_us_else_those_for_all() -> None:
    rules = Robots(b"User-agent: *\nDisallow: /\n\nUser-agent: feedkit\nDisallow: /*.php$\n")
    assert rules.allow("https://blog.example/archive")
    assert not rules.allow("https://blog.example/archive.php")
    for_all = Robots(b"\xff\xfeUser-agent: *\nDisallow: /private\nAllow: /private/open")
    assert for_all.allow("https://blog.example/private/open/1")
    assert Robots(b"").allow("https://blog.example/")


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_a_robots_file_all_is_allowed(status: int) -> None:
    assert rules_of(status, b"User-agent: *\nDisallow: /") == b""


@pytest.mark.parametrize("status", [0, 302, 429, 500, 503])
def test_with_a_robots_file_that_cannot_be_had_nothing_is(status: int) -> None:
    assert rules_of(status, b"") is None


def test_variables_stand_in_headers_and_passwords() -> None:
    environment = {"A": "x", "B_2": "y:z"}
    sent = secret_headers({"X-Key": "{env:A}-{env:B_2}{}"}, "{env:A}:{env:B_2}:ü", environment)
    assert sent == {"X-Key": "x-y:z{}", "Authorization": "Basic eDp5Ono6w7w="}
    assert secret_headers({}, "", {}) == {}


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\0", "\udcff"])
def test_what_cannot_stand_in_a_header_is_an_error_that_shows_nothing(value: str) -> None:
    with pytest.raises(FetchError) as caught:
        secret_headers({"X-Key": "{env:A}"}, "", {"A": value})
    assert caught.value.reason == "what X-Key is set to can't stand in a header"


@pytest.mark.parametrize(
    ("headers", "auth", "reason"),
    [
        ({"X Key": ""}, "", "is no name of a header: 'X Key'"),
        ({"": ""}, "", "is no name of a header: ''"),
        ({"Host": "x"}, "", "is for feedkit to say: 'Host'"),
        ({"if-none-match": "x"}, "", "is for feedkit to say: 'if-none-match'"),
        ({"X-Key": "", "x-key": ""}, "", "names a header twice"),
        ({}, "me", 'must be a name and a password, as in "name:{env:PASSWORD}"'),
        ({}, "{env:BOTH}", 'must be a name and a password, as in "name:{env:PASSWORD}"'),
        ({"authorization": "x"}, "me:x", "there is a header Authorization already"),
        ({"Cookie": "a=b"}, "me:{env:P}", ""),
    ],
)
def test_headers_and_passwords_are_checked(headers: dict[str, str], auth: str, reason: str) -> None:
    assert (headers_objection(headers) or auth_objection(auth, headers)) == reason


def test_names_in_addresses_are_taken_out() -> None:
    assert without_password("https://me:p%40ss@blog.example:8443/feed?x#y") == (
        "https://blog.example:8443/feed?x#y",
        "me:p@ss",
    )
    assert without_password("https://me@blog.example/") == ("https://blog.example/", "me:")
    assert without_password("https://blog.example/@me") == ("https://blog.example/@me", "")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    due=st.datetimes(
        min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)
    ),
    hours=st.lists(st.sampled_from(range(24)), max_size=24),
    days=st.lists(st.sampled_from(WEEKDAYS), max_size=7),
    wait=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9)),
)
def test_what_is_skipped_is_left_by_the_first_hour_that_is_not_or_at_the_latest(
    due: datetime, hours: list[int], days: list[str], wait: timedelta
) -> None:
    def is_skipped(moment: datetime) -> bool:
        return moment.hour in hours or WEEKDAYS[moment.weekday()] in days

    latest = due + wait
    found = after_skips(due, skips_of(hours, days), latest)
    assert due <= found <= latest
    assert found == latest or not is_skipped(found)
    passed = due
    while passed < found:
        assert is_skipped(passed)
        passed += timedelta(minutes=60 - passed.minute) - timedelta(
            seconds=passed.second, microseconds=passed.microsecond
        )
