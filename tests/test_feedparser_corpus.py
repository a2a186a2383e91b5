"""A parser's own test inputs: what each expects of feedparser, asked of the model."""

import ast
import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from fnmatch import fnmatch
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import urljoin

import pytest
from conftest import SHARED
from msgspec.structs import replace

import feedkit
from feedkit._html import to_text

CORPUS = SHARED / "corpus" / "feedparser"
SERVER = "http://127.0.0.1:8097/"
"""Where the documents are expected to be served from."""


class Check(NamedTuple):
    """One thing expected: what stands at a path of feedparser's result."""

    path: tuple[str | int, ...]
    is_equal: bool
    expected: Any


class Input(NamedTuple):
    """A document, how it was served, and what is expected of it."""

    name: str
    data: bytes
    headers: dict[str, str]
    checks: tuple[Check, ...]


def comment_of(data: bytes) -> str:
    """The text of a document up to the end of its first comment, in whatever encoding."""
    for encoding in ("latin-1", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp037"):
        text = data[:20000].decode(encoding, "replace")
        if "Expect:" in text:
            return text if encoding != "latin-1" else data.decode("utf-8", "replace")
    return ""


def inputs() -> Iterator[Input]:
    for path in sorted(CORPUS.rglob("*")):
        if not path.is_file() or path.name == "LICENSE":
            continue
        data = path.read_bytes()
        text = comment_of(data)
        expect = re.search(r"Expect:\s*(.*?)\s*-->", text, re.DOTALL)
        headers = dict(re.findall(r"^Header:\s*([\w-]+)\s*:\s*(.*?)\s*$", text, re.MULTILINE))
        yield Input(
            str(path.relative_to(CORPUS)),
            data,
            {name.lower(): value for name, value in headers.items()},
            tuple(checks_of(ast.parse(expect[1].strip(), mode="eval").body)) if expect else (),
        )


def checks_of(node: ast.expr) -> Iterator[Check]:
    match node:
        case ast.BoolOp(op=ast.And()):
            for value in node.values:
                yield from checks_of(value)
        case ast.Compare():
            yield from comparisons(node)
        case ast.UnaryOp(op=ast.Not()):
            yield Check(path_of(node.operand), False, True)
        case ast.Constant():
            return
        case _:
            yield Check(path_of(node), True, True)


def comparisons(node: ast.Compare) -> Iterator[Check]:
    sides = [node.left, *node.comparators]
    last, is_equal = sides[-1], isinstance(node.ops[0], ast.Eq | ast.Is)
    if isinstance(node.ops[0], ast.In | ast.NotIn):
        yield Check((*path_of(last), "in", constant(node.left)), isinstance(node.ops[0], ast.In), 0)
        return
    if isinstance(last, ast.Subscript | ast.Call):
        yield Check(("of two parts",), is_equal, 0)
        return
    for side in sides[:-1]:
        yield Check(path_of(side), is_equal, constant(last))


def constant(node: ast.expr) -> Any:
    if isinstance(node, ast.BinOp):
        return constant(node.left) + constant(node.right)
    return ast.literal_eval(node)


def path_of(node: ast.expr) -> tuple[str | int, ...]:
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Attribute(value=value, attr=name):
            return (*path_of(value), name)
        case ast.Subscript(value=value, slice=index):
            return (*path_of(value), constant(index))
        case ast.Call(func=ast.Name(id=name), args=[value, *_]):
            return (*path_of(value), f"{name}()")
        case ast.Call(func=ast.Name(id=name), args=[]):
            return (f"{name}()",)
        case ast.Call(func=ast.Attribute(value=value, attr="has_key"), args=[name]):
            return (*path_of(value), "in", constant(name))
        case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[name, *_]):
            return (*path_of(value), constant(name))
        case ast.Compare() | ast.BoolOp():
            return ("?",)
    raise AssertionError(ast.dump(node))


def served(document: Input) -> dict[str, str]:
    """What its headers say of it, as arguments of `parse`."""
    url = urljoin(SERVER, document.headers.get("content-location", ""))
    return {
        "url": url if url.startswith("http") else SERVER,
        "content_type": document.headers.get("content-type", ""),
    }


