"""A Post, a Feed or a Site holds only what every format can say, and nothing changes it later."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import msgspec
import pytest

from feedkit._ids import post_id
from feedkit.errors import FeedkitError, ModelError
from feedkit.model import Feed, Post, Problem, Site
from feedkit.parts import Enclosure, Origin, Person

EARLY = datetime(2023, 6, 1, tzinfo=UTC)
MIDDLE = datetime(2023, 6, 2, tzinfo=UTC)
LATE = datetime(2023, 6, 3, tzinfo=UTC)

POST_TEXTS = [
    "id",
    "url",
    "title",
    "content",
    "summary",
    "image",
    "language",
    "rights",
    "comments",
    "in_reply_to",
    "via",
]
FEED_TEXTS = [
    "id",
    "title",
    "url",
    "feed_url",
    "subtitle",
    "language",
    "image",
    "icon",
    "rights",
    "generator",
    "hub",
    "next_url",
    "previous_url",
]


class NoOffset(tzinfo):
    """A zone that can't say how far from UTC it is."""

    def utcoffset(self, _moment):
        return None

    def dst(self, _moment):
        return None

    def tzname(self, _moment):
        return None


def a_full_post() -> Post:
    return Post(
        id="tag:blog.example,2023:1",
        url="https://blog.example/1",
        title="Größe & <b>",
        content="<p>x</p>",
        summary="x",
        authors=[Person(name="A", email="a@blog.example", url="https://a.example/")],
        contributors=[Person(name="B")],
        tags=["C++", "Ünï"],
        published=EARLY,
        updated=MIDDLE,
        seen=LATE,
        image="https://blog.example/1.png",
        enclosures=[Enclosure(url="https://blog.example/1.mp3", type="audio/mpeg", length=0)],
        language="en",
        rights="©",
        comments="https://blog.example/1#c",
        in_reply_to="https://other.example/1",
        via="https://via.example/",
        origin=Origin(id="tag:o.example,2023:", title="O", authors=[Person(name="C")]),
    )


# --- ids


@pytest.mark.parametrize(
    "stated",
    [
        "https://blog.example/hello/",
        "HTTPS://Blog.Example/%7euser/../x?b=1&a=2#f",
        "tag:blog.example,2023:1",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
    ],
)
def test_an_absolute_id_is_kept_to_the_letter(stated):
    assert Post(id=stated, url="https://elsewhere.example/").id == stated


def test_without_an_id_the_link_is_the_id():
    assert Post(url="https://blog.example/hello/", title="x").id == "https://blog.example/hello/"


def test_a_relative_id_becomes_a_urn_that_neither_link_nor_title_changes():
    first = Post(id="42", url="https://blog.example/a", title="a", published=EARLY)
    second = Post(id="42", url="https://blog.example/b", title="b", published=LATE)
    assert first.id == second.id == post_id(raw_id="42")


def test_without_id_and_link_date_and_title_decide():
    post = Post(title="Hello", published=EARLY)
    assert post.id == post_id(date="2023-06-01T00:00:00+00:00", title="Hello")
    assert post.id != Post(title="Hello", published=LATE).id
    assert post.id != Post(title="Bye", published=EARLY).id
    assert post.id != Post(title="Hello").id


def test_the_body_counts_only_when_there_is_no_title():
    assert Post(title="t", content="a").id == Post(title="t", content="b").id
    assert Post(content="a").id != Post(content="b").id
    assert Post(summary="s", content="a").id == Post(summary="s", content="b").id


def test_one_moment_makes_one_id_whatever_zone_it_is_written_in():
    stockholm = datetime(2023, 6, 1, 2, tzinfo=ZoneInfo("Europe/Stockholm"))
    assert Post(title="x", published=stockholm).id == Post(title="x", published=EARLY).id


def test_a_made_id_is_kept_when_the_post_changes():
    post = Post(title="x", published=EARLY)
    assert msgspec.structs.replace(post, title="y", published=LATE).id == post.id


@pytest.mark.parametrize("link", ["javascript:alert(1)", "/hello/", "http:hello", "https:///x"])
def test_a_link_that_is_no_absolute_address_is_no_id(link):
    assert Post(url=link).id == post_id(link=link)
    assert Post(url=link).id.startswith("urn:uuid:")


