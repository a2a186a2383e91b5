"""Entries → Posts, each for itself, whatever their format: one bad entry never costs the feed."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from feedkit.errors import ParseError
from feedkit.model import Post, Problem

Entry = TypeVar("Entry")


def posts_of(
    entries: Sequence[Entry],
    post_of: Callable[[Entry], Post],
    dates_of: Callable[[Entry], tuple[str, str]],
) -> tuple[list[Post], list[Problem]]:
    """The posts of a document in their order, and what is wrong with its entries.

    :param entries: all entries of the document.
    :param post_of: makes a post of one; whatever it raises leaves the entry out.
    :param dates_of: what one says of its publication and of its last change, as written.
    :raise ParseError: when there are entries, but none that can be made a post.
    """
    posts: list[Post] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for position, entry in enumerate(entries, 1):
        reasons = []
        try:
            post = post_of(entry)
        except ParseError as error:
            reasons.append(f"left out: {error.reason}")
        except Exception as error:
            reasons.append(f"left out: {type(error).__name__}: {error}")
        else:
            if _is_empty(post):
                reasons.append("left out: it has no title, link, text or enclosure")
            else:
                posts.append(post)
                known = first.setdefault(post.id, position)
                if known != position:
                    reasons.append(f"it has the id of entry {known}: they are taken for one post")
                for stated, date in zip(
                    dates_of(entry), (post.published, post.updated), strict=True
                ):
                    if stated and date is None:
                        reasons.append(f"its date can't be read: {stated[:60]!r}")
        if reasons:
            problems += [Problem(subject=f"entry {position}", reason=reason) for reason in reasons]
    if entries and not posts:
        raise ParseError(f"no entry could be read; {problems[-1]}")
    return posts, problems


def _is_empty(post: Post) -> bool:
    texts = post.title or post.url or post.content or post.summary or post.related
    return not (texts or post.enclosures)
