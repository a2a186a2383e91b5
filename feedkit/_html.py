"""HTML from outside made safe, by the policy in :mod:`feedkit._policy`."""

import html
import re
from functools import partial

import nh3

from feedkit._attributes import checked
from feedkit._nesting import bounded, well_nested, without_comments
from feedkit._players import mark_players, players_to_links, unmark_players
from feedkit._policy import ATTRIBUTES, DROPPED_WHOLE, NAMES, SCHEMES, TAGS
from feedkit._stable import are_stable, is_stable, tags_of
from feedkit._text import collapse, decoded, excerpt, to_text
from feedkit._urls import is_web, web_url
from feedkit._xml import legal

__all__ = [
    "Cleaner",
    "clean_html",
    "collapse",
    "decoded",
    "excerpt",
    "players_to_links",
    "to_text",
    "well_nested",
]

_SPECIAL = re.compile("[<>&\xa0]")
_PLAYER_OR_COMMENT = re.compile("<(?:!--|[iI][fF][rR][aA][mM][eE])")
_FIRST_LINES = re.compile(r'(<pre(?: [a-z-]+="[^"]*")*>)\n+')
_MOST_PASSES = 6
_MOST_GROWTH = 10


class Cleaner:
    """Makes HTML from outside safe to show on a page of one's own.

    Making one takes longer than cleaning a post, so keep it for a whole feed.

    :param base: the address relative ones are relative to; without one they go.
    """

    def __init__(self, base: str = "") -> None:
        self._base = base if is_web(base) else ""
        self._cleaners: dict[bool, nh3.Cleaner] = {}

    def clean(self, markup: str, id_prefix: str = "") -> str:
        """The fragment cleaned; see :func:`clean_html`."""
        markup = legal(markup)
        if not _SPECIAL.search(markup):
            return markup
        cleaner = self._nh3(with_names=bool(id_prefix))
        has_numbers = "&#" in markup
        if _PLAYER_OR_COMMENT.search(markup):
            markup = without_comments(mark_players(markup))
        # what is nested rightly, with nothing to unwrap, comes out nested the same way
        tags = tags_of(markup)
        stable = are_stable(tags)
        cleaned = cleaner.clean(bounded(markup, tags, stable=stable))
        if len(cleaned) > _MOST_GROWTH * len(markup) + 1000:
            # formatting that is never closed is repeated in each paragraph
            cleaned = cleaner.clean(bounded(markup, most_tags=0))
        if has_numbers:
            # a reference may be to a character that no document may hold
            cleaned = legal(cleaned)
        cleaned = _without_first_lines(cleaned) if stable else _settled(cleaner, cleaned)
        return unmark_players(checked(cleaned, self._base, id_prefix))

    def _nh3(self, *, with_names: bool) -> nh3.Cleaner:
        if with_names not in self._cleaners:
            attributes = dict(ATTRIBUTES)
            for name, more in NAMES.items() if with_names else ():
                attributes[name] |= more
            self._cleaners[with_names] = nh3.Cleaner(
                tags=TAGS,
                clean_content_tags=DROPPED_WHOLE,
                attributes=attributes,
                link_rel=None,
                url_schemes=SCHEMES,
                url_relative=partial(_fragment_or_absolute, self._base)
                if with_names
                else ("rewrite_with_base", self._base)
                if self._base
                else "deny",
            )
        return self._cleaners[with_names]


def _fragment_or_absolute(base: str, url: str) -> str | None:
    return url if url.startswith("#") else web_url(url, base) or None


def _without_first_lines(cleaned: str) -> str:
    """The HTML without the line ends a ``pre`` begins with: parsers leave out the first."""
    return _FIRST_LINES.sub(r"\1", cleaned) if "<pre" in cleaned else cleaned


def _settled(cleaner: nh3.Cleaner, cleaned: str) -> str:
    """The HTML cleaned until cleaning changes nothing.

    What is unwrapped, or moved out of a table, can stand where no parser would put it,
    or too deep.
    """
    for _ in range(_MOST_PASSES):
        cleaned = _without_first_lines(cleaned)
        if is_stable(cleaned):
            return cleaned
        again = cleaner.clean(bounded(cleaned, most_tags=0))
        if again == cleaned:
            return cleaned
        cleaned = again
    return cleaner.clean(html.escape(to_text(cleaned), quote=False))


def clean_html(markup: str, base: str = "", id_prefix: str = "") -> str:
    """HTML from outside, safe to show on a page of one's own.

    Scripts, styles, form fields, event handlers, SVG, MathML and addresses of unsafe
    schemes go; relative addresses become absolute; the markup comes out well
    nested. Players (``iframe``) of well-known hosts stay, sandboxed; others
    become links. Cleaning again changes nothing. The whole policy is written down in
    :mod:`feedkit._policy`.

    :param markup: an HTML fragment, however broken.
    :param base: the address relative ones are relative to; without one they go.
    :param id_prefix: what the ids in it are made to begin with, one for each post, so that
        footnotes work where several posts stand on one page; without one ids go.
    :return: an HTML fragment.
    """
    return Cleaner(base).clean(markup, id_prefix)
