"""What a page says of itself: title, language, the tag it is about, icon, feeds."""

import re
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from feedkit._html import collapse
from feedkit._urls import slug_of, web_url
from feedkit._xml import language_tag
from feedkit.ingest.page.tree import Page
from feedkit.ingest.page.words import LISTING, TAG_HEADING, TAG_PATH, TAGGED_WITH

_SEPARATOR = re.compile(r"\s+[|·•»«–—:-]\s+|\s*[|»«·]\s*")
_LISTING_PATH = re.compile(
    r"/(?:blog|posts?|archives?|articles?|news|writings?|journal|weblog)(?:/page/?\d+)?/?"
    r"(?:index\.html?)?$|/(?:tags?|tagged|categor(?:y|ies)|topics?)/[^/]+(?:/page/?\d+)?/?"
    r"(?:index\.html?)?$|/page/?\d+/?(?:index\.html?)?$|/archives?\.html?$"
    r"|/(?:archives?/)?(?:19|20)\d\d(?:/\d\d?)?/?$",
    re.IGNORECASE,
)


class Facts(Struct, frozen=True, kw_only=True):
    """What a page says of itself."""

    title: str = ""
    """Its ``title``, or what stands for it."""
    subtitle: str = ""
    """Its ``description``."""
    language: str = ""
    """Its language tag."""
    icon: str = ""
    """Address of the site's icon."""
    image: str = ""
    """Address of the site's large picture."""
    generator: str = ""
    """The program that made it."""
    tag: str = ""
    """The tag or category whose posts it lists."""
    author: str = ""
    """Its author."""
    canonical: str = ""
    """The address it gives itself."""
    own_url: str = ""
    """The address that is to be shared (``og:url``)."""
    is_listing: bool = False
    """Whether title, heading or address are those of a list of posts."""
    is_article: bool = False
    """Whether it says that it is one article."""


def read_facts(page: Page, url: str) -> Facts:
    """Read what a page says of itself."""
    metas: dict[str, str] = {}
    title = language = icon = canonical = heading = ""
    base = url
    headings = 0
    for node in page.nodes:
        if node.tag == "html":
            language = language or node.attrs.get("lang", "") or node.attrs.get("xml:lang", "")
        elif node.tag == "base":
            base = web_url(node.attrs.get("href", ""), url) or base
        elif node.tag == "title":
            title = title or node.text
        elif node.tag == "meta":
            name = node.attrs.get("property", "") or node.attrs.get("name", "")
            metas.setdefault(name.lower()[:60], collapse(node.attrs.get("content", "")[:2000]))
            if node.attrs.get("http-equiv", "").lower() == "content-language":
                language = language or node.attrs.get("content", "")
        elif node.tag == "link":
            rel = node.attrs.get("rel", "").lower().split()
            if "icon" in rel or "apple-touch-icon" in rel:
                icon = icon or web_url(node.attrs.get("href", ""), base)
            if "canonical" in rel:
                canonical = canonical or web_url(node.attrs.get("href", ""), base)
        elif node.tag == "h1" and node.end - node.place < 30:
            headings += 1
            heading = heading or node.text
    path = urlsplit(url or canonical).path
    title = title or metas.get("og:title", "") or heading
    tag = _tag(heading, title, path)
    return Facts(
        title=title,
        subtitle=metas.get("description", "") or metas.get("og:description", ""),
        language=language_tag(language.strip().replace("_", "-")),
        icon=icon,
        image=web_url(metas.get("og:image", ""), base),
        generator=metas.get("generator", ""),
        tag=tag,
        author=metas.get("author", ""),
        canonical=canonical,
        own_url=web_url(metas.get("og:url", ""), base),
        is_listing=_is_listing(heading, title, path, tag),
        is_article=metas.get("og:type", "").lower() == "article"
        or "article:published_time" in metas,
    )


def _is_listing(heading: str, title: str, path: str, tag: str) -> bool:
    if tag or _LISTING_PATH.search(path):
        return True
    parts = [part for part in _SEPARATOR.split(title) if part]
    return any(len(text) < 40 and bool(LISTING.search(text)) for text in (heading, *parts[:1]))


def _tag(heading: str, title: str, path: str) -> str:
    """The tag a page is about: by its heading or title, else by its address."""
    parts = [part for part in re.split(r"\s+[|·•»«–—-]\s+|\s*[|»«·]\s*", title) if part]
    of_path = TAG_PATH.search(unquote(path))
    slug = of_path[1].replace("-", " ").replace("_", " ").strip() if of_path else ""
    for text in (heading, *parts, title):
        for pattern in (TAG_HEADING, TAGGED_WITH):
            if (match := pattern.match(text)) and match[1].strip():
                label = match[1].strip(" \"'“”«»„‘’「」『』#")
                if label:
                    return label
    if slug and not slug.isdecimal():
        # spelled as the page does, where it does
        for text in (heading, *parts):
            bare = text.strip(" #\"'“”«»")
            if bare and slug_of(bare) == slug_of(slug):
                return bare
        return slug
    return ""
