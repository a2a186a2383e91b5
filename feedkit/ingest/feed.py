"""RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0, CDF → Feed, through feedparser.

feedparser is given no address, so that it resolves nothing against one: ids
stay as they are written, and links are resolved here. Its sanitiser is off;
every field is cleaned here.
"""

import html
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from feedkit._dates import stated_date
from feedkit._html import Cleaner, collapse, to_text
from feedkit._ids import is_absolute
from feedkit._urls import is_web, web_url, without_scheme
from feedkit._xml import language_tag, media_type
from feedkit.errors import ParseError, UnknownFormatError
from feedkit.ingest.bytes_of_xml import (
    ends_inside_an_entry,
    is_cut_off,
    root_of,
    with_legal_references,
)
from feedkit.ingest.document import CUT_OFF, Document
from feedkit.ingest.feedparser_raw import Said, read_raw
from feedkit.ingest.identity import Stated, id_of, repeated_names
from feedkit.model import Feed, Post, Problem
from feedkit.parts import Enclosure, Origin, Person

_ROOTS = frozenset({b"rss", b"feed", b"rdf", b"channel"})

_HTML = ("text/html", "application/xhtml+xml")
_CLOSING_TAG = re.compile(r"</[a-zA-Z]\w*\s*>")
_EMAIL = re.compile(r"[^\s@<>\"'()]+@[^\s@<>\"'()]+\.[^\s@<>\"'().]+")
_LONGEST_PERSON = 500
# what Google's feeds say of an entry's kind is no tag
_KIND = re.compile(r"#kind$|^http://schemas\.google\.com/")


def recognises(document: Document) -> bool:
    """Whether the root element is a feed's."""
    return root_of(document.data).rpartition(b":")[2].lower() in _ROOTS


def ingest(document: Document) -> Feed:
    """The feed with each field clean and each address absolute."""
    headers = {}
    if "charset" in document.content_type.lower():
        headers["content-type"] = document.content_type
    try:
        try:
            parsed = read_raw(document.data, headers)
        except (ValueError, OverflowError):
            parsed = read_raw(with_legal_references(document.data), headers)
    except Exception as error:  # feedparser raises whatever its input makes it meet
        raise ParseError(f"feedparser gave up: {type(error).__name__}: {error}") from error
    if not (parsed.version or parsed.entries or parsed.feed):
        raise UnknownFormatError("this is no feed: it looks like XML of another kind")
    return _Reading(document, parsed).feed()


