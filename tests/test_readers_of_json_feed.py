"""A reader of feeds subscribes to JSON Feed over loopback, where that reader is installed."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from feedkit.emit import FORMATS, render
from feedkit.model import Feed, Post
from feedkit.parts import Enclosure, Person

reader = pytest.importorskip("reader")

POSTS = [
    Post(
        id="https://blog.example/2",
        url="https://blog.example/2",
        title="Größe & <b>",
        content="<p>Second</p>",
        summary="Short",
        authors=[Person(name="Ann"), Person(name="Bo")],
        published=datetime(2026, 5, 2, 10, tzinfo=UTC),
        updated=datetime(2026, 5, 3, tzinfo=UTC),
        enclosures=[Enclosure(url="https://blog.example/2.mp3", type="audio/mpeg", length=5)],
    ),
    Post(
        id="urn:uuid:00000000-0000-5000-8000-000000000001",
        url="https://blog.example/1",
        title="First",
        summary="No content",
        published=datetime(2026, 5, 1, tzinfo=UTC),
    ),
]


@pytest.fixture
def address() -> Iterator[str]:
    document = render(Feed(title="Blog", url="https://blog.example/", posts=POSTS), "json")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", FORMATS["json"].media_type)
            self.send_header("Content-Length", str(len(document)))
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/feed.json"
        server.shutdown()
        thread.join()


def test_reader_lists_what_json_feed_carries(address: str) -> None:
    with reader.make_reader(":memory:") as app:
        app.add_feed(address)
        app.update_feeds()
        feed = app.get_feed(address)
        entries = {entry.id: entry for entry in app.get_entries()}
    assert (feed.title, feed.link, feed.version) == ("Blog", "https://blog.example/", "json11")
    assert feed.last_exception is None
    assert sorted(entries) == sorted(post.id for post in POSTS)
    for post in POSTS:
        entry = entries[post.id]
        assert (entry.title, entry.link) == (post.title, post.url)
        assert entry.published == post.published
    full = entries[POSTS[0].id]
    assert full.updated == POSTS[0].updated
    assert full.authors_str == "Ann, Bo"
    assert full.summary == "Short"
    assert [content.value for content in full.content] == ["<p>Second</p>"]
    (enclosure,) = full.enclosures
    assert (enclosure.href, enclosure.type, enclosure.length) == (
        "https://blog.example/2.mp3",
        "audio/mpeg",
        5,
    )
