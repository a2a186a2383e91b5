"""Pages that stand where a document should: challenges, logins, and HTML in place of a feed."""

import re
from collections.abc import Mapping

_HEAD = 4096
_PAGE = re.compile(
    rb"\s*(?:(?:<\?[^>]*>|<!--.*?-->)\s*)*"
    rb"<(?:!doctype\s+html|(?:html|head|body|title|meta)[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_PASSWORD = re.compile(rb"<input\b[^>]{0,500}\btype\s*=\s*[\"']?password", re.IGNORECASE)


def challenge(headers: Mapping[str, str]) -> bool:
    """Whether an answer is a riddle for browsers (Cloudflare, AWS WAF) and no document.

    :param headers: all of the answer's; names are looked up in lower case.
    """
    waf = headers.get("x-amzn-waf-action", "").strip().lower()
    mitigated = headers.get("cf-mitigated", "").strip().lower()
    return mitigated == "challenge" or waf in ("challenge", "captcha")


def is_page(body: bytes) -> bool:
    """Whether a document is HTML, by its beginning."""
    head = body[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\0", b"")
    return _PAGE.match(head) is not None


def page_reason(body: bytes) -> str:
    """What is wrong with a page that came where a feed was."""
    if _PASSWORD.search(body[: 1024 * 1024]):
        return "a login page came where the feed was"
    return "an HTML page came where the feed was"
