"""Feeds that are read without feedparser: as it reads them, or not at all."""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from agreement import NOT_KEPT, all_differences, feed_differences, raw_differences
from conftest import CASES
from feedparser.html import _cp1252
from feedparser.sanitizer import _HTMLSanitizer
from small_feeds import small_feed

import feedkit
from feedkit.ingest import feed as feed_format
from feedkit.ingest import parse
from feedkit.ingest.feed import readable
from feedkit.ingest.feed.fast import checked, elements, machine, names, read_or_decline
from feedkit.ingest.feed.fast.declined import Declined
from feedkit.ingest.feed.feedparser_raw import _Strict

FEEDS = sorted(path for path in (CASES / "ingest" / "feed").iterdir() if path.suffix == ".xml")
PROLOG = b"<?xml version='1.0' encoding='utf-8'?>\n"
ENTRY = '<feed xmlns="http://www.w3.org/2005/Atom"><entry>{}</entry></feed>'
ITEM = "<rss version='2.0'><channel><item>{}</item></channel></rss>"

DECLINED = {
    "a prolog that is not ours": "<!DOCTYPE rss><rss/>",
    "not well formed": "<rss><channel></rss>",
    "no element": "<other/>",
    "namespace": '<rss xmlns:a="http://www.w3.org/1999/xlink"/>',
    "svg or math": "<rss><channel><svg/></channel></rss>",
    "base64": ENTRY.format('<content type="image/png">aGk=</content>'),
    "markup that is not said to be any": ITEM.format("<description><b>a</b></description>"),
    "an element of feeds within markup": ENTRY.format('<content type="xhtml"><title/></content>'),
    "xml:base within markup": ENTRY.format('<content type="xhtml"><p xml:base="/a"/></content>'),
    "an element within a text": '<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item>'
    "<media:credit><b>a</b></media:credit></item></channel></rss>",
    "CDF": '<channel href="https://a.example/"><item href="https://b.example/"/></channel>',
    "<links>": ITEM.format("<links>a</links>"),
    "<title_detail>": ITEM.format("<title_detail>a</title_detail>"),
    "<textinput>": "<rss><channel><textInput><name>q</name></textInput></channel></rss>",
    "a date with slashes": ITEM.format("<pubDate>Fri, 2006/15/09 08:19:53 EDT</pubDate>"),
    "nesting": "<rss><channel><item><author><content>a</content><name>b</name></author><email>"
    "<content/></email></item></channel></rss>",
    "xml:base": '<rss xml:base="https://a.example/#"><channel/></rss>',
    "a base that is not of XML": '<rss base="https://a.example/"><channel/></rss>',
    "a second summary": ITEM.format("<description>a</description><summary>b</summary>"),
    "a link of a source": ENTRY.format('<source><link href="/a" url=""/></source>'),
    "a bound": "<rss><channel>" + "<a>" * 1000 + "</a>" * 1000 + "</channel></rss>",
}


@pytest.fixture
def unchecked() -> Iterator[None]:
    """What is known of the installed feedparser is forgotten, before and after."""
    checked.is_checked.cache_clear()
    yield
    checked.is_checked.cache_clear()


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_a_case_is_read_as_feedparser_reads_it(path: Path) -> None:
    assert not all_differences(path.read_bytes())


def test_hardly_any_case_is_declined() -> None:
    taken = [path for path in FEEDS if all_differences(path.read_bytes()) is not None]
    assert len(taken) > 0.8 * len(FEEDS)


def test_small_feeds_are_read_as_feedparser_reads_them() -> None:
    taken = 0
    for number in range(1000):
        data = small_feed(random.Random(number))
        try:
            raw = read_or_decline(data)
        except Exception:
            continue
        taken += 1
        found = raw_differences(data, raw)
        if number % 5 == 0:
            found += feed_differences(data, raw)
        assert not found, (number, data.decode())
    assert taken > 600


