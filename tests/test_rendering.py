"""Rendering beside a build, in a process: the same documents as here, whatever becomes of it."""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import cast
from unittest.mock import MagicMock

import pytest
from crashing import published, write_sources
from feeds import feeds
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import feedkit
from feedkit.emit.known import Known
from feedkit.ingest import readers
from feedkit.ingest.isolated.frames import receive
from feedkit.model import Feed, Post, Site
from feedkit.pipeline import beside, rendering
from feedkit.pipeline.rendering import Job, Rendered, Rendering, rendered

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SITE = Site(title="Site", url="https://feeds.example/")
ALL = tuple((name, f"https://feeds.example/{name}") for name in feedkit.FORMATS)
# a child that answers so many requests, and then dies
MORTAL = """
import json, os, sys
sys.path[:] = json.loads(sys.argv[1])
from feedkit.pipeline import beside
receive, left = beside.receive, [{answers}]
def counted(stream):
    if not left[0]:
        os._exit(7)
    left[0] -= 1
    return receive(stream)
beside.receive = counted
beside.serve()
"""


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "cores", lambda: 2)


def post(number: int) -> Post:
    return Post(
        id=f"https://blog.example/{number}",
        url=f"https://blog.example/{number}",
        title=f"Post {number}",
        content=f"<p>Of {number}</p>",
        published=NOW - timedelta(hours=number),
    )


def jobs(count: int, posts: int = 5) -> list[Job]:
    """Feeds that have posts in common."""
    return [
        Job(
            Feed(id=f"https://feeds.example/{number}", title=f"Feed {number}"),
            tuple(post(number + n) for n in range(posts)),
            ALL,
        )
        for number in range(count)
    ]


def here(some: Iterable[Job]) -> list[Rendered]:
    known = Known()
    return [rendered(job, known) for job in some]


def in_a_process(some: Sequence[Job]) -> list[Rendered]:
    """What comes of feeds; a process is at it for as long as it lives."""
    with Rendering(SITE) as at_work:
        at_work.expect(rendering.MANY)
        assert at_work._beside is not None
        return list(at_work.render(some))


def test_a_process_renders_what_is_rendered_here() -> None:
    some = jobs(70)
    found = in_a_process(some)
    assert found == here(some)
    assert {len(one.documents) for one in found} == {len(ALL)}


def test_the_process_is_at_all_of_it() -> None:
    with Rendering(SITE) as at_work:
        at_work.expect(rendering.MANY)
        assert len(list(at_work.render(jobs(70)))) == 70
        assert at_work._known is None, "nothing was rendered here"


def test_nothing_to_render() -> None:
    assert in_a_process([]) == []


@pytest.mark.parametrize(("content", "embeds"), [("excerpt", "link"), ("full", "keep")])
def test_the_process_knows_what_to_make_of_bodies(content: str, embeds: str) -> None:
    player = '<iframe src="https://www.youtube.com/embed/x"></iframe>'
    body = f"<p>{'word ' * 200}</p>{player}"
    job = Job(Feed(id="https://feeds.example/"), (replace(post(1), content=body),), ALL)
    with Rendering(replace(SITE, content=content, embeds=embeds)) as at_work:
        at_work.expect(rendering.MANY)
        found = list(at_work.render([job]))
    assert found == [rendered(job, Known(content, embeds))]
    assert found != here([job])


def test_a_feed_that_can_not_be_rendered_costs_itself() -> None:
    undated = Job(Feed(id="https://feeds.example/", title="Undated"), (), (ALL[2], *ALL))
    some = [*jobs(2), undated, *jobs(2)]
    found = in_a_process(some)
    assert found == here(some)
    assert len(found[2].documents) == 1
    assert found[2].failure.startswith("a feed needs a date")


def test_what_is_repaired_is_told() -> None:
    bad = replace(post(2), title="Control \x01 characters")
    some = [Job(Feed(id="https://feeds.example/"), (post(1), bad), ALL)]
    found = in_a_process(some)
    assert found == here(some)
    assert found[0].repairs


@pytest.mark.parametrize("bytes_told", [0, 3000])
def test_posts_are_forgotten_and_told_again(
    bytes_told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "_MOST_TOLD", bytes_told)
    monkeypatch.setattr(rendering, "_MOST_FEEDS", 3)
    some = jobs(20)
    assert in_a_process(some) == here(some)


def test_what_posts_are_told_counts_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_MOST_TOLD", 10_000)
    for some, anew in ((jobs(1), False), ([large_rights()], True)):
        teller, _ = told_to_a_stream(some)
        assert teller._process
        stream = cast("BytesIO", teller._process.stdin)
        end = stream.tell()
        teller.ask(some)
        stream.seek(end)
        message = receive(stream)
        assert message
        request = beside._decode_request(message)
        assert request.anew is anew
        assert len(request.posts) == (1 if anew else 0)


def large_rights() -> Job:
    return Job(Feed(title="Large"), (replace(post(99), rights="all " * 5000),), ALL)


