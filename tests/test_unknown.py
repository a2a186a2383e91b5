"""What is said of a document that is no feed, and the feeds a page announces."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import feedkit
from feedkit.errors import UnknownFormatError
from feedkit.ingest.unknown import MOST_FEEDS, announced_feeds

URL = "https://blog.example/a/b"


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf \n", "it is empty"),
        (b"<!DOCTYPE html><title>x</title>", "an HTML page"),
        (b"\n<p>a fragment", "an HTML page"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "an HTML page"),
        ("\ufeff<html><body>x</body></html>".encode("utf-16-le"), "an HTML page"),
        ("<html><body>x</body></html>".encode("utf-16-be"), "an HTML page"),
        (b"<html><form><input name=p TYPE='Password'></form></html>", "a login page"),
        (b"<html><title>Just a moment...</title></html>", "the page of a guard"),
        (b"<html><script>window._cf_chl_opt={}</script></html>", "the page of a guard"),
        (b"<html><p>Verify you are human</p></html>", "the page of a guard"),
        (b"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/x'/>", "a sitemap"),
        (b"<sitemapindex><sitemap/></sitemapindex>", "a sitemap"),
        (b"<!-- x --><opml version='2.0'/>", "an OPML list of feeds"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", r"an image \(SVG\)"),
        (b"<tv/>", "XML of another kind"),
        (b'{"a": 1}', "JSON of another kind"),
        (b"[1, 2]\n", "JSON of another kind"),
        (b"[1] a footnote", "plain text"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"GIF89a", "an image"),
        (b"\xff\xd8\xff\xe0", "an image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "an image"),
        (b"\x00\x00\x00\x1cftypavif", "an image"),
        (b"\x00\x00\x01\x00\x01\x00", "an image"),
        (b"\x00\x00\x00\x18ftypmp42", "a sound or a film"),
        (b"ID3\x03\x00", "a sound or a film"),
        (b"%PDF-1.7\n", "a PDF file"),
        (b"\x1f\x8b\x08\x00", "a file compressed with gzip"),
        (b"PK\x03\x04", "a zip archive"),
        (b"BZh9", "a compressed file"),
        (b"\x01\x02\x00\x03\x00\x00", "a binary file"),
        (b"Dear reader,\nthis is a letter.", "plain text"),
        ("Dear reader".encode("utf-16"), "plain text"),
    ],
)
def test_a_document_that_is_no_feed_is_said_to_look_like_something(data: bytes, looks: str) -> None:
    with pytest.raises(UnknownFormatError, match=looks) as caught:
        feedkit.parse(data, url=URL)
    assert caught.value.feeds == ()


PAGE = """<!DOCTYPE html><html><head><meta charset=utf-8>
<link rel="stylesheet" type="text/css" href="/style.css">
<link rel="alternate" hreflang="de" href="/de">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
<link rel="alternate" type="application/json+oembed" href="/oembed">
<link rel="alternate" type="application/rss+xml" title="RSS" href="/größe/feed?a=1&amp;b=2">
<LINK REL='home ALTERNATE' TYPE=' Application/Atom+XML; charset=utf-8' HREF=atom.xml>
<link rel="feed" type="application/feed+json" href="//cdn.example/feed.json" />
<link rel="alternate" type="application/atom+xml" href="atom.xml">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
<link rel="alternate" type="application/rss+xml" href="">
<!-- <link rel="alternate" type="application/rss+xml" href="/comment"> -->
<script>"<link rel='alternate' type='application/rss+xml' href='/script'>"</script>
</head><body><link rel="alternate" type="text/xml" href="/late">"""

FEEDS = (
    "https://blog.example/gr%C3%B6%C3%9Fe/feed?a=1&b=2",
    "https://blog.example/a/atom.xml",
    "https://cdn.example/feed.json",
    "https://blog.example/late",
)


def test_a_page_names_the_feeds_it_announces() -> None:
    with pytest.raises(UnknownFormatError) as caught:
        feedkit.parse(PAGE.encode(), url=URL)
    assert caught.value.feeds == FEEDS
    assert caught.value.source == URL
    said = "it looks like an HTML page that announces feeds: "
    assert caught.value.reason == f"this is no feed and no tag archive: {said}{', '.join(FEEDS)}"


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_announced_feeds_are_found_in_any_encoding(encoding: str) -> None:
    page = PAGE.replace("utf-8", encoding)
    with pytest.raises(UnknownFormatError) as caught:
        feedkit.parse(page.encode(encoding), url=URL)
    assert set(FEEDS) <= set(caught.value.feeds)


def test_announced_feeds_are_relative_to_the_pages_base() -> None:
    link = b'<link rel=alternate type=application/rss+xml href="feed">'
    assert announced_feeds(link, URL) == ("https://blog.example/a/feed",)
    assert announced_feeds(b'<base href="/x/">' + link, URL) == ("https://blog.example/x/feed",)
    assert announced_feeds(b"<base href='data:,'>" + link, URL) == ("https://blog.example/a/feed",)
    assert announced_feeds(link) == ()
    assert announced_feeds(b"") == ()


def test_as_many_feeds_are_named_as_a_line_holds() -> None:
    links = "".join(
        f"<link rel=alternate type=application/rss+xml href=/{number}>" for number in range(5000)
    )
    found = announced_feeds(links.encode(), URL)
    assert found == tuple(f"https://blog.example/{number}" for number in range(MOST_FEEDS))
    long = "<link rel=alternate type=application/rss+xml href=/" + "x" * 100_000 + ">"
    assert [len(feed) for feed in announced_feeds(long.encode(), URL)] == [len(URL) - 4 + 2000]


@pytest.mark.parametrize(
    "filling",
    [b"<link ", b"<div>", b"<!--", b"<", b"&", b"<title> ", b"<form><table>", b"<b><p>", b"<?"],
)
def test_only_the_beginning_of_a_page_is_looked_at(filling: bytes) -> None:
    link = b"<link rel=alternate type=application/rss+xml href=/far>"
    page = b"<html><head>" + filling * (4_000_000 // len(filling)) + b"'>-->" + link
    with pytest.raises(UnknownFormatError) as caught:
        feedkit.parse(page, url=URL)
    assert caught.value.feeds == ()


@settings(deadline=None, max_examples=300, derandomize=True)
@given(
    data=st.binary(max_size=40)
    | st.lists(
        st.sampled_from(
            ["<html", "<base href=", "<link ", "rel=alternate ", "type=text/xml ", "href=//[", ">"]
        )
        | st.sampled_from(["href='\0ÿ", "</", "<!--", "\0", "&#xd800;", "href=/\u202e", "ÿþ"])
    ).map(lambda parts: "".join(parts).encode("utf-8"))
)
def test_any_page_announces_web_addresses_or_nothing(data: bytes) -> None:
    for feed in announced_feeds(data, URL):
        assert feed.startswith(("http://", "https://"))
        assert feed.isprintable()
