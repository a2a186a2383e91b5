"""Pages of many shapes beside their posts: one table of what was found, and what is no list."""

import json
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import CASES

from feedkit.errors import UnknownFormatError
from feedkit.ingest import parse
from feedkit.model import Feed, Post

PAGES = sorted((CASES / "ingest" / "page").glob("*.html"))
NO_LISTS = sorted((CASES / "ingest" / "not_a_list").glob("*.html"))
LEAST = 0.98


class Row(NamedTuple):
    """How well a page was read; each number is a share of what there is."""

    name: str
    posts: int
    precision: float
    recall: float
    titles: float
    links: float
    dates: float
    order: float


def expected(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
    return found


def read(path: Path) -> Feed:
    return parse(path.read_bytes(), url=expected(path)["url"], name=path.stem)


def row(path: Path) -> Row:
    wanted = expected(path)["posts"]
    try:
        posts: Sequence[Post] = read(path).posts
    except UnknownFormatError:
        posts = ()
    by_url = {post["url"]: post for post in wanted}
    pairs = [(post, by_url[post.url]) for post in posts if post.url in by_url]
    titles = {post["title"] for post in wanted}
    places = [wanted.index(want) for _, want in pairs]
    steps = sum(one < other for one, other in pairwise(places))

    def share(number: int, of: int) -> float:
        return number / of if of else 0.0

    return Row(
        path.stem,
        len(wanted),
        share(len(pairs), len(posts)),
        share(len({post.url for post, _ in pairs}), len(wanted)),
        share(sum(post.title == want["title"] for post, want in pairs), len(pairs)),
        share(sum(post.title in titles and post.url in by_url for post in posts), len(posts)),
        share(sum(_day(post) == want.get("published", "") for post, want in pairs), len(pairs)),
        share(steps + 1, len(places)),
    )


def _day(post: Post) -> str:
    return f"{post.published:%Y-%m-%d}" if post.published else ""


def test_pages_of_every_shape_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row(path) for path in PAGES]
    assert len(rows) >= 60
    heads = Row._fields[2:]
    means = [sum(one[at] for one in rows) / len(rows) for at in range(2, 8)]
    lines = [f"{'page':44} {'posts':>5} " + " ".join(f"{head:>9}" for head in heads)]
    lines += [f"{one[0]:44} {one[1]:5} " + " ".join(f"{it:9.2f}" for it in one[2:]) for one in rows]
    lines.append(f"{len(rows):<50} " + " ".join(f"{mean:9.3f}" for mean in means))
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    for head, mean in zip(heads, means, strict=True):
        assert mean >= LEAST, head


@pytest.mark.parametrize("path", NO_LISTS, ids=lambda path: path.stem)
def test_a_page_without_a_list_has_no_posts(path: Path) -> None:
    with pytest.raises(UnknownFormatError, match="it looks like") as caught:
        parse(path.read_bytes(), url="https://site.example/page/")
    assert "\n" not in str(caught.value)


def test_there_are_pages_without_a_list() -> None:
    assert len(NO_LISTS) >= 30
