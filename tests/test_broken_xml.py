"""A document that is not well formed is read as it would be if it were."""

from xml.sax.saxutils import escape, quoteattr

import pytest
from conftest import CASES
from hypothesis import given, settings
from hypothesis import strategies as st

from feedkit.ingest import parse
from feedkit.ingest.bounds import Measured
from feedkit.ingest.document import Document
from feedkit.ingest.encoding import to_utf8
from feedkit.ingest.feed.bytes_of_xml import with_prolog_of_ours
from feedkit.ingest.feed.fast import Raw
from feedkit.ingest.feed.mends import (
    with_declared_prefixes,
    with_known_references,
    without_what_follows,
)
from feedkit.ingest.feed.readable import made_readable
from feedkit.model import Feed

# what no strict parser gets beyond, and no post is made of
BREAKS = "<broken><a></broken>"
REFERENCES = ["&amp;", "&lt;", "&quot;", "&apos;", "&#38;", "&#038;", "&#x2f;", "&copy;"]
PIECES = [
    "&nosuch;",
    "&#0;",
    "a",
    " ",
    "é",
    "&",
    "<",
    "'",
    '"',
    ";",
    "lt;",
    "#38;",
    "?a=1&b=2",
    "]]",
    "<b>",
    "</b>",
]
TEXTS = st.lists(st.sampled_from(REFERENCES + PIECES), min_size=1).map("".join)


def rss(text: str, *, is_cdata: bool) -> str:
    said = f"<![CDATA[{text}]]>" if is_cdata else escape(text)
    address = quoteattr(f"https://blog.example/{text}")
    return f"""<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
      xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>{said}</title>
    <item><guid isPermaLink="false">https://blog.example/{said}</guid>
    <link>https://blog.example/{said}</link><title>{said}</title><dc:creator>{said}</dc:creator>
    <category>{said}</category><enclosure url={address} type="audio/mpeg"/>
    <description>{said}</description><content:encoded>{said}</content:encoded>
    <comments>https://blog.example/{said}</comments></item>BREAKS</channel></rss>"""


