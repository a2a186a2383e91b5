"""The page with older posts: by rel=next, by what a link says, or by its number."""

import re
from collections.abc import Collection

from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.tree import Node
from feedkit.ingest.page.words import is_next

_PAGER = re.compile(
    r"pag(?:e|er|ination|inator|enav|enumbers?)|nav-links|wp-pagenavi", re.IGNORECASE
)
_NEXT_CLASS = re.compile(
    r"(?:^|[-_])(?:next|older|nav-previous|blog-pager-older-link)(?:$|[-_])", re.IGNORECASE
)
_CURRENT = re.compile(r"(?:^|[-_])(?:current|active|selected|on)(?:$|[-_])", re.IGNORECASE)


def next_page(scene: Scene, posts: Collection[str]) -> tuple[str, Node | None]:
    """The address of the page with older posts, and the link to it; ``""`` when there is none.

    :param scene: the page.
    :param posts: the addresses of its posts, none of which is a page of them.
    """
    said: Node | None = None
    classed: Node | None = None
    numbers: list[Node] = []
    for node in scene.page.nodes:
        if node.tag not in ("a", "link"):
            continue
        target = scene.target(node)
        if not target or target in posts or not scene.is_of_site(target):
            continue
        if "next" in node.attrs.get("rel", "").lower().split():
            return target, node
        if node.tag == "a":
            text = node.text
            label = node.attrs.get("aria-label", "")
            if said is None and (is_next(text) or is_next(label)) and not _in_post(node):
                said = node
            names = (*node.classes, *(node.parent.classes if node.parent else ()))
            if classed is None and any(map(_NEXT_CLASS.search, names)) and _is_in_pager(node):
                classed = node
            if text.strip("[]() ").isdecimal() and len(text) <= 5:
                numbers.append(node)
    if said is not None:
        return scene.target(said), said
    if classed is not None:
        return scene.target(classed), classed
    following = _by_number(numbers)
    return (scene.target(following), following) if following is not None else ("", None)


def _in_post(node: Node) -> bool:
    return any(above.tag in ("article", "p") for above in node.ancestors())


def _is_in_pager(node: Node) -> bool:
    around = [node, *list(node.ancestors())[:4]]
    return any(
        _PAGER.search(name) for one in around for name in (*one.classes, one.attrs.get("id", ""))
    )


def _by_number(numbers: list[Node]) -> Node | None:
    """The link to the page after the one that is marked as this one."""
    for link in numbers:
        around = list(link.ancestors())[:2]
        for above in around:
            here = _current(above)
            if here and link.text.strip("[]() ") == str(here + 1):
                return link
    return None


def _current(pager: Node) -> int:
    if pager.end - pager.place > 80:
        return 0
    for node in pager.elements():
        text = node.text.strip("[]() ")
        if not text.isdecimal() or len(text) > 5:
            continue
        marked = node.attrs.get("aria-current") or any(map(_CURRENT.search, node.classes))
        if marked or (
            node.tag in ("span", "strong", "b", "em")
            and node.first("a") is None
            and not any(above.tag == "a" for above in list(node.ancestors())[:2])
        ):
            return int(text)
    return 0
