"""The sanitising policy, case by case; and what must hold of any markup whatever."""

import json
import re
import weakref

import nh3
import pytest
from conftest import CASES
from hypothesis import example, given, settings
from hypothesis import strategies as st
from live_markup import Nesting, dangers

from feedkit._html import (
    Cleaner,
    clean_html,
    decoded,
    excerpt,
    players_to_links,
    to_text,
    well_nested,
)
from feedkit._nesting import _Nesting, is_shallow, is_stable
from feedkit._policy import ATTRIBUTES, DEPTH, DROPPED_WHOLE, NAMES, TAGS
from feedkit._xml import legal

BASE = "https://x.example/a/"
PLAYER = "https://www.youtube.com/embed/1"
HOSTILE = {
    vector["name"]: vector["html"]
    for file in sorted((CASES / "hostile").glob("*.json"))
    for vector in json.loads(file.read_text(encoding="utf-8"))
}
steady = settings(max_examples=300, deadline=None, derandomize=True)

# a parser and serialiser that forbids nothing of what can be in cleaned markup
_PARSER = nh3.Cleaner(
    tags=TAGS | {"iframe"},
    clean_content_tags=set(),
    attributes={
        "*": set().union(*ATTRIBUTES.values(), *NAMES.values(), {"loading", "sandbox"}),
    },
    link_rel=None,
    url_relative="pass_through",
    url_schemes={"http", "https", "mailto", "tel", "xmpp", "geo"},
)


def parsed_and_written(markup: str) -> str:
    return _PARSER.clean(markup) if "<" in markup or "&" in markup else markup


def test_there_are_enough_hostile_cases() -> None:
    assert len(HOSTILE) >= 100
    assert len(set(HOSTILE.values())) == len(HOSTILE)


@pytest.mark.parametrize("prefix", ["", "post-1-"])
@pytest.mark.parametrize("base", ["", BASE])
@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_hostile_survives(markup, base, prefix):
    cleaned = clean_html(markup, base, prefix)
    assert dangers(cleaned) == []
    assert clean_html(cleaned, base, prefix) == cleaned
    assert well_nested(cleaned) == cleaned
    assert parsed_and_written(cleaned) == cleaned
    linked = players_to_links(cleaned)
    assert "<iframe" not in linked
    assert dangers(linked) == []
    assert parsed_and_written(linked) == linked


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_text_of_what_is_hostile_is_text(markup):
    text = to_text(markup)
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert dangers(shown) == []
    assert to_text(shown) == text
    if not any(sign in markup for sign in ("&", "<<", "<plaintext", "<xmp")):
        assert "<script" not in text.lower()


