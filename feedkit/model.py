"""The values that run through all of feedkit: Post and Feed (their parts are in parts.py).

All are frozen and take keywords only. An absent text or address is ``""``, an
absent date or number ``None``. Any sequence may be given where one is asked
for; it is kept as a tuple. Dates must be aware; they are kept in UTC, in whole
seconds. Whatever can't be kept so is a :class:`~feedkit.errors.ModelError`
that names the field.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import force_setattr

from feedkit._fields import (
    check_among,
    check_counts,
    check_flags,
    check_part,
    keep_dates,
    keep_texts,
    keep_tuples,
)
from feedkit._ids import is_absolute, post_id
from feedkit.errors import ModelError
from feedkit.parts import Enclosure, Episode, Origin, Person, Show

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""The days as RSS calls them."""

MAX_BYTES = 32 * 1024 * 1024
"""The largest document that is read unless told otherwise."""


_TEXTS_OF_A_POST = (
    "id url title content summary image language rights comments in_reply_to via related"
)


class Post(Struct, frozen=True, kw_only=True):
    """One post: an Atom ``entry``, an RSS ``item``, a line of an archive.

        >>> Post(title="Hello", url="https://blog.example/hello/", tags=["backend"]).id
        'https://blog.example/hello/'

    A Post made by hand is trusted: its texts are taken as they are.
    """

    id: str = ""
    """An absolute URI that never changes: Atom and JSON Feed ``id``, RSS ``guid``, RDF ``about``.
    Where the source has none, it is made of what there is (see
    :func:`feedkit._ids.post_id`), so the same post has the same id next year."""
    url: str = ""
    """Where it is to be read: Atom ``link rel="alternate"``, RSS ``link``, JSON Feed ``url``."""
    title: str = ""
    """Plain text: ``title``, else ``dc:title``, ``media:title``."""
    content: str = ""
    """HTML, the fullest there is: Atom ``content``, ``content:encoded``, RSS ``description``,
    JSON Feed ``content_html``, else ``content_text``; where there is none, ``itunes:summary``,
    ``media:description``."""
    summary: str = ""
    """Plain text: Atom ``summary``; RSS ``description`` beside a ``content:encoded``; JSON Feed
    ``summary``; where there is no text else, ``itunes:subtitle``."""
    authors: Sequence[Person] = ()
    """Atom ``author``, RSS ``author``, ``dc:creator``, ``itunes:author``, JSON Feed ``authors``."""
    contributors: Sequence[Person] = ()
    """Atom ``contributor``, ``dc:contributor``."""
    tags: Sequence[str] = ()
    """Labels as written: ``category`` (one that stands alone may be a list with commas),
    ``dc:subject``, ``media:category``, ``media:keywords``, ``itunes:keywords``, JSON Feed
    ``tags``."""
    published: datetime | None = None
    """Atom ``published``, RSS ``pubDate``, ``dcterms:issued``, JSON Feed ``date_published``."""
    updated: datetime | None = None
    """Atom ``updated``, ``dc:date``, ``dcterms:modified``, JSON Feed ``date_modified``."""
    seen: datetime | None = None
    """When a build first saw it; filled from the store, never from a source."""
    image: str = ""
    """Address of a picture: the widest ``media:thumbnail`` or ``media:content``,
    ``itunes:image``, ``image``, JSON Feed ``image``."""
    enclosures: Sequence[Enclosure] = ()
    """RSS ``enclosure``, Atom ``link rel="enclosure"``, ``media:content``, JSON Feed
    ``attachments``."""
    episode: Episode | None = None
    """What makes it an episode of a podcast: ``itunes:*``, ``podcast:*``, ``psc:*``."""
    language: str = ""
    """A language tag (BCP 47), where it is not the feed's: ``xml:lang``, ``dc:language``,
    JSON Feed ``language``."""
    rights: str = ""
    """Plain text: Atom ``rights``, ``dc:rights``."""
    comments: str = ""
    """Address of its comments: RSS ``comments``, Atom ``link rel="replies"``."""
    in_reply_to: str = ""
    """Id or address of the post it answers: ``thr:in-reply-to`` (RFC 4685)."""
    via: str = ""
    """Where its author found it: Atom ``link rel="via"``."""
    related: str = ""
    """Address of a page elsewhere that it is about: Atom ``link rel="related"``, JSON Feed
    ``external_url``."""
    origin: Origin | None = None
    """The feed it came from, once it stands in another: Atom ``source``, RSS ``source``."""

    def __post_init__(self) -> None:
        keep_texts(self, _TEXTS_OF_A_POST)
        keep_tuples(self, Person, "authors", "contributors")
        keep_tuples(self, str, "tags")
        keep_tuples(self, Enclosure, "enclosures")
        check_part(self, Episode, "episode")
        check_part(self, Origin, "origin")
        keep_dates(self, "published", "updated", "seen")
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


class Repeated(Struct, frozen=True, kw_only=True):
    """An id that stands for several posts of one source, so that more must tell these apart."""

    name: str
    """The id, or the link in place of one, as it is written."""
    by_link: bool
    """Whether their links alone tell the posts apart."""


