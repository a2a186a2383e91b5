"""What holds of a whole page: addresses, what stands aside, what headings say of dates."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import tzinfo
from functools import cached_property
from urllib.parse import urldefrag, urlsplit

from feedkit._urls import web_url, without_scheme
from feedkit.ingest.page.dates import (
    Context,
    Mark,
    ascii_digits,
    day_first,
    day_first_without_year,
    mark,
)
from feedkit.ingest.page.tree import HEADINGS, Node, Page
from feedkit.ingest.page.words import LISTING, is_aside

_SHORT = 8
_FAR = 40
_MARKED = frozenset((*HEADINGS, "dt", "th", "td", "summary", "legend", "caption", "strong", "b",
                     "p", "div", "span", "time", "li", "a"))  # fmt: skip
_WRAPPERS = frozenset(("#document", "html", "body", "main"))


def _plain(address: str) -> str:
    """An address without what makes no difference to where it leads."""
    bare = urldefrag(address)[0]
    return without_scheme(bare.removesuffix("index.html").removesuffix("index.htm"))


def _is_in_head_of_page(node: Node) -> bool:
    """Whether it stands beside the page's heading, so that it tells of the page itself."""
    header = next((above for above in node.ancestors() if above.tag == "header"), None)
    heading = header.first("h1") if header is not None else None
    return heading is not None and not heading.holds(node)


def _is_main(node: Node) -> bool:
    return node.tag == "main" or node.attrs.get("role", "").lower() == "main"


