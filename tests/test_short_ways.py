"""What is done in a short way comes out as it does in the long one, whatever is given."""

import re
from typing import Any

import pytest
from feedparser.util import FeedParserDict
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedkit import (
    _attributes,
    _dates,
    _html,
    _ids,
    _nesting,
    _players,
    _stable,
    _urls,
    _xml,
)
from feedkit._text import collapse
from feedkit.ingest.feed import media, podcast
from feedkit.ingest.feed.said import plain, plainly, text_of, to_text

steady = settings(max_examples=400, deadline=None, derandomize=True)
anything = st.text(st.characters(exclude_categories=()))
BASES = ["", "https://x.example/a/b?c", "http://x.example", "tag:x", "a/b"]
_PARTS_OF_ADDRESSES = [
    *("http://", "https://", "HTTP://", "//", "/", "a", "x.example", ":80", ":8٣", "?", "#", ";"),
    *("&amp;", "&", "%20", "%2", "%", "..", "/./", "=", "@", "[", "]", " ", "\n", "\t", "é", "."),
]
addresses = st.lists(st.sampled_from(_PARTS_OF_ADDRESSES), max_size=9).map("".join)


@steady
@example("https://x.example/a;?b", BASES[1])
@example("https://x.example?#", BASES[1])
@example("https://x.example/a;", BASES[1])
@given(addresses | addresses.map("https://x.example/".__add__) | anything, st.sampled_from(BASES))
def test_an_absolute_address_is_joined_to_nothing(url, base):
    quickly = _urls.web_url(url, base)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_urls, "_EMPTY_PART", re.compile(""))
        assert _urls.web_url(url, base) == quickly


_RUN_BY_RUN = re.compile(
    r"[a-z][a-z0-9+.-]*:(?=[^#])(?://\[[0-9a-f:.]+\])?"
    r"(?:[a-z0-9._~:/?@!$&'()*+,;=-]|%[0-9a-f]{2})*+"
    r"(?:\#(?:[a-z0-9._~:/?@!$&'()*+,;=-]|%[0-9a-f]{2})*+)?",
    re.IGNORECASE | re.ASCII,
)


@steady
@given(
    addresses | addresses.map("urn:a".__add__) | addresses.map("http://[::A]".__add__) | anything
)
def test_an_absolute_uri_is_one_however_it_is_looked_over(uri):
    assert bool(_ids._ABSOLUTE.fullmatch(uri)) == bool(_RUN_BY_RUN.fullmatch(uri))


_PARTS_OF_DATES = [
    *("2023", "1970", "06", "22", "123", "366", "W25", "w01", "7", "-", "-", "T", "t", " ", ":"),
    *("00", "24", "60", ".5", "Z", "z", "GMT", "+02:00", "-0500", "+", "٣", "x"),
]


@steady
@example("2023-06-22T10:00:00Z")
@example("20230622T10")
@given(st.lists(st.sampled_from(_PARTS_OF_DATES), max_size=12).map("".join))
def test_a_date_by_its_month_is_none_by_its_week_or_its_day_of_the_year(text):
    if _dates._RFC3339.fullmatch(text):
        assert _dates._by_month(text) == text


@steady
@example("a\r\nb\x80\ud800", 300)
@example("\ufffe", 300)
@example("\x7f\xa0\x9f", 300)
@example("\n\t é 😀", 300)
@given(anything, st.sampled_from([0, 300]))
def test_a_text_is_legal_however_it_is_looked_over(text, more):
    text += "a" * more
    quickly = _xml.legal(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_xml, "_is_legal", lambda _: False)
        assert _xml.legal(text) == quickly


@steady
@example(" a  b ")
@example("\ufeffa\u3000b\u200bc ")
@given(anything | st.text("a b\ufeff\xa0\n\x85"))
def test_a_text_of_single_spaces_is_collapsed_already(text):
    assert collapse(text) == " ".join(_xml.legal(text).replace("\ufeff", "").split())


@steady
@given(st.text("ab ;/=\"'\n") | anything)
def test_a_text_without_tags_and_references_is_plain(text):
    if "<" not in text and "&" not in text:
        assert plain(text) == collapse(text) == to_text(text)


