"""Plain text whose line ends mean something, as HTML."""

import html
import re

from feedkit._xml import legal

_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def paragraphs(text: str) -> str:
    """A plain text as HTML: blank lines part paragraphs, other line ends stay."""
    blocks = _BLANK_LINES.split(legal(text).strip())
    lines = (html.escape(block, quote=False).replace("\n", "<br>\n") for block in blocks if block)
    return "\n".join(f"<p>{block}</p>" for block in lines)
