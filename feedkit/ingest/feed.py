"""RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0, CDF → Feed, through feedparser.

feedparser is given no address, so that it resolves nothing against one: ids
stay as they are written, and links are resolved here. Its sanitiser is off;
every field is cleaned here.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from feedkit._dates import from_utc_parts, read_date
from feedkit._html import Cleaner, collapse, to_text
from feedkit._ids import is_absolute, post_id, urn
from feedkit._urls import is_web, web_url, without_scheme
from feedkit.errors import ParseError, UnknownFormatError
from feedkit.ingest.document import Document
from feedkit.ingest.feedparser_raw import read_raw
from feedkit.model import Enclosure, Feed, Origin, Person, Post, Problem

_ROOTS = re.compile(rb"<(?:[a-z0-9_-]+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_PAGE = re.compile(rb"\s*(?:<!doctype\s+html\b|<html\b)", re.IGNORECASE)
_HEAD = 64 * 1024

_HTML = ("text/html", "application/xhtml+xml")
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&#?\w+;")
_EMAIL = re.compile(r"[^\s@<>\"'()]+@[^\s@<>\"'()]+\.[^\s@<>\"'().]+")
_ADDRESSED = re.compile(rf"\s*(?:mailto:)?({_EMAIL.pattern})\s*(?:\((.*)\))?\s*", re.DOTALL)
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,8}(?:-[a-zA-Z0-9]{1,8})*")
_HAS_ZONE = re.compile(r"(?:[+-]\d{2}:?\d{2}|[a-z]{1,5})\s*$", re.IGNORECASE)
# what feedparser is known to misread: 12-hour clocks, and offsets without a colon in ISO dates
_MISREAD = re.compile(r"[ap]\.?m\.?\b|^\s*\d{4}-.*t.*[+-]\d{4}\s*$", re.IGNORECASE)
# what Google's feeds say of an entry's kind is no tag
_KIND = re.compile(r"#kind$|^http://schemas\.google\.com/")


def recognises(document: Document) -> bool:
    """Whether a feed's root stands near the beginning, and no page's before it."""
    head = document.data[:_HEAD].replace(b"\0", b"")
    return bool(_ROOTS.search(head)) and not _PAGE.match(head.lstrip(b"\xef\xbb\xbf\xfe\xff"))


def ingest(document: Document) -> Feed:
    """The feed with each field clean and each address absolute."""
    headers = {}
    if "charset" in document.content_type.lower():
        headers["content-type"] = document.content_type
    try:
        parsed = read_raw(document.data, headers)
    except Exception as error:  # feedparser raises whatever its input makes it meet
        raise ParseError(f"feedparser gave up: {type(error).__name__}: {error}") from error
    if not (parsed.version or parsed.entries or parsed.feed):
        raise UnknownFormatError("this is no feed: it looks like XML of another kind")
    return _Reading(document, parsed).feed()


class _Reading:
    """One feed on its way from feedparser's result to the model."""

    def __init__(self, document: Document, parsed: Any) -> None:
        said = parsed.feed
        self.entries = parsed.entries
        self.said = said
        self.is_atom = (parsed.version or "").startswith("atom")
        self.zone = document.zone
        self.own_id = said.get("id", "").strip()
        self.feed_url = web_url(_link(said, "self"), document.url)
        self.base = document.url or self.feed_url or web_url(said.get("link", ""))
        self.url = self._address(said.get("link") or _link(said, "alternate"))
        own_key = self.own_id if is_absolute(self.own_id) else without_scheme(self.url)
        if document.shared_key:
            self.key = "\n".join((document.key, own_key))
        else:
            self.key = document.key or own_key
        self.language = _language(said.get("language"))
        self.cleaners: dict[str, Cleaner] = {}

    def feed(self) -> Feed:
        said = self.said
        posts, problems = self._posts()
        return Feed(
            id=self.own_id if is_absolute(self.own_id) else "",
            title=_text(said, "title"),
            url=self.url,
            feed_url=self.feed_url,
            subtitle=_text(said, "subtitle"),
            language=self.language,
            authors=self._authors(said),
            tags=_tags(said.get("tags")),
            image=self._address(_href(said.get("image")) or said.get("logo")),
            icon=self._address(said.get("icon")),
            rights=_text(said, "rights"),
            generator=_plain(said.get("generator")),
            updated=self._date(said, "updated"),
            hub=self._address(_link(said, "hub")),
            ttl=_number(said.get("ttl")),
            next_url=self._address(_link(said, "next")),
            previous_url=self._address(_link(said, "previous") or _link(said, "prev")),
            posts=posts,
            problems=problems,
        )

    def _posts(self) -> tuple[list[Post], list[Problem]]:
        repeated = self._repeated_ids()
        posts, problems = [], []
        for position, entry in enumerate(self.entries, 1):
            try:
                post = self._post(entry, repeated)
                if post.title or post.url or post.content or post.summary or post.enclosures:
                    posts.append(post)
                else:
                    reason = "left out: it has no title, link, text or enclosure"
                    problems.append(Problem(subject=f"entry {position}", reason=reason))
            except Exception as error:  # one bad entry never costs the feed
                reason = f"left out: {type(error).__name__}: {error}"
                problems.append(Problem(subject=f"entry {position}", reason=reason))
        return posts, problems

    def _repeated_ids(self) -> set[str]:
        """The raw ids that stand for more than one link."""
        links = defaultdict(set)
        for entry in self.entries:
            links[entry.get("id", "").strip()].add(_raw_link(entry))
        return {raw_id for raw_id, of_it in links.items() if raw_id and len(of_it) > 1}

    def _post(self, entry: Any, repeated: set[str]) -> Post:
        content, summary = self._bodies(entry)
        title = _text(entry, "title")
        published = self._date(entry, "published")
        return Post(
            id=self._id(entry, repeated, published, title, summary or content),
            url=self._address(_raw_link(entry)),
            title=title,
            content=content,
            summary=summary,
            authors=self._authors(entry),
            contributors=self._people(entry.get("contributors")),
            tags=_tags(entry.get("tags")),
            published=published,
            updated=self._date(entry, "updated"),
            image=self._image(entry),
            enclosures=self._enclosures(entry),
            language=self._own_language(entry),
            rights=_text(entry, "rights"),
            comments=self._address(entry.get("comments") or _link(entry, "replies", "text/html")),
            in_reply_to=_in_reply_to(entry),
            via=self._address(_link(entry, "via")),
            origin=self._origin(entry),
        )

    def _id(
        self, entry: Any, repeated: set[str], published: datetime | None, title: str, text: str
    ) -> str:
        raw_id = entry.get("id", "").strip()
        link = _raw_link(entry)
        if raw_id in repeated:
            return urn("repeated", self.key, raw_id, link)
        return post_id(
            raw_id=raw_id,
            link=link,
            source_key=self.key,
            date=published.isoformat() if published else "",
            title=title,
            text=text,
        )

    def _bodies(self, entry: Any) -> tuple[str, str]:
        """The fullest HTML of an entry, and its summary as plain text."""
        bodies = [
            body if body.get("type") in _HTML else {**body, "value": html.escape(body["value"])}
            for body in entry.get("content", ())
            if body.get("value")
        ]
        # without a detail the summary is feedparser's own copy of the content
        detail = entry.get("summary_detail") or {}
        summary = detail.get("value") or ""
        is_html = detail.get("type") in _HTML
        if summary and is_html and (not self.is_atom or not bodies):
            bodies.append(detail)
        if not bodies:
            return "", to_text(summary) if is_html else collapse(summary)
        fullest = max(bodies, key=lambda body: len(body["value"]))
        content = self._cleaner(fullest.get("base")).clean(fullest["value"])
        if not summary or fullest is detail:
            return content, ""
        return content, to_text(summary) if is_html else collapse(summary)

    def _cleaner(self, stated_base: str | None) -> Cleaner:
        base = web_url(stated_base or "", self.base) or self.base
        if base not in self.cleaners:
            self.cleaners[base] = Cleaner(base)
        return self.cleaners[base]

    def _address(self, url: Any) -> str:
        return web_url(url, self.base) if isinstance(url, str) else ""

    def _authors(self, said: Any) -> tuple[Person, ...]:
        authors = said.get("authors")
        if not self.is_atom and len(authors or ()) == 1:
            # its split of "address (name)" cuts domains of more than four letters short
            match = _ADDRESSED.fullmatch(said.get("author") or "")
            if match:
                authors = ({"email": match[1], "name": match[2]},)
        return self._people(authors)

    def _people(self, people: Iterable[Mapping[str, str]] | None) -> tuple[Person, ...]:
        found = []
        for stated in people or ():
            name = _plain(stated.get("name"))
            email = (stated.get("email") or "").strip().removeprefix("mailto:")
            if not _EMAIL.fullmatch(email):
                email = ""
            if name and not email and _EMAIL.fullmatch(name):
                name, email = "", name
            person = Person(name=name, email=email, url=self._address(stated.get("href")))
            if (name or email) and person not in found:
                found.append(person)
        return tuple(found)

    def _date(self, said: Any, name: str) -> datetime | None:
        # plain dict access: feedparser's own answers "updated" with the published date
        raw = dict.get(said, name)
        parts = dict.get(said, f"{name}_parsed")
        if not isinstance(raw, str):
            return None
        if parts is None or _MISREAD.search(raw):
            return read_date(raw, self.zone)
        return from_utc_parts(parts) if _HAS_ZONE.search(raw) else from_utc_parts(parts, self.zone)

    def _image(self, entry: Any) -> str:
        for thumbnail in entry.get("media_thumbnail", ()):
            if url := self._address(thumbnail.get("url")):
                return url
        for media in entry.get("media_content", ()):
            if _is_picture(media) and (url := self._address(media.get("url"))):
                return url
        return self._address(_href(entry.get("image")))

    def _enclosures(self, entry: Any) -> tuple[Enclosure, ...]:
        stated = [link for link in entry.get("links", ()) if link.get("rel") == "enclosure"]
        stated += [
            {**media, "href": media.get("url"), "length": media.get("filesize")}
            for media in entry.get("media_content", ())
            if not _is_picture(media)
        ]
        found: dict[str, Enclosure] = {}
        for link in stated:
            url = self._address(link.get("href"))
            if url and url not in found:
                media_type = (link.get("type") or "").split(";")[0].strip().lower()
                found[url] = Enclosure(
                    url=url,
                    type=media_type if _MEDIA_TYPE.fullmatch(media_type) else "",
                    length=_number(link.get("length")),
                    title=_plain(link.get("title")),
                )
        return tuple(found.values())

    def _own_language(self, entry: Any) -> str:
        """The entry's language where it is not the feed's."""
        bodies = [*entry.get("content", ()), entry.get("title_detail") or {}]
        stated = entry.get("language") or next(
            filter(None, (b.get("language") for b in bodies)), ""
        )
        language = _language(stated)
        return "" if language.lower() == self.language.lower() else language

    def _origin(self, entry: Any) -> Origin | None:
        said = entry.get("source")
        if not said:
            return None
        own_id = said.get("id", "").strip()
        return Origin(
            id=own_id if is_absolute(own_id) else "",
            title=_text(said, "title"),
            url=self._address(said.get("link") or _link(said, "alternate")),
            feed_url=self._address(said.get("href") or _link(said, "self")),
            authors=self._people(said.get("authors")),
            rights=_text(said, "rights"),
        )