# as a serialiser writes them, and as one would that escapes less of a value
_ATTRIBUTES = [
    *(' style="color:red"', ' style="top:0"', ' class="lang-a"', ' class="b"', ' id="a"'),
    *(' id="a b"', ' name="a"', ' title="a"', ' title="<b>"', ' title=">"'),
    *(' title="&quot; id=&quot;"', ' href="#a"', ' href="#b"', ' href="#a<"', ' alt="\xa0"'),
    *(' srcset="b 2x, c"', ' cite="b"'),
]
_TEXTS = [*_ATTRIBUTES[:7], ' class="', '"', "text", " ", "\n", "&lt;", "&gt;"]
tags = st.lists(st.sampled_from(_ATTRIBUTES), max_size=4).map(lambda all_: f"<i{''.join(all_)}>")
texts = st.lists(st.sampled_from(_TEXTS), max_size=3).map("".join)


@steady
@example('<p title="<b>" style="top:0">', "", "p-")
@example('<p style="top:0" title="<b>">', "", "p-")
@example('class="a<b style="top:0">', "", "p-")
@example('x class="a<p style="top:0">', "", "p-")
@example('<a href="#a">b</a><p id="a">', "", "p-")
@given(
    st.lists(tags | texts | st.sampled_from(["<p>", "</p>", "<br>"]), max_size=6).map("".join),
    st.sampled_from(["", "https://x.example/"]),
    st.sampled_from(["", "p-"]),
)
def test_attributes_are_checked_however_they_are_found(written, base, prefix):
    quickly = _attributes.checked(written, base, prefix)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_CHECKED", "_FRAGMENT"):
            # what looks like an attribute everywhere, and certain nowhere
            patch.setattr(_attributes, name, (re.compile(""), getattr(_attributes, name)[1]))
        assert _attributes.checked(written, base, prefix) == quickly


def test_attributes_in_tags_are_found_the_short_way():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_attributes, "_CHECKED", (_attributes._CHECKED[0], None))
        written = '<p style="color: red; top: 0" title="a">b</p><i id="c"></i>'
        made = '<p style="color: red" title="a">b</p><i id="p-c"></i>'
        assert _attributes.checked(written, "", "p-") == made


@steady
@example("<ıframe src=a><İFRAME src=b>")
@given(
    st.lists(
        st.sampled_from(
            [
                "<",
                "iframe",
                "IFrame",
                "ıframe",
                "İframe",
                " src='https://a.example/'",
                ">",
                "</",
                "a",
            ]
        ),
        max_size=8,
    ).map("".join)
)
def test_players_are_found_in_either_case_and_no_other_letters(markup):
    quickly = _players.mark_players(markup)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_players, "_IFRAME", re.compile("<iframe", re.IGNORECASE))
        assert _players.mark_players(markup) == quickly


_NAMES = "a b i code span p div li dd h1 h2 ruby rt table tbody tr td svg math g script br x 1"


def _element(name: str, slash: str, within: list[str]) -> str:
    return f"<{name}{slash}>{''.join(within)}</{name}>"


elements = st.recursive(
    st.sampled_from(["text", "<br>", "<hr>", "<img src=a>", "&amp;", "<p>", "</b>"]),
    lambda within: st.builds(
        _element,
        st.sampled_from(_NAMES.split()),
        st.sampled_from(["", "", ' class="a"', "/"]),
        st.lists(within, max_size=3),
    ),
    max_leaves=12,
)


def _is_slow(markup: str) -> bool:
    nesting = _nesting._Nesting(trusted=False)
    nesting.mended(markup)
    return nesting.is_slow


@steady
@example([("<svg><b><i><b/></b></i></b></svg>", 21)])
@example([("<p><b><p>a</p></b></p>", 21)])
@example([("<h1><b><h1><h2>a</h2></h1></b></h1>", 21)])
@example([("<a><i><a>a</a></i></a>", 21)])
@example([("<table><tr><td><b><td>a</td></b></td></tr></table>", 21)])
@example([("<b>", 30), ("<plaintext></plaintext>", 1), ("</b>", 30)])
@example([("<div><b><xmp><div><xmp></xmp></div></xmp></b></div>", 21)])
@example([("<li><b><li>a</li></b></li>", 21)])
@example([("<dd><b><dt>a</dt></b></dd>", 21)])
@given(st.lists(st.tuples(elements, st.sampled_from([1, 21, 90])), max_size=3))
def test_elements_within_each_other_are_not_slow_when_their_tags_say_so(parts):
    markup = "".join(piece * times for piece, times in parts)
    tags = _stable.tags_of(markup)
    if tags is not None and _nesting._are_shallow(tags):
        assert not _is_slow(markup) or markup.count("&") > 4000


