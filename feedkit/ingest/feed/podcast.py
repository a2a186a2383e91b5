"""What makes a post an episode and a feed a podcast: ``itunes:*``, ``podcast:*``, ``psc:*``."""

import re
from collections.abc import Callable

from feedkit._html import collapse
from feedkit._xml import language_tag, media_type
from feedkit.ingest.feed.people import named, people_of
from feedkit.ingest.feed.said import Said, number, part_of, parts_of, plain, text_of
from feedkit.parts import Category, Chapter, Episode, Show, Transcript

_OF_EPISODES = frozenset(
    {
        "itunes_block",
        "itunes_duration",
        "itunes_episode",
        "itunes_episodetype",
        "itunes_explicit",
        "itunes_season",
        "itunes_title",
        "podcast chapters",
        "podcast transcripts",
        "podcast_episode",
        "podcast_season",
        "psc chapters",
    }
)
_KINDS = ("full", "trailer", "bonus")
_SHOW_KINDS = ("episodic", "serial")
_EXPLICIT = {"yes": True, "true": True, "explicit": True, "1": True}
_CLEAN = {"no": False, "false": False, "clean": False, "0": False}
_YES = ("yes", "true")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DURATION = re.compile(r"(?:(?:(\d{1,9}):)?(\d{1,9}):)?(\d{1,15})(?:[.,](\d{1,9}))?")


def episode_of(entry: Said, address: Callable[[str], str]) -> Episode | None:
    """What an entry says of itself as an episode; None when that is nothing.

    :param entry: what feedparser holds of it.
    :param address: makes a web address of one as written.
    """
    if _OF_EPISODES.isdisjoint(entry):
        return None
    files = [address(text_of(part, "url")) for part in parts_of(entry, "podcast chapters")]
    episode = Episode(
        title=plain(text_of(entry, "itunes_title")),
        duration=seconds(text_of(entry, "itunes_duration")),
        season=_first_number(entry, "itunes_season", "podcast_season"),
        number=_first_number(entry, "itunes_episode", "podcast_episode"),
        kind=_one_of(_KINDS, text_of(entry, "itunes_episodetype")),
        explicit=_explicit(entry),
        blocked=_says_yes(entry, "itunes_block"),
        chapters=_chapters(entry, address),
        chapters_url=next(filter(None, files), ""),
        transcripts=_transcripts(entry, address),
    )
    return None if episode == Episode() else episode


def show_of(feed: Said, address: Callable[[str], str]) -> Show | None:
    """What a feed says of itself as a podcast; None when that is nothing.

    :param feed: what feedparser holds of it.
    :param address: makes a web address of one as written.
    """
    owners = people_of([named(part_of(feed, "show owner"))], plain, address)
    guid = text_of(feed, "podcast_guid")
    locked = text_of(feed, "podcast_locked").lower()
    show = Show(
        kind=_one_of(_SHOW_KINDS, text_of(feed, "itunes_type")),
        explicit=_explicit(feed),
        categories=_categories(feed),
        owner=owners[0] if owners else None,
        blocked=_says_yes(feed, "itunes_block"),
        complete=_says_yes(feed, "itunes_complete"),
        new_feed_url=address(text_of(feed, "itunes_new-feed-url")),
        guid=guid if _UUID.fullmatch(guid) else "",
        locked=locked in _YES if locked in (*_YES, "no", "false") else None,
    )
    return None if show == Show() else show


def seconds(text: str) -> int | None:
    """A duration written ``3600``, ``60:00`` or ``1:00:00``, in whole seconds."""
    exact = _exact_seconds(text)
    return None if exact is None else int(exact)


def _exact_seconds(text: str) -> int | float | None:
    match = _DURATION.fullmatch(text) if text.isascii() else None
    if match is None:
        return None
    hours, minutes, whole, part = match.groups()
    exact = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(whole)
    return exact + float(f"0.{part}") if part and part.strip("0") else exact


def _chapters(entry: Said, address: Callable[[str], str]) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(
            start=start,
            title=collapse(text_of(part, "title")),
            url=address(text_of(part, "href")),
            image=address(text_of(part, "image")),
        )
        for part in parts_of(entry, "psc chapters")
        if (start := _exact_seconds(text_of(part, "start"))) is not None
    )


def _transcripts(entry: Said, address: Callable[[str], str]) -> tuple[Transcript, ...]:
    return tuple(
        Transcript(
            url=url,
            type=media_type(text_of(part, "type").lower()),
            language=language_tag(text_of(part, "language").replace("_", "-")),
            rel=_one_of(("captions",), text_of(part, "rel")),
        )
        for part in parts_of(entry, "podcast transcripts")
        if (url := address(text_of(part, "url")))
    )


def _categories(feed: Said) -> tuple[Category, ...]:
    stated = (
        Category(name=collapse(text_of(part, "name")), within=collapse(text_of(part, "within")))
        for part in parts_of(feed, "show categories")
    )
    return tuple(dict.fromkeys(category for category in stated if category.name))


def _first_number(said: Said, *names: str) -> int | None:
    numbers = (number(text_of(said, name)) for name in names)
    return next((stated for stated in numbers if stated is not None), None)


def _one_of(known: tuple[str, ...], text: str) -> str:
    return text.lower() if text.lower() in known else ""


def _explicit(said: Said) -> bool | None:
    return (_EXPLICIT | _CLEAN).get(text_of(said, "itunes_explicit").lower())


def _says_yes(said: Said, name: str) -> bool:
    return text_of(said, name).lower() in _YES
