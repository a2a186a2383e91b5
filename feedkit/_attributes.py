"""The values of attributes that the sanitiser itself doesn't check, held to the policy."""

import html
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from feedkit._policy import CLASS, STYLES
from feedkit._text import decoded
from feedkit._urls import web_url


def _next(attribute: str) -> re.Pattern[str]:
    """All up to the next attribute of that kind, then ``name="value``; or all there is."""
    other = rf"""(?:[ ](?!{attribute})[a-z-]++="[^"]*+")*+"""
    return re.compile(
        rf"""((?:\A[^<]*+</?[a-z0-9]++)?+{other}(?:>[^<]*+</?[a-z0-9]++{other})*+)
        (?:[ ](?={attribute})([a-z-]++="[^"]*+)"|>?[^<]*+\Z)""",
        re.VERBOSE,
    )


def _likely(names: Iterable[str], begins: str = "") -> re.Pattern[str]:
    """What looks like the value of such an attribute, and the rest of its tag.

    Without the rest it may stand in a text, in which a serialiser writes no ``>``, or
    beside a value that holds ``<``, which not every serialiser escapes.
    """
    named = "|".join(f'(?<= {name}=")' for name in names)
    return re.compile(rf'="(?:{named}){begins}(?:([^<>"]*+)"(?=([^<>]*+>)?))?')


_NAMES = ("class", "cite", "srcset", "style", "id", "name")
_CHECKED = _likely(_NAMES), _next(f'(?:{"|".join(_NAMES)})="')
_FRAGMENT = _likely(("href",), r"(?=\#)"), _next('href="\\#')
_DESCRIPTOR = re.compile(r"[1-9]\d{0,5}[wh]|\d{1,4}(?:\.\d{1,4})?x", re.ASCII)
# its address, and its descriptors as far as no parenthesis begins
_CANDIDATE = re.compile(r"[ \t\n\f\r,]*+([^ \t\n\f\r]++)[^,(]*+")
_TO_ESCAPE = re.compile("[&<>\"'\xa0]")
_SPACES = re.compile(r"\s+")


def checked(written: str, base: str, id_prefix: str) -> str:
    """Markup with only harmless values in the attributes that were let through for that.

    :param written: HTML as a serialiser writes it.
    :param base: the address relative ones are relative to; without one they go.
    :param id_prefix: what each id is to begin with.
    """
    has_fragment = ' href="#' in written
    if not has_fragment and not _CHECKED[0].search(written):
        return written
    made = _Made(base, id_prefix)
    written = _each(written, *_CHECKED, made)
    # only now is it known which ids there are
    return _each(written, *_FRAGMENT, made) if has_fragment else written


class _Made(dict[str, str]):
    """What is made of each ``name="value`` of one markup."""

    def __init__(self, base: str, id_prefix: str) -> None:
        self.base = base
        self.id_prefix = id_prefix
        self.names: set[str] = set()

    def __missing__(self, attribute: str) -> str:
        name, _, value = attribute.partition('="')
        kept = self._checked(name, decoded(value))
        self[attribute] = made = f' {name}="{_escaped(kept)}"' if kept else ""
        return made

    def _checked(self, name: str, value: str) -> str:
        if name == "style":
            return _style(value)
        if name == "class":
            return _classes(value)
        if name in ("id", "name"):
            prefixed = _prefixed(value, self.id_prefix)
            self.names.add(prefixed)
            return prefixed
        if name == "srcset":
            return _srcset(value, self.base)
        if name == "href":
            target = _prefixed(value[1:], self.id_prefix)
            if target and target in self.names:
                return f"#{target}"
            return web_url(value, self.base) if self.base else ""
        return web_url(value, self.base)


def _each(
    written: str, likely: re.Pattern[str], surely: re.Pattern[str], made: Mapping[str, str]
) -> str:
    """Markup with each attribute of one kind replaced by what is made of it.

    :param made: by ``name="value``.
    """
    pieces: list[str] = []
    end = 0
    for match in likely.finditer(written):
        if match.lastindex != 2:
            return surely.sub(
                lambda match: match[1] + made[match[2]] if match[2] else match[0], written
            )
        start = written.rindex(" ", end, match.start())
        stop = match.end(1)
        pieces += written[end:start], made[written[start + 1 : stop]]
        end = stop + 1
    return "".join((*pieces, written[end:])) if pieces else written


def _escaped(value: str) -> str:
    if not _TO_ESCAPE.search(value):
        return value
    # as nh3 writes it, so that cleaning again changes nothing
    return html.escape(value).replace("&#x27;", "'").replace("\xa0", "&nbsp;")


def _prefixed(name: str, prefix: str) -> str:
    if name.split() != [name]:
        return ""
    return name if name.startswith(prefix) else prefix + name


def _classes(value: str) -> str:
    return " ".join(filter(CLASS.fullmatch, value.split()))


@lru_cache(maxsize=1024)
def _style(value: str) -> str:
    """The declarations whose property and value are known to be harmless."""
    kept = []
    for declaration in value.split(";"):
        name, _, stated = declaration.partition(":")
        name = name.strip().lower()
        stated = _SPACES.sub(" ", stated.strip().lower())
        if name in STYLES and STYLES[name].fullmatch(stated):
            kept.append(f"{name}: {stated}")
    return "; ".join(kept)


def _srcset(value: str, base: str) -> str:
    """The candidates of a ``srcset`` (HTML §4.8.4.2.2), their addresses absolute."""
    kept = []
    for url, descriptors in _candidates(value):
        address = web_url(url, base)
        if address and all(map(_DESCRIPTOR.fullmatch, descriptors)):
            kept.append(" ".join((address, *descriptors)))
    return ", ".join(kept)


def _candidates(value: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    at, end = 0, len(value)
    while candidate := _CANDIDATE.match(value, at):
        url, at = candidate[1], candidate.end(1)
        if url.endswith(","):
            found.append((url.rstrip(","), []))
            continue
        start, at, depth = at, candidate.end(), 0
        while at < end and (depth or value[at] != ","):
            depth += {"(": 1, ")": -1 if depth else 0}.get(value[at], 0)
            at += 1
        found.append((url, value[start:at].split()))
    return found
