"""Identity: what makes a post the same post next year."""

import re
from hashlib import sha1
from urllib.parse import quote

_SPACE = bytes.fromhex("83fcc049e63f4eb09e20fcc5a31a237b")
_RUN = "[A-Za-z0-9._~:/?@!$&'()*+,;=-]*+"
_CHARS = rf"{_RUN}(?:%[0-9A-Fa-f]{{2}}{_RUN})*+"
_ABSOLUTE = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?=[^#])(?://\[[0-9A-Fa-f:.]+\])?{_CHARS}(?:\#{_CHARS})?"
)
# what is one but for its spelling: an IRI, brackets or a bare percent sign in it
_SPELLED_ELSE = re.compile(
    r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f-\x9f\ud800-\udfff\ufffe\uffff]+", re.IGNORECASE
)
_NOT_ALLOWED = re.compile(r"%(?![0-9a-fA-F]{2})|[^A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")
_NO_ID = re.compile(
    r"(?:javascript|data|vbscript|file|blob|about):"
    r"|https?:(?!//[^/?#:@])"
    r"|urn:uuid:(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$)",
    re.IGNORECASE,
)


def is_absolute(uri: str) -> bool:
    """Whether a text is an absolute URI that may serve as an id (RFC 3986 §4.3).

    Schemes that carry a script or a document, web addresses without a host,
    and a ``urn:uuid`` of something else than a UUID don't count.
    """
    return bool(_ABSOLUTE.fullmatch(uri)) and not _NO_ID.match(uri)


def uri_of(text: str) -> str:
    """A text as an absolute URI that may serve as an id, or ``""`` when it is none.

    One that :func:`is_absolute` stays to the letter. In an IRI, and in one with
    characters that no URI may hold where they stand, these are percent-encoded
    (RFC 3987 §3.1), always the same way.
    """
    if is_absolute(text):
        return text
    if not _SPELLED_ELSE.fullmatch(text):
        return ""
    before, mark, fragment = text.partition("#")
    uri = _encoded(before) + mark + _encoded(fragment).replace("#", "%23")
    return uri if is_absolute(uri) else ""


def _encoded(text: str) -> str:
    return _NOT_ALLOWED.sub(lambda match: quote(match[0], safe=""), text)


def urn(*parts: str) -> str:
    """A ``urn:uuid`` (version 5, RFC 9562 §5.5) that the parts alone decide."""
    name = "\0".join(parts).encode("utf-8", "replace")
    made = sha1(_SPACE + name, usedforsecurity=False).hexdigest()
    variant = "89ab"[int(made[16], 16) % 4]
    return f"urn:uuid:{made[:8]}-{made[8:12]}-5{made[13:16]}-{variant}{made[17:20]}-{made[20:32]}"


def post_id(
    *,
    raw_id: str = "",
    link: str = "",
    source_key: str = "",
    date: str = "",
    title: str = "",
    text: str = "",
) -> str:
    """A post's id: the best of what its source says of it.

    :param raw_id: the id as it stands in the source, not resolved.
    :param link: the link as it stands in the source, not resolved.
    :param source_key: what the source is known by, whatever its address.
    :param date: the date, spelled in one way for one date.
    :param title: the title as plain text.
    :param text: the body, used only when there is no title.
    :return: the id, or else the link, as :func:`uri_of` has it; otherwise
        a ``urn:uuid`` over the source key and the first of id, link, and date
        with title that is there.
    """
    raw_id, link = raw_id.strip(), link.strip()
    for kind, stated in (("id", raw_id), ("link", link)):
        if stated:
            return uri_of(stated) or urn(kind, source_key, stated)
    return urn("title", source_key, date, title or text)