# --- sequences


@pytest.mark.parametrize("make", [list, tuple, iter, dict.fromkeys])
def test_any_sequence_is_kept_as_a_tuple(make):
    people = [Person(name="A"), Person(name="B")]
    files = [Enclosure(url="https://blog.example/1.mp3")]
    post = Post(
        tags=make(["a", "b"]),
        authors=make(people),
        contributors=make(people),
        enclosures=make(files),
    )
    assert post.tags == ("a", "b")
    assert post.authors == post.contributors == tuple(people)
    assert post.enclosures == tuple(files)


def test_lists_and_tuples_make_equal_posts_that_can_be_hashed():
    one = Post(id="urn:x:1", tags=["a"], authors=[Person(name="A")])
    other = Post(id="urn:x:1", tags=("a",), authors=(Person(name="A"),))
    assert one == other
    assert hash(one) == hash(other)


def test_a_list_that_changes_later_does_not_change_the_post():
    tags = ["a"]
    post = Post(tags=tags)
    tags.append("b")
    assert post.tags == ("a",)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (Post, "tags", "backend"),
        (Post, "tags", b"backend"),
        (Post, "tags", None),
        (Post, "tags", 7),
        (Post, "tags", ["a", None]),
        (Post, "tags", [1]),
        (Post, "authors", "Ann"),
        (Post, "authors", ["Ann"]),
        (Post, "authors", Person(name="Ann")),
        (Post, "contributors", [{"name": "Ann"}]),
        (Post, "enclosures", ["https://blog.example/1.mp3"]),
        (Origin, "authors", ["Ann"]),
        (Feed, "tags", "backend"),
        (Feed, "authors", ["Ann"]),
        (Feed, "posts", [{"title": "x"}]),
        (Feed, "posts", Post(title="x")),
        (Feed, "problems", ["broken"]),
    ],
)
def test_a_sequence_of_something_else_is_refused_by_name(kind, field, value):
    with pytest.raises(ModelError) as refusal:
        kind(**{field: value})
    assert refusal.value.key == field
    assert str(refusal.value).startswith(f"{field}: must ")


# --- texts


@pytest.mark.parametrize("field", [name for name in POST_TEXTS if name != "id"])
def test_a_text_of_a_post_that_is_none_becomes_empty(field):
    assert getattr(Post(**{field: None}), field) == ""


def test_an_id_that_is_none_is_made():
    assert Post(id=None, title="x").id == Post(title="x").id


@pytest.mark.parametrize("field", FEED_TEXTS)
def test_a_text_of_a_feed_that_is_none_becomes_empty(field):
    assert getattr(Feed(**{field: None}), field) == ""


def test_texts_of_the_parts_that_are_none_become_empty():
    assert Person(name=None, email=None, url=None) == Person()
    assert Origin(id=None, title=None, url=None, feed_url=None, rights=None) == Origin()
    assert Enclosure(url="https://x.example/", type=None, title=None).type == ""


@pytest.mark.parametrize("value", [1, b"x", ["x"], EARLY, True])
@pytest.mark.parametrize("field", POST_TEXTS)
def test_what_is_no_text_is_refused_by_name(field, value):
    with pytest.raises(ModelError) as refusal:
        Post(**{field: value})
    assert refusal.value.key == field


def test_a_refusal_is_both_a_feedkit_error_and_a_value_error():
    with pytest.raises(ModelError, match="title: must be a text, not 1") as refusal:
        Post(title=1)
    assert isinstance(refusal.value, FeedkitError)
    assert isinstance(refusal.value, ValueError)


# --- numbers


@pytest.mark.parametrize("value", [-1, 1.0, "1", True])
@pytest.mark.parametrize(
    ("kind", "field", "rest"),
    [(Enclosure, "length", {"url": "https://x.example/a.mp3"}), (Feed, "ttl", {})],
)
def test_what_is_no_whole_number_is_refused_by_name(kind, field, rest, value):
    with pytest.raises(ModelError) as refusal:
        kind(**rest, **{field: value})
    assert refusal.value.key == field


