"""HTML: made safe with absolute addresses, reduced to text, cut to an excerpt."""

import html
import re
from collections.abc import Callable
from functools import cache

import nh3

from feedkit._urls import is_web
from feedkit._xml import legal


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS = _words(
    "a abbr acronym article aside audio b bdi bdo blockquote br caption center cite code col "
    "colgroup dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header "
    "hr i img ins kbd li main mark ol p picture pre q rp rt ruby s samp section small "
    "source span strike strong sub summary sup table tbody td tfoot th thead time tr track tt u "
    "ul var video wbr"
)
_DROPPED_WHOLE = _words(
    "script style noscript template svg math object embed applet select textarea frameset title"
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "hreflang", "data-player"},
    "audio": {"src", "controls", "preload"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"datetime"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ins": {"datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "source": {"src", "type", "media"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr"},
    "time": {"datetime"},
    "track": {"src", "kind", "label", "srclang", "default"},
    "video": {"src", "poster", "controls", "width", "height", "preload"},
}
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "xmpp", "geo"})
_BLOCKS = _words(
    "article aside blockquote br caption dd details div dl dt figcaption figure footer h1 h2 h3 "
    "h4 h5 h6 header hr img li main ol p pre section summary table tbody td tfoot th thead tr "
    "ul"
)
_TEXTLESS = _DROPPED_WHOLE | {"iframe", "audio", "video"}
_TAG = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')
_SPECIAL = re.compile("[<>&\xa0]")
# a whole tag, so that what stands in the value of an attribute is not taken for one
_ANY_TAG = re.compile(
    r"""<!--.*?(?:-->|\Z)|<(/?[a-zA-Z][^\s/<>]*+)((?:[^<>"']|"[^"]*"|'[^']*')*+)>""", re.DOTALL
)
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'/])([^\s=/"'<>]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
)
_IFRAME_END = re.compile(r"</iframe[^<>]*>", re.IGNORECASE)
_MARKED = re.compile(r'<a((?: [a-z-]+="[^"]*")*)>(?:([^<]*)</a>)?')
_HREF = re.compile(r' href="([^"]*)"')
_MARK = ' data-player=""'
_PLAYER_HOSTS = re.compile(
    r"https://(?:(?:www\.)?youtube(?:-nocookie)?\.com|player\.vimeo\.com|w\.soundcloud\.com"
    r"|open\.spotify\.com|embed\.podcasts\.apple\.com|bandcamp\.com|(?:www\.)?dailymotion\.com"
    r"|player\.twitch\.tv|share\.transistor\.fm|codepen\.io|archive\.org)/",
    re.IGNORECASE,
)


class Cleaner:
    """Makes HTML from outside safe to show on a page of one's own.

    Making one takes longer than cleaning a post, so keep it for a whole feed.

    :param base: the address relative ones are relative to; without one they go.
    """

    def __init__(self, base: str = "") -> None:
        self._nh3 = nh3.Cleaner(
            tags=_TAGS,
            clean_content_tags=_DROPPED_WHOLE,
            attributes=_ATTRIBUTES,
            url_schemes=_SCHEMES,
            link_rel=None,
            url_relative=("rewrite_with_base", base) if is_web(base) else "deny",
        )

    def clean(self, markup: str) -> str:
        """The fragment cleaned; see :func:`clean_html`."""
        markup = legal(markup)
        if not _SPECIAL.search(markup):
            return markup
        cleaned = self._nh3.clean(_replace_players(markup, _marked_link))
        return _MARKED.sub(_player, cleaned) if _MARK in cleaned else cleaned


def clean_html(markup: str, base: str = "") -> str:
    """HTML from outside, safe to show on a page of one's own.

    Scripts, styles, form fields, event handlers, SVG, MathML and addresses of unsafe
    schemes go; relative addresses become absolute; the markup comes out well
    nested. Players (``iframe``) of well-known hosts stay, sandboxed; others
    become links.

    :param markup: an HTML fragment, however broken.
    :param base: the address relative ones are relative to; without one they go.
    :return: an HTML fragment.
    """
    return Cleaner(base).clean(markup)


@cache
def _stripper() -> nh3.Cleaner:
    return nh3.Cleaner(tags=_BLOCKS, clean_content_tags=_TEXTLESS, attributes={}, link_rel=None)


def players_to_links(markup: str) -> str:
    """The HTML with each embedded player replaced by a link to it; what is inside one goes."""

    def link(address: str) -> str:
        shown = html.escape(address)
        return f'<a href="{shown}">{shown}</a>' if is_web(address) else ""

    return _replace_players(markup, link)


def _marked_link(address: str) -> str:
    has_scheme = ":" in address.split("/", 1)[0]
    if not address or (has_scheme and not is_web(address)):
        return ""
    shown = html.escape(address)
    return f'<a{_MARK} href="{shown}">{shown}</a>'


def _replace_players(markup: str, link: Callable[[str], str]) -> str:
    if "<iframe" not in markup.lower():
        return markup
    pieces: list[str] = []
    at = 0
    ends = True
    for tag in _ANY_TAG.finditer(markup):
        if tag.start() < at or (tag[1] or "").lower() != "iframe":
            continue
        pieces += (markup[at : tag.start()], link(_source_of(tag[2])))
        end = _IFRAME_END.search(markup, tag.end()) if ends else None
        ends = end is not None
        at = end.end() if end else tag.end()
    return "".join((*pieces, markup[at:]))


def _source_of(attributes: str) -> str:
    for attribute in _ATTRIBUTE.finditer(attributes):
        if attribute[1].lower() == "src":
            return html.unescape(attribute[2] or attribute[3] or attribute[4] or "").strip()
    return ""


def _player(match: re.Match[str]) -> str:
    """A link that was a player: a player again when its host is known for them."""
    if _MARK not in match[1]:
        return match[0]
    address = _HREF.search(match[1])
    if match[2] is None or address is None or not _PLAYER_HOSTS.match(address[1]):
        return match[0].replace(_MARK, "", 1)
    return (
        f'<iframe src="{address[1]}" loading="lazy" sandbox="allow-scripts allow-same-origin '
        'allow-popups allow-presentation"></iframe>'
    )


def to_text(markup: str) -> str:
    """The text of an HTML fragment: no markup, entities decoded once, white space collapsed."""
    if "<" in markup or "&" in markup:
        stripped = _stripper().clean(legal(markup))
        markup = html.unescape(_TAG.sub(" ", stripped))
    return collapse(markup)


def collapse(text: str) -> str:
    """The text with every run of white space as one space, and none around it."""
    return " ".join(legal(text).split())


def excerpt(text: str, length: int = 300) -> str:
    """The beginning of a plain text, cut between words and marked ``[…]``.

    :param text: plain text.
    :param length: the most characters to keep, without the mark.
    """
    if len(text) <= length:
        return text
    kept = text[: length + 1].rsplit(" ", 1)[0] if " " in text[: length + 1] else text[:length]
    return kept.rstrip(" ,;:–—-") + " […]"
