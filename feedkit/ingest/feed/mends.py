"""What keeps strict parsers from the end of a feed, mended where there is no doubt what was meant.

Each mend takes a document in UTF-8 whose prolog is ours, and returns it unchanged where it has
nothing to mend. What still is not well formed then is left to feedparser's loose parser.
"""

import re
from collections.abc import Callable
from functools import partial
from html.entities import html5

from feedkit.ingest.feed.bytes_of_xml import ENTRY_TAG, declared_names, from_root
from feedkit.ingest.feed.fast.names import PREFIXES

_CDATA = re.compile(rb"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
# so much at once, as replacing takes a hundred times the room of what it replaces
_STRETCH = re.compile(rb".{1,65536}[^&]*+", re.DOTALL)
_REFERENT = rb"(\#(?:\d++|[xX][0-9a-fA-F]++))|([A-Za-z_:][\w.:-]*+)"
_BARE_AMPERSAND = re.compile(rb"&(?!(?:%b);)" % _REFERENT, re.ASCII)
_REFERENCE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)(?:%b);" % _REFERENT, re.ASCII)
_SURROGATES = re.compile(
    rb"(&#(?:5[56]\d{3}|[xX][dD][89abAB][0-9a-fA-F]{2});)"
    rb"(&#(?:5[67]\d{3}|[xX][dD][c-fC-F][0-9a-fA-F]{2});)"
)
_LONGEST_NUMBER = 10
_NO_CHARACTER = b"&#65533;"
_PREFIX = re.compile(
    rb"""</?([a-z_][\w.-]*+):[a-z_]|\s([a-z_][\w.-]*+):[a-z_][\w.-]*+\s*+=\s*+["']""", re.IGNORECASE
)
_DECLARED_PREFIX = re.compile(rb"\sxmlns:([\w.-]++)\s*+=")
_RESERVED = frozenset({b"xml", b"xmlns"})
_MOST_PREFIXES = 50
# only of these is a prefix what feedparser takes it for, whatever else is declared
_NAMESPACES = {prefix: uri for uri, prefix in reversed(PREFIXES.items()) if prefix != "xlink"}
_ROOT = re.compile(rb"<([a-z][\w.:-]*+)", re.IGNORECASE)


def with_known_references(data: bytes) -> bytes:
    """The document with no reference but to characters that there are, and to declared entities.

    The names of HTML, which feeds use undeclared, become numbers; what else
    follows an ampersand is text, as in browsers, and so is the ampersand.
    """
    if b"&" not in data:
        return data
    known = partial(_known, declared_names(data))
    parts = _CDATA.split(data)
    parts[::2] = (_with_known_references(part, known) for part in parts[::2])
    return b"".join(parts)


def _with_known_references(text: bytes, known: Callable[[re.Match[bytes]], bytes]) -> bytes:
    stretches = _STRETCH.finditer(_SURROGATES.sub(_paired, text))
    escaped = (_BARE_AMPERSAND.sub(b"&amp;", stretch[0]) for stretch in stretches)
    return b"".join(_REFERENCE.sub(known, stretch) for stretch in escaped)


def _known(declared: frozenset[bytes], match: re.Match[bytes]) -> bytes:
    number, name = match.groups()
    if number:
        return match[0] if _is_legal(number) else _NO_CHARACTER
    if name in declared:
        return match[0]
    if meant := html5.get(f"{name.decode()};"):
        return b"".join(b"&#%d;" % ord(char) for char in meant)
    return b"&amp;" + match[0][1:]


def _paired(match: re.Match[bytes]) -> bytes:
    high, low = (_number(reference.strip(b"&#;")) for reference in match.groups())
    if 0xD800 <= high < 0xDC00 <= low < 0xE000:
        return b"&#%d;" % (0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return match[0]


def _number(digits: bytes) -> int:
    return int(digits[1:], 16) if digits[:1] in b"xX" else int(digits)


def _is_legal(reference: bytes) -> bool:
    if len(reference) > _LONGEST_NUMBER:
        return False
    number = _number(reference[1:])
    in_range = 0x20 <= number <= 0x10FFFF or number in (9, 10, 13)
    return in_range and not 0xD800 <= number < 0xE000 and number not in (0xFFFE, 0xFFFF)


def with_declared_prefixes(data: bytes) -> bytes:
    """The document with the prefixes declared that it uses without ever saying what they mean.

    That is what they usually mean; what they don't, feedparser knows by the prefix alone.
    """
    outside = b"".join(_CDATA.split(data)[::2])
    used = {found[1] or found[2] for found in _PREFIX.finditer(outside)}
    missing = used - {found[1] for found in _DECLARED_PREFIX.finditer(outside)} - _RESERVED
    at = from_root(data)
    root = _ROOT.match(data, at)
    if not root or not 0 < len(missing) <= _MOST_PREFIXES:
        return data
    declared = (b' xmlns:%b="%b"' % (name, _namespace_of(name)) for name in sorted(missing))
    return b"".join((data[: root.end()], *declared, data[root.end() :]))


def _namespace_of(prefix: bytes) -> bytes:
    usual = _NAMESPACES.get(prefix.decode().lower(), "")
    return usual.encode() or b"urn:undeclared:" + prefix


def without_what_follows(data: bytes) -> bytes:
    """The document up to the end of its root, where nothing follows that might be an entry.

    Servers and what stands before them add scripts, notes and errors to whatever they send.
    """
    if not (root := _ROOT.match(data, from_root(data))):
        return data
    end = data.rfind(b"</" + root[1])
    end = data.find(b">", end) + 1 if end > 0 else 0
    return data[:end] if end and not ENTRY_TAG.search(data, end) else data
