"""The page's own repeated structure: which run of look-alikes is its list of posts."""

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from feedkit.ingest.page.dates import of_path
from feedkit.ingest.page.draft import Draft
from feedkit.ingest.page.facts import Facts
from feedkit.ingest.page.fields import read_fields
from feedkit.ingest.page.judging import CONVINCING, Evidence, judge
from feedkit.ingest.page.marked import marked_records
from feedkit.ingest.page.records import Record, groups, records
from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.words import OTHER_PATH

_TRUST = {"microformats": 0.8, "microdata": 0.7}
_CLOCK = re.compile(r"\s*(?:\d{1,2}\s?[日일]\s?)?\d{1,2}:\d\d(?::\d\d)?\s+(?=\S)")
_STRIPPED = " \t:-–—|·•,/»()[]。、"


class Candidate(NamedTuple):
    """A run that may be the list of posts."""

    drafts: list[Draft]
    evidence: Evidence
    way: str = "structure"
    """How it was found: ``"structure"``, ``"microformats"``, ``"microdata"``, ``"selectors"``."""


def candidates(scene: Scene, facts: Facts) -> list[Candidate]:
    """All runs of look-alikes of a page, the most convincing first."""
    found = []
    ways = [*marked_records(scene), *(("structure", records(one, scene)) for one in groups(scene))]
    seen: set[tuple[tuple[int, int, str], ...]] = set()
    for way, those in ways:
        # the links of titles, pictures and "read more" make the same records
        reach = tuple((record.start, record.end, record.url) for record in those)
        if reach in seen:
            continue
        seen.add(reach)
        drafts = read_drafts(those, scene)
        if drafts:
            evidence = judge(drafts, scene, facts)
            if way != "structure":
                more = evidence.weight + _TRUST[way]
                evidence = evidence._replace(score=evidence.score + _TRUST[way], weight=more)
            found.append(Candidate(drafts, evidence, way))
    found.sort(key=lambda one: one.evidence.weight, reverse=True)
    return found


def read_drafts(found: Sequence[Record], scene: Scene) -> list[Draft]:
    """The drafts of records, with what only the whole list tells; those without a title go."""
    drafts = [draft for draft in read_fields(found, scene) if draft.title]
    drafts = without_strangers(drafts)
    settle_dates_in_titles(drafts, scene)
    settle_dates_of_none(drafts)
    return each_once(drafts)


def without_strangers(drafts: list[Draft]) -> list[Draft]:
    """The drafts without those that stand elsewhere and have no date, where the others do."""
    runs: dict[int, list[Draft]] = {}
    for draft in drafts:
        parent = draft.record.head.parent or draft.record.head
        runs.setdefault(parent.place, []).append(draft)
    dated = [run for run in runs.values() if any(draft.dated for draft in run)]
    kept = sum(map(len, dated))
    if len(dated) == len(runs) or kept < 2 or kept * 2 < len(drafts):
        return drafts
    if sum(draft.dated for run in dated for draft in run) < 0.8 * kept:
        return drafts
    known = [draft for run in dated for draft in run]
    pinned = [draft for run in runs.values() if _are_pinned(run, known) for draft in run]
    kept_ones = {id(draft) for draft in (*known, *pinned)}
    return [draft for draft in drafts if id(draft) in kept_ones]


def _are_pinned(drafts: Sequence[Draft], others: Sequence[Draft]) -> bool:
    """Whether drafts without a date are posts of the same kind, shown above the others."""
    shapes = {_shape(draft.url) for draft in others}
    return drafts[-1].record.end <= others[0].record.start and all(
        draft.headed and draft.summary and _shape(draft.url)[1] and _shape(draft.url) in shapes
        for draft in drafts
    )


def settle_dates_in_titles(drafts: list[Draft], scene: Scene) -> None:
    """A date in a title is the post's where nearly all titles have one and nothing else does."""
    clocks = [_CLOCK.match(draft.title) for draft in drafts]
    if sum(map(bool, clocks)) >= 0.8 * len(drafts):
        for draft, clock in zip(drafts, clocks, strict=True):
            draft.title = draft.title[clock.end() :] if clock else draft.title
    inside = [draft for draft in drafts if draft.title_date]
    if not inside:
        return
    is_usual = len(inside) >= 0.8 * len(drafts) and len(drafts) > 1
    for draft in inside:
        start, end = draft.title_date or (0, 0)
        rest = (draft.title[:start] + draft.title[end:]).strip(_STRIPPED)
        if is_usual and rest:
            draft.title = rest
        elif not is_usual:
            moment = of_path(urlsplit(draft.url).path, scene.zone)
            draft.published, draft.dated = moment, moment is not None
            draft.date_from = "address" if moment else ""


