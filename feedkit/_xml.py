"""What XML 1.0 can carry, and the few names the formats share."""

import re

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
MEDIA = "http://search.yahoo.com/mrss/"
PODCAST = "https://podcastindex.org/namespace/1.0"
PSC = "http://podlove.org/simple-chapters"
THREADING = "http://purl.org/syndication/thread/1.0"

# ISO 639-1, and what it once had
_TWO_LETTERS = frozenset(
    re.findall(
        r"\w\w",
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu "
        "cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi "
        "ho hr ht hu hy hz ia id ie ig ii ik io is it iu iw ja jv ka kg ki kj kk kl km kn ko kr "
        "ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne "
        "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh "
        "si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk "
        "ur uz ve vi vo wa wo xh yi yo za zh zu ",
    )
)
_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:-[a-zA-Z0-9]{1,8})*")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_ILLEGAL_ONE = "[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f\ud800-\udfff\ufffe\uffff]"
# the same twice, as what begins with a repetition is searched for far more slowly
_ILLEGAL = re.compile(f"{_ILLEGAL_ONE}{_ILLEGAL_ONE}*+")
_SHORT = 200
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
# U+0080 to U+009F in UTF-8
_LATIN_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")
_LINE_ENDS = re.compile("\r\n?")


def legal(text: str) -> str:
    """The text without what no XML document may hold (XML 1.0 §2.2).

    Control characters and lone surrogates go; line ends become ``\\n``, as a
    reader's parser would make them (§2.11). Those from U+0080 to U+009F, which no
    text means, become what windows-1252 has in their place.
    """
    if "\r" in text:
        text = _LINE_ENDS.sub("\n", text)
    if len(text) > _SHORT and _is_legal(text):
        return text
    return _ILLEGAL.sub(_replaced, text)


def _is_legal(text: str) -> bool:
    """Whether a text surely has nothing illegal in it; seen faster than by its characters."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # lone surrogates
        return False
    # a single byte is found far faster than two
    return (
        len(data.translate(None, _CONTROLS)) == len(data)
        and (b"\xef" not in data or b"\xef\xbf" not in data)
        and (b"\xc2" not in data or not _LATIN_CONTROL.search(data))
    )


def _replaced(match: re.Match[str]) -> str:
    meant = bytes(ord(char) for char in match[0] if "\x80" <= char < "\xa0")
    return meant.decode("windows-1252", "ignore")


def language_tag(text: str) -> str:
    """The text when it has the form of a language tag, else ``""``.

    That is BCP 47 as far as languages use it: two letters of ISO 639-1, or
    three, and subtags of any kind.
    """
    match = _LANGUAGE.fullmatch(text)
    known = match and (len(match[1]) == 3 or match[1].lower() in _TWO_LETTERS)
    return text if known else ""


def media_type(text: str) -> str:
    """The text when it has the form of a media type (RFC 6838 §4.2), else ``""``."""
    return text if _MEDIA_TYPE.fullmatch(text) else ""
