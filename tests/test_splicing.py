"""A feed joined of entries that are known is the same, to the byte, as one written whole."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from conftest import CASES
from feeds import feeds, wild_feeds
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from plain_feedgen import WRITERS
from test_emit import is_undated

from feedkit.emit import FORMATS, canonical, jsonfeed, render, render_with_repairs
from feedkit.emit.known import Known
from feedkit.model import Feed, Post
from feedkit.parts import Chapter, Episode, Origin, Person, Transcript

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SITE = "https://blog.example/"


def whole(feed: Feed, name: str) -> bytes:
    """The document by feedgen, or for JSON Feed by feedkit, without anything being joined."""
    carried = canonical(feed, name)
    return WRITERS[name](carried) if name in WRITERS else jsonfeed.write(carried, carried.posts)


def cases(name: str) -> list[Path]:
    found = [*(CASES / "emit" / name).glob("*.json")]
    assert found
    return sorted(path for path in found if not path.name.endswith(".expected.json"))


def case(path: Path) -> Feed:
    return msgspec.json.decode(path.read_bytes(), type=Feed)


@pytest.mark.parametrize(
    "path", [*cases("atom"), *cases("rss"), *cases("json")], ids=lambda path: path.stem
)
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_case_is_what_feedgen_writes(path: Path, name: str) -> None:
    feed = case(path)
    known = Known()
    assert whole(feed, name) == render(feed, name)
    for _ in ("cold", "warm"):
        assert render_with_repairs(feed, name, known)[0] == whole(feed, name)


def test_all_cases_in_one_run() -> None:
    known = Known()
    for _ in ("cold", "warm"):
        for name in ("atom", "rss", "json"):
            for path in cases(name):
                feed = case(path)
                assert render_with_repairs(feed, name, known)[0] == whole(feed, name)


def check_a_run(run: Sequence[Feed], max_bytes: int) -> None:
    """Each feed of a run, with one memory for all, is what it is alone, and says the same."""
    known = Known(max_bytes=max_bytes)
    for feed in (*run, *run):
        for name in FORMATS:
            if name != "json" and is_undated(feed):
                continue
            document, repairs = render_with_repairs(feed, name, known)
            # compared before, as telling where long texts differ takes minutes
            same = document == whole(feed, name)
            assert same, f"{name} of {feed.title!r}"
            assert repairs == render_with_repairs(feed, name, Known())[1]
            assert known.size <= max_bytes


@st.composite
def runs(draw: st.DrawFn, kind: st.SearchStrategy[Feed]) -> list[Feed]:
    """Feeds that differ in all but their posts, which some of them share."""
    drawn = draw(st.lists(kind, min_size=2, max_size=3))
    posts = [post for feed in drawn for post in feed.posts]
    if not posts:
        return drawn
    shared = st.lists(st.sampled_from(posts), max_size=4)
    return [replace(feed, posts=draw(shared)) for feed in drawn]


@settings(deadline=None, max_examples=20, derandomize=True)
@given(run=runs(feeds()), max_bytes=st.sampled_from([0, 9_000, 10**6]))
def test_feeds_that_share_posts(run: list[Feed], max_bytes: int) -> None:
    check_a_run(run, max_bytes)


@settings(deadline=None, max_examples=20, derandomize=True)
@given(run=runs(wild_feeds()), max_bytes=st.sampled_from([0, 9_000, 10**6]))
def test_feeds_of_any_kind_that_share_posts(run: list[Feed], max_bytes: int) -> None:
    check_a_run(run, max_bytes)


EPISODE = Episode(
    duration=9,
    chapters=[Chapter(start=1, title="One")],
    chapters_url=f"{SITE}chapters.json",
    transcripts=[Transcript(url=f"{SITE}1.vtt")],
)
POSTS = [
    Post(id=f"{SITE}1", url="/1", title="Relative", language="de", published=NOW),
    Post(id=f"{SITE}2", title="No date", content="<p>Text</p>"),
    Post(id=f"{SITE}3", title="Episode", published=NOW, episode=EPISODE),
    Post(id=f"{SITE}4", title="Signed", published=NOW, authors=[Person(name="Ann")]),
    Post(id=f"{SITE}5", title="From", published=NOW, origin=Origin(title="Elsewhere")),
    Post(id=f"{SITE}6", title="<b>&amp;", summary="<i>one</i>", content="<p>1", published=NOW),
]
FEEDS = [
    Feed(title="All", url=SITE, posts=POSTS),
    Feed(title="Other site", url="https://other.example/", posts=POSTS),
    Feed(title="German", url=SITE, language="de", posts=POSTS),
    Feed(title="Older", url=SITE, updated=datetime(2020, 1, 1, tzinfo=UTC), posts=POSTS[1::-1]),
    Feed(title="Only the signed", url=SITE, posts=POSTS[3:4]),
    Feed(title="Only of elsewhere", url=SITE, posts=POSTS[4:5]),
    Feed(title="Without the episode", url=SITE, posts=POSTS[:2]),
    Feed(title="By someone", url=SITE, authors=[Person(name="Bo")], posts=POSTS),
    Feed(title="Archive", url=SITE, archive=True, posts=POSTS[2:]),
    Feed(title="None", url=SITE, updated=NOW),
    Feed(
        title="By someone of the site",
        url=SITE,
        authors=[Person(name="Bo", url="/bo")],
        posts=POSTS,
    ),
    Feed(
        title="By him elsewhere",
        url=f"{SITE}a/?",
        authors=[Person(name="Bo", url="x")],
        posts=POSTS,
    ),
    Feed(title="Nowhere", authors=[Person(name="Bo", url="x")], posts=POSTS),
    Feed(
        title="At an address",
        feed_url=f"{SITE}f/a",
        authors=[Person(name="Bo", url="x")],
        posts=POSTS,
    ),
    Feed(title="No language", url=SITE, language="x", posts=POSTS),
]


@pytest.mark.parametrize("first", range(len(FEEDS)))
def test_what_an_entry_owes_to_its_feed(first: int) -> None:
    check_a_run([*FEEDS[first:], *FEEDS[:first]], 10**6)


@pytest.mark.parametrize("other", range(1, len(FEEDS)))
def test_what_feeds_of_a_run_share_is_mended_for_each(other: int) -> None:
    check_a_run([FEEDS[0], FEEDS[other], FEEDS[0], FEEDS[other], FEEDS[other]], 10**6)


def test_feeds_of_no_site_are_not_taken_for_one_another() -> None:
    run = [
        Feed(title="Nowhere", posts=POSTS),
        Feed(title="At an address", feed_url=f"{SITE}a/feed", posts=POSTS),
        Feed(title="At another", feed_url="https://other.example/feed", posts=POSTS),
    ]
    check_a_run([*run, *reversed(run)], 10**6)


def test_a_text_that_looks_like_the_seam_of_a_document_is_none() -> None:
    seams = '\n  <entry>\n    <item>\n</feed>\n\n  "items": [\n    {\n    },\n    {]]>\n  ]\n}\n'
    posts = [
        Post(id=f"{SITE}{number}", title=seams, summary=seams, content=content, published=NOW)
        for number, content in enumerate(
            [seams, f"<pre>{seams}</pre>", f"<a title='{seams}'>b</a>"]
        )
    ]
    author = Person(name=seams)
    run = [
        Feed(title=seams, subtitle=seams, url=SITE, authors=[author], tags=[seams], posts=some)
        for some in (posts[:1], posts, posts[::-1])
    ]
    check_a_run(run, 10**6)


def test_a_post_is_known_by_what_it_is_not_by_which_object_it_is() -> None:
    known = Known()
    first = known.post(POSTS[0], SITE, "en")
    again = msgspec.json.decode(msgspec.json.encode(POSTS[0]), type=Post)
    assert again is not POSTS[0]
    assert known.post(again, SITE, "en") is first
    edited = replace(POSTS[0], title="Edited")
    assert known.post(edited, SITE, "en").mended.title == "Edited"
    assert known.post(POSTS[0], SITE, "en") is not first
    for base, language in (("https://other.example/", "en"), (SITE, "de")):
        assert known.post(POSTS[0], base, language).mended != first.mended


def test_what_was_not_asked_for_the_longest_is_dropped_first() -> None:
    posts = [replace(POSTS[3], id=f"{SITE}{number}", content="x" * 1000) for number in range(3)]
    room = Known()
    size = room.post(posts[0], SITE, "").size
    known = Known(max_bytes=2 * size)
    zero, one = (known.post(post, SITE, "") for post in posts[:2])
    assert known.post(posts[0], SITE, "") is zero
    two = known.post(posts[2], SITE, "")
    assert known.size == 2 * size
    assert known.post(posts[2], SITE, "") is two
    assert known.post(posts[0], SITE, "") is zero
    assert known.post(posts[1], SITE, "") is not one


def test_the_bound_counts_the_bytes_of_entries() -> None:
    feed = Feed(title="Blog", url=SITE, posts=[replace(POSTS[3], content="x" * 10_000)])
    known = Known()
    sizes = [known.size]
    for name in FORMATS:
        render_with_repairs(feed, name, known)
        sizes.append(known.size)
    assert all(later - earlier > 10_000 for earlier, later in pairwise(sizes))
    render_with_repairs(feed, "atom", known)
    assert known.size == sizes[-1]


def test_a_post_is_rendered_once_for_each_format(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    real = jsonfeed.carry_post
    monkeypatch.setattr(jsonfeed, "carry_post", lambda post: written.append(post.id) or real(post))
    known = Known()
    for feed in (FEEDS[0], FEEDS[0], FEEDS[7], FEEDS[6]):
        render_with_repairs(feed, "json", known)
    assert sorted(written) == [post.id for post in POSTS]
