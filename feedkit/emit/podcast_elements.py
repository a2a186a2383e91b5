"""Podcasts in RSS: the elements of a show and of an episode.

Those of Apple's podcast namespace, of Podcasting 2.0 and of Podlove Simple Chapters.
"""

from feedkit._xml import ITUNES, PODCAST
from feedkit.emit.elements import attributes, in_text, in_value
from feedkit.emit.generator import Element, add_of, escaped, written
from feedkit.model import Feed, Post
from feedkit.parts import Episode, Show

_CHAPTERS_TYPE = "application/json+chapters"


def add_show(channel: Element, feed: Feed, show: Show) -> None:
    """Say in the channel what makes it a podcast."""
    for author in feed.authors[:1]:
        _itunes(channel, "author", author.name)
    _itunes(channel, "type", show.kind)
    _itunes(channel, "explicit", _true_or_false(show.explicit))
    if feed.image:
        add_of(ITUNES, channel, "image", href=feed.image)
    outer = channel
    for category in show.categories:
        element = add_of(
            ITUNES, outer if category.within else channel, "category", text=category.name
        )
        if not category.within:
            outer = element
    if show.owner:
        owner = add_of(ITUNES, channel, "owner")
        _itunes(owner, "name", show.owner.name)
        _itunes(owner, "email", show.owner.email)
    _itunes(channel, "block", "Yes" if show.blocked else "")
    _itunes(channel, "complete", "Yes" if show.complete else "")
    _itunes(channel, "new-feed-url", show.new_feed_url)
    _podcast(channel, "guid", show.guid)
    if show.locked is not None:
        _podcast(channel, "locked", "yes" if show.locked else "no")


def episode_elements(post: Post, episode: Episode) -> list[str]:
    """What makes an item an episode, line by line."""
    lines = [
        f"      <itunes:{name}>{in_text(escaped(text))}</itunes:{name}>"
        for name, text in (
            ("title", episode.title),
            ("duration", written(episode.duration)),
            ("season", written(episode.season)),
            ("episode", written(episode.number)),
            ("episodeType", episode.kind),
            ("explicit", _true_or_false(episode.explicit)),
            ("block", "Yes" if episode.blocked else ""),
        )
        if text
    ]
    if post.image:
        lines.append(f'      <itunes:image href="{in_value(post.image)}"/>')
    for one in episode.transcripts:
        said = attributes(
            ("url", one.url), ("type", one.type), ("language", one.language), ("rel", one.rel)
        )
        lines.append(f"      <podcast:transcript{said}/>")
    if episode.chapters_url:
        said = attributes(("url", episode.chapters_url), ("type", _CHAPTERS_TYPE))
        lines.append(f"      <podcast:chapters{said}/>")
    if episode.chapters:
        lines.append('      <psc:chapters version="1.2">')
        for chapter in episode.chapters:
            said = attributes(
                ("start", _timestamp(chapter.start)),
                ("title", chapter.title),
                ("href", chapter.url),
                ("image", chapter.image),
            )
            lines.append(f"        <psc:chapter{said}/>")
        lines.append("      </psc:chapters>")
    return lines


def _itunes(parent: Element, name: str, text: str) -> None:
    if text:
        add_of(ITUNES, parent, name, escaped(text))


def _podcast(parent: Element, name: str, text: str) -> None:
    if text:
        add_of(PODCAST, parent, name, text)


def _true_or_false(flag: bool | None) -> str:
    return "" if flag is None else str(flag).lower()


def _timestamp(seconds: float) -> str:
    """``01:02:03.450``: normal play time (RFC 2326 §3.6)."""
    whole, part = divmod(round(seconds * 1000), 1000)
    clock = f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{clock}.{part:03}" if part else clock
