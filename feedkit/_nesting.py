"""The nesting of HTML: made right, and kept within bounds."""

import re
from collections import defaultdict

from feedkit._policy import DEPTH, LONGEST_TAG, words
from feedkit._stable import ENDS_P, HEADINGS, ROWS, VOID, is_stable, tags_of
from feedkit._xml import legal

__all__ = ["bounded", "is_shallow", "is_stable", "well_nested", "without_comments"]


_CELLS = words("td th caption")
# what an end tag or an implied end does not reach beyond
_WALLS = _CELLS | words(
    "table object applet marquee template button svg math foreignobject select html"
)
# what an li, dd or dt does not end one beyond
_SPECIAL = (
    _WALLS
    | ROWS
    | HEADINGS
    | (ENDS_P - words("address div p li dd dt"))
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
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
_LONG_TAG = re.compile(f"<[a-zA-Z][^<>]{{{LONGEST_TAG}}}")
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*"|'[^']*')""")
# so few can't be deep enough to matter for time
_MOST_TAGS = 200
# nh3 takes time by the square of the references to characters in one text
_MOST_REFERENCES = 4000
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


def _ended_by() -> dict[str, frozenset[str]]:
    """The end tags of what the start of each may end."""
    ended = dict.fromkeys(ENDS_P, words("p"))
    ended |= dict.fromkeys(HEADINGS, HEADINGS | {"p"})
    ended |= dict.fromkeys(("dd", "dt"), words("p dd dt"))
    ended |= dict.fromkeys(("rt", "rp"), words("rt rp"))
    ended |= dict.fromkeys(_CELLS | ROWS | {"tr"}, _CELLS | ROWS | {"tr", "colgroup"})
    ended["li"] = words("p li")
    ended |= {name: words(name) for name in ("a", "nobr", "option", "button")}
    return {name: _ends(names) for name, names in ended.items()}


def _ends(names: frozenset[str]) -> frozenset[str]:
    return frozenset(f"/{name}" for name in names)


_ENDED_BY = _ended_by()
_FORMATTING_ENDS = _ends(_FORMATTING)
_RAW_ENDS = _ends(_RAW)


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


def bounded(
    markup: str, tags: list[str] | None = None, *, stable: bool = False, most_tags: int = _MOST_TAGS
) -> str:
    """HTML that takes a parser no longer than its size warrants; the same, unless it would.

    :param markup: an HTML fragment, however broken, to be sanitised afterwards:
        what comes back may hold comments that were not in it, and lack what no one sees.
    :param tags: its tags, where :func:`~feedkit._stable.tags_of` told them already.
    :param stable: whether it is known to be as :func:`~feedkit._stable.is_stable` tells.
    :param most_tags: with how many it is not looked at.
    """
    if not _has_many_references(markup, stable=stable) and (
        stable
        or (markup.count("<") <= most_tags and not _has_long_tag(markup, tags))
        or is_shallow(markup, tags)
    ):
        return markup
    nesting = _Nesting(trusted=False)
    mended = nesting.mended(markup)
    return mended if nesting.is_slow else markup


def _has_many_references(markup: str, *, stable: bool) -> bool:
    """Whether one of its texts may have too many references to characters."""
    return markup.count("&") > _MOST_REFERENCES and not (
        # in which a text ends at each sign that begins a tag
        stable and all(part.count("&") <= _MOST_REFERENCES for part in markup.split("<"))
    )


def _has_long_tag(markup: str, tags: list[str] | None) -> bool:
    # simple tags are never too long
    return tags is None and len(markup) > LONGEST_TAG and bool(_LONG_TAG.search(markup))


def is_shallow(markup: str, tags: list[str] | None = None) -> bool:
    """Whether :class:`_Nesting` would surely not find it slow, references aside; seen faster.

    :param tags: its tags, where :func:`~feedkit._stable.tags_of` told them already.
    """
    tags = tags_of(markup) if tags is None else tags
    return (tags is not None and _are_shallow(tags)) or _is_flat(markup) or is_stable(markup)


