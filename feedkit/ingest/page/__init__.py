"""Pages without feeds: an HTML page that lists posts → Feed.

In this order of trust: what the source's selectors say, what the page marks
(JSON-LD, microformats, microdata), and its own repeated structure.
"""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from feedkit._urls import web_url
from feedkit.errors import ParseError, UnknownFormatError
from feedkit.ingest.document import ANNOUNCES, Document, Selectors
from feedkit.ingest.page.agreement import agreed
from feedkit.ingest.page.facts import Facts, read_facts
from feedkit.ingest.page.judging import judge
from feedkit.ingest.page.metadata import described_posts
from feedkit.ingest.page.pagination import next_page
from feedkit.ingest.page.reading import made_feed
from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.selection import selected
from feedkit.ingest.page.structure import Candidate, candidates, chosen
from feedkit.ingest.page.suggestion import suggested, table
from feedkit.ingest.page.tree import Node, Page, decoded
from feedkit.ingest.unknown import announced_feeds, unknown
from feedkit.model import Feed, Problem

_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|main|article|section|div|ul|ol|table|p|h[1-6]|title|meta)"
    r"(?=[\s/>])",
    re.IGNORECASE,
)
_XML = re.compile(r"\s*<\?xml", re.IGNORECASE)
_NAMED = 3


class Explanation(Struct, frozen=True, kw_only=True):
    """How a page was read."""

    way: str
    """``"selectors"``, ``"JSON-LD"``, ``"microformats"``, ``"microdata"``, ``"structure"``, or two
    of them that agree; ``""`` when nothing convinced."""
    reasons: tuple[str, ...]
    """What speaks for it."""
    selectors: Selectors | None
    """What finds the same posts; None when selectors can't tell them."""
    aside: tuple[str, ...]
    """What else might have been a list, and why it is none."""
    feeds: tuple[str, ...]
    """The feeds the page announces."""
    feed: Feed | None
    """What was read; None when nothing convinced."""

    def lines(self, source: str) -> Iterator[str]:
        """The same in words, with a table for feedkit.toml."""
        if self.feed is None:
            yield "no list of posts: nothing on the page convinces"
        else:
            yield f"{len(self.feed.posts)} posts, read by {self.way}: {', '.join(self.reasons)}"
            newest = self.feed.posts[0]
            shown = f"{newest.published:%Y-%m-%d} " if newest.published else ""
            yield f"the first: {shown}{newest.title}"
            if self.feed.next_url:
                yield f"older posts: {self.feed.next_url}"
            yield ""
            yield from table(source, self.selectors)
        for label, told in (("announced", self.feeds), ("set aside", self.aside)):
            if told:
                yield ""
            for one in told:
                yield f"{label}: {one}"


class _Read:
    """A page as far as it could be read."""

    def __init__(self, document: Document, page: Page) -> None:
        self.page = page
        self.facts: Facts = read_facts(page, document.url)
        url = document.url or self.facts.canonical
        own = (self.facts.canonical, self.facts.own_url)
        self.scene = Scene(page, url, self.facts.language, document.zone, own)
        self.found: list[Candidate] = []
        self.best: Candidate | None = None
        given = document.selectors
        if given is not None and given.item:
            drafts = selected(self.scene, given)
            evidence = judge(drafts, self.scene, self.facts)
            self.best = Candidate(drafts, evidence, "selectors")
        else:
            self.found = candidates(self.scene, self.facts)
            best = chosen(self.found, self.scene, self.facts)
            described = described_posts(self.scene)
            self.best = agreed(best, self.found, described, self.scene, self.facts)
        self.next_url, self.next_link = self._next(given)

    def _next(self, given: Selectors | None) -> tuple[str, Node | None]:
        if self.best is None:
            return "", None
        if given is not None and given.next:
            for node in self.page.select(given.next):
                if address := self.scene.target(node):
                    return address, node
            return "", None
        return next_page(self.scene, {draft.url for draft in self.best.drafts})

    def feed(self, document: Document) -> Feed | None:
        if self.best is None:
            return None
        drafts = self.best.drafts
        feed = made_feed(drafts, self.scene, self.facts, document, web_url(self.next_url))
        if feeds := _feeds(document):
            what = "a feed" if len(feeds) == 1 else "feeds"
            reason = f"announces {what}, which may say more: {', '.join(feeds[:_NAMED])}"
            feed = replace(feed, problems=(Problem(subject=ANNOUNCES, reason=reason),))
        return feed

    def others(self) -> tuple[str, ...]:
        """The runs that are no list of posts, and what speaks against them."""
        taken = {draft.url for draft in self.best.drafts} if self.best else set()
        told: list[str] = []
        seen: set[str] = set()
        for one in self.found:
            first = one.drafts[0]
            if first.title in seen or sum(draft.url in taken for draft in one.drafts) * 2 > len(
                one.drafts
            ):
                continue
            seen.add(first.title)
            shown = first.title if len(first.title) <= 40 else f"{first.title[:39]}…"
            told.append(f"{len(one.drafts)} × “{shown}” ({', '.join(one.evidence.reasons)})")
        return tuple(told)


def recognises(document: Document) -> bool:
    """Whether a document is an HTML page; ask last, as feeds may hold HTML."""
    head = decoded(document.data[:4096], document.content_type).lstrip("\ufeff\0 \t\r\n")
    if not head.startswith("<"):
        return False
    found = _HTML.search(head)
    return found is not None and not (_XML.match(head) and "<html" not in head.lower())


def _feeds(document: Document) -> tuple[str, ...]:
    """The feeds that a page, or its server, announces."""
    told = (*document.feeds, *announced_feeds(document.data, document.url))
    return tuple(dict.fromkeys(told))


def _page(document: Document) -> Page:
    return Page(decoded(document.data, document.content_type))


def ingest(document: Document) -> Feed:
    """The posts a page lists.

    :raise UnknownFormatError: when nothing in it is convincingly a list of
        posts; the message names what came closest, ``feeds`` what it announces.
        So is a page that is nested too deep to be read.
    :raise ParseError: when a selector finds nothing.
    """
    try:
        page = _page(document)
    except ParseError as error:
        looks = unknown(document)
        raise UnknownFormatError(f"{looks.reason}; {error.reason}", feeds=looks.feeds) from error
    read = _Read(document, page)
    feed = read.feed(document)
    if feed is None:
        raise _no_list(document, read.others())
    return feed


def _no_list(document: Document, others: tuple[str, ...]) -> UnknownFormatError:
    error = unknown(document)
    reason = error.reason
    if others:
        reason += f"; it lists no posts, what came closest: {'; '.join(others[:_NAMED])}"
    return UnknownFormatError(reason, feeds=error.feeds)


def explain(document: Document) -> Explanation:
    """How a page is read: which way was taken, why, and the selectors that find the same."""
    read = _Read(document, _page(document))
    best = read.best
    return Explanation(
        way=best.way if best else "",
        reasons=best.evidence.reasons if best else (),
        selectors=suggested(read.scene, best.drafts, read.next_link) if best else None,
        aside=read.others()[:8],
        feeds=_feeds(document),
        feed=read.feed(document),
    )
