"""A document that is not well formed is read as it would be if it were."""

from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedkit.ingest import parse
from feedkit.ingest.feed.bytes_of_xml import with_legal_references
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
        assert with_legal_references(text + b"y" * 70_000) == (
            b"x" * size + b"&amp;&#65;&amp; &eacute; &amp;" + b"y" * 70_000
        )


def test_an_entry_that_breaks_the_document_changes_no_other() -> None:
    def document(more: str) -> bytes:
        return f"""<rss version="2.0"><channel><title>T</title>{more}
        <item><guid isPermaLink="false">https://blog.example/?p=1&amp;q=2</guid>
        <title>Q&amp;amp;A</title></item></channel></rss>""".encode()

    [alone] = parse(document("")).posts
    for more in ("<item><title>a</b></title></item>", "<item><title>a & b</title></item>"):
        assert parse(document(more)).posts[-1] == alone
