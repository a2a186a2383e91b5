"""Dates, addresses, HTML and XML from outside are read strictly and come out safe."""

import locale
import re
import time
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedkit._dates import (
    day_comes_first,
    is_far_ahead,
    read_date,
    rfc822,
    rfc3339,
    to_utc,
)
from feedkit._html import Cleaner, clean_html, collapse, excerpt, players_to_links, to_text
from feedkit._urls import is_web, slug_of, web_url, without_scheme
from feedkit._xml import legal

# every kind of character, lone surrogates and forbidden ones included
anything = st.text(st.characters(exclude_categories=()))
thorough = settings(max_examples=200, deadline=None)

# --- dates


@pytest.fixture(params=["UTC", "Europe/Stockholm", "America/St_Johns", "XYZ-5", "EST5EDT"])
def process_zone(request, monkeypatch):
    """The zone of the whole process: none of the dates' business."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


WRITTEN = [
    ("2023-06-22", "2023-06-22T00:00:00Z"),
    ("2023-6-2", "2023-06-02T00:00:00Z"),
    ("20230622", "2023-06-22T00:00:00Z"),
    ("2023/06/22", "2023-06-22T00:00:00Z"),
    ("2023.06.22", "2023-06-22T00:00:00Z"),
    ("22.06.2023", "2023-06-22T00:00:00Z"),
    ("22-Jun-2023", "2023-06-22T00:00:00Z"),
    ("22 June 2023", "2023-06-22T00:00:00Z"),
    ("Jun 22, 2023", "2023-06-22T00:00:00Z"),
    ("June 22nd, 2023", "2023-06-22T00:00:00Z"),
    ("Thursday 22nd of June 2023", "2023-06-22T00:00:00Z"),
    ("  2023-06-22\n", "2023-06-22T00:00:00Z"),
    ("5/6/2023", "2023-05-06T00:00:00Z"),
    ("22/6/2023", "2023-06-22T00:00:00Z"),
    ("2023-06-22T10:15:30Z", "2023-06-22T10:15:30Z"),
    ("2023-06-22t10:15:30z", "2023-06-22T10:15:30Z"),
    ("2023-06-22 10:15", "2023-06-22T10:15:00Z"),
    ("20230622T101530Z", "2023-06-22T10:15:30Z"),
    ("2023-06-22T10:15:30.999999Z", "2023-06-22T10:15:30Z"),
    ("2023-06-22T10:15:30+02:00", "2023-06-22T08:15:30Z"),
    ("2023-06-22T10:15:30-0330", "2023-06-22T13:45:30Z"),
    ("2023-06-22T23:30:00-05", "2023-06-23T04:30:00Z"),
    ("Thu, 22 Jun 2023 10:15:30 GMT", "2023-06-22T10:15:30Z"),
    ("Thu, 22 Jun 2023 10:15:30 UT", "2023-06-22T10:15:30Z"),
    ("Thu, 22 Jun 2023 10:15:30 +0200", "2023-06-22T08:15:30Z"),
    ("Thu, 22 Jun 2023 10:15:30 +0000 (UTC)", "2023-06-22T10:15:30Z"),
    ("Thu, 22 Jun 2023 10:15:30 CEST", "2023-06-22T08:15:30Z"),
    ("Thu, 22 Jun 2023 10:15:30 EST", "2023-06-22T15:15:30Z"),
    ("Thu, 22 Jun 2023 10:15:30 PDT", "2023-06-22T17:15:30Z"),
    ("June 22, 2023 at 5:30 pm", "2023-06-22T17:30:00Z"),
    ("2023-06-22 12:30 AM", "2023-06-22T00:30:00Z"),
    ("2023-06-22 12:30 PM", "2023-06-22T12:30:00Z"),
    ("1970-01-01", "1970-01-01T00:00:00Z"),
    ("2024-02-29", "2024-02-29T00:00:00Z"),
    ("2099-12-31T23:59:59Z", "2099-12-31T23:59:59Z"),
]


@pytest.mark.parametrize(("text", "moment"), WRITTEN)
def test_a_date_is_read_in_utc(text, moment):
    read = read_date(text)
    assert read == datetime.fromisoformat(moment)
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "yesterday",
        "2023",
        "June 2023",
        "2023-06",
        "22 June",
        "6/22",
        "12:00",
        "Thursday 2023",
        "22 Jun 23",
        "0000-00-00",
        "0001-01-01",
        "1700000000",
        "1700000000000",
        "2023-13-01",
        "2023-02-30",
        "2023-02-29",
        "2023-06-00",
        "2023-06-22T25:00:00Z",
        "2023-06-22 13:00 PM",
        "2023-06-22 10:00 XYZ",
        "2023-06-22T10:00:00+9999",
        "2023-06-22T10:00:00+24:00",
        "2023-06-22 or so",
        "posted on 2023-06-22 by Ann",
        "22 Foo 2023",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+01:00",
        "1899-06-22",
        "3023-06-22",
        "2023-06-22" + " " * 100 + "10:00",
        "2023-06-22 10:00 " + "9" * 90,
    ],
)
def test_what_is_not_certainly_a_date_is_none(text):
    assert read_date(text) is None


@pytest.mark.parametrize(
    "text", ["Thu Jun 22 2023 10:00:00 GMT+0200", "2023-06-22 10:00:00 UTC+02:00"]
)
def test_an_offset_behind_the_name_of_utc_is_not_turned_round(text):
    assert read_date(text) == datetime(2023, 6, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "mar, 03 mar 2020 10:00:00 +0100",
        "mar., 03 mars 2020 10:00 +0100",
        "Di, 03 März 2020 10:00:00 MEZ",
        "sáb, 03 mar 2020 10:00 +0100",
        "03.03.2020 10:00 +0100",
        "3 mars 2020 à 10:00 +0100",
    ],
)
def test_weekdays_of_the_world_cost_no_date(text):
    assert read_date(text) == datetime(2020, 3, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize("text", ["12.05.2020", "12. 5. 2020", "12.05.2020 00:00"])
def test_a_day_with_dots_comes_first(text):
    assert read_date(text) == datetime(2020, 5, 12, tzinfo=UTC)


def test_a_player_in_a_comment_is_none():
    markup = '<!-- <iframe src="https://x.example/"> --><p>kept</p>'
    assert clean_html(markup) == "<p>kept</p>"
    assert players_to_links(markup) == markup


def test_a_date_without_a_zone_is_in_the_zone_given():
    stockholm = ZoneInfo("Europe/Stockholm")
    assert read_date("2023-06-22 10:00", stockholm) == datetime(2023, 6, 22, 8, tzinfo=UTC)
    assert read_date("2023-12-22 10:00", stockholm) == datetime(2023, 12, 22, 9, tzinfo=UTC)
    assert read_date("2023-06-22 10:00 Z", stockholm) == datetime(2023, 6, 22, 10, tzinfo=UTC)
    assert read_date("1970-01-01", stockholm) is None


def test_the_day_comes_first_where_the_caller_says_so():
    june = datetime(2023, 6, 5, tzinfo=UTC)
    assert read_date("5/6/2023", dayfirst=True) == june
    assert read_date("05.06.2023", dayfirst=True) == june
    assert read_date("6/22/2023", dayfirst=True) == datetime(2023, 6, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2023-06-05", "2023-6-5", "2023/06/05", "20230605", "2023-06-05T00:00:00Z"]
)
def test_the_month_follows_a_year_that_comes_first_whatever_the_caller_says(text):
    assert read_date(text, dayfirst=True) == datetime(2023, 6, 5, tzinfo=UTC)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process can't be set here")
def test_the_zone_of_the_process_is_no_fact_about_a_date(process_zone):
    assert [read_date(text) for text, _ in WRITTEN] == [
        datetime.fromisoformat(moment) for _, moment in WRITTEN
    ]
    assert read_date("2023-06-22 10:00 XYZ") is None
    moment = datetime(2023, 6, 22, 12, tzinfo=ZoneInfo("Europe/Stockholm"))
    assert rfc3339(moment) == "2023-06-22T10:00:00Z"
    assert rfc822(moment) == "Thu, 22 Jun 2023 10:00:00 +0000"


@thorough
@given(st.text("0123456789-/.:, +TZampJune2hu'()%\n") | anything, st.booleans())
def test_reading_a_date_never_fails_and_gives_whole_seconds_of_utc(text, dayfirst):
    read = read_date("2023-06-22 " + text, dayfirst=dayfirst)
    assert read is None or (read.tzinfo is UTC and not read.microsecond and read.year >= 1970)


@thorough
@given(
    st.datetimes(
        datetime(1970, 1, 2),
        datetime(2099, 12, 30),
        timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m))),
    )
)
def test_what_is_written_is_read_again(moment):
    moment = moment.replace(microsecond=0)
    assert read_date(moment.isoformat()) == moment
    assert read_date(rfc822(moment)) == moment
    assert read_date(rfc3339(moment)) == moment


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", False),
        ("2023-06-22", False),
        ("5/6/2023", False),
        ("5.6.2023", True),
        ("13/6/2023", True),
        ("5/6/2023 13/6/2023", True),
        ("13-6-2023", True),
        ("6/13/2023", False),
        ("6/13/2023 13/6/2023", False),
        ("5.6.2023 6/13/2023", False),
        ("13/6-2023", False),
        ("13/6/20233", False),
    ],
)
def test_one_date_tells_whether_the_day_comes_first(text, first):
    assert day_comes_first(text.split()) is first


def test_moments_out_of_range_are_none():
    assert to_utc(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1)))) is None
    assert to_utc(datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-2)))) is None
    assert to_utc(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) is None
    assert to_utc(datetime(1970, 1, 1, tzinfo=UTC)) == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ahead", "far"),
    [
        (timedelta(days=-400), False),
        (timedelta(), False),
        (timedelta(days=1), False),
        (timedelta(days=1, seconds=1), True),
        (timedelta(days=40000), True),
    ],
)
def test_more_than_a_day_ahead_is_far_ahead(ahead, far):
    now = datetime(2023, 6, 22, tzinfo=UTC)
    assert is_far_ahead(now + ahead, now) is far


@pytest.mark.parametrize(
    ("moment", "in_rss", "in_atom"),
    [
        (
            datetime(2023, 1, 2, 3, 4, 5, tzinfo=UTC),
            "Mon, 02 Jan 2023 03:04:05 +0000",
            "2023-01-02T03:04:05Z",
        ),
        (
            datetime(2023, 6, 22, 1, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2))),
            "Wed, 21 Jun 2023 23:00:00 +0000",
            "2023-06-21T23:00:00Z",
        ),
        (datetime(1, 1, 1, tzinfo=UTC), "Mon, 01 Jan 0001 00:00:00 +0000", "0001-01-01T00:00:00Z"),
        (
            datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
            "Fri, 31 Dec 9999 23:59:59 +0000",
            "9999-12-31T23:59:59Z",
        ),
    ],
)
def test_dates_are_written_in_utc(moment, in_rss, in_atom):
    assert rfc822(moment) == in_rss
    assert rfc3339(moment) == in_atom


def test_dates_are_written_in_english_under_every_locale_there_is():
    days = [datetime(2023, month, month, tzinfo=UTC) for month in range(1, 13)]
    expected = [
        *("Sun, 01 Jan", "Thu, 02 Feb", "Fri, 03 Mar", "Tue, 04 Apr", "Fri, 05 May", "Tue, 06 Jun"),
        *("Fri, 07 Jul", "Tue, 08 Aug", "Sat, 09 Sep", "Tue, 10 Oct", "Sat, 11 Nov", "Tue, 12 Dec"),
    ]
    before = locale.setlocale(locale.LC_ALL)
    try:
        for name in ("C", "C.UTF-8", "de_DE.UTF-8", "fr_FR.UTF-8", "sv_SE.UTF-8", "ar_SA.UTF-8"):
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:
                continue
            assert [rfc822(day)[:11] for day in days] == expected
            assert rfc3339(days[2]) == "2023-03-03T00:00:00Z"
            assert read_date("Fri, 03 Mar 2023") == days[2]
    finally:
        locale.setlocale(locale.LC_ALL, before)


# --- addresses


@pytest.mark.parametrize(
    "url",
    ["http://x", "https://x.example/", "HTTPS://X.EXAMPLE", "http://[::1]/", "https://ü.example"],
)
def test_an_absolute_address_with_a_host_is_of_the_web(url):
    assert is_web(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x.example",
        "//x.example",
        "/a",
        "http:",
        "http://",
        "http:///a",
        "http://?a",
        "http://#a",
        "http:// x",
        "http://:80/",
        "http://@/",
        "http:x.example",
        "http://[::1",
        "http://[x]/",
        " http://x",
        "ftp://x.example",
        "mailto:a@x.example",
        "javascript://x.example/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
    ],
)
def test_anything_else_is_not_of_the_web(url):
    assert not is_web(url)


@pytest.mark.parametrize(
    ("written", "base", "url"),
    [
        ("https://x.example/a", "", "https://x.example/a"),
        ("  https://x.example/a\n", "", "https://x.example/a"),
        ("https://x.exam\nple/\ta\r", "", "https://x.example/a"),
        ("https://x.example/a b", "", "https://x.example/a%20b"),
        ("https://x.example/%20%7e", "", "https://x.example/%20%7e"),
        ("https://x.example/é?q=ü", "", "https://x.example/%C3%A9?q=%C3%BC"),
        ('https://x.example/"><b>', "", "https://x.example/%22%3E%3Cb%3E"),
        ("https://x.example/{a}|\\^`", "", "https://x.example/%7Ba%7D%7C%5C%5E%60"),
        ("https://x.example/\x00\x7f", "", "https://x.example/%00%7F"),
        ("https://x.example/\ud800", "", "https://x.example/%3F"),
        ("/a", "https://x.example/b/c", "https://x.example/a"),
        ("a", "https://x.example/b/c", "https://x.example/b/a"),
        ("../a", "https://x.example/b/c/d", "https://x.example/b/a"),
        ("?q=1", "https://x.example/b/c", "https://x.example/b/c?q=1"),
        ("#f", "https://x.example/b", "https://x.example/b#f"),
        ("//y.example/a", "https://x.example/", "https://y.example/a"),
        ("https://y.example/a", "https://x.example/", "https://y.example/a"),
        ("", "https://x.example/", ""),
        (" \n", "https://x.example/", ""),
        ("/a", "", ""),
        ("a.example/b", "", ""),
        ("//y.example/a", "", ""),
        ("/a", "ftp://x.example/", ""),
        ("javascript:alert(1)", "https://x.example/", ""),
        ("java\nscript:alert(1)", "https://x.example/", ""),
        ("\x01javascript:alert(1)", "", ""),
        ("data:text/html,x", "https://x.example/", ""),
        ("mailto:a@x.example", "https://x.example/", ""),
        ("https://[::1", "https://x.example/", ""),
        ("//[", "https://x.example/", ""),
        ("https://", "", ""),
        ("https://reader:secret@x.example:8080/a@b", "", "https://x.example:8080/a@b"),
        ("a", "https://reader:secret@x.example/b/", "https://x.example/b/a"),
        ("https://good.example@evil.example/", "", "https://evil.example/"),
        ("https://a@b@x.example/", "", ""),
        ("https://x.example./a", "", "https://x.example/a"),
        ("https://x.example:65535/", "", "https://x.example:65535/"),
        ("https://x.example:65536/", "", ""),
        ("https://x.example:" + "9" * 5000, "", ""),
        ("https://Bücher.example/", "", "https://xn--bcher-kva.example/"),
        ("https://\u2603\u2603.example/", "", ""),
        ("https://x y.example/", "", ""),
        ("https://[0:0::1]:80/a", "", "https://[::1]:80/a"),
        ("https://[::g]/", "", ""),
        ("https://x.example/?a[]=1&amp;b=%zz", "", "https://x.example/?a%5B%5D=1&b=%25zz"),
        ("https://x.example/#a#b", "", "https://x.example/#a%23b"),
        ("HTTPS://x.example/", "", "https://x.example/"),
    ],
)
def test_an_address_becomes_absolute_or_nothing(written, base, url):
    assert web_url(written, base) == url


@thorough
@given(anything | anything.map("https://x.example/".__add__), st.sampled_from(["", "http://b/c"]))
def test_an_address_is_of_the_web_or_empty_and_stays_what_it_became(written, base):
    url = web_url(written, base)
    assert url == "" or is_web(url)
    assert not re.search(r"[\x00-\x20\x7f\"<>\\^`{|}\ud800-\udfff]", url)
    assert web_url(url, base) == url


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://x.example/a/", "x.example/a"),
        ("http://www.x.example", "x.example"),
        ("HTTPS://WWW.x.example//", "x.example"),
        (" https://www.www.example/ ", "www.example"),
        ("x.example/https://y.example", "x.example/https://y.example"),
        ("", ""),
    ],
)
def test_addresses_are_compared_without_scheme_www_and_last_slash(url, bare):
    assert without_scheme(url) == bare


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("  --Hello__World--  ", "hello-world"),
        ("Don't stop: it’s `new`", "dont-stop-its-new"),
        ("Crème brûlée", "creme-brulee"),
        ("CRE\u0300ME", "creme"),
        ("C++ & C#", "c-c"),
        ("10 000 users", "10-000-users"),
        ("snake _ case: _x_", "snake-case-x"),
        ("ﬁne ①", "fine-1"),
        ("a/b\\c?d#e%f", "a-b-c-d-e-f"),
        ("../../etc/passwd", "etc-passwd"),
        ("\ud800", ""),
        ("!?", ""),
        ("", ""),
        ("日本", "%E6%97%A5%E6%9C%AC"),
        ("Привет мир", "%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82-%D0%BC%D0%B8%D1%80"),
    ],
)
def test_a_title_becomes_the_part_of_an_address_that_blogs_make_of_it(title, slug):
    assert slug_of(title) == slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("हिन्दी", "%E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80"),
        ("ガイド", "%E3%82%AC%E3%82%A4%E3%83%89"),
        ("한국", "%ED%95%9C%EA%B5%AD"),
    ],
    ids=["Hindi", "Japanese", "Korean"],
)
def test_letters_of_scripts_that_are_written_with_marks_stay_whole(title, slug):
    assert slug_of(title) == slug


@thorough
@given(anything)
def test_a_slug_is_ascii_and_safe_in_any_part_of_an_address(title):
    assert re.fullmatch(r"(?:[a-z0-9]|%[0-9A-F]{2}|-(?!-|$)(?<!^-))*", slug_of(title))


# --- HTML

FORBIDDEN_TAGS = {
    *("script", "style", "noscript", "template", "svg", "math", "object", "embed", "applet"),
    *("form", "input", "button", "select", "textarea", "base", "link", "meta", "title", "frame"),
    *("frameset", "html", "head", "body", "xmp", "plaintext", "noembed", "noframes", "dialog"),
}
ALLOWED_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|xmpp:|geo:)", re.IGNORECASE)
PLAYER = "https://www.youtube.com/embed/1"
VOID = {"br", "hr", "img", "col", "source", "track", "wbr"}


class Nesting(HTMLParser):
    """Notes end tags that close something else than what was opened last."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, _attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def dangers(markup: str) -> list[str]:
    """Whatever in a fragment, read as a browser would, could run, phone home or restyle."""
    found = []
    for element in lxml.html.fragment_fromstring(markup or " ", create_parent="main").iter():
        if not isinstance(element.tag, str):
            found.append("comment")
            continue
        if element.tag in FORBIDDEN_TAGS:
            found.append(element.tag)
        for name, value in element.items():
            if name in ("href", "src", "poster", "cite", "data", "action", "background", "srcset"):
                if not ALLOWED_ADDRESS.match(value):
                    found.append(f"{name}={value}")
            elif name.startswith("on") or name in ("style", "srcdoc", "id", "class", "formaction"):
                found.append(name)
        if element.tag == "iframe" and not element.get("sandbox"):
            found.append("iframe")
    return found


