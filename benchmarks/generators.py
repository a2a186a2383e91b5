"""Feeds written with Django's feedgenerator and with rfeed, as their documentation says.

Both have one place for a text, which is given the body. rfeed writes RSS only.
"""

from importlib import import_module
from types import ModuleType
from typing import Any

from feedkit.model import Feed, Post


def django() -> ModuleType | None:
    """Django's generator: of Django itself, else its copy that stands alone; None without both."""
    return _installed("django.utils.feedgenerator") or _installed("feedgenerator")


def rfeed() -> ModuleType | None:
    """rfeed; None where it is not installed."""
    return _installed("rfeed")


def _installed(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ImportError:
        return None


def by_django(feed: Feed, name: str, *, module: Any) -> bytes:
    """The document of a feed by Django's feedgenerator."""
    kind = module.Atom1Feed if name == "atom" else module.Rss201rev2Feed
    author = feed.authors[0]
    generator = kind(
        title=feed.title,
        link=feed.url,
        description=feed.subtitle,
        language=feed.language,
        author_name=author.name,
        author_link=author.url,
        subtitle=feed.subtitle,
        categories=feed.tags,
        feed_guid=feed.id,
    )
    for post in feed.posts:
        author = post.authors[0]
        generator.add_item(
            title=post.title,
            link=post.url,
            description=post.content,
            author_name=author.name,
            author_link=author.url,
            pubdate=post.published,
            updateddate=post.changed,
            unique_id=post.id,
            unique_id_is_permalink=False,
            categories=post.tags,
            enclosures=[
                module.Enclosure(one.url, str(one.length), one.type) for one in post.enclosures
            ],
        )
    document: str = generator.writeString("utf-8")
    return document.encode()


def by_rfeed(feed: Feed, _name: str, *, module: Any) -> bytes:
    """The RSS document of a feed by rfeed."""
    written = module.Feed(
        title=feed.title,
        link=feed.url,
        description=feed.subtitle,
        language=feed.language,
        lastBuildDate=max(post.changed or post.published for post in feed.posts),
        categories=[module.Category(label) for label in feed.tags],
        items=[_item(post, module) for post in feed.posts],
    )
    document: str = written.rss()
    return document.encode()


def _item(post: Post, module: Any) -> Any:
    enclosures = [
        module.Enclosure(url=one.url, length=one.length, type=one.type) for one in post.enclosures
    ]
    return module.Item(
        title=post.title,
        link=post.url,
        description=post.content,
        creator=post.authors[0].name,
        guid=module.Guid(post.id, isPermaLink=False),
        pubDate=post.published,
        categories=[module.Category(label) for label in post.tags],
        enclosure=enclosures[0] if enclosures else None,
    )