@pytest.mark.parametrize(
    ("markup", "cleaned"),
    [
        # elements
        ('<p>a<audio src="b.mp3" controls></audio></p>', None),
        ('<video poster="p.png" muted><track src="t.vtt" kind="captions"></video>', None),
        ("<details open><summary>a</summary>b</details>", None),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", None),
        ("<figure><img><figcaption>a</figcaption></figure>", None),
        ("<p><mark>a</mark><wbr><bdi>b</bdi></p>", None),
        ('<p dir="rtl" lang="ar">a</p>', None),
        ("<noscript><p>a</p></noscript><template><p>b</p></template>c", "c"),
        ("<form><label>a</label><input value=b></form>", "a"),
        ("<svg><text>a</text></svg><math><mi>b</mi></math>c", "c"),
        # classes
        ('<pre class="a language-c++ b"><code class="lang-C#">x</code></pre>',
         '<pre class="language-c++"><code class="lang-C#">x</code></pre>'),
        ('<code class="a">x</code><p class="language-js">y</p>', "<code>x</code><p>y</p>"),
        # lines of a pre
        ("<pre>\n\n  a\nb</pre>", "<pre>  a\nb</pre>"),
        # styles
        ('<p style="TEXT-ALIGN : Center;color:#FF0000;;x">a</p>',
         '<p style="text-align: center; color: #ff0000">a</p>'),
        ('<td style="width:10px">a</td><p style="width: 1.5em; height:auto">b</p>',
         'a<p style="width: 1.5em; height: auto">b</p>'),
        ('<i style="color:rgb(1, 2,3);background-color:rgba(1,2,3,.5)">a</i>',
         '<i style="color: rgb(1, 2,3)">a</i>'),
        ('<p style="position:fixed;float:left;margin:-9px;opacity:0">a</p>', "<p>a</p>"),
        ('<p style="color:red;background:url(x)">a</p>', '<p style="color: red">a</p>'),
        ('<p style="color:\\72 ed;width:calc(1px)">a</p>', "<p>a</p>"),
        ('<p style="width:-1px;height:99999px;width:1e9px">a</p>', "<p>a</p>"),
        ('<p style="color:red!important;--a:b">a</p>', "<p>a</p>"),
        ('<p title="a style=&quot;b&quot;">style="c"</p>',
         '<p title="a style=&quot;b&quot;">style="c"</p>'),
        # addresses
        ('<q cite="b">a</q>', '<q cite="https://x.example/a/b">a</q>'),
        ('<q cite="mailto:a@b.example">a</q>', "<q>a</q>"),
        ('<img longdesc="b" background="c" lowsrc="d">', "<img>"),
        ('<p><a href="#f">a</a></p>', '<p><a href="https://x.example/a/#f">a</a></p>'),
        # ids
        ('<p id="f">a</p><a name="g">b</a>', "<p>a</p><a>b</a>"),
        # srcset
        ('<img srcset="b 1x, /c 2x">',
         '<img srcset="https://x.example/a/b 1x, https://x.example/c 2x">'),
        ('<img srcset=" ,b  480w,, c,d 2.5x ,">',
         '<img srcset="https://x.example/a/b 480w, https://x.example/a/c,d 2.5x">'),
        ('<img srcset="b, c">',
         '<img srcset="https://x.example/a/b, https://x.example/a/c">'),
        ('<img srcset="b (1x, c), d 2x">', '<img srcset="https://x.example/a/d 2x">'),
        ('<img srcset="b 100w 50h, c -1x, d 1q">', '<img srcset="https://x.example/a/b 100w 50h">'),
        ('<img srcset="javascript:x 1x, data:image/png;base64,AA== 2x">', "<img>"),
        ('<picture><source srcset="b?c=1&amp;d=2" media="(width > 1px)"></picture>',
         '<picture><source srcset="https://x.example/a/b?c=1&amp;d=2" '
         'media="(width &gt; 1px)"></picture>'),
        # what would be parsed otherwise
        ("<p><button><p>a</p></button>b</p>", "<p></p><p>a</p>b<p></p>"),
        ("<ul><li><fieldset><li>a</fieldset></ul>", "<ul><li></li><li>a</li></ul>"),
        ("<h1><font><h2>a</h2></font></h1>", "<h1></h1><h2>a</h2>"),
        ("<table><a href='https://y.example/'>1<table><a href='https://z.example/'>2", None),
    ],
)  # fmt: skip
def test_the_policy(markup, cleaned):
    made = clean_html(markup, BASE)
    if cleaned is None:
        assert parsed_and_written(made) == made
        assert set(Tags(made).names) == set(Tags(markup).names)
    else:
        assert made == cleaned
    assert clean_html(made, BASE) == made


class Tags(Nesting):
    """The elements of a fragment with the names of their attributes."""

    def __init__(self, markup: str) -> None:
        self.names: list[tuple[str, ...]] = []
        super().__init__(markup)

    def handle_starttag(self, tag, attrs):
        self.names.append((tag, *(name for name, _ in attrs)))


FOOTNOTES = (
    '<p>a<sup id="r1"><a href="#n1">1</a></sup> <a href="#top">up</a></p>'
    '<ol><li id="n1">b <a href="#r1">back</a></li></ol><a name="old">c</a><a href="#old">d</a>'
)