@pytest.mark.parametrize("value", [None, 0, 1, 2**40])
def test_whole_numbers_stay(value):
    assert Enclosure(url="https://x.example/a.mp3", length=value).length == value
    assert Feed(ttl=value).ttl == value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("skip_hours", [24]),
        ("skip_hours", [-1]),
        ("skip_hours", [True]),
        ("skip_hours", ["1"]),
        ("skip_hours", 1),
        ("skip_days", ["monday"]),
        ("skip_days", "Monday"),
        ("skip_days", [0]),
    ],
)
def test_what_is_no_hour_or_day_is_refused_by_name(field, value):
    with pytest.raises(ModelError) as refusal:
        Feed(**{field: value})
    assert refusal.value.key == field


# --- dates


@pytest.mark.parametrize("field", ["published", "updated", "seen"])
@pytest.mark.parametrize(
    "value",
    [
        datetime(2023, 6, 1),
        datetime(2023, 6, 1, tzinfo=NoOffset()),
        date(2023, 6, 1),
        "2023-06-01T00:00:00Z",
        1685577600,
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-1))),
    ],
    ids=["naive", "zone without offset", "day", "text", "number", "too early", "too late"],
)
def test_what_is_no_moment_is_refused_by_name(field, value):
    with pytest.raises(ModelError) as refusal:
        Post(**{field: value})
    assert refusal.value.key == field


def test_a_naive_date_of_a_feed_is_refused():
    with pytest.raises(ModelError, match="updated: must have a time zone: 2023-06-01T00:00:00"):
        Feed(updated=datetime(2023, 6, 1))


@pytest.mark.parametrize(
    "given",
    [
        datetime(2023, 6, 1, 10, 0, 5, tzinfo=UTC),
        datetime(2023, 6, 1, 10, 0, 5, 999_999, tzinfo=UTC),
        datetime(2023, 6, 1, 12, 0, 5, 1, tzinfo=ZoneInfo("Europe/Stockholm")),
        datetime(2023, 6, 1, 10, 0, 5, tzinfo=ZoneInfo("UTC")),
        datetime(2023, 6, 1, 4, 30, 5, tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
    ],
)
@pytest.mark.parametrize("field", ["published", "updated", "seen"])
def test_dates_are_kept_in_utc_and_whole_seconds(field, given):
    kept = getattr(Post(**{field: given}), field)
    assert kept == datetime(2023, 6, 1, 10, 0, 5, tzinfo=UTC)
    assert kept.tzinfo is UTC


@pytest.mark.parametrize(
    ("published", "updated", "seen", "changed", "dated"),
    [
        (None, None, None, None, None),
        (EARLY, None, None, EARLY, EARLY),
        (None, EARLY, None, EARLY, EARLY),
        (None, None, EARLY, EARLY, EARLY),
        (EARLY, LATE, None, LATE, EARLY),
        (LATE, EARLY, None, LATE, LATE),
        (EARLY, None, LATE, EARLY, EARLY),
        (None, EARLY, LATE, EARLY, EARLY),
        (EARLY, MIDDLE, LATE, MIDDLE, EARLY),
    ],
)
def test_a_post_changed_last_and_is_listed_under(published, updated, seen, changed, dated):
    post = Post(published=published, updated=updated, seen=seen)
    assert post.changed == changed
    assert post.dated == dated


@pytest.mark.parametrize(
    ("feed", "changed"),
    [
        (Feed(), None),
        (Feed(posts=[Post(title="x")]), None),
        (Feed(posts=[Post(published=EARLY), Post(title="x"), Post(updated=LATE)]), LATE),
        (Feed(posts=[Post(seen=MIDDLE)]), MIDDLE),
        (Feed(updated=EARLY, posts=[Post(published=LATE)]), EARLY),
    ],
)
def test_a_feed_changed_when_it_says_else_with_its_newest_post(feed, changed):
    assert feed.changed == changed


# --- values


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (Post(title="x"), "title"),
        (Feed(title="x"), "title"),
        (Person(name="x"), "name"),
        (Enclosure(url="https://x.example/"), "url"),
        (Origin(title="x"), "title"),
        (Problem(subject="x", reason="y"), "reason"),
        (Site(title="x", url="https://x.example/"), "title"),
    ],
)
def test_nothing_can_be_changed(value, field):
    with pytest.raises(AttributeError):
        setattr(value, field, "y")


