"""All addresses of one page have one canonical link; what names no page has none."""

from string import ascii_letters, digits

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedkit.merging import canonical_link, unambiguous_links
from feedkit.model import Post

LINK = "https://blog.example/2024/post"
thorough = settings(max_examples=150, deadline=None, derandomize=True)


@pytest.mark.parametrize(
    "address",
    [
        LINK,
        "http://blog.example/2024/post",
        "HTTPS://Blog.Example/2024/post",
        "https://www.blog.example/2024/post",
        "https://m.blog.example/2024/post",
        "https://amp.blog.example/2024/post",
        "https://www.m.blog.example./2024/post",
        "https://blog.example:443/2024/post",
        "http://blog.example:80/2024/post",
        "https://me:secret@blog.example/2024/post",
        "https://blog.example/2024/post/",
        "https://blog.example//2024/./post/x/../",
        "https://blog.example/2024/post/index.html",
        "https://blog.example/2024/post/index.php",
        "https://blog.example/2024/post/amp",
        "https://blog.example/2024/post/amp/",
        "https://blog.example/amp/2024/post",
        "https://blog.example/2024/post.amp",
        "https://blog.example/2024/post?amp=1",
        "https://blog.example/2024/post?amp",
        "https://blog.example/2024/post?outputType=amp",
        "https://www.google.com/amp/s/blog.example/2024/post/amp/",
        "https://blog-example.cdn.ampproject.org/c/s/blog.example/2024/post",
        "https://blog.example/2024/post#comments",
        "https://blog.example/2024/post#more-123",
        "https://blog.example/2024/post#:~:text=a%20word",
        "https://blog.example/2024/post#xtor=RSS-32",
        "https://blog.example/2024/post?",
        "https://blog.example/2024/post?utm_source=rss&utm_medium=feed",
        "https://blog.example/2024/post?UTM_Source=rss",
        "https://blog.example/2024/post?utm_source=rss&amp;utm_medium=feed",
        "https://blog.example/2024/post?fbclid=a&gclid=b&mc_cid=c&mc_eid=d&ref=e",
        "https://blog.example/2024/post?source=rss",
        "https://blog.example/2024/post?source=rss----a1b2---4",
        "https://blog.example/2024/post?at_medium=RSS&at_campaign=KARANGA",
        "https://blog.example/2024/post;jsessionid=0A1B",
        "https://blog.example/2024/post;%6asessionid=0A1B",
        "https://blog.example/2024/%70ost",
        " https://blog.example/2024/post\n",
    ],
)
def test_addresses_of_one_page_have_one_link(address: str) -> None:
    assert canonical_link(address) == LINK


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://blog.example/Post", "https://blog.example/Post"),
        ("https://blog.example/?p=12", "https://blog.example/?p=12"),
        ("https://blog.example/index.php?p=12", "https://blog.example/?p=12"),
        ("https://blog.example/a?b=2&a=1", "https://blog.example/a?a=1&b=2"),
        ("https://blog.example/a?a=2&a=1", "https://blog.example/a?a=2&a=1"),
        ("https://blog.example/a?b=&a", "https://blog.example/a?a&b"),
        ("https://blog.example/a?q=x+y", "https://blog.example/a?q=x%20y"),
        ("https://blog.example/a?q=x%26y", "https://blog.example/a?q=x%26y"),
        ("https://blog.example/a%2fb", "https://blog.example/a%2Fb"),
        ("https://blog.example/a%ff", "https://blog.example/a%FF"),
        ("https://blog.example/caf%c3%a9", "https://blog.example/caf%C3%A9"),
        ("https://blog.example/cafe\u0301", "https://blog.example/caf%C3%A9"),
        ("https://blog.example/it's", "https://blog.example/it's"),
        ("https://blog.example/it%27s", "https://blog.example/it's"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://BÜCHER.example/a", "https://xn--bcher-kva.example/a"),
        ("https://blog.example:8443/a", "https://blog.example:8443/a"),
        ("http://[2001:DB8::1]/a", "https://[2001:db8::1]/a"),
        ("https://m.example/a", "https://m.example/a"),
        ("https://blog.example/2024/05/post.html?m=1", "https://blog.example/2024/05/post.html"),
        ("https://blog.example/calendar?m=1", "https://blog.example/calendar?m=1"),
        ("https://blog.example/a?source=mail", "https://blog.example/a?source=mail"),
        ("https://blog.example/a?reference=1", "https://blog.example/a?reference=1"),
        ("https://blog.example/a?page=2", "https://blog.example/a?page=2"),
        ("https://blog.example/amplifiers/amp3", "https://blog.example/amplifiers/amp3"),
    ],
)
def test_what_tells_pages_apart_stays(address: str, link: str) -> None:
    assert canonical_link(address) == link


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/a",
        "mailto:someone@blog.example",
        "ftp://blog.example/a",
        "urn:uuid:5f0c6a1e-0000-4000-8000-000000000000",
        "https://",
        "https://blog.example",
        "https://blog.example/",
        "https://www.blog.example/index.html?utm_source=rss",
        "https://blog.example/#!/post/1",
        "https://blog.example/changes#v1.2",
        "https://blog.example/post#comment-17",
        "https://" + "x.cdn.ampproject.org/c/" * 4 + "blog.example/a",
    ],
)
def test_what_names_no_page_of_its_own_has_no_link(address: str) -> None:
    assert canonical_link(address) == ""


