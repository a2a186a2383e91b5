"""What is no feed and no archive, and what else a document can do to be refused."""

from zoneinfo import ZoneInfo

import pytest
from conftest import CASES

import feedkit
from feedkit.errors import ParseError, SourceError, UnknownFormatError
from feedkit.ingest.bounds import MAX_TITLE

RSS = b'<rss version="2.0"><channel><title>T</title><item><title>A</title></item></channel></rss>'


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"", "it is empty"),
        (b" \r\n\xef\xbb\xbf", "it is empty"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "an HTML page"),
        (b"<html><head><title>Log in</title></head></html>", "an HTML page"),
        (b"<!-- x --><HTML>", "an HTML page"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "JSON"),
        (b"[1, 2]", "JSON of another kind"),
        (b'["a"]', "JSON of another kind"),
        (b"Dear reader,\nthis is a letter.", "plain text"),
        (b"Archive of tags\nJun 22, 2023\nTitle\n", "plain text"),
    ],
)
def test_a_document_of_no_known_format_is_said_to_look_like_something(
    data: bytes, looks: str
) -> None:
    with pytest.raises(UnknownFormatError, match=looks):
        feedkit.parse(data)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("Tag archive:\n", 1, "the heading names no tag"),
        ("\n\nTag archive:   \nJun 22, 2023\nTitle\n", 3, "the heading names no tag"),
        ("Tag archive: x\nNot a date\nTitle\n", 2, "expected a date, found 'Not a date'"),
        ("Tag archive: x\n\nJune 2023\nTitle\n", 3, "expected a date, found 'June 2023'"),
    ],
)
def test_an_archive_that_begins_wrong_is_an_error_with_its_line(
    text: str, line: int, reason: str
) -> None:
    with pytest.raises(ParseError) as caught:
        feedkit.parse(text.encode())
    assert (caught.value.line, caught.value.reason) == (line, reason)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_archive_in_any_unicode_encoding_is_the_same(encoding: str) -> None:
    text = "Tag archive: Größe\nJun 22, 2023\nÜber alles\n"
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    (post,) = feedkit.parse(bom + text.encode(encoding)).posts
    assert (post.title, post.tags) == ("Über alles", ("Größe",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-15", "shift_jis", "gb18030"])
def test_a_feed_says_its_encoding(encoding: str) -> None:
    title = {"shift_jis": "日本語", "gb18030": "中文"}.get(encoding, "Größe")
    text = f"<?xml version='1.0' encoding='{encoding}'?>" + RSS.decode().replace("T<", f"{title}<")
    assert feedkit.parse(text.encode(encoding)).title == title


def test_the_served_charset_counts_where_the_document_says_nothing() -> None:
    data = RSS.decode().replace("T<", "Größe<").encode("iso-8859-1")
    feed = feedkit.parse(data, content_type="application/rss+xml; charset=iso-8859-1")
    assert feed.title == "Größe"


def test_one_byte_over_the_bound_is_an_error() -> None:
    assert feedkit.parse(RSS, max_bytes=len(RSS)).title == "T"
    with pytest.raises(ParseError, match=r"the document has 89 bytes, the bound is 88"):
        feedkit.parse(RSS, max_bytes=len(RSS) - 1)


def test_an_id_is_made_over_the_name_or_what_the_feed_says_of_itself() -> None:
    def post_id(data: bytes, **more: str) -> str:
        return feedkit.parse(data, **more).posts[0].id

    bare = RSS.replace(b"<title>A", b"<guid>1</guid><title>A")
    linked = bare.replace(b"<item>", b"<link>https://www.blog.example/</link><item>")
    plain = bare.replace(b"<item>", b"<link>http://blog.example</link><item>")
    assert post_id(bare, url="https://a.example/") == post_id(bare, url="https://b.example/")
    assert post_id(linked) == post_id(plain) != post_id(bare)
    assert post_id(linked, name="x") == post_id(bare, name="x") != post_id(bare, name="y")


def test_an_entry_that_cannot_be_made_a_post_costs_only_itself() -> None:
    feed = feedkit.parse(RSS.replace(b"<item>", b"<item/><item>"))
    assert [post.title for post in feed.posts] == ["A"]
    assert [str(problem) for problem in feed.problems] == [
        "entry 1: left out: it has no title, link, text or enclosure"
    ]


KEYS = """
links link title title_detail summary summary_detail content authors author contributors tags
published published_parsed updated updated_parsed id image media_content media_thumbnail
source enclosures subtitle_detail generator_detail thr_in-reply-to language ttl href tags
itunes_duration itunes_explicit itunes_summary itunes_summary_detail itunes_type podcast_guid
media_title media_title_detail media_description_detail dc_title fh_archive sy_updateperiod
"""


@pytest.mark.parametrize("key", KEYS.split())
def test_an_element_named_like_feedparsers_own_keys_costs_nothing(key: str) -> None:
    body = "<title>A</title><link>https://x.example/a</link>"
    for hostile in (f"<{key}>z</{key}>", f'<{key} a="b"/>', f'<{key} term="q">z</{key}>'):
        for text in (
            f"<rss><channel>{hostile}<item>{body}</item></channel></rss>",
            f"<rss><channel><title>T</title>{hostile}<item>{hostile}{body}{hostile}</item></channel></rss>",
        ):
            feed = feedkit.parse(text.encode())
            assert len(feed.posts) + len(feed.problems) >= 1
            for post in feed.posts:
                assert feedkit.Post(id=post.id, title=post.title).id == post.id


def test_ids_do_not_depend_on_addresses_zones_or_cleaning() -> None:
    relative = (
        b"<rss><channel><link>/</link><item><guid>1</guid><title>A</title></item></channel></rss>"
    )
    image = b"<item><description>&lt;img src='/a.png'&gt;</description></item>"
    untitled = b"<rss><channel>" + image + b"</channel></rss>"
    local = (
        b"<rss><channel><item><title>A</title><pubDate>2023-06-22 10:00:00</pubDate></item>"
        b"</channel></rss>"
    )
    for data in (relative, untitled, local):
        one = feedkit.parse(data, url="https://a.example/f")
        other = feedkit.parse(data, url="https://b.example/g", timezone=ZoneInfo("Asia/Tokyo"))
        assert [post.id for post in one.posts] == [post.id for post in other.posts]


def test_ids_do_not_depend_on_an_xml_base() -> None:
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'{}><link href='/'/>{}{}</feed>"
    href = "<entry{}><link href='p/1?a=1&amp;b=2'/><title>A</title></entry>"
    text = "<entry{}><link>p/2</link><title>B</title></entry>"
    ids = set()
    for base in ("", " xml:base='https://a.example/'", " xml:base='http://b.example/x/'"):
        for document in (
            atom.format(base, href.format(""), text.format("")),
            atom.format("", href.format(base), text.format(base)),
        ):
            feed = feedkit.parse(document.encode())
            ids.add(tuple(post.id for post in feed.posts))
            assert all(post.url for post in feed.posts) is bool(base)
    assert len(ids) == 1


def test_what_stands_before_the_root_decides_nothing() -> None:
    page = (
        b'<!-- <rdf:RDF xmlns:rdf="x"> --><!DOCTYPE html [ <!ENTITY a "b"> ]><html><feed/></html>'
    )
    for data in (page, b"<tv><channel><title>x</title></channel></tv>", b"text <html><rss></rss>"):
        with pytest.raises(UnknownFormatError):
            feedkit.parse(data)
    for before in (b"<!-- <html> -->", b"<?x y?>\n<!DOCTYPE rss [ <!ENTITY a 'b'> ]>", b"junk "):
        assert feedkit.parse(before + RSS).title == "T"


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        ("&#55357;&#56832;", "😀"),
        ("&#xD83D;&#xDE00;", "😀"),
        ("&#xD800;", "�"),
        ("&#1114112;", "�"),
        ("&#99999999999999999999;", "�"),
        ("&#8364;", "€"),
    ],
)
def test_a_reference_to_no_character_costs_only_itself(reference: str, shown: str) -> None:
    data = RSS.replace(b"<item>", f"<item><title>{reference}</title></item><item>".encode())
    assert [post.title for post in feedkit.parse(data).posts] == [shown, "A"]