@pytest.mark.parametrize(("kind", "document"), DECLINED.items(), ids=DECLINED)
def test_what_is_not_vouched_for_is_declined(kind: str, document: str) -> None:
    with pytest.raises(Declined) as caught:
        read_or_decline(PROLOG + document.encode())
    assert str(caught.value) == kind


@pytest.mark.parametrize("tag", ["item", "x:item"])
def test_more_entries_than_the_bound_are_refused(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedkit.ingest.bounds.MAX_ENTRIES", 20)
    items = f"<{tag}><title>a</title></{tag}>" * 21
    with pytest.raises(feedkit.ParseError, match="entries: the document has 21"):
        parse(f'<rss xmlns:x="urn:x"><channel>{items}</channel></rss>'.encode())


def test_more_prefixes_than_the_bound_are_refused() -> None:
    prefixes = "".join(f' xmlns:x{number}="urn:x"' for number in range(257))
    with pytest.raises(feedkit.ParseError, match="namespaces: the document has 257"):
        parse(f"<rss{prefixes}><channel><title>a</title></channel></rss>".encode())


def test_more_tags_than_the_bound_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("bounds", "feed.bounded_parser"):
        monkeypatch.setattr(f"feedkit.ingest.{module}.MAX_LISTED", 20)
    tags = "".join(f"<category>{number}</category>" for number in range(21))
    (post,) = parse(ITEM.format(f"<title>a</title>{tags}").encode()).posts
    assert post.tags == tuple(map(str, range(20)))


def test_html_entities_and_bare_ampersands_are_no_reason_to_decline() -> None:
    document = feed_format.Document(data=ITEM.format("<title>a&nbsp;b & c</title>").encode())
    read = readable.made_readable(document)
    assert read.raw is not None
    assert read.raw.entries[0]["title"] == "a\u00a0b & c"


def test_every_handler_of_feedparser_is_known() -> None:
    handlers = {
        name.removeprefix(kind)
        for name in dir(_Strict)
        for kind in ("_start_", "_end_")
        if name.startswith(kind)
    }
    assert set(elements.ELEMENTS) == handlers


def test_what_is_copied_of_feedparser_is_as_it_is_there() -> None:
    pairs = (
        (names.PREFIXES, _Strict._matchnamespaces),
        (machine.TAGS, _HTMLSanitizer.acceptable_elements),
        (machine.ADDRESSES, _Strict.can_be_relative_uri),
        (machine.WINDOWS, _cp1252),
        (set(machine.HTML_TYPES), _Strict.html_types),
    )
    for copied, original in pairs:
        assert copied == original


def test_nothing_is_asked_for_that_is_not_kept() -> None:
    folder = Path(feed_format.__file__).parent
    asking = ("reading", "said", "people", "media", "podcast")
    code = "".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in asking)
    assert [name for name in NOT_KEPT if f'"{name}"' in code] == []


def test_the_installed_feedparser_is_one_that_is_known(unchecked: None) -> None:
    assert checked.is_checked()


def test_another_feedparser_is_asked_itself_after_one_warning(
    unchecked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = ITEM.format("<title>a</title><link>https://a.example/</link>").encode()
    expected = parse(document)
    checked.is_checked.cache_clear()
    monkeypatch.setattr(checked, "KNOWN", "another")
    with pytest.warns(RuntimeWarning, match="does not know this release of feedparser"):
        feed = parse(document)
    assert feed == parse(document) == expected
    assert readable.made_readable(feed_format.Document(data=document)).raw is None


@pytest.mark.parametrize("module", ["json", "no_such_package", "sys"])
def test_without_the_files_of_feedparser_nothing_is_known(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = checked.PathFinder.find_spec
    monkeypatch.setattr(checked.PathFinder, "find_spec", lambda _name: find(module))
    assert checked.digest() == ""


def test_feedparser_is_not_imported_for_a_feed_that_is_taken() -> None:
    code = (
        "import sys, feedkit\n"
        f"feed = feedkit.parse({ITEM.format('<title>a</title>').encode()!r})\n"
        "print(len(feed.posts), 'feedparser' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]
