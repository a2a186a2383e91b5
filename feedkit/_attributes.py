"""The values of attributes that the sanitiser itself doesn't check, held to the policy."""

import html
import re
from collections.abc import Callable
from functools import lru_cache

from feedkit._policy import CLASS, STYLES
from feedkit._text import decoded
from feedkit._urls import web_url

_CHECKED = re.compile(r' (?:class|cite|srcset|style|id|name)="| href="#')
_WITH_ATTRIBUTES = re.compile(r'<[a-z0-9]+(?: [a-z-]+="[^"]*")+>')
# all that needs no check, then one tag that does
_STRETCH = re.compile(
    r"""((?:[^<]++|</?[a-z0-9]++
        (?:[ ](?!(?:class|cite|srcset|style|id|name)="|href="\#)[a-z-]++="[^"]*+")*+>)*+)
    (<[a-z0-9]++(?:[ ][a-z-]++="[^"]*+")++>|\Z)""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_NAME = re.compile(r' (?:id|name)="([^"]*)"')
_DESCRIPTOR = re.compile(r"[1-9]\d{0,5}[wh]|\d{1,4}(?:\.\d{1,4})?x", re.ASCII)
_HTML_SPACE = " \t\n\f\r"
_SPACES = re.compile(r"\s+")


def checked(written: str, base: str, id_prefix: str) -> str:
    """Markup with only harmless values in the attributes that were let through for that.

    :param written: HTML as a serialiser writes it.
    :param base: the address relative ones are relative to; without one they go.
    :param id_prefix: what each id is to begin with.
    """
    if not _CHECKED.search(written):
        return written
    names: set[str] = set()
    if id_prefix:
        for tag in _WITH_ATTRIBUTES.findall(written):
            names.update(_prefixed(decoded(name), id_prefix) for name in _NAME.findall(tag))

    names.discard("")

    def fragment(value: str) -> str:
        target = _prefixed(value[1:], id_prefix)
        return f"#{target}" if target in names else web_url(value, base) if base else ""

    checks: dict[str, Callable[[str], str]] = {
        "cite": lambda value: web_url(value, base),
        "class": _classes,
        "href": lambda value: fragment(value) if value.startswith("#") else value,
        "id": lambda value: _prefixed(value, id_prefix),
        "name": lambda value: _prefixed(value, id_prefix),
        "srcset": lambda value: _srcset(value, base),
        "style": _style,
    }

    def attribute(match: re.Match[str]) -> str:
        check = checks.get(match[1])
        if check is None:
            return match[0]
        value = check(decoded(match[2]))
        return f' {match[1]}="{_escaped(value)}"' if value else ""

    def stretch(match: re.Match[str]) -> str:
        return match[1] + _ATTRIBUTE.sub(attribute, match[2])

    return _STRETCH.sub(stretch, written)


def _escaped(value: str) -> str:
    # as nh3 writes it, so that cleaning again changes nothing
    return html.escape(value).replace("&#x27;", "'").replace("\xa0", "&nbsp;")


def _prefixed(name: str, prefix: str) -> str:
    if not name or any(char.isspace() for char in name):
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
    while True:
        while at < end and value[at] in _HTML_SPACE + ",":
            at += 1
        if at >= end:
            return found
        start = at
        while at < end and value[at] not in _HTML_SPACE:
            at += 1
        url = value[start:at]
        if url.endswith(","):
            found.append((url.rstrip(","), []))
            continue
        start, depth = at, 0
        while at < end and (depth or value[at] != ","):
            depth += {"(": 1, ")": -1 if depth else 0}.get(value[at], 0)
            at += 1
        found.append((url, value[start:at].split()))
