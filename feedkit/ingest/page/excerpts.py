"""What a record says beside title and date: its excerpt, or the whole post."""

import re

from feedkit._html import collapse
from feedkit.ingest.page.dates import Context, find
from feedkit.ingest.page.draft import Draft
from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.tree import HEADINGS, Node, Spans, texts
from feedkit.ingest.page.words import is_read_more

_EXCERPT = re.compile(
    r"^(?:p-summary|(?:.*[-_])?(?:summary|excerpt|description|desc|abstract|teaser|subtitle|"
    r"sub-title|"
    r"preview|snippet|lead|deck|dek|intro|blurb|synopsis|lede)(?:[-_](?:text|content))?)$",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"^(?:e-content|(?:.*[-_])?(?:entry-content|post-content|article-content|post-body|entry-body|"
    r"article-body|articlebody|article-entry|body|entry|content|post-text|markdown|markdown-body|"
    r"prose))$",
    re.IGNORECASE,
)
_META = re.compile(
    r"(?:^|[-_])(?:meta|byline|author|date|time|tags?|categor(?:y|ies)|info|footer|share|comments?|"
    r"reading-time|readtime|more|read-more|readmore|stats|views|labels?|actions?|buttons?|"
    r"published|permalink|toc)(?:$|[-_])",
    re.IGNORECASE,
)
_READING_TIME = re.compile(
    r"^\W*(?:about |约|大约|약|~)?\d+\s*(?:min(?:ute)?s?|Min\.|minutos?|minuti|минут\w*|мин\.?|"
    r"분|分钟|分鐘|分|phút|dk|dakika|دقیقه|دقائق)"
    r"(?:\s*(?:read|reading|to read|lesezeit|de lecture|de lectura|de leitura|di lettura|leestijd|"
    r"czytania|okuma|阅读))?\W*$"
    r"|^\W*\d+ (?:words|views|comments?|likes?|字)\W*$|^\W*[\d,.]+\W*$",
    re.IGNORECASE,
)
_BLOCK_TAGS = frozenset(("p", "pre", "ul", "ol", "blockquote", "figure", "table", "dl", *HEADINGS))
_FULL_LENGTH = 600


def read_excerpt(draft: Draft, elements: list[Node], scene: Scene) -> None:
    """Find the excerpt of a post, or its whole text."""
    left_out = _left_out(draft, elements, scene)
    for node in elements:
        is_one = any(map(_EXCERPT.match, node.classes))
        is_one = is_one or node.attrs.get("itemprop") == "description"
        if not is_one or node in left_out or _holds_title(node, draft):
            continue
        if text := _text_without(node, left_out):
            draft.summary, draft.summary_node = text, node
            return
    for node in elements:
        marked = any(map(_BODY.match, node.classes)) or node.attrs.get("itemprop") == "articleBody"
        if marked and not _holds_title(node, draft) and node not in left_out:
            text = _text_without(node, left_out)
            if text:
                _take_body(draft, node, text)
                return
    _from_blocks(draft, left_out, scene)


def _holds_title(node: Node, draft: Draft) -> bool:
    return draft.title_node is not None and node.holds(draft.title_node)


def _take_body(draft: Draft, node: Node, text: str) -> None:
    inner = sum(1 for one in node.elements() if one.tag in _BLOCK_TAGS)
    if inner >= 3 or len(text) >= _FULL_LENGTH:
        draft.content_node = node
    else:
        draft.summary, draft.summary_node = text, node


def _left_out(draft: Draft, elements: list[Node], scene: Scene) -> Spans:
    """The elements of a record that are no part of its excerpt."""
    left_out = [*draft.tag_nodes, *draft.author_nodes]
    if draft.title_node is not None:
        left_out.append(draft.title_node)
    for node in elements:
        small = node.end - node.place <= 25
        if (
            node.tag in ("button", "form", "nav", "figcaption", "time")
            or (node.tag == "a" and (is_read_more(node.text) or scene.is_number(node.text)))
            or (
                small
                and any(_META.search(name) for name in node.classes)
                and not _holds_title(node, draft)
                and len(node.text) < 200
            )
        ):
            left_out.append(node)
    return Spans(left_out)


def _text_without(node: Node, left_out: Spans) -> str:
    kept = [text for text, inside in texts(node) if inside not in left_out]
    return collapse("".join(kept)).strip("|·• ").strip()


def _from_blocks(draft: Draft, left_out: Spans, scene: Scene) -> None:
    """From what is left of the blocks when all else is known."""
    paragraphs: list[tuple[str, Node]] = []
    current: list[str] = []
    first: Node | None = None
    context = scene.plain_context

    def close() -> None:
        nonlocal current, first
        text = collapse("".join(current)).strip("|·• ")
        if text and first is not None and not _is_meta(text, context):
            paragraphs.append((text, first))
        current, first = [], None

    for text, node in draft.record.texts():
        if text == " ":
            close()
        elif node not in left_out:
            current.append(text)
            first = first or node
    close()
    if not paragraphs:
        return
    said = " ".join(text for text, _ in paragraphs)
    body = paragraphs[0][1]
    is_rich = any(
        node.tag in _BLOCK_TAGS and node.tag != "p" and node not in left_out
        for node in draft.record.elements()
        if not _holds_title(node, draft)
    )
    if len(paragraphs) >= 3 and (is_rich or len(said) >= _FULL_LENGTH):
        around = _around([node for _, node in paragraphs], draft)
        if around is not None:
            draft.content_node = around
        else:
            draft.content_parts = _after_title(draft, left_out)
        if around is not None or draft.content_parts:
            return
    draft.summary, draft.summary_node = said, body if len(paragraphs) == 1 else None


def _around(nodes: list[Node], draft: Draft) -> Node | None:
    """The element that holds all of them, unless it holds the title as well."""
    above: Node | None = nodes[0]
    while above is not None and not all(above.holds(node) for node in nodes):
        above = above.parent
    if above is None or _holds_title(above, draft) or above.place < draft.record.start:
        return None
    return above


def _after_title(draft: Draft, left_out: Spans) -> list[Node | str]:
    """What stands beside the title and after it, but for what is no part of the text."""
    title = draft.title_node
    parts = draft.record.parts
    while title is not None and len(parts) == 1 and isinstance(parts[0], Node):
        parts = parts[0].children
    begun = title is None
    kept: list[Node | str] = []
    for part in parts:
        if isinstance(part, str):
            kept += [part] if begun else []
        elif title is not None and part.holds(title):
            begun = True
        elif begun and part not in left_out:
            kept.append(part)
    return kept


def _is_meta(text: str, context: Context) -> bool:
    if _READING_TIME.match(text) or not any(map(str.isalpha, text)):
        return True
    if len(text) > 90:
        return False
    dates = find(text, context)
    if not dates:
        return False
    rest = text[: dates[0].start] + text[dates[-1].end :]
    return sum(map(str.isalpha, rest)) <= 30
