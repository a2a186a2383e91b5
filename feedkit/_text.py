"""HTML reduced to text; plain text collapsed, and cut to an excerpt."""

import html
import re
import unicodedata
from functools import cache

import nh3

from feedkit._nesting import bounded, without_comments
from feedkit._policy import DROPPED_WHOLE, words
from feedkit._xml import legal

_BLOCKS = words(
    "address article aside blockquote br caption dd details div dl dt figcaption figure footer h1 "
    "h2 h3 h4 h5 h6 header hr img li main ol p pre section summary table tbody td tfoot th thead "
    "tr ul"
)
_TEXTLESS = DROPPED_WHOLE | {"iframe", "audio", "video"}
_TAG = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')
_LEADING_ZEROS = re.compile(r"&#(?:0+(?=[0-9])|([xX])0+(?=[0-9a-fA-F]))")
_LONG_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
_PUNCTUATION = " ,;:–—-"
_JOINER = "\u200d"
# Han, kana, Thai, Lao, Burmese, Khmer
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)


@cache
def _stripper() -> nh3.Cleaner:
    return nh3.Cleaner(tags=_BLOCKS, clean_content_tags=_TEXTLESS, attributes={}, link_rel=None)


def to_text(markup: str) -> str:
    """The text of an HTML fragment: no markup, entities decoded once, white space collapsed."""
    if "<" in markup or "&" in markup:
        stripped = _stripper().clean(bounded(without_comments(legal(markup))))
        markup = decoded(_TAG.sub(" ", stripped))
    return collapse(markup)


def decoded(text: str) -> str:
    """The text with its references to characters decoded, once.

    References to no character become U+FFFD, as in HTML; the standard
    library's own function fails on numbers of thousands of digits.
    """
    if "&" not in text:
        return text
    if "&#" in text:
        text = _LONG_NUMBER.sub("\ufffd", _LEADING_ZEROS.sub(r"&#\1", text))
    return html.unescape(text)


def collapse(text: str) -> str:
    """The text with every run of white space as one space, and none around it.

    Byte order marks, which no text means, go.
    """
    # what is printable has no white space but spaces, and nothing that is to go
    if "  " not in text and text.isprintable():
        return text.strip()
    return " ".join(legal(text).replace("\ufeff", "").split())


def excerpt(text: str, length: int = 300) -> str:
    """The beginning of a plain text, cut between words and marked ``[…]``.

    A word that is longer than all there is room for, or text that is written
    without spaces (Han, kana, Thai …), is cut between characters as people see them: no accent,
    vowel sign or part of an emoji is lost.

    :param text: plain text.
    :param length: the most characters to keep, without the mark.
    """
    if len(text) <= length:
        return text
    length = max(length, 0)
    start, end = text[: length + 1], _whole(text, length)
    has_words = " " in start and not _WITHOUT_SPACES.match(text, end)
    kept = start.rsplit(" ", 1)[0] if has_words else text[:end]
    return kept.rstrip(_PUNCTUATION) + " […]"


def _whole(text: str, end: int) -> int:
    """The last place at or before ``end`` where no character, as people see it, is cut."""
    at = end
    while 0 < at < len(text) and _continues(text, at):
        at -= 1
    # what nothing but one endless character fills is cut all the same
    return at or end


def _continues(text: str, at: int) -> bool:
    char, before = text[at], text[at - 1]
    if char == _JOINER or before == _JOINER or unicodedata.category(char)[0] == "M":
        return True
    if "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f":
        return True
    if "\udc00" <= char <= "\udfff" and "\ud800" <= before <= "\udbff":
        return True
    if not _is_flag(char):
        return False
    first = at
    while first and _is_flag(text[first - 1]):
        first -= 1
    return (at - first) % 2 == 1


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