def test_footnotes_work_where_posts_stand_on_one_page():
    one, other = (clean_html(FOOTNOTES, BASE, prefix) for prefix in ("p1-", "p2-"))
    assert one == (
        '<p>a<sup id="p1-r1"><a href="#p1-n1">1</a></sup> '
        '<a href="https://x.example/a/#top">up</a></p>'
        '<ol><li id="p1-n1">b <a href="#p1-r1">back</a></li></ol>'
        '<a name="p1-old">c</a><a href="#p1-old">d</a>'
    )
    assert other == one.replace("p1-", "p2-")
    assert clean_html(one, BASE, "p1-") == one
    assert clean_html('<p id="a b">x</p><p id="">y</p><a href="#">z</a>', "", "p-") == (
        "<p>x</p><p>y</p><a>z</a>"
    )


def test_an_odd_prefix_stays_within_its_attribute():
    cleaned = clean_html('<p id="a">x</p>', "", '"><b>&')
    assert cleaned == '<p id="&quot;&gt;&lt;b&gt;&amp;a">x</p>'


@pytest.mark.parametrize(
    ("markup", "nested"),
    [
        ("", ""),
        ("a < b & c", "a < b & c"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<b><i>a</b></i>", "<b><i>a</i></b>"),
        ("a</p></div>b<br></br>", "ab<br>"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
        ("<table><tr><td>a<td>b<tr><th>c</table>",
         "<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>"),
        ("<table><thead><tr><td>a<tbody><tr><td><b>b</table>c",
         "<table><thead><tr><td>a</td></tr></thead><tbody><tr><td><b>b</b></td></tr></tbody>"
         "</table>c"),
        ("<a href=x>a<a href=y>b", "<a href=x>a</a><a href=y>b</a>"),
        ("<script>if (a < b) '<p>'</script>c", "<script>if (a < b) '<p>'</script>c"),
        ("<style>p {}", "<style>p {}</style>"),
        ('<svg viewBox="0 0 1 1"><path d="M0"/><g><a/></g></svg>',
         '<svg viewBox="0 0 1 1"><path d="M0"/><g><a/></g></svg>'),
        ('<p onclick="a()" style="position:fixed" title="<b>">x</p>',
         '<p onclick="a()" style="position:fixed" title="<b>">x</p>'),
        ("<x-y><custom-z>a</x-y>", "<x-y><custom-z>a</custom-z></x-y>"),
        ("<!-- a --><p>b</p><!-- c", "<!-- a --><p>b</p><!-- c-->"),
        ("<!doctype html><?xml version='1.0'?><p>a", "<p>a</p>"),
        ("<p>a<img src='x", "<p>a</p>"),
        ("<P>a</P>\x00\ud800", "<P>a</p>"),
        ("<ruby>a<rt>b<rt>c</ruby>", "<ruby>a<rt>b</rt><rt>c</rt></ruby>"),
        ("<h1>a<h2>b", "<h1>a</h1><h2>b</h2>"),
    ],
)  # fmt: skip
def test_trusted_html_is_made_well_nested_and_nothing_else(markup, nested):
    assert well_nested(markup) == nested
    assert well_nested(nested) == nested


PIECES = [
    *("<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<div>", "</div>", "<ul>", "<li>", "</ul>"),
    *("<br>", "<img src=a>", "<blockquote cite=a>", "<a href='https://y.example/'>", "</a>"),
    *("<table>", "<tr>", "<td>", "</td>", "</table>", "<caption>", "<colgroup>", "<col>", "<th>"),
    *("<tbody>", "</tbody>", "<tfoot>", "<h1>", "</h1>", "<h2>", "<dl>", "<dt>", "<dd>", "</dl>"),
    *("<ruby>", "<rt>", "<rp>", "</ruby>", "<pre>", "<pre>\n", "\n", "</pre>", "<button>"),
    *("</button>", "<font>", "</font>", "<form>", "<fieldset>", "</fieldset>", "<marquee>"),
    *("</marquee>", "<select>", "<option>", "</select>", "<nobr>", "<details>", "<summary>"),
    *("<script>", "</script>", "<style>", "</style>", "<svg>", "</svg>", "<math>", "<mi>"),
    *("<title>", "</title>", "<textarea>", "<noscript>", "<template>", "</template>", "<x-y>"),
    *(f"<iframe src='{PLAYER}'>", "<iframe src='https://x.example/'>", "</iframe>", "<!--", "-->"),
    *("<p title='", '<p title="', "<p onclick='a'>", "<p style='color:red;top:0'>", "<p/a=b>"),
    *("<i id=a>", "<a name=b>", "<a href=#a>", "<img srcset='b 2x,c'>", "<code class=lang-a>"),
    *("&amp;", "&lt;", "&nbsp;", "&#0;", "&#x110000;", "&", "<", ">", '"', "'", "=", "/", " "),
    *("\xa0", "text", "<![CDATA[", "]]>", "<?a", "</", "<plaintext>", "<center>", "<body>"),
]
markups = st.lists(st.sampled_from(PIECES), max_size=16).map("".join)
anything = st.text(st.characters(exclude_categories=()))


def check(markup: str, base: str, prefix: str) -> None:
    cleaned = clean_html(markup, base, prefix)
    assert dangers(cleaned) == []
    assert Nesting(cleaned).wrong == []
    assert parsed_and_written(cleaned) == cleaned
    assert clean_html(cleaned, base, prefix) == cleaned
    assert well_nested(cleaned) == cleaned
    linked = players_to_links(cleaned)
    assert dangers(linked) == []
    assert parsed_and_written(linked) == linked
    assert "<iframe" not in linked


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(markups, st.sampled_from(["", BASE]), st.sampled_from(["", "post-1-"]))
def test_any_markup_comes_out_safe_and_well_nested_and_stays_so(markup, base, prefix):
    check(markup, base, prefix)


@steady
@given(anything, st.sampled_from(["", BASE, "a", "//["]), st.sampled_from(["", "post-1-"]))
def test_any_text_comes_out_safe_and_well_nested_and_stays_so(text, base, prefix):
    check(text, base, prefix)


@steady
@given(markups | anything)
def test_nesting_trusted_markup_again_changes_nothing(markup):
    nested = well_nested(markup)
    assert well_nested(nested) == nested
    assert legal(nested) == nested


@steady
@given(markups)
def test_what_is_judged_stable_is_what_a_parser_makes_of_it(markup):
    written = parsed_and_written(markup)
    if is_stable(written) and "<pre>\n" not in written:
        assert parsed_and_written(written) == written


@steady
@example([("<p><b><div>a</div></b></p>", 21)])
@example([("<a>", 1), ("<i><b><a>a</a></b></i><a>", 21)])
@example([("<table><td>", 90), ("<b>a</b>", 90)])
@example([("<div v=<b>a</b>>a</div>", 260)])
@example([("<table><td>", 64), ("<p>a</p>", 90)])
@example([("<div>", 64), ("<table><td>a</td>", 64)])
@example([("<b>", 20), ("<div>", 44), ("<p><i><b>a</b></i></p>", 90)])
@example([("<span>" * 12 + "a" + "</span>" * 12, 90)])
@given(st.lists(st.tuples(markups, st.sampled_from([1, 21, 64, 90])), max_size=3))
def test_what_is_seen_to_be_shallow_is_not_slow(parts):
    markup = "".join(piece * times for piece, times in parts)
    nesting = _Nesting(trusted=False)
    nesting.mended(markup)
    assert not (is_shallow(markup) and nesting.is_slow and markup.count("&") <= 4000)


# --- bounds

SHAPES = {
    "div": lambda n: "<div>" * n,
    "div, closed": lambda n: "<div>" * n + "</div>" * n,
    "list": lambda n: "<ul><li>" * n,
    "blockquote with text": lambda n: "<blockquote>a " * n,
    "b": lambda n: "<b>" * n,
    "b with attributes": lambda n: "".join(f"<b title={i}>" for i in range(n)),
    "b within p": lambda n: "".join(f"<p><b title={i}>" for i in range(n)),
    "a": lambda n: "<a href='https://y.example/'>" * n,
    "misnested": lambda n: "<b><p></b>" * n,
    "misnested, two": lambda n: "<a><b><div></a></b>" * n,
    "tables": lambda n: "<table><tr><td>" * n,
    "foster": lambda n: "<table>" + "<b>a" * n,
    "foster, rows": lambda n: "<table>" + "<tr>a" * n,
    "foster, tables": lambda n: "<table><b>" * n,
    "open brackets": lambda n: "<" * n,
    "open brackets, letters": lambda n: "<a" * n,
    "end tags": lambda n: "<div>" * 300 + "</b>" * n,
    "attributes": lambda n: "<p " + " ".join(f"a{i}=b" for i in range(n)) + ">x",
    "attributes, quoted": lambda n: "<p " + " ".join(f'a{i}="<"' for i in range(n)) + ">x",
    "one value": lambda n: f'<p title="{"a" * n}">x',
    "quotes": lambda n: "<p a='" * n,
    "quotes, both": lambda n: """<p a="'>""" * n,
    "comments": lambda n: "<!--" * n,
    "comments, closed": lambda n: "<!--a-->" * n,
    "svg": lambda n: "<svg><g>" * n,
    "math": lambda n: "<math><mi><b>" * n,
    "select": lambda n: "<select><option>" * n,
    "template": lambda n: "<template>" * n,
    "buttons": lambda n: "<button><p>" * n,
    "ruby": lambda n: "<ruby><rt>" * n,
    "iframe": lambda n: "<iframe src='https://y.example/'>" * n,
    "iframe in div": lambda n: "<div><iframe src='https://y.example/'></iframe>" * n,
    "script, not closed": lambda n: "<script>" * n,
    "styles": lambda n: f'<p style="{"color:red;" * n}">x',
    "srcset": lambda n: f'<img srcset="{"a 1x," * n}">',
    "srcset, parentheses": lambda n: f'<img srcset="a {"(" * n}">',
    "entities": lambda n: "&amp;lt;" * n,
    "ampersands": lambda n: "&" * n,
    "digits": lambda n: "&#" + "9" * n + ";",
    "pre": lambda n: "<pre>" + "\n" * n,
    "ids": lambda n: "<a id=a href=#a>x</a>" * n,
}


@pytest.mark.parametrize("size", [90, 260, 3_000])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_what_is_nasty_is_bounded(shape, size):
    markup = shape(size)
    for prefix in ("", "post-1-"):
        cleaned = clean_html(markup, BASE, prefix)
        assert dangers(cleaned[:20_000].rpartition("<")[0]) == []
        assert depth(cleaned) <= DEPTH
        assert len(cleaned) <= 40 * len(markup) + 1_000
        assert clean_html(cleaned, BASE, prefix) == cleaned
    assert well_nested(cleaned) == cleaned
    assert parsed_and_written(players_to_links(cleaned)) == players_to_links(cleaned)
    assert to_text(markup) == to_text(legal(markup))


def depth(markup: str) -> int:
    deepest = now = 0
    for tag in Depths(markup).steps:
        now += tag
        deepest = max(deepest, now)
    return deepest


class Depths(Nesting):
    """The steps up and down that the elements of a fragment make."""

    def __init__(self, markup: str) -> None:
        self.steps: list[int] = []
        super().__init__(markup)

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.steps.append(1)

    def handle_endtag(self, tag):
        super().handle_endtag(tag)
        self.steps.append(-1)


def test_what_lies_too_deep_loses_its_markup_and_keeps_its_text():
    words = [f"w{number}" for number in range(2_000)]
    markup = "".join(f"<div>{word} " for word in words) + "</div>" * 2_000
    assert to_text(clean_html(markup)) == " ".join(words)
    assert to_text(markup) == " ".join(words)


def test_long_markup_that_is_well_made_is_left_as_it_is():
    markup = '<p>a <em>b</em><a href="https://y.example/">c</a></p>' * 2_000
    assert clean_html(markup) == markup


# --- text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("AT&amp;T", "AT&T"),
        ("&amp;lt;", "&lt;"),
        ("&#" + "9" * 5_000 + ";", "\ufffd"),
        ("&#x" + "f" * 5_000 + ";", "\ufffd"),
        ("&#xD800;&#x110000;", "\ufffd\ufffd"),
        ("&#0000000065;", "A"),
    ],
)  # fmt: skip
def test_references_are_decoded_once(text, plain):
    assert decoded(text) == plain


