"""The values that run through all of feedkit: Post, Feed and their parts.

All are frozen and take keywords only. An absent text or address is ``""``, an
absent date or number ``None``. Any sequence may be given where one is asked
for; it is kept as a tuple. Dates must be aware; they are kept in UTC, in whole
seconds. Whatever can't be kept so is a :class:`~feedkit.errors.ModelError`
that names the field.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import force_setattr

from feedkit._ids import is_absolute, post_id
from feedkit.errors import ModelError

MAX_BYTES = 32 * 1024 * 1024
"""The largest document that is read unless told otherwise."""


def _texts(value: Struct, *names: str) -> None:
    for name in names:
        text = getattr(value, name)
        if text is None:
            force_setattr(value, name, "")
        elif not isinstance(text, str):
            raise ModelError(f"must be a text, not {text!r}", key=name)


def keep_tuples(value: Struct, kind: type, *names: str) -> None:
    """Make tuples of the sequences in these fields of a frozen value under construction.

    :raise ModelError: when one is no sequence, or holds anything but ``kind``.
    """
    for name in names:
        items = getattr(value, name)
        if items == ():
            continue
        if isinstance(items, str | bytes) or not isinstance(items, Iterable):
            raise ModelError(f"must be a list of {kind.__name__}, not {items!r}", key=name)
        items = tuple(items)
        for item in items:
            if not isinstance(item, kind):
                raise ModelError(f"must hold {kind.__name__} only, not {item!r}", key=name)
        force_setattr(value, name, items)


def _dates(value: Struct, *names: str) -> None:
    for name in names:
        date = getattr(value, name)
        if date is None:
            continue
        if not isinstance(date, datetime):
            raise ModelError(f"must be a datetime, not {date!r}", key=name)
        if date.utcoffset() is None:
            raise ModelError(f"must have a time zone: {date.isoformat()}", key=name)
        if date.tzinfo is not UTC or date.microsecond:
            try:
                date = date.astimezone(UTC).replace(microsecond=0)
            except OverflowError:
                raise ModelError(f"is out of range: {date!r}", key=name) from None
            force_setattr(value, name, date)


def _part(value: Struct, kind: type, name: str) -> None:
    part = getattr(value, name)
    if part is not None and not isinstance(part, kind):
        raise ModelError(f"must be a {kind.__name__}, not {part!r}", key=name)


def _count(value: Struct, name: str) -> None:
    number = getattr(value, name)
    if number is not None and (type(number) is not int or number < 0):
        raise ModelError(f"must be a whole number, not {number!r}", key=name)


class Person(Struct, frozen=True, kw_only=True):
    """An author or contributor (RFC 4287 §3.2)."""

    name: str = ""
    """Atom ``name``; RSS ``author`` without its e-mail address, ``dc:creator``."""
    email: str = ""
    """Atom ``email``; the address in an RSS ``author``."""
    url: str = ""
    """Atom ``uri``."""

    def __post_init__(self) -> None:
        _texts(self, "name", "email", "url")


class Enclosure(Struct, frozen=True, kw_only=True):
    """A file that belongs to a post: an episode's audio, a video, a PDF."""

    url: str
    """RSS ``enclosure url``; Atom ``link rel="enclosure"`` href; ``media:content url``.
    One that is no web address is left out where feeds are written."""
    type: str = ""
    """The media type: ``type`` of the same elements."""
    length: int | None = None
    """Size in bytes: ``length`` of the same elements, ``media:content fileSize``."""
    title: str = ""
    """Atom ``link title``."""

    def __post_init__(self) -> None:
        _texts(self, "url", "type", "title")
        _count(self, "length")


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
    authors: Sequence[Person] = ()
    """Its authors, who count for posts that name none."""
    rights: str = ""
    """Its rights."""

    def __post_init__(self) -> None:
        _texts(self, "id", "title", "url", "feed_url", "rights")
        keep_tuples(self, Person, "authors")


