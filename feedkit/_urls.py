"""Addresses: made absolute, kept to the web, and turned into names."""

import re
import unicodedata
from urllib.parse import quote, urljoin, urlsplit

_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_PREFIX = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
_IGNORED = re.compile(r"[\t\n\r]")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}\ud800-\udfff]")
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
    """An address as an absolute http or https URL, or ``""`` when it is none.

    :param url: the address as written; white space around it and line breaks
        in it are ignored (WHATWG URL §4.4), characters no URL may hold are
        percent-encoded.
    :param base: what a relative address is relative to.
    """
    url = _IGNORED.sub("", url).strip()
    if not url:
        return ""
    try:
        url = urljoin(base, url)
    except ValueError:
        return ""
    if not is_web(url):
        return ""
    return _UNSAFE.sub(lambda match: quote(match[0], errors="replace"), url)


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