class Feed(Struct, frozen=True, kw_only=True):
    """Posts and what is said of them together: an Atom ``feed``, an RSS ``channel``."""

    id: str = ""
    """An absolute URI that never changes: Atom ``id``."""
    title: str = ""
    """Plain text: ``title``."""
    url: str = ""
    """The site it belongs to: Atom ``link rel="alternate"``, RSS ``link``, JSON Feed
    ``home_page_url``."""
    feed_url: str = ""
    """Its own address: ``link rel="self"``, JSON Feed ``feed_url``."""
    subtitle: str = ""
    """Plain text: Atom ``subtitle``, RSS and JSON Feed ``description``, else
    ``itunes:subtitle``, ``itunes:summary``."""
    language: str = ""
    """A language tag (BCP 47): ``xml:lang``, RSS ``language``."""
    authors: Sequence[Person] = ()
    """Atom ``author``, RSS ``managingEditor``, ``dc:creator``, ``itunes:author``, JSON Feed
    ``authors``; they count for posts that name none."""
    tags: Sequence[str] = ()
    """Labels as written: ``category``, ``dc:subject``, ``itunes:keywords``."""
    image: str = ""
    """Address of a large picture: ``itunes:image``, else RSS ``image``, Atom ``logo``, JSON Feed
    ``icon``."""
    icon: str = ""
    """Address of a small square picture: Atom ``icon``, JSON Feed ``favicon``."""
    rights: str = ""
    """Plain text: Atom ``rights``, RSS ``copyright``, ``dc:rights``."""
    generator: str = ""
    """Name of the program that made it: ``generator``, ``admin:generatorAgent``."""
    updated: datetime | None = None
    """When it last changed: Atom ``updated``, RSS ``lastBuildDate``. When it is not
    given, its newest post's change stands for it."""
    hub: str = ""
    """Address of the WebSub hub it is announced to: ``link rel="hub"``, JSON Feed ``hubs``."""
    ttl: int | None = None
    """Minutes it may be kept before it is asked for again: RSS ``ttl``, else
    ``sy:updatePeriod`` ÷ ``sy:updateFrequency``."""
    skip_hours: Sequence[int] = ()
    """Hours of the day (GMT), from 0 to 23, in which it is not to be asked for: RSS
    ``skipHours``."""
    skip_days: Sequence[str] = ()
    """Days of the week (GMT), by their English names, likewise: RSS ``skipDays``."""
    show: Show | None = None
    """What makes it a podcast: ``itunes:*``, ``podcast:*``."""
    first_url: str = ""
    """Address of the page with the newest posts: ``link rel="first"`` (RFC 5005 §3)."""
    previous_url: str = ""
    """Address of the page with newer posts: ``link rel="previous"`` (RFC 5005 §3)."""
    next_url: str = ""
    """Address of the page with older posts: ``link rel="next"`` (RFC 5005 §3), JSON Feed
    ``next_url``."""
    last_url: str = ""
    """Address of the page with the oldest posts: ``link rel="last"`` (RFC 5005 §3)."""
    current_url: str = ""
    """Address of the feed that this is an archive of: ``link rel="current"`` (RFC 5005 §4)."""
    older_archive_url: str = ""
    """Address of the archive before this one: ``link rel="prev-archive"`` (RFC 5005 §4)."""
    newer_archive_url: str = ""
    """Address of the archive after this one: ``link rel="next-archive"`` (RFC 5005 §4)."""
    archive: bool = False
    """Whether this is an archive that won't change: ``fh:archive`` (RFC 5005 §4)."""
    complete: bool = False
    """Whether it holds all posts there are: ``fh:complete`` (RFC 5005 §2)."""
    posts: Sequence[Post] = ()
    """Its posts, in the order of the source."""
    problems: Sequence[Problem] = ()
    """What its source held that could not be made part of it."""
    repeated: Sequence[Repeated] = ()
    """The ids that stand for several of its posts."""

    def __post_init__(self) -> None:
        keep_texts(self, "id title url feed_url subtitle language image icon")
        keep_texts(self, "rights generator hub first_url previous_url")
        keep_texts(self, "next_url last_url current_url")
        keep_texts(self, "older_archive_url newer_archive_url")
        check_flags(self, "archive", "complete")
        check_part(self, Show, "show")
        keep_tuples(self, Person, "authors")
        keep_tuples(self, str, "tags")
        keep_tuples(self, Post, "posts")
        keep_tuples(self, Problem, "problems")
        keep_tuples(self, Repeated, "repeated")
        keep_dates(self, "updated")
        check_counts(self, "ttl")
        keep_tuples(self, int, "skip_hours")
        keep_tuples(self, str, "skip_days")
        check_among(self, range(24), "skip_hours")
        check_among(self, WEEKDAYS, "skip_days")

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
    edited: datetime | None = None
    """When a build last found it changed although its ``updated`` said nothing of it."""


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
    merge: bool = True
    """Whether posts of several sources that have one address are one post."""
    hub: str = ""
    """Address of the WebSub hub that changed feeds are announced to, and that they name."""
    hub_private: bool = False
    """Whether the hub may be at an address that is not public."""

    def __post_init__(self) -> None:
        keep_texts(self, "title url id content embeds language timezone hub")
        keep_tuples(self, str, "formats")
        check_part(self, Person, "author")
        check_flags(self, "hub_private")
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
