"""Documents → clean posts, against feedparser, fastfeedparser and atoma: benchmarks/ingest.py

    .venv/bin/pip install fastfeedparser atoma && .venv/bin/python benchmarks/ingest.py

All contenders read all documents in turn, in five rounds after one that does
not count. feedkit is checked to find no fewer entries than any other in any
document; where another finds fewer, or reads nothing, it is said. What they make of them is not the
same: feedkit's posts are clean in every field, feedparser cleans bodies and titles, and what
fastfeedparser and atoma give is as it was written, unless it is cleaned here.
"""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Any

import feedparser
import nh3
from inputs import feeds
from measuring import ROUNDS, Taken, in_turns, show

from feedkit._html import Cleaner
from feedkit._policy import ATTRIBUTES, DROPPED_WHOLE, SCHEMES, TAGS
from feedkit.errors import ParseError
from feedkit.ingest import parse_document
from feedkit.ingest.document import Document
from feedkit.ingest.readers import Readers, cores
from feedkit.model import Feed

URL = "https://feeds.example/feed.xml"
DEFAULT = "feedparser, as it comes"
FEEDKIT = "feedkit, in one thread"
WARM = ", processes there"
Documents = list[tuple[str, bytes]]
Counts = dict[str, int | None]


def count_of(found: Feed | ParseError) -> int | None:
    return len(found.posts) if isinstance(found, Feed) else None


def by_feedkit(documents: Documents) -> Counts:
    """In this thread."""
    counts: Counts = {}
    for name, data in documents:
        try:
            counts[name] = count_of(parse_document(Document(data=data, url=URL)))
        except ParseError:
            counts[name] = None
    return counts


def by_readers(pool: Readers, documents: Documents) -> Counts:
    """On all cores."""
    given = ((name, Document(data=data, url=URL)) for name, data in documents)
    size = sum(len(data) for _, data in documents)
    return {name: count_of(found) for name, found in pool.read(given, expected=size)}


def by_new_readers(documents: Documents) -> Counts:
    """On all cores, with the start and the end of the processes."""
    with Readers() as pool:
        return by_readers(pool, documents)


def by_feedparser(documents: Documents, **switches: bool) -> Counts:
    told = {"content-location": URL}
    return {
        name: len(feedparser.parse(BytesIO(data), response_headers=told, **switches).entries)
        for name, data in documents
    }


def by_fastfeedparser(
    documents: Documents, *, new_cleaner: Callable[[], nh3.Cleaner | Cleaner] | None = None
) -> Counts:
    parse = import_module("fastfeedparser").parse
    counts: Counts = {}
    for name, data in documents:
        try:
            entries = parse(data).entries
        except ValueError:
            counts[name] = None
            continue
        counts[name] = len(entries)
        if new_cleaner:
            clean_all(entries, new_cleaner())
    return counts


def by_policy() -> nh3.Cleaner:
    """nh3, by feedkit's policy so far as nh3 knows it: not of styles, players and nesting."""
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WHOLE),
        attributes={name: set(names) for name, names in ATTRIBUTES.items()},
        link_rel=None,
        url_schemes=set(SCHEMES),
        url_relative=("rewrite_with_base", URL),
    )


def clean_all(entries: Iterable[Any], cleaner: nh3.Cleaner | Cleaner) -> None:
    """Clean the bodies, with one sanitiser for a feed."""
    for entry in entries:
        if described := entry.get("description"):
            entry["description"] = cleaner.clean(described)
        for body in entry.get("content") or ():
            body["value"] = cleaner.clean(body["value"])


def by_atoma(documents: Documents) -> Counts:
    atoma = import_module("atoma")
    counts: Counts = {}
    for name, data in documents:
        is_atom = b"<feed" in data[:4096]
        try:
            if is_atom:
                counts[name] = len(atoma.parse_atom_bytes(data).entries)
            else:
                counts[name] = len(atoma.parse_rss_bytes(data).items)
        except Exception:  # it raises whatever a document makes it meet
            counts[name] = None
    return counts


def contenders() -> dict[str, Callable[[Documents], Counts]]:
    """By their names; those that are not installed are left out, and said to be."""
    found: dict[str, Callable[[Documents], Counts]] = {
        DEFAULT: by_feedparser,
        "feedparser, nothing cleaned or resolved": partial(
            by_feedparser, resolve_relative_uris=False, sanitize_html=False
        ),
        FEEDKIT: by_feedkit,
        f"feedkit, {cores()} cores, from their start": by_new_readers,
    }
    if find_spec("fastfeedparser"):
        found["fastfeedparser, nothing cleaned"] = by_fastfeedparser
        found["fastfeedparser + nh3"] = partial(by_fastfeedparser, new_cleaner=by_policy)
        found["fastfeedparser + feedkit's cleaning"] = partial(
            by_fastfeedparser, new_cleaner=partial(Cleaner, URL)
        )
    else:
        sys.stdout.write("fastfeedparser is not installed: left out\n")
    if find_spec("atoma"):
        found["atoma, nothing cleaned"] = by_atoma
    else:
        sys.stdout.write("atoma is not installed: left out\n")
    return found


def objections(counts: dict[str, Counts]) -> list[str]:
    """Where contenders found other entries than feedkit; its own lack of any ends this."""
    ours = counts[FEEDKIT]
    said = []
    for name, found in counts.items():
        both = {key: count for key, count in found.items() if count is not None}
        more = [key for key, count in both.items() if count > (ours[key] or 0)]
        if more or (name.startswith("feedkit") and found != ours):
            sys.exit(f"{name} finds more than {FEEDKIT}: {', '.join(more) or 'other entries'}")
        if fewer := [key for key, count in both.items() if count < (ours[key] or 0)]:
            said.append(f"{name} finds fewer entries in {', '.join(fewer)}")
    return said


def row(taken: Taken, counts: Counts, all_taken: dict[str, Taken]) -> list[str]:
    read = [count for count in counts.values() if count is not None]
    cleaned = all_taken.get("fastfeedparser + nh3")
    return [
        taken.name,
        f"{taken.seconds:.3f}",
        f"{taken.times(all_taken[DEFAULT]):.1f}",
        f"{1 / taken.times(cleaned):.2f}" if cleaned else "",
        "" if WARM in taken.name else f"{taken.times_of_cpu(all_taken[DEFAULT]):.1f}",
        str(len(read)),
        f"{sum(read):,}",
    ]


def main() -> None:
    documents = feeds()
    runs = {name: partial(work, documents) for name, work in contenders().items()}
    with Readers() as pool:
        runs[f"feedkit, {cores()} cores{WARM}"] = partial(by_readers, pool, documents)
        taken, counts = in_turns(runs)
    sys.stdout.writelines(f"{said}\n" for said in objections(counts))
    size = sum(len(data) for _, data in documents) / 1e6
    show(
        f"{len(documents)} documents, {size:.1f} MB; medians of {ROUNDS} rounds",
        [
            "",
            "seconds",
            "times as fast",
            "of fast + nh3's time",
            "times by CPU",
            "documents",
            "entries",
        ],
        [row(taken[name], counts[name], taken) for name in taken],
    )


if __name__ == "__main__":
    main()