VECTORS = {
    "script": "<script>alert(1)</script>",
    "script, upper case": "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "script, split by NUL": "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "script, nested": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "script, not closed": "<script>alert(1)",
    "script, slash": "<script/x>alert(1)</script>",
    "handler": "<img src=https://x.example/a.png onerror=alert(1)>",
    "handler, no space": '<img/src="https://x.example/a.png"/onerror=alert(1)>',
    "handler on unknown tag": "<blink onclick=alert(1)>x</blink>",
    "handler on body": "<body onload=alert(1)>x",
    "handler on details": "<details open ontoggle=alert(1)>x</details>",
    "handler on video": '<video onloadstart=alert(1)><source onerror="alert(1)"></video>',
    "javascript link": '<a href="javascript:alert(1)">x</a>',
    "javascript link, mixed case": '<a href="JaVaScRiPt:alert(1)">x</a>',
    "javascript link, entities": '<a href="&#106;avascript&colon;alert(1)">x</a>',
    "javascript link, tab": '<a href="java\tscript:alert(1)">x</a>',
    "javascript link, line break entity": '<a href="java&#10;script:alert(1)">x</a>',
    "javascript link, control first": '<a href="&#1;javascript:alert(1)">x</a>',
    "javascript image": '<img src="javascript:alert(1)">',
    "javascript poster": '<video poster="javascript:alert(1)"></video>',
    "javascript cite": '<blockquote cite="javascript:alert(1)">x</blockquote>',
    "vbscript link": '<a href="vbscript:msgbox(1)">x</a>',
    "data link": '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "data image": '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
    "file link": '<a href="file:///etc/passwd">x</a>',
    "srcset": '<img srcset="javascript:alert(1) 1x, https://x.example/a 2x">',
    "svg": "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "svg link": '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "svg animation": "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "svg, style, mutated": "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "math": '<math><mtext xlink:href="javascript:alert(1)">x</mtext></math>',
    "math, mutated": "<math><mtext><table><mglyph><style><!--</style><img src onerror=alert(1)>",
    "style": "<style>@import 'https://evil.example/x.css';</style>",
    "style attribute": '<p style="background:url(https://evil.example/)">x</p>',
    "class and id": '<p class="admin" id="login">x</p>',
    "link": '<link rel="stylesheet" href="https://evil.example/x.css">',
    "meta": '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "base": '<base href="https://evil.example/">',
    "form": '<form action="https://evil.example/"><input name=a><button>x</button></form>',
    "form outside": '<button formaction="javascript:alert(1)">x</button><input autofocus>',
    "object": '<object data="https://evil.example/x.swf"><b>x</b></object>',
    "embed": '<embed src="javascript:alert(1)">',
    "comment": "<!--[if IE]><script>alert(1)</script><![endif]-->x",
    "comment, odd end": "<!--><img src=x onerror=alert(1)>-->",
    "CDATA": "<![CDATA[<script>alert(1)</script>]]>",
    "processing instruction": "<?php echo 1 ?><?xml-stylesheet href='javascript:alert(1)'?>x",
    "noscript, mutated": '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "noembed, mutated": '<noembed><p title="</noembed><img src=x onerror=alert(1)>">',
    "xmp": "<xmp><script>alert(1)</script></xmp>",
    "plaintext": "<plaintext><script>alert(1)</script>",
    "template": "<template><script>alert(1)</script></template>",
    "textarea, mutated": '<textarea><p title="</textarea><img src=x onerror=alert(1)>">',
    "title, mutated": '<title><p title="</title><img src=x onerror=alert(1)>"></title>',
    "select, mutated": "<select><style><img src=x onerror=alert(1)></style></select>",
    "iframe": '<iframe src="https://evil.example/"></iframe>',
    "iframe, javascript": '<iframe src="javascript:alert(1)"></iframe>',
    "iframe, data": '<iframe src="data:text/html,<script>alert(1)</script>"></iframe>',
    "iframe, srcdoc": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "iframe, player and srcdoc": f'<iframe src="{PLAYER}" srcdoc="<b onclick=x>"></iframe>',
    "iframe, handler": f'<iframe src="{PLAYER}" onload="alert(1)"></iframe>',
    "iframe, own sandbox": f'<iframe src="{PLAYER}" sandbox="allow-top-navigation"></iframe>',
    "iframe, not closed": f'<iframe src="{PLAYER}">',
    "iframe, script within": f'<iframe src="{PLAYER}"><script>alert(1)</script></iframe>',
    "iframe, handler within": '<iframe src="https://x.example/"><img src=x onerror=alert(1)>x',
    "iframe, no address, script within": "<iframe><script>alert(1)</script></iframe>",
    "iframe, iframe within": f'<iframe><iframe src="{PLAYER}"></iframe></iframe>',
    "iframe, comment within": "<iframe><!--</iframe><img src=x onerror=alert(1)>-->",
    "iframe in an attribute": (
        "<p title=\"<iframe src='https://x.example/ onclick=alert(1) x='></iframe>\">x</p>"
    ),
    "iframe in an attribute, quoted": (
        "<p title='<iframe src=\"https://x.example/ onclick=alert(1) x=\"></iframe>'>x</p>"
    ),
    "iframe in an attribute, escaped": (
        "<p title=\"&lt;iframe src='https://x.example/ onclick=alert(1) x='>\">x</p>"
    ),
    "iframe, mark of its link": (
        '<a data-player="" href="https://x.example/" onclick=alert(1)>x</a data-player="">'
    ),
    "iframe, address in title": (
        '<iframe title="src=\'https://x.example/ onclick=alert(1)\'" src="/x"></iframe>'
    ),
    "iframe, odd address": '<iframe src="https://x.example/&quot; onclick=x &quot;"></iframe>',
    "end tags only": "</p></script></iframe><img src=x onerror=alert(1)></p>",
    "quotes": '"><script>alert(1)</script>',
    "attribute without end": '<img src="https://x.example/a.png" title="><script>alert(1)</script>',
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "half a tag": "<img src=x onerror=alert(1)",
}