@pytest.mark.parametrize(
    ("document", "cut"),
    [
        (RSS, False),
        (b"<!-- the <feed> of x -->" + RSS, False),
        (RSS + b"<!-- " + b"x" * 9000 + b" -->", False),
        (RSS + b" " * 9000, False),
        (("<?xml version='1.0' encoding='utf-16'?>" + RSS.decode()).encode("utf-16"), False),
        (RSS[:-1], False),
        (RSS[:-8], True),
        (RSS[:-20], True),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', False),
        (b"<rss />\n", False),
        (b"<rss><channel/>", True),
        (b"<rss><channel><rssnote/></channel><rssnote:a></rssnote:a>", True),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><feedburner:info></feedburner:info>", True),
    ],
)
def test_a_document_is_cut_off_when_its_root_is_never_closed(document: bytes, cut: bool) -> None:
    problems = feedkit.parse(document).problems
    assert any("cut off" in problem.reason for problem in problems) is cut


def test_posts_that_share_guid_and_link_are_told_apart_by_their_dates() -> None:
    items = "".join(
        "<item><guid>https://b.example/</guid><link>https://b.example/</link>"
        f"<title>Daily</title><pubDate>Sat, 0{day} Jun 2024 00:00:00 GMT</pubDate></item>"
        for day in (1, 2, 3)
    )
    feed = feedkit.parse(f"<rss><channel>{items}</channel></rss>".encode())
    assert len({post.id for post in feed.posts}) == 3


