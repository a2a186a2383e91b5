"""Elements that made feedparser raise: what is said of them."""

from typing import Any

from msgspec.structs import replace

from feedkit.model import Feed, Problem

PASSED_OVER = "passed over"
"""Their key in feedparser's own feed: no element is so named."""


def with_passed_over(feed: Feed, said: dict[str, Any]) -> Feed:
    """The feed with the elements that made feedparser raise among its problems.

    :param said: feedparser's own feed.
    """
    problems = [
        Problem(subject=f"entry {entry}" if entry else "feed", reason=f"<{tag}> is left out: {why}")
        for entry, tag, why in dict.get(said, PASSED_OVER, ())
    ]
    return replace(feed, problems=(*feed.problems, *problems)) if problems else feed