@pytest.mark.parametrize("base", ["", "https://x.example/a/"])
@pytest.mark.parametrize("markup", VECTORS.values(), ids=VECTORS.keys())
def test_nothing_dangerous_survives_cleaning(markup, base):
    cleaned = clean_html(markup, base)
    assert dangers(cleaned) == []
    assert Nesting(cleaned).wrong == []
    assert clean_html(cleaned, base) == cleaned


@pytest.mark.parametrize("markup", VECTORS.values(), ids=VECTORS.keys())
def test_nothing_dangerous_appears_when_players_become_links(markup):
    linked = players_to_links(clean_html(markup, "https://x.example/"))
    assert dangers(linked) == []
    assert "<iframe" not in linked


@pytest.mark.parametrize(
    ("markup", "cleaned"),
    [
        ("", ""),
        ("plain text", "plain text"),
        ("a > b", "a &gt; b"),
        ("a & b", "a &amp; b"),
        ("&amp;lt;", "&amp;lt;"),
        ("Fish &eacute;", "Fish é"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<b><i>x</b></i>", "<b><i>x</i></b>"),
        ("a<br>b<hr>", "a<br>b<hr>"),
        ("<font color=red>x</font>", "x"),
        ("\x00a\x1fb\ud800c\ufffe", "abc"),
        ("a\r\nb\rc", "a\nb\nc"),
        (
            '<a href="https://y.example/?a=1&b=2" rel="x" target="_blank">x</a>',
            '<a href="https://y.example/?a=1&amp;b=2">x</a>',
        ),
        ('<a href="mailto:a@y.example">x</a>',) * 2,
        ('<img src="https://y.example/a.png" alt="A &amp; B" width="1" height="2">',) * 2,
        ('<video src="https://y.example/a.mp4" controls=""></video>',) * 2,
        ('<ol start="3"><li value="4">x</li></ol>',) * 2,
        ("<pre><code>a\n  b</code></pre>",) * 2,
        ('<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>',) * 2,
        ("<ruby>x<rt>y</rt></ruby>",) * 2,
    ],
)
def test_what_is_safe_stays(markup, cleaned):
    assert clean_html(markup) == cleaned


@pytest.mark.parametrize(
    ("address", "resolved"),
    [
        ("b", "https://x.example/a/b"),
        ("/b?c=1", "https://x.example/b?c=1"),
        ("//y.example/b", "https://y.example/b"),
        ("#f", "https://x.example/a/#f"),
        ("http://y.example/b", "http://y.example/b"),
    ],
)
def test_relative_addresses_become_absolute(address, resolved):
    cleaner = Cleaner("https://x.example/a/")
    assert cleaner.clean(f'<a href="{address}">x</a>') == f'<a href="{resolved}">x</a>'
    assert cleaner.clean(f'<img src="{address}">') == f'<img src="{resolved}">'


@pytest.mark.parametrize("base", ["", "/a/", "a", "javascript:x", "https://", "https://[::1"])
def test_relative_addresses_go_without_an_address_to_start_from(base):
    assert clean_html('<a href="/b">x</a><img src="b" alt="y">', base) == '<a>x</a><img alt="y">'


@pytest.mark.parametrize(
    "address",
    [
        PLAYER,
        "https://www.youtube-nocookie.com/embed/1?a=1&amp;b=2",
        "https://player.vimeo.com/video/1",
    ],
)
def test_players_of_known_hosts_stay_in_a_sandbox(address):
    cleaned = clean_html(f'<p>a</p><iframe width="9" src="{address}" allow="x"></iframe><p>b</p>')
    assert re.fullmatch(
        rf'<p>a</p><iframe src="{re.escape(address)}" [^<>]*sandbox="[^"]+"></iframe><p>b</p>',
        cleaned,
    )
    assert "allow-top-navigation" not in cleaned


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "http://www.youtube.com/embed/1",
        "https://www.youtube.com.evil.example/",
        "https://www.youtube.com@evil.example/",
        "https://evil.example/https://www.youtube.com/",
        "https://wwwXyoutube.com/",
    ],
)
def test_other_players_become_links(address):
    link = f'<a href="{address}">{address}</a>'
    assert clean_html(f'a <iframe src="{address}">x</iframe> b') == f"a {link} b"


