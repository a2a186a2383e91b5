"""What the bytes of an XML feed tell before it is parsed: its root, its end, its references."""

import re

_HEAD = 64 * 1024
_TAIL = 4 * 1024
_PROLOG = re.compile(
    rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!doctype\b[^>\[]*(?:\[.*?\]\s*)?>)", re.IGNORECASE | re.DOTALL
)
_ELEMENT = re.compile(rb"\s*<([a-z][\w.-]*:)?([a-z][\w.-]*)", re.IGNORECASE)
_ANY_ROOT = re.compile(rb"<((?:[a-z][\w.-]*:)?(?:rss|feed|rdf|channel))\b", re.IGNORECASE)
_REFERENCE = re.compile(rb"&#(?:\d+|[xX][0-9a-fA-F]+);")
_SURROGATES = re.compile(
    rb"(&#(?:5[56]\d{3}|[xX][dD][89abAB][0-9a-fA-F]{2});)"
    rb"(&#(?:5[67]\d{3}|[xX][dD][c-fC-F][0-9a-fA-F]{2});)"
)


def with_legal_references(data: bytes) -> bytes:
    """The document without references to characters that there are not, which stop feedparser."""
    paired = _SURROGATES.sub(_paired, data)
    return _REFERENCE.sub(lambda match: match[0] if _is_legal(match) else b"&#65533;", paired)


def _number_of(reference: bytes) -> int:
    digits = reference.strip(b"&#;").lower()
    return int(digits[1:], 16) if digits.startswith(b"x") else int(digits)


def _paired(match: re.Match[bytes]) -> bytes:
    high, low = _number_of(match[1]), _number_of(match[2])
    if 0xD800 <= high < 0xDC00 <= low < 0xE000:
        return b"&#%d;" % (0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return match[0]


def _is_legal(match: re.Match[bytes]) -> bool:
    number = _number_of(match[0][:16])
    return len(match[0]) <= 12 and number <= 0x10FFFF and not 0xD800 <= number < 0xE000


def root_of(data: bytes) -> bytes:
    """The name of the root element as it is written; before it there may be what is no markup."""
    head = data[:_HEAD].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff")
    at = 0
    while prolog := _PROLOG.match(head, at):
        at = prolog.end()
    if element := _ELEMENT.match(head, at):
        return (element[1] or b"") + element[2]
    root = _ANY_ROOT.search(head, at)
    return root[1] if root and b"<html" not in head[: root.start()].lower() else b""


def is_cut_off(data: bytes) -> bool:
    """Whether the end of the root element is missing."""
    end = b"</" + root_of(data).lower()
    if end in data[-_TAIL:].lower():
        return False
    return end not in data.replace(b"\0", b"").lower()


def ends_inside_an_entry(data: bytes) -> bool:
    """Whether the last entry that is opened is never closed."""
    lowered = data.replace(b"\0", b"").lower()
    opened = max(lowered.rfind(b"<item"), lowered.rfind(b"<entry"))
    return opened > max(lowered.rfind(b"</item"), lowered.rfind(b"</entry"))
