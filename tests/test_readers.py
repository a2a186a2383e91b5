"""Readers that people use subscribe to rendered feeds over loopback, where they are installed."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from feedkit.emit import FORMATS, render
from feedkit.model import Feed, Post
from feedkit.parts import Enclosure, Person

MORNING = datetime(2026, 4, 30, 10, 0, 7, tzinfo=UTC)
EVENING = datetime(2026, 4, 29, 19, 30, tzinfo=UTC)
FEED = Feed(
    id="tag:feeds.example,2026:",
    title="R&D: größer, schneller",
    url="https://feeds.example/",
    subtitle="All of it",
    authors=[Person(name="Site")],
    posts=[
        Post(
            id="https://blog.example/1",
            url="https://blog.example/1?a=1&b=2",
            title="Über C++ & 3 < 4",
            content="<p>Hi <b>there</b> &amp; all</p>",
            summary="Hi there",
            authors=[Person(name="Ann"), Person(name="Bob Bär")],
            tags=["C++", "two words"],
            published=MORNING,
            enclosures=[
                Enclosure(url="https://media.example/1.mp3", type="audio/mpeg", length=123),
                Enclosure(url="https://media.example/1.webm", type="video/webm", length=4),
            ],
        ),
        Post(
            id="urn:uuid:00000000-0000-5000-8000-000000000001",
            url="https://blog.example/2",
            title="日本語 😀",
            summary="Short & sweet.",
            authors=[Person(name="Cem")],
            published=EVENING,
        ),
    ],
)
FIRST, SECOND = FEED.posts
MARKUP = sorted(set(FORMATS) - {"json"})


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the feed is served in every format, each as its file name."""
    served = {f"/{kind.file_name}": (name, kind.media_type) for name, kind in FORMATS.items()}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name, media_type = served[self.path]
            body = render(FEED, name)
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def needs(*programs: str) -> None:
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@pytest.mark.parametrize("name", MARKUP)
def test_newsboat(name: str, address: str, tmp_path: Path) -> None:
    needs("newsboat")
    (tmp_path / "urls").write_text(f"{address}{FORMATS[name].file_name}\n", encoding="utf-8")
    (tmp_path / "config").write_text("", encoding="utf-8")
    files = ["-u", "urls", "-c", "cache.db", "-C", "config"]
    subprocess.run(
        ["newsboat", *files, "-x", "reload"],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        check=True,
        timeout=60,
    )
    cache = sqlite3.connect(tmp_path / "cache.db")
    try:
        assert cache.execute("select title, url from rss_feed").fetchall() == [
            (FEED.title, FEED.url)
        ]
        items = cache.execute(
            "select guid, title, url, author, pubDate, enclosure_url, enclosure_type, content"
            " from rss_item order by pubDate desc"
        ).fetchall()
    finally:
        cache.close()
    assert [item[:3] for item in items] == [(post.id, post.title, post.url) for post in FEED.posts]
    # it keeps one enclosure, the last, and one dc:creator
    assert [item[3] for item in items] == [{"atom": "Ann, Bob Bär", "rss": "Bob Bär"}[name], "Cem"]
    assert [item[4] for item in items] == [int(MORNING.timestamp()), int(EVENING.timestamp())]
    assert items[0][5:7] == (FIRST.enclosures[-1].url, FIRST.enclosures[-1].type)
    assert items[1][5:7] == ("", "")
    assert items[0][7] == FIRST.content


@pytest.mark.parametrize("name", MARKUP)
def test_sfeed(name: str, address: str, tmp_path: Path) -> None:
    needs("sfeed_update", "curl")
    (tmp_path / "sfeedrc").write_text(
        f'sfeedpath="{tmp_path}/feeds"\nfeeds() {{\n'
        f'feed "ours" "{address}{FORMATS[name].file_name}"\n}}\n',
        encoding="utf-8",
    )
    subprocess.run(
        ["sfeed_update", "sfeedrc"],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        check=True,
        capture_output=True,
        timeout=60,
    )
    lines = (tmp_path / "feeds" / "ours").read_text(encoding="utf-8").splitlines()
    first, second = (line.split("\t") for line in lines)
    assert first[:2] == [str(int(MORNING.timestamp())), FIRST.title]
    assert first[2:] == [
        FIRST.url,
        FIRST.content,
        "html",
        FIRST.id,
        "Ann",
        "https://media.example/1.mp3",
        "C++|two words",
    ]
    assert second[:3] == [str(int(EVENING.timestamp())), SECOND.title, SECOND.url]
    assert second[5:] == [SECOND.id, "Cem", "", ""]


@pytest.mark.parametrize("name", MARKUP)
def test_reader(name: str, address: str) -> None:
    reader_module = pytest.importorskip("reader")
    url = f"{address}{FORMATS[name].file_name}"
    with reader_module.make_reader(":memory:") as reader:
        reader.add_feed(url)
        reader.update_feed(url)
        feed = reader.get_feed(url)
        entries = {entry.id: entry for entry in reader.get_entries()}
    assert (feed.title, feed.link) == (FEED.title, FEED.url)
    assert list(entries) == [post.id for post in FEED.posts]
    for post, entry in zip(FEED.posts, entries.values(), strict=True):
        assert (entry.title, entry.link) == (post.title, post.url)
        assert entry.published == post.published
        # it keeps one author, the last
        assert [author.name for author in entry.authors] == [post.authors[-1].name]
    first, second = entries.values()
    assert FIRST.content in [content.value for content in first.content]
    kept = [(file.href, file.type, file.length) for file in first.enclosures]
    assert kept[0] == ("https://media.example/1.mp3", "audio/mpeg", 123)
    assert second.enclosures == ()
