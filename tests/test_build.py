"""A whole build: from configured sources to files, again and again."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import feedparser
import pytest

import feedkit
from feedkit.errors import ConfigError, ModelError, PublishError

EXAMPLE = Path(__file__).parents[1] / "examples" / "backend"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
ARCHIVE = "Tag archive: backend\nJun 22, 2023\nOne\nx\nFeb 21, 2023\nTwo\ny\n"

Configure = Callable[..., Path]


def rss(*items: str, title: str = "Blog") -> str:
    body = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<rss version="2.0"><channel><title>{title}</title><link>https://blog.example/</link>'
        f"<description/>{body}</channel></rss>"
    )


def item(number: int, *tags: str, date: str = "", more: str = "") -> str:
    date = f"<pubDate>{date}</pubDate>" if date else ""
    categories = "".join(f"<category>{tag}</category>" for tag in tags)
    return (
        f"<title>Post {number}</title><guid>https://blog.example/{number}</guid>"
        f"{date}{categories}{more}"
    )


def source(path: str = "feed.xml", more: str = "") -> str:
    return f'[[source]]\nname = "{path}"\npath = "{path}"\n{more}\n'


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """What a rebuild must not touch: inode, time and bytes of each file, times of folders."""
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_ino,
            path.stat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in folder.rglob("*")
    }


def read_back(path: Path) -> Any:
    result = feedparser.parse(BytesIO(path.read_bytes()))
    assert not result.bozo
    return result


def titles(path: Path) -> list[str]:
    return [entry.title for entry in read_back(path).entries]


def test_the_example_builds_feeds_for_each_tag_and_rule(tmp_path: Path) -> None:
    folder = tmp_path / "backend"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("public", ".feedkit.db*"))
    report = feedkit.build(folder, now=NOW)
    assert report.exit_code == 0
    assert report.problems == ()
    assert [source.posts for source in report.sources] == [5, 3, 2]
    slugs = {path.name for path in (folder / "public" / "tag").iterdir()}
    assert slugs == {
        "backend", "cplusplus", "kubernetes", "object-storage", "observability", "podcast",
        "postgresql",
    }  # fmt: skip
    backend = titles(folder / "public" / "tag" / "backend" / "rss.xml")
    assert len(backend) == 9
    assert backend[0] == "Reading kubectl describe like a detective"
    storage = folder / "public" / "feed" / "storage" / "atom.xml"
    assert titles(storage) == ["Index-only scans & other good news", "A vacuum of one's own"]


def test_a_second_build_writes_nothing_whatever_the_clock_says(configure: Configure) -> None:
    future = "Fri, 05 Jun 2026 00:00:00 GMT"
    path = configure(source() + source("archive.txt"))
    dated = item(1, "a", date="Sat, 07 Sep 2024 00:00:01 GMT")
    ahead = item(3, "b", date=future, more="<dc:date>2100-01-01</dc:date>")
    document = rss(dated, item(2, "a", "b"), ahead, item(4), item(4))
    (path.parent / "feed.xml").write_text(document)
    (path.parent / "archive.txt").write_text(ARCHIVE)
    first = feedkit.build(path, now=NOW)
    assert len(first.written) == 8
    before = state(path.parent)
    for later in (timedelta(0), timedelta(days=1), timedelta(days=10), timedelta(days=36500)):
        report = feedkit.build(path, now=NOW + later)
        assert report.written == report.removed == ()
        assert report.unchanged == 8
        assert state(path.parent) == before


def test_a_missing_or_future_date_becomes_the_time_it_was_first_seen(configure: Configure) -> None:
    path = configure(source())
    ahead = item(3, date="Fri, 05 Jun 2026 00:00:00 GMT")
    soon = item(4, date="Mon, 01 Jun 2026 20:00:00 GMT")
    (path.parent / "feed.xml").write_text(rss(item(2), ahead, soon))
    feedkit.build(path, now=NOW)
    # a date that comes later than the post moves nothing
    late = item(2, date="Sat, 07 Sep 2024 00:00:01 GMT")
    (path.parent / "feed.xml").write_text(rss(late, ahead, soon))
    feedkit.build(path, now=NOW + timedelta(days=7))
    entries = read_back(path.parent / "public" / "atom.xml").entries
    assert {entry.title: entry.published for entry in entries} == {
        "Post 2": "2026-06-01T00:00:00Z",
        "Post 3": "2026-06-01T00:00:00Z",
        "Post 4": "2026-06-01T20:00:00Z",
    }


def test_with_one_new_post_only_the_feeds_that_hold_it_change(configure: Configure) -> None:
    path = configure(source())
    date = "Sat, 07 Sep 2024 00:00:01 GMT"
    old = [item(1, "a", date=date), item(2, "b", date=date)]
    (path.parent / "feed.xml").write_text(rss(*old))
    feedkit.build(path, now=NOW)
    before = state(path.parent / "public")
    (path.parent / "feed.xml").write_text(rss(item(3, "b"), *old))
    report = feedkit.build(path, now=NOW + timedelta(days=1))
    assert set(report.written) == {"atom.xml", "rss.xml", "tag/b/atom.xml", "tag/b/rss.xml"}
    after = state(path.parent / "public")
    for file in ("tag/a/atom.xml", "tag/a/rss.xml", "tag/a"):
        assert after[file] == before[file]
    assert titles(path.parent / "public" / "tag" / "b" / "rss.xml") == ["Post 3", "Post 2"]


@pytest.mark.parametrize(
    "broken", ["<html>not a feed</html>", "", rss()], ids=["page", "nothing", "emptied"]
)
def test_a_source_that_fails_or_empties_keeps_its_last_good_posts(
    configure: Configure, broken: str
) -> None:
    path = configure(source("good.xml") + source("bad.xml", 'fail_after = "2d"'))
    (path.parent / "good.xml").write_text(rss(item(1, "a"), title="Good"))
    (path.parent / "bad.xml").write_text(rss(item(2, "b"), title="Bad"))
    feedkit.build(path, now=NOW)
    before = state(path.parent / "public")
    (path.parent / "bad.xml").write_text(broken)
    assert feedkit.build(path, now=NOW).exit_code == 0
    report = feedkit.build(path, now=NOW + timedelta(days=3))
    fails = broken != rss()
    assert report.exit_code == int(fails)
    assert bool(report.sources[1].error) == fails
    assert [source.posts for source in report.sources] == [1, 1]
    assert state(path.parent / "public") == before
    (path.parent / "bad.xml").write_text(rss(item(2, "b"), title="Bad"))
    assert feedkit.build(path, now=NOW + timedelta(days=4)).sources[1].failing_since is None


def test_a_source_that_never_worked_leaves_the_others_published(configure: Configure) -> None:
    path = configure(source("good.xml") + source("bad.xml", 'fail_after = "0s"'))
    (path.parent / "good.xml").write_text(rss(item(1, "a")))
    (path.parent / "bad.xml").write_text("no feed")
    report = feedkit.build(path, now=NOW)
    assert report.exit_code == 1
    assert "no feed and no tag archive" in report.sources[1].error
    assert titles(path.parent / "public" / "tag" / "a" / "atom.xml") == ["Post 1"]


def test_a_path_that_never_named_anything_is_a_mistake_and_later_a_failure(
    configure: Configure,
) -> None:
    path = configure(source())
    with pytest.raises(ConfigError, match=r"feedkit.toml: source\[1\].path: nothing there"):
        feedkit.build(path)
    (path.parent / "feed.xml").write_text(rss(item(1)))
    feedkit.build(path, now=NOW)
    (path.parent / "feed.xml").unlink()
    report = feedkit.build(path, now=NOW)
    assert report.exit_code == 0
    assert "nothing is there to read" in report.sources[0].error
    assert titles(path.parent / "public" / "atom.xml") == ["Post 1"]


def test_one_bad_file_of_a_folder_costs_only_itself(configure: Configure) -> None:
    path = configure(source("feeds"))
    (path.parent / "feeds" / "deep").mkdir(parents=True)
    (path.parent / "feeds" / "a.xml").write_text(rss(item(1, "a")))
    (path.parent / "feeds" / "deep" / "b.txt").write_text(ARCHIVE)
    (path.parent / "feeds" / "notes.md").write_text("# no feed")
    report = feedkit.build(path, now=NOW)
    assert report.posts == 3
    assert [problem.subject for problem in report.problems] == ["feeds/notes.md"]
    (path.parent / "feeds" / "a.xml").write_text("broken")
    assert feedkit.build(path, now=NOW).written == ()
    (path.parent / "feeds" / "a.xml").unlink()
    assert "atom.xml" in feedkit.build(path, now=NOW).written


def test_a_tag_that_empties_keeps_a_valid_empty_feed(configure: Configure) -> None:
    path = configure(source())
    (path.parent / "feed.xml").write_text(rss(item(1, "Gone"), item(2, "stays")))
    feedkit.build(path, now=NOW)
    (path.parent / "feed.xml").write_text(rss(item(2, "stays")))
    for later in (1, 2):
        feedkit.build(path, now=NOW + timedelta(days=later))
        for name in ("atom.xml", "rss.xml"):
            gone = read_back(path.parent / "public" / "tag" / "gone" / name)
            assert gone.entries == []
            assert gone.feed.title == "Site: Gone"
            assert gone.feed.updated in ("2026-06-01T00:00:00Z", "Mon, 01 Jun 2026 00:00:00 +0000")


def test_what_no_configuration_asks_for_any_longer_is_removed(configure: Configure) -> None:
    path = configure(source() + "[[feed]]\nname = 'ab'\nwhere = 'a and b'\n")
    (path.parent / "feed.xml").write_text(rss(item(1, "a", "b")))
    feedkit.build(path, now=NOW)
    (path.parent / "public" / "tag" / "own.html").write_text("mine")
    configure(source() + "[tags]\nignore = ['b']\n", site='formats = ["rss"]')
    report = feedkit.build(path, now=NOW)
    left = {p for p, (_, _, data) in state(path.parent / "public").items() if data}
    assert left == {"rss.xml", "tag/a/rss.xml", "tag/own.html"}
    assert len(report.removed) == 6
    assert feedkit.build(path, now=NOW).removed == ()


def test_files_that_are_not_feedkits_are_never_replaced(configure: Configure) -> None:
    path = configure(source())
    (path.parent / "feed.xml").write_text(rss(item(1, "a")))
    (path.parent / "public").mkdir()
    (path.parent / "public" / "atom.xml").write_text("mine")
    report = feedkit.build(path, now=NOW)
    assert report.exit_code == 1
    assert [problem.subject for problem in report.problems] == [
        str(path.parent / "public" / "atom.xml")
    ]
    assert (path.parent / "public" / "atom.xml").read_text() == "mine"
    assert titles(path.parent / "public" / "rss.xml") == ["Post 1"]
    configure(source(), site='formats = ["rss"]')
    feedkit.build(path, now=NOW)
    assert (path.parent / "public" / "atom.xml").read_text() == "mine"


def test_output_that_was_changed_or_deleted_by_others_is_made_anew(configure: Configure) -> None:
    path = configure(source())
    (path.parent / "feed.xml").write_text(rss(item(1, "a")))
    feedkit.build(path, now=NOW)
    before = {name: data for name, (_, _, data) in state(path.parent / "public").items()}
    (path.parent / "public" / "atom.xml").write_text("vandalised")
    (path.parent / "public" / "tag" / "a" / "rss.xml").unlink()
    report = feedkit.build(path, now=NOW)
    assert set(report.written) == {"atom.xml", "tag/a/rss.xml"}
    assert {n: data for n, (_, _, data) in state(path.parent / "public").items()} == before


def test_when_all_files_of_a_folder_fail_nothing_moves(configure: Configure) -> None:
    path = configure(source("feeds"))
    date = "Sat, 07 Sep 2024 00:00:01 GMT"
    files = [path.parent / "feeds" / name for name in ("a.xml", "a/x.xml", "b.xml")]
    for number, file in enumerate(files):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(rss(item(number, "t", date=date), title=str(number)))
    feedkit.build(path, now=NOW)
    before = state(path.parent / "public")
    files[2].unlink()
    for file in files[:2]:
        file.write_text("broken")
    report = feedkit.build(path, now=NOW)
    assert report.posts == 2
    assert "Post 2" not in titles(path.parent / "public" / "atom.xml")
    files[2].write_text(rss(item(2, "t", date=date), title="2"))
    feedkit.build(path, now=NOW)
    assert {p: s[2] for p, s in state(path.parent / "public").items()} == {
        p: s[2] for p, s in before.items()
    }


def test_a_lost_state_file_finds_the_same_output_again(configure: Configure) -> None:
    path = configure(source("archive.txt"))
    (path.parent / "archive.txt").write_text(ARCHIVE)
    feedkit.build(path, now=NOW)
    before = state(path.parent / "public")
    (path.parent / ".feedkit.db").unlink()
    assert feedkit.build(path, now=NOW).exit_code == 0
    assert state(path.parent / "public") == before


def test_an_output_folder_that_cannot_be_written_changes_nothing(configure: Configure) -> None:
    path = configure(source(), site='out = "file/public"')
    (path.parent / "feed.xml").write_text(rss(item(1, "a")))
    (path.parent / "file").write_text("in the way")
    with pytest.raises(PublishError, match="file/public"):
        feedkit.build(path, now=NOW)
    assert (path.parent / "file").read_text() == "in the way"
    assert feedkit.build(path, out=path.parent / "elsewhere", now=NOW).exit_code == 0


def test_the_same_post_in_two_sources_is_one_with_the_tags_of_both(configure: Configure) -> None:
    path = configure(source("one.xml") + source("two.xml", 'tags = ["added"]'))
    (path.parent / "one.xml").write_text(rss(item(1, "a", date="Sat, 07 Sep 2024 00:00:01 GMT")))
    (path.parent / "two.xml").write_text(rss(item(1, "b")))
    assert feedkit.build(path, now=NOW).posts == 2
    (entry,) = read_back(path.parent / "public" / "atom.xml").entries
    assert [tag.term for tag in entry.tags] == ["a", "b", "added"]
    assert feedkit.build(path, now=NOW + timedelta(days=1)).written == ()


def test_a_post_is_dated_by_whichever_source_tells_its_date(configure: Configure) -> None:
    path = configure(source("one.xml") + source("two.xml"))
    date = "Sat, 07 Sep 2024 00:00:01 GMT"
    (path.parent / "one.xml").write_text(rss(item(1)))
    (path.parent / "two.xml").write_text(rss(item(1, date=date)))
    feedkit.build(path, now=NOW)
    (entry,) = read_back(path.parent / "public" / "atom.xml").entries
    assert entry.published == "2024-09-07T00:00:01Z"
    (path.parent / "two.xml").write_text(rss(item(1)))
    assert feedkit.build(path, now=NOW + timedelta(days=1)).written == ()


def test_an_old_address_shows_what_its_tag_became_an_alias_of(configure: Configure) -> None:
    path = configure(source())
    (path.parent / "feed.xml").write_text(rss(item(1, "Postgres"), item(2, "PostgreSQL")))
    feedkit.build(path, now=NOW)
    configure(source() + "[tags]\naliases = { postgres = 'PostgreSQL' }\n")
    feedkit.build(path, now=NOW)
    for slug in ("postgres", "postgresql"):
        file = path.parent / "public" / "tag" / slug / "rss.xml"
        assert titles(file) == ["Post 1", "Post 2"]


def test_a_document_that_is_cut_off_keeps_its_last_good_posts(configure: Configure) -> None:
    path = configure(source())
    whole = rss(item(1, "a"), item(2, "a"), item(3, "b"))
    (path.parent / "feed.xml").write_text(whole)
    feedkit.build(path, now=NOW)
    (path.parent / "feed.xml").write_text(whole[: len(whole) * 2 // 3])
    report = feedkit.build(path, now=NOW)
    assert (report.posts, report.written) == (3, ())
    assert "is cut off; its last good posts stand in" in report.problems[-1].reason


def test_the_output_can_be_moved_and_a_new_post_still_gets_in(configure: Configure) -> None:
    path = configure(source())
    (path.parent / "feed.xml").write_text(rss(item(1, "a")))
    feedkit.build(path, now=NOW)
    (path.parent / "public").rename(path.parent / "www")
    configure(source(), site='out = "www"')
    (path.parent / "feed.xml").write_text(rss(item(2, "a"), item(1, "a")))
    report = feedkit.build(path, now=NOW)
    assert (report.exit_code, len(report.written)) == (0, 4)
    assert titles(path.parent / "www" / "tag" / "a" / "atom.xml") == ["Post 2", "Post 1"]


def test_a_source_never_reads_what_feedkit_writes(configure: Configure) -> None:
    path = configure('[[source]]\nname = "here"\npath = "."\n')
    (path.parent / "feed.xml").write_text(rss(item(1, "a")))
    for _ in range(2):
        report = feedkit.build(path, now=NOW)
        assert (report.posts, report.problems) == (1, ())


def test_what_a_feed_could_not_say_is_in_the_report(configure: Configure) -> None:
    path = configure(source() + source("archive.txt") + "[tags]\nonly = ['a', 'tpyo']\n")
    (path.parent / "feed.xml").write_text(rss(item(1, "a", date="yesterday")))
    (path.parent / "archive.txt").write_text(ARCHIVE + "Jan 1, 2020\n")
    assert [str(problem) for problem in feedkit.build(path, now=NOW).problems] == [
        "feed.xml, entry 1: its date can't be read: 'yesterday'",
        "archive.txt, line 8: nothing follows the date 'Jan 1, 2020'; left out",
        "tags.only: no post has the tag 'tpyo'",
    ]


def test_a_link_template_gives_addresses_and_changes_no_id(configure: Configure) -> None:
    template = 'link = "https://blog.example/{published:%Y/%m/%d}/{slug}/"'
    path = configure(source("archive.txt", 'timezone = "Europe/Stockholm"'))
    (path.parent / "archive.txt").write_text(ARCHIVE)
    feedkit.build(path, now=NOW)
    without = read_back(path.parent / "public" / "tag" / "backend" / "atom.xml").entries
    configure(source("archive.txt", f'timezone = "Europe/Stockholm"\n{template}'))
    feedkit.build(path, now=NOW)
    entries = read_back(path.parent / "public" / "tag" / "backend" / "atom.xml").entries
    assert [entry.id for entry in entries] == [entry.id for entry in without]
    assert [entry.link for entry in entries] == [
        "https://blog.example/2023/06/22/one/",
        "https://blog.example/2023/02/21/two/",
    ]
    assert entries[0].published == "2023-06-21T22:00:00Z"


def test_the_time_a_post_was_first_seen_makes_no_address(configure: Configure) -> None:
    path = configure(source("feed.xml", 'link = "https://b.example/{published:%Y}/{slug}/"'))
    (path.parent / "feed.xml").write_text(
        "<rss><channel><item><title>None</title></item><item><title>One</title>"
        "<pubDate>Sat, 07 Sep 2024 00:00:01 GMT</pubDate></item></channel></rss>"
    )
    feedkit.build(path, now=NOW)
    result = read_back(path.parent / "public" / "rss.xml")
    assert [entry.get("link") for entry in result.entries] == [None, "https://b.example/2024/one/"]


def test_labels_aliases_rules_and_limits(configure: Configure) -> None:
    rules = (
        '[tags]\naliases = { k8s = "Kubernetes" }\nmin_posts = 2\nignore = ["Noise"]\n'
        "[[feed]]\nname = 'few'\nwhere = 'kubernetes and not noise'\nlimit = 1\n"
    )
    path = configure(source("feed.xml", "limit = 3") + rules, site="limit = 2")
    posts = [
        item(n, *tags, date=f"Sat, 0{n} Jun 2024 00:00:00 GMT")
        for n, tags in ((4, ("K8S", "noise")), (3, ("k8s",)), (2, ("KUBERNETES", "noise")))
    ]
    (path.parent / "feed.xml").write_text(rss(*posts, item(1, "old")))
    report = feedkit.build(path, now=NOW)
    public = path.parent / "public"
    # the undated post is the newest, so the limit of three leaves the oldest out
    assert report.feeds == 3
    assert titles(public / "rss.xml") == ["Post 1", "Post 4"]
    assert titles(public / "tag" / "kubernetes" / "atom.xml") == ["Post 4", "Post 3"]
    assert read_back(public / "tag" / "kubernetes" / "rss.xml").feed.title == "Site: Kubernetes"
    assert titles(public / "feed" / "few" / "rss.xml") == ["Post 3"]
    # a label keeps its first spelling, a tag its feed, although fewer posts have it now
    (path.parent / "feed.xml").write_text(rss(item(9, "KUBERNETES")))
    feedkit.build(path, now=NOW)
    assert read_back(public / "tag" / "kubernetes" / "rss.xml").feed.title == "Site: Kubernetes"


def test_feeds_say_where_they_are_and_where_posts_came_from(configure: Configure) -> None:
    path = configure(source(), site='id = "tag:feeds.example,2026:"\nlanguage = "en"')
    (path.parent / "feed.xml").write_text(rss(item(1, "a b")))
    feedkit.build(path, now=NOW)
    atom = read_back(path.parent / "public" / "tag" / "a-b" / "atom.xml")
    assert atom.feed.id == "tag:feeds.example,2026:tag/a-b"
    assert {"self": "https://feeds.example/tag/a-b/atom.xml"}.items() <= {
        link.rel: link.href for link in atom.feed.links
    }.items()
    assert atom.entries[0].source.title == "Blog"
    rss_feed = read_back(path.parent / "public" / "tag" / "a-b" / "rss.xml")
    assert rss_feed.feed.links[-1].href == "https://feeds.example/tag/a-b/rss.xml"


def test_ids_begin_with_the_first_address_even_after_a_move(configure: Configure) -> None:
    path = configure(source())
    (path.parent / "feed.xml").write_text(rss(item(1)))
    feedkit.build(path, now=NOW)
    moved = path.read_text().replace("https://feeds.example/", "https://moved.example")
    path.write_text(moved)
    feedkit.build(path, now=NOW)
    feed = read_back(path.parent / "public" / "atom.xml").feed
    assert feed.id == "https://feeds.example/"
    assert feed.links[0].href == "https://moved.example/atom.xml"


def test_excerpts_and_players_follow_the_configuration(configure: Configure) -> None:
    player = '&lt;iframe src="https://www.youtube.com/embed/x"&gt;&lt;/iframe&gt;'
    body = f"<description>&lt;p&gt;{'word ' * 100}&lt;/p&gt;{player}</description>"
    path = configure(source())
    (path.parent / "feed.xml").write_text(rss(item(1, more=body)))
    feedkit.build(path, now=NOW)
    full = (path.parent / "public" / "rss.xml").read_text()
    assert "iframe" not in full
    assert "https://www.youtube.com/embed/x" in full
    configure(source(), site='embeds = "keep"')
    feedkit.build(path, now=NOW)
    assert "iframe" in (path.parent / "public" / "rss.xml").read_text()
    configure(source(), site='content = "excerpt"')
    feedkit.build(path, now=NOW)
    entry = read_back(path.parent / "public" / "rss.xml").entries[0]
    assert entry.summary.endswith("word […]")
    assert len(entry.summary) < 320


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder and the address it is served under."""
    folder = tmp_path_factory.mktemp("served")

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(folder))

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_address_is_a_source_like_a_file(configure: Configure, served: tuple[Path, str]) -> None:
    folder, root = served
    link = "<link>/relative</link><guid isPermaLink='false'>1</guid>"
    (folder / "feed.xml").write_text(rss(f"<title>One</title>{link}<category>a</category>"))
    there = f'[[source]]\nname = "web"\nprivate = true\nurl = "{root}/feed.xml"\n'
    gone = f'[[source]]\nname = "gone"\nprivate = true\nurl = "{root}/gone.xml"\n'
    path = configure(there + gone)
    report = feedkit.build(path, now=NOW)
    assert report.exit_code == 0
    assert [source.posts for source in report.sources] == [1, 0]
    assert "404" in report.sources[1].error
    (entry,) = read_back(path.parent / "public" / "tag" / "a" / "atom.xml").entries
    assert entry.link == f"{root}/relative"
    # the id is made over the source's name: where it was fetched from does not count
    read = feedkit.read(f"{root}/feed.xml", name="web", private=True)
    assert [post.id for post in read.posts] == [entry.id]
    assert [post.id for post in feedkit.read(folder / "feed.xml", name="web").posts] == [entry.id]
    before = state(path.parent / "public")
    (folder / "feed.xml").unlink()
    later = feedkit.build(path, now=NOW + timedelta(days=2)).sources[0]
    assert (later.posts, "404" in later.error) == (1, True)
    assert state(path.parent / "public") == before