class Scene:
    """A page with its address, and what its parts are to each other.

    :param page: the page.
    :param url: where it was fetched from.
    :param language: its language, for the order of day and month.
    :param zone: the zone of dates that name none.
    :param own: what else it says its address is.
    """

    def __init__(
        self, page: Page, url: str, language: str, zone: tzinfo, own: Iterable[str] = ()
    ) -> None:
        self.page = page
        self.url = url
        self.language = language
        self.zone = zone
        self.base = self._base()
        self._here = {_plain(address) for address in (url, self.base, *own) if address}
        self._aside = self._asides()
        self._targets: dict[str, str] = {}

    def _base(self) -> str:
        for node in self.page.nodes:
            if node.tag == "base" and node.attrs.get("href", "").strip():
                return web_url(node.attrs["href"], self.url) or self.url
        return self.url

    def _asides(self) -> list[bool]:
        total = max(1, len(self.page.nodes))
        main = [
            node.place
            for node in self.page.nodes
            if _is_main(node) or node.attrs.get("id", "").lower() in ("main", "main-content")
        ]
        asides = [False] * total
        rooms = [total] * total
        for node in self.page.nodes:
            size = node.end - node.place
            above, room = False, total
            if node.parent is not None:
                above, room = asides[node.parent.place], rooms[node.parent.place]
            rooms[node.place] = size if _is_main(node) else room
            within = bisect_left(main, node.place)
            holds_main = within < len(main) and main[within] < node.end
            # what fills the page, or its main part, is the main thing whatever it is called
            asides[node.place] = above or (
                node.tag not in _WRAPPERS
                and not holds_main
                and size < 0.7 * rooms[node.place]
                and self._stands_aside(node)
            )
        return asides

    @staticmethod
    def _stands_aside(node: Node) -> bool:
        if node.tag in ("nav", "aside", "footer", "form", "dialog"):
            inside = any(above.tag in ("article", "li") for above in node.ancestors())
            named = " ".join((*node.classes, node.attrs.get("id", ""))).lower()
            return node.tag == "nav" or not (inside or "featured" in named)
        if node.tag in ("a", "time", "i", "img", "article") or node.tag in HEADINGS:
            return False
        names = (*node.classes, node.attrs.get("id", ""), node.attrs.get("role", ""))
        return any(is_aside(name) for name in names if len(name) < 60)

    def is_aside(self, node: Node) -> bool:
        """Whether it stands beside the main thing: in a menu, a sidebar, a footer."""
        return self._aside[node.place]

    def resolved(self, href: str) -> str:
        """An address as it is written on the page, made absolute; kept where it can't be."""
        href = href.strip()
        absolute = web_url(href, self.base)
        if absolute or self.base or ":" in href.split("/", 1)[0]:
            return absolute
        return "".join(href.split())

    def target(self, link: Node) -> str:
        """What a link leads to, without fragment; ``""`` for this page and what is no page."""
        href = link.attrs.get("href", "")
        if href not in self._targets:
            address = urldefrag(self.resolved(href))[0] if href.strip()[:1] not in ("", "#") else ""
            self._targets[href] = "" if _plain(address) in self._here else address
        return self._targets[href]

    def is_of_site(self, address: str) -> bool:
        """Whether an address is of the same host as the page."""
        host = urlsplit(self.base).netloc.removeprefix("www.")
        other = urlsplit(address).netloc.removeprefix("www.")
        return not host or not other or host == other

    def text_share(self, spans: Iterable[tuple[int, int]]) -> float:
        """The share of the text of the page's main part that stands in some spans of places."""
        lengths = self._lengths
        total = lengths[-1]
        held = sum(lengths[end] - lengths[start] for start, end in spans)
        return held / total if total else 0.0

    @cached_property
    def _lengths(self) -> list[int]:
        """The length of the text before each place, but for asides."""
        lengths = [0]
        for node in self.page.nodes:
            own = sum(len(part.strip()) for part in node.children if isinstance(part, str))
            is_other = self._aside[node.place] or node.tag == "title"
            lengths.append(lengths[-1] + (0 if is_other else own))
        return lengths

    @cached_property
    def plain_context(self) -> Context:
        """What dates mean anywhere on the page."""
        found = [
            part.strip()
            for node in self.page.nodes
            for part in node.children
            if isinstance(part, str) and len(part) < 200 and any(map(str.isdigit, part))
        ]
        return Context(
            zone=self.zone,
            dayfirst=day_first(found, self.language),
            short_dayfirst=day_first_without_year(found, self.language),
        )

    @cached_property
    def _marks(self) -> list[tuple[int, Node, Mark]]:
        context = self.plain_context
        marks = []
        for node in self.page.nodes:
            if node.tag not in _MARKED or node.end - node.place > _SHORT or self.is_aside(node):
                continue
            heading = node.tag in (*HEADINGS, "dt", "th", "summary", "caption") or any(
                above.tag in HEADINGS or above.tag == "dt" for above in list(node.ancestors())[:2]
            )
            heading = heading or any(
                word in name.lower()
                for name in node.classes
                for word in ("year", "month", "date", "day")
            )
            if not heading and node.tag in ("a", "li", "td", "div", "p", "span", "time"):
                text = node.text if node.end - node.place <= 3 else ""
                heading = False
                if not (text[:4].isdigit() and len(text) <= 6):
                    continue
            found = mark(node.text, context, heading=heading)
            if found and not (found.moment and _is_in_head_of_page(node)):
                marks.append((node.place, node, found))
        return marks

    @cached_property
    def _mark_places(self) -> list[int]:
        return [place for place, _, _ in self._marks]

    def context(
        self, head: Node, taken: tuple[list[int], list[int]], year: int = 0
    ) -> tuple[Context, Mark]:
        """What dates mean at a place: the year and month of the headings above it.

        :param head: an element of the post.
        :param taken: where the posts of the list begin, and where they end: what
            stands in one of them is no heading of another.
        :param year: the year to take where no heading tells.
        """
        at = bisect_left(self._mark_places, head.place)
        starts, ends = taken
        month = 0
        moment = None
        for place, node, found in reversed(self._marks[max(0, at - _FAR) : at]):
            which = bisect_left(starts, place + 1) - 1
            if which >= 0 and place < ends[which]:
                continue
            above = node
            for _ in range(4):
                above = above.parent or above
                if above.holds(head):
                    break
            else:
                continue
            if found.moment and not moment and not month:
                moment = found.moment
            if found.month and not month:
                month = found.month
            if found.year:
                context = self.plain_context._replace(
                    year=found.year, month=month, persian=found.persian
                )
                return context, Mark(found.year, month, moment)
            if moment:
                break
        return self.plain_context._replace(year=year), Mark(moment=moment)

    def is_listed(self, place: int) -> bool:
        """Whether the heading above a place says that posts are listed there."""
        for node in reversed(self.page.nodes[max(0, place - _FAR) : place]):
            if node.tag in HEADINGS:
                text = node.text
                return len(text) < _FAR and bool(LISTING.search(text)) and not is_aside(text)
        return False

    def is_number(self, text: str) -> bool:
        """Whether a text is a number and nothing else."""
        return ascii_digits(text).strip("[]() .").isdecimal()