@pytest.mark.parametrize("small", [0, 2])
def test_a_process_does_not_hold_very_large_documents(
    small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "_MOST_ANSWERED", 35_000)
    some = [*jobs(small), large_rights()]
    assert told_to_a_stream(some)[0].answers(some) == here(some)
    some += [large_rights(), *jobs(1)]
    teller, answers = told_to_a_stream(some)
    assert not answers.getvalue()
    assert teller.answers(some) is None


def test_few_large_feeds_are_rendered_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_MOST_BYTES", 500)
    sizes = [len(batch) for batch in rendering._batches(jobs(40, posts=12))]
    assert sum(sizes) == 40
    assert max(sizes) < 32
    some = jobs(40, posts=12)
    assert in_a_process(some) == here(some)


@pytest.mark.parametrize("answers", [0, 1, 3])
def test_a_process_that_dies_costs_nothing(answers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_COMMAND", MORTAL.format(answers=answers))
    some = jobs(70)
    assert in_a_process(some) == here(some)


def told_to_a_stream(some: Sequence[Job]) -> tuple[beside.Beside, BytesIO]:
    """What has asked for feeds, and the answers, which it is to read."""
    asked, answers = BytesIO(), BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        process = MagicMock(stdin=asked, stdout=answers)
        patch.setattr(subprocess, "Popen", lambda *_, **__: process)
        teller = beside.Beside(SITE)
    teller.ask(some)
    asked.seek(0)
    beside.answer_all(asked, answers, Known())
    answers.seek(0)
    return teller, answers


@pytest.mark.parametrize("missing", [1, 5_000, 100_000])
def test_a_part_of_an_answer_is_none(missing: int) -> None:
    some = jobs(20)
    teller, answers = told_to_a_stream(some)
    answers.truncate(len(answers.getvalue()) - missing)
    assert teller.answers(some) is None
    assert teller.answers(some) is None


@pytest.mark.parametrize("executable", ["", "/nowhere/python"])
def test_without_an_interpreter_feeds_are_rendered_here(
    executable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    some = jobs(3)
    assert in_a_process(some) == here(some)


def test_folders_of_any_name_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, "/nowhere/\udcff"])
    some = jobs(3)
    with Rendering(SITE) as at_work:
        at_work.expect(rendering.MANY)
        assert list(at_work.render(some)) == here(some)
        assert at_work._known is None, "nothing was rendered here"


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a folder that is used stays")
def test_a_working_directory_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    (tmp_path / "gone").rmdir()
    some = jobs(3)
    assert in_a_process(some) == here(some)


def test_what_is_printed_at_the_start_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_COMMAND", f"print('Welcome!', flush=True); {beside._COMMAND}")
    some = jobs(70)
    assert in_a_process(some) == here(some)


def test_what_can_not_be_told_is_rendered_here() -> None:
    some = jobs(40)
    head = replace(some[35].head, title="Half \ud800 a pair")
    some[35] = Job(head, some[35].posts, ALL)
    assert in_a_process(some) == here(some)


def test_little_is_rendered_here() -> None:
    with Rendering(SITE) as at_work:
        at_work.expect(rendering.MANY - 1)
        assert at_work._beside is None


def test_on_one_core_all_is_rendered_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "cores", lambda: 1)
    with Rendering(SITE) as at_work:
        at_work.expect(rendering.MANY)
        assert at_work._beside is None


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="only Linux shows processes there")
def test_the_process_ends_with_the_rendering() -> None:
    with Rendering(SITE) as at_work:
        at_work.expect(rendering.MANY)
        assert at_work._beside
        assert at_work._beside._process
        place = Path(f"/proc/{at_work._beside._process.pid}")
        next(iter(at_work.render(jobs(100))))
        assert place.exists()
    assert not place.exists()


@settings(max_examples=50, deadline=None)
@given(st.lists(feeds(), max_size=4))
def test_any_feed_is_rendered_alike(found: list[Feed]) -> None:
    some = [
        Job(
            replace(feed, posts=(), updated=feed.updated or NOW),
            tuple(
                replace(one, id=f"https://blog.example/{number}/{at}")
                for at, one in enumerate(feed.posts)
            ),
            ALL,
        )
        for number, feed in enumerate(found)
    ]
    assert (told_to_a_stream(some)[0].answers(some) or []) == here(some)


def test_a_build_is_the_same_with_a_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = []
    files = []
    for name, many in (("here", 10**9), ("beside", 0)):
        monkeypatch.setattr(rendering, "MANY", many)
        folder = tmp_path / name
        folder.mkdir()
        for edition in (0, 1):
            write_sources(folder, 12, 6, edition=edition)
            report = feedkit.build(folder, now=NOW + timedelta(hours=edition))
            reports.append(replace(report, out=Path()))
            files.append(published(folder))
    assert reports[:2] == reports[2:]
    assert files[:2] == files[2:]
    assert files[0] != files[1]
