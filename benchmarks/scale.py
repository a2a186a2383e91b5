"""How builds grow with what is stored: many sources, many posts, many tags.

    python benchmarks/scale.py                                  # small: 10,000 posts
    python benchmarks/scale.py --posts 1000000                  # 10,000 sources and tags

The sources are made up, the same in each run, and served on this machine's
loopback addresses: they are fetched as any other. Each build is a process of its
own. What is measured: a first build; builds in which nothing changed, with no
source due and with one in a hundred; and one in which one post changed.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from loopback import ADDRESSES, OFTEN, serving
from measured import Cost, peak, run, written

NOW = datetime(2026, 1, 1, tzinfo=UTC)
_TEXT = (
    "harbour lay still and nobody spoke of the ships that had left in the night while lamps along"
    " quay burned low over water so dark it seemed to hold back every sound we made"
)
WORDS = _TEXT.split()


def number_from(number: int, most: int) -> int:
    """A number below ``most`` that looks like chance, and is the same each time."""
    return (number * 2654435761 + 40503) % 4294967296 * most >> 32


def text(number: int) -> str:
    """About 400 letters."""
    return " ".join(WORDS[number_from(number * 71 + at, len(WORDS))] for at in range(72))


def tags_of(number: int, tags: int) -> tuple[str, str]:
    """Two tags of a post; the first of each tag's posts are in order."""
    return f"subject {number % tags}", f"subject {number_from(number, tags)}"


def atom(source: int, posts: int, tags: int) -> str:
    """An Atom feed."""
    site = f"https://blog-{source}.example"
    entries = []
    for at in range(posts):
        number = source * posts + at
        written_at = NOW - timedelta(hours=1 + at, seconds=number_from(number, 3600))
        terms = "".join(f'<category term="{tag}"/>' for tag in tags_of(number, tags))
        entries.append(
            f"<entry><id>{site}/{at}</id><title>Story {number}</title>"
            f'<link href="{site}/{at}/"/>{terms}<updated>{written_at:%Y-%m-%dT%H:%M:%SZ}</updated>'
            f"<published>{written_at:%Y-%m-%dT%H:%M:%SZ}</published>"
            f'<content type="html">&lt;p&gt;{text(number)}&lt;/p&gt;'
            "</content></entry>"
        )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{site}/</id><title>Blog {source}</title><link href='{site}/'/>"
        f"<updated>{NOW:%Y-%m-%dT%H:%M:%SZ}</updated>{''.join(entries)}</feed>"
    )


def rss(source: int, posts: int, tags: int) -> str:
    """An RSS feed."""
    site = f"https://blog-{source}.example"
    items = []
    for at in range(posts):
        number = source * posts + at
        written_at = NOW - timedelta(hours=1 + at, seconds=number_from(number, 3600))
        terms = "".join(f"<category>{tag}</category>" for tag in tags_of(number, tags))
        items.append(
            f"<item><guid>{site}/{at}</guid><title>Story {number}</title><link>{site}/{at}/</link>"
            f"{terms}<pubDate>{written_at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
            f"<description>&lt;p&gt;{text(number)}&lt;/p&gt;</description></item>"
        )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Blog {source}'
        f"</title><link>{site}/</link><description/>{''.join(items)}</channel></rss>"
    )


def make(folder: Path, sources: int, posts: int, tags: int) -> None:
    """Write the documents of all sources."""
    folder.mkdir()
    for source in range(sources):
        one = (rss, atom)[source % 2](source, posts, tags)
        (folder / f"{source}.xml").write_text(one, encoding="utf-8")


def configure(folder: Path, sources: int, port: int | None) -> Path:
    """Write a configuration whose sources are the documents: their addresses, or files."""
    lines = ['[site]\ntitle = "All"\nurl = "https://all.example/"\n']
    for source in range(sources):
        if port is None:
            where = f'path = "sources/{source}.xml"'
        else:
            host = ADDRESSES[source % len(ADDRESSES)]
            where = f'url = "http://{host}:{port}/{source}.xml"\nprivate = true'
        lines.append(f'[[source]]\nname = "blog-{source}"\n{where}\n')
    file = folder / "feedkit.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def built(config: Path, now: datetime) -> Cost:
    """The cost of one build."""
    return run([__file__, "--build", str(config), "--now", now.isoformat()])


def build_here(config: Path, now: datetime) -> None:
    """Build in this process, and say what was done."""
    import feedkit

    report = feedkit.build(config, now=now)
    said = {
        "asked": sum(source.asked for source in report.sources),
        "failed": sum(bool(source.error) for source in report.sources),
        "posts": report.posts,
        "feeds": report.feeds,
        "files": len(report.written),
        "memory": peak(),
        "written": written(),
    }
    sys.stdout.write(json.dumps(said) + "\n")


def rows(folder: Path, config: Path, *, asked: bool) -> Iterator[tuple[str, Cost]]:
    """Each build, with what it cost.

    :param asked: whether the sources are asked for, and some are due before others.
    """
    yield "first build", built(config, NOW)
    if asked:
        yield "nothing changed, none due", built(config, NOW + timedelta(minutes=10))
    yield f"nothing changed{', 1 % due' if asked else ''}", built(config, NOW + timedelta(hours=2))
    changed = folder / f"{OFTEN}.xml"
    document = changed.read_text(encoding="utf-8")
    changed.write_text(document.replace("&lt;/p&gt;", " and more&lt;/p&gt;", 1), encoding="utf-8")
    yield f"one post changed{', 1 % due' if asked else ''}", built(config, NOW + timedelta(hours=4))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000, help="how many posts in all")
    parser.add_argument("--sources", type=int, help="default: one for a hundred posts")
    parser.add_argument("--tags", type=int, help="default: one for a hundred posts")
    parser.add_argument("--files", action="store_true", help="sources are files, not addresses")
    parser.add_argument("--folder", type=Path, help="an empty one to work in, and to keep")
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--now", type=datetime.fromisoformat, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.build:
        build_here(given.build, given.now)
        return
    sources = given.sources or given.posts // 100
    tags = given.tags or given.posts // 100
    each = given.posts // sources
    with ExitStack() as stack:
        temporary = stack.enter_context(tempfile.TemporaryDirectory())
        folder = given.folder or Path(temporary)
        make(folder / "sources", sources, each, tags)
        port = None if given.files else stack.enter_context(serving(folder / "sources"))
        config = configure(folder, sources, port)
        sys.stdout.write(f"{sources:,} sources, {sources * each:,} posts, {tags:,} tags\n")
        heads = ("wall s", "CPU s", "memory MB", "written MB", "asked", "files")
        sys.stdout.write(f"{'':28}" + "".join(f"{head:>12}" for head in heads) + "\n")
        for name, cost in rows(folder / "sources", config, asked=not given.files):
            said = json.loads(cost.said)
            if said["failed"] or said["posts"] != sources * each:
                sys.exit(f"{name}: not all was read: {said}")
            memory = max(cost.memory, said["memory"]) / 1e6
            sys.stdout.write(
                f"{name:28}{cost.wall:12.2f}{cost.cpu:12.2f}{memory:12.0f}"
                f"{said['written'] / 1e6:12.1f}{said['asked']:12,}{said['files']:12,}\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
