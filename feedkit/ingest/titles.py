"""Titles of posts and feeds of any format, cut to their bound."""

from msgspec.structs import replace

from feedkit.ingest.bounds import MAX_TITLE
from feedkit.model import Feed, Problem


def with_short_titles(feed: Feed) -> Feed:
    """The feed with its title and those of its posts cut, and each cut among its problems.

    :param feed: as it was read.
    """
    cut = [post for post in feed.posts if len(post.title) > MAX_TITLE]
    if not cut and len(feed.title) <= MAX_TITLE:
        return feed
    problems = [
        Problem(
            subject=post.id,
            reason=f"its title has {len(post.title):,} characters, cut to {MAX_TITLE:,}",
        )
        for post in cut
    ]
    return replace(
        feed,
        title=_cut(feed.title),
        posts=[replace(post, title=_cut(post.title)) for post in feed.posts],
        problems=(*feed.problems, *problems),
    )


def _cut(text: str) -> str:
    """The beginning of a text up to the last word that has room, and an ellipsis."""
    if len(text) <= MAX_TITLE:
        return text
    head = text[: MAX_TITLE - 2]
    words = head.rpartition(" ")[0]
    return f"{words or head} …"