def read(document: Input) -> feedkit.Feed:
    """Its feed; an entry that shows nothing is no post, unless it is given something to show."""
    try:
        return feedkit.parse(document.data, **served(document))
    except feedkit.ParseError as error:
        if "it has no title, link, text or enclosure" not in error.reason:
            raise
    shown = re.sub(
        rb"</(entry|item)>",
        rb'<link rel="enclosure" href="http://example.com/shown"/></\1>',
        document.data,
    )
    return feedkit.parse(shown, **served(document))


def names(people: Any) -> list[str]:
    return [
        text
        for person in people
        for text in (person.name, person.email, f"{person.name} ({person.email})")
    ]


def bodies(post: feedkit.Post) -> list[str]:
    return [body for body in (post.content, post.summary) if body] or [""]


def addresses(post: feedkit.Post) -> list[str]:
    return [post.url, post.via, post.related, *(file.url for file in post.enclosures)]


PEOPLE: dict[str, Callable[[Any], list[Any]]] = {
    "N.name": lambda people: [person.name for person in people],
    "N.email": lambda people: [person.email for person in people],
    "N.href": lambda people: [person.url for person in people],
    "N": lambda people: [
        {"name": person.name, "email": person.email, "href": person.url} for person in people
    ],
}


def people_fields(name: str, people: Callable[[Any], Any]) -> dict[str, Callable[[Any], list[Any]]]:
    return {
        f"{name}.{part}": lambda it, of=of: of(people(it))  # type: ignore[misc]
        for part, of in PEOPLE.items()
    }


# what stands in the model for a path of feedparser's result: one of these must be as expected
FEED: dict[str, Callable[[Any], list[Any]]] = {
    "title": lambda feed: [feed.title],
    "link": lambda feed: [feed.url],
    "links.N.href": lambda feed: [feed.url, feed.feed_url],
    "id": lambda feed: [feed.id],
    "language": lambda feed: [feed.language],
    "rights": lambda feed: [feed.rights],
    "updated": lambda feed: [feed.updated],
    "subtitle": lambda feed: [feed.subtitle],
    "generator": lambda feed: [feed.generator],
    "image.href": lambda feed: [feed.image],
    "logo": lambda feed: [feed.image],
    "icon": lambda feed: [feed.icon],
    "ttl": lambda feed: [str(feed.ttl)],
    "tags.N.term": lambda feed: [
        *feed.tags,
        *(category.name for category in (feed.show.categories if feed.show else ())),
    ],
    "tags.len()": lambda feed: [len(feed.tags)],
    "entries.len()": lambda feed: [len(feed.posts)],
    "author": lambda feed: names(feed.authors),
    "itunes_block": lambda feed: [int(bool(feed.show and feed.show.blocked))],
    "itunes_explicit": lambda feed: [feed.show.explicit if feed.show else None],
    "publisher_detail.email": lambda feed: names([feed.show.owner] if feed.show else ()),
    "publisher_detail.name": lambda feed: names([feed.show.owner] if feed.show else ()),
    **people_fields("authors", lambda feed: feed.authors),
}
ENTRY: dict[str, Callable[[Any], list[Any]]] = {
    "title": lambda post: [post.title],
    "link": lambda post: [post.url],
    "id": lambda post: [post.id],
    "language": lambda post: [post.language],
    "rights": lambda post: [post.rights],
    "published": lambda post: [post.published],
    "updated": lambda post: [post.updated],
    "links.N.href": lambda post: addresses(post),
    "description": lambda post: bodies(post),
    "summary": lambda post: bodies(post),
    "content.N.value": lambda post: bodies(post),
    "content.N.language": lambda post: [post.language],
    "summary.language": lambda post: [post.language],
    "title.language": lambda post: [post.language],
    "tags.N.term": lambda post: [*post.tags],
    "tags.N.label": lambda post: [*post.tags],
    "tags.len()": lambda post: [len(post.tags)],
    "comments": lambda post: [post.comments],
    "author": lambda post: names(post.authors),
    "enclosures.N.href": lambda post: [enclosure.url for enclosure in post.enclosures],
    "enclosures.N.type": lambda post: [enclosure.type for enclosure in post.enclosures],
    "enclosures.N.length": lambda post: [str(enclosure.length) for enclosure in post.enclosures],
    "image.href": lambda post: [post.image],
    "media_thumbnail.N.href": lambda post: [post.image],
    "thr_in-reply-to.ref": lambda post: [post.in_reply_to],
    "itunes_block": lambda post: [int(bool(post.episode and post.episode.blocked))],
    "itunes_explicit": lambda post: [post.episode.explicit if post.episode else None],
    "itunes_duration": lambda post: ["{}:{:02}".format(*divmod(post.episode.duration, 60))],
    "psc_chapters.chapters.N.title": lambda post: [mark.title for mark in post.episode.chapters],
    "psc_chapters.chapters.N.image": lambda post: [mark.image for mark in post.episode.chapters],
    "psc_chapters.chapters.len()": lambda post: [len(post.episode.chapters)],
    "source.title": lambda post: [post.origin.title],
    "source.subtitle": lambda post: [post.origin.subtitle],
    "source.rights": lambda post: [post.origin.rights],
    "source.id": lambda post: [post.origin.id],
    "source.link": lambda post: [post.origin.url],
    "source.href": lambda post: [post.origin.feed_url],
    "source.logo": lambda post: [post.origin.image],
    "source.icon": lambda post: [post.origin.icon],
    "source.updated": lambda post: [post.origin.updated],
    "source.author": lambda post: names(post.origin.authors),
    **people_fields("authors", lambda post: post.authors),
    **people_fields("contributors", lambda post: post.contributors),
    **people_fields("source.authors", lambda post: post.origin.authors),
}
ALIASES = {
    "author_detail": "authors.N",
    "tagline": "subtitle",
    "copyright": "rights",
    "guid": "id",
    "modified": "updated",
    "category": "tags.N.term",
    "url": "href",
    "title_detail": "title",
    "summary_detail": "summary",
    "generator_detail.name": "generator",
}
"""Names of one thing in feedparser's result."""


