"""Which posts of a document are one, and the id of each: the same whatever its format.

Decided by what is written, never by an address that was fetched, a zone or a cleaner.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256

from msgspec import Struct

from feedkit._ids import post_id, uri_of, urn
from feedkit.ingest.document import Document
from feedkit.model import Repeated


class Stated(Struct, frozen=True):
    """What a source says of a post that tells it from others, as it is written."""

    raw_id: str
    """Its id; ``""`` when it has none."""
    link: str
    """Its link, not resolved."""
    title: str
    """Its title as plain text."""
    date: str
    """The date that does not change when the post does; ``""`` when it has none."""

    @property
    def name(self) -> str:
        """What it is known by: the id, else the link."""
        return self.raw_id or self.link


def name_prefix(post_id: str) -> str:
    """What the ids in a post's HTML begin with, so that they are its own on any page.

    :param post_id: the post's id.
    """
    return f"p{sha256(post_id.encode('utf-8', 'replace')).hexdigest()[:8]}-"


def source_key(document: Document, own_key: str, title: str) -> str:
    """What the ids of a document's posts are made over: its source's name, else its own.

    :param document: the document.
    :param own_key: what it says of itself that stays when its address changes.
    :param title: its title, which tells it from others of one name when it says nothing else.
    """
    if document.shared_key:
        return "\n".join((document.key, own_key or title))
    return document.key or own_key


def repeated_names(posts: Iterable[Stated], known: Mapping[str, bool]) -> dict[str, bool]:
    """The raw ids, and links in place of one, that stand for more than one post.

    :param posts: all posts of the document.
    :param known: those that did so before: one that stands alone now is still told by them.
    :return: with each name, whether its links alone tell the posts apart.
    """
    found = defaultdict(set)
    for post in posts:
        # of one link and date, two titles are one post that was edited
        told_by = "" if post.raw_id and post.link else post.title
        found[post.name].add((post.link, post.date, told_by))
    return {
        name: known.get(name, True) and len({link for link, *_ in of_it}) == len(of_it)
        for name, of_it in found.items()
        if name and (len(of_it) > 1 or name in known)
    }


def as_told(repeated: Mapping[str, bool]) -> tuple[Repeated, ...]:
    """What :func:`repeated_names` found, as a feed tells it."""
    return tuple(Repeated(name=name, by_link=by_link) for name, by_link in repeated.items())


def id_of(
    stated: Stated, repeated: Mapping[str, bool], *, key: str, moment: datetime | None, text: str
) -> str:
    """The id of a post (rule of identity).

    :param stated: what its source says of it.
    :param repeated: the names that stand for several posts: see :func:`repeated_names`.
    :param key: what the source is known by.
    :param moment: its date, read as if a date without a zone were in UTC.
    :param text: its body, which counts when it has no title.
    """
    is_repeated = stated.name in repeated
    date = moment.isoformat() if moment and (is_repeated or not stated.name.strip()) else ""
    if is_repeated:
        key = "" if uri_of(stated.name) else key
        apart = () if repeated[stated.name] else (date, stated.title)
        return urn("repeated", key, stated.name, stated.link, *apart)
    return post_id(
        raw_id=stated.raw_id,
        link=stated.link,
        source_key=key,
        date=date,
        title=stated.title,
        text=text,
    )