def _raw_link(entry: Any) -> str:
    """The link as written; a guid that is no address is none, whatever it claims."""
    link = str(entry.get("link") or _link(entry, "alternate")).strip()
    return "" if link == entry.get("id", "").strip() and not is_web(link) else link


def _link(said: Any, rel: str, media_type: str = "") -> str:
    """The first link of a relation, as written."""
    for link in said.get("links", ()):
        wanted = link.get("rel") == rel and (not media_type or link.get("type") == media_type)
        if wanted and link.get("href"):
            return str(link["href"])
    return ""


def _href(value: Any) -> str:
    return str(value.get("href") or value.get("url") or "") if isinstance(value, Mapping) else ""


def _text(said: Any, name: str) -> str:
    """A field as plain text: markup is stripped where its type says it is HTML."""
    detail = said.get(f"{name}_detail") or {}
    value = said.get(name)
    if not isinstance(value, str):
        return ""
    return to_text(value) if detail.get("type") in _HTML else collapse(value)


def _plain(value: Any) -> str:
    """A field that has no type as plain text."""
    if not isinstance(value, str):
        return ""
    return to_text(value) if _MARKUP.search(value) else collapse(value)


def _tags(stated: Iterable[Mapping[str, str]] | None) -> tuple[str, ...]:
    labels = (
        _plain(tag.get("label") or tag.get("term"))
        for tag in stated or ()
        if not _KIND.search(tag.get("scheme") or "")
    )
    return tuple(dict.fromkeys(filter(None, labels)))


def _number(value: Any) -> int | None:
    text = str(value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _language(value: Any) -> str:
    text = str(value or "").strip().replace("_", "-")
    return text if _LANGUAGE.fullmatch(text) else ""


def _is_picture(media: Mapping[str, str]) -> bool:
    return media.get("medium") == "image" or (media.get("type") or "").startswith("image/")


def _in_reply_to(entry: Any) -> str:
    stated = entry.get("thr_in-reply-to")
    if not isinstance(stated, Mapping):
        return ""
    answered = str(stated.get("ref") or stated.get("href") or "").strip()
    return answered if is_absolute(answered) else ""
