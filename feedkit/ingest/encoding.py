"""Bytes of an XML document in any encoding → UTF-8, whatever the document and its server claim.

A byte order mark decides (RFC 7303 §3); then comes what can be proven: bytes
that are UTF-8 throughout are UTF-8, as no text of another encoding is that by
chance. Only then counts what is claimed, the server's charset before the
document's declaration, each read as the superset that is meant by it
(WHATWG Encoding §4.2). A claim that fits badly gives way to the reading that
loses least: UTF-8 with its stray bytes taken for windows-1252, windows-1252
throughout, or the encoding of the language that the document names. Nothing
is guessed by frequencies: a guess changes with what a feed happens to say,
and ids with it.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# "<" and what follows it without a mark (XML 1.0 appendix F)
_BEGINNINGS = (
    (re.compile(rb"<\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0<"), "utf-32-be"),
    (re.compile(rb"<\0[^\0]"), "utf-16-le"),
    (re.compile(rb"\0<\0[^\0]"), "utf-16-be"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),
)
_DECLARED = re.compile(rb"""\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"'>]{1,60})["']""")
_DECLARATION = re.compile(rb"\s*<\?xml\s[^>]*>")
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?\s*([^\s;"']{1,60})""", re.IGNORECASE)
_LANGUAGE = re.compile(
    rb"""(?:<(?:dc:)?language>\s*|xml:lang\s*=\s*["'])([a-zA-Z]{2}\b[\w-]{0,20})"""
)
_STRAY = re.compile("[\udc80-\udcff]+")
_LONG_SEQUENCE = re.compile(rb"[\xe0-\xf4][\x80-\xbf]{2}")
_NO_XML = bytes({*range(32)} - {9, 10, 13})
_NONCHARACTER = re.compile(rb"\xef\xbf[\xbe\xbf]")
_HEAD = 4096

# what is meant by a name is what browsers read by it
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_SEVEN_BITS = ("iso2022", "hz")
_MULTIBYTE = ("gb", "big5", "cp932", "cp949", "euc", "shift", "johab", "iso2022", "hz")
# codecs that are no encodings of documents, and those that a declaration in ASCII can't mean
_NOT_MEANT = re.compile(
    r"idna|punycode|undefined|palmos|mbcs|oem|utf-7|.*escape|utf-?(?:16|32)|.*ucs|charmap"
)
_OF_LANGUAGE = {
    "zh-tw": ("big5hkscs",),
    "zh-hk": ("big5hkscs",),
    "zh": ("gb18030",),
    "ja": ("euc_jp", "cp932"),
    "ko": ("cp949",),
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "mk"), ("cp1251",)),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "ro"), ("cp1250",)),
    "el": ("cp1253",),
    "tr": ("cp1254",),
    "he": ("cp1255",),
    "ar": ("cp1256",),
    "th": ("cp874",),
    "vi": ("cp1258",),
    **dict.fromkeys(("lt", "lv", "et"), ("cp1257",)),
}


class Decoded(NamedTuple):
    """A document in UTF-8, and how it came to that."""

    data: bytes
    """UTF-8 without byte order mark, declaration and control characters."""
    encoding: str
    """What it was read as: the name of one of Python's codecs."""
    doubtful: int
    """How many places don't fit that encoding: each was repaired, or is now U+FFFD."""


def is_utf8_if_well_formed(data: bytes, content_type: str = "") -> bool:
    """Whether it is certain that :func:`to_utf8` changes nothing but the prolog of a document that
    a strict parser can read as UTF-8.

    :param data: the document, without the byte order mark of UTF-8.
    :param content_type: as for :func:`to_utf8`.
    """
    if any(data.startswith(bom) for bom, _ in _BOMS) or any(
        beginning.match(data) for beginning, _ in _BEGINNINGS
    ):
        return False
    return not any(map(_is_multibyte, _claims(data, content_type)))


def to_utf8(data: bytes, content_type: str = "") -> Decoded:
    """The document in UTF-8. Any bytes give one.

    :param data: the document.
    :param content_type: the media type it was served as, with its charset.
    """
    text, encoding, doubtful = _decoded(data, content_type)
    # a codec may make half a surrogate pair of a document
    utf8 = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    clean = _NONCHARACTER.sub(b"", utf8.translate(None, _NO_XML))
    clean = clean.removeprefix(codecs.BOM_UTF8)
    return Decoded(without_declaration(clean), encoding, doubtful)


