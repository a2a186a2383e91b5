"""What pages may do beyond their shape: facts, pages after them, selectors, errors, bounds."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner
from conftest import CASES
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import feedkit
from feedkit.cli import main
from feedkit.errors import ConfigError, ParseError, UnknownFormatError
from feedkit.ingest.document import Document, Selectors
from feedkit.ingest.page import explain, ingest
from feedkit.ingest.page.dates import Context, find, mark
from feedkit.ingest.page.jalali import to_gregorian
from feedkit.ingest.page.tree import DEEPEST
from feedkit.pipeline.link_headers import linked_feeds

PAGES = sorted((CASES / "ingest" / "page").glob("*.html"))


def document(path: Path) -> Document:
    url = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))["url"]
    return Document(data=path.read_bytes(), url=url)


def listing(*items: tuple[str, str, str], more: str = "", head: str = "") -> bytes:
    """A page of (address, title, date)."""
    posts = "".join(
        f'<article><h2><a href="{url}">{title}</a></h2><time>{date}</time>'
        "<p>A few words about it, so that there is something to read.</p></article>"
        for url, title, date in items
    )
    return f"<html><head><title>Blog</title>{head}</head><main>{posts}</main>{more}</html>".encode()


ITEMS = [(f"/blog/story-{n}/", f"The story of number {n}", f"2024-03-0{n}") for n in range(1, 6)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_selectors_that_are_suggested_find_the_same_posts(path: Path) -> None:
    page = document(path)
    told = explain(page)
    assert told.feed is not None
    assert told.way
    if told.selectors is None:
        # titles that only metadata tells are in no element
        assert "JSON-LD" in told.way
        return
    again = ingest(replace(page, selectors=told.selectors))
    assert again == told.feed


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_facts_of_pages(path: Path) -> None:
    wanted = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
    feed = ingest(document(path))
    if "tag" in wanted:
        assert feed.tags == (wanted["tag"],)
        assert all(wanted["tag"] in post.tags for post in feed.posts)
    else:
        assert feed.tags == ()
    if "next" in wanted:
        assert feed.next_url == wanted["next"]
    if b'<html lang="' in path.read_bytes():
        assert feed.language
    assert feed.title


def test_fields_beyond_title_and_date() -> None:
    post = ingest(document(CASES / "ingest/page/hexo_butterfly.html")).posts[0]
    assert post.updated == datetime(2024, 10, 1, 2, tzinfo=UTC)
    assert post.image == "https://site.example/img/queue-never-drains.webp"
    assert post.tags == ("笔记",)
    assert post.summary.startswith("整整两个星期")
    post = ingest(document(CASES / "ingest/page/wordpress_genesis_spanish.html")).posts[0]
    assert [author.name for author in post.authors] == ["Eva"]
    assert post.summary.endswith("llegaron las facturas.")
    post = ingest(document(CASES / "ingest/page/dates_of_a_change_only.html")).posts[2]
    assert (post.published, post.updated) == (None, datetime(2019, 9, 5, tzinfo=UTC))
    post = ingest(document(CASES / "ingest/page/jekyll_hyde_full_posts.html")).posts[0]
    assert "<h3>First things</h3>" in post.content
    assert "elsewhere.example/0" in post.content


def test_fields_are_clean() -> None:
    items = [("/blog/a?x=1&amp;y=2", "A &lt;b&gt; <i>c</i>\x00\x07", "2024-03-01"), *ITEMS]
    page = listing(*items).replace(
        b"<p>A few", b"<p><script>bad()</script><img src=x onerror=bad()>A few"
    )
    page = page.replace(b'href="/blog/story-2/"', b'href="javascript:bad()"')
    feed = feedkit.parse(page, url="https://site.example/")
    assert feed.posts[0].title == "A <b> c"
    assert feed.posts[0].url == "https://site.example/blog/a?x=1&y=2"
    for post in feed.posts:
        assert not any("bad()" in text for text in (post.summary, post.content, post.url))


def test_ids_are_links_or_dates_and_titles() -> None:
    linked = feedkit.parse(listing(*ITEMS), url="https://site.example/")
    assert [post.id for post in linked.posts] == [post.url for post in linked.posts]
    unlinked = listing(*ITEMS).replace(b"<a ", b"<b ").replace(b"</a>", b"</b>")
    one = feedkit.parse(unlinked, url="https://site.example/", name="x")
    other = feedkit.parse(unlinked, url="https://other.example/", name="x")
    assert [post.title for post in one.posts] == [title for _, title, _ in ITEMS]
    assert [post.id for post in one.posts] == [post.id for post in other.posts]
    assert all(post.id.startswith("urn:uuid:") and not post.url for post in one.posts)


def test_a_feed_is_never_taken_for_a_page() -> None:
    item = "<item><title>A</title><description>&lt;html&gt;&lt;article&gt;</description></item>"
    rss = f"<rss version='2.0'><channel><title>T</title>{item}</channel></rss>".encode()
    assert feedkit.parse(rss, content_type="text/html").posts[0].title == "A"
    xhtml = (
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry><title>A</title>"
        b"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>x</p></div></content>"
        b"</entry></feed>"
    )
    assert feedkit.parse(xhtml).posts[0].title == "A"


def test_a_page_without_a_list_names_what_came_closest_and_the_feeds() -> None:
    head = '<link rel="alternate" type="application/atom+xml" href="/atom.xml">'
    page = (
        f"<html><head>{head}</head><nav><a href=/a>About us</a><a href=/b>Prices</a></nav></html>"
    )
    with pytest.raises(UnknownFormatError) as caught:
        feedkit.parse(page.encode(), url="https://site.example/")
    assert caught.value.feeds == ("https://site.example/atom.xml",)
    assert "https://site.example/atom.xml" in str(caught.value)
    assert "2 × “About us”" in str(caught.value)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", ""), ("utf-8", "utf-8"), ("windows-1251", "windows-1251"), ("utf-16", "")],
)
def test_the_encoding_of_a_page(encoding: str, declared: str) -> None:
    text = listing(*ITEMS).decode().replace("The story", "Повесть")
    if declared:
        text = text.replace("<head>", f'<head><meta charset="{declared}">')
    feed = feedkit.parse(text.encode(encoding), url="https://site.example/")
    assert feed.posts[0].title == "Повесть of number 1"


def test_the_served_charset_counts_first() -> None:
    text = listing(*ITEMS).decode().replace("The story", "Größe")
    data = text.replace("<head>", '<head><meta charset="utf-8">').encode("iso-8859-1")
    feed = feedkit.parse(data, content_type="text/html; charset=iso-8859-1")
    assert feed.posts[0].title == "Größe of number 1"


# --- selectors, pages and preferences of a source


def test_selectors_count_before_what_is_found() -> None:
    page = listing(*ITEMS, more='<ul class="x"><li><a href="/q/">Quiet words</a></li></ul>')
    selectors = Selectors(item="ul.x li", title="a")
    feed = ingest(Document(data=page, url="https://site.example/", selectors=selectors))
    assert [(post.title, post.url) for post in feed.posts] == [
        ("Quiet words", "https://site.example/q/")
    ]


def test_selectors_that_find_nothing_are_an_error() -> None:
    page = Document(data=listing(*ITEMS), selectors=Selectors(item="li.none"))
    with pytest.raises(ParseError, match=r"no element matches the selector 'li\.none'"):
        ingest(page)
    page = replace(page, selectors=Selectors(item="article", title="h5"))
    with pytest.raises(ParseError, match="has a title"):
        ingest(page)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("pages = 0", r"source\[1\].pages: must be from 1 to 100, not 0"),
        ("pages = 101", r"source\[1\].pages: must be from 1 to 100"),
        ('prefer = "atom"', r"source\[1\].prefer: must be one of feed, page"),
        ('selectors = { title = "h2" }', r"source\[1\].selectors.item: is required"),
        ('selectors = { item = "a[" }', r"source\[1\].selectors.item: is no CSS selector: 'a\['"),
        ('selectors = { itme = "a" }', r"source\[1\].selectors.itme: unknown key; did you mean"),
        ("selectors = 1", r"source\[1\].selectors: expected"),
    ],
)
def test_what_a_source_may_not_say_of_a_page(
    configure: Callable[..., Path], source: str, message: str
) -> None:
    path = configure(f'[[source]]\nurl = "https://blog.example/"\n{source}\n')
    with pytest.raises(ConfigError, match=message):
        feedkit.load_config(path)


class Site:
    """A web server of pages: by path, what it serves; and what was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.asked: list[str] = []
        self.link = ""
        self.url = ""


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            kind, body = served.pages.get(self.path, ("", b""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            if served.link:
                self.send_header("Link", served.link)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        served.url = f"http://127.0.0.1:{server.server_port}"
        yield served
        server.shutdown()


def numbered(site: Site, last: int, loop: str = "") -> None:
    """Fill a site with pages of five posts each."""
    for number in range(1, last + 1):
        items = [
            (f"/blog/p{number}-{n}/", f"Story {number} of many, part {n}", f"2024-0{number}-0{n}")
            for n in range(1, 6)
        ]
        target = f"/page/{number + 1}/" if number < last else loop
        more = f'<a rel="next" href="{target}">Older</a>' if target else ""
        path = "/" if number == 1 else f"/page/{number}/"
        site.pages[path] = ("text/html; charset=utf-8", listing(*items, more=more))


def of_site(site: Site, rest: str = "") -> str:
    return f'[[source]]\nname = "blog"\nurl = "{site.url}/"\nprivate = true\n{rest}\n'


@pytest.mark.parametrize(("pages", "posts"), [(1, 5), (2, 10), (3, 15), (9, 20)])
def test_pages_are_followed_as_far_as_is_asked(
    site: Site, configure: Callable[..., Path], pages: int, posts: int
) -> None:
    numbered(site, 4)
    report = feedkit.build(configure(of_site(site, f"pages = {pages}")))
    assert (report.posts, report.problems) == (posts, ())


@pytest.mark.parametrize("loop", ["/", "/page/2/", "/page/3/", "/page/9/"])
def test_a_loop_or_a_missing_page_ends_it(
    site: Site, configure: Callable[..., Path], loop: str
) -> None:
    numbered(site, 3, loop)
    report = feedkit.build(configure(of_site(site, "pages = 50")))
    assert report.posts == 15
    assert len([path for path in site.asked if path != "/robots.txt"]) <= 6


def test_a_page_says_what_it_announces_unless_the_source_prefers(
    site: Site, configure: Callable[..., Path]
) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    site.pages["/"] = ("text/html", listing(*ITEMS, head=head))
    item = "<item><title>From the feed</title><link>https://site.example/f</link></item>"
    rss = f"<rss version='2.0'><channel><title>T</title>{item}</channel></rss>".encode()
    site.pages["/rss.xml"] = ("application/rss+xml", rss)
    report = feedkit.build(configure(of_site(site)))
    assert report.posts == 5
    assert [problem.reason for problem in report.problems] == [
        f"announces a feed, which may say more: {site.url}/rss.xml"
    ]
    assert feedkit.build(configure(of_site(site, 'prefer = "page"'))).problems == ()
    report = feedkit.build(configure(of_site(site, 'prefer = "feed"')))
    assert (report.posts, report.problems) == (1, ())
    # the page stays what it is, the feed does not
    two = rss.replace(b"</channel>", item.replace("/f<", "/g<").encode() + b"</channel>")
    site.pages["/rss.xml"] = ("application/rss+xml", two)
    later = datetime.now(UTC) + timedelta(days=1)
    assert feedkit.build(configure(of_site(site, 'prefer = "feed"')), now=later).posts == 2
    site.pages["/rss.xml"] = ("text/html", b"<html>gone</html>")
    report = feedkit.build(configure(of_site(site, 'prefer = "feed"')), force=True)
    assert report.posts == 5


def test_discover_lists_feeds(site: Site) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    site.pages["/"] = ("text/html", listing(*ITEMS, head=head))
    rss = b"<rss version='2.0'><channel><title>The feed</title></channel></rss>"
    site.pages["/feed.xml"] = ("application/rss+xml", rss)
    run = CliRunner().invoke
    assert (
        run(main, ["discover", "--private", f"{site.url}/"]).output == f"{site.url}/rss.xml\tpage\n"
    )
    usual = run(main, ["discover", "--private", "--usual", f"{site.url}/"]).output
    assert usual == f"{site.url}/rss.xml\tpage\n{site.url}/feed.xml\taddress\tThe feed\n"
    itself = run(main, ["discover", "--private", f"{site.url}/feed.xml"]).output
    assert itself == f"{site.url}/feed.xml\titself\tThe feed\n"


def test_a_feed_may_be_announced_in_a_header(site: Site, configure: Callable[..., Path]) -> None:
    site.pages["/"] = ("text/html", listing(*ITEMS))
    item = "<item><title>From the feed</title><link>https://site.example/f</link></item>"
    rss = f"<rss version='2.0'><channel><title>T</title>{item}</channel></rss>".encode()
    site.pages["/f"] = ("application/rss+xml", rss)
    site.link = '</x>; rel=next, </f>; rel="alternate"; type="application/rss+xml"; title="a, b"'
    output = CliRunner().invoke(main, ["discover", "--private", f"{site.url}/"]).output
    assert output == f"{site.url}/f\theader\n"
    assert feedkit.build(configure(of_site(site, 'prefer = "feed"'))).posts == 1


@pytest.mark.parametrize(
    "header",
    ["", "<", "<>", "</a>; rel=alternate", "</a>; type=application/rss+xml", ";" * 50_000,
     "<" * 50_000, "</a>" + "; a=b" * 20_000, '</a>; rel="' + "x" * 50_000],
)  # fmt: skip
def test_what_is_no_link_to_a_feed(header: str) -> None:
    assert linked_feeds(header, "https://site.example/") == ()


def test_discover_in_a_file_without_any(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(listing(*ITEMS))
    result = CliRunner().invoke(main, ["discover", str(path)])
    assert result.exit_code == 1
    assert "announces no feed; --usual tries the usual addresses" in result.output


def test_explain_says_how_and_what_can_be_pasted(
    tmp_path: Path, configure: Callable[..., Path]
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes((CASES / "ingest/page/ghost_casper.html").read_bytes())
    result = CliRunner().invoke(main, ["read", "--explain", str(path)])
    assert result.exit_code == 0
    assert "6 posts, read by " in result.output
    assert "set aside: " in result.output
    table = result.output.partition("[[source]]\n")[2].partition("\n\n")[0]
    assert feedkit.build(configure(f"[[source]]\n{table}\n")).posts == 6


def test_explain_of_what_is_no_list(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes((CASES / "ingest/not_a_list/about.html").read_bytes())
    result = CliRunner().invoke(main, ["read", "--explain", str(path)])
    assert result.exit_code == 1
    assert result.output.startswith("no list of posts")
    assert "set aside: " in result.output


# --- the archive the project was asked for with


def archive_as_page(seed: Path, *, links: bool) -> str:
    lines = [line for line in seed.read_text("utf-8").splitlines() if line.strip()]
    tag = lines[0].partition(":")[2].strip()
    cards = []
    for at in range(1, len(lines), 3):
        date, title, excerpt = lines[at : at + 3]
        shown = title.replace("&", "&amp;")
        shown = f'<a href="/p/{at}/">{shown}</a>' if links else shown
        text = excerpt.replace("&", "&amp;")
        cards.append(f"<article><p>{date}</p><h2>{shown}</h2><div>{text}</div></article>")
    return (
        f"<html lang=en><head><title>Tag: {tag} | Blog</title></head><nav><a href=/>Home</a></nav>"
        f"<main><h1>Tag: {tag}</h1>{''.join(cards)}</main>"
        "<footer><a href=/x>More</a></footer></html>"
    )


def test_a_page_says_what_the_archive_says(seed: Path) -> None:
    archive = feedkit.parse(seed.read_bytes(), name="x").posts
    assert len(archive) == 26
    for links in (True, False):
        page = archive_as_page(seed, links=links).encode()
        posts = feedkit.parse(page, url="https://blog.example/tag/x/", name="x").posts
        assert [(post.published, post.title, post.summary, post.tags) for post in posts] == [
            (post.published, post.title, post.summary, post.tags) for post in archive
        ]
    assert [post.id for post in posts] == [post.id for post in archive]


def test_a_build_makes_one_tag_feed_of_both(seed: Path, configure: Callable[..., Path]) -> None:
    made = []
    for name, data in (
        ("a.txt", seed.read_bytes()),
        ("a.html", archive_as_page(seed, links=False).encode()),
    ):
        path = configure(f'[[source]]\nname = "x"\npath = "{name}"\n', 'out = "' + name[2:] + '"')
        (path.parent / ".feedkit.db").unlink(missing_ok=True)
        (path.parent / name).write_bytes(data)
        now = datetime(2026, 1, 1, tzinfo=UTC)
        feedkit.build(path, now=now)
        made.append((path.parent / name[2:] / "tag" / "backend" / "atom.xml").read_bytes())
    one, other = (feedkit.parse(atom).posts for atom in made)
    fields = ("id", "published", "title", "summary", "content", "tags", "url")
    assert [[getattr(post, name) for name in fields] for post in one] == [
        [getattr(post, name) for name in fields] for post in other
    ]
    assert len(one) == 26


# --- dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Posted on March 3, 2024 by Ann", "2024-03-03"),
        ("2020年1月2日标题", "2020-01-02"),
        ("标题2020-01-02", "2020-01-02"),
        ("ngày 12 tháng 5 năm 2024", "2024-05-12"),
        ("١٢ مايو ٢٠٢٤", "2024-05-12"),
        ("۱۴۰۳/۰۲/۱۲", "2024-05-01"),
        ("12 اردیبهشت 1403", "2024-05-01"),
        ("5 мая 2024 г.", "2024-05-05"),
        ("26/5/24", "2024-05-26"),
        ("2024. 3. 5.", "2024-03-05"),
        ("7 minutes ago", ""),
        ("vor 3 Tagen", ""),
        ("3天前", ""),
        ("Mar 26", ""),
    ],
)
def test_a_date_is_found_among_words_and_never_made_up(text: str, day: str) -> None:
    (found,) = find(text, Context())
    assert (f"{found.moment:%Y-%m-%d}" if found.moment else "") == day


@pytest.mark.parametrize("text", ["", "v1.2.3", "Windows 10 and 11", "2024", "31 Foo 2024", "5:30"])
def test_what_is_no_date(text: str) -> None:
    assert find(text, Context()) == []


@pytest.mark.parametrize(
    ("heading", "text", "day"),
    [
        ("2019", "Mar 26", "2019-03-26"),
        ("2019年", "12-28", "2019-12-28"),
        ("2019", "19 Apr", "2019-04-19"),
        ("March 2019", "26", "2019-03-26"),
        ("März 2019", "26.", "2019-03-26"),
        ("2019年3月", "26日", "2019-03-26"),
    ],
)
def test_a_heading_completes_a_date(heading: str, text: str, day: str) -> None:
    above = mark(heading, Context(), heading=True)
    assert above is not None
    (found,) = find(text, Context(year=above.year, month=above.month))
    assert found.moment is not None
    assert f"{found.moment:%Y-%m-%d}" == day


@pytest.mark.parametrize(
    ("date", "same"),
    [
        ((1403, 1, 1), (2024, 3, 20)),
        ((1402, 12, 29), (2024, 3, 19)),
        ((1399, 12, 30), (2021, 3, 20)),
        ((1357, 11, 22), (1979, 2, 11)),
        ((1400, 12, 30), None),
        ((1403, 13, 1), None),
    ],
)
def test_the_calendar_of_iran(
    date: tuple[int, int, int], same: tuple[int, int, int] | None
) -> None:
    assert to_gregorian(*date) == same


# --- bounds


def test_what_is_nested_too_deep_is_an_error() -> None:
    for tag in ("div", "ul><li", "b", "table><tr><td"):
        with pytest.raises(ParseError, match="stand in each other"):
            feedkit.parse(b"<html>" + f"<{tag}>".encode() * (DEEPEST + 1))
    unclosed = b"<html><body>" + b"<p>x<li>y<br>" * 5000
    with pytest.raises(UnknownFormatError):
        feedkit.parse(unclosed)


def shapes(size: int) -> dict[str, bytes]:
    """Pages that a careless reader takes the square of their size for."""
    date = "<time>2024-01-01</time>"
    item = '<li><a href="/blog/{0}/">A title of {0}</a> Jan 2, 2024</li>'
    return {
        "many links": "".join(item.format(n) for n in range(size)).encode(),
        "many undated": b"<p><a href=/a>a b c d e f g h i j</a>" * size,
        "one long record": b"<article><h2><a href=/blog/a/>A title of it</a></h2>"
        + b"<p class=meta>x</p>" * size,
        "many dates": b"<article><h2><a href=/blog/a/>A title</a></h2>" + date.encode() * size,
        "flat": "".join(
            f"<h2><a href=/blog/{n}/>Title of {n}</a></h2><p>May 1, 2024</p>" for n in range(size)
        ).encode(),
        "year headings": b"".join(
            b"<h2>20%02d</h2><ul><li>5 May <a href=/blog/%d/>Title number %d</a></ul>"
            % (n % 30, n, n)
            for n in range(size)
        ),
        "attributes": b"<a href=/b class='" + b"x " * size + b"'>x</a>",
        "digits": b"<article><a href=/b>t</a>" + b"1/" * size + b"</article>",
        "metadata": b"<script type=application/ld+json>" + b"[" * size + b"</script>",
        "unclosed formatting": b"<p>" + b"<font size=1>" * 90 + b"<p>x" * size,
    }


def work(page: bytes) -> int:
    """How many calls reading a page takes, of Python's functions and of those in C."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        with suppress(ParseError):
            feedkit.parse(page, url="https://site.example/")
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("name", sorted(shapes(1)))
def test_work_grows_with_the_size_of_a_page_and_not_with_its_square(name: str) -> None:
    work(b"<html><body>")  # what is made once is not counted
    small, large = (work(b"<html><body>" + shapes(size)[name]) for size in (150, 600))
    assert large < 6 * small


PIECES = """\
<html>
<body>
<main>
<article>
</article>
<ul>
</ul>
<li>
<h2>
</h2>
<p>
<dl>
<dt>
<dd>
<table>
<tr>
<td>
<time>
</time>
<nav>
<aside>
<br>
<a>
</a>
<!-- -->
<b>
<script>
</script>
<template>
<select>
<svg>
<title>
&amp;
&#0;
2024-01-01
2023
<a href=/blog/a/>
<a href=/blog/b/>
<a href=//[x>
<time datetime=2024-13-45>
<base href=//[>
<div class=h-entry>
<div itemscope itemtype=http://schema.org/BlogPosting>
<script type=application/ld+json>{"@type": "Blog", "blogPost": [{"@type": "Article", "url": "/a"}]}
"""

markup = st.lists(
    st.one_of(
        st.sampled_from(PIECES.split("\n")),
        st.text(max_size=12),
    ),
    max_size=60,
).map("".join)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.one_of(
        markup.map(lambda text: ("<html>" + text).encode("utf-8", "surrogatepass")),
        st.binary(max_size=200).map(lambda data: b"<!doctype html>" + data),
    )
)
@example(b"<!doctype html>\xff\xfe")
@example(b'<html><script type=application/ld+json>{"@graph": [1, {"@type": 5}]}</script>')
def test_any_bytes_give_a_feed_or_a_parse_error(data: bytes) -> None:
    try:
        feed = feedkit.parse(data, url="https://site.example/")
    except ParseError:
        return
    assert len({post.id for post in feed.posts}) == len(feed.posts)
    assert feedkit.render(replace(feed, updated=datetime(2024, 1, 1, tzinfo=UTC)), "atom")
