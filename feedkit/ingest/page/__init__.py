"""Pages without feeds: an HTML page that lists posts → Feed."""

import re

from feedkit.errors import UnknownFormatError
from feedkit.ingest.document import Document
from feedkit.ingest.page.agreement import agreed
from feedkit.ingest.page.facts import read_facts
from feedkit.ingest.page.metadata import described_posts
from feedkit.ingest.page.pagination import next_page
from feedkit.ingest.page.reading import made_feed
from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.structure import candidates, chosen
from feedkit.ingest.page.tree import Page, decoded
from feedkit.model import Feed

_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|main|article|section|div|ul|ol|table|p|h[1-6]|title|meta)"
    r"(?=[\s/>])",
    re.IGNORECASE,
)
_XML = re.compile(r"\s*<\?xml", re.IGNORECASE)


def recognises(document: Document) -> bool:
    """Whether a document is an HTML page; ask last, as feeds may hold HTML."""
    head = decoded(document.data[:4096], document.content_type).lstrip("\ufeff\0 \t\r\n")
    if not head.startswith("<") or "\0" in head:
        return False
    found = _HTML.search(head)
    return found is not None and not (_XML.match(head) and "<html" not in head.lower())


def ingest(document: Document) -> Feed:
    text = decoded(document.data, document.content_type)
    page = Page(text)
    facts = read_facts(page, document.url)
    scene = Scene(page, document.url or facts.canonical, facts.language, document.zone)
    found = candidates(scene, facts)
    best = agreed(chosen(found, scene, facts), found, described_posts(scene), scene, facts)
    if best is None:
        raise UnknownFormatError("it looks like an HTML page without a list of posts")
    next_url, _ = next_page(scene, {draft.url for draft in best.drafts})
    return made_feed(best.drafts, scene, facts, document, next_url)
