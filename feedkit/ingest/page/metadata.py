"""JSON-LD: the posts a page describes for machines (schema.org Blog, BlogPosting, ItemList …)."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urldefrag

from msgspec import Struct

from feedkit._html import to_text
from feedkit._urls import web_url
from feedkit.ingest.page.dates import Context, stated
from feedkit.ingest.page.scene import Scene
from feedkit.ingest.page.tree import words

_POSTS = words(
    "Article BlogPosting NewsArticle TechArticle SocialMediaPosting LiveBlogPosting Report "
    "AnalysisNewsArticle OpinionNewsArticle ReviewNewsArticle ScholarlyArticle PodcastEpisode "
    "Episode VideoObject DiscussionForumPosting"
)
_INSIDE = (
    "@graph", "blogPost", "blogPosts", "itemListElement", "item", "mainEntity", "hasPart",
    "mainEntityOfPage", "about", "workFeatured", "episode",
)  # fmt: skip
_LONGEST_SCRIPT = 4 * 1024 * 1024
_DEEPEST = 12
_MOST = 2000


class Described(Struct, frozen=True, kw_only=True):
    """A post as metadata describes it."""

    url: str
    title: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    summary: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image: str = ""


def described_posts(scene: Scene) -> list[Described]:
    """The posts that the page's JSON-LD describes, each once, in their order."""
    context = scene.plain_context
    found: dict[str, Described] = {}
    for script in scene.page.scripts:
        for value in _items(_loaded(script)):
            post = _described(value, scene, context)
            if post is not None and (
                post.url not in found or (post.published and not found[post.url].published)
            ):
                found[post.url] = post
            if len(found) >= _MOST:
                return list(found.values())
    return list(found.values())


def _loaded(script: str) -> Any:
    if len(script) > _LONGEST_SCRIPT:
        return None
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip()
    text = text.removeprefix("//<![CDATA[").removesuffix("//]]>").strip()
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _items(value: Any) -> Iterator[dict[str, Any]]:
    """All objects in metadata that may be posts, outer ones first."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    seen = 0
    while waiting and seen < 20 * _MOST:
        seen += 1
        part, depth = waiting.pop(0) if len(waiting) < 50 else waiting.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(part, list):
            waiting += [(one, depth + 1) for one in part[:_MOST]]
        elif isinstance(part, dict):
            if _types(part) & _POSTS or (
                "ListItem" in _types(part) and part.get("url") and not part.get("item")
            ):
                yield part
            waiting += [(part[key], depth + 1) for key in _INSIDE if key in part]


def _types(item: dict[str, Any]) -> set[str]:
    kind = item.get("@type", "")
    kinds = kind if isinstance(kind, list) else [kind]
    return {one.rpartition("/")[2] for one in kinds if isinstance(one, str)}


def _described(item: dict[str, Any], scene: Scene, context: Context) -> Described | None:
    url = next(
        (
            address
            for key in ("url", "mainEntityOfPage", "@id")
            if (address := _address(item.get(key), scene))
        ),
        "",
    )
    if not url:
        return None
    image = item.get("image") or item.get("thumbnailUrl")
    keywords = item.get("keywords") or item.get("articleSection") or ()
    if isinstance(keywords, str):
        keywords = keywords.split(",")
    return Described(
        url=url,
        title=_text(item.get("headline") or item.get("name")),
        published=_date(item.get("datePublished") or item.get("dateCreated"), context),
        updated=_date(item.get("dateModified"), context),
        summary=_text(item.get("description") or item.get("abstract")),
        authors=tuple(name for one in _each(item.get("author")) if (name := _name(one))),
        tags=tuple(tag for one in _each(keywords)[:30] if (tag := _text(one)) and len(tag) <= 60),
        image=_picture(image, scene),
    )


def _each(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value,) if value else ()


def _text(value: Any) -> str:
    return to_text(value[:5000]) if isinstance(value, str) else ""


def _name(value: Any) -> str:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _date(value: Any, context: Context) -> datetime | None:
    return stated(value, context) if isinstance(value, str) else None


def _address(value: Any, scene: Scene) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    if not isinstance(value, str):
        return ""
    address, fragment = urldefrag(scene.resolved(value[:4000]))
    return "" if fragment and address == urldefrag(scene.url)[0] else address


def _picture(value: Any, scene: Scene) -> str:
    for one in _each(value):
        raw = one.get("url") or one.get("contentUrl") if isinstance(one, dict) else one
        if isinstance(raw, str) and (address := web_url(raw[:4000], scene.base)):
            return address
    return ""