def atom(text: str, *, is_cdata: bool) -> str:
    said = f"<![CDATA[{text}]]>" if is_cdata else escape(text)
    address = quoteattr(f"https://blog.example/{text}")
    return f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>{said}</title>
    <entry><id>https://blog.example/{said}</id><link href={address}/><title>{said}</title>
    <author><name>{said}</name></author><category term={quoteattr(text)}/>
    <content type="html">{said}</content><summary type="text">{said}</summary>
    <rights type="html">{said}</rights></entry>BREAKS</feed>"""


def whole_and_broken(document: str) -> tuple[Feed, Feed]:
    whole, broken = (parse(document.replace("BREAKS", end).encode()) for end in ("", BREAKS))
    return whole, broken


@pytest.mark.parametrize("write", [rss, atom])
@settings(max_examples=150, derandomize=True, deadline=None)
@given(text=TEXTS, is_cdata=st.booleans())
def test_texts_and_attributes_are_decoded_once(write, text: str, is_cdata: bool) -> None:
    whole, broken = whole_and_broken(write(text, is_cdata=is_cdata))
    assert len(whole.posts) == 1
    assert broken == whole


@pytest.mark.parametrize("reference", ["&amp;", "&#38;", "&#038;", "&#x26;", "&#x0026;"])
def test_a_reference_is_decoded_once_however_it_is_written(reference: str) -> None:
    document = atom("TEXT", is_cdata=False).replace("TEXT", f"{reference}lt;")
    for feed in whole_and_broken(document):
        assert feed.title == feed.posts[0].title == feed.posts[0].authors[0].name == "&lt;"
        assert feed.posts[0].rights == "<"


def test_an_ampersand_that_is_not_escaped_is_one() -> None:
    feed = parse(
        b"""<rss version="2.0"><channel><title>A & B</title>
    <item><guid>https://blog.example/?a=1&b=2&copy=3</guid><title>C & D &amp; E</title>
    <enclosure url="https://blog.example/?a=1&b=2" type="audio/mpeg"/>
    <description><![CDATA[<a href="https://blog.example/?a=1&b=2">&lt;</a>]]></description>
    </item></channel></rss>"""
    )
    [post] = feed.posts
    assert (feed.title, post.title) == ("A & B", "C & D & E")
    assert post.id == post.url == "https://blog.example/?a=1&b=2&copy=3"
    assert post.enclosures[0].url == "https://blog.example/?a=1&b=2"
    assert post.content == '<a href="https://blog.example/?a=1&amp;b=2">&lt;</a>'


def test_many_ampersands_are_escaped_each_once_wherever_they_stand() -> None:
    for size in range(65_530, 65_545):
        text = b"x" * size + b"&amp;&#65;& &eacute; &"
        assert with_known_references(text + b"y" * 70_000) == (
            b"x" * size + b"&amp;&#65;&amp; &#233; &amp;" + b"y" * 70_000
        )


def test_an_entry_that_breaks_the_document_changes_no_other() -> None:
    def document(more: str) -> bytes:
        return f"""<rss version="2.0"><channel><title>T</title>{more}
        <item><guid isPermaLink="false">https://blog.example/?p=1&amp;q=2</guid>
        <title>Q&amp;amp;A</title></item></channel></rss>""".encode()

    [alone] = parse(document("")).posts
    for more in ("<item><title>a</b></title></item>", "<item><title>a & b</title></item>"):
        assert parse(document(more)).posts[-1] == alone


ITEM = """<rss version="2.0"{}><channel><title>T</title><link>https://blog.example/</link>
<item><guid isPermaLink="false">1</guid><title>{}</title></item></channel></rss>"""


def raw_of(document: str) -> Raw | None:
    """What is read of a document without feedparser; None where it is not well formed."""
    return made_readable(Document(data=document.encode())).raw


@pytest.mark.parametrize(
    "after",
    [
        "<script src='/cdn/challenge.js'></script>",
        "\n<!-- cached --><br />\n<b>Warning</b>: & in feed.php on line <b>3</b>",
        "</rss>".replace("rss", "channel"),
        "<?xml version='1.0'?><!DOCTYPE html><html><body>503</body></html>",
        "]]>",
    ],
)
def test_what_a_server_adds_after_the_end_changes_nothing(after: str) -> None:
    document = ITEM.format("", "One")
    assert raw_of(document + after)
    assert parse((document + after).encode()) == parse(document.encode())


def test_an_entry_after_the_end_is_kept() -> None:
    after = "<item><guid isPermaLink='false'>2</guid><title>Two</title></item>"
    posts = parse((ITEM.format("", "One") + after).encode()).posts
    assert [post.title for post in posts] == ["One", "Two"]


@pytest.mark.parametrize(
    "quoting",
    [
        "<description><![CDATA[how </rss> is written]]></description>",
        "<!-- </rss> -->",
        "</rss><link>https://blog.example/2</link>",
    ],
)
def test_what_only_looks_like_the_end_of_a_feed_costs_an_entry_nothing(quoting: str) -> None:
    until = ITEM.format("", "One").removesuffix("</channel></rss>")
    second = "<guid isPermaLink='false'>urn:x:2</guid><title>Two</title>"
    posts = parse(f"{until}<item>{quoting}{second}<category>cut of".encode()).posts
    assert [post.title for post in posts] == ["One", "Two"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Re&colon; a&nbsp;b", "Re: a\u00a0b"),
        ("&bne;", "=\u20e5"),
        ("&nosuch; &no.such; &nbsp &;", "&nosuch; &no.such; &nbsp &;"),
        ("&LT;b&GT; &AMP;lt; &percnt;", "<b> &lt; %"),
        ("&#xD83D;&#xDE00;&#0;&#x110000;", "\U0001f600\ufffd\ufffd"),
        ("<![CDATA[&colon;]]>&nosuch;", "&colon;&nosuch;"),
    ],
)
def test_a_name_of_html_is_its_character_and_any_other_is_text(written: str, read: str) -> None:
    raw = raw_of(ITEM.format("", written))
    assert raw
    assert raw.entries[0]["title"] == read


def test_a_declared_name_means_what_was_declared() -> None:
    document = "<!DOCTYPE rss [<!ENTITY colon 'C'>]>" + ITEM.format("", "&colon;&comma;")
    [post] = parse(document.encode()).posts
    assert post.title == "C,"


MEDIA = """One</title><media:thumbnail url="https://blog.example/1.png"/><dc:creator>Ann</dc:creator>
<description><![CDATA[<o:p>two</o:p>]]></description><title>"""


def test_a_prefix_that_is_not_declared_means_what_it_usually_does() -> None:
    declared = (
        ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    [expected] = parse(ITEM.format(declared, MEDIA).encode()).posts
    assert expected.image
    assert expected.authors
    for partly in ("", declared.split(" xmlns:dc")[0], ' xlink:title="a"'):
        document = ITEM.format(partly, MEDIA)
        assert b"urn:undeclared:o" not in with_declared_prefixes(document.encode())
        assert raw_of(document)
        assert parse(document.encode()).posts == (expected,)


@pytest.mark.parametrize(
    "around", [' xmlns="{}"', ' xmlns:default="{}"', ' xmlns="{}" xmlns:a="{}"']
)
def test_a_prefix_that_is_not_declared_keeps_its_meaning_beside_another_for_it(around: str) -> None:
    media = "http://search.yahoo.com/mrss/"
    thumbnail = "<media:thumbnail{} url='https://blog.example/1.png'/>"
    item = ITEM.format("", f"One</title>{thumbnail}<title>")
    [expected] = parse(item.format(f' xmlns:media="{media}"').encode()).posts
    document = item.format(around.format(media, media))
    assert expected.image
    assert raw_of(document)
    assert parse(document.encode()).posts == (expected,)


def test_so_many_prefixes_that_they_can_mean_nothing_are_not_declared() -> None:
    document = ITEM.format("", "".join(f"<p{number}:a/>" for number in range(51))).encode()
    assert with_declared_prefixes(document) == document
    assert with_declared_prefixes(document.replace(b"<p50:a/>", b"")) != document


def test_what_is_well_formed_is_not_mended() -> None:
    for path in sorted(CASES.glob("ingest/feed/*.xml")):
        data = with_prolog_of_ours(to_utf8(path.read_bytes()).data)
        if Measured(data).well_formed:
            assert without_what_follows(with_declared_prefixes(data)).rstrip() == data.rstrip()
