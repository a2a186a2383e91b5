"""Each input in tests/cases beside what it must become; adding a pair adds a test."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import CASES

from feedkit.emit import FORMATS, render
from feedkit.ingest import parse
from feedkit.model import Feed

URL = "https://source.example/dir/feed.xml"
NAME = "blog"
IN_TABLES = {"page", "not_a_list"}
"""Folders of cases that test_pages.py counts."""


def inputs(pattern: str, but: str) -> list[Path]:
    """The inputs a pattern finds; a pattern that finds none is a mistake."""
    found = sorted(
        path
        for path in CASES.glob(pattern)
        if not path.name.endswith(but) and path.parent.name not in IN_TABLES
    )
    assert found, f"no cases: {pattern}"
    return found


def rendered(path: Path) -> Path:
    """The document beside a feed: its input is JSON too, so one of JSON Feed is marked."""
    return path.with_suffix(".expected.json" if path.parent.name == "json" else ".xml")


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def ingested(path: Path) -> Feed:
    """A case's feed: archives are known by a name, feeds by what they say and an address."""
    if path.parent.name == "archive":
        return parse(path.read_bytes(), name=NAME)
    return parse(path.read_bytes(), url=URL)


def shown(value: Any) -> Any:
    """A value as JSON, without what is empty."""
    value = msgspec.to_builtins(value)
    if isinstance(value, dict):
        return {key: shown(part) for key, part in value.items() if part or type(part) is int}
    return [shown(part) for part in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("path", inputs("ingest/*/*", ".expected.json"), ids=name)
def test_an_input_becomes_these_posts(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert shown(ingested(path)) == expected


@pytest.mark.parametrize("path", inputs("emit/*/*.json", ".expected.json"), ids=name)
def test_a_feed_becomes_this_document(path: Path) -> None:
    feed = msgspec.json.decode(path.read_bytes(), type=Feed)
    expected = rendered(path).read_bytes()
    assert render(feed, path.parent.name) == expected


@pytest.mark.parametrize(
    ("stage", "suffix"),
    [("ingest", ".expected.json"), ("emit", ".xml"), ("emit", ".expected.json")],
)
def test_every_expectation_has_its_input(stage: str, suffix: str) -> None:
    expectations = sorted(CASES.glob(f"{stage}/*/*{suffix}"))
    assert expectations
    for expectation in expectations:
        stem = expectation.name.removesuffix(suffix)
        others = [path for path in expectation.parent.glob(f"{stem}.*") if path != expectation]
        assert others, f"{expectation} has no input"


def test_a_rendered_case_reads_back_with_its_ids_and_dates() -> None:
    for path in inputs("emit/*/*.json", ".expected.json"):
        feed = msgspec.json.decode(path.read_bytes(), type=Feed)
        back = parse(render(feed, path.parent.name))
        posts = {post.id: post.dated or feed.changed for post in feed.posts}
        assert [post.id for post in back.posts] == list(posts)
        assert [post.dated for post in back.posts] == list(posts.values())


def test_formats_have_cases() -> None:
    assert {path.parent.name for path in inputs("emit/*/*.json", ".expected.json")} == set(FORMATS)
