"""What a page needs beyond its own document: the pages after it, or the feed it announces."""

from collections.abc import Callable
from urllib.parse import urldefrag, urlsplit

from msgspec.structs import replace

from feedkit.errors import ParseError, SourceError
from feedkit.ingest import announced_feeds, is_page, parse_document
from feedkit.ingest.document import Document
from feedkit.model import Feed, Post, Problem

Get = Callable[[str], Document]
"""Gets the document at an address; raises a SourceError when there is none."""

_MOST_TRIED = 3


def whole(document: Document, get: Get, *, pages: int = 1, prefer: str = "") -> Feed:
    """A document as a Feed; of a page, with those that follow it.

    :param document: the document.
    :param get: gets those it leads to.
    :param pages: how many pages to read at most, the first among them.
    :param prefer: ``"feed"`` to take the feed a page announces in its place.
    :raise ParseError: when it is of no known format, or lists no posts.
    """
    if not is_page(document):
        return parse_document(document)
    if prefer == "feed" and (announced := _announced(document, get)):
        return announced
    feed = parse_document(document)
    return _followed(feed, document, get, pages) if pages > 1 else feed


def _announced(document: Document, get: Get) -> Feed | None:
    """The first of the feeds a page announces that is one."""
    told = dict.fromkeys((*document.feeds, *announced_feeds(document.data, document.url)))
    for url in list(told)[:_MOST_TRIED]:
        try:
            found = get(url)
            if not is_page(found):
                return parse_document(found)
        except SourceError:
            continue
    return None


def _followed(feed: Feed, document: Document, get: Get, pages: int) -> Feed:
    """A page with the posts of those after it; a loop, a repetition or an error ends it."""
    posts: dict[str, Post] = {post.id: post for post in feed.posts}
    problems = list(feed.problems)
    seen = {urldefrag(document.url)[0]}
    host = urlsplit(document.url).netloc
    following = feed.next_url
    for number in range(2, pages + 1):
        address = urldefrag(following)[0]
        if not address or address in seen or urlsplit(address).netloc != host:
            break
        seen.add(address)
        try:
            page = parse_document(get(address))
        except ParseError:
            following = ""  # behind the last page there is none
            break
        except SourceError as error:
            problems.append(Problem(subject=f"page {number}", reason=f"left out: {error.reason}"))
            break
        new = [post for post in page.posts if post.id not in posts]
        following = page.next_url
        if not new:
            break
        posts.update((post.id, post) for post in new)
    return replace(feed, posts=tuple(posts.values()), problems=tuple(problems), next_url=following)