def _are_shallow(tags: list[str]) -> bool:
    """Whether each element is ended within the one around it, and few are within each other.

    And little formatting holds what might end something around it: all else ends where
    its own end tag is.
    """
    # there a slash ends an element, which its name does not tell
    is_foreign = "svg" in tags or "math" in tags
    # the end tags of what is open, the last of them apart
    around: list[str] = []
    end = ""
    counted = unsure = 0
    for tag in tags:
        if tag == end:
            end = around.pop()
            if counted > len(around):
                counted = len(around)
        elif tag[0] == "/":
            if tag[1:] not in VOID:
                return False
        elif end in _RAW_ENDS or tag == "plaintext":
            return False
        else:
            if counted < len(around) and (is_foreign or _may_end(tag, end, around)):
                unsure += sum(map(_FORMATTING_ENDS.__contains__, (*around[counted + 1 :], end)))
                counted = len(around)
            if tag not in VOID:
                around.append(end)
                end = f"/{tag}"
            if len(around) > _MOST_STARTS or unsure > _MOST_MISNESTED:
                return False
    return not end


def _may_end(tag: str, end: str, around: list[str]) -> bool:
    return tag in _ENDED_BY and (end in _ENDED_BY[tag] or not _ENDED_BY[tag].isdisjoint(around))


def _is_flat(markup: str) -> bool:
    """Whether little is left without the elements that hold nothing but text, over and over."""
    rest = markup
    for flat in _FLAT_ELEMENTS:
        flatter = flat.sub("\0", rest)
        if flat is _FLAT_BLOCK and len(flatter) == len(rest):
            return False
        rest = flatter
        starts = rest.count("<") - rest.count("</")
        if starts <= _MOST_STARTS and (
            starts <= _MOST_MISNESTED or len(_FORMATTING_START.findall(rest)) <= _MOST_MISNESTED
        ):
            return not _LONG_TAG.search(rest)
    return False


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
            before, *all_ = text.split("&")
            parts = (
                "&".join(all_[at : at + _MOST_REFERENCES])
                for at in range(0, len(all_), _MOST_REFERENCES)
            )
            # a comment makes two texts of one
            text = f"{before}&{'<!---->&'.join(parts)}"
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
        within_wall = name in _WALLS or name in ROWS or name == "tr"
        if within_wall or places[-1] > self.walls[-1]:
            self._close(places[-1])

    def _imply_ends(self, name: str) -> None:
        """End what the start of this element ends."""
        at, wall = self.at, self.walls[-1]
        if name in ENDS_P:
            if name in ("li", "dd", "dt"):
                kinds = ("li",) if name == "li" else ("dd", "dt")
                place = max((at[kind][-1] for kind in kinds if at[kind]), default=-1)
                if place > self.special[-1]:
                    self._close(place)
            if at["p"] and at["p"][-1] > wall:
                self._close(at["p"][-1])
            if name in HEADINGS and self.open and self.open[-1] in HEADINGS:
                self._close(len(self.open) - 1)
        elif name in ("a", "nobr", "option", "button"):
            if at[name] and at[name][-1] > (wall if name != "button" else -1):
                self._close(at[name][-1])
        elif name in ("rt", "rp"):
            is_ruby = bool(at["ruby"]) and at["ruby"][-1] > wall
            if is_ruby and self.open[-1] in ("rt", "rp"):
                self._close(len(self.open) - 1)
        elif name == "tr" or name in _CELLS or name in ROWS:
            self._imply_ends_in_table(name)

    def _imply_ends_in_table(self, name: str) -> None:
        table = self.at["table"][-1] if self.at["table"] else -1
        ended = ["td", "th", "caption"]
        if name not in ("td", "th"):
            ended.append("tr")
            if name != "tr":
                ended += [*ROWS, "colgroup"]
        places = [self.at[kind][-1] for kind in ended if self.at[kind]]
        place = min((place for place in places if place > table), default=None)
        if place is not None:
            self._close(place)
        if self.trusted or not self.open:
            return
        # what a parser adds counts as depth, too
        if name in ("tr", "td", "th") and self.open[-1] == "table":
            self._open("tbody", "<tbody>")
        if name in ("td", "th") and self.open[-1] in ROWS:
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
