"""What may stand where in HTML: whether a parser would make of markup just what is written.

By the rules browsers parse by (HTML §13.2.6), so far as they concern markup
that is to come out of a parser as it went in.
"""

import re
from functools import cache

from feedkit._policy import DEPTH, TAGS, words

VOID = words(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source "
    "track wbr"
)
HEADINGS = words("h1 h2 h3 h4 h5 h6")
ENDS_P = HEADINGS | words(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form header hgroup hr li listing main menu nav ol p pre search section summary "
    "table ul xmp plaintext"
)
ROWS = words("thead tbody tfoot")
# a tag in which nothing can hide, no quote can reach beyond, and that can't be too long
_SIMPLE_TAG = re.compile(
    r"""<(/?[a-z0-9]{1,30}+)
    (?:>
    |(?:[ ][a-z-]{1,60}+="[^<>"]*+"){1,30}+>
    |(?:[\s/]{1,20}+[^\s<>"'=/]{1,40}+
      (?:\s{0,9}+=\s{0,9}+(?:"[^<>"]*+"|'[^<>']*+'|[^\s<>"'=]{1,40}+))?+){0,30}+[\s/]{0,99}+>)""",
    re.ASCII | re.VERBOSE,
)

# What may stand where, as bits of what is open: a rule is (forbidden, required, kept, added).
_P, _A, _LI, _D, _HEADING, _IMPLIED, _TABLE, _BODY, _ROW, _COLS = (1 << bit for bit in range(10))
_TABULAR = _TABLE | _BODY | _ROW | _COLS
_INLINE = (_TABULAR, 0, _P | _A | _LI | _D, 0)


def _rules() -> dict[str, tuple[int, int, int, int]]:
    rules = {}
    for name in ENDS_P:
        kept = _A | _LI | _D if name in ("address", "div") else _A
        rules[name] = (_TABULAR | _P, 0, kept, 0)
    for name in HEADINGS:
        rules[name] = (_TABULAR | _P | _HEADING, 0, _A, _HEADING)
    rules["p"] = (_TABULAR | _P, 0, _A | _LI | _D, _P | _IMPLIED)
    rules["li"] = (_TABULAR | _P | _LI, 0, _A | _D, _LI | _IMPLIED)
    rules["dd"] = rules["dt"] = (_TABULAR | _P | _D, 0, _A | _LI, _D | _IMPLIED)
    rules["a"] = (_TABULAR | _A, 0, _P | _LI | _D, _A)
    rules["rt"] = rules["rp"] = (_TABULAR | _IMPLIED, 0, _P | _A | _LI | _D, _IMPLIED)
    rules["table"] = (_TABULAR | _P, 0, _A, _TABLE)
    rules["caption"] = (0, _TABLE, 0, 0)
    rules["colgroup"] = (0, _TABLE, _A, _COLS)
    rules["col"] = (0, _COLS, 0, 0)
    for name in ROWS:
        rules[name] = (0, _TABLE, _A, _BODY)
    rules["tr"] = (0, _BODY, _A, _ROW)
    rules["td"] = rules["th"] = (0, _ROW, 0, 0)
    return rules


_RULES = {
    name: (*rule, "" if name in VOID else f"/{name}")
    for name, rule in (dict.fromkeys(TAGS, _INLINE) | _rules()).items()
    if name in TAGS
}


def tags_of(markup: str) -> list[str] | None:
    """The names of all tags, those of end tags with their slash; ``None`` unless all are simple.

    A simple one is written as a serialiser would, in lower case and with each attribute
    quoted or plain.
    """
    names = _SIMPLE_TAG.findall(markup)
    return names if len(names) == markup.count("<") else None


def is_stable(markup: str) -> bool:
    """Whether a parser would make of it what is written, and nothing else.

    :param markup: HTML; with other than simple tags it is taken as not stable.
    """
    return are_stable(tags_of(markup))


def are_stable(tags: list[str] | None) -> bool:
    """The same, by its tags."""
    if tags is None:
        return False
    around: list[tuple[str, _Within]] = []
    end, within = "", _within(0)
    try:
        for tag in tags:
            if tag == end:
                end, within = around.pop()
                continue
            own_end, inside = within[tag]
            if own_end:
                if len(around) == DEPTH:
                    return False
                around.append((end, within))
                end, within = own_end, inside
    except KeyError:
        return False
    return not around


class _Within(dict[str, tuple[str, "_Within"]]):
    """What may stand where that is open: its end tag, and what may stand within it."""

    def __init__(self, state: int) -> None:
        self.state = state

    def __missing__(self, tag: str) -> tuple[str, "_Within"]:
        forbidden, required, kept, added, own_end = _RULES[tag]
        if self.state & forbidden or self.state & required != required:
            raise KeyError(tag)
        self[tag] = own_end, _within(self.state & kept | added)
        return self[tag]


_within = cache(_Within)
