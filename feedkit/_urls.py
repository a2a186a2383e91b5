"""Addresses: made absolute, kept to the web, and turned into names."""

import re
import unicodedata
from ipaddress import IPv6Address
from urllib.parse import quote, urljoin, urlsplit

import idna

_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_PREFIX = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
_IGNORED = re.compile(r"[\t\n\r]")
_RUN = "[A-Za-z0-9._~:/?@!$&'()*+,;=-]*+"
_CHARS = rf"{_RUN}(?:%[0-9A-Fa-f]{{2}}{_RUN})*+"
_PLAIN = re.compile(
    rf"https?://[A-Za-z0-9._~-]*[A-Za-z0-9_~-](?::\d{{1,4}})?(?:[/?]{_CHARS})?(?:\#{_CHARS})?"
)
# what the standard library leaves out of an address that it joins to another
_EMPTY_PART = re.compile(r"[?;#](?:\Z|(?<!#)[?#])")
_PARTS = re.compile(
    r"(https?)://(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^:/?#@]*)(?::(\d{0,5}))?([/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_HIGHEST_PORT = 65535
_LONGEST_HOST = 253
_HOST = re.compile(r"[A-Za-z0-9._~-]+")
_NOT_ALLOWED = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_APOSTROPHES = re.compile(r"['’ʼ`]")


def is_web(url: str) -> bool:
    """Whether it is an absolute http or https address with a host."""
    if not _WEB.match(url):
        return False
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def web_url(url: str, base: str = "") -> str:
    """An address as an absolute http or https URL (RFC 3986), or ``""`` when it is none.

    A host beyond ASCII is written as IDNA has it (RFC 5891), any other character
    that a URL can't hold percent-encoded (RFC 3987 §3.1); a name and a password go,
    which no one else is to have. What is a URL already stays as it is.

    :param url: the address as written; white space around it and line breaks
        in it are ignored (WHATWG URL §4.4), and an ampersand that was escaped
        once too often is one.
    :param base: what a relative address is relative to.
    """
    # most are as they should be, and joining takes longer than all else
    if _PLAIN.fullmatch(url) and not _EMPTY_PART.search(url) and "&amp;" not in url:
        return url
    url = _IGNORED.sub("", url).strip().replace("&amp;", "&")
    if not url:
        return ""
    try:
        url = urljoin(base, url)
    except ValueError:
        return ""
    if _PLAIN.fullmatch(url):
        return url
    parts = _PARTS.fullmatch(url)
    if parts is None:
        return ""
    scheme, host, port, rest = parts.groups()
    host = _host(host.removesuffix("."))
    if not host or int(port or 0) > _HIGHEST_PORT:
        return ""
    authority = f"{host}:{port}" if port else host
    before, mark, fragment = (rest or "").partition("#")
    return f"{scheme.lower()}://{authority}{_quoted(before)}{mark}{_quoted(fragment)}"


def _quoted(text: str) -> str:
    return _NOT_ALLOWED.sub(lambda match: quote(match[0], safe="", errors="replace"), text).replace(
        "#", "%23"
    )


def _host(host: str) -> str:
    """The host as a URL has it, or ``""`` when it is none."""
    if host.startswith("["):
        try:
            return f"[{IPv6Address(host[1:-1])}]"
        except ValueError:
            return ""
    if host.isascii():
        return host if _HOST.fullmatch(host) else ""
    try:
        return idna.encode(host[:_LONGEST_HOST], uts46=True).decode()
    except UnicodeError:
        return ""


def host_of(url: str) -> str:
    """The host of a web address, with its port; ``""`` when it is none."""
    match = _PARTS.fullmatch(url)
    return ":".join(filter(None, match.group(2, 3))) if match else ""


def without_scheme(url: str) -> str:
    """The address without scheme, ``www.`` and last slash, for comparing."""
    return _PREFIX.sub("", url.strip(), count=1).rstrip("/")


def slug_of(title: str) -> str:
    """A title as the part of an address that blogs make of it.

    Letters and digits of any script stay, lower-cased; accents and
    apostrophes go; all else becomes single hyphens.
    """
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", _APOSTROPHES.sub("", title)))
    lowered = unicodedata.normalize("NFC", bare).lower()
    # marks count as letters: many scripts write vowels with them
    words = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in lowered)
    return quote("-".join(words.split()), errors="replace")
