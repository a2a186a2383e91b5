"""Runs of look-alikes: links that stand in the same way, and what belongs to each of them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from feedkit.ingest.page.dates import find
from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.tree import HEADINGS, Node, texts
from feedkit.ingest.page.words import is_of_its_own

_PASSED_OVER = frozenset(("span", "strong", "em", "b", "i", "font", "small", "tbody", "u", "mark"))
_TOPMOST = frozenset(("#document", "html", "body", "main"))
_ENDS = frozenset(("nav", "aside", "footer", "form"))
_MOST_GROUPS = 24


class _Run(NamedTuple):
    """The heads of records that stand in one element."""

    children: list[Node | str]
    heads: list[tuple[int, Node]]


class Record:
    """What one post is read from: neighbouring parts of the page, and its link."""

    __slots__ = ("end", "head", "links", "parts", "start", "url")

    def __init__(self, parts: list[Node | str], head: Node, links: list[Node], url: str) -> None:
        self.parts = parts
        self.head = head
        self.links = links
        self.url = url
        places = [part for part in parts if isinstance(part, Node)] or [head]
        self.start = min(node.place for node in places)
        self.end = max(node.end for node in places)

    def elements(self) -> Iterator[Node]:
        """All elements of its parts, in order."""
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.elements()

    def texts(self) -> Iterator[tuple[str, Node]]:
        """All texts of its parts, each with the element it stands in."""
        around = self.head.parent or self.head
        for part in self.parts:
            if isinstance(part, str):
                yield part, around
            else:
                yield from texts(part)


def groups(scene: Scene) -> list[list[Node]]:
    """Links, and headings without links, that stand in the same way; the likeliest first."""
    by_way: dict[tuple[int, int], list[Node]] = {}
    known: dict[tuple[object, ...], int] = {}
    coarse: dict[int, int] = {}
    fine: dict[int, int] = {}
    has_link: set[int] = set()
    for node in scene.page.nodes:
        above = node.parent
        coarse_above = coarse[above.place] if above else 0
        fine_above = fine[above.place] if above else 0
        if node.tag in _PASSED_OVER:
            coarse[node.place] = coarse_above
        else:
            coarse[node.place] = known.setdefault(("c", coarse_above, node.tag), len(known) + 1)
        names = tuple(sorted(name for name in node.classes if not is_of_its_own(name)))
        mark = node.attrs.get("id", "")
        mark = "" if is_of_its_own(mark) or node.tag in ("a", *HEADINGS) else mark
        fine[node.place] = known.setdefault(
            ("f", fine_above, node.tag, names, mark), len(known) + 1
        )
        if node.tag == "a" and scene.target(node):
            has_link.update(around.place for around in _with_headings(node))
            top = above.parent if above and above.parent else node
            middle = known.setdefault(
                ("m", fine[top.place] if top is not node else 0, coarse[node.place]), len(known) + 1
            )
            first = 4 if _is_tag(node) else 0
            for kind, way in enumerate((coarse[node.place], fine[node.place], middle), first):
                by_way.setdefault((kind, way), []).append(node)
    for node in scene.page.nodes:
        if node.tag in HEADINGS and node.place not in has_link:
            by_way.setdefault((3, coarse[node.place]), []).append(node)
    return _likeliest(by_way.values(), scene)


def _is_tag(link: Node) -> bool:
    """Whether a link leads to the posts of a tag, not to a post (HTML §4.6.7.16)."""
    return "tag" in link.attrs.get("rel", "").lower().split()


def _with_headings(link: Node) -> Iterator[Node]:
    """The headings that hold a link or stand in it."""
    for around in link.ancestors():
        if around.tag in HEADINGS:
            yield around
    for inside in link.elements():
        if inside.tag in HEADINGS:
            yield inside


def _likeliest(ways: Iterable[list[Node]], scene: Scene) -> list[list[Node]]:
    seen: set[tuple[int, ...]] = set()
    scored: list[tuple[float, int, list[Node]]] = []
    for nodes in ways:
        marks = tuple(node.place for node in nodes)
        if marks in seen:
            continue
        seen.add(marks)
        aside = sum(map(scene.is_aside, nodes)) / len(nodes)
        size = sum(min(60, len(_own_text(node))) for node in nodes)
        distinct = len({scene.target(node) or node.place for node in nodes})
        scored.append((size * (distinct / len(nodes)) * (1.2 - aside), -marks[0], nodes))
    scored.sort(key=lambda one: one[:2], reverse=True)
    return [nodes for _, _, nodes in scored[:_MOST_GROUPS]]


def _own_text(node: Node) -> str:
    """The beginning of its text, without looking through all of a large element."""
    if node.end - node.place <= 40:
        return node.text
    return "x" * 30


def records(nodes: list[Node], scene: Scene) -> list[Record]:
    """What belongs to each of some links: as much around it as holds no other of them."""
    clusters = _clusters(nodes, scene)
    if len(clusters) == 1:
        return [_alone(clusters[0], scene)]
    chains = [_chain(clusters, number) for number in range(len(clusters))]
    depths = [_depth(chain[-1]) for chain in chains]
    depth = _usual(depths)
    divided = [
        part
        for cluster, chain in zip(clusters, chains, strict=True)
        for part in (_divided(cluster, depth) if _depth(chain[0]) < depth else [cluster])
    ]
    if len(divided) > len(clusters):
        clusters = divided
        chains = [_chain(clusters, number) for number in range(len(clusters))]
        depths = [_depth(chain[-1]) for chain in chains]
        depth = _usual(depths)
    tops = []
    for chain, own in zip(chains, depths, strict=True):
        tops.append(chain[max(0, len(chain) - 1 - max(0, depth - own))])
    return _with_neighbours(clusters, tops, scene)


def around(heads: list[Node], scene: Scene) -> list[Record]:
    """The records that begin with some elements, or are these."""
    kept: list[Node] = []
    for head in sorted(heads, key=lambda node: node.place):
        if not kept or head.place >= kept[-1].end:
            kept.append(head)
    return _with_neighbours([[head] for head in kept], kept, scene)


def _clusters(nodes: list[Node], scene: Scene) -> list[list[Node]]:
    """Neighbouring links that lead to one address belong to one post."""
    clusters: list[list[Node]] = []
    last = ""
    for node in nodes:
        url = scene.target(node) if node.tag == "a" else ""
        if clusters and url and url == last:
            clusters[-1].append(node)
        else:
            clusters.append([node])
        last = url
    return clusters


def _chain(clusters: list[list[Node]], number: int) -> list[Node]:
    """From a link outwards, as long as no other link of the run is inside."""
    first, last = clusters[number][0], clusters[number][-1]
    before = clusters[number - 1][-1].place if number else -1
    after = clusters[number + 1][0].place if number + 1 < len(clusters) else None
    node = first
    while not node.holds(last) and node.parent:
        node = node.parent
    chain = [node]
    while (above := node.parent) is not None and above.tag not in _TOPMOST:
        if above.place <= before or (after is not None and above.end > after):
            break
        chain.append(above)
        node = above
    return chain


def _usual(depths: list[int]) -> int:
    """The depth that most have; of several the deepest."""
    usual = Counter(depths).most_common()
    return max(depth for depth, count in usual if count == usual[0][1])


def _divided(cluster: list[Node], depth: int) -> list[list[Node]]:
    """Links of two posts with one address: by the elements of a depth that they stand in."""
    parts: list[list[Node]] = []
    last: Node | None = None
    for link in cluster:
        line = [link, *link.ancestors()]
        top = line[max(0, len(line) - 1 - depth)]
        if parts and top is last:
            parts[-1].append(link)
        else:
            parts.append([link])
        last = top
    return parts


def _depth(node: Node) -> int:
    return sum(1 for _ in node.ancestors())


def _alone(cluster: list[Node], scene: Scene) -> Record:
    """What belongs to a link that has no look-alike: the article or item around it."""
    head = cluster[0]
    for above in head.ancestors():
        whole = above.tag in ("article", "li", "tr") or {"hentry", "h-entry"} & set(above.classes)
        if above.tag in _TOPMOST or above.tag == "section":
            break
        if not whole and _headings(above) > 1:
            break
        head = above
        if whole:
            break
    return Record([head], head, cluster, scene.target(cluster[0]))


def _headings(node: Node) -> int:
    """How many headings of a post's rank stand in an element."""
    return sum(1 for one in node.elements() if one.tag in ("h1", "h2", "h3"))