@pytest.mark.parametrize(
    ("text", "length", "cut"),
    [
        ("TL;DR At Spotify we run containers", 20, "TL;DR At Spotify we […]"),
        ("cafe\u0301s", 4, "caf […]"),
        ("ab\U0001f468\u200d\U0001f469\u200d\U0001f467 c", 4, "ab […]"),
        ("ab\U0001f44d\U0001f3fd", 3, "ab […]"),
        ("a\U0001f1f8\U0001f1ea\U0001f1eb\U0001f1f7", 4, "a\U0001f1f8\U0001f1ea […]"),
        ("नमस्ते", 5, "नमस् […]"),
        ("Tōkyō 日本語日本語日本語", 9, "Tōkyō 日本語 […]"),
        ("日本 語日本語日本語", 6, "日本 語日本 […]"),
        ("ภาษาไทยไม่มีช่องว่าง", 6, "ภาษาไท […]"),
        ("한국어 문장은 띄어 쓴다", 6, "한국어 […]"),
        ("e" + "\u0301" * 20, 5, "e\u0301\u0301\u0301\u0301 […]"),
        ("ab\ud83d\ude00c", 3, "ab […]"),
        ("abc", 0, " […]"),
        ("abc", -1, " […]"),
        ("one two", 7, "one two"),
    ],
)  # fmt: skip
def test_an_excerpt_cuts_no_character_as_people_see_it(text, length, cut):
    assert excerpt(text, length) == cut


