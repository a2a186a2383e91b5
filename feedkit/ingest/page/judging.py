"""How far some drafts are a list of posts: evidence for and against, added up."""

import re
from collections import Counter
from collections.abc import Sequence
from math import log2
from typing import NamedTuple
from urllib.parse import urlsplit

from feedkit.ingest.page.draft import Draft
from feedkit.ingest.page.facts import Facts
from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.words import (
    POST_PATH,
    PRICE,
    READING_TIME,
    TAXONOMY,
    is_read_more,
    is_step,
)

CONVINCING = 3.0
"""How much evidence makes a list of posts."""

_HOME = re.compile(r"/?(?:[a-z]{2}(?:-[a-z]{2,4})?/?)?(?:index\.html?)?", re.IGNORECASE)
"""The path of a home page, be it that of a language."""
_MARKED = frozenset(("hentry", "h-entry"))


class Evidence(NamedTuple):
    """What speaks for a list of posts."""

    score: float
    """The evidence: that for posts less that against."""
    weight: float
    """The same with how many they are and how much of the page they make up."""
    dated: float
    """The share that has a date."""
    aside: float
    """The share that stands beside the main thing."""
    kind: float
    """The score without what counts against their being few."""
    reasons: tuple[str, ...]
    """In words."""


def judge(drafts: Sequence[Draft], scene: Scene, facts: Facts) -> Evidence:
    """Weigh whether drafts are the posts of a page."""
    count = len(drafts)
    if not count:
        return Evidence(0, 0, 0, 0, 0, ("nothing in it has a title",))

    def share(matching: int) -> float:
        return matching / count

    dated = share(sum(draft.dated for draft in drafts))
    own_date = share(sum(draft.dated and draft.date_from != "address" for draft in drafts))
    headed = share(sum(draft.headed for draft in drafts))
    told = share(
        sum(
            bool(draft.content_node or draft.content_parts) or len(draft.summary) >= 25
            for draft in drafts
        )
    )
    of_site = share(sum(scene.is_of_site(draft.url) for draft in drafts))
    aside = share(sum(scene.is_aside(draft.record.head) for draft in drafts))
    distinct = share(len({draft.url or draft.title for draft in drafts}))
    # two posts may well have one title
    titles = share(len({draft.title.casefold() for draft in drafts}) + 1)
    length = sorted(len(draft.title) for draft in drafts)[count // 2]
    east_asian = sum(ord(char) > 0x2E80 for draft in drafts[:20] for char in draft.title)
    if east_asian * 2 > sum(len(draft.title) for draft in drafts[:20]):
        length *= 2
    paths = [urlsplit(draft.url).path for draft in drafts if draft.url]
    posts = sum(bool(POST_PATH.search(path)) for path in paths) / max(1, len(paths))
    alike = _alike(paths)
    taxonomy = sum(bool(TAXONOMY.search(path)) for path in paths) / max(1, len(paths))
    marked = share(sum(_is_marked(draft) for draft in drafts))
    priced = share(sum(_has_price(draft) for draft in drafts))
    linked = share(sum(bool(draft.url) for draft in drafts))
    mass = sum(draft.record.end - draft.record.start for draft in drafts) / max(
        1, len(scene.page.nodes)
    )

    steps = share(sum(_is_step(draft) for draft in drafts))
    said = scene.text_share((draft.record.start, draft.record.end) for draft in drafts)

    # an address with a date is as good a sign in a long list as in a short one it is not
    score = 3.0 * own_date + (2.0 if count > 3 else 0.8) * (dated - own_date)
    score += 0.8 * headed + 0.7 * told + 0.7 * posts + 0.5 * alike
    score += 0.6 * min(1.0, length / 24) + 1.0 * marked + 0.5 * mass
    score += 1.2 if facts.is_listing else 0.0
    score -= 2.6 * aside + 3.0 * priced + 0.8 * (1 - of_site) + 3.0 * steps
    score -= 4.0 if taxonomy > 0.6 else 1.5 * taxonomy
    score -= 1.5 if facts.is_article and count < 8 else 0.0
    is_home = bool(_HOME.fullmatch(urlsplit(scene.url).path))
    if count < 6 and said < 0.2 and not (is_home and posts >= 0.8 <= headed):
        # a few links beside a long text are what belongs to it, not what the page is for
        score -= 2.0
    if length < 6 and marked < 0.8:
        score -= 1.0
    if not linked:
        # headings without links are sections of a text, unless each has its own date
        each = share(sum(draft.date_from in ("mark", "text") for draft in drafts))
        score -= 1.0 if each >= 0.9 else 4.0
    if dated < 0.3:
        sure = (headed >= 0.8 and told >= 0.5) or (facts.is_listing and posts >= 0.8 <= alike)
        # articles with a heading that leads to a post each are a list, however little they show
        whole = headed >= 0.8 and posts >= 0.6 and share(sum(_is_article(one) for one in drafts))
        timed = share(sum(_has_reading_time(draft) for draft in drafts))
        sure = sure or whole >= 0.8 or marked >= 0.8 or timed >= 0.8 <= headed
        score += timed
        if marked >= 0.8 and not facts.is_listing and scene.is_listed(drafts[0].record.start):
            score += 1.2
        score -= 0.1 if sure else 1.1
        score += 0.9 if whole >= 0.8 and said >= 0.7 else 0.0
        score += 0.6 * share(sum(_has_more(draft) for draft in drafts))
        if aside > 0.5:
            score -= 2.0
    score *= min(1.0, distinct + 0.1) * min(1.0, titles + 0.15)
    kind = score
    if count == 1:
        alone = not taxonomy and (facts.is_listing or is_home)
        score -= 0.8 if alone and headed and own_date and linked else 6.0
    elif count == 2:
        score -= 0.4
    reasons = (
        _told(dated, "say when they are from") or "no dates",
        *filter(
            None,
            (
                _told(headed, "have a title in a heading"),
                _told(told, "have an excerpt of some length"),
                _told(posts, "have an address like a post's"),
                _told(aside, "stand beside the main part"),
                _told(priced, "have a price"),
                _told(taxonomy, "lead to a tag or a category"),
            ),
        ),
    )
    weight = score + 0.45 * log2(count) + 1.2 * min(1.0, 1.5 * mass)
    return Evidence(score, weight, dated, aside, kind, reasons)


def _told(part: float, what: str) -> str:
    """A share in words; ``""`` for none."""
    how_many = "all" if part > 0.995 else f"{round(100 * part)} %"
    return f"{how_many} {what}" if part > 0.005 else ""


def _alike(paths: Sequence[str]) -> float:
    """The share of addresses that stand in the folder most of them stand in."""
    folders = Counter(
        "".join("0" if char.isdigit() else char for char in path.rstrip("/").rpartition("/")[0])
        for path in paths
    )
    return folders.most_common(1)[0][1] / len(paths) if folders and len(paths) > 1 else 0.0


def _is_marked(draft: Draft) -> bool:
    """Whether a post is marked as one, be it by the relation of its link (HTML §4.6.7)."""
    head, link = draft.record.head, draft.link_node
    rel = link.attrs.get("rel", "").lower().split() if link is not None else []
    return (
        bool(_MARKED & set(head.classes))
        or "BlogPosting" in head.attrs.get("itemtype", "")
        or not {"bookmark", "permalink"}.isdisjoint(rel)
    )


def _is_article(draft: Draft) -> bool:
    """Whether a post stands in an ``article``, a composition of its own (HTML §4.3.2)."""
    head = draft.record.head
    return head.tag == "article" or any(node.tag == "article" for node in head.elements())


def _is_step(draft: Draft) -> bool:
    rel = draft.link_node.attrs.get("rel", "").lower().split() if draft.link_node else []
    return not {"prev", "next"}.isdisjoint(rel) or is_step(draft.title)


def _has_more(draft: Draft) -> bool:
    return any(
        node.tag == "a" and node is not draft.link_node and is_read_more(node.text)
        for node in list(draft.record.elements())[:60]
    )


def _has_reading_time(draft: Draft) -> bool:
    return any(
        node.end - node.place < 4 and len(node.text) < 60 and READING_TIME.search(node.text)
        for node in list(draft.record.elements())[:60]
    )


def _has_price(draft: Draft) -> bool:
    text = draft.summary if len(draft.summary) < 120 else ""
    return bool(PRICE.search(text)) or any(
        "price" in name or "cart" in name
        for node in list(draft.record.elements())[:40]
        for name in node.classes
    )
