"""What is over a bound is a ParseError that says which; the rest of the feed lives."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import CASES
from feedparser import api
from hypothesis import given, settings
from hypothesis import strategies as st

import feedkit
from feedkit.errors import ParseError, UnknownFormatError
from feedkit.ingest.bounds import MAX_ELEMENTS, MAX_ENTRIES, MAX_LISTED, MAX_TITLE
from feedkit.ingest.feed import feedparser_raw, readable
from feedkit.ingest.feed.bounded_parser import Bounded
from feedkit.ingest.isolated import reader

FAST = settings(max_examples=60, deadline=None, derandomize=True)


def rss(items: bytes, before: bytes = b"") -> bytes:
    return before + b'<rss version="2.0"><channel><title>T</title>' + items + b"</channel></rss>"


def item(body: bytes) -> bytes:
    return rss(b"<item><title>A</title>" + body + b"</item>")


def numbered(pattern: bytes, count: int) -> bytes:
    return b" ".join(pattern % number for number in range(count))


def lines(*declarations: bytes) -> bytes:
    return b"<!DOCTYPE rss [" + b"\n".join(declarations) + b"]>"


OVER = {
    "depth": (
        item(b"<a>" * 998 + b"</a>" * 998),
        "elements within each other: the document has 1,001, the bound is 1,000",
    ),
    "attributes": (
        item(b"<a %b/>" % numbered(b'b%d=""', 257)),
        "attributes of one element: the document has 257, the bound is 256",
    ),
    "attributes of what is not well formed": (
        item(b"<1 <a %b/>" % numbered(b'b%d=""', 257)),
        "attributes of one element: the document has 257, the bound is 256",
    ),
    "an entity made of others": (
        rss(b"<item/>", lines(b'<!ENTITY a "ha">', b'<!ENTITY b "&a;&a;">')),
        "the entity b is made of other entities; the bound is none",
    ),
    "a long entity": (
        rss(b"<item/>", lines(b'<!ENTITY a "%b">' % (b"x" * 1025))),
        "an entity has 1,025 bytes, the bound is 1,024",
    ),
    "many entities": (
        rss(b"<item/>", lines(*(b'<!ENTITY a%d "x">' % number for number in range(513)))),
        "the document declares more than 512 entities, the bound",
    ),
    "a short entity a thousand times": (
        rss(
            b"<item><title>" + b"&a;" * 2000 + b"</title></item>",
            lines(b'<!ENTITY a "%b">' % (b"x" * 1000)),
        ),
        "entities would grow by 2,000,000 bytes, the bound is the document's own 7,119",
    ),
    "a bomb of one large entity": (
        rss(
            b"<item><title>" + b"&a;" * 38_000 + b"</title></item>",
            lines(b'<!ENTITY a "%b">' % (b"x" * 100_000)),
        ),
        "the document type declaration has more than 65,536 bytes, the bound",
    ),
}


@pytest.mark.parametrize("name", OVER)
def test_what_is_over_a_bound_says_which(name: str) -> None:
    document, reason = OVER[name]
    with pytest.raises(ParseError) as caught:
        feedkit.parse(document)
    assert caught.value.reason == reason


@pytest.mark.parametrize(("count", "refused"), [(255, False), (257, True)])
@pytest.mark.parametrize("broken", [b"", b" <1 "])
def test_namespaces_are_counted_each_once(count: int, refused: bool, broken: bytes) -> None:
    names = b"".join(b'<a xmlns="u:%d"><b xmlns="u:%d"/></a>' % (n, n) for n in range(count))
    # what is no one's prefix is forgotten by the loose parser
    if broken:
        names = b"".join(b'<p%d:a xmlns:p%d="u:%d"/>' % (n, n, n) for n in range(count))
    if not refused:
        assert len(feedkit.parse(item(broken + names)).posts) == 1
        return
    with pytest.raises(ParseError, match=r"namespaces: the document has 257, the bound is 256"):
        feedkit.parse(item(broken + names))


@pytest.mark.parametrize("broken", [b"", b"<1"])
def test_entries_and_elements_are_counted(broken: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedkit.ingest.bounds.MAX_ENTRIES", 20)
    monkeypatch.setattr("feedkit.ingest.feed.bounded_parser.MAX_ENTRIES", 20)
    document = rss(broken + b"<item><title>A</title></item>" * 20)
    assert len(feedkit.parse(document).posts) == 20
    with pytest.raises(ParseError, match="entries: the document has 21, the bound is 20"):
        feedkit.parse(document.replace(b"</channel>", b"<item/></channel>"))
    monkeypatch.setattr("feedkit.ingest.bounds.MAX_ELEMENTS", 40)
    monkeypatch.setattr("feedkit.ingest.feed.bounded_parser.MAX_ELEMENTS", 40)
    with pytest.raises(ParseError, match="elements: the document has 41, the bound is 40"):
        feedkit.parse(document)


def test_the_bounds_are_those_of_the_table() -> None:
    from feedkit.ingest import bounds
    from feedkit.model import MAX_BYTES

    table = {
        line.split()[0]: int(line.split()[1].replace(",", ""))
        for line in (bounds.__doc__ or "").splitlines()
        if line.startswith("    MAX_")
    }
    constants = {name: value for name, value in vars(bounds).items() if name.startswith("MAX_")}
    assert table == constants | {"MAX_BYTES": MAX_BYTES}
    assert MAX_ELEMENTS > MAX_ENTRIES > MAX_LISTED > MAX_TITLE


def test_a_title_of_sixty_million_characters_is_over_the_documents_bound() -> None:
    with pytest.raises(ParseError, match=r"the document has 60,\d{3},\d{3} bytes, the bound is 33"):
        feedkit.parse(rss(b"<item><title>" + b"a" * 60_000_000 + b"</title></item>"))


def test_a_document_at_its_bound_is_read_and_one_byte_over_it_is_not() -> None:
    document = item(b"")
    assert feedkit.parse(document, max_bytes=len(document)).posts
    with pytest.raises(ParseError, match=f"the bound is {len(document) - 1}"):
        feedkit.parse(document, max_bytes=len(document) - 1)


def test_a_long_title_is_cut_at_a_word_and_a_long_body_is_kept() -> None:
    body = b"<p>word word</p>" * 20_000
    document = rss(
        b"<item><title>"
        + b"title " * 100_000
        + b"</title><description><![CDATA["
        + body
        + b"]]></description></item><item><title>B</title></item>"
    )
    feed = feedkit.parse(document)
    long, short = feed.posts
    assert len(long.title) <= MAX_TITLE
    assert long.title.endswith("title …")
    assert len(long.content) == len(body)
    assert short.title == "B"
    assert [problem.reason for problem in feed.problems] == [
        "its title has 599,999 characters, cut to 2,000"
    ]


def test_more_tags_than_the_bound_are_left_out() -> None:
    words = b",".join(b"c%d" % number for number in range(MAX_LISTED + 50))
    keywords = b'<i:keywords xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd">'
    (post,) = feedkit.parse(item(keywords + words + b"</i:keywords>")).posts
    assert len(post.tags) == MAX_LISTED


@pytest.mark.parametrize("name", ["eacute", "nbsp", "hearts"])
def test_names_of_html_are_read_without_a_declaration(name: str) -> None:
    import html

    shown = html.unescape(f"&{name};").strip()
    feed = feedkit.parse(item(b"").replace(b">A<", f">A{shown}&{name};B<".encode()))
    assert feed.posts[0].title.endswith("B")
    assert f"&{name};" not in feed.posts[0].title


@pytest.mark.parametrize(
    "declarations",
    [
        (b'<!ENTITY who "W. &#233;">', b"<!ENTITY % x SYSTEM 'file:///etc/passwd'>", b"%x;"),
        (b"<!ENTITY who 'W. \xc3\xa9'>", b'<!ENTITY f SYSTEM "file:///etc/passwd">'),
        (b'<!ENTITY f PUBLIC "-//X" "http://x.example/">', b'<!ENTITY who "W. \xc3\xa9">'),
    ],
)
def test_entities_of_plain_text_are_read_and_others_never_fetched(
    declarations: tuple[bytes, ...],
) -> None:
    document = rss(b"<item><title>&who; &f;</title></item>", lines(*declarations))
    (post,) = feedkit.parse(document).posts
    assert post.title.startswith("W. é")
    assert "root:" not in post.title


RAISING = [
    b'<c:chapter xmlns:c="http://podlove.org/simple-chapters" title="x" start="0"/>',
    b'<c:chapters xmlns:c="http://podlove.org/simple-chapters"><c:chapter title="x"/></c:chapters>',
    b'<g:pos xmlns:g="http://www.opengis.net/gml">1 2</g:pos>',
    b'<g:posList xmlns:g="http://www.opengis.net/gml">1 2</g:posList>',
    b'<g:line xmlns:g="http://www.georss.org/georss">1 NaN x</g:line>',
    b'<m:player xmlns:m="http://search.yahoo.com/mrss/" url="x">y</m:player>',
    b'<m:player xmlns:m="http://search.yahoo.com/mrss/">y</m:player>',
    b'<link href="http://[x" rel="self"/>',
    b'<a xml:base="http://["/>',
    b"<p:a xmlns:p='u:\xe2\x80\x83:v'/>",
    b"<a>&#xD800 &#1114112 </a>",
    b"<a>&#xD800;&#x110000;&#99999999999999999999;</a>",
]


@pytest.mark.parametrize("element", RAISING)
@pytest.mark.parametrize("broken", [b"", b" <1 "])
def test_an_element_feedparser_raises_at_costs_only_itself(element: bytes, broken: bytes) -> None:
    link = b"<link>https://x.example/</link>"
    document = rss(
        b"<item>" + element + broken + b"<description>D</description>" + link + b"</item>"
        b"<item><title>B</title></item>"
    )
    first, second = feedkit.parse(document).posts
    assert (first.url, second.title) == ("https://x.example/", "B")


class Raising(Bounded, api.StrictFeedParser):  # type: ignore[misc]
    """A parser two of whose handlers raise."""

    def _start_color(self, _attributes: object) -> None:
        raise KeyError("start")

    def _end_sound(self) -> None:
        raise ValueError("end")


def test_an_element_that_is_passed_over_is_among_the_problems(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # whatever feedparser raises at today is mended one day
    namespace = feedparser_raw._parse.__globals__
    monkeypatch.setitem(namespace, "StrictFeedParser", Raising)
    monkeypatch.setattr("feedkit.ingest.feed.readable.read_fast", lambda _: None)
    body = b"<color>red</color><link>https://x.example/</link><sound>oh</sound>"
    document = rss(
        b"<color/><item><title>A</title>" + body + b"</item><item><title>B</title></item>"
    )
    feed = feedkit.parse(document)
    assert [(post.title, post.url) for post in feed.posts] == [
        ("A", "https://x.example/"),
        ("B", ""),
    ]
    assert [str(problem) for problem in feed.problems] == [
        "feed: <color> is left out: KeyError: 'start'",
        "entry 1: <color> is left out: KeyError: 'start'",
        "entry 1: <sound> is left out: ValueError: end",
    ]


DIES = (
    "import os, sys; size = int.from_bytes(sys.stdin.buffer.read(8), 'big');"
    r"sys.stdin.buffer.read(size); os.write(1, b'\x06'); raise SystemExit(3)"
)


@pytest.fixture
def large() -> bytes:
    """A document that is not well formed and too large for this process."""
    words = b"<description>x <1 y " + b"word " * 2000 + b"</description>"
    body = b"".join(b"<item><title>%d</title>%b</item>" % (n, words) for n in range(30))
    assert len(body) > readable.SMALL
    return rss(body)


def test_a_large_broken_document_is_read_alike_in_a_process_of_its_own(
    large: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = feedkit.parse(large, url="https://a.example/", name="x")
    monkeypatch.setattr(readable, "SMALL", len(large) * 2)
    assert feedkit.parse(large, url="https://a.example/", name="x") == there
    assert len(there.posts) == 30


@pytest.mark.parametrize("odd", ["https://a.example/\udc80", "\udc80"])
def test_what_a_server_or_caller_says_beyond_utf_8_is_no_error(large: bytes, odd: str) -> None:
    feed = feedkit.parse(large, url=odd, name=odd, content_type=f"text/xml; charset={odd}")
    assert [post.id for post in feed.posts] == [
        post.id for post in feedkit.parse(large, name="?".join(odd.split("\udc80"))).posts
    ]


def test_a_folder_that_is_no_utf_8_is_told_to_a_reader(
    large: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, "/nowhere/\udcff"])
    monkeypatch.setattr("feedkit.ingest.feed.reading.read_here", None)
    assert len(feedkit.parse(large).posts) == 30


def test_a_document_that_only_lacks_escapes_needs_no_process_of_its_own(
    large: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_COMMAND", DIES)
    assert len(feedkit.parse(large.replace(b"<1", b"& &copy; &#0;")).posts) == 30


def test_a_reader_that_takes_too_long_is_killed(
    large: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "SECONDS", 0.01)
    monkeypatch.setattr(reader, "SECONDS_PER_BYTE", 0.0)
    with pytest.raises(ParseError, match=r"reading it took more than 0\.01 seconds, the bound"):
        feedkit.parse(large)


@pytest.mark.skipif(sys.platform != "linux", reason="no bound on memory elsewhere")
def test_a_reader_that_takes_too_much_memory_says_so(
    large: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MEMORY", 1024 * 1024)
    monkeypatch.setattr(reader, "MEMORY_PER_BYTE", 0)
    with pytest.raises(ParseError, match=r"memory|its reader died of it"):
        feedkit.parse(large)


def test_what_a_reader_finds_wrong_is_said_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readable, "SMALL", 0)
    with pytest.raises(UnknownFormatError, match="XML of another kind") as caught:
        feedkit.parse(b"<channel><1</channel>", name="blog")
    assert caught.value.source == "blog"
    with pytest.raises(ParseError, match="attributes of one element"):
        feedkit.parse(item(b"<1 <a %b/>" % numbered(b'b%d=""', 257)))


def test_a_reader_that_dies_is_an_error(large: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_COMMAND", DIES)
    with pytest.raises(ParseError, match=r"its reader died of it \(exit code 3\)"):
        feedkit.parse(large)


@pytest.mark.parametrize("executable", ["", "/nowhere/python"])
def test_where_no_process_can_be_started_it_is_read_here(
    large: bytes, executable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    assert len(feedkit.parse(large).posts) == 30


def test_where_a_process_starts_that_reads_nothing_it_is_read_here(
    large: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_COMMAND", "raise SystemExit(3)")
    assert len(feedkit.parse(large).posts) == 30


class Odd(tzinfo):
    """A zone that can't be said to another process."""

    def utcoffset(self, _moment: object) -> timedelta:
        return timedelta(hours=3)

    def dst(self, _moment: object) -> timedelta:
        return timedelta(0)


