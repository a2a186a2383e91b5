"""Bytes of any encoding become the text that was meant; nothing is too strange to be read."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedkit.ingest.document import Document
from feedkit.ingest.encoding import to_utf8
from feedkit.ingest.feed import readable

FAST = settings(max_examples=100, deadline=None, derandomize=True)

SAMPLES = {
    "utf-8": "Größe 中文 😀",
    "iso-8859-1": "Größe naïve",
    "iso-8859-2": "Zażółć gęślą jaźń",
    "iso-8859-15": "Œuvre à 5 €",
    "windows-1250": "Příliš žluťoučký kůň",
    "windows-1251": "Съешь же ещё этих булок",
    "windows-1253": "Ξεσκεπάζω την ψυχοφθόρα",
    "windows-1255": "דג סקרן שט בים",
    "windows-1256": "صِف خَلقَ خَودٍ",
    "koi8-r": "Съешь же ещё этих булок",
    "gb2312": "简体中文的句子",
    "gbk": "朱镕基與繁體",
    "gb18030": "㐀中文😀",
    "big5": "繁體中文的句子",
    "shift_jis": "日本語ソ表能",
    "euc-jp": "日本語の文章です",
    "iso-2022-jp": "日本語の文章です",
    "euc-kr": "한국어 문장입니다",
    "tis-620": "ภาษาไทย",
}


def xml(text: str, encoding: str = "") -> str:
    declared = f' encoding="{encoding}"' if encoding else ""
    return f'<?xml version="1.0"{declared}?>\n<rss><title>{text}</title></rss>'


def title(data: bytes, content_type: str = "") -> str:
    text = to_utf8(data, content_type).data.decode("utf-8")
    return text.partition("<title>")[2].partition("</title>")[0]


@pytest.mark.parametrize("encoding", SAMPLES)
def test_a_text_is_read_by_its_declaration_and_by_its_charset(encoding: str) -> None:
    text = SAMPLES[encoding]
    assert title(xml(text, encoding).encode(encoding)) == text
    assert title(xml(text).encode(encoding), f"text/xml; charset={encoding}") == text
    assert title(xml(text).encode(encoding), f'application/xml;CHARSET="{encoding}"') == text


@pytest.mark.parametrize("claimed", [*SAMPLES, "us-ascii", "utf-16", "x-none", "hex", "idna"])
def test_utf_8_is_utf_8_whatever_is_claimed(claimed: str) -> None:
    text = "Größe — “中文” 😀"
    assert title(xml(text, claimed).encode()) == text
    assert title(xml(text).encode(), f"text/xml; charset={claimed}") == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("claimed", ["", "utf-8", "utf-16", "iso-8859-1"])
def test_wide_characters_are_seen_with_and_without_a_mark(encoding: str, claimed: str) -> None:
    text = "Größe 中文 😀"
    served = f"text/xml; charset={claimed}" if claimed else ""
    document = xml(text, claimed)
    assert title(document.encode(encoding), served) == text
    assert title(("\ufeff" + document).encode(encoding), served) == text
    assert title(("\ufeff<rss><title>" + text + "</title>").encode(encoding), served) == text


def test_a_charset_goes_before_a_declaration_and_a_mark_before_both() -> None:
    text = "Привет"
    wrong = xml(text, "koi8-r").encode("windows-1251")
    assert title(wrong, "text/xml; charset=windows-1251") == text
    marked = codecs.BOM_UTF8 + xml(text, "koi8-r").encode()
    assert title(marked, "text/xml; charset=windows-1251") == text


def test_no_charset_of_a_text_is_no_claim() -> None:
    assert title(xml("Größe").encode(), "text/xml") == "Größe"
    assert title(xml("Größe", "iso-8859-1").encode("iso-8859-1"), "text/xml") == "Größe"


def test_windows_1252_is_what_is_meant_by_iso_8859_1() -> None:
    text = "“Quotes” – it’s €5…"
    for claimed in ("iso-8859-1", "latin1", "us-ascii", "windows-1252"):
        assert title(xml(text, claimed).encode("cp1252")) == text


def test_stray_bytes_cost_a_document_in_utf_8_nothing_else() -> None:
    text = "Größe — “中文” and naïve café words, "
    document = xml(text * 3 + "STRAY", "utf-8").encode().replace(b"STRAY", b"caf\xe9 \x93x\x94")
    decoded = to_utf8(document)
    assert title(document) == text * 3 + "café “x”"
    assert (decoded.encoding, decoded.doubtful) == ("utf-8", 3)
    assert title(document, "text/xml; charset=iso-8859-1") == text * 3 + "café “x”"


@pytest.mark.parametrize(
    ("language", "encoding", "text"),
    [
        ("ru", "windows-1251", "Съешь же ещё этих булок"),
        ("zh-CN", "gb18030", "简体中文的句子"),
        ("zh-TW", "big5", "繁體中文的句子"),
        ("ja", "euc-jp", "日本語の文章です"),
        ("ja-JP", "shift_jis", "日本語の文章です"),
        ("ko", "euc-kr", "한국어 문장입니다"),
        ("pl", "windows-1250", "Zażółć gęślą jaźń"),
        ("de", "windows-1252", "Größe “naïve”"),
    ],
)
def test_without_a_claim_the_language_tells(language: str, encoding: str, text: str) -> None:
    for document in (
        f"<rss><language>{language}</language><title>{text}</title></rss>",
        f"<feed xml:lang='{language}'><title>{text}</title></feed>",
        f'<?xml version="1.0" encoding="utf-8"?><feed xml:lang="{language}"><title>{text}</title>',
    ):
        assert title(document.encode(encoding)) == text


def test_ebcdic_and_what_xml_can_not_carry() -> None:
    assert title(xml("plain", "cp500").encode("cp500")) == "plain"
    assert title(xml("plain", "bogus").encode("cp037")) == "plain"
    assert title(b"<rss><title>a\x00\x08b\xef\xbf\xbfc</title></rss>") == "abc"


@FAST
@given(
    st.text(
        st.characters(
            min_codepoint=32, exclude_characters="<\x7f\ufffe\uffff", exclude_categories=("Cs",)
        ),
        max_size=40,
    )
)
def test_any_text_survives_in_every_unicode_encoding(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be", "gb18030"):
        assert title(xml(text, "gb18030" if encoding == "gb18030" else "").encode(encoding)) == text


@FAST
@given(st.binary(max_size=60), st.sampled_from(["", *SAMPLES, "utf-16", "utf-7", "hex", "\0"]))
def test_any_bytes_become_utf_8_without_control_characters(data: bytes, claimed: str) -> None:
    for document in (data, f"<?xml version='1.0' encoding='{claimed}'?>".encode() + data):
        decoded = to_utf8(document, f"text/xml; charset={claimed}")
        text = decoded.data.decode("utf-8")
        assert not set(text) & set(map(chr, (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)))


# what an encoding is told from, and what no document in UTF-8 can hold
_PIECES = [
    *(codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"\0", b"\x08", b"\xef\xbf\xbe"),
    *(b"\xef\xbf\xbf", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\xc2\x93", b"\x93"),
    *(b"\xe9", "é中😀".encode(), "中文句子".encode("gbk"), b"\x1b$B", b"~{", b"+AGE-", b"a", b" "),
    *(b"<!DOCTYPE rss [<!ENTITY e 'x'>]>", b"&e;", b"&#0;", b"<", b"&"),
]
_ENCODINGS = ["", "utf-8", "utf-16", "gbk", "iso-2022-jp", "hz", "iso-8859-1", "big5", "utf-7"]


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(
    before=st.lists(st.sampled_from(_PIECES), max_size=2).map(b"".join),
    within=st.lists(st.sampled_from(_PIECES), max_size=4).map(b"".join),
    declared=st.sampled_from(_ENCODINGS),
    served=st.sampled_from(_ENCODINGS),
)
def test_what_is_read_as_it_is_is_what_it_would_be_made(
    before: bytes, within: bytes, declared: str, served: str
) -> None:
    declaration = f"<?xml version='1.0' encoding='{declared}'?>\n" if declared else ""
    document = Document(
        data=declaration.encode()
        + before
        + b"<rss><channel><title>A</title><item><guid>1</guid><title>"
        + within
        + b"</title></item></channel></rss>",
        content_type=f"text/xml; charset={served}",
    )
    assert_is_read_as_made(document)


@pytest.mark.parametrize(
    "before",
    [
        b'<?xml version="1.0">\n<rss><channel><title>B</title></channel></rss><?xml version="1"?>',
        b'<?xml version="1.0">\n<!DOCTYPE rss [<!ENTITY e "one">]>\n<?style x?>',
        b'<!DOCTYPE rss [<!\x01ENTITY e "one"><!ENTITY e "two">]>',
        b'<!DOCTYPE rss [<!\xef\xbf\xbeENTITY e "one"><!ENTITY e "two">]>',
        b'<?xml version="1.0"?>\xef\xbb\xbf<!DOCTYPE rss [<!ENTITY e "one">]>',
        b"\x01<x/>",
        b"\x01\n",
    ],
)
def test_what_stands_before_the_root_is_read_as_it_would_be_made(before: bytes) -> None:
    feed = (
        b"<rss><channel><title>A</title><item><guid>1</guid><title>T</title></item></channel></rss>"
    )
    assert_is_read_as_made(Document(data=before + feed.replace(b">T<", b">&e;<")))
    assert_is_read_as_made(Document(data=before + feed))


def assert_is_read_as_made(document: Document) -> None:
    read = readable.made_readable(document)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readable, "_read_as_it_is", lambda _document: None)
        longer = readable.made_readable(document)
    assert read.document == longer.document
    assert read.raw == longer.raw
    assert read.decoded[1:] == longer.decoded[1:]
