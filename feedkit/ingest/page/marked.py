"""Posts that a page marks as such: microformats (h-entry, hentry) and microdata (BlogPosting)."""

import re
from collections.abc import Callable

from feedkit.ingest.page.records import Record
from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.tree import HEADINGS, Node

_TYPES = re.compile(
    r"schema\.org/(?:BlogPosting|Article|NewsArticle|TechArticle|SocialMediaPosting|"
    r"LiveBlogPosting|Report|ScholarlyArticle|PodcastEpisode|Episode|DiscussionForumPosting)\b",
    re.IGNORECASE,
)
_NO_POST = frozenset(("p-comment", "h-cite", "u-comment", "comment", "u-in-reply-to"))


def marked_records(scene: Scene) -> list[tuple[str, list[Record]]]:
    """The records a page marks, by the way it marks them."""
    ways: tuple[tuple[str, Callable[[Node], bool]], ...] = (
        ("microformats", _is_entry),
        ("microdata", _is_item),
    )
    return [(way, found) for way, is_one in ways if (found := _outermost(scene, is_one))]


def _is_entry(node: Node) -> bool:
    return bool({"h-entry", "hentry"} & set(node.classes)) and not _NO_POST & set(node.classes)


def _is_item(node: Node) -> bool:
    return "itemscope" in node.attrs and bool(_TYPES.search(node.attrs.get("itemtype", "")))


def _outermost(scene: Scene, is_one: Callable[[Node], bool]) -> list[Record]:
    found = []
    end = 0
    for node in scene.page.nodes:
        if node.place < end or not is_one(node):
            continue
        end = node.end
        link = _link(node, scene)
        if link is not None:
            url = scene.target(link) if link.tag == "a" else ""
            found.append(Record([node], node, [link], url))
    return found


def _link(entry: Node, scene: Scene) -> Node | None:
    """The permalink of an entry, by how certainly it is marked as one; else its heading."""
    best: tuple[int, Node] | None = None
    heading: Node | None = None
    for node in entry.elements():
        if node.tag in HEADINGS:
            heading = heading or node
        if node.tag != "a" or not scene.target(node):
            continue
        rank = _rank(node)
        if best is None or rank < best[0]:
            best = (rank, node)
    if best is not None and best[0] < 4:
        return best[1]
    return heading


def _rank(link: Node) -> int:
    around = link.parent
    names = {*link.classes, *(around.classes if around else ())}
    if {"p-name", "entry-title"} & names or link.attrs.get("itemprop") in ("headline", "name"):
        return 0
    if around is not None and around.attrs.get("itemprop") in ("headline", "name"):
        return 0
    if around is not None and around.tag in HEADINGS:
        return 1
    if "u-url" in names or link.attrs.get("itemprop") in ("url", "mainEntityOfPage"):
        return 2
    if "bookmark" in link.attrs.get("rel", "").lower().split():
        return 2
    if any(node.tag in HEADINGS for node in link.elements()):
        return 3
    return 4
