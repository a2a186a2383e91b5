"""The nesting of HTML: whether it is right, made right, and kept within bounds.

By the rules browsers parse by (HTML §13.2.6), so far as they concern markup
that is to come out of a parser as it went in.
"""

import re
from collections import defaultdict
from functools import cache

from feedkit._policy import DEPTH, LONGEST_TAG, TAGS, words
from feedkit._xml import legal

VOID = words(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source "
    "track wbr"
)
_HEADINGS = words("h1 h2 h3 h4 h5 h6")
_ENDS_P = _HEADINGS | words(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form header hgroup hr li listing main menu nav ol p pre search section summary "
    "table ul xmp plaintext"
)
_CELLS = words("td th caption")
_ROWS = words("thead tbody tfoot")
# what an end tag or an implied end does not reach beyond
_WALLS = _CELLS | words(
    "table object applet marquee template button svg math foreignobject select html"
)
# what an li, dd or dt does not end one beyond
_SPECIAL = (
    _WALLS
    | _ROWS
    | _HEADINGS
    | (_ENDS_P - words("address div p li dd dt"))
    | words("tr colgroup body head iframe noembed noframes noscript title textarea script style")
)
_FORMATTING = words("a b big code em font i nobr s small strike strong tt u")
# what is no markup inside these, up to their own end tag
_RAW = words("script style textarea title xmp iframe noembed noframes noscript plaintext")
_TOKEN = re.compile(
    r"""<!--(?:-?>|.*?(?:--!?>|\Z))
    |<(/?)([a-zA-Z][^\s/>]*+)((?:[^>=]++|=\s*+"[^"]*+(?:"|\Z)|=\s*+'[^']*+(?:'|\Z)|=)*+)(>|\Z)
    |<[!?/](?:[^>]*+)(?:>|\Z)""",
    re.DOTALL | re.VERBOSE,
)
# a tag in which nothing can hide, no quote can reach beyond, and that can't be too long
_SIMPLE_TAG = re.compile(
    r"""<(/?[a-z0-9]{1,30}+)
    (?:>
    |(?:[ ][a-z-]{1,60}+="[^<>"]*+"){1,30}+>
    |(?:[\s/]{1,20}+[^\s<>"'=/]{1,40}+
      (?:\s{0,9}+=\s{0,9}+(?:"[^<>"]*+"|'[^<>']*+'|[^\s<>"'=]{1,40}+))?+){0,30}+[\s/]{0,99}+>)""",
    re.ASCII | re.VERBOSE,
)
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
_LONG_TAG = re.compile(f"<[a-zA-Z][^<>]{{{LONGEST_TAG}}}")
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*"|'[^']*')""")
# so few can't be deep enough to matter for time
_MOST_TAGS = 200
# nh3 takes time by the square of the references to characters in one text
_MOST_REFERENCES = 4000
_REFERENCES = re.compile(f"(?:&[^&]*+){{{_MOST_REFERENCES}}}(?=&)")
_MOST_MISNESTED = 20
# so many are never too deep, each cell with the body and row of a table that it implies
_MOST_STARTS = DEPTH // 4
# whose start ends nothing, and that end nowhere but at their own end tags
_HARMLESS = (_FORMATTING - {"a", "nobr"}) | words("abbr cite del ins kbd mark q span sub sup var")
# the rest of a start tag that has not too many attributes, and nothing taken out of it
_REST = r"""(?:\s(?:[^<>="'\0]{1,60}+|="[^<>"\0]*+"){0,60}+)?+>"""
_FLAT_HARMLESS, _FLAT, _FLAT_BLOCK = (
    re.compile(rf"<(?:(?:br|img|source|wbr){_REST}|({names}){_REST}(?<!/>)[^<]*+</\1>)")
    for names in (
        rf"(?:{'|'.join(sorted(_HARMLESS))})(?=[\s>])",
        "[a-z0-9]{1,60}+",
        rf"(?!(?:{'|'.join(sorted(_FORMATTING))})[\s>])[a-z0-9]{{1,60}}+",
    )
)
_FORMATTING_START = re.compile(rf"<(?:{'|'.join(sorted(_FORMATTING))})(?![^\s/>])", re.IGNORECASE)
# Elements that hold nothing but text, to be taken out one after the other. Formatting that
# holds what may end others, and so may end somewhere else itself, is in none of them.
_FLAT_ELEMENTS = (*(_FLAT_HARMLESS,) * 3, _FLAT, *(_FLAT_BLOCK,) * 12)

# What may stand where, as bits of what is open: a rule is (forbidden, required, kept, added).
_P, _A, _LI, _D, _HEADING, _IMPLIED, _TABLE, _BODY, _ROW, _COLS = (1 << bit for bit in range(10))
_TABULAR = _TABLE | _BODY | _ROW | _COLS
_INLINE = (_TABULAR, 0, _P | _A | _LI | _D, 0)


