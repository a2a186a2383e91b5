"""Bytes → a tree of plain values that everything else of a page walks, never recursing."""

import codecs
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from feedkit._html import collapse
from feedkit.errors import ParseError


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


DEEPEST = 512
"""How many elements may be open at once: what browsers allow."""

_META = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_SERVED = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# what browsers read these labels as (WHATWG Encoding §4.2)
_READ_AS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "iso8859-9": "cp1254",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8", "big5": "big5hkscs",
    "tis-620": "cp874",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# elements that stand open in no number, however often they are not closed
_CLOSED_BY_OTHERS = words(
    "a area base body br button col dd dt embed form head hr html img input li link meta option p "
    "param rb rp rt rtc select source tbody td tfoot th thead tr track wbr"
)
_REOPENED = words("b big code em font i nobr s small strike strong tt u")
_MOST_REOPENED = 10
_IGNORED = words(
    "script style noscript template svg math iframe object embed canvas audio video select "
    "textarea datalist"
)
_INLINE = words(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd mark q s samp small span strong sub "
    "sup time tt u var wbr img"
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class Node:
    """An element: its name, attributes and children, which are elements and texts."""

    __slots__ = ("_text", "attrs", "children", "classes", "end", "key", "parent", "place", "tag")

    def __init__(self, tag: str, attrs: dict[str, str], parent: "Node | None", key: int) -> None:
        self.tag = tag
        self.attrs = attrs
        self.parent = parent
        self.key = key
        self.children: list[Node | str] = []
        self.classes: tuple[str, ...] = tuple(attrs.get("class", "").split()[:20])
        self.place = 0
        self.end = 0
        self._text: str | None = None

    def elements(self) -> Iterator["Node"]:
        """Itself and all elements in it, in the order of the document."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [child for child in reversed(node.children) if isinstance(child, Node)]

    def ancestors(self) -> Iterator["Node"]:
        """The elements around it, from the inside out."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def holds(self, other: "Node") -> bool:
        """Whether another element is this one or stands in it."""
        return self.place <= other.place < self.end

    @property
    def text(self) -> str:
        """Its text, with white space between blocks, collapsed."""
        if self._text is None:
            self._text = collapse("".join(text for text, _ in texts(self)))
        return self._text

    def first(self, *tags: str) -> "Node | None":
        """The first element in it of these names."""
        return next(
            (node for node in self.elements() if node.tag in tags and node is not self), None
        )


def texts(node: Node) -> Iterator[tuple[str, Node]]:
    """Each text in an element with the element it stands in; blocks have spaces around them."""
    waiting: list[tuple[Node | str, Node]] = [(node, node)]
    while waiting:
        part, parent = waiting.pop()
        if isinstance(part, str):
            yield part, parent
            continue
        if part.tag not in _INLINE:
            yield " ", part
            waiting.append((" ", part))
        waiting += [(child, part) for child in reversed(part.children)]


class Spans:
    """Parts of a page, for asking whether something stands in one of them."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for node in sorted(nodes, key=lambda node: node.place):
            # what stands in another part adds nothing
            if not self._ends or node.place >= self._ends[-1]:
                self._starts.append(node.place)
                self._ends.append(node.end)

    def __contains__(self, node: Node) -> bool:
        at = bisect_right(self._starts, node.place) - 1
        return at >= 0 and node.place < self._ends[at]


class Page:
    """A page: its tree, and the parser's own for selectors."""

    def __init__(self, markup: str) -> None:
        _refuse_depth(markup)
        self._parser = LexborHTMLParser(markup)
        self.scripts: list[str] = []
        self._by_key: dict[int, Node] = {}
        self._originals: dict[int, LexborNode] = {}
        self.root = self._grown()
        self.nodes = list(self.root.elements())
        for place, node in enumerate(self.nodes):
            node.place = place
            node.end = place + 1
        for node in reversed(self.nodes):
            if node.parent is not None:
                node.parent.end = max(node.parent.end, node.end)

    def _grown(self) -> Node:
        root = Node("#document", {}, None, 0)
        known = {0: root}
        top = self._parser.root
        if top is None:
            return root
        ignored: set[int] = set()
        for node in top.traverse(include_text=True):
            above = node.parent
            parent_key = above.mem_id if above is not None else 0
            if parent_key in ignored:
                if node.is_element_node:
                    ignored.add(node.mem_id)
                continue
            parent = known.get(parent_key, root)
            if node.is_text_node:
                parent.children.append(node.text_content or "")
            elif node.is_element_node:
                self._add(node, parent, known, ignored)
        self._by_key = known
        return root

    def _add(
        self, node: LexborNode, parent: Node, known: dict[int, Node], ignored: set[int]
    ) -> None:
        tag = (node.tag or "").lower()
        if tag in _IGNORED:
            ignored.add(node.mem_id)
            if tag == "script" and "ld+json" in (node.attributes.get("type") or "").lower():
                self.scripts.append(node.text(deep=True))
            return
        attrs = {name: value or "" for name, value in node.attributes.items()}
        made = Node(tag, attrs, parent, node.mem_id)
        parent.children.append(made)
        known[node.mem_id] = made
        self._originals[node.mem_id] = node

    def markup(self, node: Node) -> str:
        """What stands in an element, as HTML; not clean."""
        original = self._originals.get(node.key)
        return (original.inner_html or "") if original is not None else ""

    def whole_markup(self, node: Node) -> str:
        """An element as HTML, with what stands in it; not clean."""
        original = self._originals.get(node.key)
        return (original.html or "") if original is not None else ""

    def select(self, selector: str) -> list[Node]:
        """The elements a CSS selector finds.

        :raise ValueError: when it is no selector.
        """
        try:
            found = self._parser.css(selector)
        except SelectolaxError as error:
            raise ValueError(str(error)) from error
        return [made for node in found if (made := self._by_key.get(node.mem_id)) is not None]


def is_selector(text: str) -> bool:
    """Whether a text is a CSS selector that is understood."""
    try:
        LexborHTMLParser("<p></p>").css(text)
    except (SelectolaxError, ValueError):
        return False
    return bool(text.strip())


def _refuse_depth(markup: str) -> None:
    """Refuse what is nested so that building its tree takes the square of its size."""
    still_open: Counter[str] = Counter()
    total = formatting = reopened = 0
    for seen, match in enumerate(_TAG.finditer(markup), 1000):
        name = match[2].lower()
        reopened += formatting
        if name in _CLOSED_BY_OTHERS:
            pass
        elif not match[1]:
            still_open[name] += 1
            total += 1
            formatting += name in _REOPENED
        elif still_open[name]:
            still_open[name] -= 1
            total -= 1
            formatting -= name in _REOPENED
        if total > DEEPEST or reopened > _MOST_REOPENED * seen:
            raise ParseError(f"more than {DEEPEST:,} elements stand in each other")


def decoded(data: bytes, content_type: str = "") -> str:
    """A page's text: by its byte order mark, as it was served, as it says, else as it can be."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    served = _SERVED.search(content_type)
    stated = _META.search(data[:4096])
    for label in (served[1] if served else "", stated[1].decode("ascii") if stated else ""):
        if label:
            try:
                name = codecs.lookup(label).name
                return data.decode(_READ_AS.get(name, name), "replace")
            except (LookupError, UnicodeError, ValueError):
                continue
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # a character cut in two at the end is no other encoding
        if error.start >= len(data) - 3:
            return data.decode("utf-8", "replace")
        return data.decode("cp1252", "replace")