@pytest.mark.parametrize("text", ["a > b\xa0c", "a & b\xa0c", "\xa0", "a\xa0<", "\"'>", "&nbsp;"])
def test_cleaning_again_changes_nothing_in_plain_text(text):
    cleaned = clean_html(text)
    assert clean_html(cleaned) == cleaned
    assert to_text(cleaned) == to_text(text)


def test_a_player_inside_a_link_does_not_put_a_link_into_a_link():
    markup = '<a href="https://x.example/">a<iframe src="https://y.example/"></iframe>b</a>'
    cleaned = clean_html(markup)
    assert clean_html(cleaned) == cleaned
    assert "https://x.example/" in cleaned
    assert "https://y.example/" in cleaned


@pytest.mark.parametrize(
    ("markup", "linked"),
    [
        ("<p>no player</p>", "<p>no player</p>"),
        (f'a<iframe src="{PLAYER}"></iframe>b', f'a<a href="{PLAYER}">{PLAYER}</a>b'),
        (f"<IFRAME SRC='{PLAYER}'>old <b>x</b></IFRAME>b", f'<a href="{PLAYER}">{PLAYER}</a>b'),
        (
            '<iframe src="https://y.example/?a=1&amp;b=2"></iframe>',
            '<a href="https://y.example/?a=1&amp;b=2">https://y.example/?a=1&amp;b=2</a>',
        ),
        ('<iframe src="javascript:alert(1)"></iframe>b', "b"),
        ("<iframe></iframe>b", "b"),
    ],
)
def test_players_become_links_in_feeds(markup, linked):
    assert players_to_links(markup) == linked


