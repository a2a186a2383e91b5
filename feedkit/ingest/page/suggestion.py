"""CSS selectors that find the posts a page was read for, to be pasted into feedkit.toml."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from feedkit.errors import ParseError
from feedkit.ingest.document import Selectors
from feedkit.ingest.page.draft import Draft
from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.selection import selected
from feedkit.ingest.page.tree import Node
from feedkit.ingest.page.words import is_of_its_own

_LEVELS = 5


def suggested(scene: Scene, drafts: Sequence[Draft], next_link: Node | None) -> Selectors | None:
    """Selectors that find the same posts; None when these can't be told by selectors."""
    heads = [draft.record.head for draft in drafts]
    item = _of_heads(scene, heads)
    if not item:
        return None

    def first(node_of: Callable[[Draft], Node | None]) -> str:
        return _of_field(scene, drafts, [(draft, node_of(draft)) for draft in drafts])

    selectors = Selectors(
        item=item,
        title=first(lambda draft: draft.title_node),
        link=first(lambda draft: draft.link_node),
        date=first(lambda draft: draft.date_node if draft.date_from in ("mark", "text") else None),
        excerpt=first(lambda draft: draft.content_node or draft.summary_node),
        image=first(lambda draft: draft.image_node),
        next=_of_one(scene, next_link) if next_link is not None else "",
    )
    try:
        again = selected(scene, selectors)
    except ParseError:
        return None
    same = [(draft.url, draft.title, draft.published) for draft in drafts]
    return selectors if [(one.url, one.title, one.published) for one in again] == same else None


def _of_heads(scene: Scene, heads: Sequence[Node]) -> str:
    """A selector for exactly these elements; for each kind among them one, joined."""
    wanted = {node.place for node in heads}
    one = _exact(scene, heads, wanted)
    if one and {node.place for node in _select(scene, one)} == wanted:
        return one
    kinds: dict[tuple[str, ...], list[Node]] = {}
    for node in heads:
        stable = sorted(name for name in node.classes if not is_of_its_own(name))
        way = [above.tag for above in node.ancestors()]
        kinds.setdefault((node.tag, *stable, "", *way), []).append(node)
    if len(kinds) > 6 or len(kinds) == 1:
        return one
    parts = [_exact(scene, nodes, {node.place for node in nodes}) for nodes in kinds.values()]
    return ", ".join(parts) if all(parts) else one


def _exact(scene: Scene, nodes: Sequence[Node], wanted: set[int]) -> str:
    """The shortest selector of exactly these elements, else one of few others besides."""
    widest = 2 * len(wanted) + 2
    nearly = ""
    for selector in _selectors(nodes):
        found = {node.place for node in _select(scene, selector)}
        if found == wanted:
            return selector
        if wanted < found and len(found) < widest:
            nearly, widest = selector, len(found)
    return nearly


def _select(scene: Scene, selector: str) -> list[Node]:
    try:
        return scene.page.select(selector)
    except ValueError:
        return []


def _of_field(
    scene: Scene, drafts: Sequence[Draft], wanted: Sequence[tuple[Draft, Node | None]]
) -> str:
    """A selector whose first match in each post is the element wanted there."""
    nodes = [node for _, node in wanted if node is not None]
    if not nodes or len(nodes) * 2 < len(drafts):
        return ""
    for draft, node in wanted:
        if node is None:
            continue
        outside = node.place < draft.record.start
        if outside or (node.holds(draft.record.head) and len(draft.record.parts) > 1):
            return ""
    for selector in _selectors(nodes):
        found = sorted(node.place for node in _select(scene, selector))
        if found and all(_fits(found, draft, node) for draft, node in wanted):
            return selector
    return ""


def _fits(found: Sequence[int], draft: Draft, node: Node | None) -> bool:
    at = bisect_left(found, draft.record.start)
    inside = at < len(found) and found[at] < draft.record.end
    if node is None:
        return not inside
    return inside and found[at] == node.place


def _of_one(scene: Scene, node: Node) -> str:
    """A selector whose first match is an element."""
    for relation in node.attrs.get("rel", "").split():
        selector = f'{node.tag}[rel~="{relation}"]'
        if relation.isalpha() and [one.place for one in _select(scene, selector)][:1] == [
            node.place
        ]:
            return selector
    return next(
        (
            selector
            for selector in _selectors([node])
            if [one.place for one in _select(scene, selector)] == [node.place]
        ),
        "",
    )


def _selectors(nodes: Sequence[Node]) -> Iterator[str]:
    """Selectors that match all of some elements, the shortest first."""
    levels: list[list[str]] = []
    current: Sequence[Node] = nodes
    for _ in range(_LEVELS):
        own = _simple(current)
        if not own:
            break
        levels.append(own)
        above = [node.parent for node in current]
        if any(node is None or node.parent is None for node in above):
            break
        current = list({id(node): node for node in above if node is not None}.values())
    if not levels:
        return
    yield from levels[0]
    for depth in range(1, len(levels)):
        for outer in levels[depth]:
            for inner in levels[0]:
                yield f"{outer} {inner}"
                if depth == 1:
                    yield f"{outer} > {inner}"
    if len(levels) > 2:
        for top in levels[2]:
            for middle in levels[1]:
                for inner in levels[0]:
                    yield f"{top} > {middle} > {inner}"


def _simple(nodes: Sequence[Node]) -> list[str]:
    """Selectors without relations that match all of some elements."""
    tags = {node.tag for node in nodes}
    shared = set(nodes[0].classes)
    for node in nodes[1:]:
        shared &= set(node.classes)
    names = [
        name
        for name in nodes[0].classes
        if name in shared and _is_name(name) and not is_of_its_own(name)
    ]
    tag = tags.pop() if len(tags) == 1 else ""
    found = []
    if len(nodes) == 1 and _is_name(nodes[0].attrs.get("id", "")):
        found.append(f"#{nodes[0].attrs['id']}")
    found += [f"{tag}.{name}" for name in names[:4]]
    if len(names) > 1:
        found.append(tag + "".join(f".{name}" for name in names[:3]))
    if tag and tag.isalnum():
        found.append(tag)
        prop = {node.attrs.get("itemprop", "") for node in nodes}
        if len(prop) == 1 and (only := prop.pop()).isalpha():
            found.insert(0, f'{tag}[itemprop="{only}"]')
        bare = all(not node.classes for node in nodes)
        if bare and tag in ("a", "span", "div", "p"):
            found.append(f"{tag}:not([class])")
    return found


def _is_name(text: str) -> bool:
    return (
        bool(text)
        and text.isascii()
        and text.replace("-", "a").replace("_", "a").isalnum()
        and text[0].isalpha()
    )


def table(source: str, selectors: Selectors | None) -> Iterator[str]:
    """The lines of a ``[[source]]`` with selectors, as feedkit.toml has them."""
    if selectors is None:
        yield "# no selectors find exactly these posts; without any they are found as now"
        return
    yield "[[source]]"
    yield f"{'url' if source.startswith('http') else 'path'} = {_quoted(source)}"
    yield "[source.selectors]"
    for name in selectors.__struct_fields__:
        if text := getattr(selectors, name):
            yield f"{name} = {_quoted(text)}"


def _quoted(text: str) -> str:
    """A TOML string (TOML 1.0, basic strings)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char for char in escaped if char.isprintable()) + '"'
