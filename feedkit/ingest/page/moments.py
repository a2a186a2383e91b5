"""When a post was published: read from marks, from text near its title, from what stands above."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from feedkit._html import collapse
from feedkit.ingest.page.dates import Context, Found, find, of_path, stated, whole, year_of_path
from feedkit.ingest.page.draft import Draft
from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.tree import Node

_UPDATED = re.compile(r"updat|modif|lastmod|edited|changed|revised", re.IGNORECASE)
_PUBLISHED = re.compile(r"publish|posted|created|pubdate|entry-date", re.IGNORECASE)
_DATED = re.compile(
    r"(?:^|[-_\s])(?:date|time|published|posted|day|pubdate|datetime|timestamp|when|fecha|datum|"
    r"postdate|post-on|created)(?:$|[-_\s])|date$|time$|-date|date-",
    re.IGNORECASE,
)
_SAYS_UPDATED = re.compile(
    r"\b(?:updated|last modified|modified|edited|aktualisiert|mis à jour|modifié|actualizado|"
    r"atualizado|aggiornato|bijgewerkt|zaktualizowano|обновлено|güncellen\w+)\b|更新|업데이트|수정|"
    r"تحديث|به‌روز|cập nhật",
    re.IGNORECASE,
)
_MACHINE = (
    "datetime",
    "content",
    "data-time",
    "data-date",
    "data-datetime",
    "data-timestamp",
    "title",
)
_DATA = ("data-date", "data-time", "data-datetime", "data-published", "data-timestamp")
_META_LENGTH = 140
_APART = timedelta(days=2)
_DIGIT = re.compile(r"\d")


def read_dates(
    draft: Draft, elements: list[Node], scene: Scene, taken: tuple[list[int], list[int]]
) -> None:
    """Find when a post was published and updated; whatever is uncertain is left open."""
    path = urlsplit(draft.url).path
    context, above = scene.context(draft.record.head, taken, year_of_path(path))
    _from_marks(draft, elements, context)
    if not draft.published:
        _from_text(draft, context)
    if draft.published:
        return
    if not draft.dated and draft.title:
        _in_title(draft, context)
    if not draft.title_date:
        if above.moment and not draft.dated:
            draft.published, draft.date_from, draft.dated = above.moment, "heading", True
        elif moment := of_path(path, scene.zone):
            draft.published, draft.date_from, draft.dated = moment, "address", True


def _from_marks(draft: Draft, elements: list[Node], context: Context) -> None:
    """From ``time`` elements and those whose class says that they hold a date."""
    published: list[tuple[Node, Found]] = []
    updated: list[tuple[Node, Found]] = []
    said: list[tuple[Node, Found]] = []
    for node in elements:
        names = " ".join((*node.classes, node.attrs.get("id", ""), node.attrs.get("itemprop", "")))
        if node.tag != "time" and not (
            _DATED.search(names)
            or "data-time" in node.attrs
            or node.attrs.get("itemprop", "").startswith("date")
            or (node.tag in ("abbr", "span") and node.attrs.get("title", "")[:2] in ("19", "20"))
        ):
            continue
        if draft.title_node is not None and node.holds(draft.title_node):
            if (found := _of_data(node, context)) is not None:
                published.append((node, found))
            continue
        if node.tag != "time" and node.end - node.place > 12:
            continue
        found = _of_element(node, context)
        if found is None:
            continue
        around = " ".join(
            name for one in (node, node.parent) if one is not None for name in one.classes
        )
        is_updated = node.attrs.get("itemprop") == "dateModified" or (
            bool(_UPDATED.search(names)) and not _PUBLISHED.search(names)
        )
        is_updated = is_updated or (
            bool(_UPDATED.search(around)) and not _PUBLISHED.search(f"{around} {names}")
        )
        if _is_said_to_be_updated(node):
            said.append((node, found))
        else:
            (updated if is_updated else published).append((node, found))
    if not published and updated and not said:
        # the class alone is that of hAtom, whose one date it is
        published, updated = updated[:1], updated[1:]
    for node, found in published:
        draft.dated = True
        draft.date_node = draft.date_node or node
        if found.moment:
            draft.published, draft.date_from, draft.date_node = found.moment, "mark", node
            break
    for _, found in (*updated, *said):
        draft.dated = True
        if found.moment and found.moment != draft.published:
            draft.updated = found.moment


def _is_said_to_be_updated(node: Node) -> bool:
    """Whether the words right before a date say that it is that of a change."""
    if _SAYS_UPDATED.search(_DIGIT.split(node.text, maxsplit=1)[0]):
        return True
    around = node.parent
    if around is None or around.end - around.place > 4 or len(around.text) >= 60:
        return False
    at = around.text.find(node.text) if node.text else 0
    return bool(_SAYS_UPDATED.search(around.text[:at]))


def _of_data(node: Node, context: Context) -> Found | None:
    """The date an element around a post is told to have, in an attribute of its own."""
    for name in _DATA:
        if (raw := node.attrs.get(name, "")) and (moment := stated(raw, context)):
            return Found(0, 0, moment)
    return None


def _of_element(node: Node, context: Context) -> Found | None:
    shown = whole(node.text, context)
    if node.tag != "time" and shown is None and not any(node.attrs.get(name) for name in _MACHINE):
        return None
    for name in _MACHINE:
        raw = node.attrs.get(name, "")
        if not raw or not any(map(str.isdigit, raw)) or len(raw) > 80:
            continue
        if moment := stated(raw, context):
            # a template's date of building does not count against what readers see
            if shown and shown.moment and abs(moment - shown.moment) > _APART:
                return shown
            return Found(0, 0, moment)
    return shown


def blocks(draft: Draft) -> Iterator[tuple[str, Node, bool]]:
    """The texts of a record block by block, each with an element, and whether it has the title."""
    current: list[str] = []
    inside: Node | None = None
    titled = False
    for text, node in draft.record.texts():
        if text == " " or node.tag == "br":
            if current and inside is not None and (said := collapse("".join(current))):
                yield said, inside, titled
            current, titled, inside = [], False, None
            continue
        if draft.title_node is not None and draft.title_node.holds(node):
            titled = True
            continue
        current.append(text)
        inside = inside or node
    if current and inside is not None and (said := collapse("".join(current))):
        yield said, inside, titled


def _from_text(draft: Draft, context: Context) -> None:
    """From a block that is a date, that begins or ends with one, or that is short and holds one."""
    weak: tuple[Node, Found] | None = None
    updated: tuple[Node, Found] | None = None
    pieces: list[tuple[str, Node]] = []
    for number, (text, node, titled) in enumerate(blocks(draft)):
        if number > 40:
            break
        if len(text) <= 12:
            pieces.append((text, node))
        if not any(map(str.isdigit, text)) and len(text) > 60:
            continue
        dates = find(text, context)
        if not dates:
            continue
        date = dates[0]
        if titled or len(text) <= _META_LENGTH or date.start <= 3 or date.end >= len(text) - 3:
            sure = whole(text, context) is not None or titled
            if _SAYS_UPDATED.search(text[: date.start]) and not dates[1:]:
                updated = updated or (node, date)
                continue
            if not sure and len(text) > _META_LENGTH and date.start > 3:
                continue
            if (draft.updated or not sure) and _is_a_number(text, date, draft, context):
                continue
            if sure and date.moment:
                _take(draft, node, date)
                _also_updated(draft, text, dates)
                break
            weak = weak or (node, date)
    else:
        if weak is None and updated is None and len(pieces) > 1:
            joined = " ".join(text for text, _ in pieces[:4])
            dates = find(joined, context)
            if dates:
                weak = (pieces[0][1], dates[0])
        if weak is not None:
            _take(draft, *weak)
            draft.date_in_prose = True
    if updated:
        draft.dated = True
        if updated[1].moment != draft.published:
            draft.updated = updated[1].moment


def _is_a_number(text: str, date: Found, draft: Draft, context: Context) -> bool:
    """Whether what might be a day of a year told elsewhere is not near a surer date."""
    surer = of_path(urlsplit(draft.url).path, context.zone) or draft.updated
    if not surer or not date.moment or abs(date.moment - surer) <= _APART:
        return False
    alone = find(text[date.start : date.end], context._replace(year=0, month=0))
    return not any(one.moment for one in alone)


def _also_updated(draft: Draft, text: str, dates: list[Found]) -> None:
    for date in dates[1:]:
        before = text[max(0, date.start - 30) : date.start]
        if date.moment and _SAYS_UPDATED.search(before):
            draft.updated = date.moment


def _take(draft: Draft, node: Node, date: Found) -> None:
    draft.dated = True
    draft.date_node = draft.date_node or node
    if date.moment:
        draft.published, draft.date_from, draft.date_node = date.moment, "text", node


def _in_title(draft: Draft, context: Context) -> None:
    """A date at the start or the end of a title; whether it is one is told by the whole list."""
    dates = find(draft.title, context)
    if not dates or not dates[0].moment:
        return
    first, last = dates[0], dates[-1]
    if first.start <= 2:
        draft.title_date = (0, first.end)
    elif last.moment and last.end >= len(draft.title) - 2:
        draft.title_date = (last.start, len(draft.title))
        first = last
    else:
        return
    draft.published, draft.date_from, draft.dated = first.moment, "title", True
