"""What the bytes of an XML feed tell before it is parsed, and the prolog that it is given."""

import html
import re

from feedkit.errors import ParseError
from feedkit.ingest.bounds import MAX_ENTITIES, MAX_ENTITY, MAX_PROLOG

_HEAD = MAX_PROLOG
_TAIL = 4 * 1024
_PROLOG = re.compile(
    rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!doctype\b[^>\[]*(?:\[.*?\]\s*)?>)", re.IGNORECASE | re.DOTALL
)
_DOCTYPE = re.compile(rb"\s*<!doctype\s+([^\s>\[]{1,60})", re.IGNORECASE)
_ELEMENT = re.compile(rb"\s*<([a-z][\w.-]*:)?([a-z][\w.-]*)", re.IGNORECASE)
_ANY_ROOT = re.compile(rb"<((?:[a-z][\w.-]*:)?(?:rss|feed|rdf|channel))\b", re.IGNORECASE)
_ENTITY = re.compile(
    rb"""<!ENTITY\s+(%\s+)?([\w.:-]{1,60})\s+(?:"([^"]*)"|'([^']*)'|[^>"'])""", re.IGNORECASE
)
_NAMED = re.compile(rb"&([A-Za-z]\w{0,30});", re.ASCII)
ENTRY_TAG = re.compile(rb"(</?)(?:[\w.-]+:)?(?:item|entry)(?![\w.:-])", re.IGNORECASE)
_PREDEFINED = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_DECLARATION_BEGINS = b"<!DOCTYPE feed [\n"
_DECLARATION_ENDS = b"\n]>\n"
_XML_DECLARATION = b"<?xml version='1.0' encoding='utf-8'?>\n"


def root_of(data: bytes) -> bytes:
    """The name of the root element as it is written; before it there may be what is no markup."""
    head = data[:_HEAD]
    if head.startswith(b"\x4c\x6f\xa7\x94"):  # "<?xm" in EBCDIC
        head = head.decode("cp037").encode("latin-1")
    head = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff")
    at = _end_of_prolog(head)
    if element := _ELEMENT.match(head, at):
        return (element[1] or b"") + element[2]
    if len(data) > _HEAD and (doctype := _DOCTYPE.match(head, at)):
        return doctype[1]
    root = _ANY_ROOT.search(head, at)
    return root[1] if root and b"<html" not in head[: root.start()].lower() else b""


def _end_of_prolog(head: bytes) -> int:
    at = 0
    while prolog := _PROLOG.match(head, at):
        at = prolog.end()
    return at


def with_prolog_of_ours(data: bytes) -> bytes:
    """The document from its root on, below a declaration of the entities that are plain text.

    What stands before the root decides nothing, and stops a strict parser as
    often as not. An entity that is fetched from elsewhere, or that declares
    others, is left out.

    :param data: a document in UTF-8.
    :raise ParseError: when the entities are too many or too large, or made of each other.
    """
    head = data[:_HEAD]
    at = _end_of_prolog(head)
    if not _ELEMENT.match(head, at):
        if len(data) > _HEAD and _DOCTYPE.match(head, at):
            raise ParseError(
                f"the document type declaration has more than {MAX_PROLOG:,} bytes, the bound"
            )
        root = _ANY_ROOT.search(head, at)
        junk = root.start() if root else at
    else:
        junk = at
    declared = _entities(head[:at])
    expanded = sum(len(text) * data.count(b"&%b;" % name) for name, text in declared.items())
    if expanded > len(data) + MAX_ENTITY:
        raise ParseError(
            f"entities would grow by {expanded:,} bytes, "
            f"the bound is the document's own {len(data):,}"
        )
    return _XML_DECLARATION + _declaration(declared) + data[junk:].lstrip()


def _entities(prolog: bytes) -> dict[bytes, bytes]:
    """The declared entities that are plain text."""
    entities: dict[bytes, bytes] = {}
    count = 0
    for match in _ENTITY.finditer(prolog):
        count += 1
        if count > MAX_ENTITIES:
            raise ParseError(
                f"the document declares more than {MAX_ENTITIES:,} entities, the bound"
            )
        name, value = match[2], match[3] if match[3] is not None else match[4]
        if match[1] or value is None or name in _PREDEFINED or name in entities:
            continue
        if any(nested not in _PREDEFINED for nested in _NAMED.findall(value)):
            raise ParseError(
                f"the entity {name.decode('utf-8', 'replace')} is made of other entities; "
                "the bound is none"
            )
        if len(value) > MAX_ENTITY:
            raise ParseError(f"an entity has {len(value):,} bytes, the bound is {MAX_ENTITY:,}")
        text = html.unescape(value.decode("utf-8", "replace"))
        if name.isalnum() and not set(text) & set('<>&"%'):
            entities[name] = text.encode("utf-8", "replace")
    return entities


def _declaration(entities: dict[bytes, bytes]) -> bytes:
    if not entities:
        return b""
    lines = (b'<!ENTITY %b "%b">' % entity for entity in entities.items())
    return _DECLARATION_BEGINS + b"\n".join(lines) + _DECLARATION_ENDS


def from_root(data: bytes) -> int:
    """Where the root begins in a document whose prolog is ours."""
    begins = _XML_DECLARATION + _DECLARATION_BEGINS
    at = data.index(_DECLARATION_ENDS) + len(_DECLARATION_ENDS) if data.startswith(begins) else 0
    return at or len(_XML_DECLARATION)


def declared_names(data: bytes) -> frozenset[bytes]:
    """The names of the entities that a document declares whose prolog is ours."""
    return frozenset(match[2] for match in _ENTITY.finditer(data, 0, from_root(data)))


def for_loose_parser(data: bytes) -> bytes:
    """A document whose prolog is ours, so that a strict parser gives up at its beginning."""
    return data.replace(_XML_DECLARATION, _XML_DECLARATION + b"&\n", 1)


def is_cut_off(data: bytes) -> bool:
    """Whether the end of the root element is missing."""
    root = root_of(data).lower()
    end = re.compile(rb"</%b(?![\w.:-])" % re.escape(root))
    if end.search(data[-_TAIL:].lower()):
        return False
    last = data[data.rfind(b"<") :].rstrip().lower()
    if last.startswith(b"<" + root) and last.endswith(b"/>"):
        return False
    return not end.search(data.lower())


def ends_inside_an_entry(data: bytes) -> bool:
    """Whether the last entry that is opened is never closed."""
    last = b""
    for match in ENTRY_TAG.finditer(data):
        last = match[1]
    return last == b"<"