def test_half_an_entry_at_the_end_of_a_cut_off_document_is_left_out() -> None:
    for prefix in ("", "a:"):
        entry = "<{0}entry><{0}id>urn:x:{1}</{0}id><{0}title>A</{0}title></{0}entry>"
        whole = "<{0}feed xmlns{1}='http://www.w3.org/2005/Atom'>" + entry.format("{0}", "1")
        document = (whole + entry.format("{0}", "2")).format(prefix, ":a"[: 2 * bool(prefix)])
        half = document.removesuffix(f"</{prefix}entry>")
        assert [post.id for post in feedkit.parse(document.encode()).posts] == [
            "urn:x:1",
            "urn:x:2",
        ]
        assert [post.id for post in feedkit.parse(half.encode()).posts] == ["urn:x:1"]


def test_two_entries_of_one_id_are_reported() -> None:
    feed = feedkit.parse(RSS.replace(b"</item>", b"</item><item><title>A</title>x</item>"))
    assert [post.title for post in feed.posts] == ["A", "A"]
    assert [str(problem) for problem in feed.problems] == [
        "entry 2: it has the id of entry 1: they are taken for one post"
    ]


def test_what_an_rss_channel_says_of_itself_is_html_only_where_it_looks_so() -> None:
    said = b"<description>List&lt;String> is a type</description><copyright>A &lt;b> c</copyright>"
    feed = feedkit.parse(RSS.replace(b"<item>", said + b"<item>"))
    assert (feed.subtitle, feed.rights) == ("List<String> is a type", "A <b> c")


