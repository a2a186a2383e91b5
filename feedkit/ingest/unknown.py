"""What a document is that no ingester reads, and the feeds an HTML page announces."""

import json
import re
from typing import TYPE_CHECKING

from feedkit._ids import is_absolute
from feedkit._urls import web_url
from feedkit.errors import UnknownFormatError
from feedkit.ingest.document import Document
from feedkit.ingest.feed.bytes_of_xml import root_of

if TYPE_CHECKING:
    from lxml import etree

MOST_FEEDS = 10
"""How many announced feeds are named."""

_HEAD = 512 * 1024
_SIGNED = 16
_LONGEST_ADDRESS = 2000
_BLANK = b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n"
FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
    }
)
# what files begin with, and where
_SIGNATURES: tuple[tuple[int, tuple[bytes, ...], str], ...] = (
    (0, (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x00\x00\x01\x00", b"II*\x00"), "an image"),
    (8, (b"WEBP",), "an image"),
    (4, (b"ftypavif", b"ftyphei", b"ftypmif1"), "an image"),
    (0, (b"ID3", b"OggS", b"fLaC", b"\xff\xfb", b"\x1aE\xdf\xa3"), "a sound or a film"),
    (8, (b"WAVE", b"AVI "), "a sound or a film"),
    (4, (b"ftyp",), "a sound or a film"),
    (0, (b"%PDF-",), "a PDF file"),
    (0, (b"\x1f\x8b",), "a file compressed with gzip"),
    (0, (b"PK\x03\x04",), "a zip archive"),
    (0, (b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ"), "a compressed file"),
)
_XML = {
    b"urlset": "a sitemap",
    b"sitemapindex": "a sitemap",
    b"opml": "an OPML list of feeds",
    b"svg": "an image (SVG)",
}
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|link|script|div|p|h1)\b", re.IGNORECASE
)
# what the pages say that a guard shows in place of the one asked for
_CHALLENGE = re.compile(
    rb"_cf_chl_opt|<title>\s*(?:just a moment|attention required!|ddos-guard|un instant)"
    rb"|_incapsula_resource|checking (?:if the site connection is secure|your browser)"
    rb"|captcha-delivery\.com|px-captcha|awswafintegration|within\.website/x/cmd/anubis"
    rb"|verify(?:ing)? (?:that )?you are (?:a )?human|enable javascript and cookies to continue",
    re.IGNORECASE,
)
_JSON = re.compile(rb'[{\[]\s*(?:["{\[\]}]|-?\d|true\b|false\b|null\b)')


def unknown(document: Document) -> UnknownFormatError:
    """The error for a document of no known format: what it looks like, and what it announces."""
    head = _as_utf8(document.data[:_HEAD])
    kind = _kind_of_file(document.data[:_SIGNED]) or _kind_of_text(head)
    feeds: tuple[str, ...] = ()
    if kind == "an HTML page":
        page = _parsed(head)
        feeds = _announced(page, document.url)
        if feeds:
            kind = f"an HTML page that announces {_listed(feeds)}"
        elif _CHALLENGE.search(head):
            kind = "the page of a guard that lets browsers pass and programs not"
        elif page is not None and _asks_for_a_password(page):
            kind = "a login page"
    looks = f"it looks like {kind}" if kind else "it is empty"
    return UnknownFormatError(f"this is no feed and no tag archive: {looks}", feeds=feeds)


def announced_feeds(markup: bytes, url: str = "") -> tuple[str, ...]:
    """The feeds an HTML page announces with ``<link rel="alternate" type="…">``.

    :param markup: the page; its first 512 KiB are looked at.
    :param url: where it came from: what relative addresses are relative to.
    :return: absolute web addresses, each once, in their order, at most
        :data:`MOST_FEEDS`.
    """
    return _announced(_parsed(markup), url)


def _announced(page: "etree._Element | None", url: str) -> tuple[str, ...]:
    if page is None:
        return ()
    stated = next((base.get("href", "") for base in page.iter("base")), "")
    base = web_url(stated, url) or url
    found: dict[str, None] = {}
    for link in page.iter("link"):
        # a page's own JSON is no feed, though it may be announced like one
        kind = link.get("type", "").split(";")[0].strip().lower()
        relations = link.get("rel", "").lower().split()
        if kind in FEED_TYPES and not {"alternate", "feed"}.isdisjoint(relations):
            address = web_url(link.get("href", "")[:_LONGEST_ADDRESS], base)
            if is_absolute(address) and address.isprintable():
                found[address] = None
        if len(found) == MOST_FEEDS:
            break
    return tuple(found)


def _asks_for_a_password(page: "etree._Element") -> bool:
    return any(field.get("type", "").lower() == "password" for field in page.iter("input"))


def _parsed(markup: bytes) -> "etree._Element | None":
    from lxml import etree  # most documents are read without it

    head = markup[:_HEAD]
    # what a page says of its encoding counts only when it is not UTF-8
    is_utf8 = "\ufffd" not in head[:-4].decode("utf-8", "replace")
    parser = etree.HTMLParser(encoding="utf-8" if is_utf8 else None, no_network=True)
    try:
        return etree.fromstring(head, parser)
    except (etree.LxmlError, ValueError):
        return None


def _as_utf8(head: bytes) -> bytes:
    """The beginning of a document in UTF-8, where it is text in UTF-16 or UTF-32."""
    encoding = json.detect_encoding(head)
    if encoding.startswith("utf-8"):
        return head
    text = head.decode(encoding, "ignore")
    return head if "\0" in text else text.encode("utf-8", "replace")


def _kind_of_file(data: bytes) -> str:
    """What kind of file its first bytes say it is; ``""`` when they say nothing."""
    found = (kind for at, starts, kind in _SIGNATURES if data[at:].startswith(starts))
    return next(found, "")


def _kind_of_text(head: bytes) -> str:
    start = head.lstrip(_BLANK)
    root = root_of(head).rpartition(b":")[2].lower()
    if not start:
        return ""
    if root == b"html" or _HTML.match(start) or b"<html" in start[:1024].lower():
        return "an HTML page"
    if start.startswith(b"<"):
        return _XML.get(root, "XML of another kind")
    if _JSON.match(start) and (len(head) == _HEAD or head.rstrip(_BLANK).endswith((b"}", b"]"))):
        return "JSON of another kind"
    return "a binary file" if b"\0" in start[:1024] else "plain text"


def _listed(feeds: tuple[str, ...]) -> str:
    return ("a feed: " if len(feeds) == 1 else "feeds: ") + ", ".join(feeds)
