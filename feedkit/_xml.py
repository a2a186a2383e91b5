"""What XML 1.0 can carry, and the few names the formats share."""

import re

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
THREADING = "http://purl.org/syndication/thread/1.0"

_LANGUAGE = re.compile(r"[a-zA-Z]{2,8}(?:-[a-zA-Z0-9]{1,8})*")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = re.compile("\r\n?")


def legal(text: str) -> str:
    """The text without what no XML document may hold (XML 1.0 §2.2).

    Control characters and lone surrogates go; line ends become ``\\n``, as a
    reader's parser would make them (§2.11).
    """
    if "\r" in text:
        text = _LINE_ENDS.sub("\n", text)
    return _ILLEGAL.sub("", text)


def language_tag(text: str) -> str:
    """The text when it has the form of a language tag (BCP 47), else ``""``."""
    return text if _LANGUAGE.fullmatch(text) else ""


def media_type(text: str) -> str:
    """The text when it has the form of a media type (RFC 6838 §4.2), else ``""``."""
    return text if _MEDIA_TYPE.fullmatch(text) else ""
