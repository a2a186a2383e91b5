"""Posts where CSS selectors say they are; what these leave open is found out."""

from bisect import bisect_left
from collections.abc import Sequence

from feedkit._html import collapse
from feedkit.errors import ParseError
from feedkit.ingest.document import Selectors
from feedkit.ingest.page.dates import stated, whole
from feedkit.ingest.page.draft import Draft
from feedkit.ingest.page.fields import picture, read_fields, title_text
from feedkit.ingest.page.records import Record, around
from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.structure import (
    each_once,
    settle_dates_in_titles,
    settle_dates_of_none,
    without_strangers,
)
from feedkit.ingest.page.tree import HEADINGS, Node
from feedkit.ingest.page.words import is_read_more

_MACHINE = ("datetime", "content", "data-time", "title")


def selected(scene: Scene, selectors: Selectors) -> list[Draft]:
    """The drafts that selectors find.

    Each field's selector counts within the whole page; what it finds belongs to
    the item around it, or, where items only begin posts, to the one before it.

    :raise ParseError: when no element is an item, or none has a title.
    """
    items = _found(scene, selectors.item, "item")
    if not items:
        raise ParseError(f"no element matches the selector {selectors.item!r}")
    found = {
        name: _found(scene, text, name)
        for name in ("title", "link", "date", "excerpt", "tags", "image")
        if (text := getattr(selectors, name))
    }
    records = around(items, scene)
    owned = []
    for record in records:
        own = {name: _between(nodes, record) for name, nodes in found.items()}
        if "title" in own and not own["title"]:
            continue
        _link(record, own, scene)
        owned.append((record, own))
    drafts = read_fields([record for record, _ in owned], scene)
    settle_dates_of_none(drafts)
    for draft, (_, own) in zip(drafts, owned, strict=True):
        _override(draft, own, scene)
    drafts = [draft for draft in drafts if draft.title]
    if not drafts:
        raise ParseError(f"nothing that matches the selector {selectors.item!r} has a title")
    drafts = without_strangers(drafts)
    settle_dates_in_titles(drafts, scene)
    return each_once(drafts)


def _found(scene: Scene, selector: str, name: str) -> list[Node]:
    try:
        return sorted(scene.page.select(selector), key=lambda node: node.place)
    except ValueError as error:
        raise ParseError(f"{name} is no CSS selector: {selector!r}") from error


def _between(nodes: Sequence[Node], record: Record) -> list[Node]:
    first = bisect_left(nodes, record.start, key=_place)
    return list(nodes[first : bisect_left(nodes, record.end, key=_place)])


def _place(node: Node) -> int:
    return node.place


def _link(record: Record, own: dict[str, list[Node]], scene: Scene) -> None:
    """Give a record its link: the one selected, else the title's, else the likeliest."""
    for node in (*own.get("link", ()), *own.get("title", ())):
        links = [one for one in (node, *node.ancestors(), *node.elements()) if one.tag == "a"]
        for link in links:
            if scene.target(link) and link.place >= record.start:
                record.links, record.url = [link], scene.target(link)
                return
    links = [node for node in record.elements() if node.tag == "a" and scene.target(node)]
    headed = [link for link in links if _is_headed(link)]
    worded = [link for link in links if link.text and not is_read_more(link.text)]
    for link in (*headed, *worded, *links):
        record.links, record.url = [link], scene.target(link)
        return
    record.links = [node for node in record.elements() if node.tag in HEADINGS][:1] or [record.head]


def _is_headed(link: Node) -> bool:
    return any(above.tag in HEADINGS for above in link.ancestors()) or bool(link.first(*HEADINGS))


def _override(draft: Draft, own: dict[str, list[Node]], scene: Scene) -> None:
    """What selectors say of a field counts before what was found out."""
    titles = own.get("title", [])
    if titles and titles[0] is not draft.title_node:
        draft.title, draft.title_node = title_text(titles[0])
        draft.title_date = None
    if dates := own.get("date"):
        _date(draft, dates, scene)
    excerpts = own.get("excerpt", [])
    if excerpts and excerpts[0] not in (draft.content_node, draft.summary_node):
        draft.summary, draft.summary_node, draft.content_node = excerpts[0].text, excerpts[0], None
        draft.content_parts = []
    if tags := own.get("tags"):
        labels = (node.text.strip(" #,;·|") for node in tags)
        draft.tags = list(dict.fromkeys(label for label in labels if label))
    for node in own.get("image", ()):
        shown = (picture(one, scene) for one in node.elements())
        if address := next(filter(None, shown), ""):
            draft.image, draft.image_node = address, node
            break


def _date(draft: Draft, nodes: Sequence[Node], scene: Scene) -> None:
    if any(node is draft.date_node for node in nodes):
        return  # read with its heading's year already
    context = scene.plain_context
    for node in nodes:
        for name in _MACHINE:
            if (raw := node.attrs.get(name, "")) and (moment := stated(raw, context)):
                draft.published, draft.date_from, draft.date_node = moment, "mark", node
                return
        date = whole(collapse(node.text), context)
        if date and date.moment:
            draft.published, draft.date_from, draft.date_node = date.moment, "text", node
            return