def test_the_kind_of_an_entry_is_no_tag() -> None:
    kinds = "http://schemas.google.com/g/2005#kind", "http://schemas.google.com/blogger/2008/kind"
    categories = "".join(f"<category scheme='{kind}' term='{kind}#post'/>" for kind in kinds)
    entry = f"<entry><title>A</title>{categories}<category scheme='x' term='b'/></entry>"
    feed = feedkit.parse(f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>".encode())
    assert [post.tags for post in feed.posts] == [("b",)]


def test_a_number_too_long_to_be_one_costs_only_itself() -> None:
    length = b"9" * 5000
    enclosure = b"<enclosure url='https://x.example/a.mp3' length='" + length + b"'/>"
    feed = feedkit.parse(RSS.replace(b"</item>", enclosure + b"</item>"))
    assert [(post.title, post.enclosures[0].length) for post in feed.posts] == [("A", None)]
    assert not feed.problems


def test_the_text_of_a_link_of_another_relation_is_not_the_link() -> None:
    links = b"<link>https://x.example/a</link><link rel='self'>https://x.example/self</link>"
    feed = feedkit.parse(RSS.replace(b"</item>", links + b"</item>"))
    assert [post.url for post in feed.posts] == ["https://x.example/a"]


def test_an_xml_base_ends_with_its_element() -> None:
    entry = "<entry{}><title>A</title><link href='p'/></entry>"
    entries = entry.format(" xml:base='https://x.example/'") + entry.format("")
    feed = feedkit.parse(f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>".encode())
    assert [post.url for post in feed.posts] == ["https://x.example/p", ""]


def test_an_entry_that_only_is_about_a_page_elsewhere_is_a_post() -> None:
    link = b"<entry><id>urn:x:1</id><link rel='related' href='https://x.example/'/></entry>"
    feed = feedkit.parse(b"<feed xmlns='http://www.w3.org/2005/Atom'>" + link + b"</feed>")
    assert [post.related for post in feed.posts] == ["https://x.example/"]


def test_many_stray_lines_of_an_archive_take_no_longer_than_they_must() -> None:
    stray = "In 2020 something happened\n" * 3000
    feed = feedkit.parse(f"Tag archive: x\n{stray}May 6, 2026\nOne\n".encode())
    assert [post.title for post in feed.posts] == ["One"]
    assert len(feed.problems) == 3000


def test_a_long_line_of_an_archive_takes_no_longer_than_it_must() -> None:
    # a clock behind many a word that stands before one: for each, the line was gone through
    line = b"on " * 50_000 + b"1:1 " + b"x" * 200_000
    assert len(feedkit.parse(b"Tag archive: x\nJun 22, 2023\nT\n" + line).posts) == 1


def test_a_post_twice_below_a_heading_is_left_out_and_said_so() -> None:
    archive = b"Tag archive: x\nJun 22, 2023\nA\none\nJun 22, 2023\nA\ntwo\n"
    feed = feedkit.parse(archive + b"Tag archive: y\nJun 22, 2023\nA\none\n")
    assert [(post.summary, post.tags) for post in feed.posts] == [("one", ("x", "y"))]
    assert [str(problem) for problem in feed.problems] == [
        "A: left out: a post before it has its date and title"
    ]


def test_entries_and_titles_of_an_archive_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    def archive(*posts: bytes) -> bytes:
        return b"Tag archive: x\n" + b"".join(b"Jun 22, 2023\n%b\n" % post for post in posts)

    [post] = feedkit.parse(archive(b"title " * 1000)).posts
    assert len(post.title) <= MAX_TITLE
    monkeypatch.setattr("feedkit.ingest.archive.MAX_ENTRIES", 2)
    with pytest.raises(ParseError, match=r"entries: .* has 3, .* is 2"):
        feedkit.parse(archive(b"A", b"B", b"C"))


@pytest.mark.parametrize(
    "excerpt",
    ["May 12, 2020 and 13", "Mar 2020, 13", "2020 10 12", "On 5 May 2020", "At 10 on 1 May 2020"],
)
def test_an_excerpt_that_is_nearly_a_date_is_an_excerpt(excerpt: str) -> None:
    text = f"Tag archive: x\nJun 22, 2023\nOne\n{excerpt}\nJun 21, 2023\nTwo\nz\n"
    posts = feedkit.parse(text.encode()).posts
    assert [(post.title, post.summary) for post in posts] == [("One", excerpt), ("Two", "z")]


def test_the_id_of_an_archives_post_does_not_depend_on_the_dates_beside_it() -> None:
    alone = feedkit.parse(b"Tag archive: x\n5/6/2023\nA\n").posts[0]
    beside = feedkit.parse(b"Tag archive: x\n5/6/2023\nA\nq\n25/6/2023\nB\n").posts[0]
    assert alone.id == beside.id
    zone = ZoneInfo("Asia/Tokyo")
    elsewhere = feedkit.parse(b"Tag archive: x\n5/6/2023\nA\n", timezone=zone).posts[0]
    assert elsewhere.id == alone.id
    assert elsewhere.published != alone.published


def test_time_grows_with_size_and_not_with_its_square() -> None:
    # each of these took seconds where a pattern looked at everything behind every start
    fields = (
        ("author", "a@b.cc" + " " * 200_000 + "x"),
        ("pubDate", "2000-01-01" + "t" * 200_000),
        ("description", "&lt;iframe &gt;" + "&lt;/iframe" * 50_000),
        ("description", "&lt;iframe&gt;" * 50_000),
        ("category", "&lt;/a" * 50_000),
        ("description", "&lt;iframe &lt;" + "a" * 200_000),
    )
    for name, value in fields:
        data = RSS.replace(b"<item>", f"<item><{name}>{value}</{name}>".encode())
        assert len(feedkit.parse(data).posts) == 1


def test_a_file_that_cannot_be_read_names_itself() -> None:
    with pytest.raises(SourceError, match=r"^/: can't be read: Is a directory"):
        feedkit.read("/")
    with pytest.raises(SourceError, match=r"^ftp://x: is no http or https address"):
        feedkit.read("ftp://x")


def case(name: str) -> bytes:
    return (CASES / "ingest" / "feed" / name).read_bytes()


def test_posts_of_one_guid_keep_their_ids_when_another_comes_before_them() -> None:
    before = [post.id for post in feedkit.parse(case("repeated_guid.xml")).posts]
    after = [post.id for post in feedkit.parse(case("repeated_guid_prepended.xml")).posts]
    assert len(set(after)) == 3
    assert after[1:] == before


def test_bare_guids_do_not_move_with_the_address_of_the_feed() -> None:
    data = case("bare_ids.xml")
    addresses = ("https://blog.example/feed.xml", "https://moved.example/dir/rss", None)
    ids = [[post.id for post in feedkit.parse(data, url=url).posts] for url in addresses]
    assert ids[0] == ids[1] == ids[2]
    assert len(set(ids[0])) == len(ids[0]) == 10


def test_what_is_not_explicit_is_told_from_what_does_not_say() -> None:
    posts = {post.title: post.episode for post in feedkit.parse(case("podcast.xml")).posts}
    assert posts["Not explicit"] == feedkit.Episode(explicit=False)
    assert posts["Nothing that can be read"] is None
    show = feedkit.parse(case("podcast.xml")).show
    assert (show.explicit if show else None) is False


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("3600", 3600),
        ("1:00:00", 3600),
        ("60:00", 3600),
        ("1:2:3", 3723),
        ("0", 0),
        ("00:00:59.9", 59),
        ("59,5", 59),
        ("", None),
        ("1:00:00:00", None),
        ("-5", None),
        ("1h", None),
        ("٣", None),
        ("9" * 40, None),
    ],
)
def test_a_duration_is_read_in_every_spelling(written: str, seconds: int | None) -> None:
    item = f"<item><title>A</title><itunes:duration>{written}</itunes:duration></item>"
    feed = feedkit.parse(
        f'<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>{item}</channel>'
        "</rss>".encode()
    )
    episode = feed.posts[0].episode
    assert (episode.duration if episode else None) == seconds


@pytest.mark.parametrize(
    ("period", "frequency", "ttl"),
    [
        ("hourly", "1", 60),
        ("hourly", "", 60),
        (" Daily ", "2", 720),
        ("weekly", "1", 10080),
        ("hourly", "100", 1),
        ("hourly", "0", 60),
        ("always", "1", None),
        ("", "2", None),
    ],
)
def test_how_often_to_read_is_told_by_the_syndication_module(
    period: str, frequency: str, ttl: int | None
) -> None:
    said = f"<sy:updatePeriod>{period}</sy:updatePeriod>"
    said += f"<sy:updateFrequency>{frequency}</sy:updateFrequency>"
    text = RSS.decode().replace("<item>", said + "<item>", 1)
    assert feedkit.parse(text.encode()).ttl == ttl
    assert feedkit.parse(text.replace("<item>", "<ttl>5</ttl><item>", 1).encode()).ttl == 5


def test_many_categories_take_no_longer_than_they_must() -> None:
    tags = "".join(f"<category>{number}</category>" for number in range(20_000))
    (post,) = feedkit.parse(RSS.replace(b"<title>A", f"{tags}<title>A".encode())).posts
    assert len(post.tags) == 20_000
