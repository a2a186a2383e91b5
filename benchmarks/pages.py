"""How long a page of 200 posts takes, against parsing it alone with html5lib and with lxml.

    .venv/bin/pip install html5lib && .venv/bin/python benchmarks/pages.py

Each figure is the best of five runs, so that other work on the machine counts little.
"""

import sys
from collections.abc import Callable
from time import perf_counter

import html5lib
import lxml.html

import feedkit

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


def best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of five runs."""
    times = []
    for _ in range(5):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return min(times)


def main() -> None:
    data = page()
    feed = feedkit.parse(data, url="https://blog.example/")
    if len(feed.posts) != POSTS:
        sys.exit(f"read {len(feed.posts)} posts, not {POSTS}")
    ours = best(lambda: feedkit.parse(data, url="https://blog.example/"))
    rows = [
        ("feedkit, the whole reading", ours),
        ("html5lib, its parse alone", best(lambda: html5lib.parse(data))),
        ("lxml, its parse alone", best(lambda: lxml.html.document_fromstring(data))),
    ]
    sys.stdout.write(f"a page of {POSTS} posts, {len(data):,} bytes\n")
    for name, seconds in rows:
        sys.stdout.write(f"{name:28} {seconds * 1000:8.1f} ms   {ours / seconds:6.2f} ×\n")


if __name__ == "__main__":
    main()
