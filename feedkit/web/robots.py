"""robots.txt (RFC 9309): what a site lets programs read of its pages."""

from protego import Protego

MAX_BYTES = 512 * 1024
"""How much of a robots.txt is read; RFC 9309 §2.5 asks for 500 KiB at least."""

AGENT = "feedkit"
"""The name that rules for feedkit go by."""


class Robots:
    """The rules of one site.

    :param data: its robots.txt; empty allows all.
    """

    def __init__(self, data: bytes) -> None:
        self._rules = Protego.parse(data.decode("utf-8-sig", errors="replace"))

    def allow(self, url: str) -> bool:
        """Whether a page may be read."""
        return bool(self._rules.can_fetch(url, AGENT))


def rules_of(status: int, body: bytes) -> bytes | None:
    """The robots.txt an answer stands for (RFC 9309 §2.3.1): an empty one where there is none;
    None when asking failed, and nothing may be read.

    :param status: the status of the answer; 0 when there was none.
    """
    if status == 200:
        return body
    return b"" if 400 <= status < 500 and status != 429 else None