@pytest.mark.parametrize("kind", [Post, Feed, Person, Origin])
def test_fields_are_given_by_name_only(kind):
    with pytest.raises(TypeError):
        kind("x")


def test_a_problem_reads_as_one_line():
    assert str(Problem(subject="entry 3", reason="no date")) == "entry 3: no date"


@pytest.mark.parametrize(
    "value",
    [
        Post(),
        Post(title="x", tags=["a"]),
        a_full_post(),
        Feed(),
        Feed(
            id="tag:blog.example,2023:",
            authors=[Person(name="A")],
            updated=LATE,
            ttl=60,
            posts=[a_full_post(), Post(title="x")],
            problems=[Problem(subject="entry 3", reason="no date")],
        ),
        Site(title="x", url="https://x.example/", formats=["atom"], author=Person(name="A")),
    ],
    ids=["empty post", "small post", "full post", "empty feed", "full feed", "site"],
)
def test_a_value_comes_back_equal_from_json(value):
    back = msgspec.json.decode(msgspec.json.encode(value), type=type(value))
    assert back == value
    assert hash(back) == hash(value)


# --- the site


@pytest.mark.parametrize(
    ("url", "path", "address"),
    [
        ("https://feeds.example/", "", "https://feeds.example/"),
        ("https://feeds.example/", "atom.xml", "https://feeds.example/atom.xml"),
        ("https://feeds.example", "atom.xml", "https://feeds.example/atom.xml"),
        ("https://feeds.example/f", "tag/c/rss.xml", "https://feeds.example/f/tag/c/rss.xml"),
        ("https://feeds.example/f/", "tag/c/rss.xml", "https://feeds.example/f/tag/c/rss.xml"),
        ("http://feeds.example/?p=", "atom.xml", "http://feeds.example/?p=/atom.xml"),
    ],
)
def test_an_address_lies_below_the_url_with_or_without_its_last_slash(url, path, address):
    assert Site(title="x", url=url).address(path) == address


@pytest.mark.parametrize(
    ("site_id", "name", "feed_id"),
    [
        ("", "", "https://feeds.example/"),
        ("", "tag/c", "https://feeds.example/tag/c"),
        ("https://old.example/f", "tag/c", "https://old.example/f/tag/c"),
        ("https://old.example/f/", "tag/c", "https://old.example/f/tag/c"),
        ("tag:feeds.example,2026:", "", "tag:feeds.example,2026:"),
        ("tag:feeds.example,2026:", "tag/c", "tag:feeds.example,2026:tag/c"),
        ("tag:feeds.example,2026:f", "tag/c", "tag:feeds.example,2026:f/tag/c"),
        ("https://old.example/#", "tag/c", "https://old.example/#tag/c"),
    ],
)
def test_a_feed_id_is_made_of_the_site_id_else_of_the_url(site_id, name, feed_id):
    assert Site(title="x", url="https://feeds.example/", id=site_id).feed_id(name) == feed_id


def test_feed_ids_survive_a_move_when_the_site_has_an_id():
    old = Site(title="x", url="https://old.example/", id="tag:feeds.example,2026:")
    new = Site(title="x", url="https://new.example/", id="tag:feeds.example,2026:")
    assert old.feed_id("tag/c") == new.feed_id("tag/c")


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"title": "", "url": "https://x.example/"}, "title"),
        ({"title": None, "url": "https://x.example/"}, "title"),
        ({"title": "x", "url": ""}, "url"),
        ({"title": "x", "url": "feeds.example"}, "url"),
        ({"title": "x", "url": "ftp://x.example/"}, "url"),
        ({"title": "x", "url": "https://x.example/", "formats": "atom"}, "formats"),
    ],
)
def test_a_site_without_title_or_web_address_is_refused_by_name(fields, key):
    with pytest.raises(ModelError) as refusal:
        Site(**fields)
    assert refusal.value.key == key
