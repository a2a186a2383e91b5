"""The state that feedparser keeps while it reads, and what it does with a text that is complete."""

import re
from html.entities import entitydefs
from typing import Any
from urllib.parse import urljoin

from feedkit.ingest import bounds
from feedkit.ingest.feed.fast.declined import Declined
from feedkit.ingest.feed.fast.names import Names

Part = dict[str, Any]
Attributes = dict[str, Any]

_TEXT_TYPES = {
    "text": "text/plain",
    "plain": "text/plain",
    "html": "text/html",
    "xhtml": "application/xhtml+xml",
}
XHTML = "application/xhtml+xml"
HTML_TYPES = ("text/html", XHTML)
_ADDRESSES = "comments docs href icon link logo url wfw_comment wfw_commentrss"
ADDRESSES = frozenset(_ADDRESSES.split())
"""The elements whose text is an address that xml:base counts for."""
_TAGS = """
    a abbr acronym address area article aside audio b big blockquote br button canvas caption
    center cite code col colgroup command datagrid datalist dd del details dfn dialog dir div dl dt
    em event-source fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hr i img
    input ins kbd keygen label legend li m map menu meter multicol nav nextid noscript ol optgroup
    option output p pre progress q s samp section select small sound source spacer span strike
    strong sub sup table tbody td textarea tfoot th thead time tr tt u ul var video
"""
TAGS = frozenset(_TAGS.split())
"""The elements that a text must be made of, to be taken for HTML."""

_CLOSED = re.compile(r"</(\w+)>")
_REFERENCE = re.compile(r"&#?\w+;")
_NAME = re.compile(r"</?(\w+)")
_NAMED = re.compile(r"&(\w+);")
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)/+")
_QUERY = re.compile(r"&([A-Za-z0-9_]+);")
# what feedparser takes the control characters of ISO 8859-1 for
WINDOWS = {
    byte: bytes((byte,)).decode("cp1252")
    for byte in range(128, 160)
    if byte not in (129, 141, 143, 144, 157)
}