def settle_dates_of_none(drafts: list[Draft]) -> None:
    """A date in the prose of a few posts is what that is about; one above all is the page's."""
    few = sum(draft.dated for draft in drafts) * 2 < len(drafts)
    of_page = (
        len(drafts) > 2
        and all(draft.date_from == "heading" for draft in drafts)
        and len({draft.published for draft in drafts}) == 1
    )
    for draft in drafts:
        if of_page or (few and draft.date_in_prose):
            draft.published, draft.date_from, draft.dated = None, "", False


def each_once(drafts: list[Draft]) -> list[Draft]:
    """The drafts without those that lead where an earlier one does."""
    seen: set[str] = set()
    kept = []
    for draft in drafts:
        key = draft.url or f"{draft.title}\0{draft.published}"
        if key not in seen:
            seen.add(key)
            kept.append(draft)
    return kept


def chosen(found: Sequence[Candidate], scene: Scene, facts: Facts) -> Candidate | None:
    """The list of posts: the best run, with others of its kind; None when none convinces."""
    convincing = [one for one in found if one.evidence.score >= CONVINCING]
    if not convincing:
        return None
    several = [one for one in convincing if len(one.drafts) > 1 and one.evidence.aside <= 0.5]
    best = max(several or convincing, key=lambda one: one.evidence.weight)
    best = _fuller(_of_posts(_linked(best, several), several), several)
    for other in found:
        if other is not best and _is_of_its_kind(other, best):
            best = _together(best, other, scene, facts)
    return best


def _linked(best: Candidate, several: Sequence[Candidate]) -> Candidate:
    """The list of links that headings without links stand over, or in whose posts they stand."""
    if all(draft.url for draft in best.drafts):
        return best
    for other in several:
        if other.evidence.dated < best.evidence.dated or not all(one.url for one in other.drafts):
            continue
        if any(_overlap(mine, theirs) for mine in best.drafts for theirs in other.drafts[:50]):
            return other
    return best


def _of_posts(best: Candidate, several: Sequence[Candidate]) -> Candidate:
    """The surer part of a list, where that has the posts and what is left is something else."""
    urls = {draft.url for draft in best.drafts}
    for other in several:
        if (
            2 * len(urls) > 2 * len(other.drafts) >= len(urls)
            and urls > {draft.url for draft in other.drafts}
            and other.evidence.score > best.evidence.score
            and _has_other_things(other, best)
        ):
            return other
    return best


def _overlap(one: Draft, other: Draft) -> bool:
    return one.record.start < other.record.end and other.record.start < one.record.end


def _fuller(best: Candidate, several: Sequence[Candidate]) -> Candidate:
    """The longest list that has all posts of the best one, which may be a part shown apart."""
    urls = {draft.url for draft in best.drafts}
    for other in several:
        if len(other.drafts) < 1.5 * len(urls) or other.evidence.aside > 0:
            continue
        if other.evidence.dated < best.evidence.dated or other.evidence.kind < CONVINCING + 0.5:
            continue
        if _has_other_things(best, other):
            continue
        if len(urls & {draft.url for draft in other.drafts}) >= 0.9 * len(urls):
            best, urls = other, {draft.url for draft in other.drafts}
    return best


def _has_other_things(some: Candidate, more: Candidate) -> bool:
    """Whether all that a list has beside the posts of another is talks, projects and the like."""
    urls = {draft.url for draft in some.drafts}
    others = [draft.url for draft in more.drafts if draft.url not in urls]
    return all(map(OTHER_PATH.search, others)) and not any(map(OTHER_PATH.search, urls))


def _is_of_its_kind(other: Candidate, best: Candidate) -> bool:
    """Whether another run is more of the same list: as sure, as dated, and of other posts."""
    known = {draft.url for draft in best.drafts}
    new = [draft for draft in other.drafts if draft.url not in known]
    if not new or len(new) < 0.6 * len(other.drafts) or other.evidence.aside > 0.3:
        return False
    if not any(draft.url for draft in new):
        return False
    if any(_overlap(mine, theirs) for mine in best.drafts[:50] for theirs in new[:50]):
        return False
    shapes = {_shape(draft.url) for draft in best.drafts}
    alike = sum(_shape(draft.url) in shapes for draft in new)
    if best.evidence.dated > 0.5 and other.evidence.dated < 0.8:
        return _are_pinned(new, best.drafts)
    bare = all(draft.headed and _shape(draft.url)[1] for draft in new)
    if best.evidence.dated <= 0.5 and bare and alike == len(new):
        # where no post has a date, those below may have an excerpt less as well
        return True
    as_sure = other.evidence.kind >= max(CONVINCING, 0.7 * best.evidence.kind)
    return alike >= 0.7 * len(new) and as_sure


def _shape(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    folder = parts.path.rstrip("/").rpartition("/")[0]
    return parts.netloc, "".join("0" if char.isdigit() else char for char in folder)


def _together(one: Candidate, other: Candidate, scene: Scene, facts: Facts) -> Candidate:
    drafts = sorted((*one.drafts, *other.drafts), key=lambda draft: draft.record.start)
    drafts = each_once(drafts)
    return Candidate(drafts, judge(drafts, scene, facts), one.way)
