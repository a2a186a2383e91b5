"""The feeds that a server announces in ``Link`` headers (RFC 8288)."""

import re

from feedkit._ids import is_absolute
from feedkit._urls import web_url
from feedkit.ingest.unknown import FEED_TYPES, MOST_FEEDS

_LONGEST = 16 * 1024
_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s\",;]*))?)*)")
_PARAMETER = re.compile(r";\s*([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]*))")


def linked_feeds(header: str, url: str) -> tuple[str, ...]:
    """The feeds among the links of a header, each once, in their order.

    :param header: the values of all ``Link`` headers, with commas between.
    :param url: what relative addresses are relative to.
    """
    found: dict[str, None] = {}
    for link in _LINK.finditer(header[:_LONGEST]):
        said = {
            name.lower(): (quoted or bare).lower()
            for name, quoted, bare in _PARAMETER.findall(link[2])
        }
        if "alternate" in said.get("rel", "").split() and said.get("type", "") in FEED_TYPES:
            address = web_url(link[1], url)
            if is_absolute(address) and address.isprintable():
                found[address] = None
    return tuple(found)[:MOST_FEEDS]