@pytest.mark.parametrize(
    "markup",
    [
        "<b><p>a</p></b>" * 30,
        "<div><span>" * 30 + "</span></div>" * 30,
        "<p>a</br><code><a>1</a><br></code></p>" * 30,
        "<code><pre><i>a</i></pre></code>" * 30,
        "<style>p {}</style><video>a</video>" * 30,
    ],
)
def test_elements_ended_where_they_should_be_are_looked_at_only_by_their_tags(markup):
    assert _nesting._are_shallow(_stable.tags_of(markup))


@steady
@given(st.lists(elements, max_size=6).map("".join), st.sampled_from([0, 3]))
def test_markup_is_bounded_the_same_whatever_is_known_of_it(markup, most_tags):
    tags = _stable.tags_of(markup)
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in {"_MOST_REFERENCES": 2, "_MOST_MISNESTED": 1, "_MOST_STARTS": 3}.items():
            patch.setattr(_nesting, name, limit)
        for module in (_nesting, _stable):
            patch.setattr(module, "DEPTH", 12)
        bounded = _nesting.bounded(markup, most_tags=most_tags)
        stable = _stable.are_stable(tags)
        assert _nesting.bounded(markup, tags, stable=stable, most_tags=most_tags) == bounded
        # as though nothing could be seen at a glance
        patch.setattr(_nesting, "is_shallow", lambda *_: False)
        patch.setattr(_nesting, "_has_many_references", lambda *_, **__: True)
        assert _nesting.bounded(markup, most_tags=-1) == bounded


@pytest.mark.parametrize("count", [4000, 4001, 8000, 8001, 9000])
def test_a_text_of_many_references_is_made_several(count):
    markup = f"a{'&amp; ' * count}"
    texts = _nesting.bounded(markup).split("<!---->")
    assert "".join(texts) == markup
    assert [text.count("&") for text in texts[:-1]] == [4000] * (len(texts) - 1)
    assert 0 < texts[-1].count("&") <= 4000


def test_many_references_in_many_texts_are_left_as_they_are():
    markup = "<p>a &amp; b</p>" * 5000
    assert _nesting.bounded(markup, stable=True) == markup
    # no tag begins with a digit: all this is one text
    markup = f"{'&amp;' * 3000}<1>{'&amp;' * 3000}"
    assert "<!---->" in _nesting.bounded(markup, _stable.tags_of(markup))


@steady
@given(
    st.lists(
        st.sampled_from(["<", "!", "-", "--", "<!--", "-->", "iframe", "<IFrame src=a>", ">", "a"]),
        max_size=8,
    ).map("".join)
)
def test_markup_without_players_and_comments_is_not_looked_over_for_them(markup):
    without = _nesting.without_comments(_players.mark_players(markup))
    assert without == markup or _html._PLAYER_OR_COMMENT.search(markup)


class _Asked(dict[str, Any]):
    """Says nothing of what it has the names of, and keeps what it is asked for."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__(dict.fromkeys(names))
        self.names: set[str] = set()

    def get(self, name: str, otherwise: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, otherwise)


def test_what_says_nothing_of_an_episode_is_none_without_being_asked():
    asked = _Asked(podcast._OF_EPISODES)
    assert podcast.episode_of(asked, str) is None
    assert asked.names == podcast._OF_EPISODES


def test_what_has_no_picture_is_not_asked_for_one():
    asked = _Asked(media._PICTURES)
    assert media.image_of(asked, [], str) == ""
    assert asked.names == media._PICTURES


def test_what_feedparser_answers_with_another_field_is_not_said():
    held = FeedParserDict(published="a", parts=[FeedParserDict(published="b"), "c"])
    with pytest.warns(DeprecationWarning, match="issue 310"):
        assert held["updated"] == "a"
    said = plainly(held)
    assert said == {"published": "a", "parts": [{"published": "b"}, "c"]}
    assert [type(said), *map(type, said["parts"])] == [dict, dict, str]
    assert text_of(said, "updated") == ""
