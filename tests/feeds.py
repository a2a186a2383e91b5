"""Feeds for property tests: clean ones, as ingest gives them, and any the model can hold."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st
from msgspec.structs import replace

from feedkit._html import clean_html, collapse
from feedkit._urls import web_url
from feedkit.model import WEEKDAYS, Feed, Post, Problem
from feedkit.parts import (
    Category,
    Chapter,
    Enclosure,
    Episode,
    Origin,
    Person,
    Show,
    Transcript,
)

SOME_DATE = datetime(2026, 6, 1, tzinfo=UTC)

# clean values

_words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=12) | (
    st.sampled_from(
        [
            "a < b",
            "<b>bold</b>",
            "R&D",
            "&amp;",
            "&#65;",
            "]]>",
            "a\u00a0b",
            "<!-- -->",
            "😀 é",
            "C++",
        ]
    )
)
_texts = st.lists(_words, max_size=3).map(lambda words: collapse(" ".join(words)))
_some_text = _texts.filter(bool)
_paths = st.lists(
    st.sampled_from(["a", "größe", "a%20b", "x.mp3", "~u", "p;1", "1,2", "@me", "..."]), max_size=3
).map("/".join)
_urls = st.builds(
    "{}://{}/{}{}".format,
    st.sampled_from(["https", "http"]),
    st.sampled_from(["blog.example", "www.b.example:8080", "bücher.example", "192.0.2.1"]),
    _paths,
    st.sampled_from(["", "?a=1&b=2", "#top", "?q=%26"]),
).map(web_url)
_maybe_url = st.just("") | _urls
_ids = (
    _urls
    | st.uuids().map("urn:uuid:{}".format)
    | st.integers(0, 10**6).map("tag:blog.example,2026:{}".format)
    | st.sampled_from(["HTTPS://BLOG.example/A", "yt:video:1", "https://blog.example/a/../b"])
)
_fragments = st.sampled_from(
    [
        "",
        "text",
        "<p>One <em>two</em> &amp; three</p>",
        "<ul><li>a<li>b</ul>",
        '<a href="/rel?x=1&y=2" title="&quot;q&quot;">link</a>',
        '<img src="https://blog.example/i.png" alt="a > b">',
        "<pre>a\n\n  b</pre>",
        "<table><tr><td colspan=2>x</td></tr></table>",
        '<blockquote cite="https://x.example/">“q”</blockquote>',
        '<iframe src="https://www.youtube.com/embed/x"></iframe>',
        "]]> &lt;b&gt; <b>unclosed",
        "<p>caf\u00e9 😀 \u2028 &nbsp;</p>",
    ]
)
_contents = st.lists(_fragments, max_size=4).map(
    lambda parts: clean_html("\n".join(parts), base="https://blog.example/dir/").strip()
)
_dates = st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
_maybe_date = st.none() | _dates
_languages = st.sampled_from(["", "", "en", "en-GB", "de", "zh-Hans-CN"])
_media_types = st.sampled_from(["", "audio/mpeg", "video/mp4", "application/pdf", "image/svg+xml"])
_numbers = st.none() | st.integers(0, 10**9)
_flags = st.none() | st.booleans()
_emails = st.sampled_from(["", "", "a@blog.example", "first.last+tag@mail.example"])
_people = st.lists(
    st.builds(Person, name=_texts, email=_emails, url=_maybe_url, avatar=_maybe_url).filter(
        lambda person: person.name or person.email
    ),
    max_size=2,
    unique=True,
)
_labels = st.lists(_some_text, max_size=3, unique=True)
_enclosures = st.lists(
    st.builds(
        Enclosure, url=_urls, type=_media_types, length=_numbers, title=_texts, duration=_numbers
    ),
    max_size=3,
    unique_by=lambda enclosure: enclosure.url,
)
_episodes = st.builds(
    Episode,
    title=_texts,
    duration=_numbers,
    season=st.none() | st.integers(1, 99),
    number=st.none() | st.integers(1, 9999),
    kind=st.sampled_from(["", "full", "trailer", "bonus"]),
    explicit=_flags,
    blocked=st.booleans(),
    chapters=st.lists(
        st.builds(
            Chapter,
            start=st.integers(0, 10**5),
            title=_some_text,
            url=_maybe_url,
            image=_maybe_url,
        ),
        max_size=3,
        unique_by=lambda chapter: chapter.start,
    ).map(lambda chapters: sorted(chapters, key=lambda chapter: chapter.start)),
    chapters_url=_maybe_url,
    transcripts=st.lists(
        st.builds(
            Transcript,
            url=_urls,
            type=st.sampled_from(["text/vtt", "application/x-subrip", "text/html"]),
            language=_languages,
            rel=st.sampled_from(["", "captions"]),
        ),
        max_size=2,
        unique_by=lambda transcript: transcript.url,
    ),
)
_shows = st.builds(
    Show,
    kind=st.sampled_from(["", "episodic", "serial"]),
    explicit=_flags,
    categories=st.lists(
        st.builds(
            Category,
            name=st.sampled_from(["Arts", "Technology", "History"]),
            within=st.sampled_from(["", "Society & Culture"]),
        ),
        max_size=2,
        unique=True,
    ),
    owner=st.none() | st.builds(Person, name=_some_text, email=st.just("owner@blog.example")),
    blocked=st.booleans(),
    complete=st.booleans(),
    new_feed_url=_maybe_url,
    guid=st.just("") | st.uuids().map(str),
    locked=_flags,
)
_origins = st.builds(
    Origin,
    id=_ids,
    title=_texts,
    url=_maybe_url,
    feed_url=_maybe_url,
    subtitle=_texts,
    authors=_people,
    image=_maybe_url,
    icon=_maybe_url,
    rights=_texts,
    updated=_maybe_date,
)
_posts = st.builds(
    Post,
    id=_ids,
    url=_maybe_url,
    title=_texts,
    content=_contents,
    summary=_texts,
    authors=_people,
    contributors=_people,
    tags=_labels,
    published=_maybe_date,
    updated=_maybe_date,
    image=_maybe_url,
    enclosures=_enclosures,
    episode=st.none() | _episodes,
    language=_languages,
    rights=_texts,
    comments=_maybe_url,
    in_reply_to=st.just("") | _ids,
    via=_maybe_url,
    related=_maybe_url,
    origin=st.none() | _origins,
).filter(lambda post: post.title or post.url or post.content or post.summary or post.enclosures)
_skip_hours = st.lists(st.sampled_from(range(24)), max_size=3)
_skip_days = st.lists(st.sampled_from(WEEKDAYS), max_size=3)
_feeds = st.builds(
    Feed,
    id=st.just("") | _ids,
    title=_texts,
    subtitle=_texts,
    language=_languages,
    authors=_people,
    tags=_labels,
    rights=_texts,
    generator=_texts,
    updated=_maybe_date,
    ttl=_numbers,
    skip_hours=_skip_hours,
    skip_days=_skip_days,
    show=st.none() | _shows,
    archive=st.booleans(),
    complete=st.booleans(),
    posts=st.lists(_posts, max_size=3, unique_by=lambda post: post.id),
    **dict.fromkeys(("url", "feed_url", "image", "icon", "hub"), _maybe_url),
    **dict.fromkeys(("first_url", "previous_url", "next_url", "last_url"), _maybe_url),
    **dict.fromkeys(("current_url", "older_archive_url", "newer_archive_url"), _maybe_url),
)


def feeds() -> st.SearchStrategy[Feed]:
    """Feeds as ingest gives them: clean, and with a date, so that they can be written."""
    return _feeds.map(lambda feed: feed if feed.changed else replace(feed, updated=SOME_DATE))


# anything the model can hold

_any_text = st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(
    [
        "",
        " ",
        "\x00\x1b[1m\x7f\x85",
        "\ud800\udc00 \udfff",
        "\ufffe\uffff",
        "line\r\none\rtwo\u2028three",
        "<b>",
        "<script>alert(1)</script>",
        "a & b &amp; &#0;",
        "]]>",
        "javascript:alert(1)",
        "data:text/html,x",
        "/p",
        "//x.example/p",
        "https://x.example/é?a=1&b",
        "https://x.example/a b\"<>",
        "https://[",
        "https://user:secret@x.example/",
        "https://münchen.example./",
        "http://x.example:99999/",
        "urn:uuid:00000000-0000-5000-8000-000000000001",
        "tag:x.example,2026:1",
        "en",
        "EN_us",
        "audio/mpeg; q=1",
        "a@b.example",
        "😀" * 3,
    ]
)  # fmt: skip
_any_date = st.none() | st.datetimes(
    datetime(1, 1, 3),
    datetime(9999, 12, 29),
    timezones=st.integers(-12, 12).map(lambda hours: timezone(timedelta(hours=hours))),
)
_any_number = st.none() | st.integers(0, 2**70)
_any_person = st.builds(Person, **dict.fromkeys(("name", "email", "url", "avatar"), _any_text))
_any_people = st.lists(_any_person, max_size=2)
_any_enclosures = st.lists(
    st.builds(
        Enclosure,
        **dict.fromkeys(("url", "type", "title"), _any_text),
        **dict.fromkeys(("length", "duration"), _any_number),
    ),
    max_size=3,
)
_any_episode = st.none() | st.builds(
    Episode,
    **dict.fromkeys(("title", "kind", "chapters_url"), _any_text),
    **dict.fromkeys(("duration", "season", "number"), _any_number),
    explicit=_flags,
    blocked=st.booleans(),
    chapters=st.lists(
        st.builds(
            Chapter,
            start=st.integers(0, 2**70) | st.floats(0, 1e300),
            **dict.fromkeys(("title", "url", "image"), _any_text),
        ),
        max_size=2,
    ),
    transcripts=st.lists(
        st.builds(Transcript, **dict.fromkeys(("url", "type", "language", "rel"), _any_text)),
        max_size=2,
    ),
)
_any_show = st.none() | st.builds(
    Show,
    **dict.fromkeys(("kind", "new_feed_url", "guid"), _any_text),
    **dict.fromkeys(("explicit", "locked"), _flags),
    **dict.fromkeys(("blocked", "complete"), st.booleans()),
    categories=st.lists(
        st.builds(Category, **dict.fromkeys(("name", "within"), _any_text)), max_size=2
    ),
    owner=st.none() | _any_person,
)
_any_origin = st.none() | st.builds(
    Origin,
    **dict.fromkeys(("id", "title", "url", "feed_url", "subtitle"), _any_text),
    **dict.fromkeys(("image", "icon", "rights"), _any_text),
    authors=_any_people,
    updated=_any_date,
)
_any_post = st.builds(
    Post,
    **dict.fromkeys(("id", "url", "title", "content", "summary", "image", "rights"), _any_text),
    **dict.fromkeys(("language", "comments", "in_reply_to", "via", "related"), _any_text),
    **dict.fromkeys(("published", "updated", "seen"), _any_date),
    **dict.fromkeys(("authors", "contributors"), _any_people),
    tags=st.lists(_any_text, max_size=3),
    enclosures=_any_enclosures,
    episode=_any_episode,
    origin=_any_origin,
)
_any_feed = st.builds(
    Feed,
    **dict.fromkeys(("id", "title", "url", "feed_url", "subtitle", "image", "icon"), _any_text),
    **dict.fromkeys(("language", "rights", "generator", "hub"), _any_text),
    **dict.fromkeys(("first_url", "previous_url", "next_url", "last_url"), _any_text),
    **dict.fromkeys(("current_url", "older_archive_url", "newer_archive_url"), _any_text),
    **dict.fromkeys(("archive", "complete"), st.booleans()),
    authors=_any_people,
    tags=st.lists(_any_text, max_size=2),
    updated=_any_date,
    ttl=_any_number,
    skip_hours=_skip_hours,
    skip_days=_skip_days,
    show=_any_show,
    # the same post twice, and two posts of one id
    posts=st.lists(_any_post, max_size=3).flatmap(
        lambda posts: st.just(posts) | st.just(posts + posts[:1])
    ),
    problems=st.lists(st.builds(Problem, subject=_any_text, reason=_any_text), max_size=1),
)


def wild_feeds() -> st.SearchStrategy[Feed]:
    """Any Feed that can be made: no date, texts no document may hold, ids twice, and worse."""
    return _any_feed
