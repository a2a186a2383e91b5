"""One source → Feed: an address, a file, or bytes with what is known of them."""

from datetime import UTC, tzinfo
from pathlib import Path

from feedkit._urls import is_web
from feedkit.errors import ParseError
from feedkit.files import read_file
from feedkit.ingest import parse_document
from feedkit.ingest.document import Document
from feedkit.model import MAX_BYTES, Feed
from feedkit.web import Request, Response, fetch
from feedkit.web.secrets import basic_auth, without_password


def read(
    source: str | Path,
    *,
    name: str | None = None,
    timezone: tzinfo = UTC,
    url: str | None = None,
    private: bool = False,
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
    :raise FetchError: when the address gives no document.
    :raise SourceError: when the file can't be read.
    :raise ParseError: when the document is no feed and no archive.
    """
    if isinstance(source, str) and is_web(source):
        label, auth = without_password(source)
        response = fetch(Request(url=label, headers=basic_auth(auth), private=private))
        document = web_document(response, key=name or "", zone=timezone)
    else:
        label = str(source)
        data = read_file(Path(source), max_bytes=MAX_BYTES, label=label)
        document = Document(data=data, url=url or "", key=name or "", zone=timezone)
    return parsed(document, label)


def web_document(response: Response, *, key: str, zone: tzinfo) -> Document:
    """What the web gave, as a document of the source with that key."""
    return Document(
        data=response.body,
        url=response.url,
        content_type=response.content_type,
        key=key,
        zone=zone,
    )


def parsed(document: Document, label: str) -> Feed:
    """The document as a Feed.

    :param label: what errors call it.
    :raise ParseError: when it is no feed and no archive.
    """
    try:
        return parse_document(document)
    except ParseError as error:
        error.source = error.source or label
        raise