def _rules() -> dict[str, tuple[int, int, int, int]]:
    rules = {}
    for name in _ENDS_P:
        kept = _A | _LI | _D if name in ("address", "div") else _A
        rules[name] = (_TABULAR | _P, 0, kept, 0)
    for name in _HEADINGS:
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
    for name in _ROWS:
        rules[name] = (0, _TABLE, _A, _BODY)
    rules["tr"] = (0, _BODY, _A, _ROW)
    rules["td"] = rules["th"] = (0, _ROW, 0, 0)
    return rules


_RULES = {
    name: (*rule, "" if name in VOID else f"/{name}")
    for name, rule in (dict.fromkeys(TAGS, _INLINE) | _rules()).items()
    if name in TAGS
}


def is_stable(markup: str) -> bool:
    """Whether a parser would make of it what is written, and nothing else.

    :param markup: HTML; what is not written as a serialiser would, in lower case and
        with each attribute quoted or plain, is taken as not stable.
    """
    names = _SIMPLE_TAG.findall(markup)
    if len(names) != markup.count("<"):
        return False
    around: list[tuple[str, dict[str, tuple[str, int]]]] = []
    end, allowed = "", _allowed(0)
    for name in names:
        if name == end:
            end, allowed = around.pop()
        elif (entered := allowed.get(name)) is None:
            return False
        elif entered[0]:
            if len(around) == DEPTH:
                return False
            around.append((end, allowed))
            end, state = entered
            allowed = _allowed(state)
    return not around


@cache
def _allowed(state: int) -> dict[str, tuple[str, int]]:
    """What may stand where that is open: its end tag, and what is open within it."""
    return {
        name: (own_end, state & kept | added)
        for name, (forbidden, required, kept, added, own_end) in _RULES.items()
        if not state & forbidden and state & required == required
    }


def without_comments(markup: str) -> str:
    """The HTML without its comments."""
    return _COMMENT.sub("", markup) if "<!--" in markup else markup


def well_nested(markup: str) -> str:
    """HTML that is trusted, made fit to stand among other markup.

    Characters that XML can't hold go, and each element is closed where it
    ends; end tags of nothing, declarations and processing instructions go.
    Nothing else is changed: scripts and styles stay. What
    :func:`~feedkit.clean_html` made is not changed at all.

    :param markup: an HTML fragment, however broken.
    :return: an HTML fragment.
    """
    markup = legal(markup)
    if "<" not in markup or is_stable(markup):
        return markup
    return _Nesting(trusted=True).mended(markup)


def bounded(markup: str, *, stable: bool = False, most_tags: int = _MOST_TAGS) -> str:
    """HTML that takes a parser no longer than its size warrants; the same, unless it would.

    :param markup: an HTML fragment, however broken, to be sanitised afterwards:
        what comes back may hold comments that were not in it, and lack what no one sees.
    :param stable: whether it is known to be as :func:`is_stable` tells.
    :param most_tags: with how many it is not looked at.
    """
    if markup.count("&") <= _MOST_REFERENCES and (
        stable
        or (markup.count("<") <= most_tags and not _LONG_TAG.search(markup))
        or is_shallow(markup)
    ):
        return markup
    nesting = _Nesting(trusted=False)
    mended = nesting.mended(markup)
    return mended if nesting.is_slow else markup


def is_shallow(markup: str) -> bool:
    """Whether :class:`_Nesting` would surely not find it slow, references aside; seen faster."""
    rest = markup
    for flat in _FLAT_ELEMENTS:
        rest = flat.sub("\0", rest)
        starts = rest.count("<") - rest.count("</")
        if starts <= _MOST_STARTS and (
            starts <= _MOST_MISNESTED or len(_FORMATTING_START.findall(rest)) <= _MOST_MISNESTED
        ):
            return not _LONG_TAG.search(rest)
    return is_stable(markup)


