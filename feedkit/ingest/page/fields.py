"""From the parts of one record to the fields of one post: title, link, picture, tags, authors."""

import re
from collections.abc import Sequence

from feedkit._html import collapse
from feedkit._urls import web_url
from feedkit.ingest.page.draft import Draft
from feedkit.ingest.page.excerpts import read_excerpt
from feedkit.ingest.page.moments import read_dates
from feedkit.ingest.page.records import Record
from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.tree import HEADINGS, Node, texts
from feedkit.ingest.page.words import TAG_PATH, is_label, is_read_more

_TITLE = re.compile(
    r"^(?:.*[-_])?(?:title|headline|heading|entry-title|p-name|post-name|subject)$", re.IGNORECASE
)
_NO_TITLE = re.compile(r"subtitle|sub-title|site-title|sub_title|subheading", re.IGNORECASE)
_POST_TITLE = re.compile(r"(?:entry|post|article)[-_]title", re.IGNORECASE)
_PICTURE = re.compile(
    r"avatar|gravatar|emoji|icon|logo|spinner|placeholder|badge|pixel|blank\.|spacer|author|loading",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*url\(\s*[\"']?([^\"')]+)", re.IGNORECASE)
_BY = re.compile(
    r"^[\W_]*(?:(?:written |posted |published )?by|von|par|por|da|di|door|автор|yazar|od|przez|"
    r"작성자|作者|著者|نویسنده|بقلم|bởi|author)\b[\s:：]*",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"^(?:p-author|(?:.*[-_])?(?:author|byline|by-line|fn)(?:[-_]name)?|.*author__?name)$",
    re.IGNORECASE,
)
_TAGS = re.compile(
    r"^(?:p-category|(?:.*[-_])?(?:tags?|categor(?:y|ies)|labels|topics?)"
    r"(?:[-_](?:links?|list|item))?)$",
    re.IGNORECASE,
)
_MOST_TAGS = 30
_LONGEST_HEADING = 70


def read_fields(found: Sequence[Record], scene: Scene) -> list[Draft]:
    """What the records of a list say of their posts."""
    taken = ([record.start for record in found], [record.end for record in found])
    plain = sum(map(_begins_plainly, found)) * 3 >= len(found)
    drafts = [_read(record, scene, taken, plain=plain) for record in found]
    said = {draft.title for draft in drafts}
    if len(said) == 1 < len(drafts) == len({draft.url for draft in drafts}):
        # what all posts say is a label above their titles, where there is more to be said
        others = [_read(record, scene, taken, plain=plain, label=min(said)) for record in found]
        if len({draft.title for draft in others} - {""}) > 1:
            return others
    return drafts


def _read(
    record: Record,
    scene: Scene,
    taken: tuple[list[int], list[int]],
    *,
    plain: bool,
    label: str = "",
) -> Draft:
    draft = Draft(record)
    elements = list(record.elements())
    _read_link(draft, elements, scene)
    _read_title(draft, elements, scene, plain=plain, label=label)
    _read_tags(draft, elements, scene)
    _read_authors(draft, elements)
    read_dates(draft, elements, scene, taken)
    read_excerpt(draft, elements, scene)
    _read_image(draft, elements, scene)
    return draft


def _read_link(draft: Draft, elements: list[Node], scene: Scene) -> None:
    draft.url = draft.record.url
    draft.link_node = next((link for link in draft.record.links if link.tag == "a"), None)
    if draft.link_node is None:
        for node in elements:
            if node.tag == "a" and is_read_more(node.text) and scene.target(node):
                draft.link_node, draft.url = node, scene.target(node)
                return


def _read_title(
    draft: Draft, elements: list[Node], scene: Scene, *, plain: bool, label: str
) -> None:
    own = [node for node in elements if node.tag == "a" and scene.target(node) == draft.url]
    if not draft.url:
        own = draft.record.links
    for node, headed in _titled(own, elements, draft.record, plain=plain):
        text, inside = title_text(node, label)
        if text and text != label and not is_read_more(text) and not scene.is_number(text):
            draft.title, draft.title_node, draft.headed = text, inside, headed
            draft.link_node = next(
                (one for one in (inside, *inside.ancestors()) if any(one is it for it in own)),
                draft.link_node,
            )
            return
    for link in own:
        said = collapse(link.attrs.get("aria-label", "") or link.attrs.get("title", ""))
        if said and not is_read_more(said):
            draft.title, draft.title_node = said, link
            return
    for link in own:
        image = link.first("img")
        if image and (said := collapse(image.attrs.get("alt", ""))):
            draft.title, draft.title_node = said, link
            return


def _begins_plainly(record: Record) -> bool:
    """Whether a link has a title in plain words before an excerpt in a heading's clothes."""
    return any(
        len(inside.text) > _LONGEST_HEADING and title_text(link)[1] is link
        for link in record.links
        for inside in [next((node for node in link.elements() if node.tag in HEADINGS), None)]
        if inside is not None
    )


def _titled(
    own: list[Node], elements: list[Node], record: Record, *, plain: bool
) -> list[tuple[Node, bool]]:
    """Where the title may stand, the likeliest first; and whether that is a heading."""
    found: list[tuple[Node, bool]] = []
    for link in own:
        if link.tag in HEADINGS:
            found.append((link, True))
        around = next((above for above in link.ancestors() if above.tag in HEADINGS), None)
        if around is not None and around.place >= record.start:
            found.append((link, True))
        inside = [node for node in link.elements() if node.tag in HEADINGS]
        if plain and inside and title_text(link)[1] is link:
            found.append((link, False))
        found += [(node, True) for node in inside]
    if found:
        return found
    for link in own:
        found += [
            (node, False)
            for node in link.elements()
            if node is not link and any(map(_is_title, node.classes)) and node.text
        ]
    found += [
        (node, False)
        for node in elements
        if node.attrs.get("itemprop") in ("headline", "name")
        and node.tag not in ("meta", "a")
        and any(node.holds(link) or link.holds(node) for link in own)
    ]
    if not found:
        for link in own:
            if link.tag == "a" and link.first("p", "div", "time"):
                found += [
                    (node, False)
                    for node in link.elements()
                    if node.tag in ("strong", "b") and len(node.text) >= 8
                ][:1]
    if not found:
        headings = [node for node in elements if node.tag in HEADINGS and not node.first("a")]
        worded = [link for link in own if link.text and not is_read_more(link.text)]
        if headings and not worded:
            found.append((headings[0], True))
        if not headings and not worded:
            # the link of a title may lead nowhere, and the one that says "read more" to the post
            found += [(node, False) for node in elements if any(map(_is_title, node.classes))][:1]
        for link in own:
            names = (*link.classes, *(link.parent.classes if link.parent else ()))
            if any(map(_is_title, names)):
                # the name says what the heading of a post would
                found.append((link, any(map(_POST_TITLE.fullmatch, names))))
    found += [(link, False) for link in own]
    return found


def _is_title(name: str) -> bool:
    return bool(_TITLE.match(name)) and not _NO_TITLE.search(name)


def title_text(node: Node, label: str = "") -> tuple[str, Node]:
    """A title's text and element: of a link around a whole card, its first block but dates.

    :param node: what the title stands in.
    :param label: what else is no title, beside what says that a post is a draft or pinned.
    """
    blocks: list[tuple[str, Node]] = []
    current: list[str] = []
    first: Node | None = None
    date: Node | None = None

    def close() -> None:
        nonlocal current, first
        if first is not None and (said := collapse("".join(current))):
            blocks.append((said, first))
        current, first = [], None

    for text, inside in texts(node):
        if date is not None and date.holds(inside):
            continue
        if inside.tag == "time" and inside is not node:
            date = inside
        elif text == " " and inside is not node:
            close()
        else:
            current.append(text)
            first = first or (inside if text.strip() else None)
    close()
    if not blocks:
        return "", node
    while len(blocks) > 1 and (
        blocks[0][0] == label or (is_label(blocks[0][0]) and not blocks[1][0].isdecimal())
    ):
        node = blocks[1][1] if len(blocks) == 2 else node
        del blocks[0]
    return blocks[0][0], node if len(blocks) == 1 else blocks[0][1]


def _read_tags(draft: Draft, elements: list[Node], scene: Scene) -> None:
    for node in elements:
        if len(draft.tags) >= _MOST_TAGS:
            break
        href = node.attrs.get("href", "")
        if node.tag == "a":
            of_tag = "tag" in node.attrs.get("rel", "").lower().split() or (
                bool(TAG_PATH.search(href.split("?")[0])) and scene.target(node) != draft.url
            )
            if not of_tag:
                continue
        elif "p-category" not in node.classes and node.attrs.get("itemprop") != "keywords":
            if (
                not any(map(_TAGS.match, node.classes))
                or node.first("a", "li")
                or node.end - node.place > 3
            ):
                continue
            if draft.title_node is not None and node.holds(draft.title_node):
                continue
        if draft.title_node is not None and draft.title_node.holds(node):
            continue
        label = node.text.strip(" #,;·|").strip()
        if 0 < len(label) <= 60 and not label.isdecimal():
            labels = [one.strip() for one in label.split(",")] if node.tag != "a" else [label]
            draft.tags += [one for one in labels if one and one not in draft.tags]
            draft.tag_nodes.append(node)


def _read_authors(draft: Draft, elements: list[Node]) -> None:
    for node in elements:
        marked = (
            "author" in node.attrs.get("rel", "").lower().split()
            or node.attrs.get("itemprop") == "author"
            or any(map(_AUTHOR.match, node.classes))
        )
        if len(draft.author_nodes) >= _MOST_TAGS:
            break
        if not marked or (draft.title_node is not None and node.holds(draft.title_node)):
            continue
        if any(known.holds(node) for known in draft.author_nodes):
            continue
        inner = next(
            (
                one
                for one in node.elements()
                if one is not node
                and one.text
                and (one.attrs.get("itemprop") == "name" or one.tag == "a" or "fn" in one.classes)
            ),
            node,
        )
        name = _BY.sub("", inner.text).strip(" ,·|—–-")
        draft.author_nodes.append(node)
        if 0 < len(name) <= 60 and name not in draft.authors and not name[0].isdigit():
            draft.authors.append(name)


def _read_image(draft: Draft, elements: list[Node], scene: Scene) -> None:
    for node in elements:
        if draft.content_node is not None and draft.content_node.holds(node):
            continue
        if any(author.holds(node) for author in draft.author_nodes):
            continue
        address = picture(node, scene)
        if address:
            draft.image, draft.image_node = address, node
            return


def picture(node: Node, scene: Scene) -> str:
    """The address of the picture an element shows, if it is more than an ornament."""
    if node.tag == "img":
        named = " ".join((*node.classes, node.attrs.get("src", "")[:200], node.attrs.get("id", "")))
        width = node.attrs.get("width", "")
        is_ornament = bool(_PICTURE.search(named)) or (width.isdecimal() and int(width[:9]) <= 48)
        if is_ornament and not node.attrs.get("data-src"):
            return ""
        for name in ("data-src", "data-lazy-src", "data-original", "src", "srcset", "data-srcset"):
            value = node.attrs.get(name, "").strip()
            if value and not value.startswith("data:"):
                return web_url(
                    value.split()[0].rstrip(",") if "srcset" in name else value, scene.base
                )
    elif match := _BACKGROUND.search(node.attrs.get("style", "")):
        return web_url(match[1], scene.base)
    return ""
