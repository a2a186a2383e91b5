"""Drafts and facts of a page → its Feed, clean in every field."""

from collections.abc import Sequence
from html import escape

from msgspec.structs import replace

from feedkit._html import Cleaner, collapse
from feedkit._ids import is_absolute, post_id
from feedkit.ingest.document import Document
from feedkit.ingest.page.draft import Draft
from feedkit.ingest.page.facts import Facts
from feedkit.ingest.page.scene import Scene
from feedkit.model import Feed, Post
from feedkit.parts import Person


def made_feed(
    drafts: Sequence[Draft], scene: Scene, facts: Facts, document: Document, next_url: str
) -> Feed:
    """The Feed of a page's posts; every field is clean."""
    cleaner = Cleaner(scene.base)
    posts = [_post(draft, cleaner, scene, facts, document) for draft in drafts]
    return Feed(
        title=facts.title,
        url=facts.canonical or document.url,
        subtitle=facts.subtitle,
        language=facts.language,
        authors=(Person(name=facts.author),) if facts.author else (),
        tags=(facts.tag,) if facts.tag else (),
        icon=facts.icon,
        image=facts.image,
        generator=facts.generator,
        next_url=next_url,
        posts=_told_apart(posts, document),
    )


def _post(draft: Draft, cleaner: Cleaner, scene: Scene, facts: Facts, document: Document) -> Post:
    page = scene.page
    content = page.markup(draft.content_node) if draft.content_node is not None else ""
    for part in draft.content_parts:
        content += escape(part) if isinstance(part, str) else page.whole_markup(part)
    url = draft.url if is_absolute(draft.url) else ""
    tags = draft.tags
    if facts.tag and facts.tag.casefold() not in {tag.casefold() for tag in tags}:
        tags = [*tags, facts.tag]
    return Post(
        id=post_id(
            link=draft.url,
            source_key=document.key,
            date=draft.published.isoformat() if draft.published else "",
            title=draft.title,
        ),
        url=url,
        title=collapse(draft.title),
        content=cleaner.clean(content),
        summary=collapse(draft.summary),
        authors=tuple(Person(name=collapse(name)) for name in draft.authors),
        tags=tuple(tags),
        published=draft.published,
        updated=draft.updated,
        image=draft.image,
    )


def _told_apart(posts: Sequence[Post], document: Document) -> tuple[Post, ...]:
    """Posts of one id and another title are other posts."""
    seen: dict[str, Post] = {}
    for post in posts:
        if post.id in seen and seen[post.id].title != post.title:
            other = post_id(raw_id=f"{post.id}\0{post.title}", source_key=document.key)
            post = replace(post, id=other)
        seen.setdefault(post.id, post)
    return tuple(seen.values())
