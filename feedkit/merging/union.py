"""The same post as several sources give it, made one."""

from collections.abc import Sequence

from msgspec.structs import replace

from feedkit._keys import folded
from feedkit.model import Post

_FILLED = ("url", "title", "summary", "image", "comments", "in_reply_to", "via", "related")


def united(posts: Sequence[Post]) -> Post:
    """One post of what several sources say of it.

    The preferred source's word counts. What it does not say comes from the next that does,
    things that belong together from one source: the body with its language and
    rights, the enclosures with the episode, the dates.

    :param posts: the post of each source, the preferred first; at least one.
    :return: the first, completed; with the tags of all, each once, as it is first written,
        and the earliest time that any was seen.
    """
    first = posts[0]
    if len(posts) == 1:
        return first
    tags: dict[str, str] = {}
    for post in posts:
        for label in post.tags:
            tags.setdefault(folded(label), label)
    filled = {
        name: next((stated for post in posts if (stated := getattr(post, name))), "")
        for name in _FILLED
    }
    body = next((post for post in posts if post.content), first)
    by = next((post for post in posts if post.authors or post.contributors), first)
    files = next((post for post in posts if post.enclosures or post.episode), first)
    dated = next((post for post in posts if post.published or post.updated), first)
    return replace(
        first,
        **filled,
        content=body.content,
        language=body.language or first.language,
        rights=body.rights or first.rights,
        authors=by.authors,
        contributors=by.contributors,
        enclosures=files.enclosures,
        episode=files.episode,
        published=dated.published,
        updated=dated.updated,
        seen=min((post.seen for post in posts if post.seen), default=None),
        tags=tuple(tags.values()),
    )
