"""Players inside HTML: embedded pages of other sites, and the links that stand for them."""

import html
import re
from collections.abc import Callable

from feedkit._nesting import well_nested
from feedkit._policy import PLAYER, PLAYER_HOSTS
from feedkit._text import decoded
from feedkit._urls import is_web

# a whole tag, so that what stands in the value of an attribute is not taken for one
_ANY_TAG = re.compile(
    r"""<!--.*?(?:-->|\Z)|<(/?[a-zA-Z][^\s/<>]*+)((?:[^<>"']++|"[^"]*"|'[^']*')*+)>""", re.DOTALL
)
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'/])([^\s=/"'<>]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
)
# spelled out, as what begins with a letter of two cases is searched for far more slowly
_IFRAME = re.compile("<[iI][fF][rR][aA][mM][eE]")
_IFRAME_END = re.compile(r"</iframe[^<>]*>", re.IGNORECASE)
_MARKED = re.compile(r'<a((?: [a-z-]+="[^"]*")*)>(?:([^<]*)</a>)?')
_HREF = re.compile(r' href="([^"]*)"')
_MARK = ' data-player=""'


def players_to_links(markup: str) -> str:
    """The HTML with each embedded player replaced by a link to it; what is inside one goes.

    Where there was one, the markup comes out well nested.
    """

    def link(address: str) -> str:
        shown = html.escape(address)
        return f'<a href="{shown}">{shown}</a>' if is_web(address) else ""

    replaced = _replace_players(markup, link)
    return markup if replaced == markup else well_nested(replaced)


def mark_players(markup: str) -> str:
    """The HTML with each player as a link that passes a sanitiser, marked as one."""
    return _replace_players(markup, _marked_link)


def unmark_players(written: str) -> str:
    """The HTML with each marked link a player again, if its host is known for them."""
    return _MARKED.sub(_player, written) if _MARK in written else written


def _marked_link(address: str) -> str:
    has_scheme = ":" in address.split("/", 1)[0]
    if not address or (has_scheme and not is_web(address)):
        return ""
    shown = html.escape(address)
    return f'<a{_MARK} href="{shown}">{shown}</a>'


def _replace_players(markup: str, link: Callable[[str], str]) -> str:
    if not _IFRAME.search(markup):
        return markup
    pieces: list[str] = []
    at = 0
    ends = True
    for tag in _ANY_TAG.finditer(markup):
        if (tag[1] or "").lower() != "iframe" or tag.start() < at:
            continue
        pieces += (markup[at : tag.start()], link(_source_of(tag[2])))
        end = _IFRAME_END.search(markup, tag.end()) if ends else None
        ends = end is not None
        at = end.end() if end else tag.end()
    return "".join((*pieces, markup[at:]))


def _source_of(attributes: str) -> str:
    for attribute in _ATTRIBUTE.finditer(attributes):
        if attribute[1].lower() == "src":
            return decoded(attribute[2] or attribute[3] or attribute[4] or "").strip()
    return ""


def _player(match: re.Match[str]) -> str:
    if _MARK not in match[1]:
        return match[0]
    address = _HREF.search(match[1])
    if match[2] is None or address is None or not PLAYER_HOSTS.match(address[1]):
        return match[0].replace(_MARK, "", 1)
    return PLAYER.format(address[1])