@pytest.mark.parametrize(
    "zone", [ZoneInfo("Europe/Stockholm"), timezone(timedelta(hours=-5, minutes=-30)), Odd()]
)
def test_dates_are_of_the_zone_that_was_given(zone: tzinfo, large: bytes) -> None:
    dated = large.replace(b"<title>3<", b"<pubDate>2023-01-01 12:00</pubDate><title>3<")
    post = feedkit.parse(dated, timezone=zone).posts[3]
    assert (
        post.published
        == feedkit.parse(item(b"<pubDate>2023-01-01 12:00</pubDate>"), timezone=zone)
        .posts[0]
        .published
    )


def test_threads_and_scripts_without_a_guard_can_read_what_is_isolated(
    large: bytes, tmp_path: Path
) -> None:
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(len(feedkit.parse(large).posts)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [30, 30]
    document, script = tmp_path / "feed.xml", tmp_path / "script.py"
    document.write_bytes(large)
    script.write_text(f"import feedkit\nprint(len(feedkit.read({str(document)!r}).posts))\n")
    # a file beside the script must not stand for a module of the reader's
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')\n")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, cwd="/"
    )
    assert done.stdout == "30\n" or "the wrong json" in done.stderr


SOME = st.sampled_from(
    [*b"< > & ; / = \" ' ! ? - [ ] : #".split(), b"<item>", b"</item>", b"<rss>", b"<channel>",
     b"<title>", b"</title>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&#xD800;", b"&amp;", b"\xff",
     b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>", b"<content type='xhtml'>", b"<div>",
     b" xml:base='//['", b"<!DOCTYPE a [", b"<!ENTITY a 'b'>", b"]>", b"&a;", b"\0", b"<?xml ?>"]
)  # fmt: skip


