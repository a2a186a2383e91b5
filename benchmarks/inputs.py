"""What is measured on: real feeds where the shared corpus is beside the project, else made up ones.

feeds()             real feeds, else 100 that are made up
made_up(count)      made up ones: RSS 2.0 and Atom 1.0 in turn, always the same
"""

from collections.abc import Iterator
from email.utils import formatdate
from html import escape
from pathlib import Path
from random import Random
from time import gmtime, strftime

LIVE = Path(__file__).parents[2] / "shared" / "corpus" / "live"
_TEXT = (
    "harbour crane tide rope anchor slate lantern ledger copper willow the a of and to in it was "
    "for on with as at by from that this which wind hull mast sail keel deck bell chart compass"
)
WORDS = _TEXT.split()
_NOW = 1_780_000_000


def feeds() -> list[tuple[str, bytes]]:
    """Documents by their names."""
    files = sorted(path for path in LIVE.glob("*") if path.is_file())
    return [(path.name, path.read_bytes()) for path in files] or list(made_up(100))


def made_up(
    count: int, posts: int = 40, *, words: int = 400, tags: int = 3, vocabulary: int = 300
) -> Iterator[tuple[str, bytes]]:
    """Made up feeds, with bodies in HTML: paragraphs, links, lists, pictures, code.

    :param count: how many.
    :param posts: how many posts each has.
    :param words: how many words each body has, about.
    :param tags: how many tags each post has.
    :param vocabulary: of how many tags these are.
    """
    random = Random(6)  # noqa: S311 - always the same
    for number in range(count):
        site = f"https://blog{number}.example/"
        written = _atom if number % 2 else _rss
        yield f"{number}.xml", written(site, posts, words, tags, vocabulary, random)


def _rss(site: str, posts: int, words: int, tags: int, vocabulary: int, random: Random) -> bytes:
    items = "".join(
        f"<item><title>{_title(random)}</title><link>{site}{post}/</link>"
        f'<guid isPermaLink="false">{site}?p={post}</guid><dc:creator>Ann Author</dc:creator>'
        f"<pubDate>{formatdate(_NOW - post * 40_000)}</pubDate>"
        + "".join(f"<category>{tag}</category>" for tag in _tags(random, tags, vocabulary))
        + f"<description>{escape(_sentence(random, 40))}</description>"
        f"<content:encoded><![CDATA[{_body(random, words)}]]></content:encoded></item>"
        for post in range(posts)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Blog</title><link>{site}</link><description>Notes</description>{items}"
        "</channel></rss>"
    ).encode()


def _atom(site: str, posts: int, words: int, tags: int, vocabulary: int, random: Random) -> bytes:
    entries = "".join(
        f'<entry><title>{_title(random)}</title><link href="{site}{post}/"/>'
        f"<id>{site}?p={post}</id>"
        f"<published>{_iso(post)}</published><updated>{_iso(post)}</updated>"
        "<author><name>Ann Author</name></author>"
        + "".join(f'<category term="{tag}"/>' for tag in _tags(random, tags, vocabulary))
        + f'<summary>{escape(_sentence(random, 40))}</summary><content type="html">'
        f"{escape(_body(random, words))}</content></entry>"
        for post in range(posts)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f'<title>Blog</title><link href="{site}"/><id>{site}</id><updated>{_iso(0)}</updated>'
        f"{entries}</feed>"
    ).encode()


def _iso(post: int) -> str:
    return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(_NOW - post * 40_000))


def _title(random: Random) -> str:
    return escape(" ".join(random.choices(WORDS, k=6)).capitalize())


def _tags(random: Random, tags: int, vocabulary: int) -> list[str]:
    return [f"Tag {number}" for number in random.sample(range(vocabulary), tags)]


def _sentence(random: Random, words: int) -> str:
    return " ".join(random.choices(WORDS, k=words)).capitalize() + ". “Ropes” & naïve café…"


def _body(random: Random, words: int) -> str:
    parts = []
    for number in range(max(1, words // 50)):
        text = escape(_sentence(random, 40))
        parts.append(
            (
                f"<p>{text} <a href='/{number}/'>read <em>on</em></a></p>",
                f"<ul><li>{text}</li><li><strong>two</strong></li></ul>",
                f'<p><img src="/i/{number}.png" alt="a crane" width="600"> {text}</p>',
                f"<pre><code>{text}</code></pre><blockquote><p>{text}</p></blockquote>",
            )[number % 4]
        )
    return "\n".join(parts)