@steady
@given(st.text(st.sampled_from("ab \u0301\u200d👍🏽🇸🇪日本\u0e33\ud83d\ude00,")), st.integers(0, 30))
def test_an_excerpt_is_a_beginning_no_longer_than_asked(text, length):
    cut = excerpt(text, length)
    if cut != text:
        kept = cut.removesuffix(" […]")
        assert kept != cut
        assert text.startswith(kept)
        assert len(kept) <= length


def test_a_cleaner_keeps_nothing_of_the_post_before():
    cleaner = Cleaner(BASE)
    with_prefix = cleaner.clean(FOOTNOTES, "p1-")
    assert cleaner.clean(FOOTNOTES) == clean_html(FOOTNOTES, BASE)
    assert cleaner.clean(FOOTNOTES, "p1-") == with_prefix
    assert DROPPED_WHOLE.isdisjoint(TAGS)


def test_a_cleaner_that_is_not_needed_any_longer_is_let_go_of() -> None:
    cleaner = Cleaner(BASE)
    assert cleaner.clean('<p id="a">x</p>', "p-") == '<p id="p-a">x</p>'
    left = weakref.ref(cleaner)
    del cleaner
    # what nh3 holds is unknown to the garbage collector: a circle through it would stay
    assert left() is None


@pytest.mark.parametrize("markup", ["a&#8;b", "<p>a&#x1;b</p>", "<b><i>a&#8</b>b", "a<!-- -->&#8b"])
def test_a_character_that_no_document_may_hold_goes_however_it_is_written(markup: str) -> None:
    cleaned = clean_html(markup)
    assert "ab" in re.sub("<[^>]*>", "", cleaned)
    assert clean_html(cleaned) == cleaned


def test_the_lines_a_pre_begins_with_are_none_by_their_number() -> None:
    cleaned = clean_html("<pre>&#13;&#13;\na</pre>")
    assert clean_html(cleaned) == cleaned == "<pre>a</pre>"