class _Reading:
    """One feed on its way from feedparser's result to the model."""

    def __init__(self, document: Document, parsed: Any) -> None:
        self.entries = [Said(entry) for entry in parsed.entries]
        self.said = said = Said(parsed.feed)
        self.is_atom = (parsed.version or "").startswith("atom")
        self.zone = document.zone
        self.cut_off = is_cut_off(document.data)
        if self.cut_off and ends_inside_an_entry(document.data):
            # half an entry may lack its id: it would be another post the next time
            del self.entries[-1:]
        link = said.text("link") or _link(said, "alternate")
        self.own_id = said.text("id")
        self.feed_url = web_url(_link(said, "self"), document.url)
        self.base = document.url or self.feed_url or web_url(link)
        self.url = self._address(link)
        own_key = self.own_id if is_absolute(self.own_id) else ""
        if not own_key and is_web(link):
            own_key = without_scheme(link)
        if document.shared_key:
            self.key = "\n".join((document.key, own_key or _text(said, "title")))
        else:
            self.key = document.key or own_key
        self.language = _language(said.text("language"))
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
            authors=self._people(said.parts("authors")),
            tags=self._tags(said),
            image=self._address(_href(said.part("image")) or said.text("logo")),
            icon=self._address(said.text("icon")),
            rights=_text(said, "rights"),
            generator=_plain(said.text("generator")),
            updated=self._date(said, "updated", self.zone),
            hub=self._address(_link(said, "hub")),
            ttl=_number(said.text("ttl")),
            next_url=self._address(_link(said, "next")),
            previous_url=self._address(_link(said, "previous") or _link(said, "prev")),
            posts=posts,
            problems=problems,
        )

    def _posts(self) -> tuple[list[Post], list[Problem]]:
        repeated = repeated_names(map(self._stated, self.entries))
        posts: list[Post] = []
        problems: list[Problem] = []
        if self.cut_off:
            reason = "it is cut off: its root element is never closed"
            problems.append(Problem(subject=CUT_OFF, reason=reason))
        for position, entry in enumerate(self.entries, 1):
            subject = f"entry {position}"
            try:
                post = self._post(entry, repeated)
            except Exception as error:  # one bad entry never costs the feed
                reason = f"left out: {type(error).__name__}: {error}"
                problems.append(Problem(subject=subject, reason=reason))
                continue
            if not (post.title or post.url or post.content or post.summary or post.enclosures):
                reason = "left out: it has no title, link, text or enclosure"
                problems.append(Problem(subject=subject, reason=reason))
                continue
            posts.append(post)
            for name, date in (("published", post.published), ("updated", post.updated)):
                if date is None and entry.text(name):
                    reason = f"its date can't be read: {entry.text(name)[:60]!r}"
                    problems.append(Problem(subject=subject, reason=reason))
        if self.entries and not posts and problems:
            raise ParseError(f"no entry could be read; {problems[-1]}")
        return posts, problems

    def _stated(self, entry: Said) -> Stated:
        date = entry.text("published") or ("" if self.is_atom else entry.text("updated"))
        return Stated(entry.text("id"), _raw_link(entry), _text(entry, "title"), date)

    def _post(self, entry: Said, repeated: dict[str, bool]) -> Post:
        content, summary = self._bodies(entry)
        return Post(
            id=self._id(entry, repeated),
            url=self._address(_raw_link(entry)),
            title=_text(entry, "title"),
            content=content,
            summary=summary,
            authors=self._people(entry.parts("authors")),
            contributors=self._people(entry.parts("contributors")),
            tags=self._tags(entry),
            published=self._date(entry, "published", self.zone),
            updated=self._date(entry, "updated", self.zone),
            image=self._image(entry),
            enclosures=self._enclosures(entry),
            language=self._own_language(entry),
            rights=_text(entry, "rights"),
            comments=self._address(entry.text("comments") or _link(entry, "replies", "text/html")),
            in_reply_to=_in_reply_to(entry),
            via=self._address(_link(entry, "via")),
            origin=self._origin(entry.part("source")),
        )

    def _id(self, entry: Said, repeated: dict[str, bool]) -> str:
        moment = self._date(entry, "published", UTC) or self._date(entry, "updated", UTC)
        bodies = [body.text("value") for body in entry.parts("content")]
        text = collapse(entry.text("summary") or "".join(bodies[:1]))
        return id_of(self._stated(entry), repeated, key=self.key, moment=moment, text=text)

    def _bodies(self, entry: Said) -> tuple[str, str]:
        """The fullest HTML of an entry, and its summary as plain text."""
        # without a detail the summary is feedparser's own copy of the content
        detail = entry.part("summary_detail")
        summary = detail.text("value")
        is_html = detail.text("type") in _HTML
        contents = [body for body in entry.parts("content") if body.text("value")]
        bodies = [body for body in contents if body.text("type") in _HTML]
        if not bodies:
            # a plain text may be the teaser of the description, or the other way round
            described = [detail] if summary and is_html else []
            bodies = contents + (described if not (self.is_atom and contents) else [])
        if not bodies:
            return "", to_text(summary) if is_html else collapse(summary)
        fullest = max(bodies, key=lambda body: len(body.text("value")))
        value = fullest.text("value")
        markup = value if fullest.text("type") in _HTML else html.escape(value, quote=False)
        content = self._cleaner(fullest.text("base")).clean(markup)
        if not summary or fullest is detail:
            return content, ""
        return content, to_text(summary) if is_html else collapse(summary)

    def _cleaner(self, stated_base: str) -> Cleaner:
        base = web_url(stated_base, self.base) or self.base
        if base not in self.cleaners:
            self.cleaners[base] = Cleaner(base)
        return self.cleaners[base]

    def _address(self, url: str) -> str:
        return web_url(url, self.base)

    def _people(self, people: Iterable[Said]) -> tuple[Person, ...]:
        found = []
        for stated in people:
            name = _plain(stated.text("name")[:_LONGEST_PERSON])
            email = stated.text("email")[:_LONGEST_PERSON].removeprefix("mailto:")
            if not _EMAIL.fullmatch(email):
                email = ""
            if name and not email and _EMAIL.fullmatch(name):
                name, email = "", name
            person = Person(name=name, email=email, url=self._address(stated.text("href")))
            if (name or email) and person not in found:
                found.append(person)
        return tuple(found)

    def _tags(self, said: Said) -> tuple[str, ...]:
        stated = [tag for tag in said.parts("tags") if not _KIND.search(tag.text("scheme"))]
        labels: Sequence[str] = [tag.text("label") or tag.text("term") for tag in stated]
        # an attribute of Atom is a text and nothing else
        cleaned = map(collapse if self.is_atom else _plain, labels)
        return tuple(dict.fromkeys(filter(None, cleaned)))

    def _date(self, said: Said, name: str, zone: tzinfo) -> datetime | None:
        return stated_date(said.text(name), zone)

    def _image(self, entry: Said) -> str:
        pictures = entry.parts("media_thumbnail")
        pictures += [media for media in entry.parts("media_content") if _is_picture(media)]
        addresses = (self._address(_href(picture)) for picture in (*pictures, entry.part("image")))
        return next(filter(None, addresses), "")

    def _enclosures(self, entry: Said) -> tuple[Enclosure, ...]:
        links = [link for link in entry.parts("links") if link.text("rel") == "enclosure"]
        media = [media for media in entry.parts("media_content") if not _is_picture(media)]
        found: dict[str, Enclosure] = {}
        for stated in (*links, *media):
            url = self._address(_href(stated))
            if url and url not in found:
                found[url] = Enclosure(
                    url=url,
                    type=media_type(stated.text("type").split(";")[0].strip().lower()),
                    length=_number(stated.text("length") or stated.text("filesize")),
                    title=_plain(stated.text("title")),
                )
        return tuple(found.values())

    def _own_language(self, entry: Said) -> str:
        """The entry's language where it is not the feed's."""
        bodies = (*entry.parts("content"), entry.part("title_detail"))
        stated = (entry.text("language"), *(body.text("language") for body in bodies))
        language = _language(next(filter(None, stated), ""))
        return "" if language.lower() == self.language.lower() else language

    def _origin(self, said: Said) -> Origin | None:
        if not said:
            return None
        own_id = said.text("id")
        return Origin(
            id=own_id if is_absolute(own_id) else "",
            title=_text(said, "title"),
            url=self._address(said.text("link") or _link(said, "alternate")),
            feed_url=self._address(said.text("href") or _link(said, "self")),
            authors=self._people(said.parts("authors")),
            rights=_text(said, "rights"),
        )