class _Nesting:
    """One fragment on its way to be well nested."""

    def __init__(self, *, trusted: bool) -> None:
        self.trusted = trusted
        self.pieces: list[str] = []
        self.open: list[str] = []
        self.at: dict[str, list[int]] = defaultdict(list)
        self.walls = [-1]
        self.special = [-1]
        self.skipped: dict[str, int] = defaultdict(int)
        self.is_slow = False
        self.misnested = 0

    def mended(self, markup: str) -> str:
        """The fragment with each element closed where it ends."""
        end = 0
        while token := _TOKEN.search(markup, end):
            self._text(markup[end : token.start()])
            end = token.end()
            name = (token[2] or "").lower()
            if not name:
                self._comment(token[0])
            elif token[1]:
                self._end(name)
            elif token[4] != ">":
                # a tag that never ends is none, nor is what follows it
                end = len(markup)
            else:
                end = self._start(name, token, markup)
        self._text(markup[end:])
        self._close(0)
        return "".join(self.pieces)

    def _text(self, text: str) -> None:
        if not self.trusted and text.count("&") > _MOST_REFERENCES:
            self.is_slow = True
            # a comment makes two texts of one
            text = _REFERENCES.sub(r"\g<0><!---->", text)
        self.pieces.append(text)

    def _comment(self, comment: str) -> None:
        if self.trusted and comment.startswith("<!--"):
            whole = comment.endswith(("-->", "--!>"))
            self.pieces.append(comment if whole else f"{comment}-->")

    def _start(self, name: str, token: re.Match[str], markup: str) -> int:
        """Take a start tag; where to go on."""
        tag, end = token[0], token.end()
        if not self.trusted and len(tag) > LONGEST_TAG:
            bare = _QUOTED.sub("=", token[3])
            if len(bare) > LONGEST_TAG or tag.count("&") > _MOST_REFERENCES:
                self.is_slow = True
                tag = f"<{name}>"
        if name in _RAW and not self._is_foreign():
            return self._raw(name, tag, markup, end)
        self._imply_ends(name)
        if name in VOID or (token[3].endswith("/") and self._is_foreign(name)):
            self.pieces.append(tag)
        else:
            self._open(name, tag)
        return end

    def _raw(self, name: str, tag: str, markup: str, start: int) -> int:
        last = re.compile(rf"</{re.escape(name)}(?=[\s/>])[^>]*+>", re.IGNORECASE)
        found = None if name == "plaintext" else last.search(markup, start)
        within = markup[start : found.start()] if found else markup[start:]
        if self.trusted and found:
            self.pieces += (tag, within, found[0])
        elif self.trusted and name != "plaintext":
            self.pieces += (tag, within, f"</{name}>")
        elif name in ("xmp", "noembed", "noframes", "plaintext"):
            self.pieces.append(within.replace("<", "&lt;"))
        elif name == "iframe":
            self.pieces += (tag, "</iframe>")
        return found.end() if found else len(markup)

    def _is_foreign(self, name: str = "") -> bool:
        return name in ("svg", "math") or bool(self.at["svg"] or self.at["math"])

    def _open(self, name: str, tag: str) -> None:
        place = len(self.open)
        if place >= DEPTH and not self.trusted:
            self.is_slow = True
            self.skipped[name] += 1
            return
        self.open.append(name)
        self.at[name].append(place)
        if name in _WALLS:
            self.walls.append(place)
        if name in _SPECIAL:
            self.special.append(place)
        self.pieces.append(tag)

    def _end(self, name: str) -> None:
        if self.skipped[name]:
            self.skipped[name] -= 1
            return
        places = self.at[name]
        if not places:
            return
        # a table ends whatever is in it; all else ends within its own cell
        within_wall = name in _WALLS or name in _ROWS or name == "tr"
        if within_wall or places[-1] > self.walls[-1]:
            self._close(places[-1])

    def _imply_ends(self, name: str) -> None:
        """End what the start of this element ends."""
        at, wall = self.at, self.walls[-1]
        if name in _ENDS_P:
            if name in ("li", "dd", "dt"):
                kinds = ("li",) if name == "li" else ("dd", "dt")
                place = max((at[kind][-1] for kind in kinds if at[kind]), default=-1)
                if place > self.special[-1]:
                    self._close(place)
            if at["p"] and at["p"][-1] > wall:
                self._close(at["p"][-1])
            if name in _HEADINGS and self.open and self.open[-1] in _HEADINGS:
                self._close(len(self.open) - 1)
        elif name in ("a", "nobr", "option", "button"):
            if at[name] and at[name][-1] > (wall if name != "button" else -1):
                self._close(at[name][-1])
        elif name in ("rt", "rp"):
            is_ruby = bool(at["ruby"]) and at["ruby"][-1] > wall
            if is_ruby and self.open[-1] in ("rt", "rp"):
                self._close(len(self.open) - 1)
        elif name == "tr" or name in _CELLS or name in _ROWS:
            self._imply_ends_in_table(name)

    def _imply_ends_in_table(self, name: str) -> None:
        table = self.at["table"][-1] if self.at["table"] else -1
        ended = ["td", "th", "caption"]
        if name not in ("td", "th"):
            ended.append("tr")
            if name != "tr":
                ended += [*_ROWS, "colgroup"]
        places = [self.at[kind][-1] for kind in ended if self.at[kind]]
        place = min((place for place in places if place > table), default=None)
        if place is not None:
            self._close(place)
        if self.trusted or not self.open:
            return
        # what a parser adds counts as depth, too
        if name in ("tr", "td", "th") and self.open[-1] == "table":
            self._open("tbody", "<tbody>")
        if name in ("td", "th") and self.open[-1] in _ROWS:
            self._open("tr", "<tr>")

    def _close(self, place: int) -> None:
        """End all elements from that place of the stack on."""
        while len(self.open) > place:
            name = self.open.pop()
            self.at[name].pop()
            if self.walls[-1] == len(self.open):
                self.walls.pop()
            if self.special[-1] == len(self.open):
                self.special.pop()
            if len(self.open) > place and name in _FORMATTING:
                self.misnested += 1
                self.is_slow = self.is_slow or self.misnested > _MOST_MISNESTED
            self.pieces.append(f"</{name}>")
