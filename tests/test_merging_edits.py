"""Whether a reader sees a post changed; the same post of several sources made one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feedkit.merging import is_edited, united
from feedkit.model import Post
from feedkit.parts import Enclosure, Episode, Origin, Person

thorough = settings(max_examples=60, deadline=None, derandomize=True)
NOW = datetime(2024, 5, 12, 8, 30, 17, tzinfo=UTC)
POST = Post(
    id="urn:x:1",
    url="https://blog.example/post/",
    title="A Post",
    content='<p>It is <a href="https://other.example/a?id=1">said</a>.</p>'
    '<p><img src="https://blog.example/2024/cat.jpg?v=1" alt="A cat"></p>',
    summary="What it is about",
    tags=("Backend", "Web"),
    enclosures=(Enclosure(url="https://media.example/1/sound.mp3?sig=abc", length=10),),
)
IMAGE = '<img src="https://blog.example/2024/cat.jpg?v=1" alt="A cat">'


def with_content(content: str) -> Post:
    return replace(POST, content=content)


def with_image(image: str) -> Post:
    assert IMAGE in POST.content
    return with_content(POST.content.replace(IMAGE, image))


def with_enclosure(url: str, **fields) -> Post:
    return replace(POST, enclosures=[Enclosure(url=url, **fields)])


@pytest.mark.parametrize(
    "after",
    [
        replace(POST, title="A Post!"),
        replace(POST, title="a post"),
        replace(POST, title=""),
        with_content(POST.content.replace("said", "not said")),
        with_content(POST.content + "<p>Correction.</p>"),
        with_content(POST.content.replace("id=1", "id=2")),
        with_content(POST.content.replace("other.example/a", "other.example/b")),
        with_content(""),
        with_image(""),
        with_image('<img src="https://blog.example/2024/dog.jpg">'),
        with_image('<img src="https://blog.example/2025/cat.jpg">'),
        with_image('<img src="https://blog.example/2024/cat.jpg?id=2">'),
        with_content(POST.content + '<iframe src="https://www.youtube.com/embed/a"></iframe>'),
        replace(POST, summary="What it is not about"),
        replace(POST, url="https://blog.example/another-post/"),
        replace(POST, tags=("Backend",)),
        replace(POST, tags=("Backend", "Web", "Python")),
        with_enclosure("https://media.example/2/sound.mp3"),
        replace(POST, enclosures=()),
    ],
)
def test_what_a_reader_sees_is_an_edit(after: Post) -> None:
    assert is_edited(POST, after)
    assert is_edited(after, POST)


@pytest.mark.parametrize(
    "after",
    [
        replace(POST, title=" A  Post\n"),
        replace(POST, title="A\u00ad Post"),
        with_content(POST.content.replace("<p>", "<div>\n").replace("</p>", "</div>")),
        with_content(POST.content.replace("It is", "It <em>is</em>")),
        with_content(POST.content.replace(" ", "\n ")),
        with_content(POST.content.replace("said", "s&#97;id")),
        with_content(POST.content.replace("?id=1", "?utm_source=rss&amp;id=1")),
        with_content(POST.content.replace("https://other", "http://www.other")),
        with_content(POST.content.replace("?id=1", "?id=1&amp;sid=0123456789abcdef")),
        with_image('<img src="https://blog.example/2024/cat.jpg?v=2">'),
        with_image('<img src="https://i2.cdn.example/2024/cat.jpg?Expires=1716000000">'),
        with_image(
            '<img src="https://cdn.example/w_300/https%3A%2F%2Fblog.example%2F2024%2Fcat.jpg">'
        ),
        with_image('<img src="https://blog.example/2024/cat-300x200.jpg">'),
        with_content(POST.content + '<img src="https://count.example/7" width="1" height="1">'),
        with_content(POST.content + '<img src="https://feeds.feedburner.com/~r/blog/~4/x">'),
        replace(POST, url="http://www.blog.example/post/?utm_source=rss"),
        replace(POST, tags=("web", "BACKEND")),
        with_enclosure("https://media.example/1/sound.mp3?sig=def", length=11),
        with_enclosure("https://count.example/redirect.mp3/media.example/1/sound.mp3"),
        replace(POST, published=NOW, updated=NOW, seen=NOW, authors=[Person(name="Someone")]),
    ],
)
def test_what_no_reader_sees_is_none(after: Post) -> None:
    assert after != POST
    assert not is_edited(POST, after)
    assert not is_edited(after, POST)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>12 comments</p>", "<p>113 comments</p>"),
        ("<p>1 comment</p><p>Text</p>", "<p>1 comment</p><p>Text</p> "),
        ("<p>Points: 5</p><p># Comments: 3</p>", "<p>Points: 105</p><p># Comments: 64</p>"),
        ("<p>1.2K views</p>", "<p>3M views</p>"),
    ],
)
def test_what_a_machine_counts_is_no_edit(before: str, after: str) -> None:
    assert not is_edited(with_content(before), with_content(after))


def test_other_numbers_are_text() -> None:
    assert is_edited(with_content("<p>12 people died</p>"), with_content("<p>13 people died</p>"))
    assert is_edited(with_content("<p>It costs 12</p>"), with_content("<p>It costs 13</p>"))


pieces = [*"ab <>&;\"'=/1", "<a href=", "<img src=", "</a>", "\ud800"]
texts = st.lists(st.sampled_from(pieces), max_size=8).map("".join)
posts = st.builds(
    Post,
    id=st.just("urn:x:1"),
    title=st.text(max_size=5),
    content=texts,
    summary=texts,
    url=st.sampled_from(["", "https://blog.example/a", "http://blog.example/a/", "mailto:a"]),
    tags=st.lists(st.sampled_from(["a", "A", "b", ""]), max_size=3),
    enclosures=st.lists(st.builds(Enclosure, url=st.sampled_from(["", "a?b", "x:y"])), max_size=2),
)


@thorough
@given(posts, posts)
def test_an_edit_is_one_both_ways_and_no_post_is_its_own(one: Post, other: Post) -> None:
    assert not is_edited(one, one)
    assert not is_edited(one, replace(one))
    assert is_edited(one, other) == is_edited(other, one)


@pytest.mark.parametrize(
    "content",
    [
        "<a " * 50_000,
        '<a "' * 50_000,
        "<a '\"" * 50_000,
        "<img src='" * 50_000,
        "1" * 200_000,
        "1 comments" * 50_000,
        "https://" * 50_000,
        '<img src="' + "https%3A%2F%2F" * 20_000 + '">',
        '<img src="' + "-1x1" * 50_000 + '">',
        '<a href="?' + "a" * 200_000 + '=1&">',
    ],
)
def test_hostile_content_takes_no_longer_than_its_size_warrants(content: str) -> None:
    assert is_edited(with_content(content), POST)


# --- united


def test_the_preferred_source_counts_and_the_others_complete_it() -> None:
    first = replace(POST, content="", summary="", tags=["Web"], enclosures=[], seen=NOW)
    second = replace(
        POST,
        id="urn:y:1",
        url="https://planet.example/1",
        title="Blog: A Post",
        content="<p>All of it</p>",
        language="de",
        rights="Free",
        tags=["WEB", "Go", "web"],
        authors=[Person(name="One")],
        published=NOW,
        seen=NOW - timedelta(days=1),
        origin=Origin(id="urn:y"),
    )
    third = replace(
        POST,
        id="urn:z:1",
        content="<p>Some of it</p>",
        tags=["go", "C"],
        authors=[Person(name="Two")],
        contributors=[Person(name="Three")],
        image="https://blog.example/cat.jpg",
        updated=NOW + timedelta(days=1),
        episode=Episode(number=3),
    )
    assert united([first, second, third]) == Post(
        id="urn:x:1",
        url="https://blog.example/post/",
        title="A Post",
        content="<p>All of it</p>",
        summary="What it is about",
        language="de",
        rights="Free",
        tags=("Web", "Go", "C"),
        authors=[Person(name="One")],
        enclosures=POST.enclosures,
        published=NOW,
        seen=NOW - timedelta(days=1),
        image="https://blog.example/cat.jpg",
    )


def test_a_body_is_of_one_source() -> None:
    first = Post(id="urn:x:1", content="<p>Ja</p>", language="de")
    second = Post(id="urn:x:2", content="<p>Yes, more</p>", language="en", rights="Free")
    assert united([first, second]) == first
    assert united([second, first]) == second


@thorough
@given(st.lists(posts, min_size=1, max_size=4))
def test_united_is_the_first_with_the_tags_of_all(given_posts: list[Post]) -> None:
    one = united(given_posts)
    assert one.id == given_posts[0].id
    assert united([one, *given_posts]) == one
    assert united([one]) == one
    keys = {tag.lower() for post in given_posts for tag in post.tags}
    assert sorted({tag.lower() for tag in one.tags}) == sorted(keys)
    assert not is_edited(one, given_posts[0]) or len(given_posts) > 1
