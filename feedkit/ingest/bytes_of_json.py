"""The bytes of a JSON document (RFC 8259): decoded, and read under bounds."""

import json
import re
from itertools import accumulate
from typing import Any, NamedTuple

from feedkit.errors import ParseError

_DEEPEST = 100
_MOST_PARTS = 1_000_000
_LONGEST_NUMBER = 40
_BLANK = "\ufeff \t\r\n"
# all but brackets goes; a string that never ends goes to the end
_NO_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[^\[\]{}"]++', re.DOTALL)
_CHARSET = re.compile(
    r"charset\s*=\s*[\"']?((?:iso-8859-|windows-125|koi8-|gb|big5|euc-|shift_jis)[\w-]{0,20})",
    re.IGNORECASE,
)
# bytes that are no UTF-8, as "surrogateescape" keeps them, read as the web reads stray ones
_STRAY = {
    0xDC00 + byte: bytes((byte,)).decode("windows-1252", "replace") for byte in range(128, 256)
}


class Number(NamedTuple):
    """A number as it is written, so that none is too long and none is rounded."""

    literal: str
    """``12``, ``-1.50e3``."""

    def whole(self) -> int | None:
        """It as a whole number from 0 that any JSON reader keeps (RFC 7493 §2.2), else None."""
        number = float(self.literal) if len(self.literal) <= _LONGEST_NUMBER else -1.0
        return round(number) if 0 <= number < 2**53 else None


def decoded(data: bytes, content_type: str = "") -> tuple[str, bool]:
    """The text of a document, and whether its bytes were all of one Unicode encoding.

    :param data: UTF-8, UTF-16 or UTF-32, with or without a byte order mark.
    :param content_type: the media type it was served as; its charset counts
        only where the bytes are no UTF-8.
    """
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding).strip(_BLANK), True
    except UnicodeDecodeError:
        pass
    if not encoding.startswith("utf-8"):
        return data.decode(encoding, "replace").strip(_BLANK), False
    if charset := _CHARSET.search(content_type):
        try:
            return data.decode(charset[1], "replace").strip(_BLANK), False
        except LookupError:
            pass
    return data.decode(encoding, "surrogateescape").translate(_STRAY).strip(_BLANK), False


def read_json(text: str) -> Any:
    """The value of a document: objects as dicts, numbers as :class:`Number`.

    Of two members with one name the last counts, ``NaN`` and ``Infinity`` are
    null, and control characters may stand in strings.

    :param text: the text of the document.
    :raise ParseError: when it is no JSON, or is nested or divided beyond the bounds.
    """
    brackets = _NO_BRACKET.sub("", text)
    if len(brackets) > 2 * _MOST_PARTS:
        raise ParseError(f"it has more than {_MOST_PARTS:,} arrays and objects, the bound")
    if max(accumulate(1 if char in "[{" else -1 for char in brackets), default=0) > _DEEPEST:
        raise ParseError(f"it is nested more than {_DEEPEST} deep, the bound")
    try:
        return json.loads(
            text,
            strict=False,
            parse_int=Number,
            parse_float=Number,
            parse_constant=lambda _: None,
        )
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        raise ParseError(f"it is broken JSON: {reason}", line=error.lineno) from error
