"""How long a page of 200 posts takes, against parsing it alone with html5lib and with lxml.

    .venv/bin/pip install html5lib && .venv/bin/python benchmarks/pages.py

They take turns, in five rounds after one that does not count.
"""

import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec

import lxml.html
from measuring import ROUNDS, in_turns, show

import feedkit

FEEDKIT = "feedkit, the whole reading"

POSTS = 200
TEXT = 4 * "The harbour lay still and nobody spoke of the ships that had left in the night. "


def page() -> bytes:
    """A blog's index with menus, sidebar, pictures, tags and excerpts."""
    items = "".join(
        f'<article class="post-{n} post hentry"><header><h2 class="entry-title">'
        f'<a href="/blog/story-{n}/" rel="bookmark">Story number {n} of the harbour</a></h2>'
        f'<div class="entry-meta">Posted on <time class="entry-date published" '
        f'datetime="20{10 + n % 14}-0{n % 9 + 1}-1{n % 9}T10:00:00+00:00">then</time> by '
        f'<a href="/author/ann/" rel="author">Ann</a></div></header>'
        f'<a href="/blog/story-{n}/"><img src="/img/{n}.jpg" alt="" width="600"></a>'
        f"<div class='entry-summary'><p>{TEXT}</p></div>"
        f'<footer><a href="/tag/sea/" rel="tag">sea</a> <a href="/tag/craft/" rel="tag">craft</a> '
        f'<a href="/blog/story-{n}/">Read more</a></footer></article>'
        for n in range(POSTS)
    )
    links = "".join(f'<li><a href="/{n}/">Link {n}</a></li>' for n in range(40))
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Blog</title></head><body>"
        f"<nav><ul>{links}</ul></nav><main>{items}</main><aside><ul>{links}</ul></aside></body></html>"
    ).encode()


def main() -> None:
    data = page()
    feed = feedkit.parse(data, url="https://blog.example/")
    if len(feed.posts) != POSTS:
        sys.exit(f"read {len(feed.posts)} posts, not {POSTS}")
    works: dict[str, Callable[[], object]] = {
        FEEDKIT: lambda: feedkit.parse(data, url="https://blog.example/"),
        "lxml, its parse alone": lambda: lxml.html.document_fromstring(data),
    }
    if find_spec("html5lib"):
        works["html5lib, its parse alone"] = partial(import_module("html5lib").parse, data)
    else:
        sys.stdout.write("html5lib is not installed: left out\n")
    taken, _ = in_turns(works)
    show(
        f"A page of {POSTS} posts, {len(data):,} bytes; medians of {ROUNDS} rounds",
        ["", "ms", "feedkit takes"],
        [
            [one.name, f"{one.seconds * 1000:.1f}", f"{1 / taken[FEEDKIT].times(one):.2f} times"]
            for one in taken.values()
        ],
    )


if __name__ == "__main__":
    main()