def field_of(path: tuple[str | int, ...]) -> str:
    """A path below the feed or an entry, in one spelling."""
    text = ".".join("N" if isinstance(name, int) else str(name) for name in path)
    text = text.removesuffix("_parsed").replace("_detail.value", "")
    for name, standing in ALIASES.items():
        text = re.sub(rf"(^|\.){re.escape(name)}(?=\.|$)", rf"\1{standing}", text)
    return text


class Outcome(NamedTuple):
    """What became of an expectation: where feedkit differs, with what it has instead."""

    field: str
    name: str
    verdict: str
    expected: Any = None
    found: tuple[Any, ...] = ()


def outcomes(document: Input) -> Iterator[Outcome]:
    try:
        feed = read(document)
    except feedkit.ParseError as error:
        for check in document.checks:
            yield Outcome(
                str(check.path[0]),
                document.name,
                f"refused: {error.reason.partition(';')[0].partition(':')[0]}",
            )
        return
    for check in document.checks:
        where, *path = check.path
        if where == "feed":
            table: dict[str, Any] = FEED
            it: Any = feed
            path = ["subtitle" if name == "description" else name for name in path[:1]] + path[1:]
        elif path == ["len()"]:
            table, it, path = FEED, feed, [f"{where}.len()"]
        elif where == "entries" and isinstance(path[0], int) and path[0] < len(feed.posts):
            post = feed.posts[path.pop(0)]
            table, it = ENTRY, replace(post, language=post.language or feed.language)
        else:
            yield Outcome(str(where), document.name, "unmapped")
            continue
        field = field_of(tuple(path))
        if field not in table:
            yield Outcome(f"{where}.{field}", document.name, "unmapped")
            continue
        try:
            found = table[field](it)
        except (AttributeError, TypeError):
            found = []
        agrees = any(is_as_expected(value, check.expected) for value in found) is check.is_equal
        verdict = "agrees" if agrees else "differs"
        if not agrees:
            is_body = table is ENTRY and field in BODIES
            for rule, holds in (MARKUP_RULES if is_body else TEXT_RULES).items():
                if verdict == "differs" and any(holds(value, check.expected) for value in found):
                    verdict = rule
            for pattern, reason in SINGLE.items():
                if verdict == "differs" and fnmatch(document.name, pattern):
                    verdict = reason
        yield Outcome(f"{where}.{field}", document.name, verdict, check.expected, tuple(found))


def is_as_expected(value: Any, expected: Any) -> bool:
    if isinstance(value, datetime):
        return value == moment(expected)
    return bool(value == expected)


