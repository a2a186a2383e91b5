"""Podcasts: what a show and an episode may say, and how RSS says it.

Elements of Apple's podcast namespace, of Podcasting 2.0 and of Podlove Simple
Chapters. A show always says whether it is explicit, as directories ask; its
categories are those of Apple Podcasts, and its owner has an e-mail address.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from feedkit._xml import ITUNES, PODCAST, PSC, language_tag, media_type
from feedkit.emit.categories import CATEGORIES
from feedkit.emit.file_types import type_by_name
from feedkit.emit.generator import Element, add_of, escaped, written
from feedkit.emit.repairs import LONGEST, Repairs
from feedkit.model import Feed, Post
from feedkit.parts import Category, Chapter, Episode, Show, Transcript

_KINDS = ("full", "trailer", "bonus")
_SHOW_KINDS = ("episodic", "serial")
_UNKNOWN_TRANSCRIPT = "text/plain"
_CHAPTERS_TYPE = "application/json+chapters"
_UUID_LENGTH = 36


def mended_show(show: Show, repairs: Repairs) -> Show:
    """The show with only what directories take."""
    owner = repairs.person("show.owner", show.owner) if show.owner else None
    if owner and not owner.email:
        repairs.note("show.owner", "without an e-mail address it says nothing; left out")
        owner = None
    return replace(
        show,
        kind=repairs.one_of("show.kind", show.kind.lower(), _SHOW_KINDS),
        categories=_categories(show.categories, repairs),
        owner=replace(owner, url="", avatar="") if owner else None,
        new_feed_url=repairs.address("show.new_feed_url", show.new_feed_url),
        guid=_uuid(show.guid, repairs),
    )


def mended_episode(episode: Episode, repairs: Repairs) -> Episode | None:
    """The episode with only what players take; None when nothing is left."""
    kept = replace(
        episode,
        title=repairs.text("episode.title", episode.title),
        duration=repairs.seconds("episode.duration", episode.duration),
        season=repairs.number("episode.season", episode.season, 1),
        number=repairs.number("episode.number", episode.number, 1),
        kind=repairs.one_of("episode.kind", episode.kind.lower(), _KINDS),
        chapters=_chapters(episode.chapters, repairs),
        chapters_url=repairs.address("episode.chapters_url", episode.chapters_url),
        transcripts=_transcripts(episode.transcripts, repairs),
    )
    return None if kept == Episode() else kept


def _uuid(text: str, repairs: Repairs) -> str:
    urn = f"urn:uuid:{text}"
    is_one = len(text) == _UUID_LENGTH and urn == repairs.uri("show.guid", urn)
    return text if is_one else ""


def _categories(categories: Sequence[Category], repairs: Repairs) -> tuple[Category, ...]:
    """Those that Apple has, each with those within it behind it."""
    found: dict[str, list[str]] = {}
    for category in categories:
        within, name = category.within, category.name
        if name in (CATEGORIES.get(within, ()) if within else CATEGORIES):
            inner = found.setdefault(within or name, [])
            if within and name not in inner:
                inner.append(name)
        else:
            shown = f"{within} > {name}" if within else name
            repairs.note("show.categories", f"{shown[:60]!r} is none of Apple's; left out")
    return tuple(
        Category(name=name, within=within)
        for outer, inner in found.items()
        for name, within in ((outer, ""), *((name, outer) for name in inner))
    )


def _chapters(chapters: Sequence[Chapter], repairs: Repairs) -> tuple[Chapter, ...]:
    kept = []
    for chapter in chapters:
        title = repairs.text("episode.chapters.title", chapter.title)
        if chapter.start > LONGEST or not title:
            reason = "one that has no title, or begins too late, was left out"
            repairs.note("episode.chapters", reason)
            continue
        whole, part = divmod(round(chapter.start * 1000), 1000)
        kept.append(
            replace(
                chapter,
                start=whole + part / 1000 if part else whole,
                title=title,
                url=repairs.address("episode.chapters.url", chapter.url),
                image=repairs.address("episode.chapters.image", chapter.image),
            )
        )
    return tuple(sorted(kept, key=lambda chapter: chapter.start))


def _transcripts(transcripts: Sequence[Transcript], repairs: Repairs) -> tuple[Transcript, ...]:
    kept = []
    for transcript in transcripts:
        url = repairs.address("episode.transcripts.url", transcript.url)
        if url:
            kept.append(
                replace(
                    transcript,
                    url=url,
                    type=media_type(transcript.type).lower()
                    or type_by_name(url)
                    or _UNKNOWN_TRANSCRIPT,
                    language=language_tag(transcript.language),
                    rel=repairs.one_of("episode.transcripts.rel", transcript.rel, ("captions",)),
                )
            )
    return tuple(kept)


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


def add_episode(item: Element, post: Post, episode: Episode) -> None:
    """Say in the item what makes it an episode."""
    _itunes(item, "title", episode.title)
    _itunes(item, "duration", written(episode.duration))
    _itunes(item, "season", written(episode.season))
    _itunes(item, "episode", written(episode.number))
    _itunes(item, "episodeType", episode.kind)
    _itunes(item, "explicit", _true_or_false(episode.explicit))
    _itunes(item, "block", "Yes" if episode.blocked else "")
    if post.image:
        add_of(ITUNES, item, "image", href=post.image)
    for transcript in episode.transcripts:
        add_of(
            PODCAST,
            item,
            "transcript",
            url=transcript.url,
            type=transcript.type,
            language=transcript.language,
            rel=transcript.rel,
        )
    if episode.chapters_url:
        url = episode.chapters_url
        add_of(PODCAST, item, "chapters", url=url, type=_CHAPTERS_TYPE)
    if episode.chapters:
        chapters = add_of(PSC, item, "chapters", version="1.2")
        for chapter in episode.chapters:
            add_of(
                PSC,
                chapters,
                "chapter",
                start=_timestamp(chapter.start),
                title=chapter.title,
                href=chapter.url,
                image=chapter.image,
            )


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