PIECES = [
    *("<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<div>", "</div>", "<ul>", "<li>", "</ul>"),
    *("<br>", "<img>", "<blockquote>", "</blockquote>", "<a href='https://y.example/'>", "</a>"),
    *("<script>", "</script>", "<style>", "</style>", "<svg>", "</svg>", "<math>", "</math>"),
    *("<title>", "</title>", "<textarea>", "</textarea>", "<iframe>", "</iframe>", "<x-y>"),
    *("<p title='", '<p title="', "<img src=x onerror=alert(1)>", "<p onclick='alert(1)'>"),
    *(f"<iframe src='{PLAYER}'>", "<iframe src='https://x.example/'>", "<!--", "-->"),
    *("&amp;", "&lt;", "&gt;", "&amp;lt;", "&nbsp;", "&#0;", "&#x110000;", "&", "<", ">"),
    *('"', "'", "=", "/", " ", "\xa0", "text"),
]
markups = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@thorough
@given(anything)
def test_cleaning_any_text_never_fails_and_cleaning_again_changes_nothing(text):
    cleaned = clean_html(text)
    assert clean_html(cleaned) == cleaned
    assert dangers(cleaned) == []


@thorough
@given(st.text(st.sampled_from("<>&;\xa0\"' ab/=!-")))
def test_cleaning_again_changes_nothing_in_text_that_is_almost_markup(text):
    cleaned = clean_html(text)
    assert clean_html(cleaned) == cleaned