def moment(expected: Any) -> datetime | None:
    """A date as feedparser states it: as it is written, or in parts."""
    if isinstance(expected, tuple):
        return datetime(*expected[:6], tzinfo=UTC)
    try:
        return datetime.fromisoformat(expected)
    except ValueError:
        return parsedate_to_datetime(expected)


class Tokens(HTMLParser):
    """Markup as its tags with their attributes, and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[tuple[str, str, str]] = Counter()
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag, "", ""] += 1
        for name, value in attrs:
            for part in (value or "").split(";") if name == "style" else [value or ""]:
                self.tags[tag, name, re.sub(r"\s", "", part).lower()] += 1

    def handle_data(self, data: str) -> None:
        self.text += data


def spaced(text: str) -> str:
    return " ".join(text.split())


def is_plain_text(value: Any, expected: Any) -> bool:
    texts = isinstance(value, str) and isinstance(expected, str)
    return texts and value in (to_text(expected), spaced(html.unescape(expected)))


def is_same_markup(value: str, expected: str) -> bool:
    one, other = Tokens(value), Tokens(expected)
    return one.tags == other.tags and spaced(one.text) == spaced(other.text)


def is_cleaned_more(value: str, expected: str) -> bool:
    one, other = Tokens(value), Tokens(expected)
    return one.tags <= other.tags and spaced(one.text) == spaced(other.text)


def is_escaped(value: str, expected: str) -> bool:
    return value == html.escape(expected, quote=False)


def is_made_an_id(value: Any, expected: Any) -> bool:
    return ":" not in str(expected) and str(value).startswith("urn:uuid:")


KEPT = (
    "agrees",
    "the same markup, spelled otherwise",
    "a part of the markup, all of the text: cleaned by a policy of its own",
)
BODIES = frozenset({"description", "summary", "content.N.value"})
MARKUP_RULES: dict[str, Callable[[str, str], bool]] = {
    "the same markup, spelled otherwise": is_same_markup,
    "a part of the markup, all of the text: cleaned by a policy of its own": is_cleaned_more,
    "a plain text is escaped to be HTML": is_escaped,
    "a summary is plain text": is_plain_text,
}
TEXT_RULES: dict[str, Callable[[Any, Any], bool]] = {
    "titles, subtitles and rights are plain text, white space collapsed": is_plain_text,
    "an id that is no absolute URI becomes one": is_made_an_id,
}
"""Where feedkit rightly has something else, and what then holds between the two."""

SINGLE = {
    "encoding/bozo_linenoise.xml": "< and > that make no tag are text",
    "*/atom10/entry_category_term*.xml": "a label is shown, not its term",
    "*/atom10/entry_content_base64*.xml": "a document in base64 is no text",
    "*/atom10/entry_link_rel_license.xml": "a relation without a field",
    "*/base/http_*_id_base_*.xml": "an id is not resolved",
    "*/base/feed_link_xml_base_iri.xml": "an address is written in ASCII",
    "*/base/rel_uri_with_unicode_character.xml": "an address is written in ASCII",
    "*/itunes/itunes_*_block_*.xml": "yes is yes however it is spelled",
    "*/itunes/itunes_*_explicit_*.xml": "yes is yes however it is spelled",
    "*/lang/entry_*_xml_lang_blank*.xml": "an entry can't say that it has no language",
    "*/lang/entry_title_xml_lang_inherit_[34].xml": "a post has the language of its body",
    "*/lang/http_content_language*.xml": "the language it is served in is not asked",
    "*/psc/atomsimplechapter.xml": "the address of a picture is made absolute",
    "*/psc/atomsimplechapterexternal.xml": "a relation without a field",
    "*/rss/channel_dc_publisher_*.xml": "who publishes is not the owner of a podcast",
    "*/rss/channel_webMaster_*.xml": "who publishes is not the owner of a podcast",
    "*/rss/item_description_not_a_doctype.xml": "a declaration or comment is no text",
    "*/sanitize/*_crazy.xml": "what stands in a script is no text",
    "*/sanitize/*_iframe.xml": "an embedded page becomes a link",
    "*/sanitize/*_object.xml": "what stands in an object is not shown",
    "*/sanitize/*_nested_cdata.xml": "a declaration or comment is no text",
    "*/sanitize/acceptable_element_br.xml": "</br> is a line break",
    "entities/lang.xml": "U+27E8 is what HTML means by it now",
    "entities/rang.xml": "U+27E9 is what HTML means by it now",
    "*/sanitize/xml_declaration_unexpected_character.xml": "a declaration or comment is no text",
    "*/sanitize/xml_malicious_comment.xml": "a declaration or comment is no text",
}
"""Single inputs where feedkit rightly has something else, and why."""

VERDICTS = {
    "U+27E8 is what HTML means by it now": 1,
    "U+27E9 is what HTML means by it now": 1,
    "unmapped": 2257,
    "titles, subtitles and rights are plain text, white space collapsed": 254,
    "yes is yes however it is spelled": 10,
    "what stands in a script is no text": 10,
    "what stands in an object is not shown": 10,
    "an embedded page becomes a link": 8,
    "a summary is plain text": 6,
    "an id that is no absolute URI becomes one": 4,
    "an id is not resolved": 4,
    "refused: no entry could be read": 4,
    "an entry can't say that it has no language": 4,
    "who publishes is not the owner of a podcast": 4,
    "a declaration or comment is no text": 4,
    "the language it is served in is not asked": 3,
    "a label is shown, not its term": 2,
    "a document in base64 is no text": 2,
    "a relation without a field": 2,
    "an address is written in ASCII": 2,
    "a post has the language of its body": 2,
    "< and > that make no tag are text": 1,
    "refused: this is no feed and no tag archive": 1,
    "a plain text is escaped to be HTML": 1,
    "the address of a picture is made absolute": 1,
    "</br> is a line break": 1,
}
"""How often feedkit agrees, differs for each reason, and has nothing to compare."""

UNMAPPED = {
    "bozo": 1801,
    "encoding": 70,
    "feed.info": 48,
    "version": 14,
    "entries.title.base": 11,
    "entries.where.type": 10,
    "entries.links.N.rel": 10,
    "entries.content.N.type": 7,
    "feed.contributors.N.href": 7,
    "feed.links.N.rel": 7,
    "entries.tags.N.scheme": 6,
    "entries.source.links.N.rel": 6,
    "entries.summary.base": 6,
    "feed.copyright_detail.language": 6,
    "feed.info_detail.language": 6,
    "feed.tagline_detail.language": 6,
    "feed.title.language": 6,
}
"""How often something is expected that the model has not, where it is more than five times."""


@pytest.fixture(scope="module")
def corpus() -> tuple[Input, ...]:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of test inputs is not here")
    return tuple(inputs())


@pytest.fixture(scope="module")
def results(corpus: tuple[Input, ...]) -> tuple[Outcome, ...]:
    return tuple(outcome for document in corpus for outcome in outcomes(document))


def test_no_input_raises_anything_but_a_parse_error(corpus: tuple[Input, ...]) -> None:
    assert len(corpus) == 2107
    refused = Counter()
    for document in corpus:
        try:
            feedkit.parse(document.data, **served(document))
        except feedkit.ParseError as error:
            refused[error.reason.partition(";")[0].partition(":")[0]] += 1
    assert refused == {
        "no entry could be read": 320,
        "this is no feed and no tag archive": 1,
    }


def test_what_the_model_has_is_as_expected_or_rightly_something_else(
    results: tuple[Outcome, ...],
) -> None:
    assert [outcome for outcome in results if outcome.verdict == "differs"] == []
    verdicts = Counter(outcome.verdict for outcome in results)
    # how much of the markup stays is the policy's to decide
    assert sum(verdicts.pop(verdict) for verdict in KEPT) == 1_353
    assert verdicts == VERDICTS


def test_what_the_model_has_not_is_counted(results: tuple[Outcome, ...]) -> None:
    unmapped = Counter(outcome.field for outcome in results if outcome.verdict == "unmapped")
    assert {field: count for field, count in unmapped.items() if count > 5} == UNMAPPED
    assert unmapped.total() == 2257


def test_every_single_input_is_needed(results: tuple[Outcome, ...]) -> None:
    for pattern, reason in SINGLE.items():
        assert any(
            outcome.verdict == reason and fnmatch(outcome.name, pattern) for outcome in results
        ), pattern