def _with_neighbours(clusters: list[list[Node]], tops: list[Node], scene: Scene) -> list[Record]:
    """The records; where posts are not wrapped, each with what stands beside it."""
    index = {id(top): number for number, top in enumerate(tops)}
    between: list[list[Node | str]] = []
    runs = _runs(tops)
    for children, run in runs:
        for (this, _), (following, _) in pairwise(run):
            between.append(_without_blanks(children[this + 1 : following]))
    said = [gap for gap in between if any(_says(part) for part in gap)]
    result: list[Record | None] = [None] * len(tops)
    flat = bool(said) and len(said) * 2 >= len(between)
    lead = _lead(runs, between, scene) if flat else 0
    usual = Counter(len(gap) for gap in said).most_common(1)[0][0] if said else 0
    for children, run in runs:
        for number, (at, top) in enumerate(run):
            start, end = at, at + 1
            if flat:
                start = _back(children, at, lead, run[number - 1][0] if number else -1)
                if number + 1 < len(run):
                    end = _back(children, run[number + 1][0], lead, at)
                else:
                    end = _last_end(children, at + 1, max(usual - lead, 0), scene, top)
                end = _before_heading(children, at, end, top)
            cluster = clusters[index[id(top)]]
            url = scene.target(cluster[0]) if cluster[0].tag == "a" else ""
            result[index[id(top)]] = Record(children[start:end], top, cluster, url)
    return [record for record in result if record is not None]