_NAMES = "blog.example index.html amp .amp /amp .html www. m. http:// https:// .. #comments"
_CACHES = "google.com/amp/s/ x.cdn.ampproject.org/c/"
_QUERIES = "&amp; jsessionid= utm_a=1 ref= m=1 source=rss"
_ESCAPES = "%61 %2e %2F %3b %26 %ff e\u0301 \ud800"
_PIECES = [*"/?#&=.%;+:@ aé\n", *f"{_NAMES} {_CACHES} {_QUERIES} {_ESCAPES}".split()]
pieces = st.lists(st.sampled_from(_PIECES), max_size=10).map("".join)


@thorough
@given(st.text(ascii_letters + digits + "-._~"))
def test_what_needs_no_escape_may_be_escaped(text: str) -> None:
    escaped = "".join(f"%{ord(letter):02X}" for letter in text)
    plain, same = (f"https://blog.example/2024/{x}/x?{x}={x}" for x in (text, escaped))
    assert canonical_link(plain) == canonical_link(same)


@thorough
@given(st.sampled_from(["https://blog.example/", "http://", ""]), pieces | st.text(max_size=20))
def test_a_link_is_its_own_canonical_link(start: str, rest: str) -> None:
    link = canonical_link(start + rest)
    assert canonical_link(link) == link
    assert link == "" or link.startswith("https://")


@pytest.mark.parametrize(
    "address",
    [
        "https://blog.example/" + ".amp" * 100_000 + "x",
        "https://blog.example/" + "amp/" * 100_000,
        "https://blog.example/" + "../" * 100_000,
        "https://blog.example/?" + "&amp;" * 100_000,
        "https://blog.example/?a" + "amp;" * 100_000,
        "https://" + "www." * 100_000 + "x",
        "https://blog.example/" + ";jsessionid=" * 50_000,
        "https://blog.example/?" + "utm_" * 100_000 + "!",
    ],
)
def test_a_long_address_takes_no_longer_than_its_length_warrants(address: str) -> None:
    link = canonical_link(address)
    assert canonical_link(link) == link


def test_a_link_that_two_posts_of_a_document_have_is_neithers() -> None:
    posts = [
        Post(id="urn:x:1", url="https://blog.example/show"),
        Post(id="urn:x:2", url="http://www.blog.example/show/?utm_source=rss"),
        Post(id="urn:x:3", url="https://blog.example/3/"),
        Post(id="urn:x:4", url="https://blog.example/"),
        Post(id="urn:x:5"),
    ]
    assert unambiguous_links(posts) == {"urn:x:3": "https://blog.example/3"}
    assert unambiguous_links([]) == {}
