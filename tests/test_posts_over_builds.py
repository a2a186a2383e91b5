"""Posts from build to build: none is new twice, an edit shows, what is gone stays or goes."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest
from the_web import HOST, OTHER, Reply, TheWeb

import feedkit
from feedkit.pipeline.forgetting import forget
from feedkit.store import open_store

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
FEED = f"http://{HOST}/feed"

Configure = Callable[..., Path]

WORDS = (
    *("harbour", "lantern", "orchard", "gravel", "whistle", "copper", "meadow", "thunder"),
    *("pocket", "velvet", "saddle", "candle", "river", "basket", "hammer", "silver"),
    *("window", "garden", "marble", "feather"),
)


def item(
    number: int,
    *,
    guid: str = "",
    link: str = "",
    title: str = "",
    date: str = "",
    body: str = "",
    tags: Iterable[str] = ("a",),
    more: str = "",
) -> str:
    word = WORDS[number % len(WORDS)]
    link = link or f"http://blog.example/2024/{word}"
    date = date or f"{number % 28 + 1:02} Jun 2024 0{number % 10}:00:00 GMT"
    body = body or f"<p>The {word} of number {number}, and all that it has to say.</p>"
    escaped = body.replace("&", "&amp;").replace("<", "&lt;")
    categories = "".join(f"<category>{tag}</category>" for tag in tags)
    return (
        f"<item><title>{title or f'On the {word}'}</title><guid>{guid or link}</guid>"
        f"<link>{link}</link><pubDate>{date}</pubDate>{categories}"
        f"<description>{escaped}</description>{more}</item>"
    )


def rss(*items: str, head: str = "") -> str:
    return (
        '<rss version="2.0" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:fh="http://purl.org/syndication/history/1.0"><channel><title>Blog</title>'
        f"<link>https://blog.example/</link><description/>{head}{''.join(items)}</channel></rss>"
    )


def files(*names: str, more: str = "") -> str:
    return "".join(f'[[source]]\nname = "{n}"\npath = "{n}.xml"\n{more}\n' for n in names)


def web(url: str = FEED, name: str = "blog", more: str = "") -> str:
    return f'[[source]]\nname = "{name}"\nurl = "{url}"\n{more}\n'


def entries(path: Path, file: str = "atom.xml") -> list[Any]:
    feed = feedparser.parse(BytesIO((path.parent / "public" / file).read_bytes()))
    assert not feed.bozo
    return list(feed.entries)


def ids(path: Path) -> list[str]:
    return [entry.id for entry in entries(path)]


def shown_by(path: Path) -> set[str]:
    """The last words of the titles."""
    return {entry.title.split()[-1] for entry in entries(path)}


def dates(path: Path) -> dict[str, tuple[str, str]]:
    return {entry.id: (entry.published, entry.updated) for entry in entries(path)}


def test_of_a_blog_that_moved_none_is_new(configure: Configure) -> None:
    path = configure(files("blog"))
    (path.parent / "blog.xml").write_text(rss(*map(item, range(20))))
    feedkit.build(path, now=NOW)
    before = dates(path)
    moved = [
        item(
            n,
            guid=f"https://new.example/?p={n + 700}",
            link=f"https://new.example/writing/{WORDS[n]}/",
            date=f"Mon, 01 Jun 2026 {n:02}:00:00 GMT",
        )
        for n in range(20)
    ]
    (path.parent / "blog.xml").write_text(rss(*moved))
    feedkit.build(path, now=NOW + DAY)
    assert {post: date for post, (date, _) in dates(path).items()} == {
        post: date for post, (date, _) in before.items()
    }
    assert entries(path)[0].link.startswith("https://new.example/writing/")
    # and the one that comes next is
    (path.parent / "blog.xml").write_text(
        rss(item(30, link="https://new.example/writing/news/", title="News of the day"), *moved)
    )
    feedkit.build(path, now=NOW + 2 * DAY)
    assert len(set(ids(path)) - before.keys()) == 1
    # and the whole way back changes no id either
    (path.parent / "blog.xml").write_text(rss(*map(item, range(20))))
    feedkit.build(path, now=NOW + 3 * DAY)
    assert set(ids(path)) == before.keys()


def test_a_step_to_https_makes_none_new(configure: Configure) -> None:
    path = configure(files("blog"))
    (path.parent / "blog.xml").write_text(rss(*map(item, range(2))))
    feedkit.build(path, now=NOW)
    before = ids(path)
    secure = rss(*map(item, range(2))).replace("http://blog", "https://www.blog")
    (path.parent / "blog.xml").write_text(secure)
    feedkit.build(path, now=NOW + DAY)
    assert ids(path) == before


def test_a_busy_feed_is_not_taken_for_one_that_moved(configure: Configure, the_web: TheWeb) -> None:
    path = configure(web())
    the_web.pages[FEED] = Reply(rss(*map(item, range(10))))
    feedkit.build(path, now=NOW)
    the_web.pages[FEED] = Reply(rss(*map(item, range(10, 20))))
    feedkit.build(path, now=NOW + DAY)
    assert len(set(ids(path))) == 20


def test_of_a_mass_edit_none_is_new_and_all_are_updated(configure: Configure) -> None:
    path = configure(files("blog"))
    (path.parent / "blog.xml").write_text(rss(*map(item, range(20))))
    feedkit.build(path, now=NOW)
    before = dates(path)
    edited = [item(n, body=f"<p>Wholly other words on {WORDS[n]}.</p>") for n in range(20)]
    (path.parent / "blog.xml").write_text(rss(*edited))
    feedkit.build(path, now=NOW + DAY)
    assert dates(path) == {
        post: (published, "2026-06-02T00:00:00Z") for post, (published, _) in before.items()
    }
    shown = dates(path)
    feedkit.build(path, now=NOW + 2 * DAY, force=True)
    assert dates(path) == shown


@pytest.mark.parametrize(
    ("change", "shows"),
    [
        ({"title": "Another title"}, True),
        ({"body": "<p>Another body</p>"}, True),
        ({"tags": ["a", "b"]}, True),
        (
            {"link": "http://blog.example/elsewhere", "guid": "http://blog.example/2024/lantern"},
            True,
        ),
        ({"more": '<enclosure url="http://blog.example/1.mp3" type="audio/mpeg"/>'}, True),
        (
            {"body": "<div><p>The lantern of number 1,\n and all that it has to say.</p></div>"},
            False,
        ),
        ({"date": "Tue, 02 Jun 2026 00:00:00 GMT"}, False),
    ],
    ids=lambda value: str(next(iter(value))) if isinstance(value, dict) else None,
)
def test_an_edit_that_a_reader_would_see_is_an_update(
    configure: Configure, change: dict[str, Any], shows: bool
) -> None:
    path = configure(files("blog"))
    (path.parent / "blog.xml").write_text(rss(item(1), item(2)))
    feedkit.build(path, now=NOW)
    before = dates(path)
    (path.parent / "blog.xml").write_text(rss(item(1, **change), item(2)))
    feedkit.build(path, now=NOW + DAY)
    one, two = before
    assert dates(path)[two] == before[two] or shows
    updated = {
        post for post, (_, updated) in dates(path).items() if updated.startswith("2026-06-02")
    }
    assert updated == ({"http://blog.example/2024/lantern"} if shows else set())
    assert one in dates(path)


def test_an_update_that_its_source_tells_is_the_one_that_shows(configure: Configure) -> None:
    path = configure(files("blog"))
    (path.parent / "blog.xml").write_text(rss(item(1)))
    feedkit.build(path, now=NOW)
    told = "<dcterms:modified>2026-06-01T12:00:00Z</dcterms:modified>"
    (path.parent / "blog.xml").write_text(rss(item(1, body="New", more=told)))
    feedkit.build(path, now=NOW + 5 * DAY)
    assert [entry.updated for entry in entries(path)] == ["2026-06-01T12:00:00Z"]


def test_a_post_that_is_read_in_another_way_is_not_edited(configure: Configure) -> None:
    body = '<p>A <a href="/relative">link</a></p>'
    path = configure(files("blog", more='base = "https://one.example/"'))
    (path.parent / "blog.xml").write_text(
        rss(item(1, body=body)).replace("https://blog.example/", "")
    )
    feedkit.build(path, now=NOW)
    before = dates(path)
    configure(files("blog", more='base = "https://two.example/"'))
    feedkit.build(path, now=NOW + DAY)
    assert "https://two.example/relative" in entries(path)[0].content[0].value
    assert dates(path) == before


def test_a_guid_that_is_repeated_only_later_stays_the_first_ones(configure: Configure) -> None:
    path = configure(files("blog"))
    first, second = (item(n, guid="http://blog.example/guid") for n in (1, 2))
    (path.parent / "blog.xml").write_text(rss(first))
    feedkit.build(path, now=NOW)
    (known,) = ids(path)
    (path.parent / "blog.xml").write_text(rss(second, first))
    feedkit.build(path, now=NOW + DAY)
    both = {entry.title: entry.id for entry in entries(path)}
    assert both["On the lantern"] == known
    assert len(set(both.values())) == 2
    for alone, title in (
        (first, "On the lantern"),
        (second, "On the orchard"),
        (first, "On the lantern"),
    ):
        (path.parent / "blog.xml").write_text(rss(alone))
        feedkit.build(path, now=NOW + 2 * DAY)
        assert {entry.title: entry.id for entry in entries(path)} == {title: both[title]}


def test_one_post_of_two_sources_is_one_by_its_address(configure: Configure) -> None:
    one = item(1, guid="urn:x:one", tags=["a"])
    two = item(
        1,
        guid="urn:x:two",
        link="https://www.blog.example/2024/lantern/?utm_source=planet#more",
        body="<p>Cut short […]</p>",
        tags=["A", "b"],
    )
    path = configure(files("one", "two"))
    (path.parent / "one.xml").write_text(rss(one))
    (path.parent / "two.xml").write_text(rss(two))
    feedkit.build(path, now=NOW)
    (entry,) = entries(path)
    assert (entry.id, [tag.term for tag in entry.tags]) == ("urn:x:one", ["a", "b"])
    assert "all that it has to say" in entry.content[0].value
    # when the preferred source has it no longer, the other's stands in, under the same id
    (path.parent / "one.xml").write_text(rss(item(7)))
    feedkit.build(path, now=NOW + DAY)
    assert {entry.id: "Cut short" in entry.content[0].value for entry in entries(path)} == {
        "urn:x:one": True,
        "http://blog.example/2024/thunder": False,
    }


def test_an_edit_of_a_body_that_stands_in_for_a_missing_one_is_an_update(
    configure: Configure,
) -> None:
    path = configure(files("one", "two"))
    bodiless = item(1, guid="urn:x:1").split("<description>")[0] + "</item>"
    (path.parent / "one.xml").write_text(rss(bodiless))
    (path.parent / "two.xml").write_text(rss(item(1, guid="urn:x:1", body="Some words")))
    feedkit.build(path, now=NOW)
    before = dates(path)
    (path.parent / "two.xml").write_text(rss(item(1, guid="urn:x:1", body="Other words")))
    feedkit.build(path, now=NOW + DAY)
    assert "Other words" in str(entries(path))
    assert dates(path)["urn:x:1"] == (before["urn:x:1"][0], "2026-06-02T00:00:00Z")


def test_the_id_that_was_published_first_stays_whichever_source_is_preferred(
    configure: Configure,
) -> None:
    path = configure(files("one", "two"))
    (path.parent / "one.xml").write_text(rss(item(7)))
    (path.parent / "two.xml").write_text(rss(item(1, guid="urn:x:two", body="Planet")))
    feedkit.build(path, now=NOW)
    (path.parent / "one.xml").write_text(rss(item(7), item(1, guid="urn:x:one")))
    feedkit.build(path, now=NOW + DAY)
    assert set(ids(path)) == {"http://blog.example/2024/thunder", "urn:x:two"}
    assert not any("Planet" in str(entry) for entry in entries(path))
    feedkit.build(path, now=NOW + 2 * DAY, force=True)
    assert set(ids(path)) == {"http://blog.example/2024/thunder", "urn:x:two"}


def test_posts_of_one_address_stay_several_when_so_configured(configure: Configure) -> None:
    path = configure(files("one", "two"), site="merge = false")
    for name in ("one", "two"):
        (path.parent / f"{name}.xml").write_text(rss(item(1, guid=f"urn:x:{name}")))
    feedkit.build(path, now=NOW)
    assert set(ids(path)) == {"urn:x:one", "urn:x:two"}


def test_posts_of_one_title_or_of_a_home_page_are_never_one(configure: Configure) -> None:
    path = configure(files("one", "two", "three"))
    (path.parent / "one.xml").write_text(rss(item(1, guid="urn:x:1", link="https://a.example/")))
    (path.parent / "two.xml").write_text(rss(item(1, guid="urn:x:2", link="https://a.example/")))
    (path.parent / "three.xml").write_text(rss(item(1, link="https://b.example/same-title")))
    feedkit.build(path, now=NOW)
    assert len(ids(path)) == 3


def test_posts_that_follow_each_other_at_one_address_stay_several(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(web())
    menu = "http://blog.example/menu"
    menus = (
        "Soup of leek and cream, then a long plate of pickled beets with rye and butter",
        "Roast heron without potatoes, a jug of small beer, and cherries for whoever stays",
    )
    for week, words in enumerate(menus):
        one = item(
            7 * week + 3,
            guid=f"urn:x:{week}",
            link=menu,
            title=words.split()[0],
            body=f"<p>{words}</p>",
        )
        the_web.pages[FEED] = Reply(rss(one))
        feedkit.build(path, now=NOW + 7 * week * DAY)
    assert set(ids(path)) == {"urn:x:0", "urn:x:1"}


def test_an_empty_feed_follows_the_configuration_too(configure: Configure) -> None:
    path = configure(files("blog"))
    (path.parent / "blog.xml").write_text(rss(item(1, tags=["gone"])))
    feedkit.build(path, now=NOW)
    (path.parent / "blog.xml").write_text(rss(item(1, tags=["a"])))
    feedkit.build(path, now=NOW)
    configure(files("blog"), site='language = "sv"')
    report = feedkit.build(path, now=NOW)
    assert "tag/gone/atom.xml" in report.written
    assert b'xml:lang="sv"' in (path.parent / "public/tag/gone/atom.xml").read_bytes()


def test_what_a_server_no_longer_lists_is_kept(configure: Configure, the_web: TheWeb) -> None:
    path = configure(web())
    listed = [item(n) for n in range(9)]
    for day in range(7):
        the_web.pages[FEED] = Reply(rss(*listed[day : day + 3]))
        feedkit.build(path, now=NOW + day * DAY)
    assert len(ids(path)) == 9
    assert len(entries(path, "tag/a/atom.xml")) == 9
    report = feedkit.build(path, now=NOW + 8 * DAY, force=True)
    assert (report.posts, report.written) == (3, ())


@pytest.mark.parametrize(("rule", "left"), [("posts = 2", 5), ("posts = 0", 3), ('age = "11d"', 5)])
def test_history_is_kept_by_count_and_age_and_first_seen_for_good(
    configure: Configure, the_web: TheWeb, rule: str, left: int
) -> None:
    path = configure(f"[history]\n{rule}\n{web()}")
    dated = [item(n, date=f"{n + 20} May 2026 00:00:00 GMT") for n in range(8)]
    first = rss(*dated[:3], item(9, date="no date at all"))
    the_web.pages[FEED] = Reply(first)
    feedkit.build(path, now=NOW)
    seen = dates(path)
    the_web.pages[FEED] = Reply(rss(*dated[5:]))
    feedkit.build(path, now=NOW + DAY)
    assert len(ids(path)) == left
    # of what is no longer listed, the newest: that without a date counts from when it was seen
    newest = [
        f"http://blog.example/2024/{word}" for word in (WORDS[9], WORDS[2], WORDS[1], WORDS[0])
    ]
    assert [post for post in ids(path) if post in newest] == newest[: left - 3]
    the_web.pages[FEED] = Reply(first)
    feedkit.build(path, now=NOW + 2 * DAY)
    assert {post: date for post, date in dates(path).items() if post in seen} == seen


def test_history_grows_old_while_its_source_says_nothing_new(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(f'[history]\nage = "10d"\n{web()}')
    the_web.pages[FEED] = Reply(rss(item(1, date="01 Jun 2026 00:00:00 GMT")))
    feedkit.build(path, now=NOW)
    the_web.pages[FEED] = Reply(rss(item(2, date="02 Jun 2026 00:00:00 GMT")))
    feedkit.build(path, now=NOW + DAY)
    assert len(ids(path)) == 2
    feedkit.build(path, now=NOW + 9 * DAY)
    assert len(ids(path)) == 2
    feedkit.build(path, now=NOW + 12 * DAY)
    assert ids(path) == ["http://blog.example/2024/orchard"]


def test_a_feed_that_is_complete_and_a_file_have_no_history(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(web() + files("file"))
    the_web.pages[FEED] = Reply(rss(item(1), item(2), head="<fh:complete/>"))
    (path.parent / "file.xml").write_text(rss(item(3), item(4)))
    feedkit.build(path, now=NOW)
    the_web.pages[FEED] = Reply(rss(item(1), head="<fh:complete/>"))
    (path.parent / "file.xml").write_text(rss(item(3)))
    feedkit.build(path, now=NOW + DAY)
    assert len(ids(path)) == 2


def test_a_limit_counts_what_is_kept_and_frees_places(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(web(more="limit = 3") + files("file", more="limit = 2"))
    the_web.pages[FEED] = Reply(rss(item(1), item(2)))
    (path.parent / "file.xml").write_text(rss(item(11), item(12), item(13)))
    feedkit.build(path, now=NOW)
    assert shown_by(path) == {"lantern", "orchard", WORDS[12], WORDS[13]}
    the_web.pages[FEED] = Reply(rss(item(3), item(4)))
    (path.parent / "file.xml").write_text(rss(item(11), item(12)))
    feedkit.build(path, now=NOW + DAY)
    assert shown_by(path) == {"orchard", "gravel", "whistle", WORDS[11], WORDS[12]}
    configure(web() + files("file", more="limit = 1"))
    feedkit.build(path, now=NOW + DAY)
    assert shown_by(path) == {"lantern", "orchard", "gravel", "whistle", WORDS[12]}


def test_a_source_that_is_taken_out_takes_its_posts_and_dates_stay(
    configure: Configure, the_web: TheWeb
) -> None:
    both = web() + files("file")
    path = configure(both)
    the_web.pages[FEED] = Reply(rss(item(1, date="none")), headers={"ETag": '"1"'})
    (path.parent / "file.xml").write_text(rss(item(2)))
    feedkit.build(path, now=NOW)
    before = dates(path)
    configure(files("file"))
    feedkit.build(path, now=NOW + DAY)
    assert ids(path) == ["http://blog.example/2024/orchard"]
    configure(both)
    feedkit.build(path, now=NOW + 2 * DAY)
    assert dates(path) == before


def test_the_address_of_a_source_may_change(configure: Configure, the_web: TheWeb) -> None:
    path = configure(web())
    the_web.pages[FEED] = Reply(rss(item(1), item(2)))
    feedkit.build(path, now=NOW)
    before = dates(path)
    other = f"http://{OTHER}/feed"
    the_web.pages[other] = Reply(rss(item(1), item(2)))
    configure(web(other))
    feedkit.build(path, now=NOW + DAY)
    assert dates(path) == before


def test_a_feed_that_is_no_longer_wanted_does_not_stay_to_be_made(configure: Configure) -> None:
    path = configure(files("blog"))
    (path.parent / "blog.xml").write_text(rss(item(1, tags=["a", "b"])))
    feedkit.build(path, now=NOW)
    configure(files("blog") + "[tags]\nignore = ['b']\n")
    feedkit.build(path, now=NOW)
    with open_store(path.parent / ".feedkit.db") as store:
        assert store.series.stale() == set()
    # and is made anew once it is wanted again
    (path.parent / "blog.xml").write_text(rss(item(1, title="Changed", tags=["a", "b"])))
    feedkit.build(path, now=NOW)
    configure(files("blog"))
    feedkit.build(path, now=NOW)
    assert [entry.title for entry in entries(path, "tag/b/atom.xml")] == ["Changed"]


def test_a_rule_is_kept_up_by_what_changes(configure: Configure) -> None:
    rule = "[[feed]]\nname = 'x'\nwhere = 'a and not b'\n"
    path = configure(files("blog") + rule)
    (path.parent / "blog.xml").write_text(rss(item(1), item(2, tags=["a", "b"])))
    feedkit.build(path, now=NOW)
    file = "feed/x/atom.xml"
    assert [entry.title for entry in entries(path, file)] == ["On the lantern"]
    (path.parent / "blog.xml").write_text(rss(item(1, tags=["a", "b"]), item(2)))
    report = feedkit.build(path, now=NOW + DAY)
    assert [entry.title for entry in entries(path, file)] == ["On the orchard"]
    assert file in report.written
    configure(files("blog") + rule.replace("not ", ""))
    feedkit.build(path, now=NOW + DAY)
    assert [entry.title for entry in entries(path, file)] == ["On the lantern"]


@pytest.mark.parametrize("by", ["id", "address"])
def test_a_post_that_is_forgotten_is_down_everywhere_for_good(
    configure: Configure, the_web: TheWeb, by: str
) -> None:
    path = configure(web() + files("file"))
    the_web.pages[FEED] = Reply(rss(item(1, guid="urn:x:1"), item(2)))
    (path.parent / "file.xml").write_text(rss(item(1, guid="urn:x:other", tags=["b"])))
    feedkit.build(path, now=NOW)
    given = {"id": "urn:x:1", "address": "https://www.blog.example/2024/lantern/?utm_source=x"}
    done = forget(path, [given[by], "urn:x:never"], now=NOW)
    assert (done.known, done.unknown) == (("urn:x:1",), ("urn:x:never",))
    assert {"atom.xml", "tag/b/atom.xml", "tag/a/rss.xml"} <= set(done.report.written)
    for day in (1, 2):
        assert ids(path) == ["http://blog.example/2024/orchard"]
        for file in (path.parent / "public").rglob("*.xml"):
            assert b"lantern" not in file.read_bytes()
        # nor does it come back under another id, or when all is read anew
        the_web.pages[FEED] = Reply(rss(item(1, guid=f"urn:x:new-{day}"), item(2)))
        feedkit.build(path, now=NOW + day * DAY, force=day > 1)
    forget(path, ["urn:x:1"], undo=True, now=NOW + 3 * DAY)
    assert len(ids(path)) == 1
    feedkit.build(path, now=NOW + 3 * DAY)
    assert set(ids(path)) == {"urn:x:1", "http://blog.example/2024/orchard"}


def test_a_dry_run_tells_what_would_be_and_leaves_everything(
    configure: Configure, the_web: TheWeb
) -> None:
    path = configure(web() + files("file"))
    the_web.pages[FEED] = Reply(rss(item(1)))
    (path.parent / "file.xml").write_text(rss(item(2)))
    report = feedkit.build(path, now=NOW, dry_run=True)
    assert len(report.written) == 4
    assert sorted(file.name for file in path.parent.iterdir()) == ["feedkit.toml", "file.xml"]
    feedkit.build(path, now=NOW)
    before = {file: file.read_bytes() for file in path.parent.rglob("*") if file.is_file()}
    (path.parent / "file.xml").write_text(rss(item(2), item(3, tags=["new"])))
    before[path.parent / "file.xml"] = (path.parent / "file.xml").read_bytes()
    report = feedkit.build(path, now=NOW + DAY, dry_run=True)
    assert set(report.written) == {
        f"{folder}{name}.xml" for folder in ("", "tag/a/", "tag/new/") for name in ("atom", "rss")
    } - {"tag/a/atom.xml", "tag/a/rss.xml"}
    after = {file: file.read_bytes() for file in path.parent.rglob("*") if file.is_file()}
    assert after == before
    assert feedkit.build(path, now=NOW + DAY).written == report.written
