"""What posts and feeds are made of: people, enclosures, origins, and what makes a podcast.

Kept as :mod:`feedkit.model` says.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from feedkit._fields import (
    check_counts,
    check_flags,
    check_part,
    check_seconds,
    keep_dates,
    keep_texts,
    keep_tuples,
)


class Person(Struct, frozen=True, kw_only=True):
    """An author or contributor (RFC 4287 §3.2)."""

    name: str = ""
    """Atom ``name``; RSS ``author`` without its e-mail address, ``dc:creator``; JSON Feed
    ``author.name``."""
    email: str = ""
    """Atom ``email``; the address in an RSS ``author``."""
    url: str = ""
    """Atom ``uri``; JSON Feed ``author.url``."""
    avatar: str = ""
    """Address of a picture of them: JSON Feed ``author.avatar``."""

    def __post_init__(self) -> None:
        keep_texts(self, "name email url avatar")


class Enclosure(Struct, frozen=True, kw_only=True):
    """A file that belongs to a post: an episode's audio, a video, a PDF."""

    url: str
    """RSS ``enclosure url``; Atom ``link rel="enclosure"`` href; ``media:content url``;
    JSON Feed ``attachments[].url``.
    One that is no web address is left out where feeds are written."""
    type: str = ""
    """The media type: ``type`` of the same elements, JSON Feed ``mime_type``."""
    length: int | None = None
    """Size in bytes: ``length`` of the same elements, ``media:content fileSize``, JSON Feed
    ``size_in_bytes``."""
    title: str = ""
    """Atom ``link title``, ``media:title`` of a ``media:content``, JSON Feed ``title``."""
    duration: int | None = None
    """Seconds it plays: ``media:content duration``, JSON Feed ``duration_in_seconds``."""

    def __post_init__(self) -> None:
        keep_texts(self, "url type title")
        check_counts(self, "length", "duration")


class Chapter(Struct, frozen=True, kw_only=True):
    """A mark in an episode where something begins: ``psc:chapter`` (Podlove Simple Chapters)."""

    start: int | float = 0
    """Seconds from the beginning: ``start``."""
    title: str = ""
    """``title``."""
    url: str = ""
    """Address of what it is about: ``href``."""
    image: str = ""
    """Address of a picture: ``image``."""

    def __post_init__(self) -> None:
        keep_texts(self, "title url image")
        check_seconds(self, "start")


class Transcript(Struct, frozen=True, kw_only=True):
    """What is said in an episode, as a file: ``podcast:transcript`` (Podcasting 2.0)."""

    url: str
    """``url``."""
    type: str = ""
    """The media type: ``type``."""
    language: str = ""
    """A language tag (BCP 47): ``language``."""
    rel: str = ""
    """``"captions"`` when it has timecodes: ``rel``."""

    def __post_init__(self) -> None:
        keep_texts(self, "url type language rel")


class Episode(Struct, frozen=True, kw_only=True):
    """What makes a post an episode of a podcast.

    Its sound is the post's first enclosure, its picture the post's ``image``.
    """

    title: str = ""
    """Its title without number and show, plain text: ``itunes:title``."""
    duration: int | None = None
    """Seconds it plays: ``itunes:duration``."""
    season: int | None = None
    """``itunes:season``, ``podcast:season``."""
    number: int | None = None
    """Its number in the season: ``itunes:episode``, ``podcast:episode``."""
    kind: str = ""
    """``"full"``, ``"trailer"`` or ``"bonus"``: ``itunes:episodeType``."""
    explicit: bool | None = None
    """Whether it is not for children: ``itunes:explicit``."""
    blocked: bool = False
    """Whether directories are asked not to show it: ``itunes:block``."""
    chapters: Sequence[Chapter] = ()
    """Its marks, in order: ``psc:chapters``."""
    chapters_url: str = ""
    """Address of a file of chapters: ``podcast:chapters url``."""
    transcripts: Sequence[Transcript] = ()
    """``podcast:transcript``."""

    def __post_init__(self) -> None:
        keep_texts(self, "title kind chapters_url")
        check_counts(self, "duration", "season", "number")
        check_flags(self, "explicit", "blocked")
        keep_tuples(self, Chapter, "chapters")
        keep_tuples(self, Transcript, "transcripts")


class Category(Struct, frozen=True, kw_only=True):
    """A category of a podcast directory: ``itunes:category``."""

    name: str
    """``text``."""
    within: str = ""
    """The category it is a part of: ``text`` of the element around it."""

    def __post_init__(self) -> None:
        keep_texts(self, "name within")


class Show(Struct, frozen=True, kw_only=True):
    """What makes a feed a podcast.

    Its picture is the feed's ``image``, its hosts are the feed's ``authors``.
    """

    kind: str = ""
    """``"episodic"`` or ``"serial"``: ``itunes:type``."""
    explicit: bool | None = None
    """Whether it is not for children: ``itunes:explicit``."""
    categories: Sequence[Category] = ()
    """``itunes:category``."""
    owner: Person | None = None
    """Who answers for it: ``itunes:owner``."""
    blocked: bool = False
    """Whether directories are asked not to show it: ``itunes:block``."""
    complete: bool = False
    """Whether no episode will follow: ``itunes:complete``."""
    new_feed_url: str = ""
    """The address it moved to: ``itunes:new-feed-url``."""
    guid: str = ""
    """A UUID that stays when it moves: ``podcast:guid``."""
    locked: bool | None = None
    """Whether other hosts may not import it: ``podcast:locked``."""

    def __post_init__(self) -> None:
        keep_texts(self, "kind new_feed_url guid")
        check_flags(self, "explicit", "blocked", "complete", "locked")
        keep_tuples(self, Category, "categories")
        check_part(self, Person, "owner")


class Origin(Struct, frozen=True, kw_only=True):
    """The feed a post came from: Atom ``source`` (RFC 4287 §4.2.11), RSS ``source``."""

    id: str = ""
    """The feed's own id (Atom ``id``)."""
    title: str = ""
    """Its title; RSS ``source``."""
    url: str = ""
    """The site it belongs to (``link rel="alternate"``)."""
    feed_url: str = ""
    """Its own address; RSS ``source url``."""
    subtitle: str = ""
    """Its ``subtitle``, plain text."""
    authors: Sequence[Person] = ()
    """Its authors, who count for posts that name none."""
    image: str = ""
    """Address of its large picture (``logo``)."""
    icon: str = ""
    """Address of its small picture (``icon``)."""
    rights: str = ""
    """Its rights, plain text."""
    updated: datetime | None = None
    """When it had last changed, when the post was taken from it."""

    def __post_init__(self) -> None:
        keep_texts(self, "id title url feed_url subtitle image icon rights")
        keep_tuples(self, Person, "authors")
        keep_dates(self, "updated")
