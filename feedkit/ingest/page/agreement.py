"""What metadata and the visible list say of each other: where they differ, the list counts."""

from collections.abc import Sequence

from feedkit.ingest.page.draft import Draft
from feedkit.ingest.page.facts import Facts
from feedkit.ingest.page.judging import CONVINCING, judge
from feedkit.ingest.page.metadata import Described
from feedkit.ingest.page.records import Record
from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.structure import Candidate
from feedkit.ingest.page.tree import Node

_DOUBTFUL = 0.0


def _key(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/") or url


def agreed(
    best: Candidate | None,
    found: Sequence[Candidate],
    described: Sequence[Described],
    scene: Scene,
    facts: Facts,
) -> Candidate | None:
    """The list of posts, with what metadata adds to it.

    Metadata that describes the posts of a list completes them. It makes a list
    convincing that is not so by itself, and is a list of its own where its posts
    are linked on the page; else it says nothing.
    """
    known = {_key(post.url): post for post in described}
    if best is None and known:
        doubtful = [
            one for one in found if one.evidence.score >= _DOUBTFUL and _overlap(one, known) >= 0.8
        ]
        best = max(doubtful, key=lambda one: one.evidence.weight, default=None)
        if best is None:
            best = _visible(described, scene, facts)
    if best is None or _overlap(best, known) < 0.5:
        return best
    for draft in best.drafts:
        if post := known.get(_key(draft.url)):
            complete(draft, post)
    way = best.way if best.way.startswith("JSON-LD") else f"JSON-LD and {best.way}"
    return best._replace(way=way)


def _overlap(candidate: Candidate, known: dict[str, Described]) -> float:
    """The share of a list's posts that metadata describes."""
    same = sum(_key(draft.url) in known for draft in candidate.drafts)
    return same / len(candidate.drafts)


def _visible(described: Sequence[Described], scene: Scene, facts: Facts) -> Candidate | None:
    """The described posts, where most of them are linked on the page and are no asides."""
    links: dict[str, Node] = {}
    for node in scene.page.nodes:
        if node.tag == "a" and (target := scene.target(node)):
            known = links.get(_key(target))
            if known is None or (not known.text and node.text):
                links[_key(target)] = node
    drafts = []
    for post in described:
        link = links.get(_key(post.url))
        if link is None or not post.title or scene.is_aside(link):
            continue
        draft = Draft(Record([link], link, [link], post.url), url=post.url, title=post.title)
        draft.title_node = draft.link_node = link
        complete(draft, post)
        drafts.append(draft)
    if len(drafts) < 2 or len(drafts) * 2 < len(described):
        return None
    drafts.sort(key=lambda draft: draft.record.start)
    evidence = judge(drafts, scene, facts)
    if evidence.score + 1.0 < CONVINCING:
        return None
    return Candidate(drafts, evidence, "JSON-LD")


def complete(draft: Draft, post: Described) -> None:
    """Fill in what a page does not show; a date for machines is more exact than one for readers."""
    if post.published:
        shown = draft.published
        if shown is None or draft.date_from == "address" or abs(post.published - shown).days <= 1:
            draft.published, draft.date_from, draft.dated = post.published, "metadata", True
    if post.updated and post.updated != draft.published:
        draft.updated = draft.updated or post.updated
    draft.title = draft.title or post.title
    if not draft.content_node and not draft.content_parts:
        draft.summary = draft.summary or post.summary
    draft.authors = draft.authors or list(post.authors)
    draft.tags = draft.tags or list(post.tags)
    draft.image = draft.image or post.image
