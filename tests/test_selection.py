"""A feed's posts stand in one order, once each, under dates that are believed and then kept."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feedkit.model import Memory, Post
from feedkit.parts import Person
from feedkit.selection import believed, in_order, merge, remembered, select

NOW = datetime(2023, 6, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PAST = NOW - 100 * DAY
TOMORROW = NOW + DAY
FAR = NOW + DAY + timedelta(seconds=1)
FARTHER = NOW + 1000 * DAY


def a_post(name: str = "1", **fields) -> Post:
    return Post(id=f"urn:x:{name}", title=name, **fields)


def judge_dates(post: Post, memory: Memory | None, now: datetime) -> tuple[Post, Memory]:
    """The post as it is published, and what is remembered of it."""
    kept = remembered(post.published, post.updated, memory or Memory(seen=now), now)
    return believed(post, kept), kept


def names(posts) -> str:
    return "".join(post.title for post in posts)


# --- order and limit


def test_the_newest_comes_first():
    posts = [
        a_post("b", published=NOW),
        a_post("a", published=NOW + DAY),
        a_post("c", updated=PAST),
    ]
    assert names(in_order(posts)) == "abc"


def test_ties_keep_the_order_of_their_source():
    posts = [a_post(name, published=NOW) for name in "cabd"]
    assert names(in_order(posts)) == "cabd"
    assert names(in_order(posts[::-1])) == "dbac"


def test_posts_without_a_date_come_last_in_the_order_of_their_source():
    early = datetime(1, 1, 1, tzinfo=UTC)
    posts = [a_post("y"), a_post("b", published=early), a_post("x"), a_post("a", published=PAST)]
    assert names(in_order(posts)) == "abyx"


@pytest.mark.parametrize(
    "fields",
    [
        {"published": NOW, "updated": FAR, "seen": PAST},
        {"updated": NOW, "seen": FAR},
        {"seen": NOW},
    ],
    ids=["published", "else updated", "else seen"],
)
def test_a_post_is_ordered_by_the_date_it_is_listed_under(fields):
    older = a_post("b", published=NOW - DAY)
    newer = a_post("a", published=NOW + timedelta(hours=1))
    assert names(in_order([older, a_post("x", **fields), newer])) == "axb"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.none() | st.integers(0, 5).map(lambda days: NOW + days * DAY)))
def test_order_loses_nothing_and_ordering_again_changes_nothing(dates):
    posts = [a_post(str(n), published=date) for n, date in enumerate(dates)]
    ordered = in_order(posts)
    assert sorted(post.id for post in ordered) == sorted(post.id for post in posts)
    assert in_order(ordered) == ordered
    dated = [post.published for post in ordered if post.published]
    assert dated == sorted(dated, reverse=True)


@pytest.mark.parametrize(
    ("limit", "chosen"), [(None, "abcd"), (0, ""), (1, "a"), (4, "abcd"), (9, "abcd")]
)
def test_a_limit_keeps_the_first(limit, chosen):
    posts = select((a_post(name) for name in "abcd"), limit=limit)
    assert isinstance(posts, tuple)
    assert names(posts) == chosen


def test_a_limit_counts_only_what_is_wanted():
    posts = [a_post(name) for name in "abcdef"]
    assert names(select(posts, lambda post: post.title in "bdf")) == "bdf"
    assert names(select(posts, lambda post: post.title in "bdf", limit=2)) == "bd"
    assert select(posts, lambda post: post.title > "f", limit=2) == ()


# --- merge


def test_of_posts_with_one_id_the_first_stays_with_the_tags_of_all():
    posts = [
        a_post("a", tags=["x", "y"], content="first"),
        a_post("b", tags=["z"]),
        a_post("a", tags=["y", "w"], content="second", authors=[Person(name="A")]),
        a_post("a", tags=["v", "x"], published=NOW),
    ]
    assert merge(posts) == [
        a_post("a", tags=["x", "y", "w", "v"], content="first"),
        a_post("b", tags=["z"]),
    ]


def test_merging_changes_no_post_that_came_once_or_brings_no_new_tag():
    posts = [a_post("a", tags=["x"]), a_post("b"), a_post("a", tags=["x"]), a_post("a")]
    merged = merge(posts)
    assert merged[0] is posts[0]
    assert merged[1] is posts[1]
    assert len(merged) == 2


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.lists(st.sampled_from("xyz")))))
def test_merging_keeps_every_id_and_tag_once_and_merging_again_changes_nothing(drawn):
    posts = [a_post(name, tags=list(dict.fromkeys(tags))) for name, tags in drawn]
    merged = merge(posts)
    assert [post.title for post in merged] == list(dict.fromkeys(name for name, _ in drawn))
    for post in merged:
        assert set(post.tags) == {tag for name, tags in drawn if name == post.title for tag in tags}
        assert len(set(post.tags)) == len(post.tags)
    assert merge(merged) == merged
    assert merge([*posts, *posts]) == merged


# --- dates


@pytest.mark.parametrize(
    ("stated", "believed"),
    [
        ((PAST, None), (PAST, None)),
        ((PAST, NOW), (PAST, NOW)),
        ((NOW, PAST), (NOW, PAST)),
        ((TOMORROW, None), (TOMORROW, None)),
        ((PAST, TOMORROW), (PAST, TOMORROW)),
        ((None, PAST), (PAST, PAST)),
        ((None, None), (NOW, None)),
        ((FAR, None), (NOW, None)),
        ((FAR, PAST), (NOW, PAST)),
        ((FAR, FARTHER), (NOW, None)),
        ((PAST, FAR), (PAST, None)),
        ((None, FAR), (NOW, None)),
    ],
)
def test_dates_of_a_new_post_are_believed_up_to_a_day_ahead(stated, believed):
    post, memory = judge_dates(a_post(published=stated[0], updated=stated[1]), None, NOW)
    assert (post.published, post.updated) == believed
    assert post.seen == memory.seen == NOW
    assert post.dated is not None


def test_judging_changes_nothing_but_dates():
    post = a_post(published=FAR, updated=FAR, tags=["x"], content="c", url="https://x.example/")
    judged, _ = judge_dates(post, None, NOW)
    assert judged == replace(post, published=NOW, updated=None, seen=NOW)


@pytest.mark.parametrize("later", [None, PAST - DAY, NOW, FAR, FARTHER])
@pytest.mark.parametrize("first", [None, PAST, TOMORROW, FAR])
def test_a_publication_date_once_believed_is_kept_whatever_the_source_says_later(first, later):
    post, memory = judge_dates(a_post(published=first), None, NOW)
    for days in (0, 1, 400, 4000):
        again, remembered = judge_dates(a_post(published=later), memory, NOW + days * DAY)
        assert again.published == post.published
        assert again.seen == post.seen == NOW
        assert remembered == memory


def test_first_seen_stays_when_the_date_ahead_has_come():
    post = a_post(published=FAR)
    judged, memory = judge_dates(post, None, NOW)
    assert judged.published == NOW
    assert judge_dates(post, memory, FAR + 100 * DAY) == (judged, memory)


@pytest.mark.parametrize("later", [(PAST - DAY, PAST), (None, NOW), (None, None), (FAR, FAR)])
def test_the_first_update_is_the_publication_date_of_a_post_without_one_for_good(later):
    first, memory = judge_dates(a_post(updated=PAST), None, NOW)
    assert first.published == PAST
    judged, _ = judge_dates(a_post(published=later[0], updated=later[1]), memory, NOW + DAY)
    assert judged.published == PAST


def test_a_refused_update_stays_out_as_long_as_the_source_repeats_it():
    post = a_post(published=PAST, updated=FARTHER)
    judged, memory = judge_dates(post, None, NOW)
    assert judged.updated is None
    assert memory.refused == FARTHER
    for now in (NOW, FARTHER - DAY, FARTHER, FARTHER + 100 * DAY):
        assert judge_dates(post, memory, now) == (judged, memory)


def test_another_update_after_a_refused_one_is_judged_for_itself():
    _, memory = judge_dates(a_post(published=PAST, updated=FARTHER), None, NOW)
    believed, kept = judge_dates(a_post(published=PAST, updated=NOW), memory, NOW + DAY)
    assert believed.updated == NOW
    assert judge_dates(a_post(published=PAST, updated=NOW), kept, NOW + DAY) == (believed, kept)
    refused, _ = judge_dates(a_post(published=PAST, updated=FARTHER + DAY), memory, NOW)
    assert refused.updated is None


def test_what_is_remembered_from_before_counts_over_this_build():
    memory = Memory(seen=PAST, published=PAST - DAY)
    judged, kept = judge_dates(a_post(published=NOW, updated=NOW), memory, NOW)
    assert (judged.seen, judged.published, judged.updated) == (PAST, PAST - DAY, NOW)
    assert kept == memory


moments = st.integers(-500, 500).map(lambda hours: NOW + timedelta(hours=hours))
maybe = st.none() | moments


@settings(max_examples=300, deadline=None)
@given(maybe, maybe, st.lists(st.integers(0, 1000), max_size=4).map(sorted))
def test_judging_again_at_any_later_time_gives_the_same_post(published, updated, hours):
    post = a_post(published=published, updated=updated)
    judged, memory = judge_dates(post, None, NOW)
    for hour in hours:
        again, memory = judge_dates(post, memory, NOW + timedelta(hours=hour))
        assert again == judged


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(maybe, maybe), min_size=1, max_size=5))
def test_whatever_a_source_says_over_time_nothing_lies_far_ahead_and_what_is_out_stays(told):
    memory, shown = None, None
    for day, (published, updated) in enumerate(told):
        now = NOW + day * DAY
        judged, memory = judge_dates(a_post(published=published, updated=updated), memory, now)
        assert judged.dated is not None
        assert all(date <= now + DAY for date in (judged.published, judged.updated) if date)
        assert judged.seen == NOW
        assert shown is None or judged.published == shown
        shown = judged.published
