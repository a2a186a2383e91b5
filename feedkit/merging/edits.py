"""Edits: whether a reader of a post would see it changed."""

import re
import unicodedata
from typing import NamedTuple

from feedkit._html import to_text
from feedkit._keys import folded
from feedkit._text import decoded
from feedkit._urls import without_scheme
from feedkit.merging.links import canonical_link
from feedkit.model import Post

_FILE_TAG = re.compile(
    r"<(a|area|img|audio|video|source|iframe|embed|track)\b"
    r"((?:[^<>\"']|\"[^\"]*\"|'[^']*'){0,9999}+)>",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"""\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_TINY = re.compile(r"""\b(?:width|height)\s*=\s*["']?[01](?:px)?(?![\w.%])""", re.IGNORECASE)
_COUNTS = re.compile(
    r"feeds\.feedburner\.com/~|feedproxy\.google\.com/~[rf]/|(?:pixel|stats)\.wp\.com/"
    r"|stats\.wordpress\.com/|feeds\.wordpress\.com/[\d.]+/|google-analytics\.com/"
    r"|doubleclick\.net/|medium\.com/_/stat|/(?:pixel|beacon|tracker|track/open)\b",
    re.IGNORECASE,
)
# letters alone of a number of digits that a machine counts
_NUMBER = r"\d[\d.,\u00a0]{0,12}[km]?"
_COUNTED = "comments?|views?|likes?|points?|replies|reply|shares?|(?:up)?votes?|reads?"
_COUNTER = re.compile(
    rf"\b{_NUMBER}\s?(?=(?:{_COUNTED})\b)|(?<=\bscore: ){_NUMBER}"
    rf"|\b(?<![\d.,])(?:{_COUNTED}):? \(?{_NUMBER}\)?",
    re.IGNORECASE,
)
_UNSEEN = re.compile("[\u00ad\u200b\u200c\u2060\ufeff]")
_TOKEN_NAME = re.compile(
    r"v|ver|version|rev|t|ts|time(?:stamp)?|updated?|modified|expires?|exp|e|s|sig|signature|token"
    r"|auth|h|hash|hmac|key|policy|key-pair-id|x-(?:amz|goog)-[\w-]+|awsaccesskeyid"
    r"|googleaccessid|s[veprtsi]|spr|o[eh]|_nc_\w+|ccb|stp|cb|cache(?:bust(?:er)?)?|nocache|rand"
    r"|random|rnd|nonce|sid|session(?:_?id)?|dest-id|aid|feed|_|is|ex|hm"
    r"|w|width|height|size|resize|fit|crop|q|quality|dpr|auto|fm|format|strip|ssl|zoom|quality",
    re.IGNORECASE,
)
_TOKEN_VALUE = re.compile(r"(?=[^=]*\d)[\w%.~-]{20,}|\d{9,}|[0-9a-f]{12,}", re.IGNORECASE)
_SCHEME = re.compile(r"https?(?::|%3A)(?:/|%2F)+", re.IGNORECASE)
_SIZE = re.compile(r"-(?:\d+x\d+|scaled)(?=\.\w+$)")


class _Shown(NamedTuple):
    """What a reader sees of a post, without what shows nothing."""

    title: str
    text: str
    summary: str
    page: str
    tags: frozenset[str]
    links: frozenset[str]
    files: frozenset[str]
    enclosures: frozenset[tuple[str, str]]


def is_edited(before: Post, after: Post) -> bool:
    """Whether a reader of a post would see it changed.

    What counts: title, text, links and pictures in the content, summary, address, tags,
    enclosures. What does not: markup and white space that show nothing, the
    order of tags, counts of comments, views and votes, pictures of one dot, and, in
    addresses of files and links, what changes while the file does not: sizes, hosts,
    signatures, what keeps caches from answering.

    :param before: the post as it was given.
    :param after: the post of the same id as it is given now.
    """
    if before is after or _as_given(before) == _as_given(after):
        return False
    return _shown(before) != _shown(after)


def _as_given(post: Post) -> tuple[object, ...]:
    tags, enclosures = post.tags, post.enclosures
    return post.title, post.content, post.summary, post.url, tags, enclosures


def _shown(post: Post) -> _Shown:
    links, files = _addresses(post.content)
    return _Shown(
        title=_text(post.title),
        text=_text(to_text(post.content)),
        summary=_text(post.summary),
        page=canonical_link(post.url) or without_scheme(post.url),
        tags=frozenset(filter(None, map(folded, post.tags))),
        links=links,
        files=files,
        enclosures=frozenset((_file(one.url), _text(one.title)) for one in post.enclosures),
    )


def _text(text: str) -> str:
    composed = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    return " ".join(_COUNTER.sub("", composed).split())


def _addresses(markup: str) -> tuple[frozenset[str], frozenset[str]]:
    """Where the links of a post's content lead, and which files it shows."""
    links, files = set(), set()
    for name, attributes in _FILE_TAG.findall(markup):
        found = _ADDRESS.search(attributes)
        address = decoded("".join(found.groups(default=""))).strip() if found else ""
        if not address or _COUNTS.search(address):
            continue
        if name.lower() in ("a", "area", "iframe", "embed"):
            links.add(_page(address))
        elif not (name.lower() == "img" and _TINY.search(attributes)):
            files.add(_file(address))
    return frozenset(links), frozenset(files)


def _page(address: str) -> str:
    """What an address in a text leads to, without the tokens in it."""
    path, _, query = (canonical_link(address) or without_scheme(address)).partition("?")
    return f"{path}?{_named(query)}"


def _file(address: str) -> str:
    """What names a file, on whichever host and of whichever size."""
    path, _, query = without_scheme(address).partition("#")[0].partition("?")
    # a file that another host fetches and serves is the one whose address stands last
    within = _SCHEME.split(path)[-1]
    name = "/".join(within.replace("%2F", "/").split("/")[-2:])
    return f"{_SIZE.sub('', name)}?{_named(query)}"


def _named(query: str) -> str:
    parameters = (parameter.partition("=") for parameter in query.split("&"))
    return "&".join(
        sorted(
            f"{name}={value}"
            for name, _, value in parameters
            if name and not _TOKEN_NAME.fullmatch(name) and not _TOKEN_VALUE.fullmatch(value)
        )
    )