def without_declaration(data: bytes) -> bytes:
    """A document in UTF-8 from where its XML declaration ends."""
    declaration = _DECLARATION.match(data, 0, _HEAD)
    return data[declaration.end() :] if declaration else data


def _decoded(data: bytes, content_type: str) -> tuple[str | bytes, str, int]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            data = data[len(bom) :]
            return _utf8_with_strays(data) if encoding == "utf-8" else _read_as(data, encoding)
    for beginning, encoding in _BEGINNINGS:
        if beginning.match(data):
            return _read_as(data, _ebcdic(data) if encoding == "cp037" else encoding)
    claimed = list(dict.fromkeys(_claims(data, content_type)))
    if not any(map(_is_multibyte, claimed)) and _is_utf8(data):
        return data, "utf-8", 0
    if data.isascii() and not any(name.startswith(_SEVEN_BITS) for name in claimed):
        return data, "utf-8", 0
    utf8 = text, encoding, doubtful = _utf8_with_strays(data)
    # a text of another encoding is valid UTF-8 in hardly any place
    is_utf8 = doubtful * 4 <= _beyond_ascii(text) - doubtful
    # but two letters of GBK can look like one of UTF-8; three bytes in a row hardly do
    if is_utf8 and (_LONG_SEQUENCE.search(data) or not any(map(_is_multibyte, claimed))):
        return utf8
    readings = [_read_as(data, name) for name in claimed if name != "utf-8"]
    if not is_utf8 and all(doubts for *_, doubts in readings):
        ofs = (_read_as(data, name) for name in _encodings_of_language(data))
        readings += [reading for reading in ofs if not reading[2]]
    if not is_utf8 and doubtful > _beyond_ascii(text) - doubtful:
        utf8 = (data.decode("cp1252", "replace"), "cp1252", doubtful)
    return min((*readings, utf8), key=lambda reading: reading[2])


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _claims(data: bytes, content_type: str) -> Iterator[str]:
    """The encodings that the server and the document name, if Python has them."""
    served = _CHARSET.search(content_type[:500])
    declared = _DECLARED.match(data[:_HEAD])
    for name in (served and served[1], declared and declared[1].decode("latin-1")):
        if name and (known := _codec(name)):
            yield known


def _codec(name: str) -> str:
    """The codec that a name means, or ``""``."""
    try:
        found = codecs.lookup(name.strip())
    except (LookupError, ValueError, UnicodeError):
        return ""
    known = found.name
    if not getattr(found, "_is_text_encoding", True) or _NOT_MEANT.match(known):
        return ""
    return "utf-8" if known == "utf-8-sig" else _SUPERSETS.get(known, known)


def _is_multibyte(name: str) -> bool:
    return name.startswith(_MULTIBYTE)


def _ebcdic(data: bytes) -> str:
    """The page of EBCDIC that a declaration in EBCDIC names."""
    declared = _DECLARED.match(data[:_HEAD].decode("cp037").encode("latin-1", "replace"))
    named = _codec(declared[1].decode("latin-1")) if declared else ""
    return named if named and "<".encode(named, "replace") == b"\x4c" else "cp037"


def _read_as(data: bytes, encoding: str) -> tuple[str, str, int]:
    """The text by one encoding, U+FFFD for what doesn't fit, and how often that is."""
    try:
        return data.decode(encoding), encoding, 0
    except UnicodeError:
        text = data.decode(encoding, "replace")
        return text, encoding, max(1, text.count("\ufffd"))


def _utf8_with_strays(data: bytes) -> tuple[str, str, int]:
    """The text as UTF-8, bytes that are none of it as windows-1252."""
    text = data.decode("utf-8", "surrogateescape")
    doubtful = 0

    def read(match: re.Match[str]) -> str:
        nonlocal doubtful
        stray = match[0].encode("utf-8", "surrogateescape")
        doubtful += len(stray)
        return stray.decode("cp1252", "replace")

    return _STRAY.sub(read, text), "utf-8", doubtful


def _beyond_ascii(text: str) -> int:
    """How many characters of a text are not ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


def _encodings_of_language(data: bytes) -> tuple[str, ...]:
    """What documents of the language that this one names were written in before UTF-8."""
    if not (named := _LANGUAGE.search(data, 0, 16 * _HEAD)):
        return ()
    language = named[1].decode("ascii").lower()
    return _OF_LANGUAGE.get(language[:5]) or _OF_LANGUAGE.get(language[:2], ())
