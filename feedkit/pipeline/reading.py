"""One source → Feed: an address, a file, or bytes with what is known of them."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from urllib.parse import urlsplit

from msgspec.structs import replace

from feedkit._urls import is_web
from feedkit.errors import FetchError, ParseError
from feedkit.files import read_file
from feedkit.ingest import parse_document
from feedkit.ingest.document import Document
from feedkit.model import MAX_BYTES, Feed
from feedkit.pipeline.link_headers import linked_feeds
from feedkit.pipeline.pages import Get, whole
from feedkit.web import Request, Response, fetch
from feedkit.web.secrets import basic_auth, without_password


def read(
    source: str | Path,
    *,
    name: str | None = None,
    timezone: tzinfo = UTC,
    url: str | None = None,
    private: bool = False,
    pages: int = 1,
) -> Feed:
    """Read the posts of one source.

    :param source: an address that begins with ``http://`` or ``https://``, or
        else the path of a file. Never the text of a document: for that there
        is :func:`feedkit.parse`.
    :param name: what the source is known by; see :func:`feedkit.parse`.
    :param timezone: the zone of dates that name none. Default: UTC.
    :param url: what relative addresses are relative to, where a file does not say.
    :param private: whether the address may lead to one that is not public, such
        as this machine's; where it redirects to may not. Default: no.
    :param pages: how many pages of a list of posts to read, where it has an
        address. Default: only the page itself.
    :raise FetchError: when the address gives no document.
    :raise SourceError: when the file can't be read.
    :raise ParseError: when the document is no feed, no archive and no list of posts.
    """
    document = load(source, name=name or "", timezone=timezone, url=url or "", private=private)
    if isinstance(source, str) and is_web(source):
        label, auth = without_password(source)
        get = getter(document, headers=basic_auth(auth), private=private)
        return parsed(document, label, get=get, pages=pages)
    return parsed(document, str(source))


def load(
    source: str | Path,
    *,
    name: str = "",
    timezone: tzinfo = UTC,
    url: str = "",
    private: bool = False,
) -> Document:
    """The document of a source, with what :func:`read` is told of it."""
    if isinstance(source, str) and is_web(source):
        address, auth = without_password(source)
        response = fetch(Request(url=address, headers=basic_auth(auth), private=private))
        return web_document(response, key=name, zone=timezone)
    if isinstance(source, str) and "://" in source:
        raise FetchError("is no http or https address", source=source)
    data = read_file(Path(source), max_bytes=MAX_BYTES, label=str(source))
    return Document(data=data, url=url, key=name, zone=timezone)


def getter(
    document: Document, *, headers: Mapping[str, str] | None = None, private: bool = False
) -> Get:
    """What gets further documents of the source of one.

    :param document: a document of it; what is sent and allowed counts for its origin only.
    :param headers: what its origin is sent.
    :param private: whether its origin may be one that is not public.
    """
    origin = urlsplit(document.url)[:2]

    def get(url: str) -> Document:
        own = urlsplit(url)[:2] == origin
        request = Request(
            url=url,
            origin=document.url,
            headers=(headers or {}) if own else {},
            private=private and own,
        )
        found = web_document(fetch(request), key=document.key, zone=document.zone)
        return replace(found, selectors=document.selectors)

    return get


def web_document(response: Response, *, key: str, zone: tzinfo) -> Document:
    """What the web gave, as a document of the source with that key."""
    return Document(
        data=response.body,
        url=response.url,
        content_type=response.content_type,
        key=key,
        zone=zone,
        feeds=linked_feeds(response.headers.get("link", ""), response.url),
    )


def parsed(
    document: Document, label: str, *, get: Get | None = None, pages: int = 1, prefer: str = ""
) -> Feed:
    """The document as a Feed.

    :param label: what errors call it.
    :param get: gets the documents a page leads to; without it only the page itself is read.
    :param pages: see :func:`feedkit.pipeline.pages.whole`.
    :param prefer: see :func:`feedkit.pipeline.pages.whole`.
    :raise ParseError: when it is no feed, no archive and no list of posts.
    """
    try:
        if get is not None:
            return whole(document, get, pages=pages, prefer=prefer)
        return parse_document(document)
    except ParseError as error:
        error.source = error.source or label
        raise
