"""Posts and a rule → the ordered posts of one feed."""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec.structs import replace

from feedkit._dates import is_far_ahead
from feedkit.model import Memory, Post


def remembered(
    published: datetime | None, updated: datetime | None, memory: Memory, now: datetime
) -> Memory:
    """What a build is to remember of the dates of a post from outside.

    The first publication date that is believed stays, whatever the source says
    later; where there is none, the first ``updated`` is it. One that is missing,
    or more than a day ahead when the post is first seen, gives way to the time
    it was first seen. An ``updated`` that far ahead is left out as long as the
    source repeats it.

    :param published: when it was published, as its source tells it.
    :param updated: when it last changed, as its source tells it.
    :param memory: what earlier builds knew of it; of a new one, when it was seen.
    :param now: the time of this build.
    """
    if updated and updated != memory.refused and is_far_ahead(updated, now):
        memory = replace(memory, refused=updated)
    if memory.published is None:
        stated = published or (None if updated == memory.refused else updated)
        if stated is None or is_far_ahead(stated, now):
            stated = memory.seen
        memory = replace(memory, published=stated)
    return memory


def believed(post: Post, memory: Memory) -> Post:
    """The post with the dates to publish, by what is remembered of it."""
    told = None if post.updated == memory.refused else post.updated
    updated = max(filter(None, (told, memory.edited)), default=None)
    return replace(post, published=memory.published, updated=updated, seen=memory.seen)


def in_order(posts: Iterable[Post]) -> list[Post]:
    """The posts newest first; ties keep their order, posts without a date come last."""
    return sorted(
        posts,
        key=lambda post: post.dated.timestamp() if post.dated else float("-inf"),
        reverse=True,
    )


def select(
    posts: Iterable[Post], wanted: Callable[[Post], bool] | None = None, limit: int | None = None
) -> tuple[Post, ...]:
    """The posts of one feed.

    :param posts: where to choose from, newest first.
    :param wanted: which of them; default all.
    :param limit: how many of these at most; default all.
    """
    chosen: list[Post] = []
    for post in posts:
        if limit is not None and len(chosen) >= limit:
            break
        if wanted is None or wanted(post):
            chosen.append(post)
    return tuple(chosen)


def merge(posts: Iterable[Post]) -> list[Post]:
    """One post for each id: the first that came, with the tags of all."""
    merged: dict[str, Post] = {}
    for post in posts:
        first = merged.setdefault(post.id, post)
        if first is not post:
            tags = tuple(dict.fromkeys((*first.tags, *post.tags)))
            if tags != first.tags:
                merged[post.id] = replace(first, tags=tags)
    return list(merged.values())
