"""Podcasts: what a show and an episode may say.

A show always says whether it is explicit, as directories ask; its
categories are those of Apple Podcasts, and its owner has an e-mail address.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from feedkit._xml import language_tag, media_type
from feedkit.emit.categories import CATEGORIES
from feedkit.emit.file_types import type_by_name
from feedkit.emit.repairs import LONGEST, Repairs
from feedkit.parts import Category, Chapter, Episode, Show, Transcript

_KINDS = ("full", "trailer", "bonus")
_SHOW_KINDS = ("episodic", "serial")
_UNKNOWN_TRANSCRIPT = "text/plain"
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