def test_progress_is_told_from_beginning_to_end(configure: Configure) -> None:
    path = configure(source())
    (path.parent / "feed.xml").write_text(rss(item(1, "a")))
    told: list[tuple[str, int, int]] = []
    feedkit.build(path, now=NOW, progress=lambda *step: told.append(step))
    assert told[0] == ("read", 0, 1)
    assert ("read", 1, 1) in told
    assert told[-1] == ("write", 4, 4)


def test_a_loaded_configuration_builds_too(configure: Configure) -> None:
    path = configure(source())
    (path.parent / "feed.xml").write_text(rss(item(1, "a")))
    config = feedkit.load_config(path)
    assert feedkit.build(config, now=NOW).out == path.parent / "public"
    other = feedkit.build(config, out=path.parent / "other", now=NOW)
    assert other.out == path.parent / "other"
    assert len(other.written) == 4
    with pytest.raises(ModelError, match="time zone"):
        feedkit.build(config, now=datetime(2026, 1, 1))


def test_by_tag_finds_feeds_by_label_key_and_alias() -> None:
    dates = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]
    posts = [
        feedkit.Post(title=f"Post {n}", url=f"https://x.example/{n}", published=date, tags=tags)
        for n, (date, tags) in enumerate(
            zip(dates, (["Backend"], ["backend", "k8s"], ["C++"]), strict=True)
        )
    ]
    rules = feedkit.TagRules(aliases={"k8s": "Kubernetes"})
    feeds = feedkit.by_tag(posts, rules=rules)
    assert list(feeds) == ["backend", "C++", "Kubernetes"]
    assert len(feeds) == 3
    assert [post.title for post in feeds["BACKEND"].posts] == ["Post 1", "Post 0"]
    assert feeds["k8s"] is feeds["kubernetes"]
    assert [tag.slug for tag in feeds.tags] == ["backend", "cplusplus", "kubernetes"]
    with pytest.raises(KeyError):
        feeds["missing"]
    site = feedkit.Site(title="Site", url="https://feeds.example/", limit=1)
    limited = feedkit.by_tag(posts, site=site)["backend"]
    assert limited.id == "https://feeds.example/tag/backend"
    assert [post.title for post in limited.posts] == ["Post 1"]
    assert feedkit.render(limited, "rss").startswith(b"<?xml")


def test_a_saved_page_has_the_address_it_was_saved_from(configure: Configure) -> None:
    path = configure(source(more='base = "https://blog.example/dir/"'))
    (path.parent / "feed.xml").write_text(
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:b.example,2026:</id><title>B</title>'
        "<entry><id>tag:b.example,2026:1</id><title>One</title><link href='one'/>"
        "<updated>2026-05-01T00:00:00Z</updated></entry></feed>"
    )
    feedkit.build(path, now=NOW)
    written = (path.parent / "public" / "atom.xml").read_bytes()
    assert [post.url for post in feedkit.parse(written).posts] == ["https://blog.example/dir/one"]


def test_a_source_below_the_output_folder_is_a_mistake(configure: Configure) -> None:
    path = configure(source(), site='out = "."')
    (path.parent / "feed.xml").write_text(rss(item(1)))
    with pytest.raises(ConfigError, match=r"source\[1\]\.path: lies where feedkit writes"):
        feedkit.build(path, now=NOW)
