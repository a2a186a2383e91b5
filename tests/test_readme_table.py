"""The README's table of what the formats carry is true of a feed that has everything."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from test_readme import README

from feedkit import canonical
from feedkit.model import Feed, Post
from feedkit.parts import Category, Enclosure, Episode, Origin, Person, Show

ANN = Person(
    name="Ann", email="ann@a.example", url="https://a.example/", avatar="https://a.example/a"
)
WHOLE = Feed(
    id="tag:f.example,2026:1",
    title="Title",
    subtitle="Subtitle",
    language="en",
    authors=[ANN, Person(name="Bob")],
    tags=["one"],
    rights="mine",
    generator="another",
    updated=datetime(2026, 6, 2, tzinfo=UTC),
    ttl=60,
    skip_hours=[0, 23],
    skip_days=["Sunday"],
    show=Show(kind="serial", explicit=True, categories=[Category(name="Arts")]),
    archive=True,
    posts=[
        Post(
            id="tag:f.example,2026:2",
            title="Post",
            content="<p>Content</p>",
            summary="Summary",
            authors=[ANN],
            contributors=[Person(name="Cem")],
            tags=["two"],
            published=datetime(2026, 5, 1, tzinfo=UTC),
            updated=datetime(2026, 6, 1, tzinfo=UTC),
            enclosures=[
                Enclosure(
                    url="https://f.example/1", type="audio/mpeg", length=1, title="A", duration=2
                )
            ],
            episode=Episode(number=3),
            language="de",
            rights="theirs",
            in_reply_to="tag:f.example,2026:0",
            origin=Origin(title="Origin", feed_url="https://o.example/feed"),
            **{
                name: f"https://f.example/{name}"
                for name in ("url", "image", "comments", "via", "related")
            },
        )
    ],
    **{
        name: f"https://f.example/{name}"
        for name in ("url", "feed_url", "image", "icon", "hub", "first_url", "previous_url")
    },
    **{
        name: f"https://f.example/{name}"
        for name in ("next_url", "last_url", "current_url", "older_archive_url")
    },
)
FORMATS = ("atom", "rss", "json")


def rows() -> list[tuple[str, list[str], list[str]]]:
    """Of each row what it is about, the fields it names, and a cell for each format."""
    table = README.partition("## What the formats carry")[2].partition("\n## ")[0]
    found = []
    about = ""
    for line in table.splitlines():
        if line.startswith("| ") and "`" in line:
            first, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            subject = re.search(r"\*\*(\w+)\*\*", first)
            about = subject[1] if subject else about
            found.append((about, re.findall(r"`(\w+)`", first), cells))
    return found


def part(feed: Feed, about: str) -> Any:
    post = feed.posts[0]
    return {
        "Feed": feed,
        "Post": post,
        "Person": next(iter(post.authors), None),
        "Enclosure": post.enclosures[0],
    }[about]


def shown(value: Any, field: str) -> Any:
    """A field; of people only who they are, since what is told of them has rows of its own."""
    kept = getattr(value, field)
    return [someone.name for someone in kept] if field in ("authors", "contributors") else kept


@pytest.mark.parametrize(("place", "name"), list(enumerate(FORMATS)))
def test_the_table_tells_what_is_carried(place: int, name: str) -> None:
    carried = canonical(WHOLE, name)
    told = {"yes": 0, "–": 0}
    for about, fields, cells in rows():
        assert len(cells) == len(FORMATS), fields
        stated, kept = part(WHOLE, about), part(carried, about)
        default = {"Feed": Feed(), "Post": Post(id="tag:f.example,2026:2")}.get(about)
        for field in fields:
            if cells[place] == "yes":
                assert shown(kept, field) == shown(stated, field), (about, field)
            elif cells[place] == "–":
                assert getattr(kept, field) in (getattr(default, field, None), None), (about, field)
            else:
                continue
            told[cells[place]] += 1
    assert told["yes"] > 10
    assert told["–"] > 0