class Machine:
    """One document on its way.

    :param names: the namespaces it declares.
    :param has_windows: whether there may be control characters that windows-1252 has others for.
    """

    def __init__(self, names: Names, has_windows: bool) -> None:
        self.names = names
        self.has_windows = has_windows
        self.version = ""
        self.feed: Part = {}
        self.entries: list[Part] = []
        self.source: Part = {}
        self.depths: dict[str, int] = {}
        self.stack: list[tuple[str, bool, int]] = []
        self.pieces: list[str] = []
        self.depth = 0
        self.base = ""
        self.lang: str | None = None
        self.params: Part = {}
        self.in_content = False
        self.in_feed = self.in_entry = self.in_image = self.in_source = False
        self.in_author = self.in_contributor = self.in_publisher = False
        self.has_content = False
        self.title_depth = self.kept_title_depth = -1
        self.guid_is_link = False
        self.category: Part = {}
        self.media: Part = {}
        self.group: list[Part] | None = None
        self.group_title = ""
        self.within: list[str] = []
        self.in_chapters = False

    def context(self) -> Part:
        """What an element belongs to."""
        if self.in_source:
            return self.source
        part = self.entries[-1] if self.in_entry else self.feed
        if self.in_image:
            if self.in_entry:
                part = part.setdefault("own picture", {})
            elif "image" in part:
                part = part["image"]
        return part

    def listed(self, key: str, value: Part) -> None:
        """Keeps one of many."""
        values = self.context().setdefault(key, [])
        if len(values) >= bounds.MAX_LISTED:
            raise Declined("a bound")
        values.append(value)

    @property
    def expects_text(self) -> bool:
        """Whether there is something that a text belongs to."""
        return self.in_feed or self.in_entry or self.in_source

    def resolved(self, address: str) -> str:
        """An address as xml:base makes it; as it is written it is kept, too."""
        if not self.base and ":///" not in address:
            return address
        resolved = joined(self.base, address)
        if resolved != address:
            self.context().setdefault("as written", {})[resolved] = address
        return resolved

    def resolve(self, attributes: Part, *names: str) -> Part:
        """The attributes, with these addresses as xml:base makes them."""
        for name in names:
            if attributes.get(name):
                attributes[name] = self.resolved(attributes[name].strip())
        return attributes

    def push(self, name: str, expects_text: bool) -> None:
        """Text belongs to this element from here on."""
        if not self.stack:
            self.pieces.clear()
        self.stack.append((name, expects_text, len(self.pieces)))

    def push_content(self, name: str, attributes: Part, default: str, expects: bool = True) -> None:
        """Markup or text of a stated type belongs to this element from here on."""
        self.in_content = True
        kind = default
        if attributes:
            kind = media_type(attributes.get("type", default))
            is_text = kind.startswith("text/") or kind.endswith(("+xml", "/xml"))
            if attributes.get("mode") == "base64" or not is_text:
                raise Declined("base64")
        language = self.lang and self.lang.replace("_", "-")
        self.params = {"type": kind, "language": language, "base": self.base}
        self.push(name, expects)

    def pop_content(self, name: str) -> str:
        """The markup of an element is complete."""
        text = self.pop(name)
        if text is None:
            raise Declined("nesting")
        self.in_content = False
        self.params = {}
        return text

    def pop(self, name: str) -> str | None:
        """The text of an element is complete; None when another one is open."""
        if not self.stack or self.stack[-1][0] != name:
            return None
        _, expects_text, at = self.stack.pop()
        pieces = self.pieces[at:]
        del self.pieces[at:]
        kind = self.params["type"] if self.in_content else ""
        if kind == XHTML and self.version == "atom10":
            pieces = _without_div(pieces)
        text = "".join(pieces).strip()
        if not expects_text:
            return text
        if text and name in ADDRESSES:
            text = self.resolved(text)
        is_plain = kind == "text/plain" and not self.version.startswith("atom")
        if is_plain and looks_like_html(text):
            self.params["type"] = "text/html"
        if self.has_windows:
            text = text.translate(WINDOWS)
        if name not in ("category", "itunes_keywords"):
            self._store(name, text)
        return text

    def _store(self, name: str, text: str) -> None:
        if name == "title" and -1 < self.title_depth <= self.depth:
            return
        if self.in_entry and not self.in_source:
            self._store_in_entry(self.entries[-1], name, text)
        elif self.in_feed or self.in_source:
            context = self.context()
            name = "subtitle" if name == "description" else name
            context[name] = text
            if name == "link":
                context[name] = context["links"][-1]["href"] = _without_semicolons(text)
            elif self.in_content:
                context[f"{name}_detail"] = {**self.params, "value": text}

    def _store_in_entry(self, entry: Part, name: str, text: str) -> None:
        if name == "content":
            entry.setdefault(name, []).append({**self.params, "value": text})
        elif name == "link":
            if not self.in_image:
                text = _without_semicolons(text.replace("&amp;", "&"))
                entry[name] = text
                if text:
                    entry["links"][-1]["href"] = text
        else:
            name = "summary" if name == "description" else name
            if self.depth <= self.depths.get(name, self.depth):
                self.depths[name] = self.depth
                entry[name] = text
            if self.in_content:
                entry[f"{name}_detail"] = {**self.params, "value": text}

    def set_base(self, stated: str) -> None:
        """An xml:base is stated."""
        base = joined(self.base, stated)
        is_safe = not self.base or base.startswith(("http://", "https://"))
        # each element below resolves it against itself once more
        if not is_safe or joined(base, base) != base or len(base) > bounds.MAX_BASE:
            raise Declined("xml:base")
        self.base = base


def _without_semicolons(address: str) -> str:
    """An address without the semicolon after what might be a reference to a character."""
    return _QUERY.sub(r"&\g<1>", address) if "&" in address else address


def media_type(stated: str) -> str:
    """A type of Atom as the media type it means."""
    stated = stated.lower()
    return _TEXT_TYPES.get(stated, stated)


def joined(base: str, address: str) -> str:
    """An address made absolute."""
    try:
        return urljoin(base, _SLASHES.sub(r"\1", address))
    except ValueError:
        return ""


def looks_like_html(text: str) -> bool:
    """Whether feedparser takes a text that is said to be plain for HTML."""
    if not ("</" in text and _CLOSED.search(text)) and not (
        "&" in text and _REFERENCE.search(text)
    ):
        return False
    if any(name.lower() not in TAGS for name in _NAME.findall(text)):
        return False
    return all(name in entitydefs for name in _NAMED.findall(text))


def _without_div(pieces: list[str]) -> list[str]:
    """The pieces without the one element that they are all within, if that is a div."""
    texts = [at for at, piece in enumerate(pieces) if piece.strip()]
    pieces = pieces[texts[0] : texts[-1] + 1] if texts else pieces[:1]
    if not pieces or not pieces[0].startswith(("<div>", "<div ")) or pieces[-1] != "</div>":
        return pieces
    depth = 0
    for piece in pieces[:-1]:
        if piece.startswith("</"):
            depth -= 1
            if depth == 0:
                return pieces
        elif piece.startswith("<") and not piece.endswith("/>"):
            depth += 1
    return pieces[1:-1]