class Post(Struct, frozen=True, kw_only=True):
    """One post: an Atom ``entry``, an RSS ``item``, a line of an archive.

        >>> Post(title="Hello", url="https://blog.example/hello/", tags=["backend"]).id
        'https://blog.example/hello/'

    A Post made by hand is trusted: its texts are taken as they are.
    """

    id: str = ""
    """An absolute URI that never changes: Atom ``id``, RSS ``guid``, RDF ``about``.
    Where the source has none, it is made of what there is (see
    :func:`feedkit._ids.post_id`), so the same post has the same id next year."""
    url: str = ""
    """Where it is to be read: Atom ``link rel="alternate"``, RSS ``link``."""
    title: str = ""
    """Plain text: ``title``."""
    content: str = ""
    """HTML, the fullest there is: Atom ``content``, ``content:encoded``, RSS ``description``."""
    summary: str = ""
    """Plain text: Atom ``summary``; RSS ``description`` beside a ``content:encoded``."""
    authors: Sequence[Person] = ()
    """Atom ``author``, RSS ``author``, ``dc:creator``, ``itunes:author``."""
    contributors: Sequence[Person] = ()
    """Atom ``contributor``, ``dc:contributor``."""
    tags: Sequence[str] = ()
    """Labels as written: ``category``, ``dc:subject``, ``media:keywords``, ``itunes:keywords``."""
    published: datetime | None = None
    """Atom ``published``, RSS ``pubDate``, ``dcterms:issued``."""
    updated: datetime | None = None
    """Atom ``updated``, ``dc:date``, ``dcterms:modified``."""
    seen: datetime | None = None
    """When a build first saw it; filled from the store, never from a source."""
    image: str = ""
    """Address of a picture: ``media:thumbnail``, ``itunes:image``."""
    enclosures: Sequence[Enclosure] = ()
    """RSS ``enclosure``, Atom ``link rel="enclosure"``, ``media:content``."""
    language: str = ""
    """A language tag (BCP 47): ``xml:lang``, ``dc:language``."""
    rights: str = ""
    """Plain text: Atom ``rights``, ``dc:rights``."""
    comments: str = ""
    """Address of its comments: RSS ``comments``, Atom ``link rel="replies"``."""
    in_reply_to: str = ""
    """Id or address of the post it answers: ``thr:in-reply-to`` (RFC 4685)."""
    via: str = ""
    """Where its author found it: Atom ``link rel="via"``."""
    origin: Origin | None = None
    """The feed it came from, once it stands in another: Atom ``source``, RSS ``source``."""

    def __post_init__(self) -> None:
        _texts(self, "id", "url", "title", "content", "summary")
        _texts(self, "image", "language", "rights", "comments", "in_reply_to", "via")
        keep_tuples(self, Person, "authors", "contributors")
        keep_tuples(self, str, "tags")
        keep_tuples(self, Enclosure, "enclosures")
        _part(self, Origin, "origin")
        _dates(self, "published", "updated", "seen")
        if not is_absolute(self.id):
            date = self.published.isoformat() if self.published else ""
            text = self.summary or self.content
            made = post_id(raw_id=self.id, link=self.url, date=date, title=self.title, text=text)
            force_setattr(self, "id", made)

    @property
    def changed(self) -> datetime | None:
        """When it last changed: the later of ``updated`` and ``published``, else ``seen``."""
        return max(filter(None, (self.updated, self.published)), default=self.seen)

    @property
    def dated(self) -> datetime | None:
        """The date it is listed under: ``published``, else ``updated``, else ``seen``."""
        return self.published or self.updated or self.seen


class Problem(Struct, frozen=True, kw_only=True):
    """Something left out or repaired on the way, which the rest survived."""

    subject: str
    """What it is about: a source, a file, an entry's position."""
    reason: str
    """What was wrong and what was done, in one line."""

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"


