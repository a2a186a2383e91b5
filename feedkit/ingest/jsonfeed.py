"""JSON Feed 1.0 and 1.1 → Feed.

A member of another kind than the specification asks for is not there; what is
left decides whether an item is a post. An item without an id, which the
specification has readers discard, gets one like an entry of any other format.
Extensions (``_name``) are passed over.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import unquote

from feedkit._dates import stated_date
from feedkit._html import Cleaner, collapse
from feedkit._people import EMAIL, united
from feedkit._urls import is_web, web_url, without_scheme
from feedkit._xml import language_tag, media_type
from feedkit.errors import ParseError, UnknownFormatError
from feedkit.ingest.bounds import MAX_ENTRIES, MAX_LISTED, refuse
from feedkit.ingest.bytes_of_json import Number, decoded, read_json
from feedkit.ingest.document import Document
from feedkit.ingest.entries import posts_of
from feedkit.ingest.identity import Stated, as_told, id_of, name_prefix, repeated_names, source_key
from feedkit.ingest.paragraphs import paragraphs
from feedkit.model import Feed, Post, Problem
from feedkit.parts import Enclosure, Person

_MEDIA_TYPE = "application/feed+json"
_HEAD = 1024
_BLANK = b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n"
# the address of the version, as JSON may spell it
_VERSION = re.compile(rb"jsonfeed\.org\\?/version")
_OWN = frozenset({"content_html", "content_text", "date_published", "external_url"})
_LONGEST_PERSON = 500


def recognises(document: Document) -> bool:
    """Whether it is a JSON object that names the format, or has what a feed has."""
    data = document.data
    if not data[:_HEAD].lstrip(_BLANK).startswith(b"{"):
        return False
    if _is_served_as_one(document):
        return True
    bare = data.replace(b"\0", b"")
    return bool(_VERSION.search(bare)) or (b'"items"' in bare and b'"title"' in bare)


def ingest(document: Document) -> Feed:
    """The feed with each field clean and each address absolute."""
    text, is_unicode = decoded(document.data, document.content_type)
    said = _Object(read_json(text))
    if not _is_feed(said, document):
        raise UnknownFormatError("this is no feed: it looks like JSON of another kind")
    return _Reading(document, said).feed(is_unicode)


def _is_served_as_one(document: Document) -> bool:
    return document.content_type.split(";")[0].strip().lower() == _MEDIA_TYPE


def _is_feed(said: "_Object", document: Document) -> bool:
    items = said.raw("items")
    if not isinstance(items, list):
        return False
    if "jsonfeed.org/version" in said.text("version") or _is_served_as_one(document):
        return True
    return bool(said.text("title")) and any(
        isinstance(item, dict) and not _OWN.isdisjoint(item) for item in items
    )


class _Object:
    """A JSON object, each member asked for by the kind it must be."""

    def __init__(self, members: Any) -> None:
        self._members: Mapping[str, Any] = members if isinstance(members, dict) else {}

    def raw(self, name: str) -> Any:
        return self._members.get(name)

    def text(self, name: str) -> str:
        value = self._members.get(name)
        return value.strip() if isinstance(value, str) else ""

    def text_or_number(self, name: str) -> str:
        value = self._members.get(name)
        return value.literal if isinstance(value, Number) else self.text(name)

    def whole(self, name: str) -> int | None:
        value = self._members.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = Number(value)
        return value.whole() if isinstance(value, Number) else None

    def part(self, name: str) -> "_Object":
        return _Object(self._members.get(name))

    def parts(self, name: str) -> list["_Object"]:
        value = self._members.get(name)
        return [_Object(part) for part in value] if isinstance(value, list) else []

    def texts(self, name: str) -> list[str]:
        value = self._members.get(name)
        return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []


class _Reading:
    """One feed on its way from JSON to the model."""

    def __init__(self, document: Document, said: _Object) -> None:
        self.said = said
        self.zone = document.zone
        self.document_url = document.url
        self.known_as_repeated = document.repeated
        self.repeated: dict[str, bool] = {}
        home = said.text("home_page_url")
        self.feed_url = web_url(said.text("feed_url"), document.url)
        self.base = document.url or self.feed_url or web_url(home)
        self.cleaner = Cleaner(self.base)
        self.language = _language(said)
        # the address of a feed moves more often than that of its site
        own = next(filter(is_web, (home, said.text("feed_url"))), "")
        self.key = source_key(document, without_scheme(own), collapse(said.text("title")))

    def feed(self, is_unicode: bool) -> Feed:
        said = self.said
        posts, problems = self._posts()
        if not is_unicode:
            reason = "not all of its bytes are of one Unicode encoding; the others were guessed"
            problems.insert(0, Problem(subject="encoding", reason=reason))
        if said.raw("expired") is True:
            reason = "it says that it is finished: nothing more will be added"
            problems.insert(0, Problem(subject="feed", reason=reason))
        next_url = self._address(said.text("next_url"))
        return Feed(
            title=collapse(said.text("title")),
            url=self._address(said.text("home_page_url")),
            feed_url=self.feed_url,
            subtitle=collapse(said.text("description")),
            language=self.language,
            authors=self._people(said),
            image=self._address(said.text("icon")),
            icon=self._address(said.text("favicon")),
            hub=self._hub(),
            # a feed that follows itself would be read for ever
            next_url="" if next_url in (self.feed_url, self.document_url) else next_url,
            posts=posts,
            problems=problems,
            repeated=as_told(self.repeated),
        )

    def _posts(self) -> tuple[list[Post], list[Problem]]:
        items = self.said.raw("items")
        if len(items) > MAX_ENTRIES:
            refuse("entries", len(items), MAX_ENTRIES)
        stated = (_stated(_Object(item)) for item in items)
        self.repeated |= repeated_names(stated, self.known_as_repeated)
        return posts_of(items, self._post, _stated_dates)

    def _post(self, said: Any) -> Post:
        if not isinstance(said, dict):
            raise ParseError("it is no object")
        item = _Object(said)
        markup = item.text("content_html") or paragraphs(item.text("content_text"))
        language = _language(item)
        stated = _stated(item)
        post_id = id_of(
            stated,
            self.repeated,
            key=self.key,
            moment=_date(item, "date_published", UTC) or _date(item, "date_modified", UTC),
            text=collapse(item.text("summary") or markup),
        )
        return Post(
            id=post_id,
            url=self._address(stated.link),
            title=stated.title,
            content=self.cleaner.clean(markup, name_prefix(post_id)).strip(),
            summary=collapse(item.text("summary")),
            authors=self._people(item),
            tags=tuple(dict.fromkeys(filter(None, map(collapse, item.texts("tags")[:MAX_LISTED])))),
            published=_date(item, "date_published", self.zone),
            updated=_date(item, "date_modified", self.zone),
            image=self._address(item.text("image")) or self._address(item.text("banner_image")),
            enclosures=self._enclosures(item),
            language="" if language.lower() == self.language.lower() else language,
            related=self._address(item.text("external_url")),
        )

    def _address(self, url: str) -> str:
        return web_url(url, self.base)

    def _hub(self) -> str:
        for hub in self.said.parts("hubs"):
            if hub.text("type").lower() in ("websub", "pubsubhubbub"):
                return self._address(hub.text("url"))
        return ""

    def _people(self, said: _Object) -> tuple[Person, ...]:
        """``authors``, else the ``author`` of version 1.0."""
        found = [self._person(author) for author in said.parts("authors")]
        if not any(found):
            found = [self._person(said.part("author"))]
        return united(filter(None, found))

    def _person(self, said: _Object) -> Person | None:
        name = collapse(said.text("name")[:_LONGEST_PERSON])
        url = said.text("url")
        address = url[:_LONGEST_PERSON]
        email = unquote(address[7:].split("?")[0]) if address[:7].lower() == "mailto:" else ""
        person = Person(
            name=name,
            email=email if EMAIL.fullmatch(email) else "",
            url=self._address(url),
            avatar=self._address(said.text("avatar")),
        )
        return person if person.name or person.email or person.url else None

    def _enclosures(self, item: _Object) -> tuple[Enclosure, ...]:
        found: dict[str, Enclosure] = {}
        for stated in item.parts("attachments"):
            url = self._address(stated.text("url"))
            if url and url not in found:
                found[url] = Enclosure(
                    url=url,
                    type=media_type(stated.text("mime_type").split(";")[0].strip().lower()),
                    length=stated.whole("size_in_bytes"),
                    title=collapse(stated.text("title")),
                    duration=stated.whole("duration_in_seconds"),
                )
        return tuple(found.values())


def _stated(item: _Object) -> Stated:
    title = collapse(item.text("title"))
    date = item.text_or_number("date_published")
    return Stated(item.text_or_number("id"), item.text("url"), title, date)


def _stated_dates(said: Any) -> tuple[str, str]:
    item = _Object(said)
    return item.text_or_number("date_published"), item.text_or_number("date_modified")


def _date(item: _Object, name: str, zone: tzinfo) -> datetime | None:
    return stated_date(item.text_or_number(name), zone)


def _language(said: _Object) -> str:
    return language_tag(said.text("language").replace("_", "-"))