@settings(max_examples=500, deadline=None)
@given(markups, st.sampled_from(["", "https://x.example/"]))
def test_cleaning_any_markup_leaves_nothing_dangerous(markup, base):
    cleaned = clean_html(markup, base)
    assert dangers(cleaned) == []
    assert Nesting(cleaned).wrong == []


def test_a_cleaner_serves_any_number_of_texts():
    cleaner = Cleaner("https://x.example/")
    once = [cleaner.clean(markup) for markup in VECTORS.values()]
    again = [cleaner.clean(markup) for markup in VECTORS.values()]
    assert once == again == [clean_html(m, "https://x.example/") for m in VECTORS.values()]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("a\n b\t\xa0c ", "a b c"),
        ("<p>a</p><p>b</p>", "a b"),
        ("a<br>b", "a b"),
        ("in<b>one</b>word", "inoneword"),
        ("<ul><li>a<li>b</ul>", "a b"),
        ("a &amp; b", "a & b"),
        ("&amp;amp;", "&amp;"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&lt;b&gt;", "<b>"),
        ("&lt;p&gt;a&lt;/p&gt;", "<p>a</p>"),
        ("&amp;copy;", "&copy;"),
        ("&amp;copy 2023", "&copy 2023"),
        ("&copy; 2023", "© 2023"),
        ("&nbsp;a&nbsp;", "a"),
        ("AT&T", "AT&T"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("a<script>alert(1)</script>b", "ab"),
        ("a<style>p {}</style>b", "ab"),
        ("a<!-- c -->b", "ab"),
        ("<title>t</title>b", "b"),
        ('<p title=">x">a</p>', "a"),
        ('<img src="a" alt="picture">b', "b"),
        ("<iframe>x</iframe><video>old</video>b", "b"),
        ("a\x00b\x1f\ud800", "ab"),
        ("&#0;&#x1f;a", "\ufffda"),
    ],
)
def test_text_is_without_markup_and_decoded_exactly_once(markup, text):
    assert to_text(markup) == text