class Feed(Struct, frozen=True, kw_only=True):
    """Posts and what is said of them together: an Atom ``feed``, an RSS ``channel``."""

    id: str = ""
    """An absolute URI that never changes: Atom ``id``."""
    title: str = ""
    """Plain text: ``title``."""
    url: str = ""
    """The site it belongs to: Atom ``link rel="alternate"``, RSS ``link``."""
    feed_url: str = ""
    """Its own address: ``link rel="self"``."""
    subtitle: str = ""
    """Plain text: Atom ``subtitle``, RSS ``description``."""
    language: str = ""
    """A language tag (BCP 47): ``xml:lang``, RSS ``language``."""
    authors: Sequence[Person] = ()
    """Atom ``author``, RSS ``managingEditor``, ``itunes:author``; they count for posts
    that name none."""
    tags: Sequence[str] = ()
    """Labels as written: ``category``."""
    image: str = ""
    """Address of a large picture: Atom ``logo``, RSS ``image``, ``itunes:image``."""
    icon: str = ""
    """Address of a small square picture: Atom ``icon``."""
    rights: str = ""
    """Plain text: Atom ``rights``, RSS ``copyright``."""
    generator: str = ""
    """Name of the program that made it: ``generator``."""
    updated: datetime | None = None
    """When it last changed: Atom ``updated``, RSS ``lastBuildDate``. When it is not
    given, its newest post's change stands for it."""
    hub: str = ""
    """Address of the WebSub hub it is announced to: ``link rel="hub"``."""
    ttl: int | None = None
    """Minutes it may be kept before it is asked for again: RSS ``ttl``."""
    next_url: str = ""
    """Address of the page with older posts: ``link rel="next"`` (RFC 5005 §3)."""
    previous_url: str = ""
    """Address of the page with newer posts: ``link rel="previous"`` (RFC 5005 §3)."""
    posts: Sequence[Post] = ()
    """Its posts, in the order of the source."""
    problems: Sequence[Problem] = ()
    """What its source held that could not be made part of it."""

    def __post_init__(self) -> None:
        _texts(self, "id", "title", "url", "feed_url", "subtitle", "language", "image", "icon")
        _texts(self, "rights", "generator", "hub", "next_url", "previous_url")
        keep_tuples(self, Person, "authors")
        keep_tuples(self, str, "tags")
        keep_tuples(self, Post, "posts")
        keep_tuples(self, Problem, "problems")
        _dates(self, "updated")
        _count(self, "ttl")

    @property
    def changed(self) -> datetime | None:
        """``updated``, else the newest change among its posts."""
        return self.updated or max(
            (date for post in self.posts if (date := post.changed)), default=None
        )


class Memory(Struct, frozen=True, kw_only=True):
    """What earlier builds knew of a post, so that its dates stay what they were."""

    seen: datetime
    """When a build first saw it."""
    published: datetime | None = None
    """The publication date that was believed, for good; ``seen`` where none could be."""
    refused: datetime | None = None
    """The ``updated`` that lay too far ahead to be believed when it was seen."""


class Tag(Struct, frozen=True, kw_only=True):
    """A tag: what it is compared by, shown as, and found under."""

    key: str
    """NFC, case-folded, white space collapsed: two labels with one key are one tag."""
    label: str
    """The spelling that is shown: the first that was seen."""
    slug: str
    """The name of its folder, decided by the key alone."""


class Site(Struct, frozen=True, kw_only=True):
    """Where and as what the built feeds are served: ``[site]`` in feedkit.toml."""

    title: str
    """Title of the feed of all posts, and the first part of each tag feed's."""
    url: str
    """Address the output folder is served under."""
    id: str = ""
    """What every feed's id begins with; the url when not given."""
    formats: Sequence[str] = ("atom", "rss")
    """The formats each feed is written in, by their names in ``feedkit.FORMATS``."""
    limit: int = 50
    """How many posts a feed holds, the newest first."""
    content: str = "full"
    """``"full"``: bodies whole; ``"excerpt"``: their beginnings."""
    embeds: str = "link"
    """``"link"``: players inside posts become links; ``"keep"``: they stay."""
    language: str = ""
    """Language tag of the feeds (BCP 47)."""
    timezone: str = "UTC"
    """Name of the zone (IANA) of dates that name none."""
    author: Person | None = None
    """Author of the feeds; their title stands in where there is none."""

    def __post_init__(self) -> None:
        _texts(self, "title", "url", "id", "content", "embeds", "language", "timezone")
        keep_tuples(self, str, "formats")
        _part(self, Person, "author")
        if not self.title:
            raise ModelError("must not be empty", key="title")
        if not self.url.startswith(("http://", "https://")):
            raise ModelError(f"must be an http or https address, not {self.url!r}", key="url")

    def address(self, path: str) -> str:
        """The public address of a path below the output folder."""
        return self._below(self.url, path)

    def feed_id(self, name: str) -> str:
        """The id of the feed of that name; ``""`` is the feed of all posts."""
        return self._below(self.id or self.url, name)

    @staticmethod
    def _below(root: str, path: str) -> str:
        return root + path if root.endswith(("/", ":", "#", "?")) else f"{root}/{path}"