def _runs(tops: list[Node]) -> list[_Run]:
    """The heads of records by the element they stand in."""
    runs: dict[int, list[Node]] = {}
    for top in tops:
        runs.setdefault((top.parent or top).place, []).append(top)
    made = []
    for run in runs.values():
        children: list[Node | str] = list(run[0].parent.children if run[0].parent else run[:1])
        places = {id(child): at for at, child in enumerate(children)}
        made.append(_Run(children, [(places[id(top)], top) for top in run]))
    return made


def _without_blanks(parts: list[Node | str]) -> list[Node | str]:
    return [part for part in parts if not isinstance(part, str) or part.strip()]


def _says(part: Node | str) -> bool:
    if isinstance(part, str):
        return bool(part.strip(" \t\r\n|·•,;-–—/"))
    return part.tag not in ("br", "hr") and (bool(part.text) or part.first("img") is not None)


def _kind(part: Node | str) -> str:
    return "#text" if isinstance(part, str) else part.tag


def _before_heading(children: list[Node | str], at: int, end: int, top: Node) -> int:
    """Where a record ends at the latest: before a heading, unless it begins with one itself."""
    if top.tag in HEADINGS:
        return end
    for place in range(at + 1, end):
        part = children[place]
        if isinstance(part, Node) and part.tag in HEADINGS:
            return place
    return end


def _back(children: list[Node | str], at: int, lead: int, stop: int) -> int:
    """The place some parts before another, blanks not counted."""
    while lead and at - 1 > stop:
        at -= 1
        part = children[at]
        if not isinstance(part, str) or part.strip():
            lead -= 1
    return at


def _last_end(children: list[Node | str], at: int, usual: int, scene: Scene, top: Node) -> int:
    """Where the last record of a run ends: after as much as the others have, or a heading."""
    left = max(usual, 1) if usual else 0
    grows = top.tag in HEADINGS or top.first(*HEADINGS) is not None
    while at < len(children):
        part = children[at]
        if isinstance(part, Node) and (
            part.tag in _ENDS
            or part.tag in HEADINGS
            or part.tag == "hr"
            or scene.is_aside(part)
            or part.tag == top.tag
        ):
            break
        if not isinstance(part, str) or part.strip():
            if left <= 0 and not (grows and isinstance(part, Node) and part.tag == "p"):
                break
            left -= 1
        at += 1
    return at


def _lead(runs: list[_Run], between: list[list[Node | str]], scene: Scene) -> int:
    """How many of the parts between two heads belong to the one that follows."""
    context = scene.plain_context
    best = 0
    firsts = []
    for children, run in runs:
        at = run[0][0]
        firsts.append(_without_blanks(children[max(0, at - 12) : at])[-4:])
    for size in range(1, 5):
        tails = [gap[-size:] for gap in between if len(gap) >= size]
        heads = [first[-size:] for first in firsts if len(first) >= size]
        if len(tails) * 2 < len(between) or (not heads and firsts):
            break
        kinds = Counter(tuple(map(_kind, tail)) for tail in tails)
        shape, count = kinds.most_common(1)[0]
        if count * 3 < 2 * len(tails) or not any(
            tuple(map(_kind, head)) == shape for head in heads
        ):
            continue
        dated = sum(
            any(
                find(part if isinstance(part, str) else part.text[:200], context)
                for part in tail[:1]
            )
            for tail in tails
        )
        pictured = sum(
            isinstance(tail[0], Node) and tail[0].text == "" and tail[0].tag not in ("br", "hr")
            for tail in tails
        )
        if dated * 3 >= 2 * len(tails) or pictured * 3 >= 2 * len(tails):
            best = size
    # a date that stands between two posts is the earlier one's where nothing precedes the first
    return best
