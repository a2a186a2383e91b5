"""Which feeds there are for a page: those it announces, those at the usual places."""

from urllib.parse import urljoin

from msgspec import Struct

from feedkit._urls import is_web
from feedkit.errors import SourceError
from feedkit.ingest import announced_feeds, is_page, parse_document
from feedkit.ingest.document import Document
from feedkit.pipeline.pages import Get

USUAL = (
    "feed", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed/", "rss", "rss/", "atom/",
    "feed.json", "feeds/posts/default", "blog/feed", "blog/rss.xml", "blog/atom.xml",
    "blog/index.xml", "feed.rss", "feeds/all.atom.xml",
)  # fmt: skip
"""Where the common engines put their feeds, below a site's address."""


class Found(Struct, frozen=True, kw_only=True):
    """A feed that was found."""

    url: str
    """Its address."""
    title: str = ""
    """Its title, where it was read."""
    said_by: str = "page"
    """``"page"``, ``"header"`` (RFC 8288), ``"itself"`` or ``"address"``: what told of it."""


def discover(document: Document, get: Get, *, usual: bool = False) -> list[Found]:
    """The feeds there are for a document.

    :param document: a page, or a feed itself.
    :param get: gets the document at an address.
    :param usual: whether to try the usual addresses of the site, one after the other.
    """
    if not is_page(document):
        try:
            feed = parse_document(document)
            return [Found(url=document.url or feed.feed_url, title=feed.title, said_by="itself")]
        except SourceError:
            pass
    found = {url: Found(url=url, said_by="header") for url in document.feeds}
    for url in announced_feeds(document.data, document.url):
        found.setdefault(url, Found(url=url))
    if usual and is_web(document.url):
        for place in USUAL:
            url = urljoin(document.url, f"/{place}")
            if url not in found and (title := _title(url, get)) is not None:
                found[url] = Found(url=url, title=title, said_by="address")
    return list(found.values())


def _title(url: str, get: Get) -> str | None:
    """The title of the feed at an address; None when there is none."""
    try:
        document = get(url)
        return None if is_page(document) else parse_document(document).title
    except SourceError:
        return None