def _raw_link(entry: Said) -> str:
    """The link as written; without one a guid that is an address stands for it."""
    stated = _link(entry, "alternate")
    link = entry.text("link")
    return link or stated if stated or is_web(link) else ""


def _link(said: Said, rel: str, kind: str = "") -> str:
    """The first link of a relation, as written."""
    for link in said.parts("links"):
        wanted = link.text("rel") == rel and (not kind or link.text("type") == kind)
        if wanted and link.text("href"):
            return link.text("href")
    return ""


def _href(said: Said) -> str:
    return said.text("href") or said.text("url")


def _text(said: Said, name: str) -> str:
    """A field as plain text: markup is stripped where its type says it is HTML."""
    detail = said.part(f"{name}_detail")
    value = said.text(name)
    return to_text(value) if detail.text("type") in _HTML else collapse(value)


def _plain(value: str) -> str:
    """A field that has no type as plain text: entities decoded once, closed elements stripped."""
    return to_text(value) if _CLOSING_TAG.search(value) else collapse(html.unescape(value))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _language(text: str) -> str:
    return language_tag(text.replace("_", "-"))


def _is_picture(media: Said) -> bool:
    return media.text("medium") == "image" or media.text("type").startswith("image/")


def _in_reply_to(entry: Said) -> str:
    stated = entry.part("thr_in-reply-to")
    answered = stated.text("ref") or stated.text("href")
    return answered if is_absolute(answered) else ""
