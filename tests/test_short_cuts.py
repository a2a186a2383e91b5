"""What is told at a glance is what a longer look would tell."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from feedkit._dates import rfc822, rfc3339
from feedkit._html import collapse
from feedkit._urls import web_url
from feedkit._xml import legal
from feedkit.emit.altered import altered
from feedkit.emit.repairs import Repairs
from feedkit.model import Post

# of each block, and all where something is decided by a single character
CHARACTERS = [*range(0x3100), *range(0x3100, 0x110000, 97), *range(0xD7F0, 0xE010), 0xFEFF]
CHARACTERS += [*range(0xFFE0, 0x10010), 0x10FFFF]
PIECES = ["a", "/", "?", ";", "#", "..", "&amp;", "&", "%20", "%", "é", ":80", "@", "//", " "]


def test_a_long_text_keeps_what_a_short_one_keeps() -> None:
    around = "x" * 300
    for character in map(chr, CHARACTERS):
        assert legal(around + character + around) == around + legal(character) + around


def test_a_text_of_one_line_is_what_collapsing_gives() -> None:
    repairs = Repairs("", "post")
    for character in map(chr, CHARACTERS):
        text = f"a{character}b"
        assert repairs.text("title", text) == collapse(legal(text))


@settings(deadline=None, max_examples=300, derandomize=True)
@given(
    parts=st.lists(st.sampled_from(PIECES), max_size=6),
    start=st.sampled_from(["https://x.example", "http://x.example/", "HTTP://x.example", ""]),
    base=st.sampled_from(["", "https://x.example/a/b?c", "http://b.example"]),
)
def test_an_address_is_what_joining_makes_of_it(parts: list[str], start: str, base: str) -> None:
    url = start + "".join(parts)
    # a tab is ignored, but no address as it should be has one
    assert web_url(url, base) == web_url(f"\t{url}", base)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(
    moment=st.datetimes(
        datetime(2, 1, 1),
        datetime(9998, 12, 31),
        timezones=st.integers(-12, 12).map(lambda hours: timezone(timedelta(hours=hours)))
        | st.just(UTC),
    )
)
def test_dates_are_written_as_the_standard_library_writes_them(moment: datetime) -> None:
    in_utc = moment.astimezone(UTC)
    assert rfc822(moment) == format_datetime(in_utc)
    assert rfc3339(moment) == f"{in_utc.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def test_a_value_that_has_the_fields_already_is_itself() -> None:
    post = Post(title="One", tags=["a"])
    assert altered(post, title="One", tags=("a",)) is post
    other = altered(post, title="Two")
    assert (other.title, other.id, post.title) == ("Two", post.id, "One")