@FAST
@given(
    st.lists(st.one_of(SOME, st.binary(max_size=6)), max_size=30),
    st.sampled_from(
        [b"<rss><channel>", b"<feed>", b"<rdf:RDF>", b"{", b"Tag archive: x\n", b"<html>", b""]
    ),
)
def test_any_bytes_give_a_feed_or_a_parse_error(pieces: list[bytes], beginning: bytes) -> None:
    try:
        feed = feedkit.parse(beginning + b"".join(pieces), url="https://a.example/")
    except ParseError:
        return
    assert isinstance(feed, feedkit.Feed)


def result_of(data: bytes, served: str = "") -> feedkit.Feed | ParseError:
    try:
        return feedkit.parse(data, url="https://a.example/", content_type=served)
    except ParseError as error:
        return error


HOSTILE = sorted((CASES / "hostile_documents").glob("*"))


def test_there_are_hostile_documents() -> None:
    assert HOSTILE


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
@pytest.mark.parametrize("served", ["", "text/xml; charset=utf-16"])
def test_a_hostile_document_gives_a_feed_or_a_parse_error(path: Path, served: str) -> None:
    result = result_of(path.read_bytes(), served)
    assert isinstance(result, feedkit.Feed | ParseError)
    assert "feedparser gave up" not in str(result)


CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "feedparser"


def test_another_parsers_inputs_give_a_feed_or_a_parse_error() -> None:
    files = sorted(CORPUS.rglob("*.xml"))
    if not files:
        pytest.skip("the corpus of another parser is not here")
    feeds = 0
    for file in files:
        result = result_of(file.read_bytes())
        assert "feedparser gave up" not in str(result), file
        feeds += isinstance(result, feedkit.Feed)
    assert feeds > len(files) * 0.8


Maker = Callable[[int], bytes]
GROWING: dict[str, Maker] = {
    "tags": lambda n: item(b"".join(b"<category>c%d</category>" % k for k in range(n))),
    "a person": lambda n: item(b"<author>" + b"a-" * n * 10 + b"</author>"),
    "keywords": lambda n: item(
        b'<i:keywords xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd">'
        + numbered(b"k%d,", n) + b"</i:keywords>"
    ),
    "lines before the root": lambda n: b"\n" * min(n * 10, 60_000) + item(b""),
    "nested bases": lambda _: item(
        b'<a xml:base="http://a.example/">'
        + b'<a xml:base="%b/">' % (b"a" * 1000) * 900
        + b"</a>" * 901
    ),
    "instructions in a body": lambda n: (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><content type="xhtml">'
        + b"\n<?a?>" * n * 10 + b"x</content></entry></feed>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GROWING)
@pytest.mark.parametrize("broken", [b"", b"<1"])
def test_what_took_a_square_of_its_size_is_read(name: str, broken: bytes) -> None:
    # each of these took many seconds, or gigabytes
    document = GROWING[name](3000).replace(b"<title>A", b"<title>" + broken + b"A")
    assert len(feedkit.parse(document).posts) == 1