@thorough
@given(anything | markups)
def test_making_text_never_fails_and_leaves_single_spaces(markup):
    text = to_text(markup)
    assert text == " ".join(text.split())
    assert legal(text) == text


@thorough
@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_text_that_was_escaped_comes_back_as_it_was(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert to_text(escaped) == collapse(text)


@pytest.mark.parametrize(
    ("text", "length", "beginning"),
    [
        ("", 5, ""),
        ("short", 5, "short"),
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two […]"),
        ("one two three", 8, "one two […]"),
        ("one two three", 7, "one two […]"),
        ("one two three", 6, "one […]"),
        ("one, two three", 6, "one […]"),
        ("one – two three", 8, "one […]"),
        ("one; two", 4, "one […]"),
        ("onetwothree", 6, "onetwo […]"),
        ("日本語日本語", 3, "日本語 […]"),
    ],
)
def test_an_excerpt_is_cut_between_words_and_marked(text, length, beginning):
    assert excerpt(text, length) == beginning


@thorough
@given(st.lists(st.text("abcé,", min_size=1)).map(" ".join), st.integers(1, 40))
def test_an_excerpt_is_the_beginning_of_the_text(text, length):
    kept = excerpt(text, length)
    if kept != text:
        assert kept.endswith(" […]")
        assert text.startswith(kept.removesuffix(" […]"))
        assert len(kept) <= length + len(" […]")


# --- XML


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc\r", "a\nb\nc\n"),
        ("\x00\x01\x08\x0b\x0c\x0e\x1f", ""),
        ("\x7f\x85\xa0", "\x7f…\xa0"),
        ("\x93q\x94\x81\x9d", "“q”"),
        ("\ud7ff\ud800\udfff\ue000", "\ud7ff\ue000"),
        ("\ufffd\ufffe\uffff", "\ufffd"),
        ("\U00010000\U0010ffff", "\U00010000\U0010ffff"),
        ("<&>\"'", "<&>\"'"),
    ],
)
def test_what_no_xml_may_hold_goes(text, kept):
    assert legal(text) == kept


@thorough
@given(anything)
def test_legal_text_comes_back_from_xml_as_it_was(text):
    element = etree.Element("a")
    element.text = legal(text)
    back = etree.fromstring(etree.tostring(element, encoding="utf-8", xml_declaration=True))
    assert (back.text or "") == legal(text)
    assert legal(legal(text)) == legal(text)


def test_a_byte_order_mark_is_no_part_of_a_text():
    assert collapse("\ufeff a\ufeffb \ufeff") == "ab"
