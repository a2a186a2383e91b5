"""After a redesign no post is new that was known, and no new post is taken for an old one."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feedkit.ingest import parse
from feedkit.merging import canonical_link, is_edited
from feedkit.merging.moves import Match, matched
from feedkit.model import Post

NOW = datetime(2024, 5, 12, 8, 31, 17, tzinfo=UTC)
DAY = timedelta(days=1)
thorough = settings(max_examples=60, deadline=None, derandomize=True)
WORDS = re.findall(
    r"\w+",
    "river copper window lantern harbour engine meadow winter signal paper garden bridge kettle "
    "ladder marble pocket silver thunder velvet whistle anchor basket candle desert",
)


def words(number: int, many: int) -> str:
    """As many words as asked for, other ones for each number."""
    return " ".join(Random(str(number)).choices(WORDS, k=many))


def a_post(number: int, **fields) -> Post:
    stated = {
        "id": f"http://blog.example/?p={number}",
        "url": f"http://blog.example/2024/05/{words(number, 3).replace(' ', '-')}-{number}/",
        "title": f"{words(number, 5).title()} {number}",
        "content": f"<p>{words(number, 60)}</p><p>The post first appeared on the blog.</p>",
        "published": NOW - number * DAY - timedelta(minutes=number % 7, seconds=number % 13),
    }
    return Post(**{**stated, **fields})


OLD = [a_post(number) for number in range(20)]


Change = Callable[[Post, int], Post]


def renewed(change: Change) -> list[Post]:
    """The posts under other ids, and with what else changed."""
    return [
        replace(change(post, at), id=f"https://blog.example/#post-{at}")
        for at, post in enumerate(OLD)
    ]


def pairs(matches: list[Match]) -> list[tuple[str, str]]:
    return [(match.new, match.known) for match in matches]


def all_of(new: list[Post]) -> list[tuple[str, str]]:
    return [(post.id, old.id) for post, old in zip(new, OLD, strict=True)]


def https(post: Post, _at: int) -> Post:
    return replace(post, url=post.url.replace("http:", "https:"))


def domain(post: Post, _at: int) -> Post:
    return replace(post, url=post.url.replace("blog.example", "moved.example"))


def path(post: Post, _at: int) -> Post:
    return replace(post, url=f"https://blog.example/blog/{post.url.split('/')[-2]}.html")


def link(post: Post, at: int) -> Post:
    return replace(post, url=f"https://blog.example/node/{at + 4711}")


def no_link(post: Post, _at: int) -> Post:
    return replace(post, url="")


def now(post: Post, _at: int) -> Post:
    return replace(post, published=NOW + DAY)


def no_date(post: Post, _at: int) -> Post:
    return replace(post, published=None)


def other_date(post: Post, at: int) -> Post:
    return replace(post, published=NOW + at * DAY)


def zone(post: Post, _at: int) -> Post:
    return replace(post, published=post.published + timedelta(hours=5, minutes=30))


def day(post: Post, _at: int) -> Post:
    return replace(post, published=post.published.replace(hour=0, minute=0, second=0))


def site_in_title(post: Post, _at: int) -> Post:
    return replace(post, title=f"{post.title.upper()} | The Blog")


def other_title(post: Post, at: int) -> Post:
    return replace(post, title=words(at + 500, 4))


def no_title(post: Post, _at: int) -> Post:
    return replace(post, title="")


def other_body(post: Post, at: int) -> Post:
    return replace(post, content=f"<p>{words(at + 900, 50)}</p>")


def a_word_more(post: Post, _at: int) -> Post:
    return replace(post, content=post.content.replace(" ", " more ", 1))


def no_body(post: Post, _at: int) -> Post:
    return replace(post, content="")


def excerpt(post: Post, at: int) -> Post:
    return replace(post, content="", summary=words(at, 40))


def together(*changes: Change) -> Change:
    def change(post: Post, at: int) -> Post:
        for each in changes:
            post = each(post, at)
        return post

    return change


BODIES = together(other_body)
LINKS = together(link)
EXCERPTS = together(link, now, excerpt)
REDESIGNS = {
    "ids": together(),
    "https, dates": together(https, now),
    "https, dates, titles": together(https, now, site_in_title),
    "https, titles, bodies": together(https, other_title, other_body),
    "bodies": BODIES,
    "domain": together(domain),
    "domain, bodies": together(domain, other_body),
    "domain, dates": together(domain, now),
    "domain, no bodies, no dates": together(domain, no_body, no_date),
    "paths": together(path),
    "paths, dates": together(path, other_date),
    "paths, no bodies": together(path, no_body),
    "links": LINKS,
    "links, dates": together(link, now),
    "links, zone, no bodies": together(link, zone, no_body),
    "links, time of day, no bodies": together(link, day, no_body),
    "links, titles": together(link, site_in_title),
    "links, other titles": together(link, other_title),
    "links, other titles, dates": together(link, other_title, now),
    "no links, no titles, dates": together(no_link, no_title, now),
    "links, bodies": together(link, other_body),
    "links, excerpts, dates": EXCERPTS,
    "links, a word more, no dates": together(link, a_word_more, no_date),
}


@pytest.mark.parametrize("change", REDESIGNS.values(), ids=REDESIGNS)
@pytest.mark.parametrize("held", [20, 30])
def test_after_a_redesign_no_post_is_new(change: Change, held: int) -> None:
    new = renewed(change)
    assert pairs(matched(OLD, new, held=held)) == all_of(new)


def test_a_mass_edit_of_bodies_under_new_ids_is_an_edit_of_all() -> None:
    new = renewed(BODIES)
    assert [match.why for match in matched(OLD, new, held=20)] == ["link"] * 20
    assert all(map(is_edited, OLD, new))


@pytest.mark.parametrize("change", REDESIGNS.values(), ids=REDESIGNS)
def test_what_is_new_after_a_redesign_is_new(
    change: Change,
) -> None:
    new = renewed(change)
    later = [a_post(-number, id=f"urn:x:{number}") for number in range(1, 9)]
    assert pairs(matched(OLD, later + new, held=20)) == all_of(new)
    # and what no longer fits into the document is not found in it
    assert pairs(matched(OLD, later + new[:12], held=20)) == all_of(new)[:12]


def test_a_guid_that_is_repeated_from_the_second_fetch_on() -> None:
    first = a_post(1, id="urn:x:g")
    again = [replace(first, id="urn:x:derived"), a_post(0, id="urn:x:other")]
    kept = [a_post(number) for number in range(2, 12)]
    assert matched([first], again, held=11, kept=kept) == [
        Match(new="urn:x:derived", known="urn:x:g", why="link")
    ]


def test_a_link_is_enough_whatever_else_changed_as_long_as_something_did_not() -> None:
    old = a_post(1)
    kept = [a_post(number) for number in range(2, 12)]
    same = {"id": "urn:x:1", "url": old.url.replace("http://", "https://www.")}
    other = {
        "title": "Wholly another thing",
        "published": NOW,
        "content": f"<p>{words(77, 60)}</p>",
    }
    for name in other:
        new = replace(old, **same, **{key: other[key] for key in other if key != name})
        assert pairs(matched([old], [new], held=11, kept=kept)) == [("urn:x:1", old.id)]
    assert matched([old], [replace(old, **same, **other)], held=11, kept=kept) == []


# --- what stays new


def test_a_busy_source_floods_no_one_and_loses_nothing() -> None:
    new = [a_post(-number) for number in range(1, 21)]
    assert matched(OLD, new, held=20) == []


SERIES = {
    "Weekly links": "https://blog.example/{n}/weekly-links/",
    "Open thread": "https://blog.example/open-thread-{n}/",
    "Episode": "",
    "The weekly links of the whole family": "https://blog.example/{n}/the-weekly-links/",
}


@pytest.mark.parametrize(("title", "url"), SERIES.items(), ids=SERIES)
@pytest.mark.parametrize("many", [1, 2, 5])
def test_posts_of_a_series_are_different_posts(title: str, url: str, many: int) -> None:
    posts = [
        a_post(number, id=f"urn:x:{number}", title=title, url=url.format(n=number))
        for number in range(100, 100 + 2 * many)
    ]
    assert matched(posts[many:], posts[:many], held=many) == []
    one = [posts[-1], *OLD[:9]]
    other = [posts[0], *(a_post(-number) for number in range(1, 10))]
    assert matched(one, other, held=10) == []


def test_posts_of_a_numbered_series_are_different_posts() -> None:
    posts = [a_post(n, id=f"urn:x:{n}", title=f"Weekly links #{n}") for n in range(10)]
    at_once = [replace(post, published=NOW.replace(second=0, minute=0)) for post in posts]
    assert matched(posts[5:], posts[:5], held=5) == []
    assert matched(at_once[5:], at_once[:5], held=5) == []


def test_posts_of_one_day_at_midnight_are_told_apart() -> None:
    midnight = NOW.replace(hour=0, minute=0, second=0)
    one = [a_post(1, published=midnight), *OLD[5:9]]
    other = [a_post(-1, published=midnight), *(a_post(-n) for n in range(5, 9))]
    assert matched(one, other, held=5) == []


def test_episodes_that_all_lead_to_the_show_are_different_posts() -> None:
    posts = [a_post(n, id=f"urn:x:{n}", url="https://show.example/podcast") for n in range(8)]
    assert matched(posts[7:], posts[:1], held=7, kept=posts[1:7]) == []
    assert matched(posts[7:], posts[:1], held=7) == []
    bare = [replace(post, content="", published=None) for post in posts]
    assert matched(bare[7:], bare[:1], held=7, kept=bare[1:7]) == []


def test_parts_of_a_page_are_different_posts() -> None:
    posts = [
        a_post(n, id=f"urn:x:{n}", url=f"https://blog.example/changes#v1.{n}", content="")
        for n in range(8)
    ]
    assert matched(posts[7:], posts[:1], held=7) == []
    assert matched(posts[4:], posts[:4], held=4) == []


def test_what_is_the_same_in_every_post_is_no_evidence() -> None:
    footer = f"<p>{words(5, 80)}</p>"
    posts = [
        a_post(n, id=f"urn:x:{n}", url="", content=f"<p>{words(n + 50, 8)}</p>{footer}")
        for n in range(10)
    ]
    assert matched(posts[5:], posts[:5], held=5) == []


def test_titles_alone_find_nothing_while_most_of_the_document_stayed() -> None:
    new = renewed(LINKS)
    assert matched(OLD[:5], new[:5], held=20, kept=OLD[5:]) == []
    assert matched(OLD[:10], new[:10], held=20, kept=OLD[10:]) == []
    assert len(matched(OLD[:11], new[:11], held=20, kept=OLD[11:])) == 11


@pytest.mark.parametrize("many", [1, 2])
def test_of_few_posts_everything_but_the_link_must_agree(many: int) -> None:
    moved = renewed(LINKS)[:many]
    assert len(matched(OLD[:many], moved, held=many)) == many
    new_dates = renewed(EXCERPTS)[:many]
    assert matched(OLD[:many], new_dates, held=many) == []


def test_where_two_could_be_meant_none_is() -> None:
    twin = replace(OLD[0], id="urn:x:twin")
    new = renewed(together())
    found = dict(pairs(matched([*OLD, twin], new, held=21)))
    assert new[0].id not in found
    assert len(found) == 19
    found = dict(pairs(matched(OLD, [*new, replace(new[0], id="urn:x:twin")], held=20)))
    assert OLD[0].id not in found.values()
    assert len(found) == 19


# --- for all input

stated = st.fixed_dictionaries(
    {
        "url": st.sampled_from(["", "a", "b/a", "c/a?p=1", "#x"]).map("https://b.example/".__add__),
        "title": st.sampled_from(["", "A", "a long title of words", "a long title of words 2"]),
        "content": st.sampled_from(["", "x", words(1, 20), words(1, 19), words(2, 20)]),
        "published": st.sampled_from([None, NOW, NOW + DAY, NOW.replace(second=0, minute=0)]),
    }
)
documents = st.lists(stated, max_size=6)


def made(side: str, document: list[dict[str, object]]) -> list[Post]:
    return [Post(id=f"urn:{side}:{at}", **fields) for at, fields in enumerate(document)]


@thorough
@given(documents, documents, st.integers(0, 12), st.randoms(use_true_random=False))
def test_each_post_is_matched_once_and_the_order_does_not_matter(
    vanished: list[dict[str, object]], new: list[dict[str, object]], held: int, random: Random
) -> None:
    olds, news = made("old", vanished), made("new", new)
    matches = matched(olds, news, held=held)
    assert len({match.new for match in matches}) == len(matches)
    assert len({match.known for match in matches}) == len(matches)
    assert {match.new for match in matches} <= {post.id for post in news}
    assert {match.known for match in matches} <= {post.id for post in olds}
    assert [match.new for match in matches] == [
        post.id for post in news if post.id in {match.new for match in matches}
    ]
    assert matched(olds, news, held=held) == matches
    shuffled = random.sample(olds, len(olds)), random.sample(news, len(news))
    assert sorted(matched(*shuffled, held=held)) == sorted(matches)


@thorough
@given(st.sets(st.integers(0, 10_000), min_size=3, max_size=12))
def test_the_same_posts_under_other_ids_are_all_found(numbers: set[int]) -> None:
    olds = [a_post(number) for number in sorted(numbers)]
    news = [replace(post, id=f"urn:x:{at}", url="") for at, post in enumerate(olds)]
    assert len(matched(olds, news, held=len(olds))) == len(olds)


def test_posts_without_anything_are_no_matches() -> None:
    assert matched([], [], held=0) == []
    assert matched([Post(id="urn:x:1")], [Post(id="urn:x:2")], held=1) == []
    assert matched(OLD, [], held=20) == []
    assert matched([], OLD, held=0) == []


@pytest.mark.parametrize("kind", ["moved", "turned over", "one title", "one day"])
def test_thousands_of_posts_are_compared_in_no_more_time_than_it_takes_to_read_them(
    kind: str,
) -> None:
    many = 4_000
    olds = [a_post(number, id=f"urn:x:{number}") for number in range(many)]
    change = {"title": "One title"} if kind == "one title" else {}
    change |= {"published": NOW} if kind == "one day" else {}
    olds = [replace(post, **change) for post in olds]
    news = [replace(post, id=f"{post.id}:new", url="") for post in olds]
    if kind == "turned over":
        olds, news = olds[: many // 2], olds[many // 2 :]
    found = matched(olds, news, held=many // 2)
    assert len(found) == {"turned over": 0}.get(kind, many)


# --- real feeds


def test_real_posts_are_found_again_and_none_is_taken_for_another(live: Path) -> None:
    known = found = 0
    for path in sorted(live.glob("*"))[:20]:
        posts = list({post.id: post for post in parse(path.read_bytes()).posts}.values())
        half = len(posts) // 2
        assert matched(posts[half:], posts[:half], held=len(posts) - half) == [], path.name
        news = [
            replace(post, id=f"urn:x:{at}", url=f"https://moved.example/{at}")
            for at, post in enumerate(posts)
            if canonical_link(post.url)
        ]
        olds = [post for post in posts if canonical_link(post.url)]
        place = {post.id: at for at, post in enumerate(olds)}
        matches = matched(olds, news, held=len(posts))
        names = [post.id for post in news]
        assert all(names.index(match.new) == place[match.known] for match in matches), path.name
        known += len(olds)
        found += len(matches)
    assert found > 0.98 * known
